"""The index of meanings for the browser, and what a visit needs besides the truth table."""

import json
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import cdtref
from cdtref import fitting, meanings, querying, searching, wording
from cdtref.library import current
from cdtref.model import long_date
from cdtref.words import headline

from . import views

FILE = "assets/ask.json"
NUMBERS: dict[ModuleType, str] = {
    searching: "LONGEST",
    meanings: "CODE_WEIGHT REMITTANCE_WEIGHT YEAR_WEIGHT UNKNOWN UNKNOWN_HERE",
    querying: "WORDS CODES BARE_YEAR NOT_HELD EDITION KIND_OF GUESSED MISSPELT SHORTEST_GUESSED "
    "DENIED",
    wording: "SHORTEST_MISSPELT SHORTEST_SWAPPED SHORTEST_WRONG",
    fitting: "LEAST LEAST_AT_HOME LEAST_NAMED STRANGE TOO_STRANGE TELLING NAMED MOST NEAR_BEST "
    "NAME_SHARE ONCE_MORE AROUND AROUND_CODES AROUND_ASKED WHOLE PURPOSE PARTIAL ASKED EXACT "
    "LISTED SHARED_BY TOGETHER FEW LEAD",
}
"""The numbers that the script takes from the library, by the module that says what each is."""


def table() -> dict[str, Any]:
    """What the script needs to find what `cdtref.search` finds, and `recommend` for a visit."""
    library = current()
    known = meanings.index(library)
    vocabulary = known.vocabulary
    most = max(len(found) for found in known.names_with.values())
    contested: dict[str, list[str]] = {}
    for question in cdtref.questions():
        for service in question.services:
            contested.setdefault(service, []).append(question.code)
    codes = {code.code: code for code in cdtref.all_codes()}
    return {
        "version": str(library.version),
        **{
            name: getattr(module, name)
            for module, names in NUMBERS.items()
            for name in names.split()
        },
        "bias": meanings.BIAS,
        "rarity": [meanings.rarity(things) for things in range(most + 1)],
        "endings": wording.ENDINGS,
        "typed": wording.TYPED,
        "months": wording.MONTHS,
        "dates": wording.DATES,
        "code": wording.A_CODE,
        "bareCode": wording.BARE_CODE,
        "joiners": querying.JOINERS,
        "looseJoiner": querying.LOOSE_JOINER,
        "outsideCode": known.outside_code,
        "sets": {name: " ".join(sorted(words)) for name, words in _sets(vocabulary).items()},
        "beforeLaterDates": vocabulary.before_later_dates,
        "apart": meanings.APART,
        "denies": sorted(meanings.DENIES),
        "later": meanings.LATER,
        "smallNames": sorted(vocabulary.small_names),
        "joined": " ".join(sorted("-".join(halves) for halves in vocabulary.joined.values())),
        # The word, and then those that mean the same, or kinds of it.
        "same": _by_meaning((word, (own,)) for word, own in vocabulary.same.items()),
        "kinds": _by_meaning(vocabulary.kinds.items()),
        "codes": list(codes),
        "neighbors": [code for code, fact in codes.items() if not fact.subject],
        # By kind, each with its id, its title, its names as the stems of their words, and its
        # address where that is not made as those of its kind are. A tilde stands before a name that
        # several share, and = for the title.
        "addresses": ADDRESSES,
        "things": _things(known),
        "serviceOf": {code: known.things[at].id for code, at in known.service_of.items()},
        "reasons": {str(number): found for number, found in known.reasons.items()},
        "uses": {
            service.id: [service.act, service.use] for service in cdtref.services() if service.act
        },
        "cautions": [
            [
                caution.id,
                [[when.services, when.codes, when.repeated] for when in caution.when],
                caution.text,
                views.standing(caution),
            ]
            for caution in cdtref.cautions()
            if caution.when  # what only a claim shows is not asked about here
        ],
        "beyond": {
            "headline": headline(cdtref.Verdict.UNSETTLED),
            "why": f"Dates of service after {long_date(views.day())} are not answered here.",
        },
        "contested": contested,
    }


def _sets(vocabulary: meanings.Vocabulary) -> dict[str, frozenset[str]]:
    return {
        "fillers": vocabulary.fillers,
        "before": vocabulary.before_numbers,
        "purposes": vocabulary.before_purposes,
        "done": vocabulary.what_was_done,
        "beside": vocabulary.beside_dates,
        "asking": vocabulary.asking,
        "home": vocabulary.of_dentistry,
        "groups": vocabulary.groups,
    }


def _by_meaning(meant: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    words: dict[str, list[str]] = {}
    for word, owners in meant:
        for own in owners:
            words.setdefault(own, [own]).append(word)
    return "|".join(" ".join(found) for found in words.values())


ADDRESSES = {
    "service": "services/{id}/",
    "code": "codes/{id}/",
    "checklist": "checklists/{id}/",
    "denial": "denials/{id}/",
    "remittance": "denials/{ID}/",
    "topic": "guide/questions/#{id}",
    "charge": "guide/who-may-be-charged/#{id}",
    "coverage": "guide/coverage/#{id}",
    "term": "glossary/#{id}",
    "outside": "outside/#{id}",
}
"""How most addresses of a kind are made from the id, as it is and in capitals."""


def _things(known: meanings.Index) -> dict[str, list[list[str]]]:
    names: dict[int, list[str]] = {}
    for number, name in enumerate(known.names):
        at = known.thing_of[number]
        mark = "~" if number in known.asks else ""
        as_titled = not mark and name == known.vocabulary.stems(known.things[at].title)
        names.setdefault(at, []).append("=" if as_titled else mark + " ".join(name))
    found: dict[str, list[list[str]]] = {}
    for number, thing in enumerate(known.things):
        row = [thing.id, thing.title, "|".join(names.get(number, ()))]
        usual = ADDRESSES.get(thing.kind, "")
        if thing.address != usual.replace("{id}", thing.id).replace("{ID}", thing.id.upper()):
            row.append(thing.address)
        found.setdefault(thing.kind, []).append(row)
    return found


def write(site: Path) -> None:
    """Writes the index into a built site."""
    text = json.dumps(table(), separators=(",", ":"), ensure_ascii=False)
    path = site / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
