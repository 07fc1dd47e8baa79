"""Clients, clocks and the page loop that the fault tests share."""

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
from ayrframe._api.pages import iter_pages
from ayrframe._api.pagination import HistoryPage
from ayrframe._api.request import RetryBudget
from ayrframe._api.transport import Transport
from ayrframe._platforms import find_platform
from ayrframe.errors import AyrframeError

SLACK = 2.0  # Seconds that a busy machine may add; stalls in the tests take ten times as long.
_numbers = itertools.count()


class SkippingClock(Clock):
    """Real time, except that sleeps are recorded and skipped."""

    __slots__ = ("_lock", "skipped", "sleeps")

    def __init__(self) -> None:
        self.sleeps: list[float] = []
        self.skipped = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.sleeps.append(seconds)
            self.skipped += seconds

    def jitter(self) -> float:
        return 0.5


class FrozenClock(SkippingClock):
    """Time that passes only during recorded sleeps."""

    __slots__ = ()

    def now(self) -> float:
        return self.skipped

    def wall(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)


def make_client(
    url: str,
    *,
    verify: bool | str = True,
    max_bytes: int | None = None,
    clock: Clock | None = None,
    **client_options: Any,
) -> Client:
    """Return a client with its own profile, so that the rate limits of other tests do not apply."""
    client_options = {"api_key": f"TESTKEY{next(_numbers):04}-ABCDEFGH", "timeout": 5.0} | client_options
    client = Client(base_url=url, **client_options)
    client.clock = clock or SkippingClock()
    client._transport = Transport(
        client.clock, verify=verify, **({} if max_bytes is None else {"max_bytes": max_bytes})
    )
    return client


@dataclass
class PagesResult:
    """Pages that arrived, the error if any, and the duration."""

    pages: list[HistoryPage] = field(default_factory=list)
    error: AyrframeError | None = None
    seconds: float = 0.0

    @property
    def ids(self) -> list[str]:
        return [json.loads(bytes(item))["id"] for page in self.pages for item in page.envelope.items]


def run_pages(client: Client, platform: str = "tiktok", **client_options: Any) -> PagesResult:
    """Request all pages up to the end or an error, and close the client."""
    result = PagesResult()
    start = time.monotonic()
    try:
        for page in iter_pages(client, find_platform(platform), **client_options):
            result.pages.append(page)
    except AyrframeError as error:
        result.error = error
    finally:
        result.seconds = time.monotonic() - start
        client.close()
    return result


def sleeps(client: Client) -> list[float]:
    assert isinstance(client.clock, SkippingClock)
    return client.clock.sleeps


__all__ = ["SLACK", "FrozenClock", "PagesResult", "RetryBudget", "SkippingClock", "make_client", "run_pages", "sleeps"]
