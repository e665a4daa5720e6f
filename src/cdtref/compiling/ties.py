"""A text names only what its entry links to: codes, years, remittance codes, numbers, publishers.

So a fact that changes cannot leave behind a text that still names the old one. What no other field
of an entry says stands in `mentions` (codes), `remarks` (remittance codes) or `numbers`. Stories
and examples are made up, and tie nothing; no text is leaned on by another.
"""

import re
from collections.abc import Iterator

from .checks import CODE, KINDS, REFERENCES, SPELLED, Keys, Mistake, Tables, leaves

_TEXTS = {
    *("answer", "ask", "asks", "attach", "belongs", "change", "changes", "correct", "first_move"),
    *("gloss", "history", "label", "meaning", "not_argue", "not_read", "open", "patient", "says"),
    *("situation", "sure", "text", "title", "use", "what", "why"),
}
"""Fields that tell a reader something, and are held."""

_WORDS = {"example", "name", "note", "part_of", "phrase", "scope", "short", "story", "where"}
"""Fields that are words too, but hold nothing and are not leaned on."""

_OURS = {"holds_through", "place", "review_due", "seen", "verified"}
"""When we looked, and where we put it, says nothing of what we saw."""

_TOLD = {"source", "remittance"}
"""Kinds whose texts may be leaned on: what a source is called, what a code means."""

_THROUGH = {"service", "question", "item", "denial"}
"""Kinds that hand on what they link to; from others, one step is all."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_REMITTANCE = re.compile(r"\b(?:CARC|RARC) ([A-Z]{0,2}\d+)\b|\b([NM]\d{2,3})\b")
_SEVERAL = "|".join(word for word in SPELLED if word != "one")
_NUMBER = re.compile(
    rf"\b(\d[\d,.]*|{_SEVERAL})[ -]"
    r"(?:years?|months?|weeks?|days?|hours?|times|characters?|percent)\b",
    re.IGNORECASE,
)
_ANYTHING = re.compile(rf"\d|{_SEVERAL}", re.IGNORECASE)
_TOKEN = re.compile(r"[\w.,/-]*\w")


def check_ties(tables: Tables, only: Keys | None = None) -> Iterator[Mistake]:
    """Each text that names what nothing in its entry leads to; of all entries, or of some."""
    publishers = {source["publisher"] for source in tables["source"].values()}
    longest = sorted(map(re.escape, publishers), key=len, reverse=True)
    named = re.compile(rf"\b(?:{'|'.join(longest)})\b(?: of [A-Z]\w+)?")
    told = _Told(tables)
    for kind, entries in tables.items():
        for id, entry in entries.items():
            if kind in ("source", "situation") or (only is not None and (kind, id) not in only):
                continue
            texts = [(p, t) for p, field, t in leaves(entry) if field in _TEXTS and t]
            for path, text in texts:
                if _ANYTHING.search(text) or named.search(text):
                    for what, field in _loose(text, *told.reached(kind, id), named):
                        loose = f"names {what}, which nothing in the entry links to"
                        yield kind, id, f"`{path}`: {loose}; {_remedy(field, kind)}"
            spoken = " ".join(text for _, text in texts)
            for field in ("mentions", "numbers", "remarks"):
                for value in entry.get(field, ()):
                    if not any(re.search(rf"(?i)\b{form}\b", spoken) for form in _forms(value)):
                        yield (
                            kind,
                            id,
                            f"`{field}`: no text of the entry names {value}; leave it out",
                        )


def leaning(tables: Tables) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """For each entry those whose texts may lean on it: what a change of it is checked against."""
    told, found = _Told(tables), dict[tuple[str, str], set[tuple[str, str]]]()
    for kind, entries in tables.items():
        for id in entries:
            for key in told.reaches(kind, id):
                found.setdefault(key, set()).add((kind, id))
    return found


def _forms(value: str | int) -> list[str]:
    """How a text may write a code or a number."""
    spelled = [word for word, number in SPELLED.items() if number == value]
    return [str(value), *spelled, *([f"{value:,}"] if isinstance(value, int) else [])]


def _remedy(field: str, kind: str) -> str:
    if field in KINDS[kind].__annotations__:
        return f"add it to `{field}`"
    return "link the fact it comes from, or say it without"


def _loose(
    text: str, tokens: frozenset[str], names: frozenset[str], named: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    """What a text names beyond reach, and the field that would link it."""
    for code in dict.fromkeys(CODE.findall(text)):
        if code.lower() not in tokens:
            yield code, "mentions"
    for year in dict.fromkeys(_YEAR.findall(text)):
        if year not in tokens:
            yield year, "numbers"
    for first, second in dict.fromkeys(_REMITTANCE.findall(text)):
        if (first or second).lower() not in tokens:
            yield first or second, "remarks"
    for number in dict.fromkeys(match.lower() for match in _NUMBER.findall(text)):
        if str(SPELLED.get(number, number)).replace(",", "") not in tokens:
            yield number, "numbers"
    for name in dict.fromkeys(named.findall(text)):
        if not any(name in publisher for publisher in names):
            yield name, "sources"


class _Told:
    """What each entry and its links hand down, worked out once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._own: dict[tuple[str, str], tuple[frozenset[str], str, list[tuple[str, str]]]] = {}
        self._rules: dict[str, list[tuple[str, str]]] = {}
        for rule in tables["rule"].values():
            self._rules.setdefault(rule["service"], []).append(("rule", rule["id"]))

    def reached(self, kind: str, id: str) -> tuple[frozenset[str], frozenset[str]]:
        """The words and the publishers of the entry, and of what it links to."""
        every = [self._read(*key) for key in self.reaches(kind, id)]
        return frozenset().union(*(own[0] for own in every)), frozenset(own[1] for own in every)

    def reaches(self, kind: str, id: str) -> set[tuple[str, str]]:
        """The entry itself, and what it links to, directly or through one that hands on."""
        found = {(kind, id), *self._read(kind, id)[2]}
        return found | {link for key in found if key[0] in _THROUGH for link in self._read(*key)[2]}

    def _read(self, kind: str, id: str) -> tuple[frozenset[str], str, list[tuple[str, str]]]:
        """The words of one entry's values, its publisher, and its links."""
        if (kind, id) not in self._own:
            values, links = [], list(self._rules.get(id, ())) if kind == "service" else []
            entry = self.tables[kind][id]
            for path, field, value in leaves(entry):
                told = kind in _TOLD or field not in _TEXTS | _WORDS
                if told and field not in _OURS:
                    values.append(str(value))
                target = REFERENCES.get(field)
                own = path == "code" and kind in ("code", "remittance")
                if target and not own and value in self.tables[target]:
                    links.append((target, value))
            words = {word.lower() for value in values for word in _TOKEN.findall(value)}
            words |= {year for value in values for year in _YEAR.findall(value)}
            words |= {code.lower() for value in values for code in CODE.findall(value)}
            publisher = entry.get("publisher") or entry.get("payer", "")
            self._own[kind, id] = frozenset(words), publisher, links
        return self._own[kind, id]
