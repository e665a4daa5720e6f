"""Sentences that are executed: each form of words has a question to the library behind it.

A sentence that fits a form is put to the library wherever it stands: on a page, in a description,
in a text of the knowledge. There, “this service” is that of the entry, on the days of the entry.
"""

import datetime as dt
import re
import string
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

import cdtref
import cdtref.library
from cdtref import Outcome, Remedy, Stance, Status, Verdict
from cdtref.model import covers, long_date
from cdtref.record import SEGMENT
from cdtref.words import label

from . import alike, views
from .untrue import UnreadableError, UntrueError, require


class Said(NamedTuple):
    """What a sentence says, in terms of the library."""

    codes: tuple[str, ...] = ()
    service: str = ""
    called: str = ""
    """The service in the words of the sentence."""
    days: tuple[dt.date, ...] = ()
    dated: bool = False
    """It gives its years itself."""
    words: str = ""
    number: str = ""
    meaning: str = ""
    fact: object = None
    """The entry whose text it stands in."""


class Here(NamedTuple):
    """What a text of the knowledge speaks of unless it says otherwise."""

    service: str = ""
    days: tuple[dt.date, ...] = ()
    fact: object = None


class Form(NamedTuple):
    """A sentence as a biller writes it, and the check behind it."""

    pattern: str
    regex: re.Pattern[str]
    check: Callable[[Said], None]


FORMS: list[Form] = []

_SLOTS = {
    "C": r"(?P<codes>D\d{4}(?:(?:,| and| or|, or|, and) D\d{4})*)",
    "S": r"(?P<service>(?:(?!D\d{4}).)+?)",
    "X": r"(?P<words>.+?)",
    "PUBLISHER": r"(?P<words>.+?)",
    "DATE": r"(?P<words>[A-Z][a-z]+ \d{1,2}, \d{4})",
    "YEAR": r"(?P<words>\d{4})",
    "WHEN": r"(?: (?P<when>in|before|since) (?P<year>\d{4}))?",
    "FAULTS": r"(?P<words>[a-z ,]+?)",
    "ITEMS": r"(?P<words>[a-z ,]+?)",
    "SIGNS": r"(?P<words>(?:\S )*\S)",
    "REASON": r"“(?P<words>[^”]+)”",
    "MEANING": r"(?P<meaning>.+?)",
    "LEVEL": r"(?P<words>high|medium|low)",
    "NUMBER": r"(?P<number>[A-Z]{0,2}\d+)",
}


def form(*patterns: str) -> Callable[[Callable[[Said], None]], Callable[[Said], None]]:
    """Names the sentences that a check stands behind. Words in capitals are slots."""

    def named(check: Callable[[Said], None]) -> Callable[[Said], None]:
        for pattern in patterns:
            parts = re.split(r"\b([A-Z]+)\b", alike.words(pattern))
            regex = "".join(_SLOTS.get(part, re.escape(part)) for part in parts)
            FORMS.append(Form(pattern, re.compile(regex.replace(r"\ (?: ", "(?: ")), check))
        return check

    return named


@form(
    "Bill C for S WHEN.",
    "Add C for S WHEN.",
    "Use C for S WHEN.",
    "Use C to bill S WHEN.",
    "C is reported for S WHEN.",
    "S is reported as C WHEN.",
    "Bill S as C WHEN.",
    "Bill S under C WHEN.",
    "The code to bill for S is C WHEN.",
    "The code to bill is C for S WHEN.",
)
def _reported(said: Said) -> None:
    for answer in _answers(said):
        require(answer.verdict is Verdict.YES, f"{answer!r}: {answer.why}")


@form(
    "C is for S WHEN.",
    "C was for S WHEN.",
    "C names S WHEN.",
    "C named S WHEN.",
    "C covers S WHEN.",
    "C is the code for S WHEN.",
    "The code for S is C WHEN.",
)
def _named(said: Said) -> None:
    for answer in _answers_in_force(said):
        require(answer.verdict is Verdict.YES, f"{answer!r}: {answer.why}")


