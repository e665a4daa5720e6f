"""The box understands what the library understands, and shows the answers that it gives."""

import datetime as dt
import gzip
import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import cdtref
from cdtref import CdtrefError
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_axe import violations
from tests.docs.telling import VERDICT
from tests.library.test_search import FOREIGN, SEARCHES

QUERIES = [words for words, _ in SEARCHES]
ELSEWHERE = [words.strip() for words in FOREIGN.replace("\n", "|").split("|") if words.strip()]
REFUSED = {
    "empty": "InvalidInputError",
    "long": "InvalidInputError",
    "malformed": "UnknownCodeError",
    "dates": "InvalidDateError",
    "nodate": "InvalidDateError",
    "before": "UnknownEditionError",
}
"""What the box says is wrong with words, by the error of the library."""

ASK = """async (queries) => {
    const found = [];
    for (const words of queries) {
        const { wrong, hits } = await document.getElementById("ask").search(words);
        found.push(wrong || hits.map((hit) =>
            [hit.kind, hit.id, hit.title, hit.address, hit.on, hit.ambiguous]));
    }
    return found;
}"""
ODD = [
    *(
        "",
        "   ",
        "e",
        "é",
        "!!!",
        "🦷",
        "скан",
        "扫描",
        "D047",
        "D04700",
        "DO470",
        "0470",
        "d 0801",
    ),
    *("D0470 D0801 iTero", "scan 2/30/2026", "iTero 2021 or 2024", "march 2012 itero scan"),
    *("itero scan 2031-01-02", "3/4/21 study model", "study model march 5th, 2022", "CO-16", "16"),
    *(
        "PR 252",
        "n 362",
        "D2740",
        "d9944 scan",
        "CO 999",
        "1099",
        "<b>iTero</b>",
        "iTero\u0000scan",
    ),
    *("wax up", "night guard scan", "scan and printed model", "photos, pano, ceph and models"),
    "x" * 501,
    "scan " * 90,
]
DAYS = [day for edition in cdtref.editions() for day in (edition.since, edition.until)]


def told(words: str) -> Any:
    """What the library makes of words, as the script tells it."""
    try:
        hits = cdtref.search(words)
    except CdtrefError as error:
        return type(error).__name__
    return [
        [hit.kind, hit.id, hit.title, hit.address, str(hit.on or ""), hit.ambiguous] for hit in hits
    ]


def mixed(count: int) -> list[str]:
    """Words of all queries thrown together, some with a letter wrong."""
    dice = random.Random(10)
    words = " ".join([*QUERIES, *ELSEWHERE]).split()

    def bent(word: str) -> str:
        at = dice.randrange(len(word))
        return dice.choice([word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[::-1]])

    return [
        " ".join(
            bent(word) if dice.random() < 0.15 else word
            for word in dice.choices(words, k=dice.randint(1, 9))
        )
        for _ in range(count)
    ]


def test_it_finds_what_the_library_finds(open_page: OpenPage) -> None:
    queries = [*QUERIES, *ELSEWHERE, *ODD, *mixed(1500)]
    page = open_page()
    page.goto("codes/")
    found = page.evaluate(ASK, queries)
    different = {}
    for words, ours in zip(queries, found, strict=True):
        wanted = told(words)
        if (REFUSED[ours] if isinstance(ours, str) else ours) != wanted:
            different[words] = (wanted, ours)
    assert different == {}
    assert sum(bool(ours) for ours in found) > 800
    assert {ours for ours in found if isinstance(ours, str)} == set(REFUSED)


# --- The list -------------------------------------------------------------------------------------

HITS = """() => [...document.querySelectorAll("#ask-hits > li")].map((item) => ({
    links: [...item.querySelectorAll("a")].map(({ href }) => href),
    text: item.innerText.replace(/\\s+/g, " ").trim(), form: [...item.classList],
    answers: [item, ...item.querySelectorAll("[data-verdict]")].filter((one) => one.dataset.verdict)
        .map((one) => ({ ...one.dataset, text: one.innerText.replace(/\\s+/g, " ").trim() })),
}))"""


