"""Find the rows of each platform in a posts frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import BoolArray, IntArray
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import FOLLOWERS, FOLLOWING, ID, POSTS
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, quote

_MAX_LISTED_NAMES = 5
_ACCOUNT_NUMBERS = {FOLLOWERS.name, FOLLOWING.name, POSTS.name}


def is_accounts_frame(frame: pd.DataFrame) -> bool:
    """Return whether the rows of a frame are accounts, not posts."""
    return _ACCOUNT_NUMBERS.issubset(frame.columns) and ID.name not in frame.columns


def _declarations(frame: pd.DataFrame) -> dict[str, Platform]:
    """Return the declarations of the rows of a frame, posts or accounts, by the name of the platform."""
    if is_accounts_frame(frame):
        return {name: platform.of_accounts for name, platform in PLATFORMS.items()}
    return PLATFORMS


def platforms_in(frame: pd.DataFrame) -> list[Platform]:
    """Return the platforms of the rows of a frame; without rows, those whose columns it has.

    Raise an AyrframeError if rows are of another platform.
    """
    _check_platforms(frame["platform"].dropna().unique())
    return known_platforms_in(frame)


def known_platforms_in(frame: pd.DataFrame) -> list[Platform]:
    """Return the platforms as `platforms_in` does, without those of other rows; for summaries of a frame."""
    if len(frame):
        names = set(frame["platform"].unique())
        return [platform for platform in _declarations(frame).values() if platform.name in names]
    return [
        platform
        for platform in _declarations(frame).values()
        if all(column.name in frame.columns for column in platform.columns)
    ]


def platform_mask(platform: Platform, frame: pd.DataFrame) -> BoolArray:
    """Return a mask of the rows of a platform."""
    return frame["platform"].eq(platform.name).to_numpy(dtype=bool, na_value=False)


def rows_by_platform(frame: pd.DataFrame) -> list[tuple[Platform, IntArray]]:
    """Return the platforms of a frame and the positions of their rows, from one pass over the column.

    Raise an AyrframeError if rows are of another platform.
    """
    if not len(frame):
        return [(platform, np.zeros(0, dtype=np.int64)) for platform in platforms_in(frame)]
    codes, names = pd.factorize(frame["platform"])
    _check_platforms(names)
    code_of = {name: code for code, name in enumerate(names)}
    platforms = [platform for platform in _declarations(frame).values() if platform.name in code_of]
    return [(platform, np.flatnonzero(codes == code_of[platform.name])) for platform in platforms]


def _check_platforms(names: Iterable[object]) -> None:
    """Raise an AyrframeError that lists names which are not those of platforms."""
    unknown = [quote(str(name)) for name in names if name not in PLATFORMS]
    if unknown:
        more = f" and {len(unknown) - _MAX_LISTED_NAMES} more" if len(unknown) > _MAX_LISTED_NAMES else ""
        raise AyrframeError(
            f"Column 'platform' must have names of platforms, got {', '.join(unknown[:_MAX_LISTED_NAMES])}{more}. "
            f"Choose from: {', '.join(PLATFORMS)}. Correct the names, or leave these rows out."
        )


def take_rows(values: Any, rows: IntArray) -> Any:
    """Return the values at these positions."""
    # Rows of a platform are usually consecutive, and a slice does not copy them (expansions: 0.88 x).
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (np.diff(rows) == 1).all():
        return values[rows[0] : rows[-1] + 1]
    return values.take(rows)
