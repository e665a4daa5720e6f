"""The list of sentences that a person has read beside the facts, since no machine can hold them.

`reviewed.toml` has reasons and history, each with the facts that it rests on, the month it was
read, and a digest of what those facts were then. It also has, with a reason, the sentences of a
page that nobody could act on.

`CDTREF_REVIEWED=off` leaves the list out, to show what holds without it. A page may then have as
many sentences that nothing holds as are reviewed on it; one more was held, and is so no longer.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from cdtref.values import Value

from . import bound
from .untrue import UnreadableError

LIST = Path(__file__).with_name("reviewed.toml")


class Entry(NamedTuple):
    """A sentence of a page or of the knowledge, and why it may stand as it does."""

    page: str
    """A page, or an entry with its field."""
    sentence: str
    rests: tuple[str, ...] = ()
    """Facts such as `denial:bundled remedy`."""
    reason: str = ""
    """Why nobody could act on it."""
    read: str = ""
    """The month it was last read beside its facts."""
    digest: str = ""


Listed = dict[tuple[str, str], Entry]


def off() -> bool:
    """Whether the list is left out."""
    return os.environ.get("CDTREF_REVIEWED") == "off"


@lru_cache(maxsize=2)  # it is asked for at every text, and is long
def parsed(text: str) -> tuple[Entry, ...]:
    """The entries of the list, each with facts that it rests on or with a reason, never both."""
    return tuple(_parsed(text))


def _parsed(text: str) -> Iterator[Entry]:
    for row in tomllib.loads(text).get("sentence", []):
        entry = Entry(**{**row, "rests": tuple(row.get("rests", ()))})
        if bool(entry.rests) == bool(entry.reason):
            raise UnreadableError(f"{entry.sentence!r}: give either `rests` or `reason`")
        yield entry


def read(path: Path | None = None) -> Listed:
    """The list, by page and sentence; of what is reviewed nothing where the list is left out."""
    entries = parsed((path or LIST).read_text(encoding="utf-8"))
    return {(one.page, one.sentence): one for one in entries if one.reason or not off()}


def number(page: str, standing: set[str]) -> int:
    """How many sentences of a page the list would excuse: the reviewed ones, and each that it has
    with a reason and that stands there no more."""
    entries = [entry for entry in parsed(LIST.read_text(encoding="utf-8")) if entry.page == page]
    return sum(bool(entry.rests) or entry.sentence not in standing for entry in entries)


def digest(rests: tuple[str, ...]) -> str:
    """What the facts are now, in eight characters."""
    values = [bound.find(fact).value for fact in rests]
    text = json.dumps(values, ensure_ascii=False, default=_written)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _written(value: Any) -> Any:
    return vars(value) if isinstance(value, Value) else str(value)


def stale(listed: Listed) -> Iterator[Entry]:
    """Entries whose facts have changed since somebody read the sentence beside them."""
    for entry in listed.values():
        if entry.rests and digest(entry.rests) != entry.digest:
            yield entry
