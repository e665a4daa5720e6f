"""The examples a reader sees, as tests: Python blocks and scenario cards in pages, docstrings.

One definition serves two users: pytest, through the root `conftest.py`, and the test that compares
what ran with what the built site shows.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sybil import Document, Example, Region, Sybil
from sybil.document import PythonDocStringDocument
from sybil.example import SybilFailure
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

from cdtref.site.cards import check_card, read_card
from cdtref.site.holding import check_advice
from cdtref.site.sentences import Sentence, advice_of

ROOT = Path(__file__).parents[2]

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
    parsers=[PythonCodeBlockParser(), CardParser(), AdviceParser()],
    patterns=["docs/*.md", "docs/**/*.md", "README.md"],
    path=str(ROOT),
    names=_HEADING,
)
DOCSTRINGS = NamedSybil(
    parsers=[DocTestParser()],
    patterns=["src/**/*.py"],
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
