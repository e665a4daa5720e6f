"""Counts what became of each line of a file, and says what was taken for what."""

from collections import Counter
from collections.abc import Iterator

from cdtref.model import Severity

_ASIDE = {
    "header": "the header",
    "title": "above the header",
    "blank": "blank",
    "total": "a total",
    "left-out": "left out as you asked",
    "payer": "added by the payer",
}
"""What a line that is no claim line may be, where nothing is wrong with it."""

_SEVERITIES = [(severity, severity.value) for severity in Severity]


class Summary:
    """What a check of a file comes to. It grows while the results are read.

    Each line of the file is in exactly one of `checked`, `outside`, `own` and `not_read`.
    """

    def __init__(self) -> None:
        self.checked = 0
        """Lines with a code of this topic, which were checked."""
        self.outside = 0
        """Lines with a code outside this topic."""
        self.own = 0
        """Lines with an office's own code, or one of another code set."""
        self.not_read: Counter[str] = Counter()
        """The other lines, by what they are: `unreadable`, or no claim line at all: `header`,
        `title`, `blank`, `total`, `left-out`, `payer`."""
        self.claims = 0
        """Claims with at least one line that was read."""
        self.findings: Counter[str] = Counter()
        """Findings by severity."""
        self.undescribed = 0
        """Lines checked of which nothing says what was done."""
        self.apart: tuple[int, ...] = ()
        """The first claim whose rows stand apart and were checked together: some of its lines."""
        self.joined = 0
        """How many such claims there are."""

    def add(self, lines: tuple[int, int, int, int]) -> None:
        """Adds lines that were checked, are outside, are an office's own; and are undescribed."""
        self.checked += lines[0]
        self.outside += lines[1]
        self.own += lines[2]
        self.undescribed += lines[3]

    def count(self, times: int, lines: tuple[int, int, int, int], found: list[Severity]) -> None:
        """Counts claims that are alike."""
        self.claims += times
        self.add((lines[0] * times, lines[1] * times, lines[2] * times, lines[3] * times))
        for severity, name in _SEVERITIES:
            self.findings[name] += times * found.count(severity)

    @property
    def lines(self) -> int:
        """All lines of the file; in one that has no lines of its own, such as an X12 file, all
        service lines."""
        return self.checked + self.outside + self.own + self.not_read.total()

    @property
    def unreadable(self) -> int:
        """Lines that could not be read."""
        return self.not_read["unreadable"]

    def told(self, unit: str = "line") -> Iterator[str]:
        """The summary in sentences."""
        parts = [f"{self.checked:,} checked"]
        if self.outside:
            parts.append(f"{self.outside:,} outside this topic")
        if self.own:
            parts.append(f"{self.own:,} with an office's own code")
        for of, name in _ASIDE.items():
            if self.not_read[of]:
                parts.append(f"{self.not_read[of]:,} {name}")
        if self.unreadable:
            parts.append(f"{self.unreadable:,} not read")
        yield f"{_counted(self.lines, unit)}: {', '.join(parts)}."
        found = (_counted(self.findings[severity], severity) for severity in Severity)
        yield f"{_counted(self.claims, 'claim')}: {', '.join(found)}."
        if self.undescribed:
            yield (
                f"Nothing says what was done in {_counted(self.undescribed, 'checked ' + unit)}: "
                "only dates, repeats and what stands beside them could be looked at."
            )
        if self.joined:
            yield (
                f"The rows of {_counted(self.joined, 'claim')} stand apart, first in lines "
                f"{' and '.join(map(str, self.apart))}. They were checked together."
            )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
