"""When do posts do best? The table `best_times`: every hour of the week, with the median of its posts."""

from __future__ import annotations

import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._metrics.metrics import check_metric, metrics
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS

MIN_POSTS = 5  # The median of fewer posts says more about chance than about the hour.

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = 24
_SLOT = [PLATFORM.name, "weekday", "hour"]
_COLUMNS = {
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
    """Return every hour of the week for each network, with its posts and their median; `thin` where few tell it.

    Posts of all days that share an hour of the week count together, so an hour that a change of the clocks skips or
    repeats is like any other.

    Examples
    --------
    >>> sent = [{"id": "1", "created": "2026-03-02T08:30:00Z", "likeCount": 7}]
    >>> table = best_times(ayr.from_posts(sent, platform="bluesky"), "likes", tz="Europe/Berlin")
    >>> table.query("posts > 0")[["day", "hour", "posts", "median", "thin"]]
       day  hour  posts  median  thin
    9  Mon     9      1     7.0  True
    """
    check_metric(metric)
    place = to_timezone(tz)
    networks = [platform.name for platform in platforms_in(posts)] if len(posts) else []
    every = pd.MultiIndex.from_product([networks, range(len(_DAYS)), range(_HOURS)], names=_SLOT)
    table = metrics(latest_observations(posts))
    table = table[table[CREATED.name].notna()]
    local = table[CREATED.name].dt.tz_convert(place)
    values = table[metric].astype("float64")
    slots = values.groupby([table[PLATFORM.name], local.dt.day_of_week.rename("weekday"), local.dt.hour.rename("hour")])
    found = slots.agg(["size", "count", "median"]).set_axis(["posts", "posts_with", "median"], axis=1)
    whole = found.reindex(every).fillna({"posts": 0, "posts_with": 0}).reset_index()
    whole["day"] = whole["weekday"].map(dict(enumerate(_DAYS)))
    whole["thin"] = whole["posts_with"] < MIN_POSTS
    return whole[list(_COLUMNS)].astype(_COLUMNS)
