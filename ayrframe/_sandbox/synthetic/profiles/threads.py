"""Threads: text first. Its times end in an offset, as Meta writes them."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import BASE64, DIGITS, always, part, pattern, seen, site_link, token
from ayrframe._sandbox.synthetic.profile import Draft, Sketch


def _timestamp(draft: Draft) -> str:
    return draft.moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


SKETCH = Sketch(
    followers=2600,
    attention=0.45,
    boosts={"video": 1.3, "text": 1.1},
    takes={"video": 0.25, "image": 0.6, "carousel": 0.5, "link": 0.6, "text": 0.9},
    limit=500,
    tags=1,
    link=site_link,
    columns={
        "id": token(DIGITS, 14, start="180"),
        "permalink": pattern("https://www.threads.net/@{handle}/post/{shortcode}"),
        "shortcode": token(BASE64, 10, start="D"),
        "timestamp": _timestamp,
        "owner.id": always("17841400000000000"),
        "views": seen(),
        "likes": part("views", 0.025),
        "replies": part("likes", 0.15),
        "reposts": part("likes", 0.08),
        "shares": part("likes", 0.07),
        "quotes": part("reposts", 0.2),
        "hasReplies": lambda draft: draft["replies"] > 0,
        "isQuotePost": lambda draft: draft.dice.chance(0.06),
    },
)
