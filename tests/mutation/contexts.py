"""Which tests run a line: measured once with coverage, then looked up for each mutant."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from coverage import CoverageData

from tests.mutation.mutants import Mutant, in_turn
from tests.mutation.operators import Change
from tests.mutation.targets import ROOT

_ENOUGH = 40
_SLOW = ("tests/scale/", "tests/contract/test_report", "tests/faults/test_report")
Lines = Mapping[str, Mapping[int, frozenset[str]]]


def measure(data_file: Path, tests: Iterable[str], processes: int) -> None:
    """Run tests with coverage, with the name of the running test as the context of each line."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), "-p", "no:randomly", "--cov=ayrframe"]
    command += ["--cov-branch", "--cov-context=test", "--cov-report=", "--hypothesis-profile=ci", *tests]
    environment = os.environ | {"COVERAGE_FILE": str(data_file)}
    # A failed test still shows which lines it runs; it is left out later, by the run of the unchanged code.
    subprocess.run(command, cwd=ROOT, env=environment, check=False)


def read_lines(data_files: Iterable[Path], paths: Collection[str]) -> dict[str, dict[int, frozenset[str]]]:
    """Return the tests of each line of some modules, from data of this checkout or of another one."""
    lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for data_file in data_files:
        data = CoverageData(str(data_file))
        data.read()
        for measured in data.measured_files():
            path = "ayrframe/" + Path(measured).as_posix().rpartition("/ayrframe/")[2]
            if path not in paths:
                continue
            for line, contexts in data.contexts_by_lineno(measured).items():
                # pytest-cov appends the phase to the name of the test: "...::test_name|run".
                lines[path][line].update(context.rpartition("|")[0] for context in contexts if "::" in context)
    return {path: {line: frozenset(tests) for line, tests in of.items()} for path, of in lines.items()}


class TestIndex:
    """Finds the tests of a mutant, most specific first."""

    __test__ = False

    def __init__(self, lines: Lines) -> None:
        """Count the lines of each test: a test of few lines is quick and names what is wrong."""
        self._lines = lines
        self._counts = Counter(test for of in lines.values() for tests in of.values() for test in tests)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run the statement, then others that run its function or module, if those are few."""
        in_module = self._lines.get(mutant.path, {})
        change = mutant.change
        if change.function_lines:
            tests = self._ordered(_union(in_module, change.lines))
            if len(tests) < _ENOUGH:
                # Lines that run once in a process, such as those of cached functions, have few tests.
                tests += self._ordered(_union(in_module, change.function_lines))
        else:
            tests = self._ordered(self._tests_of_names(mutant.path, change))
        if len(tests) < _ENOUGH:
            tests += self._ordered(_union(in_module, in_module))
        return [*dict.fromkeys(tests)]

    def _tests_of_names(self, path: str, change: Change) -> frozenset[str]:
        """Return the tests of the lines that use an assigned name: of the same module, else of all modules."""
        if not change.names:
            return frozenset()
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, change.names))})\b")
        own = _union(self._lines.get(path, {}), self._matching(path, pattern) - {*change.lines})
        others = (_union(lines, self._matching(other, pattern)) for other, lines in self._lines.items())
        return own or frozenset[str]().union(*others)

    def _matching(self, path: str, pattern: re.Pattern[str]) -> set[int]:
        file = ROOT / path
        texts = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return {number for number, text in enumerate(texts, start=1) if pattern.search(text)}

    def _ordered(self, tests: Iterable[str]) -> list[str]:
        """Return the tests in turn from each test function, those of few lines first."""
        of_function: dict[str, list[str]] = defaultdict(list)
        for test in sorted(tests, key=lambda test: (test.startswith(_SLOW), self._counts[test], test)):
            of_function[test.partition("[")[0]].append(test)
        return in_turn(of_function.values())


def _union(lines: Mapping[int, frozenset[str]], numbers: Iterable[int]) -> frozenset[str]:
    return frozenset[str]().union(*(lines.get(number, frozenset()) for number in numbers))
