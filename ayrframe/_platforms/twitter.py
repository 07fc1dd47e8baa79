"""Declare X (`twitter` in the API): posts with numbers in three scopes, and media with separate numbers."""

from ayrframe._platforms import accounts, child_tables, metrics
from ayrframe._platforms.columns import (
    ID_ELEMENT,
    MEDIA,
    NAME,
    TEXT,
    USERNAME,
    boolean_column,
    clicks_column,
    engagement_column,
    id_column,
    id_field,
    impressions_column,
    integer_field,
    list_column,
    list_field,
    mapping_column,
    people_count,
    post_count,
    retention_column,
    saves_column,
    status_column,
    text_field,
    time_column,
    views_column,
)
from ayrframe._platforms.spec import (
    Account,
    CellSource,
    Column,
    Condition,
    Endpoint,
    Evidence,
    Expansion,
    Format,
    Kind,
    KnownGap,
    Measure,
    Melt,
    MissingMetric,
    Paid,
    Parameter,
    Platform,
    PostKind,
    Role,
    RowPerElement,
    RowPerInnerElement,
    Scope,
    Unit,
    cells_from,
    with_shared,
)

_VIDEOS = ("video",)
_OWN_POST_GAPS = (KnownGap.OLDER_THAN_30_DAYS, KnownGap.NOT_OWN_POST)
_SCOPE_NOTE = "Counted differently from the public numbers; never add the two."
_PUBLIC_NOTE = "Public number, paid and organic; the organic number is counted differently and is never added to it."
_METRIC_GROUPS = {"public": "publicMetrics", "non_public": "nonPublicMetrics", "organic": "organicMetrics"}
_POST_GROUPS = {"non_public": "nonPublicMetrics.video", "organic": "organicMetrics.video"}
_TWITTER_MEDIA_TYPES = {"photo": "image", "video": "video", "animated_gif": "gif"}
_REPOST_TEXT = r"^RT @\w{1,15}: "  # X writes it before the text of the original, and may send no reference to it.
_PLAYBACK_MEANING = "Viewers who reached this part of the video."
_PLAYBACK_NAMES = tuple(f"playback{quarter}Count" for quarter in (0, 25, 50, 75, 100))


def _quartile_columns(group: str) -> tuple[Column, ...]:
    """Return the columns of the viewers who reached each quarter of the video of a post."""
    return with_shared(
        *(retention_column(f"{group}.{name}", _PLAYBACK_MEANING, kind=Kind.INTEGER) for name in _PLAYBACK_NAMES),
        unit=Unit.COUNT,
        formats=_VIDEOS,
    )


