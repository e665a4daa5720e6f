"""Writes what was found in a file of claims: for people, as JSON or CSV, or beside its rows."""

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import IO, Any, NamedTuple, TextIO

from cdtref.errors import InvalidInputError
from cdtref.exchange import plainly
from cdtref.findings import Finding, Kind
from cdtref.model import Severity
from cdtref.words import filled

from . import sniffing
from .grouping import Checked, Shape
from .lines import NotRead
from .tables import Aside, Rows, Table


class Chosen(NamedTuple):
    """Which findings are told."""

    severity: Severity = Severity.NOTE
    """The mildest."""
    kinds: frozenset[str] = frozenset()
    """None stands for all."""

    def takes(self, finding: Finding) -> bool:
        """Whether a finding is told."""
        mild = finding.severity.rank < self.severity.rank
        return not mild and (not self.kinds or finding.kind.value in self.kinds)


class Told(NamedTuple):
    """A finding, or what was not read, with where it stands in the file."""

    claim: str
    line: int
    lines: tuple[int, ...]
    on: dt.date | None
    finding: Finding | None
    """As it is found on every such visit: `lines` and `on` stand beside it. None if not read."""
    why: str


def told_of(result: Checked | NotRead, chosen: Chosen) -> Iterator[Told]:
    """What is to be told of a result."""
    if isinstance(result, NotRead):
        yield Told(result.claim, result.line, (result.line,), None, None, result.why)
        return
    claim, first = result.claim, result.first
    if not isinstance(result.found, Shape):
        for finding in filter(chosen.takes, result.found):
            lines = finding.lines
            line = lines[0] if lines else first
            yield Told(claim, line, lines, finding.on, finding, finding.why)
        return
    for finding, places in result.found.found:
        if chosen.takes(finding):
            lines = result.at(places)
            line = lines[0] if lines else first
            yield Told(claim, line, lines, result.date, finding, finding.why)


# --- For people -----------------------------------------------------------------------------------


def headline(finding: Finding, on: dt.date | str | None) -> str:
    """What is wrong and what would be right, in a line."""
    code, instead = finding.code, " and ".join(finding.instead)
    told = _HEADLINES[finding.kind]
    if finding.kind is Kind.WRONG_CODE:
        told = "report {instead}, not {code}" if instead else "do not report {code} for it"
    elif finding.kind is Kind.INVALID_FOR_DATE and instead:
        told += ": report {instead}"
    elif finding.kind is Kind.NOT_CHECKED and code:
        told += ": {code}"
    return told.format(code=code, instead=instead, on=on)


_HEADLINES = {
    Kind.WRONG_CODE: "",
    Kind.INVALID_FOR_DATE: "{code} was not in force on {on}",
    Kind.UNBUNDLED: "do not report {code}: it is part of something else",
    Kind.DUPLICATE: "{code} more than once on {on}",
    Kind.UNBILLED_SERVICE: "{code} was done and is on no line",
    Kind.BUNDLING_RISK: "look at what stands together here",
    Kind.DOCUMENTATION: "the note for {code} lacks something",
    Kind.UNSETTLED: "{code}: ask the payer",
    Kind.NOT_CHECKED: "not checked",
    Kind.AFTER_LAST_EDITION: "{code}: {on} is after the last edition here",
}


def where(lines: tuple[int, ...], claim: str) -> str:
    """The lines of a finding and its claim, in words."""
    shown = ", ".join(map(str, lines[:_SHOWN]))
    more = " …" if len(lines) > _SHOWN else ""
    return f"line{'s' if lines[1:] else ''} {shown}{more}{f', claim {claim}' if claim else ''}"


_SHOWN = 5


class _Kept(dict[int, tuple[Finding, Any]]):
    """What is written of a finding, once for all visits on which it is found.

    It goes by the object, since findings are slow to compare and visits share them.
    """

    def __init__(self, write: Callable[[Finding], Any]) -> None:
        super().__init__()
        self._write = write

    def of(self, finding: Finding) -> Any:
        """What was written of it, whatever its date and lines."""
        kept = self.get(id(finding))
        if kept is None:
            if len(self) >= _MANY:
                self.clear()
            kept = self[id(finding)] = finding, self._write(finding)
        return kept[1]

    def of_shape(self, shape: Shape) -> list[tuple[Any, ...]]:
        """What was written of each finding that is told, after the places that it is about."""
        parts = [(places, self.of(finding)) for finding, places in shape.found]
        return [(places, *kept) for places, kept in parts if kept is not None]


