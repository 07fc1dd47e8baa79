"""The archive: what loads keep, and what is read from it again."""

import gzip
import hashlib
import json
import os
import time
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
from ayrframe._api.secrets import fingerprint as identity
from ayrframe._archive import cache as _replay
from ayrframe._archive import page_file as _entry
from ayrframe._archive import page_store as _store
from ayrframe._archive.archive import Archive
from ayrframe._archive.cache import PageRecorder, fresh_pages, last_pages
from ayrframe._archive.page_file import PageName, make_request, new_load_id
from ayrframe._archive.page_store import PageStore
from ayrframe._decode import posts as _decode_posts
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._frame.deduplicate import is_error_record, latest_observations
from ayrframe._frame.dtypes import union_columns
from ayrframe._frame.sources import sample_path
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import AyrframeError, DataWarning, SchemaError

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ME = identity("key", "https://api.ayrshare.com/api")


def envelope(*posts, **fields):
    return json.dumps({"status": "success", "posts": list(posts), **fields}).encode()


def post(name, likes=1, **fields):
    return {"id": name, "post": "text", "created": "2026-10-01T00:00:00Z", "likeCount": likes, **fields}


def keep(store, bodies, *, asked=None, at=NOON, whole=True, target_index=0, load=None, status=200):
    """Keep pages as one load does."""
    recorder = PageRecorder(
        store, asked or make_request("bluesky", identity=ME), load=load or new_load_id(at), target_index=target_index
    )
    for number, body in enumerate(bodies, start=1):
        (reply,) = parse_envelopes(body, "a page")
        ends = whole and number == len(bodies)
        assert recorder.record(body, reply, received_at=at, is_last=ends, cursor=None if number == 1 else "c", status=status)


