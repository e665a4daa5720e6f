"""How each sentence that people read is held to the library, on pages and in the knowledge.

*Executed*: a form fits it, and the library answers as it says. *Bound*: words of it are tied to a
value, and what is left says nothing that one could act on. *Quoted*: it stands in a text of the
knowledge, in words that `alike` reads as the same, or in the knowledge other texts are bound to its
words, so that neither changes alone. *Reviewed*: a reason or history, in `reviewed.toml`, read
beside the facts it rests on. *Tied*: a text of the knowledge that names only what its entry links
to; that is enough for definitions and for what somebody else says. A sentence with a word that
people act on has to be executed, bound or quoted.

`python -m cdtref.site.holding [PAGE …]` tells how sentences stand, and what is wrong.
"""

import difflib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import cdtref
from cdtref.compiling import KNOWLEDGE, marks
from cdtref.compiling.checks import KINDS, leaves
from cdtref.compiling.reading import Read
from cdtref.model import Judgment, Rule, covers
from cdtref.paperwork import Pays
from cdtref.words import APART, label

from . import alike, bound, leads, notes, pointing, reviewed
from .advice import Here, check_sentence, fits, sentences
from .sentences import ROOT, Sentence, Span, advice_of, of_page, shared
from .untrue import UnreadableError, UntrueError

DOCS = ROOT / "docs"

ACTS = re.compile(
    r"\d"
    r"|\b(?:must|never|always|only|may not|cannot|do not|don['’]t)\b"
    r"|\b(?:un)?(?:bill|report|charg|appeal|withdr[ae]w|attach|enclos|collect|wait)"
    r"(?:e|s|es|ed|n|ing|able)?\b"
    r"|\bcodes? of (?:its|their) own\b|\bcodes? named?s?\b"
    r"|\b(?:re)?(?:send|sent)s?\b|\bcorrect(?:s|ed|ing)?\b|\bow(?:e|es|ed|ing)\b"
    r"|\bkeep the line\b|\bcounts? on\b|\bproves?\b"
    r"|\bwrit(?:e|ten)[ -]off\b|\bpart of\b|\bseparate(?:ly)?\b|\b(?:in)?valid\b",
    re.IGNORECASE,
)
"""Words that people act on."""

STORIES = {
    *(
        "also",
        "example",
        "name",
        "phrase",
        "short",
        "shared",
        "story",
        "title",
        "publisher",
        "date",
    ),
    *("when", "kind", "number", "code.text", "service.act", "service.use", "situation.text"),
    *("rule.part_of", "term.term", "edition.id", "words"),
}
"""Fields of the knowledge that are made up, or are names of things: nobody acts on them."""

ADVICE = {
    *("denial.first_move", "denial.correct", "denial.not_argue", "denial.patient"),
    *("charge.answer", "charge.why", "caution.text", "ingredient.says", "item.why"),
    "statement.why",
    *("coverage.says", "retention.says", "question.answer"),
}
"""Fields of the knowledge that tell what to do, or what that rests on: to be tied is not enough."""

SOMEBODY = {
    "position",
    "event",
    "source",
    "statement.says",
    "coverage.scope",
    "retention.where",
    "topic",
}
"""Kinds that tell what somebody else says, or what once was. They are tied, whatever they say, but
for what a position says of what the patient owes."""

TITLES = {"topic.heading", "source.title"}
"""Names that a page may take over from what somebody else says."""

OWED = re.compile(r"\b(?:charge[ds]?|billable|collect(?:s|ed)?|owe[ds]?)\b", re.IGNORECASE)
"""Words on what the patient pays."""


ANSWERS = {"code", "rule", "scenario", "service"}
"""Kinds whose every sentence says why an answer is so: tied is not enough for them. Words that the
payer is asked are none."""


Finds = Callable[[str], re.Match[str] | None]
"""Finds in a text what decides."""


