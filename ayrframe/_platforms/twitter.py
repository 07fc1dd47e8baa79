"""X, called `twitter` on the wire: the same post counted in three scopes, and its media with numbers of their own."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import (
    ITSELF_ID,
    TEXT,
    clicks,
    engagement,
    flag,
    ident,
    ident_of,
    impressions,
    keyed,
    moment,
    nested,
    saves,
    several,
    state,
    text,
    whole,
)
from ayrframe._platforms.spec import (
    Each,
    EachInner,
    Evidence,
    Expansion,
    Format,
    Gap,
    Kind,
    Measure,
    Melt,
    Parameter,
    Platform,
    Refusal,
    Relation,
    Role,
    Scope,
    Sign,
    Take,
    Unit,
)

_LIVE = Evidence.LIVE
_ANALYTICS = Evidence.ANALYTICS
_OWN = (Gap.OLD, Gap.FOREIGN)
_SCOPES = "Counted in another way than the public numbers: never add the two."
_PUBLIC = "The public number; the organic one counts otherwise and is never added to it."
_GROUPS = {"public": "publicMetrics", "non_public": "nonPublicMetrics", "organic": "organicMetrics"}
_TYPES = {"photo": "image", "video": "video", "animated_gif": "gif"}
_PLAYBACK = tuple(f"playback{quarter}Count" for quarter in (0, 25, 50, 75, 100))

PLATFORM = Platform(
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
        engagement(path="publicMetrics.likeCount", meaning="Likes, as everybody sees them.", evidence=_LIVE),
        engagement(path="publicMetrics.replyCount", meaning="Replies, as everybody sees them.", evidence=_LIVE),
        engagement(path="publicMetrics.retweetCount", meaning="Reposts, as everybody sees them.", evidence=_LIVE),
        engagement(path="publicMetrics.quoteCount", meaning="Posts that quote this one.", evidence=_LIVE),
        saves(path="publicMetrics.bookmarkCount", meaning="Times the post was bookmarked."),
        impressions(path="publicMetrics.impressionCount", meaning="Times the post was seen.", evidence=_LIVE),
        impressions(
            path="nonPublicMetrics.impressionCount",
            meaning="Times the post was seen, as its author is told.",
            note=_SCOPES,
            evidence=_LIVE,
            gaps=_OWN,
        ),
        clicks(
            path="nonPublicMetrics.userProfileClicks",
            meaning="Clicks on the author's profile.",
            evidence=_LIVE,
            gaps=_OWN,
        ),
        engagement(
            path="nonPublicMetrics.engagements",
            meaning="Interactions of all kinds, summed by the network.",
            note="Contains clicks, and the likes and replies that stand beside it.",
            evidence=_ANALYTICS,
            gaps=_OWN,
        ),
        keyed(
            path="nonPublicMetrics.video",
            role=Role.RETENTION,
            meaning="Numbers about the post's video.",
            note="Its keys are not documented, so it is kept whole.",
            evidence=_ANALYTICS,
            gaps=_OWN,
        ),
        engagement(
            path="organicMetrics.likeCount",
            meaning="Likes won without promotion.",
            note=_SCOPES,
            evidence=_LIVE,
            gaps=_OWN,
        ),
        engagement(
            path="organicMetrics.replyCount",
            meaning="Replies won without promotion.",
            note=_SCOPES,
            evidence=_LIVE,
            gaps=_OWN,
        ),
        engagement(
            path="organicMetrics.retweetCount",
            meaning="Reposts won without promotion.",
            note=_SCOPES,
            evidence=_LIVE,
            gaps=_OWN,
        ),
        impressions(
            path="organicMetrics.impressionCount",
            meaning="Times the post was seen without promotion.",
            note=_SCOPES,
            evidence=_LIVE,
            gaps=_OWN,
        ),
        clicks(
            path="organicMetrics.userProfileClicks",
            meaning="Clicks on the author's profile won without promotion.",
            note=_SCOPES,
            evidence=_LIVE,
            gaps=_OWN,
        ),
        ident(path="authorId", role=Role.ACCOUNT, meaning="The network's own id of the author.", evidence=_LIVE),
        moment(path="createdAt", meaning="When the post was published, said a second time."),
        TEXT.here("Deprecated by the API; `post` says the same."),
        state(path="source", meaning="The application the post was sent with."),
        flag(path="possiblySensitive", meaning="Whether the post may show sensitive content."),
        nested(
            path="editHistoryTweetIds",
            role=Role.STATE,
            meaning="The ids of all versions of the post.",
            evidence=_LIVE,
            inner=(ITSELF_ID,),
        ),
        nested(
            path="media",
            role=Role.MEDIA,
            meaning="The media of the post, with numbers of their own.",
            inner=(
                ident_of("mediaKey", "The network's own key of the medium."),
                text("type", "photo, video or animated_gif."),
                whole("durationMs", Unit.MILLISECONDS, "Length of a video."),
                whole("width", Unit.PIXELS, "Width of the medium."),
                whole("height", Unit.PIXELS, "Height of the medium."),
                text("previewImageUrl", "The address of a still picture."),
                several(
                    "mediaUrls",
                    "The encodings of a video.",
                    (
                        whole("bitRate", Unit.BITS_PER_SECOND, "Bits per second."),
                        text("contentType", "MIME type."),
                        text("mediaUrl", "The address of the file."),
                    ),
                ),
                whole("publicMetrics.viewCount", Unit.COUNT, "Views."),
                *(whole(f"nonPublicMetrics.{name}", Unit.COUNT, "Viewers who got so far.") for name in _PLAYBACK),
                *(whole(f"organicMetrics.{name}", Unit.COUNT, "Viewers who got so far.") for name in _PLAYBACK),
                whole("organicMetrics.viewCount", Unit.COUNT, "Views without promotion."),
            ),
        ),
        nested(
            path="referencedTweets",
            role=Role.CONTENT,
            meaning="Posts that this one quotes or answers.",
            inner=(
                text("type", "quoted or replied_to."),
                ident_of("id", "The other post's id."),
                text("url", "Its address."),
            ),
        ),
        nested(
            path="urls",
            role=Role.CONTENT,
            meaning="Links in the text; long posts only.",
            inner=(
                whole("start", Unit.POSITION, "Where the link starts."),
                whole("end", Unit.POSITION, "Where the link ends."),
                text("url", "The short address."),
                text("expandedUrl", "The address it leads to."),
                text("displayUrl", "The address as shown."),
            ),
        ),
    ),
    expansions=(
        Expansion(
            table=tables.MEDIA,
            source="media",
            shape=Each(
                {
                    "media_id": Take("mediaKey"),
                    "type": Take("type", recode=_TYPES),
                    "thumbnail_url": Take("previewImageUrl"),
                    "width": Take("width"),
                    "height": Take("height"),
                    "duration_s": Take("durationMs"),
                }
            ),
        ),
        Expansion(
            table=tables.MEDIA_VARIANTS,
            source="media",
            shape=EachInner(
                "mediaUrls",
                outer={"media_key": Take("mediaKey")},
                cells={
                    "bit_rate": Take("bitRate"),
                    "content_type": Take("contentType"),
                    "url": Take("mediaUrl"),
                },
            ),
        ),
        Expansion(
            table=tables.MEDIA_METRICS,
            source="media",
            shape=Melt(outer={"media_key": Take("mediaKey")}, groups=_GROUPS),
        ),
        Expansion(
            table=tables.URLS,
            source="urls",
            shape=Each(
                {
                    "start": Take("start"),
                    "end": Take("end"),
                    "url": Take("url"),
                    "expanded_url": Take("expandedUrl"),
                    "display_url": Take("displayUrl"),
                }
            ),
        ),
        Expansion(
            table=tables.REFERENCED_TWEETS,
            source="referenced_tweets",
            shape=Each({"type": Take("type"), "referenced_id": Take("id"), "url": Take("url")}),
        ),
        Expansion(table=tables.EDIT_HISTORY, source="edit_history_tweet_ids", shape=Each({"value": Take("")})),
    ),
    formats=(
        Format("image", signs=(Sign("media", "photo", inner="type"),)),
        Format("video", signs=(Sign("media", ("video", "animated_gif"), inner="type"),)),
    ),
    relations=(
        Relation("reply", Sign("referencedTweets", "replied_to", inner="type", any_of_them=True)),
        Relation("quote", Sign("referencedTweets", "quoted", inner="type", any_of_them=True)),
        Relation("repost", Sign("referencedTweets", "retweeted", inner="type", any_of_them=True)),
        Relation("own", Sign("referencedTweets", absent=True)),
    ),
    measures=(
        Measure(measures.LIKES, "public_metrics_like_count", note=_PUBLIC),
        Measure(measures.COMMENTS, "public_metrics_reply_count", note=_PUBLIC),
        Measure(measures.SHARES, "public_metrics_retweet_count", note=_PUBLIC),
        Measure(measures.QUOTES, "public_metrics_quote_count"),
        Measure(measures.SAVES, "public_metrics_bookmark_count"),
        Measure(
            measures.CLICKS,
            "non_public_metrics_user_profile_clicks",
            scope=Scope.OWNER,
            note="Clicks on the author's profile only, for the account's own posts of the last 30 days.",
        ),
        Measure(measures.IMPRESSIONS, "public_metrics_impression_count", note=_PUBLIC),
    ),
    refusals=(
        Refusal(measures.VIEWS, "Counted for each video of a post: see `media_metrics()`."),
        Refusal(measures.REACTIONS, "The network has likes only.", elsewhere=False),
    ),
    quoted_by=measures.IMPRESSIONS,
)
