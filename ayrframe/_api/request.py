"""Make one request after the other, within the deadline, the rate limit and the retry budget of a load."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ayrframe._api.client import Client
from ayrframe._api.models import Clock, Failure, RequestContext, Response
from ayrframe._api.rate_limit import RateLimiter
from ayrframe._api.retry import Accept, Attempts, GiveUp, Parse, T, decide
from ayrframe._api.secrets import Secret
from ayrframe.errors import AyrframeError, RateLimitError, TransportError

Notify = Callable[[str], None]

_RETRY_COST, _MAX_BUDGET = 5, 50  # Ten retries per load; every five pages give one back.
_NOTIFY_SECONDS = 5.0
_LONG_WAIT = 60.0
_MIN_WAIT = 0.001
_log = logging.getLogger("ayrframe")
_log.addHandler(logging.NullHandler())


class RetryBudget:
    """Time and retries that remain for one load, over all its pages, platforms and profiles."""

    def __init__(self, clock: Clock, deadline: float | None) -> None:
        """Start measuring the time of the load."""
        self._clock = clock
        self.deadline = deadline
        self._end = float("inf") if deadline is None else clock.now() + deadline
        self._lock = threading.Lock()
        self._budget = _MAX_BUDGET

    def remaining(self) -> float:
        """Return the seconds until the deadline."""
        return self._end - self._clock.now()

    def take_retry(self, pause: float) -> bool:
        """Use up one retry; return False if none is left or the pause exceeds the deadline."""
        with self._lock:
            if pause >= self.remaining() or self._budget < _RETRY_COST:
                return False
            self._budget -= _RETRY_COST
            return True

    def add_page(self) -> None:
        """Give back a fifth of a retry for a page that was received."""
        with self._lock:
            self._budget = min(self._budget + 1, _MAX_BUDGET)


@dataclass(frozen=True, slots=True)
class Requester:
    """Makes the requests of one platform and profile, with retries.

    `headers` names the headers with X keys that the platform needs.
    """

    client: Client
    profile: Secret | None
    headers: Sequence[str]
    retry_budget: RetryBudget
    notify: Notify | None

    def fetch(
        self,
        path: str,
        params: Sequence[tuple[str, str]],
        context: RequestContext,
        parse: Parse[T],
        json: Mapping[str, Any] | None = None,
    ) -> tuple[Response, T]:
        """Return the response to a request and its content as parsed; after the last useful retry, raise the error.

        With a `json` body the request is a POST request, which is retried as well: it must not change anything.
        """
        limiter = self.client._limiter(self.profile)
        attempts = Attempts()
        while True:
            self._wait_for_rate_limit(limiter, context)
            outcome = self._send(limiter, path, params, context, json)
            decision = decide(outcome, context, attempts, parse, jitter=self.client.clock.jitter())
            if isinstance(decision, Accept):
                self.retry_budget.add_page()
                return decision.response, decision.content
            if isinstance(decision, GiveUp) or not self.retry_budget.take_retry(decision.after):
                raise decision.error
            if decision.pause_profile:
                limiter.pause(decision.after)
            reason = f"HTTP {outcome.status}" if isinstance(outcome, Response) else context.redact(outcome.message)
            self._report_wait(decision.after, f"{context}: {reason}; retrying in {decision.after:.0f} s.")
            self.client.clock.sleep(decision.after)
            attempts = decision.attempts

    def _wait_for_rate_limit(self, limiter: RateLimiter, context: RequestContext) -> None:
        """Wait until the rate limit of the profile allows a request."""
        while (wait := limiter.acquire()) is not None:
            if wait >= self.retry_budget.remaining():
                raise self._deadline_error(context, wait)
            wait = max(wait, _MIN_WAIT)
            reason = f"{limiter.max_requests} requests in five minutes reach the rate limit of the profile"
            self._report_wait(wait, f"{context}: {reason}; continuing in {wait:.0f} s.")
            self.client.clock.sleep(wait)

    def _send(
        self,
        limiter: RateLimiter,
        path: str,
        params: Sequence[tuple[str, str]],
        context: RequestContext,
        json: Mapping[str, Any] | None,
    ) -> Response | Failure:
        remaining = self.retry_budget.remaining()
        outcome: Response | Failure | None = None
        try:
            if remaining <= 0:
                raise self._deadline_error(context, None)
            outcome = self.client._send(
                path,
                params,
                profile=self.profile,
                headers=self.headers,
                timeout=min(self.client.timeout, remaining),
                json=json,
            )
        finally:
            limiter.release(outcome.headers if isinstance(outcome, Response) else {})
        result = f"HTTP {outcome.status}" if isinstance(outcome, Response) else outcome.kind.name
        _log.debug("%s: %s", context, result)
        return outcome

    def _deadline_error(self, context: RequestContext, wait: float | None) -> AyrframeError:
        """Return the error of a load at its deadline, or of a wait for the rate limit beyond the deadline."""
        deadline = f"the deadline of {self.retry_budget.deadline:g} s for the whole load"
        error: AyrframeError
        if wait is None:
            error = TransportError(f"{context}: {deadline} has passed. Pass a longer `deadline` to ayr.Client.")
        else:
            error = RateLimitError(
                f"{context}: rate limit of the profile reached; retry in {wait:.0f} s, which is beyond {deadline}."
            )
            error.retry_after = wait
        error.platform, error.retryable = context.platform.name, True
        return error

    def _report_wait(self, wait: float, text: str) -> None:
        """Log a wait, and show the user a long one."""
        level = logging.WARNING if wait > _LONG_WAIT else logging.INFO if wait > _NOTIFY_SECONDS else logging.DEBUG
        _log.log(level, "%s", text)
        if self.notify is not None and wait > _NOTIFY_SECONDS:
            self.notify(text)
