"""Define the synthetic profile of LinkedIn: a page and, for some weeks, a personal account with fewer metrics."""

from __future__ import annotations

from datetime import UTC, datetime

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile
from ayrframe._sandbox.synthetic.rng import NamedRng

_LINKEDIN_REACTION_WEIGHTS = {"like": 60, "praise": 18, "maybe": 1, "empathy": 12, "interest": 6, "appreciation": 3}
_MAX_LISTED = 8


def _engagement_ratio(draft: PostDraft) -> float:
    interactions = sum(int(draft[path]) for path in ("clickCount", "likeCount", "commentCount", "shareCount"))
    return interactions / draft["impressionCount"] if draft["impressionCount"] else 0.0


def _last_modified(draft: PostDraft) -> str:
    if not draft.rng.chance(0.1):
        return str(draft["created"])
    later = (draft.scene.until - draft.moment) * draft.rng.random() * 0.1
    return gen.format_time(draft.moment + later, milliseconds=True)


def _linkedin_media(draft: PostDraft) -> list[dict[str, str]] | None:
    match draft.item.medium:
        case "link" | "text":
            return None
        case "carousel":
            kinds = ["image"] * len(gen.carousel_flags(draft))
        case medium:
            kinds = [medium]
    return [
        {"id": f"urn:li:{kind}:C4E10AQ{draft.rng.token(gen.BASE64, 12)}", "url": gen.media_url(draft)} for kind in kinds
    ]


def _comment_urns(draft: PostDraft) -> list[str]:
    activity = draft.rng.token("123456789", 19)
    count = min(_MAX_LISTED, draft["commentCount"])
    return [f"urn:li:comment:(urn:li:activity:{activity},{draft.rng.token('123456789', 19)})" for _ in range(count)]


def _liker_urns(draft: PostDraft) -> list[str]:
    people = draft.rng.sample(draft.scene.brand.people, min(_MAX_LISTED, draft["likeCount"]))
    return [f"urn:li:person:{NamedRng('person', name).token(gen.BASE64, 10)}" for name in people]


PROFILE = SyntheticProfile(
    followers=3100,
    attention=0.35,
    format_factors={"video": 1.5, "carousel": 1.6, "link": 0.7},
    weekend_factor=0.4,
    half_life_hours=30,
    publish_shares={"video": 0.25, "image": 0.6, "carousel": 0.5, "link": 0.9, "text": 0.7},
    max_characters=3000,
    max_tags=3,
    link=gen.site_url,
    columns={
        "id": gen.snowflake_id(datetime(1970, 1, 1, tzinfo=UTC), start="urn:li:share:"),
        "postUrl": lambda draft: f"https://www.linkedin.com/feed/update/{draft['id']}",
        "impressionCount": gen.share_of_views(),
        "uniqueImpressionsCount": gen.share_of("impressionCount", 0.66, spread=0.1),
        "clickCount": gen.share_of("impressionCount", 0.03),
        "likeCount": gen.share_of("uniqueImpressionsCount", 0.03),
        "commentCount": gen.share_of("likeCount", 0.12),
        "shareCount": gen.share_of("likeCount", 0.06),
        "engagement": _engagement_ratio,
        "reactions": gen.counts_by_kind("uniqueImpressionsCount", 0.032, _LINKEDIN_REACTION_WEIGHTS),
        "totalFirstLevelComments": gen.with_probability(0.5, gen.share_of("commentCount", 0.8)),
        "videoViews": gen.share_of("impressionCount", 0.4),
        "videoViewers": gen.share_of("videoViews", 0.75),
        "videoWatchTimeMs": lambda draft: draft["videoViews"] * draft.rng.integer(3000, 11000),
        "commentsState": gen.with_probability(0.5, gen.constant("OPEN")),
        "type": gen.constant("corporate"),
        "likedByCurrentUser": gen.with_probability(0.5, lambda draft: draft.rng.chance(0.2)),
        "publishedAt": gen.copy_of("created"),
        "lastModified": _last_modified,
        "mediaUrls": _linkedin_media,
        "comments": lambda draft: _comment_urns(draft) or None,
        "likeBy": gen.with_probability(0.5, lambda draft: _liker_urns(draft) or None),
    },
    personal_period=("2025-09-08", "2025-11-02"),
)
