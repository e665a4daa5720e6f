"""The switch for the date of service says what the library says, for every combination.

The words are written down here a second time, by hand: a label changed for another is found.
"""

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from lxml import html
from playwright.sync_api import Page

import cdtref
from cdtref.model import long_date
from tests.browser.conftest import OpenPage, every_page, read, unfold

EDITIONS = cdtref.editions()
FIRST, LAST = EDITIONS[0].since, EDITIONS[-1].until
DAYS = [day.isoformat() for edition in EDITIONS for day in (edition.since, edition.until)]
SERVICES = [service.id for service in cdtref.services()]


class Shown(NamedTuple):
    """An answer as a page shows it."""

    code: str
    service: str
    verdict: str
    on: str
    words: str


# Sets each day in turn, waits until the page has followed, and reads every answer that is seen.
TURN = """async (days) => {
    const field = document.querySelector("form.on input[type=date]");
    const answers = () => [...document.querySelectorAll("article [data-verdict][data-service]")];
    const seen = (part) => part.checkVisibility({ visibilityProperty: true });
    const read = (part) => [part.dataset.code ?? null, part.dataset.service, part.dataset.verdict,
        part.dataset.on ?? null, part.innerText.replace(/\\s+/g, " ").trim()];
    const followed = (day) => {
        const shown = answers().filter(seen);
        // Where no answer is seen, the page says why; while it waits it says nothing of a date.
        const told = document.querySelector(".on-told").textContent;
        return shown.length ? shown.every((part) => part.dataset.on === day) : told.length > 1;
    };
    const table = {};
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
    for (const day of days) {
        field.value = day;
        for (const kind of ["input", "change"])
            field.dispatchEvent(new Event(kind, { bubbles: true }));
        await new Promise((next) => setTimeout(next, 0));  // what is said of the day before goes
        const late = performance.now() + 20000;
        while (!followed(day) && performance.now() < late)
            await new Promise((next) => setTimeout(next, 5));
        table[day] = answers().filter(seen).map(read);
        if (!followed(day)) break;  // what is wrong once need not be waited for again
    }
    return table;
}"""
NOW = """() => [...document.querySelectorAll("article [data-verdict][data-service]")]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }))
    .map((part) => [part.dataset.code ?? null, part.dataset.service, part.dataset.verdict,
        part.dataset.on ?? null, part.innerText.replace(/\\s+/g, " ").trim()])"""
TOLD = """() => [...document.querySelectorAll(
        "main :is([role=status], [role=alert], output)")]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }))
    .map((part) => part.innerText.trim()).join(" ")"""


@cache
def can_bill(code: str, service: str, on: str) -> cdtref.Answer:
    return cdtref.can_bill(code, service, on=on)


@cache
def outcome(service: str, on: str) -> cdtref.ServiceAnswer:
    return cdtref.recommend([service], on=on).services[0]


def wrong_words(shown: Shown, part_of: str, instead: tuple[str, ...]) -> str | None:
    """What is wrong with the words of an answer, by a table of our own."""
    code, words = shown.code, shown.words
    report, never = f"Report {code}", f"Do not report {code}"
    expected = {
        ("yes", True): report,
        ("no", True): never,
        ("included", True): f"Part of {part_of}, nothing separate",
        ("included", False): f"Part of {part_of}, nothing separate",
        ("no", False): "No code of its own",
        ("unsettled", True): "Unsettled: ask the payer",
        ("unsettled", False): "Unsettled: ask the payer",
    }[shown.verdict, bool(code)]
    if expected not in words:
        return f"lacks “{expected}”"
    # A no may go on to say how the service is reported; nothing else may say two things.
    others = {report, never} if code else {"Do not report D"}
    if shown.verdict != "no":
        others |= {", nothing separate", "No code of its own", "Unsettled: ask the payer"}
    said = [other for other in others if other in words and other not in expected]
    said += [
        named
        for named in re.findall(r"\bReport (D\d{4})", words)
        if named not in ({code, *instead} if shown.verdict == "yes" else instead)
    ]
    return f"says {', '.join(said)}" if said else None


def wrong_of_code(code: str, shown: Shown, day: str) -> str | None:
    """What is wrong with an answer on the page of a code."""
    if (shown.code, shown.on) != (code, day):
        return "speaks of another code or day"
    answer = can_bill(code, shown.service, day)
    if shown.verdict != answer.verdict.value:
        return f"is {answer.verdict.value}"
    return wrong_words(shown, answer.part_of, answer.instead)


