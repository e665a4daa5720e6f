"""What the pages show, asked of the library. The templates only lay it out."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import cdtref
from cdtref import (
    Answer,
    Caution,
    Code,
    Confidence,
    Coverage,
    Denial,
    Edition,
    Item,
    Pays,
    Position,
    Question,
    Remedy,
    Rule,
    Scenario,
    Service,
    ServiceAnswer,
    Situation,
    Stance,
    Status,
    Verdict,
)
from cdtref.claimfiles import reports
from cdtref.library import current
from cdtref.model import covers, long_date
from cdtref.words import label


def edition() -> Edition:
    """The edition the pages speak for: the latest one encoded, whatever today's date."""
    return cdtref.editions()[-1]


def day() -> dt.date:
    """The date of service the pages answer for."""
    return edition().until


class End(NamedTuple):
    """The day the answers of the pages end, and what a reader is told about later dates."""

    until: dt.date
    shown_from: dt.date
    """From this day on, a month before the end, the reader's browser shows it."""
    after: dt.date
    """The first date of service that is not answered."""
    announced: Edition | None


def end() -> End:
    until = day()
    after = until + dt.timedelta(days=1)
    # An edition ends with a year, so that the month before begins on the first of December.
    return End(until, until.replace(day=1), after, current().announced(after))


def frame() -> dict[str, str]:
    """What the frame of every page shows: overrides/main.html takes it from `extra`."""
    told = end()
    announced = told.announced
    anchor = f"what-changes-in-{announced.since.year}" if announced else "the-next-edition"
    return {
        "edition": edition().id,
        "verified": month(min(rule.verified for rule in cdtref.rules())),
        "until": told.until.isoformat(),
        "until_words": long_date(told.until),
        "first": cdtref.editions()[0].since.isoformat(),
        "first_words": long_date(cdtref.editions()[0].since),
        "after_words": long_date(told.after),
        "shown_from": told.shown_from.isoformat(),
        "announced": f"{announced.id} is announced; its changes were not read."
        if announced
        else "",
        "what_is_known": f"guide/dates-of-service/#{anchor}",
    }


class Row(NamedTuple):
    """What a code is to one service today."""

    service: Service
    answer: Answer


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
        settled = answer.verdict in (Verdict.NO, Verdict.INCLUDED)
        close = ruled or not settled or service.id in mentioned | asked
        if code.until and code.until < day():
            then = _verdict_then(code, service, code.until)
            close = then in (Verdict.YES, Verdict.UNSETTLED) or service.id in mentioned | asked
        (near if close else far).append(Row(service, answer))
    # What the code is for comes first, then what one takes it for, then what it can never be.
    meant = mentioned | asked
    near.sort(key=lambda row: (row.answer.verdict is not Verdict.YES, row.service.id not in meant))
    return near, far


def _verdict_then(code: Code, service: Service, on: dt.date) -> Verdict:
    return cdtref.can_bill(code.code, service.id, on=on).verdict


def service_answer(service: str, year: int | None = None) -> ServiceAnswer:
    """How a service is reported: today, or on the last day of a year."""
    on = dt.date(year, 12, 31) if year else day()
    return cdtref.recommend([service], on=on).services[0]


_COMMON = {
    *("a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to"),
    *("cast", "casts", "digital", "model", "models", "scan", "scans"),
}


def search_words(service: Service) -> list[str]:
    """The everyday words that tell a service from the others, each once, for the search.

    Words that half of the services share would only drown the rest.
    """
    words = " ".join(service.also).lower().replace("-", " ").split()
    return [word for word in dict.fromkeys(words) if word not in _COMMON]


def services_by_theme() -> list[tuple[str, list[tuple[Service, ServiceAnswer]]]]:
    return [
        (
            label(theme),
            [(service, service_answer(service.id)) for service in group],
        )
        for theme, group in groupby(cdtref.services(), key=lambda service: service.theme)
    ]


def outcome_words(rule: Rule | ServiceAnswer) -> str:
    """An outcome in a biller's words, without the codes."""
    return label(rule.outcome)


def standing(fact: Answer | Rule | Scenario | Caution) -> str:
    """How the sources stand to it and how sure we are, in the same words on every page.

    An answer about a code that the rule names as an exception, or whose dates decide, has a
    confidence of its own; how the sources stand to the rule says nothing of it.
    """
    status: Status | None
    if isinstance(fact, Answer):
        rule, code = cdtref.rule(fact.rule), cdtref.code(fact.code)
        apart = any(exception.code == fact.code for exception in rule.exceptions)
        status = None if apart or not covers(code, fact.on) else rule.status
        if status is Status.DISPUTED and not fact.disputed:
            status = None  # the dispute is about another code
    else:
        status = fact.status
    return stands(status, disputed=_disputed(fact), sure=fact.confidence)


