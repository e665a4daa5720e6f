"""With the keys alone, a reader gets to the answer and sees where they are."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import DESKTOP, KINDS, SMALL, OpenPage, is_dark

NEAR = 12
"""Tab presses from the start of a page to the first stop in its article, at most."""

IN_ARTICLE = "Boolean(document.activeElement.closest('article'))"
STOPS_IN_ARTICLE = """[...document.querySelectorAll(
    'article :is(a[href], button, input, select, summary, textarea, [tabindex="0"])')]
    .filter((stop) => !stop.disabled && stop.checkVisibility({ visibilityProperty: true }))
    .length"""

# What each stop looks like without the focus: only what changes marks it.
REMEMBER = """() => {
    window.look = (part) => {
        const style = getComputedStyle(part);
        return { outline: style.outlineStyle === "none" || style.outlineWidth === "0px" ? ""
            : `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`,
            shadow: style.boxShadow === "none" ? "" : style.boxShadow };
    };
    window.unfocused = new Map();
    for (const part of document.querySelectorAll("*")) window.unfocused.set(part, look(part));
}"""

# What is wrong with the stop that has the focus: null if nothing, false at the end of the page.
WRONG = """() => {
    document.getAnimations().forEach((animation) => animation.finish());
    const stop = document.activeElement;
    if (!stop || stop === document.body || stop === document.documentElement) return false;
    const name = `${stop.outerHTML.slice(0, 120).replace(/\\s+/g, " ")}`;

    // A box that is drawn by its label is seen where the label is.
    const drawn = (part) => {
        const { width, height } = part.getBoundingClientRect();
        return width > 1 && height > 1
            && part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    };
    const seen = drawn(stop) ? stop : [...(stop.labels ?? [])].find(drawn);
    if (!seen) return `${name} cannot be seen`;
    const points = [...seen.getClientRects()].flatMap(({ left, right, top, bottom }) =>
        [[(left + right) / 2, (top + bottom) / 2], [left + 2, top + 2], [right - 2, bottom - 2]]);
    const there = points.some(([x, y]) => {
        const hit = document.elementFromPoint(x, y);
        return hit && (seen.contains(hit) || hit.contains(seen) && hit.closest("article, main, nav")
            && !hit.matches("article, main, nav, html, body"));
    });
    if (!there) return `${name} is covered or outside of the screen`;

    const numbers = (color) => {
        const [red, green, blue, alpha = 1] = color.match(/[\\d.]+/g).map(Number);
        return [red, green, blue, alpha];
    };
    const over = (above, below) => above.slice(0, 3)
        .map((value, at) => value * above[3] + below[at] * (1 - above[3])).concat(1);
    const ground = (part) => {
        const layers = [];
        for (let at = part; at; at = at.parentElement) {
            const color = numbers(getComputedStyle(at).backgroundColor);
            layers.unshift(color);
            if (color[3] === 1) break;
        }
        return layers.reduce((below, above) => over(above, below), [255, 255, 255, 1]);
    };
    const brightness = (color) => color.slice(0, 3).map((value) => value / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
    const contrast = (one, other) => {
        const [dark, bright] = [brightness(one), brightness(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
    };
    const now = look(seen), before = window.unfocused.get(seen) ?? { outline: "", shadow: "" };
    const marks = [];
    if (now.outline && now.outline !== before.outline) {
        const inside = parseFloat(getComputedStyle(seen).outlineOffset) < 0;
        marks.push([getComputedStyle(seen).outlineColor, inside ? seen : seen.parentElement]);
    }
    if (now.shadow && now.shadow !== before.shadow)
        marks.push([now.shadow.match(/(rgba?|color)\\([^)]*\\)/)[0],
            now.shadow.includes("inset") ? seen : seen.parentElement]);
    if (!marks.length) return `${name} has no mark of the focus`;
    const best = Math.max(...marks.map(([color, part]) =>
        contrast(over(numbers(color), ground(part)), ground(part))));
    return best < 3 ? `${name} has a mark of ${best.toFixed(2)}:1` : null;
}"""


def open_at(open_page: OpenPage, where: str, size: Any = SMALL, **settings: Any) -> Page:
    page = open_page(viewport=size, reduced_motion="reduce", **settings)
    page.goto(where)
    return page


def tab_to(page: Page, selector: str, most: int = NEAR) -> None:
    """Presses Tab until the focus is on a part of the page."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{most} presses of Tab on {page.url} do not reach {selector}")


def has_focus(part: Locator) -> bool:
    return bool(part.evaluate("(part) => part === document.activeElement"))


def test_the_article_is_near(open_page: OpenPage) -> None:
    page = open_page(viewport=SMALL, reduced_motion="reduce")
    far = []
    for where in KINDS:
        page.goto(where)
        if not page.evaluate(STOPS_IN_ARTICLE):
            continue
        for _ in range(NEAR):
            page.keyboard.press("Tab")
            if page.evaluate(IN_ARTICLE):
                break
        else:
            far.append(where)
    assert far == []


def wrong_stops(page: Page) -> tuple[int, list[str]]:
    """How many stops a page has, and what is wrong with them."""
    page.evaluate(REMEMBER)
    wrong: list[str] = []
    for count in range(1000):
        page.keyboard.press("Tab")
        found = page.evaluate(WRONG)
        if found is False:
            return count, wrong
        if found:
            wrong.append(found)
    raise AssertionError(f"{page.url} has no end")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(SMALL, "light", id="small"),
        pytest.param(DESKTOP, "light", id="desktop"),
        pytest.param(SMALL, "dark", id="small and dark"),
    ],
)
def test_every_stop_is_seen(open_page: OpenPage, size: Any, scheme: Any) -> None:
    page = open_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    wrong = {}
    for where in KINDS:
        page.goto(where)
        count, found = wrong_stops(page)
        if found:
            wrong[where] = found
        assert count >= 5, f"{where} has {count} stops"
    assert wrong == {}


