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
    "promised": "The list of texts that are held",
    "read back": "The page read back",
    "refused": "The compiler",
    "tied": "The links of the entry",
    "word people act on": "A word that people act on, in a sentence only reviewed",
}
"""What noticed it."""

_HEAD = """\
# What the last run of the mutants found; the page on how pages are checked shows it. `make drift`
# compares, and writes it with ARGS=--write. A survivor is a defect that is known: mend it, or show
# that nobody could act on the change.
"""


class Figure(NamedTuple):
    """How many mutants of a kind met a fate, by what."""

    kind: str
    fate: str
    by: str
    number: int


class Figures(NamedTuple):
    """A run: its figures, and each mutant that nothing noticed."""

    figures: tuple[Figure, ...]
    survivors: tuple[str, ...]

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
    """The figures of a run."""
    counts: Counter[tuple[str, str, str]] = Counter()
    survivors = set()
    for kind, where, guide, fate, by, told in rows:
        counts[kind, fate, by] += 1
        if fate == "survived":
            survivors.add(f"{where}: {guide}: {told}")
    figures = tuple(Figure(*key, count) for key, count in sorted(counts.items()))
    return Figures(figures, tuple(sorted(survivors)))


def read() -> Figures:
    """What the last run wrote down."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    figures = tuple(Figure(**row) for row in found.get("figure", ()))
    return Figures(figures, tuple(found.get("survivors", ())))


def write(figures: Figures) -> None:
    """Write a run down for the site."""
    listed = "".join(f"  {_toml(one)},\n" for one in figures.survivors)
    rows = "".join(
        "\n[[figure]]\n"
        + "".join(f"{key} = {_toml(value)}\n" for key, value in row._asdict().items())
        for row in figures.figures
    )
    FILE.write_text(f"{_HEAD}\nsurvivors = [\n{listed}]\n{rows}", encoding="utf-8")


def differences(run: Figures, *, whole: bool = True) -> list[str]:
    """What a run found that was not written down; of a part of the mutants, only its survivors."""
    written = read()
    told = [f"not noticed: {one}" for one in run.survivors if one not in written.survivors]
    for kind, name in KINDS.items() if whole else ():
        was, now = written.rate(kind), run.rate(kind)
        if abs(was - now) > 1:
            told.append(f"{name}: {now:.1f} % are noticed; written down are {was:.1f} %")
    return told


def _toml(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
