"""Claims in files: each line is checked, or counted, or told; and the rest goes on."""

import csv
import datetime as dt
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cdtref
from cdtref.claimfiles import Checked, FileCheck, NotRead, columns, grouping, reports, tables
from cdtref.claimfiles.cells import Cells, Dates
from cdtref.together import judge_lines
from cdtref.words import filled

HEADER = "claim,on,billed,did,arch,quantity\n"
RIGHT = "2026-03-02,D0801,intraoral-scan,,"
WRONG = "2026-03-02,D0470,intraoral-scan,,"


def read(text: str | bytes, **options: Any) -> tuple[list[Checked | NotRead], FileCheck]:
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    checked = cdtref.check_file(io.BytesIO(data), **options)
    return list(checked), checked


def kinds(text: str | bytes, **options: Any) -> list[tuple[str, tuple[int, ...]]]:
    """The kinds of findings with their lines; what was not read is one of them."""
    results, _ = read(text, **options)
    told: list[tuple[str, tuple[int, ...]]] = []
    for result in results:
        if isinstance(result, NotRead):
            told.append(("not read", (result.line,)))
        else:
            told += [(finding.kind.value, finding.lines) for finding in result.findings]
    return told


def said(text: str | bytes, **options: Any) -> str:
    _, checked = read(text, **options)
    return "\n".join([*checked.said(), *checked.summary.told(checked.unit)])


# --- Columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", list(tables.DELIMITERS))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_whatever_parts_the_cells_and_however_letters_are_stored(
    delimiter: str, encoding: str
) -> None:
    rows = [
        ["Fee", "Date of Service", "Procedure", "Dentist", "Qty"],
        ["80", "03/02/2022", "D0801", "Zoë", "1.0"],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    assert kinds(text) == [("invalid-for-date", (2,))]
    told = said(text)
    assert "The date of service: column 'Date of Service'." in told
    assert "The code: column 'Procedure'." in told
    assert "Not used: 'Fee', 'Dentist'." in told
    assert "'03/02/2022' were read as month/day/year" in told


@pytest.mark.parametrize(
    ("header", "on", "billed"),
    [
        ("ProcDate,ProcCode,ProcFee,PatNum", "ProcDate", "ProcCode"),
        ("Service Date,ADA Code,Tooth", "Service Date", "ADA Code"),
        ("Entry Date,Service Date,Code", "Service Date", "Code"),
        ("Date,Code,Description", "Date", "Code"),
        ("DOS;CDT", "DOS", "CDT"),
        ("date_of_service|procedure_code", "date_of_service", "procedure_code"),
        ("Birth Date,Date,Procedure Code", "Date", "Procedure Code"),
    ],
)
def test_the_usual_names_of_columns_are_understood(header: str, on: str, billed: str) -> None:
    found = columns.choose(re.split("[,;|]", header), {}).taken
    assert (found["on"], found["billed"]) == (on, billed)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Date1,Date2,Code", "none is plainly the date of service. Say which: --columns on=NAME"),
        ("DOS,Service Date,Code", "'DOS' and 'Service Date' may each be the date of service"),
        ("Date,Item", "none is plainly the code"),
        ("Date,Code,Procedure", "'Code' and 'Procedure' may each be the code"),
        ("on,billed,on", "2 columns have the name 'on', and may each be the date of service"),
    ],
)
def test_between_columns_nothing_is_guessed(header: str, told: str) -> None:
    with pytest.raises(cdtref.InvalidInputError, match=re.escape(told)):
        read(f"{header}\n1,2,3\n")


def test_of_columns_that_may_hold_the_code_the_one_with_codes_is_it() -> None:
    text = "Date,Code,Procedure\n2022-03-02,D0801,a scan\n"
    assert kinds(text) == [("invalid-for-date", (2,))]
    assert "The code is 'Code': 'Procedure' holds no codes." in said(text)


def test_columns_can_be_named() -> None:
    text = "First date,Second date,Item\n2026-03-02,2022-03-02,D0801\n"
    named = {"on": "Second date", "billed": "item"}
    assert kinds(text, columns=named) == [("invalid-for-date", (2,))]
    assert kinds(text, columns=named | {"on": "first date"}) == []
    for wrong, told in (
        ({"day": "First date"}, "'day' is nothing that a column is taken for"),
        ({"on": "Third date"}, "no column by the name 'Third date'"),
    ):
        with pytest.raises(cdtref.InvalidInputError, match=told):
            read(text, columns=wrong)


