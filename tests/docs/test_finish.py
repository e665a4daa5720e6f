"""What is done to the built site: its policies, its redirects, its sitemap, its 404 page."""

import base64
import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import etree, html

import cdtref
from cdtref.site import finish
from cdtref.site import pages as pages_needed
from tests.docs.conftest import Pages, build, leads_on

SITE = "https://cdtref.example/below/"
PAGE = (
    '<html lang="en"><head><meta charset="utf-8">{head}<title>x</title></head>'
    "<body>{body}</body></html>"
)


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with an address, and with a repository on a host that can be asked for figures."""
    folder = tmp_path_factory.mktemp("addressed")
    repository = "https://github.com/example/example"
    build(folder, CDTREF_SITE_URL=SITE, CDTREF_REPO_URL=repository)
    return folder


# --- Scripts --------------------------------------------------------------------------------------


def test_our_scripts_lose_their_comments_and_indents_and_nothing_else() -> None:
    for name in finish.OWN_SCRIPTS:
        written = Path("docs", name).read_text(encoding="utf-8")
        lines = [line.strip(" ") for line in written.splitlines()]
        kept = [line for line in lines if line and not line.startswith("//")]
        assert 0 < len(kept) < len(lines)
        for line in kept:
            assert "`" not in line.replace("/['’`]/g", ""), "a template may be of several lines"
            assert " //" not in line or line[-1] not in ";{,(", (
                "a comment would take what follows along"
            )
        lean = finish.without_comments(written)
        assert lean.replace("\n", "") == "".join(kept)
        ends = {line[-1] for line in lean.splitlines()[:-1]}
        assert not ends & set(";{,("), "these lines go on"
        assert finish.without_comments(lean) == lean


def test_our_style_sheets_lose_their_comments_and_indents_and_nothing_else() -> None:
    for name in finish.OWN_STYLES:
        written = Path("docs", name).read_text(encoding="utf-8")
        assert not re.search(r"""["'(][^"')\n]*/\*""", written), "no comment begins in a text"
        first, *others = written.split("/*")
        kept = first + "".join(other.partition("*/")[2] for other in others)
        lean = finish.lean_style(written)
        assert lean.split() == kept.split()
        assert len(lean) < len(written)
        assert finish.lean_style(lean) == lean


# --- Policies -------------------------------------------------------------------------------------


def policy_of(page: html.HtmlElement) -> dict[str, list[str]]:
    (text,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    parts = [part.split() for part in text.split(";")]
    return {name: values for name, *values in parts}


def test_every_page_allows_its_own_host_and_its_own_scripts_only(everything: Pages) -> None:
    for where, page in everything.items():
        policy = policy_of(page)
        assert policy["default-src"] == policy["object-src"] == ["'none'"], where
        for name, values in policy.items():
            allowed = {"'none'", "'self'", *(["data:"] if name == "img-src" else [])}
            rest = [v for v in values if v not in allowed and not v.startswith("'sha256-")]
            assert not rest, f"{where}: {name} {rest}"
        for script in page.xpath("//script[not(@src) and not(contains(@type, 'json'))]"):
            digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy["script-src"], where
        assert len(policy["script-src"]) <= 5, where


def test_the_policy_stands_before_what_it_governs(everything: Pages) -> None:
    for where, page in everything.items():
        first, second = page.xpath("//head/*")[:2]
        assert first.get("charset"), where
        assert second.get("http-equiv") == "Content-Security-Policy", where


def test_the_same_scripts_are_on_every_page(pages: Pages) -> None:
    """One digest more for each folder would tell that a script holds its address."""
    plain = {
        tuple(policy_of(page)["script-src"]) for where, page in pages.items() if where != "404.html"
    }
    assert len(plain) == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<p style="color: red">x</p>', "style='color: red'"),
        ('<p onclick="x()">x</p>', "onclick='x\\(\\)'"),
        ('<a href="javascript:x()">x</a>', "javascript:x\\(\\)"),
    ],
)
def test_what_the_policy_would_refuse_is_not_published(body: str, told: str) -> None:
    with pytest.raises(finish.FinishError, match=told):
        finish.with_policy(PAGE.format(head="", body=body), "x/")


