"""Every sentence of a hand-written page that one might act on is held to the library."""

import tomllib
from pathlib import Path

import pytest

import cdtref
from cdtref.site import checks
from cdtref.site.advice import FORMS, AdviceError, check_advice, check_sentence, service_called
from cdtref.site.prose import Held, find_advice, flagged, line_of
from tests.docs.examples import ROOT

DOCS = ROOT / "docs"
NEXT = cdtref.editions()[-1].until.year + 1
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def context() -> dict[tuple[str, str], str]:
    """The reviewed list of mere context: page and sentence, with the reason."""
    text = Path(__file__).with_name("context.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text).get("context", [])
    return {(entry["page"], entry["sentence"]): entry["reason"] for entry in entries}


@pytest.mark.parametrize("page", PAGES)
def test_a_flagged_sentence_is_checked_labelled_or_listed(page: str) -> None:
    listed = context()
    for sentence in flagged((DOCS / page).read_text(encoding="utf-8")):
        if sentence.held is Held.FREE:
            assert (page, sentence.text) in listed, (
                f"docs/{page}:{sentence.line}: {sentence.text!r} could be acted on. Make it advice "
                "(an attribute list with an id and .advice on the next line), begin its paragraph "
                "with “Our judgment:” or “Unverified:”, or list it in tests/docs/context.toml "
                "with the reason why it is mere context."
            )


def test_mere_context_still_stands_and_has_a_reason() -> None:
    standing = {
        (page, sentence.text)
        for page in PAGES
        for sentence in flagged((DOCS / page).read_text(encoding="utf-8"))
        if sentence.held is Held.FREE
    }
    for (page, sentence), reason in context().items():
        assert (page, sentence) in standing, f"{page} no longer says {sentence!r}: take it out"
        assert len(reason.split()) >= 3, f"{page}: {sentence!r} needs a reason"


def test_the_guide_holds_what_it_promises() -> None:
    rows = checks.rows(DOCS)
    print()
    for row in rows:
        share = f"{row.advice / row.flagged:4.0%}" if row.flagged else "   -"
        print(f"{share} of {row.flagged:3} flagged sentences checked: /{row.address}")
    assert sum(len(find_advice((DOCS / page).read_text())) for page in PAGES) >= 80
    cards = sum(checks.read_page(DOCS / page).cards for page in PAGES)
    assert cards + len(cdtref.scenarios()) >= 45


# --- The sentences --------------------------------------------------------------------------------

TRUE = [
    "Bill D0801 for a scan of the mouth kept as a record.",
    "Bill D0801 for an iTero.",
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
    "D0801 has existed since 2023.",
    "D0396 began on January 1, 2024.",
    "D0351 ended on December 31, 2022.",
    "Sources disagree on D0470 for a scan of the mouth kept as a record.",
    "No source disagrees on D0470 for a study model poured in stone.",
    "PracticeAlpha says D0470 covers a scan of the mouth kept as a record.",
    "Delta Dental says D0470 does not cover a scan of the mouth kept as a record.",
    "PracticeAlpha implies D0470 covers a model printed in the office.",
    "American Association of Orthodontists implies D0393 does not cover looking at a scan.",
    "Record the purpose, the method, the use and the retention for D0470.",
    "CARC 97 points to “Part of another service”.",
    "RARC N478 points to “Models or documents are wanted”.",
    "If the line was right, answer “Part of another service” with an appeal.",
    "Answer “Models or documents are wanted” with what was asked for.",
    "If the line was wrong, answer “The code does not match how the model was made, or was not in "
    "force” with a corrected claim.",
    "A claim note segment holds 80 characters.",
]

FALSE = [
    "Add D0470 for a model printed in the office.",
    "Record the purpose and the fee for D0470.",
    "Record the printer in the office for D0470.",
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
    (f"Bill D0801 for an iTero in {NEXT}.", f"no edition is encoded for “in {NEXT}”"),
    (f"Bill D0801 for an iTero since {NEXT}.", "no edition is encoded"),
    ("Bill D0801 for an iTero before 2014.", "no edition is encoded"),
    (f"Bill D0801 for an iTero before {NEXT + 3}.", "no edition is encoded"),
    ("Bill D0801 for an iTero", "no form fits"),
    ("CARC 999 points to “Part of another service”.", "is not a CARC recorded"),
    (
        "If the line was right, answer “Part of an other service” with an appeal.",
        "did you mean 'Part of another service'",
    ),
]


@pytest.mark.parametrize("sentence", TRUE)
def test_a_true_sentence_passes(sentence: str) -> None:
    check_sentence(sentence)


@pytest.mark.parametrize("sentence", FALSE)
def test_a_false_sentence_fails(sentence: str) -> None:
    with pytest.raises(AssertionError):
        check_sentence(sentence)


@pytest.mark.parametrize(("sentence", "told"), UNREADABLE)
def test_an_unreadable_sentence_says_what_would_be_right(sentence: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_sentence(sentence)


def test_every_form_is_tried_true_and_false() -> None:
    for form in FORMS:
        for tried in (TRUE, FALSE):
            assert any(form.regex.fullmatch(sentence) for sentence in tried), form.pattern


def test_every_word_for_a_service_stands_for_one_service() -> None:
    for service in cdtref.services():
        for name in (service.short, service.phrase, *service.also):
            assert service_called(name) == service.id, name


# --- Proofs and attribute lists -------------------------------------------------------------------


def test_a_proof_must_hold_and_speak_of_what_the_sentence_speaks_of() -> None:
    text = "D0704 was deleted with the edition of 2023."
    check_advice(text, "cdtref.code('D0704').until.year + 1 == 2023")
    with pytest.raises(AssertionError):
        check_advice(text, "cdtref.code('D0704').since.year + 1 == 2023")
    with pytest.raises(AdviceError, match="says D0704; its proof does not"):
        check_advice(text, "cdtref.code('D0351').until.year + 1 == 2023")
    with pytest.raises(AdviceError, match="begins with `not`"):
        check_advice(text.replace("was", "was not"), "cdtref.code('D0704').until.year + 1 == 2023")
    with pytest.raises(AdviceError, match="fails: NameError"):
        check_advice(text, "D0704 == 2023")
    with pytest.raises(AssertionError, match="is 2023"):
        check_advice(text, "cdtref.code('D0704').until.year + 1 or 2023")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("Bill D0801 for an iTero.\n{: .advice }\n", "an advice needs an id"),
        ("Bill D0801 for an iTero.\n\n{: #x .advice }\n", "line 3: .* is not rendered"),
        ("<!--\nBill D0801 for an iTero.\n{: #x .advice }\n-->\n", "is not rendered"),
        ("| a |\n| - |\n| b |\n{: #x .advice }\n", "is not rendered|no form"),
    ],
)
def test_an_attribute_list_that_does_not_render_is_told(page: str, told: str) -> None:
    def check_page() -> None:
        for item in find_advice(page):
            check_advice(item.text, item.proof)

    with pytest.raises(AdviceError, match=told):
        check_page()


