"""The claim: what was billed against what was done."""

import datetime as dt
import random
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cdtref
from cdtref import InvalidInputError, inputs, library
from cdtref.visits import check_visit

ON = "2026-03-02"
CODES = st.sampled_from([*(code.code for code in cdtref.all_codes()), "D2740"])
SERVICES = st.sampled_from([service.id for service in cdtref.services()])


def told(claim: dict[str, Any]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (found.severity.value, found.kind.value, found.code, found.instead)
        for found in cdtref.check_claim(claim)
        if found.kind is not cdtref.Kind.BUNDLING_RISK
    ]


def visit(did: list[str], *billed: str, on: str = ON) -> dict[str, Any]:
    return {"on": on, "did": did, "billed": list(billed)}


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (visit(["intraoral-scan"], "D0801"), []),
        (visit(["stone-cast"], "D0470"), []),
        (visit(["intraoral-scan", "in-office-print"], "D0801", "D0396"), []),
        # The wrong code for the method.
        (visit(["intraoral-scan"], "D0470"), [("error", "wrong-code", "D0470", ("D0801",))]),
        (visit(["cast-scan"], "D0801"), [("error", "wrong-code", "D0801", ("D0802",))]),
        # The laboratory's print as D0396, and the scan as D0470.
        (
            visit(["intraoral-scan", "lab-print"], "D0470", "D0396"),
            [
                ("error", "wrong-code", "D0470", ("D0801",)),
                ("error", "wrong-code", "D0396", ()),
            ],
        ),
        # The impression scan on its own, and other parts of something else.
        (visit(["digital-impression"], "D0801"), [("error", "unbundled", "D0801", ())]),
        (visit(["working-model"], "D0470"), [("error", "unbundled", "D0470", ())]),
        (visit(["retake"], "D0801"), [("error", "unbundled", "D0801", ())]),
        (visit(["duplicate-models"], "D0470"), [("error", "wrong-code", "D0470", ())]),
        # Not in effect on the date, with and without what was done.
        (
            visit(["intraoral-scan"], "D0801", on="2022-03-02"),
            [("error", "invalid-for-date", "D0801", ("D0470",))],
        ),
        (
            {"on": "2023-01-01", "billed": ["D0351"]},
            [("error", "invalid-for-date", "D0351", ())],
        ),
        # Unsettled.
        (visit(["impression-scan"], "D0802"), [("warning", "unsettled", "D0802", ())]),
        # Done and on no line.
        (visit(["intraoral-scan"], "D0350"), [("error", "wrong-code", "D0350", ("D0801",))]),
        (
            visit(["intraoral-scan", "virtual-simulation"], "D0801"),
            [("note", "unbilled-service", "D0393", ())],
        ),
        (visit(["intraoral-scan"]), [("note", "unbilled-service", "D0801", ())]),
        # Outside the topic, or without what was done.
        (
            visit(["intraoral-scan"], "D0801", "D2740"),
            [("note", "not-checked", "D2740", ())],
        ),
        ({"on": ON, "billed": ["D0801"]}, [("note", "not-checked", "D0801", ())]),
        # Twice.
        (
            visit(["intraoral-scan"], "D0801", "D0801"),
            [("warning", "duplicate", "D0801", ())],
        ),
    ],
)
def test_a_visit(claim: dict[str, Any], expected: list[Any]) -> None:
    assert told(claim) == expected


def line(code: str, did: str = "", arch: str = "", quantity: int = 1) -> dict[str, Any]:
    return {"on": ON, "code": code, "did": did, "arch": arch, "quantity": quantity}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [line("D0470", "stone-cast", "upper"), line("D0470", "stone-cast", "lower")],
            [("note", "unsettled", "D0470", ())],
        ),
        (
            [line("D0470", "stone-cast", "upper"), line("D0470", "stone-cast", "upper")],
            [("warning", "duplicate", "D0470", ())],
        ),
        (
            [line("D0470", "stone-cast", "both"), line("D0470", "stone-cast", "lower")],
            [("warning", "duplicate", "D0470", ())],
        ),
        ([line("D0470", "stone-cast", "both", 2)], [("note", "unsettled", "D0470", ())]),
        # A code that stands once, before one that stands twice.
        (
            [line("D0801", "intraoral-scan"), *[line("D0330", "panoramic-image")] * 2],
            [("warning", "duplicate", "D0330", ())],
        ),
        # Each line by its own service: a right and a wrong one are told apart.
        (
            [line("D0801", "intraoral-scan"), line("D0396", "lab-print")],
            [("error", "wrong-code", "D0396", ())],
        ),
    ],
)
def test_lines(lines: list[dict[str, Any]], expected: list[Any]) -> None:
    assert told({"lines": lines}) == expected


def test_a_finding_names_the_line_it_is_about_and_no_other() -> None:
    lines = [line("D0470", "stone-cast", "upper"), line("D0470", "intraoral-scan", "lower")]
    (found,) = [f for f in cdtref.check_claim({"lines": lines}) if f.severity == "error"]
    assert (found.kind, found.lines) == ("wrong-code", (2,))
    outside = cdtref.check_claim({"on": ON, "billed": ["D1110", "D0470", "D1110"]})
    assert [f.lines for f in outside if f.code == "D1110"] == [(1, 3)]
    assert [f.lines for f in outside if f.code == "D0470"] == [(2,)]


