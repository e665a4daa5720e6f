"""The built site, served on this machine, and Chromium to read it with."""

import gzip
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import pytest
from lxml import html
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    sync_playwright,
)

from tests.docs.conftest import build, leads_on, site

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


# One page of each kind; `test_every_kind_of_page_has_one_here` keeps the list whole.
KINDS = [
    "",
    "about/",
    "about/checks/",
    "checklists/",
    "checklists/D0470/",
    "codes/",
    "codes/D0470/",
    "codes/D0351/",
    "codes/neighbors/",
    "denials/",
    "denials/bundled/",
    "glossary/",
    "guide/",
    "guide/questions/",
    "guide/where-sources-disagree/",
    "outside/",
    "reference/",
    "scenarios/",
    "scenarios/scans/",
    "search/",
    "services/",
    "services/intraoral-scan/",
    "sources/",
]
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}

# The site of a publisher, for what differs from a site that knows no address.
PUBLISHED = "https://example.org/"
REPOSITORY = "https://github.com/example/example"


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection for many files,
    disable_nagle_algorithm = True  # and no wait between them

    def handle(self) -> None:
        with suppress(ConnectionError):  # a browser that moves on stops listening
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass


COMPRESSED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}


class LikeAHost(Quiet):
    """Compresses as a host does, remembers what it sent, and can be late with the fonts."""

    server: "Server"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        if path.suffix == ".woff2":
            time.sleep(self.server.font_delay)
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Cache-Control", "no-store")
        if path.suffix in COMPRESSED:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.server.sent.append((self.path, len(body)))
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """A folder, served on this machine only."""

    def __init__(self, folder: Path, handler: type[Quiet] = Quiet) -> None:
        super().__init__(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.sent: list[tuple[str, int]] = []
        self.font_delay = 0.0


@contextmanager
def serve(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[Server]:
    with Server(folder, handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def every_page(site: Path) -> list[str]:
    """The addresses of the site. Neither 404.html has one nor what only leads on."""
    files = [
        file
        for file in sorted(site.rglob("index.html"))
        if not leads_on(html.parse(file).getroot())
    ]
    return [file.relative_to(site).as_posix().removesuffix("index.html") for file in files]


def read(site: Path, where: str) -> html.HtmlElement:
    """A page as it is built, before any script."""
    return html.fromstring((site / where / "index.html").read_bytes())


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with serve(site) as server:
        yield server.address


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site as a publisher builds it, with an address and a repository."""
    folder = tmp_path_factory.mktemp("published")
    build(folder, CDTREF_SITE_URL=PUBLISHED, CDTREF_REPO_URL=REPOSITORY)
    return folder


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
        settings = {"base_url": address, **settings}
        context = browser.new_context(**settings)
        context.set_default_timeout(10_000)  # what takes longer does not come
        contexts.append(context)
        page = context.new_page()

        def asked(request: Request) -> None:
            if not request.url.startswith((settings["base_url"], "data:", "blob:")):
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


def unfold(page: Page) -> None:
    """Opens every part of a page that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")


BRIGHTNESS = """() => {
    const shown = [document.body, document.documentElement].map((part) =>
        getComputedStyle(part).backgroundColor).find((color) => !/, 0\\)$/.test(color));
    const [red, green, blue] = shown.match(/[\\d.]+/g).map(Number);
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}"""


def is_dark(page: Page) -> bool:
    """Whether the ground of a page is dark."""
    return float(page.evaluate(BRIGHTNESS)) < 0.5
