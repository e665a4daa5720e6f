"""After the last encoded edition: no answer by accident, and none lost."""

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

import cdtref
from cdtref import Kind, Severity, UnknownEditionError, Verdict
from cdtref.cli import main

LAST = cdtref.editions()[-1].until
AFTER = LAST + dt.timedelta(days=1)
BEFORE_FIRST = cdtref.editions()[0].since - dt.timedelta(days=1)
LATER = [AFTER, *(edition.until for edition in cdtref.announced()), dt.date(9999, 12, 31)]
DAYS = pytest.mark.parametrize("on", LATER, ids=str)


def unknown(ask: Callable[[], Any]) -> UnknownEditionError:
    with pytest.raises(UnknownEditionError) as caught:
        ask()
    return caught.value


def test_the_error_carries_what_is_announced_and_says_what_to_do() -> None:
    """Whether an edition is announced depends on the knowledge; that it is carried does not."""
    error = unknown(lambda: cdtref.can_bill("D0801", "intraoral-scan", on=AFTER))
    announced = [edition for edition in cdtref.announced() if edition.since == AFTER]
    assert error.announced == (announced[0] if announced else None)
    for edition in announced:
        assert edition.not_read in str(error)
    for told in (str(AFTER), str(LAST), "ask the payer", "beyond='last'"):
        assert told in str(error)
    assert (error.on, error.last) == (AFTER, LAST)
    assert unknown(lambda: cdtref.codes(on=dt.date(9999, 12, 31))).announced is None


def sources_after(on: dt.date) -> tuple[str, ...]:
    """What says that an edition is announced is all that an answer after the last rests on."""
    return next((e.sources for e in cdtref.announced() if e.since <= on <= e.until), ())


def why_after(on: dt.date) -> str:
    """That nothing is answered, and what is known of the edition to come."""
    coming = [e for e in cdtref.announced() if e.since <= on <= e.until]
    told = "".join(f" {edition.id} is announced. {edition.not_read}" for edition in coming)
    return f"Dates of service after {day_told(LAST)} are not answered here.{told}"


def day_told(on: dt.date) -> str:
    return f"{on:%B} {on.day}, {on.year}"


@DAYS
@pytest.mark.parametrize("code", cdtref.all_codes(), ids=lambda code: code.code)
def test_beyond_the_last_every_answer_is_unsettled(code: cdtref.Code, on: dt.date) -> None:
    for service in cdtref.services():
        answer = cdtref.can_bill(code.code, service.id, on=on, beyond="last")
        assert answer.last_known == cdtref.can_bill(code.code, service.id, on=LAST)
        assert answer.verdict is Verdict.UNSETTLED
        assert answer.outcome is cdtref.Outcome.UNSETTLED
        assert not answer
        assert (answer.on, answer.instead, answer.part_of, answer.rule) == (on, (), "", "")
        assert answer.confidence is cdtref.Confidence.UNVERIFIED
        assert (answer.dissent, answer.backing, answer.disputed) == ((), (), False)
        assert service.phrase in answer.ask
        assert answer.why == why_after(on)
        assert answer.address == answer.last_known.address
        assert (answer.edition, answer.version) == ("", cdtref.__version__)
        assert answer.sources == sources_after(on)
        assert day_told(on) in answer.ask


@DAYS
def test_beyond_the_last_a_recommendation_has_no_line(on: dt.date) -> None:
    did = ["intraoral-scan", "in-office-print", "lab-print"]
    done = cdtref.recommend(did, on=on, beyond="last")
    assert done.last_known == cdtref.recommend(did, on=LAST)
    assert not done
    assert done.last_known
    assert (done.lines, done.included, done.cautions) == ((), (), ())
    assert done.unsettled == tuple(did)
    assert done.on == on
    for answer in done.services:
        assert answer.outcome is cdtref.Outcome.UNSETTLED
        assert day_told(on) in answer.ask
        assert cdtref.service(answer.service).phrase in answer.ask
        assert answer.why == why_after(on)
        assert (answer.codes, answer.part_of, answer.rule) == ((), "", "")
        assert (answer.dissent, answer.backing, answer.disputed) == ((), (), False)
        assert answer.sources == sources_after(on)
        assert answer.confidence is cdtref.Confidence.UNVERIFIED
    assert [answer.last_known for answer in done.services] == list(done.last_known.services)
    assert done.edition == ""


