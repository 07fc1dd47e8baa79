"""The archive: pages that loads record, and the frames and pages read from it."""

import gzip
import hashlib
import json
import os
import shutil
import time
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
from ayrframe._api.secrets import fingerprint as identity
from ayrframe._archive import page_file, page_store
from ayrframe._archive.archive import Archive
from ayrframe._archive.cache import PageRecorder, fresh_pages, last_pages
from ayrframe._archive.labels import read_first_identity, record_first_identity
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


def record_pages(
    store, bodies, *, request=None, received_at=NOON, is_complete=True, target_index=0, load=None, status=200
):
    """Record pages as one load does."""
    recorder = PageRecorder(
        store,
        request or make_request("bluesky", identity=ME),
        load=load or new_load_id(received_at),
        target_index=target_index,
    )
    for number, body in enumerate(bodies, start=1):
        (page_envelope,) = parse_envelopes(body, "a page")
        is_last = is_complete and number == len(bodies)
        assert recorder.record(
            body,
            page_envelope,
            received_at=received_at,
            is_last=is_last,
            cursor=None if number == 1 else "c",
            status=status,
        )


def files(folder):
    """Return the files in an archive except the record of the first key without a label."""
    return sorted(path for path in Path(folder).rglob("*") if path.is_file() and path.name != "first-unlabelled")


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
    def test_archived_sample_equals_read_json(self, platform, store, archive):
        body = sample_path(PLATFORMS[platform]).read_bytes()
        record_pages(store, [body], request=make_request(platform, profile="bakery", identity=ME))
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
    def test_page_decoded_from_bytes_equals_page_decoded_by_post(self, body, store, archive, monkeypatch):
        record_pages(store, [body])
        from_bytes = archive.posts()
        monkeypatch.setattr(_decode_posts, "peek_envelope", lambda *_: None)
        assert_frame_equal(from_bytes, archive.posts())

    def test_platforms_of_one_load_keep_the_order_of_the_request(self, store, archive):
        load = new_load_id(NOON)
        names = ["youtube", "bluesky", "tiktok"]
        for target_index in (2, 0, 1):
            request = make_request(names[target_index], identity=ME)
            record_pages(
                store, [envelope(post("a")), envelope(post("b"))], request=request, target_index=target_index, load=load
            )
        posts = archive.posts()
        assert posts["platform"].tolist() == ["youtube", "youtube", "bluesky", "bluesky", "tiktok", "tiktok"]
        assert ids(posts) == ["a", "b"] * 3
        expected = union_columns(PLATFORMS[name] for name in ("bluesky", "tiktok", "youtube"))
        assert posts.columns.tolist() == [column.name for column in expected]

    def test_two_loads_give_two_observations_sorted_by_time(self, store, archive):
        record_pages(store, [envelope(post("a", 9), post("c", 1))], received_at=NOON + HOUR)
        record_pages(store, [envelope(post("a", 5), post("b", 2))], received_at=NOON)
        posts = archive.posts()
        assert ids(posts) == ["a", "b", "a", "c"]
        assert posts["like_count"].tolist() == [5, 2, 9, 1]
        assert posts["as_of"].tolist() == [NOON, NOON, NOON + HOUR, NOON + HOUR]

    def test_latest_returns_one_observation_per_post(self, store, archive):
        record_pages(store, [envelope(post("a", 9), post("c", 1))], received_at=NOON + HOUR)
        record_pages(store, [envelope(post("a", 5), post("b", 2))], received_at=NOON)
        latest = archive.latest()
        assert dict(zip(latest["id"], latest["like_count"], strict=True)) == {"b": 2, "a": 9, "c": 1}
        assert latest.index.equals(pd.RangeIndex(3))

    def test_latest_uses_the_observation_time_not_the_load_time(self, store, archive):
        record_pages(store, [envelope(post("a", 9), lastUpdated="2026-10-31T11:00:00Z")], received_at=NOON)
        record_pages(store, [envelope(post("a", 5), lastUpdated="2026-10-31T10:00:00Z")], received_at=NOON + HOUR)
        assert archive.latest()["like_count"].tolist() == [9]

    def test_cached_response_read_twice_is_one_observation(self, store, archive):
        body = envelope(post("a"), post("b"), lastUpdated="2026-11-01T11:00:00.5Z")
        record_pages(store, [body], received_at=NOON)
        record_pages(store, [body], received_at=NOON + HOUR)
        posts = archive.posts()
        assert ids(posts) == ["a", "b"]
        assert posts["as_of"].unique().tolist() == [pd.Timestamp("2026-11-01T11:00:00.5Z")]

    @pytest.mark.parametrize("order", [(1, 2), (2, 1)])
    def test_copies_with_one_key_are_deduplicated_in_any_order(self, store, archive, order):
        fields = {"lastUpdated": "2026-11-01T11:00:00Z"}
        record_pages(store, [envelope(post("a", likes), **fields) for likes in order])
        assert archive.posts()["like_count"].tolist() == [2]

    def test_error_record_is_latest_only_without_a_post(self, store, archive):
        failure = {"action": "analytics", "code": 187, "status": "error", "message": "no"}
        record_pages(store, [envelope(post("a", 5))], received_at=NOON)
        record_pages(store, [envelope({"id": "a", **failure}, {"id": "b", **failure})], received_at=NOON + HOUR)
        assert archive.posts()["like_count"].notna().tolist() == [True, False, False]
        latest = archive.latest()
        assert latest["like_count"].tolist() == [5, pd.NA]
        assert is_error_record(latest).tolist() == [False, True]

    def test_post_with_a_field_named_code_is_not_an_error_record(self):
        posts = ayr.from_posts(
            [post("a", code=1), {"id": "b", "x": 1}, {"id": "c"}, 5], platform="bluesky", validate=None
        )
        assert not is_error_record(posts).any()

    def test_rows_without_an_id_are_all_returned(self, store, archive):
        record_pages(store, [envelope({"post": "x"}, {"post": "x"}, post("a"), post("a"))])
        with pytest.warns(DataWarning, match=r"in 3 posts\. id: 2 values are missing or empty"):
            posts = archive.posts()
        assert posts["id"].tolist()[2] == "a"
        assert len(archive.latest(validate=None)) == 3

    def test_interrupted_load_gives_observations(self, store, archive):
        record_pages(store, [envelope(post("a")), envelope(post("b"))], is_complete=False)
        assert ids(archive.posts()) == ["a", "b"]

    def test_as_of_is_from_the_post_the_envelope_or_the_response_time(self, store, archive):
        with_time = post("post", lastUpdated="2026-10-30T00:00:00Z")
        request = make_request("facebook", identity=ME)
        record_pages(
            store, [envelope(with_time, post("envelope"), lastUpdated="2026-10-31T00:00:00Z")], request=request
        )
        record_pages(store, [envelope(post("response"))], request=request, received_at=NOON.astimezone(timezone(HOUR)))
        as_of = archive.posts().set_index("id")["as_of"]
        assert as_of["post"] == pd.Timestamp("2026-10-30", tz="UTC")
        assert as_of["envelope"] == pd.Timestamp("2026-10-31", tz="UTC")
        assert as_of["response"] == NOON

    def test_invalid_values_warn_or_raise(self, store, archive):
        record_pages(store, [envelope(post("a", -1))])
        with pytest.warns(DataWarning, match="like_count: 1 value is negative"):
            archive.posts()
        with pytest.raises(SchemaError):
            archive.latest(validate="raise")
        assert len(archive.posts(validate=None)) == 1

    def test_warnings_of_the_load_are_not_repeated(self, store, archive):
        record_pages(store, [b'{"status": "partial", "posts": [{"id": "a"}], "message": "half"}'])
        assert ids(archive.posts()) == ["a"]


