"""The columns of a file of claims, and what stands in its cells."""

import csv
import io
import re

import pytest

import cdtref
from cdtref.claimfiles import NotRead, columns, tables
from cdtref.claimfiles.cells import Cells, Dates
from tests.library.readings import kinds, read, said

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
