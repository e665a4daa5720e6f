"""Checks a stream of claims, in CSV or JSON Lines, of any size, in constant memory."""

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from . import inputs
from .claims import Billed, Finding, Kind, check_claim, check_visit, day_of_claim
from .errors import CdtrefError, InvalidInputError
from .library import current
from .model import Severity

COLUMNS = {
    "claim": "your own label; the rows of a claim follow one another, and a row without a label is "
    "a claim of its own",
    "on": "the date of service, year first; a spreadsheet may save another form, which is refused",
    "billed": "the code",
    "did": "what was done, by the names of services; several are separated by semicolons",
    "arch": "upper, lower, both, or empty",
    "quantity": "a whole number; empty stands for one",
}
"""The columns of a file of claims, in any order, and what each holds."""

REQUIRED = ("on", "billed")
_KEPT = 20_000
"""The spellings of cells that are remembered: more than there are, so that only noise is not."""


class Unreadable(NamedTuple):
    """A row that could not be read, and why. The rest went on."""

    line: int
    why: str
    rows: int = 1
    """The lines of the file that it takes with it, as a stray quote may."""


class Checked(NamedTuple):
    """A claim that was checked: the lines of the file it stands on, and what was found."""

    claim: str
    first: int
    rows: int
    findings: tuple[Finding, ...]


Result = Checked | Unreadable


def check_csv(lines: Iterable[str]) -> Iterator[Result]:
    """Claims as rows, one row a claim line, the rows of a claim one after the other.

    A row without a claim is a claim of its own. Several services in `did` are separated by `;`.

    Raises:
        InvalidInputError: The header is missing, or names a column that is not known, or lacks one.
    """
    reader = csv.reader(lines, strict=True)
    try:
        places = _header(next(reader, None))
    except csv.Error as error:
        raise InvalidInputError(f"The header is not readable as CSV: {error}.") from None
    parse = _Parser()
    closed: dict[str, None] = {}  # the last thousand claims, to notice one that comes again
    open_claim: _Claim | None = None
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            rows = max(reader.line_num - line + 1, 1)
            why = f"not readable as CSV: {error}"
            if rows > 1:
                why += f"; it runs to line {reader.line_num}, look for a stray quote"
            yield Unreadable(line, why, rows)
            continue
        if not any(row):
            continue
        try:
            claim, on, billed = parse.row(row, places)
        except CdtrefError as error:
            yield Unreadable(line, str(error))
            continue
        if open_claim is not None and (not claim or claim != open_claim.name):
            yield open_claim.check()
            closed[open_claim.name] = None
            if len(closed) > 1_000:
                del closed[next(iter(closed))]
            open_claim = None
        if open_claim is None:
            open_claim = _Claim(claim, line, again=bool(claim) and claim in closed)
        open_claim.add(line, on, billed)
    if open_claim is not None:
        yield open_claim.check()


