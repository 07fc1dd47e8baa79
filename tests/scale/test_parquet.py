"""A data set read in partitions holds what `read_parquet` gives, and stays itself while others write to it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
import ayrframe.dask
from ayrframe._archive.parquet import read as reading
from ayrframe._archive.parquet.ranges import split_ranges
from ayrframe._platforms.columns import KEY
from ayrframe.errors import AyrframeError
from tests.scale.partitions import computed

NETWORKS = ["bluesky", "tiktok", "x"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Three profiles over three days, as an archive and as a data set."""
    folder = tmp_path_factory.mktemp("data set")
    archive = ayr.Archive(folder / "pages")
    with ayr.sandbox(profiles=["cafe", "deli"], posts=60) as api:
        for _ in range(3):
            keys = {"": None} | api.profile_keys
            for label, key in keys.items():
                whose = {label: key} if label else None
                ayr.load(NETWORKS, limit=None, profile_key=whose, client=api.client(), archive=archive)
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
        {"profile": "nobody"},
        {"since": "2026-01-01", "until": "2026-01-31", "tz": "Europe/Berlin"},
    ],
)
def test_it_holds_what_pandas_reads_row_by_row(folders: tuple[Path, Path], asked: dict[str, str]) -> None:
    posts, ddf = ayr.read_parquet(folders[1], **asked), ayr.dask.read_parquet(folders[1], **asked)
    pd.testing.assert_series_equal(ddf.dtypes, posts.dtypes)
    assert_frame_equal(computed(ddf).reset_index(drop=True), posts)


def test_frame_parquet_and_dask_are_one(folders: tuple[Path, Path]) -> None:
    posts = in_order(ayr.Archive(folders[0]).posts())
    assert_frame_equal(in_order(ayr.read_parquet(folders[1])), posts)
    assert_frame_equal(in_order(computed(ayr.dask.read_archive(folders[0]))), posts)
    assert_frame_equal(in_order(computed(ayr.dask.read_parquet(folders[1]))), posts)


def test_verbs_give_what_they_give_on_pandas(folders: tuple[Path, Path]) -> None:
    posts, ddf = ayr.read_parquet(folders[1]), ayr.dask.read_parquet(folders[1])
    assert_frame_equal(computed(ddf.ayr.metrics()).reset_index(drop=True), posts.ayr.metrics())
    assert_frame_equal(computed(ddf.ayr.summary(["profile", "month"])), posts.ayr.summary(["profile", "month"]))
    assert_frame_equal(computed(ddf.ayr.coverage()), posts.ayr.coverage())


def test_a_large_file_has_several_partitions_each_with_whole_profiles(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "split_ranges", lambda _: split_ranges([("", 9), ("cafe", 9), ("deli", 9)], rows_per_range=9))
    ddf = ayr.dask.read_parquet(folders[1], platform="tiktok")
    files = len(list((folders[1] / "network=tiktok").iterdir()))
    assert ddf.npartitions == 3 * files
    # In some months a profile has no post, and its partition no row.
    assert all(len(set(part.compute(scheduler="sync")["profile"])) <= 1 for part in ddf.partitions)
    assert_frame_equal(computed(ddf).reset_index(drop=True), ayr.read_parquet(folders[1], platform="tiktok"))


def test_a_damaged_file_is_named(folders: tuple[Path, Path], tmp_path: Path) -> None:
    archive = ayr.Archive(folders[0])
    (place, *_) = archive.to_parquet(tmp_path)["file"]
    ddf = ayr.dask.read_parquet(tmp_path)
    (tmp_path / place).write_bytes(b"PAR1")
    with pytest.raises(AyrframeError, match="the file is corrupt"):
        ddf.compute(scheduler="sync")


@pytest.mark.parametrize(
    ("asked", "error"), [({"platform": "myspace"}, "Unknown platform"), ({"validate": "maybe"}, "`validate` must be")]
)
def test_what_makes_no_sense_is_refused_at_once(folders: tuple[Path, Path], asked: dict[str, str], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        partial(ayr.dask.read_parquet, folders[1])(**asked)


def test_no_data_set_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="No dataset found"):
        ayr.dask.read_parquet(tmp_path)