def test_beyond_changes_nothing_up_to_the_last_day_nor_before_the_first() -> None:
    for on in (LAST, dt.date(2022, 3, 2)):
        asked = cdtref.can_bill("D0470", "intraoral-scan", on=on, beyond="last")
        assert asked == cdtref.can_bill("D0470", "intraoral-scan", on=on)
        assert asked.last_known is None
    for ask in (
        lambda: cdtref.can_bill("D0470", "intraoral-scan", on=BEFORE_FIRST, beyond="last"),
        lambda: cdtref.recommend(["intraoral-scan"], on=BEFORE_FIRST, beyond="last"),
        lambda: cdtref.check_claim({"on": BEFORE_FIRST, "billed": ["D0470"]}),
    ):
        assert "Encoded are" in str(unknown(ask))


@pytest.mark.parametrize("beyond", ["first", "", "LAST", True, 1, ["last"]])
@pytest.mark.parametrize("on", [AFTER, LAST], ids=str)
def test_beyond_has_one_value(beyond: Any, on: dt.date) -> None:
    for ask in (
        lambda: cdtref.can_bill("D0470", "intraoral-scan", on=on, beyond=beyond),
        lambda: cdtref.recommend(["intraoral-scan"], on=on, beyond=beyond),
    ):
        with pytest.raises(cdtref.InvalidInputError, match="beyond: expected 'last'"):
            ask()


# --- Claims ---------------------------------------------------------------------------------------


@DAYS
def test_a_claim_is_not_refused_for_one_line(on: dt.date) -> None:
    wrong = {"code": "D0470", "did": "intraoral-scan"}
    found = cdtref.check_claim({"lines": [{"on": on} | wrong, {"on": LAST} | wrong]})
    (checked,) = [finding for finding in found if finding.on == LAST]
    assert (checked.kind, checked.lines, checked.last_known) == (Kind.WRONG_CODE, (2,), ())
    (told,) = [finding for finding in found if finding.on == on]
    assert (told.kind, told.severity) == (Kind.AFTER_LAST_EDITION, Severity.WARNING)
    assert (told.code, told.lines, told.instead) == ("D0470", (1,), ())
    (known,) = told.last_known
    assert (known.kind, known.severity, known.instead) == (
        Kind.WRONG_CODE,
        Severity.ERROR,
        ("D0801",),
    )
    assert known.on == LAST
    assert known.lines == (1,)
    assert told.why == why_after(on)
    assert told.sources == sources_after(on)
    assert told.address == "guide/dates-of-service/#the-next-edition"
    assert (told.rule, told.dissent) == ("", ())


def test_each_line_after_the_last_edition_has_its_finding_and_none_is_an_error() -> None:
    lines = [
        {"on": AFTER, "code": "D0801", "did": "intraoral-scan"},
        {"on": AFTER, "code": "D0396", "did": "lab-print"},
        {"on": AFTER, "code": "D2740"},
    ]
    found = cdtref.check_claim({"lines": lines})
    assert [(finding.lines, finding.kind) for finding in found] == [
        ((1,), Kind.AFTER_LAST_EDITION),
        ((2,), Kind.AFTER_LAST_EDITION),
        ((3,), Kind.NOT_CHECKED),
    ]
    assert Severity.ERROR not in [finding.severity for finding in found]
    before = cdtref.check_claim({"lines": [line | {"on": LAST} for line in lines]})
    inside = {finding for finding in before if "outside this topic" not in finding.why}
    assert {known for finding in found for known in finding.last_known} == inside


def test_by_visit_what_was_left_off_stands_beside_the_first_line() -> None:
    claim = {"on": AFTER, "did": ["intraoral-scan", "in-office-print"], "billed": ["D0801"]}
    (told,) = cdtref.check_claim(claim)
    (printed,) = cdtref.recommend(["in-office-print"], on=LAST).lines
    assert [(known.kind, known.code) for known in told.last_known] == [
        (Kind.UNBILLED_SERVICE, printed.code)
    ]
    first, second = cdtref.check_claim(claim | {"billed": ["D0801", "D0470"]})
    assert Kind.UNBILLED_SERVICE in [known.kind for known in first.last_known]
    assert Kind.UNBILLED_SERVICE not in [known.kind for known in second.last_known]
    (nothing,) = cdtref.check_claim(claim | {"billed": []})
    assert (nothing.code, nothing.lines) == ("", ())
    assert {known.code for known in nothing.last_known} == {"D0801", printed.code}


