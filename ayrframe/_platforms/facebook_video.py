"""Declare the columns of videos on Facebook: in history and post analytics, and the details of post analytics only."""

from ayrframe._platforms.columns import (
    VIDEO_VIEWS,
    impressions_column,
    mapping_column,
    reach_column,
    views_column,
    watch_time_column,
)
from ayrframe._platforms.spec import Endpoint, Evidence, KnownGap, Role, Unit, with_shared

FACEBOOK_GAPS = (KnownGap.FEWER_THAN_100_PAGE_LIKES, KnownGap.ANALYTICS_SKIPPED)
FACEBOOK_VIDEOS = ("video",)
STORY_NOTE = "On a story the API always sends 0, which is not a measurement."
_VIEWS_NOTE = "Plays of at least 3 seconds, or of nearly all of a shorter video. "

VIDEO_COLUMNS = with_shared(
    *with_shared(
        VIDEO_VIEWS.customize(_VIEWS_NOTE + STORY_NOTE),
        reach_column("videoViewsUnique", "People who watched the video."),
        watch_time_column("videoViewTime", "Total time people spent watching the video.", unit=Unit.MILLISECONDS),
        endpoint=Endpoint.BOTH,
    ),
    *with_shared(
        views_column("totalVideoViews", "Plays of the video, newer count."),
        watch_time_column(
            "totalVideoAvgTimeWatched", "Average time a viewer spent watching the video.", unit=Unit.MILLISECONDS
        ),
        watch_time_column(
            "totalVideoViewTotalTime", "Total time spent watching the video, newer count.", unit=Unit.MILLISECONDS
        ),
        views_column("blueReelsPlayCount", "Plays of the reel, without replays."),
        evidence=Evidence.ANALYTICS,
        endpoint=Endpoint.POST_ANALYTICS,
    ),
    formats=FACEBOOK_VIDEOS,
    gaps=FACEBOOK_GAPS,
)
# The keys inside the objects are not documented.
VIDEO_DETAIL_COLUMNS = with_shared(
    reach_column("postImpressionsUnique", "People who saw the post, newer count."),
    *with_shared(
        views_column("totalVideoCompleteViews", "Plays of at least 97 % of the video."),
        views_column("totalVideo10SViews", "Plays of at least 10 seconds."),
        views_column("totalVideo15SViews", "Plays of at least 15 seconds."),
        views_column("totalVideo30SViews", "Plays of at least 30 seconds."),
        impressions_column("totalVideoImpressions", "Times the video was shown."),
        watch_time_column(
            "postVideoAvgTimeWatched",
            "Average time a viewer spent watching the video, older count.",
            unit=Unit.MILLISECONDS,
        ),
        mapping_column(
            "postVideoSocialActions",
            "Interactions with the video by kind, older count.",
            unit=Unit.COUNT,
            role=Role.ENGAGEMENT,
        ),
        mapping_column(
            "totalVideoReactionsByTypeTotal", "Reactions to the video by kind.", unit=Unit.COUNT, role=Role.REACTIONS
        ),
        mapping_column(
            "totalVideoStoriesByActionType",
            "Interactions with the video by kind, newer count.",
            unit=Unit.COUNT,
            role=Role.ENGAGEMENT,
        ),
        mapping_column(
            "totalVideoViewTimeByAgeBucketAndGender",
            "Time spent watching the video by age and gender of the viewers.",
            unit=Unit.MILLISECONDS,
            role=Role.AUDIENCE,
        ),
        mapping_column(
            "totalVideoViewTimeByRegionId",
            "Time spent watching the video by region of the viewers.",
            unit=Unit.MILLISECONDS,
            role=Role.AUDIENCE,
        ),
        mapping_column(
            "totalVideoViewTimeByDistributionType",
            "Time spent watching the video by who published it.",
            unit=Unit.MILLISECONDS,
            role=Role.WATCH_TIME,
        ),
        mapping_column(
            "totalVideoViewsByDistributionType",
            "Plays of the video by who published it.",
            unit=Unit.COUNT,
            role=Role.VIEWS,
        ),
        formats=FACEBOOK_VIDEOS,
    ),
    evidence=Evidence.REPORTED,
    endpoint=Endpoint.POST_ANALYTICS,
    gaps=FACEBOOK_GAPS,
)
