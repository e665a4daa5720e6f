"""Pieces that several pages share, as lines of `page_lines`."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import cdtref
from cdtref import Code, Position, Question, Service
from tests.docs.page_lines import signs
from tests.docs.telling import (
    LOOK,
    NOT_ANSWERED,
    SERVICE_THEME,
    STANCE,
    SURE,
    Told,
    dated,
    first,
    last,
    last_edition,
    long,
    of_pair,
    of_service,
    service_answer,
    verified,
)

Lines = Iterator[str]
Writer = Callable[..., Lines]

WRITERS: dict[str, Writer] = {}
"""What a macro has to write, by its name. The first argument is the address of the page."""


def macro(writer: Writer) -> Writer:
    WRITERS[writer.__name__] = writer
    return writer


class Bare(str):
    """A line of Markdown with a link: the codes in it are not made into links."""

    __slots__ = ()


def link(words: str, to: str) -> str:
    return f"[{words}]({to})"


def code_link(code: str, anchor: str = "") -> str:
    return link(code, cdtref.code(code).address + (f"#{anchor}" if anchor else ""))


def code_links(codes: Iterable[str]) -> str:
    return ", ".join(map(code_link, codes))


def service_link(service: Service) -> str:
    return link(service.short, service.address)


def source_link(id: str) -> str:
    source = cdtref.source(id)
    date = f" ({dated(source.date)})" if source.date else ""
    return link(source.publisher, f"sources/#{id}") + date


def source_links(ids: Iterable[str]) -> str:
    return ", ".join(map(source_link, ids))


def named_sources(ids: Iterable[str]) -> list[str]:
    """By publisher; one that is named twice is told apart by its date."""
    sources = [cdtref.source(id) for id in ids]
    publishers = [source.publisher for source in sources]
    return [
        link(
            f"{source.publisher} ({dated(source.date)})"
            if source.date and publishers.count(source.publisher) > 1
            else source.publisher,
            f"sources/#{source.id}",
        )
        for source in sources
    ]


def evidence(fact: Any, skip: int = 0) -> str:
    """Who says so, by publisher, and how sure we are."""
    names, before = [], ""
    for id in fact.sources:
        by = cdtref.source(id).publisher
        names.append(link("another" if by == before else by, f"sources/#{id}"))
        before = by
    return " ".join(filter(None, [", ".join(names[skip:]), f"({SURE[fact.confidence]})"]))


def perma(where: str, id: str) -> str:
    return link("¶", f"{where}#{id}")


def heading(level: int, text: str, where: str, id: str) -> str:
    return f"{'#' * level} {signs(id=id)} {text}{perma(where, id)}"


def inside(told: str, lines: Iterable[str]) -> Lines:
    """A block that has something of its own to say, and what stands in it."""
    yield told
    for line in lines:
        yield type(line)(f"  {line}")


def row(*cells: str, told: str = "") -> str:
    return " ".join(filter(None, [told, " | ".join(cells).strip()]))


def marks(told: Told) -> list[str]:
    return [f"v-{told.verdict}", *["soft"] * told.soft, *["disputed"] * told.disputed]


def data(told: Told, service: str, on: dt.date | None = None) -> dict[str, object]:
    return {"code": told.code, "service": service, "verdict": told.verdict, "on": on or last()}


def slot(name: str, text: str) -> str:
    return f"{signs(slot=name)} {text}"


def copy(id: str) -> str:
    return f"{signs(copy=id, done='Copied')} Copy"


def switch() -> Lines:
    """For another date of service."""
    yield f"Another date of service: {signs(min=first(), max=last())}"
    yield signs(
        shown="Answers for {on}.",
        wait="…",
        lost="The answers for other dates could not be loaded. The tables by date of service below "
        "say the same.",
        none=f"Type a date such as {last()}.",
        before=f"Dates of service before {long(first())} {NOT_ANSWERED}",
        after=f"Dates of service after {long(last())} {NOT_ANSWERED} {LOOK}",
    )
    yield "For another date of service, see the tables below."


def holds(since: dt.date) -> str:
    dates = f"Holds for dates of service from {long(since)} to {long(last())}."
    return (
        f"{signs(slot='dates', text='Holds for dates of service from {since} to {until}.')} {dates}"
    )


def cite(
    where: str,
    title: str,
    told: str,
    quoted: str,
    since: dt.date | None = None,
    *,
    anchor: str = "",
) -> Lines:
    """What a page that links here needs. Without an address of the site, the page's own."""
    here, at = f"{where}#{anchor}" if anchor else where, f"-{anchor}" if anchor else ""
    root = "../" * where.count("/") + here
    span = ""
    if since:
        spans = signs(slot="dates", text="for dates of service from {since} to {until}")
        span = f"{spans} for dates of service from {long(since)} to {long(last())}, "
    yield "▸ Link to this answer"
    yield f"{signs(id=f'link{at}', address=root)} {here}"
    yield copy(f"link{at}")
    yield (
        f"{signs(id=f'citation{at}')} cdtref, “{signs(cited=f'{title}:')} {title}: {told}”, {span}"
        f"as of {last_edition()}, last verified {verified()}, {signs(address=root)} {here}"
    )
    yield copy(f"citation{at}")
    yield "To paste into a page of yours:"
    yield Bare(f"{signs(id=f'quotation{at}', quoted=here)} `{quoted}`")
    yield copy(f"quotation{at}")


