"""The register of sources, the two founding guides, and who takes which side."""

import datetime as dt

import cdtref
from cdtref import Position
from tests.docs.expected.pieces import (
    Bare,
    Lines,
    heading,
    inside,
    link,
    macro,
    perma,
    row,
    source_link,
    source_links,
    voice,
)
from tests.docs.page_lines import signs
from tests.docs.telling import AUTHORITY, JUDGMENT, READ, dated, last, month, sentence, standing_of


@macro
def sources_page(where: str) -> Lines:
    looks = [source.seen for source in cdtref.sources()]
    usual = max(sorted(set(looks)), key=looks.count)
    yield heading(1, "Sources", where, "sources")
    yield f"{link('Where they disagree, question by question', 'guide/where-sources-disagree/')}."
    yield (
        "Everything on this site rests on these. Each says how much of it was read and what limits "
        f"it. Where no month is given, it was last looked at in {month(usual)}. The order is by "
        "authority on what a code describes: the code set first, look-up sites last. Within a "
        "rank, what one source relays of another comes after what was read."
    )
    for authority, words in AUTHORITY.items():
        group = [source for source in cdtref.sources() if source.authority == authority]
        yield f"## {signs(id=authority)} {words} ({len(group)})"
        for source in group:
            title = link(source.title, source.url) if source.url else source.title
            date = f"{sentence(dated(source.date))}." if source.date else "Shows no date."
            look = f", last looked at in {month(source.seen)}" if source.seen != usual else ""
            told = [f"{sentence(source.kind)}.", date, f"{READ[source.read]}{look}."]
            if source.relayed_by:
                told.append(f"Known through {source_link(source.relayed_by)}.")
            lines = [
                f"{source.publisher}, {title} {perma(where, source.id)}",
                " ".join([*told, *voice(source), source.note]),
            ]
            yield from inside(signs(id=source.id), lines)


@macro
def founding_guide(where: str, id: str) -> Lines:
    source, said = cdtref.source(id), cdtref.statements(source=id)
    yield heading(1, f"{source.publisher}, statement by statement", where, id)
    read = f"{READ[source.read]}, {month(source.seen)}"
    yield f"{dated(source.date)} {sentence(source.kind)} {read}"
    yield Bare(
        f"{link(source.title, source.url)}, one of the two guides this reference started from. "
        "What it says is told here in our own words, one by one, each with what we make of it. "
        f"{source.note}"
    )
    counts = []
    for judgment in sorted(JUDGMENT):
        count = sum(one.judgment == judgment for one in said)
        words = "we agree with" if judgment == "agrees" else JUDGMENT[judgment].lower()
        counts += [f"{count} {words}"] * bool(count)
    yield row(*counts)
    for one in said:
        verdict = f"{signs(f'v-j-{one.judgment}')} {JUDGMENT[one.judgment]}"
        lines = [
            f"{link(one.id.upper(), f'{where}#{one.id}')} {one.says}",
            f"{verdict} {one.why} {source_links(one.sources)}",
        ]
        yield from inside(signs(id=one.id), lines)


@macro
def dissent_table(where: str, id: str) -> Lines:
    """One cell: who says yes and who says no, by name."""
    question = cdtref.question(id)
    on = cdtref.code(question.code).until or last()
    parts = []
    for word, stances in (("Yes", {"yes"}), ("No", {"no", "included"})):
        side = [one for one in cdtref.positions(about=id) if one.stance in stances]
        side.sort(key=lambda one: one.until is not None)
        said, implied = (named_voices(side, on, implied=only) for only in (False, True))
        told = [said, f"implied by {implied}" if implied else ""]
        parts.append(f"{word}: {'; '.join(filter(None, told)) or 'nobody we read'}.")
    answer = cdtref.can_bill(question.code, question.services[0], on=on)
    yield " ".join([*parts, standing_of(answer)])


def named_voices(side: list[Position], on: dt.date, *, implied: bool) -> str:
    """The publishers of a side; a page that repeats another stands behind it in brackets."""
    originals = {one.source for one in side}
    names: dict[str, str] = {}
    for one in side:
        if one.implied is not implied or one.repeats in originals or one.publisher in names:
            continue
        name = one.publisher
        name += " (as others relay it)" if one.relayed_by else ""
        name += f" (to {one.until.year})" if one.until and one.until < on else ""
        echoes = [
            echo.publisher
            for echo in side
            if echo.repeats == one.source and echo.publisher != one.publisher
        ]
        name += f" (repeated by {', '.join(echoes)})" if echoes else ""
        names[one.publisher] = name
    return ", ".join(names.values())
