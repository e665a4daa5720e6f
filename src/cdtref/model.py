"""The types of what we know of codes, and of what the library answers; `paperwork` has the rest.

They are immutable, comparable, hashable; `values` says how. The fields of a fact are the keys of
its table in `knowledge/`, so this module is also the reference for reviewers.
"""

import datetime as dt
from enum import StrEnum

from .values import Ranked, Value

_MONTHS = "January February March April May June July August September October November December"


def long_date(date: dt.date) -> str:
    """A date as texts write it, whatever the locale: January 1, 2023."""
    return f"{_MONTHS.split()[date.month - 1]} {date.day}, {date.year}"


def covers(span: "Code | Title | Rule | Position", day: dt.date) -> bool:
    """Whether a day lies between `since` and `until`, both included; None leaves an end open."""
    return (span.since is None or span.since <= day) and (span.until is None or day <= span.until)


class Verdict(StrEnum):
    """What a code is to a service on a date of service."""

    YES = "yes"
    """This code describes the service."""
    NO = "no"
    """It does not. `Answer.instead` says what does, if anything does."""
    INCLUDED = "included"
    """The service is part of another procedure. Nothing is reported for it separately."""
    UNSETTLED = "unsettled"
    """The sources are silent or too weak to settle it. Ask the payer."""


class Outcome(StrEnum):
    """How a service is reported, whichever code one has in mind."""

    REPORTED = "reported"
    """By the codes the rule names."""
    INCLUDED = "included"
    """As part of another procedure."""
    NO_CODE = "no-code"
    """By no code: none describes it, and it is part of nothing that is reported."""
    UNSETTLED = "unsettled"
    """The sources do not settle it."""


class Confidence(Ranked):
    """How sure we are of a fact."""

    HIGH = "high"
    """A primary or authoritative source, or several independent ones that agree."""
    MEDIUM = "medium"
    """One decent source, or a clear inference from facts of high confidence."""
    LOW = "low"
    """A weak source only."""
    JUDGMENT = "judgment"
    """Our own judgment. No source says it in these terms."""
    UNVERIFIED = "unverified"
    """Background knowledge for which no source was found."""


class Authority(Ranked):
    """Who speaks, from most to least authoritative on what a code describes."""

    CODE_SET = "code-set"
    """The code set, its companion and its publisher."""
    SOCIETY = "society"
    """A professional society that wrote or requested the code."""
    GOVERNMENT = "government"
    """A government program or system."""
    PAYER = "payer"
    """A payer, for its own plans."""
    CODING_PUBLISHER = "coding-publisher"
    """A publisher of coding references."""
    TRADE = "trade"
    """Trade press, consultants, textbooks and papers."""
    VENDOR = "vendor"
    """Billing companies, laboratories and makers of appliances."""
    LOOK_UP_SITE = "look-up-site"
    """Look-up sites and content farms."""


class Stance(StrEnum):
    """What a source says on a contested question."""

    YES = "yes"
    """The code describes the service."""
    NO = "no"
    """It does not."""
    INCLUDED = "included"
    """The service is part of another procedure."""
    OTHER = "other"
    """It bears on the question without answering it."""
    SILENT = "silent"
    """It speaks of the code and leaves the question open."""
    UNSEEN = "unseen"
    """It is known to exist; its text was not seen."""


class Status(StrEnum):
    """How the sources stand to an answer."""

    AGREED = "agreed"
    """They agree."""
    INFERRED = "inferred"
    """It follows from sourced rules; no source says it outright."""
    DISPUTED = "disputed"
    """They contradict one another."""
    SILENT = "silent"
    """They say nothing on the point."""


class Judgment(StrEnum):
    """Our verdict on a statement of one of the founding guides."""

    AGREES = "agrees"
    DISPUTED = "disputed"
    OUTDATED = "outdated"
    PAYER_ONLY = "payer-only"
    UNSETTLED = "unsettled"


