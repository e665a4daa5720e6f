"""The site depends on what we know, never on the day it is built."""

import datetime as dt
from pathlib import Path

import cdtref
from tests.docs.conftest import build

SITE = "https://cdtref.example/"  # without an address, sitemap.xml is empty

ON_A_DAY = """
import sys
import time_machine
from mkdocs.__main__ import cli
with time_machine.travel(sys.argv[1]):
    cli(sys.argv[2:])
"""


def built_on(day: dt.date, folder: Path) -> dict[str, bytes]:
    """Every file of the site as it is built on a day."""
    build(folder, ("-c", ON_A_DAY, day.isoformat()), CDTREF_SITE_URL=SITE)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_builds_on_different_days_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    day = cdtref.editions()[-1].since
    # Another year, month and day of the month, so that no part of a date agrees by chance.
    later = cdtref.editions()[-1].until + dt.timedelta(days=45)
    one, other = built_on(day, tmp_path / "one"), built_on(later, tmp_path / "other")
    assert one.keys() == other.keys()
    assert [name for name in sorted(one) if one[name] != other[name]] == []
    assert f"{SITE}codes/D0470/".encode() in one["sitemap.xml"], "the sitemap was not compared"
