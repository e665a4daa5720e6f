"""Shows a reviewed sentence beside the facts it rests on, before and after: `make reread ID=…`.

ID is a fact such as `charge:medicaid`, a page, or nothing for everything that waits. One sentence
at a time; only a yes writes the month and the digest. What a fact was is looked up in the history
of the knowledge.
"""

import datetime as dt
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cdtref import KnowledgeError, library
from cdtref.compiling import compiled_text

from . import bound, reviewed
from .reviewed import Entry
from .sentences import ROOT
from .untrue import UnreadableError

_OLDEST = 50
"""Commits of the knowledge that are searched for what the facts were."""


def waiting(id: str = "") -> list[Entry]:
    """The sentences whose facts have changed since they were read, or that were never read."""
    return [
        entry
        for entry in reviewed.stale(reviewed.read())
        if not id or id == entry.page or any(fact.startswith(id) for fact in entry.rests)
    ]


def shown(entry: Entry) -> str:
    """A sentence beside its facts, as they were when it was read and as they are."""
    before = _before(entry)
    lines = [f"{entry.page}: {entry.sentence}", f"  last read: {entry.read or 'never'}"]
    for fact in entry.rests:
        was = before.get(fact, "not found")
        lines += [f"  {fact}", f"    before: {was}", f"    now:    {_value(fact)}"]
    return "\n".join(lines)


def mark(entry: Entry, month: str) -> None:
    """Write that a sentence was read in a month beside its facts as they are."""
    head, *blocks = re.split(
        r"(?m)^(?=\[\[sentence\]\])", reviewed.LIST.read_text(encoding="utf-8")
    )
    for at, block in enumerate(blocks):
        (found,) = reviewed.parsed(block)
        if (found.page, found.sentence) == (entry.page, entry.sentence):
            kept = re.sub(r"(?m)^(?:read|digest) = .*\n", "", block).rstrip("\n")
            digest = reviewed.digest(entry.rests)
            blocks[at] = f'{kept}\nread = "{month}"\ndigest = "{digest}"\n\n'
    reviewed.LIST.write_text((head + "".join(blocks)).rstrip("\n") + "\n", encoding="utf-8")


def _before(entry: Entry) -> dict[str, Any]:
    """The facts as they were in the newest commit whose digest is the one that was written down."""
    if not entry.digest:
        return {}
    try:
        for text in _editions():
            library._current = library.Library(text)
            try:
                if reviewed.digest(entry.rests) == entry.digest:
                    return {fact: _value(fact) for fact in entry.rests}
            except UnreadableError:
                continue  # the fact was not there yet
    finally:
        library.forget()
    return {}


def _editions() -> Iterator[str]:
    """The knowledge as it was after each commit, the newest first."""
    folder = "src/cdtref/knowledge"
    log = _git("log", f"-{_OLDEST}", "--format=%H", "--", folder).decode()
    for commit in log.split():
        with tempfile.TemporaryDirectory() as place:
            with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, folder))) as archive:
                archive.extractall(place, filter="data")
            try:
                yield compiled_text(Path(place) / folder)
            except KnowledgeError:
                continue  # it had another shape then


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def _value(fact: str) -> Any:
    value = bound.find(fact).value
    return getattr(value, "value", value)


def main(arguments: list[str]) -> int:
    """Show what waits, one at a time, and ask; the exit status is 1 if something still waits."""
    id = arguments[0] if arguments else ""
    entries = waiting(id)
    if not entries:
        print(f"Nothing waits{f' for {id}' if id else ''}.")
        return 0
    left = 0
    for entry in entries:
        print(shown(entry))
        try:
            answer = input("  Does the sentence still hold? [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() in ("y", "yes"):
            mark(entry, f"{dt.date.today():%Y-%m}")
        else:
            left += 1
    print(f"{len(entries) - left} read, {left} left. Change what does not hold any more.")
    return min(left, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
