"""A page that is missing, unlisted or inert is told with what to do about it."""

import shutil
from pathlib import Path

import pytest

import cdtref
from cdtref.site import pages
from tests.docs.examples import ROOT

NAV = [path for path, _ in pages.needed()]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "docs", tmp_path / "docs"))


def test_the_pages_fit_the_knowledge(docs: Path) -> None:
    assert pages.problems(docs, NAV) == []
    kinds = {path.split("/")[0] for path in NAV}
    assert kinds == {"services", "codes", "checklists", "denials", "scenarios"}


def test_a_missing_page_says_which_to_copy_and_what_to_call(docs: Path) -> None:
    (docs / "services/lab-print.md").unlink()
    (told,) = pages.problems(docs, NAV)
    assert told.startswith("docs/services/lab-print.md is missing: copy docs/services/")
    assert 'service_page("lab-print")' in told


def test_a_page_that_calls_another_thing_is_told(docs: Path) -> None:
    shutil.copy(docs / "denials/age.md", docs / "denials/bundled.md")
    (told,) = pages.problems(docs, NAV)
    assert told == 'docs/denials/bundled.md does not call {{ denial_page("bundled") }}'


def test_a_page_that_is_not_in_the_nav_is_told(docs: Path) -> None:
    (told,) = pages.problems(docs, [path for path in NAV if path != "codes/D0801.md"])
    assert told.startswith("mkdocs.yml: nav lacks the line `- codes/D0801.md`")


def test_a_page_whose_macros_would_not_run_is_told(docs: Path) -> None:
    page = docs / "services/lab-print.md"
    text = page.read_text(encoding="utf-8").replace("render_macros: true", "hide: [toc]")
    page.write_text(text, encoding="utf-8")
    (told,) = pages.problems(docs, NAV)
    assert told.startswith("docs/services/lab-print.md calls a macro without `render_macros: true`")


def test_a_service_without_a_scenario_is_told(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = tuple(s for s in cdtref.scenarios() if "lab-print" not in s.did)
    monkeypatch.setattr(cdtref, "scenarios", lambda: fewer)
    (told,) = pages.problems(docs, NAV)
    assert told.startswith("service 'lab-print' is in no scenario: add a worked example")
