"""Sample notes, put to the library in their own words: are they a record that carries its code?

A biller copies them. So what a note tells of how a record was made has to be understood as
something done that the code is for; nothing in it may be understood as a step of something else;
its purpose names what was to be decided, and its use what was done.
"""

import re
from typing import NamedTuple

import cdtref
from cdtref import Outcome, Verdict

from . import views
from .advice import sentences
from .untrue import require

METHODS = ("method", "scanner", "printer", "captured-by")
"""Items that tell how a record was made."""

SAYS = {
    "purpose": re.compile(r"\bto (?:choose|decide|judge|plan|see whether|set)\b", re.IGNORECASE),
    "use": re.compile(r"\b(?:chosen|compared|fixed|measured|opened|studied)\b", re.IGNORECASE),
}
"""What an item has to say: a record that decides nothing, or was not used, is routine."""

_MAKES = re.compile(r"\b(?:build|built|fabricated?|formed|made|make|milled)\b")
"""Made on a model or from a scan is a device; then the record is a step of it."""


_DATES = re.compile(r"\b(?:\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4})\b")
"""They say nothing of what was done, and a search takes one of them at most."""


class Sample(NamedTuple):
    """What a sample text stands for."""

    item: str
    codes: tuple[str, ...]
    """The codes that it is for. None where any code may have it."""


def sample_of(fact: object, path: str) -> Sample | None:
    """What the text at a path of an entry is a sample of, if it is one."""
    if isinstance(fact, cdtref.Situation) and path.endswith("].text"):
        at = int(path.partition("[")[2].partition("]")[0])
        return Sample(fact.note[at].item, (fact.code,))
    if isinstance(fact, cdtref.Item) and path == "example":
        return Sample(fact.id, fact.codes)
    return None


def is_sample(where: str) -> bool:
    """Whether a text that is held, such as `situation:scan-and-print note[1].text`, is a sample."""
    return where.startswith("situation:") or where.endswith(" example")


def check_note(text: str, sample: Sample) -> None:
    """Raises `UntrueError` where the note would not carry its code."""
    done = understood(text)
    told = f"the library reads {', '.join(done) or 'nothing done'} in it"
    if sample.item in METHODS and sample.codes:
        answers = [
            cdtref.can_bill(code, id, on=views.day()) for code in sample.codes for id in done
        ]
        meant = any(answer.verdict is Verdict.YES for answer in answers)
        require(meant, f"{told}, and {', '.join(sample.codes)} is not for that: {text!r}")
    else:
        # A purpose may name what comes after the decision, such as a crown.
        parts = [] if sample.item == "purpose" else sentences(text)
        every = {*done, *(id for part in parts for id in understood(part))}
        steps = [id for id in sorted(every) if _outcome(id) is Outcome.INCLUDED]
        told = f"the library reads {', '.join(steps)} in it"
        require(not steps, f"{told}, which is part of something else: {text!r}")
    if says := SAYS.get(sample.item):
        told = f"a {sample.item} says “{says.pattern}”, and speaks of nothing that is made"
        require(bool(says.search(text)) and not _MAKES.search(text), f"{told}: {text!r}")


def _outcome(service: str) -> Outcome:
    (answer,) = cdtref.recommend([service], on=views.day()).services
    return answer.outcome


def understood(text: str) -> tuple[str, ...]:
    """The services that the library reads in a text first."""
    for hit in cdtref.search(_DATES.sub("", text)):
        if hit.kind in ("service", "visit", "answer"):
            services = {service.id for service in cdtref.services()}
            return tuple(id for id in hit.id.replace("/", " ").split() if id in services)
    return ()
