"""Define the synthetic profile of Snapchat: posts with metrics only."""

from __future__ import annotations

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import SyntheticProfile

PROFILE = SyntheticProfile(
    followers=1700,
    attention=0.6,
    format_factors={"story": 0.5, "video": 1.4},
    weekend_factor=1.15,
    half_life_hours=8,
    publish_shares={"video": 0.7, "image": 0.2, "story": 0.8},
    max_characters=160,
    max_tags=1,
    columns={
        "id": gen.random_token(gen.BASE64, 22, start="W7_"),
        "postUrl": lambda draft: f"https://www.snapchat.com/spotlight/{draft['id']}",
        "views": gen.share_of_views(),
        "viewers": gen.share_of("views", 0.8, spread=0.08),
        "replies": gen.share_of("viewers", 0.004),
        "shares": gen.share_of("viewers", 0.01),
        "viewTime": lambda draft: draft["views"] * draft.rng.integer(1500, 7000),
    },
)
