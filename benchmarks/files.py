"""How fast `cdtref check` goes through files of claims, beside `csv.reader` on the same file.

`make bench` runs it, from an installed wheel. Each pair of processes runs in turn, and the time of
a file of no more than a few lines is taken off both, so that what is compared is the reading. Told
is the median of the ratios of processor time.
"""

import os
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyx12
from bench import build, install, packages

import cdtref

LINES = 300_000
PAIRS = 3
OUTSIDE = (
    *("D0120", "D0140", "D1110", "D1206", "D0220", "D0274", "D2391", "D2392", "D2740", "D2950"),
    *("D3330", "D4341", "D4910", "D5110", "D7140", "D8080", "D9110"),
)
VISITS = (
    ("D0801,intraoral-scan", "D0396,in-office-print", "D0393,virtual-simulation"),
    ("D0470,stone-cast", "D0340,cephalometric-image", "D0350,photographs"),
    ("D0470,intraoral-scan", "D0396,lab-print", "D0330,panoramic-image"),
)
READ = "import csv, sys\nfor row in csv.reader(open(sys.argv[1], newline='')): pass"
CHECK = "import sys; from cdtref.cli import main; main(['check', *sys.argv[1:]])"


def repeating(lines: int) -> Iterator[str]:
    """Three kinds of visits, over and over; one of them is billed wrongly."""
    yield "claim,on,billed,did,arch,quantity\n"
    for number in range(lines // 3):
        on = f"{2023 + number % 4}-{1 + number % 12:02}-{1 + number % 28:02}"
        for line in VISITS[number % 3]:
            yield f"{number},{on},{line},,1\n"


def office(lines: int) -> Iterator[str]:
    """What a practice exports: most lines outside the topic, and nothing says what was done."""
    chance = random.Random(1)
    yield "Claim Number,Date of Service,Procedure Code,Tooth,Surface,Description,Fee,Provider,Qty\n"
    number = 0
    while lines > 0:
        number += 1
        on = f"{1 + chance.randrange(12):02}/{1 + chance.randrange(28):02}/{2023 + number % 4}"
        for _ in range(min(lines, chance.choice((1, 2, 2, 3, 4)))):
            lines -= 1
            topic = chance.random() < 0.03
            code = chance.choice(("D0470", "D0801", "D0350") if topic else OUTSIDE)
            tooth, fee = chance.choice(("", "3", "14", "30")), chance.randrange(40, 1_400)
            yield f"{number},{on},{code},{tooth},,some treatment,{fee}.00,DR{number % 5},1\n"


def uniform(lines: int) -> Iterator[str]:
    """Visits thrown together, of which hardly one comes twice."""
    chance = random.Random(1)
    codes = [code.code for code in cdtref.all_codes()]
    services = [service.id for service in cdtref.services()]
    yield "claim,on,billed,did,arch,quantity\n"
    for number in range(lines // 3):
        on = f"{2023 + number % 4}-{1 + chance.randrange(12):02}-{1 + chance.randrange(28):02}"
        for _ in range(3):
            yield f"{number},{on},{chance.choice(codes)},{chance.choice(services)},,1\n"


def one_claim(lines: int) -> Iterator[str]:
    """A column that is the same in each row, taken for the number of the claim."""
    yield "claim,on,billed\n"
    for _ in range(lines):
        yield "7,2026-03-02,D0801\n"


def edi(lines: int) -> Iterator[str]:
    """An 837D of three service lines a claim."""
    yield "ISA*00*          *00*          *ZZ*OFFICE         *ZZ*PAYER          *260302*1200"
    yield "*^*00501*000000001*0*P*:~\nGS*HC*A*B*20260302*1200*1*X*005010X224A2~\n"
    yield "ST*837*1*005010X224A2~\n"
    for number in range(lines // 3):
        yield f"CLM*{number}*300***11:B:1~\n"
        for at, code in enumerate(("D0801", "D0330", "D2740"), 1):
            yield f"LX*{at}~\nSV3*AD:{code}*100****1~\nDTP*472*D8*202603{1 + number % 28:02}~\n"
    yield f"SE*{2 + lines // 3 * 10}*1~\nGE*1*1~\nIEA*1*000000001~\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        installed = install(build(folder), folder / "installed", 1)
        # What the extra `edi` brings stands beside us here.
        brought = Path(pyx12.__file__).parents[1]
        (packages(installed) / "edi.pth").write_text(f"{brought}\n", encoding="utf-8")
        python = str(installed)

        def file(name: str, lines: Iterator[str]) -> str:
            path = folder / name
            with path.open("w", encoding="utf-8") as stream:
                stream.writelines(lines)  # a child's memory begins with that of this process
            return str(path)

        few = {name: file(f"few-{name}", made(3)) for name, made in MADE.items()}
        print(f"Python {sys.version.split()[0]}, {LINES:,} lines, {PAIRS} pairs\n")
        for name, made in MADE.items():
            path = file(name, made(LINES))
            for options in ([], ["--json"], ["--quiet"]):
                ratio = statistics.median(
                    took(python, CHECK, path, few[name], *options)
                    / took(python, READ, path, few[name])
                    for _ in range(PAIRS)
                )
                print(f"{' '.join(['check', *options]):16}{name:12}{ratio:8.1f} times csv.reader")
        lines = 60_000
        seconds = took(python, CHECK, file("edi", edi(lines)), file("few-edi", edi(3)))
        print(f"\n837D: {lines / seconds:,.0f} service lines a second")
        for name, made in (("office", office), ("one claim", one_claim)):
            _, peak = processor(python, CHECK, file(name, made(1_000_000)))
            print(f"a million lines, {name}: {peak:.0f} MB at most")


MADE = {"repeating": repeating, "office": office, "uniform": uniform}


def took(python: str, program: str, path: str, few: str, *options: str) -> float:
    """Seconds of the processor for a file, without what a few lines take."""
    whole, _ = processor(python, program, path, *options)
    start, _ = processor(python, program, few, *options)
    return whole - start


def processor(python: str, program: str, *arguments: str) -> tuple[float, float]:
    """Seconds of the processor, and peak memory in megabytes; what is printed is thrown away."""
    nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    command = [python, "-c", program, *arguments]
    pid = os.posix_spawn(python, command, os.environ, file_actions=nowhere)
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1 tells that something was found
        raise SystemExit(f"{arguments[0]} was not read")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000


if __name__ == "__main__":
    main()
