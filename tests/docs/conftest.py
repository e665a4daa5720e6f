"""The built site, once for all tests that look at it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from tests.docs import ROOT

Pages = dict[str, html.HtmlElement]


# A program in the place of `python -m MODULE …`, on another day.
ON_A_DAY = """
import runpy, sys
import time_machine
day, module = sys.argv[1:3]
sys.argv = [module, *sys.argv[3:]]
with time_machine.travel(day):
    runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def build(folder: Path, day: str = "", **settings: str) -> None:
    """Builds the site into a folder and finishes it, with every warning an error."""
    start = ["-c", ON_A_DAY, day] if day else ["-m"]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"} | settings
    for command in (
        ["mkdocs", "build", "--strict", "--site-dir", str(folder)],
        ["cdtref.site.finish", str(folder)],
    ):
        done = subprocess.run(
            [sys.executable, *start, *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        # Warnings and errors only: the rest is a builder at work.
        told = [line for line in done.stderr.splitlines() if not line.startswith("INFO")]
        if done.returncode:
            pytest.fail("\n".join(["the site does not build:", *told[-40:]]), pytrace=False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def everything(site: Path) -> Pages:
    """Every file of HTML, those that only lead on too, by its path such as `codes/D0470/`."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): html.fromstring(
            path.read_text(encoding="utf-8")
        )
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def pages(everything: Pages) -> Pages:
    """Every page of the site, by its path."""
    return {where: page for where, page in everything.items() if not leads_on(page)}


def leads_on(page: html.HtmlElement) -> bool:
    """Whether a page is there only to send its reader to another."""
    return bool(page.xpath("//meta[@http-equiv='refresh']"))
