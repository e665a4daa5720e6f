"""An answer as every page shows it: a few texts and two or three signs.

The templates lay out what stands here, and the browser fills the same places for another date of
service from `table`, so that a page has one way to say an answer.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import cdtref
from cdtref import Answer, Code, Confidence, Outcome, Rule, Service, ServiceAnswer, Status, Verdict
from cdtref.coding import out_of_effect
from cdtref.model import covers, long_date
from cdtref.words import VERDICT_OF, headline

from . import views


class Shown(NamedTuple):
    """What a reader sees of an answer, without the date of service."""

    verdict: Verdict
    code: str
    """The code that is asked about, or that reports the service; empty where there is none."""
    headline: str
    """One of the five wordings."""
    second: str
    """What else to report, or to report instead."""
    standing: str
    """How the sources stand to it and how sure we are."""
    soft: bool
    """It is inferred, or no surer than low: it must not look like what is certain."""
    disputed: bool
    backing: str
    dissent: str
    why: str
    say: str = ""
    """Of a service: what to say to the payer."""
    write: str = ""
    """Of a service: what to write in the record."""
    report: str = ""
    """Of a service, or of a code with one: the codes that report it."""
    sure: str = ""
    """How sure we are, as a value that a program compares."""


def of_pair(answer: Answer) -> Shown:
    """What one code is to one service."""
    rule, fact = cdtref.rule(answer.rule), cdtref.code(answer.code)
    exception = next((e for e in rule.exceptions if e.code == answer.code), None)
    in_effect = covers(fact, answer.on)
    second = ""
    if answer.verdict is Verdict.NO:
        if answer.instead:
            # The row says how sure the no is; what to report instead may be less sure.
            (told,) = cdtref.recommend([answer.service], on=answer.on).services
            second = f"{headline(Verdict.YES, code=_listed(answer.instead))}{views.doubts(told)}."
            if exception and exception.beside:
                second += f" {answer.code} may stand beside it."
        else:
            second = f"{_of_service(rule)}."
    generic = answer.verdict is Verdict.NO and in_effect and exception is None
    return Shown(
        verdict=answer.verdict,
        code=answer.code,
        headline=headline(answer.verdict, code=answer.code, part_of=answer.part_of),
        second=second,
        standing=views.standing(answer),
        soft=_soft(rule.status if exception is None and in_effect else None, answer.confidence),
        disputed=answer.disputed,
        backing=views.voices(answer.backing),
        dissent=views.dissenters(answer),
        # What else the code is for stands at the head of its page.
        why=rule.why if generic else out_of_effect(fact, answer.on) or answer.why,
        report=answer.code if answer.verdict is Verdict.YES else " ".join(answer.instead),
        sure=answer.confidence.value,
    )


def of_service(answer: ServiceAnswer, on: dt.date) -> tuple[Shown, ...]:
    """How a service is reported: one for each code, or one without a code."""
    rule = cdtref.rule(answer.rule)
    verdict = VERDICT_OF[answer.outcome]
    # A rule may outlast the sources that dispute it.
    over = rule.status is Status.DISPUTED and not answer.disputed
    status = None if over else rule.status
    beside = [e.code for e in rule.exceptions if e.beside and covers(cdtref.code(e.code), on)]
    return tuple(
        Shown(
            verdict=verdict,
            code=code,
            headline=headline(verdict, code=code, part_of=answer.part_of),
            second=_second(verdict, beside),
            standing=views.stands(status, disputed=answer.disputed, sure=answer.confidence),
            soft=_soft(status, answer.confidence),
            disputed=answer.disputed,
            backing=views.voices(answer.backing) or _rests_on(verdict, answer.sources),
            dissent=views.dissenters(answer),
            why=answer.why,
            say=_say(verdict, code, rule),
            write=_write(rule, code),
            report=" ".join(answer.codes),
            sure=answer.confidence.value,
        )
        for code in answer.codes or ("",)
    )


def _second(verdict: Verdict, beside: list[str]) -> str:
    if verdict in (Verdict.INCLUDED, Verdict.NO):
        return "No claim line for it."
    return f"{_listed(tuple(beside))} may stand beside it." if beside else ""


def _of_service(rule: Rule) -> str:
    """How a service without a code is reported, in the wording of its own answer."""
    return headline(VERDICT_OF[rule.outcome], part_of=rule.part_of)


def _soft(status: Status | None, sure: Confidence) -> bool:
    return status is Status.INFERRED or sure <= Confidence.LOW


def _rests_on(verdict: Verdict, sources: tuple[str, ...]) -> str:
    """Where nobody was asked to take sides: whose words the answer rests on."""
    if verdict is Verdict.UNSETTLED:
        return "Nobody we read settles it."
    told = dict.fromkeys(cdtref.source(id).publisher for id in sources)
    return f"Rests on {_listed(tuple(told))}." if told else "No source speaks of it."


def _say(verdict: Verdict, code: str, rule: Rule) -> str:
    """A sentence for the telephone. What we did stands in it, so that it can be checked."""
    did = f"We {cdtref.service(rule.service).name}."
    if verdict is Verdict.YES:
        return f"{did} We report {code} for that."
    if rule.ask:
        return rule.ask
    if verdict is Verdict.INCLUDED:
        return f"{did} It is part of {rule.part_of}. We report nothing separate for it."
    return f"{did} We know of no code for that, and report none."


def _write(rule: Rule, code: str) -> str:
    """What the record needs, as lines to fill in."""
    if not code:
        did = cdtref.service(rule.service).name
        part = f" Part of {rule.part_of}." if rule.outcome is Outcome.INCLUDED else ""
        return f"{did[0].upper()}{did[1:]}.{part}"
    return form(code)


def form(code: str) -> str:
    """The items that the record of a code must hold, as lines to fill in."""
    items = [item for item in cdtref.documentation(code) if item.required]
    return "\n".join(f"{item.label}: " for item in items)


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# --- For every date of service --------------------------------------------------------------------


class Stretch(NamedTuple):
    """A span of dates of service over which a reader sees the same."""

    since: dt.date
    until: dt.date
    shown: tuple[Shown, ...]


@cache
def _days(_library: object) -> tuple[dt.date, ...]:
    """The days on which an answer may change."""
    one = dt.timedelta(days=1)
    found = {edition.since for edition in cdtref.editions()}
    found |= {row.since for row in cdtref.verdicts()}
    for position in cdtref.positions():
        found |= {position.since} if position.since else set()
        found |= {position.until + one} if position.until else set()
    first, last = cdtref.editions()[0].since, views.day()
    return tuple(sorted(day for day in found if first <= day <= last))


def days() -> tuple[dt.date, ...]:
    return _days(cdtref.library.current())


def of_service_by_date(service: str) -> list[Stretch]:
    """A service from the first encoded day to the last."""
    return _stretches(
        [(on, of_service(cdtref.recommend([service], on=on).services[0], on)) for on in days()]
    )


def of_pair_by_date(code: str, service: str) -> list[Stretch]:
    """One code and one service from the first encoded day to the last."""
    return _stretches([(on, (of_pair(cdtref.can_bill(code, service, on=on)),)) for on in days()])


def holding(stretches: list[Stretch]) -> Stretch:
    """The last stretch, from the day since which its answer is the same, whoever spoke of it."""
    (last, *before) = reversed(stretches)
    for stretch in before:
        if _lasting(stretch) != _lasting(last):
            break
        last = last._replace(since=stretch.since)
    return last


LASTING = ("headline", "second", "standing", "why", "say")
"""The texts that make an answer another one when they change. The browser compares the same."""


def _lasting(stretch: Stretch) -> list[str]:
    return [getattr(one, name) for one in stretch.shown for name in LASTING]


def _stretches(told: Sequence[tuple[dt.date, tuple[Shown, ...]]]) -> list[Stretch]:
    found: list[Stretch] = []
    for on, shown in told:
        if found and found[-1].shown == shown:
            continue
        if found:
            found[-1] = found[-1]._replace(until=on - dt.timedelta(days=1))
        found.append(Stretch(on, views.day(), shown))
    return found


def of_code_by_date(code: str) -> list[Stretch]:
    """A code by itself: what it is for while it is in effect, and that it is not otherwise."""
    return _stretches([(on, (_of_code(cdtref.code(code), on),)) for on in days()])


def _of_code(code: Code, on: dt.date) -> Shown:
    """It is as sure as what it is reported for, where that is one thing to say."""
    over = out_of_effect(code, on)
    verdict = Verdict.NO if over else Verdict.YES
    asked = [cdtref.can_bill(code.code, service.id, on=on) for service in cdtref.services()]
    told = [of_pair(answer) for answer in asked if answer.verdict is Verdict.YES]
    standings = {one.standing for one in told}
    questions = {service for q in views.questions_on(code.code) for service in q.services}
    disputed = [answer.disputed for answer in asked if answer.service in questions]
    return Shown(
        verdict=verdict,
        code=code.code,
        headline=headline(verdict, code=code.code),
        second="",
        standing=standings.pop() if len(standings) == 1 else "" if over else _DEPENDS,
        soft=bool(told) and all(one.soft for one in told),
        disputed=any(disputed) or any(one.disputed for one in told),
        backing="",
        dissent="",
        why=over or code.use,
    )


_DEPENDS = "How sure depends on what was done: see below"


def changes(code: str) -> list[tuple[Service, list[Stretch]]]:
    """The services whose answer was another at some time while the code was in effect."""
    found = []
    for service in cdtref.services():
        stretches: list[Stretch] = []
        for stretch in of_pair_by_date(code, service.id):
            if not covers(cdtref.code(code), stretch.since):
                continue
            if stretches and _told(stretches[-1]) == _told(stretch):
                stretches[-1] = stretches[-1]._replace(until=stretch.until)
            else:
                stretches.append(stretch)
        now = of_pair(cdtref.can_bill(code, service.id, on=views.day()))
        if any(_told(stretch) != (now.headline, now.second) for stretch in stretches):
            found.append((service, stretches))
    return found


def _told(stretch: Stretch) -> tuple[str, str]:
    return stretch.shown[0].headline, stretch.shown[0].second


def unchanged(code: str) -> str:
    """What holds for the services that `changes` does not name, and outside the code's dates."""
    effect = [stretch for stretch in of_code_by_date(code) if stretch.shown[0].verdict == "yes"]
    since, until = effect[0].since, effect[-1].until
    told = [
        f"For everything else the answer is the same on every date of service from "
        f"{long_date(since)} to {long_date(until)}."
    ]
    if since > days()[0]:
        told.append(f"Before that, do not report {code}.")
    if until < views.day():
        told.append(f"After that, do not report {code}.")
    return " ".join(told)
