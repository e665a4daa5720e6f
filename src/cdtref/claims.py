"""Checks a claim: what was billed against what was done, the dates, and the record."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from . import inputs
from .coding import can_bill, not_answered, out_of_effect, period_start, recommend
from .errors import CdtrefError, InvalidInputError
from .library import Library, current
from .model import Answer, Caution, Code, Position, Rule, Severity, Verdict
from .record import missing
from .values import Value


class Kind(StrEnum):
    """What a finding is about."""

    WRONG_CODE = "wrong-code"
    """The code does not describe what was done."""
    INVALID_FOR_DATE = "invalid-for-date"
    """The code was not in effect on the date of service."""
    UNBUNDLED = "unbundled"
    """The service is part of another procedure."""
    DUPLICATE = "duplicate"
    """The same code more than once for one date."""
    UNBILLED_SERVICE = "unbilled-service"
    """Something done that has a code, and is on no line."""
    BUNDLING_RISK = "bundling-risk"
    """A pitfall of the codes together."""
    DOCUMENTATION = "documentation"
    """The note lacks something."""
    UNSETTLED = "unsettled"
    """The sources do not settle it."""
    NOT_CHECKED = "not-checked"
    """Could not be checked, and why."""
    AFTER_LAST_EDITION = "after-last-edition"
    """The date is not answered here. `Finding.last_known` has what the last edition would say."""


class Finding(Value):
    """One thing found on a claim."""

    kind: Kind
    severity: Severity
    code: str
    """The code billed; for `unbilled-service`, the code that is not. Empty for the whole claim."""
    instead: tuple[str, ...]
    why: str
    rule: str
    """The id of the rule or the caution behind it, where there is one."""
    dissent: tuple[Position, ...]
    """The positions of those who would disagree with the finding."""
    on: dt.date
    lines: tuple[int, ...]
    """The lines it is about, counted from 1."""
    sources: tuple[str, ...] = ()
    """What the finding rests on."""
    address: str = ""
    """Where the site says more; empty where it has nothing on it."""
    last_known: "tuple[Finding, ...]" = ()
    """After the last encoded edition: what would be found on the line on its last day."""

    def __repr__(self) -> str:
        instead = f", instead {' '.join(self.instead)}" if self.instead else ""
        return f"<Finding {self.severity.value}: {self.kind.value} {self.code}{instead}>"


class _Line(NamedTuple):
    number: int
    on: dt.date
    code: str
    did: tuple[str, ...]
    arch: str
    quantity: int
    known: bool | None
    """As `inputs.billed` tells it: False outside this topic, None an office's own code."""


_CLAIM_KEYS = {"on", "did", "billed", "note"}
_LINES_KEYS = {"lines", "note"}
_LINE_KEYS = {"on", "code", "did", "arch", "quantity"}


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
    lines, did = _by_line(claim, library) if "lines" in claim else _by_visit(claim, library)
    found: list[Finding] = []
    for on in dict.fromkeys(line.on for line in lines):
        here = [line for line in lines if line.on == on]
        billed = tuple([line[2:] for line in here if line.code])
        found += check_visit(on, did.get(on, ()), billed, [line.number for line in here])
    if "note" in claim:
        found += _check_note(claim["note"], lines)
    return tuple(sorted(found, key=_rank))


def _rank(finding: Finding) -> int:
    return -finding.severity.rank


# --- The claim as it was given --------------------------------------------------------------------

_Did = dict[dt.date, tuple[str, ...]]


def _by_visit(claim: Mapping[str, Any], library: Library) -> tuple[list[_Line], _Did]:
    _check_keys(claim, _CLAIM_KEYS, {"on", "billed"}, "claim")
    on = day_of_claim(claim["on"], library)
    billed = claim["billed"]
    if not isinstance(billed, list | tuple):
        raise InvalidInputError(
            f"billed: expected a list of codes such as ['D0801'], got {inputs.typed(billed)}."
        )
    did = _did(claim.get("did"), library)
    if not billed and not did:
        raise InvalidInputError("claim: names nothing done and nothing billed.")
    lines = [_line(at, on, code, (), "", 1, library) for at, code in enumerate(billed, 1)]
    if not lines:  # nothing billed: the visit alone is looked at
        lines = [_Line(0, on, "", (), "", 1, False)]
    return lines, {on: did}


