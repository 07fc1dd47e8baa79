"""Threads: the text, address and time of a post have names of their own here; metrics come from post analytics."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import (
    MEDIA_PRODUCT_TYPE,
    MEDIA_TYPE,
    MEDIA_URL,
    PERMALINK,
    REPLIES,
    SHARES_COLUMN,
    TEXT,
    USERNAME,
    VIEWS_COLUMN,
    boolean_column,
    engagement_column,
    id_column,
    status_column,
    time_column,
)
from ayrframe._platforms.spec import (
    CellSource,
    Condition,
    Evidence,
    Expansion,
    Format,
    KnownGap,
    Measure,
    Platform,
    PostKind,
    Role,
    RowPerPost,
    Scope,
)

_LIVE = Evidence.LIVE
_ANALYTICS = Evidence.ANALYTICS
_FRESH = (KnownGap.TOO_FRESH,)
_TYPES = {"IMAGE": "image", "VIDEO": "video"}

THREADS = Platform(
    name="threads",
    title="Threads",
    colour="#7F5B79",
    hosts=("threads.net", "threads.com"),
    about="Keys were seen live in 2024; no metric was among them.",
    columns=(
        TEXT.customize("The post's text on Threads; `post` takes it.", evidence=_LIVE, fills="post"),
        PERMALINK.customize("The post's address on Threads; `post_url` takes it.", evidence=_LIVE, fills="post_url"),
        time_column(
            path="timestamp",
            meaning="When the post was published.",
            note="The post's time on Threads; `created` takes it.",
            evidence=_LIVE,
            fills="created",
        ),
        VIEWS_COLUMN.customize(evidence=_ANALYTICS, gaps=_FRESH),
        engagement_column(path="likes", meaning="Likes, lifetime.", evidence=_ANALYTICS, gaps=_FRESH),
        REPLIES.customize(evidence=_ANALYTICS, gaps=_FRESH),
        engagement_column(path="reposts", meaning="Reposts, lifetime.", evidence=_ANALYTICS, gaps=_FRESH),
        SHARES_COLUMN.customize(evidence=_ANALYTICS, gaps=_FRESH),
        engagement_column(
            path="quotes", meaning="Posts that quote this one, lifetime.", evidence=_ANALYTICS, gaps=_FRESH
        ),
        boolean_column(path="hasReplies", meaning="Whether anybody answered.", evidence=_LIVE),
        boolean_column(path="isQuotePost", meaning="Whether the post quotes another.", evidence=_LIVE),
        MEDIA_PRODUCT_TYPE.customize(evidence=_LIVE, values=("THREADS",)),
        MEDIA_TYPE.customize(evidence=_LIVE, values=("TEXT_POST", "IMAGE", "VIDEO", "CAROUSEL_ALBUM")),
        MEDIA_URL.customize(evidence=_LIVE, formats=("image", "video")),
        id_column(path="owner.id", role=Role.ACCOUNT, meaning="The network's own id of the account.", evidence=_LIVE),
        status_column(path="replyAudience", meaning="Who may answer the post.", evidence=_LIVE, values=("EVERYONE",)),
        id_column(
            path="shortcode", role=Role.STATUS, meaning="The short name of the post in its address.", evidence=_LIVE
        ),
        USERNAME.customize(evidence=_LIVE),
    ),
    expansions=(
        Expansion(
            table=tables.MEDIA_TABLE,
            source="media_type",
            row_per_post=RowPerPost({"type": CellSource("media_type", recode=_TYPES), "url": CellSource("media_url")}),
        ),
    ),
    formats=(
        Format("text", {"mediaType": "TEXT_POST"}),
        Format("image", {"mediaType": "IMAGE"}),
        Format("video", {"mediaType": "VIDEO"}),
        Format("carousel", {"mediaType": "CAROUSEL_ALBUM"}),
    ),
    post_kinds=(
        PostKind("quote", Condition("isQuotePost", equals=True)),
        PostKind("own", Condition("isQuotePost", equals=False)),
    ),
    measures=(
        Measure(measures.LIKES, "likes"),
        Measure(measures.COMMENTS, "replies", note="Replies."),
        Measure(
            measures.SHARES,
            "reposts",
            note="Reposts, as on other networks. The column `shares` counts posts sent on to somebody.",
        ),
        Measure(measures.QUOTES, "quotes"),
        Measure(measures.VIEWS, "views", scope=Scope.OWNER),
    ),
    usual_denominator=measures.VIEWS,
)
