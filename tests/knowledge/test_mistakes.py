"""A mistake in a TOML file names the file, the entry, the field, and what was expected."""

import re
import shutil
from pathlib import Path

import pytest

import cdtref
from cdtref.compiling import KNOWLEDGE, compiled_text
from cdtref.compiling.__main__ import main
from cdtref.errors import KnowledgeError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge that a test may break."""
    return Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))


def change(folder: Path, file: str, was: str, now: str) -> None:
    """Replaces the first place that matches; a test that changes nothing would test nothing."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    changed = re.sub(was, lambda _: now, text, count=1, flags=re.MULTILINE | re.DOTALL)
    assert changed != text, was
    path.write_text(changed, encoding="utf-8")


def mistakes(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as caught:
        compiled_text(folder)
    assert caught.value.mistakes
    return "\n".join(caught.value.mistakes)


LATEST = max(edition.until for edition in (*cdtref.editions(), *cdtref.announced()))


def later(year: int) -> str:
    return (
        f'\n[[edition]]\nid = "CDT {year}"\nsince = {year}-01-01\nuntil = {year}-12-31\n'
        'changes = "x"\nsources = ["ada-cmc"]\nconfidence = "low"\n'
    )


ANNOUNCED = f"{later(LATEST.year + 1)}announced = true\n"
ENCODED = later(LATEST.year + 2)
RULE = 'id = "stone-cast"\n'


@pytest.mark.parametrize(
    ("file", "was", "now", "told"),
    [
        # Syntax and shape.
        ("rules.toml", r"\[\[rule\]\]", "[[rule]", "rules.toml: not readable as TOML: .*line"),
        (
            "rules.toml",
            r"\[\[rule\]\]",
            "[[rules]]",
            "rules.toml: table `rules`: unknown; expected",
        ),
        ("rules.toml", RULE, 'id = "stone-cast"\nnote = "x"\n', "unknown field `note`"),
        ("rules.toml", 'outcome = "rep', 'outcom = "rep', "`outcom`; did you mean 'outcome'?"),
        (
            "rules.toml",
            r"\[defaults\]",
            '[defaults]\nconfidance = "low"',
            "did you mean 'confidence'",
        ),
        (
            "scenarios.toml",
            'theme = ".*?"',
            'theme = "stone"',
            "`theme`: .* expected one of stone-mod",
        ),
        (
            "services.toml",
            'theme = ".*?"',
            'theme = "modles"',
            "`theme`: .*expected one of models, sc",
        ),
        ("sources.toml", 'read = ".*?"', 'read = "unsen"', "expected one of full, part, unseen"),
        (
            "rules.toml",
            'verdict = "no"',
            'verdict = "nay"',
            r"`exceptions\[0\].verdict`: .* one of yes",
        ),
        ("rules.toml", "review_due = .*?\n", "review_due = 1999-01-01\n", "is before `verified`"),
        ("rules.toml", r'codes = \["D0470"\]', 'codes = "D0470"', "`codes`: Expected `array`"),
        ("rules.toml", r'codes = \["D0470"\]', "codes = [470]", r"`codes\[0\]`: Expected `str`"),
        ("rules.toml", 'outcome = "reported"', 'outcome = "billed"', "`outcome`: Invalid enum"),
        (
            "rules.toml",
            "until = 2022-12-31",
            'until = "12/31/2022"',
            "`until`: expected a date such",
        ),
        ("rules.toml", 'service = "stone-cast"\n', "", "required field `service`"),
        ("codes.toml", 'code = "D0470"\n', "", "code 'number 1': .*required field `code`"),
        ("codes.toml", 'text = "Diagnostic casts"', "text = 1", r"`titles\[0\].text`: Expected"),
        ("knowledge.toml", "version = .*", "version = 2026", "knowledge.toml: `version`: expected"),
        # Ids and references.
        ("rules.toml", RULE, 'id = "impression-only"\n', "`id`: used twice"),
        ("rules.toml", RULE, 'id = "Stone Cast"\n', "`id`: expected lower-case words"),
        (
            "rules.toml",
            'service = "stone-cast"',
            'service = "stone"',
            "no service has the id 'stone'",
        ),
        ("rules.toml", r'codes = \["D0470"\]', 'codes = ["D0471"]', "no code has the id 'D0471'"),
        ("rules.toml", '"delta-dental-fyi-2026", "prac', '"delta", "prac', "no source has the id"),
        ("positions.toml", 'about = "d0470-digital"', 'about = "d0470"', "no question has the id"),
        ("sources.toml", 'relayed_by = "delta', 'relayed_by = "gamma', "`relayed_by`: no source"),
        (
            "scenarios.toml",
            r'did = \["stone-cast"\]',
            'did = ["cast"]',
            "no service has the id 'cast'",
        ),
        (
            "statements.toml",
            'service = "stone-cast"',
            'service = "x"',
            r"`claims\[0\].service`: no",
        ),
        # Editions, and through when each fact was looked at.
        (
            "editions.toml",
            r'sources = \["studyres-cdt-2017"\]',
            "sources = []",
            "an edition needs one",
        ),
        (
            "editions.toml",
            "since = 2016-01-01",
            "since = 2015-06-01",
            "CDT 2016': `since`: must be 2016-01-01, the day after the edition before",
        ),
        (
            "editions.toml",
            "since = 2016-01-01",
            "since = 2016-02-01",
            "CDT 2016': `since`: must be 2016-01-01, the day after the edition before",
        ),
        ("editions.toml", "until = 2014-12-31", "until = 2013-12-31", "`until`: is before `since`"),
        ("editions.toml", r"\Z", ANNOUNCED, "`not_read`: an announced edition says it"),
        (
            "editions.toml",
            r"\Z",
            f'{ANNOUNCED}not_read = "x"\n{ENCODED}',
            "before it is not encoded",
        ),
        ("editions.toml", r"\Z", f'{ENCODED}not_read = "x"\n', "belongs to an announced edition"),
        ("rules.toml", "holds_through = .*?\n", "", "required field `holds_through`"),
        (
            "rules.toml",
            RULE,
            f"{RULE}holds_through = 2099-12-31\n",
            "rule 'stone-cast': `holds_through`: 2099-12-31 is after the last encoded edition",
        ),
        (
            "rules.toml",
            'id = "in-office-print-from-2024"\n',
            'id = "in-office-print-from-2024"\nholds_through = 2023-12-31\n',
            "`holds_through`: 2023-12-31 is before `since`, 2024-01-01",
        ),
        (
            "codes.toml",
            'code = "D0470"\n',
            'code = "D0470"\nholds_through = 2025-12-31\n',
            "code 'D0470': `holds_through`: was looked at through 2025-12-31, and would answer",
        ),
        (
            "positions.toml",
            'id = "d0470-digital-aao"\n',
            'id = "d0470-digital-aao"\nholds_through = 2025-12-31\n',
            "position 'd0470-digital-aao': `holds_through`: was looked at through 2025-12-31",
        ),
        (
            "rules.toml",
            'code = "D0396", verdict',
            'holds_through = 2025-12-31, code = "D0396", verdict',
            r"rule 'stone-cast': `exceptions\[0\]\.holds_through`: was looked at through",
        ),
        ("rules.toml", RULE, f'{RULE}address = "x"\n', "`address`: is worked out; leave it out"),
        (
            "positions.toml",
            'stance = "yes"\n',
            'stance = "yes"\ncodes = ["D0801"]\n',
            "`codes`: goes with a stance of 'no' or 'included' only",
        ),
        # What every fact must have.
        ("rules.toml", 'why = ".*?"', 'why = ""', "`why`: is empty"),
        ("rules.toml", 'why = "', 'why = " ', "`why`: has spaces at an end"),
        ("rules.toml", r"sources = \[.*?\]", "sources = []", "`sources`: is empty; name a source"),
        ("rules.toml", 'verified = "2026-11"', 'verified = "Nov"', "expected a month such as"),
        ("rules.toml", "Without a cast", "Without D9999", "speaks of D9999, which is not in codes"),
        (
            "positions.toml",
            'about = "d0470',
            'publisher = "x"\nabout = "d0470',
            "comes from the source",
        ),
        # The decision table.
        (
            "rules.toml",
            "until = 2022-12-31",
            "until = 2022-12-30",
            "leaves a gap for intraoral-scan",
        ),
        ("rules.toml", "until = 2022-12-31", "until = 2023-01-01", "overlaps another rule"),
        (
            "rules.toml",
            r'\[\[rule\]\]\nid = "stone-cast".*?(?=\[\[rule)',
            "",
            "no rule .* answers from",
        ),
        ("rules.toml", r'codes = \["D0470"\]\n', "", "an outcome 'reported' names at least one"),
        (
            "rules.toml",
            'outcome = "no-code"',
            'outcome = "no-code"\ncodes = ["D0470"]',
            "names none",
        ),
        ("rules.toml", 'part_of = ".*?"\n', "", "`part_of`: goes with the outcome 'included'"),
        ("rules.toml", 'ask = ".*?"\n', "", "`ask`: an unsettled rule says what to ask"),
        (
            "rules.toml",
            r'codes = \["D0470"\]',
            'codes = ["D0396"]',
            "D0396 is not in effect through",
        ),
        ("rules.toml", 'code = "D0396"', 'code = "D0470"', "D0470 is in `codes` already"),
        ("rules.toml", 'verdict = "no"', 'verdict = "yes"', "a 'yes' belongs in `codes`"),
        # Dates and use.
        ("editions.toml", "until = 2015-12-31", "until = 2015-12-30", "the day after the edition"),
        (
            "scenarios.toml",
            "on = 2026-02-10",
            "on = 2099-02-10",
            "2099-02-10 is outside the encoded",
        ),
        (
            "codes.toml",
            "until = 2024-12-31",
            "until = 2022-12-31",
            "2022-12-31 is before `since`, 2023-01-01",
        ),
        ("sources.toml", 'id = "ada-glossary"', 'id = "unused"', "nothing refers to it"),
        (
            "denials.toml",
            r"\[\[remittance\]\]\n",
            '[[remittance]]\nid = "9"\ncode = "9"\nkind = "carc"\ngloss = "x"\nsources = []\n'
            'confidence = "unverified"\n\n[[remittance]]\n',
            "remittance '9': no denial names it",
        ),
        (
            "statements.toml",
            'source = "practicealpha-d0470"',
            'source = "ada-glossary"',
            "`source`: expected a founding guide",
        ),
    ],
)
def test_a_mistake_is_told(folder: Path, file: str, was: str, now: str, told: str) -> None:
    change(folder, file, was, now)
    found = mistakes(folder)
    assert re.search(told, found), found
    assert file in found


def test_a_silent_scenario_needs_its_question(folder: Path) -> None:
    path = folder / "scenarios.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(?m)^ask = ".*"\n', "", text), encoding="utf-8")
    assert "where sources are silent, say what to ask the payer" in mistakes(folder)


def test_a_question_needs_a_position(folder: Path) -> None:
    path = folder / "positions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('about = "d0395-surface"', 'about = "d0470-digital"'), encoding="utf-8"
    )
    assert "question 'd0395-surface': no position answers it" in mistakes(folder)


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "glossary.toml").unlink()
    assert "no [[term]] in any file" in mistakes(folder)


