"""Which code describes a service on a date of service, and who says otherwise."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from . import inputs
from .library import Library, current
from .model import (
    Answer,
    Authority,
    Caution,
    Code,
    Confidence,
    Edition,
    Line,
    Outcome,
    Position,
    Question,
    Recommendation,
    Rule,
    ServiceAnswer,
    Stance,
    Verdict,
    covers,
    long_date,
)


def can_bill(code: str, service: str, *, on: dt.date | str = "today") -> Answer:
    """Does this code describe that service on that date of service?

    It does not say whether a plan pays, nor whether the patient may be charged.

    Arguments:
        code: A procedure code of this topic. Lower case and stray spaces are understood.
        service: The id of a service; `services()` lists them.
        on: The date of service, a `datetime.date` or text `YYYY-MM-DD`. Left out, it is today.

    Returns:
        The verdict with its reason, rule and sources, the codes to report instead, and the
            positions of those who say otherwise about that date.

    Raises:
        UnknownCodeError: The code is malformed or outside this topic.
        UnknownServiceError: No service has this id. The message suggests the nearest.
        InvalidDateError: `on` is not a date.
        UnknownEditionError: No edition is encoded for the date.
        InvalidInputError: An argument is of the wrong type or empty.

    Where it comes from: first the dates of the code, then the one row of the decision table
    (`knowledge/rules.toml`) that covers the service and the date. `Answer.rule` names the row.

    Examples:
        >>> import cdtref
        >>> answer = cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-02")
        >>> answer.verdict.value, answer.instead, answer.disputed
        ('no', ('D0801',), True)
        >>> cdtref.can_bill("D0470", "intraoral-scan", on="2022-03-02").verdict.value
        'yes'
    """
    library = current()
    table = _table(library)
    # The usual call, with exact ids, finds its answer without any of the checks below.
    key = (code, service)
    if type(code) is str and type(service) is str and key in table.known:
        exact = key
    else:
        exact = (inputs.code(code, library).code, inputs.service(service, library).id)
    day = inputs.day(on)
    period = table.period(day)
    decided = table.decided.get((exact, period))
    if decided is None:
        decided = table.decided[exact, period] = _decide(library, *exact, day)
        table.known.add(exact)
    return decided._replace(on=day)


def recommend(did: list[str] | tuple[str, ...], *, on: dt.date | str = "today") -> Recommendation:
    """Which claim lines report what was done on a date of service?

    Arguments:
        did: The ids of the services done, as a list or tuple. A repeated one counts once.
        on: The date of service, a `datetime.date` or text `YYYY-MM-DD`. Left out, it is today.

    Returns:
        One line for each code, in the order of `did`; the services that are not reported on their
            own; those the sources leave unsettled; the pitfalls of the combination.

    Raises:
        UnknownServiceError: No service has one of the ids.
        InvalidDateError: `on` is not a date.
        UnknownEditionError: No edition is encoded for the date.
        InvalidInputError: `did` is empty or not a list.

    Where it comes from: the decision table (`knowledge/rules.toml`) and the list of pitfalls
    (`knowledge/cautions.toml`).

    Examples:
        >>> import cdtref
        >>> done = cdtref.recommend(["intraoral-scan", "lab-print"], on="2026-03-02")
        >>> [line.code for line in done.lines], done.included
        (['D0801'], ('lab-print',))
    """
    library = current()
    named = inputs.services(did, library)
    day = inputs.day(on)
    edition = library.edition(day)
    ids = tuple(dict.fromkeys(service.id for service in named))
    answers = tuple(_service_answer(library, id, day) for id in ids)
    lines = tuple(_lines(library, answers, day))
    return Recommendation(
        did=ids,
        on=day,
        lines=lines,
        included=tuple(
            answer.service
            for answer in answers
            if answer.outcome in (Outcome.INCLUDED, Outcome.NO_CODE)
        ),
        unsettled=tuple(
            answer.service for answer in answers if answer.outcome is Outcome.UNSETTLED
        ),
        cautions=_cautions(
            library, set(ids), {line.code for line in lines}, repeated=len(named) > len(ids)
        ),
        services=answers,
        edition=edition.id,
        version=library.version,
    )


# --- Deciding -------------------------------------------------------------------------------------


class _Table:
    """The decision table of one library, indexed, and what was decided from it so far.

    Between two dates on which nothing changes every date has the same answer, so each answer is
    worked out once for such a period.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.rules: dict[str, list[Rule]] = {}
        for rule in library.facts(Rule).values():
            self.rules.setdefault(rule.service, []).append(rule)
        self.questions: dict[str, list[Question]] = {}
        for question in library.facts(Question).values():
            for service in question.services:
                self.questions.setdefault(service, []).append(question)
        self.positions: dict[str, list[Position]] = {}
        for position in library.facts(Position).values():
            self.positions.setdefault(position.about, []).append(position)
        editions = library.facts(Edition).values()
        self.first = min(edition.since for edition in editions)
        self.last = max(edition.until for edition in editions)
        starts = {edition.since for edition in editions}
        spans: list[Code | Rule | Position] = [
            *library.facts(Code).values(),
            *library.facts(Rule).values(),
            *library.facts(Position).values(),
        ]
        for span in spans:
            if span.since:
                starts.add(span.since)
            if span.until and span.until < self.last:
                starts.add(span.until + dt.timedelta(days=1))
        self.starts = sorted(starts)
        self.known: set[tuple[str, str]] = set()
        self.decided: dict[tuple[tuple[str, str], int], Answer] = {}

    def period(self, day: dt.date) -> int:
        """The number of the period a day falls in."""
        if not self.first <= day <= self.last:
            self.library.edition(day)  # raises, saying which editions are encoded
        return bisect_right(self.starts, day)

    def rule(self, service: str, day: dt.date) -> Rule:
        """The one rule that answers; the checks on the knowledge promise that there is one."""
        return next(rule for rule in self.rules[service] if covers(rule, day))


