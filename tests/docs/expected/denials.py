"""The pages of denials: by reason, by code, and the list of them."""

import re
from collections.abc import Iterable

import cdtref
from cdtref import Denial, Remittance
from tests.docs.expected import quoted
from tests.docs.expected.pieces import Lines, cite, heading, inside, link, macro, named_sources, row
from tests.docs.page_lines import signs
from tests.docs.telling import FIRST_MOVE, REMEDY, SURE, WEAK, last, sentence


def branches(denial: Denial) -> list[tuple[str, str]]:
    """If the line was wrong, or right: what answers the denial. A mistake is mended first."""
    first, other = denial.remedy.value, denial.otherwise.value
    if first in ("corrected-claim", "withdraw") and other == "none":
        return [("wrong", first)]
    if other == "none":
        return [("", first)]
    return [("wrong", other), ("right", first)]


def branch_marks(line: str, remedy: str) -> list[str]:
    return [*[f"branch-{line}"] * bool(line), f"remedy-{remedy}"]


def remedies(denial: Denial) -> Lines:
    for line, remedy in branches(denial):
        told = [f"{signs('branch-if')} If the line was {line}"] if line else []
        told.append(f"{signs('branch-do')} {REMEDY[remedy]}")
        yield from inside(signs(*branch_marks(line, remedy)), told)


def remittances_of(denial: Denial) -> list[Remittance]:
    known = {code.id: code for code in cdtref.remittances()}
    return [known[id] for id in (*denial.carcs, *denial.rarcs, *denial.groups)]


def main_codes(denial: Denial) -> list[str]:
    """Two reasons at most; one and a remark where the reason says little alone."""
    codes = remittances_of(denial)
    carcs = [code for code in codes if code.kind == "carc"]
    rarcs = [code.code for code in codes if code.kind == "rarc"]
    if rarcs and len(reasons_for(carcs[0])) > 1:
        return [carcs[0].code, rarcs[0]]
    return [code.code for code in carcs[:2]]


def reasons_for(code: Remittance) -> list[Denial]:
    return [one for one in cdtref.denials() if code.id in (*one.carcs, *one.rarcs)]


def reason_link(denial: Denial) -> str:
    return link(denial.reason, f"denials/{denial.id}/")


def remittance_link(code: Remittance) -> str:
    return link(code.code, f"denials/{code.code}/")


@macro
def denial_page(where: str, id: str) -> Lines:
    denial = cdtref.denial(id)
    codes = ", ".join(main_codes(denial))
    yield heading(1, f"{denial.reason} {codes}", where, f"denial-{id}")
    yield denial.meaning
    yield from inside(
        signs(id="in-short", denial=id, until=last()),
        [
            denial.asks,
            f"{FIRST_MOVE[denial.first]}. {denial.first_move}",
            *remedies(denial),
        ],
    )
    how = link("How to mark a corrected claim", "guide/denials/#correct-or-second-look")
    told_of = denial.correct if denial.remedy == "none" else f"{denial.correct} {how}"
    yield from part("correct", "Correct the claim?", [told_of])
    yield from part("not-argue", "Do not argue", [denial.not_argue])
    if denial.attach:
        yield from part("attach", "Attach", [f"- {entry}" for entry in denial.attach])
    charged = link("May the patient be charged?", "guide/who-may-be-charged/")
    yield from part("the-patient", "The patient", [f"{denial.patient} {charged}"])
    if denial.items:
        items = map(cdtref.item, denial.items)
        chart = " · ".join(link(item.label, item.address) for item in items)
        yield from part("the-letter", "In the chart", [chart])
    sent = []
    for code in remittances_of(denial):
        at = signs(id=f"{code.kind}-{code.id}")
        group = f"group {link(code.code, f'denials/#group-{code.id}')}"
        sent.append(f"{at} {group if code.kind == 'group' else remittance_link(code)}")
    link_sure = f"Sent for this reason: {SURE[denial.link]}."
    yield from part("codes", "Codes a payer may send for it", [" ".join(sent), link_sure])
    names = ", ".join(named_sources(denial.sources))
    told_of = f"{names}. In all: {SURE[denial.confidence]}."
    yield from part("who-says-so", "Who says so", [told_of])
    piece = quoted.of_denial(denial, main_codes(denial), branches(denial))
    yield from cite(where, denial.reason, FIRST_MOVE[denial.first], piece)


def part(id: str, title: str, lines: Iterable[str]) -> Lines:
    yield from inside(signs(id=id), [f"## {title}", *lines])


