"""Claims as an 837D has them: what each segment says of a service line."""

import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from ..errors import InvalidInputError
from . import areas, envelopes, segments
from .lines import Given, NotRead, Parted, Read, Whole
from .segments import Segment

_SERVICES = {"SV1": "professional", "SV2": "institutional", "SV3": "dental"}
_BOUNDS = {"ISA", "GS", "ST", "HL", "CLM", "SE", "GE", "IEA"}
"""A claim ends before each of these."""
_SHOWN = {*_BOUNDS, *_SERVICES, "LX", "DTP", "NM1", "REF", "NTE", "SBR", "HI", "DN1", "N3", "N4"}
"""Names of segments that are told. What stands where a name should be may name somebody."""
_ELEMENTS = 11
"""Of an SV3."""
_MERGED = "it has too many elements. The end of a segment is missing."
_DAY = re.compile("[0-9]{8}")
_QUALIFIER = re.compile("[A-Z0-9]{2}|D[0-9]{4}")
"""Of these one is told. Anything else may be a name that got into the wrong place."""


def read(text: TextIO) -> Iterator[Read]:
    """The claims of an 837D, in the order of the file, in constant memory.

    `line` is the ordinal of a service line. Nothing is kept or told that could name a person.

    Raises:
        InvalidInputError: `pyx12` is not installed, or the file does not begin as X12 does.
    """
    return _Claims().read(segments.read(text))


class _Date(NamedTuple):
    on: str = ""
    told: tuple[str, ...] = ()
    problem: str = ""
    placed: bool = False
    """An appliance was placed; when is no date of service."""


