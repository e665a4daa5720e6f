"""`python -m cdtref.compiling` checks the knowledge, and lists what has to be looked at again."""

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import compiling
from ..errors import KnowledgeError
from . import checks, review, schemas


def main(arguments: Sequence[str] | None = None, folder: Path = compiling.KNOWLEDGE) -> int:
    """Check the files and list every mistake; or, with an option, what to look at again."""
    parser = argparse.ArgumentParser(
        prog="python -m cdtref.compiling", description="Check the knowledge files."
    )
    option = parser.add_mutually_exclusive_group()
    option.add_argument(
        "--due",
        metavar="DATE",
        type=dt.date.fromisoformat,
        help="list what is due for review by a date, by source; exit status 1 if anything is",
    )
    option.add_argument(
        "--next",
        action="store_true",
        help="list what the next edition demands before it can answer, source by source",
    )
    option.add_argument(
        "--schemas",
        action="store_true",
        help="write the JSON Schemas anew, after a change of types",
    )
    options = parser.parse_args(arguments)
    try:
        if options.schemas:
            schemas.write(folder / "schema")
            return 0
        if options.next:
            return _next(folder)
        text = compiling.compiled_text(folder)
        if options.due:
            return _due(folder, options.due)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The knowledge holds together: {len(text.encode()):,} bytes.")
    return 0


def _due(folder: Path, on: dt.date) -> int:
    tables = compiling.read(folder).tables
    facts = review.overdue(tables, on)
    lines = review.by_source(facts, tables)
    if not facts:
        print(f"No review is due by {on}.")
        return 0
    print(f"Due for review by {on}: {len(facts)} facts, source by source.")
    print("\n".join(lines))
    return 1


def _next(folder: Path) -> int:
    """Works on files that do not hold together yet: they are what is being mended."""
    tables = compiling.read(folder).tables
    dangling = list(checks.check_references(tables))
    if dangling:
        listed = tuple(f"{kind} {id!r}: {message}" for kind, id, message in dangling)
        raise KnowledgeError("\n".join(listed), mistakes=listed)
    edition, facts = review.demanded(tables)
    span = f"{edition['id']}, {edition['since']} to {edition['until']}"
    if not facts:
        print(f"Everything is confirmed for {span}.")
        compiling.compiled_text(folder)  # says what else is left to do
        return 0
    print(f"{span}, demands a look at {len(facts)} facts before it can answer.")
    print("First read what it changes, from:")
    for source in edition["sources"]:
        print(f"     {review.described(source, tables)}")
    print("Then compare, source by source. CONTRIBUTING says how to confirm.")
    print("\n".join(review.by_source(facts, tables)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
