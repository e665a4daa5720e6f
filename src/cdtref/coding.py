"""Which code describes a service on a date of service, and who says otherwise."""

import datetime as dt
from bisect import bisect_right

from . import inputs
from .errors import InvalidInputError
from .library import Library, current
from .model import (
    Answer,
    Caution,
    Code,
    Confidence,
    Line,
    Outcome,
    Position,
    Question,
    Recommendation,
    Rule,
    Service,
    ServiceAnswer,
    Stance,
    Verdict,
    VerdictRow,
    covers,
    long_date,
)
from .values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    Beyond = Literal["last"] | None
else:
    Beyond = str | None


def can_bill(
    code: str,
    service: str,
    *,
    on: dt.date | str = "today",
    beyond: Beyond = None,
) -> Answer:
    """Does this code describe that service on that date of service?

    It does not say whether a plan pays, nor whether the patient may be charged.

    Arguments:
        code: A procedure code of this topic. Lower case and stray spaces are understood.
        service: The id of a service; `services()` lists them.
        on: The date of service, a `datetime.date` or text `YYYY-MM-DD`. Left out, it is today.
        beyond: What to do after the last encoded edition. Left out, it is an error. `"last"` gives
            an unsettled answer, with that of the last encoded day as `last_known`.

    Returns:
        The verdict with its reason, rule and sources, the codes to report instead, and the
            positions of those who agree and of those who say otherwise about that date.

    Raises:
        UnknownCodeError: The code is malformed or outside this topic.
        UnknownServiceError: No service has this id. The message suggests the nearest.
        InvalidDateError: `on` is not a date.
        UnknownEditionError: No edition is encoded for the date. It carries what is announced.
        InvalidInputError: An argument is of the wrong type or empty.

    Where it comes from: first the dates of the code, then the one row of the decision table
    (in `knowledge/services/`) that covers the service and the date. `Answer.rule` names the row.

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
    if beyond is not None and _is_beyond(table, day, beyond):
        return _answer_beyond(library, can_bill(*exact, on=table.last), day)
    period = table.period(day)
    decided = table.decided.get((exact, period))
    if decided is None:
        decided = table.decided[exact, period] = _decide(library, *exact, day)
        table.known.add(exact)
    return decided.__replace__(on=day)


def recommend(
    did: list[str] | tuple[str, ...],
    *,
    on: dt.date | str = "today",
    beyond: Beyond = None,
) -> Recommendation:
    """Which claim lines report what was done on a date of service?

    Arguments:
        did: The ids of the services done, as a list or tuple. A repeated one counts once.
        on: The date of service, a `datetime.date` or text `YYYY-MM-DD`. Left out, it is today.
        beyond: What to do after the last encoded edition. Left out, it is an error. `"last"` gives
            an unsettled answer, with that of the last encoded day as `last_known`.

    Returns:
        One line for each code, in the order of `did`; the services that are not reported on their
            own; those the sources leave unsettled; the pitfalls of the combination.

    Raises:
        UnknownServiceError: No service has one of the ids.
        InvalidDateError: `on` is not a date.
        UnknownEditionError: No edition is encoded for the date. It carries what is announced.
        InvalidInputError: `did` is empty or not a list.

    Where it comes from: the decision table (in `knowledge/services/`) and the list of pitfalls
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
    table = _table(library)
    if beyond is not None and _is_beyond(table, day, beyond):
        last = recommend([service.id for service in named], on=table.last)
        return _recommendation_beyond(library, last, day)
    edition = library.edition(day)
    ids = tuple(dict.fromkeys(service.id for service in named))
    answers = tuple(service_answer(library, id, day) for id in ids)
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
        address=named[0].address if len(ids) == 1 else "services/",
    )


def verdicts() -> tuple[VerdictRow, ...]:
    """The truth table: what every code is to every service, on every encoded date of service.

    Returns:
        Rows of code, service and a span of dates over which nothing of the row changes, in the
            order of the codes, the services and the dates. For one code and one service the spans
            follow one another without a gap, from the first encoded day to the last.

    Where it comes from: `can_bill`, asked for each of them.

    Examples:
        >>> import cdtref
        >>> rows = [
        ...     (row.since.year, row.until.year, row.verdict.value)
        ...     for row in cdtref.verdicts()
        ...     if (row.code, row.service) == ("D0801", "intraoral-scan")
        ... ]
        >>> rows[0][0], rows[0][2]
        (2014, 'no')
        >>> rows[-1][0], rows[-1][2]
        (2023, 'yes')
    """
    library = current()
    return tuple(
        row
        for code in library.facts(Code).values()
        for service in library.facts(Service)
        for row in _verdict_rows(library, code, service)
    )


# --- After the last encoded edition ---------------------------------------------------------------


