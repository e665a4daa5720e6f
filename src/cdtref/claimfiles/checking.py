"""Opens a file of claims, whatever it is, and says what was taken for what in it."""

import datetime as dt
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

from cdtref.errors import InvalidInputError
from cdtref.inputs import absent, shown

from . import columns, json_claims, sniffing, x12
from .cells import Dates
from .grouping import REMEMBERED, Checked, Claims
from .lines import NotRead
from .summary import Summary
from .tables import Rows, Table


class FileCheck:
    """The check of one file. Iterate over it once: claims with findings, parts not read.

    Its `summary` grows meanwhile, and afterwards accounts for every line of the file.
    """

    format: str
    """`table`, `json` (FHIR, too) or `x12`."""
    taken: Mapping[str, str]
    """Of a table: by field the name of the column that it was taken from."""
    unit: str
    """What `summary` counts: `line`, or `service line` where the file has no lines of its own."""

    def __init__(
        self,
        source: str | os.PathLike[str] | IO[bytes] | IO[str],
        columns: Mapping[str, str],
        dates: str,
        where: Mapping[str, Iterable[str]],
    ) -> None:
        self.summary = Summary()
        self.table: Table | None = None
        self._claims = Claims(self.summary, _dates(dates))
        self._stream, self._close = _opened(source)
        try:
            self._open(columns, where)
        except BaseException:
            self._done()
            raise

    def _open(self, named: Mapping[str, str], where: Mapping[str, Iterable[str]]) -> None:
        sniffed, text = sniffing.opened(self._stream)
        kind = sniffed.kind
        self.format = kind.value
        self.taken = {}
        self._results: Iterator[Checked | NotRead]
        if kind is sniffing.Kind.TABLE:
            self.unit = "line"
            self.table = Table(text, named)
            self._claims.personal = self.table.columns.personal("claim")
            self.taken = self.table.columns.taken
            chosen, asides = _places(self.table, where), self.table.aside
            places = self.table.columns.places
            self._results = self._claims.of_table(self.table.rows(), places, asides, chosen)
            return
        for what, given in (("columns", named), ("where", where)):
            if given:
                raise InvalidInputError(f"{what}: only a table has columns; this is {kind.name}.")
        self.unit = "service line"
        read = json_claims.read if kind is sniffing.Kind.JSON else x12.read
        self._results = self._claims.of_lines(read(text))

    def __iter__(self) -> Iterator[Checked | NotRead]:
        try:
            yield from self._results
        finally:
            self._done()

    def _done(self) -> None:
        if self._close:
            self._stream.close()

    def said(self) -> Iterator[str]:
        """What was taken for what, and what was read otherwise than it stands, in sentences."""
        if self.table is not None:
            yield from _of_columns(self.table)
        if self._claims.forgot:
            yield (
                f"Rows of a claim with more than {REMEMBERED:,} others between them are not known "
                "to be of one. Sort the file by claim."
            )
        for note, example in self._claims.cells.notes.items():
            yield _NOTES[note].format(example, order=self._order())
        for sentence, lines in self._claims.told.items():
            more = f" and {lines[1]:,} more" if lines[1] else ""
            yield f"{sentence} (line {lines[0]}{more})"

    def _order(self) -> str:
        us = self._claims.cells.dates is Dates.US
        return "month/day/year (--dates day-first: otherwise)" if us else "day/month/year"


