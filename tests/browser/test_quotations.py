"""What a page that links here takes along: from a card, a row and the box; and how it stands on a
page of somebody else, light and dark, where it does nothing else."""

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import cdtref
from cdtref.site import answers, quoting
from cdtref.site.answers import Stretch
from tests.browser.conftest import OpenPage
from tests.docs.test_quoting import HOSTILE

BEFORE = "2022-11-15"
LAST = cdtref.editions()[-1].until


def stretch_on(stretches: list[Stretch], on: dt.date) -> Stretch:
    """The one of a date, for as long as what it says stays the same."""
    at = max(n for n, stretch in enumerate(stretches) if stretch.since <= on)
    same = [answers._lasting(stretch) == answers._lasting(stretches[at]) for stretch in stretches]
    first = max((n + 1 for n in range(at) if not same[n]), default=0)
    end = min((n for n in range(at, len(same)) if not same[n]), default=len(same))
    return stretches[at]._replace(since=stretches[first].since, until=stretches[end - 1].until)


def of_pair(code: str, service: str, on: dt.date, link: str) -> str:
    """The piece of a row, which only the browser makes."""
    stretch = stretch_on(answers.of_pair_by_date(code, service), on)
    fact = cdtref.service(service)
    told = quoting.of_card(stretch.shown, stretch, on, fact, link)
    return told.replace(
        f' data-service="{service}"', f' data-code="{code}" data-service="{service}"'
    )


def told(page: Page) -> dict[str, str]:
    page.locator("dialog.cite").wait_for()  # the table of answers is on its way
    parts = page.locator("dialog.cite [data-told]").all()
    return {str(part.get_attribute("data-told")): str(part.text_content()) for part in parts}


@pytest.mark.parametrize("on", ["", BEFORE])
@pytest.mark.parametrize("where", ["codes/D0470/", "services/intraoral-scan/", "codes/D0351/"])
def test_a_card_offers_the_answer_of_its_date(
    open_page: OpenPage, address: str, where: str, on: str
) -> None:
    page = open_page()
    page.goto(f"{where}?on={on}" if on else where)
    if on:
        page.locator(f"article [data-on='{on}']").first.wait_for(state="attached")
    kind, name, _ = where.split("/")
    fact: Any = cdtref.code(name) if kind == "codes" else cdtref.service(name)
    by_date = answers.of_code_by_date if kind == "codes" else answers.of_service_by_date
    day = dt.date.fromisoformat(on) if on else LAST
    stretch = stretch_on(by_date(name), day)
    link = f"{address}{where}" + (f"?on={on}" if on else "")
    wanted = quoting.of_card(stretch.shown, stretch, day, fact, link)
    page.locator("#quotation:not(:empty)").wait_for(state="attached")  # what it is made from comes
    assert page.locator("#quotation").text_content() == wanted
    assert page.locator("#link").text_content() == link


@pytest.mark.parametrize("on", ["", BEFORE])
@pytest.mark.parametrize(
    ("where", "code", "service"),
    [
        ("codes/D0470/", "D0470", "intraoral-scan"),
        ("codes/D0801/", "D0801", "digital-impression"),
        ("services/intraoral-scan/", "D0802", "intraoral-scan"),
    ],
)
def test_a_row_offers_its_answer(
    open_page: OpenPage, address: str, where: str, code: str, service: str, on: str
) -> None:
    page = open_page()
    page.goto(f"{where}?on={on}" if on else where)
    if on:
        page.locator(f"article [data-on='{on}']").first.wait_for(state="attached")
    row = page.locator(f"[data-pair][data-code={code}][data-service={service}]")
    row.evaluate("(row) => { for (let at = row; at; at = at.parentElement) at.open = true; }")
    row.locator(".perma").click()
    found = told(page)
    anchor = service if where.startswith("codes/") else code.lower()
    link = f"{address}{where}" + (f"?on={on}" if on else "") + f"#{anchor}"
    assert found["link"] == link
    assert found["quotation"] == of_pair(
        code, service, dt.date.fromisoformat(on or str(LAST)), link
    )
    assert link in found["citation"]
    assert page.locator("#cite-quotation").is_visible()
    page.keyboard.press("Escape")
    page.locator("dialog.cite").wait_for(state="detached")