def _is_beyond(table: "_Table", day: dt.date, beyond: object) -> bool:
    if not (isinstance(beyond, str) and beyond == "last"):
        raise InvalidInputError(
            f"beyond: expected 'last', or nothing at all, got {inputs.typed(beyond)}."
        )
    return day > table.last


def _answer_beyond(library: Library, last: Answer, day: dt.date) -> Answer:
    announced = library.announced(day)
    service = library.facts(Service)[last.service]
    return last.__replace__(
        on=day,
        verdict=Verdict.UNSETTLED,
        outcome=Outcome.UNSETTLED,
        why=not_answered(library, day),
        instead=(),
        part_of="",
        ask=_ask_beyond(service, day),
        disputed=False,
        dissent=(),
        backing=(),
        rule="",
        sources=announced.sources if announced else (),
        edition="",
        confidence=Confidence.UNVERIFIED,
        last_known=last,
    )


def _recommendation_beyond(library: Library, last: Recommendation, day: dt.date) -> Recommendation:
    announced = library.announced(day)
    services = tuple(
        answer.__replace__(
            outcome=Outcome.UNSETTLED,
            codes=(),
            why=not_answered(library, day),
            part_of="",
            ask=_ask_beyond(library.facts(Service)[answer.service], day),
            disputed=False,
            dissent=(),
            backing=(),
            rule="",
            sources=announced.sources if announced else (),
            confidence=Confidence.UNVERIFIED,
            last_known=answer,
        )
        for answer in last.services
    )
    return last.__replace__(
        on=day,
        lines=(),
        included=(),
        unsettled=last.did,
        cautions=(),
        services=services,
        edition="",
        last_known=last,
    )


def not_answered(library: Library, day: dt.date) -> str:
    """What to say of a date of service after the last encoded edition."""
    last = library.editions()[-1]
    announced = library.announced(day)
    told = f" {announced.id} is announced. {announced.not_read}" if announced else ""
    return f"Dates of service after {long_date(last.until)} are not answered here.{told}"


def _ask_beyond(service: Service, day: dt.date) -> str:
    return f"How do you want {service.phrase} reported for the date of service {long_date(day)}?"


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
        editions = library.editions()
        self.first, self.last = editions[0].since, editions[-1].until
        spans: list[Code | Rule | Position] = [
            *library.facts(Code).values(),
            *library.facts(Rule).values(),
            *library.facts(Position).values(),
        ]
        self.starts = sorted({edition.since for edition in editions} | self.changes(spans))
        self.known: set[tuple[str, str]] = set()
        self.decided: dict[tuple[tuple[str, str], int], Answer] = {}

    def changes(self, spans: "Iterable[Code | Rule | Position]") -> set[dt.date]:
        """The days on which one of these begins, or is over."""
        found = {self.first}
        for span in spans:
            if span.since and span.since <= self.last:
                found.add(span.since)
            if span.until and span.until < self.last:
                found.add(span.until + dt.timedelta(days=1))
        return found

    def period(self, day: dt.date) -> int:
        """The number of the period a day falls in."""
        if not self.first <= day <= self.last:
            raise self.library.unknown(day)
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


class _Ruling(Value):
    verdict: Verdict
    why: str
    sources: tuple[str, ...]
    confidence: Confidence


def _decide(library: Library, code_id: str, service: str, day: dt.date) -> Answer:
    code = library.facts(Code)[code_id]
    rule = _table(library).rule(service, day)
    ruling = _ruling(code, rule, day)
    backing, dissent = _sides(library, code, service, rule, ruling.verdict, day)
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
        backing=backing,
        address=address(code, library.facts(Service)[service]),
    )


def address(code: Code, service: Service) -> str:
    """Where the site answers whether a code describes a service."""
    return f"{code.address}#{service.id}" if code.subject else f"{service.address}#answer"


def _verdict_rows(library: Library, code: Code, service: str) -> "Iterator[VerdictRow]":
    table = _table(library)
    rules = table.rules[service]
    positions = [p for q in table.questions.get(service, ()) for p in table.positions[q.id]]
    starts = sorted(table.changes([code, *rules, *positions]))
    row: VerdictRow | None = None
    for since in starts:
        answer = can_bill(code.code, service, on=since)
        told = VerdictRow(
            code.code,
            service,
            row.since if row else since,
            table.last,
            answer.verdict,
            answer.outcome,
            answer.instead,
            answer.disputed,
            answer.confidence,
            answer.rule,
            answer.address,
        )
        if row is not None and told != row:
            yield row.__replace__(until=since - dt.timedelta(days=1))
            told = told.__replace__(since=since)
        row = told
    if row is not None:
        yield row


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
    use = code.use if code.use[1:2].isupper() else code.use[0].lower() + code.use[1:]
    why = f"{code.code} is for something else: {use} {rule.why}"
    return _Ruling(Verdict.NO, why, sources, rule.confidence)


