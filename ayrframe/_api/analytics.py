"""Fetch post analytics of the posts that a load keeps, from the API in batches or from the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ayrframe._api.analytics_response import parse_analytics_response
from ayrframe._api.client import Client
from ayrframe._api.fetch import FetchContext, FetchResult, archived_request
from ayrframe._api.models import RequestContext
from ayrframe._api.plan import LoadPlan
from ayrframe._api.request import Requester, RetryBudget
from ayrframe._api.response import FIRST_ERROR_STATUS
from ayrframe._api.results import kept_ids
from ayrframe._archive.cache import PageRecorder, analytics_pages
from ayrframe._archive.page_file import POST_ANALYTICS, ArchivedRequest
from ayrframe._archive.page_store import PageStore
from ayrframe._decode.analytics import NO_ANALYTICS, parse_objects, read_responses
from ayrframe._frame.post_analytics import AnalyticsReadings
from ayrframe.errors import AuthError, AyrframeError, NotLinkedError, RateLimitError, TransportError

BATCH_SIZE = 100  # Maximum number of ids that one request accepts.
# Errors that every further request of the platform and profile would cause again.
_FINAL_ERRORS = (AuthError, NotLinkedError, RateLimitError)


def fetch_analytics(result: FetchResult, target_index: int, plan: LoadPlan, context: FetchContext) -> None:
    """Fetch the analytics of the posts of a target into its result; failures are reasons why analytics are missing."""
    target, client = result.target, context.client
    post_ids = kept_ids(plan, result)
    if not post_ids:
        return
    result.analytics = readings = AnalyticsReadings(target.platform, result.label)
    request = archived_request(target, context, {"endpoint": POST_ANALYTICS})
    is_offline = client is None or context.offline or result.is_archived
    if context.store is not None and (is_offline or not context.refresh):
        post_ids = _read_stored(readings, post_ids, request, context, context.store, only_fresh=not is_offline)
    if post_ids and (client is None or is_offline):
        result.warnings.append(f"{target.name}: the archive has no post analytics of {len(post_ids):,} posts.")
    elif post_ids and client is not None:
        _AnalyticsFetcher(result, readings, request, context, client, target_index).fetch(post_ids)


def _read_stored(
    readings: AnalyticsReadings,
    post_ids: Sequence[str],
    request: ArchivedRequest,
    context: FetchContext,
    store: PageStore,
    *,
    only_fresh: bool,
) -> list[str]:
    """Add the analytics in the archive; return the posts of which it has none."""
    missing = dict.fromkeys(post_ids)
    for page, found in analytics_pages(store, request, post_ids, context.now, only_fresh=only_fresh):
        content = read_responses(parse_objects(page.body, page.name) or [])
        readings.add(content, found, page.header.received_at)
        for post_id in found:
            del missing[post_id]
    return list(missing)


class _AnalyticsFetcher:
    """Requests the analytics of one platform and profile, batch after batch."""

    def __init__(
        self,
        result: FetchResult,
        readings: AnalyticsReadings,
        request: ArchivedRequest,
        context: FetchContext,
        client: Client,
        target_index: int,
    ) -> None:
        self._result, self._readings, self._request, self._context = result, readings, request, context
        self._platform, profile = readings.platform, result.target.profile or client.profile_key
        budget = context.retry_budget or RetryBudget(client.clock, client.deadline)
        self._requester = Requester(client, profile, self._platform.headers, budget, context.notify)
        redact = client._redactor_of(profile).redact
        self._request_context = RequestContext(self._platform, 1, redact, result.target.label, "post analytics")
        self._recorder = None
        if context.store is not None:
            self._recorder = PageRecorder(context.store, request, load=context.load_id, target_index=target_index)

    def fetch(self, post_ids: Sequence[str]) -> None:
        """Request the analytics of these posts; errors are stored as reasons."""
        starts = range(0, len(post_ids), BATCH_SIZE)
        count = "1 request" if len(starts) == 1 else f"{len(starts):,} requests"
        self._context.notify(f"{self._request_context}: {len(post_ids):,} posts in {count}.")
        for number, start in enumerate(starts, start=1):
            if self._context.is_stopped():
                return
            batch = post_ids[start : start + BATCH_SIZE]
            try:
                self._fetch_batch(batch, number)
            except AyrframeError as error:
                is_final = isinstance(error, _FINAL_ERRORS)
                self._fail(error, post_ids[start:] if is_final else batch)
                if is_final:
                    return

    def _fetch_batch(self, post_ids: Sequence[str], number: int) -> None:
        response, content = self._requester.fetch(
            f"/{POST_ANALYTICS}",
            [],
            replace(self._request_context, page=number),
            parse_analytics_response,
            json={"postIds": post_ids, "platforms": [self._platform.name], "searchPlatformId": True},
        )
        ignored = self._readings.add(content, post_ids, response.received_at)
        self._result.warnings += content.warnings
        if ignored:
            self._result.warnings.append(
                f"{self._request_context}: ignored analytics of {ignored:,} posts that were not requested."
            )
        if self._recorder is not None:
            self._recorder.record_analytics(
                response.body, content, post_ids, received_at=response.received_at, status=response.status
            )
        self._context.advance(0)

    def _fail(self, error: AyrframeError, post_ids: Sequence[str]) -> None:
        """Store why analytics are missing; without a connection, the archive may have older ones."""
        if isinstance(error, TransportError) and (store := self._context.store) is not None:
            stored = len(post_ids)
            post_ids = _read_stored(self._readings, post_ids, self._request, self._context, store, only_fresh=False)
            if stored := stored - len(post_ids):
                self._result.warnings.append(f"{error} Using the archived analytics of {stored:,} posts.")
        status = error.status if (error.status or 0) >= FIRST_ERROR_STATUS else None
        self._readings.reasons |= dict.fromkeys(post_ids, str(error.code or status or NO_ANALYTICS))
        self._readings.problems.append(str(error))
