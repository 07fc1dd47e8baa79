"""Test profiles of an archive: keys without a label, mistyped profiles and folders, saved responses that are added."""

from __future__ import annotations

import json
import shutil
import socket
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe.__main__ import main
from tests.faults.load_client import SkippingClock, make_client
from tests.faults.server import Hit, Server, http, sends

API_KEY = "TESTKEY-OF-THIS-FILE"
KEYS = {"a": "PROFILE-KEY-A-1234567", "b": "PROFILE-KEY-B-7654321", "c": "PROFILE-KEY-C-0000000"}


def serve(sock: socket.socket, hit: Hit) -> bool:
    """Send one post, whose text is the letter of the Profile-Key of the request."""
    letter = next(name for name, key in KEYS.items() if key == hit.headers.get("profile-key"))
    body = {"status": "success", "posts": [{"id": "1", "post": letter, "likeCount": 5 if letter == "a" else 90}]}
    sock.sendall(http(json.dumps({**body, "lastUpdated": "2026-01-01T00:00:00Z"})))
    return True


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[..., pd.DataFrame]]:
    """Return a function that loads into an archive with the Profile-Key of a letter."""
    with Server(serve) as server:

        def load(letter: str, platform: str = "bluesky", folder: str = "pages", **options: Any) -> pd.DataFrame:
            key = KEYS[letter] if not options.get("label") else {options["label"]: KEYS[letter]}
            options.pop("label", None)
            client = make_client(server.url, api_key=API_KEY)
            return ayr.load(platform, profile_key=key, client=client, archive=tmp_path / folder, **options)

        yield load


def profile_of(posts: pd.DataFrame) -> dict[str, str]:
    """Return the profile of each text."""
    return dict(zip(posts["post"], posts["profile"], strict=True))


@pytest.fixture
def two(load: Callable[..., pd.DataFrame], tmp_path: Path) -> tuple[ayr.Archive, str]:
    """Return an archive with pages of two keys without a label, and the label of the second."""
    assert load("a")["profile"].tolist() == [""]
    with pytest.warns(ayr.DataWarning, match="have the profile 'unlabelled-[0-9a-f]{6}'"):
        posts = load("b")
    (label,) = posts["profile"]
    return ayr.Archive(tmp_path / "pages"), label


def test_C19_two_keys_without_a_label_are_two_profiles(two: tuple[ayr.Archive, str], tmp_path: Path) -> None:
    archive, label = two
    reads = {
        "posts": archive.posts,
        "latest": archive.latest,
        "growth": lambda: archive.growth("likes").assign(post=lambda table: table["value"].map({5: "a", 90: "b"})),
    }
    for read in reads.values():
        with pytest.warns(ayr.DataWarning, match=f"several keys without a profile label.*'{label}'"):
            assert profile_of(read()) == {"a": "", "b": label}
    with pytest.warns(ayr.DataWarning, match=label):
        archive.to_parquet(tmp_path / "dataset")
    assert profile_of(ayr.read_parquet(tmp_path / "dataset")) == {"a": "", "b": label}
    assert profile_of(ayr.read_parquet(tmp_path / "dataset", profile=label)) == {"b": label}
    assert profile_of(archive.posts(profile="")) == {"a": ""}
    assert archive.pages()["profile"].tolist() == ["", label]
    with pytest.warns(ayr.DataWarning, match=label):
        assert archive.profiles()["profile"].tolist() == ["", label]


def test_C19_dask_has_the_same_profiles(two: tuple[ayr.Archive, str], tmp_path: Path) -> None:
    pytest.importorskip("dask.dataframe")
    archive, label = two
    ddf = ayr.dask.read_archive(archive.path)
    assert ddf.npartitions == 2
    with pytest.warns(ayr.DataWarning, match=label):
        assert profile_of(ddf.compute(scheduler="sync")) == {"a": "", "b": label}
    with pytest.warns(ayr.DataWarning, match=label):
        only = ayr.dask.read_archive(archive.path, profile=label).compute(scheduler="sync")
    assert profile_of(only) == {"b": label}


