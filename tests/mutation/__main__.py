"""Count how many small changes of the code the tests notice: `python -m tests.mutation`.

Mutants are chosen by a fixed seed from the modules in `targets.py`. For each one the tests run that ran the changed
statement when coverage was measured. Survivors are printed with file, line and change; the exit status is 1 below 85 %
killed, equivalent mutants (`equivalent.toml`) left out. Nothing is written into the repository but the folder of the
results, from which an interrupted run continues.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.mutation import contexts, report
from tests.mutation.copies import Copy
from tests.mutation.equivalent import read_equivalent
from tests.mutation.mutants import Mutant, choose, find_mutants
from tests.mutation.results import Result, append_result, read_results
from tests.mutation.targets import ROOT, target_paths
from tests.mutation.worker import Work, end_process, run_workers

_TEST_PATHS = ("tests", "ayrframe", "README.md")
_MIN_KILLED = 85.0
_EXIT_BELOW = 1


def main() -> int:
    """Parse the command line, run the mutants and print the figures."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, end_process)
    paths = [*target_paths()]
    every = [mutant for path in paths for mutant in find_mutants(path, (ROOT / path).read_text(encoding="utf-8"))]
    mutants = [mutant for mutant in choose(every, options.count, options.seed) if _is_wanted(mutant, options)]
    options.folder.mkdir(parents=True, exist_ok=True)
    data_files = options.contexts or [options.folder / "coverage"]
    if not options.contexts and not data_files[0].exists():
        contexts.measure(data_files[0], options.folder / "seconds.json", _TEST_PATHS, options.processes)
    results = _run(mutants, contexts.TestIndex(contexts.read_lines(data_files, paths)), options)
    return _report(results, options.seed)


def _run(mutants: list[Mutant], index: contexts.TestIndex, options: argparse.Namespace) -> list[Result]:
    """Run the mutants that have no result yet, and return the results of all."""
    file = options.folder / "results.jsonl"
    known = read_results(file)
    keys = set() if options.survivors or options.tests else known.keys()
    waiting = [mutant for mutant in mutants if mutant.key not in keys]
    print(f"{len(mutants)} mutants, seed {options.seed}; {len(waiting)} are run; results in {file}.", flush=True)
    seconds = contexts.read_seconds(options.folder / "seconds.json")
    write = partial(append_result, file)
    with tempfile.TemporaryDirectory(prefix="ayrframe-mutation-", ignore_cleanup_errors=True) as temporary:
        parts = [part for n in range(options.processes) if (part := waiting[n :: options.processes])]
        copies = [Copy(Path(temporary) / str(number)) for number in range(len(parts))]
        tests = {mutant.key: index.tests_of(mutant) for mutant in waiting}
        work = [Work(part, tests, options.tests, seconds, options.seconds, write) for part in parts]
        for _ in run_workers(copies, work):
            for result in (result for key, result in read_results(file).items() if known.get(key) != result):
                known[result.key] = result
                if not result.is_killed:
                    print(f"survived {result.tests} tests: {result.shown}", flush=True)
    known = read_results(file)
    return [known[mutant.key] for mutant in mutants]


def _report(results: list[Result], seed: int) -> int:
    equivalent = read_equivalent()
    counted = [result for result in results if result.is_killed or result.key not in equivalent]
    print("\nSurvivors:")
    for result in sorted(results, key=lambda result: result.shown):
        if not result.is_killed:
            reason = equivalent.get(result.key)
            print(f"{result.shown}{f' (equivalent: {reason})' if reason else ''}")
    for group, title in ((lambda r: r.path, "module"), (lambda r: r.kind, "kind"), (lambda r: r.outcome, "outcome")):
        print("", *report.table(counted, group, title), sep="\n")
    minutes = sum(result.cpu_seconds for result in results) / 60
    print(f"\nSeed {seed}: {len(results)} mutants, {report.share(results):.1f} % killed; {minutes:.0f} CPU minutes.")
    print(f"Without {len(results) - len(counted)} equivalent ones: {report.share(counted):.1f} %.")
    return _EXIT_BELOW if report.share(counted) < _MIN_KILLED else 0


def _is_wanted(mutant: Mutant, options: argparse.Namespace) -> bool:
    if options.only and not any(part in mutant.path for part in options.only):
        return False
    return not options.survivors or mutant.key in _survivors(options.survivors)


def _survivors(folder: Path) -> set[str]:
    return {key for key, result in read_results(folder / "results.jsonl").items() if not result.is_killed}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.mutation", description=__doc__)
    parser.add_argument("--count", type=int, default=416, help="number of mutants")
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=25.0, help="CPU seconds after which a mutant has survived")
    parser.add_argument("--folder", type=Path, default=ROOT / ".mutation", help="results and coverage; may be deleted")
    parser.add_argument("--contexts", type=Path, nargs="+", help="coverage data with contexts, instead of measuring")
    parser.add_argument("--only", nargs="+", metavar="MODULE", help="only modules whose path contains one of these")
    parser.add_argument(
        "--survivors", type=Path, metavar="FOLDER", help="only the survivors in the results of a folder"
    )
    parser.add_argument(
        "--tests", nargs="+", default=[], metavar="FILE", help="test files to run first for each mutant"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