TWITTER = Platform(
    name="twitter",
    title="X",
    color="#1E1015",
    aliases=("x",),
    hosts=("twitter.com", "x.com", "t.co"),
    short_hosts=("t.co",),
    parameters=(Parameter("userId", Kind.TEXT, primary_only=True), Parameter("userName", Kind.TEXT, primary_only=True)),
    headers=("X-Twitter-OAuth1-Api-Key", "X-Twitter-OAuth1-Api-Secret"),
    about="Non-public and organic numbers exist for the account's own posts of the last 30 days only.",
    columns=(
        *with_shared(
            *with_shared(
                engagement_column("publicMetrics.likeCount", "Likes, public number."),
                engagement_column("publicMetrics.replyCount", "Replies, public number."),
                engagement_column("publicMetrics.retweetCount", "Reposts, public number."),
                engagement_column("publicMetrics.quoteCount", "Posts that quote this post."),
                evidence=Evidence.LIVE,
            ),
            saves_column("publicMetrics.bookmarkCount", "Times the post was bookmarked."),
            impressions_column("publicMetrics.impressionCount", "Times the post was seen.", evidence=Evidence.LIVE),
            endpoint=Endpoint.BOTH,
        ),
        *with_shared(
            *with_shared(
                impressions_column(
                    "nonPublicMetrics.impressionCount",
                    "Times the post was seen, as reported to its author only.",
                    note=_SCOPE_NOTE,
                ),
                clicks_column("nonPublicMetrics.userProfileClicks", "Clicks on the profile of the author."),
                evidence=Evidence.LIVE,
                endpoint=Endpoint.BOTH,
            ),
            *with_shared(
                engagement_column(
                    "nonPublicMetrics.engagements",
                    "Interactions of all kinds, summed by the platform.",
                    note="Includes clicks, and the likes and replies of the other columns.",
                ),
                *_quartile_columns(_POST_GROUPS["non_public"]),
                evidence=Evidence.ANALYTICS,
                endpoint=Endpoint.POST_ANALYTICS,
            ),
            *with_shared(
                engagement_column("organicMetrics.likeCount", "Likes without promotion."),
                engagement_column("organicMetrics.replyCount", "Replies without promotion."),
                engagement_column("organicMetrics.retweetCount", "Reposts without promotion."),
                impressions_column("organicMetrics.impressionCount", "Times the post was seen without promotion."),
                clicks_column("organicMetrics.userProfileClicks", "Clicks on the author's profile without promotion."),
                note=_SCOPE_NOTE,
                evidence=Evidence.LIVE,
                endpoint=Endpoint.BOTH,
            ),
            gaps=_OWN_POST_GAPS,
        ),
        id_column("authorId", "ID of the author on the platform.", role=Role.ACCOUNT, evidence=Evidence.LIVE),
        time_column("createdAt", "When the post was published, in a second field."),
        TEXT.customize("Deprecated by the API; same value as `post`."),
        status_column("source", "Application with which the post was sent."),
        boolean_column("possiblySensitive", "Whether the post may contain sensitive content."),
        list_column(
            "editHistoryTweetIds",
            "IDs of all versions of the post.",
            role=Role.STATUS,
            evidence=Evidence.LIVE,
            inner=(ID_ELEMENT,),
        ),
        MEDIA.customize(
            "With separate numbers.",
            endpoint=Endpoint.BOTH,
            inner=(
                id_field("mediaKey", "Key of the medium on the platform."),
                text_field("type", "Type of the medium.", values=("photo", "video", "animated_gif")),
                integer_field("durationMs", Unit.MILLISECONDS, "Length of a video."),
                integer_field("width", Unit.PIXELS, "Width of the medium."),
                integer_field("height", Unit.PIXELS, "Height of the medium."),
                text_field("previewImageUrl", "URL of a preview image."),
                list_field(
                    "mediaUrls",
                    "Encodings of a video.",
                    (
                        integer_field("bitRate", Unit.BITS_PER_SECOND, "Bits per second."),
                        text_field("contentType", "MIME type."),
                        text_field("mediaUrl", "URL of the file."),
                    ),
                ),
                integer_field("publicMetrics.viewCount", Unit.COUNT, "Views."),
                *(
                    integer_field(f"{group}.{name}", Unit.COUNT, _PLAYBACK_MEANING)
                    for group in ("nonPublicMetrics", "organicMetrics")
                    for name in _PLAYBACK_NAMES
                ),
                integer_field("organicMetrics.viewCount", Unit.COUNT, "Views without promotion."),
            ),
        ),
        list_column(
            "referencedTweets",
            "Posts that this post quotes, answers or reposts.",
            role=Role.CONTENT,
            inner=(
                text_field("type", "Relation to the other post.", values=("quoted", "replied_to", "retweeted")),
                id_field("id", "ID of the other post."),
                text_field("url", "URL of the other post."),
            ),
        ),
        list_column(
            "urls",
            "Links in the text; long posts only.",
            role=Role.CONTENT,
            endpoint=Endpoint.BOTH,
            inner=(
                integer_field("start", Unit.POSITION, "Position at which the link starts."),
                integer_field("end", Unit.POSITION, "Position at which the link ends."),
                text_field("url", "Short URL."),
                text_field("expandedUrl", "Full URL to which it leads."),
                text_field("displayUrl", "URL as shown by the platform."),
            ),
        ),
        *with_shared(
            clicks_column("nonPublicMetrics.urlLinkClicks", "Clicks on links in the post."),
            clicks_column(
                "organicMetrics.urlLinkClicks", "Clicks on links in the post without promotion.", note=_SCOPE_NOTE
            ),
            *_quartile_columns(_POST_GROUPS["organic"]),
            views_column("organicMetrics.video.viewCount", "Views of the video without promotion.", formats=_VIDEOS),
            evidence=Evidence.REPORTED,
            endpoint=Endpoint.POST_ANALYTICS,
            gaps=_OWN_POST_GAPS,
        ),
        *with_shared(NAME, USERNAME, evidence=Evidence.LIVE, endpoint=Endpoint.POST_ANALYTICS),
        *with_shared(
            mapping_column(
                "entities", "Links, tags and mentions in the text, with their positions.", role=Role.CONTENT
            ),
            mapping_column("poll", "Poll of the post, with its options and votes.", role=Role.CONTENT),
            evidence=Evidence.REPORTED,
            endpoint=Endpoint.POST_ANALYTICS,
        ),
    ),
    expansions=(
        Expansion(
            child_tables.MEDIA_TABLE,
            "media",
            RowPerElement(
                cells_from(
                    media_id="mediaKey",
                    type=CellSource("type", recode=_TWITTER_MEDIA_TYPES),
                    thumbnail_url="previewImageUrl",
                    width="width",
                    height="height",
                    duration_s="durationMs",
                )
            ),
        ),
        Expansion(
            child_tables.MEDIA_VARIANTS_TABLE,
            "media",
            RowPerInnerElement(
                "mediaUrls",
                outer=cells_from(media_key="mediaKey"),
                cells=cells_from(bit_rate="bitRate", content_type="contentType", url="mediaUrl"),
            ),
        ),
        Expansion(
            child_tables.MEDIA_METRICS_TABLE,
            "media",
            Melt(outer=cells_from(media_key="mediaKey"), groups=_METRIC_GROUPS, post_groups=_POST_GROUPS),
        ),
        Expansion(
            child_tables.URLS_TABLE,
            "urls",
            RowPerElement(
                cells_from(start="start", end="end", url="url", expanded_url="expandedUrl", display_url="displayUrl")
            ),
        ),
        Expansion(
            child_tables.REFERENCED_TWEETS_TABLE,
            "referenced_tweets",
            RowPerElement(cells_from(type="type", referenced_id="id", url="url")),
        ),
        Expansion(child_tables.EDIT_HISTORY_TABLE, "edit_history_tweet_ids", RowPerElement(cells_from(value=""))),
    ),
    formats=(
        Format("image", conditions=(Condition("media", "photo", inner_path="type"),)),
        Format("video", conditions=(Condition("media", ("video", "animated_gif"), inner_path="type"),)),
    ),
    post_kinds=(
        PostKind(
            "repost", Condition("referencedTweets", "retweeted", inner_path="type", any_element=True), is_foreign=True
        ),
        PostKind("repost", Condition("post", matches=_REPOST_TEXT), is_foreign=True),
        PostKind("reply", Condition("referencedTweets", "replied_to", inner_path="type", any_element=True)),
        PostKind("quote", Condition("referencedTweets", "quoted", inner_path="type", any_element=True)),
        PostKind("own", Condition("referencedTweets", is_missing=True)),
    ),
    measures=(
        *with_shared(
            Measure(metrics.LIKES, "public_metrics_like_count", note=_PUBLIC_NOTE),
            Measure(metrics.COMMENTS, "public_metrics_reply_count", note=_PUBLIC_NOTE),
            Measure(
                metrics.SHARES,
                "public_metrics_retweet_count",
                counts="reposts",
                note=f"Reposts; quotes are separate. {_PUBLIC_NOTE}",
            ),
            Measure(metrics.QUOTES, "public_metrics_quote_count"),
            Measure(metrics.SAVES, "public_metrics_bookmark_count"),
            Measure(metrics.IMPRESSIONS, "public_metrics_impression_count", note=_PUBLIC_NOTE),
            paid=Paid.PAID_AND_ORGANIC,
        ),
        Measure(
            metrics.CLICKS,
            "non_public_metrics_url_link_clicks",
            scope=Scope.OWNER,
            note="Clicks on links in the post. `non_public_metrics_user_profile_clicks` counts clicks on the profile.",
            other_number=Condition("nonPublicMetrics.userProfileClicks"),
        ),
    ),
    missing_metrics=(
        MissingMetric(
            metrics.VIEWS,
            "Counted per video of a post: see `media_metrics()`.",
            other_number=Condition("media", inner_path="publicMetrics.viewCount", any_element=True),
            formats=_VIDEOS,
        ),
        MissingMetric(metrics.REACTIONS, "X has likes only.", in_other_endpoint=False),
    ),
    usual_denominator=metrics.IMPRESSIONS,
    account=Account(
        columns=(
            accounts.reported(accounts.FOLLOWERS_COUNT),
            accounts.reported(accounts.FOLLOWING_COUNT),
            post_count("tweetCount", "Posts of the account, reposts included.", fills="posts"),
            people_count("listedCount", "Lists that contain the account.", unit=Unit.COUNT),
            accounts.reported(post_count("likeCount", "Posts that the account liked.", name="twitter_like_count")),
            accounts.ACCOUNT_NAME,
            accounts.ACCOUNT_USERNAME,
            accounts.ACCOUNT_URL,
            accounts.account_text("location", "Location that the account states."),
            accounts.account_text("profileImageUrl", "URL of the profile picture."),
            accounts.account_flag("protected", "Whether only followers can see the posts."),
            accounts.VERIFIED,
        ),
        parameters=(
            accounts.QUARTERS,
            Parameter("userId", Kind.TEXT, primary_only=True),
            Parameter("userName", Kind.TEXT, primary_only=True),
        ),
    ),
)
