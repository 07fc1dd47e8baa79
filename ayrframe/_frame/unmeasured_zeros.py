"""Remove zeros of post analytics that are no measurements."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms.columns import ANALYTICS_AS_OF, ANALYTICS_ERROR, AS_OF, CREATED, PLATFORM, PROFILE, sent_by
from ayrframe._platforms.spec import Endpoint, Kind, KnownGap, Platform, snake_case


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
