"""Understands the cells of a claim line, as practice software and spreadsheets write them.

Each spelling is understood once. What was read otherwise than it stands is noted, by kind, to be
said once for the whole file.
"""

import datetime as dt
import re
from enum import StrEnum

from cdtref import inputs
from cdtref.claimlines import Billed
from cdtref.claims import day_of_claim
from cdtref.errors import CdtrefError, InvalidDateError, InvalidInputError, UnknownServiceError
from cdtref.library import Library, current


class Dates(StrEnum):
    """How dates with slashes are read."""

    US = "us"
    """Month, day, year."""
    DAY_FIRST = "day-first"
    """Day, month, year."""


MANY = 20_000
"""The spellings that are remembered: more than there are, so that only noise is not."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june"),
            *("jul july", "aug august", "sep sept september", "oct october", "nov november"),
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_TIME = re.compile(
    r"[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)? ?([AaPp]\.?[Mm]\.?)?(Z|[+-]\d\d:?\d\d)?$"
)
_GUARDED = re.compile(r'^=\s*"(.*)"$|^\'(.*)$', re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_EIGHT_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SLASHES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_MONTH_NAMED = re.compile(r"(?:[A-Za-z]+,? )?([A-Za-z]+)\.? (\d{1,2}),? (\d{4})")
_DAY_THEN_MONTH = re.compile(r"(?:[A-Za-z]+,? )?(\d{1,2})[- ]([A-Za-z]+)\.?[- ,]+(\d{4})")
_QUALIFIED = re.compile(r"([A-Z]{2})[:*>^]\s*(.+)", re.DOTALL)
_SUFFIXED = re.compile(r"(D\d{4})(?:\s*[.,;:/_–—-]|\s)\s*(.*)", re.DOTALL)
_SHOWN = re.compile(r"[\d\s.,:;/+*%#<>=_-]{1,30}|[A-Za-z]{0,2}[\d:.-]{2,10}[A-Za-z]?")


def shown(cell: str) -> str:
    """A cell for a message; never one that might hold a name."""
    kept = cell.strip()
    if _SHOWN.fullmatch(kept):
        return repr(kept)
    return f"text of {len(kept)} characters" if kept else "nothing"


class Cells:
    """Reads the cells of one file."""

    def __init__(self, dates: Dates = Dates.US) -> None:
        self.library: Library = current()
        self.dates = dates
        self.notes: dict[str, str] = {}
        """What was read otherwise than it stands, by kind, each with the first such cell."""
        self._refused: dict[str, str] = {}

    def _note(self, kind: str, example: str = "") -> None:
        """Notes that a cell was read otherwise than it stands. The example must name nobody."""
        self.notes.setdefault(kind, repr(example))

    def text(self, cell: str) -> str:
        """A cell whose bytes are not UTF-8 is read as Windows-1252."""
        if cell.isascii() or not any("\udc80" <= character <= "\udcff" for character in cell):
            return cell
        self._note("windows")
        try:
            return cell.encode("utf-8", "surrogateescape").decode("cp1252")
        except UnicodeError:
            raise InvalidInputError(
                "holds bytes that are neither UTF-8 nor Windows-1252. Save the file as UTF-8."
            ) from None

    def bare(self, cell: str) -> str:
        """A cell without stray spaces, and without what guards text in a spreadsheet."""
        kept = self.text(cell).strip().strip("\ufeff\u200b\u00a0")
        found = _GUARDED.match(kept)
        if found is None:
            return kept
        self._note("guarded", '="…"' if found[1] is not None else "'…")
        return (found[1] if found[1] is not None else found[2]).strip()

    def day(self, given: str) -> dt.date:
        """The date of service in a cell.

        Raises:
            InvalidDateError: It is none, or could be read in two ways.
            UnknownEditionError: It is before the first encoded edition.
        """
        cell = self.bare(given)
        if not cell:
            raise InvalidDateError("no date of service.")
        time = _TIME.search(cell)
        if time and len(cell) > 8:
            hour, minute, second, half, zone = time.groups()
            midnight = (
                not int(minute or 0)
                and not int(second or 0)
                and int(hour) == (12 if (half or "").lower().startswith("a") else 0)
            )
            on = self._date(cell[: time.start()].strip())
            if zone or not midnight:
                self._note("zone" if zone else "time", cell)
        else:
            on = self._date(cell)
        return day_of_claim(on, self.library)

    def _date(self, cell: str) -> dt.date:
        """A date in one of the forms that can be read one way only, or that the caller names."""
        slashes = False
        if found := _YEAR_FIRST.fullmatch(cell) or _EIGHT_DIGITS.fullmatch(cell):
            year, month, day = found.groups()
        elif found := _SLASHES.fullmatch(cell):
            month, sign, day, year = found.groups()
            if sign == "." and self.dates is Dates.US:
                raise InvalidDateError(
                    f"{shown(cell)}: dates with dots are mostly written day first. If these are, "
                    "say --dates day-first; or write 2026-03-02."
                )
            slashes = True
            if self.dates is Dates.DAY_FIRST:
                month, day = day, month
        elif re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", cell):
            raise InvalidDateError(
                f"{shown(cell)}: a year of two digits is not read. Write 03/02/2026 or 2026-03-02."
            )
        elif re.fullmatch(r"\d{5}(\.\d+)?", cell):
            raise InvalidDateError(
                f"{shown(cell)} is a spreadsheet's number for a day. Format the column as a date "
                "and save again."
            )
        elif found := _MONTH_NAMED.fullmatch(cell) or _DAY_THEN_MONTH.fullmatch(cell):
            first, second, year = found.groups()
            month, day = (first, second) if first.isalpha() else (second, first)
            if month.lower() not in _MONTHS:
                raise _no_date(cell)
            month = str(_MONTHS[month.lower()])
        else:
            raise _no_date(cell)
        try:
            read = dt.date(int(year), int(month), int(day))
        except ValueError:
            hint = ""
            if slashes and int(month) > 12 >= int(day):
                other = "day-first" if self.dates is Dates.US else "us"
                hint = f" If dates here are written {other}, say --dates {other}."
            raise InvalidDateError(f"{shown(cell)} is no day of the calendar.{hint}") from None
        if slashes:
            self._note("slashes", cell)
        return read

    def line(self, billed: str, did: str | tuple[str, ...], arch: str, quantity: str) -> Billed:
        """A claim line from its cells, without its date.

        Raises:
            InvalidInputError: A cell cannot be read. Of a code that is not of this topic only the
                code itself is.
        """
        code, known = self._code(billed)
        if not known:
            return code, (), "", 1, known
        return code, self.services(did), self._arch(arch), self._quantity(quantity), True

    def _code(self, given: str) -> tuple[str, bool | None]:
        cell = self.bare(given)
        if not cell:
            raise InvalidInputError("no code.")
        if cell[0] in "=+@":
            raise InvalidInputError(
                "a formula stands where the code should. Save the file with the values it shows."
            )
        code = cell.upper()
        if found := _QUALIFIED.fullmatch(code):
            if found[1] != "AD":
                raise InvalidInputError(
                    f"a code of another code set: its qualifier is {found[1]}, and that of CDT is "
                    "AD."
                )
            self._note("qualifier", "AD:D0470")
            code = found[2]
        if found := _SUFFIXED.fullmatch(code):
            if found[2]:
                kept = re.fullmatch(r"[.\-_]\w{1,6}", cell[-len(found[2]) - 1 :].strip())
                self.notes.setdefault("suffix", repr(cell) if kept else f"{found[1]} …")
            code = found[1]
        if code.isascii() and code.isalpha() and len(code) <= 8:
            return code, None  # as payments and adjustments are called
        try:
            return inputs.billed(code, self.library)
        except CdtrefError as error:
            if len(code) <= 8 and any(map(str.isdigit, code)):
                raise
            raise InvalidInputError(
                f"{shown(cell)} is no procedure code: a code is the letter D and four digits, such "
                "as D0470."
            ) from error

    def services(self, did: str | tuple[str, ...]) -> tuple[str, ...]:
        """What was done, by ids or names of services; in text several are parted by semicolons.

        Raises:
            UnknownServiceError: A name is that of none, or of several.
        """
        if not did:
            return ()
        given = did.split(";") if isinstance(did, str) else did
        parts = [part for part in map(self.bare, given) if part]
        return tuple(dict.fromkeys(map(self._service, parts)))

    def _service(self, name: str) -> str:
        why = self._refused.get(name)
        if why is not None:
            raise InvalidInputError(why)
        try:
            return inputs.service(name, self.library, "did").id
        except UnknownServiceError as error:
            # What is like no service may be anything, a name among them.
            why = str(error) if error.nearest else _NO_SERVICE.format(shown(name))
            if len(self._refused) < MANY:  # to look for the nearest word is slow
                self._refused[name] = why
            raise InvalidInputError(why) from None

    def _arch(self, given: str) -> str:
        cell = self.bare(given)
        if cell.upper() in _QUADRANTS:
            self._note("quadrant", cell)
            return ""
        try:
            return inputs.arch(cell, "arch")
        except InvalidInputError:
            raise InvalidInputError(
                f"arch: expected upper, lower or both (U, L, 01, 02 or 00), got {shown(cell)}."
            ) from None

    def _quantity(self, given: str) -> int:
        cell = self.bare(given)
        if not cell:
            return 1
        if found := re.fullmatch(r"0*(\d{1,2})(?:\.0+)?", cell):
            return inputs.quantity(int(found[1]), "quantity")
        raise InvalidInputError(
            f"quantity: expected a whole number from 1 to 99, got {shown(cell)}."
        )


_NO_SERVICE = "did: {} is no service that we know by this name. `cdtref service` lists them all."
_QUADRANTS = {
    *("10", "20", "30", "40", "UR", "UL", "LR", "LL", "1", "2", "3", "4", "Q1", "Q2", "Q3", "Q4"),
    *("03", "04", "05", "06", "07", "08", "09"),
}
"""Parts of an arch, which say nothing of the arches that a model or a scan shows."""


def _no_date(cell: str) -> InvalidDateError:
    return InvalidDateError(
        f"expected a date of service such as 2026-03-02 or 03/02/2026, got {shown(cell)}."
    )
