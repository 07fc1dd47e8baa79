"""What the library knows without any posts: its platforms, their columns, their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._frame.dictionary import platform_dictionary
from ayrframe._frame.schema import build_schema
from ayrframe._platforms import PLATFORMS, find_platform
from ayrframe._platforms.columns import EXTRA, columns_of

if TYPE_CHECKING:
    import pandera.pandas as pa


def platforms() -> pd.DataFrame:
    """List the networks in the order used everywhere.

    Returns
    -------
    pandas.DataFrame
        `platform` and `title` (str), `columns` (int64, of the posts frame) and `expansions` (str, their names).

    Examples
    --------
    >>> ayr.platforms()["title"].tolist()
    ['Bluesky', 'Facebook', 'Instagram', 'LinkedIn', 'Pinterest', 'Snapchat', 'Threads', 'TikTok', 'X', 'YouTube']
    """
    rows = [
        (
            platform.name,
            platform.title,
            len(columns_of(platform)),
            ", ".join([*(expansion.table.name for expansion in platform.expansions), EXTRA.name]),
        )
        for platform in PLATFORMS.values()
    ]
    return pd.DataFrame(rows, columns=["platform", "title", "columns", "expansions"])


def schema(platform: str) -> pa.DataFrameSchema:
    """Return the pandera schema of a network's posts frame, derived from its declaration.

    It checks and never converts: dtypes; that an id is present and no post key stands twice; that numbers are not
    negative, shares lie from 0 to 1, and no post was created in the future. Other columns may stand beside.

    Parameters
    ----------
    platform : str
        A network, such as `"tiktok"`.

    Returns
    -------
    pandera.DataFrameSchema

    Raises
    ------
    ValueError
        If there is no such network.

    Examples
    --------
    >>> schema = ayr.schema("tiktok")
    >>> str(schema.columns["video_views"].dtype)
    'Int64'
    """
    return build_schema((find_platform(platform),))


def dictionary(platform: str) -> pd.DataFrame:
    """Explain the columns of a network's posts frame.

    Parameters
    ----------
    platform : str
        A network, such as `"tiktok"`.

    Returns
    -------
    pandas.DataFrame
        One row per column: `column`, `dtype`, `unit`, `meaning`, `path` (of the API), `role`, `evidence` (how sure it
        is that the API sends it) and `note`, all str. A notebook shows it whole.

    Raises
    ------
    ValueError
        If there is no such network.

    Examples
    --------
    >>> words = ayr.dictionary("tiktok").set_index("column")
    >>> words.loc["average_time_watched", "unit"]
    'seconds'
    """
    return platform_dictionary(find_platform(platform))
