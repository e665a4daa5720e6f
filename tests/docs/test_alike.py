"""Sentences that say the same are read alike, and no others."""

from collections import Counter
from itertools import combinations

import pytest

from cdtref.site import alike, holding
from cdtref.site.advice import FORMS

SENTENCES = sorted({held.sentence.text for held in holding.everything()})


def test_no_words_stand_in_two_rows() -> None:
    counted = Counter(said for row in alike.SAME for said in row)
    assert [said for said, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("row", alike.SAME, ids=lambda row: row[-1])
def test_the_words_of_a_row_are_read_as_its_first(row: list[str]) -> None:
    assert {alike.words(said) for said in row} == {row[0]}


def test_what_was_read_is_read_as_itself() -> None:
    for sentence in SENTENCES:
        for once in alike.read(sentence):
            assert alike.words(once) == once, sentence


def test_no_two_forms_are_the_same() -> None:
    counted = Counter(form.regex.pattern for form in FORMS)
    assert [form.pattern for form in FORMS if counted[form.regex.pattern] > 1] == []


@pytest.mark.parametrize(
    "said",
    [
        ("If it was a retake, withdraw the line.", "Withdraw the line if it was a retake."),
        ("When the code was right, appeal.", "Appeal if the code was correct."),
        (
            "No source says which date the claim carries.",
            "Which date the claim carries is not stated by any source.",
            "Which date the claim carries is said by no source.",
            "There is no source that says which date the claim carries.",
        ),
        (
            "The edition decides which codes exist.",
            "Which codes exist is decided by the edition.",
        ),
        ("The contract does not cover it.", "It is not covered by the contract."),
        ("A consultant says the same.", "According to a consultant, the same."),
        ("What the limit counts is not known.", "It is not known what the limit counts."),
        ("Ask the plan first.", "The plan is to be asked first.", "The plan must be asked first."),
        (
            "It is also kept as a record.",
            "It is kept as a record, too.",
            "It is kept as a record as well.",
        ),
        ("A scan that is kept as a record.", "A scan kept as a record."),
        ("If the line was wrong, correct it.", "Correct it, if the line was wrong."),
        ("Two scans record the arch twice.", "The arch is recorded twice by two scans."),
        ("A printed device is not a study model.", "A printed device is no study model."),
        ("It is a tool to make an appliance.", "It is a tool for making an appliance."),
        ("Ask the payer, and keep the reply.", "Ask the insurer and keep the response."),
        ("Since 2023, it is D0801.", "From 2023 on, it is D0801."),
        ("Send a photo along with the claim.", "Submit a photograph together with the claim."),
        ("Without one, no code is named for it.", "No code is named for it without one."),
        ("Keep it in the chart with its date.", "Keep it with its date in the chart."),
        ("A laboratory may pour the model.", "The model may be poured by a laboratory."),
        ("Before 2023 no scan code existed.", "No scan code existed before 2023."),
        ("However it is made, it is one step.", "It is one step, however it is made."),
        ("No code is named: ask the payer.", "No code is named, so ask the payer."),
        ("Where none was done, no code is named: ask.", "If none was done, no code is named: ask."),
        ("May the patient be charged?", "Can the patient be charged for it?"),
        ("If it is wrong, mend it and do not appeal.", "Mend it and do not appeal if it is wrong."),
        ("In 2023 four came, as one had.", "Four came in 2023, as one had."),
        ("Before 2023 none came, and one did.", "None came before 2023, and one did."),
        ("The payer handles them apart.", "They are handled apart by the payer."),
        ("Each had its own purpose.", "Each had a purpose of its own."),
    ],
)
def test_what_says_the_same_is_read_alike(said: tuple[str, ...]) -> None:
    for sentence in said[1:]:
        assert alike.is_same(said[0], sentence), sentence


@pytest.mark.parametrize(
    "words",
    [
        ("cast", "model", "impression", "scan", "print", "file"),
        ("denied", "disallowed", "refused", "rejected", "not covered", "not billable"),
        ("may not", "cannot", "need not", "may"),
        ("must", "may", "should"),
        ("must not", "does not have to"),
        ("before", "after", "since", "until", "by", "within", "once"),
        ("is", "was", "is not", "was not"),
        ("covers", "covered", "does not cover", "did not cover"),
        ("payer", "plan", "patient", "office", "dentist", "laboratory"),
        ("only", "also", "almost", "often", "never", "usually"),
        ("one", "two", "several", "each", "any", "no", "all", "both"),
        ("if", "unless", "even if", "whether", "because"),
        ("fee", "allowance", "copayment", "cost", "benefit"),
        ("estimate", "predetermination", "preauthorization"),
        ("corrected", "appealed", "resubmitted", "withdrawn"),
        ("send", "keep", "record", "attach", "show", "ask for"),
        ("and", "or", "with", "without", "beside", "instead of"),
        ("year", "calendar year", "benefit year", "months"),
        ("says", "implies", "infers", "asks"),
        ("yes", "no", "unsettled", "included"),
        ("says when", "says if"),
        ("contract", "agreement", "consent"),
        ("not billable", "not reported"),
        ("reported with", "reported as", "reported for"),
    ],
)
def test_what_the_subject_tells_apart_is_not_read_alike(words: tuple[str, ...]) -> None:
    for one, other in combinations(words, 2):
        assert not alike.is_same(f"It {one} so.", f"It {other} so."), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The contract decides the fee.", "The fee decides the contract."),
        ("The fee is decided by the contract.", "The contract is decided by the fee."),
        ("The plan is covered by it.", "The plan was covered by it."),
        ("It is paid by the plan.", "It may be paid by the plan."),
        ("It is not stated by any source.", "It is stated by a source."),
        ("Report both if each had a purpose.", "Each had a purpose if both are reported."),
        ("Ask before the scan, and record it.", "Ask, and record it before the scan."),
        ("Report only the cast.", "Only report the cast."),
        ("Ask first if it is also kept.", "Also ask first if it is kept."),
        ("After the visit, send what was done.", "Send what was done after the visit."),
        (
            "If it is wrong, mend it, and do not appeal.",
            "Mend it, and do not appeal if it is wrong.",
        ),
        ("A code chosen for it is wrong.", "A code, chosen for it, is wrong."),
        ("Ask the payer, and keep its reply.", "The payer is to be asked and keep its reply."),
        ("Few take it.", "A few take it."),
        ("No source disagrees on D0470 for it.", "All sources agree on D0470 for it."),
        ("Report D0801.", "Report D0801 as well."),
        ("If it is kept, ask.", "If it is kept, ask, and report D0801."),
        ("Can photos replace models?", "Can models replace photos?"),
        (
            "Is it a benefit if paid, or only when not?",
            "Is it a benefit only if paid, or when not?",
        ),
        ("Ask if it is right, and the plan agrees.", "Ask if it is right; the plan agrees."),
        ("Read the contract first, then the law.", "Read the law first, then the contract."),
        ("It names the claim that it repairs.", "It names the claim that repairs it."),
        ("It is the day of service, not of sending.", "It is the day of sending, not of service."),
        ("D0801 for the scan, D0396 for the print.", "D0801 for the print, D0396 for the scan."),
        ("It is one step however it is made.", "It is one step but it is made."),
        ("It is kept, not on paper.", "It is kept on paper, not."),
        ("Mend it and ask if it is kept.", "Mend it, and ask if it is kept."),
        ("Send only with a note.", "Only send with a note."),
        ("Send it only with a note in writing.", "Send it only in writing with a note."),
        ("If it is kept, ask, and report D0801.", "Ask if it is kept, and report D0801."),
        ("D0470 is for a cast.", "D0470 is not for a cast."),
    ],
)
def test_what_says_something_else_is_not_read_alike(one: str, other: str) -> None:
    assert not alike.is_same(one, other)
