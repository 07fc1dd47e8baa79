"""Fetch the posts of one platform and profile, from the API page by page or from the archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import replace

from ayrframe._api.client import Client
from ayrframe._api.pages import iter_pages
from ayrframe._api.plan import LoadPlan, LoadTarget
from ayrframe._api.request import RetryBudget
from ayrframe._api.secrets import Redactor, fingerprint
from ayrframe._archive.cache import PageRecorder, fresh_pages, last_pages
from ayrframe._archive.page_file import ArchivedRequest, make_request
from ayrframe._archive.page_store import PageStore, StoredPage
from ayrframe._archive.read import page_table
from ayrframe._decode.envelope import Envelope, parse_envelopes
from ayrframe._decode.pagination import is_end_of_history, is_last_page, may_have_more, page_size
from ayrframe._decode.posts import decode_posts
from ayrframe._frame.post_analytics import AnalyticsReadings
from ayrframe._metrics.periods import TimeRange
from ayrframe._platforms.columns import CREATED
from ayrframe.errors import AyrframeError, ConfigError, TransportError

_MAX_OLDER_PAGES = 2  # After this many pages older than the period, later pages are taken to be older, too.


@dataclass(slots=True)
class FetchResult:
    """Posts, warnings and error of one target.

    `has_more` is whether there may be posts that were not read, `is_archived` whether the API could not be asked, and
    `reached_end` whether it is certain that the history has no older posts. `analytics` is None if none were requested.
    `label` is the profile label of the posts.
    """

    target: LoadTarget
    tables: list[pa.Table] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: AyrframeError | None = None
    has_more: bool = False
    is_archived: bool = False
    reached_end: bool = False
    analytics: AnalyticsReadings | None = None
    label: str = field(init=False)

    def __post_init__(self) -> None:
        """Start with the label of the target."""
        self.label = self.target.label


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What all targets of a load share: the client, the page store of the archive, retries and progress."""

    client: Client | None
    no_client_reason: str
    store: PageStore | None
    load_id: str
    now: datetime
    refresh: bool = False
    offline: bool = False
    retry_budget: RetryBudget | None = None
    advance: Callable[[int], None] = lambda _: None
    notify: Callable[[str], None] = lambda _: None
    is_stopped: Callable[[], bool] = lambda: False


class StopCondition:
    """Decides from the posts read so far whether later pages are needed."""

    def __init__(self, plan: LoadPlan) -> None:
        """Start without posts."""
        self._window, self._limit = plan.window, plan.limit
        self._oldest: datetime | None = None
        self._in_order = True
        self._older_pages = self._matching = 0

    def is_met(self, posts: pa.Table) -> bool:
        """Add the posts of a page; return whether no later page is needed."""
        created_times = posts.column(CREATED.name).drop_null()
        if len(created_times):
            self._track_order(created_times)
        window = self._window
        created = posts.column(CREATED.name)
        bounds = [pc.greater_equal(created, window.since)] if window.since else []
        bounds += [pc.less_equal(created, window.until)] if window.until else []
        mask = bounds[0] if len(bounds) == 1 else pc.and_(*bounds) if bounds else None
        self._matching += len(posts) if mask is None else pc.sum(mask.cast(pa.int64()), min_count=0).as_py()
        if not self._in_order:
            return False
        return self._older_pages >= _MAX_OLDER_PAGES or (self._limit is not None and self._matching >= self._limit)

    def _track_order(self, created_times: pa.ChunkedArray) -> None:
        first, last = pc.max(created_times).as_py(), pc.min(created_times).as_py()
        times = created_times.to_pylist()
        follows = self._oldest is None or first <= self._oldest
        self._in_order &= follows and all(after <= before for before, after in pairwise(times))
        self._oldest = last
        since = self._window.since
        self._older_pages = self._older_pages + 1 if since is not None and first < since else 0


def fetch_target(result: FetchResult, target_index: int, plan: LoadPlan, context: FetchContext) -> None:
    """Fetch the posts of a target into its result; an error is stored beside the posts that arrived before it."""
    try:
        _fetch_posts(result, target_index, plan, context)
    except AyrframeError as error:
        error.platform = error.platform or result.target.platform.name
        result.error = error


def _fetch_posts(result: FetchResult, target_index: int, plan: LoadPlan, context: FetchContext) -> None:
    target = result.target
    parameters = plan.key(target)
    if context.client is not None and plan.cursor and _redactor(context.client, target).has_key(plan.cursor):
        parameters["cursor"] = fingerprint(plan.cursor)
    request = archived_request(target, context, parameters)
    if context.client is None or context.offline:
        reason = ConfigError(context.no_client_reason) if context.no_client_reason and not context.offline else None
        _fetch_from_archive(result, request, plan, context, reason)
        return
    if context.store is not None and not context.refresh:
        pages = fresh_pages(context.store, request, context.now)
        if pages is not None:
            _read_archived_pages(result, pages, plan, context.store)
            return
    transport_error = None
    try:
        _fetch_from_api(result, target_index, plan, context, context.client, request)
    except TransportError as error:
        transport_error = error
    if transport_error is not None:
        if context.store is None:
            raise transport_error
        _fetch_from_archive(result, request, plan, context, transport_error)


