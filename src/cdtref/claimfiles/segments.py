"""The segments of an X12 file, through the reader of `pyx12`, and what is wrong with them."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

from ..errors import InvalidInputError
from . import envelopes

LONGEST = 1_000_000
"""Characters of a segment: an end that is missing must not make the rest of the file one."""
_NAME = re.compile("[A-Z][A-Z0-9]{1,2}")
_BLANKS = " \t\r\n\ufeff"
_CHUNK = 8_192
_REMEMBERED = 500
"""Numbers of transactions that are compared with the next: all of a large file would take hours."""
EMPTY = "it is empty."

_WRONG = {  # what the reader of pyx12 notices, by its kinds and codes
    ("st", "3"): "it closes another transaction than the one that is open.",
    (
        "st",
        "4",
    ): "its count of segments is not what is there. Something is missing, or twice there.",
    ("st", "23"): "its number came before. Is the transaction in the file twice?",
    ("gs", "3"): "it closes a group in which a transaction is still open.",
    ("gs", "4"): "it closes another group than the one that is open.",
    ("gs", "5"): "its count of transactions is not what is there.",
    ("gs", "6"): "its number came before. Is the group in the file twice?",
    ("isa", "001"): "it closes another interchange than the one that is open.",
    ("isa", "021"): "its count of groups is not what is there.",
    ("isa", "024"): "it closes an interchange in which a group is still open.",
    ("isa", "025"): "its number came before. Is the interchange in the file twice?",
    ("seg", "1"): "no segment has such a name. The end of the one before may be missing.",
    ("seg", "8"): EMPTY,
    ("seg", "LX"): "its number is not the one that is due. Something is missing, or twice there.",
    ("seg", "HL1"): "its number is not the one that is due. Something is missing, or twice there.",
    ("seg", "HL2"): "what it belongs to is not there.",
}


class Segment(NamedTuple):
    """A segment; or, where `why` says so, what is wrong with one."""

    number: int
    """Counted from 1, from the beginning of the file."""
    name: str
    elements: list[Any]
    """As `pyx12` has them; empty where something is wrong."""
    why: str = ""
    lost: bool = False
    """It is not among the segments: nothing but `name` could be read of it."""

    def value(self, at: int, component: int = 1) -> str:
        """A component of an element, both counted from 1; empty where there is none."""
        if at > len(self.elements):
            return ""
        components = self.elements[at - 1].elements
        return components[component - 1].value if component <= len(components) else ""


def read(text: TextIO) -> Iterator[Segment]:
    """The segments of a file, each followed by what is wrong with it.

    Raises:
        InvalidInputError: `pyx12` is not installed, or the file does not begin as X12 does.
    """
    try:
        from pyx12.x12file import X12Reader  # an extra: few need it
    except ImportError:
        raise InvalidInputError(
            "The file is an 837D. What parts it into segments is not installed: "
            "pip install 'cdtref[edi]'."
        ) from None
    source = _Source(text)
    _check(source.before)
    return _interchanges(source, X12Reader)


def _check(start: str) -> None:
    envelopes.signs(start)
    if (version := start[84:89]) not in ("00401", "00501"):
        raise InvalidInputError(
            f"segment 1, ISA: expected version 00501 of X12, or 00401, got {version!a}."
        )


class _Source:
    """A text that is read ahead, as a file of which `pyx12` sees no more than was read.

    So whatever goes wrong in reading is told as what it is, and not taken for a mistake in X12.
    """

    closed = False

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.before = ""
        self._look()

    def read(self, size: int) -> str:
        found, self.before = self.before[:size], self.before[size:]
        return found

    def put_back(self, text: str) -> None:
        """Puts text back, with enough behind it to see the beginning of an interchange."""
        self.before = (text + self.before).lstrip(_BLANKS)
        self._look()

    def _look(self) -> None:
        while len(self.before) < envelopes.LENGTH and (more := self._text.read(_CHUNK)):
            self.before = (self.before + more).lstrip(_BLANKS)

    def fill(self, end: str) -> bool:
        """Reads on until a segment ends, and tells whether one does."""
        while end not in self.before:
            if len(self.before) > LONGEST or not (more := self._text.read(_CHUNK)):
                return False
            self.before += more
        return True

    def drop(self, end: str) -> None:
        """Goes on behind the next end of a segment."""
        while end not in self.before and (more := self._text.read(_CHUNK)):
            self.before = more
        self.before = self.before.partition(end)[2]


def _interchanges(source: _Source, readers: Any) -> Iterator[Segment]:
    """Those of one interchange after the other, each parted by the signs that it names."""
    number = 0
    reader = readers(source)
    while True:
        name = ""
        for segment in _parted(reader, number):
            number, name = segment.number, segment.name
            yield segment
        # The end; or an empty segment, or one that is longer than the reader takes at once.
        end = reader.seg_term
        if name != "IEA" and end in reader.raw.buffer:
            number += 1
            yield Segment(number, "", [], EMPTY)
        source.put_back(reader.raw.buffer)
        reader.raw.buffer = ""
        again = source.before[:3] == "ISA"
        wrong = _refused(source.before) if again else ""
        if again and not wrong:
            yield from _open(reader, number)
            reader = readers(source)
        elif source.fill(end):
            if wrong and name == "IEA":
                yield Segment(number + 1, "ISA", [], wrong)
            reader.raw.buffer, source.before = source.before, ""
        elif len(source.before) > LONGEST:
            number += 1
            why = f"longer than {LONGEST:,} characters. Its end is missing."
            yield Segment(number, _begun(source, reader), [], why, True)
            source.drop(end)
        else:
            if source.before.strip(_BLANKS):
                number += 1
                why = "the file breaks off in it."
                yield Segment(number, _begun(source, reader), [], why, True)
            yield from _open(reader, number)
            return


def _parted(reader: Any, number: int) -> Iterator[Segment]:
    """The segments as far as the reader goes by itself, or to the end of an interchange."""
    reader.check_837_lx = True
    while True:
        try:
            for each in reader:
                number += 1
                name = each.seg_id or ""
                yield Segment(number, name, each.elements)
                if reader.err_list:
                    yield from _wrong(number, name, reader.pop_errors())
                if name in ("ST", "GS"):
                    del reader.st_ids[:-_REMEMBERED], reader.gs_ids[:-_REMEMBERED]
                if name == "IEA":
                    break
            return
        except Exception:  # IndexError, for one, where an end of the envelope has no beginning
            number += 1
            yield Segment(number, "", [], "it is no segment, or ends what never began.", True)


def _begun(source: _Source, reader: Any) -> str:
    """The name of what has no end."""
    name: str = source.before[:4].partition(reader.ele_term)[0]
    return name[:3]


def _refused(start: str) -> str:
    """Why an interchange cannot be read by the signs of its own."""
    try:
        _check(start)
    except InvalidInputError as error:
        return str(error).partition("ISA: ")[2]
    return ""


def _wrong(number: int, name: str, errors: list[tuple[Any, ...]]) -> Iterator[Segment]:
    for kind, code in dict.fromkeys(tuple(error[:2]) for error in errors):  # each once
        if why := _WRONG.get((kind, code)):
            named = bool(_NAME.fullmatch(name))
            if (kind, code) != ("seg", "1"):
                yield Segment(number, name if named else "", [], why)
            elif not named:  # if it is named, there is a blank before it, which does no harm
                yield Segment(number, name[:3], [], why, True)


def _open(reader: Any, number: int) -> Iterator[Segment]:
    """What is still open when an interchange ends, or the file."""
    ends = {"ST": "SE", "GS": "GE", "ISA": "IEA"}
    lacking = [ends[name] for name, _ in reversed(reader.loops) if name in ends]
    if lacking:
        why = f"what is open ends here, without {', '.join(lacking[:3])}."
        yield Segment(number, "", [], why)
