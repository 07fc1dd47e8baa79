"""TikTok: plays with watch time, the curve of those who stay, and where they come from."""

from __future__ import annotations

import math
from typing import Any

from ayrframe._sandbox.synthetic.generators import (
    DIGITS,
    brand_name,
    constant,
    copy_of,
    for_format,
    image_url,
    random_token,
    share_of,
    share_of_views,
    text_template,
)
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile

_POINTS = 12
_FRAMES_A_SECOND = 30  # The `second` of the documented example counts these: 339 on a video of 11.3 seconds.
_SOURCES = {
    "For You": 62.0,
    "Follow": 16.0,
    "Personal Profile": 9.0,
    "Search": 7.0,
    "Hashtag": 3.0,
    "Sound": 2.0,
    "other_profile_vv": 0.5,
}
_COUNTRIES = {"US": 70.0, "GB": 9.0, "CA": 8.0, "DE": 4.0, "MX": 3.0, "AU": 3.0, "JP": 2.0}
_CITIES = {
    "US Portland": 22.0,
    "US Seattle": 9.0,
    "US Queens": 6.0,
    "CA Montréal": 4.0,
    "GB London": 3.0,
    "MX México": 1.5,
}
_SOUNDS = (
    "♬ original sound - Quillfern",
    "Morning Oven - The Invented Trio",
    "Proof & Rise - DJ Krume",
    "パン屋の朝 - 例",
)


def _id(draft: PostDraft) -> str:
    return str((int(draft.moment.timestamp()) << 32) + draft.dice.whole(0, 2**32 - 1))


def _average_time(draft: PostDraft) -> float:
    return round(draft.duration * draft.dice.between(0.15, 0.6), 4)


def _full_rate(draft: PostDraft) -> float:
    share: float = draft["averageTimeWatched"] / draft["videoDuration"]
    return round(share * draft.dice.between(0.2, 0.6), 4)


def _fractions(draft: PostDraft, weights: dict[str, float]) -> dict[str, float]:
    """Return shares of 1 with four digits; the first takes what rounding leaves."""
    drawn = {name: weight * draft.dice.spread(0.4) for name, weight in weights.items()}
    whole = sum(drawn.values())
    shares = {name: round(value / whole, 4) for name, value in drawn.items()}
    first = next(iter(shares))
    return shares | {first: round(1 - sum(shares.values()) + shares[first], 4)}


def _sources(draft: PostDraft) -> list[dict[str, Any]]:
    return [{"impression_source": name, "percentage": share} for name, share in _fractions(draft, _SOURCES).items()]


def _countries(draft: PostDraft) -> list[dict[str, Any]]:
    shares = _fractions(draft, _COUNTRIES)
    return [{"country": name, "percentage": share} for name, share in sorted(shares.items())]


def _cities(draft: PostDraft) -> list[dict[str, Any]]:
    drawn = {name: max(0.1, round(percent * draft.dice.spread(0.2), 1)) for name, percent in _CITIES.items()}
    return [{"city_name": name, "percentage": percent} for name, percent in drawn.items()]


def _moments(draft: PostDraft) -> list[str]:
    frames = draft.duration * _FRAMES_A_SECOND
    return [str(int(frames * point / _POINTS)) for point in range(_POINTS + 1)]


def _retention(draft: PostDraft) -> list[dict[str, Any]]:
    """Make a curve that starts near 1, falls ever slower, and ends with those who watched it all."""
    last: float = draft["fullVideoWatchedRate"]
    first, speed = draft.dice.between(0.94, 0.99), draft.dice.between(3, 6)
    return [
        {"percentage": round(last + (first - last) * _fallen(point / _POINTS, speed), 4), "second": moment}
        for point, moment in enumerate(_moments(draft))
    ]


def _fallen(way: float, speed: float) -> float:
    end = math.exp(-speed)
    return (math.exp(-speed * way) - end) / (1 - end)


def _likes(draft: PostDraft) -> list[dict[str, Any]]:
    moments = _moments(draft)
    counts = draft.dice.split(draft["likeCount"], {moment: draft.dice.between(0.2, 1) for moment in moments})
    likes = max(1, draft["likeCount"])
    return [{"percentage": round(count / likes, 4), "second": moment} for moment, count in counts.items()]


PROFILE = SyntheticProfile(
    followers=6800,
    attention=0.55,
    boosts={"video": 2.2, "image": 0.8},
    weekend=1.2,
    half_life=30,
    takes={"video": 0.85, "image": 0.15},
    tags=4,
    columns={
        "id": _id,
        "postUrl": text_template("https://www.tiktok.com/@{handle}/{mediaType}/{id}"),
        "shareUrl": copy_of("postUrl"),
        "embedUrl": text_template("https://www.tiktok.com/static/profile-video?id={id}&"),
        "url": text_template("https://www.tiktok.com/@{handle}"),
        "name": brand_name,
        "videoViews": share_of_views(),
        "reach": share_of("videoViews", 0.9, spread=0.03),
        "likeCount": share_of("reach", 0.06),
        "commentsCount": share_of("likeCount", 0.05),
        "shareCount": share_of("likeCount", 0.08),
        "videoDuration": for_format("video", lambda draft: draft.duration),
        "averageTimeWatched": _average_time,
        "totalTimeWatched": lambda draft: round(draft["averageTimeWatched"] * draft["videoViews"]),
        "fullVideoWatchedRate": _full_rate,
        "impressionSources": _sources,
        "audienceCountries": _countries,
        "audienceCities": _cities,
        "videoViewRetention": _retention,
        "engagementLikes": _likes,
        "musicTitle": lambda draft: draft.dice.pick(_SOUNDS),
        "musicUrl": lambda draft: f"https://www.tiktok.com/music/{random_token(DIGITS, 18, start='7')(draft)}",
        "thumbnailUrl": image_url,
        "thumbnailHeight": constant(1024),
        "thumbnailWidth": constant(576),
        "tags": lambda draft: list(draft.item.tags[: draft.dice.whole(0, 4)]),
    },
)
