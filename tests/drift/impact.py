"""What rests on a fact, to look at before it is changed: `make impact FACT=charge:medicaid`.

FACT is an entry, or an entry and a field as in `"denial:bundled remedy"`. Told are the sentences
that are put to the library or quoted, those only reviewed, the cards, the answers, and the pages
that show it, found by watching what each of them reads.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial

import cdtref
from cdtref.site import holding, reviewed
from cdtref.site.bound import find
from cdtref.site.cards import check_card, shown_card
from cdtref.site.holding import Hold
from cdtref.site.untrue import UnreadableError
from tests.docs.reading_back import DOCS, page_should_say

from .world import World, traced


def impact(fact: str) -> Iterator[tuple[str, str]]:
    """Each thing that rests on a fact: its kind, and what it is."""
    kind, _, id = fact.partition(":")
    world = World()
    field = ""
    if " " in id and id not in world.tables.get(kind, {}):
        id, _, field = id.rpartition(" ")
    if id not in world.tables.get(kind, {}):
        told = f"no {kind or 'kind'} has the id {id!r}"
        raise UnreadableError(f"{told}; write KIND:ID as in rule:retake, and a field if you like")
    if field:
        find(fact)

    for scenario in cdtref.scenarios():
        with world.reading_as_before():  # so that no card rests on every word of the search
            _check(scenario.id)

    def reads(act: Callable[[], object]) -> bool:
        with world.reading_as_before(), traced() as touched:
            act()
        return any(one[:2] == (kind, id) and field in ("", one[2]) for one in touched)

    yield from _sentences(holding.texts_of(kind, id), reads)
    for entry in reviewed.read().values():
        if any(one == fact or one.startswith(f"{kind}:{id} ") for one in entry.rests):
            yield "reviewed sentence", f"{entry.page}: {entry.sentence}"
    for scenario in cdtref.scenarios():
        if reads(partial(_check, scenario.id)):
            yield "card", scenario.address
    for service in cdtref.services():
        if reads(partial(_answers, service.id)):
            yield "answer", service.address
    for path in sorted(DOCS.rglob("*.md")):
        name = path.relative_to(DOCS).with_suffix("").as_posix()
        where = name.removesuffix("index") if path.stem == "index" else f"{name}/"
        if reads(partial(page_should_say, where)):
            yield "page", f"/{where}"


def _sentences(
    own: frozenset[str], reads: Callable[[Callable[[], object]], bool]
) -> Iterator[tuple[str, str]]:
    for held in holding.everything():
        told = f"{held.where}: {held.sentence.text}"
        if held.hold in (Hold.EXECUTED, Hold.BOUND) and reads(partial(holding.again, held)):
            yield f"{held.hold.value} sentence", told
        elif held.hold is Hold.QUOTED and held.sentence.text in own and ":" not in held.where:
            yield "quoted sentence", told


def _check(scenario: str) -> None:
    check_card(shown_card(scenario))


def _answers(service: str) -> None:
    for edition in cdtref.editions():
        for day in (edition.since, edition.until):
            cdtref.recommend([service], on=day)
            for code in cdtref.codes(on=day):
                cdtref.can_bill(code.code, service, on=day)


def main(arguments: list[str]) -> int:
    fact = " ".join(arguments)
    if not fact:
        print("Name a fact: make impact FACT=charge:medicaid", file=sys.stderr)
        return 2
    try:
        found = list(impact(fact))
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 2
    kind = ""
    for what, told in found:
        if what != kind:
            kind = what
            print(f"{sum(one == what for one, _ in found)} × {what}")
        print(f"  {told}")
    if not found:
        print("Nothing rests on it but its own entry.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
