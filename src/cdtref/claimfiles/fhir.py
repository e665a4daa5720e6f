"""Claims as FHIR has them: the items of a `Claim` or an `ExplanationOfBenefit`."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..errors import InvalidInputError
from . import areas
from .lines import Given, NotRead, Parted, Whole
from .objects import Placed, Twice
from .texts import kind, word

_CLAIMS = ("Claim", "ExplanationOfBenefit")
_CDT = {"ada.org/cdt", "terminology.hl7.org/codesystem/cdt", "urn:oid:2.16.840.1.113883.6.13"}
_AREA = "terminology.hl7.org/codesystem/adaareaoralcavitysystem"
"""Only this system names arches. In others the same numbers and letters stand for teeth."""
_BELOW = {"item": "detail", "addItem": "detail", "detail": "subDetail", "subDetail": ""}
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SETTLED = ("cancelled", "draft", "entered-in-error")
_BEFORE = ("predetermination", "preauthorization")


class _Above(NamedTuple):
    """What a line has from what holds it."""

    label: str
    on: str = ""
    told: tuple[str, ...] = ()
    problem: str = ""
    """Why nothing below can be read."""
    by_payer: bool = False


def read(resource: Placed, others: dict[str, None]) -> Iterator[Parted]:
    """The claim that a resource is, or the claims of a Bundle.

    Arguments:
        others: Gets the kinds of the resources that are no claims.
    """
    waiting: list[Any] = [resource]
    while waiting:
        each = waiting.pop()
        name = each.get("resourceType") if isinstance(each, Placed) else None
        if name == "Bundle":
            if unread := [*_unread_entries(each)]:
                yield Parted(unread)
            waiting += reversed(_entries(each))
        elif name in _CLAIMS:
            yield _claim(each)
        elif isinstance(name, str) and name.isascii() and name.isalpha():
            others[name[:40]] = None
        else:
            why = "expected a FHIR resource, with its resourceType."
            yield Parted([_not_read(each, resource, why)])


def _entries(bundle: Placed) -> list[Any]:
    entries = bundle.get("entry")
    if not isinstance(entries, list) or isinstance(entries, Twice):
        return []
    return [
        entry["resource"] for entry in entries if isinstance(entry, Placed) and "resource" in entry
    ]


def _unread_entries(bundle: Placed) -> Iterator[Given | NotRead]:
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or isinstance(entries, Twice):
        yield _not_read(bundle, bundle, f"entry: expected a list, got {kind(entries)}.")
        return
    for entry in entries:
        if not isinstance(entry, Placed):
            yield _not_read(entry, bundle, f"entry: expected an object, got {kind(entry)}.")


def _claim(claim: Placed) -> Parted:
    label = _label(claim)
    told = []
    if claim.get("use") in _BEFORE:
        told.append(f"It is a {claim['use']}: what was not done yet has no date of service.")
    if claim.get("status") in _SETTLED:
        told.append(f"Its status is {claim['status']}.")
    found: list[Given | NotRead] = []
    for name in ("item", "addItem"):
        found += _items(claim, name, _Above(label, by_payer=name == "addItem"))
    if not found:
        found.append(_not_read(claim, claim, "The claim has no items.", label))
    return Parted(found, Whole(claim.line, label, (), told=tuple(told)))


def _label(claim: Placed) -> str:
    """The claim's own identifier, or else its id."""
    identifiers = claim.get("identifier")
    each = identifiers if isinstance(identifiers, list) else [identifiers]
    values = [one.get("value") for one in each if isinstance(one, Placed)]
    for value in (*values, claim.get("id")):
        try:
            if label := word(value, "identifier"):
                return label
        except InvalidInputError:
            continue
    return ""


def _items(holder: Placed, name: str, above: _Above) -> Iterator[Given | NotRead]:
    """The lines under a key, each followed by those that it holds."""
    items = holder.get(name, [])
    if isinstance(items, Twice):
        items = [one for part in items for one in (part if isinstance(part, list) else [part])]
        why = f"{name!r} stands twice in what holds it, and nothing tells which one counts."
        above = above._replace(problem=above.problem or why)
    elif not isinstance(items, list):
        yield _not_read(items, holder, f"{name}: expected a list, got {kind(items)}.", above.label)
        return
    for item in items:
        if isinstance(item, Placed):
            here = _dated(item, above)
            yield _line(item, here, groups=_BELOW[name] in item)
            if below := _BELOW[name]:
                yield from _items(item, below, here)
        else:
            why = f"{name}: expected an object, got {kind(item)}."
            yield _not_read(item, holder, why, above.label)


