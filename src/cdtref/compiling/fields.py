"""The fields of an entry: which its kind has, and what a wrong one should have been."""

import re
from typing import Any, get_args, get_origin

import msgspec

from ..values import Value
from .checks import suggest


def plain(error: msgspec.ValidationError, kind: Any) -> str:
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


def struct(kind: type) -> type:
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
    return struct(annotation) if is_value(annotation) else annotation


def is_value(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Value)
