"""Judges what was billed on a date of service, beside what was done on it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from .coding import can_bill, not_answered, out_of_effect, period_start, recommend
from .findings import Finding, Kind
from .library import Library, current
from .model import (
    Answer,
    Caution,
    Code,
    Combination,
    Company,
    Confidence,
    Outcome,
    Position,
    Rule,
    Service,
    Severity,
    Verdict,
)
from .paperwork import Outside

Billed = tuple[str, tuple[str, ...], str, int, bool | None]
"""A line without its number and date: code, did, arch, quantity, and what `inputs.billed` says of
the code: of this topic, outside it, or an office's own."""

Visit = tuple[dt.date, tuple[str, ...], tuple[Billed, ...], Sequence[int]]
"""A date of service, what was done on it as a whole, the lines billed, and their numbers."""


def check_visit(
    on: dt.date,
    did: tuple[str, ...],
    billed: tuple[Billed, ...],
    numbers: Sequence[int],
    *,
    whole: bool = True,
) -> list[Finding]:
    """The findings on one date of service, errors first, by the numbers of the lines billed.

    Where the claim was read only in part, it is not `whole`: nothing is called unbilled then.
    """
    return check_visits(((on, did, billed, numbers),), whole=whole)


def check_visits(visits: Sequence[Visit], *, whole: bool = True) -> list[Finding]:
    """The findings on the dates of service of one claim, errors first.

    What was not checked is told once for all of them, at the end.
    """
    library = current()
    last = library.editions()[-1].until
    found: list[Finding] = []
    unchecked: list[_Unchecked] = []
    for visit in visits:
        on, did, billed, numbers = visit
        if on > last:
            found += _after_last(library, visit, last, unchecked, whole=whole)
        else:
            found += _judged(library, on, did, billed, numbers, unchecked, whole=whole)
    if len(visits) > 1:
        found += _check_years(library, visits)
        found.sort(key=rank)
    if unchecked:
        found += _not_checked(library, unchecked)
    return found


def rank(finding: Finding) -> int:
    """Sorts errors first."""
    return -finding.severity.rank


def _judged(
    library: Library,
    on: dt.date,
    did: tuple[str, ...],
    billed: tuple[Billed, ...],
    numbers: Sequence[int],
    unchecked: "list[_Unchecked]",
    *,
    whole: bool,
) -> list[Finding]:
    """The findings on a date that is encoded; what was not checked is added to the list."""
    places: Sequence[int] = range(len(billed))
    for line in billed:
        if not line[4]:
            places = _looked_at(library, did, billed, on, numbers, unchecked)
            billed = tuple([billed[at] for at in places])
            break
    judge = _judge if len(billed) <= _CACHED else _judge.__wrapped__
    told = judge(library, period_start(library, on), did, billed)
    for reason, at in told.unchecked:
        unchecked.append(_Unchecked(reason, on, billed[at][0], numbers[places[at]]))
    return [
        finding.__replace__(on=on, lines=tuple([numbers[places[at]] for at in about]))
        for finding, about in told.findings
        if whole or finding.kind is not Kind.UNBILLED_SERVICE
    ]


# --- What was not checked -------------------------------------------------------------------------

_OUTSIDE, _BEYOND, _OWN, _UNNAMED, _UNEXPLAINED = range(5)
"""Why a line was not checked, in the order in which it is told."""


class _Unchecked(NamedTuple):
    reason: int
    on: dt.date
    code: str
    number: int


def _looked_at(
    library: Library,
    did: tuple[str, ...],
    billed: tuple[Billed, ...],
    on: dt.date,
    numbers: Sequence[int],
    unchecked: list[_Unchecked],
) -> list[int]:
    """The places of the lines that matter: of this topic, and what is suspicious company."""
    company = not did and any(line[4] and not line[1] for line in billed)
    outside = _OUTSIDE if on <= library.editions()[-1].until else _BEYOND
    places = []
    for at, line in enumerate(billed):
        if not line[4]:
            reason = _OWN if line[4] is None else outside
            unchecked.append(_Unchecked(reason, on, line[0], numbers[at]))
        if line[4] or (company and family(library, line[0])):
            places.append(at)
    return places