def test_lines_above_the_header_and_totals_are_told_apart() -> None:
    text = "Claims of March\n\nDate of Service,Code,Fee\n2026-03-02,D0801,80\n,,\nTotal,,80\n"
    results, checked = read(text)
    assert results == []
    assert checked.summary.checked == 1
    assert checked.summary.not_read == {"title": 1, "blank": 2, "header": 1, "total": 1}


def test_a_header_that_comes_again_is_no_row() -> None:
    text = "on,billed\n2026-03-02,D0801\nOn,Billed\n2026-03-02,D0801\n"
    _, checked = read(text)
    assert (checked.summary.checked, checked.summary.not_read["header"]) == (2, 2)


def test_a_column_that_says_whether_a_row_was_done_is_told_and_can_be_chosen_by() -> None:
    text = "Date,Code,Status\n2022-03-02,D0801,C\n2022-03-02,D0801,TP\n2022-03-02,D0801,c\n"
    assert "To choose: --where Status=VALUE." in said(text)
    assert [lines for _, lines in kinds(text)] == [(2,), (3,), (4,)]
    assert [lines for _, lines in kinds(text, where={"status": "C"})] == [(2,), (4,)]
    assert [lines for _, lines in kinds(text, where={"Status": ["tp", "X"]})] == [(3,)]
    _, checked = read(text, where={"Status": "C"})
    assert checked.summary.not_read["left-out"] == 1
    with pytest.raises(cdtref.InvalidInputError, match="no column by the name 'State'"):
        read(text, where={"State": "C"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The file is empty"),
        ("\n \n", "The file is empty"),
        ("on,billed\n", "a header and nothing below it"),
        ("on,billed\n\n\n", "a header and nothing below it"),
        ("2026-03-02,D0801\n2026-03-02,D0801\n", "No line near the top looks like a header"),
        ("some text\nand more\n", "No line near the top looks like a header"),
    ],
)
def test_a_file_without_claims_is_told(text: str, told: str) -> None:
    with pytest.raises(cdtref.InvalidInputError, match=told):
        read(text)


# --- Cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-02", "2026-03-02"),
        ("20260302", "2026-03-02"),
        ("2026/3/2", "2026-03-02"),
        ("03/02/2026", "2026-03-02"),
        (" 3/2/2026 ", "2026-03-02"),
        ("3-2-2026", "2026-03-02"),
        ("2026-03-02T00:00:00", "2026-03-02"),
        ("2026-03-02 14:30:00", "2026-03-02"),
        ("3/2/2026 12:00:00 AM", "2026-03-02"),
        ("2026-03-02T00:00:00Z", "2026-03-02"),
        ("Mar 2, 2026", "2026-03-02"),
        ("March 2, 2026", "2026-03-02"),
        ("Monday, March 2, 2026", "2026-03-02"),
        ("02-Mar-2026", "2026-03-02"),
        ("2 March 2026", "2026-03-02"),
        ('="2026-03-02"', "2026-03-02"),
        ("'2026-03-02", "2026-03-02"),
    ],
)
def test_a_date_in_its_usual_forms(cell: str, day: str) -> None:
    assert Cells().day(cell).isoformat() == day


