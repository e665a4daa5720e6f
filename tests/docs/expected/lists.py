"""Editions, cautions, terms, what is outside, and figures on the checks."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import cdtref
from cdtref.site import advice, checks, drift
from tests.docs import ROOT
from tests.docs.expected.pieces import (
    Bare,
    Lines,
    heading,
    inside,
    link,
    macro,
    perma,
    row,
    source_links,
)
from tests.docs.page_lines import signs
from tests.docs.telling import (
    SURE,
    last,
    last_edition,
    long,
    month,
    sentence,
    standing,
)

NO_CHANGE = "No change to this topic’s codes was seen."


@macro
def editions_table(where: str) -> Lines:
    yield row("Edition", "What changed for this topic")
    for edition in reversed([*cdtref.editions(), *cdtref.announced()]):
        year = edition.since.year
        whole = f"{edition.since} {edition.until}" == f"{year}-01-01 {year}-12-31"
        name = edition.id
        if not whole or name != f"CDT {year}":
            name += f", {long(edition.since)} to {long(edition.until)}"
        told = [edition.changes or NO_CHANGE, edition.not_read, source_links(edition.sources)]
        if edition.announced:
            known = link("what is known", f"{where}#what-changes-in-{year}")
            told = [f"Announced, and not answered here: {known}."]
        yield row(name, " ".join(filter(None, told)), told=signs(id=f"cdt-{year}"))


@macro
def about_edition(where: str, name: str) -> Lines:
    edition = cdtref.edition(name)
    span = f"dates of service from {long(edition.since)} to {long(edition.until)}."
    if edition.announced:
        told = {
            "Dates": f"{name} is announced for {span}",
            "Known": edition.changes,
            "Not known": edition.not_read,
            "Until then": f"Look the code up in {name} itself, and ask the payer.",
        }
    else:
        told = {"Dates": f"{name} governs {span}", "Changed": edition.changes or NO_CHANGE}
    for label, text in told.items():
        mark = signs("unsettled") if label == "Not known" else ""
        yield from inside(mark, [label, text]) if mark else [label, text]
    yield f"{source_links(edition.sources)}. Last verified {month(edition.verified)}."


@macro
def last_day(where: str) -> Lines:
    yield Bare(long(last()))


@macro
def edition_name(where: str) -> Lines:
    yield Bare(last_edition())


COLUMNS = (
    ("`claim`", "the number of the claim; rows with the same one are checked together"),
    ("`on`, required", "the date of service"),
    ("`billed`, required", "the code"),
    ("`did`", "what was done, in the names of services; several are separated by semicolons"),
    ("`arch`", "upper or lower, as words, letters or the numbers 01 and 02"),
    ("`quantity`", "a whole number; empty stands for one"),
)
FINDINGS = {
    "wrong-code": "The code does not describe what was done",
    "invalid-for-date": "The code was not in force on the date of service",
    "unbundled": "The service is part of another procedure",
    "duplicate": "The same code stands on several lines of a date",
    "unbilled-service": "It was done, has a code, and is on no line",
    "bundling-risk": "A pitfall of the codes together",
    "documentation": "The note lacks an item",
    "unsettled": "The sources leave it open",
    "not-checked": "It could not be checked",
    "after-last-edition": "The date is not answered here",
}


@macro
def columns_list(where: str) -> Lines:
    for name, told in COLUMNS:
        yield f"- {name}: {told}"


@macro
def annotated_export(where: str) -> Lines:
    """The made-up export, read by hand: what `check_claim` finds stands beside these rows."""
    yield row(*EXPORT[0], "finding: severity", "finding")
    for claim, date, code, *rest in EXPORT[1:]:
        severity, found = "", ""
        if claim in FOUND:
            severity, head, visit = FOUND[claim]
            found = head
            if visit:
                told = cdtref.check_claim(visit)[0]  # errors and warnings first
                found = f"{head}. {told.why}"
        yield row(claim, date, code, *rest, severity, found)


EXPORT = (
    ("Claim No", "Date of Service", "Procedure", "Tooth", "Fee", "Status"),
    ("2001", "03/02/2026", "D0470", "", "95.00", "Complete"),
    ("2001", "03/02/2026", "D0350", "", "60.00", "Complete"),
    ("2002", "03/03/2026", "D2740", "14", "1290.00", "Complete"),
    ("2002", "03/03/2026", "D0801", "", "80.00", "Complete"),
    ("2003", "03/04/2026", "D0801", "", "80.00", "Complete"),
    ("2003", "03/04/2026", "D0801", "", "80.00", "Complete"),
    ("2004", "03/05/2026", "D1110", "", "105.00", "Complete"),
    ("2005", "03/06/26", "D0396", "", "70.00", "Complete"),
    ("2006", "11/15/2022", "D0801", "", "80.00", "Complete"),
    ("2007", "03/09/2026", "N0001", "", "25.00", "Complete"),
    ("Total", "", "", "", "1885.00", ""),
)
FOUND: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "2002": (
        "warning",
        "look at what stands together here",
        {"on": "2026-03-03", "billed": ["D2740", "D0801"]},
    ),
    "2003": (
        "warning",
        "D0801 more than once on 2026-03-04",
        {"on": "2026-03-04", "billed": ["D0801", "D0801"]},
    ),
    "2005": (
        "not read",
        "'03/06/26': a year of two digits is not read. Write 03/02/2026 or 2026-03-02.",
        None,
    ),
    "2006": (
        "error",
        "D0801 was not in force on 2022-11-15",
        {"on": "2022-11-15", "billed": ["D0801"]},
    ),
}


@macro
def findings_table(where: str) -> Lines:
    yield "- An error contradicts what was done, or the dates."
    yield "- A warning asks for a look before the claim goes out."
    yield "- A note is good to know."
    yield row("Kind", "In plain words")
    for kind in cdtref.Kind:
        yield row(f"`{kind.value}`", FINDINGS[kind.value])


@macro
def cautions_list(where: str) -> Lines:
    for one in cdtref.cautions():
        told = (
            f"{standing(one.status, one.confidence)} · {source_links(one.sources) or 'No source'}"
        )
        yield f"- {signs(id=one.id)} {one.text} {told} {perma(where, one.id)}"


@macro
def glossary_page(where: str) -> Lines:
    yield heading(1, "Glossary", where, "glossary")
    yield (
        "The terms of this topic, in our own words. Terms that are ours, and not the field’s, say "
        "so."
    )
    for term in sorted(cdtref.glossary(), key=lambda term: term.term.lower()):
        yield f": {signs(id=term.id)} {term.term} {perma(where, term.id)}"
        also = f"Also: {', '.join(term.also)}." if term.also else ""
        proof = source_links(term.sources) or sentence(SURE[term.confidence])
        yield " ".join(filter(None, [term.meaning, also, proof]))


@macro
def outside_page(where: str) -> Lines:
    yield heading(1, "Outside this topic", where, "outside-this-topic")
    yield (
        "People arrive here with these, and they belong elsewhere. Each says where. This reference "
        "is about the United States."
    )
    for entry in cdtref.outside():
        proof = f"{source_links(entry.sources) or 'Our judgment'} · {SURE[entry.confidence]}"
        if entry.ranges:
            proof += " · Codes " + ", ".join(span.replace("-", "–") for span in entry.ranges)
        lines = [
            f"{entry.short} {perma(where, entry.id)}",
            f"{entry.belongs} {proof}",
            "▸ Also asked as",
            " · ".join(entry.words),
        ]
        yield from inside(signs(id=entry.id), lines)


@macro
def forms_table(where: str) -> Lines:
    """The forms themselves: they stand in no library."""
    yield row("Sentence")
    asked: dict[object, list[str]] = {}
    for form in advice.FORMS:
        asked.setdefault(form.check, []).append(form.pattern)
    yield from map(" · ".join, asked.values())


@macro
def checks_table(where: str) -> Lines:
    """Figures that are counted in docs/; how, `test_holding` has."""
    names = ("Executed", "Bound", "Quoted", "Reviewed", "Examples")
    yield row("Page", *names)
    sums: Counter[str] = Counter()
    for one in checks.rows(ROOT / "docs"):
        counts = {hold.value.capitalize(): count for hold, count in one.holds.items()}
        counts["Examples"] = one.examples
        sums.update(counts)
        yield row(link(one.address or "Home", one.address), *_figures(names, counts))
    yield row("All", *_figures(names, sums))


def _figures(names: Iterable[str], counts: Mapping[str, int]) -> Iterator[str]:
    return (f"{name}: {counts.get(name, 0)}" for name in names)


NOTICED = {
    "executed": "A form, an example or a card",
    "bound": "Words bound to a value",
    "quoted": "A quotation",
    "promised": "The list of texts that are held",
    "read back": "The page read back",
    "refused": "The compiler",
    "tied": "The links of the entry",
    "word people act on": "A word that people act on, in a sentence only reviewed",
}
MADE_FALSE = {
    "fact": "Values of facts",
    "sentence": "Sentences",
    "output": "What templates write",
}
BECAME = {
    "killed": "Noticed",
    "still true": "Still true",
    "weaker": "True, says less",
    "one place": "Shown in one place only",
    "only reviewed": "Only reviewed",
    "only tied": "Only tied",
    "survived": "Not noticed",
}


@macro
def drift_table(where: str) -> Lines:
    """The figures that the last run wrote down, added up here again."""
    counts, by = Counter[tuple[str, str]](), Counter[str]()
    for kind, fate, noticed, number in drift.read().figures:
        counts[kind, fate] += number
        by[noticed] += number * (fate == "killed")
    yield row("Made false", *BECAME.values())
    for kind, name in MADE_FALSE.items():
        killed, lives = counts[kind, "killed"], counts[kind, "survived"]
        share = 100 * killed / (killed + lives) if killed + lives else 100
        cells = [f"{told}: {counts[kind, fate]:,}" for fate, told in BECAME.items()]
        cells[0] += f" ({share:.1f}%)"
        yield row(name, *cells)
    yield row("Noticed by", "How often")
    for noticed, number in by.most_common():
        if number:
            yield row(NOTICED[noticed], f"How often: {number:,}")


@macro
def changes_table(where: str) -> Lines:
    """From the kept tables themselves, without the library's own comparison."""
    kept = json.loads((ROOT / "src/cdtref/released.json").read_text(encoding="utf-8"))
    for at in range(len(kept["versions"]) - 1, 0, -1):
        version, day = kept["versions"][at]
        anchor = "v" + version.replace(".", "-")
        yield heading(2, f"{version}, {long(dt.date.fromisoformat(day))}", where, anchor)
        before, after = ({(r[0], r[1]): r for r in _table(kept, n)} for n in (at - 1, at))
        changed = list(_changed(kept, at))
        if changed:
            yield row("Codes", "What was done, and when", "What changed")
        else:
            yield "No answer that one would act on changed."
        for (service, since, until, told, rule), codes in _together(changed).items():
            known = cdtref.service(service)
            to = known.address + "#answer"
            if cdtref.code(codes[0]).subject:
                to = f"{cdtref.code(codes[0]).address}#{service}"
            days = f"{long(since)} to {long(until)}"
            why = {one.id: one.why for one in cdtref.rules()}.get(rule, "")
            cells = ", ".join(codes), f"{link(known.short, to)}, {days}", f"{told}. {why}".strip()
            yield row(*cells)
        names = [one for one in cdtref.services() if one.id in _new(before, after, 1)]
        if names:
            yield f"New: {', '.join(link(one.short, one.address) for one in names)}."
        if codes := sorted(_new(before, after, 0)):
            yield f"New codes: {', '.join(codes)}."
        if others := _others(kept, at) - len(changed):
            told = "other answers changed in how sure we are, or in what to report instead."
            yield f"{others} {told}"


