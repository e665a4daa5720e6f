"""What is found in a file is written as the claim alone is told, on whatever fast way."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cdtref
from cdtref.claimfiles import Checked, NotRead, reports, tables
from cdtref.words import filled
from tests.library.readings import HEADER, RIGHT, WRONG, read

_CODES = [code.code for code in cdtref.all_codes()] + ["D0120", "D2740", "D5110", "D8080", "N0001"]
_LINES = st.fixed_dictionaries(
    {"code": st.sampled_from(_CODES)},
    optional={
        "did": st.lists(
            st.sampled_from([service.id for service in cdtref.services()]), max_size=2, unique=True
        ),
        "arch": st.sampled_from(["upper", "lower"]),
        "quantity": st.sampled_from([1, 2]),
    },
)
_DAYS = st.dates(cdtref.editions()[0].since, cdtref.editions()[-1].until + dt.timedelta(days=1_500))
_CLAIMS = st.lists(
    st.tuples(st.lists(_DAYS, min_size=1, max_size=2), st.lists(_LINES, min_size=1, max_size=4)),
    min_size=1,
    max_size=8,
)


def as_rows(claims: list[Any]) -> tuple[str, list[tuple[int, list[dict[str, Any]]]]]:
    """Claims as a table; and each as lines, with the number of the row before it."""
    rows, given = [HEADER], []
    for number, (days, lines) in enumerate(claims):
        before = len(rows)
        whole = [line | {"on": days[at % len(days)]} for at, line in enumerate(lines)]
        given.append((before, whole))
        for one in whole:
            did, arch = ";".join(one.get("did", [])), one.get("arch", "")
            rows.append(
                f"{number},{one['on']},{one['code']},{did},{arch},{one.get('quantity', 1)}\n"
            )
    return "".join(rows), given


_CELL = st.text(st.characters(exclude_characters='",\r\n', codec="utf-8"), max_size=5)


@settings(max_examples=200)
@given(st.lists(st.tuples(_CELL, _CELL, _CELL)), st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_without_quotes_are_parted_as_by_csv(cells: list[tuple[str]], end: str) -> None:
    rows = [("on", "billed", "fee"), ("2026-03-02", "D0801", "9"), *cells]
    text = "".join(f"{','.join(row)}{end}" for row in rows)
    parted = []
    for part in tables.Table(io.StringIO(text, newline=""), {}).rows():
        parted += part.rows if isinstance(part, tables.Rows) else []
    assert parted == list(csv.reader(io.StringIO(text, newline="")))[1:]


def as_objects(claims: list[Any]) -> tuple[str, str]:
    """Claims as JSON, row by row and whole, where each line of a claim is that of the table."""
    rows, wholes = [], []
    for number, (_, lines) in enumerate(as_rows(claims)[1]):
        objects = [json.dumps(line | {"on": line["on"].isoformat()}) for line in lines]
        rows += [f'{{"claim": "{number}", {one[1:]}' for one in objects]
        joined = ",\n".join(objects)
        wholes.append(f'{{"claim": "{number}", "lines": [\n{joined}]}}')
    return "".join(f"\n{row}" for row in rows), f"[{','.join(wholes)}]"


def assert_told_as_alone(
    results: list[Checked | NotRead], given: list[tuple[int, list[dict[str, Any]]]]
) -> None:
    """What is told of each claim of a file is what the claim is told without it."""
    told = {}
    for result in results:
        assert isinstance(result, Checked)
        told[int(result.claim)] = [(one, one.lines, one.on) for one in result.findings]
    for number, (before, lines) in enumerate(given):
        alone = [
            (one, tuple(before + line for line in one.lines), one.on)
            for one in cdtref.check_claim({"lines": lines})
            if one.kind is not cdtref.Kind.NOT_CHECKED
        ]
        found = told.get(number, [])
        assert [where for _, *where in found] == [where for _, *where in alone]
        for (one, _, _), (other, _, _) in zip(found, alone, strict=True):
            assert [one.kind, one.severity, one.code, one.instead, one.why, one.rule] == [
                *(other.kind, other.severity, other.code, other.instead, other.why, other.rule)
            ]
            assert (one.sources, one.dissent, one.address, one.confidence) == (
                *(other.sources, other.dissent, other.address, other.confidence),
            )
            assert [known.on for known in one.last_known] == [
                known.on for known in other.last_known
            ]
            shift = before if other.lines else 0
            assert [known.lines for known in one.last_known] == [
                tuple(shift + line for line in known.lines) for known in other.last_known
            ]


@settings(max_examples=300)
@given(_CLAIMS)
def test_a_file_says_of_a_claim_what_the_claim_alone_is_told(claims: list[Any]) -> None:
    text, given = as_rows(claims)
    results, checked = read(text)
    assert checked.summary.unreadable == 0
    assert_told_as_alone(results, given)


_SCAN = {"code": "D0801", "did": ["intraoral-scan"]}
_CAST = {"code": "D0470", "did": ["stone-cast"]}
_FALSE = {"code": "D0470", "did": ["intraoral-scan"]}
_BARE = {"code": "D0470"}
_PRINTED = {"code": "D0801", "did": ["intraoral-scan", "in-office-print"]}
_FIRST, _THEN = dt.date(2026, 3, 2), dt.date(2026, 3, 4)
CASES: list[tuple[list[dt.date], list[dict[str, Any]]]] = [
    ([_FIRST], [_FALSE]),
    ([_FIRST], [_SCAN]),
    ([dt.date(2027, 3, 2)], [_FALSE, _BARE]),
    ([_FIRST, _THEN], [_PRINTED, {"code": "D2740"}, {"code": "D0801"}]),
    ([dt.date(2022, 3, 2)], [_FALSE, _SCAN]),
    ([dt.date(2026, 12, 31)], [_FALSE]),
    ([_FIRST], [_CAST, {"code": "D0470", "did": ["retainer-scan"]}]),
    ([_FIRST], [{"code": "N0001"}, {"code": "D2740"}, {"code": "D0120"}]),
    ([_FIRST], [_FALSE, _FALSE]),
    ([_FIRST], [_PRINTED]),
    ([_FIRST], [_PRINTED | {"code": "D0470"}]),
    ([_THEN], [{"code": "D0801", "arch": "upper"}, {"code": "D0801", "arch": "lower"}]),
    ([_THEN, dt.date(2027, 3, 2)], [_FALSE, _FALSE, {"code": "D0802", "quantity": 2}]),
] * 3


@pytest.mark.parametrize("size", [60, 1 << 16])
def test_claims_of_each_kind_are_told_in_a_table_as_each_alone_is(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_CHUNK", size)
    text, given = as_rows(CASES)
    results, checked = read(text)
    assert_told_as_alone(results, given)
    assert (checked.summary.unreadable, checked.summary.joined) == (0, 0)
    assert checked.summary.claims == len(CASES)
    places = [result.first for result in results if isinstance(result, Checked)]
    assert places == sorted(places)
    assert set(places) <= {before + 1 for before, _ in given}


@pytest.mark.parametrize("form", [0, 1])
def test_claims_of_each_kind_are_told_in_json_as_each_alone_is(form: int) -> None:
    _, given = as_rows(CASES)
    results, checked = read(as_objects(CASES)[form])
    assert_told_as_alone(results, given)
    assert (checked.summary.unreadable, checked.summary.joined) == (0, 0)
    assert checked.summary.claims == len(CASES)
    assert checked.summary.lines == sum(len(lines) for _, lines in given)


@pytest.mark.parametrize("severity", cdtref.Severity)
def test_claims_of_each_kind_are_written_quickly_as_slowly(severity: cdtref.Severity) -> None:
    assert_written_as_slowly(CASES, severity)


@settings(max_examples=200)
@given(_CLAIMS, st.sampled_from(cdtref.Severity))
def test_what_is_written_quickly_is_what_is_written_slowly(
    claims: list[Any], severity: cdtref.Severity
) -> None:
    assert_written_as_slowly(claims, severity)


def assert_written_as_slowly(claims: list[Any], severity: cdtref.Severity) -> None:
    chosen = reports.Chosen(severity)
    texts, objects = reports.Texts(chosen, brief=False), reports.Objects(chosen)
    for write, written in ((texts.of, partial(slowly, {})), (objects.of, slowly_as_json)):
        for result in read(as_rows(claims)[0])[0]:
            told = list(reports.told_of(result, chosen))
            status = max(map(reports.status_of, told), default=0)
            assert write(result) == ("".join(f"{written(one)}\n" for one in told), status)


def slowly_as_json(one: reports.Told) -> str:
    return json.dumps(reports.as_object(one))


def slowly(said: dict[str, int], one: reports.Told) -> str:
    """What is told, and why, or else the line that it stands below."""
    lines = one.lines or (one.line,)
    shown = ", ".join(map(str, lines[:5])) + (" …" if lines[5:] else "")
    at = f"line{'s' * (len(lines) > 1)} {shown}{', claim ' * bool(one.claim)}{one.claim}"
    if one.finding is None:
        return filled(f"{at}: not read: {one.why}")
    head = f"{at}: {one.finding.severity.value}: {reports.headline(one.finding, one.on)}"
    why = [filled(one.why, "    ")]
    for known in one.finding.last_known:
        told = f"{known.severity.value}: {reports.headline(known, known.on)}"
        why += [filled(f"By the last edition here: {told}", "    "), filled(known.why, " " * 8)]
    below = "\n".join(why)
    if below in said:
        return f"{head} (as in line {said[below]})"
    said[below] = one.line
    return f"{head}\n{below}"


@pytest.mark.parametrize("whole", [1, 49, 50, 120])
def test_what_was_found_before_a_fault_is_written(whole: int) -> None:
    rows = "".join(f"{number},{WRONG}\n" for number in range(whole))
    found, _ = read(f"{HEADER}{rows}")

    def results() -> Iterator[Checked | NotRead]:
        yield from found
        raise BrokenPipeError

    written: list[str] = []
    with pytest.raises(BrokenPipeError):
        reports.Texts(reports.Chosen(), brief=True).write(results(), written.append)
    assert len("".join(written).splitlines()) == len(found) == whole
    assert len(written) == whole // 50 + 1, "some at a time"


@pytest.mark.parametrize(
    ("kind", "code", "instead", "told"),
    [
        ("wrong-code", "D0470", ("D0801",), "report D0801, not D0470"),
        ("wrong-code", "D0470", (), "do not report D0470 for it"),
        ("invalid-for-date", "D0351", ("D0801",), "D0351 was not in force on DAY: report D0801"),
        ("invalid-for-date", "D0351", (), "D0351 was not in force on DAY"),
        ("unbundled", "D0470", (), "do not report D0470: it is part of something else"),
        ("unbundled", "D0470", ("D0801",), "do not report D0470: it is part of something else"),
        ("duplicate", "D0470", (), "D0470 more than once on DAY"),
        ("unbilled-service", "D0801", (), "D0801 was done and is on no line"),
        ("not-checked", "D0801", (), "not checked: D0801"),
        ("not-checked", "", (), "not checked"),
        ("after-last-edition", "D0801", (), "D0801: DAY is after the last edition here"),
    ],
)
def test_a_headline_says_what_is_wrong_and_what_would_be_right(
    kind: str, code: str, instead: tuple[str, ...], told: str
) -> None:
    (found,) = read(f"{HEADER}7,{WRONG}\n")[0][0].findings  # type: ignore[union-attr]
    found = found.__replace__(kind=cdtref.Kind(kind), code=code, instead=instead)
    assert reports.headline(found, "DAY") == told


def test_of_many_lines_the_first_five_are_shown() -> None:
    assert reports.where([7], ", claim A7") == "line 7, claim A7"
    assert reports.where(range(1, 6), "") == "lines 1, 2, 3, 4, 5"
    assert reports.where(range(1, 7), "") == "lines 1, 2, 3, 4, 5 …"


def written_of(text: str, report: Any) -> tuple[list[str], int]:
    lines: list[str] = []
    status = report.write(read(text)[0], lines.append)
    return "".join(lines).splitlines(), status


NOTED = "2026-03-02,D0801,intraoral-scan;in-office-print,,"


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([f"7,{RIGHT}"], 0),
        ([f"7,{NOTED}"], 0),
        ([f"7,{NOTED}", "7,2026-03-04,D0470,iTero,,"], 1),
        (["7,2026-03-04,D0470,iTero,,", f"7,{NOTED}"], 1),
        ([f"{n},{NOTED}" for n in range(3)], 0),
        ([f"{n},{WRONG}" for n in range(3)], 1),
        ([f"{n},2026-03-02,D0470,iTero;in-office-print,," for n in range(1)], 1),
        ([f"{n},2026-03-02,D0470,iTero;in-office-print,," for n in range(3)], 1),
        ([f"7,{WRONG}", "8,bad,D0801,,,"], 2),
    ],
)
def test_the_status_is_that_of_the_worst(rows: list[str], status: int) -> None:
    text = HEADER + "\n".join(rows)
    for report in (
        reports.Texts(reports.Chosen(), brief=True),
        reports.Objects(reports.Chosen()),
    ):
        assert written_of(text, report)[1] == status


def test_what_is_not_chosen_is_not_written_and_has_no_status() -> None:
    text = f"{HEADER}7,{NOTED}\n7,2026-03-04,D0801,,,\n"
    chosen = reports.Chosen(cdtref.Severity.ERROR)
    assert written_of(text, reports.Objects(chosen)) == ([], 0)


@pytest.mark.parametrize("names", ["7AZ", ["", "", ""]])
@pytest.mark.parametrize("file", ["", "50%.csv", "a %s"])
def test_a_line_names_its_file_and_its_claim_where_there_are_any(
    file: str, names: Sequence[str]
) -> None:
    report = reports.Texts(reports.Chosen(), file, brief=True)
    lines, _ = written_of(HEADER + "".join(f"{name},{WRONG}\n" for name in names), report)
    assert lines == [
        f"{file}{': ' * bool(file)}line {at}{', claim 7' * (name == '7')}: error: report D0801, "
        "not D0470"
        for at, name in enumerate(names, 2)
    ]


@pytest.mark.parametrize("file", ["", "march.csv"])
def test_what_was_not_read_is_written_as_an_object(file: str) -> None:
    (line,), _ = written_of(f"{HEADER}A7,bad,D0801,,,\n", reports.Objects(reports.Chosen(), file))
    told = json.loads(line)
    assert told.pop("why").startswith("expected a date of service")
    named = {"file": file} if file else {}
    rest = {"kind": "not-read", "severity": "error", "code": "", "instead": [], "rule": ""}
    assert told == named | {"claim": "A7", "line": 2} | rest


@pytest.mark.parametrize("file", ["", "march.csv"])
def test_a_finding_is_written_as_an_object(file: str) -> None:
    rows = "".join(f"A{n},{WRONG}\n" for n in range(4)) + "B,2026-03-02,D0801,iTero,,\n"
    rows += "B,2026-03-04,D0470,iTero,,\n"
    lines, _ = written_of(HEADER + rows, reports.Objects(reports.Chosen(), file))
    objects = [json.loads(line) for line in lines]
    assert [one.get("file", "") for one in objects] == [file] * len(objects)
    wrong = [one for one in objects if one["kind"] == "wrong-code"]
    assert [(one["claim"], one["line"], one["lines"], one["on"]) for one in wrong] == [
        *((f"A{n}", n + 2, [n + 2], "2026-03-02") for n in range(4)),
        ("", 7, [7], "2026-03-04"),
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-12.50", "-12.50"),
        ("+1,000", "+1,000"),
        ("Xray", "Xray"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(cell: str, written: str) -> None:
    assert reports.harmless(cell) == written


LAST = cdtref.editions()[-1].until
LATER = dt.date(LAST.year + 1, 3, 2)


def test_a_table_is_written_again_with_what_was_found_beside_its_rows() -> None:
    later = str(LATER).encode()
    data = (
        b"Claims of March\r\n\r\non,billed,did,remark\r\n"
        b"2026-03-02,D0470,iTero,M\xfcller\r\n2026-03-02,D0801,iTero,a\x81\r\n"
        b"2026-03-02,D0470\r\n,,,\r\n"
        b'2026-03-02,D0470,iTero,"a\nb"\r\n' + later + b",D0470,iTero,x,\r\n"
        b"2026-03-02,D0801,iTero,y,z\r\nTotal,,,9\r\n"
    )
    marks = reports.Marks()
    for result in read(data)[0]:
        for told in reports.told_of(result, reports.Chosen()):
            marks.add(told)
    out = io.StringIO()
    reports.annotate(io.BytesIO(data), {}, marks, out)
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert [row[:5] for row in rows] == [
        ["Claims of March"],
        [],
        ["on", "billed", "did", "remark", "finding: severity"],
        ["2026-03-02", "D0470", "iTero", "Müller", "error"],
        ["2026-03-02", "D0801", "iTero", "a�", ""],
        ["2026-03-02", "D0470", "", "", "not read"],
        ["", "", "", "", ""],
        ["2026-03-02", "D0470", "iTero", "a\nb", "error"],
        [str(LATER), "D0470", "iTero", "x", "warning"],
        ["2026-03-02", "D0801", "iTero", "y", "z"],
        ["Total", "", "", "9", ""],
    ]
    assert rows[2][5] == "finding"
    assert rows[3][5].startswith("report D0801, not D0470. D0470 is for")
    assert rows[4][5] == ""
    assert rows[5][5] == "has only 2 cells; the header has 4"
    head = f"D0470: {LATER} is after the last edition here. "
    assert rows[8][5].startswith(head)
    assert " By the last edition here: report D0801, not D0470. D0470 is for" in rows[8][5]
    assert rows[9][5:] == ["not read", "has 5 cells; the header has 4"]


def test_what_the_last_edition_would_say_is_written_with_its_line() -> None:
    rows = "".join(f"{n},{LATER},D0470,iTero,,\n" for n in range(4))
    lines, _ = written_of(HEADER + rows, reports.Objects(reports.Chosen()))
    told = [(one["lines"], one["last_known"]) for one in map(json.loads, lines)]
    assert [places for places, _ in told] == [[2], [3], [4], [5]]
    for places, known in told:
        assert [(one["lines"], one["on"]) for one in known] == [(places, str(LAST))]


def test_all_that_the_last_edition_would_say_stands_beside_a_row() -> None:
    marks = reports.Marks()
    row = f"7,{LATER},D0801,stone-cast,,\n"
    for result in read(HEADER + row * 2)[0]:
        for told in reports.told_of(result, reports.Chosen()):
            marks.add(told)
    severity, text = marks.at(2)
    assert severity == "warning"
    assert text.count(". By the last edition here: ") == text.count("By the last") == 2


def test_a_headline_is_a_line_so_that_it_can_be_searched_for() -> None:
    claim = f"A{10**30}"
    checked, _ = read(f"{HEADER}{claim},2026-03-02,D0801,retainer-scan,,\n{claim},{WRONG}\n")
    told = reports.Texts(reports.Chosen(), brief=True).of(checked[0])[0].splitlines()
    assert len(told) == len(checked[0].findings) > 1  # type: ignore[union-attr]
    assert all(claim in line for line in told)
