"""A rehearsal of the next edition, in a copy: nothing answers before it is confirmed.

The invented edition adds a code, deletes one, retitles one, and changes a rule. None of it is
true, and none of it leaves the copy.
"""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

import cdtref
from cdtref import KnowledgeError, library
from cdtref.compiling import compiled_text
from cdtref.compiling.__main__ import main
from cdtref.site.advice import check_sentence
from cdtref.site.cards import check_card, read_card
from cdtref.site.untrue import UntrueError

ROOT = Path(__file__).parents[1]
LAST = cdtref.editions()[-1]
YEAR = LAST.until.year + 1
SOURCES = next((edition.sources for edition in cdtref.announced()), LAST.sources)
FIRST_DAY, LAST_DAY = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
NEW = "D0899"  # no code of the code set that this topic knows
DATED = ("codes.toml", "cautions.toml", "services/*.toml", "questions/*.toml")


def change(path: Path, was: str, now: str, count: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    changed, done = re.subn(was, lambda _: now, text, count=count, flags=re.DOTALL)
    assert done, f"{path.name} has no {was}"
    path.write_text(changed, encoding="utf-8")


def encode(knowledge: Path) -> None:
    """Turns the announced edition into an encoded one, or adds one where none is announced."""
    path = knowledge / "editions.toml"
    text = re.sub(
        r"\n\[\[edition\]\]\nid = \"[^\"]*\"\nannounced = true.*",
        "",
        path.read_text(),
        flags=re.DOTALL,
    )
    path.write_text(
        f'{text.rstrip()}\n\n[[edition]]\nid = "CDT {YEAR}"\nsince = {FIRST_DAY}\n'
        f'until = {LAST_DAY}\nchanges = "Invented."\nsources = {list(SOURCES)}\n'
        'confidence = "low"\n',
        encoding="utf-8",
    )


def invent(knowledge: Path) -> None:
    """A code added, one deleted, one retitled, one rule changed."""
    codes, rules = knowledge / "codes.toml", knowledge / "services/in-office-print.toml"
    change(codes, r'code = "D0396"\n', f'code = "D0396"\nuntil = {LAST.until}\n')
    change(
        codes,
        r'\{ text = "3D intraoral surface scan – direct", since = 2026-01-01 \},',
        '{ text = "3D intraoral surface scan – direct", since = 2026-01-01, until = '
        f'{LAST.until} }},\n  {{ text = "An invented title", since = {FIRST_DAY} }},',
    )
    codes.write_text(
        f'{codes.read_text(encoding="utf-8").rstrip()}\n\n[[code]]\ncode = "{NEW}"\n'
        'subject = true\ntitles = [{ text = "An invented print" }]\n'
        f'since = {FIRST_DAY}\nuse = "An invented use."\nnot_for = []\nlook_alikes = []\n'
        f'sources = ["aae-2024"]\nconfidence = "low"\nholds_through = {LAST_DAY}\n',
        encoding="utf-8",
    )
    text = rules.read_text(encoding="utf-8")
    (entry,) = re.findall(
        r'\[\[rule\]\]\nid = "in-office-print-from-2024".*?(?=\n\[\[rule\]\]|\n# ---|\Z)',
        text,
        flags=re.DOTALL,
    )
    closed = re.sub(
        r"since = .*\n", lambda found: f"{found[0]}until = {LAST.until}\n", entry, count=1
    )
    opened = (
        f'\n\n[[rule]]\nid = "in-office-print-from-{YEAR}"\n'
        f'since = {FIRST_DAY}\noutcome = "reported"\ncodes = ["{NEW}"]\nwhy = "Invented."\n'
        f'status = "agreed"\nsources = ["aae-2024"]\nconfidence = "low"\n'
        f"holds_through = {LAST_DAY}\n"
    )
    rules.write_text(text.replace(entry, closed.rstrip() + opened), encoding="utf-8")


def confirm(knowledge: Path) -> None:
    """What a person does after looking at every source: here, for all of a file at once."""
    for pattern in DATED:
        confirm_all(knowledge, pattern)


def confirm_all(knowledge: Path, pattern: str) -> None:
    for path in knowledge.glob(pattern):
        change(path, rf"holds_through = {LAST.until}", f"holds_through = {LAST_DAY}")


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "src/cdtref/knowledge", tmp_path / "knowledge"))


