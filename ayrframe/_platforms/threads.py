"""Declare Threads: text, URL and time of a post have different names here; metrics are known from post analytics."""

from ayrframe._platforms import accounts, child_tables, metrics
from ayrframe._platforms.columns import (
    LIKES_COLUMN,
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
    views_column,
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
    Platform,
    PostKind,
    Role,
    RowPerPost,
    Scope,
    cells_from,
    with_shared,
)

_THREADS_MEDIA_TYPES = {"IMAGE": "image", "VIDEO": "video"}

THREADS = Platform(
    name="threads",
    title="Threads",
    color="#7F5B79",
    hosts=("threads.net", "threads.com"),
    about="Fields were seen in live responses in 2024; none of them was a metric. Post analytics has views, likes, "
    "replies, reposts and quotes.",
    columns=(
        TEXT.customize("Text of the post on Threads; fills `post`.", evidence=Evidence.LIVE, fills="post"),
        PERMALINK.customize("URL of the post on Threads; fills `post_url`.", evidence=Evidence.LIVE, fills="post_url"),
        time_column(
            "timestamp",
            "When the post was published.",
            note="Time of the post on Threads; fills `created`.",
            evidence=Evidence.LIVE,
            fills="created",
        ),
        *with_shared(
            VIEWS_COLUMN,
            LIKES_COLUMN,
            REPLIES,
            engagement_column("reposts", "Reposts, lifetime."),
            SHARES_COLUMN,
            engagement_column("quotes", "Posts that quote this post, lifetime."),
            evidence=Evidence.ANALYTICS,
            endpoint=Endpoint.POST_ANALYTICS,
            gaps=(KnownGap.TOO_FRESH,),
        ),
        boolean_column("hasReplies", "Whether the post has replies.", evidence=Evidence.LIVE),
        boolean_column("isQuotePost", "Whether the post quotes another.", evidence=Evidence.LIVE),
        MEDIA_PRODUCT_TYPE.customize(evidence=Evidence.LIVE, values=("THREADS",)),
        MEDIA_TYPE.customize(
            "`REPOST_FACADE` is a repost; `AUDIO` has no format.",
            evidence=Evidence.LIVE,
            values=("TEXT_POST", "IMAGE", "VIDEO", "CAROUSEL_ALBUM", "AUDIO", "REPOST_FACADE"),
        ),
        MEDIA_URL.customize(evidence=Evidence.LIVE, formats=("image", "video")),
        id_column("owner.id", "ID of the account on the platform.", role=Role.ACCOUNT, evidence=Evidence.LIVE),
        status_column("replyAudience", "Who can reply to the post.", evidence=Evidence.LIVE, values=("EVERYONE",)),
        id_column("shortcode", "Short code of the post in its URL.", role=Role.STATUS, evidence=Evidence.LIVE),
        USERNAME.customize(evidence=Evidence.LIVE),
    ),
    expansions=(
        Expansion(
            child_tables.MEDIA_TABLE,
            "media_type",
            row_per_post=RowPerPost(
                cells_from(type=CellSource("media_type", recode=_THREADS_MEDIA_TYPES), url="media_url")
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
        PostKind("repost", Condition("mediaType", "REPOST_FACADE"), is_foreign=True),
        PostKind("quote", Condition("isQuotePost", equals=True)),
        PostKind("own", Condition("isQuotePost", equals=False)),
    ),
    measures=(
        Measure(metrics.LIKES, "likes"),
        Measure(metrics.COMMENTS, "replies", note="Replies."),
        Measure(
            metrics.SHARES,
            "reposts",
            counts="reposts",
            note="Reposts, as on other platforms. The column `shares` counts posts sent to other people.",
        ),
        Measure(metrics.QUOTES, "quotes"),
        Measure(
            metrics.VIEWS,
            "views",
            scope=Scope.OWNER,
            counts="displays and plays",
            note="Times the post was shown or its video was played.",
        ),
    ),
    usual_denominator=metrics.VIEWS,
    account=Account(
        columns=with_shared(
            accounts.FOLLOWERS_COUNT,
            accounts.ACCOUNT_LIKES,
            engagement_column("replies", "Replies to the posts of the account in the reported period."),
            engagement_column("reposts", "Reposts of the posts of the account in the reported period."),
            engagement_column("quotes", "Posts that quote posts of the account in the reported period."),
            views_column("views", "Times the profile was viewed in the reported period.", name="threads_views"),
            evidence=Evidence.REPORTED,
        ),
        parameters=(accounts.QUARTERS,),
    ),
)
