"""The short word that a reader acts on is the value the library holds. The words stand here again,
by hand: a label that was swapped would otherwise agree with itself on every page."""

import re
from typing import Any

from lxml.html import HtmlElement

import cdtref
from cdtref import MayCharge, Outcome, Pays, Status, Verdict
from cdtref.site import views
from tests.docs.conftest import Pages
from tests.docs.test_rendered import SURE, words

CHARGE = {"yes": "Yes", "no": "No", "depends": "It depends", "ask": "Ask first"}
PAYER = {
    "yes": "Pays",
    "no": "Does not pay",
    "limited": "Pays within limits",
    "silent": "Does not say",
}
PATTERN = {
    "no": "May not pay",
    "limited": "May pay only within limits",
    "silent": "Does not settle payment",
}


def test_whether_the_patient_may_be_charged(pages: Pages) -> None:
    assert set(CHARGE) == set(MayCharge)
    for charge in cdtref.charges():
        (entry,) = pages["guide/who-may-be-charged/"].xpath(f"//div[@id='{charge.id}']")
        badges = [words(badge) for badge in entry.cssselect(".v")]
        assert badges == [CHARGE[charge.may_charge]], charge.id


def test_whether_a_plan_pays(pages: Pages) -> None:
    assert set(PAYER) == set(Pays)
    for coverage in cdtref.coverage():
        (entry,) = pages["guide/coverage/"].xpath(f"//div[@id='{coverage.id}']")
        told = (PAYER if coverage.payer else PATTERN)[coverage.pays]
        assert [words(badge) for badge in entry.cssselect(".v")] == [told], coverage.id


def test_how_long_to_keep(pages: Pages) -> None:
    for rule in cdtref.retention():
        (row,) = pages["guide/record/"].xpath(f"//tr[@id='keep-{rule.id}']/td[2]")
        told = {"yes": "Casts are named. ", "no": "Casts need not be kept. "}.get(rule.casts, "")
        assert words(row).startswith((told + rule.says).split("\n")[0]), rule.id
        if rule.years:
            spelled = {2: "two", 5: "five", 7: "seven", 10: "ten"}[rule.years]
            assert f"{spelled} years" in words(row).lower(), rule.id


def test_how_sure_each_entry_is_and_who_backs_it(pages: Pages) -> None:
    """Once, after its text; what all entries of a list share stands after the list."""
    record, payment = "guide/record/", "guide/coverage/"
    shown: list[tuple[str, str, Any]] = [
        *(("guide/who-may-be-charged/", entry.id, entry) for entry in cdtref.charges()),
        *((payment, entry.id, entry) for entry in cdtref.coverage()),
        *((record, f"keep-{entry.id}", entry) for entry in cdtref.retention()),
    ]
    for where, at, entry in shown:
        (found,) = pages[where].xpath(f"//*[@id='{at}']")
        assert words(found).count(f"({SURE[entry.confidence]})") == 1, at
        asked = [words(line) for line in found.cssselect(".ask")]
        payer = getattr(entry, "payer", "")  # what to ask a payer is said once, above them all
        ask = "" if payer else getattr(entry, "ask", "")
        assert asked == [f"“{ask}”"] * bool(ask), at
        linked = [
            href.partition("#")[2] for href in found.xpath(".//a/@href") if "sources/" in href
        ]
        assert linked == list(entry.sources), at
    for ingredient in cdtref.ingredients():
        where = ingredient.address.partition("#")[0]
        (found,) = pages[where].xpath(f"//li[@id='{ingredient.id}']")
        told = words(found)
        if SURE[ingredient.confidence] not in told:
            (after,) = found.xpath("../following-sibling::*[1]")
            told = words(after)
            found = after
        assert told.endswith((f"({SURE[ingredient.confidence]})", "¶")), ingredient.id
        assert told.count(f"({SURE[ingredient.confidence]})") == 1, ingredient.id
        linked = [
            href.partition("#")[2] for href in found.xpath(".//a/@href") if "sources/" in href
        ]
        assert linked == list(ingredient.sources), ingredient.id


