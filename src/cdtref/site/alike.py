"""Ways to say the same, so that a sentence may be worded anew and stays held.

Forms, bound words and quotations are compared with a sentence as it is read here: a clause that
leads it stands at its end, and the first of the words that say the same stands for all of them.
`alike.toml` lists those. What is not listed there is another sentence.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

_FILE = tomllib.loads((Path(__file__).parent / "alike.toml").read_text(encoding="utf-8"))

SAME: list[list[str]] = _FILE["same"]
DROPPED: list[str] = _FILE["dropped"]
TURNS: list[list[str]] = _FILE["turns"]
PASSIVE: list[list[str]] = _FILE["passive"]
CALLED: list[str] = _FILE["called"]
SMALL: list[str] = _FILE["small"]
ASKED: list[list[str]] = _FILE["asked"]
PHRASES: list[str] = _FILE["phrases"]
STAY: list[str] = _FILE["stay"]


@cache
def keys(sentence: str) -> frozenset[str]:
    """What sentences that say the same have in common: one key at least.

    Of a question that begins with “what” or the like, its words in any order are one more.
    """
    sentence = _YEAR.sub(r"\1, ", sentence)
    if len(joined := parts(sentence)) > 1:
        return frozenset({" and ".join(_key(read(part)[0]) for part in joined)})
    sentence = _FOR_IT.sub("", sentence)
    orders = list(in_order(sentence, strict=True)) or [_WHEN.sub("If", sentence)]
    found = {_key(_turned(words(one))) for one in orders}
    if _OPEN.match(sentence) and sentence.endswith("?"):
        asked = min(found).rstrip("?").split()
        found.add(" ".join(["?", *sorted(word for word in asked if word not in SMALL)]))
    return frozenset(found)


def _key(told: str) -> str:
    told = re.sub(r": |, so | [–—] ", "; ", told.lower())
    if " if " not in told:  # which may be meant for the last alone
        told = re.sub(r",(?= (?:and|or) )", "", told)
    clauses = re.split(r",? (?=if )|; ", told)
    return " ; ".join(map(_also_first, clauses)).rstrip(".")


def _also_first(clause: str) -> str:
    said, also = _ALSO.subn("", clause)
    said = re.sub(rf",(?= (?:{_LEADS.lower()}) )", "", said)
    found = " ".join(re.sub(r"[^\w,.?'’-]+", " ", said).split())
    placed = ", ".join(map(_placed, found.rstrip(".").split(", ")))
    return f"also {placed}" if also else placed


def _placed(words: str) -> str:
    """The words, with the phrases behind the first in one order: they may stand in any."""
    first, *phrases = _PHRASES.split(words)
    return " | ".join([first, *sorted(phrases)])


def is_same(one: str, other: str) -> bool:
    """Whether two sentences say the same."""
    return not keys(one).isdisjoint(keys(other))


@cache
def read(sentence: str) -> list[str]:
    """The ways a sentence is read: what leads it at its end, in the first words of their rows."""
    return [_turned(words(text)) for text in (sentence, *in_order(sentence))]


def _turned(text: str) -> str:
    for pattern, told in _turns():
        if found := pattern.fullmatch(text):
            text = told(found)
            text = f"{text[0].upper()}{text[1:]}"
    return text


@cache
def words(text: str) -> str:
    """A text in the first words of their rows."""
    text = _OWN.sub(r"\2 of \1 own", _ON.sub(r"since \1", _DOING.sub(r"\1", text)))
    begun = _ARTICLE.sub(lambda found: found[1].upper(), text)
    said = _SAID.sub(lambda found: _FIRST[found[0]], begun)
    return re.sub(r"(?<=[“(]) ", "", " ".join(said.split()))


def parts(sentence: str) -> list[str]:
    """The sentences that one is joined from, by “; ” or “, and ”, each with its capital.

    None is where a clause leads it, or stands in it, that may be meant for all of them.
    """
    if _LED.fullmatch(sentence) or not sentence.endswith("."):
        return [sentence]
    found = re.split(r"; (?:and )?|, and (?=\w+ )", sentence.rstrip("."))
    if any(re.search(r"\bif\b", part) for part in found):
        return [sentence]
    return [f"{part[0].upper()}{part[1:]}." for part in found if part]


def in_order(sentence: str, *, strict: bool = False) -> Iterator[str]:
    """The sentence with what leads it up to a comma, such as its condition, at its end.

    “If it was a retake, withdraw the line.” says what “Withdraw the line if it was a retake.” does.
    Where there are more commas, it may lead up to each of them. Strictly, it does not move behind
    two things that are said: it would be of the second alone. A phrase may be of the first then.
    """
    led = _LED.fullmatch(_SHOULD.sub(r"If \1 is", sentence))
    word, rest, end = led.groups() if led else ("", "", "")
    word = "if" if word in ("When", "Where") else word.lower()
    for comma in re.finditer(", (?=.)", rest):
        told, clause = rest[comma.end() :], rest[: comma.start()]
        if not (strict and _SEVERAL.search(_QUOTED.sub("", told))):
            yield f"{told[0].upper()}{told[1:]} {word}{clause}{end}"
        if strict and ", " in told and word in PHRASES and word not in _CLAUSES:
            yield f"{told[0].upper()}{told[1:].replace(', ', f' {word}{clause}, ', 1)}{end}"


_LEADS = (
    "If|When|Where|Whenever|However often|Before|After|Since|Until|During|Once|For|In|On|At|From"
    "|With|Without|Under|As to|Beside|By|Over|Between|Against|Through|Within|Because of|Each|Every"
    "|However|No matter (?:how|when|who)"
)
_LED = re.compile(rf"({_LEADS})( [^;:]+, .+)([.?])")
_SEVERAL = re.compile(r"[:;]|, (?:and|but|or) | (?:what|who|which|that) (?!D\d)")
_CLAUSES = ("because", "if", "once", "since", "unless", "until", "whenever")
_QUOTED = re.compile("“[^”]*”")
_FOR_IT = re.compile(r" (?:for|on|to) it(?=\?)")
_OPEN = re.compile(r"(?:What|Which|Who|Whose|How|When|Where|Why)\b(?!.* or )")
_WHEN = re.compile(r"^(?:When|Where)(?= .*, )")
_SHOULD = re.compile(r"^Should ((?:the |an? )?\w+) be(?= )")

_YEAR = re.compile(r"^((?:Before|In|Since|Until) \d{4}) (?=[a-z])")
_STAYS = "".join(rf"(?<!\b{word})" for word in STAY)
_BEGUN = "|".join(PHRASES)
_PHRASES = re.compile(rf"{_STAYS} (?=(?:(?:{'|'.join(STAY)}) )?(?:{_BEGUN})\b)")
_ARTICLE = re.compile(r"\b(?:The|An|A) (?!few\b|little\b)(\w)")
_ON = re.compile(r"\bfrom (\d{4}) on\b")
_OWN = re.compile(r"(?<!\bof )\b(its|their) own (\w+)")
_DOING = re.compile(r"\b(?:[Tt]he|an?) (\w+ing) of\b")

_ALSO = re.compile(r",? (?:also|likewise|too(?= ?[,;:.?]|$)|as well(?! as))\b|^also (?=\w)")


def _first() -> Iterator[tuple[str, str]]:
    """Each word or words of a row, and the first of it; with a capital, where it has none."""
    for first, *others in [*SAME, *((verb, base) for verb, base, _ in PASSIVE)]:
        for said in (first, *others):
            yield said, first
            if said.islower():
                yield f"{said[0].upper()}{said[1:]}", f"{first[:1].upper()}{first[1:]}"
    for said in DROPPED:
        yield said, ""


_FIRST = dict(_first())
_SAID = re.compile(
    rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(_FIRST, key=len, reverse=True)))})(?![\w-])"
)

_SLOTS = {
    "P": r"(?P<P>[^,;]+?)",
    "Q": r"(?P<Q>\w+(?: \w+)?)",
    "W": r"(?P<W>(?i:whether|how|which|what|when|where|why|who)\b.+?)",
    "X": r"(?P<X>.+?)",
    "Y": r"(?P<Y>.+?)",
}
_Told = Callable[[re.Match[str]], str]


@cache
def _turns() -> list[tuple[re.Pattern[str], _Told]]:
    """The sentences that are read as another, each with how it is told then."""
    found: list[tuple[re.Pattern[str], _Told]] = []
    for first, *others in TURNS:
        for other in others:
            found.append((_pattern(words(other)), partial(_fill, words(first))))
    for verb, _, done in PASSIVE:
        found.append((_passive(words(done)), partial(_active, verb=verb, done=done)))
    for verb, done in ASKED:
        found.append((_to_be(words(done)), partial(_do, verb=words(verb))))
    return found


def _pattern(turn: str) -> re.Pattern[str]:
    parts = re.split(r"\b([PQWXY])\b", turn)
    text = "".join(_SLOTS[part] if part in _SLOTS else re.escape(part) for part in parts)
    return re.compile(rf"{text}(?P<end>[.?]?)")


def _fill(turn: str, got: re.Match[str]) -> str:
    def filled(slot: re.Match[str]) -> str:
        return got["P"] if slot[0] == "P" else _inside(got[slot[0]])

    told = re.sub(r"\b[PQWXY]\b", filled, turn)
    return f"{told}{got['end']}"


_BE = {
    "is": "{verb}",
    "is not": "does not {verb}",
    "was": "{done}",
    "was not": "did not {verb}",
    **{f"{helps} be": f"{helps} {{verb}}" for helps in ("may", "may not", "must", "must not")},
    **{f"{helps} be": f"{helps} {{verb}}" for helps in ("cannot", "will", "will not")},
}
"""What stands before a verb: as it is done by somebody, and as somebody does it."""


def _passive(done: str) -> re.Pattern[str]:
    be = "|".join(sorted(_BE, key=len, reverse=True))
    by = r"(?P<how> \w+)? by (?P<X>(?:(?! is ).)+?)"
    return re.compile(rf"(?P<Y>(?:(?!,| says ).)+?) (?P<be>{be}) {done}{by}(?P<end>[.?]?)")


def _active(got: re.Match[str], verb: str, done: str) -> str:
    by, be = got["X"], got["be"]
    if by.startswith("any ") and be == "is not":  # “by any source”: no source does
        by, be = by.replace("any", "no", 1), "is"
    told = f"{by} {_BE[be].format(verb=verb, done=done)} {_inside(got['Y'])}"
    return f"{told}{got['how'] or ''}{got['end']}"


def _to_be(done: str) -> re.Pattern[str]:
    be = "(?:is to|must|should) be"
    return re.compile(rf"(?P<Y>[^,;]+?) {be} {done}(?P<rest>(?:(?! and ).)*?)(?P<end>[.])")


def _do(got: re.Match[str], verb: str) -> str:
    return f"{verb} {_inside(got['Y'])}{got['rest']}{got['end']}"


def _inside(words: str) -> str:
    """Words that began a sentence, inside of one; a code keeps its capital."""
    if words == "They":
        return "them"
    return f"{words[:1].lower()}{words[1:]}" if words[1:2].islower() else words