class _Claim:
    """A claim that is being read."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment.number
        self.found: list[Given | NotRead] = []
        self.told: tuple[str, ...] = ()
        self.date = _Date()
        self.in_lines = False
        self.label = segment.value(1).strip()
        self.ahead = segment.value(19) == "PB"
        if self.ahead:
            self.told = ("It is a predetermination: what was not done yet has no date of service.",)


class _Claims:
    """What was read so far of the file, the transaction, the claim and the line."""

    def __init__(self) -> None:
        self.number = 0
        self.version = ""
        self.other = ""
        """The transaction that is open, if it is not read."""
        self.since = self.lost = 0
        """The segment with which that began, and the service lines in it."""
        self.claim: _Claim | None = None
        self.counter: Segment | None = None
        """The LX whose service may still come."""
        self.line: Segment | None = None
        """The SV3 whose date may still come."""
        self.at = 0
        """Which service line that is."""
        self.date = _Date()

    def read(self, all: Iterator[Segment]) -> Iterator[Read]:
        until = 0
        for segment in all:
            name, until = segment.name, segment.number
            if segment.why:
                yield from self._wrong(segment)
            elif name in _BOUNDS:
                yield from self._bound(segment)
            elif name in _SERVICES:
                yield from self._service(segment)
            elif self.claim is None:
                continue
            elif name == "LX":
                self._counted(self.claim, segment)
            elif name == "DTP":
                self._dated(self.claim, segment)
        yield from self._close(cut=True)
        yield from self._left_out(until)

    def _note(
        self, segment: int, name: str, why: str, rows: int = 0, of: str = "unreadable"
    ) -> NotRead:
        named = f", {name}" if name in _SHOWN else ""
        label = self.claim.label if self.claim else ""
        return NotRead(max(self.number, 1), f"segment {segment}{named}: {why}", rows, label, of)

    def _wrong(self, segment: Segment) -> Iterator[Read]:
        """What is wrong with a segment; a service line is lost with it if it was to be one."""
        rows = 0
        if segment.lost and segment.name in _SERVICES:
            self.number += 1
            self.counter = None
            if self.other:
                self.lost += 1
            else:
                rows = 1
        of = "blank" if segment.why == segments.EMPTY else "unreadable"
        note = self._note(segment.number, segment.name, segment.why, rows, of)
        if self.claim is None:
            yield note
        else:
            self.claim.found.append(note)

    def _bound(self, segment: Segment) -> Iterator[Read]:
        yield from self._close()
        if segment.name == "HL":
            return
        if segment.name == "CLM":
            if not self.other:
                self.claim = _Claim(segment)
            return
        yield from self._left_out(segment.number)
        if segment.name == "GS":
            self.version = segment.value(8)
        if segment.name == "ST":
            kind = envelopes.transaction(segment.value(1), segment.value(3), self.version)
            if not envelopes.dental(kind):
                self.other, self.since, self.lost = kind, segment.number, 0

    def _left_out(self, until: int) -> Iterator[NotRead]:
        """A transaction of another kind, at its end."""
        if self.other:
            why = (
                f"segments {self.since} to {until}: {envelopes.named(self.other)}. Of X12, 837D is "
                f"read; service lines left out: {self.lost}."
            )
            yield NotRead(max(self.number, 1), why, self.lost)
        self.other = ""

    def _service(self, segment: Segment) -> Iterator[Read]:
        if self.claim is not None:
            self._end_line(self.claim, served=True)
        self.number += 1
        if self.other:
            self.lost += 1
        elif self.claim is None:
            yield self._note(segment.number, segment.name, "it stands in no claim.", 1)
        elif segment.name == "SV3":
            self.claim.in_lines = True
            self.line, self.at = segment, self.number
        else:
            self.claim.in_lines = True
            why = f"a line of {_SERVICES[segment.name]} claims; of dental ones it is an SV3."
            self.claim.found.append(self._note(segment.number, segment.name, why, 1))

    def _counted(self, claim: _Claim, segment: Segment) -> None:
        """An LX, with which a line begins."""
        self._end_line(claim)
        self.counter = segment
        claim.in_lines = True
        if any(segment.value(at) for at in range(2, 6)):
            claim.found.append(self._note(segment.number, "LX", _MERGED))

    def _dated(self, claim: _Claim, segment: Segment) -> None:
        date = _date(segment)
        if not date:
            return
        before = self.date if claim.in_lines else claim.date
        if date.placed:
            date = before._replace(placed=True)
        elif before.on and date.on and before.on != date.on:
            told = "It has more than one date of service; the first was taken."
            date = before._replace(told=(*before.told, told))
        elif before.on and date.on:
            date = before
        else:
            date = date._replace(placed=before.placed, problem=before.problem or date.problem)
        if claim.in_lines:
            self.date = date
        else:
            claim.date = date

    def _end_line(self, claim: _Claim, *, served: bool = False) -> None:
        """Keeps what is known of a line: nothing more belongs to it.

        Arguments:
            served: The service of the LX has come, if there was one.
        """
        if self.counter is not None and not served:
            claim.found.append(self._note(self.counter.number, "LX", "no SV3 follows it."))
        if self.line is not None:
            own = self.date.on or self.date.problem
            date = self.date if own else claim.date
            placed = self.date.placed or claim.date.placed
            claim.found.append(_given(self.line, self.at, claim.label, date, placed=placed))
        if self.counter is None or not served:
            self.date = _Date()
        self.counter = self.line = None

    def _close(self, *, cut: bool = False) -> Iterator[Read]:
        """The claim, if one is open; its last line may be cut off."""
        claim = self.claim
        if claim is None:
            return
        if cut and self.line is not None:
            why = "the file breaks off in this service line."
            claim.found.append(self._note(self.line.number, "SV3", why, 1))
            self.line = None
        self._end_line(claim)
        if not claim.found:
            claim.found.append(self._note(claim.segment, "CLM", "the claim has no service line."))
        self.claim = None
        whole = Whole(self.number, claim.label, (), told=claim.told)
        yield from Parted(claim.found, whole).settled(claim.found)


def _date(segment: Segment) -> _Date | None:
    """What a DTP says of the date of service; nothing if it is about something else."""
    of = segment.value(1)
    if of == "452":
        return _Date(placed=True)
    if of != "472":
        return None
    start, dash, end = segment.value(3).strip().partition("-")
    each = (start, end) if dash else (start,)
    if len(segment.elements) > 3 or not all(map(_DAY.fullmatch, each)):
        return _Date(problem=f"segment {segment.number}, DTP: expected a date such as 20260302.")
    on, *last = [f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in each]
    if last and last != [on]:
        return _Date(on, (f"It runs from {on} to {last[0]}; the first was taken.",))
    return _Date(on)


def _given(
    segment: Segment, number: int, label: str, date: _Date, *, placed: bool
) -> Given | NotRead:
    """A service line, or why it is none."""
    try:
        if date.problem:
            return NotRead(number, date.problem, 1, label)
        if len(segment.elements) > _ELEMENTS:
            raise InvalidInputError(_MERGED)
        qualifier = segment.value(1).strip()
        if qualifier != "AD":
            shown = "of another form" if qualifier else "missing"
            if _QUALIFIER.fullmatch(qualifier):
                shown = repr(qualifier)
            raise InvalidInputError(f"not CDT: its qualifier is {shown}; that of CDT is AD.")
        code = segment.value(1, 2).strip()
        if not code:
            raise InvalidInputError("no code is on it.")
        quantity = segment.value(6).strip()
        named = [area.value for element in segment.elements[3:4] for area in element.elements]
        arch, told = areas.arch(area.strip() for area in named)
    except InvalidInputError as error:
        return NotRead(number, f"segment {segment.number}, SV3: {error}", 1, label)
    if any(segment.value(1, at) for at in range(3, 7)):
        told += ("A modifier stands beside its code; it was not used.",)
    if placed and not date.on:
        told += ("It has the date an appliance was placed (DTP*452), which is no date of service.",)
    return Given(number, label, date.on, code, (), arch, quantity, 1, date.told + told)
