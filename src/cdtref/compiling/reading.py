"""Reads the files: where each stands, its syntax, then the fields of each entry."""

import datetime as dt
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from ..model import Authority, ScenarioTheme, ServiceTheme
from . import marks
from .checks import KINDS, Entry, Tables, suggest
from .fields import plain, struct
from .places import PLACES, VERSION, Place, place_for, place_of

RESOLVED = {"publisher", "date", "url", "authority", "relayed_by", "repeats", "sells"}
"""Fields of a position that come from its source."""

_LACKING = r"Object missing required field `(\w+)`(?: - at `\$\.exceptions\[\d+\]`)?$"
DEFAULTED = ("verified", "review_due", "holds_through", "seen", "read")
"""Fields that a file usually gives once for all its entries."""


class Read:
    """What was read: the entries of each kind by id, the file of each, and every mistake."""

    def __init__(self, folder: Path) -> None:
        self.tables: Tables = {kind: {} for kind in KINDS}
        self.files: dict[tuple[str, str], str] = {}
        self.mistakes: list[str] = []
        self.broken: set[tuple[str, str]] = set()
        """Entries that could not be read; nobody is told that their ids do not exist."""
        self.marked: dict[tuple[str, str], Entry] = {}
        """The entries as their authors wrote them, with the marks of words that are bound."""
        self.version = ""
        self._lacking: dict[tuple[str, str], list[str]] = {}
        """Entries without a field that a file gives in its defaults, by file and field."""
        if not (folder / VERSION).is_file():
            self.mistakes.append(f'{VERSION}: is missing; it holds `version = "2026.11.0"`')
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            dropped = path.name.startswith(".") or path.name.endswith("~")  # by editors
            if path.is_dir() or dropped or name.startswith("schema/"):
                continue
            if name == VERSION:
                self._version(path)
            elif place := place_of(name):
                self._file(path, name, place)
            else:
                known = ", ".join(place.pattern for place in PLACES)
                self.mistakes.append(f"{name}: no such file belongs here; expected {known}")
        for kind, entries in self.tables.items():
            if not entries and not any(broken == kind for broken, _ in self.broken):
                pattern = place_for(kind).pattern
                self.mistakes.append(f"no [[{kind}]] in any file; it belongs in {pattern}")
        for (name, field), ids in self._lacking.items():
            told = f"required field `{field}` is missing: give it in [defaults], or in {ids[0]}"
            self.mistakes.append(f"{name}: {told}{' and others' if ids[1:] else ''}")
        self._sort()

    def _load(self, path: Path, name: str) -> dict[str, Any] | None:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.mistakes.append(f"{name}: not readable as TOML: {error}")
            # Whatever it holds is not there to be missed.
            place = place_of(name)
            self.broken |= {(kind, "") for kind in (place.kinds if place else ())}
            return None

    def _version(self, path: Path) -> None:
        version = (self._load(path, VERSION) or {}).get("version")
        if not isinstance(version, str) or not re.fullmatch(r"\d+\.\d+\.\d+", version):
            self.mistakes.append(f"{VERSION}: `version`: expected text such as '2026.11.0'")
        self.version = str(version)

    def _file(self, path: Path, name: str, place: Place) -> None:
        content = self._load(path, name)
        if content is None:
            return
        self._schema_line(path, name, place)
        defaults = content.pop("defaults", {})
        if not isinstance(defaults, dict):
            self.mistakes.append(f"{name}: `defaults`: write [defaults], with single brackets")
            return
        fields = {field for kind in place.kinds for field in KINDS[kind].__annotations__}
        for key in defaults.keys() - fields:
            self.mistakes.append(f"{name}: defaults: unknown field `{key}`{suggest(key, fields)}")
        for kind in place.kinds:
            needed = kind == place.one or (not place.one and kind in place.many[:1])
            if needed and kind not in content:
                brackets = f"[{kind}]" if kind == place.one else f"[[{kind}]]"
                self.mistakes.append(f"{name}: has no {brackets}")
        for kind, given in content.items():
            if kind not in KINDS:
                near = suggest(kind, place.kinds)
                known = ", ".join(place.kinds)
                self.mistakes.append(f"{name}: table `{kind}`: unknown; expected {known}{near}")
            elif kind not in place.kinds:
                pattern = place_for(kind).pattern
                self.mistakes.append(f"{name}: table `{kind}`: belongs in {pattern}, not here")
            elif kind == place.one and not isinstance(given, dict):
                self.mistakes.append(f"{name}: table `{kind}`: write [{kind}], with one bracket")
            elif kind != place.one and not (
                isinstance(given, list) and all(isinstance(entry, dict) for entry in given)
            ):
                self.mistakes.append(f"{name}: table `{kind}`: write [[{kind}]], with two brackets")
            else:
                for number, entry in enumerate([given] if kind == place.one else given, 1):
                    self._entry(kind, entry, number, defaults, path, name, place)

    def _schema_line(self, path: Path, name: str, place: Place) -> None:
        expected = f"#:schema {'../' * name.count('/')}schema/{place.schema}.json"
        with path.open(encoding="utf-8") as file:
            if file.readline().strip() != expected:
                told = f"expected `{expected}` in the first line, so that an editor helps"
                self.mistakes.append(f"{name}: {told}")

    def _entry(
        self,
        kind: str,
        given: Entry,
        number: int,
        defaults: Entry,
        path: Path,
        name: str,
        place: Place,
    ) -> None:
        entry = {k: v for k, v in defaults.items() if k in KINDS[kind].__annotations__}
        implied = [field for of, field in place.implied if of == kind]
        entry |= dict.fromkeys(implied, path.stem) | marks.plain(given)
        if "holds_through" in defaults and isinstance(entry.get("exceptions"), list):
            holds = {"holds_through": defaults["holds_through"]}
            entry["exceptions"] = [
                holds | part if isinstance(part, dict) else part for part in entry["exceptions"]
            ]
        id = entry.get("code" if kind == "code" else "id", f"number {number}")
        where = f"{name}: {kind} {id!r}"
        for field in implied:
            if field in given:
                told = f"`{field}`: the name of the file says it; leave it out"
                self.mistakes.append(f"{where}: {told}")
        if kind == place.one and id != path.stem:
            self.mistakes.append(f"{where}: `id`: expected {path.stem!r}, the name of its file")
        if "address" in given:
            self.mistakes.append(f"{where}: `address`: is worked out; leave it out")
        if kind == "position":
            for field in sorted(RESOLVED & given.keys()):
                self.mistakes.append(f"{where}: `{field}`: comes from the source; leave it out")
        try:
            row: Any = msgspec.convert(entry, struct(KINDS[kind]))
        except msgspec.ValidationError as error:
            missing = re.match(_LACKING, str(error))
            if missing and missing[1] in DEFAULTED:
                self._lacking.setdefault((name, missing[1]), []).append(f"{kind} {id!r}")
            else:
                self.mistakes.append(f"{where}: {plain(error, KINDS[kind])}")
            self.broken.add((kind, str(id)))
            return
        if id in self.tables[kind]:
            other = self.files[kind, id]
            beside = f", in {other} too" if other != name else ""
            told = f"`id`: used twice{beside}; every id is unique in its kind"
            self.mistakes.append(f"{where}: {told}")
        self.tables[kind][id] = msgspec.to_builtins(row, builtin_types=(dt.date,))
        self.files[kind, id] = name
        self.marked[kind, id] = given

    def _sort(self) -> None:
        """The order of the guide. Files come by name; within a file the order is the author's."""

        def sort(kind: str, rank: Callable[[Entry], Any]) -> list[str]:
            rows = sorted(self.tables[kind].items(), key=lambda row: rank(row[1]))
            self.tables[kind] = dict(rows)
            return list(self.tables[kind])

        themes, authorities = [*map(str, ServiceTheme)], [*map(str, Authority)]
        stories = [*map(str, ScenarioTheme)]
        services = sort("service", lambda entry: (themes.index(entry["theme"]), entry["place"]))
        questions = sort("question", lambda entry: entry["place"])
        sort("scenario", lambda entry: stories.index(entry["theme"]))
        sort("source", lambda entry: authorities.index(entry["authority"]))
        service = {id: number for number, id in enumerate(services)}
        about = {id: number for number, id in enumerate(questions)}
        sort("rule", lambda entry: service.get(entry["service"], len(service)))
        sort("position", lambda entry: about.get(entry["about"], len(about)))
        sort("event", lambda entry: about.get(entry["about"], len(about)))
