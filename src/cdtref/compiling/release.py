"""Keeps the truth table of a released version: `make release`, once the version is raised.

Rows that are still told stay as they are; what is told no more gets the version in which it went.
"""

import datetime as dt
import json
import sys
from collections.abc import Container
from pathlib import Path
from typing import Any

import cdtref
from cdtref import VerdictRow, history
from cdtref.values import Version

PATH = Path(history.__file__).with_name(history.FILE)


def kept(path: Path = PATH) -> dict[str, Any]:
    """What the file holds; nothing where there is none yet."""
    if not path.exists():
        return {"versions": [], "rows": []}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def added(
    before: dict[str, Any], version: str, day: dt.date, rows: tuple[VerdictRow, ...]
) -> dict[str, Any]:
    """The file with one more version. Raises `ValueError` for one that is not the newest."""
    versions = before["versions"]
    if versions and Version(version) <= Version(versions[-1][0]):
        raise ValueError(f"{version} is not newer than {versions[-1][0]}, which is released")
    at = len(versions)
    told = {json.dumps(values): values for values in map(_values, rows)}
    after = [_gone(row, at, told) for row in before["rows"]]
    standing = {json.dumps(values) for *values, _came, gone in after if gone is None}
    after += [[*values, at, None] for key, values in told.items() if key not in standing]
    # A pair's rows stand together, so that a change of an answer is a change of neighboring lines.
    after.sort(key=lambda row: (row[0], row[1], row[2], row[-2]))
    return {"versions": [*versions, [version, day.isoformat()]], "rows": after}


def _gone(row: list[Any], at: int, told: Container[str]) -> list[Any]:
    """The row, which goes with a version that does not tell it any more."""
    *values, came, gone = row
    return [*values, came, at if gone is None and json.dumps(values) not in told else gone]


def written(content: dict[str, Any]) -> str:
    """The text of the file, a line for each version and each row."""
    parts = []
    for name, items in content.items():
        lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
        parts.append(f'"{name}":[\n{lines}\n]')
    return "{" + ",\n".join(parts) + "}\n"


def mistake(content: dict[str, Any]) -> str:
    """What is wrong with the kept tables beside the knowledge as it is; empty if nothing is."""
    version, versions = str(cdtref.__version__), content["versions"]
    newest = versions[-1][0] if versions else ""
    if newest and Version(version) < Version(newest):
        return f"the knowledge is {version}, and {newest} is released: raise the version"
    standing = {json.dumps(values) for *values, _came, gone in content["rows"] if gone is None}
    if version == newest and standing != {json.dumps(_values(r)) for r in cdtref.verdicts()}:
        return f"answers changed since {newest} was released: raise the version in knowledge.toml"
    return ""


def _values(row: VerdictRow) -> list[Any]:
    return [
        row.code,
        row.service,
        row.since.isoformat(),
        row.until.isoformat(),
        row.verdict.value,
        row.outcome.value,
        list(row.instead),
        row.disputed,
        row.confidence.value,
        row.rule,
    ]


def main() -> int:
    """Keep the present table; the exit status is 1 if the version was not raised."""
    try:
        version = str(cdtref.__version__)
        content = added(kept(), version, dt.date.today(), cdtref.verdicts())
    except ValueError as error:
        print(f"{error}; raise the version in knowledge.toml first", file=sys.stderr)
        return 1
    PATH.write_text(written(content), encoding="utf-8", newline="\n")
    print(f"{version}: the table is kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