PRESUMES = re.compile(
    rf"{bound.ORDERS.pattern}|\b(?:already|cannot|never|optional|required|signed|without)\b",
    re.IGNORECASE,
)
"""Words by which a question says what comes before what, or what has been done."""

GRANTS = re.compile(r"\b(?:although|despite|even|regardless|whatever|whichever)\b", re.IGNORECASE)
"""Words by which a question takes something for granted."""

LEANING = {"charge", "coverage", "denial", "outside", "remittance"}
"""Kinds of which people act on each text. What is only tied there may not turn round, order in
time, set a condition, or say whom to ask. A reason is a name; advice on pages is executed by it."""

WIDENS = re.compile(r"\b(?:or(?! more)|also|too)\b", re.IGNORECASE)
"""Words by which a code would be for more than what is bound says."""

STEPS = re.compile(r"\bsteps? of\b|\b(?:ask|if|optional|required)\b", re.IGNORECASE)


TELLS = re.compile(
    r"\b(?:may|might|can|could|should|shall|must|ought|need(?:s|ed)? to|ha(?:s|ve) to|calls? for"
    r"|wants?|requir\w*|permit\w*|forb[ia]d\w*|prohibit\w*|oblig\w*|waiv\w*|refund\w*|demand\w*"
    r"|insist\w*|enough|suffic\w*|safe|unsafe|any|nothing|again|even|still|regardless|despite"
    r"|whatever|whichever|anyway|instead|rather|drop\w*|omit\w*|skip\w*|ignor\w*|reject\w*"
    r"|replac\w*|add(?:s|ing)?|separate\w*|twice|double|until|while)\b",
    re.IGNORECASE,
)
"""Words by which a definition or a gloss would say what to do, what is wanted or what will do."""


class Hold(StrEnum):
    """How a sentence is held."""

    EXECUTED = "executed"
    BOUND = "bound"
    QUOTED = "quoted"
    REVIEWED = "reviewed"
    TIED = "tied"
    QUESTION = "question"
    """It asserts nothing."""
    IDLE = "idle"
    """Nobody could act on it: a label without such a word, or listed with a reason."""
    FREE = "free"
    """By nothing, which is a mistake."""
    FALSE = "false"
    """The library says otherwise, or what should hold it cannot be read."""


class Beside(NamedTuple):
    """What a sentence is held against, beside the library."""

    quotable: frozenset[str]
    """What the sentences say that it may be one of, as `alike.keys`."""
    listed: reviewed.Listed
    own: object = None
    """The part of an entry of the knowledge that it stands in."""
    here: Here | None = None
    """What such a text speaks of."""
    sample: notes.Sample | None = None
    """What it is a sample of, if it is a note that is made up."""


class Held(NamedTuple):
    """A sentence, where it stands, and how it is held."""

    where: str
    """A page such as `guide/appeals.md`, or an entry and its field: `denial:bundled correct`."""
    sentence: Sentence
    hold: Hold
    wrong: str = ""
    """What is wrong with it, if anything is."""

    def __str__(self) -> str:
        line = f":{self.sentence.line}" if self.sentence.line else ""
        told = f"{self.where}{line}: {self.hold.value}: {self.sentence.text}"
        return f"{told}\n    {self.wrong}" if self.wrong else told


def pages(docs: Path = DOCS) -> dict[str, str]:
    """The source of every hand-written page, by its path."""
    return {
        path.relative_to(docs).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(docs.rglob("*.md"))
    }


def on_page(page: str, source: str, texts: frozenset[str], listed: reviewed.Listed) -> list[Held]:
    """How each sentence of a page is held. `texts` are the sentences of the knowledge."""
    advice_of(source)  # raises where an attribute list is not one
    beside = Beside(texts, listed)
    found = [_held(page, one, beside) for one in of_page(source)]
    return list(_spared(page, found, listed)) if reviewed.off() else found


