"""Measure ayrframe against other libraries: `python -m tests.benchmarks [--posts 20000] [--rounds 5]`.

Prints a Markdown table; `--json FILE` also writes the results as JSON. polars, DuckDB and pysimdjson are installed by
`pip install -e '.[bench]'` and skipped if they are missing. `--check` measures a small suite in about a minute and
fails if a ratio exceeds its target by more than a third. `--instructions` also counts CPU instructions with perf or
valgrind, for differences that are smaller than the noise of times.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import ayrframe as ayr
from tests.benchmarks import table
from tests.benchmarks.cases import analytics, decoding, expansions, import_time, instructions, memory
from tests.benchmarks.measure import Line, Plan
from tests.benchmarks.peers import missing_peers
from tests.benchmarks.targets import FULL_TARGETS, SMALL_TARGETS, TOLERANCE

Case = Callable[[Plan], Iterable[Line | str]]

CASES: dict[str, Case] = {
    "networks": decoding.each_network,
    "peers": decoding.every_peer,
    "page": decoding.one_page,
    "explode": expansions.against_explode,
    "expansions": expansions.against_others,
    "end-to-end": expansions.end_to_end,
    "metrics": expansions.metrics,
    "odd": decoding.invalid_and_undeclared,
    "analytics": analytics.merge_analytics,
    "memory": memory.peak_memory,
    "start": import_time.import_times,
    "scale": decoding.ten_times_as_long,
    "instructions": instructions.instruction_counts,
}
# Cases of the full suite only, and cases whose result does not depend on the number of posts.
_FULL_SUITE_ONLY = ("page", "expansions", "end-to-end")
_FIRST_SIZE_ONLY = ("page", "start", "instructions", "analytics")
# Runs on request only, because it takes a minute or two.
_ON_REQUEST_ONLY = "instructions"
_SMALL_POSTS, _SMALL_ROUNDS = 1_000, 3
_EXIT_EXCEEDED = 1


def measure(plan: Plan, names: Iterable[str]) -> tuple[list[Line], list[str]]:
    """Measure cases, print each line, and return the lines and notes."""
    lines: list[Line] = []
    notes: list[str] = []
    for name in names:
        for result in CASES[name](plan):
            if isinstance(result, str):
                notes.append(result)
            else:
                lines.append(result)
                print(table.format_row(result), flush=True)
    return lines, notes


def run_suite(options: argparse.Namespace) -> int:
    """Measure the full suite at each number of posts."""
    environment = table.describe_environment()
    lines: dict[int, list[Line]] = {}
    notes = [f"{title} is not installed and was skipped." for title in missing_peers()]
    print(table.header(environment))
    for posts in options.posts:
        if len(options.posts) > 1:
            print(f"| **{posts:,} posts of each platform** | | | | | | |")
        names = [name for name in _selected_cases(options) if posts == options.posts[0] or name not in _FIRST_SIZE_ONLY]
        lines[posts], case_notes = measure(Plan(posts, options.rounds, FULL_TARGETS), names)
        notes += case_notes
    sizes = ", ".join(f"{posts:,}" for posts in options.posts)
    notes.insert(0, f"{sizes} posts of each platform, median of {options.rounds} rounds.")
    if options.json:
        table.write_json(options.json, environment, lines, notes)
    print("", *notes, sep="\n")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Measure the small suite; repeat cases that exceed their target before reporting a failure."""
    print(table.header(table.describe_environment()))
    plan = Plan(_SMALL_POSTS, _SMALL_ROUNDS, SMALL_TARGETS, peers=False)
    exceeded: dict[tuple[str, str], Line] = {}
    notes: list[str] = []
    for name in _selected_cases(options, *_FULL_SUITE_ONLY):
        lines, case_notes = measure(plan, [name])
        notes += case_notes
        if any(map(_exceeds_target, lines)):
            repeated_lines, _ = measure(plan._replace(rounds=2 * _SMALL_ROUNDS), [name])
            better = map(min, zip(lines, repeated_lines, strict=True))
            exceeded |= {(line.what, line.against): line for line in better if _exceeds_target(line)}
    print("", *notes, sep="\n")
    for line in exceeded.values():
        assert line.target is not None
        print(f"{line.what} against {line.against}: {line.ratio:.2f} exceeds {line.target.text} by more than a third.")
    return _EXIT_EXCEEDED if exceeded else 0


def _selected_cases(options: argparse.Namespace, *omitted: str) -> list[str]:
    """Return the cases given by name, or else all cases but the omitted ones."""
    slow = () if options.instructions else (_ON_REQUEST_ONLY,)
    return options.only or [name for name in CASES if name not in (*omitted, *slow)]


def _exceeds_target(line: Line) -> bool:
    return line.target is not None and line.ratio > TOLERANCE * line.target.limit


def main() -> int:
    """Parse the command line and run the benchmarks."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--posts",
        type=int,
        nargs="+",
        default=[20_000],
        help="posts of each platform; several numbers are measured in turn",
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=CASES, metavar="CASE", help=f"some of: {', '.join(CASES)}")
    parser.add_argument("--json", type=Path, help="write the results to this file")
    parser.add_argument("--check", action="store_true", help="run the small suite and fail if a target is exceeded")
    parser.add_argument("--instructions", action="store_true", help="also count CPU instructions (slow)")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ayr.DataWarning)
    return run_check(options) if options.check else run_suite(options)


if __name__ == "__main__":
    sys.exit(main())
