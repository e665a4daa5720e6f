"""Scenario cards: worked examples in a page, shown to the reader and run by the tests.

A card is a fence of the language `scenario`. It either tells an example of its own page, in the
words of the library (`did`, `on`, `bill`, `not`, `unsettled`), or shows one of the knowledge:

    show: scan-then-in-office-print
"""

import datetime as dt
import re
from html import escape
from typing import Any, NamedTuple

import yaml
from pymdownx.superfences import SuperFencesException

import cdtref
from cdtref import ServiceAnswer, Verdict, Visit
from cdtref.model import long_date

from . import answers, notes, views
from .answers import Shown
from .bound import TURNS
from .untrue import UnreadableError, UntrueError, require

_TURNS = re.compile(rf"{TURNS.pattern}|\b(?:nobody|nothing)\b", re.IGNORECASE)


class CardError(UnreadableError):
    """A card that cannot be read. The message says what would be right."""


class Card(NamedTuple):
    """A scenario card, as its author wrote it."""

    title: str
    visits: tuple[Visit, ...]
    not_: tuple[str, ...] = ()
    story: str = ""
    why: str = ""
    ask: str = ""
    id: str = ""


_KEYS = ("title", "did", "on", "bill", "not", "unsettled", "why")


def read_card(text: str) -> Card:
    """The card in a fence."""
    try:
        # The base loader leaves every value text: `on` stays a key, a date stays what was written.
        fields = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise CardError(f"the card is not `key: value` lines: {error}") from None
    if not isinstance(fields, dict):
        raise CardError("the card is empty or not `key: value` lines")
    if "show" in fields:
        if len(fields) > 1:
            raise CardError("`show` stands alone: the rest comes from the knowledge")
        return shown_card(_text(fields, "show"))
    if stray := sorted(fields.keys() - set(_KEYS)):
        raise CardError(f"unknown key `{stray[0]}`; a card has {', '.join(_KEYS)}")
    services = tuple(cdtref.service(id).id for id in _list(fields, "did"))
    bill = () if _text(fields, "bill") == "nothing" else _list(fields, "bill")
    return Card(
        title=_text(fields, "title"),
        visits=(
            Visit(
                did=services,
                on=_date(_text(fields, "on")),
                bill=tuple(cdtref.code(code).code for code in bill),
                unsettled=tuple(cdtref.service(id).id for id in _listed(fields, "unsettled")),
            ),
        ),
        not_=tuple(cdtref.code(code).code for code in _listed(fields, "not")),
        why=_text(fields, "why") if "why" in fields else "",
    )


def shown_card(id: str) -> Card:
    """The card of a scenario in the knowledge."""
    scenario = cdtref.scenario(id)
    first = Visit(
        did=scenario.did, on=scenario.on, bill=scenario.bill, unsettled=scenario.unsettled
    )
    return Card(
        title=scenario.title,
        visits=(first, *scenario.then),
        not_=scenario.not_,
        story=scenario.story,
        why=scenario.why,
        ask=scenario.ask,
        id=scenario.id,
    )


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CardError(f"`{key}` is missing or empty; a card has {', '.join(_KEYS)}")
    return value.strip()


def _list(fields: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _text(fields, key).split(","))


def _listed(fields: dict[str, Any], key: str) -> tuple[str, ...]:
    """A list that may be left out."""
    return _list(fields, key) if key in fields else ()


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CardError(f"`on`: expected a date such as 2026-03-02, got {text!r}") from None


def check_card(card: Card) -> None:
    """Ask the library about a card; `UntrueError` says where it answers otherwise.

    What was done is all told: each service has a line of its own, or none and is part of something
    or without a code, or is named as unsettled. A code under `not` describes nothing of it.
    """
    for visit in card.visits:
        told = cdtref.recommend(visit.did, on=visit.on)
        for said, what, found in (
            (visit.bill, "bills", tuple(line.code for line in told.lines)),
            (visit.unsettled, "leaves unsettled", told.unsettled),
        ):
            require(
                said == found,
                f"{card.title}: for {', '.join(visit.did)} on {visit.on} the card {what} "
                f"{', '.join(said) or 'nothing'}; the library {', '.join(found) or 'nothing'}",
            )
        for line in told.lines:
            require(
                len(line.services) == 1,
                f"{card.title}: {line.code} stands for {' and '.join(line.services)}, so that one "
                "hides behind the other; tell each on a card of its own",
            )
        for code in card.not_:
            for service in visit.did:
                answer = cdtref.can_bill(code, service, on=visit.on)
                require(
                    answer.verdict in (Verdict.NO, Verdict.INCLUDED),
                    f"{card.title}: the card says not {code}; for {service} on {visit.on} the "
                    f"library says {answer.verdict.value}",
                )
    _check_ask(card)
    for words in filter(None, (card.title, card.story)):
        _check_told(card, words)