def _not_checked(library: Library, unchecked: list[_Unchecked]) -> Iterator[Finding]:
    """One note for each reason, however many lines it is about."""
    unchecked.sort(key=lambda line: (line.reason, line.number))
    for reason, group in groupby(unchecked, key=lambda line: line.reason):
        lines = list(group)
        codes = list(dict.fromkeys(line.code for line in lines))
        address = ""
        if reason in (_UNNAMED, _UNEXPLAINED):
            fact = library.facts(Code)[codes[0]]
            address = "guide/checking-a-claim/#codes-alone" if codes[1:] else fact.address
        yield _found(
            Kind.NOT_CHECKED,
            Severity.NOTE,
            "" if codes[1:] else codes[0],
            _why_not_checked(library, reason, codes, len(lines)),
            on=min(line.on for line in lines),
            lines=tuple([line.number for line in lines]),
            address=address,
        )


def _why_not_checked(library: Library, reason: int, codes: list[str], lines: int) -> str:
    several = bool(codes[1:])
    if reason in (_OUTSIDE, _BEYOND):
        far = f", as far as {library.editions()[-1].id} goes" if reason == _BEYOND else ""
        if several:
            return f"{lines} lines are of codes outside this topic{far}; they were not looked at."
        return f"{codes[0]} is outside this topic{far}; it was not looked at."
    named = _listed(codes)
    if reason == _OWN and several:
        return (
            f"{named} are no CDT codes but an office's own, or of another code set. Leave them "
            "off a dental claim; they were not looked at."
        )
    if reason == _OWN:
        return (
            f"{named} is no CDT code but an office's own, or of another code set. Leave it off a "
            "dental claim; it was not looked at."
        )
    if reason == _UNNAMED:
        return (
            f"Nothing says what was done for {named}. Dates, repeats and neighbors on the claim "
            "were checked. Name what was done, to have the code itself checked."
        )
    what = "they stand" if several else "it stands"
    return f"Nothing that was named as done explains {named}. Name what {what} for."


_NAMED = 6
"""More codes than these are counted, not named."""


def _listed(codes: Sequence[str]) -> str:
    """Codes as a sentence names them: D0330, D0340 and D0350."""
    if len(codes) > _NAMED:
        return f"{', '.join(codes[:_NAMED])} and {len(codes) - _NAMED} more codes"
    *before, last = codes
    return f"{', '.join(before)} and {last}" if before else last


# --- After the last encoded edition ---------------------------------------------------------------


def _after_last(
    library: Library,
    visit: Visit,
    last: dt.date,
    unchecked: list[_Unchecked],
    *,
    whole: bool,
) -> list[Finding]:
    """A finding a line, with what its last day would bring."""
    on, did, billed, numbers = visit
    announced = library.announced(on)
    silent: list[_Unchecked] = []
    before = _judged(library, last, did, billed, numbers, silent, whole=whole)
    _looked_at(library, did, billed, on, numbers, unchecked)
    told: list[Finding] = []

    def tell(code: str, lines: tuple[int, ...], known: list[Finding]) -> None:
        told.append(
            _found(
                Kind.AFTER_LAST_EDITION,
                Severity.WARNING,
                code,
                not_answered(library, on),
                on=on,
                lines=lines,
                sources=announced.sources if announced else (),
                address="guide/dates-of-service/#the-next-edition",
                last_known=tuple(known),
            )
        )

    # What is about no line of its own, such as a service left off, stands beside the first one.
    loose = [finding for finding in before if not finding.lines]
    for number, line in zip(numbers, billed, strict=True):
        if line[4]:
            known = [finding for finding in before if number in finding.lines]
            own = [one for one in silent if one.number == number]
            tell(line[0], (number,), [*known, *loose, *_not_checked(library, own)])
            loose = []
    if loose:  # nothing of the topic is billed, and yet something was done
        tell("", (), loose)
    return told


# --- One date of service --------------------------------------------------------------------------


class _Judged(NamedTuple):
    """What holds of equal visits between two dates on which nothing changes.

    Lines are places in what was billed, counted from 0.
    """

    findings: tuple[tuple[Finding, tuple[int, ...]], ...]
    unchecked: tuple[tuple[int, int], ...]
    """The reason and the place."""


_CACHED = 12
"""Visits of more lines than this are rare, and would fill the memory of those that repeat."""


