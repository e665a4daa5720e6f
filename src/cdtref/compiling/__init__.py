"""Turns the TOML files into the text the library reads, and refuses what does not hold together.

Used by the source tree and by the build of the package; not part of the installed package.
`python -m cdtref.compiling` checks the files and lists every mistake.
"""

import datetime as dt
import json
import re
import tomllib
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from ..errors import KnowledgeError
from ..values import Value
from .addresses import address_of
from .checks import KINDS, Entry, Tables, check, suggest

KNOWLEDGE = Path(__file__).parents[1] / "knowledge"

_RESOLVED = {"publisher", "date", "url", "authority", "relayed_by"}
"""Fields of a position that come from its source."""


def compiled_text(folder: Path = KNOWLEDGE) -> str:
    """The whole knowledge as the text that the library reads.

    Raises `KnowledgeError` with every mistake found: its file, entry, field, and what is expected.
    """
    mistakes: list[str] = []
    tables, files = _read(folder, mistakes)
    version = _version(folder, mistakes)
    if not mistakes:
        for position in tables["position"].values():
            source = tables["source"].get(position["source"], {})
            position |= {name: source[name] for name in _RESOLVED if name in source}
        mistakes += [
            f"{files[kind]}: {kind} {id!r}: {message}" for kind, id, message in check(tables)
        ]
    if not mistakes:
        for kind, entries in tables.items():
            for id, entry in entries.items():
                entry["address"] = address_of(kind, id, tables)
    _refuse(mistakes)
    lines: list[object] = [{"version": version, "kinds": list(KINDS)}]
    lines += [[_row(kind, row) for row in tables[name].values()] for name, kind in KINDS.items()]
    return "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)


def tables(folder: Path = KNOWLEDGE) -> tuple[Tables, dict[str, str]]:
    """The entries of each kind by id, and the file of each kind, whether or not they fit together.

    Raises `KnowledgeError` when a file cannot be read, or an entry has other fields than its kind.
    """
    mistakes: list[str] = []
    found = _read(folder, mistakes)
    _refuse(mistakes)
    return found


def _refuse(mistakes: list[str]) -> None:
    if mistakes:
        listed = "\n".join(f"  {mistake}" for mistake in mistakes)
        raise KnowledgeError(
            f"The knowledge does not hold together:\n{listed}", mistakes=tuple(mistakes)
        )


# --- Reading: syntax, then the fields of each entry -----------------------------------------------


