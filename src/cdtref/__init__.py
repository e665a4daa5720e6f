"""Which CDT code describes a diagnostic cast, a scan, a simulation or a print, on which date.

CDT is copyright and trademark of the American Dental Association. cdtref is not affiliated with it.
"""

from typing import TYPE_CHECKING, Any

from .coding import can_bill, recommend
from .errors import (
    CdtrefError,
    IncompleteNoteError,
    InvalidDateError,
    InvalidInputError,
    KnowledgeError,
    UnknownCodeError,
    UnknownEditionError,
    UnknownIdError,
    UnknownServiceError,
)
from .facts import (
    all_codes,
    code,
    codes,
    editions,
    glossary,
    positions,
    question,
    questions,
    rule,
    rules,
    scenario,
    scenarios,
    service,
    services,
    source,
    sources,
    statements,
    timeline,
    to_json,
)
from .model import (
    Answer,
    Authority,
    Caution,
    Claimed,
    Code,
    CodeException,
    Combination,
    Confidence,
    Edition,
    Event,
    Judgment,
    Line,
    NotFor,
    Outcome,
    Position,
    Question,
    Read,
    Recommendation,
    Rule,
    Scenario,
    ScenarioTheme,
    Service,
    ServiceAnswer,
    ServiceTheme,
    Severity,
    Source,
    Stance,
    Statement,
    Status,
    Term,
    Title,
    Verdict,
    Visit,
)

if TYPE_CHECKING:
    from .claims import Finding, Kind, check_claim
    from .paperwork import (
        Charge,
        Coverage,
        Denial,
        Entry,
        Ingredient,
        Item,
        Remedy,
        Remittance,
        RemittanceKind,
        Retention,
        Situation,
    )
    from .payment import (
        Letter,
        charges,
        coverage,
        denial,
        denials,
        ingredients,
        letter,
        remittances,
    )
    from .record import (
        Narrative,
        documentation,
        item,
        missing,
        narrative,
        retention,
        situations,
    )

__all__ = [
    "Answer",
    "Authority",
    "Caution",
    "CdtrefError",
    "Charge",
    "Claimed",
    "Code",
    "CodeException",
    "Combination",
    "Confidence",
    "Coverage",
    "Denial",
    "Edition",
    "Entry",
    "Event",
    "Finding",
    "IncompleteNoteError",
    "Ingredient",
    "InvalidDateError",
    "InvalidInputError",
    "Item",
    "Judgment",
    "Kind",
    "KnowledgeError",
    "Letter",
    "Line",
    "Narrative",
    "NotFor",
    "Outcome",
    "Position",
    "Question",
    "Read",
    "Recommendation",
    "Remedy",
    "Remittance",
    "RemittanceKind",
    "Retention",
    "Rule",
    "Scenario",
    "ScenarioTheme",
    "Service",
    "ServiceAnswer",
    "ServiceTheme",
    "Severity",
    "Situation",
    "Source",
    "Stance",
    "Statement",
    "Status",
    "Term",
    "Title",
    "UnknownCodeError",
    "UnknownEditionError",
    "UnknownIdError",
    "UnknownServiceError",
    "Verdict",
    "Visit",
    "all_codes",
    "can_bill",
    "charges",
    "check_claim",
    "code",
    "codes",
    "coverage",
    "denial",
    "denials",
    "documentation",
    "editions",
    "glossary",
    "ingredients",
    "item",
    "letter",
    "missing",
    "narrative",
    "positions",
    "question",
    "questions",
    "recommend",
    "remittances",
    "retention",
    "rule",
    "rules",
    "scenario",
    "scenarios",
    "service",
    "services",
    "situations",
    "source",
    "sources",
    "statements",
    "timeline",
    "to_json",
]


_LATER = {
    **dict.fromkeys(("Charge", "Coverage", "Denial", "Entry", "Ingredient", "Item"), "paperwork"),
    **dict.fromkeys(("Remedy", "Remittance", "RemittanceKind"), "paperwork"),
    **dict.fromkeys(("Retention", "Situation"), "paperwork"),
    **dict.fromkeys(("Narrative", "documentation", "missing", "narrative"), "record"),
    **dict.fromkeys(("item", "retention", "situations"), "record"),
    **dict.fromkeys(("Letter", "coverage", "charges", "denial", "denials"), "payment"),
    **dict.fromkeys(("ingredients", "letter", "remittances"), "payment"),
    **dict.fromkeys(("Finding", "Kind", "check_claim"), "claims"),
}
"""Names that an answer does not need, and the module each is imported from when it is asked for."""


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from .library import current

        return current().version
    if name in _LATER:
        from importlib import import_module

        found = getattr(import_module(f".{_LATER[name]}", __name__), name)
        globals()[name] = found  # asked once
        return found
    raise AttributeError(f"module 'cdtref' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