def files(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def ids(frame):
    return frame["id"].tolist()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "archive"


@pytest.fixture
def store(folder):
    return PageStore(folder)


@pytest.fixture
def archive(folder):
    return Archive(folder)


class TestObservations:
    @pytest.mark.parametrize("platform", PLATFORMS)
    def test_a_kept_page_gives_the_frame_of_the_same_saved_reply(self, platform, store, archive):
        body = sample_path(PLATFORMS[platform]).read_bytes()
        keep(store, [body], asked=make_request(platform, profile="bakery", identity=ME))
        expected = ayr.read_json(body, platform=platform, profile="bakery", as_of=NOON)
        assert_frame_equal(archive.posts(), expected)
        assert_frame_equal(archive.latest(platform, profile="bakery"), expected)

    @pytest.mark.parametrize(
        "body",
        [
            envelope(post("a"), post("b", "many"), lastUpdated="2026-10-31T11:00:00Z"),
            envelope(post("a", brandNew=1), post("b")),
            envelope(),
            json.dumps([post("a"), post("b")]).encode(),
            json.dumps(post("a")).encode() + b"\n" + json.dumps(post("b")).encode(),
        ],
    )
    @pytest.mark.filterwarnings("ignore::ayrframe.errors.DataWarning")
    def test_pages_read_straight_from_their_bytes_are_those_read_item_by_item(self, body, store, archive, monkeypatch):
        keep(store, [body])
        straight = archive.posts()
        monkeypatch.setattr(_decode_posts, "peek_envelope", lambda *_: None)
        assert_frame_equal(straight, archive.posts())

    def test_all_platforms_of_one_load_stand_in_the_order_in_which_they_were_asked_for(self, store, archive):
        load = new_load_id(NOON)
        names = ["youtube", "bluesky", "tiktok"]
        for target_index in (2, 0, 1):
            asked = make_request(names[target_index], identity=ME)
            keep(store, [envelope(post("a")), envelope(post("b"))], asked=asked, target_index=target_index, load=load)
        posts = archive.posts()
        assert posts["platform"].tolist() == ["youtube", "youtube", "bluesky", "bluesky", "tiktok", "tiktok"]
        assert ids(posts) == ["a", "b"] * 3
        expected = union_columns(PLATFORMS[name] for name in ("bluesky", "tiktok", "youtube"))
        assert posts.columns.tolist() == [column.name for column in expected]

    def test_two_loads_are_two_observations_in_the_order_of_time(self, store, archive):
        keep(store, [envelope(post("a", 9), post("c", 1))], at=NOON + HOUR)
        keep(store, [envelope(post("a", 5), post("b", 2))], at=NOON)
        posts = archive.posts()
        assert ids(posts) == ["a", "b", "a", "c"]
        assert posts["like_count"].tolist() == [5, 2, 9, 1]
        assert posts["as_of"].tolist() == [NOON, NOON, NOON + HOUR, NOON + HOUR]

    def test_latest_is_the_newest_observation_of_each_post(self, store, archive):
        keep(store, [envelope(post("a", 9), post("c", 1))], at=NOON + HOUR)
        keep(store, [envelope(post("a", 5), post("b", 2))], at=NOON)
        newest_posts = archive.latest()
        assert dict(zip(newest_posts["id"], newest_posts["like_count"], strict=True)) == {"b": 2, "a": 9, "c": 1}
        assert newest_posts.index.equals(pd.RangeIndex(3))

    def test_latest_goes_by_the_time_of_the_numbers_and_not_of_the_load(self, store, archive):
        keep(store, [envelope(post("a", 9), lastUpdated="2026-10-31T11:00:00Z")], at=NOON)
        keep(store, [envelope(post("a", 5), lastUpdated="2026-10-31T10:00:00Z")], at=NOON + HOUR)
        assert archive.latest()["like_count"].tolist() == [9]

    def test_two_reads_of_one_cached_reply_are_one_observation(self, store, archive):
        body = envelope(post("a"), post("b"), lastUpdated="2026-11-01T11:00:00.5Z")
        keep(store, [body], at=NOON)
        keep(store, [body], at=NOON + HOUR)
        posts = archive.posts()
        assert ids(posts) == ["a", "b"]
        assert posts["as_of"].unique().tolist() == [pd.Timestamp("2026-11-01T11:00:00.5Z")]

    @pytest.mark.parametrize("order", [(1, 2), (2, 1)])
    def test_of_two_copies_with_one_key_the_same_one_counts_whichever_came_first(self, store, archive, order):
        fields = {"lastUpdated": "2026-11-01T11:00:00Z"}
        keep(store, [envelope(post("a", likes), **fields) for likes in order])
        assert archive.posts()["like_count"].tolist() == [2]

    def test_a_record_of_a_failure_replaces_no_post_but_is_kept_where_it_stands_alone(self, store, archive):
        failure = {"action": "analytics", "code": 187, "status": "error", "message": "no"}
        keep(store, [envelope(post("a", 5))], at=NOON)
        keep(store, [envelope({"id": "a", **failure}, {"id": "b", **failure})], at=NOON + HOUR)
        assert archive.posts()["like_count"].notna().tolist() == [True, False, False]
        latest = archive.latest()
        assert latest["like_count"].tolist() == [5, pd.NA]
        assert is_error_record(latest).tolist() == [False, True]

    def test_a_post_with_a_field_named_code_is_no_failure(self):
        posts = ayr.from_posts(
            [post("a", code=1), {"id": "b", "x": 1}, {"id": "c"}, 5], platform="bluesky", validate=None
        )
        assert not is_error_record(posts).any()

    def test_posts_without_an_id_are_all_kept(self, store, archive):
        keep(store, [envelope({"post": "x"}, {"post": "x"}, post("a"), post("a"))])
        with pytest.warns(DataWarning, match=r"in 3 posts\. id: 2 values are missing or empty"):
            posts = archive.posts()
        assert posts["id"].tolist()[2] == "a"
        assert len(archive.latest(validate=None)) == 3

    def test_pages_of_a_load_that_was_cut_are_observations_too(self, store, archive):
        keep(store, [envelope(post("a")), envelope(post("b"))], whole=False)
        assert ids(archive.posts()) == ["a", "b"]

    def test_the_moment_of_a_post_is_its_own_else_the_replys_else_that_of_the_response(self, store, archive):
        own = post("own", lastUpdated="2026-10-30T00:00:00Z")
        asked = make_request("facebook", identity=ME)
        keep(store, [envelope(own, post("reply"), lastUpdated="2026-10-31T00:00:00Z")], asked=asked)
        keep(store, [envelope(post("response"))], asked=asked, at=NOON.astimezone(timezone(HOUR)))
        as_of = archive.posts().set_index("id")["as_of"]
        assert as_of["own"] == pd.Timestamp("2026-10-30", tz="UTC")
        assert as_of["reply"] == pd.Timestamp("2026-10-31", tz="UTC")
        assert as_of["response"] == NOON

    def test_what_the_checks_find_is_said_as_by_every_door(self, store, archive):
        keep(store, [envelope(post("a", -1))])
        with pytest.warns(DataWarning, match="like_count: 1 value is negative"):
            archive.posts()
        with pytest.raises(SchemaError):
            archive.latest(validate="raise")
        assert len(archive.posts(validate=None)) == 1

    def test_what_a_load_has_warned_of_is_not_said_again(self, store, archive):
        keep(store, [b'{"status": "partial", "posts": [{"id": "a"}], "message": "half"}'])
        assert ids(archive.posts()) == ["a"]


class TestFilters:
    @pytest.fixture
    def archive(self, store, archive):
        for platform in ("twitter", "tiktok", "bluesky"):
            for label in ("", "a", "b"):
                asked = make_request(platform, profile=label, identity=identity("key", label))
                keep(store, [envelope(post(f"{platform}{label}"))], asked=asked)
        return archive

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({}, 9),
            ({"platform": "tiktok"}, 3),
            ({"platform": "x"}, 3),
            ({"platform": ["x", "tiktok"]}, 6),
            ({"platform": "youtube"}, 0),
            ({"profile": ""}, 3),
            ({"profile": ["a", "b"]}, 6),
            ({"profile": "nobody"}, 0),
            ({"platform": "bluesky", "profile": "a"}, 1),
        ],
    )
    def test_posts_and_latest_take_the_same_filters(self, archive, arguments, expected):
        assert len(archive.posts(**arguments)) == len(archive.latest(**arguments)) == expected

    def test_columns_are_those_of_the_platforms_asked_for(self, archive):
        assert_frame_equal(archive.posts("youtube"), ayr.from_posts([], platform="youtube"))
        both = [column.name for column in union_columns([PLATFORMS["tiktok"], PLATFORMS["youtube"]])]
        assert archive.posts(["youtube", "tiktok"]).columns.tolist() == both

    def test_an_unknown_platform_is_named(self, archive):
        with pytest.raises(ValueError, match="Unknown platform 'myspace'"):
            archive.posts("myspace")


