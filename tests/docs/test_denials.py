"""What the pages of denials tell a reader to do is what the library holds, and comes in that order.

The words stand here again, by hand: a label that was swapped would agree with itself everywhere.
"""

import re

import pytest
from lxml.html import HtmlElement

import cdtref
from cdtref import Denial, FirstMove, Remittance, RemittanceKind
from cdtref.site import reasons
from tests.docs.conftest import Pages
from tests.docs.test_rendered import SURE, words

FIRST = {
    "chart": "Read the chart.",
    "claim": "Look at the claim.",
    "remark": "Read the payer's remark.",
    "plan": "Read the plan document.",
    "payer": "Ask the payer.",
    "proof": "Find the proof.",
    "send": "Send what is asked for.",
    "withdraw": "Withdraw the line.",
    "keep": "Keep it.",
}
APPEAL = (
    "Appeal, if the code was right, the chart of that day proves it, and the contract does not "
    "exclude it"
)
WRONG, RIGHT = "If the line was wrong", "If the line was right"
# By remedy and otherwise: the words of each branch in their order, and the classes that color it.
BRANCHES = {
    ("appeal", "withdraw"): [
        (WRONG, "Withdraw the line", {"branch-wrong", "remedy-withdraw"}),
        (RIGHT, APPEAL, {"branch-right", "remedy-appeal"}),
    ],
    ("appeal", "corrected-claim"): [
        (WRONG, "Send a corrected claim", {"branch-wrong", "remedy-corrected-claim"}),
        (RIGHT, APPEAL, {"branch-right", "remedy-appeal"}),
    ],
    ("corrected-claim", "none"): [
        (WRONG, "Send a corrected claim", {"branch-wrong", "remedy-corrected-claim"}),
    ],
    ("resubmit", "corrected-claim"): [
        (WRONG, "Send a corrected claim", {"branch-wrong", "remedy-corrected-claim"}),
        (RIGHT, "Send what the payer asked for", {"branch-right", "remedy-resubmit"}),
    ],
    ("verify", "corrected-claim"): [
        (WRONG, "Send a corrected claim", {"branch-wrong", "remedy-corrected-claim"}),
        (RIGHT, "Find out first", {"branch-right", "remedy-verify"}),
    ],
    ("verify", "withdraw"): [
        (WRONG, "Withdraw the line", {"branch-wrong", "remedy-withdraw"}),
        (RIGHT, "Find out first", {"branch-right", "remedy-verify"}),
    ],
    ("verify", "none"): [("", "Find out first", {"remedy-verify"})],
    ("none", "none"): [("", "Nothing: it is no denial", {"remedy-none"})],
}
CODED = [code for code in cdtref.remittances() if code.kind is not RemittanceKind.GROUP]
GROUPED = {"18": ["OA-18"], "209": ["OA-209"]}
"""The codes of which the list says with which group code they come."""


def expected(denial: Denial) -> list[tuple[str, str, set[str]]]:
    return BRANCHES[denial.remedy.value, denial.otherwise.value]


def shown_branches(part: HtmlElement) -> list[tuple[str, str, set[str]]]:
    """As blocks, or in one line where a page has several reasons."""
    found = []
    for branch in part.cssselect(".branches > .branch"):
        line = " ".join(words(told) for told in branch.cssselect(".branch-if"))
        do = " ".join(words(told) for told in branch.cssselect(".branch-do"))
        found.append((line, do, set(branch.get("class", "").split()) - {"branch"}))
    for branch in part.cssselect(".branch-line > span"):
        line, _, do = words(branch).rpartition(": ")
        found.append((line, do.removesuffix("."), set(branch.get("class", "").split())))
    return found


def by_scanning(code: Remittance) -> list[Denial]:
    """Not by asking for the code, which is what the page does."""
    return [d for d in cdtref.denials() if code.id in (*d.carcs, *d.rarcs)]


def row(page: HtmlElement, id: str) -> str:
    (found,) = page.xpath("//section[@id=$id]/div | //details[@id=$id]", id=id)
    return words(found)


def plain(text: str) -> str:
    return " ".join(text.split())


# --- The page of a reason -------------------------------------------------------------------------


def test_the_words_cover_every_value() -> None:
    assert set(FIRST) == set(FirstMove)
    assert set(SURE) == set(cdtref.Confidence)
    assert {(d.remedy.value, d.otherwise.value) for d in cdtref.denials()} == set(BRANCHES)


def test_a_reason_asks_what_decides_before_it_answers(pages: Pages) -> None:
    for denial in cdtref.denials():
        (box,) = pages[f"denials/{denial.id}/"].cssselect(".decision")
        asks, first, *_ = map(words, box.cssselect("p"))
        assert asks == denial.asks, denial.id
        assert asks.endswith("?"), denial.id
        assert first == plain(f"{FIRST[denial.first]} {denial.first_move}"), denial.id
        assert shown_branches(box) == expected(denial), denial.id


