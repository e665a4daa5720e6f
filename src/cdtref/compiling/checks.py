"""Checks what no single entry can show: references, spans, sources, and who is confirmed for when.

Each check yields what is wrong: the kind, the id, and the field with what would be right.
"""

import datetime as dt
import difflib
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from .. import model, paperwork, vocabulary
from ..inputs import plain
from ..model import Confidence, Outcome, Stance, Status, Verdict
from ..paperwork import FirstMove, MayCharge, Remedy, RemittanceKind
from ..vocabulary import SPECIAL

KINDS = model.KINDS | paperwork.KINDS | vocabulary.KINDS

GUIDES = {
    "delta-dental-fyi-2026": "sources/delta-dental-fyi/",
    "practicealpha-d0470": "sources/practicealpha/",
}
"""The founding guides, by source, and the page of each."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"\bD\d{4}\b")
SPELLED = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15},
    **{"eighteen": 18, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90},
}
"""Numbers as texts spell them."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

REFERENCES = {
    "sources": "source",
    "source": "source",
    "relayed_by": "source",
    "repeats": "source",
    "services": "service",
    "service": "service",
    "did": "service",
    "unsettled": "service",
    "codes": "code",
    "code": "code",
    "bill": "code",
    "not": "code",
    "look_alikes": "code",
    "about": "question",
    "item": "item",
    "items": "item",
    "carcs": "remittance",
    "rarcs": "remittance",
    "groups": "remittance",
    "remarks": "remittance",
    "mentions": "code",
    "beside": "outside",
}
"""What the ids in a field refer to, whatever the table."""

Entry = dict[str, Any]
Tables = dict[str, dict[str, Entry]]
Mistake = tuple[str, str, str]


Keys = Collection[tuple[str, str]]
"""Kind and id of entries."""

Broken = set[tuple[str, str]]
"""Kind and id of entries that could not be read; an empty id stands for a whole file."""


def check(tables: Tables, broken: Broken, only: Keys | None = None) -> Iterator[Mistake]:
    """Every mistake in the knowledge, beyond the fields of each entry.

    What follows only from an entry that could not be read is not told on top of it. `only` names
    the entries whose own fields are looked at, where the others are known to be right.
    """
    yield from _check_entries(tables, broken, only)
    kinds = {kind for kind, _ in broken}
    if "edition" in kinds or not tables["edition"]:
        return
    wrong = list(_check_editions(tables))
    yield from wrong
    if wrong:  # every date is held to the editions; what follows from a wrong one is noise
        return
    encoded = encoded_editions(tables)
    first, last = encoded[0]["since"], encoded[-1]["until"]
    if not kinds & {"rule", "service"}:
        yield from _check_coverage(tables, first, last)
    yield from _check_rules(tables, first, last)
    yield from _check_dates(tables, first, last, only)
    yield from _check_not_for(tables, last)
    yield from _check_kinds(tables)
    yield from _check_voices(tables)
    yield from _check_ranges(tables)
    yield from _check_company(tables)
    yield from _check_words(tables, whole="service" not in kinds)
    yield from _check_values(tables)
    yield from _check_confirmed(tables, last)
    if not broken:
        yield from _check_use(tables)


def encoded_editions(tables: Tables) -> list[Entry]:
    """The editions that are answered for, in the order of the file."""
    return [edition for edition in tables["edition"].values() if not edition["announced"]]


def _check_entries(tables: Tables, broken: Broken, only: Keys | None) -> Iterator[Mistake]:
    """Ids, references, texts, months, and that every fact says where it comes from."""
    for kind, entries in tables.items():
        for id, entry in entries.items():
            if only is not None and (kind, id) not in only:
                continue
            if kind not in ("code", "edition") and not _ID.fullmatch(id):
                yield kind, id, "`id`: expected lower-case words and digits joined by hyphens"
            for path, field, value in leaves(entry):
                if isinstance(value, str):
                    # A code's own number refers to nothing, nor does a remittance code's.
                    own = path == "code" and kind in ("code", "remittance")
                    for message in _check_text(field, value, tables, broken, own=own):
                        yield kind, id, f"`{path}`: {message}"
            for field in KINDS[kind].__annotations__:
                if not hasattr(KINDS[kind], field) and entry[field] == "":
                    yield kind, id, f"`{field}`: is empty"
            yield from _check_sources(kind, id, entry)
            if entry.get("verified", "") > entry.get("review_due", dt.date.max).isoformat():
                yield kind, id, "`review_due`: is before `verified`"
            if kind == "source" and not entry["url"] and not entry["note"]:
                yield kind, id, "`url`: is empty; a `note` must say why"


