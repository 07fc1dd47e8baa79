"""Which names are metrics of a frame."""

from __future__ import annotations

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._metrics.frames import check_metric


def posts() -> pd.DataFrame:
    sent = [{"id": "1", "created": "2026-03-01T00:00:00Z", "likeCount": 3}]
    return ayr.from_posts(sent, platform="bluesky", as_of="2026-03-31T00:00:00Z").assign(cost=2.5, note="x")


@pytest.mark.parametrize("name", ["likes", "er_views", "cost"])
def test_metrics_rates_and_own_numbers_are_metrics(name: str) -> None:
    assert check_metric(posts(), name) == check_metric(posts().ayr.metrics(), name) == name


@pytest.mark.parametrize("name", ["platform", "age_days_x", "like_count", "er_followers"])
def test_other_names_raise(name: str) -> None:
    for frame in (posts(), posts().ayr.metrics()):
        with pytest.raises(ValueError, match=f"Unknown metric '{name}'"):
            check_metric(frame, name)


def test_engagement_per_follower_is_a_metric_of_a_metrics_frame_that_has_it() -> None:
    with_followers = posts().ayr.metrics().assign(er_followers=0.5)
    assert check_metric(with_followers, "er_followers") == "er_followers"


def test_own_column_of_text_raises_and_says_how_to_convert_it() -> None:
    with pytest.raises(ValueError, match=r"Column 'note' has dtype .*pd\.to_numeric"):
        check_metric(posts(), "note")


def test_post_under_several_labels_counts_in_each_profile() -> None:
    both = pd.concat([posts().assign(profile="a"), posts().assign(profile="b")], ignore_index=True)
    summary = both.ayr.summary(by=["platform", "profile"], metric="likes")
    assert summary[["profile", "posts", "sum"]].to_numpy().tolist() == [["a", 1, 3], ["b", 1, 3]]
    with pytest.warns(ayr.DataWarning, match="several profile labels"):
        summary = both.ayr.summary(metric="likes")
    assert summary[["posts", "sum"]].to_numpy().tolist() == [[1, 3]]