def test_nobody_appeals_before_they_looked_for_a_mistake(pages: Pages) -> None:
    """Wherever both stand, on any page, an appeal comes last."""
    both = 0
    for where, page in pages.items():
        for part in page.cssselect(".branches, .branch-line"):
            remedies = re.findall(r"remedy-([a-z-]+)", " ".join(part.xpath("./*/@class")))
            assert remedies, where
            assert "appeal" not in remedies[:-1], where
            both += remedies[0] != "appeal" == remedies[-1]
    assert both >= 3


def test_a_reason_tells_the_rest_in_its_order(pages: Pages) -> None:
    for denial in cdtref.denials():
        page = pages[f"denials/{denial.id}/"]
        order = ["correct", "not-argue", "attach", "the-patient", "the-letter"]
        there = [id for id in order if id != "the-letter" or denial.items]
        assert page.xpath("//article//section/@id") == there, denial.id
        assert page.xpath("//article//details/@id") == ["codes", "who-says-so"], denial.id
        assert words(page.cssselect(".lead")[0]) == plain(denial.meaning)
        told = row(page, "correct").removesuffix(" How to mark a corrected claim")
        assert told == plain(denial.correct)
        assert row(page, "not-argue") == plain(denial.not_argue)
        assert page.xpath("//section[@id='attach']//li/text()") == list(denial.attach)
        assert row(page, "the-patient") == f"{plain(denial.patient)} May the patient be charged?"
        if denial.items:
            labels = " · ".join(cdtref.item(id).label for id in denial.items)
            assert row(page, "the-letter") == labels
        assert row(page, "codes").endswith(f"Sent for this reason: {SURE[denial.link]}.")
        assert row(page, "who-says-so").endswith(f"In all: {SURE[denial.confidence]}.")


def test_a_reason_names_its_codes_and_sources_as_links(pages: Pages) -> None:
    known = {code.id: code for code in cdtref.remittances()}
    for denial in cdtref.denials():
        page = pages[f"denials/{denial.id}/"]
        codes = [known[id] for id in (*denial.carcs, *denial.rarcs, *denial.groups)]
        links = page.xpath("//details[@id='codes']//a")
        assert [words(link) for link in links] == [code.code for code in codes], denial.id
        for link, code in zip(links, codes, strict=True):
            group = code.kind is RemittanceKind.GROUP
            told = f"denials/#group-{code.id}" if group else f"denials/{code.code}/"
            assert link.get("href") == f"../../{told}", denial.id
            assert link.getparent().get("id") == f"{code.kind}-{code.id}"
        sources = page.xpath("//details[@id='who-says-so']//a")
        assert [link.get("href").partition("#")[2] for link in sources] == list(denial.sources)
        for link, id in zip(sources, denial.sources, strict=True):
            assert words(link).startswith(cdtref.source(id).publisher)


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("bundled", "97, 234"),
        ("timely-filing", "29"),
        ("not-covered", "96, N130"),  # 96 alone may be about record fees
        ("record-fees", "96, N135"),
        ("by-report", "16, N350"),
        ("other-payer", "22, 109"),
    ],
)
def test_the_title_of_a_reason_has_its_codes(pages: Pages, reason: str, codes: str) -> None:
    page, name = pages[f"denials/{reason}/"], cdtref.denial(reason).reason
    assert page.xpath("string(//head/title)").startswith(f"{name} ({codes})")
    assert words(page.cssselect("h1")[0]).startswith(f"{name} {codes}")


def test_a_page_of_a_denial_is_for_billers_and_short(pages: Pages) -> None:
    reasons = {f"denials/{denial.id}/" for denial in cdtref.denials()}
    for where, page in pages.items():
        if where.startswith("denials/") and where != "denials/":
            text = "".join(page.xpath("//article//text()[not(ancestor::aside)]"))
            assert not re.search(r"\bcdtref [a-z]|terminal|\.toml", text), where
            assert len(text.split()) <= (340 if where in reasons else 190), where


# --- The page of a code ---------------------------------------------------------------------------


def test_every_code_heads_its_page_with_what_it_means(pages: Pages) -> None:
    for code in CODED:
        page = pages[f"denials/{code.code}/"]
        heading = words(page.cssselect("h1")[0]).removesuffix("¶").strip()
        assert heading.startswith(f"{code.code}: "), code
        title = page.xpath("string(//head/title)")
        assert re.match(rf"{code.code}\b", title), code
        # In full and once: the heading has its first words, the line below it the others.
        told = [heading.partition(": ")[2], *map(words, page.cssselect(".lead"))]
        spoken = [re.sub(r"[^\w ]", "", text).lower() for text in (" ".join(told), code.gloss)]
        assert spoken[0] == spoken[1], code


def test_every_code_says_how_sure_its_meaning_is_and_how_it_is_printed(pages: Pages) -> None:
    for code in CODED:
        page = pages[f"denials/{code.code}/"]
        told = [words(span) for span in page.cssselect(".facts span")]
        printed = GROUPED.get(code.code, [f"CO-{code.code}", f"PR-{code.code}"])
        carc = code.kind is RemittanceKind.CARC
        assert told == [
            f"{'CARC' if carc else 'RARC'} {code.code}",
            *([f"printed as {' or '.join(printed)}"] if carc else []),
            f"its meaning: {SURE[code.confidence]}",
        ]
        assert all(f"group {spelled[:2]}" in code.gloss for spelled in printed) == (
            code.code in GROUPED
        )
        for spelled in printed if carc else ():
            assert spelled in page.xpath("string(//head/title)")


