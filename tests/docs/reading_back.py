"""Reads built pages back: whatever stands on them is what the library holds, and nothing else.

A page of the site is a file of docs/, with what the macros write in it. So what a page has to say
is the lines of that file, and in the place of each macro the lines that `expected` works out from
the library. They are compared with the lines of the built page, whole: what is missing, left over,
in another order or led elsewhere is a mistake. A macro for which `expected` has no lines is one,
too.

    read_back(pages)          every page of a site, or one of them
    read_part(macro, …)       what one macro wrote
"""

import ast
import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import markdown
import yaml
from lxml import html
from lxml.html import HtmlElement
from mkdocs.config import load_config

import cdtref
from tests.docs import ROOT
from tests.docs.expected import WRITERS, frame
from tests.docs.expected.pieces import Bare
from tests.docs.expected.scenarios import scenario_fence
from tests.docs.page_lines import SITE, head_lines, lines

DOCS = ROOT / "docs"
Pages = Mapping[str, HtmlElement]

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_CALL = re.compile(r"\{\{ *(\w+)\((.*?)\) *\}\}")
_CARD = re.compile(r"^```scenario\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"(?P<level>#+) <id=(?P<id>\S+)> (?P<words>.*)\[¶\]\(.*\)")
_MARK = re.compile(r"PUT(\d+)HERE")

# What stands in docstrings is shown by another tool, and each example in it is run:
# `test_every_example_in_the_reference_ran`. What such a page says besides is read back.
_DOCSTRING = re.compile(r"^::: .*\n(?:(?: {4}.*)?\n)*", re.MULTILINE)
# A file of its own without a fact, but for the addresses that `test_finish` compares.
STANDS_ALONE = "404.html"


def read_back(pages: Pages) -> list[str]:
    """What is wrong on these pages, by address: one line for each mistake."""
    found = []
    for where, page in pages.items():
        if where != STANDS_ALONE:
            (article,) = page.cssselect("article")
            told = _differences(where, page_should_say(where), lines(article, where))
            more = has_docstrings(where)
            found += [one for one in told if not (more and one.startswith(f"/{where}: said"))]
            found += _differences(where, *_frame_of(where, page))
    return found


def has_docstrings(where: str) -> bool:
    return bool(_DOCSTRING.search(file_of(where).read_text(encoding="utf-8")))


def _frame_of(where: str, page: HtmlElement) -> tuple[list[str], list[str]]:
    """What should stand in the head of a page and around its text, and what does."""
    (body,) = page.iterfind("body")
    source, without = source_of(where), body.cssselect("article")
    if has_docstrings(where):  # they have headings of their own
        source = source._replace(settings=source.settings | {"hide": ["toc"]})
        without += body.cssselect("[data-md-type=toc]")
    should = [*frame.head(source), *frame.frame(source, source_of)]
    return [*map(_tidy, should)], [*head_lines(page), *lines(body, where, without=without)]


def read_part(macro: str, args: tuple[Any, ...], part: HtmlElement, where: str) -> list[str]:
    """What is wrong in what one macro wrote on the page at an address. The part may come from a
    built page, or from Markdown whose references nobody has resolved yet."""
    return _differences(where, _written(macro, args, where), lines(part, where))


def _differences(where: str, should: list[str], does: list[str]) -> list[str]:
    if should == does:
        return []
    told = difflib.unified_diff(should, does, lineterm="", n=0)
    changed = [line for line in told if not line.startswith(("---", "+++", "@@"))]
    return [
        f"/{where}: {'not said: ' if c[0] == '-' else 'said: '}{c[1:].strip()}" for c in changed
    ]


# --- What a page should say -----------------------------------------------------------------------


def source_of(where: str) -> frame.Source:
    """A page as its file has it, with the headings that the macros write."""
    return _source_of(cdtref.library.current(), where)


@cache
def _source_of(_library: object, where: str) -> frame.Source:
    text = file_of(where).read_text(encoding="utf-8")
    front = _FRONT.match(text)
    found = (_HEADING.fullmatch(line) for line in page_should_say(where))
    return frame.Source(
        where=where,
        settings=frame.settings_in(front[1] if front else ""),
        macros=[(call[1], _args(call[2])) for call in _CALL.finditer(text)],
        headings=[(len(one["level"]), one["words"], one["id"]) for one in found if one],
    )


def _args(text: str) -> tuple[Any, ...]:
    return tuple(ast.literal_eval(f"({text},)")) if text else ()


def page_should_say(where: str) -> list[str]:
    """Its own words, and those of the macros where they are called."""
    return _page_should_say(cdtref.library.current(), where)


@cache
def _page_should_say(_library: object, where: str) -> list[str]:
    file = file_of(where)
    source = _FRONT.sub("", file.read_text(encoding="utf-8"))
    put: list[list[str]] = []

    def keep(told: list[str]) -> str:
        put.append(told)
        return f"PUT{len(put) - 1}HERE"

    def card(found: re.Match[str]) -> str:
        fields = yaml.load(found[1], Loader=yaml.BaseLoader)
        return keep([_tidy(line) for line in scenario_fence(fields)])

    def call(found: re.Match[str]) -> str:
        return keep(_written(found[1], _args(found[2]), where))

    text = _CALL.sub(call, _CARD.sub(card, _DOCSTRING.sub("", source)))
    page = html.fragment_fromstring(_to_html(text), create_parent="article")
    here = f"{SITE}{file.relative_to(DOCS).as_posix()}"
    # The builder leads links to files on from the page; what stands in HTML is relative to it, and
    # so is what is only there once the site is finished.
    page.rewrite_links(
        lambda to: urljoin(here, to) if (file.parent / to.partition("#")[0]).is_file() else to
    )
    return list(_filled(lines(page, where), put))


def file_of(where: str) -> Path:
    """The file of docs/ that a page is made from."""
    path = DOCS / where
    return path / "index.md" if (path / "index.md").is_file() else path.with_suffix(".md")


def _filled(own: list[str], put: list[list[str]]) -> Iterator[str]:
    for line in own:
        depth = line[: len(line) - len(line.lstrip())]
        alone = _MARK.fullmatch(line.strip())
        if alone:
            yield from (depth + told for told in put[int(alone[1])])
        else:
            yield _MARK.sub(lambda mark: " ".join(put[int(mark[1])]), line)


def _written(macro: str, args: tuple[Any, ...], where: str) -> list[str]:
    writer = WRITERS.get(macro)
    if writer is None:
        return [f"nobody reads back what {macro} writes: give it lines in tests/docs/expected/"]
    pages = {code.code: code.address for code in cdtref.all_codes() if code.address != where}
    told = (
        line if isinstance(line, Bare) else _linked(line, pages) for line in writer(where, *args)
    )
    return [line for line in map(_tidy, told) if line.strip()]


def _tidy(line: str) -> str:
    text = line.lstrip(" ")
    return line[: len(line) - len(text)] + " ".join(text.split())


_KEPT = re.compile(r"(\[[^\]]*\]\(\S*\)|<[^>]*>|`[^`]*`)")


def _linked(line: str, pages: Mapping[str, str]) -> str:
    """A code that a text names leads to its page, from every page but its own."""
    if line.lstrip().startswith(("#", "▸", ": ")):
        return line

    def to_page(code: re.Match[str]) -> str:
        return f"[{code[0]}]({pages[code[0]]})" if code[0] in pages else code[0]

    parts = _KEPT.split(line)
    return "".join(
        part if number % 2 else re.sub(r"\bD\d{4}\b", to_page, part)
        for number, part in enumerate(parts)
    )


@cache
def _markdown() -> markdown.Markdown:
    """As the builder reads a page, without what its plugins add."""
    settings = load_config(str(ROOT / "mkdocs.yml"))
    return markdown.Markdown(
        extensions=settings["markdown_extensions"], extension_configs=settings["mdx_configs"]
    )


def _to_html(text: str) -> str:
    reader = _markdown()
    reader.reset()
    return str(reader.convert(text))
