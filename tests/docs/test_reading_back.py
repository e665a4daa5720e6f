"""Whatever stands on a built page is what the library holds, and is read back."""

import copy
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

import cdtref
from cdtref.library import current
from tests.docs import ROOT, telling
from tests.docs.conftest import Pages
from tests.docs.expected import frame
from tests.docs.expected.codes import disputed
from tests.docs.expected.denials import reasons_for
from tests.docs.expected.records import with_a_checklist
from tests.docs.page_lines import MEANS
from tests.docs.reading_back import read_back, read_part, source_of
from tests.docs.telling import (
    Told,
    days,
    last,
    long,
    of_code,
    of_pair,
    of_service,
    standing,
    verified,
)


def test_every_page_says_what_the_library_says_and_nothing_else(pages: Pages) -> None:
    wrong = read_back(pages)
    if wrong:
        more = f"and {len(wrong) - MOST} more" if len(wrong) > MOST else ""
        pytest.fail("\n".join(["the pages say otherwise:", *wrong[:MOST], more]), pytrace=False)


MOST = 40
"""How many mistakes are told at once."""


def test_the_words_cover_every_value() -> None:
    """A value that is new would else be told by nobody, on no page."""
    for words, kind in (
        (telling.SURE, cdtref.Confidence),
        (telling.STATUS, cdtref.Status),
        (telling.VERDICT, cdtref.Outcome),
        (telling.STANCE, cdtref.Stance),
        (telling.AUTHORITY, cdtref.Authority),
        (telling.READ, cdtref.Read),
        (telling.JUDGMENT, cdtref.Judgment),
        (telling.SERVICE_THEME, cdtref.ServiceTheme),
        (telling.SCENARIO_THEME, cdtref.ScenarioTheme),
        (telling.FIRST_MOVE, cdtref.FirstMove),
        (telling.REMEDY, cdtref.Remedy),
        (telling.MAY_CHARGE, cdtref.MayCharge),
        (telling.PAYER, cdtref.Pays),
        (telling.PATTERN, cdtref.Pays),
        (telling.CASTS, cdtref.Casts),
    ):
        assert list(words) == [value.value for value in kind], kind


# --- That a change is told ------------------------------------------------------------------------

# One page for each macro that writes a whole one, and those with several tables.
CHANGED = [
    *("", "codes/", "codes/D0470/", "codes/D0351/", "codes/neighbors/"),
    *("services/", "services/intraoral-scan/", "services/lab-print/", "scenarios/scans/"),
    *("denials/", "denials/bundled/", "denials/97/", "denials/16/"),
    *("checklists/", "checklists/D0470/", "guide/record/", "guide/coverage/"),
    *("guide/who-may-be-charged/", "guide/appeals/", "guide/dates-of-service/"),
    *("guide/where-sources-disagree/", "guide/checking-a-claim/", "sources/", "glossary/"),
    *("sources/practicealpha/", "outside/", "scenarios/"),
]


def a_word(element: HtmlElement) -> None:

    element.text = f"not {element.text or ''}"


def gone(element: HtmlElement) -> None:
    element.drop_tree()


def hidden(element: HtmlElement) -> None:
    element.set("hidden", "")


def led_elsewhere(element: HtmlElement) -> None:
    element.set("href", "../../codes/D0396/#elsewhere")


def a_datum(element: HtmlElement) -> None:
    name = next(name for name in element.attrib if str(name).startswith("data-"))
    element.set(name, f"{element.get(name)}x")


def another_id(element: HtmlElement) -> None:
    element.set("id", "another")


def another_mark(element: HtmlElement) -> None:
    marks = element.get("class", "").split()
    element.set("class", " ".join([*marks, "soft"] if "soft" not in marks else marks[:-1]))


def moved(element: HtmlElement) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.insert(0, element)


CHANGES: list[tuple[Callable[[HtmlElement], None], str]] = [
    (a_word, "//article//*[normalize-space(text()) and not(self::script)]"),
    (gone, "//article//*[normalize-space() and not(self::script)]"),
    (hidden, "//article//*[normalize-space() and not(@hidden) and not(self::script)]"),
    (led_elsewhere, "//article//a[@href]"),
    (a_datum, "//article//*[@*[starts-with(name(), 'data-') and not(contains(name(), 'search'))]]"),
    (another_id, "//article//*[@id]"),
    (another_mark, "//article//*[contains(concat(' ', @class), ' v-')]"),
    (moved, "//article//*[self::li or self::tr or self::p][preceding-sibling::*]"),
]
FEW = 4
"""Elements of a page on which each change is tried: the first, the last, and some between them."""


