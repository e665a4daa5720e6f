"""Claims in files: each line is checked, or counted, or told; and the rest goes on."""

import csv
import datetime as dt
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
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
        ("DateOfTreatment,ProcCd", "DateOfTreatment", "ProcCd"),
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
        ("Service Date,DOS,Code", 'Say which: --columns on="Service Date"'),
        ("DOS,Service Date,Code", "Say which: --columns on=DOS"),
        ("Date,Item,", "The header names 'Date', 'Item', and none is plainly the code"),
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


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Date,Code", ()),
        ("Date,Code,Procedure", ("The code is 'Code': 'Procedure' holds no codes.",)),
        (
            "Date,Code,Procedure,Treatment",
            ("The code is 'Code': 'Procedure', 'Treatment' hold no codes.",),
        ),
        (
            "DOS,Code,Entry Date,Birth Date,DOB,Recall Date",
            ("The date of service is 'DOS', not 'Entry Date', 'Birth Date'.",),
        ),
    ],
)
def test_what_was_decided_between_columns_is_said(header: str, said: tuple[str, ...]) -> None:
    sample = [["2026-03-02"], ["2026-03-02", "", "scan"], ["2026-03-02", "D0801", "scan", "x"]]
    assert columns.choose(header.split(","), {}, sample).said == said


def test_columns_can_be_named() -> None:
    text = "First date,Second date,Item\n2026-03-02,2022-03-02,D0801\n"
    named = {"on": "Second date", "billed": "item"}
    assert kinds(text, columns=named) == [("invalid-for-date", (2,))]
    assert kinds(text, columns=named | {"on": "first date"}) == []
    for wrong, told in (
        ({"day": "First date"}, "'day' is nothing that a column is taken for"),
        ({"on": "Third date"}, "no column by the name 'Third date' in the first 30 lines"),
        (
            named | {"did": "Done"},
            "no column by the name 'Done'; there are 'First date', 'Second date', 'Item'",
        ),
    ):
        with pytest.raises(cdtref.InvalidInputError, match=told):
            read(text, columns=wrong)
    with pytest.raises(cdtref.InvalidInputError, match="2 columns by the name 'Date'"):
        read("Date,date,Code\n1,2,3\n", columns={"on": "Date"})


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
    assert [lines for _, lines in kinds(text, where={"Status": "TP"})] == [(3,)]
    _, checked = read(text, where={"Status": "C"})
    assert checked.summary.not_read["left-out"] == 1
    assert [lines for _, lines in kinds(text, where={"Status": "C", "Code": "D0801"})] == [
        (2,),
        (4,),
    ]
    assert kinds(text, where={"Status": "C", "Code": "D0470"}) == []
    with pytest.raises(cdtref.InvalidInputError, match="no column by the name 'State'"):
        read(text, where={"State": "C"})


def test_rows_over_several_lines_are_chosen_and_counted_as_any() -> None:
    rows = [("D0801", "C"), ("D2740", "C"), ("N0001", "C"), ("D0801", "TP"), ("D0801", "TP")]
    text = "Date,Code,Status,Note\n" + "".join(
        f'2022-03-02,{code},{status},"a\nb\nc"\n' for code, status in rows
    )
    text += "2022-03-02,D0801,X,\n2022-03-02,D0801,X,\n"
    results, checked = read(text, where={"Status": "C"})
    assert [one.lines for each in results for one in each.findings] == [(2,)]  # type: ignore[union-attr]
    summary = checked.summary
    assert (summary.checked, summary.outside, summary.own) == (3, 3, 3)
    assert summary.undescribed == 1
    assert summary.not_read == {"header": 1, "left-out": 8}
    _, checked = read(text)
    assert (checked.summary.checked, checked.summary.lines) == (11, 18)
    assert kinds(text, where={"Status": "X"}) == [
        ("invalid-for-date", (17,)),
        ("invalid-for-date", (18,)),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The file is empty"),
        ("\n \n", "The file is empty"),
        ("on,billed", "a header and nothing below it"),
        ("on,billed\n", "a header and nothing below it"),
        ("on,billed\n\n\n", "a header and nothing below it"),
        ("2026-03-02,D0801\n2026-03-02,D0801\n", "No line near the top looks like a header"),
        ("some text\nand more\n", "No line near the top looks like a header"),
        ("date\n2026-03-02\n", "No line near the top looks like a header"),
        ("date\n2026-03-02\n", "together), on (the date of service), billed (the code), did ("),
        ("some text\n" * 30 + "on,billed\n1,2\n", "No line near the top looks like a header"),
    ],
)
def test_a_file_without_claims_is_told(text: str, told: str) -> None:
    with pytest.raises(cdtref.InvalidInputError, match=re.escape(told)):
        read(text)


