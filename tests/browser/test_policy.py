"""Each page forbids what it does not need, and lives by it; none asks another host."""

import base64
import hashlib
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import DESKTOP, KINDS, SMALL, OpenPage, every_page, serve

# These are data: a browser runs none of them.
DATA = {"application/json", "application/ld+json"}
WATCH = """
    window.refused = [];
    window.print = () => { window.printed = true; };
    addEventListener("securitypolicyviolation", (event) => {
        window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
"""


def policy(page: html.HtmlElement) -> dict[str, list[str]]:
    """The directives of a page's one policy."""
    (content,) = page.xpath("//head/meta[@http-equiv='Content-Security-Policy']/@content")
    directives = [part.split() for part in str(content).split(";") if part.strip()]
    assert len({name for name, *_ in directives}) == len(directives)
    return {name.lower(): sources for name, *sources in directives}


def complaints(page: html.HtmlElement) -> list[str]:
    """What is wrong with the policy of a page."""
    found = []
    directives = policy(page)
    if "default-src" not in directives:
        found.append("no default")
    scripts = directives.get("script-src", directives.get("default-src", ["*"]))
    for name, sources in directives.items():
        for source in sources:
            quoted = source.startswith("'") and source.endswith("'")
            if not quoted and source not in ("data:", "blob:"):
                found.append(f"{name} names {source}")
    for source in scripts:
        if source not in ("'self'", "'none'") and not source.startswith("'sha"):
            found.append(f"scripts may be {source}")
    for script in page.xpath("//script[not(@src)]"):
        if script.get("type", "") in DATA:
            continue
        digest = hashlib.sha256((script.text or "").encode()).digest()
        if f"'sha256-{base64.b64encode(digest).decode()}'" not in scripts:
            found.append(f"a script is not named: {(script.text or '')[:60]}")
    # No policy without 'unsafe-inline' lets these run.
    found += [f"{at.attrname} is code" for at in page.xpath("//@*[starts-with(name(), 'on')]")]
    found += page.xpath("//@href[starts-with(normalize-space(), 'javascript:')]")
    first = page.xpath("//head/*[self::script or self::link[@rel='stylesheet'] or self::style]")
    place = page.xpath("//head/meta[@http-equiv='Content-Security-Policy']")[0]
    if first and list(place.getparent()).index(first[0]) < list(place.getparent()).index(place):
        found.append("the policy comes after what it governs")
    return found


SCRIPT = "var palette = 1"
HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
HEAD = "<head><meta http-equiv='Content-Security-Policy' content=\"%s\"><script>%s</script></head>"


@pytest.mark.parametrize(
    ("told", "script", "body", "found"),
    [
        (f"default-src 'self'; script-src 'self' 'sha256-{HASH}'", SCRIPT, "", []),
        (f"default-src 'self'; script-src 'sha256-{HASH}'", SCRIPT + " ", "", ["a script"]),
        ("default-src 'self'", SCRIPT, "", ["a script"]),
        (f"script-src 'sha256-{HASH}'", SCRIPT, "", ["no default"]),
        (
            f"default-src 'self'; script-src 'sha256-{HASH}' 'unsafe-inline'",
            SCRIPT,
            "",
            ["scripts may be"],
        ),
        (
            f"default-src 'self'; script-src 'sha256-{HASH}' 'unsafe-eval'",
            SCRIPT,
            "",
            ["scripts may be"],
        ),
        (
            f"default-src 'self'; script-src 'sha256-{HASH}'; connect-src api.github.com",
            SCRIPT,
            "",
            ["connect-src names"],
        ),
        (
            f"default-src 'self'; script-src 'sha256-{HASH}'",
            SCRIPT,
            "<button onclick='copy()'>",
            ["onclick"],
        ),
    ],
)
def test_a_wrong_policy_is_found(told: str, script: str, body: str, found: list[str]) -> None:
    page = html.fromstring(f"<html>{HEAD % (told, script)}<body>{body}</body></html>")
    complained = complaints(page)
    assert len(complained) == len(found)
    assert all(one.startswith(start) for one, start in zip(complained, found, strict=True))


