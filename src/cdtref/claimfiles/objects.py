"""The values of a JSON file, and the lines that each object stands on, however it is laid out."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any, NamedTuple, TextIO

from ..errors import InvalidInputError

LONGEST_LINE = 1_000_000
"""Characters of a line, in a file of one object a line."""
LARGEST = 64 * 1024 * 1024
"""Characters of a file that is read as a whole."""


class Placed(dict[str, Any]):
    """An object, and the lines of the file that it takes."""

    line = 0
    span = 1


class Twice(list[Any]):
    """What stands under a key that an object has more than once: each value, in order."""


class Broken(NamedTuple):
    """A part of the file that is no JSON, and why."""

    why: str


class Part(NamedTuple):
    """A value at the top of the file, or an element of the array there."""

    value: Any
    line: int
    span: int = 1


class Document(NamedTuple):
    parts: Iterator[Part]
    one_line: bool
    """The file is one line, so that lines tell nothing apart."""


def read(text: TextIO) -> Document:
    """The elements of the array in a file, or the values that stand in it one after the other.

    Numbers stay text, as they are written. A file of one object a line is read a line at a time,
    any other as a whole.

    Raises:
        InvalidInputError: The file has to be read as a whole, and is too large for that.
    """
    read: list[str] = []
    full: list[str] = []
    size = 0
    while len(full) < 2 and size < LARGEST and (line := text.readline(LONGEST_LINE)):
        read.append(line)
        size += len(line)
        if line.strip():
            full.append(line.strip())
    if len(full) == 2 and _one_a_line(*full, ended=read[-2].endswith(("\n", "\r"))):
        return Document(_lines(_pieces(StringIO("".join(read), newline=""), text)), False)
    whole = "".join(read) + text.read(LARGEST - size + 1)
    if len(whole) > LARGEST:
        raise InvalidInputError(
            f"The file is one JSON value of more than {LARGEST // 1024 // 1024} MB. Save one claim "
            "a line (JSON Lines, NDJSON): of that, any size is read."
        )
    whole = whole.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return Document(_whole(whole), "\n" not in whole.lstrip())


def _one_a_line(first: str, second: str, *, ended: bool) -> bool:
    """Whether a file is one object a line, by its first two: one of them may be damaged.

    No key of an object begins with a brace, so that no object goes on in a line that does.
    """
    if first[0] != "{" or not ended:
        return False
    return second[0] == "{" or not isinstance(_Decoder().only(first), Broken)


def _pieces(*sources: TextIO) -> Iterator[str]:
    for source in sources:
        while piece := source.readline(LONGEST_LINE):
            yield piece


def _lines(pieces: Iterator[str]) -> Iterator[Part]:
    decoder = _Decoder()
    number, line = 1, ""
    for piece in pieces:
        line = (line + piece)[: LONGEST_LINE + 1]
        if piece.endswith(("\n", "\r")):
            if line.strip():
                yield Part(decoder.only(line, number), number)
            number, line = number + 1, ""
    if line.strip():
        yield Part(decoder.only(line, number), number)


def _whole(text: str) -> Iterator[Part]:
    decoder = _Decoder()
    place = _Place(text)
    while place.skip():
        inside = text[place.at] == "["
        if inside:
            place.at += 1
        while place.skip() and not (inside and text[place.at] == "]"):
            start, line = place.at, place.line
            value, place.at = decoder.next(text, start, line)
            place.skip()
            if isinstance(value, Broken):
                yield Part(value, line, text.count("\n", start) + 1)
                return
            yield Part(value, line, text.count("\n", start, place.at) + 1)
            if not inside:
                break
            if text[place.at : place.at + 1] == ",":
                place.at += 1
            elif text[place.at : place.at + 1] != "]":
                break
        if inside:
            if text[place.at : place.at + 1] != "]":
                why = "the list is not closed: the file breaks off, or a comma is missing"
                rest = text.count("\n", place.at) + 1
                yield Part(Broken(f"not readable as JSON from here on: {why}"), place.line, rest)
                return
            place.at += 1


class _Place:
    """A place in a text, and its line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self._counted = 0

    def skip(self) -> bool:
        """Goes on past blanks, and tells whether anything is left."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self.at < len(self.text)


_BLANK = re.compile(r"[ \t\n\ufeff]*")
_MARKS = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\n]', re.DOTALL)


class _Decoder:
    """Reads a value at a time, and remembers its objects in the order in which they close."""

    def __init__(self) -> None:
        self._made: list[Placed] = []
        self._json = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=str, parse_float=str, parse_constant=str
        )

    def next(self, text: str, at: int, line: int) -> tuple[Any | Broken, int]:
        """A value and where it ends."""
        self._made = []
        try:
            value, end = self._json.raw_decode(text, at)
        except json.JSONDecodeError as error:
            where = f"line {line + text.count(chr(10), at, error.pos)}, " if "\n" in text else ""
            start = max(text.rfind("\n", 0, error.pos) + 1, 0)
            why = f"{where}character {error.pos - start + 1}: {error.msg.lower()}"
            return Broken(f"not readable as JSON from here on, {why}"), len(text)
        except RecursionError:
            return Broken("not readable as JSON: too many things stand inside each other"), len(
                text
            )
        self._place(text, at, end, line)
        return value, end

    def only(self, line: str, number: int = 1) -> Any | Broken:
        """The one value of a line."""
        if len(line) > LONGEST_LINE:
            return Broken(
                f"longer than {LONGEST_LINE:,} characters: not read; save one claim a line"
            )
        text = line.strip(" \t\r\n\ufeff")
        value, end = self.next(text, 0, number)
        if isinstance(value, Broken):
            return Broken(value.why.replace(" from here on", ""))
        if end < len(text):
            return Broken(f"not readable as JSON: more stands behind it, at character {end + 1}")
        return value

    def _object(self, pairs: list[tuple[str, Any]]) -> Placed:
        made = Placed(pairs)
        if len(made) < len(pairs):
            values: dict[str, list[Any]] = {}
            for key, value in pairs:
                values.setdefault(key, []).append(value)
            made.update((key, Twice(each)) for key, each in values.items() if len(each) > 1)
        self._made.append(made)
        return made

    def _place(self, text: str, at: int, end: int, line: int) -> None:
        spans: list[tuple[int, int]] = []
        if "\n" in text[at:end]:
            opened = []
            here = line
            for mark in _MARKS.finditer(text, at, end):
                match mark[0]:
                    case "\n":
                        here += 1
                    case "{":
                        opened.append(here)
                    case "}":
                        start = opened.pop()
                        spans.append((start, here - start + 1))
        for made, (start, span) in zip(self._made, spans, strict=bool(spans)):
            made.line, made.span = start, span
        if not spans:
            for made in self._made:
                made.line = line
