"""What is published as data, file by file: the type of each, its schema, and what was promised.

Whoever reads the files relies on their names, fields and words. `shape.txt` has all of these, under
the version of the interface that brought them; facts have a version of their own. Nothing is taken
out of it: what has to change otherwise is published beside, as another folder. `python -m
cdtref.site.shape` adds what is new, as the next minor version; the page on the data tells of it.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta

from cdtref import model, paperwork, vocabulary
from cdtref.compiling.checks import KINDS
from cdtref.compiling.fields import is_value
from cdtref.compiling.schemas import descriptions

FOLDER = "data/v1"
RELEASED = Path(__file__).with_name("shape.txt")

Schema = dict[str, Any]
Refused = Literal[
    "",
    "unknown-code",
    "unknown-service",
    "ambiguous-service",
    "not-a-date",
    "before-first",
    "after-last",
]


class Name(msgspec.Struct):
    """A name of a service, in small letters, and what it may mean."""

    name: Annotated[
        str,
        Meta(
            description="Small letters, one blank between words; an id has its hyphens besides, as "
            "a row of its own."
        ),
    ]
    services: Annotated[
        tuple[str, ...],
        Meta(description="The ids of the services; more than one where several share the name."),
    ]


class Expected(msgspec.Struct):
    """What a reader of the data has to answer."""

    code: Annotated[str, Meta(description="The code that was understood.")]
    service: Annotated[str, Meta(description="The id of the service that was understood.")]
    verdict: model.Verdict
    outcome: model.Outcome
    instead: tuple[str, ...]
    disputed: bool
    confidence: model.Confidence
    rule: Annotated[str, Meta(description="Empty after the last encoded edition.")]
    address: str


class Asked(msgspec.Struct):
    """A question of the conformance suite, and its answer."""

    code: str
    service: Annotated[str, Meta(description="An id, or a name.")]
    on: Annotated[str, Meta(description="The date of service as somebody wrote it.")]
    beyond: Annotated[
        Literal["", "last"],
        Meta(description="After the last encoded edition: refuse, or answer unsettled."),
    ]
    refused: Annotated[Refused, Meta(description="Why there is no answer; empty if there is one.")]
    answer: Expected | None


class File(msgspec.Struct):
    """A published file."""

    path: Annotated[str, Meta(description="Relative to the index.")]
    schema: Annotated[
        str, Meta(description="The path of its JSON Schema; empty for CSV and for schemas.")
    ]
    bytes: int
    sha256: str


class Index(msgspec.Struct):
    """What is published, as of when, and under which terms."""

    shape: Annotated[str, Meta(description="The version of the names, fields and words.")]
    facts: Annotated[str, Meta(description="The version of what is said in them.")]
    edition: Annotated[str, Meta(description="The last encoded edition.")]
    first: Annotated[dt.date, Meta(description="The first date of service that is answered for.")]
    expires: Annotated[dt.date, Meta(description="The last one. Later ones are never guessed.")]
    license: Annotated[str, Meta(description="Of what is ours, as an SPDX id.")]
    notice: Annotated[str, Meta(description="Whose work the code set is.")]
    files: tuple[File, ...]


@cache
def kinds() -> dict[str, Any]:
    """The type of what each JSON file holds a list of, by the name of the file."""
    facts = {_plural(name): _plain(kind) for name, kind in KINDS.items()}
    return {"answers": _plain(model.VerdictRow), "names": Name, **facts, "conformance": Asked}


def _plural(kind: str) -> str:
    return kind if kind in ("coverage", "outside") else f"{kind}s"


TABLES = ("answers", "names")
"""Those that are published as CSV too."""


@cache
def struct(kind: Any) -> Any:
    """The msgspec type of what `to_json` writes of a value: every field, always."""
    told = descriptions(kind.__module__).get(kind.__name__, {})
    fields = []
    for name, hint in kind.__annotations__.items():
        text = " ".join(told.get(name, "").split())
        plain = _plain(hint)
        fields.append((name, Annotated[plain, Meta(description=text)] if text else plain))
    return msgspec.defstruct(
        kind.__name__, fields, rename={"not_": "not"}, namespace={"__doc__": kind.__doc__}
    )


def _plain(hint: Any) -> Any:
    if get_origin(hint) is tuple:
        return tuple[_plain(get_args(hint)[0]), ...]  # type: ignore[misc]
    return struct(hint) if is_value(hint) else hint


# --- Schemas --------------------------------------------------------------------------------------


def schemas() -> dict[str, Schema]:
    """The JSON Schema of each JSON file, by its name. Fields may be added, so none is closed."""
    found = {name: _schema(name, list[kind]) for name, kind in kinds().items()}  # type: ignore[valid-type]
    return {**found, "index": _schema("index", Index)}


def _schema(name: str, kind: Any) -> Schema:
    schema = msgspec.json.schema(kind)
    for title, definition in schema.get("$defs", {}).items():
        if "enum" in definition:
            words = _words()[title]
            told = descriptions(words.__module__).get(title, {})
            meanings = [f"{word}: {told[word.name]}" for word in words if word.name in told]
            definition["enum"] = [str(word) for word in words]  # in the order of their rank
            definition["description"] = "\n".join([definition["description"], *meanings])
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": f"{name}.json", **schema}


def _words() -> dict[str, type[StrEnum]]:
    modules = (model, paperwork, vocabulary)
    every = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    return {one.__name__: one for one in every if issubclass(one, StrEnum)}


# --- What was promised ----------------------------------------------------------------------------


def lines() -> list[str]:
    """The shape as it is: a line for each field with its type, and for each word of a list."""
    found: list[str] = []
    for name, schema in schemas().items():
        found += _lines(f"{name}.json ", schema, schema.get("$defs", {}))
    fields = {name: kinds()[name].__struct_fields__ for name in TABLES}
    for name, columns in fields.items():
        found += [f"{name}.csv {at}: {column}" for at, column in enumerate(columns, 1)]
    return sorted(set(found))


def _lines(where: str, schema: Schema, known: Schema) -> Iterator[str]:
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        (some,) = [part for part in schema["anyOf"] if part.get("type") != "null"]
        yield from _lines(f"{where}?", some, known)
    elif "enum" in schema:
        yield from (f"{where} = {word}" for word in schema["enum"])
    elif schema["type"] == "array":
        yield from _lines(f"{where}[]", schema["items"], known)
    elif schema["type"] == "object":
        for name, field in schema["properties"].items():
            yield from _lines(f"{where}.{name}", field, known)
    else:
        yield f"{where}: {schema.get('format', schema['type'])}"


def released() -> dict[str, list[str]]:
    """What each version of the interface brought, the oldest first."""
    found: dict[str, list[str]] = {}
    for line in RELEASED.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            added = found.setdefault(line.removeprefix("# "), [])
        else:
            added.append(line)
    return found


def version() -> str:
    """The version of the interface."""
    return list(released())[-1]


def gone(now: list[str]) -> list[str]:
    """What was promised and is there no more, or of another type."""
    return [line for added in released().values() for line in added if line not in now]


def new(now: list[str]) -> list[str]:
    """What no version has brought yet."""
    promised = {line for added in released().values() for line in added}
    return [line for line in now if line not in promised]


def main() -> None:
    """Adds what is new, as the next minor version."""
    now = lines()
    if lost := gone(now):
        told = "\n".join(lost)
        sys.exit(f"These were promised. Keep them, or publish another folder beside:\n{told}")
    if added := new(now):
        major, minor = version().split(".")
        text = "\n".join([f"# {major}.{int(minor) + 1}", *added, ""])
        RELEASED.write_text(RELEASED.read_text(encoding="utf-8") + text, encoding="utf-8")
        print(f"{len(added)} lines as version {version()}: tell of them in docs/reference/data.md")


if __name__ == "__main__":
    main()
