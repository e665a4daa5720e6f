"""A JSON Schema for each kind of file, made from the types, so that an editor helps.

The first line of a TOML file names its schema. `python -m cdtref.compiling --schemas` writes them
anew; a test says when they are stale.
"""

import ast
import datetime as dt
import inspect
import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_origin

from .. import model, paperwork, vocabulary
from .checks import KINDS
from .fields import is_value
from .places import PLACES, Place
from .reading import DEFAULTED, RESOLVED

Schema = dict[str, Any]


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file."""
    return {
        f"{place.schema}.json": json.dumps(_schema(place), indent=1, ensure_ascii=False) + "\n"
        for place in PLACES
    }


def write(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.json"):
        stale.unlink()
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema(place: Place) -> Schema:
    defaults: Schema = {}
    tables: Schema = {}
    for kind in place.kinds:
        implied = {field for of, field in place.implied if of == kind}
        table = _object(KINDS[kind], implied | {"address"})
        given = (*DEFAULTED, "confidence")
        defaults |= {name: told for name, told in table["properties"].items() if name in given}
        tables[kind] = table if kind == place.one else {"type": "array", "items": table}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": place.pattern,
        "type": "object",
        "properties": {
            "defaults": {
                "type": "object",
                "description": "Fields of every entry in this file, unless an entry gives its own.",
                "properties": defaults,
                "additionalProperties": False,
            },
            **tables,
        },
        "required": [place.one or place.many[0]],
        "additionalProperties": False,
    }


def _object(kind: Any, left_out: set[str] = frozenset()) -> Schema:  # type: ignore[assignment]
    """The schema of a table, without the fields that no entry gives."""
    if kind is model.Position:
        left_out = left_out | RESOLVED
    fields = {name: hint for name, hint in kind.__annotations__.items() if name not in left_out}
    told = descriptions(kind.__module__).get(kind.__name__, {})
    properties = {}
    for name, hint in fields.items():
        properties[name.rstrip("_")] = {**_type(hint), **_described(told.get(name))}
    required = [name for name in fields if not hasattr(kind, name) and name not in DEFAULTED]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").split("\n")[0],
        "properties": properties,
        "required": [name.rstrip("_") for name in required],
        "additionalProperties": False,
    }


def _described(text: str | None) -> Schema:
    return {"description": " ".join(text.split())} if text else {}


def _type(hint: Any) -> Schema:
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0])}
    if type(None) in get_args(hint):
        return _type(get_args(hint)[0])
    if is_value(hint):
        return _object(hint)
    if issubclass(hint, StrEnum):
        told = descriptions(hint.__module__).get(hint.__name__, {})
        meanings = [f"{word}: {told[word.name]}" for word in hint if word.name in told]
        return {"enum": [str(word) for word in hint], **_described("\n".join(meanings))}
    if hint is dt.date:
        return {"type": "string", "format": "date"}
    return {"type": {str: "string", int: "integer", bool: "boolean"}[hint]}


@cache
def descriptions(module: str) -> dict[str, dict[str, str]]:
    """The texts that stand under the fields of each class, which Python itself does not keep."""
    modules: dict[str, ModuleType] = {m.__name__: m for m in (model, paperwork, vocabulary)}
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(modules[module])).body:
        if isinstance(node, ast.ClassDef):
            fields = found.setdefault(node.name, {})
            for field, text in zip(node.body, node.body[1:], strict=False):
                if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                        fields[field.target.id] = str(text.value.value)
                    elif isinstance(field, ast.Assign) and isinstance(field.targets[0], ast.Name):
                        fields[field.targets[0].id] = str(text.value.value)
    return found
