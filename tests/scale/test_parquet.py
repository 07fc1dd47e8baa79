"""A dataset read in partitions equals `read_parquet`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
import ayrframe.dask
from ayrframe._archive.parquet import read
from ayrframe._archive.parquet.ranges import split_ranges
from ayrframe._platforms.columns import KEY
from ayrframe.errors import AyrframeError
from tests.scale.partitions import computed

PLATFORM_NAMES = ["bluesky", "tiktok", "x"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Three profiles over three days, as an archive and as a dataset."""
    folder = tmp_path_factory.mktemp("dataset folder")
    archive = ayr.Archive(folder / "pages")
    with ayr.sandbox(profiles=["cafe", "deli"], posts=60) as api:
        for _ in range(3):
            keys = {"": None} | api.profile_keys
            for label, key in keys.items():
                profile_key = {label: key} if label else None
                ayr.load(PLATFORM_NAMES, limit=None, profile_key=profile_key, client=api.client(), archive=archive)
                archive.to_parquet(folder / "posts")
            api.advance(days=1)
    return folder / "pages", folder / "posts"


def in_order(posts: pd.DataFrame) -> pd.DataFrame:
    return posts.sort_values(KEY, kind="stable").reset_index(drop=True)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"platform": "x"},
        {"platform": ["tiktok", "bluesky"], "profile": "cafe"},
        {"platform": "youtube"},
        {"since": "2026-01-01", "until": "2026-01-31", "tz": "Europe/Berlin"},
    ],
)
def test_read_parquet_equals_pandas(folders: tuple[Path, Path], asked: dict[str, str]) -> None:
    posts, ddf = ayr.read_parquet(folders[1], **asked), ayr.dask.read_parquet(folders[1], **asked)
    pd.testing.assert_series_equal(ddf.dtypes, posts.dtypes)
    assert_frame_equal(computed(ddf).reset_index(drop=True), posts)


def test_archive_dataset_and_dask_are_equal(folders: tuple[Path, Path]) -> None:
    posts = in_order(ayr.Archive(folders[0]).posts())
    assert_frame_equal(in_order(ayr.read_parquet(folders[1])), posts)
    assert_frame_equal(in_order(computed(ayr.dask.read_archive(folders[0]))), posts)
    assert_frame_equal(in_order(computed(ayr.dask.read_parquet(folders[1]))), posts)


def test_methods_of_a_dataset_equal_pandas(folders: tuple[Path, Path]) -> None:
    posts, ddf = ayr.read_parquet(folders[1]), ayr.dask.read_parquet(folders[1])
    assert_frame_equal(computed(ddf.ayr.metrics()).reset_index(drop=True), posts.ayr.metrics())
    assert_frame_equal(computed(ddf.ayr.summary(["profile", "month"])), posts.ayr.summary(["profile", "month"]))
    assert_frame_equal(computed(ddf.ayr.coverage()), posts.ayr.coverage())


def test_large_file_has_several_partitions_with_whole_profiles(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        read, "split_ranges", lambda _: split_ranges([("", 9), ("cafe", 9), ("deli", 9)], rows_per_range=9)
    )
    ddf = ayr.dask.read_parquet(folders[1], platform="tiktok")
    files = len(list((folders[1] / "network=tiktok").iterdir()))
    assert ddf.npartitions == 3 * files
    # In some months a profile has no post, and its partition no row.
    assert all(len(set(part.compute(scheduler="sync")["profile"])) <= 1 for part in ddf.partitions)
    assert_frame_equal(computed(ddf).reset_index(drop=True), ayr.read_parquet(folders[1], platform="tiktok"))


def test_corrupt_file_raises(folders: tuple[Path, Path], tmp_path: Path) -> None:
    archive = ayr.Archive(folders[0])
    (path, *_) = archive.to_parquet(tmp_path)["file"]
    ddf = ayr.dask.read_parquet(tmp_path)
    (tmp_path / path).write_bytes(b"PAR1")
    with pytest.raises(AyrframeError, match="the file is corrupt"):
        ddf.compute(scheduler="sync")


@pytest.mark.parametrize(
    ("asked", "error"), [({"platform": "myspace"}, "Unknown platform"), ({"validate": "maybe"}, "`validate` must be")]
)
def test_invalid_argument_raises(folders: tuple[Path, Path], asked: dict[str, str], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        partial(ayr.dask.read_parquet, folders[1])(**asked)


def test_folder_without_a_dataset_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="No dataset found"):
        ayr.dask.read_parquet(tmp_path)
