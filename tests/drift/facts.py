"""Every value of every fact, made false once: does a check of what people read go red?"""

import typing
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple, get_args, get_origin

from cdtref import CdtrefError
from cdtref.compiling import marks
from cdtref.compiling.checks import KINDS, REFERENCES, leaves
from cdtref.site import holding, reviewed
from cdtref.site.advice import sentences
from cdtref.site.cards import check_card, shown_card
from cdtref.site.holding import Held, Hold
from cdtref.site.notes import is_sample
from cdtref.site.sentences import Span

from . import Row
from .mutators import PLAIN, values
from .world import World, traced

SEARCHED = {"topic", "synonym", "filler"}
"""Kinds that hold words people type. The tests of the search hold them; nobody reads them."""
WORDS = {"also", "shared", "same", "kinds"}
"""Fields of the same sort."""


class Watched(NamedTuple):
    """Something that is put to the library again when a fact that it rests on has changed."""

    held: Held | None
    scenario: str = ""
    """The scenario whose card it is, read anew each time."""

    def notices(self) -> str:
        """By what it is killed; nothing if it still holds."""
        try:
            if self.scenario:
                check_card(shown_card(self.scenario))
            elif self.held and holding.again(self.held).hold is Hold.FALSE:
                return self.held.hold.value
        except (ValueError, CdtrefError, KeyError):  # or the library cannot answer at all
            return "executed"
        return ""


