"""Makes the mutants in equal parts, on as many processes."""

import multiprocessing
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cdtref.site import holding
from tests.docs.conftest import build

from . import Row
from .facts import Facts
from .outputs import Outputs
from .prose import Prose
from .world import World


class Part(NamedTuple):
    """One of several equal parts of the work."""

    number: int
    of: int
    site: Path
    files: frozenset[str] | None
    """Only what these files hold or make, by their paths; None for everything."""


def mutants(part: Part) -> Iterator[Row]:
    """The rows of a part. What does not hold before anything is changed breaks the run."""
    world = World()
    every = holding.everything()
    if wrong := holding.mistakes(every):
        raise SystemExit("\n".join(["Before anything is changed:", *map(str, wrong)]))
    yield from Prose(world, every, part.files).rows(part.number, part.of)
    yield from Facts(world, every, part.files).rows(part.number, part.of)
    yield from Outputs(part.site, part.files).rows(part.number, part.of)


def _rows(part: Part) -> list[Row]:
    return list(mutants(part))


def run(jobs: int, files: frozenset[str] | None = None) -> list[Row]:
    """Every mutant, on as many processes."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        build(site)
        parts = [Part(number, jobs, site, files) for number in range(jobs)]
        with multiprocessing.get_context("spawn").Pool(jobs) as pool:
            done = pool.map(_rows, parts, chunksize=1)
    return sorted(row for rows in done for row in rows)
