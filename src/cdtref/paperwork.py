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
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    remarks: tuple[str, ...] = ()
    """Remittance codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Item {self.id}: {self.label}>"


class Casts(StrEnum):
    """Whether a source on keeping records speaks of casts."""

    YES = "yes"
    """It counts casts or models among what is kept."""
    NO = "no"
    """It says that they need not be kept."""
    SILENT = "silent"
    """It does not name them, or does not say whether they are kept."""


class Unsaid(StrEnum):
    """What one would look for in a payer's text or a rule, and does not find in what we read."""

    CASTS = "casts"
    """Casts, or models of any kind."""
    SCANS = "scans"
    """Scans of a surface, or their files."""
    METHOD = "method"
    """How the cast is to be made."""
    RECORDS = "records"
    """Which of the records it names are paid."""
    REST = "rest"
    """Who pays for what lies beyond its limit or its list."""


class Start(StrEnum):
    """The day from which records are kept for so long."""

    LAST_TREATMENT = "last-treatment"
    LAST_SERVICE = "last-service"
    LAST_ENTRY = "last-entry"
    END_OF_TREATMENT = "end-of-treatment"


class Retention(Value):
    """What one source says on how long to keep records or casts, for one place."""

    id: str
    where: str
    says: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    casts: Casts = Casts.SILENT
    years: int | None = None
    """For how long an adult's records are kept at least, where it gives a number."""
    counts_from: Start | None = None
    """From which day, where it says so."""
    minor_under: int | None = None
    """Under which age a patient who was last treated counts as a minor, where it gives one."""
    minor_age: int | None = None
    """To which age a minor's records are kept at least."""
    minor_years: int | None = None
    """For how many years past majority a minor's records are kept at least."""
    unsaid: tuple[Unsaid, ...] = ()
    """What else it does not speak of, where that is worth knowing; for casts see `casts`."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
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


class Bears(StrEnum):
    """Who is left with an amount that the plan does not pay."""

    PATIENT = "patient"
    OFFICE = "office"


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
    times: int | None = None
    """How many times the plan allows the service, where it gives a limit."""
    months: int | None = None
    """In how many months, where the limit is for a fixed time."""
    bears: Bears | None = None
    """Who is left with the amount, where the code says so. The contract may say otherwise."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Remittance {self.kind.value.upper()} {self.code}>"


class Remedy(StrEnum):
    """What answers a denial."""

    CORRECTED_CLAIM = "corrected-claim"
    APPEAL = "appeal"
    RESUBMIT = "resubmit"
    """Send what is asked for."""
    WITHDRAW = "withdraw"
    """Take the line off: it was a step of something, or a repeat."""
    VERIFY = "verify"
    """Find out first; there may be nothing to send."""
    NONE = "none"


class FirstMove(StrEnum):
    """What to do first about a denial."""

    CHART = "chart"
    """Read the chart: how was it made, what for, was it a step of something?"""
    CLAIM = "claim"
    """Look at the claim as it was sent."""
    REMARK = "remark"
    """Read what the payer's remark or review names."""
    PLAN = "plan"
    """Read the plan document."""
    PAYER = "payer"
    """Ask the payer."""
    PROOF = "proof"
    """Find the proof of what was sent, and when."""
    SEND = "send"
    """Send what is asked for."""
    WITHDRAW = "withdraw"
    """Take the line off."""
    KEEP = "keep"
    """Nothing is to be done about it now."""


class Fault(StrEnum):
    """What may be wrong with a line that a payer refused."""

    CODE = "code"
    DATE = "date"
    NARRATIVE = "narrative"
    ATTACHMENT = "attachment"
    """The attachment that the claim announces."""
    AREA = "area"
    """The area of the oral cavity."""
    TOOTH = "tooth"
    QUANTITY = "quantity"
    PLAN_NUMBER = "plan-number"
    BIRTH_DATE = "birth-date"
    OTHER_SERVICE = "other-service"
    """The service it goes with stands on no claim, though it was performed."""
    DENTIST = "dentist"
    TAXONOMY = "taxonomy"
    APPROVAL = "approval"
    """The number of the payer's approval."""
    PLAN = "plan"
    """The plan that the claim was sent to, or another that it names."""
    STEP = "step"
    """It was a step of another service."""
    RETAKE = "retake"
    REPEAT = "repeat"
    """It stands on another line, or in another claim, already."""


