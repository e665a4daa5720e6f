"""The line about dates that are not answered: when a reader sees it, and what it says.

The days come from the knowledge, so that the next edition moves them.
"""

import datetime as dt
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Locator, Page, Route

import cdtref
from cdtref.model import long_date
from cdtref.site import views
from tests.browser.conftest import OpenPage, every_page

LAST = cdtref.editions()[-1].until
SHOWN_FROM = views.end().shown_from
DAY = dt.timedelta(days=1)
BEFORE, AFTER = SHOWN_FROM - DAY, LAST + 2 * DAY

PAGES = [
    "",
    "codes/D0801/",
    "services/intraoral-scan/",
    "checklists/D0470/",
    "guide/denials/",
    "scenarios/scans/",
]

LAYOUT_SHIFT = """() => new Promise((done) => {
    let sum = 0;
    const add = (list) => list.getEntries().forEach((entry) => { sum += entry.value; });
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 300);
})"""


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def visit(open_page: OpenPage, where: str, moment: dt.datetime, zone: str = "UTC") -> Page:
    """A page as a reader somewhere opens it at a moment."""
    page = open_page(timezone_id=zone)
    page.clock.set_fixed_time(moment)
    page.goto(where)
    return page


def line(page: Page) -> Locator:
    found = page.locator("aside.end")
    assert found.count() == 1, f"{page.url} has not one line but {found.count()}"
    return found


def test_the_days_follow_the_last_edition() -> None:
    end = views.end()
    assert (end.until, end.after) == (LAST, LAST + DAY)
    assert 28 * DAY <= end.after - SHOWN_FROM <= 31 * DAY


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize(
    ("day", "shown"),
    [
        # A month of one digit, which a comparison of texts could take for the last of the year.
        pytest.param(LAST - 300 * DAY, False, id="long before"),
        pytest.param(BEFORE, False, id="the day before"),
        pytest.param(SHOWN_FROM, True, id="the first day"),
        pytest.param(LAST, True, id="the last day of the edition"),
        pytest.param(AFTER, True, id="two days after the edition"),
        pytest.param(LAST + 366 * DAY, True, id="a year after the edition"),
    ],
)
def test_it_is_shown_from_a_month_before_the_end(
    open_page: OpenPage, where: str, day: dt.date, shown: bool
) -> None:
    page = visit(open_page, where, noon(day))
    assert line(page).is_visible() is shown


def test_every_page_has_it_and_knows_the_day(site: Path) -> None:
    pages = every_page(site)
    assert len(pages) > 100
    for where in pages:
        page = html.fromstring((site / where / "index.html").read_text(encoding="utf-8"))
        assert [line.get("data-until") for line in page.cssselect("aside.end")] == [
            LAST.isoformat()
        ], where
        days = page.xpath("//head/script/@data-shown-from")
        assert days == [SHOWN_FROM.isoformat()], where


def test_every_page_shows_it_after_the_end(open_page: OpenPage, site: Path) -> None:
    page = visit(open_page, "", noon(AFTER))
    for where in every_page(site):
        page.goto(where)
        assert line(page).is_visible(), where


@pytest.mark.parametrize("where", PAGES)
def test_without_javascript_the_foot_tells_the_last_day(open_page: OpenPage, where: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(where)
    foot = page.locator(".fine-print")
    assert foot.is_visible()
    assert long_date(LAST) in foot.inner_text()
    assert not line(page).is_visible()


@pytest.mark.parametrize("hours", [-5, 5])
@pytest.mark.parametrize(
    ("zone", "shown"), [("Pacific/Kiritimati", True), ("Pacific/Honolulu", False)]
)
def test_the_day_is_that_of_the_reader(
    open_page: OpenPage, zone: str, shown: bool, hours: int
) -> None:
    """Around midnight in Greenwich, it is the first day on one island and not yet on the other."""
    midnight = dt.datetime.combine(SHOWN_FROM, dt.time(), dt.UTC)
    page = visit(open_page, "", midnight + dt.timedelta(hours=hours), zone)
    assert line(page).is_visible() is shown


@pytest.mark.parametrize(("seconds", "shown"), [(-1, False), (0, True)])
def test_the_day_begins_at_midnight(open_page: OpenPage, seconds: int, shown: bool) -> None:
    midnight = dt.datetime.combine(SHOWN_FROM, dt.time(), dt.UTC)
    page = visit(open_page, "", midnight + dt.timedelta(seconds=seconds))
    assert line(page).is_visible() is shown


def test_it_appears_on_a_page_left_open(open_page: OpenPage) -> None:
    page = visit(open_page, "codes/D0801/", noon(BEFORE))
    assert not line(page).is_visible()
    page.clock.set_fixed_time(noon(SHOWN_FROM))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert line(page).is_visible()


@pytest.mark.parametrize("where", PAGES)
def test_it_names_the_first_day_not_answered_and_leads_to_what_is_known(
    open_page: OpenPage, where: str
) -> None:
    page = visit(open_page, where, noon(AFTER))
    assert long_date(LAST + DAY) in line(page).inner_text()
    line(page).get_by_role("link").click()
    page.wait_for_url("**/guide/dates-of-service/#*")
    assert page.locator(":target").is_visible()


@pytest.mark.parametrize("where", PAGES)
def test_it_moves_nothing(open_page: OpenPage, where: str) -> None:
    """It is there when the page is first painted, even if its script comes late."""
    # The title in the header settles by 0.001 at times; the line would move the page by much more.
    assert shift(open_page, where, AFTER) <= shift(open_page, where, BEFORE) + 0.01


def shift(open_page: OpenPage, where: str, day: dt.date) -> float:
    """How far the parts of a page move while it opens: its cumulative layout shift."""

    def late(route: Route) -> None:
        page.wait_for_timeout(200)
        route.continue_()

    page = open_page()
    page.clock.set_fixed_time(noon(day))
    page.route("**/end.js", late)
    # A font that comes late moves the text of every page, with the line or without it.
    page.route("**/*.woff2", lambda route: route.fulfill(body=""))
    page.goto(where)
    assert line(page).is_visible() is (day >= SHOWN_FROM)
    found = page.evaluate(LAYOUT_SHIFT)
    assert isinstance(found, int | float)
    return float(found)


@pytest.mark.parametrize("where", PAGES)
def test_it_is_printed(open_page: OpenPage, where: str) -> None:
    page = visit(open_page, where, noon(AFTER))
    page.emulate_media(media="print")
    assert line(page).is_visible()
