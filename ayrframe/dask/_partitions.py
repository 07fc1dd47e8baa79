"""Apply methods of a posts frame to partitions and combine the results; columns are known from the meta alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import dask.dataframe as dd
import pandas as pd

from ayrframe._expansions.expand import (
    ExpansionCounts,
    count_posts_by_expansion,
    describe_expansions,
    expand,
    expand_platforms,
    expansions_by_name,
    list_expansions,
    unknown_expansion_message,
)
from ayrframe._frame.platform_rows import known_platforms_in, platform_mask, platforms_in
from ayrframe._metrics.coverage import CoverageTarget, Tallies, add_tallies, coverage, coverage_table, tally_missing
from ayrframe._metrics.followers import Followers, ProfileCounts, followers_by_profile
from ayrframe._metrics.metrics import metrics
from ayrframe._platforms import PLATFORMS, child_tables as tables
from ayrframe._platforms.columns import EXTRA, ID, PLATFORM, PROFILE
from ayrframe.dask._graph import combine_partitions, map_partitions
from ayrframe.errors import AyrframeError, ExpansionError, quote

_PROFILE = [PLATFORM.name, PROFILE.name]

PartitionCounts = tuple[frozenset[str], ExpansionCounts]


def empty_posts(posts: dd.DataFrame) -> pd.DataFrame:
    """Return a posts frame without rows and with the columns of the partitions."""
    meta: pd.DataFrame = posts._meta.iloc[:0]
    return meta


def map_metrics(posts: dd.DataFrame, followers: Followers | None) -> dd.DataFrame:
    """Return the metrics of each post."""
    meta = metrics(empty_posts(posts), followers)
    if followers is None or isinstance(followers, pd.DataFrame):
        return map_partitions(posts, metrics, meta, followers)
    profiles = posts[_PROFILE].drop_duplicates().compute()
    counts = followers_by_profile(followers, profiles.itertuples(index=False, name=None))
    return map_partitions(posts, _partition_metrics, meta, counts)


def _partition_metrics(posts: pd.DataFrame, followers: ProfileCounts) -> pd.DataFrame:
    profiles = posts[_PROFILE].drop_duplicates().itertuples(index=False, name=None)
    return metrics(posts, {profile: followers[profile] for profile in profiles if profile in followers})


def map_expand(posts: dd.DataFrame, name: str, *, wide: bool) -> dd.DataFrame:
    """Return a child table; its wide format has the columns of the platforms whose columns are present."""
    meta = empty_posts(posts)
    platforms = platforms_in(meta)
    if name == tables.EXTRA_TABLE.name and EXTRA.name in meta.columns:
        return map_partitions(posts, expand, expand(meta, name, wide=wide), name)
    all_declared = expansions_by_name(meta, PLATFORMS.values()).get(name, [])
    declared = expansions_by_name(meta, platforms or PLATFORMS.values()).get(name, []) or all_declared
    if not declared:
        raise ExpansionError(unknown_expansion_message(meta, name, platforms))
    names = tuple(platform.name for platform, _ in (declared if wide else all_declared))
    return map_partitions(posts, _expand_partition, expand_platforms(meta, declared, wide=wide), name, names, wide)


def _expand_partition(posts: pd.DataFrame, name: str, names: Sequence[str], wide: bool) -> pd.DataFrame:  # noqa: FBT001
    declared = expansions_by_name(posts, PLATFORMS.values())[name]
    for platform, _ in declared:
        if platform.name not in names and (rows := platform_mask(platform, posts)).any():
            raise AyrframeError(
                f"The wide format of {name} needs all columns of its platforms, but some columns of {platform.title} "
                f"are missing (first post: {quote(str(posts.loc[rows, ID.name].iloc[0]))}). Drop columns after "
                "expanding, or call it without `wide=True`."
            )
    return expand_platforms(posts, [pair for pair in declared if pair[0].name in names], wide=wide)


def collect_expansions(posts: dd.DataFrame) -> dd.DataFrame:
    """Return the list of expansions."""
    meta = empty_posts(posts)
    combine = partial(_describe_counts, meta=meta)
    return combine_partitions(posts, _count_partition, combine, list_expansions(meta).iloc[:0])


def _count_partition(posts: pd.DataFrame) -> PartitionCounts:
    platforms = known_platforms_in(posts) if len(posts) else []
    return frozenset(platform.name for platform in platforms), count_posts_by_expansion(posts)


def _describe_counts(parts: Sequence[PartitionCounts], meta: pd.DataFrame) -> pd.DataFrame:
    names, counts = zip(*parts, strict=True)
    with_posts = frozenset().union(*names)
    platforms = [platform for platform in PLATFORMS.values() if platform.name in with_posts] or platforms_in(meta)
    return describe_expansions(meta, platforms, sum(counts, start=type(counts[0])()))


def collect_coverage(posts: dd.DataFrame, of: CoverageTarget) -> dd.DataFrame:
    """Return the counts of missing values by column and reason."""
    return combine_partitions(posts, partial(tally_missing, of=of), _sum_tallies, coverage(empty_posts(posts), of))


def _sum_tallies(parts: Sequence[Tallies]) -> pd.DataFrame:
    return coverage_table(add_tallies(parts))