def test_slashes_are_read_day_first_where_one_says_so() -> None:
    assert Cells(Dates.DAY_FIRST).day("03/02/2026").isoformat() == "2026-02-03"
    assert Cells(Dates.DAY_FIRST).day("03.02.2026").isoformat() == "2026-02-03"
    with pytest.raises(cdtref.InvalidDateError, match="--dates day-first"):
        Cells().day("13/02/2026")
    with pytest.raises(cdtref.InvalidDateError, match="--dates us"):
        Cells(Dates.DAY_FIRST).day("02/13/2026")
    with pytest.raises(cdtref.InvalidInputError, match="us or day-first"):
        cdtref.check_file(io.StringIO("on,billed\n1,2\n"), dates="british")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("", "no date of service"),
        ("today", "expected a date of service such as 2026-03-02 or 03/02/2026"),
        ("03/02/26", "two digits"),
        ("03.02.2026", "mostly written day first"),
        ("46083", "a spreadsheet's number for a day"),
        ("02/30/2026", "no day of the calendar"),
        ("13/32/2026", "no day of the calendar"),
        ("2026-W10-1", "expected a date"),
        ("2013-12-31", "No CDT edition is encoded"),
        ("1/2026", "expected a date"),
        ("2 Foo 2026", "expected a date"),
        ("Ann Smith", "got text of 9 characters"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_told(cell: str, told: str) -> None:
    with pytest.raises(cdtref.CdtrefError, match=re.escape(told)):
        Cells().day(cell)


@pytest.mark.parametrize(
    ("cell", "code", "known"),
    [
        ("D0470", "D0470", True),
        (" d0470 ", "D0470", True),
        ("AD:D0470", "D0470", True),
        ("D8670.auto", "D8670", False),
        ("D0470 - models", "D0470", True),
        ('="D0470"', "D0470", True),
        ("D2740", "D2740", False),
        ("N0001", "N0001", None),
        ("09902", "09902", None),
        ("M2018", "M2018", None),
        ("PAYMENT", "PAYMENT", None),
    ],
)
def test_a_code_in_its_usual_forms(cell: str, code: str, known: bool | None) -> None:
    assert Cells().line(cell, "", "", "") == (code, (), "", 1, known)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("", "no code"),
        ("801", "is not a procedure code"),
        ("D047", "is not a procedure code"),
        ("0470", "Did you mean D0470"),
        ("HC:70355", "another code set"),
        ("=A1", "a formula stands where the code should"),
        ("Ann Smith 3", "text of 11 characters is no procedure code"),
    ],
)
def test_what_is_no_code_is_told(cell: str, told: str) -> None:
    with pytest.raises(cdtref.CdtrefError, match=re.escape(told)):
        Cells().line(cell, "", "", "")


@pytest.mark.parametrize(
    ("cell", "arch"),
    [
        *(("U", "upper"), ("ua", "upper"), ("01", "upper"), ("maxillary", "upper")),
        *(("L", "lower"), ("LA", "lower"), ("02", "lower"), ("00", "both"), ("UR", ""), ("", "")),
    ],
)
def test_an_arch_in_words_letters_and_numbers(cell: str, arch: str) -> None:
    assert Cells().line("D0470", "", cell, "")[2] == arch


@pytest.mark.parametrize(("cell", "quantity"), [("", 1), ("1.0", 1), ("2", 2), (" 10 ", 10)])
def test_a_quantity_as_spreadsheets_write_it(cell: str, quantity: int) -> None:
    assert Cells().line("D0470", "", "", cell)[3] == quantity


@pytest.mark.parametrize("cell", ["0", "1.5", "100", "-1", "x", "9" * 5_000, "1,0"])
def test_what_is_no_quantity_is_told(cell: str) -> None:
    with pytest.raises(cdtref.InvalidInputError, match="whole number from 1 to 99"):
        Cells().line("D0470", "", "", cell)


def test_of_a_code_outside_the_topic_nothing_else_has_to_be_read() -> None:
    assert Cells().line("D2740", "whatever", "14", "x") == ("D2740", (), "", 1, False)


def test_what_was_done_by_the_names_of_services() -> None:
    found = Cells().line("D0470", "3D scan; Study Models;iTero", "", "")[1]
    assert found == ("intraoral-scan", "stone-cast")
    with pytest.raises(cdtref.InvalidInputError, match="may be one of several services"):
        Cells().line("D0470", "digital impression", "", "")
    with pytest.raises(cdtref.InvalidInputError, match="Did you mean intraoral-scan"):
        Cells().line("D0470", "iTreo", "", "")
    with pytest.raises(cdtref.InvalidInputError) as told:
        Cells().line("D0470", "Mrs. Quimby's zzz", "", "")
    assert "Quimby" not in str(told.value)


def test_what_was_read_otherwise_than_it_stands_is_said_once() -> None:
    text = (
        "Date,Code,Area,Qty\n3/2/2026,AD:D0470,UR,1\n2026-03-02T14:30,D8670.auto,,\n"
        '2026-03-02T01:00Z,"=""D0470""",U,\n3/3/2026,D0470.x,10,\n'
    )
    told = said(text)
    for part in (
        "'3/2/2026' were read as month/day/year",
        "'2026-03-02T14:30': the day was taken",
        "'2026-03-02T01:00Z': the day was taken as it stands",
        "as in 'D8670.auto'",
        "without its qualifier",
        "guarded as text",
        "'UR' is a part of an arch",
    ):
        assert told.count(part) == 1, part


