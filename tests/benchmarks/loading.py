"""Measure live loads from a sandbox in another process: `python -m tests.benchmarks.loading`.

Measures the load of eight platforms, and that of all ten with post analytics, against the slowest one alone, and a load
against `requests.get(...).json()` on the same pages.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from tests.benchmarks.pages import DOCUMENTED

_PAGES, _PAGE_SIZE = 5, 100
_SERVER_CODE = """
import json, sys, ayrframe as ayr
api = ayr.sandbox(posts=500, latency=float(sys.argv[1]), rate_limit=100_000)
print(json.dumps([api.base_url, api.api_key, api.x_api_key, api.x_api_secret]), flush=True)
sys.stdin.read()
"""


@contextmanager
def run_server(latency: float) -> Iterator[tuple[ayr.Client, list[str]]]:
    """Run a sandbox in another process; yield a client after a first load, and the URL and keys."""
    command = [sys.executable, "-c", _SERVER_CODE, str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url, *keys = server = json.loads(process.stdout.readline())
        client = ayr.Client(keys[0], profile_key="", x_api_key=keys[1], x_api_secret=keys[2], base_url=base_url)
        time_load(DOCUMENTED, client)
        yield client, server
        client.close()
        process.communicate("")


def time_load(names: Any, client: ayr.Client, *, analytics: bool = False) -> float:
    """Return the seconds to load five pages of each platform, without validation."""
    limit = _PAGES * _PAGE_SIZE
    start = time.perf_counter()
    posts = ayr.load(names, limit=limit, analytics=analytics, client=client, validate=None, progress=False)
    elapsed = time.perf_counter() - start
    assert len(posts) == _PAGES * _PAGE_SIZE * (1 if isinstance(names, str) else len(names))
    return elapsed


def time_requests(name: str, server: list[str]) -> float:
    """Return the seconds of `requests.get(...).json()` for the same five pages."""
    base_url, key, x_key, x_secret = server
    headers = {
        "Authorization": f"Bearer {key}",
        "X-Twitter-OAuth1-Api-Key": x_key,
        "X-Twitter-OAuth1-Api-Secret": x_secret,
    }
    params: dict[str, Any] = {"limit": _PAGE_SIZE}
    start = time.perf_counter()
    for _ in range(_PAGES):
        response = requests.get(f"{base_url}/history/{name}", params=params, headers=headers, timeout=60).json()
        params["next"] = response["meta"]["pagination"].get("next")
    return time.perf_counter() - start


def main() -> None:
    """Measure and print the table."""
    warnings.simplefilter("ignore", ayr.DataWarning)
    print("| what | against | ratio | target |\n| --- | --- | --- | --- |")
    with run_server(0.2) as (client, _):
        ratios = []
        for _ in range(3):
            slowest = max(time_load(name, client) for name in DOCUMENTED)
            ratios.append(time_load(DOCUMENTED, client) / slowest)
        print(f"| 8 platforms, 5 pages each, 200 ms | the slowest alone | {statistics.median(ratios):.2f} | ≤ 1.3 |")
    with run_server(0.3) as (client, _):
        names = list(PLATFORMS)
        time_load(names, client, analytics=True)
        ratios = []
        for _ in range(3):
            slowest = max(time_load(name, client, analytics=True) for name in names)
            ratios.append(time_load(names, client, analytics=True) / slowest)
        ratio = statistics.median(ratios)
        print(f"| 10 platforms, 5 pages each, analytics, 300 ms | the slowest alone | {ratio:.2f} | ≤ 1.3 |")
    with run_server(0.0) as (client, server):
        for name in DOCUMENTED:
            pairs = [(time_load(name, client), time_requests(name, server)) for _ in range(9)]
            ratio = statistics.median(ours / theirs for ours, theirs in pairs)
            print(f"| 5 pages of 100 posts, {name} | 5 × requests.get().json() | {ratio:.2f} | ≤ 2 |")


if __name__ == "__main__":
    main()