def test_a_header_is_looked_for_in_the_first_thirty_lines() -> None:
    text = "some text\n" * 29 + '"on";"billed"\n2022-03-02;D0801\n'
    assert kinds(text) == [("invalid-for-date", (31,))]


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


@pytest.mark.parametrize(
    ("cell", "noted"),
    [
        ("2026-03-02", set()),
        ("2026-03-02T00:00", set()),
        ("2026-03-02T00:00:00", set()),
        ("2026-03-02 12:00 a.m.", set()),
        ("2026-03-02 12:00:00 AM", set()),
        ("2026-03-02 00:30", {"time"}),
        ("2026-03-02 00:00:01", {"time"}),
        ("2026-03-02 01:00", {"time"}),
        ("2026-03-02 12:00", {"time"}),
        ("2026-03-02 12:00:00 PM", {"time"}),
        ("2026-03-02T00:00:00Z", {"zone"}),
        ("3/2/2026 12:00:00 AM", {"slashes"}),
    ],
)
def test_a_time_is_noted_where_it_tells_something(cell: str, noted: set[str]) -> None:
    cells = Cells()
    assert cells.day(cell).isoformat() == "2026-03-02"
    assert cells.notes.keys() == noted


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("02/30/2026", ""),
        ("13/32/2026", ""),
        ("12/00/2026", ""),
        ("2026-13-02", ""),
        ("13/12/2026", " If dates here are written day-first, say --dates day-first."),
    ],
)
def test_the_other_way_to_write_dates_is_told_where_it_would_help(cell: str, hint: str) -> None:
    with pytest.raises(cdtref.InvalidDateError) as told:
        Cells().day(cell)
    assert str(told.value) == f"{cell!r} is no day of the calendar.{hint}"


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
        ("T10:00:00", "got nothing"),
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
        ("PAYMENTS", "PAYMENTS", None),
        ("X0001", "X0001", None),
        ("\u200bD0470\ufeff", "D0470", True),
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
        ("Annabella", "text of 9 characters is no procedure code"),
        ("ABCD1234", "is not a procedure code"),
        ("ABCD12345", "text of 9 characters is no procedure code"),
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


def test_a_quantity_of_none_is_told_by_its_column() -> None:
    with pytest.raises(cdtref.InvalidInputError, match=r"^quantity: expected a whole number"):
        Cells().line("D0470", "", "", "0")


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
    assert str(told.value).startswith("did: text of 17 characters is no service that we know")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("AD:D0470", "'AD:D0470' was read as a CDT code without its qualifier."),
        ("AD:D0396", "'AD:D0470' was read as a CDT code without its qualifier."),
        ("D0470.x", "What follows a code was left aside, as in 'D0470.x'."),
        ("D0470 - Ann Smith", "What follows a code was left aside, as in D0470 …."),
        ('="D0470"', "Cells guarded as text, such as '=\"…\"', were read without their guard."),
        ("'D0470", 'Cells guarded as text, such as "\'…", were read without their guard.'),
    ],
)
def test_a_note_shows_how_it_was_written_and_nobody_that_stood_there(cell: str, told: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["on", "billed"], ["2026-03-02", cell]])
    assert told in said(text.getvalue()).splitlines()


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
    assert [Cells().text(cell) for cell in ("\udc80", "\udcff", "é")] == ["€", "ÿ", "é"]
    words = "Some cells are not UTF-8. They were read as Windows-1252."
    for space, noted in ((b"\xa0", True), ("\xa0".encode(), False)):
        text = b"on,billed,arch\n2022-03-02,D0801," + space + b"upper\n"
        assert kinds(text) == [("invalid-for-date", (2,))]
        assert (words in said(text)) == noted


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",D0470,", "no date of service."),
        ("2026-03-02,,", "no code."),
        (",,a note", "has neither a date of service nor a code."),
        (" , ,a note", "has neither a date of service nor a code."),
    ],
)
def test_a_row_without_a_date_or_a_code_is_told(row: str, why: str) -> None:
    results, _ = read(f"on,billed,note\n{row}\n")
    assert [one.why for one in results if isinstance(one, NotRead)] == [why]


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


