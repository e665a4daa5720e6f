"""Where the site shows each fact: the address that people link to, below the root of the site."""

from collections.abc import Callable

from ..paperwork import RemittanceKind
from .checks import GUIDES, Entry, Tables


def address_of(kind: str, id: str, tables: Tables) -> str:
    """The address of a fact, such as `codes/D0470/` or `glossary/#crown`."""
    return _ADDRESSES[kind](id, tables[kind][id], tables)


def _code(id: str, code: Entry, _tables: Tables) -> str:
    return f"codes/{id}/" if code["subject"] else f"codes/neighbors/#code-{id.lower()}"


def _on_code_page(id: str, about: str, tables: Tables) -> str:
    code = tables["question"][about]["code"]
    page = code if tables["code"][code]["subject"] else "neighbors"
    return f"codes/{page}/#{id}"


def _remittance(id: str, remittance: Entry, _tables: Tables) -> str:
    """A page of its own; group codes have a list."""
    if remittance["kind"] == RemittanceKind.GROUP:
        return f"denials/#group-{id}"
    return f"denials/{remittance['code']}/"


def _ingredient(id: str, _entry: Entry, _tables: Tables) -> str:
    """On the page of what it is an ingredient of, by the first words of its id."""
    pages = {
        "predetermination": "predetermination",
        "estimate": "predetermination",
        "corrected-claim": "denials",
    }
    page = next((page for begins, page in pages.items() if id.startswith(begins)), "appeals")
    return f"guide/{page}/#{id}"


_ADDRESSES: dict[str, Callable[[str, Entry, Tables], str]] = {
    "edition": lambda _, edition, __: f"guide/dates-of-service/#cdt-{edition['since'].year}",
    "code": _code,
    "service": lambda id, _, __: f"services/{id}/",
    "rule": lambda id, rule, _: f"services/{rule['service']}/#{id}",
    "caution": lambda id, _, __: f"guide/checking-a-claim/#{id}",
    "source": lambda id, _, __: f"sources/#{id}",
    "question": lambda id, _, tables: _on_code_page(id, id, tables),
    "position": lambda id, position, tables: _on_code_page(id, position["about"], tables),
    "event": lambda id, event, tables: _on_code_page(id, event["about"], tables),
    "statement": lambda id, statement, _: f"{GUIDES[statement['source']]}#{id}",
    "scenario": lambda id, scenario, _: f"scenarios/{scenario['theme']}/#{id}",
    "term": lambda id, _, __: f"glossary/#{id}",
    "item": lambda id, item, _: f"checklists/{(item['codes'] or ['D0470'])[0]}/#{id}",
    "retention": lambda id, _, __: f"guide/record/#keep-{id}",
    "situation": lambda id, _, __: f"guide/record/#{id}",
    "remittance": _remittance,
    "denial": lambda id, _, __: f"denials/{id}/",
    "ingredient": _ingredient,
    "coverage": lambda id, _, __: f"guide/coverage/#{id}",
    "outside": lambda id, _, __: f"outside/#{id}",
    "topic": lambda _, topic, __: f"{topic['page']}/" + (f"#{a}" if (a := topic["anchor"]) else ""),
    "charge": lambda id, _, __: f"guide/who-may-be-charged/#{id}",
}
