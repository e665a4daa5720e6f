"""How far each hand-written page is held to the library, in figures."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from . import holding, reviewed
from .holding import Hold


class Row(NamedTuple):
    """The figures of one page: its sentences that assert something, by how they are held."""

    address: str
    holds: Counter[Hold]
    examples: int

    @property
    def held(self) -> int:
        return sum(self.holds[hold] for hold in HELD)


HELD = (Hold.EXECUTED, Hold.BOUND, Hold.QUOTED, Hold.REVIEWED)


def rows(docs: Path) -> list[Row]:
    """The figures of every page that has a sentence or an example of its own, by address."""
    texts, listed, found = holding.texts(), reviewed.read(), []
    for page, source in holding.pages(docs).items():
        holds = Counter(held.hold for held in holding.on_page(page, source, texts, listed))
        examples = len(re.findall(r"(?m)^ *```(?:scenario|python)$", source))
        row = Row(re.sub(r"(?:(^|/)index)?\.md$", r"\1", page), holds, examples)
        if row.held or examples:
            address = f"{row.address}/" if row.address[-1:] not in ("", "/") else row.address
            found.append(row._replace(address=address))
    return found


def main() -> None:
    """Print the share of the sentences of each page, by how they are held."""
    table = rows(holding.DOCS)
    for row in [*table, Row("all", sum((row.holds for row in table), Counter()), 0)]:
        shares = (f"{hold.value} {row.holds[hold] / row.held:4.0%}" for hold in HELD if row.held)
        print(f"{row.held:4} held  {', '.join(shares)}  /{row.address}")


if __name__ == "__main__":
    main()