def cited(where: str, id: str) -> str:
    """At a row that is an answer."""
    return link("¶", f"{where}#{id}")


def not_for(code: Code, *, every: bool = False) -> Lines:
    told = [one for one in code.not_for if every or not one.service]
    lines = []
    for one in told:
        pair = of_pair(code.code, one.service) if one.service else None
        instead = f" {pair.second or f'{pair.headline}.'}" if pair else ""
        lines.append(f"- {one.what}{instead}")
    if lines:
        yield "## Do not report it for"
        yield from inside(signs("not-for"), lines)


def answer_row(where: str, code: Code, service: Service, *, sure: bool = True) -> str:
    told = of_pair(code.code, service.id)
    by_whom = link("by whom", f"{service.address}#answer")
    return row(
        f"{service_link(service)} {cited(where, service.id)}",
        slot("headline", told.headline),
        *[f"{slot('standing', told.standing)} {by_whom}"] * sure,
        slot("second", told.second),
        told=signs(*marks(told), id=service.id, pair="", **data(told, service.id)),
    )


def position(where: str, one: Position) -> str:
    relayed = ", as others relay it" if one.relayed_by else ""
    parts = [f"- {signs(id=one.id)} {source_link(one.source)}{relayed}. {one.says}"]
    if one.implied:
        parts.append("Implied, not said outright.")
    parts += voice(one)
    if one.since or one.until:
        since = f" from {long(one.since)}" if one.since else ""
        until = f" to {long(one.until)}" if one.until else ""
        parts.append(f"We apply it to dates of service{since}{until}.")
    return " ".join([*parts, perma(where, one.id)])


def voice(one: Position | cdtref.Source) -> list[str]:
    told = []
    if one.repeats:
        told.append(f"Repeats {source_link(one.repeats)}: one voice, not two.")
    if one.sells:
        told.append("Sells this service or its billing.")
    return told


def positions(where: str, question: Question) -> Lines:
    said = cdtref.positions(about=question.id)
    for stance, words in STANCE.items():
        found = [one for one in said if one.stance == stance]
        if found:
            yield words
            yield from (position(where, one) for one in found)
    if question.nothing_found:
        yield "Looked for and not found"
        yield f"No statement was found from {', '.join(question.nothing_found)}."


def choices(services: Iterable[Service]) -> Lines:
    """Things one may have done, each with its answer and what makes it less sure."""
    for service in services:
        answer = service_answer(service.id)
        inferred = cdtref.rule(answer.rule).status == "inferred"
        for told in of_service(service.id):
            words = f"{service.short} {told.headline}"
            words += f" {signs('disputed')} disputed" * told.disputed
            weak = "inferred" if inferred else SURE[answer.confidence]
            words += f" {signs('soft')} {weak}" * told.soft
            told_of = signs(*marks(told), **data(told, service.id))
            yield f"- {told_of} {link(words, service.address)}"


def by_theme() -> Iterator[tuple[str, list[Service]]]:
    for theme, words in SERVICE_THEME.items():
        yield words, [service for service in cdtref.services() if service.theme == theme]