@pytest.mark.parametrize("built", ["site", "published"])
def test_the_policy_of_every_page(request: pytest.FixtureRequest, built: str) -> None:
    folder: Path = request.getfixturevalue(built)
    files = [folder / "404.html", *(folder / where / "index.html" for where in every_page(folder))]
    assert len(files) > 100
    wrong = {}
    for file in files:
        page = html.fromstring(file.read_bytes().decode())
        if found := complaints(page):
            wrong[file.relative_to(folder).as_posix()] = found
    assert wrong == {}


def refused(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.refused")
    return found


@pytest.fixture
def watched(open_page: OpenPage) -> Page:
    """A page that tells what its policy refused; the fixture for pages tells of the console."""
    page = open_page(viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(WATCH)
    return page


CANARY = (
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
)


def test_what_a_policy_refuses_is_seen(browser: Browser, address: str) -> None:
    """Not by the fixture for pages: what is refused is an error of the console as well."""
    logged = []
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.on("console", lambda message: logged.append(message.type))
    page.route("**/canary", lambda route: route.fulfill(content_type="text/html", body=CANARY))
    page.goto(f"{address}canary")
    page.wait_for_function("window.refused.length")
    assert refused(page) == ["img-src data"]
    assert logged == ["error"]
    page.context.close()


def test_a_script_that_does_not_belong_is_refused(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    ran = page.evaluate(
        """() => {
            const made = document.createElement("script");
            made.textContent = "window.ran = 1";
            document.body.append(made);
            return window.ran;
        }"""
    )
    page.close()
    assert ran is None


def test_no_page_breaks_its_policy(watched: Page, site: Path) -> None:
    wrong = {}
    for where in every_page(site):
        watched.goto(where)
        if found := refused(watched):
            wrong[where] = found
    assert wrong == {}


@pytest.mark.parametrize("where", KINDS)
def test_nothing_is_refused_when_it_is_used(watched: Page, where: str) -> None:
    watched.goto(where, wait_until="networkidle")
    watched.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    for button in watched.locator("button:visible:not([type=submit])").all():
        if button.is_visible():
            button.click()
    for field in watched.locator("input[type=date]:visible").all():
        field.fill("2022-11-15")
    for field in watched.locator(
        "main input:is([type=search], [type=text], :not([type])):visible"
    ).all():
        field.fill("scan of a cast")
    watched.wait_for_timeout(100)
    assert refused(watched) == []


def test_the_menu_is_not_refused(watched: Page) -> None:
    watched.set_viewport_size(SMALL)  # type: ignore[arg-type]
    watched.goto("codes/D0470/")
    watched.locator("#menu").click()
    assert watched.locator("#sections a").first.is_visible()
    assert refused(watched) == []


def test_the_question_on_the_home_page_is_not_refused(watched: Page) -> None:
    watched.goto("")
    watched.locator("form#ask input[name=q]").fill("digital scan")
    watched.keyboard.press("Enter")
    watched.wait_for_url("**/search/?q=digital+scan")
    watched.wait_for_load_state("networkidle")
    assert refused(watched) == []


def test_a_published_site_asks_nobody_else(open_page: OpenPage, published: Path) -> None:
    """Its pages know an address and a repository, which they might look up."""
    asked: dict[str, set[str]] = {}
    at = ""

    def note(request: Request) -> None:
        asked.setdefault(at, set()).add(request.url)

    with serve(published) as server:
        page = open_page(base_url=server.address)
        page.on("request", note)
        for at in every_page(published):
            page.goto(at, wait_until="networkidle" if at in KINDS else "load")
        at = "search/"
        page.goto("search/?q=scan", wait_until="networkidle")
        page.close()
    addresses = set().union(*asked.values())
    assert {urlsplit(url).netloc for url in addresses} == {urlsplit(server.address).netloc}
    readers = {where for where, urls in asked.items() if any("search_index" in url for url in urls)}
    assert readers == {"search/"}


def test_the_addresses_of_a_published_site_are_its_own(published: Path) -> None:
    for where in ("", "codes/D0470/"):
        page = html.fromstring((published / where / "index.html").read_bytes())
        assert page.xpath("//link[@rel='canonical']/@href") == [f"https://example.org/{where}"]
        for data in page.xpath("//script[@type='application/ld+json']/text()"):
            json.loads(data)