def test_every_finding_says_when_why_and_what_it_rests_on() -> None:
    """A worklist made of findings has a date, a reason and an address in every row."""
    lines: list[dict[str, Any]] = [
        {"on": ON, "code": "D0470", "did": "intraoral-scan"},
        {"on": "2022-03-02", "code": "D0801"},
        {"on": "2025-06-02", "code": "D0801", "did": "retainer-scan"},
        {"on": "2025-06-03", "code": "D0801", "did": "intraoral-scan"},
        {"on": "2025-06-03", "code": "D0801", "did": "virtual-simulation"},
        {"on": "2025-06-04", "code": "D0802", "did": "impression-scan"},
        {"on": "2025-06-05", "code": "D0801", "did": ["intraoral-scan", "photographs"]},
        {"on": "2025-06-06", "code": "D0470", "did": "stone-cast", "quantity": 2},
        {"on": "2025-06-07", "code": "D0470", "did": "stone-cast"},
        {"on": "2025-06-07", "code": "D0801", "did": "intraoral-scan"},
        {"on": "2025-06-08", "code": "D0396"},
        {"on": "2025-06-09", "code": "D2740"},
    ]
    found = cdtref.check_claim({"lines": lines, "note": {"purpose": "x", "method": "y"}})
    kinds = {finding.kind for finding in found}
    assert kinds == set(cdtref.Kind) - {cdtref.Kind.AFTER_LAST_EDITION}
    sources = {source.id for source in cdtref.sources()}
    for finding in found:
        about = [lines[number - 1] for number in finding.lines]
        days = {line["on"] for line in about or lines}
        assert finding.on.isoformat() in days
        # One note serves several dates, and a limit by the year is about several.
        if about and finding.kind != "documentation" and finding.rule != "direct-and-indirect-scan":
            assert len(days) == 1
        assert finding.why[0].isupper() or finding.why.startswith(finding.code)
        assert (finding.confidence is None) == (finding.kind == "not-checked"), finding
        assert finding.why.endswith((".", "?", "ask.")), finding.why
        if finding.code != "D2740":  # the site has nothing on it
            assert "#" in finding.address or finding.address.endswith("/"), finding
        assert set(finding.sources) <= sources
        assert finding.last_known == ()
        assert (finding.sources == ()) == (finding.kind == "not-checked"), finding
        if finding.kind not in ("bundling-risk", "unbilled-service"):
            assert about, finding
        if finding.code and finding.kind != "unbilled-service":
            assert {line["code"] for line in about} == {finding.code}


def test_the_first_code_without_a_repeat_hides_no_later_one() -> None:
    for billed in (["D0801", "D0470", "D0470"], ["D0470", "D0801", "D0470"]):
        found = cdtref.check_claim({"on": ON, "billed": billed})
        assert [f.code for f in found if f.kind == "duplicate"] == ["D0470"]
        (twice,) = [f for f in found if f.kind == "duplicate"]
        assert [billed[number - 1] for number in twice.lines] == ["D0470", "D0470"]
        assert "on 2 lines" in twice.why
        assert twice.confidence == "judgment"
        assert twice.sources == cdtref.code("D0470").sources
        assert twice.address == cdtref.code("D0470").address


@pytest.mark.parametrize("quantity", [1, 2, 99])
def test_a_quantity_above_one_is_worth_a_look(quantity: int) -> None:
    one = line("D0470", "stone-cast", "both", quantity)
    found = cdtref.check_claim({"lines": [one]})
    assert ["quantity above one" in f.why for f in found] == [True] * (quantity > 1)


@pytest.mark.parametrize(
    ("did", "code", "told_of"),
    [
        # What is unsettled comes before what is part of something else, and that before a plain no.
        (["retainer-scan", "impression-scan"], "D0802", "impression-scan"),
        (["lab-print", "working-model"], "D0396", "working-model"),
        # Of two plain no, the one of which a source speaks; then the one that has another code.
        (["lab-print", "intraoral-scan"], "D0470", "intraoral-scan"),
        (["impression-only", "intraoral-scan"], "D0470", "intraoral-scan"),
    ],
)
def test_of_several_services_the_finding_is_on_the_one_most_likely_meant(
    did: list[str], code: str, told_of: str
) -> None:
    """In whatever order they were named."""
    for order in (did, did[::-1]):
        found = [f for f in cdtref.check_claim(visit(order, code)) if f.lines == (1,)]
        assert [cdtref.rule(f.rule).service for f in found if f.rule and f.code] == [told_of]
        answer = cdtref.can_bill(code, told_of, on=ON)
        assert found[0].sources == answer.sources
        assert found[0].address == answer.address
        assert found[0].confidence == answer.confidence
        assert found[0].why.startswith(answer.why)


def test_what_was_done_and_is_on_no_line_has_what_its_answer_has() -> None:
    (found,) = cdtref.check_claim(visit(["intraoral-scan"]))
    (line_,) = cdtref.recommend(["intraoral-scan"], on=ON).lines
    assert (found.kind, found.code, found.lines) == ("unbilled-service", "D0801", ())
    assert found.why == f"{line_.why} It was done and is on no line."
    assert (found.dissent, found.sources, found.address, found.confidence) == (
        line_.dissent,
        line_.sources,
        line_.address,
        line_.confidence,
    )
    assert cdtref.rule(found.rule).service == "intraoral-scan"
    (weak,) = cdtref.check_claim(visit(["mounted-analysis"]))
    assert (weak.code, weak.confidence) == ("D9950", "low")


def test_what_is_unsettled_says_what_to_ask() -> None:
    (found,) = [f for f in cdtref.check_claim(visit(["impression-scan"], "D0802")) if f.code]
    answer = cdtref.can_bill("D0802", "impression-scan", on=ON)
    assert found.why == f"{answer.why} {answer.ask}"
    assert answer.ask.endswith("?")


def test_a_pitfall_is_told_once_with_the_lines_it_is_about() -> None:
    """A line of something else is not among them."""
    lines = [
        line("D0330", "panoramic-image"),
        line("D0470", "stone-cast"),
        line("D0801", "intraoral-scan"),
    ]
    (found,) = [f for f in cdtref.check_claim({"lines": lines}) if f.kind == "bundling-risk"][:1]
    caution = cdtref.caution(found.rule)
    assert found.why == caution.text
    assert (found.severity, found.sources, found.address) == (
        caution.severity,
        caution.sources,
        caution.address,
    )
    assert found.code == ""
    rules = [f.rule for f in cdtref.check_claim({"lines": lines}) if f.kind == "bundling-risk"]
    assert len(rules) == len(set(rules))
    risk = [
        f for f in cdtref.check_claim({"lines": lines}) if f.rule == "cast-and-scan-of-the-mouth"
    ]
    assert [f.lines for f in risk] == [(2, 3)]


