"""Compute the median of a metric for each hour of the week."""

from __future__ import annotations

import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.metrics import check_metric, metrics
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS

MIN_POSTS = 5  # The median of fewer posts is not reliable.

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DTYPES = dict.fromkeys(("weekday", "hour", "posts", "posts_with"), "Int64") | {"day": "str", "thin": "boolean"}


def best_times(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, *, tz: TimeZone | None = None) -> pd.DataFrame:
    """Return the median of the posts of each hour of the week and platform; `thin` is set where few have a value.

    Hours are local: an hour that is skipped or repeated when clocks change is counted like any other.
    """
    check_metric(metric)
    timezone = to_timezone(tz)
    platforms = [platform.name for platform in platforms_in(posts)] if len(posts) else []
    hours = pd.MultiIndex.from_product([platforms, range(7), range(24)], names=[PLATFORM.name, "weekday", "hour"])
    table = metrics(latest_observations(posts))
    table = table[table[CREATED.name].notna()]
    local = table[CREATED.name].dt.tz_convert(timezone)
    groups = table[metric].astype("float64").groupby([table[PLATFORM.name], local.dt.day_of_week, local.dt.hour])
    statistics = groups.agg(posts="size", posts_with="count", median="median")
    result = statistics.reindex(hours).fillna({"posts": 0, "posts_with": 0}).reset_index()
    result["day"] = result["weekday"].map(dict(enumerate(_DAYS)))
    result["thin"] = result["posts_with"] < MIN_POSTS
    columns = [PLATFORM.name, "weekday", "day", "hour", "posts", "posts_with", "median", "thin"]
    return result[columns].astype(_DTYPES | {PLATFORM.name: "str"})
