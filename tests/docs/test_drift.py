"""Each checker that is switched off lets mutants live: none is idle, and the run would tell."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cdtref.site import bound, drift, holding
from cdtref.site.drift import Figures
from cdtref.site.holding import Held, Hold
from tests.drift import Row, impact, oracle, outputs
from tests.drift.facts import Facts
from tests.drift.mutators import PLAIN, swaps, values
from tests.drift.oracle import Oracle
from tests.drift.outputs import Outputs
from tests.drift.prose import Prose
from tests.drift.world import World


@cache
def world() -> World:
    return World()


@cache
def every() -> list[Held]:
    return holding.everything()


@cache
def facts() -> Facts:
    return Facts(world(), every(), None)


def living(rows: Iterator[Row]) -> set[str]:
    """The mutants that nothing killed."""
    return {f"{row.where}: {row.told}" for row in rows if row.fate != "killed"}


def sentences(hold: Hold) -> list[Held]:
    return [held for held in every() if held.hold is hold][:20]


def let_pass(*_arguments: object, **_options: object) -> None:
    """In the place of a checker."""


@pytest.mark.parametrize(
    ("hold", "module", "checker", "instead"),
    [
        (Hold.EXECUTED, holding, "check_sentence", let_pass),
        (Hold.BOUND, bound, "check_span", let_pass),
        (Hold.QUOTED, holding, "_hold_by_list", lambda *_: Hold.IDLE),
    ],
)
def test_a_checker_of_sentences_that_is_off_lets_mutants_live(
    hold: Hold,
    module: Any,
    checker: str,
    instead: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = sentences(hold)
    before = living(Prose(world(), own, None).rows())
    monkeypatch.setattr(module, checker, instead)
    after = living(Prose(world(), own, None).rows())
    assert len(after) > len(before)


@pytest.mark.parametrize(
    ("file", "checker", "instead"),
    [
        ("questions/d0801-impression", "tests.drift.world.check", lambda *_, **__: iter(())),
        ("charges", "tests.drift.world.check_ties", lambda *_, **__: iter(())),
        ("scenarios/scans", "tests.drift.facts.check_card", let_pass),
        ("services/intraoral-scan", "cdtref.site.holding.check_sentence", let_pass),
        ("denials", "cdtref.site.bound.check_span", let_pass),
    ],
)
def test_a_checker_of_facts_that_is_off_lets_mutants_live(
    file: str, checker: str, instead: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = frozenset({f"src/cdtref/knowledge/{file}.toml"})
    monkeypatch.setattr(facts(), "files", files)
    before = living(facts().rows(0, 5))
    monkeypatch.setattr(checker, instead)
    assert len(living(facts().rows(0, 5))) > len(before)


def test_pages_that_nobody_reads_back_let_mutants_live(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not living(Outputs(site, None).rows(0, 60))
    monkeypatch.setattr(outputs, "read_back", lambda _pages: [])
    assert living(Outputs(site, None).rows(0, 60))


def test_a_new_survivor_and_a_figure_that_moved_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "FILE", tmp_path / "drift.toml")
    killed = Row("sentence", "a.md", "negate", "killed", "bound", "It is “not”.")
    lives = Row("sentence", "a.md", "later", "survived", "bound", "In “2027”.")
    drift.write(drift.of_rows([killed] * 99))
    assert drift.read().rate("sentence") == 100
    assert drift.differences(drift.of_rows([killed] * 99)) == []
    found = drift.differences(drift.of_rows([*[killed] * 49, lives]))
    assert found[0] == "not noticed: a.md: later: In “2027”."
    assert found[1].startswith("Sentences: 98.0 % are noticed; written down are 100.0 %")
    assert drift.differences(drift.of_rows([*[killed] * 49, lives]), whole=False) == found[:1]
    told = Figures((drift.Figure("fact", "killed", "bound", 1),), ('a.md: later: \\ "2027".',))
    drift.write(told)
    assert drift.read() == told


def test_how_a_sentence_is_changed() -> None:
    text = "If it is a scan, do not bill one line before 2023."
    changed = {change.guide: change.of(text) for one in PLAIN if (change := one(text))}
    assert changed == {
        "negate": "If it is a scan, bill one line before 2023.",
        "order": "If it is a scan, do not bill one line since 2023.",
        "earlier": "If it is a scan, do not bill one line before 2022.",
        "later": "If it is a scan, do not bill one line before 2024.",
        "less": "If it is a scan, do not bill ten line before 2023.",
        "more": "If it is a scan, do not bill two line before 2023.",
        "drop a condition": "do not bill one line before 2023.",
    }
    swap = swaps("swap code", ["D0470", "D0801"])("Bill D0801.")
    assert swap
    assert swap.of("Bill D0801.") == "Bill D0470."
    assert list(values("yes", None, ["yes", "no"])) == [("swap", "no")]
    assert list(values(True, None, [])) == [("negate", False)]


@pytest.mark.parametrize(
    ("sentence", "truth"),
    [
        ("Bill D0801 for a scan of the mouth kept as a record.", True),
        ("Bill D0802 for a scan of the mouth kept as a record.", False),
        ("Do not bill D0470 for a scan of the mouth kept as a record since 2023.", True),
        ("Do not bill D0470 for a scan of the mouth kept as a record before 2023.", False),
        ("D0801 has existed since 2023.", True),
        ("D0801 has existed since 2022.", False),
        ("D0351 has existed since 2015.", False),
        ("D0351 began in 2015.", True),
        ("Sources disagree on D0470 for a digital model.", True),
        ("No source disagrees on D0470 for a digital model.", False),
        ("It is fine.", None),
    ],
)
def test_the_oracle_reads_the_files_and_asks_no_checker(sentence: str, truth: bool | None) -> None:
    assert Oracle(world().tables).is_true(sentence) is truth


def test_the_oracle_shares_nothing_with_the_checkers() -> None:
    source = Path(oracle.__file__).read_text(encoding="utf-8")
    imported = [line for line in source.splitlines() if line.startswith(("import", "from"))]
    assert [line for line in imported if "cdtref" in line] == [
        "from cdtref.compiling.checks import Tables"
    ]


def test_what_rests_on_a_fact_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert impact.main(["rule:retake", "part_of"]) == 0
    told = capsys.readouterr().out
    assert "executed sentence" in told
    assert "A redo of a bad impression or scan is part of the record it replaces." in told
    assert "services/retake/" in told
    assert "services/stone-cast/" not in told
    assert impact.main(["rule:no-such"]) == 2
    assert "no rule has the id 'no-such'" in capsys.readouterr().err
