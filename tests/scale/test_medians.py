"""Medians out of counts, in two rounds: the numbers that NumPy and pandas find when they see all values at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ayrframe.dask import _medians as medians

Rows = list[tuple[int, float]]

NUMBERS = st.one_of(
    st.just(float("nan")),
    # Of two that are larger the median is a number to us, and infinite to pandas, which adds them up first.
    st.floats(-8e307, 8e307),
    st.integers(-3, 3).map(float),
    st.integers(0, 10**7).map(float),
    st.floats(0, 1),
    # So near to each other that they lie in one bucket.
    st.integers(0, 200).map(lambda step: 1000.0 + step / 1024),
)
ROWS = st.lists(st.tuples(st.sampled_from([0, 1, 7]), NUMBERS), max_size=60)


def arrays(rows: Rows) -> tuple[medians.Whole, medians.Numbers]:
    return np.array([slot for slot, _ in rows], np.int64), np.array([value for _, value in rows], np.float64)


def in_two_rounds(parts: Sequence[Rows]) -> dict[int, float]:
    split = [arrays(part) for part in parts]
    sought = medians.sought(medians.added(medians.in_buckets(*part) for part in split))
    middle = medians.added(medians.in_middle(*part, sought) for part in split)
    return dict(zip(sought.slots.tolist(), medians.medians(middle, sought).tolist(), strict=True))


def at_once(rows: Rows) -> dict[int, float]:
    table = pd.DataFrame(rows, columns=["slot", "value"]).astype({"slot": "int64", "value": "float64"}).dropna()
    return {int(slot): value for slot, value in table.groupby("slot")["value"].median().items()}


@settings(max_examples=300, deadline=None)
@given(rows=ROWS, cuts=st.lists(st.integers(0, 60), max_size=4))
def test_medians_of_parts_are_those_of_the_whole(rows: Rows, cuts: list[int]) -> None:
    ends = sorted(cuts)
    parts = [rows[start:end] for start, end in zip([0, *ends], [*ends, len(rows)], strict=True)]
    assert in_two_rounds(parts) == at_once(rows)


@settings(max_examples=200, deadline=None)
@given(values=st.lists(NUMBERS.filter(lambda value: abs(value) < 1e300), min_size=1, max_size=80))
def test_the_median_is_numpys(values: list[float]) -> None:
    assert in_two_rounds([[(0, value)] for value in values])[0] == np.median(values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0], 5.0),
        ([1.0, 2.0], 1.5),
        ([-1.0, 1.0], 0.0),
        ([-0.0, 0.0, 0.0], 0.0),
        ([1e-300, 1e300], 5e299),
        ([-np.inf, 3.0, np.inf], 3.0),
        # The two middle values lie in buckets far apart, with nothing between them.
        ([1.0, 2.0, 1e6, 2e6], 500001.0),
        # Both lie in one bucket, which is not the first.
        ([1.0, 1000.25, 1000.5, 9e9], 1000.375),
        ([5e-324, 5e-324, 1.0], 5e-324),
    ],
)
def test_middles_at_the_edges_of_buckets(values: list[float], expected: float) -> None:
    assert in_two_rounds([[(3, value) for value in values]]) == {3: expected}
    assert in_two_rounds([[(3, value)] for value in values[::-1]]) == {3: expected}


def test_nothing_has_no_median() -> None:
    assert in_two_rounds([[], []]) == {}
    assert in_two_rounds([[(1, float("nan"))], [(2, 4.0)]]) == {2: 4.0}


def test_it_does_not_matter_in_which_order_parts_are_put_together() -> None:
    random = np.random.default_rng(0)
    parts = [
        medians.in_buckets(random.integers(0, 3, 50), random.lognormal(5, 3, 50).round(random.integers(0, 3)))
        for _ in range(5)
    ]
    flat = medians.added(parts)
    nested = medians.added([medians.added(parts[3:]), medians.added([parts[2]]), medians.added(parts[:2][::-1])])
    for one, other in zip(flat, nested, strict=True):
        np.testing.assert_array_equal(one, other)


def test_values_that_repeat_travel_once() -> None:
    slots, values = np.zeros(100_000, np.int64), np.repeat([0.0, 3.0], 50_000)
    buckets = medians.in_buckets(slots, values)
    assert len(medians.in_middle(slots, values, medians.sought(buckets)).counts) == len(buckets.counts) == 2
