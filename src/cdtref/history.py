"""Which answers changed from one released version to another, and what a version answered.

`released.json` keeps the truth table of every released version: each row once, with the versions
in which it came and went. `make release` adds to it; nothing that is there ever changes.
"""

import datetime as dt
import json
import re
from itertools import pairwise
from pathlib import Path

from . import coding, inputs
from .errors import InvalidInputError, UnknownIdError
from .library import current
from .model import Code, Confidence, Outcome, Rule, Service, Verdict, VerdictRow
from .values import Value, Version
from .words import label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Pair = tuple[str, str]

FILE = "released.json"
ONE_DAY = dt.timedelta(days=1)
COMPARED = ("verdict", "outcome", "instead", "disputed", "confidence")
"""What an answer is. A rule that is called something else changes none."""


class Release(Value):
    """A released version of the knowledge."""

    version: str
    """It compares by its numbers."""
    date: dt.date

    def __repr__(self) -> str:
        return f"<Release {self.version} of {self.date}>"


class Change(Value):
    """An answer that one version gives and another does not, for a span of dates of service."""

    code: str
    service: str
    since: dt.date
    until: dt.date
    before: VerdictRow | None
    """What the older version answered; None where it had no answer."""
    after: VerdictRow | None
    """What the newer version answers; None where it has none."""
    why: str
    """The reason for the newer answer, as the library gives it today; empty where it has none."""

    def __repr__(self) -> str:
        was, now = (row.verdict.value if row else "none" for row in (self.before, self.after))
        return (
            f"<Change {self.code} for {self.service}, {self.since} to {self.until}: {was}, {now}>"
        )


def releases() -> tuple[Release, ...]:
    """The released versions of the knowledge, the oldest first.

    Where it comes from: `released.json`, written at each release.

    Examples:
        >>> import cdtref
        >>> cdtref.releases()[0]
        <Release 2026.11.0 of 2026-11-21>
    """
    return tuple(
        Release(version, dt.date.fromisoformat(date)) for version, date in _kept()["versions"]
    )


def changes(old: str, new: str = "") -> tuple[Change, ...]:
    """Which answers changed from one version to another?

    Arguments:
        old: A released version, such as `2026.11.1`.
        new: Another one; left out, the version that is installed.

    Returns:
        A change for each code, service and span of dates of service over which the verdict, the
            outcome, the codes instead, the dispute or the confidence differ. In the order of the
            codes, the services and the dates; nothing if nothing changed.

    Raises:
        UnknownIdError: No such version was released; `nearest` names those that were.
        InvalidInputError: A version is no text, or the older one is named second.

    Where it comes from: the kept table of each version, and `verdicts` for the installed one.

    Examples:
        >>> import cdtref
        >>> for change in cdtref.changes("2026.11.1", "2026.11.2"):
        ...     if change.code == "D0396" and change.service == "in-office-print":
        ...         print(change.since, change.before.confidence, change.after.confidence)
        2024-01-01 high medium
    """
    older = table_of(old, "old")
    newer = coding.verdicts() if new == "" else table_of(new, "new")
    if Version(old) > Version(new or current().version):
        raise InvalidInputError(f"changes: {old} is the newer one; name it second.")
    return tuple(compare(older, newer))


def cited(code: str, service: str, *, on: "dt.date | str", version: str) -> VerdictRow:
    """What did a version answer, as somebody cites it?

    Arguments:
        code: A CDT code of this topic.
        service: The id of a service.
        on: The date of service, a `date` or `YYYY-MM-DD`.
        version: A released version, or the one that is installed.

    Returns:
        The row of that version's table.

    Raises:
        UnknownIdError: No such version was released, or it had no answer on that code, service and
            date.
        InvalidDateError: `on` is no date.

    Where it comes from: the kept table of the version.

    Examples:
        >>> import cdtref
        >>> row = cdtref.cited("D0396", "in-office-print", on="2024-05-01", version="2026.11.1")
        >>> row.verdict.value, row.confidence.value
        ('yes', 'high')
    """
    day = inputs.day(on)
    for row in table_of(version, "version"):
        if (row.code, row.service) == (code, service) and row.since <= day <= row.until:
            return row
    raise UnknownIdError(
        f"{version} has no answer on {inputs.shown(code)} for {inputs.shown(service)}, {day}.",
        kind="answer",
        id=f"{code}/{service}",
    )


def table_of(version: str, what: str = "version") -> tuple[VerdictRow, ...]:
    """The truth table of a version, as `verdicts` gave it then."""
    if version == current().version:
        return coding.verdicts()
    kept, at = _kept(), _number(version, what)
    return tuple(
        _row(values)
        for *values, came, gone in kept["rows"]
        if came <= at and (gone is None or at < gone)
    )


