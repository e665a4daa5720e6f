"""The built site, served on this machine, and Chromium to read it with."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    sync_playwright,
)

from tests.docs.conftest import site

__all__ = ["site"]  # the fixture: the folder of the built site

# The browser asks for nothing but the pages: no updates, no reports, no warm-up. Playwright itself
# adds --headless, and --no-sandbox, without which Chromium refuses to run as root.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
HOW_TO_INSTALL = (
    "Install it (Debian: apt install chromium; elsewhere: .venv/bin/python -m playwright install "
    "chromium), or name one in CDTREF_CHROMIUM."
)


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection for many files,
    disable_nagle_algorithm = True  # and no wait between them

    def handle(self) -> None:
        with suppress(ConnectionError):  # a browser that moves on stops listening
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass


def every_page(site: Path) -> list[str]:
    """The addresses of the site. 404.html has none; it answers nothing."""
    files = sorted(site.rglob("index.html"))
    return [file.relative_to(site).as_posix().removesuffix("index.html") for file in files]


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    handler = partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def system_chromium() -> str | None:
    """The Chromium that is asked for, or else the first one found."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CDTREF_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, or else Playwright's own. Without one, nothing is skipped."""
    with sync_playwright() as playwright:
        path = system_chromium()
        if not Path(path or playwright.chromium.executable_path).exists():
            pytest.fail(f"There is no Chromium: {path or 'none found'}. {HOW_TO_INSTALL}", False)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        except Error as error:
            pytest.fail(f"Chromium does not start. {HOW_TO_INSTALL}\n{error}", False)
        yield browser
        browser.close()


class OpenPage(Protocol):
    def __call__(self, **settings: Any) -> Page: ...


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Opens an empty page that goes to addresses of the site, such as `codes/D0470/`.

    Whatever a test reads, its pages must ask no other host, and log and throw nothing.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(**settings: Any) -> Page:
        context = browser.new_context(base_url=address, **settings)
        contexts.append(context)
        page = context.new_page()

        def asked(request: Request) -> None:
            if not request.url.startswith(address):
                wrong.append(f"{page.url} asks {request.url}")

        def logged(message: ConsoleMessage) -> None:
            if message.type == "error":
                wrong.append(f"{page.url} logs {message.text}")

        def threw(error: Error) -> None:
            wrong.append(f"{page.url} throws {error}")

        page.on("request", asked)
        page.on("console", logged)
        page.on("pageerror", threw)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
