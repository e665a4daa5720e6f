"""What a reader of claims found, for the tests."""

import io

from cdtref.claimfiles import json_claims
from cdtref.claimfiles.lines import Given, NotRead, Read, Whole


def found(text: str) -> list[Read]:
    return list(json_claims.read(io.StringIO(text, newline="")))


def given_in(results: list[Read]) -> list[Given]:
    lines: list[Given] = []
    for each in results:
        if isinstance(each, Whole):
            lines += each.lines
        elif isinstance(each, Given):
            lines.append(each)
    return lines


def not_read(results: list[Read]) -> list[NotRead]:
    return [each for each in results if isinstance(each, NotRead)]


def told_lines(results: list[Read]) -> set[int]:
    """The lines of the file that something was said of."""
    told: set[int] = set()
    for line in given_in(results):
        told.update(range(line.line, line.line + line.span))
    for lost in not_read(results):
        told.update(range(lost.line, lost.line + lost.span))
    return told
