"""The JSON Schemas that editors use: current, true of every file, and strict."""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cdtref.compiling import KNOWLEDGE
from cdtref.compiling.places import PLACES, place_of
from cdtref.compiling.schemas import schemas

FILES = sorted(
    path.relative_to(KNOWLEDGE).as_posix()
    for path in KNOWLEDGE.rglob("*.toml")
    if path.name != "knowledge.toml"
)


def test_the_schemas_are_those_of_the_types() -> None:
    stored = {
        path.name: path.read_text(encoding="utf-8") for path in (KNOWLEDGE / "schema").iterdir()
    }
    assert stored == schemas(), "run: .venv/bin/python -m cdtref.compiling --schemas"


def plain(value: Any) -> Any:
    """Dates as the text that a schema sees."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def validator(name: str) -> Any:
    place = place_of(name)
    assert place
    schema = json.loads(schemas()[f"{place.schema}.json"])
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("name", FILES)
def test_a_file_fits_its_schema(name: str) -> None:
    content = tomllib.loads((KNOWLEDGE / name).read_text(encoding="utf-8"))
    errors = [error.message for error in validator(name).iter_errors(plain(content))]
    assert not errors


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.schema)
def test_a_schema_refuses_what_the_compiler_refuses(place: Any) -> None:
    name = next(file for file in FILES if place_of(file) == place)
    content = plain(tomllib.loads((KNOWLEDGE / name).read_text(encoding="utf-8")))
    kind = place.kinds[0]
    entry = content[kind] if kind == place.one else content[kind][0]
    entry["confidance"] = "low"
    assert [
        error for error in validator(name).iter_errors(content) if "confidance" in error.message
    ]
    del entry["confidance"]
    del entry["code" if kind == "code" else "id"]
    assert [error for error in validator(name).iter_errors(content) if "required" in error.message]


def test_a_file_without_its_schema_is_told(tmp_path: Path) -> None:
    """In `test_mistakes` style: the first line is asked for by name."""
    from cdtref.compiling.reading import Read

    (tmp_path / "services").mkdir()
    (tmp_path / "services/x.toml").write_text("[defaults]\n", encoding="utf-8")
    told = [message for message in Read(tmp_path).mistakes if message.startswith("services/x.toml")]
    assert "expected `#:schema ../schema/service.json` in the first line" in told[0]