def test_pitfalls_are_told_in_their_order_of_codes_and_of_what_was_done() -> None:
    did = ["intraoral-scan", "lab-print", "photographs", "cephalometric-image"]
    found = cdtref.check_claim(visit(did, "D0801", "D0340", "D0350"))
    rules = [f.rule for f in found if f.kind == "bundling-risk"]
    assert rules == ["scan-and-lab-print", "orthodontic-records", "scan-and-photographs"]
    every = [caution.id for caution in cdtref.cautions()]
    assert rules == sorted(rules, key=every.index)


def test_what_was_done_alone_is_no_pitfall_on_a_claim_of_one_code() -> None:
    found = cdtref.check_claim(visit(["stone-cast", "intraoral-scan"], "D0801"))
    assert "bundling-risk" not in [f.kind for f in found]


def test_lines_of_both_arches_are_told_as_such() -> None:
    lines = [line("D0470", "stone-cast", arch) for arch in ("upper", "lower")]
    (found,) = cdtref.check_claim({"lines": lines})
    assert "a line for each arch" in found.why


def test_a_code_outside_is_told_alike_up_to_the_last_encoded_day() -> None:
    last = cdtref.editions()[-1]
    for on in (ON, last.until.isoformat()):
        (found,) = cdtref.check_claim({"on": on, "billed": ["D2740"]})
        assert found.why == "D2740 is outside this topic; it was not looked at."
    after = last.until + dt.timedelta(days=1)
    (found,) = cdtref.check_claim({"on": after, "billed": ["D2740"]})
    assert (
        found.why
        == f"D2740 is outside this topic, as far as {last.id} goes; it was not " + "looked at."
    )
    assert (found.code, found.on) == ("D2740", after)


def test_a_note_is_looked_at_for_each_code_with_its_lines_and_sources() -> None:
    lines = [line("D0470", "stone-cast"), {**line("D0396"), "on": "2026-03-04"}]
    lines += [line("D2740"), line("D0470", "stone-cast")]
    note = {"purpose": "x", "method": "y", "use": "z"}
    found = {
        f.code: f
        for f in cdtref.check_claim({"lines": lines, "note": note})
        if f.kind == "documentation"
    }
    assert {code: f.lines for code, f in found.items()} == {"D0470": (1, 4), "D0396": (2,)}
    assert found["D0396"].on.isoformat() == "2026-03-04"
    for code, finding in found.items():
        lacking = cdtref.missing(code, note)
        assert set(finding.sources) == {id for item in lacking for id in item.sources}
        assert finding.address == lacking[0].address
        assert finding.confidence == min(item.confidence for item in lacking)
        for item in lacking:
            assert item.label.lower() in finding.why
    broken = cdtref.check_claim({"lines": lines, "note": 3})
    (unread,) = [f for f in broken if "The note was not checked" in f.why]
    assert (unread.kind, unread.severity, unread.on.isoformat()) == ("not-checked", "warning", ON)
    assert (unread.code, unread.lines) == ("", ())
    nothing = cdtref.check_claim(visit(["intraoral-scan"]) | {"note": {"purpose": "x"}})
    assert [f.kind for f in nothing] == ["unbilled-service"], "no code, no item that lacks"


def test_a_note_is_told_between_errors_and_notes_with_its_lines_in_turn() -> None:
    rows = [
        {**line("D0470", "stone-cast"), "on": on}
        for on in ("2026-03-02", "2026-03-03", "2026-03-02")
    ]
    rows += [line("D0801", "photographs"), line("D2740")]
    found = cdtref.check_claim({"lines": rows, "note": {"purpose": "x"}})
    severities = [f.severity for f in found]
    assert severities == sorted(severities, reverse=True)
    assert {"error", "warning", "note"} == {f.severity.value for f in found}
    assert [f.lines for f in found if f.kind == "documentation"] == [(1, 2, 3), (4,)]


def test_a_code_already_on_the_claim_is_not_advised_again() -> None:
    (found,) = cdtref.check_claim(visit(["intraoral-scan"], "D0801", "D0470"))[:1]
    assert (found.code, found.instead) == ("D0470", ())


def test_a_neighbor_that_nothing_explains_is_not_called_wrong() -> None:
    claim = visit(["intraoral-scan"], "D0801", "D0330")
    assert told(claim) == [("note", "not-checked", "D0330", ())]


def test_a_note_hides_no_error_in_the_codes() -> None:
    for note in ({"purpose": "Pain since 10:30"}, {"purpose": "\x00"}, {"nonsense": "x"}, 3):
        found = cdtref.check_claim({**visit(["intraoral-scan"], "D0470"), "note": note})
        assert found[0].kind == "wrong-code"
    assert "The note was not checked" in found[-1].why


def test_what_was_done_is_read_alike_in_both_forms() -> None:
    nothing: tuple[Any, ...] = (None, "", [], ())
    for did in nothing:
        by_visit = cdtref.check_claim({"on": ON, "billed": ["D0801"], "did": did})
        by_line = cdtref.check_claim({"lines": [{"on": ON, "code": "D0801", "did": did}]})
        assert by_visit == by_line
    one = cdtref.check_claim({"on": ON, "billed": ["D0801"], "did": "intraoral-scan"})
    assert one == ()
    loose = {"on": ON, "code": "D0801", "did": "intraoral-scan", "arch": " Upper", "quantity": None}
    assert cdtref.check_claim({"lines": [loose]}) == ()