def stands(status: Status | None, *, disputed: bool, sure: Confidence) -> str:
    """A status and a confidence in one line: “Inferred, disputed · low confidence”."""
    words = [label(status)] if status else []
    if disputed and status not in (Status.DISPUTED, Status.SILENT):
        words.append(label(Status.DISPUTED))
    grade = label(sure)
    if not words:
        return f"{grade[0].upper()}{grade[1:]}"
    return f"{words[0]}{''.join(f', {word.lower()}' for word in words[1:])} · {grade}"


def _disputed(fact: Answer | Rule | Scenario | Caution) -> bool:
    if isinstance(fact, Answer):
        return fact.disputed
    if isinstance(fact, Rule):
        last = min(fact.until or day(), day())
        return cdtref.recommend([fact.service], on=last).services[0].disputed
    if isinstance(fact, Scenario):
        visits = [(fact.did, fact.on), *((visit.did, visit.on) for visit in fact.then)]
        done = [cdtref.recommend(did, on=on) for did, on in visits]
        return any(answer.disputed for visit in done for answer in visit.services)
    return False


def doubts(answer: ServiceAnswer) -> str:
    """What a line adds to an answer that is less sure than it looks."""
    inferred = cdtref.rule(answer.rule).status is Status.INFERRED
    words = ["inferred"] if inferred else []
    if not inferred and answer.confidence <= Confidence.LOW:
        words = [label(answer.confidence)]
    words += ["disputed"] if answer.disputed else []
    return f" ({', '.join(words)})" if words else ""


def spans(service: str) -> list[Rule]:
    """The rules of a service, the latest first."""
    rules = [rule for rule in cdtref.rules() if rule.service == service]
    return sorted(rules, key=lambda rule: rule.since or dt.date.min, reverse=True)


_PATTERN = {
    Pays.NO: "May not pay",
    Pays.LIMITED: "May pay only within limits",
    Pays.SILENT: "Does not settle payment",
}


def pays_words(entry: Coverage) -> str:
    """What a payer does by its own words; of a pattern, what a plan may do."""
    return label(entry.pays) if entry.payer else _PATTERN.get(entry.pays, label(entry.pays))


class Dispute(NamedTuple):
    """An answer about a code on which somebody says otherwise."""

    asks: str
    answer: Answer
    address: str
    """The page that has what each says; empty where it is the code's own."""
    anchor: str


def contested(code: Code) -> list[Dispute]:
    """What is disputed about a code: first whether it is the answer, then the questions on it."""
    asked = questions_on(code.code)
    found = [
        Dispute(question.asks, _today(code, question.services[0]), "", question.id)
        for question in asked
    ]
    named = {question.services[0] for question in asked}
    elsewhere = [
        Dispute(f"Is it {code.code} for {service.phrase}?", answer, service.address, "answer")
        for service in cdtref.services()
        if service.id not in named
        for answer in [_today(code, service.id)]
        if answer.verdict is Verdict.YES
    ]
    return [dispute for dispute in (*elsewhere, *found) if dispute.answer.disputed]


def _today(code: Code, service: str) -> Answer:
    return cdtref.can_bill(code.code, service, on=day())


def questions_on(code: str) -> list[Question]:
    return [question for question in cdtref.questions() if question.code == code]


def questions_about(service: str) -> list[Question]:
    return [question for question in cdtref.questions() if service in question.services]


def by_stance(question: str) -> list[tuple[str, list[Position]]]:
    """The positions on a question, grouped by what they say."""
    positions = cdtref.positions(about=question)
    return [
        (label(stance), found)
        for stance in Stance
        if (found := [position for position in positions if position.stance is stance])
    ]


def checklists() -> list[Code]:
    """The codes with a checklist: those of the subject in force, and neighbors with items."""
    named = {code for item in current().facts(Item).values() for code in item.codes}
    found = [code for code in cdtref.codes(on=day()) if code.subject or code.code in named]
    return sorted(found, key=lambda code: not code.subject)


# Where a reader goes from a page: the words of each link, and where it leads.
Steps = dict[str, str]


def after_code(code: Code) -> Steps:
    sheet = {f"{code.code} checklist to print": f"checklists/{code.code}/"}
    return (sheet if code in checklists() else {}) | _WHEN_REFUSED


def after_service(service: Service) -> Steps:
    codes = [cdtref.code(code) for code in service_answer(service.id).codes]
    steps = {f"{code.code} {code.title}": code.address for code in codes}
    steps |= {
        f"{code.code} checklist": f"checklists/{code.code}/"
        for code in codes
        if code in checklists()
    }
    return steps | {"Put a whole visit together": f"?did={service.id}"} | _WHEN_REFUSED


def after_checklist(code: Code) -> Steps:
    return {f"What {code.code} is for": code.address, "What to write": "guide/record/"}


