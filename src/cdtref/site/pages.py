"""The pages that hold no hand-written word: which there are, what is wrong, and writing them.

    python -m cdtref.site.pages

writes each one that is missing, and their lines in the nav of mkdocs.yml, between comments. It
removes no page, because an address is a promise; it names those that nothing needs.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import cdtref

from . import reasons, views
from .sentences import ROOT

COMMAND = "python -m cdtref.site.pages"

_BEGINS = re.compile(rf"(?m)^( *)# (\w+): written by {re.escape(COMMAND)}\n")


def needed() -> Iterator[tuple[str, str]]:
    """Each such page: its path, and the macro that makes it."""
    for service in cdtref.services():
        yield f"services/{service.id}.md", f'service_page("{service.id}")'
    for code in cdtref.all_codes():
        if code.subject:
            yield f"codes/{code.code}.md", f'code_page("{code.code}")'
    for code in (*views.checklists(), *_once_published()):
        yield f"checklists/{code.code}.md", f'checklist_page("{code.code}")'
    for denial in cdtref.denials():
        yield f"denials/{denial.id}.md", f'denial_page("{denial.id}")'
    for remittance in reasons.coded():
        yield f"denials/{remittance.code}.md", f'remittance_page("{remittance.code}")'
    for theme in {scenario.theme: None for scenario in cdtref.scenarios()}:
        yield f"scenarios/{theme}.md", f'scenarios_page("{theme}")'


def _once_published() -> Iterator[cdtref.Code]:
    """Codes that ended and whose checklist has an address: it was promised."""
    for code in cdtref.all_codes():
        ended = code not in views.checklists()
        if ended and (ROOT / f"docs/checklists/{code.code}.md").is_file():
            yield code


def redirects() -> Iterator[tuple[str, str]]:
    """Addresses that only lead on, and where to: short ones, that a person can say.

    `D0470/` leads to a code, `97/`, `CO-97/` and `N478/` to what an explanation prints. A host of
    files tells capitals apart, so each stands as it is printed and in small letters; whatever else
    is typed, `404.html` looks up.
    """
    found: dict[str, str] = {}
    for code in cdtref.all_codes():
        found[f"{code.code}/"] = code.address
    for remittance in reasons.coded():
        to = f"denials/{remittance.code}/"
        found[f"{remittance.code}/"] = to
        if remittance.kind is cdtref.RemittanceKind.CARC:
            for group in reasons.groups():
                printed = f"{group}-{remittance.code}/"
                found[printed] = found[f"denials/{printed}"] = to
    short = {at.lower(): to for at, to in found.items() if at.count("/") == 1}
    yield from (found | short).items()


def problems(docs: Path, nav: Iterable[str]) -> list[str]:
    """What is missing or in the way, each with what to do about it."""
    return [*_page_problems(docs, set(nav)), *stray(docs), *_inert(docs), *_without_scenario()]


def _page_problems(docs: Path, nav: set[str]) -> Iterator[str]:
    for path, macro in needed():
        page = docs / path
        if not page.is_file():
            yield f"docs/{path} is missing: run {COMMAND}"
        elif macro not in page.read_text(encoding="utf-8"):
            yield f"docs/{path} does not call {{{{ {macro} }}}}"
        if path not in nav and "remittance_page" not in macro:  # these are in no menu
            yield f"mkdocs.yml: nav lacks the line `- {path}`: run {COMMAND}"


def stray(docs: Path) -> list[str]:
    """Pages made by one macro alone, for something that the knowledge no longer has."""
    pages = dict(needed())
    macros = {macro.partition("(")[0] for macro in pages.values()}
    found = []
    for page in sorted(docs.rglob("*.md")):
        path = page.relative_to(docs).as_posix()
        calls = re.findall(r"\{\{ (\w+)\(", page.read_text(encoding="utf-8"))
        if path not in pages and macros & set(calls):
            found.append(
                f"docs/{path} is needed by nothing in the knowledge: delete it, or tell in it "
                "where its subject went, for those who linked to it"
            )
    return found


def _inert(docs: Path) -> Iterator[str]:
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


# --- Writing them ---------------------------------------------------------------------------------


def write(docs: Path) -> list[str]:
    """Writes each page that is missing. What is there stays as it is."""
    written = []
    for path, macro in needed():
        page = docs / path
        if not page.is_file():
            page.parent.mkdir(parents=True, exist_ok=True)
            hide = "hide: [toc]\n" if path.startswith("checklists/") else ""
            text = f"---\nrender_macros: true\n{hide}---\n\n{{{{ {macro} }}}}\n"
            page.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def with_nav(settings: str) -> str:
    """The text of mkdocs.yml with the lines of these pages as they should be."""
    lines = dict(_nav())
    marked = {kind for _, kind in _BEGINS.findall(settings)}
    if marked != lines.keys():
        missing, unknown = lines.keys() - marked, marked - lines.keys()
        wrong = ", ".join(sorted(missing or unknown))
        raise ValueError(
            f"mkdocs.yml: nav {'lacks' if missing else 'knows no such'} block: {wrong}. A block is "
            f"a comment `# kind: written by {COMMAND}`, its lines, and `# end`"
        )

    def block(found: re.Match[str]) -> str:
        indent, kind = found[1], found[2]
        inside = "".join(f"{indent}{line}\n" for line in lines[kind])
        return f"{indent}# {kind}: written by {COMMAND}\n{inside}{indent}# end\n"

    # A block ends at its own indent, and never runs into another.
    whole = re.compile(rf"{_BEGINS.pattern}((?:(?!.*: written by).*\n)*?)\1# end\n")
    changed, done = whole.subn(block, settings)
    if done != len(lines):
        raise ValueError(
            "mkdocs.yml: a block of the nav has no `# end` at the indent it began with"
        )
    return changed


def _nav() -> Iterator[tuple[str, list[str]]]:
    """The lines of each kind. The pages of the codes on an explanation are in no menu."""
    shown = [path for path, macro in needed() if "remittance_page" not in macro]
    for kind, paths in groupby(shown, key=lambda path: path.partition("/")[0]):
        yield kind, [f"- {path}" for path in paths]


def main(root: Path) -> int:
    """Writes what is missing below the root of the project, and tells what it cannot mend."""
    docs, settings = root / "docs", root / "mkdocs.yml"
    for path in write(docs):
        print(f"docs/{path} written")
    was = settings.read_text(encoding="utf-8")
    try:
        now = with_nav(was)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if now != was:
        settings.write_text(now, encoding="utf-8", newline="\n")
        print("mkdocs.yml: nav written")
    strays = stray(docs)
    print("\n".join(strays), end="\n" if strays else "", file=sys.stderr)
    return 1 if strays else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