@lru_cache(maxsize=8_192)
def _judge(
    library: Library, on: dt.date, did: tuple[str, ...], billed: tuple[Billed, ...]
) -> _Judged:
    """The findings on a visit, errors first. `on` is the first day of a period."""
    codes = {line[0] for line in billed if line[4]}
    found: list[tuple[Finding, tuple[int, ...]]] = []
    unchecked: list[tuple[int, int]] = []
    covered = codes
    done = list(did)
    for at, (code, services, _arch, _quantity, known) in enumerate(billed):
        if not known:
            continue
        done += services
        told = _judge_line(library, on, code, services or did, bool(services))
        if isinstance(told, int):
            unchecked.append((told, at))
        elif told is not None:
            if told.instead:
                covered = covered.union(told.instead)
                if not codes.isdisjoint(told.instead):
                    told = _already(told, codes)
            found.append((told, (at,)))
    if len(codes) < len(billed) or any(line[3] > 1 for line in billed):
        found += _check_repeats(library, on, billed)
    if done:
        every = tuple(dict.fromkeys(done))
        found += _check_unbilled(library, on, every, covered)
    unnamed = [at for reason, at in unchecked if reason == _UNNAMED]
    found += _check_together(library, on, done, billed, codes, unnamed)
    if len(found) > 1:
        found.sort(key=_first)
    return _Judged(tuple(found), tuple(unchecked))


def _first(told: tuple[Finding, tuple[int, ...]]) -> int:
    return -told[0].severity.rank


def _found(
    kind: Kind,
    severity: Severity,
    code: str,
    why: str,
    *,
    on: dt.date,
    instead: tuple[str, ...] = (),
    rule: str = "",
    dissent: tuple[Position, ...] = (),
    lines: tuple[int, ...] = (),
    sources: tuple[str, ...] = (),
    address: str = "",
    last_known: tuple[Finding, ...] = (),
    confidence: Confidence | None = None,
) -> Finding:
    return Finding(
        kind,
        severity,
        code,
        instead,
        why,
        rule,
        dissent,
        on,
        lines,
        sources,
        address,
        last_known,
        confidence,
    )


# --- One line -------------------------------------------------------------------------------------

_SEEN = 32_768
"""More than the lines that differ: each code with each service and period, and some pairs."""


@lru_cache(maxsize=_SEEN)
def _judge_line(
    library: Library, on: dt.date, code: str, did: tuple[str, ...], own: bool
) -> Finding | int | None:
    """What is wrong with a code for what was done; None if it is right, or why it is unchecked.

    `own` says that the line itself names what was done, and not only the visit.
    """
    fact = library.facts(Code)[code]
    dates = out_of_effect(fact, on)
    if not did:
        return _out_of_effect(library, on, fact, dates) if dates else _UNNAMED
    answers = [can_bill(code, service, on=on) for service in did]
    if any(_is_right(answer, library) for answer in answers):
        return None
    answer = min(answers, key=lambda one: _relevance(one, library))
    # A line names what its own code stands for, but for a code that goes with the service itself.
    named = own and not fact.companion
    meant = named or dates or fact.subject or answer.verdict is not Verdict.NO
    if not (meant or _spoken_of(answer, library)):
        return _UNEXPLAINED  # a neighbor that stands for something else done, which nobody named
    kind, severity = _KINDS[answer.verdict]
    if dates:
        kind, severity = Kind.INVALID_FOR_DATE, Severity.ERROR
    return _found(
        kind,
        severity,
        code,
        f"{answer.why}{_remedy(answer, library)}",
        on=on,
        instead=answer.instead,
        rule=answer.rule,
        dissent=answer.dissent,
        sources=answer.sources,
        address=answer.address,
        confidence=answer.confidence,
    )


def _is_right(answer: Answer, library: Library) -> bool:
    """Whether the code describes the service, or what the service is part of."""
    if answer.verdict is Verdict.YES:
        return True
    included = answer.verdict is Verdict.INCLUDED
    return included and answer.code in library.facts(Rule)[answer.rule].codes


def _spoken_of(answer: Answer, library: Library) -> bool:
    """Whether a source speaks of this very code for this service."""
    exceptions = library.facts(Rule)[answer.rule].exceptions
    return answer.code in [exception.code for exception in exceptions]


_KINDS = {
    Verdict.NO: (Kind.WRONG_CODE, Severity.ERROR),
    Verdict.INCLUDED: (Kind.UNBUNDLED, Severity.ERROR),
    Verdict.UNSETTLED: (Kind.UNSETTLED, Severity.WARNING),
}


def _relevance(answer: Answer, library: Library) -> tuple[bool, bool, bool, bool]:
    """Of several services, the one that the code was most likely meant for comes first."""
    return (
        answer.verdict is not Verdict.UNSETTLED,
        answer.verdict is not Verdict.INCLUDED,
        not _spoken_of(answer, library),
        not answer.instead,
    )


def _remedy(answer: Answer, library: Library) -> str:
    """What would be right, where no other code is."""
    rule = library.facts(Rule)[answer.rule]
    if answer.outcome is Outcome.INCLUDED:
        return f" Nothing is billed for it apart from {rule.part_of}."
    if answer.outcome is Outcome.NO_CODE:
        return " Leave this line off."
    return f" {rule.ask}" if answer.outcome is Outcome.UNSETTLED else ""


