"""Where a fact, an answer or a finding says that the site tells the same, the site does."""

import datetime as dt
from collections.abc import Iterator
from itertools import product
from typing import Any

import cdtref
from cdtref import model, paperwork
from cdtref.library import current
from cdtref.meanings import index
from tests.docs.conftest import Pages

AFTER = cdtref.editions()[-1].until + dt.timedelta(days=1)
KINDS: list[Any] = [*model.KINDS.values(), *paperwork.KINDS.values()]
FACTS: dict[str, Any] = {
    f"{kind.__name__.lower()} {id}": fact
    for kind in KINDS
    for id, fact in current().facts(kind).items()
}


def resolves(address: str, pages: Pages) -> bool:
    path, _, anchor = address.partition("#")
    return path in pages and (not anchor or bool(pages[path].xpath("//*[@id=$id]", id=anchor)))


def test_every_fact_stands_at_its_address(pages: Pages) -> None:
    assert not [name for name, fact in FACTS.items() if not resolves(fact.address, pages)]


def test_an_address_belongs_to_one_fact() -> None:
    """Two facts of one address would be told apart by nobody who links to them."""
    shared: dict[str, list[str]] = {}
    for name, fact in FACTS.items():
        shared.setdefault(fact.address, []).append(name)
    twice = {address: ids for address, ids in shared.items() if len(ids) > 1}
    assert not twice


def answers() -> Iterator[Any]:
    days = [edition.until for edition in cdtref.editions()]
    for code, service in product(cdtref.all_codes(), cdtref.services()):
        for on in days:
            yield cdtref.can_bill(code.code, service.id, on=on)
        yield cdtref.can_bill(code.code, service.id, on=AFTER, beyond="last")
    yield from cdtref.verdicts()
    for service in cdtref.services():
        for on in days:
            done = cdtref.recommend([service.id], on=on)
            yield from (done, *done.lines, *done.services)
    yield cdtref.recommend([service.id for service in cdtref.services()], on=days[-1])


def findings() -> Iterator[cdtref.Finding]:
    for code, service in product(cdtref.all_codes(), cdtref.services()):
        for on in (cdtref.editions()[0].until, cdtref.editions()[-1].until, AFTER):
            line = {"on": on, "code": code.code, "did": service.id, "quantity": 2}
            claim = {"lines": [line, line | {"did": None}], "note": {"purpose": "x"}}
            yield from cdtref.check_claim(claim)
    codes = [code.code for code in cdtref.all_codes()]
    done = [service.id for service in cdtref.services()]
    yield from cdtref.check_claim({"on": cdtref.editions()[-1].until, "did": done, "billed": codes})
    yield from cdtref.check_claim({"on": cdtref.editions()[-1].until, "billed": codes})


def test_every_answer_and_finding_has_an_address_that_resolves(pages: Pages) -> None:
    addresses = {told.address for told in (*answers(), *findings())}
    assert "" not in addresses
    subject = [code.code for code in cdtref.all_codes() if code.subject]
    services = [service.id for service in cdtref.services()]
    assert {f"codes/{code}/#{id}" for code in subject for id in services} <= addresses
    missing = sorted(address for address in addresses if not resolves(address, pages))
    assert not missing


def test_whatever_the_search_leads_to_is_there(pages: Pages) -> None:
    """Topics and checklists too, which are no facts with an address of their own."""
    listed = {thing.kind: thing.address for thing in index(current()).things}
    assert listed.keys() >= {"topic", "checklist", "service", "code", "denial"}
    things = index(current()).things
    assert not [thing.address for thing in things if not resolves(thing.address, pages)]


def test_the_address_of_an_answer_leads_to_that_code_and_service(pages: Pages) -> None:
    """Not merely to a place that exists: the code heads the page, the service is in the line."""
    for code, service in product(cdtref.all_codes(), cdtref.services()):
        if code.subject:
            path, _, anchor = cdtref.can_bill(
                code.code, service.id, on=cdtref.editions()[-1].until
            ).address.partition("#")
            (heading,) = pages[path].xpath("//h1")
            assert code.code in heading.text_content()
            (line,) = pages[path].xpath("//*[@id=$id]", id=anchor)
            assert service.short in line.text_content()
