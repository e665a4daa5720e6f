"""The index of meanings: everything that words may lead to, by every name that the knowledge lists.

The browser gets the same index, and the numbers below (`site/asking.py`).
"""

import math
import re
from functools import lru_cache

from .library import Library
from .model import Code, Edition, Outcome, Question, Rule, Service, Term, covers
from .paperwork import Charge, Coverage, Denial, Item, Outside, Remittance, RemittanceKind
from .values import Value
from .vocabulary import (
    ASKING,
    BEFORE_LATER_DATES,
    BEFORE_NUMBERS,
    BEFORE_PURPOSES,
    BESIDE_DATES,
    OF_DENTISTRY,
    SPECIAL,
    WHAT_WAS_DONE,
    Filler,
    Synonym,
    Topic,
)
from .wording import parted, plain, stem, without_one, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

CODE_WEIGHT = 500
"""A procedure code: nearly every question here is about one, so that it tells less than a rare
word."""
REMITTANCE_WEIGHT = 800
"""A code of the payer's: it is what the query is about."""
YEAR_WEIGHT = 300
"""A year: it is the date of service as well."""
UNKNOWN, UNKNOWN_HERE = 800, 250
"""A word that nothing here is called by; the second, beside a code of ours or a dental word."""
DENIES = frozenset(("not", "instead"))
"""Stems after which it is told what was not done."""
LATER = stem("before")
"""The stem after which it is told what was done later, such as the denture after the models."""
TOLD_ALREADY = 0.75
"""A name of which another of the same thing says so much says nothing new."""
BIAS = {
    **{
        "service": 0.06,
        "denial": -0.002,
        "outside": -0.05,
        "item": -0.03,
        "coverage": -0.03,
        "edition": -0.05,
    },
    "term": -0.2,
}
"""Where the same words fit several things, who is asked first."""


APART = ("service", "code", "term", "item")
"""Kinds of which nothing is asked about a service: what was done, what a word
means, and what a record holds."""


def rarity(things: int) -> int:
    """What a word weighs that stands in the names of so many things."""
    return max(80, round(600 / (1 + 0.45 * math.pow(things, 0.6))))


class Thing(Value):
    """Something that words may lead to."""

    kind: str
    id: str
    title: str
    address: str
    bias: float = 0.0


