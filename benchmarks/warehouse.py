"""What the join of the page “Check a warehouse of claims” costs, on ten million claim lines.

`make bench` runs it, or `.venv/bin/python benchmarks/warehouse.py`. It writes the data as the site
publishes it, makes the lines, and runs the SQL of the page in a process that does nothing else.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

import cdtref
from cdtref.site import data

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/guide/warehouse.md"
LINES = 10_000_000

# Codes of the topic and one outside it; ids, everyday names, and a field left empty; dates from
# before the first edition until after the last.
MADE = """
COPY (
    SELECT number // 3 AS claim,
        codes[1 + (hash(number) % len(codes))::INTEGER] AS billed,
        names[1 + (hash(number + 1) % len(names))::INTEGER] AS did,
        $first::DATE - 100 + (hash(number // 3) % ($days + 200))::INTEGER AS "on"
    FROM range($lines) AS made(number), (SELECT $codes AS codes, $names AS names)
) TO '{path}' (FORMAT parquet)
"""
JOIN = """
import resource, sys
import duckdb
folder, *statements = sys.argv[1:]
base = duckdb.connect()
base.execute(f"SET file_search_path = '{folder}'; SET enable_progress_bar = false")
for statement in statements:
    told = base.execute(statement).fetchall()
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, sum(row[-1] for row in told))
"""


def main() -> None:
    load, join, *_ = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    tables = load[: load.index("CREATE VIEW")]
    with tempfile.TemporaryDirectory() as folder:
        data.write(Path(folder))
        make(Path(folder, "claims.parquet"))
        told = subprocess.run(
            [
                *(sys.executable, "-c", JOIN, folder, tables),
                *("CREATE VIEW claims AS FROM 'claims.parquet'", join),
                "SELECT refused, verdict, count(*) FROM found GROUP BY ALL",
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    seconds, megabytes, lines = map(float, told.stdout.split())
    print(f"{lines:,.0f} claim lines joined: {seconds:.1f} CPU seconds, peak {megabytes:.0f} MB")


def make(path: Path) -> None:
    first, last = cdtref.editions()[0].since, cdtref.editions()[-1].until
    services = cdtref.services()
    given = {
        "lines": LINES,
        "first": first,
        "days": (last - first).days,
        "codes": [*(code.code for code in cdtref.all_codes()), "D2740"],
        "names": [*(one.id for one in services), *(one.short for one in services), None],
    }
    base = duckdb.connect()
    base.execute("SET enable_progress_bar = false")
    base.execute(MADE.format(path=path), given)


if __name__ == "__main__":
    main()