@pytest.fixture
def with_next(knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library answers from the invented edition."""
    encode(knowledge)
    invent(knowledge)
    confirm(knowledge)
    monkeypatch.setattr(library, "_current", library.Library(compiled_text(knowledge)))


def refused(knowledge: Path) -> tuple[str, ...]:
    with pytest.raises(KnowledgeError) as caught:
        compiled_text(knowledge)
    return caught.value.mistakes


def test_nothing_answers_for_an_edition_before_it_is_confirmed(knowledge: Path) -> None:
    encode(knowledge)
    told = refused(knowledge)
    open_ended = [
        *(code for code in cdtref.all_codes() if code.until is None),
        *(rule for rule in cdtref.rules() if rule.until is None),
        *(e for rule in cdtref.rules() if rule.until is None for e in rule.exceptions),
        *(position for position in cdtref.positions() if position.until is None),
        *cdtref.cautions(),
    ]
    assert len(told) == len(open_ended)
    for message in told:
        assert f"was looked at through {LAST.until}, and would answer through {LAST_DAY}" in message
        assert message.startswith(("codes.toml", "cautions.toml", "services/", "questions/"))


def test_one_fact_left_out_is_named(knowledge: Path) -> None:
    encode(knowledge)
    confirm(knowledge)
    compiled_text(knowledge)
    change(
        knowledge / "services/intraoral-scan.toml",
        'id = "intraoral-scan-from-2023"\n',
        f'id = "intraoral-scan-from-2023"\nholds_through = {LAST.until}\n',
    )
    (told,) = refused(knowledge)
    assert told.startswith(
        "services/intraoral-scan.toml: rule 'intraoral-scan-from-2023': `holds_through`: was"
    )


def test_an_edition_without_a_source_is_refused(knowledge: Path) -> None:
    encode(knowledge)
    confirm(knowledge)
    change(
        knowledge / "editions.toml",
        r"sources = \[[^]]*\]\nconfidence = \"low\"",
        'sources = []\nconfidence = "low"',
    )
    assert [message for message in refused(knowledge) if "an edition needs one" in message]


def test_the_worklist_names_each_fact_once_and_shrinks(
    knowledge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encode(knowledge)
    wanted = len(refused(knowledge))
    assert main(["--next"], knowledge) == 0
    listed = capsys.readouterr().out
    assert f"demands a look at {wanted} facts" in listed
    facts = re.findall(
        r"^ {5}(?:rule|code|caution|position): (.*?)(?=\n {5}\S|\n *\d+\. |\Z)",
        listed,
        re.DOTALL | re.MULTILINE,
    )
    assert sum(len(names.split(",")) for names in facts) == wanted
    confirm_all(knowledge, "questions/*.toml")
    main(["--next"], knowledge)
    less = re.search(r"demands a look at (\d+) facts", capsys.readouterr().out)
    assert less
    assert int(less[1]) < wanted
    for pattern in DATED[:-1]:
        confirm_all(knowledge, pattern)
    main(["--next"], knowledge)
    assert "Everything is confirmed" in capsys.readouterr().out


@pytest.mark.usefixtures("with_next")
def test_once_confirmed_the_answers_follow() -> None:
    for on in (FIRST_DAY, LAST_DAY):
        assert cdtref.can_bill(NEW, "in-office-print", on=on)
        deleted = cdtref.can_bill("D0396", "in-office-print", on=on)
        assert (deleted.verdict, deleted.instead) == ("no", (NEW,))
        assert "ended with dates of service on" in deleted.why
        assert cdtref.can_bill("D0801", "intraoral-scan", on=on).edition == f"CDT {YEAR}"
    assert cdtref.can_bill("D0396", "in-office-print", on=LAST.until)
    assert not cdtref.can_bill(NEW, "in-office-print", on=LAST.until)
    assert cdtref.code("D0801").title == "An invented title"
    claim = {"on": FIRST_DAY, "did": ["in-office-print"], "billed": ["D0396"]}
    (finding,) = cdtref.check_claim(claim)
    assert (finding.kind, finding.instead) == ("invalid-for-date", (NEW,))
    rows = [row for row in cdtref.verdicts() if (row.code, row.service) == (NEW, "in-office-print")]
    last_two = [(row.verdict, row.until) for row in rows[-2:]]
    assert last_two == [("no", LAST.until), ("yes", LAST_DAY)]


@pytest.mark.usefixtures("with_next")
def test_once_confirmed_cards_and_advice_follow() -> None:
    card = f"title: Printed in the office\ndid: in-office-print\non: {FIRST_DAY}\nbill: {{}}"
    check_card(read_card(card.format(NEW)))
    with pytest.raises(UntrueError, match=f"the library {NEW}"):
        check_card(read_card(card.format("D0396")))
    check_sentence(f"Bill {NEW} for a model printed in the office.")
    with pytest.raises(UntrueError):
        check_sentence("Bill D0396 for a model printed in the office.")


# --- In a copy of the whole project ---------------------------------------------------------------


NOT_TRACKED = {".git", ".venv", ".hypothesis", "build", "dist", "site"}
"""What stands in a checkout and is no part of the project."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy in which the next edition is encoded and confirmed, and changes nothing."""
    folder = tmp_path / "project"
    folder.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    for path in ROOT.iterdir():
        if path.name in NOT_TRACKED:
            continue
        if path.is_dir():
            shutil.copytree(path, folder / path.name, ignore=ignored)
        else:
            shutil.copy(path, folder)
    encode(folder / "src/cdtref/knowledge")
    confirm(folder / "src/cdtref/knowledge")
    for name in ("src/cdtref/knowledge/knowledge.toml", "CITATION.cff"):
        change(folder / name, rf'"{re.escape(str(cdtref.__version__))}"', f'"{YEAR}.1.0"')
    return folder


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(project / "src"), "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


WITHOUT_SENTENCES = """
import sys
from mkdocs.__main__ import cli
from cdtref.site import macros
macros._check_sentences = lambda: None
cli(sys.argv[1:])
"""


def test_no_test_turns_red_because_an_edition_was_added(project: Path) -> None:
    ran = run(
        project,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "--ignore=tests/test_next_edition.py"),
        "--ignore=tests/test_package.py",
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert " passed" in ran.stdout


def test_once_confirmed_the_pages_follow(project: Path) -> None:
    invent(project / "src/cdtref/knowledge")
    written = run(project, "-m", "cdtref.site.pages")
    assert written.returncode == 0, written.stderr[-2000:]
    assert f"docs/codes/{NEW}.md written" in written.stdout
    build = ["build", "--strict", "--site-dir", "site"]
    refused = run(project, "-m", "mkdocs", *build)
    assert refused.returncode == 1
    told = "guide/questions.md:{}: false: Bill D0396 for a printed study model."
    assert re.search(told.format(r"\d+"), refused.stderr), refused.stderr[-2000:]
    # An author would mend these sentences now. What the library writes is looked at without them.
    built = run(project, "-c", WITHOUT_SENTENCES, *build)
    assert built.returncode == 0, built.stderr[-2000:]

    def words(page: str, select: str) -> str:
        text = (project / "site" / page / "index.html").read_text(encoding="utf-8")
        found = html.fromstring(text).cssselect(select)
        return " ".join(" ".join(element.text_content() for element in found).split())

    assert f"Report {NEW}" in words("services/in-office-print", "#answer")
    assert "Do not report D0396" in words("codes/D0396", "#in-short .verdict")
    assert f"Report {NEW}" in words("codes/D0396", "#in-office-print")
    assert "An invented title" in words("codes/D0801", "h1")
    assert f"CDT {YEAR}" in words("", ".fine-print")
    assert f"{YEAR + 1}" in words("", ".end")
    assert f"{YEAR}" not in words("guide/dates-of-service", f"#cdt-{LAST.since.year}")
    assert "Invented." in words("guide/dates-of-service", f"#cdt-{YEAR}")