class Read(StrEnum):
    """How much of a source was read."""

    FULL = "full"
    PART = "part"
    UNSEEN = "unseen"
    """Nothing: it is known through another source."""


class ServiceTheme(StrEnum):
    """Where a service stands among the others."""

    MODELS = "models"
    SCANS = "scans"
    USE = "use"
    PRINTS = "prints"
    PART = "part"
    ORTHODONTICS = "orthodontics"
    DISTANCE = "distance"


class ScenarioTheme(StrEnum):
    """What a scenario is about."""

    STONE_MODELS = "stone-models"
    SCANS = "scans"
    SIMULATION_AND_FUSION = "simulation-and-fusion"
    PRINTING = "printing"
    PART_OF_ANOTHER_PROCEDURE = "part-of-another-procedure"
    ORTHODONTICS = "orthodontics"
    DATES_AND_EDITIONS = "dates-and-editions"
    UNITS_AND_REPEATS = "units-and-repeats"


class Edition(Value):
    """A yearly edition of the code set and the dates of service it governs.

    An announced one is known to come and was not read: nothing answers for its dates.
    """

    id: str
    since: dt.date
    until: dt.date
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    changes: str = ""
    """What is known to change."""
    announced: bool = False
    not_read: str = ""
    """Of an announced edition: what was not read, so that nobody takes it for known."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        announced = ", announced" if self.announced else ""
        return f"<Edition {self.id}: {self.since} to {self.until}{announced}>"


class Title(Value):
    """A code's short title, and the editions that print it. Between two titles: not established."""

    text: str
    since: dt.date | None = None
    until: dt.date | None = None


class NotFor(Value):
    """Something a code does not describe. With a service, the library says what does."""

    what: str = ""
    """Left out where it is the service's phrase."""
    service: str = ""


class Code(Value):
    """A procedure code of this topic, in our own words."""

    code: str
    subject: bool
    """True for the codes this reference is about, False for a neighbor."""
    titles: tuple[Title, ...]
    use: str
    not_for: tuple[NotFor, ...]
    look_alikes: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    holds_through: dt.date
    """The last date of service for which it was looked at; nothing answers beyond."""
    since: dt.date | None = None
    """First date of service, or None where it was in force before the first encoded edition."""
    until: dt.date | None = None
    """Last date of service, or None while it is in force."""
    history: str = ""
    sure: str = ""
    """How sure we are, in words, where a single grade would mislead."""
    open: tuple[str, ...] = ()
    """Points that the sources leave open."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    also: tuple[str, ...] = ()
    """Everyday words for it, by which it is found."""
    companion: bool = False
    """It is reported in addition to the service itself, which its line on a claim may well name."""
    address: str = ""

    @property
    def id(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """The latest short title we know."""
        return self.titles[-1].text

    def __repr__(self) -> str:
        return f"<Code {self.code}: {self.title}>"


class Service(Value):
    """Something done, in the words of the office."""

    id: str
    name: str
    """Completes the sentence “We …”."""
    phrase: str
    """Stands in a sentence of advice: “Bill … for …”."""
    short: str
    """A label of a few words."""
    theme: ServiceTheme
    what: str
    also: tuple[str, ...]
    """Everyday words for it."""
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    note: str = ""
    place: int = 0
    """Its place among those of its theme, the likelier ones first."""
    shared: tuple[str, ...] = ()
    """Words that it shares with other services: whoever says them is asked which was meant."""
    act: str = ""
    """What was done, where the same is done for several uses; those services are told apart by
    `use`."""
    use: str = ""
    """What it was done for, where `act` is given."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Service {self.id}: {self.short}>"


class CodeException(Value):
    """What a source says of one code under a rule."""

    code: str
    verdict: Verdict
    why: str
    sources: tuple[str, ...]
    confidence: Confidence
    holds_through: dt.date
    """The last date of service for which it was looked at; nothing answers beyond."""
    beside: bool = False
    """It is reported besides, for something else that belongs to the service."""


