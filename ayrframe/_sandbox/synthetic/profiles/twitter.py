"""Define the synthetic profile of X: metrics in three scopes, two of them for 30 days only, and media metrics."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile, ValueGenerator

_PRIVATE_METRICS_DAYS = 30
_URLS_ABOVE_CHARACTERS = 280
_ENCODINGS = ((256_000, "480x270"), (832_000, "640x360"), (2_176_000, "1280x720"))
_QUARTER_NAMES = tuple(f"playback{quarter}Count" for quarter in (0, 25, 50, 75, 100))
# Share of viewers of each quarter of a video who reach the next one.
_QUARTER_RETENTION = (0.55, 0.6, 0.75, 0.8)


def _x_media(draft: PostDraft) -> list[dict[str, Any]] | None:
    match draft.item.medium:
        case "video":
            return [_x_video(draft)]
        case "image" if draft.rng.chance(0.15):
            encoding = {"bitRate": 0, "contentType": "video/mp4", "mediaUrl": gen.video_url(draft)}
            return [_x_medium(draft, "animated_gif", "16_") | {"mediaUrls": [encoding]}]
        case "image":
            return [_x_medium(draft, "photo", "3_") for _ in range(draft.rng.integer(1, 4))]
        case _:
            return None


def _x_medium(draft: PostDraft, kind: str, start: str) -> dict[str, Any]:
    width, height = gen.media_size(draft)
    key = start + draft["id"][:-6] + draft.rng.token(gen.DIGITS, 6)
    return {"mediaKey": key, "type": kind, "width": width, "height": height, "previewImageUrl": gen.image_url(draft)}


def _x_video(draft: PostDraft) -> dict[str, Any]:
    encodings: list[dict[str, Any]] = [
        {"bitRate": rate, "contentType": "video/mp4", "mediaUrl": f"{gen.video_url(draft)}?size={name}"}
        for rate, name in _ENCODINGS
    ]
    playlist = gen.video_url(draft).replace(".mp4", ".m3u8?tag=12&container=fmp4")
    video = _x_medium(draft, "video", "7_") | {
        "durationMs": round(draft.duration * 1000),
        "mediaUrls": [*encodings, {"contentType": "application/x-mpegURL", "mediaUrl": playlist}],
        "publicMetrics": {"viewCount": (views := gen.share_of("publicMetrics.impressionCount", 0.5)(draft))},
    }
    if draft.age_days > _PRIVATE_METRICS_DAYS:
        return video
    quarter_counts = _quarter_counts(draft, views)
    least, organic_counts = views, {}
    for name, count in quarter_counts.items():
        least = organic_counts[name] = min(least, count, draft.rng.round_randomly(count * 0.97))
    organic_counts["viewCount"] = min(views, round(views * 0.97))
    return video | {"nonPublicMetrics": quarter_counts, "organicMetrics": organic_counts}


def _quarter_counts(draft: PostDraft, started: int) -> dict[str, int]:
    counts = {_QUARTER_NAMES[0]: started}
    for name, share in zip(_QUARTER_NAMES[1:], _QUARTER_RETENTION, strict=True):
        started = min(started, draft.rng.round_randomly(started * share * draft.rng.lognormal(0.08)))
        counts[name] = started
    return counts


def _own_video_metric(name: str) -> ValueGenerator:
    def read(draft: PostDraft) -> int | None:
        media = draft["media"] if draft.is_video else []
        return next((medium["nonPublicMetrics"][name] for medium in media if "nonPublicMetrics" in medium), None)

    return read


def _referenced_posts(draft: PostDraft) -> list[dict[str, str]] | None:
    if draft.item.medium not in ("text", "link") or not draft.rng.chance(0.4):
        return None
    other = int(draft["id"]) - draft.rng.integer(2**36, 2**50)
    kind = draft.rng.choice(("quoted", "replied_to"))
    return [{"type": kind, "id": str(other), "url": f"https://www.twitter.com/{other}"}]


def _url_entities(draft: PostDraft) -> list[dict[str, Any]] | None:
    text, link, page = str(draft["post"]), draft.link, draft.item.link
    if not link or len(text) <= _URLS_ABOVE_CHARACTERS:
        return None
    start, shown = text.index(link), page.removeprefix("https://")
    return [{"start": start, "end": start + len(link), "url": link, "expandedUrl": page, "displayUrl": shown}]


PROFILE = SyntheticProfile(
    followers=2300,
    attention=0.55,
    format_factors={"video": 1.6, "link": 0.6, "text": 0.9},
    half_life_hours=5,
    publish_shares={"video": 0.35, "image": 0.6, "link": 0.9, "text": 0.9},
    max_characters=4000,
    max_tags=1,
    link=gen.random_token(gen.BASE64[:-2], 10, start="https://t.co/"),
    columns={
        "id": gen.snowflake_id(datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)),
        "postUrl": lambda draft: f"https://twitter.com/{draft.scene.brand.handle}/status/{draft['id']}",
        "publicMetrics.impressionCount": gen.share_of_views(),
        "publicMetrics.likeCount": gen.share_of("publicMetrics.impressionCount", 0.018),
        "publicMetrics.replyCount": gen.share_of("publicMetrics.likeCount", 0.1),
        "publicMetrics.retweetCount": gen.share_of("publicMetrics.likeCount", 0.14),
        "publicMetrics.quoteCount": gen.share_of("publicMetrics.retweetCount", 0.15),
        "publicMetrics.bookmarkCount": gen.share_of("publicMetrics.likeCount", 0.1),
        "nonPublicMetrics.impressionCount": gen.copy_of("publicMetrics.impressionCount"),
        "nonPublicMetrics.userProfileClicks": gen.share_of("publicMetrics.impressionCount", 0.006),
        "nonPublicMetrics.engagements": gen.sum_of(
            "publicMetrics.likeCount",
            "publicMetrics.replyCount",
            "publicMetrics.retweetCount",
            "publicMetrics.quoteCount",
            "nonPublicMetrics.userProfileClicks",
        ),
        **{f"nonPublicMetrics.video.{name}": _own_video_metric(name) for name in _QUARTER_NAMES},
        "name": lambda draft: draft.scene.brand.name,
        "entities": gen.constant(None),
        "poll": gen.constant(None),
        "organicMetrics.impressionCount": gen.share_of("publicMetrics.impressionCount", 0.96, spread=0.03),
        "organicMetrics.likeCount": gen.share_of("publicMetrics.likeCount", 0.97, spread=0.02),
        "organicMetrics.replyCount": gen.share_of("publicMetrics.replyCount", 0.97, spread=0.02),
        "organicMetrics.retweetCount": gen.share_of("publicMetrics.retweetCount", 0.97, spread=0.02),
        "organicMetrics.userProfileClicks": gen.share_of("nonPublicMetrics.userProfileClicks", 0.96, spread=0.03),
        "authorId": gen.constant("9000000000000000001"),
        "createdAt": gen.copy_of("created"),
        "text": gen.copy_of("post"),
        "source": lambda draft: draft.rng.weighted_choice({"Ayrshare": 0.8, "Twitter for iPhone": 0.2}),
        "possiblySensitive": gen.constant(value=False),
        "editHistoryTweetIds": lambda draft: [draft["id"]],
        "media": _x_media,
        "referencedTweets": _referenced_posts,
        "urls": _url_entities,
    },
)