Row = list[Any]


def _table(kept: Any, at: int) -> list[Row]:
    return [r for r in kept["rows"] if r[10] <= at and (r[11] is None or r[11] > at)]


def _new(before: Any, after: Any, place: int) -> set[str]:
    return {pair[place] for pair in after} - {pair[place] for pair in before}


def _days(kept: Any, at: int) -> Iterator[tuple[dt.date, dt.date, Row, Row]]:
    """For each code and service that both versions know: the spans of days, and both rows."""
    older, newer = _table(kept, at - 1), _table(kept, at)
    for pair in dict.fromkeys((r[0], r[1]) for r in newer):
        was, now = ([r for r in rows if (r[0], r[1]) == pair] for rows in (older, newer))
        if not was:
            continue
        days = sorted({r[2] for r in was + now})
        for since, end in zip(days, [*days[1:], ""], strict=True):
            (one,) = (r for r in was if r[2] <= since <= r[3])
            (other,) = (r for r in now if r[2] <= since <= r[3])
            last = dt.date.fromisoformat(end) - dt.timedelta(1) if end else None
            until = last or dt.date.fromisoformat(other[3])
            yield dt.date.fromisoformat(since), until, one, other


def _others(kept: Any, at: int) -> int:
    return sum(1 for _ in _differing(kept, at))


