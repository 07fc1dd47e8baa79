"""The dataset: an archive written to Parquet files, updated, and read back."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import warnings
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pandas.testing import assert_frame_equal

import ayrframe as ayr
from ayrframe._archive.archive import Archive
from ayrframe._archive.cache import PageRecorder
from ayrframe._archive.page_file import make_request, new_load_id
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.parquet import layout, part_file, staging, write
from ayrframe._archive.parquet.part_file import PartFile
from ayrframe._archive.parquet.ranges import split_ranges
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._frame.deduplicate import drop_duplicate_observations
from ayrframe._frame.sources import sample_path
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import AyrframeError, DataWarning

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAILURE = {"action": "analytics", "code": 187, "status": "error", "message": "no"}


def envelope(*posts, **fields):
    return json.dumps({"status": "success", "posts": list(posts), **fields}).encode()


def post(name, likes=1, created="2026-10-01T00:00:00Z", **fields):
    return {"id": name, "post": "text", "created": created, "likeCount": likes, **fields}


def record_pages(folder, *bodies, platform="bluesky", profile="", at=NOON, repeating=(), load=None, start=1):
    """Record pages as one load does; the pages with numbers in `repeating` repeat the page before them."""
    asked = make_request(platform, profile=profile, identity=f"key of {profile}")
    recorder = PageRecorder(PageStore(folder), asked, load=load or new_load_id(at))
    recorder._number = start - 1
    for number, body in enumerate(bodies, start=start):
        (reply,) = parse_envelopes(body, "a page")
        assert recorder.record(body, reply, received_at=at, is_last=False, replaces_previous=number in repeating)


def sort_posts(posts):
    """Return posts in an order that does not depend on the order of the pages."""
    posts = posts.astype({"extra": "str"})
    # Posts without an id may differ only in these numbers.
    numbers = [name for name in ("like_count",) if name in posts.columns]
    return posts.sort_values([*ayr.KEY, "created", "post", "extra", "read_at", *numbers], ignore_index=True)


def assert_same(archive, dataset):
    expected = sort_posts(archive.posts(validate=None))
    assert_frame_equal(sort_posts(ayr.read_parquet(dataset, validate=None)), expected)


def replace_part_file(posts, dataset, path):
    """Replace the file of a part, as another version or another program would."""
    pq.write_table(posts, dataset / path)
    shutil.rmtree(dataset / layout.FOOTERS_FOLDER, ignore_errors=True)


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*.parquet"))


@pytest.fixture
def pages(tmp_path):
    return tmp_path / "pages"


@pytest.fixture
def archive(pages):
    return Archive(pages)


@pytest.fixture
def dataset(tmp_path):
    return tmp_path / "posts"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """The samples of all platforms, archived under two labels, and as a dataset."""
    folder = tmp_path_factory.mktemp("samples")
    for platform in PLATFORMS.values():
        for label in ("bakery", "café"):
            record_pages(folder / "pages", sample_path(platform).read_bytes(), platform=platform.name, profile=label)
    archive = Archive(folder / "pages")
    archive.to_parquet(folder / "posts")
    return archive, folder / "posts"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Posts around the ends of September, and some without a date, of two platforms and two profiles."""
    folder = tmp_path_factory.mktemp("filled")
    days = ["2026-08-31T22:30:00Z", "2026-09-01T00:00:00Z", "2026-09-30T21:59:59Z", "2026-09-30T22:00:00Z"]
    posts = [post(day, created=day) for day in days]
    for platform in ("bluesky", "tiktok"):
        for label in ("", "a"):
            record_pages(folder / "pages", envelope(*posts, {"id": "undated"}), platform=platform, profile=label)
    Archive(folder / "pages").to_parquet(folder / "posts")
    return folder / "posts"


