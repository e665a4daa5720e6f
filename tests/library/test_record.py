"""Record and narrative: only what the note says, in segments that fit."""

import random
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cdtref
from cdtref import IncompleteNoteError, InvalidInputError, UnknownIdError
from cdtref.record import SEGMENT

GOOD = {
    "purpose": "Worn teeth, guard or crowns",
    "method": "Alginate impressions of both arches, poured in stone by the office on the same day",
    "use": "Contacts studied",
    "retention": "Cabinet B",
}


def test_every_code_has_its_general_items_and_extras() -> None:
    for code in cdtref.all_codes():
        ids = [item.id for item in cdtref.documentation(code.code)]
        assert ids[:2] == ["purpose", "method"]
        assert {"use", "retention"} <= set(ids)
    assert "simulated" in [item.id for item in cdtref.documentation("D0393")]
    assert "simulated" not in [item.id for item in cdtref.documentation("D0470")]
    assert "printer" in [item.id for item in cdtref.documentation("D0396")]


@pytest.mark.parametrize(
    ("code", "claimed", "kept"),
    [
        ("D0391", "captured-by", "report"),
        ("D0393", "simulated plan-change", ""),
        ("D0394", "dates-compared findings", ""),
        ("D0395", "data-sets separate-review", ""),
        ("D0396", "printer model-count*", "scan-date"),
        ("D0470", "", ""),
        ("D0801", "scanner", ""),
        ("D0802", "cast-origin", ""),
        ("D0803", "region", "consent*"),
        ("D0804", "region", "consent*"),
        ("D0999", "by-report no-other-code", ""),
        ("D6190", "by-report", ""),
        ("D9950", "necessity records findings", ""),
    ],
)
def test_what_goes_on_the_claim_too_and_what_only_into_the_chart(
    code: str, claimed: str, kept: str
) -> None:
    """Our choice, written down once more, code by code. What has a star may be missing."""
    told = [
        f"{item.id}{'' if item.required else '*'}"
        for on_claim in (True, False)
        for item in cdtref.documentation(code)
        if item.claim is on_claim
    ]
    always = "plan-link* no-treatment* notice* written*"
    assert sorted(told) == sorted(f"purpose method {claimed} use retention {kept} {always}".split())
    on_claim = [item.id for item in cdtref.documentation(code) if item.claim]
    assert sorted(on_claim) == sorted(f"purpose method {claimed}".replace("*", "").split())


def test_missing_names_what_a_note_lacks() -> None:
    assert cdtref.missing("D0470", GOOD) == ()
    for key in GOOD:
        lacking = {**GOOD, key: "  "}
        assert [item.id for item in cdtref.missing("D0470", lacking)] == [key]
    assert [item.id for item in cdtref.missing("D0396", GOOD)] == ["printer", "scan-date"]


def test_a_narrative_leads_with_purpose_and_method_and_leaves_the_chart_out() -> None:
    told = cdtref.narrative("D0470", dict(reversed(GOOD.items())))
    assert told.text == f"{GOOD['purpose']}. {GOOD['method']}."
    assert "Cabinet" not in told.text
    assert told.segments == (
        "Worn teeth, guard or crowns. Alginate impressions of both arches, poured in",
        "stone by the office on the same day.",
    )


def test_a_narrative_refuses_rather_than_pad() -> None:
    with pytest.raises(IncompleteNoteError, match="lacks what a narrative for D0470") as caught:
        cdtref.narrative("D0470", {"use": "Measured"})
    assert caught.value.missing == ("purpose", "method")
    with pytest.raises(IncompleteNoteError) as caught:
        cdtref.narrative("D0393", GOOD)
    assert caught.value.missing == ("simulated", "plan-change")


@pytest.mark.parametrize("character", list("*~:^|>"))
def test_characters_that_part_an_electronic_claim_are_refused(character: str) -> None:
    with pytest.raises(InvalidInputError, match=r"note\['purpose'\].*parts an electronic claim"):
        cdtref.narrative("D0470", {**GOOD, "purpose": f"Worn{character}teeth"})


@pytest.mark.parametrize("character", ["\u05d0", "é", "“", "🦷"])
def test_what_an_electronic_claim_may_not_carry_is_refused(character: str) -> None:
    note = {**GOOD, "method": f"Worn{character}teeth"}
    with pytest.raises(InvalidInputError, match="may not carry") as caught:
        cdtref.narrative("D0470", note)
    assert character not in str(caught.value)
    assert cdtref.missing("D0470", note) == ()


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\ud800", "\u200b"])
def test_characters_that_no_text_needs_are_refused(character: str) -> None:
    for ask in (cdtref.missing, cdtref.narrative):
        with pytest.raises(InvalidInputError, match="that no text needs") as caught:
            ask("D0470", {**GOOD, "use": f"Worn{character}teeth"})
        assert character not in str(caught.value)


