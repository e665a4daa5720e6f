"""The pages of the codes."""

import datetime as dt
from collections.abc import Iterator

import cdtref
from cdtref import Answer, Code, Question, Service
from tests.docs.expected import quoted
from tests.docs.expected.pieces import (
    Bare,
    Lines,
    answer_row,
    cite,
    code_link,
    code_links,
    copy,
    heading,
    holds,
    inside,
    link,
    macro,
    marks,
    not_for,
    positions,
    row,
    slot,
    source_link,
    source_links,
    switch,
)
from tests.docs.page_lines import signs
from tests.docs.telling import (
    SCENARIO_THEME,
    changed,
    exception,
    first,
    form,
    holds_since,
    in_force,
    last,
    long,
    of_code,
    of_pair,
    out_of_force,
    stretches,
    voices,
    years,
)


@macro
def code_page(where: str, id: str) -> Lines:
    code, own = cdtref.code(id), of_code(id)
    since = holds_since(lambda on: [of_code(id, on)])
    ended = bool(out_of_force(code, last()))
    yield heading(1, f"{id} {code.title}", where, f"code-{id.lower()}")
    yield from switch()
    yield from inside(
        signs(*marks(own), id="in-short", until=last(), card_code=id),
        [
            f"## {slot('headline', own.headline)}",
            slot("why", own.why),
            f"For that use: {slot('standing', own.standing)}",
            *inside(signs(today=""), in_effect(where, code, ended=ended)),
            holds(since),
            *(["## <id=what-to-record> Write this in the record"] if not ended else ()),
            *([f"{signs(id='write')} {form(id)}", copy("write")] if not ended else ()),
            *cite(
                where,
                f"{id} {code.title}",
                own.headline,
                quoted.of_code(code, own, since, disputed(where, code)),
                since,
            ),
        ],
    )
    yield heading(2, "What did you do?", where, "what-did-you-do")
    near, far = near_and_far(code)
    if near:
        yield row("What was done", "Answer", "How sure of it", "Instead")
        yield from (answer_row(where, code, service) for service in near)
    other = "other " if near else ""
    yield from inside(
        signs(id="anything-else"),
        [
            f"▸ {len(far)} {other}things one may have done",
            row("What was done", "Answer", "Instead"),
            *(answer_row(where, code, service, sure=False) for service in far),
        ],
    )
    if code.look_alikes:
        yield f"Easily confused with {code_links(code.look_alikes)}."
    yield from dates_of_a_code(code)
    if not ended:
        yield "## <id=if-it-is-denied> If it is denied"
        likely = ("bundled", "wrong-code", "no-purpose", "attachment", "not-covered", "frequency")
        for denial in map(cdtref.denial, likely):
            yield f"- {link(denial.reason, denial.address)}"
    yield "## <id=who-says-so> Who says so"
    unread = {id: cdtref.source(id).read == "unseen" for id in code.sources}
    named = (source_link(id) + " (not read first-hand)" * no for id, no in unread.items())
    yield f"{', '.join(named)}."
    for question in cdtref.questions():
        if question.code == id:
            yield from inside(signs(id=question.id), contested(where, question))
    if code.open:
        yield "## <id=open-points> Open points"
        yield "The sources do not settle these. Ask the payer."
        for number, point in enumerate(code.open, 1):
            yield f"- {signs(id=f'open-{number}')} {point}"


def in_effect(where: str, code: Code, *, ended: bool) -> Lines:
    """What holds on the last day that is answered; another date of service hides it."""
    if code.sure:
        yield code.sure
    if ended:
        yield f"Until then: {code.use}"
    else:
        yield from not_for(code)
    for number, (asks, to, answer) in enumerate(disputes(where, code)):
        told = of_pair(code.code, answer.service)
        if number:
            yield f"Also disputed: {link(asks, to)} {told.headline}."
            continue
        backing = voices(answer.backing, short=True) or "Nobody we read settles it."
        yield f"## Disputed: {link(asks, to)}"
        ours = signs("backs", *marks(told))
        yield from inside(ours, [f"### Our answer: {told.headline}", backing])
        yield from inside(signs("disputes"), ["### Who disputes it", told.dissent])


def disputed(where: str, code: Code) -> str:
    """The first dispute, in a few words."""
    for asks, _, answer in disputes(where, code):
        return f"{asks} {of_pair(code.code, answer.service).headline}. {voices(answer.dissent)}"
    return ""


def disputes(where: str, code: Code) -> Iterator[tuple[str, str, Answer]]:
    """First whether the code is the answer, then the questions on it."""

    def asked(service: str) -> Answer:
        return cdtref.can_bill(code.code, service, on=last())

    questions = [one for one in cdtref.questions() if one.code == code.code]
    known = {one.services[0] for one in questions}
    for service in cdtref.services():
        answer = asked(service.id)
        if answer.disputed and answer.verdict == "yes" and service.id not in known:
            asks = f"Is it {code.code} for {service.phrase}?"
            yield asks, f"{service.address}#answer", answer
    for question in questions:
        answer = asked(question.services[0])
        if answer.disputed:
            yield question.asks, f"{where}#{question.id}", answer


