"""Ask for a history page by page, within a deadline, the limit of the profile, and a budget of retries."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ayrframe._api.client import Client
from ayrframe._api.models import Clock, Failure, RequestContext, Response
from ayrframe._api.pagination import HistoryPage, Paginator
from ayrframe._api.rate_limit import RateLimiter
from ayrframe._api.retry import Accept, Attempts, GiveUp, Retry, decide
from ayrframe._api.secrets import Secret
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, RateLimitError, RequestError, TransportError

Notify = Callable[[str], None]
Parameters = Mapping[str, str | int | bool | None]

_RETRY_COST, _MAX_BUDGET = 5, 50  # Ten retries a load, and one more for each five pages that came.
_NOTIFY_SECONDS = 5.0
_LONG_WAIT = 60.0
_MIN_WAIT = 0.001
_log = logging.getLogger("ayrframe")
_log.addHandler(logging.NullHandler())


class RetryBudget:
    """What one load may still spend, over all its pages, platforms and profiles: time and retries."""

    def __init__(self, clock: Clock, deadline: float | None) -> None:
        """Start the clock of the load."""
        self._clock = clock
        self.deadline = deadline
        self._end = float("inf") if deadline is None else clock.now() + deadline
        self._lock = threading.Lock()
        self._budget = _MAX_BUDGET

    def remaining(self) -> float:
        """Return how many seconds are left."""
        return self._end - self._clock.now()

    def take_retry(self, pause: float) -> bool:
        """Take a retry after a pause out of the budget, if it holds one and the time suffices."""
        with self._lock:
            if pause >= self.remaining() or self._budget < _RETRY_COST:
                return False
            self._budget -= _RETRY_COST
            return True

    def refund_page(self) -> None:
        """Give a part of a retry back, for a page that came."""
        with self._lock:
            self._budget = min(self._budget + 1, _MAX_BUDGET)


def iter_pages(
    client: Client,
    platform: Platform,
    *,
    params: Parameters | None = None,
    limit: int | None = None,
    cursor: str | None = None,
    profile_key: Secret | None = None,
    headers: Sequence[str] = (),
    retry_budget: RetryBudget | None = None,
    notify: Notify | None = None,
) -> Iterator[HistoryPage]:
    """Yield the pages of a history as they come, the newest posts first; none is asked for before it is wanted.

    `headers` names the headers with keys that this platform wants besides. An error carries the platform and the
    cursor to go on with; what was yielded before it is good.
    """
    profile = profile_key or client.profile_key
    context = RequestContext(platform, 1, client.redactor(profile).redact)
    fetcher = _PageFetcher(client, profile, headers, retry_budget or RetryBudget(client.clock, client.deadline), notify)
    request_params = [(name, _format_parameter(value)) for name, value in (params or {}).items() if value is not None]
    paginator = Paginator(limit=limit, cursor=cursor, context=context)
    while True:
        try:
            page = fetcher.page(paginator, replace(context, page=paginator.number), request_params)
        except AyrframeError as error:
            # What refuses a cursor will refuse it again; from the beginning it may go.
            error.cursor = None if isinstance(error, RequestError) and not error.retryable else paginator.cursor
            raise
        yield page
        if paginator.problem is not None:
            paginator.problem.platform = platform.name
            raise paginator.problem
        if page.is_last:
            return


@dataclass(frozen=True, slots=True)
class _PageFetcher:
    """One walk's way of getting a page."""

    client: Client
    profile: Secret | None
    headers: Sequence[str]
    retry_budget: RetryBudget
    notify: Notify | None

    def page(
        self, paginator: Paginator, context: RequestContext, request_params: Sequence[tuple[str, str]]
    ) -> HistoryPage:
        """Return a page, or raise what stands in its way after all retries that make sense."""
        limiter = self.client.limiter(self.profile)
        attempts = Attempts()
        while True:
            self._wait_for_rate_limit(limiter, context)
            outcome = self._send(limiter, [*request_params, *paginator.next_request()], context)
            decision = decide(outcome, context, attempts, jitter=self.client.clock.jitter())
            if isinstance(decision, Accept) and isinstance(outcome, Response):
                self.retry_budget.refund_page()
                return paginator.add(
                    outcome.body, decision.envelope, status=outcome.status, received_at=outcome.received_at
                )
            assert isinstance(decision, (Retry, GiveUp))  # noqa: S101 - for the type checker
            if isinstance(decision, GiveUp) or not self.retry_budget.take_retry(decision.after):
                raise decision.error
            if decision.pause_profile:
                limiter.pause(decision.after)
            self._report_wait(decision.after, f"{decision.error} Asking again in {decision.after:.0f} s.")
            self.client.clock.sleep(decision.after)
            attempts = decision.attempts

    def _wait_for_rate_limit(self, limiter: RateLimiter, context: RequestContext) -> None:
        """Wait for a place within the limit of the profile."""
        while (wait := limiter.acquire()) is not None:
            if wait >= self.retry_budget.remaining():
                raise self._deadline_error(context, wait)
            wait = max(wait, _MIN_WAIT)
            reason = f"of the {limiter.max_requests} requests of five minutes none is left"
            self._report_wait(wait, f"{context.where}: {reason}; going on in {wait:.0f} s.")
            self.client.clock.sleep(wait)

    def _send(
        self, limiter: RateLimiter, params: Sequence[tuple[str, str]], context: RequestContext
    ) -> Response | Failure:
        remaining = self.retry_budget.remaining()
        outcome: Response | Failure | None = None
        try:
            if remaining <= 0:
                raise self._deadline_error(context, None)
            outcome = self.client.send(
                f"/history/{context.platform.name}",
                params,
                profile=self.profile,
                headers=self.headers,
                timeout=min(self.client.timeout, remaining),
            )
        finally:
            limiter.release(outcome.headers if isinstance(outcome, Response) else {})
        outcome_text = f"HTTP {outcome.status}" if isinstance(outcome, Response) else outcome.kind.name
        _log.debug("%s, page %d: %s", context.platform.title, context.page, outcome_text)
        return outcome

    def _deadline_error(self, context: RequestContext, wait: float | None) -> AyrframeError:
        """Return the error for a load whose time is up, or would be before its profile may ask again."""
        limit_text = f"the deadline of {self.retry_budget.deadline:g} s for the whole load"
        error: AyrframeError
        if wait is None:
            error = TransportError(f"{context.where}: {limit_text} is over.")
        else:
            error = RateLimitError(
                f"{context.where}: the limit of the profile is used up for {wait:.0f} s, beyond {limit_text}."
            )
            error.retry_after = wait
        error.platform, error.retryable = context.platform.name, True
        return error

    def _report_wait(self, wait: float, text: str) -> None:
        """Never wait long in silence."""
        level = logging.WARNING if wait > _LONG_WAIT else logging.INFO if wait > _NOTIFY_SECONDS else logging.DEBUG
        _log.log(level, "%s", text)
        if self.notify is not None and wait > _NOTIFY_SECONDS:
            self.notify(text)


def _format_parameter(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
