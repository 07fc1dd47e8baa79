"""The data set: an archive as Parquet files, added to again and again, and what is read from them."""

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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import ayrframe as ayr
from ayrframe._archive.archive import Archive
from ayrframe._archive.cache import PageRecorder
from ayrframe._archive.page_file import make_request, new_load_id
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.parquet import layout, part_file
from ayrframe._archive.parquet import write as _writing
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


def keep(folder, *bodies, platform="bluesky", profile="", at=NOON, widened=(), load=None, start=1):
    """Keep pages as one load does."""
    asked = make_request(platform, profile=profile, identity=f"key of {profile}")
    recorder = PageRecorder(PageStore(folder), asked, load=load or new_load_id(at))
    recorder._number = start - 1
    for number, body in enumerate(bodies, start=start):
        (reply,) = parse_envelopes(body, "a page")
        assert recorder.record(body, reply, received_at=at, is_last=False, replaces_previous=number in widened)


def in_order(posts):
    """Return posts in an order that tells nothing of how they came."""
    posts = posts.astype({"extra": "str"})
    numbers = [
        name for name in ("like_count",) if name in posts.columns
    ]  # posts without an id may differ in them alone
    return posts.sort_values([*ayr.KEY, "created", "post", "extra", *numbers], ignore_index=True)


def assert_same(archive, dataset):
    expected = in_order(archive.posts(validate=None))
    assert_frame_equal(in_order(ayr.read_parquet(dataset, validate=None)), expected)