def in_place(
    page: str, source: str, found: list[Held], entries: pointing.Origins
) -> Iterator[Held]:
    """The sentences of a page again; who points back to something that is not near is free."""
    standing = [held.sentence for held in found]
    quoted = {at for at, held in enumerate(found) if held.hold is Hold.QUOTED}
    lost = set(pointing.out_of_place(page, source, standing, quoted, entries))
    told = "it points back: quote, bind or link what it points to beside it"
    for at, held in enumerate(found):
        yield held._replace(hold=Hold.FREE, wrong=told) if at in lost else held


def wrong_links(page: str, source: str, sources: dict[str, str]) -> Iterator[Held]:
    """The links of a page that say one thing and lead to another. `sources` are all pages."""
    for link in leads.of_page(page, source):
        try:
            leads.check(link, sources)
        except UntrueError as error:
            yield Held(page, Sentence(link.words), Hold.FALSE, str(error))


def _spared(page: str, found: list[Held], listed: reviewed.Listed) -> Iterator[Held]:
    """Without the list: no more sentences may be spared than are reviewed on the page."""
    spared = [
        held
        for held in found
        if held.hold is Hold.IDLE
        and not held.sentence.label
        and (page, held.sentence.text) not in listed
    ]
    told = f"{len(spared)} sentences are held by nothing, more than the list has for the page"
    standing = {held.sentence.text for held in found}
    several = len(spared) > reviewed.number(page, standing)
    for held in found:
        free = several and held in spared
        yield held._replace(hold=Hold.FREE, wrong=told) if free else held


def in_knowledge(
    folder: Path, quoted: frozenset[str], listed: reviewed.Listed | None = None
) -> list[Held]:
    """How each sentence of the knowledge is held. `quoted` stand elsewhere too."""
    found: list[Held] = []
    listed = reviewed.read() if listed is None else listed
    for (kind, id), entry in Read(folder).marked.items():
        if entry.get("announced"):  # another text takes its place once the edition is read
            continue
        for path, field, text in leaves(entry):
            if _is_held(kind, field, text) or notes.sample_of(_fact(kind, id), path):
                spans = [Span(*span) for span in marks.spans(text)]
                plain = str(marks.plain(text))
                held = of_text(kind, id, path, plain, spans, quoted, listed)
                found += _spared(held[0].where, held, listed) if held and reviewed.off() else held
        found += _untold(kind, id, entry)
    return found


def _untold(kind: str, id: str, entry: dict[str, Any]) -> Iterator[Held]:
    """What not to do about a denial, or what is not paid, and no sentence of it that says so."""
    texts = [text for _, _, text in leaves(entry) if isinstance(text, str)]
    spans = [span for text in texts for span in marks.spans(text)]
    said = {bound.plain(words) for words, _ in spans}
    if (
        kind == "coverage"
        and entry["pays"] == Pays.NO
        and "pays" not in {fact for _, fact in spans}
    ):
        yield Held(f"{kind}:{id} pays", Sentence(label(Pays.NO)), Hold.FALSE, _UNTOLD)
    for value in entry["avoid"] if kind == "denial" else ():
        words = label(cdtref.Avoid(value))
        if bound.plain(words) not in said:
            yield Held(f"{kind}:{id} avoid", Sentence(words), Hold.FALSE, _UNTOLD)


_UNTOLD = "no sentence of the entry is bound to it"


def of_text(
    kind: str,
    id: str,
    path: str,
    text: str,
    spans: list[Span],
    quoted: frozenset[str],
    listed: reviewed.Listed,
) -> list[Held]:
    """How each sentence of a text of an entry is held, with the words of it that are bound."""
    beside = _beside(kind, id, path, quoted, listed)
    if beside.sample:
        return [_held(f"{kind}:{id} {path}", Sentence(text, tuple(spans)), beside)]
    itself = (path.partition("[")[0], f"{kind}:{id} {path.partition('[')[0]}")
    if any(span.fact in itself for span in spans):
        told = "words are bound to the text that they stand in"
        return [Held(f"{kind}:{id} {path}", Sentence(text, tuple(spans)), Hold.FALSE, told)]
    return [
        _held(f"{kind}:{id} {path}", Sentence(sentence, bounds, further=at > 0), beside)
        for at, (sentence, bounds) in enumerate(shared(spans, sentences(text)))
    ]


