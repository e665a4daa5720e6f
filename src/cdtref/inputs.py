"""Understands what a caller passes: codes, services, dates, ids. Says what was wrong otherwise."""

import datetime as dt
from functools import lru_cache

from .errors import (
    InvalidDateError,
    InvalidInputError,
    UnknownCodeError,
    UnknownIdError,
    UnknownServiceError,
)
from .library import Library
from .model import Code, Service, Term
from .values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .library import Fact


def shown(value: object) -> str:
    """A value as an error message shows it: one line, never long, whatever it is."""
    if isinstance(value, str):
        text = repr(value[:60])
    else:
        from reprlib import repr as short  # for errors only

        try:
            text = " ".join(short(value).split())
        except Exception:  # a number too long to print, or a repr of its own that fails
            text = f"<{type(value).__name__}>"
    return text if len(text) <= 60 else f"{text[:57]}..."


def typed(value: object) -> str:
    """A value and its type, as an error message shows them."""
    return shown(value) if value is None else f"{shown(value)} ({type(value).__name__})"


def absent(value: object) -> bool:
    """Whether a value stands for nothing, as empty cells do: None, or NaN, NA, NaT of a table."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124  # NaN


def _scalar(value: "Any") -> "Any":
    """A number or date of numpy as Python's own; anything else as it is."""
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        if getattr(value, "dtype", None) is not None and value.dtype.kind == "M":
            day = value.astype("datetime64[D]")
            return day.item() if day == value else value
        return value.item()
    return value


def text(value: object, what: str, example: str) -> str:
    """Text with its stray spaces gone."""
    if not isinstance(value, str):
        hint = " Pass its .id." if isinstance(value, Value) else ""
        raise InvalidInputError(
            f"{what}: expected text such as {example!r}, got {typed(value)}.{hint}"
        )
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
    if _well_formed(given):
        raise UnknownCodeError(
            f"{given} is outside this topic, as far as the code set is encoded here, through "
            f"{library.editions()[-1].id}. cdtref knows the codes for casts, scans, simulations "
            f"and prints, and a few neighbors: {', '.join(codes)}.",
            code=given,
            nearest=lambda: dict.fromkeys(nearest(given, codes), ""),  # to look at, not to guess
        )
    written = given if given.startswith("D") else f"D{given.zfill(4)}"
    raise UnknownCodeError(
        f"{shown(value)} is not a procedure code: a code is the letter D and four digits, such as "
        "D0470.",
        code=given,
        malformed=True,
        nearest=lambda: {near: near for near in nearest(written, codes)},
    )


def _well_formed(given: str) -> bool:
    return given[:1] == "D" and len(given) == 5 and given[1:].isascii() and given[1:].isdigit()


def billed(value: object, library: Library) -> tuple[str, bool | None]:
    """A code on a claim, and whether it is of this topic; what is not is no mistake there.

    True of this topic; False a procedure code outside it; None an office's own code, or one of
    another code set, which is no procedure code of this one. What is only misspelled is an error.
    """
    if isinstance(value, str):
        codes = library.facts(Code)
        if type(value) is str and value in codes:
            return value, True
        given = value.strip().upper()
        if given in codes:
            return given, True
        if _well_formed(given):
            return given, False
        if _own(given) and f"D{given[1:]}" not in codes:
            return given, None
    return code(value, library).code, True


def _own(given: str) -> bool:
    """Whether it is shaped as N0001, 09902 or 0559T: code-like, and far from D and four digits."""
    if not (given.isascii() and given.isalnum()) or "D" in given:
        return False
    if given.isdigit():  # neither a date nor a fee
        return len(given) == 5
    return 5 <= len(given) <= 8 and sum(map(str.isdigit, given)) >= 3


def service(value: object, library: Library, what: str = "service") -> Service:
    """A service by its id, or by a name that the knowledge lists for it alone."""
    services = library.facts(Service)
    if isinstance(value, str) and value in services:
        return services[value]
    given = text(value, what, "intraoral-scan")
    id = given.lower().replace("_", "-")
    if id in services:
        return services[id]
    named = names(library).get(plain(given), ())
    if len(named) == 1:
        return services[named[0]]
    if named:
        raise UnknownServiceError(
            f"{shown(value)} may be one of several services.",
            kind="service",
            id=given,
            nearest=lambda: {id: f"{id} ({services[id].short})" for id in named},
        )
    raise UnknownServiceError(
        f"{shown(value)} is no service that we know by this name.",
        "`cdtref service` lists them all.",
        kind="service",
        id=given,
        nearest=lambda: {
            id: f"{id} ({services[id].short})" for id in _nearest_services(plain(given), library)
        },
    )


def plain(name: str) -> str:
    """A name as it is compared: small letters, and one space for whatever parts the words."""
    return " ".join(name.lower().replace("-", " ").replace("_", " ").split())


