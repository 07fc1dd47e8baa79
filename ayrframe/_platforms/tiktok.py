"""Declare TikTok: plays, watch time, retention and audience. The API field `percentage` has two units."""

from ayrframe._platforms import accounts, child_tables, metrics
from ayrframe._platforms.columns import (
    COMMENTS_COUNT,
    LIKE_COUNT,
    MEDIA_TYPE,
    NAME,
    SHARE_COUNT,
    TAGS,
    THUMBNAIL_URL,
    VIDEO_VIEWS,
    account_column,
    content_column,
    engagement_column,
    float_field,
    id_column,
    list_column,
    media_column,
    people_count,
    pixel_column,
    post_count,
    quoted_integer_field,
    reach_column,
    retention_column,
    saves_column,
    text_field,
    views_column,
    watch_time_column,
)
from ayrframe._platforms.spec import (
    Account,
    CellSource,
    Endpoint,
    Evidence,
    Expansion,
    Format,
    Kind,
    KnownGap,
    Measure,
    Paid,
    Parameter,
    Platform,
    Role,
    RowPerElement,
    RowPerPost,
    Scope,
    Unit,
    cells_from,
    with_shared,
)

_TEMPORARY = (KnownGap.TOO_FRESH, KnownGap.NO_ACTIVITY_FOR_7_DAYS)
_VIDEOS_ONLY = ("video",)
_PAID_NOTE = "Paid and organic together."
_SECOND_FIELD = quoted_integer_field(
    "second", Unit.UNSTATED, "Called seconds, but the values exceed the length of the video."
)
_SHARE_FIELD = float_field("percentage", Unit.FRACTION, "Fraction from 0 to 1, despite its name.")
_SHARE_BY_SECOND = RowPerElement(cells_from(second="second", fraction="percentage"))

