"""The types of what is found on a claim."""

import datetime as dt
from enum import StrEnum

from .model import Confidence, Position, Severity
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
    """The code it is about; for `unbilled-service`, the one that is on no line. Empty where it is
    about several codes, or about none."""
    instead: tuple[str, ...]
    why: str
    """The reason, and what would be right where `instead` does not say it."""
    rule: str
    """The id of the rule or the caution behind it, where there is one."""
    dissent: tuple[Position, ...]
    """The positions of those who would disagree with the finding."""
    on: dt.date
    """The date of service; the first one, where it is about several."""
    lines: tuple[int, ...]
    """The lines it is about, counted from 1."""
    sources: tuple[str, ...] = ()
    """What the finding rests on."""
    address: str = ""
    """Where the site says more; empty where it has nothing on it."""
    last_known: "tuple[Finding, ...]" = ()
    """After the last encoded edition: what would be found on the line on its last day."""
    confidence: Confidence | None = None
    """How sure we are of what it rests on; None where it only says what was not checked."""

    def __repr__(self) -> str:
        instead = f", instead {' '.join(self.instead)}" if self.instead else ""
        return f"<Finding {self.severity.value}: {self.kind.value} {self.code}{instead}>"


def tell(
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
    confidence: Confidence | None = None,
) -> Finding:
    """A finding, where most of its fields are empty."""
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
        confidence,
    )
