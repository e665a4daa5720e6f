"""Tries mutants: each in a process of its own, forked when all tests are collected.

The fork puts the changed code into the functions that are already there and runs the tests that
reach the changed statement, the quickest first, until one fails. What the library remembers
between questions is forgotten before. Code that only runs at import is out of reach this way; such
a mutant survives, unless a test makes that code run.

Some changes are reached by thousands of tests. So the tests of one change may take `SPENT` seconds
together, and those that draw their examples by chance are left out. Both can only make the figures
lower than they would be: what no test noticed in that time counts as noticed by none.
"""

import ast
import gc
import mmap
import os
import resource
import signal
import struct
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

import coverage
import pytest
from _pytest.runner import runtestprotocol

from cdtref import claimlines, coding, history, inputs, library, linking, together
from cdtref.claimfiles import columns, reports

from .mutating import Mutant, functions, mutants

SOURCE = Path(library.__file__).parent
TESTS = "tests/library"

BUILT_ONCE = {"library", "meanings", "model", "values", "wording"}
"""Modules whose work is kept for the next test. When one test of a file reaches a line of these,
all tests of the file may notice a change of it."""

SPENT = 4.0
"""Seconds of the processor that the tests of one change may take, as they took without it."""

SPENT_AGAIN = 1.0
"""The same for a change that is listed as a survivor. It is less, so that the clock seldom decides
whether one that is listed survives."""

CASES = 5
"""Cases of a test function that are tried one after the other, each later than the last; those
after them are tried together. So a few of each kind come first, and then all that are quick."""

FIRST = 30
"""Tests that are tried first, because they found other changes of the function or the module."""

AT_LEAST = 0.002
"""What a test counts for in seconds, however quick it is; its own set-up takes about that."""


class Tried(NamedTuple):
    """What became of a mutant."""

    mutant: Mutant
    by: str
    """The test that failed; empty where none did, `time` where they did not come to an end."""


def run(
    modules: list[str],
    workers: int,
    listed: Callable[[Mutant], bool],
    tell: Callable[[Tried], None],
) -> None:
    """Tries every mutant of the modules, and tells of each; raises where the tests are not green"""
    runner = _Runner(modules, workers, listed, tell)
    # Nobody reads how a test failed, so nothing is spent on showing it.
    shown = ["-q", "--no-header", "--no-summary", "--tb=no", "--assert=plain"]
    options = [*shown, "-m", "not hypothesis", "-p", "no:cacheprovider"]
    status = pytest.main([*options, TESTS], plugins=[runner])
    if runner.broken or status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError("without any mutant, red: " + ", ".join(runner.broken or [str(status)]))


