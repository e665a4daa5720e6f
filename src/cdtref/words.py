"""The words for every enumerated value, once, for the pages and the terminal.

`label` gives the short words; `MEANINGS` says more where a reader needs it.
"""

from collections.abc import Mapping
from enum import StrEnum

from .findings import Kind
from .model import (
    Authority,
    Confidence,
    Judgment,
    Outcome,
    Read,
    ScenarioTheme,
    ServiceTheme,
    Severity,
    Stance,
    Status,
    Verdict,
)
from .paperwork import (
    AtMost,
    Avoid,
    Bears,
    Casts,
    Exhibit,
    Fault,
    FirstMove,
    MayCharge,
    Pays,
    Remedy,
    RemittanceKind,
    Start,
    Unsaid,
    Whom,
)

LABELS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Verdict: {
        Verdict.YES: "Yes",
        Verdict.NO: "No",
        Verdict.INCLUDED: "Nothing separate",
        Verdict.UNSETTLED: "Unsettled",
    },
    Outcome: {
        Outcome.REPORTED: "Report",
        Outcome.INCLUDED: "Nothing separate",
        Outcome.NO_CODE: "No code of its own",
        Outcome.UNSETTLED: "Unsettled: ask the payer",
    },
    Confidence: {
        Confidence.HIGH: "high confidence",
        Confidence.MEDIUM: "medium confidence",
        Confidence.LOW: "low confidence",
        Confidence.JUDGMENT: "our judgment",
        Confidence.UNVERIFIED: "unverified",
    },
    Status: {
        Status.AGREED: "No source disagrees",
        Status.INFERRED: "Inferred",
        Status.DISPUTED: "Disputed",
        Status.SILENT: "Sources are silent",
    },
    Stance: {
        Stance.YES: "Say yes",
        Stance.NO: "Say no",
        Stance.INCLUDED: "Say it is part of something else",
        Stance.OTHER: "Bear on it without answering it",
        Stance.SILENT: "Leave it open",
        Stance.UNSEEN: "Exist, but were not read",
    },
    Authority: {
        Authority.CODE_SET: "The code set and its publisher",
        Authority.SOCIETY: "Professional societies",
        Authority.GOVERNMENT: "Government",
        Authority.PAYER: "Payers, each for its own plans",
        Authority.CODING_PUBLISHER: "Publishers of coding references",
        Authority.TRADE: "Trade press, consultants, papers",
        Authority.VENDOR: "Billing companies and vendors",
        Authority.LOOK_UP_SITE: "Look-up sites",
    },
    Judgment: {
        Judgment.AGREES: "We agree",
        Judgment.DISPUTED: "Disputed",
        Judgment.OUTDATED: "Outdated",
        Judgment.PAYER_ONLY: "Payer matter",
        Judgment.UNSETTLED: "Unsettled",
    },
    Read: {Read.FULL: "Read in full", Read.PART: "Read in part", Read.UNSEEN: "Not read"},
    ServiceTheme: {
        ServiceTheme.MODELS: "A model or an impression",
        ServiceTheme.SCANS: "A scan",
        ServiceTheme.USE: "Something done with a scan or a volume",
        ServiceTheme.PRINTS: "A print",
        ServiceTheme.PART: "A step of something else",
        ServiceTheme.ORTHODONTICS: "Orthodontic records and visits",
        ServiceTheme.DISTANCE: "CBCT, and reading at a distance",
    },
    ScenarioTheme: {
        ScenarioTheme.STONE_MODELS: "models poured by hand",
        ScenarioTheme.SCANS: "scans",
        ScenarioTheme.SIMULATION_AND_FUSION: "simulation, fusion, comparison",
        ScenarioTheme.PRINTING: "printed models",
        ScenarioTheme.PART_OF_ANOTHER_PROCEDURE: "part of another procedure",
        ScenarioTheme.ORTHODONTICS: "orthodontics",
        ScenarioTheme.DATES_AND_EDITIONS: "dates and editions",
        ScenarioTheme.UNITS_AND_REPEATS: "units and repeats",
    },
    Severity: {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"},
    Kind: {
        Kind.WRONG_CODE: "The code does not describe what was done",
        Kind.INVALID_FOR_DATE: "The code was not in force on the date of service",
        Kind.UNBUNDLED: "The service is part of another procedure",
        Kind.DUPLICATE: "The same code stands on several lines of a date",
        Kind.UNBILLED_SERVICE: "It was done, has a code, and is on no line",
        Kind.BUNDLING_RISK: "A pitfall of the codes together",
        Kind.DOCUMENTATION: "The note lacks an item",
        Kind.UNSETTLED: "The sources leave it open",
        Kind.NOT_CHECKED: "It could not be checked",
        Kind.AFTER_LAST_EDITION: "The date is not answered here",
    },
    RemittanceKind: {
        RemittanceKind.CARC: "CARC",
        RemittanceKind.RARC: "RARC",
        RemittanceKind.GROUP: "Group",
    },
    Remedy: {
        Remedy.CORRECTED_CLAIM: "Send a corrected claim",
        Remedy.APPEAL: "Appeal",
        Remedy.RESUBMIT: "Send what the payer asked for",
        Remedy.WITHDRAW: "Withdraw the line",
        Remedy.VERIFY: "Find out first",
        Remedy.NONE: "Nothing: it is no denial",
    },
    FirstMove: {
        FirstMove.CHART: "Read the chart",
        FirstMove.CLAIM: "Look at the claim",
        FirstMove.REMARK: "Read the payer's remark",
        FirstMove.PLAN: "Read the plan document",
        FirstMove.PAYER: "Ask the payer",
        FirstMove.PROOF: "Find the proof",
        FirstMove.SEND: "Send what is asked for",
        FirstMove.WITHDRAW: "Withdraw the line",
        FirstMove.KEEP: "Keep it",
    },
    Fault: {
        Fault.CODE: "the code",
        Fault.DATE: "the date",
        Fault.NARRATIVE: "the narrative",
        Fault.ATTACHMENT: "the announced attachment",
        Fault.AREA: "the area",
        Fault.TOOTH: "the tooth",
        Fault.QUANTITY: "the quantity",
        Fault.PLAN_NUMBER: "the plan number",
        Fault.BIRTH_DATE: "the birth date",
        Fault.OTHER_SERVICE: "the other service",
        Fault.DENTIST: "the dentist",
        Fault.TAXONOMY: "the taxonomy code",
        Fault.APPROVAL: "the approval number",
        Fault.PLAN: "the plan",
        Fault.STEP: "a step of another service",
        Fault.RETAKE: "a retake",
        Fault.REPEAT: "a repeat of the same service",
    },
    Avoid: {
        Avoid.APPEAL: "Do not appeal",
        Avoid.MERITS: "Do not argue the merits",
        Avoid.NECESSITY: "Do not argue necessity",
        Avoid.CODE_OR_NEED: "Do not argue the code or the need",
        Avoid.OWN_CODE: "Do not argue that a valid code obliges the plan to pay",
        Avoid.DIAGNOSIS: "Do not argue diagnosis for a model that served only to build a device",
        Avoid.DIGITAL: "Never argue that digital models are recognized under D0470",
        Avoid.GLOSSARY: "Do not quote the ADA glossary",
        Avoid.LATER_PURPOSE: "Do not write the purpose after the denial and present it as the "
        "record",
        Avoid.COMPLETE: "Do not argue that the claim was complete",
        Avoid.SCAN_FILE: "Do not send a scan file in place of a cast",
        Avoid.TITLE: "Do not argue that the title of the code explains itself",
        Avoid.LONG_NARRATIVE: "Do not put more into the narrative than the chart holds",
        Avoid.OPTIONAL: "Do not argue that the field is optional",
        Avoid.IN_FULL: "Do not argue that the better service must be paid in full",
        Avoid.POOR: "Do not argue that the first scan or impression was poor",
        Avoid.TWO_CODES: "Do not argue that two codes mean two limits",
        Avoid.COPY: "Do not argue that a retake, a copy of the casts or an exported file is a "
        "second service",
        Avoid.CLASH: "Do not argue that different codes can never clash",
        Avoid.MEDICAL_RULES: "Do not argue from medical coding rules",
        Avoid.ALONE: "Do not argue that a record for diagnosis stands alone",
        Avoid.ORDER: "Do not argue the order of the plans without their answers in hand",
        Avoid.PROMISE: "Do not promise that the medical plan pays",
        Avoid.ESTIMATE: "Do not argue that the estimate binds the payer",
        Avoid.PREDETERMINATION: "Do not present a predetermination as an approval",
        Avoid.FIRST_LETTER: "Do not repeat the first letter",
        Avoid.SPLIT: "Do not split out what belongs together",
        Avoid.MOVE: "Do not move the date of service",
        Avoid.RESEND: "Do not send it again",
        Avoid.RECODE: "Do not correct a code that was right",
        Avoid.UNPERFORMED: "Do not claim what was not performed",
        Avoid.NAME: "Do not put another dentist's name on the claim",
        Avoid.CHARGE: "Do not charge the patient for it",
    },
    MayCharge: {
        MayCharge.YES: "Yes",
        MayCharge.NO: "No",
        MayCharge.DEPENDS: "It depends",
        MayCharge.ASK: "Ask first",
    },
    Pays: {
        Pays.YES: "Pays",
        Pays.NO: "Does not pay",
        Pays.LIMITED: "Pays within limits",
        Pays.SILENT: "Does not say",
    },
    Casts: {
        Casts.YES: "Casts are named",
        Casts.NO: "Casts need not be kept",
        Casts.SILENT: "Casts are not named",
    },
    Start: {
        Start.LAST_TREATMENT: "from the last treatment",
        Start.LAST_SERVICE: "from the last service",
        Start.LAST_ENTRY: "from the last entry",
        Start.END_OF_TREATMENT: "from the end of treatment",
    },
    Whom: {
        Whom.PLAN: "Ask the plan",
        Whom.PAYER: "Ask the payer",
        Whom.MEDICAL_PLAN: "Ask the medical plan",
        Whom.CODER: "Ask a coder",
        Whom.DENTAL_ASSOCIATION: "Ask the dental association there",
    },
    Unsaid: {
        Unsaid.CASTS: "Names no casts",
        Unsaid.SCANS: "Names no scans",
        Unsaid.METHOD: "Does not say how the cast was made",
        Unsaid.RECORDS: "Does not say which records are paid",
        Unsaid.REST: "Does not say who pays for the rest",
    },
    Bears: {
        Bears.PATIENT: "The patient bears it",
        Bears.OFFICE: "The office bears it",
    },
    Exhibit: {
        Exhibit.CASTS: "Plaster or stone models",
        Exhibit.PRINTS: "Printed models",
        Exhibit.DIGITAL: "Digital models",
        Exhibit.PHOTOGRAPHS: "Photographs",
        Exhibit.XRAYS: "X-ray images",
    },
    AtMost: {
        AtMost.COPAYMENT: "At most the set copayment",
        AtMost.COST_SHARING: "At most the program's cost sharing",
    },
}

