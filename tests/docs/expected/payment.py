"""Who pays, who may be charged, and what an appeal needs."""

import cdtref
from tests.docs.expected.pieces import Lines, code_link, evidence, inside, link, macro, perma
from tests.docs.page_lines import signs
from tests.docs.telling import MAY_CHARGE, PATTERN, PAYER, dated


@macro
def coverage_table(where: str) -> Lines:
    for entry in cdtref.coverage():
        if not entry.payer:
            codes = " ".join(map(code_link, entry.codes))
            told = [about(entry), entry.says, codes, evidence(entry)]
            lines = [
                f"{link(entry.label, f'{where}#{entry.id}')} {signs(f'v-pays-{entry.pays}')} "
                f"{PATTERN[entry.pays]}",
                " ".join(filter(None, told)),
                *[f"{signs('ask')} “{entry.ask}”"] * bool(entry.ask),
            ]
            yield from inside(signs(id=entry.id), lines)


@macro
def payers_table(where: str) -> Lines:
    for entry in cdtref.coverage():
        if entry.payer:
            # A payer's own text is linked by its scope.
            own = cdtref.source(entry.sources[0]).publisher == entry.payer
            scope = about(entry)
            if own and scope:
                scope = link(scope, f"sources/#{entry.sources[0]}")
            badge = f"{signs(f'v-pays-{entry.pays}')} {PAYER[entry.pays]}"
            lines = [
                f"▸ {entry.payer}: {entry.label} {badge}",
                " ".join(filter(None, [scope, entry.says, evidence(entry, skip=int(own))])),
            ]
            yield from inside(signs(id=entry.id), lines)


def about(entry: cdtref.Coverage) -> str:
    told = ", ".join(filter(None, [entry.scope, dated(entry.date)]))
    return f"{told}." if told else ""


@macro
def charges_table(where: str) -> Lines:
    for one in cdtref.charges():
        badge = f"{signs(f'v-charge-{one.may_charge}')} {MAY_CHARGE[one.may_charge]}"
        lines = [
            f"{link(one.situation, f'{where}#{one.id}')} {badge}",
            f"{one.answer} {one.why} {evidence(one)}",
            *[f"{signs('ask')} “{one.ask}”"] * bool(one.ask),
        ]
        yield from inside(signs(id=one.id), lines)


@macro
def ingredients_table(where: str, prefix: str) -> Lines:
    found = [one for one in cdtref.ingredients() if one.id.startswith(prefix)]
    alike = len({(one.sources, one.confidence) for one in found}) == 1
    for one in found:
        named = one.payer and not alike and cdtref.source(one.sources[0]).publisher == one.payer
        payer = f"{link(one.payer, f'sources/#{one.sources[0]}')}: " if named else ""
        told = "" if alike else f" {evidence(one, skip=int(bool(named)))}"
        yield f"- {signs(id=one.id)} {payer}{one.says}{told} {perma(where, one.id)}"
    if alike:
        yield evidence(found[0])


@macro
def letter_example(where: str, denial: str) -> Lines:
    situation = next(one for one in cdtref.situations() if one.code == "D0801")
    written = {entry.item: entry.text for entry in situation.note}
    yield cdtref.letter(denial, written).text
