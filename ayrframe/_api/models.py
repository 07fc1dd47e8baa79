"""What the parts of a live load hand each other: a clock, a response, a failure. No HTTP library in here."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from ayrframe._platforms.spec import Platform

_random = random.SystemRandom()


class Clock:
    """Time, sleep and chance. A test puts another in its place, so that no test sleeps."""

    __slots__ = ()

    def now(self) -> float:
        """Return seconds on a clock that never goes backwards."""
        return time.monotonic()

    def wall(self) -> datetime:
        """Return the date and time."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait; Ctrl-C ends it."""
        time.sleep(seconds)

    def jitter(self) -> float:
        """Return a random number from 0 up to 1."""
        return _random.random()


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a request was for, to name it in errors; `scrub` takes the keys out of a text."""

    platform: Platform
    page: int
    redact: Callable[[str], str]

    @property
    def where(self) -> str:
        """The words that an error begins with."""
        return self.platform.title + (f", page {self.page}" if self.page > 1 else "")


class FailureKind(Enum):
    """Why no whole reply came, and how often it is worth asking again."""

    DNS = "resolve", 3
    CONNECT = "connect", 3
    TIMEOUT = "timeout", 3
    INCOMPLETE = "cut", 3
    CORRUPT = "damaged", 1
    NOT_HTTP = "not HTTP", 1
    TLS = "TLS", 0
    TOO_LARGE = "too big", 0

    @property
    def retries(self) -> int:
        """How many more times a request may be sent after this."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Failure:
    """One request that brought no whole reply; `text` is a sentence of ours and never that of a foreign exception."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Response:
    """One whole HTTP reply.

    `headers` holds only those that this library reads, their names in lower case. `framed` tells whether the reply
    itself proves that its body is complete, by its length, its chunks or its checksum.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)  # A server may send a key back in one.
    body: bytes = field(repr=False)
    received_at: datetime
    is_known_complete: bool = True
    warnings: tuple[str, ...] = ()
