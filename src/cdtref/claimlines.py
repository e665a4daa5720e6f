"""Judges one claim line by itself: its code, on a date, for what was done."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import lru_cache

from .coding import can_bill, out_of_effect, recommend
from .findings import Finding, Kind, tell
from .library import Library
from .model import Answer, Code, Outcome, Rule, Service, Severity, Verdict
from .paperwork import Outside
from .pitfalls import Combined, pitfalls_of

Billed = tuple[str, tuple[str, ...], str, int, bool | None]
"""A line without its number and date: code, did, arch, quantity, and what `inputs.billed` says of
the code: of this topic, outside it, or an office's own."""

UNNAMED, UNEXPLAINED = 3, 4
"""Why a line of the topic was not checked: nothing says what was done, or what does is not what its
code stands for. `visits` counts why a line was not looked at from 0, and tells those first."""

_SEEN = 32_768
"""More than the lines that differ: each code with each service and period, and some pairs."""


class KnownLine:
    """What holds of a line, on all days of a period, whatever else is billed."""

    __slots__ = (
        *("code", "services", "arch", "quantity", "known"),
        *("told", "reported", "pitfalls", "_beside"),
    )

    def __init__(self, library: Library, on: dt.date, billed: Billed, did: tuple[str, ...]) -> None:
        self.code, self.services, self.arch, self.quantity, self.known = billed
        self.told: Finding | int | None = None
        """What is wrong with it; None if nothing is, or why it is unchecked."""
        self.reported: tuple[tuple[str, tuple[str, ...]], ...] = ()
        """The services that it names, each with the codes that report it."""
        self.pitfalls: tuple[Combined, ...] = ()
        """What it is the first part of."""
        self._beside: dict[tuple[str, ...], Finding] = {}
        if self.known:
            own = bool(self.services)
            self.told = _judge_line(library, on, self.code, self.services or did, own)
            self.pitfalls = pitfalls_of(library).beginning((self.code, *self.services))
            self.reported = tuple([(one, reported(library, on, one)) for one in self.services])

    def beside(self, told: Finding, codes: set[str]) -> Finding:
        """The finding where some of the codes that it advises stand on the claim already."""
        there = tuple([code for code in told.instead if code in codes])
        if there not in self._beside:
            self._beside[there] = _already(told, there)
        return self._beside[there]


@lru_cache(maxsize=_SEEN)
def line_of(library: Library, on: dt.date, billed: Billed, did: tuple[str, ...]) -> KnownLine:
    """What holds of a line, in the period that begins `on`. `did` is what the visit names."""
    return KnownLine(library, on, billed, did)


@lru_cache(maxsize=_SEEN)
def reported(library: Library, on: dt.date, service: str) -> tuple[str, ...]:
    """The codes that report a service."""
    return recommend([service], on=on).services[0].codes


@lru_cache(maxsize=_SEEN)
def family(library: Library, code: str) -> str:
    """The kind of work outside this topic that a code belongs to; empty for most codes."""
    for entry in library.facts(Outside).values():
        for span in entry.ranges:
            first, _, last = span.partition("-")
            if first <= code <= (last or first):
                return entry.id
    return ""


_NAMED = 6
"""More codes than these are counted, not named."""


def listed(codes: Sequence[str]) -> str:
    """Codes as a sentence names them: D0330, D0340 and D0350."""
    if len(codes) > _NAMED:
        return f"{', '.join(codes[:_NAMED])} and {len(codes) - _NAMED} more"
    *before, last = codes
    return f"{', '.join(before)} and {last}" if before else last


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
        return _out_of_effect(library, on, fact, dates) if dates else UNNAMED
    answers = [can_bill(code, service, on=on) for service in did]
    if any(_is_right(answer, library) for answer in answers):
        return None
    answer = min(answers, key=lambda one: _relevance(one, library))
    # A line names what its own code stands for, but for a code that goes with the service itself.
    named = own and not fact.companion
    meant = named or dates or fact.subject or answer.verdict is not Verdict.NO
    if not (meant or _spoken_of(answer, library)):
        return UNEXPLAINED  # a neighbor that stands for something else done, which nobody named
    kind, severity = _KINDS[answer.verdict]
    if dates:
        kind, severity = Kind.INVALID_FOR_DATE, Severity.ERROR
    return tell(
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


def _already(told: Finding, there: Collection[str]) -> Finding:
    """A finding that does not advise what is on the claim already."""
    instead = tuple([code for code in told.instead if code not in there])
    stands = "stand" if len(there) > 1 else "stands"
    why = f"{told.why} {listed(tuple(there))} {stands} on the claim already."
    return told.__replace__(instead=instead, why=why if instead else f"{why} Leave this line off.")


def _out_of_effect(library: Library, on: dt.date, fact: Code, dates: str) -> Finding:
    """A code out of its time on a line that does not say what was done."""
    sources, right = fact.sources, "Name what was done to learn which code was right."
    for rule in library.facts(Rule).values():
        if rule.outcome is Outcome.REPORTED and fact.code in rule.codes:
            now = recommend([rule.service], on=on).services[0]
            if now.codes:
                phrase = library.facts(Service)[rule.service].phrase
                right = f"For {phrase}, the code on that date is {listed(now.codes)}."
                sources = tuple(dict.fromkeys((*sources, *now.sources)))
                break
    return tell(
        Kind.INVALID_FOR_DATE,
        Severity.ERROR,
        fact.code,
        f"{dates} {right}",
        on=on,
        sources=sources,
        address=fact.address,
        confidence=fact.confidence,
    )