def check_file(
    source: str | os.PathLike[str] | IO[bytes] | IO[str],
    *,
    columns: Mapping[str, str] | None = None,
    dates: str = "us",
    where: Mapping[str, str | Iterable[str]] | None = None,
) -> FileCheck:
    """What is wrong with the claims in a file, as practice software writes it?

    A table (CSV, with commas, semicolons, tabs or bars), JSON in the forms of `check_claim` or of
    FHIR, or an 837D. What it is, is told by its content. Constant memory, whatever its size.
    Rows of a claim are put together if no more than 1,000 claims begin between them; further apart
    they are checked apart, and that is told if no more than 100,000 claims lie between. Sort a
    larger file by claim.

    Arguments:
        source: A path, or an open file of bytes or text. Only what is opened here is closed here.
        columns: Of a table: by field (`claim`, `on`, `billed`, `did`, `arch`, `quantity`) the name
            of the column that holds it, where the header does not tell.
        dates: How `03/02/2026` is read: `us`, month first, or `day-first`.
        where: Of a table: by name of a column the value or values of the rows to look at, such as
            `{"Status": "C"}`. Other rows are left out, and counted.

    Returns:
        What to iterate over, once: a `Checked` for each claim on which something was found, and a
            `NotRead` for each part that was not read. Afterwards `summary` accounts for every line.

    Raises:
        InvalidInputError: The file is none that claims can be read from, or it is not plain which
            column holds what. The message says what to do.
        OSError: The file cannot be opened.

    Where it comes from: the same rules as `check_claim`. The names of columns are our collection.

    Examples:
        >>> import io
        >>> import cdtref
        >>> export = "Claim No;Date of Service;Procedure\\n7;3/2/2026;D0350\\n7;3/2/2026;D0350\\n"
        >>> checked = cdtref.check_file(io.StringIO(export))
        >>> for claim in checked:
        ...     for finding in claim.findings:
        ...         print(finding.kind.value, finding.code, finding.lines)
        duplicate D0350 (2, 3)
        >>> checked.summary.lines
        3
    """
    return FileCheck(source, columns or {}, dates, where or {})


def check_columns(
    data: Mapping[str, Iterable[Any]],
    *,
    columns: Mapping[str, str] | None = None,
    dates: str = "us",
) -> dict[str, list[Any]]:
    """The same check for columns of values, such as those of a data frame: findings as columns.

    Arguments:
        data: By name the values of a column, all of the same number: text, dates, numbers, and
            None or NaN for nothing. A data frame of pandas or polars will do.
        columns: As in `check_file`.
        dates: As in `check_file`.

    Returns:
        `row` (counted from 0), `claim`, `kind`, `severity`, `code`, `instead` (codes with a space
            between), `why`, `rule`, `on` (a `datetime.date`, or None) and `address`: one entry for
            each finding, and one of kind `not-read` for each row that was not read.

    Raises:
        InvalidInputError: A column is missing or is not as long as the others, or it is not plain
            which column holds what.

    Where it comes from: the same rules as `check_claim`.

    Examples:
        >>> import cdtref
        >>> found = cdtref.check_columns(
        ...     {"on": ["2026-03-02", "2022-03-02"], "billed": ["D0801", "D0801"]}
        ... )
        >>> found["row"], found["kind"]
        ([1], ['invalid-for-date'])
    """
    names = [str(name) for name in data.keys()]  # noqa: SIM118  # a data frame iterates otherwise
    values = [list(data[name]) for name in data.keys()]  # noqa: SIM118
    if len({len(column) for column in values}) > 1:
        lengths = ", ".join(
            f"{name!r} {len(column):,}" for name, column in zip(names, values, strict=True)
        )
        raise InvalidInputError(f"check_columns: the columns are not of one length: {lengths}.")
    found = check_values(names, values, columns or {}, dates)
    told: dict[str, list[Any]] = {name: [] for name in _TOLD}
    for result in found:
        if isinstance(result, NotRead):
            _tell(told, result.line, result.claim, "not-read", "error", "", (), result.why)
            continue
        for one in result.findings:
            row = one.lines[0] if one.lines else result.first
            _tell(
                told,
                *(row, result.claim, one.kind.value, one.severity.value, one.code, one.instead),
                *(one.why, one.rule, one.on, one.address),
            )
    return told


_TOLD = ("row", "claim", "kind", "severity", "code", "instead", "why", "rule", "on", "address")


def _tell(
    told: dict[str, list[Any]],
    row: int,
    claim: str,
    kind: str,
    severity: str,
    code: str,
    instead: Sequence[str],
    why: str,
    rule: str = "",
    on: dt.date | None = None,
    address: str = "",
) -> None:
    given = (row, claim, kind, severity, code, " ".join(instead), why, rule, on, address)
    for name, value in zip(_TOLD, given, strict=True):
        told[name].append(value)


