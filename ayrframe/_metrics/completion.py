"""Count the viewers that reach each quarter of a video."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ayrframe._expansions.expand import expand, expansions_by_name
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.key import post_keys
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.child_tables import MEDIA_METRICS_TABLE, QUARTILE_METRICS
from ayrframe._platforms.columns import AS_OF, KEY
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ExpansionError, join_names, quote, warn_user

VIDEO_SCOPES = ("organic", "non_public")

_POST_KEY = [name for name in KEY if name != AS_OF.name]
_VIDEO_KEY = [*KEY, "media_key", "scope"]


def completion(posts: pd.DataFrame, scope: str = "organic") -> pd.DataFrame:
    """Return the viewers of each quarter of a video: five rows per video with at least one of these numbers.

    The scopes count overlapping viewers and are never combined. The default does not depend on the advertising budget.

    The denominator of `fraction` is the number of viewers at quarter 0 of the same scope, those who started the video,
    not views or impressions, which have other definitions.
    """
    if scope not in VIDEO_SCOPES:
        raise ValueError(f"Unknown scope {quote(str(scope))}. Choose from: {', '.join(VIDEO_SCOPES)}.")
    expansions = [expansion for platform in platforms_in(posts) for expansion in platform.expansions]
    sources = {expansion.source for expansion in expansions if expansion.table is MEDIA_METRICS_TABLE}
    if not sources:
        names = [name for name, platform in PLATFORMS.items() if _sends_viewers(platform)]
        raise ExpansionError(f"These posts have no completion of videos; it exists for {join_names(names)} only.")
    if dropped := sorted(sources.difference(posts.columns)):
        warn_user(f"The frame lacks the column {dropped[0]!r}, from which the viewers of videos are read.")
    posts = latest_observations(posts, KEY)
    if MEDIA_METRICS_TABLE.name in expansions_by_name(posts):
        videos = expand(posts, MEDIA_METRICS_TABLE.name, wide=True)
    else:
        videos = post_keys(posts).iloc[:0].reindex(columns=[*_VIDEO_KEY, *QUARTILE_METRICS])
    viewers = videos[list(QUARTILE_METRICS)].astype("Int64")
    viewers = viewers.where(viewers >= 0)  # A platform that withholds a number sends -1.
    has_viewers = videos["scope"].eq(scope) & viewers.notna().any(axis=1)
    videos, viewers = videos.loc[has_viewers, _VIDEO_KEY], viewers[has_viewers]
    # The numbers of a post as a whole repeat those of its video.
    of_media = pd.MultiIndex.from_frame(videos.loc[videos["media_key"].notna(), _POST_KEY])
    is_repeated = videos["media_key"].isna() & pd.MultiIndex.from_frame(videos[_POST_KEY]).isin(of_media)
    videos, viewers = videos[~is_repeated], viewers[~is_repeated]
    identity = [name for name in _VIDEO_KEY if name != AS_OF.name]
    is_latest = videos[AS_OF.name].eq(videos.groupby(identity, dropna=False)[AS_OF.name].transform("max"))
    videos, viewers = videos[is_latest], viewers[is_latest]
    starters = viewers.iloc[:, 0]
    fractions = viewers.div(starters.where(starters > 0), axis=0)
    table = videos.loc[videos.index.repeat(len(QUARTILE_METRICS))].reset_index(drop=True)
    return table.astype({"media_key": "str", "scope": "str"}).assign(
        quarter=pd.array([*QUARTILE_METRICS.values()] * len(videos), dtype="Int64"),
        viewers=pd.array(viewers.to_numpy(dtype=object).ravel(), dtype="Int64"),
        fraction=fractions.to_numpy(dtype=np.dtype("float64"), na_value=np.nan).ravel(),
    )


def _sends_viewers(platform: Platform) -> bool:
    """Return whether a platform sends the viewers of each quarter of a video."""
    return any(expansion.table is MEDIA_METRICS_TABLE for expansion in platform.expansions)
