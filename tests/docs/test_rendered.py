"""What a reader sees is what ran; every link leads somewhere; nothing is fetched from elsewhere."""

import ast
import doctest
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import sphobjinv
from lxml.html import HtmlElement
from sybil import Example

import cdtref
from cdtref.site import views
from tests.docs import ROOT
from tests.docs.conftest import Pages
from tests.docs.examples import Advice, is_sql, run

DOCS = ROOT / "docs"
BESIDE = (ROOT / "README.md", ROOT / "UPGRADING.md")


def page_of(path: Path) -> str:
    """The address of a page from its file."""
    return re.sub(r"(index)?\.md$", "", path.relative_to(DOCS).as_posix()) + (
        "" if path.name == "index.md" else "/"
    )


def article(page: HtmlElement) -> HtmlElement:
    (found,) = page.cssselect("article")
    return found


RUN = ("python", "py", "python3", "pycon", "sql")
"""Languages of blocks that are run."""


def shown_code(page: HtmlElement) -> Iterator[str]:
    """The code a reader sees on a page: blocks as they stand, sessions example by example."""
    for block in page.cssselect("div.highlight"):
        language = re.search(r"language-(\S+)", block.get("class", ""))
        code = "".join(block.cssselect("pre")[0].itertext())
        if "doc-signature" in block.get("class", ""):
            continue
        if (language and language[1] in RUN) or tells(block):
            if code.lstrip().startswith(">>>"):
                yield from (example.source.strip() for example in parse_session(code))
            else:
                yield code.strip()


def tells(block: HtmlElement) -> bool:
    """Whether a block is what the statement before it tells. The builder knows no colors for it."""
    before = block.getprevious()
    return before is not None and "language-sql" in before.get("class", "")


