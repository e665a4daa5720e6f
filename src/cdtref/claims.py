"""Checks a claim: what was billed against what was done, the dates, and the record."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from . import inputs
from .claimlines import Billed
from .errors import CdtrefError, InvalidInputError
from .findings import Finding, Kind
from .library import Library, current
from .model import Service, Severity
from .record import missing
from .visits import Visit, check_visits, rank

_CLAIM_KEYS = {"on", "did", "billed", "note"}
_LINES_KEYS = {"lines", "note"}
_LINE_KEYS = {"on", "code", "did", "arch", "quantity"}
_CLAIM_NEEDS, _LINES_NEEDS, _LINE_NEEDS = {"on", "billed"}, {"lines"}, {"on", "code"}


def check_claim(claim: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What is wrong with a claim, or worth a look, or could not be checked?

    It does not say whether a plan pays.

    Arguments:
        claim: A mapping in one of two forms. By visit: `on`, `billed` (a list of codes) and `did`
            (a list of service ids, may be left out). By line: `lines`, a list of mappings with `on`
            and `code`, and, where known, `did` (a service id or a list of them), `arch` (`upper`,
            `lower` or `both`) and `quantity`. Either may have a `note`, as in `missing`. Never put
            anything into it that names a patient.

    Returns:
        The findings, errors first. An empty tuple means that nothing was found and nothing was
            left unchecked.

    Raises:
        UnknownCodeError: A code is malformed. One outside this topic is a finding, not an error.
        UnknownServiceError: No service has one of the ids.
        InvalidDateError: A date is none.
        UnknownEditionError: A date is before the first encoded edition. One after the last is a
            finding.
        InvalidInputError: The claim has another form. A note that cannot be read is a finding.

    Where it comes from: the same rules as `can_bill` and `recommend`; `Finding.rule` names the one.

    Examples:
        >>> import cdtref
        >>> claim = {
        ...     "on": "2026-03-02",
        ...     "did": ["intraoral-scan", "lab-print"],
        ...     "billed": ["D0470", "D0396"],
        ... }
        >>> for finding in cdtref.check_claim(claim):
        ...     print(finding.kind.value, finding.code, finding.instead)
        wrong-code D0470 ('D0801',)
        wrong-code D0396 ()
        bundling-risk  ()
    """
    library = current()
    if not isinstance(claim, Mapping):
        raise InvalidInputError(
            "claim: expected a mapping such as {'on': '2026-03-02', 'did': [...], 'billed': [...]}"
            f", got {inputs.typed(claim)}."
        )
    visits = _by_line(claim, library) if "lines" in claim else [_by_visit(claim, library)]
    found = check_visits(visits)
    if "note" in claim:
        found += check_note(claim["note"], visits)
        found.sort(key=rank)
    return tuple(found)


# --- The claim as it was given --------------------------------------------------------------------


def _by_visit(claim: Mapping[str, Any], library: Library) -> Visit:
    _check_keys(claim, _CLAIM_KEYS, _CLAIM_NEEDS, "claim")
    on = day_of_claim(claim["on"], library)
    billed = claim["billed"]
    if not isinstance(billed, list | tuple):
        raise InvalidInputError(
            f"billed: expected a list of codes such as ['D0801'], got {inputs.typed(billed)}."
        )
    did = _did(claim.get("did"), library)
    if not billed and not did:
        raise InvalidInputError("claim: names nothing done and nothing billed.")
    lines = []
    for given in billed:
        code, known = inputs.billed(given, library)
        lines.append((code, (), "", 1, known))
    return on, did, tuple(lines), range(1, len(lines) + 1)


def _by_line(claim: Mapping[str, Any], library: Library) -> list[Visit]:
    _check_keys(claim, _LINES_KEYS, _LINES_NEEDS, "claim")
    given = claim["lines"]
    if not isinstance(given, list | tuple) or not given:
        raise InvalidInputError(
            "lines: expected a list of mappings such as {'on': '2026-03-02', 'code': 'D0801'}, got "
            f"{inputs.typed(given)}."
        )
    dates: dict[dt.date, tuple[list[Billed], list[int]]] = {}
    for at, entry in enumerate(given):
        if type(entry) is not dict and not isinstance(entry, Mapping):
            raise InvalidInputError(f"lines[{at}]: expected a mapping, got {inputs.typed(entry)}.")
        _check_keys(entry, _LINE_KEYS, _LINE_NEEDS, "lines", at)
        on = day_of_claim(entry["on"], library)
        did = _did(entry.get("did"), library)
        arch, quantity = "", 1
        if "arch" in entry:
            arch = inputs.arch(entry["arch"], f"lines[{at}]['arch']")
        if "quantity" in entry:
            quantity = inputs.quantity(entry["quantity"], f"lines[{at}]['quantity']")
        code, known = inputs.billed(entry["code"], library)
        visit = dates.get(on)
        if visit is None:
            visit = dates[on] = ([], [])
        visit[0].append((code, did, arch, quantity, known))
        visit[1].append(at + 1)
    return [(on, (), tuple(billed), numbers) for on, (billed, numbers) in dates.items()]


def day_of_claim(value: object, library: Library) -> dt.date:
    """A date of service; one after the last encoded edition is told in a finding."""
    on = inputs.day(value)
    if on < library.editions()[0].since:
        raise library.unknown(on)
    return on


def _did(value: object, library: Library) -> tuple[str, ...]:
    """What was done: a service id or a list of them; nothing where it is not known."""
    if type(value) is str and value in library.facts(Service):  # the usual case
        return (value,)
    if isinstance(value, str) and value:
        return (inputs.service(value, library, "did").id,)
    if inputs.absent(value) or (isinstance(value, str | list | tuple) and not value):
        return ()
    return tuple([service.id for service in inputs.services(value, library)])


def _check_keys(
    given: Mapping[str, Any], known: set[str], needed: set[str], what: str, at: int | None = None
) -> None:
    if known.issuperset(given) and given.keys() >= needed:
        return
    where = what if at is None else f"{what}[{at}]"
    for key in given:
        if key not in known:
            raise InvalidInputError(
                f"{where}: unknown key {inputs.shown(key)}; expected {', '.join(sorted(known))}."
            )
    for key in sorted(needed - given.keys()):
        raise InvalidInputError(f"{where}: the key {key!r} is missing.")


# --- The note -------------------------------------------------------------------------------------


def check_note(note: object, visits: list[Visit]) -> Iterator[Finding]:
    about: dict[str, list[tuple[int, dt.date]]] = {}
    for on, _did, billed, numbers in visits:
        for line, number in zip(billed, numbers, strict=True):
            if line[4]:
                about.setdefault(line[0], []).append((number, on))
    for code, lines in about.items():
        try:
            lacking = missing(code, note)  # type: ignore[arg-type]
        except CdtrefError as error:
            # What is wrong with the note hides nothing that is wrong with the codes.
            why = f"The note was not checked. {error}"
            yield _of_note(Kind.NOT_CHECKED, "", why, visits[0][0])
            return
        if lacking:
            labels = ", ".join(item.label.lower() for item in lacking)
            yield _of_note(
                Kind.DOCUMENTATION, code, f"The note lacks, for {code}: {labels}.", lines[0][1]
            ).__replace__(
                lines=tuple(sorted(number for number, _on in lines)),
                sources=tuple(dict.fromkeys(id for item in lacking for id in item.sources)),
                address=lacking[0].address,
                confidence=min(item.confidence for item in lacking),
            )


def _of_note(kind: Kind, code: str, why: str, on: dt.date) -> Finding:
    return Finding(kind, Severity.WARNING, code, (), why, "", (), on, ())
