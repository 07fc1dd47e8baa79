"""Declare Instagram: feed posts, carousels, reels and stories. Only likes and comments are confirmed in history."""

from ayrframe._platforms import accounts, child_tables, metrics
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
    content_column,
    engagement_column,
    id_field,
    post_count,
    reach_column,
    saves_column,
    text_field,
    views_column,
    watch_time_column,
)
from ayrframe._platforms.spec import (
    Account,
    CellSource,
    Condition,
    Endpoint,
    Evidence,
    Expansion,
    Format,
    KnownGap,
    Measure,
    MissingMetric,
    Paid,
    Platform,
    RowPerCount,
    RowPerElement,
    RowPerPost,
    Scope,
    Unit,
    cells_from,
    with_shared,
)

_ANALYTICS_GAPS = (KnownGap.TOO_FRESH, KnownGap.STORY_EXPIRED, KnownGap.ANALYTICS_SKIPPED)
_PLAYS_RETIRED_ON = "2025-04-21"
_WITHOUT_ADS = "Organic only, without advertisements."
_REELS_ONLY, _INSTAGRAM_STORIES = ("reel",), ("story",)
_CAROUSELS_ONLY, _SINGLE_MEDIUM = ("carousel",), ("image", "video", "reel", "story")
_INSTAGRAM_MEDIA_TYPES = {"IMAGE": "image", "VIDEO": "video"}

