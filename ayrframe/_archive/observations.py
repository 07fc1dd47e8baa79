"""Read every observation of every post: those of the history, and those of post analytics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate, chain, groupby, islice

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ayrframe._archive.page_file import PageHeader, PageName, PagePosition, format_timestamp
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.read import PageContent, Selection, iter_page_contents, list_profile_pages, warn_unlabelled
from ayrframe._decode.arrays import IntArray
from ayrframe._frame.deduplicate import POST_IDENTITY, drop_duplicate_observations, latest_observations
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.post_analytics import merge_observations
from ayrframe._frame.unmeasured_zeros import remove_unmeasured_zeros
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import ID, READ_AT
from ayrframe._platforms.spec import Platform

_CACHED_LOADS = 4
_BATCH_ROWS = 10_000
_LOAD_NUMBER = "ayrframe_load_number"


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
    for request, group in groupby(iter_page_contents(store, headers, repeated), lambda page: page.header.request):
        if not request.is_analytics:
            yield from group
            continue
        for batch in _batches(group):
            yield from history.merge(batch)


def _batches(pages: Iterable[PageContent]) -> Iterator[list[PageContent]]:
    """Yield pages of one request in batches with about the same number of posts."""
    batch: list[PageContent] = []
    count = 0
    for page in pages:
        batch.append(page)
        count += len(page.posts)
        if count >= _BATCH_ROWS:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


class HistoryReader:
    """Reads the latest history of posts up to a time."""

    def __init__(self, store: PageStore) -> None:
        self._store = store
        self._loads: dict[tuple[str, str], list[tuple[PageName, ...]]] | None = None
        self._read_loads = lru_cache(_CACHED_LOADS)(self._read_load_posts)
        self._read_analytics = lru_cache(_CACHED_LOADS)(self._read_analytics_pages)

    def merge(self, pages: Sequence[PageContent]) -> Iterator[PageContent]:
        """Yield pages of post analytics of one request, with the posts of the history as they were at that time."""
        # Merging page by page takes 10 times as long where pages have some tens of posts.
        platform, profile = PLATFORMS[pages[0].header.request.platform], pages[0].header.request.profile
        sizes = [len(page.posts) for page in pages]
        analytics = to_frame(pa.concat_tables(page.posts for page in pages))
        received_at = np.repeat([np.datetime64(page.header.received_at.replace(tzinfo=None)) for page in pages], sizes)
        load_count = len({page.name.load for page in pages})
        history, rows = self._find(analytics[ID.name], received_at, platform, profile, load_count)
        posts = merge_observations(history, analytics, rows)
        if platform.unmeasured_zeros is not None:
            ends = accumulate(sizes)
            parts = [posts[end - size : end] for size, end in zip(sizes, ends, strict=True)]
            accounts = map(self._read_load_analytics, pages)
            posts = pd.concat(map(remove_unmeasured_zeros, parts, accounts), ignore_index=True)
        table = pa.Table.from_pandas(posts, schema=pages[0].posts.schema, preserve_index=False)
        for page, size, end in zip(pages, sizes, accumulate(sizes), strict=True):
            yield page._replace(posts=table.slice(end - size, size))

    def _find(
        self,
        post_ids: pd.Series,
        received_at: npt.NDArray[np.datetime64],
        platform: Platform,
        profile: str,
        load_count: int,
    ) -> tuple[pd.DataFrame, IntArray]:
        """Return the history, and its row with each post as it was at a time; -1 if it does not have the post.

        Loads are read latest first, `load_count` at once.
        """
        rows, missing = np.full(len(post_ids), -1), np.flatnonzero(post_ids.notna())
        found, count = [to_frame(concat_tables([], [platform]))], 0
        loads = self._loads_before(received_at.max(), platform, profile) if len(missing) else iter(())
        while len(missing) and (names := tuple(islice(loads, load_count))):
            posts, load_rows = self._read_loads(names, platform, profile)
            codes, ids = pd.factorize(pd.concat([posts[ID.name], post_ids], ignore_index=True))
            read_at = posts[READ_AT.name].dt.tz_localize(None).to_numpy()
            for positions in load_rows:
                row_of_id = np.full(len(ids), -1)
                row_of_id[codes[positions]] = positions
                candidates = row_of_id[codes[len(posts) + missing]]
                is_found = candidates >= 0
                is_found[is_found] = read_at[candidates[is_found]] <= received_at[missing[is_found]]
                rows[missing[is_found]] = count + candidates[is_found]
                missing = missing[~is_found]
            found.append(posts)
            count += len(posts)
        return pd.concat(found, ignore_index=True), rows

    def _read_load_analytics(self, page: PageContent) -> pd.DataFrame:
        """Return the post analytics of all pages of the load of a page."""
        names = tuple(name for name in self._store.names(page.name.request_hash) if name.load == page.name.load)
        return self._read_analytics(names, PLATFORMS[page.header.request.platform])

    def _read_analytics_pages(self, names: tuple[PageName, ...], platform: Platform) -> pd.DataFrame:
        tables = [page.posts for page in iter_page_contents(self._store, self._store.labelled_headers(names))]
        return to_frame(concat_tables(tables, [platform]))

    def _loads_before(self, time: np.datetime64, platform: Platform, profile: str) -> Iterator[tuple[PageName, ...]]:
        """Yield the pages of each load of the history of a profile, latest load first."""
        if self._loads is None:
            self._loads = {}
            for pages in list_profile_pages(self._store, Selection(None, None)):
                hashes = tuple(filter(self._is_history, pages.request_hashes))
                names = pages._replace(request_hashes=hashes).names(self._store)
                names = sorted(names, key=lambda name: (name.load, name), reverse=True)
                loads = [tuple(group) for _, group in groupby(names, key=lambda name: (name.load, name.request_hash))]
                self._loads[pages.platform, pages.profile] = loads
        end = format_timestamp(time.astype(datetime).replace(tzinfo=UTC))
        return (names for names in self._loads.get((platform.name, profile), []) if names[0].load[: len(end)] <= end)

    def _is_history(self, request_hash: str) -> bool:
        """Return whether the pages of a request are those of a history."""
        header = next((header for _, header in self._store.headers(self._store.names(request_hash))), None)
        return header is not None and not header.request.is_analytics and not header.request.is_account

    def _read_load_posts(
        self, loads: tuple[tuple[PageName, ...], ...], platform: Platform, profile: str
    ) -> tuple[pd.DataFrame, list[IntArray]]:
        """Return the posts of the history that some loads have read, and the rows of each load."""
        headers = self._store.labelled_headers(chain.from_iterable(loads))
        own = [(name, header) for name, header in headers if header.request.profile == profile]
        pages = list(iter_page_contents(self._store, own))
        numbers = {name: number for number, names in enumerate(loads) for name in names}
        posts = to_frame(concat_tables([page.posts for page in pages], [platform]))
        posts[_LOAD_NUMBER] = np.repeat([numbers[page.name] for page in pages], [len(page.posts) for page in pages])
        posts = latest_observations(posts[posts[ID.name].notna()], (*POST_IDENTITY, _LOAD_NUMBER))
        posts = posts.reset_index(drop=True)
        load_numbers = posts.pop(_LOAD_NUMBER).to_numpy()
        return posts, [np.flatnonzero(load_numbers == number) for number in np.unique(load_numbers)]
