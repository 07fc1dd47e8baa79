"""The platforms of the rows of posts frames and accounts frames."""

from __future__ import annotations

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._frame.platform_rows import known_platforms_in, platforms_in
from ayrframe._platforms import PLATFORMS

POSTS = pd.concat([ayr.load_sample(name).head(1) for name in ("bluesky", "tiktok")], ignore_index=True)
ACCOUNTS = pd.DataFrame({"platform": ["bluesky", "tiktok"], "followers": 1, "following": 2, "posts": 3})


def test_rows_of_posts_and_accounts_have_the_declarations_of_each() -> None:
    declared = [PLATFORMS["bluesky"], PLATFORMS["tiktok"]]
    assert platforms_in(POSTS) == known_platforms_in(POSTS) == declared
    accounts = [platform.of_accounts for platform in declared]
    assert platforms_in(ACCOUNTS) == known_platforms_in(ACCOUNTS) == accounts


def test_frame_without_rows_has_the_platforms_of_its_columns() -> None:
    assert platforms_in(POSTS[:0]) == [PLATFORMS["bluesky"], PLATFORMS["tiktok"]]


@pytest.mark.parametrize(("count", "more"), [(1, False), (5, False), (6, True)])
def test_unknown_platforms_raise_and_at_most_five_are_named(count: int, more: bool) -> None:
    frame = pd.DataFrame({"platform": [f"p{number}" for number in range(count)]})
    with pytest.raises(ayr.AyrframeError, match="'p0'") as caught:
        platforms_in(frame)
    text = str(caught.value)
    assert ("'p4'" in text, "'p5'" in text) == (count > 4, False)
    assert more == ("1 more" in text)
