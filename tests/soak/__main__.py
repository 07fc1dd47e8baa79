"""Load every day from a sandbox with faults, kill the loading processes, and compare the archive with the sandbox.

Run `python -m tests.soak [--days 90] [--profiles 10] [--seed 0]`. Exits with 1 if posts are lost, mixed or counted
twice, numbers differ, a continued load requests stored pages again, or the time of a load grows faster than its posts.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from ayrframe._platforms import PLATFORMS
from tests.soak.compare import Comparison, compare
from tests.soak.run import Loader, run
from tests.soak.service import Service

_MAX_GROWTH = 1.5
_WINDOW = 10  # loads at the start and at the end


def soak(options: argparse.Namespace, folder: Path) -> tuple[Service, list[Loader], Comparison, list[float]]:
    """Load all days into the folder and compare; return also the seconds of both steps."""
    profiles = [f"profile {number}" for number in range(1, options.profiles + 1)]
    service = Service(profiles, options.platforms, options.posts, options.seed)
    start = time.perf_counter()
    with service.api:
        loaders = run(
            service, folder, days=options.days, processes=options.processes, kills=options.kills, seed=options.seed
        )
        loaded = time.perf_counter()
        result = compare(service, folder, options.processes)
    return service, loaders, result, [loaded - start, time.perf_counter() - loaded]


def time_per_load(loaders: list[Loader]) -> tuple[float, float, float]:
    """Return the CPU seconds of a load at the start and at the end, and the growth per post."""
    loads = sorted((load for loader in loaders for load in loader.loads), key=lambda load: load.day)
    window = min(_WINDOW * len(loaders), max(len(loads) // 3, 1))
    first, last = loads[:window], loads[-window:]
    means = [statistics.median(load.cpu_seconds for load in part) for part in (first, last)]
    sizes = [statistics.median(load.posts for load in part) for part in (first, last)]
    return means[0], means[1], means[1] / means[0] / max(sizes[1] / sizes[0], 1)


def print_figures(
    service: Service, loaders: list[Loader], result: Comparison, seconds: list[float], folder: Path
) -> None:
    """Print what was done, how long it took, and what differs."""
    pages = [path.stat().st_size for path in folder.glob("*/*.page")]
    memory = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    start, end, growth = time_per_load(loaders)
    faults = ", ".join(f"{kind} {count:,}" for kind, count in sorted(service.faults.items()))
    figures = {
        "seed": service.seed,
        "days, profiles, platforms": f"{service.day}, {len(service.profiles)}, {len(service.platforms)}",
        "loads": f"{service.day * len(loaders)} of {len(loaders)} processes, {sum(x.repeated for x in loaders)} again",
        "kills": sum(loader.killed for loader in loaders),
        "requests": f"{sum(service.requests.values()):,}",
        "faults": f"{sum(service.faults.values()):,} ({faults})",
        "pages": f"{len(pages):,} of {sum(pages):,} bytes",
        "compared": ", ".join(f"{count:,} {what}" for what, count in result.compared.items()),
        "CPU seconds per load": f"{start:.2f} at the start, {end:.2f} at the end; growth per post {growth:.2f}",
        "seconds": f"{seconds[0]:.0f} for the loads, {seconds[1]:.0f} for the comparison",
        "peak memory": f"{memory[0]:,.0f} MiB (loads and comparison), {memory[1]:,.0f} MiB (sandbox and records)",
        "differences": ", ".join(f"{count:,} {kind}" for kind, count in result.problems.items() if count) or "none",
    }
    for name, value in figures.items():
        print(f"{name}: {value}")
    for text in [*result.examples, *(problem for loader in loaders for problem in loader.problems)]:
        print(text)


def main() -> int:
    """Parse the command line, run and report."""
    parser = argparse.ArgumentParser("python -m tests.soak", description=__doc__)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--profiles", type=int, default=10)
    parser.add_argument("--platforms", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), metavar="NAME")
    parser.add_argument("--posts", type=int, default=12, help="posts of each history at the start")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2, help="loading processes, each with a part of the profiles")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        service, loaders, result, seconds = soak(options, Path(name))
        print_figures(service, loaders, result, seconds, Path(name))
    is_slower = time_per_load(loaders)[2] > _MAX_GROWTH
    problems = sum(result.problems.values()) + sum(len(loader.problems) for loader in loaders)
    return int(bool(problems) or is_slower)


if __name__ == "__main__":
    sys.exit(main())
