"""Tries every mutant and compares what survives with what is listed: `make mutants`.

    python -m tests.mutation [--write] [--workers N] [module ...]

Red are a survivor that is not listed, one that is listed and does not survive, one without a
reason, and figures that are not those of the file. `--write` writes the figures, takes out what
does not survive any more, and adds what is new with an empty reason, which is still red.
"""

import argparse
import json
import os
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from .mutating import Mutant
from .running import Tried, run

LISTED = Path(__file__).with_name("survivors.toml")
MODULES = [
    *("coding", "claims", "claimlines", "pitfalls", "together", "visits", "findings"),
    *("record", "payment", "inputs", "paperwork", "model", "values"),
    *("library", "facts", "exchange", "words", "wording", "errors"),
    *("history", "linking", "searching", "querying", "fitting", "meanings"),
    *("claimfiles/areas", "claimfiles/cells", "claimfiles/checking", "claimfiles/columns"),
    *("claimfiles/envelopes", "claimfiles/fhir", "claimfiles/grouping", "claimfiles/json_claims"),
    *("claimfiles/lines", "claimfiles/objects", "claimfiles/reports", "claimfiles/segments"),
    *("claimfiles/sniffing", "claimfiles/summary", "claimfiles/tables", "claimfiles/texts"),
    "claimfiles/x12",
]
"""By path within the library. Not among them: what runs in a terminal, some of whose tests start it
anew in a process that no change reaches. The tests that draw their damage by chance are left out;
so what reads files of claims is held here by those that name theirs."""
WANTED = 0.92
SHOWN_EVERY = 200
WIDE = max(map(len, MODULES)) + 1

HEAD = """\
# What `make mutants` found: by module, how many changes of the code some test noticed, and each
# change that none did, with the reason why that stands. `tests/mutation` says what a change is.
# A reason begins with its kind. "same": no caller could tell the difference. "speed": the same
# answer, later. "guard": it takes something that the knowledge does not hold, no file of claims
# has, or the library does not do. "message": only the words of a message. "import": it runs at
# import, before anything is changed. "elsewhere": other tests hold it. "weight": it shifts a number
# of the search by so little that no search of `searches.tsv` comes out otherwise. "open": a test
# should notice, and none does.
"""
KINDS = ("same", "speed", "guard", "message", "import", "elsewhere", "weight", "open")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--write", action="store_true", help="write the file anew")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("modules", nargs="*", metavar="module")
    asked = parser.parse_args(arguments)
    for module in asked.modules:
        if module not in MODULES:
            parser.error(f"no module {module}; there are {', '.join(MODULES)}")
    modules = asked.modules or MODULES
    out = os.fdopen(os.dup(1), "w", buffering=1)  # pytest takes the other one
    tried: list[Tried] = []
    listed = tomllib.loads(LISTED.read_text("utf-8")) if LISTED.exists() else {}

    def known(module: str) -> dict[str, str]:
        reasons: dict[str, str] = listed.get(module, {}).get("survivors", {})
        return reasons

    def is_listed(mutant: Mutant) -> bool:
        return mutant.name in known(mutant.module)

    def tell(one: Tried) -> None:
        tried.append(one)
        if not one.by and not is_listed(one.mutant):
            print(f"{one.mutant.module}.{one.mutant.name}: noticed by no test", file=out)
        if len(tried) % SHOWN_EVERY == 0:
            print(f"{len(tried)} tried", file=out)

    begun = time.monotonic()
    run(modules, asked.workers, is_listed, tell)
    print(f"{len(tried)} tried in {time.monotonic() - begun:.0f} s", file=out)

    every = Counter(one.mutant.module for one in tried)
    killed = Counter(one.mutant.module for one in tried if one.by)
    figures = {m: {"noticed": killed[m], "of": every[m]} for m in modules}
    survived = {
        m: [t.mutant.name for t in tried if t.mutant.module == m and not t.by] for m in modules
    }
    if asked.write:
        for module in modules:
            reasons = {name: known(module).get(name, "") for name in survived[module]}
            listed[module] = {**figures[module], "survivors": reasons}
        LISTED.write_text(written(listed), "utf-8")

    for module, of in figures.items():
        print(
            f"{module:{WIDE}}{of['noticed']:5} of {of['of']:4}  {of['noticed'] / of['of']:.1%}",
            file=out,
        )
    share = killed.total() / every.total()
    print(f"{'all':{WIDE}}{killed.total():5} of {every.total():4}  {share:.1%}", file=out)
    found = [
        mistake
        for module in modules
        for mistake in mistakes(module, figures[module], survived[module], listed.get(module, {}))
    ]
    if share < WANTED and not asked.modules:
        found.append(f"{share:.1%} of the changes are noticed; {WANTED:.0%} are wanted")
    for mistake in found:
        print(mistake, file=out)
    return 1 if found else 0


def mistakes(
    module: str, figures: dict[str, int], survived: list[str], listed: dict[str, Any]
) -> list[str]:
    """How the file and what was found differ."""
    reasons: dict[str, str] = listed.get("survivors", {})
    found = [f"{module}.{name}: noticed by no test" for name in survived if name not in reasons]
    for name, reason in reasons.items():
        if name not in survived:
            found.append(f"{module}.{name}: listed, and does not survive")
        elif not reason.startswith(tuple(f"{kind}: " for kind in KINDS)):
            found.append(f"{module}.{name}: no reason, or of no known kind")
    if {key: listed.get(key) for key in figures} != figures:
        found.append(f"{module}: other figures than in {LISTED.name}; `--write` writes them")
    return found


def written(listed: dict[str, Any]) -> str:
    """The file, module by module in the order above."""
    parts = [HEAD]
    for module in (m for m in MODULES if m in listed):
        told = listed[module]
        table = module if module.isidentifier() else _text(module)
        parts.append(f"[{table}]\nnoticed = {told['noticed']}\nof = {told['of']}\n")
        if told.get("survivors"):
            lines = [
                f"{_text(name)} = {_text(reason)}" for name, reason in told["survivors"].items()
            ]
            parts.append("\n".join([f"[{table}.survivors]", *lines]) + "\n")
    return "\n".join(parts)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