def test_each_line_has_its_own_date() -> None:
    claim = {
        "lines": [
            {"on": "2022-12-31", "code": "D0801", "did": "intraoral-scan"},
            {"on": "2023-01-01", "code": "D0801", "did": "intraoral-scan"},
        ]
    }
    (found,) = cdtref.check_claim(claim)
    assert (found.kind, found.lines) == ("invalid-for-date", (1,))


def test_a_cast_and_a_scan_of_the_same_arches_is_a_risk() -> None:
    found = cdtref.check_claim(visit(["stone-cast", "intraoral-scan"], "D0470", "D0801"))
    assert [(f.kind, f.severity, f.rule) for f in found] == [
        ("bundling-risk", "warning", "cast-and-scan-of-the-mouth")
    ]
    codes_alone = cdtref.check_claim({"on": ON, "billed": ["D0470", "D0801"]})
    assert "cast-and-scan-of-the-mouth" in [found.rule for found in codes_alone]


def test_a_cast_of_one_arch_and_a_scan_of_the_other_is_no_risk() -> None:
    lines = [line("D0470", "stone-cast", "upper"), line("D0801", "intraoral-scan", "lower")]
    assert cdtref.check_claim({"lines": lines}) == ()
    codes_alone = [line("D0470", "", "upper"), line("D0801", "", "lower")]
    rules = [found.rule for found in cdtref.check_claim({"lines": codes_alone})]
    assert "cast-and-scan-of-the-mouth" not in rules
    same = [line("D0470", "stone-cast", "upper"), line("D0801", "intraoral-scan", "upper")]
    (found,) = cdtref.check_claim({"lines": same})
    assert (found.rule, found.lines) == ("cast-and-scan-of-the-mouth", (1, 2))


def test_orthodontic_records_may_count_into_another_benefit() -> None:
    did = ["intraoral-scan", "cephalometric-image"]
    found = cdtref.check_claim(visit(did, "D0801", "D0340"))
    assert ("orthodontic-records", "note") in [(f.rule, f.severity) for f in found]


def test_findings_carry_dissent_and_the_rule() -> None:
    (found,) = cdtref.check_claim(visit(["intraoral-scan"], "D0470"))
    assert "practicealpha-d0470" in [position.source for position in found.dissent]
    assert cdtref.rule(found.rule).service == "intraoral-scan"


def test_a_note_is_looked_at() -> None:
    claim = {**visit(["stone-cast"], "D0470"), "note": {"purpose": "x", "method": "y"}}
    (found,) = cdtref.check_claim(claim)
    assert (found.kind, found.code) == ("documentation", "D0470")
    assert "use, retention" in found.why


def test_errors_come_first() -> None:
    claim = visit(["intraoral-scan", "virtual-simulation"], "D2740", "D0801", "D0801", "D0802")
    severities = [found.severity for found in cdtref.check_claim(claim)]
    assert severities == sorted(severities, key=list(cdtref.Severity).index)


@given(
    st.lists(st.tuples(CODES, SERVICES, st.booleans(), st.booleans()), min_size=1, max_size=6),
)
def test_errors_come_first_whatever_the_dates(rows: list[tuple[str, str, bool, bool]]) -> None:
    lines = [
        {"on": ON if late else "2022-03-02", "code": code, "did": service if named else None}
        for code, service, named, late in rows
    ]
    found = [f.severity for f in cdtref.check_claim({"lines": lines})]
    assert found == sorted(found, reverse=True)


