"""What an entry tells of its sources stands in what is noted of them: whom it is said for, numbers,
names.

So each is written down twice, once as the fact and once as what was read, and a slip in one of them
is told. It does not show that either is right: whoever adds a note looks into the source. Our own
counts and words need none, and short words tie nothing.
"""

import calendar
import re
from collections.abc import Iterable, Iterator

from .checks import SPELLED, Entry, Keys, Mistake, Tables

_SCOPES = (("coverage", "payer"), ("coverage", "scope"))
"""Fields that say whom something is true of; every word of them counts."""
_QUOTED = (
    *(("coverage", "says"), ("coverage", "label"), ("coverage", "date")),
    ("edition", "changes"),
    *(("retention", "says"), ("retention", "where"), ("position", "says"), ("position", "label")),
)
"""Fields that say what stands in a source; numbers and names count."""
_NOTED = ("publisher", "title", "kind", "note", "date")
_GLUE = {
    *("a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "its", "of"),
    *("on", "or", "the", "to", "was", "with"),
}
_WORD = re.compile(r"[a-z]+")
_MARKS = re.compile(r"\*|\{:.*?\}")
_OUR_NAMES = re.compile(
    r"\bD\d{4}\b|\b(?:CARC|RARC) \w+|\bCDT \d{4}\b|\bCBCT\b|\b[23]D\b|\b837D?\b|\bX-ray|\bADA\b"
    r"|\bCAD/CAM\b|\bMedicaid\b"
)
"""Names and numbers of codes, files and images, which other checks hold."""
_UNIT = r"(?:years?|months?|weeks?|days?|times|characters?|percent)\b"
_FEW = {word for word, number in SPELLED.items() if number <= 3}
"""Small numbers count what an entry itself shows, unless a unit follows."""
_NUMBER = re.compile(
    rf"\b(?:\d+(?:\.\d+)*|(?:{'|'.join(sorted(set(SPELLED) - _FEW))})|(?:{'|'.join(sorted(_FEW))})"
    rf"(?=[ -]{_UNIT}))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z0-9,;:] )[A-Za-z]*[A-Z]\w+\b")
"""A word with a capital inside a sentence."""
# The place that a rule on keeping records is of comes first: Texas, dental records.
_STATE = re.compile(r"^[A-Z]\w+(?: [A-Z]\w+)*(?=,)")
_MONTHS = {name: f"-{number:02}" for number, name in enumerate(calendar.month_name) if name}


def check_noted(tables: Tables, only: Keys | None = None) -> Iterator[Mistake]:
    """Each scope, number and name that nothing noted of the sources says; of all entries, or of
    some and of what cites them."""
    yield from _check_scopes(tables, only)
    yield from _check_quoted(tables, only)


def _entries(tables: Tables, kind: str, only: Keys | None) -> Iterator[tuple[str, Entry]]:
    if only is None:
        yield from tables[kind].items()
        return
    sources = {id for of, id in only if of == "source"}
    for id, entry in tables[kind].items():
        if (kind, id) in only or (sources and not sources.isdisjoint(_sources(entry))):
            yield id, entry


def _check_scopes(tables: Tables, only: Keys | None) -> Iterator[Mistake]:
    for kind, field in _SCOPES:
        for id, entry in _entries(tables, kind, only):
            noted = {_stem(word) for word in _WORD.findall(_noted(tables, entry).lower())}
            told = {*_WORD.findall(_OUR_NAMES.sub("", entry[field]).lower())} - _GLUE
            yield from _missing(
                kind, id, field, (word for word in told if _stem(word) not in noted)
            )


def _check_quoted(tables: Tables, only: Keys | None) -> Iterator[Mistake]:
    for kind, field in _QUOTED:
        for id, entry in _entries(tables, kind, only):
            noted = _noted(tables, entry)
            if not noted:
                continue
            numbers = {_value(number) for number in _NUMBER.findall(noted)}
            numbers |= {_value(word) for word in re.findall(r"\w+", noted)}
            text = _OUR_NAMES.sub("", _MARKS.sub("", entry[field]))
            loose = [number for number in _NUMBER.findall(text) if _value(number) not in numbers]
            if entry.get("payer", True):  # what is true of several is in our own words
                loose += [
                    name
                    for name in (
                        *_NAME.findall(text),
                        *(_STATE.findall(text) if field == "where" else ()),
                    )
                    if name not in noted and _MONTHS.get(name, name) not in noted
                ]
            yield from _missing(kind, id, field, loose)


def _missing(kind: str, id: str, field: str, words: Iterable[str]) -> Iterator[Mistake]:
    for word in sorted({*words}):
        told = "is in nothing noted of its sources: look it up, then say it in the `note` of one"
        yield kind, id, f"`{field}`: {word!r} {told}"


def _sources(entry: Entry) -> list[str]:
    """The sources of an entry; a position has one."""
    found: list[str] = entry["sources"] if "sources" in entry else [entry["source"]]
    return found


def _noted(tables: Tables, entry: Entry) -> str:
    """What is noted of the sources of an entry."""
    read = [tables["source"].get(id, {}) for id in _sources(entry)]
    return " ".join(str(one.get(field) or "") for one in read for field in _NOTED)


def _value(number: str) -> str:
    return str(SPELLED.get(number.lower(), number))


def _stem(word: str) -> str:
    """A word without what its number and person add."""
    return re.sub(r"(?:ies|y|es|e|s|ing|ed)$", "", word) if len(word) > 4 else word
