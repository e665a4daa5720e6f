"""Turns the TOML files into the text the library reads, and refuses what does not hold together.

Used by the source tree and by the build of the package; not part of the installed package.
`python -m cdtref.compiling` checks the files and lists every mistake.
"""

import datetime as dt
import difflib
import itertools
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from . import model, paperwork
from .errors import KnowledgeError
from .model import Confidence, Outcome, Stance, Status, Verdict

KINDS = model.KINDS | paperwork.KINDS

KNOWLEDGE = Path(__file__).parent / "knowledge"

_RESOLVED = {"publisher", "date", "address", "authority", "relayed_by"}
"""Fields of a position that come from its source."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"\bD\d{4}\b")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

_REFERENCES = {
    "sources": "source",
    "source": "source",
    "relayed_by": "source",
    "services": "service",
    "service": "service",
    "did": "service",
    "codes": "code",
    "code": "code",
    "bill": "code",
    "not": "code",
    "look_alikes": "code",
    "about": "question",
    "item": "item",
    "items": "item",
    "carcs": "remittance",
    "rarcs": "remittance",
    "groups": "remittance",
}
"""What the ids in a field refer to, whatever the table."""

Entry = dict[str, Any]
Tables = dict[str, dict[str, Entry]]


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
            f"{files[kind]}: {kind} {id!r}: {message}" for kind, id, message in _check(tables)
        ]
    if mistakes:
        listed = "\n".join(f"  {mistake}" for mistake in mistakes)
        raise KnowledgeError(
            f"The knowledge does not hold together:\n{listed}", mistakes=tuple(mistakes)
        )
    lines: list[object] = [{"version": version, "kinds": list(KINDS)}]
    lines += [[_row(kind, row) for row in tables[name].values()] for name, kind in KINDS.items()]
    return "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)


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
    tables: Tables = {kind: {} for kind in KINDS}
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "knowledge.toml":
            continue
        content = _load(path, mistakes)
        defaults = content.pop("defaults", {})
        fields = {name for kind in content for name in getattr(KINDS.get(kind), "_fields", ())}
        for key in defaults.keys() - fields:
            mistakes.append(f"{path.name}: defaults: unknown field `{key}`{_suggest(key, fields)}")
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
    if kind != "position":
        return []
    given = sorted(_RESOLVED & entry.keys())
    return [f"`{field}`: comes from the source; leave it out" for field in given]


def _plain(error: msgspec.ValidationError, kind: Any) -> str:
    """msgspec's message, with the field first, and what would be right."""
    message, _, path = str(error).partition(" - at `$")
    path = path.strip("`.")
    annotation = _at(kind, path)
    if unknown := re.search(r"unknown field `(.*)`", message):
        message = f"unknown field `{unknown[1]}`{_suggest(unknown[1], _keys(annotation))}"
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


