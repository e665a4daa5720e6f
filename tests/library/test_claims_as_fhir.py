"""Claims as FHIR has them: what is read of an item, and that no item vanishes."""

import copy
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cdtref
from cdtref.claimfiles.lines import Given, NotRead, Read, Whole
from tests.library.interchange import PERSONAL
from tests.library.readings import found, given_in, not_read, told_lines
from tests.library.test_claims_as_json import VALUES

CDT = "http://www.ada.org/cdt"
AREA = "http://terminology.hl7.org/CodeSystem/ADAAreaOralCavitySystem"
TOOTH = "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem"
ON = "2026-03-02"


def concept(code: str, system: str = CDT) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": PERSONAL}], "text": PERSONAL}


def item(code: str = "D0801", **more: Any) -> dict[str, Any]:
    return {"sequence": 1, "productOrService": concept(code), "servicedDate": ON} | more


def claim(*items: Any, kind: str = "Claim", **more: Any) -> dict[str, Any]:
    """A claim that names somebody wherever FHIR has a place for it."""
    return {
        "resourceType": kind,
        "id": "c-1",
        "text": {"status": "generated", "div": f"<div>{PERSONAL}</div>"},
        "patient": {"reference": f"Patient/{PERSONAL}", "display": PERSONAL},
        "provider": {"display": PERSONAL},
        "contained": [{"resourceType": "Patient", "name": [{"family": PERSONAL}]}],
        "item": list(items),
    } | more


