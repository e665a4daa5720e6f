"""The short word that a reader acts on is the value the library holds. The words stand here again,
by hand: a label that was swapped would otherwise agree with itself on every page."""

import cdtref
from cdtref import MayCharge, Outcome, Pays, Status, Verdict
from cdtref.site import views
from tests.docs.conftest import Pages
from tests.docs.test_rendered import words

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
FIRST = {
    "chart": "Read the chart",
    "claim": "Look at the claim",
    "remark": "Read the payer's remark",
    "plan": "Read the plan document",
    "payer": "Ask the payer",
    "proof": "Find the proof",
    "send": "Send what is asked for",
    "withdraw": "Withdraw the line",
    "keep": "Keep it",
}
ANSWER = {
    "corrected-claim": "A corrected claim, if the chart shows that the line was wrong",
    "appeal": "An appeal, if the code was right, the chart of that day proves it",
    "resubmit": "What the payer asked for",
    "withdraw": "Withdraw the line",
    "verify": "Find out first",
    "none": "Nothing: it is no denial",
}
OTHERWISE = {
    "corrected-claim": "a corrected claim",
    "appeal": "an appeal",
    "resubmit": "what the payer asked for",
    "withdraw": "withdraw the line",
    "verify": "find out first",
}
OUTCOME = {
    Outcome.INCLUDED: "Nothing separate",
    Outcome.NO_CODE: "No code of its own",
    Outcome.UNSETTLED: "Unsettled: ask the payer",
}
VERDICT = {
    Verdict.YES: "Yes",
    Verdict.NO: "No",
    Verdict.INCLUDED: "Nothing separate",
    Verdict.UNSETTLED: "Unsettled",
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


def test_what_to_do_about_a_denial(pages: Pages) -> None:
    for denial in cdtref.denials():
        first, answer, _ = map(words, pages[f"denials/{denial.id}/"].cssselect(".summary .row"))
        assert first.startswith(f"First{FIRST[denial.first]}."), denial.id
        assert answer.startswith(f"Answer{ANSWER[denial.remedy]}"), denial.id
        _, wrong, otherwise = answer.partition(" · If the claim was wrong: ")
        assert otherwise == OTHERWISE.get(denial.otherwise, ""), denial.id
        assert bool(wrong) == (denial.otherwise != "none"), denial.id


def test_how_long_to_keep(pages: Pages) -> None:
    for rule in cdtref.retention():
        (row,) = pages["guide/record/"].xpath(f"//tr[@id='keep-{rule.id}']/td[2]")
        told = f"{rule.years} years. " if rule.years else ""
        told += {"yes": "Casts are named. ", "no": "Casts need not be kept. "}.get(rule.casts, "")
        assert words(row).startswith((told + rule.says).split("\n")[0]), rule.id


def test_a_verdict_and_who_disputes_it(pages: Pages) -> None:
    disputed = 0
    for code in cdtref.all_codes():
        for service in cdtref.services() if code.subject else ():
            answer = cdtref.can_bill(code.code, service.id, on=views.day())
            (row,) = pages[f"codes/{code.code}/"].xpath(f"//div[@id='{service.id}']")
            where = (code.code, service.id)
            assert words(row.cssselect(".v")[0]) == VERDICT[answer.verdict], where
            (standing,) = row.cssselect(".standing")
            told = "disputed" in words(standing).lower()
            status = cdtref.rule(answer.rule).status
            if status is not Status.SILENT:
                assert told == answer.disputed, where
            if row.getparent().get("class") == "answers":
                named = [words(found) for found in row.cssselect(".dissent")]
                assert named == ([views.dissenters(answer)] if answer.disputed else []), where
                disputed += answer.disputed
    assert disputed >= 5


def test_the_answer_of_a_service(pages: Pages) -> None:
    for service in cdtref.services():
        (answer,) = cdtref.recommend([service.id], on=views.day()).services
        page = pages[f"services/{service.id}/"]
        big = [words(found) for found in page.cssselect("#answer .big")]
        if answer.outcome is Outcome.REPORTED:
            told = [f"Report {code} {cdtref.code(code).title}" for code in answer.codes]
            assert big == told, service.id
        else:
            assert big == [OUTCOME[answer.outcome]], service.id
        shown = page.cssselect(".summary .disputed")
        assert len(shown) == answer.disputed, service.id
        for banner in shown:
            assert words(banner).startswith(f"Disputed{views.dissenters(answer)}"), service.id