def leaned_on(folder: Path, standing: list[Held]) -> Iterator[str]:
    """Sentences of the knowledge to which words elsewhere are bound: all that one could act on.

    `standing` are the sentences of the pages.
    """
    marked = Read(folder).marked
    bounds: dict[str, set[str]] = {}
    for span in (span for held in standing for span in held.sentence.spans):
        bounds.setdefault(span.fact, set()).add(span.words)
    for (kind, id), entry in marked.items():
        for _, _, text in leaves(entry):
            for words, fact in marks.spans(text) if isinstance(text, str) else ():
                told = fact if " " in fact else f"{kind}:{id} {fact}"
                bounds.setdefault(told, set()).add(words)
    for (kind, id), entry in marked.items():
        for _, field, text in leaves(entry):
            runs = bounds.get(f"{kind}:{id} {field}", set())
            plain = sentences(str(marks.plain(text))) if runs else []
            yield from (one for one in plain if _is_leaned_on(one, runs))


def _is_leaned_on(sentence: str, runs: set[str]) -> bool:
    if any(bound.is_same(run, sentence) for run in runs):
        return True
    rest = before = f" {bound.plain(sentence)} "
    for run in sorted(map(bound.plain, runs), key=len, reverse=True):
        rest = rest.replace(f" {run} ", " ") if " " in run else rest
    return rest != before and not (bound.TURNS.search(rest) or ACTS.search(rest))


def again(held: Held) -> Held:
    """The same sentence, executed or bound, put to the library as it is now."""
    return anew(held, held.sentence, frozenset(), frozenset(), {})


def anew(
    held: Held,
    sentence: Sentence,
    texts: frozenset[str],
    quoted: frozenset[str],
    listed: reviewed.Listed,
) -> Held:
    """How another sentence would be held in the place of one."""
    entry, _, path = held.where.rpartition(" ")  # an edition has a blank in its id
    if not entry:
        return _held(held.where, sentence, Beside(texts, listed))
    kind, _, id = entry.partition(":")
    return _held(held.where, sentence, _beside(kind, id, path, quoted, listed))


def check_advice(sentences: list[Sentence]) -> None:
    """Raises `UntrueError` or `UnreadableError` unless each sentence is executed or bound."""
    for one in sentences:
        _hold("", one, Beside(frozenset(), {}))


