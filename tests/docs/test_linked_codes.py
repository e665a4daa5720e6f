"""A code that a text names leads to its page, and nothing else is touched."""

import re

import cdtref
from cdtref.site.macros import _link_codes
from tests.docs.conftest import Pages

LINK = '<a class="code" href="../codes/D0801/">D0801</a>'


def test_a_code_in_a_text_becomes_a_link_once() -> None:
    assert _link_codes("<p>Report D0801.</p>", "../", "") == f"<p>Report {LINK}.</p>"
    neighbor = _link_codes("Report D9950.", "../", "")
    assert neighbor == 'Report <a class="code" href="../codes/neighbors/#code-d9950">D9950</a>.'


def test_headings_links_attributes_and_code_stay_as_they_are() -> None:
    for text in (
        "# D0801 An intraoral scan {: #code-d0801 }",
        "[D0801](x.md) and D0801",
        '<a href="D0801/">D0801</a>',
        '<p data-code="D0801">a</p>',
        "<code>D0801</code>",
        "D2740 and D08010",
    ):
        assert _link_codes(text, "../", "") == text


def test_a_page_does_not_link_its_own_code(pages: Pages) -> None:
    for code in cdtref.all_codes():
        if code.subject:
            article = pages[code.address].cssselect("article")[0]
            own = [a for a in article.cssselect("a.code") if a.text_content() == code.code]
            assert not own


def test_no_code_is_left_bare_in_a_text_of_a_generated_page(pages: Pages) -> None:
    known = {code.code for code in cdtref.all_codes()}
    for where in ("denials/bundled/", "sources/delta-dental-fyi/", "services/lab-print/"):
        (article,) = pages[where].cssselect("article")
        bare = article.xpath(".//p//text()[not(ancestor::a) and not(ancestor::code)]")
        named = {code for text in bare for code in re.findall(r"\bD\d{4}\b", text)}
        assert not named & known, where
