"""What a released version answered, and which answers changed since."""

import datetime as dt
import json
from itertools import pairwise
from pathlib import Path

import pytest

import cdtref
from cdtref import Confidence, VerdictRow, history
from cdtref.cli import main

ROW = next(row for row in cdtref.verdicts() if row.code == "D0801" and row.verdict == "yes")
DAY = dt.timedelta(days=1)
VERSION = str(cdtref.__version__)


def test_every_released_version_has_an_answer_for_each_day() -> None:
    for told in cdtref.releases():
        rows = history.table_of(told.version)
        pairs: dict[tuple[str, str], list[VerdictRow]] = {}
        for row in rows:
            pairs.setdefault((row.code, row.service), []).append(row)
        spans = {(rows[0].since, rows[-1].until) for rows in pairs.values()}
        assert len(spans) == 1, told
        for rows_of_one in pairs.values():
            for before, after in pairwise(rows_of_one):
                assert before.until + DAY == after.since, (told, after)


def test_releases_stand_in_order() -> None:
    found = cdtref.releases()
    versions = [cdtref.values.Version(one.version) for one in found]
    assert versions == sorted(set(versions))
    assert [one.date for one in found] == sorted(one.date for one in found)


def test_only_what_differs_is_a_change() -> None:
    rows = cdtref.verdicts()
    assert not list(history.compare(rows, rows))
    other = ROW.__replace__(confidence=Confidence.LOW)
    changed = tuple(other if row == ROW else row for row in rows)
    (change,) = history.compare(rows, changed)
    assert (change.before, change.after) == (ROW, other)
    assert (change.since, change.until) == (ROW.since, ROW.until)
    assert change.why == cdtref.rule(ROW.rule).why
    renamed = tuple(row.__replace__(rule="x") if row == ROW else row for row in rows)
    assert not list(history.compare(rows, renamed))


def test_a_change_spans_the_days_on_which_something_differs() -> None:
    middle = ROW.since + 30 * DAY
    first = ROW.__replace__(until=middle)
    second = ROW.__replace__(since=middle + DAY, confidence=Confidence.LOW)
    (change,) = history.compare((ROW,), (first, second))
    assert (change.since, change.until) == (middle + DAY, ROW.until)
    (gone,) = history.compare((ROW,), ())
    assert (gone.before, gone.after, gone.why) == (ROW, None, "")
    assert history.told(gone) == f"{history.told(change).partition(', now')[0]}, now not answered"
    (new,) = history.compare((), (ROW,))
    assert (new.before, new.after) == (None, ROW)
    assert history.told(new).startswith("new: Yes (")
    span = f"{ROW.code} for {ROW.service}, {ROW.since} to {ROW.until}"
    assert [repr(one) for one in (gone, new)] == [
        f"<Change {span}: yes, none>",
        f"<Change {span}: none, yes>",
    ]
    (longer,) = history.compare((first,), (ROW,))
    assert (longer.before, longer.since) == (None, middle + DAY)
    one_day = ROW.__replace__(until=ROW.since)
    assert [one.until for one in history.compare((), (one_day,))] == [ROW.since]


def test_changes_of_several_codes_are_told_together() -> None:
    codes = ("D0801", "D0802", "D0803")
    rows = tuple(ROW.__replace__(code=code, disputed=False) for code in codes)
    after = tuple(row.__replace__(confidence=Confidence.LOW) for row in rows)
    groups = history.alike(tuple(history.compare(rows, after)))
    assert [[change.code for change in group] for group in groups] == [list(codes)]
    was = cdtref.words.label(ROW.confidence)
    assert history.told(groups[0][0]) == f"Yes ({was}), now Yes (low confidence)"


def test_groups_of_changes_stand_in_the_order_of_the_services_and_then_of_the_dates() -> None:
    first, second, *_ = (service.id for service in cdtref.services())
    soon, end = ROW.since + DAY, ROW.since + 30 * DAY
    rows = tuple(
        ROW.__replace__(service=service, since=since, until=until)
        for service in ("no-more", second, first)
        for since, until in ((end + DAY, ROW.until), (soon, soon), (ROW.since, end))
    )
    groups = history.alike(
        tuple(
            history.Change(row.code, row.service, row.since, row.until, row, None, "")
            for row in rows
        )
    )
    assert [(one.service, one.since) for (one,) in groups] == [
        (service, since)
        for service in (first, second, "no-more")
        for since in (ROW.since, soon, end + DAY)
    ]


def test_an_answer_in_words_has_what_to_report_instead_and_that_it_is_disputed() -> None:
    no = next(row for row in cdtref.verdicts() if row.instead and row.disputed)
    (change,) = history.compare((no,), ())
    said = f"No, report {no.instead[0]} ({cdtref.words.label(no.confidence)}, disputed)"
    assert history.told(change) == f"{said}, now not answered"


