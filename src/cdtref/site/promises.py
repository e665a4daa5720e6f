"""Which texts of the knowledge are held, so that none loses its hold unseen.

`held.txt` has a text a line, with the number of its sentences that are executed or quoted, and of
the words that are bound. A sentence that takes the place of one, and that nothing holds, is told;
so are words that take the place of bound ones. `make ledger` writes the list down: `python -m
cdtref.site.promises`.
"""

import re
from collections import Counter
from pathlib import Path

from . import holding
from .holding import Held, Hold

FILE = Path(__file__).with_name("held.txt")


def promised() -> dict[str, int]:
    """What is written down, by entry and field."""
    rows = (line.rpartition(" ") for line in FILE.read_text(encoding="utf-8").splitlines())
    return {where: int(number) for where, _, number in rows}


def held(found: list[Held]) -> dict[str, int]:
    """How many holds each text of the knowledge has: sentences, or bound words of them."""
    counts: Counter[str] = Counter()
    for one in found:
        if ":" in one.where and one.hold in (Hold.EXECUTED, Hold.BOUND, Hold.QUOTED):
            counts[re.sub(r"\[\d+\]", "", one.where)] += max(1, len(one.sentence.spans))
    return dict(sorted(counts.items()))


def broken(found: list[Held]) -> list[str]:
    """The texts that lost a hold."""
    now = held(found)
    return [
        f"{where}: {number} of its sentences or words were held, {now.get(where, 0)} "
        "are. Hold them as well; if they are gone on purpose, run `make ledger`"
        for where, number in promised().items()
        if now.get(where, 0) < number
    ]


def main() -> None:
    """Write down what is held now."""
    lines = [f"{where} {number}\n" for where, number in held(holding.everything()).items()]
    FILE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
