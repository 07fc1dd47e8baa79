"""Which blocks of a response with post analytics have numbers, and which say why they have none."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr


def read(block: dict[str, Any]) -> pd.DataFrame:
    return ayr.read_json(json.dumps({"status": "success", "bluesky": [{"id": "1", **block}]}).encode())


@pytest.mark.parametrize("beside", [{"code": 200}, {"status": "error"}, {"status": "error", "code": 187}])
def test_numbers_with_a_code_or_status_beside_them_are_read(beside: dict[str, Any]) -> None:
    posts = read({"analytics": {"likeCount": 9}, **beside})
    assert posts[["id", "like_count"]].to_numpy().tolist() == [["1", 9]]
    assert posts["analytics_error"].isna().all()


@pytest.mark.parametrize("empty", [{}, [], None])
@pytest.mark.parametrize(("message", "found"), [({}, "error 187"), ({"message": "Not found."}, "Not found.")])
def test_error_beside_empty_analytics_is_the_reason(empty: Any, message: dict[str, str], found: str) -> None:
    with pytest.raises(ayr.ResponseError, match=f"expected post analytics of a platform, found '{found}'"):
        read({"analytics": empty, "status": "error", "code": 187, **message})
