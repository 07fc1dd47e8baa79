"""Decide whether to accept a response, retry, or give up. No I/O, clock or random numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from ayrframe._api.models import Failure, RequestContext, Response
from ayrframe._api.rate_limit import MIN_RATE_LIMIT_WAIT, parse_retry_after
from ayrframe.errors import AyrframeError, RateLimitError, ServerError, TransportError

MAX_WAIT = 60.0  # Longer waits are errors with `retry_after`.
_MIN_PAUSE = 0.5
_BASE_PAUSE, _MAX_PAUSE = 1.0, 20.0
_RATE_LIMIT_PAUSE = 10.0
_MAX_SERVER_RETRIES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempts:
    """Number of failed and of rate-limited attempts of one request."""

    failed: int = 0
    rate_limited: int = 0


@dataclass(frozen=True, slots=True)
class Accept(Generic[T]):
    """Accept a response and its parsed content."""

    response: Response
    content: T


@dataclass(frozen=True, slots=True)
class Retry:
    """Retry after `after` seconds, or raise `error` if that is too late; `pause_profile` pauses the whole profile."""

    after: float
    attempts: Attempts
    error: AyrframeError
    pause_profile: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Raise an error that retries cannot avoid."""

    error: AyrframeError


# Returns the content of a response, the error that it reports, or the failure of a truncated response.
Parse = Callable[[Response, RequestContext], T | AyrframeError | Failure]


def decide(
    outcome: Response | Failure, context: RequestContext, attempts: Attempts, parse: Parse[T], *, jitter: float
) -> Accept[T] | Retry | GiveUp:
    """Decide what to do after a request; `jitter` is a random number in [0, 1)."""
    decision: Retry | GiveUp
    if isinstance(outcome, Failure):
        decision = _after_failure(outcome, context, attempts, jitter)
    else:
        result = parse(outcome, context)
        if isinstance(result, Failure):
            decision = _after_failure(result, context, attempts, jitter)
        elif isinstance(result, AyrframeError):
            wait = parse_retry_after(outcome.headers, outcome.received_at)
            decision = _after_error(result, wait, attempts, jitter)
        else:
            return Accept(outcome, result)
    decision.error.platform = context.platform.name
    return decision


def _backoff(attempts: int, jitter: float) -> float:
    """Return an exponential backoff with jitter; its minimum keeps clients from retrying at the same time."""
    seconds = min(_BASE_PAUSE * 2.0**attempts, _MAX_PAUSE)
    return max(seconds * (0.5 + jitter / 2), _MIN_PAUSE)


def _after_failure(failure: Failure, context: RequestContext, attempts: Attempts, jitter: float) -> Retry | GiveUp:
    count = f" ({attempts.failed + 1} attempts)" if attempts.failed else ""
    error = TransportError(f"{context}: {context.redact(failure.message)}{count}. {failure.kind.advice}")
    error.retryable = failure.kind.retries > 0
    if attempts.failed >= failure.kind.retries:
        return GiveUp(error)
    return Retry(_backoff(attempts.failed, jitter), replace(attempts, failed=attempts.failed + 1), error)


def _after_error(error: AyrframeError, wait: float | None, attempts: Attempts, jitter: float) -> Retry | GiveUp:
    if error.retry_after is None:
        error.retry_after = wait
    if isinstance(error, RateLimitError):
        return _after_rate_limit(error, wait, attempts, jitter)
    if not isinstance(error, ServerError) or attempts.failed >= _MAX_SERVER_RETRIES or (wait or 0) > MAX_WAIT:
        return GiveUp(error)
    after = max(_backoff(attempts.failed, jitter), wait or 0)
    return Retry(after, replace(attempts, failed=attempts.failed + 1), error)


def _after_rate_limit(error: RateLimitError, wait: float | None, attempts: Attempts, jitter: float) -> Retry | GiveUp:
    """Retry once at most: 1,000 rate limit errors in a day suspend the profile."""
    if attempts.rate_limited or (wait or 0) > MAX_WAIT:
        return GiveUp(error)
    after = _RATE_LIMIT_PAUSE * (0.5 + jitter / 2) if wait is None else max(wait, MIN_RATE_LIMIT_WAIT)
    return Retry(after, replace(attempts, rate_limited=1), error, pause_profile=True)
