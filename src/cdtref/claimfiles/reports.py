"""Writes what was found in a file of claims: for people, as JSON or CSV, or beside its rows."""

import csv
import datetime as dt
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
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


def where(lines: Sequence[object], claim: str) -> str:
    """The lines of a finding, in words, and its claim."""
    if len(lines) == 1:
        return f"line {lines[0]!s}{claim}"
    shown = ", ".join(map(str, lines[:_SHOWN]))
    more = " …" if len(lines) > _SHOWN else ""
    return f"lines {shown}{more}{claim}"


_SHOWN = 5


class _Form(NamedTuple):
    """What is written of every visit of a kind, with blanks for what differs."""

    text: str
    pick: Callable[[tuple[object, ...]], object]
    """Picks for each blank what fills it, out of the claim, the date, and the lines."""
    status: int


_CLAIM, _DATE, _LINES = 0, 1, 2


_Part = tuple[Finding, Any, int]
"""A finding, what is kept of it, if it is told at all, and its exit status."""


class _Report(ABC):
    """Writes the results of one file.

    What is kept of a finding goes by the object, since findings are slow to compare and visits
    share them. What is written of a visit that comes again has blanks, and is kept too.
    """

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self._parts: dict[int, _Part] = {}
        self._once = False
        """Whether something was written that is not, when it comes again."""

    def write(self, results: Iterable[Checked | NotRead], to: Callable[[str], object]) -> int:
        """Writes results, some at a time, and gives the exit status."""
        statuses, of, left = {0}, self.of, iter(results)
        while True:
            some: list[Checked | NotRead] = []
            try:
                some.extend(islice(left, _AT_ONCE))
            finally:  # what was found before a fault is told
                told = [of(result) for result in some]
                to("".join([text for text, _ in told]))
            if not some:
                return max(statuses)
            statuses.update([status for _, status in told])

    def of(self, result: Checked | NotRead) -> tuple[str, int]:
        """What is written of a result, and its exit status."""
        if isinstance(result, NotRead) or not isinstance(shape := result.found, Shape):
            told = list(told_of(result, self._chosen))
            text = "".join([self._told(one) for one in told])
            return text, max(map(status_of, told), default=0)
        name, first, rows, date, _ = result
        form = shape.kept
        if form is None:
            shape.kept = _MET
            return self._first(shape, first, self._claim(name), date)
        if form is _MET:
            form = self._form(shape, first)
        text, pick, status = form
        return text % pick((self._claim(name), date, *range(first, first + rows))), status

    def _told(self, one: Told) -> str:
        if one.finding is None:
            return self._not_read(one)
        part = self._part(one.finding)
        return self._written(part, self._claim(one.claim), one.lines, one.line, one.on)

    def _first(self, shape: Shape, first: int, claim: str, date: dt.date | None) -> tuple[str, int]:
        """What is written of a visit that may be the only one of its kind."""
        texts, status = [], 0
        for finding, places in shape.found:
            _, part, severe = self._parts.get(id(finding)) or self._keep(finding)
            if part is not None:
                lines = [first + place for place in places]
                line = lines[0] if lines else first
                texts.append(self._written(part, claim, lines, line, date))
                status |= severe
        return "".join(texts), status

    def _form(self, shape: Shape, first: int) -> _Form:
        """What is written of a visit whose first line is `first`, and of those that are like it."""
        texts, fills, status = [], [], 0
        self._once = False
        for finding, places in shape.found:
            _, part, severe = self._parts.get(id(finding)) or self._keep(finding)
            if part is not None:
                line = _Place(first + (places[0] if places else 0))
                text = self._written(part, _BLANK, [_BLANK] * len(places), line, _BLANK)
                texts.append(text.replace("%", "%%").replace(_BLANK, "%s"))
                fills += self._blanks(part, places)
                status |= severe
        pick = itemgetter(*fills) if fills else lambda _given: ()
        form = _Form("".join(texts), pick, status)
        if not self._once:
            shape.kept = form
        return form

    def _keep(self, finding: Finding) -> _Part:
        if len(self._parts) >= _MANY:
            self._parts.clear()
        part = self._part(finding) if self._chosen.takes(finding) else None
        kept = self._parts[id(finding)] = finding, part, _status(finding)
        return kept

    @abstractmethod
    def _part(self, finding: Finding) -> Any:
        """What is kept of a finding."""

    @abstractmethod
    def _written(
        self, part: Any, claim: str, lines: Sequence[object], line: int, on: object
    ) -> str:
        """What is written of a finding."""

    @abstractmethod
    def _blanks(self, part: Any, places: tuple[int, ...]) -> list[int]:
        """What fills the blanks in what is written, in their order: `_CLAIM`, `_DATE`, or a line,
        counted from `_LINES`."""

    @abstractmethod
    def _claim(self, name: str) -> str:
        """What is written of a claim's name."""

    @abstractmethod
    def _not_read(self, one: Told) -> str:
        """What is written of a line that was not read."""