class TestEmpty:
    def test_an_empty_archive_has_the_columns_that_all_networks_share(self, archive):
        for frame in (archive.posts(), archive.latest()):
            assert frame.columns.tolist() == [
                "platform",
                "profile",
                "id",
                "created",
                "post",
                "post_url",
                "as_of",
                "extra",
            ]
            assert frame.dtypes.equals(ayr.from_posts([], platform="youtube")[frame.columns.tolist()].dtypes)
            assert isinstance(frame.index, pd.RangeIndex)

    def test_a_history_without_posts_has_the_columns_of_its_network(self, store, archive):
        keep(store, [b'{"history": {"status": "error", "code": 221}}'], status=400)
        assert_frame_equal(archive.posts(), ayr.from_posts([], platform="bluesky"))

    def test_nothing_is_touched_before_a_page_is_kept(self, folder, store, archive):
        archive.posts()
        archive.latest("tiktok")
        assert last_pages(store, make_request("tiktok"), NOON) is None
        assert not folder.exists()

    def test_it_says_where_it_is(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        archive = Archive("kept")
        assert repr(archive) == f"Archive({str(tmp_path / 'kept')!r})"
        assert archive.path == Archive("~/kept").path == Archive(tmp_path / "kept").path


class TestReplay:
    def test_a_complete_load_comes_back_page_by_page(self, store):
        bodies = [envelope(post("a")), envelope(post("b")), envelope()]
        keep(store, bodies)
        pages = last_pages(store, make_request("bluesky", identity=ME), NOON)
        assert [page.body for page in pages] == bodies
        assert [page.header.cursor for page in pages] == [None, "c", "c"]
        assert {page.header.received_at for page in pages} == {NOON}

    def test_the_last_complete_load_counts_and_not_one_that_was_cut(self, store):
        for hour, whole in enumerate([True, True, False]):
            keep(store, [envelope(post(f"{hour}")), envelope()], at=NOON + hour * HOUR, whole=whole)
        assert b'"1"' in last_pages(store, make_request("bluesky", identity=ME), NOON + 9 * HOUR)[0].body

    @pytest.mark.parametrize("missing", [0, 1, 2])
    def test_a_load_that_misses_a_page_is_not_complete(self, store, folder, archive, missing):
        keep(store, [envelope(post(name)) for name in "abc"])
        files(folder)[missing].unlink()
        assert last_pages(store, make_request("bluesky", identity=ME), NOON) is None
        assert ids(archive.posts()) == [name for number, name in enumerate("abc") if number != missing]

    def test_a_page_of_which_there_are_two_makes_no_complete_load(self, store):
        load = new_load_id(NOON)
        keep(store, [envelope(post("a"))], load=load)
        keep(store, [envelope(post("b"))], load=load)
        assert last_pages(store, make_request("bluesky", identity=ME), NOON) is None

    def test_a_load_whose_end_is_in_the_middle_is_not_complete(self, store):
        recorder = PageRecorder(store, make_request("bluesky", identity=ME), load=new_load_id(NOON))
        for ends in (True, True):
            recorder.record(envelope(), parse_envelopes(envelope(), "")[0], received_at=NOON, is_last=ends)
        assert last_pages(store, make_request("bluesky", identity=ME), NOON) is None

    def test_a_damaged_page_gives_the_load_before(self, store, folder):
        keep(store, [envelope(post("old"))], at=NOON)
        keep(store, [envelope(post("new"))], at=NOON + HOUR)
        damaged = files(folder)[1]
        damaged.write_bytes(damaged.read_bytes()[:-1])
        with pytest.warns(DataWarning, match=damaged.name):
            pages = last_pages(store, make_request("bluesky", identity=ME), NOON + HOUR)
        assert b"old" in pages[0].body

    @pytest.mark.parametrize(
        "other",
        [
            {"platform": "tiktok"},
            {"profile": "label"},
            {"identity": identity("other")},
            {"parameters": {"limit": 11, "since": date(2026, 1, 1)}},
            {"parameters": {"limit": 10}},
            {"parameters": {"limit": 10, "since": date(2026, 1, 1), "cursor": "c"}},
            {"parameters": {"limit": True, "since": date(2026, 1, 1)}},
            {"parameters": {"limit": "10", "since": date(2026, 1, 1)}},
        ],
    )
    def test_another_request_is_not_answered(self, store, other):
        same = {"platform": "bluesky", "identity": ME, "parameters": {"limit": 10, "since": date(2026, 1, 1)}}
        keep(store, [envelope(post("a"))], asked=make_request(**same))
        assert last_pages(store, make_request(**same), NOON)
        assert last_pages(store, make_request(**same | other), NOON) is None

    def test_a_parameter_that_is_not_given_and_their_order_make_no_other_request(self):
        one = make_request("bluesky", parameters={"since": "2026-01-01", "limit": 5, "until": None})
        two = make_request("bluesky", parameters={"limit": 5, "since": date(2026, 1, 1)})
        assert one.request_hash == two.request_hash
        assert one == two

    def test_one_moment_is_one_parameter_whatever_its_zone(self):
        there = NOON.astimezone(timezone(5 * HOUR))
        assert make_request("x", parameters={"since": NOON}) == make_request("x", parameters={"since": there})
        assert make_request("x", parameters={"since": NOON}) != make_request(
            "x", parameters={"since": NOON.replace(tzinfo=None)}
        )

    @pytest.mark.parametrize("value", [1.5, ["a"], 2**60])
    def test_what_json_may_write_in_two_ways_is_no_parameter(self, value):
        with pytest.raises(TypeError, match="must be a str, int"):
            make_request("bluesky", parameters={"limit": value})


class TestWithoutKey:
    def test_the_load_is_found_by_platform_label_and_parameters(self, store):
        keep(
            store,
            [envelope(post("a"))],
            asked=make_request("bluesky", profile="brand", identity=ME, parameters={"limit": 5}),
        )
        assert last_pages(store, make_request("bluesky", profile="brand", parameters={"limit": 5}), NOON)
        assert last_pages(store, make_request("bluesky", parameters={"limit": 5}), NOON) is None

    def test_nobody_guesses_whose_posts_are_meant(self, store):
        for key in ("one", "two"):
            keep(store, [envelope(post(key))], asked=make_request("bluesky", profile="brand", identity=identity(key)))
        for read in (last_pages, fresh_pages):
            with pytest.raises(AyrframeError, match="for 2 different keys under the same profile label 'brand'"):
                read(store, make_request("bluesky", profile="brand"), NOON)
        assert (
            b"one"
            in last_pages(store, make_request("bluesky", profile="brand", identity=identity("one")), NOON)[0].body
        )


class TestFresh:
    UNTIL = {"nextUpdate": "2026-11-01T12:30:00Z"}

    def at(self, store, minutes):
        return fresh_pages(store, make_request("bluesky", identity=ME), NOON + timedelta(minutes=minutes))

    def test_until_the_reply_says_that_there_can_be_news(self, store):
        keep(store, [envelope(post("a"), **self.UNTIL)])
        assert [page.body for page in self.at(store, 0)] == [envelope(post("a"), **self.UNTIL)]
        assert self.at(store, 29)
        assert self.at(store, 30) is None

    def test_the_page_that_is_stale_first_decides(self, store):
        keep(store, [envelope(nextUpdate="2026-11-01T13:00:00Z"), envelope(**self.UNTIL)])
        assert self.at(store, 29)
        assert self.at(store, 31) is None

    @pytest.mark.parametrize("fields", [{}, {"nextUpdate": None}, {"nextUpdate": "soon"}, {"nextUpdate": 1793536200}])
    def test_not_without_a_next_update(self, store, fields):
        keep(store, [envelope(**fields)])
        assert self.at(store, 0) is None

    def test_not_when_something_was_wrong_with_the_reply(self, store):
        keep(store, [envelope(**self.UNTIL | {"status": "partial"})])
        assert self.at(store, 1) is None
        keep(store, [envelope(**self.UNTIL)], at=NOON + timedelta(minutes=2), status=400)
        assert self.at(store, 3) is None

    def test_not_when_the_load_was_cut(self, store):
        keep(store, [envelope(**self.UNTIL)], whole=False)
        assert self.at(store, 1) is None

    def test_an_older_load_is_no_answer_when_the_last_is_stale(self, store):
        keep(store, [envelope(nextUpdate="2026-11-02T00:00:00Z")], at=NOON)
        keep(store, [envelope(**self.UNTIL)], at=NOON + timedelta(minutes=10))
        assert self.at(store, 40) is None


class TestOnDisk:
    def test_the_folder_is_for_its_owner_only(self, store, folder):
        for label in "abc":
            keep(store, [envelope(post("a"))], asked=make_request("bluesky", profile=label, identity=ME))
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o700}
        assert {path.stat().st_mode & 0o777 for path in files(folder)} == {0o600}

    def test_a_file_name_holds_hashes_and_an_order(self, store, folder):
        keep(store, [envelope(post("a"))], asked=make_request("bluesky", profile="../label", identity=ME))
        (path,) = files(folder)
        assert PageName.parse(path.name) is not None
        assert path.parent.parent == folder

    def test_a_person_can_read_it(self, store, folder):
        keep(
            store,
            [envelope(post("a"))],
            asked=make_request("bluesky", profile="Bäckerei", identity=ME, parameters={"limit": 5}),
        )
        first, second, body = files(folder)[0].read_bytes().split(b"\n", 2)
        assert first.startswith(b"ayrframe page 1 ")
        head = json.loads(second)
        assert head["request"] == {
            "platform": "bluesky",
            "profile": "Bäckerei",
            "identity": make_request("bluesky", identity=ME).identity,
            "parameters": {"limit": 5},
        }
        assert head["received_at"] == "2026-11-01T12:00:00Z"
        assert gzip.decompress(body) == envelope(post("a"))

    def test_the_same_page_is_the_same_file(self, store, folder):
        load = new_load_id(NOON)
        for _ in range(2):
            keep(store, [envelope(post("a"))], load=load)
        assert len(files(folder)) == 1

    def test_only_the_files_that_answer_are_opened(self, store, monkeypatch):
        for label in range(50):
            keep(store, [envelope(post("a"))], asked=make_request("bluesky", profile=f"{label}", identity=ME))
        opened = []
        monkeypatch.setattr(_store, "_open_for_reading", lambda path, flags: opened.append(path) or os.open(path, flags))
        assert last_pages(store, make_request("bluesky", profile="7", identity=ME), NOON)
        assert len(set(opened)) == 1

    def test_headers_are_read_without_the_bodies(self, store, monkeypatch):
        keep(store, [envelope(post("a" * 10, text=os.urandom(50_000).hex()))])
        monkeypatch.setattr(_store, "unpack_page", None)
        monkeypatch.setattr(_entry, "gzip", None)
        assert [head.number for _, head in store.headers(store.names())] == [1]

    def test_a_long_header_is_read_to_its_end(self, store):
        asked = make_request("bluesky", identity=ME, parameters={"cursor": "c" * 10_000})
        keep(store, [envelope(post("a"))], asked=asked)
        assert last_pages(store, asked, NOON)

    def test_half_written_files_of_dead_processes_are_removed_when_they_are_old(self, store, folder):
        keep(store, [envelope(post("a"))])
        (inside,) = folder.iterdir()
        for name, age in (("old.tmp", 7200), ("young.tmp", 60), ("notes.txt", 7200)):
            (inside / name).write_bytes(b"half")
            os.utime(inside / name, (time.time() - age,) * 2)
        keep(PageStore(folder), [envelope(post("b"))])
        assert {path.name for path in files(folder) if path.suffix != ".page"} == {"young.tmp", "notes.txt"}

    def test_a_folder_that_is_removed_meanwhile_is_made_again(self, store, folder, archive):
        keep(store, [envelope(post("a"))])
        for path in files(folder):
            path.unlink()
            path.parent.rmdir()
        folder.rmdir()
        keep(store, [envelope(post("b"))])
        assert ids(archive.posts()) == ["b"]

    def test_a_file_that_goes_away_while_the_archive_is_read_is_just_not_there(self, store, folder):
        keep(store, [envelope(post("a"))])
        names = store.names()
        files(folder)[0].unlink()
        assert list(store.headers(names)) == list(store.pages(names)) == []

    @pytest.mark.parametrize("limit", ["MAX_PAGE_BYTES", "MAX_HEADER_BYTES"])
    def test_a_page_too_large_to_be_read_again_is_not_written(self, store, folder, monkeypatch, limit):
        monkeypatch.setattr(_entry, limit, 50)
        reply = parse_envelopes(envelope(), "")[0]
        recorder = PageRecorder(store, make_request("bluesky", identity=ME), load=new_load_id(NOON))
        with pytest.warns(DataWarning, match="exceed"):
            assert not recorder.record(envelope(post("a")), reply, received_at=NOON, is_last=True)
        assert files(folder.parent) == []

    def test_a_load_that_nobody_named_is_not_written(self, store):
        recorder = PageRecorder(store, make_request("bluesky", identity=ME), load="my load")
        with pytest.warns(DataWarning, match="new_load_id"):
            assert not recorder.record(envelope(), parse_envelopes(envelope(), "")[0], received_at=NOON, is_last=True)

    def test_loads_sort_by_time_also_with_a_clock_that_begins_too_early(self):
        moments = [datetime(1960, 1, 1, tzinfo=UTC), datetime(1971, 1, 1, tzinfo=UTC), NOON, NOON + HOUR]
        loads = [new_load_id(moment) for moment in moments]
        assert loads == sorted(loads)
        assert {len(load) for load in loads} == {32}