INSTAGRAM = Platform(
    name="instagram",
    title="Instagram",
    color="#B14AB4",
    hosts=("instagram.com",),
    about="Reach, views, saves and shares are documented for post analytics; history may contain them as well.",
    columns=(
        LIKE_COUNT.customize(evidence=Evidence.LIVE, endpoint=Endpoint.BOTH),
        COMMENTS_COUNT.customize(evidence=Evidence.LIVE, endpoint=Endpoint.BOTH),
        *with_shared(
            reach_column("reachCount", "People who saw the post."),
            views_column("viewsCount", "Times the post was seen or played."),
            saves_column("savedCount", "Times the post was saved."),
            SHARES_COUNT,
            engagement_column(
                "engagementCount",
                "Interactions of all kinds, summed by the platform.",
                note="Includes the likes, comments, saves and shares of the other columns.",
            ),
            clicks_column("profileVisitsCount", "Visits to the profile from the post."),
            clicks_column("profileActivityCount", "Actions on the profile after the post."),
            engagement_column("followsCount", "Follows gained through the post."),
            *with_shared(
                views_column("playsCount", "Plays of the reel, older count.", retired_on=_PLAYS_RETIRED_ON),
                watch_time_column(
                    "igReelsAvgWatchTimeCount", "Average time a viewer spent watching the reel.", unit=Unit.MILLISECONDS
                ),
                watch_time_column(
                    "igReelsVideoViewTotalTimeCount", "Total time spent watching the reel.", unit=Unit.MILLISECONDS
                ),
                formats=_REELS_ONLY,
            ),
            *with_shared(
                clicks_column("navigationCount", "Taps and swipes on the story."),
                engagement_column(
                    "repliesCount", "Replies to the story.", note="0 for accounts in the European Union and Japan."
                ),
                clicks_column("tapForwardCount", "Taps to the next part of the story."),
                clicks_column("tapBackCount", "Taps back to an earlier part of the story."),
                clicks_column("tapExitCount", "Taps that left the story."),
                clicks_column("swipeForwardCount", "Swipes to the story of the next account."),
                formats=_INSTAGRAM_STORIES,
            ),
            evidence=Evidence.ANALYTICS,
            endpoint=Endpoint.POST_ANALYTICS,
            gaps=_ANALYTICS_GAPS,
        ),
        *with_shared(
            MEDIA_PRODUCT_TYPE.customize(values=("AD", "FEED", "STORY", "REELS")),
            MEDIA_TYPE.customize(values=("IMAGE", "VIDEO", "CAROUSEL_ALBUM")),
            evidence=Evidence.LIVE,
            endpoint=Endpoint.BOTH,
        ),
        MEDIA_URL.customize(
            "Missing if the medium is copyrighted or flagged, and on carousels.",
            evidence=Evidence.LIVE,
            gaps=(KnownGap.COPYRIGHT,),
            formats=_SINGLE_MEDIUM,
        ),
        MEDIA_URLS.customize(
            "Carousels only.",
            formats=_CAROUSELS_ONLY,
            inner=(
                id_field("id", "ID of the medium on the platform."),
                text_field("mediaUrl", "URL of the file."),
                text_field("thumbnailUrl", "URL of the preview image of a video."),
            ),
        ),
        THUMBNAIL_URL.customize(formats=_SINGLE_MEDIUM),
        PERMALINK.customize("Same URL as `post_url`; missing on carousels.", formats=_SINGLE_MEDIUM),
        USERNAME.customize(evidence=Evidence.LIVE, endpoint=Endpoint.BOTH),
        IS_POPULAR,
        LAST_UPDATED,
        NEXT_UPDATE,
        content_column(
            "caption",
            "Text of the post in post analytics.",
            evidence=Evidence.LIVE,
            endpoint=Endpoint.POST_ANALYTICS,
            fills="post",
        ),
        *with_shared(
            views_column("clipsReplaysCount", "Times the reel was played again."),
            views_column("igReelsAggregatedAllPlaysCount", "Plays of the reel, first plays and replays."),
            retired_on=_PLAYS_RETIRED_ON,
            evidence=Evidence.REPORTED,
            endpoint=Endpoint.POST_ANALYTICS,
            formats=_REELS_ONLY,
            gaps=_ANALYTICS_GAPS,
        ),
    ),
    expansions=(
        Expansion(
            child_tables.MEDIA_TABLE,
            "media_urls",
            RowPerElement(cells_from(media_id="id", url="mediaUrl", thumbnail_url="thumbnailUrl")),
            row_per_post=RowPerPost(
                cells_from(
                    type=CellSource("media_type", recode=_INSTAGRAM_MEDIA_TYPES),
                    url="media_url",
                    thumbnail_url="thumbnail_url",
                )
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
        Measure(metrics.LIKES, "like_count", paid=Paid.ORGANIC, note=_WITHOUT_ADS),
        Measure(metrics.COMMENTS, "comments_count", paid=Paid.ORGANIC, note=_WITHOUT_ADS),
        Measure(
            metrics.SHARES,
            "shares_count",
            counts="sends to others or to a story",
            scope=Scope.NOT_STATED,
            paid=Paid.ORGANIC,
            note="Times the post was sent to others or to a story. Instagram counts reposts separately, and the API "
            f"does not send them. {_WITHOUT_ADS}",
        ),
        Measure(metrics.SAVES, "saved_count", scope=Scope.OWNER, paid=Paid.ORGANIC, note=_WITHOUT_ADS),
        Measure(
            metrics.VIEWS,
            "views_count",
            scope=Scope.OWNER,
            paid=Paid.ORGANIC,
            counts="displays and plays",
            withheld=_INSTAGRAM_STORIES,
            note=f"Times the post was shown or played. {_WITHOUT_ADS} On stories, Meta sends 0 for values under 5. "
            "The retired `plays_count` does not replace it.",
        ),
        Measure(
            metrics.REACH,
            "reach_count",
            scope=Scope.OWNER,
            withheld=_INSTAGRAM_STORIES,
            note="On stories, Meta sends 0 for values under 5.",
        ),
        *with_shared(
            Measure(metrics.WATCH_TIME, "ig_reels_video_view_total_time_count"),
            Measure(metrics.AVERAGE_WATCH_TIME, "ig_reels_avg_watch_time_count"),
            scope=Scope.OWNER,
            note="Reels only.",
        ),
    ),
    missing_metrics=(
        MissingMetric(
            metrics.CLICKS,
            "Visits to the profile are in `profile_visits_count`; they are not clicks.",
            other_number=Condition("profileVisitsCount"),
        ),
        MissingMetric(metrics.IMPRESSIONS, "Meta counts views instead."),
        MissingMetric(metrics.REACTIONS, "Instagram has likes only.", in_other_endpoint=False),
    ),
    usual_denominator=metrics.REACH,
    account=Account(
        columns=(
            accounts.FOLLOWERS_COUNT,
            accounts.FOLLOWS_COUNT,
            post_count("mediaCount", "Media that the account has published.", fills="posts"),
            accounts.ACCOUNT_ID,
            accounts.ACCOUNT_NAME,
            accounts.ACCOUNT_USERNAME,
            accounts.account_text("biography", "Biography of the account."),
            accounts.account_text("profilePictureUrl", "URL of the profile picture; it may expire."),
            accounts.ACCOUNT_LIKE_COUNT,
            engagement_column("commentsCount", "Comments on the posts of the account."),
            accounts.reported(accounts.ACCOUNT_SHARE_COUNT),
            reach_column("reachCount", "People who saw the account or its posts at least once in the reported period."),
            views_column("viewsCount", "Times the account or its posts were seen in the reported period."),
            *with_shared(
                accounts.audience_mapping("audienceGenderAge", "People of the audience by gender and age."),
                accounts.audience_mapping("audienceCountry", "People of the audience by country."),
                evidence=Evidence.REPORTED,
                note="With `quarters` only, and from 100 engagements in 30 days on.",
            ),
        ),
        expansions=(
            Expansion(accounts.ACCOUNT_COUNTRIES_TABLE, "audience_country", RowPerCount(("country",), "people")),
            Expansion(
                accounts.ACCOUNT_AGES_TABLE, "audience_gender_age", RowPerCount(("gender", "age"), "people", ".")
            ),
        ),
        parameters=(accounts.QUARTERS, accounts.DAILY),
    ),
)
