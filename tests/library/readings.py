"""What a reader of claims found, and a check of a file, for the tests."""

import io
from typing import Any

import cdtref
from cdtref.claimfiles import Checked, FileCheck, json_claims
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


# --- A check of a file ----------------------------------------------------------------------------

HEADER = "claim,on,billed,did,arch,quantity\n"
RIGHT = "2026-03-02,D0801,intraoral-scan,,"
WRONG = "2026-03-02,D0470,intraoral-scan,,"


def read(text: str | bytes, **options: Any) -> tuple[list[Checked | NotRead], FileCheck]:
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    checked = cdtref.check_file(io.BytesIO(data), **options)
    return list(checked), checked


def kinds(text: str | bytes, **options: Any) -> list[tuple[str, tuple[int, ...]]]:
    """The kinds of findings with their lines; what was not read is one of them."""
    results, _ = read(text, **options)
    told: list[tuple[str, tuple[int, ...]]] = []
    for result in results:
        if isinstance(result, NotRead):
            told.append(("not read", (result.line,)))
        else:
            told += [(finding.kind.value, finding.lines) for finding in result.findings]
    return told


def said(text: str | bytes, **options: Any) -> str:
    _, checked = read(text, **options)
    return "\n".join([*checked.said(), *checked.summary.told(checked.unit)])