def test_a_claim_of_other_codes_alone_does_not_pass_in_silence() -> None:
    claim = {"on": AFTER, "did": ["intraoral-scan"], "billed": ["D0120"]}
    outside, told = sorted(cdtref.check_claim(claim), key=lambda finding: finding.severity)
    assert (outside.kind, outside.code, outside.lines) == (Kind.NOT_CHECKED, "D0120", (1,))
    assert cdtref.editions()[-1].id in outside.why  # a later edition may well know the code
    assert (told.kind, told.code, told.lines) == (Kind.AFTER_LAST_EDITION, "", ())
    assert [known.kind for known in told.last_known] == [Kind.UNBILLED_SERVICE]


# --- Files and terminal ---------------------------------------------------------------------------

ROWS = f"""claim,on,billed,did
1,{AFTER},D0470,intraoral-scan
1,{LAST},D0470,intraoral-scan
2,9999-12-31,D0801,intraoral-scan
3,{BEFORE_FIRST},D0470,stone-cast
"""


def test_a_row_after_the_last_edition_counts_as_read() -> None:
    checked = cdtref.check_file(io.StringIO(ROWS))
    first, second, unread = checked
    assert isinstance(first, cdtref.Checked)
    assert isinstance(second, cdtref.Checked)
    assert [finding.lines for finding in second.findings] == [(4,)]
    assert isinstance(unread, cdtref.NotRead)
    assert (first.rows, unread.line, checked.summary.checked) == (2, 5, 3)
    assert [(finding.kind, finding.lines) for finding in first.findings] == [
        (Kind.WRONG_CODE, (3,)),
        (Kind.AFTER_LAST_EDITION, (2,)),
    ]
    assert first.findings[1].last_known[0].lines == (2,)
    text = json.dumps({"on": str(AFTER), "did": ["intraoral-scan"], "billed": ["D0470"]})
    _, later = cdtref.check_file(io.StringIO(f"{text}\n{text}\n"))
    assert isinstance(later, cdtref.Checked)
    assert later.findings[0].lines == later.findings[0].last_known[0].lines == (2,)


def test_the_terminal_shows_what_the_last_edition_would_have_found(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.csv"
    file.write_text(ROWS, encoding="utf-8")
    assert main(["check", str(file)]) == 2
    out, err = capsys.readouterr()
    assert f"line 2, claim 1: warning: D0470: {AFTER} is after the last edition here\n" in out
    assert "    By the last edition here: error: report D0801, not D0470\n" in out
    assert cdtref.can_bill("D0470", "intraoral-scan", on=LAST).why in " ".join(out.split())
    assert "5 lines: 3 checked, 1 the header, 1 not read." in err
    assert "2 claims: 1 error, 2 warnings, 0 notes." in err
    main(["check", "--json", str(file)])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    later = next(one for one in told if one["line"] == 2)
    assert later["last_known"][0]["instead"] == ["D0801"]


@pytest.mark.parametrize("dated", [["--on", str(AFTER)], []], ids=["dated", "today"])
def test_the_terminal_shows_the_last_known_answer_under_a_line_that_says_so(
    dated: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(AFTER):
        check_last_known(dated, capsys)


def check_last_known(dated: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["can-bill", "D0470", "intraoral-scan", *dated]) == 0
    first, rest = capsys.readouterr().out.split("\n\n", 1)
    assert first.startswith(f"NOT ANSWERED for {AFTER}")
    assert " ".join(first.split()).endswith(f"last known answer, for {LAST}:")
    assert rest.startswith("NO: D0470 for a scan of the mouth kept as a record")
    assert rest.rstrip().endswith(f"NOT ANSWERED for {AFTER}: this is the last known answer.")
    assert main(["recommend", "intraoral-scan", *dated]) == 0
    first, rest = capsys.readouterr().out.split("\n\n", 1)
    assert first.startswith(f"NOT ANSWERED for {AFTER}")
    assert "D0801" in rest
    assert main(["can-bill", "D0470", "intraoral-scan", "--json", *dated]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["last_known"]["verdict"]) == ("unsettled", "no")
