"""Define the synthetic profile of Threads: mostly text posts, times with a UTC offset."""

from __future__ import annotations

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import SyntheticProfile

PROFILE = SyntheticProfile(
    followers=2600,
    attention=0.45,
    format_factors={"video": 1.3, "text": 1.1},
    publish_shares={"video": 0.25, "image": 0.6, "carousel": 0.5, "link": 0.6, "text": 0.9},
    max_characters=500,
    max_tags=1,
    link=gen.site_url,
    columns={
        "id": gen.random_token(gen.DIGITS, 14, start="180"),
        "permalink": lambda draft: f"https://www.threads.net/@{draft.scene.brand.handle}/post/{draft['shortcode']}",
        "shortcode": gen.random_token(gen.BASE64, 10, start="D"),
        "timestamp": lambda draft: draft.moment.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "owner.id": gen.constant("17841400000000000"),
        "views": gen.share_of_views(),
        "likes": gen.share_of("views", 0.025),
        "replies": gen.share_of("likes", 0.15),
        "reposts": gen.share_of("likes", 0.08),
        "shares": gen.share_of("likes", 0.07),
        "quotes": gen.share_of("reposts", 0.2),
        "hasReplies": lambda draft: draft["replies"] > 0,
        "isQuotePost": lambda draft: draft.rng.chance(0.06),
    },
)
