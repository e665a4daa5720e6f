"""Which of our answers a page of somebody else cites, and which of them changed or ended since.

A quotation that was pasted says in its data what it answered, for which date of service, and in
which version. A plain link says only where it leads. `ledger.txt` has every address that was ever
promised: each page with its anchors, and the short ones.
"""

import codecs
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from . import coding, facts, history, payment
from .coding import out_of_effect
from .errors import CdtrefError, InvalidDateError, InvalidInputError, UnknownEditionError
from .inputs import day, shown
from .library import current
from .model import Verdict
from .values import Value
from .words import VERDICT_OF

MARK = "data-cdtref"
"""What tells a quotation of ours from another: the version it was made with."""
_HEAD = 1024
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class State(StrEnum):
    """What became of an answer that a page cites."""

    HOLDS = "holds"
    """It is what we answer."""
    CHANGED = "changed"
    """We answer otherwise now."""
    ENDED = "ended"
    """It was right, and holds no longer for dates of service of that day."""
    NONE = "none"
    """It is no answer of ours, or leads nowhere."""


class Citation(Value):
    """An answer that a page cites."""

    line: int
    """Where it stands in the page, beginning with 1."""
    address: str
    """As the page has it."""
    state: State
    why: str
    """In words; empty if it holds."""
    quoted: bool
    """Whether the answer itself stands in the page, and not only a link."""


def decoded(page: bytes) -> str:
    """The text of a page in the encoding that it declares; else UTF-8, or that of old Windows.

    Raises:
        InvalidInputError: It is no text, or not in the encoding that it declares.
    """
    for bom, name in _BOMS:
        if page.startswith(bom):
            return _decode(page, name)
    declared = _CHARSET.search(page[:_HEAD])
    if declared:
        return _decode(page, declared[1].decode("ascii"))
    try:
        return _decode(page, "utf-8")
    except InvalidInputError:
        if b"\0" in page:
            raise InvalidInputError("It is no text.") from None
        return page.decode("cp1252", errors="replace")  # what browsers take it for


def _decode(page: bytes, name: str) -> str:
    try:
        text = page.decode(name)
    except LookupError:
        raise InvalidInputError(f"It declares an encoding that is none: {shown(name)}.") from None
    except UnicodeError:
        raise InvalidInputError(f"It is not in the encoding {shown(name)}.") from None
    if "\0" in text:
        raise InvalidInputError("It is no text.")
    return text


def check(
    page: str, *, sites: Iterable[str] = (), on: dt.date | str = "today"
) -> tuple[Citation, ...]:
    """Which of our answers does a page cite, and what became of them?

    Arguments:
        page: The HTML of the page.
        sites: The address of the site that the page links to, such as `https://example.org/`; more
            of them, if it has several. Left out, those of the quotations in the page are taken.
        on: The day on which the answers must hold, a `date` or `YYYY-MM-DD`. Left out, it is today.

    Returns:
        A citation for each quotation and each link, in the order of the page.

    Raises:
        InvalidInputError: The page cannot be read.
        InvalidDateError: `on` is no date.

    Examples:
        >>> from cdtref import linking
        >>> page = '<a href="https://example.org/D0470">casts</a>'
        >>> [one.state.value for one in linking.check(page, sites=["https://example.org/"])]
        ['holds']
    """
    today = day(on)
    reader = _Reader()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError as error:  # what the parser says of a declaration that it cannot read
        raise InvalidInputError(f"It is broken: {error}.") from None
    bases = {site.rstrip("/") + "/" for site in sites}
    if not bases:
        cited = (_base(quote.get("cite", "")) for quote in reader.quotes.values())
        bases = {base for base in cited if base}
    return tuple(_citations(reader, bases, today))


