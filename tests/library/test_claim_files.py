"""Claims in files: each line is checked, or counted, or told; and the rest goes on."""

import datetime as dt
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cdtref
from cdtref.claimfiles import Checked, NotRead, grouping, tables
from cdtref.claimfiles.cells import Cells
from cdtref.together import judge_lines
from tests.library.readings import HEADER, RIGHT, WRONG, kinds, read, said

# --- Claims ---------------------------------------------------------------------------------------


def test_rows_of_a_claim_are_checked_together_wherever_they_stand() -> None:
    rows = ["7,2026-03-02,D0801,intraoral-scan,,", "7,2026-03-02,D0801,intraoral-scan,,"]
    other = "8,2026-03-02,D0801,intraoral-scan,,"
    assert kinds(HEADER + "\n".join(rows)) == [("duplicate", (2, 3))]
    text = HEADER + "\n".join([rows[0], other, rows[1]])
    assert kinds(text) == [("duplicate", (2, 4))]
    assert "The rows of 1 claim stand apart, first in lines 2 and 4." in said(text)
    twice = HEADER + "\n".join([*rows, other, rows[0], other, rows[0]])
    assert "The rows of 2 claims stand apart, first in lines 3 and 5." in said(twice)
    one = {"claim": "7", "on": "2026-03-02", "billed": "D0801", "did": "iTero"}
    objects = "\n".join(json.dumps(each) for each in (one, one | {"claim": "8"}, one, one))
    assert kinds(objects) == [("duplicate", (1, 3, 4))]
    assert "The rows of 1 claim stand apart, first in lines 1 and 3." in said(objects)
    assert "stand apart" not in said(HEADER + f"{rows[0]}\n\n{rows[1]}\n{other}")


@pytest.mark.parametrize("others", [grouping.WINDOW - 1, 1_200, 2 * grouping.WINDOW + 3_000])
def test_a_claim_that_comes_again_is_told_however_many_claims_later(others: int) -> None:
    between = "".join(f"B{n},{RIGHT}\n" for n in range(others))
    text = f"{HEADER}A1,{RIGHT}\n{between}A1,{RIGHT}\n"
    if others < grouping.WINDOW:
        assert kinds(text) == [("duplicate", (2, others + 3))]
        return
    results, checked = read(text)
    findings = [
        finding for result in results if isinstance(result, Checked) for finding in result.findings
    ]
    (told,) = findings
    if told.kind == "duplicate":
        assert checked.summary.joined == 1
    else:
        assert (told.kind, told.severity.value) == ("not-checked", "warning")
        assert "checked apart. Sort the file by claim" in told.why
        assert told.lines == (others + 3,)


def test_a_claim_that_stands_twice_in_json_is_told() -> None:
    claim = {"claim": "9", "on": "2026-03-02", "did": ["iTero"], "billed": ["D0801"]}
    other = claim | {"claim": "10"}
    (told,), _ = read(json.dumps([claim, other, claim]))
    assert isinstance(told, Checked)
    assert "checked apart" in told.findings[0].why


def test_a_date_that_cannot_be_read_is_told_once_a_line() -> None:
    results, checked = read('{"on": NaN, "billed": ["D0801"]}')
    assert [type(result).__name__ for result in results] == ["NotRead"]
    assert checked.summary.lines == 1


@pytest.mark.parametrize("name", [" A7 ", '"=""A7"""', "A7\u200b"])
def test_a_claim_is_known_however_its_number_is_guarded(name: str) -> None:
    assert kinds(f"{HEADER}A7,{RIGHT}\n{name},{RIGHT}\n") == [("duplicate", (2, 3))]


def test_a_row_that_cannot_be_read_says_nothing_of_the_claim_after_the_next() -> None:
    rows = [f"6,{RIGHT}", "bad", f"7,{RIGHT}", f"8,{RIGHT}", f"8,{RIGHT}"]
    told = kinds(HEADER + "\n".join(rows) + "\n")
    assert told == [
        ("not-checked", (2,)),
        ("not read", (3,)),
        ("not-checked", (4,)),
        ("duplicate", (5, 6)),
    ]


def test_what_is_told_of_how_a_claim_was_read_names_no_code() -> None:
    result = read(f"{HEADER}7,{RIGHT}\nbad\n")[0][0]
    assert isinstance(result, Checked)
    (told,) = result.findings
    assert (told.code, told.instead, told.rule, told.sources) == ("", (), "", ())
    assert (told.dissent, told.last_known) == ((), ())
    assert (told.on, told.lines) == (dt.date(2026, 3, 2), (2,))