def test_C19_dask_load_has_the_labels_of_the_archive(tmp_path: Path) -> None:
    pytest.importorskip("dask.dataframe")
    with Server(serve) as server:
        frames = []
        for letter in "aba":
            client = ayr.Client(API_KEY, profile_key=KEYS[letter], base_url=server.url)
            ddf = ayr.dask.load({"": "bluesky"}, client=client, archive=tmp_path / "pages")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                frames.append(ddf.compute(scheduler="sync"))
    labels = [frame["profile"].tolist() for frame in frames]
    assert labels[0] == labels[2] == [""]
    assert labels[1][0].startswith("unlabelled-")
    assert [frame["post"].tolist() for frame in frames] == [["a"], ["b"], ["a"]]


def test_C19_labels_are_permanent(two: tuple[ayr.Archive, str], load: Callable[..., pd.DataFrame]) -> None:
    archive, label = two
    first_page = archive.pages().query("profile == ''")["file"].tolist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert load("a", limit=3)["profile"].tolist() == [""]
        for path in first_page:  # Now the oldest page is of the second key.
            Path(archive.path, path).unlink()
        assert load("b", limit=4)["profile"].tolist() == [label]
        assert load("a", limit=5)["profile"].tolist() == [""]
        for path in Path(archive.path).rglob("*.page"):
            path.unlink()
        assert load("b")["profile"].tolist() == [label]
        assert set(load("c")["profile"]).isdisjoint({"", label})
        assert profile_of(archive.posts())["b"] == label


def test_C19_older_archive_keeps_the_label_of_its_oldest_page(
    two: tuple[ayr.Archive, str], load: Callable[..., pd.DataFrame]
) -> None:
    archive, label = two
    (record,) = [path for path in Path(archive.path).iterdir() if path.is_file()]
    content = record.read_text()
    for content_of_older_archives in (None, "", "x" * 33):
        record.unlink(missing_ok=True)
        if content_of_older_archives is not None:
            record.write_text(content_of_older_archives)
        with pytest.warns(ayr.DataWarning, match=label):
            assert profile_of(archive.posts()) == {"a": "", "b": label}
    record.unlink(missing_ok=True)
    with pytest.warns(ayr.DataWarning, match=label):
        load("b", refresh=True)
    assert record.read_text() == content
    assert record.stat().st_mode & 0o777 == 0o600


def test_C19_offline_and_labelled_profiles(two: tuple[ayr.Archive, str], load: Callable[..., pd.DataFrame]) -> None:
    archive, label = two
    assert load("a", offline=True)["profile"].tolist() == [""]
    with pytest.warns(ayr.DataWarning, match=label):
        offline = load("b", offline=True)
    assert profile_of(offline) == {"b": label}
    assert profile_of(load("b", label="shop")) == {"b": "shop"}
    assert profile_of(load("a", label="shop")) == {"a": "shop"}
    with pytest.warns(ayr.DataWarning, match=label):
        assert set(archive.posts()["profile"]) == {"", label, "shop"}
    # The same label continues the profile.
    assert profile_of(load("b", label=label, limit=7)) == {"b": label}
    with pytest.warns(ayr.DataWarning, match=label):
        assert profile_of(archive.latest(profile=label)) == {"b": label}


def test_C19_one_key_without_a_label_has_no_warning(load: Callable[..., pd.DataFrame], tmp_path: Path) -> None:
    for platform in ("bluesky", "tiktok"):
        assert load("a", platform)["profile"].tolist() == [""]
    assert load("b", folder="others")["profile"].tolist() == [""]
    archive = ayr.Archive(tmp_path / "pages")
    assert set(archive.posts()["profile"]) == {""}


class Ahead(SkippingClock):
    """A clock that runs ahead by years."""

    __slots__ = ()

    def wall(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=3000)


def test_C11_clock_that_ran_ahead_costs_one_request(tmp_path: Path) -> None:
    def answer(sock: socket.socket, hit: Hit) -> bool:
        post = {"id": str(hit.number)}
        sock.sendall(http(json.dumps({"status": "success", "nextUpdate": "2100-01-01T00:00:00Z", "posts": [post]})))
        return True

    with Server(answer) as server:
        ids = []
        for clock in (Ahead(), *[SkippingClock() for _ in range(4)]):
            client = make_client(server.url, api_key=API_KEY, clock=clock)
            ids += ayr.load("bluesky", client=client, archive=tmp_path / "pages")["id"].tolist()
    assert ids == ["0", "1", "1", "1", "1"]
    assert len(server.hits) == 2


