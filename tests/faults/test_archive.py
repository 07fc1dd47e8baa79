"""Test rows C1 to C12 of the fault table: damaged archives, planted secrets and killed writers."""

import base64
import gzip
import hashlib
import json
import os
import pickle
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from urllib.parse import quote as url_quoted

import pytest
from hypothesis import given, settings, strategies as st
from pandas.testing import assert_frame_equal

from ayrframe._api.secrets import fingerprint as identity
from ayrframe._archive import page_store as _store
from ayrframe._archive.archive import Archive
from ayrframe._archive.cache import PageRecorder, fresh_pages, last_pages
from ayrframe._archive.page_file import PageName, make_request, new_load_id
from ayrframe._archive.page_store import PageStore
from ayrframe._decode.envelope import parse_envelopes
from ayrframe.errors import DataWarning, ResponseError

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ME = make_request("bluesky", profile="me", identity=identity("key"))


def page(*names, likes=1, **fields):
    posts = [{"id": name, "created": "2026-10-01T00:00:00Z", "post": "p", "likeCount": likes} for name in names]
    return json.dumps({"status": "success", "posts": posts, **fields}).encode()


def record_pages(store, *bodies, request=ME, at=NOON, status=200):
    recorder = PageRecorder(store, request, load=new_load_id(at))
    return [
        recorder.record(
            body, parse_envelopes(body, "a page")[0], received_at=at, is_last=body is bodies[-1], status=status
        )
        for body in bodies
    ]


def files(folder):
    """Return the files in an archive except the record of the first key without a label."""
    return sorted(path for path in Path(folder).rglob("*") if path.is_file() and path.name != "first-unlabelled")


def read(folder):
    """Return the ids of the posts in an archive, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        posts = Archive(folder).posts()
    assert {warning.category for warning in caught} <= {DataWarning}
    return posts["id"].tolist(), [str(warning.message) for warning in caught]


def flip(path, bit):
    with path.open("r+b") as file:
        file.seek(bit // 8)
        (byte,) = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def run(script, *arguments, **options):
    """Run a script in another process."""
    command = [sys.executable, "-W", "error", "-c", _COMMON + script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


_COMMON = """
import json, os, random, resource, signal, sys, threading, time, warnings
from datetime import UTC, datetime
from ayrframe._archive.archive import Archive
from ayrframe._archive.page_file import make_request, new_load_id
from ayrframe._archive.cache import PageRecorder, last_pages
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._api.secrets import fingerprint as identity
from ayrframe._archive.page_store import PageStore

def record_pages(store, name, size=1, pages=1, request=None, seen=None):
    now = datetime.now(UTC)
    request = request or make_request("bluesky", profile="me", identity=identity("key"))
    recorder = PageRecorder(store, request, load=new_load_id(now))
    kept = []
    for number in range(pages):
        filler = random.Random(name).randbytes(size).hex()
        body = json.dumps({"posts": [{"id": f"{name}-{number}", "post": filler}], "status": "success"}).encode()
        kept.append(recorder.record(body, parse_envelopes(body, "")[0], received_at=now, is_last=number == pages - 1))
        if seen:
            seen(f"{name}-{number}")
    return kept
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "archive"


@pytest.fixture
def store(folder):
    return PageStore(folder)


