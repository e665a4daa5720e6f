"""`CITATION.cff`: how to cite the whole, in the version that stands here."""

import yaml

import cdtref
from cdtref.site.advice import sentences
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


def test_the_readme_says_of_the_license_what_the_notice_says() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("## License and CDT")[2]
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    said = [one for one in sentences(readme) if "NOTICE" not in one]
    assert len(said) > 3
    assert [one for one in said if one not in notice] == []
