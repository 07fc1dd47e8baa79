"""Compute the median of a metric for each hour of the week."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.above_normal import check_positive_integer
from ayrframe._metrics.columns import KIND
from ayrframe._metrics.frames import check_metric, drop_future_posts, latest_metrics
from ayrframe._metrics.periods import parse_duration, to_timezone
from ayrframe._platforms.columns import AS_OF, CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS

MIN_POSTS = 5  # The median of fewer posts is not reliable.
MIN_AGE = "7D"  # Most posts have gained most of their engagement by then.

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DTYPES = dict.fromkeys(("weekday", "hour", "posts", "posts_with"), "Int64") | {"day": "str", "thin": "boolean"}


def best_times(
    frame: pd.DataFrame,
    metric: str = ENGAGEMENTS.name,
    *,
    tz: TimeZone | None = None,
    min_posts: int = MIN_POSTS,
    min_age: str | timedelta = MIN_AGE,
) -> pd.DataFrame:
    """Return the median of the account's own posts of each hour of the week and platform, NA where few have a value.

    Hours are local: an hour that is skipped or repeated when clocks change is counted like any other.
    """
    check_metric(frame, metric)
    check_positive_integer("min_posts", min_posts)
    timezone, age = to_timezone(tz), parse_duration(min_age)
    platforms = [platform.name for platform in platforms_in(frame)] if len(frame) else []
    hours = pd.MultiIndex.from_product([platforms, range(7), range(24)], names=[PLATFORM.name, "weekday", "hour"])
    table = drop_future_posts(latest_metrics(frame, [metric]))
    # The dates of replies and reposts follow those of other people's posts; young posts are still gaining.
    is_own = table[KIND].isna() | table[KIND].eq("own")
    table = table[is_own & (table[AS_OF.name] - table[CREATED.name] >= age)]
    local = table[CREATED.name].dt.tz_convert(timezone)
    groups = table[metric].astype("float64").groupby([table[PLATFORM.name], local.dt.day_of_week, local.dt.hour])
    statistics = groups.agg(posts="size", posts_with="count", median="median")
    result = statistics.reindex(hours).fillna({"posts": 0, "posts_with": 0}).reset_index()
    result["day"] = result["weekday"].map(dict(enumerate(_DAYS)))
    result["thin"] = result["posts_with"] < min_posts
    result["median"] = result["median"].where(~result["thin"])
    columns = [PLATFORM.name, "weekday", "day", "hour", "posts", "posts_with", "median", "thin"]
    return result[columns].astype(_DTYPES | {PLATFORM.name: "str"})