# --- Nothing vanishes -----------------------------------------------------------------------------


def physical_lines(data: bytes) -> int:
    """Counted without any reader: by line ends, of whatever system."""
    text = data.decode("utf-8", "replace")
    return len(re.findall(r"\r\n|\r|\n", text)) + bool(re.search(r"[^\r\n]\Z", text))


SOUND = "2026-03-02,D0801,x X\n"
NO_ROW = "a quote opens here and is not closed in this line"


def parts_of(text: str) -> list[tables.Rows | tables.Odd]:
    return list(tables.Table(io.StringIO(text, newline=""), {}).rows())


def test_what_stands_above_a_table_is_told_line_by_line() -> None:
    top = f"Claims of March, all\n \non,billed,remark\n{SOUND}{SOUND.rstrip()} "
    row = ["2026-03-02", "D0801", "x X"]
    assert parts_of(top) == [
        tables.Odd(1, 1, tables.Aside("", "title", ["Claims of March", " all"])),
        tables.Odd(2, 1, tables.Aside("", "blank", [" "])),
        tables.Odd(3, 1, tables.Aside("", "header", ["on", "billed", "remark"])),
        tables.Rows(4, [row, [*row[:2], "x X "]]),
    ]


@pytest.mark.parametrize(
    ("odd", "takes", "of", "why", "cells"),
    [
        ("\n", 1, "blank", "", []),
        (",,,\n", 1, "blank", "", ["", "", "", ""]),
        ("Total\n", 1, "total", "", ["Total"]),
        ("Total,,,3\n", 1, "total", "", ["Total", "", "", "3"]),
        (
            *("Total,D0801,,3\n", 1, "unreadable", "has 4 cells; the header has 3"),
            ["Total", "D0801", "", "3"],
        ),
        ("end\n", 1, "unreadable", "has only 1 cells; the header has 3", ["end"]),
        ("a,b\n", 1, "unreadable", "has only 2 cells; the header has 3", ["a", "b"]),
        ("a,b,,c,\n", 1, "unreadable", "has 5 cells; the header has 3", ["a", "b", "", "c", ""]),
        ('a,b,"c\nd"\n', 2, "", "", ["a", "b", "c\nd"]),
        ('a,b,"c\r\nd"\n', 2, "", "", ["a", "b", "c\r\nd"]),
        (
            'a,b,"c"d\n',
            *(1, "unreadable", "cannot be parted into cells (',' expected after '\"')"),
            ["a", "b", "cd"],
        ),
        *(
            (
                f"{long}\r\n",
                *(1, "unreadable"),
                "cannot be parted into cells (field larger than field limit (131072))",
                [long],
            )
            for long in ("a" * 140_000 + " X", "a" * 140_000 + " ")
        ),
    ],
)
def test_a_line_that_is_no_row_is_told_for_what_it_is(
    odd: str, takes: int, of: str, why: str, cells: list[str]
) -> None:
    _, first, found, last = parts_of(f"on,billed,remark\n{SOUND}{odd}{SOUND}")
    row = ["2026-03-02", "D0801", "x X"]
    assert first == tables.Rows(2, [row])
    assert last == tables.Rows(3 + takes, [row])
    assert isinstance(found, tables.Odd)
    assert (found.line, found.takes) == (3, takes)
    assert found.row == (tables.Aside(why, of, cells) if of else cells)


