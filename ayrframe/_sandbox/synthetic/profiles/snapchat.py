"""Snapchat: numbers only, as far as its posts are known."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import BASE64, part, pattern, seen, token
from ayrframe._sandbox.synthetic.profile import Sketch

SKETCH = Sketch(
    followers=1700,
    attention=0.6,
    boosts={"story": 0.5, "video": 1.4},
    weekend=1.15,
    half_life=8,
    takes={"video": 0.7, "image": 0.2, "story": 0.8},
    limit=160,
    tags=1,
    columns={
        "id": token(BASE64, 22, start="W7_"),
        "postUrl": pattern("https://www.snapchat.com/spotlight/{id}"),
        "views": seen(),
        "viewers": part("views", 0.8, spread=0.08),
        "replies": part("viewers", 0.004),
        "shares": part("viewers", 0.01),
        "viewTime": lambda draft: draft["views"] * draft.dice.whole(1500, 7000),
    },
)