def period_start(library: Library, day: dt.date) -> dt.date:
    """The first day of the period a day falls in; within a period no answer changes."""
    table = _table(library)
    return table.starts[table.period(day) - 1]


_tables: list[_Table] = []


def _table(library: Library) -> _Table:
    if not _tables or _tables[0].library is not library:
        _tables[:] = [_Table(library)]
    return _tables[0]


class _Ruling(NamedTuple):
    verdict: Verdict
    why: str
    sources: tuple[str, ...]
    confidence: Confidence


def _decide(library: Library, code_id: str, service: str, day: dt.date) -> Answer:
    code = library.facts(Code)[code_id]
    rule = _table(library).rule(service, day)
    ruling = _ruling(code, rule, day)
    dissent = _dissent(library, code, service, rule, ruling.verdict, day)
    reported = rule.outcome is Outcome.REPORTED and ruling.verdict is not Verdict.YES
    return Answer(
        code=code.code,
        service=service,
        on=day,
        verdict=ruling.verdict,
        outcome=rule.outcome,
        why=ruling.why,
        instead=rule.codes if reported else (),
        part_of=rule.part_of,
        ask=rule.ask if ruling.verdict is Verdict.UNSETTLED else "",
        disputed=bool(dissent),
        dissent=dissent,
        rule=rule.id,
        sources=ruling.sources,
        edition=library.edition(day).id,
        confidence=ruling.confidence,
        version=library.version,
    )


def _ruling(code: Code, rule: Rule, day: dt.date) -> _Ruling:
    """What a rule makes of one code: dates first, then exceptions, then the outcome."""
    if dates := out_of_effect(code, day):
        sources = tuple(dict.fromkeys((*code.sources, *rule.sources)))
        return _Ruling(Verdict.NO, f"{dates} {rule.why}", sources, code.confidence)
    for exception in rule.exceptions:
        if exception.code == code.code:
            return _Ruling(
                exception.verdict, exception.why, exception.sources, exception.confidence
            )
    concerned = code.code in rule.codes or (rule.outcome is Outcome.INCLUDED and code.subject)
    if concerned:
        verdict = {
            Outcome.REPORTED: Verdict.YES,
            Outcome.INCLUDED: Verdict.INCLUDED,
            Outcome.UNSETTLED: Verdict.UNSETTLED,
        }[rule.outcome]
        return _Ruling(verdict, rule.why, rule.sources, rule.confidence)
    sources = tuple(dict.fromkeys((*rule.sources, *code.sources)))
    use = code.use if code.use[1].isupper() else code.use[0].lower() + code.use[1:]
    why = f"{code.code} is for something else: {use} {rule.why}"
    return _Ruling(Verdict.NO, why, sources, rule.confidence)


