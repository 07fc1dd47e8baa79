"""Add post analytics that a load or an archive has read to the posts that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.analytics import AnalyticsError, AnalyticsResponse, decode_analytics
from ayrframe._frame.deduplicate import latest_index, rank_copies
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.enrich import merge_analytics
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms import in_registry_order
from ayrframe._platforms.columns import ANALYTICS_AS_OF, ANALYTICS_ERROR, AS_OF, CREATED, ID, PLATFORM, PROFILE, sent_by
from ayrframe._platforms.spec import Endpoint, Kind, KnownGap, Platform, snake_case

NO_ANALYTICS = "absent"


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
        is_requested = pc.is_in(table.column(ID.name), pa.array(post_ids, pa.large_string()))
        requested = table.filter(is_requested)
        self.tables.append(requested)
        found = set(requested.column(ID.name).to_pylist())
        errors = [error for error in response.errors if error.platform in (None, self.platform.name)]
        of_posts = {error.id: error for error in errors}
        for post_id in post_ids:
            if post_id not in found:
                self.reasons[post_id] = _reason(of_posts.get(post_id) or of_posts.get(None))
        return len(table) - len(requested)


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


def remove_unmeasured_zeros(posts: pd.DataFrame, accounts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return posts without the zeros of post analytics that are no measurements, which `analytics_error` then explains.

    `accounts` has the post analytics of each profile from which its account is known, by default these posts.
    """
    for platform in platforms_in(posts):
        rule = platform.unmeasured_zeros
        if rule is None:
            continue
        numbers = [
            column.name
            for column in sent_by(platform, Endpoint.POST_ANALYTICS)
            if column.endpoint is Endpoint.POST_ANALYTICS and column.kind in (Kind.INTEGER, Kind.FLOAT)
        ]
        is_zero = _has_zeros_only(posts, platform, numbers)
        if not is_zero.any():
            continue
        known = posts if accounts is None else accounts
        account_name = snake_case(rule.account)
        own = _own_accounts(known[~_has_zeros_only(known, platform, numbers)], known, account_name)
        expected, account = posts[PROFILE.name].map(own), posts[account_name]
        is_foreign = is_zero & expected.notna() & account.notna() & account.ne(expected)
        age = posts[AS_OF.name] - posts[CREATED.name]
        is_fresh = is_zero & ~is_foreign & age.lt(pd.Timedelta(hours=rule.fresh_hours))
        reasons = posts[ANALYTICS_ERROR.name].mask(is_foreign, KnownGap.NOT_OWN_POST.value)
        removed = {name: posts[name].mask(is_foreign | is_fresh) for name in numbers}
        posts = posts.assign(**removed, **{ANALYTICS_ERROR.name: reasons.mask(is_fresh, KnownGap.TOO_FRESH.value)})
    return posts


def _has_zeros_only(posts: pd.DataFrame, platform: Platform, numbers: Sequence[str]) -> pd.Series:
    """Return a mask of the posts of a platform with post analytics whose numbers are all 0."""
    has_number, is_measured = np.zeros(len(posts), dtype=bool), np.zeros(len(posts), dtype=bool)
    for name in numbers:
        values = posts[name].to_numpy(dtype="float64", na_value=np.nan)
        has_number |= ~np.isnan(values)
        is_measured |= np.nan_to_num(values) != 0
    is_read = posts[ANALYTICS_AS_OF.name].notna() & posts[PLATFORM.name].eq(platform.name)
    return is_read & has_number & ~is_measured


def _own_accounts(measured: pd.DataFrame, posts: pd.DataFrame, account_name: str) -> dict[str, str]:
    """Return the account of each profile: that of most posts with numbers, else that of most posts."""
    accounts = {}
    for profile in posts[PROFILE.name].unique():
        for frame in (measured, posts):
            counts = frame.loc[frame[PROFILE.name].eq(profile), account_name].value_counts()
            if len(counts):
                if len(counts) == 1 or counts.iloc[0] > counts.iloc[1]:
                    accounts[profile] = counts.index[0]
                break
    return accounts


def merge_observations(history: pd.DataFrame, analytics: pd.DataFrame) -> pd.DataFrame:
    """Return each observation of post analytics with the values of the history; without a history, on its own.

    Both frames are of one platform and profile, and `history` has at most one row per post.
    """
    parts = []
    for _, part in analytics.groupby(analytics.groupby(ID.name, dropna=False).cumcount()):
        merged, matched = merge_analytics(history, part.reset_index(drop=True))
        is_merged = merged[ID.name].isin(part.loc[matched, ID.name])
        parts += [merged[is_merged], part[~matched]]
    return pd.concat(parts, ignore_index=True) if parts else analytics
