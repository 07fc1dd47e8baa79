"""An archive read in partitions equals `Archive.posts()`; planning reads few headers and no page."""

from __future__ import annotations

import pickle
from pathlib import Path

import dask
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
import ayrframe.dask
from ayrframe._archive.observations import read_observations
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.read import list_profile_pages, make_selection
from ayrframe._platforms.columns import KEY
from ayrframe.errors import DataWarning
from tests.scale.partitions import computed

PLATFORM_NAMES = ["bluesky", "facebook", "tiktok", "x"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three profiles over three days, with overlapping pages, responses read twice, and different parameters."""
    folder = tmp_path_factory.mktemp("archive")
    archive = ayr.Archive(folder)
    with ayr.sandbox(profiles=["cafe", "deli"], posts=60) as api:
        api.misbehave("overlap", 5, platform="tiktok")
        for day in range(3):
            for label in ("", "cafe", "deli"):
                key = {label: api.profile_keys[label]} if label else None
                options = {"profile_key": key, "client": api.client(), "archive": archive, "refresh": True}
                ayr.load(PLATFORM_NAMES, limit=None, **options)
                if day == 1:
                    ayr.load("tiktok", since="2026-02-01", **options)
            api.advance(days=1) if day else api.advance(minutes=1)
    return folder


def in_order(posts: pd.DataFrame) -> pd.DataFrame:
    return posts.sort_values(KEY, kind="stable").reset_index(drop=True)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"platform": "x"},
        {"platform": ["tiktok", "facebook"]},
        {"platform": "youtube"},
        {"profile": "cafe"},
        {"profile": ["", "deli"], "platform": "bluesky"},
    ],
)
def test_read_archive_equals_archive_posts(folder: Path, asked: dict[str, str]) -> None:
    posts, ddf = ayr.Archive(folder).posts(**asked), ayr.dask.read_archive(folder, **asked)
    pd.testing.assert_series_equal(ddf.dtypes, posts.dtypes)
    assert_frame_equal(in_order(computed(ddf)), in_order(posts))


def test_each_profile_of_each_platform_is_a_partition(folder: Path) -> None:
    ddf = ayr.dask.read_archive(folder)
    parts = [part.compute(scheduler="sync") for part in ddf.partitions]
    options = [part[["platform", "profile"]].drop_duplicates().to_numpy().tolist() for part in parts]
    names = ["bluesky", "facebook", "tiktok", "twitter"]
    assert options == [[[platform, label]] for platform in names for label in ("", "cafe", "deli")]
    expected = ayr.Archive(folder).posts()
    profile_posts = expected[expected["platform"].eq("tiktok") & expected["profile"].eq("cafe")]
    assert_frame_equal(parts[7], profile_posts.reset_index(drop=True))


def test_methods_of_an_archive_equal_pandas(folder: Path) -> None:
    posts, ddf = ayr.Archive(folder).posts(), ayr.dask.read_archive(folder, validate=None)
    summary, coverage = dask.compute(ddf.ayr.summary(["profile", "month"]), ddf.ayr.coverage(), scheduler="threads")
    assert_frame_equal(summary, posts.ayr.summary(["profile", "month"]))
    assert_frame_equal(coverage, posts.ayr.coverage())


def test_planning_reads_one_header_per_labelled_request(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    read_verified = PageStore._read_verified
    monkeypatch.setattr(
        PageStore, "_read_verified", lambda self, name, *how: opened.append(name) or read_verified(self, name, *how)
    )
    ayr.dask.read_archive(folder)
    read = [name.request_hash for name in opened]
    store = PageStore(folder)
    names = store.names()
    labelled = {name.request_hash for name, header in store.headers(names) if header.request.profile}
    assert len([request_hash for request_hash in read if request_hash in labelled]) == len(labelled) == 10
    assert len(read) < len(names)


def test_pages_added_later_are_not_included_and_change_task_names(folder: Path, tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    with ayr.sandbox(posts=20) as api:
        ayr.load("bluesky", client=api.client(), archive=archive)
        ddf = ayr.dask.read_archive(tmp_path)
        before = computed(ddf)
        api.advance(days=1)
        ayr.load("bluesky", client=api.client(), archive=archive)
    assert_frame_equal(computed(ddf), before)
    later = ayr.dask.read_archive(tmp_path)
    assert len(computed(later)) > len(before)
    assert not set(later.__dask_graph__()) & set(ddf.__dask_graph__())


def test_corrupt_page_is_skipped_with_a_warning(folder: Path, tmp_path: Path) -> None:
    with ayr.sandbox() as api:
        ayr.load("bluesky", limit=None, client=api.client(), archive=ayr.Archive(tmp_path))
    first, *_ = sorted(tmp_path.rglob("*.page"))
    first.write_bytes(b"corrupt")
    with pytest.warns(DataWarning, match=first.name):
        ddf = ayr.dask.read_archive(tmp_path)
    with pytest.warns(DataWarning, match=first.name):
        posts = computed(ddf)
    with pytest.warns(DataWarning, match=first.name):
        assert_frame_equal(posts, ayr.Archive(tmp_path).posts())


def test_archive_without_pages_is_empty(tmp_path: Path) -> None:
    assert_frame_equal(computed(ayr.dask.read_archive(tmp_path)), ayr.Archive(tmp_path).posts())


def test_missing_archive_raises(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"No archive found in '.*no'\. load\(\.\.\., archive=\.\.\.\) creates one"
    ):
        ayr.dask.read_archive(tmp_path / "no")
    with pytest.raises(ValueError, match="The path of an archive must be"):
        ayr.dask.read_archive(None)
    assert not (tmp_path / "no").exists()


def test_invalid_argument_raises(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Unknown platform 'myspace'"):
        ayr.dask.read_archive(tmp_path, "myspace")
    with pytest.raises(ValueError, match="`validate` must be"):
        ayr.dask.read_archive(tmp_path, validate="loudly")


def test_profile_pages_are_all_pages(folder: Path) -> None:
    store = PageStore(folder)
    found = list_profile_pages(store, make_selection(None, None))
    assert sorted(name for share in found for name in share.names(store)) == store.names()
    assert sum(share.page_count for share in found) == len(store.names())
    assert len(read_observations(store, [], make_selection("x", None))[0]) == 0


def test_schema_error_can_be_pickled(tmp_path: Path) -> None:
    with pytest.raises(ayr.SchemaError) as caught:
        ayr.from_posts([{"id": "1", "likeCount": -1}], platform="bluesky", validate="raise")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert_frame_equal(again.frame, caught.value.frame)
    assert_frame_equal(again.failure_cases, caught.value.failure_cases)