@form(
    "Do not bill C for S WHEN.",
    "Do not use C for S WHEN.",
    "Do not use C to bill S WHEN.",
    "Never bill C for S WHEN.",
    "C is not for S WHEN.",
    "C was not for S WHEN.",
    "C does not name S WHEN.",
    "C does not cover S WHEN.",
    "C did not cover S WHEN.",
    "C is not reported for S WHEN.",
    "S is not reported as C WHEN.",
    "Do not bill S as C WHEN.",
)
def _not_reported(said: Said) -> None:
    for answer in _answers(said):
        require(answer.verdict in (Verdict.NO, Verdict.INCLUDED), f"{answer!r}: {answer.why}")


@form("C for S is unsettled WHEN.")
def _unsettled_code(said: Said) -> None:
    for answer in _answers(said):
        require(answer.verdict is Verdict.UNSETTLED, f"{answer!r}: {answer.why}")


@form(
    "Whether C covers S is open WHEN.",
    "Whether C covered S is open WHEN.",
    "Whether S is covered by C is open WHEN.",
    "Whether S comes under C is open WHEN.",
)
def _open(said: Said) -> None:
    for answer in _answers_in_force(said):
        require(answer.verdict is Verdict.UNSETTLED, f"{answer!r}: {answer.why}")


@form(
    "No source says how to report S WHEN.",
    "No source says how S is reported WHEN.",
)
def _silent(said: Said) -> None:
    _expect(said, Outcome.UNSETTLED)
    for answer in _service_answers(said):
        status = cdtref.rule(answer.rule).status
        require(status is Status.SILENT, f"{answer.rule}: {status.value}")


@form("No code names S WHEN.", "No code named S WHEN.")
def _nameless(said: Said) -> None:
    for answer in _service_answers(said):
        open = answer.outcome in (Outcome.NO_CODE, Outcome.UNSETTLED)
        require(open, f"{answer.rule}, {answer!r}: {answer.why}")


@form("S is unsettled WHEN.")
def _unsettled(said: Said) -> None:
    _expect(said, Outcome.UNSETTLED)


@form(
    "S has no code of its own WHEN.",
    "S has no code WHEN.",
    "There is no code of its own for S WHEN.",
    "There is no code for S WHEN.",
    "No code of its own exists for S WHEN.",
    "No code exists for S WHEN.",
)
def _no_code(said: Said) -> None:
    _expect(said, Outcome.NO_CODE)


@form(
    "S is part of X.",
    "S was part of X.",
    "X includes S.",
)
def _included(said: Said) -> None:
    _expect(said, Outcome.INCLUDED)
    whole = re.compile(rf"\b{re.escape(_plain_words(said.words))}\b")
    for answer in _service_answers(said):
        found = whole.search(_plain_words(answer.part_of))
        require(found is not None, f"{said.service} is part of {answer.part_of}")
        # Of “the crown, denture or other device”, a scan for a denture is part of the denture.
        wholes = re.findall(r"(?:^|, |or )(?:the )?(?:other )?(\w+)", answer.part_of)
        own = [one for one in wholes if one in said.called.split()]
        require(
            not own or any(one in _plain_words(said.words) for one in own),
            f"it is part of {', '.join(own)}",
        )


@form(
    "Sources disagree on C for S WHEN.",
)
def _disputed(said: Said) -> None:
    for answer in _answers(said):
        require(answer.disputed, f"no position says otherwise: {answer!r}")


@form("No source disagrees on C for S WHEN.")
def _undisputed(said: Said) -> None:
    for answer in _answers(said):
        require(not answer.disputed, f"otherwise say {', '.join(map(repr, answer.dissent))}")


@form(
    "We infer the answer on S WHEN.",
    "The answer on S is inferred WHEN.",
    "The answer on S is our inference WHEN.",
)
def _inferred(said: Said) -> None:
    for answer in _service_answers(said):
        status = cdtref.rule(answer.rule).status
        require(status is Status.INFERRED, f"{answer.rule}: {status.value}")


@form("Our confidence on S is LEVEL WHEN.")
def _confidence(said: Said) -> None:
    for answer in _service_answers(said):
        confidence = answer.confidence.value
        require(confidence == said.words, f"{answer.rule}: {confidence} confidence")


@form(
    "C has existed since YEAR.",
    "C has been in force since YEAR.",
    "C has been in existence since YEAR.",
    "There has been a C since YEAR.",
)
def _has_existed(said: Said) -> None:
    for code in said.codes:
        until = cdtref.code(code).until
        require(until is None, f"{code} ended on {until}")
    _since_year(said)


