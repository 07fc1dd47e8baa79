"""A body that is one plain reply → its posts as a table, straight from its bytes."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from ayrframe._decode.envelope import glimpse
from ayrframe._decode.posts import decode_unread
from ayrframe._platforms.spec import Platform


def straight(body: bytes, source: str, platform: Platform, *, profile: str, as_of: datetime) -> pa.Table | None:
    """Return all posts of a body, if it is one reply of which there is nothing to tell; None if it has to be read.

    `as_of` is the moment of a reply that does not tell its own, and `source` names the body in errors.
    """
    glimpsed = glimpse(body, source)
    if glimpsed is None:
        return None
    reply, posts = glimpsed
    return decode_unread(posts, platform, profile=profile, as_of=reply.last_updated or as_of)