def type_words(page: Page, words: str) -> list[dict[str, Any]]:
    """Types words as a person does, and reads the list."""
    box = page.locator("#ask input")
    box.fill("")
    box.press_sequentially(words)
    page.wait_for_function(
        """async (words) => {
            const { hits } = await document.getElementById("ask").search(words);
            const shown = document.querySelectorAll("#ask-hits > li").length;
            return document.getElementById("ask-panel").hidden === false
                && shown === (hits || []).length;
        }""",
        arg=words,
    )
    found: list[dict[str, Any]] = page.evaluate(HITS)
    return found


@pytest.mark.parametrize("start", [0, 1, 2])
def test_each_service_is_answered_in_the_list_and_on_its_page(
    open_page: OpenPage, start: int
) -> None:
    page = open_page()
    page.goto("")
    for service in cdtref.services()[start::3]:
        (first, *_) = type_words(page, service.short)
        answer = cdtref.recommend([service.id], on=cdtref.editions()[-1].until).services[0]
        assert len(first["links"]) == 1, service.id
        assert first["links"][0].endswith(service.address), service.id
        for one, code in zip(first["answers"], answer.codes or ("",), strict=True):
            assert (one["code"], one["service"]) == (code, service.id)
            assert one["verdict"] == VERDICT[answer.outcome], service.id
            assert one["on"] == "2026-12-31", service.id
        assert ("soft" in first["form"]) == (
            answer.confidence <= cdtref.Confidence.LOW
            or cdtref.rule(answer.rule).status is cdtref.Status.INFERRED
        ), service.id
        assert ("isputed" in first["text"]) == answer.disputed, service.id
        headline = page.locator("#ask-hits > li").first.locator("[data-slot=headline]").first
        told = headline.inner_text()
        page.locator("#ask-hits > li").first.locator("a").click()
        page.wait_for_url(f"**/{service.address}")
        assert page.locator(".card-answer [data-slot=headline]").first.inner_text() == told
        assert page.locator("#say").inner_text() in first["text"].replace("“", "").replace("”", "")