def test_a_policy_names_each_script_by_its_digest() -> None:
    inline = "<script>one()</script><script type='application/json'>{}</script>"
    text = finish.with_policy(PAGE.format(head=inline, body="<script src='x.js'></script>"), "x/")
    digest = base64.b64encode(hashlib.sha256(b"one()").digest()).decode()
    assert policy_of(html.fromstring(text))["script-src"] == ["'self'", f"'sha256-{digest}'"]
    assert finish.with_policy(text, "x/") == text
    with pytest.raises(finish.FinishError, match="no <meta charset>"):
        finish.with_policy("<html><head><title>x</title></head></html>", "x/")


def test_finishing_twice_changes_nothing(addressed: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(addressed, tmp_path / "site"))
    finish.finish(copy)
    for file in addressed.rglob("*"):
        if file.is_file():
            other = copy / file.relative_to(addressed)
            assert other.read_bytes() == file.read_bytes(), file.name


# --- Redirects ------------------------------------------------------------------------------------


def test_a_short_address_leads_to_its_page(everything: Pages, pages: Pages) -> None:
    pairs = dict(pages_needed.redirects())
    for at in ("denials/CO-97/", "97/", "CO-97/", "co-97/", "n478/"):
        assert pairs[at].startswith("denials/"), at
    assert pairs["d0470/"] == pairs["D0470/"] == "codes/D0470/"
    assert {where for where, page in everything.items() if leads_on(page)} == set(pairs)
    for at, to in pairs.items():
        page = everything[at]
        (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
        (canonical,) = page.xpath("//link[@rel='canonical']/@href")
        (link,) = page.xpath("//body//a/@href")
        for href in (refresh.removeprefix("0; url="), link):
            assert urljoin(f"https://x.invalid/{at}", href) == f"https://x.invalid/{to}"
        page_alone = to.partition("#")[0]
        assert urljoin(f"https://x.invalid/{at}", canonical) == f"https://x.invalid/{page_alone}"
        assert to.partition("#")[0] in pages
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_no_browser_has_to_look_for_an_icon(everything: Pages) -> None:
    # 404.html stands at any address, and needs nothing from anywhere.
    for where in everything.keys() - {"404.html"}:
        (icon,) = everything[where].xpath("//link[@rel='icon']/@href")
        top = "https://x.invalid/"
        assert urljoin(f"{top}{where}", icon) == f"{top}assets/favicon.svg", where


def made(folder: Path, *where: str) -> Path:
    for name in where:
        file = folder / name / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE.format(head="", body=""), encoding="utf-8")
    return folder


def test_a_redirect_leads_to_a_page_and_takes_no_ones_place(tmp_path: Path) -> None:
    site = made(tmp_path, "", "a", "b")
    with pytest.raises(finish.FinishError, match="/c/ would lead to /d/, which is no page"):
        finish.write_redirects(site, [("c/", "d/")])
    with pytest.raises(finish.FinishError, match="/a/ is a page"):
        finish.write_redirects(site, [("a/", "b/")])
    finish.write_redirects(site, [("c/d/", 'a/#b&c"><script>')])
    text = (site / "c/d/index.html").read_text(encoding="utf-8")
    assert text.count("<script") == 1, "the one that takes along what was asked"
    finish.write_redirects(site, [("c/d/", "b/")])


# --- robots.txt, sitemap.xml ----------------------------------------------------------------------


def test_the_sitemap_has_every_page_with_the_month_of_its_facts(
    addressed: Path, pages: Pages
) -> None:
    root = etree.fromstring((addressed / "sitemap.xml").read_bytes())
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = {
        entry.findtext("s:loc", namespaces=space): entry.findtext("s:lastmod", namespaces=space)
        for entry in root.findall("s:url", namespaces=space)
    }
    wanted = pages.keys() - {"404.html", "search/"}
    assert found.keys() == {SITE + where for where in wanted}
    assert found[f"{SITE}codes/D0470/"] == cdtref.code("D0470").verified
    assert found[f"{SITE}guide/appeals/"] == min(rule.verified for rule in cdtref.rules())
    for month in found.values():
        assert re.fullmatch(r"\d{4}-\d{2}", month or "")
    packed = gzip.decompress((addressed / "sitemap.xml.gz").read_bytes())
    assert packed == (addressed / "sitemap.xml").read_bytes()