def wrong_with_code(code: str, table: list[Shown], day: str) -> list[str]:
    found = [
        f"{day} {shown}: {told}" for shown in table if (told := wrong_of_code(code, shown, day))
    ]
    missing = set(SERVICES) - {shown.service for shown in table}
    return [*found, *(f"{day} {service}: no answer" for service in sorted(missing))]


def meant(answer: cdtref.ServiceAnswer) -> set[tuple[str, str]]:
    """The codes and verdicts that say how a service is reported."""
    return {
        "reported": {(code, "yes") for code in answer.codes},
        "included": {("", "included")},
        "no-code": {("", "no")},
        "unsettled": {("", "unsettled")},
    }[answer.outcome.value]


def wrong_with_service(service: str, table: list[Shown], day: str) -> list[str]:
    """What is wrong with the answers on the page of a service."""
    answer = outcome(service, day)
    found = []
    main = {
        (shown.code, shown.verdict) for shown in table if not shown.code or shown.verdict == "yes"
    }
    if main != meant(answer):
        found.append(f"{day} shows {sorted(main)}, is {sorted(meant(answer))}")
    for shown in table:
        if (shown.service, shown.on) != (service, day):
            found.append(f"{day} {shown}: speaks of another service or day")
            continue
        told = (
            wrong_of_code(shown.code, shown, day)
            if shown.code
            else wrong_words(shown, answer.part_of, answer.codes)
        )
        if told:
            found.append(f"{day} {shown}: {told}")
    return found


def wrong_on(where: str, table: list[Shown], day: str) -> list[str]:
    kind, name, _ = where.split("/")
    check = wrong_with_code if kind == "codes" else wrong_with_service
    return check(name, table, day)


def code_pages(site: Path) -> list[str]:
    return [where for where in every_page(site) if re.fullmatch(r"codes/D\d{4}/", where)]


def service_pages(site: Path) -> list[str]:
    return [where for where in every_page(site) if re.fullmatch(r"services/[^/]+/", where)]


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def turn(page: Page, where: str, days: list[str]) -> dict[str, list[Shown]]:
    page.goto(where)
    found: dict[str, list[Any]] = page.evaluate(TURN, days)
    return {day: [Shown(*row) for row in rows] for day, rows in found.items()}


def now(page: Page) -> list[Shown]:
    unfold(page)
    return [Shown(*row) for row in page.evaluate(NOW)]


def every_combination(page: Page, pages: list[str]) -> int:
    """Compares each page on each day with the library; how many answers it found."""
    wrong: list[str] = []
    count = 0
    for where in pages:
        tables = turn(page, where, DAYS)
        for day, table in tables.items():
            count += len(table)
            wrong += [f"{where} {told}" for told in wrong_on(where, table, day)]
        if missing := set(DAYS) - set(tables):
            wrong.append(f"{where} does not follow to {sorted(missing)[0]}")
    assert wrong[:20] == []
    return count


def test_every_code_with_every_service_on_every_edition(page: Page, site: Path) -> None:
    pages = code_pages(site)
    assert len(pages) == 12
    assert every_combination(page, pages) >= len(pages) * len(SERVICES) * len(DAYS)


def test_every_service_on_every_edition(page: Page, site: Path) -> None:
    pages = service_pages(site)
    assert pages == sorted(f"services/{service}/" for service in SERVICES)
    assert every_combination(page, pages) >= len(pages) * len(DAYS)


ADDRESSED = [
    "codes/D0470/",
    "codes/D0801/",
    "services/intraoral-scan/",
    "services/in-office-print/",
]


@pytest.mark.parametrize("where", ADDRESSED)
def test_an_address_with_a_date_answers_for_it(page: Page, where: str) -> None:
    for day in ("2022-11-15", "2023-01-01", DAYS[0], DAYS[-1]):
        page.goto(f"{where}?on={day}")
        page.wait_for_function(
            "(day) => document.querySelector('article [data-verdict]').dataset.on === day", arg=day
        )
        assert page.locator("form.on input[type=date]").input_value() == day
        assert wrong_on(where, now(page), day) == []