@form("C began in YEAR.")
def _since_year(said: Said) -> None:
    for code in said.codes:
        since = cdtref.code(code).since
        require(since == dt.date(int(said.words), 1, 1), f"{code} began on {since}")


@form("C begins.")
def _begins_then(said: Said) -> None:
    edition = _own_edition(said)
    for code in said.codes:
        since = cdtref.code(code).since
        require(since == edition.since, f"{code} began on {since}")


@form("C has a new title.", "C has new titles.")
def _retitled_then(said: Said) -> None:
    edition = _own_edition(said)
    for code in said.codes:
        begun = [title.since for title in cdtref.code(code).titles]
        require(edition.since in begun, f"{code} has titles since {', '.join(map(str, begun))}")


@form("C is deleted.")
def _deleted_then(said: Said) -> None:
    before = _own_edition(said).since - dt.timedelta(days=1)
    for code in said.codes:
        until = cdtref.code(code).until
        require(until == before, f"{code} ended on {until}")


@form("This is the last edition with C.")
def _last_edition(said: Said) -> None:
    last = _own_edition(said).until
    for code in said.codes:
        until = cdtref.code(code).until
        require(until == last, f"{code} ended on {until}")


@form("C was in force WHEN.")
def _in_force(said: Said) -> None:
    for code in said.codes:
        out = [day for day in said.days if not covers(cdtref.code(code), day)]
        require(not out, f"{code} was not in force on {', '.join(map(str, out))}")


@form("C was not in force WHEN.")
def _not_in_force(said: Said) -> None:
    for code in said.codes:
        within = [day for day in said.days if covers(cdtref.code(code), day)]
        require(not within, f"{code} was in force on {', '.join(map(str, within))}")


@form("C began on DATE.", "The first day of C was DATE.")
def _began(said: Said) -> None:
    for code in said.codes:
        since = cdtref.code(code).since
        begun = long_date(since) if since else "before the first encoded edition"
        require(begun == said.words, f"{code} began {begun}")


@form("C ended on DATE.", "C was in force through DATE.", "The last day of C was DATE.")
def _ended(said: Said) -> None:
    for code in said.codes:
        until = cdtref.code(code).until
        ended = long_date(until) if until else "not yet: it is in force"
        require(ended == said.words, f"{code} ended {ended}")


@form(
    "PUBLISHER says C covers S.",
    "PUBLISHER says S is covered by C.",
)
def _says_yes(said: Said) -> None:
    _position(said, (Stance.YES,), implied=False)


@form(
    "PUBLISHER says C does not cover S.",
    "PUBLISHER says S is not covered by C.",
)
def _says_no(said: Said) -> None:
    _position(said, (Stance.NO, Stance.INCLUDED), implied=False)


@form("PUBLISHER implies C covers S.")
def _implies_yes(said: Said) -> None:
    _position(said, (Stance.YES,), implied=True)


@form("PUBLISHER implies C does not cover S.")
def _implies_no(said: Said) -> None:
    _position(said, (Stance.NO, Stance.INCLUDED), implied=True)


@form("REASON means MEANING.")
def _means(said: Said) -> None:
    terms = {_plain_words(term.term): term for term in cdtref.glossary()}
    term = terms.get(_plain_words(said.words))
    if term is None:
        raise UnreadableError(f"the glossary has no term {said.words!r}")
    meant = [_plain_words(sentence.rstrip(".")) for sentence in sentences(term.meaning)]
    require(_plain_words(said.meaning) in meant, f"{term.term}: {term.meaning}")


@form("Record ITEMS for C.")
def _record(said: Said) -> None:
    named = {_plain_words(name) for name in re.split(r", | and ", said.words)}
    for code in said.codes:
        items = [item for item in cdtref.documentation(code) if item.required]
        every = {_plain_words(item.label) for item in items}
        told = f"required for {code} are {', '.join(every)}"
        require(named <= every, f"{', '.join(named - every)}: {told}")
        own = {_plain_words(item.label) for item in items if item.codes}
        whole = said.fact or named in (every, own, every - own)
        require(bool(whole), f"name all that are for each code, or all of its own; {told}")


@form("Put ITEMS into the narrative for C.", "Tell ITEMS in the narrative for C.")
def _told(said: Said) -> None:
    _narrative(said, told=True)


@form("Leave ITEMS out of the narrative for C.", "Keep ITEMS out of the narrative for C.")
def _left_out(said: Said) -> None:
    _narrative(said, told=False)


