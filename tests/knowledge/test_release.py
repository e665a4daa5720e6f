"""The kept tables: what a release adds to them, and when the version has to be raised."""

import datetime as dt
import json
from typing import Any

import pytest

import cdtref
from cdtref import Confidence
from cdtref.compiling import release

ROW = next(row for row in cdtref.verdicts() if row.code == "D0801" and row.verdict == "yes")
VERSION = str(cdtref.__version__)


def test_the_kept_tables_fit_the_knowledge() -> None:
    content = release.kept()
    assert release.mistake(content) == ""
    assert release.written(content) == release.PATH.read_text(encoding="utf-8")


def test_a_version_whose_answers_changed_has_to_be_raised() -> None:
    content = {"versions": [[VERSION, "2026-01-01"]], "rows": []}
    assert "raise the version" in release.mistake(content)
    content = release.added({"versions": [], "rows": []}, VERSION, dt.date.min, cdtref.verdicts())
    assert release.mistake(content) == ""
    content["rows"][0][4] = "no" if content["rows"][0][4] != "no" else "yes"
    assert "raise the version" in release.mistake(content)
    later = {"versions": [["9999.1.0", "9999-01-01"]], "rows": []}
    assert "9999.1.0 is released: raise the version" in release.mistake(later)


def test_a_row_comes_stays_and_goes() -> None:
    other = ROW.__replace__(confidence=Confidence.LOW)
    nothing: dict[str, Any] = {"versions": [], "rows": []}
    one = release.added(nothing, "1.0", dt.date(2000, 1, 1), (ROW,))
    two = release.added(one, "1.1", dt.date(2000, 1, 2), (ROW,))
    three = release.added(two, "1.10", dt.date(2000, 1, 3), (other,))
    assert [row[-2:] for row in one["rows"]] == [[0, None]]
    assert [row[-2:] for row in two["rows"]] == [[0, None]]
    assert [(row[8], *row[-2:]) for row in three["rows"]] == [
        (ROW.confidence.value, 0, 2),
        ("low", 2, None),
    ]
    assert json.loads(release.written(three)) == three
    with pytest.raises(ValueError, match=r"1\.9 is not newer than 1\.10"):
        release.added(three, "1.9", dt.date(2000, 1, 4), (ROW,))