class TestIdentity:
    def test_it_is_not_kept_as_it_is_but_stays_the_same(self, store, folder):
        asked = make_request("bluesky", identity="who I am")
        keep(store, [envelope(post("a"))], asked=asked)
        assert asked == make_request("bluesky", identity="who I am")
        assert "who I am" not in repr(asked)
        assert not any(b"who I am" in path.read_bytes() for path in files(folder))

    def test_nobody_is_somebody_else_than_a_client_without_keys(self):
        assert make_request("bluesky").identity is None
        assert make_request("bluesky", identity="").identity is not None


def test_newest_leaves_a_frame_without_repeats_alone():
    posts = ayr.load_sample("bluesky")
    assert latest_observations(posts) is posts


def test_two_loads_are_never_named_alike():
    assert len({new_load_id(NOON) for _ in range(1000)}) == 1000


def test_reading_warns_of_nothing_when_all_is_well(store, archive):
    keep(store, [envelope(post("a"))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ids(archive.posts()) == ["a"]
        assert _replay.last_pages(store, make_request("bluesky", identity=ME), NOON)


def test_the_pages_are_listed_with_checksums_that_anybody_can_compute_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    bodies = [envelope(post("a")), envelope(post("b"), post("c"))]
    keep(archive.store, bodies)
    pages = archive.pages()
    assert pages[["platform", "profile", "page", "status"]].values.tolist() == [
        ["bluesky", "", 1, 200],
        ["bluesky", "", 2, 200],
    ]
    assert pages["received"].tolist() == [pd.Timestamp(NOON)] * 2
    assert pages["bytes"].tolist() == [len(body) for body in bodies]
    for page in pages.itertuples():
        stored = (tmp_path / page.file).read_bytes().split(b"\n", 2)[2]
        assert hashlib.sha256(stored).hexdigest() == page.sha256
        assert gzip.decompress(stored) == bodies[page.page - 1]


def test_no_pages_have_the_columns_of_many(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert len(archive.pages()) == 0
    before = archive.pages().dtypes
    keep(archive.store, [envelope(post("a"))])
    assert archive.pages().dtypes.equals(before)


def test_the_newest_copies_are_found_where_labels_repeat() -> None:
    old, new = (
        ayr.from_posts([post("a", likes), post("b", likes)], platform="bluesky", as_of=f"2026-10-0{likes}")
        for likes in (2, 3)
    )
    both = latest_observations(pd.concat([new, old]))
    assert both["id"].tolist() == ["a", "b"]
    assert both["like_count"].tolist() == [3, 3]


def test_failures_are_found_where_labels_repeat() -> None:
    good = ayr.from_posts([post("a")], platform="bluesky")
    bad = ayr.from_posts([{"id": "b", "code": 187, "status": "error"}], platform="bluesky")
    assert is_error_record(pd.concat([good, bad, bad])).tolist() == [False, True, True]