def wording(verdict: str, code: str, part_of: str) -> str:
    """The five wordings, by hand."""
    return {
        "yes": f"Report {code}",
        "no": f"Do not report {code}" if code else "No code of its own",
        "included": f"Part of {part_of}, nothing separate",
        "unsettled": "Unsettled: ask the payer",
    }[verdict]


def slot(element: HtmlElement, name: str) -> str:
    (found,) = element.cssselect(f"[data-slot={name}]")
    return words(found)


def marks(element: HtmlElement) -> set[str]:
    return set(element.get("class", "").split()) & {*FORMS.values(), "soft", "disputed"}


FORMS = {"yes": "v-yes", "no": "v-no", "included": "v-included", "unsettled": "v-unsettled"}
VERDICT = {"reported": "yes", "included": "included", "no-code": "no", "unsettled": "unsettled"}
WEAK = {"low", "judgment", "unverified"}


def doubts(service: str) -> str:
    """What is said of a code to report instead that is less sure than the no beside it."""
    (answer,) = cdtref.recommend([service], on=views.day()).services
    inferred = cdtref.rule(answer.rule).status is Status.INFERRED
    weak = {"low": "low confidence", "judgment": "our judgment", "unverified": "unverified"}
    told = "inferred" if inferred else weak.get(answer.confidence, "")
    told = ", ".join(filter(None, [told, "disputed" if answer.disputed else ""]))
    return f" ({told})" if told else ""


def test_an_answer_on_the_page_of_its_code(pages: Pages) -> None:
    """Its words, its data and its form, for every code of the topic with every service."""
    disputed = soft = 0
    for code in cdtref.all_codes():
        for service in cdtref.services() if code.subject else ():
            answer = cdtref.can_bill(code.code, service.id, on=views.day())
            (row,) = pages[f"codes/{code.code}/"].xpath(f"//tr[@id='{service.id}']")
            where = (code.code, service.id)
            assert words(row.cssselect("th")[0]) == service.short, where
            assert slot(row, "headline") == wording(answer.verdict, code.code, answer.part_of), (
                where
            )
            second = slot(row, "second")
            assert set(re.findall(r"Report (D\d{4})", second)) == set(answer.instead), where
            if answer.instead:
                instead = f"Report {' and '.join(answer.instead)}{doubts(service.id)}."
                assert second.startswith(instead), where
            if answer.verdict is Verdict.NO and not answer.instead:
                outcome = "no" if answer.outcome is Outcome.NO_CODE else answer.outcome
                assert second == wording(outcome, "", answer.part_of) + ".", where
            told = [row.get(f"data-{name}") for name in ("code", "service", "verdict", "on")]
            assert told == [code.code, service.id, answer.verdict, f"{views.day()}"], where
            form = {FORMS[answer.verdict]} | ({"disputed"} if answer.disputed else set())
            assert marks(row) - {"soft"} == form, where
            if answer.confidence in WEAK:
                assert "soft" in marks(row), where
            soft += "soft" in marks(row)
            disputed += answer.disputed
    assert disputed >= 5
    assert soft >= 50