def _dated(item: Placed, above: _Above) -> _Above:
    """With the item's own date of service, if it has one."""
    try:
        if day := word(item.get("servicedDate"), "servicedDate"):
            return above._replace(on=day, told=())
        if (period := item.get("servicedPeriod")) is None:
            return above
        if not isinstance(period, Placed):
            raise InvalidInputError(f"servicedPeriod: expected an object, got {kind(period)}.")
        start = _day(word(period.get("start"), "servicedPeriod.start"))
        end = _day(word(period.get("end"), "servicedPeriod.end"))
    except InvalidInputError as error:
        return above._replace(problem=above.problem or str(error))
    told: tuple[str, ...] = ()
    if not start:
        told = ("Its servicedPeriod has no start, so that it has no date of service.",)
    elif end and end != start:
        told = ("It ends on another day than it starts; the first was taken.",)
        if _DAY.fullmatch(start) and _DAY.fullmatch(end):  # anything else may say anything
            told = (f"It runs from {start} to {end}; the first was taken.",)
    return above._replace(on=start, told=told)


def _day(given: str) -> str:
    """The day of a time, as whoever wrote it had it."""
    return given[:10] if given[10:11] == "T" else given


def _line(item: Placed, above: _Above, *, groups: bool) -> Given | NotRead:
    if above.by_payer:
        why = "The payer added it (addItem); it was not billed."
        return NotRead(item.line, why, 1, above.label, "payer", item.span)
    if above.problem:
        return _not_read(item, item, above.problem, above.label)
    if groups and "productOrService" not in item:
        why = "It only holds the lines below it."
        return NotRead(item.line, why, 0, above.label, "header", item.span)
    try:
        code = _code(item.get("productOrService"))
        quantity = item.get("quantity")
        if isinstance(quantity, Placed):
            quantity = quantity.get("value")
        number = word(quantity, "quantity")
        arch, other = areas.arch(_areas(item))
    except InvalidInputError as error:
        return _not_read(item, item, str(error), above.label)
    told = above.told + other
    return Given(item.line, above.label, above.on, code, (), arch, number, 1, told, item.span)


def _code(concept: Any) -> str:
    """The CDT code of a concept.

    Raises:
        InvalidInputError: It has none, or several.
    """
    if not isinstance(concept, Placed):
        raise InvalidInputError(f"productOrService: expected an object, got {kind(concept)}.")
    codes: dict[str, None] = {}
    systems: dict[str, None] = {}
    for coding in _codings(concept.get("coding")):
        system = word(coding.get("system"), "system")
        if _plain(system) in _CDT:
            codes[word(coding.get("code"), "code")] = None
        else:
            systems[ascii(system[:80])[1:-1] or "no system"] = None
    if len(codes) > 1:
        raise InvalidInputError("It has several CDT codes, and nothing tells which one counts.")
    if not codes or not (code := next(iter(codes))):
        of = f"its code is of {', '.join([*systems][:3])}" if systems else "it has no code"
        raise InvalidInputError(f"Not CDT: {of}. CDT is http://www.ada.org/cdt.")
    return code


def _codings(value: Any) -> list[Placed]:
    """Codings, the objects of a list; any that is none makes all of them unreadable."""
    each = [] if value is None else value
    if not isinstance(each, list) or isinstance(each, Twice):
        raise InvalidInputError(f"coding: expected a list, got {kind(each)}.")
    for coding in each:
        if not isinstance(coding, Placed):
            raise InvalidInputError(f"coding: expected an object, got {kind(coding)}.")
    return each


def _plain(system: str) -> str:
    """A system, without its version and the ways in which one address is written."""
    address = system.partition("|")[0].lower().rstrip("/")
    for beginning in ("http://", "https://", "www."):
        address = address.removeprefix(beginning)
    return address


def _areas(item: Placed) -> Iterator[str]:
    """The areas of the mouth on an item, wherever its edition of FHIR has them."""
    waiting = [item.get("bodySite"), item.get("subSite")]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, Placed):
            system = each.get("system")
            if isinstance(system, str) and _plain(system) == _AREA:
                yield word(each.get("code"), "bodySite")
            waiting += each.values()


def _not_read(value: Any, holder: Placed, why: str, label: str = "") -> NotRead:
    place = value if isinstance(value, Placed) else holder
    return NotRead(place.line, why, 1, label, span=place.span)