def test_a_warning_on_the_codes_together_comes_before_what_was_left_off() -> None:
    claim = visit(["stone-cast", "intraoral-scan", "virtual-simulation"], "D0470", "D0801")
    assert [f.kind for f in cdtref.check_claim(claim)] == ["bundling-risk", "unbilled-service"]
    lines = [{**line("D0801"), "on": "2026-03-01"}, line("D0470", "intraoral-scan")]
    assert [f.lines for f in cdtref.check_claim({"lines": lines})] == [(2,), (1,)]
    lines = [{**line("D0340", quantity=2), "on": "2026-03-01"}, line("D0470", "intraoral-scan")]
    assert [f.lines for f in cdtref.check_claim({"lines": lines})] == [(2,), (1,), (1,)]


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (None, "claim: expected a mapping"),
        ([], "claim: expected a mapping"),
        ({}, "the key 'billed' is missing"),
        ({"on": ON}, "the key 'billed' is missing"),
        ({"billed": ["D0801"]}, "the key 'on' is missing"),
        ({"on": ON, "billed": "D0801"}, "billed: expected a list of codes"),
        ({"on": ON, "billed": []}, "nothing done and nothing billed"),
        ({"on": ON, "billed": ["D0801"], "did": 3}, "did: expected a list"),
        ({"on": ON, "billed": ["D0801"], "did": "  "}, "did: expected text such as"),
        ({"on": ON, "billed": ["D0801"], "patient": "x"}, "claim: unknown key 'patient'"),
        ({"lines": []}, "lines: expected a list"),
        ({"lines": [3]}, r"lines\[0\]: expected a mapping"),
        ({"lines": [{"on": ON}]}, r"lines\[0\]: the key 'code' is missing"),
        ({"lines": [{**line("D0801"), "arch": "left"}]}, r"\['arch'\]: expected upper, lower"),
        ({"lines": [{**line("D0801"), "quantity": 0}]}, r"\['quantity'\]: expected a whole"),
        ({"lines": [{**line("D0801"), "quantity": True}]}, "expected a whole number"),
        ({"lines": [line("D0801")], "on": ON}, "claim: unknown key 'on'"),
    ],
)
def test_another_form_is_refused(claim: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        cdtref.check_claim(claim)


def test_a_malformed_code_is_an_error_and_one_outside_the_topic_is_not() -> None:
    with pytest.raises(cdtref.UnknownCodeError, match="is not a procedure code"):
        cdtref.check_claim({"on": ON, "billed": ["801"]})
    assert told({"on": ON, "billed": ["d2740"]}) == [("note", "not-checked", "D2740", ())]


@pytest.mark.parametrize("code", ["N0001", "09902", "M2018", " n0001", "99213", "0559T", "XR100"])
def test_an_offices_own_code_is_a_note_and_hides_nothing(code: str) -> None:
    found = cdtref.check_claim(visit(["intraoral-scan"], code, "D0470"))
    assert [(f.severity, f.kind, f.lines) for f in found] == [
        ("error", "wrong-code", (2,)),
        ("note", "not-checked", (1,)),
    ]
    assert inputs.billed(code, library.current()) == (code.strip().upper(), None)
    assert "no CDT code" in found[1].why


@pytest.mark.parametrize(
    "code", ["D047", "DO470", "0470", "00470", "O0470", "O470", "801", "d0470x"]
)
def test_what_is_only_misspelled_is_an_error_with_the_code_that_is_near(code: str) -> None:
    with pytest.raises(cdtref.UnknownCodeError, match=r"Did you mean D0[48]") as caught:
        cdtref.check_claim({"on": ON, "billed": [code]})
    assert caught.value.nearest


@pytest.mark.parametrize(
    "code", ["20260302", "100.00", "NOSHOW", "XRAY2", "123456", "XR1", "N801", "N0001/2", ""]
)
def test_what_looks_like_no_code_at_all_is_refused(code: str) -> None:
    with pytest.raises(cdtref.CdtrefError):
        cdtref.check_claim({"on": ON, "billed": [code]})


def test_of_a_claim_read_in_part_nothing_is_called_unbilled() -> None:
    on = dt.date(2026, 3, 2)
    billed = (("D0801", ("intraoral-scan", "in-office-print"), "", 1, True),)
    for day in (on, on.replace(year=2030)):
        kinds = []
        for whole in (True, False):
            found = check_visit(day, (), billed, [7], whole=whole)
            every = [*found, *(known for one in found for known in one.last_known)]
            kinds.append({one.kind.value for one in every})
        assert kinds[0] - kinds[1] == {"unbilled-service"}


def describes(code: str, service: str, on: Any) -> bool:
    """The service itself, or what it is part of."""
    answer = cdtref.can_bill(code, service, on=on)
    within = answer.verdict == "included" and code in cdtref.rule(answer.rule).codes
    return answer.verdict == "yes" or within


@given(
    st.lists(SERVICES, min_size=1, max_size=4),
    st.lists(CODES, min_size=1, max_size=4),
    st.dates(cdtref.editions()[0].since, cdtref.editions()[-1].until),
)
def test_nothing_is_silently_dropped(did: list[str], billed: list[str], on: Any) -> None:
    """Each code billed describes something done, or there is a finding on it."""
    found = cdtref.check_claim({"on": on, "did": did, "billed": billed})
    spoken = {billed[number - 1] for finding in found for number in finding.lines}
    spoken |= {c for f in found for c in (f.code, *f.instead)}
    for code in billed:
        right = code != "D2740" and any(describes(code, service, on) for service in did)
        assert right or code in spoken
    for line_ in cdtref.recommend(did, on=on).lines:
        assert line_.code in billed or line_.code in spoken


@given(st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5))
def test_any_claim_is_answered_or_refused_by_us(value: Any) -> None:
    for claim in (value, {"on": value, "billed": value}, {"lines": value}):
        try:
            cdtref.check_claim(claim)
        except cdtref.CdtrefError as error:
            told = str(error)
            assert told


def test_the_first_day_that_is_encoded_can_be_claimed_and_the_day_before_cannot() -> None:
    first = cdtref.editions()[0].since
    claim = {"on": first, "did": ["stone-cast"], "billed": ["D0470"]}
    assert cdtref.check_claim(claim) == ()
    with pytest.raises(cdtref.UnknownEditionError):
        cdtref.check_claim(claim | {"on": first - dt.timedelta(days=1)})


def test_after_the_knowledge_is_read_anew_a_claim_is_held_to_the_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim = visit(["stone-cast", "intraoral-scan"], "D0470", "D0801")
    (old,) = cdtref.check_claim(claim)
    text = library._text().replace(old.why[:30], "Read anew: " + old.why[:30])
    monkeypatch.setattr(library, "_current", library.Library(text))
    (new,) = cdtref.check_claim(claim)
    assert new.why == "Read anew: " + old.why
    monkeypatch.undo()
    assert cdtref.check_claim(claim) == (old,)


# --- What the row itself names --------------------------------------------------------------------


def test_what_includes_a_service_is_no_unbundling_of_it() -> None:
    for service, code in (("retainer-scan", "D8680"), ("diagnostic-wax-up", "D9950")):
        assert cdtref.check_claim({"lines": [line(code, service)]}) == ()
        assert cdtref.check_claim(visit([service], code)) == ()
    # The step beside it is one.
    both = [line("D8680", "retainer-scan"), line("D0801", "retainer-scan")]
    (found,) = cdtref.check_claim({"lines": both})
    assert (found.kind, found.severity, found.lines) == ("unbundled", "error", (2,))
    assert found.why.endswith("Nothing is billed for it apart from orthodontic retention, D8680.")


def test_a_neighbor_billed_for_what_its_own_line_names_is_an_error() -> None:
    (found,) = cdtref.check_claim({"lines": [line("D8660", "photographs")]})
    assert (found.kind, found.severity, found.instead) == ("wrong-code", "error", ("D0350",))
    # What the visit as a whole did may have had a line of its own, for something else.
    (told_,) = cdtref.check_claim(visit(["photographs"], "D8660", "D0350"))
    assert (told_.kind, told_.severity, told_.lines) == ("not-checked", "note", (1,))


