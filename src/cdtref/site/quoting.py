"""An answer as a piece of HTML that somebody pastes into a page of their own.

It has no script, no class and no color; whatever a text holds stays text. `cdtref links` reads its
data later, and tells what changed. The browser makes the same piece, for another date of service or
for a row of a table, from `PIECES` and the truth table.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

import cdtref
from cdtref import Code, Denial, Position, Remittance, Scenario, Service, Verdict
from cdtref.library import current
from cdtref.model import long_date
from cdtref.words import headline, label, meaning

from . import reasons, views
from .answers import Shown, Stretch, of_pair

Values = Mapping[str, str]

PIECES = (
    '<blockquote cite="{link}" data-cdtref="{version}"',
    *(
        f' data-{name}="{{{name}}}"'
        for name in (
            *("code", "service", "scenario", "denial", "remittance", "on"),
            *("verdict", "report", "sure", "disputed", "remedy", "otherwise"),
        )
    ),
    ' style="margin:1em 0;padding:0.2em 1em;border:0 solid;border-left-width:0.25em">\n',
    "<p>{title}: <b>{headline}.</b>",
    " {second}",
    "</p>\n<p>As of {edition}",
    ", for dates of service from {since} to {until}",
    ", for dates of service to {through}",
    ".",
    " {standing}.",
    " For that use: {use}.",
    "</p>\n",
    "<p>Disputed: {dissent}</p>\n",
    '<p><a href="{link}" style="color:inherit">cdtref</a>, last verified {verified}. Not legal or '
    "billing advice. CDT is a trademark of the American Dental Association.</p>\n</blockquote>",
)
"""What it is put together from. A piece of which a place stays empty is left out."""

CITATION = (
    "cdtref, “{title}: {headline}”",
    ", for dates of service from {since} to {until}",
    ", as of {edition}, last verified {verified}, {link}",
)
"""The same for a sentence of plain text."""

_PLACE = re.compile(r"\{(\w+)\}")


def piece(values: Values) -> str:
    """The piece of HTML, with every text escaped."""
    return "".join(
        _PLACE.sub(lambda place: escape(values[place[1]]), part)
        for part in PIECES
        if all(values.get(name) for name in _PLACE.findall(part))
    )


def of_card(
    shown: Sequence[Shown], stretch: Stretch, on: date, fact: Code | Service, link: str
) -> str:
    """A code by itself, or how a service is reported."""
    one = shown[0]
    if isinstance(fact, Code):
        own = {"code": fact.code, "title": f"{fact.code} {fact.title}", "second": one.why}
        # What is disputed about a code is not what it is for.
        own |= {"standing": "", "use": one.standing}
        own["dissent"] = dispute(fact) if on >= views.edition().since else ""
    else:
        own = {"service": fact.id, "title": fact.short, "second": one.second}
    return piece(
        _as_of(on, link)
        | {
            "headline": ". ".join(each.headline for each in shown),
            "standing": one.standing,
            "verdict": one.verdict.value,
            "report": one.report,
            "sure": one.sure,
            "disputed": "yes" * one.disputed,
            "dissent": one.dissent,
            "since": long_date(stretch.since),
            "until": long_date(stretch.until),
        }
        | own
    )


def dispute(code: Code) -> str:
    """What is disputed about a code, our answer, and who says otherwise. Of the latest edition."""
    for found in views.contested(code):
        return f"{found.asks} {of_pair(found.answer).headline}. {views.dissenters(found.answer)}"
    return ""


def of_scenario(scenario: Scenario, link: str) -> str:
    """A worked example, with what stands on the claim of each of its visits."""
    told, report, dissent = [], list[str](), list[Position]()
    for did, on, bill, unsettled in (
        (scenario.did, scenario.on, scenario.bill, scenario.unsettled),
        *((visit.did, visit.on, visit.bill, visit.unsettled) for visit in scenario.then),
    ):
        line = headline(Verdict.YES, code=", ".join(bill)) if bill else "No claim line"
        if unsettled:
            names = ", ".join(cdtref.service(id).short for id in unsettled)
            line += f"; {headline(Verdict.UNSETTLED)} ({names})"
        told.append(f"{long_date(on)}: {line}")
        report += bill
        for answer in cdtref.recommend(did, on=on).services:
            dissent += [one for one in answer.dissent if one not in dissent]
    return piece(
        _as_of(scenario.on, link)
        | {
            "scenario": scenario.id,
            "title": scenario.title,
            "headline": ". ".join(told),
            "second": scenario.story,
            "standing": views.standing(scenario),
            "report": " ".join(report),
            "sure": scenario.confidence.value,
            "disputed": "yes" * bool(dissent),
            "dissent": views.voices(dissent),
        }
    )


def of_denial(denial: Denial, link: str) -> str:
    """What answers a denial."""
    codes = ", ".join(reasons.main_codes(denial))
    return piece(
        _as_of(views.day(), link)
        | {
            "denial": denial.id,
            "title": f"{denial.reason} ({codes})",
            "headline": _remedies(denial),
            "second": f"{denial.asks} {label(denial.first)}.",
            "standing": _sure(label(denial.confidence)),
            "through": long_date(views.day()),
            "sure": denial.confidence.value,
            "remedy": denial.remedy.value,
            "otherwise": denial.otherwise.value,
            "on": "",
        }
    )


def of_remittance(code: Remittance, link: str) -> str:
    """What a code of an explanation may stand for."""
    found = reasons.for_code(code)
    meant = "; ".join(f"{one.reason} ({label(one.link)})" for one in found)
    return piece(
        _as_of(views.day(), link)
        | {
            "remittance": code.code,
            "title": f"{label(code.kind)} {code.code}",
            "headline": reasons.headline(code.gloss)[0],
            "second": f"Payers may send it for: {meant}."
            + (f" {_remedies(found[0])}." if len(found) == 1 else ""),
            "standing": _sure(label(code.confidence)),
            "through": long_date(views.day()),
            "sure": code.confidence.value,
            "report": " ".join(one.id for one in found),
            "on": "",
        }
    )


def _remedies(denial: Denial) -> str:
    """As the page has it: what an appeal takes goes along with it."""
    told = []
    for branch in reasons.branches(denial):
        words = label(branch.remedy) if branch.line == "wrong" else meaning(branch.remedy)
        told.append(f"If the line was {branch.line}: {words}" if branch.line else words)
    return ". ".join(told)


def _sure(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _as_of(on: date, link: str) -> dict[str, str]:
    return {
        "link": link,
        "version": str(current().version),
        "on": on.isoformat(),
        "edition": current().edition(on).id,
        "verified": views.frame()["verified"],
    }


def table() -> dict[str, Iterable[str] | Mapping[str, str] | str]:
    """What the browser needs to make the pieces of the other answers."""
    return {
        "quotation": PIECES,
        "citation": CITATION,
        "disputes": {code.code: told for code in cdtref.all_codes() if (told := dispute(code))},
        "names": {service.id: service.short for service in cdtref.services()},
        "verified": views.frame()["verified"],
    }
