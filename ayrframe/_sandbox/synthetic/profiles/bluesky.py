"""Define the synthetic profile of Bluesky: ids are URIs of records in a repository."""

from __future__ import annotations

from ayrframe._sandbox.synthetic import generators as gen
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile

_SORTABLE_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
_REPOSITORY = "did:plc:quillfernexample2345abcd"


def _record_key(draft: PostDraft) -> str:
    """Return a record key of 13 characters that sorts by time: microseconds and ten random bits."""
    number = (int(draft.moment.timestamp() * 1000) * 1000 << 10) + draft.rng.integer(0, 1023)
    return "".join(_SORTABLE_BASE32[number >> shift & 31] for shift in range(60, -1, -5))


PROFILE = SyntheticProfile(
    followers=900,
    attention=0.5,
    weekend_factor=0.95,
    publish_shares={"image": 0.8, "link": 0.9, "text": 0.95, "video": 0.25},
    max_characters=300,
    link=gen.site_url,
    columns={
        "id": lambda draft: f"at://{_REPOSITORY}/app.bsky.feed.post/{_record_key(draft)}",
        "postUrl": lambda draft: f"https://bsky.app/profile/{draft.scene.brand.handle}/post/{draft['id'][-13:]}",
        "cid": gen.random_token(gen.BASE32, 52, start="bafyrei"),
        "indexedAt": lambda draft: gen.format_time(draft.moment, milliseconds=True),
        "labels": lambda draft: ["!no-unauthenticated"] if draft.rng.chance(0.05) else [],
        "likeCount": gen.share_of_views(0.03),
        "repostCount": gen.share_of("likeCount", 0.2),
        "quoteCount": gen.share_of("repostCount", 0.2),
        "replyCount": gen.share_of("likeCount", 0.15),
        "viewer.threadMuted": gen.constant(value=False),
        "viewer.embeddingDisabled": gen.with_probability(0.9, gen.constant(value=False)),
    },
)
