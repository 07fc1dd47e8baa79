"""Count missing values by column and reason; counts of parts of a frame can be added."""

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
from ayrframe._metrics.missing_reasons import FAILED, OTHER_KIND_OF_MEDIA, REASONS, UNKNOWN, PlatformPosts
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.metrics import METRICS
from ayrframe._platforms.spec import Column, Evidence, Measure
from ayrframe.errors import quote

CoverageTarget = Literal["metrics", "columns"]
ReasonArray = npt.NDArray[np.object_]

_COVERAGE_DTYPES = {"platform": "str", "column": "str", "reason": "str", "count": "Int64"}


def coverage(posts: pd.DataFrame, of: CoverageTarget = "metrics") -> pd.DataFrame:
    """Return the number of missing values by platform, column and reason."""
    if of not in get_args(CoverageTarget):
        raise ValueError(f"`of` must be 'metrics' or 'columns', got {quote(str(of))}.")
    return coverage_table(tally_missing(posts, of))


class MissingTally(NamedTuple):
    """Number of missing values of a column in a part of a frame, by reason.

    The reason "not in this endpoint" applies only if no post of the whole frame has a value. So a tally has two sets
    of counts: `without_values` is valid if no part of the frame has values, `with_values` if any part does;
    `has_values` is whether this part does.
    """

    has_values: bool
    without_values: Counter[str]
    with_values: Counter[str]

    def __add__(self, other: object) -> MissingTally:
        """Return the tally of two parts together."""
        if not isinstance(other, MissingTally):
            return NotImplemented
        return MissingTally(
            self.has_values or other.has_values,
            self.without_values + other.without_values,
            self.with_values + other.with_values,
        )


Tallies = dict[tuple[str, str], MissingTally]


def tally_missing(posts: pd.DataFrame, of: CoverageTarget) -> Tallies:
    """Count missing values by platform and column, so that tallies of parts of a frame can be added."""
    posts = add_missing_columns(posts)
    tally_platform = _tally_metrics if of == "metrics" else _tally_columns
    return {
        (platform.name, name): tally
        for platform in platforms_in(posts)
        for name, tally in tally_platform(PlatformPosts(posts, platform))
    }


def add_tallies(parts: Iterable[Tallies]) -> Tallies:
    """Add the tallies of several parts of a frame."""
    total: Tallies = {}
    for part in parts:
        for key, tally in part.items():
            total[key] = total[key] + tally if key in total else tally
    return total


def coverage_table(tallies: Tallies) -> pd.DataFrame:
    """Convert tallies to the coverage table, in the order of the declarations."""
    rows = [
        (platform, name, reason, counts[reason])
        for platform in PLATFORMS
        for (owner, name), tally in tallies.items()
        if owner == platform
        for counts in [tally.with_values if tally.has_values else tally.without_values]
        for reason in REASONS
        if counts[reason]
    ]
    return pd.DataFrame(rows, columns=list(_COVERAGE_DTYPES)).astype(_COVERAGE_DTYPES)


def _tally_columns(posts: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for column in sent_by(posts.platform):
        if column.name in posts.frame.columns:
            yield column.name, _build_tally(posts, column, _find_reasons(posts, column, ~posts.has(column)))


def _tally_metrics(posts: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for metric in METRICS:
        status, declaration = metric_status(posts.platform, metric)
        if isinstance(declaration, Measure):
            yield metric.name, _tally_metric(posts, declaration)
        elif status == IN_OTHER_ENDPOINT:
            yield metric.name, _tally_all(posts, IN_OTHER_ENDPOINT)


def _tally_metric(posts: PlatformPosts, measure: Measure) -> MissingTally:
    """Count the missing values of a metric by reason."""
    values = read_metric(posts.frame, posts.platform, measure, posts.rows, posts.formats)
    if values is None:
        return _tally_all(posts, UNKNOWN)
    column = next(column for column in posts.platform.columns if column.name == measure.source)
    missing = ~values.valid | posts.is_error
    reason_pair = _find_reasons(posts, column, missing)
    for reasons in reason_pair:
        reasons[missing & values.not_measured] = UNKNOWN
        reasons[missing & posts.is_format(measure.not_measured)] = OTHER_KIND_OF_MEDIA
        reasons[missing & values.withheld] = FAILED
    return _build_tally(posts, column, reason_pair)


def _find_reasons(posts: PlatformPosts, column: Column, missing: BoolMask) -> tuple[ReasonArray, ReasonArray]:
    """Return the reason of each missing value, else None: if no post has a value, and if any post has one."""
    if column.evidence is not Evidence.ANALYTICS:
        reasons = _first_reasons(posts, column, missing, REASONS)
        return reasons, reasons
    with_values = _first_reasons(posts, column, missing, [reason for reason in REASONS if reason != IN_OTHER_ENDPOINT])
    return (with_values if posts.has(column).any() else _first_reasons(posts, column, missing, REASONS)), with_values


def _first_reasons(posts: PlatformPosts, column: Column, missing: BoolMask, candidates: Iterable[str]) -> ReasonArray:
    reasons = np.full(len(posts.rows), None, dtype=object)
    for reason in candidates:
        if not missing.any():
            break
        applies = missing & REASONS[reason](posts, column)
        reasons[applies] = reason
        missing = missing & ~applies
    return reasons


def _build_tally(posts: PlatformPosts, column: Column, reason_pair: tuple[ReasonArray, ReasonArray]) -> MissingTally:
    has_values = column.evidence is Evidence.ANALYTICS and bool(posts.has(column).any())
    without_values, with_values = (_count_reasons(reasons) for reasons in reason_pair)
    return MissingTally(has_values, without_values, with_values)


def _tally_all(posts: PlatformPosts, reason: str) -> MissingTally:
    counts = Counter({reason: len(posts.rows)})
    return MissingTally(has_values=False, without_values=counts, with_values=counts)


def _count_reasons(reasons: ReasonArray) -> Counter[str]:
    counts = Counter(reasons.tolist())
    del counts[None]
    return counts