MARK = "button:focus-visible {outline: 2px solid %s; outline-offset: 2px; box-shadow: %s}"
PAGE = "<style>body {background: #fff; margin: 0} %s</style><main><button>Copy</button></main>"


@pytest.mark.parametrize(
    ("style", "told"),
    [
        pytest.param(MARK % ("#0f5c63", "none"), None, id="good"),
        pytest.param(MARK % ("transparent", "0 0 0 3px #0f5c63"), None, id="shadow"),
        pytest.param(MARK % ("#bbb", "none"), "has a mark of 1.9", id="pale"),
        pytest.param(MARK % ("#0f5c6340", "none"), "has a mark of 1.", id="half transparent"),
        pytest.param("button:focus {outline: none}", "has no mark", id="none"),
        pytest.param("button, button:focus {outline: 2px solid}", "has no mark", id="always"),
        pytest.param(MARK % ("#000", "none") + "button {opacity: 0}", "cannot be seen", id="clear"),
        pytest.param(
            MARK % ("#000", "none") + "button {position: fixed; left: -999px}",
            "outside of the screen",
            id="outside",
        ),
        pytest.param(
            MARK % ("#000", "none") + "main::after {content: ''; position: fixed; inset: 0}",
            "covered",
            id="covered",
        ),
    ],
)
def test_a_stop_that_is_not_seen_is_found(
    open_page: OpenPage, style: str, told: str | None
) -> None:
    page = open_page(viewport=SMALL)
    page.set_content(PAGE % style)
    count, wrong = wrong_stops(page)
    assert count == 1
    assert (len(wrong) == 1 and told in wrong[0]) if told else wrong == []


def menu(page: Page) -> tuple[Locator, Locator]:
    return page.locator("button#menu"), page.locator("nav#sections")


def is_open(page: Page) -> bool:
    """Whether the menu is open; what it shows and what it tells must agree."""
    button, sections = menu(page)
    told = button.get_attribute("aria-expanded")
    assert told in ("true", "false")
    links = sections.locator("a[href]").all()
    assert len(links) >= 5
    assert {link.is_visible() for link in links} == {told == "true"}
    return told == "true"


def test_the_menu_opens_and_closes(open_page: OpenPage) -> None:
    page = open_at(open_page, "codes/D0470/")
    button, _ = menu(page)
    assert button.get_attribute("aria-controls") == "sections"
    assert not is_open(page)
    tab_to(page, "#menu")
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        assert is_open(page), key
        page.keyboard.press(key)
        assert not is_open(page), key
        assert has_focus(button), key


@pytest.mark.parametrize("further", [0, 1, 3])
def test_escape_closes_the_menu_and_goes_back(open_page: OpenPage, further: int) -> None:
    page = open_at(open_page, "codes/D0470/")
    button, sections = menu(page)
    tab_to(page, "#menu")
    page.keyboard.press("Enter")
    for _ in range(further):
        page.keyboard.press("Tab")
    if further:
        assert sections.evaluate("(part) => part.contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert not is_open(page)
    assert has_focus(button)


def test_a_closed_menu_has_no_stop(open_page: OpenPage) -> None:
    page = open_at(open_page, "codes/D0470/")
    tab_to(page, "#menu")
    for _ in range(NEAR):
        page.keyboard.press("Tab")
        assert not page.evaluate("Boolean(document.activeElement.closest('#sections'))")
    page.locator("#sections a").evaluate_all("(links) => links.forEach((link) => link.focus())")
    assert not page.evaluate("Boolean(document.activeElement.closest('#sections'))")


def test_a_link_of_the_menu_leads_on(open_page: OpenPage) -> None:
    page = open_at(open_page, "codes/D0470/")
    tab_to(page, "#menu")
    page.keyboard.press("Enter")
    tab_to(page, "#sections a[href*='denials/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/denials/")


def test_a_wide_screen_needs_no_menu(open_page: OpenPage) -> None:
    page = open_at(open_page, "codes/D0470/", DESKTOP)
    button, sections = menu(page)
    assert not button.is_visible()
    links = sections.locator("a[href]")
    assert [link.is_visible() for link in links.all()] == [True] * links.count()
    tab_to(page, "#sections a")


def test_without_javascript_the_sections_are_in_reach(open_page: OpenPage) -> None:
    page = open_at(open_page, "codes/D0470/", java_script_enabled=False)
    assert page.locator("nav#sections a[href]").first.is_visible()


@pytest.mark.parametrize("where", ["", "codes/D0470/", "denials/"])
def test_the_first_stop_skips_to_the_text(open_page: OpenPage, where: str) -> None:
    page = open_at(open_page, where)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    target = skip.get_attribute("href") or ""
    assert target.startswith("#")
    page.keyboard.press("Enter")
    assert page.locator(f"[id='{target[1:]}']").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(IN_ARTICLE)


@pytest.mark.parametrize("size", [SMALL, DESKTOP], ids=["small", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_switches_and_stays(open_page: OpenPage, size: Any, scheme: Any) -> None:
    page = open_at(open_page, "codes/D0470/", size, color_scheme=scheme)
    dark = is_dark(page)
    assert dark is (scheme == "dark")
    page.evaluate(REMEMBER)
    tab_to(page, "#palette")
    for key, switched in (("Enter", True), ("Space", False), ("Enter", True)):
        page.keyboard.press(key)
        assert is_dark(page) is (dark is not switched), key
        assert has_focus(page.locator("#palette"))
        assert page.evaluate(WRONG) is None, key
    for where in ("codes/D0470/", "denials/"):
        page.goto(where)
        assert is_dark(page) is not dark, where