def out_of_effect(code: Code, day: dt.date) -> str:
    """What to say of a code that was not in effect on a date; empty where it was."""
    if code.since and day < code.since:
        return f"{code.code} begins with dates of service from {long_date(code.since)}."
    if code.until and day > code.until:
        return f"{code.code} ended with dates of service on {long_date(code.until)}."
    return ""


def _dissent(
    library: Library, code: Code, service: str, rule: Rule, verdict: Verdict, day: dt.date
) -> tuple[Position, ...]:
    """Positions about the date that contradict the verdict, the most authoritative first.

    A code's dates are not a matter of opinion. Where a code is the answer, whoever says that
    another code describes the same service contradicts it too, unless the same source grants both.
    """
    if not covers(code, day):
        return ()
    table = _table(library)
    said: dict[str, list[Position]] = {}
    for question in table.questions.get(service, ()):
        said.setdefault(question.code, []).extend(
            position
            for position in table.positions[question.id]
            if covers(position, day) and position.stance in (Stance.YES, Stance.NO, Stance.INCLUDED)
        )
    own = said.pop(code.code, [])
    found = [
        position
        for position in own
        if verdict is Verdict.UNSETTLED
        or (position.stance is Stance.YES) != (verdict is Verdict.YES)
    ]
    if verdict is Verdict.YES:
        agreeing = {position.source for position in own if position.stance is Stance.YES}
        found += [
            position
            for rival, positions in said.items()
            if rival not in rule.codes and covers(library.facts(Code)[rival], day)
            for position in positions
            if position.stance is Stance.YES and position.source not in agreeing
        ]
    return tuple(sorted(found, key=_authority))


def _authority(position: Position) -> tuple[int, bool]:
    """The rank of a position; within a rank, what is relayed comes after what was read."""
    return list(Authority).index(position.authority), bool(position.relayed_by)


def _service_answer(library: Library, service: str, day: dt.date) -> ServiceAnswer:
    table = _table(library)
    rule = table.rule(service, day)
    # Where codes are the answer, their dissent already holds whoever would report another code.
    codes: Iterable[str] = rule.codes
    if rule.outcome is not Outcome.REPORTED:
        codes = {question.code: None for question in table.questions.get(service, ())}
    dissent = dict.fromkeys(
        position for code in codes for position in can_bill(code, service, on=day).dissent
    )
    return ServiceAnswer(
        service=service,
        outcome=rule.outcome,
        codes=rule.codes if rule.outcome is Outcome.REPORTED else (),
        why=rule.why,
        part_of=rule.part_of,
        ask=rule.ask,
        disputed=bool(dissent),
        dissent=tuple(sorted(dissent, key=_authority)),
        rule=rule.id,
        sources=rule.sources,
        confidence=rule.confidence,
    )


def _lines(library: Library, answers: tuple[ServiceAnswer, ...], day: dt.date) -> Iterable[Line]:
    for code in dict.fromkeys(code for answer in answers for code in answer.codes):
        told = [answer for answer in answers if code in answer.codes]
        dissent = dict.fromkeys(position for answer in told for position in answer.dissent)
        fact = library.facts(Code)[code]
        yield Line(
            code=code,
            title=fact.title,
            services=tuple(answer.service for answer in told),
            why=" ".join(dict.fromkeys(answer.why for answer in told)),
            disputed=bool(dissent),
            dissent=tuple(sorted(dissent, key=_authority)),
            sources=tuple(dict.fromkeys(source for answer in told for source in answer.sources)),
            confidence=max((answer.confidence for answer in told), key=list(Confidence).index),
        )


def _cautions(
    library: Library, services: set[str], codes: set[str], *, repeated: bool
) -> tuple[Caution, ...]:
    return tuple(
        caution
        for caution in library.facts(Caution).values()
        if any(
            services.issuperset(when.services)
            and codes.issuperset(when.codes)
            and repeated >= when.repeated
            for when in caution.when
        )
    )
