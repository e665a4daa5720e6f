"""On a phone nothing sticks out: a page that scrolls sideways hides its words."""

from pathlib import Path

from tests.browser.conftest import OpenPage, every_page

WIDTH = 390


def test_no_page_is_wider_than_a_phone(open_page: OpenPage, site: Path) -> None:
    page = open_page(viewport={"width": WIDTH, "height": 844})
    wide = {}
    for where in every_page(site):
        page.goto(where)
        page.evaluate("document.fonts.ready")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > WIDTH:
            wide[where] = width
    assert wide == {}
