"""Define the synthetic profile of Facebook: a page with feed posts, and stories whose numbers are 0."""

from __future__ import annotations

from typing import Any

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile
from ayrframe._sandbox.synthetic.rng import NamedRng

_PAGE_ID = "999000111222333"
_PAGE_URL = f"https://www.facebook.com/{_PAGE_ID}"
_FACEBOOK_POPULAR_LIKES = 60
_FACEBOOK_REACTION_WEIGHTS = {"like": 74, "love": 15, "anger": 0.5, "haha": 4, "wow": 5, "sorry": 1.5}


def _facebook_id(draft: PostDraft) -> str:
    number = f"{int(draft.moment.timestamp() * 1000):013}{draft.rng.integer(10, 99)}"
    return f"1{number}" if draft.format == "story" else f"{_PAGE_ID}_{number}"


def _facebook_post_url(draft: PostDraft) -> str:
    if draft.format == "story":
        token = draft.rng.token(gen.BASE64[:-2], 40)
        return f"https://facebook.com/stories/{_PAGE_ID}/UzpfSVND{token}=/?view_single=1"
    return f"https://www.facebook.com/{draft['id']}"


def _facebook_reactions(draft: PostDraft) -> dict[str, int]:
    if draft.format == "story":
        return {}
    counts: dict[str, int] = gen.counts_by_kind("totalMediaViewUnique", 0.03, _FACEBOOK_REACTION_WEIGHTS)(draft)
    return counts | {"total": sum(counts.values())}


def _facebook_media(draft: PostDraft) -> list[dict[str, Any]] | None:
    match draft.format:
        case "text":
            return None
        case "link":
            return [{"mediaUrl": "link", "url": draft.item.link}]
        case "story":
            return [_facebook_medium(draft, draft["mediaType"]) | {"type": "story"}]
        case "video":
            video = draft.rng.token(gen.DIGITS, 16)
            return [_facebook_medium(draft, "video") | {"url": f"{_PAGE_URL}/videos/{video}", "videoId": video}]
        case _:
            count = draft.rng.integer(2, 5) if draft.item.medium == "carousel" else 1
            urls = (f"{_PAGE_URL}/photos/{draft.rng.token(gen.DIGITS, 16)}" for _ in range(count))
            return [_facebook_medium(draft, "photo") | {"url": url} for url in urls]


def _facebook_medium(draft: PostDraft, kind: str) -> dict[str, Any]:
    width, height = gen.media_size(draft)
    media: dict[str, Any] = {"image": {"height": height, "src": gen.image_url(draft), "width": width}}
    if kind == "video":
        media["source"] = gen.video_url(draft)
    return {"media": media, "mediaType": kind}


def _liked_by(draft: PostDraft) -> list[dict[str, str]] | None:
    people = draft.rng.sample(draft.scene.brand.people, min(draft.rng.integer(1, 6), draft["likeCount"]))
    return [{"id": NamedRng("person", name).token(gen.DIGITS, 16), "name": name} for name in people] or None


_VIEWERS = {"F.25-34": 5, "F.35-44": 6, "F.45-54": 3, "M.25-34": 3, "M.35-44": 3, "M.45-54": 2}
_REGIONS = {"Oregon - US": 6, "Washington - US": 3, "California - US": 1}
_DISTRIBUTIONS = {"page_owned": 8, "shared": 2}