def out_of_effect(code: Code, day: dt.date) -> str:
    """What to say of a code that was not in effect on a date; empty where it was."""
    if code.since and day < code.since:
        return f"{code.code} begins with dates of service from {long_date(code.since)}."
    if code.until and day > code.until:
        return f"{code.code} ended with dates of service on {long_date(code.until)}."
    return ""


_DEFINITE = (Stance.YES, Stance.NO, Stance.INCLUDED)


def _sides(
    library: Library, code: Code, service: str, rule: Rule, verdict: Verdict, day: dt.date
) -> tuple[tuple[Position, ...], tuple[Position, ...]]:
    """The positions about the date that agree with the verdict, and those that contradict it.

    A code's dates are not a matter of opinion. Where a code is the answer, whoever says that
    another code describes the same service contradicts it too, unless the same source grants both;
    and whoever denies another code and points to this one agrees. What we leave unsettled nobody
    backs: all who settle it say otherwise.
    """
    if not covers(code, day):
        return (), ()
    table = _table(library)
    own: list[Position] = []
    others: list[tuple[str, Position]] = []
    for question in table.questions.get(service, ()):
        for position in table.positions[question.id]:
            if position.stance in _DEFINITE and covers(position, day):
                if question.code == code.code:
                    own.append(position)
                else:
                    others.append((question.code, position))
    if verdict is Verdict.UNSETTLED:
        return (), _ranked(own)
    said_yes = verdict is Verdict.YES
    backing = [position for position in own if (position.stance is Stance.YES) == said_yes]
    dissent = [position for position in own if (position.stance is Stance.YES) != said_yes]
    answers = rule.codes if rule.outcome is Outcome.REPORTED else ()
    backing += [
        position
        for asked, position in others
        if (asked in answers and position.stance is Stance.YES)
        or not set(answers).isdisjoint(position.codes)
    ]
    if said_yes:
        agreeing = {position.source for position in own if position.stance is Stance.YES}
        dissent += [
            position
            for asked, position in others
            if position.stance is Stance.YES
            and asked not in answers
            and covers(library.facts(Code)[asked], day)
            and position.source not in agreeing
        ]
    return _ranked(backing), _ranked(dissent)


def _ranked(positions: "Iterable[Position]") -> tuple[Position, ...]:
    """Each once, the most authoritative first; what is relayed comes after what was read."""
    once = {position.id: position for position in positions}.values()
    return tuple(sorted(once, key=lambda one: (-one.authority.rank, bool(one.relayed_by))))


def service_answer(library: Library, service: str, day: dt.date) -> ServiceAnswer:
    """How one service is reported on a date that is encoded."""
    table = _table(library)
    rule = table.rule(service, day)
    # Where codes are the answer, their dissent already holds whoever would report another code.
    codes: Iterable[str] = rule.codes
    if rule.outcome is not Outcome.REPORTED:
        codes = {question.code: None for question in table.questions.get(service, ())}
    answers = [can_bill(code, service, on=day) for code in codes]
    dissent = _ranked(position for answer in answers for position in answer.dissent)
    return ServiceAnswer(
        service=service,
        outcome=rule.outcome,
        codes=rule.codes if rule.outcome is Outcome.REPORTED else (),
        why=rule.why,
        part_of=rule.part_of,
        ask=rule.ask,
        disputed=bool(dissent),
        dissent=dissent,
        rule=rule.id,
        sources=rule.sources,
        confidence=rule.confidence,
        backing=_ranked(position for answer in answers for position in answer.backing),
        address=library.facts(Service)[service].address,
    )


def _lines(library: Library, answers: tuple[ServiceAnswer, ...], day: dt.date) -> "Iterable[Line]":
    for code in dict.fromkeys(code for answer in answers for code in answer.codes):
        told = [answer for answer in answers if code in answer.codes]
        dissent = _ranked(position for answer in told for position in answer.dissent)
        fact = library.facts(Code)[code]
        yield Line(
            code=code,
            title=_title_on(fact, day),
            services=tuple(answer.service for answer in told),
            why=" ".join(dict.fromkeys(answer.why for answer in told)),
            disputed=bool(dissent),
            dissent=dissent,
            sources=tuple(dict.fromkeys(source for answer in told for source in answer.sources)),
            confidence=min(answer.confidence for answer in told),
            backing=_ranked(position for answer in told for position in answer.backing),
            address=fact.address,
        )


def _title_on(code: Code, day: dt.date) -> str:
    """The short title of a date; where it is not established, the one before."""
    begun = [title for title in code.titles if title.since is None or title.since <= day]
    return (begun or code.titles)[-1 if begun else 0].text


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
