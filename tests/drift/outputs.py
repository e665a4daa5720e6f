"""What the templates write, made false on the built pages: is it read back?"""

import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement

import cdtref
from cdtref.words import LABELS
from tests.docs.conftest import leads_on
from tests.docs.reading_back import STANDS_ALONE, read_back

from . import Row
from .mutators import PLAIN, Change, swaps

Undo = Callable[[], None]

NOT_READ = (STANDS_ALONE, "reference/")
"""No facts, and docstrings, whose examples are run instead."""


class Outputs:
    """The mutants of the built pages: on each page each change, where it fits first and last."""

    def __init__(self, site: Path, files: frozenset[str] | None) -> None:
        templates = "src/cdtref/site/"
        touched = files is None or any(file.startswith(templates) for file in files)
        self.files = sorted(site.rglob("*.html")) if touched else []
        self.site = site
        labels = [list(words.values()) for words in LABELS.values()]
        codes = [code.code for code in cdtref.all_codes() if code.subject]
        publishers = list(dict.fromkeys(source.publisher for source in cdtref.sources()))
        self.texts = (
            *PLAIN,
            *(swaps("swap words", words) for words in labels),
            swaps("swap code", codes),
            swaps("swap publisher", publishers),
        )

    def rows(self, part: int = 0, parts: int = 1) -> Iterator[Row]:
        """A row for each mutant, of one of several equal parts of the work."""
        for path in self.files[part::parts]:
            where = path.relative_to(self.site).as_posix().removesuffix("index.html")
            page = html.fromstring(path.read_text(encoding="utf-8"))
            if not leads_on(page) and not where.startswith(NOT_READ):
                yield from self._of(where, page)

    def _of(self, where: str, page: HtmlElement) -> Iterator[Row]:
        (article,) = page.cssselect("article")
        for guide, told, undo in chain(self._reworded(article), _moved(article)):
            fate = "killed" if read_back({where: page}) else "survived"
            undo()
            yield Row("output", where or "/", guide, fate, "read back", told)

    def _reworded(self, article: HtmlElement) -> Iterator[tuple[str, str, Undo]]:
        for mutator in self.texts:
            fitting = [
                (node, change)
                for node in article.iter()
                if isinstance(node.tag, str) and node.tag not in ("script", "style") and node.text
                if (change := mutator(node.text))
            ]
            for node, change in dict.fromkeys([*fitting[:1], *fitting[-1:]]):
                yield change.guide, *_say(node, change)


def _say(node: HtmlElement, change: Change) -> tuple[str, Undo]:
    before = node.text
    node.text = change.of(before or "")

    def undo() -> None:
        node.text = before

    return node.text, undo


def _moved(article: HtmlElement) -> Iterator[tuple[str, str, Undo]]:
    """A row hidden, two rows in another order, a link led elsewhere, a mark changed."""
    rows = list(article.iter("li", "tr"))
    for row in rows[:1] + rows[-1:]:
        parent = row.getparent()
        assert parent is not None, "a row stands in a list or a table"
        at = parent.index(row)
        tail, row.tail = row.tail, None
        parent.remove(row)

        yield "hide a row", " ".join(row.text_content().split())[:80], _back(parent, at, row, tail)
    links = [link for link in article.iter("a") if link.get("href")]
    apart = [(a, b) for a, b in pairwise(links) if a.get("href") != b.get("href")]
    for first, second in apart[-1:]:
        yield _set(first, "href", str(second.get("href")), "lead elsewhere")
    for name in ("data-verdict", "data-code", "data-service", "data-on", "class", "id"):
        marked = [node for node in article.iterdescendants() if node.get(name)]
        for node in [one for one in marked if name != "class" or one.get("data-verdict")][:1]:
            was = str(node.get(name))
            new = re.sub(r"\bv-", "v-x", was) if name == "class" else f"{was}x"
            yield _set(node, name, new, "change a mark")


def _back(parent: HtmlElement, at: int, row: HtmlElement, tail: str | None) -> Undo:
    def undo() -> None:
        parent.insert(at, row)
        row.tail = tail

    return undo


def _set(node: HtmlElement, name: str, new: str, guide: str) -> tuple[str, str, Undo]:
    before = node.get(name, "")
    node.set(name, new)
    return guide, f"{name}: {before} → {new}", lambda: node.set(name, before)
