"""Nothing sticks out, and an answer is short: what is off the screen is not read.

WCAG 1.4.10 asks for 320 CSS pixels. A window of 1280 at 200 % shows 640 of them.
"""

from pathlib import Path

from tests.browser.conftest import KINDS, OpenPage, every_page, unfold

WIDTHS = (320, 390, 640, 1280)


def test_every_kind_of_page_has_one_here(site: Path) -> None:
    pages = every_page(site)
    assert set(KINDS) <= set(pages)
    assert {where.split("/")[0] for where in pages} == {where.split("/")[0] for where in KINDS}


def test_no_page_scrolls_sideways(open_page: OpenPage, site: Path) -> None:
    page = open_page(viewport={"width": WIDTHS[0], "height": 844})
    wide = {}
    for where in every_page(site):
        page.set_viewport_size({"width": WIDTHS[0], "height": 844})
        page.goto(where)
        page.evaluate("document.fonts.ready")
        unfold(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            found = page.evaluate("document.documentElement.scrollWidth")
            if found > width:
                wide[f"{where} at {width}"] = found
    assert wide == {}


def test_the_page_of_the_main_code_is_three_screens(open_page: OpenPage) -> None:
    """And the answer is on the first."""
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto("codes/D0470/")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.documentElement.scrollHeight") <= 3 * 844
    for part in (".verdict", ".disputes p"):
        box = page.locator(f"#in-short {part}").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844, part
