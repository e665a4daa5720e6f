"""The knowledge holds what it promises: the guides, the disputes, the scenarios."""

import re
from collections.abc import Collection
from typing import Any

import pytest

import cdtref
from cdtref import Confidence, Judgment, Outcome, Stance, Status
from cdtref.library import current
from cdtref.model import covers

DAYS = [day for edition in cdtref.editions() for day in (edition.since, edition.until)]


@pytest.mark.parametrize(
    ("source", "letter", "count"),
    [("delta-dental-fyi-2026", "f", 13), ("practicealpha-d0470", "p", 24)],
)
def test_every_statement_of_the_founding_guides_is_judged(
    source: str, letter: str, count: int
) -> None:
    ids = [statement.id for statement in cdtref.statements(source=source)]
    assert ids == [f"{letter}{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize(
    "statement",
    [statement for statement in cdtref.statements() if statement.claims],
    ids=lambda statement: statement.id,
)
def test_our_judgment_is_what_the_library_answers(statement: cdtref.Statement) -> None:
    """What a statement claims is right, or the judgment says why not."""
    for claimed in statement.claims:
        answer = cdtref.can_bill(claimed.code, claimed.service, on=claimed.on)
        if answer.verdict is claimed.verdict:
            assert statement.judgment is Judgment.AGREES
        else:
            assert statement.judgment is Judgment.DISPUTED
            assert answer.disputed


def test_the_two_guides_contradict_each_other_on_d0470_and_both_are_heard() -> None:
    said = {
        position.source: position.stance for position in cdtref.positions(about="d0470-digital")
    }
    assert said["delta-dental-fyi-2026"] is Stance.NO
    assert said["practicealpha-d0470"] is Stance.YES
    assert said["ada-coding-companion-2026"] is Stance.NO
    assert said["ada-3d-surface-scan-guide"] is Stance.UNSEEN
    assert Stance.OTHER in said.values()
    assert Stance.SILENT in said.values()


def test_what_was_looked_for_and_not_found_is_told() -> None:
    assert {"MetLife", "Aetna", "Guardian", "TRICARE"} <= {
        *cdtref.question("d0470-digital").nothing_found
    }


def test_a_rule_is_called_disputed_only_when_somebody_disagrees() -> None:
    """`agreed` tolerates no dissent on any day of the rule; `disputed` needs some."""
    for rule in cdtref.rules():
        dissent = set()
        for day in DAYS:
            if covers(rule, day):
                (told,) = cdtref.recommend([rule.service], on=day).services
                dissent |= {position.id for position in told.dissent}
        if rule.status is Status.AGREED:
            assert not dissent, f"{rule.id}: `agreed`, but {dissent} say otherwise"
        if rule.status is Status.DISPUTED:
            assert dissent, f"{rule.id}: `disputed`, but no position says otherwise"


def test_a_rule_is_unsettled_because_sources_are_silent_or_disagree() -> None:
    """And where they are silent, it rests on no authority it does not have."""
    for rule in cdtref.rules():
        if rule.outcome is Outcome.UNSETTLED:
            assert rule.status in (Status.SILENT, Status.DISPUTED), rule.id
        if rule.status is Status.SILENT:
            assert rule.outcome is Outcome.UNSETTLED, rule.id
            assert rule.confidence in ("judgment", "low", "medium"), rule.id


def leaning(sources: Collection[str]) -> str:
    """What makes these sources too little for more than a low confidence, if anything does."""
    found = [cdtref.source(id) for id in sources]
    if found and all(source.sells for source in found):
        return "all sell the service or its billing"
    if len(found) > 1 and len({source.repeats or source.id for source in found}) == 1:
        return "they repeat one another"
    return ""


def test_sources_that_lean_are_told_from_those_that_stand() -> None:
    assert leaning(["artistic-dental-wax-up", "operaitor-d9950"]).startswith("all sell")
    assert leaning(["daydream-d0395", "teero-d0395"]).startswith("all sell")
    assert leaning(["aao-coming-soon-2023", "aao-cdt-2023-guide"]) == "they repeat one another"
    assert not leaning(["aao-cdt-2023-guide", "ihs-rpms-patches"])
    assert not leaning(["delta-dental-fyi-2026", "clear-dental-billing-d0470"])
    assert not leaning(["aao-cdt-2023-guide"])  # one society's word, told once


