"""Answers and facts as JSON text, and back."""

import datetime as dt
import json
import re
from enum import StrEnum
from typing import Any, TypeVar

from . import inputs
from .errors import InvalidInputError
from .values import Value

Told = TypeVar("Told")


def to_json(value: Any) -> str:
    """Any answer or fact as JSON text, or a list or tuple of them as a JSON array.

    Dates become ISO text; field names are those of the Python objects.

    Arguments:
        value: An answer or a fact, or a list or tuple of them.

    Raises:
        InvalidInputError: The value is none of these.

    Examples:
        >>> import cdtref
        >>> answer = cdtref.can_bill("D0801", "intraoral-scan", on="2026-03-02")
        >>> '"verdict": "yes"' in cdtref.to_json(answer)
        True
    """
    for item in value if isinstance(value, list | tuple) else [value]:
        if not isinstance(item, Value):
            raise InvalidInputError(
                f"to_json: expected an answer or a fact of cdtref, got {inputs.shown(item)}."
            )
    return json.dumps(plainly(value), ensure_ascii=False)


def from_json(text: str, kind: type[Told]) -> Told:
    """Reads back what `to_json` wrote.

    Arguments:
        text: The JSON text.
        kind: The type that was written, such as `cdtref.Answer`, or `tuple[cdtref.Answer, ...]`
            for an array.

    Raises:
        InvalidInputError: The text is not JSON, or is no such value. The message says where.

    Examples:
        >>> import cdtref
        >>> answer = cdtref.can_bill("D0801", "intraoral-scan", on="2026-03-02")
        >>> cdtref.from_json(cdtref.to_json(answer), cdtref.Answer) == answer
        True
    """
    try:
        given = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"from_json: expected JSON text: {error}.") from None
    try:
        return _read(given, kind, "from_json")  # type: ignore[no-any-return]
    except RecursionError:
        raise InvalidInputError("from_json: the text is nested too deeply.") from None


def plainly(value: Any) -> Any:
    """A value in what JSON has: objects, arrays, text, numbers."""
    if isinstance(value, list | tuple):
        return [plainly(item) for item in value]
    if isinstance(value, Value):
        # `not` is no name in Python, so the field that the cards call `not` has an underscore.
        return {name.rstrip("_"): plainly(value.__dict__[name]) for name in value._fields}
    return value.isoformat() if isinstance(value, dt.date) else value


def _read(given: Any, kind: Any, where: str) -> Any:
    """A value of a type from its JSON form; `where` is the path to it, for the message."""
    arguments: tuple[Any, ...] = getattr(kind, "__args__", ())
    if getattr(kind, "__origin__", None) is tuple and arguments[1:] == (...,):
        _expect(isinstance(given, list), "an array", given, where)
        items = enumerate(given)
        return tuple(_read(item, arguments[0], f"{where}[{at}]") for at, item in items)
    if type(None) in arguments:
        kinds = [argument for argument in arguments if argument is not type(None)]
        return None if given is None else _read(given, _meant(given, kinds), where)
    if not isinstance(kind, type):
        raise InvalidInputError(
            f"{where}: expected a type such as cdtref.Answer or tuple[cdtref.Answer, ...], got "
            f"{inputs.shown(kind)}."
        )
    if issubclass(kind, Value):
        return _read_value(given, kind, where)
    if issubclass(kind, StrEnum):
        words = [str(word) for word in kind]
        _expect(given in words, f"one of {', '.join(words)}", given, where)
        return kind(given)
    if kind is dt.date:
        exact = isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given)
        _expect(bool(exact), "a date such as '2026-03-02'", given, where)
        try:
            return dt.date.fromisoformat(given)
        except ValueError:
            _expect(False, "a date of the calendar", given, where)
    if kind not in (str, int, bool):
        raise InvalidInputError(
            f"{where}: expected a type of cdtref, such as cdtref.Answer, got {kind.__name__}."
        )
    _expect(type(given) is kind, f"a value of type {kind.__name__}", given, where)
    return given


def _meant(given: Any, kinds: list[Any]) -> Any:
    """Of several kinds of value the one with these fields; else the first, to say what lacks."""
    keys = set(given) if isinstance(given, dict) else set()
    values = (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Value))
    fits = (kind for kind in values if keys == {name.rstrip("_") for name in kind._fields})
    return next(fits, kinds[0]) if len(kinds) > 1 else kinds[0]


def _read_value(given: Any, kind: type[Value], where: str) -> Value:
    from typing import get_type_hints  # resolves the types that a field names before they exist

    _expect(isinstance(given, dict), "an object", given, where)
    named = {name.rstrip("_"): (name, hint) for name, hint in get_type_hints(kind).items()}
    named = {key: told for key, told in named.items() if told[0] in kind._fields}
    for key in (key for key in given if key not in named):
        raise InvalidInputError(f"{where}: {kind.__name__} has no field {inputs.shown(key)}.")
    for key in (key for key in named if key not in given):  # in the order of the fields
        raise InvalidInputError(f"{where}: the field {key!r} of {kind.__name__} is missing.")
    fields = {
        name: _read(given[key], hint, f"{where}.{key}") for key, (name, hint) in named.items()
    }
    if "version" in fields:
        exact = re.fullmatch(r"\d+(\.\d+)*", fields["version"])
        _expect(bool(exact), "a version such as '2026.11.0'", given["version"], f"{where}.version")
    return kind(**fields)


def _expect(fits: bool, wanted: str, given: object, where: str) -> None:
    if not fits:
        raise InvalidInputError(f"{where}: expected {wanted}, got {inputs.shown(given)}.")