@pytest.mark.parametrize(("change", "which"), CHANGES, ids=lambda one: getattr(one, "__name__", ""))
def test_whatever_is_changed_on_a_page_is_told(
    pages: Pages, change: Callable[[HtmlElement], None], which: str
) -> None:
    unseen, tried = [], 0
    for where in CHANGED:
        found = pages[where].xpath(which)
        for at in {round(part * (len(found) - 1) / FEW) for part in range(FEW + 1) if found}:
            page = copy.deepcopy(pages[where])
            element = page.xpath(which)[at]
            was = html.tostring(element, encoding="unicode")
            change(element)
            tried += 1
            if not read_back({where: page}):
                unseen.append(f"/{where}: {was[:200]}")
    assert not unseen, "\n".join(unseen)
    assert tried > len(CHANGED)


def test_what_has_a_color_of_its_own_is_read() -> None:
    """A class that means something to the eye would else mean it unread."""
    style = (ROOT / "docs/assets/cdtref.css").read_text(encoding="utf-8")
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    unread = {
        name
        for selector, rule in re.findall(r"([^{}]+)\{([^{}]*)\}", style)
        if re.search(r"--v: |color.*var\(--c-(yes|no|included|unsettled|disputed)\)", rule)
        for name in re.findall(r"\.([a-z][a-z-]+)", selector)
        if not MEANS.fullmatch(name)
    }
    assert unread == COLORED_ALIKE


# The color of these is that of what stands in them or around them, or of a warning of the browser.
COLORED_ALIKE = {
    *("ans", "branch", "on-told", "sides", "tag", "who"),
}


def test_what_one_macro_wrote_is_read_alone(pages: Pages) -> None:
    (themes,) = pages[""].cssselect(".themes")
    assert read_part("home", (), themes, "") == []
    assert read_part("home", (), themes[0], "")
    assert read_part("no_such_macro", (), themes, "")[0].endswith("expected/")


def test_what_the_search_over_all_pages_finds_a_page_by(site: Path, pages: Pages) -> None:
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
    whole = [entry for entry in index["docs"] if "#" not in entry["location"]]
    assert {entry["location"] for entry in whole} == pages.keys() - {"404.html", "search/"}
    for entry in whole:
        told = frame.about(source_of(entry["location"]))
        assert entry.get("tags", []) == told.get("tags", []), entry["location"]
        assert entry.get("boost") == told.get("search", {}).get("boost"), entry["location"]


# --- For another date of service ------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(site: Path) -> dict[str, Any]:
    """What the browser fills in, told as it is written; see `cdtref.site.table`."""
    found: dict[str, Any] = json.loads((site / "assets/answers.json").read_text(encoding="utf-8"))
    found["shown"] = list(zip(*found["shown"], strict=True))
    newest = 0
    pairs = [row for rows in found["pairs"].values() for row in rows]
    for stretches in (*found["services"].values(), *found["codes"].values(), *pairs):
        for stretch in stretches:
            for at, before in enumerate(stretch[1:], 1):
                stretch[at] = newest - before
                newest += not before
    return found


def filled(table: dict[str, Any], stretches: list[list[int]], on: dt.date) -> tuple[Told, ...]:
    """What the browser fills in on a date, read as it reads it."""
    *_, (_, *shown) = (one for one in stretches if table["days"][one[0]] <= on.isoformat())
    signs, found = ("soft", "disputed"), []
    for number in shown:
        row = zip(table["fields"], table["shown"][number], strict=True)
        told: dict[str, Any] = {
            name: bool(value) if name in signs else table["texts"][value] for name, value in row
        }
        found.append(Told(**told))
    return tuple(found)


def test_what_the_browser_fills_in_for_another_date(table: dict[str, Any]) -> None:
    """Every answer, whole, on every day on which one could change, and on the last."""
    asked = {*days(), last(), *map(dt.date.fromisoformat, table["days"])}
    for on in sorted(asked):
        for service in cdtref.services():
            found = filled(table, table["services"][service.id], on)
            assert found == of_service(service.id, on), (service.id, on)
        for code in cdtref.all_codes():
            found = filled(table, table["codes"][code.code], on)
            assert found == (of_code(code.code, on),), (code, on)
            pairs = zip(cdtref.services(), table["pairs"][code.code], strict=True)
            for service, stretches in pairs:
                found = filled(table, stretches, on)
                assert found == (of_pair(code.code, service.id, on),), (code, service.id, on)


def test_what_else_stands_in_the_table(table: dict[str, Any], site: Path) -> None:
    quoting = json.loads((site / "assets/quoting.json").read_text(encoding="utf-8"))
    given = {name: value for name, value in quoting.items() if name not in QUOTED}
    assert given == {
        "names": {service.id: service.short for service in cdtref.services()},
        "disputes": {
            code.code: told for code in cdtref.all_codes() if (told := disputed(code.address, code))
        },
        "verified": verified(),
    }
    rest = {name: value for name, value in table.items() if name not in ANSWERS}
    assert rest == {
        "version": cdtref.__version__,
        "editions": [[one.id, f"{one.since}", f"{one.until}"] for one in cdtref.editions()],
        "pages": {code.code: code.address for code in cdtref.all_codes()},
        # A change of these makes the answer another one; who says so may change under it.
        "lasting": [
            Told._fields.index(name) for name in ("headline", "second", "standing", "why", "say")
        ],
    }