def _already(told: Finding, codes: set[str]) -> Finding:
    """A finding that does not advise what is on the claim already."""
    there = [code for code in told.instead if code in codes]
    instead = tuple([code for code in told.instead if code not in codes])
    stands = "stand" if there[1:] else "stands"
    why = f"{told.why} {_listed(there)} {stands} on the claim already."
    return told.__replace__(instead=instead, why=why if instead else f"{why} Leave this line off.")


def _out_of_effect(library: Library, on: dt.date, fact: Code, dates: str) -> Finding:
    """A code out of its time on a line that does not say what was done."""
    sources, right = fact.sources, "Name what was done to learn which code was right."
    for rule in library.facts(Rule).values():
        if rule.outcome is Outcome.REPORTED and fact.code in rule.codes:
            now = recommend([rule.service], on=on).services[0]
            if now.codes:
                phrase = library.facts(Service)[rule.service].phrase
                right = f"For {phrase}, the code on that date is {_listed(now.codes)}."
                sources = tuple(dict.fromkeys((*sources, *now.sources)))
                break
    return _found(
        Kind.INVALID_FOR_DATE,
        Severity.ERROR,
        fact.code,
        f"{dates} {right}",
        on=on,
        sources=sources,
        address=fact.address,
        confidence=fact.confidence,
    )


# --- The lines together ---------------------------------------------------------------------------

_Told = Iterator[tuple[Finding, tuple[int, ...]]]


def _check_repeats(library: Library, on: dt.date, billed: tuple[Billed, ...]) -> _Told:
    """The same code twice, unless the lines are the two arches; and quantities."""
    places: dict[str, list[int]] = {}
    for at, line in enumerate(billed):
        if line[4]:
            places.setdefault(line[0], []).append(at)
    for code, found in places.items():
        arches = sorted(billed[at][2] for at in found)
        kind, severity = Kind.UNSETTLED, Severity.NOTE
        if len(found) > 1 and arches == ["lower", "upper"]:
            why = f"{code} stands on a line for each arch. The sources are silent on units: ask."
        elif len(found) > 1:
            kind, severity = Kind.DUPLICATE, Severity.WARNING
            why = (
                f"{code} stands on {len(found)} lines for one date, and they are not one upper "
                "and one lower arch. A retake or a copy adds no line."
            )
        elif billed[found[0]][3] > 1:
            why = f"{code} has a quantity above one. The sources are silent on units: ask."
        else:
            continue
        fact = library.facts(Code)[code]
        yield (
            _found(
                kind,
                severity,
                code,
                why,
                on=on,
                sources=fact.sources,
                address=fact.address,
                confidence=Confidence.JUDGMENT,
            ),
            tuple(found),
        )


def _check_unbilled(
    library: Library, on: dt.date, did: tuple[str, ...], covered: set[str]
) -> _Told:
    """What was done, has a code, and is neither billed nor advised for another line."""
    reporting: dict[str, tuple[str, ...]] = {}
    for service in did:
        for code in _reported(library, on, service):
            if code not in covered:
                reporting[code] = (*reporting.get(code, ()), service)
    for code, services in reporting.items():
        yield _left_off(library, on, code, services), ()


@lru_cache(maxsize=_SEEN)
def _reported(library: Library, on: dt.date, service: str) -> tuple[str, ...]:
    return recommend([service], on=on).services[0].codes


@lru_cache(maxsize=_SEEN)
def _left_off(library: Library, on: dt.date, code: str, services: tuple[str, ...]) -> Finding:
    done = recommend(list(services), on=on)
    (line,) = [line for line in done.lines if line.code == code]
    return _found(
        Kind.UNBILLED_SERVICE,
        Severity.NOTE,
        code,
        f"{line.why} It was done and is on no line.",
        on=on,
        rule=done.services[0].rule,
        dissent=line.dissent,
        sources=line.sources,
        address=line.address,
        confidence=line.confidence,
    )


class _Pitfalls:
    """The cautions of a library by what has to be there for them to apply."""

    def __init__(self, library: Library) -> None:
        self.cautions = list(library.facts(Caution).values())
        self.by_code: dict[str, list[int]] = {}
        self.by_service: dict[str, list[int]] = {}
        for at, caution in enumerate(self.cautions):
            for when in caution.when:
                if when.codes:
                    self.by_code.setdefault(when.codes[0], []).append(at)
                elif when.services:
                    self.by_service.setdefault(when.services[0], []).append(at)
            for company in caution.company:
                for code in company.codes if company.beside else ():
                    self.by_code.setdefault(code, []).append(at)