@pytest.mark.parametrize("code", [code.code for code in cdtref.all_codes()])
def test_whatever_a_line_names_is_right_or_told_with_what_would_be_right(code: str) -> None:
    """Each pair, on the last day of each edition: an error where the answer is a plain no."""
    fact = cdtref.code(code)
    for service in cdtref.services():
        for on in [edition.until for edition in cdtref.editions()]:
            row = {"on": on, "code": code, "did": service.id}
            found = [f for f in cdtref.check_claim({"lines": [row]}) if f.lines == (1,)]
            answer = cdtref.can_bill(code, service.id, on=on)
            if describes(code, service.id, on):
                assert found == []
                continue
            (one,) = [f for f in found if f.kind != "bundling-risk"]
            if fact.companion and one.kind == "not-checked":
                assert answer.verdict == "no"
                continue
            unsettled = answer.verdict == "unsettled"
            assert one.severity == ("warning" if unsettled else "error"), row
            right = cdtref.recommend([service.id], on=on).services[0]
            if right.outcome == "reported":
                assert set(one.instead) == set(right.codes)
            elif right.outcome == "included":
                assert right.part_of in one.why
            elif right.outcome == "unsettled":
                assert one.why.endswith(right.ask)
            else:
                assert one.why.endswith("Leave this line off.")


def test_a_code_that_goes_with_the_service_may_be_named_after_it() -> None:
    rows = [line("D9996", "intraoral-scan"), line("D0801", "intraoral-scan")]
    (found,) = cdtref.check_claim({"lines": rows})
    assert (found.kind, found.severity, found.lines) == ("not-checked", "note", (1,))


def test_a_right_code_that_is_on_the_claim_already_is_told_as_such() -> None:
    rows = [line("D0470", "intraoral-scan"), line("D0801", "intraoral-scan")]
    found = cdtref.check_claim({"lines": rows})[0]
    assert (found.kind, found.instead) == ("wrong-code", ())
    assert found.why.endswith("D0801 stands on the claim already. Leave this line off.")


def test_a_code_out_of_its_time_says_which_one_had_it() -> None:
    def why(code: str, on: str) -> str:
        (found,) = cdtref.check_claim({"on": on, "billed": [code]})
        assert (found.kind, found.instead) == ("invalid-for-date", ())
        assert found.confidence == cdtref.code(code).confidence
        assert set(found.sources) >= set(cdtref.code(code).sources)
        return found.why

    assert why("D0801", "2022-03-02").endswith("the code on that date is D0470.")
    assert why("D0396", "2023-03-02").endswith("to learn which code was right.")


# --- The company that a code keeps ----------------------------------------------------------------


def company(*codes: str, did: str = "") -> list[tuple[str, str, tuple[int, ...]]]:
    """Severity, caution and lines of the pitfalls of codes on one date."""
    lines = [line(code, did if code == codes[-1] else "") for code in codes]
    found = cdtref.check_claim({"lines": lines})
    return [(f.severity.value, f.rule, f.lines) for f in found if f.kind == "bundling-risk"]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("D2740", "D0801"), [("warning", "scan-beside-a-device", (1, 2))]),
        (("D0801", "D5110"), [("warning", "scan-beside-a-device", (1, 2))]),
        (("D0120", "D9944", "D0801"), [("warning", "scan-beside-a-device", (2, 3))]),
        (("D6058", "D6057", "D0470"), [("warning", "cast-beside-a-device", (1, 2, 3))]),
        (("D9975", "D0396"), [("warning", "print-beside-a-device", (1, 2))]),
        (("D8220", "D0470"), [("warning", "cast-beside-a-device", (1, 2))]),
        (("D8680", "D0801"), [("warning", "scan-beside-retainers", (1, 2))]),
        (("D8703", "D0470"), [("warning", "cast-beside-a-device", (1, 2))]),
        # A record at the start of treatment is as likely as a step of it.
        (("D8080", "D0801"), [("note", "scan-or-print-beside-orthodontics", (1, 2))]),
        (("D8090", "D0470"), [("note", "orthodontic-records", (1, 2))]),
        (("D8670", "D0801"), [("note", "scan-or-print-beside-orthodontics", (1, 2))]),
        (("D8090", "D0396"), [("note", "scan-or-print-beside-orthodontics", (1, 2))]),
        (("D8080", "D0340", "D0470"), [("note", "orthodontic-records", (2, 3))]),
        # Neither a device nor a step of one.
        (("D2391", "D0801"), []),
        (("D2950", "D0801"), []),
        (("D6010", "D0801"), []),
        (("D6190", "D0801"), []),
        (("D5410", "D0470"), []),
        (("D1110", "D0120", "D0801"), []),
        (("D2740", "D0330"), []),
        (("D2740", "D0393"), []),
        # The ends of a range.
        (("D2510", "D0801"), [("warning", "scan-beside-a-device", (1, 2))]),
        (("D2799", "D0801"), [("warning", "scan-beside-a-device", (1, 2))]),
        (("D2509", "D0801"), []),
        (("D2800", "D0801"), []),
        (("D9947", "D0801"), [("warning", "scan-beside-a-device", (1, 2))]),
        (("D9948", "D0801"), []),
    ],
)
def test_a_code_is_known_by_the_company_it_keeps(
    codes: tuple[str, ...], expected: list[Any]
) -> None:
    assert company(*codes) == expected
    assert company(*codes[:-1]) == []


def test_company_says_which_codes_why_and_what_would_settle_it() -> None:
    lines = [line("D2740"), line("D0801"), line("D6058")]
    (found,) = [f for f in cdtref.check_claim({"lines": lines}) if f.rule == "scan-beside-a-device"]
    caution = cdtref.caution(found.rule)
    assert found.why == f"D0801 stands beside D2740 and D6058. {caution.text}"
    assert "kept as a record" in found.why
    told_ = (found.sources, found.confidence, found.address, found.lines)
    assert told_ == (caution.sources, caution.confidence, caution.address, (1, 2, 3))