def test_an_item_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="'purpose' stands twice"):
        cdtref.missing("D0470", {"purpose": "a", " PURPOSE": "b"})


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (None, "expected a mapping"),
        ([], "expected a mapping"),
        ("purpose", "expected a mapping"),
        ({"purpose": None}, r"note\['purpose'\]: expected text, got None"),
        ({"purpose": 3}, "expected text, got 3"),
        ({"purpose": "x" * 100_000}, "has 100,000 characters"),
        ({3: "x"}, "expected text such as"),
    ],
)
def test_a_note_that_is_none_is_refused(note: Any, told: str) -> None:
    for ask in (cdtref.missing, cdtref.narrative):
        with pytest.raises(InvalidInputError, match=told):
            ask("D0470", note)
    with pytest.raises(InvalidInputError, match=told):
        cdtref.letter("bundled", note)


def test_an_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match="Did you mean 'purpose'"):
        cdtref.missing("D0470", {"purpse": "x"})


def test_a_word_longer_than_a_segment_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="does not fit a segment of 80 characters"):
        cdtref.narrative("D0470", {**GOOD, "method": "x" * 81})
    told = cdtref.narrative("D0470", {**GOOD, "method": "x" * 79})
    assert max(map(len, told.segments)) == 80


def test_a_word_with_a_hyphen_stays_whole() -> None:
    """A payer's system joins segments with a blank: a word cut at its hyphen would come apart."""
    method = f"{'x ' * 20}chair-side-made-of-several-steps"
    told = cdtref.narrative("D0470", {**GOOD, "purpose": "Y" * 20, "method": method})
    assert any("chair-side-made-of-several-steps" in segment for segment in told.segments)
    with pytest.raises(InvalidInputError, match="does not fit"):
        cdtref.narrative("D0470", {**GOOD, "method": "-".join(["scan"] * 20)})


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Worn teeth", "Worn teeth."),
        ("Worn teeth.", "Worn teeth."),
        ("Guard?", "Guard?"),
        ("Guard, 2nd", "Guard, 2nd."),
        ("Worn teeth (upper)", "Worn teeth (upper)."),
        ('He said "worn"', 'He said "worn".'),
        ("Up to 50%", "Up to 50%."),
        ("Worn teeth,", "Worn teeth,"),
    ],
)
def test_each_item_of_a_narrative_ends_like_a_sentence(written: str, told: str) -> None:
    narrative = cdtref.narrative("D0470", {**GOOD, "purpose": written, "method": "Poured"})
    assert narrative.text == f"{told} Poured."
    assert narrative.code == "D0470"


def test_a_note_of_ten_thousand_characters_is_still_a_note() -> None:
    assert cdtref.missing("D0470", {**GOOD, "use": "x" * 10_000}) == ()
    with pytest.raises(InvalidInputError, match="10,000 at most"):
        cdtref.missing("D0470", {**GOOD, "use": "x" * 10_001})


def test_retention_tells_each_place_for_itself() -> None:
    rules = cdtref.retention()
    assert {"hipaa", "texas"} <= {rule.id for rule in rules}
    assert all(rule.where for rule in rules)
    assert len({rule.where for rule in rules}) == len(rules)


def sentence(chance: random.Random) -> str:
    """Up to sixty words, some long, some with a hyphen or a stop."""
    signs = string.ascii_letters + string.digits + "-,'()/"
    words = ["".join(chance.choices(signs, k=chance.randint(1, 30))) for _ in range(60)]
    ends = [f"x{word}{chance.choice(['', '', '.', '?'])}" for word in words]
    return " ".join(ends[: chance.randint(1, 60)])


@pytest.mark.parametrize("seed", range(50))
def test_segments_fit_lose_nothing_and_invent_nothing(seed: int) -> None:
    """Of notes that may be sent as they are: every one is told."""
    chance = random.Random(seed)
    code = chance.choice(cdtref.all_codes())
    note = {item.id: sentence(chance) for item in cdtref.documentation(code.code)}
    told = cdtref.narrative(code.code, note)
    assert all(0 < len(segment) <= SEGMENT for segment in told.segments)
    assert " ".join(told.segments) == told.text
    claim = [item.id for item in cdtref.documentation(code.code) if item.claim]
    words = [word for id in claim for word in note.get(id, "").split()]
    assert [word.rstrip(".!?") for word in told.text.split()] == [w.rstrip(".!?") for w in words]


@given(st.dictionaries(st.text(), st.one_of(st.none(), st.integers(), st.text())))
def test_any_note_is_answered_or_refused_by_us(note: dict[str, Any]) -> None:
    for ask in (
        lambda: cdtref.missing("D0470", note),
        lambda: cdtref.narrative("D0470", note),
        lambda: cdtref.letter("bundled", note),
    ):
        try:
            ask()
        except cdtref.CdtrefError as error:
            told = str(error)
            assert told.isprintable()


def test_every_situation_is_complete() -> None:
    for situation in cdtref.situations():
        note = {entry.item: entry.text for entry in situation.note}
        assert cdtref.missing(situation.code, note) == (), situation.id
        told = cdtref.narrative(situation.code, note)
        assert told.text.startswith(note["purpose"])


def test_every_example_of_an_item_can_be_written_on_a_claim() -> None:
    for code in cdtref.all_codes():
        note = {item.id: item.example for item in cdtref.documentation(code.code)}
        assert cdtref.narrative(code.code, note).segments
