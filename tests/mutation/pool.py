"""Run jobs in forked processes, one per copy of the repository, each with a time limit."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.mutation.copies import Copy

_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Job:
    """What a process does in a copy, and what is done with the copy before and after."""

    name: str
    run: Callable[[Copy], None]
    limit: float
    before: Callable[[Copy], None] = lambda copy: copy.clear()
    after: Callable[[Copy], None] = lambda copy: copy.clear()


@dataclass(frozen=True, slots=True)
class Finished:
    """The result that a process has written, None if it has not; CPU and elapsed seconds."""

    job: Job
    result: Any
    timed_out: bool
    cpu_seconds: float
    seconds: float
    log: str


@dataclass(slots=True)
class _Running:
    job: Job
    copy: Copy
    started: float
    timed_out: bool = False


def run_jobs(jobs: Iterable[Job], copies: Iterable[Copy]) -> Iterator[Finished]:
    """Yield the results as they come; processes are killed with their children at the time limit."""
    free = list(copies)
    running: dict[int, _Running] = {}
    waiting = iter(jobs)
    job = next(waiting, None)
    try:
        while running or job:
            while free and job:
                copy = free.pop()
                job.before(copy)
                running[_fork(job, copy)] = _Running(job, copy, time.monotonic())
                job = next(waiting, None)
            time.sleep(_POLL_SECONDS)
            for pid, process in [*running.items()]:
                if finished := _poll(pid, process):
                    del running[pid]
                    free.append(process.copy)
                    yield finished
    finally:
        for pid in running:
            _kill(pid)
            os.waitpid(pid, 0)


def _fork(job: Job, copy: Copy) -> int:
    pid = os.fork()
    if not pid:
        job.run(copy)
        os._exit(1)
    return pid


def _poll(pid: int, process: _Running) -> Finished | None:
    done, _, usage = os.wait4(pid, os.WNOHANG)
    seconds = time.monotonic() - process.started
    if not done:
        if seconds > process.job.limit and not process.timed_out:
            process.timed_out = True
            _kill(pid)
        return None
    _kill(pid)  # Processes that the tests have left behind.
    path = process.copy.scratch / "result.json"
    result = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    log = (process.copy.scratch / "log.txt").read_text(encoding="utf-8", errors="replace")
    process.job.after(process.copy)
    return Finished(process.job, result, process.timed_out, usage.ru_utime + usage.ru_stime, seconds, log)


def _kill(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