VISIT = {"claim": "A7", "on": "2026-03-02", "did": ["intraoral-scan"], "billed": ["D0470"]}


def test_a_visit_for_which_nothing_is_billed_is_checked() -> None:
    (result,), checked = read(json.dumps(VISIT | {"billed": []}))
    assert isinstance(result, Checked)
    assert (result.claim, result.first, result.rows) == ("A7", 1, 0)
    assert result.date == dt.date(2026, 3, 2)
    (told,) = result.findings
    assert (told.kind, told.code, told.lines) == ("unbilled-service", "D0801", ())
    assert (checked.summary.claims, checked.summary.lines) == (1, 0)
    (lost,), checked = read(json.dumps(VISIT | {"billed": [], "on": "bad"}))
    assert isinstance(lost, NotRead)
    assert (lost.line, lost.rows, lost.claim, checked.summary.claims) == (1, 0, "A7", 0)


def test_a_note_is_checked_with_its_claim() -> None:
    noted = VISIT | {"note": {"purpose": "To plan."}}
    assert kinds(json.dumps(noted)) == [("wrong-code", (1,)), ("documentation", (1,))]
    (result,), checked = read(json.dumps(noted))
    alone = cdtref.check_claim({key: noted[key] for key in noted if key != "claim"})
    assert isinstance(result, Checked)
    assert [one.why for one in result.findings] == [one.why for one in alone]
    assert (checked.summary.findings["error"], checked.summary.findings["warning"]) == (1, 1)
    assert checked.summary.undescribed == 0


@pytest.mark.parametrize("label", ["A7", ""])
@pytest.mark.parametrize(
    ("more", "lost", "line", "rest"),
    [
        ({"on": "bad", "billed": ["D0801"]}, 1, 1, False),
        ({"did": ["nothing known"], "billed": ["D0801"]}, 0, 1, True),
        ({"billed": [{"code": "D0801", "on": "bad"}, "D0801"]}, 1, 1, True),
        ({"billed": ["D0801", {"code": []}, {"on": "bad", "code": "D0801"}]}, 1, 2, True),
    ],
)
def test_a_claim_of_which_something_cannot_be_read_says_so(
    more: dict[str, Any], lost: int, line: int, rest: bool, label: str
) -> None:
    whole = VISIT | {"claim": label, "did": ["intraoral-scan", "in-office-print"]} | more
    results, _ = read(json.dumps(whole))
    first = results[0] if isinstance(results[0], NotRead) else results[1]
    assert isinstance(first, NotRead)
    assert (first.line, first.rows, first.claim) == (line, lost, label)
    assert "Error" not in first.why
    assert len(first.why) > 10
    checked = [result for result in results if isinstance(result, Checked)]
    assert bool(checked) == rest
    for result in checked:
        assert [one.kind for one in result.findings] == ["not-checked"]
        assert f"line {line} was not read" in result.findings[0].why


def test_a_row_of_json_that_cannot_be_read_is_told_with_its_claim() -> None:
    rows = [{"claim": "A7", "on": on, "billed": "D0801"} for on in ("2026-03-02", "bad")]
    results, checked = read("\n".join(map(json.dumps, rows)))
    told, lost = results
    assert isinstance(lost, NotRead)
    assert isinstance(told, Checked)
    assert (lost.line, lost.rows, lost.claim) == (2, 1, "A7")
    assert "expected a date of service" in lost.why
    assert "line 2 was not read" in told.findings[0].why
    assert checked.summary.lines == 2


def test_of_much_that_there_is_to_say_of_lines_fifty_things_are_said() -> None:
    rows = [{"on": "2026-03-02", "billed": "D0801", f"key{n}": 1} for n in range(60)]
    assert len(re.findall("Not used: ", said("\n".join(map(json.dumps, rows))))) == 50


def test_rows_of_their_own_are_given_in_the_order_of_the_file() -> None:
    rows = [f"A1,{WRONG}", f",{WRONG}", "A2,bad,D0801,,,", f"A3,{WRONG}", f",{WRONG}"]
    results, _ = read(HEADER + "\n".join(rows) + "\n")
    places = [one.line if isinstance(one, NotRead) else one.first for one in results]
    assert places == [2, 3, 4, 5, 6]
    assert [one.rows for one in results] == [1] * 5


