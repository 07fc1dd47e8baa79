"""Outcomes of mutants, and the file that keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.mutation.mutants import Mutant


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


def judge(mutant: Mutant, found: Mapping[str, Any] | None, *, timed_out: bool, cpu_seconds: float) -> Result:
    """Return the outcome of a mutant from what its process has written, None if it wrote nothing."""
    test, message = next(iter(found["failed"].items()), ("", "")) if found else ("", "")
    if timed_out:
        outcome = "timeout"
    elif found is None:
        outcome = "crash"
    else:
        outcome = "killed" if test else "survived"
    tests = len(found["seconds"]) if found else 0
    kind = mutant.change.kind
    return Result(mutant.key, str(mutant), mutant.path, kind, outcome, test, message, tests, round(cpu_seconds, 2))


def append_result(file: Path, result: Result) -> None:
    """Add a result to a file; several processes may do so at once."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(result)) + "\n")


def read_results(file: Path) -> dict[str, Result]:
    """Return the results by the key of the mutant; of several results the last one."""
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return {result.key: result for result in (Result(**json.loads(line)) for line in lines)}
