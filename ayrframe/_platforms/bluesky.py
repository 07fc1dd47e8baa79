"""Bluesky: counts of public interactions, and how the reading account sees the post. No views or reach exist."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import (
    ITSELF,
    LIKE_COUNT,
    QUOTE_COUNT,
    REPLY_COUNT,
    engagement,
    flag,
    ident,
    moment,
    nested,
)
from ayrframe._platforms.spec import Each, Evidence, Expansion, Measure, Platform, Refusal, Role, Take

PLATFORM = Platform(
    name="bluesky",
    title="Bluesky",
    colour="#0FABFF",
    hosts=("bsky.app",),
    about="Public interactions only: the network counts neither views nor reach.",
    columns=(
        ident(
            path="cid",
            role=Role.CONTENT,
            meaning="The content id: a fingerprint of this version of the post.",
            evidence=Evidence.LIVE,
        ),
        moment(path="indexedAt", meaning="When the network's index took the post in."),
        nested(path="labels", role=Role.STATE, meaning="Moderation labels on the post.", inner=(ITSELF,)),
        LIKE_COUNT.here(evidence=Evidence.LIVE),
        QUOTE_COUNT.here(),
        REPLY_COUNT.here(evidence=Evidence.LIVE),
        engagement(path="repostCount", meaning="Reposts of the post, lifetime.", evidence=Evidence.LIVE),
        flag(
            path="viewer.threadMuted",
            meaning="Whether the reading account muted the thread.",
            note="Describes the reading account, not the post.",
        ),
        flag(
            path="viewer.embeddingDisabled",
            meaning="Whether the reading account may not embed the post.",
            note="Describes the reading account, not the post.",
        ),
    ),
    expansions=(Expansion(table=tables.LABELS, source="labels", shape=Each({"value": Take("")})),),
    measures=(
        Measure(measures.LIKES, "like_count"),
        Measure(measures.COMMENTS, "reply_count", note="Replies."),
        Measure(measures.SHARES, "repost_count", note="Reposts; posts that quote it are counted apart."),
        Measure(measures.QUOTES, "quote_count"),
    ),
    refusals=(
        Refusal(measures.VIEWS, "The network counts no views.", elsewhere=False),
        Refusal(measures.IMPRESSIONS, "The network counts no impressions.", elsewhere=False),
        Refusal(measures.REACH, "The network counts no reach.", elsewhere=False),
    ),
)
