"""Summarize posts of many partitions: drop superseded copies in one shuffle, collect each group in a second one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dask.dataframe as dd
import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import IS_POST, POST_IDENTITY, is_error_record, latest_index, latest_observations
from ayrframe._metrics import summary as _summary
from ayrframe._metrics.metrics import METRIC_NAMES, divide, metrics, to_floats
from ayrframe._platforms.columns import AS_OF, ID
from ayrframe._platforms.metrics import ENGAGEMENTS, RATES
from ayrframe.dask._warnings import heard

_SHUFFLED = [name for name in METRIC_NAMES if name not in RATES]
_ROW = "row"  # The position of a post among all partitions: of copies that are equally new, the later counts.
_RANK = [*POST_IDENTITY, AS_OF.name, IS_POST, _ROW]


def summary(posts: dd.DataFrame, by: str | Sequence[str], tz: str | None) -> dd.DataFrame:
    """Return the summary of groups of posts, each post once."""
    empty = posts._meta.iloc[:0]
    meta, groups = _summary.summary(empty, by, tz), _summary.check_groups(by)
    numbers = posts.map_partitions(_numbers, groups, tz, meta=_numbers(empty, groups, tz), clear_divisions=True)
    once = numbers.shuffle(list(POST_IDENTITY), ignore_index=True).map_partitions(_latest, groups)
    summed = once.shuffle(groups, ignore_index=True).map_partitions(_summed, groups, meta=meta)
    return summed.repartition(npartitions=1).map_partitions(_sorted, groups, meta=meta)


@heard
def _numbers(
    posts: pd.DataFrame, groups: Sequence[str], tz: str | None, partition_info: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return the groups and numbers of each post, and what copies in other partitions are ranked by."""
    posts = latest_observations(posts)
    table = _summary.add_period_labels(metrics(posts), groups, tz).astype(dict.fromkeys(_SHUFFLED, "float64"))
    first = (partition_info or {"number": 0})["number"] << 32
    table = table.assign(**{IS_POST: ~is_error_record(posts).to_numpy(dtype=bool), _ROW: np.arange(len(posts)) + first})
    return table[list(dict.fromkeys([*_RANK, *groups, *_SHUFFLED]))]


def _latest(numbers: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Return the groups and numbers of each post by its latest copy; rows without an id are all kept."""
    numbers = numbers.reset_index(drop=True)
    rank = numbers.loc[numbers[ID.name].notna(), _RANK]
    copies = rank.index[rank.duplicated(list(POST_IDENTITY), keep=False)]
    superseded = copies.difference(latest_index(rank.loc[copies].sort_values(_ROW)))
    return numbers.drop(superseded)[[*groups, *_SHUFFLED]]


def _summed(numbers: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    above = to_floats(numbers[ENGAGEMENTS.name])
    rates = {name: divide(above, to_floats(numbers[metric.name])) for name, metric in RATES.items()}
    return _summary.aggregate(numbers.assign(**rates), groups)


def _sorted(summed: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    return summed.sort_values(list(groups), kind="stable", ignore_index=True)
