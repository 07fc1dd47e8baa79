"""Methods of a posts frame over partitions: mapped, or combined by one task. Columns come from the meta alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import dask.dataframe as dd
import pandas as pd

from ayrframe._expansions import expand as _expand
from ayrframe._expansions.methods import bind_method
from ayrframe._frame.platform_rows import platform_mask, platforms_in
from ayrframe._metrics import coverage as _coverage
from ayrframe._metrics import metrics as _metrics
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import EXTRA, ID
from ayrframe._platforms.spec import Platform
from ayrframe.dask._graph import combined
from ayrframe.dask._warnings import heard
from ayrframe.errors import AyrframeError, ExpansionError, quote

Counted = tuple[frozenset[str], _expand.ExpansionCounts]


def platforms_of(posts: dd.DataFrame) -> list[Platform]:
    """Return the platforms whose columns are all there: no row is looked at before it has to be."""
    return platforms_in(_empty(posts))


def metrics(posts: dd.DataFrame, followers: Mapping[str, float] | None) -> dd.DataFrame:
    """Return the metrics of each post."""
    return _mapped(posts, _measured, _metrics.metrics(_empty(posts), followers), followers)


def expand(posts: dd.DataFrame, name: str, *, wide: bool = False) -> dd.DataFrame:
    """Return a child table; its wide form has the columns of the networks of `platforms_of`."""
    meta, whole = _empty(posts), platforms_of(posts)
    if name == tables.EXTRA_TABLE.name and EXTRA.name in meta.columns:
        return _mapped(posts, _left_over, _expand.expand(meta, name, wide=wide))
    anybody = _expand.expansions_by_name(meta, PLATFORMS.values()).get(name, [])
    owners = _expand.expansions_by_name(meta, whole or PLATFORMS.values()).get(name, []) or anybody
    if not owners:
        raise ExpansionError(_expand.unknown_expansion_message(meta, name, whole))
    chosen = tuple(platform.name for platform, _ in (owners if wide else anybody))
    return _mapped(posts, _unfolded, _expand.expand_platforms(meta, owners, wide=wide), name, chosen, wide)


def names_in(posts: dd.DataFrame) -> list[str]:
    """Return the names of the expansions."""
    return _expand.expansion_names(_empty(posts), PLATFORMS.values())


def method(posts: dd.DataFrame, name: str) -> Callable[..., dd.DataFrame] | None:
    """Return the method of an expansion; None if there is none."""

    def unfold(name: str, *, wide: bool = False) -> dd.DataFrame:
        return expand(posts, name, wide=wide)

    return bind_method(unfold, name, _empty(posts), list(PLATFORMS.values()))


def no_such(posts: dd.DataFrame, name: str) -> str:
    """Return what to say of a name that is none of an expansion."""
    return _expand.unknown_expansion_message(_empty(posts), name, platforms_of(posts))


def expansions(posts: dd.DataFrame) -> dd.DataFrame:
    """Return the overview of the expansions."""
    meta = _empty(posts)
    return combined(posts, _counts, partial(_listed, empty=meta), _expand.list_expansions(meta).iloc[:0])


def coverage(posts: dd.DataFrame, of: _coverage.CoverageTarget) -> dd.DataFrame:
    """Return why values are missing."""
    meta = _coverage.coverage(_empty(posts), of)
    return combined(posts, partial(_tallies, of=of), _covered, meta)


def _empty(posts: dd.DataFrame) -> pd.DataFrame:
    meta: pd.DataFrame = posts._meta.iloc[:0]
    return meta


def _mapped(posts: dd.DataFrame, function: Callable[..., pd.DataFrame], meta: pd.DataFrame, *args: Any) -> dd.DataFrame:
    # The rows of a partition are numbered anew, so that what was known of its index holds no longer.
    return posts.map_partitions(function, *args, meta=meta, clear_divisions=True)


@heard
def _measured(posts: pd.DataFrame, followers: Mapping[str, float] | None) -> pd.DataFrame:
    return _metrics.metrics(posts, followers)


@heard
def _left_over(posts: pd.DataFrame) -> pd.DataFrame:
    return _expand.expand(posts, tables.EXTRA_TABLE.name)


@heard
def _unfolded(posts: pd.DataFrame, name: str, platforms: Sequence[str], wide: bool) -> pd.DataFrame:  # noqa: FBT001
    owners = _expand.expansions_by_name(posts, PLATFORMS.values())[name]
    for platform, _ in owners:
        if platform.name not in platforms and (here := platform_mask(platform, posts)).any():
            raise AyrframeError(
                f"{name} in its wide form has a column for each kind that its networks declare, and the frame lacks "
                f"some columns of {platform.title}, of which post {quote(str(posts.loc[here, ID.name].iloc[0]))} is. "
                "Keep all columns until it is unfolded, or leave wide=True out."
            )
    return _expand.expand_platforms(posts, [owner for owner in owners if owner[0].name in platforms], wide=wide)


@heard
def _counts(posts: pd.DataFrame) -> Counted:
    here = platforms_in(posts) if len(posts) else []
    return frozenset(platform.name for platform in here), _expand.count_posts_by_expansion(posts)


def _listed(parts: Sequence[Counted], empty: pd.DataFrame) -> pd.DataFrame:
    names, counts = zip(*parts, strict=True)
    here = [platform for platform in PLATFORMS.values() if any(platform.name in some for some in names)]
    return _expand.describe_expansions(empty, here or platforms_in(empty), sum(counts, start=type(counts[0])()))


@heard
def _tallies(posts: pd.DataFrame, of: _coverage.CoverageTarget) -> _coverage.Tallies:
    return _coverage.tally_missing(posts, of)


def _covered(parts: Sequence[_coverage.Tallies]) -> pd.DataFrame:
    return _coverage.coverage_table(_coverage.add_tallies(parts))