def check_values(
    names: Sequence[str],
    values: Sequence[Sequence[Any]],
    named: Mapping[str, str],
    dates: str,
) -> Iterator[Checked | NotRead]:
    """Checks columns of values; their rows are counted from 0."""
    sample = [[_as_text(value) for value in row] for row in islice(zip(*values, strict=True), 20)]
    chosen = columns.choose(names, named, sample)
    used = [values[at] for at in chosen.places.values()]
    rows = [list(map(_as_text, row)) for row in zip(*used, strict=True)]
    claims = Claims(Summary(), _dates(dates))
    claims.personal = chosen.personal("claim")
    places = {field: at for at, field in enumerate(chosen.places)}
    return claims.of_table([Rows(0, rows)], places)


def _as_text(value: Any) -> str:
    """A value of a data frame as a file would hold it."""
    if isinstance(value, str):
        return value
    if absent(value):
        return ""
    if isinstance(value, list | tuple):
        return ";".join(map(_as_text, value))
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


_NOTES = {
    "slashes": "Dates such as {} were read as {order}.",
    "time": "A date with a time, such as {}: the day was taken.",
    "zone": "A time with a zone, such as {}: the day was taken as it stands.",
    "guarded": "Cells guarded as text, such as {}, were read without their guard.",
    "qualifier": "{} was read as a CDT code without its qualifier.",
    "suffix": "What follows a code was left aside, as in {}.",
    "quadrant": "{} is a part of an arch. It was read as no arch.",
    "windows": "Some cells are not UTF-8. They were read as Windows-1252.",
}


def _of_columns(table: Table) -> Iterator[str]:
    chosen = table.columns
    for field, name in chosen.taken.items():
        if columns.plain(name) != field:
            yield f"{columns.what(field).capitalize()}: column {name!r}."
    yield from chosen.said
    if "claim" not in chosen.places:
        yield (
            "No column tells which rows are one claim: each row was checked by itself. If one does,"
            " say --columns claim=NAME."
        )
    if "did" not in chosen.places:
        yield (
            "No column says what was done. If one does, in words such as scan or study model, say "
            "--columns did=NAME."
        )
    left = columns.unused(chosen)
    if left:
        yield f"Not used: {', '.join(map(repr, left))}."
    status = chosen.status
    if status is not None:
        name = chosen.header[status]
        yield (
            f"All rows were checked, whatever {name!r} says. To choose: --where "
            f"{columns.quoted(name)}=VALUE."
        )


def _dates(given: str) -> Dates:
    try:
        return Dates(given)
    except ValueError:
        raise InvalidInputError(
            f"dates: expected {' or '.join(Dates)}, got {shown(given)}."
        ) from None


def _opened(source: object) -> tuple[Any, bool]:
    """The stream of a source, and whether it is ours to close."""
    if isinstance(source, str | os.PathLike):
        return Path(source).open("rb"), True
    if isinstance(source, io.TextIOBase):
        return io.BufferedReader(_Encoded(source)), False
    if hasattr(source, "read"):
        return source, False
    raise InvalidInputError(f"expected the path of a file or an open one, got {shown(source)}.")


class _Encoded(io.RawIOBase):
    """The bytes of a text."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._bytes = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._bytes:
            self._bytes = self._text.read(1 << 16).encode("utf-8", "surrogatepass")
        part, self._bytes = self._bytes[: len(buffer)], self._bytes[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _places(table: Table, where: Mapping[str, Iterable[str]]) -> dict[int, frozenset[str]]:
    """The columns that decide whether a row is looked at, with the words that they must hold."""
    found = {}
    for name, values in where.items():
        places = [
            at for at, cell in enumerate(table.header) if columns.plain(cell) == columns.plain(name)
        ]
        if len(places) != 1:
            raise InvalidInputError(
                f"where: {'no column' if not places else 'more than one column'} by the name "
                f"{name!r}."
            )
        wanted = [values] if isinstance(values, str) else values
        found[places[0]] = frozenset(value.strip().lower() for value in wanted)
    return found