def test_cells_beyond_the_header_are_cut_off_where_nothing_is_in_them() -> None:
    row = ["2026-03-02", "D0801", "x X"]
    rows = tables.Rows(2, [row, ["a", "b", "c"], row])
    assert parts_of(f"on,billed,remark\n{SOUND}a,b,c, ,\n{SOUND}")[1:] == [rows]


@pytest.mark.parametrize(
    ("odd", "lines", "why", "cells"),
    [
        ('a,"b\n",c\n', (3, 4), NO_ROW, ["a", "b\n"]),
        ('a,"b\r",c\n', (3, 4), NO_ROW, ["a", "b\r"]),
        ('"a\nb"\n', (3, 4), NO_ROW, ["a\n"]),
        ('a,b,"c\nd",e\n', (3, 4), NO_ROW, ["a", "b", "c\n"]),
        (
            f'a,b,"c\n{SOUND}d"\n',
            *((3, 5), "a quoted cell runs over 3 lines, rows among them: a stray quote?"),
            ["a", "b", "c\n"],
        ),
        (
            'a,b,"c\nd,D0801\ne"\n',
            *((3, 4, 5), "a quoted cell runs over 3 lines, rows among them: a stray quote?"),
            ["a", "b", "c\n"],
        ),
        (
            'a,b,"c\nd,e,f"\n',
            *((3,), "a quoted cell runs over 2 lines, rows among them: a stray quote?"),
            ["a", "b", "c\n"],
        ),
        (
            'a,b,"c\n',
            *((3,), f"cannot be parted into cells (unexpected end of data); {NO_ROW}"),
            ["a", "b", "c\n"],
        ),
        (
            'a,b,"c\n"d,e,f\n',
            *((3, 4), f"cannot be parted into cells (',' expected after '\"'); {NO_ROW}"),
            ["a", "b", "c\n"],
        ),
    ],
)
def test_a_quote_that_swallows_what_is_below_it_costs_its_own_line(
    odd: str, lines: tuple[int, ...], why: str, cells: list[str]
) -> None:
    found = parts_of(f"on,billed,remark\n{SOUND}{odd}{SOUND}")[1:]
    told = [one for one in found if isinstance(one, tables.Odd)]
    assert [(one.line, one.takes) for one in told] == [(line, 1) for line in lines]
    assert told[0].row == tables.Aside(why, "unreadable", cells)
    sound = [part for part in found if isinstance(part, tables.Rows)]
    assert sound[0].first == 2
    assert sum(len(part.rows) for part in sound) + len(told) == len(re.findall("[\r\n]", odd)) + 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('2026-03-02,"D0801"\n', "has only 2 cells; the header has 3"),
        ('2026-03-02,D0801,"x"y\n', "cannot be parted into cells (',' expected after '\"')"),
    ],
)
def test_the_one_row_of_a_file_may_be_none(row: str, why: str) -> None:
    _, found = parts_of(f"on,billed,remark\n{row}")
    assert isinstance(found, tables.Odd)
    assert isinstance(found.row, tables.Aside)
    assert (found.line, found.row.why) == (2, why)


def test_a_table_is_read_piece_by_piece() -> None:
    text = io.StringIO("on,billed,remark\n" + SOUND * 10_000, newline="")
    rows = tables.Table(text, {}).rows()
    assert [next(rows), next(rows)]
    assert text.tell() < 100_000


