"""Summarize posts: drop superseded copies in one shuffle, aggregate each group in a second one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dask.dataframe as dd
import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import (
    HAS_CONTENT,
    has_content,
    latest_index,
    latest_observations,
    warn_about_shared_ids,
)
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.frames import check_groups, post_identity, read_metrics, warn_about_unequal_rows
from ayrframe._metrics.metrics import divide, to_floats
from ayrframe._metrics.periods import PERIODS
from ayrframe._metrics.summary import SUMMARY_DTYPES, add_period_labels, aggregate, check_metrics, drop_empty, summary
from ayrframe._platforms.columns import CREATED, ID, KEY, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, RATES
from ayrframe.dask._graph import map_partitions
from ayrframe.dask._partitions import empty_posts

_ROW = "ayrframe_row"  # Position among all partitions: of copies with the same `as_of`, the last row is the latest.


def summarize(
    frame: dd.DataFrame,
    by: str | Sequence[str],
    tz: TimeZone | None,
    metric: str | Sequence[str] | None,
    *,
    dropna: bool,
) -> dd.DataFrame:
    """Return the summary of groups of posts, by the latest observation of each post."""
    empty = empty_posts(frame)
    plan = _Plan.of(empty, by, tz, metric)
    meta = summary(empty, by, tz, metric)
    empty_candidates = _candidates(empty, plan)
    candidates = map_partitions(frame, _candidates, empty_candidates, plan)
    shuffled = candidates.shuffle(list(plan.identity), ignore_index=True)
    latest = map_partitions(shuffled, _drop_superseded, _drop_superseded(empty_candidates, plan), plan)
    aggregated = latest.shuffle(plan.groups, ignore_index=True).map_partitions(_aggregate_groups, plan, meta=meta)
    if dropna:
        aggregated = aggregated.map_partitions(drop_empty, meta=meta)
    sort_options = {"by": plan.groups, "kind": "stable", "ignore_index": True}
    return aggregated.repartition(npartitions=1).map_partitions(pd.DataFrame.sort_values, **sort_options, meta=meta)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every partition needs: groups, columns that identify a post, metrics, and the columns that are shuffled."""

    groups: list[str]
    identity: tuple[str, ...]
    names: list[str]
    shuffled: list[str]
    tz: TimeZone | None

    @classmethod
    def of(
        cls, empty: pd.DataFrame, by: str | Sequence[str], tz: TimeZone | None, metric: str | Sequence[str] | None
    ) -> _Plan:
        """Return the plan for a frame, from its columns."""
        groups, names = check_groups(empty, by, taken=SUMMARY_DTYPES), check_metrics(empty, metric)
        needed = {*names, *(RATES[name].name for name in names if name in RATES)}
        needed |= {ENGAGEMENTS.name} if not needed.isdisjoint(RATES) else set()
        shuffled = sorted(name for name in needed if name not in RATES)
        return cls(groups, post_identity(groups), names, shuffled, tz)

    @property
    def rank(self) -> list[str]:
        """Columns that rank the copies of a post."""
        return list(dict.fromkeys([*KEY, *self.identity, HAS_CONTENT, _ROW]))

    @property
    def group_sources(self) -> list[str]:
        """Columns that the groups are made of."""
        sources = [CREATED.name if name in PERIODS else name for name in self.groups]
        return list(dict.fromkeys(sources))


def _candidates(frame: pd.DataFrame, plan: _Plan, partition_info: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Return sources of groups and metrics of each post under each label, and what ranks copies in other partitions."""
    table = read_metrics(frame, plan.names)
    warn_about_unequal_rows(table, plan.groups, plan.names)
    table = latest_observations(table, list(dict.fromkeys([*plan.identity, PROFILE.name])))
    table = table.astype(dict.fromkeys(plan.shuffled, "float64")).reset_index(drop=True)
    first_row = (partition_info or {"number": 0})["number"] << 32
    ranked = table.assign(**{HAS_CONTENT: has_content(table), _ROW: np.arange(len(table)) + first_row})
    return ranked[list(dict.fromkeys([*plan.rank, *plan.group_sources, *plan.shuffled]))]


def _drop_superseded(candidates: pd.DataFrame, plan: _Plan) -> pd.DataFrame:
    """Return groups and metrics of the latest copy of each post; rows without an id are all kept."""
    candidates = candidates.reset_index(drop=True)
    warn_about_unequal_rows(candidates, plan.groups, plan.names)
    if PROFILE.name not in plan.groups:
        warn_about_shared_ids(candidates)
    rank = candidates.loc[candidates[ID.name].notna(), plan.rank]
    copies = rank.index[rank.duplicated(list(plan.identity), keep=False)]
    superseded = copies.difference(latest_index(rank.loc[copies].sort_values(_ROW), plan.identity))
    table = add_period_labels(candidates.drop(superseded), plan.groups, plan.tz)
    return table[list(dict.fromkeys([*plan.groups, *plan.shuffled]))]


def _aggregate_groups(table: pd.DataFrame, plan: _Plan) -> pd.DataFrame:
    rates = [name for name in plan.names if name in RATES]
    engagements = to_floats(table[ENGAGEMENTS.name]) if rates else np.zeros(0)
    columns = {name: divide(engagements, to_floats(table[RATES[name].name])) for name in rates}
    return aggregate(table.assign(**columns), plan.groups, plan.names)
