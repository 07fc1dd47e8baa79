"""Test saved responses: paths, lists of files, unreadable files, unfinished histories, responses of other endpoints."""

from __future__ import annotations

import gzip
import io
import json
import os
import warnings
from pathlib import Path
from typing import Any

import pytest

import ayrframe as ayr
from tests.faults.load_client import make_client
from tests.faults.server import Server, http, sends


def save(path: Path, *ids: str, **fields: Any) -> Path:
    """Write an envelope with posts of these ids."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"posts": [{"id": name} for name in ids], **fields}).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home folder of this test."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.mark.parametrize(
    "source",
    ["~/a.json", Path("~/a.json"), "~/*.json", "~/**/a.json", ["~/a.json"], ("~/a.js*",), {Path("~/a.json"): 1}.keys()],
)
def test_F1_home_folder_is_expanded(source: Any, home: Path) -> None:
    save(home / "a.json", "1")
    assert ayr.read_json(source, platform="tiktok")["id"].tolist() == ["1"]


def test_F1_archive_dataset_and_output_in_the_home_folder(home: Path) -> None:
    from ayrframe.__main__ import main

    with ayr.sandbox(posts=4) as api:
        ayr.load("bluesky", archive="~/pages", client=api.client())
    ayr.Archive("~/pages").to_parquet("~/dataset")
    assert len(ayr.read_parquet(Path("~/dataset"))) == 4
    for name in ("posts.csv", "posts.json", "posts.parquet", "posts.xlsx"):
        assert main(["load", "bluesky", "--sample", "-o", f"~/{name}"]) == 0
        assert (home / name).stat().st_size > 0


def test_F1_list_is_read_in_its_order(tmp_path: Path) -> None:
    paths = [save(tmp_path / "b.json", "1", "2"), save(tmp_path / "a.json.gz", "3")]
    save(tmp_path / "c1.json", "4")
    save(tmp_path / "c0.json", "5")
    source = [str(paths[0]), paths[1], b'[{"id": "6"}]', io.BytesIO(b'[{"id": "7"}]'), tmp_path / "c?.json"]
    expected = ["1", "2", "3", "6", "7", "5", "4"]
    assert ayr.read_json(source, platform="tiktok")["id"].tolist() == expected
    source[3] = io.StringIO('[{"id": "7"}]')
    assert ayr.read_json(iter(source), platform="tiktok", errors="warn")["id"].tolist() == expected


def test_F1_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    paths = [save(tmp_path / f"{number}.json", str(number)) for number in range(3)]
    present = []

    def next_paths() -> Any:
        for path in paths:
            present.append(path.exists())
            yield path
            path.unlink()

    assert ayr.read_json(next_paths(), platform="tiktok")["id"].tolist() == ["0", "1", "2"]
    assert present == [True, True, True]


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ([], ValueError, "`source` is empty. Pass at least one path."),
        (iter(()), ValueError, "`source` is empty"),
        ({"posts": [{"id": "1"}]}, TypeError, "got dict. Pass a list of posts to ayr.from_posts"),
        ([{"id": "1"}], TypeError, "got dict. Pass a list of posts to ayr.from_posts"),
        (5, TypeError, "`source` must be a path, bytes, an open file or a list of them, got int"),
        ([None], TypeError, "got NoneType"),
        (ayr.load_sample("bluesky"), TypeError, "got DataFrame"),
        (['{"posts": []}'], ValueError, "`source` is JSON text, not a path"),
    ],
)
@pytest.mark.parametrize("errors", ["warn", "raise"])
def test_F1_source_of_another_type_raises(source: Any, error: type[Exception], message: str, errors: Any) -> None:
    with pytest.raises(error, match=message):
        ayr.read_json(source, platform="tiktok", errors=errors)


def unreadable_files(folder: Path) -> dict[str, Path]:
    """Write files that cannot be read, for different reasons."""
    (folder / "no_json.json").write_bytes(b'{"posts": [{"id": "1"}')
    (folder / "binary.json").write_bytes(b'{"posts": [{"id": "\xff\xfe"}]}')
    (folder / "cut.json.gz").write_bytes(gzip.compress(b'{"posts": []}' * 99)[:-9])
    (folder / "error.json").write_bytes(b'{"status": "error", "code": 156, "message": "not linked"}')
    (folder / "list.json").mkdir()
    return {path.name: path for path in (*folder.iterdir(), folder / "missing.json")}


@pytest.mark.parametrize(
    "name", ["no_json.json", "binary.json", "cut.json.gz", "error.json", "list.json", "missing.json"]
)
def test_F2_unreadable_file_raises_with_the_posts_before_it(name: str, tmp_path: Path) -> None:
    bad = unreadable_files(tmp_path)[name]
    first, last = save(tmp_path / "first" / "p.json", "1", "2"), save(tmp_path / "last" / "p.json", "3")
    with pytest.raises((ayr.ResponseError, OSError), match=name) as caught:
        ayr.read_json([first, bad, last], platform="tiktok")
    frame: Any = caught.value.frame  # type: ignore[union-attr]
    assert frame["id"].tolist() == ["1", "2"]
    assert frame.dtypes.equals(ayr.read_json(first, platform="tiktok").dtypes)
    with pytest.raises((ayr.ResponseError, OSError), match=name) as caught:
        ayr.read_json([bad, first], platform="tiktok")
    assert caught.value.frame is None  # type: ignore[union-attr]


def test_F2_unreadable_files_are_skipped_with_one_warning(tmp_path: Path) -> None:
    bad = unreadable_files(tmp_path)
    first, last = save(tmp_path / "first" / "p.json", "1"), save(tmp_path / "last" / "p.json", "2")
    with pytest.warns(ayr.DataWarning, match="Skipped 6 of 8 files") as caught:
        posts = ayr.read_json([first, *bad.values(), last], platform="tiktok", errors="warn")
    assert posts["id"].tolist() == ["1", "2"]
    (warning,) = caught
    assert all(name in str(warning.message) for name in bad)
    with pytest.raises(ayr.ResponseError, match="None of 6 files can be read") as failed:
        ayr.read_json(bad.values(), platform="tiktok", errors="warn")
    assert all(name in str(failed.value) for name in bad)
    with pytest.raises(FileNotFoundError, match=r"No such file: '.*missing\.json'"):
        ayr.read_json([bad["missing.json"]], platform="tiktok", errors="warn")


def test_F2_text_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "latin.json"
    bad.write_bytes(b'{"posts": [{"id": "\xff"}]}')
    with bad.open(encoding="utf-8") as file, pytest.raises(ayr.ResponseError, match=r"latin.json'.*with mode 'rb'"):
        ayr.read_json(file, platform="tiktok")
    with bad.open(encoding="utf-8", errors="surrogateescape") as file:
        assert ayr.read_json(file, platform="tiktok")["id"].tolist() == ["\ufffd"]
    with bad.open(encoding="latin-1") as file:
        assert ayr.read_json(file, platform="tiktok")["id"].tolist() == ["ÿ"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_F2_file_without_permission_is_named(tmp_path: Path) -> None:
    bad = save(tmp_path / "secret.json", "1")
    bad.chmod(0)
    with pytest.warns(ayr.DataWarning, match="secret.json"):
        ayr.read_json([bad, save(tmp_path / "p.json", "2")], platform="tiktok", errors="warn")


def test_F2_post_of_an_unknown_platform_makes_its_file_unreadable(tmp_path: Path) -> None:
    good = save(tmp_path / "p.json", "1", lastUpdated="2026-01-01T00:00:00Z")
    good.write_text('[{"id": "1", "platform": "LinkedIn"}]')
    with pytest.warns(ayr.DataWarning, match="Skipped 1 of 2 files. Cannot detect the platform of 1 post"):
        posts = ayr.read_json([good, save(tmp_path / "q.json", "2")], errors="warn")
    assert posts["platform"].tolist() == ["linkedin"]


@pytest.mark.parametrize("errors", ["ignore", "", None, True])
def test_F2_other_errors_argument_raises(errors: Any) -> None:
    with pytest.raises(ValueError, match="`errors` must be 'raise' or 'warn', got"):
        ayr.read_json(b"[]", platform="tiktok", errors=errors)


@pytest.mark.parametrize(
    ("fields", "has_more"),
    [
        ({"meta": {"pagination": {"hasMore": True, "next": "c"}}}, True),
        ({"meta": {"pagination": {"hasMore": True}}}, True),
        ({"meta": {"pagination": {"next": "c"}}}, True),
        ({"next": "c"}, True),
        ({"meta": {"pagination": {"hasMore": False, "next": "c"}}}, False),
        ({"meta": {"pagination": {"next": ""}}}, False),
        ({"meta": {"pagination": None}}, False),
        ({"meta": [], "next": None}, False),
    ],
)
@pytest.mark.parametrize("platform", ["tiktok", None])
def test_F3_saved_page_with_more_pages_warns(fields: dict[str, Any], has_more: bool, platform: Any) -> None:
    body = json.dumps({"posts": [{"id": "1", "postUrl": "https://www.tiktok.com/1"}], **fields}).encode()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        posts = ayr.read_json(body, platform=platform)
    assert posts["id"].tolist() == ["1"]
    texts = [str(warning.message) for warning in caught]
    assert [text[:53] for text in texts] == ["More pages exist after 1 of 1 saved pages: the JSON b"] * has_more


def test_F3_warning_names_the_pages_with_more(tmp_path: Path) -> None:
    first = save(tmp_path / "first.json", "1", meta={"pagination": {"hasMore": True, "next": "c"}})
    last = save(tmp_path / "last.json", "2", meta={"pagination": {"hasMore": False}})
    with pytest.warns(ayr.DataWarning, match="after 1 of 2 saved pages: '.*first.json'. Posts are missing unless"):
        ayr.read_json([first, last], platform="tiktok")


OTHER_ENDPOINTS = {
    '{"history": [{"id": "a", "post": "x", "platforms": ["tiktok"], "postIds": []}], "count": 1}': "sent posts",
    '{"history": [], "status": "success", "count": 0}': "sent posts",
    '{"id": "a", "post": "x", "postIds": [{"platform": "tiktok", "id": "1"}], "status": "success"}': "sent posts",
    '{"tiktok": [{"comment": "x", "commentId": "1"}], "id": "a", "status": "success"}': "GET /comments",
    '{"tiktok": [], "id": "a", "status": "success", "lastUpdated": "2026-01-01T00:00:00Z"}': "GET /comments",
    '{"reddit": [{"commentId" : "1"}], "id": "a", "status": "success"}': "GET /comments",
    '{"status": "success", "tiktok": {"analytics": {"followerCount": 3}}}': "account analytics",
    '{"gmb": {"analytics": {"views": 3}, "lastUpdated": "2026-01-01T00:00:00Z"}}': "account analytics",
    '{"status": "success", "tiktok": {"action": "social", "status": "error", "code": 272}}': "account analytics",
    '{"status": "success", "id": "a", "tiktok": {"analytics": {}, "id": "1"}}': "POST /analytics/post",
    '{"status": "success", "tiktok": [{"id": "1", "analytics": {"videoViews": 3}}]}': "POST /analytics/post",
    '{"id": "1", "analytics": {"videoViews": 3}}': "POST /analytics/post",
    '{"activeSocialAccounts": ["tiktok"], "refId": "r", "status": "success"}': "found 'activeSocialAccounts",
    '{"reddit": [], "id": "a", "status": "success"}': "found 'reddit, id, status'",
}


@pytest.mark.parametrize("body", [body for body, name in OTHER_ENDPOINTS.items() if name != "POST /analytics/post"])
@pytest.mark.parametrize("platform", ["tiktok", None])
def test_H21_saved_response_of_another_endpoint_raises(body: str, platform: Any) -> None:
    with pytest.raises(ayr.ResponseError, match=OTHER_ENDPOINTS[body]):
        ayr.read_json(body.encode(), platform=platform)


@pytest.mark.parametrize("body", list(OTHER_ENDPOINTS)[:12])
def test_H21_other_endpoint_on_a_line_raises(body: str) -> None:
    with pytest.raises(
        ayr.ResponseError, match=f"line 2 of the JSON bytes: it is a response of .*{OTHER_ENDPOINTS[body]}"
    ):
        ayr.read_json(b'{"id": "1"}\n' + body.encode(), platform="tiktok")


@pytest.mark.parametrize("body", OTHER_ENDPOINTS)
def test_H21_live_response_of_another_endpoint_raises(body: str, tmp_path: Path) -> None:
    with (
        Server(sends(http(body.encode()))) as server,
        pytest.raises(ayr.ResponseError, match=OTHER_ENDPOINTS[body]) as caught,
    ):
        ayr.load("tiktok", client=make_client(server.url), archive=tmp_path / "pages")
    assert caught.value.status == 200
    assert not list(tmp_path.rglob("*.page"))


def test_H21_live_post_without_envelope_raises() -> None:
    body = b'{"id": "1", "post": "x", "status": "PUBLISHED"}'
    with Server(sends(http(body))) as server, pytest.raises(ayr.ResponseError, match="expected an envelope"):
        ayr.load("linkedin", client=make_client(server.url))


def test_H20_partial_status_is_repeated() -> None:
    failed = {"action": "analytics", "status": "error", "code": 187, "message": "no numbers"}
    body = json.dumps({"status": "partial", "posts": [{"id": "1"}, {"id": "2", **failed}], "errors": [failed]}).encode()
    with pytest.warns(ayr.DataWarning, match="status 'partial', code 187: no numbers"):
        ayr.read_json(body, platform="instagram")
    with (
        Server(sends(http(body))) as server,
        pytest.warns(ayr.DataWarning, match="status 'partial', code 187") as caught,
    ):
        assert len(ayr.load("instagram", client=make_client(server.url))) == 2
    assert not any("'error'" in str(warning.message) for warning in caught)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("X", "twitter"), ("x", "twitter"), ("Twitter", "twitter"), ("LinkedIn", "linkedin"), ("TIKTOK", "tiktok"),
     ("YouTube", "youtube"), ("bLuEsKy", "bluesky")],
)  # fmt: skip
def test_F4_platform_names_in_any_case(name: str, expected: str, tmp_path: Path) -> None:
    assert set(ayr.read_json(b'[{"id": "1"}]', platform=name)["platform"]) == {expected}
    assert set(ayr.from_posts([{"id": "1", "platform": name}])["platform"]) == {expected}
    assert set(ayr.load_sample(name)["platform"]) == {expected}
    assert ayr.dictionary(name).equals(ayr.dictionary(expected))
    with ayr.sandbox(posts=3) as api:
        posts = ayr.load([name, expected], client=api.client(), archive=tmp_path / "pages")
    archive = ayr.Archive(tmp_path / "pages")
    archive.to_parquet(tmp_path / "dataset")
    for read in (archive.posts(name), archive.latest([name]), ayr.read_parquet(tmp_path / "dataset", platform=name)):
        assert len(read) == len(posts) == 3
