"""What the record must hold: sheets, notes, and how long they are kept."""

from functools import cache

import cdtref
from cdtref import Code
from tests.docs.expected.pieces import (
    Lines,
    code_link,
    evidence,
    heading,
    inside,
    link,
    macro,
    perma,
    row,
)
from tests.docs.page_lines import signs
from tests.docs.telling import CASTS, in_force, last


def with_a_checklist() -> list[Code]:
    """Those of the topic in force, then neighbors that an item names."""
    return _with_a_checklist(cdtref.library.current())


@cache
def _with_a_checklist(_library: object) -> list[Code]:
    items = [item for code in cdtref.all_codes() for item in cdtref.documentation(code.code)]
    named = {code for item in items for code in item.codes}
    known = [code for code in cdtref.all_codes() if in_force(code, last())]
    topic = [code for code in known if code.subject]
    return topic + [code for code in known if not code.subject and code.code in named]


@macro
def checklist_page(where: str, id: str) -> Lines:
    code = cdtref.code(id)
    needed = cdtref.documentation(id)
    yield heading(1, f"Checklist: {id} {code.title}", where, f"checklist-{id.lower()}")
    yield f"{code.use} Print this sheet"
    yield "Date of service Initials Chart number"
    yield from (box(item) for item in needed if item.required)
    yield (
        "<id=written> Write it at the visit. At least one payer’s reviewers look only at what was "
        "written then."
    )
    yield "If it applies"
    yield from (box(item) for item in needed if not item.required and item.id != "written")
    yield "Leave the patient’s name off copies that leave the office."


def box(item: cdtref.Item) -> str:
    return f"- {signs(id=item.id)} {item.label}. {item.asks}"


@macro
def checklists_page(where: str) -> Lines:
    yield heading(1, "Checklists", where, "checklists")
    yield "What the record must hold: one sheet a code, to print and fill in."
    yield row("Code", "What the record is of")
    for code in with_a_checklist():
        yield row(link(code.code, f"checklists/{code.code}/"), code.title)


@macro
def record_table(where: str, code: str) -> Lines:
    yield row("Item", "What to write")
    for item in cdtref.documentation(code):
        note = "" if item.required else " if it applies"
        note = " also on the claim" if item.claim else note
        yield row(f"{item.label}{note}", f"{item.asks} {evidence(item)}")


@macro
def situations_list(where: str) -> Lines:
    first, *others = cdtref.situations()
    title = f"{first.title}: {code_link(first.code)} {perma(where, first.id)}"
    yield from inside(
        signs(id=first.id), [title, *note(first, "The claim remark made from this note:")]
    )
    yield "Other notes, and the claim remark made from each"
    for one in others:
        title = f"▸ {one.title}: {one.code}"
        yield from inside(signs(id=one.id), [title, *note(one, "On the claim:")])


def note(situation: cdtref.Situation, before: str) -> Lines:
    for entry in situation.note:
        yield f": {cdtref.item(entry.item).label}"
        yield entry.text
    yield before
    written = {entry.item: entry.text for entry in situation.note}
    for segment in cdtref.narrative(situation.code, written).segments:
        yield f"- `{' '.join(segment.split())}`"


@macro
def retention_table(where: str) -> Lines:
    yield row("Where", "What the source says")
    for rule in cdtref.retention():
        says = f"{CASTS[rule.casts]}{rule.says} {evidence(rule)}"
        yield row(rule.where, says, told=signs(id=f"keep-{rule.id}"))
