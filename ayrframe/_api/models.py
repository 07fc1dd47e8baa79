"""Define what the modules of a live load exchange: clock, request context, response and failure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from ayrframe._platforms.spec import Platform
from ayrframe.errors import quote

_random = random.SystemRandom()


class Clock:
    """Time, sleep and random numbers. Tests replace it, so that no test has to wait."""

    __slots__ = ()

    def now(self) -> float:
        """Return the seconds of a monotonic clock."""
        return time.monotonic()

    def wall(self) -> datetime:
        """Return the date and time in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Sleep for a number of seconds; Ctrl-C interrupts."""
        time.sleep(seconds)

    def jitter(self) -> float:
        """Return a random number in [0, 1)."""
        return _random.random()


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a request is for. Its text, such as "TikTok of 'cafe', page 3", begins the errors of the request.

    `redact` removes keys from a text. `label` is the label of the profile, if any, and `endpoint` names an endpoint
    other than the history.
    """

    platform: Platform
    page: int
    redact: Callable[[str], str]
    label: str = ""
    endpoint: str = ""

    @property
    def history(self) -> str:
        """The platform and the label of the profile."""
        return self.platform.title + (f" of {quote(self.redact(self.label))}" if self.label else "")

    def __str__(self) -> str:
        parts = [self.history, self.endpoint, f"page {self.page}" if self.page > 1 else ""]
        return ", ".join(filter(None, parts))


class FailureKind(Enum):
    """Kinds of failed requests, with the maximum number of retries and advice to the user."""

    DNS = "DNS", 3, "Check the network connection and `base_url`."
    CONNECT = "connect", 3, "Check the network connection and `base_url`."
    TIMEOUT = "timeout", 3, "Try again, or pass a longer `timeout` to ayr.Client."
    INCOMPLETE = "incomplete", 3, "Try again later."
    CORRUPT = "corrupt", 1, "Try again later."
    NOT_HTTP = "not HTTP", 1, "Check `base_url`."
    TLS = "TLS", 0, "Check `base_url` and the certificates of this computer."
    TOO_LARGE = "too large", 0, "Try a smaller `limit`."

    @property
    def retries(self) -> int:
        """Maximum number of retries of a request."""
        return self.value[1]

    @property
    def advice(self) -> str:
        """What the user can do about it."""
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Failure:
    """A request without a complete response; `message` never contains the text of a third-party exception."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Response:
    """A complete HTTP response.

    `headers` contains only the headers that ayrframe reads, with lower-case names. `is_known_complete` is whether the
    length, the chunks or the checksum prove that the body is complete.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)  # A server may repeat a key in a header.
    body: bytes = field(repr=False)
    received_at: datetime
    is_known_complete: bool = True
    warnings: tuple[str, ...] = ()