def _by_line(claim: Mapping[str, Any], library: Library) -> tuple[list[_Line], _Did]:
    _check_keys(claim, _LINES_KEYS, {"lines"}, "claim")
    given = claim["lines"]
    if not isinstance(given, list | tuple) or not given:
        raise InvalidInputError(
            "lines: expected a list of mappings such as {'on': '2026-03-02', 'code': 'D0801'}, got "
            f"{inputs.typed(given)}."
        )
    lines = []
    for at, entry in enumerate(given, 1):
        where = f"lines[{at - 1}]"
        if not isinstance(entry, Mapping):
            raise InvalidInputError(f"{where}: expected a mapping, got {inputs.typed(entry)}.")
        _check_keys(entry, _LINE_KEYS, {"on", "code"}, where)
        on = day_of_claim(entry["on"], library)
        services = _did(entry.get("did"), library)
        arch = inputs.arch(entry.get("arch"), f"{where}['arch']")
        quantity = inputs.quantity(entry.get("quantity"), f"{where}['quantity']")
        lines.append(_line(at, on, entry["code"], services, arch, quantity, library))
    return lines, {}


def day_of_claim(value: object, library: Library) -> dt.date:
    """A date of service; one after the last encoded edition is told in a finding."""
    on = inputs.day(value)
    if on < library.editions()[0].since:
        raise library.unknown(on)
    return on


def _did(value: object, library: Library) -> tuple[str, ...]:
    """What was done: a service id or a list of them; nothing where it is not known."""
    if inputs.absent(value):
        return ()
    if isinstance(value, str | list | tuple) and not value:
        return ()
    if isinstance(value, str):
        return (inputs.service(value, library, "did").id,)
    return tuple([service.id for service in inputs.services(value, library)])


def _line(
    number: int,
    on: dt.date,
    code: object,
    did: tuple[str, ...],
    arch: str,
    quantity: int,
    library: Library,
) -> _Line:
    found, known = inputs.billed(code, library)
    return _Line(number, on, found, did, arch, quantity, known)


def _check_keys(given: Mapping[str, Any], known: set[str], needed: set[str], what: str) -> None:
    if known.issuperset(given) and given.keys() >= needed:
        return
    for key in given:
        if key not in known:
            raise InvalidInputError(
                f"{what}: unknown key {inputs.shown(key)}; expected {', '.join(sorted(known))}."
            )
    for key in sorted(needed - given.keys()):
        raise InvalidInputError(f"{what}: the key {key!r} is missing.")


# --- One visit ------------------------------------------------------------------------------------

Billed = tuple[str, tuple[str, ...], str, int, bool | None]
"""A line without its number and date: code, did, arch, quantity, known."""


def check_visit(
    on: dt.date,
    did: tuple[str, ...],
    billed: tuple[Billed, ...],
    numbers: Sequence[int],
    *,
    whole: bool = True,
) -> list[Finding]:
    """The findings on one date of service, errors first, by the numbers of the lines billed.

    Where the claim was read only in part, it is not `whole`: nothing is called unbilled then.
    """
    library = current()
    last = library.editions()[-1].until
    if on > last:
        return _after_last(on, last, did, billed, numbers, whole)
    inside = tuple([line for line in billed if line[4]])
    check = _check_period if len(inside) <= _CACHED else _check_period.__wrapped__
    found = check(library, period_start(library, on), did, inside)
    if not whole:
        found = tuple([one for one in found if one.kind is not Kind.UNBILLED_SERVICE])
    if len(inside) == len(billed):
        places: Sequence[int] = numbers
    else:
        places = [number for number, line in zip(numbers, billed, strict=False) if line[4]]
    told = [
        finding.__replace__(on=on, lines=tuple([places[at] for at in finding.lines]))
        for finding in found
    ]
    if len(inside) < len(billed):
        told += [
            _outside(line, on, number)
            for number, line in zip(numbers, billed, strict=False)
            if not line[4]
        ]
    return told


def _outside(line: Billed, on: dt.date, number: int) -> Finding:
    code = line[0]
    last = current().editions()[-1]
    known = "" if on <= last.until else f", as far as {last.id} goes"
    why = f"{code} is outside this topic{known}; it was not looked at."
    if line[4] is None:
        why = f"{code} is no CDT code but an office's own, or one of another code set. No payer "
        why += "gets it on a dental claim, and it was not looked at."
    return _found(Kind.NOT_CHECKED, Severity.NOTE, code, why, on=on, lines=(number,))


