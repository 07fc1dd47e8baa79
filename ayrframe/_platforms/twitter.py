"""X, called `twitter` on the wire: the same post counted in three scopes, and its media with numbers of their own."""

from ayrframe._platforms import child_tables, metrics
from ayrframe._platforms.columns import (
    ID_ELEMENT,
    TEXT,
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
    saves_column,
    status_column,
    text_field,
    time_column,
)
from ayrframe._platforms.spec import (
    CellSource,
    Condition,
    Evidence,
    Expansion,
    Format,
    Kind,
    KnownGap,
    Measure,
    Melt,
    MissingMetric,
    Parameter,
    Platform,
    PostKind,
    Role,
    RowPerElement,
    RowPerInnerElement,
    Scope,
    Unit,
)

_OWN_POST_GAPS = (KnownGap.OLDER_THAN_30_DAYS, KnownGap.NOT_OWN_POST)
_SCOPE_NOTE = "Counted in another way than the public numbers: never add the two."
_PUBLIC_NOTE = "The public number; the organic one counts otherwise and is never added to it."
_METRIC_GROUPS = {"public": "publicMetrics", "non_public": "nonPublicMetrics", "organic": "organicMetrics"}
_TWITTER_MEDIA_TYPES = {"photo": "image", "video": "video", "animated_gif": "gif"}
_PLAYBACK_COUNTS = tuple(f"playback{quarter}Count" for quarter in (0, 25, 50, 75, 100))

