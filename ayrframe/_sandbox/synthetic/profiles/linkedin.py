"""LinkedIn: the company page, and for some weeks the owner's personal account, which is told less."""

from __future__ import annotations

from datetime import UTC, datetime

from ayrframe._sandbox.synthetic.generators import (
    BASE64,
    album,
    always,
    kinds,
    media_file,
    part,
    pattern,
    same,
    seen,
    site_link,
    snowflake,
    sometimes,
    written,
)
from ayrframe._sandbox.synthetic.profile import Draft, Sketch
from ayrframe._sandbox.synthetic.rng import Dice

_REACTIONS = {"like": 60.0, "praise": 18.0, "maybe": 1.0, "empathy": 12.0, "interest": 6.0, "appreciation": 3.0}
_LISTED = 8
_EDITED = 0.1


def _engagement(draft: Draft) -> float:
    deeds = sum(int(draft[path]) for path in ("clickCount", "likeCount", "commentCount", "shareCount"))
    return deeds / draft["impressionCount"] if draft["impressionCount"] else 0.0


def _last_modified(draft: Draft) -> str:
    if not draft.dice.chance(_EDITED):
        return str(draft["created"])
    later = (draft.scene.until - draft.moment) * draft.dice.draw() * 0.1
    return written(draft.moment + later, milliseconds=True)


def _media(draft: Draft) -> list[dict[str, str]] | None:
    match draft.item.medium:
        case "link" | "text":
            return None
        case "carousel":
            return [_medium(draft, "image") for _ in album(draft)]
        case medium:
            return [_medium(draft, medium)]


def _medium(draft: Draft, kind: str) -> dict[str, str]:
    return {"id": f"urn:li:{kind}:C4E10AQ{draft.dice.token(BASE64, 12)}", "url": media_file(draft)}


def _comments(draft: Draft) -> list[str]:
    activity = draft.dice.token("123456789", 19)
    count = min(_LISTED, draft["commentCount"])
    return [f"urn:li:comment:(urn:li:activity:{activity},{draft.dice.token('123456789', 19)})" for _ in range(count)]


def _likers(draft: Draft) -> list[str]:
    people = draft.dice.some(draft.scene.brand.people, min(_LISTED, draft["likeCount"]))
    return [f"urn:li:person:{Dice('person', name).token(BASE64, 10)}" for name in people]


SKETCH = Sketch(
    followers=3100,
    attention=0.35,
    boosts={"video": 1.5, "carousel": 1.6, "link": 0.7},
    weekend=0.4,
    half_life=30,
    takes={"video": 0.25, "image": 0.6, "carousel": 0.5, "link": 0.9, "text": 0.7},
    limit=3000,
    tags=3,
    link=site_link,
    columns={
        "id": snowflake(datetime(1970, 1, 1, tzinfo=UTC), 22, start="urn:li:share:"),
        "postUrl": pattern("https://www.linkedin.com/feed/update/{id}"),
        "impressionCount": seen(),
        "uniqueImpressionsCount": part("impressionCount", 0.66, spread=0.1),
        "clickCount": part("impressionCount", 0.03),
        "likeCount": part("uniqueImpressionsCount", 0.03),
        "commentCount": part("likeCount", 0.12),
        "shareCount": part("likeCount", 0.06),
        "engagement": _engagement,
        "reactions": kinds("uniqueImpressionsCount", 0.032, _REACTIONS),
        "totalFirstLevelComments": sometimes(0.5, part("commentCount", 0.8)),
        "videoViews": part("impressionCount", 0.4),
        "videoViewers": part("videoViews", 0.75),
        "videoWatchTimeMs": lambda draft: draft["videoViews"] * draft.dice.whole(3000, 11000),
        "commentsState": sometimes(0.5, always("OPEN")),
        "likedByCurrentUser": sometimes(0.5, lambda draft: draft.dice.chance(0.2)),
        "publishedAt": same("created"),
        "lastModified": _last_modified,
        "mediaUrls": _media,
        "comments": lambda draft: _comments(draft) or None,
        "likeBy": sometimes(0.5, lambda draft: _likers(draft) or None),
    },
    personal=("2025-09-08", "2025-11-02"),
)
