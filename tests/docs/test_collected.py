"""Every example that stands in a page or a docstring is collected as a test, and a false one fails.

Counted in the plain text of the files, by other means than those that collect.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sybil.example import SybilFailure

from tests.docs import ROOT
from tests.docs.examples import run

FENCE = re.compile(r"^ *```+(?P<language>\w*)", re.MULTILINE)
ADVICE = re.compile(r"\{:[^}\n]*\.advice\b[^}\n]*\}")
PROMPT = re.compile(r"^ *>>> ", re.MULTILINE)


def pytest_in(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    sources = os.pathsep.join([str(folder / "src"), str(ROOT / "src")])
    environment = os.environ | {"PYTHONPATH": sources, "COLUMNS": "300"}
    told = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return told.stdout


def test_every_example_of_every_page_and_docstring_is_collected() -> None:
    standing = Counter[str]()
    for path in (*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "UPGRADING.md"):
        text = path.read_text(encoding="utf-8")
        fences = [fence["language"] for fence in FENCE.finditer(text)]
        examples = sum(language in ("python", "scenario", "sql", "csv") for language in fences)
        standing[path.relative_to(ROOT).as_posix()] = examples + len(ADVICE.findall(text))
    for path in (ROOT / "src").rglob("*.py"):
        prompts = PROMPT.findall(path.read_text(encoding="utf-8"))
        standing[path.relative_to(ROOT).as_posix()] = len(prompts)
    told = pytest_in(ROOT, "--collect-only", "docs", "README.md", "UPGRADING.md", "src")
    collected = Counter(line.split("::")[0] for line in told.splitlines() if "::" in line)
    assert collected == +standing
    assert {"docs/index.md", "README.md", "src/cdtref/coding.py"} <= collected.keys()


PYTHON = '```python\nimport cdtref\nassert cdtref.code("D0470").code == "D0470"\n```\n'
ADVISED = (
    "Bill D0801 for a digital model. Do not bill D0470 for a digital model.\n{: #x .advice }\n"
)
WHAT = "title: Mouth scanned, to study\ndid: intraoral-scan"
CARD = f"```scenario\n{WHAT}\non: 2026-03-02\nbill: D0801\n```\n"
SQL = "```sql\nSELECT 1 AS one\n```\n"
ROWS = "```sql\nSELECT true AS told\n```\n\n```csv\ntold\ntrue\n```\n"
DOCSTRING = 'def one() -> int:\n    """One.\n\n    >>> 1 + 1\n    2\n    """\n    return 1\n'
# A true example by the file it stands in, and what makes it false.
EXAMPLES = {
    "README.md": (PYTHON, '== "D0470"', '== "D0801"'),
    "docs/index.md": (PYTHON, '== "D0470"', '== "D0801"'),
    "docs/guide/card.md": (CARD, "bill: D0801", "bill: D0470"),
    "docs/guide/first-sentence.md": (ADVISED, "Bill D0801", "Bill D0802"),
    "docs/guide/second-sentence.md": (ADVISED, "bill D0470", "bill D0801"),
    "docs/guide/statement.md": (SQL, "1", "nothing"),
    "docs/guide/rows.md": (ROWS, "\ntrue", "\nfalse"),
    "src/package/module.py": (DOCSTRING, "    2\n", "    3\n"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with true examples alone, collected as ours are."""
    (tmp_path / "tests/docs").mkdir(parents=True)
    for name in ("conftest.py", "pyproject.toml", "tests/__init__.py", "tests/docs/__init__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "tests/docs/examples.py", tmp_path / "tests/docs")
    for name, (true, *_) in EXAMPLES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(true, encoding="utf-8")
    (tmp_path / "src/package/__init__.py").touch()  # a module is imported as a package holds it
    monkeypatch.syspath_prepend(tmp_path / "src")
    return tmp_path


def standing_in(name: str) -> int:
    """How many examples such a file has: each block, and otherwise one."""
    return len(FENCE.findall(EXAMPLES[name][0])) // 2 or 1


def make_false(project: Path) -> None:
    for name, (true, was, now) in EXAMPLES.items():
        (project / name).write_text(true.replace(was, now), encoding="utf-8")


def test_a_false_example_fails_where_pages_are_compared_with_what_ran(project: Path) -> None:
    for name in EXAMPLES:
        assert len(run(project / name)) == standing_in(name), name
    make_false(project)
    for name in EXAMPLES:
        with pytest.raises((SybilFailure, AssertionError)):
            run(project / name)


def test_a_false_example_fails_where_it_is_collected(project: Path) -> None:
    names = [*EXAMPLES]
    count = sum(map(standing_in, names))
    assert f"\n{count} passed in" in pytest_in(project, *names)
    make_false(project)
    told = f"\n{len(names)} failed, {count - len(names)} passed in"
    assert told in pytest_in(project, *names)