@form("Leave the signs SIGNS out of a claim note.")
def _signs(said: Said) -> None:
    refused = {sign for sign in string.punctuation if not _is_carried(sign)}
    require(set(said.words.split()) == refused, f"refused are {' '.join(sorted(refused))}")


@form("CARC NUMBER points to REASON.")
def _carc(said: Said) -> None:
    _points(said, cdtref.denials(carc=said.number))


@form("RARC NUMBER points to REASON.")
def _rarc(said: Said) -> None:
    _points(said, cdtref.denials(rarc=said.number))


@form("Answer REASON with a corrected claim if the line was wrong.")
def _answer_corrected(said: Said) -> None:
    _remedy(said, Remedy.CORRECTED_CLAIM)


@form("Answer REASON with an appeal if the line was right.")
def _answer_appeal(said: Said) -> None:
    _remedy(said, Remedy.APPEAL)


@form("Answer REASON with what was asked for.")
def _answer_resubmit(said: Said) -> None:
    _remedy(said, Remedy.RESUBMIT)


@form(
    "Correct the claim if FAULTS was wrong.",
    "Correct the claim if FAULTS was left off.",
    "Correct the claim if FAULTS was wrong or left off.",
)
def _correct_if(said: Said) -> None:
    denial = _own_denial(said)
    answers = (denial.remedy, denial.otherwise)
    require(
        Remedy.CORRECTED_CLAIM in answers or Remedy.WITHDRAW in answers,
        f"the answers are {' and '.join(answers)}",
    )
    _faults(said, denial.correct_if)


@form("Withdraw the line if it was FAULTS.")
def _withdraw_if(said: Said) -> None:
    denial = _own_denial(said)
    found = denial.otherwise
    require(found is Remedy.WITHDRAW, f"if the line was wrong, the answer is {found.value}")
    _faults(said, denial.withdraw_if)


@form("No.")
def _question_no(said: Said) -> None:
    _own_question(said, Verdict.NO, Verdict.INCLUDED)


@form("No, not on its own.")
def _question_included(said: Said) -> None:
    _own_question(said, Verdict.INCLUDED)


@form("Open.")
def _question_open(said: Said) -> None:
    _own_question(said, Verdict.UNSETTLED)


@form(
    "We read no payer's rule on it.",
    "We read no payer's rule on casts or scans.",
)
def _no_payer_read(said: Said) -> None:
    payers = {entry.payer for entry in cdtref.coverage()}
    for source in _own_sources(said):
        known = source.authority is cdtref.Authority.PAYER or source.publisher in payers
        require(not known, f"the entry has {source.id}, of {source.publisher}")


@form("We read no state law.")
def _no_state_read(said: Said) -> None:
    for source in _own_sources(said):
        own = source.authority is cdtref.Authority.GOVERNMENT and "federal" not in source.kind
        require(not own, f"the entry has {source.id}, a {source.kind}")


@form("We read no rule.")
def _nothing_read(said: Said) -> None:
    found = [source.id for source in _own_sources(said)]
    require(not found, f"the entry has {', '.join(found)}")


@form("A claim note segment holds NUMBER characters.")
def _segment(said: Said) -> None:
    require(int(said.number) == SEGMENT, f"a segment holds {SEGMENT} characters")


# --- What the checks share ------------------------------------------------------------------------


def _answers(said: Said) -> Iterator[cdtref.Answer]:
    for day in said.days:
        for code in said.codes:
            yield cdtref.can_bill(code, said.service, on=day)


def _answers_in_force(said: Said) -> Iterator[cdtref.Answer]:
    """What a code is to a service: while the code is in force, unless the sentence gives years."""
    for code in said.codes:
        days = [day for day in said.days if said.dated or covers(cdtref.code(code), day)]
        require(bool(days), f"{code} was not in force then")
        for day in days:
            yield cdtref.can_bill(code, said.service, on=day)


def _service_answers(said: Said) -> Iterator[cdtref.ServiceAnswer]:
    for day in said.days:
        yield from cdtref.recommend([said.service], on=day).services


def _expect(said: Said, outcome: Outcome) -> None:
    for answer in _service_answers(said):
        require(answer.outcome is outcome, f"{answer.rule}, {answer!r}: {answer.why}")


