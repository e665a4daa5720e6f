"""`CITATION.cff`: how to cite the whole, in the version that stands here."""

import yaml

import cdtref
from tests.docs import ROOT


def test_the_whole_is_cited_in_its_version() -> None:
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert told["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= told.keys(), "the format asks for these"
    assert told["version"] == cdtref.__version__, "raise it with that of knowledge.toml"
    metadata = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(license in metadata for license in told["license"])
    holder = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert all(author["name"].lower() in holder for author in told["authors"])
