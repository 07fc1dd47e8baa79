"""Peak memory over the input, each side in a process of its own: `python -m tests.benchmarks.cases.memory SIDE FOLDER`.

The process imports everything, does the job once on a few posts, reads the pages, and only then counts: what its
memory grows by at the highest while it turns them into frames that it keeps.
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
from tests.benchmarks.pages import DOCUMENTED, Page, on_disk, page_of

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_ROOT = Path(__file__).parents[3]
_FEW = 3


def peak(plan: Plan) -> Iterator[Line | str]:
    """Yield the peak of ours against that of the recipe, and each against the size of the input."""
    if not _STATUS.exists():
        yield "Memory is measured on Linux only, and was left out."
        return
    pages = {name: page_of(name, plan.posts) for name in DOCUMENTED}
    size = sum(len(page.body) for page in pages.values())
    with on_disk(pages) as folder:
        ours, theirs = (_grown(side, folder) for side in ("ours", "recipe"))
    what = "peak memory over the input, all eight, validated"
    yield Line(what, "json_normalize recipe + pandera", ours / theirs, plan.bars.get("memory"))
    if plan.peers:
        yield Line(what, "the size of the input", ours / size)


def _grown(side: str, folder: Path) -> int:
    command = [sys.executable, "-m", "tests.benchmarks.cases.memory", side, str(folder)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT).stdout)


def _job(side: str) -> Callable[[Page], Any]:
    if side == "ours":
        return Page.frame
    from tests.benchmarks.peers import recipe

    return lambda page: recipe.reader(page)()


def _bytes(field: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def main() -> None:
    """Do the job of one side, and print by how many bytes the process grew."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore", ayr.DataWarning)
    job = _job(side)
    pages = [Page(PLATFORMS[file.stem], file.read_bytes()) for file in sorted(folder.glob("*.json"))]
    for page in pages:
        job(page_of(page.platform.name, _FEW))
    # The highest mark starts anew from here, where the system lets it.
    if _RESET.exists():
        _RESET.write_text("5")
    before = _bytes("VmRSS")
    frames = [job(page) for page in pages]
    grown = _bytes("VmHWM") - before
    assert all(len(frame) for frame in frames)
    print(grown)


if __name__ == "__main__":
    main()
