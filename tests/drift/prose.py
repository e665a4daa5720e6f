"""Every held sentence, on pages and in the knowledge, made false in each way that fits it."""

from collections.abc import Iterator

from cdtref.site import holding
from cdtref.site.holding import ACTS, Held, Hold
from cdtref.site.notes import is_sample
from cdtref.site.sentences import Sentence, Span

from . import Row
from .mutators import PLAIN, Change, swaps
from .oracle import Oracle
from .world import World

STRONG = (Hold.EXECUTED, Hold.BOUND, Hold.QUOTED)
"""A text of the knowledge that loses such a hold breaks a promise."""


class Prose:
    """The mutants of the sentences."""

    def __init__(self, world: World, every: list[Held], files: frozenset[str] | None) -> None:
        self.every = [one for one in every if _asserts(one) and world.is_in(one.where, files)]
        self.texts = holding.texts()
        quoting = [one for one in every if one.hold is Hold.QUOTED]
        self.quoted = holding.quotable(one.sentence.text for one in quoting)
        # What quotes the knowledge would be held by nothing if the knowledge said something else.
        self.noticed = {
            one.sentence.text
            for one in quoting
            if holding.anew(one, one.sentence, frozenset(), frozenset(), {}).wrong
        }
        self.oracle = Oracle(world.tables)
        tables = world.tables
        codes = [code for code, entry in tables["code"].items() if entry["subject"]]
        services = [entry["phrase"] for entry in tables["service"].values()]
        publishers = list(dict.fromkeys(one["publisher"] for one in tables["source"].values()))
        self.mutators = (
            *PLAIN,
            swaps("swap code", codes),
            swaps("swap service", services),
            swaps("swap publisher", publishers),
        )

    def rows(self, part: int = 0, parts: int = 1) -> Iterator[Row]:
        """A row for each mutant, of one of several equal parts of the work."""
        for held in self.every[part::parts]:
            seen = {held.sentence.text}
            for mutator in self.mutators:
                change = mutator(held.sentence.text)
                if change and (new := change.of(held.sentence.text)) not in seen:
                    seen.add(new)
                    fate, by = self._fate(held, change)
                    yield Row("sentence", held.where, change.guide, fate, by, new)

    def _fate(self, held: Held, change: Change) -> tuple[str, str]:
        by = held.hold.value
        mutant = changed(held.sentence, change)
        now = holding.anew(held, mutant, self.texts, self.quoted, {})
        if held.hold is Hold.REVIEWED:
            acts = ACTS.search(mutant.text)
            return ("killed", "word people act on") if acts else ("only reviewed", by)
        if now.wrong or (held.hold is Hold.QUOTED and held.sentence.text in self.noticed):
            return "killed", by
        if ":" in held.where and held.hold in STRONG and now.hold not in STRONG:
            return "killed", "promised"
        if now.hold is Hold.EXECUTED:
            # A sample is made up, and true as long as its code is for what it tells.
            if not (is_sample(held.where) or self.oracle.is_true(mutant.text)):
                return "survived", by
            return "still true" if change.guide.startswith("swap") else "weaker", by
        return ("only tied" if held.hold is Hold.TIED else "survived"), by


def _asserts(held: Held) -> bool:
    """Whether somebody could act on it; a title that says nothing of the kind is held elsewhere."""
    text = held.sentence.text
    title = text.endswith("?") or (held.sentence.label and not ACTS.search(text))
    return not title and held.hold not in (Hold.IDLE, Hold.QUESTION)


def changed(sentence: Sentence, change: Change) -> Sentence:
    """The sentence after a change, which may run through words that are bound."""
    spans, at = [], 0
    for span in sentence.spans:
        start = sentence.text.index(span.words, at)
        at = end = start + len(span.words)
        if change.start < end and start < change.end:
            low, high = max(change.start, start) - start, min(change.end, end) - start
            spans.append(Span(f"{span.words[:low]}{change.new}{span.words[high:]}", span.fact))
        else:
            spans.append(span)
    return sentence._replace(text=change.of(sentence.text), spans=tuple(spans))
