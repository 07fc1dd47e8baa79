"""Run the loading processes day after day, kill them at random moments, and continue."""

from __future__ import annotations

import json
import random
import select
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.soak.service import ACCOUNT, ANALYTICS, HISTORY, Service

_ROOT = Path(__file__).parents[2]
_MAX_ATTEMPTS = 12
_SETTLE_SECONDS = 0.1  # in which a request that was sent arrives
_ENDPOINTS = {None: HISTORY, "analytics/post": ANALYTICS, "analytics/social": ACCOUNT}


class Load(NamedTuple):
    """A load that was not interrupted: its day, its time, and the posts and requests of all its targets."""

    day: int
    seconds: float
    cpu_seconds: float
    posts: int
    requests: int


@dataclass
class Loader:
    """A loading process and the profiles that it loads."""

    service: Service
    profiles: Sequence[str]
    archive: Path
    kills: dict[int, list[float]]  # by day: share of the requests of a load after which to kill
    loads: list[Load] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    killed: int = 0
    repeated: int = 0
    process: subprocess.Popen[str] | None = None

    def run_day(self, now: datetime) -> None:
        """Load the posts of today until all arrived."""
        service, started_at = self.service, time.time()
        expected = service.counts(self.profiles)
        kills = list(self.kills.get(service.day, []))
        request_count = 3 * len(self.profiles) * len(service.platforms)
        for attempt in range(1, _MAX_ATTEMPTS):
            for profile in self.profiles:
                service.attempts[profile] = attempt
            stored = read_stored(self.archive, started_at, now) if attempt > 1 else {}
            before = self._requests()
            result = self._load(
                now + timedelta(seconds=time.time() - started_at), int(kills.pop(0) * request_count) if kills else None
            )
            self._check_resumed(stored, attempt)
            if result is None:
                self.killed += 1
                request_count = max(request_count - (self._requests() - before), 1)
                continue
            found = {name: [tuple(row) for row in rows] for name, rows in result["counts"].items()}
            if found == expected:
                if attempt == 1:
                    posts = sum(row[2] for row in expected["posts"])
                    requests = self._requests() - before
                    self.loads.append(Load(service.day, result["seconds"], result["cpu_seconds"], posts, requests))
                return
            self.repeated += 1
            explained = [*result["errors"], *result["warnings"]]
            if not explained:
                self.problems.append(f"day {service.day}: a load without warnings has {found}, expected {expected}")
        self.problems.append(f"day {service.day}: {_MAX_ATTEMPTS} loads of {self.profiles} were not complete")

    def _requests(self) -> int:
        return sum(self.service.requests[profile] for profile in self.profiles)

    def _load(self, now: datetime, kill_after: int | None) -> dict[str, Any] | None:
        """Return the result of a load, or None after a kill at this number of requests."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018
        process.stdin.write(json.dumps(now.isoformat()) + "\n")
        process.stdin.flush()
        start = self._requests()
        while not select.select([process.stdout], [], [], 0.5 if kill_after is None else 0.002)[0]:
            if kill_after is not None and self._requests() - start >= kill_after:
                time.sleep(random.Random(f"{now}/{kill_after}").uniform(0, 0.03))
                process.kill()
                break
        line = process.stdout.readline()
        if line.endswith("\n"):
            return json.loads(line)  # type: ignore[no-any-return]
        self.close()
        if process.returncode != -9:
            raise RuntimeError(f"The loading process ended with status {process.returncode}.")
        self._wait_for_responses()
        return None

    def _wait_for_responses(self) -> None:
        """Wait until the sandbox answered all requests of a killed process, which belong to its attempt."""
        time.sleep(_SETTLE_SECONDS)
        while any(request.status == 0 and request.profile in self.profiles for request in self.service.api.requests):
            time.sleep(_SETTLE_SECONDS)

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None:
            command = [sys.executable, "-m", "tests.soak.loader"]
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT
            )
            assert self.process.stdin is not None
            api = self.service.api
            client = {name: getattr(api, name) for name in ("base_url", "api_key", "x_api_key", "x_api_secret")}
            arguments = {
                "client": client,
                "profile_keys": {profile: api.profile_keys[profile] for profile in self.profiles},
                "platforms": list(self.service.platforms),
                "archive": str(self.archive),
            }
            self.process.stdin.write(json.dumps(arguments) + "\n")
        return self.process

    def close(self) -> None:
        """End the process, if it runs."""
        if self.process is not None:
            self.process.communicate()
            self.process = None

    def _check_resumed(self, stored: dict[tuple[str, str, str], set[str]], attempt: int) -> None:
        """Check that nothing was requested again that an earlier attempt of today had stored completely."""
        for (endpoint, profile, platform), items in stored.items():
            if profile in self.profiles:
                again = items.intersection(self.service.asked(profile, platform, endpoint, attempt))
                if again:
                    where = f"{endpoint} of {platform} of {profile!r}"
                    self.problems.append(f"day {self.service.day}: {len(again)} items requested again: {where}")


def read_stored(archive: Path, started_at: float, now: datetime) -> dict[tuple[str, str, str], set[str]]:
    """Return what the current pages of today answer completely, from the headers in the files.

    By target: the ids of the posts of analytics, or the name of the endpoint.
    """
    pages: dict[tuple[str, str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for header in _headers_since(archive, started_at):
        request = header["request"]
        endpoint = _ENDPOINTS[request["parameters"].get("endpoint")]
        pages[endpoint, request["profile"], request["platform"], header["load"]].append(header)
    stored: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for (endpoint, profile, platform, _), headers in pages.items():
        headers.sort(key=lambda header: header["number"])
        current = [_is_current(header, now) for header in headers]
        if endpoint == ANALYTICS:
            for header in headers:
                if _is_current(header, now):
                    stored[endpoint, profile, platform].update(header["post_ids"])
        elif all(current) and headers[-1]["last"] and headers[-1]["number"] == len(headers):
            stored[endpoint, profile, platform].add(endpoint)
    return stored


def _headers_since(archive: Path, started_at: float) -> Iterator[dict[str, Any]]:
    for path in archive.glob("*/*.page"):
        if path.stat().st_mtime >= started_at - 0.1:
            with path.open("rb") as file:
                file.readline()
                yield json.loads(file.readline())


def _is_current(header: dict[str, Any], now: datetime) -> bool:
    text = header["next_update"]
    is_current = text is not None and datetime.fromisoformat(text).astimezone(UTC) > now + timedelta(minutes=2)
    return is_current and header["status"] == 200 and not header["noted"]


def run(service: Service, archive: Path, *, days: int, processes: int, kills: int, seed: int) -> list[Loader]:
    """Load all days and return the loaders."""
    rng = random.Random(f"{seed}/kills")
    planned: list[dict[int, list[float]]] = [defaultdict(list) for _ in range(processes)]
    for _ in range(kills):
        planned[rng.randrange(processes)][rng.randrange(days)].append(rng.random())
    loaders = [
        Loader(service, service.profiles[position::processes], archive, planned[position])
        for position in range(processes)
    ]
    try:
        with ThreadPoolExecutor(processes) as pool:
            for day in range(days):
                now = service.api.advance(days=1) if day else service.api.now
                list(pool.map(lambda loader: loader.run_day(now), loaders))  # noqa: B023
                service.end_day()
    finally:
        for loader in loaders:
            loader.close()
    return loaders
