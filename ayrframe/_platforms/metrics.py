"""Define the metrics, which have the same meaning on every platform that reports them, and the rates."""

from __future__ import annotations

from collections.abc import Mapping

from ayrframe._platforms.spec import Metric, Unit

LIKES = Metric(
    "likes", Unit.COUNT, "Likes of the post; on platforms with several reactions, the number that the API calls likes."
)
REACTIONS = Metric("reactions", Unit.COUNT, "Reactions of all kinds; never add them to likes.")
COMMENTS = Metric("comments", Unit.COUNT, "Comments on the post or replies to it.")
SHARES = Metric(
    "shares", Unit.COUNT, "Times the post was shared or published again; the note of each platform says which."
)
QUOTES = Metric("quotes", Unit.COUNT, "Posts that quote this post.")
SAVES = Metric("saves", Unit.COUNT, "Times the post was saved or bookmarked.")
CLICKS = Metric("clicks", Unit.COUNT, "Clicks on the post; the note of each platform says on which part.")
VIEWS = Metric("views", Unit.COUNT, "Times the post was seen or played; the note of each platform says which.")
IMPRESSIONS = Metric("impressions", Unit.COUNT, "Times the post was shown.")
REACH = Metric("reach", Unit.PEOPLE, "People who saw the post at least once.", additive=False)
WATCH_TIME = Metric("watch_time_s", Unit.SECONDS, "Total time spent watching.")
AVERAGE_WATCH_TIME = Metric(
    "average_watch_time_s", Unit.SECONDS, "Average time a viewer spent watching.", additive=False
)

METRICS = (
    LIKES,
    REACTIONS,
    COMMENTS,
    SHARES,
    QUOTES,
    SAVES,
    CLICKS,
    VIEWS,
    IMPRESSIONS,
    REACH,
    WATCH_TIME,
    AVERAGE_WATCH_TIME,
)

# What people did with the post. Every platform counts these separately, so no interaction is counted twice.
INTERACTIONS = (LIKES, COMMENTS, SHARES, QUOTES)
ENGAGEMENTS = Metric(
    "engagements", Unit.COUNT, "Likes + comments + shares + quotes, as far as the platform reports them."
)

# Denominator of each rate. If it is missing, the rate is missing; no other denominator replaces it.
RATES: Mapping[str, Metric] = {"er_views": VIEWS, "er_impressions": IMPRESSIONS, "er_reach": REACH}
ER_FOLLOWERS = "er_followers"
