"""Claims as JSON: in the forms that `check_claim` takes, row by row, or as FHIR."""

from collections.abc import Iterator
from typing import Any, TextIO

from ..errors import InvalidInputError
from . import fhir, objects
from .lines import Given, NotRead, Parted, Read, Whole
from .objects import Broken, Placed, Twice
from .texts import kind, unused, word

_LINE = {"on", "code", "billed", "did", "arch", "quantity"}
_FORMS = (
    'expected a claim such as {"on": "2026-03-02", "billed": ["D0801"]}, or one with "lines", or a '
    "FHIR Claim or ExplanationOfBenefit."
)


def read(text: TextIO) -> Iterator[Read]:
    """The claims of a JSON file: an array of them, one alone, or one a line.

    An object with `lines`, or with a list in `billed`, is a claim. Any other with a code is a row,
    which `claim` puts together with its neighbors, as in a table. An object with a `resourceType`
    is FHIR.

    Raises:
        InvalidInputError: The file has to be read as a whole, and is too large for that.
    """
    return _read(objects.read(text))


def _read(document: objects.Document) -> Iterator[Read]:
    number = 0
    for claim in _claims(document.parts):
        found = claim.found
        if document.one_line:  # then the order of the service lines tells them apart
            found = []
            for each in claim.found:
                number += each.rows > 0
                found.append(each._replace(line=max(number, 1)))
        yield from claim.settled(found)


def _claims(parts: Iterator[objects.Part]) -> Iterator[Parted]:
    empty = True
    others: dict[str, None] = {}
    for value, line, span in parts:
        found: Iterator[Parted]
        if isinstance(value, Broken):
            found = iter([Parted([NotRead(line, value.why, span=span)])])
        elif not isinstance(value, Placed):
            found = iter([Parted([NotRead(line, _FORMS, span=span)])])
        elif "resourceType" in value:
            found = fhir.read(value, others)
        elif "lines" in value or isinstance(value.get("billed"), list):
            found = iter([_claim(value)])
        else:
            found = iter([Parted([_row(value)])])
        for each in found:
            empty = False
            yield each
    if empty:
        kinds = f" What it holds: {', '.join(others)}." if others else ""
        yield Parted([NotRead(1, f"No claim is in this file: {_FORMS}{kinds}", 0)])


def _row(row: Placed) -> Given | NotRead:
    if not row.keys() & {"code", "billed"}:
        return _refused(row, row, f"No code is on it: {_FORMS}", "")
    try:
        label = word(row.get("claim"), "claim")
    except InvalidInputError as error:
        return _refused(row, row, str(error), "")
    return _line(row, row, label, "", _LINE | {"claim"})


def _claim(claim: Placed) -> Parted:
    by_line = "lines" in claim
    told = list(unused(claim, {"claim", "on", "billed", "note"} | {"lines" if by_line else "did"}))
    label = on = ""
    did: tuple[str, ...] = ()
    problem = ""
    try:
        label = word(claim.get("claim"), "claim")
        on = word(claim.get("on"), "on")
        did = () if by_line else _did(claim.get("did"))
    except InvalidInputError as error:
        problem = f"its claim was not read: {error}"
    found: list[Given | NotRead] = []
    for name in ("lines", "billed"):
        value = claim.get(name, [])
        why = problem
        if isinstance(value, Twice):
            value = [one for part in value for one in (part if isinstance(part, list) else [part])]
            why = f"its claim has {name!r} twice, and nothing tells which one counts."
        elif not isinstance(value, list):
            value = [claim]
            why = f"{name}: expected a list, got {kind(claim[name])}."
        elif by_line and name == "billed":
            why = "its claim has 'lines' beside 'billed'; those were read."
        for entry in value:
            found.append(
                _refused(entry, claim, why, label) if why else _line(entry, claim, label, on, _LINE)
            )
    note, why = _note(claim.get("note"))
    if why:
        told.append(why)
    if not (found or did):
        why = problem or "The claim names nothing done and nothing billed."
        found.append(_refused(claim, claim, why, label))
    return Parted(found, Whole(claim.line, label, (), on, did, note, told=tuple(told)))


def _note(note: Any) -> tuple[dict[str, str] | None, str]:
    """A note that may be checked, or why it may not: what it says is told to nobody."""
    if note is None:
        return None, ""
    if not isinstance(note, Placed):
        return None, f"The note was not checked: expected an object, got {kind(note)}."
    for value in note.values():
        if not isinstance(value, str):
            return None, f"The note was not checked: expected texts in it, got {kind(value)}."
    return dict(note), ""


def _refused(entry: Any, claim: Placed, why: str, label: str) -> NotRead:
    place = entry if isinstance(entry, Placed) else claim
    return NotRead(place.line, why, 1, label, span=place.span)


def _line(entry: Any, claim: Placed, label: str, on: str, used: set[str]) -> Given | NotRead:
    """A line of a claim, or why it is none: an object, or a code alone."""
    place = entry if isinstance(entry, Placed) else claim
    did: tuple[str, ...] = ()
    arch = quantity = ""
    told: tuple[str, ...] = ()
    try:
        if isinstance(entry, Placed):
            on = word(entry["on"], "on") if "on" in entry else on
            code = word(entry.get("code"), "code")
            other = word(entry.get("billed"), "billed")
            if code and other and code != other:
                raise InvalidInputError("'code' and 'billed' name two codes on it.")
            code = code or other
            did = _did(entry.get("did"))
            arch = word(entry.get("arch"), "arch")
            quantity = word(entry.get("quantity"), "quantity")
            told = unused(entry, used)
        else:
            code = word(entry, "billed")
        if not code:
            raise InvalidInputError("No code is on it.")
    except InvalidInputError as error:
        return NotRead(place.line, str(error), 1, label, span=place.span)
    return Given(place.line, label, on, code, did, arch, quantity, 1, told, place.span)


def _did(value: Any) -> tuple[str, ...]:
    each = value if isinstance(value, list) and not isinstance(value, Twice) else [value]
    return tuple(name for one in each if (name := word(one, "did")))
