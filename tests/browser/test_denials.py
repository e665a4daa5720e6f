"""A biller with a code in hand: the box finds it, and its page answers on the first screen."""

from pathlib import Path

import cdtref
from tests.browser.conftest import OpenPage, every_page

PHONE = {"width": 390, "height": 844}
ALL = [code.code for code in cdtref.remittances() if code.kind != "group"]
SHOWN = """rows => rows.filter(row => row.getClientRects().length)
  .map(row => row.dataset.remittance)"""
ROWS = "#by-code tbody tr"


FOUND = {
    "CO-97": ["97"],
    "co97": ["97"],
    "CO 97": ["97"],
    " PI-97 ": ["97"],
    "CARC 97": ["97"],
    "pr\u201316": ["16"],
    "n478": ["N478"],
    "RARC N478": ["N478"],
    "CO-B7": ["B7"],
    "28": ["284", "285", "286", "289"],
    "record fees": ["96", "N135"],
    "Waiting": ["179"],
    "timely filing": ["29"],
    "plan\u2019s age": ["6", "N129"],
    "CO-9999": [],
    "zebra": [],
    "97 zebra": [],
}


def test_the_box_finds_a_code_however_it_is_spelled(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    page.goto("denials/")
    box, count = page.get_by_label("Code or words"), page.locator("#filter-count")
    for typed, codes in FOUND.items():
        box.fill(typed)
        assert page.eval_on_selector_all(ROWS, SHOWN) == codes, typed
        begins = f"{len(codes)} of {len(ALL)} codes" if codes else "None of the"
        assert count.inner_text().startswith(begins), typed
        box.fill("")
        assert sorted(page.eval_on_selector_all(ROWS, SHOWN)) == sorted(ALL)
        assert count.inner_text() == ""


def test_without_javascript_the_whole_list_shows_and_no_box(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto("denials/")
    assert len(page.eval_on_selector_all(ROWS, SHOWN)) == len(ALL)
    assert not page.locator("#filter").is_visible()


def test_a_code_and_a_reason_answer_on_the_first_screen(open_page: OpenPage, site: Path) -> None:
    """And no page is longer than three."""
    page = open_page(viewport=PHONE)
    late, long = [], []
    found = [where for where in every_page(site) if where.startswith("denials/")]
    for name in found:
        if name == "denials/":
            continue
        page.goto(name)
        page.evaluate("document.fonts.ready")
        height = page.evaluate("document.documentElement.scrollHeight")
        long += [name] if height > 3 * PHONE["height"] else []
        answers = page.locator(".decision .branches, .choice:first-child")
        box = answers.bounding_box()
        assert box
        late += [name] if box["y"] + box["height"] > PHONE["height"] else []
    assert (late, long) == ([], [])
