"""Define the synthetic profile of Instagram: reels have the most views, carousels list their media."""

from __future__ import annotations

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile

_INSTAGRAM_POPULAR_LIKES = 250


def _instagram_carousel(draft: PostDraft) -> list[dict[str, str]]:
    media = []
    for is_video in gen.carousel_flags(draft):
        medium = {"mediaUrl": gen.video_url(draft) if is_video else gen.image_url(draft)}
        medium |= {"thumbnailUrl": gen.image_url(draft)} if is_video else {}
        media.append(medium | {"id": draft.rng.choice(("179", "180")) + draft.rng.token(gen.DIGITS, 14)})
    return media


PROFILE = SyntheticProfile(
    followers=8400,
    attention=0.3,
    format_factors={"reel": 3.2, "video": 1.4, "carousel": 1.3, "story": 0.35},
    weekend_factor=1.1,
    publish_shares={"video": 0.35, "image": 0.6, "carousel": 0.7, "story": 0.6},
    max_tags=5,
    columns={
        "id": gen.random_token(gen.DIGITS, 14, start="179"),
        "postUrl": lambda draft: f"https://www.instagram.com/p/{gen.random_token(gen.BASE64, 10, start='D')(draft)}/",
        "permalink": gen.copy_of("postUrl"),
        "viewsCount": gen.share_of_views(),
        "reachCount": gen.share_of("viewsCount", 0.68, spread=0.1),
        "likeCount": gen.share_of("reachCount", 0.055),
        "commentsCount": gen.share_of("likeCount", 0.05),
        "savedCount": gen.share_of("reachCount", 0.008),
        "sharesCount": gen.share_of("reachCount", 0.01),
        "engagementCount": gen.sum_of("likeCount", "commentsCount", "savedCount", "sharesCount"),
        "profileVisitsCount": gen.share_of("reachCount", 0.012),
        "profileActivityCount": gen.share_of("profileVisitsCount", 0.25),
        "followsCount": gen.share_of("profileVisitsCount", 0.1),
        "playsCount": gen.share_of("viewsCount", 0.93, spread=0.03),
        "igReelsAvgWatchTimeCount": lambda draft: draft.rng.integer(3000, 9000),
        "igReelsVideoViewTotalTimeCount": lambda draft: draft["playsCount"] * draft["igReelsAvgWatchTimeCount"],
        "tapForwardCount": gen.share_of("viewsCount", 0.6),
        "tapBackCount": gen.share_of("viewsCount", 0.05),
        "tapExitCount": gen.share_of("viewsCount", 0.12),
        "swipeForwardCount": gen.share_of("viewsCount", 0.1),
        "navigationCount": gen.sum_of("tapForwardCount", "tapBackCount", "tapExitCount", "swipeForwardCount"),
        "repliesCount": gen.share_of("reachCount", 0.004),
        "mediaType": lambda draft: draft.rng.weighted_choice({"IMAGE": 0.6, "VIDEO": 0.4}),
        "mediaUrl": lambda draft: gen.video_url(draft) if draft["mediaType"] == "VIDEO" else gen.image_url(draft),
        "mediaUrls": _instagram_carousel,
        "thumbnailUrl": gen.image_url,
        "isPopular": gen.with_probability(0.4, lambda draft: draft["likeCount"] > _INSTAGRAM_POPULAR_LIKES),
        "lastUpdated": gen.with_probability(0.4, gen.last_read_time),
        "nextUpdate": gen.time_after("lastUpdated", 11),
    },
)
