"""Never more requests than a profile may make: one limiter for each, shared by all clients of this process."""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from collections.abc import Mapping

from ayrframe._api.models import Clock

WINDOW_SECONDS = 300.0
_HOLD_SECONDS = WINDOW_SECONDS + 1.0  # No two clocks agree on the instant at which a window ends.
_DEFAULT_MAX_REQUESTS = 300
_MARGIN = 10
_MAX_PLAUSIBLE = 100_000
_HEADER_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")
_IN_FLIGHT_WAIT = 1.0


class RateLimiter:
    """Counts the requests of one profile.

    A request counts from the moment it is let through until a window after its reply. So whenever the server's own
    window begins, no window of the server holds more of them than are counted here.
    """

    def __init__(self, clock: Clock) -> None:
        """Start with nothing counted and the limit that Ayrshare documents."""
        self._clock = clock
        self._lock = threading.Lock()
        self._in_flight = 0
        self._expiries: deque[float] = deque()
        self._server_limit = _DEFAULT_MAX_REQUESTS
        self._paused_until = float("-inf")

    @property
    def max_requests(self) -> int:
        """How many requests a window may hold: what the server said last, less a margin."""
        return self._server_limit - min(_MARGIN, self._server_limit // 2)

    def acquire(self) -> float | None:
        """Take a place and return None, or return how many seconds to wait before trying again."""
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
        """Give the place back once the reply is there, and learn from its headers what else the server counted."""
        server_limit, server_count = (
            _parse_header_number(headers.get("x-ratelimit-max")),
            _parse_header_number(headers.get("x-ratelimit-count")),
        )
        with self._lock:
            expiry = self._clock.now() + _HOLD_SECONDS
            self._in_flight -= 1
            self._expiries.append(expiry)
            if server_limit:
                self._server_limit = server_limit
            if server_count is not None:
                # Requests of other processes; when they were made is not known, so they count from now.
                uncounted = min(server_count, self._server_limit) - self._in_flight - len(self._expiries)
                self._expiries.extend([expiry] * uncounted)

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long: the server has said that it is too much."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.now() + seconds)


class RateLimiters:
    """The limiters of a process by the fingerprint of the profile."""

    def __init__(self) -> None:
        """Start with none."""
        self.clear()

    def get(self, profile: str, clock: Clock) -> RateLimiter:
        """Return the one limiter of a profile."""
        with self._lock:
            return self._limiters.setdefault(profile, RateLimiter(clock))

    def clear(self) -> None:
        """Start anew, as a child of a fork has to: a thread of its parent may have held the locks."""
        self._lock = threading.Lock()
        self._limiters: dict[str, RateLimiter] = {}


RATE_LIMITERS = RateLimiters()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=RATE_LIMITERS.clear)


def _parse_header_number(text: str | None) -> int | None:
    match = _HEADER_NUMBER.fullmatch(text or "")
    return int(match[1]) if match and int(match[1]) <= _MAX_PLAUSIBLE else None
