"""Compute the median of a metric for each hour of the week."""

from __future__ import annotations

import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._metrics.metrics import check_metric, metrics
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS

MIN_POSTS = 5  # The median of fewer posts is not reliable.

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS_PER_DAY = 24
_HOUR_OF_WEEK = [PLATFORM.name, "weekday", "hour"]
_BEST_TIMES_DTYPES = {
    PLATFORM.name: "str",
    "weekday": "Int64",
    "day": "str",
    "hour": "Int64",
    "posts": "Int64",
    "posts_with": "Int64",
    "median": "float64",
    "thin": "boolean",
}


def best_times(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, *, tz: str | None = None) -> pd.DataFrame:
    """Return the median of the posts of each hour of the week and platform; `thin` is set where few have a value.

    Hours are local: an hour that is skipped or repeated when clocks change is counted like any other.

    Examples
    --------
    >>> sent = [{"id": "1", "created": "2026-03-02T08:30:00Z", "likeCount": 7}]
    >>> table = best_times(ayr.from_posts(sent, platform="bluesky"), "likes", tz="Europe/Berlin")
    >>> table.query("posts > 0")[["day", "hour", "posts", "median", "thin"]]
       day  hour  posts  median  thin
    9  Mon     9      1     7.0  True
    """
    check_metric(metric)
    timezone = to_timezone(tz)
    platforms = [platform.name for platform in platforms_in(posts)] if len(posts) else []
    all_hours = pd.MultiIndex.from_product([platforms, range(len(_DAYS)), range(_HOURS_PER_DAY)], names=_HOUR_OF_WEEK)
    table = metrics(latest_observations(posts))
    table = table[table[CREATED.name].notna()]
    local = table[CREATED.name].dt.tz_convert(timezone)
    values = table[metric].astype("float64")
    groups = values.groupby(
        [table[PLATFORM.name], local.dt.day_of_week.rename("weekday"), local.dt.hour.rename("hour")]
    )
    statistics = groups.agg(["size", "count", "median"]).set_axis(["posts", "posts_with", "median"], axis=1)
    result = statistics.reindex(all_hours).fillna({"posts": 0, "posts_with": 0}).reset_index()
    result["day"] = result["weekday"].map(dict(enumerate(_DAYS)))
    result["thin"] = result["posts_with"] < MIN_POSTS
    return result[list(_BEST_TIMES_DTYPES)].astype(_BEST_TIMES_DTYPES)