def _check_told(card: Card, words: str) -> None:
    """Title and story are understood as what was done, and as nothing else.

    A search reads “nothing poured” as poured, so that neither tells what was not done.
    """
    turned = _TURNS.search(words)
    require(turned is None, f"{card.title}: tell what was done, without “{turned and turned[0]}”")
    told, done = notes.understood(words), {id for visit in card.visits for id in visit.did}
    require(
        bool(told) and done.issuperset(told),
        f"{card.title}: asked “{words}”, the library reads "
        f"{', '.join(told) or 'nothing done'}; the card is about {', '.join(sorted(done))}",
    )


def _check_ask(card: Card) -> None:
    """The payer is asked only of codes that the card bills, or that its answers leave open."""
    for code in re.findall(r"\bD\d{4}\b", card.ask):
        open = any(
            code in visit.bill
            or cdtref.can_bill(code, service, on=visit.on).verdict is Verdict.UNSETTLED
            for visit in card.visits
            for service in visit.did
        )
        require(
            open, f"{card.title}: the payer is asked of {code}, which is neither billed nor open"
        )


def false_scenarios() -> list[str]:
    """What is wrong with the worked examples of the knowledge."""
    wrong = []
    for scenario in cdtref.scenarios():
        try:
            check_card(shown_card(scenario.id))
        except UntrueError as error:
            wrong.append(str(error))
    return wrong


def card_html(card: Card, *, titled: bool = True) -> str:
    """A card as the reader sees it. Codes and services link to their pages."""
    name = escape(card.id or card.title, quote=True)
    parts = [f'<div class="card" data-card="{name}" data-until="{views.day()}">']
    if titled:
        parts.append(f'<p class="card-title">{escape(card.title)}</p>')
    if card.story:
        parts.append(f'<p class="card-story">{escape(card.story)}</p>')
    for visit in card.visits:
        parts.append(f'<p class="card-date">Date of service {long_date(visit.on)}</p><ul>')
        for told in cdtref.recommend(visit.did, on=visit.on).services:
            parts += [_done(told, shown, visit.on) for shown in answers.of_service(told, visit.on)]
        parts.append("</ul>")
        if len(visit.bill) != len(visit.did):
            # Many services have no line.
            bill = ", ".join(map(code_link, visit.bill)) or "no line"
            parts.append(f'<p class="card-bill">On the claim: {bill}</p>')
        if card.not_ and visit is card.visits[0]:
            parts.append(f'<p class="card-not">Do not report {_or(card.not_)}.</p>')
    if card.why:
        parts.append(f'<p class="card-why">{escape(card.why)}</p>')
    if card.ask:
        parts.append(f'<p class="card-ask"><b>Ask the payer:</b> {escape(card.ask)}</p>')
    parts.append("</div>")
    return "\n".join(parts)


def _or(codes: tuple[str, ...]) -> str:
    linked = [*map(code_link, codes)]
    return linked[0] if len(linked) == 1 else f"{', '.join(linked[:-1])} or {linked[-1]}"


def _done(told: ServiceAnswer, shown: Shown, on: dt.date) -> str:
    """A service of a card and its answer on the date of the visit."""
    marks = f"ans v-{shown.verdict}{' soft' * shown.soft}{' disputed' * shown.disputed}"
    tags = '<span class="tag disputed">disputed</span>' * shown.disputed
    words = re.sub(r"D\d{4}", lambda code: code_link(code[0]), escape(shown.headline))
    return (
        f'<li class="{marks}" data-code="{shown.code}" data-service="{told.service}" '
        f'data-verdict="{shown.verdict}" data-on="{on}">'
        f'<autoref identifier="service-{told.service}">{escape(cdtref.service(told.service).short)}'
        f'</autoref> <span class="told"><span class="sign" aria-hidden="true"></span>'
        f"<b>{words}</b> {tags}</span></li>"
    )


def code_link(code: str) -> str:
    return f'<autoref identifier="code-{code.lower()}">{code}</autoref>'


def card_fence(  # the signature is that of a superfences formatter
    source: str, _language: str, _class: str, _options: object, _md: object, **_kwargs: object
) -> str:
    """The superfence for `scenario` blocks. A card that is false or unreadable stops the build."""
    try:
        card = read_card(source)
        check_card(card)
        return card_html(card)
    except ValueError as error:
        # Any other exception would silently turn the card into a code block.
        raise SuperFencesException(f"scenario card: {error}\n{source}") from error
