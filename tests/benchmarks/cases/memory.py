"""Measure peak memory, each side in its own process: `python -m tests.benchmarks.cases.memory SIDE FOLDER`.

The process imports everything, decodes a few posts and reads the pages before the measurement. The result is the
maximum growth of its memory while it decodes all pages and keeps the frames.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from tests.benchmarks.measure import Line, Plan
from tests.benchmarks.pages import DOCUMENTED, Page, make_page, write_pages

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_ROOT = Path(__file__).parents[3]
_WARM_UP_POSTS = 3


def peak_memory(plan: Plan) -> Iterator[Line | str]:
    """Yield the peak memory against that of the recipe and against the size of the input."""
    if not _STATUS.exists():
        yield "Memory is measured on Linux only and was skipped."
        return
    pages = {name: make_page(name, plan.posts) for name in DOCUMENTED}
    size = sum(len(page.body) for page in pages.values())
    with write_pages(pages) as folder:
        ours, theirs = (_measure_peak(side, folder) for side in ("ours", "recipe"))
    what = "peak memory over the input, all eight, validated"
    yield Line(what, "json_normalize recipe + pandera", ours / theirs, plan.targets.get("memory"))
    if plan.peers:
        yield Line(what, "the size of the input", ours / size)


def _measure_peak(side: str, folder: Path) -> int:
    command = [sys.executable, "-m", "tests.benchmarks.cases.memory", side, str(folder)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT).stdout)


def _select_job(side: str) -> Callable[[Page], Any]:
    if side == "ours":
        return Page.frame
    from tests.benchmarks.peers import recipe

    return lambda page: recipe.reader(page)()


def _read_bytes(field: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def main() -> None:
    """Decode the pages with one side and print the growth of memory in bytes."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore", ayr.DataWarning)
    job = _select_job(side)
    pages = [Page(PLATFORMS[file.stem], file.read_bytes()) for file in sorted(folder.glob("*.json"))]
    for page in pages:
        job(make_page(page.platform.name, _WARM_UP_POSTS))
    # Reset the peak (VmHWM) if the system permits it.
    if _RESET.exists():
        _RESET.write_text("5")
    before = _read_bytes("VmRSS")
    frames = [job(page) for page in pages]
    growth = _read_bytes("VmHWM") - before
    assert all(len(frame) for frame in frames)
    print(growth)


if __name__ == "__main__":
    main()