class Rule(Value):
    """One row of the decision table: a service, a span of dates of service, and the outcome."""

    id: str
    service: str
    outcome: Outcome
    why: str
    status: Status
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    holds_through: dt.date
    """The last date of service for which it was looked at; nothing answers beyond."""
    codes: tuple[str, ...] = ()
    """`reported`: the codes that report it. `unsettled`: those the sources leave open.
    `included`: neighbors that it is part of."""
    since: dt.date | None = None
    until: dt.date | None = None
    part_of: str = ""
    ask: str = ""
    """What to ask the payer."""
    exceptions: tuple[CodeException, ...] = ()
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Rule {self.id}: {self.service} {self.outcome.value} {' '.join(self.codes)}>"


class Combination(Value):
    """When a caution applies: all that is named here holds on one date of service."""

    services: tuple[str, ...] = ()
    """These were done."""
    codes: tuple[str, ...] = ()
    """These are reported."""
    repeated: bool = False
    """A service was named more than once."""


class Company(Value):
    """When a caution applies to a claim: any of the codes is there, and what else is named here."""

    codes: tuple[str, ...]
    beside: tuple[str, ...] = ()
    """On one date with a code of this work, by its entry in what is outside this topic; and
    nothing says what was done for ours."""
    again: bool = False
    """On several dates of one calendar year."""


class Severity(Ranked):
    """How much a finding matters."""

    ERROR = "error"
    """The claim contradicts what was done, or the dates."""
    WARNING = "warning"
    """Look at it before the claim goes out."""
    NOTE = "note"


class Caution(Value):
    """A pitfall of things done, or codes reported, together."""

    id: str
    when: tuple[Combination, ...]
    """It applies if any of these holds; or any of `company`, which only a claim shows."""
    text: str
    status: Status
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    holds_through: dt.date
    """The last date of service for which it was looked at; nothing answers beyond."""
    severity: Severity = Severity.NOTE
    """How much it matters on a claim."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    company: tuple[Company, ...] = ()
    address: str = ""

    def __repr__(self) -> str:
        return f"<Caution {self.id}>"


class Source(Value):
    """Where a fact comes from, and how much of it was read."""

    id: str
    publisher: str
    title: str
    kind: str
    authority: Authority
    seen: str
    """Month of the last look."""
    read: Read
    url: str = ""
    """Where it is published; empty where that was not kept, and the note says so."""
    date: str = ""
    """As the source shows it; empty where it shows none."""
    relayed_by: str = ""
    """The source through which this one is known."""
    repeats: str = ""
    """The source whose page it repeats: the two are one voice. Empty where none was seen."""
    sells: bool = False
    """Whether its publisher sells the service it speaks of, or the billing of it."""
    note: str = ""
    address: str = ""
    """Where this site shows it; `url` is where it is published."""

    def __repr__(self) -> str:
        return f"<Source {self.id}: {self.publisher}, {self.title}>"


class Question(Value):
    """A contested question: does a code describe these services?"""

    id: str
    asks: str
    code: str
    services: tuple[str, ...]
    answer: str
    why: str
    change: str
    """What would change our mind."""
    confidence: Confidence
    verified: str
    review_due: dt.date
    nothing_found: tuple[str, ...] = ()
    """Publishers for whom no statement was found."""
    place: int = 0
    """Its place among the questions, the main dispute first."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    also: tuple[str, ...] = ()
    """Everyday words for it, by which it is found."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Question {self.id}: {self.asks}>"


class Position(Value):
    """What one source says on a contested question."""

    id: str
    about: str
    source: str
    stance: Stance
    label: str
    says: str
    confidence: Confidence
    verified: str
    review_due: dt.date
    holds_through: dt.date
    """The last date of service for which it was looked at; nothing answers beyond."""
    since: dt.date | None = None
    """First date of service it speaks about."""
    until: dt.date | None = None
    implied: bool = False
    """It follows from what the source says, in terms more general."""
    codes: tuple[str, ...] = ()
    """Where it says no: the codes it points to instead."""
    publisher: str = ""
    date: str = ""
    url: str = ""
    authority: Authority = Authority.LOOK_UP_SITE
    relayed_by: str = ""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    repeats: str = ""
    """The source whose page its own source repeats: not another voice beside that one."""
    sells: bool = False
    """Whether the publisher sells the service, or the billing of it."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Position {self.id}: {self.publisher} ({self.date or 'undated'}): {self.label}>"


