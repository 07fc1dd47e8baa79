"""Which tests run a line: measured once with coverage, then looked up for each mutant."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from pathlib import Path

from coverage import CoverageData

from tests.mutation import recorder
from tests.mutation.mutants import Mutant, in_turn
from tests.mutation.operators import Change
from tests.mutation.targets import ROOT

_ENOUGH = 40
_SLOW = ("tests/scale/", "tests/contract/test_report", "tests/faults/test_report")
Lines = Mapping[str, Mapping[int, frozenset[str]]]


def measure(data_file: Path, seconds_file: Path, tests: Iterable[str], processes: int) -> None:
    """Run tests with coverage, with the name of the running test as the context of each line; write their seconds."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), "-p", "no:randomly", "--cov=ayrframe"]
    command += ["--cov-branch", "--cov-context=test", "--cov-report=", "--hypothesis-profile=ci", *tests]
    command += ["-p", "tests.mutation.recorder"]
    environment = os.environ | {"COVERAGE_FILE": str(data_file)}
    environment |= {recorder.FILE_VARIABLE: str(seconds_file), recorder.SECONDS_VARIABLE: "inf"}
    # A failed test still shows which lines it runs; it is left out later, by the run of the unchanged code.
    subprocess.run(command, cwd=ROOT, env=environment, check=False)


def read_seconds(seconds_file: Path) -> dict[str, float]:
    """Return the seconds of tests; without a file they are learned while mutants run."""
    if not seconds_file.exists():
        return {}
    seconds: dict[str, float] = json.loads(seconds_file.read_text(encoding="utf-8"))["seconds"]
    return seconds


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
        """Count the lines of each test: tests of many lines of a module check it, those of few others are quick."""
        self._lines = lines
        self._counts_by_path = {path: Counter(chain.from_iterable(of.values())) for path, of in lines.items()}
        self._counts = Counter[str]()
        for counts in self._counts_by_path.values():
            self._counts.update(counts)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run the statement, then others that run its function or module, if those are few."""
        in_module = self._lines.get(mutant.path, {})
        change = mutant.change
        if change.function_lines:
            tests = self._ordered(_union(in_module, change.lines), mutant.path)
            if len(tests) < _ENOUGH:
                # Lines that run once in a process, such as those of cached functions, have few tests.
                tests += self._ordered(_union(in_module, change.function_lines), mutant.path)
        else:
            tests = self._ordered(self._tests_of_names(mutant.path, change), mutant.path)
        if len(tests) < _ENOUGH:
            tests += self._ordered(_union(in_module, in_module), mutant.path)
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

    def _ordered(self, tests: Iterable[str], path: str) -> list[str]:
        """Return the tests in turn from each test function: two that check little else, one of many lines.

        Those of a file with the name of the module come first.
        """
        in_module = self._counts_by_path.get(path, Counter())
        of_function: dict[str, list[str]] = defaultdict(list)
        for test in sorted(tests, key=lambda test: (-in_module[test], self._counts[test], test)):
            of_function[test.partition("[")[0]].append(test)
        thorough = in_turn(of_function.values())
        specific = sorted(thorough, key=lambda test: -in_module[test] / self._counts[test])
        mixed = dict.fromkeys(in_turn([specific[::2], specific[1::2], thorough]))
        name = f"test_{Path(path).stem}"
        return sorted(mixed, key=lambda test: (test.startswith(_SLOW), name not in test.partition("::")[0]))


def _union(lines: Mapping[int, frozenset[str]], numbers: Iterable[int]) -> frozenset[str]:
    return frozenset[str]().union(*(lines.get(number, frozenset()) for number in numbers))
