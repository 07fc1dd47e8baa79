"""Declare Snapchat with the names known from post analytics, because the shape of its history is not published."""

from ayrframe._platforms import accounts, metrics
from ayrframe._platforms.columns import (
    REPLIES,
    SHARES_COLUMN,
    VIEWS_COLUMN,
    engagement_column,
    reach_column,
    views_column,
    watch_time_column,
)
from ayrframe._platforms.spec import (
    Account,
    Endpoint,
    Evidence,
    KnownGap,
    Measure,
    MissingMetric,
    Platform,
    Scope,
    Unit,
    with_shared,
)

SNAPCHAT = Platform(
    name="snapchat",
    title="Snapchat",
    color="#EDA900",
    hosts=("snapchat.com",),
    about="The shape of the history of Snapchat is not certain: expect fields in `extra`, and check `drift()`.",
    columns=with_shared(
        *with_shared(
            VIEWS_COLUMN,
            reach_column("viewers", "People who viewed the post."),
            REPLIES,
            SHARES_COLUMN,
            watch_time_column("viewTime", "Total time spent viewing the post.", unit=Unit.MILLISECONDS),
            evidence=Evidence.ANALYTICS,
        ),
        engagement_column(
            "interactions", "Interactions of all kinds, summed by the platform.", evidence=Evidence.REPORTED
        ),
        endpoint=Endpoint.POST_ANALYTICS,
        gaps=(KnownGap.TOO_FRESH,),
    ),
    measures=(
        Measure(metrics.COMMENTS, "replies", scope=Scope.NOT_STATED, note="Replies."),
        Measure(
            metrics.SHARES,
            "shares",
            counts="sends to others",
            scope=Scope.NOT_STATED,
            note="Times the post was sent to others; whether it was also published again is not documented.",
        ),
        *with_shared(
            Measure(
                metrics.VIEWS,
                "views",
                counts="views, not defined further",
                note="Times the post was viewed; after how much time a view counts is not documented.",
            ),
            Measure(metrics.REACH, "viewers"),
            Measure(metrics.WATCH_TIME, "view_time"),
            scope=Scope.OWNER,
        ),
    ),
    missing_metrics=(
        MissingMetric(
            metrics.AVERAGE_WATCH_TIME, "The API reports the total time and the viewers, but not the average."
        ),
    ),
    usual_denominator=metrics.VIEWS,
    account=Account(
        columns=with_shared(
            views_column("views", "Views of the account, as reported by Snapchat.", name="snapchat_views"),
            engagement_column("shares", "Shares, as reported by Snapchat."),
            engagement_column("interactions", "Interactions, as reported by Snapchat."),
            evidence=Evidence.REPORTED,
        ),
        parameters=(accounts.QUARTERS, accounts.DAILY),
    ),
)