class TestRoundTrip:
    def test_dataset_equals_the_archive(self, samples):
        archive, dataset = samples
        posts = ayr.read_parquet(dataset)
        assert_frame_equal(sort_posts(posts), sort_posts(archive.posts()))
        assert isinstance(posts.index, pd.RangeIndex)
        assert posts["platform"].unique().tolist() == list(PLATFORMS)

    @pytest.mark.parametrize("platform", PLATFORMS)
    def test_one_platform_has_its_own_columns(self, samples, platform):
        archive, dataset = samples
        posts = ayr.read_parquet(dataset, platform=platform)
        assert_frame_equal(sort_posts(posts), sort_posts(archive.posts(platform)))
        assert posts.ayr.to_posts()

    def test_files_are_split_by_platform_and_month(self, pages, archive, dataset):
        record_pages(
            pages, envelope(post("a", created="2026-10-31T23:59:59.999999Z"), post("b", created="2026-11-01T00:00:00Z"))
        )
        record_pages(
            pages,
            envelope(post("c", created="0001-01-01T00:00:00Z"), {"id": "d", "post": "no date"}),
            platform="threads",
        )
        written = archive.to_parquet(dataset)
        assert written[["platform", "month", "posts"]].values.tolist() == [
            ["bluesky", "2026-10", 1],
            ["bluesky", "2026-11", 1],
            ["threads", "0001-01", 1],
            ["threads", "unknown", 1],
        ]
        assert files(dataset) == ["network=all/month=all/columns.parquet", *sorted(written["file"])]
        assert written["bytes"].tolist() == [os.path.getsize(dataset / place) for place in written["file"]]
        assert_same(archive, dataset)

    def test_rows_are_sorted_by_profile_and_time(self, pages, archive, dataset):
        record_pages(pages, envelope(post("1", created="2026-10-03T00:00:00Z"), post("2")), profile="b")
        record_pages(pages, envelope(post("3")), profile="a")
        archive.to_parquet(dataset)
        assert ayr.read_parquet(dataset)["id"].tolist() == ["3", "2", "1"]

    def test_invalid_values_and_posts_are_stored_in_extra(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a", likes="many", new={"x": [1]}), 5, "text", None, {"id": "b", **FAILURE}))
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert ayr.read_parquet(dataset, validate=None)["extra"].notna().sum() == 5

    def test_empty_archive_gives_an_empty_dataset(self, archive, pages, dataset):
        pages.mkdir()
        assert len(archive.to_parquet(dataset)) == 0
        assert_frame_equal(ayr.read_parquet(dataset), archive.posts())

    def test_empty_history_is_stored_and_not_read_again(self, pages, archive, dataset, monkeypatch):
        record_pages(pages, envelope())
        assert archive.to_parquet(dataset)["posts"].tolist() == [0]
        assert_same(archive, dataset)
        monkeypatch.setattr(
            PageStore, "pages", lambda _, names: iter(()) if not list(names) else pytest.fail("read again")
        )
        assert len(archive.to_parquet(dataset)) == 0


class TestUpdate:
    def test_second_call_changes_nothing(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a"), {"post": "no id"}))
        archive.to_parquet(dataset)
        before = {name: (dataset / name).read_bytes() for name in files(dataset)}
        assert len(archive.to_parquet(dataset)) == 0
        assert {name: (dataset / name).read_bytes() for name in files(dataset)} == before

    def test_only_parts_with_new_posts_are_written(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a"), post("b", created="2026-09-01T00:00:00Z")))
        archive.to_parquet(dataset)
        record_pages(pages, envelope(post("a", 7)), at=NOON + HOUR)
        assert archive.to_parquet(dataset)["month"].tolist() == ["2026-10"]
        assert_same(archive, dataset)
        assert ayr.read_parquet(dataset)["like_count"].tolist() == [1, 1, 7]

    def test_duplicate_observation_is_stored_once(self, pages, archive, dataset):
        for hour in range(3):
            record_pages(
                pages, envelope(post("a"), post("b"), lastUpdated="2026-10-31T00:00:00Z"), at=NOON + hour * HOUR
            )
            archive.to_parquet(dataset)
        assert pd.read_parquet(dataset)["id"].tolist() == ["a", "b"]

    def test_only_new_pages_are_read(self, pages, archive, dataset, monkeypatch):
        record_pages(pages, envelope(post("a")), envelope(post("b")))
        archive.to_parquet(dataset)
        record_pages(pages, envelope(post("c")), at=NOON + HOUR)
        read = []
        pages_of = PageStore.pages
        monkeypatch.setattr(
            PageStore, "pages", lambda store, names: pages_of(store, read.append(list(names)) or read[-1])
        )
        archive.to_parquet(dataset)
        assert sum(map(len, read)) == 1

    def test_columns_file_has_the_columns_of_a_new_platform(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        record_pages(pages, envelope(post("b")), platform="tiktok")
        archive.to_parquet(dataset)
        columns = pq.read_schema(dataset / layout.COLUMNS_FILE).names
        assert columns == archive.posts().columns.tolist()

    def test_deleted_part_is_written_again(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a"), {"post": "no id"}, post("b", created="2026-09-01T00:00:00Z")))
        written = archive.to_parquet(dataset)
        for place in written["file"]:
            (dataset / place).unlink()
            archive.to_parquet(dataset)
            assert_same(archive, dataset)

    def test_deleted_part_without_posts_is_written_again(self, pages, archive, dataset):
        record_pages(pages, envelope())
        (place,) = archive.to_parquet(dataset)["file"]
        (dataset / place).unlink()
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_pages_deleted_from_the_archive_stay_in_the_dataset(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        for path in pages.rglob("*.page"):
            path.unlink()
        record_pages(pages, envelope(post("b")), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert sorted(ayr.read_parquet(dataset)["id"]) == ["a", "b"]

    def test_two_archives_are_added_to_one_dataset(self, tmp_path, dataset):
        archives = [Archive(tmp_path / name) for name in ("one", "two")]
        for archive in archives:
            name = os.path.basename(archive.path)
            record_pages(archive.path, envelope(post("a"), post(name)), profile=name)
            archive.to_parquet(dataset)
        both = [("one", "a"), ("one", "one"), ("two", "a"), ("two", "two")]
        posts = ayr.read_parquet(dataset)
        assert list(zip(posts["profile"], posts["id"], strict=True)) == both
        # Both archives restore the deleted file.
        (dataset / "network=bluesky" / "month=2026-10" / "posts.parquet").unlink()
        for archive in archives:
            archive.to_parquet(dataset)
        posts = ayr.read_parquet(dataset)
        assert list(zip(posts["profile"], posts["id"], strict=True)) == both

    def test_corrupt_page_of_a_deleted_part_is_added_once_repaired(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        record_pages(pages, envelope(post("b")), at=NOON + HOUR)
        (place,) = archive.to_parquet(dataset)["file"]
        path = next(iter(pages.rglob("*.page")))
        whole = path.read_bytes()
        (dataset / place).unlink()
        path.write_bytes(whole[:-1])
        with pytest.warns(DataWarning, match="Skipping corrupt archive file"):
            archive.to_parquet(dataset)
        assert len(ayr.read_parquet(dataset)) == 1
        path.write_bytes(whole)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_page_repeated_by_the_next_is_not_an_observation(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")), envelope(post("a"), post("b")), repeating={2})
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert len(archive.to_parquet(dataset)) == 0
        assert len(ayr.read_parquet(dataset)) == 2

    def test_page_repeated_later_is_removed(self, pages, archive, dataset):
        load = new_load_id(NOON)
        record_pages(pages, envelope(post("a"), post("gone")), load=load)
        archive.to_parquet(dataset)
        record_pages(pages, envelope(post("a"), post("b")), load=load, at=NOON + HOUR, start=2, repeating={2})
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert sorted(ayr.read_parquet(dataset)["id"]) == ["a", "b"]
        assert len(archive.to_parquet(dataset)) == 0

    def test_corrupt_page_does_not_repeat_others(self, pages, archive, dataset):
        load = new_load_id(NOON)
        record_pages(pages, envelope(post("a"), post("b")), load=load)
        archive.to_parquet(dataset)
        record_pages(
            pages, envelope(post("a"), post("b"), post("c")), load=load, at=NOON + HOUR, start=2, repeating={2}
        )
        (path,) = (one for one in pages.rglob("*.page") if "-00002-" in one.name)
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.warns(DataWarning, match="Skipping corrupt archive file"):
            archive.to_parquet(dataset)
        assert len(ayr.read_parquet(dataset)) == 2
        with pytest.warns(DataWarning, match="Skipping corrupt archive file"):
            assert len(archive.posts()) == 2
        path.write_bytes(whole)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert len(ayr.read_parquet(dataset)) == 3

    def test_repeated_page_is_removed_without_the_manifest(self, pages, archive, dataset):
        load = new_load_id(NOON)
        record_pages(pages, envelope(post("a"), post("gone"), {"post": "no id"}), load=load)
        archive.to_parquet(dataset)
        shutil.rmtree(dataset / layout.MANIFEST_FOLDER)
        record_pages(
            pages, envelope(post("a"), post("b"), {"post": "no id"}), load=load, at=NOON + HOUR, start=2, repeating={2}
        )
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert len(ayr.read_parquet(dataset, validate=None)) == 3

    def test_repeated_page_with_an_observation_time_is_an_observation(self, pages, archive, dataset):
        load = new_load_id(NOON)
        record_pages(pages, envelope(post("a", 1), lastUpdated="2026-10-31T00:00:00Z"), load=load)
        archive.to_parquet(dataset)
        later = envelope(post("a", 2), post("b"), lastUpdated="2026-10-31T01:00:00Z")
        record_pages(pages, later, load=load, at=NOON + HOUR, start=2, repeating={2})
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert sorted(archive.posts()["like_count"]) == [1, 1, 2]

    def test_corrupt_page_warns_and_is_added_once_repaired(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        (path,) = pages.rglob("*.page")
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.warns(DataWarning, match="Skipping corrupt archive file .* invalid body"):
            archive.to_parquet(dataset)
        path.write_bytes(whole)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)


class TestProfileRanges:
    """Parts that are larger than memory are merged profile after profile."""

    @pytest.fixture
    def small_ranges(self, monkeypatch):
        """Limit ranges to three rows, and row groups to two."""
        monkeypatch.setattr(write, "split_ranges", partial(split_ranges, rows_per_range=3))
        monkeypatch.setattr(part_file, "_ROW_GROUP_SIZE", 2)

    @given(
        st.lists(st.tuples(st.sampled_from(["", "a", "b", "bb", "é", "\U0001f600"]), st.integers(1, 5))),
        st.integers(1, 9),
    )
    def test_split_ranges_puts_each_label_into_one_range(self, weights, at_once):
        found = split_ranges(weights, at_once)
        assert found[0].first is None
        assert found[-1].end is None
        assert all(one.end == after.first for one, after in pairwise(found))
        for label, _ in weights:
            assert sum(one.overlaps(label, label) for one in found) == 1
        rows = [sum(count for label, count in weights if one.overlaps(label, label)) for one in found]
        labels = [{label for label, _ in weights if one.overlaps(label, label)} for one in found]
        assert all(count <= at_once or len(here) == 1 for count, here in zip(rows, labels, strict=True))
        assert all(one + after > at_once for one, after in pairwise(rows))

    def test_part_of_many_ranges_equals_the_archive(self, pages, archive, dataset, small_ranges):
        for number, label in enumerate(["b", "", "é", "a", "ab", "b"]):
            posts = [post(f"{one}", created=f"2026-10-0{one + 1}T00:00:00Z") for one in range(number % 3 + 1)]
            record_pages(pages, envelope(*posts, {"post": "no id", "created": "2026-10-09T00:00:00Z"}), profile=label)
            record_pages(pages, envelope(*posts), profile=label, at=NOON + number * HOUR)
            archive.to_parquet(dataset)
            assert_same(archive, dataset)
        again = dataset.with_name("again")
        archive.to_parquet(again)
        assert_frame_equal(ayr.read_parquet(again, validate=None), ayr.read_parquet(dataset, validate=None))
        posts = ayr.read_parquet(dataset, validate=None)
        assert posts["profile"].tolist() == sorted(posts["profile"])
        file = pq.ParquetFile(dataset / "network=bluesky" / "month=2026-10" / "posts.parquet")
        assert file.num_row_groups > 5

    def test_one_range_is_read_at_a_time(self, pages, archive, dataset, small_ranges, monkeypatch):
        for label in "abcdef":
            record_pages(pages, envelope(post("1"), post("2")), profile=label)
        archive.to_parquet(dataset)
        record_pages(pages, envelope(post("1"), post("2")), profile="c", at=NOON + HOUR)
        read, sizes = PartFile.read, []

        def read_and_measure(*arguments, **options):
            posts = read(*arguments, **options)
            sizes.append(len(posts))
            return posts

        monkeypatch.setattr(PartFile, "read", read_and_measure)
        archive.to_parquet(dataset)
        assert sum(sizes) == 12
        assert max(sizes) <= 4


OBSERVED = st.builds(
    dict,
    name=st.sampled_from(["a", "b", "c", None]),
    likes=st.sampled_from([1, 2, "many", None]),
    dated=st.sampled_from([True, True, False]),
    own=st.sampled_from([None, "2026-10-30T00:00:00Z"]),
    failure=st.sampled_from([False, False, True]),
)
PAGE = st.tuples(
    st.lists(OBSERVED, max_size=4),
    st.sampled_from([None, "2026-10-31T00:00:00Z"]),
    st.integers(0, 2),
    st.sampled_from(["", "a"]),
    st.booleans(),
    st.one_of(st.none(), st.lists(OBSERVED, max_size=2)),
)


def api_fields(name, likes, dated, own, failure):
    # All copies of an observation have the same date, if they have one.
    created = {"a": "2026-10-01T00:00:00Z", "b": "2026-10-31T23:59:59Z"}.get(name, "2026-11-01T00:00:00Z")
    fields = {
        "id": name,
        "likeCount": likes,
        "created": created if dated else "tomorrow",
        "lastUpdated": own,
        "post": "text",
    }
    if failure:
        fields = {"id": name, **FAILURE}
    return {key: value for key, value in fields.items() if value is not None}


@settings(max_examples=3 * settings().max_examples // 10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PAGE, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_dataset_equals_the_archive_for_any_order_of_pages(tmp_path_factory, loads, rng):
    folder = tmp_path_factory.mktemp("any")
    archive, dataset = Archive(folder / "pages"), folder / "posts"
    for number, (posts, updated, hours, profile, compact, more) in enumerate(loads):
        at = NOON + hours * HOUR + timedelta(seconds=number)  # no two pages have the same time
        fields = {"lastUpdated": updated} if updated else {}
        page = envelope(*(api_fields(**one) for one in posts), **fields)
        load = {"profile": profile, "at": at, "load": new_load_id(at)}
        record_pages(folder / "pages", page, **load)
        if compact:
            archive.to_parquet(dataset)
        if more is not None:
            wider = envelope(*(api_fields(**one) for one in (*posts, *more)), **fields)
            record_pages(folder / "pages", wider, start=2, repeating={2}, **load | {"at": at + HOUR / 2})
        if dataset.exists() and rng.random() < 0.3 and (parts := files(dataset)[1:]):
            (dataset / rng.choice(parts)).unlink()
    archive.to_parquet(dataset)
    expected, posts = sort_posts(archive.posts(validate=None)), sort_posts(ayr.read_parquet(dataset, validate=None))
    assert_frame_equal(posts, expected)
    assert len(pd.read_parquet(dataset)) == len(expected)


def test_dataset_of_more_posts_than_the_buffer_equals_the_archive(pages, archive, dataset, monkeypatch):
    monkeypatch.setattr(staging, "_MAX_BUFFERED_BYTES", 1)
    for number in range(3):
        posts = [post(f"{number % 2} {one}", number, created=f"2026-0{one + 1}-01T00:00:00Z") for one in range(4)]
        record_pages(pages, envelope(*posts, {"post": "no id"}), at=NOON + number * HOUR)
    assert archive.to_parquet(dataset)["posts"].sum() == 15
    assert_same(archive, dataset)


def test_posts_beyond_the_buffer_are_in_temporary_files_that_are_deleted(pages, archive, dataset, monkeypatch):
    monkeypatch.setattr(staging, "_MAX_BUFFERED_BYTES", 1)
    at_start, left = [], []

    def add(self, page, add=staging.StagingArea.add):
        at_start.append(len(os.listdir(self._folder)))
        add(self, page)

    def write_part(self, part, staged, write_part=write.DatasetWriter._write_part):
        written = write_part(self, part, staged)
        left.append(len([name for name in os.listdir(self._scratch_folder) if name.endswith(".arrow")]))
        return written

    monkeypatch.setattr(staging.StagingArea, "add", add)
    monkeypatch.setattr(write.DatasetWriter, "_write_part", write_part)
    for number in range(3):
        record_pages(pages, envelope(post("x", created=f"2026-0{number + 1}-01T00:00:00Z")), at=NOON + number * HOUR)
    archive.to_parquet(dataset)
    assert [count - at_start[0] for count in at_start] == [0, 1, 2]
    assert left == [2, 1, 0]


def test_page_that_shows_older_posts_lists_the_posts_of_its_load_from_earlier(tmp_path):
    archive, dataset, load = Archive(tmp_path / "pages"), tmp_path / "posts", new_load_id(NOON)
    undated = {"post": "without an id", "created": "2026-10-20T00:00:00Z"}
    record_pages(tmp_path / "pages", envelope(post("a", created="2026-10-20T00:00:00Z"), undated), load=load)
    archive.to_parquet(dataset)
    later = NOON + timedelta(seconds=1)
    record_pages(tmp_path / "pages", envelope(post("b", created="2026-08-05T00:00:00Z")), load=load, start=2, at=later)
    other_load = envelope(post("c", created="2026-10-21T00:00:00Z"), {**undated, "post": "another one"})
    record_pages(tmp_path / "pages", other_load, at=NOON + HOUR)
    archive.to_parquet(dataset)
    starts = (
        ayr.read_parquet(dataset, validate=None)
        .sort_values("read_at")
        .groupby("post", sort=False)["listed_from"]
        .unique()
    )
    august, october = (pd.Timestamp(time, tz="UTC") for time in ("2026-08-05", "2026-10-20"))
    assert starts["without an id"].tolist() == [august]
    assert starts["another one"].tolist() == [october]
    assert_same(archive, dataset)
    assert len(archive.to_parquet(dataset)) == 0


class TestDropDuplicateObservations:
    def copies(self, *posts):
        return pd.concat(
            [ayr.from_posts([one], platform="bluesky", as_of=NOON, validate=None) for one in posts], ignore_index=True
        )

    def test_most_complete_copy_is_returned(self):
        rich, poor = post("a", 5, replyCount=2), post("a", 9)
        for posts in (self.copies(rich, poor), self.copies(poor, rich)):
            assert drop_duplicate_observations(posts)["like_count"].tolist() == [5]

    def test_equally_complete_copies_do_not_depend_on_order(self):
        one, other = post("a", 5), post("a", 9)
        assert drop_duplicate_observations(self.copies(one, other))["like_count"].tolist() == [9]
        assert drop_duplicate_observations(self.copies(other, one, other))["like_count"].tolist() == [9]

    def test_error_record_does_not_replace_a_post(self):
        failure = {"id": "a", **FAILURE, "likeCount": 1, "replyCount": 2, "quoteCount": 3, "cid": "x"}
        for posts in (self.copies(failure, {"id": "a", "post": "x"}), self.copies({"id": "a", "post": "x"}, failure)):
            assert drop_duplicate_observations(posts)["post"].tolist() == ["x"]

    def test_rows_without_an_id_are_all_returned(self):
        assert len(drop_duplicate_observations(self.copies({"post": "x"}, {"post": "x"}, post("a"), post("a")))) == 3

    def test_columns_of_other_platforms_do_not_change_the_result(self):
        posts = self.copies(post("a", 5), post("a", 9))
        wide = pd.concat([posts, ayr.load_sample("tiktok")[:1]], ignore_index=True)
        assert (
            drop_duplicate_observations(wide)["like_count"].tolist()[0]
            == drop_duplicate_observations(posts)["like_count"].tolist()[0]
        )


class TestFilters:
    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ({}, 20),
            ({"platform": "tiktok"}, 10),
            ({"platform": ["tiktok", "bluesky"], "profile": "a"}, 10),
            ({"platform": "youtube"}, 0),
            ({"profile": ["", "a"]}, 20),
            ({"profile": []}, 0),
            ({"since": "2026-09-01"}, 16),
            ({"since": "2026-09-01", "tz": "Europe/Berlin"}, 20),
            ({"until": "2026-09-30", "tz": "Europe/Berlin"}, 16),
            ({"since": "2026-09-01", "until": "2026-09-30", "tz": "Europe/Berlin", "platform": "bluesky"}, 8),
            ({"since": "2026-10-01"}, 4),
            ({"until": "1999-12-31"}, 4),
            ({"since": datetime(2026, 9, 30, 22, tzinfo=UTC)}, 8),
        ],
    )
    def test_filters_select_rows(self, filled, asked, count):
        assert len(ayr.read_parquet(filled, validate=None, **asked)) == count

    def test_files_outside_the_filters_are_not_opened(self, filled, monkeypatch):
        opened = []
        read = PartFile.read
        monkeypatch.setattr(
            PartFile, "read", lambda file, *rest, **how: opened.append(file.path) or read(file, *rest, **how)
        )
        ayr.read_parquet(filled, platform="x", validate=None)
        assert not opened
        ayr.read_parquet(filled, platform="tiktok", since="2026-09-02", validate=None)
        assert [path.split(os.sep)[-2] for path in opened] == ["month=2026-09", "month=unknown"]

    def test_undated_copy_of_a_dated_post_is_not_in_other_periods(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a"), lastUpdated="2026-10-31T00:00:00Z"))
        record_pages(
            pages, envelope({"id": "a", **FAILURE}, {"id": "b", **FAILURE}, lastUpdated="2026-10-31T00:00:00Z")
        )
        archive.to_parquet(dataset)
        assert ayr.read_parquet(dataset, since="2026-11-01")["id"].tolist() == ["b"]
        assert ayr.read_parquet(dataset)["id"].tolist() == ["a", "b"]
        assert pd.read_parquet(dataset)["id"].tolist() == ["a", "b"]

    def test_undated_post_with_the_id_of_a_post_of_another_platform_stays(self, pages, archive, dataset):
        record_pages(pages, envelope({"id": "a", "post": "undated"}), platform="tiktok")
        record_pages(pages, envelope(post("a")), platform="bluesky")
        assert archive.to_parquet(dataset)["posts"].tolist() == [1, 1]
        assert_same(archive, dataset)

    def test_undated_copy_is_removed_when_a_dated_one_is_added(self, pages, archive, dataset):
        record_pages(
            pages, envelope({"id": "a", **FAILURE}, {"id": "b", **FAILURE}, lastUpdated="2026-10-31T00:00:00Z")
        )
        archive.to_parquet(dataset)
        record_pages(pages, envelope(post("a"), lastUpdated="2026-10-31T00:00:00Z"), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert sorted(pd.read_parquet(dataset)["id"]) == ["a", "b"]
        assert_same(archive, dataset)

    @pytest.mark.parametrize(
        "asked",
        [{"until": "9999-12-31"}, {"since": "0001-01-01", "tz": "Asia/Tokyo"}, {"until": "9999-12-31T23:59:59-10:00"}],
    )
    def test_calendar_limits_are_valid(self, filled, asked):
        assert len(ayr.read_parquet(filled, validate=None, **asked)) == 20

    @pytest.mark.parametrize(
        ("asked", "error"),
        [
            ({"platform": "myspace"}, "Unknown platform 'myspace'"),
            ({"since": "soon"}, "`since` must be a date"),
            ({"since": "2026-02-01", "until": "2026-01-01"}, "`since` must not be later than `until`"),
            ({"tz": "Mars"}, "Unknown time zone 'Mars'"),
            ({"validate": "maybe"}, "`validate` must be 'warn', 'raise' or None, got 'maybe' of type str"),
        ],
    )
    def test_invalid_argument_raises(self, filled, asked, error):
        with pytest.raises(ValueError, match=error):
            ayr.read_parquet(filled, **asked)

    @pytest.mark.parametrize("name", ["platform", "profile"])
    def test_argument_of_another_type_raises(self, filled, name):
        with pytest.raises(TypeError, match=f"`{name}` must be a str or a list of str, got int"):
            ayr.read_parquet(filled, **{name: 5})

    @pytest.mark.parametrize(
        ("path", "error", "problem"),
        [
            ("", ValueError, "a non-empty str without NUL characters, got ''"),
            ("a\0b", ValueError, r"a non-empty str without NUL characters, got 'a\\x00b'"),
            (b"posts", TypeError, "a str or path, got bytes"),
            (None, TypeError, "a str or path, got NoneType"),
            (5, TypeError, "a str or path, got int"),
        ],
    )
    def test_invalid_path_raises(self, archive, path, error, problem):
        for call, what in (
            (archive.to_parquet, "a dataset"),
            (ayr.read_parquet, "a dataset"),
            (ayr.Archive, "an archive"),
        ):
            with pytest.raises(error, match=f"The path of {what} must be {problem}"):
                call(path)

    def test_to_parquet_to_a_file_raises(self, archive, pages, tmp_path):
        pages.mkdir()
        (tmp_path / "file").touch()
        with pytest.raises(NotADirectoryError, match="it is a file, not a folder"):
            archive.to_parquet(tmp_path / "file")

    def test_dataset_without_the_manifest_can_be_read(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        shutil.rmtree(dataset / layout.MANIFEST_FOLDER)
        assert len(ayr.read_parquet(dataset)) == 1

    def test_folder_without_a_dataset_raises(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"No dataset found in .*Archive\.to_parquet writes one"):
            ayr.read_parquet(tmp_path)

    def test_invalid_values_warn_or_raise(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a", -1)))
        archive.to_parquet(dataset)
        with pytest.warns(DataWarning, match="like_count: 1 value is negative"):
            ayr.read_parquet(dataset)
        with pytest.raises(ayr.SchemaError):
            ayr.read_parquet(dataset, validate="raise")


class TestOtherEngines:
    """Datasets are read without ayrframe."""

    def test_pandas_reads_the_folder_with_all_dtypes(self, samples):
        archive, dataset = samples
        posts = pd.read_parquet(dataset)
        assert posts.columns.tolist()[-2:] == ["network", "month"]
        assert posts["network"].astype("str").eq(posts["platform"]).all()
        assert_frame_equal(sort_posts(posts.drop(columns=["network", "month"])), sort_posts(archive.posts()))

    def test_pandas_reads_one_file_with_all_dtypes(self, samples):
        archive, dataset = samples
        posts = pd.read_parquet(dataset / "network=tiktok" / "month=2026-02" / "posts.parquet")
        expected = archive.posts("tiktok").loc[lambda posts: posts["created"].dt.strftime("%Y-%m").eq("2026-02")]
        assert_frame_equal(sort_posts(posts), sort_posts(expected))

    def test_duckdb_reads_the_same_values(self, samples):
        archive, dataset = samples
        with duckdb.connect() as database:
            rows = database.execute(
                "SELECT platform, profile, id, like_count, epoch_us(created), extra "
                f"FROM read_parquet('{dataset}/**/*.parquet', union_by_name = true) "
                "WHERE network IN ('tiktok', 'bluesky') ORDER BY platform, profile, id"
            ).fetchall()
        posts = archive.posts(["bluesky", "tiktok"]).sort_values(["platform", "profile", "id"])
        posts["created"] = posts["created"].astype("int64")
        columns = posts[["platform", "profile", "id", "like_count", "created", "extra"]]
        assert rows == list(columns.astype(object).where(columns.notna(), None).itertuples(index=False, name=None))

    def test_polars_reads_the_same_values(self, samples):
        archive, dataset = samples
        scan = polars.scan_parquet(f"{dataset}/**/*.parquet", missing_columns="insert", hive_partitioning=True)
        values = scan.filter(polars.col("network") == "tiktok").select("id", "like_count", "created").collect()
        expected = archive.posts("tiktok")
        assert sorted(values["id"].to_list()) == sorted(expected["id"])
        assert values["like_count"].sum() == expected["like_count"].sum()
        assert values["created"].dtype == polars.Datetime("us", "UTC")

    def test_each_file_has_the_columns_of_its_platform(self, samples):
        _, dataset = samples
        schema = pq.read_schema(dataset / "network=bluesky" / "month=2026-02" / "posts.parquet")
        assert schema.names == list(ayr.schema("bluesky").columns)
        about = pq.ParquetFile(dataset / "network=bluesky" / "month=2026-02" / "posts.parquet").metadata
        assert about.row_group(0).column(0).compression == "ZSTD"


class TestSchemaChanges:
    def test_column_declared_later_is_missing(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a", replyCount=3)))
        (place,) = archive.to_parquet(dataset)["file"]
        older = pq.read_table(dataset / place, partitioning=None).drop_columns(["reply_count", "cid"])
        replace_part_file(older, dataset, place)
        posts = ayr.read_parquet(dataset)
        assert posts.dtypes.equals(archive.posts().dtypes)
        assert posts[["reply_count", "cid"]].isna().all(axis=None)
        assert posts["like_count"].tolist() == [1]
        record_pages(pages, envelope(post("b", replyCount=4)), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert ayr.read_parquet(dataset)["reply_count"].tolist() == [pd.NA, 4]

    def test_C17_file_of_a_later_version_is_not_overwritten(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        (place,) = archive.to_parquet(dataset)["file"]
        later = pq.read_table(dataset / place, partitioning=None)
        replace_part_file(later.append_column("applause", later.column("like_count")), dataset, place)
        assert len(ayr.read_parquet(dataset)) == 1
        columns = pq.read_schema(dataset / layout.COLUMNS_FILE)
        pq.write_table(columns.append(pa.field("applause", pa.int64())).empty_table(), dataset / layout.COLUMNS_FILE)
        record_pages(pages, envelope(post("c")), platform="tiktok", at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert "applause" in pd.read_parquet(dataset).columns
        record_pages(pages, envelope(post("b")), at=NOON + HOUR)
        with pytest.raises(
            AyrframeError, match=r"columns that this version of ayrframe does not know: 'applause'\. A later version"
        ):
            archive.to_parquet(dataset)

    @pytest.mark.parametrize(("count", "named"), [(5, "'new 0', .*'new 4'"), (7, "'new 0', .*'new 4' and 2 more")])
    def test_C17_error_names_at_most_five_columns(self, pages, archive, dataset, count, named):
        record_pages(pages, envelope(post("a")))
        (place,) = archive.to_parquet(dataset)["file"]
        later = pq.read_table(dataset / place, partitioning=None)
        for number in range(count):
            later = later.append_column(f"new {number}", later.column("like_count"))
        replace_part_file(later, dataset, place)
        record_pages(pages, envelope(post("b")), at=NOON + HOUR)
        with pytest.raises(AyrframeError, match=rf"does not know: {named}\. A later"):
            archive.to_parquet(dataset)

    def test_unknown_platform_is_skipped_with_a_warning(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        (dataset / "network=myspace" / "month=2026-10").mkdir(parents=True)
        with pytest.warns(DataWarning, match="this version does not know: myspace"):
            assert len(ayr.read_parquet(dataset)) == 1


class TestFaults:
    def test_C15_flipped_bit_raises(self, samples, tmp_path):
        _, dataset = samples
        part = layout.DatasetPart(PLATFORMS["tiktok"], "2026-02")
        shutil.copytree(dataset / layout.FOOTERS_FOLDER, tmp_path / layout.FOOTERS_FOLDER)
        path = tmp_path / part.path
        path.parent.mkdir(parents=True)
        whole = bytearray((dataset / part.path).read_bytes())
        expected = PartFile(str(dataset), part).read()
        step = len(whole) * 8 // 300
        wrong = []
        for bit in range(7, len(whole) * 8, step):
            whole[bit // 8] ^= 1 << bit % 8
            path.write_bytes(whole)
            with contextlib.suppress(AyrframeError):
                found = PartFile(str(tmp_path), part).read()
                wrong += [] if found.equals(expected) else [bit]
            whole[bit // 8] ^= 1 << bit % 8
        assert not wrong

    @pytest.mark.parametrize("content", [b"", b"PAR1", b"not Parquet", b"PAR1" + bytes(100) + b"PAR1"])
    def test_corrupt_file_raises_and_can_be_replaced(self, pages, archive, dataset, content):
        record_pages(pages, envelope(post("a")))
        (place,) = archive.to_parquet(dataset)["file"]
        (dataset / place).write_bytes(content)
        with pytest.raises(AyrframeError, match=r"posts\.parquet': the file is corrupt") as raised:
            ayr.read_parquet(dataset)
        assert raised.value.__context__ is None
        record_pages(pages, envelope(post("b")), at=NOON + HOUR)
        with pytest.raises(AyrframeError, match="the file is corrupt"):
            archive.to_parquet(dataset)
        (dataset / place).unlink()
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_file_of_another_program_needs_its_footer_entry_deleted(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a"), post("b")))
        (place,) = archive.to_parquet(dataset)["file"]
        pq.write_table(pq.read_table(dataset / place, partitioning=None), dataset / place, compression="snappy")
        with pytest.raises(AyrframeError, match=r"another program wrote it.*delete its entry in _footers"):
            ayr.read_parquet(dataset)
        (dataset / layout.FOOTERS_FOLDER / "bluesky" / "2026-10").unlink()
        assert len(ayr.read_parquet(dataset)) == 2
        record_pages(pages, envelope(post("c")), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_reader_between_two_writes_reads_again(self, pages, archive, dataset, monkeypatch):
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        footer_of, reads = part_file.footer_hash, []

        def update_after_first_read(path):
            found = footer_of(path)
            reads.append(path)
            if len(reads) == 1:
                monkeypatch.setattr(part_file, "footer_hash", footer_of)
                for number in (1, 2):
                    record_pages(pages, envelope(post(f"new {number}")), at=NOON + number * HOUR)
                    archive.to_parquet(dataset)
            return found

        monkeypatch.setattr(part_file, "footer_hash", update_after_first_read)
        assert len(ayr.read_parquet(dataset)) == 3

    def test_file_that_is_replaced_during_three_reads_raises(self, pages, archive, dataset, monkeypatch):
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        reads = []
        monkeypatch.setattr(part_file, "footer_hash", lambda path: reads.append(path) or f"{len(reads)}")
        with pytest.raises(AyrframeError, match="another program wrote it"):
            ayr.read_parquet(dataset)
        assert len(reads) == 3

    def test_truncated_manifest_loses_no_posts(self, pages, archive, dataset):
        for number in range(5):
            record_pages(pages, envelope(post(str(number)), {"post": "no id"}), at=NOON + number * HOUR)
        archive.to_parquet(dataset)
        for shard in (dataset / layout.MANIFEST_FOLDER).iterdir():
            shard.write_bytes(shard.read_bytes()[:-9] + b"\xff")
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_C16_second_writer_raises(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        with (
            write.open_dataset(str(dataset)),
            pytest.raises(AyrframeError, match="Another process is writing to the dataset"),
        ):
            archive.to_parquet(dataset)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_C13_full_disk_leaves_complete_files(self, pages, archive, dataset, monkeypatch):
        record_pages(pages, envelope(post("a"), {"post": "no id"}, post("b", created="2026-09-01T00:00:00Z")))
        archive.to_parquet(dataset)
        record_pages(
            pages, envelope(post("a", 5), {"post": "no id"}, post("c", created="2026-09-01T00:00:00Z")), at=NOON + HOUR
        )
        write_part, calls = write.write_part, []

        def fail_on_second_call(*arguments, **options):
            calls.append(arguments)
            if len(calls) == 2:
                raise OSError(28, "No space left on device")
            return write_part(*arguments, **options)

        monkeypatch.setattr(write, "write_part", fail_on_second_call)
        with pytest.raises(OSError, match="No space left"):
            archive.to_parquet(dataset)
        assert len(ayr.read_parquet(dataset, validate=None)) in (4, 5)
        monkeypatch.undo()
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert not [name for name in os.listdir(dataset) if name.startswith(".ayrframe")]

    def test_readers_and_loads_run_while_parts_are_written(self, pages, archive, dataset):
        record_pages(pages, envelope(*(post(str(number)) for number in range(200))))
        archive.to_parquet(dataset)
        done = threading.Event()
        sizes = []

        def read():
            while not done.is_set():
                sizes.append(len(ayr.read_parquet(dataset, validate=None)))

        def load():
            for number in range(1, 15):
                record_pages(pages, envelope(*(post(f"{number} {one}") for one in range(50))), at=NOON + number * HOUR)

        threads = [threading.Thread(target=read), threading.Thread(target=load)]
        for thread in threads:
            thread.start()
        while threads[1].is_alive():
            archive.to_parquet(dataset)
        done.set()
        for thread in threads:
            thread.join()
        assert sizes == sorted(sizes)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert len(ayr.read_parquet(dataset)) == 200 + 14 * 50

    def test_C14_killed_process_leaves_complete_files(self, pages, archive, dataset):
        for number in range(12):
            month = number % 4 + 1
            posts = [post(f"{number} {one}", created=f"2026-0{month}-01T00:00:00Z") for one in range(40)]
            record_pages(
                pages, envelope(*posts, {"post": "no id"}), at=NOON + number * HOUR, repeating={1} if number % 2 else ()
            )
        script = textwrap.dedent(
            """
            import sys
            from ayrframe._archive.archive import Archive
            from ayrframe._archive.parquet.write import DatasetWriter
            move, DatasetWriter.moved = DatasetWriter._move, 0
            def move_and_wait(writer, temporary_path, path):
                move(writer, temporary_path, path)
                DatasetWriter.moved += 1
                if DatasetWriter.moved == int(sys.argv[3]):
                    sys.stdout.write("now\\n"); sys.stdout.flush(); sys.stdin.read()
            DatasetWriter._move = move_and_wait
            Archive(sys.argv[1]).to_parquet(sys.argv[2])
            """
        )
        for stop in (1, 2, 3, 5, 8):
            command = [sys.executable, "-W", "error", "-c", script, str(pages), str(dataset), str(stop)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
                line = process.stdout.readline()
                process.send_signal(signal.SIGKILL)
            assert line, "the process was killed while it was writing"
            for place in files(dataset)[1:]:
                posts = pd.read_parquet(dataset / place)
                assert not posts[posts["id"].notna()].duplicated(ayr.KEY).any()
                assert posts["id"].isna().sum() <= 12
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert not [name for name in os.listdir(dataset) if name.startswith(".ayrframe")]

    def test_other_folders_are_unchanged(self, pages, archive, dataset):
        others = [".half-finished-novel", ".ayrframe-half-of-mine", "network=all", "_pages"]
        for name in others:
            (dataset / name / "mine").mkdir(parents=True)
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        assert all((dataset / name / "mine").is_dir() for name in others)

    def test_folders_and_files_are_private(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        assert dataset.stat().st_mode & 0o777 == 0o700
        posts = [path for path in dataset.rglob("*") if path.is_file() and path.name in ("posts.parquet", "2026-10")]
        assert {path.stat().st_mode & 0o777 for path in posts} == {0o600}

    def test_dataset_contains_no_keys(self, pages, archive, dataset):
        record_pages(pages, envelope(post("a")), profile="me")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            archive.to_parquet(dataset)
        identity = json.loads(next(iter(pages.rglob("*.page"))).read_bytes().split(b"\n")[1])["request"]["identity"]
        assert identity
        for path in dataset.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            if path.suffix == ".parquet":
                content += (
                    f"{pq.read_table(path, partitioning=None).to_pylist()}{pq.read_schema(path).metadata}".encode()
                )
            assert identity.encode() not in content
            assert b"key of me" not in content
