"""The site depends on what we know, never on the day it is built."""

import datetime as dt
import gzip
import re
from pathlib import Path

import pytest

import cdtref
from tests.docs.conftest import build

SITE = "https://cdtref.example/"  # without an address, sitemap.xml is empty

OTHER = "https://elsewhere.example/below/"


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site as it is built on the first day of the last edition."""
    return built_on(cdtref.editions()[-1].since, tmp_path_factory.mktemp("one"))


def built_on(day: dt.date, folder: Path, address: str = SITE) -> dict[str, bytes]:
    """Every file of the site as it is built on a day."""
    build(folder, day.isoformat(), CDTREF_SITE_URL=address)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_builds_on_different_days_are_the_same_byte_for_byte(
    one: dict[str, bytes], tmp_path: Path
) -> None:
    # Another year, month and day of the month, so that no part of a date agrees by chance.
    later = cdtref.editions()[-1].until + dt.timedelta(days=45)
    other = built_on(later, tmp_path / "other")
    assert one.keys() == other.keys()
    assert [name for name in sorted(one) if one[name] != other[name]] == []
    assert f"{SITE}codes/D0470/".encode() in one["sitemap.xml"], "the sitemap was not compared"


def moved(name: str, data: bytes) -> bytes:
    """A file as it is at the first of the addresses."""
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    if name == "404.html":  # which leads everywhere from the top of the host
        data = re.sub(rb'(href|action)="/below/', rb'\1="/', data)
    return data.replace(OTHER.encode(), SITE.encode())


def test_with_another_address_only_the_address_differs(
    one: dict[str, bytes], tmp_path: Path
) -> None:
    day = cdtref.editions()[-1].since
    other = built_on(day, tmp_path / "a" / "deeper", OTHER)
    assert one.keys() == other.keys()
    assert one["sitemap.xml"] != other["sitemap.xml"], "the address was not taken"
    for name, data in one.items():
        assert moved(name, other[name]) == moved(name, data), name
