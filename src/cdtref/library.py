"""Reads the knowledge, once, and only the kinds that are asked for.

The knowledge arrives as text of one JSON value a line: a header, then the rows of each kind. An
installed package carries that text as `knowledge.json`. A source tree has the TOML files instead
and makes the text from them on the spot, so that it is never stale.
"""

import datetime as dt
import json
import os
from bisect import bisect_right
from enum import StrEnum

from .errors import KnowledgeError, UnknownEditionError
from .model import Edition
from .values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Fact = TypeVar("Fact", bound=Value)


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

    def facts(self, kind: "type[Fact]") -> "dict[str, Fact]":
        """All facts of a kind, by id, in the order of the file."""
        name = kind.__name__.lower()
        found = self._facts.get(name)
        if found is None:
            make = _reader(kind)
            rows = map(make, json.loads(self._lines[name]))
            found = self._facts[name] = {row.id: row for row in rows}
        return found

    def editions(self) -> list[Edition]:
        """The encoded editions, the oldest first. An announced one answers nothing."""
        if not self._editions:
            every = self.facts(Edition).values()
            self._editions = [edition for edition in every if not edition.announced]
        return self._editions

    def announced(self, on: dt.date) -> Edition | None:
        """The announcement for a date that no edition is encoded for."""
        for edition in self.facts(Edition).values():
            if edition.announced and edition.since <= on <= edition.until:
                return edition
        return None

    def edition(self, on: dt.date) -> Edition:
        """The edition that governs a date of service."""
        editions = self.editions()
        if not self._starts:
            self._starts = [edition.since for edition in editions]
        at = bisect_right(self._starts, on) - 1
        if at < 0 or on > editions[at].until:
            raise self.unknown(on)
        return editions[at]

    def unknown(self, on: dt.date) -> UnknownEditionError:
        """The error for a date that no edition is encoded for; after the last, what to do."""
        editions = self.editions()
        first, last = editions[0].since, editions[-1].until
        announced = self.announced(on)
        told = f"No CDT edition is encoded for the date of service {on}, and none is guessed."
        if on < first:
            told += f" Encoded are {first} to {last}."
        else:
            told += f" The last one encoded is {editions[-1].id}, through {last}."
            if announced:
                told += f" {announced.id} is announced: {announced.changes} {announced.not_read}"
            told += (
                " Look the code up in the edition of that date, and ask the payer."
                " With beyond='last' the last known answer comes back, marked unsettled."
            )
        return UnknownEditionError(told, on=on, first=first, last=last, announced=announced)


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
    compiled = os.path.join(os.path.dirname(__file__), "knowledge.json")
    try:
        # The loader that found this module finds its neighbor, in a folder or in a zip file.
        text: bytes = __spec__.loader.get_data(compiled)  # type: ignore[union-attr]
        return text.decode("utf-8")
    except OSError:
        pass
    try:
        from .compiling import compiled_text  # needs msgspec, which an installed package does not
    except ModuleNotFoundError as error:
        raise KnowledgeError(
            f"This cdtref runs from its source tree, and reading it needs {error.name}: run "
            "`make setup`, or install it with `pip install .`, without --editable."
        ) from error
    return compiled_text()


def _reader(kind: "Any") -> "Callable[[Any], Any]":
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
        # A look-up in a table is a third of a call of the class.
        return {str(word): word for word in kind}.__getitem__
    if issubclass(kind, Value):
        return _value_reader(kind)
    return _as_is


def _value_reader(kind: "type[Value]") -> "Callable[[Any], Any]":
    reads = [_reader(annotation) for annotation in kind.__annotations__.values()]
    converted = [(at, read) for at, read in enumerate(reads) if read is not _as_is]
    fields, new = kind._fields, object.__new__

    def make(row: "list[Any]") -> Value:
        for at, read in converted:
            row[at] = read(row[at])
        made = new(kind)
        made.__dict__.update(zip(fields, row, strict=True))
        return made

    return make


def _as_is(item: "Any") -> "Any":
    return item
