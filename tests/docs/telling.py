"""What a page has to say of an answer, worked out from the library a second time.

Nothing here comes from `cdtref.site` or `cdtref.words`: a label that was swapped there would agree
with itself on every page. So the words for each value stand here again, by hand.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

import cdtref
from cdtref import Answer, Code, CodeException, Position, Rule, Service, ServiceAnswer

VERDICT = {"reported": "yes", "included": "included", "no-code": "no", "unsettled": "unsettled"}
SURE = {
    "high": "high confidence",
    "medium": "medium confidence",
    "low": "low confidence",
    "judgment": "our judgment",
    "unverified": "unverified",
}
WEAK = {"low", "judgment", "unverified"}
STATUS = {
    "agreed": "No source disagrees",
    "inferred": "Inferred",
    "disputed": "Disputed",
    "silent": "Sources are silent",
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

STANCE = {
    "yes": "Say yes",
    "no": "Say no",
    "included": "Say it is part of something else",
    "other": "Bear on it without answering it",
    "silent": "Leave it open",
    "unseen": "Exist, but were not read",
}
AUTHORITY = {
    "code-set": "The code set and its publisher",
    "society": "Professional societies",
    "government": "Government",
    "payer": "Payers, each for its own plans",
    "coding-publisher": "Publishers of coding references",
    "trade": "Trade press, consultants, papers",
    "vendor": "Billing companies and vendors",
    "look-up-site": "Look-up sites",
}
READ = {"full": "Read in full", "part": "Read in part", "unseen": "Not read"}
JUDGMENT = {
    "agrees": "We agree",
    "disputed": "Disputed",
    "outdated": "Outdated",
    "payer-only": "Payer matter",
    "unsettled": "Unsettled",
}
SERVICE_THEME = {
    "models": "A model or an impression",
    "scans": "A scan",
    "use": "Something done with a scan or a volume",
    "prints": "A print",
    "part": "A step of something else",
    "orthodontics": "Orthodontic records and visits",
    "distance": "CBCT, and reading at a distance",
}
SCENARIO_THEME = {
    "stone-models": "models poured by hand",
    "scans": "scans",
    "simulation-and-fusion": "simulation, fusion, comparison",
    "printing": "printed models",
    "part-of-another-procedure": "part of another procedure",
    "orthodontics": "orthodontics",
    "dates-and-editions": "dates and editions",
    "units-and-repeats": "units and repeats",
}
FIRST_MOVE = {
    "chart": "Read the chart",
    "claim": "Look at the claim",
    "remark": "Read the payer's remark",
    "plan": "Read the plan document",
    "payer": "Ask the payer",
    "proof": "Find the proof",
    "send": "Send what is asked for",
    "withdraw": "Withdraw the line",
    "keep": "Keep it",
}
REMEDY = {
    "corrected-claim": "Send a corrected claim",
    "appeal": "Appeal, if the code was right, the chart of that day proves it, and the contract "
    "does not exclude it",
    "resubmit": "Send what the payer asked for",
    "withdraw": "Withdraw the line",
    "verify": "Find out first",
    "none": "Nothing: it is no denial",
}
MAY_CHARGE = {"yes": "Yes", "no": "No", "depends": "It depends", "ask": "Ask first"}
PAYER = {
    "yes": "Pays",
    "no": "Does not pay",
    "limited": "Pays within limits",
    "silent": "Does not say",
}
PATTERN = {
    "yes": "Pays",
    "no": "May not pay",
    "limited": "May pay only within limits",
    "silent": "Does not settle payment",
}
CASTS = {"yes": "Casts are named. ", "no": "Casts need not be kept. ", "silent": ""}
NOT_ANSWERED = "are not answered here."
LOOK = "Look in the code book of that year, and ask the payer."


_ONE_DAY = dt.timedelta(days=1)


def last() -> dt.date:
    """The last day that is answered: the pages speak for it."""
    return cdtref.editions()[-1].until


def first() -> dt.date:
    return cdtref.editions()[0].since


def last_edition() -> str:
    return cdtref.editions()[-1].id


def verified() -> str:
    return month(min(rule.verified for rule in cdtref.rules()))


def subject() -> list[Code]:
    """The codes of this topic that have pages."""
    return [code for code in cdtref.all_codes() if code.subject]


_EVER = (dt.date.min, dt.date.max)


def long(date: dt.date) -> str:
    return f"{MONTHS[date.month - 1]} {date.day}, {date.year}"


def month(text: str) -> str:
    year, number = text.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def dated(text: str) -> str:
    """The date a source shows; a full one in words."""
    return long(dt.date.fromisoformat(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def listed(names: Iterable[str], joiner: str = "and") -> str:
    *most, end = names
    return f"{', '.join(most)} {joiner} {end}" if most else end


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def in_force(fact: Code | Rule | Position | cdtref.Title, on: dt.date) -> bool:
    return (fact.since or _EVER[0]) <= on <= (fact.until or _EVER[1])


# --- An answer ------------------------------------------------------------------------------------


class Told(NamedTuple):
    """What a reader is told, under the names that the browser has for it."""

    verdict: str
    code: str
    headline: str
    second: str
    standing: str
    soft: bool
    disputed: bool
    backing: str
    dissent: str
    why: str
    say: str = ""
    write: str = ""
    report: str = ""
    sure: str = ""


def wording(verdict: str, code: str = "", part_of: str = "") -> str:
    """The five wordings."""
    return {
        "yes": f"Report {code}",
        "no": f"Do not report {code}" if code else "No code of its own",
        "included": f"Part of {part_of}, nothing separate",
        "unsettled": "Unsettled: ask the payer",
    }[verdict]


def standing(status: str, sure: str, *, disputed: bool = False) -> str:
    """How the sources stand to it, if that is told, and how sure we are."""
    if not status and not disputed:
        return sentence(SURE[sure])
    told = STATUS[status or "disputed"]
    if disputed and status not in ("", "disputed", "silent"):
        told += ", disputed"
    return f"{told} · {SURE[sure]}"


def service_answer(service: str, on: dt.date | None = None) -> ServiceAnswer:
    return _service_answer(cdtref.library.current(), service, on or last())


@cache
def _service_answer(_library: object, service: str, on: dt.date) -> ServiceAnswer:
    return cdtref.recommend([service], on=on).services[0]


def doubts(answer: ServiceAnswer) -> str:
    """What a line adds to an answer that is less sure than it looks."""
    told = []
    if cdtref.rule(answer.rule).status == "inferred":
        told.append("inferred")
    elif answer.confidence in WEAK:
        told.append(SURE[answer.confidence])
    if answer.disputed:
        told.append("disputed")
    return f" ({', '.join(told)})" if told else ""


def exception(rule: Rule, code: str) -> CodeException | None:
    return next((one for one in rule.exceptions if one.code == code), None)


def standing_of(answer: Answer) -> str:
    """An exception has a confidence of its own, and so has a code out of force: how the sources
    stand to the rule says nothing of them."""
    return standing(_status(answer), answer.confidence, disputed=answer.disputed)


def _status(answer: Answer) -> str:
    rule, code = cdtref.rule(answer.rule), cdtref.code(answer.code)
    if exception(rule, answer.code) or not in_force(code, answer.on):
        return ""
    # The dispute may be about another code.
    return "" if rule.status == "disputed" and not answer.disputed else rule.status.value


def of_pair(code: str, service: str, on: dt.date | None = None) -> Told:
    """What one code is to one service."""
    return _of_pair(cdtref.library.current(), code, service, on or last())


@cache
def _of_pair(_library: object, code: str, service: str, on: dt.date) -> Told:
    answer = cdtref.can_bill(code, service, on=on)
    rule, fact = cdtref.rule(answer.rule), cdtref.code(code)
    apart, over = exception(rule, code), out_of_force(fact, on)
    second = ""
    if answer.verdict == "no" and answer.instead:
        second = f"Report {listed(answer.instead)}{doubts(service_answer(service, on))}."
        second += f" {code} may stand beside it." if apart and apart.beside else ""
    elif answer.verdict == "no":
        second = wording(VERDICT[rule.outcome], "", rule.part_of) + "."
    return Told(
        verdict=answer.verdict.value,
        code=code,
        headline=wording(answer.verdict, code, answer.part_of),
        second=second,
        standing=standing_of(answer),
        soft=_status(answer) == "inferred" or answer.confidence in WEAK,
        disputed=answer.disputed,
        backing=voices(answer.backing),
        dissent=voices(answer.dissent),
        # Of a code for something else: why the service is reported otherwise.
        why=over or (apart.why if apart else rule.why),
        report=code if answer.verdict == "yes" else " ".join(answer.instead),
        sure=answer.confidence.value,
    )


def out_of_force(code: Code, on: dt.date) -> str:
    if code.since and on < code.since:
        return f"{code.code} begins with dates of service from {long(code.since)}."
    if code.until and on > code.until:
        return f"{code.code} ended with dates of service on {long(code.until)}."
    return ""


def of_service(service: str, on: dt.date | None = None) -> tuple[Told, ...]:
    """How a service is reported: one for each code, or one without a code."""
    return _of_service(cdtref.library.current(), service, on or last())


@cache
def _of_service(_library: object, service: str, on: dt.date) -> tuple[Told, ...]:
    answer = service_answer(service, on)
    rule, verdict = cdtref.rule(answer.rule), VERDICT[answer.outcome]
    beside = [
        one.code for one in rule.exceptions if one.beside and in_force(cdtref.code(one.code), on)
    ]
    second = f"{listed(beside)} may stand beside it." if beside else ""
    if verdict in ("included", "no"):
        second = "No claim line for it."
    # A rule may outlast the sources that dispute it.
    status = "" if rule.status == "disputed" and not answer.disputed else rule.status.value
    did = cdtref.service(service).name
    backing = voices(answer.backing)
    if not backing and verdict == "unsettled":
        backing = "Nobody we read settles it."
    elif not backing:
        names = dict.fromkeys(cdtref.source(id).publisher for id in answer.sources)
        backing = f"Rests on {listed(names)}." if names else "No source speaks of it."
    say = {
        "yes": "",
        "no": "We know of no code for that, and report none.",
        "included": f"It is part of {answer.part_of}. We report nothing separate for it.",
        "unsettled": "We know of no code for that, and report none.",
    }[verdict]
    part = f" Part of {answer.part_of}." if verdict == "included" else ""
    return tuple(
        Told(
            verdict=verdict,
            code=code,
            headline=wording(verdict, code, answer.part_of),
            second=second,
            standing=standing(status, answer.confidence, disputed=answer.disputed),
            soft=status == "inferred" or answer.confidence in WEAK,
            disputed=answer.disputed,
            backing=backing,
            dissent=voices(answer.dissent),
            why=answer.why,
            say=f"We {did}. We report {code} for that."
            if code and verdict == "yes"
            else answer.ask or f"We {did}. {say}",
            write=form(code) if code else f"{sentence(did)}.{part}",
            report=" ".join(answer.codes),
            sure=answer.confidence.value,
        )
        for code in answer.codes or ("",)
    )


def form(code: str) -> str:
    """What the record of a code must hold, to be filled in."""
    return "\n".join(f"{one.label}: " for one in cdtref.documentation(code) if one.required)


def of_code(code: str, on: dt.date | None = None) -> Told:
    """A code by itself: what it is for while it is in force, and that it is not otherwise."""
    fact, on = cdtref.code(code), on or last()
    over = out_of_force(fact, on)
    pairs = [of_pair(code, service.id, on) for service in cdtref.services()]
    meant = [pair for pair in pairs if pair.verdict == "yes"]
    asked = {id for one in cdtref.questions() if one.code == code for id in one.services}
    standings = {pair.standing for pair in meant}
    several = "" if over else "How sure depends on what was done: see below"
    return Told(
        verdict="no" if over else "yes",
        code=code,
        headline=wording("no" if over else "yes", code),
        second="",
        standing=standings.pop() if len(standings) == 1 else several,
        soft=bool(meant) and all(pair.soft for pair in meant),
        disputed=any(pair.disputed for pair in meant)
        or any(
            pair.disputed
            for pair, service in zip(pairs, cdtref.services(), strict=True)
            if service.id in asked
        ),
        backing="",
        dissent="",
        why=over or fact.use,
    )


# --- Who says so ----------------------------------------------------------------------------------


def voices(positions: Iterable[Position], *, short: bool = False) -> str:
    """Who says what about which code: first what is said outright, then what is implied.

    A page that repeats another on its side is no voice of its own. In short, those who imply what
    others say outright are counted.
    """
    told = list(positions)
    heard = {(one.source, one.stance, one.about) for one in told}
    own = [one for one in told if (one.repeats, one.stance, one.about) not in heard]
    parts = []
    for implied in (False, True):
        points = dict.fromkeys(point(one) for one in own if one.implied is implied)
        for what in points:
            side = [one for one in own if point(one) == what]
            loud = {one.publisher for one in side if not one.implied}
            names = {
                one.publisher: f"{one.publisher} ({dated(one.date)})" if one.date else one.publisher
                for one in side
                if one.implied is implied and not (implied and one.publisher in loud)
            }
            if names:
                who = f"{len(names)} more" if short and implied and loud else listed(names.values())
                verb = ("implies", "imply") if implied else ("says", "say")
                parts.append(f"{who} {verb[len(names) > 1]} {what}")
    return "; ".join(parts) + "." if parts else ""


def point(position: Position) -> str:
    code = cdtref.question(position.about).code
    part = "that it is part of something else"
    return {"yes": code, "no": f"not {code}", "included": part}[position.stance]


# --- Over the years -------------------------------------------------------------------------------


@cache
def _days(_library: object) -> list[dt.date]:
    """Every day on which any answer could change, the first encoded one first."""
    spans: list[Any] = [*cdtref.rules(), *cdtref.all_codes(), *cdtref.positions()]
    spans += cdtref.editions()
    found = {one.since for one in spans if one.since}
    found |= {one.until + _ONE_DAY for one in spans if one.until}
    return sorted(day for day in found if first() <= day <= last())


def days() -> list[dt.date]:
    return _days(cdtref.library.current())


def holds_since(tell: Callable[[dt.date], Iterable[Told]]) -> dt.date:
    """Since when a reader is told the same as on the last day, whoever says so."""

    def lasting(on: dt.date) -> list[tuple[str, ...]]:
        return [(one.headline, one.second, one.standing, one.why, one.say) for one in tell(on)]

    since, now = last(), lasting(last())
    for day in reversed(days()):
        if lasting(day) != now:
            break
        since = day
    return since


class Stretch(NamedTuple):
    since: dt.date
    until: dt.date
    told: str


def stretches(tell: Callable[[dt.date], str]) -> list[Stretch]:
    """What is told, from day to day; nothing where it tells nothing."""
    found: list[Stretch] = []
    for day, after in zip(days(), [*days()[1:], last() + _ONE_DAY], strict=True):
        until = after - _ONE_DAY
        if found and found[-1].told == tell(day):
            found[-1] = found[-1]._replace(until=until)
        else:
            found.append(Stretch(day, until, tell(day)))
    return [stretch for stretch in found if stretch.told]


def years(since: dt.date, until: dt.date) -> str:
    """“2014 to 2022”, “2023”, or “from 2024” to the latest edition."""
    if until >= last():
        return f"from {since.year}"
    return f"{since.year}" if since.year == until.year else f"{since.year} to {until.year}"


def changed(code: Code) -> list[tuple[Service, list[Stretch]]]:
    """The services whose answer was another at some time while the code was in force."""
    found = []
    for service in cdtref.services():

        def tell(on: dt.date, service: Service = service) -> str:
            pair = of_pair(code.code, service.id, on)
            return f"{pair.headline}. {pair.second}" if in_force(code, on) else ""

        pair = of_pair(code.code, service.id)
        told = stretches(tell)
        if any(stretch.told != f"{pair.headline}. {pair.second}" for stretch in told):
            found.append((service, told))
    return found