class Avoid(StrEnum):
    """What makes a refusal worse, or leads nowhere."""

    APPEAL = "appeal"
    MERITS = "merits"
    NECESSITY = "necessity"
    CODE_OR_NEED = "code-or-need"
    OWN_CODE = "own-code"
    """Arguing from the code to the payment."""
    DIAGNOSIS = "diagnosis"
    DIGITAL = "digital"
    GLOSSARY = "glossary"
    LATER_PURPOSE = "later-purpose"
    COMPLETE = "complete"
    SCAN_FILE = "scan-file"
    TITLE = "title"
    LONG_NARRATIVE = "long-narrative"
    OPTIONAL = "optional"
    IN_FULL = "in-full"
    POOR = "poor"
    """Excusing a retake by the first one."""
    TWO_CODES = "two-codes"
    COPY = "copy"
    CLASH = "clash"
    MEDICAL_RULES = "medical-rules"
    ALONE = "alone"
    ORDER = "order"
    PROMISE = "promise"
    ESTIMATE = "estimate"
    """Holding the payer to its estimate."""
    PREDETERMINATION = "predetermination"
    """Passing an estimate off as an approval."""
    FIRST_LETTER = "first-letter"
    SPLIT = "split"
    MOVE = "move"
    RESEND = "resend"
    RECODE = "recode"
    """Taking another code because it is covered."""
    UNPERFORMED = "unperformed"
    NAME = "name"
    CHARGE = "charge"


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
    first: FirstMove
    asks: str
    """The question that decides what answers it."""
    first_move: str
    """The first move, explained."""
    attach: tuple[str, ...]
    remedy: Remedy
    """What answers it, if the line was right."""
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
    otherwise: Remedy = Remedy.NONE
    """What answers it, if the line was wrong."""
    correct_if: tuple[Fault, ...] = ()
    """What calls for a corrected claim, if it was wrong or left off."""
    withdraw_if: tuple[Fault, ...] = ()
    """What calls for the line to be withdrawn."""
    avoid: tuple[Avoid, ...] = ()
    """What not to do or to argue about it."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    remarks: tuple[str, ...] = ()
    """Remittance codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    also: tuple[str, ...] = ()
    """Everyday words for it, by which it is found."""
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
    segment: str = ""
    """Where the electronic claim holds it, such as `CLM19`."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    remarks: tuple[str, ...] = ()
    """Remittance codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Ingredient {self.id}>"


class Pays(StrEnum):
    """Does the plan pay, by this pattern or this payer's words?"""

    YES = "yes"
    NO = "no"
    LIMITED = "limited"
    """Within a limit, or under a condition."""
    SILENT = "silent"
    """It does not say."""


class Exhibit(StrEnum):
    """What an office may send along as a record, when it asks a program for approval."""

    CASTS = "casts"
    PRINTS = "prints"
    DIGITAL = "digital"
    """Files or pictures of a model in three dimensions."""
    PHOTOGRAPHS = "photographs"
    XRAYS = "xrays"


class Coverage(Value):
    """A pattern of coverage, or what one payer says of its own plans."""

    id: str
    label: str
    pays: Pays
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
    takes: tuple[Exhibit, ...] = ()
    """The records that it wants or takes with a request for approval, where it names them."""
    formats: tuple[str, ...] = ()
    """The kinds of file that it takes for a digital model, where it names them."""
    months: int | None = None
    """Within how many months it applies, where it gives a limit."""
    days_after: int | None = None
    """Until how many days after delivery it applies, where it gives a limit."""
    bears: Bears | None = None
    """Who is left with what it does not pay, where it says so."""
    unsaid: tuple[Unsaid, ...] = ()
    """What it does not speak of, in what we read, where that is worth knowing."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    remarks: tuple[str, ...] = ()
    """Remittance codes that its text names and no other field does."""
    also: tuple[str, ...] = ()
    """Everyday words for it, by which it is found."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Coverage {self.id}: {self.label}>"


class MayCharge(StrEnum):
    """May the patient be charged?"""

    YES = "yes"
    NO = "no"
    DEPENDS = "depends"
    """On what the answer names."""
    ASK = "ask"
    """Not before the payer has answered."""


class AtMost(StrEnum):
    """The most that a patient may be charged, where the plan or program sets it."""

    COPAYMENT = "copayment"
    """The copayment that the plan sets for it."""
    COST_SHARING = "cost-sharing"
    """The cost sharing that the program sets."""


class Charge(Value):
    """May the patient be charged? One situation."""

    id: str
    situation: str
    may_charge: MayCharge
    answer: str
    """The answer, explained."""
    why: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    ask: str = ""
    at_most: AtMost | None = None
    """The most that may be charged, where the situation sets it."""
    consent_overrides: bool | None = None
    """Whether the patient's consent overrides the contract, where consent is the point."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    remarks: tuple[str, ...] = ()
    """Remittance codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    also: tuple[str, ...] = ()
    """Everyday words for it, by which it is found."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Charge {self.id}: {self.situation}>"


class Whom(StrEnum):
    """Whom to ask about what lies outside this topic."""

    PLAN = "plan"
    PAYER = "payer"
    MEDICAL_PLAN = "medical-plan"
    CODER = "coder"
    DENTAL_ASSOCIATION = "dental-association"


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
    whom: Whom | None = None
    """Whom to ask."""
    takes_in: bool = False
    """Whether a scan or a model for it is a step of it."""
    ranges: tuple[str, ...] = ()
    """Its codes, by the first and the last of each range, as D9944-D9946: such as a code of this
    topic is looked at beside. No list of codes: what a range holds is not told."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
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
