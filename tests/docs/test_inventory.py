"""`objects.inv`: other sites link to an answer by its name. Shown with a small site of each."""

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sphobjinv
from lxml import html

import cdtref
from tests.docs import ROOT
from tests.docs.conftest import Pages

PUBLISHED = "https://cdtref.example/below/"
TERM = cdtref.glossary()[0]
# A name, as it is written on a page elsewhere, and where it leads.
NAMES = {
    "code-d0470": cdtref.code("D0470").address,
    "service-intraoral-scan": cdtref.service("intraoral-scan").address,
    "denial-bundled": cdtref.denial("bundled").address,
    "remittance-n478": cdtref.remittance("N478").address,
    "question-d0470-digital": cdtref.question("d0470-digital").address,
    f"scenario-{cdtref.scenarios()[0].id}": cdtref.scenarios()[0].address,
    f"term-{TERM.id}": TERM.address,
    "advice-guide-appeals-write-on-bundling": "guide/appeals/#write-on-bundling",
}


@pytest.fixture(scope="module")
def inventory(site: Path) -> sphobjinv.Inventory:
    return sphobjinv.Inventory(str(site / "objects.inv"))


def test_each_name_leads_to_a_part_of_a_page(inventory: sphobjinv.Inventory, pages: Pages) -> None:
    named = [one for one in inventory.objects if one.domain == "std"]
    assert len({(one.role, one.name) for one in named}) == len(named), "a name has one meaning"
    ids = {where: set(map(str, page.xpath("//@id"))) for where, page in pages.items()}
    for one in named:
        page, _, anchor = one.uri.replace("$", one.name).partition("#")
        assert page in pages, one
        assert not anchor or anchor in ids[page], one
    assert inventory.version == cdtref.__version__


def test_everything_that_has_a_name_is_listed(inventory: sphobjinv.Inventory, pages: Pages) -> None:
    kinds = Counter(
        "term itself" if one.role == "term" else one.name.partition("-")[0]
        for one in inventory.objects
        if one.domain == "std"
    )
    advice = [part for page in pages.values() for part in page.cssselect(".advice[id]")]
    papers = [one for one in cdtref.remittances() if one.kind != "group"]
    assert kinds == {
        "code": len(cdtref.all_codes()),
        "service": len(cdtref.services()),
        "scenario": len(cdtref.scenarios()),
        "denial": len(cdtref.denials()),
        "remittance": len(papers),
        "question": len(cdtref.questions()),
        "term": len(cdtref.glossary()),
        "term itself": len(cdtref.glossary()),
        "advice": len(advice),
    }
    assert advice


def built(folder: Path, *command: str) -> html.HtmlElement:
    """The home page of a small site; a name that leads nowhere stops its build."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return html.parse(folder / "out/index.html").getroot()


def links(page: html.HtmlElement, base: str) -> set[str]:
    found = page.xpath("//a/@href")
    return {str(to).removeprefix(base) for to in found if str(to).startswith(base)}


def shown(language: str, mark: str) -> str:
    """What the how-to shows: the one fence of a language that has a mark in it."""
    page = (ROOT / "docs/reference/how-to.md").read_text(encoding="utf-8")
    fences = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (found,) = (fence for fence in fences if mark in fence)
    return str(found)


def sphinx_site(folder: Path, site: Path, names: list[str]) -> html.HtmlElement:
    settings = shown("python", "intersphinx").replace("https://example.org/", PUBLISHED)
    settings = settings.replace("None", repr(str(site / "objects.inv")))
    (folder / "conf.py").write_text(
        f"project = 'elsewhere'\nnitpicky = True\n{settings}", encoding="utf-8"
    )
    told = [f"- :ref:`{name}`, :ref:`in words <{name}>`" for name in names]
    told += [f"- :external+cdtref:term:`{TERM.term}`", f"- {shown('rst', ':ref:').strip()}"]
    text = "\n".join(["Elsewhere", "=========", "", *told, ""])
    (folder / "index.rst").write_text(text, encoding="utf-8")
    return built(folder, "sphinx", "-q", "-W", "-b", "html", ".", "out")


def test_a_site_of_sphinx_links_by_name(site: Path, tmp_path: Path) -> None:
    page = sphinx_site(tmp_path, site, [*NAMES])
    assert links(page, PUBLISHED) >= {*NAMES.values(), TERM.address}
    assert any("#cdtref.can_bill" in to for to in links(page, PUBLISHED))
    titled = {" ".join(a.text_content().split()) for a in page.cssselect("a.external")}
    assert f"D0470 {cdtref.code('D0470').title}" in titled, "a name alone shows what it is"


def test_a_name_that_is_none_stops_a_site_of_sphinx(site: Path, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="code-d0471"):
        sphinx_site(tmp_path, site, ["code-d0471"])


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def mkdocs_site(folder: Path, site: Path, names: list[str]) -> tuple[html.HtmlElement, str]:
    (folder / "docs").mkdir()
    told = [f"- [in words][{name}]" for name in [*names, "cdtref.can_bill"]]
    text = "\n".join(["# Elsewhere", "", *told, "", shown("markdown", "code-d0801")])
    (folder / "docs/index.md").write_text(text, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        settings = shown("yaml", "inventories").replace("https://example.org/", base)
        settings = f"site_name: elsewhere\nstrict: true\nsite_dir: out\n{settings}"
        (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
        try:
            return built(folder, "mkdocs", "build"), base
        finally:
            server.shutdown()


def test_a_site_of_mkdocs_links_by_name(site: Path, tmp_path: Path) -> None:
    page, base = mkdocs_site(tmp_path, site, [*NAMES])
    assert links(page, base) >= {*NAMES.values()}
    assert any("#cdtref.can_bill" in to for to in links(page, base))


def test_a_name_that_is_none_stops_a_site_of_mkdocs(site: Path, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="code-d0471"):
        mkdocs_site(tmp_path, site, ["code-d0471"])
