"""Define the synthetic profile of Pinterest: pins with titles and links; only post analytics has metrics."""

from __future__ import annotations

from typing import Any

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile, ValueGenerator

_BOARDS = ("955255839651522358", "955255839651522359", "955255839651522360")
_VIDEO_SHARES = {"multiple_images": 0.0, "multiple_videos": 1.0, "multiple_mixed": 0.3}


def _pinterest_carousel(draft: PostDraft) -> list[dict[str, Any]]:
    media = []
    for is_video in gen.carousel_flags(draft, video_share=_VIDEO_SHARES[draft["mediaType"]]):
        width, height = gen.media_size(draft)
        medium = (
            {"mediaType": "video", "duration": draft.rng.integer(4000, 30000)} if is_video else {"mediaType": "image"}
        )
        media.append(medium | {"height": height, "width": width, "mediaUrl": gen.image_url(draft)})
    return media


def _rate_of(path: str) -> ValueGenerator:
    return lambda draft: round(draft[path] / max(draft["impression"], 1), 4)


PROFILE = SyntheticProfile(
    publish_shares={"video": 0.35, "image": 0.8, "carousel": 0.8},
    max_characters=500,
    columns={
        "id": gen.random_token(gen.DIGITS, 16, start="71"),
        "post": lambda draft: " " if draft.format == "carousel" and draft.rng.chance(0.3) else gen.caption_text(draft),
        "postUrl": lambda draft: f"https://www.pinterest.com/pin/{draft['id']}",
        "title": gen.with_probability(0.7, lambda draft: draft.item.opening[:100]),
        "note": gen.with_probability(0.2, lambda draft: f"For the {draft.item.tags[0]} board"),
        "link": lambda draft: draft.item.link if draft.rng.chance(0.6) else "",
        "altText": lambda draft: f"A photo: {draft.item.opening[:60]}" if draft.rng.chance(0.5) else "",
        "boardId": gen.with_probability(0.8, lambda draft: draft.rng.choice(_BOARDS)),
        "mediaUrl": gen.image_url,
        "mediaUrls": _pinterest_carousel,
        "coverImageUrl": gen.image_url,
        "duration": lambda draft: round(draft.duration * 1000),
        "width": lambda draft: gen.media_size(draft)[0],
        "height": lambda draft: gen.media_size(draft)[1],
        "media": lambda draft: {"mediaType": draft.format},
        "creativeType": lambda draft: {"video": "VIDEO", "carousel": "CAROUSEL"}.get(draft.format, "REGULAR"),
        "boardSectionId": gen.constant(None),
        "parentPinId": gen.constant(None),
        "hasBeenPromoted": lambda _: False,
        "isOwner": lambda _: True,
        "isStandard": lambda _: True,
        "impression": gen.share_of_views(),
        "pinClick": gen.share_of("impression", 0.03),
        "outboundClick": gen.share_of("pinClick", 0.35),
        "save": gen.share_of("impression", 0.02),
        "totalReactions": gen.share_of("impression", 0.004),
        "totalComments": gen.share_of("totalReactions", 0.1),
        "profileVisit": gen.share_of("pinClick", 0.2),
        "userFollow": gen.share_of("profileVisit", 0.2),
        "videoStart": gen.share_of("impression", 0.5),
        "saveRate": _rate_of("save"),
        "pinClickRate": _rate_of("pinClick"),
        "outboundClickRate": _rate_of("outboundClick"),
        "pinMetrics": lambda draft: {"lifetime": {"impression": draft["impression"], "save": draft["save"]}},
        "dominantColor": gen.random_token(gen.HEX, 6, start="#"),
        "productTags": gen.with_probability(
            0.4,
            lambda draft: draft.rng.sample([item.name for item in draft.scene.brand.products], draft.rng.integer(0, 2)),
        ),
    },
)
