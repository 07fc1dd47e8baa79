"""Live loads against a sandbox in another process: `python -m tests.benchmarks.loading`.

Two ratios: eight networks at once against the slowest alone, and what the client adds to waiting, against
`requests.get(...).json()` on the same pages.
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
from tests.benchmarks.pages import DOCUMENTED

_PAGES, _SIZE = 5, 100
_SERVER = """
import json, sys, ayrframe as ayr
api = ayr.sandbox(posts=500, latency=float(sys.argv[1]), rate_limit=100_000)
print(json.dumps([api.base_url, api.api_key, api.x_api_key, api.x_api_secret]), flush=True)
sys.stdin.read()
"""


@contextmanager
def served(latency: float) -> Iterator[tuple[ayr.Client, list[str]]]:
    """Run a sandbox in a process of its own, warmed up."""
    command = [sys.executable, "-c", _SERVER, str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url, *keys = told = json.loads(process.stdout.readline())
        client = ayr.Client(keys[0], profile_key="", x_api_key=keys[1], x_api_secret=keys[2], base_url=base_url)
        loaded(DOCUMENTED, client)
        yield client, told
        client.close()
        process.communicate("")


def loaded(names: Any, client: ayr.Client) -> float:
    """Return how long five pages of each of these networks take, validation left out."""
    start = time.perf_counter()
    posts = ayr.load(names, limit=_PAGES * _SIZE, client=client, validate=None, progress=False)
    elapsed = time.perf_counter() - start
    assert len(posts) == _PAGES * _SIZE * (1 if isinstance(names, str) else len(names))
    return elapsed


def by_hand(name: str, told: list[str]) -> float:
    """Return how long five times `requests.get(...).json()` takes for the same pages."""
    base_url, key, x_key, x_secret = told
    headers = {
        "Authorization": f"Bearer {key}",
        "X-Twitter-OAuth1-Api-Key": x_key,
        "X-Twitter-OAuth1-Api-Secret": x_secret,
    }
    params: dict[str, Any] = {"limit": _SIZE}
    start = time.perf_counter()
    for _ in range(_PAGES):
        reply = requests.get(f"{base_url}/history/{name}", params=params, headers=headers, timeout=60).json()
        params["next"] = reply["meta"]["pagination"].get("next")
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print the table."""
    warnings.simplefilter("ignore", ayr.DataWarning)
    print("| what | against | ratio | bar |\n| --- | --- | --- | --- |")
    with served(0.2) as (client, _):
        ratios = []
        for _ in range(3):
            alone = max(loaded(name, client) for name in DOCUMENTED)
            ratios.append(loaded(DOCUMENTED, client) / alone)
        print(f"| 8 networks, 5 pages each, 200 ms | the slowest alone | {statistics.median(ratios):.2f} | ≤ 1.3 |")
    with served(0.0) as (client, told):
        for name in DOCUMENTED:
            pairs = [(loaded(name, client), by_hand(name, told)) for _ in range(9)]
            ratio = statistics.median(ours / theirs for ours, theirs in pairs)
            print(f"| 5 pages of 100 posts, {name} | 5 × requests.get().json() | {ratio:.2f} | ≤ 2 |")


if __name__ == "__main__":
    main()