_MANY = 10_000


class Texts:
    """Writes the results of one file in lines for people.

    Why stands below the first finding for which it is so; later ones name its line. In brief there
    is none. `file` is named where there are several.
    """

    def __init__(self, chosen: Chosen, file: str = "", *, brief: bool) -> None:
        self._chosen = chosen
        self._brief = brief
        self._before = f"{file}: " if file else ""
        self._kept = _Kept(self._part)
        self._said: dict[str, int] = {}
        """In which line stands why."""

    def of(self, result: Checked | NotRead) -> tuple[str, int]:
        """The lines of a result, and its exit status."""
        if isinstance(result, NotRead) or not isinstance(result.found, Shape):
            return self._first(result)
        if result.found.kept is None:
            written = self._first(result)
            result.found.kept = self._kept.of_shape(result.found)
            return written
        told, status = [], 0
        claim, first = result.claim, result.first
        name = f", claim {claim}" if claim else ""
        for places, head, dated, rest, severe in result.found.kept:
            if len(places) == 1:
                at = f"{self._before}line {first + places[0]}{name}"
            else:
                lines = tuple([first + place for place in places]) or (first,)
                at = f"{self._before}{where(lines, claim)}"
            told.append(
                f"{at}{head}{rest}" if dated is None else f"{at}{head}{result.date}{dated}{rest}"
            )
            status |= severe
        return "".join(told), status

    def _first(self, result: Checked | NotRead) -> tuple[str, int]:
        """The same, of what was not written yet, or is not found alike elsewhere."""
        every = list(told_of(result, self._chosen))
        text = "".join([f"{self._text(one)}\n" for one in every])
        return text, max(map(status_of, every), default=0)

    def _text(self, one: Told) -> str:
        """What is told, in lines."""
        at = self._before + where(one.lines or (one.line,), one.claim)
        finding = one.finding
        if finding is None:
            return filled(f"{at}: not read: {one.why}")
        head = f"{at}: {finding.severity.value}: {headline(finding, one.on)}"
        if self._brief:
            return head
        why = _reasons(one.why, finding.last_known)
        if (line := self._said.get(why)) is not None:
            return f"{head}{_as_in(line)}"
        if len(self._said) >= _MANY:
            self._said.clear()
        self._said[why] = one.line
        return f"{head}\n{why}"

    def _part(self, finding: Finding) -> tuple[str, str | None, str, int] | None:
        """What stands before and after the date, then where why stands, and the exit status."""
        if not self._chosen.takes(finding):
            return None
        head = f": {finding.severity.value}: {headline(finding, _DATE)}"
        before, dated, after = head.partition(_DATE)
        line = self._said.get(_reasons(finding.why, finding.last_known))
        rest = "" if line is None else _as_in(line)
        return before, after if dated else None, f"{rest}\n", _status(finding)


def _as_in(line: int) -> str:
    return f" (as in line {line})"


_DATE = "\0"
"""In the place of the date that a visit has."""


def _status(finding: Finding) -> int:
    return int(finding.severity is not Severity.NOTE)


def status_of(told: Told) -> int:
    """The exit status: 2 for what was not read, 1 for an error or a warning."""
    return 2 if told.finding is None else _status(told.finding)


@lru_cache(maxsize=4_096)
def _reasons(why: str, last_known: tuple[Finding, ...]) -> str:
    told = [filled(why, "    ")]
    for known in last_known:
        head = f"By the last edition here: {known.severity.value}: {headline(known, known.on)}"
        told += [filled(head, "    "), filled(known.why, "        ")]
    return "\n".join(told)


# --- For programs ---------------------------------------------------------------------------------

NOT_READ = "not-read"
"""The kind under which a line that was not read stands among the findings."""


def as_object(one: Told) -> dict[str, Any]:
    """What is told as an object for JSON."""
    finding = one.finding
    if finding is None:
        rest = {"kind": NOT_READ, "severity": Severity.ERROR.value, "code": "", "instead": []}
        return {"claim": one.claim, "line": one.line, **rest, "why": one.why, "rule": ""}
    on = None if one.on is None else one.on.isoformat()
    place: dict[str, Any] = {"claim": one.claim, "line": one.line}
    told: dict[str, Any] = plainly(finding)
    return place | told | {"on": on, "lines": list(one.lines)}