def _after_last(
    on: dt.date,
    last: dt.date,
    did: tuple[str, ...],
    billed: tuple[Billed, ...],
    numbers: Sequence[int],
    whole: bool,
) -> list[Finding]:
    """After the last encoded edition: a finding a line, with what its last day would bring."""
    library = current()
    announced = library.announced(on)
    before = check_visit(last, did, billed, numbers, whole=whole)
    told: list[Finding] = []

    def tell(code: str, lines: tuple[int, ...], known: list[Finding]) -> None:
        told.append(
            _found(
                Kind.AFTER_LAST_EDITION,
                Severity.WARNING,
                code,
                not_answered(library, on),
                on=on,
                lines=lines,
                sources=announced.sources if announced else (),
                address="guide/dates-of-service/#the-next-edition",
                last_known=tuple(known),
            )
        )

    # What is about no line of its own, such as a service left off, stands beside the first one.
    loose = [finding for finding in before if not finding.lines]
    for number, line in zip(numbers, billed, strict=False):
        if line[4]:
            tell(line[0], (number,), [*(f for f in before if number in f.lines), *loose])
            loose = []
        else:
            told.append(_outside(line, on, number))
    if loose:  # nothing of the topic is billed, and yet something was done
        tell("", (), loose)
    return told


_CACHED = 12
"""Visits of more lines than this are rare, and would fill the memory of those that repeat."""


@lru_cache(maxsize=8_192)
def _check_period(
    _library: Library, on: dt.date, did: tuple[str, ...], billed: tuple[Billed, ...]
) -> tuple[Finding, ...]:
    """Between two dates on which nothing changes, equal visits have equal findings.

    Their `lines` are places in `billed`, counted from 0.
    """
    return tuple(sorted(_findings(on, did, billed), key=_rank))


def _findings(on: dt.date, did: tuple[str, ...], billed: tuple[Billed, ...]) -> Iterator[Finding]:
    codes = {line[0] for line in billed}
    everything = tuple(dict.fromkeys((*did, *(s for line in billed for s in line[1]))))
    named: set[str] = set()
    for at, (code, services, _arch, _quantity, _inside) in enumerate(billed):
        for finding in _check_code(on, code, services or did, codes):
            named.update(finding.instead)
            yield finding.__replace__(lines=(at,))
    yield from _check_repeats(on, billed)
    yield from _check_unbilled(on, everything, codes | named)
    yield from _check_together(on, everything, billed)


def _found(
    kind: Kind,
    severity: Severity,
    code: str,
    why: str,
    *,
    on: dt.date,
    instead: tuple[str, ...] = (),
    rule: str = "",
    dissent: tuple[Position, ...] = (),
    lines: tuple[int, ...] = (),
    sources: tuple[str, ...] = (),
    address: str = "",
    last_known: tuple[Finding, ...] = (),
) -> Finding:
    return Finding(
        kind,
        severity,
        code,
        instead,
        why,
        rule,
        dissent,
        on,
        lines,
        sources,
        address,
        last_known,
    )


def _check_code(on: dt.date, code: str, did: tuple[str, ...], codes: set[str]) -> Iterator[Finding]:
    fact = current().facts(Code)[code]
    dates = out_of_effect(fact, on)
    if not did:
        if dates:
            yield _found(
                Kind.INVALID_FOR_DATE,
                Severity.ERROR,
                code,
                dates,
                on=on,
                sources=fact.sources,
                address=fact.address,
            )
        else:
            why = (
                f"Nothing says how {code} came about. Its dates, repeats and neighbors on the "
                "claim were checked."
            )
            yield _found(Kind.NOT_CHECKED, Severity.NOTE, code, why, on=on, address=fact.address)
        return
    answers = [can_bill(code, service, on=on) for service in did]
    if any(answer.verdict is Verdict.YES for answer in answers):
        return
    answer = min(answers, key=_relevance)
    if not (dates or fact.subject or answer.verdict is not Verdict.NO or _spoken_of(answer)):
        # A neighbor that stands for something else done, which nobody named.
        why = f"Nothing that was named as done explains {code}."
        yield _found(Kind.NOT_CHECKED, Severity.NOTE, code, why, on=on, address=fact.address)
        return
    kind, severity = _KINDS[answer.verdict]
    if dates:
        kind, severity = Kind.INVALID_FOR_DATE, Severity.ERROR
    why = f"{answer.why} {answer.ask}" if answer.verdict is Verdict.UNSETTLED else answer.why
    yield _found(
        kind,
        severity,
        code,
        why,
        on=on,
        instead=tuple(other for other in answer.instead if other not in codes),
        rule=answer.rule,
        dissent=answer.dissent,
        sources=answer.sources,
        address=answer.address,
    )


def _spoken_of(answer: Answer) -> bool:
    """Whether a source speaks of this very code for this service."""
    exceptions = current().facts(Rule)[answer.rule].exceptions
    return answer.code in [exception.code for exception in exceptions]


