"""The figures of the last run of the mutants, which the site shows. `make drift` writes them."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("drift.toml")
KINDS = {
    "fact": "Values of facts",
    "sentence": "Sentences",
    "output": "What templates write",
}
"""What was made false."""
FATES = {
    "killed": "Noticed",
    "still true": "Still true",
    "weaker": "True, says less",
    "one place": "Shown in one place only",
    "only reviewed": "Only reviewed",
    "only tied": "Only tied",
    "survived": "Not noticed",
}
"""What became of it. Only what was noticed or not noticed counts in a rate."""

BY = {
    "executed": "A form, an example or a card",
    "bound": "Words bound to a value",
    "quoted": "A quotation",
    "read back": "The page read back",
    "refused": "The compiler",
    "tied": "The links of the entry",
    "word people act on": "A word that people act on, in a sentence only reviewed",
}
"""What noticed it."""

_HEAD = """\
# What the last run of the mutants found; the page on how pages are checked shows it. `make drift`
# writes the figures. Each survivor has a reason, or is a defect to mend.
"""


class Figure(NamedTuple):
    """How many mutants of a kind met a fate, by what."""

    kind: str
    fate: str
    by: str
    number: int


class Survivor(NamedTuple):
    """A mutant that nothing noticed, and why it may stand."""

    mutant: str
    reason: str


class Figures(NamedTuple):
    """A run: its figures, and each mutant that nothing noticed."""

    figures: tuple[Figure, ...]
    survivors: tuple[Survivor, ...]

    def number_of(self, kind: str, fate: str) -> int:
        return sum(one.number for one in self.figures if (one.kind, one.fate) == (kind, fate))

    def rate(self, kind: str) -> float:
        """The share that was noticed, in percent."""
        killed, survived = self.number_of(kind, "killed"), self.number_of(kind, "survived")
        return 100 * killed / (killed + survived) if killed + survived else 100.0

    def by(self) -> list[tuple[str, int]]:
        """How many were noticed by each way to hold, the most first."""
        counts: Counter[str] = Counter()
        for one in self.figures:
            if one.fate == "killed":
                counts[one.by] += one.number
        return counts.most_common()


def of_rows(rows: Iterable[tuple[str, str, str, str, str, str]]) -> Figures:
    """The figures of a run, with the reasons that are known for its survivors."""
    reasons = {one.mutant: one.reason for one in read().survivors}
    counts: Counter[tuple[str, str, str]] = Counter()
    survivors = set()
    for kind, where, guide, fate, by, told in rows:
        counts[kind, fate, by] += 1
        if fate == "survived":
            survivors.add(f"{kind} {where}: {guide}: {told}")
    return Figures(
        tuple(Figure(*key, count) for key, count in sorted(counts.items())),
        tuple(Survivor(mutant, reasons.get(mutant, "")) for mutant in sorted(survivors)),
    )


def read() -> Figures:
    """What the last run wrote down."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return Figures(
        tuple(Figure(**row) for row in found.get("figure", ())),
        tuple(Survivor(**row) for row in found.get("survivor", ())),
    )


def write(figures: Figures) -> None:
    """Write a run down for the site."""
    rows = [("figure", one._asdict()) for one in figures.figures]
    rows += [("survivor", one._asdict()) for one in figures.survivors]
    text = "".join(
        f"\n[[{name}]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in row.items())
        for name, row in rows
    )
    FILE.write_text(f"{_HEAD}{text}", encoding="utf-8")


def differences(run: Figures, whole: bool = True) -> list[str]:
    """What a run found that was not written down; of a part of the mutants, only its survivors."""
    written = read()
    loose = [one.mutant for one in run.survivors if not one.reason]
    told = [f"not noticed, and no reason is given: {mutant}" for mutant in loose]
    if whole:
        for kind, name in KINDS.items():
            was, now = written.rate(kind), run.rate(kind)
            if abs(was - now) > 1:
                told.append(f"{name}: {now:.1f} % are noticed; written down are {was:.1f} %")
    return told


def _toml(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
