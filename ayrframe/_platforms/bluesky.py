"""Bluesky: counts of public interactions, and how the reading account sees the post. No views or reach exist."""

from ayrframe import tables
from ayrframe.columns import (
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
from ayrframe.spec import Each, Evidence, Expansion, Platform, Role, Take

PLATFORM = Platform(
    name="bluesky",
    title="Bluesky",
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
)
