"""Ratios against every way an analyst would do it today: `python -m tests.benchmarks [--posts 20000] [--rounds 5]`.

Prints a Markdown table; `--json FILE` writes the same for programs. polars, DuckDB and pysimdjson come with
`pip install -e '.[bench]'` and are left out where they are missing. `--check` measures a small part in a minute and
fails when a ratio falls back by more than a third behind its bar. `--instructions` counts them besides, with perf or
valgrind, where a ratio of times is too noisy to tell a small step.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import ayrframe as ayr
from tests.benchmarks import table
from tests.benchmarks.cases import decoding, expansions, import_time, instructions, memory
from tests.benchmarks.measure import Line, Plan
from tests.benchmarks.peers import missing
from tests.benchmarks.targets import SLACK, SMALL, WHOLE

Case = Callable[[Plan], Iterable[Line | str]]

CASES: dict[str, Case] = {
    "networks": decoding.each_network,
    "peers": decoding.all_peers,
    "page": decoding.one_page,
    "explode": expansions.against_explode,
    "expansions": expansions.against_others,
    "end-to-end": expansions.end_to_end,
    "metrics": expansions.metrics,
    "odd": decoding.odd_posts,
    "memory": memory.peak,
    "start": import_time.imports,
    "scale": decoding.ten_times,
    "instructions": instructions.counted,
}
# What the small suite leaves to the whole one, and what has a size of its own.
_LARGE_ONLY = ("page", "expansions", "end-to-end")
_ONCE = ("page", "start", "instructions")
# Only where somebody asks: it takes a minute or two.
_ASKED = "instructions"
_SMALL_POSTS, _SMALL_ROUNDS = 1_000, 3
_BEHIND = 1


def measured(plan: Plan, names: Iterable[str]) -> tuple[list[Line], list[str]]:
    """Measure these cases, print each line as it comes, and return them with the notes."""
    lines: list[Line] = []
    notes: list[str] = []
    for name in names:
        for found in CASES[name](plan):
            if isinstance(found, str):
                notes.append(found)
            else:
                lines.append(found)
                print(table.row(found), flush=True)
    return lines, notes


def suite(options: argparse.Namespace) -> int:
    """Measure everything at each of the sizes."""
    around = table.circumstances()
    lines: dict[int, list[Line]] = {}
    notes = [f"{title} is not installed, and was left out." for title in missing()]
    print(table.head(around))
    for posts in options.posts:
        if len(options.posts) > 1:
            print(f"| **{posts:,} posts of each network** | | | | | | |")
        names = [name for name in _named(options) if posts == options.posts[0] or name not in _ONCE]
        lines[posts], told = measured(Plan(posts, options.rounds, WHOLE), names)
        notes += told
    sizes = ", ".join(f"{posts:,}" for posts in options.posts)
    notes.insert(0, f"{sizes} posts of each network, median of {options.rounds} rounds.")
    if options.json:
        table.write(options.json, around, lines, notes)
    print("", *notes, sep="\n")
    return 0


def check(options: argparse.Namespace) -> int:
    """Measure the small suite; what falls behind is measured once more before it counts."""
    print(table.head(table.circumstances()))
    plan = Plan(_SMALL_POSTS, _SMALL_ROUNDS, SMALL, peers=False)
    behind, notes = {}, []
    for name in _named(options, *_LARGE_ONLY):
        lines, told = measured(plan, [name])
        notes += told
        if any(map(_behind, lines)):
            again, _ = measured(plan._replace(rounds=2 * _SMALL_ROUNDS), [name])
            behind |= {line[:2]: line for line in map(min, zip(lines, again, strict=True)) if _behind(line)}
    print("", *notes, sep="\n")
    for line in behind.values():
        print(f"{line.what} against {line.against}: {line.ratio:.2f}, more than a third behind {line.bar.text}.")
    return _BEHIND if behind else 0


def _named(options: argparse.Namespace, *left_out: str) -> list[str]:
    """Return the cases that were asked for by name; if none was, all but what is left out."""
    slow = () if options.instructions else (_ASKED,)
    return options.only or [name for name in CASES if name not in (*left_out, *slow)]


def _behind(line: Line) -> bool:
    return line.bar is not None and line.ratio > SLACK * line.bar.limit


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[20_000], help="posts of each network, sizes in turn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=CASES, metavar="CASE", help=f"some of: {', '.join(CASES)}")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--check", action="store_true", help="the small suite: fail when something falls behind")
    parser.add_argument("--instructions", action="store_true", help="count them too: as steady as it is slow")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ayr.DataWarning)
    return check(options) if options.check else suite(options)


if __name__ == "__main__":
    sys.exit(main())
