"""The knowledge and its answers as files that other programs read, without this library.

`shape` says which files there are. Each list has a row a line, so that two versions compare well.
The same knowledge makes the same bytes.
"""

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import cdtref
from cdtref import inputs
from cdtref.compiling.checks import KINDS
from cdtref.library import current

from . import shape
from .sentences import ROOT
from .shape import Asked, Expected, File, Index, Name, Refused


def files() -> dict[str, bytes]:
    """What is published, by the path of each file; the index is the last."""
    rows = {name: [*map(_row, told)] for name, told in _lists().items()}
    found = {f"{name}.json": _json(told) for name, told in rows.items()}
    found |= {f"{name}.csv": _csv(rows[name]) for name in shape.TABLES}
    for name, schema in shape.schemas().items():
        found[f"schema/{name}.json"] = (_text(schema, indent=1) + "\n").encode()
    index = msgspec.to_builtins(_index(found))
    return {**found, "index.json": (_text(index, indent=1) + "\n").encode()}


def write(folder: Path) -> None:
    """Writes the files into the folder of a built site."""
    for path, content in files().items():
        file = folder / shape.FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _lists() -> dict[str, Iterable[Any]]:
    library = current()
    facts = zip(list(shape.kinds())[2:-1], KINDS.values(), strict=True)
    return {
        "answers": cdtref.verdicts(),
        "names": _names(),
        **{name: library.facts(kind).values() for name, kind in facts},
        "conformance": _questions(),
    }


def _names() -> list[Name]:
    """Every name as `inputs.plain` has it, and every id as it is, which comes before a name."""
    known = inputs.names(current()) | {service.id: (service.id,) for service in cdtref.services()}
    return [Name(name, services) for name, services in sorted(known.items())]


def _row(row: Any) -> dict[str, Any]:
    if isinstance(row, msgspec.Struct):
        return msgspec.to_builtins(row)  # type: ignore[no-any-return]
    return json.loads(cdtref.to_json(row))  # type: ignore[no-any-return]


def _json(rows: list[dict[str, Any]]) -> bytes:
    return ("[\n" + ",\n".join(map(_text, rows)) + "\n]\n").encode()


def _text(value: Any, indent: int | None = None) -> str:
    separators = (",", ": " if indent else ":")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)


def _csv(rows: list[dict[str, Any]]) -> bytes:
    """As RFC 4180 has it: lines end in CRLF, quotes only where they are needed."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(rows[0])
    table.writerows([_cell(value) for value in row.values()] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value) if isinstance(value, list | tuple) else value


def _index(found: dict[str, bytes]) -> Index:
    editions = cdtref.editions()
    return Index(
        shape=shape.version(),
        facts=str(current().version),
        edition=editions[-1].id,
        first=editions[0].since,
        expires=editions[-1].until,
        license="CC-BY-4.0",
        notice=_notice(),
        files=tuple(
            File(path, _schema_of(path), len(content), hashlib.sha256(content).hexdigest())
            for path, content in found.items()
        ),
    )


def _schema_of(path: str) -> str:
    return f"schema/{path}" if path.endswith(".json") and "/" not in path else ""


def _notice() -> str:
    """The notice on the code set, without that on the fonts."""
    told, _, _ = (ROOT / "NOTICE").read_text(encoding="utf-8").partition("\n\nFonts\n")
    return " ".join(told.removeprefix("CDT\n").split())


# --- The conformance suite ------------------------------------------------------------------------


def _questions() -> Iterator[Asked]:
    """Every row of the table on its first and its last day; then what is asked in other words, what
    is refused, and what lies outside the encoded editions. Each is put to the library."""
    for row in cdtref.verdicts():
        for day in dict.fromkeys((row.since, row.until)):
            yield _asked(row.code, row.service, day.isoformat())
    code, service = cdtref.all_codes()[0].code, cdtref.services()[0].id
    first, last = cdtref.editions()[0].since, cdtref.editions()[-1].until
    for name in sorted(inputs.names(current())):
        yield _asked(code, name, last.isoformat())
    for one in cdtref.services():
        for spelled in (one.id.upper().replace("-", "_"), f"  {one.short.replace(' ', '-')} "):
            yield _asked(code, spelled, last.isoformat())
    for given in (code.lower(), f" {code} ", "D0150", "D047", f"{code}0", ""):
        yield _asked(given, service, last.isoformat())
    for named in ("no such service", f"{service} {service}", ""):
        yield _asked(code, named, last.isoformat())
    odd = ("", "2026-02-30", "2026-3-2", "20260302", "03/02/2026", "2026-03-02T00:00:00")
    for on in (*odd, f" {last} "):
        yield _asked(code, service, on)
    one_day = dt.timedelta(days=1)
    for known in cdtref.all_codes():
        yield _asked(known.code, service, f"{last + one_day}", "last")
    for one in cdtref.services():
        yield _asked(code, one.id, f"{last + one_day}", "last")
    for on in (str(first - one_day), str(last + one_day), "0001-01-01", "9999-12-31"):
        yield _asked(code, service, on)
        yield _asked(code, service, on, "last")
    # What is wrong is told in the order of code, service and date.
    yield _asked("D0150", "no such service", "2026-02-30")
    yield _asked(code, "no such service", "2026-02-30")


def _asked(code: str, service: str, on: str, beyond: str = "") -> Asked:
    given: dict[str, Any] = {"beyond": beyond} if beyond else {}
    refused: Refused = ""
    answer = None
    try:
        answer = _expected(cdtref.can_bill(code, service, on=on, **given))
    except cdtref.UnknownServiceError as error:
        refused = "ambiguous-service" if _is_shared(error.id) else "unknown-service"
    except cdtref.UnknownCodeError:
        refused = "unknown-code"
    except cdtref.InvalidDateError:
        refused = "not-a-date"
    except cdtref.UnknownEditionError as error:
        early = error.on and error.first and error.on < error.first
        refused = "before-first" if early else "after-last"
    except cdtref.InvalidInputError:  # empty text, in the order in which the library looks
        refused = "unknown-service" if code.strip() else "unknown-code"
    return Asked(code, service, on, beyond, refused, answer)  # type: ignore[arg-type]


def _is_shared(name: str) -> bool:
    return len(inputs.names(current()).get(inputs.plain(name), ())) > 1


def _expected(answer: cdtref.Answer) -> Expected:
    return Expected(**{name: getattr(answer, name) for name in Expected.__struct_fields__})
