"""Editions, cautions, terms, what is outside, and figures on the checks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import cdtref
from cdtref.site import advice, checks, drift
from tests.docs.examples import ROOT
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
    (
        "`claim`",
        "your own label; the rows of a claim follow one another, and a row without a label "
        "is a claim of its own",
    ),
    (
        "`on`, required",
        "the date of service, year first; a spreadsheet may save another form, which is refused",
    ),
    ("`billed`, required", "the code"),
    ("`did`", "what was done, by the names of services; several are separated by semicolons"),
    ("`arch`", "upper, lower, both, or empty"),
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
    yield from (form.pattern for form in advice.FORMS)


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