def test_rows_of_their_own_are_given_back_while_the_file_is_read() -> None:
    rows = "2026-03-02,D0470,iTero\n" * (3 * grouping.WINDOW)
    text = io.StringIO(f"on,billed,did\n{rows}")
    checked = cdtref.check_file(text)
    results = iter(checked)
    assert next(results)
    assert checked.summary.lines < 3 * grouping.WINDOW
    assert sum(1 for _ in results) == 3 * grouping.WINDOW - 1


def test_claims_on_which_nothing_is_found_hide_none_below_them() -> None:
    rows = [f"{n},{WRONG if n % 2 else RIGHT}" for n in range(6)]
    assert [lines for _, lines in kinds(HEADER + "\n".join(rows))] == [(3,), (5,), (7,)]


def test_a_row_of_json_may_be_of_no_claim() -> None:
    row = json.dumps({"on": "2022-03-02", "billed": "D0801", "fee": 1})
    assert kinds(f"{row}\n{row}") == [("invalid-for-date", (1,)), ("invalid-for-date", (2,))]
    assert "Not used: fee. (line 1 and 1 more)" in said(f"{row}\n{row}")
    whole = json.dumps(VISIT | {"fee": 1})
    assert "Not used: fee. (line 3)" in said(f"[\n\n{whole}]")


def test_claims_are_the_same_if_the_same_is_told_of_them() -> None:
    one, same = (read(f"{HEADER}7,{WRONG}\n")[0][0] for _ in range(2))
    other, unnamed = (read(f"{HEADER}{name},{WRONG}\n")[0][0] for name in ("8", ""))
    assert one == same
    assert len({one, same, other, unnamed}) == 3
    assert one != other != unnamed
    assert one != (other, "7")
    assert repr(unnamed).startswith("<Checked claim, line 2: [<Finding error: wrong-code")


def test_rows_without_a_claim_are_claims_of_their_own() -> None:
    assert kinds(f"{HEADER},{RIGHT}\n,{RIGHT}\nA1,{RIGHT}\n,{RIGHT}\n,{RIGHT}\n") == []
    assert kinds(f"{HEADER},{RIGHT}\n,{RIGHT}\n") == []
    assert kinds("on,billed\n2026-03-02,D0801\n2026-03-02,D0801\n") == []
    assert "each row was checked by itself" in said("on,billed\n2026-03-02,D0801\n")


def test_where_more_claims_lie_between_than_are_remembered_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouping, "REMEMBERED", 10)
    monkeypatch.setattr(tables, "_CHUNK", 1_000)
    few = HEADER + "".join(f"A{n},{RIGHT}\n" for n in range(2 * grouping.WINDOW))
    assert "Sort the file by claim" not in said(few)
    many = HEADER + "".join(f"A{n},{RIGHT}\n" for n in range(4 * grouping.WINDOW))
    assert "Sort the file by claim" in said(many)


def test_a_row_that_is_a_claim_of_its_own_is_judged_once_for_all_of_its_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[object] = []

    def counted(*visit: Any) -> Any:
        judged.append(visit)
        return judge_lines(*visit)

    monkeypatch.setattr(grouping, "judge_lines", counted)
    results, _ = read("on,billed,did\n" + "2026-03-02,D0470,intraoral-scan\n" * 50)
    assert len(results) == 50
    assert len(judged) == 1
    days = "".join(f"2026-03-{day},D0470,intraoral-scan\n" for day in range(10, 30))
    results, _ = read("on,billed,did\n" + days)
    assert len(results) == 20
    assert len(judged) == 2, "on all dates between which nothing changes"


def test_a_spelling_is_understood_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cells: list[str] = []

    class Counted(Cells):
        def line(self, billed: str, *others: Any) -> Any:
            cells.append(billed)
            return super().line(billed, *others)

        def day(self, given: str) -> dt.date:
            cells.append(given)
            return super().day(given)

    monkeypatch.setattr(grouping, "Cells", Counted)
    monkeypatch.setattr(tables, "_CHUNK", 60)
    kinds_ = ["D0801,iTero", "D0470,", "D0120,", "D2740,", "N0001,"]
    rows = "".join(f"2026-03-02,{kind}\n" for kind in kinds_)
    _, checked = read("on,billed,did\n" + rows * 20)
    assert checked.summary.lines == 101
    assert len(cells) == len(set(cells)) == 6