class _Reader(HTMLParser):
    """The quotations and links of a page, by their line and place."""

    def __init__(self) -> None:
        super().__init__()
        self.quotes: dict[tuple[int, int], dict[str, str]] = {}
        self.links: dict[tuple[int, int], str] = {}
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "blockquote" and MARK in told:
            self.quotes[self.getpos()] = told
            self.inside = told.get("cite", "")
        elif tag == "a" and told.get("href") and told["href"] != self.inside:
            self.links[self.getpos()] = told["href"].strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self.inside = ""


def _citations(reader: _Reader, bases: set[str], today: dt.date) -> Iterator[Citation]:
    for place in sorted([*reader.quotes, *reader.links]):
        line = place[0]
        if (quote := reader.quotes.get(place)) is not None:
            address = quote.get("cite", "")
            yield Citation(line, address, *_of_quote(quote, address, bases, today), quoted=True)
            continue
        address = reader.links[place]
        base = _longest(base for base in bases if f"{address}/".startswith(base))
        if base:
            yield Citation(line, address, *_of_link(address[len(base) :], today), quoted=False)


def _longest(bases: Iterable[str]) -> str:
    return max(bases, key=len, default="")


# --- Addresses ------------------------------------------------------------------------------------


@cache
def ledger() -> dict[str, frozenset[str]]:
    """The anchors of each promised address, `codes/D0470/` or `d0470/`."""
    path = str(Path(__file__).with_name("ledger.txt"))
    # The loader that found this module finds its neighbor, in a folder or in a zip file.
    text: bytes = __spec__.loader.get_data(path)  # type: ignore[union-attr]
    rows = (line.split(" ") for line in text.decode("utf-8").splitlines())
    return {page.removeprefix("/"): frozenset(anchors) for page, *anchors in rows}


