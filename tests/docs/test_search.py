"""What the search finds a page by. Ranking itself happens in the browser and was tried there."""

import gzip
import json
from pathlib import Path

import pytest

import cdtref
from cdtref.site.views import search_words


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("itero", "services/intraoral-scan/"),
        ("plaster", "services/stone-cast/"),
        ("study", "services/stone-cast/"),
        ("printed", "services/in-office-print/"),
        ("invisalign", "services/aligner-scan/"),
        ("crown", "services/digital-impression/"),
        ("moulage", "services/facial-moulage-scan/"),
        ("D0351", "codes/D0351/"),
        ("D0470", "codes/D0470/"),
    ],
)
def test_a_page_is_found_by_its_everyday_words(site: Path, word: str, page: str) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    tagged = {entry["location"]: entry.get("tags", []) for entry in index["docs"]}
    assert word in tagged[page]
    assert index["config"]["fields"]["tags"]["boost"] == 1000


@pytest.mark.parametrize(
    "anchor",
    ["#who-pays-for-the-scan", "#which-code-is-a-study-model", "#code-for-a-printed-model"],
)
def test_a_question_is_a_hit_of_its_own(site: Path, anchor: str) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert f"guide/questions/{anchor}" in {entry["location"] for entry in index["docs"]}


def test_every_service_has_words_of_its_own() -> None:
    for service in cdtref.services():
        assert search_words(service), service.id


def test_the_index_is_small(site: Path) -> None:
    """The search page fetches it, and no other."""
    index = (site / "search" / "search_index.json").read_bytes()
    assert len(gzip.compress(index)) <= 150_000
