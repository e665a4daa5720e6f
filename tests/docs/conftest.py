"""The built site, once for all tests that look at it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import html

from tests.docs.examples import ROOT

Pages = dict[str, html.HtmlElement]


def build(folder: Path, start: Sequence[str] = ("-m", "mkdocs"), **settings: str) -> None:
    """Builds the site into a folder, with every warning an error."""
    command = [sys.executable, *start, "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"} | settings
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    # Warnings and errors only: the rest is a builder at work.
    told = [line for line in built.stderr.splitlines() if not line.startswith("INFO")]
    if built.returncode:
        pytest.fail("\n".join(["the site does not build:", *told[-40:]]), pytrace=False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def pages(site: Path) -> Pages:
    """Every page of the site, by its path such as `codes/D0470/`."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): html.fromstring(
            path.read_text(encoding="utf-8")
        )
        for path in sorted(site.rglob("*.html"))
    }
