"""Read every observation of every post: those of the history, and those of post analytics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby

import pandas as pd
import pyarrow as pa

from ayrframe._archive.page_file import PageHeader, PageName, PagePosition, format_timestamp
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.read import PageContent, Selection, iter_page_contents, list_profile_pages, warn_unlabelled
from ayrframe._frame.deduplicate import drop_duplicate_observations, latest_observations
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.post_analytics import merge_observations
from ayrframe._frame.unmeasured_zeros import remove_unmeasured_zeros
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import ID, READ_AT
from ayrframe._platforms.spec import Platform

_CACHED_LOADS = 4


def read_observations(
    store: PageStore, names: Iterable[PageName], selection: Selection
) -> tuple[pd.DataFrame, list[Platform]]:
    """Return the observations in the selected pages, load after load, and the platforms of the frame."""
    all_headers = list(store.labelled_headers(names))
    selection.check_profiles((header.request.profile for _, header in all_headers), store.path)
    requests = ((page, page[1].request) for page in all_headers if not page[1].request.is_account)
    headers = [page for page, request in requests if selection.matches(request.platform, request.profile)]
    warn_unlabelled(store, (header.request for _, header in headers))
    pages = sorted(iter_observations(store, headers), key=_load_order)
    platforms = selection.frame_platforms(page.header.request.platform for page in pages)
    return drop_duplicate_observations(to_frame(concat_tables([page.posts for page in pages], platforms))), platforms


def _load_order(page: PageContent) -> tuple[str, int, bool, PageName]:
    return page.header.load, page.header.target_index, page.header.request.is_analytics, page.name


def iter_observations(
    store: PageStore, headers: Iterable[tuple[PageName, PageHeader]], repeated: Iterable[PagePosition] = ()
) -> Iterator[PageContent]:
    """Yield the contents of pages as `iter_page_contents` does, with the posts of the history merged into analytics."""
    history = HistoryReader(store)
    for page in iter_page_contents(store, headers, repeated):
        if not page.header.request.is_analytics:
            yield page
            continue
        analytics = to_frame(page.posts)
        ids = analytics[ID.name].dropna().unique()
        posts = merge_observations(history.read(page.header, ids), analytics)
        posts = remove_unmeasured_zeros(posts, history.read_analytics(page))
        yield page._replace(posts=pa.Table.from_pandas(posts, schema=page.posts.schema, preserve_index=False))


class HistoryReader:
    """Reads the latest history of posts up to a time."""

    def __init__(self, store: PageStore) -> None:
        self._store = store
        self._loads: dict[tuple[str, str], list[tuple[PageName, ...]]] | None = None
        self._read_load = lru_cache(_CACHED_LOADS)(self._read_load_posts)
        self._read_analytics = lru_cache(_CACHED_LOADS)(self._read_analytics_pages)

    def read(self, header: PageHeader, post_ids: Iterable[str]) -> pd.DataFrame:
        """Return the posts with these ids as they were when a page of their profile was received."""
        platform, profile = PLATFORMS[header.request.platform], header.request.profile
        missing = set(post_ids)
        found = [to_frame(concat_tables([], [platform]))]
        for names in self._loads_before(header.received_at, platform, profile):
            if not missing:
                break
            posts = self._read_load(names, platform, profile)
            posts = posts[posts[ID.name].isin(missing) & posts[READ_AT.name].le(header.received_at)]
            missing.difference_update(posts[ID.name])
            found.append(posts)
        return pd.concat(found, ignore_index=True)

    def read_analytics(self, page: PageContent) -> pd.DataFrame | None:
        """Return the post analytics of all pages of the load of a page, if these explain zeros."""
        platform = PLATFORMS[page.header.request.platform]
        if platform.unmeasured_zeros is None:
            return None
        names = tuple(name for name in self._store.names(page.name.request_hash) if name.load == page.name.load)
        return self._read_analytics(names, platform)

    def _read_analytics_pages(self, names: tuple[PageName, ...], platform: Platform) -> pd.DataFrame:
        tables = [page.posts for page in iter_page_contents(self._store, self._store.labelled_headers(names))]
        return to_frame(concat_tables(tables, [platform]))

    def _loads_before(self, time: datetime, platform: Platform, profile: str) -> Iterator[tuple[PageName, ...]]:
        """Yield the pages of each load of a profile, latest load first."""
        if self._loads is None:
            self._loads = {}
            for pages in list_profile_pages(self._store, Selection(None, None)):
                names = sorted(pages.names(self._store), key=lambda name: (name.load, name), reverse=True)
                loads = [tuple(group) for _, group in groupby(names, key=lambda name: (name.load, name.request_hash))]
                self._loads[pages.platform, pages.profile] = loads
        end = format_timestamp(time)
        return (names for names in self._loads.get((platform.name, profile), []) if names[0].load[: len(end)] <= end)

    def _read_load_posts(self, names: tuple[PageName, ...], platform: Platform, profile: str) -> pd.DataFrame:
        """Return the posts of the history that a load has read."""
        headers = [
            (name, header)
            for name, header in self._store.labelled_headers(names)
            if not header.request.is_analytics and not header.request.is_account and header.request.profile == profile
        ]
        tables = [page.posts for page in iter_page_contents(self._store, headers)]
        return latest_observations(to_frame(concat_tables(tables, [platform])))
