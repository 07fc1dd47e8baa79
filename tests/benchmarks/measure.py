"""Two ways of doing a thing, timed in turn: seconds on a shared machine wander, the ratio of neighbours does not."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from tests.benchmarks.targets import Bar

Work = Callable[[], Any]

# A round lasts at least so long: what is over sooner is done several times.
_ENOUGH_SECONDS = 0.02
_MOST_TIMES = 50


class Turn(NamedTuple):
    """What one round took, in seconds on the clock and in seconds of all cores together."""

    ours: float
    theirs: float
    our_cores: float = math.nan
    their_cores: float = math.nan


class Line(NamedTuple):
    """One line of the table: `ratio` is ours as a multiple of theirs, `cores` the same in time of all cores."""

    what: str
    against: str
    ratio: float
    bar: Bar | None = None
    cores: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the bar is reached, None where there is none."""
        return None if self.bar is None else self.ratio <= self.bar.limit


class Plan(NamedTuple):
    """What to measure: posts of each network, rounds, the bars, and whether peers of the bench extra take part."""

    posts: int
    rounds: int
    bars: dict[str, Bar]
    peers: bool = True


def paired(ours: Work, theirs: Work, rounds: int, *, own: bool = False) -> list[Turn]:
    """Time ours and theirs in turn.

    The collector runs as it does for users. With `own`, the objects that only theirs needs (ready-made dicts) are
    hidden from it while ours runs, as if ours were alone in the process.
    """
    times = max(1, min(_MOST_TIMES, round(_ENOUGH_SECONDS / max(_seconds(ours, 1)[0], 1e-6))))
    turns = []
    for _ in range(rounds):
        gc.collect()
        if own:
            gc.freeze()
        mine = _seconds(ours, times)
        gc.unfreeze()
        # What ours left behind is young; a full collection would look at everything once more.
        gc.collect(1)
        other = _seconds(theirs, times)
        turns.append(Turn(mine[0], other[0], mine[1], other[1]))
    return turns


def together(parts: Iterable[Sequence[Turn]]) -> list[Turn]:
    """Return the rounds of several parts as rounds of the whole."""
    return [Turn(*(sum(times) for times in zip(*turns, strict=True))) for turns in zip(*parts, strict=True)]


def ratio(turns: Iterable[Turn]) -> float:
    """Return the median over the rounds."""
    return statistics.median(turn.ours / turn.theirs for turn in turns)


def cores(turns: Iterable[Turn]) -> float:
    """Return the median over the rounds, in time of all cores: who uses two of them at once pays for both."""
    return statistics.median(turn.our_cores / turn.their_cores for turn in turns)


def _seconds(work: Work, times: int) -> tuple[float, float]:
    """Return how long one time takes, on the clock and of all cores."""
    start = time.perf_counter(), time.process_time()
    for _ in range(times):
        result = work()
        del result
    return (time.perf_counter() - start[0]) / times, (time.process_time() - start[1]) / times