class TestDisk:
    def test_c1_full_disk_warns_once(self, store, folder, monkeypatch):
        record_pages(store, page("before"))
        monkeypatch.setattr(_store, "open_new_file", lambda path, _: os.open("/dev/full", os.O_WRONLY))
        with pytest.warns(DataWarning, match="No space left on device. The posts are not affected") as caught:
            assert record_pages(store, page("a"), page("b"), page("c")) == [False] * 3
        assert len(caught) == 1
        assert str(folder) in str(caught[0].message)
        monkeypatch.undo()
        assert record_pages(store, page("after"), at=NOON + HOUR) == [True]
        assert read(folder) == (["before", "after"], [])

    def test_c1_disk_full_again_warns_again(self, store, monkeypatch):
        for name in "ab":
            with monkeypatch.context() as patch:
                patch.setattr(_store, "open_new_file", lambda path, _: os.open("/dev/full", os.O_WRONLY))
                with pytest.warns(DataWarning, match="No space left"):
                    record_pages(store, page(name))
            assert record_pages(store, page(name)) == [True]

    def test_c1_interrupted_write_leaves_no_file(self, folder):
        script = """
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
store = PageStore(sys.argv[1])
assert record_pages(store, "small") == [True]
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert record_pages(store, "large", size=200_000) == [False]
    assert record_pages(store, "larger", size=300_000) == [False]
assert record_pages(store, "last") == [True]
print(len(caught), caught[0].message)
"""
        done = run(script, folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("1 Cannot store pages")
        assert "File too large" in done.stdout
        assert read(folder) == (["small-0", "last-0"], [])
        assert len(files(folder)) == 2

    def test_c1_full_file_system_warns(self, folder):
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
        try:
            mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            mounted = False
        if not mounted:
            pytest.skip("mounting a small file system is not permitted")
        try:
            store = PageStore(folder)
            large = page("large", text=random.Random(1).randbytes(100_000).hex())
            with pytest.warns(DataWarning, match="No space left on device"):
                assert record_pages(store, page("a"), large) == [True, False]
            assert read(folder) == (["a"], [])
            assert len(files(folder)) == 1
        finally:
            subprocess.run(["umount", str(folder)], check=True)

    @pytest.mark.parametrize("below", ["", "deeper/archive"])
    def test_c2_file_in_place_of_the_folder_warns(self, tmp_path, below):
        (tmp_path / "file").write_bytes(b"mine")
        path = tmp_path / "file" / below if below else tmp_path / "file"
        with pytest.warns(DataWarning, match="Not a directory") as caught:
            assert record_pages(PageStore(path), page("a"), page("b")) == [False, False]
        assert len(caught) == 1
        with pytest.raises(FileNotFoundError, match="No archive found"):
            read(path)
        assert (tmp_path / "file").read_bytes() == b"mine"

    def test_c2_file_in_place_of_a_subfolder_warns(self, store, folder):
        folder.mkdir()
        (folder / ME.request_hash[:2]).write_bytes(b"mine")
        with pytest.warns(DataWarning, match="Not a directory"):
            assert record_pages(store, page("a")) == [False]
        with pytest.warns(DataWarning, match="Not a directory"):
            assert last_pages(store, ME, NOON) is None

    @pytest.mark.parametrize("path", ["/proc/ayrframe/archive", "/dev/null", "x" * 5000])
    def test_c2_unwritable_path_warns(self, path):
        with pytest.warns(DataWarning, match="Cannot store pages") as caught:
            assert record_pages(PageStore(path), page("a")) == [False]
        assert len(caught) == 1

    def test_c2_unknown_home_folder_is_a_plain_path(self, tmp_path):
        script = 'os.chdir(sys.argv[1]); print(Archive("~unknown-user/archive").path)'
        environment = {key: value for key, value in os.environ.items() if key != "HOME"}
        done = run(script, tmp_path, env=environment)
        assert done.stdout.strip() == str(tmp_path / "~unknown-user" / "archive"), done.stderr


class TestIdentities:
    # API key, Profile-Key, X keys, address; some differ only in where one part ends.
    KEYS = (
        ("ab", None, None, None, "a"),
        ("abc", None, None, None, "a"),
        ("ab", "c", None, None, "a"),
        ("a", "bc", None, None, "a"),
        ("ab", None, "c", None, "a"),
        ("ab", None, None, "c", "a"),
        ("ab", "c", "d", None, "a"),
        ("ab", "cd", None, None, "a"),
        ("ab", "c", None, None, "http://127.0.0.1:1"),
        ("ab", "c", None, None, "http://127.0.0.1:2"),
    )

    def test_c3_pages_of_ten_identities_are_separate(self, store):
        asking = [make_request("bluesky", identity=identity(*keys)) for keys in self.KEYS]
        until = {"nextUpdate": "2026-11-01T13:00:00Z"}
        for first, second in permutations(range(len(asking)), 2):
            if second == (first + 1) % len(asking):
                assert fresh_pages(store, asking[first], NOON) is None
                record_pages(store, page(f"of {first}", **until), request=asking[first])
            for pages in (last_pages(store, asking[second], NOON), fresh_pages(store, asking[second], NOON)):
                assert pages is None or [stored.body for stored in pages] == [page(f"of {second}", **until)]
        for number, request in enumerate(asking):
            assert fresh_pages(store, request, NOON)[0].body == page(f"of {number}", **until)

    def test_c3_labels_separate_profiles_in_the_frame(self, store, folder):
        for label in ("a", "b"):
            record_pages(
                store,
                page("same", likes=ord(label)),
                request=make_request("bluesky", profile=label, identity=identity(label)),
            )
        posts = Archive(folder).latest()
        assert dict(zip(posts["profile"], posts["like_count"], strict=True)) == {"a": 97, "b": 98}

    def test_c4_files_and_warnings_contain_no_secret(self, store, folder, monkeypatch):
        secrets = [hashlib.sha256(f"secret {number}".encode()).hexdigest().upper()[:35] for number in range(4)]
        me = identity(*secrets, "https://a")
        request = make_request("twitter", profile="brand", identity=me, parameters={"limit": 5})
        unlinked = []
        monkeypatch.setattr(_store.os, "unlink", unlinked.append)
        with warnings.catch_warnings(record=True) as caught, monkeypatch.context() as patch:
            warnings.simplefilter("always")
            record_pages(store, page("a"), page("b"), request=request)
            patch.setattr(_store.os, "replace", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
            record_pages(store, page("c"), request=request)
            damaged = next(path for path in files(folder) if path.suffix == ".page")
            damaged.write_bytes(damaged.read_bytes()[:-3])
            Archive(folder).posts()
        assert len(caught) == 2
        assert len(unlinked) == 1, "the temporary file is checked as well"
        channels = [str(warning.message).encode() for warning in caught]
        channels += [repr(vars(store)).encode(), repr(Archive(folder)).encode()]
        for path in files(folder):
            content = path.read_bytes()
            parts = content.split(b"\n", 2)
            channels += [content, str(path).encode(), gzip.decompress(parts[2]) if path != damaged else b""]
        for secret in secrets:
            forms = [
                secret.encode(),
                base64.b64encode(secret.encode()),
                url_quoted(secret).encode(),
                secret[:8].encode(),
            ]
            forms += [
                secret.encode().hex().encode(),
                *(f(secret.encode()).hexdigest().encode() for f in (hashlib.sha256, hashlib.md5)),
            ]
            for form in forms:
                assert not any(form.lower() in channel.lower() for channel in channels)

    def test_c4_files_are_private_also_while_written(self, store, folder, monkeypatch):
        modes = []
        replace = os.replace

        def look_and_replace(half, path):
            modes.extend([os.stat(half).st_mode & 0o777, os.stat(os.path.dirname(half)).st_mode & 0o777])
            replace(half, path)

        monkeypatch.setattr(_store.os, "replace", look_and_replace)
        before = os.umask(0)
        try:
            record_pages(store, page("a"))
        finally:
            os.umask(before)
        assert modes == [0o600, 0o700]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert files(folder)[0].stat().st_mode & 0o777 == 0o600


class TestDamage:
    def test_c5_flipped_bits_never_change_a_frame(self, store, folder):
        record_pages(store, page("a", "b", lastUpdated="2026-11-01T11:00:00Z", nextUpdate="2026-11-01T13:00:00Z"))
        record_pages(
            store,
            page("c", likes=2),
            page("d", likes=3),
            request=make_request("bluesky", profile="other", identity="i"),
        )
        whole = Archive(folder).posts(validate=None)
        owners = {path: self.ids_in(path) for path in files(folder)}
        rng = random.Random(20261101)
        for _ in range(1000):
            path = rng.choice(list(owners))
            bit = rng.randrange(path.stat().st_size * 8)
            flip(path, bit)
            with pytest.warns(DataWarning, match=re.escape(path.name)):
                left = Archive(folder).posts(validate=None)
            if path.name.startswith(ME.request_hash):
                with pytest.warns(DataWarning, match=re.escape(path.name)):
                    assert last_pages(store, ME, NOON) is fresh_pages(store, ME, NOON) is None
            flip(path, bit)
            expected = whole[~whole["id"].isin(owners[path])].reset_index(drop=True)
            # Without the last page of a load it is not known that the history has no older posts.
            assert left.drop(columns="listed_from").equals(expected.drop(columns="listed_from"))
        assert_frame_equal(Archive(folder).posts(validate=None), whole)

    @staticmethod
    def ids_in(path):
        return [post["id"] for post in json.loads(gzip.decompress(path.read_bytes().split(b"\n", 2)[2]))["posts"]]

    def test_c5_truncated_file_is_skipped_and_named(self, store, folder):
        record_pages(store, page("a"))
        record_pages(store, page("b"), at=NOON + HOUR)
        first = files(folder)[0]
        content = first.read_bytes()
        for length in range(0, len(content), 7):
            first.write_bytes(content[:length])
            ids, found = read(folder)
            assert ids == ["b"]
            assert len(found) == 1
            assert repr(str(first)) in found[0]

    @pytest.mark.parametrize(
        "more", [b"x", b"\0" * 100, gzip.compress(b"more", mtime=0)], ids=["letter", "zeros", "gzip"]
    )
    def test_c5_bytes_after_the_end_are_damage(self, store, folder, more):
        record_pages(store, page("a"))
        with files(folder)[0].open("ab") as file:
            file.write(more)
        assert read(folder)[0] == []

    def test_c5_renamed_file_is_skipped(self, store, folder):
        record_pages(store, page("a"))
        record_pages(store, page("b"), at=NOON + HOUR)
        first, second = files(folder)
        wrong = [
            second.with_name(first.name),
            first.with_name("f" * 24 + first.name[24:]),
            first.with_name("notes.page"),
            first.with_name(first.name.replace("-00001-", "-00002-")),
            first.with_name(first.name.replace("-00001-", "-000001-")),
        ]
        second.rename(wrong[0])
        content = wrong[0].read_bytes()
        for path in wrong[1:]:
            path.write_bytes(content)
        away = folder / "00" / first.name
        away.parent.mkdir()
        away.write_bytes(content)
        ids, found = read(folder)
        assert ids == []
        assert sorted(found) == sorted(
            text for text in found if any(repr(str(path)) in text for path in [*wrong, away])
        )
        assert len(found) == len(wrong) + 1

    def test_c5_forged_header_with_valid_hash_is_skipped(self, store, folder):
        record_pages(store, page("a"))
        path = files(folder)[0]
        _, line, body = path.read_bytes().split(b"\n", 2)
        head = json.loads(line)
        forged = [
            {**head, "received_at": "2026-11-01T12:00:00"},
            {**head, "received_at": "0001-01-01T00:00:00+23:00"},
            {**head, "length": 10**12},
            {**head, "length": head["length"] - 1},
            {**head, "length": head["length"] + 1},
            {**head, "length": -1},
            {**head, "request": {**head["request"], "parameters": {"limit": 10**40}}},
            {**head, "request": {**head["request"], "platform": 5}},
            {**head, "load": "../../../etc"},
            {**head, "number": "1"},
            {**head, "more": 1},
            [],
            None,
        ]
        path.unlink()
        for number, wrong in enumerate(forged):
            text = json.dumps(wrong).encode()
            digest = hashlib.sha256(text).hexdigest()
            name = PageName(ME.request_hash, head["load"], 1, digest[:24])
            target = path.with_name(str(name))
            target.write_bytes(b"ayrframe page 1 %b\n%b\n%b" % (digest.encode(), text, body))
            ids, found = read(folder)
            assert ids == [], number
            assert len(found) == 1, number
            target.unlink()

    @pytest.mark.parametrize(
        "stored",
        [b"", b"{}", gzip.compress(b"[]")[:-1], gzip.compress(b"[]") * 2],
        ids=["nothing", "no_gzip", "cut", "doubled"],
    )
    def test_c5_forged_body_with_valid_hash_is_skipped(self, store, folder, stored):
        record_pages(store, page("a"))
        path = files(folder)[0]
        head = json.loads(path.read_bytes().split(b"\n", 2)[1])
        line = json.dumps(head | {"length": 2, "sha256": hashlib.sha256(stored).hexdigest()}).encode()
        digest = hashlib.sha256(line).hexdigest()
        target = path.with_name(str(PageName(ME.request_hash, head["load"], 1, digest[:24])))
        path.unlink()
        target.write_bytes(b"ayrframe page 1 %b\n%b\n%b" % (digest.encode(), line, stored))
        assert [name for name, _ in store.headers(store.names())], "the header is valid"
        with pytest.warns(DataWarning, match="invalid body"):
            assert last_pages(store, ME, NOON) is None

    def test_c5_body_without_posts_is_skipped(self, store, folder):
        reply = parse_envelopes(page("a"), "")[0]
        for body in (b"{", b"[" * 100_000, b"\xff", b'{"status": "error", "code": 1}'):
            PageRecorder(store, ME, load=new_load_id(NOON)).record(body, reply, received_at=NOON, is_last=True)
        record_pages(store, page("b"))
        ids, found = read(folder)
        assert ids == ["b"]
        assert len(found) == 4

    def test_c6_interrupt_during_a_write_is_raised_and_leaves_no_file(self, store, folder, monkeypatch):
        record_pages(store, page("a"))
        for name in ("fsync", "replace"):
            with monkeypatch.context() as patch:
                patch.setattr(_store.os, name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
                with pytest.raises(KeyboardInterrupt):
                    record_pages(store, page("b"))
        assert read(folder) == (["a"], [])
        assert len(files(folder)) == 1

    @pytest.mark.timeout(90)
    def test_c6_killed_writers_lose_no_page(self, folder):
        """Fork 200 writers and kill each after a random time."""
        script = """
rng, folder, acknowledged = random.Random(6), sys.argv[1], []
killed_in_write = 0
for victim in range(200):
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        store = PageStore(folder)
        count = 0
        while True:
            record_pages(store, f"{victim}-{count}", size=rng.choice([10, 1_000, 100_000]), pages=2,
                 seen=lambda name: os.write(send, name.encode() + b"\\n"))
            count += 1
    os.close(send)
    first = os.read(receive, 1)
    time.sleep(rng.random() * 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with open(receive, "rb") as pipe:
        text = first + pipe.read()
    acknowledged += text.decode().split("\\n")[:-1]
store = PageStore(folder)
pages = list(store.pages(store.names()))
names = [json.loads(page.body)["posts"][0]["id"] for page in pages]
half = sum(entry.endswith(".tmp") for _, _, entries in os.walk(folder) for entry in entries)
print(json.dumps({"kept": len(names), "double": len(names) - len(set(names)), "half": half,
                  "acknowledged": len(acknowledged), "lost": len(set(acknowledged) - set(names)),
                  "unknown": len(set(names) - set(acknowledged))}))
"""
        began = time.monotonic()
        done = run(script, folder)
        assert done.returncode == 0, done.stderr
        counts = json.loads(done.stdout)
        assert counts["lost"] == counts["double"] == 0
        assert counts["acknowledged"] >= 200
        assert counts["half"] >= 10, "some kills must interrupt a write"
        assert counts["unknown"] <= 200, "at most one page per kill: written, but not yet acknowledged"
        assert time.monotonic() - began < 40
        found, texts = read(folder)
        assert len(found) == counts["kept"]
        assert texts == []

    @pytest.mark.parametrize(
        "body",
        [
            b"<html>502</html>",
            b'{"status": "error", "code": 101, "message": "no"}',
            b'{"status": "error"}',
            b"",
            b"null",
            b'{"posts": "none"}',
        ],
    )
    def test_c7_body_without_posts_is_not_archived(self, store, folder, body):
        with pytest.raises(ResponseError):
            record_pages(store, body)
        assert files(folder.parent) == []

    def test_c7_posts_with_an_error_keep_their_status_and_are_never_fresh(self, store, folder):
        failure = {"id": "b", "code": 187}
        fields = {"status": "error", "nextUpdate": "2026-11-01T13:00:00Z"}
        body = json.dumps({**fields, "posts": [{"id": "a"}, failure]}).encode()
        record_pages(store, body, status=400)
        assert last_pages(store, ME, NOON)[0].header.status == 400
        assert fresh_pages(store, ME, NOON) is None
        assert read(folder)[0] == ["a", "b"]

    def test_c8_stale_pages_are_last_but_not_fresh(self, store):
        record_pages(store, page("a", nextUpdate="2026-11-01T12:30:00Z"))
        assert fresh_pages(store, ME, NOON + HOUR) is None
        (found,) = last_pages(store, ME, NOON + HOUR)
        assert found.header.received_at == NOON


class TestTogether:
    def test_c9_threads_write_and_read_at_the_same_time(self, store, folder):
        def write(number):
            page_store = PageStore(folder) if number % 2 else store
            request = make_request("bluesky", profile=f"{number}", identity=identity("key"))
            for count in range(10):
                bodies = [page(f"{number}-{count}-{part}") for part in range(3)]
                assert record_pages(page_store, *bodies, request=request, at=NOON + count * HOUR) == [True] * 3
                assert [stored.body for stored in last_pages(page_store, request, NOON + 99 * HOUR)] == bodies

        failures = []

        def watch(target, *arguments):
            try:
                target(*arguments)
            except BaseException as error:  # noqa: BLE001
                failures.append(error)

        threads = [threading.Thread(target=watch, args=(write, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        sizes = [len(Archive(folder).posts())]
        while any(thread.is_alive() for thread in threads):
            sizes.append(len(Archive(folder).posts()))
        for thread in threads:
            thread.join()
        assert failures == []
        assert sizes == sorted(sizes), "pages that were read once remain"
        assert len(Archive(folder).posts()) == 240

    def test_c9_processes_write_and_read_at_the_same_time(self, folder):
        folder.mkdir()
        script = """
store = PageStore(sys.argv[1])
request = make_request("bluesky", profile="me", identity=identity("key"))
for count in range(100):
    assert record_pages(store, f"{sys.argv[2]}-{count}", size=2_000, pages=2) == [True, True]
    assert len(last_pages(store, request, datetime.now(UTC))) == 2
"""
        command = [sys.executable, "-W", "error", "-c", _COMMON + script, str(folder)]
        writers = [subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in ("one", "two")]
        sizes = []
        try:
            while any(writer.poll() is None for writer in writers):
                ids, found = read(folder)
                sizes.append(len(ids))
                assert found == []
        finally:
            errors = [writer.communicate(timeout=60)[1] for writer in writers]
        assert [writer.returncode for writer in writers] == [0, 0], errors
        assert sizes == sorted(sizes)
        assert len(sizes) > 3
        expected = {f"{name}-{count}-{part}" for name in ("one", "two") for count in range(100) for part in range(2)}
        assert set(read(folder)[0]) == expected

    def test_c9_same_page_written_by_threads_is_stored_once(self, folder):
        load = new_load_id(NOON)
        reply = parse_envelopes(page("a"), "")[0]

        def write():
            PageRecorder(PageStore(folder), ME, load=load).record(page("a"), reply, received_at=NOON, is_last=True)

        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert read(folder) == (["a"], [])
        assert len(files(folder)) == 1

    def test_c9_threads_on_a_full_disk_warn_once(self, tmp_path):
        (tmp_path / "file").touch()
        store = PageStore(tmp_path / "file")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            threads = [threading.Thread(target=record_pages, args=(store, page("a"), page("b"))) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(caught) == 1


class TestOtherVersions:
    def test_c10_other_format_is_skipped_with_a_warning(self, store, folder):
        record_pages(store, page("a"))
        path = files(folder)[0]
        path.write_bytes(path.read_bytes().replace(b"ayrframe page 1 ", b"ayrframe page 2 ", 1))
        ids, found = read(folder)
        assert ids == []
        assert found == [f"Skipping archive file {str(path)!r}: page format 2, expected 1."]

    def test_c10_unknown_platform_is_skipped_with_a_warning(self, store, folder):
        record_pages(store, page("a"), request=make_request("friendster", identity="i"))
        record_pages(store, page("b"))
        ids, found = read(folder)
        assert ids == ["b"]
        assert "this version of ayrframe does not know its platform" in found[0]

    def test_c10_pickle_is_never_loaded(self, store, folder):
        class Trap:
            def __reduce__(self):
                return (os.mkdir, (str(folder / "sprung"),))

        record_pages(store, page("a"))
        files(folder)[0].write_bytes(pickle.dumps(Trap()))
        ids, found = read(folder)
        assert ids == []
        assert "invalid first line" in found[0]
        assert not (folder / "sprung").exists()

    def test_c11_pages_from_the_future_are_last_but_not_fresh(self, store):
        record_pages(store, page("a", nextUpdate="2026-11-01T15:00:00Z"), at=NOON + HOUR)
        assert fresh_pages(store, ME, NOON) is None
        assert fresh_pages(store, ME, NOON + HOUR)
        assert b'"a"' in last_pages(store, ME, NOON)[0].body

    def test_c11_page_from_the_future_does_not_end_the_freshness_of_others(self, store):
        record_pages(store, page("right", nextUpdate="2026-11-01T15:00:00Z"), at=NOON)
        record_pages(store, page("wrong", nextUpdate="2026-11-01T15:00:00Z"), at=datetime(2099, 1, 1, tzinfo=UTC))
        assert b"right" in fresh_pages(store, ME, NOON + HOUR)[0].body
        assert fresh_pages(store, ME, NOON + 3 * HOUR) is None

    def test_c11_load_from_the_future_does_not_hide_later_loads(self, store):
        record_pages(store, page("wrong"), at=datetime(2099, 1, 1, tzinfo=UTC))
        record_pages(store, page("right"), at=NOON)
        assert b"right" in last_pages(store, ME, NOON + HOUR)[0].body


class TestPlanted:
    def test_c12_link_to_a_page_is_not_followed(self, store, folder):
        record_pages(store, page("a"))
        path = files(folder)[0]
        elsewhere = folder.parent / "elsewhere"
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
        ids, found = read(folder)
        assert ids == []
        assert "it is a symbolic link" in found[0]

    def test_c12_link_in_place_of_a_temporary_file_is_not_written(self, store, folder, monkeypatch):
        record_pages(store, page("a"))
        victim = folder.parent / "victim"
        victim.write_bytes(b"mine")
        inside = files(folder)[0].parent
        (inside / "known.tmp").symlink_to(victim)
        monkeypatch.setattr(_store.secrets, "token_hex", lambda _: "known")
        recorder = PageRecorder(store, ME, load="0" * 32)
        with pytest.warns(DataWarning, match="File exists"):
            assert not recorder.record(page("b"), parse_envelopes(page("b"), "")[0], received_at=NOON, is_last=True)
        assert victim.read_bytes() == b"mine"
        assert (inside / "known.tmp").is_symlink()

    def test_c12_link_in_place_of_a_page_is_replaced(self, store, folder):
        load = new_load_id(NOON)
        reply = parse_envelopes(page("a"), "")[0]
        PageRecorder(store, ME, load=load).record(page("a"), reply, received_at=NOON, is_last=True)
        (path,) = files(folder)
        victim = folder.parent / "victim"
        victim.write_bytes(b"mine")
        path.unlink()
        path.symlink_to(victim)
        PageRecorder(store, ME, load=load).record(page("a"), reply, received_at=NOON, is_last=True)
        assert victim.read_bytes() == b"mine"
        assert read(folder) == (["a"], [])

    def test_c12_pipe_and_folder_among_pages_are_skipped(self, store, folder):
        record_pages(store, page("a"))
        (path,) = files(folder)
        pipe, inside = (path.with_name(path.name[:-29] + digit * 24 + ".page") for digit in "01")
        os.mkfifo(pipe)
        inside.mkdir()
        ids, found = read(folder)
        assert ids == ["a"]
        assert len(found) == 2
        assert any(f"{str(pipe)!r}: not a regular file, or too large for a page" in text for text in found)

    @pytest.mark.parametrize("text", ["../../etc/passwd", "/etc/passwd", "a\0b", "\n", "x" * 10_000, "🍞", "~", "."])
    def test_c12_texts_of_a_request_are_not_in_the_path(self, store, folder, text):
        request = make_request(text, profile=text, identity=text, parameters={text: text})
        assert record_pages(store, page("a"), request=request) == [True]
        (path,) = files(folder)
        assert re.fullmatch(
            r"[0-9a-f]{2}/[0-9a-f]{24}-[0-9a-f]{32}-00001-[0-9a-f]{24}\.page", str(path.relative_to(folder))
        )
        assert last_pages(store, request, NOON)[0].body == page("a")

    def test_c12_other_files_are_unchanged(self, store, folder):
        record_pages(store, page("a"))
        strangers = [folder / "notes.txt", folder / ".DS_Store", folder / "xx", files(folder)[0].with_name("other.tmp")]
        for path in strangers:
            path.write_bytes(b"mine")
        assert read(folder) == (["a"], [])
        record_pages(store, page("b"), at=NOON + HOUR)
        assert all(path.read_bytes() == b"mine" for path in strangers)


_OPERATIONS = st.lists(
    st.one_of(
        st.tuples(
            st.just("keep"),
            st.sampled_from("ab"),
            st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=1, max_size=3),
        ),
        st.tuples(st.just("flip"), st.integers(0, 99), st.integers(0, 10**6)),
        st.tuples(st.just("cut"), st.integers(0, 99), st.integers(0, 10**6)),
        st.tuples(st.just("append"), st.integers(0, 99), st.binary(min_size=1, max_size=20)),
        st.tuples(st.just("remove"), st.integers(0, 99), st.none()),
        st.tuples(st.just("swap"), st.integers(0, 99), st.integers(0, 99)),
        st.tuples(st.just("splice"), st.integers(0, 99), st.integers(0, 99)),
        st.tuples(st.just("plant"), st.integers(0, 99), st.binary(max_size=50)),
    ),
    max_size=12,
)


def _damage(paths, how, which, value):
    path = paths[which % len(paths)]
    content = path.read_bytes()
    if how == "flip" and content:
        flip(path, value % (len(content) * 8))
    elif how == "cut":
        path.write_bytes(content[: value % (len(content) + 1)])
    elif how == "append":
        path.write_bytes(content + value)
    elif how == "remove":
        path.unlink()
    elif how == "swap":
        other = paths[value % len(paths)]
        path.write_bytes(other.read_bytes())
        other.write_bytes(content)
    elif how == "splice":
        path.write_bytes(content[: len(content) // 2] + paths[value % len(paths)].read_bytes()[len(content) // 2 :])
    elif how == "plant":
        path.with_name(f"{which:024x}{path.name[24:]}").write_bytes(value)


@settings(deadline=None)
@given(_OPERATIONS)
def test_archive_with_corrupt_files_returns_only_written_posts(operations):
    written, loads, moment = {}, [], NOON
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        store = PageStore(folder)
        asking = {label: make_request("bluesky", profile=label, identity=identity(label)) for label in "ab"}
        untouched = set()
        for how, which, value in operations:
            if how == "keep":
                moment += HOUR
                bodies = []
                for part, numbers in enumerate(value):
                    likes = len(written) * 10 + part
                    bodies.append(page(*map(str, numbers), likes=likes))
                    written |= {(which, str(number), moment, likes): None for number in numbers}
                before = set(files(folder))
                record_pages(store, *bodies, request=asking[which], at=moment)
                loads.append((which, bodies))
                untouched |= set(files(folder)) - before
            elif paths := files(folder):
                contents = {path: path.read_bytes() for path in paths}
                _damage(paths, how, which, value)
                untouched -= {path for path in paths if not path.exists() or path.read_bytes() != contents[path]}
        posts = Archive(folder).posts("bluesky", validate=None)
        found = set(zip(posts["profile"], posts["id"], posts["as_of"], posts["like_count"], strict=True))
        assert found <= written.keys()
        assert len(found) == len(posts)
        for label, request in asking.items():
            pages = last_pages(store, request, moment)
            assert pages is None or (label, [stored.body for stored in pages]) in loads
        kept = {name: body for name, _, body in store.pages(store.names())}
        assert {os.path.join(folder, name) for name in kept} >= {str(path) for path in untouched}
