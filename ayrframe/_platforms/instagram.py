"""Instagram: feed posts, carousels, reels and stories. History surely has likes and comments; the rest is newer."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import (
    COMMENTS_COUNT,
    DATA_TYPE,
    IS_POPULAR,
    LAST_UPDATED,
    LIKE_COUNT,
    MEDIA_PRODUCT_TYPE,
    MEDIA_TYPE,
    MEDIA_URL,
    MEDIA_URLS,
    NEXT_UPDATE,
    PERMALINK,
    SHARES_COUNT,
    SKIP_ANALYTICS,
    THUMBNAIL_URL,
    USERNAME,
    clicks_column,
    engagement_column,
    id_field,
    reach_column,
    saves_column,
    text_field,
    views_column,
    watch_time_column,
)
from ayrframe._platforms.spec import (
    CellSource,
    Evidence,
    Expansion,
    Format,
    KnownGap,
    Measure,
    MissingMetric,
    Platform,
    RowPerElement,
    RowPerPost,
    Scope,
    Unit,
)

_NEWER = Evidence.ANALYTICS
_FRESH = (KnownGap.TOO_FRESH, KnownGap.ANALYTICS_SKIPPED)
_REEL, _STORY = ("reel",), ("story",)
_CAROUSEL, _SINGLE = ("carousel",), ("image", "video", "reel", "story")
_TYPES = {"IMAGE": "image", "VIDEO": "video"}

INSTAGRAM = Platform(
    name="instagram",
    title="Instagram",
    colour="#B14AB4",
    hosts=("instagram.com",),
    about="Reach, views, saves and shares are documented for post analytics; history may carry them under these names.",
    columns=(
        LIKE_COUNT.customize(evidence=Evidence.LIVE),
        COMMENTS_COUNT.customize(evidence=Evidence.LIVE),
        reach_column(path="reachCount", meaning="People who saw the post.", evidence=_NEWER, gaps=_FRESH),
        views_column(path="viewsCount", meaning="Times the post was seen or played.", evidence=_NEWER, gaps=_FRESH),
        saves_column(path="savedCount", meaning="Times the post was saved.", evidence=_NEWER, gaps=_FRESH),
        SHARES_COUNT.customize(evidence=_NEWER, gaps=_FRESH),
        engagement_column(
            path="engagementCount",
            meaning="Interactions of all kinds, summed by the network.",
            note="Contains the likes, comments, saves and shares that stand beside it.",
            evidence=_NEWER,
            gaps=_FRESH,
        ),
        clicks_column(
            path="profileVisitsCount", meaning="Visits to the profile from the post.", evidence=_NEWER, gaps=_FRESH
        ),
        clicks_column(
            path="profileActivityCount", meaning="Actions on the profile after the post.", evidence=_NEWER, gaps=_FRESH
        ),
        engagement_column(path="followsCount", meaning="Follows won by the post.", evidence=_NEWER, gaps=_FRESH),
        views_column(
            path="playsCount",
            meaning="Plays of the reel, by the older count.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_REEL,
            retired_on="2025-04-21",
        ),
        watch_time_column(
            path="igReelsAvgWatchTimeCount",
            unit=Unit.UNSTATED,
            meaning="Time a viewer spent watching the reel, on average.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_REEL,
        ),
        watch_time_column(
            path="igReelsVideoViewTotalTimeCount",
            unit=Unit.UNSTATED,
            meaning="Time spent watching the reel, all together.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_REEL,
        ),
        clicks_column(
            path="navigationCount",
            meaning="Taps and swipes on the story.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_STORY,
        ),
        engagement_column(
            path="repliesCount",
            meaning="Replies to the story.",
            note="0 for accounts in the European Union and Japan.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_STORY,
        ),
        clicks_column(
            path="tapForwardCount",
            meaning="Taps to the next part of the story.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_STORY,
        ),
        clicks_column(
            path="tapBackCount",
            meaning="Taps back to an earlier part of the story.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_STORY,
        ),
        clicks_column(
            path="tapExitCount", meaning="Taps that left the story.", evidence=_NEWER, gaps=_FRESH, formats=_STORY
        ),
        clicks_column(
            path="swipeForwardCount",
            meaning="Swipes to the next account's story.",
            evidence=_NEWER,
            gaps=_FRESH,
            formats=_STORY,
        ),
        MEDIA_PRODUCT_TYPE.customize(evidence=Evidence.LIVE, values=("AD", "FEED", "STORY", "REELS")),
        MEDIA_TYPE.customize(evidence=Evidence.LIVE, values=("IMAGE", "VIDEO", "CAROUSEL_ALBUM")),
        MEDIA_URL.customize(
            "Left out where the medium is under copyright or flagged, and on carousels.",
            evidence=Evidence.LIVE,
            gaps=(KnownGap.COPYRIGHT,),
            formats=_SINGLE,
        ),
        MEDIA_URLS.customize(
            "Carousels only.",
            formats=_CAROUSEL,
            inner=(
                id_field("id", "The network's own id of the medium."),
                text_field("mediaUrl", "The address of the file."),
                text_field("thumbnailUrl", "The address of a video's still picture."),
            ),
        ),
        THUMBNAIL_URL.customize(formats=_SINGLE),
        PERMALINK.customize("The same address as `post_url`; absent on carousels.", formats=_SINGLE),
        USERNAME.customize(evidence=Evidence.LIVE),
        IS_POPULAR.customize(),
        LAST_UPDATED.customize(),
        NEXT_UPDATE.customize(),
    ),
    expansions=(
        Expansion(
            table=tables.MEDIA_TABLE,
            source="media_urls",
            shape=RowPerElement(
                {
                    "media_id": CellSource("id"),
                    "url": CellSource("mediaUrl"),
                    "thumbnail_url": CellSource("thumbnailUrl"),
                }
            ),
            row_per_post=RowPerPost(
                {
                    "type": CellSource("media_type", recode=_TYPES),
                    "url": CellSource("media_url"),
                    "thumbnail_url": CellSource("thumbnail_url"),
                }
            ),
        ),
    ),
    parameters=(SKIP_ANALYTICS, DATA_TYPE),
    formats=(
        Format("story", {"mediaProductType": "STORY"}),
        Format("reel", {"mediaProductType": "REELS", "mediaType": "VIDEO"}),
        Format("carousel", {"mediaProductType": "FEED", "mediaType": "CAROUSEL_ALBUM"}),
        Format("video", {"mediaProductType": "FEED", "mediaType": "VIDEO"}),
        Format("image", {"mediaProductType": "FEED", "mediaType": "IMAGE"}),
    ),
    measures=(
        Measure(measures.LIKES, "like_count"),
        Measure(measures.COMMENTS, "comments_count"),
        Measure(measures.SHARES, "shares_count", scope=Scope.OWNER),
        Measure(measures.SAVES, "saved_count", scope=Scope.OWNER),
        Measure(
            measures.VIEWS,
            "views_count",
            scope=Scope.OWNER,
            withheld=_STORY,
            note="On stories Meta sends 0 for values under 5. The retired `plays_count` does not stand in for it.",
        ),
        Measure(
            measures.REACH,
            "reach_count",
            scope=Scope.OWNER,
            withheld=_STORY,
            note="On stories Meta sends 0 for values under 5.",
        ),
    ),
    missing_metrics=(
        MissingMetric(measures.CLICKS, "Visits to the profile stand in `profile_visits_count`; they are no clicks."),
        MissingMetric(measures.IMPRESSIONS, "Meta counts views instead."),
        MissingMetric(measures.WATCH_TIME, "The unit of `ig_reels_video_view_total_time_count` is not stated."),
        MissingMetric(measures.AVERAGE_WATCH_TIME, "The unit of `ig_reels_avg_watch_time_count` is not stated."),
        MissingMetric(measures.REACTIONS, "The network has likes only.", in_other_endpoint=False),
    ),
    usual_denominator=measures.REACH,
)
