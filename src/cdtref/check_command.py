"""`cdtref check`: files of claims in the terminal."""

import argparse
import csv
import gc
import io
import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cdtref.errors import InvalidInputError
from cdtref.inputs import shown
from cdtref.model import Severity
from cdtref.words import WIDTH

if TYPE_CHECKING:
    from cdtref.claimfiles import Checked, FileCheck, NotRead
    from cdtref.claimfiles.reports import Chosen, Objects, Texts

_FORMATS = ("text", "json", "csv", "annotated")
_EXAMPLE = """claims.csv
  cdtref check export.csv --columns on="Service Date",billed=Procedure
  cdtref check export.csv --output-format annotated > checked.csv"""


def add_to(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to a parser of commands."""
    made = add(
        "check",
        "Check files of claims: CSV, JSON, FHIR, 837D. Exit status 2 if something could not be "
        "read, 1 if there are errors or warnings, else 0.",
        _EXAMPLE,
        run,
    )
    made.description = f"{textwrap.fill(made.description or '', WIDTH)}\n\n{_COLUMNS}"
    made.add_argument("files", nargs="+", metavar="file", help="a file, or - for standard input")
    made.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="FIELD=NAME,...",
        help="which column holds what, where the header does not tell",
    )
    made.add_argument(
        "--dates",
        choices=("us", "day-first"),
        default="us",
        help="how 03/02/2026 is read: us, month first (the default), or day-first",
    )
    made.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="look only at the rows with this value; repeat it for several",
    )
    made.add_argument(
        "--severity",
        choices=[str(severity) for severity in Severity],
        default=str(Severity.NOTE),
        help="the mildest finding to be told; else note",
    )
    made.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="KIND,...",
        help="only findings of these kinds",
    )
    made.add_argument(
        "--output-format",
        choices=_FORMATS,
        default="text",
        help="text says why once, and then in which line that stands; annotated is the file again, "
        "all its columns, with the findings beside each row",
    )
    made.add_argument(
        "-q", "--quiet", action="store_true", help="a line a finding, no notes, no summary"
    )
    made.add_argument("--exit-zero", action="store_true", help="exit status 0 whatever is found")


_COLUMNS = """\
Columns of a table, in any order; the usual names of practice software will do,
and only on and billed have to be there:
  on        the date of service
  billed    the code
  claim     the number of the claim; rows with the same one are checked together,
            if no more than 1,000 claims begin between them
  did       what was done, in names of services, a semicolon between several
  arch      upper or lower, as words, letters or the numbers 01 and 02
  quantity  a whole number; empty stands for one"""


def run(options: argparse.Namespace) -> int:
    """Checks each file, and writes what was found."""
    before = gc.get_threshold()
    # Rows come and go by the million, and none of them is part of a circle.
    gc.set_threshold(100_000, *before[1:])
    try:
        return _run(options)
    finally:
        gc.set_threshold(*before)


def _run(options: argparse.Namespace) -> int:
    from cdtref import claimfiles  # other commands do without
    from cdtref.claimfiles import reports

    severity = Severity(options.severity)
    if options.quiet and severity < Severity.WARNING:
        severity = Severity.WARNING
    chosen = reports.Chosen(severity, _kinds(options.select))
    columns, where = _columns(options.columns), _where(options.where)
    several = len(options.files) > 1
    format = "json" if options.json else options.output_format
    write = _Writer(format, chosen, options.quiet, several)
    status = 0
    for file in options.files:
        try:
            with _opened(file, again=write.format == "annotated") as stream:
                checked = claimfiles.check_file(
                    stream, columns=columns, dates=options.dates, where=where
                )
                status = max(status, write.results(file, _counted(checked)))
                write.end(file, stream, checked, columns)
        except (InvalidInputError, OSError) as error:
            if not several:
                raise
            status = 3
            why = error.strerror if isinstance(error, OSError) else error
            print(f"cdtref: {file}: {why}", file=sys.stderr)
    if options.exit_zero and status < 3:  # a file that is none is told all the same
        return 0
    return min(status, 2)


# --- What is asked for ----------------------------------------------------------------------------


def _kinds(given: list[str]) -> frozenset[str]:
    from cdtref.findings import Kind

    kinds = frozenset(kind.strip() for text in given for kind in text.split(","))
    for kind in sorted(kinds - {str(kind) for kind in Kind}):
        raise InvalidInputError(
            f"--select: {shown(kind)} is no kind of finding; there are {', '.join(Kind)}."
        )
    return kinds


def _columns(given: list[str]) -> dict[str, str]:
    """`on=Service Date,billed=Code`; the name of a column may hold a comma."""
    named = {}
    for text in given:
        for entry in re.split(r",(?=\s*\w+=)", text):
            field, sign, name = entry.partition("=")
            if not sign or not name.strip():
                raise InvalidInputError(
                    f'--columns: expected FIELD=NAME, as in on="Service Date", got {shown(entry)}.'
                )
            named[field.strip()] = name.strip().strip("\"'")
    return named


def _where(given: list[str]) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise InvalidInputError(
                f"--where: expected COLUMN=VALUE, as in Status=C, got {shown(text)}."
            )
        wanted.setdefault(name.strip().strip("\"'"), []).append(value.strip().strip("\"'"))
    return wanted


def _opened(file: str, *, again: bool) -> AbstractContextManager[IO[bytes]]:
    """A file or standard input, which is kept where it has to be read twice."""
    if file != "-":
        return Path(file).open("rb")
    if sys.stdin is None:
        raise InvalidInputError("Standard input is closed.")
    if not again:
        return nullcontext(sys.stdin.buffer)
    kept = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    shutil.copyfileobj(sys.stdin.buffer, kept)
    kept.seek(0)
    return kept


# --- What is written ------------------------------------------------------------------------------


class _Writer:
    """Writes what was found to standard output, and what was taken for what to the other one."""

    def __init__(self, format: str, chosen: "Chosen", quiet: bool, several: bool) -> None:
        from cdtref.claimfiles import reports

        self.format = format
        self._quiet = quiet
        self._several = several
        self._reports = reports
        self._chosen = chosen
        self._marks = reports.Marks()
        if format in ("csv", "annotated") and isinstance(sys.stdout, io.TextIOWrapper):
            # A spreadsheet takes a file for UTF-8 by its mark; the writer ends its own lines.
            mark = "" if sys.stdout.isatty() else "-sig"
            sys.stdout.reconfigure(encoding=f"utf-8{mark}", newline="")
        self._rows = csv.writer(sys.stdout)
        if format == "csv":
            self._rows.writerow(reports.COLUMNS)

    def results(self, file: str, results: "Iterator[Checked | NotRead]") -> int:
        """Writes what was found on claims, and what was not read, and gives the exit status."""
        if self.format in ("text", "json"):
            report = self._lines(file if self._several else "")
            return report.write(results, sys.stdout.write)
        seen = {0}
        reports = self._reports
        for result in results:
            for told in reports.told_of(result, self._chosen):
                seen.add(reports.status_of(told))
                if self.format == "annotated":
                    self._marks.add(told)
                else:
                    self._rows.writerow(reports.as_row(file, reports.as_object(told)))
        return max(seen)

    def _lines(self, file: str) -> "Objects | Texts":
        if self.format == "json":
            return self._reports.Objects(self._chosen, file)
        return self._reports.Texts(self._chosen, file, brief=self._quiet)

    def end(
        self, file: str, stream: IO[bytes], checked: "FileCheck", columns: dict[str, str]
    ) -> None:
        """Writes what there is to say of a whole file."""
        if self.format == "annotated":
            stream.seek(0)
            self._reports.annotate(stream, columns, self._marks, sys.stdout)
            self._marks = self._reports.Marks()
        if self._quiet:
            return
        sys.stdout.flush()  # so that both come in order where they go to one place
        before = f"{file}: " if self._several else ""
        for text in (*checked.said(), *checked.summary.told(checked.unit)):
            print(textwrap.fill(f"{before}{text}", WIDTH), file=sys.stderr)


def _counted(checked: "FileCheck") -> "Iterator[Checked | NotRead]":
    """The results; how many lines went by is shown where no finding is shown as well."""
    watched = sys.stderr is not None and sys.stderr.isatty() and not sys.stdout.isatty()
    return _counting(checked) if watched else iter(checked)


def _counting(checked: "FileCheck") -> "Iterator[Checked | NotRead]":
    for number, result in enumerate(checked, 1):
        if number % 1_000 == 0:
            print(f"\r{checked.summary.lines:,} lines", end="", file=sys.stderr, flush=True)
        yield result
    print("\r", end="", file=sys.stderr)
