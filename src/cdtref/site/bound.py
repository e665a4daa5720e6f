"""Words that are bound to a value of a fact: `*does not override*{: data-fact="charge:… …" }`.

The words must be those that `words.py` has for the value: its label, or one of what else is said
for it. A date, a number, a name or a code is itself; of a text, any run of its words. A fact is
written KIND:ID FIELD, where kinds are those of `knowledge/`, and besides

    done:SERVICE       what the library answers for something done: outcome, codes, part_of, …
    answer:CODE/SERVICE  what it answers for a code: verdict, instead, disputed, …

both with `@2022` or `@2022-11-15` behind them for an earlier date of service.
"""

import datetime as dt
import re
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import cdtref
from cdtref import words as wording
from cdtref.compiling.checks import KINDS, REFERENCES, SPELLED
from cdtref.model import long_date

from . import alike, views
from .advice import sentences
from .untrue import UnreadableError, UntrueError

TURNS = re.compile(
    r"\b(?:not|no|none|never|nor|neither|without|cannot|unless|except|against|contrary|n['’]t)\b",
    re.IGNORECASE,
)
"""Words that turn a sentence round; none may stand outside of what is bound."""

OWED = re.compile(
    r"\b(?:falls?|fell) to\b|(?<!who )\bbears\b|\bborne by\b|\bin full\b|\byes\b"
    r"|\b(?:patient|office) (?:pays|owes|answers)\b",
    re.IGNORECASE,
)
"""Words that say who is left with an amount, or that one may; they too are bound, or left out."""

ORDERS = re.compile(
    r"\b(?:after|afterwards?|before|beforehand|earlier|first|last|later|once|over|within)\b",
    re.IGNORECASE,
)
"""Words that say what comes before what; they too are bound, or left out."""

DECIDES = re.compile(
    r"\b(?:may|might|can|could|should|shall|ought|need(?:s|ed|ing| to)|ha(?:s|ve|d) to"
    r"|allow(?:ed|ing)?|permit\w*|forb[ia]d\w*|prohibit\w*|requir\w*|oblig\w*|let(?:s|ting)?"
    r"|waiv\w*|refund\w*"
    r"|demand\w*|insist\w*|ban(?:s|ned)?|bars?|mandatory|optional\w*|voluntary"
    r"|right|good|bad|fine|enough|best|worst|safe|unsafe|free"
    r"|assum\w*|suppos\w*|presum\w*|trust\w*"
    r"|today|tomorrow|now|until|till|while|already|yet|still|soon|immediately|weeks?|months?"
    r"|(?-i:if|where|when|provided|although|though)|even|regardless|despite|whichever"
    r"|any|anyone|anybody|every|everyone|everything|half|some|most|several|least|less|fewer"
    r"|instead|rather|entire\w*|whole|twice|double|extra|additional\w*|in addition|on top|besides"
    r"|plus|separate\w*|different|whatever|nothing|nobody|nowhere|hardly|seldom|rarely|barely"
    r"|cover(?:s|ing)|includ\w*|exclud\w*|belong\w*|decides?|leav\w*|left|drop\w*|omit\w*|remov\w*"
    r"|skip\w*|add(?:s|ed|ing)?|ignor\w*|stay\w*|stop\w*|keep(?:s|ing)?|accept\w*|reject\w*"
    r"|approves?|pay|paid|unpaid|reimburs\w*|delet\w*|cancel\w*|replac\w*|prov(?:e|en)"
    r"|guarantee\w*|promis\w*|settl\w*|pass(?:es|ed)? on"
    r"|(?:use|take) the"
    r"|(?:uses?|takes?) (?:d\d{4}|one|either|both|that|who|this|these|your|our|code)"
    r"|dates? of (?!service\b)\w+|day of (?:the )?claim|next (?!to\b)\w+|fails?"
    r"|changes? (?:the|it|code|claim|that|this)|choose|collects?|enters?|fill|move|name|pick|rely"
    r"|select|signs?|start|switch|tick|turn|anyway|whatever|suffic\w*)\b",
    re.IGNORECASE,
)
"""Words that say what has to be, may be, or when; they too are bound, or left out.

A sentence may begin with its condition, not end with one.
"""

