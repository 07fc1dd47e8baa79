"""The limiter of one profile: how many requests it lets through, and how long others wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ayrframe._api.rate_limit import RateLimiter, parse_retry_after
from tests.faults.load_client import FrozenClock

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def limiter_of(clock: FrozenClock, limit: int) -> RateLimiter:
    limiter = RateLimiter(clock)
    assert limiter.acquire() is None
    limiter.release({"x-ratelimit-max": str(limit)})
    return limiter


def test_limiter_pause_delays_all_requests() -> None:
    clock = FrozenClock()
    limiter = RateLimiter(clock)
    limiter.pause(20)
    assert limiter.acquire() == 20
    clock.sleep(20)
    assert limiter.acquire() is None


@pytest.mark.parametrize(("limit", "allowed"), [(300, 290), (21, 11), (20, 10), (4, 2), (1, 1)])
def test_limiter_leaves_ten_requests_or_half_of_a_small_limit(limit: int, allowed: int) -> None:
    assert limiter_of(FrozenClock(), limit).max_requests == allowed


@pytest.mark.parametrize(
    ("limit", "allowed"), [("100000", 99_990), ("100001", 290), ("0", 290), ("-1", 290), ("x", 290)]
)
def test_limit_that_no_server_has_is_ignored(limit: str, allowed: int) -> None:
    limiter = RateLimiter(FrozenClock())
    limiter.acquire()
    limiter.release({"x-ratelimit-max": limit})
    assert limiter.max_requests == allowed


def test_request_waits_until_the_oldest_one_is_out_of_the_window() -> None:
    clock = FrozenClock()
    limiter = limiter_of(clock, 4)
    clock.sleep(100)
    assert limiter.acquire() is None
    limiter.release({})
    assert limiter.acquire() == 201  # Five minutes and a second after the first response.
    clock.sleep(200)
    assert limiter.acquire() == 1
    clock.sleep(1)
    assert limiter.acquire() is None


def test_request_waits_for_a_response_if_all_others_are_in_flight() -> None:
    clock = FrozenClock()
    limiter = limiter_of(clock, 1)
    clock.sleep(301)
    assert limiter.acquire() is None
    assert limiter.acquire() == 1
    clock.sleep(1000)
    assert limiter.acquire() == 1


def test_requests_that_others_made_count_for_a_window() -> None:
    clock = FrozenClock()
    limiter = RateLimiter(clock)
    limiter.acquire()
    limiter.release({"x-ratelimit-max": "300", "x-ratelimit-count": "290"})
    assert limiter.acquire() == 301
    clock.sleep(301)
    assert limiter.acquire() is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("7.5", 7.5),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60.0),
        ("Fri, 02 Jan 2026 03:05:05 -0000", 60.0),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("1e3", None),
        ("soon", None),
        ("2026-01-02T03:05:05Z", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert parse_retry_after({"retry-after": value}, NOW) == seconds


def test_retry_after_is_relative_to_the_clock_of_the_server() -> None:
    headers = {"retry-after": "Fri, 02 Jan 2026 04:00:30 GMT", "date": "Fri, 02 Jan 2026 04:00:00 GMT"}
    assert parse_retry_after(headers, NOW) == 30
