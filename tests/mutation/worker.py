"""Run the tests of mutants in a copy of the repository: the tests are imported once, each mutant is a forked process.

Mutants of code that runs at import are run by a new Python instead.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from tests.mutation import recorder
from tests.mutation.copies import Copy
from tests.mutation.live import LiveCode
from tests.mutation.mutants import Mutant
from tests.mutation.recorder import Recorder
from tests.mutation.results import Result, judge

_OPTIONS = (
    *("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:pytest_cov", "--no-header"),
    # Output is captured in memory: files would be shared by the forked processes.
    *("--hypothesis-profile=ci", "--tb=short", "--timeout=90", "--capture=sys"),
)
MAX_TESTS = 400
_SLOW_SECONDS = 1.0
_BATCH = 8  # Results are written after each batch.
_POLL_SECONDS = 0.02
_LIMIT_SECONDS = 600.0  # A mutant that takes this long does not end; other processes may slow it down.
_UNCHANGED_SECONDS = 1800.0
_MAX_CPU_SECONDS = 150
_MAX_MEMORY = 6 << 30
_MAX_FILE = 1 << 30


@dataclass(frozen=True, slots=True)
class Work:
    """The mutants of a worker with their tests, known seconds of tests, limits and outputs."""

    mutants: Sequence[Mutant]
    tests: Mapping[str, list[str]]
    first_files: Sequence[str]
    seconds: Mapping[str, float]
    max_seconds: float
    write: Callable[[Result], None]


def run_worker(copy: Copy, work: Work) -> None:
    """Run the mutants in a copy of the repository; does not return."""
    status = 1
    try:
        _enter(copy)
        modules = {mutant.path.removesuffix(".py").replace("/", ".") for mutant in work.mutants}
        live = LiveCode(["ayrframe", *sorted(modules)])
        files = {test.partition("::")[0] for tests in work.tests.values() for test in tests}
        existing = sorted(file for file in files | {*work.first_files} if (copy.folder / file).exists())
        server = _Server(copy, work, live)
        pytest.main([*_OPTIONS, *existing], plugins=[server])
        status = 0 if server.is_finished else 1
    except BaseException:  # noqa: BLE001  # nothing may return into the code of the parent
        traceback.print_exc()
    finally:
        _leave(status)


def _leave(status: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _enter(copy: Copy) -> None:
    """Work in the copy only: folder, imports, temporary files, home and output."""
    os.setsid()  # The parent ends this process together with all that it has started.
    log = os.open(copy.scratch / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(copy.folder)
    temporary = str(copy.temporary)
    os.environ |= {"PYTHONPATH": str(copy.folder), "TMPDIR": temporary, "HOME": temporary}
    os.environ["MPLBACKEND"] = "Agg"
    tempfile.tempdir = None
    sys.path[0] = str(copy.folder)
    for name in [name for name in sys.modules if name == "tests" or name.startswith("tests.")]:
        del sys.modules[name]


class _Server:
    """A plugin of pytest that runs the collected tests for each mutant instead of once."""

    def __init__(self, copy: Copy, work: Work, live: LiveCode) -> None:
        self._copy, self._work, self._live = copy, work, live
        self._items: dict[str, pytest.Item] = {}
        self._passes: dict[str, bool] = {}
        self._seconds = dict(work.seconds)
        self.is_finished = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all mutants; those killed by a test that fails on unchanged code again, without it."""
        if session.testsfailed:
            raise session.Failed(f"{session.testsfailed} errors of collection on unchanged code")
        self._items = {item.nodeid: item for item in session.items}
        self._live.find()
        signal.signal(signal.SIGTERM, end_process)
        gc.collect()
        gc.freeze()  # Otherwise each process would copy the memory of all imported objects.
        mutants = self._work.mutants
        for start in range(0, len(mutants), _BATCH):
            self._run_batch(mutants[start : start + _BATCH])
        self.is_finished = True
        return True

    def _run_batch(self, mutants: Sequence[Mutant]) -> None:
        waiting = list(mutants)
        while waiting:
            results = [self._run_mutant(mutant) for mutant in waiting]
            self._run_unchanged({result.test for result in results if result.test})
            false = {result.key for result in results if not self._passes.get(result.test, True)}
            for result in results:
                if result.key not in false:
                    self._work.write(result)
            waiting = [mutant for mutant in waiting if mutant.key in false]

    def _tests_of(self, mutant: Mutant) -> list[str]:
        first = [test for test in self._items if test.partition("::")[0] in self._work.first_files]
        others = [test for test in self._work.tests[mutant.key] if test in self._items][:MAX_TESTS]
        others.sort(key=lambda test: self._seconds.get(test, 0.0) > _SLOW_SECONDS)
        return [test for test in dict.fromkeys([*first, *others]) if self._passes.get(test, True)]

    def _run_mutant(self, mutant: Mutant) -> Result:
        original = (self._copy.folder / mutant.path).read_text(encoding="utf-8")
        tests = self._tests_of(mutant)
        self._copy.mutate(mutant)
        started = resource.getrusage(resource.RUSAGE_CHILDREN)
        timed_out = self._fork(lambda: self._run_changed(mutant, original, tests), _LIMIT_SECONDS)
        self._copy.restore(mutant)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = ended.ru_utime + ended.ru_stime - started.ru_utime - started.ru_stime
        return judge(mutant, self._read_result(), timed_out=timed_out, cpu_seconds=seconds)

    def _run_changed(self, mutant: Mutant, original: str, tests: list[str]) -> None:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        sys.dont_write_bytecode = True
        resource.setrlimit(resource.RLIMIT_CPU, (_MAX_CPU_SECONDS, _MAX_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (_MAX_MEMORY, _MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_FILE, _MAX_FILE))
        if self._live.replace(mutant, original, str(self._copy.folder / mutant.path)):
            self._run_items(tests, self._work.max_seconds, stop=True)
        elif tests:
            names = {
                recorder.FILE_VARIABLE: str(self._copy.result),
                recorder.SECONDS_VARIABLE: str(self._work.max_seconds),
            }
            command = [sys.executable, "-m", "pytest", *_OPTIONS, "-x", "-p", "tests.mutation.recorder", *tests]
            subprocess.run(command, env=os.environ | names, check=False)
        else:
            self._run_items([], 0, stop=True)

    def _run_unchanged(self, tests: set[str]) -> None:
        """Run tests that failed on unchanged code, and record which pass."""
        new = sorted(tests - self._passes.keys())
        if not new:
            return

        def run() -> None:
            self._live.clear_caches()
            self._run_items([test for test in new if test in self._items], _UNCHANGED_SECONDS, stop=False)

        self._fork(run, _UNCHANGED_SECONDS)
        result = self._read_result()
        if result is None:
            raise RuntimeError("The tests of unchanged code wrote no result.")
        self._passes |= {test: test not in result["failed"] for test in new}

    def _run_items(self, tests: Sequence[str], max_seconds: float, *, stop: bool) -> None:
        """Run collected tests in turn and write the outcomes."""
        found = Recorder(max_seconds)
        items = [self._items[test] for test in tests]
        if items:
            items[0].config.pluginmanager.register(found)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if stop and (found.failed or found.is_late):
                break
        self._copy.result.write_text(json.dumps(found.result()), encoding="utf-8")

    def _fork(self, run: Callable[[], None], limit: float) -> bool:
        """Run a function in a forked process; return whether it was killed at the time limit."""
        self._copy.clear()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                os.setsid()
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                tempfile.tempdir = None
                run()
                status = 0
            except BaseException:  # noqa: BLE001  # nothing may return into the loop of the parent
                traceback.print_exc()
            finally:
                _leave(status)
        end = time.monotonic() + limit
        timed_out = False
        try:
            while not os.waitpid(pid, os.WNOHANG)[0]:
                time.sleep(_POLL_SECONDS)
                if time.monotonic() > end:
                    timed_out = True
                    kill_group(pid)
        finally:
            kill_group(pid)  # Also processes that the tests have left behind.
        return timed_out

    def _read_result(self) -> dict[str, Any] | None:
        with suppress(FileNotFoundError):
            result: dict[str, Any] = json.loads(self._copy.result.read_text(encoding="utf-8"))
            self._seconds |= result["seconds"]
            return result
        return None


def end_process(number: int, _frame: object) -> None:
    """Exit on a signal, so that the processes that were started end as well."""
    sys.exit(128 + number)


def kill_group(group: int) -> None:
    """Kill a process and those that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def run_workers(copies: Iterable[Copy], work: Iterable[Work]) -> Iterator[None]:
    """Run one worker per copy; yield from time to time, and raise a RuntimeError if a worker fails."""
    running: dict[int, Copy] = {}
    try:
        for copy, part in zip(copies, work, strict=True):
            pid = os.fork()
            if not pid:
                run_worker(copy, part)
            running[pid] = copy
        while running:
            yield
            time.sleep(1)
            for pid in [*running]:
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    copy = running.pop(pid)
                    if status:
                        log = (copy.scratch / "log.txt").read_text(encoding="utf-8", errors="replace")
                        raise RuntimeError(f"A worker failed:\n{log[-5000:]}")
    finally:
        for pid in running:
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
