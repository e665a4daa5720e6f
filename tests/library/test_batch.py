"""Claims in files: each row is checked or told, and the rest goes on."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import cdtref
from cdtref.batch import Checked, Unreadable, check_csv, check_jsonl
from cdtref.cli import main

HEADER = "claim,on,billed,did,arch,quantity\n"


def check(text: str) -> list[Checked | Unreadable]:
    return list(check_csv(io.StringIO(text, newline="")))


def test_rows_of_a_claim_are_checked_together() -> None:
    (claim,) = check(
        HEADER + "7,2026-03-02,D0801,intraoral-scan,,\n7,2026-03-02,D0396,lab-print,,\n"
    )
    assert isinstance(claim, Checked)
    assert (claim.claim, claim.first, claim.rows) == ("7", 2, 2)
    assert [(f.kind, f.lines) for f in claim.findings if f.code] == [("wrong-code", (3,))]


def test_only_on_and_billed_are_required_in_any_order() -> None:
    (claim,) = check("billed,on\nd0801 ,2022-03-02\n")
    assert isinstance(claim, Checked)
    assert [f.kind for f in claim.findings] == ["invalid-for-date"]


def test_several_services_are_parted_by_semicolons() -> None:
    (claim,) = check("on,billed,did\n2026-03-02,D0801,intraoral-scan; Scan viewing\n")
    assert isinstance(claim, Checked)
    assert claim.findings == ()


@pytest.mark.parametrize(
    "did", ["iTero", "3D scan", "Intraoral-Scan", "a scan of the mouth kept as a record"]
)
def test_services_are_read_by_their_names(did: str) -> None:

    def found(billed: str, did: str) -> list[tuple[str, str]]:
        (claim,) = check(f"on,billed,did\n2026-03-02,{billed},{did}\n")
        assert isinstance(claim, Checked)
        return [(finding.kind, finding.code) for finding in claim.findings]

    assert found("D0470", did) == found("D0470", "intraoral-scan") == [("wrong-code", "D0470")]
    assert found("D0801", did) == found("D0801", "intraoral-scan") == []
    assert found("D0470", f"{did}; Study Model") == found("D0470", "intraoral-scan;stone-cast")
    for claim in (
        {"on": "2026-03-02", "did": [did], "billed": ["D0470"]},
        {"lines": [{"on": "2026-03-02", "code": "D0470", "did": did}]},
    ):
        (result,) = check_jsonl([json.dumps(claim)])
        assert isinstance(result, Checked)
        assert [finding.kind for finding in result.findings] == ["wrong-code"]


def test_a_name_of_several_services_leaves_its_line_unread() -> None:
    claim = {"on": "2026-03-02", "did": ["digital impression"], "billed": ["D0801"]}
    bad, good = check_jsonl([json.dumps(claim), json.dumps(claim | {"did": ["iTero"]})])
    assert isinstance(bad, Unreadable)
    assert "may be one of several services" in bad.why
    for id in ("intraoral-scan", "digital-impression", "aligner-scan"):
        assert id in bad.why
    assert isinstance(good, Checked)


def test_a_row_without_a_claim_is_a_claim_of_its_own() -> None:
    text = HEADER + ",2026-03-02,D0801,intraoral-scan,,\n" * 2
    assert [result.rows for result in check(text) if isinstance(result, Checked)] == [1, 1]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,03/02/2026,D0801,,,", "expected a date of service"),
        ("1,,D0801,,,", "expected a date of service"),
        ("1,today,D0801,,,", "expected a date of service"),
        ("1,2013-12-31,D0801,,,", "No CDT edition is encoded"),
        ("1,2026-03-02,,,,", "empty text"),
        ("1,2026-03-02,801,,,", "is not a procedure code"),
        ("1,2026-03-02,=HYPERLINK(1),,,", "is not a procedure code"),
        ("1,2026-03-02,D0801,iTreo,,", "Did you mean intraoral-scan"),
        ("1,2026-03-02,D0801,scan,,", "may be one of several services. Did you mean intraoral-"),
        ("1,2026-03-02,D0801,,left,", "arch: expected upper, lower"),
        ("1,2026-03-02,D0801,,,0", "quantity: expected a whole number"),
        ("1,2026-03-02,D0801,,,1.5", "quantity: expected a whole number"),
        (f"1,2026-03-02,D0801,,,{'9' * 5_000}", "quantity: expected a whole number"),
        ("1,2026-03-02,D0801", "has 3 cells; the header has 6"),
        ('1,2026-03-02,"D08"01,,,', "not readable as CSV"),
        ("1,2026-03-02,\udcff\udcfe,,,", "bytes that are not UTF-8"),
        ("1,2026-03-02,\x1b[2J,,,", r"'\\x1b\[2J' is not a procedure code"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_goes_on(row: str, told: str) -> None:
    bad, good = check(f"{HEADER}{row}\n2,2026-03-02,D0801,intraoral-scan,,\n")
    assert isinstance(bad, Unreadable)
    assert bad.line == 2
    assert re.search(told, bad.why), bad.why
    assert bad.why.isprintable()
    assert isinstance(good, Checked)


def test_a_stray_quote_names_the_rows_it_takes_along() -> None:
    rows = "".join(f"{n},2026-03-02,D0801,intraoral-scan,,\n" for n in range(9_000))
    results = check(f'{HEADER}a,2026-03-02,"D0801,,,\n{rows}')
    bad = [result for result in results if isinstance(result, Unreadable)]
    assert bad[0].line == 2
    assert "look for a stray quote" in bad[0].why
    read = sum(result.rows for result in results)
    assert read >= 9_000


def test_what_a_stray_quote_takes_along_is_counted_line_by_line() -> None:
    good = "2,2026-03-02,D0801,intraoral-scan,,\n"
    bad, before = check(f'{HEADER}{good}a,2026-03-02,"D0801,,,\n{good}{good}')
    assert isinstance(before, Checked)
    assert isinstance(bad, Unreadable)
    assert (bad.line, bad.rows) == (3, 3)
    assert "it runs to line 5" in bad.why
    (bad,) = check(f'{HEADER}a,2026-03-02,"D0801,,,\n{good}')
    assert isinstance(bad, Unreadable)
    assert (bad.line, bad.rows) == (2, 2)
    assert "it runs to line 3" in bad.why
    bad, after = check(f'{HEADER}1,2026-03-02,"D08"01,,,\n{good}')
    assert isinstance(bad, Unreadable)
    assert isinstance(after, Checked)
    assert (bad.line, bad.rows, after.first) == (2, 1, 3)
    assert "stray quote" not in bad.why


@pytest.mark.parametrize("quantity", ["1", "2", " 10 ", "99", ""])
def test_a_quantity_is_read_as_a_number(quantity: str) -> None:
    (claim,) = check(f"{HEADER}1,2026-03-02,D0470,stone-cast,both,{quantity}\n")
    assert isinstance(claim, Checked)
    several = quantity.strip() not in ("", "1")
    assert [("quantity above one" in f.why, f.lines) for f in claim.findings] == (
        [(True, (2,))] if several else []
    )


def test_without_a_column_for_it_every_row_is_a_claim_and_no_arch_is_known() -> None:
    rows = "2026-03-02,D0801,intraoral-scan\n2026-03-02,D0470,stone-cast\n"
    results = check(f"on,billed,did\n{rows}")
    assert [(r.claim, r.first, r.findings) for r in results if isinstance(r, Checked)] == [
        ("", 2, ()),
        ("", 3, ()),
    ]


def test_the_same_mistake_is_told_the_same_in_every_row() -> None:
    for row in ("1,2026-03-02,D0801,iTreo,,\n", "1,2026-03-02,801,,,\n", "1,3/2/2026,D0801,,,\n"):
        first, second = check(HEADER + row + row)
        assert isinstance(first, Unreadable)
        assert isinstance(second, Unreadable)
        assert first.why == second.why
        assert (first.line, second.line) == (2, 3)


@pytest.mark.parametrize("byte", [0x80, 0xE9, 0xFF])
def test_a_byte_that_is_not_utf_8_is_told_in_whatever_cell(byte: int) -> None:
    cell = bytes([byte]).decode("utf-8", "surrogateescape")
    for row in (f"{cell},D0801,", f"2026-03-02,{cell},", f"2026-03-02,D0801,{cell}"):
        (bad,) = check(f"on,billed,did\n{row}\n")
        assert isinstance(bad, Unreadable)
        assert "not UTF-8" in bad.why
    (bad,) = check_jsonl([f'{{"on": "{cell}"}}'])
    assert isinstance(bad, Unreadable)
    assert "not UTF-8" in bad.why


ROW = "{},2026-03-02,D0801,intraoral-scan,,\n"


def test_rows_of_a_claim_that_stand_apart_are_told() -> None:
    _, _, again = check(HEADER + ROW.format("A") + ROW.format("B") + ROW.format("A"))
    assert isinstance(again, Checked)
    (told,) = again.findings
    assert "Rows of claim 'A' stand apart" in told.why
    assert (told.kind, told.severity, told.code) == ("not-checked", "warning", "")
    assert (told.on.isoformat(), told.lines) == ("2026-03-02", (4,))
    assert (told.instead, told.rule, told.dissent) == ((), "", ())


@pytest.mark.parametrize(("others", "noticed"), [(999, True), (1_000, False)])
def test_a_claim_that_comes_again_is_noticed_among_the_last_thousand(
    others: int, noticed: bool
) -> None:
    between = "".join(ROW.format(f"B{n}") for n in range(others))
    last = check(HEADER + ROW.format("A") + between + ROW.format("A"))[-1]
    assert isinstance(last, Checked)
    assert bool(last.findings) == noticed


def test_the_dates_of_a_claim_may_alternate() -> None:
    """The rows of a date are one visit, wherever in the claim they stand."""
    days = ("2026-03-02", "2026-03-04", "2026-03-02")
    rows = "".join(f"1,{day},D0801,intraoral-scan,,\n" for day in days)
    (claim,) = check(HEADER + rows)
    assert isinstance(claim, Checked)
    assert [(f.kind, f.lines) for f in claim.findings] == [("duplicate", (2, 4))]


def test_rows_of_empty_cells_are_nothing() -> None:
    (only,) = check(f"{HEADER},,,,,\n1,2026-03-02,D0801,intraoral-scan,,\n\n")
    assert isinstance(only, Checked)


def test_a_header_that_is_no_csv_is_refused() -> None:
    with pytest.raises(cdtref.InvalidInputError, match="header is not readable"):
        check('"on,billed')


def test_a_quoted_newline_is_part_of_its_cell() -> None:
    text = HEADER + '"a\nb",2026-03-02,D0801,intraoral-scan,,\n,2026-03-02,D0470,intraoral-scan,,\n'
    first, second = check(text)
    assert isinstance(first, Checked)
    assert isinstance(second, Checked)
    assert (first.claim, second.first) == ("a\nb", 4)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The file is empty"),
        ("on,billed,fee\n", "Unknown column 'fee'"),
        ("on,did\n", "The column 'billed' is missing"),
        ("on,billed,on\n", "The column 'on' stands twice"),
        ("2026-03-02,D0801\n", "Unknown column '2026-03-02'"),
    ],
)
def test_a_bad_header_is_refused(text: str, told: str) -> None:
    with pytest.raises(cdtref.InvalidInputError, match=told):
        check(text)


def test_json_lines() -> None:
    lines = [
        json.dumps(
            {"claim": 9, "on": "2026-03-02", "did": ["intraoral-scan"], "billed": ["D0470"]}
        ),
        "",
        "{",
        "[" * 100_000,
        '{"on": ' + "9" * 5_000 + "}",
        "[]",
        '{"on": "2026-03-02", "billed": ["D0801"], "patient": "x"}',
        json.dumps({"lines": [{"on": "2026-03-02", "code": "D0801", "did": "intraoral-scan"}]}),
    ]
    results = list(check_jsonl(lines))
    assert [type(result).__name__ for result in results] == [
        *("Checked", *["Unreadable"] * 5, "Checked")
    ]
    assert [result.line for result in results if isinstance(result, Unreadable)] == [
        *(3, 4, 5, 6, 7)
    ]
    assert isinstance(results[0], Checked)
    assert [finding.kind for finding in results[0].findings] == ["wrong-code"]


def test_a_line_of_json_is_counted_and_named_like_rows() -> None:
    visit = {"on": "2026-03-02", "billed": ["D0801", "D0801"], "did": ["intraoral-scan"]}
    lines = {"lines": [{"on": "2026-03-02", "code": "D0801", "did": "iTero"}] * 3}
    given = [{"claim": 9, **visit}, {"claim": None, **lines}, visit, {"claim": "A-7", **lines}]
    results = list(check_jsonl(json.dumps(one) for one in given))
    told = [(r.claim, r.first, r.rows) for r in results if isinstance(r, Checked)]
    assert told == [("9", 1, 2), ("", 2, 3), ("", 3, 2), ("A-7", 4, 3)]
    assert [[f.lines for f in r.findings] for r in results if isinstance(r, Checked)] == [
        *([(1,)], [(2,)], [(3,)], [(4,)])
    ]


def test_what_is_about_no_line_stays_so_in_json() -> None:
    (result,) = check_jsonl(['{"on": "2026-03-02", "billed": [], "did": ["intraoral-scan"]}'])
    assert isinstance(result, Checked)
    assert [(f.kind, f.lines) for f in result.findings] == [("unbilled-service", ())]
    (broken,) = check_jsonl(['{"on": 2026-03-02}'])
    assert isinstance(broken, Unreadable)
    assert broken.why.startswith("not readable as JSON: ")
    assert "column" in broken.why, "where the text breaks"


# --- The terminal ---------------------------------------------------------------------------------


def run(*arguments: str, capsys: pytest.CaptureFixture[str], status: int = 0) -> tuple[str, str]:
    assert main(arguments) == status
    out, err = capsys.readouterr()
    return out, err


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        (["can-bill", "D0470", "intraoral-scan", "--on", "2026-03-02"], "Report: D0801"),
        (["can-bill", "d0801", "digital-impression", "--on", "2026-03-02"], "It is part of"),
        (["can-bill", "D0802", "impression-scan", "--on", "2026-03-02"], "Ask the payer"),
        (
            ["recommend", "intraoral-scan", "lab-print", "--on", "2026-03-02"],
            "lab-print: no code of its own",
        ),
        (["code"], "D0801"),
        (["code", "D0351"], "From 2015-01-01 to 2022-12-31"),
        (["service"], "stone-cast"),
        (["service", "stone-cast"], "study model"),
        (["documentation", "D0396"], "[ ] printer"),
        (["denial"], "bundled"),
        (["denial", "CO-97"], "Part of another service"),
        (["denial", "N478"], "Models or documents"),
        (["denial", "frequency"], "First:"),
        (["sources"], "delta-dental-fyi-2026"),
        (["sources", "ada-glossary"], "American Dental Association"),
        (["letter", "wrong-code", "--note", "method=Scan"], "Corrected claim"),
        (
            ["narrative", "D0470", "--note", "purpose=Worn teeth", "--note", "method=Poured"],
            "Worn teeth. Poured.",
        ),
    ],
)
def test_commands_fit_eighty_columns_and_speak_json(
    arguments: Sequence[str], holds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = run(*arguments, capsys=capsys)
    assert holds in out
    # An address is never broken.
    assert max(len(line) for line in out.splitlines() if not line.startswith("http")) <= 80
    json_out, _ = run(*arguments, "--json", capsys=capsys)
    assert json.loads(json_out)


@pytest.mark.parametrize(
    "arguments",
    [
        ["can-bill", "D0470", "iTreo"],
        ["can-bill", "D0470", "scan"],
        ["recommend", "digital impression"],
        ["can-bill", "801", "stone-cast"],
        ["can-bill", "D0470", "stone-cast", "--on", "2013-12-31"],
        ["denial", "CO-9999"],
        ["narrative", "D0470"],
        ["narrative", "D0470", "--note", "purpose"],
        ["narrative", "D0470", "--note", "purpose=a", "--note", "purpose=b"],
        ["letter", "not-covered"],
        ["check", "no-such-file.csv"],
    ],
)
def test_errors_go_to_the_error_stream_with_status_two(
    arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = run(*arguments, capsys=capsys, status=2)
    assert out == ""
    assert err.startswith("cdtref: ")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ("1,2026-03-02,D0801,intraoral-scan,,\n", 0),
        ("1,2026-03-02,D2740,,,\n", 0),
        ("1,2026-03-02,D0470,intraoral-scan,,\n", 1),
        ("1,2026-03-02,D0802,impression-scan,,\n", 1),
        ("1,bad,D0470,,,\n2,2026-03-02,D0470,intraoral-scan,,\n", 2),
        ("", 0),
    ],
)
def test_check_tells_by_its_exit_status(
    tmp_path: Path, rows: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEADER + rows).encode())  # with a byte-order mark
    out, err = run("check", str(file), "--why", capsys=capsys, status=status)
    assert "rows not read" in err
    assert ("not read:" in out) == (status == 2)
    json_out, _ = run("check", str(file), "--json", capsys=capsys, status=status)
    for line in json_out.splitlines():
        json.loads(line)


def test_check_reads_standard_input() -> None:
    program = "import sys; from cdtref.cli import main; sys.exit(main(['check', '-']))"
    rows = HEADER.encode() + b"1,2026-03-02,D0470,intraoral-scan,,\n2,2026-03-02,\xff,,,\n"
    ran = subprocess.run(
        [sys.executable, "-c", program], input=rows, capture_output=True, check=False
    )
    assert ran.returncode == 2
    assert b"wrong-code D0470 -> D0801" in ran.stdout
    assert b"not UTF-8" in ran.stdout


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("can-bill", "recommend", "check", "letter"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert f"cdtref {command} " in capsys.readouterr().out
