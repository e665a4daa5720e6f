"""Which column holds what: by its name, or as the caller says. Never a silent guess between two."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pkgutil import get_data
from typing import NamedTuple

from cdtref.errors import InvalidInputError

FIELDS = {
    "claim": "the number of the claim; rows with the same one are checked together",
    "on": "the date of service",
    "billed": "the code",
    "did": "what was done, in the names of services; several are separated by semicolons",
    "arch": "upper or lower, as words, letters or the numbers 01 and 02",
    "quantity": "a whole number; empty stands for one",
}
"""What a column may hold for the check, by the name to call it, and what that is."""

REQUIRED = ("on", "billed")


class Columns(NamedTuple):
    """The place of each field in a row, and what is to be said of the choice."""

    places: dict[str, int]
    header: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def taken(self) -> dict[str, str]:
        """By field the name of the column that it was taken from."""
        return {field: self.header[at] for field, at in self.places.items()}

    @property
    def status(self) -> int | None:
        """The column that says whether a row was done at all."""
        return next(
            (at for at, name in enumerate(self.header) if plain(name) in _known()["status"].names),
            None,
        )

    def personal(self, field: str) -> bool:
        """Whether the name of the column says that it may name a person."""
        return field in self.places and not _known()["person"].names.isdisjoint(
            plain(self.header[self.places[field]]).split()
        )


class _Names(NamedTuple):
    names: frozenset[str]
    maybe: frozenset[str]
    other: frozenset[str]


@cache
def _known() -> dict[str, _Names]:
    text = get_data(__package__, "columns.toml") or b""
    given = tomllib.loads(text.decode())
    return {
        field: _Names(*(frozenset(names[kind]) for kind in _Names._fields))
        for field, names in given.items()
    }


def plain(name: str) -> str:
    """The name of a column as it is compared: "ProcDate", "proc_date" and "Proc. Date" are one."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.strip())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", parted.lower()).split())


def likeness(cells: Sequence[str], named: Mapping[str, str]) -> int:
    """How much a row looks like a header: how many of its cells name a column that we know."""
    known = _known()
    words = {plain(cell) for cell in cells}
    told = {plain(name) for name in named.values()}
    return sum(
        not words.isdisjoint(told if field in named else known[field].names | known[field].maybe)
        for field in FIELDS
    )


def check_fields(named: Mapping[str, str]) -> None:
    """Refuses a field that there is none of."""
    for field in named:
        if field not in FIELDS:
            raise InvalidInputError(
                f"columns: {field!r} is nothing that a column is taken for; there are "
                f"{', '.join(FIELDS)}."
            )


def choose(
    header: Sequence[str], named: Mapping[str, str], sample: Sequence[Sequence[str]] = ()
) -> Columns:
    """Which column is taken for what.

    Arguments:
        header: The names of the columns.
        named: By field the name of the column that the caller says holds it.
        sample: Some rows. Of columns whose names do not tell, the one that holds codes is the code.

    Raises:
        InvalidInputError: A column that is named is not there, or stands twice; or no name, or
            more than one, says which column holds the date or the code.
    """
    names = [plain(cell) for cell in header]
    places: dict[str, int] = {}
    said = []
    check_fields(named)
    for field in named:
        found = [at for at, name in enumerate(names) if name == plain(named[field])]
        if len(found) != 1:
            count = "no column" if not found else f"{len(found)} columns"
            raise InvalidInputError(
                f"columns: {count} by the name {named[field]!r}; there are {_listed(header)}."
            )
        places[field] = found[0]
    for field in FIELDS:
        if field in named:
            continue
        free = [(at, name) for at, name in enumerate(names) if at not in places.values()]
        known = _known()[field]
        plainly = [at for at, name in free if name in known.names]
        found = plainly or [at for at, name in free if name in known.maybe]
        if len(found) > 1 and field == "billed":
            coded = [at for at in found if _holds_codes(at, sample)]
            if len(coded) == 1:
                beside = [repr(header[at]) for at in found if at != coded[0]]
                hold = "hold" if len(beside) > 1 else "holds"
                told = f"{', '.join(beside)} {hold} no codes."
                said.append(f"The code is {header[coded[0]]!r}: {told}")
                found = coded
        if len({names[at] for at in found}) < len(found):
            raise InvalidInputError(
                f"{len(found)} columns have the name {header[found[0]]!r}, and may each be "
                f"{what(field)}. Give all but one of them another name in the file."
            )
        if len(found) > 1:
            several = " and ".join(repr(header[at]) for at in found)
            raise InvalidInputError(
                f"{several} may each be {what(field)}. Say which: --columns "
                f"{field}={quoted(header[found[0]])}"
            )
        if found:
            places[field] = found[0]
    for field in REQUIRED:
        if field not in places:
            raise InvalidInputError(
                f"The header names {_listed(header)}, and none is plainly {what(field)}. Say "
                f"which: --columns {field}=NAME"
            )
    dates = _known()["on"]
    alike = [at for at, name in enumerate(names) if "date" in name.split() and name in dates.other]
    if alike:
        others = ", ".join(repr(header[at]) for at in alike)
        said.append(f"The date of service is {header[places['on']]!r}, not {others}.")
    return Columns(places, tuple(header), tuple(said))


def _holds_codes(at: int, sample: Sequence[Sequence[str]]) -> bool:
    return any(len(row) > at and re.search(r"\b[Dd]\d{4}\b", row[at]) for row in sample)


def unused(columns: Columns) -> tuple[str, ...]:
    """The names of the columns that the check does not use."""
    used = set(columns.places.values())
    return tuple(name for at, name in enumerate(columns.header) if at not in used and name.strip())


def what(field: str) -> str:
    """What a field is, in words."""
    return _WORDS.get(field, f"the {field}")


_WORDS = {
    "on": "the date of service",
    "billed": "the code",
    "claim": "the number of the claim",
    "did": "what was done",
}


def _listed(header: Sequence[str]) -> str:
    return ", ".join(repr(cell.strip()) for cell in header if cell.strip())


def quoted(name: str) -> str:
    """The name of a column as it is typed in a terminal."""
    return f'"{name}"' if " " in name else name