class _Runner:
    def __init__(
        self,
        modules: list[str],
        workers: int,
        listed: Callable[[Mutant], bool],
        tell: Callable[[Tried], None],
    ) -> None:
        self.paths = {str(SOURCE / f"{module}.py"): module for module in modules}
        self.workers = workers
        self.listed = listed
        self.tell = tell
        self.broken: list[str] = []
        self.reached: dict[tuple[str, int], set[int]] = defaultdict(set)
        self.seconds: list[float] = []
        self.files: list[Path] = []
        self.tests: list[str] = []
        self.live: _Live = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        text = library._text()
        library._text = lambda: text
        self.files = [item.path for item in items]
        self.tests = [item.nodeid.partition("[")[0] for item in items]
        self.watch(items)
        if not self.broken:
            self.try_all(items)
        return True

    # --- Which test reaches what --------------------------------------------------------------

    def watch(self, items: list[pytest.Item]) -> None:
        """Runs each test once and notes the lines that it reaches."""
        watching = coverage.Coverage(
            data_file=None, config_file=False, include=[*self.paths], messages=False
        )
        watching.start()
        for at, item in enumerate(items):
            forget(everything=not at or item.path != items[at - 1].path)
            watching.switch_context(str(at))
            reports = runtestprotocol(item, log=False, nextitem=None)
            if any(report.failed for report in reports):
                self.broken.append(item.nodeid)
        watching.stop()
        of_file: dict[Path, set[int]] = defaultdict(set)
        for at, file in enumerate(self.files):
            of_file[file].add(at)
        found = watching.get_data()
        for path, module in self.paths.items():
            for line, contexts in found.contexts_by_lineno(path).items():
                reaching = {int(context) for context in contexts if context}
                if module in BUILT_ONCE:
                    reaching = set().union(*(of_file[self.files[at]] for at in reaching))
                self.reached[path, line] = reaching

    # --- Trying ---------------------------------------------------------------------------------

    def try_all(self, items: list[pytest.Item]) -> None:
        every = [
            (path, m) for path, module in self.paths.items() for m in mutants(Path(path), module)
        ]
        killers: dict[str, list[int]] = defaultdict(list)
        told = mmap.mmap(-1, 4 * len(every))  # the number of the test that failed, from 1
        running: dict[int, int] = {}

        def wait() -> None:
            pid, status = os.wait()
            number = running.pop(pid)
            (by,) = struct.unpack_from("i", told, 4 * number)
            mutant = every[number][1]
            if by:
                for known in (killers[mutant.function], killers[mutant.module]):
                    if by - 1 in known:
                        known.remove(by - 1)
                    known.insert(0, by - 1)
            if os.WIFEXITED(status) and os.WEXITSTATUS(status):
                raise RuntimeError(f"{mutant.module}.{mutant.name}: could not be tried")
            name = items[by - 1].nodeid if by else "" if status == 0 else "time"
            self.tell(Tried(mutant, name))

        gc.collect()
        self.live = live()
        gc.freeze()
        self.control(items)
        if self.broken:
            return
        for number, (path, mutant) in enumerate(every):
            known = [*killers[mutant.function][: FIRST // 2], *killers[mutant.module]]
            order = self.order(path, mutant, list(dict.fromkeys(known)))
            if len(running) >= self.workers:
                wait()
            pid = os.fork()
            if not pid:
                try:
                    by = self.try_one(items, order, path, mutant)
                    struct.pack_into("i", told, 4 * number, by)
                    os._exit(0)
                finally:
                    os._exit(2)  # the runner itself is wrong
            running[pid] = number
        while running:
            wait()

    def control(self, items: list[pytest.Item]) -> None:
        """Without a change every test stays green in the fork; tells how long each takes there."""
        told = mmap.mmap(-1, 4)
        taken = mmap.mmap(-1, 8 * len(items))
        self.seconds = [60.0] * len(items)
        pid = os.fork()
        if not pid:
            order = sorted(set().union(*self.reached.values()))
            struct.pack_into("i", told, 0, self.try_one(items, order, "", None, taken))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        (by,) = struct.unpack_from("i", told)
        self.seconds = [*struct.unpack(f"{len(items)}d", taken)]
        if by or status:
            self.broken.append(f"{items[by - 1].nodeid}, in the fork")

    def order(self, path: str, mutant: Mutant, killers: list[int]) -> list[int]:
        """The tests to run: first those that found other changes, the latest first; then the
        quickest, where the second case of a test function counts fourfold, the third ninefold, and
        so on up to `CASES`."""
        reaching = {at for line in mutant.lines for at in self.reached.get((path, line), ())}
        turns: dict[str, int] = defaultdict(int)
        ranked = []
        for at in sorted(reaching, key=self.seconds.__getitem__):
            turn = turns[self.tests[at]] = min(turns[self.tests[at]] + 1, CASES)
            ranked.append((max(self.seconds[at], AT_LEAST) * turn**2, at))
        first = [at for at in killers if at in reaching][:FIRST]
        left = SPENT_AGAIN if self.listed(mutant) else SPENT
        order: list[int] = []
        for at in dict.fromkeys([*first, *(at for _, at in sorted(ranked))]):
            left -= max(self.seconds[at], AT_LEAST)
            if left < 0 and order:
                break
            order.append(at)
        return order

    def try_one(
        self,
        items: list[pytest.Item],
        order: list[int],
        path: str,
        mutant: Mutant | None,
        taken: mmap.mmap | None = None,
    ) -> int:
        """In the fork: the number of the test that fails, from 1, or 0."""
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        gc.disable()
        if mutant:
            change(path, mutant, self.live)
        forget(everything=not mutant or mutant.module in BUILT_ONCE)
        for at in order:
            # Where a test does not come to an end, the signal ends the fork.
            signal.setitimer(signal.ITIMER_PROF, 5 + 5 * self.seconds[at])
            begun = time.process_time()
            try:
                reports = runtestprotocol(items[at], log=False, nextitem=None)
            except BaseException:  # whatever it is, the change was noticed
                return at + 1
            if any(report.failed for report in reports):
                return at + 1
            if taken:
                struct.pack_into("d", taken, 8 * at, time.process_time() - begun)
        return 0


def forget(*, everything: bool) -> None:
    """Makes the library forget its answers, and, where wanted, what it read and indexed."""
    if everything:
        library.forget()
    coding._tables.clear()
    for module in (claimlines, together, columns, reports):
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
    inputs.names.cache_clear()
    history._read.clear()
    linking.ledger.cache_clear()


_Live = dict[tuple[str, int, str], FunctionType]


def live() -> _Live:
    """The functions and methods in memory, by file, first line and name."""
    return {
        (one.__code__.co_filename, one.__code__.co_firstlineno, one.__code__.co_name): one
        for one in gc.get_objects()
        if isinstance(one, FunctionType)
    }


def change(path: str, mutant: Mutant, functions_in_memory: _Live) -> None:
    """Puts the changed code into the function that is in memory."""
    tree = mutant.apply()
    node = dict(functions(tree.body))[mutant.function]
    begin = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    function = functions_in_memory[path, begin, node.name]
    if "__class__" in function.__code__.co_freevars:
        # The changed code may not name it any more, and must have the same free variables.
        node.body.append(ast.parse("if False: __class__").body[0])
    for code in _codes(compile(tree, path, "exec", dont_inherit=True)):
        if (code.co_firstlineno, code.co_name) == (begin, node.name):
            function.__code__ = code
            return
    raise LookupError(f"{path}: {mutant.function} was not compiled")


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)
