"""Test that each row of the fault table in the docs has a test with its id, and that no test has another id."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "faults.md"
COUNTS = {"T": 27, "H": 21, "J": 12, "P": 14, "D": 23, "C": 21, "A": 13, "F": 8, "S": 15, "X": 11, "R": 9}
ALL = [f"{part}{number}" for part, count in COUNTS.items() for number in range(1, count + 1)]

_NAME = re.compile(r"test_((?:[a-z][0-9]{1,2}(?:_|$))+)", re.IGNORECASE)
_PARAMETER = re.compile(r"([A-Z][0-9]{1,2})(?:_|$)")
_ROW = re.compile(r"\| ([A-Z][0-9]+) \|")


def tables() -> list[list[str]]:
    """Return the rows of each table whose first column is an id."""
    found: list[list[str]] = []
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| id |"):
            found.append([])
        elif line.startswith("| ") and not line.startswith("| --"):
            found[-1].append(line)
    return found


def ids_in(rows: list[str]) -> list[str]:
    return [match[1] for row in rows if (match := _ROW.match(row))]


@cache
def by_id() -> dict[str, list[str]]:
    """Return the tests of each id, from the names of functions and the ids of their parameters."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
                for name in (*ids_of(node.name), *parameters(node)):
                    found.setdefault(name, []).append(f"{file.relative_to(ROOT)}::{node.name}")
    return found


def ids_of(name: str) -> list[str]:
    """Return the ids at the start of the name of a test: `test_P4_P5_pages` has two."""
    match = _NAME.match(name)
    return match[1].upper().strip("_").split("_") if match else []


def parameters(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Yield the ids in `id=` and `ids=` of the decorators of a test, which are part of its name."""
    for decorator in test.decorator_list:
        for call in ast.walk(decorator):
            for keyword in call.keywords if isinstance(call, ast.Call) else ():
                if keyword.arg in ("id", "ids"):
                    texts = (
                        constant.value for constant in ast.walk(keyword.value) if isinstance(constant, ast.Constant)
                    )
                    found = (_PARAMETER.match(text) for text in texts if isinstance(text, str))
                    yield from (match[1] for match in found if match)


def test_table_has_every_row_once_in_order() -> None:
    rows = tables()[0]
    assert ids_in(rows) == ALL
    assert len(rows) == len(ALL)


def test_rows_have_a_fault_and_a_behaviour() -> None:
    for table, width in zip(tables(), (3, 2), strict=False):
        for row in table:
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            assert len(cells) == width, row
            assert all(cells), row


def untested_ids() -> list[str]:
    """Return the ids of the second table, which the page has only if some rows are not tested."""
    return [name for table in tables()[1:] for name in ids_in(table)]


def test_rows_are_tested_or_have_a_reason() -> None:
    untested = set(untested_ids())
    assert {*by_id(), *untested} >= set(ALL), sorted(set(ALL) - {*by_id(), *untested})
    assert untested <= set(ALL)


def test_untested_rows_have_no_test() -> None:
    assert {name: by_id()[name] for name in untested_ids() if name in by_id()} == {}


def test_tests_have_only_ids_of_the_table() -> None:
    assert {name: tests for name, tests in by_id().items() if name not in ALL} == {}


def test_ids_of_reads_every_form_of_a_name() -> None:
    assert ids_of("test_T5_stall") == ["T5"]
    assert ids_of("test_c6_after_200_kills") == ["C6"]
    assert ids_of("test_P4_P5_P12_overlap") == ["P4", "P5", "P12"]
    assert ids_of("test_X1") == ["X1"]
    assert ids_of("test_a1b_is_no_id") == []
    assert ids_of("test_it") == []