@pytest.mark.parametrize("where", ADDRESSED)
def test_the_address_keeps_the_date(page: Page, where: str) -> None:
    page.goto(where)
    page.locator("form.on input[type=date]").fill("2022-11-15")
    page.locator("form.on input[type=date]").dispatch_event("change")
    page.wait_for_function("new URLSearchParams(location.search).get('on') === '2022-11-15'")
    # The address is changed at once, the answers when their table is there.
    followed = "document.querySelector('article [data-verdict]').dataset.on === '2022-11-15'"
    page.wait_for_function(followed)
    told = now(page)
    page.reload()
    page.wait_for_function(followed)
    assert now(page) == told
    assert wrong_on(where, told, "2022-11-15") == []


@pytest.mark.parametrize("where", ADDRESSED)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_without_a_date_a_page_says_which_one_it_answers_for(
    open_page: OpenPage, where: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script)
    page.goto(where)
    day = page.locator("article [data-verdict]").first.get_attribute("data-on") or ""
    assert FIRST <= dt.date.fromisoformat(day) <= LAST
    table = now(page) if script else as_built(html.fromstring(page.content()))
    assert wrong_on(where, table, day) == []


OUTSIDE = {
    "the day before the first edition": ((FIRST - dt.timedelta(1)).isoformat(), long_date(FIRST)),
    "the day after the last edition": ((LAST + dt.timedelta(1)).isoformat(), long_date(LAST)),
    "far after it": ("2099-06-01", long_date(LAST)),
    "long before": ("1999-12-31", long_date(FIRST)),
}
NONSENSE = ["yesterday", "2022-02-30", "2022", "2022-1-5", "20220105", "<b>2022</b>", "2022-11-15x"]


def settled(page: Page) -> str:
    """What the page tells about a date it has no answer for, once it tells it."""
    page.wait_for_function(f"({TOLD})().length > 0")
    return str(page.evaluate(TOLD))


def only_answers_of_their_day(where: str, table: list[Shown], refused: str) -> None:
    """An answer that is still shown is one for the day that it names, and not for the refused."""
    days = {shown.on for shown in table}
    assert len(days) <= 1
    for day in days:
        assert day != refused
        assert FIRST <= dt.date.fromisoformat(day) <= LAST
        assert wrong_on(where, table, day) == []


@pytest.mark.parametrize("where", ADDRESSED)
@pytest.mark.parametrize("outside", OUTSIDE)
def test_a_date_outside_of_the_editions_is_told(page: Page, where: str, outside: str) -> None:
    day, named = OUTSIDE[outside]
    page.goto(f"{where}?on={day}")
    assert named in settled(page)
    only_answers_of_their_day(where, now(page), day)
    # The same when one turns to it, and back.
    page.goto(f"{where}?on=2022-11-15")
    tables = turn_to(page, day)
    assert named in settled(page)
    only_answers_of_their_day(where, tables, day)
    assert wrong_on(where, turn_to(page, "2022-11-15"), "2022-11-15") == []


def turn_to(page: Page, day: str) -> list[Shown]:
    (table,) = page.evaluate(TURN, [day]).values()
    return [Shown(*row) for row in table]


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("where", ADDRESSED[::2])
def test_nonsense_for_a_date_is_told(page: Page, where: str, nonsense: str) -> None:
    page.goto(where)
    page.evaluate("(on) => location.search = new URLSearchParams({ on }).toString()", nonsense)
    page.wait_for_url("**/?on=*")
    assert settled(page)
    assert page.locator("form.on b").count() == 0
    only_answers_of_their_day(where, now(page), nonsense)


# Without JavaScript: what stands in the built page.

YEARS = re.compile(r"\b(?P<open>from )?(?P<since>\d{4})(?: to (?P<until>\d{4}))?\b", re.IGNORECASE)


class Stretch(NamedTuple):
    since: int
    until: int
    words: str


def text(part: html.HtmlElement) -> str:
    return " ".join("".join(part.itertext()).split())


def as_built(page: html.HtmlElement) -> list[Shown]:
    return [
        Shown(
            part.get("data-code"),
            part.get("data-service"),
            part.get("data-verdict"),
            part.get("data-on"),
            text(part),
        )
        for part in page.xpath("//article//*[@data-verdict][@data-service]")
    ]


def stretches(words: str) -> list[Stretch]:
    """“2014 to 2022 Report D0470 · from 2023 Do not report D0470” in its parts."""
    found = list(YEARS.finditer(words))
    ends = [*(match.start() for match in found[1:]), len(words)]
    parts = []
    for match, end in zip(found, ends, strict=True):
        since = int(match["since"])
        until = int(match["until"] or (LAST.year if match["open"] else since))
        parts.append(Stretch(since, until, words[match.end() : end].strip(" :·,;.")))
    return parts


