"""Define the synthetic profile of YouTube: titles and descriptions of videos, without metrics."""

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
    },
)
