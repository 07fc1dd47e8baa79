"""The kind of a post of X: own posts are those that refer to no other post, as far as that is known."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"post": "Rye"}, "own"),
        ({"post": "Rye", "referencedTweets": None}, "own"),
        ({"post": "Rye", "referencedTweets": [{"type": "quoted", "id": "2"}]}, "quote"),
        ({"post": "Rye", "referencedTweets": [{"type": "replied_to", "id": "2"}]}, "reply"),
        ({"post": "Rye", "referencedTweets": [{"type": "retweeted", "id": "2"}]}, "repost"),
        ({"post": "Rye", "referencedTweets": "many"}, None),
        ({"created": None}, None),
    ],
)
def test_kind_of_a_post_of_x(sent: dict[str, Any], kind: str | None) -> None:
    post = {"id": "1", "created": "2026-03-01T00:00:00Z", **sent}
    posts = ayr.from_posts([post], platform="twitter", as_of="2026-03-31T00:00:00Z", validate=None)
    (found,) = posts.ayr.metrics()["kind"]
    assert (None if pd.isna(found) else found) == kind
