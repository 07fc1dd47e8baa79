"""The mutants of `python -m tests.mutation`: what is changed, what is left out, and how mutants are chosen."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.mutation import contexts
from tests.mutation.contexts import TestIndex
from tests.mutation.equivalent import read_equivalent, without_mutant
from tests.mutation.mutants import Mutant, choose, find_mutants
from tests.mutation.operators import KINDS
from tests.mutation.targets import ROOT, target_paths

SOURCE = '''
"""Decide about numbers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    LIMIT_OF_TYPES = 2

LIMIT: int = 5


def is_small(number: int | None, *, strict: bool = False) -> bool:
    """Return whether a number is at most 5."""
    assert number != 3
    if number is None:
        raise ValueError("1 number" + " is missing")
    number += 1
    return number < LIMIT and not strict
'''


def find(before: str, after: str) -> Mutant:
    found = find_mutants("ayrframe/example.py", SOURCE)
    return next(mutant for mutant in found if (mutant.change.before, mutant.change.after) == (before, after))


def changes(source: str) -> set[tuple[str, int, str, str]]:
    found = find_mutants("ayrframe/example.py", source)
    return {(m.change.kind, m.change.line, m.change.before, m.change.after) for m in found}


def test_mutants_are_of_six_kinds_and_leave_out_what_does_not_decide() -> None:
    whole, error = "number < LIMIT and (not strict)", "raise ValueError('1 number' + ' is missing')"
    assert changes(SOURCE) == {
        ("constant", 9, "5", "(6)"),
        ("boolean", 12, "False", "(True)"),
        ("comparison", 15, "number is None", "(number is not None)"),
        ("early return", 15, "if number is None:", "return before: if number is None:"),
        ("deleted statement", 15, f"if number is None:\n    {error}", "pass"),
        ("early return", 16, error, f"return before: {error}"),
        ("deleted statement", 16, error, "pass"),
        ("early return", 17, "number += 1", "return before: number += 1"),
        ("deleted statement", 17, "number += 1", "pass"),
        ("arithmetic", 17, "number += 1", "number -= 1"),
        ("constant", 17, "1", "(2)"),
        ("early return", 18, f"return {whole}", f"return before: return {whole}"),
        ("boolean", 18, whole, "(number < LIMIT or not strict)"),
        ("boolean", 18, whole, "(not strict)"),
        ("boolean", 18, whole, "(number < LIMIT)"),
        ("boolean", 18, "not strict", "(strict)"),
        ("comparison", 18, "number < LIMIT", "(number <= LIMIT)"),
        ("comparison", 18, "number < LIMIT", "(number >= LIMIT)"),
    }


def test_mutants_are_valid_python_with_one_change() -> None:
    mutants = [*find_mutants("ayrframe/example.py", SOURCE)]
    dumps = [ast.dump(ast.parse(mutant.source)) for mutant in mutants]
    assert ast.dump(ast.parse(SOURCE)) not in dumps
    assert len(set(dumps)) == len(mutants)


def test_elif_is_changed_only_inside() -> None:
    source = "def f(a, b):\n    if a:\n        b = 1\n    elif b > 1:\n        b = 2\n    return b\n"
    assert {kind for kind, line, *_ in changes(source) if line == 4} == {"comparison", "constant"}


def test_choice_is_spread_over_modules_and_kinds_and_independent_of_other_code() -> None:
    sources = {f"ayrframe/{name}.py": SOURCE for name in ("a", "b", "c")}
    every = [mutant for path, source in sources.items() for mutant in find_mutants(path, source)]
    chosen = choose(every, 18, seed=1)
    assert Counter(mutant.path for mutant in chosen) == dict.fromkeys(sources, 6)
    assert Counter(mutant.change.kind for mutant in chosen) == dict.fromkeys(KINDS, 3)
    moved = [*find_mutants("ayrframe/a.py", "import os\n" + SOURCE)]
    keys = {mutant.key for mutant in choose(moved, 6, seed=1)}
    assert keys == {mutant.key for mutant in chosen if mutant.path == "ayrframe/a.py"}


def test_tests_of_a_line_come_before_tests_of_its_function() -> None:
    mutant = find("number += 1", "pass")
    lines = {"ayrframe/example.py": {15: frozenset({"few", "many"}), 17: frozenset({"many"}), 30: frozenset({"other"})}}
    assert TestIndex(lines).tests_of(mutant) == ["many", "few", "other"]


def test_tests_of_a_constant_run_lines_that_name_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contexts, "ROOT", tmp_path)
    (tmp_path / "ayrframe").mkdir()
    (tmp_path / "ayrframe" / "example.py").write_text(SOURCE, encoding="utf-8")
    lines = {"ayrframe/example.py": {9: frozenset({"import"}), 17: frozenset({"adds"}), 18: frozenset({"compares"})}}
    tests = TestIndex(lines).tests_of(find("5", "(6)"))
    assert tests == ["compares", "adds", "import"]


def test_targets_exist() -> None:
    assert "ayrframe/_api/retry.py" in [*target_paths()]


def test_equivalent_mutants_still_exist() -> None:
    keys = read_equivalent()
    paths = {key.partition(" | ")[0] for key in keys}
    mutants = (m for path in sorted(paths) for m in find_mutants(path, (ROOT / path).read_text(encoding="utf-8")))
    assert without_mutant(keys, mutants) == set()
    assert all(keys.values())