def test_what_is_flagged_and_how_it_is_held() -> None:
    page = """\
# Is D0470 right? {: #right }

Bill D0801 for [an iTero](x.md).
{: #one .advice }

Fine prose. D0470 is not.

**Our judgment:** never mind 2026.

- It must stand.
- Plain.

```scenario
title: x
did: stone-cast
on: 2026-03-02
bill: D0470
```

```python
D0470 = 1
```
"""
    assert [(sentence.text, sentence.held.value) for sentence in flagged(page)] == [
        ("Is D0470 right?", "question"),
        ("Bill D0801 for an iTero.", "advice"),
        ("D0470 is not.", "free"),
        ("Our judgment: never mind 2026.", "labeled"),
        ("It must stand.", "free"),
    ]
    assert [sentence.line for sentence in flagged(page)] == [1, 3, 6, 8, 10]
    assert line_of("one", page) == 4


def test_a_description_is_read_like_any_sentence_of_the_page() -> None:
    page = """\
---
description: >-
  Fine prose. It must stand here.
  Never only there. Bill D0801 for an iTero. Which of the 2?
---

Never only there.
{: #x .advice data-proof="True" }
"""
    assert [(sentence.text, sentence.held.value) for sentence in flagged(page)] == [
        ("It must stand here.", "free"),
        ("Never only there.", "advice"),
        ("Bill D0801 for an iTero.", "advice"),
        ("Which of the 2?", "question"),
        ("Never only there.", "advice"),
    ]
    assert flagged(page)[0].line == 3
    with pytest.raises(AssertionError):
        flagged("---\ndescription: Bill D0802 for an iTero.\n---\n")
    assert flagged("---\nhide: [toc]\n---\n") == flagged("---\n---\n") == []
