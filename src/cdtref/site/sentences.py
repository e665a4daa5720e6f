"""Every sentence that a reader meets on a hand-written page, whatever element it stands in.

No element, class or label hides one: the text of the page is taken whole, block by block, with what
its first lines say of it and what its own cards tell.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import markdown
import yaml
from lxml import html

from .advice import sentences
from .untrue import UnreadableError

ROOT = Path(__file__).parents[3]

_INLINE = {
    *("a", "abbr", "autoref", "b", "bdi", "br", "cite", "code", "data", "del", "dfn", "em", "i"),
    *("input", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub"),
    *("sup", "time", "u", "var", "wbr"),
}
_SEEN = ("alt", "aria-label", "placeholder", "title")
"""Attributes whose words a reader meets too."""
_TOLD = ("title", "why")
"""Lines of a card that its author words."""


class Span(NamedTuple):
    """Words of a sentence that are bound to a value of a fact."""

    words: str
    fact: str


class Sentence(NamedTuple):
    """A sentence, the words of it that are bound, and where it begins."""

    text: str
    spans: tuple[Span, ...] = ()
    line: int = 0
    advice: str = ""
    """The id of the advice it is a part of."""
    label: bool = False
    """No sentence, but a heading, a cell or a piece of a list without a full stop."""
    asked: bool = False
    """It stands in a blockquote: what an office says to the payer."""
    further: bool = False
    """In a text of the knowledge, it stands behind another one."""


def of_page(source: str) -> list[Sentence]:
    """The sentences of a page, in order; first those that its first lines say of it."""
    found = [*_described(source), *_told_by_cards(source)]
    for block, attributes in _blocks(rendered(source)):
        found += split(block, source, _advice_of(block))
        for words in attributes:
            found += [Sentence(text, line=_line(text, source)) for text in sentences(words)]
    return found


def advice_of(source: str) -> dict[str, list[Sentence]]:
    """Each advice of a page by its id: a paragraph or list item that an attribute list marks.

    Raises `UnreadableError` where one has no id, or where its attribute list does not render.
    """
    found: dict[str, list[Sentence]] = {}
    for block in rendered(source).cssselect(".advice"):
        text = " ".join(_text(block).split())
        if not block.get("id"):
            raise UnreadableError(f"an advice needs an id: {text!r}")
        if "{:" in text:
            raise UnreadableError(f"one paragraph, one attribute list: {text!r}")
        found[block.get("id", "")] = split(block, source, block.get("id", ""))
    for written in re.finditer(r"^.*\{:[^}]*\.advice\b.*$", source, re.MULTILINE):
        id = re.search(r"#([\w-]+)", written[0])
        if id and id[1] not in found:
            line = source.count("\n", 0, written.start()) + 1
            raise UnreadableError(
                f"line {line}: {written[0].strip()!r} is not rendered as an attribute list; put it "
                "on the line right after its paragraph, or indented under its list item"
            )
    return found


def split(block: html.HtmlElement, source: str = "", advice: str = "") -> list[Sentence]:
    """The sentences of a block, each with the bound words that stand in it."""
    spans = [
        Span(" ".join(part.text_content().split()), part.get("data-fact", ""))
        for part in block.iter()
        if isinstance(part.tag, str)
        and part.get("data-fact") is not None
        and next(up for up in (part, *part.iterancestors()) if up.tag not in _INLINE) is block
    ]
    found, asked = [], bool(block.xpath("ancestor-or-self::blockquote"))
    for text, own in shared(spans, sentences(_text(block))):
        label = not re.search(r"[.?!:;]”?$", text)
        found.append(Sentence(text, own, _line(text, source), advice, label, asked))
    return found


def shared(spans: list[Span], texts: list[str]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Each sentence of a text with the bound words that stand in it."""
    at = 0
    for text in texts:
        first, rest = at, text
        while at < len(spans) and spans[at].words in rest:
            rest = rest.partition(spans[at].words)[2]
            at += 1
        yield text, tuple(spans[first:at])
    if at < len(spans):
        told = "bound words may not run over the end of a sentence"
        raise UnreadableError(f"{told}: {spans[at].words!r}")


