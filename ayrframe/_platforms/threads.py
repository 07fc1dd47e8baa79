"""Threads: the text, address and time of a post have names of their own here; metrics come from post analytics."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import (
    MEDIA_PRODUCT_TYPE,
    MEDIA_TYPE,
    MEDIA_URL,
    PERMALINK,
    REPLIES,
    SHARES,
    TEXT,
    USERNAME,
    VIEWS,
    engagement,
    flag,
    ident,
    moment,
    state,
)
from ayrframe._platforms.spec import (
    Evidence,
    Expansion,
    Format,
    Gap,
    Measure,
    Platform,
    Relation,
    Role,
    Scope,
    Sign,
    Single,
    Take,
)

_LIVE = Evidence.LIVE
_ANALYTICS = Evidence.ANALYTICS
_FRESH = (Gap.FRESH,)
_TYPES = {"IMAGE": "image", "VIDEO": "video"}

PLATFORM = Platform(
    name="threads",
    title="Threads",
    colour="#7F5B79",
    hosts=("threads.net", "threads.com"),
    about="Keys were seen live in 2024; no metric was among them.",
    columns=(
        TEXT.here("The post's text on Threads; `post` takes it.", evidence=_LIVE, stands_for="post"),
        PERMALINK.here("The post's address on Threads; `post_url` takes it.", evidence=_LIVE, stands_for="post_url"),
        moment(
            path="timestamp",
            meaning="When the post was published.",
            note="The post's time on Threads; `created` takes it.",
            evidence=_LIVE,
            stands_for="created",
        ),
        VIEWS.here(evidence=_ANALYTICS, gaps=_FRESH),
        engagement(path="likes", meaning="Likes, lifetime.", evidence=_ANALYTICS, gaps=_FRESH),
        REPLIES.here(evidence=_ANALYTICS, gaps=_FRESH),
        engagement(path="reposts", meaning="Reposts, lifetime.", evidence=_ANALYTICS, gaps=_FRESH),
        SHARES.here(evidence=_ANALYTICS, gaps=_FRESH),
        engagement(path="quotes", meaning="Posts that quote this one, lifetime.", evidence=_ANALYTICS, gaps=_FRESH),
        flag(path="hasReplies", meaning="Whether anybody answered.", evidence=_LIVE),
        flag(path="isQuotePost", meaning="Whether the post quotes another.", evidence=_LIVE),
        MEDIA_PRODUCT_TYPE.here(evidence=_LIVE, values=("THREADS",)),
        MEDIA_TYPE.here(evidence=_LIVE, values=("TEXT_POST", "IMAGE", "VIDEO", "CAROUSEL_ALBUM")),
        MEDIA_URL.here(evidence=_LIVE, formats=("image", "video")),
        ident(path="owner.id", role=Role.ACCOUNT, meaning="The network's own id of the account.", evidence=_LIVE),
        state(path="replyAudience", meaning="Who may answer the post.", evidence=_LIVE, values=("EVERYONE",)),
        ident(path="shortcode", role=Role.STATE, meaning="The short name of the post in its address.", evidence=_LIVE),
        USERNAME.here(evidence=_LIVE),
    ),
    expansions=(
        Expansion(
            table=tables.MEDIA,
            source="media_type",
            single=Single({"type": Take("media_type", recode=_TYPES), "url": Take("media_url")}),
        ),
    ),
    formats=(
        Format("text", {"mediaType": "TEXT_POST"}),
        Format("image", {"mediaType": "IMAGE"}),
        Format("video", {"mediaType": "VIDEO"}),
        Format("carousel", {"mediaType": "CAROUSEL_ALBUM"}),
    ),
    relations=(
        Relation("quote", Sign("isQuotePost", equals=True)),
        Relation("own", Sign("isQuotePost", equals=False)),
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
    quoted_by=measures.VIEWS,
)
