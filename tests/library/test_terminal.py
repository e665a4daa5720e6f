"""The terminal: what each command prints, and its exit status."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cdtref.claimfiles.columns import FIELDS
from cdtref.cli import main

HEADER = "claim,on,billed,did,arch,quantity\n"


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
        ("1,2026-03-02,D0801,intraoral-scan;in-office-print,,\n", 0),
        ("1,bad,D0470,,,\n2,2026-03-02,D0470,intraoral-scan,,\n", 2),
    ],
)
def test_check_tells_by_its_exit_status(
    tmp_path: Path, rows: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEADER + rows).encode())  # with a byte-order mark
    out, err = run("check", str(file), capsys=capsys, status=status)
    assert ("not read" in err) == (status == 2)
    assert ("not read:" in out) == (status == 2)
    json_out, _ = run("check", str(file), "--json", capsys=capsys, status=status)
    for line in json_out.splitlines():
        json.loads(line)
    run("check", str(file), "--output-format", "csv", capsys=capsys, status=status)


def test_check_reads_standard_input() -> None:
    program = "import sys; from cdtref.cli import main; sys.exit(main(['check', '-']))"
    rows = HEADER.encode() + b"1,2026-03-02,D0470,intraoral-scan,,\n2,2026-03-02,\xff,,,\n"
    ran = subprocess.run(
        [sys.executable, "-c", program], input=rows, capture_output=True, check=False
    )
    assert ran.returncode == 2
    assert b"report D0801, not D0470" in ran.stdout
    assert b"not read" in ran.stdout


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("can-bill", "recommend", "check", "letter"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert f"cdtref {command} " in capsys.readouterr().out


# --- Files of claims ------------------------------------------------------------------------------

EXPORT = """\
Claim No,Date of Service,Procedure,Done,Patient
7,03/02/2026,D0470,iTero,=HYPERLINK("x")
7,03/02/2026,D0470,iTero,+1
8,03/02/26,D0470,,-12.50
9,03/02/2026,D0396,lab print,@x
10,03/02/2026,D0801,,"a,b"
10,03/02/2026,D2740,,
"""


@pytest.fixture
def export(tmp_path: Path) -> str:
    file = tmp_path / "export.csv"
    file.write_text(EXPORT, encoding="utf-8")
    return str(file)


NAMED = ("--columns", "did=Done")


def test_a_line_a_finding_says_what_would_be_right(
    export: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = run("check", export, *NAMED, "--quiet", capsys=capsys, status=2)
    assert err == ""
    assert out.splitlines()[:4] == [
        "line 2, claim 7: error: report D0801, not D0470",
        "line 3, claim 7: error: report D0801, not D0470",
        "lines 2, 3, claim 7: warning: D0470 more than once on 2026-03-02",
        "line 4, claim 8: not read: '03/02/26': a year of two digits is not read. Write",
    ]
    out, err = run("check", export, *NAMED, capsys=capsys, status=2)
    assert "    D0470 is for a study model poured in stone." in out
    assert "7 lines: 4 checked, 1 outside this topic, 1 the header, 1 not read." in err


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        (["--severity", "error"], {"wrong-code", "not-read"}),
        (["--severity", "warning"], {"wrong-code", "duplicate", "bundling-risk", "not-read"}),
        (["--select", "duplicate"], {"duplicate", "not-read"}),
        (["--select", "duplicate,wrong-code"], {"duplicate", "wrong-code", "not-read"}),
        (["--select", "documentation"], {"not-read"}),
    ],
)
def test_findings_are_chosen_and_what_was_not_read_is_always_told(
    options: list[str], kinds: set[str], export: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = run("check", export, *NAMED, *options, "--json", capsys=capsys, status=2)
    told = [json.loads(line) for line in out.splitlines()]
    assert {one["kind"] for one in told} == kinds
    for one in told:
        assert {"claim", "line", "kind", "severity", "code", "instead", "why", "rule"} <= one.keys()
    out, _ = run("check", export, *NAMED, *options, capsys=capsys, status=2)
    assert out.count("\nline") + 1 == len(told)


def test_the_exit_status_is_that_of_what_is_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.csv"
    file.write_text(f"{HEADER}1,2026-03-02,D0470,iTero,,\n", encoding="utf-8")
    run("check", str(file), capsys=capsys, status=1)
    run("check", str(file), "--select", "duplicate", capsys=capsys, status=0)
    run("check", str(file), "--exit-zero", capsys=capsys, status=0)
    _, err = run("check", str(file), "--select", "wrong", capsys=capsys, status=2)
    assert "is no kind of finding; there are wrong-code," in err


def test_several_files_are_told_apart_and_one_that_is_none_stops_no_other(
    export: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    none = str(tmp_path / "none.csv")
    files = ["check", str(pdf), none, export, "--columns", "did=Done"]
    out, err = run(*files, capsys=capsys, status=2)
    assert f"{export}: line 2, claim 7: error: report D0801, not D0470" in " ".join(out.split())
    told = " ".join(err.split())
    assert f"{pdf}: The file is a PDF." in told
    assert f"{none}: No such file" in told
    assert f"{export}: 7 lines: 4 checked" in told
    run(*files, "--exit-zero", capsys=capsys, status=2)
    out, _ = run(*files, "--json", capsys=capsys, status=2)
    assert {json.loads(line)["file"] for line in out.splitlines()} == {export}


def test_the_annotated_file_keeps_every_cell_and_no_formula(
    export: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = run("check", export, *NAMED, "--output-format", "annotated", capsys=capsys, status=2)
    header, *rows = csv.reader(io.StringIO(out.removeprefix("\ufeff"), newline=""))
    assert header[-2:] == ["finding: severity", "finding"]
    before = list(csv.reader(io.StringIO(EXPORT)))[1:]
    assert [row[:4] for row in rows] == [row[:4] for row in before]
    assert [row[4] for row in rows] == ['\'=HYPERLINK("x")', "'+1"[1:], "-12.50", "'@x", "a,b", ""]
    assert [row[5] for row in rows] == ["error", "error", "not read", "error", "warning", "warning"]
    assert rows[0][6].startswith("report D0801, not D0470. D0470 is for a study model")
    assert " | D0470 more than once" in rows[0][6]


def test_a_table_of_findings(export: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run("check", export, *NAMED, "--output-format", "csv", capsys=capsys, status=2)
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"), newline="")))
    assert [(row["line"], row["kind"], row["instead"]) for row in rows[:2]] == [
        ("2", "wrong-code", "D0801"),
        ("3", "wrong-code", "D0801"),
    ]
    assert rows[3]["kind"] == "not-read"
    assert {row["file"] for row in rows} == {export}
    assert (rows[3]["on"], rows[3]["address"], rows[3]["claim"]) == ("", "", "8")
    assert rows[0]["on"] == "2026-03-02"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--columns", "on"], "expected FIELD=NAME"),
        (["--columns", "on="], "expected FIELD=NAME"),
        (["--where", "Status"], "expected COLUMN=VALUE"),
        (["--where", "Status=C"], "no column by the name 'Status'"),
        (["--columns", "on=Nothing"], "no column by the name 'Nothing'"),
    ],
)
def test_what_cannot_be_understood_is_told(
    options: list[str], told: str, export: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = run("check", export, *options, capsys=capsys, status=2)
    assert out == ""
    assert told in " ".join(err.split())


def test_the_columns_stand_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    told = capsys.readouterr().out
    for field in FIELDS:
        assert f"\n  {field} " in told


def test_only_a_table_can_be_annotated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "claims.json"
    file.write_text('{"on": "2026-03-02", "billed": ["D0801"]}', encoding="utf-8")
    _, err = run("check", str(file), "--output-format", "annotated", capsys=capsys, status=2)
    assert "Only a table can be written again" in err


def test_standard_input_can_be_annotated() -> None:
    program = "import sys; from cdtref.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["check", "-", "--output-format", "annotated", *NAMED]
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        input=EXPORT.encode(),
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stdout.startswith(b"\xef\xbb\xbfClaim No,")
    assert ran.stdout.count(b"\r\n") == 7


def test_a_reader_who_leaves_sees_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    rows = "".join(f"{n},2026-03-02,D0470,iTero,,\n" for n in range(5_000))
    file.write_text(HEADER + rows, encoding="utf-8")
    program = "import sys; from cdtref.cli import main; sys.exit(main(sys.argv[1:]))"
    for options in ([], ["--json"], ["--output-format", "annotated"]):
        ran = subprocess.Popen(
            [sys.executable, "-c", program, "check", str(file), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert ran.stdout
        assert ran.stderr
        ran.stdout.readline()
        ran.stdout.close()
        told = ran.stderr.read()
        ran.stderr.close()
        ran.wait()
        assert b"Traceback" not in told
        assert b"Exception" not in told
