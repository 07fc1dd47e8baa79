"""Count the viewers that reach each quarter of a video."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from ayrframe._expansions.expand import expand, expansions_by_name
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.key import post_keys
from ayrframe._platforms.child_tables import MEDIA_METRICS_TABLE, QUARTILE_METRICS
from ayrframe._platforms.columns import AS_OF, KEY
from ayrframe.errors import quote

VideoScope = Literal["organic", "non_public"]

_VIDEO_KEY = [*KEY, "media_key", "scope"]
_VIDEO_IDENTITY = [name for name in _VIDEO_KEY if name != AS_OF.name]
_QUARTER_PERCENTS = list(QUARTILE_METRICS.values())


def completion(posts: pd.DataFrame, scope: str = "organic") -> pd.DataFrame:
    """Return the viewers of each quarter of a video: five rows per video with at least one of these numbers.

    The scopes count overlapping viewers and are never combined: `organic` excludes promoted views, `non_public`
    includes them. The default is organic, which does not depend on the advertising budget.

    X sends these numbers for 30 days, so the latest observation that has them is used.

    The denominator of `fraction` is the number of viewers at quarter 0 of the same scope, those who started the video,
    not views or impressions, which have other definitions.

    Examples
    --------
    >>> completion(ayr.load_sample("twitter"))[["quarter", "viewers"]].head(3)
       quarter  viewers
    0        0      696
    1       25      355
    2       50      207
    """
    if scope not in get_args(VideoScope):
        raise ValueError(f"Unknown scope {quote(str(scope))}. Choose from: {', '.join(get_args(VideoScope))}.")
    posts = latest_observations(posts, KEY)
    if MEDIA_METRICS_TABLE.name in expansions_by_name(posts):
        videos = expand(posts, MEDIA_METRICS_TABLE.name, wide=True)
    else:
        videos = post_keys(posts).iloc[:0].reindex(columns=[*_VIDEO_KEY, *QUARTILE_METRICS])
    viewers = videos[list(QUARTILE_METRICS)].astype("Int64")
    viewers = viewers.where(viewers >= 0)  # A platform that withholds a number sends -1.
    has_viewers = videos["scope"].eq(scope) & viewers.notna().any(axis=1)
    videos, viewers = videos.loc[has_viewers, _VIDEO_KEY], viewers[has_viewers]
    is_latest = videos[AS_OF.name].eq(videos.groupby(_VIDEO_IDENTITY, dropna=False)[AS_OF.name].transform("max"))
    return _to_long(videos[is_latest], viewers[is_latest])


def _to_long(videos: pd.DataFrame, viewers: pd.DataFrame) -> pd.DataFrame:
    """Return one row per video and quarter."""
    table = videos.loc[videos.index.repeat(len(_QUARTER_PERCENTS))].reset_index(drop=True)
    missing, counts = viewers.isna().to_numpy(dtype=bool), viewers.fillna(0).to_numpy(dtype=np.int64)
    starters = counts[:, [0]]
    fractions = np.full(counts.shape, np.nan)
    np.divide(counts, starters, out=fractions, where=~missing & (starters > 0))
    table = table.astype(dict.fromkeys(_VIDEO_KEY[-2:], "str"))
    return table.assign(
        quarter=pd.array(np.tile(_QUARTER_PERCENTS, len(videos)), dtype="Int64"),
        viewers=pd.arrays.IntegerArray(counts.ravel(), missing.ravel()),
        fraction=fractions.ravel(),
    )