def test_the_box_offers_its_answers(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto("about/")
    page.fill("#ask-words", f"iTero D0470 {BEFORE}")
    page.locator("#ask-words").press("Enter")
    page.locator("#ask-hits .link:visible").first.click()
    found = told(page)
    on = dt.date.fromisoformat(BEFORE)
    assert found["link"] == f"{address}codes/D0470/?on={BEFORE}#intraoral-scan"
    assert found["quotation"] == of_pair("D0470", "intraoral-scan", on, found["link"])


def test_what_is_copied_is_the_piece(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("denials/bundled/")
    page.locator("details.cite > summary").click()
    page.locator("[data-copy=quotation]").click()
    page.locator("[data-copy=quotation]", has_text="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#quotation").text_content()
    assert copied.startswith("<blockquote")


# --- On a page of somebody else -------------------------------------------------------------------

GROUNDS = {
    "light": ("#ffffff", "#222222"),
    "dark": ("#101418", "#e6e6e6"),
    "odd": ("#003b2f", "#fff3c4"),
}
CONTRAST = """() => {
    const light = (text) => {
        const [r, g, b] = text.match(/[\\d.]+/g).map((n) => n / 255)
            .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = light(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll("blockquote, blockquote *")].map((part) => {
        const style = getComputedStyle(part);
        const own = style.backgroundColor.replace(/ /g, "");
        const ink = [style.color, style.borderLeftColor].map(light);
        return own === "rgba(0,0,0,0)" ? Math.min(...ink.map((one) =>
            (Math.max(one, ground) + 0.05) / (Math.min(one, ground) + 0.05))) : 0;
    });
}"""


def foreign(browser: Browser, piece: str, ground: str, ink: str) -> tuple[Page, list[str]]:
    """A page of somebody else with a piece in it; and whatever it asks for or logs."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.set_content(
        f"<!doctype html><html><head><meta charset=utf-8><title>mine</title></head>"
        f"<body style='background:{ground};color:{ink};font:16px serif'>{piece}<p id=after>x</p>"
    )
    return page, seen


@pytest.mark.parametrize("look", GROUNDS)
def test_on_a_foreign_page_it_is_read_and_asks_for_nothing(browser: Browser, look: str) -> None:
    service = cdtref.service("intraoral-scan")
    stretch = answers.of_service_by_date(service.id)[-1]
    link = f"https://x.invalid/{service.address}"
    piece = quoting.of_card(stretch.shown, stretch, LAST, service, link)
    page, seen = foreign(browser, piece, *GROUNDS[look])
    assert page.locator("blockquote b").is_visible()
    assert page.locator("blockquote a").get_attribute("href") == link
    assert min(page.evaluate(CONTRAST)) >= 4.5
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bar = page.locator("blockquote").evaluate("(part) => getComputedStyle(part).borderLeftWidth")
    assert bar != "0px"
    assert seen == []
    page.context.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_text_holds_nothing_runs(browser: Browser, text: str) -> None:
    names = re.findall(r"\{(\w+)\}", "".join(quoting.PIECES))
    page, seen = foreign(browser, quoting.piece(dict.fromkeys(names, text)), "#fff", "#000")
    page.locator("blockquote").hover()
    page.wait_for_timeout(100)
    assert page.title() == "mine"
    assert seen == []
    assert page.locator("body > *").count() == 2, "the piece ends where it ends"
    assert text in str(page.locator("blockquote").text_content())
    page.context.close()


# --- Short addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "to"),
    [
        ("d0470", "codes/D0470/"),
        ("D0470/", "codes/D0470/"),
        (f"D0470/?on={BEFORE}", f"codes/D0470/?on={BEFORE}"),
        ("D0470/#intraoral-scan", "codes/D0470/#intraoral-scan"),
        ("97", "denials/97/"),
        ("CO-97/", "denials/97/"),
        ("co-97", "denials/97/"),
        ("n478", "denials/N478/"),
        ("d9950", "codes/neighbors/#code-d9950"),
    ],
)
def test_a_short_address_leads_on_with_what_was_asked(
    open_page: OpenPage, address: str, short: str, to: str
) -> None:
    page = open_page()
    page.goto(short)
    page.wait_for_url(address + to)


def test_without_scripts_a_short_address_leads_on_too(open_page: OpenPage, address: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("co-97/")
    page.wait_for_url(f"{address}denials/97/")
