"""Words out of values: what a file has where a word should be."""

from typing import Any

from ..errors import InvalidInputError
from .objects import Placed, Twice


def word(value: Any, what: str) -> str:
    """Text, or a number as it is written; empty where there is none.

    Raises:
        InvalidInputError: It is neither.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    raise InvalidInputError(f"{what}: expected text, got {kind(value)}.")


def kind(value: Any) -> str:
    """What a value is. What it says may name a person."""
    if isinstance(value, Twice):
        return "several values under one key"
    if isinstance(value, Placed):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true or false"
    return "null" if value is None else "text"


def unused(value: Placed, used: set[str]) -> tuple[str, ...]:
    """What is told of keys that no reader uses; nothing if there are none."""
    names = sorted(key for key in value if key not in used)
    if not names:
        return ()
    shown = ", ".join(ascii(name[:40])[1:-1] for name in names[:8])
    return (f"Not used: {shown}{' and more' if len(names) > 8 else ''}.",)