def test_the_month_of_a_page_is_the_one_it_names(tmp_path: Path) -> None:
    site = made(tmp_path, "", "old", "hidden")
    home = PAGE.format(head=f'<link rel="canonical" href="{SITE}">', body="")
    (site / "index.html").write_text(home, encoding="utf-8")
    for name, value in (("verified", "2001-02"), ("robots", "noindex")):
        where = "old" if name == "verified" else "hidden"
        meta = f'<meta name="{name}" content="{value}">'
        file = site / where / "index.html"
        file.write_text(PAGE.format(head=meta, body=""), encoding="utf-8")
    finish._write_sitemap(site, SITE)
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>{SITE}old/</loc><lastmod>2001-02</lastmod>" in text
    assert "hidden" not in text


def test_robots_are_told_of_the_sitemap_if_there_is_one(addressed: Path, site: Path) -> None:
    told = (addressed / "robots.txt").read_text(encoding="utf-8")
    assert told.splitlines()[-1] == f"Sitemap: {SITE}sitemap.xml"
    assert "Sitemap" not in (site / "robots.txt").read_text(encoding="utf-8")
    assert not list(site.glob("sitemap*"))


def test_what_is_missing_without_an_address_is_told(addressed: Path, site: Path) -> None:
    """Both are finished again, which changes nothing."""
    assert finish.finish(addressed) == []
    told = " ".join(finish.finish(site))
    assert all(word in told for word in ("CDTREF_SITE_URL", "canonical", "sitemap", "cards"))


# --- 404 ------------------------------------------------------------------------------------------


def test_the_404_page_knows_every_page(site: Path, pages: Pages) -> None:
    text = (site / "404.html").read_text(encoding="utf-8")
    (table,) = html.fromstring(text).xpath("//script[@id='addresses']/text()")
    known = json.loads(table)
    for where in pages.keys() - {"404.html", "", "search/"}:
        assert known[where.strip("/").lower()] == where
    for word, to in (
        ("d0470", "codes/D0470/"),
        ("d9950", "checklists/D9950/"),
        ("d0330", "codes/neighbors/#code-d0330"),
        ("intraoral-scan", "services/intraoral-scan/"),
        ("denials/bundled", "denials/bundled/"),
    ):
        assert known[word] == to
    for remittance in cdtref.remittances():
        if remittance.kind != "group":
            assert known[remittance.code.lower()].startswith("denials/"), remittance.code
    assert {to.partition("#")[0] for to in known.values()} <= pages.keys()


def test_the_404_page_needs_no_other_file(pages: Pages) -> None:
    page = pages["404.html"]
    assert page.xpath("//link | //script/@src | //img") == []


# --- Other hosts ----------------------------------------------------------------------------------


def test_no_page_asks_the_host_of_the_repository(addressed: Path) -> None:
    """Material's own link to it does, for stars and forks, from every page."""
    for file in addressed.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert 'data-md-component="source"' not in text, file
        assert "api.github" not in text, file
    home = html.fromstring((addressed / "index.html").read_text(encoding="utf-8"))
    (tell,) = home.xpath("//a[contains(., 'Wrong or out of date')]/@href")
    assert tell.startswith("https://github.com/example/example/issues/new?")


def test_without_a_repository_no_link_leads_nowhere(pages: Pages) -> None:
    assert not pages[""].xpath("//a[contains(., 'Wrong or out of date')]")


def test_no_form_is_called_search(pages: Pages) -> None:
    """Where one is, Material fetches the words of all pages."""
    for where, page in pages.items():
        assert not page.xpath("//form[@name='search' or @id='search']"), where