_FREE = ("url", "words", "heading", "ranges")


def _check_text(
    field: str, value: str, tables: Tables, broken: Broken, *, own: bool
) -> Iterator[str]:
    target = REFERENCES.get(field)
    if target and not broken.isdisjoint({(target, value), (target, "")}):
        target = None
    if target and value and not own and value not in tables[target]:
        yield f"no {target} has the id {value!r}{suggest(value, tables[target])}"
    if value != value.strip():
        yield "has spaces at an end"
    if field in ("verified", "seen") and not _MONTH.fullmatch(value):
        yield f"expected a month such as '2026-11', got {value!r}"
    # An address is not ours to word; words that lead outside, what people ask, and ranges of other
    # work may name a code that is none of ours.
    for code in CODE.findall(value) if field not in _FREE else ():
        if code not in tables["code"] and broken.isdisjoint({("code", code), ("code", "")}):
            yield f"speaks of {code}, which is not in codes.toml"


def check_references(tables: Tables) -> Iterator[Mistake]:
    """Sources that do not exist: without them nothing can be listed by source."""
    for kind, entries in tables.items():
        for id, entry in entries.items():
            for path, field, value in leaves(entry):
                if REFERENCES.get(field) == "source" and value and value not in tables["source"]:
                    yield kind, id, f"`{path}`: no source has the id {value!r}"


def _check_sources(kind: str, id: str, entry: Entry) -> Iterator[Mistake]:
    for part in (entry, *entry.get("exceptions", ())):
        unsourced = part.get("confidence") in (Confidence.JUDGMENT, Confidence.UNVERIFIED)
        unsourced |= kind == "edition"  # told by `_check_editions`
        if "sources" in part and not part["sources"] and not unsourced:
            yield (
                kind,
                id,
                "`sources`: is empty; name a source, or set the confidence to 'judgment' or "
                "'unverified'",
            )


Leaf = tuple[str, str, Any]
"""Path, field and value."""


def leaves(entry: Any) -> list[Leaf]:
    """Every single value of an entry, however deep."""
    found: list[Leaf] = []
    _gather(entry, "", "", found)
    return found


