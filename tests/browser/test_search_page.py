"""The search has a page of its own, and only that page fetches the words of all others."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, every_page

INDEX = "search_index.json"


def asked(page: Page) -> list[str]:
    """The files a page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


def first_hit(page: Page) -> str:
    return str(page.locator("#hits > li a").first.evaluate("link => new URL(link.href).pathname"))


def test_no_other_page_fetches_the_index(open_page: OpenPage, site: Path) -> None:
    page = open_page()
    found = asked(page)
    for where in every_page(site)[::9]:
        page.goto(where, wait_until="networkidle")
    assert len(found) > 50
    assert [url for url in found if INDEX in url or "workers" in url] == []
    page.goto("search/")
    expect(page.locator("#said")).to_have_text("")
    assert [url for url in found if INDEX in url]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("itero", "/services/intraoral-scan/"),
        ("D0470", "/codes/D0470/"),
        ("d0470:", "/codes/D0470/"),
        ("plaster", "/services/stone-cast/"),
        ("invisalign", "/services/aligner-scan/"),
    ],
)
def test_the_words_of_the_address_are_looked_for(
    open_page: OpenPage, words: str, where: str
) -> None:
    page = open_page()
    page.goto(f"search/?q={words}")
    expect(page.get_by_role("searchbox")).to_have_value(words)
    expect(page.locator("#said")).to_contain_text(re.compile(r"One page|\d+ pages"))
    assert first_hit(page) == where


def test_it_works_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("search/")
    box = page.get_by_role("searchbox", name="What did you do")
    expect(box).to_be_focused()
    box.fill("printed")
    expect(page.locator("#said")).to_contain_text("best first")
    # The answers of the box come first, then the pages.
    answers, pages = page.locator("#ask-hits a"), page.locator("#hits a")
    expect(answers.nth(0)).to_be_visible()
    count = answers.count()
    for at in range(count):
        page.keyboard.press("ArrowDown")
        expect(answers.nth(at)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(pages.nth(0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(answers.nth(count - 1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(answers.nth(0)).to_be_focused()
    assert page.url.endswith("?q=printed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/**")
    page.go_back()
    expect(box).to_have_value("printed")
    expect(pages.nth(0)).to_be_visible()


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("the scan, for a crown?", "scan crown"),
        ("How do we bill photos", "photos"),
        ("models; casts", "models casts"),
    ],
)
def test_small_words_and_signs_do_not_count(open_page: OpenPage, words: str, same: str) -> None:
    page = open_page()
    found = []
    for asked in (words, same):
        page.goto(f"search/?q={asked}")
        expect(page.locator("#said")).to_contain_text("best first")
        found.append(page.locator("#hits > li > a").all_inner_texts())
    assert found[0] == found[1]
    assert len(found[0]) > 3


def test_python_pages_come_last(open_page: OpenPage) -> None:
    page = open_page()
    for words in ("scan", "denial", "record", "claim", "code D0470"):
        page.goto(f"search/?q={words}")
        expect(page.locator("#said")).to_contain_text("best first")
        first = page.locator("#hits > li > a").evaluate_all(
            "links => links.map(({ href }) => href)"
        )
        assert not [href for href in first[:5] if "/reference/" in href], words


def test_nothing_found_is_said(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("search/?q=zzzzqq")
    expect(page.locator("#said")).to_have_text("No page has these words.")
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#said")).to_have_text("")


@pytest.mark.parametrize("words", ["<img src=x onerror=alert(1)>", '"+-:^~*', "title:x", "%"])
def test_no_words_do_harm(open_page: OpenPage, words: str) -> None:
    page = open_page()
    page.goto("search/")
    page.get_by_role("searchbox").fill(words)
    page.wait_for_timeout(300)
    page.get_by_role("searchbox").fill("itero")
    expect(page.locator("#said")).to_contain_text("best first")
    assert page.locator("#hits img, #hits script").count() == 0
    assert first_hit(page) == "/services/intraoral-scan/"


def test_the_rest_is_shown_when_asked_for(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("search/?q=scan")
    expect(page.locator("#hits > li")).to_have_count(20)
    page.get_by_role("button", name="Show the other pages").click()
    expect(page.locator("#hits > li").nth(20).locator("a").first).to_be_focused()


def test_without_a_script_it_leads_to_the_lists(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("search/")
    page.locator("#lists a", has_text="services").click()
    assert page.url.endswith("/services/")
