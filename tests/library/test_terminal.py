"""The terminal: what each command prints, and its exit status."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

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
