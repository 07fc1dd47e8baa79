"""Count missing values by column and reason; counts of parts of a frame can be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import BoolArray
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._metrics.catalog import IN_OTHER_ENDPOINT, NOT_COMPARABLE, metric_status, source_column
from ayrframe._metrics.formats import meets
from ayrframe._metrics.metrics import read_metric
from ayrframe._metrics.missing_reasons import (
    NOT_OWN_POST,
    OTHER_KIND_OF_MEDIA,
    REASONS,
    RULES,
    UNKNOWN,
    WITHHELD,
    PlatformPosts,
)
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import EXTRA, sent_by
from ayrframe._platforms.metrics import METRICS
from ayrframe._platforms.spec import Column, Condition, Endpoint, Measure, MissingMetric
from ayrframe.errors import quote, warn_user

CoverageTarget = Literal["metrics", "columns"]

COVERAGE_DTYPES = {"platform": "str", "column": "str", "reason": "str", "count": "Int64"}


def coverage(posts: pd.DataFrame, of: CoverageTarget = "metrics") -> pd.DataFrame:
    """Return the number of missing values by platform, column and reason."""
    if of not in get_args(CoverageTarget):
        raise ValueError(f"`of` must be 'metrics' or 'columns', got {quote(str(of))}.")
    if EXTRA.name not in posts.columns:
        warn_user("The frame lacks the column 'extra', so invalid values and error records have another reason.")
    return coverage_table(tally_missing(posts, of))


# Reasons that may apply to a missing value, in order: each with the group for which it states a rule, None if the post
# proves it. The first reason applies whose rule is not contradicted by any post of the whole frame.
Candidates = tuple[tuple[str, str | None], ...]


class MissingTally(NamedTuple):
    """Number of missing values of a column in a part of a frame by candidates, and the contradicted rules."""

    counts: Counter[Candidates]
    contradicted: frozenset[tuple[str, str | None]] = frozenset()

    def by_reason(self) -> Counter[str]:
        """Return the number of missing values by reason."""
        counts: Counter[str] = Counter()
        for candidates, count in self.counts.items():
            counts[next(rule[0] for rule in candidates if rule not in self.contradicted)] += count
        return counts


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
            known = total.get(key, MissingTally(Counter()))
            total[key] = MissingTally(known.counts + tally.counts, known.contradicted | tally.contradicted)
    return total


def coverage_table(tallies: Tallies) -> pd.DataFrame:
    """Convert tallies to the coverage table, in the order of the declarations."""
    rows = [
        (platform, name, reason, counts[reason])
        for (platform, name), tally in sorted(tallies.items(), key=lambda item: list(PLATFORMS).index(item[0][0]))
        for counts in [tally.by_reason()]
        for reason in REASONS
        if counts[reason]
    ]
    return pd.DataFrame(rows, columns=list(COVERAGE_DTYPES)).astype(COVERAGE_DTYPES)


def _tally_columns(posts: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for column in sent_by(posts.platform):
        if column.name in posts.frame.columns:
            present = posts.has(column)
            yield column.name, _tally_reasons(posts, column, ~present, present, {})


def _tally_metrics(posts: PlatformPosts) -> Iterator[tuple[str, MissingTally]]:
    for metric in METRICS:
        status, declaration = metric_status(posts.platform, metric)
        if isinstance(declaration, Measure):
            yield metric.name, _tally_metric(posts, declaration)
        elif declaration is not None and declaration.other_number is not None:
            yield metric.name, _tally_other_number(posts, declaration, declaration.other_number)
        elif status == IN_OTHER_ENDPOINT:
            yield metric.name, _tally_all(posts, IN_OTHER_ENDPOINT)


def _tally_metric(posts: PlatformPosts, measure: Measure) -> MissingTally:
    values = read_metric(posts.frame, posts.platform, measure, posts.rows, posts.formats)
    if values is None:
        return _tally_all(posts, UNKNOWN)
    proved = {
        NOT_OWN_POST: posts.is_foreign,
        WITHHELD: values.withheld,
        OTHER_KIND_OF_MEDIA: posts.is_format(measure.not_measured),
        UNKNOWN: values.not_measured,
    }
    if measure.other_number is not None:
        proved[NOT_COMPARABLE] = meets(posts.frame, posts.platform, posts.rows, measure.other_number)
    column = source_column(posts.platform, measure)
    missing = ~values.valid | posts.is_error | posts.is_foreign
    return _tally_reasons(posts, column, missing, posts.has(column), proved)


def _tally_other_number(posts: PlatformPosts, metric: MissingMetric, other_number: Condition) -> MissingTally:
    """Tally a metric that no post has; where its other number is missing as well, the reason is that of the number."""
    column = next(column for column in sent_by(posts.platform) if column.path == other_number.path)
    if column.name not in posts.frame.columns:
        return _tally_all(posts, UNKNOWN)
    if metric.in_other_endpoint:
        column = replace(column, endpoint=Endpoint.NONE)
    column = replace(column, formats=metric.formats or column.formats)
    present = meets(posts.frame, posts.platform, posts.rows, other_number)
    missing = np.ones(len(posts.rows), dtype=bool)
    return _tally_reasons(posts, column, missing, present, {NOT_OWN_POST: posts.is_foreign, NOT_COMPARABLE: present})


def _tally_all(posts: PlatformPosts, reason: str) -> MissingTally:
    return MissingTally(Counter({((reason, None),): len(posts.rows)}))


def _tally_reasons(
    posts: PlatformPosts, column: Column, missing: BoolArray, present: BoolArray, proved: Mapping[str, BoolArray]
) -> MissingTally:
    """Tally the missing values of a column, by the proved reasons and by the candidates of the others.

    `present` is where the frame has a number, which may contradict a rule.
    """
    counts: Counter[Candidates] = Counter()
    tests = {reason: cache(partial(test, posts, column)) for reason, test in REASONS.items()}
    failures = posts.analytics_failures if column.endpoint is Endpoint.POST_ANALYTICS else {}
    for reason, applies in (*proved.items(), *failures.items()):
        counts[((reason, None),)] += int((missing & applies).sum())
        missing = missing & ~applies
    counts.update(_count_candidates(posts, tests, missing, list(tests), ()))
    contradicted = {
        (reason, group)
        for reason, rule in RULES.items()
        for group in pd.unique(
            rule.groups(posts)[tests[reason]() & (posts.has_gap_value(rule.gap) if rule.gap else present)]
        )
    }
    return MissingTally(counts, frozenset(contradicted))


def _count_candidates(
    posts: PlatformPosts,
    tests: Mapping[str, Callable[[], BoolArray | bool]],
    missing: BoolArray,
    reasons: Sequence[str],
    earlier: Candidates,
) -> Counter[Candidates]:
    """Count missing values by their candidates, which follow `earlier` ones."""
    counts: Counter[Candidates] = Counter()
    for position, reason in enumerate(reasons):
        if not missing.any():
            break
        applies = missing & tests[reason]()
        if reason not in RULES:
            counts[*earlier, (reason, None)] += int(applies.sum())
        else:
            groups = RULES[reason].groups(posts)
            for group in pd.unique(groups[applies]):
                candidates = (*earlier, (reason, group))
                of_group = applies & (groups == group)
                counts.update(_count_candidates(posts, tests, of_group, reasons[position + 1 :], candidates))
        missing = missing & ~applies
    return counts
