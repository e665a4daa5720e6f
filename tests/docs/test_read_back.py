"""What stands beside an answer is what the library holds for it: who takes which side, what one
copies, where a page leads on, the entries of the lists. Words that decide stand here by hand."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml.html import HtmlElement

import cdtref
from cdtref import (
    Answer,
    Code,
    Outcome,
    Position,
    RemittanceKind,
    Service,
    ServiceAnswer,
    Status,
    Verdict,
)
from cdtref.model import covers, long_date
from cdtref.site import views
from tests.docs.conftest import Pages
from tests.docs.test_badges import VERDICT, marks, slot, wording
from tests.docs.test_head import content
from tests.docs.test_rendered import SURE, words

STATUS = {
    "agreed": "No source disagrees",
    "inferred": "Inferred",
    "disputed": "Disputed",
    "silent": "Sources are silent",
}
AUTHORITY = {
    "code-set": "The code set and its publisher",
    "society": "Professional societies",
    "government": "Government",
    "payer": "Payers, each for its own plans",
    "coding-publisher": "Publishers of coding references",
    "trade": "Trade press, consultants, papers",
    "vendor": "Billing companies and vendors",
    "look-up-site": "Look-up sites",
}
READ = {"full": "Read in full", "part": "Read in part", "unseen": "Not read"}
SERVICES = cdtref.services()
SUBJECT = [code for code in cdtref.all_codes() if code.subject]
FIRST = cdtref.editions()[0].since
DAYS = [day for edition in cdtref.editions() for day in (edition.since, edition.until)]


def plain(text: str) -> str:
    return " ".join(text.split())


def told(service: Service, on: dt.date | None = None) -> ServiceAnswer:
    (answer,) = cdtref.recommend([service.id], on=on or views.day()).services
    return answer


def headlines(answer: ServiceAnswer) -> list[str]:
    verdict = VERDICT[answer.outcome]
    return [wording(verdict, code, answer.part_of) for code in answer.codes or ("",)]


def links(where: str, part: HtmlElement) -> list[tuple[str, str]]:
    """The links of a part of a page: their words, and where in the site they lead."""
    base = "https://x.invalid/"
    return [
        (words(link), urljoin(base + where, link.get("href")).removeprefix(base))
        for link in part.cssselect("a")
    ]


def said(text: str) -> list[tuple[str, bool, str]]:
    """The names of a side, whether they only imply it, and what they say."""
    found = []
    for part in text.removesuffix(".").split("; ") if text else ():
        told = re.fullmatch(r"(.*) (says?|imply|implies) (.*)", part)
        assert told, text
        found.append((told[1], told[2].startswith("impl"), told[3]))
    return found


def point(position: Position) -> str:
    code = cdtref.question(position.about).code
    part = "that it is part of something else"
    return {"yes": code, "no": f"not {code}", "included": part}[position.stance]


def assert_told(text: str, positions: tuple[Position, ...], *, counted: bool = False) -> None:
    """Each voice says what its source says, of its own code; nobody else says anything."""
    sides = said(text)
    originals = {(position.source, position.stance) for position in positions}
    own = [one for one in positions if (one.repeats, one.stance) not in originals]
    outright = {(one.publisher, point(one)) for one in own if not one.implied}
    loud = {about for _, about in outright}
    for one in own:
        implied = (one.publisher, point(one)) not in outright
        names = [names for names, only, about in sides if (only, about) == (implied, point(one))]
        assert len(names) == 1, (text, one)
        if not (counted and implied and point(one) in loud):
            assert one.publisher in names[0], (text, one)
    about = {(one.publisher, point(one)) for one in own}
    for who_says, implied, told_of in sides:
        if count := re.fullmatch(r"(\d+) more", who_says):
            wanted = {who for who, what in about if what == told_of} - {
                who for who, what in outright if what == told_of
            }
            assert counted, text
            assert implied, text
            assert int(count[1]) == len(wanted), text


# --- Who takes which side -------------------------------------------------------------------------


def test_the_sides_of_a_service_stand_under_their_own_headings(pages: Pages) -> None:
    for service in cdtref.services():
        answer = told(service)
        (card,) = pages[f"services/{service.id}/"].cssselect("#answer")
        assert [words(heading) for heading in card.cssselect(".sides h2")] == [
            "Who backs it",
            "Who disputes it",
        ]
        assert_told(slot(card, "dissent"), answer.dissent)
        if answer.backing:
            assert_told(slot(card, "backing"), answer.backing)
        elif answer.outcome is Outcome.UNSETTLED:
            assert slot(card, "backing") == "Nobody we read settles it.", service.id
        else:
            publishers = {cdtref.source(id).publisher for id in answer.sources}
            backing = slot(card, "backing")
            assert all(name in backing for name in publishers), service.id
            assert backing.startswith("Rests on " if publishers else "No source"), service.id


def disputed_at(code: Code, address: str) -> Answer:
    """The answer that a link to a dispute leads to."""
    path, _, anchor = address.partition("#")
    asked = {question.id: question.services[0] for question in cdtref.questions()}
    service = asked.get(anchor) or path.split("/")[1]
    return cdtref.can_bill(code.code, service, on=views.day())


def test_what_is_disputed_about_a_code_stands_in_its_card(pages: Pages) -> None:
    disputed = 0
    for code in SUBJECT:
        where = f"codes/{code.code}/"
        (card,) = pages[where].cssselect("#in-short")
        shown = words(card.cssselect("[data-today]")[0])
        for question in cdtref.questions():
            if question.code == code.code:
                answer = cdtref.can_bill(code.code, question.services[0], on=views.day())
                assert (question.asks in shown) == answer.disputed, question.id
        for sides in card.cssselect(".sides"):
            (heading,) = sides.xpath("preceding-sibling::*[1]")
            ((_, to),) = links(where, heading)
            answer = disputed_at(code, to)
            backs, disputes = sides
            names = [words(heading) for heading in sides.cssselect("h3")]
            ours = wording(answer.verdict, code.code, answer.part_of)
            assert names == [f"Our answer: {ours}", "Who disputes it"]
            backing = words(backs.cssselect("p")[0])
            if answer.backing:
                assert_told(backing, answer.backing, counted=True)
            else:
                assert backing == "Nobody we read settles it.", code
            assert_told(words(disputes.cssselect("p")[0]), answer.dissent)
            disputed += 1
        for also in card.xpath(".//p[b='Also disputed:']"):
            ((_, to),) = links(where, also)
            answer = disputed_at(code, to)
            verdict = wording(answer.verdict, code.code, answer.part_of)
            assert words(also).endswith(f"? {verdict}."), (code, to)
    assert disputed >= 5


# --- The head of a page, and what one copies ------------------------------------------------------


def test_the_card_of_a_code_says_whether_it_is_in_effect_and_since_when(pages: Pages) -> None:
    for code in SUBJECT:
        page = pages[f"codes/{code.code}/"]
        assert words(page.cssselect("h1")[0]).startswith(f"{code.code} {code.title}")
        (card,) = page.cssselect("#in-short")
        ended = code.until is not None and code.until < views.day()
        assert slot(card, "headline") == wording("no" if ended else "yes", code.code, ""), code
        since = first_day(words(card.xpath("./p[@class='dates']")[0]))
        assert yes_on(code, since) == yes_on(code, views.day()), code
        assert covers(code, since) != ended, code
        if since > FIRST:
            before = since - dt.timedelta(days=1)
            changed = yes_on(code, before) != yes_on(code, since)
            assert changed or covers(code, before) == ended, code
        told_of = yes_on(code, views.day())
        one = f"{standing}" if len(told_of) == 1 and (standing := next(iter(told_of))) else ""
        several = "How sure depends on what was done: see below" if told_of else ""
        assert slot(card, "standing") == (one or several), code
        weak = bool(told_of) and all(re.search(r"Inferred|low|judgment", each) for each in told_of)
        assert ("soft" in marks(card)) == weak, code
        (folded,) = page.cssselect("#anything-else")
        count = len(folded.cssselect("tbody tr"))
        assert words(folded.cssselect("summary")[0]).startswith(f"{count} "), code


def yes_on(code: Code, day: dt.date) -> set[str]:
    """How sure each service is for which a code is the answer on a day."""
    asked = [cdtref.can_bill(code.code, one.id, on=day) for one in cdtref.services()]
    return {views.standing(answer) for answer in asked if answer.verdict is Verdict.YES}


def first_day(dates: str) -> dt.date:
    """The day since which an answer holds; it ends with the last that is answered."""
    assert dates.endswith(f" to {long_date(views.day())}."), dates
    begins = "Holds for dates of service from %B %d, %Y"
    return dt.datetime.strptime(dates.split(" to ", maxsplit=1)[0], begins).date()


def test_the_card_of_a_service_says_since_when(pages: Pages) -> None:
    """The day before, something else stood in it, or no edition is encoded."""
    for service in cdtref.services():
        (card,) = pages[f"services/{service.id}/"].cssselect("#answer")
        first = first_day(words(card.xpath("./p[@class='dates']")[0]))
        assert first >= FIRST, service.id
        answer = told(service, first)
        assert headlines(answer) == headlines(told(service)), service.id
        assert answer.why == slot(card, "why"), service.id
        if first > FIRST:
            before = told(service, first - dt.timedelta(days=1))
            assert before != answer, service.id


def cited(page: HtmlElement) -> tuple[str, str]:
    return words(page.cssselect("#link")[0]), words(page.cssselect("#citation")[0])


def test_what_links_to_an_answer_names_it(pages: Pages) -> None:
    """Its title, its answer, its edition, its month, and its own address."""
    month = views.month(min(rule.verified for rule in cdtref.rules()))
    as_of = f"as of {cdtref.editions()[-1].id}, last verified {month}"
    titles = {f"services/{one.id}/": f"{one.short}: {headlines(told(one))[0]}" for one in SERVICES}
    for code in SUBJECT:
        verdict = "yes" if covers(code, views.day()) else "no"
        title = f"{code.code} {code.title}: {wording(verdict, code.code, '')}"
        titles[f"codes/{code.code}/"] = title
    for where, title in titles.items():
        (dates,) = pages[where].cssselect(".card-answer > .dates")
        holds = words(dates).removeprefix("Holds ").removesuffix(".")
        assert cited(pages[where]) == (where, f"cdtref, “{title}”, {holds}, {as_of}, {where}")


def test_the_description_of_a_service_is_its_answer(pages: Pages) -> None:
    edition = cdtref.editions()[-1].id
    for service in cdtref.services():
        answer = told(service)
        text = content(pages[f"services/{service.id}/"], "description")
        short = text.removeprefix(f"{service.short}: ").removesuffix(f" {edition}.")
        assert short.startswith(f"{headlines(answer)[0]}. "), service.id
        assert short.lower().endswith(f"{SURE[answer.confidence]}."), service.id
        named = f"{service.short}: {short} {edition}."
        assert text == (named if len(named) <= 160 else short), service.id


def test_what_to_say_and_to_write_where_no_code_is(pages: Pages) -> None:
    for service in cdtref.services():
        answer = told(service)
        (card,) = pages[f"services/{service.id}/"].cssselect("#answer")
        did = f"{service.name[0].upper()}{service.name[1:]}."
        if answer.outcome is Outcome.INCLUDED:
            part = f"It is part of {answer.part_of}. We report nothing separate for it."
            assert answer.ask or slot(card, "say") == f"We {service.name}. {part}", service.id
            assert slot(card, "write") == f"{did} Part of {answer.part_of}.", service.id
        elif not answer.codes:
            none = "We know of no code for that, and report none."
            assert answer.ask or slot(card, "say") == f"We {service.name}. {none}", service.id
            assert slot(card, "write") == did, service.id
    for code in SUBJECT:
        items = [item.label for item in cdtref.documentation(code.code) if item.required]
        for form in pages[f"codes/{code.code}/"].cssselect("#write"):
            assert words(form) == " ".join(f"{label}:" for label in items), code


def test_what_may_stand_beside(pages: Pages) -> None:
    """A code that is not for the service, but for something else that belongs to it."""
    count = 0
    for service in cdtref.services():
        answer, page = told(service), pages[f"services/{service.id}/"]
        beside = [
            exception.code
            for exception in cdtref.rule(answer.rule).exceptions
            if exception.beside and covers(cdtref.code(exception.code), views.day())
        ]
        for one in page.cssselect("#answer .one"):
            said = slot(one, "second")
            assert said.endswith("may stand beside it.") == bool(beside), service.id
            assert all(code in said for code in beside), service.id
        for code in beside:
            tried = cdtref.can_bill(code, service.id, on=views.day())
            if tried.verdict is Verdict.NO and tried.instead:
                (row,) = page.xpath(f"//tr[@id='{code.lower()}']")
                assert slot(row, "second").endswith(f"{code} may stand beside it."), service.id
        count += len(beside)
    assert count


# --- Where a page leads ---------------------------------------------------------------------------

ABOVE = {
    "codes": [("Codes", "codes/")],
    "services": [("Codes", "codes/"), ("Services", "services/")],
    "scenarios": [("Codes", "codes/"), ("Scenarios", "scenarios/")],
    "denials": [("Denials", "denials/")],
    "checklists": [("Records", "checklists/")],
}


def test_a_page_says_where_it_belongs(pages: Pages) -> None:
    for where, page in pages.items():
        section, _, name = where.partition("/")
        if section in ABOVE and name:
            (crumbs,) = page.xpath("//nav[@aria-label='Breadcrumbs']")
            assert links(where, crumbs) == [("Home", ""), *ABOVE[section]], where


DENIED = ("It was denied", "denials/")
CHARGED = ("May I charge the patient?", "guide/who-may-be-charged/")


def test_a_page_says_what_comes_next(pages: Pages) -> None:
    sheets = {where.split("/")[1] for where in pages if where.startswith("checklists/D")}
    wanted: dict[str, list[tuple[str, str]]] = {}
    for code in SUBJECT:
        to_print = [(f"{code.code} checklist to print", f"checklists/{code.code}/")]
        steps = [*(to_print if code.code in sheets else []), DENIED, CHARGED]
        wanted[f"codes/{code.code}/"] = steps
    for service in cdtref.services():
        codes = [cdtref.code(code) for code in told(service).codes]
        wanted[f"services/{service.id}/"] = [
            *((f"{code.code} {code.title}", code.address) for code in codes),
            *((f"{c.code} checklist", f"checklists/{c.code}/") for c in codes if c.code in sheets),
            ("Put a whole visit together", f"?did={service.id}"),
            *(DENIED, CHARGED),
        ]
    for sheet in sheets:
        code = cdtref.code(sheet)
        wanted[f"checklists/{sheet}/"] = [
            (f"What {sheet} is for", code.address),
            ("What to write", "guide/record/"),
        ]
    for where, steps in wanted.items():
        (following,) = pages[where].xpath("//nav[@aria-label='Next step']")
        assert links(where, following) == steps, where
    for denial in cdtref.denials():
        where = f"denials/{denial.id}/"
        (following,) = pages[where].xpath("//nav[@aria-label='Next step']")
        *first, last = links(where, following)
        assert last == CHARGED, where
        assert ("guide/appeals/" in {to for _, to in first}) == (
            "appeal" in {denial.remedy, denial.otherwise}
        ), where


# --- Lists ----------------------------------------------------------------------------------------


def test_the_register_tells_how_much_was_read_and_on_what_authority(pages: Pages) -> None:
    assert set(AUTHORITY) == set(cdtref.Authority)
    assert set(READ) == set(cdtref.Read)
    for source in cdtref.sources():
        (entry,) = pages["sources/"].xpath(f"//*[@id='{source.id}']")
        (heading,) = entry.xpath("ancestor::details//h2")
        assert heading.get("id") == source.authority, source.id
        others = [other for other in cdtref.sources() if other.authority is source.authority]
        assert words(heading) == f"{AUTHORITY[source.authority]} ({len(others)})", source.id
        name, facts = entry.cssselect("p")
        assert words(name).startswith(plain(f"{source.publisher}, {source.title}")), source.id
        first, *_ = name.xpath("a/@href")
        assert not source.url or first == source.url, source.id
        shown = [label for label in READ.values() if f". {label}" in words(facts)]
        assert shown == [READ[source.read]], source.id
        assert words(facts).endswith(plain(source.note)), source.id


def test_the_list_of_codes(pages: Pages) -> None:
    page = pages["codes/"]
    listed = [
        [words(cell) for cell in row] for row in page.xpath("//article//table/tbody/tr[td[2]]")
    ]
    expected = []
    for code in SUBJECT:
        disputed = any(
            cdtref.can_bill(code.code, service.id, on=views.day()).disputed
            for service in cdtref.services()
        )
        dates = f"since before {FIRST.year}"
        if code.since:
            dates = f"from {code.since.year}"
            if code.until:
                dates = f"{code.since.year} to {code.until.year}, deleted"
        expected.append([code.code, f"{code.title}{' disputed' * disputed}", dates])
    assert listed == expected
    neighbors = [
        [words(cell) for cell in row] for row in page.xpath("//article//table/tbody/tr[not(td[2])]")
    ]
    assert neighbors == [[c.code, c.title] for c in cdtref.all_codes() if not c.subject]


def test_the_list_of_checklists_and_their_sheets(pages: Pages) -> None:
    rows = [[words(cell) for cell in row] for row in pages["checklists/"].xpath("//tbody/tr")]
    sheets = [where.split("/")[1] for where in pages if where.startswith("checklists/D")]
    assert sorted(code for code, _ in rows) == sorted(sheets)
    for code, title in rows:
        assert title == cdtref.code(code).title
        page = pages[f"checklists/{code}/"]
        assert words(page.cssselect("h1")[0]).startswith(f"Checklist: {code} {title}")
        head = [words(part) for part in page.cssselect(".sheet-head span")]
        assert head == ["Date of service", "Initials", "Chart number"], code
        items = cdtref.documentation(code)
        must, may = (
            [words(entry) for entry in page.cssselect(f"ul.boxes{kind} li")]
            for kind in (":not(.small)", ".small")
        )
        assert must == [plain(f"{i.label}. {i.asks}") for i in items if i.required], code
        # What must be written at the visit stands by itself, between the two.
        rest = [i for i in items if not i.required and i.id != "written"]
        assert may == [plain(f"{i.label}. {i.asks}") for i in rest], code


def test_the_list_of_services(pages: Pages) -> None:
    """Here and on the home page: its name, and what makes an answer weaker than it looks."""
    edition = cdtref.editions()[-1]
    dates = f"from {long_date(edition.since)} to {long_date(edition.until)}."
    assert f"For dates of service {dates}" in words(pages["services/"].xpath("//article")[0])
    for where in ("", "services/"):
        for service in cdtref.services():
            answer = told(service)
            found = pages[where].cssselect(f".choices [data-service='{service.id}']")
            assert found, (where, service.id)
            inferred = cdtref.rule(answer.rule).status is Status.INFERRED
            weak = inferred or answer.confidence in ("low", "judgment", "unverified")
            tag = "inferred" if inferred else SURE[answer.confidence]
            for item in found:
                assert links(where, item)[0][1] == f"services/{service.id}/", (where, service.id)
                assert words(item.cssselect(".did")[0]) == service.short, (where, service.id)
                tags = [words(tag) for tag in item.cssselect(".tag.soft")]
                assert tags == [tag] * weak, (where, service.id)


def test_a_scenario_is_told_whole(pages: Pages) -> None:
    for scenario in cdtref.scenarios():
        (card,) = pages[f"scenarios/{scenario.theme}/"].xpath(f"//div[@data-card='{scenario.id}']")
        (heading,) = card.xpath("preceding-sibling::h2[1]")
        assert words(heading).startswith(scenario.title), scenario.id
        visits = [
            (scenario.did, scenario.on, scenario.bill),
            *((visit.did, visit.on, visit.bill) for visit in scenario.then),
        ]
        dates = [words(date) for date in card.cssselect(".card-date")]
        assert dates == [f"Date of service {long_date(on)}" for _, on, _ in visits], scenario.id
        bills = [
            f"On the claim: {', '.join(bill) or 'no line'}"
            for did, _, bill in visits
            if len(did) != len(bill)
        ]
        assert [words(bill) for bill in card.cssselect(".card-bill")] == bills, scenario.id
        for name, text in (
            ("story", scenario.story),
            ("why", scenario.why),
            ("ask", scenario.ask and f"Ask the payer: {scenario.ask}"),
        ):
            shown = [words(part) for part in card.cssselect(f".card-{name}")]
            assert shown == [plain(text)] * bool(text), scenario.id
        standing = words(card.getnext().cssselect(".standing")[0])
        assert standing.startswith(STATUS[scenario.status]), scenario.id
        assert standing.endswith(f" · {SURE[scenario.confidence]}"), scenario.id


def test_the_entries_of_the_lists(pages: Pages) -> None:
    """Each text at its own anchor, beside no other's."""
    for term in cdtref.glossary():
        (entry,) = pages["glossary/"].xpath(f"//dt[@id='{term.id}']")
        assert words(entry).removesuffix(" ¶") == term.term
        assert words(entry.getnext()).startswith(plain(term.meaning)), term.id
    for outside in cdtref.outside():
        (entry,) = pages["outside/"].xpath(f"//div[@id='{outside.id}']")
        name, belongs, also = map(words, entry.cssselect("p"))
        assert name.startswith(outside.short), outside.id
        assert belongs.startswith(plain(outside.belongs)), outside.id
        assert belongs.endswith(f" · {SURE[outside.confidence]}"), outside.id
        assert also == " · ".join(outside.words), outside.id
    for coverage in cdtref.coverage():
        (entry,) = pages["guide/coverage/"].xpath(f"//div[@id='{coverage.id}']")
        payer = f"{coverage.payer}: " if coverage.payer else ""
        heading = words(entry.cssselect(".q a, summary")[0])
        assert heading.startswith(plain(f"{payer}{coverage.label}")), coverage.id
        assert plain(coverage.says) in words(entry), coverage.id
    for charge in cdtref.charges():
        (entry,) = pages["guide/who-may-be-charged/"].xpath(f"//div[@id='{charge.id}']")
        asked, answered, *_ = map(words, entry.cssselect("p"))
        assert asked.startswith(plain(charge.situation)), charge.id
        assert answered.startswith(plain(f"{charge.answer} {charge.why}")), charge.id
    for remittance in cdtref.remittances():
        if remittance.kind is RemittanceKind.GROUP:
            (entry,) = pages["denials/"].xpath(f"//tr[@id='group-{remittance.id}']")
            sure = SURE[remittance.confidence]
            assert words(entry[1]) == plain(f"{remittance.gloss} {sure}"), remittance.id
    for caution in cdtref.cautions():
        page, _, anchor = caution.address.partition("#")
        (entry,) = pages[page].xpath(f"//li[@id='{anchor}']")
        assert words(entry).startswith(plain(caution.text)), caution.id
        assert SURE[caution.confidence] in words(entry.cssselect(".standing")[0]).lower()


