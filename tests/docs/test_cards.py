"""Scenario cards: what an author may write, and what each mistake is told."""

import datetime as dt

import pytest
from pymdownx.superfences import SuperFencesException

import cdtref
from cdtref.site import cards
from cdtref.site.cards import (
    CardError,
    card_fence,
    card_html,
    check_card,
    read_card,
    shown_card,
)
from cdtref.site.untrue import UntrueError

GOOD = """\
title: Scan, then print
did: intraoral-scan, in-office-print
on: 2026-03-02
bill: D0801, D0396
not: D0470
"""
OPEN = "title: Scan of an impression\ndid: impression-scan\non: 2026-03-02\nbill: nothing"


def test_a_true_card_passes() -> None:
    check_card(read_card(GOOD))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("bill: D0801, D0396", "bill: D0801"),
        ("bill: D0801, D0396", "bill: D0396, D0801"),
        ("bill: D0801, D0396", "bill: D0470"),
        ("bill: D0801, D0396", "bill: nothing"),
        ("did: intraoral-scan, in-office-print", "did: intraoral-scan, lab-print"),
        ("on: 2026-03-02", "on: 2023-03-02"),
        ("not: D0470", "not: D0801"),
        ("title: Scan, then print", "title: Scan, then a print by a laboratory"),
        ("title: Scan, then print", "title: Two things at one visit"),
    ],
)
def test_a_false_card_fails(was: str, now: str) -> None:
    with pytest.raises(UntrueError, match="the library"):
        check_card(read_card(GOOD.replace(was, now)))


def test_a_story_tells_what_was_done_and_nothing_else() -> None:
    card = shown_card("impression-tray-scanned")
    check_card(card._replace(story="We scanned an impression in its tray."))
    with pytest.raises(UntrueError, match="without “nothing”"):
        check_card(card._replace(title="Scan of an impression, nothing poured"))
    for wrong in ("We scanned the stone cast on the desktop scanner.", "We went home."):
        with pytest.raises(UntrueError, match="the card is about impression-scan"):
            check_card(card._replace(story=wrong))


def test_not_a_code_that_is_merely_open_fails() -> None:
    with pytest.raises(UntrueError, match="unsettled"):
        check_card(read_card(f"{OPEN}\nnot: D0802"))


def test_a_card_names_what_it_leaves_open() -> None:
    check_card(read_card(f"{OPEN}\nunsettled: impression-scan"))
    with pytest.raises(UntrueError, match="leaves unsettled nothing; the library impression-scan"):
        check_card(read_card(OPEN))
    with pytest.raises(UntrueError, match="leaves unsettled intraoral-scan; the library nothing"):
        check_card(read_card(f"{GOOD}unsettled: intraoral-scan"))


def test_no_service_hides_behind_another_of_the_same_code() -> None:
    text = GOOD.replace("in-office-print", "volume-simulation").replace("D0396", "D0393")
    card = read_card(text.replace("Scan, then print", "Scan of the mouth, and CBCT simulation"))
    check_card(card)
    (visit,) = card.visits
    more = visit.__replace__(did=(*visit.did, "virtual-simulation"))
    with pytest.raises(UntrueError, match="volume-simulation and virtual-simulation"):
        check_card(card._replace(visits=(more,)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"bill": ()},
        {"bill": ("D0470",)},
        {"did": ("lab-print",)},
        {"on": dt.date(2023, 12, 31)},
        {"unsettled": ("in-office-print",)},
    ],
)
def test_a_later_visit_is_checked_too(wrong: dict[str, object]) -> None:
    card = shown_card("scan-2023-print-2024")
    first, later = card.visits
    with pytest.raises(UntrueError):
        check_card(card._replace(visits=(first, later.__replace__(**wrong))))


def test_a_code_under_not_describes_nothing_of_a_later_visit() -> None:
    card = shown_card("scan-2023-print-2024")
    check_card(card)
    with pytest.raises(UntrueError, match="says not D0396; for in-office-print on 2024-01-02"):
        check_card(card._replace(not_=("D0396",)))


def test_the_payer_is_asked_of_codes_that_are_billed_or_open() -> None:
    card = shown_card("impression-tray-scanned")
    check_card(card)
    with pytest.raises(UntrueError, match="asked of D0801, which is neither billed nor open"):
        check_card(card._replace(ask="Do you accept D0801 for a scan of an impression?"))


def test_a_false_scenario_of_the_knowledge_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cards.false_scenarios() == []
    false = read_card(GOOD.replace("bill: D0801, D0396", "bill: D0801"))
    monkeypatch.setattr(cards, "shown_card", lambda _id: false)
    assert len(cards.false_scenarios()) == len(cdtref.scenarios())


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("", "empty"),
        ("just words", "empty or not"),
        ("title: [", "not `key: value` lines"),
        (
            GOOD + "note: x",
            "unknown key `note`; a card has title, did, on, bill, not, unsettled, why",
        ),
        (GOOD.replace("title: Scan, then print\n", ""), "`title` is missing"),
        (GOOD.replace("2026-03-02", "March 2"), "expected a date such as 2026-03-02"),
        (GOOD.replace("in-office-print", "in-ofice-print"), "Did you mean in-office-print"),
        (GOOD.replace("D0396", "D9999"), "outside this topic"),
        ("show: no-such-scenario", "is not the id of a scenario"),
        ("show: scan-then-in-office-print\non: 2026-03-02", "`show` stands alone"),
    ],
)
def test_a_mistake_is_told(card: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_card(card)
    with pytest.raises(SuperFencesException, match=message):
        card_fence(card, "scenario", "scenario", {}, None)


def test_a_promise_about_a_date_after_the_last_edition_fails() -> None:
    after = cdtref.editions()[-1].until + dt.timedelta(days=1)
    with pytest.raises(cdtref.UnknownEditionError, match="none is guessed"):
        check_card(read_card(GOOD.replace("2026-03-02", after.isoformat())))


def test_a_card_error_is_a_value_error() -> None:
    assert issubclass(CardError, ValueError)


def test_a_card_shows_everything_it_checks() -> None:
    shown = card_html(read_card(GOOD))
    for text in ("Scan, then print", "March 2, 2026", "code-d0801", "code-d0396", "code-d0470"):
        assert text in shown


@pytest.mark.parametrize("scenario", cdtref.scenarios(), ids=lambda scenario: scenario.id)
def test_every_scenario_of_the_knowledge_holds(scenario: cdtref.Scenario) -> None:
    check_card(read_card(f"show: {scenario.id}"))