def after_denial(denial: Denial) -> Steps:
    remedies = {denial.remedy, denial.otherwise}
    steps = {}
    if Remedy.APPEAL in remedies:
        steps["What an appeal needs"] = "guide/appeals/"
    if Remedy.CORRECTED_CLAIM in remedies:
        where = "guide/denials/#letter-with-a-corrected-claim"
        steps["What goes with a corrected claim"] = where
    return steps | {"May I charge the patient?": "guide/who-may-be-charged/"}


_WHEN_REFUSED: Steps = {
    "It was denied": "denials/",
    "May I charge the patient?": "guide/who-may-be-charged/",
}


def narrative(situation: Situation) -> cdtref.Narrative:
    note = {entry.item: entry.text for entry in situation.note}
    return cdtref.narrative(situation.code, note)


def source_names(fact: Denial | Rule) -> list[tuple[str, str]]:
    """The sources by their publishers; one that is named twice is told apart by its date."""
    found = [cdtref.source(id) for id in fact.sources]
    often = Counter(source.publisher for source in found)
    return [
        (
            source.id,
            f"{source.publisher} ({source_date(source.date)})" if twice else source.publisher,
        )
        for source in found
        for twice in [often[source.publisher] > 1 and source.date]
    ]


def voices(positions: Iterable[Position], *, short: bool = False) -> str:
    """Who says what about which code, in a sentence; those who only imply it are told apart.

    A page that repeats another on the same side is no voice of its own, and is not named. Short,
    those who imply what others say outright are only counted.
    """
    sides: dict[tuple[bool, str], dict[str, str]] = {}
    heard = {(position.source, position.stance, position.about) for position in positions}
    for position in positions:
        if (position.repeats, position.stance, position.about) in heard:
            continue
        side = sides.setdefault((position.implied, _point(position)), {})
        side[position.publisher] = source_date(position.date)
    parts = []
    for (implied, point), side in sorted(sides.items(), key=lambda one: one[0][0]):
        outright = sides.get((False, point), {})
        told = {who: date for who, date in side.items() if not implied or who not in outright}
        if told:
            who = f"{len(told)} more" if implied and outright and short else listed(told)
            verb = "imply" if implied else "say"
            verb = verb if len(told) > 1 else {"imply": "implies", "say": "says"}[verb]
            parts.append(f"{who} {verb} {point}")
    return "; ".join(parts) + "." if parts else ""


def _point(position: Position) -> str:
    """What a position comes to, in the words of a claim."""
    code = cdtref.question(position.about).code
    return {
        Stance.YES: code,
        Stance.NO: f"not {code}",
        Stance.INCLUDED: "that it is part of something else",
    }[position.stance]


def dissenters(answer: Answer | ServiceAnswer) -> str:
    """Who says otherwise, and what."""
    return voices(answer.dissent)


def listed(told: dict[str, str]) -> str:
    """Publishers and the dates of what they say, as a sentence lists them."""
    each = [f"{publisher} ({date})" if date else publisher for publisher, date in told.items()]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"


def last_look() -> str:
    """The month in which most sources were last looked at."""
    months = [source.seen for source in cdtref.sources()]
    return max(set(months), key=months.count)


def source_date(date: str) -> str:
    """The date a source shows; a full ISO date in words."""
    try:
        return long_date(dt.date.fromisoformat(date))
    except ValueError:
        return date


def years(span: Span) -> str:
    """The years of a span: “2014 to 2022”, “2023”, or “from 2024” to the latest edition."""
    since, until = span.since.year, span.until.year
    if since == until:
        return str(since) if span.until < day() else f"from {since}"
    return f"from {since}" if span.until >= day() else f"{since} to {until}"


def span(rule: Rule) -> Span:
    first = cdtref.editions()[0].since
    return Span(rule.since or first, rule.until or day(), rule.why)


def titles(code: Code) -> list[Span]:
    """The short title by edition, and where it is not established."""
    told = []
    for text, group in groupby(cdtref.editions(), key=lambda edition: _title(code, edition)):
        editions = list(group)
        if text:
            told.append(Span(editions[0].since, editions[-1].until, text))
    return told


def _title(code: Code, edition: Edition) -> str:
    if not covers(code, edition.until):
        return ""
    found = (title.text for title in code.titles if covers(title, edition.until))
    return next(found, "not established: see the open points")


def month(month: str) -> str:
    name, _, rest = long_date(dt.date.fromisoformat(f"{month}-01")).partition(" ")
    return f"{name} {rest[-4:]}"


def annotated(file: Path) -> list[list[str]]:
    """A table of claims as `cdtref check` writes it again, from its header on."""
    marks, out = reports.Marks(), io.StringIO()
    for result in cdtref.check_file(file):
        for told in reports.told_of(result, reports.Chosen()):
            marks.add(told)
    with file.open("rb") as again:
        reports.annotate(again, {}, marks, out)
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    at = next(at for at, row in enumerate(rows) if len(row) > 1 and all(row))
    return rows[at:]