def test_a_code_and_a_service_are_answered_as_a_pair(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("denials/")
    seen: list[cdtref.Verdict] = []
    codes, services = cdtref.codes(on="2026-03-02"), cdtref.services()
    pairs = [(codes[at % len(codes)], services[at * 7 % 43]) for at in range(129)]
    pairs.append((cdtref.code("D0395"), cdtref.service("surface-volume-fusion")))
    for code, service in pairs:
        words = f"{code.code} {service.short}"
        hits = [hit for hit in cdtref.search(words) if hit.kind == "answer"]
        if not hits or hits[0].id != f"{code.code} {service.id}":
            continue
        found = type_words(page, words)
        shown = next(one for one in found if one["links"][0].endswith(hits[0].address))
        answer = cdtref.can_bill(code.code, service.id, on="2026-12-31")
        (one,) = shown["answers"]
        assert one["verdict"] == answer.verdict, words
        assert (one["code"], one["service"], one["on"]) == (code.code, service.id, "2026-12-31")
        seen.append(answer.verdict)
        for instead in answer.instead:
            assert f"Report {instead}" in shown["text"], words
    assert set(seen) == set(cdtref.Verdict)
    assert len(seen) > 80  # few may be left out because their words mean something else


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("iTero scan in November 2022", "2022-11-01"),
        ("intraoral scan 3/2/2026", "2026-03-02"),
        ("study model 2015", "2015-01-01"),
    ],
)
def test_a_date_in_the_words_is_the_date_of_the_answer(
    open_page: OpenPage, words: str, on: str
) -> None:
    page = open_page()
    page.goto("")
    (first, *_) = type_words(page, words)
    hit = cdtref.search(words)[0]
    assert isinstance(hit.answer, cdtref.ServiceAnswer)
    assert str(hit.on) == on
    assert [one["code"] for one in first["answers"]] == list(hit.answer.codes)
    long = f"{dt.date.fromisoformat(on):%B} {dt.date.fromisoformat(on).day}, {on[:4]}:"
    expect(page.locator("#ask-hits > li").first).to_contain_text(long)
    page.locator("#ask-hits > li").first.locator("a").click()
    page.wait_for_function(
        "(on) => document.querySelector('article .one')?.dataset.on === on", arg=on
    )
    card = page.locator("article .one").first
    assert card.get_attribute("data-on") == on
    assert card.get_attribute("data-code") == hit.answer.codes[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("root canal", "We have no entry for “root canal”"),
        ("скан", "We have no entry for"),
        ("e", "We have no entry for"),
        ("🦷", "Type what you did"),
        ("D047", "“D047” is not a procedure code: .* Did you mean D0470\\?"),
        ("D04700", "“D04700” is not a procedure code"),
        ("iTero 2021 or 2024", "2021.*2024.*: these dates exclude one another"),
        ("iTero in 2012", "before January 1, 2014 are not answered"),
        ("iTero in 2031", "after December 31, 2026 are not answered"),
        ("digital impression", "which was it\\?"),
        ("<img src=x onerror=alert(1)>", "We have no entry for “<img"),
        ("x" * 600, "too long"),
        ("iTero", "answers?"),
    ],
)
def test_what_is_wrong_is_said(open_page: OpenPage, words: str, says: str) -> None:
    page = open_page()
    page.on("dialog", lambda _: pytest.fail("a script of the words ran"))
    page.goto("codes/D0470/")
    page.locator("#ask input").fill(words)
    expect(page.locator("#ask-said")).to_have_text(re.compile(says))
    answered = page.locator("#ask-hits [data-verdict]").count()
    hits = told(words)
    assert bool(answered) == (isinstance(hits, list) and any(hit[4] for hit in hits))
    assert page.locator("#ask-panel img, #ask-said img, #ask-hits script").count() == 0
    expect(page.locator("#ask-rest")).to_be_visible()


