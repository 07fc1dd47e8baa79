"""Define the synthetic profile of TikTok: watch time, retention curves, traffic sources and audiences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile

_CURVE_POINTS = 12
# The documented example has `second` 339 on a video of 11.3 seconds, so it probably counts frames.
_FRAMES_PER_SECOND = 30
_SOURCE_WEIGHTS = {
    "For You": 62.0,
    "Follow": 16.0,
    "Personal Profile": 9.0,
    "Search": 7.0,
    "Hashtag": 3.0,
    "Sound": 2.0,
    "other_profile_vv": 0.5,
}
_COUNTRY_WEIGHTS = {"US": 70, "GB": 9, "CA": 8, "DE": 4, "MX": 3, "AU": 3, "JP": 2}
_CITY_PERCENTAGES = {
    "US Portland": 22,
    "US Seattle": 9,
    "US Queens": 6,
    "CA Montréal": 4,
    "GB London": 3,
    "MX México": 1.5,
}
_SOUNDS = (
    "♬ original sound - Quillfern",
    "Morning Oven - The Invented Trio",
    "Proof & Rise - DJ Krume",
    "パン屋の朝 - 例",
)


def _random_fractions(draft: PostDraft, weights: Mapping[str, float]) -> dict[str, float]:
    """Return fractions with four digits that sum to 1; the first one absorbs the rounding error."""
    drawn = {name: weight * draft.rng.lognormal(0.4) for name, weight in weights.items()}
    whole = sum(drawn.values())
    shares = {name: round(value / whole, 4) for name, value in drawn.items()}
    first = next(iter(shares))
    return shares | {first: round(1 - sum(shares.values()) + shares[first], 4)}


def _impression_sources(draft: PostDraft) -> list[dict[str, Any]]:
    shares = _random_fractions(draft, _SOURCE_WEIGHTS)
    return [{"impression_source": name, "percentage": share} for name, share in shares.items()]


def _audience_countries(draft: PostDraft) -> list[dict[str, Any]]:
    shares = _random_fractions(draft, _COUNTRY_WEIGHTS)
    return [{"country": name, "percentage": share} for name, share in sorted(shares.items())]


def _audience_cities(draft: PostDraft) -> list[dict[str, Any]]:
    return [
        {"city_name": name, "percentage": max(0.1, round(percent * draft.rng.lognormal(0.2), 1))}
        for name, percent in _CITY_PERCENTAGES.items()
    ]


def _curve_seconds(draft: PostDraft) -> list[str]:
    frames = draft.duration * _FRAMES_PER_SECOND
    return [str(int(frames * point / _CURVE_POINTS)) for point in range(_CURVE_POINTS + 1)]


def _audience_genders(draft: PostDraft) -> list[dict[str, Any]]:
    female = round(draft.rng.uniform(0.5, 0.7), 4)
    return [{"gender": "female", "percentage": female}, {"gender": "male", "percentage": round(1 - female, 4)}]


def _audience_types(draft: PostDraft) -> list[dict[str, Any]]:
    followers = round(draft.rng.uniform(0.2, 0.5), 4)
    return [{"type": "follower", "percentage": followers}, {"type": "other", "percentage": round(1 - followers, 4)}]


def _retention_curve(draft: PostDraft) -> list[dict[str, Any]]:
    """Return a curve that starts near 1, falls ever more slowly and ends at the full watch rate."""
    last: float = draft["fullVideoWatchedRate"]
    first, speed = draft.rng.uniform(0.94, 0.99), draft.rng.uniform(3, 6)
    end = math.exp(-speed)
    left = [(math.exp(-speed * (point / _CURVE_POINTS)) - end) / (1 - end) for point in range(_CURVE_POINTS + 1)]
    return [
        {"percentage": round(last + (first - last) * share, 4), "second": moment}
        for share, moment in zip(left, _curve_seconds(draft), strict=True)
    ]


def _likes_along_video(draft: PostDraft) -> list[dict[str, Any]]:
    moments = _curve_seconds(draft)
    counts = draft.rng.split(draft["likeCount"], {moment: draft.rng.uniform(0.2, 1) for moment in moments})
    likes = max(1, draft["likeCount"])
    return [{"percentage": round(count / likes, 4), "second": moment} for moment, count in counts.items()]


PROFILE = SyntheticProfile(
    followers=6800,
    attention=0.55,
    format_factors={"video": 2.2, "image": 0.8},
    weekend_factor=1.2,
    half_life_hours=30,
    publish_shares={"video": 0.85, "image": 0.15},
    max_tags=4,
    columns={
        "id": lambda draft: str((int(draft.moment.timestamp()) << 32) + draft.rng.integer(0, 2**32 - 1)),
        "postUrl": lambda draft: f"{draft['url']}/{draft['mediaType']}/{draft['id']}",
        "shareUrl": gen.copy_of("postUrl"),
        "embedUrl": lambda draft: f"https://www.tiktok.com/static/profile-video?id={draft['id']}&",
        "url": lambda draft: f"https://www.tiktok.com/@{draft.scene.brand.handle}",
        "name": lambda draft: draft.scene.brand.name,
        "videoViews": gen.share_of_views(),
        "reach": gen.share_of("videoViews", 0.9, spread=0.03),
        "likeCount": gen.share_of("reach", 0.06),
        "commentsCount": gen.share_of("likeCount", 0.05),
        "shareCount": gen.share_of("likeCount", 0.08),
        "videoDuration": lambda draft: draft.duration if draft.format == "video" else None,
        "averageTimeWatched": lambda draft: round(draft.duration * draft.rng.uniform(0.15, 0.6), 4),
        "totalTimeWatched": lambda draft: round(draft["averageTimeWatched"] * draft["videoViews"]),
        "fullVideoWatchedRate": lambda draft: round(
            draft["averageTimeWatched"] / draft["videoDuration"] * draft.rng.uniform(0.2, 0.6), 4
        ),
        "impressionSources": _impression_sources,
        "audienceCountries": _audience_countries,
        "audienceCities": _audience_cities,
        "videoViewRetention": _retention_curve,
        "engagementLikes": _likes_along_video,
        "itemId": gen.copy_of("id"),
        "favorites": gen.share_of("likeCount", 0.06),
        "audienceGenders": _audience_genders,
        "audienceTypes": _audience_types,
        "musicTitle": lambda draft: draft.rng.choice(_SOUNDS),
        "musicUrl": lambda draft: f"https://www.tiktok.com/music/{gen.random_token(gen.DIGITS, 18, start='7')(draft)}",
        "thumbnailUrl": gen.image_url,
        "thumbnailHeight": gen.constant(1024),
        "thumbnailWidth": gen.constant(576),
        "tags": lambda draft: list(draft.item.tags[: draft.rng.integer(0, 4)]),
    },
)
