"""One history → tables of posts: from the API page by page, or from the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._api.client import Client
from ayrframe._api.pages import RetryBudget, iter_pages
from ayrframe._api.pagination import is_last_page, may_have_more
from ayrframe._api.plan import LoadPlan, LoadTarget
from ayrframe._archive import cache as _replay
from ayrframe._archive.page_file import ArchivedRequest, make_request
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.page_store import StoredPage as Kept
from ayrframe._archive.read import page_table
from ayrframe._decode.envelope import Envelope, parse_envelopes
from ayrframe._decode.posts import decode_posts
from ayrframe._metrics.periods import TimeRange
from ayrframe._platforms.columns import CREATED
from ayrframe.errors import AyrframeError, ConfigError, TransportError

_PAGES_BEFORE = 2  # So many pages wholly older than the period, and what follows is older too.


@dataclass(slots=True)
class FetchResult:
    """What came of one target. `more` says that there may be posts that were not read."""

    target: LoadTarget
    tables: list[pa.Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: AyrframeError | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What a load has to get posts with: a client, an archive, or both."""

    client: Client | None
    missing: str
    store: PageStore | None
    load: str
    now: datetime
    refresh: bool = False
    offline: bool = False
    allowance: RetryBudget | None = None
    advance: Callable[[int], None] = lambda _: None
    tell: Callable[[str], None] = lambda _: None
    stopped: Callable[[], bool] = lambda: False


class StopCondition:
    """Tells while pages come whether enough is read. Everything in here follows from the posts so far."""

    def __init__(self, plan: LoadPlan) -> None:
        """Begin with nothing read."""
        self._window, self._limit = plan.window, plan.limit
        self._oldest: datetime | None = None
        self._in_order = True
        self._older = self._held = 0

    def enough(self, posts: pa.Table) -> bool:
        """Take the posts of a page; return whether no page after it can matter."""
        moments = posts.column(CREATED.name).drop_null()
        if len(moments):
            self._follow(moments)
        window = self._window
        held = posts.column(CREATED.name)
        inside = [pc.greater_equal(held, window.since)] if window.since else []
        inside += [pc.less_equal(held, window.until)] if window.until else []
        mask = inside[0] if len(inside) == 1 else pc.and_(*inside) if inside else None
        self._held += len(posts) if mask is None else pc.sum(mask.cast(pa.int64()), min_count=0).as_py()
        if not self._in_order:
            return False
        return self._older >= _PAGES_BEFORE or (self._limit is not None and self._held >= self._limit)

    def _follow(self, moments: pa.ChunkedArray) -> None:
        first, last = pc.max(moments).as_py(), pc.min(moments).as_py()
        falling = moments.to_pylist()
        follows = self._oldest is None or first <= self._oldest
        self._in_order &= follows and all(after <= before for before, after in pairwise(falling))
        self._oldest = last
        since = self._window.since
        self._older = self._older + 1 if since is not None and first < since else 0


def fetch_target(result: FetchResult, place: int, plan: LoadPlan, means: FetchContext) -> None:
    """Fill a result with the posts of its target; an error stands in it beside what came before."""
    try:
        _fill(result, place, plan, means)
    except AyrframeError as error:
        error.platform = error.platform or result.target.platform.name
        result.error = error


def _fill(result: FetchResult, place: int, plan: LoadPlan, means: FetchContext) -> None:
    target = result.target
    identity = None if means.client is None else means.client.identity(target.profile)
    request = make_request(target.platform.name, profile=target.label, identity=identity, parameters=plan.key(target))
    if means.client is None or means.offline:
        otherwise = ConfigError(means.missing) if means.missing and not means.offline else None
        _from_archive(result, request, plan, means, otherwise)
        return
    if means.store is not None and not means.refresh:
        kept = _replay.fresh_pages(means.store, request, means.now)
        if kept is not None:
            _replayed(result, kept, plan)
            return
    lost = None
    try:
        _from_api(result, place, plan, means, means.client, request)
    except TransportError as error:
        lost = error
    if lost is not None:
        if means.store is None:
            raise lost
        _from_archive(result, request, plan, means, lost)


def _from_api(
    result: FetchResult, place: int, plan: LoadPlan, means: FetchContext, client: Client, request: ArchivedRequest
) -> None:
    target = result.target
    recorder = None if means.store is None else _replay.PageRecorder(means.store, request, load=means.load, place=place)
    reading = StopCondition(plan)
    found = iter_pages(
        client,
        target.platform,
        params=target.params,
        limit=plan.limit if plan.window.open else None,
        cursor=plan.cursor,
        profile_key=target.profile,
        headers=target.platform.headers,
        allowance=means.allowance,
        tell=means.tell,
    )
    for page in found:
        as_of = page.reply.last_updated or page.received_at
        posts = decode_posts(page.reply.items, target.platform, profile=target.label, as_of=as_of)
        enough = not plan.window.open and reading.enough(posts)
        if page.widened:
            result.tables.clear()
        result.tables.append(posts)
        result.notes += page.reply.notes
        if recorder is not None:
            recorder.keep(
                page.body,
                page.reply,
                received_at=page.received_at,
                last=page.last or enough,
                cursor=page.cursor,
                status=page.status,
                widened=page.widened,
            )
        means.advance(len(posts))
        if page.last or enough or means.stopped():
            result.more = _is_more(result, page.reply, page.cursor, plan)
            return


def _is_more(result: FetchResult, reply: Envelope, cursor: str | None, plan: LoadPlan) -> bool:
    """Tell whether posts that were asked for may be missing behind the last page that was read."""
    if plan.limit is None:
        return may_have_more(reply, cursor)
    held = sum(int(_inside(plan.window, table).sum()) for table in result.tables)
    return held >= plan.limit and not is_last_page(reply, cursor)


def _inside(window: TimeRange, posts: pa.Table) -> pd.Series:
    return window.holds(posts.column(CREATED.name).to_pandas())


def _from_archive(
    result: FetchResult, request: ArchivedRequest, plan: LoadPlan, means: FetchContext, otherwise: AyrframeError | None
) -> None:
    """Give the rows that this load gave when it was last made; `otherwise` is why the API was not asked."""
    target = result.target
    kept = None if means.store is None else _replay.last_pages(means.store, request, means.now)
    if kept is None:
        raise otherwise or AyrframeError(
            f"The archive has no complete load of {target.name} with these parameters, so there is nothing to answer "
            "from. Load it once with a key and a connection."
        )
    result.tables.clear()
    result.notes.clear()
    _replayed(result, kept, plan)
    if otherwise is not None:
        when = f"{min(page.head.received_at for page in kept):%Y-%m-%d %H:%M} UTC"
        result.notes.append(f"{otherwise} The posts of {target.name} are those of {when}, out of the archive.")


def _replayed(result: FetchResult, kept: list[Kept], plan: LoadPlan) -> None:
    """Fill a result with pages that were kept, as the load that kept them filled its own."""
    for page in kept:
        if page.head.widened:
            result.tables.clear()
        result.tables.append(page_table(page.head, page.body, result.target.platform, page.name))
    last = kept[-1]
    (*_, reply) = parse_envelopes(last.body, last.name)
    result.more = _is_more(result, reply, last.head.cursor, plan)