def bundle(*resources: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


def read(resource: Any) -> list[Read]:
    results = found(json.dumps(resource))
    assert PERSONAL not in repr(results)
    return results


@pytest.mark.parametrize("kind", ["Claim", "ExplanationOfBenefit"])
def test_an_item_is_a_line_with_its_date_arch_and_quantity(kind: str) -> None:
    first = item("D0801", bodySite=concept("01", AREA), quantity={"value": 2})
    (whole,) = read(claim(first, item("D0470"), kind=kind))
    assert isinstance(whole, Whole)
    assert whole.lines == (
        Given(1, "c-1", ON, "D0801", (), "01", "2"),
        Given(2, "c-1", ON, "D0470"),
    )
    assert (whole.claim, whole.in_part, whole.told) == ("c-1", 0, ())


@pytest.mark.parametrize(
    "system",
    [
        "http://www.ada.org/cdt",
        "https://www.ada.org/cdt/",
        "http://ada.org/cdt|2026",
        "http://terminology.hl7.org/CodeSystem/CDT",
        "urn:oid:2.16.840.1.113883.6.13",
    ],
)
def test_cdt_is_known_by_each_address_it_goes_by(system: str) -> None:
    (whole,) = read(claim(item(productOrService=concept("D0801", system))))
    assert [line.billed for line in given_in([whole])] == ["D0801"]


@pytest.mark.parametrize(
    ("coded", "told"),
    [
        (
            concept("99213", "http://www.ama-assn.org/go/cpt"),
            "Not CDT: its code is of http://www.a",
        ),
        ({"coding": [{"code": "D0801"}]}, "Not CDT: its code is of no system"),
        ({"text": PERSONAL}, "Not CDT: it has no code"),
        ({"coding": [*concept("D0801")["coding"], *concept("D0470")["coding"]]}, "several CDT"),
        ({"coding": [{"system": CDT}]}, "Not CDT"),
        ({"coding": {"system": CDT, "code": "D0801"}}, "coding: expected a list"),
        ({"coding": [{"system": [CDT], "code": "D0801"}]}, "system: expected text, got a list"),
        ({"coding": [{"system": CDT, "code": ["D0801"]}]}, "code: expected text, got a list"),
        (concept("1", "urn:" + "x" * 90), f"its code is of urn:{'x' * 76}. CDT is http"),
        (None, "productOrService: expected an object, got null"),
    ],
)
def test_a_code_that_is_none_of_cdt_is_told_and_takes_no_other_line_with_it(
    coded: Any, told: str
) -> None:
    results = read(claim(item(productOrService=coded), item("D0396")))
    assert [line.billed for line in given_in(results)] == ["D0396"]
    (lost,) = not_read(results)
    assert told in lost.why
    assert (lost.claim, lost.of) == ("c-1", "unreadable")
    assert [each.in_part for each in results if isinstance(each, Whole)] == [1]


def test_a_code_of_another_system_beside_that_of_cdt_does_no_harm() -> None:
    both = {"coding": [*concept("70355", "urn:other")["coding"], *concept("D0801")["coding"]]}
    assert [line.billed for line in given_in(read(claim(item(productOrService=both))))] == ["D0801"]


@pytest.mark.parametrize(
    ("dated", "on", "told"),
    [
        ({"servicedDate": "2026-03"}, "2026-03", ""),
        ({"servicedPeriod": {"start": ON, "end": ON}}, ON, ""),
        ({"servicedPeriod": {"start": ON}}, ON, ""),
        (
            {"servicedPeriod": {"start": f"{ON}T09:00:00-05:00", "end": f"{ON}T23:30:00-05:00"}},
            ON,
            "",
        ),
        (
            {"servicedPeriod": {"start": ON, "end": "2026-03-09"}},
            ON,
            "from 2026-03-02 to 2026-03-09",
        ),
        ({"servicedPeriod": {"start": ON, "end": PERSONAL}}, ON, "on another day than it starts"),
        ({"servicedPeriod": {"end": ON}}, "", "no date of service"),
        ({}, "", ""),
    ],
)
def test_the_date_is_that_of_the_item_and_no_other(dated: Any, on: str, told: str) -> None:
    undated = {key: value for key, value in item().items() if key != "servicedDate"}
    around: dict[str, Any] = {"created": "2026-04-01", "billablePeriod": {"start": "2026-01-01"}}
    (line,) = given_in(read(claim(undated | dated, **around)))
    assert line.on == on
    assert told in " ".join(line.told)
    assert bool(told) == bool(line.told)


@pytest.mark.parametrize(
    ("site", "arch"),
    [
        ({"bodySite": concept("02", AREA)}, "02"),
        ({"bodySite": concept("00", AREA)}, "00"),
        ({"bodySite": concept("01", AREA), "subSite": [concept("02", AREA)]}, "00"),
        ({"subSite": [concept("01", AREA)]}, "01"),
        ({"bodySite": [{"site": [{"concept": concept("02", AREA)}]}]}, "02"),
        ({"bodySite": concept("02", TOOTH), "subSite": [concept("L", "urn:surface")]}, ""),
        ({"bodySite": {"text": "01"}}, ""),
    ],
)
def test_an_arch_is_read_from_areas_of_the_mouth_and_not_from_teeth(site: Any, arch: str) -> None:
    (line,) = given_in(read(claim(item(**site))))
    assert (line.arch, line.told) == (arch, ())


def test_a_quadrant_is_told_to_be_no_arch() -> None:
    (line,) = given_in(read(claim(item(bodySite=concept("10", AREA)))))
    assert line.arch == ""
    assert line.told == ("The area '10' is no whole arch; no arch was taken from it.",)


def test_what_an_item_holds_is_read_with_the_date_of_the_item() -> None:
    inner = {"sequence": 1, "productOrService": concept("D0393"), "quantity": {"value": 3}}
    outer = {"sequence": 1, "productOrService": concept("D0396"), "subDetail": [inner]}
    results = read(claim(item("D0801", detail=[outer])))
    assert [(line.billed, line.on, line.quantity) for line in given_in(results)] == [
        ("D0801", ON, ""),
        ("D0396", ON, ""),
        ("D0393", ON, "3"),
    ]


def test_an_item_that_only_groups_is_no_line_and_no_mistake() -> None:
    grouping = {"sequence": 1, "servicedDate": ON, "detail": [item("D0801"), item("D0396")]}
    results = read(claim(grouping))
    assert [line.billed for line in given_in(results)] == ["D0801", "D0396"]
    assert [(each.of, each.line) for each in not_read(results)] == [("header", 1)]
    assert [line.line for line in given_in(results)] == [1, 2]
    assert [each.in_part for each in results if isinstance(each, Whole)] == [0]


def test_what_the_payer_added_was_not_billed() -> None:
    added = {"sequence": 1, "productOrService": concept("D0210"), "detail": [item("D0801")]}
    results = read(claim(item(), kind="ExplanationOfBenefit", addItem=[added]))
    assert [line.billed for line in given_in(results)] == ["D0801"]
    assert [each.of for each in not_read(results)] == ["payer", "payer"]
    assert [each.in_part for each in results if isinstance(each, Whole)] == [0]
    (only,) = read(claim(kind="ExplanationOfBenefit", addItem=[item()]))
    assert isinstance(only, NotRead), "a claim with nothing else in it is none"


def test_the_claim_is_named_by_its_identifier_or_else_by_its_id() -> None:
    identifiers = [{"system": "urn:x"}, {"value": "PCN-9"}]
    assert given_in(read(claim(item(), identifier=identifiers)))[0].claim == "PCN-9"
    assert given_in(read(claim(item())))[0].claim == "c-1"
    assert given_in(read(claim(item(), id=None)))[0].claim == ""


def test_what_is_no_bill_yet_or_none_any_more_is_told() -> None:
    (whole,) = read(claim(item(), use="predetermination", status="cancelled"))
    assert isinstance(whole, Whole)
    assert [sentence.split(":")[0] for sentence in whole.told] == [
        "It is a predetermination",
        "Its status is cancelled.",
    ]


def test_a_bundle_is_read_claim_by_claim_and_other_resources_left_alone() -> None:
    patient = {"resourceType": "Patient", "name": [{"family": PERSONAL}]}
    results = read(bundle(patient, claim(item("D0801")), bundle(claim(item("D0396")))))
    wholes = [each for each in results if isinstance(each, Whole)]
    assert [[line.billed for line in each.lines] for each in wholes] == [["D0801"], ["D0396"]]
    assert len(results) == 2


def test_resources_one_a_line_are_read_each_on_its_line() -> None:
    patient = {"resourceType": "Patient", "name": [{"family": PERSONAL}]}
    text = "\n".join(map(json.dumps, [claim(item(), item("D0396")), patient, claim(item("D0470"))]))
    assert [(line.line, line.billed) for line in given_in(found(text))] == [
        (1, "D0801"),
        (1, "D0396"),
        (3, "D0470"),
    ]


def test_a_line_is_where_its_item_begins() -> None:
    text = json.dumps(bundle(claim(item("D0801"), item("D0396"))), indent=2)
    rows = text.splitlines()
    for line in given_in(found(text)):
        assert line.billed in "\n".join(rows[line.line - 1 : line.line - 1 + line.span])
        assert rows[line.line - 1].strip() == "{"
        assert rows[line.line - 2 + line.span].strip() in ("}", "},")


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ({"resourceType": "Patient"}, "What it holds: Patient."),
        ({"resourceType": "P" * 50}, f"What it holds: {'P' * 40}."),
        (bundle(), "No claim is in this file"),
        (claim(), "no items"),
        (claim(item=PERSONAL), "item: expected a list, got text"),
        (claim(item=[PERSONAL]), "item: expected an object, got text"),
        ({"resourceType": "Bundle", "entry": PERSONAL}, "entry: expected a list"),
        ({"resourceType": "Bundle", "entry": [PERSONAL]}, "entry: expected an object"),
        ({"resourceType": [PERSONAL]}, "resourceType"),
        (bundle([PERSONAL]), "resourceType"),
        (claim(item(servicedPeriod=PERSONAL, servicedDate=None)), "servicedPeriod: expected an"),
        (claim(item(servicedDate=[PERSONAL])), "servicedDate: expected text"),
        (
            claim(item(servicedPeriod={"start": [PERSONAL]}, servicedDate=None)),
            "servicedPeriod.start: expected text",
        ),
        (
            claim(item(servicedPeriod={"start": ON, "end": {}}, servicedDate=None)),
            "servicedPeriod.end: expected text",
        ),
        (
            claim(item(bodySite={"coding": [{"system": AREA, "code": [PERSONAL]}]})),
            "bodySite: expected text",
        ),
        (claim(item(quantity=[PERSONAL])), "quantity: expected text"),
    ],
)
def test_what_cannot_be_read_is_told_without_what_it_says(resource: Any, told: str) -> None:
    (result,) = read(resource)
    assert isinstance(result, NotRead)
    assert told in result.why