class _Place(int):
    """A line that differs from visit to visit."""

    def __str__(self) -> str:
        return _BLANK


_MET = object()
"""In the place of a form: such a visit came once."""

_BLANK = "\0"
"""In the place of what differs from visit to visit."""

_MANY = 10_000
_AT_ONCE = 50


class Texts(_Report):
    """Writes results in lines for people. `file` is named where there are several.

    Why stands below the first finding for which it is so; later ones name its line. In brief there
    is none.
    """

    def __init__(self, chosen: Chosen, file: str = "", *, brief: bool) -> None:
        super().__init__(chosen)
        self._brief = brief
        self._before = f"{file}: " if file else ""
        self._said: dict[str, int] = {}
        """In which line stands why."""

    def _part(self, finding: Finding) -> tuple[str, str | None, str]:
        head = f": {finding.severity.value}: {headline(finding, _BLANK)}"
        before, dated, after = head.partition(_BLANK)
        why = "" if self._brief else f"{_reasons(finding.why, finding.last_known)}\n"
        return before, after if dated else None, why

    def _written(
        self, part: Any, claim: str, lines: Sequence[object], line: int, on: object
    ) -> str:
        before, after, why = part
        head = before if after is None else f"{before}{on}{after}"
        return f"{self._before}{where(lines or (line,), claim)}{head}{self._why(why, line)}"

    def _blanks(self, part: Any, places: tuple[int, ...]) -> list[int]:
        _, after, _ = part
        lines = [_LINES + place for place in places[:_SHOWN] or (0,)]
        return [*lines, _CLAIM, *([] if after is None else [_DATE])]

    def _claim(self, name: str) -> str:
        return f", claim {name}" if name else ""

    def _not_read(self, one: Told) -> str:
        at = self._before + where(one.lines, self._claim(one.claim))
        return f"{filled(f'{at}: not read: {one.why}')}\n"

    def _why(self, why: str, line: int) -> str:
        """What stands behind a headline: why it is so, or in which line that stands."""
        if self._brief:
            return "\n"
        said = self._said.get(why)
        if said is not None:
            return f" (as in line {said})\n"
        if len(self._said) >= _MANY:
            self._said.clear()
        self._said[why] = int(line)
        self._once = True
        return f"\n{why}"


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


class Objects(_Report):
    """Writes results as JSON, an object a finding and a line. `file` is named where there are
    several.

    Plain ASCII: whatever the terminal's encoding, it stays JSON.
    """

    def __init__(self, chosen: Chosen, file: str = "") -> None:
        super().__init__(chosen)
        self._named = {"file": file} if file else {}
        self._string = json.JSONEncoder().encode
        self._begin = f'{{"file": {self._string(file)}, ' if file else "{"

    def _part(self, finding: Finding) -> list[str]:
        nowhere = plainly(finding) | {"on": None, "lines": []}
        return json.dumps(nowhere)[1:].split('"on": null, "lines": []')

    def _written(
        self, part: Any, claim: str, lines: Sequence[object], line: int, on: object
    ) -> str:
        before, after = part
        begin = f'{self._begin}"claim": {claim}, "line": {line!s}, {before}'
        dated = "null" if on is None else f'"{on}"'
        return f'{begin}"on": {dated}, "lines": [{", ".join(map(str, lines))}]{after}\n'

    def _blanks(self, part: Any, places: tuple[int, ...]) -> list[int]:
        lines = [_LINES + place for place in places]
        return [_CLAIM, *(lines[:1] or (_LINES,)), _DATE, *lines]

    def _claim(self, name: str) -> str:
        return self._string(name)

    def _not_read(self, one: Told) -> str:
        return f"{json.dumps(self._named | as_object(one))}\n"


COLUMNS = (
    *("file", "claim", "line", "kind", "severity", "code", "instead", "why", "rule"),
    *("on", "address"),
)


def as_row(file: str, told: Mapping[str, Any]) -> list[str]:
    """An object of `as_object` as a row of a table."""
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
