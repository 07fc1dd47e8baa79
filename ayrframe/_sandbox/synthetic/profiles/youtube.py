"""YouTube: titles and descriptions of videos, and no number at all."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import BASE64, copy_of, image_url, random_token, site_url, text_template
from ayrframe._sandbox.synthetic.profile import SyntheticProfile

PROFILE = SyntheticProfile(
    takes={"video": 1},
    limit=5000,
    tags=3,
    link=site_url,
    columns={
        "id": random_token(BASE64, 11),
        "postUrl": text_template("https://www.youtube.com/watch?v={id}"),
        "title": lambda draft: draft.item.lead.replace("\n", " ")[:100],
        "description": copy_of("post"),
        "position": lambda draft: draft.rank,
        "thumbnailUrl": image_url,
    },
)
