"""Test where warnings point, and which names error messages suggest."""

import os
import warnings

import pytest

import ayrframe as ayr
from ayrframe.errors import DataWarning, suggest

CALL = "ayr.from_posts([{'id': '1', 'likeCount': -1}], platform='bluesky')"


@pytest.mark.parametrize("folder", ["ayrframe_notebooks", "elsewhere", os.path.join("ayrframe-1", "mine")])
def test_warning_from_folder_named_like_the_library_points_at_caller(folder: str) -> None:
    # Beside the package, where a comparison of path prefixes would take the file for a part of it.
    file = os.path.join(os.path.dirname(os.path.dirname(ayr.__file__)), folder, "mine.py")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(CALL, file, "exec"), {"ayr": ayr})
    assert [(warning.category, warning.filename) for warning in caught] == [(DataWarning, file)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reations", " Did you mean 'reactions'?"),
        ("MEDIA_METRIC", " Did you mean 'media_metrics'?"),
        ("tiktok", " Did you mean 'TikTok'?"),
        ("weather", ""),
        ("", ""),
        (None, ""),
        ("x" * 10_000, ""),
    ],
)
def test_suggest_returns_closest_choice_or_nothing(name: object, expected: str) -> None:
    assert suggest(name, ["reactions", "media_metrics", "TikTok"]) == expected
