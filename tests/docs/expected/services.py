"""The pages of the services, and the lists and tables of them."""

import datetime as dt
import re
from collections.abc import Sequence

import cdtref
from tests.docs.expected import quoted
from tests.docs.expected.pieces import (
    Lines,
    by_theme,
    choices,
    cite,
    cited,
    code_link,
    code_links,
    copy,
    data,
    heading,
    holds,
    inside,
    link,
    macro,
    marks,
    named_sources,
    row,
    service_link,
    slot,
    switch,
)
from tests.docs.page_lines import signs
from tests.docs.telling import (
    Told,
    doubts,
    first,
    holds_since,
    last,
    long,
    of_pair,
    of_service,
    service_answer,
    standing,
    years,
)


@macro
def service_page(where: str, id: str) -> Lines:
    service, answer, told = cdtref.service(id), service_answer(id), of_service(id)
    rule, one = cdtref.rule(answer.rule), told[0]
    since = holds_since(lambda on: of_service(id, on))
    yield heading(1, service.short, where, f"service-{id}")
    yield f"We {service.name}."
    yield from switch()
    yield from inside(
        signs(*marks(one), id="answer", until=last(), card_service=id),
        [
            *(line for each in told for line in headed(each, id)),
            slot("standing", one.standing),
            slot("why", one.why),
            *inside(signs("backs"), ["## Who backs it", slot("backing", one.backing)]),
            *against(one),
            holds(since),
            "## Say this to the payer",
            f"{signs(id='say', slot='say')} {one.say}",
            copy("say"),
            "## Write this in the record",
            f"{signs(id='write', slot='write')} {one.write}",
            copy("write"),
            *cite(
                where, service.short, one.headline, quoted.of_service(service, told, since), since
            ),
        ],
    )
    what = f"{service.what} {service.note}"
    if answer.outcome == "no-code":
        what += (
            f" {signs(today='')} {code_link('D0999')} is the by-report code for a diagnostic "
            "service without a code of its own; no source we read applies it here."
        )
    yield what
    asked = [one for one in cdtref.questions() if id in one.services]
    if asked:
        told_of = [link(one.asks, one.address) for one in asked]
        told_of.insert(1, asked[0].answer)
        yield f"{signs(id='who-says-otherwise', today='')} {' '.join(told_of)}"
        yield " ".join(
            signs(id=one.id) for question in asked for one in cdtref.positions(about=question.id)
        )
    if rule.exceptions:
        yield "## <id=codes-people-try> Codes people try"
        yield row("Code", "Answer", "Why")
    for tried in rule.exceptions:
        pair = of_pair(tried.code, id)
        yield row(
            code_link(tried.code, id if cdtref.code(tried.code).subject else "")
            + f" {cited(where, tried.code.lower())}",
            f"{slot('headline', pair.headline)} {slot('second', pair.second)}",
            f"{slot('why', pair.why)} {slot('standing', pair.standing)}",
            told=signs(*marks(pair), id=tried.code.lower(), pair="", **data(pair, id)),
        )
    yield "## <id=by-date-of-service> By date of service"
    yield row("Dates of service", "Answer", "Why")
    rules = [rule for rule in cdtref.rules() if rule.service == id]
    for rule in sorted(rules, key=lambda rule: rule.since or first(), reverse=True):
        yield span_of(rule, id)
    yield from inside(signs(id="also-called"), ["▸ Also called", " · ".join(service.also)])


def headed(told: Told, service: str) -> Lines:
    yield from inside(
        signs(*marks(told), **data(told, service)),
        [f"## {slot('headline', told.headline)}", slot("second", told.second)],
    )


def against(told: Told) -> Lines:
    mark = signs("disputes", *["hidden"] * (not told.dissent))
    yield from inside(mark, ["## Who disputes it", slot("dissent", told.dissent)])


def span_of(rule: cdtref.Rule, service: str) -> str:
    """A row of the decision table, with the answer of its last day."""
    since, until = max(rule.since or first(), first()), min(rule.until or last(), last())
    told, answer = of_service(service, until), service_answer(service, until)
    names = named_sources(rule.sources)
    stands = standing(rule.status, rule.confidence, disputed=answer.disputed)
    return row(
        years(since, until),
        " ".join(one.headline for one in told),
        f"{rule.why} {stands} {', '.join(names) or 'No source'}",
        told=signs(*marks(told[0]), id=rule.id),
    )


@macro
def services_page(where: str) -> Lines:
    yield heading(1, "Services: what was done", where, "services")
    yield (
        f"For dates of service from {long(cdtref.editions()[-1].since)} to {long(last())}. Behind "
        "each stand the reason, other dates, and who disagrees."
    )
    for theme, services in by_theme():
        id = re.sub(r"[^a-z0-9]+", "-", theme.lower())
        yield heading(2, theme, where, id)
        yield from choices(services)


@macro
def home(where: str) -> Lines:
    for theme, services in by_theme():
        yield f"## {theme}"
        yield from choices(services)


def reported(answer: cdtref.ServiceAnswer) -> str:
    """An outcome in few words, as a cell of a table has it."""
    outcome = {
        "reported": code_links(answer.codes),
        "included": "nothing separate",
        "no-code": "no code of its own",
        "unsettled": "unsettled: ask the payer",
    }
    return outcome[answer.outcome] + doubts(answer)


@macro
def report_table(where: str, *services: str) -> Lines:
    yield row(f"What was done, in {last().year}", "Report")
    for id in services:
        service = cdtref.service(id)
        yield row(link(service.phrase, service.address), reported(service_answer(id)))


@macro
def years_table(where: str, services: Sequence[str], asked: Sequence[int]) -> Lines:
    yield row("Date of service in", *map(str, asked))
    for id in services:
        told = ((year, service_answer(id, dt.date(year, 12, 31))) for year in asked)
        cells = (f"{year}: {reported(answer)}" for year, answer in told)
        yield row(service_link(cdtref.service(id)), *cells)
