"""The summary of posts in many partitions: the newest copy of each, then totals, then medians in two rounds.

::

    posts ── numbers, keys ── hashes ──► which are in several partitions ── claims ──► who loses
                 │                                                                        │
                 └──────────────────────────── the numbers that count ◄───────────────────┘
                                                       ├── totals ──► groups
                                                       ├── values by bucket ──► where the middle lies
                                                       └── values in the middle ──► medians
"""

from __future__ import annotations

from collections.abc import Sequence

import dask.dataframe as dd
import pandas as pd
from dask._task_spec import TaskRef
from dask.base import tokenize

from ayrframe._metrics import summary as _summary
from ayrframe.dask import _medians as medians
from ayrframe.dask import _numbers as numbers
from ayrframe.dask import _settle as settle
from ayrframe.dask._graph import Graph
from ayrframe.dask._heard import heard


def summary(posts: dd.DataFrame, by: str | Sequence[str], tz: str | None) -> dd.DataFrame:
    """Return the summary of groups of posts, each post once."""
    meta = _summary.summary(posts._meta.iloc[:0], by, tz)
    groups = tuple(_summary.known_groups(by))
    graph = Graph(f"summary-{tokenize(posts, groups, tz)}", posts)
    parts = _settled(graph, groups, tz)
    whole = graph.tree(_summary.added, graph.each(numbers.totals_of, parts), groups)
    known = graph.add(numbers.groups_in, whole, groups)
    sought = graph.add(medians.sought, graph.tree(medians.added, graph.each(numbers.in_buckets, parts, known)))
    middle = graph.tree(medians.added, graph.each(numbers.in_middle, parts, known, sought))
    return graph.frame([graph.add(numbers.summed_up, whole, known, middle, sought)], meta)


def _settled(graph: Graph, groups: Sequence[str], tz: str | None) -> list[TaskRef]:
    """Return the numbers of each partition, without the posts of which another one has a newer copy."""
    both = graph.each(_numbers_and_keys, graph.parts, groups, tz)
    held, keys = (graph.each(pick, both) for pick in (_first, _second))
    several = graph.add(settle.repeated, graph.each(settle.hashes, keys))
    claims = [graph.add(settle.claims, key, several, part) for part, key in enumerate(keys)]
    lost = graph.add(settle.losers, claims)
    return [graph.add(_without, one, graph.add(settle.lost_in, lost, part)) for part, one in enumerate(held)]


@heard
def _numbers_and_keys(
    posts: pd.DataFrame, groups: Sequence[str], tz: str | None
) -> tuple[numbers.Numbers, pd.DataFrame]:
    return numbers.numbers_and_keys(posts, groups, tz)


# The two go different ways, and the keys are let go as soon as copies are settled.
def _first(both: tuple[numbers.Numbers, pd.DataFrame]) -> numbers.Numbers:
    return both[0]


def _second(both: tuple[numbers.Numbers, pd.DataFrame]) -> pd.DataFrame:
    return both[1]


def _without(held: numbers.Numbers, rows: settle.Rows) -> numbers.Numbers:
    return held.without(rows)