class Facts:
    """The mutants of the facts."""

    def __init__(self, world: World, every: list[Held], files: frozenset[str] | None) -> None:
        self.world = world
        self.files = files
        quoting = [held for held in every if held.hold is Hold.QUOTED]
        self.quoted = holding.quotable(held.sentence.text for held in quoting)
        self.in_text = {held.where for held in every if ":" in held.where}
        self.listed = reviewed.read()
        self.rests = {fact for one in self.listed.values() for fact in one.rests}
        self.resting: dict[tuple[str, str, str], list[Watched]] = {}
        # A sample rests on the words of the search, which are not changed here.
        held = [one for one in every if not is_sample(one.where)]
        watched = [Watched(h) for h in held if h.hold in (Hold.EXECUTED, Hold.BOUND)]
        for one in [*watched, *(Watched(None, id) for id in world.tables["scenario"])]:
            with world.reading_as_before():
                one.notices()  # what its words mean is known then, and traced is what they say
                with traced() as touched:
                    one.notices()
            for place in touched:
                self.resting.setdefault(place, []).append(one)
        self.elsewhere: dict[tuple[str, str], list[Any]] = {}
        for kind, entries in world.tables.items():
            for entry in entries.values():
                for _, field, value in leaves(entry):
                    self.elsewhere.setdefault((kind, field), []).append(value)

    def rows(self, part: int = 0, parts: int = 1) -> Iterator[Row]:
        """A row for each mutant, of one of several equal parts of the work."""
        for at, (kind, id, path) in enumerate(self._places()):
            if at % parts == part:
                yield from self._of(kind, id, path)

    def _places(self) -> Iterator[tuple[str, str, str]]:
        for kind, entries in self.world.tables.items():
            if kind in SEARCHED:
                continue
            for id, entry in entries.items():
                if not self.world.is_in(f"{kind}:{id}", self.files):
                    continue
                for path, field, value in leaves(entry):
                    if field not in WORDS and value not in ("", None):
                        yield kind, id, path

    def _of(self, kind: str, id: str, path: str) -> Iterator[Row]:
        entry = self.world.tables[kind][id]
        value, field = _at(entry, path), path.rpartition(".")[2].partition("[")[0]
        for guide, new in self._changes(kind, path, field, value):
            changed = _copy(entry)
            _put(changed, path, new)
            fate, by = self._fate(kind, id, path, changed)
            yield Row("fact", f"{kind}:{id} {path}", guide, fate, by, f"{value} → {new}")

    def _changes(self, kind: str, path: str, field: str, value: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(value, str) and " " in value and field not in REFERENCES:
            done = sentences(value)
            for at, sentence in enumerate(done):
                for mutator in PLAIN:
                    if change := mutator(sentence):
                        new = " ".join([*done[:at], change.of(sentence), *done[at + 1 :]])
                        yield change.guide, new
                        break
        else:
            others = self.elsewhere[kind, field]
            target = REFERENCES.get(field)
            if target and (kind, field) not in (("code", "code"), ("remittance", "code")):
                others = list(self.world.tables[target])
            yield from values(value, _type(KINDS[kind], path), others)

    def _fate(self, kind: str, id: str, path: str, changed: dict[str, Any]) -> tuple[str, str]:
        top = path.partition(".")[0].partition("[")[0]
        tables = self.world.changed(kind, id, changed)
        refused, tied = self.world.mistakes(tables, kind, id)
        if refused or tied:
            return "killed", "tied" if tied else "refused"
        resting = [
            one
            for key, ones in self.resting.items()
            if key[0] in (kind, "position" if kind == "source" else kind)
            and (key[1] == id or key[0] != kind)
            and key[2] in (top, {"not": "not_"}.get(top, top))
            for one in ones
        ]
        with self.world.answering(tables):
            for one in resting:
                if by := one.notices():
                    return "killed", by
            if by := self._text_notices(kind, id, path, changed):
                return "killed", by
        rests = {f"{kind}:{id} {top}", f"{kind}:{id}"} & self.rests
        if rests or self._was_reviewed(kind, id, path, changed):
            return "only reviewed", "reviewed"
        if resting:
            return "still true", "what rests on it holds all the same"
        return "one place", "only what is made from it shows it"

    def _text_notices(self, kind: str, id: str, path: str, changed: dict[str, Any]) -> str:
        """A text that changed is held itself: by a form, by bound words, or as a quotation."""
        new = _at(changed, path)
        if not isinstance(new, str) or " " not in new:
            return ""
        before = set(sentences(_at(self.world.tables[kind][id], path)))
        now = set(sentences(new))
        if self.quoted & holding.quotable(before - now):
            return "quoted"
        if f"{kind}:{id} {path}" not in self.in_text:
            return ""
        marked = _at(self.world.read.marked[kind, id], path)
        spans = [Span(*span) for span in marks.spans(marked)]
        if any(span.words not in new for span in spans):
            return "bound"
        held = holding.of_text(kind, id, path, new, spans, self.quoted, self.listed)
        wrong = [one for one in held if one.wrong and not self._was_listed(one, before - now)]
        return "bound" if any(one.sentence.spans for one in wrong) else "executed" if wrong else ""

    def _was_reviewed(self, kind: str, id: str, path: str, changed: dict[str, Any]) -> bool:
        """Whether a sentence of a text that changed is held by the list alone."""
        before, now = _at(self.world.tables[kind][id], path), _at(changed, path)
        gone = set(sentences(before)) - set(sentences(now)) if isinstance(before, str) else set()
        return any((f"{kind}:{id} {path}", text) in self.listed for text in gone)

    def _was_listed(self, one: Held, gone: set[str]) -> bool:
        """Whether it is free only because it took the place of a sentence of the list."""
        return one.hold is Hold.FREE and any((one.where, text) in self.listed for text in gone)


def _at(entry: Any, path: str) -> Any:
    for step in path.replace("[", ".").replace("]", "").split("."):
        entry = entry[int(step)] if step.isdigit() else entry[step]
    return entry


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, tuple | list) else value


def _put(entry: Any, path: str, value: Any) -> None:
    *steps, last = path.replace("[", ".").replace("]", "").split(".")
    for step in steps:
        entry = entry[int(step)] if step.isdigit() else entry[step]
    entry[int(last) if last.isdigit() else last] = value


def _type(kind: Any, path: str) -> Any:
    for name in [step.partition("[")[0] for step in path.split(".")]:
        kind = typing.get_type_hints(kind)[{"not": "not_"}.get(name, name)]
        while get_origin(kind) is tuple or get_args(kind):
            kind = get_args(kind)[0]
    return kind if isinstance(kind, type) and issubclass(kind, StrEnum) else None
