"""Ratios against peers, each pair measured in turn in one process: `python -m tests.benchmarks [--posts 20000]`.

Prints a Markdown table; `--json FILE` writes the same. Times on a shared machine wander, so only ratios are shown:
medians over rounds in which the two take turns.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform as machine
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pandas as pd
import pyarrow as pa

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._synthetic import reply
from ayrframe.spec import Platform
from tests.benchmarks.peers import expanded

DOCUMENTED = [name for name in PLATFORMS if name not in ("snapchat", "threads")]


class Row(NamedTuple):
    """One measured pair."""

    what: str
    against: str
    ratio: float
    bar: str


def paired(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int, *, own: bool = False) -> float:
    """Return how long ours takes as a multiple of theirs: the median over rounds of one after the other.

    The collector runs as it does for users. With `own`, the objects that only theirs needs (ready-made dicts) are
    hidden from it while ours runs, as if ours were alone in the process.
    """
    ratios = []
    for _ in range(rounds):
        gc.collect()
        if own:
            gc.freeze()
        mine = _seconds(ours)
        gc.unfreeze()
        ratios.append(mine / _seconds(theirs))
    return statistics.median(ratios)


def _seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    start = time.perf_counter()
    result = work()
    elapsed = time.perf_counter() - start
    del result
    return elapsed


def pages(count: int) -> dict[str, bytes]:
    """Return a page of so many synthetic posts for each documented network, as the API would send it."""
    return {name: msgspec.json.encode(reply(PLATFORMS[name], count)) for name in DOCUMENTED}


def frame_of(name: str, page: bytes, validate: Any = None) -> pd.DataFrame:
    """Do the job: bytes to posts frame."""
    return ayr.read_json(page, platform=name, as_of="2026-03-01", validate=validate)


def decoding(sent: dict[str, bytes], rounds: int) -> Iterator[Row]:
    """Yield the decode of each page against `json.loads` on the same bytes, and of all together."""
    for name, page in sent.items():
        ratio = paired(lambda: frame_of(name, page), lambda: json.loads(page), rounds)  # noqa: B023
        yield Row(f"bytes → frame, {name}", "json.loads", ratio, "≤ 1.3")
    for validate, bar in ((None, "≤ 0.7"), ("warn", "")):
        ratio = paired(
            lambda: [frame_of(name, page, validate) for name, page in sent.items()],  # noqa: B023
            lambda: [json.loads(page) for page in sent.values()],
            rounds,
        )
        checked = ", validated" if validate else ""
        yield Row(f"bytes → frame{checked}, all eight", "json.loads", ratio, bar)


def drifting(sent: dict[str, bytes], rounds: int) -> Iterator[Row]:
    """Yield what one undeclared field on every post costs."""
    drifted = {name: page.replace(b'{"id":', b'{"brandNew":7,"id":') for name, page in sent.items()}
    ratio = paired(
        lambda: [frame_of(name, page) for name, page in drifted.items()],
        lambda: [frame_of(name, page) for name, page in sent.items()],
        rounds,
    )
    yield Row("a page with an undeclared field on every post", "the clean page", ratio, "≤ 3")


def unfolding(sent: dict[str, bytes], rounds: int) -> Iterator[Row]:
    """Yield each expansion with rows against `explode` and `DataFrame(list)`, after checking that both are equal."""
    ratios = []
    for name, page in sent.items():
        platform = PLATFORMS[name]
        posts = frame_of(name, page)
        for expansion in platform.expansions:
            ours, theirs = _both(posts, platform, expansion.table.name, json.loads(page)["posts"])
            table = ours()
            if not len(table):
                continue
            pd.testing.assert_frame_equal(table, theirs(), check_index_type=False)
            ratio = paired(ours, theirs, rounds, own=True)
            ratios.append(ratio)
            yield Row(f"{expansion.table.name}, {name}", "explode + DataFrame(list)", ratio, "< 1")
    yield Row("expansions, median", "explode + DataFrame(list)", statistics.median(ratios), "≤ 0.5")


def _both(
    posts: pd.DataFrame, platform: Platform, name: str, sent: list[dict[str, Any]]
) -> tuple[Callable[[], pd.DataFrame], Callable[[], pd.DataFrame]]:
    expansion = next(own for own in platform.expansions if own.table.name == name)
    path = next(column.path for column in platform.columns if column.name == expansion.source)
    objects = pd.Series([post.get(path) for post in sent], dtype="object")
    return lambda: posts.ayr.expand(name), lambda: expanded(posts, objects, platform, expansion)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000, help="posts of each network")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    sent = pages(options.posts)
    rows = [row for part in (decoding, drifting, unfolding) for row in part(sent, options.rounds)]
    size = sum(map(len, sent.values())) / 1e6
    versions = {"pandas": pd, "pyarrow": pa, "msgspec": msgspec}
    print(f"{options.posts:,} posts of each of {len(sent)} networks, {size:.0f} MB, {options.rounds} rounds,", end=" ")
    print(f"Python {machine.python_version()}", *(f"{name} {module.__version__}" for name, module in versions.items()))
    print("\n| what | against | ratio | bar |\n| --- | --- | --- | --- |")
    for row in rows:
        print(f"| {row.what} | {row.against} | {row.ratio:.2f} | {row.bar} |")
    if options.json:
        options.json.write_text(json.dumps([row._asdict() for row in rows], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
