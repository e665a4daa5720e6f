"""The shape of facts and answers: immutable values with named fields, and words that have a rank.

To others these are dataclasses: `dataclasses`, pydantic, FastAPI, msgspec and data frames see the
fields by name. The standard decorator is applied only when somebody asks for it, because forty
frozen classes made by it take longer than a first answer (`make bench` tells both). Named tuples
would be as quick, but turn into bare arrays in JSON, and facts of unlike kinds would be equal.
"""

from enum import StrEnum

TYPE_CHECKING = False  # importing `typing` costs as much as making every class below
if TYPE_CHECKING:
    from typing import Any, ClassVar, NoReturn, Self, dataclass_transform
else:

    def dataclass_transform(**_options):
        return lambda made: made


class _Fields:
    """Makes a value's class a dataclass when its fields are asked for as those of one."""

    def __get__(self, _instance: object, owner: type) -> "dict[str, Any]":
        if not owner._fields:  # type: ignore[attr-defined]
            raise AttributeError("__dataclass_fields__")
        from dataclasses import dataclass

        dataclass(init=False, repr=False, eq=False, frozen=True)(owner)
        if "__replace__" in owner.__dict__:  # Python 3.13 brings one that would hide ours
            del owner.__replace__  # type: ignore[attr-defined]
        found: dict[str, Any] = owner.__dict__["__dataclass_fields__"]
        return found


class _AsVersion:
    """Reads the field `version` as a `Version`.

    What is kept is plain text, which every serializer knows; msgspec refuses a subclass of `str`.
    """

    def __get__(self, instance: object, _owner: type) -> "Version":
        if instance is None:
            raise AttributeError("version")  # so that it is not taken for a default
        return Version(instance.__dict__["version"])

    def __set__(self, instance: object, version: str) -> None:  # for deserializers only
        instance.__dict__["version"] = version


@dataclass_transform(frozen_default=True)
class Value:
    """Immutable, comparable, hashable; equal only to a value of its own kind."""

    if TYPE_CHECKING:
        _fields: ClassVar[tuple[str, ...]]
        __dataclass_fields__: ClassVar[dict[str, Any]]
    else:
        _fields = ()
        __dataclass_fields__ = _Fields()

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(cls.__annotations__)
        cls.__match_args__ = cls._fields  # type: ignore[attr-defined,misc]
        if "version" in cls._fields:
            cls.version = _AsVersion()  # type: ignore[attr-defined]

    if not TYPE_CHECKING:  # type checkers work it out from the fields

        def __init__(self, *given, **named):
            name = type(self).__name__
            fields = self._fields
            if len(given) > len(fields):
                raise TypeError(f"{name} has {len(fields)} fields, got {len(given)} values")
            values = self.__dict__
            values.update(zip(fields, given, strict=False))
            for field in fields[len(given) :]:
                if field in named:
                    values[field] = named.pop(field)
                elif hasattr(type(self), field):
                    values[field] = getattr(type(self), field)
                else:
                    raise TypeError(f"{name} needs {field!r}")
            if named:
                raise TypeError(f"{name} takes no {next(iter(named))!r}, or got it twice")
            if "version" in values:
                values["version"] = str(values["version"])

    def __replace__(self, /, **changes: "Any") -> "Self":
        """The same value with some fields changed, as `copy.replace` does."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__, **changes)
        if len(made.__dict__) != len(self._fields):
            unknown = next(name for name in changes if name not in self._fields)
            raise TypeError(f"{type(self).__name__} has no field {unknown!r}")
        return made

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        values = self.__dict__
        return hash((type(self), *[values[field] for field in self._fields]))

    def __setattr__(self, name: str, value: object) -> "NoReturn":
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"{type(self).__name__} cannot be changed: {name!r}")

    def __delattr__(self, name: str) -> "NoReturn":
        self.__setattr__(name, None)


class Ranked(StrEnum):
    """Words listed from the most to the least; `>` and `<` go by that, not by the alphabet.

    The text of such a word may stand on the other side: `confidence >= "medium"`.
    """

    if TYPE_CHECKING:
        rank: int

    def __init__(self, _text: str) -> None:
        self.rank = -len(type(self).__members__)  # 0 for the first, then -1, -2 …

    def _other(self, other: str) -> int:
        if type(other) is not type(self):
            try:
                other = type(self)(other)
            except ValueError:
                known = ", ".join(type(self))
                raise TypeError(
                    f"{type(self).__name__} compares with one of {known}, not {other!r}"
                ) from None
        return other.rank

    def __lt__(self, other: str) -> bool:
        return self.rank < self._other(other)

    def __le__(self, other: str) -> bool:
        return self.rank <= self._other(other)

    def __gt__(self, other: str) -> bool:
        return self.rank > self._other(other)

    def __ge__(self, other: str) -> bool:
        return self.rank >= self._other(other)


class Version(str):
    """A version of the knowledge. It compares by its numbers: 2026.9.0 comes before 2026.11.0."""

    __slots__ = ()

    def __deepcopy__(self, _memo: object) -> str:
        return str(self)  # for `dataclasses.asdict`: what it makes goes to serializers

    def __lt__(self, other: str) -> bool:
        return _numbers(self) < _numbers(other)

    def __le__(self, other: str) -> bool:
        return _numbers(self) <= _numbers(other)

    def __gt__(self, other: str) -> bool:
        return _numbers(self) > _numbers(other)

    def __ge__(self, other: str) -> bool:
        return _numbers(self) >= _numbers(other)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".") if isinstance(version, str) else [""]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise TypeError(f"a version compares with one such as '2026.11.0', not {version!r}")
    return tuple(map(int, parts))
