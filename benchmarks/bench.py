"""How fast an installed cdtref answers, beside a bare Python, at today's size and ten times that.

`make bench` runs it. It builds the wheel, unpacks it into fresh virtual environments that hold
nothing else, and measures there. Processes are timed in turn, bare and with the library, and told
as the median of the ratios of each pair: a ratio holds when the machine's speed drifts.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAIRS = 31
TIMES = 10

ASK = 'cdtref.can_bill("D0470", "intraoral-scan", on="2026-03-02")'
BEYOND = 'cdtref.can_bill("D0470", "intraoral-scan", on="9999-12-31", beyond="last")'
CLAIM = {
    "lines": [
        {"on": "2026-03-02", "code": "D0801", "did": "intraoral-scan"},
        {"on": "2026-03-02", "code": "D0396", "did": "in-office-print"},
        {"on": "2026-03-02", "code": "D0470", "did": "stone-cast"},
    ]
}
RECOMMEND = 'cdtref.recommend(["intraoral-scan", "in-office-print"], on="2026-03-02")'
SEARCH = 'cdtref.search("can we bill D0801 for an Invisalign scan")'
QUESTION = (
    "what do we write in the chart when we scanned the mouth for records, printed the models in "
    "our own office and the payer says the scan is part of the orthodontic treatment?"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = build(Path(folder))
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {PAIRS} pairs\n")
        print(f"{'':44}{'today':>12}{f'{TIMES} times':>12}")
        pythons = [install(wheel, Path(folder, str(times)), times) for times in (1, TIMES)]
        sizes = [knowledge(python).stat().st_size for python in pythons]
        row("knowledge, kB", [f"{size / 1000:.0f}" for size in sizes])
        for name, code in (
            ("import, against a bare start", "import cdtref"),
            ("import and first answer", f"import cdtref; {ASK}"),
            ("import and first recommendation", f"import cdtref; {RECOMMEND}"),
            ("import and first search", f"import cdtref; {SEARCH}"),
        ):
            row(f"{name}, ratio", [f"{ratio(python, code):.2f}" for python in pythons])
        for name, call in (
            ("warm can_bill, ISO text", ASK),
            ("warm can_bill, date", ASK.replace('"2026-03-02"', "day")),
            ("warm can_bill, ids to be understood", ASK.replace("D0470", " d0470 ")),
            ("warm can_bill, after the last edition", BEYOND),
            ("warm recommend, two services", RECOMMEND),
            ("warm code", 'cdtref.code("D0470")'),
            ("warm search, a service and a code", SEARCH),
            ("warm search, two services", 'cdtref.search("iTero scan and photos")'),
            ("warm search, a letter wrong", 'cdtref.search("invislaign scan")'),
            ("warm search, the commonest word", 'cdtref.search("scan")'),
            ("warm search, a long question", f"cdtref.search({QUESTION!r})"),
            ("warm search, another subject", 'cdtref.search("root canal")'),
            ("warm check_claim, three lines", f"cdtref.check_claim({CLAIM})"),
        ):
            row(f"{name}, µs", [f"{microseconds(python, call):.2f}" for python in pythons])
        row("check_claim of visits never seen, µs", [f"{fresh(python):.2f}" for python in pythons])
        row("first answer to every question, µs", [f"{every(python):.2f}" for python in pythons])
        row("verdicts() whole, s", [f"{whole(python):.3f}" for python in pythons])


def row(name: str, cells: list[str]) -> None:
    print(f"{name:44}" + "".join(f"{cell:>12}" for cell in cells))


def build(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path, times: int) -> Path:
    """A virtual environment with the wheel alone, its knowledge repeated under other ids."""
    venv.create(folder)
    python = folder / "bin" / "python"
    zipfile.ZipFile(wheel).extractall(packages(python))
    if times > 1:
        file = knowledge(python)
        file.write_text(grown(file.read_text(encoding="utf-8"), times), encoding="utf-8")
    # As an installer does: no question pays for compiling the modules.
    subprocess.run([python, "-m", "compileall", "-q", packages(python)], check=True)
    return python


def grown(text: str, times: int) -> str:
    """The knowledge and copies of it, each under ids and references of its own."""
    header, editions, *kinds = text.split("\n")
    tables = [json.loads(kind) for kind in kinds]
    # What others refer to: codes, services, rules, cautions, sources, questions, positions. Some of
    # the rest share an id with a fixed word, such as a verdict.
    ids = {row[0] for rows in tables[:7] for row in rows}

    def renamed(item: object, number: int) -> object:
        if isinstance(item, list):
            return [renamed(part, number) for part in item]
        return f"{item}-{number}" if isinstance(item, str) and item in ids else item

    def copies(row: list[object]) -> list[list[object]]:
        others = ([f"{row[0]}-{n}", *(renamed(i, n) for i in row[1:])] for n in range(1, times))
        return [row, *others]

    more = [[copy for row in rows for copy in copies(row)] for rows in tables]
    # The calendar does not grow.
    return "\n".join([header, editions, *map(json.dumps, more)])


def packages(python: Path) -> Path:
    (found,) = python.parents[1].glob("lib/python*/site-packages")
    return found


def knowledge(python: Path) -> Path:
    return packages(python) / "cdtref" / "knowledge.json"


def ratio(python: Path, code: str) -> float:
    """The wall time of a process with the library over that of a bare one, pair by pair."""

    def seconds(program: str) -> float:
        start = time.perf_counter()
        subprocess.run([python, "-c", program], check=True)
        return time.perf_counter() - start

    seconds("pass")
    seconds(code)
    return statistics.median(seconds(code) / seconds("pass") for _ in range(PAIRS))


def printed(python: Path, program: str) -> float:
    """The number that a program prints, in a process of its own."""
    told = subprocess.run([python, "-c", program], check=True, capture_output=True, text=True)
    return float(told.stdout)


def microseconds(python: Path, call: str) -> float:
    """One warm call, the best of seven runs of 20,000."""
    program = (
        "import timeit, datetime, cdtref; day = datetime.date(2026, 3, 2)\n"
        f"runs = timeit.repeat(lambda: {call}, number=20_000, repeat=7)\n"
        "print(min(runs) / 20_000 * 1e6)"
    )
    return printed(python, program)


def every(python: Path) -> float:
    """The mean of each code and service on the last day of each edition, none asked before."""
    program = (
        "import time, cdtref; ids = [service.id for service in cdtref.services()]\n"
        "codes = [code.code for code in cdtref.all_codes()]\n"
        "days = [edition.until for edition in cdtref.editions()]\n"
        "asked = [(code, id, on) for code in codes for id in ids for on in days]\n"
        "cdtref.can_bill(*asked[0][:2], on=asked[0][2]); start = time.perf_counter()\n"
        "for code, id, on in asked: cdtref.can_bill(code, id, on=on)\n"
        "print((time.perf_counter() - start) / len(asked) * 1e6)"
    )
    return printed(python, program)


def fresh(python: Path) -> float:
    """The mean of visits of three lines, each drawn blindly, so that hardly one comes twice."""
    program = (
        "import datetime, random, time, cdtref; draw = random.Random(1)\n"
        "ids = [service.id for service in cdtref.services()]\n"
        "codes = [code.code for code in cdtref.all_codes()]\n"
        "first, last = cdtref.editions()[0].since, cdtref.editions()[-1].until\n"
        "days = [(first + datetime.timedelta(n)).isoformat() for n in range((last - first).days)]\n"
        "def claim():\n"
        "    on = draw.choice(days)\n"
        "    rows = [(draw.choice(codes), draw.choice(ids)) for _ in range(3)]\n"
        "    return {'lines': [{'on': on, 'code': code, 'did': did} for code, did in rows]}\n"
        "for _ in range(20_000): cdtref.check_claim(claim())\n"
        "claims = [claim() for _ in range(20_000)]; start = time.perf_counter()\n"
        "for one in claims: cdtref.check_claim(one)\n"
        "print((time.perf_counter() - start) / len(claims) * 1e6)"
    )
    return printed(python, program)


def whole(python: Path) -> float:
    """The truth table at once, in a process that has answered nothing else; median of five."""
    program = (
        "import time, cdtref; start = time.perf_counter(); cdtref.verdicts()\n"
        "print(time.perf_counter() - start)"
    )
    return statistics.median(printed(python, program) for _ in range(5))


if __name__ == "__main__":
    main()