PROFILE = SyntheticProfile(
    followers=5200,
    attention=0.22,
    format_factors={"video": 1.9, "link": 0.6, "text": 0.7, "story": 0},
    publish_shares={"video": 0.25, "image": 0.5, "carousel": 0.4, "story": 0.7, "link": 0.9, "text": 0.8},
    max_characters=2000,
    link=gen.site_url,
    columns={
        "id": _facebook_id,
        "post": lambda draft: "" if draft.format == "story" else gen.caption_text(draft),
        "postUrl": _facebook_post_url,
        "mediaView": gen.share_of_views(),
        "totalMediaViewUnique": gen.share_of("mediaView", 0.72, spread=0.1),
        "likeCount": gen.share_of("totalMediaViewUnique", 0.028),
        "commentsCount": gen.share_of("likeCount", 0.14),
        "sharesCount": gen.share_of("likeCount", 0.09),
        "reactions": _facebook_reactions,
        "reactionsByType": gen.share_of("likeCount", 0.1),
        "impressionsUnique": gen.share_of("totalMediaViewUnique", 0.97, spread=0.02),
        "impressionsOrganicUnique": gen.share_of("impressionsUnique", 0.96, spread=0.02),
        "impressionsPaidUnique": gen.share_of("impressionsUnique", 0.04),
        "impressionsFanUnique": gen.share_of("impressionsUnique", 0.6, spread=0.1),
        "impressionsFanPaidUnique": gen.share_of("impressionsPaidUnique", 0.4),
        "engagedUsers": gen.share_of("impressionsUnique", 0.07),
        "clicksUnique": gen.share_of("engagedUsers", 0.6),
        "negativeFeedback": gen.share_of("impressionsUnique", 0.001),
        "negativeFeedbackUnique": gen.share_of("negativeFeedback", 0.9),
        # Facebook sends the video counts of stories and links too, as 0.
        "videoViews": lambda draft: gen.share_of("mediaView", 0.45)(draft) if draft.format == "video" else 0,
        "videoViewsUnique": gen.share_of("videoViews", 0.85, spread=0.05),
        "videoViewTime": lambda draft: draft["videoViews"] * draft.rng.integer(2500, 6000),
        "totalVideoViews": gen.share_of("mediaView", 0.55),
        "totalVideoAvgTimeWatched": lambda draft: draft.rng.integer(2500, 6000),
        "totalVideoViewTotalTime": lambda draft: draft["totalVideoViews"] * draft["totalVideoAvgTimeWatched"],
        "blueReelsPlayCount": gen.share_of("mediaView", 0.7),
        "postImpressionsUnique": gen.share_of("totalMediaViewUnique", 0.95, spread=0.02),
        "totalVideoImpressions": gen.copy_of("mediaView"),
        "totalVideo10SViews": gen.share_of("totalVideoViews", 0.6, spread=0.1),
        "totalVideo15SViews": gen.share_of("totalVideo10SViews", 0.75, spread=0.1),
        "totalVideo30SViews": gen.share_of("totalVideo15SViews", 0.5, spread=0.1),
        "totalVideoCompleteViews": gen.share_of("totalVideo30SViews", 0.7, spread=0.1),
        "postVideoAvgTimeWatched": gen.copy_of("totalVideoAvgTimeWatched"),
        "postVideoSocialActions": lambda draft: {
            "SHARE": draft["sharesCount"],
            "COMMENT": draft["commentsCount"],
            "LIKE": draft["likeCount"],
        },
        "totalVideoStoriesByActionType": gen.copy_of("postVideoSocialActions"),
        "totalVideoReactionsByTypeTotal": lambda draft: {
            kind: count for kind, count in draft["reactions"].items() if kind != "total"
        },
        "totalVideoViewTimeByAgeBucketAndGender": gen.split_of("totalVideoViewTotalTime", _VIEWERS),
        "totalVideoViewTimeByRegionId": gen.split_of("totalVideoViewTotalTime", _REGIONS),
        "totalVideoViewTimeByDistributionType": gen.split_of("totalVideoViewTotalTime", _DISTRIBUTIONS),
        "totalVideoViewsByDistributionType": gen.split_of("totalVideoViews", _DISTRIBUTIONS),
        "isPopular": lambda draft: draft["likeCount"] > _FACEBOOK_POPULAR_LIKES,
        "mediaType": lambda draft: draft.rng.weighted_choice({"video": 0.6, "photo": 0.4}),
        "mediaId": lambda draft: draft["id"],
        "postId": gen.random_token(gen.DIGITS, 15, start="1"),
        "fullPicture": gen.image_url,
        "parentId": gen.with_probability(
            0.06, lambda draft: f"{draft.rng.token('123456789', 16)}_{draft.rng.token(gen.DIGITS, 15)}"
        ),
        "mediaUrls": _facebook_media,
        "likedBy": gen.with_probability(0.35, _liked_by),
        "properties": lambda draft: [{"name": "Length", "text": f"00:{int(draft.duration):02}"}],
        "lastUpdated": gen.with_probability(0.6, gen.last_read_time),
        "nextUpdate": gen.time_after("lastUpdated", 35),
    },
    only_formats={
        "likeCount": ("video", "image", "text", "story"),
        **dict.fromkeys(("videoViews", "videoViewsUnique", "videoViewTime"), ("video", "story", "link")),
        "isPopular": ("video", "image", "link", "text"),
        "fullPicture": ("video", "image", "link"),
        "parentId": ("video", "image", "link", "text"),
        "likedBy": ("video", "image", "text"),
    },
    since={"mediaView": "2025-06-01", "totalMediaViewUnique": "2025-06-01"},
    # Ayrshare stopped sending them before Meta retired the last of them.
    before=dict.fromkeys(
        (
            *("impressionsUnique", "impressionsFanUnique", "impressionsFanPaidUnique"),
            *("impressionsOrganicUnique", "impressionsPaidUnique"),
        ),
        "2025-11-14",
    ),
)
