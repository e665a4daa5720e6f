"""What the pages show, asked of the library. The templates only lay it out."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import cdtref
from cdtref import (
    Answer,
    Code,
    Edition,
    Outcome,
    Position,
    Question,
    Rule,
    Service,
    ServiceAnswer,
    Stance,
    Verdict,
)

THEMES = {
    "models": "A model or an impression",
    "scans": "A scan",
    "use": "Something done with a scan or a volume",
    "prints": "A print",
    "part": "A step of something else",
    "orthodontics": "Orthodontic records and visits",
    "distance": "CBCT, and reading at a distance",
}


def edition() -> Edition:
    """The edition the pages speak for: the latest one encoded, whatever today's date."""
    return cdtref.editions()[-1]


def day() -> dt.date:
    """The date of service the pages answer for."""
    return edition().until


class Row(NamedTuple):
    """What a code is to one service today."""

    service: Service
    answer: Answer
    reason: str


class Span(NamedTuple):
    """A stretch of dates of service over which something stays the same."""

    since: dt.date
    until: dt.date
    text: str


def rows(code: Code) -> tuple[list[Row], list[Row]]:
    """Every service, those that one might take the code for apart from the rest."""
    near: list[Row] = []
    far: list[Row] = []
    mentioned = {item.service for item in code.not_for}
    asked = {s for q in cdtref.questions() if q.code == code.code for s in q.services}
    for service in cdtref.services():
        answer = cdtref.can_bill(code.code, service.id, on=day())
        rule = cdtref.rule(answer.rule)
        ruled = any(exception.code == code.code for exception in rule.exceptions)
        close = ruled or answer.verdict is not Verdict.NO or service.id in mentioned | asked
        if code.until and code.until < day():
            close = _verdict_then(code, service, code.until) is Verdict.YES
        reason = answer.why if ruled or answer.verdict is not Verdict.NO else rule.why
        (near if close else far).append(Row(service, answer, reason))
    return near, far


def _verdict_then(code: Code, service: Service, on: dt.date) -> Verdict:
    return cdtref.can_bill(code.code, service.id, on=on).verdict


def service_answer(service: str) -> ServiceAnswer:
    return cdtref.recommend([service], on=day()).services[0]


def services_by_theme() -> list[tuple[str, list[tuple[Service, ServiceAnswer]]]]:
    return [
        (
            THEMES[theme],
            [(service, service_answer(service.id)) for service in group],
        )
        for theme, group in groupby(cdtref.services(), key=lambda service: service.theme)
    ]


def outcome_words(rule: Rule | ServiceAnswer) -> str:
    """An outcome in a biller's words, without the codes."""
    return {
        Outcome.REPORTED: "Report",
        Outcome.INCLUDED: "Nothing separate",
        Outcome.NO_CODE: "No code of its own",
        Outcome.UNSETTLED: "Unsettled: ask the payer",
    }[rule.outcome]


def spans(service: str) -> list[Rule]:
    """The rules of a service, the latest first."""
    rules = [rule for rule in cdtref.rules() if rule.service == service]
    return sorted(rules, key=lambda rule: rule.since or dt.date.min, reverse=True)


def changes(code: Code) -> list[tuple[Service, list[Span]]]:
    """The services for which the verdict on a code changed over the encoded editions."""
    found = []
    for service in cdtref.services():
        answers = [
            (edition, cdtref.can_bill(code.code, service.id, on=edition.until))
            for edition in cdtref.editions()
        ]
        verdicts = {answer.verdict for _, answer in answers}
        if len(verdicts) == 1 or Verdict.YES not in verdicts:
            continue
        stretches = []
        for text, group in groupby(answers, key=lambda pair: verdict_text(pair[1])):
            editions = [edition for edition, _ in group]
            stretches.append(Span(editions[0].since, editions[-1].until, text))
        found.append((service, stretches))
    return found


def verdict_text(answer: Answer) -> str:
    if answer.verdict is Verdict.NO and answer.instead:
        return f"No: {', '.join(answer.instead)}"
    return {
        Verdict.YES: "Yes",
        Verdict.NO: "No",
        Verdict.INCLUDED: "Included",
        Verdict.UNSETTLED: "Unsettled",
    }[answer.verdict]


def questions_on(code: str) -> list[Question]:
    return [question for question in cdtref.questions() if question.code == code]


def questions_about(service: str) -> list[Question]:
    return [question for question in cdtref.questions() if service in question.services]


STANCES = {
    Stance.YES: "Say yes",
    Stance.NO: "Say no",
    Stance.INCLUDED: "Say it is part of something else",
    Stance.OTHER: "Bear on it without answering it",
    Stance.SILENT: "Leave it open",
    Stance.UNSEEN: "Exist, but were not read",
}


def by_stance(question: str) -> list[tuple[str, list[Position]]]:
    """The positions on a question, grouped by what they say."""
    positions = cdtref.positions(about=question)
    return [
        (words, found)
        for stance, words in STANCES.items()
        if (found := [position for position in positions if position.stance is stance])
    ]


def names(positions: Iterable[Position]) -> str:
    """Who says so, once each: «A (2026), B (undated) and C (2023)»."""
    told = list(
        dict.fromkeys(f"{p.publisher} ({p.date})" if p.date else p.publisher for p in positions)
    )
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def long_date(date: dt.date) -> str:
    return f"{date:%B} {date.day}, {date.year}"


def month(month: str) -> str:
    return f"{dt.date.fromisoformat(f'{month}-01'):%B %Y}"
