"""Finds what somebody's own words mean: services, codes, denials, common questions.

A query is read (`querying`, with `wording`), held against the names that the knowledge lists
(`meanings`), and what fits best is answered (`fitting`). The browser does the same with the same
index, in `docs/assets/ask.js`.
"""

import datetime as dt

from . import inputs
from .coding import can_bill, recommend, service_answer
from .errors import InvalidDateError, InvalidInputError, UnknownCodeError
from .fitting import Found, Query, fitting
from .library import Library, current
from .meanings import index
from .model import Answer, Code, Recommendation, ServiceAnswer
from .querying import codes, joined, small_words, tokens
from .values import Value
from .wording import dates, plain

LONGEST = 500
"""Characters of a query at most."""


class Hit(Value):
    """Something that the words may mean."""

    kind: str
    """`service`, `code`, `answer` (a code for a service), `visit` (several services), `checklist`
    (of a code), `denial`, `remittance`, `question` (a contested one), `topic` (a common one),
    `charge`, `coverage`, `item`, `edition`, `term`, or `outside` of this topic."""
    id: str
    """The id of its kind. Of an `answer`: the code and the service. Of a `visit`: the services."""
    title: str
    address: str
    """Where the site answers, below its root."""
    on: dt.date | None = None
    """The date of service that it is answered for: from the words, else the last encoded day."""
    answer: Answer | ServiceAnswer | Recommendation | Code | None = None
    """For services and codes, the answer itself."""
    ambiguous: bool = False
    """The words name this service and others as well: ask which was meant."""

    def __repr__(self) -> str:
        return f"<Hit {self.kind} {self.id}: {self.title}>"


def search(words: str) -> tuple[Hit, ...]:
    """What do these words mean, and what is the answer?

    Arguments:
        words: What was done, a code, a code on a payer's explanation in any spelling, a question;
            with a date of service or a year where one matters. At most 500 characters.

    Returns:
        Hits, the best first, at most six. None where the words are about something else. Services
            and codes come with their answer: for the date in the words, or else for the last day
            of the last encoded edition. After that day the answer is unsettled, with the last one
            known.

    Raises:
        InvalidInputError: The words are no text, hold no letter or digit, or are too long.
        UnknownCodeError: They hold a code that is malformed, such as D047.
        InvalidDateError: They hold no date of the calendar, or dates of service that exclude one
            another.
        UnknownEditionError: They hold a date before the first encoded edition.

    Where it comes from: the names of everything in `knowledge/`, and `knowledge/vocabulary.toml`
    for words that mean the same.

    Examples:
        >>> import cdtref
        >>> hit = cdtref.search("intraoral scan in November 2022")[0]
        >>> hit.kind, hit.id, hit.answer.codes
        ('service', 'intraoral-scan', ('D0470',))
        >>> cdtref.search("CO 97")[0].address
        'denials/bundled/'
    """
    library = current()
    found, on, apart = understood(_text(words), library)
    first, last = library.editions()[0].since, library.editions()[-1].until
    if found and (apart or (on and on < first)):
        if found[0].dated and apart:
            told = " and ".join(apart)
            raise InvalidDateError(
                f"words: {told} exclude one another. Ask for one date of service."
            )
        if found[0].dated and on:
            raise library.unknown(on)
        # What depends on no date is answered; nothing else is, for want of one.
        found = tuple(one for one in found if not one.dated)
    return tuple(_hit(one, on, last, library) for one in found)


def understood(
    words: str, library: Library
) -> tuple[tuple[Found, ...], dt.date | None, tuple[str, ...]]:
    """What is meant, on which date of service, and the dates that exclude one another."""
    known = index(library)
    text, spans, wrong_dates = dates(plain(words), known.vocabulary.before_later_dates)
    if wrong_dates:
        raise InvalidDateError(
            f"words: {inputs.shown(wrong_dates[0])} is no date. Write month, day and year, as in "
            "3/2/2026."
        )
    apart = any(not since <= spans[0][0] <= until for since, until, _ in spans[1:])
    text, coded = codes(known, text)
    if wrong := next((code for code in coded if not code.whole), None):
        raise UnknownCodeError(
            f"{inputs.shown(wrong.written)} is not a procedure code: a code is the letter D and "
            "four digits, such as D0470.",
            code=wrong.written,
            malformed=True,
            nearest=lambda: {one: one for one in wrong.nearest},
        )
    ours = [code.code for code in coded]
    at_home = [code for code in ours if code in known.names_with]
    told = tokens(known, text, dated=bool(spans), coded=at_home)
    told = told or ([] if coded else small_words(known, text))
    found = fitting(Query(known, told, ours, joined=joined(known, text)))
    if apart:
        return found, None, tuple(dict.fromkeys(written for _, _, written in spans))
    return found, spans[0][0] if spans else None, ()


def _text(words: object) -> str:
    given = inputs.text(words, "words", "iTero scan for a crown")
    if len(given) > LONGEST:
        raise InvalidInputError(
            f"words: expected at most {LONGEST} characters, got {len(given):,}. Say it shorter."
        )
    if not any(character.isalnum() for character in given):
        raise InvalidInputError(
            f"words: expected text such as 'iTero scan for a crown', got {inputs.shown(given)}, "
            "without a letter or digit."
        )
    return given


def _hit(found: Found, on: dt.date | None, last: dt.date, library: Library) -> Hit:
    answer: Answer | ServiceAnswer | Recommendation | Code | None = None
    day = (on or last) if found.dated else None
    # The page of a table of answers switches to the date that its address has.
    address = found.address
    if day and on:
        page, mark, anchor = address.partition("#")
        address = f"{page}{'&' if '?' in page else '?'}on={on}{mark}{anchor}"
    if day:
        if found.code and found.services:
            answer = can_bill(found.code, found.services[0], on=day, beyond="last")
        elif found.code:
            answer = library.facts(Code)[found.code]
        elif len(found.services) == 1 and day <= last:
            answer = service_answer(library, found.services[0], day)
        else:
            answer = recommend(found.services, on=day, beyond="last")
            answer = answer.services[0] if len(found.services) == 1 else answer
    return Hit(found.kind, found.id, found.title, address, day, answer, found.ambiguous)
