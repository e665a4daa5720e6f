"""Will the plan pay, what to do when it says no, and may the patient be charged?

None of it changes which code describes a service.
"""

from collections.abc import Mapping

from . import inputs
from .errors import IncompleteNoteError, InvalidInputError, UnknownIdError
from .library import Library, current
from .paperwork import (
    Charge,
    Coverage,
    Denial,
    Ingredient,
    Item,
    Outside,
    Remedy,
    Remittance,
    RemittanceKind,
)
from .record import texts_of
from .values import Value


class Letter(Value):
    """An appeal, or what goes with a corrected claim or with documents asked for."""

    denial: str
    kind: Remedy
    text: str
    """With blanks, in square brackets, for everything that identifies a person or a claim."""
    before: str
    """When to send it, and when not to."""
    attach: tuple[str, ...]
    """What to enclose, as far as the chart holds it."""
    missing: tuple[str, ...]
    """Items that would make it stronger and that the note does not have."""

    def __repr__(self) -> str:
        return f"<Letter on {self.denial}: {self.kind.value}>"


def coverage(*, code: str | None = None) -> tuple[Coverage, ...]:
    """Patterns of coverage, and what payers say of their own plans, with scope and date.

    Arguments:
        code: A procedure code of this topic. Left out, all of them.

    Raises:
        UnknownCodeError: The code is malformed or outside this topic.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> "Devoted Health" in [entry.payer for entry in cdtref.coverage(code="D0801")]
        True
    """
    library = current()
    found = tuple(library.facts(Coverage).values())
    if code is None:
        return found
    wanted = inputs.code(code, library).code
    return tuple(entry for entry in found if wanted in entry.codes)


def charges() -> tuple[Charge, ...]:
    """May the patient be charged? By situation, with what to ask the payer.

    Examples:
        >>> import cdtref
        >>> cdtref.charges()[0].id
        'in-network-denied'
    """
    return tuple(current().facts(Charge).values())


def outside() -> tuple[Outside, ...]:
    """What people ask here and what belongs elsewhere, with where.

    Examples:
        >>> import cdtref
        >>> "other-countries" in [entry.id for entry in cdtref.outside()]
        True
    """
    return tuple(current().facts(Outside).values())


def charge(charge: str) -> Charge:
    """May the patient be charged in this situation?

    Arguments:
        charge: The id of a situation; `charges()` lists them.

    Raises:
        UnknownIdError: No situation has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.charge("in-network-denied").situation
        'In network, and the plan denies the service'
    """
    return inputs.known(Charge, charge, current())


def denials(*, carc: str | None = None, rarc: str | None = None) -> tuple[Denial, ...]:
    """The reasons a payer may give, or those for which it may send a code.

    Arguments:
        carc: A claim adjustment reason code: `97`, or with its group code `CO-97`.
        rarc: A remittance advice remark code, such as `N478`.

    Raises:
        UnknownIdError: The code is not among those recorded here.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> [denial.id for denial in cdtref.denials(carc="CO-97")]
        ['bundled']
        >>> [denial.id for denial in cdtref.denials(rarc="n478")]
        ['attachment']
    """
    library = current()
    found = tuple(library.facts(Denial).values())
    if carc is not None:
        wanted = _remittance(carc, library, RemittanceKind.CARC).id
        found = tuple(denial for denial in found if wanted in denial.carcs)
    if rarc is not None:
        wanted = _remittance(rarc, library, RemittanceKind.RARC).id
        found = tuple(denial for denial in found if wanted in denial.rarcs)
    return found


def denial(denial: str) -> Denial:
    """A reason a payer may give: what it means, the first move, what not to argue.

    Arguments:
        denial: The id of a reason, or a CARC or RARC that points to one reason only, such as
            `CO-97`; `denials()` lists the reasons.

    Raises:
        UnknownIdError: No reason has this id, and no code recorded here is spelled so; or the code
            points to several reasons, which `nearest` names.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.denial("CO-97").id
        'bundled'
    """
    return _denial(denial, current())


def remittance(remittance: str) -> Remittance:
    """A CARC, RARC or group code recorded here, in our own words.

    Arguments:
        remittance: The code as a payer prints it: `97`, `CO-97`, `CO 97`, `co97`, `N478`, `PR`.

    Raises:
        UnknownIdError: The code is not among those recorded here.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.remittance("co 97").code
        '97'
    """
    return _remittance(remittance, current())


def remittances() -> tuple[Remittance, ...]:
    """The CARC, RARC and group codes recorded here, in our own words.

    Examples:
        >>> import cdtref
        >>> {code.kind.value for code in cdtref.remittances()} == {"carc", "rarc", "group"}
        True
    """
    return tuple(current().facts(Remittance).values())


def ingredients() -> tuple[Ingredient, ...]:
    """What an appeal and a predetermination need, and whose rule it is.

    Examples:
        >>> import cdtref
        >>> any(entry.payer for entry in cdtref.ingredients())
        True
    """
    return tuple(current().facts(Ingredient).values())


