"""A page that is missing, unlisted or inert is told with what to do about it, or written."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

import cdtref
from cdtref.site import pages
from tests.docs import ROOT

NAV = [path for path, macro in pages.needed() if "remittance_page" not in macro]
RUN = "run python -m cdtref.site.pages"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return Path(shutil.copytree(ROOT / "docs", tmp_path / "docs"))


def test_the_pages_fit_the_knowledge(docs: Path) -> None:
    assert pages.problems(docs, NAV) == []
    kinds = {path.split("/")[0] for path, _ in pages.needed()}
    assert kinds == {"services", "codes", "checklists", "denials", "scenarios"}


def test_every_code_of_an_explanation_has_a_page_of_its_own() -> None:
    """Written out by hand for the first and last of each list, and counted from the knowledge."""
    needed = dict(pages.needed())
    for known in ("6", "97", "291", "B7", "B15", "M15", "N19", "N478", "N786"):
        assert needed[f"denials/{known}.md"] == f'remittance_page("{known}")'
    for code in cdtref.remittances():
        assert (f"denials/{code.code}.md" in needed) == (code.kind != "group"), code
    assert len({path.lower() for path in needed}) == len(needed)


def test_a_missing_page_says_what_to_run(docs: Path) -> None:
    (docs / "services/lab-print.md").unlink()
    assert pages.problems(docs, NAV) == [f"docs/services/lab-print.md is missing: {RUN}"]


def test_a_page_that_calls_another_thing_is_told(docs: Path) -> None:
    shutil.copy(docs / "denials/age.md", docs / "denials/bundled.md")
    (told,) = pages.problems(docs, NAV)
    assert told == 'docs/denials/bundled.md does not call {{ denial_page("bundled") }}'


def test_a_page_that_is_not_in_the_nav_is_told(docs: Path) -> None:
    (told,) = pages.problems(docs, [path for path in NAV if path != "codes/D0801.md"])
    assert told == f"mkdocs.yml: nav lacks the line `- codes/D0801.md`: {RUN}"


def test_a_page_that_nothing_needs_is_told_and_left(docs: Path) -> None:
    page = docs / "denials/9999.md"
    page.write_text('---\nrender_macros: true\n---\n\n{{ remittance_page("9999") }}\n')
    (told,) = pages.problems(docs, NAV)
    assert told.startswith("docs/denials/9999.md is needed by nothing in the knowledge: delete it")
    assert pages.main(docs.parent) == 1
    assert page.is_file()


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


# --- Writing them ---------------------------------------------------------------------------------


def test_the_nav_is_what_the_command_writes() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert pages.with_nav(settings) == settings, f"mkdocs.yml is stale: {RUN}"


def test_what_is_missing_is_written_and_nothing_else_touched(docs: Path) -> None:
    """Every page and line that was deleted comes back as it was."""
    settings = docs.parent / "mkdocs.yml"
    whole = settings.read_text(encoding="utf-8")
    page = docs / "denials/no-purpose.md"
    by_hand = page.read_text(encoding="utf-8")
    assert len(by_hand.splitlines()) > 5, "a page with words of its own is the hard case"
    gone = ("services/lab-print.md", "checklists/D0801.md", "denials/97.md", "scenarios/scans.md")
    kept = {path: (docs / path).read_bytes() for path in gone}
    for path in gone:
        (docs / path).unlink()
    settings.write_text(re.sub(r"(?m)^ *- (services|denials)/[a-z-]+\.md\n", "", whole))
    assert pages.main(docs.parent) == 0
    assert {path: (docs / path).read_bytes() for path in gone} == kept
    assert page.read_text(encoding="utf-8") == by_hand
    back = settings.read_text(encoding="utf-8")
    assert [line for line in back.splitlines() if "/index.md" not in line] == [
        line for line in whole.splitlines() if "/index.md" not in line
    ]


def test_a_block_of_the_nav_that_is_missing_or_open_is_told(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = docs.parent / "mkdocs.yml"
    whole = settings.read_text(encoding="utf-8")
    for was, now, told in (
        ("# codes: written", "# written", "nav lacks block: codes. A block is a comment"),
        ("# codes: written", "# cakes: written", "nav lacks block: codes"),
        ("# end\n", "\n", "a block of the nav has no `# end`"),
    ):
        assert was in whole
        broken = whole.replace(was, now, 1)
        settings.write_text(broken, encoding="utf-8")
        assert pages.main(docs.parent) == 1
        assert told in capsys.readouterr().err
        assert settings.read_text(encoding="utf-8") == broken, "a file it cannot read stays"


def test_the_nav_lists_each_page_once_and_no_code_of_an_explanation() -> None:
    class Loader(yaml.SafeLoader):
        pass

    def tagged(_loader: yaml.Loader, _tag: str, _node: yaml.Node) -> None:
        return None

    Loader.add_multi_constructor("!", tagged)
    Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", tagged)
    nav = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)["nav"]
    listed = re.findall(r"[\w/-]+\.md", str(nav))
    assert len(set(listed)) == len(listed)
    assert set(NAV) <= set(listed)
    assert not [path for path in listed if re.fullmatch(r"denials/[0-9BMN]\w*\.md", path)]


def test_what_a_person_says_leads_to_its_page_in_capitals_and_in_small_letters() -> None:
    redirects = dict(pages.redirects())
    for group in ("CO", "PR", "OA", "PI"):
        for at in (f"denials/{group}-97/", f"{group}-97/", f"{group.lower()}-97/"):
            assert redirects[at] == "denials/97/"
        assert redirects[f"denials/{group}-B15/"] == "denials/B15/"
    said = {code.code for code in cdtref.all_codes()}
    said |= {code.code for code in cdtref.remittances() if code.kind != "group"}
    for code in said:
        assert redirects[f"{code}/"] == redirects[f"{code.lower()}/"]
        assert code in redirects[f"{code}/"].upper()
    needed = dict(pages.needed())
    neighbors = {code.address for code in cdtref.all_codes() if not code.subject}
    for begin, end in redirects.items():
        assert f"{end.rstrip('/')}.md" in needed or end in neighbors
        assert f"{begin.rstrip('/')}.md" not in needed
