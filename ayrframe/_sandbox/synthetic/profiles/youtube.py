"""YouTube: titles and descriptions of videos, and no number at all."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import BASE64, pattern, picture, same, site_link, token
from ayrframe._sandbox.synthetic.profile import Sketch

SKETCH = Sketch(
    takes={"video": 1},
    limit=5000,
    tags=3,
    link=site_link,
    columns={
        "id": token(BASE64, 11),
        "postUrl": pattern("https://www.youtube.com/watch?v={id}"),
        "title": lambda draft: draft.item.lead.replace("\n", " ")[:100],
        "description": same("post"),
        "position": lambda draft: draft.rank,
        "thumbnailUrl": picture,
    },
)
