"""What the page for an office says to type is typed here."""

import csv
import io
import re
import shlex
from pathlib import Path

import pytest

from cdtref.cli import main
from tests.docs import ROOT

PAGE = (ROOT / "docs/guide/your-own-export.md").read_text(encoding="utf-8")
EXPORT = str(ROOT / "docs/assets/export.csv")
TOLD = {
    '--columns on="Date of Service"': "The date of service: column 'Date of Service'.",
    "--columns billed=Procedure": "The code: column 'Procedure'.",
    '--columns claim="Claim No"': "The number of the claim: column 'Claim No'.",
    "--dates day-first": "were read as day/month/year",
    "--where Status=Complete": "1 left out as you asked",
}


def test_every_option_of_the_page_does_what_it_is_there_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = re.findall(r"\| `(--[^`]+)` \|", PAGE)
    assert options == list(TOLD)
    for option in options:
        assert main(["check", EXPORT, "--exit-zero", *shlex.split(option)]) == 0
        told = " ".join(capsys.readouterr().err.split())
        assert TOLD[option] in told, option


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        ("Date A,Date B,Code\n1,2,3\n", "none is plainly the date of service"),
        ("Date of Service,Item\n1,2\n", "none is plainly the code"),
        ("Date of Service,Code\n3/2/2026,D0801\n", "each row was checked by itself"),
        ("Date of Service,Code\n3/2/2026,D0801\n", "were read as month/day/year"),
        ("Date,Code,Status\n3/2/2026,D0801,C\n", "All rows were checked, whatever 'Status' says"),
    ],
)
def test_the_screen_says_what_the_page_says_that_it_says(
    tmp_path: Path, file: str, seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(file, encoding="utf-8")
    main(["check", str(path)])
    assert seen in " ".join(capsys.readouterr().err.split())
    shown = [cell.strip() for cell in re.findall(r"^\| ([^`|]+) \|", PAGE, re.MULTILINE)]
    said = seen.replace("All rows", "all rows").partition(",")[0].removeprefix("were ")
    assert any(said in cell for cell in shown), said


def test_the_annotated_file_is_the_export_with_two_more_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "cdtref check export.csv --output-format annotated > checked.csv" in PAGE
    main(["check", EXPORT, "--output-format", "annotated"])
    out = capsys.readouterr().out
    text = Path(EXPORT).read_text(encoding="utf-8")
    before = list(csv.reader(io.StringIO(text, newline="")))
    after = list(csv.reader(io.StringIO(out.removeprefix("\ufeff"), newline="")))
    assert [row[:6] for row in after] == before
    assert {len(row) for row in after[2:]} == {8}
