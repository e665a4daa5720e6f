"""Reads the knowledge, once, and only the kinds that are asked for.

The knowledge arrives as text of one JSON value a line: a header, then the rows of each kind. An
installed package carries that text as `knowledge.json`. A source tree has the TOML files instead
and makes the text from them on the spot, so that it is never stale.
"""

import datetime as dt
import json
import os
from bisect import bisect_right
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar, cast

from .errors import KnowledgeError, UnknownEditionError
from .model import Edition

Fact = TypeVar("Fact", bound=NamedTuple)

_HERE = os.path.dirname(__file__)


class Library:
    """The knowledge, decoded kind by kind on first use."""

    def __init__(self, text: str) -> None:
        header, *lines = text.split("\n")  # JSON text may hold other line separators
        told = json.loads(header)
        self.version: str = told["version"]
        self._lines = dict(zip(told["kinds"], lines, strict=True))
        self._facts: dict[str, dict[str, Any]] = {}
        self._editions: list[Edition] = []
        self._starts: list[dt.date] = []

    def facts(self, kind: type[Fact]) -> dict[str, Fact]:
        """All facts of a kind, by id, in the order of the file."""
        name = kind.__name__.lower()
        if name not in self._facts:
            make = _reader(kind)
            rows = map(make, json.loads(self._lines[name]))
            self._facts[name] = {row.id: row for row in rows}
        return cast("dict[str, Fact]", self._facts[name])

    def edition(self, on: dt.date) -> Edition:
        """The edition that governs a date of service."""
        if not self._starts:
            self._editions = list(self.facts(Edition).values())
            self._starts = [edition.since for edition in self._editions]
        editions = self._editions
        at = bisect_right(self._starts, on) - 1
        if at < 0 or on > editions[at].until:
            first, last = editions[0].since, editions[-1].until
            raise UnknownEditionError(
                f"No CDT edition is encoded for the date of service {on}. Encoded are {first} to "
                f"{last}. A later edition starts on 1 January and is not guessed.",
                on=on,
                first=first,
                last=last,
            )
        return editions[at]


_current: Library | None = None


def current() -> Library:
    """The library, read on first use."""
    global _current
    if _current is None:
        _current = Library(_text())
    return _current


def forget() -> None:
    """Read the knowledge anew at the next question. For live reload of the site."""
    global _current
    _current = None


def _text() -> str:
    compiled = os.path.join(_HERE, "knowledge.json")
    if os.path.exists(compiled):
        with open(compiled, encoding="utf-8") as file:
            return file.read()
    try:
        from .compiling import compiled_text  # needs msgspec, which an installed package does not
    except ModuleNotFoundError as error:
        raise KnowledgeError(
            f"This is a source tree of cdtref, and reading it needs {error.name}. Run `make setup` "
            "or install the package with `pip install .`, without --editable."
        ) from error
    return compiled_text()


def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function that makes a value of a type from its JSON form, a fact from a list of fields."""
    arguments: tuple[Any, ...] = getattr(kind, "__args__", ())
    if getattr(kind, "__origin__", None) is tuple:
        read = _reader(arguments[0])
        return tuple if read is _as_is else lambda items: tuple(map(read, items))
    if type(None) in arguments:
        read = _reader(arguments[0])
        return _as_is if read is _as_is else lambda item: None if item is None else read(item)
    if kind is dt.date:
        return dt.date.fromisoformat
    if issubclass(kind, StrEnum):
        return cast("Callable[[Any], Any]", kind)
    if hasattr(kind, "_fields"):
        reads = [_reader(annotation) for annotation in kind.__annotations__.values()]
        make = kind._make
        return lambda row: make([read(item) for read, item in zip(reads, row, strict=True)])
    return _as_is


def _as_is(item: Any) -> Any:
    return item
