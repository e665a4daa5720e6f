"""The pages of denials, beside what is read back from every page: a few written out by hand, and
what holds of all of them."""

import copy
import re

import pytest

import cdtref
from cdtref import RemittanceKind
from tests.docs.conftest import Pages
from tests.docs.test_rendered import words

CODED = [code for code in cdtref.remittances() if code.kind is not RemittanceKind.GROUP]


# --- The page of a reason -------------------------------------------------------------------------


def test_nobody_appeals_before_they_looked_for_a_mistake(pages: Pages) -> None:
    """Wherever both stand, on any page, an appeal comes last."""
    both = set()
    for where, page in pages.items():
        for part in page.cssselect(".branches, .branch-line"):
            remedies = re.findall(r"remedy-([a-z-]+)", " ".join(part.xpath("./*/@class")))
            assert remedies, where
            assert "appeal" not in remedies[:-1], where
            both |= {where} if remedies[0] != "appeal" == remedies[-1] else set()
    appealed = [denial for denial in cdtref.denials() if denial.remedy == "appeal"]
    assert {denial.address for denial in appealed if denial.otherwise != "none"} <= both


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("bundled", "97, 234"),
        ("timely-filing", "29"),
        ("not-covered", "96, N130"),  # 96 alone may be about record fees
        ("record-fees", "96, N135"),
        ("by-report", "16, N350"),
        ("other-payer", "22, 109"),
    ],
)
def test_the_title_of_a_reason_has_its_codes(pages: Pages, reason: str, codes: str) -> None:
    page, name = pages[f"denials/{reason}/"], cdtref.denial(reason).reason
    assert page.xpath("string(//head/title)").startswith(f"{name} ({codes})")
    assert words(page.cssselect("h1")[0]).startswith(f"{name} {codes}")


def test_a_page_of_a_denial_is_for_billers_and_short(pages: Pages) -> None:
    reasons = {f"denials/{denial.id}/" for denial in cdtref.denials()}
    for where, built in pages.items():
        if where.startswith("denials/") and where != "denials/":
            page = copy.deepcopy(built)
            for folded in page.cssselect("article aside, article details.cite"):
                folded.drop_tree()
            text = page.cssselect("article")[0].text_content()
            assert not re.search(r"\bcdtref [a-z]|terminal|\.toml", text), where
            assert len(text.split()) <= (340 if where in reasons else 190), where


def test_the_description_of_a_denial_is_shown_whole(pages: Pages) -> None:
    for where, page in pages.items():
        if where.startswith("denials/") and where != "denials/":
            (text,) = page.xpath("//head/meta[@name='description']/@content")
            assert len(text) <= 155, where
            assert text.endswith("."), where


# --- The list -------------------------------------------------------------------------------------


def test_the_list_has_each_code_once_in_the_order_of_its_number(pages: Pages) -> None:
    rows = pages["denials/"].xpath("//table[@id='by-code']/tbody/tr")
    codes = [words(row[0]) for row in rows]
    assert sorted(codes) == sorted(code.code for code in CODED)
    assert codes == [row.get("data-remittance") for row in rows]
    assert codes[:5] == ["6", "8", "16", "18", "22"]
    kinds = {"B": 1, "M": 2, "N": 3}
    places = [(kinds.get(code[0], 0), int(code.lstrip("BMN"))) for code in codes]
    assert places == sorted(places)


def test_the_script_of_the_list_is_on_no_other_page_and_has_no_words(pages: Pages) -> None:
    for where, page in pages.items():
        scripts = [src for src in page.xpath("//script/@src") if src.endswith("filter.js")]
        assert len(scripts) == (where == "denials/"), where
    (box,) = pages["denials/"].xpath("//input[@id='filter']")
    assert box.get("aria-controls") == "by-code"
    assert box.xpath("string(//label[@for='filter'])")
    assert box.getparent().get("hidden") is not None, "without JavaScript it would do nothing"
    (count,) = pages["denials/"].xpath("//*[@id='filter-count']")
    assert count.get("aria-live") == "polite"
    assert str(len(CODED)) in count.get("data-some")
    assert str(len(CODED)) in count.get("data-none")
