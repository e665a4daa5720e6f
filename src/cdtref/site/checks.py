"""How far each hand-written page is held to the library, in figures."""

import re
from pathlib import Path
from typing import NamedTuple

from . import prose
from .prose import Held, Sentence


class Page(NamedTuple):
    """What is checked on a page, and what is not."""

    cards: int
    python: int
    sentences: list[Sentence]


class Row(NamedTuple):
    """The figures of one page."""

    address: str
    flagged: int
    advice: int
    labelled: int
    context: int
    examples: int


def read_page(path: Path) -> Page:
    source = path.read_text(encoding="utf-8")
    return Page(
        cards=len(re.findall(r"(?m)^ *```scenario$", source)),
        python=len(re.findall(r"(?m)^ *```python$", source)),
        sentences=prose.flagged(source),
    )


def rows(docs: Path) -> list[Row]:
    """The figures of every page with a flagged sentence, in order of address."""
    found = []
    for path in sorted(docs.rglob("*.md")):
        page = read_page(path)
        held = [sentence.held for sentence in page.sentences if sentence.held is not Held.QUESTION]
        if held or page.cards or page.python:
            address = re.sub(r"(index)?\.md$", "", path.relative_to(docs).as_posix())
            found.append(
                Row(
                    address=f"{address}/" if address and not address.endswith("/") else address,
                    flagged=len(held),
                    advice=held.count(Held.ADVICE),
                    labelled=held.count(Held.LABELLED),
                    context=held.count(Held.FREE),
                    examples=page.cards + page.python,
                )
            )
    return found
