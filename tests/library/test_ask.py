"""`cdtref ask`: what `cdtref.search` finds, told in a terminal."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

import cdtref
from cdtref.cli import main
from cdtref.words import label

LAST = cdtref.editions()[-1].until
AFTER = LAST + dt.timedelta(days=40)

SEARCHES = [
    line.split("\t")[0]
    for line in Path(__file__).with_name("searches.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
WHICH = "That may mean several things: which was it?"


def ask(
    *words: str, capsys: pytest.CaptureFixture[str], status: int = 0, error: bool = False
) -> list[str]:
    """The lines that are printed; those of the error stream where one is meant."""
    assert main(["ask", *words]) == status
    out, err = capsys.readouterr()
    assert (err if not error else out) == ""
    return (err if error else out).splitlines()


def flat(lines: list[str]) -> str:
    """Lines without what broke them."""
    return " ".join(" ".join(lines).split())


def test_an_answer_says_what_to_report_how_sure_and_for_which_date(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = ask("plaster models 3/14/2022", capsys=capsys)
    assert lines[:4] == [
        "Report D0470: Study model poured in stone",
        "    high confidence",
        "    Date of service 2022-03-14",
        "    services/stone-cast/?on=2022-03-14",
    ]


def test_a_code_for_a_service_says_what_to_report_instead(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = ask("D0470 iTero", capsys=capsys)
    assert lines[:5] == [
        "Do not report D0470: Scan of the mouth, kept as a record",
        "    Report: D0801",
        "    medium confidence, disputed",
        f"    Date of service {LAST}",
        "    codes/D0470/#intraoral-scan",
    ]


def test_a_visit_tells_each_service(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ask("iTero scan and lab printed model", capsys=capsys)
    assert lines[0] == "Scan of the mouth, kept as a record + Model printed by a laboratory"
    assert "    Report D0801: Scan of the mouth, kept as a record" in lines
    assert "    No code of its own: Model printed by a laboratory" in lines


def test_what_is_unsettled_says_what_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    answer = cdtref.can_bill("D0395", "surface-volume-fusion", on=LAST)
    told = flat(ask("D0395 merging STL with CBCT", capsys=capsys))
    assert told.startswith("Unsettled: ask the payer: Fusion of a surface scan with a CBCT")
    assert f"Ask the payer: {answer.ask}" in told


def test_a_code_says_from_when_to_when(capsys: pytest.CaptureFixture[str]) -> None:
    """Else one that was not yet in force would be told as if it had been."""
    lines = ask("D0801 12/15/2022", capsys=capsys)
    code = cdtref.code("D0801")
    assert lines[0] == f"{code.code} {code.title}"
    assert f"    From 2023-01-01 known through {LAST}" in lines
    assert "    From 2015-01-01 to 2022-12-31" in ask("D0351", capsys=capsys)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("D0470 iTero", f"Last known, for {LAST}: Do not report D0470: Scan of the mouth, kept"),
        ("D0801 iTero", f"Last known, for {LAST}: Report D0801: Scan of the mouth, kept"),
        ("iTero scan", f"Last known, for {LAST}: Report D0801: Scan of the mouth, kept"),
        ("pano and ceph", f"Last known, for {LAST}: Report D0330: Panoramic radiograph Report"),
    ],
)
def test_after_the_last_edition_the_last_answer_is_told_as_such(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = flat(ask(f"{words} {AFTER}", capsys=capsys))
    assert "Unsettled: ask the payer: " in shown
    assert told in shown
    assert shown.index("Unsettled") < shown.index("Last known")
    assert f"Date of service {AFTER}" in shown
    assert "Last known" not in flat(ask(f"{words} {LAST}", capsys=capsys))


def test_words_without_quotes_are_one_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("scan", "for", "a", "crown", capsys=capsys) == ask("scan for a crown", capsys=capsys)


@pytest.mark.parametrize("words", ["digital impression", "D0801 digital impression", "3D print"])
def test_what_may_mean_several_things_is_asked_about(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ask(words, capsys=capsys)
    assert lines[0] == WHICH
    assert lines.count(WHICH) == 1
    assert sum(not line.startswith(" ") for line in lines[1:]) > 1


@pytest.mark.parametrize("words", ["iTero scan", "D0470 iTero", "CO-16", "pano and ceph", "D2740"])
def test_what_is_plain_is_not_asked_about(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert WHICH not in ask(words, capsys=capsys)


@pytest.mark.parametrize("words", ["pizza recipe", "x", "root canal", "<b>bold</b>"])
def test_nothing_found_is_said_with_status_one(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = flat(ask(words, capsys=capsys, status=1))
    assert told.startswith(f"We have no entry for {words!r}.")
    assert main(["ask", "--json", words]) == 1
    assert json.loads(capsys.readouterr().out) == []


def test_a_long_question_is_not_repeated_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    told = flat(ask("qq " * 150, capsys=capsys, status=1))
    assert told.startswith("We have no entry for 'qq qq")
    assert len(told) < 150


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "expected text"),
        ("🦷", "without a letter or digit"),
        ("a" * 501, "at most 500 characters"),
        ("D047", "Did you mean D0470?"),
        ("D0801 3/4/2019 1/2/2022", "exclude one another"),
        ("D0801 2013", "none is guessed"),
    ],
)
def test_what_is_refused_has_status_two(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for json_too in ([], ["--json"]):
        (line,) = ask(*json_too, words, capsys=capsys, status=2, error=True)
        assert line.startswith("cdtref: ")
        assert told in line
        assert "Traceback" not in line


def test_no_words_are_no_question(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["ask"])
    assert caught.value.code == 2
    assert "words" in capsys.readouterr().err


@pytest.mark.parametrize("words", [*SEARCHES, f"D0470 iTero {AFTER}", f"pano and ceph {AFTER}"])
def test_the_lines_agree_with_the_search(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Hit by hit in the same order, each with its answer and its address, within 80 columns."""
    hits = cdtref.search(words)
    lines = ask(words, capsys=capsys)
    assert all(len(line) <= 80 for line in lines)
    assert (lines[0] == WHICH) == (hits[0].ambiguous and len(hits) > 1)
    rest = flat(lines).removeprefix(WHICH).lstrip()
    for hit in hits:
        block, found, rest = rest.partition(f" {hit.address}")
        assert found, hit
        rest = rest.lstrip()
        answer = hit.answer
        if isinstance(answer, cdtref.Answer):
            assert cdtref.service(answer.service).short in block
            assert f"{label(answer.confidence)}{', disputed' if answer.disputed else ''}" in block
            assert f"Report: {', '.join(answer.instead)}" in block or not answer.instead
            assert {
                "yes": f"Report {answer.code}: ",
                "no": f"Do not report {answer.code}: ",
                "included": f"Part of {answer.part_of}, nothing separate: ",
                "unsettled": "Unsettled: ask the payer: ",
            }[answer.verdict] in block
        elif isinstance(answer, cdtref.ServiceAnswer):
            said = {
                "reported": f"Report {' and '.join(answer.codes)}",
                "included": f"Part of {answer.part_of}, nothing separate",
                "no-code": "No code of its own",
                "unsettled": "Unsettled: ask the payer",
            }[answer.outcome]
            assert block.startswith(f"{said}: {hit.title} "), block
            assert f"Ask the payer: {answer.ask}" in block or not answer.ask
        elif isinstance(answer, cdtref.Recommendation):
            for line in answer.lines:
                assert f"Report {line.code}: " in block
        elif isinstance(answer, cdtref.Code):
            assert block.startswith(f"{hit.title} {answer.use}")
        else:
            assert block == hit.title
        dated = answer is not None and not isinstance(answer, cdtref.Code)
        assert (f"Date of service {hit.on}" in block) == dated
    assert rest == ""


@pytest.mark.parametrize("words", ["D0470 iTero", "pano and ceph", "CO-16", "D0801", "panorex"])
def test_json_is_what_the_search_gives(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = ask("--json", words, capsys=capsys)
    assert line.isascii()
    assert cdtref.from_json(line, tuple[cdtref.Hit, ...]) == cdtref.search(words)


def test_a_narrow_code_page_is_no_hindrance() -> None:
    """A title has a dash, and a message quotes what was typed."""
    program = "import sys; from cdtref.cli import main; sys.exit(main())"
    for words, status in (("D0801", 0), ("сканирование", 1)):
        ran = subprocess.run(
            [sys.executable, "-c", program, "ask", words],
            capture_output=True,
            check=False,
            env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"},
        )
        assert ran.returncode == status, ran.stderr
        assert ran.stderr == b""
        assert ran.stdout


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ask", "--help"])
    assert 'cdtref ask "iTero scan for a crown"' in capsys.readouterr().out