def _advice_of(block: html.HtmlElement) -> str:
    marked = "ancestor-or-self::*[contains(concat(' ', @class, ' '), ' advice ')][1]/@id"
    found = block.xpath(marked)
    return str(found[0]) if found else ""


def _described(source: str) -> Iterator[Sentence]:
    """What others show beside a link to the page."""
    written = re.match(r"---\n(.*?\n)---\n", source, re.DOTALL)
    found = yaml.safe_load(written[1]) if written else {}
    for key in ("title", "description"):
        for text in sentences(str(found.get(key, "")) if isinstance(found, dict) else ""):
            if text:
                yield Sentence(text, line=_line(text, source), label=key == "title")


def _told_by_cards(source: str) -> Iterator[Sentence]:
    """The title and the reason of a card that is told on the page itself."""
    for card in re.finditer(r"(?ms)^ *```scenario$\n(.*?)^ *```$", source):
        fields = yaml.load(card[1], Loader=yaml.BaseLoader)
        for key in _TOLD:
            for text in sentences(str(fields.get(key, "")) if isinstance(fields, dict) else ""):
                if text:
                    yield Sentence(text, line=_line(text, source), label=key == "title")


def _blocks(page: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, list[str]]]:
    """Every element with words of its own, and the words that its attributes show."""
    for block in page.iter():
        if (
            not isinstance(block.tag, str)
            or block.tag in _INLINE
            or block.xpath("ancestor-or-self::pre")
        ):
            continue
        parts = [block, *(part for part in block.iter() if part.tag in {*_INLINE, "img"})]
        words = [part.get(name, "") for part in parts for name in _SEEN]
        heading_link = "Link to this section"  # mkdocs.yml names it
        own = [word for word in words if word.strip() and word != heading_link]
        if _text(block).strip() or own:
            yield block, own


def _text(block: html.HtmlElement) -> str:
    """The text of a block without that of the blocks inside it, and without the ¶ of headings."""
    parts = [block.text or ""]
    for child in block:
        if child.tag in _INLINE and "headerlink" not in child.get("class", ""):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


@cache
def _extensions() -> tuple[list[Any], dict[str, Any]]:
    """The Markdown extensions of the site, as `mkdocs.yml` lists them."""

    class Loader(yaml.SafeLoader):
        """Reads the settings' own tags as plain text."""

    Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)
    Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda *_: _nothing)
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=Loader)
    names: list[Any] = []
    configs: dict[str, Any] = {}
    for extension in settings["markdown_extensions"]:
        if isinstance(extension, dict):
            configs |= extension
            names += extension
        else:
            names.append(extension)
    return names, configs


def _nothing(*_arguments: object, **_options: object) -> str:
    """In place of a card, which is checked as a card."""
    return ""


def rendered(source: str) -> html.HtmlElement:
    """The hand-written part of a page, rendered as the site renders it."""
    text = re.sub(r"\A---\n.*?\n---\n", "", source, flags=re.DOTALL)
    text = re.sub(r"(?m)^ *\{\{.*?\}\} *$|^::: .*$", "", text)  # whole blocks that others write
    text = re.sub(r"\{\{.*?\}\}", "…", text)
    names, configs = _extensions()
    rendered = markdown.markdown(text, extensions=names, extension_configs=configs)
    return html.fromstring(f"<div>{rendered}</div>")


def _line(sentence: str, source: str) -> int:
    """The line a sentence begins on, found by its first words; 0 if they stand nowhere as such."""
    for count in (6, 4, 2, 1):
        words = r"[\s*\[\]`_]+".join(map(re.escape, sentence.split()[:count]))
        if found := re.search(words, source):
            return source.count("\n", 0, found.start()) + 1
    return 0
