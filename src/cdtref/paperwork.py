"""The types of what surrounds a claim: the record, coverage, denials.

Apart from `model`, because an answer about a code needs none of them.
"""

import datetime as dt
from enum import StrEnum

from .model import Confidence
from .values import Value


class Item(Value):
    """Something the record must or may hold. Its id is the key of a note."""

    id: str
    label: str
    asks: str
    """The question that the writer answers."""
    why: str
    codes: tuple[str, ...]
    """The codes it is for; none named: every code."""
    required: bool
    """A note without it is incomplete."""
    claim: bool
    """It belongs in the narrative of the claim, not in the chart alone."""
    example: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    address: str = ""

    def __repr__(self) -> str:
        return f"<Item {self.id}: {self.label}>"


class Retention(Value):
    """What one source says on how long to keep records or casts, for one place."""

    id: str
    where: str
    says: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    address: str = ""

    def __repr__(self) -> str:
        return f"<Retention {self.id}: {self.where}>"


class Entry(Value):
    """One item of a note."""

    item: str
    text: str


class Situation(Value):
    """A made-up note for one code: what do I write?"""

    id: str
    title: str
    code: str
    note: tuple[Entry, ...]
    verified: str
    review_due: dt.date
    address: str = ""

    def __repr__(self) -> str:
        return f"<Situation {self.id}: {self.title}>"


class RemittanceKind(StrEnum):
    """What a code on a payer's explanation is."""

    CARC = "carc"
    """Why the amount changed."""
    RARC = "rarc"
    """A remark that says more."""
    GROUP = "group"
    """Who bears the amount."""


class Remittance(Value):
    """A code on a payer's explanation, in our own words. X12 owns the list and its wording."""

    id: str
    code: str
    kind: RemittanceKind
    gloss: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    address: str = ""

    def __repr__(self) -> str:
        return f"<Remittance {self.kind.value.upper()} {self.code}>"


class Remedy(StrEnum):
    """What answers a denial."""

    CORRECTED_CLAIM = "corrected-claim"
    APPEAL = "appeal"
    RESUBMIT = "resubmit"
    """Send what is asked for."""
    VERIFY = "verify"
    """Find out first; there may be nothing to send."""
    NONE = "none"


class Denial(Value):
    """A reason a payer may give, and the first thing to do."""

    id: str
    reason: str
    meaning: str
    carcs: tuple[str, ...]
    rarcs: tuple[str, ...]
    groups: tuple[str, ...]
    link: Confidence
    """How sure we are that payers send these codes for this reason."""
    first_move: str
    attach: tuple[str, ...]
    remedy: Remedy
    correct: str
    """When to correct the claim instead of appealing."""
    not_argue: str
    patient: str
    """What to check before the patient is charged."""
    items: tuple[str, ...]
    """The items of a note that a letter on it speaks of."""
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    address: str = ""

    def __repr__(self) -> str:
        return f"<Denial {self.id}: {self.reason}>"


class Ingredient(Value):
    """Something an appeal or a predetermination needs, or what comes of it."""

    id: str
    says: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    payer: str = ""
    """The payer whose own rule it is."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Ingredient {self.id}>"


class Coverage(Value):
    """A pattern of coverage, or what one payer says of its own plans."""

    id: str
    label: str
    says: str
    codes: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    payer: str = ""
    scope: str = ""
    date: str = ""
    ask: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Coverage {self.id}: {self.label}>"


class Charge(Value):
    """May the patient be charged? One situation."""

    id: str
    situation: str
    answer: str
    why: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    ask: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Charge {self.id}: {self.situation}>"


class Outside(Value):
    """What people ask here and what belongs elsewhere."""

    id: str
    short: str
    words: tuple[str, ...]
    """Everyday words, codes and names that lead here; each belongs to nothing else."""
    belongs: str
    """Where it belongs, and whom to ask."""
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    address: str = ""

    def __repr__(self) -> str:
        return f"<Outside {self.id}: {self.short}>"


KINDS: dict[str, type[Value]] = {
    "item": Item,
    "retention": Retention,
    "situation": Situation,
    "remittance": Remittance,
    "denial": Denial,
    "ingredient": Ingredient,
    "coverage": Coverage,
    "charge": Charge,
    "outside": Outside,
}
"""The kinds of fact about record and payment, by the name of their TOML table."""