def test_the_answer_of_a_service(pages: Pages) -> None:
    """On its own page, on the home page and in the list of services: the same words and form."""
    for service in cdtref.services():
        (answer,) = cdtref.recommend([service.id], on=views.day()).services
        verdict = VERDICT[answer.outcome]
        expected = [wording(verdict, code, answer.part_of) for code in answer.codes or ("",)]
        (card,) = pages[f"services/{service.id}/"].cssselect("#answer")
        assert [slot(one, "headline") for one in card.cssselect(".one")] == expected, service.id
        assert slot(card, "standing").lower().endswith(SURE[answer.confidence]), service.id
        assert slot(card, "why") == answer.why, service.id
        (disputes,) = card.cssselect(".disputes")
        assert (disputes.get("hidden") is None) == answer.disputed, service.id
        assert slot(card, "dissent") == views.dissenters(answer), service.id
        backing = slot(card, "backing")
        for position in answer.backing:
            assert position.publisher in backing, (service.id, position.id)
        for position in answer.dissent:
            if not position.repeats:
                assert position.publisher in slot(card, "dissent"), (service.id, position.id)
        form = {FORMS[verdict]} | ({"disputed"} if answer.disputed else set())
        weak = answer.confidence in WEAK or cdtref.rule(answer.rule).status is Status.INFERRED
        form |= {"soft"} if weak else set()
        assert marks(card) == form, service.id
        for where in ("", "services/"):
            told = pages[where].xpath(f"//li[@data-service='{service.id}'][a]")
            found = [item for item in told if "choices" in item.getparent().get("class", "")]
            assert [item.get("data-verdict") for item in found] == [verdict] * len(expected), where
            assert [item.get("data-code") for item in found] == list(answer.codes or ("",)), where
            for item, words_of in zip(found, expected, strict=True):
                assert marks(item) == form, (where, service.id)
                shown = words(item.cssselect(".told")[0])
                assert shown.startswith(words_of), (where, service.id)
                assert ("disputed" in shown) == answer.disputed, (where, service.id)


def test_what_to_say_and_to_write(pages: Pages) -> None:
    """A sentence for the telephone names what was done and the code; an open question is quoted."""
    for service in cdtref.services():
        (answer,) = cdtref.recommend([service.id], on=views.day()).services
        (card,) = pages[f"services/{service.id}/"].cssselect("#answer")
        say, write = slot(card, "say"), slot(card, "write")
        if answer.outcome is Outcome.REPORTED:
            assert say == f"We {service.name}. We report {answer.codes[0]} for that.", service.id
            items = [item for item in cdtref.documentation(answer.codes[0]) if item.required]
            assert write == " ".join(f"{item.label}:" for item in items), service.id
        elif answer.ask:
            assert say == answer.ask, service.id
        else:
            assert say.startswith(f"We {service.name}."), service.id
            assert ("nothing separate" in say) == (answer.outcome is Outcome.INCLUDED), service.id
        for name in ("say", "write"):
            (button,) = card.cssselect(f"button[data-copy={name}]")
            assert card.cssselect(f"#{button.get('data-copy')}"), service.id


def test_a_visit_in_a_card(pages: Pages) -> None:
    """Each service of each visit of each scenario: its answer on that date."""
    for scenario in cdtref.scenarios():
        (card,) = pages[f"scenarios/{scenario.theme}/"].xpath(f"//div[@data-card='{scenario.id}']")
        told = [
            (
                item.get("data-service"),
                item.get("data-code"),
                item.get("data-verdict"),
                item.get("data-on"),
            )
            for item in card.cssselect("li.ans")
        ]
        visits = [(scenario.did, scenario.on), *((visit.did, visit.on) for visit in scenario.then)]
        expected = []
        for did, on in visits:
            for answer in cdtref.recommend(did, on=on).services:
                verdict = VERDICT[answer.outcome]
                for code in answer.codes or ("",):
                    expected.append((answer.service, code, verdict, f"{on}"))
                    item = card.cssselect("li.ans")[len(expected) - 1]
                    assert words(item.cssselect("b")[0]) == wording(verdict, code, answer.part_of)
                    assert ("disputed" in words(item)) == answer.disputed, scenario.id
        assert told == expected, scenario.id
        never = card.cssselect(".card-not")
        assert [words(one) for one in never] == (
            [f"Do not report {' or '.join(scenario.not_)}."]
            if len(scenario.not_) in (1, 2)
            else [f"Do not report {', '.join(scenario.not_[:-1])} or {scenario.not_[-1]}."]
            if scenario.not_
            else []
        ), scenario.id
