"""Claims as JSON: what is read of each form, and that nothing in a file vanishes."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdtref.claimfiles import objects
from cdtref.claimfiles.json_claims import read
from cdtref.claimfiles.lines import Given, NotRead, Whole
from cdtref.errors import InvalidInputError
from tests.library.interchange import PERSONAL
from tests.library.readings import found, given_in, not_read, told_lines

ON = "2026-03-02"


VISIT = {"claim": "7", "on": ON, "did": ["intraoral-scan"], "billed": ["D0801", "D0396"]}


def test_a_claim_by_visit_keeps_what_was_done_and_the_note() -> None:
    (claim,) = found(json.dumps(VISIT | {"note": {"purpose": "To plan."}}))
    assert isinstance(claim, Whole)
    assert (claim.claim, claim.on, claim.did) == ("7", ON, ("intraoral-scan",))
    assert claim.note == {"purpose": "To plan."}
    assert claim.lines == (Given(1, "7", ON, "D0801"), Given(2, "7", ON, "D0396"))
    assert (claim.in_part, claim.told) == (0, ())


def test_a_claim_by_line_is_read_with_each_word_as_it_is_written() -> None:
    line = {"on": "03/02/2026", "code": "AD:D0470", "did": "3D scan", "arch": "01", "quantity": 1.0}
    other = {"code": "d0801 ", "did": ["a", "b"], "quantity": 12345678901234567890}
    (claim,) = found(json.dumps({"claim": 12, "on": ON, "lines": [line, other]}))
    assert isinstance(claim, Whole)
    assert claim.claim == "12"
    assert claim.lines == (
        Given(1, "12", "03/02/2026", "AD:D0470", ("3D scan",), "01", "1.0"),
        Given(2, "12", ON, "d0801", ("a", "b"), "", "12345678901234567890"),
    )


def test_a_row_is_one_line_that_its_label_puts_together_with_others() -> None:
    rows = [{"claim": "1", "on": ON, "billed": code} for code in ("D0801", "D0396")]
    assert found("\n".join(map(json.dumps, rows))) == [
        Given(1, "1", ON, "D0801"),
        Given(2, "1", ON, "D0396"),
    ]


def test_a_row_needs_no_more_than_a_code() -> None:
    assert found('{"code": "D0801"}') == [Given(1, "", "", "D0801")]
    assert found('{"code": "D0801", "billed": "D0801"}') == [Given(1, "", "", "D0801")]


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400", "0010.50"[2:]])
def test_a_number_stays_as_it_is_written(number: str) -> None:
    (line,) = found(f'{{"claim": {number}, "on": "{ON}", "code": "D0801", "quantity": {number}}}')
    assert line == Given(1, number, ON, "D0801", quantity=number)


def test_a_line_that_cannot_be_read_takes_no_other_with_it() -> None:
    lines = [{"on": ON, "code": "D0801"}, {"on": ON, "code": ["D0470"]}, {"on": ON}, "D0396"]
    results = found(json.dumps({"claim": "7", "lines": lines}))
    assert [(each.line, each.claim) for each in not_read(results)] == [(2, "7"), (3, "7")]
    assert [each.why for each in not_read(results)] == [
        "code: expected text, got a list.",
        "No code is on it.",
    ]
    assert [(line.line, line.billed) for line in given_in(results)] == [(1, "D0801"), (4, "D0396")]
    (claim,) = [each for each in results if isinstance(each, Whole)]
    assert claim.in_part == 2


@pytest.mark.parametrize("key", ["fee", "tooth"])
def test_what_is_not_used_is_told_by_its_key_and_never_by_what_it_says(key: str) -> None:
    results = found(
        json.dumps({"on": ON, "lines": [{"code": "D0801", key: PERSONAL}], key: PERSONAL})
    )
    (claim,) = results
    assert isinstance(claim, Whole)
    assert claim.told == claim.lines[0].told == (f"Not used: {key}.",)
    assert PERSONAL not in repr(results)


def test_a_visit_for_which_nothing_is_billed_is_a_claim() -> None:
    (claim,) = found(json.dumps(VISIT | {"billed": []}))
    assert isinstance(claim, Whole)
    assert (claim.lines, claim.did, claim.on) == ((), ("intraoral-scan",), ON)
    assert claim.line == 1


def test_of_a_claim_whose_lines_cannot_be_read_nothing_is_left_to_check() -> None:
    (lost,) = found(json.dumps(VISIT | {"billed": [{}]}))
    assert isinstance(lost, NotRead)
    assert (lost.claim, lost.why) == ("7", "No code is on it.")


def test_a_claim_begins_with_the_first_of_its_lines() -> None:
    lines = [{"on": ON, "code": code} for code in ("D0801", "D0396")]
    text = json.dumps({"claim": "7", "lines": lines}, indent=1)
    (claim,) = found(text)
    assert isinstance(claim, Whole)
    assert [line.line for line in claim.lines] == [4, 8]
    assert claim.line == 4


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ({"on": ON, "billed": []}, "nothing done and nothing billed"),
        ({"on": ON, "lines": "D0801"}, "lines: expected a list, got text"),
        ({"on": {"y": 2026}, "billed": ["D0801"]}, "on: expected text, got an object"),
        ({"on": ON, "did": [True], "billed": ["D0801"]}, "did: expected text, got true or false"),
        ({"claim": [], "on": ON, "billed": ["D0801"]}, "claim: expected text, got a list"),
        ({"on": ON}, "No code is on it: expected a claim such as"),
        ({"on": ON, "code": "D0470", "billed": "D0801"}, "two codes"),
        ({"claim": {}, "on": ON, "code": "D0801"}, "claim: expected text, got an object"),
        ({"on": ON, "code": "D0801", "arch": []}, "arch: expected text, got a list"),
        ({"on": ON, "code": "D0801", "quantity": []}, "quantity: expected text, got a list"),
        ({"on": ON, "billed": {}}, "billed: expected text, got an object"),
        ({"on": ON, "billed": [["D0801"]]}, "billed: expected text, got a list"),
        ("D0801", "expected a claim such as"),
        (7, "expected a claim such as"),
    ],
)
def test_what_is_no_claim_is_told_with_what_would_be_right(claim: Any, told: str) -> None:
    (result,) = found(json.dumps([claim]))
    assert isinstance(result, NotRead)
    assert told in result.why
    assert result.claim == ""


def test_a_claim_in_both_forms_is_read_by_line_and_the_other_is_told() -> None:
    results = found(json.dumps({"lines": [{"on": ON, "code": "D0801"}], "billed": ["D0470", "D1"]}))
    assert [line.billed for line in given_in(results)] == ["D0801"]
    assert len(not_read(results)) == 2


@pytest.mark.parametrize("text", ["[]", "{}", " [ ] \n", '{"resourceType": "Patient"}'])
def test_a_file_without_a_claim_says_so(text: str) -> None:
    (result,) = found(text)
    assert isinstance(result, NotRead)
    assert "expected a claim such as" in result.why


@pytest.mark.parametrize("text", ["[]", "[\n]"])
def test_a_file_without_a_claim_has_no_line_that_was_not_read(text: str) -> None:
    (result,) = found(text)
    assert isinstance(result, NotRead)
    assert (result.line, result.rows) == (1, 0)
    assert result.why.startswith("No claim is in this file: expected a claim such as")
    assert result.why.endswith(" or a FHIR Claim or ExplanationOfBenefit.")


UNREAD = """[
 {"claim": "1",
  "lines": [
   {"code": 0,
    "on": true},
   "x", 5
  ], "billed": ["D0470", {
    "code": "D0801"}]},
 {"claim": "2"
 },
 "z",
 {"claim": "3", "on":
   "2026-03-02", "billed": []},
 {"claim": "4", "billed": ["a", "b"], "billed": "c"}, {"claim": "5", "lines": {}},
 {"claim": "6", "on": [], "lines": [{}], "did": 7}
]"""


def test_what_is_not_read_is_told_with_its_place_and_its_claim() -> None:
    beside = "its claim has 'lines' beside 'billed'; those were read."
    twice = "its claim has 'billed' twice, and nothing tells which one counts."
    results = found(UNREAD)
    assert [
        (one.line, one.span, one.rows, one.claim, one.why[:70]) for one in not_read(results)
    ] == [
        (4, 2, 1, "1", "on: expected text, got true or false."),
        (2, 7, 1, "1", beside),
        (7, 2, 1, "1", beside),
        (9, 2, 1, "", 'No code is on it: expected a claim such as {"on": "2026-03-02", "bille'),
        (11, 1, 1, "", 'expected a claim such as {"on": "2026-03-02", "billed": ["D0801"]}, or'),
        (12, 2, 1, "3", "The claim names nothing done and nothing billed."),
        (14, 1, 1, "4", twice),
        (14, 1, 1, "4", twice),
        (14, 1, 1, "4", twice),
        (14, 1, 1, "5", "lines: expected a list, got an object."),
        (15, 1, 1, "6", "its claim was not read: on: expected text, got a list."),
    ]
    (claim,) = [each for each in results if isinstance(each, Whole)]
    assert [(line.line, line.span, line.billed) for line in claim.lines] == [
        (2, 7, "x"),
        (2, 7, "5"),
    ]
    assert (claim.line, claim.in_part, claim.told) == (2, 2, ())


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    assert found(UNREAD.replace("\n", end)) == found(UNREAD)


def test_what_is_no_claim_takes_as_many_lines_as_it_has() -> None:
    lost = not_read(found('[\n["D0801",\n "D0396"\n], 5]'))
    assert [(one.line, one.span) for one in lost] == [(2, 3), (4, 1)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([VISIT, VISIT], separators=(",", ":")),
        "\n" + json.dumps([VISIT, VISIT]),
        json.dumps([VISIT]) + json.dumps([VISIT]),
    ],
)
def test_the_lines_of_a_file_that_is_one_line_are_numbered(text: str) -> None:
    results = found(text)
    assert not not_read(results)
    assert [line.line for line in given_in(results)] == [1, 2, 3, 4]


def test_lists_and_objects_may_follow_one_another() -> None:
    text = f"{json.dumps(VISIT, indent=1)}\n{json.dumps([VISIT, VISIT])}\n[{json.dumps(VISIT)}] []"
    results = found(text)
    assert not not_read(results)
    assert len(given_in(results)) == 8


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_of_one_object_a_line_the_first_may_be_damaged(end: str) -> None:
    row = json.dumps({"on": ON, "billed": "D0801"})
    results = found(f'{{"on": !}}{end}{row}{end}\ufeff{row}{end}{row}X')
    assert [line.line for line in given_in(results)] == [2, 3]
    assert [(one.line, one.why) for one in not_read(results)] == [
        (1, "not readable as JSON, character 8: expecting value"),
        (4, "not readable as JSON: more stands behind it, at character 40"),
    ]


def test_where_a_file_ends_in_damage_all_the_rest_is_told() -> None:
    text = '\n[{"on": "2026-03-02", "billed": ["D0801"]},\n\n {"on":\n "2026-03-02",\n !\n}]\n\n'
    lost = not_read(found(text))
    assert [(one.line, one.span) for one in lost] == [(4, 4)]
    assert "line 6, character 2" in lost[0].why
    text = '[{"on": "2026-03-02", "billed": ["D0801"]}\n{"on":\n"2026-03-02"}]\n'
    lost = not_read(found(text))
    assert [(one.line, one.span) for one in lost] == [(2, 2)]


def test_what_a_claim_by_line_says_was_done_is_told_to_be_unused() -> None:
    (claim,) = found(json.dumps({"did": ["x"], "lines": [{"on": ON, "code": "D0801"}]}))
    assert isinstance(claim, Whole)
    assert (claim.did, claim.told) == ((), ("Not used: did.",))


def test_many_keys_that_are_not_used_are_told_in_short() -> None:
    row = {"on": ON, "billed": "D0801"} | {f"k{at}" * 30: 1 for at in range(9)}
    (line,) = found(json.dumps(row))
    assert isinstance(line, Given)
    shown = ", ".join((f"k{at}" * 30)[:40] for at in range(8))
    assert line.told == (f"Not used: {shown} and more.",)


# --- Layouts --------------------------------------------------------------------------------------

CODES = st.sampled_from(["D0801", "D0396", "D0470", "D0393"])
CLAIMS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {
                "claim": st.integers(1, 99),
                "on": st.just(ON),
                "billed": st.lists(CODES, min_size=1, max_size=3),
            }
        ),
        st.fixed_dictionaries(
            {
                "lines": st.lists(
                    st.fixed_dictionaries(
                        {"on": st.just(ON), "code": CODES},
                        optional={"x": st.text(max_size=5), "did": st.just("3D scan")},
                    ),
                    min_size=1,
                    max_size=3,
                )
            }
        ),
    ),
    min_size=1,
    max_size=4,
)
LAYOUTS: dict[str, Callable[[list[Any]], str]] = {
    "one line": json.dumps,
    "indented": lambda claims: json.dumps(claims, indent=1, ensure_ascii=False),
    "one a line": lambda claims: "\n".join(json.dumps(claim) for claim in claims),
    "with blank lines": lambda claims: "\r\n\r\n".join(json.dumps(claim) for claim in claims),
    "one after the other": lambda claims: "\n".join(json.dumps(c, indent=2) for c in claims),
    "a list of a claim a line": lambda claims: (
        "[" + ",\n".join(json.dumps(claim) for claim in claims) + "\n]\n"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@given(claims=CLAIMS)
def test_the_layout_changes_nothing_but_the_lines(layout: str, claims: list[Any]) -> None:
    text = LAYOUTS[layout](claims)
    results = found(text)
    expected = [
        (str(claim.get("claim", "")), code)
        for claim in claims
        for code in claim.get("billed") or [line["code"] for line in claim["lines"]]
    ]
    lines = given_in(results)
    assert not not_read(results)
    assert [(line.claim, line.billed) for line in lines] == expected
    if "\n" not in text.strip():
        assert [line.line for line in lines] == [*range(1, len(lines) + 1)] or layout != "one line"
    rows = text.replace("\r\n", "\n").split("\n")
    if len(rows) > 1:
        for line in lines:
            assert line.billed in "\n".join(rows[line.line - 1 : line.line - 1 + line.span])


# --- Damage ---------------------------------------------------------------------------------------


NOISE = st.sampled_from(
    [*'{}[]",:\\', "NaN", "9" * 5000, "[" * 3000, '{"a":' * 3000, "\ufeff", "\0", "\udcff", "null"]
)


@st.composite
def damaged(draw: st.DrawFn, layout: str) -> str:
    """A file in which something was cut out, doubled, or put in."""
    text = LAYOUTS[layout](draw(CLAIMS))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(1, len(text)))
        end = min(len(text), at + draw(st.integers(0, 40)))
        cuts = [text[:at] + text[end:], text[:end] + text[at:], text[:at]]
        text = draw(st.sampled_from(cuts))
        if draw(st.booleans()):
            text = text[:at] + draw(NOISE) + text[at:]
    return text


@pytest.mark.parametrize("layout", ["one a line", "with blank lines"])
@given(st.data())
def test_each_line_of_a_damaged_file_is_read_or_told(layout: str, data: st.DataObject) -> None:
    text = data.draw(damaged(layout))
    told = told_lines(found(text))
    rows = re.split("\r\n|\r|\n", text)
    assert {at for at, row in enumerate(rows, 1) if row.strip()} <= told


@pytest.mark.parametrize("layout", ["indented", "one after the other", "a list of a claim a line"])
@given(st.data())
def test_each_code_of_a_damaged_file_is_read_or_in_what_is_told(
    layout: str, data: st.DataObject
) -> None:
    text = data.draw(damaged(layout))
    told = told_lines(found(text))
    rows = re.split("\r\n|\r|\n", text)
    assert {at for at, row in enumerate(rows, 1) if re.search("D0[0-9]{3}", row)} <= told


@given(st.text(max_size=200), st.sampled_from(["{", "[", "[{", '{"lines":[', ""]))
def test_any_text_is_read_or_told(text: str, before: str) -> None:
    for each in found(before + text):
        assert each.line >= 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
LINE_KEYS = st.sampled_from(["on", "code", "billed", "did", "arch", "quantity", "x"])


@given(
    st.lists(st.dictionaries(LINE_KEYS, VALUES) | VALUES, min_size=1, max_size=4),
    VALUES,
    VALUES,
    VALUES,
)
def test_each_line_of_a_claim_is_given_or_told(
    lines: list[Any], label: Any, on: Any, note: Any
) -> None:
    claim = {"claim": label, "on": on, "note": note, "lines": lines}
    results = found(json.dumps([claim]))
    assert len(given_in(results)) + len(not_read(results)) == len(lines)
    wholes = [each for each in results if isinstance(each, Whole)]
    first = min((each.line for each in not_read(results)), default=0)
    assert [each.in_part for each in wholes] == [first] * len(wholes)


def test_a_key_that_stands_twice_is_told_and_none_is_taken() -> None:
    twice = '[{"on": "2026-03-02", "billed": ["D0801"], "billed": ["D0470", "D0396"]}]'
    assert ["'billed' twice" in each.why for each in not_read(found(twice))] == [True] * 3
    twice = '[{"on": "2026-03-02", "billed": ["D0801"], "billed": "D0470"}]'
    assert ["'billed' twice" in each.why for each in not_read(found(twice))] == [True] * 2
    twice = '[{"on": "2026-03-02", "code": "D0801", "did": "a", "did": "b"}]'
    assert [each.why for each in not_read(found(twice))] == [
        "did: expected text, got several values under one key."
    ]
    twice = '[{"on": "2026-03-02", "on": "2026-03-03", "billed": ["D0801"]}]'
    (result,) = found(twice)
    assert isinstance(result, NotRead)
    assert "several values under one key" in result.why


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (f'"{PERSONAL}"', "an object, got text"),
        (f'["{PERSONAL}"]', "an object, got a list"),
        (f'{{"purpose": ["{PERSONAL}"]}}', "texts in it, got a list"),
        (f'{{"purpose": "{PERSONAL}", "purpose": "b"}}', "texts in it, got several values"),
        (f'{{}}, "note": "{PERSONAL}"', "an object, got several values under one key"),
    ],
)
def test_a_note_that_cannot_be_checked_is_told_and_what_it_says_is_not(
    note: str, told: str
) -> None:
    (claim,) = found(f'[{{"on": "{ON}", "billed": ["D0801"], "note": {note}}}]')
    assert isinstance(claim, Whole)
    assert (claim.note, claim.in_part) == (None, 0)
    assert f"The note was not checked: expected {told}" in claim.told[0]
    assert PERSONAL not in repr(claim)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"on": "2026-03-02",\n "billed": ["D0801"]\n  "did": []}]', "line 3, character 3"),
        ('[{"on": "2026-03-02" "billed"', "character 22"),
        ('[{"billed": ["D0801"]}\n{"billed": ["D0396"]}]', "a comma is missing"),
        ('[{"billed": ["D0801"]},\n', "the file breaks off"),
        ("[" * 100_000, "too many things"),
        ("{!}", "from here on, character 2: expecting"),
        ("\n{!}", "from here on, line 2, character 2: expecting"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: str, told: str) -> None:
    result = found(text)[-1]
    assert isinstance(result, NotRead)
    assert told in result.why


def test_what_stands_before_the_damage_is_read() -> None:
    results = found(json.dumps([VISIT, VISIT])[:-20])
    assert [line.billed for line in given_in(results)] == ["D0801", "D0396"]
    assert len(not_read(results)) == 1


# --- Size -----------------------------------------------------------------------------------------


def test_one_object_a_line_is_read_a_line_at_a_time() -> None:
    text = io.StringIO("\n".join(json.dumps(VISIT) for _ in range(1_000)))
    results = read(text)
    next(results)
    assert text.tell() < 500
    assert sum(1 for _ in results) == 999


def test_a_line_without_an_end_is_told_and_the_next_one_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(objects, "LONGEST_LINE", 200)
    row = json.dumps(VISIT)
    fits = f"{row[:-1]:198}}}"
    assert [line.line for line in given_in(found(f"{fits}\n{fits}"))] == [1, 1, 2, 2]
    for length in (201, 399, 400, 401, 600, 5_000):
        long = '{"x": "' + "y" * (length - 9) + '"}'
        results = found(f"{row}\n{long}\n{row}\n{long}")
        assert [(each.line, each.why[:10]) for each in not_read(results)] == [
            (2, "longer tha"),
            (4, "longer tha"),
        ]
        assert [line.line for line in given_in(results)] == [1, 1, 3, 3]


def test_a_file_that_is_one_value_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps([VISIT] * 30, indent=1)
    monkeypatch.setattr(objects, "LARGEST", len(text))
    assert len(found(text)) == 30
    monkeypatch.setattr(objects, "LARGEST", len(text) - 1)
    with pytest.raises(InvalidInputError, match="one claim a line"):
        found(text)
