"""What each released version changed, for a page and for a feed.

A page tells what a reader would act on: another verdict, another dispute, or how sure we are of a
code to report. What else changed is counted, and `cdtref changes` tells it in full.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import cdtref
from cdtref import Change, Release, Verdict, VerdictRow, history

FEED = "changes.xml"
PAGE = "about/changes/"
_ATOM = "http://www.w3.org/2005/Atom"
_SPACE = uuid.UUID("7c0d1b5e-62a4-5a36-9d7c-9a3c4b1f6e20")
"""Any constant will do: with a version it makes an id that no address and no day can change."""


class Step(NamedTuple):
    """A released version beside the one before it."""

    release: Release
    told: list[tuple[Change, ...]]
    """The changes that a reader would act on, in groups that tell the same of several codes."""
    others: int
    """How many answers changed besides: no code is reported there, before or after, and they differ
    in how sure we are, in what to report instead, or in whether that is disputed."""
    new: list[cdtref.Service]
    """Services that the version before did not know."""
    codes: list[str]
    """Codes that it did not know."""

    @property
    def anchor(self) -> str:
        return "v" + self.release.version.replace(".", "-")

    @property
    def counted(self) -> str:
        """What is told as a number only, in words; empty if there is nothing."""
        if not self.others:
            return ""
        told = "other answers changed in how sure we are, or in what to report instead."
        return f"{self.others} {told}"


def steps() -> list[Step]:
    """Every released version but the first, the newest first."""
    found = cdtref.releases()
    return [_step(old, new) for old, new in pairwise(found)][::-1]


def _step(old: Release, new: Release) -> Step:
    before, after = history.table_of(old.version), history.table_of(new.version)
    services = {row.service for row in before}
    codes = {row.code for row in before}
    changed = [
        change
        for change in history.compare(before, after)
        if change.service in services and change.code in codes
    ]
    acted = tuple(filter(_matters, changed))
    return Step(
        new,
        history.alike(acted),
        len(changed) - len(acted),
        [one for one in cdtref.services() if one.id in {r.service for r in after} - services],
        sorted({row.code for row in after} - codes),
    )


def _matters(change: Change) -> bool:
    before, after = change.before, change.after
    if before is None or after is None or before.verdict is not after.verdict:
        return True
    return after.verdict is Verdict.YES and _sure(before) != _sure(after)


def _sure(row: VerdictRow) -> tuple[object, ...]:
    return row.confidence, row.disputed


# --- The feed -------------------------------------------------------------------------------------


def write_feed(site: Path, address: str) -> None:
    """Writes the feed into a built site. An entry's id does not depend on the address."""
    path = site / FEED
    path.write_bytes(feed(address))


def feed(address: str) -> bytes:
    """An Atom feed of the released versions, the newest first."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    found = steps()
    _add(root, "title", "cdtref: which answers changed")
    _add(root, "id", _id("feed"))
    _add(root, "updated", _stamp(found[0].release.date))
    _add(_add(root, "author"), "name", "cdtref")
    _add(root, "link", rel="self", href=f"{address}{FEED}")
    _add(root, "link", rel="alternate", href=f"{address}{PAGE}")
    for step in found:
        entry = _add(root, "entry")
        _add(entry, "title", f"{step.release.version}: {_count(step)}")
        _add(entry, "id", _id(step.release.version))
        _add(entry, "updated", _stamp(step.release.date))
        _add(entry, "link", rel="alternate", href=f"{address}{PAGE}#{step.anchor}")
        _add(entry, "content", "\n".join(_lines(step)), type="text")
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _count(step: Step) -> str:
    number = sum(map(len, step.told))
    answers = {0: "no answer", 1: "1 answer"}.get(number, f"{number} answers")
    return f"{answers} to act on changed"


def _lines(step: Step) -> Iterator[str]:
    for changes in step.told:
        first = changes[0]
        codes = ", ".join(change.code for change in changes)
        short = cdtref.service(first.service).short
        yield f"{codes}, {short}, {first.since} to {first.until}: {history.told(first)}."
        if first.why:
            yield first.why
    if step.new:
        yield f"New services: {', '.join(service.short for service in step.new)}."
    if step.codes:
        yield f"New codes: {', '.join(step.codes)}."
    yield step.counted or "No other answer changed."


def _add(to: ElementTree.Element, name: str, text: str = "", **given: str) -> ElementTree.Element:
    made = ElementTree.SubElement(to, f"{{{_ATOM}}}{name}", given)
    made.text = text or None
    return made


def _id(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, name)}"


def _stamp(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
