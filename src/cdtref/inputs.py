"""Understands what a caller passes: codes, services, dates, ids. Says what was wrong otherwise."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import (
    InvalidDateError,
    InvalidInputError,
    UnknownCodeError,
    UnknownIdError,
    UnknownServiceError,
)
from .library import Fact, Library
from .model import Code, Service


def shown(value: object) -> str:
    """A value as an error message shows it: one line, never long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def text(value: object, what: str, example: str) -> str:
    """Text with its stray spaces gone."""
    if not isinstance(value, str):
        kind = "nothing" if value is None else f"{shown(value)}, a {type(value).__name__}"
        raise InvalidInputError(f"{what}: expected text such as {example!r}, got {kind}.")
    if not (stripped := value.strip()):
        raise InvalidInputError(f"{what}: expected text such as {example!r}, got empty text.")
    return stripped


def code(value: object, library: Library) -> Code:
    """A code of this topic; lower case and stray spaces are understood."""
    codes = library.facts(Code)
    if isinstance(value, str) and value in codes:
        return codes[value]
    given = text(value, "code", "D0470").upper()
    if given in codes:
        return codes[given]
    if given.startswith("D") and len(given) == 5 and given[1:].isascii() and given[1:].isdigit():
        raise UnknownCodeError(
            f"{given} is outside this topic. cdtref knows the codes for casts, scans, simulations "
            f"and prints, and a few neighbors: {', '.join(codes)}.",
            code=given,
            nearest=_nearest(given, codes),
        )
    nearest = _nearest(given if given.startswith("D") else f"D{given.zfill(4)}", codes)
    raise UnknownCodeError(
        f"{shown(value)} is not a procedure code: a code is the letter D and four digits, such as "
        f"D0470.{_did_you_mean(nearest)}",
        code=given,
        malformed=True,
        nearest=nearest,
    )


def service(value: object, library: Library) -> Service:
    """A service by its id; capitals, spaces and underscores are understood."""
    services = library.facts(Service)
    if isinstance(value, str) and value in services:
        return services[value]
    given = text(value, "service", "intraoral-scan")
    id = "-".join(given.lower().replace("_", " ").split())
    if id in services:
        return services[id]
    words = {
        word.lower(): entry.id
        for entry in services.values()
        for word in (*entry.also, entry.short, entry.id.replace("-", " "))
    }
    near = [words[word] for word in _nearest(given.lower(), words)]
    near += [words[word] for word in words if word in given.lower() and len(word) > 2]
    nearest = tuple(dict.fromkeys(near))[:3]
    hints = tuple(f"{id!r} ({services[id].short})" for id in nearest)
    raise UnknownServiceError(
        f"{shown(value)} is not the id of a service.{_did_you_mean(hints)} "
        "cdtref.services() lists them all.",
        kind="service",
        id=given,
        nearest=nearest,
    )


def services(value: object, library: Library) -> list[Service]:
    """The services of a visit: a list or tuple of ids, not empty."""
    expected = "did: expected a list of service ids such as ['intraoral-scan', 'in-office-print']"
    if isinstance(value, str):
        raise InvalidInputError(f"{expected}, got the single text {shown(value)}.")
    if not isinstance(value, Iterable) or isinstance(value, bytes | Mapping | set | frozenset):
        raise InvalidInputError(f"{expected}, got {shown(value)}, a {type(value).__name__}.")
    found = [service(item, library) for item in value]
    if not found:
        raise InvalidInputError(f"{expected}, got an empty one.")
    return found


def day(value: object) -> dt.date:
    """A date of service: a `datetime.date`, ISO text, or None for today."""
    if value is None:
        return dt.date.today()
    expected = "on: expected a date of service, a datetime.date or text such as '2026-03-02'"
    if isinstance(value, dt.datetime):
        raise InvalidDateError(
            f"{expected}, got a datetime. Which day it is depends on a time zone: pass .date()."
        )
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        raise InvalidDateError(f"{expected}, got {shown(value)}, a {type(value).__name__}.")
    given = value.strip()
    # fromisoformat also reads 20260302 and 2026-W10-1, which are too easily something else.
    if len(given) != 10 or given[4] != "-" or given[7] != "-" or given[5] == "W":
        raise InvalidDateError(f"{expected}, got {shown(value)}.")
    try:
        return dt.date.fromisoformat(given)
    except ValueError as error:
        raise InvalidDateError(f"{expected}, got {shown(value)}: {error}.") from None


def known(kind: type[Fact], value: object, library: Library) -> Fact:
    """The fact of a kind with this id."""
    facts: dict[str, Fact] = library.facts(kind)
    name = kind.__name__.lower()
    given = text(value, f"{name} id", next(iter(facts)))
    if given in facts:
        return facts[given]
    if given.lower() in facts:
        return facts[given.lower()]
    nearest = _nearest(given.lower(), facts)
    raise UnknownIdError(
        f"{shown(value)} is not the id of a {name}.{_did_you_mean(tuple(map(repr, nearest)))}",
        kind=name,
        id=given,
        nearest=nearest,
    )


def _nearest(given: str, among: Iterable[Any]) -> tuple[str, ...]:
    from difflib import get_close_matches  # needed for errors only

    return tuple(get_close_matches(given[:80], list(among), n=3, cutoff=0.6))


def _did_you_mean(hints: tuple[str, ...]) -> str:
    return f" Did you mean {' or '.join(hints)}?" if hints else ""
