"""Pinterest: pins with titles and links, and no number at all."""

from __future__ import annotations

from typing import Any

from ayrframe._sandbox.synthetic.generators import (
    DIGITS,
    HEX,
    caption_text,
    carousel_flags,
    image_url,
    media_size,
    random_token,
    text_template,
    with_probability,
)
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile

_BOARDS = ("955255839651522358", "955255839651522359", "955255839651522360")
_FILMS = {"multiple_images": 0.0, "multiple_videos": 1.0, "multiple_mixed": 0.3}
_WORDLESS = 0.3


def _text(draft: PostDraft) -> str:
    return " " if draft.format == "carousel" and draft.dice.chance(_WORDLESS) else caption_text(draft)


def _album(draft: PostDraft) -> list[dict[str, Any]]:
    media = []
    for filmed in carousel_flags(draft, films=_FILMS[draft["mediaType"]]):
        width, height = media_size(draft)
        medium = {"mediaType": "video", "duration": draft.dice.whole(4000, 30000)} if filmed else {"mediaType": "image"}
        media.append(medium | {"height": height, "width": width, "mediaUrl": image_url(draft)})
    return media


PROFILE = SyntheticProfile(
    takes={"video": 0.35, "image": 0.8, "carousel": 0.8},
    limit=500,
    columns={
        "id": random_token(DIGITS, 16, start="71"),
        "post": _text,
        "postUrl": text_template("https://www.pinterest.com/pin/{id}"),
        "title": with_probability(0.7, lambda draft: draft.item.lead[:100]),
        "note": with_probability(0.2, lambda draft: f"For the {draft.item.tags[0]} board"),
        "link": lambda draft: draft.item.link if draft.dice.chance(0.6) else "",
        "altText": lambda draft: f"A photo: {draft.item.lead[:60]}" if draft.dice.chance(0.5) else "",
        "boardId": with_probability(0.8, lambda draft: draft.dice.pick(_BOARDS)),
        "mediaUrl": image_url,
        "mediaUrls": _album,
        "coverImageUrl": image_url,
        "duration": lambda draft: round(draft.duration * 1000),
        "width": lambda draft: media_size(draft)[0],
        "height": lambda draft: media_size(draft)[1],
        "dominantColor": random_token(HEX, 6, start="#"),
        "productTags": with_probability(
            0.4,
            lambda draft: draft.dice.some([item.name for item in draft.scene.brand.products], draft.dice.whole(0, 2)),
        ),
    },
)
