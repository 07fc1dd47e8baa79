"""Test rate limits of profiles, and rows R4, R5, R7, R9 and H12 of the fault table."""

from __future__ import annotations

import contextlib
import gzip
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import ayrframe as ayr
from ayrframe._api.models import Clock, Response
from ayrframe._api.pages import iter_pages
from ayrframe._api.rate_limit import RATE_LIMITERS
from ayrframe._api.secrets import Secret
from ayrframe._platforms import find_platform
from ayrframe.errors import AyrframeError, RateLimitError
from tests.faults.load_client import FrozenClock, SkippingClock, make_client, run_pages, sleeps
from tests.faults.server import Hit, Server, envelope, five_pages, http, sends

BODY = envelope(["a"])


class CountingApi:
    """Replacement of the transport that counts requests per five minutes and rejects more than the maximum."""

    def __init__(self, clock: FrozenClock, maximum: int = 300, *, fixed: bool = False) -> None:
        self.clock, self.maximum, self.fixed = clock, maximum, fixed
        self.times: deque[float] = deque()
        self.requests = self.refusals = self.busiest = 0
        self._lock = threading.Lock()

    def send(self, *_: object) -> Response:
        with self._lock:
            now = self.clock.now()
            begin = now - now % 300 if self.fixed else now - 300
            while self.times and (self.times[0] < begin if self.fixed else self.times[0] <= begin):
                self.times.popleft()
            self.times.append(now)
            self.requests += 1
            self.busiest = max(self.busiest, len(self.times))
            over = len(self.times) > self.maximum
            self.refusals += over
            headers = {"x-ratelimit-max": str(self.maximum), "x-ratelimit-count": str(len(self.times))}
        if self.requests % 7 == 0:
            self.clock.sleep(0.05)  # Latency, so that the threads do not move in step.
        return Response(429 if over else 200, headers, b"" if over else BODY, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("maximum", [300, 250, 40])
@pytest.mark.parametrize("fixed", [False, True], ids=["sliding", "fixed"])
def test_R5_threads_with_one_profile_cause_no_429(maximum: int, fixed: bool) -> None:
    clock = FrozenClock()
    api = CountingApi(clock, maximum, fixed=fixed)
    RATE_LIMITERS.clear()
    errors: list[BaseException] = []

    def work() -> None:
        client = make_client("http://127.0.0.1:1/api", api_key="ONE-AND-THE-SAME-KEY", clock=clock)
        client._transport = api  # type: ignore[assignment]
        try:
            for _ in range(1250 if maximum == 300 else 125):
                assert len(list(iter_pages(client, find_platform("tiktok")))) == 1
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert api.requests == (10_000 if maximum == 300 else 1000)
    assert api.refusals == 0
    assert api.busiest <= maximum - 10
    assert clock.now() > 300 * (api.requests / maximum - 2), "the limit is used up in each window"


def test_H12_requests_of_other_programs_delay_the_load() -> None:
    headers = ["x-ratelimit-max: 300", "x-ratelimit-count: 289"]
    with Server(five_pages(sends(http(envelope(["p1"], "cursor-2"), headers=headers)), at=1)) as server:
        client = make_client(server.url)
        messages: list[str] = []
        result = run_pages(client, notify=messages.append)
    assert result.error is None
    assert len(result.pages) == 5
    assert [pause > 290 for pause in sleeps(client)] == [True], (
        "one more request, then a pause until the end of the window"
    )
    assert (
        "TikTok, page 3: 290 requests in five minutes reach the rate limit of the profile; continuing in 301 s."
        in messages
    )


def test_H12_wait_beyond_the_deadline_raises() -> None:
    headers = ["x-ratelimit-max: 300", "x-ratelimit-count: 300"]
    with Server(five_pages(sends(http(envelope(["p1"], "cursor-2"), headers=headers)), at=1)) as server:
        client = make_client(server.url, deadline=60)
        result = run_pages(client)
    assert type(result.error) is RateLimitError
    assert result.error.retry_after is not None
    assert 290 < result.error.retry_after <= 301
    assert (result.error.cursor, sleeps(client), len(result.pages)) == ("cursor-2", [], 1)


def test_wait_of_more_than_a_minute_is_logged_as_warning(caplog: pytest.LogCaptureFixture) -> None:
    headers = ["x-ratelimit-count: 300"]
    with (
        Server(five_pages(sends(http(envelope(["p1"], "cursor-2"), headers=headers)), at=1)) as server,
        caplog.at_level("INFO"),
    ):
        run_pages(make_client(server.url))
    records = [record for record in caplog.records if record.name == "ayrframe"]
    assert [record.levelno for record in records] == [logging.WARNING]
    assert "continuing in 301 s" in records[0].getMessage()


def test_429_pauses_other_loads_of_the_profile() -> None:
    clock = FrozenClock()
    left: list[float | None] = []

    class Refusing(CountingApi):
        def send(self, *_: object) -> Response:
            refused = Response(429, {"retry-after": "20"}, b"", clock.wall())
            return refused if not left else Response(200, {}, BODY, clock.wall())

    client = make_client("http://127.0.0.1:9/api", clock=clock)
    client._transport = Refusing(clock)  # type: ignore[assignment]
    limiter, sleep = client._limiter(None), clock.sleep
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SkippingClock, "sleep", lambda _, seconds: (left.append(limiter.acquire()), sleep(seconds))[1])
        assert len(list(iter_pages(client, find_platform("tiktok")))) == 1
    assert left == [20.0], "while one load waits, no other request of the profile is allowed"


