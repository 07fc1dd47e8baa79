"""Threads: the text, address and time of a post have names of their own here; metrics come from post analytics."""

from ayrframe._platforms import child_tables, metrics
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

_THREADS_MEDIA_TYPES = {"IMAGE": "image", "VIDEO": "video"}

THREADS = Platform(
    name="threads",
    title="Threads",
    colour="#7F5B79",
    hosts=("threads.net", "threads.com"),
    about="Keys were seen live in 2024; no metric was among them.",
    columns=(
        TEXT.customize("The post's text on Threads; `post` takes it.", evidence=Evidence.LIVE, fills="post"),
        PERMALINK.customize(
            "The post's address on Threads; `post_url` takes it.", evidence=Evidence.LIVE, fills="post_url"
        ),
        time_column(
            path="timestamp",
            meaning="When the post was published.",
            note="The post's time on Threads; `created` takes it.",
            evidence=Evidence.LIVE,
            fills="created",
        ),
        VIEWS_COLUMN.customize(evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)),
        engagement_column(
            path="likes", meaning="Likes, lifetime.", evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)
        ),
        REPLIES.customize(evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)),
        engagement_column(
            path="reposts", meaning="Reposts, lifetime.", evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)
        ),
        SHARES_COLUMN.customize(evidence=Evidence.ANALYTICS, gaps=(KnownGap.TOO_FRESH,)),
        engagement_column(
            path="quotes",
            meaning="Posts that quote this one, lifetime.",
            evidence=Evidence.ANALYTICS,
            gaps=(KnownGap.TOO_FRESH,),
        ),
        boolean_column(path="hasReplies", meaning="Whether anybody answered.", evidence=Evidence.LIVE),
        boolean_column(path="isQuotePost", meaning="Whether the post quotes another.", evidence=Evidence.LIVE),
        MEDIA_PRODUCT_TYPE.customize(evidence=Evidence.LIVE, values=("THREADS",)),
        MEDIA_TYPE.customize(evidence=Evidence.LIVE, values=("TEXT_POST", "IMAGE", "VIDEO", "CAROUSEL_ALBUM")),
        MEDIA_URL.customize(evidence=Evidence.LIVE, formats=("image", "video")),
        id_column(
            path="owner.id", role=Role.ACCOUNT, meaning="The network's own id of the account.", evidence=Evidence.LIVE
        ),
        status_column(
            path="replyAudience", meaning="Who may answer the post.", evidence=Evidence.LIVE, values=("EVERYONE",)
        ),
        id_column(
            path="shortcode",
            role=Role.STATUS,
            meaning="The short name of the post in its address.",
            evidence=Evidence.LIVE,
        ),
        USERNAME.customize(evidence=Evidence.LIVE),
    ),
    expansions=(
        Expansion(
            table=child_tables.MEDIA_TABLE,
            source="media_type",
            row_per_post=RowPerPost(
                {"type": CellSource("media_type", recode=_THREADS_MEDIA_TYPES), "url": CellSource("media_url")}
            ),
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
        Measure(metrics.LIKES, "likes"),
        Measure(metrics.COMMENTS, "replies", note="Replies."),
        Measure(
            metrics.SHARES,
            "reposts",
            note="Reposts, as on other networks. The column `shares` counts posts sent on to somebody.",
        ),
        Measure(metrics.QUOTES, "quotes"),
        Measure(metrics.VIEWS, "views", scope=Scope.OWNER),
    ),
    usual_denominator=metrics.VIEWS,
)
