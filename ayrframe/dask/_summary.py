"""Summarize posts: drop superseded copies in one shuffle, aggregate each group in a second one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dask.dataframe as dd
import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import IS_POST, POST_IDENTITY, is_error_record, latest_index, latest_observations
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.metrics import METRIC_NAMES, divide, metrics, to_floats
from ayrframe._metrics.summary import add_period_labels, aggregate, check_groups, summary
from ayrframe._platforms.columns import AS_OF, ID
from ayrframe._platforms.metrics import ENGAGEMENTS, RATES
from ayrframe.dask._graph import map_partitions
from ayrframe.dask._partitions import empty_posts

_SHUFFLED = [name for name in METRIC_NAMES if name not in RATES]
_ROW = "row"  # Position among all partitions: of copies with the same `as_of`, the last row is the latest.
_RANK = [*POST_IDENTITY, AS_OF.name, IS_POST, _ROW]


def summarize(posts: dd.DataFrame, by: str | Sequence[str], tz: TimeZone | None) -> dd.DataFrame:
    """Return the summary of groups of posts, by the latest observation of each post."""
    empty = empty_posts(posts)
    meta, groups = summary(empty, by, tz), check_groups(by)
    candidates = map_partitions(posts, _candidates, _candidates(empty, groups, tz), groups, tz)
    latest = candidates.shuffle(list(POST_IDENTITY), ignore_index=True).map_partitions(_drop_superseded, groups)
    aggregated = latest.shuffle(groups, ignore_index=True).map_partitions(_aggregate_groups, groups, meta=meta)
    sort_options = {"by": list(groups), "kind": "stable", "ignore_index": True}
    return aggregated.repartition(npartitions=1).map_partitions(pd.DataFrame.sort_values, **sort_options, meta=meta)


def _candidates(
    posts: pd.DataFrame, groups: Sequence[str], tz: TimeZone | None, partition_info: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return groups and metrics of each post, and the columns that rank copies in different partitions."""
    posts = latest_observations(posts)
    table = add_period_labels(metrics(posts), groups, tz).astype(dict.fromkeys(_SHUFFLED, "float64"))
    first_row = (partition_info or {"number": 0})["number"] << 32
    is_post = ~is_error_record(posts).to_numpy(dtype=bool)
    table = table.assign(**{IS_POST: is_post, _ROW: np.arange(len(posts)) + first_row})
    return table[list(dict.fromkeys([*_RANK, *groups, *_SHUFFLED]))]


def _drop_superseded(candidates: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Return groups and metrics of the latest copy of each post; rows without an id are all kept."""
    candidates = candidates.reset_index(drop=True)
    rank = candidates.loc[candidates[ID.name].notna(), _RANK]
    copies = rank.index[rank.duplicated(list(POST_IDENTITY), keep=False)]
    superseded = copies.difference(latest_index(rank.loc[copies].sort_values(_ROW)))
    return candidates.drop(superseded)[[*groups, *_SHUFFLED]]


def _aggregate_groups(posts: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    engagements = to_floats(posts[ENGAGEMENTS.name])
    rates = {name: divide(engagements, to_floats(posts[metric.name])) for name, metric in RATES.items()}
    return aggregate(posts.assign(**rates), groups)