class Vocabulary:
    """Which words mean the same, which tell nothing, and which are two in one."""

    def __init__(self, library: Library, names: "Iterable[str]") -> None:
        fillers = library.facts(Filler)
        self.before_numbers = frozenset(fillers[BEFORE_NUMBERS].words)
        self.beside_dates = frozenset(fillers[BESIDE_DATES].words)
        self.before_purposes = frozenset(fillers[BEFORE_PURPOSES].words)
        later = "|".join(fillers[BEFORE_LATER_DATES].words)
        self.before_later_dates = rf"(?:^| )(?:{later})(?: on| in)? *$"
        """What a text ends with, after which a date is none of service."""
        self.fillers = frozenset(
            word for filler in fillers.values() if filler.id not in SPECIAL for word in filler.words
        )
        self._small: dict[int, list[str]] = {}
        for word in sorted(self.fillers):
            for length in range(len(word) - 1, len(word) + 2):
                if len(word) > 2:
                    self._small.setdefault(length, []).append(word)
        synonyms = library.facts(Synonym).values()
        self.same = {stem(word): stem(one.id) for one in synonyms for word in one.same}
        self.kinds: dict[str, tuple[str, ...]] = {}
        for synonym in synonyms:
            own = self.stem(synonym.id)
            for kind in dict.fromkeys(map(self.stem, synonym.kinds)):
                if kind != own:
                    self.kinds[kind] = (*self.kinds.get(kind, ()), own)
        self.asking = frozenset(map(self.stem, fillers[ASKING].words))
        self.what_was_done = frozenset(map(self.stem, fillers[WHAT_WAS_DONE].words))
        self.of_dentistry = frozenset(map(self.stem, fillers[OF_DENTISTRY].words))
        remittances = library.facts(Remittance).values()
        self.groups = frozenset(
            one.code.lower() for one in remittances if one.kind is RemittanceKind.GROUP
        )
        self.remittances = frozenset(one.code.lower() for one in remittances) - self.groups
        self.codes = tuple(library.facts(Code))
        self._group_and_number = re.compile(rf"({'|'.join(sorted(self.groups))})([a-z]?\d+)$")
        every = [words(parted(plain(name))) for name in names]
        self.small_names = frozenset(
            name[0] for name in every if len(name) == 1 and name[0] in self.fillers
        )
        """Words that tell nothing and yet are the name of something, as that of the code set is."""
        written = {word for name in every for word in name}
        written |= {word for one in synonyms for word in one.same}
        halves = {word: _halves(word, written | self.fillers) for word in written}
        self.joined = {word: found for word, found in halves.items() if found}
        """Words that are two in one, and these."""

    def stem(self, word: str) -> str:
        """A word without its ending, or the one that means the same."""
        own = stem(word)
        return self.same.get(own, own)

    def words(self, text: str) -> list[str]:
        """The words of a plain text; what one writes as one word and another as two is one."""
        given: list[str] = []
        for written in words(parted(text)):
            group = self._group_and_number.match(written)  # CO97 is two words
            given.extend(group.groups() if group else (written,))
        return self.joined_up(given)

    def joined_up(self, words: list[str]) -> list[str]:
        """Words, of which those are one that another writes as one."""
        joined: list[str] = []
        for word in words:
            if joined and joined[-1] not in self.groups and self._is_one(joined[-1] + word):
                joined[-1] += word
            else:
                joined.append(word)
        return joined

    def _is_one(self, word: str) -> bool:
        return word in self.joined or (word in self.remittances and not word.isdigit())

    def small_by_length(self, length: int) -> list[str]:
        """The small words, in order, of which one may be a word so long with a letter wrong."""
        return self._small.get(length, [])

    def tells(self, word: str) -> bool:
        """Whether a word tells something: a single letter does not."""
        return word not in self.fillers and not (len(word) == 1 and word.isalpha())

    def stems(self, name: str) -> tuple[str, ...]:
        """The words of a name that tell something; first the procedure codes in it."""
        text = plain(name)
        codes = [code for code in self.codes if code.lower() in text]
        for code in codes:
            text = text.replace(code.lower(), " ")
        every = self.words(text)
        telling = [word for word in every if self.tells(word)]
        if len(every) == 1 and every[0] in self.small_names:
            telling = every
        return tuple(dict.fromkeys([*codes, *map(self.stem, telling)]))


def _halves(word: str, written: "frozenset[str] | set[str]") -> tuple[str, ...]:
    """The two words that are one in a word; empty if none are."""
    cuts = ((word[:at], word[at:]) for at in range(2, len(word) - 1))
    return next((cut for cut in cuts if cut[0] in written and cut[1] in written), ())


