"""Looks facts up: codes, services, rules, sources, positions, scenarios, terms."""

import datetime as dt

from . import inputs
from .library import current
from .model import (
    Caution,
    Code,
    Edition,
    Event,
    Position,
    Question,
    Rule,
    Scenario,
    Service,
    Source,
    Statement,
    Term,
    covers,
)


def code(code: str) -> Code:
    """A procedure code of this topic: short title, dates, what it is for.

    Arguments:
        code: The code. Lower case and stray spaces are understood. A deleted code is found too.

    Raises:
        UnknownCodeError: The code is malformed or outside this topic.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.code(" d0396 ").since
        datetime.date(2024, 1, 1)
    """
    return inputs.code(code, current())


def codes(*, on: dt.date | str = "today") -> tuple[Code, ...]:
    """The codes of this topic in effect on a date of service.

    Arguments:
        on: The date of service, a `datetime.date` or text `YYYY-MM-DD`. Left out, it is today.

    Raises:
        InvalidDateError: `on` is not a date.
        UnknownEditionError: No edition is encoded for the date.

    Examples:
        >>> import cdtref
        >>> [code.code for code in cdtref.codes(on="2022-12-31") if code.until]
        ['D0351', 'D0704']
    """
    library = current()
    day = inputs.day(on)
    library.edition(day)
    return tuple(code for code in library.facts(Code).values() if covers(code, day))


def all_codes() -> tuple[Code, ...]:
    """Every code of this topic, the deleted ones too, in the order of the guide.

    Examples:
        >>> import cdtref
        >>> cdtref.all_codes()[0]
        <Code D0470: Diagnostic casts>
    """
    return tuple(current().facts(Code).values())


def editions() -> tuple[Edition, ...]:
    """The encoded editions of the code set, the oldest first; `announced` has those to come.

    Examples:
        >>> import cdtref
        >>> cdtref.editions()[0]
        <Edition CDT 2014: 2014-01-01 to 2014-12-31>
    """
    return tuple(current().editions())


def announced() -> tuple[Edition, ...]:
    """The editions that are announced and not encoded: their dates, and what is known of them.

    Examples:
        >>> import cdtref
        >>> [edition.not_read for edition in cdtref.announced() if not edition.not_read]
        []
    """
    return tuple(edition for edition in current().facts(Edition).values() if edition.announced)


def edition(edition: str) -> Edition:
    """An edition of the code set, encoded or announced.

    Arguments:
        edition: The name, such as `CDT 2026`; `Answer.edition` holds one.

    Raises:
        UnknownIdError: No edition has this name.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.edition("CDT 2026").until
        datetime.date(2026, 12, 31)
    """
    return inputs.known(Edition, edition, current())


def service(service: str) -> Service:
    """Something an office does, with the everyday words for it.

    Arguments:
        service: The id. Capitals, spaces and underscores are understood.

    Raises:
        UnknownServiceError: No service has this id. Everyday words are suggested by their id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.service("stone-cast").also[0]
        'study model'
    """
    return inputs.service(service, current())


def services() -> tuple[Service, ...]:
    """Every service, in the order of the guide.

    Examples:
        >>> import cdtref
        >>> cdtref.services()[0].id
        'stone-cast'
    """
    return tuple(current().facts(Service).values())


def rule(rule: str) -> Rule:
    """One row of the decision table. `Answer.rule` names the one that answered.

    Arguments:
        rule: The id of a rule; `Answer.rule` holds one, `Finding.rule` may.

    Raises:
        UnknownIdError: No rule has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.rule("in-office-print-from-2024").codes
        ('D0396',)
    """
    return inputs.known(Rule, rule, current())


def rules() -> tuple[Rule, ...]:
    """The whole decision table.

    Examples:
        >>> import cdtref
        >>> {rule.service for rule in cdtref.rules()} == {s.id for s in cdtref.services()}
        True
    """
    return tuple(current().facts(Rule).values())


def caution(caution: str) -> Caution:
    """A pitfall of things done, or codes reported, together.

    Arguments:
        caution: The id of a caution; `Finding.rule` may hold one.

    Raises:
        UnknownIdError: No caution has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.caution("scan-and-print").status.value
        'agreed'
    """
    return inputs.known(Caution, caution, current())


