"""Puts claim lines together by claim, and checks each claim once its lines are there."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import compress, count, islice
from operator import itemgetter, ne
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from cdtref.claimlines import Billed, KnownLine, family, line_of
from cdtref.claims import check_note
from cdtref.coding import period_start
from cdtref.errors import CdtrefError, InvalidInputError
from cdtref.findings import Finding, Kind
from cdtref.model import Severity
from cdtref.together import judge_lines
from cdtref.visits import Visit, check_visits, rank

from .cells import MANY, Cells, Dates
from .lines import Given, NotRead, Read, Whole
from .summary import Summary
from .tables import Aside, Odd, Rows

WINDOW = 1_000
"""Rows of a claim are put together if no more claims than this begin between them."""
REMEMBERED = 100_000
"""Claims further apart than that are still told, if no more than so many lie between."""
MOST = 1_000
"""A claim of more lines is none: a column was taken for its number that holds something else."""
_TOLD = 50
"""How many different things are said of lines."""
_SHAPES = 4_000
"""How many different visits are remembered with what was found on them."""
_OUTSIDE, _OWN = -1, -2
"""What stands for all lines that are not looked at: outside this topic, or an office's own."""
_LINE_FIELDS = ("billed", "did", "arch", "quantity")
_LONGEST = 40
_LABEL = re.compile(rf"(?=.*\d)[!-~]{{1,{_LONGEST}}}")


class Shape:
    """What is found on every visit of a kind, and how often it came."""

    __slots__ = ("codes", "found", "kept", "later", "lines", "times")

    def __init__(
        self,
        codes: tuple[int, ...],
        found: Sequence[tuple[Finding, tuple[int, ...]]],
        lines: tuple[int, int, int, int],
    ) -> None:
        self.codes = codes
        self.found = found
        """Each finding with the places of the lines that it is about; it stands for any date."""
        self.later = bool(found) and bool(found[0][0].last_known)
        """Whether it is after the last edition, where findings hold others."""
        self.lines = lines
        self.times = 0
        self.kept: Any = None
        """What a report keeps of the findings, so that visits that repeat are written quickly."""

    def severities(self) -> list[Severity]:
        """How severe each finding is."""
        return [finding.severity for finding, _ in self.found]


class _Checked(NamedTuple):
    claim: str
    """Its label, if the file gives it one that could not be a person's name."""
    first: int
    """The first of its lines in the file."""
    rows: int
    """How many lines were read of it."""
    date: dt.date | None
    found: Shape | tuple[Finding, ...]