class Index:
    """Every name in the knowledge, by the words that stand in it."""

    outside_code = "a code outside this topic"

    def __init__(self, library: Library) -> None:
        self.library = library
        listed = list(_listed(library))
        self.things = [thing for thing, _, _ in listed]
        every = (name for _, own, shared in listed for name in (*own, *shared))
        self.vocabulary = Vocabulary(library, every)
        self.names: list[tuple[str, ...]] = []
        self.thing_of: list[int] = []
        self.asks: set[int] = set()
        """Names that a service shares with others."""
        for at, name, shared in _telling(self.vocabulary, listed):
            self.asks |= {len(self.names)} if shared else set()
            self.thing_of.append(at)
            self.names.append(name)
        self.names_with: dict[str, list[tuple[int, int]]] = {}
        """For each word the names that it stands in, and its place there as a bit."""
        for number, name in enumerate(self.names):
            for place, word in enumerate(name):
                self.names_with.setdefault(word, []).append((number, 1 << place))
        self._index_services()
        self._weigh()
        self._spell()
        self.service_of = self._service_of()
        """For each code the service it is likeliest for, on the last encoded day, by its number."""
        self.reasons = self._reasons()
        """The reasons for which a payer sends a code, by their numbers among the things."""

    def _index_services(self) -> None:
        services = {at for at, thing in enumerate(self.things) if thing.kind == "service"}
        self.of_services = frozenset(
            number for number, at in enumerate(self.thing_of) if at in services
        )
        apart = {at for at, thing in enumerate(self.things) if thing.kind in APART}
        self.of_questions = frozenset(
            number for number, at in enumerate(self.thing_of) if at not in apart
        )
        """Names of what is asked about services and codes."""
        self.services_with = {
            word: [place for place in found if place[0] in self.of_services]
            for word, found in self.names_with.items()
        }
        self.denying = frozenset(
            number
            for number in self.of_services
            if not {*DENIES, LATER}.isdisjoint(self.names[number])
        )
        """Names of services that say what was not done, or what was later."""
        named: dict[frozenset[str], set[int]] = {}
        for number in self.of_services:
            named.setdefault(frozenset(self.names[number]), set()).add(self.thing_of[number])
        self.shared = frozenset(words for words, of in named.items() if len(of) > 1)
        """Words by which more than one service is named."""

    def _weigh(self) -> None:
        self.weights = {
            word: rarity(len({self.thing_of[name] for name, _ in found}))
            for word, found in self.names_with.items()
        }
        years = (word for word in self.weights if len(word) == 4 and word.isdigit())
        self.weights |= dict.fromkeys(years, YEAR_WEIGHT)
        self.weights |= dict.fromkeys(self.vocabulary.codes, CODE_WEIGHT)
        self.weights |= dict.fromkeys(self.vocabulary.remittances, REMITTANCE_WEIGHT)
        self.name_weight = [sum(self.weights[word] for word in name) for name in self.names]

    def _spell(self) -> None:
        vocabulary = self.vocabulary
        halves = {half for found in vocabulary.joined.values() for half in found}
        every = {*self.names_with, *vocabulary.same, *vocabulary.kinds, *halves}
        every -= {*vocabulary.codes, *vocabulary.fillers}
        self.spellings = sorted(every)
        """The words of all names, and those that mean the same, in the order of the alphabet."""
        self.spelled = frozenset(every)
        names = {name[0] for name in self.names if len(name) == 1}
        self.single = {word for word in every if vocabulary.same.get(word, word) in names}
        """The words that are a name each."""
        self.without: dict[str, list[str]] = {}
        """The words that come to another by the loss of one letter."""
        for word in self.spellings:
            if word.isalpha():
                for short in without_one(word):
                    self.without.setdefault(short, []).append(word)

    def _service_of(self) -> dict[str, int]:
        last = self.library.editions()[-1].until
        number_of = {t.id: at for at, t in enumerate(self.things) if t.kind == "service"}
        reported = {
            rule.service: rule.codes
            for rule in self.library.facts(Rule).values()
            if rule.outcome is Outcome.REPORTED and covers(rule, last)
        }
        found: dict[str, int] = {}
        for service in self.library.facts(Service):
            for code in reported.get(service, ()):
                found.setdefault(code, number_of[service])
        return found

    def _reasons(self) -> dict[int, tuple[int, ...]]:
        number_of = {(thing.kind, thing.id): at for at, thing in enumerate(self.things)}
        reasons: dict[int, tuple[int, ...]] = {}
        for denial in self.library.facts(Denial).values():
            for id in (*denial.carcs, *denial.rarcs):
                at = number_of["remittance", id]
                reasons[at] = (*reasons.get(at, ()), number_of["denial", denial.id])
        return reasons

    def knows(self, word: str) -> bool:
        """Whether anything is called by a stem, or by what it is a kind of."""
        return word in self.names_with or word in self.vocabulary.kinds

    def weight(self, word: str) -> int:
        return self.weights.get(word, UNKNOWN)

    def ambiguous(self, name: int) -> bool:
        """Whether several services are called by a name of one."""
        return frozenset(self.names[name]) in self.shared

    def pair_address(self, code: str, service: Thing) -> str:
        """Where the site says what a code is to a service."""
        fact = self.library.facts(Code)[code]
        return f"{fact.address}#{service.id}" if fact.subject else f"{service.address}#answer"


_Listed = tuple[Thing, tuple[str, ...], tuple[str, ...]]
"""A thing, its own names, and those that it shares."""


