"""A page as plain lines: everything it says, in order, and nothing of how it looks.

    ## Who disputes it
    <id=answer v-yes disputed until=2026-12-31>
      <slot=headline> Report D0801
      [A scan of the mouth](services/intraoral-scan/) | Report D0801

A block of text is a line; what stands in a block that has something of its own to say stands two
spaces further in. A link is its words and where it leads in the site. Between < and > stand ids,
data and the classes that mean something. So whatever a template writes is in a line, and two lists
of lines are all that has to be compared.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

import cdtref

SITE = "https://x.invalid/"

# Elements that begin a line of their own. Cells stand in the line of their row.
_BLOCKS = re.compile(
    "article|aside|body|details|dialog|div|dl|dt|dd|fieldset|footer|form|h[1-6]|header|hr|li|main|nav"
    "|noscript|ol|output|p|pre|section|summary|table|tbody|template|thead|tr|ul"
)
_SILENT = {"script", "style", "svg", "link", "meta"}
_SIGNS = {"li": "- ", "summary": "▸ ", "dt": ": "} | {f"h{n}": "#" * n + " " for n in range(1, 7)}

# What only a browser needs, or only the eye.
_IGNORED = re.compile(
    "class|href|hidden|role|rel|type|name|for|scope|title|markdown|data-search-exclude|data-md-.*"
    "|aria-(controls|hidden|live|expanded|labelledby)|auto(complete|capitalize)|spellcheck"
)
# Classes that say something; the style sheet gives each a color or a sign of its own.
MEANS = re.compile(
    "(v|branch|remedy)-.+|soft|disputed|backs|disputes|against|ask|not-for|unsettled|here|advice"
)


def signs(*marks: str, **attributes: object) -> str:
    """What an element says besides its text: `signs("soft", id="answer")` is `<soft id=answer>`."""
    told = [f"{name.replace('_', '-')}={value}" for name, value in attributes.items()]
    return f"<{' '.join([*sorted(marks), *sorted(told)])}>" if marks or told else ""


def lines(element: HtmlElement, where: str, *, without: Collection[HtmlElement] = ()) -> list[str]:
    """The lines of an element on the page at an address, itself left out, and some of its parts."""
    return [line for line in _children(element, where, 0, without) if line.strip()]


def head_lines(page: HtmlElement) -> list[str]:
    """What a page says of itself to machines."""
    told = [f"title: {' '.join((page.findtext('.//title') or '').split())}"]
    for meta in page.iterfind("head/meta"):
        name = meta.get("name") or meta.get("property") or ""
        if name not in ("", "viewport", "theme-color"):
            told.append(f"{name}: {meta.get('content')}")
    for script in page.iterfind("head/script"):
        if "json" in script.get("type", ""):
            data = json.loads(script.text or "")
            told.append(f"json: {json.dumps(data, sort_keys=True, ensure_ascii=False)}")
        if script.get("data-shown-from"):
            told.append(f"shown-from: {script.get('data-shown-from')}")
    return told


def _children(
    element: HtmlElement, where: str, depth: int, without: Collection[HtmlElement] = ()
) -> Iterator[str]:
    """Blocks one by one; text and what stands in text, up to the next block, is a line too."""
    loose = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SILENT or child in without:
            loose.append(child.tail or "")
        elif _is_block(child):
            yield _line(loose, depth)
            yield from _block(child, where, depth, without)
            loose = [child.tail or ""]
        else:
            loose += [_inline(child, where), child.tail or ""]
    yield _line(loose, depth)


def _block(
    block: HtmlElement, where: str, depth: int, without: Collection[HtmlElement]
) -> Iterator[str]:
    sign, told = _SIGNS.get(str(block.tag), ""), _signs_of(block)
    if not any(_is_block(inner) for inner in block.iterdescendants() if isinstance(inner.tag, str)):
        yield _line([sign, told, " ", _text(block, where)], depth)
        return
    yield _line([sign, told], depth) if told else ""
    yield from _children(block, where, depth + bool(told), without)


def _is_block(element: HtmlElement) -> bool:
    return bool(_BLOCKS.fullmatch(str(element.tag)))


def _line(parts: Iterable[str], depth: int) -> str:
    text = " ".join("".join(parts).split())
    return "  " * depth + text if text else ""


def _text(element: HtmlElement, where: str) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            parts.append(_inline(child, where))
        parts.append(child.tail or "")
    return "".join(parts)


def _inline(element: HtmlElement, where: str) -> str:
    text, told = _text(element, where), _signs_of(element)
    if element.tag in ("td", "th"):
        # Several cells are one line, each apart from the one before it.
        bar = " | " if element.getprevious() is not None else " "
        return f"{bar}{told} {text}" if told else f"{bar}{text}"
    if element.tag == "autoref":  # a builder's link, before the builder has seen it
        return f"[{' '.join(text.split())}]({_referred(element.get('identifier', ''))})"
    if element.tag == "a" and element.get("href") is not None:
        to = address(element.get("href", ""), where)
        text = f"[{' '.join(text.split())}]({to})"
    elif element.tag == "code":
        text = f"`{' '.join(text.split())}`"
    elif element.tag == "br":
        text = " "
    return f"{told} {text}" if told else text


def address(href: str, where: str) -> str:
    """Where a link leads, as an address in the site; a file of the guide is its page."""
    to = urljoin(SITE + where, href)
    if not to.startswith(SITE):
        return to
    path, mark, anchor = to.removeprefix(SITE).partition("#")
    return (
        re.sub(r"(index|(?<=[^/]))\.md$", lambda end: "" if end[1] else "/", path) + mark + anchor
    )


def _referred(identifier: str) -> str:
    kind, _, id = identifier.partition("-")
    if kind == "code":
        code = cdtref.code(id)
        return f"{code.address.partition('#')[0]}#code-{id}"
    return f"{cdtref.service(id).address}#{identifier}"


def _signs_of(element: HtmlElement) -> str:
    marks = [name for name in element.get("class", "").split() if MEANS.fullmatch(name)]
    told = {
        name.removeprefix("data-").replace("-", "_"): " ".join(value.split())
        for name, value in element.items()
        if not _IGNORED.fullmatch(name)
    }
    if element.get("hidden") is not None:
        marks.append("hidden")
    return signs(*marks, **told)
