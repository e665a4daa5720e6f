"""The knowledge as it is, and as it would be with one entry changed; nothing is written to disk."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from typing import Any
from unittest.mock import patch

from cdtref import library, meanings, searching
from cdtref.compiling import KNOWLEDGE, _row
from cdtref.compiling.addresses import address_of
from cdtref.compiling.checks import KINDS, Entry, Tables, check
from cdtref.compiling.noted import check_noted
from cdtref.compiling.reading import RESOLVED, Read
from cdtref.compiling.ties import check_ties, leaning
from cdtref.library import Library, _reader
from cdtref.values import Value


class World:
    """What was read of the knowledge, and the library that answers from it."""

    def __init__(self) -> None:
        self.read = Read(KNOWLEDGE)
        self.tables: Tables = self.read.tables
        for position in self.tables["position"].values():
            self._resolve(position, self.tables)
        self.leaning = leaning(self.tables)
        library.forget()
        self.library = library.current()
        self.facts = {name: dict(self.library.facts(kind)) for name, kind in KINDS.items()}
        # Stories and titles are read by the search, whose words are not changed here.
        self._index = meanings.index(self.library)
        self._understood = cache(partial(searching.understood, library=self.library))

    def is_in(self, where: str, files: frozenset[str] | None) -> bool:
        """Whether a page, or an entry as `kind:id`, stands in one of some files."""
        if files is None:
            return True
        kind, _, rest = where.partition(":")
        ids = [id for of, id in self.read.files if of == kind and f"{rest} ".startswith(f"{id} ")]
        names = [f"src/cdtref/knowledge/{self.read.files[kind, id]}" for id in ids]
        return not files.isdisjoint(names or [f"docs/{where}"])

    def mistakes(self, tables: Tables, kind: str, id: str) -> tuple[bool, bool]:
        """Whether the compiler refuses an entry, and whether for what one of its texts names."""
        if any(True for _ in check(tables, set(), only={(kind, id)})):
            return True, False
        near = self.leaning.get((kind, id), set()) | {(kind, id)}
        named = [check_ties(tables, only=near), check_noted(tables, only={(kind, id)})]
        return False, any(True for found in named for _ in found)

    def changed(self, kind: str, id: str, entry: Entry) -> Tables:
        """The tables with another entry in the place of one, and what follows from it."""
        tables = {**self.tables, kind: {**self.tables[kind], id: entry}}
        if kind == "source":
            rows = {
                key: {**position} if position["source"] == id else position
                for key, position in self.tables["position"].items()
            }
            for position in rows.values():
                if position["source"] == id:
                    self._resolve(position, tables)
            tables["position"] = rows
        return tables

    @contextmanager
    def answering(self, tables: Tables) -> Iterator[None]:
        """The library answers from these tables meanwhile."""
        made = Library.__new__(Library)
        vars(made).update(vars(self.library), _editions=[], _starts=[])
        made._facts = dict(self.facts)
        for kind, rows in tables.items():
            new = {
                id: self._fact(kind, row, tables)
                for id, row in rows.items()
                if row is not self.tables[kind].get(id)
            }
            if new:
                made._facts[kind] = {**self.facts[kind], **new}
        library._current = made
        try:
            with self.reading_as_before():
                yield
        finally:
            library._current = self.library

    def reading_as_before(self) -> AbstractContextManager[Any]:
        """The search understands words as it does in the unchanged world."""
        return patch.multiple(
            searching,
            index=lambda _library: self._index,
            understood=lambda words, _library: self._understood(words),
        )

    @staticmethod
    def _resolve(position: Entry, tables: Tables) -> None:
        source = tables["source"].get(position["source"], {})
        position |= {name: source[name] for name in RESOLVED if name in source}

    @staticmethod
    def _fact(kind: str, row: Entry, tables: Tables) -> Any:
        if hasattr(KINDS[kind], "address"):
            row = {**row, "address": address_of(kind, str(row.get("id", row.get("code"))), tables)}
        return _reader(KINDS[kind])(_row(KINDS[kind], row))


Touched = set[tuple[str, str, str]]


@contextmanager
def traced() -> Iterator[Touched]:
    """Which fields of which facts are read meanwhile: kind, id, field. No answer is remembered."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("cdtref", "tests.")):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()
    found: Touched = set()
    fields = {kind: frozenset(kind._fields) for kind in KINDS.values()}
    names = {kind: name for name, kind in KINDS.items()}

    def spy(self: Value, name: str) -> Any:
        kind = type(self)
        if name in fields.get(kind, ()):
            own = object.__getattribute__(self, "__dict__")
            found.add((names[kind], str(own.get("id", own.get("code"))), name))
        return object.__getattribute__(self, name)

    Value.__getattribute__ = spy  # type: ignore[assignment, method-assign]
    try:
        yield found
    finally:
        del Value.__getattribute__