def texts(folder: Path = KNOWLEDGE) -> frozenset[str]:
    """Every sentence of the knowledge that is ours, or that a guide says rightly; every question
    that one of them quotes; and the notice on whose work the code set is."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").split("\n\n")
    said = [sentence for paragraph in notice for sentence in sentences(paragraph)]
    return quotable(said) | frozenset(origins(folder))


def origins(folder: Path = KNOWLEDGE) -> dict[str, set[str]]:
    """The entries that say what may be quoted of the knowledge, by the keys of the sentence."""
    found: dict[str, set[str]] = {}
    for (kind, id), entry in Read(folder).marked.items():
        for _, field, text in leaves(marks.plain(entry)):
            if _is_text(text) and _is_ours(kind, field, entry):
                for sentence in sentences(text):
                    asked = re.findall(r'["“]([^"”]+\?)["”]', sentence)
                    for key in quotable([sentence, *asked]):
                        found.setdefault(key, set()).add(f"{kind}:{id}")
    return found


def _is_ours(kind: str, field: str, entry: dict[str, Any]) -> bool:
    """Whether a text is ours to quote: no position, no event; of a guide, what it says rightly."""
    if f"{kind}.{field}" in TITLES or entry.get("judgment") == Judgment.AGREES:
        return True
    return not {kind, f"{kind}.{field}"} & SOMEBODY


def texts_of(kind: str, id: str) -> frozenset[str]:
    """Every sentence of one entry."""
    return frozenset(
        sentence
        for _, _, text in leaves(marks.plain(Read(KNOWLEDGE).marked[kind, id]))
        if _is_text(text)
        for sentence in sentences(text)
    )


def everything(docs: Path = DOCS, folder: Path = KNOWLEDGE) -> list[Held]:
    """Every sentence that is written by hand, on pages and in the knowledge."""
    known, listed, sources = texts(folder), reviewed.read(), pages(docs)
    entries = origins(folder)
    found: list[Held] = []
    for page, text in sources.items():
        found += in_place(page, text, on_page(page, text, known, listed), entries)
    found += [held for page, text in sources.items() for held in wrong_links(page, text, sources)]
    quoted = [held.sentence.text for held in found if held.hold is Hold.QUOTED]
    leaned = quotable([*quoted, *leaned_on(folder, found)])
    return list(told_apart([*found, *in_knowledge(folder, leaned, listed)]))


def told_apart(found: list[Held]) -> Iterator[Held]:
    """Of one fact, no two words that say more than its value, such as “not yet” and a write-off."""
    said: dict[str, set[str]] = {}
    for held in found:
        for span in held.sentence.spans:
            said.setdefault(_fact_of(span, held.where), set()).add(bound.plain(span.words))
    apart = {bound.plain(words) for words in APART}
    labels = {bound.plain(label(value)) for value in (*cdtref.MayCharge, *Pays)}
    mixed = {fact for fact, words in said.items() if words & apart and len(words - labels) > 1}
    for held in found:
        facts = {_fact_of(span, held.where) for span in held.sentence.spans} & mixed
        told = "; ".join(f"{fact} is called {' and '.join(sorted(said[fact]))}" for fact in facts)
        yield held._replace(hold=Hold.FALSE, wrong=f"{told}: say one") if facts else held


def _fact_of(span: Span, where: str) -> str:
    return span.fact if " " in span.fact else f"{where.rpartition(' ')[0]} {span.fact}"


def _beside(
    kind: str, id: str, path: str, quoted: frozenset[str], listed: reviewed.Listed
) -> Beside:
    fact = _fact(kind, id)
    own, sample = _inner(fact, path), notes.sample_of(fact, path)
    return Beside(quoted, listed, own, _here(fact), sample)


def _held(where: str, one: Sentence, beside: Beside) -> Held:
    try:
        hold = _hold_sample(one, beside) if beside.sample else _hold(where, one, beside)
    except (UnreadableError, UntrueError, cdtref.CdtrefError) as error:
        return Held(where, one, Hold.FALSE, str(error))
    if hold is Hold.FREE:
        return Held(where, one, hold, _remedy(one))
    return Held(where, one, hold)


def _hold_sample(one: Sentence, beside: Beside) -> Hold:
    if beside.sample:
        notes.check_note(one.text, beside.sample)
    if one.spans:
        _check_spans(one, beside.own, (bound.TURNS.search,))
    return Hold.EXECUTED


def _hold(where: str, one: Sentence, beside: Beside) -> Hold:
    if one.spans:
        _check_bound(where, one, beside.own)
        return Hold.BOUND
    if one.advice or fits(one.text, beside.here):
        check_sentence(one.text, beside.here)
        return Hold.EXECUTED
    if _is_quoted(one, beside):
        return Hold.QUOTED
    if _only_asks(one):
        return Hold.FREE if _presumes(where, one) else Hold.QUESTION
    if _is_tied(where, one) and not (ACTS.search(one.text) or _leans(where, one.text)):
        return Hold.TIED
    return _hold_by_list(where, one, beside.listed)


def _is_quoted(one: Sentence, beside: Beside) -> bool:
    """Whether the knowledge says it; of sentences that are joined, whether each is held."""
    if len(one.text.split()) < 3:
        return False
    parts = alike.parts(one.text)
    return _is_among(one.text, beside.quotable) or (
        len(parts) > 1 and all(len(part.split()) > 2 and _is_said(part, beside) for part in parts)
    )


def _is_said(part: str, beside: Beside) -> bool:
    if not fits(part, beside.here):
        return _is_among(part, beside.quotable)
    check_sentence(part, beside.here)
    return True


def _is_among(sentence: str, quotable: frozenset[str]) -> bool:
    return not alike.keys(sentence).isdisjoint(quotable)


def quotable(said: Iterable[str]) -> frozenset[str]:
    """What may be quoted, if these sentences may."""
    return frozenset().union(*map(alike.keys, said))


def _is_tied(where: str, one: Sentence) -> bool:
    """Whether it stands in the knowledge, where a text may be no more than tied.

    A definition may be. What else is said behind it may not.
    """
    defined = where.startswith("term:") and one.further
    return ":" in where and not (defined or _gives_answers(where))


def _leans(where: str, text: str) -> bool:
    """Whether a tied text says what people act on, though in no word of `ACTS`."""
    kind = where.partition(":")[0]
    if kind in ("term", "edition"):
        return bool(TELLS.search(text))
    if kind not in LEANING or where.endswith(" reason"):
        return False
    return any(words.search(text) for words in (bound.TURNS, bound.ORDERS, STEPS, TELLS))


def _gives_answers(where: str) -> bool:
    """Whether a text of the knowledge gives an answer, its reasons, or tells what to do."""
    if re.sub(r":\S+ ", ".", where) in ADVICE:
        return True
    return where.partition(":")[0] in ANSWERS and not where.endswith((" ask", ".ask"))


def _only_asks(one: Sentence) -> bool:
    """Whether it asserts nothing; what the payer is asked of a code is the knowledge's to say."""
    if not one.text.endswith(("?", "?”", '?"')):
        return False
    told = one.text.rpartition(": ")[0]
    if re.search(r".\bask$", told):  # and says when, or why
        return False
    return not (ACTS.search(told) or GRANTS.search(one.text))


