"""Whatever else a page shows of an answer follows the date of service: its form, the sides, the
dates it holds for, and what one copies. That its words follow is tested in `test_dates.py`."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page

import cdtref
from tests.browser.conftest import OpenPage, unfold
from tests.browser.test_dates import ADDRESSED, LAST, can_bill, outcome
from tests.docs.telling import SURE, VERDICT, wording

FORMS = {verdict: f"v-{verdict}" for verdict in VERDICT.values()}
# Those of the others are disputed on all days, these are not.
PAGES = [*ADDRESSED, "services/digital-impression/", "services/scan-viewing/"]
DAYS = ["2022-11-15", "2023-01-01", LAST.isoformat()]
# The signs and the texts of the card and of each row, as they are after the switch.
READ = """() => {
    const text = (part) => part && part.innerText.replace(/\\s+/g, " ").trim();
    const read = (part) => ({ form: [...part.classList], ...part.dataset,
        ...Object.fromEntries([...part.querySelectorAll("[data-slot]")].map(
            (slot) => [slot.dataset.slot, text(slot)])) });
    const card = document.querySelector(".card-answer");
    const shown = (part) => Boolean(part) && part.checkVisibility();
    return { card: read(card), rows: [...document.querySelectorAll("[data-pair]")].map(read),
        disputes: shown(card.querySelector(".disputes")),
        today: shown(card.querySelector("[data-today]")),
        link: text(document.getElementById("link")),
        citation: text(document.getElementById("citation")) };
}"""


def form(found: dict[str, Any]) -> set[str]:
    return set(found["form"]) & {*FORMS.values(), "soft", "disputed"}


def at(page: Page, where: str, day: str) -> dict[str, Any]:
    page.goto(f"{where}?on={day}")
    page.wait_for_function(
        "(day) => document.querySelector('article [data-verdict]').dataset.on === day", arg=day
    )
    unfold(page)
    found: dict[str, Any] = page.evaluate(READ)
    return found


def holds_on(dates: str, day: str) -> bool:
    since, until = (
        dt.datetime.strptime(date, "%B %d, %Y").date().isoformat()
        for date in dates.rpartition(" from ")[2].removesuffix(".").split(" to ")
    )
    return since <= day <= until


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("where", PAGES)
def test_all_that_is_shown_follows_the_date(open_page: OpenPage, where: str, day: str) -> None:
    kind, name, _ = where.split("/")
    found = at(open_page(), where, day)
    card = found["card"]
    assert found["link"].endswith(f"{where}?on={day}")
    assert f"{where}?on={day}" in found["citation"]
    assert f": {card['headline']}”" in found["citation"]
    assert holds_on(card["dates"], day), card["dates"]
    if kind == "services":
        answer = outcome(name, day)
        verdict = VERDICT[answer.outcome]
        weak = cdtref.rule(answer.rule).status == "inferred" or answer.confidence not in (
            "high",
            "medium",
        )
        expected = {FORMS[verdict], *["disputed"] * answer.disputed, *["soft"] * weak}
        assert form(card) == expected
        assert card["why"] == answer.why
        assert card["standing"].lower().endswith(SURE[answer.confidence])
        assert found["disputes"] == answer.disputed
        assert all(
            position.publisher in card["dissent"]
            for position in answer.dissent
            if not position.repeats
        )
    else:
        code = cdtref.code(name)
        verdict = "yes" if (code.since or dt.date.min).isoformat() <= day else "no"
        assert card["headline"] == wording(verdict, name, "")
        assert FORMS[verdict] in form(card)
        # What sources say of it today stands there for no other date.
        assert found["today"] == (day >= cdtref.editions()[-1].since.isoformat())
    assert found["rows"] or kind == "services"
    for row in found["rows"]:
        pair = can_bill(row["code"], row["service"], day)
        assert form(row) - {"soft"} == {FORMS[pair.verdict], *["disputed"] * pair.disputed}, row
        if "standing" in row:
            assert row["standing"].lower().endswith(SURE[pair.confidence]), row
        if "why" in row and pair.why == cdtref.rule(pair.rule).why:
            assert row["why"] == pair.why, row


UNANSWERED = [
    (cdtref.editions()[0].since - dt.timedelta(1)).isoformat(),
    (LAST + dt.timedelta(1)).isoformat(),
    "yesterday",
]


@pytest.mark.parametrize("day", UNANSWERED)
@pytest.mark.parametrize("where", PAGES)
def test_no_answer_is_seen_for_a_date_that_has_none(
    open_page: OpenPage, where: str, day: str
) -> None:
    """The answer of another day would be read as that of the day that was asked for."""
    page = open_page()
    page.goto(f"{where}?on={day}")
    page.wait_for_function("document.querySelector('.on-told').textContent")
    unfold(page)
    assert page.locator("[id=by-date-of-service]").is_visible()
    for answers in (".card-answer", "[data-pair]", "article [data-verdict]"):
        assert page.locator(f"{answers} >> visible=true").count() == 0, answers


def test_what_needs_a_script_is_there_at_once(open_page: OpenPage) -> None:
    """Not only when the large script at the end of the page has run: the page would move."""
    page = open_page()
    page.route("**/javascripts/bundle*.js", lambda route: route.fulfill(body=""))
    page.goto("codes/D0470/")
    for part in ("form.on", "#palette", ".copy"):
        assert page.locator(part).first.is_visible(), part
