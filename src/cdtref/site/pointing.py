"""A sentence that points back, such as “Not yet.”, stands beside what it points to.

On a page it is quoted only where its entry of the knowledge is near: in another sentence that is
quoted, in bound words, or in a link of the same part of the page. Elsewhere it would be true of
something else.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from . import alike, leads
from .sentences import Sentence

POINTS_BACK = re.compile(
    r"(?:This(?! reference)|That|It|They|These|Those|Yes|No[,.]|Not|Then|So|Such|Its)\b"
)
NEAR = 3
"""Sentences before and behind, within which something is near."""

Origins = Mapping[str, Collection[str]]
"""The entries that say something, such as `denial:bundled`, by its keys in `alike`."""


def out_of_place(
    page: str, source: str, standing: list[Sentence], quoted: set[int], origins: Origins
) -> Iterator[int]:
    """Which of the sentences of a page that are quoted point back to something that is not near."""
    own = [_entries(one, origins) for one in standing]
    links = list(leads.of_page(page, source))
    for at in sorted(quoted):
        text = standing[at].text
        if not POINTS_BACK.match(text) or not own[at]:
            continue
        near: set[str] = set()
        for other in range(max(0, at - NEAR), min(len(standing), at + NEAR + 1)):
            if other != at:
                near |= own[other] | {
                    span.fact.rpartition(" ")[0] for span in standing[other].spans
                }
        for link in links:
            if text in link.around and (fact := leads.fact_at(link.address)):
                near.add(":".join(fact))
        if not own[at] & near:
            yield at


def _entries(one: Sentence, origins: Origins) -> set[str]:
    return {entry for key in alike.keys(one.text) for entry in origins.get(key, ())}
