"""The examples a reader sees, as tests: Python, SQL and scenario cards in pages, docstrings.

One definition serves two users: pytest, through the root `conftest.py`, and the test that compares
what ran with what the built site shows.
"""

import atexit
import csv
import io
import re
import shutil
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
from sybil import Document, Example, Region, Sybil
from sybil.document import PythonDocStringDocument
from sybil.example import SybilFailure
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

from cdtref.site import data
from cdtref.site.cards import check_card, read_card
from cdtref.site.holding import check_advice
from cdtref.site.sentences import ROOT as SOURCES
from cdtref.site.sentences import Sentence, advice_of
from tests.docs import ROOT

_HEADING = re.compile(r"^#+ +(?P<title>.*?)(?: *\{:.*\})?$", re.MULTILINE)
_DEFINITION = re.compile(r"^(?:    )?(?:def|class) (?P<title>\w+)", re.MULTILINE)


class CardParser(CodeBlockParser):
    """Runs the `scenario` fences."""

    language = "scenario"

    def evaluate(self, example: Example) -> None:
        try:
            check_card(read_card(example.parsed))
        except ValueError as error:
            raise SybilFailure(example, str(error)) from None


@cache
def published() -> Path:
    """What the site publishes, under the paths that it has there, until the process ends."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data.write(folder)
    (folder / "assets").mkdir()
    shutil.copy(SOURCES / "docs/assets/claims.csv", folder / "assets")
    return folder


def database(folder: str) -> duckdb.DuckDBPyConnection:
    """An empty DuckDB that finds files below a folder."""
    base = duckdb.connect()
    base.execute(f"SET file_search_path = '{folder}'")
    return base


class SqlParser(CodeBlockParser):
    """Runs the `sql` fences of a page in DuckDB, one after the other."""

    language = "sql"

    def evaluate(self, example: Example) -> None:
        names = example.namespace
        if "base" not in names:
            names["base"] = database(str(published()))
        try:
            names["told"] = names["base"].execute(example.parsed)
        except duckdb.Error as error:
            raise SybilFailure(example, str(error)) from None


class RowsParser(CodeBlockParser):
    """Compares a `csv` fence with what the statement before it tells."""

    language = "csv"

    def evaluate(self, example: Example) -> None:
        told = example.namespace["told"]
        out = io.StringIO(newline="")
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(column[0] for column in told.description)
        rows.writerows(
            [str(cell).lower() if isinstance(cell, bool) else cell for cell in row]
            for row in told.fetchall()
        )
        if out.getvalue() != example.parsed:
            raise SybilFailure(example, f"DuckDB tells\n{out.getvalue()}")


def is_sql(example: Example) -> bool:
    """Whether an example is a statement, or what one tells."""
    return example.document.text.startswith(("```sql", "```csv"), example.start)


class Advice(NamedTuple):
    """A paragraph or list item whose sentences are executed, or bound."""

    id: str
    sentences: list[Sentence]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


class AdviceParser:
    """Runs the advice."""

    def __call__(self, document: Document) -> Iterator[Region]:
        try:
            found = advice_of(document.text)
        except ValueError as error:
            raise ValueError(f"{document.path}: {error}") from None
        for id, sentences in found.items():
            list_ = re.search(rf"\{{:[^}}\n]*#{id}\b[^}}\n]*\}}", document.text)
            if list_ is None:
                raise ValueError(f"{document.path}: the attribute list of #{id} is not to be found")
            yield Region(list_.start(), list_.end(), Advice(id, sentences), self.evaluate)

    def evaluate(self, example: Example) -> None:
        try:
            check_advice(example.parsed.sentences)
        except ValueError as error:
            raise SybilFailure(example, f"{example.parsed.text}\n{error}") from None


class NamedSybil(Sybil):
    """Names an example by the heading or the definition it stands under, not by its line."""

    def __init__(self, *args: object, names: re.Pattern[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.names = names
        self._given: dict[tuple[str, str], list[int]] = {}

    def identify(self, example: Example) -> str:
        if id := getattr(example.parsed, "id", None):
            return f"advice #{id}"
        titles = list(self.names.finditer(example.document.text))
        at = bisect_right(titles, example.start, key=lambda title: title.start()) - 1
        title = titles[at]["title"] if at >= 0 else "top"
        given = self._given.setdefault((example.path, title), [])
        if example.start not in given:
            given.append(example.start)
        return f"{title} [{given.index(example.start) + 1}]"


PAGES = NamedSybil(
    parsers=[PythonCodeBlockParser(), CardParser(), SqlParser(), RowsParser(), AdviceParser()],
    patterns=["docs/*.md", "docs/**/*.md", "README.md", "UPGRADING.md"],
    path=str(ROOT),
    names=_HEADING,
)
DOCSTRINGS = NamedSybil(
    parsers=[DocTestParser()],
    patterns=["src/**/*.py", "src/**/**/*.py"],
    path=str(ROOT),
    document_types={".py": PythonDocStringDocument},
    names=_DEFINITION,
)


def run(path: Path) -> list[Example]:
    """Runs every example of a file; a failing one raises."""
    sybil = PAGES if path.suffix == ".md" else DOCSTRINGS
    document: Document = sybil.parse(path)
    examples = list(document.examples())
    for example in examples:
        example.evaluate()
    return examples
