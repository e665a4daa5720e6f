"""Addresses are promises: every page and anchor that was ever published still resolves.

`ledger.txt` of the library has a line for each page with its anchors, and for each short address
that leads to one. Nothing is ever taken out of it; `make ledger` adds what is new.
"""

import copy
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import html

import cdtref
from tests.docs.conftest import Pages, leads_on

LEDGER = Path(cdtref.__file__).with_name("ledger.txt")


def promised() -> dict[str, set[str]]:
    """The anchors of each page, by its address."""
    found: dict[str, set[str]] = {}
    for line in LEDGER.read_text(encoding="utf-8").splitlines():
        page, *anchors = line.split(" ")
        found[page.removeprefix("/")] = set(anchors)
    return found


def published(pages: Pages) -> dict[str, set[str]]:
    """What the built site has now, without the builder's own switches."""
    return {
        page: {id for id in map(str, tree.xpath("//@id")) if not id.startswith("__")}
        for page, tree in pages.items()
        if page != "404.html"
    }


def gone(pages: Pages) -> list[str]:
    """What was promised and leads nowhere."""
    now = published(pages)
    return [
        f"/{page}#{anchor}"
        for page, anchors in promised().items()
        for anchor in sorted(anchors or {""})
        if page not in now or (anchor and anchor not in now[page])
    ]


def test_every_promised_address_still_resolves(everything: Pages) -> None:
    assert not gone(everything), "these addresses were promised, and lead nowhere"


def test_what_leads_on_leads_to_a_promised_address(everything: Pages) -> None:
    """A page that leads on is promised as well as where it leads, down to the anchor."""
    leading = {where: page for where, page in everything.items() if leads_on(page)}
    assert {"D0470/", "d0470/", "97/", "co-97/", "N478/", "d9950/"} <= leading.keys()
    written = promised()
    for where, page in leading.items():
        (link,) = page.xpath("//body//a/@href")
        to = urljoin(f"https://x.invalid/{where}", link).removeprefix("https://x.invalid/")
        at, _, anchor = to.partition("#")
        assert not leads_on(everything[at]), where
        assert not anchor or anchor in written[at], where


def test_every_address_is_promised(everything: Pages) -> None:
    """Else it could be renamed before the promise is written down. An edition brings its own."""
    written = promised()
    editions = {edition.address.partition("#")[2] for edition in cdtref.editions()}
    new = [
        f"/{page}#{anchor}"
        for page, anchors in published(everything).items()
        for anchor in sorted(anchors - editions or {""})
        if page not in written or (anchor and anchor not in written[page])
    ]
    assert not new, "run `make ledger`: these addresses are not written down"


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("guide/appeals/", "*[contains(@class, 'advice')]"),
        ("guide/questions/", "h2"),
        ("scenarios/scans/", "h2"),
        ("codes/D0470/", "tr"),
        ("glossary/", "dt"),
        ("denials/bundled/", "section"),
    ],
)
def test_an_id_that_is_renamed_is_told(everything: Pages, page: str, kind: str) -> None:
    """That of an advice, a heading, a scenario, an answer, a term."""
    tree = copy.deepcopy(everything[page])
    renamed = tree.xpath(f"//article//{kind}[@id]")[0]
    was = renamed.get("id")
    renamed.set("id", f"{was}-renamed")
    assert gone({**everything, page: tree}) == [f"/{page}#{was}"]


@pytest.mark.parametrize(
    ("page", "told"),
    [("guide/appeals/", "/guide/appeals/#write-on-bundling"), ("co-97/", "/co-97/#")],
)
def test_a_page_that_is_gone_is_told(everything: Pages, page: str, told: str) -> None:
    less = {where: tree for where, tree in everything.items() if where != page}
    assert told in gone(less)


def main(site: Path) -> None:
    """Adds what a built site has to the ledger."""
    pages = {
        path.relative_to(site).as_posix().removesuffix("index.html"): html.parse(path).getroot()
        for path in sorted(site.rglob("index.html"))
    }
    found = promised() if LEDGER.exists() else {}
    for page, anchors in published(pages).items():
        found[page] = found.get(page, set()) | anchors
    lines = (" ".join([f"/{page}", *sorted(anchors)]) for page, anchors in sorted(found.items()))
    LEDGER.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