@lru_cache(maxsize=1)
def _pitfalls(library: Library) -> _Pitfalls:
    return _Pitfalls(library)


def _check_together(
    library: Library,
    on: dt.date,
    did: list[str],
    billed: tuple[Billed, ...],
    codes: set[str],
    unnamed: list[int],
) -> _Told:
    known = _pitfalls(library)
    near: set[int] = set()
    for code in codes:
        near.update(known.by_code.get(code, ()))
    for service in did:
        near.update(known.by_service.get(service, ()))
    for at in sorted(near):
        caution = known.cautions[at]
        holding = [about for when in caution.when if (about := _together(when, did, billed, codes))]
        if holding:
            yield _risk(caution, on, caution.text), holding[0]
        for company in caution.company if unnamed and not holding else ():
            ours, theirs = _beside(library, company, billed, unnamed)
            if ours and theirs:
                why = f"{_stand(billed, ours, theirs)} {caution.text}"
                yield _risk(caution, on, why), tuple(sorted({*ours, *theirs}))


def _together(
    when: Combination, did: list[str], billed: tuple[Billed, ...], codes: set[str]
) -> tuple[int, ...]:
    """The lines that a combination holds of."""
    holds = codes.issuperset(when.codes) and set(did).issuperset(when.services)
    # What was done alone is no risk: there has to be more than one line.
    if not holds or when.repeated or not (when.codes or len(codes) > 1):
        return ()
    done = set(when.services)
    every = [at for at, line in enumerate(billed) if line[4]]
    about = [
        at for at in every if billed[at][0] in when.codes or not done.isdisjoint(billed[at][1])
    ]
    return () if _arches_apart([billed[at] for at in about]) else tuple(about or every)


def _arches_apart(lines: list[Billed]) -> bool:
    """Whether two codes stand for different arches, so that they do not record the same anatomy."""
    arches: dict[str, set[str]] = {}
    for line in lines:
        arches.setdefault(line[0], set()).add(line[2])
    named = sorted(map(tuple, arches.values()))
    return named == [("lower",), ("upper",)]


def _risk(caution: Caution, on: dt.date, why: str) -> Finding:
    return _found(
        Kind.BUNDLING_RISK,
        caution.severity,
        "",
        why,
        on=on,
        rule=caution.id,
        sources=caution.sources,
        address=caution.address,
        confidence=caution.confidence,
    )


# --- The company a code keeps ---------------------------------------------------------------------


def _beside(
    library: Library, company: Company, billed: tuple[Billed, ...], unnamed: list[int]
) -> tuple[list[int], list[int]]:
    """The lines of a code that nothing explains, and those of work that it may be a step of."""
    ours = [at for at in unnamed if billed[at][0] in company.codes]
    theirs = [at for at, line in enumerate(billed) if family(library, line[0]) in company.beside]
    return ours, theirs


def _stand(billed: tuple[Billed, ...], ours: list[int], theirs: list[int]) -> str:
    first, second = [list(dict.fromkeys(billed[at][0] for at in part)) for part in (ours, theirs)]
    return f"{_listed(first)} {'stand' if first[1:] else 'stands'} beside {_listed(second)}."


@lru_cache(maxsize=_SEEN)
def family(library: Library, code: str) -> str:
    """The kind of work outside this topic that a code belongs to; empty for most codes."""
    for entry in library.facts(Outside).values():
        for span in entry.ranges:
            first, _, last = span.partition("-")
            if first <= code <= (last or first):
                return entry.id
    return ""


# --- From one date to another ---------------------------------------------------------------------


def _check_years(library: Library, visits: Sequence[Visit]) -> Iterator[Finding]:
    """What a limit by the calendar year speaks of, on several dates of one year."""
    last = library.editions()[-1].until
    for caution in library.facts(Caution).values():
        for company in caution.company:
            dates: dict[int, dict[dt.date, list[int]]] = {}
            for on, _did, billed, numbers in visits if company.again else ():
                for number, line in zip(numbers, billed, strict=True):
                    if line[0] in company.codes and on <= last:
                        dates.setdefault(on.year, {}).setdefault(on, []).append(number)
            for found in dates.values():
                if len(found) > 1:
                    lines = sorted(number for numbers in found.values() for number in numbers)
                    yield _risk(caution, min(found), caution.text).__replace__(lines=tuple(lines))
