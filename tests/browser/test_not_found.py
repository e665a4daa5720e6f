"""404.html leads on from what was typed: at the top of a host, and in a folder of it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import Quiet
from tests.docs.conftest import build


class Host(Quiet):
    """Serves a site in a folder, and its 404.html for what is not there, as hosts of pages do."""

    below = "/"

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.below):
            return str(Path(self.directory) / "nothing")
        return super().translate_path("/" + path.removeprefix(self.below))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Below(Host):
    below = "/some/folder/"


def served(site: Path, host: type[Host]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(host, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{host.below}"
        server.shutdown()


@pytest.fixture(params=[Host, Below], ids=["top", "below"])
def top(site: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    yield from served(site, request.param)


@pytest.fixture
def page(browser: Browser, top: str) -> Iterator[Page]:
    """A page that may log that something is not found, and nothing else."""
    wrong: list[str] = []

    def logged(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 404" not in message.text:
            wrong.append(message.text)

    context = browser.new_context()
    page = context.new_page()
    page.on("console", logged)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


LEADS = {
    "d0470": "codes/D0470/",
    "D0470/": "codes/D0470/",
    "codes/d0470": "codes/D0470/",
    "D-0470": "codes/D0470/",
    "d0470.html": "codes/D0470/",
    "checklists/d0470/": "checklists/D0470/",
    "Denials/Bundled/": "denials/bundled/",
    "intraoral-scan": "services/intraoral-scan/",
    "Intraoral Scan": "services/intraoral-scan/",
    "n478": "denials/N478/",
    "97": "denials/97/",
    "co97": "denials/97/",
    "CO-97": "denials/97/",
    "denials/pr-97/": "denials/97/",
    "d0330": "codes/neighbors/#code-d0330",
}


@pytest.mark.parametrize(("typed", "to"), LEADS.items(), ids=LEADS)
def test_it_leads_on(page: Page, top: str, typed: str, to: str) -> None:
    page.goto(top + quote(typed))
    page.wait_for_url(top + to, wait_until="commit")


@pytest.mark.parametrize("code", ["D9999", "d2740", "codes/D2740/"])
def test_a_code_of_another_topic_is_said_to_be_one(page: Page, top: str, code: str) -> None:
    page.goto(top + code)
    told = page.locator("#outside")
    expect(told).to_contain_text("is outside this topic")
    expect(told.locator("b")).to_have_text(code.strip("/").split("/")[-1].upper())
    told.locator("a").first.click()
    page.wait_for_url(top + "outside/", wait_until="commit")


def test_else_it_offers_the_sections_and_the_search(page: Page, top: str) -> None:
    page.goto(top + "guides/bite-wings_and-models")
    expect(page.get_by_role("searchbox")).to_have_value("guides bite wings and models")
    for link in page.locator("main li a").all():
        assert page.request.get(str(link.evaluate("link => link.href"))).ok
    page.get_by_role("button").click()
    page.wait_for_url(f"{top}search/?q=*")


def test_no_address_does_harm(page: Page, top: str) -> None:
    typed = "<img src=x onerror=alert(1)>/__proto__/constructor"
    page.goto(top + quote(typed, safe=""))
    expect(page.get_by_role("searchbox")).not_to_have_value("")
    assert page.locator("main img, main b img").count() == 0
    page.goto(top + "%E0%A4%A")
    page.goto(top + "constructor")
    expect(page.get_by_role("searchbox")).to_have_value("constructor")


def test_with_an_address_it_does_the_same(browser: Browser, tmp_path: Path) -> None:
    build(tmp_path, CDTREF_SITE_URL="https://cdtref.example/some/folder/")
    for top in served(tmp_path, Below):
        page = browser.new_page()
        page.goto(top + "denials/co_97")
        page.wait_for_url(top + "denials/97/", wait_until="commit")
        page.close()