_UNIT = re.compile(r"^[\s-]*(?:years?|months?|weeks?|days?|hours?)\b", re.IGNORECASE)

BESIDE = {
    "since": ("since", "from", "in", "of", "cdt"),
    "until": ("until", "through", "to"),
}
"""What may stand right before a bound first or last day."""

_TIMES = re.compile(
    r"\b(since|from|in|of|until|till|through|to|before|after|by|past|beyond)$", re.IGNORECASE
)


class Fact(NamedTuple):
    """A value of a fact, and the name of the field that it stands in."""

    field: str
    value: Any


def check_span(said: str, fact: str, own: object = None) -> None:
    """Are these the words for the value? `own` is the entry that the text itself belongs to.

    Raises `UntrueError` where they are not, `UnreadableError` where no such value exists.
    """
    field, value = find(fact, own)
    if not _says(said, value, field):
        told = f"“{said}” is not among the words for {fact}, which is {_shown(value)}"
        raise UntrueError(f"{told}{_hint(value, field)}")


def check_before(before: str, fact: str) -> str:
    """Does the word before a bound first or last day fit it? `before` is what stands before it.

    Gives it back without that word.

    Raises `UntrueError` where “after” stands before a last day, and the like.
    """
    allowed = BESIDE.get(fact.rpartition(" ")[2], ())
    word = _TIMES.search(before.rstrip())
    if allowed and word and word[1].lower() not in allowed:
        raise UntrueError(f"“{word[1]}” before {fact}; say {' or '.join(allowed)}")
    return before.rstrip()[: word.start()] if allowed and word else before


def check_after(after: str, said: str, fact: str) -> None:
    """Is the unit of a bound number bound with it? `after` is what stands after the words.

    Raises `UntrueError` where it is not: “six” may be bound to a number, and “months” to nothing.
    """
    number = said.isdigit() or said.lower() in SPELLED
    if number and (unit := _UNIT.match(after)):
        told = f"“{unit[0].strip()}” after {fact}: bind the number with its unit"
        raise UntrueError(f"{told}, to a field such as {', '.join(wording.MEASURED)}")


def find(fact: str, own: object = None) -> Fact:
    """The value that a fact is."""
    thing, _, field = fact.rpartition(" ")
    entry = _entry(thing) if thing else own
    if entry is None:
        raise UnreadableError(
            f"{fact!r} names no fact; write KIND:ID FIELD, or the field of its entry"
        )
    name = {"not": "not_"}.get(field, field)
    if not hasattr(entry, name):
        raise UnreadableError(f"{fact!r}: {entry!r} has no field {field!r}")
    return Fact(field, getattr(entry, name))


def publisher(text: str) -> re.Match[str] | None:
    """The first publisher of a source, or payer, that a text names: who says so decides as well."""
    return _publishers(cdtref.library.current()).search(text)


@lru_cache(maxsize=1)
def _publishers(_of: cdtref.library.Library) -> re.Pattern[str]:
    names = {source.publisher for source in cdtref.sources()}
    names |= {entry.payer for entry in cdtref.coverage() if entry.payer}
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})\b")


def _entry(thing: str) -> object:
    kind, _, id = thing.partition(":")
    if kind in ("done", "answer"):
        what, _, when = id.partition("@")
        on = (
            dt.date.fromisoformat(when if "-" in when else f"{when}-01-01") if when else views.day()
        )
        code, _, service = what.rpartition("/")
        if kind == "answer":
            return cdtref.can_bill(code, service, on=on)
        return cdtref.recommend([service], on=on).services[0]
    if kind not in KINDS:
        raise UnreadableError(
            f"{thing!r}: no kind {kind!r}; there are {', '.join(KINDS)}, done, answer"
        )
    facts = cdtref.library.current().facts(KINDS[kind])
    if id not in facts:
        raise UnreadableError(f"{thing!r}: no {kind} has the id {id!r}")
    return facts[id]