def _presumes(where: str, one: Sentence) -> bool:
    """Whether what the payer is asked takes an answer for granted. On a page it is quoted."""
    ask = re.search(r"^item:.* asks$|[ .]ask$", where)
    asks = ask or re.search(r"\bask\b.*:", one.text, re.IGNORECASE)
    return one.asked or bool(asks and PRESUMES.search(one.text))


def _check_bound(where: str, one: Sentence, own: object) -> None:
    words = [bound.TURNS, ACTS, bound.OWED, bound.ORDERS, GRANTS]
    if not one.text.endswith("?"):
        words.append(bound.DECIDES)
    if re.fullmatch(r"code:\S+ use", where):
        words.append(WIDENS)
    _check_spans(one, own, [*map(_read_so, words), bound.publisher])


def _read_so(words: re.Pattern[str]) -> Finds:
    """Finds what decides. What `alike` reads as words that do not may stand where those may."""
    return lambda rest: words.search(alike.words(rest)) and words.search(rest)


def _check_spans(one: Sentence, own: object, decides: Iterable[Finds]) -> None:
    """Are the bound words those for their values, and does nothing else in it decide?"""
    rest = one.text
    for span in one.spans:
        bound.check_span(span.words, span.fact, own)
        before, _, after = rest.partition(span.words)
        before = bound.check_before(before, span.fact)
        bound.check_after(after, span.words, span.fact)
        rest = f"{before} {after}"
    if turned := next(filter(None, (find(rest) for find in decides)), None):
        told = f"“{turned[0]}” stands outside of what is bound"
        raise UnreadableError(f"{told}: bind it too, or shorten the sentence")


