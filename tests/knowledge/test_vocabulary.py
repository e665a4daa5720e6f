"""The words that mean the same, the words for kinds of a thing, and those that tell nothing."""

from collections import Counter
from itertools import combinations

import pytest

from cdtref.library import current
from cdtref.vocabulary import SPECIAL, Filler, Synonym

SYNONYMS = current().facts(Synonym)
# The others tell something, or nothing in their place only.
FILLERS = {id: filler for id, filler in current().facts(Filler).items() if id not in SPECIAL}

# What this reference tells apart. To take one for the other would answer another question.
APART = """
impression cast scan print, stone print, model scan, deny disallow, deny bundle,
predetermination preauthorization, scan cbct, scan photo, photo radiograph, note record,
retainer aligner, duplicate copy, appeal correct, guard denture, downgrade bundle, pay charge
"""


def meanings(word: str) -> set[str]:
    """The things a word may stand for."""
    found = {id for id, s in SYNONYMS.items() if word in (id, *s.same, *s.kinds)}
    return found or {word}


def test_a_word_means_the_same_as_one_other_only() -> None:
    same = Counter(word for s in SYNONYMS.values() for word in {s.id, *s.same})
    assert not [word for word, times in same.items() if times > 1]
    for s in SYNONYMS.values():
        assert s.same or s.kinds, s.id
        assert not set(s.kinds) & {s.id, *s.same}, s.id


def test_a_word_that_tells_nothing_stands_for_nothing() -> None:
    nothing = Counter(word for filler in FILLERS.values() for word in filler.words)
    assert not [word for word, times in nothing.items() if times > 1]
    assert not [word for word in nothing if meanings(word) != {word} or word in SYNONYMS]


@pytest.mark.parametrize("words", [words.split() for words in APART.split(",")])
def test_what_is_told_apart_is_never_joined(words: list[str]) -> None:
    for one, other in combinations(words, 2):
        assert other not in meanings(one)
        assert one not in meanings(other)
        shared = {
            word
            for s in SYNONYMS.values()
            for word in (*s.same, *s.kinds)
            if {one, other} <= meanings(word)
        }
        assert not shared, f"{shared} may stand for {one} and for {other}"


@pytest.mark.parametrize(
    "word", ["patient", "not", "no", "only", "who", "charge", "pay", "record", "denied", "line"]
)
def test_a_word_that_tells_something_is_kept(word: str) -> None:
    assert not [id for id, filler in FILLERS.items() if word in filler.words]
