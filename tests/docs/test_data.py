"""The published data: true to its schemas, to the library, to its index, and to what was promised.

Everything is read from the files of the built site.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

import jsonschema
import pytest

import cdtref
from cdtref import inputs
from cdtref.compiling.checks import KINDS
from cdtref.library import current
from cdtref.model import VerdictRow
from cdtref.site import shape
from tests.docs import ROOT
from tests.docs.conftest import Pages
from tests.docs.examples import database

FIELDS = ("code", "service", "verdict", "outcome", "instead", "disputed", "confidence", "rule")
REFUSED = {
    *("unknown-code", "unknown-service", "ambiguous-service"),
    *("not-a-date", "before-first", "after-last"),
}
FACTS = dict(zip(list(shape.kinds())[2:-1], KINDS.values(), strict=True))


@pytest.fixture(scope="session")
def folder(site: Path) -> Path:
    return site / "data/v1"


def read(folder: Path, path: str) -> Any:
    return json.loads((folder / path).read_text(encoding="utf-8"))


# --- The index ------------------------------------------------------------------------------------


def test_the_index_names_every_file_with_its_digest(folder: Path) -> None:
    told = {file["path"]: file for file in read(folder, "index.json")["files"]}
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*")}
    assert told.keys() == files.keys() - {"index.json"}
    for name, file in told.items():
        content = files[name].read_bytes()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert (file["schema"] in told) == (name.endswith(".json") and "/" not in name), name


def test_the_index_says_as_of_when_and_on_which_terms(folder: Path) -> None:
    index = read(folder, "index.json")
    first, last = cdtref.editions()[0], cdtref.editions()[-1]
    assert (index["first"], index["expires"]) == (str(first.since), str(last.until))
    assert index["edition"] == last.id
    assert index["facts"] == current().version
    assert index["license"] == "CC-BY-4.0"
    assert "Attribution 4.0" in (ROOT / "LICENSE-CONTENT").read_text(encoding="utf-8")
    assert "American Dental Association" in index["notice"]
    assert "not affiliated" in index["notice"]
    assert "Fonts" not in index["notice"]


# --- Schemas --------------------------------------------------------------------------------------


def validator(folder: Path, name: str) -> Any:
    schema = read(folder, f"schema/{name}.json")
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)
    assert schema["$schema"] == kind.META_SCHEMA["$id"]
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def test_every_file_fits_its_schema(folder: Path) -> None:
    for name in [*shape.kinds(), "index"]:
        wrong = [
            error.message
            for error in validator(folder, name).iter_errors(read(folder, f"{name}.json"))
        ]
        assert not wrong, name


def test_every_field_is_described_and_asked_for(folder: Path) -> None:
    """A schema that does not forbid more would let a field through that it does not know."""
    for name in shape.kinds():
        schema = read(folder, f"schema/{name}.json")
        row = schema["$defs"][schema["items"]["$ref"].rpartition("/")[2]]
        for given in read(folder, f"{name}.json"):
            assert list(given) == list(row["properties"]) == row["required"], name


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("answers", "verdict", "maybe"),
        ("answers", "since", "2026-02-30"),
        ("answers", "instead", "D0801"),
        ("answers", "disputed", "false"),
        ("codes", "until", ""),
        ("codes", "titles", [{"text": "x"}]),
        ("scenarios", "not", None),
        ("conformance", "refused", "no"),
        ("conformance", "answer", {}),
        ("names", "services", [None]),
    ],
)
def test_a_schema_refuses_what_is_none(folder: Path, name: str, field: str, value: Any) -> None:
    rows = read(folder, f"{name}.json")[:1]
    checks = validator(folder, name)
    assert checks.is_valid(rows)
    wrong = deepcopy(rows)
    wrong[0][field] = value
    assert not checks.is_valid(wrong)
    del wrong[0][field]
    assert not checks.is_valid(wrong)


def test_a_schema_says_what_its_fields_and_words_mean(folder: Path) -> None:
    schema = json.dumps(read(folder, "schema/codes.json"), ensure_ascii=False)
    assert "True for the codes this reference is about" in schema
    verdict = read(folder, "schema/answers.json")["$defs"]["Verdict"]
    assert verdict["enum"] == [str(word) for word in cdtref.Verdict]
    assert all(f"\n{word}: " in verdict["description"] for word in cdtref.Verdict)


# --- What they say --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FACTS)
def test_the_facts_are_those_of_the_library(folder: Path, name: str) -> None:
    text = (folder / f"{name}.json").read_text(encoding="utf-8")
    kind: Any = FACTS[name]
    told = cdtref.from_json(text, tuple[kind, ...])
    assert told == tuple(current().facts(kind).values())
    assert told


def test_the_answers_are_those_of_the_library(folder: Path) -> None:
    text = (folder / "answers.json").read_text(encoding="utf-8")
    assert cdtref.from_json(text, tuple[VerdictRow, ...]) == cdtref.verdicts()


@pytest.mark.parametrize("name", ["answers", "names"])
def test_a_csv_file_says_the_same_as_the_json(folder: Path, name: str) -> None:
    text = (folder / f"{name}.csv").read_bytes().decode()
    assert text.count("\n") == text.count("\r\n") == len(read(folder, f"{name}.json")) + 1
    listed = {"instead", "services"}
    told = [
        {
            field: cell.split()
            if field in listed
            else {"true": True, "false": False}.get(cell, cell)
            for field, cell in row.items()
        }
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]
    assert told == read(folder, f"{name}.json")


# --- The conformance suite ------------------------------------------------------------------------


def expected(question: Any) -> Any:
    return question["refused"] or question["answer"]


def by_the_library(question: Any) -> Any:
    """What the library answers, in the words of the suite."""
    code, service, on = (question[name] for name in ("code", "service", "on"))
    beyond: Literal["last"] | None = "last" if question["beyond"] else None
    try:
        answer = cdtref.can_bill(code, service, on=on, beyond=beyond)
    except cdtref.CdtrefError as error:
        return type(error)
    told = json.loads(cdtref.to_json(answer))
    return {name: told[name] for name in (*FIELDS, "address")}


ERRORS: dict[str, tuple[type[Exception], ...]] = {
    "unknown-code": (cdtref.UnknownCodeError, cdtref.InvalidInputError),
    "unknown-service": (cdtref.UnknownServiceError, cdtref.InvalidInputError),
    "ambiguous-service": (cdtref.UnknownServiceError,),
    "not-a-date": (cdtref.InvalidDateError,),
    "before-first": (cdtref.UnknownEditionError,),
    "after-last": (cdtref.UnknownEditionError,),
}


def test_the_library_passes_the_suite(folder: Path) -> None:
    for question in read(folder, "conformance.json"):
        told = by_the_library(question)
        if question["refused"]:
            assert told in ERRORS[question["refused"]], question
        else:
            assert told == question["answer"], question


def test_sql_passes_the_suite(folder: Path, site: Path, tmp_path: Path, pages: Pages) -> None:
    """The statements of the page, on claim lines made from the questions."""
    suite = read(folder, "conformance.json")
    (tmp_path / "data").symlink_to(site / "data")
    (tmp_path / "assets").mkdir()
    with (tmp_path / "assets/claims.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, quoting=csv.QUOTE_ALL)  # an empty text is no missing one
        lines.writerow(["claim", "billed", "did", "on"])
        for number, one in enumerate(suite):
            lines.writerow([number, one["code"], one["service"], one["on"]])
    base = database(str(tmp_path))
    blocks = pages["guide/warehouse/"].cssselect(".language-sql pre")
    for block in blocks[:2]:
        base.execute("".join(block.itertext()))
    found = base.execute("SELECT * FROM found ORDER BY claim::INTEGER")
    assert found.description
    columns = [column[0] for column in found.description]
    told = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    assert len(told) == len(suite)
    for question, row in zip(suite, told, strict=True):
        refused = row["refused"] or ""
        if question["beyond"] and refused == "after-last":
            refused = ""
        answer = {name: row[name] for name in (*FIELDS, "address")}
        answer |= {"instead": (row["instead"] or "").split(), "rule": row["rule"] or ""}
        assert (refused or answer) == expected(question), question


def test_the_suite_asks_for_all_there_is(folder: Path) -> None:
    suite = read(folder, "conformance.json")
    plain = [one for one in suite if not one["beyond"] and not one["refused"]]
    asked = {(one["code"], one["service"], one["on"]) for one in plain}
    for row in cdtref.verdicts():
        for day in (row.since, row.until):
            assert (row.code, row.service, str(day)) in asked
    assert {one["refused"] for one in suite} - {""} == REFUSED
    assert inputs.names(current()).keys() <= {one["service"] for one in suite}
    a_day = dt.timedelta(days=1)
    later = [one for one in suite if one["on"] == str(cdtref.editions()[-1].until + a_day)]
    assert {expected(one) == "after-last" for one in later} == {True, False}
    assert {one["answer"]["verdict"] for one in later if one["beyond"]} == {"unsettled"}
    assert {one["on"] for one in suite} >= {str(cdtref.editions()[0].since - a_day), "9999-12-31"}


# --- The shape that was promised ------------------------------------------------------------------


def test_nothing_that_was_promised_is_gone_and_nothing_is_new() -> None:
    now = shape.lines()
    assert shape.gone(now) == [], "keep these, or publish another folder beside"
    assert shape.new(now) == [], "run `.venv/bin/python -m cdtref.site.shape`"


def test_the_page_tells_of_every_file_and_version(folder: Path, pages: Pages) -> None:
    page = pages["reference/data/"]
    cells = page.xpath("//article//table//td[1]//code")
    files = {cell.text_content() for cell in cells} - {"schema/"}
    assert files == {path.name for path in folder.glob("*.*")}
    told = versions_told(page)
    assert list(told) == list(shape.released())
    for version, added in list(shape.released().items())[1:]:
        assert untold(added, told[version]) == [], version
    assert read(folder, "index.json")["shape"] == list(told)[-1]


def versions_told(page: Any) -> dict[str, str]:
    """What the page says of each version of the shape."""
    found = {}
    for heading in page.xpath("//article//h3[starts-with(@id, 'shape-')]"):
        after = heading.itersiblings()
        text = [part.text_content() for part in after if not part.tag.startswith("h")]
        found[re.sub(r"[^\d.]", "", heading.text_content())] = " ".join(text)
    return found


def untold(added: list[str], text: str) -> list[str]:
    """Lines of the shape whose file, field or word a text does not name."""
    return [line for line in added if not all(word in text for word in named_in(line))]


def named_in(line: str) -> list[str]:
    file, _, field = line.partition(" ")
    name, _, word = field.partition(" = ")
    last = re.split(r"[.\[\]?: ]+", name.partition(":")[0])[-1]
    return [part for part in (file, last, word) if part]


def test_what_a_version_adds_has_to_be_told() -> None:
    added = ["answers.json [].part_of: string", "codes.json [].confidence = certain"]
    assert untold(added, "`answers.json` has `part_of`; `confidence` in `codes.json`") == added[1:]
    assert untold(added, "answers.json part_of codes.json confidence certain") == []


@pytest.fixture
def promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The released shape, to be changed."""
    copy = tmp_path / "shape.txt"
    copy.write_text(shape.RELEASED.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(shape, "RELEASED", copy)
    return copy


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("answers.json [].rule: string", "answers.json [].row: string"),
        ("answers.json [].disputed: boolean", "answers.json [].disputed: string"),
        ("codes.json [].until?: date", "codes.json [].until: date"),
        ("answers.csv 7: instead", "answers.csv 12: instead"),
        ("answers.json [].verdict = unsettled", "answers.json [].verdict = silent"),
        ("index.json .expires: date", "index.json .until: date"),
    ],
)
def test_what_is_renamed_or_of_another_type_is_told(promised: Path, was: str, now: str) -> None:
    """As if the other had been promised: what stands there today is then gone, or new."""
    text = promised.read_text(encoding="utf-8")
    assert f"\n{was}\n" in text
    promised.write_text(text.replace(f"\n{was}\n", f"\n{now}\n"), encoding="utf-8")
    assert (shape.gone(shape.lines()), shape.new(shape.lines())) == ([now], [was])
    with pytest.raises(SystemExit, match=re.escape(now)):
        shape.main()


def test_what_is_new_becomes_the_next_minor_version(promised: Path) -> None:
    text = promised.read_text(encoding="utf-8")
    less = text.replace("answers.json [].rule: string\n", "")
    promised.write_text(less, encoding="utf-8")
    before = shape.version()
    shape.main()
    major, minor = before.split(".")
    assert shape.version() == f"{major}.{int(minor) + 1}"
    assert shape.released()[shape.version()] == ["answers.json [].rule: string"]
    assert promised.read_text(encoding="utf-8").startswith(less)
    shape.main()
    assert list(shape.released())[-1] == f"{major}.{int(minor) + 1}", "nothing new, no version"
