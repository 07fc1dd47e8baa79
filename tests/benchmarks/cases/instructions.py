"""Count the CPU instructions of decoding and of `json.loads`, which do not depend on the load of the machine.

Uses `perf stat` if permitted, or else valgrind's callgrind, which takes a minute or two. Each side runs in its own
process: `python -m tests.benchmarks.cases.instructions SIDE FOLDER`. The instructions to start the process and to run
each function for the first time are measured separately and subtracted.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from tests.benchmarks.measure import Line, Plan
from tests.benchmarks.pages import DOCUMENTED, Page, make_page, write_pages

_ROOT = Path(__file__).parents[3]
_BASELINE, _OURS, _THEIRS = "baseline", "ours", "json.loads"
_PERF = ("perf", "stat", "-x", ",", "-e", "instructions:u")
_CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
_COUNT_PATTERN = re.compile(r"^(\d+),|Collected : (\d+)", re.MULTILINE)
# A fixed hash seed gives each process the same dict layouts; valgrind does not support large memory arenas.
_FIXED_ENVIRONMENT = {"PYTHONHASHSEED": "0", "ARROW_DEFAULT_MEMORY_POOL": "system"}


def instruction_counts(plan: Plan) -> Iterator[Line | str]:
    """Yield the number of instructions against that of `json.loads`."""
    counter = next((candidate for candidate in (_PERF, _CALLGRIND) if _is_available(candidate)), None)
    if counter is None:
        yield "Instructions were not counted: neither perf nor valgrind is available."
        return
    pages = {name: make_page(name, plan.posts) for name in DOCUMENTED}
    with write_pages(pages) as folder, ThreadPoolExecutor() as pool:
        jobs = [pool.submit(_count_instructions, counter, side, str(folder)) for side in (_BASELINE, _OURS, _THEIRS)]
        baseline, ours, theirs = (job.result() for job in jobs)
    what = f"instructions, pages of {plan.posts:,} posts, validated"
    yield Line(what, "json.loads", (ours - baseline) / (theirs - baseline), plan.targets.get("instructions"))
    yield f"Instructions were counted by {counter[0]}."


def _is_available(counter: tuple[str, ...]) -> bool:
    """Return whether a counter is installed and permitted."""
    if not shutil.which(counter[0]):
        return False
    process = subprocess.run([*counter, shutil.which("true") or "true"], capture_output=True, text=True, check=False)
    return bool(_COUNT_PATTERN.search(process.stderr))


def _count_instructions(counter: tuple[str, ...], side: str, folder: str) -> int:
    command = [*counter, sys.executable, "-m", "tests.benchmarks.cases.instructions", side, folder]
    environment = os.environ | _FIXED_ENVIRONMENT
    process = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT, env=environment)
    match = _COUNT_PATTERN.search(process.stderr)
    assert match, process.stderr
    return int(match[1] or match[2])


def main() -> None:
    """Run each function once on three posts, then the function of one side on all pages."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore", ayr.DataWarning)
    pages = [Page(PLATFORMS[file.stem], file.read_bytes()) for file in sorted(folder.glob("*.json"))]
    jobs = {_OURS: Page.frame, _THEIRS: lambda page: json.loads(page.body)}
    for page in pages:
        for job in jobs.values():
            job(make_page(page.platform.name, 3))
    for page in pages if side in jobs else ():
        jobs[side](page)


if __name__ == "__main__":
    main()