@pytest.mark.parametrize("rule", cdtref.rules(), ids=lambda rule: rule.id)
def test_no_rule_is_sure_by_copies_or_by_sellers_alone(rule: cdtref.Rule) -> None:
    parts: list[Any] = [rule, *rule.exceptions]
    for part in parts:
        if part.confidence in ("high", "medium"):
            assert not leaning(part.sources), (part, leaning(part.sources))


def test_nothing_else_that_advises_is_sure_by_sellers_alone() -> None:
    """Events, positions and statements tell what a source says; these say what is so."""
    kinds: tuple[Any, ...] = (
        cdtref.Code,
        cdtref.Caution,
        cdtref.Scenario,
        cdtref.Term,
        cdtref.Item,
    )
    facts: list[Any] = []
    for kind in kinds:
        facts += current().facts(kind).values()
    for fact in facts:
        if fact.confidence in ("high", "medium"):
            assert not leaning(fact.sources).startswith("all sell"), fact


def visits(scenario: cdtref.Scenario) -> list[cdtref.Visit]:
    first = cdtref.Visit(did=scenario.did, on=scenario.on, bill=scenario.bill)
    return [first, *scenario.then]


def test_scenarios_cover_the_topic() -> None:
    scenarios = cdtref.scenarios()
    assert {scenario.status for scenario in scenarios} == set(Status)
    done = {service for s in scenarios for visit in visits(s) for service in visit.did}
    assert done == {service.id for service in cdtref.services()}
    years = {visit.on.year for s in scenarios for visit in visits(s)}
    changed = {rule.since.year for rule in cdtref.rules() if rule.since}
    # What began in 2015 has examples of later years.
    assert changed - years <= {2015}, "a year in which a rule begins has no example"
    assert cdtref.editions()[0].since.year in years
    assert any(s.then and s.then[0].on.year > s.on.year for s in scenarios)


def test_a_scenario_is_disputed_only_when_somebody_disagrees() -> None:
    """At one of its visits, about one of the things done."""
    for scenario in cdtref.scenarios():
        answers = [
            answer
            for visit in visits(scenario)
            for answer in cdtref.recommend(visit.did, on=visit.on).services
        ]
        if scenario.status is Status.AGREED:
            assert not any(answer.disputed for answer in answers), scenario.id
            assert all(answer.outcome is not Outcome.UNSETTLED for answer in answers), scenario.id
        if scenario.status is Status.DISPUTED:
            assert any(answer.disputed for answer in answers), scenario.id


def test_a_scenario_is_never_surer_than_the_rules_it_rests_on() -> None:
    sure = list(Confidence)
    for scenario in cdtref.scenarios():
        for visit in visits(scenario):
            for answer in cdtref.recommend(visit.did, on=visit.on).services:
                told = f"{scenario.id} is {scenario.confidence}, {answer.rule} {answer.confidence}"
                assert sure.index(scenario.confidence) >= sure.index(answer.confidence), told


def test_every_code_of_the_topic_describes_something() -> None:
    """Some rule answers with it while it is in effect, or leaves it open."""
    described = {
        code
        for rule in cdtref.rules()
        for code in rule.codes
        if any(covers(cdtref.code(code), day) and covers(rule, day) for day in DAYS)
    }
    # D0704 was for capture only. No service here is that, but its deletion is asked about.
    assert {code.code for code in cdtref.all_codes()} - described == {"D0704"}


def test_texts_are_short() -> None:
    """A sentence of a rule is read while a patient waits."""
    for rule in cdtref.rules():
        texts = [rule.why, *(exception.why for exception in rule.exceptions)]
        for sentence in re.split(r"(?<=[.?!]) ", " ".join(texts)):
            assert len(sentence.split()) <= 25, (rule.id, sentence)