def cautions() -> tuple[Caution, ...]:
    """Every pitfall of a combination.

    Examples:
        >>> import cdtref
        >>> "retake" in " ".join(caution.id for caution in cdtref.cautions())
        True
    """
    return tuple(current().facts(Caution).values())


def source(source: str) -> Source:
    """Where facts come from: publisher, date, address, and how much of it was read.

    Arguments:
        source: The id of a source.

    Raises:
        UnknownIdError: No source has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.source("ada-coding-companion-2026").relayed_by
        'delta-dental-fyi-2026'
    """
    return inputs.known(Source, source, current())


def sources() -> tuple[Source, ...]:
    """Every source, the most authoritative kinds first.

    Examples:
        >>> import cdtref
        >>> cdtref.sources()[0].authority.value
        'code-set'
    """
    return tuple(current().facts(Source).values())


def question(question: str) -> Question:
    """A contested question, and our answer to it.

    Arguments:
        question: The id of a contested question.

    Raises:
        UnknownIdError: No question has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.question("d0470-digital").code
        'D0470'
    """
    return inputs.known(Question, question, current())


def questions() -> tuple[Question, ...]:
    """Every contested question.

    Examples:
        >>> import cdtref
        >>> "d0801-aligner" in [question.id for question in cdtref.questions()]
        True
    """
    return tuple(current().facts(Question).values())


def position(position: str) -> Position:
    """What one source says on a contested question.

    Arguments:
        position: The id of a position.

    Raises:
        UnknownIdError: No position has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.position("d0470-digital-aao").stance.value
        'no'
    """
    return inputs.known(Position, position, current())


def positions(*, about: str | None = None) -> tuple[Position, ...]:
    """What each source says on a contested question, never merged.

    Arguments:
        about: The id of the question. Left out, the positions on all of them.

    Raises:
        UnknownIdError: No question has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> said = cdtref.positions(about="d0470-digital")
        >>> {position.stance.value for position in said} >= {"yes", "no", "silent", "unseen"}
        True
    """
    library = current()
    found = tuple(library.facts(Position).values())
    if about is None:
        return found
    id = inputs.known(Question, about, library).id
    return tuple(position for position in found if position.about == id)


def timeline(*, about: str) -> tuple[Event, ...]:
    """How a contested question came about, the oldest step first.

    Arguments:
        about: The id of a contested question.

    Raises:
        UnknownIdError: No question has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> len(cdtref.timeline(about="d0470-digital")) > 5
        True
    """
    library = current()
    id = inputs.known(Question, about, library).id
    return tuple(event for event in library.facts(Event).values() if event.about == id)


def statements(*, source: str | None = None) -> tuple[Statement, ...]:
    """What the two founding guides say, statement by statement, with our judgment.

    Arguments:
        source: The id of one of the guides. Left out, the statements of both.

    Raises:
        UnknownIdError: No source has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> [s.judgment.value for s in cdtref.statements(source="practicealpha-d0470")][1]
        'disputed'
    """
    library = current()
    found = tuple(library.facts(Statement).values())
    if source is None:
        return found
    id = inputs.known(Source, source, library).id
    return tuple(statement for statement in found if statement.source == id)


def scenario(scenario: str) -> Scenario:
    """A worked example.

    Arguments:
        scenario: The id of a scenario.

    Raises:
        UnknownIdError: No scenario has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.scenario("scan-then-in-office-print").bill
        ('D0801', 'D0396')
    """
    return inputs.known(Scenario, scenario, current())


def scenarios() -> tuple[Scenario, ...]:
    """Every worked example.

    Examples:
        >>> import cdtref
        >>> len(cdtref.scenarios()) >= 45
        True
    """
    return tuple(current().facts(Scenario).values())


def term(term: str) -> Term:
    """A term of this topic, in our own words.

    Arguments:
        term: The id of a term.

    Raises:
        UnknownIdError: No term has this id.
        InvalidInputError: It is not text, or empty.

    Examples:
        >>> import cdtref
        >>> cdtref.term("diagnostic-cast").term
        'diagnostic cast'
    """
    return inputs.known(Term, term, current())


def glossary() -> tuple[Term, ...]:
    """The terms of this topic, in our own words.

    Examples:
        >>> import cdtref
        >>> "diagnostic-cast" in [term.id for term in cdtref.glossary()]
        True
    """
    return tuple(current().facts(Term).values())
