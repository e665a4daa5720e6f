"""What the head of a page tells those who find it elsewhere: a sentence, and terms as data."""

from collections.abc import Iterable
from typing import Any

import cdtref
from cdtref import Code, Service

from . import answers, views

_CONTEXT = "https://schema.org"
LONGEST = 160


def code_term(code: Code) -> dict[str, Any]:
    """A code as a term of the code set, with what it is for in our own words."""
    return {
        "@context": _CONTEXT,
        "@type": "DefinedTerm",
        "name": code.title,
        "termCode": code.code,
        "description": code.use,
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": "CDT: Code on Dental Procedures and Nomenclature",
        },
    }


def glossary_terms(terms: Iterable[cdtref.Term]) -> dict[str, Any]:
    """The glossary, and each of its terms at its own anchor."""
    ours = "#glossary"
    return {
        "@context": _CONTEXT,
        "@graph": [
            {"@type": "DefinedTermSet", "@id": ours, "name": "Glossary of cdtref"},
            *(
                {
                    "@type": "DefinedTerm",
                    "@id": f"#{term.id}",
                    "name": term.term,
                    "description": term.meaning,
                    "inDefinedTermSet": {"@id": ours},
                }
                for term in terms
            ),
        ],
    }


def of_code(code: Code) -> str:
    """What a page of a code says of itself."""
    until = f" until {code.until.year}" if code.until and code.until < views.day() else ""
    return (
        f"{code.code}, {code.title}{until}: what it describes, what it does not, who disputes it, "
        "and what the record must hold."
    )


def of_service(service: Service) -> str:
    """The answer of a service's page, as those who find it elsewhere read it."""
    (shown, *_) = answers.of_service(views.service_answer(service.id), views.day())
    answer = f"{shown.headline}. {shown.standing}."
    named = f"{service.short}: {answer} {views.edition().id}."
    # Searches cut off what is longer; the title names the service, too.
    return named if len(named) <= LONGEST else answer


def of_checklist(code: Code) -> str:
    items = [item.label.lower() for item in cdtref.documentation(code.code) if item.required]
    return f"What the record for {code.code} must hold, on one sheet to print: {', '.join(items)}."


def of_scenarios(title: str) -> str:
    return f"Worked examples, {title}: what was done, on which date of service, and what to report."
