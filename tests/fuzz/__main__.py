"""Fuzz ayrframe with documents from grammars: `python -m tests.fuzz [--posts 1000000] [--seed 1] [--processes 2]`.

Prints the figures of the run and each property that does not hold, with a minimised document in a file. Exit status 1
if there is any. `--seed N --case K` checks one document again; `--times` only compares times at two sizes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.fuzz.cases import KINDS, make_case
from tests.fuzz.growth import check_growth
from tests.fuzz.run import Totals, check_case, fuzz


def main() -> int:
    """Parse the command line and run the fuzzer."""
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000, help="check at least so many posts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="check only the case with this number")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=(), help="only documents of these kinds")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--times", action="store_true", help="only compare times at two sizes")
    parser.add_argument("--output", type=Path, default=Path("fuzz-findings"), help="folder for documents that fail")
    options = parser.parse_args()
    kinds = tuple(options.kinds)
    if options.case is not None:
        case = make_case(options.seed, options.case, kinds)
        print(f"{case.kind} {case.platform}, {case.posts:,} posts, {len(case.body):,} bytes")
        found = check_case(options.seed, options.case, kinds, options.output)
        print(found.text if found else "All properties hold.")
        return int(found is not None)
    totals = Totals() if options.times else fuzz(options.seed, options.posts, kinds, options.processes, options.output)
    slow = [] if kinds else check_growth()
    for text in slow:
        print(text)
    print(totals.describe(options.seed))
    return int(bool(totals.texts or slow))


if __name__ == "__main__":
    sys.exit(main())
