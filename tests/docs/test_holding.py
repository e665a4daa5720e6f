"""Every sentence that people read is held, and each way to hold one can fail."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cdtref
from cdtref import words
from cdtref.compiling import KNOWLEDGE
from cdtref.compiling.checks import KINDS
from cdtref.site import alike, holding, promises, reread, reviewed
from cdtref.site.advice import FORMS, Here, check_sentence, service_called
from cdtref.site.bound import check_span, find, plain
from cdtref.site.holding import Held, Hold, check_advice, in_knowledge, on_page
from cdtref.site.sentences import ROOT, Sentence, Span, advice_of, of_page
from cdtref.site.untrue import UnreadableError, UntrueError

NEXT = cdtref.editions()[-1].until.year + 1
EVERY = holding.everything()
NOTHING: frozenset[str] = frozenset()


def hold(
    page: str, *, texts: frozenset[str] = NOTHING, listed: reviewed.Listed | None = None
) -> list[str]:
    """How each sentence of a page stands, in words."""
    return [held.hold.value for held in on_page("a.md", page, texts, listed or {})]


def quotable(*sentences: str) -> frozenset[str]:
    return holding.quotable(sentences)


@pytest.mark.parametrize("where", sorted({held.where.partition(" ")[0] for held in EVERY}))
def test_every_sentence_is_held(where: str) -> None:
    own = [held for held in EVERY if held.where.partition(" ")[0] == where]
    assert not holding.mistakes(own), holding.told(holding.mistakes(own), EVERY)


def test_where_nearly_the_same_stands_is_told() -> None:
    here = Held(
        "guide/a.md", Sentence("The plan may not pay for it."), Hold.FREE, "nothing holds it"
    )
    there = Held("denial:bundled meaning", Sentence("The plan does not pay for it."), Hold.TIED)
    other = Held("code:D0470 use", Sentence("A study model poured in stone."), Hold.TIED)
    told = holding.told([here], [here, there, other])
    assert told.endswith("nearly the same stands in denial:bundled meaning: " + there.sentence.text)
    assert holding.told([here], [here, other]) == str(here)


def test_no_text_of_the_knowledge_loses_its_hold() -> None:
    assert not promises.broken(EVERY), "\n".join(promises.broken(EVERY))
    assert list(promises.promised()) == list(promises.held(EVERY)), "run `make ledger`"


def test_a_text_that_loses_its_hold_is_told() -> None:
    where, number = next(iter(promises.promised().items()))
    less = [held for held in EVERY if not held.where.startswith(where.partition(" ")[0])]
    (told,) = [one for one in promises.broken(less) if one.startswith(f"{where}: ")]
    assert f"{number} of its sentences or words were held, 0 are" in told


def test_bound_words_that_go_are_told() -> None:
    where = "outside:sleep-appliances belongs"
    (one,) = (held for held in EVERY if held.where == where and len(held.sentence.spans) > 1)
    less = one._replace(sentence=one.sentence._replace(spans=one.sentence.spans[:1]))
    assert not promises.broken(EVERY)
    (told,) = promises.broken([less if held is one else held for held in EVERY])
    assert told.startswith(f"{where}: 2 of its sentences or words were held, 1 are")


# --- The sentences --------------------------------------------------------------------------------

TRUE = [
    "Bill D0801 for a scan of the mouth kept as a record.",
    "Bill D0801 for a digital model.",
    "Bill D0470 for a study model in 2016.",
    "Bill D0470 for a scan of the mouth kept as a record before 2023.",
    "Bill D0801 for a scan of the mouth kept as a record since 2023.",
    "Add D0396 for a model printed in the office.",
    "Do not bill D0470, D0802 or D0350 for a scan of the mouth kept as a record.",
    "Do not bill D0801 for a scan for a crown.",
    "A model printed by a laboratory has no code of its own.",
    "A scan for a crown is part of the crown.",
    "The fusion of a surface scan with a CBCT volume is unsettled.",
    "D0395 for the fusion of a surface scan with a CBCT volume is unsettled.",
    "A model printed in the office is unsettled in 2023.",
    "We infer the answer on a scan of the mouth kept as a record before 2023.",
    "Our confidence on a scan for a crown is low.",
    "D0801 has existed since 2023.",
    "D0802 is for a scan of a cast.",
    "D0803 names a scan of the face.",
    "D0802 is not for a scan of the mouth kept as a record.",
    "D0350 does not name a scan of the face.",
    "D0351 was for a scan of the face in 2022.",
    "D0351 named a scan of the face in 2016.",
    "D0351 was not for a scan of the face since 2023.",
    "D0801 was not in force before 2023.",
    "D0351 was in force in 2022.",
    "D0351 and D0704 were in force in 2022.",
    "D0801 and D0802 were not in force in 2022.",
    "D0396 began in 2024.",
    "Whether D0802 covers a scan of an impression is open.",
    "Whether D0351 covered a scan of a cast is open in 2022.",
    "No source says how to report a scan of a cast in 2022.",
    "No code names a model printed by a laboratory.",
    "No code named a scan of a cast before 2023.",
    "A scan for a crown was part of the crown.",
    "D0396 began on January 1, 2024.",
    "D0351 ended on December 31, 2022.",
    "Sources disagree on D0470 for a scan of the mouth kept as a record.",
    "No source disagrees on D0470 for a study model poured in stone.",
    "PracticeAlpha says D0470 covers a scan of the mouth kept as a record.",
    "Delta Dental says D0470 does not cover a scan of the mouth kept as a record.",
    "PracticeAlpha implies D0470 covers a model printed in the office.",
    "American Association of Orthodontists implies D0393 does not cover looking at a scan.",
    "“Direct scan” means a scan of the patient.",
    "Record the purpose, the method, the use and the retention for D0470.",
    "Put the purpose and the method into the narrative for D0470.",
    "Leave the use and the retention out of the narrative for D0470.",
    "Leave the signs * ~ : ^ | > out of a claim note.",
    "CARC 97 points to “Part of another service”.",
    "RARC N478 points to “Models or documents are wanted”.",
    "If the line was right, answer “Part of another service” with an appeal.",
    "Answer “Models or documents are wanted” with what was asked for.",
    "If the line was wrong, answer “The code does not match how the model was made, or was not in "
    "force” with a corrected claim.",
    "A claim note segment holds 80 characters.",
    "Report D0801 for a scan of the mouth kept as a record.",
    "Use D0801 for a scan of the mouth kept as a record.",
    "D0802 covers a scan of a cast.",
    "D0801 does not cover a scan of a cast.",
    "D0351 did not cover a scan of the face since 2023.",
    "It is unsettled whether D0802 covers a scan of an impression.",
    "The crown includes a scan for a crown.",
    "Sources are divided on D0470 for a scan of the mouth kept as a record.",
    "According to PracticeAlpha, a scan of the mouth kept as a record is covered by D0470.",
    "According to Delta Dental, a scan of the mouth kept as a record is not covered by D0470.",
    "D0802 describes a scan of a cast.",
    "D0802 is the code for a scan of a cast.",
    "The code for a scan of a cast is D0802.",
    "Do not report D0801 for a scan for a crown.",
    "Do not use D0801 for a scan for a crown.",
    "Never bill D0801 for a scan for a crown.",
    "D0350 does not describe a scan of the face.",
    "D0395 for the fusion of a surface scan with a CBCT volume is not settled.",
    "It is open whether D0802 covers a scan of an impression.",
    "Whether D0802 covers a scan of an impression is not settled.",
    "No source says how a scan of a cast is reported in 2022.",
    "No source says how a scan of a cast is to be reported in 2022.",
    "No code describes a model printed by a laboratory.",
    "The fusion of a surface scan with a CBCT volume is not settled.",
    "A scan for a crown is a part of the crown.",
    "A scan for a crown belongs to the crown.",
    "A scan for a crown is included in the crown.",
    "Sources do not agree on D0470 for a scan of the mouth kept as a record.",
    "No source says otherwise on D0470 for a study model poured in stone.",
    "The answer on a scan of the mouth kept as a record is inferred before 2023.",
    "D0801 has been in force since 2023.",
    "There has been a D0801 since 2023.",
    "D0351 was in force through December 31, 2022.",
    "PracticeAlpha says that D0470 covers a scan of the mouth kept as a record.",
    "According to PracticeAlpha, D0470 covers a scan of the mouth kept as a record.",
    "Delta Dental says that D0470 does not cover a scan of the mouth kept as a record.",
    "According to Delta Dental, D0470 does not cover a scan of the mouth kept as a record.",
    "PracticeAlpha implies that D0470 covers a model printed in the office.",
    "American Association of Orthodontists implies that D0393 does not cover looking at a scan.",
    "Write down the purpose, the method, the use and the retention for D0470.",
    "Tell the purpose and the method in the narrative for D0470.",
    "Keep the use and the retention out of the narrative for D0470.",
    "For D0393, record what was simulated and what it changed.",
    "For a scan of the mouth kept as a record, bill D0801.",
    "In 2016, bill D0470 for a study model.",
    "A scan of the mouth that is kept as a record is billed as D0801.",
    "D0470 is to be billed for a study model.",
    "The code to bill for a study model is D0470.",
    "Bill a study model as D0470.",
    "Bill a study model under D0470.",
    "Do not bill a study model as D0801.",
    "The answer on a scan of the mouth kept as a record is our inference before 2023.",
    "D0801 has been in existence since 2023.",
    "From 2023 on, bill D0801 for a scan of the mouth kept as a record.",
    "Use D0470 to bill a study model.",
    "Do not use D0801 to bill a study model.",
    "For a study model, the code to bill is D0470.",
    "Bill neither D0801 nor D0802 for a study model.",
    "A model printed by a laboratory has no code.",
    "There is no separate code for a model printed by a laboratory.",
    "There is no code for a model printed by a laboratory.",
    "No code of its own exists for a model printed by a laboratory.",
    "No code exists for a model printed by a laboratory.",
    "D0470 must not be billed for a scan of the mouth kept as a record.",
    "A scan of the mouth kept as a record is not billed as D0802 or D0350.",
    "Whether a scan of an impression is covered by D0802 is an open question.",
    "It is an open question whether a scan of an impression comes under D0802.",
    "The first day of D0396 was January 1, 2024.",
    "The last day of D0351 was December 31, 2022.",
    "D0801 came into force on January 1, 2023.",
    "No source disputes D0470 for a study model poured in stone.",
    "Sources differ on D0470 for a scan of the mouth kept as a record.",
    "What D0802 names is a scan of a cast.",
]

FALSE = [
    "D0801 and D0801 began in 2023.",
    "A scan of the mouth that is kept as a record is billed as D0802.",
    "D0470 is to be billed for a scan of the mouth kept as a record.",
    "The code to bill for a study model is D0801.",
    "Bill a study model as D0801.",
    "Bill a study model under D0801.",
    "Do not bill a study model as D0470.",
    "The answer on a scan of the mouth kept as a record is our inference since 2023.",
    "D0801 has been in existence since 2024.",
    "From 2022 on, bill D0801 for a scan of the mouth kept as a record.",
    "Use D0801 to bill a study model.",
    "Do not use D0470 to bill a study model.",
    "For a study model, the code to bill is D0801.",
    "Bill neither D0470 nor D0802 for a study model.",
    "A scan of a cast has no code.",
    "There is no separate code for a scan of a cast.",
    "There is no code for a scan of a cast.",
    "No code of its own exists for a scan of a cast.",
    "No code exists for a scan of a cast.",
    "D0470 must not be billed for a study model.",
    "A scan of the mouth kept as a record is not billed as D0801.",
    "Whether a scan of an impression is covered by D0801 is an open question.",
    "It is an open question whether a scan of an impression comes under D0801.",
    "The first day of D0396 was January 1, 2023.",
    "The last day of D0801 was December 31, 2022.",
    "D0801 came into force on January 1, 2024.",
    "No source disputes D0470 for a scan of the mouth kept as a record.",
    "Sources differ on D0470 for a study model poured in stone.",
    "What D0802 names is a scan of the face.",
    "Report D0802 for a scan of the mouth kept as a record.",
    "Use D0470 for a scan of the mouth kept as a record.",
    "D0802 covers a scan of the face.",
    "D0802 does not cover a scan of a cast.",
    "D0351 did not cover a scan of the face in 2022.",
    "It is unsettled whether D0801 covers a scan of an impression.",
    "The orthodontic treatment includes a scan for a crown.",
    "Sources are divided on D0470 for a study model poured in stone.",
    "According to Delta Dental, a scan of the mouth kept as a record is covered by D0470.",
    "According to PracticeAlpha, a scan of the mouth kept as a record is not covered by D0470.",
    "D0802 describes a scan of the face.",
    "D0802 is the code for a scan of the face.",
    "The code for a scan of a cast is D0801.",
    "Do not report D0801 for a scan of the mouth kept as a record.",
    "Do not use D0801 for a scan of the mouth kept as a record.",
    "Never bill D0801 for a scan of the mouth kept as a record.",
    "D0803 does not describe a scan of the face.",
    "D0470 for a scan of an impression is not settled.",
    "It is open whether D0801 covers a scan of an impression.",
    "Whether D0801 covers a scan of an impression is not settled.",
    "No source says how a scan of a cast is reported in 2023.",
    "No source says how a scan of a cast is to be reported in 2023.",
    "No code describes a scan for a crown.",
    "A scan of the face is not settled.",
    "A scan for a crown is a part of the orthodontic treatment.",
    "A scan for a crown belongs to the orthodontic treatment.",
    "A scan for a crown is included in the orthodontic treatment.",
    "Sources do not agree on D0470 for a study model poured in stone.",
    "No source says otherwise on D0470 for a scan of the mouth kept as a record.",
    "The answer on a scan of the mouth kept as a record is inferred since 2023.",
    "D0801 has been in force since 2024.",
    "There has been a D0801 since 2024.",
    "D0351 has existed since 2015.",
    "D0801 was in force through December 31, 2022.",
    "PracticeAlpha says that D0470 does not cover a scan of the mouth kept as a record.",
    "According to PracticeAlpha, D0470 does not cover a scan of the mouth kept as a record.",
    "Delta Dental says that D0470 covers a scan of the mouth kept as a record.",
    "According to Delta Dental, D0470 covers a scan of the mouth kept as a record.",
    "PracticeAlpha implies that D0470 covers a scan of the mouth kept as a record.",
    "PracticeAlpha implies that D0470 does not cover a model printed in the office.",
    "Write down the purpose and the fee for D0470.",
    "Tell the purpose and the use in the narrative for D0470.",
    "Keep the method out of the narrative for D0470.",
    "For D0393, record what was simulated.",
    "For a scan of the mouth kept as a record, bill D0470.",
    "In 2022, bill D0801 for a scan of the mouth kept as a record.",
    "We infer the answer on a scan of the mouth kept as a record since 2023.",
    "We infer the answer on a model printed in the office in 2023.",
    "Our confidence on a scan for a crown is high.",
    "D0802 is for a scan of the face.",
    "D0803 names a scan of a cast.",
    "D0802 is not for a scan of a cast.",
    "D0803 does not name a scan of the face.",
    "D0351 was for a scan of the face in 2023.",
    "D0351 named a scan of the face in 2014.",
    "D0351 was not for a scan of the face in 2022.",
    "D0801 was not in force in 2023.",
    "D0351 was in force since 2022.",
    "D0351 and D0801 were in force in 2022.",
    "D0351 and D0801 were not in force in 2022.",
    "D0396 began in 2023.",
    "Whether D0801 covers a scan of an impression is open.",
    "Whether D0802 covered a scan of a cast is open in 2023.",
    "Whether D0351 covered a scan of a cast is open in 2014.",
    "No source says how to report a scan of a cast in 2023.",
    "No source says how to report the fusion of a surface scan with a CBCT volume.",
    "No code names a scan for a crown.",
    "No code named a scan of the face in 2016.",
    "A scan for a crown was part of the orthodontic treatment.",
    "Add D0470 for a model printed in the office.",
    "“Direct scan” means a scan of a replica.",
    "“Working model” means a copy of the teeth.",
    "Record the purpose and the fee for D0470.",
    "Record the purpose and the method for D0470.",
    "Put the purpose into the narrative for D0470.",
    "Leave the use out of the narrative for D0470.",
    "A scan for a denture is part of the crown.",
    "Record the printer in the office for D0470.",
    "Put the purpose and the use into the narrative for D0470.",
    "Leave the method out of the narrative for D0470.",
    "Leave the signs * ~ out of a claim note.",
    "Leave the signs * ~ : ^ | > , out of a claim note.",
    "CARC 16 points to “Models or documents are wanted”.",
    "RARC N478 points to “Part of another service”.",
    "If the line was wrong, answer “Part of another service” with a corrected claim.",
    "Answer “Part of another service” with what was asked for.",
    "If the line was right, answer “Models or documents are wanted” with an appeal.",
    "A claim note segment holds 60 characters.",
    "Bill D0802 for a scan of the mouth kept as a record.",
    "Bill D0801 for a scan of the mouth kept as a record in 2022.",
    "Bill D0801 and D0470 for a scan of the mouth kept as a record.",
    "Bill D0801 for a scan of the mouth kept as a record since 2022.",
    "Bill D0470 for a scan of the mouth kept as a record before 2024.",
    "Do not bill D0801 for a scan of the mouth kept as a record.",
    "Do not bill D0395 for the fusion of a surface scan with a CBCT volume.",
    "A scan of a cast has no code of its own.",
    "A scan for a crown is part of the orthodontic treatment.",
    "A scan of a cast is part of the device.",
    "A scan of the face is unsettled.",
    "D0470 for a scan of an impression is unsettled.",
    "D0801 has existed since 2024.",
    "D0470 has existed since 2014.",
    "D0396 began on January 1, 2023.",
    "D0801 ended on December 31, 2022.",
    "Sources disagree on D0470 for a study model poured in stone.",
    "No source disagrees on D0470 for a scan of the mouth kept as a record.",
    "PracticeAlpha says D0470 does not cover a scan of the mouth kept as a record.",
    "Delta Dental says D0470 covers a scan of the mouth kept as a record.",
    "MetLife says D0470 covers a scan of the mouth kept as a record.",
    "PracticeAlpha implies D0470 covers a scan of the mouth kept as a record.",
    "PracticeAlpha implies D0470 does not cover a model printed in the office.",
]

UNREADABLE = [
    ("You should bill D0801.", "no form fits"),
    ("Bill D0801 for a scan of the mouth, kept.", "no service is called .* did you mean"),
    ("Bill D2740 for a study model.", "outside this topic"),
    (f"Bill D0801 for a digital model in {NEXT}.", f"no edition is encoded for “in {NEXT}”"),
    (f"Bill D0801 for a digital model since {NEXT}.", "no edition is encoded"),
    ("Bill D0801 for a digital model before 2014.", "no edition is encoded"),
    (f"Bill D0801 for a digital model before {NEXT + 3}.", "no edition is encoded"),
    ("Bill D0801 for a digital model", "no form fits"),
    ("“Fee” means what is charged.", "no term"),
    ("CARC 999 points to “Part of another service”.", "is not a CARC recorded"),
    (
        "If the line was right, answer “Part of an other service” with an appeal.",
        "did you mean 'Part of another service'",
    ),
]


OF_A_DENIAL = [  # the denial, what is true of it, and what is not
    (
        "frequency",
        "Withdraw the line if it was a retake.",
        "Withdraw the line if it was a repeat of the same service.",
    ),
    (
        "no-purpose",
        "Correct the claim if the code, the date or the narrative was wrong.",
        "Correct the claim if the code or the date was wrong.",
    ),
    (
        "needs-another-service",
        "Correct the claim if the other service was left off.",
        "Correct the claim if the other service or the date was left off.",
    ),
    (
        "attachment",
        "Correct the claim if the announced attachment was wrong or left off.",
        "Correct the claim if the quantity was wrong or left off.",
    ),
]


@pytest.mark.parametrize(("denial", "true", "false"), OF_A_DENIAL)
def test_when_to_mend_a_line_is_that_of_the_denial(denial: str, true: str, false: str) -> None:
    here = Here(fact=cdtref.denial(denial))
    check_sentence(true, here)
    with pytest.raises(UntrueError):
        check_sentence(false, here)
    with pytest.raises(UntrueError):
        check_sentence(true, Here(fact=cdtref.denial("timely-filing")))
    with pytest.raises(UnreadableError, match="in a text of the denial"):
        check_sentence(true)


OF_A_QUESTION = [  # the question, what is true of it, and what is not
    ("d0350-scan", "No.", "Open."),
    ("d0801-aligner", "No, not on its own.", "Open."),
    ("d0395-surface", "Open.", "No."),
    ("d0350-scan", "No.", "No, not on its own."),
    ("d0351-scan", "Open.", "No."),
]


@pytest.mark.parametrize(("question", "true", "false"), OF_A_QUESTION)
def test_the_short_answer_is_that_of_the_question(question: str, true: str, false: str) -> None:
    here = Here(fact=cdtref.question(question))
    check_sentence(true, here)
    with pytest.raises(UntrueError):
        check_sentence(false, here)
    with pytest.raises(UnreadableError, match="in the answer of the question"):
        check_sentence(true)


OF_WHAT_WAS_READ = [  # the sentence, an entry of which it is true, and one of which it is not
    ("We read no payer's rule on it.", "charge:no-preauthorization", "charge:frequency-reached"),
    (
        "We read no payer's rule on it.",
        "charge:no-preauthorization",
        "coverage:texas-growth-visit-2012",  # a state program, and a payer by its own entry
    ),
    (
        "We read no payer's rule on casts or scans.",
        "coverage:lifetime-limit",
        "coverage:frequency-limit",
    ),
    (
        "We have read no payer's rule on it.",
        "charge:no-preauthorization",
        "coverage:frequency-limit",
    ),
    ("We read no state law.", "charge:out-of-network", "charge:copies-of-records"),
    ("We have read no state law.", "charge:out-of-network", "charge:copies-of-records"),
    ("We read no state law.", "charge:medicaid", "retention:missouri"),  # a federal rule is none
    ("We read no rule.", "retention:elsewhere", "retention:audit"),
]


@pytest.mark.parametrize(("sentence", "true", "false"), OF_WHAT_WAS_READ)
def test_what_was_not_read_is_no_source_of_the_entry(sentence: str, true: str, false: str) -> None:
    def of(entry: str) -> Here:
        kind, id = entry.split(":")
        return Here(fact=cdtref.library.current().facts(KINDS[kind])[id])

    check_sentence(sentence, of(true))
    with pytest.raises(UntrueError, match="the entry has "):
        check_sentence(sentence, of(false))
    with pytest.raises(UnreadableError, match="in a text of the entry"):
        check_sentence(sentence)


OF_AN_EDITION = [  # the sentence, the edition of which it is true, and one of which it is not
    ("D0801 and D0804 begin.", "CDT 2023", "CDT 2024"),
    ("D0351 and D0801 begin.", "", "CDT 2023"),
    ("D0393 has a new title.", "CDT 2023", "CDT 2022"),
    ("D0350 and D8660 have new titles.", "CDT 2015", "CDT 2016"),
    ("D0351 and D0704 are deleted.", "CDT 2023", "CDT 2022"),
    ("D0470 is deleted.", "", "CDT 2023"),
    ("This is the last edition with D0351.", "CDT 2022", "CDT 2023"),
]


@pytest.mark.parametrize(("sentence", "true", "false"), OF_AN_EDITION)
def test_what_an_edition_changes_is_what_its_codes_say(
    sentence: str, true: str, false: str
) -> None:
    def of(edition: str) -> Here:
        return Here(fact=next(one for one in cdtref.editions() if one.id == edition))

    if true:
        check_sentence(sentence, of(true))
    with pytest.raises(UntrueError, match=r"ended on|began on|has titles since"):
        check_sentence(sentence, of(false))
    with pytest.raises(UnreadableError, match="in the text of the edition"):
        check_sentence(sentence)


@pytest.mark.parametrize("sentence", TRUE)
def test_a_true_sentence_passes(sentence: str) -> None:
    check_sentence(sentence)


@pytest.mark.parametrize("sentence", FALSE)
def test_a_false_sentence_fails(sentence: str) -> None:
    with pytest.raises(UntrueError):
        check_sentence(sentence)


@pytest.mark.parametrize(("sentence", "told"), UNREADABLE)
def test_an_unreadable_sentence_says_what_would_be_right(sentence: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_sentence(sentence)


def test_every_form_is_tried_true_and_false() -> None:
    true, false = ([row[at] for row in OF_A_DENIAL + OF_A_QUESTION] for at in (1, 2))
    read = [sentence for sentence, *_ in OF_WHAT_WAS_READ + OF_AN_EDITION]
    for form in FORMS:
        for tried in (TRUE + true + read, FALSE + false + read):
            fitting = (form.regex.fullmatch(read) for one in tried for read in alike.read(one))
            assert any(fitting), form.pattern


def test_every_word_for_a_service_stands_for_one_service() -> None:
    for service in cdtref.services():
        for name in (service.short, service.phrase, *({*service.also} & {*alike.CALLED})):
            assert service_called(name) == service.id, name


def test_words_that_say_less_than_the_service_are_for_the_search_alone() -> None:
    assert "facial cast" in cdtref.service("facial-moulage-scan").also
    with pytest.raises(UnreadableError, match="no service is called"):
        check_sentence("Bill D0804 for a facial cast.")
    every = {name for service in cdtref.services() for name in service.also}
    assert not {*alike.CALLED} - every, "take out what no service is called"


# --- Which sentences there are --------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "{}",
        "<div>{}</div>",
        '<div class="card" markdown>{}</div>',
        "<figure><figcaption>{}</figcaption></figure>",
        "<h5>{}</h5>",
        "> {}",
        "- a\n\n    1. {}",
        "| a |\n| - |\n| {} |",
        "??? note\n\n    {}",
        "Term\n:   {}",
        '<img src="x.png" alt="{}">',
        '<p title="{}">Fine.</p>',
        "<section><b>{}</b></section>",
        "---\ndescription: {}\n---\n",
        "**Our judgment:** {}",
        '<p class="advice-not">{}</p>',
        "```scenario\ntitle: t\ndid: stone-cast\non: 2026-03-02\nbill: D0470\nwhy: {}\n```",
    ],
)
def test_no_element_class_or_label_hides_a_sentence(page: str) -> None:
    assert "free" in hold(page.format("Never bill it."))


def test_where_a_sentence_stands_is_told() -> None:
    page = "---\ndescription: One.\n---\n\n# T {: #t }\n\nTwo. Bill *D0801*{: data-fact=x }.\n"
    found = of_page(page)
    assert [(one.text, one.line) for one in found] == [
        ("One.", 2),
        ("T", 5),
        ("Two.", 7),
        ("Bill D0801.", 7),
    ]
    assert found[-1].spans == (Span("D0801", "x"),)


# --- How a sentence is held -----------------------------------------------------------------------

SINCE, UNTIL = 'data-fact="code:D0801 since"', 'data-fact="code:D0351 until"'
MONTHS = 'data-fact="remittance:n411 months"'
CHARGE = 'data-fact="charge:non-covered-with-consent consent_overrides"'


@pytest.mark.parametrize(
    ("sentence", "how"),
    [
        ("Bill D0801 for a digital model.", "executed"),
        ("Bill D0802 for a digital model.", "false"),
        ("Always bill it.", "free"),
        ("It is old.", "free"),
        ("Is it D0470?", "question"),
        ("Ask the payer: is it D0470?", "question"),
        ("Bill D0801, and ask: is it paid?", "free"),
        ("Once treatment has begun, ask: is it paid?", "free"),
        ("> Is it a benefit?", "free"),  # what a page asks the payer is quoted
        ("Ask the payer: is it signed?", "free"),
        ("Ask the payer: on which form is it?", "question"),
        (f"It *does not override*{{: {CHARGE} }} the contract.", "bound"),
        (f"It *overrides*{{: {CHARGE} }} the contract.", "false"),
        (f"Before the visit it *does not override*{{: {CHARGE} }} the contract.", "false"),
        (f"The plan allows it in *six months*{{: {MONTHS} }}.", "bound"),
        (f"The plan allows it in *six years*{{: {MONTHS} }}.", "false"),
        (f"The plan allows it in *six*{{: {MONTHS} }} months.", "false"),  # the unit is free
        (f"Never does it *does not override*{{: {CHARGE} }} the contract.", "false"),
        (f"It *does not override*{{: {CHARGE} }} D0470.", "false"),
        (f"It *does not override*{{: {CHARGE} }} a fee that falls to the patient.", "false"),
        (f"At all payers yes: it *does not override*{{: {CHARGE} }} the contract.", "false"),
        (f"It *does not override*{{: {CHARGE} }} the question who bears it.", "bound"),
        (f"It *does not override*{{: {CHARGE} }} the contract of today.", "false"),
        (f"It *does not override*{{: {CHARGE} }} the contract, if the plan says so.", "false"),
        (f"If the plan says so, it *does not override*{{: {CHARGE} }} the contract.", "bound"),
        (f"It *does not override*{{: {CHARGE} }} the contract, and can be left off.", "false"),
        (f"Where is it said that it *does not override*{{: {CHARGE} }} what may be?", "bound"),
        ("It *is*{: data-fact=remedy } so.", "false"),
        (f"Named so since *2023*{{: {SINCE} }}.", "bound"),
        (f"Named so before *2023*{{: {SINCE} }}.", "false"),
        (f"Named so after *2023*{{: {SINCE} }}.", "false"),
        (f"Named so until *2022*{{: {UNTIL} }}.", "bound"),
        (f"Named so after *2022*{{: {UNTIL} }}.", "false"),
        ("It *is*{: data-fact='denial:no-such remedy' } so.", "false"),
    ],
)
def test_how_a_sentence_is_held(sentence: str, how: str) -> None:
    assert hold(sentence) == [how]


@pytest.mark.parametrize(
    ("sentence", "how"),
    [
        ("The payer says that it sends both.", "quoted"),
        ("According to the insurer, it submits both.", "quoted"),  # what `alike` reads as the same
        ("The payer says that it sends one.", "free"),
        ("The plan says that it sends both.", "free"),
        ("The payer says that it sent both.", "free"),
    ],
)
def test_a_sentence_of_the_knowledge_is_quoted_in_words_that_say_the_same(
    sentence: str, how: str
) -> None:
    assert hold(sentence, texts=quotable("The payer says that it sends both.")) == [how]


@pytest.mark.parametrize(
    ("sentence", "how"),
    [
        ("Send both if the payer asks.", "quoted"),
        ("If the payer asks, send both.", "quoted"),
        ("If the payer asks, send one.", "free"),
        ("If both ask, send the payer.", "free"),
        ("Send both before the payer asks.", "free"),
    ],
)
def test_the_condition_of_what_is_quoted_may_come_first_or_last(sentence: str, how: str) -> None:
    assert hold(sentence, texts=quotable("Send both if the payer asks.")) == [how]


@pytest.mark.parametrize(
    ("was", "now", "how"),
    [
        ("", "", "quoted"),  # a denial says it in these words, bound to this text
        (r"\*the payer wants a corrected claim\*\{: .*? \}", "the payer wants another", "free"),
        (
            r"\*the payer wants a corrected claim\*(\{: .*? \})",
            r"*the payer wants*\1 it mended",
            "free",
        ),
    ],
)
def test_a_text_is_held_by_those_that_are_bound_to_it(
    tmp_path: Path, was: str, now: str, how: str
) -> None:
    denials = shutil.copytree(KNOWLEDGE, tmp_path / "knowledge") / "denials.toml"
    text = denials.read_text(encoding="utf-8")
    denials.write_text(re.sub(was, now, text, count=1) if was else text, encoding="utf-8")
    remittances = denials.with_name("remittances.toml")
    text = remittances.read_text(encoding="utf-8")
    anew = "Before the service, approval or notice was needed, and the payer has none."
    assert "Approval or notice was needed before the service, and the payer has none." in text
    remittances.write_text(re.sub(r"Approval or notice was needed.*none\.", anew, text), "utf-8")
    leaned = quotable(*holding.leaned_on(denials.parent, []))
    every = holding.in_knowledge(denials.parent, leaned)
    said = {held.sentence.text: (held.where, held.hold.value) for held in every}
    assert said["The payer wants a corrected claim."] == ("remittance:n380 gloss", how)
    assert said[anew] == ("remittance:197 gloss", "quoted")


def test_what_an_entry_does_not_say_is_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))
    for file, was, now in (
        ("denials.toml", r"\*Do not split [^}]*\}\.", ""),
        ("coverage.toml", r"\*Denied\*\{: data-fact=pays \}", "Taken"),
        ("coverage.toml", r'pays = "limited"(?=\nsays = "The plan\'s list)', 'pays = "no"'),
        ("charges.toml", "First find out", "*First find*{: data-fact=answer } out"),
    ):
        path = folder / file
        text, times = re.subn(was, now, path.read_text(encoding="utf-8"), count=1)
        assert times
        path.write_text(text, encoding="utf-8")
    wrong = {held.where: held for held in holding.false(in_knowledge(folder, NOTHING))}
    assert wrong.keys() == {
        "denial:bundled avoid",
        "coverage:companion-codes pays",
        "coverage:in-the-orthodontic-fee pays",
        "charge:in-network-denied answer",
    }
    said = wrong["denial:bundled avoid"].sentence.text
    assert said == "Do not split out what belongs together"
    own = wrong["charge:in-network-denied answer"].wrong
    assert own == "words are bound to the text that they stand in"


WRONG_NOTES = [
    (
        "Intraoral scanner in room 2, straight from the mouth.",
        "Desktop scanner in room 2, from the stone models.",
        "the library reads cast-scan, stone-cast in it, and D0801 is not for that",
    ),
    (
        "Resin printer in our own office.",
        "Resin printer of an outside laboratory.",
        "the library reads lab-print in it, and D0396 is not for that",
    ),
    (
        "Intraoral scan of both arches by the assistant.",
        "Done by the assistant.",
        "the library reads nothing done in it",
    ),
    (
        "Molar to be uprighted before a bridge.",
        "Then sent to the laboratory, which made the bridge on it.",
        "speaks of nothing that is made",
    ),
    (
        "Models boxed in cabinet B, shelf 3.",
        "Models sent to the laboratory for the night guard.",
        "which is part of something else",
    ),
    (
        "Needed to decide whether teeth must be removed.",
        "Taken as for every new patient.",
        "a purpose says",
    ),
    ("Arch length and tooth widths measured on screen.", "Not looked at yet.", "a use says"),
    (
        "*signed before the service*{: data-fact=asks }, on file",
        "*signed before the service*{: data-fact=asks }, or not at all",
        "“not” stands outside of what is bound",
    ),
]
"""A text of a sample note, what a tired author makes of it, and what is told."""


def test_a_sample_note_is_for_its_code(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))
    record = folder / "record.toml"
    text = record.read_text(encoding="utf-8")
    for was, now, _ in WRONG_NOTES:
        assert text.count(was) == 1
        text = text.replace(was, now)
    record.write_text(text, encoding="utf-8")
    wrong = [held.wrong for held in holding.false(in_knowledge(folder, NOTHING))]
    for _, _, told in WRONG_NOTES:
        assert [one for one in wrong if told in one], told
    assert len(wrong) == len(WRONG_NOTES)


OLD = [
    ("rule", "services/stone-cast.toml", "D0470 names a study model poured in stone.", "free"),
    ("code", "codes.toml", "D0801 began in 2023.", "free"),
    ("service", "services/stone-cast.toml", "A laboratory may pour the model.", "free"),
    ("scenario", "scenarios/scans.toml", "D0802 names a scan of a cast.", "free"),
    ("term", "glossary.toml", 'meaning = "', "tied"),
]
"""Where a sentence is put that nothing says, before another, and how it is held there."""


def test_where_answers_are_given_tied_is_not_enough(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))
    for _, file, was, _ in OLD:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert was in text
        kept = was if was.endswith('"') else ""
        path.write_text(text.replace(was, f"{kept}It is old. ", 1), encoding="utf-8")
    found = [one for one in in_knowledge(folder, NOTHING) if one.sentence.text == "It is old."]
    told = [(one.where.partition(":")[0], one.hold.value) for one in found]
    assert sorted(told) == sorted((kind, how) for kind, _, _, how in OLD)


@pytest.mark.parametrize(
    ("kind", "id", "path", "said", "how"),
    [
        ("outside", "whitening", "belongs", "The trays have a code.", "tied"),
        ("outside", "whitening", "belongs", "The scan is a step of it.", "free"),
        ("outside", "whitening", "belongs", "Ask nobody.", "free"),
        ("coverage", "not-a-benefit", "label", "Paid by every plan", "tied"),
        ("coverage", "not-a-benefit", "label", "Not paid by any plan", "free"),
        ("charge", "medicaid", "situation", "Before the visit", "free"),
        ("denial", "upheld", "attach[0]", "The later letter", "free"),
        ("statement", "p1", "why", "It is half right.", "free"),
        ("charge", "medicaid", "ask", "Must it be signed?", "free"),
        ("charge", "medicaid", "ask", "On which form?", "question"),
        ("item", "written", "asks", "Was it written before the claim?", "free"),
        ("item", "written", "asks", "Who wrote it?", "question"),
        ("remittance", "6", "gloss", "It goes by the age.", "tied"),
        ("remittance", "6", "gloss", "It does not go by the age.", "free"),
        ("remittance", "6", "gloss", "It calls for the age.", "free"),
        ("term", "waiver", "meaning", "A paper that the patient signs.", "tied"),
        ("term", "waiver", "meaning", "A paper, where a word is enough.", "free"),
        ("edition", "CDT 2023", "changes", "Other codes begin, too.", "tied"),
        ("edition", "CDT 2023", "changes", "Other codes may still be used.", "free"),
        ("edition", "CDT 2023", "changes", "D0801 is for casts.", "free"),
    ],
)
def test_what_people_act_on_is_held_better_than_tied(
    kind: str, id: str, path: str, said: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDTREF_REVIEWED", raising=False)
    (held,) = holding.of_text(kind, id, path, said, [], NOTHING, {})
    assert held.hold.value == how


def test_a_definition_may_be_tied_and_what_is_said_behind_it_may_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CDTREF_REVIEWED", raising=False)
    text = "A paper that the patient signs. It names the fee."
    found = holding.of_text("term", "waiver", "meaning", text, [], NOTHING, {})
    assert [held.hold.value for held in found] == ["tied", "free"]


@pytest.mark.parametrize(
    ("asked", "how"),
    [("What does the plan say?", "question"), ("Whatever it says, what is owed?", "free")],
)
def test_a_question_may_not_take_something_for_granted(
    asked: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDTREF_REVIEWED", raising=False)
    (held,) = holding.of_text("charge", "medicaid", "ask", asked, [], NOTHING, {})
    assert held.hold.value == how


def test_a_bound_question_may_not_take_something_for_granted() -> None:
    for begun, how in (("What do we know of", "bound"), ("Whatever it says, what of", "false")):
        asked = f'{begun} *clear aligners*{{: data-fact="coverage:delta-dental-aligners label" }}?'
        assert hold(asked) == [how]


def test_a_code_is_for_no_more_than_what_is_bound() -> None:
    spans = [Span("A scan of a cast", "service:cast-scan phrase")]
    for text, how in (("A scan of a cast.", "bound"), ("A scan of a cast or a tooth.", "false")):
        (held,) = holding.of_text("code", "D0802", "use", text, spans, NOTHING, {})
        assert held.hold.value == how


def test_a_period_of_months_may_be_told_in_years() -> None:
    check_span("three years", "remittance:n416 months")
    for wrong in ("three months", "five years"):
        with pytest.raises(UntrueError):
            check_span(wrong, "remittance:n416 months")


def test_an_advice_has_to_be_executed_or_bound() -> None:
    texts = quotable("It may be so.")
    assert hold("It may be so.\n{: #x .advice }", texts=texts) == ["false"]
    assert hold("Bill D0801 for a digital model.\n{: #x .advice }") == ["executed"]
    with pytest.raises(UntrueError):
        check_advice(
            [
                Sentence("Bill D0801 for a digital model."),
                Sentence("Bill D0802 for a digital model."),
            ]
        )


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("Bill D0801 for a digital model.\n{: .advice }\n", "an advice needs an id"),
        ("Bill D0801 for a digital model.\n\n{: #x .advice }\n", "line 3: .* is not rendered"),
        ("<!--\nBill D0801 for a digital model.\n{: #x .advice }\n-->\n", "is not rendered"),
    ],
)
def test_an_attribute_list_that_does_not_render_is_told(page: str, told: str) -> None:
    with pytest.raises(UnreadableError, match=told):
        advice_of(page)


SPANS = [
    ("Send a corrected claim", "denial:wrong-code remedy", "Appeal"),
    ("January 1, 2023", "code:D0801 since", "January 1, 2024"),
    (
        "Send a corrected claim, if the chart shows that the line was wrong",
        "denial:wrong-code remedy",
        "Appeal, if the chart shows that the line was wrong",
    ),
    ("2023", "code:D0801 since", "2022"),
    ("Northeast Delta Dental", "coverage:nedelta-words payer", "Delta Dental"),
    ("D0801", "done:intraoral-scan codes", "D0802"),
    ("D0470", "done:intraoral-scan@2022 codes", "D0801"),
    (
        "Whether D0351 covered a scan of the mouth kept as a record is open",
        "code:D0351 open",
        "Whether D0801 covered a scan of the mouth kept as a record is open",
    ),
    ("No", "answer:D0470/intraoral-scan verdict", "Yes"),
    ("disputed", "answer:D0470/intraoral-scan disputed", "no source disagrees"),
    ("Scan of the mouth, kept as a record", "rule:intraoral-scan-from-2023 service", "Scan"),
    (
        "Never argue that digital models are recognized under D0470",
        "denial:upheld avoid",
        "Argue so",
    ),
    ("once", "remittance:n411 times", "twice"),
    ("at least five years", "retention:texas years", "at most five years"),
    ("ten years", "retention:illinois years", "nine years"),
    ("to age 21", "retention:texas minor_age", "to age 18"),
    ("seven years past majority", "retention:missouri minor_years", "seven years"),
    ("no period", "retention:hipaa years", "six years"),
    ("no period", "retention:audit years", "none"),
    ("falls to the patient", "remittance:n156 bears", "the office bears it"),
    ("names no casts", "coverage:metlife-orthodontic-benefit unsaid", "names casts"),
    ("printed models", "coverage:nc-medicaid-digital-models-2021 takes", "printed trays"),
    ("at most the set copayment", "charge:record-fee-copayment at_most", "beyond the copayment"),
    ("its fee holds for three years", "", ""),
]


@pytest.mark.parametrize(("said", "fact", "wrong"), SPANS[:-1])
def test_bound_words_are_those_for_the_value(said: str, fact: str, wrong: str) -> None:
    check_span(said, fact)
    with pytest.raises(UntrueError, match=f"“{wrong}” is not among the words for"):
        check_span(wrong, fact)


def bound_words() -> Iterator[tuple[str, type, object]]:
    """Everything that is bound, and each value that it is bound to."""
    for held in EVERY:
        for span in held.sentence.spans:
            entry = held.where.partition(" ")[0]
            try:
                value = find(span.fact if " " in span.fact else f"{entry} {span.fact}").value
            except UnreadableError:  # a part of an entry: those have no words of their own
                continue
            for one in value if isinstance(value, tuple) else (value,):
                yield plain(span.words), type(one), one


def test_no_words_stand_for_two_values_and_each_is_used() -> None:
    """Otherwise a value could change under a sentence that is bound to it, or a word be left over.

    Alike for the values of one field: `SAID_OF` is keyed by its name.
    """
    said: dict[tuple[object, str], set[object]] = {}
    for of, labels in words.LABELS.items():
        for value, label in labels.items():
            for phrase in (label, *words.SAID.get(of, {}).get(value, ())):
                said.setdefault((of, plain(phrase)), set()).add(value)
    for (field, number), phrases in words.SAID_OF.items():
        for phrase in phrases:
            said.setdefault((field, plain(phrase)), set()).add(number)
    assert not [key for key, values in said.items() if len(values) > 1]
    used = set(bound_words())
    extra = [
        *((value, phrases) for said in words.SAID.values() for value, phrases in said.items()),
        *((value, phrases) for (_, value), phrases in words.SAID_OF.items()),
    ]
    unused = [
        phrase
        for value, phrases in extra
        for phrase in phrases
        if (plain(phrase), type(value), value) not in used
    ]
    assert not unused, "take them out"


def test_a_run_of_a_text_may_not_leave_out_what_turns_it_round() -> None:
    class Entry:
        text = "Do not send a scan file. Ask first, and keep the answer."

    check_span("keep the answer", "text", Entry())
    check_span("Do not send a scan file", "text", Entry())
    for wrong in ("send a scan file", "answer", "keep their answer"):
        with pytest.raises(UntrueError):
            check_span(wrong, "text", Entry())


def test_a_run_of_a_text_may_not_leave_out_what_narrows_it() -> None:
    check_span("only beside another service", "remittance:b15 gloss")
    with pytest.raises(UntrueError):
        check_span("beside another service", "remittance:b15 gloss")


@pytest.mark.parametrize(
    "turned",
    [
        "Against",
        "Contrary to",
        "Assume it is so by",
        "Use that code for",
        "Use the code for",
        "Change the claim by",
        "Change it to",
        "Sign",
        "By the date of the claim,",
        "On the day of the claim,",
        "It fails by",
        "Next year, by",
    ],
)
def test_the_rest_of_a_sentence_may_not_turn_bound_words_round(turned: str) -> None:
    bound_words = 'the *clear aligners*{: data-fact="coverage:delta-dental-aligners label" }.'
    assert hold(f"As told of {bound_words}") == ["bound"]
    assert hold(f"{turned} {bound_words}") == ["false"]


def test_a_run_of_a_text_may_not_leave_out_its_limit() -> None:
    class Entry:
        text = "The dentist may charge the patient up to the fee, and asks who agreed in writing."
        either = "One of D0801 and D0802 is covered. The patient who agreed owes it."

    check_span("may charge the patient up to the fee", "text", Entry())
    check_span("One of D0801 and D0802 is covered", "either", Entry())
    check_span("the patient who agreed owes it", "either", Entry())
    for field, wrong in (
        ("text", "may charge the patient"),
        ("either", "D0801 and D0802 are covered"),
        ("either", "the patient, who agreed, owes it"),
    ):
        with pytest.raises(UntrueError):
            check_span(wrong, field, Entry())


def test_sentences_may_be_joined_but_not_under_the_condition_of_one() -> None:
    texts = quotable("If it is kept, ask first.", "Ask the payer first.", "Report the scan.")
    assert hold("Ask the payer first, and report the scan.", texts=texts) == ["quoted"]
    assert hold("If it is kept, ask first, and report the scan.", texts=texts) == ["free"]


def test_what_somebody_else_says_is_not_quoted_as_ours() -> None:
    said = {one.says for one in cdtref.positions()}
    assert (
        "Casts may be plaster or virtual models; the code is about the diagnostic purpose." in said
    )
    page = "Casts may be plaster or virtual models; the code is about the diagnostic purpose."
    assert hold(page, texts=holding.texts()) == ["free"]


@pytest.mark.parametrize(
    ("page", "how"),
    [
        ("[Not on the word alone](#words-differ): payers define it differently.", "quoted"),
        (
            "Read the payer's definition, the group code and the patient's share together. "
            "Not on the word alone: payers define it differently.",
            "quoted",
        ),
        (
            "Bill D0470 for a study model.\n\nNot on the word alone: payers define it differently.",
            "free",
        ),
    ],
)
def test_a_quotation_that_points_back_stands_beside_what_it_points_to(page: str, how: str) -> None:
    where = "guide/who-may-be-charged.md"
    found = on_page(where, page, holding.texts(), {})
    *_, last = holding.in_place(where, page, found, holding.origins())
    assert last.hold.value == how


def test_a_fact_has_one_of_the_words_that_say_more_than_its_value() -> None:
    def bound_to(*said: str) -> list[str]:
        spans = (Span(words, "charge:wrong-code-or-date may_charge") for words in said)
        found = [Held("a.md", Sentence(one.words, (one,)), Hold.BOUND) for one in spans]
        return [held.wrong for held in holding.told_apart(found)]

    assert bound_to("Not yet", "not yet", "No") == ["", "", ""]
    assert bound_to("A write-off", "The patient owes nothing") == ["", ""]
    assert all("say one" in wrong for wrong in bound_to("Not yet", "A write-off"))


def test_a_run_of_a_text_may_not_leave_out_one_of_two_things() -> None:
    class Entry:
        text = "It needs its own date or a distinct purpose, or a word from the payer."

    for whole in ("its own date or a distinct purpose", "a word from the payer", "It needs"):
        check_span(whole, "text", Entry())
    for half in ("its own date", "a distinct purpose"):
        with pytest.raises(UntrueError):
            check_span(half, "text", Entry())


def test_a_code_is_for_something_while_it_is_in_force() -> None:
    days = tuple(edition.since for edition in cdtref.editions())
    check_sentence("D0803 is for a scan of the face.", Here("", days))
    for wrong in (
        "Bill D0803 for a scan of the face.",
        "D0393 is for a simulation on a surface scan.",
        "D0803 is for a scan of the face since 2022.",
    ):
        with pytest.raises(UntrueError):
            check_sentence(wrong, Here("", days))
    with pytest.raises(UntrueError, match="not in force then"):
        check_sentence("D0803 is for a scan of the face.", Here("", days[:1]))


def test_this_service_is_that_of_the_entry() -> None:
    check_sentence("D0801 names this service.", Here("intraoral-scan"))
    with pytest.raises(UntrueError):
        check_sentence("D0801 names this service.", Here("cast-scan"))
    with pytest.raises(UnreadableError, match="name the service"):
        check_sentence("D0801 names this service.")


@pytest.mark.parametrize(
    ("kind", "id", "said", "how"),
    [
        ("term", "panoramic-image", "D0330 names it.", "executed"),
        ("term", "panoramic-image", "D0340 names it.", "false"),
        ("question", "d0396-appliance", "It is part of the retainer.", "executed"),
        ("question", "d0396-appliance", "It is part of the crown.", "false"),
        ("question", "d0470-print", "It is part of the crown.", "free"),
    ],
)
def test_it_is_the_service_that_a_term_names_or_a_question_asks_about(
    kind: str, id: str, said: str, how: str
) -> None:
    (held,) = holding.of_text(kind, id, "meaning", said, [], NOTHING, {})
    assert held.hold.value == how


# --- The reviewed list ----------------------------------------------------------------------------


@pytest.mark.skipif(reviewed.off(), reason="CDTREF_REVIEWED=off leaves the list out")
def test_the_list_stands_in_order_and_says_what_still_stands() -> None:
    listed = reviewed.read()
    standing = {(held.where, held.sentence.text) for held in EVERY}
    assert not [key for key in listed if key not in standing], "take out what no page says any more"
    used = {
        (held.where, held.sentence.text)
        for held in EVERY
        if held.hold in (Hold.REVIEWED, Hold.IDLE)
    }
    assert not [key for key in listed if key not in used], (
        "these are held in a better way: take them out"
    )
    pages = [page for page, _ in listed]
    assert pages == sorted(pages), "the list stands in order of page"
    for (page, sentence), entry in listed.items():
        assert entry.rests or len(entry.reason.split()) >= 3, f"{page}: {sentence!r} needs a reason"


def test_a_reviewed_sentence_was_read_beside_its_facts_as_they_are() -> None:
    stale = [f"{one.page}: {one.sentence}" for one in reviewed.stale(reviewed.read())]
    assert not stale, "\n".join(["read them again, one at a time: make reread", *stale])


def test_at_most_a_quarter_is_only_reviewed() -> None:
    holds = [held.hold for held in EVERY]
    held = sum(holds.count(one) for one in (Hold.EXECUTED, Hold.BOUND, Hold.QUOTED, Hold.REVIEWED))
    assert holds.count(Hold.REVIEWED) <= held / 4


def test_a_listed_sentence_is_reviewed_or_idle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDTREF_REVIEWED", raising=False)
    path = tmp_path / "list.toml"
    path.write_text(
        '[[sentence]]\npage = "a.md"\nsentence = "It is old."\nrests = ["code:D0801 since"]\n'
        'read = "2026-11"\ndigest = "0"\n'
        '[[sentence]]\npage = "a.md"\nsentence = "Fonts are never billed."\n'
        'reason = "Of fonts only."\n'
    )
    listed = reviewed.read(path)
    page = "It is old. Fonts are never billed. It is new."
    assert hold(page, listed=listed) == ["reviewed", "idle", "free"]
    assert [entry.sentence for entry in reviewed.stale(listed)] == ["It is old."]
    monkeypatch.setenv("CDTREF_REVIEWED", "off")
    monkeypatch.setattr(reviewed, "LIST", path)
    assert hold("It is older. Fonts are never billed.", listed=reviewed.read()) == ["idle", "idle"]
    assert hold(page, listed=reviewed.read()) == ["free", "idle", "free"]
    assert hold("Fonts are always billed.", listed=reviewed.read(path)) == ["free"]


def test_people_act_on_it_so_it_is_not_only_reviewed() -> None:
    entry = reviewed.Entry("a.md", "Bill it.", rests=("code:D0801 since",))
    assert hold("Bill it.", listed={("a.md", "Bill it."): entry}) == ["false"]


def test_reading_again_shows_the_fact_and_a_yes_writes_it_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CDTREF_REVIEWED", raising=False)
    path = tmp_path / "list.toml"
    row = '[[sentence]]\npage = "a.md"\nsentence = "{}"\nrests = ["code:D0801 since"]\n'
    path.write_text(f"# Head.\n\n{row.format('It is old.')}\n{row.format('So is that.')}")
    monkeypatch.setattr(reviewed, "LIST", path)
    answers = iter(["y", "n"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert reread.main(["code:D0801"]) == 1
    told = capsys.readouterr().out
    assert "a.md: It is old." in told
    assert "now:    2023-01-01" in told
    assert "1 read, 1 left" in told
    assert [entry.sentence for entry in reviewed.stale(reviewed.read(path))] == ["So is that."]
    assert path.read_text().startswith("# Head.\n\n[[sentence]]")
    assert reread.main(["code:D0802"]) == 0


FALSE_ONES = """
from cdtref.site.advice import check_sentence
from cdtref.site.bound import check_span
from cdtref.site.cards import check_card, read_card
card = "title: Models poured in stone\\ndid: stone-cast\\non: 2026-03-02\\nbill: D0801"
for check in (
    lambda: check_sentence("Bill D0802 for a digital model."),
    lambda: check_span("2022", "code:D0801 since"),
    lambda: check_card(read_card(card)),
):
    try:
        check()
    except ValueError as error:
        print(type(error).__name__)
"""


def test_no_check_goes_away_with_the_asserts() -> None:
    command = [sys.executable, "-O", "-c", FALSE_ONES]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert told.split() == ["UntrueError"] * 3


def test_what_is_false_stops_the_build(tmp_path: Path) -> None:
    """Both at once, since a build takes seconds: each has to be told."""
    tree = tmp_path / "tree"
    kept = ("docs", "overrides", "src", "mkdocs.yml", "NOTICE")
    tree.mkdir()
    for name in kept:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tree / name)
    for name, was, now in (
        (
            "src/cdtref/knowledge/scenarios/scans.toml",
            'bill = ["D0801"]',
            'bill = ["D0801", "D0802"]',
        ),
        ("docs/guide/questions.md", "Bill D0801 for", "Bill D0802 for"),
    ):
        text = (tree / name).read_text(encoding="utf-8")
        assert was in text
        (tree / name).write_text(text.replace(was, now, 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "What is published does not hold" in done.stderr
    assert "guide/questions.md:23: false: Bill D0802" in done.stderr
    assert "the card bills D0801, D0802; the library D0801" in done.stderr
