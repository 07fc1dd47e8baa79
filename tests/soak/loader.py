"""Load the profiles of one process for one day after the other; `run.py` starts this module and kills it.

The first line of the standard input has the arguments, each further line the time of a day. After each day, a line with
the results is printed.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

import ayrframe as ayr
from ayrframe._api.models import Clock

_DAY_SECONDS = 86_400.0
_FRESH = timedelta(hours=1)  # What was read before is of another day.


class DayClock(Clock):
    """A clock that begins each day at a given time; waits are skipped."""

    __slots__ = ("_skipped", "_start", "_started_at")

    def __init__(self) -> None:
        self._skipped = 0.0

    def begin(self, start: datetime) -> None:
        """Begin a day: the rate limits of the day before have passed."""
        self._start, self._started_at = start, time.monotonic()
        self._skipped += _DAY_SECONDS

    def now(self) -> float:
        return time.monotonic() + self._skipped

    def wall(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._started_at)

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds


def load_day(platforms: list[str], options: dict[str, Any], start: datetime) -> dict[str, Any]:
    """Load posts with analytics, and accounts; return the number of rows of today of each target, and the time."""
    seconds, cpu_seconds = time.perf_counter(), time.process_time()
    errors, counts = [], {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            posts = ayr.load(platforms, limit=None, analytics=True, progress=False, **options)
            counts["posts"] = _count_rows(posts[posts["read_at"] >= start - _FRESH])
            accounts = ayr.accounts(platforms, **options)
            counts["accounts"] = _count_rows(accounts[accounts["as_of"] >= start - _FRESH])
        except ayr.AyrframeError as error:
            errors.append(str(error))
    return {
        "counts": counts,
        "errors": errors,
        "warnings": [str(warning.message) for warning in caught],
        "seconds": time.perf_counter() - seconds,
        "cpu_seconds": time.process_time() - cpu_seconds,
    }


def _count_rows(frame: pd.DataFrame) -> list[tuple[str, str, int]]:
    return [(*key, int(count)) for key, count in frame.groupby(["profile", "platform"]).size().items()]


def main() -> None:
    """Load a day for each line of the input."""
    arguments = json.loads(sys.stdin.readline())
    client = ayr.Client(**arguments["client"], profile_key="")
    client.clock = clock = DayClock()
    options = {"profile_key": arguments["profile_keys"], "archive": arguments["archive"], "client": client}
    for line in sys.stdin:
        start = datetime.fromisoformat(json.loads(line))
        clock.begin(start)
        print(json.dumps(load_day(arguments["platforms"], options, start)), flush=True)


if __name__ == "__main__":
    main()