# --- For another date of service ------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(site: Path) -> dict[str, Any]:
    """What the browser fills in for another date of service."""
    found: dict[str, Any] = json.loads((site / "assets/answers.json").read_text(encoding="utf-8"))
    found["shown"] = list(zip(*found["shown"], strict=True))
    pairs = [row for rows in found["pairs"].values() for row in rows]
    newest = 0
    for stretches in (*found["services"].values(), *found["codes"].values(), *pairs):
        for stretch in stretches:
            for at, before in enumerate(stretch[1:], 1):
                stretch[at] = newest - before
                newest += not before
    for code, rows in found["pairs"].items():
        found["pairs"][code] = dict(zip(found["services"], rows, strict=True))
    return found


def filled(table: dict[str, Any], stretches: list[list[int]], on: dt.date) -> list[dict[str, Any]]:
    """What the browser fills in on a date, read as it reads it."""
    days, signs = table["days"], ("soft", "disputed")
    *_, at = (stretch for stretch in stretches if days[stretch[0]] <= on.isoformat())
    return [
        {
            field: bool(value) if field in signs else table["texts"][value]
            for field, value in zip(table["fields"], table["shown"][number], strict=True)
        }
        for number in at[1:]
    ]


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_what_the_browser_fills_in(table: dict[str, Any], on: dt.date) -> None:
    for service in cdtref.services():
        answer = told(service, on)
        found = filled(table, table["services"][service.id], on)
        assert [one["headline"] for one in found] == headlines(answer), service.id
        for one, code in zip(found, answer.codes or ("",), strict=True):
            assert (one["code"], one["verdict"]) == (code, VERDICT[answer.outcome]), service.id
            assert one["why"] == answer.why, service.id
            assert one["disputed"] == bool(one["dissent"]) == answer.disputed, service.id
            for side, positions in (("backing", answer.backing), ("dissent", answer.dissent)):
                if positions:
                    assert_told(one[side], positions)
            assert one["standing"].lower().endswith(SURE[answer.confidence]), service.id
            if code:
                assert one["say"] == f"We {service.name}. We report {code} for that.", service.id
                items = [item.label for item in cdtref.documentation(code) if item.required]
                assert plain(one["write"]) == " ".join(f"{label}:" for label in items), service.id
            else:
                assert one["write"].lower().startswith(f"{service.name.lower()}."), service.id
                assert one["say"].startswith(answer.ask or f"We {service.name}."), service.id
    for fact in SUBJECT:
        (one,) = filled(table, table["codes"][fact.code], on)
        verdict = "yes" if covers(fact, on) else "no"
        assert one["verdict"] == verdict, fact
        assert one["headline"] == wording(verdict, fact.code, ""), fact
        assert (one["why"] == fact.use) == (verdict == "yes"), fact
        for service in cdtref.services():
            pair = cdtref.can_bill(fact.code, service.id, on=on)
            (one,) = filled(table, table["pairs"][fact.code][service.id], on)
            assert one["verdict"] == pair.verdict, (fact, service.id)
            assert one["headline"] == wording(pair.verdict, fact.code, pair.part_of)
            assert one["standing"].lower().endswith(SURE[pair.confidence]), (fact, service.id)
            assert one["disputed"] == pair.disputed, (fact, service.id)
            rule = cdtref.rule(pair.rule)
            apart = any(exception.code == fact.code for exception in rule.exceptions)
            inferred = rule.status is Status.INFERRED and not apart and covers(fact, on)
            weak = inferred or pair.confidence not in ("high", "medium")
            assert one["soft"] == weak, (fact, service.id)


