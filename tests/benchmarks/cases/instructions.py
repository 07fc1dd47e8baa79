"""How many instructions ours and `json.loads` take: a count does not wander with what else a machine has to do.

`perf stat` counts where the machine lets it, else valgrind's callgrind, which needs a minute or two. Each side is a
process of its own: `python -m tests.benchmarks.cases.instructions SIDE FOLDER`. What it takes to start one and to do
each job for the first time is counted alone and taken off.
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
from tests.benchmarks.pages import DOCUMENTED, Page, on_disk, page_of

_ROOT = Path(__file__).parents[3]
_NOTHING, _OURS, _THEIRS = "nothing", "ours", "json.loads"
_PERF = ("perf", "stat", "-x", ",", "-e", "instructions:u")
_CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
_COUNTED = re.compile(r"^(\d+),|Collected : (\d+)", re.MULTILINE)
# Hashes, and with them the paths through dicts, are the same in each process; valgrind has no room for large arenas.
_SAME = {"PYTHONHASHSEED": "0", "ARROW_DEFAULT_MEMORY_POOL": "system"}


def counted(plan: Plan) -> Iterator[Line | str]:
    """Yield our instructions as a multiple of those of `json.loads`."""
    counter = next((way for way in (_PERF, _CALLGRIND) if _counts(way)), None)
    if counter is None:
        yield "Instructions were not counted: neither perf nor valgrind can do it here."
        return
    with on_disk({name: page_of(name, plan.posts) for name in DOCUMENTED}) as folder, ThreadPoolExecutor() as pool:
        jobs = [pool.submit(_count, counter, side, str(folder)) for side in (_NOTHING, _OURS, _THEIRS)]
        nothing, ours, theirs = (job.result() for job in jobs)
    what = f"instructions, pages of {plan.posts:,} posts, validated"
    yield Line(what, "json.loads", (ours - nothing) / (theirs - nothing), plan.bars.get("instructions"))
    yield f"Instructions were counted by {counter[0]}."


def _counts(counter: tuple[str, ...]) -> bool:
    """Tell whether this way of counting is installed and allowed."""
    if not shutil.which(counter[0]):
        return False
    done = subprocess.run([*counter, shutil.which("true") or "true"], capture_output=True, text=True, check=False)
    return bool(_COUNTED.search(done.stderr))


def _count(counter: tuple[str, ...], side: str, folder: str) -> int:
    command = [*counter, sys.executable, "-m", "tests.benchmarks.cases.instructions", side, folder]
    around = os.environ | _SAME
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT, env=around)
    found = _COUNTED.search(done.stderr)
    assert found, done.stderr
    return int(found[1] or found[2])


def main() -> None:
    """Do each job once on a few posts, and then that of one side on all."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore", ayr.DataWarning)
    pages = [Page(PLATFORMS[file.stem], file.read_bytes()) for file in sorted(folder.glob("*.json"))]
    jobs = {_OURS: Page.frame, _THEIRS: lambda page: json.loads(page.body)}
    for page in pages:
        for job in jobs.values():
            job(page_of(page.platform.name, 3))
    for page in pages if side in jobs else ():
        jobs[side](page)


if __name__ == "__main__":
    main()
