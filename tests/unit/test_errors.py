"""Where a warning points: at the line that called the library, wherever that line stands."""

import os
import warnings

import pytest

import ayrframe as ayr
from ayrframe.errors import DataWarning

CALL = "ayr.from_posts([{'id': '1', 'likeCount': -1}], platform='bluesky')"


@pytest.mark.parametrize("folder", ["ayrframe_notebooks", "elsewhere", os.path.join("ayrframe-1", "mine")])
def test_a_warning_names_the_file_of_the_caller_also_if_its_folder_is_called_like_the_library(folder: str) -> None:
    # Beside the package, where a comparison of beginnings would take it for a part of it.
    file = os.path.join(os.path.dirname(os.path.dirname(ayr.__file__)), folder, "mine.py")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(CALL, file, "exec"), {"ayr": ayr})
    assert [(warning.category, warning.filename) for warning in caught] == [(DataWarning, file)]