def test_a_claim_that_comes_in_two_pieces_is_judged_as_any_of_its_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: Any, **__: Any) -> Any:
        raise AssertionError("not as one that is like no other")

    monkeypatch.setattr(grouping, "check_visits", none)
    monkeypatch.setattr(tables, "_CHUNK", 60)
    assert kinds(HEADER + f"7,{RIGHT}\n" * 3) == [("duplicate", (2, 3, 4))]


def test_the_dates_of_a_claim_may_alternate() -> None:
    days = ("2026-03-02", "2026-03-04", "2026-03-02")
    rows = "".join(f"1,{day},D0801,intraoral-scan,,\n" for day in days)
    assert ("duplicate", (2, 4)) in kinds(HEADER + rows)


@pytest.mark.parametrize(
    "damage",
    [
        "7,2026-03-99,D0396,in-office-print,,",
        "7,2026-03-02,D0396,nothing known,,",
        "7,2026-03-02,D0396",
        '7,2026-03-02,"D0396,,,',
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_claim_read_in_part_says_so_and_nothing_is_called_missing(
    damage: str, place: str
) -> None:
    sound = "7,2026-03-02,D0801,intraoral-scan;in-office-print,,"
    rows = [damage, sound] if place == "before" else [sound, damage]
    results, _ = read(HEADER + "\n".join(rows) + "\n")
    claim = next(result for result in results if isinstance(result, Checked))
    assert [finding.kind for finding in claim.findings] == ["not-checked"]
    (told,) = claim.findings
    assert told.severity.value == "warning"
    assert f"line {2 if place == 'before' else 3} was not read" in told.why
    whole = kinds(f"{HEADER}{sound}\n")
    assert whole == [("unbilled-service", ())], "without the damage it is"


@pytest.mark.parametrize("over", [1, 900, 4_000])  # some end where their lines were just dropped
def test_a_claim_of_more_lines_than_any_has_is_told_and_none_of_them_judged(over: int) -> None:
    lines = grouping.MOST + over
    text = HEADER + f"A1,{WRONG}\n" * lines + f"8,{WRONG}\n"
    results, checked = read(text)
    refused = results[0]
    assert isinstance(refused, NotRead)
    assert (refused.line, refused.rows, refused.claim) == (2, lines, "A1")
    assert f"one claim of {lines:,} lines, and no claim has more than 1,000: does" in refused.why
    assert [result.claim for result in results if isinstance(result, Checked)] == ["8"]
    assert checked.summary.lines == lines + 2


@pytest.mark.parametrize("many", [grouping.MOST, grouping.MOST + 1])
def test_no_claim_has_more_lines_than_there_may_be(many: int) -> None:
    (result,), _ = read(HEADER + f"A1,{WRONG}\n" * many)
    assert isinstance(result, NotRead) == (many > grouping.MOST)
    data = {"on": ["2026-03-02"] * many, "billed": ["D0470"] * many, "claim": ["A1"] * many}
    found = cdtref.check_columns(data)
    if many > grouping.MOST:
        assert (found["row"], found["kind"], found["claim"]) == ([0], ["not-read"], ["A1"])
    else:
        assert "not-read" not in found["kind"]
        assert "duplicate" in found["kind"]


def test_a_long_number_beside_short_ones_is_not_shown() -> None:
    results, _ = read(f"{HEADER}{'1' * 41},{WRONG}\n{'1' * 40},{WRONG}\n7,{WRONG}\n")
    assert [result.claim for result in results] == ["", "1" * 40, "7"]


@pytest.mark.parametrize(
    ("header", "name", "shown"),
    [
        ("Claim", "A-7", "A-7"),
        ("Claim", "Ann Smith", ""),
        ("Claim", "Smith", ""),
        ("Claim", "x" * 40 + "1", ""),
        ("Patient", "1042", ""),
    ],
)
def test_a_label_that_may_name_a_person_is_never_shown(header: str, name: str, shown: str) -> None:
    text = f"{header},on,billed,did\n{name},2026-03-02,D0470,iTero\n{name},bad,D0470,\n"
    results, _ = read(text, columns={"claim": header})
    assert {result.claim for result in results} == {shown}
    sound, _ = read(text.rpartition(f"{name},bad")[0], columns={"claim": header})
    for result in (*results, *sound):
        assert result.claim == shown
        assert shown or name not in map(str, result), "not even kept"


def test_lines_outside_the_topic_are_counted_and_not_told() -> None:
    rows = "".join(f"{n},2026-03-02,D2740,,,\n" for n in range(800))
    own = "".join(f"{n},2026-03-02,N0001,,,\n" for n in range(40))
    results, checked = read(f"{HEADER}{rows}{own}A1,{WRONG}\n")
    assert len(results) == 1
    assert (checked.summary.outside, checked.summary.own, checked.summary.checked) == (800, 40, 1)


def test_the_summary_tells_what_became_of_each_line() -> None:
    alike = "".join(f"{n},2026-03-02,D0801,,,\n" for n in range(3))
    days = "".join(f"{n},2026-03-0{day},D0801,,,\n" for n in ("A1", "A2") for day in (2, 3))
    codes = ("D2740", "D0120", "N0001", "N0002")
    rest = f"8,{RIGHT}\n" + "".join(f"B{code},2026-03-02,{code},,,\n" for code in codes)
    _, checked = read(HEADER + alike + days + rest)
    assert list(checked.summary.told(checked.unit)) == [
        "13 lines: 8 checked, 2 outside this topic, 2 with an office's own code, 1 the header.",
        "10 claims: 0 errors, 0 warnings, 2 notes.",
        "Nothing says what was done in 7 checked lines: only dates, repeats and what stands beside "
        "them could be looked at.",
    ]
    assert (checked.summary.lines, checked.summary.undescribed) == (13, 7)
    mixed = f"A1,{RIGHT}\n" + "A1,2026-03-03,D0801,,,\n" * 2 + "A1,2026-03-03,N0001,,,\n" * 2
    _, checked = read(HEADER + mixed)
    summary = checked.summary
    assert (summary.checked, summary.own, summary.undescribed, summary.claims) == (3, 2, 2, 1)
    _, checked = read(f"{HEADER}8,{RIGHT}\n8,{WRONG}\n")
    assert list(checked.summary.told()) == [
        "3 lines: 2 checked, 1 the header.",
        "1 claim: 1 error, 1 warning, 0 notes.",
    ]
    assert checked.summary.apart == ()


# --- From Python ----------------------------------------------------------------------------------


def test_a_path_and_streams_of_bytes_and_text_are_the_same(tmp_path: Path) -> None:
    text = f"{HEADER}7,{WRONG}\n"
    file = tmp_path / "claims.txt"
    file.write_text(text, encoding="utf-8")
    with file.open("rb") as stream:
        told = [list(cdtref.check_file(source)) for source in (file, str(file), stream)]
        assert not stream.closed
    told.append(list(cdtref.check_file(io.StringIO(text))))
    assert all(one == told[0] and hash(one[0]) == hash(told[0][0]) for one in told)
    assert repr(told[0][0]).startswith(
        "<Checked claim 7, line 2: [<Finding error: wrong-code D0470"
    )
    with pytest.raises(FileNotFoundError):
        cdtref.check_file(tmp_path / "none.csv")
    with pytest.raises(cdtref.InvalidInputError, match="expected the path of a file"):
        cdtref.check_file(7)  # type: ignore[arg-type]


def test_a_file_that_is_no_table_has_no_columns_to_name() -> None:
    claim = json.dumps({"on": "2026-03-02", "billed": ["D0801"]})
    options: tuple[Mapping[str, Any], ...] = ({"columns": {"on": "x"}}, {"where": {"x": "y"}})
    for option in options:
        (name,) = option
        with pytest.raises(cdtref.InvalidInputError, match=f"^{name}: only a table has columns"):
            read(claim, **option)


def test_what_was_taken_for_what_is_told() -> None:
    _, table = read("Claim No,DOS,Code,Done\n7,03/02/2026,D0801,iTero\n")
    assert (table.format, table.unit) == ("table", "line")
    assert table.taken == {"claim": "Claim No", "on": "DOS", "billed": "Code", "did": "Done"}
    assert list(table.said()) == [
        "The number of the claim: column 'Claim No'.",
        "The date of service: column 'DOS'.",
        "The code: column 'Code'.",
        "What was done: column 'Done'.",
        "Dates such as '03/02/2026' were read as month/day/year (--dates day-first: otherwise).",
    ]
    _, other = read("on,billed\n03/02/2026,D0801\n", dates="day-first")
    assert "Dates such as '03/02/2026' were read as day/month/year." in list(other.said())
    rows = [{"on": "2026-03-02", "code": "D0801", key: 1} for key in ("fee", "tooth", "fee", "fee")]
    _, claims = read(json.dumps(rows))
    assert (claims.format, claims.unit, claims.taken) == ("json", "service line", {})
    assert list(claims.said()) == [
        "Not used: fee. (line 1 and 2 more)",
        "Not used: tooth. (line 2)",
    ]


def test_half_a_sign_in_a_text_keeps_nothing_from_being_read() -> None:
    text = io.StringIO("on,billed,remark\n2022-03-02,D0801,\ud83d\n")
    (result,) = cdtref.check_file(text)
    assert isinstance(result, Checked)
    assert not text.closed


def test_columns_in_findings_out() -> None:
    frame = pd.DataFrame(
        {
            "Service Date": [pd.Timestamp("2026-03-02"), pd.NaT, pd.Timestamp("2026-03-02")],
            "Code": ["D0470", "D0470", "D0801"],
            "Claim": [7.0, 7.0, 8.0],
            "done": ["iTero", None, ["iTero"]],
        }
    )
    for data in (frame, frame.to_dict("list")):
        found = cdtref.check_columns(data, columns={"did": "done"})
        assert found["row"] == [0, 0, 1]
        assert found["kind"] == ["wrong-code", "not-checked", "not-read"]
        assert found["instead"] == ["D0801", "", ""]
        assert {len(column) for column in found.values()} == {3}
    assert pd.DataFrame(found)["severity"].tolist() == ["error", "warning", "error"]
    with pytest.raises(cdtref.InvalidInputError, match="not of one length: 'on' 1, 'billed' 2"):
        cdtref.check_columns({"on": ["2026-03-02"], "billed": ["D0801", "D0470"]})
    with pytest.raises(cdtref.InvalidInputError, match="none is plainly the code"):
        cdtref.check_columns({"on": ["2026-03-02"]})
    assert cdtref.check_columns({"on": [], "billed": []})["row"] == []


def test_what_is_found_in_columns_is_told_as_in_files() -> None:
    data: dict[str, list[Any]] = {
        "on": ["bad", dt.date(2026, 3, 2), dt.datetime(2026, 3, 2), "2026-03-02"],
        "billed": ["D0470", "D0470", "D0801", "D0470"],
        "claim": ["A7", "A8", "A9", "A9"],
        "did": [None, ("iTero",), ["iTero", "in-office-print"], ["stone-cast"]],
        "quantity": [None, float("nan"), 1, 1.0],
    }
    found = cdtref.check_columns(data)
    assert found["kind"] == ["not-read", "wrong-code", "unbilled-service"]
    assert found["row"] == [0, 1, 2]
    assert found["claim"] == ["A7", "A8", "A9"]
    assert found["code"] == ["", "D0470", "D0396"]
    assert found["rule"][0] == found["address"][0] == found["instead"][0] == ""
    assert "expected a date of service" in found["why"][0]
    assert found["on"] == [None, dt.date(2026, 3, 2), dt.date(2026, 3, 2)]
    second = {name: [*data[name][2:3], *data[name][1:2]] for name in ("on", "billed", "did")}
    found_below = cdtref.check_columns(second | {"claim": ["A9", "A9"]})
    assert (found_below["row"][0], found_below["kind"][0]) == (1, "wrong-code")
    named = {"claim": "patient"}
    data["patient"] = data.pop("claim")
    assert cdtref.check_columns(data, columns=named)["claim"] == ["", "", ""]


def test_dates_in_columns_are_read_day_first_where_one_says_so() -> None:
    data = {"on": ["03/02/2026"], "billed": ["D0470"], "did": ["iTero"]}
    days = [cdtref.check_columns(data, dates=dates)["on"] for dates in ("us", "day-first")]
    assert days == [[dt.date(2026, 3, 2)], [dt.date(2026, 2, 3)]]


def test_which_of_two_columns_holds_the_code_is_told_by_the_first_rows() -> None:
    data = {"on": ["2022-03-02"] * 22, "procedure": ["scan"] * 22}
    data["code"] = [""] * 19 + ["D0801"] * 3
    assert "invalid-for-date" in cdtref.check_columns(data)["kind"]
    data["code"] = [""] * 20 + ["D0801"] * 2
    with pytest.raises(cdtref.InvalidInputError, match="'procedure' and 'code' may each be"):
        cdtref.check_columns(data)
