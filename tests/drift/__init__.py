"""Changes every fact, every held sentence and what the templates write, and sees who notices.

`make drift` runs it. Each mutant is made once, and is one row: killed, and by what; still true;
shown in one place only; or survived. The runner knows nothing of dentistry: `mutators` has the
words that it changes, and the names come from the knowledge.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """A mutant, and what became of it."""

    kind: str
    """`fact`, `sentence` or `output`."""
    where: str
    guide: str
    """The guide word: negate, swap, earlier, …"""
    fate: str
    """`killed`, `reviewed`, `one place`, `still true`, `weaker`, or `survived`."""
    by: str
    """What killed it, or how what survived is held."""
    told: str
    """The mutant, for a reader."""