class TestFilters:
    @pytest.fixture
    def archive(self, store, archive):
        for platform in ("twitter", "tiktok", "bluesky"):
            for label in ("", "a", "b"):
                request = make_request(platform, profile=label, identity=identity("key", label))
                record_pages(store, [envelope(post(f"{platform}{label}"))], request=request)
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
            ({"platform": "bluesky", "profile": "a"}, 1),
        ],
    )
    def test_posts_and_latest_apply_filters(self, archive, arguments, expected):
        assert len(archive.posts(**arguments)) == len(archive.latest(**arguments)) == expected

    def test_columns_are_those_of_the_requested_platforms(self, archive):
        assert_frame_equal(archive.posts("youtube"), ayr.from_posts([], platform="youtube"))
        both = [column.name for column in union_columns([PLATFORMS["tiktok"], PLATFORMS["youtube"]])]
        assert archive.posts(["youtube", "tiktok"]).columns.tolist() == both

    def test_unknown_platform_raises(self, archive):
        with pytest.raises(ValueError, match="Unknown platform 'myspace'"):
            archive.posts("myspace")


class TestEmpty:
    def test_empty_archive_has_the_shared_columns(self, archive, folder):
        folder.mkdir()
        for frame in (archive.posts(), archive.latest()):
            assert frame.columns.tolist() == ayr.COMMON
            assert frame.dtypes.equals(ayr.from_posts([], platform="youtube")[frame.columns.tolist()].dtypes)
            assert isinstance(frame.index, pd.RangeIndex)

    def test_history_without_posts_has_the_columns_of_its_platform(self, store, archive):
        record_pages(store, [b'{"history": {"status": "error", "code": 221}}'], status=400)
        assert_frame_equal(archive.posts(), ayr.from_posts([], platform="bluesky"))

    def test_reading_does_not_create_the_folder(self, folder, store, archive):
        with pytest.raises(FileNotFoundError):
            archive.posts()
        assert last_pages(store, make_request("tiktok"), NOON) is None
        assert not folder.exists()

    def test_path_and_repr_are_absolute(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        archive = Archive("pages")
        assert repr(archive) == f"Archive({str(tmp_path / 'pages')!r})"
        assert archive.path == Archive("~/pages").path == Archive(tmp_path / "pages").path


class TestLastPages:
    def test_complete_load_returns_all_pages(self, store):
        bodies = [envelope(post("a")), envelope(post("b")), envelope()]
        record_pages(store, bodies)
        pages = last_pages(store, make_request("bluesky", identity=ME), NOON)
        assert [page.body for page in pages] == bodies
        assert [page.header.cursor for page in pages] == [None, "c", "c"]
        assert {page.header.received_at for page in pages} == {NOON}

    def test_last_complete_load_is_returned_after_an_interrupted_one(self, store):
        for hour, is_complete in enumerate([True, True, False]):
            record_pages(
                store, [envelope(post(f"{hour}")), envelope()], received_at=NOON + hour * HOUR, is_complete=is_complete
            )
        assert b'"1"' in last_pages(store, make_request("bluesky", identity=ME), NOON + 9 * HOUR)[0].body

    @pytest.mark.parametrize("missing", [0, 1, 2])
    def test_load_with_a_missing_page_is_not_complete(self, store, folder, archive, missing):
        record_pages(store, [envelope(post(name)) for name in "abc"])
        files(folder)[missing].unlink()
        assert last_pages(store, make_request("bluesky", identity=ME), NOON) is None
        assert ids(archive.posts()) == [name for number, name in enumerate("abc") if number != missing]

    def test_load_with_a_page_twice_is_not_complete(self, store):
        load = new_load_id(NOON)
        record_pages(store, [envelope(post("a"))], load=load)
        record_pages(store, [envelope(post("b"))], load=load)
        assert last_pages(store, make_request("bluesky", identity=ME), NOON) is None

    def test_load_with_two_last_pages_is_not_complete(self, store):
        recorder = PageRecorder(store, make_request("bluesky", identity=ME), load=new_load_id(NOON))
        for is_last in (True, True):
            recorder.record(envelope(), parse_envelopes(envelope(), "")[0], received_at=NOON, is_last=is_last)
        assert last_pages(store, make_request("bluesky", identity=ME), NOON) is None

    def test_corrupt_page_returns_the_previous_load(self, store, folder):
        record_pages(store, [envelope(post("old"))], received_at=NOON)
        record_pages(store, [envelope(post("new"))], received_at=NOON + HOUR)
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
    def test_other_request_has_no_pages(self, store, other):
        same = {"platform": "bluesky", "identity": ME, "parameters": {"limit": 10, "since": date(2026, 1, 1)}}
        record_pages(store, [envelope(post("a"))], request=make_request(**same))
        assert last_pages(store, make_request(**same), NOON)
        assert last_pages(store, make_request(**same | other), NOON) is None

    def test_request_ignores_missing_parameters_and_their_order(self):
        one = make_request("bluesky", parameters={"since": "2026-01-01", "limit": 5, "until": None})
        two = make_request("bluesky", parameters={"limit": 5, "since": date(2026, 1, 1)})
        assert one.request_hash == two.request_hash
        assert one == two

    def test_times_in_different_zones_are_one_parameter(self):
        other_zone = NOON.astimezone(timezone(5 * HOUR))
        assert make_request("x", parameters={"since": NOON}) == make_request("x", parameters={"since": other_zone})
        assert make_request("x", parameters={"since": NOON}) != make_request(
            "x", parameters={"since": NOON.replace(tzinfo=None)}
        )

    @pytest.mark.parametrize("value", [1.5, ["a"], 2**60])
    def test_ambiguous_parameter_raises(self, value):
        with pytest.raises(TypeError, match="must be a str, int"):
            make_request("bluesky", parameters={"limit": value})


class TestWithoutKey:
    def test_load_is_found_by_platform_label_and_parameters(self, store):
        record_pages(
            store,
            [envelope(post("a"))],
            request=make_request("bluesky", profile="brand", identity=ME, parameters={"limit": 5}),
        )
        assert last_pages(store, make_request("bluesky", profile="brand", parameters={"limit": 5}), NOON)
        assert last_pages(store, make_request("bluesky", parameters={"limit": 5}), NOON) is None

    def test_two_identities_under_one_label_raise(self, store):
        for key in ("one", "two"):
            record_pages(
                store, [envelope(post(key))], request=make_request("bluesky", profile="brand", identity=identity(key))
            )
        for read in (last_pages, fresh_pages):
            with pytest.raises(AyrframeError, match="for 2 different keys under the same profile label 'brand'"):
                read(store, make_request("bluesky", profile="brand"), NOON)
        assert (
            b"one"
            in last_pages(store, make_request("bluesky", profile="brand", identity=identity("one")), NOON)[0].body
        )


class TestFreshPages:
    UNTIL = {"nextUpdate": "2026-11-01T12:30:00Z"}

    def fresh_after(self, store, minutes):
        return fresh_pages(store, make_request("bluesky", identity=ME), NOON + timedelta(minutes=minutes))

    def test_pages_are_fresh_until_next_update(self, store):
        record_pages(store, [envelope(post("a"), **self.UNTIL)])
        assert [page.body for page in self.fresh_after(store, 0)] == [envelope(post("a"), **self.UNTIL)]
        assert self.fresh_after(store, 29)
        assert self.fresh_after(store, 30) is None

    def test_all_pages_must_be_fresh(self, store):
        record_pages(store, [envelope(nextUpdate="2026-11-01T13:00:00Z"), envelope(**self.UNTIL)])
        assert self.fresh_after(store, 29)
        assert self.fresh_after(store, 31) is None

    @pytest.mark.parametrize("fields", [{}, {"nextUpdate": None}, {"nextUpdate": "soon"}, {"nextUpdate": 1793536200}])
    def test_page_without_next_update_is_not_fresh(self, store, fields):
        record_pages(store, [envelope(**fields)])
        assert self.fresh_after(store, 0) is None

    def test_response_with_a_problem_is_not_fresh(self, store):
        record_pages(store, [envelope(**self.UNTIL | {"status": "partial"})])
        assert self.fresh_after(store, 1) is None
        record_pages(store, [envelope(**self.UNTIL)], received_at=NOON + timedelta(minutes=2), status=400)
        assert self.fresh_after(store, 3) is None

    def test_interrupted_load_is_not_fresh(self, store):
        record_pages(store, [envelope(**self.UNTIL)], is_complete=False)
        assert self.fresh_after(store, 1) is None

    def test_older_load_is_not_used_when_the_last_is_stale(self, store):
        record_pages(store, [envelope(nextUpdate="2026-11-02T00:00:00Z")], received_at=NOON)
        record_pages(store, [envelope(**self.UNTIL)], received_at=NOON + timedelta(minutes=10))
        assert self.fresh_after(store, 40) is None


class TestOnDisk:
    def test_folders_and_files_are_private(self, store, folder):
        for label in "abc":
            record_pages(store, [envelope(post("a"))], request=make_request("bluesky", profile=label, identity=ME))
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o700}
        assert {path.stat().st_mode & 0o777 for path in files(folder)} == {0o600}

    def test_file_name_can_be_parsed(self, store, folder):
        record_pages(store, [envelope(post("a"))], request=make_request("bluesky", profile="../label", identity=ME))
        (path,) = files(folder)
        assert PageName.parse(path.name) is not None
        assert path.parent.parent == folder

    def test_file_has_a_readable_header_and_the_body(self, store, folder):
        record_pages(
            store,
            [envelope(post("a"))],
            request=make_request("bluesky", profile="Bäckerei", identity=ME, parameters={"limit": 5}),
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

    def test_same_page_is_one_file(self, store, folder):
        load = new_load_id(NOON)
        for _ in range(2):
            record_pages(store, [envelope(post("a"))], load=load)
        assert len(files(folder)) == 1

    def test_last_pages_opens_only_files_of_the_request(self, store, monkeypatch):
        for label in range(50):
            record_pages(store, [envelope(post("a"))], request=make_request("bluesky", profile=f"{label}", identity=ME))
        opened = []
        monkeypatch.setattr(
            page_store, "_open_for_reading", lambda path, flags: opened.append(path) or os.open(path, flags)
        )
        assert last_pages(store, make_request("bluesky", profile="7", identity=ME), NOON)
        assert len(set(opened)) == 1

    def test_headers_are_read_without_bodies(self, store, monkeypatch):
        record_pages(store, [envelope(post("a" * 10, text=os.urandom(50_000).hex()))])
        monkeypatch.setattr(page_store, "unpack_page", None)
        monkeypatch.setattr(page_file, "gzip", None)
        assert [head.number for _, head in store.headers(store.names())] == [1]

    def test_long_header_is_read_completely(self, store):
        request = make_request("bluesky", identity=ME, parameters={"cursor": "c" * 10_000})
        record_pages(store, [envelope(post("a"))], request=request)
        assert last_pages(store, request, NOON)

    def test_old_temporary_files_are_removed(self, store, folder):
        record_pages(store, [envelope(post("a"))])
        (subfolder,) = filter(Path.is_dir, folder.iterdir())
        for name, age in (("old.tmp", 7200), ("new.tmp", 60), ("notes.txt", 7200)):
            (subfolder / name).write_bytes(b"incomplete")
            os.utime(subfolder / name, (time.time() - age,) * 2)
        record_pages(PageStore(folder), [envelope(post("b"))])
        assert {path.name for path in files(folder) if path.suffix != ".page"} == {"new.tmp", "notes.txt"}

    def test_removed_folder_is_created_again(self, store, folder, archive):
        record_pages(store, [envelope(post("a"))])
        for path in files(folder):
            shutil.rmtree(path.parents[1])
        record_pages(store, [envelope(post("b"))])
        assert ids(archive.posts()) == ["b"]

    def test_file_deleted_while_reading_is_skipped(self, store, folder):
        record_pages(store, [envelope(post("a"))])
        names = store.names()
        files(folder)[0].unlink()
        assert list(store.headers(names)) == list(store.pages(names)) == []

    @pytest.mark.parametrize("limit", ["MAX_PAGE_BYTES", "MAX_HEADER_BYTES"])
    def test_too_large_page_is_not_written(self, store, folder, monkeypatch, limit):
        monkeypatch.setattr(page_file, limit, 50)
        page_envelope = parse_envelopes(envelope(), "")[0]
        recorder = PageRecorder(store, make_request("bluesky", identity=ME), load=new_load_id(NOON))
        with pytest.warns(DataWarning, match="exceed"):
            assert not recorder.record(envelope(post("a")), page_envelope, received_at=NOON, is_last=True)
        assert files(folder.parent) == []

    def test_invalid_load_id_is_not_written(self, store):
        recorder = PageRecorder(store, make_request("bluesky", identity=ME), load="my load")
        with pytest.warns(DataWarning, match="the load id must be that of a load"):
            assert not recorder.record(envelope(), parse_envelopes(envelope(), "")[0], received_at=NOON, is_last=True)

    def test_load_ids_sort_by_time_before_1970(self):
        moments = [datetime(1960, 1, 1, tzinfo=UTC), datetime(1971, 1, 1, tzinfo=UTC), NOON, NOON + HOUR]
        loads = [new_load_id(moment) for moment in moments]
        assert loads == sorted(loads)
        assert {len(load) for load in loads} == {32}


class TestIdentity:
    def test_identity_is_stored_as_a_stable_hash(self, store, folder):
        request = make_request("bluesky", identity="who I am")
        record_pages(store, [envelope(post("a"))], request=request)
        assert request == make_request("bluesky", identity="who I am")
        assert "who I am" not in repr(request)
        assert not any(b"who I am" in path.read_bytes() for path in files(folder))

    def test_unknown_identity_differs_from_an_empty_one(self):
        assert make_request("bluesky").identity is None
        assert make_request("bluesky", identity="").identity is not None


def test_latest_observations_returns_a_frame_without_duplicates_unchanged():
    posts = ayr.load_sample("bluesky")
    assert latest_observations(posts) is posts


def test_load_ids_are_unique():
    assert len({new_load_id(NOON) for _ in range(1000)}) == 1000


def test_reading_valid_pages_does_not_warn(store, archive):
    record_pages(store, [envelope(post("a"))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ids(archive.posts()) == ["a"]
        assert last_pages(store, make_request("bluesky", identity=ME), NOON)


def test_pages_lists_checksums_of_the_files(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    bodies = [envelope(post("a")), envelope(post("b"), post("c"))]
    record_pages(archive.store, bodies)
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


def test_pages_of_an_empty_archive_has_the_same_dtypes(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert len(archive.pages()) == 0
    before = archive.pages().dtypes
    record_pages(archive.store, [envelope(post("a"))])
    assert archive.pages().dtypes.equals(before)


def test_latest_observations_accepts_repeated_index_labels() -> None:
    old, new = (
        ayr.from_posts([post("a", likes), post("b", likes)], platform="bluesky", as_of=f"2026-10-0{likes}")
        for likes in (2, 3)
    )
    both = latest_observations(pd.concat([new, old]))
    assert both["id"].tolist() == ["a", "b"]
    assert both["like_count"].tolist() == [3, 3]


def test_is_error_record_accepts_repeated_index_labels() -> None:
    good = ayr.from_posts([post("a")], platform="bluesky")
    bad = ayr.from_posts([{"id": "b", "code": 187, "status": "error"}], platform="bluesky")
    assert is_error_record(pd.concat([good, bad, bad])).tolist() == [False, True, True]


def test_first_identity_stays_when_another_process_records_one_as_well(tmp_path: Path) -> None:
    first, second = identity("the first key"), identity("a later key")
    record_first_identity(str(tmp_path), first)
    record_first_identity(str(tmp_path), second)
    assert read_first_identity(str(tmp_path)) == first
