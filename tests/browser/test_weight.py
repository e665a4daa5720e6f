"""A first visit is light, and what is read stays where it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import (
    DESKTOP,
    KINDS,
    PHONE,
    LikeAHost,
    OpenPage,
    Server,
    serve,
)

MOST_BYTES = 150_000
MOST_SHIFT = 0.02
SHIFT = """() => new Promise((done) => {
    let sum = 0;
    const parts = [];
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
        sum += entry.value;
        parts.push(...entry.sources.map(({ node }) => (node?.outerHTML ?? "").slice(0, 80)));
    })).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done([sum, parts.slice(0, 3)]), 100);
})"""


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[Server]:
    with serve(site, LikeAHost) as server:
        yield server


@pytest.mark.parametrize("where", KINDS)
def test_a_first_visit_is_light(open_page: OpenPage, host: Server, where: str) -> None:
    page = open_page(base_url=host.address, viewport=PHONE)
    host.sent.clear()
    page.goto(where, wait_until="networkidle")
    sent = dict(host.sent)
    assert f"/{where}" in sent
    assert any(name.endswith(".css") for name in sent)
    # Only the page for searching loads the index of all words, which no other visit pays for.
    parts = {
        name: size
        for name, size in host.sent
        if not (where == "search/" and "search_index" in name)
    }
    assert sum(parts.values()) <= MOST_BYTES, parts


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("where", KINDS)
def test_late_fonts_move_nothing(open_page: OpenPage, host: Server, where: str, size: Any) -> None:
    host.font_delay = 0.3
    try:
        page = open_page(base_url=host.address, viewport=size)
        host.sent.clear()
        page.goto(where)
        page.evaluate("document.fonts.ready")
        shift, parts = page.evaluate(SHIFT)
    finally:
        host.font_delay = 0.0
    assert any(name.endswith(".woff2") for name, _ in host.sent)
    assert shift <= MOST_SHIFT, parts