def test_a_line_that_says_what_was_done_is_judged_by_it_and_not_by_its_company() -> None:
    assert company("D2740", "D0801", did="intraoral-scan") == []
    assert company("D2740", "D0801", did="digital-impression") == []
    found = cdtref.check_claim(visit(["intraoral-scan"], "D2740", "D0801"))
    assert [f.kind for f in found] == ["not-checked"]
    # Of two lines, the one that says nothing.
    lines = [line("D2740"), line("D0801", "intraoral-scan", "upper"), line("D0801", "", "lower")]
    (risk,) = [f for f in cdtref.check_claim({"lines": lines}) if f.kind == "bundling-risk"]
    assert risk.lines == (1, 3)


def test_company_on_another_date_or_of_a_code_out_of_its_time_is_none() -> None:
    apart = [line("D2740"), {**line("D0801"), "on": "2026-03-03"}]
    found = cdtref.check_claim({"lines": apart})
    assert [f.kind for f in found if f.kind == "bundling-risk"] == []
    early = [{**line(code), "on": "2022-03-02"} for code in ("D2740", "D0801")]
    kinds = [f.kind.value for f in cdtref.check_claim({"lines": early})]
    assert kinds == ["invalid-for-date", "not-checked"]


def test_a_limit_by_the_year_is_told_of_several_dates_in_one() -> None:
    def lines(*days: str) -> list[tuple[int, ...]]:
        codes = ("D0801", "D0802", "D0801")
        rows = [{**line(code), "on": day} for code, day in zip(codes, days, strict=False)]
        found = cdtref.check_claim({"lines": rows})
        return [f.lines for f in found if f.rule == "direct-and-indirect-scan"]

    assert lines("2025-03-02", "2025-09-02") == [(1, 2)]
    assert lines("2025-12-31", "2026-01-01") == []
    assert lines("2025-03-02", "2026-01-01", "2025-04-02") == [(1, 3)]
    assert lines("2026-03-02") == []
    last = cdtref.editions()[-1].until.isoformat()
    assert lines(last, f"{last[:4]}-03-02") == [(1, 2)]
    rows = [{**line("D0801"), "on": day} for day in (last, f"{last[:4]}-03-02")]
    found = cdtref.check_claim({"lines": rows})
    assert [str(f.on) for f in found if f.rule == "direct-and-indirect-scan"] == [rows[1]["on"]]
    after = cdtref.editions()[-1].until.year + 1
    assert lines(f"{after}-01-02", f"{after}-02-02") == []


def test_cautions_stand_in_their_order_whatever_brings_them_up() -> None:
    """The first by what stands beside a code, the second by two codes."""
    found = cdtref.check_claim({"on": ON, "billed": ["D0470", "D9950", "D8080"]})
    rules = [f.rule for f in found if f.rule]
    assert rules == ["orthodontic-records", "mounted-cast"]
    assert rules == [c.id for c in cdtref.cautions() if c.id in rules]


def test_the_dates_before_one_that_is_not_answered_stay_checked() -> None:
    after = cdtref.editions()[-1].until + dt.timedelta(days=60)
    wrong = {"on": ON, "code": "D0470", "did": "intraoral-scan"}
    found = cdtref.check_claim({"lines": [wrong, {"on": after, "code": "D0801"}]})
    assert [(f.kind.value, f.lines) for f in found] == [
        ("wrong-code", (1,)),
        ("after-last-edition", (2,)),
    ]


def test_a_quantity_on_one_of_several_lines_is_told() -> None:
    lines: list[dict[str, Any]] = [
        {"on": ON, "code": "D0801", "did": "intraoral-scan", "quantity": 2},
        {"on": ON, "code": "D0396", "did": "in-office-print"},
    ]
    found = cdtref.check_claim({"lines": lines})
    assert [f.lines for f in found if f.kind == "unsettled"] == [(1,)]
    lines[0]["quantity"] = 1
    assert [f for f in cdtref.check_claim({"lines": lines}) if f.kind == "unsettled"] == []


def test_two_services_of_one_code_are_left_off_together() -> None:
    did = ["virtual-simulation", "volume-simulation"]
    (found,) = cdtref.check_claim({"on": ON, "did": did, "billed": []})
    both = cdtref.recommend(did, on=ON).lines[0]
    assert (found.kind, found.code) == ("unbilled-service", both.code)
    assert found.why == f"{both.why} It was done and is on no line."
    assert both.why != cdtref.recommend(did[:1], on=ON).lines[0].why


def test_a_code_out_of_its_time_names_the_service_and_the_code_of_that_date() -> None:
    (found,) = cdtref.check_claim({"on": "2021-03-02", "billed": ["D0801"]})
    assert found.why == (
        "D0801 begins with dates of service from January 1, 2023. For "
        f"{cdtref.service('intraoral-scan').phrase}, the code on that date is D0470."
    )


@pytest.mark.parametrize(
    ("billed", "told", "address"),
    [
        (["D0470", "D0330"], "D0330. Name what it stands for.", "codes/neighbors/#code-d0330"),
        (
            ["D0470", "D0330", "D0340"],
            "D0330 and D0340. Name what they stand for.",
            "guide/checking-a-claim/#codes-alone",
        ),
    ],
)
def test_what_nothing_explains_is_named(billed: list[str], told: str, address: str) -> None:
    *_, found = cdtref.check_claim({"on": ON, "did": ["stone-cast"], "billed": billed})
    assert found.why == f"Nothing that was named as done explains {told}"
    assert found.address == address


# --- What was not checked is told once ------------------------------------------------------------


def test_a_line_may_be_any_mapping() -> None:
    given = {"on": ON, "code": "D0470", "did": "intraoral-scan"}
    expected = cdtref.check_claim({"lines": [given]})
    assert expected
    assert cdtref.check_claim({"lines": (MappingProxyType(given),)}) == expected


def test_what_a_note_lacks_has_no_other_code_and_no_dissent() -> None:
    claim = {"on": ON, "did": ["stone-cast"], "billed": ["D0470"], "note": {"purpose": "Crowding"}}
    (found,) = cdtref.check_claim(claim)
    assert (found.kind, found.instead, found.dissent) == ("documentation", (), ())


