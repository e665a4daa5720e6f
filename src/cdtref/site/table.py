"""The truth table for the browser: what stands in an answer on every date of service."""

import json
from pathlib import Path
from typing import Any

import cdtref

from . import answers, quoting
from .answers import Shown, Stretch

FILE = "assets/answers.json"
QUOTING = "assets/quoting.json"
"""What a piece of HTML for another page is made from; fetched only where one is wanted."""


class _Pool:
    """Each thing once, and its number."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def number(self, thing: Any) -> int:
        return self.numbers.setdefault(thing, len(self.numbers))


def table() -> dict[str, Any]:
    """From which day on which answer is shown: for a service, a code, and a code with a service.

    `texts` holds every text once and `days` every day. `shown` holds every answer once, a column
    for each name in `fields`. Answers are told by how many before the newest they were first told,
    0 being a new one: they come in order, and so take little room. `pages` says where a code that a
    text names has its page. For a code the services come in the order of `services`.
    """
    texts, shown, days = _Pool(), _Pool(), _Pool()

    def told(one: Shown) -> int:
        new = len(shown.numbers)
        row = (texts.number(str(v)) if isinstance(v, str) else int(v) for v in one)
        return new - shown.number(tuple(row))

    def packed(stretches: list[Stretch]) -> list[list[Any]]:
        return [
            [days.number(stretch.since.isoformat()), *(told(one) for one in stretch.shown)]
            for stretch in stretches
        ]

    services = {
        service.id: packed(answers.of_service_by_date(service.id)) for service in cdtref.services()
    }
    codes = {code.code: packed(answers.of_code_by_date(code.code)) for code in cdtref.all_codes()}
    pairs = {
        code.code: [
            packed(answers.of_pair_by_date(code.code, service.id)) for service in cdtref.services()
        ]
        for code in cdtref.all_codes()
    }
    return {
        "version": str(cdtref.library.current().version),
        "editions": [
            [edition.id, edition.since.isoformat(), edition.until.isoformat()]
            for edition in cdtref.editions()
        ],
        "fields": list(Shown._fields),
        "lasting": [Shown._fields.index(name) for name in answers.LASTING],
        "pages": {code.code: code.address for code in cdtref.all_codes()},
        "services": services,
        "codes": codes,
        "pairs": pairs,
        "days": list(days.numbers),
        "shown": list(zip(*shown.numbers, strict=True)),
        "texts": list(texts.numbers),
    }


def write(site: Path) -> None:
    """Writes the table into a built site, and what quotes from it."""
    for file, content in ((FILE, table()), (QUOTING, quoting.table())):
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        path = site / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
