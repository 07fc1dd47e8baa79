"""Cost per post and peak memory as posts grow: `python -m tests.benchmarks.scale --posts 100000 1000000 --folder DIR`.

Synthetic pages of all networks are archived as loads would do, compacted into a data set, and read with dask on a
cluster of two processes: `metrics()` and `summary()` over all of it. Each step runs in processes of its own; the memory
of all of them together is looked at ten times a second, as the system shares it out between them. What a step needs on
disk stays in the folder until the next size, and is removed with the last.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

import ayrframe as ayr
from ayrframe._archive.page_file import make_header, make_request, new_load_id
from ayrframe._archive.page_store import PageStore
from ayrframe._decode.envelope import Envelope, parse_envelopes
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Platform
from ayrframe._sandbox.synthetic.samples import SAMPLE_TIME, synthetic_reply
from tests.benchmarks.table import circumstances

_ROOT = Path(__file__).parents[2]
_PAGE = 500
_HISTORY = 2_000  # posts of a profile on a network: about 19 months of them
_BRANDS = 20  # so many histories are made; further profiles repeat them with ids and texts of their own
_OWN = re.compile(rb'"(?:id|post|text)":"')
_LOOKS_A_SECOND = 10


class Measured(NamedTuple):
    """What a step took: seconds, the most memory of its processes at one time, and what it said."""

    seconds: float
    memory: int
    said: dict[str, float]


def archive(folder: Path, posts: int) -> dict[str, float]:
    """Keep so many posts as loads of many profiles would, each network with its whole history."""
    store = PageStore(folder / "pages")
    profiles = max(1, posts // (_HISTORY * len(PLATFORMS)))
    history = min(_HISTORY, posts // len(PLATFORMS))
    templates = [_templates(seed, history) for seed in range(min(_BRANDS, profiles))]
    for number in range(profiles):
        for platform, pages in templates[number % _BRANDS].items():
            asked = make_request(platform.name, profile=f"client {number:05}", identity=f"{number}")
            load = new_load_id(SAMPLE_TIME + timedelta(hours=1))
            for place, (body, fields) in enumerate(pages, start=1):
                own = _OWN.sub(rb"\g<0>%d " % number, body)
                about = make_header(
                    asked,
                    Envelope([], fields),
                    load=load,
                    place=0,
                    number=place,
                    last=place == len(pages),
                    cursor=None,
                    status=200,
                    received_at=SAMPLE_TIME + timedelta(hours=1),
                )
                assert store.write(about, own)
    return {"posts": profiles * history * len(PLATFORMS)}


def compact(folder: Path, _: int) -> dict[str, float]:
    """Write the data set."""
    written = ayr.Archive(folder / "pages").to_parquet(folder / "posts")
    return {"posts": int(written["posts"].sum()), "parts": len(written), "bytes": int(written["bytes"].sum())}


def again(folder: Path, _: int) -> dict[str, float]:
    """Call it once more, with nothing new."""
    return {"parts": len(ayr.Archive(folder / "pages").to_parquet(folder / "posts"))}


def metrics(folder: Path, _: int) -> dict[str, float]:
    """Compute the metrics of all posts, and sum them up."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, memory_limit="1.5GiB", dashboard_address=":0") as cluster,
        Client(cluster),
    ):
        posts = ayr.dask.read_parquet(folder / "posts")
        engagements = posts.ayr.metrics()["engagements"].sum().compute()
        summary = posts.ayr.summary(by=["platform", "month"]).compute()
    told = summary.query("metric == 'engagements'")
    assert told["sum"].sum() == engagements
    return {"posts": int(told["posts"].sum()), "groups": len(told)}


STEPS: dict[str, Callable[[Path, int], dict[str, float]]] = {
    "archive": archive,
    "to_parquet": compact,
    "to_parquet, nothing new": again,
    "metrics + summary": metrics,
}


def _templates(seed: int, history: int) -> dict[Platform, list[tuple[bytes, dict[str, object]]]]:
    """Return the pages of a history on each network, and what their envelopes say."""
    return {platform: list(_pages(synthetic_reply(platform, history, seed=seed))) for platform in PLATFORMS.values()}


def _pages(sent: dict[str, Any]) -> Iterator[tuple[bytes, dict[str, object]]]:
    for start in range(0, len(sent["posts"]), _PAGE):
        body = msgspec.json.encode(sent | {"posts": sent["posts"][start : start + _PAGE]})
        yield body, parse_envelopes(body, "a page")[0].fields


def measured(step: str, folder: Path, posts: int) -> Measured:
    """Run a step in a process of its own, and look at the memory of it and of those that it starts."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--step", step, "--folder", str(folder)]
    start = time.perf_counter()
    with subprocess.Popen([*command, "--posts", str(posts)], stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        most = 0
        while process.poll() is None:
            most = max(most, _memory_of(process.pid))
            time.sleep(1 / _LOOKS_A_SECOND)
        assert process.stdout is not None
        said = process.stdout.read()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"The step {step!r} failed.")
    return Measured(seconds, most, json.loads(said.splitlines()[-1]))


def _memory_of(root: int) -> int:
    """Return the bytes that a process and all below it hold; what several share counts in parts."""
    total = 0
    for pid in _below(root):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def _below(root: int) -> Iterator[int]:
    yield root
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{root}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _below(int(child))


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.scale", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, required=True, help="a folder with room for about 600 bytes a post")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.simplefilter("ignore", ayr.DataWarning)
    if options.step:
        print(json.dumps(STEPS[options.step](options.folder, options.posts[0])))
        return
    print(json.dumps(circumstances()))
    print("| posts | step | µs a post | most memory, MiB | on disk, bytes a post |")
    print("| --- | --- | --- | --- | --- |", flush=True)
    for posts in options.posts:
        folder = options.folder / str(posts)
        for step in STEPS:
            found = measured(step, folder, posts)
            told = (posts, step, found.seconds / posts * 1e6, found.memory / 2**20, found.said.get("bytes", 0) / posts)
            print("| {:,} | {} | {:.1f} | {:,.0f} | {:.0f} |".format(*told), flush=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
