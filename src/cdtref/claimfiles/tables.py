"""Reads a table of claim lines, in text, row by row; each line of the file comes back as something.

A quote that is never closed, or closed lines further down, would swallow whatever stands between.
Such a row is told, and the lines after it are read on their own.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TextIO

from cdtref.errors import InvalidInputError

from .columns import FIELDS, Columns, check_fields, choose, likeness

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_CHUNK = 1 << 14
LONGEST = 1 << 20
"""A line of more characters is no row of a table."""
_ABOVE = 30
"""The lines above the header that are looked at."""
_SAMPLE = 50
_TOTAL = re.compile(
    r"(grand |sub-?)?total\w*\b|count\b|sum\b|page \d|printed\b|report\b|end of|\d+ rows?\b"
    r"|\(?\d+ records?\b|number of ",
    re.IGNORECASE,
)


class Aside(NamedTuple):
    """What stands in a line that is no claim line, or that cannot be read."""

    why: str
    of: str
    """`title`, `header`, `blank`, `total`, or `unreadable`."""
    cells: list[str]
    """As well as they can be told apart."""


class Rows(NamedTuple):
    """Rows as the header has them, each in a line, one below the other."""

    first: int
    rows: list[list[str]]


class Odd(NamedTuple):
    """A row that takes several lines, or what is no row."""

    line: int
    takes: int
    row: list[str] | Aside


class Table:
    """A table whose header was found. Its lines can be read once.

    Arguments:
        text: The text, its line ends untouched.
        named: By field the name of the column that the caller says holds it.

    Raises:
        InvalidInputError: No line looks like a header, or the header does not tell which column
            holds what; or there is nothing below it.
    """

    def __init__(self, text: TextIO, named: Mapping[str, str]) -> None:
        check_fields(named)
        self._chunks = _chunks(text)
        first = next(self._chunks, None)
        if first is None:
            raise InvalidInputError("The file is empty.")
        self._first = first
        lines = first[0]
        self.delimiter, self._header_at, self._below = _find_header(lines, named)
        self.header = self._cells(lines[self._header_at : self._below])
        sample = [self._cells([line]) for line in lines[self._below : self._below + _SAMPLE]]
        self.columns: Columns = choose(self.header, named, sample)
        if first[1] and not any(line.strip() for line in lines[self._below :]):
            raise InvalidInputError("The file holds a header and nothing below it.")
        self._carried: list[str] = []
        self._long = False
        self._plain_header = [cell.strip().lower() for cell in self.header]

    @property
    def header_line(self) -> int:
        """The line of the header, counted from 1."""
        return self._header_at + 1

    def rows(self) -> Iterator[Rows | Odd]:
        """What stands in the file, line by line: rows as the header has it, and all else."""
        lines, last = self._first
        for at, line in enumerate(lines[: self._header_at], 1):
            blank = not line.strip()
            yield Odd(at, 1, Aside("", "blank" if blank else "title", self._cells([line])))
        above = self._below - self._header_at
        yield Odd(self.header_line, above, Aside("", "header", self.header))
        yield from self._rows(lines, self._below, self._below + 1, last)
        number = len(lines) + 1 - len(self._carried)
        for more, last in self._chunks:
            lines = self._carried + more
            yield from self._rows(lines, 0, number, last)
            number += len(lines) - len(self._carried)

    def _rows(self, lines: list[str], at: int, number: int, last: bool) -> Iterator[Rows | Odd]:
        """The rows of some lines, from a place on. What is not whole yet is carried on."""
        self._carried = []
        # Only the first line of a chunk can be longer than the chunk.
        most = min(LONGEST, csv.field_size_limit())  # a caller may have raised the limit
        self._long = any(len(line) > most for line in (*lines[:2], *lines[-1:]))
        if (rows := self._all(lines[at:])) is not None:
            yield Rows(number, rows)
            return
        sound: list[list[str]] = []
        first = number
        for line, takes, row in self._one_by_one(lines, at, number, last):
            if takes == 1 and isinstance(row, list):
                if not sound:
                    first = line
                sound.append(row)
                continue
            if sound:
                yield Rows(first, sound)
                sound = []
            yield Odd(line, takes, row)
        if sound:
            yield Rows(first, sound)

    def _all(self, lines: list[str]) -> list[list[str]] | None:
        """The rows of lines in which nothing is odd, as they mostly are; else None."""
        if self._long:
            return None
        if '"' not in "".join(lines):  # as `csv` reads them, in less time
            rows = [line.rstrip("\r\n").split(self.delimiter) for line in lines]
            return rows if set(map(len, rows)) == {len(self.header)} else None
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            rows = list(reader)
        except csv.Error:
            return None
        sound = len(rows) == reader.line_num and set(map(len, rows)) == {len(self.header)}
        return rows if sound else None

    def _one_by_one(
        self, lines: list[str], at: int, number: int, last: bool
    ) -> Iterator[tuple[int, int, list[str] | Aside]]:
        """Each row with its line, and how many lines it takes."""
        width = len(self.header)
        while at < len(lines):
            reader = csv.reader(lines[at:], delimiter=self.delimiter, strict=True)
            before = 0  # the lines that this reader is done with
            try:
                for row in reader:
                    done = reader.line_num
                    raw = lines[at + before : at + done]
                    sound = len(row) == width and len(raw) == 1 and len(raw[0]) <= LONGEST
                    told = row if sound else self._odd(row, raw)
                    if isinstance(told, Aside) and len(raw) > 1:
                        yield number + before, 1, told
                        before += 1
                        break  # what it swallowed is read on its own
                    yield number + before, len(raw), told
                    before = done
            except csv.Error as error:
                ended = at + reader.line_num == len(lines) and "unexpected end" in str(error)
                if ended and not last:
                    self._carried = lines[at + before :]
                    return
                why = f"cannot be parted into cells ({error})"
                if reader.line_num > before + 1:
                    why += "; a quote opens here and is not closed in this line"
                cells = self._cells([lines[at + before]])
                yield number + before, 1, Aside(why, "unreadable", cells)
                before += 1
            at += before
            number += before

    def _odd(self, row: list[str], raw: list[str]) -> list[str] | Aside:
        """A row of another width than the header, or over several lines."""
        width = len(self.header)
        if max(map(len, raw)) > LONGEST:
            return Aside(f"a line of more than {LONGEST:,} characters", "unreadable", [])
        if len(raw) > 1:
            why = self._swallows(row, raw)
            return Aside(why, "unreadable", self._cells(raw[:1])) if why else row
        if (aside := self.aside(row)) is not None:
            return aside
        if len(row) > width and not any(map(str.strip, row[width:])):
            return row[:width]
        few = "only " if len(row) < width else ""
        return Aside(f"has {few}{len(row)} cells; the header has {width}", "unreadable", row)

    def _swallows(self, row: list[str], raw: list[str]) -> str:
        """Why a row over several lines is none, but a quote that swallows other rows."""
        used = [row[at] for at in self.columns.places.values() if at < len(row)]
        if len(row) != len(self.header) or any("\n" in cell or "\r" in cell for cell in used):
            return "a quote opens here and is not closed in this line"
        if any(self._is_row(line) for line in raw[1:]):
            return f"a quoted cell runs over {len(raw)} lines, rows among them: a stray quote?"
        return ""

    def _is_row(self, line: str) -> bool:
        """Whether a line would be a row by itself."""
        cells = self._cells([line])
        billed = self.columns.places["billed"]
        coded = len(cells) > billed and re.search(r"\b[Dd]\d{4}\b", cells[billed])
        return len(cells) == len(self.header) or bool(coded)

    def aside(self, row: Sequence[str]) -> Aside | None:
        """Nothing, a total, or the header again; None where a row seems to be meant."""
        if not any(map(str.strip, row)):
            return Aside("", "blank", list(row))
        if [cell.strip().lower() for cell in row] == self._plain_header:
            return Aside("", "header", list(row))
        billed = self.columns.places["billed"]
        first = next((cell.strip() for cell in row if cell.strip()), "")
        if _TOTAL.match(first) and not (len(row) > billed and re.search(r"\d{4}", row[billed])):
            return Aside("", "total", list(row))
        return None

    def _cells(self, lines: list[str]) -> list[str]:
        """The cells of a line, whatever is wrong with its quotes."""
        try:
            return next(csv.reader(lines, delimiter=self.delimiter), [])
        except csv.Error:
            return [line.rstrip("\r\n") for line in lines]


def _chunks(text: TextIO) -> Iterator[tuple[list[str], bool]]:
    """The lines of a text, some thousand at a time, and whether these are the last.

    Of an endless line the beginning is kept.
    """
    rest = ""
    before: list[str] = []
    while read := text.read(_CHUNK):
        lines = io.StringIO(rest + read, newline="").readlines()
        # A line that ends in \r may go on with \n.
        rest = "" if lines[-1].endswith("\n") else lines.pop()
        if len(rest) > LONGEST:
            rest = rest[: LONGEST + 1]
        if lines:
            if before:
                yield before, False
            before = lines
    if rest:
        before = before + io.StringIO(rest, newline="").readlines()
    if before:
        yield before, True


def _find_header(lines: list[str], named: Mapping[str, str]) -> tuple[str, int, int]:
    """The delimiter, the place of the header, and that of the line below it."""
    best: tuple[int, int, str, int, int] | None = None
    for at in range(min(len(lines), _ABOVE)):
        for delimiter in DELIMITERS:
            reader = csv.reader(lines[at : at + 6], delimiter=delimiter, strict=True)
            try:
                row = next(reader, [])
            except csv.Error:
                continue
            like = likeness(row, named)
            if like and (best is None or (like, len(row)) > best[:2]):
                best = like, len(row), delimiter, at, at + reader.line_num
    if best is None or (best[0] == 1 and best[1] == 1):
        if named:
            several = " and ".join(map(repr, named.values()))
            raise InvalidInputError(
                f"columns: no column by the name {several} in the first {_ABOVE} lines."
            )
        wanted = ", ".join(f"{field} ({told})" for field, told in FIELDS.items())
        raise InvalidInputError(
            "No line near the top looks like a header: no column is named for a date of service or "
            f"a code. Put a first line with the names of the columns. Used are {wanted}; only "
            "on and billed are required, and the usual other names are understood."
        )
    return best[2], best[3], best[4]