def _base(address: str) -> str:
    """What stands before an address of ours; empty if it is none."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return ""
    folders = parts.path.split("/")
    for at in range(1, len(folders)):  # the longest address of ours that it ends with
        rest = "/".join(folders[at:])
        if rest and _page(rest) in ledger():
            return f"{parts.scheme}://{parts.netloc}{'/'.join(folders[:at])}/"
    return ""


def _page(path: str) -> str:
    """The path of a page as the ledger has it."""
    path = unquote(path).removesuffix("index.html").strip("/")
    return f"{path}/" if path else ""


def _of_link(rest: str, today: dt.date) -> tuple[State, str]:
    """What became of an address of ours, told from the folder of the site on."""
    parts = urlsplit(rest)
    page, anchor = _page(parts.path), unquote(parts.fragment).partition(":~:")[0]
    known = ledger()
    if page not in known:
        lower = {name.lower(): name for name in known}
        meant = lower.get(page.lower())
        if meant is None:
            return State.NONE, "no such page"
        if meant.count("/") > 1:
            return State.NONE, f"no such page; {meant} is one"
        page = meant  # a short one: whatever its capitals, it leads on
    if anchor and known[page] and anchor not in known[page]:
        return State.NONE, f"the page has no part {shown(anchor)}"
    asked = parse_qs(parts.query).get("on", [""])[0]
    if asked:
        try:
            today = day(asked)
            current().edition(today)
        except (InvalidDateError, UnknownEditionError):
            return State.NONE, f"{shown(asked)} is no date of service that is answered here"
    code = re.match(r"(?:codes/)?(d\d{4})/", page, re.IGNORECASE)
    if code and not asked and (over := out_of_effect(facts.code(code[1]), today)):
        return State.ENDED, over
    return State.HOLDS, ""


# --- Quotations -----------------------------------------------------------------------------------


def _of_quote(
    quote: dict[str, str], address: str, bases: set[str], today: dt.date
) -> tuple[State, str]:
    base = _longest(base for base in bases if address.startswith(base))
    if not base:
        return State.NONE, "its address is none of ours"
    led, why = _of_link(address[len(base) :], dt.date.min)
    if led is State.NONE:
        return led, why
    version = quote[MARK]
    if version not in {current().version, *(one.version for one in history.releases())}:
        return State.NONE, f"version {shown(version)} was never released, or is newer than this one"
    told = {name.removeprefix("data-"): value for name, value in quote.items()}
    answer = _asked(told)
    try:
        if answer:
            return _compared(told, answer, address, today)
        why = "it does not say what it answers"
    except UnknownEditionError:
        why = f"no edition is encoded for {shown(told.get('on', ''))}"
    except CdtrefError as error:
        why = str(error)
    return State.NONE, why


_Told = dict[str, str]
_Answer = Callable[[dt.date], _Told]


def _asked(told: _Told) -> _Answer | None:
    """What answers what a quotation asks, on a date of service."""
    asks: tuple[tuple[tuple[str, ...], Callable[..., _Told]], ...] = (
        (("code", "service"), _pair),
        (("service",), _service),
        (("code",), _code),
        (("scenario",), _scenario),
        (("denial",), _denial),
        (("remittance",), _remittance),
    )
    for names, answer in asks:
        if all(told.get(name) for name in names):
            given = [told[name] for name in names]
            return lambda on: answer(*given, on)
    return None


def _compared(told: _Told, answer: _Answer, address: str, today: dt.date) -> tuple[State, str]:
    last = current().editions()[-1].until
    on = day(told["on"]) if told.get("on") else last
    current().edition(on)
    if differs := _difference(told, answer(on)):
        return State.CHANGED, differs
    dated = "scenario" in told or not told.get("on") or parse_qs(urlsplit(address).query).get("on")
    if dated or today <= on:
        return State.HOLDS, ""
    if today > last:
        return State.ENDED, f"dates of service after {last} are not answered here yet"
    if differs := _difference(told, answer(today)):
        return State.ENDED, f"on {today}: {differs}"
    return State.HOLDS, ""


def _difference(told: _Told, now: _Told) -> str:
    """What is said and no longer so, in words."""
    return "; ".join(
        f"{name} was {told.get(name) or 'none'}, is {value or 'none'}"
        for name, value in now.items()
        if told.get(name, "") != value
    )


def _yes(disputed: object) -> str:
    return "yes" if disputed else ""


def _pair(code: str, service: str, on: dt.date) -> _Told:
    answer = coding.can_bill(code, service, on=on)
    report = answer.code if answer.verdict is Verdict.YES else " ".join(answer.instead)
    return {
        "verdict": answer.verdict.value,
        "report": report,
        "sure": answer.confidence.value,
        "disputed": _yes(answer.disputed),
    }


def _service(service: str, on: dt.date) -> _Told:
    (answer,) = coding.recommend([service], on=on).services
    return {
        "verdict": VERDICT_OF[answer.outcome].value,
        "report": " ".join(answer.codes),
        "sure": answer.confidence.value,
        "disputed": _yes(answer.disputed),
    }


def _code(code: str, on: dt.date) -> _Told:
    over = out_of_effect(facts.code(code), on)
    return {"verdict": (Verdict.NO if over else Verdict.YES).value}


def _scenario(id: str, _on: dt.date) -> _Told:
    scenario = facts.scenario(id)
    visits = [(scenario.did, scenario.on), *((one.did, one.on) for one in scenario.then)]
    done = [coding.recommend(did, on=on) for did, on in visits]
    return {
        "report": " ".join(line.code for visit in done for line in visit.lines),
        "sure": scenario.confidence.value,
        "disputed": _yes(any(one.dissent for visit in done for one in visit.services)),
    }


def _denial(id: str, _on: dt.date) -> _Told:
    denial = payment.denial(id)
    return {
        "sure": denial.confidence.value,
        "remedy": denial.remedy.value,
        "otherwise": denial.otherwise.value,
    }


def _remittance(code: str, _on: dt.date) -> _Told:
    found = payment.remittance(code)
    meant = [one.id for one in payment.denials() if found.id in (*one.carcs, *one.rarcs)]
    return {"report": " ".join(meant), "sure": found.confidence.value}
