"""Declare Snapchat with the names known from post analytics, because the shape of its history is not published."""

from ayrframe._platforms import metrics
from ayrframe._platforms.columns import REPLIES, SHARES_COLUMN, VIEWS_COLUMN, reach_column, watch_time_column
from ayrframe._platforms.spec import Evidence, KnownGap, Measure, MissingMetric, Platform, Scope, Unit

SNAPCHAT = Platform(
    name="snapchat",
    title="Snapchat",
    colour="#EDA900",
    hosts=("snapchat.com",),
    about="The shape of the history of Snapchat is not certain: expect fields in `extra`, and check `drift()`.",
    columns=(
        VIEWS_COLUMN.customize(evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)),
        reach_column("viewers", "People who viewed the post.", evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)),
        REPLIES.customize(evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)),
        SHARES_COLUMN.customize(evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)),
        watch_time_column(
            "viewTime",
            "Total time spent viewing the post.",
            unit=Unit.MILLISECONDS,
            evidence=Evidence.ANALYTICS,
            gaps=(KnownGap.TOO_FRESH,),
        ),
    ),
    measures=(
        Measure(metrics.COMMENTS, "replies", scope=Scope.OWNER, note="Replies."),
        Measure(metrics.SHARES, "shares", scope=Scope.OWNER),
        Measure(metrics.VIEWS, "views", scope=Scope.OWNER),
        Measure(metrics.REACH, "viewers", scope=Scope.OWNER),
        Measure(metrics.WATCH_TIME, "view_time", scope=Scope.OWNER),
    ),
    missing_metrics=(
        MissingMetric(
            metrics.AVERAGE_WATCH_TIME, "The API reports the total time and the viewers, but not the average."
        ),
    ),
    usual_denominator=metrics.VIEWS,
)