class Objects:
    """Writes the results of one file as JSON, an object a finding and a line.

    Plain ASCII: whatever the terminal's encoding, it stays JSON. `file` is named where there are
    several.
    """

    def __init__(self, chosen: Chosen, file: str = "") -> None:
        self._chosen = chosen
        self._named = {"file": file} if file else {}
        self._kept = _Kept(self._part)
        self._string = json.JSONEncoder().encode
        self._begin = f'{{"file": {self._string(file)}, ' if file else "{"

    def of(self, result: Checked | NotRead) -> tuple[str, int]:
        """The objects of a result, and its exit status."""
        if isinstance(result, NotRead) or not isinstance(result.found, Shape):
            told, status = [], 0
            for one in told_of(result, self._chosen):
                told.append(f"{json.dumps(self._named | as_object(one))}\n")
                status = max(status, status_of(one))
            return "".join(told), status
        shape, first = result.found, result.first
        if shape.kept is None:
            shape.kept = self._kept.of_shape(shape)
        begin = f'{self._begin}"claim": {self._string(result.claim)}, "line": '
        objects, status = [], 0
        for places, before, after, severe in shape.kept:
            lines = [first + place for place in places]
            line = lines[0] if lines else first
            objects.append(f'{begin}{line}{before}"on": "{result.date}", "lines": {lines}{after}')
            status |= severe
        return "".join(objects), status

    def _part(self, finding: Finding) -> tuple[str, str, int] | None:
        """What stands before and after date and lines, and the exit status."""
        if not self._chosen.takes(finding):
            return None
        nowhere = plainly(finding) | {"on": None, "lines": []}
        before, after = json.dumps(nowhere)[1:].split('"on": null, "lines": []')
        return f", {before}", f"{after}\n", _status(finding)


COLUMNS = (
    *("file", "claim", "line", "kind", "severity", "code", "instead", "why", "rule"),
    *("on", "address"),
)


def as_row(file: str, told: Mapping[str, Any]) -> list[str]:
    """An object of `as_objects` as a row of a table."""
    row = {"file": file, **told, "instead": " ".join(told["instead"])}
    return [harmless(str(row.get(name, ""))) for name in COLUMNS]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"[+-]?[\d.,]+", cell):
        return f"'{cell}"
    return cell


# --- Beside the rows ------------------------------------------------------------------------------


class Marks:
    """What is to stand beside each line of a file."""

    def __init__(self) -> None:
        self._of: dict[int, list[tuple[str, str]]] = {}

    def add(self, one: Told) -> None:
        """Notes what is to stand beside each line that it is about."""
        severity, text = "not read", one.why
        if one.finding is not None:
            severity = one.finding.severity.value
            text = f"{headline(one.finding, one.on)}. {one.why}"
            text += "".join(
                f" By the last edition here: {headline(known, known.on)}. {known.why}"
                for known in one.finding.last_known
            )
        for line in one.lines or (one.line,):
            self._of.setdefault(line, []).append((severity, text))

    def at(self, line: int) -> list[str]:
        """The two cells to be added to a line: how severe, and what."""
        found = self._of.get(line, ())
        severities = [severity for severity, _ in found]
        worst = next((one for one in ("not read", *Severity) if one in severities), "")
        return [str(worst), " | ".join(text for _, text in found)]


def annotate(again: IO[bytes], named: Mapping[str, str], marks: Marks, out: TextIO) -> None:
    """Writes a table again, with what was found beside each row.

    Raises:
        InvalidInputError: The file is no table.
    """
    sniffed, text = sniffing.opened(again)
    if sniffed.kind is not sniffing.Kind.TABLE:
        raise InvalidInputError(
            "Only a table can be written again with its findings beside it. Of other files they "
            "are told as text, json or csv."
        )
    table = Table(text, named)
    writer = csv.writer(out, delimiter=table.delimiter)
    width = len(table.header)
    for part in table.rows():
        if isinstance(part, Rows):
            for line, row in enumerate(part.rows, part.first):
                writer.writerow(_harmless([*row, *marks.at(line)]))
            continue
        cells = part.row.cells if isinstance(part.row, Aside) else part.row
        beside = marks.at(part.line)
        if isinstance(part.row, Aside) and part.row.of == "header":
            beside = ["finding: severity", "finding"]
        if any(beside):
            cells = [*cells, *([""] * (width - len(cells))), *beside]
        writer.writerow(_harmless(cells))


def _harmless(cells: list[str]) -> list[str]:
    return [harmless(_text(cell)) for cell in cells]


def _text(cell: str) -> str:
    """A cell whose bytes are not UTF-8, as Windows-1252; what is not even that, as signs for it."""
    try:
        cell.encode()
    except UnicodeError:
        return cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return cell
