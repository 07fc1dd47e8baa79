"""Count missing values by column and reason; counts of parts of a frame can be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._metrics.catalog import IN_OTHER_ENDPOINT, metric_status, source_column
from ayrframe._metrics.formats import BoolMask
from ayrframe._metrics.metrics import read_metric
from ayrframe._metrics.missing_reasons import FAILED, NOT_OWN_POST, OTHER_KIND_OF_MEDIA, REASONS, UNKNOWN, PlatformPosts
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.metrics import METRICS
from ayrframe._platforms.spec import Column, Evidence, Measure
from ayrframe.errors import quote

CoverageTarget = Literal["metrics", "columns"]

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
            has_values, *counts = total.get(key, (False, Counter(), Counter()))
            sums = (count + added for count, added in zip(counts, tally[1:], strict=True))
            total[key] = MissingTally(has_values or tally.has_values, *sums)
    return total


def coverage_table(tallies: Tallies) -> pd.DataFrame:
    """Convert tallies to the coverage table, in the order of the declarations."""
    rows = [
        (platform, name, reason, counts[reason])
        for (platform, name), tally in sorted(tallies.items(), key=lambda item: list(PLATFORMS).index(item[0][0]))
        for counts in [tally.with_values if tally.has_values else tally.without_values]
        for reason in REASONS
        if counts[reason]
    ]
    return pd.DataFrame(rows, columns=list(_COVERAGE_DTYPES)).astype(_COVERAGE_DTYPES)


def _tally_columns(posts: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for column in sent_by(posts.platform):
        if column.name in posts.frame.columns:
            yield column.name, _tally_reasons(posts, column, ~posts.has(column), {})


def _tally_metrics(posts: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for metric in METRICS:
        status, declaration = metric_status(posts.platform, metric)
        if isinstance(declaration, Measure):
            yield metric.name, _tally_metric(posts, declaration)
        elif status == IN_OTHER_ENDPOINT:
            yield metric.name, _tally_all(posts, IN_OTHER_ENDPOINT)


def _tally_metric(posts: PlatformPosts, measure: Measure) -> MissingTally:
    values = read_metric(posts.frame, posts.platform, measure, posts.rows, posts.formats)
    if values is None:
        return _tally_all(posts, UNKNOWN)
    of_other_media = posts.is_format(measure.not_measured)
    proved = {
        NOT_OWN_POST: posts.is_foreign,
        FAILED: values.withheld,
        OTHER_KIND_OF_MEDIA: of_other_media,
        UNKNOWN: values.not_measured,
    }
    missing = ~values.valid | posts.is_error | posts.is_foreign
    return _tally_reasons(posts, source_column(posts.platform, measure), missing, proved)


def _tally_all(posts: PlatformPosts, reason: str) -> MissingTally:
    counts = Counter({reason: len(posts.rows)})
    return MissingTally(has_values=False, without_values=counts, with_values=counts)


def _tally_reasons(
    posts: PlatformPosts, column: Column, missing: BoolMask, proved: Mapping[str, BoolMask]
) -> MissingTally:
    is_analytics = column.evidence is Evidence.ANALYTICS
    without_values = with_values = _count_reasons(posts, column, missing, proved, REASONS)
    if is_analytics:
        other_reasons = [reason for reason in REASONS if reason != IN_OTHER_ENDPOINT]
        with_values = _count_reasons(posts, column, missing, proved, other_reasons)
    return MissingTally(is_analytics and bool(posts.has(column).any()), without_values, with_values)


def _count_reasons(
    posts: PlatformPosts, column: Column, missing: BoolMask, proved: Mapping[str, BoolMask], candidates: Iterable[str]
) -> Counter[str]:
    """Count missing values by the first reason that applies, the proved ones before the candidates."""
    counts: Counter[str] = Counter()
    for reason, applies in chain(proved.items(), ((name, REASONS[name](posts, column)) for name in candidates)):
        if not missing.any():
            break
        counts[reason] += int((missing & applies).sum())
        missing = missing & np.logical_not(applies)
    return counts
