"""Warnings about columns that a frame lacks."""

from __future__ import annotations

import pytest

import ayrframe as ayr
from ayrframe._metrics.columns import warn_about_dropped_sources


@pytest.mark.parametrize(
    ("dropped", "needed", "without"),
    [
        ("like_count", ["likes"], False),
        ("like_count", ["likes", "engagements"], True),
        ("video_views", ["views", "engagements"], False),
    ],
)
def test_engagements_without_a_part_are_named_if_they_are_needed(
    dropped: str, needed: list[str], without: bool
) -> None:
    posts = ayr.load_sample("tiktok").drop(columns=dropped)
    with pytest.warns(ayr.DataWarning, match=f"lacks columns, so what is in brackets is NA: '{dropped}'") as caught:
        warn_about_dropped_sources(posts, needed)
    (warning,) = caught
    assert ("Engagements do not include them" in str(warning.message)) == without
