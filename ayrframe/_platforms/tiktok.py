"""TikTok: plays, watch time, retention and audience. One API name, `percentage`, carries two units."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import (
    COMMENTS_COUNT,
    ITSELF,
    LIKE_COUNT,
    MEDIA_TYPE,
    SHARE_COUNT,
    THUMBNAIL_URL,
    VIDEO_VIEWS,
    account,
    content,
    media,
    nested,
    number,
    quoted,
    reach,
    retention,
    size,
    text,
    watch_time,
)
from ayrframe._platforms.spec import (
    Each,
    Evidence,
    Expansion,
    Format,
    Gap,
    Kind,
    Measure,
    Platform,
    Role,
    Scope,
    Single,
    Take,
    Unit,
)

_LIVE = Evidence.LIVE
_FRESH = (Gap.FRESH,)
_VANISHES = (Gap.FRESH, Gap.INACTIVE)
_FILMED = ("video",)
_SECOND = quoted("second", Unit.UNSTATED, "Called seconds, though its values pass the video's length.")
_SHARE = number("percentage", Unit.FRACTION, "A share of 1, in spite of its name.")

PLATFORM = Platform(
    name="tiktok",
    title="TikTok",
    colour="#63926B",
    hosts=("tiktok.com",),
    about="Numbers come 24 to 48 hours after posting. Reach, watch time, sources and audience go away after 7 days "
    "without activity, and need 100 followers. Videos under copyright are missing from the list.",
    columns=(
        VIDEO_VIEWS.here(evidence=_LIVE, gaps=_FRESH),
        LIKE_COUNT.here(evidence=_LIVE, gaps=_FRESH),
        COMMENTS_COUNT.here(gaps=_FRESH),
        SHARE_COUNT.here(gaps=_FRESH),
        reach(path="reach", meaning="People who watched the video at least once.", gaps=_VANISHES),
        watch_time(
            path="totalTimeWatched",
            unit=Unit.SECONDS,
            meaning="Time spent watching the video, all together.",
            gaps=_VANISHES,
            formats=_FILMED,
        ),
        watch_time(
            path="averageTimeWatched",
            kind=Kind.NUMBER,
            unit=Unit.SECONDS,
            meaning="Time a viewer spent watching the video, on average.",
            gaps=_VANISHES,
            formats=_FILMED,
        ),
        retention(
            path="fullVideoWatchedRate",
            unit=Unit.FRACTION,
            meaning="Share of the viewers who watched the video to its end.",
            note="A fraction, though the API's own text calls it a percentage.",
            gaps=_VANISHES,
            formats=_FILMED,
        ),
        media(
            path="videoDuration",
            kind=Kind.NUMBER,
            unit=Unit.SECONDS,
            meaning="Length of the video, in seconds.",
            evidence=_LIVE,
            formats=_FILMED,
        ),
        nested(
            path="impressionSources",
            role=Role.AUDIENCE,
            meaning="Where the viewers came from.",
            evidence=_LIVE,
            gaps=_VANISHES,
            inner=(text("impression_source", "The source."), _SHARE),
        ),
        nested(
            path="audienceCountries",
            role=Role.AUDIENCE,
            meaning="Countries of the viewers.",
            evidence=_LIVE,
            gaps=_VANISHES,
            inner=(text("country", "Two-letter code."), _SHARE),
        ),
        nested(
            path="audienceCities",
            role=Role.AUDIENCE,
            meaning="Cities of the viewers.",
            note="In percent, unlike the countries: so the examples read.",
            gaps=_VANISHES,
            inner=(text("city_name", "The city."), number("percentage", Unit.PERCENT, "Percent of the viewers.")),
        ),
        nested(
            path="videoViewRetention",
            role=Role.RETENTION,
            meaning="Share of the viewers who still watch, along the video.",
            gaps=_VANISHES,
            formats=_FILMED,
            inner=(_SECOND, _SHARE),
        ),
        nested(
            path="engagementLikes",
            role=Role.RETENTION,
            meaning="Share of the likes given, along the video.",
            gaps=_VANISHES,
            formats=_FILMED,
            inner=(_SECOND, _SHARE),
        ),
        account(path="name", meaning="The display name of the account."),
        account(path="url", meaning="The address of the account, not of the post."),
        content(path="shareUrl", meaning="The address by which the post is shared."),
        content(path="embedUrl", meaning="The address for showing the post inside another page."),
        MEDIA_TYPE.here(evidence=_LIVE, values=("video", "photo")),
        media(path="musicTitle", meaning="The title of the sound."),
        media(path="musicUrl", meaning="The address of the sound."),
        THUMBNAIL_URL.here(),
        size(path="thumbnailHeight", meaning="Height of the still picture."),
        size(path="thumbnailWidth", meaning="Width of the still picture."),
        nested(path="tags", role=Role.CONTENT, meaning="Tags of the post.", inner=(ITSELF,)),
    ),
    expansions=(
        Expansion(
            table=tables.IMPRESSION_SOURCES,
            source="impression_sources",
            shape=Each({"impression_source": Take("impression_source"), "fraction": Take("percentage")}),
        ),
        Expansion(
            table=tables.AUDIENCE_COUNTRIES,
            source="audience_countries",
            shape=Each({"country": Take("country"), "fraction": Take("percentage")}),
        ),
        Expansion(
            table=tables.AUDIENCE_CITIES,
            source="audience_cities",
            shape=Each({"city": Take("city_name"), "fraction": Take("percentage")}),
        ),
        Expansion(
            table=tables.VIDEO_VIEW_RETENTION,
            source="video_view_retention",
            shape=Each({"second": Take("second"), "fraction": Take("percentage")}),
        ),
        Expansion(
            table=tables.ENGAGEMENT_LIKES,
            source="engagement_likes",
            shape=Each({"second": Take("second"), "fraction": Take("percentage")}),
        ),
        Expansion(
            table=tables.MEDIA,
            source="media_type",
            single=Single(
                {
                    "type": Take("media_type", recode={"video": "video", "photo": "image"}),
                    "thumbnail_url": Take("thumbnail_url"),
                    "duration_s": Take("video_duration"),
                }
            ),
        ),
        Expansion(table=tables.TAGS, source="tags", shape=Each({"value": Take("")})),
    ),
    formats=(Format("video", {"mediaType": "video"}), Format("image", {"mediaType": "photo"})),
    measures=(
        Measure(measures.LIKES, "like_count"),
        Measure(measures.COMMENTS, "comments_count"),
        Measure(measures.SHARES, "share_count"),
        Measure(measures.VIEWS, "video_views"),
        Measure(measures.REACH, "reach", scope=Scope.OWNER),
        Measure(measures.WATCH_TIME, "total_time_watched", scope=Scope.OWNER),
        Measure(measures.AVERAGE_WATCH_TIME, "average_time_watched", scope=Scope.OWNER),
    ),
    quoted_by=measures.VIEWS,
)