class Event(Value):
    """A step in the history of a contested question."""

    id: str
    about: str
    when: str
    what: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Event {self.id}: {self.when}>"


class Claimed(Value):
    """What a statement asserts, in the terms of `can_bill`."""

    code: str
    service: str
    on: dt.date
    verdict: Verdict


class Statement(Value):
    """One statement of a founding guide, and what we make of it."""

    id: str
    source: str
    says: str
    judgment: Judgment
    why: str
    sources: tuple[str, ...]
    """What our judgment rests on."""
    confidence: Confidence
    verified: str
    review_due: dt.date
    claims: tuple[Claimed, ...] = ()
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    remarks: tuple[str, ...] = ()
    """Remittance codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Statement {self.id}: {self.judgment.value}>"


class Visit(Value):
    """What was done on one date of service, and the codes that report it."""

    did: tuple[str, ...]
    on: dt.date
    bill: tuple[str, ...]
    unsettled: tuple[str, ...] = ()
    """What of it the sources leave open."""


class Scenario(Value):
    """A worked example."""

    id: str
    theme: ScenarioTheme
    title: str
    did: tuple[str, ...]
    on: dt.date
    bill: tuple[str, ...]
    status: Status
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    story: str = ""
    """In the words of a front desk, where the title leaves something to tell."""
    not_: tuple[str, ...] = ()
    """Codes one might reach for that describe nothing of it. In TOML and JSON: `not`."""
    unsettled: tuple[str, ...] = ()
    """What of it the sources leave open."""
    why: str = ""
    """What its answers do not say already."""
    then: tuple[Visit, ...] = ()
    """Later visits."""
    ask: str = ""
    """Where the sources are silent: what to ask the payer."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Scenario {self.id}: {self.title}>"


class Term(Value):
    """A glossary entry."""

    id: str
    term: str
    meaning: str
    sources: tuple[str, ...]
    confidence: Confidence
    verified: str
    review_due: dt.date
    also: tuple[str, ...] = ()
    service: str = ""
    """The service that it names, where it names one; their words lead to the service."""
    mentions: tuple[str, ...] = ()
    """Codes that its text names and no other field does."""
    remarks: tuple[str, ...] = ()
    """Remittance codes that its text names and no other field does."""
    numbers: tuple[int, ...] = ()
    """Numbers that its text gives and no other field does."""
    address: str = ""

    def __repr__(self) -> str:
        return f"<Term {self.term}>"


class Answer(Value):
    """Whether a code describes a service on a date of service, why, and who says otherwise."""

    code: str
    service: str
    on: dt.date
    verdict: Verdict
    outcome: Outcome
    """How the service is reported on that date, whichever code one has in mind."""
    why: str
    instead: tuple[str, ...]
    """The codes that describe the service on that date, where this one does not."""
    part_of: str
    """What an included service is part of."""
    ask: str
    """What to ask the payer, where the sources do not settle it."""
    disputed: bool
    dissent: tuple[Position, ...]
    """The positions of those who say otherwise about that date."""
    rule: str
    sources: tuple[str, ...]
    edition: str
    confidence: Confidence
    version: str
    """The version of the knowledge that answered; it compares by its numbers."""
    backing: tuple[Position, ...] = ()
    """The positions of those who agree about that date, the most authoritative first."""
    address: str = ""
    """Where the site says the same."""
    last_known: "Answer | None" = None
    """After the last encoded edition: the answer of its last day."""

    def __bool__(self) -> bool:
        """Whether the verdict is yes, so that `if can_bill(...)` never passes a no."""
        return self.verdict is Verdict.YES

    def __repr__(self) -> str:
        instead = f", instead {' '.join(self.instead)}" if self.instead else ""
        return (
            f"<Answer {self.code} for {self.service} on {self.on}: {self.verdict.value}{instead}"
            f"{', disputed' if self.disputed else ''}>"
        )


