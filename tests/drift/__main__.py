"""Runs the mutants and prints the table: `make drift`.

An exit status of 1 says that something was not noticed and has no reason written down for it, or
that the figures are no longer those that the site shows.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter

from cdtref.site import drift
from cdtref.site.sentences import ROOT

from . import Row
from .running import run


def changed_since(commit: str) -> frozenset[str]:
    """The files that differ from a commit."""
    command = ["git", "diff", "--name-only", commit]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return frozenset(told.split())


def table(rows: list[Row]) -> str:
    """How many mutants of each kind met which fate, by what."""
    counts = Counter((row.kind, row.fate, row.by) for row in rows)
    return "\n".join(
        f"{count:7,}  {kind:9} {fate:14} {by}" for (kind, fate, by), count in sorted(counts.items())
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drift", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures for the site")
    parser.add_argument("--since", metavar="COMMIT", help="only what changed since a commit")
    parser.add_argument("--rows", metavar="FATE", help="print the rows of a fate, such as survived")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    start = time.monotonic()
    files = changed_since(options.since) if options.since else None
    rows = run(options.jobs, files)
    print(table(rows))
    print(f"{len(rows):,} mutants in {time.monotonic() - start:.0f} s")
    for row in rows:
        if row.fate == options.rows:
            print(f"{row.where}: {row.guide} ({row.by}): {row.told}")
    figures = drift.of_rows(rows)
    if options.write:
        drift.write(figures)
    told = drift.differences(figures, whole=files is None)
    print("\n".join(told))
    return min(len(told), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