MEANINGS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Confidence: {
        Confidence.HIGH: "High: an authoritative source, or several that agree.",
        Confidence.MEDIUM: "Medium: one decent source, or a clear inference.",
        Confidence.LOW: "Low: weak sources only, or an inference of our own.",
        Confidence.JUDGMENT: "Our own judgment: no source says it in these terms.",
        Confidence.UNVERIFIED: "Unverified: no source was found.",
    },
    Remedy: {
        Remedy.CORRECTED_CLAIM: "Send a corrected claim, if the chart shows that the line was "
        "wrong",
        Remedy.APPEAL: "Appeal, if the code was right, the chart of that day proves it, and the "
        "contract does not exclude it",
    },
    Severity: {
        Severity.ERROR: "An error contradicts what was done, or the dates.",
        Severity.WARNING: "A warning asks for a look before the claim goes out.",
        Severity.NOTE: "A note is good to know.",
    },
}
"""What the label of a value leaves unsaid."""


SAID: Mapping[type[StrEnum], Mapping[StrEnum, tuple[str, ...]]] = {
    Outcome: {
        Outcome.UNSETTLED: ("ask the payer",),
    },
    Status: {
        Status.INFERRED: ("we infer", "we infer it", "our inference"),
    },
    Remedy: {
        Remedy.CORRECTED_CLAIM: ("send a corrected claim", "correct the claim"),
        Remedy.RESUBMIT: ("send what the remark names",),
        Remedy.NONE: ("there is no claim to correct",),
    },
    MayCharge: {
        MayCharge.YES: ("yes, as office and patient agree beforehand",),
        MayCharge.NO: (
            *("not yet", "a write-off", "not billable", "nothing separate"),
            "the patient owes nothing",
        ),
        MayCharge.ASK: (
            "ask the payer before you charge",
            "do not assume that the patient owes it",
            "do not charge before the payer has answered",
            "do not charge before every plan has answered",
        ),
    },
    Pays: {
        Pays.NO: ("not paid", "not a benefit", "counted into", "denied", "returned"),
        Pays.LIMITED: ("only if", "only so often", "only up to", "only with"),
    },
    Unsaid: {
        Unsaid.SCANS: ("no scans",),
    },
    Exhibit: {
        Exhibit.CASTS: ("study models",),
    },
    Bears: {
        Bears.PATIENT: ("falls to the patient", "fall to the patient", "to the patient"),
        Bears.OFFICE: ("the patient does not owe it",),
    },
    AtMost: {
        AtMost.COST_SHARING: ("beyond the program's cost sharing",),
    },
}
"""What else is said for a value where a sentence is bound to it, beside its label. By enumeration:
values of two that are written alike, such as two a no, are equal."""