@pytest.mark.parametrize("size", [16, 40, 1_000])
def test_a_line_that_is_too_long_is_told_in_whatever_pieces_it_is_read(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LONGEST", 100)
    monkeypatch.setattr(tables, "_CHUNK", size)
    long = "y" * 300
    text = f"on,billed,remark\n{SOUND}a,b,{long}\n{SOUND}a,b,{long}"
    found = [one for one in parts_of(text) if isinstance(one, tables.Odd)]
    assert [(one.line, one.takes) for one in found] == [(1, 1), (3, 1), (5, 1)]
    for one in found[1:]:
        assert one.row == tables.Aside("a line of more than 100 characters", "unreadable", [])
    _, first, second = parts_of(f"on,billed,remark\na,b,{'y' * 95}\n{'y' * 99}\n")
    assert first == tables.Rows(2, [["a", "b", "y" * 95]])
    why = "has only 1 cells; the header has 3"
    assert second == tables.Odd(3, 1, tables.Aside(why, "unreadable", ["y" * 99]))
    _, first, second, last = parts_of(f'on,billed,remark\na,b,"c\n{"y" * 99}"\n{SOUND}')
    told = [(one.line, one.takes) for one in (first, second) if isinstance(one, tables.Odd)]
    assert told == [(2, 1), (3, 1)]
    assert last == tables.Rows(4, [["2026-03-02", "D0801", "x X"]])


@pytest.mark.parametrize("size", [17, 30, 60, 100])
def test_quotes_that_open_in_one_piece_and_close_in_another(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoted = 'a,b,"c\nd\ne"\n'
    text = f'on,billed,remark\n{quoted * 3}{SOUND}{quoted}{SOUND * 2}a,b,"c\n{SOUND * 9}'
    whole = parts_of(text)
    monkeypatch.setattr(tables, "_CHUNK", size)
    found: dict[int, Any] = {}
    for part in parts_of(text):
        if isinstance(part, tables.Rows):
            found |= dict(enumerate(part.rows, part.first))
        else:
            found[part.line] = part.row
    expected = {2: ["a", "b", "c\nd\ne"], 5: ["a", "b", "c\nd\ne"], 8: ["a", "b", "c\nd\ne"]}
    assert expected.items() <= found.items()
    assert len(found) == 1 + 3 + 1 + 1 + 2 + 1 + 9
    assert found[17] == whole[-2].row  # type: ignore[union-attr]
    assert max(found) == 26


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


def as_objects(claims: list[Any]) -> tuple[str, str]:
    """Claims as JSON, row by row and whole, where each line of a claim is that of the table."""
    rows, wholes = [], []
    for number, (_, lines) in enumerate(as_rows(claims)[1]):
        objects = [json.dumps(line | {"on": line["on"].isoformat()}) for line in lines]
        rows += [f'{{"claim": "{number}", {one[1:]}' for one in objects]
        joined = ",\n".join(objects)
        wholes.append(f'{{"claim": "{number}", "lines": [\n{joined}]}}')
    return "".join(f"\n{row}" for row in rows), f"[{','.join(wholes)}]"


def assert_told_as_alone(
    results: list[Checked | NotRead], given: list[tuple[int, list[dict[str, Any]]]]
) -> None:
    """What is told of each claim of a file is what the claim is told without it."""
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
            assert [known.on for known in one.last_known] == [
                known.on for known in other.last_known
            ]
            shift = before if other.lines else 0
            assert [known.lines for known in one.last_known] == [
                tuple(shift + line for line in known.lines) for known in other.last_known
            ]


@settings(max_examples=300)
@given(_CLAIMS)
def test_a_file_says_of_a_claim_what_the_claim_alone_is_told(claims: list[Any]) -> None:
    text, given = as_rows(claims)
    results, checked = read(text)
    assert checked.summary.unreadable == 0
    assert_told_as_alone(results, given)


_SCAN = {"code": "D0801", "did": ["intraoral-scan"]}
_CAST = {"code": "D0470", "did": ["stone-cast"]}
_FALSE = {"code": "D0470", "did": ["intraoral-scan"]}
_BARE = {"code": "D0470"}
_PRINTED = {"code": "D0801", "did": ["intraoral-scan", "in-office-print"]}
_FIRST, _THEN = dt.date(2026, 3, 2), dt.date(2026, 3, 4)
CASES: list[tuple[list[dt.date], list[dict[str, Any]]]] = [
    ([_FIRST], [_FALSE]),
    ([_FIRST], [_SCAN]),
    ([dt.date(2027, 3, 2)], [_FALSE, _BARE]),
    ([_FIRST, _THEN], [_PRINTED, {"code": "D2740"}, {"code": "D0801"}]),
    ([dt.date(2022, 3, 2)], [_FALSE, _SCAN]),
    ([dt.date(2026, 12, 31)], [_FALSE]),
    ([_FIRST], [_CAST, {"code": "D0470", "did": ["retainer-scan"]}]),
    ([_FIRST], [{"code": "N0001"}, {"code": "D2740"}, {"code": "D0120"}]),
    ([_FIRST], [_FALSE, _FALSE]),
    ([_FIRST], [_PRINTED]),
    ([_FIRST], [_PRINTED | {"code": "D0470"}]),
    ([_THEN], [{"code": "D0801", "arch": "upper"}, {"code": "D0801", "arch": "lower"}]),
    ([_THEN, dt.date(2027, 3, 2)], [_FALSE, _FALSE, {"code": "D0802", "quantity": 2}]),
] * 3


@pytest.mark.parametrize("size", [60, 1 << 16])
def test_claims_of_each_kind_are_told_in_a_table_as_each_alone_is(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_CHUNK", size)
    text, given = as_rows(CASES)
    results, checked = read(text)
    assert_told_as_alone(results, given)
    assert (checked.summary.unreadable, checked.summary.joined) == (0, 0)
    assert checked.summary.claims == len(CASES)
    places = [result.first for result in results if isinstance(result, Checked)]
    assert places == sorted(places)
    assert set(places) <= {before + 1 for before, _ in given}


@pytest.mark.parametrize("form", [0, 1])
def test_claims_of_each_kind_are_told_in_json_as_each_alone_is(form: int) -> None:
    _, given = as_rows(CASES)
    results, checked = read(as_objects(CASES)[form])
    assert_told_as_alone(results, given)
    assert (checked.summary.unreadable, checked.summary.joined) == (0, 0)
    assert checked.summary.claims == len(CASES)
    assert checked.summary.lines == sum(len(lines) for _, lines in given)


@pytest.mark.parametrize("severity", cdtref.Severity)
def test_claims_of_each_kind_are_written_quickly_as_slowly(severity: cdtref.Severity) -> None:
    assert_written_as_slowly(CASES, severity)


@settings(max_examples=200)
@given(_CLAIMS, st.sampled_from(cdtref.Severity))
def test_what_is_written_quickly_is_what_is_written_slowly(
    claims: list[Any], severity: cdtref.Severity
) -> None:
    assert_written_as_slowly(claims, severity)


def assert_written_as_slowly(claims: list[Any], severity: cdtref.Severity) -> None:
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
    assert len(written) == whole // 50 + 1, "some at a time"


@pytest.mark.parametrize(
    ("kind", "code", "instead", "told"),
    [
        ("wrong-code", "D0470", ("D0801",), "report D0801, not D0470"),
        ("wrong-code", "D0470", (), "do not report D0470 for it"),
        ("invalid-for-date", "D0351", ("D0801",), "D0351 was not in force on DAY: report D0801"),
        ("invalid-for-date", "D0351", (), "D0351 was not in force on DAY"),
        ("unbundled", "D0470", (), "do not report D0470: it is part of something else"),
        ("unbundled", "D0470", ("D0801",), "do not report D0470: it is part of something else"),
        ("duplicate", "D0470", (), "D0470 more than once on DAY"),
        ("unbilled-service", "D0801", (), "D0801 was done and is on no line"),
        ("not-checked", "D0801", (), "not checked: D0801"),
        ("not-checked", "", (), "not checked"),
        ("after-last-edition", "D0801", (), "D0801: DAY is after the last edition here"),
    ],
)
def test_a_headline_says_what_is_wrong_and_what_would_be_right(
    kind: str, code: str, instead: tuple[str, ...], told: str
) -> None:
    (found,) = read(f"{HEADER}7,{WRONG}\n")[0][0].findings  # type: ignore[union-attr]
    found = found.__replace__(kind=cdtref.Kind(kind), code=code, instead=instead)
    assert reports.headline(found, "DAY") == told


def test_of_many_lines_the_first_five_are_shown() -> None:
    assert reports.where([7], ", claim A7") == "line 7, claim A7"
    assert reports.where(range(1, 6), "") == "lines 1, 2, 3, 4, 5"
    assert reports.where(range(1, 7), "") == "lines 1, 2, 3, 4, 5 …"


def written_of(text: str, report: Any) -> tuple[list[str], int]:
    lines: list[str] = []
    status = report.write(read(text)[0], lines.append)
    return "".join(lines).splitlines(), status


NOTED = "2026-03-02,D0801,intraoral-scan;in-office-print,,"


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([f"7,{RIGHT}"], 0),
        ([f"7,{NOTED}"], 0),
        ([f"7,{NOTED}", "7,2026-03-04,D0470,iTero,,"], 1),
        (["7,2026-03-04,D0470,iTero,,", f"7,{NOTED}"], 1),
        ([f"{n},{NOTED}" for n in range(3)], 0),
        ([f"{n},{WRONG}" for n in range(3)], 1),
        ([f"{n},2026-03-02,D0470,iTero;in-office-print,," for n in range(1)], 1),
        ([f"{n},2026-03-02,D0470,iTero;in-office-print,," for n in range(3)], 1),
        ([f"7,{WRONG}", "8,bad,D0801,,,"], 2),
    ],
)
def test_the_status_is_that_of_the_worst(rows: list[str], status: int) -> None:
    text = HEADER + "\n".join(rows)
    for report in (
        reports.Texts(reports.Chosen(), brief=True),
        reports.Objects(reports.Chosen()),
    ):
        assert written_of(text, report)[1] == status


def test_what_is_not_chosen_is_not_written_and_has_no_status() -> None:
    text = f"{HEADER}7,{NOTED}\n7,2026-03-04,D0801,,,\n"
    chosen = reports.Chosen(cdtref.Severity.ERROR)
    assert written_of(text, reports.Objects(chosen)) == ([], 0)


@pytest.mark.parametrize("names", ["7AZ", ["", "", ""]])
@pytest.mark.parametrize("file", ["", "50%.csv", "a %s"])
def test_a_line_names_its_file_and_its_claim_where_there_are_any(
    file: str, names: Sequence[str]
) -> None:
    report = reports.Texts(reports.Chosen(), file, brief=True)
    lines, _ = written_of(HEADER + "".join(f"{name},{WRONG}\n" for name in names), report)
    assert lines == [
        f"{file}{': ' * bool(file)}line {at}{', claim 7' * (name == '7')}: error: report D0801, "
        "not D0470"
        for at, name in enumerate(names, 2)
    ]


@pytest.mark.parametrize("file", ["", "march.csv"])
def test_what_was_not_read_is_written_as_an_object(file: str) -> None:
    (line,), _ = written_of(f"{HEADER}A7,bad,D0801,,,\n", reports.Objects(reports.Chosen(), file))
    told = json.loads(line)
    assert told.pop("why").startswith("expected a date of service")
    named = {"file": file} if file else {}
    rest = {"kind": "not-read", "severity": "error", "code": "", "instead": [], "rule": ""}
    assert told == named | {"claim": "A7", "line": 2} | rest


@pytest.mark.parametrize("file", ["", "march.csv"])
def test_a_finding_is_written_as_an_object(file: str) -> None:
    rows = "".join(f"A{n},{WRONG}\n" for n in range(4)) + "B,2026-03-02,D0801,iTero,,\n"
    rows += "B,2026-03-04,D0470,iTero,,\n"
    lines, _ = written_of(HEADER + rows, reports.Objects(reports.Chosen(), file))
    objects = [json.loads(line) for line in lines]
    assert [one.get("file", "") for one in objects] == [file] * len(objects)
    wrong = [one for one in objects if one["kind"] == "wrong-code"]
    assert [(one["claim"], one["line"], one["lines"], one["on"]) for one in wrong] == [
        *((f"A{n}", n + 2, [n + 2], "2026-03-02") for n in range(4)),
        ("", 7, [7], "2026-03-04"),
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-12.50", "-12.50"),
        ("+1,000", "+1,000"),
        ("Xray", "Xray"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(cell: str, written: str) -> None:
    assert reports.harmless(cell) == written


LAST = cdtref.editions()[-1].until
LATER = dt.date(LAST.year + 1, 3, 2)


def test_a_table_is_written_again_with_what_was_found_beside_its_rows() -> None:
    later = str(LATER).encode()
    data = (
        b"Claims of March\r\n\r\non,billed,did,remark\r\n"
        b"2026-03-02,D0470,iTero,M\xfcller\r\n2026-03-02,D0801,iTero,a\x81\r\n"
        b"2026-03-02,D0470\r\n,,,\r\n"
        b'2026-03-02,D0470,iTero,"a\nb"\r\n' + later + b",D0470,iTero,x,\r\n"
        b"2026-03-02,D0801,iTero,y,z\r\nTotal,,,9\r\n"
    )
    marks = reports.Marks()
    for result in read(data)[0]:
        for told in reports.told_of(result, reports.Chosen()):
            marks.add(told)
    out = io.StringIO()
    reports.annotate(io.BytesIO(data), {}, marks, out)
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert [row[:5] for row in rows] == [
        ["Claims of March"],
        [],
        ["on", "billed", "did", "remark", "finding: severity"],
        ["2026-03-02", "D0470", "iTero", "Müller", "error"],
        ["2026-03-02", "D0801", "iTero", "a�", ""],
        ["2026-03-02", "D0470", "", "", "not read"],
        ["", "", "", "", ""],
        ["2026-03-02", "D0470", "iTero", "a\nb", "error"],
        [str(LATER), "D0470", "iTero", "x", "warning"],
        ["2026-03-02", "D0801", "iTero", "y", "z"],
        ["Total", "", "", "9", ""],
    ]
    assert rows[2][5] == "finding"
    assert rows[3][5].startswith("report D0801, not D0470. D0470 is for")
    assert rows[4][5] == ""
    assert rows[5][5] == "has only 2 cells; the header has 4"
    head = f"D0470: {LATER} is after the last edition here. "
    assert rows[8][5].startswith(head)
    assert " By the last edition here: report D0801, not D0470. D0470 is for" in rows[8][5]
    assert rows[9][5:] == ["not read", "has 5 cells; the header has 4"]


def test_what_the_last_edition_would_say_is_written_with_its_line() -> None:
    rows = "".join(f"{n},{LATER},D0470,iTero,,\n" for n in range(4))
    lines, _ = written_of(HEADER + rows, reports.Objects(reports.Chosen()))
    told = [(one["lines"], one["last_known"]) for one in map(json.loads, lines)]
    assert [places for places, _ in told] == [[2], [3], [4], [5]]
    for places, known in told:
        assert [(one["lines"], one["on"]) for one in known] == [(places, str(LAST))]


def test_all_that_the_last_edition_would_say_stands_beside_a_row() -> None:
    marks = reports.Marks()
    row = f"7,{LATER},D0801,stone-cast,,\n"
    for result in read(HEADER + row * 2)[0]:
        for told in reports.told_of(result, reports.Chosen()):
            marks.add(told)
    severity, text = marks.at(2)
    assert severity == "warning"
    assert text.count(". By the last edition here: ") == text.count("By the last") == 2


def test_a_headline_is_a_line_so_that_it_can_be_searched_for() -> None:
    claim = f"A{10**30}"
    checked, _ = read(f"{HEADER}{claim},2026-03-02,D0801,retainer-scan,,\n{claim},{WRONG}\n")
    told = reports.Texts(reports.Chosen(), brief=True).of(checked[0])[0].splitlines()
    assert len(told) == len(checked[0].findings) > 1  # type: ignore[union-attr]
    assert all(claim in line for line in told)
