"""What a person has to look at again, source by source, so that each source is opened once.

A fact is listed under the first of its sources, in the order of the register; one that was never
read stands under the source that relays it, which can be opened. What follows from other facts is
not asked for: scenarios, which are computed, and terms whose sources are looked at anyway.
"""

import datetime as dt
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from .checks import Entry, Tables, encoded_editions, unconfirmed


class Due(NamedTuple):
    """A fact to be looked at, and what it rests on."""

    kind: str
    id: str
    sources: tuple[str, ...]
    part: str = ""
    """The part of it that is meant, such as one exception."""


def overdue(tables: Tables, on: dt.date) -> list[Due]:
    """The facts whose review is due by a date."""
    kinds = [kind for kind in tables if kind not in ("scenario", "situation", "term")]
    found = [
        Due(kind, id, _sources(entry))
        for kind in (*kinds, "term")
        for id, entry in tables[kind].items()
        if entry.get("review_due", dt.date.max) <= on
    ]
    opened = {source for fact in found if fact.kind != "term" for source in fact.sources}
    return [fact for fact in found if fact.kind != "term" or opened.isdisjoint(fact.sources)]


def demanded(tables: Tables) -> tuple[Entry, list[Due]]:
    """The next edition to answer for, and what is not confirmed for all its dates.

    It is the last encoded one while anything is left to do for it, else the first announced.
    """
    encoded = encoded_editions(tables)
    announced = [edition for edition in tables["edition"].values() if edition["announced"]]
    edition = encoded[-1] if encoded else announced[0]
    if announced and not any(unconfirmed(tables, edition["until"])):
        edition = announced[0]
    found = [
        Due(fact.kind, fact.id, fact.sources, fact.field.removesuffix("holds_through").strip("."))
        for fact in unconfirmed(tables, edition["until"])
    ]
    return edition, found


def by_source(facts: Iterable[Due], tables: Tables) -> list[str]:
    """The lines of a list to work through: each source with the facts to compare with it."""
    register = list(tables["source"])
    grouped: dict[str, list[Due]] = {}
    for fact in facts:
        sources = {_opened(source, tables) for source in fact.sources}
        first = min(sources, key=register.index, default="")
        grouped.setdefault(first, []).append(fact)
    lines = []
    for number, source in enumerate(
        sorted(grouped, key=lambda id: register.index(id) if id else len(register)), 1
    ):
        lines.append(f"{number:3}. {described(source, tables)}")
        ids: dict[str, list[str]] = {}
        for fact in grouped[source]:
            ids.setdefault(fact.kind, []).append(f"{fact.id} {fact.part}".strip())
        for kind, named in ids.items():
            text = f"{kind}: {', '.join(named)}"
            lines += textwrap.wrap(
                text,
                100,
                initial_indent=" " * 5,
                subsequent_indent=" " * 9,
                break_on_hyphens=False,
            )
    return lines


def _sources(entry: Entry) -> tuple[str, ...]:
    parts = (*entry.get("sources", ()), entry.get("source", ""))
    return tuple(source for source in parts if source)


def _opened(source: str, tables: Tables) -> str:
    """The source that can be opened for it."""
    entry = tables["source"][source]
    return entry["relayed_by"] if entry["read"] == "unseen" and entry["relayed_by"] else source


def described(source: str, tables: Tables) -> str:
    """A source in a line: who, what, its id, and where."""
    if not source:
        return "No source: our own judgment, or unverified. Look for one."
    entry = tables["source"][source]
    return f"{entry['publisher']}: {entry['title']} ({source}) {entry['url']}".strip()