def _telling(
    vocabulary: Vocabulary, listed: list[_Listed]
) -> "Iterator[tuple[int, tuple[str, ...], bool]]":
    """The names as stems, without those that add but a common word to another of the thing."""
    named: list[dict[tuple[str, ...], bool]] = []
    for _, own, shared in listed:
        stems: dict[tuple[str, ...], bool] = {}
        for names, is_shared in ((own, False), (shared, True)):
            for name in names:
                stems.setdefault(vocabulary.stems(name), is_shared)
        stems.pop((), None)
        named.append(stems)
    things: dict[str, set[int]] = {}
    for at, stems in enumerate(named):
        for known in stems:
            for word in known:
                things.setdefault(word, set()).add(at)
    weight = {word: rarity(len(found)) for word, found in things.items()}
    for at, stems in enumerate(named):
        weighed = [(frozenset(name), sum(weight[word] for word in name)) for name in stems]
        for number, (told, shares) in enumerate(stems.items()):
            whole, weighs = weighed[number]
            said = any(one < whole and part >= TOLD_ALREADY * weighs for one, part in weighed)
            if not number or not said or listed[at][0].kind == "service":
                yield at, told, shares


def _listed(library: Library) -> "Iterator[_Listed]":
    """Everything that words may lead to; the first name of each is its title, wherever that is
    one."""

    def thing(kind: str, fact: "Any", title: str) -> Thing:
        return Thing(kind, fact.id, title, fact.address, BIAS.get(kind, 0.0))

    yield from _listed_services(library, thing)
    for code in library.facts(Code).values():
        titles = (title.text for title in code.titles)
        names = (code.code, *titles, *code.also, f"{code.code} definition")
        yield thing("code", code, f"{code.code} {code.title}"), names, ()
    yield from _listed_checklists(library)
    for denial in library.facts(Denial).values():
        yield thing("denial", denial, denial.reason), (denial.reason, *denial.also), ()
    for remittance in library.facts(Remittance).values():
        group = remittance.kind is RemittanceKind.GROUP
        kind = "Group" if group else remittance.kind.value.upper()
        yield thing("remittance", remittance, f"{kind} {remittance.code}"), (remittance.code,), ()
    for question in library.facts(Question).values():
        yield thing("question", question, question.asks), (question.asks, *question.also), ()
    for topic in library.facts(Topic).values():
        yield thing("topic", topic, topic.heading), (topic.heading, *topic.also), ()
    for charge in library.facts(Charge).values():
        yield thing("charge", charge, charge.situation), (charge.situation, *charge.also), ()
    for entry in library.facts(Coverage).values():
        title = f"{entry.payer}: {entry.label}" if entry.payer else entry.label
        yield thing("coverage", entry, title), (title, entry.payer, *entry.also), ()
    for item in library.facts(Item).values():
        yield thing("item", item, item.label), (item.label,), ()
    for edition in library.facts(Edition).values():
        yield thing("edition", edition, edition.id), (str(edition.since.year),), ()
    for term in library.facts(Term).values():
        if not term.service:  # else its words are those of the service
            # Whoever wants a definition asks for it by one word.
            single = (word for word in term.also if " " not in word)
            yield thing("term", term, term.term), (term.term, *single), ()
    for outside in library.facts(Outside).values():
        yield thing("outside", outside, outside.short), (outside.short, *outside.words), ()


def _listed_checklists(library: Library) -> "Iterator[_Listed]":
    """What the record of a code must hold, on a sheet of its own."""
    last = library.editions()[-1].until
    asked = {code for item in library.facts(Item).values() for code in item.codes}
    for fact in library.facts(Code).values():
        if covers(fact, last) and (fact.subject or fact.code in asked):
            title = f"{fact.code} checklist"
            address = f"checklists/{fact.code}/"
            said = ("note", "write note", "record note", "required documentation")
            names = (title, *(f"{fact.code} {words}" for words in said))
            yield Thing("checklist", fact.code, title, address), names, ()


def _listed_services(library: Library, thing: "Any") -> "Iterator[_Listed]":
    terms: dict[str, list[str]] = {}
    for term in library.facts(Term).values():
        terms.setdefault(term.service, []).extend((term.term, *term.also))
    for service in library.facts(Service).values():
        own = (service.short, service.id, *service.also, *terms.get(service.id, ()))
        yield thing("service", service, service.short), own, service.shared


@lru_cache(maxsize=1)
def index(library: Library) -> Index:
    """The index of a library, made once and kept until another is asked for."""
    return Index(library)
