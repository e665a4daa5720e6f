"""The script on the page about the data, and the site's own, answer the conformance suite.

The suite and the data are read from the built site, as another program would.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import cdtref
from cdtref.words import LABELS, VERDICT_OF
from tests.browser.conftest import OpenPage, read

IN_JAVASCRIPT = """async ([suite, site]) => {
    %s
    const asked = Object.keys(suite[0].answer);
    const named = (row) => Object.fromEntries(asked.map((field) => [field, row[field]]));
    return suite.map(({ code, service, on, beyond }) => {
        const told = canBill(code, service, on, beyond);
        return told.refused || named(told);
    });
}"""
# The date switch: the answer of a code and a service on a date, and of the service by itself.
BY_THE_SITE = """async (suite) => {
    const { answers, table, wrong } = window.cdtref;
    const known = await table();
    return suite.map(({ code, service, on }) => {
        if (wrong(on)) return wrong(on);
        const of = (rows) => answers(known, rows, on).shown;
        const [pair] = of(known.pairs[code][service]);
        return { ...pair, services: of(known.services[service]).map(({ verdict }) => verdict) };
    });
}"""
# What the box finds for a name: the services that it may mean.
BY_THE_BOX = """async (names) => {
    const found = [];
    for (const name of names) {
        const { hits, wrong } = await document.getElementById("ask").search(name);
        found.push(wrong ? [] : hits.filter(({ kind }) => kind === "service")
            .map(({ id, ambiguous }) => [id, ambiguous]));
    }
    return found;
}"""
WRONG = {"not-a-date": "none", "before-first": "before", "after-last": "after"}


@pytest.fixture(scope="session")
def suite(site: Path) -> list[Any]:
    found: list[Any] = json.loads((site / "data/v1/conformance.json").read_text(encoding="utf-8"))
    return found


def test_the_script_on_the_page_passes_the_suite(
    open_page: OpenPage, address: str, site: Path, suite: list[Any]
) -> None:
    (block,) = read(site, "reference/data/").cssselect(".language-js pre")
    page = open_page()
    page.goto("reference/data/")
    script = "".join(block.itertext())
    told = page.evaluate(IN_JAVASCRIPT % script, [suite, address])
    for question, answer in zip(suite, told, strict=True):
        assert answer == (question["refused"] or question["answer"]), question


def test_the_date_switch_passes_the_suite(open_page: OpenPage, suite: list[Any]) -> None:
    """It knows codes and services by their ids, and says in words how sure an answer is and what to
    report instead. Which rule answered it does not tell."""
    codes = {code.code for code in cdtref.all_codes()}
    services = {service.id for service in cdtref.services()}
    asked = [
        one
        for one in suite
        if not one["beyond"] and one["code"] in codes and one["service"] in services
    ]
    page = open_page()
    page.goto("codes/")
    for question, told in zip(asked, page.evaluate(BY_THE_SITE, asked), strict=True):
        if question["refused"]:
            assert told == WRONG[question["refused"]], question
            continue
        # A blank around a date is understood by who reads files; a date field never has one.
        if question["on"] != question["on"].strip():
            assert told == "none"
            continue
        assert said(told) == {name: question["answer"][name] for name in said(told)}, question
    assert {one["refused"] for one in asked} == {"", *WRONG}
    assert len(asked) > 1000


def said(told: Any) -> dict[str, Any]:
    """What an answer of the site says, in the terms of the data."""
    (outcome,) = {kind.value for kind, verdict in VERDICT_OF.items() if verdict in told["services"]}
    sure = [
        grade
        for grade, words in LABELS[cdtref.Confidence].items()
        if words in told["standing"].lower()
    ]
    report = re.match(r"Report ([^.(]*)", told["second"])
    instead = {"instead": re.findall(r"D\d{4}", report[1]) if report else []}
    return {
        "code": told["code"],
        "verdict": told["verdict"],
        "outcome": outcome,
        "disputed": told["disputed"],
        "confidence": sure[0].value,
        **(instead if told["verdict"] == "no" else {}),  # what is not settled names no other code
    }


def test_the_box_finds_the_names_of_the_suite(open_page: OpenPage, suite: list[Any]) -> None:
    """It reads words where the data have names: it may ask whether another service was meant."""
    names = [one for one in suite if one["refused"] in ("", "ambiguous-service")]
    known = {service.id for service in cdtref.services()}
    named = {one["service"]: one for one in names if one["service"] not in known}
    page = open_page()
    page.goto("codes/")
    found = page.evaluate(BY_THE_BOX, list(named))
    for (name, question), hits in zip(named.items(), found, strict=True):
        if question["refused"]:
            assert [ambiguous for _, ambiguous in hits][:1] == [True], name
        else:
            assert question["answer"]["service"] in [id for id, _ in hits], name