def _differing(kept: Any, at: int) -> Iterator[tuple[dt.date, dt.date, Row, Row]]:
    """The spans with another answer, those that follow one another with the same rows as one."""
    found: list[tuple[dt.date, dt.date, Row, Row]] = []
    for since, until, was, now in _days(kept, at):
        if was[4:9] == now[4:9]:
            continue
        if found and found[-1][2:] == (was, now):
            found[-1] = (found[-1][0], until, was, now)
        else:
            found.append((since, until, was, now))
    yield from found


def _changed(kept: Any, at: int) -> Iterator[tuple[dt.date, dt.date, Row, Row]]:
    """What a reader would act on."""
    for since, until, was, now in _differing(kept, at):
        if was[4] != now[4] or (now[4] == "yes" and was[7:9] != now[7:9]):
            yield since, until, was, now


def _together(changed: Iterable[tuple[dt.date, dt.date, Row, Row]]) -> dict[Any, list[str]]:
    """Codes with the same change, by service in the order of the services, the earliest first."""
    order = [service.id for service in cdtref.services()]
    found: dict[Any, list[str]] = {}
    for since, until, was, now in sorted(changed, key=lambda c: (order.index(c[3][1]), c[0])):
        told = f"{_said(was)}, now {_said(now)}"
        found.setdefault((now[1], since, until, told, now[9]), []).append(now[0])
    return found


SAID_VERDICT = {"yes": "Yes", "no": "No", "included": "Nothing separate", "unsettled": "Unsettled"}


def _said(values: Row) -> str:
    instead = f", report {' '.join(values[6])}" if values[6] else ""
    disputed = ", disputed" if values[7] else ""
    return f"{SAID_VERDICT[values[4]]}{instead} ({SURE[cdtref.Confidence(values[8])]}{disputed})"
