"""Declare Bluesky: counts of public interactions and the state of the reading account; no views or reach."""

from ayrframe._platforms import accounts, child_tables, metrics
from ayrframe._platforms.columns import (
    LIKE_COUNT,
    QUOTE_COUNT,
    REPLY_COUNT,
    TEXT_ELEMENT,
    boolean_column,
    engagement_column,
    id_column,
    list_column,
    post_count,
    time_column,
)
from ayrframe._platforms.spec import (
    Account,
    Endpoint,
    Evidence,
    Expansion,
    Measure,
    MissingMetric,
    Platform,
    Role,
    RowPerElement,
    cells_from,
    with_shared,
)

BLUESKY = Platform(
    name="bluesky",
    title="Bluesky",
    color="#0FABFF",
    hosts=("bsky.app",),
    about="Public interactions only: Bluesky does not count views or reach.",
    columns=with_shared(
        id_column("cid", "Content ID, a hash of this version of the post.", role=Role.CONTENT, evidence=Evidence.LIVE),
        time_column("indexedAt", "When the platform indexed the post."),
        list_column("labels", "Moderation labels of the post.", role=Role.STATUS, inner=(TEXT_ELEMENT,)),
        LIKE_COUNT.customize(evidence=Evidence.LIVE),
        QUOTE_COUNT,
        REPLY_COUNT.customize(evidence=Evidence.LIVE),
        engagement_column("repostCount", "Reposts of the post, lifetime.", evidence=Evidence.LIVE),
        *with_shared(
            boolean_column("viewer.threadMuted", "Whether the reading account muted the thread."),
            boolean_column("viewer.embeddingDisabled", "Whether the reading account may not embed the post."),
            note="Describes the reading account, not the post.",
        ),
        endpoint=Endpoint.BOTH,
    ),
    expansions=(Expansion(child_tables.LABELS_TABLE, "labels", RowPerElement(cells_from(value=""))),),
    measures=(
        Measure(metrics.LIKES, "like_count"),
        Measure(metrics.COMMENTS, "reply_count", note="Replies."),
        Measure(metrics.SHARES, "repost_count", counts="reposts", note="Reposts; quotes are counted separately."),
        Measure(metrics.QUOTES, "quote_count"),
    ),
    missing_metrics=(
        MissingMetric(metrics.VIEWS, "Bluesky does not count views.", in_other_endpoint=False),
        MissingMetric(metrics.IMPRESSIONS, "Bluesky does not count impressions.", in_other_endpoint=False),
        MissingMetric(metrics.REACH, "Bluesky does not count reach.", in_other_endpoint=False),
    ),
    account=Account(
        columns=(
            accounts.FOLLOWERS_COUNT,
            accounts.FOLLOWS_COUNT,
            accounts.reported(post_count("postsCount", "Posts of the account.", fills="posts")),
            accounts.ACCOUNT_ID,
            accounts.DISPLAY_NAME,
            accounts.HANDLE,
            accounts.ACCOUNT_CREATED,
        ),
        parameters=(accounts.QUARTERS,),
    ),
)
