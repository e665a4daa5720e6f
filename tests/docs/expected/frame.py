"""What stands around the text of a page: its head, menus, box, the way back and on, the foot.

The pages are told apart by the macro that writes them; `about` has what each says of itself.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import yaml
from mkdocs.config import load_config

import cdtref
from tests.docs import ROOT
from tests.docs.expected import denials, records
from tests.docs.expected.pieces import Lines, copy, inside, link
from tests.docs.page_lines import signs
from tests.docs.telling import (
    FIRST_MOVE,
    SCENARIO_THEME,
    first,
    last,
    last_edition,
    long,
    of_service,
    service_answer,
    verified,
)

NAME = "cdtref"
LONGEST = 160
"""Searches cut off what is longer."""


class Source(NamedTuple):
    """A page as its file has it."""

    where: str
    settings: dict[str, Any]
    macros: list[tuple[str, tuple[Any, ...]]]
    headings: list[tuple[int, str, str]]
    """Level, words and id of each, the first one first."""


def about(page: Source) -> dict[str, Any]:
    """What a page says of itself: in its file, or by the macro that writes it."""
    told = dict(page.settings)
    for macro, args in page.macros:
        told |= _ABOUT[macro](*args) if macro in _ABOUT else {}
    return told


def _about_code(id: str) -> dict[str, Any]:
    code = cdtref.code(id)
    until = f" until {code.until.year}" if code.until and code.until < last() else ""
    steps = [(f"{id} checklist to print", f"checklists/{id}/")]
    return {
        "tags": [id],
        "search": {"boost": 3},
        "verified": code.verified,
        "description": f"{id}, {code.title}{until}: what it describes, what it does not, who "
        "disputes it, and what the record must hold.",
        "next": [*(steps if code in records.with_a_checklist() else []), *_REFUSED],
        "hide": ["toc"],
        "json": {
            "@context": "https://schema.org",
            "@type": "DefinedTerm",
            "name": code.title,
            "termCode": id,
            "description": code.use,
            "inDefinedTermSet": {
                "@type": "DefinedTermSet",
                "name": "CDT: Code on Dental Procedures and Nomenclature",
            },
        },
    }


_REFUSED = [
    ("It was denied", "denials/"),
    ("May I charge the patient?", "guide/who-may-be-charged/"),
]


# Words of so many services that they tell none from another.
_COMMON = {
    *("a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to"),
    *("cast", "casts", "digital", "model", "models", "scan", "scans"),
}


def _about_service(id: str) -> dict[str, Any]:
    service, answer, told = cdtref.service(id), service_answer(id), of_service(id)[0]
    codes = [cdtref.code(code) for code in answer.codes]
    sheets = [code.code for code in codes if code in records.with_a_checklist()]
    short = f"{told.headline}. {told.standing}."
    named = f"{service.short}: {short} {last_edition()}."
    words = [word for name in service.also for word in name.lower().replace("-", " ").split()]
    return {
        "tags": [word for word in dict.fromkeys(words) if word not in _COMMON],
        "search": {"boost": 3},
        "verified": cdtref.rule(answer.rule).verified,
        "description": named if len(named) <= LONGEST else short,
        "next": [
            *((f"{code.code} {code.title}", code.address) for code in codes),
            *((f"{code} checklist", f"checklists/{code}/") for code in sheets),
            ("Put a whole visit together", f"?did={id}"),
            *_REFUSED,
        ],
        "hide": ["toc"],
    }


def _about_checklist(id: str) -> dict[str, Any]:
    needed = [item.label.lower() for item in cdtref.documentation(id) if item.required]
    return {
        "short": id,
        "description": f"What the record for {id} must hold, on one sheet to print: "
        f"{', '.join(needed)}.",
        "next": [
            (f"What {id} is for", cdtref.code(id).address),
            ("What to write", "guide/record/"),
        ],
    }


def _about_denial(id: str) -> dict[str, Any]:
    denial = cdtref.denial(id)
    codes = denials.main_codes(denial)
    do = FIRST_MOVE[denial.first]
    steps = {
        "appeal": ("What an appeal needs", "guide/appeals/"),
        "corrected-claim": (
            "What goes with a corrected claim",
            "guide/denials/#letter-with-a-corrected-claim",
        ),
    }
    remedies = {denial.remedy, denial.otherwise}
    return {
        "tags": id.split("-"),
        "search": {"boost": 2},
        "verified": denial.verified,
        "title": f"{denial.reason} ({', '.join(codes)})",
        "description": f"{' or '.join(codes)} on a payer's explanation may mean “{denial.reason}”: "
        f"{do[0].lower()}{do[1:]}.",
        "next": [*(step for remedy, step in steps.items() if remedy in remedies), _REFUSED[1]],
        "hide": ["toc"],
    }


def _about_remittance(id: str) -> dict[str, Any]:
    code = cdtref.remittance(id)
    head, _ = denials.gloss_of(code)
    printed = denials.printed(code)
    spelled = f" ({', '.join(printed)})" if printed else ""
    return {
        "tags": [code.code, *printed],
        "verified": code.verified,
        "title": f"{code.code}{spelled}: {head}",
        "description": f"{' or '.join(printed) or code.code} on a payer's explanation: "
        f"{head[0].lower()}{head[1:]}.",
        "hide": ["toc", "navigation"],
        "above": [("Denials", "denials/")],
    }


def _about_scenarios(theme: str) -> dict[str, Any]:
    return {
        "search": {"boost": 0.5},
        "description": f"Worked examples, {SCENARIO_THEME[theme]}: what was done, on which date of "
        "service, and what to report.",
    }


def _about_glossary() -> dict[str, Any]:
    terms = cdtref.glossary()
    ours = {"@type": "DefinedTermSet", "@id": "#glossary", "name": "Glossary of cdtref"}
    told = [
        {
            "@type": "DefinedTerm",
            "@id": f"#{term.id}",
            "name": term.term,
            "description": term.meaning,
            "inDefinedTermSet": {"@id": "#glossary"},
        }
        for term in terms
    ]
    return {
        "verified": min(term.verified for term in terms),
        "json": {"@context": "https://schema.org", "@graph": [ours, *told]},
    }


_ABOUT: dict[str, Callable[..., dict[str, Any]]] = {
    "code_page": _about_code,
    "service_page": _about_service,
    "checklist_page": _about_checklist,
    "denial_page": _about_denial,
    "remittance_page": _about_remittance,
    "scenarios_page": _about_scenarios,
    "glossary_page": _about_glossary,
}


# --- The head -------------------------------------------------------------------------------------


def head(page: Source) -> Lines:
    told, home = about(page), page.where == ""
    title = title_of(page)
    yield f"title: {title} - {NAME}"
    yield f"description: {told['description']}"
    if "robots" in told:
        yield f"robots: {told['robots']}"
    if "verified" in told:
        yield f"verified: {told['verified']}"
    yield f"og:type: {'website' if home else 'article'}"
    yield f"og:site_name: {NAME}"
    yield f"og:title: {title}"
    yield f"og:description: {told['description']}"
    if "json" in told:
        yield f"json: {json.dumps(told['json'], sort_keys=True, ensure_ascii=False)}"
    # A month before the last day, the browser begins to tell of it.
    yield f"shown-from: {last().replace(day=1)}"


def title_of(page: Source) -> str:
    told = about(page)
    return named_in_menu().get(page.where) or told.get("title") or page.headings[0][1]


# --- The menu of mkdocs.yml -----------------------------------------------------------------------


class Entry(NamedTuple):
    """A page of the menu, or a group of them."""

    title: str
    where: str
    """Of a page."""
    inner: tuple["Entry", ...] = ()

    def pages(self) -> Iterator["Entry"]:
        if self.inner:
            for entry in self.inner:
                yield from entry.pages()
        else:
            yield self

    def has(self, where: str) -> bool:
        return where in [page.where for page in self.pages()]

    @property
    def headed(self) -> bool:
        """Whether the group has a page of its own."""
        return _is_index(self.inner[0].where)


@cache
def settings() -> dict[str, Any]:
    return dict(load_config(str(ROOT / "mkdocs.yml")))


@cache
def menu() -> tuple[Entry, ...]:
    return tuple(map(_entry, settings()["nav"]))


def _entry(told: Any) -> Entry:
    title, inside = next(iter(told.items())) if isinstance(told, dict) else ("", told)
    if isinstance(inside, list):
        return Entry(title, "", tuple(map(_entry, inside)))
    return Entry(title, re.sub(r"(index|(?<=[^/]))\.md$", _end, inside))


def _end(found: re.Match[str]) -> str:
    return "" if found[1] else "/"


def _is_index(where: str) -> bool:
    return (ROOT / "docs" / where / "index.md").is_file()


def sections() -> list[Entry]:
    """Those in the head of every page; what is for developers stands in the foot."""
    foot = settings()["extra"]["foot_section"]
    return [entry for entry in menu() if entry.inner and entry.inner[0].where != foot]


@cache
def named_in_menu() -> dict[str, str]:
    pages = (page for entry in menu() if entry.inner for page in entry.pages())
    return {page.where: page.title for page in pages if page.title}


def groups_of(where: str) -> list[Entry]:
    """The groups that a page is in, the outermost first."""
    found: list[Entry] = []
    entries = menu()
    while group := next((one for one in entries if one.inner and one.has(where)), None):
        found.append(group)
        entries = group.inner
    return found


# --- The frame ------------------------------------------------------------------------------------

CHECK = "Check the code book of that year, and ask the payer."
ASK_FIRST = "are not answered here."


def frame(page: Source, source: Callable[[str], Source]) -> Lines:
    """Everything on a page but its text. `source` has the other pages of its menu."""
    told, where = about(page), page.where
    hidden = told.get("hide", [])
    yield "<id=__drawer> <id=__search>"
    yield link("Skip to content", f"{where}#{page.headings[0][2]}")
    yield f"{link(NAME, '')} <id=menu> Menu"
    yield from inside(signs(aria_label="Sections", id="sections"), _in_head(page, told))
    yield (
        "<hidden> <aria-label=Switch to dark id=__palette_0> "
        "<aria-label=Switch to light id=__palette_1>"
    )
    yield "<id=palette> Switch to DarkSwitch to Light"
    licensed = link("not affiliated", "about/license/")
    yield f"CDT © 2025 American Dental Association. We are {licensed}."
    yield from box(where, asks=bool(told.get("asks")))
    if where == "":
        yield from visit()
    yield from inside(
        signs(aria_label=f"Dates of service after {long(last())}", until=last()), [the_end()]
    )
    if "navigation" not in hidden:
        yield from _menu_beside(page, source)
    if "toc" not in hidden:
        yield from _contents(page)
    if where:
        yield from _way_back(page, told)
    yield from _way_on(page, told, source)
    yield (
        f"{last_edition()}, for dates of service through {long(last())}. Last verified "
        f"{verified()}. Which code describes it, whether the plan pays, and whether the patient "
        "may be charged are three questions: check the plan, your contract and the code book. Not "
        "legal or billing advice."
    )
    yield f"{settings()['copyright']} {where}"
    yield from (f"- {link(title, to)}" for title, to in settings()["extra"]["foot"].items())


def _in_head(page: Source, told: dict[str, Any]) -> Lines:
    for section in sections():
        to = section.inner[0].where
        here = section.has(page.where) or (section.title, to) in told.get("above", [])
        current = "page" if to == page.where else "true"
        mark = f"{signs('here', aria_current=current)} " if here else ""
        yield f"- {mark}{link(section.title, to)}"


def box(where: str, *, asks: bool) -> Lines:
    """The question box. Its script has no words of its own."""
    root = "../" * where.count("/") or "./"
    search = "./" if where == "search/" else f"{root.removeprefix('./')}search/"
    yield (
        f"{signs(action=search, id='ask', first=first(), last=last(), root=root)} "
        "What did you do, or what does the denial say? "
        "<id=ask-words placeholder=iTero scan, CO-97, D0470 … required=> Ask"
    )
    yield signs(
        id="ask-said",
        one="One answer.",
        many="{count} answers, the best first.",
        several="That may mean several things: which was it?",
        nothing="We have no entry for “{words}”. The search over all pages may know the word.",
        empty="Type what you did, a code, or what the denial says.",
        long="That is too long. Say it in fewer words.",
        malformed="“{about}” is not a procedure code: a code is the letter D and four digits, such "
        "as D0470.",
        near="Did you mean {near}?",
        nodate="“{about}” is no date. Write month, day and year, as in 3/2/2026.",
        dates="{about}: these dates exclude one another. Ask for one date of service.",
        before=f"Dates of service before {long(first())} {ASK_FIRST}",
        after=f"Dates of service after {long(last())} {ASK_FIRST}",
        lost="The answers could not be loaded. The search over all pages may help.",
    )
    hits = signs(
        id="ask-hits",
        dated="{on}:",
        kindvisit="One visit",
        kindcode="Code",
        kindchecklist="Record",
        kinddenial="Denial",
        kindremittance="On the payer's paper",
        kindquestion="Disputed",
        kindtopic="Question",
        kindcharge="May I charge?",
        kindcoverage="Coverage",
        kinditem="Record",
        kindedition="Edition",
        kindterm="Term",
        kindoutside="Outside this topic",
    )
    rest = f"<id=ask-rest> {link('Search every page for these words', 'search/')}"
    yield from inside("<hidden id=ask-panel>", [hits, f"<hidden> {rest}" if asks else rest])
    hit = "<slot=headline> <slot=title> <slot=second> <slot=standing> <slot=say> Add to a visit"
    hit += " Link to this answer"
    yield from inside("<id=ask-hit>", [f"- <slot=kind> <hidden slot=on> {hit}"])
    yield "<id=ask-part> <slot=headline> <slot=title> <slot=standing>"
    offered = ["<told=link>", copy("cite-link"), "<told=citation>", copy("cite-citation")]
    offered += ["To paste into a page of yours:", "<told=quotation> ``", copy("cite-quotation")]
    offered += ["<method=dialog> Close"]
    yield from inside("<id=cite>", inside("<aria-label=Link to this answer>", offered))


def visit() -> Lines:
    """Several things of one day, on the home page. The script fills it."""
    parts = {
        "lines": "Report",
        "cautions": "Watch out, together",
        "included": "Nothing separate",
        "unsettled": "Open",
        "nots": "Do not report",
        "record": "Write in the record",
    }
    date = signs(id="visit-on", min=first(), max=last())
    told = signs(
        id="visit-told",
        none=f"Type a date such as {last()}.",
        before=f"Dates of service before {long(first())} {ASK_FIRST}",
        after=f"Dates of service after {long(last())} {ASK_FIRST} Look in the code book of that "
        "year, and ask the payer.",
        unknown="Not understood in this address: {about}.",
    )
    dated = signs(
        id="visit-date",
        dated="For date of service {on}.",
        undated=f"No date of service is given: this holds for {last_edition()}.",
    )
    answer = [
        dated,
        *(line for id, title in parts.items() for line in inside(signs(part=id), [f"### {title}"])),
        "DateInitials",
        "Print <copy=visit-link done=Copied> Copy the address",
        "<id=visit-link>",
    ]
    yield from inside(
        "<hidden id=visit>",
        [
            "## <id=visit-heading> One visit",
            "<id=visit-did>",
            f"Date of service {date} Something else done? Ask for it above, and add it.",
            told,
            *inside("<hidden id=visit-answer>", answer),
        ],
    )
    yield from inside(
        "<id=visit-choice>", ["- <slot=title> for: <label=Take out: {title}> Take out"]
    )
    yield from inside(
        "<id=visit-one>",
        [
            "<slot=headline> <slot=second> <slot=standing>",
            "Say: <slot=say>",
            "Backed: <slot=backing>",
            "<against> Disputed: <slot=dissent>",
        ],
    )
    yield from inside("<id=visit-record>", ["<done=Copied> Copy"])


def the_end() -> str:
    """What is told of dates after the last one that is answered."""
    after = last().replace(year=last().year + 1, month=1, day=1)
    coming = [edition for edition in cdtref.announced() if edition.since <= after <= edition.until]
    told = [f"Dates of service from {long(after)} on {ASK_FIRST}"]
    told += [f"{edition.id} is announced; its changes were not read." for edition in coming]
    anchor = f"what-changes-in-{coming[0].since.year}" if coming else "the-next-edition"
    known = link("What is known", f"guide/dates-of-service/#{anchor}")
    return " ".join([*told, CHECK, known])


def _menu_beside(page: Source, source: Callable[[str], Source]) -> Lines:
    """The pages of its section; a group that has a page of its own is open where one is."""

    def entry(one: Entry) -> str:
        other = source(one.where)
        current = f"{signs(aria_current='page')} " if one.where == page.where else ""
        return f"{current}{link(about(other).get('short') or title_of(other), one.where)}"

    def listed_in(section: Entry) -> Lines:
        for one in section.inner:
            if not one.inner:
                yield f"- {entry(one)}"
                continue
            opened = one.has(page.where) or not one.headed
            name = entry(one.inner[0]) if one.headed else one.title
            yield name if opened else f"- {name}"
            inner = one.inner[1:] if one.headed else one.inner
            yield from (f"- {entry(each)}" for each in inner if opened)

    for section in menu():
        if section.inner and section.has(page.where):
            yield from inside(signs(aria_label=section.title), listed_in(section))


def _contents(page: Source) -> Lines:
    """The headings of the page, but for the first and the smallest."""

    def entry(words: str, id: str) -> str:
        return link(words, f"{page.where}#{id}")

    def listed_here() -> Lines:
        below: list[tuple[str, str]] = []
        shown = [one for one in page.headings[1:] if one[0] in (2, 3)]
        for number, (level, words, id) in enumerate(shown):
            if level == 3:
                continue
            below = []
            for deeper in shown[number + 1 :]:
                if deeper[0] == 2:
                    break
                below.append(deeper[1:])
            yield entry(words, id) if below else f"- {entry(words, id)}"
            if below:
                inner = [f"- {entry(*one)}" for one in below]
                yield from inside(signs(aria_label=words), inner)

    told = ["Table of contents", *listed_here()] if len(page.headings) > 1 else []
    yield from inside(signs(aria_label="Table of contents"), told)


def _way_back(page: Source, told: dict[str, Any]) -> Lines:
    groups = groups_of(page.where)
    trail = [
        (group.title, group.inner[0].where)
        for outer, group in enumerate(groups)
        if group.inner[0].where != page.where and (outer == 0 or group.headed)
    ]
    trail += told.get("above", [])
    if groups or trail:
        steps = [("Home", ""), *trail]
        yield from inside(
            signs(aria_label="Breadcrumbs"), [f"- {link(words, to)}" for words, to in steps]
        )


def _way_on(page: Source, told: dict[str, Any], source: Callable[[str], Source]) -> Lines:
    """Where a reader goes from here: what the page says, or the next one of its group."""
    steps = told.get("next", [])
    groups = groups_of(page.where)
    if not steps and groups and groups[0] in sections():
        inner = groups[-1].inner
        at = [one.where for one in inner].index(page.where)
        following = inner[at + 1 : at + 2]
        steps = [(title_of(source(one.where)), one.where) for one in following if not one.inner]
    if steps:
        yield from inside(
            signs(aria_label="Next step"),
            ["## Next", *(f"- {link(words, to)}" for words, to in steps)],
        )


def settings_in(text: str) -> dict[str, Any]:
    """What a file of docs/ says of its page before it begins."""
    found = yaml.safe_load(text)
    return dict(found) if found else {}
