"""Summarize posts of many partitions: drop superseded copies in one shuffle, collect each group in a second one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dask.dataframe as dd
import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import IS_POST, POST_IDENTITY, is_error_record, latest_index, latest_observations
from ayrframe._metrics import summary as _summary
from ayrframe._metrics.metrics import METRIC_NAMES, metrics
from ayrframe._platforms.columns import AS_OF, ID
from ayrframe.dask._heard import heard

_ROW = "row"  # The position of a post among all partitions: of copies that are equally new, the later counts.


def summary(posts: dd.DataFrame, by: str | Sequence[str], tz: str | None) -> dd.DataFrame:
    """Return the summary of groups of posts, each post once."""
    empty = posts._meta.iloc[:0]
    meta, groups = _summary.summary(empty, by, tz), _summary.check_groups(by)
    numbers = posts.map_partitions(_numbers, groups, tz, meta=_numbers(empty, groups, tz), clear_divisions=True)
    once = numbers.shuffle(list(POST_IDENTITY), ignore_index=True).map_partitions(_latest, groups)
    summed = once.shuffle(groups, ignore_index=True).map_partitions(_summary.aggregate, groups, meta=meta)
    return summed.repartition(npartitions=1).map_partitions(_sorted, groups, meta=meta)


@heard
def _numbers(
    posts: pd.DataFrame, groups: Sequence[str], tz: str | None, partition_info: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return the groups and metrics of each post, and what copies in other partitions are ranked by."""
    posts = latest_observations(posts)
    table = _summary.add_period_labels(metrics(posts), groups, tz).astype(dict.fromkeys(METRIC_NAMES, "float64"))
    first = (partition_info or {"number": 0})["number"] << 32
    table = table.assign(**{IS_POST: ~is_error_record(posts).to_numpy(dtype=bool), _ROW: np.arange(len(posts)) + first})
    return table[list(dict.fromkeys([*POST_IDENTITY, AS_OF.name, IS_POST, _ROW, *groups, *METRIC_NAMES]))]


def _latest(numbers: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Return the groups and metrics of each post by its latest copy."""
    numbers = numbers.sort_values(_ROW, ignore_index=True)
    known = numbers[ID.name].notna()
    kept = latest_index(numbers[known])
    return numbers.loc[~known | numbers.index.isin(kept), [*groups, *METRIC_NAMES]]


def _sorted(summed: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    return summed.sort_values(list(groups), kind="stable", ignore_index=True)
