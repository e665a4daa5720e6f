"""`objects.inv`, by which another site of Sphinx or MkDocs links to an answer by its name.

The builder lists the Python names. This adds, beside them, what people speak of: `code-d0470`,
`service-intraoral-scan`, `denial-bundled` and so on as labels, and the terms of the glossary as
terms. Like an address, a name is never given to something else.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import sphobjinv
from lxml.html import HtmlElement

import cdtref

from . import reasons

FILE = "objects.inv"


class Entry(NamedTuple):
    """A name that others link by."""

    role: str
    name: str
    address: str
    title: str


def entries(pages: Iterable[tuple[str, HtmlElement]]) -> Iterator[Entry]:
    """What is listed by name; the built pages, by address, have the advice."""
    for code in cdtref.all_codes():
        yield _label("code", code.code, code.address, f"{code.code} {code.title}")
    for service in cdtref.services():
        yield _label("service", service.id, service.address, service.short)
    for scenario in cdtref.scenarios():
        yield _label("scenario", scenario.id, scenario.address, scenario.title)
    for denial in cdtref.denials():
        yield _label("denial", denial.id, denial.address, denial.reason)
    for printed in reasons.coded():
        title = f"{printed.code}: {reasons.headline(printed.gloss)[0]}"
        yield _label("remittance", printed.code, printed.address, title)
    for question in cdtref.questions():
        yield _label("question", question.id, question.address, question.asks)
    for term in cdtref.glossary():
        yield _label("term", term.id, term.address, term.term)
        yield Entry("term", term.term, term.address, term.term)
    for where, page in pages:
        for advice in page.xpath("//*[contains(concat(' ', @class, ' '), ' advice ')][@id]"):
            id = advice.get("id", "")
            # The same advice may stand on several pages.
            named = f"{where.replace('/', '-')}{id}"
            title = " ".join(advice.text_content().split())
            yield _label("advice", named, f"{where}#{id}", title)


def _label(kind: str, id: str, address: str, title: str) -> Entry:
    return Entry("label", f"{kind}-{id.lower()}", address, title)


def write(site: Path, pages: Iterable[tuple[str, HtmlElement]]) -> None:
    """Adds the names to the inventory of a built site, in the place of those that it had."""
    file = site / FILE
    inventory = sphobjinv.Inventory(str(file))
    inventory.version = str(cdtref.__version__)
    inventory.objects[:] = [one for one in inventory.objects if one.domain != "std"]
    for entry in entries(pages):
        inventory.objects.append(
            sphobjinv.DataObjStr(
                name=entry.name,
                domain="std",
                role=entry.role,
                priority="1",
                uri=entry.address,
                dispname=entry.title,
            )
        )
    file.write_bytes(sphobjinv.compress(inventory.data_file(contract=True)))
