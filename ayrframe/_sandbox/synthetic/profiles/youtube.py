"""Define the synthetic profile of YouTube: titles and descriptions of videos; only post analytics has metrics."""

from __future__ import annotations

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import SyntheticProfile

PROFILE = SyntheticProfile(
    publish_shares={"video": 1},
    max_characters=5000,
    max_tags=3,
    link=gen.site_url,
    columns={
        "id": gen.random_token(gen.BASE64, 11),
        "postUrl": lambda draft: f"https://www.youtube.com/watch?v={draft['id']}",
        "title": lambda draft: draft.item.opening.replace("\n", " ")[:100],
        "description": gen.copy_of("post"),
        "position": lambda draft: draft.rank,
        "thumbnailUrl": gen.image_url,
        "views": gen.share_of_views(),
        "engagedViews": gen.share_of("views", 0.8, spread=0.05),
        "likes": gen.share_of("views", 0.04),
        "dislikes": gen.share_of("likes", 0.02),
        "comments": gen.share_of("likes", 0.1),
        "shares": gen.share_of("likes", 0.08),
        "averageViewDuration": lambda draft: round(draft.duration * draft["averageViewPercentage"] / 100, 1),
        "averageViewPercentage": lambda draft: round(draft.rng.uniform(35, 90), 2),
        "estimatedMinutesWatched": lambda draft: round(draft["views"] * draft["averageViewDuration"] / 60),
        "subscribersGained": gen.share_of("views", 0.003),
        "subscribersLost": gen.share_of("subscribersGained", 0.1),
        "videosAddedToPlaylists": gen.share_of("views", 0.002),
        "channelTitle": lambda draft: draft.scene.brand.name,
        "publishedAt": gen.copy_of("created"),
        "tags": lambda draft: list(draft.item.tags[:3]),
        "madeForKids": lambda _: False,
        "notEnoughViews": lambda _: False,
        "liveBroadcast": gen.constant("none"),
        "liveBroadcastDetails": gen.constant(None),
        "playlists": gen.constant(None),
    },
)
