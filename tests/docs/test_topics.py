"""A topic leads to a heading that stands on its page, and is headed to the letter."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from cdtref.library import current
from cdtref.vocabulary import Topic
from tests.docs import ROOT

TOPICS = current().facts(Topic)
HEADING = re.compile(
    r"^(?P<marks>#+) +(?P<title>.*?)(?: +\{:(?P<attributes>[^{}]*)\})?$", re.MULTILINE
)
FENCE = re.compile(r"^(?P<fence>```+)[^\n]*\n.*?^(?P=fence)$", re.MULTILINE | re.DOTALL)
MACRO = re.compile(r"\{\{ (?P<name>\w+)\(\) \}\}")
TEMPLATES = ROOT / "src/cdtref/site/templates"


class Heading(NamedTuple):
    level: int
    title: str
    anchors: tuple[str, ...]


def source(page: str) -> Path:
    """The file of a page in docs/, where there is one."""
    plain, folder = ROOT / f"docs/{page}.md", ROOT / f"docs/{page}/index.md"
    return plain if plain.is_file() else folder


def headings(text: str) -> list[Heading]:
    return [
        Heading(
            len(found["marks"]),
            found["title"],
            tuple(re.findall(r"#([\w-]+)", found["attributes"] or "")),
        )
        for found in HEADING.finditer(FENCE.sub("", text))
    ]


def headings_of(page: str) -> list[Heading]:
    """A page that only calls a macro has the headings of the template behind it."""
    text = source(page).read_text(encoding="utf-8")
    body = text.split("---\n", 2)[2]
    called = MACRO.fullmatch(body.strip())
    if called:
        name = called["name"].removesuffix("_page").replace("_", "-")
        body = (TEMPLATES / f"{name}.md").read_text(encoding="utf-8")
    return headings(body)


@pytest.mark.parametrize("id", TOPICS)
def test_a_topic_stands_on_its_page(id: str) -> None:
    topic = TOPICS[id]
    assert source(topic.page).is_file(), f"docs/ has no page {topic.page}"
    found = headings_of(topic.page)
    assert found, f"{topic.page} has no heading"
    if topic.anchor:
        found = [heading for heading in found if topic.anchor in heading.anchors]
        assert len(found) == 1, f"{topic.page} has {len(found)} headings #{topic.anchor}"
    assert found[0].title == topic.heading


def test_no_two_topics_lead_to_one_place() -> None:
    places = [(topic.page, topic.anchor) for topic in TOPICS.values()]
    assert len(set(places)) == len(places)


def test_every_question_has_its_topic() -> None:
    asked = {heading.anchors[0] for heading in headings_of("guide/questions") if heading.level == 2}
    assert asked
    missing = asked - {t.anchor for t in TOPICS.values() if t.page == "guide/questions"}
    assert not missing


def test_every_chapter_of_the_guide_has_its_topic() -> None:
    chapters = {f"guide/{path.stem}" for path in (ROOT / "docs/guide").glob("*.md")}
    whole = {topic.page.removesuffix("/index") for topic in TOPICS.values() if not topic.anchor}
    # The list of chapters is none, and SQL is for those who read the reference.
    assert chapters - {"guide/index", "guide/warehouse"} <= whole
    assert "guide" in whole


def test_a_topic_is_asked_for_in_words_of_its_own() -> None:
    assert not [id for id, topic in TOPICS.items() if not topic.also]


def test_headings_are_read_as_the_site_reads_them() -> None:
    fenced = "```md\n## Not {: #not }\n```"
    text = ["# One {: #one }", fenced, "## Two (2) {: #two .big }", "### Three"]
    assert headings("\n\n".join(text)) == [
        Heading(1, "One", ("one",)),
        Heading(2, "Two (2)", ("two",)),
        Heading(3, "Three", ()),
    ]