def _position(said: Said, stances: tuple[Stance, ...], *, implied: bool) -> None:
    (code,) = said.codes
    questions = {q.id for q in cdtref.questions() if q.code == code and said.service in q.services}
    found = [
        position
        for position in cdtref.positions()
        if position.about in questions and alike.words(position.publisher) == said.words
    ]
    require(bool(found), f"no position of {said.words!r} on {code} for {said.service}")
    meant = any(p.stance in stances and p.implied is implied for p in found)
    stance = f"{found[0].stance.value}{', implied' if found[0].implied else ''}"
    require(meant, f"{found[0]!r}: {stance}")


def _narrative(said: Said, *, told: bool) -> None:
    for code in said.codes:
        items = {_plain_words(item.label): item for item in cdtref.documentation(code)}
        for name in re.split(r", | and ", said.words):
            found = items.get(_plain_words(name))
            if found is None:
                raise UnreadableError(
                    f"{name!r} is no item for {code}; there are {', '.join(items)}"
                )
            require(found.claim is told, f"{found!r}: claim is {found.claim}")
        needed = {name for name, item in items.items() if item.required and item.claim is told}
        named = {_plain_words(name) for name in re.split(r", | and ", said.words)}
        require(bool(said.fact) or needed <= named, f"name all of {', '.join(needed)}")


def _is_carried(sign: str) -> bool:
    note = {item.id: f"Made {sign} up" for item in cdtref.documentation("D0470")}
    try:
        cdtref.narrative("D0470", note)
    except cdtref.InvalidInputError:
        return False
    return True


def _points(said: Said, found: tuple[cdtref.Denial, ...]) -> None:
    reasons = [denial.reason for denial in found]
    known = map(alike.words, reasons)
    require(said.words in known, f"it points to {' or '.join(map(repr, reasons)) or 'nothing'}")