APART = frozenset(
    {
        *("not yet", "nothing separate"),
        *("not paid", "not a benefit", "counted into", "denied", "returned"),
    }
)
"""Of these, words that say more than their value. What one of them is said of, no other is."""

SAID_OF: Mapping[tuple[str, bool | int | None], tuple[str, ...]] = {
    ("years", None): ("no period", "no number"),
    ("times", 1): ("once",),
    ("times", 2): ("twice",),
    ("consent_overrides", False): ("does not override",),
    ("disputed", True): ("disputed",),
    ("takes_in", True): ("is a step of it", "are steps of it"),
}
"""The same for a yes or no, a number or none, by the name of its field."""

MEASURED: Mapping[str, tuple[str, ...]] = {
    "years": ("{} years", "at least {} years"),
    "months": ("{} months", "within {} months"),
    "days_after": ("until {} days after delivery",),
    "minor_under": ("under {}",),
    "minor_age": ("to age {}",),
    "minor_years": ("{} years past majority",),
}
"""A number with its unit, and whether it is the least, by the name of its field."""


def label(value: StrEnum) -> str:
    """The words for a value, such as `Unsettled: ask the payer`."""
    return LABELS[type(value)][value]


def meaning(value: StrEnum) -> str:
    """The value explained, where there is more to say than its label."""
    return MEANINGS.get(type(value), {}).get(value, label(value))


def headline(verdict: Verdict, *, code: str = "", part_of: str = "") -> str:
    """An answer in one of the five wordings that every page and the terminal share.

    Without a code, `no` says that none describes the service.
    """
    if verdict is Verdict.YES:
        return f"Report {code}"
    if verdict is Verdict.INCLUDED:
        return f"Part of {part_of}, nothing separate"
    if verdict is Verdict.UNSETTLED:
        return label(Outcome.UNSETTLED)
    return f"Do not report {code}" if code else label(Outcome.NO_CODE)


VERDICT_OF = {
    Outcome.REPORTED: Verdict.YES,
    Outcome.INCLUDED: Verdict.INCLUDED,
    Outcome.NO_CODE: Verdict.NO,
    Outcome.UNSETTLED: Verdict.UNSETTLED,
}
"""An outcome as the verdict on the code that reports it, or on any code where none does."""


WIDTH = 79
"""The columns of a terminal that lines are kept within."""


def filled(text: str, indent: str = "") -> str:
    """Text in lines for a terminal; a word, such as an address, is never broken."""
    import textwrap  # the terminal alone needs it

    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
