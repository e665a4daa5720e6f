"""An answer in other people's hands: serializers, data frames, type checkers."""

import datetime as dt
import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastapi
import msgspec
import numpy as np
import pandas as pd
import pydantic
import pytest
from fastapi.encoders import jsonable_encoder

import cdtref
from cdtref.values import Value

ROOT = Path(__file__).parents[1]
ON = "2026-03-02"
AFTER = cdtref.editions()[-1].until + dt.timedelta(days=1)
CLAIM = {"on": ON, "did": ["intraoral-scan", "lab-print"], "billed": ["D0470", "D0396"]}
TOLD: list[Any] = [
    cdtref.can_bill("D0470", "intraoral-scan", on=ON),
    cdtref.can_bill("D0470", "intraoral-scan", on=AFTER, beyond="last"),
    cdtref.recommend(["intraoral-scan", "in-office-print"], on=ON),
    *cdtref.check_claim(CLAIM),
    *(cdtref.code("D0801"), cdtref.services()[0], cdtref.rules()[0], cdtref.denials()[0]),
    *(cdtref.scenarios()[0], cdtref.verdicts()[0], cdtref.positions()[0]),
]
EACH = pytest.mark.parametrize("value", TOLD, ids=lambda value: type(value).__name__)


def ours(value: Any) -> Any:
    """The same, by our own `to_json`; the field `not` keeps its underscore elsewhere."""
    told = json.loads(cdtref.to_json(value))
    return {"not_" if name == "not" else name: item for name, item in told.items()}


@EACH
def test_msgspec_writes_an_object_and_reads_it_back(value: Any) -> None:
    text = msgspec.json.encode(value)
    assert json.loads(text) == ours(value)
    assert msgspec.json.decode(text, type=type(value)) == value
    assert msgspec.to_builtins(value).keys() == ours(value).keys()


@EACH
def test_pydantic_writes_an_object_and_reads_it_back(value: Any) -> None:
    adapter = pydantic.TypeAdapter(type(value))
    text = adapter.dump_json(value)
    assert json.loads(text) == ours(value)
    assert adapter.validate_json(text) == value
    assert adapter.json_schema()


@EACH
def test_fastapi_answers_with_an_object(value: Any) -> None:
    assert jsonable_encoder(value) == ours(value)
    app = fastapi.FastAPI()
    app.get("/", response_model=type(value))(lambda: value)
    assert type(value).__name__ in app.openapi()["components"]["schemas"]


def test_a_data_frame_has_the_names_as_columns() -> None:
    rows = cdtref.verdicts()
    frame = pd.DataFrame(rows)
    assert list(frame.columns) == list(rows[0]._fields)
    assert len(frame) == len(rows)
    assert list(pd.DataFrame(TOLD[:2]).columns) == list(TOLD[0]._fields)


def test_a_version_that_others_read_is_one_that_can_be_compared() -> None:
    class Pair(Value):
        left: str
        version: str

    read = msgspec.json.decode(b'{"left": "x", "version": "2026.9.0"}', type=Pair)
    assert read == Pair("x", "2026.9.0")
    assert read.version < "2026.11.0"


def test_json_dumps_says_that_it_cannot() -> None:
    with pytest.raises(TypeError, match="Answer is not JSON serializable"):
        json.dumps({"answer": TOLD[0]})


# --- What data frames hand in ---------------------------------------------------------------------

STRANGE = [
    *(pd.NaT, pd.NA, np.array(["a", "b"]), np.array([]), np.array(5), pd.Series(["D0470"])),
    *(np.datetime64(ON), np.datetime64(ON, "ns"), np.datetime64("NaT"), pd.Timestamp(ON)),
    *(np.str_("D0470"), np.int64(3), np.float64("nan"), np.bool_(True), 10**5000, float("nan")),
    *([[]], [[[[]]]], {"a": {}}, pd.DataFrame({"a": [1]}), np.timedelta64(1, "D")),
]


def deep() -> list[Any]:
    found: list[Any] = []
    for _ in range(50_000):
        found = [found]
    return found


