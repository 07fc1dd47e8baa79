"""How many viewers see a video to its end? The table `completion`: the viewers of each quarter of a video."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from ayrframe._expand import expand, expansions_in
from ayrframe._newest import newest
from ayrframe._posts import key_of
from ayrframe.columns import KEY
from ayrframe.errors import quote
from ayrframe.tables import MEDIA_METRICS, PLAYBACK

Scope = Literal["organic", "non_public"]

_VIDEO = [*KEY, "media_key", "scope"]
_QUARTERS = list(PLAYBACK.values())


def completion(posts: pd.DataFrame, scope: str = "organic") -> pd.DataFrame:
    """Return how many viewers each quarter of a video had: five rows for a video that tells any of them.

    The same viewers are counted under two scopes, which are never added or mixed. `non_public` has all of them, those
    that promotion paid for too; `organic` only those that the post won by itself. Organic is the default because a
    bought viewer leaves sooner, and says more about the budget than about the video.

    `fraction` is over the viewers at quarter 0, who began to play the video in the same scope. It is not over views or
    impressions, which count something else.

    Examples
    --------
    >>> completion(ayr.load_sample("twitter"))[["quarter", "viewers"]].head(3)
       quarter  viewers
    0        0      696
    1       25      355
    2       50      207
    """
    if scope not in get_args(Scope):
        raise ValueError(f"{quote(str(scope))} is no scope of viewers. There are: {', '.join(get_args(Scope))}.")
    once = newest(posts)
    if MEDIA_METRICS.name in expansions_in(once):
        videos = expand(once, MEDIA_METRICS.name, wide=True)
    else:
        videos = key_of(once).iloc[:0].reindex(columns=[*_VIDEO, *PLAYBACK])
    told = videos[list(PLAYBACK)].astype("Int64")
    told = told.where(told >= 0)  # -1 is how networks decline to tell
    shown = videos["scope"].eq(scope) & told.notna().any(axis=1)
    return _long(videos.loc[shown, _VIDEO], told[shown])


def _long(videos: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each quarter of each video."""
    table = videos.loc[videos.index.repeat(len(_QUARTERS))].reset_index(drop=True)
    unknown, viewers = told.isna().to_numpy(dtype=bool), told.fillna(0).to_numpy(dtype=np.int64)
    start = viewers[:, [0]]
    fractions = np.full(viewers.shape, np.nan)
    np.divide(viewers, start, out=fractions, where=~unknown & (start > 0))
    table = table.astype(dict.fromkeys(_VIDEO[-2:], "str"))
    return table.assign(
        quarter=pd.array(np.tile(_QUARTERS, len(videos)), dtype="Int64"),
        viewers=pd.arrays.IntegerArray(viewers.ravel(), unknown.ravel()),
        fraction=fractions.ravel(),
    )
