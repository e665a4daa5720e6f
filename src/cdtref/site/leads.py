"""Links: what one says is what it leads to.

A link of a hand-written page to another place of the site is held in one of these ways.

- A *contested question*: the sentences around the link name its code and a service of it.
- A *fact*: the words of the link stand in it, or are bound to it; or typed into the box, they lead
  to it before anything else of its kind.
- A *part of a page*: the words stand in it, or in its heading; or they lead there from the box. A
  link that asks what no heading asks may lead to any page that answers at length.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urljoin

from lxml import html

import cdtref
from cdtref.compiling.checks import KINDS, leaves

from .advice import about, sentences
from .bound import plain
from .sentences import rendered
from .untrue import require

HEADINGS = ("h1", "h2", "h3", "h4")
FEW = 4
"""Words that are fewer stand in a page by chance: then a name or a heading has to hold them."""


class Link(NamedTuple):
    """A link of a page."""

    words: str
    address: str
    """Where it leads, written as facts have it: `denials/bundled/#correct`."""
    fact: str
    """What its words are bound to, if they are."""
    near: str
    """The paragraph, item or row that it stands in."""
    around: str
    """The part of the page that it stands in."""


class Part(NamedTuple):
    """A part of a page: what stands under a heading, or in a row that has an id."""

    name: str
    text: str
    elements: frozenset[html.HtmlElement]
    ids: frozenset[str]


def of_page(page: str, source: str) -> Iterator[Link]:
    """The links of a page to other places of the site."""
    found = parts(source)
    for part in found:
        for element in part.elements:
            href = element.get("href", "") if element.tag == "a" else ""
            if not href or re.match(r"\w+:|//", href) or "headerlink" in element.get("class", ""):
                continue
            block = next((up for up in element.iterancestors() if up.tag in _BLOCKS), element)
            bold = element.find("b")  # of a door, its name
            fact, words = element.get("data-fact", ""), _text(element if bold is None else bold)
            yield Link(words, address(page, href), fact, _text(block), part.text)


_BLOCKS = ("p", "li", "tr", "td")


def parts(source: str) -> list[Part]:
    """The parts of a page, in order."""
    return _parts(source)


@cache
def _parts(source: str) -> list[Part]:
    found: list[tuple[str, list[html.HtmlElement]]] = [("", [])]
    for element in rendered(source).iter():
        if isinstance(element.tag, str):
            if element.tag in HEADINGS or (element.tag == "tr" and element.get("id")):
                found.append((_text(element) if element.tag in HEADINGS else "", []))
            found[-1][1].append(element)
    return [
        Part(
            name,
            " ".join(_text(one) for one in own if one.tag in (*_BLOCKS, *HEADINGS)),
            frozenset(own),
            frozenset(one.get("id", "") for one in own),
        )
        for name, own in found
    ]


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().replace("¶", "").split())


def address(page: str, href: str) -> str:
    """Where a link of a page leads, as facts have their addresses."""
    path, _, anchor = urljoin(f"/{page}", href).lstrip("/").partition("#")
    path = re.sub(r"(^|/)index\.md$", r"\1", path)
    path = re.sub(r"\.md$", "/", path)
    return f"{path}#{anchor}" if anchor else path


def check(link: Link, pages: dict[str, str]) -> None:
    """Raises `UntrueError` where a link says one thing and leads to another."""
    key = fact_at(link.address)
    told = f"the link “{link.words}” leads to {link.address}"
    if key and key[0] == "question":
        question = cdtref.question(key[1])
        wanted = {(question.code, service) for service in question.services}
        named = _named(link.near) or _named(link.around)
        require(bool(wanted & named), f"{told}, which is not what stands beside it")
        return
    kind, id = key or ("", "")
    called = _names(cdtref.library.current()).get((kind, plain(link.words)), id)
    require(called == id, f"{told}, and names the {kind} {called}")
    if link.fact and _address_of(link.fact).startswith(link.address):
        return
    if key:
        texts = _texts(cdtref.library.current(), *key)
    elif not re.search(r"/$|^$|#", link.address):
        return  # a file is no page
    else:
        texts = _page_texts(link.address, pages)
    asks = link.words.endswith("?") and not key and link.words not in _asked(tuple(pages.values()))
    holds = asks or any(_stands(link.words, text) for text in texts) or _leads(link)
    require(holds, f"{told}, which does not say so, and where the box does not lead")


def fact_at(address: str) -> tuple[str, str] | None:
    """The kind and the id of the fact that stands at an address, or on its page."""
    at, (path, _, anchor) = _facts(cdtref.library.current()), address.partition("#")
    if anchor in {question.id for question in cdtref.questions()}:  # it stands on several pages
        return ("question", anchor)
    return at.get(address) or at.get(path)


def _address_of(fact: str) -> str:
    """Where the fact stands that words are bound to."""
    kind, _, id = fact.rpartition(" ")[0].partition(":")
    known = cdtref.library.current().facts(KINDS[kind]) if kind in KINDS else {}
    return str(getattr(known.get(id), "address", ""))


def _named(text: str) -> set[tuple[str, str]]:
    """The codes that sentences name, each with the service that it is named for."""
    return {pair for sentence in sentences(text) for pair in about(sentence)}


def _stands(words: str, text: str) -> bool:
    return f" {plain(words)} " in f" {plain(text)} "


def _leads(link: Link) -> bool:
    """Whether the words, typed into the box, lead there before anything else of the same kind."""
    try:
        hits = cdtref.search(link.words)
    except cdtref.CdtrefError:
        return False
    kinds: set[str] = set()
    for hit in hits:
        if hit.address == link.address:
            return hit.kind not in kinds
        kinds.add(hit.kind)
    return False


def _page_texts(address: str, pages: dict[str, str]) -> list[str]:
    """What a place of a page says: a part of it, or its names and its longer sentences."""
    path, _, anchor = address.partition("#")
    files = (f"{path.rstrip('/')}.md", f"{path}index.md")
    source = next((pages[file] for file in files if file in pages), "")
    every, names = parts(source), [address.replace("-", " ")]
    topics = cdtref.library.current().facts(cdtref.Topic).values()
    names += [text for topic in topics if topic.address == address for text in topic.also]
    if anchor:
        return [*names, *(f"{part.name} {part.text}" for part in every if anchor in part.ids)]
    names += [source.partition("\n---\n")[0], *(part.name for part in every)]
    long = [one for part in every for one in sentences(part.text) if len(one.split()) >= FEW]
    return [*names, *long]


@lru_cache(maxsize=2)
def _asked(sources: tuple[str, ...]) -> frozenset[str]:
    """The headings of all pages: who asks one of them leads to what stands under it."""
    return frozenset(part.name for source in sources for part in parts(source) if part.name)


@lru_cache(maxsize=1)
def _facts(library: cdtref.library.Library) -> dict[str, tuple[str, str]]:
    """The kind and the id of the fact at each address."""
    return {
        address: (kind, id)
        for kind, type in KINDS.items()
        if kind != "topic"  # a part of a page, held as one
        for id, fact in library.facts(type).items()
        if (address := getattr(fact, "address", ""))
    }


NAMES = {
    "code": ("code",),
    "service": ("short", "phrase", "also"),
    "denial": ("reason",),
    "remittance": ("code",),
    "term": ("term",),
}
"""Fields that are a name of one fact: such words lead to no other of its kind."""


@lru_cache(maxsize=1)
def _names(library: cdtref.library.Library) -> dict[tuple[str, str], str]:
    """The id of the fact of each kind that a name stands for."""
    return {
        (kind, plain(name)): id
        for kind, fields in NAMES.items()
        for id, fact in library.facts(KINDS[kind]).items()
        for field in fields
        for name in _several(getattr(fact, field))
    }


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


@lru_cache(maxsize=1000)
def _texts(library: cdtref.library.Library, kind: str, id: str) -> list[str]:
    """What a fact says, with its own names and those of its sources."""
    fact = library.facts(KINDS[kind])[id]
    known = {source.id: source.publisher for source in cdtref.sources()}
    values = (value for _, _, value in leaves(json.loads(cdtref.to_json(fact))))
    texts = [value for value in values if isinstance(value, str)]
    return [*texts, *(known[text] for text in texts if text in known)]
