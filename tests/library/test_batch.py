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


def test_rows_of_a_claim_that_stand_apart_are_told() -> None:
    row = "{},2026-03-02,D0801,intraoral-scan,,\n"
    results = check(HEADER + row.format("A") + row.format("B") + row.format("A"))
    assert isinstance(results[2], Checked)
    assert "stand apart" in results[2].findings[0].why


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
