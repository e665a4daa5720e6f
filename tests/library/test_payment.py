"""Denials, letters, coverage: found by any spelling, stating only what is given."""

import re
from typing import Any

import pytest

import cdtref
from cdtref import (
    IncompleteNoteError,
    InvalidInputError,
    Remedy,
    RemittanceKind,
    UnknownIdError,
)

NOTE = {
    "purpose": "Crowding, expansion or extraction",
    "method": "Scan of both arches, straight from the mouth",
}


@pytest.mark.parametrize("carc", ["97", "CO-97", "co97", " CO 97 ", "PR-97", "CARC 97"])
def test_a_carc_is_understood_with_and_without_its_group(carc: str) -> None:
    assert [denial.id for denial in cdtref.denials(carc=carc)] == ["bundled"]


@pytest.mark.parametrize(("rarc", "denial"), [("N478", "attachment"), ("n477", "attachment")])
def test_a_rarc_is_understood(rarc: str, denial: str) -> None:
    assert denial in [found.id for found in cdtref.denials(rarc=rarc)]


@pytest.mark.parametrize("rarc", ["RARC N478", "rarc-n478", "CO-N478", " con478"])
def test_a_rarc_is_understood_with_what_payers_print_before_it(rarc: str) -> None:
    assert cdtref.remittance(rarc).code == "N478"
    assert [found.id for found in cdtref.denials(rarc=rarc)] == ["attachment"]


def test_a_carc_is_no_rarc_and_the_list_told_is_of_the_kind_asked_for() -> None:
    """Whoever types a code into the wrong field is told so, not answered for something else."""
    carcs, rarcs = (
        {code.code for code in cdtref.remittances() if code.kind is kind}
        for kind in (RemittanceKind.CARC, RemittanceKind.RARC)
    )
    for ask, given, kind, own, other in (
        (lambda code: cdtref.denials(carc=code), "N478", "carc", carcs, rarcs),
        (lambda code: cdtref.denials(rarc=code), "97", "rarc", rarcs, carcs),
        (cdtref.remittance, "9999", "remittance", carcs | rarcs, set()),
    ):
        with pytest.raises(UnknownIdError) as caught:
            ask(given)
        assert (caught.value.kind, caught.value.id) == (kind, given)
        told = str(caught.value)
        assert f"{given!r} is not a {'CARC, ' if kind == 'remittance' else kind.upper()}" in told
        listed = set(told.split("Recorded are ")[1].split(". X12", maxsplit=1)[0].split(", "))
        assert own <= listed
        assert not other & listed


WRONG: Any = 97


@pytest.mark.parametrize(
    ("ask", "field", "example"),
    [
        (lambda: cdtref.denials(carc=WRONG), "CARC", "CO-97"),
        (lambda: cdtref.denials(rarc=WRONG), "RARC", "N478"),
        (lambda: cdtref.remittance(WRONG), "CARC, RARC or group code", "CO-97"),
        (lambda: cdtref.denial(WRONG), "denial", "CO-97"),
    ],
)
def test_what_is_no_text_is_told_with_an_example_that_works(
    ask: Any, field: str, example: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"^{field}: .* such as '{example}', got") as caught:
        ask()
    assert f"{example!r}" in str(caught.value)
    assert cdtref.remittance(example)


def test_a_code_that_does_not_point_to_one_reason_names_those_it_points_to() -> None:
    reasons = tuple(denial.id for denial in cdtref.denials(carc="16"))
    assert len(reasons) > 1
    with pytest.raises(UnknownIdError, match="CARC 16 points to several reasons") as caught:
        cdtref.denial("CO-16")
    assert (caught.value.kind, caught.value.id) == ("denial", "CO-16")
    assert caught.value.nearest == reasons
    with pytest.raises(UnknownIdError, match="GROUP CO points to no reason recorded") as caught:
        cdtref.denial("CO")
    assert caught.value.nearest == ()


def test_a_reason_is_found_by_its_id_and_a_near_miss_is_told() -> None:
    assert cdtref.denial(" Wrong-Code ").id == "wrong-code"
    with pytest.raises(UnknownIdError, match="not the id of a denial") as caught:
        cdtref.denial("wrong-cod")
    assert (caught.value.id, caught.value.nearest) == ("wrong-cod", ("wrong-code",))


@pytest.mark.parametrize("value", ["9999", "CO", "N478x", "97 98", "-", "CO-"])
def test_an_unknown_remittance_code_says_what_is_recorded(value: str) -> None:
    with pytest.raises(UnknownIdError, match=r"Recorded are .*X12 publishes"):
        cdtref.denials(carc=value)


@pytest.mark.parametrize("value", [97, "", None.__class__, [], b"97"])
def test_a_remittance_code_is_text(value: Any) -> None:
    with pytest.raises(InvalidInputError):
        cdtref.denials(carc=value)
    with pytest.raises(InvalidInputError):
        cdtref.denials(rarc=value)


def test_carc_16_is_not_for_attachments() -> None:
    assert "attachment" not in [denial.id for denial in cdtref.denials(carc="16")]
    assert "16" in cdtref.denial("attachment").not_argue


