"""What a reader of a file hands on: lines as the file has them, and what it could not read."""

from typing import Any, NamedTuple


class Given(NamedTuple):
    """A claim line as the file has it: the words of its cells, not yet understood."""

    line: int
    """The line of the file it begins on. In an X12 file, and in JSON that is all one line, the
    ordinal of the service line."""
    claim: str
    """The claim's own label, or empty."""
    on: str
    """The date of service, as ISO text where the reader knows its form; empty where the file names
    none."""
    billed: str
    did: tuple[str, ...] = ()
    arch: str = ""
    quantity: str = ""
    rows: int = 1
    """The lines of the file it takes."""
    told: tuple[str, ...] = ()
    """What a reader has to say of this line, as sentences."""


class NotRead(NamedTuple):
    """A part of the file that is no line of a claim, or could not be read as one, and why."""

    line: int
    why: str
    rows: int = 1
    """The lines of the file it takes with it; in an X12 file, service lines. None if it is about
    something around them, such as a wrong count."""
    claim: str = ""
    """The claim it belongs to, so that this one is known to be read in part."""
    of: str = "unreadable"
    """`header`, `blank`, `title` and `total` are no mistake."""


class Whole(NamedTuple):
    """A claim of which the file says more than its lines do: what was done, or the note.

    What could not be read of it comes before it, as `NotRead`, and makes it one read in part.
    """

    line: int
    claim: str
    lines: tuple[Given, ...]
    """May be empty: a visit for which nothing is billed, on the date `on`."""
    on: str = ""
    did: tuple[str, ...] = ()
    """What was done at the visit, by whatever line it is billed."""
    note: Any = None
    """Text or a mapping, as `check_claim` takes it; None where there is none."""
    in_part: bool = False
    rows: int = 1
    told: tuple[str, ...] = ()


Read = Given | NotRead | Whole
