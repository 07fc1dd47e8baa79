"""Bluesky: a small, talkative following; ids are addresses in a repository."""

from __future__ import annotations

from ayrframe._sandbox.synthetic.generators import BASE32, always, part, seen, site_link, sometimes, token, written
from ayrframe._sandbox.synthetic.profile import Draft, Sketch

_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_REPOSITORY = "did:plc:quillfernexample2345abcd"


def _record_key(draft: Draft) -> str:
    """Make a key of 13 characters that sorts by time: the microseconds, and ten bits of chance."""
    number = (int(draft.moment.timestamp() * 1000) * 1000 << 10) + draft.dice.whole(0, 1023)
    return "".join(_SORTABLE[number >> shift & 31] for shift in range(60, -1, -5))


def _address(draft: Draft) -> str:
    return f"https://bsky.app/profile/{draft.scene.brand.handle}/post/{draft['id'].rpartition('/')[2]}"


SKETCH = Sketch(
    followers=900,
    attention=0.5,
    weekend=0.95,
    takes={"image": 0.8, "link": 0.9, "text": 0.95, "video": 0.25},
    limit=300,
    link=site_link,
    columns={
        "id": lambda draft: f"at://{_REPOSITORY}/app.bsky.feed.post/{_record_key(draft)}",
        "postUrl": _address,
        "cid": token(BASE32, 52, start="bafyrei"),
        "indexedAt": lambda draft: written(draft.moment, milliseconds=True),
        "labels": lambda draft: ["!no-unauthenticated"] if draft.dice.chance(0.05) else [],
        "likeCount": seen(0.03),
        "repostCount": part("likeCount", 0.2),
        "quoteCount": part("repostCount", 0.2),
        "replyCount": part("likeCount", 0.15),
        "viewer.threadMuted": always(value=False),
        "viewer.embeddingDisabled": sometimes(0.9, always(value=False)),
    },
)