def compare(old: "tuple[VerdictRow, ...]", new: "tuple[VerdictRow, ...]") -> "Iterator[Change]":
    """The changes from one truth table to another."""
    before, after = _by_pair(old), _by_pair(new)
    for pair in dict.fromkeys([*after, *before]):
        for since, until in _spans([*before.get(pair, []), *after.get(pair, [])]):
            was, now = (_at(rows.get(pair, []), since) for rows in (before, after))
            if not _same(was, now):
                yield Change(*pair, since, until, was, now, _why(now))


def alike(found: "tuple[Change, ...]") -> "list[tuple[Change, ...]]":
    """Changes that tell the same of several codes, together; by service, the earliest first."""
    groups: dict[tuple[str, dt.date, dt.date, str], list[Change]] = {}
    for change in found:
        key = (change.service, change.since, change.until, told(change))
        groups.setdefault(key, []).append(change)
    order = {service: at for at, service in enumerate(current().facts(Service))}
    ranked = sorted(groups, key=lambda key: (order.get(key[0], len(order)), key[1]))
    return [tuple(groups[key]) for key in ranked]


def told(change: Change) -> str:
    """A change in words: `Yes (high confidence), now Yes (medium confidence)`."""
    after = _said(change.after)
    return f"{_said(change.before)}, now {after}" if change.before else f"new: {after}"


def _said(row: VerdictRow | None) -> str:
    if row is None:
        return "not answered"
    instead = f", report {' '.join(row.instead)}" if row.instead else ""
    disputed = ", disputed" if row.disputed else ""
    return f"{label(row.verdict)}{instead} ({label(row.confidence)}{disputed})"


def _answer(row: VerdictRow | None) -> "tuple[Any, ...] | None":
    return None if row is None else tuple(getattr(row, field) for field in COMPARED)


# --- The kept tables ------------------------------------------------------------------------------

_read: "list[dict[str, Any]]" = []


def _kept() -> "dict[str, Any]":
    """The file, read once. It is never written while a program runs."""
    if not _read:
        path = str(Path(__file__).with_name(FILE))
        # The loader that found this module finds its neighbor, in a folder or in a zip file.
        _read.append(json.loads(__spec__.loader.get_data(path)))  # type: ignore[union-attr]
    return _read[0]


def _number(given: object, what: str) -> int:
    """The place of a version among those that were released."""
    version = inputs.text(given, what, "2026.11.1")
    known = [name for name, _ in _kept()["versions"]]
    if version in known:
        return known.index(version)
    if not re.fullmatch(r"\d{4}\.\d{1,2}\.\d+", version):
        raise InvalidInputError(
            f"{what}: expected a version such as 2026.11.1, got {inputs.shown(given)}."
        )
    raise UnknownIdError(
        f"No version {version} was released.",
        f"There are {known[0]} to {known[-1]}.",
        kind="release",
        id=version,
        nearest=lambda: {near: near for near in inputs.nearest(version, known)},
    )


def _address(code: str, service: str) -> str:
    """Where the site answers today; empty for a code or a service that is no more."""
    known = current().facts(Code).get(code), current().facts(Service).get(service)
    return coding.address(*known) if all(known) else ""  # type: ignore[arg-type]


def _row(values: "list[Any]") -> VerdictRow:
    code, service, since, until, verdict, outcome, instead, disputed, confidence, rule = values
    return VerdictRow(
        code,
        service,
        dt.date.fromisoformat(since),
        dt.date.fromisoformat(until),
        Verdict(verdict),
        Outcome(outcome),
        tuple(instead),
        disputed,
        Confidence(confidence),
        rule,
        _address(code, service),
    )


# --- Comparing ------------------------------------------------------------------------------------


def _by_pair(rows: "tuple[VerdictRow, ...]") -> "dict[Pair, list[VerdictRow]]":
    found: dict[Pair, list[VerdictRow]] = {}
    for row in rows:
        found.setdefault((row.code, row.service), []).append(row)
    return found


def _spans(rows: "list[VerdictRow]") -> "Iterator[tuple[dt.date, dt.date]]":
    """Spans that lie within one row of each table, or between rows."""
    starts = sorted({row.since for row in rows} | {row.until + ONE_DAY for row in rows})
    yield from ((since, end - ONE_DAY) for since, end in pairwise(starts))


def _at(rows: "list[VerdictRow]", day: dt.date) -> VerdictRow | None:
    return next((row for row in rows if row.since <= day <= row.until), None)


def _same(was: VerdictRow | None, now: VerdictRow | None) -> bool:
    return _answer(was) == _answer(now)


def _why(row: VerdictRow | None) -> str:
    rule = current().facts(Rule).get(row.rule) if row else None
    return rule.why if rule else ""