def words(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def is_card(example: Example) -> bool:
    return "scenario" in example.document.text[example.start : example.start + 12]


def parse_session(code: str) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(code)


def test_every_block_card_and_advice_on_a_page_ran(pages: Pages) -> None:
    seen, ran = Counter[str](), Counter[str]()
    for path in DOCS.rglob("*.md"):
        page = article(pages[page_of(path)])
        where = page_of(path)
        if not where.startswith("reference/"):
            seen.update(f"{where}: {code}" for code in shown_code(page))
        if not where.startswith("scenarios/"):
            cards = page.cssselect("[data-card]")
            seen.update(f"{where}: card {card.get('data-card')}" for card in cards)
        for item in page.cssselect(".advice"):
            seen[f"{where}: #{item.get('id')}: {words(item)}"] += 1
        for example in run(path):
            if is_card(example):
                title = re.search(r"^(?:title|show): *(.*)$", example.parsed, re.MULTILINE)
                assert title
                ran[f"{where}: card {title[1]}"] += 1
            elif isinstance(example.parsed, Advice):
                ran[f"{where}: #{example.parsed.id}: {example.parsed.text}"] += 1
            elif not where.startswith("reference/"):
                ran[f"{where}: {str(example.parsed).strip()}"] += 1
    assert seen == ran


def test_every_scenario_of_the_knowledge_has_its_address_once(pages: Pages) -> None:
    """Its card ran too: `test_every_scenario_of_the_knowledge_holds`."""
    shown = Counter(
        (card.get("data-card"), card.get("data-card") in page.xpath("//h2/@id"))
        for where, page in pages.items()
        if where.startswith("scenarios/")
        for card in page.cssselect("[data-card]")
    )
    assert shown == Counter((scenario.id, True) for scenario in cdtref.scenarios())


def test_every_example_in_the_reference_ran(pages: Pages) -> None:
    """The reference shows docstrings, and blocks of its own."""
    seen, ran = Counter[str](), Counter[str]()
    for where, page in pages.items():
        if where.startswith("reference/"):
            seen.update(shown_code(article(page)))
    for path in (DOCS / "reference").glob("*.md"):
        ran.update(str(example.parsed).strip() for example in run(path))
    for path in (ROOT / "src").rglob("*.py"):
        ran.update(example.parsed.source.strip() for example in run(path))
    assert seen == ran


def test_python_is_fenced_in_the_one_spelling_that_runs() -> None:
    """Sybil runs ```python and skips every other spelling in silence."""
    for path in (*DOCS.rglob("*.md"), *BESIDE):
        for line in path.read_text(encoding="utf-8").splitlines():
            fence = re.match(r"\s*(?:```+|~~~+)\s*\{?\s*\.?(?P<info>\S.*)", line)
            if fence and re.match(r"(?i)py|doctest", fence["info"]):
                assert fence["info"] == "python", f"{path.name}: write ```python, not {line!r}"


def test_every_block_that_looks_like_python_says_so(pages: Pages) -> None:
    """A block without a language, or an indented one, would be shown and never run."""
    for where, page in pages.items():
        for code in page.cssselect("article pre"):
            text = "".join(code.itertext())
            if re.search(r"^(>>>|import \w|from \w+ import|assert )", text, re.MULTILINE):
                block = code.getparent()
                assert block is not None
                spelled = re.search(r"language-py(thon|con)\b", block.get("class", ""))
                assert spelled, f"{where}: {text[:60]!r}"


def test_every_example_names_its_date() -> None:
    """An example that asks about today would turn red by itself after the last edition."""
    sources = [
        (path, str(getattr(example.parsed, "source", example.parsed)))
        for path in (*DOCS.rglob("*.md"), *BESIDE, *(ROOT / "src").rglob("*.py"))
        for example in run(path)
        if not (is_card(example) or is_sql(example) or isinstance(example.parsed, Advice))
    ]
    asked = set()
    for path, source in sources:
        for node in ast.walk(ast.parse(source)):
            name = getattr(getattr(node, "func", None), "attr", "")
            if isinstance(node, ast.Call) and name in ("can_bill", "recommend", "codes"):
                asked.add(name)
                assert "on" in {keyword.arg for keyword in node.keywords}, f"{path.name}: {source}"
    assert asked == {"can_bill", "recommend", "codes"}


def test_every_heading_has_an_id_of_its_own() -> None:
    """A made-up id changes with the wording, and an address with it."""
    for path in DOCS.rglob("*.md"):
        text = re.sub(r"(?ms)^( *)(`{3,}).*?^\1\2$", "", path.read_text(encoding="utf-8"))
        for heading in re.findall(r"(?m)^#+ .*$", text):
            assert re.search(r"\{: #[a-z0-9-]+[^}]*\}$", heading), f"{path.name}: {heading}"


def test_no_attribute_list_is_printed(pages: Pages) -> None:
    for where, page in pages.items():
        for text in page.xpath("//article//text()[not(ancestor::pre or ancestor::code)]"):
            assert not re.search(r"\{:|\{ *#\w|\{\{|\}\}", text), f"{where}: {text.strip()!r}"


def test_every_page_is_built(pages: Pages) -> None:
    """A builder that ignores a setting in silence would build fewer."""
    assert pages.keys() == {page_of(path) for path in DOCS.rglob("*.md")} | {"404.html"}


def test_every_code_and_service_has_its_page_and_every_answer_its_address(pages: Pages) -> None:
    services = {service.id for service in cdtref.services()}
    assert {where.split("/")[1] for where in pages if re.match("services/.", where)} == services
    codes = list((DOCS / "codes").glob("D*.md"))
    assert {path.stem for path in codes} == {c.code for c in cdtref.all_codes() if c.subject}
    for path in codes:
        ids = set(pages[page_of(path)].xpath("//@id"))
        assert services <= ids, f"{path.name} lacks {services - ids}"


def test_no_id_stands_twice_on_a_page(pages: Pages) -> None:
    for where, page in pages.items():
        ids: Counter[str] = Counter(page.xpath("//@id"))
        twice = [id for id, count in ids.items() if count > 1]
        # Material repeats its own switches, all of which begin with two underscores.
        assert not [id for id in twice if not id.startswith("__")], where


def test_every_link_inside_the_site_leads_somewhere(pages: Pages, site: Path) -> None:
    """The builder checks Markdown links only; these are all that a reader can follow."""
    base = "https://site.invalid/"
    ids = {where: set(page.xpath("//@id")) for where, page in pages.items()}
    for where, page in pages.items():
        if where == "404.html":  # its links are absolute, as it is served under any path
            continue
        for href in page.xpath("//article//a/@href"):
            to = urlsplit(urljoin(base + where, href))
            if to.netloc != "site.invalid" or to.scheme not in ("http", "https"):
                continue
            path = to.path.lstrip("/")
            assert path in pages or (site / path).is_file(), f"{where}: {href}"
            if to.fragment and path in pages:
                assert unquote(to.fragment) in ids[path], f"{where}: no such anchor: {href}"


def test_paths_differ_in_more_than_case(pages: Pages) -> None:
    assert len({where.lower() for where in pages}) == len(pages)


def test_the_browser_asks_no_other_host_for_anything(pages: Pages, site: Path) -> None:
    loading = "//script/@src | //img/@src | //iframe/@src | //link[@rel!='canonical']/@href"
    for where, page in pages.items():
        for address in page.xpath(loading):
            assert not urlsplit(address).netloc, f"{where}: {address}"
    for path in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", path.read_text()), path.name


def test_the_public_api_is_what_the_inventory_lists(site: Path) -> None:
    inventory = sphobjinv.Inventory(str(site / "objects.inv"))
    python = (entry.name for entry in inventory.objects if entry.domain == "py")
    listed = {name.removeprefix("cdtref.") for name in python}
    assert {name for name in listed if "." not in name} == set(cdtref.__all__)


def test_a_repeated_page_is_shown_but_is_no_voice_of_its_own() -> None:
    answer = cdtref.can_bill("D0395", "surface-volume-fusion", on=views.day())
    assert {position.source for position in answer.dissent} == {"daydream-d0395", "teero-d0395"}
    assert views.dissenters(answer) == "Daydream (June 2025) says D0395."
    # Without its original on the same side it is a voice like any other.
    alone = [position for position in answer.dissent if position.repeats]
    told = views.dissenters(answer.__replace__(dissent=tuple(alone)))
    assert told == "Teero says D0395."


def test_one_answer_reads_the_same_from_both_sides(pages: Pages) -> None:
    """A scan of the mouth, and an exception that is not disputed though its rule is."""
    for where, at, told in (
        ("codes/D0801/", "intraoral-scan", "Disputed · medium confidence"),
        ("services/intraoral-scan/", "answer", "Disputed · medium confidence"),
        ("services/intraoral-scan/", "d0802", "High confidence"),
    ):
        (row,) = pages[where].xpath(f"//*[@id='{at}']")
        assert [words(found) for found in row.cssselect(".standing, .sure")] == [told], where


def test_nothing_needs_more_than_two_clicks_from_home(pages: Pages) -> None:
    """By the links of the pages, without the search."""
    base = "https://site.invalid/"
    near, found = {""}, {""}
    for _ in range(2):
        near = {
            urlsplit(urljoin(base + where, href)).path.lstrip("/")
            for where in near
            for href in pages[where].xpath("//body//a/@href")
            if urlsplit(urljoin(base + where, href)).netloc == "site.invalid"
        } & pages.keys()
        found |= near
    assert set(pages) - found - {"404.html"} == set()
