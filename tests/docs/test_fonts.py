"""The fonts hold every character that the pages show, and little else."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.docs import ROOT
from tests.docs.conftest import Pages

FONTS = ROOT / "docs/assets/fonts"
HELD = tomllib.loads(Path(__file__).with_name("fonts.toml").read_text(encoding="utf-8"))
# Headings are set in the one, all else in the other; code in the reader's own.
TEXT = "//body//text()[not(ancestor::script or ancestor::style or ancestor::pre or ancestor::code)]"
SHOWN = f"{TEXT} | //body//@placeholder"
HEADINGS = "//h1//text() | //h2//text()"


@pytest.mark.parametrize(
    ("font", "where"), [("source-sans-3", SHOWN), ("source-serif-4", HEADINGS)]
)
def test_every_character_is_in_the_font(pages: Pages, font: str, where: str) -> None:
    held = {*HELD[font]["characters"], "\n", "\t"}
    lacking = {
        character: address
        for address, page in pages.items()
        for text in page.xpath(where)
        for character in {*str(text)} - held
    }
    assert not lacking, f"{font} lacks these; make it anew"


def test_the_lists_were_read_of_the_fonts_that_are_there() -> None:
    files = {path.stem: path for path in FONTS.glob("*.woff2")}
    assert files.keys() == HELD.keys()
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == HELD[name]["sha256"], name


def test_the_fonts_are_small() -> None:
    assert sum(path.stat().st_size for path in FONTS.glob("*.woff2")) <= 45_000


def test_the_style_sheet_asks_for_the_fonts_that_are_there(site: Path) -> None:
    text = (site / "assets/cdtref.css").read_text(encoding="utf-8")
    asked = set(re.findall(r'url\("(fonts/[^"]+)"\)', text))
    assert asked == {f"fonts/{name}.woff2" for name in HELD}
    for family in ("Source Sans 3", "Source Serif 4"):
        assert f'"{family}", "{family} Fallback"' in text, "text would move when the font arrives"