def test_the_years_are_understood() -> None:
    assert stretches("2014 to 2022 Report D0470 · 2023: Yes · from 2024 Do not report D0470") == [
        Stretch(2014, 2022, "Report D0470"),
        Stretch(2023, 2023, "Yes"),
        Stretch(2024, LAST.year, "Do not report D0470"),
    ]


def years_of_service(page: html.HtmlElement) -> list[Stretch]:
    """The rows of the table of years on the page of a service."""
    found = []
    for row in page.xpath("//table[contains(@class, 'years')]/tbody/tr"):
        years, answer, *_ = map(text, row)
        if YEARS.match(years):
            found += [stretch._replace(words=answer) for stretch in stretches(years)]
    return found


def test_without_javascript_the_years_of_a_service_say_the_same(site: Path) -> None:
    wrong = []
    for service in SERVICES:
        rows = years_of_service(read(site, f"services/{service}/"))
        for edition in EDITIONS:
            answer = outcome(service, edition.until.isoformat())
            said = [row.words for row in rows if row.since <= edition.since.year <= row.until]
            right = {
                "reported": [f"Report {code}" for code in answer.codes],
                "included": [f"Part of {answer.part_of}, nothing separate"],
                "no-code": ["No code of its own"],
                "unsettled": ["Unsettled: ask the payer"],
            }[answer.outcome.value]
            if len(said) != 1 or not all(words in said[0] for words in right):
                wrong.append(f"{service} {edition.id} says {said}, is {right}")
            elif set(re.findall(r"D\d{4}", said[0].replace(answer.part_of or "-", ""))) != {
                *answer.codes
            }:
                wrong.append(f"{service} {edition.id} names other codes: {said}")
    assert wrong[:20] == []


class Row(NamedTuple):
    """What the page of a code says of a service over some dates, as a reader reads it."""

    since: dt.date
    until: dt.date
    words: str


def years_of_code(page: html.HtmlElement) -> dict[str, list[Row]]:
    """The rows of the services whose answer changed, by service."""
    found: dict[str, list[Row]] = {}
    for row in page.xpath("//table[contains(@class, 'years')]/tbody/tr[@data-for]"):
        _, dates, words = map(text, row)
        since, until = (
            dt.datetime.strptime(date, "%B %d, %Y").date() for date in dates.split(" to ")
        )
        assert (row.get("data-since"), row.get("data-until")) == (str(since), str(until))
        found.setdefault(row.get("data-for"), []).append(Row(since, until, words))
    return found


def test_without_javascript_the_years_of_a_code_say_the_same(site: Path) -> None:
    """What is in no row of a table of years holds for all of them as the page says it."""
    wrong = []
    for where in code_pages(site):
        code, page = where.split("/")[1], read(site, where)
        changed = years_of_code(page)
        names = {at.service: at.words for at in as_built(page)}
        fact = cdtref.code(code)
        said_dates = text(page.xpath("//article")[0])
        for bound in filter(None, (fact.since, fact.until)):
            assert long_date(bound) in said_dates, where
        for service in SERVICES:
            for day in DAYS:
                on = dt.date.fromisoformat(day)
                said = [
                    row.words for row in changed.get(service, []) if row.since <= on <= row.until
                ]
                words = said if service in changed else [names[service]]
                answer = can_bill(code, service, day)
                if not (fact.since or FIRST) <= on <= (fact.until or LAST):
                    # The page says from when to when it is in effect; it describes nothing then.
                    if answer.verdict.value != "no":
                        wrong.append(f"{day} {code} {service} is {answer.verdict.value}")
                    continue
                shown = Shown(code, service, answer.verdict.value, day, " ".join(words))
                told = wrong_words(shown, answer.part_of, answer.instead)
                if len(words) != 1 or told:
                    wrong.append(f"{day} {shown}: {told}")
    assert wrong[:20] == []


@pytest.mark.parametrize("where", ADDRESSED)
def test_without_javascript_the_years_are_seen(open_page: OpenPage, where: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(where)
    years = page.locator("[id=by-date-of-service]")
    assert years.is_visible()
    assert not page.locator("form.on").is_visible()