def _load(path: Path, mistakes: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{path.name}: not readable as TOML: {error}")
        return {}


def _version(folder: Path, mistakes: list[str]) -> str:
    version = _load(folder / "knowledge.toml", mistakes).get("version")
    if not isinstance(version, str):
        mistakes.append("knowledge.toml: `version`: expected text such as '2026.11.0'")
    return str(version)


def _read(folder: Path, mistakes: list[str]) -> tuple[Tables, dict[str, str]]:
    """The entries of every file by kind and id, and the file of each kind; adds to the mistakes."""
    tables: Tables = {kind: {} for kind in KINDS}
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "knowledge.toml":
            continue
        content = _load(path, mistakes)
        defaults = content.pop("defaults", {})
        fields = {name for kind in content for name in getattr(KINDS.get(kind), "_fields", ())}
        for key in defaults.keys() - fields:
            mistakes.append(f"{path.name}: defaults: unknown field `{key}`{suggest(key, fields)}")
        for kind, entries in content.items():
            if kind not in KINDS:
                known = ", ".join(KINDS)
                mistakes.append(f"{path.name}: table `{kind}`: unknown; expected one of {known}")
                continue
            if not isinstance(entries, list):
                mistakes.append(f"{path.name}: table `{kind}`: write [[{kind}]], with two brackets")
                continue
            files[kind] = path.name
            for number, given in enumerate(entries, 1):
                entry = {k: v for k, v in defaults.items() if k in KINDS[kind].__annotations__}
                entry |= given
                if "holds_through" in defaults and isinstance(entry.get("exceptions"), list):
                    holds = {"holds_through": defaults["holds_through"]}
                    entry["exceptions"] = [
                        holds | part if isinstance(part, dict) else part
                        for part in entry["exceptions"]
                    ]
                name = entry.get("code" if kind == "code" else "id", f"number {number}")
                where = f"{path.name}: {kind} {name!r}"
                mistakes += [f"{where}: {message}" for message in _misplaced(kind, entry)]
                try:
                    row: Any = msgspec.convert(entry, _struct(KINDS[kind]))
                except msgspec.ValidationError as error:
                    mistakes.append(f"{where}: {_plain(error, KINDS[kind])}")
                    continue
                if name in tables[kind]:
                    mistakes.append(f"{where}: `id`: used twice; every id is unique in its kind")
                tables[kind][name] = msgspec.to_builtins(row, builtin_types=(dt.date,))
    if not mistakes:
        mistakes += [f"no [[{kind}]] in any file" for kind in KINDS if not tables[kind]]
    return tables, files


def _misplaced(kind: str, entry: Entry) -> list[str]:
    told = ["`address`: is worked out; leave it out"] if "address" in entry else []
    if kind == "position":
        given = sorted(_RESOLVED & entry.keys())
        told += [f"`{field}`: comes from the source; leave it out" for field in given]
    return told


def _plain(error: msgspec.ValidationError, kind: Any) -> str:
    """msgspec's message, with the field first, and what would be right."""
    message, _, path = str(error).partition(" - at `$")
    path = path.strip("`.")
    annotation = _at(kind, path)
    if unknown := re.search(r"unknown field `(.*)`", message):
        message = f"unknown field `{unknown[1]}`{suggest(unknown[1], _keys(annotation))}"
    elif message.startswith("Invalid enum value"):
        message += f"; expected one of {', '.join(annotation)}"
    elif "RFC3339" in message or "`date`" in message:
        message = "expected a date such as 2026-03-02, without quotes"
    return f"`{path}`: {message}" if path else message


def _at(kind: Any, path: str) -> Any:
    """The type that a path such as `exceptions[0].verdict` leads to."""
    for name in re.findall(r"\w+(?=[.\[]|$)", re.sub(r"\[\d+\]", "[", path)):
        kind = kind.__annotations__["not_" if name == "not" else name]
        kind = next((part for part in get_args(kind) if part is not type(None)), kind)
    return kind


def _keys(kind: Any) -> list[str]:
    return [name.rstrip("_") for name in getattr(kind, "_fields", ())]


_structs: dict[type, type] = {}


def _struct(kind: type) -> type:
    """The msgspec type that validates a fact's table, unknown keys refused."""
    if kind not in _structs:
        fields: list[Any] = []
        for name, annotation in kind.__annotations__.items():
            field = (name, _annotation(annotation))
            fields.append((*field, getattr(kind, name)) if hasattr(kind, name) else field)
        _structs[kind] = msgspec.defstruct(
            kind.__name__, fields, forbid_unknown_fields=True, rename={"not_": "not"}
        )
    return _structs[kind]


def _annotation(annotation: Any) -> Any:
    if get_origin(annotation) is tuple:
        return tuple[_annotation(get_args(annotation)[0]), ...]  # type: ignore[misc]
    return _struct(annotation) if _is_value(annotation) else annotation


def _is_value(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Value)


def _row(kind: Any, entry: Entry) -> list[Any]:
    """An entry as the list of its fields, in the order of the type."""
    row = []
    for name, annotation in kind.__annotations__.items():
        value = entry[name.rstrip("_")]
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif get_origin(annotation) is tuple and _is_value(get_args(annotation)[0]):
            value = [_row(get_args(annotation)[0], item) for item in value]
        row.append(value)
    return row
