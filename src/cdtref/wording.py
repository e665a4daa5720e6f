"""Words as people write them: without marks and endings, with a letter wrong, with dates and codes.

The browser gets the patterns and endings below, so that it reads the same.
"""

import datetime as dt
import re
import unicodedata

ENDINGS = (
    (("ies", "y", 2), ("sses", "ss", 1), ("ches", "ch", 1), ("shes", "sh", 1), ("xes", "x", 1)),
    (("ss", "ss", 0), ("us", "us", 0), ("is", "is", 0), ("s", "", 2)),
    (("ied", "y", 2), ("ing", "", 3), ("ed", "", 3)),
    (("e", "", 4),),
)
"""Endings that say nothing: what is cut off, what is put there, and how much must be left. Of each
row the first that fits; then a doubled letter at the end becomes one."""

TYPED = ("ing", "ed", "es")
"""Endings in which a letter may be wrong."""

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = f"({'|'.join(MONTHS)})[a-z]*\\.?"
DATES = (
    (r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})", "ymd"),
    (r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", "mdy"),
    (_MONTH + r" (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", "mdy"),
    (r"(\d{1,2})(?:st|nd|rd|th)? (?:of )?" + _MONTH + r",? (\d{4})", "dmy"),
    (_MONTH + r",? (?:of )?(\d{4})", "my"),
    (r"(\d{1,2})/(\d{4})", "my"),
    (r"((?:19|20)\d\d)", "y"),
)
"""How dates are written in the United States, and what stands in which place."""

A_CODE = r"d[ -]?((?=[o\d]*\d)[o\d]{3,7})"
"""A code, or what was meant for one; an o is a zero that was misread."""
BARE_CODE = r"0\d{3}|\d{4}"
SHORTEST_MISSPELT, SHORTEST_SWAPPED, SHORTEST_WRONG = 5, 3, 2
"""Letters of a word that may have one wrong, and of one that may have two of them swapped."""


def alone(pattern: str) -> "re.Pattern[str]":
    """A pattern between words. The browser knows plain digits only."""
    return re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])", re.ASCII)


_DATES = [(alone(pattern), order) for pattern, order in DATES]
_WORD = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Small letters, without marks and apostrophes."""
    flat = unicodedata.normalize("NFKD", text.lower())
    flat = "".join(c for c in flat if unicodedata.category(c)[0] != "M")
    for sign in "'’`":
        flat = flat.replace(sign, "")
    return flat


def parted(text: str) -> str:
    """A plain text with a word for the signs that join two things."""
    for sign in "&+,;":
        text = text.replace(sign, " and ")
    return text


def words(text: str) -> list[str]:
    """The words of a plain text."""
    return _WORD.findall(text)


Span = tuple[dt.date, dt.date, str]
"""The first and the last day that a date means, and how it was written."""


def dates(text: str, before_later: str = "$^") -> tuple[str, list[Span], list[str]]:
    """A plain text without its dates but for years, what they mean, and those that are none.

    A date after what `before_later` matches is left out, where there is another.
    """
    spans: list[Span] = []
    later: list[Span] = []
    wrong: list[str] = []
    for pattern, order in _DATES:

        def taken(found: re.Match[str], order: str = order) -> str:
            span, written = _span(found, order), found[0].strip(" ,")
            if span is not None:
                after = re.search(before_later, found.string[: found.start()])
                (later if after else spans).append((*span, written))
            elif re.search(r"\d{4}", written):
                wrong.append(written)
            else:
                return found[0]
            return " "

        if order == "y":  # a year is a word as well: something is new in it
            pattern.sub(taken, text)
        else:
            text = pattern.sub(taken, text)
    return text, spans or later, wrong


def stem(word: str) -> str:
    """A word without the endings that say nothing. Only its own kind is found by it."""
    if not word.isalpha():
        return word
    for row in ENDINGS:
        for ending, put, least in row:
            if word.endswith(ending) and len(word) - len(ending) >= least:
                word = word[: len(word) - len(ending)] + put
                break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word


def without_one(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def misspelt(word: str, meant: str, written: str = "") -> bool:
    """Whether one letter is wrong, and not the first; `written` is the word with its ending.

    In a short word, only two that were swapped, one that is missing or one that stands twice: cost
    is no misspelt cast, and a movie no misspelt move.
    """
    if word[0] != meant[0] or not one_apart(word, meant):
        return False
    least = min(len(word), len(meant))
    if least >= SHORTEST_MISSPELT:
        return True
    if least > SHORTEST_SWAPPED - (len(written) > len(word)) and len(word) != len(meant):
        pairs = (at for at in range(len(meant)) if word[at] == word[at + 1 : at + 2])
        return len(word) < len(meant) or any(word[:at] + word[at + 1 :] == meant for at in pairs)
    return least >= SHORTEST_SWAPPED and sorted(word) == sorted(meant)


def typings(word: str) -> "dict[str, None]":
    """A word, and what is left of it without an ending: a letter of either may be wrong."""
    return dict.fromkeys((stem(word), word, word.removesuffix("e")))


def ended(word: str) -> list[str]:
    """A word with each ending that it may have been given, if one letter of that is wrong.

    And with two letters beside one another put the other way round.
    """
    cuts = [(word[:at], word[at:]) for at in range(3, len(word))]
    found = [begun + end for end in TYPED for begun, typed in cuts if one_apart(typed, end)]
    swapped = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)
    )
    return [*found, *swapped]


def one_apart(one: str, other: str) -> bool:
    """Whether two words differ in one letter, or in two that were swapped."""
    if len(one) > len(other):
        one, other = other, one
    at = 0
    while at < len(one) and one[at] == other[at]:
        at += 1
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at + 1 : at + 2] + one[at : at + 1]
    return one[at + 1 :] == other[at + 1 :] or (
        swapped == other[at : at + 2] and one[at + 2 :] == other[at + 2 :]
    )


def _span(found: "re.Match[str]", order: str) -> tuple[dt.date, dt.date] | None:
    """The first and last day that a written date means; None if there is no such day."""
    told = dict(zip(order, found.groups(), strict=True))
    year = int(told["y"]) + (2000 if len(told["y"]) == 2 else 0)
    if not 1000 <= year <= 9998:
        return None
    if "m" not in told:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    month = told["m"]
    number = int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1
    try:
        if "d" in told:
            day = dt.date(year, number, int(told["d"]))
            return day, day
        first = dt.date(year, number, 1)
        after = dt.date(year + number // 12, number % 12 + 1, 1)
        return first, after - dt.timedelta(days=1)
    except ValueError:
        return None
