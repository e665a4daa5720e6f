"""What one prints fits on a sheet, and the sheet says where it is from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PUBLISHED, OpenPage, every_page, serve

MARGIN = "0.4in"  # what Chromium leaves blank, unless told otherwise


def sheets(page: Page) -> int:
    """How many letter sheets a page prints on."""
    margin = {"top": MARGIN, "right": MARGIN, "bottom": MARGIN, "left": MARGIN}
    printed = page.pdf(format="Letter", margin=margin)  # type: ignore[arg-type]
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))


@pytest.fixture
def paper(open_page: OpenPage, published: Path) -> Iterator[Page]:
    with serve(published) as server:
        page = open_page(base_url=server.address)
        page.emulate_media(media="print")
        yield page
        page.close()


@pytest.mark.parametrize("lines", [1, 30, 150])
def test_sheets_are_counted(open_page: OpenPage, lines: int) -> None:
    page = open_page()
    page.set_content("<p style='font: 16px/30px serif; margin: 0'>Report D0801</p>" * lines)
    assert sheets(page) == -(-lines * 30 // 979)  # 10.2 inches of 96 pixels


def test_an_answer_is_one_sheet(paper: Page, published: Path) -> None:
    codes = [at for at in every_page(published) if re.fullmatch(r"codes/D\d{4}/", at)]
    assert len(codes) == 12
    long = {}
    for where in codes:
        paper.goto(where)
        assert paper.locator("article h1").is_visible(), where
        assert re.search(r"[Rr]eport D\d{4}", paper.locator(".card-answer .verdict").inner_text())
        if (count := sheets(paper)) != 1:
            long[where] = count
    assert long == {}


def test_a_checklist_is_one_sheet(paper: Page, published: Path) -> None:
    lists = [at for at in every_page(published) if re.fullmatch(r"checklists/D\d{4}/", at)]
    assert len(lists) == 13
    long = {}
    for where in lists:
        paper.goto(where)
        told = paper.locator("body").inner_text()
        assert paper.locator("article h1").is_visible(), where
        assert re.search(r"\bDate\b", told), where
        assert re.search(r"\bInitials\b", told), where
        assert f"{PUBLISHED.removeprefix('https://')}{where}" in told, where
        if (count := sheets(paper)) != 1:
            long[where] = count
    assert long == {}