_KINDS = {
    Verdict.NO: (Kind.WRONG_CODE, Severity.ERROR),
    Verdict.INCLUDED: (Kind.UNBUNDLED, Severity.ERROR),
    Verdict.UNSETTLED: (Kind.UNSETTLED, Severity.WARNING),
}


def _relevance(answer: Answer) -> tuple[bool, bool, bool, bool]:
    """Of several services, the one that the code was most likely meant for comes first."""
    return (
        answer.verdict is not Verdict.UNSETTLED,
        answer.verdict is not Verdict.INCLUDED,
        not _spoken_of(answer),
        not answer.instead,
    )


def _check_repeats(on: dt.date, billed: tuple[Billed, ...]) -> Iterator[Finding]:
    """The same code twice, unless the lines are the two arches; and quantities."""
    places: dict[str, list[int]] = {}
    for at, line in enumerate(billed):
        places.setdefault(line[0], []).append(at)
    for code, found in places.items():
        arches = sorted(billed[at][2] for at in found)
        kind, severity = Kind.UNSETTLED, Severity.NOTE
        if len(found) > 1 and arches == ["lower", "upper"]:
            why = f"{code} stands on a line for each arch. The sources are silent on units: ask."
        elif len(found) > 1:
            kind, severity = Kind.DUPLICATE, Severity.WARNING
            why = (
                f"{code} stands on {len(found)} lines for one date, and they are not one upper "
                "and one lower arch. A retake or a copy adds no line."
            )
        elif billed[found[0]][3] > 1:
            why = f"{code} has a quantity above one. The sources are silent on units: ask."
        else:
            continue
        fact = current().facts(Code)[code]
        yield _found(
            kind,
            severity,
            code,
            why,
            on=on,
            lines=tuple(found),
            sources=fact.sources,
            address=fact.address,
        )


def _check_unbilled(on: dt.date, did: tuple[str, ...], billed: set[str]) -> Iterator[Finding]:
    if not did:
        return
    done = recommend(list(did), on=on)
    for line in done.lines:
        if line.code not in billed:
            yield _found(
                Kind.UNBILLED_SERVICE,
                Severity.NOTE,
                line.code,
                f"{line.why} It was done and is on no line.",
                on=on,
                rule=next(service.rule for service in done.services if line.code in service.codes),
                dissent=line.dissent,
                sources=line.sources,
                address=line.address,
            )


def _check_together(
    on: dt.date, did: tuple[str, ...], billed: tuple[Billed, ...]
) -> Iterator[Finding]:
    codes = {line[0] for line in billed}
    for caution in current().facts(Caution).values():
        for when in caution.when:
            # What was done alone is no risk: there has to be more than one line.
            holds = codes.issuperset(when.codes) and set(did).issuperset(when.services)
            about = [
                at
                for at, line in enumerate(billed)
                if line[0] in when.codes or not set(line[1]).isdisjoint(when.services)
            ]
            if not holds or when.repeated or _arches_apart([billed[at] for at in about]):
                continue
            if when.codes or len(codes) > 1:
                yield _found(
                    Kind.BUNDLING_RISK,
                    caution.severity,
                    "",
                    caution.text,
                    on=on,
                    rule=caution.id,
                    sources=caution.sources,
                    address=caution.address,
                    lines=tuple(about or range(len(billed))),
                )
                break


def _arches_apart(lines: list[Billed]) -> bool:
    """Whether two codes stand for different arches, so that they do not record the same anatomy."""
    arches: dict[str, set[str]] = {}
    for line in lines:
        arches.setdefault(line[0], set()).add(line[2])
    named = sorted(map(tuple, arches.values()))
    return named == [("lower",), ("upper",)]


# --- The note -------------------------------------------------------------------------------------


def _check_note(note: object, lines: list[_Line]) -> Iterator[Finding]:
    on = lines[0].on
    for code in dict.fromkeys(line.code for line in lines if line.known):
        about = [line for line in lines if line.code == code]
        try:
            lacking = missing(code, note)  # type: ignore[arg-type]
        except CdtrefError as error:
            # What is wrong with the note hides nothing that is wrong with the codes.
            why = f"The note was not checked. {error}"
            yield _found(Kind.NOT_CHECKED, Severity.WARNING, "", why, on=on)
            return
        if lacking:
            labels = ", ".join(item.label.lower() for item in lacking)
            yield _found(
                Kind.DOCUMENTATION,
                Severity.WARNING,
                code,
                f"The note lacks, for {code}: {labels}.",
                on=about[0].on,
                lines=tuple(line.number for line in about),
                sources=tuple(dict.fromkeys(id for item in lacking for id in item.sources)),
                address=lacking[0].address,
            )
