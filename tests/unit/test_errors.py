"""Test where warnings point, and how error messages describe arguments and suggest names."""

import os
import warnings

import pytest

import ayrframe as ayr
from ayrframe.errors import DataWarning, check_number, check_option, describe, join_names, suggest

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


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("rise", "`errors` must be 'warn' or 'raise', got 'rise' of type str. Did you mean 'raise'?"),
        ("loud", "`errors` must be 'warn' or 'raise', got 'loud' of type str."),
        (True, "`errors` must be 'warn' or 'raise', got 'True' of type bool."),
        (None, "`errors` must be 'warn' or 'raise', got 'None' of type NoneType."),
        ([], "`errors` must be 'warn' or 'raise', got '[]' of type list."),
        pytest.param(10**5000, "`errors` must be 'warn' or 'raise', got a huge number of type int.", id="huge"),
    ],
)
def test_check_option_names_options_and_value(value: object, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared below
        check_option(value, "errors", ("warn", "raise"))
    assert str(caught.value) == message


def test_check_option_accepts_the_options() -> None:
    for value in ("warn", "raise", None):
        check_option(value, "validate", ("warn", "raise", None))
    with pytest.raises(ValueError, match="`validate` must be 'warn', 'raise' or None, got 'x' of type str"):
        check_option("x", "validate", ("warn", "raise", None))


def test_check_number_separates_types_and_values() -> None:
    with pytest.raises(TypeError, match=r"^`n` must be an integer of at least 1, got '2.0' of type float\.$"):
        check_number(2.0, "n", 1, integer=True)
    with pytest.raises(TypeError, match=r"^`n` must be an integer, got 'True' of type bool\.$"):
        check_number(True, "n", integer=True)
    with pytest.raises(ValueError, match=r"^`n` must be a number of at least 0, got nan\.$"):
        check_number(float("nan"), "n", 0)
    check_number(3, "n", 1, integer=True)


def test_describe_shortens_text() -> None:
    assert describe("x" * 100) == f"'{'x' * 40}' of type str"
    assert describe("\x1b") == "'\\x1b' of type str"


@pytest.mark.parametrize(("names", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_join_names_writes_a_sentence(names: list[str], text: str) -> None:
    assert join_names(names) == text
