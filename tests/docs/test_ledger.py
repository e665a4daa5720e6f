"""Addresses are promises: every page and anchor that was ever published still resolves.

`ledger.txt` has a line for each page with its anchors. Nothing is ever taken out of it; `make
ledger` adds what is new, before each release.
"""

import sys
from pathlib import Path

from lxml import html

from tests.docs.conftest import Pages, leads_on

LEDGER = Path(__file__).with_name("ledger.txt")


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


def test_every_promised_address_still_resolves(pages: Pages) -> None:
    now = published(pages)
    gone = [
        f"/{page}#{anchor}"
        for page, anchors in promised().items()
        for anchor in sorted(anchors or {""})
        if page not in now or (anchor and anchor not in now[page])
    ]
    assert not gone, "these addresses were promised, and lead nowhere"


def test_the_ledger_is_worth_keeping() -> None:
    """It has the addresses that the README and the design speak of, and thousands more."""
    found = promised()
    assert "intraoral-scan" in found["codes/D0470/"]
    assert sum(map(len, found.values())) > 2_500


def main(site: Path) -> None:
    """Adds what a built site has to the ledger."""
    pages = {
        path.relative_to(site).as_posix().removesuffix("index.html"): html.parse(path).getroot()
        for path in sorted(site.rglob("index.html"))
    }
    pages = {where: page for where, page in pages.items() if not leads_on(page)}
    found = promised() if LEDGER.exists() else {}
    for page, anchors in published(pages).items():
        found[page] = found.get(page, set()) | anchors
    lines = (" ".join([f"/{page}", *sorted(anchors)]) for page, anchors in sorted(found.items()))
    LEDGER.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
