"""What a reader of a file hands on: lines as the file has them, and what it could not read."""

from collections.abc import Iterator
from typing import NamedTuple


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
    """What it counts for: lines of a table, or service lines."""
    told: tuple[str, ...] = ()
    """What a reader has to say of this line, as sentences."""
    span: int = 1
    """The lines of the file it takes."""


class NotRead(NamedTuple):
    """A part of the file that is no line of a claim, or could not be read as one, and why."""

    line: int
    why: str
    rows: int = 1
    """What it counts for: lines of a table, or service lines. None if it is about something around
    them, such as a wrong count."""
    claim: str = ""
    """The claim it belongs to, so that this one is known to be read in part."""
    of: str = "unreadable"
    """Any other is no mistake: `header`, `blank`, `title`, `total`, or a line that the `payer`
    added."""
    span: int = 1
    """The lines of the file it takes."""


class Whole(NamedTuple):
    """A claim that the file itself holds together, as a table does not: an object, a CLM segment.

    Its label need not be its own alone, and may be empty. What could not be read of it comes before
    it, as `NotRead`.
    """

    line: int
    claim: str
    lines: tuple[Given, ...]
    """May be empty: a visit for which nothing is billed, on the date `on`."""
    on: str = ""
    did: tuple[str, ...] = ()
    """What was done at the visit, by whatever line it is billed."""
    note: dict[str, str] | None = None
    """The texts of the record by item, as `check_claim` takes them."""
    in_part: int = 0
    """The first line of it that could not be read; 0 where there is none."""
    told: tuple[str, ...] = ()


Read = Given | NotRead | Whole


class Parted(NamedTuple):
    """What a reader found of a claim, in the order of the file, and the claim without its lines."""

    found: list[Given | NotRead]
    whole: Whole | None = None
    """None for what belongs to no claim, or to one that others share."""

    def settled(self, found: list[Given | NotRead]) -> Iterator[Read]:
        """What was not read, and then the claim with its lines."""
        if self.whole is None:
            yield from found
            return
        lost = [each for each in found if isinstance(each, NotRead)]
        lines = tuple(each for each in found if isinstance(each, Given))
        in_part = min((each.line for each in lost if each.of == "unreadable"), default=0)
        yield from lost
        if lines or (self.whole.did and not in_part):
            line = min((each.line for each in lines), default=self.whole.line)
            yield self.whole._replace(line=line, lines=lines, in_part=in_part)