def replace(posts, dataset, place):
    """Put another file where one was written, as another version or another program would."""
    pq.write_table(posts, dataset / place)
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
def sampled(tmp_path_factory):
    """The samples of all networks, archived under two labels, and as a data set."""
    folder = tmp_path_factory.mktemp("sampled")
    for platform in PLATFORMS.values():
        for label in ("bakery", "café"):
            keep(folder / "pages", sample_path(platform).read_bytes(), platform=platform.name, profile=label)
    archive = Archive(folder / "pages")
    archive.to_parquet(folder / "posts")
    return archive, folder / "posts"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Posts around the ends of September, and some of no time, of two networks and two profiles."""
    folder = tmp_path_factory.mktemp("filled")
    days = ["2026-08-31T22:30:00Z", "2026-09-01T00:00:00Z", "2026-09-30T21:59:59Z", "2026-09-30T22:00:00Z"]
    posts = [post(day, created=day) for day in days]
    for platform in ("bluesky", "tiktok"):
        for label in ("", "a"):
            keep(folder / "pages", envelope(*posts, {"id": "timeless"}), platform=platform, profile=label)
    Archive(folder / "pages").to_parquet(folder / "posts")
    return folder / "posts"


class TestTheSamePosts:
    def test_archive_and_data_set_give_the_same_frame(self, sampled):
        archive, dataset = sampled
        posts = ayr.read_parquet(dataset)
        assert_frame_equal(in_order(posts), in_order(archive.posts()))
        assert isinstance(posts.index, pd.RangeIndex)
        assert posts["platform"].unique().tolist() == list(PLATFORMS)

    @pytest.mark.parametrize("platform", PLATFORMS)
    def test_a_network_alone_has_its_own_columns(self, sampled, platform):
        archive, dataset = sampled
        posts = ayr.read_parquet(dataset, platform=platform)
        assert_frame_equal(in_order(posts), in_order(archive.posts(platform)))
        assert posts.ayr.to_posts()

    def test_a_file_stands_for_a_network_and_a_month(self, pages, archive, dataset):
        keep(
            pages, envelope(post("a", created="2026-10-31T23:59:59.999999Z"), post("b", created="2026-11-01T00:00:00Z"))
        )
        keep(
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

    def test_posts_stand_by_profile_and_time_so_that_filters_can_pass_over_them(self, pages, archive, dataset):
        keep(pages, envelope(post("1", created="2026-10-03T00:00:00Z"), post("2")), profile="b")
        keep(pages, envelope(post("3")), profile="a")
        archive.to_parquet(dataset)
        assert ayr.read_parquet(dataset)["id"].tolist() == ["3", "2", "1"]

    def test_what_fits_no_column_and_what_is_no_object_stays(self, pages, archive, dataset):
        keep(pages, envelope(post("a", likes="many", new={"x": [1]}), 5, "text", None, {"id": "b", **FAILURE}))
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert ayr.read_parquet(dataset, validate=None)["extra"].notna().sum() == 5

    def test_an_empty_archive_makes_an_empty_data_set(self, archive, dataset):
        assert len(archive.to_parquet(dataset)) == 0
        assert_frame_equal(ayr.read_parquet(dataset), archive.posts())

    def test_an_empty_history_is_in_it_and_is_not_read_again(self, pages, archive, dataset, monkeypatch):
        keep(pages, envelope())
        assert archive.to_parquet(dataset)["posts"].tolist() == [0]
        assert_same(archive, dataset)
        monkeypatch.setattr(
            PageStore, "pages", lambda _, names: iter(()) if not list(names) else pytest.fail("read again")
        )
        assert len(archive.to_parquet(dataset)) == 0


class TestAddingTo:
    def test_twice_changes_nothing(self, pages, archive, dataset):
        keep(pages, envelope(post("a"), {"post": "no id"}))
        archive.to_parquet(dataset)
        before = {name: (dataset / name).read_bytes() for name in files(dataset)}
        assert len(archive.to_parquet(dataset)) == 0
        assert {name: (dataset / name).read_bytes() for name in files(dataset)} == before

    def test_only_parts_with_news_are_written(self, pages, archive, dataset):
        keep(pages, envelope(post("a"), post("b", created="2026-09-01T00:00:00Z")))
        archive.to_parquet(dataset)
        keep(pages, envelope(post("a", 7)), at=NOON + HOUR)
        assert archive.to_parquet(dataset)["month"].tolist() == ["2026-10"]
        assert_same(archive, dataset)
        assert ayr.read_parquet(dataset)["like_count"].tolist() == [1, 1, 7]

    def test_an_observation_that_was_read_twice_stands_once_in_the_file(self, pages, archive, dataset):
        for hour in range(3):
            keep(pages, envelope(post("a"), post("b"), lastUpdated="2026-10-31T00:00:00Z"), at=NOON + hour * HOUR)
            archive.to_parquet(dataset)
        assert pd.read_parquet(dataset)["id"].tolist() == ["a", "b"]

    def test_only_pages_that_are_new_are_read(self, pages, archive, dataset, monkeypatch):
        keep(pages, envelope(post("a")), envelope(post("b")))
        archive.to_parquet(dataset)
        keep(pages, envelope(post("c")), at=NOON + HOUR)
        read = []
        pages_of = PageStore.pages
        monkeypatch.setattr(
            PageStore, "pages", lambda store, names: pages_of(store, read.append(list(names)) or read[-1])
        )
        archive.to_parquet(dataset)
        assert sum(map(len, read)) == 1

    def test_a_new_network_is_declared_for_engines_that_go_by_the_first_file(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        keep(pages, envelope(post("b")), platform="tiktok")
        archive.to_parquet(dataset)
        columns = pq.read_schema(dataset / layout.COLUMNS_FILE).names
        assert columns == archive.posts().columns.tolist()

    def test_a_part_that_was_deleted_is_made_again(self, pages, archive, dataset):
        keep(pages, envelope(post("a"), {"post": "no id"}, post("b", created="2026-09-01T00:00:00Z")))
        written = archive.to_parquet(dataset)
        for place in written["file"]:
            (dataset / place).unlink()
            archive.to_parquet(dataset)
            assert_same(archive, dataset)

    def test_so_is_that_of_a_network_without_posts_whose_columns_it_holds(self, pages, archive, dataset):
        keep(pages, envelope())
        (place,) = archive.to_parquet(dataset)["file"]
        (dataset / place).unlink()
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_pages_that_are_gone_from_the_archive_stay_in_the_data_set(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        for path in pages.rglob("*.page"):
            path.unlink()
        keep(pages, envelope(post("b")), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert sorted(ayr.read_parquet(dataset)["id"]) == ["a", "b"]

    def test_two_archives_go_into_one_data_set(self, tmp_path, dataset):
        archives = [Archive(tmp_path / name) for name in ("one", "two")]
        for archive in archives:
            name = os.path.basename(archive.path)
            keep(archive.path, envelope(post("a"), post(name)), profile=name)
            archive.to_parquet(dataset)
        both = [("one", "a"), ("one", "one"), ("two", "a"), ("two", "two")]
        posts = ayr.read_parquet(dataset)
        assert list(zip(posts["profile"], posts["id"], strict=True)) == both
        # What is deleted comes back from both.
        (dataset / "network=bluesky" / "month=2026-10" / "posts.parquet").unlink()
        for archive in archives:
            archive.to_parquet(dataset)
        posts = ayr.read_parquet(dataset)
        assert list(zip(posts["profile"], posts["id"], strict=True)) == both

    def test_a_page_that_was_damaged_while_a_part_was_made_anew_comes_in_later(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        keep(pages, envelope(post("b")), at=NOON + HOUR)
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

    def test_a_page_that_a_later_one_holds_again_is_no_observation(self, pages, archive, dataset):
        keep(pages, envelope(post("a")), envelope(post("a"), post("b")), widened={2})
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert len(archive.to_parquet(dataset)) == 0
        assert len(ayr.read_parquet(dataset)) == 2

    def test_also_if_it_was_added_before_the_later_one_came(self, pages, archive, dataset):
        load = new_load_id(NOON)
        keep(pages, envelope(post("a"), post("gone")), load=load)
        archive.to_parquet(dataset)
        keep(pages, envelope(post("a"), post("b")), load=load, at=NOON + HOUR, start=2, widened={2})
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert sorted(ayr.read_parquet(dataset)["id"]) == ["a", "b"]
        assert len(archive.to_parquet(dataset)) == 0

    def test_a_page_that_cannot_be_read_holds_nothing_again(self, pages, archive, dataset):
        load = new_load_id(NOON)
        keep(pages, envelope(post("a"), post("b")), load=load)
        archive.to_parquet(dataset)
        keep(pages, envelope(post("a"), post("b"), post("c")), load=load, at=NOON + HOUR, start=2, widened={2})
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

    def test_what_is_held_again_is_taken_out_though_the_ledger_is_gone(self, pages, archive, dataset):
        load = new_load_id(NOON)
        keep(pages, envelope(post("a"), post("gone"), {"post": "no id"}), load=load)
        archive.to_parquet(dataset)
        shutil.rmtree(dataset / layout.MANIFEST_FOLDER)
        keep(pages, envelope(post("a"), post("b"), {"post": "no id"}), load=load, at=NOON + HOUR, start=2, widened={2})
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert len(ayr.read_parquet(dataset, validate=None)) == 3

    def test_a_page_of_which_the_api_told_the_moment_is_an_observation_of_its_own(self, pages, archive, dataset):
        load = new_load_id(NOON)
        keep(pages, envelope(post("a", 1), lastUpdated="2026-10-31T00:00:00Z"), load=load)
        archive.to_parquet(dataset)
        later = envelope(post("a", 2), post("b"), lastUpdated="2026-10-31T01:00:00Z")
        keep(pages, later, load=load, at=NOON + HOUR, start=2, widened={2})
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert sorted(archive.posts()["like_count"]) == [1, 1, 2]

    def test_a_damaged_page_is_named_and_comes_in_once_it_is_whole(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        (path,) = pages.rglob("*.page")
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.warns(DataWarning, match="Skipping corrupt archive file .* invalid body"):
            archive.to_parquet(dataset)
        path.write_bytes(whole)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)


class TestSpans:
    """Parts that are larger than memory are put together profile after profile."""

    @pytest.fixture
    def narrow(self, monkeypatch):
        """Make three rows more than enough for a span, and two for a group of rows."""
        monkeypatch.setattr(_writing, "split_ranges", partial(split_ranges, rows_per_range=3))
        monkeypatch.setattr(part_file, "_ROW_GROUP_SIZE", 2)

    @given(
        st.lists(st.tuples(st.sampled_from(["", "a", "b", "bb", "é", "\U0001f600"]), st.integers(1, 5))),
        st.integers(1, 9),
    )
    def test_each_label_is_in_one_span_and_no_span_without_need(self, weights, at_once):
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

    def test_a_part_of_many_spans_is_what_the_archive_gives(self, pages, archive, dataset, narrow):
        for number, label in enumerate(["b", "", "é", "a", "ab", "b"]):
            posts = [post(f"{one}", created=f"2026-10-0{one + 1}T00:00:00Z") for one in range(number % 3 + 1)]
            keep(pages, envelope(*posts, {"post": "no id", "created": "2026-10-09T00:00:00Z"}), profile=label)
            keep(pages, envelope(*posts), profile=label, at=NOON + number * HOUR)
            archive.to_parquet(dataset)
            assert_same(archive, dataset)
        again = dataset.with_name("again")
        archive.to_parquet(again)
        assert_frame_equal(ayr.read_parquet(again, validate=None), ayr.read_parquet(dataset, validate=None))
        posts = ayr.read_parquet(dataset, validate=None)
        assert posts["profile"].tolist() == sorted(posts["profile"])
        file = pq.ParquetFile(dataset / "network=bluesky" / "month=2026-10" / "posts.parquet")
        assert file.num_row_groups > 5

    def test_no_more_than_a_span_is_read_at_a_time(self, pages, archive, dataset, narrow, monkeypatch):
        for label in "abcdef":
            keep(pages, envelope(post("1"), post("2")), profile=label)
        archive.to_parquet(dataset)
        keep(pages, envelope(post("1"), post("2")), profile="c", at=NOON + HOUR)
        read, sizes = PartFile.read, []

        def measuring(*arguments, **options):
            posts = read(*arguments, **options)
            sizes.append(len(posts))
            return posts

        monkeypatch.setattr(PartFile, "read", measuring)
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


def sent(name, likes, dated, own, failure):
    # The date of a post is one and the same in all that was read of it at one moment, if it is there.
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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PAGE, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_however_pages_come_the_data_set_is_what_the_archive_gives(tmp_path_factory, loads, dice):
    folder = tmp_path_factory.mktemp("any")
    archive, dataset = Archive(folder / "pages"), folder / "posts"
    for number, (posts, updated, hours, profile, compact, more) in enumerate(loads):
        at = NOON + hours * HOUR + timedelta(seconds=number)  # no two pages come in the same microsecond
        fields = {"lastUpdated": updated} if updated else {}
        page = envelope(*(sent(**one) for one in posts), **fields)
        load = {"profile": profile, "at": at, "load": new_load_id(at)}
        keep(folder / "pages", page, **load)
        if compact:
            archive.to_parquet(dataset)
        if more is not None:
            wider = envelope(*(sent(**one) for one in (*posts, *more)), **fields)
            keep(folder / "pages", wider, start=2, widened={2}, **load | {"at": at + HOUR / 2})
        if dataset.exists() and dice.random() < 0.3 and (parts := files(dataset)[1:]):
            (dataset / dice.choice(parts)).unlink()
    archive.to_parquet(dataset)
    assert_same(archive, dataset)
    assert len(pd.read_parquet(dataset)) == len(archive.posts(validate=None))


class TestCopiesOfOneObservation:
    def copies(self, *posts):
        return pd.concat(
            [ayr.from_posts([one], platform="bluesky", as_of=NOON, validate=None) for one in posts], ignore_index=True
        )

    def test_the_one_that_tells_most_stays(self):
        rich, poor = post("a", 5, replyCount=2), post("a", 9)
        for posts in (self.copies(rich, poor), self.copies(poor, rich)):
            assert drop_duplicate_observations(posts)["like_count"].tolist() == [5]

    def test_of_two_that_tell_as_much_it_is_the_same_whichever_came_first(self):
        one, other = post("a", 5), post("a", 9)
        assert drop_duplicate_observations(self.copies(one, other))["like_count"].tolist() == [9]
        assert drop_duplicate_observations(self.copies(other, one, other))["like_count"].tolist() == [9]

    def test_a_record_of_a_failure_replaces_no_post_however_much_it_tells(self):
        failure = {"id": "a", **FAILURE, "likeCount": 1, "replyCount": 2, "quoteCount": 3, "cid": "x"}
        for posts in (self.copies(failure, {"id": "a", "post": "x"}), self.copies({"id": "a", "post": "x"}, failure)):
            assert drop_duplicate_observations(posts)["post"].tolist() == ["x"]

    def test_posts_without_an_id_are_all_kept(self):
        assert len(drop_duplicate_observations(self.copies({"post": "x"}, {"post": "x"}, post("a"), post("a")))) == 3

    def test_columns_of_other_networks_do_not_change_the_choice(self):
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
            ({"profile": "nobody"}, 0),
            ({"since": "2026-09-01"}, 16),
            ({"since": "2026-09-01", "tz": "Europe/Berlin"}, 20),
            ({"until": "2026-09-30", "tz": "Europe/Berlin"}, 16),
            ({"since": "2026-09-01", "until": "2026-09-30", "tz": "Europe/Berlin", "platform": "bluesky"}, 8),
            ({"since": "2026-10-01"}, 4),
            ({"until": "1999-12-31"}, 4),
            ({"since": datetime(2026, 9, 30, 22, tzinfo=UTC)}, 8),
        ],
    )
    def test_give_what_filtering_the_whole_gives(self, filled, asked, count):
        assert len(ayr.read_parquet(filled, validate=None, **asked)) == count

    def test_files_that_cannot_have_it_are_not_opened(self, filled, monkeypatch):
        opened = []
        read = PartFile.read
        monkeypatch.setattr(
            PartFile, "read", lambda file, *rest, **how: opened.append(file.path) or read(file, *rest, **how)
        )
        ayr.read_parquet(filled, platform="x", validate=None)
        assert not opened
        ayr.read_parquet(filled, platform="tiktok", since="2026-09-02", validate=None)
        assert [path.split(os.sep)[-2] for path in opened] == ["month=2026-09", "month=unknown"]

    def test_a_copy_without_its_date_is_no_post_of_a_period_in_which_the_post_is_not(self, pages, archive, dataset):
        keep(pages, envelope(post("a"), lastUpdated="2026-10-31T00:00:00Z"))
        keep(pages, envelope({"id": "a", **FAILURE}, {"id": "b", **FAILURE}, lastUpdated="2026-10-31T00:00:00Z"))
        archive.to_parquet(dataset)
        assert ayr.read_parquet(dataset, since="2026-11-01")["id"].tolist() == ["b"]
        assert ayr.read_parquet(dataset)["id"].tolist() == ["a", "b"]
        assert pd.read_parquet(dataset)["id"].tolist() == ["a", "b"]

    def test_also_if_its_date_comes_later(self, pages, archive, dataset):
        keep(pages, envelope({"id": "a", **FAILURE}, {"id": "b", **FAILURE}, lastUpdated="2026-10-31T00:00:00Z"))
        archive.to_parquet(dataset)
        keep(pages, envelope(post("a"), lastUpdated="2026-10-31T00:00:00Z"), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert sorted(pd.read_parquet(dataset)["id"]) == ["a", "b"]
        assert_same(archive, dataset)

    @pytest.mark.parametrize(
        "asked",
        [{"until": "9999-12-31"}, {"since": "0001-01-01", "tz": "Asia/Tokyo"}, {"until": "9999-12-31T23:59:59-10:00"}],
    )
    def test_the_ends_of_the_calendar_are_ends(self, filled, asked):
        assert len(ayr.read_parquet(filled, validate=None, **asked)) == 20

    @pytest.mark.parametrize(
        ("asked", "error"),
        [
            ({"platform": "myspace"}, "Unknown platform 'myspace'"),
            ({"since": "soon"}, "`since` must be a date"),
            ({"since": "2026-02-01", "until": "2026-01-01"}, "`since` must not be later than `until`"),
            ({"tz": "Mars"}, "Unknown time zone 'Mars'"),
            ({"profile": 5}, "`profile` must be a str or a list of str"),
            ({"validate": "maybe"}, "`validate` must be"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, filled, asked, error):
        with pytest.raises(ValueError, match=error):
            ayr.read_parquet(filled, **asked)

    @pytest.mark.parametrize(
        ("path", "told"), [("", "''"), (b"posts", "bytes"), (None, "NoneType"), (5, "int"), ("a\0b", r"'a\\x00b'")]
    )
    def test_what_names_no_folder_is_refused(self, archive, path, told):
        for call, what in (
            (archive.to_parquet, "a dataset"),
            (ayr.read_parquet, "a dataset"),
            (ayr.Archive, "an archive"),
        ):
            with pytest.raises(ValueError, match=f"The path of {what} must be a non-empty str or path, not {told}"):
                call(path)

    def test_a_file_is_no_folder(self, archive, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(NotADirectoryError, match="it is a file, not a folder"):
            archive.to_parquet(tmp_path / "file")

    def test_posts_are_read_though_the_ledger_is_gone(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        shutil.rmtree(dataset / layout.MANIFEST_FOLDER)
        assert len(ayr.read_parquet(dataset)) == 1

    def test_no_data_set_is_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"No dataset found in .*Archive\.to_parquet writes one"):
            ayr.read_parquet(tmp_path)

    def test_checks_run_as_at_every_door(self, pages, archive, dataset):
        keep(pages, envelope(post("a", -1)))
        archive.to_parquet(dataset)
        with pytest.warns(DataWarning, match="like_count: 1 value is negative"):
            ayr.read_parquet(dataset)
        with pytest.raises(ayr.SchemaError):
            ayr.read_parquet(dataset, validate="raise")


class TestOtherReaders:
    """What somebody reads who never heard of ayrframe."""

    def test_pandas_reads_the_whole_folder_with_all_dtypes(self, sampled):
        archive, dataset = sampled
        posts = pd.read_parquet(dataset)
        assert posts.columns.tolist()[-2:] == ["network", "month"]
        assert posts["network"].astype("str").eq(posts["platform"]).all()
        assert_frame_equal(in_order(posts.drop(columns=["network", "month"])), in_order(archive.posts()))

    def test_pandas_reads_one_file_with_all_dtypes(self, sampled):
        archive, dataset = sampled
        posts = pd.read_parquet(dataset / "network=tiktok" / "month=2026-02" / "posts.parquet")
        ours = archive.posts("tiktok").loc[lambda posts: posts["created"].dt.strftime("%Y-%m").eq("2026-02")]
        assert_frame_equal(in_order(posts), in_order(ours))

    def test_duckdb_reads_the_same_values(self, sampled):
        archive, dataset = sampled
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

    def test_polars_reads_the_same_values(self, sampled):
        archive, dataset = sampled
        scan = polars.scan_parquet(f"{dataset}/**/*.parquet", missing_columns="insert", hive_partitioning=True)
        told = scan.filter(polars.col("network") == "tiktok").select("id", "like_count", "created").collect()
        ours = archive.posts("tiktok")
        assert sorted(told["id"].to_list()) == sorted(ours["id"])
        assert told["like_count"].sum() == ours["like_count"].sum()
        assert told["created"].dtype == polars.Datetime("us", "UTC")

    def test_each_file_says_all_by_itself_what_it_holds(self, sampled):
        _, dataset = sampled
        schema = pq.read_schema(dataset / "network=bluesky" / "month=2026-02" / "posts.parquet")
        assert schema.names == list(ayr.schema("bluesky").columns)
        about = pq.ParquetFile(dataset / "network=bluesky" / "month=2026-02" / "posts.parquet").metadata
        assert about.row_group(0).column(0).compression == "ZSTD"


class TestGrowingSchemas:
    def test_a_column_declared_after_a_file_was_written_is_missing_in_its_posts(self, pages, archive, dataset):
        keep(pages, envelope(post("a", replyCount=3)))
        (place,) = archive.to_parquet(dataset)["file"]
        older = pq.read_table(dataset / place, partitioning=None).drop_columns(["reply_count", "cid"])
        replace(older, dataset, place)
        posts = ayr.read_parquet(dataset)
        assert posts.dtypes.equals(archive.posts().dtypes)
        assert posts[["reply_count", "cid"]].isna().all(axis=None)
        assert posts["like_count"].tolist() == [1]
        keep(pages, envelope(post("b", replyCount=4)), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert ayr.read_parquet(dataset)["reply_count"].tolist() == [pd.NA, 4]

    def test_C17_nothing_is_written_over_what_a_later_version_wrote(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        (place,) = archive.to_parquet(dataset)["file"]
        later = pq.read_table(dataset / place, partitioning=None)
        replace(later.append_column("applause", later.column("like_count")), dataset, place)
        assert len(ayr.read_parquet(dataset)) == 1
        columns = pq.read_schema(dataset / layout.COLUMNS_FILE)
        pq.write_table(columns.append(pa.field("applause", pa.int64())).empty_table(), dataset / layout.COLUMNS_FILE)
        keep(pages, envelope(post("c")), platform="tiktok", at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert "applause" in pd.read_parquet(dataset).columns
        keep(pages, envelope(post("b")), at=NOON + HOUR)
        with pytest.raises(
            AyrframeError, match="columns that this version of ayrframe does not know: 'applause'. A later version"
        ):
            archive.to_parquet(dataset)

    def test_a_network_that_is_not_known_here_is_named(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        (dataset / "network=myspace" / "month=2026-10").mkdir(parents=True)
        with pytest.warns(DataWarning, match="this version does not know: myspace"):
            assert len(ayr.read_parquet(dataset)) == 1


class TestFaults:
    def test_C15_one_flipped_bit_is_an_error_and_never_another_number(self, sampled, tmp_path):
        _, dataset = sampled
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

    @pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet at all", b"PAR1" + bytes(100) + b"PAR1"])
    def test_a_broken_file_is_named_with_what_mends_it(self, pages, archive, dataset, content):
        keep(pages, envelope(post("a")))
        (place,) = archive.to_parquet(dataset)["file"]
        (dataset / place).write_bytes(content)
        with pytest.raises(AyrframeError, match=r"posts\.parquet': the file is corrupt") as raised:
            ayr.read_parquet(dataset)
        assert raised.value.__context__ is None
        keep(pages, envelope(post("b")), at=NOON + HOUR)
        with pytest.raises(AyrframeError, match="the file is corrupt"):
            archive.to_parquet(dataset)
        (dataset / place).unlink()
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_a_file_that_another_program_wrote_is_taken_once_one_says_so(self, pages, archive, dataset):
        keep(pages, envelope(post("a"), post("b")))
        (place,) = archive.to_parquet(dataset)["file"]
        pq.write_table(pq.read_table(dataset / place, partitioning=None), dataset / place, compression="snappy")
        with pytest.raises(AyrframeError, match=r"another program wrote it.*delete its entry in _footers"):
            ayr.read_parquet(dataset)
        (dataset / layout.FOOTERS_FOLDER / "bluesky" / "2026-10").unlink()
        assert len(ayr.read_parquet(dataset)) == 2
        keep(pages, envelope(post("c")), at=NOON + HOUR)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_a_reader_between_two_writes_looks_again(self, pages, archive, dataset, monkeypatch):
        keep(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        footer_of, looks = part_file.footer_hash, []

        def slow(path):
            found = footer_of(path)
            looks.append(path)
            if len(looks) == 1:
                monkeypatch.setattr(part_file, "footer_hash", footer_of)
                for number in (1, 2):
                    keep(pages, envelope(post(f"new {number}")), at=NOON + number * HOUR)
                    archive.to_parquet(dataset)
            return found

        monkeypatch.setattr(part_file, "footer_hash", slow)
        assert len(ayr.read_parquet(dataset)) == 3

    def test_a_ledger_that_was_cut_costs_time_and_nothing_else(self, pages, archive, dataset):
        for number in range(5):
            keep(pages, envelope(post(str(number)), {"post": "no id"}), at=NOON + number * HOUR)
        archive.to_parquet(dataset)
        for shelf in (dataset / layout.MANIFEST_FOLDER).iterdir():
            shelf.write_bytes(shelf.read_bytes()[:-9] + b"\xff")
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_C16_one_call_at_a_time_writes(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        with (
            _writing.open_dataset(str(dataset)),
            pytest.raises(AyrframeError, match="Another process is writing to the dataset"),
        ):
            archive.to_parquet(dataset)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)

    def test_C13_a_full_disk_leaves_what_was_there(self, pages, archive, dataset, monkeypatch):
        keep(pages, envelope(post("a"), {"post": "no id"}, post("b", created="2026-09-01T00:00:00Z")))
        archive.to_parquet(dataset)
        keep(
            pages, envelope(post("a", 5), {"post": "no id"}, post("c", created="2026-09-01T00:00:00Z")), at=NOON + HOUR
        )
        write, calls = _writing.write_part, []

        def full(*arguments, **options):
            calls.append(arguments)
            if len(calls) == 2:
                raise OSError(28, "No space left on device")
            return write(*arguments, **options)

        monkeypatch.setattr(_writing, "write_part", full)
        with pytest.raises(OSError, match="No space left"):
            archive.to_parquet(dataset)
        assert len(ayr.read_parquet(dataset, validate=None)) in (4, 5)
        monkeypatch.undo()
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert not [name for name in os.listdir(dataset) if name.startswith(".ayrframe")]

    def test_readers_see_whole_parts_while_they_are_written_and_loads_go_on(self, pages, archive, dataset):
        keep(pages, envelope(*(post(str(number)) for number in range(200))))
        archive.to_parquet(dataset)
        done = threading.Event()
        seen = []

        def look():
            while not done.is_set():
                seen.append(len(ayr.read_parquet(dataset, validate=None)))

        def load():
            for number in range(1, 15):
                keep(pages, envelope(*(post(f"{number} {one}") for one in range(50))), at=NOON + number * HOUR)

        threads = [threading.Thread(target=look), threading.Thread(target=load)]
        for thread in threads:
            thread.start()
        while threads[1].is_alive():
            archive.to_parquet(dataset)
        done.set()
        for thread in threads:
            thread.join()
        assert seen == sorted(seen)
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert len(ayr.read_parquet(dataset)) == 200 + 14 * 50

    def test_C14_a_process_killed_in_the_middle_leaves_nothing_half_and_nothing_out(self, pages, archive, dataset):
        for number in range(12):
            month = number % 4 + 1
            posts = [post(f"{number} {one}", created=f"2026-0{month}-01T00:00:00Z") for one in range(40)]
            keep(pages, envelope(*posts, {"post": "no id"}), at=NOON + number * HOUR, widened={1} if number % 2 else ())
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
        for stop in range(1, 16):
            command = [sys.executable, "-W", "error", "-c", script, str(pages), str(dataset), str(stop)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
                told = process.stdout.readline()
                process.send_signal(signal.SIGKILL)
            if not told:
                break
            for place in files(dataset)[1:]:
                posts = pd.read_parquet(dataset / place)
                assert not posts[posts["id"].notna()].duplicated(ayr.KEY).any()
                assert posts["id"].isna().sum() <= 12
        assert stop > 4
        archive.to_parquet(dataset)
        assert_same(archive, dataset)
        assert not [name for name in os.listdir(dataset) if name.startswith(".ayrframe")]

    def test_folders_of_others_are_left_alone(self, pages, archive, dataset):
        others = [".half-written-novel", ".ayrframe-half-of-mine", "network=all", "_pages"]
        for name in others:
            (dataset / name / "mine").mkdir(parents=True)
        keep(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        assert all((dataset / name / "mine").is_dir() for name in others)

    def test_only_its_owner_looks_into_it(self, pages, archive, dataset):
        keep(pages, envelope(post("a")))
        archive.to_parquet(dataset)
        assert dataset.stat().st_mode & 0o777 == 0o700
        posts = [path for path in dataset.rglob("*") if path.is_file() and path.name in ("posts.parquet", "2026-10")]
        assert {path.stat().st_mode & 0o777 for path in posts} == {0o600}

    def test_no_warning_and_no_key_gets_into_it(self, pages, archive, dataset):
        keep(pages, envelope(post("a")), profile="me")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            archive.to_parquet(dataset)
        who = json.loads(next(iter(pages.rglob("*.page"))).read_bytes().split(b"\n")[1])["request"]["identity"]
        assert who
        for path in dataset.rglob("*"):
            told = path.read_bytes() if path.is_file() else b""
            if path.suffix == ".parquet":
                told += f"{pq.read_table(path, partitioning=None).to_pylist()}{pq.read_schema(path).metadata}".encode()
            assert who.encode() not in told
            assert b"key of me" not in told