def test_every_code_leads_to_its_reasons_and_what_answers_them(pages: Pages) -> None:
    several = set()
    for code in CODED:
        page = pages[f"denials/{code.code}/"]
        parts = page.cssselect(".decision, .choice")
        found = by_scanning(code)
        assert [part.get("data-denial") for part in parts] == [denial.id for denial in found]
        for part, denial in zip(parts, found, strict=True):
            (link,) = part.cssselect(".reason a")
            assert (words(link), link.get("href")) == (denial.reason, f"../../denials/{denial.id}/")
            assert f"({SURE[denial.link]})" in words(part.cssselect(".reason")[0])
            (asks,) = part.cssselect(".decides")
            assert words(asks) == f"{denial.asks} {FIRST[denial.first]}", (code, denial)
            assert shown_branches(part) == expected(denial), (code, denial)
        asked = [words(heading) for heading in page.cssselect("h2")]
        assert asked == (["What did the payer mean?"] if len(found) > 1 else []), code
        several |= {code.code} if len(found) > 1 else set()
        before = {"CO": "takes the amount off", "PR": "to the patient", "OA": "Some other reason"}
        for part in page.cssselect(".who-bears"):
            told = words(part)
            for group in (spelled.partition("-")[0] for spelled in reasons.spellings(code)):
                assert f"{group}: " in told, code
                assert before[group] in told, code
        bears = [link.get("href") for link in page.cssselect(".who-bears a")]
        assert bears == ["../../denials/#group-codes"] * (code.kind is RemittanceKind.CARC)
    assert {"16", "96", "N20"} <= several


def test_every_page_of_a_denial_has_a_description_of_its_own(pages: Pages) -> None:
    told = {}
    for where, page in pages.items():
        if where.startswith("denials/") and where != "denials/":
            (text,) = page.xpath("//head/meta[@name='description']/@content")
            assert len(text) <= 155, where
            assert text.endswith("."), where
            told[where] = text
    for code in CODED:
        assert code.code in told[f"denials/{code.code}/"]
    for denial in cdtref.denials():
        assert denial.reason in told[f"denials/{denial.id}/"]
        first = FIRST[denial.first]
        assert told[f"denials/{denial.id}/"].endswith(f": {first[0].lower()}{first[1:]}")
    assert len(set(told.values())) == len(told) == len(CODED) + len(cdtref.denials())


# --- The list -------------------------------------------------------------------------------------


def test_the_list_has_each_code_once_in_the_order_of_its_number(pages: Pages) -> None:
    rows = pages["denials/"].xpath("//table[@id='by-code']/tbody/tr")
    codes = [words(row[0]) for row in rows]
    assert sorted(codes) == sorted(code.code for code in CODED)
    assert codes == [row.get("data-remittance") for row in rows]
    assert codes[:5] == ["6", "8", "16", "18", "22"]
    kinds = {"B": 1, "M": 2, "N": 3}
    places = [(kinds.get(code[0], 0), int(code.lstrip("BMN"))) for code in codes]
    assert places == sorted(places)


def test_the_list_has_the_reasons_of_each_code(pages: Pages) -> None:
    known = {code.code: code for code in CODED}
    for row in pages["denials/"].xpath("//table[@id='by-code']/tbody/tr"):
        code = known[row.get("data-remittance")]
        assert row[0][0].get("href") == f"../denials/{code.code}/"
        told = [(words(link), link.get("href")) for link in row[1]]
        assert told == [(d.reason, f"../denials/{d.id}/") for d in by_scanning(code)], code


def test_every_reason_stands_with_its_first_move(pages: Pages) -> None:
    told = [
        (words(row[0]), words(row[1]))
        for row in pages["denials/"].xpath("//table[thead//th='First move']/tbody/tr")
    ]
    assert told == [(d.reason, f"{d.asks} {FIRST[d.first]}") for d in cdtref.denials()]


def test_the_script_of_the_list_is_on_no_other_page_and_has_no_words(pages: Pages) -> None:
    for where, page in pages.items():
        scripts = [src for src in page.xpath("//script/@src") if src.endswith("filter.js")]
        assert len(scripts) == (where == "denials/"), where
    (box,) = pages["denials/"].xpath("//input[@id='filter']")
    assert box.get("aria-controls") == "by-code"
    assert box.xpath("string(//label[@for='filter'])")
    assert box.getparent().get("hidden") is not None, "without JavaScript it would do nothing"
    (count,) = pages["denials/"].xpath("//*[@id='filter-count']")
    assert count.get("aria-live") == "polite"
    assert str(len(CODED)) in count.get("data-some")
    assert str(len(CODED)) in count.get("data-none")