UNREAD = """{"resourceType": "Bundle", "entry": [
 5,
 {"resource": {"resourceType": 7}},
 {"request": {}}, {"resource": {"resourceType": "ExplanationOfBenefit", "id": "e-1",
  "item": [
   {"servicedDate": "2026-03-02",
    "detail": [
     {"productOrService": {"coding": []}}
    ]},
   "x",
   {"servicedDate": ["2026-03-02"],
    "productOrService": null}
  ],
  "addItem": [
   {"productOrService":
     {}}
  ]}},
 {"resource": {"resourceType": "Claim", "id": "e-2",
  "item": 7}},
 {"resource": {"resourceType": "Claim", "id": "e-3"}},
 {"resource": {"resourceType": "Claim", "id": "e-4", "item": [
   {"sequence": 1,
    "detail": [{"sequence": 1}]}], "item": [
   {"sequence": 1}, 8], "item": 99}}
]}"""


def test_what_is_not_read_is_told_with_its_place_and_its_claim() -> None:
    twice = "'item' stands twice in what holds it, and nothing tells which one counts."
    results = found(UNREAD)
    assert len(results) == len(not_read(results))
    assert [
        (one.line, one.span, one.rows, one.claim, one.of, one.why) for one in not_read(results)
    ] == [
        (1, 25, 1, "", "unreadable", "entry: expected an object, got text."),
        (3, 1, 1, "", "unreadable", "expected a FHIR resource, with its resourceType."),
        (6, 4, 0, "e-1", "header", "It only holds the lines below it."),
        (8, 1, 1, "e-1", "unreadable", "Not CDT: it has no code. CDT is http://www.ada.org/cdt."),
        (4, 14, 1, "e-1", "unreadable", "item: expected an object, got text."),
        (11, 2, 1, "e-1", "unreadable", "servicedDate: expected text, got a list."),
        (15, 2, 1, "e-1", "payer", "The payer added it (addItem); it was not billed."),
        (18, 2, 1, "e-2", "unreadable", "item: expected a list, got text."),
        (20, 1, 1, "e-3", "unreadable", "The claim has no items."),
        (22, 2, 1, "e-4", "unreadable", twice),
        (23, 1, 1, "e-4", "unreadable", twice),
        (24, 1, 1, "e-4", "unreadable", twice),
        (21, 4, 1, "e-4", "unreadable", "item: expected an object, got text."),
        (21, 4, 1, "e-4", "unreadable", "item: expected an object, got text."),
    ]