def test_limiter_is_shared_by_clients_of_one_profile() -> None:
    RATE_LIMITERS.clear()
    first, again = (ayr.Client(base_url="http://127.0.0.1:1/api", api_key="KEY-NUMBER-1") for _ in range(2))
    other = ayr.Client(base_url="http://127.0.0.1:1/api", api_key="KEY-NUMBER-1", profile_key="PROFILE-B")
    assert first._limiter(None) is again._limiter(None)
    assert first._limiter(None) is not other._limiter(other.profile_key)
    first._limiter(None).acquire()
    first._limiter(None).release({"x-ratelimit-max": "250"})
    assert again._limiter(None).max_requests == 240
    assert other._limiter(other.profile_key).max_requests == 290


def test_limiter_releases_interrupted_requests() -> None:
    clock = FrozenClock()
    client = make_client("http://127.0.0.1:9/api", clock=clock)

    class Broken:
        def send(self, *_: object) -> Response:
            raise KeyboardInterrupt

        def close(self) -> None: ...

    client._transport = Broken()  # type: ignore[assignment]
    for _ in range(400):
        clock.sleep(2)
        with pytest.raises(KeyboardInterrupt):
            next(iter_pages(client, find_platform("tiktok")))
    assert client._limiter(None)._in_flight == 0


def test_R4_threads_with_one_client_do_not_mix_profiles() -> None:
    def echo(sock: socket.socket, hit: Hit) -> bool:
        sock.sendall(http(envelope([hit.headers["profile-key"]])))
        return True

    wrong: list[object] = []
    with Server(echo) as server:
        shared = make_client(server.url, profile_key="PROFILE-S")

        def work(number: int) -> None:
            own_client = make_client(server.url, profile_key=f"PROFILE-{number}")
            for client in (own_client, shared) * 10:
                expected = [b'"' + (client.profile_key or Secret("")).reveal().encode() + b'"']
                found = [
                    bytes(item).split(b'"id": ')[1].split(b",")[0]
                    for page in iter_pages(client, find_platform("tiktok"))
                    for item in page.envelope.items
                ]
                wrong.extend([found] if found != expected else [])
            own_client.close()

        threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        shared.close()
    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_R7_fork_and_exit_with_a_running_timer_do_not_hang() -> None:
    script = """
import os, sys, warnings
warnings.simplefilter("ignore")
from tests.faults.server import Server, envelope, http, sends
from tests.faults.load_client import make_client, run_pages
with Server(sends(http(envelope(["a"])))) as server:
    client = make_client(server.url, timeout=60)
    assert run_pages(client).error is None
    child = os.fork()
    if child == 0:
        ok = run_pages(client).ids == ["a"]
        os._exit(0 if ok else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert run_pages(client).ids == ["a"]
import threading
from ayrframe._api.timeout import Deadline
Deadline(600)
"""
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script], timeout=30, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - start < 20