def _suggest(given: str, among: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, list(among), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


_structs: dict[type, type] = {}


def _struct(kind: type) -> type:
    """The msgspec type that validates a named tuple's table, unknown keys refused."""
    if kind not in _structs:
        defaults: dict[str, Any] = getattr(kind, "_field_defaults", {})
        fields: list[Any] = []
        for name, annotation in kind.__annotations__.items():
            field = (name, _annotation(annotation))
            fields.append((*field, defaults[name]) if name in defaults else field)
        _structs[kind] = msgspec.defstruct(
            kind.__name__, fields, forbid_unknown_fields=True, rename={"not_": "not"}
        )
    return _structs[kind]


def _annotation(annotation: Any) -> Any:
    if get_origin(annotation) is tuple:
        return tuple[_annotation(get_args(annotation)[0]), ...]  # type: ignore[misc]
    return _struct(annotation) if hasattr(annotation, "_fields") else annotation


def _row(kind: Any, entry: Entry) -> list[Any]:
    """An entry as the list of its fields, in the order of the type."""
    row = []
    for name, annotation in kind.__annotations__.items():
        value = entry[name.rstrip("_")]
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif get_origin(annotation) is tuple and hasattr(get_args(annotation)[0], "_fields"):
            value = [_row(get_args(annotation)[0], item) for item in value]
        row.append(value)
    return row


# --- Checking: what no single entry can show ------------------------------------------------------

Mistake = tuple[str, str, str]


def _check(tables: Tables) -> Iterator[Mistake]:
    yield from _check_entries(tables)
    yield from _check_editions(tables)
    first = min(edition["since"] for edition in tables["edition"].values())
    last = max(edition["until"] for edition in tables["edition"].values())
    yield from _check_coverage(tables, first, last)
    yield from _check_rules(tables, first, last)
    yield from _check_dates(tables, first, last)
    yield from _check_use(tables)


def _check_entries(tables: Tables) -> Iterator[Mistake]:
    """Ids, references, texts, months, and that every fact says where it comes from."""
    for kind, entries in tables.items():
        for id, entry in entries.items():
            if kind not in ("code", "edition") and not _ID.fullmatch(id):
                yield kind, id, "`id`: expected lower-case words and digits joined by hyphens"
            for path, field, value in _leaves(entry):
                if isinstance(value, str):
                    # A code's own number refers to nothing, nor does a remittance code's.
                    own = path == "code" and kind in ("code", "remittance")
                    for message in _check_text(field, value, tables, own=own):
                        yield kind, id, f"`{path}`: {message}"
            for field in KINDS[kind].__annotations__:
                required = field not in getattr(KINDS[kind], "_field_defaults", {})
                if required and entry[field] == "":
                    yield kind, id, f"`{field}`: is empty"
            yield from _check_sources(kind, id, entry)
            if entry.get("verified", "") > entry.get("review_due", dt.date.max).isoformat():
                yield kind, id, "`review_due`: is before `verified`"
            if kind == "source" and not entry["address"] and not entry["note"]:
                yield kind, id, "`address`: is empty; a `note` must say why"


def _check_text(field: str, value: str, tables: Tables, *, own: bool) -> Iterator[str]:
    target = _REFERENCES.get(field)
    if target and value and not own and value not in tables[target]:
        yield f"no {target} has the id {value!r}{_suggest(value, tables[target])}"
    if value != value.strip():
        yield "has spaces at an end"
    if field in ("verified", "seen") and not _MONTH.fullmatch(value):
        yield f"expected a month such as '2026-11', got {value!r}"
    for code in _CODE.findall(value) if field != "address" else ():
        if code not in tables["code"]:
            yield f"speaks of {code}, which is not in codes.toml"


def _check_sources(kind: str, id: str, entry: Entry) -> Iterator[Mistake]:
    for part in (entry, *entry.get("exceptions", ())):
        unsourced = part.get("confidence") in (Confidence.JUDGMENT, Confidence.UNVERIFIED)
        if "sources" in part and not part["sources"] and not unsourced:
            yield (
                kind,
                id,
                "`sources`: is empty; name a source, or set the confidence to 'judgment' or "
                "'unverified'",
            )


def _leaves(value: Any, path: str = "", field: str = "") -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}".lstrip("."), key)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}[{number}]", field)
    else:
        yield path, field, value


def _check_editions(tables: Tables) -> Iterator[Mistake]:
    editions = list(tables["edition"].values())
    for before, after in itertools.pairwise(editions):
        if after["since"] != before["until"] + dt.timedelta(days=1):
            yield (
                "edition",
                after["id"],
                "`since`: must be the day after the edition before",
            )


def _check_coverage(tables: Tables, first: dt.date, last: dt.date) -> Iterator[Mistake]:
    """For each service, exactly one rule answers on every encoded day."""
    for service in tables["service"]:
        rules = [rule for rule in tables["rule"].values() if rule["service"] == service]
        rules.sort(key=lambda rule: rule["since"] or first)
        day = first
        for rule in rules:
            since, until = rule["since"] or first, rule["until"] or last
            if since != day:
                what = "overlaps another rule" if since < day else "leaves a gap"
                yield "rule", rule["id"], f"`since`: {what} for {service}; expected {day}"
            day = until + dt.timedelta(days=1)
        if day <= last:
            yield "service", service, f"no rule in rules.toml answers from {day}"


