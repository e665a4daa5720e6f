"""Claims as software sends them: whatever kind of file they come in, checked line by line."""

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from ..errors import InvalidInputError
from .cells import Dates
from .checking import FileCheck, check_values
from .grouping import Checked
from .lines import NotRead
from .summary import Summary

__all__ = ["Checked", "Dates", "FileCheck", "NotRead", "Summary", "check_columns", "check_file"]


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