def archived_request(target: LoadTarget, context: FetchContext, parameters: Mapping[str, object]) -> ArchivedRequest:
    """Return the request by which the archive finds pages of a target."""
    identity = None if context.client is None else context.client._identity(target.profile)
    return make_request(target.platform.name, profile=target.label, identity=identity, parameters=parameters)


def _fetch_from_api(
    result: FetchResult,
    target_index: int,
    plan: LoadPlan,
    context: FetchContext,
    client: Client,
    request: ArchivedRequest,
) -> None:
    target = result.target
    recorder = None
    if context.store is not None:
        context.store.create_folder()
        set_label(result, context.store, request)
        recorder = PageRecorder(context.store, request, load=context.load_id, target_index=target_index)
    stop_condition = StopCondition(plan)
    redactor = _redactor(client, target)
    history_pages = iter_pages(
        client,
        target.platform,
        params=target.params,
        limit=plan.request_limit,
        cursor=plan.cursor,
        profile_key=target.profile,
        label=target.label,
        headers=target.platform.headers,
        retry_budget=context.retry_budget,
        notify=context.notify,
    )
    for page in history_pages:
        posts = decode_posts(
            page.envelope.items,
            target.platform,
            profile=result.label,
            read_at=page.received_at,
            last_updated=page.envelope.last_updated,
        )
        is_last = page.is_last or (not plan.window.is_unbounded and stop_condition.is_met(posts))
        if page.replaces_previous:
            result.tables.clear()
        result.tables.append(posts)
        result.warnings += page.envelope.warnings + page.envelope.value_warnings
        if recorder is not None:
            recorder.record(
                page.body,
                page.envelope,
                received_at=page.received_at,
                is_last=is_last,
                cursor=None if page.cursor is None else redactor.redact_all(page.cursor),
                status=page.status,
                replaces_previous=page.replaces_previous,
            )
        context.advance(len(posts))
        if is_last or context.is_stopped():
            _finish(result, page.envelope, page.cursor, plan, is_larger_page=page.replaces_previous)
            return


def set_label(result: FetchResult, store: PageStore, request: ArchivedRequest) -> None:
    """Give posts without a profile label the label that they have in the archive, with a warning if that is new."""
    result.label = store.labels().label(request)
    if result.label != request.profile:
        result.warnings.append(
            f"{result.target.name}: the archive {store.path!r} has posts of another key without a profile label, so "
            f"these have the profile {result.label!r}. Pass profile_key={{label: key}} to label profiles."
        )


def _redactor(client: Client, target: LoadTarget) -> Redactor:
    return client._redactor_of(target.profile or client.profile_key)


def _finish(
    result: FetchResult, envelope: Envelope, cursor: str | None, plan: LoadPlan, *, is_larger_page: bool
) -> None:
    """Store in a result what the last page says about older posts."""
    result.has_more = _has_more_posts(result, envelope, cursor, plan)
    size = page_size(plan.request_limit, is_larger_page=is_larger_page)
    result.reached_end = is_end_of_history(envelope, cursor, size)


def _has_more_posts(result: FetchResult, envelope: Envelope, cursor: str | None, plan: LoadPlan) -> bool:
    """Return whether requested posts may follow the last page that was read."""
    if plan.limit is None:
        return may_have_more(envelope, cursor)
    received = sum(int(_in_period(plan.window, table).sum()) for table in result.tables)
    return received >= plan.limit and not is_last_page(envelope, cursor)


def _in_period(window: TimeRange, posts: pa.Table) -> pd.Series:
    return window.contains(posts.column(CREATED.name).to_pandas())


def _fetch_from_archive(
    result: FetchResult, request: ArchivedRequest, plan: LoadPlan, context: FetchContext, reason: AyrframeError | None
) -> None:
    """Use the pages of the last complete load; `reason` is why the API was not used."""
    target = result.target
    pages = None if context.store is None else _last_pages(context.store, request, target, context.now)
    if pages is None or context.store is None:
        raise reason or AyrframeError(
            f"The archive has no complete load of {target.name} with these parameters. Load it once without "
            "`offline=True`; `Archive.posts()` returns all stored posts."
        )
    result.tables.clear()
    result.warnings.clear()
    result.is_archived = True
    _read_archived_pages(result, pages, plan, context.store)
    if reason is not None:
        when = f"{min(page.header.received_at for page in pages):%Y-%m-%d %H:%M} UTC"
        result.warnings.append(f"{reason} Using the archived posts of {target.name}, received at {when}.")


def _last_pages(
    store: PageStore, request: ArchivedRequest, target: LoadTarget, now: datetime
) -> list[StoredPage] | None:
    """Return the pages of the last load of a request, or else of the same one without default parameters."""
    pages = last_pages(store, request, now)
    if pages is None and target.defaults:
        parameters = {name: value for name, value in request.parameters.items() if name not in target.defaults}
        pages = last_pages(store, replace(request, parameters=parameters), now)
    return pages


def _read_archived_pages(result: FetchResult, pages: list[StoredPage], plan: LoadPlan, store: PageStore) -> None:
    """Fill a result from archived pages, as the load that stored them did."""
    set_label(result, store, pages[0].header.request)
    for page in pages:
        if page.header.replaces_previous:
            result.tables.clear()
        result.tables.append(page_table(page, result.target.platform, result.label))
    last = pages[-1]
    (*_, envelope) = parse_envelopes(last.body, last.name)
    _finish(result, envelope, last.header.cursor, plan, is_larger_page=last.header.replaces_previous)