def test_import_loads_no_HTTP_library() -> None:
    script = (
        "import sys, ayrframe, ayrframe._api.pages\n"
        "print([m for m in ('requests', 'urllib3', 'tqdm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], timeout=60, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_H12_limit_nearly_reached_on_page_3_delays_the_load() -> None:
    headers = ["x-ratelimit-max: 300", "x-ratelimit-count: 290"]
    with Server(five_pages(sends(http(envelope(["p3"], "cursor-4"), headers=headers)))) as server:
        client = make_client(server.url)
        result = run_pages(client)
    assert result.error is None
    assert len(result.pages) == 5
    first, *others = sleeps(client)
    assert first > 290, "page 1 and requests of others count until the end of the window"
    assert sum(others) < 5, "page 2 counts slightly longer"


def repeated(item: bytes, size: int) -> bytes:
    """Return a history of about this size that repeats an item."""
    return b'{"status": "success", "posts": [%b]}' % b",".join([item] * (size // len(item)))


def listed(text: bytes) -> bytes:
    return b'{"status": "success", "posts": [{"id": "1", %b}]}' % text


DIGITS = b"7" * 4000
SLOW_BODIES: dict[str, Callable[[int], bytes]] = {
    "long_whole_numbers": lambda size: repeated(b'{"id": "1", "likeCount": %b}' % DIGITS, size),
    "long_fractions": lambda size: repeated(b'{"id": "1", "averageTimeWatched": 0.%b}' % DIGITS, size),
    "long_ids": lambda size: repeated(b'{"id": %b}' % DIGITS, size),
    "long_undeclared_numbers": lambda size: repeated(b'{"id": "1", "new": [%b]}' % DIGITS, size),
    "long_numbers_of_the_envelope": lambda size: b'{"new": [%b], "posts": []}' % b",".join([DIGITS] * (size // 4001)),
    "huge_exponents": lambda size: repeated(b'{"id": "1", "likeCount": 1e999999999, "new": -1e-999999999}', size),
    "brackets_in_brackets": lambda size: listed(b'"new": ' + b"[" * (size // 2) + b"]" * (size // 2)),
    "brackets_without_end": lambda size: b'{"posts": [' + b"[" * size,
    "quotes_without_end": lambda size: b'{"posts": [NaN, ' + b'"a\\"' * (size // 4),
    "escaped_quotes": lambda size: b'{"posts": ["' + b'\\"' * (size // 2),
    "one_long_text": lambda size: listed(b'"post": "' + b"x" * size + b'"'),
    "escapes": lambda size: listed(b'"post": "' + b"\\u0041\\n" * (size // 8) + b'"'),
    "halves_of_characters": lambda size: listed(b'"post": "' + b"\\ud83d" * (size // 6) + b'"'),
    "white_space_before_a_value": lambda size: listed(b'"post":' + b" " * size + b'{"a": 1}'),
    "white_space_before_the_first_value": lambda size: b'{"posts": [{"id":' + b" " * size + b'{"a": 1}}]}',
    "white_space_only": lambda size: b" " * size,
    "white_space_then_a_word": lambda size: b" " * size + b"word",
    "many_keys": lambda size: listed(b",".join(b'"k%d": 1' % number for number in range(size // 10))),
    "one_key_many_times": lambda size: listed(b",".join([b'"likeCount": 1.5'] * (size // 16))),
    "one_key_of_the_envelope_many_times": lambda size: b'{"posts": [], %b}' % b",".join([b'"key": 1'] * (size // 9)),
    "posts_many_times": lambda size: b"{%b}" % b",".join([b'"posts": []'] * (size // 12)),
    "lists_behind_the_posts": lambda size: b'{"posts": []%b}' % (b', "a": []' * (size // 9)),
    "many_empty_posts": lambda size: repeated(b"{}", size // 8),
    "many_lines": lambda size: b'{"id": "1"}\n' * (size // 32),
}


def read_saved(body: bytes) -> float:
    """Return the CPU time of reading a body; the shortest of two, as the machine may be busy."""
    return min(cpu_time(lambda: ayr.read_json(body, platform="tiktok", as_of=datetime(2026, 1, 1, tzinfo=UTC))))


def read_live(body: bytes) -> float:
    """Return the CPU time of a live load of a body, with gzip, over a socket."""
    with Server(sends(http(gzip.compress(body, 1), headers=["Content-Encoding: gzip"]))) as server:
        return min(cpu_time(lambda: ayr.load("tiktok", client=make_client(server.url))))


def cpu_time(read: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(2):
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ayr.DataWarning)
            with contextlib.suppress(AyrframeError):
                read()
        times.append(time.process_time() - start)
    return times


@pytest.mark.parametrize("read", [read_saved, read_live], ids=["saved", "live"])
@pytest.mark.parametrize("name", SLOW_BODIES)
def test_R9_time_grows_linearly_with_the_body(name: str, read: Callable[[bytes], float]) -> None:
    small, large = (read(SLOW_BODIES[name](size)) for size in (10_000, 80_000))
    assert large < 8 * 2.5 * max(small, 0.01)


@pytest.mark.parametrize("read", [read_saved, read_live], ids=["saved", "live"])
def test_R9_long_numbers_cost_no_more_than_short_ones(read: Callable[[bytes], float]) -> None:
    short, long = (
        read(repeated(b'{"id": "1", "new": [%b]}' % b",".join([b"7" * digits] * (4000 // digits)), 400_000))
        for digits in (10, 4000)
    )
    assert long < 2 * max(short, 0.02)


def test_profiles_with_clocks_of_their_own_have_limiters_of_their_own() -> None:
    clock, later = FrozenClock(), FrozenClock()
    limiters = [RATE_LIMITERS.get("the same port and keys", each) for each in (clock, later, clock, Clock(), Clock())]
    assert limiters[0] is limiters[2] is not limiters[1]
    assert limiters[3] is limiters[4] is not limiters[0]
