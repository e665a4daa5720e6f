"""The public functions answer or raise our errors, whatever they are given."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cdtref
from cdtref import CdtrefError
from cdtref.model import covers

settings.register_profile("busy", deadline=None)  # a busy machine is no fault of ours
settings.load_profile("busy")

CODES = st.sampled_from([code.code for code in cdtref.all_codes()])
SERVICES = st.sampled_from([service.id for service in cdtref.services()])
DATES = st.dates(cdtref.editions()[0].since, cdtref.editions()[-1].until)
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.dates(),
    st.datetimes(),
    st.lists(st.text()),
    CODES,
    SERVICES,
    st.from_regex(r"\A\s*[dD]\d{3,5}\s*\Z"),
    st.from_regex(r"\A\d{4}-\d\d-\d\d\Z"),
)


def answers_or_raises_ours(ask: Callable[[], Any]) -> None:
    """One line for what went wrong; any other exception fails the test."""
    try:
        answer = ask()
    except CdtrefError as error:
        told = str(error)
    else:
        told = cdtref.to_json(answer)
        json.loads(told)
    assert told
    assert "\n" not in told


@given(ANYTHING, ANYTHING, ANYTHING)
def test_can_bill_answers_or_raises_ours(code: Any, service: Any, on: Any) -> None:
    answers_or_raises_ours(lambda: cdtref.can_bill(code, service, on=on))


@given(st.one_of(ANYTHING, st.lists(ANYTHING, max_size=4)), ANYTHING)
def test_recommend_answers_or_raises_ours(did: Any, on: Any) -> None:
    answers_or_raises_ours(lambda: cdtref.recommend(did, on=on))


@pytest.mark.parametrize(
    "look_up",
    [
        *(cdtref.code, cdtref.service, cdtref.rule, cdtref.source),
        *(cdtref.question, cdtref.scenario),
    ],
)
@given(value=ANYTHING)
def test_look_ups_answer_or_raise_ours(look_up: Callable[[Any], Any], value: Any) -> None:
    answers_or_raises_ours(lambda: look_up(value))


@given(CODES, SERVICES, DATES)
def test_text_and_date_ask_the_same(code: str, service: str, on: dt.date) -> None:
    answer = cdtref.can_bill(code, service, on=on)
    assert answer == cdtref.can_bill(code.lower(), service.upper(), on=f" {on.isoformat()} ")
    assert answer.on == on
    assert covers(cdtref.rule(answer.rule), on)


@given(st.lists(SERVICES, min_size=1, max_size=6), DATES)
def test_a_recommendation_agrees_with_can_bill(did: list[str], on: dt.date) -> None:
    done = cdtref.recommend(did, on=on)
    for line in done.lines:
        for service in line.services:
            assert cdtref.can_bill(line.code, service, on=on).verdict == "yes"
    told = [s for line in done.lines for s in line.services] + [*done.included, *done.unsettled]
    assert set(told) == set(did)
