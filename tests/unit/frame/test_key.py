"""Ids that became floats: exact ones are restored, others raise."""

from __future__ import annotations

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._frame.key import restore_ids


@pytest.mark.parametrize(
    ("dtype", "largest"),
    [("float16", 2**11 - 1), ("float32", 2**24 - 1), ("float64", 2**53 - 1), ("Float64", 2**53 - 1)],
)
def test_ids_are_restored_up_to_the_largest_exact_integer(dtype: str, largest: int) -> None:
    assert restore_ids(pd.DataFrame({"id": pd.Series([largest, 7], dtype=dtype)}))["id"].tolist() == [f"{largest}", "7"]
    with pytest.raises(ayr.AyrframeError, match="long ids lose digits"):
        restore_ids(pd.DataFrame({"id": pd.Series([largest + 1], dtype=dtype)}))


def test_text_and_missing_ids_of_an_object_column_stay() -> None:
    ids = pd.DataFrame({"id": pd.Series(["a", 2.0, None, float("nan")], dtype="object")})
    assert [None if pd.isna(value) else value for value in restore_ids(ids)["id"]] == ["a", "2", None, None]