def test_a_change_is_from_what_the_one_version_answers_to_what_the_other_does() -> None:
    oldest = cdtref.releases()[0]
    assert repr(oldest) == f"<Release {oldest.version} of {oldest.date}>"
    assert cdtref.changes(oldest.version) == cdtref.changes(oldest.version, VERSION)
    assert cdtref.changes(VERSION, VERSION) == ()
    newest = cdtref.releases()[-1]
    changes = cdtref.changes(oldest.version, newest.version)
    before, after = history.table_of(oldest.version), history.table_of(newest.version)
    changed = {(one.code, one.service) for one in changes}
    for change in changes[::29]:
        for rows, row in ((before, change.before), (after, change.after)):
            found = [
                one
                for one in rows
                if (one.code, one.service) == (change.code, change.service)
                and one.since <= change.since <= change.until <= one.until
            ]
            assert found == ([row] if row else []), change
    same = [row for row in after if (row.code, row.service) not in changed]
    assert same, "some answers never changed"
    for row in same[::29]:
        (was,) = (
            one
            for one in before
            if (one.code, one.service) == (row.code, row.service)
            and one.since <= row.since <= one.until
        )
        now = (row.verdict, row.instead, row.confidence)
        assert (was.verdict, was.instead, was.confidence) == now


def test_a_kept_row_is_read_field_by_field() -> None:
    kept = json.loads(Path(history.__file__).with_name(history.FILE).read_text(encoding="utf-8"))
    names = [
        *("code", "service", "since", "until", "verdict", "outcome"),
        *("instead", "disputed", "confidence", "rule"),
    ]
    for *values, _, _ in kept["rows"][::300]:
        row = history._row(values)
        told = json.loads(cdtref.to_json(row))
        assert [told[name] for name in names] == values
        assert (type(row.verdict), type(row.instead)) == (cdtref.Verdict, tuple)
        assert row.address == cdtref.can_bill(row.code, row.service, on=row.since).address
    for pair in (("D9999", row.service), (row.code, "no-more")):
        assert history._row([*pair, *values[2:]]).address == "", "it leads nowhere any more"


def test_the_oldest_version_has_the_rows_that_came_with_it() -> None:
    kept = json.loads(Path(history.__file__).with_name(history.FILE).read_text(encoding="utf-8"))
    table = history.table_of(cdtref.releases()[0].version)
    assert [(row.code, row.service, row.rule) for row in table] == [
        (row[0], row[1], row[9]) for row in kept["rows"] if row[10] == 0
    ]


def test_what_a_version_answered_can_be_looked_up() -> None:
    for told in cdtref.releases():
        for row in history.table_of(told.version)[::97]:
            args = {"on": row.until, "version": told.version}
            assert cdtref.cited(row.code, row.service, **args) == row  # type: ignore[arg-type]
    now = cdtref.cited(ROW.code, ROW.service, on=ROW.since, version=VERSION)
    assert now == ROW


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026.11.999", "", r"No version 2026\.11\.999 was released.* There are 2026\.11\.0 to"),
        ("2026.11.2", "2026.11.1", "2026.11.2 is the newer one; name it second"),
        ("yesterday", "", "^old: expected a version such as 2026.11.1, got 'yesterday'"),
        ("", "", "^old: expected text"),
        (None, "", "^old: expected text"),
        (2026, "", r"^old: expected text such as '2026\.11\.1'"),
        ("2026.11.1", "latest", "^new: expected a version"),
    ],
)
def test_a_version_that_is_none_is_told(old: str, new: str, told: str) -> None:
    with pytest.raises(cdtref.CdtrefError, match=told):
        cdtref.changes(old, new)


def test_a_version_that_was_never_released_is_told_with_those_near_it() -> None:
    with pytest.raises(cdtref.UnknownIdError) as caught:
        cdtref.changes("2026.11.01")
    assert (caught.value.kind, caught.value.id) == ("release", "2026.11.01")
    assert "2026.11.1" in caught.value.nearest


def test_an_answer_that_a_version_lacked_is_told() -> None:
    with pytest.raises(
        cdtref.UnknownIdError, match=r"has no answer on 'D0801' for 'x', 2026-0"
    ) as none:
        cdtref.cited("D0801", "x", on="2026-03-02", version=VERSION)
    assert (none.value.kind, none.value.id) == ("answer", "D0801/x")
    with pytest.raises(cdtref.UnknownIdError, match="has no answer"):
        cdtref.cited("D0801", ROW.service, on="2013-12-31", version="2026.11.1")
    with pytest.raises(cdtref.InvalidInputError, match="version: expected a version"):
        cdtref.cited("D0801", ROW.service, on="2026-03-02", version="latest")


def test_the_terminal_tells_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["changes", VERSION]) == 0
    assert capsys.readouterr().out == "No answer changed.\n"
    table = tmp_path / "table.json"
    rows = tuple(
        row.__replace__(confidence=Confidence.LOW) if row == ROW else row
        for row in cdtref.verdicts()
    )
    table.write_text(cdtref.to_json(rows), encoding="utf-8")
    assert main(["changes", str(table)]) == 1
    out = capsys.readouterr().out
    assert cdtref.service(ROW.service).short in out
    assert f"{ROW.code}: Yes (low confidence" in out
    assert "1 answers changed." in out
    assert main(["changes", str(table), "--json"]) == 1
    (change,) = json.loads(capsys.readouterr().out)
    assert change["before"]["confidence"] == "low"
    assert change["after"]["confidence"] == ROW.confidence.value


@pytest.mark.parametrize(
    ("content", "told"),
    [("{}", "expected a table of answers"), ("[1]", "expected a table"), ("x", "expected a table")],
)
def test_a_file_that_is_no_table_is_told(
    content: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.json"
    table.write_text(content, encoding="utf-8")
    assert main(["changes", str(table)]) == 2
    assert told in capsys.readouterr().err
