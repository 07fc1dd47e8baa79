"""Instagram: reels reach farthest; carousels hold their media in a list and lack every single address."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import (
    BASE64,
    DIGITS,
    after,
    album,
    film,
    last_read,
    part,
    picture,
    same,
    seen,
    sometimes,
    token,
    total,
    whole,
)
from ayrframe._sandbox.synthetic.profile import Draft, Sketch

_POPULAR = 250


def _album(draft: Draft) -> list[dict[str, str]]:
    media = []
    for filmed in album(draft):
        medium = {"mediaUrl": film(draft) if filmed else picture(draft)}
        medium |= {"thumbnailUrl": picture(draft)} if filmed else {}
        media.append(medium | {"id": draft.dice.pick(("179", "180")) + draft.dice.token(DIGITS, 14)})
    return media


SKETCH = Sketch(
    followers=8400,
    attention=0.3,
    boosts={"reel": 3.2, "video": 1.4, "carousel": 1.3, "story": 0.35},
    weekend=1.1,
    takes={"video": 0.35, "image": 0.6, "carousel": 0.7, "story": 0.6},
    tags=5,
    columns={
        "id": token(DIGITS, 14, start="179"),
        "postUrl": lambda draft: f"https://www.instagram.com/p/{token(BASE64, 10, start='D')(draft)}/",
        "permalink": same("postUrl"),
        "viewsCount": seen(),
        "reachCount": part("viewsCount", 0.68, spread=0.1),
        "likeCount": part("reachCount", 0.055),
        "commentsCount": part("likeCount", 0.05),
        "savedCount": part("reachCount", 0.008),
        "sharesCount": part("reachCount", 0.01),
        "engagementCount": total("likeCount", "commentsCount", "savedCount", "sharesCount"),
        "profileVisitsCount": part("reachCount", 0.012),
        "profileActivityCount": part("profileVisitsCount", 0.25),
        "followsCount": part("profileVisitsCount", 0.1),
        "playsCount": part("viewsCount", 0.93, spread=0.03),
        "igReelsAvgWatchTimeCount": whole(3000, 9000),
        "igReelsVideoViewTotalTimeCount": lambda draft: draft["playsCount"] * draft["igReelsAvgWatchTimeCount"],
        "tapForwardCount": part("viewsCount", 0.6),
        "tapBackCount": part("viewsCount", 0.05),
        "tapExitCount": part("viewsCount", 0.12),
        "swipeForwardCount": part("viewsCount", 0.1),
        "navigationCount": total("tapForwardCount", "tapBackCount", "tapExitCount", "swipeForwardCount"),
        "repliesCount": part("reachCount", 0.004),
        "mediaType": lambda draft: draft.dice.weighted({"IMAGE": 0.6, "VIDEO": 0.4}),
        "mediaUrl": lambda draft: film(draft) if draft["mediaType"] == "VIDEO" else picture(draft),
        "mediaUrls": _album,
        "thumbnailUrl": picture,
        "isPopular": sometimes(0.4, lambda draft: draft["likeCount"] > _POPULAR),
        "lastUpdated": sometimes(0.4, last_read),
        "nextUpdate": after("lastUpdated", 11),
    },
)
