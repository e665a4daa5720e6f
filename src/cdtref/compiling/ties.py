"""A text names only what its entry links to: codes, years, remittance codes, numbers, publishers.

So a fact that changes cannot leave behind a text that still names the old one. What no other field
of an entry says stands in `mentions` (codes), `remarks` (remittance codes) or `numbers`. Stories
and examples are made up, and tie nothing.
"""

import re
from collections.abc import Iterator

from .checks import REFERENCES, Mistake, Tables, leaves

_TEXTS = {
    *("answer", "ask", "asks", "attach", "belongs", "change", "changes", "correct", "first_move"),
    *("gloss", "history", "label", "meaning", "not_argue", "not_read", "open", "patient", "says"),
    *("situation", "sure", "text", "title", "what", "why"),
}
"""Fields that tell a reader something; the others are values, words of the office, or made up."""

_TOLD = {"source", "remittance"}
"""Kinds whose texts may be leaned on: what a source is called, what a code means."""

_CODE = re.compile(r"\bD\d{4}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_REMITTANCE = re.compile(r"\b(?:CARC|RARC) ([A-Z]{0,2}\d+)\b|\b([NM]\d{2,3})\b")
_SPELLED = {
    **{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty": 20},
}
_NUMBER = re.compile(
    rf"\b(\d[\d,.]*|{'|'.join(_SPELLED)})[ -]"
    r"(?:years?|months?|weeks?|days?|hours?|times|characters?|percent)\b",
    re.IGNORECASE,
)


_ANYTHING = re.compile(r"\d|" + "|".join(_SPELLED), re.IGNORECASE)


def check_ties(tables: Tables) -> Iterator[Mistake]:
    """Each text that names what nothing in its entry leads to."""
    publishers = {source["publisher"] for source in tables["source"].values()}
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(publishers)))})\b")
    told = _Told(tables)
    for kind, entries in tables.items():
        for id, entry in entries.items():
            if kind == "source":
                continue
            for path, field, text in leaves(entry):
                if field not in _TEXTS or not text:
                    continue
                if _ANYTHING.search(text) or named.search(text):
                    for what, remedy in _loose(text, told.reached(kind, id), named):
                        loose = f"names {what}, which nothing in the entry links to; {remedy}"
                        yield kind, id, f"`{path}`: {loose}"


def _loose(text: str, reached: str, named: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What a text names beyond reach, and where to link it."""
    words = set(re.findall(r"[\w.,/-]*\w", reached))
    lower = {word.lower() for word in words}
    for code in dict.fromkeys(_CODE.findall(text)):
        if code not in words:
            yield code, "add it to `mentions`"
    for year in dict.fromkeys(_YEAR.findall(text)):
        if not re.search(rf"\b{year}\b", reached):
            yield year, "link a code, a source or a date of that year, or add it to `numbers`"
    for first, second in dict.fromkeys(_REMITTANCE.findall(text)):
        code = first or second
        if code.lower() not in lower:
            yield code, "add it to `remarks`"
    for number in dict.fromkeys(match.lower() for match in _NUMBER.findall(text)):
        value = str(_SPELLED.get(number, number)).replace(",", "")
        if value not in words:
            yield number, "add it to `numbers`"
    for name in dict.fromkeys(named.findall(text)):
        if name not in reached:
            yield name, "add its source"


class _Told:
    """What each entry and its links hand down, worked out once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._own: dict[tuple[str, str], tuple[str, list[tuple[str, str]]]] = {}
        self._reached: dict[tuple[str, str], str] = {}
        self._rules: dict[str, list[tuple[str, str]]] = {}
        for rule in tables["rule"].values():
            self._rules.setdefault(rule["service"], []).append(("rule", rule["id"]))

    def reached(self, kind: str, id: str) -> str:
        """Every value of the entry, of what it links to, and of what that links to."""
        if (kind, id) not in self._reached:
            found = {(kind, id)}
            for _ in range(2):
                found |= {link for key in found for link in self._read(*key)[1]}
            self._reached[kind, id] = " ".join(self._read(*key)[0] for key in found)
        return self._reached[kind, id]

    def _read(self, kind: str, id: str) -> tuple[str, list[tuple[str, str]]]:
        """The values of one entry, and its links."""
        if (kind, id) not in self._own:
            values, links = [], list(self._rules.get(id, ())) if kind == "service" else []
            for path, field, value in leaves(self.tables[kind][id]):
                if field not in _TEXTS or kind in _TOLD:
                    values.append(str(value))
                target = REFERENCES.get(field)
                own = path == "code" and kind in ("code", "remittance")
                if target and not own and value in self.tables[target]:
                    links.append((target, value))
            self._own[kind, id] = " ".join(values), links
        return self._own[kind, id]
