"""LinkedIn: organisations and personal accounts; the latter lack impressions, shares and the engagement ratio."""

from ayrframe import tables
from ayrframe.columns import (
    ITSELF_ID,
    LIKE_COUNT,
    MEDIA_URLS,
    REACTIONS,
    SHARE_COUNT,
    VIDEO_VIEWS,
    clicks,
    engagement,
    flag,
    ident_of,
    impressions,
    moment,
    nested,
    rate,
    reach,
    state,
    text,
    watch_time,
    whole,
)
from ayrframe.spec import (
    Each,
    EachKey,
    Evidence,
    Expansion,
    Gap,
    Platform,
    Role,
    Take,
    Unit,
)

_LIVE = Evidence.LIVE
_ORGANISATION = (Gap.PERSONAL, Gap.FRESH)
_VIDEO = (Gap.OTHER_MEDIA, Gap.PERSONAL, Gap.FRESH)

PLATFORM = Platform(
    name="linkedin",
    title="LinkedIn",
    hosts=("linkedin.com", "lnkd.in"),
    about="Personal accounts have reactions, likes and comments only.",
    columns=(
        LIKE_COUNT.here("The kinds in `reactions` do not sum to it.", evidence=_LIVE),
        engagement(
            path="commentCount",
            meaning="Comments on the post, lifetime.",
            note="Singular here; other networks say `commentsCount`.",
            evidence=_LIVE,
        ),
        SHARE_COUNT.here(evidence=_LIVE, gaps=_ORGANISATION),
        clicks(path="clickCount", meaning="Clicks on the post.", evidence=_LIVE),
        impressions(path="impressionCount", meaning="Times the post was shown.", evidence=_LIVE, gaps=_ORGANISATION),
        reach(
            path="uniqueImpressionsCount",
            meaning="People to whom the post was shown.",
            evidence=_LIVE,
            gaps=_ORGANISATION,
        ),
        rate(
            path="engagement",
            unit=Unit.RATIO,
            meaning="(Clicks + likes + comments + shares) / impressions, by LinkedIn's own formula.",
            note="Counts clicks, so it is not comparable with other networks' rates.",
            evidence=_LIVE,
            gaps=_ORGANISATION,
        ),
        REACTIONS.here(
            "The API's names are older than those on the screen. There is no total.",
            evidence=_LIVE,
            inner=(
                whole("like", Unit.COUNT),
                whole("praise", Unit.COUNT),
                whole("maybe", Unit.COUNT),
                whole("empathy", Unit.COUNT),
                whole("interest", Unit.COUNT),
                whole("appreciation", Unit.COUNT),
            ),
        ),
        engagement(path="totalFirstLevelComments", meaning="Comments on the post itself, without answers to comments."),
        VIDEO_VIEWS.here(evidence=Evidence.ANALYTICS, gaps=_VIDEO),
        reach(path="videoViewers", meaning="People who watched the video.", evidence=Evidence.ANALYTICS, gaps=_VIDEO),
        watch_time(
            path="videoWatchTimeMs",
            unit=Unit.MILLISECONDS,
            meaning="Time spent watching the video, all together.",
            evidence=Evidence.ANALYTICS,
            gaps=_VIDEO,
        ),
        state(path="status", meaning="The state of the post.", evidence=_LIVE, values=("PUBLISHED",)),
        state(
            path="visibility",
            meaning="Who can see the post.",
            evidence=_LIVE,
            values=("PUBLIC", "CONNECTIONS", "LOGGED_IN"),
        ),
        state(path="commentsState", meaning="Whether the post can be commented on.", values=("OPEN",)),
        flag(path="likedByCurrentUser", meaning="Whether the reading account likes the post."),
        moment(path="publishedAt", meaning="When the post became visible.", evidence=_LIVE),
        moment(path="lastModified", meaning="When the post was last changed.", evidence=_LIVE),
        MEDIA_URLS.here(inner=(ident_of("id", "The URN of the medium."), text("url", "The address of the file."))),
        nested(
            path="comments",
            name="comment_urns",
            role=Role.PEOPLE,
            meaning="The URNs of the comments on the post.",
            note="A list of names to look up, not a number of comments.",
            inner=(ITSELF_ID,),
        ),
        nested(
            path="likeBy",
            role=Role.PEOPLE,
            meaning="The URNs of people who like the post.",
            note="Spelt so by the API; Facebook's is `likedBy`.",
            inner=(ITSELF_ID,),
        ),
    ),
    expansions=(
        Expansion(
            table=tables.REACTIONS,
            source="reactions",
            shape=EachKey(
                labels={
                    "like": "Like",
                    "praise": "Celebrate",
                    "maybe": "Curious",
                    "empathy": "Love",
                    "interest": "Insightful",
                    "appreciation": "Support",
                },
            ),
        ),
        Expansion(
            table=tables.MEDIA,
            source="media_urls",
            shape=Each({"media_id": Take("id"), "url": Take("url")}),
        ),
        Expansion(table=tables.LIKED_BY, source="like_by", shape=Each({"person_id": Take("")})),
        Expansion(table=tables.COMMENT_URNS, source="comment_urns", shape=Each({"comment_urn": Take("")})),
    ),
)
