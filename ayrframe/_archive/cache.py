"""Record the pages of a load, and use them for later loads while they are fresh or the API is not available."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from ayrframe._archive.page_file import ArchivedRequest, PageHeader, PageName, format_timestamp
from ayrframe._archive.page_store import PageStore, StoredPage
from ayrframe._decode.analytics import AnalyticsResponse
from ayrframe._decode.envelope import Envelope
from ayrframe._decode.values import parse_time
from ayrframe.errors import AyrframeError


class PageRecorder:
    """Stores the pages of one request in one load, each before the next is requested.

    `target_index` is the position of the request in the load.
    """

    def __init__(self, store: PageStore, request: ArchivedRequest, *, load: str, target_index: int = 0) -> None:
        self._store, self._request, self._load, self._target_index = store, request, load, target_index
        self._number = 0

    def record(
        self,
        body: bytes,
        envelope: Envelope,
        *,
        received_at: datetime,
        is_last: bool,
        cursor: str | None = None,
        status: int = 200,
        replaces_previous: bool = False,
    ) -> bool:
        """Store a page; return whether it was stored.

        `is_last` is whether no page will be requested after it, `cursor` the one with which it was requested, and
        `replaces_previous` whether it repeats the page before it and adds more.
        """
        next_update = envelope.fields.get("nextUpdate")
        return self._write(
            body,
            received_at,
            is_last=is_last,
            cursor=cursor,
            status=status,
            has_warnings=bool(envelope.warnings),
            last_updated=envelope.last_updated,
            next_update=parse_time(next_update) if isinstance(next_update, str) else None,
            replaces_previous=replaces_previous,
        )

    def record_analytics(
        self, body: bytes, content: AnalyticsResponse, post_ids: Sequence[str], *, received_at: datetime, status: int
    ) -> bool:
        """Store a page with the analytics of these posts; return whether it was stored."""
        return self._write(
            body,
            received_at,
            is_last=True,
            cursor=None,
            status=status,
            has_warnings=bool(content.warnings),
            last_updated=None,
            next_update=content.next_update,
            post_ids=tuple(post_ids),
        )

    def _write(self, body: bytes, received_at: datetime, **fields: Any) -> bool:
        self._number += 1
        header = PageHeader(
            request=self._request,
            load=self._load,
            target_index=self._target_index,
            number=self._number,
            received_at=received_at.astimezone(UTC),
            **fields,
        )
        return self._store.write(header, body)


def fresh_pages(store: PageStore, request: ArchivedRequest, now: datetime) -> list[StoredPage] | None:
    """Return the pages of the last complete load of a request, if the API has no newer numbers yet."""
    # An older load is not an answer. One from the future, if it is the only one, is not fresh.
    pages = last_pages(store, request, now)
    return pages if pages and all(page.header.is_fresh(now) for page in pages) else None


def last_pages(store: PageStore, request: ArchivedRequest, now: datetime) -> list[StoredPage] | None:
    """Return the pages of the last complete load of a request, however old; loads in the future come last."""
    loads = _names_by_load(store, request)
    order = _time_order(now)
    latest_first = sorted(loads, key=lambda load: order(loads[load][0]), reverse=True)
    return next(_complete_loads(store, request, (loads[load] for load in latest_first)), None)


def analytics_pages(
    store: PageStore, request: ArchivedRequest, post_ids: Iterable[str], now: datetime, *, only_fresh: bool
) -> Iterator[tuple[StoredPage, list[str]]]:
    """Yield the latest pages with analytics of these posts, each with the posts that no later page is of.

    With `only_fresh`, pages are left out for which the API may have newer numbers, and loads before one of which all
    numbers may be out of date.
    """
    remaining = dict.fromkeys(post_ids)
    latest_first = sorted(store.names(request.request_hash), key=_time_order(now), reverse=True)
    for _, names in groupby(latest_first, key=lambda name: name.load):
        if not remaining:
            return
        headers = list(store.headers(names))
        for name, header in headers:
            found = [post_id for post_id in header.post_ids if post_id in remaining]
            if not found or not request.is_answered_by(header.request) or (only_fresh and not header.is_fresh(now)):
                continue
            for page in store.pages([name]):
                yield page, found
                for post_id in found:
                    del remaining[post_id]
        # Otherwise the time of a load would grow with the number of loads in the archive.
        if only_fresh and headers and all(header.next_update and header.next_update <= now for _, header in headers):
            return


def _time_order(now: datetime) -> Callable[[PageName], tuple[bool, str, int]]:
    """Return the sort key of pages by the time of their load; loads in the future come first."""
    end = format_timestamp(now)
    return lambda name: (name.load[: len(end)] <= end, name.load, name.number)


def _names_by_load(store: PageStore, request: ArchivedRequest) -> dict[str, list[PageName]]:
    """Return the names of all pages of a request by load; without an identity, all must have the same one."""
    loads: dict[str, list[PageName]] = {}
    for name in store.names(request.request_hash):
        loads.setdefault(name.load, []).append(name)
    if request.identity is None:
        headers = (header for _, header in store.headers(names[0] for names in loads.values()))
        identities = {header.request.identity for header in headers if request.is_answered_by(header.request)}
        if len(identities) > 1:
            raise AyrframeError(
                f"The archive {store.path!r} has this load of {request.platform} for {len(identities)} different keys "
                f"under the same profile label {request.profile!r}. Pass the key, or load with one label per profile."
            )
    return loads


def _complete_loads(
    store: PageStore, request: ArchivedRequest, loads: Iterable[list[PageName]]
) -> Iterator[list[StoredPage]]:
    """Yield the pages of loads that have all pages, intact, and answer this request."""
    for names in loads:
        count = len(names)
        if [name.number for name in names] != list(range(1, count + 1)):
            continue
        headers = [header for _, header in store.headers(names)]
        is_complete = [header.is_last for header in headers] == [False] * (count - 1) + [True]
        if is_complete and all(request.is_answered_by(header.request) for header in headers):
            pages = list(store.pages(names))
            if len(pages) == count:
                yield pages
