"""What the fault tests share: a client of the server, a clock that does not wait, and a walk that keeps all."""

from __future__ import annotations

import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ayrframe._api.client import Client
from ayrframe._api.models import Clock
from ayrframe._api.pages import RetryBudget, iter_pages
from ayrframe._api.pagination import HistoryPage
from ayrframe._api.transport import Transport
from ayrframe._platforms import find_platform
from ayrframe.errors import AyrframeError

SLACK = 2.0  # What a busy machine may add to a time; what a test tells apart from it takes ten times that.
_numbers = itertools.count()


class SkippingClock(Clock):
    """The real time, except that a sleep takes none: it is written down and time jumps forward by it."""

    __slots__ = ("_lock", "skipped", "slept")

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.skipped = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.skipped += seconds

    def chance(self) -> float:
        return 0.5


class FrozenClock(SkippingClock):
    """Time that goes on only when somebody sleeps."""

    __slots__ = ()

    def now(self) -> float:
        return self.skipped

    def wall(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)


def client_of(
    url: str, *, verify: bool | str = True, cap: int | None = None, clock: Clock | None = None, **wishes: Any
) -> Client:
    """Return a client of its own profile, so that no limit of another test holds for it."""
    wishes = {"api_key": f"TESTKEY{next(_numbers):04}-ABCDEFGH", "timeout": 5.0} | wishes
    client = Client(base_url=url, **wishes)
    client.clock = clock or SkippingClock()
    client._transport = Transport(client.clock, verify=verify, **({} if cap is None else {"cap": cap}))
    return client


@dataclass
class Walked:
    """What a walk brought, and how it ended."""

    pages: list[HistoryPage] = field(default_factory=list)
    error: AyrframeError | None = None
    seconds: float = 0.0

    @property
    def ids(self) -> list[str]:
        return [json.loads(bytes(item))["id"] for page in self.pages for item in page.reply.items]


def walk(client: Client, platform: str = "tiktok", **wishes: Any) -> Walked:
    """Walk to the end or to an error, and close the client."""
    walked = Walked()
    start = time.monotonic()
    try:
        for page in iter_pages(client, find_platform(platform), **wishes):
            walked.pages.append(page)
    except AyrframeError as error:
        walked.error = error
    finally:
        walked.seconds = time.monotonic() - start
        client.close()
    return walked


def slept(client: Client) -> list[float]:
    assert isinstance(client.clock, SkippingClock)
    return client.clock.slept


__all__ = ["SLACK", "FrozenClock", "RetryBudget", "SkippingClock", "Walked", "client_of", "slept", "walk"]