@pytest.mark.parametrize(
    ("bundled", "told"),
    [
        (
            '{"resourceType": "Bundle", "entry": [], "entry": []}',
            "got several values under one key",
        ),
        (
            '{"resourceType": "Bundle", "entry": {"resource": {"resourceType": "Claim"}}, '
            '"entry": {}}',
            "got several values under one key",
        ),
        ('{"resourceType": "Bundle", "entry": {}}', "entry: expected a list, got an object"),
        ('{"resourceType": "Bundle"}', "No claim is in this file"),
    ],
)
def test_a_bundle_that_cannot_be_read_is_told(bundled: str, told: str) -> None:
    (lost,) = not_read(found(bundled))
    assert told in lost.why


def test_items_that_are_no_list_are_told_where_they_stand() -> None:
    (lost,) = not_read(found('{"resourceType": "Claim",\n "item":\n  {"sequence":\n 1}\n}'))
    assert (lost.line, lost.span, lost.why) == (3, 2, "item: expected a list, got an object.")


def test_a_code_that_stands_twice_is_told_and_none_is_taken() -> None:
    coding = f'"coding": {{"system": "{CDT}", "code": "D0801"}}'
    text = f'{{"resourceType": "Claim", "item": [{{"productOrService": {{{coding}, {coding}}}}}]}}'
    (lost,) = not_read(found(text))
    assert lost.why == "coding: expected a list, got several values under one key."


