"""Which page each thing of the knowledge needs, and what to do where one is missing."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import cdtref

from . import views


def needed() -> Iterator[tuple[str, str]]:
    """The pages that hold no hand-written word: their path, and the macro that makes them."""
    for service in cdtref.services():
        yield f"services/{service.id}.md", f'service_page("{service.id}")'
    for code in cdtref.all_codes():
        if code.subject:
            yield f"codes/{code.code}.md", f'code_page("{code.code}")'
    for code in views.checklists():
        yield f"checklists/{code.code}.md", f'checklist_page("{code.code}")'
    for denial in cdtref.denials():
        yield f"denials/{denial.id}.md", f'denial_page("{denial.id}")'
    for theme in {scenario.theme: None for scenario in cdtref.scenarios()}:
        yield f"scenarios/{theme}.md", f'scenarios_page("{theme}")'


def problems(docs: Path, nav: Iterable[str]) -> list[str]:
    """What is missing or in the way, each with what to do about it."""
    return [*_page_problems(docs, set(nav)), *_stray(docs), *_without_scenario()]


def _page_problems(docs: Path, nav: set[str]) -> Iterator[str]:
    for path, macro in needed():
        page = docs / path
        if not page.is_file():
            yield (
                f"docs/{path} is missing: copy docs/{_neighbor(docs, path)}, and call "
                f"{{{{ {macro} }}}} in it"
            )
        elif macro not in page.read_text(encoding="utf-8"):
            yield f"docs/{path} does not call {{{{ {macro} }}}}"
        if path not in nav:
            yield f"mkdocs.yml: nav lacks the line `- {path}`, beside the others of its kind"


def _neighbor(docs: Path, path: str) -> str:
    """A page of the same kind, to copy."""
    folder = docs / path.split("/", maxsplit=1)[0]
    others = sorted(other.name for other in folder.glob("*.md") if other.name != "index.md")
    return f"{folder.name}/{others[0]}" if others else "services/stone-cast.md"


def _stray(docs: Path) -> Iterator[str]:
    for page in sorted(docs.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        path = page.relative_to(docs).as_posix()
        prose = re.sub(r"(?ms)^( *)(`{3,}).*?^\1\2$", "", text)
        if re.search(r"\{\{.*?\}\}", prose) and not re.search(
            r"\A---\n(?:.*\n)*?render_macros: true\n(?:.*\n)*?---\n", text
        ):
            yield f"docs/{path} calls a macro without `render_macros: true` in its first lines"


def _without_scenario() -> Iterator[str]:
    done = {service for scenario in cdtref.scenarios() for service in scenario.did}
    done |= {s for scenario in cdtref.scenarios() for visit in scenario.then for s in visit.did}
    for service in cdtref.services():
        if service.id not in done:
            yield (
                f"service {service.id!r} is in no scenario: add a worked example with it to a file "
                "of src/cdtref/knowledge/scenarios/"
            )