def test_a_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / "glossary.toml").write_bytes("é".encode("latin-1"))
    assert "glossary.toml: not readable as TOML" in mistakes(folder)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder, "rules.toml", 'outcome = "reported"', 'outcome = "billed"')
    change(folder, "codes.toml", 'code = "D0470"\n', "")
    found = mistakes(folder)
    assert "rules.toml" in found
    assert "codes.toml" in found


def test_the_knowledge_as_it_stands_holds_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "holds together" in capsys.readouterr().out


def test_the_command_lists_mistakes_and_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "rules.toml", 'outcome = "reported"', 'outcome = "billed"')
    assert main([], folder) == 1
    assert "rules.toml: rule 'stone-cast': `outcome`" in capsys.readouterr().err


def test_a_review_that_is_due_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--due", "2026-12-31"]) == 0
    assert "No review is due" in capsys.readouterr().out
    assert main(["--due", "2030-01-01"]) == 1
    listed = capsys.readouterr().out
    assert "rules.toml, rule: stone-cast, " in listed
    assert re.search(r"denials\.toml, denial: .*\bbundled\b", listed)


def test_a_review_is_listed_source_by_source(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fact once; what follows from other facts is not asked for."""
    main(["--due", "2030-01-01"])
    listed = capsys.readouterr().out
    numbers = [int(n) for n in re.findall(r"(?m)^ *(\d+)\. ", listed)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "scenario" not in listed
    heads = re.findall(r"(?m)^ *\d+\. .* \(([\w-]+)\)", listed)
    assert len(heads) > 50
    for source in map(cdtref.source, heads):  # one that can be opened
        assert source.read != "unseen" or not source.relayed_by
    ids = re.findall(r"[\w-]+", re.sub(r"(?m)^ *\d+\. .*$", "", listed))
    assert ids.count("aligner-scan") == 2  # the service and its rule
