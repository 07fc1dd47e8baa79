"""Which rows count as the same post, and when a label is said to be shared."""

from __future__ import annotations

import pandas as pd
import pytest

import ayrframe as ayr


def posts_under(*labels: str | None) -> pd.DataFrame:
    sent = {"id": "1", "created": "2026-03-01T00:00:00Z", "post": "Rye", "likeCount": 3}
    frames = [ayr.from_posts([sent], platform="bluesky", as_of="2026-03-31T00:00:00Z") for _ in labels]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(profile=pd.Series(labels, dtype="str"))


@pytest.mark.parametrize(
    ("labels", "shown"), [(("a", "b"), "'a', 'b'"), (("", "b"), "'', 'b'"), ((None, "b"), "'', 'b'")]
)
def test_post_under_several_labels_counts_once_with_a_warning(labels: tuple[str | None, ...], shown: str) -> None:
    with pytest.warns(ayr.DataWarning, match=rf"1 post.* several profile labels \({shown}\); each is counted once"):
        summary = posts_under(*labels).ayr.summary(metric="likes")
    assert summary[["posts", "sum"]].to_numpy().tolist() == [[1, 3]]
