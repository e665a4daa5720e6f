"""An answer as somebody pastes it into a page of their own, worked out from the library again."""

import datetime as dt
from html import escape

import cdtref
from cdtref import Code, Denial, Remittance, Scenario, Service
from tests.docs.telling import (
    FIRST_MOVE,
    REMEDY,
    SURE,
    Told,
    last,
    last_edition,
    long,
    sentence,
    service_answer,
    standing,
    verified,
    voices,
)

LOOKS = "margin:1em 0;padding:0.2em 1em;border:0 solid;border-left-width:0.25em"
NOTICE = "Not legal or billing advice. CDT is a trademark of the American Dental Association."


def quoted(
    link: str,
    about: dict[str, str],
    first_line: tuple[str, str, str],
    how_sure: str,
    dissent: str = "",
) -> str:
    """The piece: its data, what is asked with the answer and what else is said, and how sure."""
    title, headline, second = map(escape, first_line)
    told = {"cdtref": str(cdtref.__version__), **about}
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in told.items() if value)
    lines = [
        f'<blockquote cite="{link}"{data} style="{LOOKS}">',
        f"<p>{title}: <b>{headline}.</b> {second}</p>"
        if second
        else f"<p>{title}: <b>{headline}.</b></p>",
        f"<p>{escape(how_sure)}.</p>",
        f"<p>Disputed: {escape(dissent)}</p>" if dissent else "",
        f'<p><a href="{link}" style="color:inherit">cdtref</a>, last verified {verified()}. '
        f"{NOTICE}</p>",
        "</blockquote>",
    ]
    return " ".join(filter(None, lines))


def _sure(words: str, since: dt.date | None = None) -> str:
    span = f"from {long(since)} to {long(last())}" if since else f"to {long(last())}"
    sure = f". {sentence(words)}" if words else ""
    return f"As of {last_edition()}, for dates of service {span}{sure}"


def _answer(told: Told, about: dict[str, str], sure: str, report: str) -> dict[str, str]:
    return {
        **about,
        "on": f"{last()}",
        "verdict": told.verdict,
        "report": report,
        "sure": sure,
        "disputed": "yes" if told.disputed else "",
    }


def of_service(service: Service, told: tuple[Told, ...], since: dt.date) -> str:
    answer, one = service_answer(service.id), told[0]
    about = {"service": service.id}
    return quoted(
        service.address,
        _answer(one, about, answer.confidence.value, " ".join(answer.codes)),
        (service.short, ". ".join(each.headline for each in told), one.second),
        _sure(one.standing, since),
        one.dissent,
    )


def of_code(code: Code, told: Told, since: dt.date, disputed: str) -> str:
    """`disputed` has the question, our answer, and who says otherwise."""
    return quoted(
        code.address,
        _answer(told, {"code": code.code}, "", ""),
        (f"{code.code} {code.title}", told.headline, told.why),
        _sure(f"For that use: {told.standing}" if told.standing else "", since),
        disputed,
    )


def of_scenario(scenario: Scenario) -> str:
    visits = [
        (scenario.did, scenario.on, scenario.bill, scenario.unsettled),
        *((visit.did, visit.on, visit.bill, visit.unsettled) for visit in scenario.then),
    ]
    told, report, dissent = [], list[str](), list[cdtref.Position]()
    for did, on, bill, unsettled in visits:
        line = f"Report {', '.join(bill)}" if bill else "No claim line"
        if unsettled:
            names = ", ".join(cdtref.service(id).short for id in unsettled)
            line += f"; Unsettled: ask the payer ({names})"
        told.append(f"{long(on)}: {line}")
        report.extend(bill)
        for id in did:
            dissent += [one for one in service_answer(id, on).dissent if one not in dissent]
    stands = standing(scenario.status, scenario.confidence, disputed=bool(dissent))
    about = {
        "scenario": scenario.id,
        "on": f"{scenario.on}",
        "report": " ".join(report),
        "sure": scenario.confidence.value,
        "disputed": "yes" if dissent else "",
    }
    edition = next(one.id for one in cdtref.editions() if one.since <= scenario.on <= one.until)
    return quoted(
        scenario.address,
        about,
        (scenario.title, ". ".join(told), scenario.story),
        f"As of {edition}. {stands}",
        voices(dissent),
    )


def of_denial(denial: Denial, codes: list[str], branches: list[tuple[str, str]]) -> str:
    about = {
        "denial": denial.id,
        "sure": denial.confidence.value,
        "remedy": denial.remedy.value,
        "otherwise": denial.otherwise.value,
    }
    return quoted(
        denial.address,
        about,
        (
            f"{denial.reason} ({', '.join(codes)})",
            answered(branches),
            f"{denial.asks} {FIRST_MOVE[denial.first]}.",
        ),
        _sure(SURE[denial.confidence]),
    )


def answered(branches: list[tuple[str, str]]) -> str:
    return ". ".join(
        f"If the line was {line}: {REMEDY[remedy]}" if line else REMEDY[remedy]
        for line, remedy in branches
    )


def of_remittance(
    code: Remittance, head: str, reasons: list[Denial], branches: list[tuple[str, str]]
) -> str:
    """`branches` answer the one reason; there are none where there are several."""
    meant = "; ".join(f"{one.reason} ({SURE[one.link]})" for one in reasons)
    second = f"Payers may send it for: {meant}."
    about = {
        "remittance": code.code,
        "report": " ".join(one.id for one in reasons),
        "sure": code.confidence.value,
    }
    return quoted(
        code.address,
        about,
        (
            f"{code.kind.upper()} {code.code}",
            head,
            f"{second} {answered(branches)}." if branches else second,
        ),
        _sure(SURE[code.confidence]),
    )
