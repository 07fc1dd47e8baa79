"""List the platforms, their columns and their schemas, without any posts."""

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
    """List the supported platforms.

    Returns
    -------
    pandas.DataFrame
        One row per platform, with `platform` (str, the name that other functions take), `title` (str), `columns`
        (int64, number of columns of the posts frame) and `expansions` (str, their names).

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
    """Return the pandera schema of the posts frame of a platform.

    The schema checks that the declared columns are present and have their dtypes, ids are not missing, post keys are
    unique, numbers are not negative, fractions are between 0 and 1, and no post was created in the future. It converts
    nothing, and allows additional columns.

    Parameters
    ----------
    platform : str
        Platform, such as `"tiktok"`.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Schema that is derived from the declaration of the platform.

    Raises
    ------
    ValueError
        If the platform is unknown.

    Examples
    --------
    >>> schema = ayr.schema("tiktok")
    >>> str(schema.columns["video_views"].dtype)
    'Int64'
    """
    return build_schema((find_platform(platform),))


def dictionary(platform: str) -> pd.DataFrame:
    """Describe the columns of the posts frame of a platform.

    Parameters
    ----------
    platform : str
        Platform, such as `"tiktok"`.

    Returns
    -------
    pandas.DataFrame
        One row per column, with `column`, `dtype`, `unit`, `meaning`, `endpoint` (history, post analytics or both,
        which send the field), `path` (of the field in the API), `role`, `evidence` (source of the declaration) and
        `note`, all str. Notebooks show all rows, with wrapped text.

    Raises
    ------
    ValueError
        If the platform is unknown.

    Examples
    --------
    >>> columns = ayr.dictionary("tiktok").set_index("column")
    >>> columns.loc["average_time_watched", "unit"]
    'seconds'
    """
    return platform_dictionary(find_platform(platform))
