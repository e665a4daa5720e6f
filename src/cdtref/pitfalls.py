"""Finds the cautions that may apply to a visit, by the codes and the services of its lines."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from .library import Library
from .model import Caution


class Combined(NamedTuple):
    """What has to be there together for a caution to apply."""

    caution: int
    place: int
    """Which one it is of those of its caution."""
    codes: frozenset[str]
    services: frozenset[str]


class Pitfalls:
    """The cautions of a library by what has to be there for them to apply."""

    def __init__(self, library: Library) -> None:
        self.cautions = list(library.facts(Caution).values())
        self.beside: dict[str, list[int]] = {}
        """By code the cautions that ask what else stands there."""
        self._first: dict[str, list[Combined]] = {}
        for at, caution in enumerate(self.cautions):
            for place, when in enumerate(caution.when):
                these = Combined(at, place, frozenset(when.codes), frozenset(when.services))
                for first in (when.codes or when.services)[:1]:
                    self._first.setdefault(first, []).append(these)
            for company in caution.company:
                for code in company.codes if company.beside else ():
                    self.beside.setdefault(code, []).append(at)

    def beginning(self, names: Iterable[str]) -> tuple[Combined, ...]:
        """The combinations whose first code, or else whose first service, is among some names."""
        return tuple([these for name in names for these in self._first.get(name, ())])


@lru_cache(maxsize=1)
def pitfalls_of(library: Library) -> Pitfalls:
    """The cautions of a library."""
    return Pitfalls(library)
