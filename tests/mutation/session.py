"""Choose the tests of each mutant and run them; results are kept in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.mutation.child import collect, run_in_child, run_stages
from tests.mutation.contexts import TestIndex
from tests.mutation.copies import Copy
from tests.mutation.mutants import Mutant
from tests.mutation.pool import Finished, Job, run_jobs

TEST_PATHS = ("tests", "ayrframe", "README.md")
_MAX_TESTS = 80
_FIRST_TESTS = 10
_NO_TESTS_COLLECTED = 5
# A mutant that takes this long does not end; other processes may slow it down.
_LIMIT_SECONDS = 600.0
_UNCHANGED_LIMIT = 3600.0


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a mutant: "killed", "timeout", "crash" or "survived"; `test` is the first test that failed."""

    key: str
    shown: str
    path: str
    kind: str
    outcome: str
    test: str
    message: str
    tests: int
    cpu_seconds: float

    @property
    def is_killed(self) -> bool:
        """Whether the tests notice the mutant."""
        return self.outcome != "survived"


class Session:
    """A run of mutants; `folder` keeps the results, so that a run can be continued."""

    def __init__(self, folder: Path, copies: Sequence[Copy]) -> None:
        """Read what an earlier run has written."""
        self._copies = copies
        self._results_file = folder / "results.jsonl"
        self._tests_file = folder / "tests.json"
        self._passes: dict[str, bool] = {}
        self.cpu_seconds = 0.0

    def known_results(self) -> dict[str, Result]:
        """Return the results of earlier runs, by the key of the mutant; of several results the last one."""
        if not self._results_file.exists():
            return {}
        lines = self._results_file.read_text(encoding="utf-8").splitlines()
        return {result.key: result for result in (Result(**json.loads(line)) for line in lines)}

    def select_tests(self, mutants: Iterable[Mutant], index: TestIndex, first: Sequence[str]) -> dict[str, list[str]]:
        """Return the tests of each mutant; all tests of the files `first` come before those that ran its lines."""
        collected = self._collect()
        added = [test for test in collected if test.partition("::")[0] in first]
        exists = set(collected)
        return {
            mutant.key: [*dict.fromkeys([*added, *[t for t in index.tests_of(mutant) if t in exists][:_MAX_TESTS]])]
            for mutant in mutants
        }

    def _collect(self) -> list[str]:
        """Return the names of all tests; they are read from a file if no code has changed."""
        digest = self._copies[0].digest()
        if self._tests_file.exists():
            known = json.loads(self._tests_file.read_text(encoding="utf-8"))
            if known["digest"] == digest:
                return [*known["tests"]]
        job = Job("collection", partial(_run, task=partial(collect, TEST_PATHS)), _UNCHANGED_LIMIT)
        tests: list[str] = self._require(next(run_jobs([job], self._copies[:1]))).result
        self._tests_file.write_text(json.dumps({"digest": digest, "tests": tests}), encoding="utf-8")
        return tests

    def run(self, mutants: Sequence[Mutant], tests: Mapping[str, list[str]]) -> Iterator[Result]:
        """Run mutants, write and yield the result of each as it comes."""
        by_key = {mutant.key: mutant for mutant in mutants}
        failing = {test for test, passes in self._passes.items() if not passes}
        jobs = (self._job(m, [t for t in tests[m.key] if t not in failing]) for m in mutants)
        for finished in run_jobs(jobs, self._copies):
            self.cpu_seconds += finished.cpu_seconds
            result = _judge(by_key[finished.job.name], finished)
            with self._results_file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result)) + "\n")
            yield result

    def find_false(self, results: Iterable[Result]) -> set[str]:
        """Return the keys of mutants that failed a test which also fails on unchanged code."""
        killed = [result for result in results if result.test]
        self._run_unchanged({result.test for result in killed})
        return {result.key for result in killed if not self._passes[result.test]}

    def failing_tests(self) -> list[str]:
        """Return the tests that fail on unchanged code."""
        return sorted(test for test, passes in self._passes.items() if not passes)

    def _job(self, mutant: Mutant, tests: list[str]) -> Job:
        # Most mutants fail one of the first tests, so the files of the others need not be collected.
        stages = [stage for stage in (tests[:_FIRST_TESTS], tests[_FIRST_TESTS:]) if stage]
        run = partial(_run, task=partial(run_stages, stages, mutated=True), mutated=True)
        before: Callable[[Copy], None] = partial(Copy.mutate, mutant=mutant)
        return Job(mutant.key, run, _LIMIT_SECONDS, before, partial(Copy.restore, mutant=mutant))

    def _run_unchanged(self, tests: set[str]) -> None:
        """Run tests on unchanged code, in the way of the mutants, and record which pass."""
        new = sorted(tests - self._passes.keys())
        parts = [part for n in range(len(self._copies)) if (part := new[n :: len(self._copies)])]
        run = [partial(_run, task=partial(run_stages, [part], mutated=False)) for part in parts]
        jobs = [Job("unchanged", task, _UNCHANGED_LIMIT) for task in run]
        for finished in run_jobs(jobs, self._copies):
            result = self._require(finished).result
            self._passes |= {test: test not in result["failed"] for test in result["seconds"]}
        for test in new:
            self._passes.setdefault(test, False)

    def _require(self, finished: Finished) -> Finished:
        self.cpu_seconds += finished.cpu_seconds
        if not finished.result:
            raise RuntimeError(f"{finished.job.name} of unchanged code wrote no result:\n{finished.log[-5000:]}")
        return finished


def _run(copy: Copy, task: Callable[[], Any], *, mutated: bool = False) -> None:
    run_in_child(copy.folder, copy.scratch, task, mutated=mutated)


def _judge(mutant: Mutant, finished: Finished) -> Result:
    result = finished.result or {}
    test, message = next(iter(result.get("failed", {}).items()), ("", ""))
    if finished.timed_out:
        outcome = "timeout"
    elif not result:
        outcome, message = "crash", finished.log[-300:]
    elif test:
        outcome = "killed"
    elif result["is_stopped"] or result["code"] in {0, _NO_TESTS_COLLECTED}:
        outcome = "survived"
    else:
        outcome, message = "killed", "collection: " + finished.log[-300:]
    change, count = mutant.change, len(result.get("seconds", ()))
    return Result(
        mutant.key, str(mutant), mutant.path, change.kind, outcome, test, message, count, round(finished.cpu_seconds, 2)
    )
