"""Sample notes, put to the library in their own words: is their code for what they tell?

A biller copies them. So whatever a note tells of how a record was made has to be understood as
something done that the code is for.
"""

import cdtref
from cdtref import Verdict

from . import views
from .untrue import require

METHODS = ("method", "scanner", "printer", "captured-by")
"""Items that tell how a record was made."""


def codes_of(fact: object, path: str) -> tuple[str, ...]:
    """The codes that a sample text has to be for. None where any code may have it, or where it does
    not tell how a record was made."""
    if isinstance(fact, cdtref.Situation) and path.endswith("].text"):
        at = int(path.partition("[")[2].partition("]")[0])
        return (fact.code,) if fact.note[at].item in METHODS else ()
    if isinstance(fact, cdtref.Item) and path == "example":
        return fact.codes if fact.id in METHODS else ()
    return ()


def is_sample(where: str) -> bool:
    """Whether a text that is held, such as `situation:scan-and-print note[1].text`, is a sample."""
    return where.startswith("situation:") or where.endswith(" example")


def check_note(text: str, codes: tuple[str, ...]) -> None:
    """Raises `UntrueError` where the library reads in it nothing done, or what no code is for."""
    done = understood(text)
    answers = [cdtref.can_bill(code, id, on=views.day()) for code in codes for id in done]
    meant = any(answer.verdict is Verdict.YES for answer in answers)
    told = f"the library reads {', '.join(done) or 'nothing done'} in it"
    require(meant, f"{told}, and {', '.join(codes)} is not for that: {text!r}")


def understood(text: str) -> tuple[str, ...]:
    """The services that the library reads in a text first."""
    for hit in cdtref.search(text):
        if hit.kind in ("service", "visit", "answer"):
            services = {service.id for service in cdtref.services()}
            return tuple(id for id in hit.id.replace("/", " ").split() if id in services)
    return ()
