"""A short run of the fuzzer: all properties on documents of every kind; `python -m tests.fuzz` runs many more."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from tests.fuzz import checks, minimise
from tests.fuzz.cases import KINDS, Case, make_case
from tests.fuzz.growth import check_growth
from tests.fuzz.observe import Finding, call
from tests.fuzz.run import fuzz
from tests.fuzz.text import from_python


def test_all_properties_hold_for_documents_of_a_fixed_seed(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        totals = fuzz(13, 3000, (), 1, tmp_path)
    assert totals.texts == []
    assert set(totals.documents) == set(KINDS)


@pytest.mark.no_cover  # Measured code would take several times as long.
def test_time_of_pathological_documents_is_linear() -> None:
    assert check_growth(0.03, methods=()) == []


def test_case_depends_on_seed_and_number_only() -> None:
    assert make_case(3, 5).body == make_case(3, 5).body
    assert len({make_case(3, number).body for number in range(10)}) == 10


def test_failing_case_is_reduced_to_what_fails() -> None:
    case = Case(
        "posts", "bluesky", from_python({"posts": [{"id": "1", "post": "x"}, {"id": "2", "labels": [3, 4]}]}), 2, 0
    )
    smaller = minimise.minimise(case, lambda other: b"4" in other.body)
    assert smaller.body == b'{"posts":[{"labels":[4]}]}'


def test_foreign_exception_and_warning_are_findings() -> None:
    with pytest.raises(Finding, match="foreign exception"):
        call("int", int, "x")
    with pytest.raises(Finding, match="foreign warning"):
        call("warn", warnings.warn, "x")
    assert checks.find(Case("posts", "bluesky", from_python({"posts": [{"id": "1"}]}), 1, 0)) is None
