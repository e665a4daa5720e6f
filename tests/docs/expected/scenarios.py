"""Worked examples: cards in pages, and the pages of them."""

import datetime as dt
import re

import cdtref
from tests.docs.expected import quoted
from tests.docs.expected.pieces import Bare, Lines, cite, data, heading, inside, link, macro, marks
from tests.docs.page_lines import signs
from tests.docs.telling import (
    SCENARIO_THEME,
    Told,
    last,
    listed,
    long,
    of_service,
    sentence,
    service_answer,
    standing,
)


@macro
def scenarios_page(where: str, theme: str) -> Lines:
    yield heading(1, f"Scenarios: {SCENARIO_THEME[theme]}", where, f"scenarios-{theme}")
    yield (
        "Worked examples, all made up. A date of service belongs to each; for another date, and "
        "for who says so, open the answer."
    )
    for scenario in cdtref.scenarios():
        if scenario.theme == theme:
            yield heading(2, scenario.title, where, scenario.id)
            yield from card_of(scenario)
            disputed = any(
                service_answer(id, on).disputed for did, on, _ in visits_of(scenario) for id in did
            )
            stands = standing(scenario.status, scenario.confidence, disputed=disputed)
            yield stands if scenario.sources else f"{stands}No source"
            piece = quoted.of_scenario(scenario)
            yield from cite(where, "Scenario", scenario.title, piece, anchor=scenario.id)


Visit = tuple[tuple[str, ...], dt.date, tuple[str, ...]]


def visits_of(scenario: cdtref.Scenario) -> list[Visit]:
    return [
        (scenario.did, scenario.on, scenario.bill),
        *((visit.did, visit.on, visit.bill) for visit in scenario.then),
    ]


def card_of(scenario: cdtref.Scenario) -> Lines:
    yield from card(
        scenario.id,
        visits_of(scenario),
        not_=scenario.not_,
        story=scenario.story,
        why=scenario.why,
        ask=scenario.ask,
    )


def card(
    name: str,
    visits: list[Visit],
    *,
    title: str = "",
    not_: tuple[str, ...] = (),
    story: str = "",
    why: str = "",
    ask: str = "",
) -> Lines:
    """A worked example: what was done, on which date, and what to report."""
    lines = [title, story]
    for number, (did, on, bill) in enumerate(visits):
        lines.append(f"Date of service {long(on)}")
        lines += [done(told, id, on) for id in did for told in of_service(id, on)]
        if len(bill) != len(did):
            lines.append(f"On the claim: {', '.join(map(head_of, bill)) or 'no line'}")
        if not_ and number == 0:
            lines.append(f"Do not report {listed(map(head_of, not_), 'or')}.")
    lines += [why, f"Ask the payer: {ask}" if ask else ""]
    yield from inside(signs(card=name, until=last()), filter(None, lines))


def done(told: Told, id: str, on: dt.date) -> str:
    service = cdtref.service(id)
    words = re.sub(r"D\d{4}", lambda code: head_of(code[0]), told.headline)
    tag = f" {signs('disputed')} disputed" * told.disputed
    to = f"{service.address}#service-{id}"
    return f"- {signs(*marks(told), **data(told, id, on))} {link(service.short, to)} {words}{tag}"


def head_of(code: str) -> str:
    """A link to the heading of a code, as a builder's cross-reference leads to it."""
    page = cdtref.code(code).address.partition("#")[0]
    return link(code, f"{page}#code-{code.lower()}")


def scenario_fence(fields: dict[str, str]) -> Lines:
    """A card that stands in a page, or shows one of the knowledge. Its texts get no links."""
    if "show" in fields:
        scenario = cdtref.scenario(fields["show"])
        found = card(
            scenario.id,
            visits_of(scenario),
            title=scenario.title,
            not_=scenario.not_,
            story=scenario.story,
            why=scenario.why,
            ask=scenario.ask,
        )
    else:
        bill = () if fields["bill"] == "nothing" else _several(fields["bill"])
        visit = (_several(fields["did"]), dt.date.fromisoformat(fields["on"]), bill)
        not_ = _several(fields["not"]) if "not" in fields else ()
        why = fields.get("why", "")
        found = card(fields["title"], [visit], title=fields["title"], not_=not_, why=why)
    yield from map(Bare, found)


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


@macro
def scenarios_index(where: str) -> Lines:
    yield heading(1, "Scenarios", where, "scenarios")
    yield (
        "Worked examples in the words of a front desk: what was done, on which date of service, "
        "and the codes. Each has its own address. All are made up, and all are run against the "
        "library."
    )
    for theme, words in SCENARIO_THEME.items():
        found = [one for one in cdtref.scenarios() if one.theme == theme]
        page = f"scenarios/{theme}/"
        yield from inside(
            signs(id=theme),
            [
                f"▸ {sentence(words)} ({len(found)})",
                link("All of them on one page", page),
                *(f"- {link(one.title, f'{page}#{one.id}')}" for one in found),
            ],
        )