def _gather(value: Any, path: str, field: str, found: list[Leaf]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _gather(item, f"{path}.{key}" if path else key, key, found)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            _gather(item, f"{path}[{number}]", field, found)
    else:
        found.append((path, field, value))


def _check_editions(tables: Tables) -> Iterator[Mistake]:
    """A year each, one after the other, each with a source; what is announced comes last."""
    editions = list(tables["edition"].values())
    for edition in editions:
        id, since, until = edition["id"], edition["since"], edition["until"]
        year = since.year
        if id != f"CDT {year}":
            yield "edition", id, f"`id`: expected 'CDT {year}', by its `since`"
        if (since, until) != (dt.date(year, 1, 1), dt.date(year, 12, 31)):
            told = f"expected {year}-01-01 to {year}-12-31: an edition governs a calendar year"
            yield "edition", id, f"`until`: {told}"
        if not edition["sources"]:
            yield "edition", id, "`sources`: is empty; an edition needs one that shows it exists"
        for field in ("changes", "not_read"):
            if edition["announced"] and not edition[field]:
                yield "edition", id, f"`{field}`: an announced edition says it"
        if edition["not_read"] and not edition["announced"]:
            yield "edition", id, "`not_read`: belongs to an announced edition only"
    for before, after in itertools.pairwise(editions):
        id, year = after["id"], before["since"].year + 1
        if after["since"].year < year:
            yield "edition", id, f"stands after {before['id']}; put the editions in order of year"
        elif after["since"].year > year:
            yield "edition", id, f"`since`: expected {year}-01-01, after {before['id']}: no gap"
        elif before["announced"] and not after["announced"]:
            yield "edition", id, f"`announced`: {before['id']}, before it, is not encoded yet"
    if not encoded_editions(tables):
        yield "edition", editions[0]["id"], "`announced`: at least one edition must be encoded"


class Dated(NamedTuple):
    """A fact, or part of one, that says through which date of service it was looked at."""

    kind: str
    id: str
    field: str
    since: dt.date | None
    until: dt.date | None
    holds_through: dt.date
    sources: tuple[str, ...]


def dated(tables: Tables) -> Iterator[Dated]:
    """Everything that an answer for a date of service rests on."""
    for kind in ("code", "rule", "caution", "position"):
        for id, entry in tables[kind].items():
            span = entry.get("since"), entry.get("until")
            sources = tuple(entry.get("sources", ())) or (entry.get("source", ""),)
            named = tuple(source for source in sources if source)
            yield Dated(kind, id, "holds_through", *span, entry["holds_through"], named)
            for at, part in enumerate(entry.get("exceptions", ())):
                field = f"exceptions[{at}].holds_through"
                sources = tuple(part["sources"])
                yield Dated(kind, id, field, *span, part["holds_through"], sources)


def unconfirmed(tables: Tables, last: dt.date) -> Iterator[Dated]:
    """What was not looked at for all its dates of service up to the last."""
    for fact in dated(tables):
        if fact.holds_through < min(fact.until or last, last):
            yield fact


def _check_confirmed(tables: Tables, last: dt.date) -> Iterator[Mistake]:
    """No answer by accident: whatever answers for a date was looked at for that date."""
    for fact in dated(tables):
        if fact.holds_through > last:
            told = f"{fact.holds_through} is after the last encoded edition, which ends on {last}; "
            told += "encode the next edition first"
            yield fact.kind, fact.id, f"`{fact.field}`: {told}"
        if fact.since and fact.holds_through < fact.since:
            told = f"{fact.holds_through} is before `since`, {fact.since}"
            yield fact.kind, fact.id, f"`{fact.field}`: {told}"
    for fact in unconfirmed(tables, last):
        if not (fact.since and fact.holds_through < fact.since):
            wanted = min(fact.until or last, last)
            told = (
                f"was looked at through {fact.holds_through}, and would answer through {wanted}. "
                f"Look at its sources, then set it to {wanted}, or give the fact an `until`"
            )
            yield fact.kind, fact.id, f"`{fact.field}`: {told}"


def _check_coverage(tables: Tables, first: dt.date, last: dt.date) -> Iterator[Mistake]:
    """For each service, exactly one rule answers on every encoded day."""
    for service in tables["service"]:
        rules = [rule for rule in tables["rule"].values() if rule["service"] == service]
        rules.sort(key=lambda rule: rule["since"] or first)
        day = first
        for rule in rules:
            since, until = rule["since"] or first, rule["until"] or last
            if since < first:
                told = f"{since} is before the first encoded edition; leave it out"
                yield "rule", rule["id"], f"`since`: {told}"
            elif since != day:
                what = "overlaps another rule" if since < day else "leaves a gap"
                yield "rule", rule["id"], f"`since`: {what} for {service}; expected {day}"
            day = min(until, last) + dt.timedelta(days=1)
        if day <= last:
            yield "service", service, f"no rule of it answers from {day}"


def _check_rules(tables: Tables, first: dt.date, last: dt.date) -> Iterator[Mistake]:
    """The codes and texts of each rule fit its outcome and its span."""
    for id, rule in tables["rule"].items():
        outcome, codes = rule["outcome"], rule["codes"]
        if outcome == Outcome.REPORTED and not codes:
            yield "rule", id, "`codes`: an outcome 'reported' names at least one code"
        if outcome == Outcome.NO_CODE and codes:
            yield "rule", id, "`codes`: an outcome 'no-code' names none"
        if (outcome == Outcome.INCLUDED) != bool(rule["part_of"]):
            yield "rule", id, "`part_of`: goes with the outcome 'included', and only with it"
        verdicts = [exception["verdict"] for exception in rule["exceptions"]]
        named = {*codes, *(exception["code"] for exception in rule["exceptions"])}
        for code in sorted({*CODE.findall(rule["ask"])} - named):
            told = f"asks for {code}, which is neither in `codes` nor in `exceptions`"
            yield "rule", id, f"`ask`: {told}"
        if (outcome == Outcome.UNSETTLED or Verdict.UNSETTLED in verdicts) and not rule["ask"]:
            yield (
                "rule",
                id,
                "`ask`: where a code is unsettled, the rule says what to ask the payer",
            )
        span = rule["since"] or first, rule["until"] or last
        for code in codes:
            entry = tables["code"].get(code, {"since": None, "until": None})
            begins, ends = entry["since"] or first, entry["until"] or last
            if begins > span[0] or ends < span[1]:
                yield (
                    "rule",
                    id,
                    f"`codes`: {code} is not in effect throughout the rule's span, {span[0]} to "
                    f"{span[1]}, but from {begins} to {ends}; end the rule where the code ends "
                    "with `until`, and add a row for the dates after",
                )
        yield from _check_exceptions(id, rule)


def _check_exceptions(id: str, rule: Entry) -> Iterator[Mistake]:
    excepted = [exception["code"] for exception in rule["exceptions"]]
    for code in {code for code in excepted if excepted.count(code) > 1}:
        yield "rule", id, f"`exceptions`: {code} stands twice; one code, one exception"
    for exception in rule["exceptions"]:
        if exception["code"] in rule["codes"]:
            yield "rule", id, f"`exceptions`: {exception['code']} is in `codes` already"
        if exception["verdict"] == Verdict.YES:
            yield "rule", id, "`exceptions`: a 'yes' belongs in `codes`"
        if exception["beside"] != (f"Add {exception['code']} " in exception["why"]):
            told = "goes with a `why` that says to add the code, and only with it"
            yield "rule", id, f"`exceptions`: {exception['code']}: `beside` {told}"


def _check_dates(
    tables: Tables, first: dt.date, last: dt.date, only: Keys | None
) -> Iterator[Mistake]:
    every = only is None or any(kind == "edition" for kind, _ in only)
    for kind, entries in tables.items():
        for id, entry in entries.items():
            if not every and (kind, id) not in (only or ()):
                continue
            for path, field, value in leaves(entry):
                if field == "on" and not first <= value <= last:
                    yield kind, id, f"`{path}`: {value} is outside the encoded {first} to {last}"
                if field in ("since", "until") and kind != "edition" and value and value > last:
                    told = f"{value} is after the last encoded edition, which ends on {last}"
                    yield kind, id, f"`{path}`: {told}"
            for span in (entry, *entry.get("titles", ())):
                since, until = span.get("since"), span.get("until")
                if since and until and until < since and kind != "edition":
                    yield kind, id, f"`until`: {until} is before `since`, {since}"


def _check_not_for(tables: Tables, last: dt.date) -> Iterator[Mistake]:
    """What a code is not for is not what a rule reports by it, on the last day of the code."""
    for id, code in tables["code"].items():
        day = min(code["until"] or last, last)
        for at, item in enumerate(code["not_for"]):
            if not item["what"] and not item["service"]:
                yield "code", id, f"`not_for[{at}]`: give `service`, `what`, or both"
            for rule in tables["rule"].values():
                spans = (rule["since"] or day) <= day <= (rule["until"] or day)
                if rule["service"] == item["service"] and spans and id in _not_denied(rule):
                    told = f"{rule['id']} reports it by {id}, or leaves {id} open"
                    yield "code", id, f"`not_for[{at}].service`: {told}"


def _not_denied(rule: Entry) -> set[str]:
    """The codes that a rule gives or leaves open."""
    given = () if rule["outcome"] == Outcome.INCLUDED else rule["codes"]
    open = [part["code"] for part in rule["exceptions"] if part["verdict"] == Verdict.UNSETTLED]
    return {*given, *open}


_DENIED = re.compile(r"\b(D\d{4}) (?:is|was) not (?:for|in force)\b")


def _check_kinds(tables: Tables) -> Iterator[Mistake]:
    """What one kind of entry must hold: titles in turn, a question where sources are silent."""
    for id, code in tables["code"].items():
        if not code["titles"]:
            yield "code", id, "`titles`: is empty; a code has at least one short title"
        for before, after in itertools.pairwise(code["titles"]):
            if not (before["until"] and after["since"] and before["until"] < after["since"]):
                told = f"{after['text']!r} must begin after {before['text']!r} has ended"
                yield "code", id, f"`titles`: {told}"
    for id, position in tables["position"].items():
        if position["codes"] and position["stance"] not in (Stance.NO, Stance.INCLUDED):
            yield "position", id, "`codes`: goes with a stance of 'no' or 'included' only"
    for id, scenario in tables["scenario"].items():
        visits = [scenario, *scenario["then"]]
        if any(later["on"] < earlier["on"] for earlier, later in itertools.pairwise(visits)):
            yield "scenario", id, "`then`: a later visit has an earlier date"
        if scenario["status"] == Status.SILENT and not scenario["ask"]:
            yield "scenario", id, "`ask`: where sources are silent, say what to ask the payer"
        listed = {code for visit in visits for code in visit.get("not", ())}
        for code in sorted({*_DENIED.findall(scenario["why"])} - listed):
            yield "scenario", id, f"`not`: lacks {code}, of which `why` says that it is not right"


def _check_voices(tables: Tables) -> Iterator[Mistake]:
    """A repeated page is named by its original, so that the two count as one voice."""
    for id, source in tables["source"].items():
        original = source["repeats"]
        first = tables["source"].get(original, {}).get("repeats", "")
        if original == id:
            yield "source", id, "`repeats`: names the source itself; name the page it repeats"
        elif first:
            told = f"{original!r} repeats another itself; name the first, {first!r}"
            yield "source", id, f"`repeats`: {told}"


_RANGE = re.compile(r"(D\d{4})(?:-(D\d{4}))?")


def _check_ranges(tables: Tables) -> Iterator[Mistake]:
    """Codes of other work, from the first to the last; none is of two kinds of work."""
    spans: list[tuple[str, str, str, str]] = []
    for id, entry in tables["outside"].items():
        for at, given in enumerate(entry["ranges"]):
            found = _RANGE.fullmatch(given)
            if not found or (found[2] and found[2] <= found[1]):
                told = f"expected a code, or two as 'D9944-D9946', the lower first, got {given!r}"
                yield "outside", id, f"`ranges[{at}]`: {told}"
            else:
                spans.append((found[1], found[2] or found[1], id, given))
    spans.sort()
    for before, after in itertools.pairwise(spans):
        if after[0] <= before[1]:
            told = f"{after[3]} overlaps {before[3]} of {before[2]!r}; a code is of one kind"
            yield "outside", after[2], f"`ranges`: {told}"


def _check_company(tables: Tables) -> Iterator[Mistake]:
    """A caution can apply, and so can each work that a code is looked at beside."""
    for id, caution in tables["caution"].items():
        if not caution["when"] and not caution["company"]:
            yield "caution", id, "`when`: is empty, and so is `company`: it never applies"
        for at, company in enumerate(caution["company"]):
            if bool(company["beside"]) == company["again"]:
                yield "caution", id, f"`company[{at}]`: give either `beside` or `again`"
            for name in company["beside"]:
                if not tables["outside"].get(name, {"ranges": True})["ranges"]:
                    told = f"{name!r} has no `ranges` in outside.toml: nothing is ever beside it"
                    yield "caution", id, f"`company[{at}].beside`: {told}"


NAMES = {
    "service": ("short", "also"),
    "term": ("term", "also"),
    "outside": ("short", "words"),
    "code": ("code", "also"),
    "question": ("asks", "also"),
    "denial": ("reason", "also"),
    **dict.fromkeys(("charge", "coverage", "topic"), ("", "also")),
}
"""Where each kind has its own name, if the name counts, and where the everyday words for it."""


def _check_words(tables: Tables, *, whole: bool) -> Iterator[Mistake]:
    """A word leads to one thing, unless services share it and say so.

    Whether a service is alone with a word is told only where all services could be read.
    """
    owners: dict[str, tuple[str, str]] = {}
    for kind, (own, field) in NAMES.items():
        for id, entry in tables[kind].items():
            for word in dict.fromkeys((*([entry[own]] if own else ()), *entry[field])):
                other = owners.setdefault(plain(word), (kind, id))
                names = ("service", entry.get("service", ""))
                if other not in ((kind, id), names):
                    told = (
                        f"{word!r} leads to {other[0]} {other[1]!r} already; a word has one owner"
                    )
                    yield kind, id, f"`{field}`: {told}"
    yield from _check_vocabulary(tables)
    if whole:
        yield from _check_shared(tables, owners)
        yield from _check_acts(tables)


def _check_vocabulary(tables: Tables) -> Iterator[Mistake]:
    """Single words in small letters; and the groups of those that the search treats apart."""
    for kind in ("synonym", "filler"):
        for id, entry in tables[kind].items():
            for path, _, word in leaves({key: entry[key] for key in entry if key != "id"}):
                if not re.fullmatch(r"[a-z0-9]+", word):
                    yield kind, id, f"`{path}`: expected one word in small letters, got {word!r}"
    for special in SPECIAL:
        if tables["filler"] and special not in tables["filler"]:
            told = f"`id`: one must be {special!r}, words that the search treats apart"
            yield "filler", next(iter(tables["filler"])), told


def _check_shared(tables: Tables, owners: dict[str, tuple[str, str]]) -> Iterator[Mistake]:
    """What services share is the name of none; a term that names no service may explain it."""
    sharing = Counter(
        word
        for service in tables["service"].values()
        for word in {plain(word) for word in service["shared"]}
    )
    for id, service in tables["service"].items():
        for word in service["shared"]:
            kind, other = owners.get(plain(word), ("", ""))
            if kind and not (kind == "term" and not tables["term"][other]["service"]):
                told = f"{word!r} is a name of {kind} {other!r}; a shared word is the name of none"
                yield "service", id, f"`shared`: {told}"
            if sharing[plain(word)] == 1:
                told = f"no other service shares {word!r}; put it in `also`, or leave it out"
                yield "service", id, f"`shared`: {told}"


def _check_acts(tables: Tables) -> Iterator[Mistake]:
    """An act done for several uses: each of its services names another use."""
    services = tables["service"]
    for id, service in services.items():
        act, use = service["act"], service["use"]
        if bool(act) != bool(use):
            yield "service", id, "`use`: goes with `act`, and only with it"
            continue
        others = [other for other in services if other != id and services[other]["act"] == act]
        if act and not others:
            told = f"no other service has {act!r}; an act has several uses, or is left out"
            yield "service", id, f"`act`: {told}"
        for other in others:
            if act and services[other]["use"] == use:
                yield "service", id, f"`use`: {other} has it as well; each use of an act differs"


def _check_values(tables: Tables) -> Iterator[Mistake]:
    """The value that a machine reads says what the sentence beside it says."""
    yield from _check_remedies(tables)
    yield from _check_remittances(tables)
    yield from _check_charges(tables)
    for id, retention in tables["retention"].items():
        years = retention["years"]
        spelled = [word for word, number in SPELLED.items() if number == years]
        said = rf"(?i)\b({'|'.join([*spelled, str(years)])}) years?\b"
        if years is not None and not re.search(said, retention["says"]):
            yield "retention", id, f"`years`: {years}, and `says` does not say so many years"
    for id, rule in tables["rule"].items():
        if rule["status"] == Status.INFERRED and rule["confidence"] == Confidence.HIGH:
            yield "rule", id, "`confidence`: what is inferred is never 'high'"


_LEADS_TO = {
    FirstMove.CHART: {Remedy.APPEAL, Remedy.CORRECTED_CLAIM},
    FirstMove.CLAIM: {Remedy.CORRECTED_CLAIM, Remedy.VERIFY},
    FirstMove.REMARK: {Remedy.RESUBMIT, Remedy.APPEAL},
    FirstMove.SEND: {Remedy.RESUBMIT},
    FirstMove.PAYER: {Remedy.VERIFY},
    FirstMove.PLAN: {Remedy.VERIFY, Remedy.RESUBMIT},
    FirstMove.PROOF: {Remedy.VERIFY},
    FirstMove.KEEP: {Remedy.NONE},
}
"""What the first move finds out is what the remedy needs; of others a check of its own says it."""


def _check_remedies(tables: Tables) -> Iterator[Mistake]:
    for id, denial in tables["denial"].items():
        if denial["remedy"] not in _LEADS_TO.get(FirstMove(denial["first"]), {denial["remedy"]}):
            told = f"{denial['remedy']!r} does not follow from the first move {denial['first']!r}"
            yield "denial", id, f"`remedy`: {told}"
        first, remedy = denial["first"], denial["remedy"]
        if (first == FirstMove.WITHDRAW) != (remedy == Remedy.WITHDRAW):
            told = "`first`: to withdraw the line goes with the remedy 'withdraw', and only with it"
            yield "denial", id, told
        if (first == FirstMove.KEEP) != (remedy == Remedy.NONE):
            yield "denial", id, "`first`: 'keep' goes with the remedy 'none', and only with it"
        if first == FirstMove.SEND and remedy != Remedy.RESUBMIT:
            yield "denial", id, "`first`: 'send' goes with the remedy 'resubmit'"
        if denial["otherwise"] == remedy != Remedy.NONE:
            yield "denial", id, "`otherwise`: is the remedy itself; leave it out"
        answers = (remedy, denial["otherwise"])
        if (Remedy.WITHDRAW in answers) != bool(denial["withdraw_if"]):
            yield "denial", id, "`withdraw_if`: goes with the answer 'withdraw', and only with it"
        if Remedy.CORRECTED_CLAIM in answers and not denial["correct_if"]:
            yield "denial", id, "`correct_if`: say what calls for the corrected claim"
        if denial["correct_if"] and not {Remedy.WITHDRAW, Remedy.CORRECTED_CLAIM} & set(answers):
            yield "denial", id, "`correct_if`: neither answer has to do with a wrong line"


def _check_remittances(tables: Tables) -> Iterator[Mistake]:
    """What is looked up by id is printed by code, and called by its kind: all three agree."""
    for id, remittance in tables["remittance"].items():
        code = remittance["code"]
        if code != id.upper():
            yield "remittance", id, f"`code`: expected {id.upper()!r}, as the id is"
        number = RemittanceKind.RARC if code.startswith(("M", "N")) else RemittanceKind.CARC
        kind = RemittanceKind.GROUP if code.isalpha() else number
        if remittance["kind"] != kind:
            yield "remittance", id, f"`kind`: expected {kind.value!r}, by the form of {code}"
    for id, denial in tables["denial"].items():
        for kind in RemittanceKind:
            for at, named in enumerate(denial[f"{kind}s"]):
                found = tables["remittance"].get(named, {}).get("kind", kind)
                if found != kind:
                    yield "denial", id, f"`{kind}s[{at}]`: {named} is a {found}, not a {kind}"


def _check_charges(tables: Tables) -> Iterator[Mistake]:
    for id, charge in tables["charge"].items():
        word = re.match(r"[A-Za-z]+", charge["answer"])
        opening = word[0].lower() if word else ""
        if opening == "yes" and charge["may_charge"] != MayCharge.YES:
            yield "charge", id, f"`may_charge`: {charge['may_charge']!r}, and `answer` says yes"
        if opening in ("no", "never") and charge["may_charge"] != MayCharge.NO:
            yield "charge", id, f"`may_charge`: {charge['may_charge']!r}, and `answer` says no"
        if opening not in ("yes", "as") and charge["may_charge"] == MayCharge.YES:
            yield "charge", id, "`may_charge`: 'yes', and `answer` does not begin so"


def _check_use(tables: Tables) -> Iterator[Mistake]:
    """Every source is used, and every contested question has somebody on it."""
    used: set[str] = set()
    for entries in tables.values():
        for entry in entries.values():
            _add_sources(entry, used)
    for id in tables["source"].keys() - used:
        yield "source", id, "nothing refers to it; name it where it is used, or take it out"
    sent = {
        code
        for denial in tables["denial"].values()
        for code in (*denial["carcs"], *denial["rarcs"])
    }
    for id, remittance in tables["remittance"].items():
        if remittance["kind"] != RemittanceKind.GROUP and id not in sent:
            yield "remittance", id, "no denial names it, so that no page shows it"
    for id, statement in tables["statement"].items():
        if statement["source"] not in GUIDES:
            yield "statement", id, f"`source`: expected a founding guide, {' or '.join(GUIDES)}"
    definite = (Stance.YES, Stance.NO, Stance.INCLUDED)
    for id in tables["question"]:
        if not any(
            position["about"] == id and position["stance"] in definite
            for position in tables["position"].values()
        ):
            yield "question", id, "no position answers it"


def _add_sources(entry: Entry, used: set[str]) -> None:
    """The sources that an entry, or a part of it, refers to."""
    for field, value in entry.items():
        if REFERENCES.get(field) == "source":
            used.update((value,) if isinstance(value, str) else value)
        elif value and isinstance(value, list | tuple) and isinstance(value[0], dict):
            for part in value:
                _add_sources(part, used)


def suggest(given: str, among: Iterable[str]) -> str:
    """The end of a message: what may have been meant."""
    near = difflib.get_close_matches(given, list(among), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
