"""Turns the TOML files into the text the library reads, and refuses what does not hold together.

Used by the source tree and by the build of the package; not part of the installed package.
`python -m cdtref.compiling` checks the files and lists every mistake.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any, get_args, get_origin

from ..errors import KnowledgeError
from .addresses import address_of
from .checks import KINDS, Entry, check
from .fields import is_value
from .noted import check_noted
from .reading import RESOLVED, Read
from .ties import check_ties

KNOWLEDGE = Path(__file__).parents[1] / "knowledge"


def compiled_text(folder: Path = KNOWLEDGE) -> str:
    """The whole knowledge as the text that the library reads.

    Raises `KnowledgeError` with every mistake found: its file, entry, field, and what is expected.
    """
    found = Read(folder)
    tables = found.tables
    for position in tables["position"].values():
        source = tables["source"].get(position["source"], {})
        position |= {name: source[name] for name in RESOLVED if name in source}
    wrong = list(check(tables, found.broken))
    if not found.broken:  # a text may lean on what could not be read
        wrong += check_ties(tables)
        wrong += check_noted(tables)
    for kind, id, message in wrong:
        found.mistakes.append(f"{found.files[kind, id]}: {kind} {id!r}: {message}")
    _refuse(found.mistakes)
    for kind, entries in tables.items():
        if not hasattr(KINDS[kind], "address"):
            continue
        for id, entry in entries.items():
            entry["address"] = address_of(kind, id, tables)
    for code in tables["code"].values():
        for item in code["not_for"]:
            item["what"] = item["what"] or tables["service"][item["service"]]["phrase"]
    lines: list[object] = [{"version": found.version, "kinds": list(KINDS)}]
    lines += [[_row(kind, row) for row in tables[name].values()] for name, kind in KINDS.items()]
    return "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)


def read(folder: Path = KNOWLEDGE) -> Read:
    """The entries of each kind, whether or not they fit together.

    Raises `KnowledgeError` when a file cannot be read, or an entry has other fields than its kind.
    """
    found = Read(folder)
    _refuse(found.mistakes)
    return found


def _refuse(mistakes: list[str]) -> None:
    if mistakes:
        listed = "\n".join(f"  {mistake}" for mistake in mistakes)
        raise KnowledgeError(
            f"The knowledge does not hold together:\n{listed}", mistakes=tuple(mistakes)
        )


def _row(kind: Any, entry: Entry) -> list[Any]:
    """An entry as the list of its fields, in the order of the type."""
    row = []
    for name, annotation in kind.__annotations__.items():
        value = entry[name.rstrip("_")]
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif get_origin(annotation) is tuple and is_value(get_args(annotation)[0]):
            value = [_row(get_args(annotation)[0], item) for item in value]
        row.append(value)
    return row
