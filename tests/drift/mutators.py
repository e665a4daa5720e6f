"""How a tired author changes a sentence or a value: negate, swap, earlier, later, more, less, …"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple


class Change(NamedTuple):
    """A piece of a text, and what stands in its place."""

    guide: str
    """The guide word, such as `negate`."""
    start: int
    end: int
    new: str

    def of(self, text: str) -> str:
        return " ".join(f"{text[: self.start]}{self.new}{text[self.end :]}".split())


def _first(guide: str, *pairs: tuple[str, str]) -> Callable[[str], Change | None]:
    """The first of some replacements that finds its place."""

    def change(text: str) -> Change | None:
        for pattern, new in pairs:
            if found := re.search(pattern, text):
                return Change(guide, found.start(), found.end(), found.expand(new))
        return None

    return change


_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _shift(guide: str, by: int) -> Callable[[str], Change | None]:
    """A year, or else another number, made earlier or later, less or more."""
    years = guide in ("earlier", "later")
    pattern = r"\b(?:19|20)\d\d\b" if years else rf"\b(?:\d+(?!\d)|{'|'.join(_NUMBERS)})\b"

    def change(text: str) -> Change | None:
        for found in re.finditer(pattern, text):
            if not years and re.fullmatch(r"(?:19|20)\d\d", found[0]):
                continue
            new = str(int(found[0]) + by) if found[0].isdigit() else _spelled(found[0], by)
            return Change(guide, found.start(), found.end(), new)
        return None

    return change


def _spelled(word: str, by: int) -> str:
    return _NUMBERS[(_NUMBERS.index(word) + by) % len(_NUMBERS)]


PLAIN: tuple[Callable[[str], Change | None], ...] = (
    _first(
        "negate",
        (r"\b(is|are|was|were|does|did|may|can|must|has|have) not\b", r"\1"),
        (r"\b[Dd]o not (\w)", r"\1"),
        (r"\bcannot\b", "can"),
        (r"\b[Nn]ever\b", "always"),
        (r"\b[Nn]o (\w)", r"a \1"),
        (r"\b(is|are|was|were|may|can|must|has)\b", r"\1 not"),
        (r"\bdoes\b", "does not"),
        (r"^(Bill|Add|Record|Send|Ask|Report|Correct|Keep|Write|Read)\b", r"Do not \1"),
        (r"\b(\w{3,})s (the|a|an|no|its|it)\b", r"does not \1 \2"),
    ),
    _first("order", (r"\bbefore\b", "since"), (r"\bsince\b", "before"), (r"\bafter\b", "before")),
    _shift("earlier", -1),
    _shift("later", 1),
    _shift("less", -1),
    _shift("more", 1),
    _first(
        "more", (r"\b[Mm]ost\b", "all"), (r"\b[Ss]ome\b", "all"), (r"\b[Aa]t most\b", "at least")
    ),
    _first("less", (r"\b[Aa]ll\b", "some"), (r"\b[Aa]t least\b", "at most")),
    _first(
        "drop a condition",
        (r"^(?:If|Where|When|Unless|Until) [^,]+, (\w)", r"\1"),
        (r",? (?:if|unless|only if|provided|where|when) [^,.]+(?=[.,])", ""),
        (r"\bonly\b ?", ""),
    ),
    _first("widen", (r" (?:in|from|by|of) the (?:office|mouth|dentist|payer|plan)\b", "")),
    _first("narrow", (r"\b(?:any|every|each)\b", "one kind of"), (r"\bor\b", "and")),
)


def swaps(guide: str, names: Sequence[str]) -> Callable[[str], Change | None]:
    """Puts another name of a list in the place of one that stands in the text."""
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    named = re.compile(rf"\b(?:{'|'.join(longest)})\b") if names else None
    order = list(names)

    def change(text: str) -> Change | None:
        found = named.search(text) if named else None
        if not found:
            return None
        other = order[(order.index(found[0]) + 1) % len(order)]
        return Change(guide, found.start(), found.end(), other)

    return change


def values(value: Any, kind: Any, others: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """A value of a fact made false. `others` is what else stands in such a field."""
    if isinstance(value, bool):
        yield "negate", not value
    elif isinstance(value, int):
        yield "more", value + 1
    elif isinstance(value, dt.date):
        yield "later", value.replace(year=value.year + 1, day=min(value.day, 28))
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        words = [str(word) for word in kind]
        yield "swap", words[(words.index(value) + 1) % len(words)]
    elif value:
        known = [other for other in dict.fromkeys(others) if other]
        at = known.index(value) if value in known else -1
        other = known[(at + 1) % len(known)] if known else value
        yield "swap", other if other != value else f"{value}x"