TWITTER = Platform(
    name="twitter",
    title="X",
    colour="#1E1015",
    aliases=("x",),
    hosts=("twitter.com", "x.com", "t.co"),
    parameters=(
        Parameter("userId", Kind.TEXT, primary_only=True),
        Parameter("userName", Kind.TEXT, primary_only=True),
    ),
    headers=("X-Twitter-OAuth1-Api-Key", "X-Twitter-OAuth1-Api-Secret"),
    about="Non-public and organic numbers exist for the account's own posts of the last 30 days only.",
    columns=(
        engagement_column(
            path="publicMetrics.likeCount", meaning="Likes, as everybody sees them.", evidence=Evidence.LIVE
        ),
        engagement_column(
            path="publicMetrics.replyCount", meaning="Replies, as everybody sees them.", evidence=Evidence.LIVE
        ),
        engagement_column(
            path="publicMetrics.retweetCount", meaning="Reposts, as everybody sees them.", evidence=Evidence.LIVE
        ),
        engagement_column(
            path="publicMetrics.quoteCount", meaning="Posts that quote this one.", evidence=Evidence.LIVE
        ),
        saves_column(path="publicMetrics.bookmarkCount", meaning="Times the post was bookmarked."),
        impressions_column(
            path="publicMetrics.impressionCount", meaning="Times the post was seen.", evidence=Evidence.LIVE
        ),
        impressions_column(
            path="nonPublicMetrics.impressionCount",
            meaning="Times the post was seen, as its author is told.",
            note=_SCOPE_NOTE,
            evidence=Evidence.LIVE,
            gaps=_OWN_POST_GAPS,
        ),
        clicks_column(
            path="nonPublicMetrics.userProfileClicks",
            meaning="Clicks on the author's profile.",
            evidence=Evidence.LIVE,
            gaps=_OWN_POST_GAPS,
        ),
        engagement_column(
            path="nonPublicMetrics.engagements",
            meaning="Interactions of all kinds, summed by the network.",
            note="Contains clicks, and the likes and replies that stand beside it.",
            evidence=Evidence.ANALYTICS,
            gaps=_OWN_POST_GAPS,
        ),
        mapping_column(
            path="nonPublicMetrics.video",
            role=Role.RETENTION,
            meaning="Numbers about the post's video.",
            note="Its keys are not documented, so it is kept whole.",
            evidence=Evidence.ANALYTICS,
            gaps=_OWN_POST_GAPS,
        ),
        engagement_column(
            path="organicMetrics.likeCount",
            meaning="Likes won without promotion.",
            note=_SCOPE_NOTE,
            evidence=Evidence.LIVE,
            gaps=_OWN_POST_GAPS,
        ),
        engagement_column(
            path="organicMetrics.replyCount",
            meaning="Replies won without promotion.",
            note=_SCOPE_NOTE,
            evidence=Evidence.LIVE,
            gaps=_OWN_POST_GAPS,
        ),
        engagement_column(
            path="organicMetrics.retweetCount",
            meaning="Reposts won without promotion.",
            note=_SCOPE_NOTE,
            evidence=Evidence.LIVE,
            gaps=_OWN_POST_GAPS,
        ),
        impressions_column(
            path="organicMetrics.impressionCount",
            meaning="Times the post was seen without promotion.",
            note=_SCOPE_NOTE,
            evidence=Evidence.LIVE,
            gaps=_OWN_POST_GAPS,
        ),
        clicks_column(
            path="organicMetrics.userProfileClicks",
            meaning="Clicks on the author's profile won without promotion.",
            note=_SCOPE_NOTE,
            evidence=Evidence.LIVE,
            gaps=_OWN_POST_GAPS,
        ),
        id_column(
            path="authorId", role=Role.ACCOUNT, meaning="The network's own id of the author.", evidence=Evidence.LIVE
        ),
        time_column(path="createdAt", meaning="When the post was published, said a second time."),
        TEXT.customize("Deprecated by the API; `post` says the same."),
        status_column(path="source", meaning="The application the post was sent with."),
        boolean_column(path="possiblySensitive", meaning="Whether the post may show sensitive content."),
        list_column(
            path="editHistoryTweetIds",
            role=Role.STATUS,
            meaning="The ids of all versions of the post.",
            evidence=Evidence.LIVE,
            inner=(ID_ELEMENT,),
        ),
        list_column(
            path="media",
            role=Role.MEDIA,
            meaning="The media of the post, with numbers of their own.",
            inner=(
                id_field("mediaKey", "The network's own key of the medium."),
                text_field("type", "photo, video or animated_gif."),
                integer_field("durationMs", Unit.MILLISECONDS, "Length of a video."),
                integer_field("width", Unit.PIXELS, "Width of the medium."),
                integer_field("height", Unit.PIXELS, "Height of the medium."),
                text_field("previewImageUrl", "The address of a still picture."),
                list_field(
                    "mediaUrls",
                    "The encodings of a video.",
                    (
                        integer_field("bitRate", Unit.BITS_PER_SECOND, "Bits per second."),
                        text_field("contentType", "MIME type."),
                        text_field("mediaUrl", "The address of the file."),
                    ),
                ),
                integer_field("publicMetrics.viewCount", Unit.COUNT, "Views."),
                *(
                    integer_field(f"nonPublicMetrics.{name}", Unit.COUNT, "Viewers who got so far.")
                    for name in _PLAYBACK_COUNTS
                ),
                *(
                    integer_field(f"organicMetrics.{name}", Unit.COUNT, "Viewers who got so far.")
                    for name in _PLAYBACK_COUNTS
                ),
                integer_field("organicMetrics.viewCount", Unit.COUNT, "Views without promotion."),
            ),
        ),
        list_column(
            path="referencedTweets",
            role=Role.CONTENT,
            meaning="Posts that this one quotes or answers.",
            inner=(
                text_field("type", "quoted or replied_to."),
                id_field("id", "The other post's id."),
                text_field("url", "Its address."),
            ),
        ),
        list_column(
            path="urls",
            role=Role.CONTENT,
            meaning="Links in the text; long posts only.",
            inner=(
                integer_field("start", Unit.POSITION, "Where the link starts."),
                integer_field("end", Unit.POSITION, "Where the link ends."),
                text_field("url", "The short address."),
                text_field("expandedUrl", "The address it leads to."),
                text_field("displayUrl", "The address as shown."),
            ),
        ),
    ),
    expansions=(
        Expansion(
            table=child_tables.MEDIA_TABLE,
            source="media",
            shape=RowPerElement(
                {
                    "media_id": CellSource("mediaKey"),
                    "type": CellSource("type", recode=_TWITTER_MEDIA_TYPES),
                    "thumbnail_url": CellSource("previewImageUrl"),
                    "width": CellSource("width"),
                    "height": CellSource("height"),
                    "duration_s": CellSource("durationMs"),
                }
            ),
        ),
        Expansion(
            table=child_tables.MEDIA_VARIANTS_TABLE,
            source="media",
            shape=RowPerInnerElement(
                "mediaUrls",
                outer={"media_key": CellSource("mediaKey")},
                cells={
                    "bit_rate": CellSource("bitRate"),
                    "content_type": CellSource("contentType"),
                    "url": CellSource("mediaUrl"),
                },
            ),
        ),
        Expansion(
            table=child_tables.MEDIA_METRICS_TABLE,
            source="media",
            shape=Melt(outer={"media_key": CellSource("mediaKey")}, groups=_METRIC_GROUPS),
        ),
        Expansion(
            table=child_tables.URLS_TABLE,
            source="urls",
            shape=RowPerElement(
                {
                    "start": CellSource("start"),
                    "end": CellSource("end"),
                    "url": CellSource("url"),
                    "expanded_url": CellSource("expandedUrl"),
                    "display_url": CellSource("displayUrl"),
                }
            ),
        ),
        Expansion(
            table=child_tables.REFERENCED_TWEETS_TABLE,
            source="referenced_tweets",
            shape=RowPerElement(
                {"type": CellSource("type"), "referenced_id": CellSource("id"), "url": CellSource("url")}
            ),
        ),
        Expansion(
            table=child_tables.EDIT_HISTORY_TABLE,
            source="edit_history_tweet_ids",
            shape=RowPerElement({"value": CellSource("")}),
        ),
    ),
    formats=(
        Format("image", conditions=(Condition("media", "photo", inner_path="type"),)),
        Format("video", conditions=(Condition("media", ("video", "animated_gif"), inner_path="type"),)),
    ),
    post_kinds=(
        PostKind("reply", Condition("referencedTweets", "replied_to", inner_path="type", any_element=True)),
        PostKind("quote", Condition("referencedTweets", "quoted", inner_path="type", any_element=True)),
        PostKind("repost", Condition("referencedTweets", "retweeted", inner_path="type", any_element=True)),
        PostKind("own", Condition("referencedTweets", is_missing=True)),
    ),
    measures=(
        Measure(metrics.LIKES, "public_metrics_like_count", note=_PUBLIC_NOTE),
        Measure(metrics.COMMENTS, "public_metrics_reply_count", note=_PUBLIC_NOTE),
        Measure(metrics.SHARES, "public_metrics_retweet_count", note=_PUBLIC_NOTE),
        Measure(metrics.QUOTES, "public_metrics_quote_count"),
        Measure(metrics.SAVES, "public_metrics_bookmark_count"),
        Measure(
            metrics.CLICKS,
            "non_public_metrics_user_profile_clicks",
            scope=Scope.OWNER,
            note="Clicks on the author's profile only, for the account's own posts of the last 30 days.",
        ),
        Measure(metrics.IMPRESSIONS, "public_metrics_impression_count", note=_PUBLIC_NOTE),
    ),
    missing_metrics=(
        MissingMetric(metrics.VIEWS, "Counted for each video of a post: see `media_metrics()`."),
        MissingMetric(metrics.REACTIONS, "The network has likes only.", in_other_endpoint=False),
    ),
    usual_denominator=metrics.IMPRESSIONS,
)
