"""Define the synthetic profile of YouTube: titles and descriptions of videos, without metrics."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import BASE64, copy_of, image_url, random_token, site_url, text_template
from ayrframe._sandbox.synthetic.profile import SyntheticProfile

PROFILE = SyntheticProfile(
    publish_shares={"video": 1},
    max_characters=5000,
    max_tags=3,
    link=site_url,
    columns={
        "id": random_token(BASE64, 11),
        "postUrl": text_template("https://www.youtube.com/watch?v={id}"),
        "title": lambda draft: draft.item.opening.replace("\n", " ")[:100],
        "description": copy_of("post"),
        "position": lambda draft: draft.rank,
        "thumbnailUrl": image_url,
    },
)
