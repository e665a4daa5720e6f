"""Judges what was billed on a date of service, beside what was done on it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from .claimlines import UNEXPLAINED, UNNAMED, Billed, family, listed
from .coding import not_answered, period_start
from .findings import Finding, Kind, tell
from .library import Library, current
from .model import Caution, Code, Severity
from .together import judge, risk

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
    judged = judge if len(billed) <= _CACHED else judge.__wrapped__
    told = judged(library, period_start(library, on), did, billed)
    for reason, at in told.unchecked:
        unchecked.append(_Unchecked(reason, on, billed[at][0], numbers[places[at]]))
    return [
        finding.__replace__(on=on, lines=tuple([numbers[places[at]] for at in about]))
        for finding, about in told.findings
        if whole or finding.kind is not Kind.UNBILLED_SERVICE
    ]


_CACHED = 12
"""Visits of more lines than this are rare, and would fill the memory of those that repeat."""


# --- What was not checked -------------------------------------------------------------------------

_OUTSIDE, _BEYOND, _OWN = range(3)
"""Why a line was not looked at: told before why one of the topic was not checked."""


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
        if reason in (UNNAMED, UNEXPLAINED):
            fact = library.facts(Code)[codes[0]]
            address = "guide/checking-a-claim/#codes-alone" if codes[1:] else fact.address
        yield tell(
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
    named = listed(codes)
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
    if reason == UNNAMED:
        return (
            f"Nothing says what was done for {named}. Dates, repeats and neighbors on the claim "
            "were checked. Name what was done, to have the code itself checked."
        )
    what = "they stand" if several else "it stands"
    return f"Nothing that was named as done explains {named}. Name what {what} for."


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

    def add(code: str, lines: tuple[int, ...], known: list[Finding]) -> None:
        told.append(
            tell(
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
            add(line[0], (number,), [*known, *loose, *_not_checked(library, own)])
            loose = []
    if loose:  # nothing of the topic is billed, and yet something was done
        add("", (), loose)
    return told


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
                    yield risk(library, caution.id).__replace__(on=min(found), lines=tuple(lines))
