"""List the pages and the profiles of an archive as tables."""

from __future__ import annotations

import pandas as pd

from ayrframe._archive.observations import read_observations
from ayrframe._archive.page_store import PageStore, page_path
from ayrframe._archive.read import make_selection
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._platforms import PLATFORMS

_PAGE_DTYPES = {
    "platform": "str",
    "profile": "str",
    "received": "datetime64[us, UTC]",
    "page": "Int64",
    "status": "Int64",
    "bytes": "Int64",
    "sha256": "str",
    "file": "str",
}
_PROFILE_DTYPES = {
    "platform": "str",
    "profile": "str",
    "pages": "Int64",
    "posts": "Int64",
    "first_reading": "datetime64[us, UTC]",
    "last_reading": "datetime64[us, UTC]",
}


def list_pages(store: PageStore) -> pd.DataFrame:
    """Return one row per page, load after load."""
    store.check_exists()
    pages = sorted(
        store.labelled_headers(store.names()), key=lambda page: (page[1].load, page[1].target_index, page[0])
    )
    rows = [
        (
            header.request.platform,
            header.request.profile,
            header.received_at,
            header.number,
            header.status,
            header.length,
            header.sha256,
            page_path(name),
        )
        for name, header in pages
    ]
    return pd.DataFrame(rows, columns=list(_PAGE_DTYPES)).astype(_PAGE_DTYPES)


def list_profiles(store: PageStore) -> pd.DataFrame:
    """Return one row per platform and profile, in the order of the posts frame."""
    store.check_exists()
    posts, _ = read_observations(store, store.names(), make_selection(None, None))
    counts = latest_observations(posts).groupby(["platform", "profile"]).size()
    pages = list_pages(store)
    order = list(PLATFORMS)
    rows = [
        (platform, profile, len(group), counts.get((platform, profile), 0), *group["received"].agg(["min", "max"]))
        for (platform, profile), group in pages[pages["platform"].isin(order)].groupby(["platform", "profile"])
    ]
    rows.sort(key=lambda row: (order.index(row[0]), row[1]))
    return pd.DataFrame(rows, columns=list(_PROFILE_DTYPES)).astype(_PROFILE_DTYPES)