ASKS: list[Callable[[Any], object]] = [
    lambda v: cdtref.can_bill(v, "intraoral-scan", on=ON),
    lambda v: cdtref.can_bill("D0470", v, on=ON),
    lambda v: cdtref.can_bill("D0470", "intraoral-scan", on=v),
    lambda v: cdtref.can_bill("D0470", "intraoral-scan", on=ON, beyond=v),
    lambda v: cdtref.recommend(v, on=ON),
    lambda v: cdtref.recommend([v], on=ON),
    cdtref.check_claim,
    lambda v: cdtref.check_claim({"on": v, "billed": v, "did": v}),
    lambda v: cdtref.check_claim({"on": ON, "billed": v}),
    lambda v: cdtref.check_claim({"lines": v}),
    lambda v: cdtref.check_claim({"on": ON, "billed": ["D0470"], "note": v}),
    lambda v: cdtref.check_claim({"lines": [{"on": ON, "code": "D0801", "did": v}]}),
    lambda v: cdtref.check_claim({"lines": [{"on": ON, "code": "D0801", "arch": v}]}),
    lambda v: cdtref.check_claim({"lines": [{"on": ON, "code": "D0801", "quantity": v}]}),
    lambda v: cdtref.missing("D0470", v),
    lambda v: cdtref.missing("D0470", {"purpose": v}),
    lambda v: cdtref.denials(carc=v),
    lambda v: cdtref.coverage(code=v),
    cdtref.position,
    cdtref.to_json,
    lambda v: cdtref.from_json(v, cdtref.Answer),
    lambda v: cdtref.from_json("{}", v),
]


@pytest.mark.parametrize("value", [*STRANGE, deep()], ids=lambda value: type(value).__name__)
def test_a_value_of_numpy_or_pandas_is_understood_or_refused_in_one_line(value: Any) -> None:
    for ask in ASKS:
        told = ""
        try:
            ask(value)
        except cdtref.CdtrefError as error:
            told = str(error)
        assert "\n" not in told
        assert len(told) < 700


def test_a_row_of_a_data_frame_is_a_claim_line() -> None:
    """Empty cells come as NaN or NA; numbers and dates as numpy's own."""
    frame = pd.DataFrame(
        {
            "on": [ON, ON],
            "code": ["D0470", "D0801"],
            "did": ["intraoral-scan", None],
            "arch": [np.nan, "both"],
            "quantity": [np.int64(1), pd.NA],
        },
        dtype=object,
    )
    lines: Any = [row | {"on": np.datetime64(row["on"])} for row in frame.to_dict("records")]
    wanted = [
        {"on": ON, "code": "D0470", "did": "intraoral-scan"},
        {"on": ON, "code": "D0801", "arch": "both"},
    ]
    assert cdtref.check_claim({"lines": lines}) == cdtref.check_claim({"lines": wanted})


def test_a_missing_date_is_called_missing_and_not_a_matter_of_time_zones() -> None:
    for missing in (pd.NaT, pd.NA, float("nan"), np.datetime64("NaT"), None):
        with pytest.raises(cdtref.InvalidDateError) as caught:
            cdtref.can_bill("D0470", "stone-cast", on=missing)  # type: ignore[arg-type]
        assert "time zone" not in str(caught.value)


# --- Type checkers --------------------------------------------------------------------------------

WRONG = {
    'cdtref.can_bil("D0470", "x")': "can_bil",
    "from cdtref import Anser": "Anser",
    "ANSWER.verdct": "verdct",
    'ANSWER.verdict = "yes"': "read-only",
    'cdtref.can_bill("D0470", "x", beyond="next")': "beyond",
    'cdtref.Visit(did=("a",))': "Visit",
    "NUMBER: int = cdtref.__version__": "int",
    "COUNT: int = cdtref.from_json('{}', cdtref.Answer)": "int",
}


def test_a_misspelt_name_is_an_error_to_a_type_checker(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    head = (
        'import cdtref\n\nANSWER = cdtref.can_bill("D0470", "x")\nTEXT: str = cdtref.__version__\n'
    )
    file.write_text(head + "\n".join(WRONG) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(file)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    first = head.count("\n") + 1
    for line, name in zip(itertools.count(first), WRONG.values(), strict=False):
        found = [row for row in told.splitlines() if f"wrong.py:{line}: error" in row]
        assert found, (line, name, told)
        assert name in " ".join(found)
    right = [f"wrong.py:{line}:" for line in range(1, first)]
    assert not [row for row in told.splitlines() if any(place in row for place in right)]
