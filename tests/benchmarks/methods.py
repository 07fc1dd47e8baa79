"""Measure all methods of `posts.ayr` that read posts, per post, at several numbers of posts of ten platforms.

Run `python -m tests.benchmarks.methods [--posts 1500 15000 150000]`. Prints the CPU time per post of each method as a
ratio to that of `metrics()` on the same posts, and its growth: the time per post at the largest number divided by that
at the second largest. Exits with 1 if a method exceeds its target or grows faster than linearly.
"""

from __future__ import annotations

import argparse
import gc
import inspect
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from tests.benchmarks.pages import make_page

# Largest ratio to the time of `metrics()`.
TARGETS = {"crossposts": 12, "text": 15, "to_posts": 10, "drift": 3}
# A method that grows with n log n needs 1.25 times as long per post; the rest allows for a busy machine.
_MAX_GROWTH = 1.5
_SHORTEST = 0.2  # seconds; shorter measurements are repeated

Method = Callable[[pd.DataFrame], object]


def posts_of_all_platforms(count: int) -> pd.DataFrame:
    """Return a posts frame of about this many posts, the same number of each platform."""
    return pd.concat([make_page(name, count // len(PLATFORMS)).frame() for name in PLATFORMS], ignore_index=True)


def methods(folder: Path) -> dict[str, Method]:
    """Return the methods to measure, the first of which is `metrics`."""
    calls: dict[str, Method] = {"metrics": lambda posts: posts.ayr.metrics()}
    for name, method in inspect.getmembers(ayr.PostsAccessor, inspect.isfunction):
        required = [
            parameter
            for parameter in list(inspect.signature(method).parameters.values())[1:]
            if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        ]
        if not name.startswith("_") and not required and method.__module__.startswith("ayrframe"):
            calls.setdefault(name, lambda posts, name=name: getattr(posts.ayr, name)())  # type: ignore[misc]
    calls["to_csv"] = lambda posts: posts.ayr.to_csv(folder / "posts.csv")
    calls["compare"] = lambda posts: posts.ayr.metrics().ayr.compare(at="2026-01")
    return calls


def seconds_per_post(method: Method, posts: pd.DataFrame) -> float | None:
    """Return the CPU time per post of a call; None if the method is not defined for these posts."""
    measured: list[float] = []
    while sum(measured) < _SHORTEST or len(measured) < 2:
        gc.collect()
        start = time.process_time()
        try:
            method(posts)
        except ayr.AyrframeError:
            return None
        measured.append(time.process_time() - start)
    return min(measured) / len(posts)


def main() -> int:
    """Parse the command line, measure and print a Markdown table."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.methods", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1_500, 15_000, 150_000], metavar="N")
    parser.add_argument("--only", nargs="+", metavar="METHOD")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    frames = [posts_of_all_platforms(count) for count in sorted(options.posts)]
    exceeded = []
    print("| method | " + " | ".join(f"{len(posts):,} posts, µs per post" for posts in frames) + " | ratio | growth |")
    print("| --- |" + " --- |" * (len(frames) + 2))
    with tempfile.TemporaryDirectory() as folder:
        base = 0.0
        for name, method in methods(Path(folder)).items():
            if options.only and name not in ("metrics", *options.only):
                continue
            times = [seconds_per_post(method, posts) for posts in frames]
            if None in times:
                continue
            *_, before, last = [0.0, *(seconds or 0.0 for seconds in times)]
            base = base or last
            ratio, growth = last / base, last / before if before else 0.0
            cells = " | ".join(f"{(seconds or 0.0) * 1e6:.1f}" for seconds in times)
            print(f"| {name} | {cells} | {ratio:.1f} | {growth:.2f} |", flush=True)
            if ratio > TARGETS.get(name, ratio) or growth > _MAX_GROWTH:
                exceeded.append(name)
    print("\n" + (f"Exceeded: {', '.join(exceeded)}." if exceeded else "All targets are met."))
    return int(bool(exceeded))


if __name__ == "__main__":
    sys.exit(main())
