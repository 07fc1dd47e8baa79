"""Time two functions in turn; on a shared machine their ratio is more stable than their times."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from tests.benchmarks.targets import Target

Work = Callable[[], Any]

# Minimum length of a round: shorter functions are called repeatedly.
_MIN_SECONDS = 0.02
_MAX_REPEATS = 50


class Timing(NamedTuple):
    """The result of a round, in seconds of wall-clock time and of CPU time."""

    ours: float
    theirs: float
    our_cpu: float = math.nan
    their_cpu: float = math.nan


class Line(NamedTuple):
    """A line of the table: `ratio` is our time divided by theirs, `cpu_ratio` the same for CPU time."""

    what: str
    against: str
    ratio: float
    target: Target | None = None
    cpu_ratio: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        return None if self.target is None else self.ratio <= self.target.limit


class Plan(NamedTuple):
    """Posts of each platform, number of rounds, targets, and whether to include the peers of the bench extra."""

    posts: int
    rounds: int
    targets: dict[str, Target]
    peers: bool = True


def measure_pairs(ours: Work, theirs: Work, rounds: int, *, freeze_objects: bool = False) -> list[Timing]:
    """Time two functions in turn.

    Garbage collection is enabled, as for users. With `freeze_objects`, existing objects that only the peer needs
    (parsed dicts) are hidden from it while our function runs.
    """
    repeats = max(1, min(_MAX_REPEATS, round(_MIN_SECONDS / max(_time(ours, 1)[0], 1e-6))))
    timings = []
    for _ in range(rounds):
        gc.collect()
        if freeze_objects:
            gc.freeze()
        our_seconds = _time(ours, repeats)
        gc.unfreeze()
        # Our garbage is in the young generations; a full collection would traverse the frozen objects again.
        gc.collect(1)
        their_seconds = _time(theirs, repeats)
        timings.append(Timing(our_seconds[0], their_seconds[0], our_seconds[1], their_seconds[1]))
    return timings


def sum_timings(parts: Iterable[Sequence[Timing]]) -> list[Timing]:
    """Add the timings of several parts round by round."""
    return [Timing(*(sum(seconds) for seconds in zip(*timings, strict=True))) for timings in zip(*parts, strict=True)]


def ratio(timings: Iterable[Timing]) -> float:
    """Return the median ratio of wall-clock times."""
    return statistics.median(timing.ours / timing.theirs for timing in timings)


def cpu_ratio(timings: Iterable[Timing]) -> float:
    """Return the median ratio of CPU times, which counts all cores used."""
    return statistics.median(timing.our_cpu / timing.their_cpu for timing in timings)


def _time(work: Work, repeats: int) -> tuple[float, float]:
    """Return the mean wall-clock and CPU time of a call, in seconds."""
    start = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        result = work()
        del result
    return (time.perf_counter() - start[0]) / repeats, (time.process_time() - start[1]) / repeats
