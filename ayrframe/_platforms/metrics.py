"""The metrics: numbers that mean the same on every network that tells them, and the rates made of them."""

from __future__ import annotations

from collections.abc import Mapping

from ayrframe._platforms.spec import Metric, Unit

LIKES = Metric("likes", Unit.COUNT, "Likes of the post; on networks with several reactions, what the API calls likes.")
REACTIONS = Metric("reactions", Unit.COUNT, "Reactions of all kinds together; never to be added to likes.")
COMMENTS = Metric("comments", Unit.COUNT, "Comments on the post, or replies to it.")
SHARES = Metric("shares", Unit.COUNT, "Times the post was published again: shared, reposted, retweeted.")
QUOTES = Metric("quotes", Unit.COUNT, "Posts that quote this one.")
SAVES = Metric("saves", Unit.COUNT, "Times the post was saved or bookmarked.")
CLICKS = Metric("clicks", Unit.COUNT, "Clicks on the post; the note of a network says on what.")
VIEWS = Metric("views", Unit.COUNT, "Times the post's media were seen or played.")
IMPRESSIONS = Metric("impressions", Unit.COUNT, "Times the post was shown.")
REACH = Metric("reach", Unit.PEOPLE, "People who saw the post at least once.", additive=False)
WATCH_TIME = Metric("watch_time_s", Unit.SECONDS, "Time spent watching, all together.")
AVERAGE_WATCH_TIME = Metric(
    "average_watch_time_s", Unit.SECONDS, "Time a viewer spent watching, on average.", additive=False
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

# Public interactions, each of them told apart by every network that has it: nobody is counted in two of these.
INTERACTIONS = (LIKES, COMMENTS, SHARES, QUOTES)
ENGAGEMENTS = Metric("engagements", Unit.COUNT, "Likes + comments + shares + quotes, as far as the network tells them.")

# Each rate is engagements over exactly this, and over nothing else where it is missing.
RATES: Mapping[str, Metric] = {"er_views": VIEWS, "er_impressions": IMPRESSIONS, "er_reach": REACH}
ER_FOLLOWERS = "er_followers"
