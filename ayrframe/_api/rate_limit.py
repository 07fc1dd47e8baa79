"""Never more requests than a profile may make: one limiter for each, shared by all clients of this process."""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from collections.abc import Mapping

from ayrframe._api.models import Clock

LIMIT_WINDOW = 300.0
_HELD = LIMIT_WINDOW + 1.0  # No two clocks agree on the instant at which a window ends.
_DEFAULT_MAX = 300
_MARGIN = 10
_NONSENSE = 100_000
_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")
_IN_FLIGHT_SECONDS = 1.0


class RateLimiter:
    """Counts the requests of one profile.

    A request counts from the moment it is let through until a window after its reply. So whenever the server's own
    window begins, no window of the server holds more of them than are counted here.
    """

    def __init__(self, clock: Clock) -> None:
        """Start with nothing counted and the limit that Ayrshare documents."""
        self._clock = clock
        self._lock = threading.Lock()
        self._flying = 0
        self._until: deque[float] = deque()
        self._max = _DEFAULT_MAX
        self._paused_until = float("-inf")

    @property
    def allowed(self) -> int:
        """How many requests a window may hold: what the server said last, less a margin."""
        return self._max - min(_MARGIN, self._max // 2)

    def enter(self) -> float | None:
        """Take a place and return None, or return how many seconds to wait before trying again."""
        with self._lock:
            now = self._clock.now()
            while self._until and self._until[0] <= now:
                self._until.popleft()
            if now < self._paused_until:
                return self._paused_until - now
            if self._flying + len(self._until) < self.allowed:
                self._flying += 1
                return None
            return self._until[0] - now if self._until else _IN_FLIGHT_SECONDS

    def leave(self, headers: Mapping[str, str]) -> None:
        """Give the place back once the reply is there, and learn from its headers what else the server counted."""
        most, count = _number(headers.get("x-ratelimit-max")), _number(headers.get("x-ratelimit-count"))
        with self._lock:
            until = self._clock.now() + _HELD
            self._flying -= 1
            self._until.append(until)
            if most:
                self._max = most
            if count is not None:
                # Requests of other processes; when they were made is not known, so they count from now.
                unknown = min(count, self._max) - self._flying - len(self._until)
                self._until.extend([until] * unknown)

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long: the server has said that it is too much."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.now() + seconds)


class RateLimiters:
    """The limiters of a process by the fingerprint of the profile."""

    def __init__(self) -> None:
        """Start with none."""
        self.forget()

    def of(self, profile: str, clock: Clock) -> RateLimiter:
        """Return the one limiter of a profile."""
        with self._lock:
            return self._known.setdefault(profile, RateLimiter(clock))

    def forget(self) -> None:
        """Start anew, as a child of a fork has to: a thread of its parent may have held the locks."""
        self._lock = threading.Lock()
        self._known: dict[str, RateLimiter] = {}


RATE_LIMITERS = RateLimiters()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=RATE_LIMITERS.forget)


def _number(text: str | None) -> int | None:
    match = _NUMBER.fullmatch(text or "")
    return int(match[1]) if match and int(match[1]) <= _NONSENSE else None
