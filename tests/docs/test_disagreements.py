"""The table of disagreements names everyone who takes a side, on the right side, and how firmly."""

import re

import pytest

import cdtref
from cdtref import Position, Question, Stance
from cdtref.site import views
from cdtref.words import label
from tests.docs.conftest import Pages
from tests.docs.test_rendered import words

SIDES = {"Yes": {Stance.YES}, "No": {Stance.NO, Stance.INCLUDED}}


def said_in(cell: str) -> dict[tuple[str, bool], set[str]]:
    """Who stands on which side, and whether it is only implied."""
    sides = re.fullmatch(r"Yes: (?P<Yes>.*)\. No: (?P<No>.*)\. [^.]*", cell)
    assert sides, cell
    found = {}
    for side, text in sides.groupdict().items():
        outright, _, implied = text.partition("implied by ")
        for names, only in ((outright, False), (implied, True)):
            each = (re.sub(r" \(.*\)", "", name) for name in names.strip(" ;").split(", "))
            found[side, only] = {name for name in each if name and name != "nobody we read"}
    return found


def voices(question: Question, stances: set[Stance]) -> list[Position]:
    """Those on one side, without a page that repeats another of them."""
    side = [p for p in cdtref.positions(about=question.id) if p.stance in stances]
    return [p for p in side if p.repeats not in {other.source for other in side}]


@pytest.mark.parametrize("question", cdtref.questions(), ids=lambda question: question.id)
def test_everyone_who_takes_a_side_is_named(pages: Pages, question: Question) -> None:
    (row,) = pages["guide/where-sources-disagree/"].xpath(f"//tr[@id='{question.id}']")
    asks, answer, who = row.xpath("td")
    assert words(asks) == question.asks
    assert asks.xpath(".//a/@href")[0].endswith(f"/#{question.id}")
    assert question.code in words(answer)
    named = said_in(words(who))
    for side, stances in SIDES.items():
        for implied in (False, True):
            right = {p.publisher for p in voices(question, stances) if p.implied is implied}
            assert named[side, implied] == right, (side, implied)


def test_how_sure_we_are_stands_beside_the_names(pages: Pages) -> None:
    page = pages["guide/where-sources-disagree/"]
    for question in cdtref.questions():
        day = cdtref.code(question.code).until or views.day()
        answer = cdtref.can_bill(question.code, question.services[0], on=day)
        (row,) = page.xpath(f"//tr[@id='{question.id}']")
        (standing,) = row.cssselect(".standing")
        assert words(standing).endswith(label(answer.confidence)), question.id
        assert ("disputed" in words(standing).lower()) == answer.disputed, question.id
