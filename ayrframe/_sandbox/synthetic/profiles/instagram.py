"""Define the synthetic profile of Instagram: reels have the most views, carousels list their media."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import (
    BASE64,
    DIGITS,
    carousel_flags,
    copy_of,
    image_url,
    last_read_time,
    random_integer,
    random_token,
    share_of,
    share_of_views,
    sum_of,
    time_after,
    video_url,
    with_probability,
)
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile

_INSTAGRAM_POPULAR_LIKES = 250


def _instagram_carousel(draft: PostDraft) -> list[dict[str, str]]:
    media = []
    for is_video in carousel_flags(draft):
        medium = {"mediaUrl": video_url(draft) if is_video else image_url(draft)}
        medium |= {"thumbnailUrl": image_url(draft)} if is_video else {}
        media.append(medium | {"id": draft.rng.choice(("179", "180")) + draft.rng.token(DIGITS, 14)})
    return media


PROFILE = SyntheticProfile(
    followers=8400,
    attention=0.3,
    format_factors={"reel": 3.2, "video": 1.4, "carousel": 1.3, "story": 0.35},
    weekend_factor=1.1,
    publish_shares={"video": 0.35, "image": 0.6, "carousel": 0.7, "story": 0.6},
    max_tags=5,
    columns={
        "id": random_token(DIGITS, 14, start="179"),
        "postUrl": lambda draft: f"https://www.instagram.com/p/{random_token(BASE64, 10, start='D')(draft)}/",
        "permalink": copy_of("postUrl"),
        "viewsCount": share_of_views(),
        "reachCount": share_of("viewsCount", 0.68, spread=0.1),
        "likeCount": share_of("reachCount", 0.055),
        "commentsCount": share_of("likeCount", 0.05),
        "savedCount": share_of("reachCount", 0.008),
        "sharesCount": share_of("reachCount", 0.01),
        "engagementCount": sum_of("likeCount", "commentsCount", "savedCount", "sharesCount"),
        "profileVisitsCount": share_of("reachCount", 0.012),
        "profileActivityCount": share_of("profileVisitsCount", 0.25),
        "followsCount": share_of("profileVisitsCount", 0.1),
        "playsCount": share_of("viewsCount", 0.93, spread=0.03),
        "igReelsAvgWatchTimeCount": random_integer(3000, 9000),
        "igReelsVideoViewTotalTimeCount": lambda draft: draft["playsCount"] * draft["igReelsAvgWatchTimeCount"],
        "tapForwardCount": share_of("viewsCount", 0.6),
        "tapBackCount": share_of("viewsCount", 0.05),
        "tapExitCount": share_of("viewsCount", 0.12),
        "swipeForwardCount": share_of("viewsCount", 0.1),
        "navigationCount": sum_of("tapForwardCount", "tapBackCount", "tapExitCount", "swipeForwardCount"),
        "repliesCount": share_of("reachCount", 0.004),
        "mediaType": lambda draft: draft.rng.weighted_choice({"IMAGE": 0.6, "VIDEO": 0.4}),
        "mediaUrl": lambda draft: video_url(draft) if draft["mediaType"] == "VIDEO" else image_url(draft),
        "mediaUrls": _instagram_carousel,
        "thumbnailUrl": image_url,
        "isPopular": with_probability(0.4, lambda draft: draft["likeCount"] > _INSTAGRAM_POPULAR_LIKES),
        "lastUpdated": with_probability(0.4, last_read_time),
        "nextUpdate": time_after("lastUpdated", 11),
    },
)
