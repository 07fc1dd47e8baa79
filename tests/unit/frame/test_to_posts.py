"""Posts that are restored from a frame have the values that were sent."""

from __future__ import annotations

import gc
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr


def restore(**fields: Any) -> Any:
    (post,) = ayr.from_posts([{"id": "1", **fields}], platform="twitter", validate=None).ayr.to_posts()
    return post


def with_cell(text: str) -> pd.DataFrame:
    posts = ayr.from_posts([{"id": "1"}, {"id": "2"}], platform="twitter", validate=None)
    posts["extra"] = pd.Series([None, text], dtype="str")
    return posts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"new":18446744073709551616}', 2**64),
        ('{"new":-9223372036854775809}', -(2**63) - 1),
        ('{"new":123456789012345678901234567890}', 123456789012345678901234567890),
        ('{"new":1E400}', None),
        ('{"new":[1.5,-0.0,0,1e3,true,null,"1"]}', [1.5, -0.0, 0, 1000.0, True, None, "1"]),
        ('{"new":"\\ud800"}', "\ud800"),
        ('{"new": {"a": []}}', {"a": []}),
        ('{"new":1,"new":2}', 2),
    ],
)
def test_undeclared_fields_are_restored_exactly(text: str, value: object) -> None:
    restored = with_cell(text).ayr.to_posts()[1]["new"]
    assert (restored, type(restored), repr(restored)) == (value, type(value), repr(value))


@pytest.mark.parametrize("text", ["1,2", "", "]["])
def test_cells_that_are_not_json_raise(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting value|Extra data"):
        with_cell(text).ayr.to_posts()


@pytest.mark.parametrize(
    ("sent", "restored"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.120Z", "2026-01-02T03:04:05.120000Z"),
        ("2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_times_are_restored_in_utc(sent: str, restored: str) -> None:
    assert restore(created=sent)["created"] == restored


def test_missing_fields_are_left_out() -> None:
    assert restore(post=None) == {"id": "1"}


def test_garbage_collection_is_on_again_after_posts_are_restored() -> None:
    restore(post="a")
    assert gc.isenabled()
    with pytest.raises(ValueError, match="Expecting value"):
        with_cell("]").ayr.to_posts()
    assert gc.isenabled()


def test_garbage_collection_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        restore(post="a")
        assert not gc.isenabled()
    finally:
        gc.enable()