class Checked(_Checked):
    """A claim on which something was found.

    `claim` is its label, empty where the file gives none or one that could be a person's name;
    `first` the first of its lines in the file; `rows` how many lines were read of it.
    """

    __slots__ = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, errors first. `Finding.lines` are lines of the file."""
        if not isinstance(self.found, Shape):
            return self.found
        return tuple([_placed(told, self.first, self.date) for told in self.found.found])

    def at(self, places: tuple[int, ...]) -> tuple[int, ...]:
        """The lines at some places of a visit of which a shape was found."""
        return tuple([self.first + place for place in places])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Checked) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)

    @property
    def _told(self) -> tuple[Any, ...]:
        return self.claim, self.first, self.rows, self.findings

    def __repr__(self) -> str:
        claim = f" {self.claim}" if self.claim else ""
        return f"<Checked claim{claim}, line {self.first}: {list(self.findings)}>"


_checked = partial(tuple.__new__, Checked)
"""Makes one at a quarter of the cost, which counts for a million."""


class _Claim(NamedTuple):
    """The lines of a claim: their numbers, dates and what they bill."""

    numbers: list[int]
    days: list[int]
    billed: list[int]


_Visit = tuple[int, int, int, Shape]
"""Lines of one claim and one date, one below the other: the first, how many, date, and shape."""


class _Period(NamedTuple):
    """What is known of lines and visits between two dates on which nothing changes."""

    start: dt.date
    answered: bool
    """Whether it is not after the last encoded edition."""
    lines: dict[int, KnownLine]
    shapes: dict[tuple[int, ...], Shape]


class Claims:
    """The claims of a file, each checked when no more of its lines are waited for."""

    def __init__(self, summary: Summary, dates: Dates) -> None:
        self.summary = summary
        self.cells = Cells(dates)
        self.personal = False
        """Whether what names a claim may name a person."""
        self.forgot = False
        """Whether there were more claims than are remembered."""
        self.told: dict[str, tuple[int, int]] = {}
        """What a reader said of lines: the first of them, and how many more there are."""
        # Dates and lines go by a number each, so that what is known of a visit is found quickly.
        self._days: list[dt.date] = []
        self._day_ids: dict[str, int] = {}
        self._lines: list[Billed] = []
        self._line_ids: dict[Billed, int] = {}
        self._known: dict[Any, int] = {}
        self._others: dict[str, int] = {}
        self._mostly_ours = False
        self._periods: dict[dt.date, _Period] = {}
        self._period_of: list[_Period] = []
        self._touched: list[Shape] = []
        self._shaped = 0
        self._open: dict[str, _Visit | _Claim] = {}
        self._done: list[Checked | NotRead] = []
        self._jumbled = False
        self._closed: tuple[set[int], set[int]] = set(), set()
        self._last = ""
        # Of some claims there is more to say: a line that was not read, rows that stand apart.
        self._special: set[str] = set()
        self._in_part: dict[str, int] = {}
        self._apart: dict[str, int] = {}
        self._again: set[str] = set()
        self._large: dict[str, tuple[int, int]] = {}
        self._damaged = 0

    # --- A table ----------------------------------------------------------------------------------

    def of_table(
        self,
        parts: Iterable[Rows | Odd],
        places: Mapping[str, int],
        aside_of: Callable[[Sequence[str]], Aside | None] = lambda _row: None,
        where: Mapping[int, frozenset[str]] = MappingProxyType({}),
    ) -> Iterator[Checked | NotRead]:
        """Checks the claims of a table."""
        self._places = places
        self._aside_of = aside_of
        self._key_of = itemgetter(*(places[name] for name in _LINE_FIELDS if name in places))
        for part in parts:
            if isinstance(part, Rows):
                if where:
                    self._chosen(part, where)
                else:
                    self._rows(part.first, part.rows)
            elif isinstance(part.row, Aside):
                self._aside(part.line, part.takes, part.row)
            elif where and not _wanted(part.row, where):
                self.summary.not_read["left-out"] += part.takes
            else:
                self._rows(part.line, [part.row], part.takes)
            yield from self._ready()
        yield from self._close(list(self._open))

    def _chosen(self, part: Rows, where: Mapping[int, frozenset[str]]) -> None:
        for line, row in enumerate(part.rows, part.first):
            if _wanted(row, where):
                self._rows(line, [row])
            else:
                self.summary.not_read["left-out"] += 1

    def _rows(self, first: int, rows: list[list[str]], takes: int = 1) -> None:
        """Rows that stand one below the other, in as few steps as there are claims."""
        places = self._places
        billed = self._bill_ids(rows)
        days: list[Any] = list(map(self._day_ids.get, map(itemgetter(places["on"]), rows)))
        unread: dict[int, str] = {}
        if None in billed or None in days:
            for at, row in enumerate(rows):
                if billed[at] is None or days[at] is None:
                    try:
                        billed[at], days[at] = self._row(row)
                    except CdtrefError as error:
                        unread[at] = str(error)
        names = list(map(itemgetter(places["claim"]), rows)) if "claim" in places else []
        begin = 0
        for at in [*unread, len(rows)]:
            if at > begin:
                self._sound(first + begin, names[begin:at], days[begin:at], billed[begin:at])
                if takes > 1:
                    self._more(billed[begin], takes - 1)
            if at in unread:
                self._unread(first + at, takes, rows[at], unread[at])
            begin = at + 1

    def _bill_ids(self, rows: list[list[str]]) -> list[Any]:
        """What each row bills, where that is known already: by its code alone, where it is none of
        this topic, as in most rows of a practice."""
        at = self._places["billed"]
        if self._mostly_ours:
            found: list[Any] = list(map(self._known.get, map(self._key_of, rows)))
        else:
            found = list(map(self._others.get, map(itemgetter(at), rows)))
            missing = found.count(None)
            if missing:
                key_of, known = self._key_of, self._known
                for place, row in enumerate(rows):
                    if found[place] is None:
                        found[place] = known.get(key_of(row))
                self._mostly_ours = missing > len(rows) // 2
        return found

    def _row(self, row: list[str]) -> tuple[int, int]:
        """A row of which something is met for the first time."""
        on = row[self._places["on"]]
        given = [row[self._places[name]] if name in self._places else "" for name in _LINE_FIELDS]
        if not on.strip() and not given[0].strip():
            raise InvalidInputError("has neither a date of service nor a code.")
        day = self._day(on)
        billed = self._billed(given[0], given[1], given[2], given[3])
        if len(self._known) < MANY:
            self._known[self._key_of(row)] = billed
            if not self._bills(billed)[4]:
                self._others[given[0]] = billed
        return billed, day

    def _sound(self, first: int, names: list[str], days: list[int], billed: list[int]) -> None:
        """Rows that were read, one below the other."""
        if not names:
            for at, day in enumerate(days):
                self._single(first + at, day, billed[at])
            return
        known, periods = self._open, self._period_of
        begins = [0, *compress(count(1), map(ne, names, islice(names, 1, None)))]
        begun = [names[at] for at in begins]
        goes_on = begun[0] == self._last
        new = self._are_new(begun[goes_on:])  # as nearly always, and asked of all at once
        for name, begin, end in zip(begun, begins, [*begins[1:], len(names)], strict=True):
            day, rows = days[begin], end - begin
            mine = days[begin:end]
            one_visit = mine.count(day) == rows and rows <= MOST
            if one_visit and name != self._last and (new or self._are_new([name])):
                codes = tuple(billed[begin:end])
                shape = periods[day].shapes.get(codes) or self._shape(day, codes)
                known[name] = first + begin, rows, day, shape
                self._last = name
            else:
                self._run(name, first + begin, mine, billed[begin:end])

    def _are_new(self, names: list[str]) -> bool:
        """Whether there is nothing to say of claims but that each begins, and under this name."""
        different, hashes = set(names), set(map(hash, names))
        return (
            len(different) == len(names)
            and "".join(names).isalnum()
            and "" not in different
            and not self._damaged
            and self._open.keys().isdisjoint(different)
            and all(map(hashes.isdisjoint, self._closed))
        )

    def _single(self, line: int, day: int, billed: int) -> None:
        """A row that is a claim of its own."""
        self._jumbled = True
        self._give([""], [(line, 1, day, self._shape(day, (billed,)))])

    def _run(self, given: str, first: int, days: list[int], billed: list[int]) -> None:
        """Rows of one claim, one below the other."""
        name = given if given.isalnum() else self.cells.bare(given)
        if not name:
            self._sound(first, [], days, billed)
            self._last = ""
            return
        if name in self._open:
            if name != self._last:
                self._mark(self._apart, name, first)
            self._extend(name, _Claim(list(range(first, first + len(days))), days, billed))
        else:
            if (key := hash(name)) in self._closed[0] or key in self._closed[1]:
                self._again.add(name)
                self._special.add(name)
            day, rows = days[0], len(days)
            if rows > MOST:
                self._open[name] = _Claim([], [], [])
                self._extend(name, _Claim(list(range(first, first + rows)), days, billed))
            elif days.count(day) == rows:
                codes = tuple(billed)
                self._open[name] = first, rows, day, self._shape(day, codes)
            else:
                self._open[name] = _Claim(list(range(first, first + rows)), days, billed)
        if self._damaged:
            self._mark(self._in_part, name, self._damaged)
            self._damaged = 0
        self._last = name

    def _extend(self, name: str, more: _Claim) -> None:
        mine = self._open[name] = _lines(self._open[name])
        for lines, others in zip(mine, more, strict=True):
            lines.extend(others)
        if len(mine.days) > MOST:
            first, rows = self._large.get(name, (mine.numbers[0], 0))
            self._large[name] = first, rows + len(mine.days)
            self._special.add(name)
            for lines in mine:
                lines.clear()

    def _unread(self, line: int, takes: int, row: list[str], why: str) -> None:
        """A row whose cells could not all be read, or that is a total."""
        aside = self._aside_of(row)
        if aside is None and "claim" in self._places:
            name = self.cells.bare(row[self._places["claim"]])
            if name:
                self._not_read(NotRead(line, why, takes, name))
                return
        self._aside(line, takes, aside or Aside(why, "unreadable", row))

    def _aside(self, line: int, takes: int, aside: Aside) -> None:
        if aside.of != "unreadable":
            self.summary.not_read[aside.of] += takes
            return
        self._not_read(NotRead(line, aside.why, takes))
        # It may be of the claim before it, or of the one after it.
        if self._last:
            self._mark(self._in_part, self._last, line)
        self._damaged = line

    # --- Lines of other files ---------------------------------------------------------------------

    def of_lines(self, read: Iterable[Read]) -> Iterator[Checked | NotRead]:
        """Checks the claims of lines as a reader hands them on."""
        for one in read:
            if isinstance(one, NotRead):
                self._not_read(one)
            elif isinstance(one, Whole):
                self._whole(one)
            else:
                self._line(one)
            yield from self._ready()
        yield from self._close(list(self._open))

    def _not_read(self, one: NotRead) -> None:
        self.summary.not_read[one.of] += one.rows
        if one.of == "unreadable":
            if one.claim:
                self._mark(self._in_part, one.claim, one.line)
            self._done.append(one._replace(claim=self._label(one.claim)))
            self._jumbled = True

    def _line(self, one: Given) -> None:
        try:
            billed, day = self._given(one)
        except CdtrefError as error:
            self._not_read(NotRead(one.line, str(error), one.rows, one.claim))
            return
        if one.rows != 1:
            self._more(billed, one.rows - 1)
        if not one.claim:
            self._single(one.line, day, billed)
            return
        if one.claim not in self._open:
            self._run(one.claim, one.line, [day], [billed])
            return
        if one.claim != self._last:
            self._mark(self._apart, one.claim, one.line)
        self._extend(one.claim, _Claim([one.line], [day], [billed]))
        self._last = one.claim

    def _given(self, line: Given) -> tuple[int, int]:
        self._tell(line.told, line.line)
        day = self._day(line.on)
        return self._billed(line.billed, line.did, line.arch, line.quantity), day

    def _whole(self, whole: Whole) -> None:
        """A claim that says more than its lines do."""
        self._tell(whole.told, whole.line)
        mine = _Claim([], [], [])
        in_part = whole.in_part
        for line in whole.lines:
            try:
                billed, day = self._given(line)
            except CdtrefError as error:
                in_part = in_part or line.line
                self._not_read(NotRead(line.line, str(error), line.rows, whole.claim))
                continue
            mine.numbers.append(line.line)
            mine.days.append(day)
            mine.billed.append(billed)
            if line.rows != 1:
                self._more(billed, line.rows - 1)
        did: tuple[str, ...] = ()
        on = None
        try:
            did = self.cells.services(whole.did)
            on = self.cells.day(whole.on) if whole.on and not whole.lines else None
        except CdtrefError as error:
            in_part = in_part or whole.line
            self._not_read(NotRead(whole.line, str(error), 0, whole.claim))
        if whole.claim:
            if (key := hash(whole.claim)) in self._closed[0]:
                self._again.add(whole.claim)
                self._special.add(whole.claim)
            self._closed[0].add(key)
        if mine.days or on is not None:
            self._check(whole.claim, mine, whole, did, on, in_part=in_part)

    def _tell(self, sentences: Iterable[str], line: int) -> None:
        for sentence in sentences:
            if sentence in self.told:
                first, more = self.told[sentence]
                self.told[sentence] = first, more + 1
            elif len(self.told) < _TOLD:
                self.told[sentence] = line, 0

    # --- Cells, each understood once --------------------------------------------------------------

    def _day(self, cell: str) -> int:
        found = self._day_ids.get(cell)
        if found is None:
            day = self.cells.day(cell)
            library = self.cells.library
            last = library.editions()[-1].until
            found = len(self._days)
            self._days.append(day)
            start = day if day > last else period_start(library, day)
            period = self._periods.get(start)
            if period is None:
                period = self._periods[start] = _Period(start, day <= last, {}, {})
            self._period_of.append(period)
            if len(self._day_ids) < MANY:
                self._day_ids[cell] = found
        return found

    def _billed(self, code: str, did: str | tuple[str, ...], arch: str, quantity: str) -> int:
        billed = self.cells.line(code, did, arch, quantity)
        if billed[4] is None:
            return _OWN
        if not billed[4] and not family(self.cells.library, billed[0]):
            return _OUTSIDE
        found = self._line_ids.get(billed)
        if found is None:
            found = self._line_ids[billed] = len(self._lines)
            self._lines.append(billed)
        return found

    def _bills(self, at: int) -> Billed:
        if at < 0:
            return "", (), "", 1, (False if at == _OUTSIDE else None)
        return self._lines[at]

    def _label(self, name: str) -> str:
        """A claim's name as it may be shown: one that has a number in it, and no space."""
        if self.personal:
            return ""
        return name if _LABEL.fullmatch(name) else ""

    # --- Claims -----------------------------------------------------------------------------------

    def _mark(self, marked: dict[str, int], name: str, line: int) -> None:
        marked.setdefault(name, line)
        self._special.add(name)

    def _ready(self) -> Sequence[Checked | NotRead]:
        """What can be given back already."""
        if len(self._open) > 2 * WINDOW:
            return self._close(list(self._open)[:-WINDOW])
        if len(self._done) > 2 * WINDOW:
            return self._close(())
        return ()

    def _close(self, names: Sequence[str]) -> list[Checked | NotRead]:
        """Checks claims of which no more rows are waited for, and gives back what is done."""
        young = self._closed[0]
        young.update(map(hash, names))
        closed = list(map(self._open.pop, names))
        if _Claim in set(map(type, closed)):
            closed = list(map(self._visit, closed))
        if not self._special and _Claim not in set(map(type, closed)):  # as nearly always
            self._give(names, cast("list[_Visit]", closed))
        else:
            for name, mine in zip(names, closed, strict=True):
                if not isinstance(mine, _Claim) and name not in self._special:
                    self._give([name], [mine])
                elif name in self._large:
                    self._refuse(name, _lines(mine))
                else:
                    self._check(name, _lines(mine))
        if len(young) > REMEMBERED:
            self.forgot = self.forgot or bool(self._closed[1])
            self._closed = set(), young
        for shape in self._touched:
            self.summary.count(shape.times, shape.lines, shape.severities())
            shape.times = 0
        self._touched.clear()
        if self._jumbled:
            self._done.sort(key=_place)
            self._jumbled = False
        done, self._done = self._done, []
        return done

    def _visit(self, mine: _Visit | _Claim) -> _Visit | _Claim:
        """Lines that turn out to be one visit, such as those of which a part came later, as one."""
        if not isinstance(mine, _Claim) or not mine.days:
            return mine
        (first, *_), day, rows = mine.numbers, mine.days[0], len(mine.days)
        if mine.days.count(day) < rows or mine.numbers != list(range(first, first + rows)):
            return mine
        return first, rows, day, self._shape(day, tuple(mine.billed))

    def _give(self, names: Sequence[str], visits: Sequence[_Visit]) -> None:
        """Gives back what is found on claims of one visit each."""
        days, done, touched = self._days, self._done, self._touched
        plain = not self.personal and max(map(len, names), default=0) < _LONGEST
        plain = plain and (joined := "".join(names)).isdigit() and joined.isascii()
        for name, (first, rows, day, shape) in zip(names, visits, strict=True):
            if not shape.times:
                touched.append(shape)
            shape.times += 1
            if not shape.found:
                continue
            date = days[day]
            found: Shape | tuple[Finding, ...] = shape
            if shape.later:
                found = tuple([_placed(one, first, date) for one in shape.found])
            label = name if plain else self._label(name)
            done.append(_checked((label, first, rows, date, found)))

    def _refuse(self, name: str, mine: _Claim) -> None:
        first, rows = self._large.pop(name)
        self._special.discard(name)
        rows += len(mine.days)
        why = (
            f"one claim of {rows:,} lines, and no claim has more than {MOST:,}: does the column "
            "that was taken for its number hold something else?"
        )
        self._not_read(NotRead(first, why, rows, name))

    def _check(
        self,
        name: str,
        mine: _Claim,
        whole: Whole | None = None,
        did: tuple[str, ...] = (),
        on: dt.date | None = None,
        *,
        in_part: int = 0,
    ) -> None:
        """Checks a claim of which there is more to say than that it is a visit."""
        numbers, days, _ = mine
        partly = bool(in_part) or name in self._in_part or name in self._again
        findings = self._judged(mine, did, on, partly)
        if whole is not None and whole.note is not None and days:
            findings += self._noted(whole.note, mine)
        first = numbers[0] if numbers else whole.line if whole else 0
        date = self._days[days[0]] if days else on
        if date is not None and (in_part or name in self._special):
            findings += self._parts(name, mine, (first, date), in_part)
        for finding in findings:
            self.summary.findings[finding.severity.value] += 1
        findings.sort(key=rank)
        self.summary.claims += 1
        if findings:
            self._jumbled = True
            self._done.append(
                Checked(self._label(name), first, len(numbers), date, tuple(findings))
            )

    def _shape(self, day: int, codes: tuple[int, ...]) -> Shape:
        """What is found on each visit of a kind."""
        period = self._period_of[day]
        if (known := period.shapes.get(codes)) is not None:
            return known
        billed = list(map(self._bills, codes))
        found: Sequence[tuple[Finding, tuple[int, ...]]]
        if period.answered:
            known_lines = period.lines
            lines = []
            for at, one in zip(codes, billed, strict=True):
                if at not in known_lines:
                    known_lines[at] = line_of(self.cells.library, period.start, one, ())
                lines.append(known_lines[at])
            found = judge_lines(self.cells.library, period.start, (), lines).findings
        else:
            told = check_visits([(period.start, (), tuple(billed), range(len(billed)))])
            found = [(one, one.lines) for one in _told(told)]
        shape = Shape(codes, found, _counted(billed, ()))
        if self._shaped < _SHAPES:
            self._shaped += 1
            period.shapes[codes] = shape
        return shape

    def _judged(
        self, mine: _Claim, did: tuple[str, ...], on: dt.date | None, partly: bool
    ) -> list[Finding]:
        """The findings on a claim, whatever its dates."""
        visits = []
        for day in dict.fromkeys(mine.days):
            places = [at for at, other in enumerate(mine.days) if other == day]
            billed = tuple([self._bills(mine.billed[at]) for at in places])
            visits.append((self._days[day], did, billed, [mine.numbers[at] for at in places]))
            self.summary.add(_counted(billed, did))
        if not visits and on is not None:
            visits.append((on, did, (), []))
        return list(_told(check_visits(visits, whole=not partly)))

    def _noted(self, note: Any, mine: _Claim) -> Iterator[Finding]:
        """What the note of a claim lacks."""
        visits: list[Visit] = [
            (self._days[day], (), (self._bills(billed),), (number,))
            for number, day, billed in zip(*mine, strict=True)
        ]
        return check_note(note, visits)

    def _parts(
        self, name: str, mine: _Claim, where: tuple[int, dt.date], in_part: int
    ) -> Iterator[Finding]:
        """What there is to say of a claim that was not read whole, or not in one place."""
        if in_part or name in self._in_part:
            line = self._in_part.pop(name, in_part)
            yield _of_reading(
                f"Read in part: line {line} was not read and belongs to this claim, or may. Nothing"
                " is said of what the claim lacks.",
                *where,
            )
        if name in self._again:
            self._again.discard(name)
            yield _of_reading(
                "Other rows of this claim stand far above in the file and were checked apart. Sort "
                f"the file by claim: rows are put together if no more than {WINDOW:,} claims begin "
                "between them.",
                *where,
            )
        if name in self._apart:
            apart = self._apart.pop(name)
            self.summary.joined += 1
            if not self.summary.apart:
                before = max((number for number in mine.numbers if number < apart), default=0)
                self.summary.apart = before, apart
        self._special.discard(name)

    def _more(self, billed: int, rows: int) -> None:
        """The other lines of a row that takes several."""
        _, _, _, _, known = self._bills(billed)
        self.summary.add(
            (rows if known else 0, rows if known is False else 0, rows if known is None else 0, 0)
        )


