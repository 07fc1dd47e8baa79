"""Add post analytics that a load or an archive has read to the posts that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.analytics import NO_ANALYTICS, AnalyticsError, AnalyticsResponse, decode_analytics
from ayrframe._decode.arrays import IntArray
from ayrframe._frame.deduplicate import latest_index, rank_copies
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.enrich import merge_analytics, merge_rows
from ayrframe._frame.unmeasured_zeros import remove_unmeasured_zeros
from ayrframe._platforms import in_registry_order
from ayrframe._platforms.columns import ANALYTICS_AS_OF, ANALYTICS_ERROR, ID, PLATFORM, PROFILE
from ayrframe._platforms.spec import Platform


@dataclass(slots=True)
class AnalyticsReadings:
    """Post analytics of one platform and profile.

    `reasons` are those why analytics are missing, by post id; `problems` are the texts of the errors behind them.
    """

    platform: Platform
    profile: str
    tables: list[pa.Table] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, response: AnalyticsResponse, post_ids: Sequence[str], read_at: datetime) -> int:
        """Add the analytics of the requested posts; return the number of others in the response, which are ignored."""
        table = decode_analytics(response.blocks, self.platform, profile=self.profile, read_at=read_at)
        requested = table.filter(pc.is_in(table.column(ID.name), pa.array(post_ids, pa.large_string())))
        ignored = len(table) - len(requested)
        requested = requested.filter(requested.column(ANALYTICS_AS_OF.name).is_valid())
        self.tables.append(requested)
        found = set(requested.column(ID.name).to_pylist())
        errors = [error for error in response.errors if error.platform in (None, self.platform.name)]
        of_posts = {error.id: error for error in errors}
        for post_id in post_ids:
            if post_id not in found:
                self.reasons[post_id] = _reason(of_posts.get(post_id) or of_posts.get(None))
        return ignored


def _reason(error: AnalyticsError | None) -> str:
    return NO_ANALYTICS if error is None or error.code is None else str(error.code)


def add_readings(posts: pd.DataFrame, readings: Sequence[AnalyticsReadings]) -> pd.DataFrame:
    """Return the posts with their post analytics, or with the reason why these are missing."""
    platforms = in_registry_order(reading.platform for reading in readings)
    analytics = to_frame(concat_tables([table for reading in readings for table in reading.tables], platforms))
    if analytics[ID.name].duplicated().any():  # Ranking takes longer than merging.
        analytics = analytics.loc[latest_index(rank_copies(analytics))].reset_index(drop=True)
    posts = merge_analytics(posts, analytics)[0] if len(analytics) else posts
    errors = posts[ANALYTICS_ERROR.name].copy()
    for reading in filter(lambda reading: reading.reasons, readings):
        is_missing = posts[PLATFORM.name].eq(reading.platform.name) & posts[PROFILE.name].eq(reading.profile)
        is_missing &= posts[ANALYTICS_AS_OF.name].isna()
        errors[is_missing] = posts.loc[is_missing, ID.name].map(reading.reasons).astype(errors.dtype)
    return remove_unmeasured_zeros(posts.assign(**{ANALYTICS_ERROR.name: errors}))


def merge_observations(history: pd.DataFrame, analytics: pd.DataFrame, rows: IntArray) -> pd.DataFrame:
    """Return each observation of post analytics with the values of a row of the history; -1 is none."""
    sources = np.flatnonzero(rows >= 0)
    merged = merge_rows(history.take(rows[sources]), analytics, np.arange(len(sources)), sources)
    if len(sources) == len(analytics):
        return merged.reset_index(drop=True)
    order = np.argsort(np.concatenate([sources, np.flatnonzero(rows < 0)]))
    return pd.concat([merged, analytics[rows < 0]], ignore_index=True).take(order).reset_index(drop=True)