def check_jsonl(lines: Iterable[str]) -> Iterator[Result]:
    """Claims as lines of JSON, each in a form that `check_claim` takes; `claim` may name it."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            given = json.loads(_utf8(text))
            if not isinstance(given, Mapping):
                raise InvalidInputError('expected an object, such as {"on": …, "billed": […]}.')
            name = given.get("claim")
            rest = {key: value for key, value in given.items() if key != "claim"}
            findings = tuple(_at_line(finding, number) for finding in check_claim(rest))
        except CdtrefError as error:
            yield Unreadable(number, str(error))
        except (ValueError, RecursionError) as error:
            yield Unreadable(number, f"not readable as JSON: {error}")
        else:
            rows = len(given.get("lines", ())) or len(given.get("billed", ()))
            yield Checked("" if name is None else str(name), number, rows, findings)


def _at_line(finding: Finding, number: int) -> Finding:
    """A finding of a claim that stands on one line of the file."""
    return finding.__replace__(
        lines=(number,) if finding.lines else (),
        last_known=tuple(_at_line(known, number) for known in finding.last_known),
    )


class _Claim:
    """The rows of one claim so far, by date of service."""

    __slots__ = ("again", "first", "name", "rows", "visits")

    def __init__(self, name: str, first: int, *, again: bool) -> None:
        self.name = name
        self.first = first
        self.again = again
        self.rows = 0
        self.visits: dict[dt.date, tuple[list[Billed], list[int]]] = {}

    def add(self, line: int, on: dt.date, billed: Billed) -> None:
        self.rows += 1
        visit = self.visits.get(on)
        if visit is None:
            visit = self.visits[on] = ([], [])
        visit[0].append(billed)
        visit[1].append(line)

    def check(self) -> Checked:
        findings: list[Finding] = []
        for on, (billed, lines) in self.visits.items():
            findings += check_visit(on, (), tuple(billed), lines)
        if self.again:
            why = f"Rows of claim {self.name!a} stand apart in the file; they were checked apart."
            findings.append(
                Finding(
                    Kind.NOT_CHECKED,
                    Severity.WARNING,
                    "",
                    (),
                    why,
                    "",
                    (),
                    next(iter(self.visits)),
                    (self.first,),
                )
            )
        return Checked(self.name, self.first, self.rows, tuple(findings))


class _Parser:
    """Reads cells; each spelling of a cell is understood once."""

    def __init__(self) -> None:
        self.library = current()
        self.dates: dict[str, dt.date] = {}
        self.codes: dict[str, tuple[str, bool | None]] = {}
        self.services: dict[str, tuple[str, ...]] = {"": ()}
        self.refused: dict[str, str] = {}

    def row(self, row: list[str], places: dict[str, int]) -> tuple[str, dt.date, Billed]:
        if len(row) != places["columns"]:
            raise InvalidInputError(f"has {len(row)} cells; the header has {places['columns']}.")
        on = row[places["on"]]
        code = row[places["billed"]]
        did = row[places["did"]] if "did" in places else ""
        day = self.dates.get(on) or self._date(on)
        known = self.codes.get(code) or self._code(code)
        services = self.services.get(did)
        if services is None:
            services = self._services(did)
        arch = inputs.arch(row[places["arch"]], "arch") if "arch" in places else ""
        cell = row[places["quantity"]].strip() if "quantity" in places else ""
        few = len(cell) <= 2 and cell.isascii() and cell.isdigit()
        quantity = inputs.quantity(int(cell) if few else cell, "quantity") if cell else 1
        claim = row[places["claim"]].strip() if "claim" in places else ""
        billed = (known[0], services, arch, quantity, known[1])
        return claim, day, billed

    def _date(self, cell: str) -> dt.date:
        if not cell.strip() or cell.strip() == "today":
            raise InvalidInputError("on: expected a date of service such as 2026-03-02.")
        day = day_of_claim(_utf8(cell), self.library)
        if len(self.dates) < _KEPT:
            self.dates[cell] = day
        return day

    def _code(self, cell: str) -> tuple[str, bool | None]:
        found = inputs.billed(_utf8(cell), self.library)
        if len(self.codes) < _KEPT:
            self.codes[cell] = found
        return found

    def _services(self, cell: str) -> tuple[str, ...]:
        if cell in self.refused:
            raise InvalidInputError(self.refused[cell])
        parts = [part for part in _utf8(cell).split(";") if part.strip()]
        try:
            found = tuple([inputs.service(part, self.library, "did").id for part in parts])
        except CdtrefError as error:
            if len(self.refused) < _KEPT:  # to look for the nearest word is slow
                self.refused[cell] = str(error)
            raise
        if len(self.services) < _KEPT:
            self.services[cell] = found
        return found


def _header(row: list[str] | None) -> dict[str, int]:
    expected = f"expected a header with the columns {', '.join(COLUMNS)}, in any order; only "
    expected += f"{' and '.join(REQUIRED)} are required"
    if row is None:
        raise InvalidInputError(f"The file is empty; {expected}.")
    names = [cell.strip().lower() for cell in row]
    for name in names:
        if name not in COLUMNS:
            raise InvalidInputError(f"Unknown column {inputs.shown(name)}; {expected}.")
        if names.count(name) > 1:
            raise InvalidInputError(f"The column {name!r} stands twice; {expected}.")
    for name in REQUIRED:
        if name not in names:
            raise InvalidInputError(f"The column {name!r} is missing; {expected}.")
    return {name: at for at, name in enumerate(names)} | {"columns": len(names)}


def _utf8(text: str) -> str:
    """Text as it was read with `surrogateescape`: bytes that are not UTF-8 are told here."""
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise InvalidInputError("holds bytes that are not UTF-8. Save the file as UTF-8.")
    return text
