"""List the links of posts with their campaign parameters."""

from __future__ import annotations

import pandas as pd

from ayrframe._expansions.expand import expand, expansion_names
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.key import post_keys
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.to_arrow import add_missing_columns, restore_column
from ayrframe._metrics.text import text_features
from ayrframe._metrics.urls import UTM_PARAMETERS, host_of, utm_values
from ayrframe._platforms.child_tables import URLS_TABLE
from ayrframe._platforms.columns import KEY
from ayrframe.errors import warn_user

_LINK_DTYPES = {"position": "Int64", "url": "str", "host": "str", **dict.fromkeys(UTM_PARAMETERS, "str")}


def links(posts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per post and link: those in the text, in full, and those in columns for links."""
    found = text_features(posts, "links").drop(columns="position").rename(columns={"value": "url"})
    _warn_about_dropped_links(posts)
    latest = latest_observations(posts)
    found["url"] = _full_urls(latest, found)
    found = pd.concat([found, *_declared_links(latest)], ignore_index=True).drop_duplicates()
    order = post_keys(latest)[KEY].drop_duplicates().reset_index(drop=True).reset_index(names="order")
    found = found.merge(order, on=KEY, how="left").sort_values("order", kind="stable", ignore_index=True)
    found["position"] = found.groupby("order").cumcount()
    found["host"] = found["url"].map(host_of)
    values = pd.DataFrame([utm_values(url) for url in found["url"]], index=found.index, columns=list(UTM_PARAMETERS))
    result = pd.concat([found, values], axis=1)
    return result[[*KEY, *_LINK_DTYPES]].astype(_LINK_DTYPES)


def _warn_about_dropped_links(posts: pd.DataFrame) -> None:
    """Warn if the frame lacks columns with links."""
    sources = [
        (source, platform.title)
        for platform in platforms_in(posts)
        for source in (
            *(expansion.source for expansion in platform.expansions if expansion.table == URLS_TABLE),
            *(column.name for column in platform.columns if column.is_link),
        )
    ]
    if dropped := [f"{source!r} of {title}" for source, title in sources if source not in posts.columns]:
        warn_user(f"The frame lacks columns, so their links are missing or short: {', '.join(dropped)}.")


def _full_urls(latest: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """Return the full address of each link, where the platform sends the address to which a short one leads."""
    if URLS_TABLE.name not in expansion_names(latest, platforms_in(latest)):
        return found["url"]
    table = expand(latest, URLS_TABLE.name)[[*KEY, "url", "expanded_url"]].dropna(subset=["url", "expanded_url"])
    table = table.drop_duplicates([*KEY, "url"])
    full: pd.Series = found.merge(table, on=[*KEY, "url"], how="left")["expanded_url"]
    return full.fillna(found["url"])


def _declared_links(latest: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the links of columns that are declared as links."""
    columns = {column.name: column for platform in platforms_in(latest) for column in platform.columns}
    complete = add_missing_columns(latest)
    tables = []
    for column in columns.values():
        if column.is_link and column.name in complete.columns:
            urls = restore_column(complete, column).str.strip()
            table = post_keys(complete).assign(url=urls.array)
            tables.append(table[table["url"].fillna("").ne("")])
    return tables