def test_a_word_of_windows_is_read_and_what_is_neither_is_told() -> None:
    assert kinds(b"on,billed,arch\n2022-03-02,D0801,\xa0upper\n") == [("invalid-for-date", (2,))]
    assert kinds(b"on,billed,arch\n2022-03-02,D0801,\x81\n") == [("not read", (2,))]


# --- Claims ---------------------------------------------------------------------------------------


def test_rows_of_a_claim_are_checked_together_wherever_they_stand() -> None:
    rows = ["7,2026-03-02,D0801,intraoral-scan,,", "7,2026-03-02,D0801,intraoral-scan,,"]
    other = "8,2026-03-02,D0801,intraoral-scan,,"
    assert kinds(HEADER + "\n".join(rows)) == [("duplicate", (2, 3))]
    text = HEADER + "\n".join([rows[0], other, rows[1]])
    assert kinds(text) == [("duplicate", (2, 4))]
    assert "The rows of 1 claim stand apart, first in lines 2 and 4." in said(text)
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


def test_rows_without_a_claim_are_claims_of_their_own() -> None:
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
    assert [result.claim for result in results if isinstance(result, Checked)] == ["8"]
    assert checked.summary.lines == lines + 2


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


# --- Nothing vanishes -----------------------------------------------------------------------------


def physical_lines(data: bytes) -> int:
    """Counted without any reader: by line ends, of whatever system."""
    text = data.decode("utf-8", "replace")
    return len(re.findall(r"\r\n|\r|\n", text)) + bool(re.search(r"[^\r\n]\Z", text))


def test_a_quote_that_swallows_rows_loses_none() -> None:
    rows = [
        f"7,{WRONG}",
        '8,2026-03-02,D0470,"intraoral-scan,,',
        f"9,{WRONG}",
        f'10",{WRONG}',
        f"11,{WRONG}",
    ]
    results, checked = read(HEADER + "\n".join(rows) + "\n")
    assert [result.line for result in results if isinstance(result, NotRead)] == [3]
    found = [
        lines for kind, lines in kinds(HEADER + "\n".join(rows) + "\n") if kind == "wrong-code"
    ]
    assert found == [(2,), (4,), (5,), (6,)]
    assert checked.summary.lines == 6


def test_a_quote_in_a_column_that_is_not_used_swallows_no_row() -> None:
    swallowed = 'on,billed,remark\n2026-03-02,D0801,"x\n2022-03-02,D0801,y"\n'
    assert kinds(swallowed) == [("not read", (2,)), ("invalid-for-date", (3,))]
    harmless = 'on,billed,remark\n2022-03-02,D0801,"x\ny"\n2022-03-02,D0801,\n'
    assert kinds(harmless) == [("invalid-for-date", (2,)), ("invalid-for-date", (4,))]
    _, checked = read(harmless)
    assert (checked.summary.checked, checked.summary.lines) == (3, 4)


def test_a_quote_that_is_never_closed_costs_one_line_of_a_long_file() -> None:
    rows = "".join(f"{n},{WRONG}\n" for n in range(9_000))
    results, checked = read(f'{HEADER}a,2026-03-02,"D0801,,,\n{rows}')
    assert sum(isinstance(result, NotRead) for result in results) == 1
    assert checked.summary.checked == 9_000
    assert checked.summary.lines == 9_002


def test_an_endless_line_is_told_and_the_rest_is_read() -> None:
    long = "x" * (3 * tables.LONGEST)
    results, checked = read(f"{HEADER}1,{long}\n2,{WRONG}\n")
    assert [type(result).__name__ for result in results] == ["NotRead", "Checked"]
    assert checked.summary.lines == 3


def test_a_line_is_endless_whatever_limit_the_caller_has_set_for_cells() -> None:
    before = csv.field_size_limit(10 * tables.LONGEST)
    try:
        long = "x" * (2 * tables.LONGEST)
        results, checked = read(f"{HEADER}1,2026-03-02,D0470,{long},,\n2,{WRONG}\n")
    finally:
        csv.field_size_limit(before)
    assert [type(result).__name__ for result in results] == ["NotRead", "Checked"]
    assert isinstance(results[0], NotRead)
    assert f"more than {tables.LONGEST:,} characters" in results[0].why
    assert checked.summary.lines == 3