def _check_rules(tables: Tables, first: dt.date, last: dt.date) -> Iterator[Mistake]:
    """The codes and texts of each rule fit its outcome and its span."""
    for id, rule in tables["rule"].items():
        outcome, codes = rule["outcome"], rule["codes"]
        if outcome == Outcome.REPORTED and not codes:
            yield "rule", id, "`codes`: an outcome 'reported' names at least one code"
        if outcome == Outcome.NO_CODE and codes:
            yield "rule", id, "`codes`: an outcome 'no-code' names none"
        if (outcome == Outcome.INCLUDED) != bool(rule["part_of"]):
            yield "rule", id, "`part_of`: goes with the outcome 'included', and only with it"
        if outcome == Outcome.UNSETTLED and not rule["ask"]:
            yield "rule", id, "`ask`: an unsettled rule says what to ask the payer"
        span = rule["since"] or first, rule["until"] or last
        for code in codes:
            entry = tables["code"].get(code, {"since": None, "until": None})
            if (entry["since"] or first) > span[0] or (entry["until"] or last) < span[1]:
                yield "rule", id, f"`codes`: {code} is not in effect throughout the rule's span"
        for exception in rule["exceptions"]:
            if exception["code"] in codes:
                yield "rule", id, f"`exceptions`: {exception['code']} is in `codes` already"
            if exception["verdict"] == Verdict.YES:
                yield "rule", id, "`exceptions`: a 'yes' belongs in `codes`"


def _check_dates(tables: Tables, first: dt.date, last: dt.date) -> Iterator[Mistake]:
    for kind, entries in tables.items():
        for id, entry in entries.items():
            for path, field, value in _leaves(entry):
                if field == "on" and not first <= value <= last:
                    yield kind, id, f"`{path}`: {value} is outside the encoded {first} to {last}"
            for span in (entry, *entry.get("titles", ())):
                since, until = span.get("since"), span.get("until")
                if since and until and until < since:
                    yield kind, id, f"`until`: {until} is before `since`, {since}"
    for id, scenario in tables["scenario"].items():
        visits = [scenario, *scenario["then"]]
        if any(later["on"] < earlier["on"] for earlier, later in itertools.pairwise(visits)):
            yield "scenario", id, "`then`: a later visit has an earlier date"
        if scenario["status"] == Status.SILENT and not scenario["ask"]:
            yield "scenario", id, "`ask`: where sources are silent, say what to ask the payer"


def _check_use(tables: Tables) -> Iterator[Mistake]:
    """Every source is used, and every contested question has somebody on it."""
    used = {
        value
        for kind, entries in tables.items()
        for entry in entries.values()
        for _, field, value in _leaves(entry)
        if _REFERENCES.get(field) == "source" and value
    }
    for id in tables["source"].keys() - used:
        yield "source", id, "nothing refers to it; name it where it is used, or take it out"
    definite = (Stance.YES, Stance.NO, Stance.INCLUDED)
    for id in tables["question"]:
        if not any(
            position["about"] == id and position["stance"] in definite
            for position in tables["position"].values()
        ):
            yield "question", id, "no position answers it"


def overdue(text: str, on: dt.date) -> list[str]:
    """The facts whose review is due by a date, each with its kind."""
    header, *lines = text.split("\n")
    told = []
    for kind, line in zip(json.loads(header)["kinds"], lines, strict=True):
        fields = list(KINDS[kind].__annotations__)
        if "review_due" in fields:
            at = fields.index("review_due")
            told += [f"{kind} {row[0]}" for row in json.loads(line) if row[at] <= on.isoformat()]
    return told


def main(arguments: Sequence[str] = ()) -> int:
    """Check the files; with `--due DATE`, list the facts to be reviewed by then instead."""
    try:
        text = compiled_text()
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    if len(arguments) == 2 and arguments[0] == "--due":
        due = overdue(text, dt.date.fromisoformat(arguments[1]))
        print("\n".join(due) or f"No review is due by {arguments[1]}.")
        return 1 if due else 0
    print(f"The knowledge holds together: {len(text.encode()):,} bytes.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
