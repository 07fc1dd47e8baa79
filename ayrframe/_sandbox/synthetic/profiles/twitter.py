"""X: the same numbers in three scopes, the inner two for 30 days only, and media with numbers of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ayrframe._sandbox.synthetic.generators import (
    BASE64,
    DIGITS,
    constant,
    copy_of,
    image_url,
    media_size,
    random_token,
    share_of,
    share_of_views,
    snowflake_id,
    sum_of,
    text_template,
    video_url,
)
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile

_DAYS_OF_OWN_NUMBERS = 30
_LONG = 280
_GIFS = 0.15
_ANSWERS = 0.4
_AUTHOR = "9000000000000000001"
_ENCODINGS = ((256_000, "480x270"), (832_000, "640x360"), (2_176_000, "1280x720"))
# Of those who start a video, how many get past each quarter.
_STAY = (0.55, 0.6, 0.75, 0.8)


def _media(draft: PostDraft) -> list[dict[str, Any]] | None:
    match draft.item.medium:
        case "video":
            return [_video(draft)]
        case "image" if draft.dice.chance(_GIFS):
            return [_gif(draft)]
        case "image":
            return [_medium(draft, "photo", "3_") for _ in range(draft.dice.whole(1, 4))]
        case _:
            return None


def _medium(draft: PostDraft, kind: str, start: str) -> dict[str, Any]:
    width, height = media_size(draft)
    key = start + draft["id"][:-6] + draft.dice.token(DIGITS, 6)
    return {"mediaKey": key, "type": kind, "width": width, "height": height, "previewImageUrl": image_url(draft)}


def _gif(draft: PostDraft) -> dict[str, Any]:
    encoding = {"bitRate": 0, "contentType": "video/mp4", "mediaUrl": video_url(draft)}
    return _medium(draft, "animated_gif", "16_") | {"mediaUrls": [encoding]}


def _video(draft: PostDraft) -> dict[str, Any]:
    encodings: list[dict[str, Any]] = [
        {"bitRate": rate, "contentType": "video/mp4", "mediaUrl": f"{video_url(draft)}?size={name}"}
        for rate, name in _ENCODINGS
    ]
    playlist = video_url(draft).replace(".mp4", ".m3u8?tag=12&container=fmp4")
    video = _medium(draft, "video", "7_") | {
        "durationMs": round(draft.duration * 1000),
        "mediaUrls": [*encodings, {"contentType": "application/x-mpegURL", "mediaUrl": playlist}],
        "publicMetrics": {"viewCount": (views := share_of("publicMetrics.impressionCount", 0.5)(draft))},
    }
    if draft.days > _DAYS_OF_OWN_NUMBERS:
        return video
    played = _quarters(draft, views)
    won = {name: min(count, draft.dice.rounded(count * 0.97)) for name, count in played.items()}
    return video | {
        "nonPublicMetrics": played,
        "organicMetrics": _falling(won) | {"viewCount": min(views, round(views * 0.97))},
    }


def _quarters(draft: PostDraft, started: int) -> dict[str, int]:
    counts = {"playback0Count": started}
    for quarter, share in zip((25, 50, 75, 100), _STAY, strict=True):
        started = min(started, draft.dice.rounded(started * share * draft.dice.spread(0.08)))
        counts[f"playback{quarter}Count"] = started
    return counts


def _falling(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts with none larger than the one before it."""
    least = max(counts.values())
    return {name: (least := min(least, count)) for name, count in counts.items()}


def _own_video(draft: PostDraft) -> dict[str, int] | None:
    media = draft["media"] if draft.is_video else []
    return next((medium["nonPublicMetrics"] for medium in media if "nonPublicMetrics" in medium), None)


def _referenced(draft: PostDraft) -> list[dict[str, str]] | None:
    if draft.item.medium not in ("text", "link") or not draft.dice.chance(_ANSWERS):
        return None
    other = int(draft["id"]) - draft.dice.whole(2**36, 2**50)
    kind = draft.dice.pick(("quoted", "replied_to"))
    return [{"type": kind, "id": str(other), "url": f"https://www.twitter.com/{other}"}]


def _urls(draft: PostDraft) -> list[dict[str, Any]] | None:
    text: str = draft["post"]
    if not draft.link or len(text) <= _LONG:
        return None
    start = text.index(draft.link)
    shown = draft.item.link.removeprefix("https://")
    return [
        {
            "start": start,
            "end": start + len(draft.link),
            "url": draft.link,
            "expandedUrl": draft.item.link,
            "displayUrl": shown,
        }
    ]


_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)

PROFILE = SyntheticProfile(
    followers=2300,
    attention=0.55,
    boosts={"video": 1.6, "link": 0.6, "text": 0.9},
    half_life=5,
    takes={"video": 0.35, "image": 0.6, "link": 0.9, "text": 0.9},
    limit=4000,
    tags=1,
    link=random_token(BASE64[:-2], 10, start="https://t.co/"),
    columns={
        "id": snowflake_id(_EPOCH, 22),
        "postUrl": text_template("https://twitter.com/{handle}/status/{id}"),
        "publicMetrics.impressionCount": share_of_views(),
        "publicMetrics.likeCount": share_of("publicMetrics.impressionCount", 0.018),
        "publicMetrics.replyCount": share_of("publicMetrics.likeCount", 0.1),
        "publicMetrics.retweetCount": share_of("publicMetrics.likeCount", 0.14),
        "publicMetrics.quoteCount": share_of("publicMetrics.retweetCount", 0.15),
        "publicMetrics.bookmarkCount": share_of("publicMetrics.likeCount", 0.1),
        "nonPublicMetrics.impressionCount": copy_of("publicMetrics.impressionCount"),
        "nonPublicMetrics.userProfileClicks": share_of("publicMetrics.impressionCount", 0.006),
        "nonPublicMetrics.engagements": sum_of(
            "publicMetrics.likeCount",
            "publicMetrics.replyCount",
            "publicMetrics.retweetCount",
            "publicMetrics.quoteCount",
            "nonPublicMetrics.userProfileClicks",
        ),
        "nonPublicMetrics.video": _own_video,
        "organicMetrics.impressionCount": share_of("publicMetrics.impressionCount", 0.96, spread=0.03),
        "organicMetrics.likeCount": share_of("publicMetrics.likeCount", 0.97, spread=0.02),
        "organicMetrics.replyCount": share_of("publicMetrics.replyCount", 0.97, spread=0.02),
        "organicMetrics.retweetCount": share_of("publicMetrics.retweetCount", 0.97, spread=0.02),
        "organicMetrics.userProfileClicks": share_of("nonPublicMetrics.userProfileClicks", 0.96, spread=0.03),
        "authorId": constant(_AUTHOR),
        "createdAt": copy_of("created"),
        "text": copy_of("post"),
        "source": lambda draft: draft.dice.weighted({"Ayrshare": 0.8, "Twitter for iPhone": 0.2}),
        "possiblySensitive": constant(value=False),
        "editHistoryTweetIds": lambda draft: [draft["id"]],
        "media": _media,
        "referencedTweets": _referenced,
        "urls": _urls,
    },
)
