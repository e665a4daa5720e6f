"""What a query says: the procedure codes in it, and the words that tell something."""

from .meanings import DENIES, LATER, UNKNOWN, UNKNOWN_HERE, Index, rarity
from .model import Code
from .wording import (
    A_CODE,
    BARE_CODE,
    SHORTEST_SWAPPED,
    SHORTEST_WRONG,
    alone,
    ended,
    misspelt,
    one_apart,
    typings,
    without_one,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

WORDS, CODES = 24, 6
"""Telling words and codes of a query that are looked at; each is a bit of a number in `fitting`."""
KIND_OF = 65
"""How far, in hundredths, a word for a kind of a thing stands for it: a brand for a scanner."""
GUESSED = 95
"""The same of the beginning of a word, at the end of a query."""
MISSPELT = 95
"""The same of a word with one letter wrong."""
BARE_YEAR = 40
"""What a year weighs that is not said to be an edition: it is the date of service of the rest."""
NOT_HELD = 100
"""What a payer's code weighs that we do not hold: what is left says whose it is."""
SHORTEST_GUESSED = 3
"""Letters of a beginning from which a word is guessed."""
EDITION = "cdt"
"""The word beside a year that makes it an edition."""
DENIED = 2
"""So many words after a “not” or an “instead” tell what was not done."""
JOINERS, LOOSE_JOINER = ("and", "plus", "then", "also"), "with"
"""Words between two things that were done."""

_A_CODE = alone(A_CODE)
_BARE_CODE = alone(BARE_CODE)


class Coded:
    """A code of a query: as it was written, and whether it is one."""

    __slots__ = ("code", "nearest", "whole", "written")

    def __init__(
        self, written: str, code: str, whole: bool = True, nearest: tuple[str, ...] = ()
    ) -> None:
        self.written = written.upper()
        self.code = code
        self.whole = whole
        self.nearest = nearest


class Token:
    """A word of a query: the stems it may stand for, each with its share, and what it weighs."""

    __slots__ = ("again", "denied", "loose", "part", "purpose", "stands", "strange", "weight")

    def __init__(self, stands: "tuple[tuple[str, int], ...]", weight: int) -> None:
        self.stands = stands
        self.weight = weight
        self.strange = not stands[0][1]
        """Nothing here is called by it."""
        self.part = 0
        """Which of the parts of the query it is in, between which an “and” stands."""
        self.loose = True
        """No part up to it was opened by more than a “with”."""
        self.again = False
        """It stands in an earlier part already, and counts only for its own."""
        self.purpose = False
        """It tells what the thing done is for: a “for” or a “make” stands before it."""
        self.denied = False
        """It was not done: a “not” or an “instead of” stands before it."""


def codes(known: Index, text: str) -> tuple[str, list[Coded]]:
    """A plain text without the procedure codes in it, and these."""
    ours = known.library.facts(Code)
    found: dict[str, Coded] = {}

    def lettered(match: "re.Match[str]") -> str:
        digits = match[1]
        code = f"D{digits.upper()}"
        if len(digits) == 4 and digits.isdigit():
            if code.lower() in known.names_with:
                return f" {code.lower()} "  # something outside is called by it
            found.setdefault(code, Coded(match[0], code))
        else:
            meant = digits.replace("o", "0")
            near = tuple(one for one in ours if one_apart(meant, one[1:]))
            found.setdefault(code, Coded(match[0], code, False, near[:3]))
        return " "

    def bare(match: "re.Match[str]") -> str:
        code = f"D{match[0]}"
        if code not in ours and not match[0].startswith("0"):
            return match[0]
        found.setdefault(code, Coded(match[0], code))
        return " "

    text = _BARE_CODE.sub(bare, _A_CODE.sub(lettered, text))
    return text, list(found.values())[:CODES]


def tokens(
    known: Index, text: str, *, dated: bool = False, coded: "Sequence[str]" = ()
) -> list[Token]:
    """The words of a plain text that tell something; beside a date or codes, some tell less."""
    vocabulary = known.vocabulary
    words = vocabulary.words(text)

    def marks(word: str) -> bool:
        """Whether a word says that the number after it is a code of the payer's."""
        return word in vocabulary.groups or word in vocabulary.before_numbers

    only = all(word.isdigit() or not vocabulary.tells(word) or marks(word) for word in words)
    words, meant = _meant(known, words, coded, dated)
    found: list[Token] = []
    seen: dict[str, int] = {}  # each stem, and the last part it stands in
    part, loose, purpose = 0, True, False
    for at, word in enumerate(words):
        if word in JOINERS or word == LOOSE_JOINER:
            part, loose, purpose = part + 1, loose and word == LOOSE_JOINER, False
            continue
        purpose = purpose or word in vocabulary.before_purposes
        if not vocabulary.tells(word) or (dated and word in vocabulary.beside_dates):
            continue
        marked = only or (at > 0 and marks(words[at - 1]))
        if word.isdigit() and not _is_told(known, word, marked):
            continue
        token = _token(known, word, last=at == len(words) - 1, meant=word in meant)
        held = word in vocabulary.remittances or _is_year(word)
        if word.isdigit() and marked and not held:
            # A payer's code that we do not hold is no other number, and not another subject.
            token = Token(((f"{word}?", 0),), NOT_HELD)
            token.strange = False
        if seen.get(token.stands[0][0]) == part:
            continue
        if _is_year(word) and EDITION not in words[max(at - 1, 0) : at + 2]:
            token.weight = BARE_YEAR
        token.purpose = purpose
        token.part, token.loose, token.again = part, loose, token.stands[0][0] in seen
        seen[token.stands[0][0]] = part
        found.append(token)
    _deny(known, found)
    if coded or any(one.stands[0][0] in vocabulary.of_dentistry for one in found):
        for one in found:
            if one.strange:
                one.weight = UNKNOWN_HERE
    return found[:WORDS]


def _deny(known: Index, tokens: list[Token]) -> None:
    """Marks the words for what was not done, or only later, and those that say so."""
    denier: Token | None = None
    left = 0  # words that it may still deny
    for token in tokens:
        stems = {stem for stem, _ in token.stands}
        if not stems.isdisjoint(known.vocabulary.asking):
            denier = None  # “not covered” says what is asked, and not what was not done
        elif denier and denier.part == token.part and left:
            denier.denied = token.denied = True
            left -= 1
        if not stems.isdisjoint(DENIES):
            denier, left = token, DENIED
        elif token.stands[0][0] == LATER and token is not tokens[0]:
            denier, left = token, WORDS


def joined(known: Index, text: str) -> bool:
    """Whether an “and” stands in a plain text."""
    return any(word in JOINERS or word == LOOSE_JOINER for word in known.vocabulary.words(text))


def small_words(known: Index, text: str) -> list[Token]:
    """Where no word tells anything: the small words that are the name of something."""
    words = dict.fromkeys(known.vocabulary.words(text))
    named = (word for word in words if word in known.vocabulary.small_names)
    return [Token(((known.vocabulary.stem(word), 100),), rarity(1)) for word in named]


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def _is_told(known: Index, number: str, marked: bool) -> bool:
    """Whether a number is a code of the payer's, a year in which something is new, or strange."""
    if _is_year(number):
        return number in known.names_with
    return marked or len(number) > 3


def _token(known: Index, word: str, *, last: bool, meant: bool) -> Token:
    """What a word may stand for, or the stem that a misspelt one meant."""
    own = word if meant else known.vocabulary.stem(word)
    if known.knows(own):
        return _standing(known, own, MISSPELT if meant else 100)
    if last and (begun := _begun(known, word)):
        return _standing(known, begun, GUESSED)
    return Token(((own, 0),), UNKNOWN)


def _begun(known: Index, word: str) -> str:
    """The word that one not yet written to its end is the beginning of; empty if none."""
    if not word.isalpha() or len(word) < SHORTEST_GUESSED:
        return ""
    return _commonest(known, (one for one in known.spellings if one.startswith(word)))


def _standing(known: Index, word: str, share: int) -> Token:
    """A word that is known stands for itself, and for what it is a kind of."""
    own = known.vocabulary.same.get(word, word)
    kinds = known.vocabulary.kinds.get(own, ())
    stands = ((own, share), *((kind, KIND_OF) for kind in kinds))
    # What nothing is called by weighs what it is a kind of.
    weighs = max((known.weights.get(kind, 0) for kind in kinds), default=0) or rarity(1)
    return Token(stands, known.weights.get(own, weighs))


def _meant(
    known: Index, words: list[str], coded: "Sequence[str]", dated: bool
) -> tuple[list[str], set[str]]:
    """The words, with the stems that misspelt ones meant; and these."""
    vocabulary = known.vocabulary

    def strange(word: str) -> bool:
        return word.isalpha() and vocabulary.tells(word) and not known.knows(vocabulary.stem(word))

    wrong = {word for word in words if len(word) >= SHORTEST_WRONG and strange(word)}
    if wrong and words[-1] in wrong and _begun(known, words[-1]):
        wrong.discard(words[-1])
    if not wrong:
        return words, wrong
    beside = {word for word in words if vocabulary.tells(word) and not strange(word)}
    held: dict[int, int] = {}  # names, and how many of the words beside stand in them
    for other in (*map(vocabulary.stem, beside), *coded):
        for name in _names(known, other):
            held[name] = held.get(name, 0) + 1
    home = any(vocabulary.stem(word) in vocabulary.of_dentistry for word in beside)
    sure = 2 if dated or home or coded else int(len(beside) > 1)
    meant = {word: _nearest(known, word, held, sure) for word in wrong}
    meant = {word: vocabulary.same.get(stem, stem) for word, stem in meant.items()}
    told = [meant.get(word) or word for word in words]
    return vocabulary.joined_up(told), set(meant.values())


def _nearest(known: Index, word: str, held: dict[int, int], sure: int) -> str:
    """The known stem that a misspelt word meant, or the small word; empty if none.

    Of several, the one that stands in a name with most of the words beside it. A short word, or
    one whose first letter is wrong, only in a name, or where the query is likely (1) or surely (2)
    about dentistry. One of two letters was meant for a small word.
    """
    vocabulary = known.vocabulary
    near: dict[str, bool] = {}  # and whether hardly another was meant
    for typed in typings(word):
        for short in (typed, *without_one(typed)):
            for one in (*known.without.get(short, ()), short):
                begins = one[:1] == typed[:1] or len(typed) > SHORTEST_SWAPPED
                if one in known.spelled and begins and one_apart(typed, one):
                    near[one] = near.get(one, False) or misspelt(typed, one, word)
    for one in map(vocabulary.stem, ended(word)):
        if one in known.spelled:
            near[one] = True
    ranked = sorted(
        (
            -max((held.get(name, 0) for name in _names(known, one)), default=0),
            _rank(known, one),
            one,
        )
        for one in near
    )
    if found := next((one for _, _, one in ranked if near[one]), ""):
        return found
    small = [one for one in vocabulary.small_by_length(len(word)) if one_apart(word, one)]
    if found := next((one for one in small if misspelt(word, one)), ""):
        return found
    if ranked and ranked[0][0] and len(word) > SHORTEST_WRONG:
        return ranked[0][2]
    long = len(word) > SHORTEST_SWAPPED
    if small and sure > 1 - long:
        return small[0]
    return next((one for _, _, one in ranked if sure > 1 and long and one in known.single), "")


def _names(known: Index, word: str) -> "Iterator[int]":
    """The names that a word stands in, or what it is a kind of."""
    own = known.vocabulary.same.get(word, word)
    for stem in (own, *known.vocabulary.kinds.get(own, ())):
        for name, _ in known.names_with.get(stem, ()):
            yield name


def _rank(known: Index, word: str) -> int:
    return known.weights.get(known.vocabulary.same.get(word, word), rarity(1))


def _commonest(known: Index, found: "Iterable[str]") -> str:
    """The word that leads to most things, since nothing tells them apart; else the first."""
    return min(found, key=lambda word: (_rank(known, word), word), default="")