def _remedy(said: Said, remedy: Remedy) -> None:
    reasons = {alike.words(denial.reason): denial for denial in cdtref.denials()}
    if said.words not in reasons:
        near = get_close_matches(said.words, reasons, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnreadableError(f"no denial has the reason {said.words!r}{hint}")
    found = reasons[said.words].remedy
    require(found is remedy, f"the first answer to it is {found.value}")


def _own_question(said: Said, *verdicts: Verdict) -> None:
    """What the question asks, on the last day of its code that an edition is encoded for."""
    question = said.fact
    if not isinstance(question, cdtref.Question):
        raise UnreadableError("say it in the answer of the question that it is about")
    last = cdtref.editions()[-1].until
    for service in question.services:
        day = min(cdtref.code(question.code).until or last, last)
        answer = cdtref.can_bill(question.code, service, on=day)
        require(answer.verdict in verdicts, f"{answer!r}: {answer.why}")


def _own_denial(said: Said) -> cdtref.Denial:
    if not isinstance(said.fact, cdtref.Denial):
        raise UnreadableError("say it in a text of the denial that it is about")
    return said.fact


def _own_edition(said: Said) -> cdtref.Edition:
    if not isinstance(said.fact, cdtref.Edition):
        raise UnreadableError("say it in the text of the edition that it is about")
    return said.fact


def _own_sources(said: Said) -> list[cdtref.Source]:
    """What was read for the entry that the sentence stands in."""
    if not hasattr(said.fact, "sources"):
        raise UnreadableError("say it in a text of the entry that it is about")
    return [cdtref.source(id) for id in said.fact.sources]


def _faults(said: Said, faults: tuple[cdtref.Fault, ...]) -> None:
    """All of them are named, and nothing else."""
    named = re.split(r",? or |, ", said.words)
    meant = sorted(alike.words(label(fault)) for fault in faults)
    require(sorted(named) == meant, f"it is if one of these was: {', '.join(meant) or 'nothing'}")


@lru_cache(maxsize=1)
def _services(_of: cdtref.library.Library) -> dict[str, str]:
    """The service that each known name stands for; checked to be unambiguous by a test."""
    return {
        _plain_words(name): service.id
        for service in cdtref.services()
        for name in (service.id.replace("-", " "), service.short, service.phrase, *service.also)
        if name not in service.also or name in alike.CALLED
    }


def service_called(words: str) -> str:
    """The service a sentence speaks of, in any of its known words, with or without an article."""
    names = _services(cdtref.library.current())
    found = names.get(_plain_words(words))
    if found is None:
        near = get_close_matches(_plain_words(words), names, n=2)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise UnreadableError(f"no service is called {words!r}{hint}")
    return found


def _plain_words(text: str) -> str:
    return " ".join(re.sub(r"[-,]", " ", alike.words(text).lower()).split())


def _days(when: str | None, year: str | None, here: Here | None) -> tuple[dt.date, ...]:
    if when is None or year is None:
        return (here.days if here else ()) or (views.day(),)
    meant = {"in": int.__eq__, "before": int.__lt__, "since": int.__ge__}[when]
    found = [edition for edition in cdtref.editions() if meant(edition.since.year, int(year))]
    if not found or int(year) > views.day().year:
        raise UnreadableError(f"no edition is encoded for “{when} {year}”")
    return tuple(day for edition in found for day in (edition.since, edition.until))


# --- Checking a sentence --------------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return re.split(r"(?:(?<=[.?!])|(?<=[.?!][”\"])) +(?=[A-Z“\"])", " ".join(text.split()))


def _fitting(sentence: str) -> list[tuple[Form, re.Match[str]]]:
    """The forms that fit a sentence."""
    read = alike.read(sentence)
    return [(form, found) for form in FORMS for one in read if (found := form.regex.fullmatch(one))]


def fits(sentence: str, here: Here | None = None) -> bool:
    """Whether a form fits the sentence, true or not. Its service has to be one that has a name."""
    return any(
        "service" not in found.groupdict() or _is_named(found["service"], here)
        for _, found in _fitting(sentence)
    )


def _is_named(words: str, here: Here | None) -> bool:
    if words in _THIS:
        return bool(here and here.service)
    return _plain_words(words) in _services(cdtref.library.current())


def about(sentence: str) -> set[tuple[str, str]]:
    """The codes that a sentence names, each with the service that it is named for."""
    found = [one.groupdict() for _, one in _fitting(sentence)]
    slots = [one for one in found if {"codes", "service"} <= {*one}]
    return {
        (code, service_called(one["service"]))
        for one in slots
        if _is_named(one["service"], None)
        for code in re.findall(r"D\d{4}", one["codes"])
    }


def check_sentence(sentence: str, here: Here | None = None) -> None:
    """Put a sentence to the library.

    Raises `UntrueError` where the library answers otherwise, `UnreadableError` where no form fits.
    """
    matches = _fitting(sentence)
    if not matches:
        forms = "\n  ".join(form.pattern for form in FORMS)
        raise UnreadableError(f"no form fits {sentence!r}. The forms are:\n  {forms}")
    if len(matches) > 1:
        raise UnreadableError(f"{sentence!r} can be read in several ways")
    ((fitting, found),) = matches
    slots = found.groupdict()
    said = Said(
        codes=tuple(cdtref.code(code).code for code in re.findall(r"D\d{4}", slots["codes"] or ""))
        if "codes" in slots
        else (),
        service=_meant(slots["service"], here) if "service" in slots else "",
        called=_plain_words(slots.get("service") or ""),
        days=_days(slots.get("when"), slots.get("year"), here),
        dated=slots.get("when") is not None,
        words=slots.get("words") or "",
        number=slots.get("number") or "",
        fact=here.fact if here else None,
        meaning=slots.get("meaning") or "",
    )
    require(len({*said.codes}) == len(said.codes), f"{', '.join(said.codes)}: one stands twice")
    fitting.check(said)
    if slots.get("when") in ("before", "since"):
        _check_sharp(fitting, said, slots["when"], int(slots["year"]))


def _check_sharp(fitting: Form, said: Said, when: str, year: int) -> None:
    """What holds before or since a year does not hold in the next one on the other side as well."""
    beyond = year if when == "before" else year - 1
    days = tuple(
        day
        for edition in cdtref.editions()
        for day in (edition.since, edition.until)
        if day.year == beyond
    )
    try:
        fitting.check(said._replace(days=days))
    except UntrueError:
        return
    if days:
        raise UntrueError(f"it holds in {beyond}, too: name the year in which it changes")


_THIS = ("this service", "it", "It")


def _meant(words: str, here: Here | None) -> str:
    if words in _THIS:
        if here is None or not here.service:
            raise UnreadableError(f"name the service: nothing says what {words!r} is here")
        return here.service
    return service_called(words)
