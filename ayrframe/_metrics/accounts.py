"""Compute growth and coverage of accounts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import BoolArray
from ayrframe._frame.extra import WRONG_TYPE, iter_extra_fields
from ayrframe._frame.key import key_names, post_keys
from ayrframe._frame.platform_rows import rows_by_platform
from ayrframe._frame.to_arrow import restore_column
from ayrframe._metrics.catalog import IN_OTHER_ENDPOINT
from ayrframe._metrics.columns import ENGAGEMENT_PARTS
from ayrframe._metrics.coverage import COVERAGE_DTYPES
from ayrframe._metrics.growth import check_frequency, growth_table
from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.missing_reasons import NOT_SENT, WITHHELD
from ayrframe._platforms.columns import (
    ACCOUNT_LEADING_COLUMNS,
    AS_OF,
    CREATED,
    EXTRA,
    FOLLOWERS,
    ID,
    KEY,
    PLATFORM,
    PROFILE,
)
from ayrframe._platforms.spec import Column, Platform
from ayrframe.errors import quote, suggest

_AGE_HOURS = "age_hours"


def account_growth(accounts: pd.DataFrame, metric: str = FOLLOWERS.name, freq: str | None = None) -> pd.DataFrame:
    """Return a number of each account at each reading or period, and its increments."""
    numbers = [
        name
        for name in accounts.columns
        if pd.api.types.is_numeric_dtype(accounts[name].dtype) and not pd.api.types.is_bool_dtype(accounts[name].dtype)
    ]
    if metric not in numbers:
        raise ValueError(
            f"Unknown metric {quote(str(metric))}.{suggest(metric, numbers)} Choose from: {', '.join(numbers)}."
        )
    check_frequency(freq)
    table = post_keys(accounts).reset_index(drop=True)
    table["value"] = to_floats(accounts[metric].reset_index(drop=True))
    # Of several rows with the same time, one with a value wins.
    table = table.sort_values("value", key=pd.Series.notna, kind="stable").drop_duplicates(
        key_names(accounts), keep="last"
    )
    table = table.sort_values(key_names(accounts), kind="stable", ignore_index=True)
    table["first_row"] = table.groupby([PLATFORM.name, PROFILE.name], sort=False).ngroup()
    table[ID.name] = table[ENGAGEMENT_PARTS] = ""
    table[CREATED.name] = pd.Series(pd.NaT, table.index, table[AS_OF.name].dtype)
    return growth_table(table, freq).drop(columns=[ID.name, CREATED.name, _AGE_HOURS])


def account_coverage(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return the number of missing values of accounts by platform, column and reason."""
    rows = []
    for platform, positions in rows_by_platform(accounts):
        part = accounts.iloc[positions]
        invalid = _invalid_paths(part, platform)
        for column in (*ACCOUNT_LEADING_COLUMNS, *platform.columns):
            if column.name in KEY or column.name not in part.columns:
                continue
            missing = part[column.name].isna().to_numpy(dtype=bool, copy=True)
            for reason, applies in _reasons(part, platform, column, invalid):
                rows.append((platform.name, column.name, reason, int((missing & applies).sum())))
                missing &= ~applies
    counted = [row for row in rows if row[-1]]
    return pd.DataFrame(counted, columns=list(COVERAGE_DTYPES)).astype(COVERAGE_DTYPES)


def _reasons(
    part: pd.DataFrame, platform: Platform, column: Column, invalid: list[set[str]]
) -> list[tuple[str, BoolArray]]:
    """Return the reasons for missing values of a column, the most certain first, and where they apply."""
    everywhere = np.ones(len(part), dtype=bool)
    sources = [column] if column.path else [source for source in platform.columns if source.fills == column.name]
    if not sources:
        return [(IN_OTHER_ENDPOINT, everywhere)]
    paths = {source.path for source in sources}
    wrong = np.array([not paths.isdisjoint(found) for found in invalid], dtype=bool)
    withheld = ~everywhere
    for source in sources if not column.path else ():
        if source.name in part.columns:
            withheld |= restore_column(part, source).lt(0).to_numpy(dtype=bool, na_value=False)
    return [(WITHHELD, withheld), (WRONG_TYPE, wrong), (NOT_SENT, everywhere)]


def _invalid_paths(part: pd.DataFrame, platform: Platform) -> list[set[str]]:
    """Return the paths of the declared fields of each account that have a value of another type."""
    if EXTRA.name not in part.columns:
        return [set() for _ in range(len(part))]
    return [
        {path for path, _, reason in iter_extra_fields(platform, text) if reason == WRONG_TYPE}
        if isinstance(text, str)
        else set()
        for text in part[EXTRA.name]
    ]
