"""axe-core finds nothing against WCAG 2.0 to 2.2, A and AA, in any page, palette or width.

Target sizes and their spacing exception (2.5.8) are one of its rules.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import (
    DESKTOP,
    KINDS,
    PHONE,
    SMALL,
    OpenPage,
    every_page,
    is_dark,
    unfold,
)

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
START = """(levels) => { window.found = axe.run(document, {
    runOnly: { type: "tag", values: levels }, resultTypes: ["violations"], preload: false,
}).then((results) => results.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`))); }"""


def start(page: Page) -> None:
    """Sets axe to work on a page, with all that is folded opened."""
    unfold(page)
    # Colors on their way from one to another would be measured half-way.
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
    page.evaluate(AXE)
    page.evaluate(START, LEVELS)


def violations(page: Page) -> list[str]:
    start(page)
    found: list[str] = page.evaluate("window.found")
    return found


def test_axe_knows_the_rules_of_today(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(AXE)
    version = page.evaluate("axe.version.split('.').map(Number)")
    assert version >= [4, 12, 1]
    rules = page.evaluate("axe.getRules(['wcag22aa']).map((rule) => rule.ruleId)")
    assert "target-size" in rules


WRONG = {
    "color-contrast": "<p style='color: #999; background: #fff'>Report D0801</p>",
    "target-size": "<style>button {display: block; width: 12px; height: 12px; padding: 0}</style>"
    "<button aria-label='a'></button><button aria-label='b'></button>",
    "link-name": "<a href='codes/'></a>",
    "image-alt": "<img src='data:,'>",
    "label": "<input name='q'>",
    "html-has-lang": "<p>Report D0801</p>",
}


@pytest.mark.parametrize("rule", WRONG)
def test_axe_finds_what_is_wrong(open_page: OpenPage, rule: str) -> None:
    page = open_page()
    language = "" if rule == "html-has-lang" else "lang=en"
    page.set_content(f"<html {language}><title>Wrong</title><main>{WRONG[rule]}</main>")
    assert {found.split(":")[0] for found in violations(page)} == {rule}


def test_every_page(open_page: OpenPage, site: Path) -> None:
    # Two at a time, each in a process of its own, since this takes the longest.
    tabs = [
        open_page(viewport=DESKTOP, color_scheme="light", reduced_motion="reduce") for _ in range(2)
    ]
    pages = every_page(site)
    wrong: dict[str, list[str]] = {}
    for first in range(0, len(pages), len(tabs)):
        pairs = list(zip(pages[first:], tabs, strict=False))
        for where, tab in pairs:
            tab.goto(where)
            start(tab)
        wrong |= {where: found for where, tab in pairs if (found := tab.evaluate("window.found"))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(DESKTOP, "dark", id="dark desktop"),
        pytest.param(PHONE, "light", id="light phone"),
        pytest.param(PHONE, "dark", id="dark phone"),
        pytest.param(SMALL, "light", id="light at 320 pixels"),
    ],
)
def test_one_of_each_kind(open_page: OpenPage, size: Any, scheme: Any) -> None:
    page = open_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    wrong = {}
    for where in KINDS:
        page.goto(where)
        assert is_dark(page) is (scheme == "dark"), where
        if found := violations(page):
            wrong[where] = found
    assert wrong == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_menu(open_page: OpenPage, scheme: Any) -> None:
    page = open_page(viewport=SMALL, color_scheme=scheme, reduced_motion="reduce")
    page.goto("codes/D0470/")
    page.locator("#menu").click()
    assert page.locator("#sections").is_visible()
    assert violations(page) == []