def test_no_denial_is_argued_with_digital_models_under_d0470() -> None:
    """Digital models are spoken of only where it says what not to argue."""
    warned = set()
    for denial in cdtref.denials():
        for text in (denial.asks, denial.first_move, denial.correct, *denial.attach):
            assert not re.search(r"(?i)digital (model|cast)", text), denial.id
        if "digital models" in denial.not_argue:
            warned.add(denial.id)
    assert {"wrong-code", "upheld"} <= warned


def test_a_letter_states_what_is_given_and_leaves_blanks() -> None:
    letter = cdtref.letter("wrong-code", NOTE)
    assert letter.kind is Remedy.CORRECTED_CLAIM
    for text in NOTE.values():
        assert text in letter.text
    for blank in ("[Date]", "[claim number]", "[name and member number]", "[code]"):
        assert blank in letter.text
    assert letter.missing == ("retention",)
    assert "If the code was right, appeal" in letter.before
    assert letter.attach == cdtref.denial("wrong-code").attach
    assert letter.denial == "wrong-code"


def test_a_letter_is_laid_out_as_one() -> None:
    """Paragraph by paragraph: date, payer, claim, reason, chart, enclosures, signature."""
    paragraphs = cdtref.letter("wrong-code", NOTE).text.split("\n\n")
    assert paragraphs[0] == "[Date]"
    assert paragraphs[1].startswith("[Payer")
    assert paragraphs[2].startswith("Corrected claim\nClaim [claim number]")
    assert paragraphs[-4].startswith("From the chart")
    assert paragraphs[-3].split("\n") == [
        f"{cdtref.item(id).label}: {NOTE[id]}" for id in ("method", "purpose")
    ]
    assert paragraphs[-2].startswith("Enclosed")
    assert "signature" in paragraphs[-1]


def test_a_letter_invents_nothing() -> None:
    """Two notes differ in the letter just where they differ themselves."""
    first = cdtref.letter("bundled", {"purpose": "AAA"}).text
    second = cdtref.letter("bundled", {"purpose": "BBB"}).text
    assert first.replace("AAA", "BBB") == second


def test_an_appeal_says_that_it_is_one() -> None:
    letter = cdtref.letter("bundled", NOTE)
    assert letter.kind is Remedy.APPEAL
    assert "Appeal" in letter.text


def test_a_letter_without_a_word_from_the_chart_is_refused() -> None:
    with pytest.raises(IncompleteNoteError, match="nothing that a letter on 'bundled' speaks of"):
        cdtref.letter("bundled", {"method": "x"})


def test_what_a_letter_lacks_is_told_by_the_id_of_the_items() -> None:
    with pytest.raises(IncompleteNoteError) as caught:
        cdtref.letter("bundled", {"method": "x"})
    assert caught.value.missing == cdtref.denial("bundled").items
    assert "purpose" in caught.value.missing


def test_a_letter_that_needs_no_item_tells_the_whole_note() -> None:
    assert NOTE["purpose"] in cdtref.letter("other-payer", NOTE).text
    assert "From the chart" not in cdtref.letter("other-payer", {}).text


@pytest.mark.parametrize("denial", ["not-covered", "timely-filing", "predetermination"])
def test_where_no_letter_helps_it_says_what_to_do_first(denial: str) -> None:
    with pytest.raises(InvalidInputError, match="No letter answers"):
        cdtref.letter(denial, NOTE)


def test_every_denial_with_a_letter_can_be_written() -> None:
    for denial in cdtref.denials():
        if denial.remedy in (Remedy.APPEAL, Remedy.CORRECTED_CLAIM, Remedy.RESUBMIT):
            note = {id: cdtref.item(id).example for id in denial.items}
            assert cdtref.letter(denial.id, note).missing == ()


def test_payers_speak_for_themselves_with_scope_and_date() -> None:
    for entry in cdtref.coverage():
        assert bool(entry.scope) == bool(entry.payer), entry.id
        assert bool(entry.payer) or not entry.date, entry.id
    devoted = next(entry for entry in cdtref.coverage() if entry.payer == "Devoted Health")
    assert devoted.date


def test_coverage_of_a_code_is_what_names_it() -> None:
    ids = [entry.id for entry in cdtref.coverage(code="D0704")]
    assert ids == ["wrong-edition"]
    for code in ("d0801 ", "D0801"):
        found = cdtref.coverage(code=code)
        payers = {entry.payer for entry in found}
        assert {"Devoted Health", ""} <= payers
        assert "delta-dental-aligners" not in {entry.id for entry in found}, "it names no code"
        assert len(found) < len(cdtref.coverage())
    with pytest.raises(cdtref.UnknownCodeError):
        cdtref.coverage(code="D2740")


@pytest.mark.parametrize("code", ["D0470", "D0801", "D0396"])
def test_coverage_of_a_code_is_what_speaks_of_it_and_nothing_else(code: str) -> None:
    every = cdtref.coverage()
    told = cdtref.coverage(code=code)
    assert told
    assert {entry.id for entry in told} == {entry.id for entry in every if code in entry.codes}
    assert len(told) < len(every)


def test_ingredients_tell_what_an_appeal_needs_and_whose_rule_it_is() -> None:
    ingredients = cdtref.ingredients()
    assert "appeal-in-time" in {entry.id for entry in ingredients}
    assert {"", *(entry.payer for entry in cdtref.coverage())} & {i.payer for i in ingredients}


def test_who_may_be_charged_never_ends_without_a_way_to_find_out() -> None:
    for entry in cdtref.charges():
        assert entry.ask.endswith("?"), entry.id