class ServiceAnswer(Value):
    """How one service is reported on a date of service."""

    service: str
    outcome: Outcome
    codes: tuple[str, ...]
    why: str
    part_of: str
    ask: str
    disputed: bool
    dissent: tuple[Position, ...]
    rule: str
    sources: tuple[str, ...]
    confidence: Confidence
    backing: tuple[Position, ...] = ()
    address: str = ""
    """Where the site says the same."""
    last_known: "ServiceAnswer | None" = None
    """After the last encoded edition: the answer of its last day."""

    def __repr__(self) -> str:
        return f"<ServiceAnswer {self.service}: {self.outcome.value} {' '.join(self.codes)}>"


class Line(Value):
    """A claim line: one code, and the services it reports."""

    code: str
    title: str
    services: tuple[str, ...]
    why: str
    disputed: bool
    dissent: tuple[Position, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    backing: tuple[Position, ...] = ()
    address: str = ""
    """The page of the code."""

    def __repr__(self) -> str:
        return f"<Line {self.code} for {', '.join(self.services)}>"


class VerdictRow(Value):
    """A row of the truth table: what a code is to a service over a span of dates of service."""

    code: str
    service: str
    since: dt.date
    until: dt.date
    """The last date of the span; never later than the last encoded edition."""
    verdict: Verdict
    outcome: Outcome
    instead: tuple[str, ...]
    disputed: bool
    confidence: Confidence
    rule: str
    address: str

    def __repr__(self) -> str:
        return (
            f"<VerdictRow {self.code} for {self.service}, {self.since} to {self.until}: "
            f"{self.verdict.value}>"
        )


class Recommendation(Value):
    """The claim lines for what was done on a date of service, and what is left over."""

    did: tuple[str, ...]
    on: dt.date
    lines: tuple[Line, ...]
    included: tuple[str, ...]
    """Services not reported on their own: part of another procedure, or without a code."""
    unsettled: tuple[str, ...]
    """Services on which the sources are silent or too weak."""
    cautions: tuple[Caution, ...]
    """Pitfalls of the combination."""
    services: tuple[ServiceAnswer, ...]
    """The answer for each service, in the order given."""
    edition: str
    version: str
    """The version of the knowledge that answered; it compares by its numbers."""
    address: str = ""
    """Where the site says the same: the page of the service, or for several the list of them."""
    last_known: "Recommendation | None" = None
    """After the last encoded edition: the recommendation for its last day."""

    def __bool__(self) -> bool:
        """Whether there is a line to report."""
        return bool(self.lines)

    def __repr__(self) -> str:
        codes = " ".join(line.code for line in self.lines) or "no line"
        open = f"; unsettled: {', '.join(self.unsettled)}" if self.unsettled else ""
        return f"<Recommendation for {', '.join(self.did)} on {self.on}: {codes}{open}>"


KINDS: dict[str, type[Value]] = {
    "edition": Edition,
    "code": Code,
    "service": Service,
    "rule": Rule,
    "caution": Caution,
    "source": Source,
    "question": Question,
    "position": Position,
    "event": Event,
    "statement": Statement,
    "scenario": Scenario,
    "term": Term,
}
"""The kinds of fact about codes, by the name of their TOML table; `paperwork` has the rest."""