row = st.sampled_from(
    [
        f"7,{WRONG}",
        f"8,{RIGHT}",
        "9,2026-03-02,D2740,,,",
        "9,2026-03-02,N0001,,,",
        "10,bad,D0470,,,",
        "11,2027-01-04,D0801,,,",
        ",,,,,",
        "",
        "Total,,,,,3",
    ]
)
damage = st.sampled_from(['"', '""', "\n", "\r", "\r\n", ",", ";", "\t", "\x0b", "é", "\x1a", "\\"])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(row, min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 2_000), damage), max_size=12),
    st.integers(0, 40),
    st.sampled_from(["utf-8", "utf-8-sig"]),
    st.sampled_from([64, 1 << 16]),
)
def test_each_line_of_a_damaged_file_is_accounted_for(
    rows: list[str],
    damaged: list[tuple[int, str]],
    cut: int,
    encoding: str,
    chunk: int,
) -> None:
    body = "\n".join(rows) + "\n"
    for at, what in damaged:
        place = at % len(body)
        body = body[:place] + what + body[place:]
    body = body[: len(body) - cut] if cut < len(body) else body
    data = (HEADER + body).encode(encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_CHUNK", chunk)
        if not re.search(rb"\S", data[len(HEADER) + 3 :]):
            return  # a header and nothing below it
        results, checked = read(data)
    summary = checked.summary
    told = sum(result.rows for result in results if isinstance(result, NotRead))
    assert summary.lines == physical_lines(data)
    assert summary.unreadable == told
    numbers = [result.line for result in results if isinstance(result, NotRead)]
    assert len(set(numbers)) == len(numbers)


def test_the_same_is_found_in_whatever_pieces_the_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = itertools.islice(
        itertools.cycle([f"7,{WRONG}", f"8,{RIGHT}", '9,2026-03-02,D0801,"x\ny",,', "bad", ""]), 97
    )
    text = HEADER + "\n".join(rows)
    whole = kinds(text)
    for size in (1, 7, 64, 1_000):
        monkeypatch.setattr(tables, "_CHUNK", size)
        assert kinds(text) == whole


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
        with pytest.raises(cdtref.InvalidInputError, match="only a table has columns"):
            read(claim, **option)


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


# --- Fast ways, beside the plain ones -------------------------------------------------------------

_CODES = [code.code for code in cdtref.all_codes()] + ["D0120", "D2740", "D5110", "D8080", "N0001"]
_LINES = st.fixed_dictionaries(
    {"code": st.sampled_from(_CODES)},
    optional={
        "did": st.lists(
            st.sampled_from([service.id for service in cdtref.services()]), max_size=2, unique=True
        ),
        "arch": st.sampled_from(["upper", "lower"]),
        "quantity": st.sampled_from([1, 2]),
    },
)
_DAYS = st.dates(cdtref.editions()[0].since, cdtref.editions()[-1].until + dt.timedelta(days=1_500))
_CLAIMS = st.lists(
    st.tuples(st.lists(_DAYS, min_size=1, max_size=2), st.lists(_LINES, min_size=1, max_size=4)),
    min_size=1,
    max_size=8,
)


def as_rows(claims: list[Any]) -> tuple[str, list[tuple[int, list[dict[str, Any]]]]]:
    """Claims as a table; and each as lines, with the number of the row before it."""
    rows, given = [HEADER], []
    for number, (days, lines) in enumerate(claims):
        before = len(rows)
        whole = [line | {"on": days[at % len(days)]} for at, line in enumerate(lines)]
        given.append((before, whole))
        for one in whole:
            did, arch = ";".join(one.get("did", [])), one.get("arch", "")
            rows.append(
                f"{number},{one['on']},{one['code']},{did},{arch},{one.get('quantity', 1)}\n"
            )
    return "".join(rows), given


_CELL = st.text(st.characters(exclude_characters='",\r\n', codec="utf-8"), max_size=5)


@settings(max_examples=200)
@given(st.lists(st.tuples(_CELL, _CELL, _CELL)), st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_without_quotes_are_parted_as_by_csv(cells: list[tuple[str]], end: str) -> None:
    rows = [("on", "billed", "fee"), ("2026-03-02", "D0801", "9"), *cells]
    text = "".join(f"{','.join(row)}{end}" for row in rows)
    parted = []
    for part in tables.Table(io.StringIO(text, newline=""), {}).rows():
        parted += part.rows if isinstance(part, tables.Rows) else []
    assert parted == list(csv.reader(io.StringIO(text, newline="")))[1:]


@settings(max_examples=300)
@given(_CLAIMS)
def test_a_file_says_of_a_claim_what_the_claim_alone_is_told(claims: list[Any]) -> None:
    text, given = as_rows(claims)
    results, checked = read(text)
    assert checked.summary.unreadable == 0
    told = {}
    for result in results:
        assert isinstance(result, Checked)
        told[int(result.claim)] = [(one, one.lines, one.on) for one in result.findings]
    for number, (before, lines) in enumerate(given):
        alone = [
            (one, tuple(before + line for line in one.lines), one.on)
            for one in cdtref.check_claim({"lines": lines})
            if one.kind is not cdtref.Kind.NOT_CHECKED
        ]
        found = told.get(number, [])
        assert [where for _, *where in found] == [where for _, *where in alone]
        for (one, _, _), (other, _, _) in zip(found, alone, strict=True):
            assert [one.kind, one.severity, one.code, one.instead, one.why, one.rule] == [
                *(other.kind, other.severity, other.code, other.instead, other.why, other.rule)
            ]
            assert (one.sources, one.dissent, one.address, one.confidence) == (
                *(other.sources, other.dissent, other.address, other.confidence),
            )


@settings(max_examples=200)
@given(_CLAIMS, st.sampled_from(cdtref.Severity))
def test_what_is_written_quickly_is_what_is_written_slowly(
    claims: list[Any], severity: cdtref.Severity
) -> None:
    chosen = reports.Chosen(severity)
    texts, objects = reports.Texts(chosen, brief=False), reports.Objects(chosen)
    for write, written in ((texts.of, partial(slowly, {})), (objects.of, slowly_as_json)):
        for result in read(as_rows(claims)[0])[0]:
            told = list(reports.told_of(result, chosen))
            status = max(map(reports.status_of, told), default=0)
            assert write(result) == ("".join(f"{written(one)}\n" for one in told), status)


def slowly_as_json(one: reports.Told) -> str:
    return json.dumps(reports.as_object(one))


def slowly(said: dict[str, int], one: reports.Told) -> str:
    """What is told, and why, or else the line that it stands below."""
    lines = one.lines or (one.line,)
    shown = ", ".join(map(str, lines[:5])) + (" …" if lines[5:] else "")
    at = f"line{'s' * (len(lines) > 1)} {shown}{', claim ' * bool(one.claim)}{one.claim}"
    if one.finding is None:
        return filled(f"{at}: not read: {one.why}")
    head = f"{at}: {one.finding.severity.value}: {reports.headline(one.finding, one.on)}"
    why = [filled(one.why, "    ")]
    for known in one.finding.last_known:
        told = f"{known.severity.value}: {reports.headline(known, known.on)}"
        why += [filled(f"By the last edition here: {told}", "    "), filled(known.why, " " * 8)]
    below = "\n".join(why)
    if below in said:
        return f"{head} (as in line {said[below]})"
    said[below] = one.line
    return f"{head}\n{below}"


@pytest.mark.parametrize("whole", [1, 49, 50, 120])
def test_what_was_found_before_a_fault_is_written(whole: int) -> None:
    rows = "".join(f"{number},{WRONG}\n" for number in range(whole))
    found, _ = read(f"{HEADER}{rows}")

    def results() -> Iterator[Checked | NotRead]:
        yield from found
        raise BrokenPipeError

    written: list[str] = []
    with pytest.raises(BrokenPipeError):
        reports.Texts(reports.Chosen(), brief=True).write(results(), written.append)
    assert len("".join(written).splitlines()) == len(found) == whole


def test_a_headline_is_a_line_so_that_it_can_be_searched_for() -> None:
    claim = f"A{10**30}"
    checked, _ = read(f"{HEADER}{claim},2026-03-02,D0801,retainer-scan,,\n{claim},{WRONG}\n")
    told = reports.Texts(reports.Chosen(), brief=True).of(checked[0])[0].splitlines()
    assert len(told) == len(checked[0].findings) > 1  # type: ignore[union-attr]
    assert all(claim in line for line in told)