def test_after_the_last_edition_nothing_is_answered(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("")
    (first, *_) = type_words(page, "iTero scan on 2027-03-01")
    assert [one["verdict"] for one in first["answers"]] == ["unsettled"]
    assert "D0801" not in first["text"]
    assert "ask the payer" in first["text"]


# --- Keys, weight, without a script ---------------------------------------------------------------


def test_the_keys_go_down_into_the_list_and_back(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("codes/")
    type_words(page, "iTero")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#ask-hits a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#ask input")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#ask input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#ask-panel")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#ask input")).to_be_focused()
    type_words(page, "CO-97")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/denials/bundled/")


def test_there_is_no_frame_before_there_are_answers(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("codes/D0470/")
    frame = "getComputedStyle(document.querySelector('.ask-out')).borderTopWidth"
    assert page.evaluate(frame) == "0px"
    type_words(page, "iTero")
    assert page.evaluate(frame) != "0px"


def test_back_comes_back_to_what_was_asked(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("codes/")
    type_words(page, "retainer scan")
    page.locator("#ask-hits a").first.click()
    page.wait_for_url("**/services/**")
    page.go_back()
    expect(page.locator("#ask input")).to_have_value("retainer scan")
    expect(page.locator("#ask-hits a").first).to_be_visible()


def test_enter_leads_to_all_pages_with_the_answers_on_top(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("codes/")
    page.locator("#ask input").fill("itero")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=itero")
    expect(page.locator("#ask input")).to_have_value("itero")
    expect(page.locator("#ask-hits > li a").first).to_be_visible()
    expect(page.locator("#hits > li a").first).to_be_visible()


def test_nothing_is_fetched_until_it_is_wanted(open_page: OpenPage, site: Path) -> None:
    page = open_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto("services/", wait_until="networkidle")
    assert not {"ask.json", "answers.json"} & set(fetched)
    page.locator("#ask input").focus()
    page.wait_for_function("document.getElementById('ask').search('x').then(() => true)")
    assert {"ask.json", "answers.json"} <= set(fetched)
    type_words(page, "iTero")
    assert fetched.count("ask.json") == fetched.count("answers.json") == 1


def test_what_it_needs_is_light(site: Path) -> None:
    def packed(name: str) -> int:
        return len(gzip.compress((site / "assets" / name).read_bytes(), 9))

    assert packed("ask.js") < 12_000
    assert packed("ask.json") + packed("answers.json") < 40_000


def test_a_file_that_does_not_come_is_told_and_tried_again(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/ask.json", lambda route: route.fulfill(status=200, body="{"))
    page.goto("codes/")
    page.locator("#ask input").fill("iTero")
    expect(page.locator("#ask-said")).to_contain_text("could not be loaded")
    page.unroute("**/ask.json")
    type_words(page, "iTero scan")
    expect(page.locator("#ask-hits > li").first).to_contain_text("D0801")


def test_without_a_script_the_form_and_the_lists_lead_on(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("")
    expect(page.locator("#ask-panel")).to_be_hidden()
    expect(page.locator("#visit")).to_be_hidden()
    for service in cdtref.services():
        assert page.locator(f"article a[href$='{service.address}']").count() > 0, service.id
    page.locator("#ask input").fill("iTero")
    page.locator("#ask button").click()
    page.wait_for_url("**/search/?q=iTero")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("where", ["", "codes/D0470/"])
def test_axe_finds_nothing_in_the_list(
    open_page: OpenPage, where: str, size: Any, scheme: Any
) -> None:
    page = open_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.goto(where)
    type_words(page, "scan and printed model")
    assert violations(page) == []
    type_words(page, "digital impression")
    assert violations(page) == []


# --- The visit ------------------------------------------------------------------------------------

RECOMMEND = """async ([visits, on]) => {
    const found = [];
    for (const did of visits) {
        const { lines, included, unsettled, cautions, services } =
            await document.getElementById("ask").recommend(did, on);
        found.push([lines, included, unsettled, cautions.map(([id]) => id),
            services.map((service) => service.shown.map((one) => [one.verdict, one.code]))]);
    }
    return found;
}"""


def recommended(did: list[str], on: dt.date) -> list[Any]:
    done = cdtref.recommend(did, on=on)
    return [
        [[line.code, list(line.services)] for line in done.lines],
        list(done.included),
        list(done.unsettled),
        [caution.id for caution in done.cautions],
        [[[VERDICT[one.outcome], code] for code in one.codes or ("",)] for one in done.services],
    ]


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_visit_is_what_the_library_recommends(open_page: OpenPage, on: dt.date) -> None:
    ids = [service.id for service in cdtref.services()]
    visits = [[one] for one in ids] + [[one, other] for one in ids for other in ids if one < other]
    page = open_page()
    page.goto("")
    found = page.evaluate(RECOMMEND, [visits, on.isoformat()])
    different = {
        " + ".join(did): (wanted, ours)
        for did, ours in zip(visits, found, strict=True)
        if ours != (wanted := recommended(did, on))
    }
    assert different == {}
    assert len(found) == 43 + 43 * 42 // 2


VISIT = """() => {
    const part = (name) => {
        const section = document.querySelector(`#visit-answer [data-part=${name}]`);
        return section.checkVisibility() ? [...section.querySelectorAll("ul > li")] : [];
    };
    const told = (items) => items.map((item) => ({ ...item.dataset,
        text: item.innerText.replace(/\\s+/g, " ").trim() }));
    return { shown: document.querySelector("#visit-answer").checkVisibility(),
        ...Object.fromEntries(["lines", "included", "unsettled", "nots", "cautions", "record"]
            .map((name) => [name, told(part(name))])),
        query: location.search, link: document.querySelector("#visit-link").innerText };
}"""


def visit(page: Page, count: int) -> dict[str, Any]:
    page.wait_for_function(
        "(count) => document.querySelectorAll('#visit-did > li').length === count", arg=count
    )
    found: dict[str, Any] = page.evaluate(VISIT)
    return found


def assert_told(found: dict[str, Any], did: list[str], on: str) -> None:
    """A visit that is shown is the one the library recommends."""
    done = cdtref.recommend(did, on=on)
    shown = [(one["service"], one["code"]) for one in found["lines"]]
    assert sorted(shown) == sorted(
        (service, line.code) for line in done.lines for service in line.services
    )
    assert [one["service"] for one in found["included"]] == list(done.included)
    assert [one["service"] for one in found["unsettled"]] == list(done.unsettled)
    assert {one["on"] for one in (*found["lines"], *found["included"])} <= {on}
    assert len(found["cautions"]) == len(done.cautions)
    for one, caution in zip(found["cautions"], done.cautions, strict=True):
        assert one["text"].startswith(caution.text)
    for answer in done.services:
        text = " ".join(
            one["text"]
            for name in ("lines", "included", "unsettled")
            for one in found[name]
            if one["service"] == answer.service
        )
        for position in answer.dissent:
            if not position.repeats:
                assert position.publisher in text, (answer.service, position.id)
    for one in found["nots"]:
        code = re.fullmatch(r"Do not report (D\d{4})", one["text"])
        assert code is not None
        verdicts = {cdtref.can_bill(code[1], service, on=on).verdict for service in did}
        assert verdicts <= {cdtref.Verdict.NO, cdtref.Verdict.INCLUDED}, (code[1], verdicts)


def test_visits_are_put_together_with_keys_and_clicks(open_page: OpenPage) -> None:
    page = open_page()
    dice = random.Random(3)
    findable = [
        service for service in cdtref.services() if cdtref.search(service.short)[0].id == service.id
    ]
    assert len(findable) >= 40
    for number in range(60):
        one, other = dice.sample(findable, 2)
        page.goto("")
        for count, service in enumerate((one, other), 1):
            type_words(page, service.short)
            button = page.locator("#ask-hits > li").first.get_by_role(
                "button", name="Add to a visit"
            )
            if number % 2:
                button.click()
            else:
                button.press("Enter")
            visit(page, count)
        on = dice.choice(DAYS).isoformat()
        page.locator("#visit-on").fill(on)
        page.locator("#visit-on").dispatch_event("change")
        page.wait_for_function("(on) => location.search.includes(on)", arg=on)
        page.wait_for_function(
            "(on) => [...document.querySelectorAll('#visit [data-on]')]"
            ".every((one) => one.dataset.on === on)",
            arg=on,
        )
        assert_told(visit(page, 2), [one.id, other.id], on)


@pytest.mark.parametrize(
    ("did", "on"),
    [
        (["intraoral-scan", "in-office-print"], "2026-03-02"),
        (["intraoral-scan", "stone-cast"], "2026-12-31"),
        (["intraoral-scan", "in-office-print"], "2023-05-05"),
        (["stone-cast", "mounted-analysis", "photographs"], "2021-05-05"),
        (["surface-volume-fusion", "lab-print", "aligner-scan"], "2024-01-01"),
    ],
)
def test_an_address_says_a_visit_again(open_page: OpenPage, did: list[str], on: str) -> None:
    page = open_page()
    page.goto(f"?did={','.join(did)}&on={on}")
    found = visit(page, len(did))
    assert_told(found, did, on)
    assert found["query"] == f"?did={','.join(did)}&on={on}"
    assert found["link"].endswith(found["query"])
    for one in found["record"]:
        code = re.match(r"D\d{4}", one["text"])
        if code:
            for item in cdtref.documentation(code[0]):
                assert (f"{item.label}:" in one["text"]) == item.required, (code[0], item.id)
    page.reload()
    assert visit(page, len(did)) == found


def test_a_visit_without_a_date_says_so(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("?did=intraoral-scan")
    visit(page, 1)
    expect(page.locator("#visit-date")).to_contain_text("No date of service is given")
    page.goto("?did=intraoral-scan&on=2026-03-02")
    visit(page, 1)
    expect(page.locator("#visit-date")).to_have_text("For date of service March 2, 2026.")


def test_what_it_was_for_can_be_changed_and_taken_out(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("?did=intraoral-scan,in-office-print&on=2026-03-02")
    visit(page, 2)
    uses = page.locator("#visit-did select").first
    same = [one for one in cdtref.services() if one.act == cdtref.service("intraoral-scan").act]
    assert uses.locator("option").all_inner_texts() == [one.use for one in same]
    uses.select_option("aligner-scan")
    page.wait_for_function("() => location.search.includes('aligner-scan')")
    assert_told(visit(page, 2), ["aligner-scan", "in-office-print"], "2026-03-02")
    expect(page.locator("#visit-did select").first).to_be_focused()
    page.get_by_role("button", name=re.compile("Take out")).first.click()
    assert_told(visit(page, 1), ["in-office-print"], "2026-03-02")
    page.get_by_role("button", name=re.compile("Take out")).first.press("Enter")
    expect(page.locator("#visit")).to_be_hidden()
    expect(page.locator("#ask input")).to_be_focused()
    assert "did" not in page.url


@pytest.mark.parametrize(
    ("query", "says", "shown"),
    [
        ("did=intraoral-scan,nonsense", "Not understood in this address: nonsense", True),
        ("did=<script>alert(1)</script>", "Not understood in this address: <script>", False),
        ("did=intraoral-scan&on=2013-12-31", "before January 1, 2014", False),
        ("did=intraoral-scan&on=2027-01-01", "after December 31, 2026", False),
        ("did=intraoral-scan&on=yesterday", "Not understood in this address: yesterday", True),
    ],
)
def test_an_address_that_is_wrong_is_told(
    open_page: OpenPage, query: str, says: str, shown: bool
) -> None:
    page = open_page()
    page.on("dialog", lambda _: pytest.fail("a script of the address ran"))
    page.goto(f"?{query}")
    expect(page.locator("#visit-told")).to_contain_text(says)
    assert page.locator("#visit-answer").is_visible() == shown
    assert page.locator("#visit script, #visit img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_a_visit(open_page: OpenPage, size: Any, scheme: Any) -> None:
    page = open_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.goto("?did=intraoral-scan,in-office-print,lab-print,surface-volume-fusion&on=2026-03-02")
    visit(page, 4)
    assert violations(page) == []


def test_a_visit_is_read_as_a_list_of_answers(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("?did=intraoral-scan,in-office-print&on=2026-03-02")
    visit(page, 2)
    tree = page.locator("#visit").aria_snapshot()
    for name in ("One visit", "Report", "Write in the record", "Watch out, together"):
        assert f'heading "{name}"' in tree, tree
    assert "Report" in tree
    page.goto("codes/")
    type_words(page, "wellness scan")
    tree = page.locator(".ask-bar").aria_snapshot()
    assert re.search(
        r"listitem:\s+- link \"Report D0801 Scan of the mouth, kept as a record\"", tree
    )
    expect(page.locator("#ask-said")).to_have_text(re.compile("answer"))


def test_a_visit_prints_on_one_sheet(open_page: OpenPage) -> None:
    from tests.browser.test_print import sheets

    page = open_page()
    page.goto("?did=intraoral-scan,in-office-print&on=2026-03-02")
    visit(page, 2)
    page.emulate_media(media="print")
    told = page.locator("body").inner_text()
    assert re.search(r"\bInitials\b", told)
    assert "?did=intraoral-scan,in-office-print" in told
    assert not page.locator("article").is_visible()
    assert sheets(page) == 1