TIKTOK = Platform(
    name="tiktok",
    title="TikTok",
    color="#63926B",
    hosts=("tiktok.com",),
    short_hosts=("vm.tiktok.com", "vt.tiktok.com"),
    about="Numbers arrive 24 to 48 hours after posting. Reach, watch time, sources and audience disappear after 7 days "
    "without activity, and need 100 followers. Copyrighted videos are missing from the history.",
    columns=(
        *with_shared(
            VIDEO_VIEWS.customize(evidence=Evidence.LIVE, gaps=(KnownGap.TOO_FRESH,)),
            LIKE_COUNT.customize(evidence=Evidence.LIVE, gaps=(KnownGap.TOO_FRESH,)),
            COMMENTS_COUNT.customize(gaps=(KnownGap.TOO_FRESH,)),
            SHARE_COUNT.customize(gaps=(KnownGap.TOO_FRESH,)),
            reach_column("reach", "People who watched the video at least once.", gaps=_TEMPORARY),
            *with_shared(
                watch_time_column("totalTimeWatched", "Total time spent watching the video.", unit=Unit.SECONDS),
                watch_time_column(
                    "averageTimeWatched",
                    "Average time a viewer spent watching the video.",
                    kind=Kind.FLOAT,
                    unit=Unit.SECONDS,
                ),
                retention_column(
                    "fullVideoWatchedRate",
                    "Share of the viewers who watched the whole video.",
                    unit=Unit.FRACTION,
                    note="Fraction from 0 to 1, although the documentation of the API calls it a percentage.",
                ),
                gaps=_TEMPORARY,
                formats=_VIDEOS_ONLY,
            ),
            media_column(
                "videoDuration",
                "Length of the video, in seconds.",
                kind=Kind.FLOAT,
                unit=Unit.SECONDS,
                evidence=Evidence.LIVE,
                formats=_VIDEOS_ONLY,
            ),
            *with_shared(
                list_column(
                    "impressionSources",
                    "Where the viewers came from.",
                    role=Role.AUDIENCE,
                    evidence=Evidence.LIVE,
                    inner=(text_field("impression_source", "Source of the views."), _SHARE_FIELD),
                ),
                list_column(
                    "audienceCountries",
                    "Countries of the viewers.",
                    role=Role.AUDIENCE,
                    evidence=Evidence.LIVE,
                    inner=(text_field("country", "Two-letter code."), _SHARE_FIELD),
                ),
                list_column(
                    "audienceCities",
                    "Cities of the viewers.",
                    role=Role.AUDIENCE,
                    note="In percent, unlike countries, according to the documented examples.",
                    inner=(
                        text_field("city_name", "Name of the city."),
                        float_field("percentage", Unit.PERCENT, "Percentage of the viewers."),
                    ),
                ),
                gaps=_TEMPORARY,
            ),
            *with_shared(
                list_column(
                    "videoViewRetention",
                    "Share of the viewers who are still watching, by point in time of the video.",
                    role=Role.RETENTION,
                ),
                list_column(
                    "engagementLikes", "Share of the likes, by point in time of the video.", role=Role.RETENTION
                ),
                inner=(_SECOND_FIELD, _SHARE_FIELD),
                gaps=_TEMPORARY,
                formats=_VIDEOS_ONLY,
            ),
            NAME,
            account_column("url", "URL of the account, not of the post."),
            endpoint=Endpoint.BOTH,
        ),
        content_column("shareUrl", "URL for sharing the post."),
        *with_shared(
            content_column("embedUrl", "URL for embedding the post in another page."),
            MEDIA_TYPE.customize(
                "The field was seen in live responses, the value `video` in documented examples; `photo` is assumed.",
                evidence=Evidence.LIVE,
                values=("video", "photo"),
            ),
            media_column("musicTitle", "Title of the sound."),
            media_column("musicUrl", "URL of the sound."),
            THUMBNAIL_URL,
            pixel_column("thumbnailHeight", "Height of the preview image."),
            pixel_column("thumbnailWidth", "Width of the preview image."),
            TAGS,
            endpoint=Endpoint.BOTH,
        ),
        *with_shared(
            saves_column("favorites", "Times the post was added to the favorites.", gaps=(KnownGap.TOO_FRESH,)),
            id_column("itemId", "ID of the post on its platform, in a second field.", role=Role.STATUS),
            evidence=Evidence.LIVE,
            endpoint=Endpoint.POST_ANALYTICS,
        ),
        *with_shared(
            list_column(
                "audienceGenders",
                "Genders of the viewers.",
                role=Role.AUDIENCE,
                inner=(text_field("gender", "Gender as named by the platform."), _SHARE_FIELD),
            ),
            list_column(
                "audienceTypes",
                "Followers and other viewers.",
                role=Role.AUDIENCE,
                inner=(text_field("type", "Group of the viewers, as named by the platform."), _SHARE_FIELD),
            ),
            note="The fields of its elements are assumed from those of countries.",
            evidence=Evidence.REPORTED,
            endpoint=Endpoint.POST_ANALYTICS,
            gaps=_TEMPORARY,
        ),
    ),
    expansions=(
        Expansion(
            child_tables.IMPRESSION_SOURCES_TABLE,
            "impression_sources",
            RowPerElement(cells_from(impression_source="impression_source", fraction="percentage")),
        ),
        Expansion(
            child_tables.AUDIENCE_COUNTRIES_TABLE,
            "audience_countries",
            RowPerElement(cells_from(country="country", fraction="percentage")),
        ),
        Expansion(
            child_tables.AUDIENCE_CITIES_TABLE,
            "audience_cities",
            RowPerElement(cells_from(city="city_name", fraction="percentage")),
        ),
        Expansion(
            child_tables.AUDIENCE_GENDERS_TABLE,
            "audience_genders",
            RowPerElement(cells_from(gender="gender", fraction="percentage")),
        ),
        Expansion(
            child_tables.AUDIENCE_TYPES_TABLE,
            "audience_types",
            RowPerElement(cells_from(type="type", fraction="percentage")),
        ),
        Expansion(child_tables.VIDEO_VIEW_RETENTION_TABLE, "video_view_retention", _SHARE_BY_SECOND),
        Expansion(child_tables.ENGAGEMENT_LIKES_TABLE, "engagement_likes", _SHARE_BY_SECOND),
        Expansion(
            child_tables.MEDIA_TABLE,
            "media_type",
            row_per_post=RowPerPost(
                cells_from(
                    type=CellSource("media_type", recode={"video": "video", "photo": "image"}),
                    thumbnail_url="thumbnail_url",
                    duration_s="video_duration",
                )
            ),
        ),
        Expansion(child_tables.TAGS_TABLE, "tags", RowPerElement(cells_from(value=""))),
    ),
    formats=(Format("video", {"mediaType": "video"}), Format("image", {"mediaType": "photo"})),
    measures=(
        *with_shared(
            Measure(metrics.LIKES, "like_count", note=_PAID_NOTE),
            Measure(metrics.COMMENTS, "comments_count", note=_PAID_NOTE),
            Measure(
                metrics.SHARES,
                "share_count",
                counts="sends and reposts",
                note=f"Times the post was sent in a message, sent to another application, or reposted. {_PAID_NOTE}",
            ),
            Measure(metrics.VIEWS, "video_views", counts="plays of a video", note=f"Plays of the video. {_PAID_NOTE}"),
            paid=Paid.PAID_AND_ORGANIC,
        ),
        Measure(metrics.SAVES, "favorites", scope=Scope.NOT_STATED),
        Measure(metrics.REACH, "reach", scope=Scope.OWNER),
        Measure(metrics.WATCH_TIME, "total_time_watched", scope=Scope.OWNER),
        Measure(metrics.AVERAGE_WATCH_TIME, "average_time_watched", scope=Scope.OWNER),
    ),
    usual_denominator=metrics.VIEWS,
    account=Account(
        columns=(
            people_count("followerCount", "People who follow the account.", fills="followers"),
            accounts.FOLLOWING_COUNT,
            post_count("videoCountTotal", "Videos that the account has published.", fills="posts"),
            engagement_column("likeCountTotal", "Likes of all videos of the account."),
            engagement_column(
                "commentCountTotal", "Comments on all videos of the account.", note="-1 if TikTok does not report it."
            ),
            engagement_column("shareCountTotal", "Shares of all videos of the account."),
            views_column("viewCountTotal", "Views of all videos of the account."),
            views_column("profileViews", "Times the profile was viewed.", evidence=Evidence.LIVE),
            accounts.DISPLAY_NAME,
            accounts.ACCOUNT_USERNAME,
            accounts.ACCOUNT_URL,
            accounts.account_text("bio", "Description of the account."),
            accounts.account_text("userImage", "URL of the profile picture; it may expire."),
            *with_shared(
                accounts.audience_list(
                    "audienceAges", "Ages of the followers.", inner=(text_field("age", "Range of ages."), _SHARE_FIELD)
                ),
                accounts.audience_list(
                    "audienceCountries",
                    "Countries of the followers.",
                    inner=(text_field("country", "Two-letter code."), _SHARE_FIELD),
                ),
                accounts.audience_list(
                    "audienceGenders",
                    "Genders of the followers; documented for posts only.",
                    inner=(text_field("gender", "As named by TikTok."), _SHARE_FIELD),
                ),
                evidence=Evidence.REPORTED,
                note="With `quarters` only. The elements are assumed to be those of the lists of posts.",
            ),
        ),
        expansions=(
            Expansion(
                accounts.ACCOUNT_COUNTRIES_TABLE,
                "audience_countries",
                RowPerElement(cells_from(country="country", fraction="percentage")),
            ),
            Expansion(
                accounts.ACCOUNT_AGES_TABLE,
                "audience_ages",
                RowPerElement(cells_from(age="age", fraction="percentage")),
            ),
            Expansion(
                accounts.ACCOUNT_GENDERS_TABLE,
                "audience_genders",
                RowPerElement(cells_from(gender="gender", fraction="percentage")),
            ),
        ),
        parameters=(
            accounts.QUARTERS,
            accounts.DAILY,
            Parameter("period60Days", Kind.BOOLEAN, excludes=("daily", "quarters")),
        ),
    ),
)