def test_six_codes_are_named_and_more_are_counted() -> None:
    own = [f"N000{at}" for at in range(7)]
    for several, named in ((own[:6], "N0004 and N0005 are"), (own, "N0005 and 1 more are")):
        (found,) = cdtref.check_claim({"on": ON, "billed": several})
        assert named in found.why
        assert found.address == ""


def test_a_thousand_lines_bring_a_handful_of_notes() -> None:
    """840 of other codes, some of the office's own, and codes of which nothing is said."""
    topic = ["D0330", "D0340", "D0350"]
    rows = [f"D1{number:03}" for number in range(840)] + ["N0001", "09902"] * 5 + topic * 50
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=at % 300) for at in range(len(rows))]
    lines = [{"on": on, "code": code} for on, code in zip(days, rows, strict=True)]
    found = cdtref.check_claim({"lines": lines})
    notes = [f for f in found if f.kind == "not-checked"]
    assert [f.why.split(".")[0] for f in notes] == [
        "840 lines are of codes outside this topic; they were not looked at",
        "N0001 and 09902 are no CDT codes but an office's own, or of another code set",
        "Nothing says what was done for D0330, D0340 and D0350",
    ]
    assert notes[0].lines == tuple(range(1, 841))
    assert {f.severity for f in notes} == {cdtref.Severity.NOTE}
    assert sorted(number for f in notes for number in f.lines) == list(range(1, 1001))
    assert [f.on for f in notes] == [min(days[n - 1] for n in f.lines) for f in notes]
    assert {f.code for f in notes} == {""}
    assert [bool(f.address) for f in notes] == [False, False, True]


def test_many_codes_of_the_office_are_counted() -> None:
    own = [f"N{number:04}" for number in range(10)]
    (found,) = cdtref.check_claim({"on": ON, "billed": own})
    assert found.why.startswith("N0000, N0001, N0002, N0003, N0004, N0005 and 4 more are ")
    assert found.lines == tuple(range(1, 11))


def test_what_the_visit_leaves_unexplained_is_told_once() -> None:
    found = cdtref.check_claim(visit(["stone-cast"], "D0330", "D0470", "D0340"))
    (note,) = [f for f in found if f.kind == "not-checked"]
    assert (note.lines, note.code) == ((1, 3), "")
    assert note.why.startswith("Nothing that was named as done explains D0330 and D0340.")


def test_after_the_last_edition_each_line_knows_what_was_not_checked() -> None:
    after = cdtref.editions()[-1].until + dt.timedelta(days=1)
    lines = [{"on": after, "code": code} for code in ("D0801", "D2740", "N0001", "D0470")]
    found = cdtref.check_claim({"lines": lines})
    last = {f.lines: [known.code for known in f.last_known] for f in found if f.last_known}
    assert last[1,] == ["", "D0801"] or last[1,] == ["", "", "D0801"]
    assert last[4,][-1] == "D0470"
    notes = {f.lines: f.why for f in found if f.kind == "not-checked"}
    assert set(notes) == {(2,), (3,)}
    assert cdtref.editions()[-1].id in notes[2,]
    assert "no CDT code" in notes[3,]


# --- A made-up office -----------------------------------------------------------------------------

OFFICE = [
    # How often of a thousand, and the codes of a right claim that does not say what was done.
    (300, ["D0120", "D1110", "D0274"]),
    (60, ["D0150", "D0330", "D0220"]),
    (80, ["D2391", "D2392"]),
    (50, ["D2740", "D2950"]),
    (20, ["D5110", "D5120"]),
    (15, ["D9944"]),
    (20, ["D6010"]),
    (15, ["D6058", "D6057"]),
    (10, ["D6190", "D0367", "D0393"]),
    (150, ["D8670"]),
    # Orthodontic records, on a date of their own, and now and then at the start of treatment.
    (45, ["D0330", "D0340", "D0350", "D0801"]),
    (35, ["D0330", "D0340", "D0350", "D0470"]),
    (25, ["D8660", "D0330"]),
    (30, ["D8660", "D0330", "D0340", "D0350", "D0801"]),
    (10, ["D8080", "D0330", "D0340", "D0350", "D0801"]),
    (6, ["D8090", "D0470"]),
    (20, ["D8080"]),
    (20, ["D8680"]),
    # Study models of other kinds of planning.
    (12, ["D0470"]),
    (15, ["D0801"]),
    (8, ["D0470", "D9950"]),
    (10, ["D0801", "D0396"]),
    (8, ["D0367", "D0393"]),
    (5, ["D0801", "D0367", "D0395"]),
    (4, ["D0802"]),
    (6, ["D0803", "D0350"]),
    (5, ["D0391"]),
    (6, ["D0801", "D9996"]),
    # A record of its own that happens to meet a device, or the other record, on its date.
    (2, ["D2740", "D0801"]),
    (1, ["D9944", "D0470"]),
    (1, ["D0470", "D0801"]),
]


def test_a_right_office_file_has_no_error_and_few_warnings() -> None:
    """Few and right: at most two warnings in a hundred lines of the topic, or nobody reads them."""
    draw = random.Random(470)
    weights, visits = zip(*OFFICE, strict=True)
    lines_of_topic, found = 0, list[cdtref.Finding]()
    known = {code.code for code in cdtref.all_codes()}
    first = dt.date(2024, 1, 1)
    for codes in draw.choices(visits, weights, k=5_000):
        on = first + dt.timedelta(days=draw.randrange(1_095))
        lines_of_topic += sum(code in known for code in codes)
        here = cdtref.check_claim({"lines": [{"on": on, "code": code} for code in codes]})
        assert len(here) <= 5, codes  # however many lines it has
        found += here
    assert lines_of_topic > 3_000
    assert [f for f in found if f.severity == "error"] == []
    warnings = [f for f in found if f.severity == "warning"]
    assert 0 < len(warnings) <= lines_of_topic / 50