def _hold_by_list(where: str, one: Sentence, listed: reviewed.Listed) -> Hold:
    acts = ACTS.search(one.text)
    if entry := listed.get((where, one.text)):
        if acts and not entry.reason:
            told = f"people act on “{acts[0]}”: to be reviewed is not enough"
            raise UnreadableError(f"{told}; say it in a form, bind it, or quote the knowledge")
        return Hold.IDLE if entry.reason else Hold.REVIEWED
    if acts:
        return Hold.FREE
    return Hold.IDLE if one.label or reviewed.off() else Hold.FREE


def _remedy(one: Sentence) -> str:
    act = ACTS.search(one.text) or PRESUMES.search(one.text)
    why = f"people act on “{act[0]}”" if act else "nothing holds it"
    ways = "say it in a form, or bind the words that decide, or quote the knowledge"
    return f"{why}: {ways}" if act else f"{why}: {ways}, or list it in reviewed.toml"


def _is_held(kind: str, field: str, text: Any) -> bool:
    """Whether a text is one that people act on: no story, no name, nothing that somebody says.

    One that has bound words is held wherever it stands.
    """
    known = {field, f"{kind}.{field}", kind}
    owed = kind == "position" and OWED.search(str(text))
    free = known & STORIES or (known & SOMEBODY and not owed)
    return _is_text(text) and (not free or bool(marks.spans(text)))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and " " in value


def _fact(kind: str, id: str) -> Any:
    return cdtref.library.current().facts(KINDS[kind])[id]


def _inner(fact: Any, path: str) -> object:
    """The part of an entry that a text stands in: the entry, or one of its exceptions or visits."""
    for name, at in re.findall(r"(\w+)\[(\d+)\]\.", path):
        fact = getattr(fact, name)[int(at)]
    return fact


def _here(fact: Any) -> Here | None:
    """What “this service” is in a text of the fact, and on which days."""
    if isinstance(fact, cdtref.Service):
        return Here(fact.id)
    if isinstance(fact, cdtref.Scenario):
        return Here(fact.did[0] if len(fact.did) == 1 else "", (fact.on,))
    if isinstance(fact, Rule | cdtref.Code):
        ends = [day for one in cdtref.editions() for day in (one.since, one.until)]
        days = tuple(day for day in ends if covers(fact, day))
        return Here(fact.service if isinstance(fact, Rule) else "", days)
    if isinstance(fact, cdtref.Term):
        return Here(fact.service, fact=fact)
    if isinstance(fact, cdtref.Question):
        return Here(fact.services[0] if len(fact.services) == 1 else "", fact=fact)
    return Here(fact=fact)


def false(found: list[Held]) -> list[Held]:
    """The sentences that the library contradicts, or that cannot be put to it."""
    return [held for held in found if held.hold is Hold.FALSE]


def mistakes(found: list[Held]) -> list[Held]:
    """The sentences that something is wrong with."""
    return [held for held in found if held.wrong]


def told(wrong: list[Held], found: list[Held]) -> str:
    """What is wrong with each, and where nearly the same stands: both are worded anew together."""
    return "\n".join(f"{one}{_near(one, found)}" for one in wrong)


def _near(one: Held, found: list[Held]) -> str:
    others = {other.sentence.text: other.where for other in found if other.where != one.where}
    close = difflib.get_close_matches(one.sentence.text, others, 1, 0.7) if one.wrong else ()
    return "".join(f"\n    nearly the same stands in {others[text]}: {text}" for text in close)


def main(arguments: list[str]) -> int:
    """Tell how the pages stand, or everything; the exit status is 1 if something is wrong."""
    found = everything()
    wanted = [Path(argument).resolve().relative_to(DOCS).as_posix() for argument in arguments]
    shown = [held for held in found if held.where in wanted] if wanted else mistakes(found)
    if shown:
        print(told(shown, found))
    wrong = len(mistakes(shown))
    counts = {hold.value: sum(held.hold is hold for held in found) for hold in Hold}
    print(", ".join(f"{count} {name}" for name, count in counts.items() if count))
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
