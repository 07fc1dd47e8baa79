"""Compare each post with the median of the account's other posts, and rank posts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray, IntArray
from ayrframe._metrics.columns import AGE_DAYS, FORMAT, KIND, warn_about_dropped_texts
from ayrframe._metrics.frames import check_metric, latest_metrics
from ayrframe._metrics.metrics import divide, to_floats
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import CREATED, KEY, PLATFORM, POST, POST_URL, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS
from ayrframe.errors import quote

MIN_PEERS = 5  # The median of fewer posts is not reliable.


def above_normal(frame: pd.DataFrame, metric: str = ENGAGEMENTS.name) -> pd.DataFrame:
    """Return the value of each post and the median of its peers, NA for fewer than five, in the order of the posts.

    Peers are the other posts of the same platform, profile, kind and format with a value. Posts of unknown kind or
    format are peers of each other.
    """
    check_metric(frame, metric)
    warn_about_dropped_texts(frame)
    return _compare_with_peers(latest_metrics(frame, [metric], by=[PROFILE.name]), metric)


def _compare_with_peers(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    values = to_floats(table[metric])
    groups = table.groupby([PLATFORM.name, PROFILE.name, KIND, FORMAT], dropna=False, sort=False).ngroup()
    medians, peers = _peer_medians(values, groups.to_numpy().astype(np.int64))
    normal = np.where(peers >= MIN_PEERS, medians, np.nan)
    table = table[[*KEY, CREATED.name, AGE_DAYS, POST.name, POST_URL.name, FORMAT, KIND]]
    ratio = divide(values, normal)
    return table.assign(value=values, normal=normal, peers=pd.array(peers, dtype="Int64"), ratio=ratio)


def top_posts(frame: pd.DataFrame, metric: str = ENGAGEMENTS.name, n: int = 10) -> pd.DataFrame:
    """Return the posts with the highest values of each platform, ranked; ties keep the order of the frame.

    Posts without a value are left out.
    """
    check_positive_integer("n", n)
    check_metric(frame, metric)
    warn_about_dropped_texts(frame)
    table = _compare_with_peers(latest_metrics(frame, [metric]), metric)
    table = table[table["value"].notna()].sort_values("value", ascending=False, kind="stable")
    table = table.sort_values(PLATFORM.name, key=lambda names: names.map(list(PLATFORMS).index), kind="stable")
    rank = table.groupby(PLATFORM.name, sort=False).cumcount() + 1
    table.insert(len(KEY), "rank", rank.astype("Int64"))
    return table[rank <= n].reset_index(drop=True)


def check_positive_integer(argument: str, value: int) -> int:
    """Return the value as an int; raise a ValueError if it is not a positive integer."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"`{argument}` must be a positive integer, got {quote(str(value))}.")
    return int(value)


def _peer_medians(values: FloatArray, groups: IntArray) -> tuple[FloatArray, IntArray]:
    """Return for each value the median of the other values of its group that are not NaN, and their number."""
    order = np.lexsort((values, groups))  # NaN is last in each group.
    sorted_values, valid = values[order], ~np.isnan(values)
    sizes = np.bincount(groups)
    starts = (np.cumsum(sizes) - sizes)[groups]
    positions = np.empty(len(values), np.int64)
    positions[order] = np.arange(len(values))
    positions -= starts
    peers = np.bincount(groups, valid, minlength=len(sizes)).astype(np.int64)[groups] - valid
    has_peers = peers > 0
    # Leaving out the value itself shifts all values from its position on by one.
    middle_positions = [starts + middle + (valid & (middle >= positions)) for middle in ((peers - 1) // 2, peers // 2)]
    medians = np.full(len(values), np.nan)
    medians[has_peers] = np.mean([sorted_values[middle[has_peers]] for middle in middle_positions], axis=0)
    return medians, peers