ANSWERS = {"services", "codes", "pairs", "fields", "days", "shown", "texts"}
# What the piece of HTML is made from; `tests/browser/test_quotations.py` reads what is made of it.
QUOTED = {"quotation", "citation"}


# --- The box --------------------------------------------------------------------------------------

# How words are read and hits are ranked. `tests/browser/test_ask.py` compares the hits themselves.
HOW_IT_READS = {
    *("bias", "rarity", "endings", "months", "dates", "code", "bareCode", "joiners"),
    *("looseJoiner", "typed", "later", "sets", "smallNames", "joined", "same", "kinds"),
    *("beforeLaterDates", "denies", "apart"),
}


@pytest.fixture(scope="module")
def box(site: Path) -> dict[str, Any]:
    """What the question box knows; see `cdtref.site.asking`."""
    found: dict[str, Any] = json.loads((site / "assets/ask.json").read_text(encoding="utf-8"))
    return found


def test_what_the_box_tells_of_a_visit(box: dict[str, Any]) -> None:
    reported: dict[str, str] = {}
    contested: dict[str, list[str]] = {}
    for service in cdtref.services():
        for one in of_service(service.id):
            if one.verdict == "yes":
                reported.setdefault(one.code, service.id)
        asked = [one.code for one in cdtref.questions() if service.id in one.services]
        contested |= {service.id: asked} if asked else {}
    codes = cdtref.all_codes()
    elsewhere = {"things", "addresses", "reasons", *HOW_IT_READS, *filter(str.isupper, box)}
    assert {name: value for name, value in box.items() if name not in elsewhere} == {
        "version": cdtref.__version__,
        "outsideCode": "a code outside this topic",
        "codes": [code.code for code in codes],
        "neighbors": [code.code for code in codes if not code.subject],
        "serviceOf": reported,
        "uses": {one.id: [one.act, one.use] for one in cdtref.services() if one.act},
        "cautions": [
            [
                one.id,
                [[[*when.services], [*when.codes], when.repeated] for when in one.when],
                one.text,
                standing(one.status, one.confidence),
            ]
            for one in cdtref.cautions()
            if one.when  # the box is told of a visit, not of a claim
        ],
        "beyond": {
            "headline": "Unsettled: ask the payer",
            "why": f"Dates of service after {long(last())} are not answered here.",
        },
        "contested": contested,
    }


def test_where_the_hits_lead_and_what_they_are_called(box: dict[str, Any]) -> None:
    wanted: dict[str, set[tuple[str, str, str]]] = {}

    def lists(kind: str, facts: Iterable[Any], title: Callable[[Any], str]) -> None:
        wanted[kind] = {(one.id, title(one), one.address) for one in facts}

    lists("service", cdtref.services(), lambda one: one.short)
    lists("code", cdtref.all_codes(), lambda one: f"{one.code} {one.title}")
    lists("denial", cdtref.denials(), lambda one: one.reason)
    lists("question", cdtref.questions(), lambda one: one.asks)
    lists("charge", cdtref.charges(), lambda one: one.situation)
    lists("outside", cdtref.outside(), lambda one: one.short)
    lists("edition", [*cdtref.editions(), *cdtref.announced()], lambda one: one.id)
    lists("item", current().facts(cdtref.Item).values(), lambda one: one.label)
    lists("topic", current().facts(cdtref.Topic).values(), lambda one: one.heading)
    # The words of a term that names a service lead to the service.
    lists("term", (one for one in cdtref.glossary() if not one.service), lambda one: one.term)
    kinds = {"carc": "CARC", "rarc": "RARC", "group": "Group"}
    lists("remittance", cdtref.remittances(), lambda one: f"{kinds[one.kind]} {one.code}")
    payer = "{0.payer}: {0.label}"
    lists("coverage", cdtref.coverage(), lambda one: payer.format(one) if one.payer else one.label)
    wanted["checklist"] = {
        (one.code, f"{one.code} checklist", f"checklists/{one.code}/") for one in with_a_checklist()
    }
    found = {
        kind: {(id, title, where(box, kind, id, *address)) for id, title, _, *address in rows}
        for kind, rows in box["things"].items()
    }
    assert found == wanted


def where(box: dict[str, Any], kind: str, id: str, address: str = "") -> str:
    """Where a hit leads, as the script works it out."""
    usual: str = box["addresses"].get(kind, "")
    return address or usual.replace("{id}", id).replace("{ID}", id.upper())


def test_which_reasons_a_code_of_a_payer_stands_for(box: dict[str, Any]) -> None:
    ids = [id for rows in box["things"].values() for id, *_ in rows]
    found = {
        ids[int(code)]: [ids[at] for at in reasons] for code, reasons in box["reasons"].items()
    }
    known = {code.id: reasons_for(code) for code in cdtref.remittances()}
    assert found == {id: [one.id for one in reasons] for id, reasons in known.items() if reasons}