@pytest.mark.parametrize("value", ["NaN", "1e400", "-Infinity", '"\\ud83d"'])
def test_J3_page_with_a_repaired_value_is_current(value: str, tmp_path: Path) -> None:
    body = f'{{"status": "success", "nextUpdate": "2100-01-01T00:00:00Z", "posts": [{{"id": "1", "new": {value}}}]}}'

    def answer(sock: socket.socket, _: Hit) -> bool:
        sock.sendall(http(body))
        return True

    with Server(answer) as server, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = make_client(server.url, api_key=API_KEY)
        frames = [ayr.load("bluesky", client=client, archive=tmp_path / "pages") for _ in range(3)]
    assert [frame["id"].tolist() for frame in frames] == [["1"]] * 3
    assert len(server.hits) == 1


def test_J3_page_with_another_warning_is_requested_again(tmp_path: Path) -> None:
    problem = {"status": "error", "code": 187, "message": "no numbers"}
    body = json.dumps({**problem, "nextUpdate": "2100-01-01T00:00:00Z", "posts": [{"id": "1", "likeCount": 2}]})
    body = body.replace("2}", "NaN}")

    def answer(sock: socket.socket, _: Hit) -> bool:
        sock.sendall(http(body))
        return True

    with Server(answer) as server:
        client = make_client(server.url, api_key=API_KEY)
        for _ in range(2):
            with pytest.warns(ayr.DataWarning) as caught:
                ayr.load("bluesky", client=client, archive=tmp_path / "pages")
            assert [text for text in ("NaN", "no numbers") if any(text in str(w.message) for w in caught)] == [
                "NaN",
                "no numbers",
            ]
    assert len(server.hits) == 2


READS: dict[str, Callable[[ayr.Archive], Any]] = {
    "posts": lambda archive: archive.posts(),
    "latest": lambda archive: archive.latest("tiktok"),
    "growth": lambda archive: archive.growth("likes"),
    "pages": lambda archive: archive.pages(),
    "profiles": lambda archive: archive.profiles(),
    "to_parquet": lambda archive: archive.to_parquet(Path(archive.path).parent / "dataset"),
    "len": len,
    "offline": lambda archive: ayr.load("tiktok", archive=archive, offline=True),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("is_file", [False, True])
def test_C20_missing_folder_raises_when_it_is_read(read: str, is_file: bool, tmp_path: Path) -> None:
    path = tmp_path / "repiles"
    if is_file:
        path.write_text("a file")
    with pytest.raises(FileNotFoundError, match=r"No archive found in '.*repiles'"):
        READS[read](ayr.Archive(path))
    assert list(tmp_path.iterdir()) == [path] * is_file


def test_C20_dask_load_offline_raises(tmp_path: Path) -> None:
    pytest.importorskip("dask.dataframe")
    with pytest.raises(FileNotFoundError, match="No archive found"):
        ayr.dask.load({"": "tiktok"}, archive=tmp_path / "none", offline=True)


def test_C20_command_line_names_the_missing_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "tiktok", "--archive", str(tmp_path / "none"), "-o", str(tmp_path / "r.html")]) == 1
    assert f"No archive found in {str(tmp_path / 'none')!r}" in capsys.readouterr().err


