"""The sentences of a hand-written page, and how each of them is held to the library.

A sentence that holds a code, a digit, or a word people act on is *flagged*. A flagged sentence must
be checked advice, or labelled as our judgment or as unverified, or a question, or listed as mere
context with a reason.
"""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import markdown
import yaml
from lxml import html

from . import advice

ROOT = Path(__file__).parents[3]

FLAGS = re.compile(
    r"\d|\b(?:must|never|always|only|do not|don't|may not|cannot)\b"
    r"|\b(?:un)?(?:bill|report|charg|appeal)(?:e|s|es|ed|ing|able)?\b",
    re.IGNORECASE,
)
_LABELS = ("Our judgment:", "Unverified:")
_BLOCKS = "p, li, h1, h2, h3, h4, td, th, dt, dd, summary"


class Held(StrEnum):
    """How a flagged sentence is held."""

    ADVICE = "advice"
    LABELLED = "labeled"
    QUESTION = "question"
    FREE = "free"
    """By nothing: it must be listed as mere context, with a reason."""


class Sentence(NamedTuple):
    """A flagged sentence of a page."""

    text: str
    held: Held
    line: int


class Advice(NamedTuple):
    """A checked paragraph or list item, as its reader sees it."""

    id: str
    text: str
    proof: str | None


@cache
def _extensions() -> tuple[list[Any], dict[str, Any]]:
    """The Markdown extensions of the site, as `mkdocs.yml` lists them."""

    class Loader(yaml.SafeLoader):
        """Reads the settings' own tags as plain text."""

    Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)
    Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda *_: card_fence)
    from .cards import card_fence

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


def read(text: str) -> html.HtmlElement:
    """The hand-written part of a page, rendered as the site renders it."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|^::: .*$", "", text, flags=re.MULTILINE)  # what others write
    names, configs = _extensions()
    rendered = markdown.markdown(text, extensions=names, extension_configs=configs)
    return html.fromstring(f"<div>{rendered}</div>")


def find_advice(source: str) -> list[Advice]:
    """Every advice of a page. One without an id, or whose attribute list is none, is an error."""
    found = [
        Advice(block.get("id", ""), _own_text(block), block.get("data-proof"))
        for block in read(source).cssselect(".advice")
    ]
    for item in found:
        if not item.id:
            raise advice.AdviceError(f"an advice needs an id: {item.text!r}")
        if item.text.count("{:"):
            raise advice.AdviceError(f"one paragraph, one attribute list: {item.text!r}")
    for written in re.finditer(r"^.*\{:[^}]*\.advice\b.*$", source, re.MULTILINE):
        id = re.search(r"#([\w-]+)", written[0])
        if id and id[1] not in [item.id for item in found]:
            line = source.count("\n", 0, written.start()) + 1
            raise advice.AdviceError(
                f"line {line}: {written[0].strip()!r} is not rendered as an attribute list; put it "
                "on the line right after its paragraph, or indented under its list item"
            )
    return found


def flagged(source: str) -> list[Sentence]:
    """The flagged sentences of a page, in order."""
    found = []
    for block in read(source).cssselect(_BLOCKS):
        if block.xpath("ancestor-or-self::*[contains(@class, 'card')] | ancestor::pre"):
            continue
        text = _own_text(block)
        inside = block.xpath("ancestor-or-self::*[contains(concat(' ', @class, ' '), ' advice ')]")
        labelled = text.startswith(_LABELS)
        for sentence in advice.sentences(text):
            if not FLAGS.search(sentence):
                continue
            held = Held.FREE
            if inside:
                held = Held.ADVICE
            elif labelled:
                held = Held.LABELLED
            elif sentence.endswith("?"):
                held = Held.QUESTION
            found.append(Sentence(sentence, held, _line(sentence, source)))
    return [*_described(source, found), *found]


def _described(source: str, page: list[Sentence]) -> list[Sentence]:
    """The flagged sentences of a page's description, which others show beside a link to it.

    One that stands on the page, too, is held as it is there.
    """
    there = {sentence.text: sentence.held for sentence in page}
    found = []
    for sentence in advice.sentences(
        " ".join(str(_settings(source).get("description", "")).split())
    ):
        if FLAGS.search(sentence):
            held = there.get(sentence) or _held_alone(sentence)
            found.append(Sentence(sentence, held, _line(sentence, source)))
    return found


def _held_alone(sentence: str) -> Held:
    if sentence.endswith("?"):
        return Held.QUESTION
    if sentence.startswith(_LABELS):
        return Held.LABELLED
    try:
        advice.check_sentence(sentence)
    except advice.AdviceError:
        return Held.FREE  # no form fits it
    return Held.ADVICE


def _settings(source: str) -> dict[str, Any]:
    """What a page says of itself between the first two lines of dashes."""
    written = re.match(r"---\n(.*?\n)---\n", source, re.DOTALL)
    found = yaml.safe_load(written[1]) if written else {}
    return found if isinstance(found, dict) else {}


def _own_text(block: html.HtmlElement) -> str:
    """The text of a block without that of the blocks inside it, and without the ¶ of headings."""
    parts = [block.text or ""]
    for child in block:
        if child.tag not in ("ul", "ol", "p", "div", "dl", "table", "pre", "details") and (
            "headerlink" not in child.get("class", "")
        ):
            parts.append(_own_text(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _line(sentence: str, source: str) -> int:
    """The line a sentence begins on, found by its first words; 0 if they stand nowhere as such."""
    for count in (6, 4, 2, 1):
        words = r"[\s*\[\]`_]+".join(map(re.escape, sentence.split()[:count]))
        if found := re.search(words, source):
            return source.count("\n", 0, found.start()) + 1
    return 0


def tell(path: Path) -> int:
    """Print how a page stands; the number of things to mend."""
    source = path.read_text(encoding="utf-8")
    wrong = 0
    for item in find_advice(source):
        where = f"{path}:{line_of(item.id, source)}"
        try:
            advice.check_advice(item.text, item.proof)
        except (ValueError, AssertionError) as error:
            wrong += 1
            print(f"{where}: WRONG #{item.id}: {item.text}\n    {error}")
        else:
            print(f"{where}: holds #{item.id}: {item.text}")
    sentences = flagged(source)
    for sentence in sentences:
        if sentence.held is Held.FREE:
            print(f"{path}:{sentence.line}: unchecked: {sentence.text}")
    checked = sum(sentence.held is Held.ADVICE for sentence in sentences)
    asked = sum(sentence.held is Held.QUESTION for sentence in sentences)
    print(f"{path}: {checked} of {len(sentences) - asked} flagged sentences are checked advice")
    return wrong


def line_of(id: str, source: str) -> int:
    """The line of an advice's attribute list."""
    found = re.search(rf"\{{:[^}}]*#{re.escape(id)}\b", source)
    return source.count("\n", 0, found.start()) + 1 if found else 0
