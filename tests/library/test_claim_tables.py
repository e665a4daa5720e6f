"""Tables of claims: whatever stands in them, each line is a row, or counted, or told."""

import csv
import io
import itertools
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdtref.claimfiles import NotRead, tables
from tests.library.readings import HEADER, RIGHT, WRONG, kinds, read


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