def test_of_several_identifiers_the_first_that_says_something_is_the_label() -> None:
    identifiers = [{"value": ["x"]}, {"value": ""}, {"value": "PCN-9"}, {"value": "PCN-8"}]
    assert given_in(read(claim(item(), identifier=identifiers)))[0].claim == "PCN-9"


def test_a_day_that_is_no_time_is_kept_as_it_is() -> None:
    (line,) = given_in(
        read(claim(item(servicedDate=None, servicedPeriod={"start": "2026-03-021"})))
    )
    assert line.on == "2026-03-021"


def test_a_file_is_checked_and_each_item_accounted_for() -> None:
    text = json.dumps(
        bundle(
            claim(item("D0470"), item("D0470"), item(productOrService=None)),
            claim(item("D0801", servicedDate=None), item("D0801", servicedDate="2022-03-02")),
        ),
        indent=1,
    )
    checked = cdtref.check_file(io.BytesIO(text.encode("utf-16")))
    results = list(checked)
    assert PERSONAL not in repr(results) + repr([*checked.said()])
    found = [one for each in results if not isinstance(each, NotRead) for one in each.findings]
    starts = [at for at, row in enumerate(text.splitlines()) if '"sequence"' in row]  # one before
    assert [one.lines for one in found if one.kind == "duplicate"] == [(starts[0], starts[1])]
    assert [one.lines for one in found if one.kind == "invalid-for-date"] == [(starts[4],)]
    assert {each.line for each in results if isinstance(each, NotRead)} == {starts[2], starts[3]}
    assert f"line {starts[2]} was not read" in " ".join(one.why for one in found)
    assert checked.summary.lines == 5 == numbered(text)


# --- Nothing vanishes -----------------------------------------------------------------------------

ITEMS = st.builds(
    lambda code, inside: item(code, detail=inside) if inside else item(code),
    st.sampled_from(["D0801", "D0396", "X"]),
    st.lists(st.builds(item, st.just("D0470")), max_size=2),
)
PLACES = ["productOrService", "servicedDate", "servicedPeriod", "bodySite", "subSite", "quantity"]


def numbered(text: str) -> int:
    """How many items a file has, counted without reading it."""
    return len(re.findall('"sequence":', text))


@given(st.lists(st.lists(ITEMS, min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_each_item_of_a_damaged_file_is_given_or_told(
    claims: list[list[Any]], data: st.DataObject
) -> None:
    whole = copy.deepcopy(bundle(*(claim(*items) for items in claims)))
    for _ in range(data.draw(st.integers(0, 4))):
        items = data.draw(st.sampled_from(whole["entry"]))["resource"]["item"]
        damaged = data.draw(st.sampled_from(items))
        damaged[data.draw(st.sampled_from(PLACES))] = data.draw(VALUES)
    text = json.dumps(whole)
    if data.draw(st.booleans()):  # two lists of items in one claim
        text = text.replace('"item":', '"item": [{"sequence": 9}], "item":', 1)
    results = found(text)
    assert len(given_in(results)) + len(not_read(results)) == numbered(text)


@given(st.lists(ITEMS, min_size=1, max_size=3), st.data())
def test_each_item_of_a_file_that_breaks_off_is_in_what_is_told(
    items: list[Any], data: st.DataObject
) -> None:
    text = json.dumps(bundle(claim(*items)), indent=1)
    text = text[: data.draw(st.integers(1, len(text) - 1))]
    told = told_lines(found(text))
    rows = text.splitlines()
    assert {at for at, row in enumerate(rows, 1) if '"sequence"' in row} <= told
