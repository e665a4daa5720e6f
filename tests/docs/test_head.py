"""What each page says of itself to machines: title, description, cards, terms."""

import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader
from lxml import html

import cdtref
from cdtref.site import head
from tests.docs import ROOT
from tests.docs.conftest import Pages

HOSTILE = "\"><script>alert(1)</script></title>\u2028'&amp;{{ x }}</script><!--"


def content(page: html.HtmlElement, name: str) -> str:
    (found,) = page.xpath(f"//meta[@name='{name}' or @property='{name}']/@content")
    return str(found)


def rendered(**meta: Any) -> str:
    """The head of a page with such settings, as MkDocs renders it: it escapes nothing itself."""
    templates = Environment(loader=FileSystemLoader(ROOT / "overrides"), autoescape=False)
    templates.filters["url"] = str
    page = SimpleNamespace(
        meta=meta, title="A &lt;page&gt;", is_homepage=False, canonical_url="https://x.invalid/?a&b"
    )
    config = {"site_name": "cdtref", "site_description": "All of it.", "theme": {"favicon": "x"}}
    inside = templates.get_template("partials/head.html").render(page=page, config=config)
    return f"<!doctype html><html><head>{inside}</head><body></body></html>"


def test_every_page_has_a_title_of_its_own(pages: Pages) -> None:
    titles = Counter(page.findtext(".//title") for page in pages.values())
    assert [title for title, count in titles.items() if count > 1] == []
    assert all(title and len(title) >= 10 for title in titles)
    for where, page in pages.items():
        assert len(page.xpath("//title")) == 1, where


def test_every_page_has_a_description_of_its_own(pages: Pages) -> None:
    told = {where: content(page, "description") for where, page in pages.items()}
    common = {text for text, count in Counter(told.values()).items() if count > 1}
    lacking = [where for where, text in told.items() if text in common]
    assert lacking == [], f"{len(lacking)} pages have no description of their own"
    assert {
        where: text for where, text in told.items() if not 50 <= len(text) <= head.LONGEST
    } == {}


def test_every_page_has_a_card(pages: Pages) -> None:
    for where, page in pages.items():
        if where == "404.html":
            continue
        title = str(page.findtext(".//title"))
        assert content(page, "og:title") in title, where
        assert content(page, "og:description") == content(page, "description"), where
        assert content(page, "og:type") == ("article" if where else "website"), where
        assert content(page, "og:site_name") == "cdtref", where
        assert not page.xpath("//link[@rel='canonical'] | //meta[@property='og:url']"), where


def test_both_fonts_are_asked_for_at_once(pages: Pages, site: Path) -> None:
    for where, page in pages.items():
        if where == "404.html":
            continue
        fonts = page.xpath("//link[@rel='preload' and @as='font' and @crossorigin]/@href")
        assert [href.rpartition("/")[2] for href in fonts] == [
            "source-sans-3.woff2",
            "source-serif-4.woff2",
        ], where
        assert all((site / where / href).resolve().is_file() for href in fonts), where


# --- Terms ----------------------------------------------------------------------------------------


def terms(page: html.HtmlElement) -> Any:
    (found,) = page.xpath("//script[@type='application/ld+json']/text()")
    return json.loads(found)


def test_the_glossary_is_a_set_of_terms_with_addresses(pages: Pages) -> None:
    page = pages["glossary/"]
    ours, *found = terms(page)["@graph"]
    assert [term["name"] for term in found] == [term.term for term in cdtref.glossary()]
    ids = {f"#{id}" for id in page.xpath("//@id")}
    assert {ours["@id"], *(term["@id"] for term in found)} <= ids
    assert {term["inDefinedTermSet"]["@id"] for term in found} == {ours["@id"]}


# --- Whatever texts hold --------------------------------------------------------------------------


def test_no_text_leaves_its_place_in_the_head() -> None:
    term = {"@type": "DefinedTerm", "name": HOSTILE, "description": HOSTILE}
    text = rendered(
        title=HOSTILE, description=HOSTILE, robots=HOSTILE, verified=HOSTILE, json_ld=term
    )
    page = html.fromstring(text)
    assert page.xpath("//script/@type") == ["application/ld+json"]
    assert len(page.xpath("//script")) == 1
    assert terms(page) == term
    assert page.xpath("//body/node()") == []
    assert content(page, "robots") == HOSTILE
    assert content(page, "og:description") == content(page, "description")
    assert "alert(1)" in content(page, "description")
    assert "\u2028" not in "".join(page.xpath("//script/text()"))


def test_a_title_with_signs_is_shown_as_it_is() -> None:
    page = html.fromstring(rendered())
    assert page.findtext(".//title") == "A <page> - cdtref"
    assert content(page, "description") == "All of it."
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://x.invalid/?a&b"]
    titled = html.fromstring(rendered(title="Denied & paid", description="Who “pays” & when?"))
    assert titled.findtext(".//title") == "Denied & paid - cdtref"
    assert content(titled, "description") == "Who “pays” & when?"
