"""Measure time and peak memory for large numbers of posts.

Run `python -m tests.benchmarks.scale --posts 100000 1000000 --folder DIR`. Synthetic pages of all platforms are
archived, written into a dataset and read with dask on a cluster of two processes, which computes `metrics()` and
`summary()`. Each step runs in its own process. Memory is the proportional set size of that process and its children,
sampled ten times a second. The files of a size are removed after its last step.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import resource
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
from ayrframe._archive.cache import PageRecorder
from ayrframe._archive.page_file import make_request, new_load_id
from ayrframe._archive.page_store import PageStore
from ayrframe._decode.envelope import Envelope, parse_envelopes
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Platform
from ayrframe._sandbox.synthetic.samples import SAMPLE_TIME, synthetic_response
from tests.benchmarks.table import describe_environment

_ROOT = Path(__file__).parents[2]
_PAGE = 500
_HISTORY = 2_000  # posts per profile and platform, about 19 months
_BRANDS = 20  # distinct histories; further profiles repeat them with other ids and texts
_OWN = re.compile(rb'"(?:id|post|text)":"')
_SAMPLES_PER_SECOND = 10


class Measured(NamedTuple):
    """Seconds, CPU seconds and peak memory of a step, and the results that it printed."""

    seconds: float
    cpu_seconds: float
    memory: int
    results: dict[str, float]


def archive(folder: Path, posts: int) -> dict[str, float]:
    """Archive this many posts, as loads of many profiles would do."""
    store = PageStore(folder / "pages")
    profiles = max(1, posts // (_HISTORY * len(PLATFORMS)))
    history = min(_HISTORY, posts // len(PLATFORMS))
    templates = [_templates(seed, history) for seed in range(min(_BRANDS, profiles))]
    for number in range(profiles):
        for platform, pages in templates[number % _BRANDS].items():
            asked = make_request(platform.name, profile=f"client {number:05}", identity=f"{number}")
            received_at = SAMPLE_TIME + timedelta(hours=1)
            recorder = PageRecorder(store, asked, load=new_load_id(received_at))
            for place, (body, fields) in enumerate(pages, start=1):
                own = _OWN.sub(rb"\g<0>%d " % number, body)
                is_last = place == len(pages)
                assert recorder.record(own, Envelope([], fields), received_at=received_at, is_last=is_last)
    return {"posts": profiles * history * len(PLATFORMS)}


def compact(folder: Path, _: int) -> dict[str, float]:
    """Write the dataset."""
    written = ayr.Archive(folder / "pages").to_parquet(folder / "posts")
    return {"posts": int(written["posts"].sum()), "parts": len(written), "bytes": int(written["bytes"].sum())}


def again(folder: Path, _: int) -> dict[str, float]:
    """Call `to_parquet` again without new pages."""
    return {"parts": len(ayr.Archive(folder / "pages").to_parquet(folder / "posts"))}


def metrics(folder: Path, _: int) -> dict[str, float]:
    """Compute the metrics of all posts."""
    with _cluster():
        engagements = ayr.dask.read_parquet(folder / "posts").ayr.metrics()["engagements"].sum().compute()
    return {"engagements": float(engagements)}


def summary(folder: Path, _: int) -> dict[str, float]:
    """Summarize all posts."""
    with _cluster():
        rows = ayr.dask.read_parquet(folder / "posts").ayr.summary(by=["platform", "month"]).compute()
    engagements = rows.query("metric == 'engagements'")
    return {"posts": int(engagements["posts"].sum()), "groups": len(engagements)}


@contextlib.contextmanager
def _cluster() -> Iterator[None]:
    from distributed import Client, LocalCluster

    workers = {"n_workers": 2, "threads_per_worker": 1, "memory_limit": "1.5GiB"}
    with LocalCluster(**workers, dashboard_address=":0") as cluster, Client(cluster):
        yield


STEPS: dict[str, Callable[[Path, int], dict[str, float]]] = {
    "archive": archive,
    "to_parquet": compact,
    "to_parquet, nothing new": again,
    "metrics": metrics,
    "summary": summary,
}


def _templates(seed: int, history: int) -> dict[Platform, list[tuple[bytes, dict[str, object]]]]:
    """Return the pages of a history on each platform, and the other fields of their envelopes."""
    return {platform: list(_pages(synthetic_response(platform, history, seed=seed))) for platform in PLATFORMS.values()}


def _pages(sent: dict[str, Any]) -> Iterator[tuple[bytes, dict[str, object]]]:
    for start in range(0, len(sent["posts"]), _PAGE):
        body = msgspec.json.encode(sent | {"posts": sent["posts"][start : start + _PAGE]})
        yield body, parse_envelopes(body, "a page")[0].fields


def measured(step: str, folder: Path, posts: int) -> Measured:
    """Run a step in a new process and sample the memory of that process and its children."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--step", step, "--folder", str(folder)]
    start, cpu_start, memory = time.perf_counter(), _children_cpu(), 0
    with subprocess.Popen([*command, "--posts", str(posts)], stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        while process.poll() is None:
            memory = max(memory, _memory_of(process.pid))
            time.sleep(1 / _SAMPLES_PER_SECOND)
        assert process.stdout is not None
        output = process.stdout.read()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"The step {step!r} failed.")
    return Measured(seconds, _children_cpu() - cpu_start, memory, json.loads(output.splitlines()[-1]))


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _memory_of(root: int) -> int:
    """Return the proportional set size of a process and its descendants, in bytes."""
    total = 0
    for pid in _descendants(root):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def _descendants(root: int) -> Iterator[int]:
    yield root
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{root}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _descendants(int(child))


def main() -> None:
    """Measure all steps for each number of posts."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.scale", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, required=True, help="a folder with 600 bytes of free space per post")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.simplefilter("ignore", ayr.DataWarning)
    if options.step:
        print(json.dumps(STEPS[options.step](options.folder, options.posts[0])))
        return
    print(json.dumps(describe_environment()))
    print("| posts | step | seconds | CPU seconds | peak memory, MiB | on disk, bytes per post |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for posts in options.posts:
        folder = options.folder / str(posts)
        for step in STEPS:
            found = measured(step, folder, posts)
            row = (found.seconds, found.cpu_seconds, found.memory / 2**20, found.results.get("bytes", 0) / posts)
            print(f"| {posts:,} | {step} | {{:.1f}} | {{:.1f}} | {{:,.0f}} | {{:.0f}} |".format(*row), flush=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
