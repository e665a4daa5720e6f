"""The same questions from a terminal: `cdtref can-bill D0470 intraoral-scan --on 2026-03-02`."""

import argparse
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import cdtref
from cdtref import CdtrefError, InvalidInputError, check_command, history
from cdtref.inputs import shown
from cdtref.library import current
from cdtref.words import VERDICT_OF, WIDTH, filled, headline, label, meaning

_Dated = TypeVar("_Dated", cdtref.Answer, cdtref.Recommendation)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all is well, 1 for findings, 2 for what could not be understood."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # texts hold “quotes” that a code page may lack
            stream.reconfigure(errors="replace")
    try:
        options = _parser().parse_args(arguments)
        command: Callable[[argparse.Namespace], int] = options.command
        status = command(options)
        sys.stdout.flush()  # so that a reader who left is noticed here
        return status
    except CdtrefError as error:
        print(f"cdtref: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename!a}: " if error.filename else ""
        print(f"cdtref: {where}{error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cdtref",
        description="Which CDT code describes a diagnostic cast, a scan, a simulation or a print.",
        epilog="CDT is copyright and trademark of the American Dental Association. Not legal or "
        "billing advice.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, help: str, example: str, command: Callable[[argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=help,
            description=help,
            epilog=f"Example:\n  cdtref {name} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.add_argument("--json", action="store_true", help="print JSON instead of text")
        made.set_defaults(command=command)
        return made

    on = {"default": "today", "metavar": "DATE", "help": "date of service, YYYY-MM-DD; else today"}
    note = {
        "action": "append",
        "default": [],
        "metavar": "ITEM=TEXT",
        "help": "an item of the note; repeat it. Nothing that names a patient",
    }

    made = add(
        "ask",
        "What do these words mean, and what is the answer?",
        '"iTero scan for a crown"',
        _ask,
    )
    made.add_argument("words", nargs="+", help="what was done, a code, what the denial says")

    made = add(
        "can-bill",
        "Does this code describe that service on that date?",
        "D0470 intraoral-scan --on 2026-03-02",
        _can_bill,
    )
    made.add_argument("code")
    made.add_argument("service", help="a service id; `cdtref service` lists them")
    made.add_argument("--on", **on)  # type: ignore[arg-type]

    made = add(
        "recommend",
        "Which claim lines report what was done?",
        "intraoral-scan in-office-print --on 2026-03-02",
        _recommend,
    )
    made.add_argument("did", nargs="+", metavar="service")
    made.add_argument("--on", **on)  # type: ignore[arg-type]

    made = add("code", "A code: title, dates, what it is for.", "D0801", _code)
    made.add_argument("code", nargs="?", help="left out, all codes are listed")

    made = add("service", "A service and its everyday words.", "intraoral-scan", _service)
    made.add_argument("service", nargs="?", help="left out, all services are listed")

    made = add("documentation", "What the record must hold for a code.", "D0470", _documentation)
    made.add_argument("code")

    made = add(
        "narrative",
        "The claim remark, from the note and nothing else.",
        'D0470 --note purpose="Worn teeth" --note method="Alginate, poured"',
        _narrative,
    )
    made.add_argument("code")
    made.add_argument("--note", **note)  # type: ignore[arg-type]

    made = add("denial", "What a denial means and the first move.", "CO-97", _denial)
    made.add_argument("denial", nargs="?", help="an id, a CARC or a RARC; left out, all are listed")

    made = add(
        "letter",
        "An appeal, or what goes with a corrected claim.",
        'wrong-code --note method="Scan of both arches"',
        _letter,
    )
    made.add_argument("denial")
    made.add_argument("--note", **note)  # type: ignore[arg-type]

    check_command.add_to(add)

    made = add(
        "changes",
        "Which answers changed from one version to another? Exit status 1 if any did, else 0.",
        "2026.11.1 2026.11.2",
        _changes,
    )
    made.add_argument("old", help="a released version, or a JSON file of `cdtref.verdicts()`")
    made.add_argument("new", nargs="?", default="", help="the same; left out, what is installed")

    made = add(
        "links",
        "Which of our answers a page cites, and which changed or ended since. Exit status 2 if a "
        "page could not be read, 1 if an answer changed, ended or is none, else 0.",
        "page.html --site https://example.org/",
        _links,
    )
    made.add_argument("page", help="a page of HTML, or a folder of them")
    made.add_argument(
        "--site",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="the address of the site that plain links lead to; repeat it for several",
    )
    made.add_argument(
        "--on", default="today", metavar="DATE", help="the day on which they hold; else today"
    )

    made = add("sources", "Where the facts come from.", "delta-dental-fyi-2026", _sources)
    made.add_argument("source", nargs="?", help="left out, all sources are listed")
    return parser


class _Version(argparse.Action):
    """Reads the knowledge only when it is asked for its version."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> None:
        print(f"cdtref {cdtref.__version__}")
        parser.exit()


# --- Commands -------------------------------------------------------------------------------------


def _ask(options: argparse.Namespace) -> int:
    words = " ".join(options.words)
    hits = cdtref.search(words)
    if _as_json(options, hits):
        return 0 if hits else 1
    if not hits:
        _say(f"We have no entry for {shown(words)}. Say what was done, a code, or the denial.")
        return 1
    if len(hits) > 1 and hits[0].ambiguous:
        _say("That may mean several things: which was it?")
    for hit in hits:
        _say(_headline(hit))
        for line in _told(hit):
            _say(line, "    ")
        _say(hit.address, "    ")
    return 0


def _headline(hit: cdtref.Hit) -> str:
    answer = hit.answer
    if isinstance(answer, cdtref.Answer):
        told = headline(answer.verdict, code=answer.code, part_of=answer.part_of)
        return f"{told}: {cdtref.service(answer.service).short}"
    if isinstance(answer, cdtref.ServiceAnswer):
        return f"{_reported(answer)}: {hit.title}"
    return hit.title


def _reported(answer: cdtref.ServiceAnswer) -> str:
    verdict, code = VERDICT_OF[answer.outcome], " and ".join(answer.codes)
    return headline(verdict, code=code, part_of=answer.part_of)


def _told(hit: cdtref.Hit) -> Iterator[str]:
    """What stands under a hit: how sure, what to report instead, what to ask, for which date."""
    answer = hit.answer
    if isinstance(answer, cdtref.Code):
        yield answer.use
        yield _in_force(answer)
    elif isinstance(answer, cdtref.Recommendation):
        for one in answer.services:
            yield f"{_reported(one)}: {cdtref.service(one.service).short}"
    elif answer is not None:
        if isinstance(answer, cdtref.Answer) and answer.instead:
            yield f"Report: {', '.join(answer.instead)}"
        disputed = ", disputed" if answer.disputed else ""
        yield f"{label(answer.confidence)}{disputed}"
        if answer.ask:
            yield f"Ask the payer: {answer.ask}"
    last = getattr(answer, "last_known", None)  # a verdict of no is not true, and still known
    if last is not None:
        known = hit.__replace__(answer=last, on=None)
        told = "" if isinstance(last, cdtref.Recommendation) else f" {_headline(known)}"
        yield f"Last known, for {cdtref.editions()[-1].until}:{told}"
        yield from _told(known)
    if hit.on and not isinstance(answer, cdtref.Code):
        yield f"Date of service {hit.on}"


def _can_bill(options: argparse.Namespace) -> int:
    answer = cdtref.can_bill(options.code, options.service, on=options.on, beyond="last")
    if _as_json(options, answer):
        return 0
    asked, answer = answer, _last_known(answer)
    service = cdtref.service(answer.service)
    _say(f"{label(answer.verdict).upper()}: {answer.code} for {service.phrase}, {answer.on}")
    if answer.instead:
        _say(f"Report: {', '.join(answer.instead)}")
    _say(answer.why)
    if answer.part_of and answer.verdict is cdtref.Verdict.INCLUDED:
        _say(f"It is part of {answer.part_of}.")
    if answer.ask:
        _say(f"Ask the payer: {answer.ask}")
    for said, positions in (("Agreed by", answer.backing), ("Disputed by", answer.dissent)):
        if answer.disputed:
            _say(f"{said}:" if positions else f"{said}: nobody we read")
            for position in positions:
                date = f" ({position.date})" if position.date else ""
                _say(f"{position.publisher}{date}: {position.says}", "  ")
    _say(f"Rule {answer.rule}, {label(answer.confidence)}, {answer.edition}")
    _say_again(asked)
    return 0


def _recommend(options: argparse.Namespace) -> int:
    done = cdtref.recommend(options.did, on=options.on, beyond="last")
    if _as_json(options, done):
        return 0
    asked, done = done, _last_known(done)
    _say(f"For: {'; '.join(cdtref.service(id).phrase for id in done.did)}")
    for line in done.lines:
        _say(f"{line.code}  {line.title}{'  (disputed)' if line.disputed else ''}")
        _say(line.why, "       ")
    for answer in done.services:
        if answer.outcome is not cdtref.Outcome.REPORTED:
            part = f": part of {answer.part_of}" if answer.part_of else ""
            _say(f"-----  {answer.service}: {label(answer.outcome).lower()}{part}")
            _say(f"{answer.why} {answer.ask}".strip(), "       ")
    for caution in done.cautions:
        _say(f"Note: {caution.text}")
    if any(line.disputed for line in done.lines):
        _say("Disputed: some sources would report another code; `cdtref can-bill` names them.")
    _say(f"Date of service {done.on}, {done.edition}")
    _say_again(asked)
    return 0


def _last_known(answer: _Dated) -> _Dated:
    """What to show: after the last edition, its last answer under a line that says so."""
    if (last := answer.last_known) is None:
        return answer
    on = answer.on
    error = current().unknown(on)
    announced = (
        f" {error.announced.id} is announced, and not answered here." if error.announced else ""
    )
    _say(
        f"NOT ANSWERED for {on}: the last edition here ends on {last.on}.{announced} Look the code "
        "up in the edition of that date, and ask the payer."
    )
    _say(f"Below is the last known answer, for {last.on}:")
    print()
    return last


def _say_again(asked: cdtref.Answer | cdtref.Recommendation) -> None:
    """At the end too: the line above may have scrolled away."""
    if asked.last_known is not None:
        _say(f"NOT ANSWERED for {asked.on}: this is the last known answer.")


def _code(options: argparse.Namespace) -> int:
    if options.code is None:
        return _list(options, cdtref.all_codes(), lambda code: (code.code, code.title))
    code = cdtref.code(options.code)
    if _as_json(options, code):
        return 0
    _say(f"{code.code}  {code.title}")
    _say(_in_force(code))
    _say(f"For: {code.use}")
    for item in code.not_for:
        _say(f"Not for: {item.what}")
    for point in code.open:
        _say(f"Open: {point}")
    return 0


def _in_force(code: cdtref.Code) -> str:
    first, last = cdtref.editions()[0].since, cdtref.editions()[-1].until
    until = f"to {code.until}" if code.until else f"known through {last}"
    return f"From {code.since or f'before {first.year}'} {until}"


def _service(options: argparse.Namespace) -> int:
    if options.service is None:
        return _list(options, cdtref.services(), lambda entry: (entry.id, entry.short))
    entry = cdtref.service(options.service)
    if _as_json(options, entry):
        return 0
    _say(f"{entry.id}: {entry.short}")
    _say(f"{entry.what} {entry.note}".strip())
    _say(f"Also called: {', '.join(entry.also)}")
    return 0


def _documentation(options: argparse.Namespace) -> int:
    items = cdtref.documentation(options.code)
    if _as_json(options, items):
        return 0
    for item in items:
        _say(f"[ ] {item.id}{'' if item.required else ' (if it applies)'}: {item.asks}")
        _say(f"e.g. {item.example}", "      ")
    return 0


def _narrative(options: argparse.Namespace) -> int:
    told = cdtref.narrative(options.code, _note(options.note))
    if not _as_json(options, told):
        for segment in told.segments:
            print(segment)
    return 0


def _denial(options: argparse.Namespace) -> int:
    if options.denial is None:
        return _list(options, cdtref.denials(), lambda entry: (entry.id, entry.reason))
    found = _denials(options.denial)
    if _as_json(options, found):
        return 0
    for entry in found:
        _say(f"{entry.reason} ({entry.id})")
        _say(entry.meaning)
        codes = ", ".join(code.upper() for code in (*entry.carcs, *entry.rarcs))
        _say(f"A payer may send: {codes or 'no code recorded'} ({label(entry.link)})")
        for name, text in (
            ("Ask", entry.asks),
            ("First", f"{label(entry.first)}. {entry.first_move}"),
            ("Answer", meaning(entry.remedy)),
            ("If the claim was wrong", label(entry.otherwise) if entry.otherwise != "none" else ""),
            ("Attach", "; ".join(entry.attach)),
            ("Correct instead", entry.correct),
            ("Do not argue", entry.not_argue),
            ("The patient", entry.patient),
        ):
            if text:
                _say(f"{name}: {text}")
        print()
    return 0


def _denials(given: str) -> tuple[cdtref.Denial, ...]:
    """By id, or by CARC or RARC."""
    try:
        return (cdtref.denial(given),)
    except cdtref.UnknownIdError as error:
        for kind in ("carc", "rarc"):  # a code of several reasons: all of them
            with suppress(cdtref.UnknownIdError):
                return cdtref.denials(**{kind: given})
        raise InvalidInputError(
            f"{error} No CARC or RARC recorded here is written so either. `cdtref denial` lists "
            "the denials; X12 publishes the codes."
        ) from None


def _letter(options: argparse.Namespace) -> int:
    told = cdtref.letter(options.denial, _note(options.note))
    if not _as_json(options, told):
        for line in told.text.split("\n"):
            _say(line)
        advice = [told.before, "Enclose, as far as the chart holds it:"]
        advice += [f"- {entry}" for entry in told.attach]
        if told.missing:
            advice.append(f"Stronger with: {', '.join(told.missing)}")
        print("\n".join(advice), file=sys.stderr)
    return 0


def _sources(options: argparse.Namespace) -> int:
    if options.source is None:
        return _list(options, cdtref.sources(), lambda entry: (entry.id, entry.publisher))
    source = cdtref.source(options.source)
    if _as_json(options, source):
        return 0
    _say(f"{source.publisher}: {source.title}")
    _say(f"{source.kind}, {source.date or 'undated'}, read {source.read.value}, {source.seen}")
    print(source.url or "No address was kept.")
    _say(source.note)
    return 0


def _links(options: argparse.Namespace) -> int:
    from . import linking

    given = Path(options.page)
    pages = [given]
    if given.is_dir():
        endings = (".html", ".htm", ".xhtml")
        pages = sorted(file for file in given.rglob("*") if file.suffix.lower() in endings)
        if not pages:
            raise InvalidInputError(f"{shown(options.page)}: no page of HTML is in this folder.")
    counts: Counter[str] = Counter()
    for page in pages:
        try:
            text = linking.decoded(page.read_bytes())
            found = linking.check(text, sites=options.site, on=options.on)
        except cdtref.InvalidDateError:
            raise
        except InvalidInputError as error:
            counts["unreadable"] += 1
            print(f"{page}: not read: {error}", file=sys.stderr)
            continue
        for one in found:
            counts[one.state.value] += 1
            if options.json:
                told = {"page": str(page), **json.loads(cdtref.to_json(one))}
                print(json.dumps(told))
                continue
            how = "" if one.quoted else " (a link)"
            why = f": {one.why}" if one.why else ""
            print(f"{page}:{one.line}: {one.state.value}: {one.address}{how}{why}")
        if not found:
            print(f"{page}: cites no answer of ours", file=sys.stderr)
    states = ", ".join(f"{counts[state]:,} {state}" for state in linking.State)
    hint = "" if options.site else "; plain links are looked at with --site only"
    print(
        f"{len(pages):,} pages, {counts['unreadable']:,} not read: {states}{hint}", file=sys.stderr
    )
    if counts["unreadable"]:
        return 2
    return 1 if counts.total() > counts[linking.State.HOLDS] else 0


def _changes(options: argparse.Namespace) -> int:
    old, new = options.old, options.new or str(cdtref.__version__)
    if old.endswith(".json") or new.endswith(".json"):
        found = tuple(history.compare(_table(old), _table(new)))
    else:
        found = cdtref.changes(old, new)
    if _as_json(options, found):
        return 1 if found else 0
    if not found:
        _say("No answer changed.")
        return 0
    services = {service.id: service.short for service in cdtref.services()}
    before = None
    for alike in history.alike(found):
        first = alike[0]
        span = (first.service, first.since, first.until)
        if span != before:
            short = services.get(first.service, first.service)
            _say(f"{short} ({first.service}), {first.since} to {first.until}")
            before = span
        _say(f"{', '.join(change.code for change in alike)}: {history.told(first)}", "    ")
    _say(f"{len(found)} answers changed.")
    return 1


def _table(given: str) -> tuple[cdtref.VerdictRow, ...]:
    """The table of a file, or of a version."""
    if not given.endswith(".json"):
        return history.table_of(given)
    text = Path(given).read_text(encoding="utf-8-sig")
    try:
        return cdtref.from_json(text, tuple[cdtref.VerdictRow, ...])
    except InvalidInputError as error:
        raise InvalidInputError(f"{given!a}: expected a table of answers. {error}") from None


# --- Input and output -----------------------------------------------------------------------------


def _note(given: list[str]) -> dict[str, str]:
    note = {}
    for entry in given:
        item, sign, text = entry.partition("=")
        if not sign:
            raise InvalidInputError(f"--note: expected ITEM=TEXT, got {entry!a}.")
        if item.strip() in note:
            raise InvalidInputError(f"--note: {item.strip()!a} stands twice; join the two texts.")
        note[item.strip()] = text
    return note


def _as_json(options: argparse.Namespace, value: Any) -> bool:
    if options.json:
        # Plain ASCII: whatever the terminal's encoding, it stays JSON.
        print(json.dumps(json.loads(cdtref.to_json(value))))
    return bool(options.json)


def _list(
    options: argparse.Namespace, facts: Sequence[Any], told: Callable[[Any], tuple[str, str]]
) -> int:
    if not _as_json(options, facts):
        rows = [told(fact) for fact in facts]
        width = max(len(row[0]) for row in rows)
        for name, text in rows:
            print(f"{name:{width}}  {text}"[:WIDTH])
    return 0


def _say(text: str, indent: str = "") -> None:
    """Text within 80 columns."""
    print(filled(text, indent))


if __name__ == "__main__":
    sys.exit(main())
