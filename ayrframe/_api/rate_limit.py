"""Limit the requests of each profile over all clients of this process, and read the header Retry-After."""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ayrframe._api.models import Clock

WINDOW_SECONDS = 300.0
MIN_RATE_LIMIT_WAIT = 1.0  # Servers also send Retry-After: 0, which would be an immediate retry.
_HOLD_SECONDS = WINDOW_SECONDS + 1.0  # Tolerates clocks that differ by up to a second.
_DEFAULT_MAX_REQUESTS = 300
_MARGIN = 10
_MAX_PLAUSIBLE = 100_000
_HEADER_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")
_DELAY_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_IN_FLIGHT_WAIT = 1.0


class RateLimiter:
    """Counts the requests of one profile.

    A request counts from its start until one window after its response. So no window of the server contains more
    requests than are counted, whenever that window begins.
    """

    def __init__(self, clock: Clock) -> None:
        """Start without requests, with the limit that Ayrshare documents."""
        self._clock = clock
        self._lock = threading.Lock()
        self._in_flight = 0
        self._expiries: deque[float] = deque()
        self._server_limit = _DEFAULT_MAX_REQUESTS
        self._paused_until = float("-inf")

    @property
    def max_requests(self) -> int:
        """Maximum number of requests per window: the limit in the last response, less a margin."""
        return self._server_limit - min(_MARGIN, self._server_limit // 2)

    def acquire(self) -> float | None:
        """Count a new request and return None, or return the seconds to wait before the next attempt."""
        with self._lock:
            now = self._clock.now()
            while self._expiries and self._expiries[0] <= now:
                self._expiries.popleft()
            if now < self._paused_until:
                return self._paused_until - now
            if self._in_flight + len(self._expiries) < self.max_requests:
                self._in_flight += 1
                return None
            return self._expiries[0] - now if self._expiries else _IN_FLIGHT_WAIT

    def release(self, headers: Mapping[str, str]) -> None:
        """Record the end of a request, and the limit and count in the headers of its response."""
        server_limit = _parse_header_number(headers.get("x-ratelimit-max"))
        server_count = _parse_header_number(headers.get("x-ratelimit-count"))
        with self._lock:
            expiry = self._clock.now() + _HOLD_SECONDS
            self._in_flight -= 1
            self._expiries.append(expiry)
            if server_limit:
                self._server_limit = server_limit
            if server_count is not None:
                # Requests of other processes, at unknown times: count them from now.
                uncounted = min(server_count, self._server_limit) - self._in_flight - len(self._expiries)
                self._expiries.extend([expiry] * uncounted)

    def pause(self, seconds: float) -> None:
        """Allow no request for some seconds, after the server reported the rate limit."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.now() + seconds)


class RateLimiters:
    """Rate limiters of this process, by fingerprint of the profile."""

    def __init__(self) -> None:
        """Start without limiters."""
        self.clear()

    def get(self, profile: str, clock: Clock) -> RateLimiter:
        """Return the rate limiter of a profile, or that of a profile of a sandbox, which has a clock of its own."""
        # A later sandbox may get the port of an earlier one, and so the same profile with another time.
        key = profile, None if type(clock) is Clock else clock
        with self._lock:
            return self._limiters.setdefault(key, RateLimiter(clock))

    def clear(self) -> None:
        """Remove all limiters and locks; after a fork, a thread of the parent may hold a lock."""
        self._lock = threading.Lock()
        self._limiters: dict[tuple[str, Clock | None], RateLimiter] = {}


RATE_LIMITERS = RateLimiters()
if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=RATE_LIMITERS.clear)


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds in the header Retry-After, 0 for a past date; None if it is missing or invalid."""
    value = headers.get("retry-after", "").strip()
    if _DELAY_SECONDS.fullmatch(value):
        return float(value)
    moment = _http_date(value)
    if moment is None:
        return None
    # Prefer the server's clock: the local clock may be wrong.
    return max((moment - (_http_date(headers.get("date", "")) or now)).total_seconds(), 0.0)


def _http_date(value: str) -> datetime | None:
    if not value[:1].isalpha():
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _parse_header_number(text: str | None) -> int | None:
    match = _HEADER_NUMBER.fullmatch(text or "")
    return int(match[1]) if match and int(match[1]) <= _MAX_PLAUSIBLE else None