def near_and_far(code: Code) -> tuple[list[Service], list[Service]]:
    """What one might take the code for, the best first; and everything else."""
    asked = {id for one in cdtref.questions() if one.code == code.code for id in one.services}
    named = asked | {one.service for one in code.not_for}
    near: list[tuple[bool, bool, Service]] = []
    far = []
    for service in cdtref.services():
        answer = cdtref.can_bill(code.code, service.id, on=last())
        open_to_it = answer.verdict in ("yes", "unsettled")
        ruled = exception(cdtref.rule(answer.rule), code.code)
        if out_of_force(code, last()):
            then = cdtref.can_bill(code.code, service.id, on=code.until or last())
            open_to_it, ruled = then.verdict in ("yes", "unsettled"), None
        if service.id in named or open_to_it or ruled:
            near.append((answer.verdict != "yes", service.id not in named, service))
        else:
            far.append(service)
    return [one for *_, one in sorted(near, key=lambda each: each[:2])], far


def dates_of_a_code(code: Code) -> Lines:
    yield "## <id=by-date-of-service> By date of service"
    yield code.history
    if len(code.titles) > 1:
        yield row("Dates of service", "Short title")

        def title(on: dt.date) -> str:
            if not in_force(code, on):
                return ""
            known = (title.text for title in code.titles if in_force(title, on))
            return next(known, "not established: see the open points")

        for since, until, text in stretches(title):
            yield row(years(since, until), text)
    found = changed(code)
    if found:
        yield row("What was done", "Dates of service", "Answer")
    for service, told in found:
        for number, one in enumerate(told):
            data = {"for": service.id, "since": one.since, "until": one.until}
            name = service.short if number == 0 else ""
            yield row(name, f"{long(one.since)} to {long(one.until)}", one.told, told=signs(**data))
    since, until = max(code.since or first(), first()), min(code.until or last(), last())
    told_of = [
        f"For everything else the answer is the same on every date of service from {long(since)} "
        f"to {long(until)}."
    ]
    told_of += [f"Before that, do not report {code.code}."] * (since > first())
    told_of += [f"After that, do not report {code.code}."] * (until < last())
    yield " ".join(told_of)


def contested(where: str, question: Question) -> Lines:
    yield f"## {question.asks}"
    yield f"Our answer. {question.answer}"
    yield f"Why. {question.why}"
    yield f"What would change our mind. {question.change}"
    yield from positions(where, question)
    events = cdtref.timeline(about=question.id)
    if events:
        yield "### How it came about"
    for event in events:
        told = f"{event.what} {source_links(event.sources)}"
        yield row(event.when, told, told=signs(id=event.id))


@macro
def neighbors_page(where: str) -> Lines:
    yield heading(1, "Neighboring codes", where, "neighboring-codes")
    yield (
        "Codes that stand beside this topic: records taken with a cast or a scan, and services one "
        "may mistake for one. For anything else about them, look in the code book."
    )
    for code in cdtref.all_codes():
        if not code.subject:
            yield from neighbor(where, code)


def neighbor(where: str, code: Code) -> Lines:
    own, questions = of_code(code.code), [q for q in cdtref.questions() if q.code == code.code]
    since = holds_since(lambda on: [of_code(code.code, on)])
    holds = f"Holds for dates of service from {long(since)} to {long(last())}."
    yield heading(2, f"{code.code} {code.title}", where, f"code-{code.code.lower()}")
    yield from inside(
        signs(*marks(own), until=last()),
        [
            f"### {own.headline}",
            own.why,
            *not_for(code, every=True),
            *(f"Disputed: {link(q.asks, f'{where}#{q.id}')} {q.answer}" for q in questions),
            f"{holds} {code.history}",
        ],
    )
    open_points = f" Open: {' '.join(code.open)}" if code.open else ""
    yield f"{source_links(code.sources)}.{open_points}"
    for question in questions:
        yield from inside(
            signs(id=question.id),
            [f"### {question.asks}", question.why, *positions(where, question)],
        )


@macro
def codes_page(where: str) -> Lines:
    yield heading(1, "Codes of this topic", where, "codes")
    yield Bare(
        "One page a code, with the answer for everything one might bill it for. Or start from "
        "[what was done](services/)."
    )
    yield row("Code", "Short title", "Dates of service")
    for code in cdtref.all_codes():
        if code.subject:
            tag = f" {signs('disputed')} disputed" if list(disputes(where, code)) else ""
            dates = f"since before {first().year}"
            if code.since:
                dates = f"from {code.since.year}"
            if code.since and code.until:
                dates = f"{code.since.year} to {code.until.year}, deleted"
            yield row(code_link(code.code), f"{code.title}{tag}", dates)
    yield heading(2, "Neighbors", where, "neighbors")
    yield row("Code", "Short title")
    for code in cdtref.all_codes():
        if not code.subject:
            yield row(code_link(code.code), code.title)
    yield heading(2, "More on choosing", where, "more-on-choosing")
    themes = ", ".join(link(text, f"scenarios/{id}/") for id, text in SCENARIO_THEME.items())
    for words, to, more in (
        ("Which code? By method and purpose", "guide/choosing-the-code/", ""),
        ("What a diagnostic cast is", "guide/what-a-diagnostic-cast-is/", ""),
        ("Digital models", "guide/digital-models/", ""),
        ("When it is part of something else", "guide/part-of-something-else/", ""),
        ("Dates of service and editions", "guide/dates-of-service/", ""),
        ("Units, arches and dates", "guide/units-arches-and-dates/", ""),
        ("Common questions", "guide/questions/", ""),
        ("Check a claim", "guide/checking-a-claim/", ""),
        ("Worked examples", "scenarios/", f": {themes}"),
    ):
        yield f"- {link(words, to)}{more}"