def _says(said: str, value: Any, field: str) -> bool:
    if isinstance(value, tuple | list):
        named = re.findall(r"\bD\d{4}\b", said, re.IGNORECASE)
        if named and {code.upper() for code in named} <= set(value):
            return True
        return any(_says(said, item, field) for item in value)
    if isinstance(value, str) and not isinstance(value, StrEnum):
        names = [plain(value)] if field in _NAMES else _names(value, field)
        return plain(said) in names if names else _is_text(said, value)
    return any(is_same(said, words) for words in _phrases(value, field))


NARROWS = re.compile(
    r"\b(?:only|at (?:least|most)|almost|up to|one of|any of|some of|either|neither|part of)$"
)
"""What right before bound words narrows what they say."""
GOES_ON = (
    r",? (?:only|up to|at most|unless|except)\b"
    r"| (?:and (?!d\d)|if|until|who|within|before|after)\b"
)
"""What right behind them does."""

_NAMES = ("payer", "publisher", "term")
"""Fields that are a name: a part of it, such as “Delta Dental”, is somebody else's."""


def _is_text(said: str, text: str) -> bool:
    runs = sentences(text) if " " in said else ()
    return any(is_same(said, one) for one in (text, *runs)) or any(
        _is_run(plain(said), one) for one in runs
    )


def is_same(said: str, words: str) -> bool:
    """Whether bound words say the same as others, with a full stop or without."""
    begun = f"{said[:1].upper()}{said[1:]}."
    return alike.is_same(begun, f"{words[:1].upper()}{words[1:].removesuffix('.')}.")


def _is_run(said: str, sentence: str) -> bool:
    """Whether the words are a run of it, and what they leave out does not turn it round.

    Nor may they leave out one of two things that an “or” joins, such as “its own date or purpose”,
    or what narrows them: a word right before them such as “only”, or a limit right behind them.
    """
    before, found, after = f" {plain(sentence)} ".partition(f" {said} ")
    if not found or TURNS.search(f"{before} {after}"):
        return False
    if NARROWS.search(before):
        return False
    run = r"\W+".join(map(re.escape, said.split()))
    either = rf"(?i)(?<![,;:]) or {run}\b|\b{run} or\b|\b{run}(?:{GOES_ON})"
    return not re.search(either, alike.words(sentence))


def _phrases(value: Any, field: str) -> tuple[str, ...]:
    """The words for a value that is no text."""
    if isinstance(value, bool | None):
        return wording.SAID_OF.get((field, value), ())
    if isinstance(value, StrEnum):
        others = wording.SAID.get(type(value), {}).get(value, ())
        return (wording.label(value), wording.meaning(value), *others)
    if isinstance(value, dt.date):
        return (long_date(value), str(value.year))
    if isinstance(value, int):
        spelled = _spelled(value)
        forms = wording.MEASURED.get(field, ())
        measured = [said.format(n) for said in forms for n in spelled]
        if field == "months" and value % 12 == 0:
            measured += [f"{n} years" for n in _spelled(value // 12)]
        return (*spelled, *measured, *wording.SAID_OF.get((field, value), ()))
    raise UnreadableError(f"{field!r} has a value that no words stand for: {_shown(value)}")


def _spelled(value: int) -> list[str]:
    return [str(value), *(word for word, number in SPELLED.items() if number == value)]


def _names(id: str, field: str) -> list[str]:
    """What the entry is called that a field refers to; nothing if it refers to none."""
    kind = REFERENCES.get(field, "")
    known = cdtref.library.current().facts(KINDS[kind]) if kind else {}
    fields = ("code", "short", "phrase", "name", "label", "reason", "publisher", "title", "term")
    return [plain(getattr(known[id], name, "")) for name in fields if id in known]


def plain(text: str) -> str:
    """Words as they are read, without the signs around them: a span may end before a comma."""
    read = re.sub(r", (?=who\b)", " comma ", alike.words(text))  # then it narrows nothing
    return " ".join(re.sub(r"[^\w’'-]+", " ", read).split()).lower()


def _shown(value: Any) -> str:
    return repr(value.value if isinstance(value, StrEnum) else value)


def _hint(value: Any, field: str) -> str:
    if isinstance(value, StrEnum | bool):
        return f" ({' / '.join(_phrases(value, field)) or 'words.py has no words for it'})"
    return ""