def _lines(mine: _Visit | _Claim) -> _Claim:
    """The lines of what may be a visit."""
    if isinstance(mine, _Claim):
        return mine
    first, rows, day, shape = mine
    return _Claim(list(range(first, first + rows)), [day] * rows, list(shape.codes))


def _counted(billed: Sequence[Billed], did: tuple[str, ...]) -> tuple[int, int, int, int]:
    """How many lines were checked, are outside, are an office's own; and say not what was done."""
    checked = own = undescribed = 0
    for _code, services, _arch, _quantity, known in billed:
        if known:
            checked += 1
            undescribed += not (services or did)
        elif known is None:
            own += 1
    return checked, len(billed) - checked - own, own, undescribed


def _told(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings but for those which say only what was not looked at: the summary counts these."""
    for finding in findings:
        if finding.kind is not Kind.NOT_CHECKED or finding.severity is not Severity.NOTE:
            yield finding


def _wanted(row: list[str], where: Mapping[int, frozenset[str]]) -> bool:
    return all(row[at].strip().lower() in wanted for at, wanted in where.items())


def _placed(told: tuple[Finding, tuple[int, ...]], first: int, date: dt.date | None) -> Finding:
    """What is found on a kind of visit, where this one stands in the file."""
    found, places = told
    placed = found.__replace__(on=date, lines=tuple([first + place for place in places]))
    if not found.last_known:
        return placed
    known = (_placed((one, one.lines), first, one.on) for one in found.last_known)
    return placed.__replace__(last_known=tuple(known))


def _place(result: Checked | NotRead) -> int:
    return result.line if isinstance(result, NotRead) else result.first


def _of_reading(why: str, line: int, on: dt.date) -> Finding:
    """A finding about how a claim was read."""
    return Finding(Kind.NOT_CHECKED, Severity.WARNING, "", (), why, "", (), on, (line,))
