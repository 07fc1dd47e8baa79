"""The numbers of a partition's posts, small enough to wait for those of all others, and what is added up of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._metrics.metrics import METRIC_NAMES, divide, metrics, to_floats
from ayrframe._metrics.summary import PLACE, add_period_labels, group_totals, summary_table
from ayrframe._platforms.metrics import ENGAGEMENTS, RATES
from ayrframe.dask import _medians as medians
from ayrframe.dask._settle import Rows, kept_keys

_GROUP = "group"
_HELD = [name for name in METRIC_NAMES if name not in RATES]


class Numbers(NamedTuple):
    """The metrics of posts: which of the groups each is in, and the values of those metrics that any post tells."""

    groups: pd.DataFrame
    codes: npt.NDArray[np.int32]
    values: dict[str, npt.NDArray[np.floating]]

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """Return a metric or rate, NaN where it is not told."""
        if name in RATES:
            return divide(self.column(ENGAGEMENTS.name), self.column(RATES[name].name))
        return self.values[name].astype(np.float64) if name in self.values else np.full(len(self.codes), np.nan)

    def without(self, rows: Rows) -> Numbers:
        """Return the numbers of all posts but these."""
        if not len(rows):
            return self
        kept = np.delete(np.arange(len(self.codes)), rows)
        return Numbers(self.groups, self.codes[kept], {name: held[kept] for name, held in self.values.items()})


def numbers_and_keys(posts: pd.DataFrame, by: Sequence[str], tz: str | None) -> tuple[Numbers, pd.DataFrame]:
    """Return the numbers of each post once, by its newest copy in this partition, and its key beside them."""
    posts = latest_observations(posts)
    table = add_period_labels(metrics(posts), by, tz)
    codes, first = _codes(table[list(by)])
    values = {name: _small(to_floats(table[name])) for name in _HELD if table[name].notna().any()}
    return Numbers(table[list(by)].iloc[first].reset_index(drop=True), codes, values), kept_keys(posts)


def _codes(groups: pd.DataFrame) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the number of the group of each row, what is missing being a group too, and a row of each group."""
    mixed = np.zeros(len(groups), np.int64)
    for name in groups.columns:
        own, labels = pd.factorize(groups[name], use_na_sentinel=False)
        _, mixed = np.unique(mixed * len(labels) + own, return_inverse=True)
    _, first = np.unique(mixed, return_index=True)
    return mixed.astype(np.int32), first


def _small(values: npt.NDArray[np.float64]) -> npt.NDArray[np.floating]:
    """Return the same values in half the room, where that holds them exactly, as it does counts up to 2^24."""
    with np.errstate(over="ignore"):
        half = values.astype(np.float32)
    return half if np.array_equal(half.astype(np.float64), values, equal_nan=True) else values


def totals_of(numbers: Numbers) -> pd.DataFrame:
    """Return the totals of the groups in a partition."""
    table = pd.DataFrame({_GROUP: numbers.codes} | {name: numbers.column(name) for name in METRIC_NAMES})
    rows = group_totals(table, [_GROUP])
    groups = numbers.groups.take(rows[_GROUP].to_numpy(dtype=np.int64)).reset_index(drop=True)
    return pd.concat([groups, rows.drop(columns=_GROUP)], axis="columns")


def groups_in(whole: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return all groups there are; their places are the numbers that all partitions call them by."""
    return whole[list(by)].drop_duplicates().reset_index(drop=True)


def in_buckets(numbers: Numbers, groups: pd.DataFrame) -> medians.Counts:
    """Count the values of a partition by their buckets."""
    return medians.added([medians.in_buckets(*pair) for pair in _slots(numbers, groups)])


def in_middle(numbers: Numbers, groups: pd.DataFrame, sought: medians.Sought) -> medians.Counts:
    """Count the values of a partition that lie in the buckets of the middle."""
    return medians.added([medians.in_middle(*pair, sought) for pair in _slots(numbers, groups)])


def _slots(numbers: Numbers, groups: pd.DataFrame) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """Return the values of each metric, and the slots they are in: one for each group and metric."""
    group = _places(numbers.groups, groups)[numbers.codes]
    return [(group * len(METRIC_NAMES) + place, numbers.column(name)) for place, name in enumerate(METRIC_NAMES)]


def _places(rows: pd.DataFrame, groups: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the place of the group of each row among the groups; -1 where all posts of a group were replaced."""
    codes, different = _codes(pd.concat([groups, rows[groups.columns]], ignore_index=True))
    place = np.full(len(different), -1, np.int64)
    place[codes[: len(groups)]] = np.arange(len(groups))
    return place[codes[len(groups) :]]


def summed_up(
    whole: pd.DataFrame, groups: pd.DataFrame, middle: medians.Counts, sought: medians.Sought
) -> pd.DataFrame:
    """Return the table of the summary."""
    slots = _places(whole, groups) * len(METRIC_NAMES) + whole[PLACE].to_numpy(dtype=np.int64)
    found = pd.Series(medians.medians(middle, sought), index=sought.slots)
    return summary_table(whole.assign(median=found.reindex(slots).to_numpy()), list(groups.columns))
