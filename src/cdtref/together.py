"""Judges the lines of a date together: repeats, what is left off, and pitfalls of codes."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from .claimlines import UNNAMED, Billed, KnownLine, family, line_of, listed, reported
from .coding import recommend
from .findings import Finding, Kind, tell
from .library import Library
from .model import Caution, Code, Company, Confidence, Severity
from .pitfalls import Combined, pitfalls_of

_SEEN = 32_768

_Told = tuple[Finding, tuple[int, ...]]
"""A finding, and the places of the lines that it is about, counted from 0."""


class Judged(NamedTuple):
    """What holds of equal visits in a period. Lines are places in what was billed."""

    findings: Sequence[_Told]
    """Errors first; their own `lines` are empty, their `on` is the first day of the period."""
    unchecked: Sequence[tuple[int, int]]
    """The reason and the place."""


@lru_cache(maxsize=8_192)
def judge(
    library: Library, on: dt.date, did: tuple[str, ...], billed: tuple[Billed, ...]
) -> Judged:
    """The findings on a visit. `on` is the first day of a period."""
    return judge_lines(library, on, did, [line_of(library, on, one, did) for one in billed])


def judge_lines(
    library: Library, on: dt.date, did: tuple[str, ...], lines: Sequence[KnownLine]
) -> Judged:
    """The findings on a visit whose lines were judged one by one."""
    codes = {one.code for one in lines if one.known}
    covered = codes
    told: list[_Told] = []
    unchecked: list[tuple[int, int]] = []
    done = [(service, reported(library, on, service)) for service in did]
    near = [*pitfalls_of(library).beginning(did)] if did else []
    ours, several = 0, False
    for at, one in enumerate(lines):
        if not one.known:
            continue
        ours += 1
        several = several or one.quantity > 1
        done += one.reported
        near += one.pitfalls
        finding = one.told
        if finding is None:
            continue
        if isinstance(finding, int):
            unchecked.append((finding, at))
            continue
        if finding.instead:
            covered = covered.union(finding.instead)
            if not codes.isdisjoint(finding.instead):
                finding = one.beside(finding, codes)
        told.append((finding, (at,)))
    if several or ours > len(codes):
        told += _repeats(library, on, lines)
    told += _unbilled(library, on, done, covered)
    unnamed = [at for reason, at in unchecked if reason == UNNAMED]
    if near or unnamed:
        services = [service for service, _ in done]
        told += _risks(library, near, codes, services, lines, unnamed)
    if len(told) > 1:
        told.sort(key=_first)
    return Judged(told, unchecked)


def _first(told: _Told) -> int:
    return -told[0].severity.rank


# --- Repeats, and what is left off ----------------------------------------------------------------


def _repeats(library: Library, on: dt.date, lines: Sequence[KnownLine]) -> Iterator[_Told]:
    """The same code twice, unless the lines are the two arches; and quantities."""
    places: dict[str, list[int]] = {}
    for at, one in enumerate(lines):
        if one.known:
            places.setdefault(one.code, []).append(at)
    for code, found in places.items():
        arches = sorted(lines[at].arch for at in found)
        kind, severity = Kind.UNSETTLED, Severity.NOTE
        if len(found) > 1 and arches == ["lower", "upper"]:
            why = f"{code} stands on a line for each arch. The sources are silent on units: ask."
        elif len(found) > 1:
            kind, severity = Kind.DUPLICATE, Severity.WARNING
            why = (
                f"{code} stands on {len(found)} lines for one date, and they are not one upper "
                "and one lower arch. A retake or a copy adds no line."
            )
        elif lines[found[0]].quantity > 1:
            why = f"{code} has a quantity above one. The sources are silent on units: ask."
        else:
            continue
        yield _repeated(library, on, code, kind, severity, why), tuple(found)


@lru_cache(maxsize=_SEEN)
def _repeated(
    library: Library, on: dt.date, code: str, kind: Kind, severity: Severity, why: str
) -> Finding:
    fact = library.facts(Code)[code]
    return tell(
        kind,
        severity,
        code,
        why,
        on=on,
        sources=fact.sources,
        address=fact.address,
        confidence=Confidence.JUDGMENT,
    )


def _unbilled(
    library: Library,
    on: dt.date,
    done: Iterable[tuple[str, tuple[str, ...]]],
    covered: Collection[str],
) -> list[_Told]:
    """What was done, has a code, and is neither billed nor advised for another line."""
    left: dict[str, tuple[str, ...]] = {}
    for service, codes in done:
        for code in codes:
            if code not in covered:
                before = left.get(code, ())
                left[code] = before if service in before else (*before, service)
    return [(_left_off(library, on, code, services), ()) for code, services in left.items()]


@lru_cache(maxsize=_SEEN)
def _left_off(library: Library, on: dt.date, code: str, services: tuple[str, ...]) -> Finding:
    done = recommend(list(services), on=on)
    (line,) = [line for line in done.lines if line.code == code]
    return tell(
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


# --- Pitfalls -------------------------------------------------------------------------------------


def _risks(
    library: Library,
    near: Iterable[Combined],
    codes: set[str],
    services: Collection[str],
    lines: Sequence[KnownLine],
    unnamed: Sequence[int],
) -> Iterable[_Told]:
    """The cautions that apply, in their order."""
    pitfalls = pitfalls_of(library)
    told: dict[int, _Told] = {}
    for these in sorted(near):
        # What was done alone is no risk: there has to be more than one line.
        if not (these.codes or len(codes) > 1):
            continue
        if these.codes <= codes and these.services.issubset(services):
            about = _about(these, lines)
            if about and these.caution not in told:
                told[these.caution] = risk(library, pitfalls.cautions[these.caution].id), about
    if not unnamed:
        return told.values()
    applying = list(told.items())
    beside = {at for place in unnamed for at in pitfalls.beside.get(lines[place].code, ())}
    for at in beside.difference(told):
        caution = pitfalls.cautions[at]
        for company in caution.company:
            ours, theirs = _beside(library, company, lines, unnamed)
            if ours and theirs:
                found = risk(library, caution.id, _stand(lines, ours, theirs))
                applying.append((at, (found, tuple(sorted({*ours, *theirs})))))
    applying.sort(key=itemgetter(0))
    return [one for _, one in applying]


def _about(these: Combined, lines: Sequence[KnownLine]) -> tuple[int, ...]:
    """The places of the lines that a combination is about."""
    every = [at for at, one in enumerate(lines) if one.known]
    about = [
        at
        for at in every
        if lines[at].code in these.codes or not these.services.isdisjoint(lines[at].services)
    ]
    return () if _arches_apart([lines[at] for at in about]) else tuple(about or every)


def _arches_apart(lines: list[KnownLine]) -> bool:
    """Whether two codes stand for different arches, so that they do not record the same anatomy."""
    arches: dict[str, set[str]] = {}
    for one in lines:
        arches.setdefault(one.code, set()).add(one.arch)
    named = sorted(map(tuple, arches.values()))
    return named == [("lower",), ("upper",)]


@lru_cache(maxsize=_SEEN)
def risk(library: Library, id: str, stand: str = "") -> Finding:
    """The finding of a caution, for any date. `stand` says first what stands beside what."""
    caution = library.facts(Caution)[id]
    return tell(
        Kind.BUNDLING_RISK,
        caution.severity,
        "",
        f"{stand} {caution.text}" if stand else caution.text,
        on=dt.date.min,
        rule=id,
        sources=caution.sources,
        address=caution.address,
        confidence=caution.confidence,
    )


# --- The company a code keeps ---------------------------------------------------------------------


def _beside(
    library: Library, company: Company, lines: Sequence[KnownLine], unnamed: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The lines of a code that nothing explains, and those of work that it may be a step of."""
    ours = [at for at in unnamed if lines[at].code in company.codes]
    theirs = [at for at, one in enumerate(lines) if family(library, one.code) in company.beside]
    return ours, theirs


def _stand(lines: Sequence[KnownLine], ours: list[int], theirs: list[int]) -> str:
    first, second = [list(dict.fromkeys(lines[at].code for at in part)) for part in (ours, theirs)]
    return f"{listed(first)} {'stand' if first[1:] else 'stands'} beside {listed(second)}."
