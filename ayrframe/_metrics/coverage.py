"""What is missing from posts, counted by column and by the reason why; what parts of a frame show can be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._metrics.catalog import IN_OTHER_ENDPOINT, metric_status
from ayrframe._metrics.formats import BoolMask
from ayrframe._metrics.metrics import read_metric
from ayrframe._metrics.missing_reasons import FAILED, OTHER_MEDIA, REASONS, UNKNOWN, PlatformPosts
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.metrics import METRICS
from ayrframe._platforms.spec import Column, Evidence, Measure
from ayrframe.errors import quote

CoverageTarget = Literal["metrics", "columns"]
Reasons = npt.NDArray[np.object_]

_DTYPES = {"platform": "str", "column": "str", "reason": "str", "count": "Int64"}


def coverage(posts: pd.DataFrame, of: CoverageTarget = "metrics") -> pd.DataFrame:
    """Return platform, column, reason and count of what is missing."""
    if of not in get_args(CoverageTarget):
        raise ValueError(f"of has to be 'metrics' or 'columns', not {quote(str(of))}.")
    return coverage_table(tally_missing(posts, of))


class MissingTally(NamedTuple):
    """How often a column is missing in some of the posts, by reason.

    Whether this endpoint tells of a column at all shows in all posts only: `told` says whether any of these has a
    value, `alone` holds the reasons if no other post has one, `amid` those if others have.
    """

    told: bool
    alone: Counter[str]
    amid: Counter[str]

    def __add__(self, other: object) -> MissingTally:
        """Return the tally of these posts and of others."""
        if not isinstance(other, MissingTally):
            return NotImplemented
        return MissingTally(self.told or other.told, self.alone + other.alone, self.amid + other.amid)


Tallies = dict[tuple[str, str], MissingTally]


def tally_missing(posts: pd.DataFrame, of: CoverageTarget) -> Tallies:
    """Return what is missing by platform and column; tallies of parts of a frame can be added."""
    posts = add_missing_columns(posts)
    found = _of_metrics if of == "metrics" else _of_columns
    return {
        (platform.name, name): tally
        for platform in platforms_in(posts)
        for name, tally in found(PlatformPosts(posts, platform))
    }


def add_tallies(parts: Iterable[Tallies]) -> Tallies:
    """Return the tallies of several parts as those of the whole."""
    whole: Tallies = {}
    for part in parts:
        for key, tally in part.items():
            whole[key] = whole[key] + tally if key in whole else tally
    return whole


def coverage_table(found: Tallies) -> pd.DataFrame:
    """Return the table: a row per platform, column and reason, in the order of the declarations."""
    rows = [
        (platform, name, reason, counts[reason])
        for platform in PLATFORMS
        for (own, name), tally in found.items()
        if own == platform
        for counts in [tally.amid if tally.told else tally.alone]
        for reason in REASONS
        if counts[reason]
    ]
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


def _of_columns(seen: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for column in sent_by(seen.platform):
        if column.name in seen.posts.columns:
            yield column.name, _tally(seen, column, _why(seen, column, ~seen.has(column)))


def _of_metrics(seen: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for metric in METRICS:
        status, said = metric_status(seen.platform, metric)
        if isinstance(said, Measure):
            yield metric.name, _unmeasured(seen, said)
        elif status == IN_OTHER_ENDPOINT:
            yield metric.name, _everywhere(seen, IN_OTHER_ENDPOINT)


def _unmeasured(seen: PlatformPosts, measure: Measure) -> MissingTally:
    """Return why a metric is missing."""
    found = read_metric(seen.posts, seen.platform, measure, seen.rows, seen.formats)
    if found is None:
        return _everywhere(seen, UNKNOWN)
    column = next(column for column in seen.platform.columns if column.name == measure.source)
    missing = ~found.known | seen.broken
    whys = _why(seen, column, missing)
    for reasons in whys:
        reasons[missing & found.blank] = UNKNOWN
        reasons[missing & seen.is_format(measure.not_measured)] = OTHER_MEDIA
        reasons[missing & found.declined] = FAILED
    return _tally(seen, column, whys)


def _why(seen: PlatformPosts, column: Column, missing: BoolMask) -> tuple[Reasons, Reasons]:
    """Return why a value is missing, post by post, None where it is there: if no post has one, and if some have."""
    if column.evidence is not Evidence.ANALYTICS:
        reasons = _first_that_holds(seen, column, missing, REASONS)
        return reasons, reasons
    amid = _first_that_holds(seen, column, missing, [reason for reason in REASONS if reason != IN_OTHER_ENDPOINT])
    return (amid if seen.has(column).any() else _first_that_holds(seen, column, missing, REASONS)), amid


def _first_that_holds(seen: PlatformPosts, column: Column, missing: BoolMask, among: Iterable[str]) -> Reasons:
    reasons = np.full(len(seen.rows), None, dtype=object)
    for reason in among:
        if not missing.any():
            break
        here = missing & REASONS[reason](seen, column)
        reasons[here] = reason
        missing = missing & ~here
    return reasons


def _tally(seen: PlatformPosts, column: Column, whys: tuple[Reasons, Reasons]) -> MissingTally:
    told_here = column.evidence is Evidence.ANALYTICS and bool(seen.has(column).any())
    alone, amid = (_counted(reasons) for reasons in whys)
    return MissingTally(told_here, alone, amid)


def _everywhere(seen: PlatformPosts, reason: str) -> MissingTally:
    counts = Counter({reason: len(seen.rows)})
    return MissingTally(told=False, alone=counts, amid=counts)


def _counted(reasons: Reasons) -> Counter[str]:
    counts = Counter(reasons.tolist())
    del counts[None]
    return counts