@macro
def remittance_page(where: str, code: str) -> Lines:
    known = cdtref.remittance(code)
    head, rest = gloss_of(known)
    yield heading(1, f"{known.code}: {head}", where, f"{known.kind}-{known.id}")
    if rest:
        yield rest
    spelled = printed(known)
    told = [f"{known.kind.upper()} {known.code}"]
    told += [f"printed as {' or '.join(spelled)}"] * bool(spelled)
    yield "".join([*told, f"its meaning: {SURE[known.confidence]}"])
    found = reasons_for(known)
    if len(found) == 1:
        (denial,) = found
        weak = ["soft"] * (denial.link in WEAK)
        yield from inside(
            signs(*weak, id="what-to-do", remittance=known.code, denial=denial.id),
            [
                f"Payers may send it for {reason_link(denial)} ({SURE[denial.link]}).",
                f"{denial.asks} {FIRST_MOVE[denial.first]}.",
                *remedies(denial),
            ],
        )
    else:
        yield "## <id=what-to-do> What did the payer mean?"
        chosen = [line for denial in found for line in choice(denial)]
        yield from inside(signs(remittance=known.code), chosen)
    if known.kind == "carc":
        before = {spelling.partition("-")[0] for spelling in spelled}
        groups = [group for group in cdtref.remittances() if group.code in before]
        bears = [f"{group.code}: {group.gloss.partition('. ')[0]}." for group in groups]
        more = link("Who bears it, and what to check before you charge", "denials/#group-codes")
        yield " ".join([*bears, more])
    answered = branches(found[0]) if len(found) == 1 else []
    piece = quoted.of_remittance(known, head, found, answered)
    yield from cite(where, f"{known.kind.upper()} {known.code}", head, piece)


def choice(denial: Denial) -> Lines:
    """One of several reasons for a code, in few lines."""
    line = [
        f"{signs(*branch_marks(line, remedy))} {f'If the line was {line}: ' if line else ''}"
        f"{REMEDY[remedy]}."
        for line, remedy in branches(denial)
    ]
    yield from inside(
        signs(denial=denial.id),
        [
            f"{reason_link(denial)} ({SURE[denial.link]})",
            f"{denial.asks} {FIRST_MOVE[denial.first]}.",
            f"{signs('branch-line')} {' '.join(line)}",
        ],
    )


def gloss_of(code: Remittance) -> tuple[str, str]:
    """The words that head the page of a code, and what is left to say."""
    found = re.match(r"(.*?)([.;])(?: (.*))?$", code.gloss, re.DOTALL)
    assert found, code
    head, mark, rest = found.groups(default="")
    return head, sentence(rest) if mark == ";" else rest


def printed(code: Remittance) -> list[str]:
    """A reason as an explanation prints it, behind its group."""
    if code.kind != "carc":
        return []
    groups = ["OA"] if "group OA" in code.gloss else ["CO", "PR"]
    return [f"{group}-{code.code}" for group in groups]


def in_order(codes: Iterable[Remittance]) -> list[Remittance]:
    """Reasons first, then remarks, each by letter and number."""

    def place(code: Remittance) -> tuple[bool, str, int]:
        letter = code.code.rstrip("0123456789")
        return code.kind != "carc", letter, int(code.code.removeprefix(letter))

    return sorted((code for code in codes if code.kind != "group"), key=place)


@macro
def denials_page(where: str) -> Lines:
    codes = in_order(cdtref.remittances())
    yield heading(1, "Denied?", where, "denials")
    to_reason = link("the reason", f"{where}#by-reason")
    yield f"Find the code on the payer’s explanation, or {to_reason}."
    yield from inside(
        signs("hidden"),
        [
            f"Code or words {signs(id='filter', placeholder='CO-97')}",
            signs(
                id="filter-count",
                some=f"of {len(codes)} codes",
                none=f"None of the {len(codes)} codes here. Look for the reason below.",
            ),
        ],
    )
    rows = [row("Code", "It may mean")]
    for code in codes:
        found = reasons_for(code)
        data = {"remittance": code.code, "words": " ".join(one.id for one in found)}
        meant = "; ".join(map(reason_link, found))
        rows.append(row(remittance_link(code), meant, told=signs(**data)))
    yield from inside(signs(id="by-code"), rows)
    yield heading(2, "By reason", where, "by-reason")
    yield from denials_table(where)
    yield heading(2, "Group codes: who bears the amount", where, "group-codes")
    for code in cdtref.remittances():
        if code.kind == "group":
            at = signs(id=f"group-{code.id}")
            yield row(code.code, f"{code.gloss} {SURE[code.confidence]}", told=at)
    yield (
        "X12 owns the lists of codes and their wording; ours is our own. Which code a dental payer "
        "sends for which reason, no source shows."
    )


@macro
def denials_table(where: str) -> Lines:
    yield row("Reason", "First move")
    for one in cdtref.denials():
        yield row(reason_link(one), f"{one.asks} {FIRST_MOVE[one.first]}.")