@lru_cache(maxsize=1)
def names(library: Library) -> dict[str, tuple[str, ...]]:
    """The services that each name may mean; one, unless the knowledge says that they share it."""
    found: dict[str, tuple[str, ...]] = {}
    services = library.facts(Service).values()
    for entry in services:
        for name in (entry.id, entry.short, entry.phrase, *entry.also):
            found[plain(name)] = (entry.id,)
    for term in library.facts(Term).values():
        if term.service:
            for name in (term.term, *term.also):
                found[plain(name)] = (term.service,)
    for name in {plain(name) for entry in services for name in entry.shared}:
        found[name] = tuple(entry.id for entry in services if name in map(plain, entry.shared))
    return found


def _nearest_services(given: str, library: Library) -> tuple[str, ...]:
    """By their names: those with some words in common, then those spelled alike."""
    known = names(library)
    words = set(given.split())
    common = [name for name in known if words <= set(name.split()) or set(name.split()) <= words]
    # The name with the fewest words more or less than were given is the nearest.
    common.sort(key=lambda name: len(words ^ set(name.split())))
    near = [*common, *nearest(given, known)]
    return tuple(dict.fromkeys(id for name in near for id in known[name]))[:3]


def services(value: object, library: Library) -> list[Service]:
    """The services of a visit: a list or tuple of ids or names, not empty."""
    expected = "did: expected a list of services such as ['intraoral-scan', 'in-office-print']"
    if not isinstance(value, list | tuple):
        raise InvalidInputError(f"{expected}, got {typed(value)}.")
    found = [service(item, library, f"did[{at}]") for at, item in enumerate(value)]
    if not found:
        raise InvalidInputError(f"{expected}, got an empty one.")
    return found


def day(value: object) -> dt.date:
    """A date of service: a `datetime.date`, ISO text, or the word that stands for today."""
    expected = "on: expected a date of service, a datetime.date or text such as '2026-03-02'"
    if isinstance(value, str):
        given = value.strip()
        if given == "today":
            return dt.date.today()
        # fromisoformat also reads 20260302 and 2026-W10-1, which are too easily something else.
        wanted = "expected a date of service such as 2026-03-02 (year, month, day), got "
        if len(given) != 10 or given[4] != "-" or given[7] != "-" or given[5] == "W":
            raise InvalidDateError(f"{wanted}{shown(value)}.")
        try:
            return dt.date.fromisoformat(given)
        except ValueError as error:
            raise InvalidDateError(f"{wanted}{shown(value)}: {error}.") from None
    value = _scalar(value)
    if absent(value):
        raise InvalidDateError(f"{expected}, got {shown(value)}, which is none.")
    if isinstance(value, dt.datetime):
        raise InvalidDateError(
            f"{expected}, got a datetime. Which day it is depends on a time zone: pass .date()."
        )
    if isinstance(value, dt.date):
        return value
    raise InvalidDateError(f"{expected}, got {typed(value)}.")


_ARCHES = {
    "": ("",),
    "upper": ("upper", "u", "ua", "01", "maxillary", "maxilla", "upper arch", "maxillary arch"),
    "lower": ("lower", "l", "la", "02", "mandibular", "mandible", "lower arch", "mandibular arch"),
    "both": ("both", "00", "full", "full mouth", "both arches", "upper and lower"),
}
_ARCH = {word: arch for arch, words in _ARCHES.items() for word in words}


def arch(value: object, what: str) -> str:
    """`upper`, `lower`, `both`, or empty where it is not told; in letters or numbers, too."""
    if absent(value):
        return ""
    found = _ARCH.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise InvalidInputError(
            f"{what}: expected upper, lower or both (U, L, 01, 02 or 00), got {shown(value)}."
        )
    return found


def quantity(value: object, what: str) -> int:
    """A whole number from 1 to 99, as the claim form holds it; 1 where it is not told."""
    if absent(value):
        return 1
    value = _scalar(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 100:
        raise InvalidInputError(
            f"{what}: expected a whole number from 1 to 99, got {typed(value)}."
        )
    return value


def known(kind: "type[Fact]", value: object, library: Library) -> "Fact":
    """The fact of a kind with this id."""
    facts: dict[str, Fact] = library.facts(kind)
    name = kind.__name__.lower()
    given = text(value, f"{name} id", next(iter(facts)))
    if given in facts:
        return facts[given]
    for spelled in (given.lower(), given.upper()):
        if spelled in facts:
            return facts[spelled]
    raise UnknownIdError(
        f"{shown(value)} is not the id of {'an' if name[0] in 'aeiou' else 'a'} {name}.",
        kind=name,
        id=given,
        nearest=lambda: {near: repr(near) for near in nearest(given, facts)},
    )


def nearest(given: str, among: "Iterable[Any]") -> tuple[str, ...]:
    """What one may have meant, the likeliest first."""
    from difflib import get_close_matches  # needed for errors only

    spelled = {str(one).lower(): one for one in among}
    close = get_close_matches(given[:80].lower(), spelled, n=3, cutoff=0.6)
    return tuple(spelled[one] for one in close)