def test_C20_empty_folder_has_no_posts(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    assert archive
    assert len(archive) == len(archive.posts()) == len(archive.latest("x")) == len(archive.profiles()) == 0
    assert len(archive.posts(profile="bakery")) == len(archive.growth("likes")) == 0
    assert archive.posts("tiktok").dtypes.equals(ayr.load_sample("tiktok").dtypes)


def test_C20_load_creates_the_folder(load: Callable[..., pd.DataFrame], tmp_path: Path) -> None:
    load("a", folder="new")
    assert len(ayr.Archive(tmp_path / "new")) == 1


def test_C20_failed_load_leaves_an_empty_archive(tmp_path: Path) -> None:
    with Server(sends(http(b"", 304))) as server, pytest.raises(ayr.ResponseError):
        ayr.load("bluesky", client=make_client(server.url), archive=tmp_path / "pages")
    assert len(ayr.Archive(tmp_path / "pages").posts()) == 0
    assert (tmp_path / "pages").stat().st_mode & 0o777 == 0o700


def test_C21_unknown_profile_raises_with_the_known_ones(load: Callable[..., pd.DataFrame], tmp_path: Path) -> None:
    load("a", label="bakery")
    load("b", "tiktok", label="cafe")
    archive = ayr.Archive(tmp_path / "pages")
    archive.to_parquet(tmp_path / "dataset")
    reads: list[Callable[..., Any]] = [
        archive.posts,
        archive.latest,
        lambda **options: archive.growth("likes", **options),
        lambda **options: ayr.read_parquet(tmp_path / "dataset", **options),
    ]
    pytest.importorskip("dask.dataframe")
    reads += [
        lambda **options: ayr.dask.read_archive(archive.path, **options),
        lambda **options: ayr.dask.read_parquet(tmp_path / "dataset", **options),
    ]
    for read in reads:
        with pytest.raises(
            ValueError, match=r"Unknown profile 'Bakery'\. Did you mean 'bakery'\? .* has: 'bakery', 'cafe'\."
        ):
            read(profile="Bakery")
        with pytest.raises(ValueError, match="Unknown profile ''"):
            read(profile=["bakery", ""])
        with pytest.raises(ValueError, match=r"Unknown platform 'tictoc'\. Did you mean 'tiktok'\?"):
            read(platform="tictoc")
        assert len(read(profile=["bakery", "cafe"])) > 0
        assert len(read(platform="bluesky", profile="cafe")) == 0


def test_C21_long_list_of_profiles_is_cut(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path / "pages")
    for number in range(23):
        archive.add(b'[{"id": "1"}]', platform="tiktok", profile=f"p{number:02}")
    with pytest.raises(ValueError, match=r"'p18', 'p19' and 3 more\."):
        archive.posts(profile="zzz")


def test_profiles_counts_pages_posts_and_readings(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path / "pages")
    archive.add(b'[{"id": "1"}, {"id": "2"}]', platform="x", profile="shop", as_of="2026-03-01T10:00:00Z")
    archive.add(b'[{"id": "2"}, {"id": "3"}, {"post": "no id"}]', platform="x", profile="shop", as_of="2026-03-05")
    archive.add(b'{"posts": []}', platform="x", profile="empty", as_of="2026-03-02")
    archive.add(b'[{"id": "1"}]', platform="bluesky", profile="shop", as_of="2026-03-03")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        profiles = archive.profiles()
    day = pd.Timestamp("2026-03-01", tz="UTC")
    expected = pd.DataFrame(
        {
            "platform": ["bluesky", "twitter", "twitter"],
            "profile": ["shop", "empty", "shop"],
            "pages": [1, 1, 2],
            "posts": [1, 0, 4],
            "first_reading": [day + pd.Timedelta("2D"), day + pd.Timedelta("1D"), day + pd.Timedelta("10h")],
            "last_reading": [day + pd.Timedelta("2D"), day + pd.Timedelta("1D"), day + pd.Timedelta("4D")],
        }
    ).astype({"platform": "str", "profile": "str", "pages": "Int64", "posts": "Int64",
              "first_reading": "datetime64[us, UTC]", "last_reading": "datetime64[us, UTC]"})  # fmt: skip
    pd.testing.assert_frame_equal(profiles, expected)
    assert len(archive) == 4


@pytest.mark.parametrize("platform", ["tiktok", None])
def test_add_gives_the_posts_of_read_json(platform: Any, tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    sample = ayr.load_sample("tiktok").ayr.to_posts()
    path.write_text(json.dumps({"posts": sample, "meta": {"pagination": {"hasMore": False}}}))
    archive = ayr.Archive(tmp_path / "pages")
    assert archive.add(path, platform=platform, profile="bakery") == 1
    assert archive.add([str(path)], platform=platform, profile="bakery") == 1  # the same page
    assert len(archive) == 1
    expected = ayr.read_json(path, platform=platform, profile="bakery")
    pd.testing.assert_frame_equal(archive.posts("tiktok"), expected)
    archive.add(path, platform=platform, profile="bakery", as_of="2026-06-01")
    assert len(archive) == 2


def test_add_splits_posts_of_several_platforms(tmp_path: Path) -> None:
    lines = [
        {"posts": [{"id": "1", "platform": "X"}, {"id": "2", "platform": "tiktok"}], "lastUpdated": "2026-02-01"},
        {"posts": [{"id": "3", "platform": "x", "likes": "many\nlines"}], "lastUpdated": "2026-02-02T00:00:00Z"},
    ]
    body = "\n".join(map(json.dumps, lines)).encode()
    archive = ayr.Archive(tmp_path / "pages")
    assert archive.add(body, as_of="2026-03-01") == 3
    columns = ["platform", "id", "as_of"]
    added = archive.posts()[columns].sort_values("id", ignore_index=True)
    pd.testing.assert_frame_equal(added, ayr.read_json(body, as_of="2026-03-01")[columns])


def test_add_pages_are_no_answer_to_a_load(load: Callable[..., pd.DataFrame], tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path / "pages")
    archive.add(b'{"posts": [{"id": "1", "post": "s"}], "nextUpdate": "2100-01-01T00:00:00Z"}', platform="bluesky")
    with pytest.raises(ayr.AyrframeError, match="no complete load"):
        load("a", offline=True)
    assert load("a")["post"].tolist() == ["a"]
    assert load("a", limit=None)["post"].tolist() == ["a"]
    assert sorted(archive.posts()["post"]) == ["a", "s"]
    assert set(archive.posts()["profile"]) == {""}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"source": b"no JSON", "platform": "x"}, ayr.ResponseError, "invalid JSON"),
        ({"source": b"[]"}, ayr.ResponseError, "Cannot detect the platform of the JSON bytes: it has no posts"),
        ({"source": b'{"tiktok": [{"commentId": "1"}]}', "platform": "x"}, ayr.ResponseError, "GET /comments"),
        ({"source": b"[]", "platform": "x", "profile": 5}, TypeError, "`profile` must be a str"),
        ({"source": b"[]", "platform": "x", "profile": "\ud83d"}, ValueError, "`profile` has half of a character"),
        ({"source": b"[]", "platform": "x", "as_of": 5}, ValueError, "`as_of` must be a date"),
        ({"source": "none.json", "platform": "x"}, FileNotFoundError, "No such file"),
        ({"source": b"[]", "platform": "tictoc"}, ValueError, "Did you mean 'tiktok'"),
    ],
)
def test_add_invalid_argument_raises_and_stores_nothing(
    arguments: dict[str, Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        ayr.Archive(tmp_path / "pages").add(**arguments)
    assert list(tmp_path.iterdir()) == []


def test_add_unwritable_folder_raises(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file")
    with pytest.raises(OSError, match="pages"):
        ayr.Archive(tmp_path / "pages").add(b"[]", platform="x")


def test_H21_archived_response_of_another_endpoint_is_skipped(tmp_path: Path) -> None:
    from ayrframe._archive.cache import PageRecorder
    from ayrframe._archive.page_file import make_request, new_load_id
    from ayrframe._decode.envelope import Envelope

    archive = ayr.Archive(tmp_path / "pages")
    now = datetime(2026, 3, 1, tzinfo=UTC)
    recorder = PageRecorder(archive.store, make_request("tiktok"), load=new_load_id(now))
    recorder.record(b'{"tiktok": [{"commentId": "1"}], "id": "a"}', Envelope([]), received_at=now, is_last=True)
    with pytest.warns(ayr.DataWarning, match=r"Skipping archive file .*: it is a response of GET /comments"):
        assert len(archive.posts()) == 0


def test_C19_removed_archive_starts_again(two: tuple[ayr.Archive, str], load: Callable[..., pd.DataFrame]) -> None:
    archive, _ = two
    shutil.rmtree(archive.path)
    assert load("b")["profile"].tolist() == [""]
    assert profile_of(archive.posts()) == {"b": ""}