_KINDS = {
    Remedy.APPEAL: (
        "Appeal",
        "We appeal the decision on this claim line.",
        "Send it only if the chart of that day proves the line. If the line was wrong, correct "
        "the claim.",
    ),
    Remedy.CORRECTED_CLAIM: (
        "Corrected claim",
        "A corrected claim goes with this letter. It replaces the line named above.",
        "Send it only if the chart shows that the line was wrong. If the code was right, appeal.",
    ),
    Remedy.RESUBMIT: (
        "Information you asked for",
        "Here is what your decision on this claim line asked for.",
        "Send what was asked for, from the chart as it stands.",
    ),
}


def letter(denial: str, note: Mapping[str, str]) -> Letter:
    """An appeal, or what goes with a corrected claim or with documents that were asked for.

    It states what the note says and nothing else, and leaves blanks for everything that identifies
    a person or a claim.

    Arguments:
        denial: The id of a reason, or a code that `denial` takes.
        note: The note, as a mapping from the ids of items to their text. Never put anything into
            it that names a patient.

    Raises:
        UnknownIdError: No reason has this id, or the note has a key that is no item.
        IncompleteNoteError: The note has none of the items that a letter on it speaks of.
        InvalidInputError: The reason is none that a letter answers, or the note cannot be used.

    Examples:
        >>> import cdtref
        >>> note = {"method": "Scan of both arches, straight from the mouth"}
        >>> cdtref.letter("wrong-code", note).kind.value
        'corrected-claim'
    """
    library = current()
    reason = _denial(denial, library)
    if reason.remedy not in _KINDS:
        raise InvalidInputError(
            f"No letter answers a denial for {reason.reason!r}. First: {reason.first_move}"
        )
    items = library.facts(Item)
    texts = texts_of(note, library)
    told = [id for id in reason.items or texts if id in texts]
    if reason.items and not told:
        raise IncompleteNoteError(
            f"The note has nothing that a letter on {reason.id!r} speaks of: "
            f"{', '.join(reason.items)}. Write only what the chart of that day holds.",
            missing=reason.items,
        )
    heading, opening, before = _KINDS[reason.remedy]
    text = "\n\n".join(
        [
            "[Date]",
            "[Payer, department and address]",
            f"{heading}\nClaim [claim number], patient [name and member number]\n"
            "Date of service [date], procedure [code]",
            f"{opening} The reason given was [reason on the explanation of benefits].",
            *_chart(told, texts, items),
            "Enclosed: [list what is in the envelope]",
            "[Treating dentist, signature, license number]",
        ]
    )
    lacking = tuple(id for id in reason.items if id not in texts)
    return Letter(reason.id, reason.remedy, text, before, reason.attach, lacking)


def _chart(told: list[str], texts: dict[str, str], items: dict[str, Item]) -> list[str]:
    if not told:
        return []
    lines = [f"{items[id].label}: {texts[id]}" for id in told]
    return ["From the chart of the date of service:", "\n".join(lines)]


def _denial(value: object, library: Library) -> Denial:
    """A reason by its id, or by a code that points to it alone."""
    reasons = library.facts(Denial)
    given = inputs.text(value, "denial", "CO-97")
    if given.lower() in reasons:
        return reasons[given.lower()]
    try:
        code = _remittance(given, library)
    except UnknownIdError:
        return inputs.known(Denial, given, library)  # says what is near
    found = [reason for reason in reasons.values() if code.id in (*reason.carcs, *reason.rarcs)]
    if len(found) == 1:
        return found[0]
    several = "points to several reasons" if found else "points to no reason recorded here"
    raise UnknownIdError(
        f"{code.kind.value.upper()} {code.code} {several}. In our words it says: {code.gloss}",
        kind="denial",
        id=given,
        nearest=lambda: {reason.id: f"{reason.id} ({reason.reason})" for reason in found},
    )


def _remittance(value: object, library: Library, kind: RemittanceKind | None = None) -> Remittance:
    """A remittance code, with or without its group code before it."""
    codes = library.facts(Remittance)
    wanted = kind.value.upper() if kind else "CARC, RARC or group code"
    given = inputs.text(value, wanted, "N478" if kind is RemittanceKind.RARC else "CO-97")
    plain = given.lower().replace(" ", "-").removeprefix("carc-").removeprefix("rarc-")
    if plain not in codes:
        groups = [code.id for code in codes.values() if code.kind is RemittanceKind.GROUP]
        group = next((group for group in groups if plain.startswith(group)), "")
        plain = plain.removeprefix(group).lstrip("-")
    if plain not in codes or (kind and codes[plain].kind is not kind):
        known = ", ".join(code.code for code in codes.values() if kind in (None, code.kind))
        raise UnknownIdError(
            f"{inputs.shown(given)} is not a {wanted} recorded here. Recorded are {known}. X12 "
            "publishes the whole list.",
            kind=kind.value if kind else "remittance",
            id=given,
        )
    return codes[plain]