def test_a_page_tells_the_month_its_fact_was_verified(pages: Pages) -> None:
    """The sitemap has it as the day of the last change."""
    wanted = {code.address: code.verified for code in SUBJECT}
    wanted |= {one.address: cdtref.rule(told(one).rule).verified for one in SERVICES}
    wanted |= {denial.address: denial.verified for denial in cdtref.denials()}
    wanted |= {
        code.address: code.verified
        for code in cdtref.remittances()
        if code.kind is not RemittanceKind.GROUP
    }
    assert {where: content(pages[where], "verified") for where in wanted} == wanted


def test_a_question_on_the_page_of_a_service_stands_before_its_answer(pages: Pages) -> None:
    """Its yes or no would else be read as one to what is above it."""
    for service in SERVICES:
        asked = [one for one in cdtref.questions() if service.id in one.services]
        found = pages[f"services/{service.id}/"].cssselect("#who-says-otherwise")
        assert len(found) == bool(asked), service.id
        for part in found:
            assert words(part).startswith(plain(f"{asked[0].asks} {asked[0].answer}"))
            where = f"services/{service.id}/"
            assert links(where, part)[0] == (asked[0].asks, asked[0].address), service.id
            assert {(one.asks, one.address) for one in asked} <= set(links(where, part))
            assert part.get("data-today") is not None, service.id
