"""Test what `load` requests, returns, warns about and raises."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import socket
import sys
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS

NETWORKS = [
    "bluesky",
    "facebook",
    "instagram",
    "linkedin",
    "pinterest",
    "snapchat",
    "threads",
    "tiktok",
    "twitter",
    "youtube",
]
READ_AT, NEXT_AT = "2026-02-27T06:30:00.000Z", "2026-02-27T07:00:00.000Z"
KEYS = ("AYRSHARE_API_KEY", "AYRSHARE_PROFILE_KEY", "AYRSHARE_X_API_KEY", "AYRSHARE_X_API_SECRET", "AYRSHARE_BASE_URL")


@pytest.fixture(autouse=True)
def no_keys_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def api() -> Iterator[Any]:
    with ayr.sandbox(sleepless=True) as running:
        yield running


@pytest.fixture
def small() -> Iterator[Any]:
    """Return a sandbox with few posts and two more profiles."""
    with ayr.sandbox(posts=8, profiles=["cafe", "shop"], sleepless=True) as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> ayr.Archive:
    return ayr.Archive(tmp_path / "archive")


def post(name: str, created: str | None = "2026-02-20T10:00:00.000Z", **fields: Any) -> dict[str, Any]:
    return {"id": name, "post": f"post {name}", "postUrl": f"https://example.com/{name}", "created": created, **fields}


def history(api: Any, *pages: Sequence[object], platform: str = "bluesky", **fields: Any) -> None:
    """Make a platform return these pages; their cursors are c2, c3, ..."""
    for number, posts in enumerate(pages, 1):
        following = {"hasMore": True, "next": f"c{number + 1}"} if number < len(pages) else {"hasMore": False}
        body = {"status": "success", "posts": posts, "lastUpdated": READ_AT, "meta": {"pagination": following}}
        cursor = f"c{number}" if number > 1 else None
        api.misbehave(
            "status",
            200,
            body={**body, **fields},
            platform=platform,
            when=lambda request, cursor=cursor: request.query.get("next") == cursor,
        )


def five_pages(api: Any, platform: str = "bluesky") -> list[str]:
    """Serve five pages of two posts, newest first, and return the ids in this order."""
    ids = [f"{platform}-{index}" for index in range(10)]
    pages = [
        [post(ids[index], f"2026-02-{20 - index:02}T10:00:00Z") for index in (page, page + 1)]
        for page in range(0, 10, 2)
    ]
    history(api, *pages, platform=platform)
    return ids


def ids(frame: pd.DataFrame) -> list[str]:
    return frame["id"].tolist()


def record_warnings(call: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """Return a frame and its DataWarnings; other warnings are errors."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = call()
    assert {warning.category for warning in caught} <= {ayr.DataWarning}
    return frame, [str(warning.message) for warning in caught]


def equal(left: pd.DataFrame, right: pd.DataFrame) -> None:
    """Compare frames that were read at different times, from sources that list different posts."""
    times = ["read_at", "listed_from"]
    pd.testing.assert_frame_equal(left.drop(columns=times, errors="ignore"), right.drop(columns=times, errors="ignore"))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# limit
def test_limit_default_returns_100_latest_posts_and_warns(api):
    with pytest.warns(ayr.DataWarning, match=r"TikTok.*100.*more"):
        posts = ayr.load("tiktok", client=api.client())
    everything = ayr.load("tiktok", limit=None, client=api.client())
    assert len(posts) == 100
    assert len(everything) == 155
    assert posts["created"].min() >= everything[~everything["id"].isin(posts["id"])]["created"].max()


@pytest.mark.parametrize("limit", [1, 7, 100, 101, 150, 154])
def test_limit_is_exact_and_warns_of_more_posts(api, limit):
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("tiktok", limit=limit, client=api.client())
    assert len(posts) == limit
    assert posts["id"].is_unique


@pytest.mark.parametrize("limit", [155, 156, 400, None])
def test_limit_of_all_posts_does_not_warn(api, limit):
    posts, messages = record_warnings(lambda: ayr.load("tiktok", limit=limit, client=api.client()))
    assert len(posts) == 155
    assert messages == []


def test_limit_below_the_page_size_is_sent(api):
    record_warnings(lambda: ayr.load("tiktok", limit=7, client=api.client()))
    assert [request.query["limit"] for request in api.requests] == ["7"]


def test_limit_applies_per_platform_and_profile(small):
    posts, messages = record_warnings(
        lambda: ayr.load(["tiktok", "youtube"], limit=3, profile_key=small.profile_keys, client=small.client())
    )
    assert posts.groupby(["profile", "platform"]).size().tolist() == [3, 3, 3, 3]
    assert len(messages) == 4


def test_limit_keeps_the_latest_of_an_unordered_page(small):
    days = [3, 9, 1, 7, 5, 2, 8]
    history(small, [post(f"day {day}", f"2026-02-{day:02}T10:00:00Z") for day in days])
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("bluesky", limit=3, client=small.client())
    assert ids(posts) == ["day 9", "day 7", "day 8"]


def test_platform_without_cursors_is_loaded_completely(api):
    api.misbehave("no_cursor")
    posts, messages = record_warnings(lambda: ayr.load("tiktok", limit=None, client=api.client()))
    assert len(posts) == 155
    assert messages == []


def test_limit_on_a_platform_without_cursors_warns(api):
    api.misbehave("no_cursor")
    posts, messages = record_warnings(lambda: ayr.load("tiktok", limit=100, client=api.client()))
    assert len(posts) == 100
    assert any("more" in text for text in messages), "55 of 155 posts are missing"


def test_maximum_of_the_api_warns():
    with ayr.sandbox(posts={"bluesky": 520}) as api:
        api.misbehave("no_cursor")
        posts, messages = record_warnings(lambda: ayr.load("bluesky", limit=None, client=api.client()))
    assert len(posts) == 500
    assert any("more" in text for text in messages)


def test_posts_without_id_are_one_row_without_cursors(small):
    def page(count: int) -> dict[str, Any]:
        return {"status": "success", "posts": [{"post": "nameless"}, *(post(str(index)) for index in range(count - 1))]}

    small.misbehave("status", 200, body=page(100), when=lambda request: request.query["limit"] == "100")
    small.misbehave("status", 200, body=page(150), when=lambda request: request.query["limit"] == "500")
    posts, _ = record_warnings(lambda: ayr.load("bluesky", limit=None, client=small.client()))
    assert len(posts) == 150


# since and until
MOMENTS = {
    "a": "2026-02-12T00:00:00Z",
    "b": "2026-02-11T23:59:59.999999Z",
    "c": "2026-02-11T23:00:00Z",
    "d": "2026-02-11T22:59:59.999999Z",
    "e": "2026-02-11T12:00:00Z",
    "f": "2026-02-10T00:00:00Z",
    "g": "2026-02-09T23:59:59.999999Z",
    "h": "2026-02-09T23:00:00Z",
    "i": "2026-02-09T22:59:59.999999Z",
}
NOON = datetime(2026, 2, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "tz", "expected"),
    [
        pytest.param("2026-02-10", "2026-02-11", "UTC", "bcdef", id="days in UTC"),
        pytest.param("2026-02-10", "2026-02-11", "Europe/Berlin", "defgh", id="days in Berlin"),
        pytest.param(date(2026, 2, 10), None, "UTC", "abcdef", id="since a date"),
        pytest.param(None, date(2026, 2, 9), "UTC", "ghi", id="until a date"),
        pytest.param("2026-02-11", None, "America/New_York", "abcde", id="since a day in New York"),
        pytest.param("2026-02-10T00:00", None, "UTC", "abcdef", id="since a naive time in UTC"),
        pytest.param("2026-02-10T00:00", None, "Europe/Berlin", "abcdefgh", id="since a naive time in Berlin"),
        pytest.param(
            pd.Timestamp(2026, 2, 10).to_pydatetime(), None, "Europe/Berlin", "abcdefgh", id="since a naive datetime"
        ),
        pytest.param(None, "2026-02-11T12:00:00Z", "Europe/Berlin", "efghi", id="until a time with a zone"),
        pytest.param(None, "2026-02-11T13:00:00+01:00", "UTC", "efghi", id="until a time with an offset"),
        pytest.param(None, "2026-02-11T11:59:59", "UTC", "fghi", id="until a second before"),
        pytest.param(NOON, NOON, "UTC", "e", id="both ends inclusive"),
        pytest.param(pd.Timestamp("2026-02-11T12:00:00.000001Z"), None, "UTC", "abcd", id="since a Timestamp"),
        pytest.param("2026-02-11", "2026-02-11", "UTC", "bcde", id="one day"),
    ],
)
def test_period_includes_both_ends(small, since, until, tz, expected):
    history(small, [post(name, created) for name, created in MOMENTS.items()])
    posts, messages = record_warnings(
        lambda: ayr.load("bluesky", since=since, until=until, tz=tz, client=small.client())
    )
    assert "".join(ids(posts)) == expected
    assert messages == []
    assert str(posts["created"].dtype) == "datetime64[us, UTC]"


def test_since_without_limit_returns_the_whole_period(api):
    everything = ayr.load("tiktok", limit=None, client=api.client())
    oldest = everything["created"].min()
    posts, messages = record_warnings(lambda: ayr.load("tiktok", since=oldest, client=api.client()))
    equal(posts, everything)
    assert len(posts) == 155
    assert messages == []


def test_until_alone_uses_the_default_limit(api):
    until = ayr.load("tiktok", limit=None, client=api.client())["created"].max()
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("tiktok", until=until, client=api.client())
    assert len(posts) == 100


def test_limit_applies_after_the_period(api):
    everything = ayr.load("tiktok", limit=None, client=api.client())
    until = everything["created"].sort_values().iloc[20]
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("tiktok", until=until, limit=5, client=api.client())
    inside = everything[everything["created"] <= until]
    assert set(posts["id"]) == set(inside.nlargest(5, "created")["id"])


def test_limit_above_the_period_returns_the_period(api):
    until = ayr.load("tiktok", limit=None, client=api.client())["created"].sort_values().iloc[20]
    posts, messages = record_warnings(lambda: ayr.load("tiktok", until=until, limit=50, client=api.client()))
    assert posts["created"].max() <= until
    assert len(posts) >= 21
    assert messages == []


def test_dates_are_sent_to_facebook_only(small):
    dates = {"since": "2026-02-20", "until": "2026-02-25"}
    record_warnings(lambda: ayr.load(["facebook", "tiktok"], **dates, client=small.client()))
    queries = {request.platform: request.query for request in small.requests}
    assert {name: queries["facebook"].get(name) for name in dates} == dates
    assert not queries["tiktok"].keys() & dates.keys()


@pytest.mark.parametrize("tz", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_dates_sent_to_facebook_cover_other_time_zones(api, tz):
    everything = ayr.load("facebook", limit=None, client=api.client())
    local = everything["created"].dt.tz_convert(tz)
    day = local.dt.date.value_counts().index[0]
    posts, _ = record_warnings(lambda: ayr.load("facebook", since=day, until=day, tz=tz, client=api.client()))
    assert set(posts["id"]) == set(everything[local.dt.date == day]["id"])


SHUFFLED = [7, 31, 2, 19, 40, 11, 3, 28, 36, 15, 5, 22, 39, 1, 26, 9]
PINNED = [1, *range(40, 25, -1)]


@pytest.mark.parametrize("days", [pytest.param(SHUFFLED, id="shuffled"), pytest.param(PINNED, id="pinned")])
def test_period_is_complete_for_any_order_of_pages(small, days):
    first = datetime(2026, 1, 1, 10, tzinfo=UTC)
    made = [post(f"day {day}", f"{first + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}") for day in days]
    for name in NETWORKS:
        history(small, *([*pair] for pair in zip(made[::2], made[1::2], strict=True)), platform=name)
    posts = ayr.load("all", since=first + timedelta(days=26), client=small.client())
    for name in NETWORKS:
        assert ids(posts[posts["platform"] == name]) == [f"day {day}" for day in days if day >= 26]
    assert len(small.requests) == 80, "unordered pages do not end the load"


def test_period_with_limit_is_complete_for_unordered_pages(small):
    first = datetime(2026, 1, 1, 10, tzinfo=UTC)
    made = [post(f"day {day}", f"{first + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}") for day in SHUFFLED]
    history(small, *([*pair] for pair in zip(made[::2], made[1::2], strict=True)))
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("bluesky", since=first + timedelta(days=5), limit=3, client=small.client())
    assert ids(posts) == ["day 40", "day 36", "day 39"]


@pytest.mark.parametrize(("newer", "requests"), [(0, 2), (1, 3), (3, 5), (6, 8), (7, 8)])
def test_load_stops_after_two_older_pages(small, newer, requests):
    pages = [
        [post(f"{page}{half}", f"2026-02-{20 - page:02}T1{9 - half}:00:00Z") for half in (0, 1)] for page in range(8)
    ]
    history(small, *pages)
    since = f"2026-02-{20 - newer + 1:02}"
    posts, messages = record_warnings(lambda: ayr.load("bluesky", since=since, client=small.client()))
    assert len(posts) == 2 * newer
    assert len(small.requests) == requests
    assert messages == []


def test_post_without_time_is_in_every_period(small):
    history(small, [post("new"), post("timeless", None), post("old", "2025-01-01T00:00:00Z")])
    assert ids(ayr.load("bluesky", since="2026-01-01", client=small.client())) == ["new", "timeless"]


# Requests
@pytest.mark.parametrize(
    ("parameter", "value", "platform", "owners"),
    [
        pytest.param("data_type", "posts", "tiktok", ["facebook", "instagram"], id="data_type"),
        pytest.param("skip_analytics", True, "tiktok", ["facebook", "instagram"], id="skip_analytics"),
        pytest.param("page_published", True, ["instagram", "tiktok"], ["facebook"], id="page_published"),
        pytest.param("user_id", "1", "facebook", ["twitter"], id="user_id"),
        pytest.param("user_name", "bakery", ["facebook", "bluesky"], ["twitter"], id="user_name"),
        pytest.param("skip_analytics", False, "tiktok", ["facebook", "instagram"], id="skip_analytics False"),
    ],
)
def test_parameter_of_other_platforms_raises_before_any_request(small, parameter, value, platform, owners):
    with pytest.raises(ValueError, match=parameter) as raised:
        ayr.load(platform, **{parameter: value}, client=small.client())
    assert all(owner in str(raised.value).lower() for owner in owners)
    assert small.requests == []


def test_parameter_is_sent_to_its_platforms(small):
    ayr.load(["facebook", "instagram", "tiktok"], data_type="posts", page_published=True, client=small.client())
    sent = {
        request.platform: {name: value for name, value in request.query.items() if name != "limit"}
        for request in small.requests
    }
    assert sent == {
        "facebook": {"dataType": "posts", "pagePublished": "true"},
        "instagram": {"dataType": "posts"},
        "tiktok": {},
    }


@pytest.mark.parametrize(
    ("given", "sent"), [({}, "true"), ({"page_published": True}, "true"), ({"page_published": False}, "false")]
)
def test_load_asks_facebook_for_posts_of_the_page(small, given, sent):
    ayr.load(["facebook", "instagram"], **given, client=small.client())
    queries = {request.platform: request.query.get("pagePublished") for request in small.requests}
    assert queries == {"facebook": sent, "instagram": None}


@pytest.fixture
def archive_of_whole_feed(small, tmp_path, monkeypatch):
    """Return an archive with a load of the whole Facebook feed that did not name `pagePublished`."""
    facebook = PLATFORMS["facebook"]
    with monkeypatch.context() as patch:
        parameters = tuple(replace(parameter, default=None) for parameter in facebook.parameters)
        patch.setitem(PLATFORMS, "facebook", replace(facebook, parameters=parameters))
        visitor = post("visitor", statusType="wall_post", likeCount=9)
        history(small, [post("page", likeCount=3), visitor], platform="facebook")
        ayr.load("facebook", client=small.client(), archive=ayr.Archive(tmp_path))
    assert [request.query.get("pagePublished") for request in small.requests] == [None]
    return ayr.Archive(tmp_path)


def test_archived_whole_feed_answers_offline(archive_of_whole_feed):
    posts = ayr.load("facebook", archive=archive_of_whole_feed, offline=True)
    assert ids(posts) == ["page", "visitor"]
    assert posts.ayr.metrics()["kind"].fillna("-").tolist() == ["-", "visitor"]
    assert posts.ayr.summary().set_index("metric").loc["likes", "sum"] == 3
    for page_published in (True, False):
        with pytest.raises(ayr.AyrframeError, match="no complete load of Facebook"):
            ayr.load("facebook", page_published=page_published, archive=archive_of_whole_feed, offline=True)


def test_archived_posts_of_the_page_answer_offline_first(small, archive_of_whole_feed):
    small.behave()
    history(small, [post("page", likeCount=4)], platform="facebook")
    ayr.load("facebook", client=small.client(), archive=archive_of_whole_feed)
    assert small.requests[-1].query["pagePublished"] == "true"
    assert ids(ayr.load("facebook", archive=archive_of_whole_feed, offline=True)) == ["page"]


def test_skip_analytics_returns_ids_with_all_columns(small):
    whole = ayr.load("instagram", client=small.client())
    posts = ayr.load("instagram", skip_analytics=True, client=small.client())
    assert ids(posts) == ids(whole)
    assert posts.dtypes.equals(whole.dtypes)
    assert posts["created"].isna().all()


def test_user_name_loads_another_X_account(small):
    default = ayr.load("twitter", client=small.client())
    others = ayr.load("twitter", user_name="example", client=small.client())
    assert not set(default["id"]) & set(others["id"])
    assert small.requests[-1].query["userName"] == "example"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        pytest.param({"limit": 0}, "limit", id="limit 0"),
        pytest.param({"limit": -5}, "limit", id="limit below 0"),
        pytest.param({"limit": 2.5}, "limit", id="limit with a fraction"),
        pytest.param({"limit": True}, "limit", id="limit true"),
        pytest.param({"limit": "10"}, "limit", id="limit text"),
        pytest.param({"since": "yesterday morning"}, "since", id="since no date"),
        pytest.param({"since": "2026-02-30"}, "since", id="since no day of the calendar"),
        pytest.param({"until": "2026-13-01"}, "until", id="until no month"),
        pytest.param({"since": 20260301}, "since", id="since a number"),
        pytest.param({"since": "2026-03-01", "until": "2026-02-01"}, "must not be later than", id="until before since"),
        pytest.param({"since": "2026-02-01", "tz": "Mars/Olympus"}, "tz", id="tz"),
        pytest.param({"data_type": "reels"}, "data_type", id="data_type"),
        pytest.param({"errors": "ignore"}, "errors", id="errors"),
        pytest.param({"validate": "loud"}, "validate", id="validate"),
        pytest.param({"offline": True}, "archive", id="offline without archive"),
    ],
)
def test_invalid_argument_raises_before_any_request(small, wrong, named):
    with pytest.raises(ValueError, match=named):
        ayr.load("facebook", **wrong, client=small.client())
    assert small.requests == []


@pytest.mark.parametrize(
    "targets",
    [
        pytest.param({"platform": ["tiktok", "youtube"]}, id="two platforms"),
        pytest.param({"platform": "all"}, id="all"),
        pytest.param({"platform": "tiktok", "profile_key": {"a": "KEY-A", "b": "KEY-B"}}, id="two profiles"),
    ],
)
def test_cursor_with_several_targets_raises(small, targets):
    with pytest.raises(ValueError, match="cursor"):
        ayr.load(**targets, cursor="abc", client=small.client())
    assert small.requests == []


@pytest.mark.parametrize("platform", ["instgram", "", "../user", "twitter?limit=1", ["tiktok", "myspace"], "gmb", []])
def test_unknown_platform_raises_with_choices(small, platform):
    with pytest.raises(ValueError, match="bluesky") as raised:
        ayr.load(platform, client=small.client())
    assert "youtube" in str(raised.value)
    assert small.requests == []


def test_x_is_an_alias_of_twitter(small):
    equal(ayr.load("x", client=small.client()), ayr.load("twitter", client=small.client()))
    assert {request.platform for request in small.requests} == {"twitter"}


def test_all_loads_every_platform_in_order(small):
    posts = ayr.load("all", client=small.client())
    assert list(dict.fromkeys(posts["platform"])) == NETWORKS
    assert len(posts) == 80
    assert isinstance(posts.index, pd.RangeIndex)


def test_rows_are_in_the_order_of_the_argument(small):
    posts = ayr.load(["youtube", "bluesky", "tiktok"], client=small.client())
    assert list(dict.fromkeys(posts["platform"])) == ["youtube", "bluesky", "tiktok"]
    other_way = ayr.load(["tiktok", "bluesky", "youtube"], client=small.client())
    assert posts.columns.equals(other_way.columns)
    for name in ("youtube", "bluesky", "tiktok"):
        alone = ayr.load(name, client=small.client())
        together = posts[posts["platform"] == name].reset_index(drop=True)
        equal(together[alone.columns], alone)


@pytest.mark.parametrize("platform", [["tiktok", "tiktok"], ["x", "twitter"], ("bluesky", "x", "bluesky", "twitter")])
def test_duplicate_platform_is_loaded_once(small, platform):
    posts = ayr.load(platform, client=small.client())
    names = {"x": "twitter"}
    assert len(small.requests) == len({names.get(name, name) for name in platform})
    assert len(posts) == 8 * len(small.requests)


# Profiles
def test_profile_dict_labels_the_rows_in_order(small):
    posts = ayr.load(["tiktok", "youtube"], profile_key=small.profile_keys, client=small.client())
    assert posts["profile"].tolist() == ["cafe"] * 16 + ["shop"] * 16
    assert posts["platform"].tolist() == (["tiktok"] * 8 + ["youtube"] * 8) * 2
    for label in small.profile_keys:
        alone = ayr.load(["tiktok", "youtube"], client=small.client(label))
        selected = posts[posts["profile"] == label].reset_index(drop=True)
        equal(selected.drop(columns="profile"), alone.drop(columns="profile"))


def test_single_profile_key_has_no_label(small):
    posts = ayr.load("tiktok", profile_key=small.profile_keys["cafe"], client=small.client("shop"))
    assert [request.profile for request in small.requests] == ["cafe"]
    assert posts["profile"].tolist() == [""] * 8
    equal(posts, ayr.load("tiktok", client=small.client("cafe")))


def test_profile_key_is_never_a_label(small):
    key = small.profile_keys["cafe"]
    posts = ayr.load("tiktok", profile_key=key, client=small.client())
    assert key not in posts.to_csv()


BAD_KEYS = {"newline": "HUSHKEY\nHUSH", "inner space": "HUSHKEY HUSH", "curly quote": "“HUSHKEY”", "NUL": "HUSHKEY\0"}


@pytest.mark.parametrize("kind", [*BAD_KEYS, "no text", "empty"])
@pytest.mark.parametrize("labelled", [False, True], ids=["one", "dict"])
def test_malformed_profile_key_raises_without_the_key(small, kind, labelled):
    key: Any = {**BAD_KEYS, "no text": 48151623, "empty": " "}[kind]
    with pytest.raises(ayr.ConfigError) as raised:
        ayr.load("tiktok", profile_key={"good": "ABCD", "cafe": key} if labelled else key, client=small.client())
    assert not any(part in f"{raised.value!s} {raised.value!r}" for part in ("HUSH", "48151623"))
    assert not labelled or "cafe" in str(raised.value)
    assert raised.value.__context__ is None
    assert small.requests == []


@pytest.mark.filterwarnings("ignore:.* posts of another key without a profile label")
def test_ten_profiles_are_never_mixed(tmp_path):
    labels = [f"profile {index}" for index in range(9)]
    with ayr.sandbox(posts=3, profiles=labels) as api:
        everyone = ["", *labels]
        expected = {label: set(ayr.load("tiktok", client=api.client(label))["id"]) for label in everyone}
        assert len(set.union(*expected.values())) == 30, "each profile has its own posts"
        archive = ayr.Archive(tmp_path / "one for all")
        for _ in range(2):  # First from the API, then from the archive.
            for label in everyone:
                assert set(ayr.load("tiktok", client=api.client(label), archive=archive)["id"]) == expected[label]
        count = len(api.requests)
        assert count == 20, "the second time, nothing is requested"
        for label in everyone:
            posts = ayr.load("tiktok", client=api.client(label), archive=archive, offline=True)
            assert set(posts["id"]) == expected[label]
        for options in ({}, {"archive": archive}, {"archive": archive}, {"archive": archive, "offline": True}):
            posts = ayr.load("tiktok", profile_key=api.profile_keys, client=api.client(), **options)
            for label in labels:
                assert set(posts[posts["profile"] == label]["id"]) == expected[label]
        with ThreadPoolExecutor(10) as pool:
            found = pool.map(
                lambda label: set(ayr.load("tiktok", client=api.client(label), archive=archive, refresh=True)["id"]),
                everyone * 3,
            )
            assert list(found) == [expected[label] for label in everyone * 3]


def test_swapped_labels_do_not_mix_archived_posts(small, archive):
    cafe, shop = small.profile_keys["cafe"], small.profile_keys["shop"]
    first = ayr.load("tiktok", profile_key={"ours": cafe}, client=small.client(), archive=archive)
    second = ayr.load("tiktok", profile_key={"ours": shop}, client=small.client(), archive=archive)
    assert not set(first["id"]) & set(second["id"])


# Partial failure
def test_failed_platform_warns_and_others_are_complete(small):
    small.misbehave("status", 500, platform="youtube")
    with pytest.warns(ayr.DataWarning, match="YouTube.*Ayrshare internal error"):
        posts = ayr.load(["tiktok", "youtube", "bluesky"], client=small.client())
    assert posts["platform"].tolist() == ["tiktok"] * 8 + ["bluesky"] * 8
    assert set(ayr.load_sample("youtube").columns) <= set(posts.columns), "columns depend on the platforms only"


def test_errors_raise_raises_with_posts_of_the_others(small):
    small.misbehave("status", 500, platform="youtube")
    with pytest.raises(ayr.LoadErrors) as raised:
        ayr.load(["tiktok", "youtube", "bluesky"], errors="raise", client=small.client())
    error = raised.value
    assert isinstance(error, ExceptionGroup)
    assert isinstance(error, ayr.AyrframeError)
    assert [(type(exception), exception.platform) for exception in error.exceptions] == [(ayr.ServerError, "youtube")]
    assert error.frame["platform"].tolist() == ["tiktok"] * 8 + ["bluesky"] * 8


def test_all_failed_raises_errors_in_order(small):
    small.misbehave("status", 403, platform="youtube")
    small.misbehave("status", 500, platform="tiktok")
    with pytest.raises(ayr.LoadErrors) as raised:
        ayr.load(["youtube", "tiktok"], client=small.client())
    assert [type(exception) for exception in raised.value.exceptions] == [ayr.AuthError, ayr.ServerError]
    assert raised.value.frame is None or raised.value.frame.empty


@pytest.mark.parametrize("errors", ["warn", "raise"])
def test_single_failed_load_raises_its_error(small, errors):
    small.misbehave("status", 500)
    with pytest.raises(ayr.ServerError) as raised:
        ayr.load("tiktok", errors=errors, client=small.client())
    assert (raised.value.status, raised.value.platform, raised.value.retryable) == (500, "tiktok", True)


def test_failed_profile_warns_with_its_label(small):
    small.misbehave("status", 500, profile="shop")
    with pytest.warns(ayr.DataWarning, match="shop"):
        posts = ayr.load("tiktok", profile_key=small.profile_keys, client=small.client())
    assert posts["profile"].tolist() == ["cafe"] * 8


def test_failed_platform_keeps_its_pages(small):
    wanted = five_pages(small)
    small.misbehave("status", 500, platform="bluesky", when=lambda request: request.query.get("next") == "c3")
    with pytest.warns(ayr.DataWarning, match="Bluesky"):
        posts = ayr.load(["tiktok", "bluesky"], limit=None, client=small.client())
    assert ids(posts[posts["platform"] == "bluesky"]) == wanted[:4]
    assert posts["platform"].tolist() == ["tiktok"] * 8 + ["bluesky"] * 4


def test_errors_of_several_loads_have_posts_and_cursor(small):
    wanted = five_pages(small)
    small.misbehave("status", 500, platform="bluesky", when=lambda request: request.query.get("next") == "c3")
    with pytest.raises(ayr.LoadErrors) as raised:
        ayr.load(["tiktok", "bluesky"], limit=None, errors="raise", client=small.client())
    (error,) = raised.value.exceptions
    assert len(raised.value.frame) == 12
    assert error.cursor == "c3"
    assert error.frame is not None, "pages had arrived"
    assert ids(error.frame) == wanted[:4]


def test_all_skips_unlinked_platforms_with_one_warning():
    linked = ["tiktok", "threads"]
    with ayr.sandbox(posts=dict.fromkeys(linked, 4)) as api:
        posts, messages = record_warnings(lambda: ayr.load("all", errors="raise", client=api.client()))
    assert list(dict.fromkeys(posts["platform"])) == ["threads", "tiktok"]
    assert len(messages) == 1
    for name, title in ayr.platforms().set_index("platform")["title"].items():
        assert (title in messages[0]) == (name not in linked)


def test_named_unlinked_platform_raises():
    with ayr.sandbox(posts={"tiktok": 4}) as api:
        with pytest.raises(ayr.NotLinkedError) as raised:
            ayr.load("youtube", client=api.client())
        assert (raised.value.code, raised.value.platform) == (156, "youtube")
        with pytest.raises(ayr.LoadErrors) as several:
            ayr.load(["tiktok", "youtube"], errors="raise", client=api.client())
        assert [type(error) for error in several.value.exceptions] == [ayr.NotLinkedError]
        with pytest.warns(ayr.DataWarning, match="YouTube"):
            assert len(ayr.load(["tiktok", "youtube"], client=api.client())) == 4


def test_all_without_linked_platforms_raises():
    with ayr.sandbox(posts={}) as api, pytest.raises(ayr.AyrframeError) as raised:
        ayr.load("all", client=api.client())
    assert isinstance(raised.value, ayr.LoadErrors)
    assert {type(error) for error in raised.value.exceptions} == {ayr.NotLinkedError}


def test_all_warns_of_other_errors(small):
    small.misbehave("status", 500, platform="youtube")
    with pytest.warns(ayr.DataWarning, match="YouTube"):
        posts = ayr.load("all", client=small.client())
    assert list(dict.fromkeys(posts["platform"])) == NETWORKS[:-1]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(("status", 500), ayr.ServerError, id="500"),
        pytest.param(("status", 400), ayr.RequestError, id="400"),
        pytest.param(("cut", 0.5), ayr.TransportError, id="cut"),
    ],
)
def test_error_on_page_3_keeps_two_pages_and_resumes(small, fault, kind):
    wanted = five_pages(small)
    small.misbehave(*fault, when=lambda request: request.query.get("next") == "c3")
    with pytest.raises(kind) as raised:
        ayr.load("bluesky", limit=None, client=small.client())
    error = raised.value
    assert ids(error.frame) == wanted[:4]
    assert error.frame.dtypes.equals(ayr.load_sample("bluesky").dtypes)
    assert isinstance(error.frame.index, pd.RangeIndex)
    if kind is not ayr.RequestError:  # A rejected cursor cannot be used to resume.
        small.behave()
        assert five_pages(small) == wanted
        rest = ayr.load("bluesky", limit=None, cursor=error.cursor, client=small.client())
        assert ids(rest) == wanted[4:]


def test_resumed_load_equals_an_undisturbed_load(api):
    whole = ayr.load("tiktok", limit=None, client=api.client())
    api.misbehave("status", 503, when=lambda request: "next" in request.query)
    with pytest.raises(ayr.ServerError) as raised:
        ayr.load("tiktok", limit=None, client=api.client())
    api.behave()
    rest = ayr.load("tiktok", limit=None, cursor=raised.value.cursor, client=api.client())
    equal(pd.concat([raised.value.frame, rest], ignore_index=True), whole)


@pytest.mark.parametrize(
    ("kind", "value", "status"),
    [
        pytest.param("beside_error", 200, 200, id="posts beside status error"),
        pytest.param("beside_error", 400, 400, id="400 with posts"),
        pytest.param("partial", 200, 200, id="status partial"),
    ],
)
def test_posts_with_an_error_are_returned_with_its_message(small, kind, value, status):
    whole = ayr.load("instagram", client=small.client())
    small.misbehave(kind, value)
    posts, messages = record_warnings(lambda: ayr.load("instagram", client=small.client()))
    assert small.requests[-1].status == status
    equal(posts.iloc[:7], whole.iloc[:7])
    assert ids(posts) == ids(whole), "the error record is a row as well"
    assert any("Error getting analytics" in text for text in messages)


def test_message_of_the_envelope_is_repeated(small):
    history(small, [post("a")], status="error", code=187, message="Analytics are late today")
    posts, messages = record_warnings(lambda: ayr.load("bluesky", client=small.client()))
    assert ids(posts) == ["a"]
    assert any("Analytics are late today" in text for text in messages)


@pytest.mark.parametrize("platform", NETWORKS)
def test_empty_history_is_an_empty_frame(platform):
    with ayr.sandbox(posts=0) as api:
        posts, messages = record_warnings(lambda: ayr.load(platform, client=api.client()))
        assert api.requests[0].status == 400
    assert posts.empty
    assert messages == []
    assert posts.dtypes.equals(ayr.load_sample(platform).dtypes)
    assert isinstance(posts.index, pd.RangeIndex)


def test_period_without_posts_is_an_empty_frame(small):
    posts = ayr.load("tiktok", since="2031-01-01", client=small.client())
    assert posts.empty
    assert posts.dtypes.equals(ayr.load_sample("tiktok").dtypes)


def test_empty_history_among_others_does_not_warn():
    with ayr.sandbox(posts={"tiktok": 3, "youtube": 0}) as api:
        posts, messages = record_warnings(lambda: ayr.load(["youtube", "tiktok"], errors="raise", client=api.client()))
    assert posts["platform"].tolist() == ["tiktok"] * 3
    assert messages == []
    assert set(ayr.load_sample("youtube").columns) <= set(posts.columns)


# Errors
@pytest.mark.parametrize(
    ("fault", "options", "kind", "expected"),
    [
        pytest.param(("status", 401), {}, ayr.AuthError, {"status": 401}, id="401"),
        pytest.param(("status", 403), {}, ayr.AuthError, {"status": 403, "retryable": False}, id="403"),
        pytest.param(("status", 404), {}, ayr.RequestError, {"status": 404}, id="404"),
        pytest.param(
            ("status", 400),
            {"body": {"status": "error", "code": 156, "message": "not linked"}},
            ayr.NotLinkedError,
            {"status": 400, "code": 156},
            id="156",
        ),
        pytest.param(
            ("status", 400),
            {"body": {"errors": [{"status": "error", "code": 272, "message": "relink"}]}},
            ayr.NotLinkedError,
            {"code": 272},
            id="272 in errors",
        ),
        pytest.param(
            ("status", 200),
            {"body": {"status": "error", "history": {"status": "error", "code": 161, "message": "relink"}}},
            ayr.NotLinkedError,
            {"code": 161},
            id="161 under history",
        ),
        pytest.param(
            ("status", 429),
            {"retry_after": 3600},
            ayr.RateLimitError,
            {"status": 429, "retry_after": 3600, "retryable": True},
            id="429",
        ),
        pytest.param(("status", 500), {}, ayr.ServerError, {"status": 500, "retryable": True}, id="500"),
        pytest.param(("status", 502), {"body": "<html><title>Bad</title>"}, ayr.ServerError, {"status": 502}, id="502"),
        pytest.param(("cut", 0.5), {}, ayr.TransportError, {"retryable": True}, id="cut"),
        pytest.param(("status", 200), {"body": "<html><title>Sign in</title>"}, ayr.ResponseError, {}, id="web page"),
        pytest.param(("status", 200), {"body": "[1, 2"}, ayr.ResponseError, {}, id="no JSON"),
        pytest.param(("status", 200), {"body": '{"hello": 1}'}, ayr.ResponseError, {}, id="no envelope"),
    ],
)
def test_failure_raises_its_class_with_attributes(small, fault, options, kind, expected):
    small.misbehave(*fault, **options)
    with pytest.raises(ayr.AyrframeError) as raised:
        ayr.load("tiktok", client=small.client())
    assert type(raised.value) is kind
    assert raised.value.platform == "tiktok"
    assert {name: getattr(raised.value, name) for name in expected} == expected


def test_x_without_keys_raises_with_header_names(small):
    with pytest.raises(ayr.NotLinkedError) as raised:
        ayr.load("twitter", client=small.client(x_api_key="", x_api_secret=""))
    assert raised.value.code == 419
    assert "x_api_key" in str(raised.value).lower() or "x-twitter-oauth1-api-key" in str(raised.value).lower()


def test_rejected_key_raises_auth_error(small):
    with pytest.raises(ayr.AuthError):
        ayr.load("tiktok", client=small.client(api_key="AAAAAAAA-BBBBBBBB-CCCCCCCC-DDDDDDDD"))


def test_no_connection_raises_transport_error(small):
    with pytest.raises(ayr.TransportError):
        ayr.load("tiktok", client=small.client(base_url=f"http://127.0.0.1:{closed_port()}/api"))


def test_no_key_raises_config_error():
    with pytest.raises(ayr.ConfigError, match="AYRSHARE_API_KEY"):
        ayr.load("tiktok")


def test_environment_variables_set_the_keys(small, monkeypatch):
    for name, value in zip(
        KEYS,
        (small.api_key, small.profile_keys["cafe"], small.x_api_key, small.x_api_secret, small.base_url),
        strict=True,
    ):
        monkeypatch.setenv(name, value)
    equal(ayr.load("twitter"), ayr.load("twitter", client=small.client("cafe")))


def test_single_429_is_retried(small):
    small.misbehave("status", 429, retry_after=2, times=1)
    posts, messages = record_warnings(lambda: ayr.load("tiktok", client=small.client()))
    assert len(posts) == 8
    assert messages == []
    assert [request.status for request in small.requests] == [429, 200]


# Overlaps
def test_post_on_two_pages_is_one_row(api):
    whole = ayr.load("tiktok", limit=None, client=api.client())
    api.misbehave("overlap", 30)
    equal(ayr.load("tiktok", limit=None, client=api.client()), whole)
    api.behave()
    api.misbehave("overlap", 30)
    posts, _ = record_warnings(lambda: ayr.load("tiktok", limit=120, client=api.client()))
    equal(posts, whole.iloc[:120])


@pytest.mark.parametrize(("first", "second", "likes"), [("08", "09", 2), ("09", "08", 1), ("08", "08", 2)])
def test_newer_of_two_copies_is_kept(small, first, second, likes):
    for number, (hour, cursor) in enumerate([(first, None), (second, "c2")], 1):
        following = {"hasMore": True, "next": "c2"} if cursor is None else {"hasMore": False}
        posts = [post("twice", likeCount=number), post(f"only {number}")]
        body = {"status": "success", "posts": posts, "lastUpdated": f"2026-02-27T{hour}:00:00Z"}
        small.misbehave(
            "status",
            200,
            body={**body, "meta": {"pagination": following}},
            when=lambda request, cursor=cursor: request.query.get("next") == cursor,
        )
    posts = ayr.load("bluesky", client=small.client())
    assert sorted(ids(posts)) == ["only 1", "only 2", "twice"]
    assert posts.set_index("id")["like_count"]["twice"] == likes


RECORD = {"id": "a", "action": "analytics", "status": "error", "code": 187, "message": "Error getting analytics"}


@pytest.mark.parametrize("order", ["post first", "record first"])
def test_error_record_does_not_replace_a_post(small, order):
    pair = [[post("a"), post("b")], [RECORD, post("c")]]
    for name in NETWORKS:
        history(small, *(pair if order == "post first" else pair[::-1]), platform=name)
    posts, _ = record_warnings(lambda: ayr.load("all", client=small.client()))
    for name in NETWORKS:
        selected = posts[posts["platform"] == name].set_index("id")
        assert sorted(selected.index) == ["a", "b", "c"]
        assert selected["post"]["a"] == "post a"


# Archive
def test_pages_are_archived_before_the_next_request(small, archive):
    seen: list[tuple[int, int]] = []

    def look(request: Any) -> bool:
        seen.append((len(list(Path(archive.path).rglob("*.page"))), len(archive.posts("bluesky"))))
        return False

    five_pages(small)
    small.misbehave("latency", 0.0, when=look)
    ayr.load("bluesky", limit=None, client=small.client(), archive=archive)
    assert seen == [(0, 0), (1, 2), (2, 4), (3, 6), (4, 8)]


def test_archive_is_used_until_next_update(api, archive):
    first = ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    count = len(api.requests)
    api.advance(minutes=32)
    again, messages = record_warnings(lambda: ayr.load("tiktok", limit=None, client=api.client(), archive=archive))
    equal(again, first)
    assert messages == []
    assert len(api.requests) == count
    api.advance(minutes=1)
    later = ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    assert len(api.requests) == 2 * count
    assert (later["as_of"] > first["as_of"].max()).any()


def test_refresh_requests_despite_current_pages(small, archive):
    for _ in range(2):
        ayr.load("tiktok", client=small.client(), archive=archive, refresh=True)
    assert len(small.requests) == 2


def test_archive_is_not_used_for_other_parameters(small, archive):
    ayr.load("facebook", client=small.client(), archive=archive)
    for options in ({"data_type": "posts"}, {"limit": 101}, {"since": "2026-01-01"}, {"until": "2026-02-27"}):
        count = len(small.requests)
        ayr.load("facebook", **options, client=small.client(), archive=archive)
        assert len(small.requests) > count, options


def test_archived_load_warns_of_more_posts(api, archive):
    with pytest.warns(ayr.DataWarning, match="may be more"):
        first = ayr.load("tiktok", client=api.client(), archive=archive)
    again, messages = record_warnings(lambda: ayr.load("tiktok", client=api.client(), archive=archive))
    equal(again, first)
    assert len(api.requests) == 1
    assert any("more" in text for text in messages), "55 of 155 posts are missing"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"platform": "tiktok", "limit": None}, id="all of one"),
        pytest.param({"platform": "tiktok", "limit": 120}, id="limit over pages"),
        pytest.param({"platform": ["youtube", "x", "bluesky"]}, id="several"),
        pytest.param({"platform": "facebook", "since": "2026-02-01", "tz": "Europe/Berlin"}, id="since"),
        pytest.param({"platform": "instagram", "data_type": "stories"}, id="parameter"),
    ],
)
def test_offline_returns_the_rows_of_the_load_without_key(api, archive, options):
    first, _ = record_warnings(lambda: ayr.load(**options, client=api.client(), archive=archive))
    count = len(api.requests)
    api.advance(days=3)
    with_client, _ = record_warnings(lambda: ayr.load(**options, client=api.client(), archive=archive, offline=True))
    without, _ = record_warnings(lambda: ayr.load(**options, archive=archive, offline=True))
    equal(with_client, first)
    equal(without, first)
    assert len(api.requests) == count


def test_offline_returns_the_last_load(api, archive):
    ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    api.advance(days=2)
    second = ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    equal(ayr.load("tiktok", limit=None, archive=archive, offline=True), second)


def test_offline_limit_hint_says_that_the_archive_has_no_more(api, archive):
    _, live = record_warnings(lambda: ayr.load("tiktok", limit=5, client=api.client(), archive=archive))
    _, offline = record_warnings(lambda: ayr.load("tiktok", limit=5, archive=archive, offline=True))
    assert live == ["TikTok: loaded 5 posts; there may be more (pass `limit=None` to load all)."]
    assert offline == ["TikTok: loaded 5 posts; there may be more (`limit=None` loads all, from the API only)."]
    with pytest.raises(
        ayr.AyrframeError, match=r"no complete load of TikTok .* Load it once without `offline=True`; `Arc"
    ):
        ayr.load("tiktok", limit=None, archive=archive, offline=True)


def test_offline_returns_an_empty_history(archive):
    with ayr.sandbox(posts=0) as api:
        first = ayr.load("tiktok", client=api.client(), archive=archive)
    equal(ayr.load("tiktok", archive=archive, offline=True), first)


def test_offline_merges_overlapping_pages(api, archive):
    api.misbehave("overlap", 30)
    first = ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    equal(ayr.load("tiktok", limit=None, archive=archive, offline=True), first)


def test_offline_with_labels_needs_no_valid_key(small, archive):
    first = ayr.load("tiktok", profile_key=small.profile_keys, client=small.client(), archive=archive)
    equal(ayr.load("tiktok", profile_key=small.profile_keys, archive=archive, offline=True), first)


def test_offline_with_an_empty_archive_raises(archive):
    with pytest.raises(FileNotFoundError, match="No archive found"):
        ayr.load("tiktok", archive=archive, offline=True)
    Path(archive.path).mkdir()
    with pytest.raises(ayr.AyrframeError, match="archive"):
        ayr.load("tiktok", archive=archive, offline=True)


@pytest.mark.parametrize("why", ["no connection", "no key"])
def test_load_without_connection_or_key_uses_the_archive_and_warns(small, archive, why):
    first = ayr.load("tiktok", client=small.client(), archive=archive)
    small.advance(days=1)
    small.misbehave("cut", 0.3)
    client = small.client() if why == "no connection" else None
    posts, messages = record_warnings(lambda: ayr.load("tiktok", client=client, archive=archive))
    equal(posts, first)
    assert any("2026-02-27" in text for text in messages), "the time of the data"


@pytest.mark.parametrize("why", ["no connection", "no key"])
def test_load_with_an_empty_archive_raises_the_original_error(small, archive, why):
    small.misbehave("cut", 0.3)
    client = small.client() if why == "no connection" else None
    with pytest.raises(ayr.AyrframeError) as raised:
        ayr.load("tiktok", client=client, archive=archive)
    assert type(raised.value) is (ayr.TransportError if client else ayr.ConfigError)


def test_server_error_is_raised_despite_archived_pages(small, archive):
    ayr.load("tiktok", client=small.client(), archive=archive)
    small.advance(days=1)
    small.misbehave("status", 403)
    with pytest.raises(ayr.AuthError):
        ayr.load("tiktok", client=small.client(), archive=archive)


@pytest.mark.parametrize("platform", ["tiktok", ["tiktok", "youtube"]], ids=["one", "two"])
def test_unwritable_archive_returns_the_posts(small, tmp_path, platform):
    path = tmp_path / "a file"
    path.write_text("no folder")
    posts, messages = record_warnings(lambda: ayr.load(platform, client=small.client(), archive=ayr.Archive(path)))
    equal(posts, ayr.load(platform, client=small.client()))
    assert len([text for text in messages if "Cannot store pages" in text]) == 1
    assert path.read_text() == "no folder"


def test_load_equals_the_posts_of_its_archive(small, archive):
    posts = ayr.load(["tiktok", "youtube"], client=small.client(), archive=archive)
    equal(archive.posts(["tiktok", "youtube"]), posts)
    equal(archive.latest(["tiktok", "youtube"]), posts)


# Sources
@pytest.mark.parametrize(("platform", "label"), list(zip(NETWORKS, ["", "cafe"] * 5, strict=True)))
def test_all_sources_give_equal_frames(small, archive, tmp_path, platform, label):
    client = small.client()
    keys = {label: small.profile_keys[label]} if label else None
    live = ayr.load(platform, profile_key=keys, client=client, archive=archive)
    headers = {
        "Authorization": f"Bearer {small.api_key}",
        "X-Twitter-OAuth1-Api-Key": small.x_api_key,
        "X-Twitter-OAuth1-Api-Secret": small.x_api_secret,
        **({"Profile-Key": small.profile_keys[label]} if label else {}),
    }
    url = f"{small.base_url}/history/{platform}?{urlencode({'limit': 100})}"
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
        body = response.read()
    reply = json.loads(body)
    plain, zipped = tmp_path / "reply.json", tmp_path / "reply.json.gz"
    plain.write_bytes(body)
    zipped.write_bytes(gzip.compress(body))
    assert len(live) == 8
    equal(archive.posts(platform), live)
    equal(ayr.load(platform, profile_key=keys, archive=archive, offline=True), live)
    equal(ayr.read_json(plain, platform=platform, profile=label), live)
    equal(ayr.read_json(zipped, platform=platform, profile=label), live)
    equal(ayr.read_json(body, platform=platform, profile=label), live)
    as_of = reply["lastUpdated"]
    equal(ayr.from_posts(reply["posts"], platform=platform, profile=label, as_of=pd.Timestamp(as_of)), live)


def test_default_sandbox_equals_the_samples(api):
    live = ayr.load("all", limit=None, client=api.client())
    sample = ayr.load_sample()
    numbers = live.select_dtypes("number").columns
    equal(
        live[["platform", "id", "created", "post", *numbers]], sample[["platform", "id", "created", "post", *numbers]]
    )


def test_validate_checks_loaded_posts(small):
    history(small, [post("a", likeCount=-1)])
    with pytest.warns(ayr.DataWarning, match="like_count"):
        ayr.load("bluesky", client=small.client())
    with pytest.raises(ayr.SchemaError) as raised:
        ayr.load("bluesky", client=small.client(), validate="raise")
    assert ids(raised.value.frame) == ["a"]
    _, messages = record_warnings(lambda: ayr.load("bluesky", client=small.client(), validate=None))
    assert messages == []


def test_warning_has_the_line_of_the_caller(api):
    with pytest.warns(ayr.DataWarning, match="more") as caught:
        ayr.load("tiktok", client=api.client())
    assert caught[0].filename == __file__


# Environments
def test_load_works_in_a_running_event_loop(small):
    async def cell() -> pd.DataFrame:
        return ayr.load(["tiktok", "youtube"], client=small.client())

    assert len(asyncio.run(cell())) == 16


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_default_is_silent_in_scripts(api, capsys):
    ayr.load("tiktok", limit=None, client=api.client())
    assert capsys.readouterr() == ("", "")


def test_progress_true_shows_and_removes_a_bar(small, monkeypatch):
    five_pages(small)
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    ayr.load("bluesky", limit=None, progress=True, client=small.client())
    shown = screen.getvalue()
    assert "posts" in shown
    assert not shown.split("\r")[-1].strip(" \x1b[AK"), "the bar is removed"


def test_progress_bar_of_pages_shows_post_analytics_too(monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    with ayr.sandbox(posts={"youtube": 120}) as api:
        posts = ayr.load("youtube", limit=None, analytics=True, progress=True, client=api.client())
    assert len(posts) == 120
    assert "120 posts in 2 requests" in screen.getvalue()


@pytest.mark.parametrize(("pages", "shown"), [(1, False), (5, True)])
def test_progress_default_shows_a_bar_for_several_requests(small, monkeypatch, pages, shown):
    if pages > 1:
        five_pages(small)
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    ayr.load("bluesky", limit=None, client=small.client())
    assert bool(screen.getvalue()) == shown


def test_progress_false_is_silent_in_a_terminal(small, monkeypatch):
    five_pages(small)
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    ayr.load("bluesky", limit=None, progress=False, client=small.client())
    assert screen.getvalue() == ""


def test_progress_bar_is_removed_after_an_error(small, monkeypatch):
    five_pages(small)
    small.misbehave("status", 400, when=lambda request: request.query.get("next") == "c4")
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    with pytest.raises(ayr.RequestError):
        ayr.load("bluesky", limit=None, progress=True, client=small.client())
    assert not screen.getvalue().split("\r")[-1].strip(" \x1b[AK")


def test_rows_are_in_the_order_of_the_pages(api):
    posts = ayr.load("tiktok", limit=None, client=api.client())
    assert all(before >= after for before, after in pairwise(posts["created"]))


@pytest.mark.parametrize("as_path", [str, Path])
def test_F8_load_archive_may_be_a_path(as_path: Callable[[Path], str | Path], tmp_path: Path) -> None:
    with ayr.sandbox(posts=8) as api:
        posts = ayr.load("bluesky", client=api.client(), archive=as_path(tmp_path / "pages"))
    stored = ayr.load("bluesky", archive=as_path(tmp_path / "pages"), offline=True)
    pd.testing.assert_frame_equal(posts, stored)
    assert ayr.Archive(tmp_path / "pages").posts()["id"].tolist() == posts["id"].tolist()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"archive": 5}, TypeError, "`archive` must be an ayr.Archive or the path of its folder, got int"),
        ({"archive": b"folder"}, TypeError, "`archive` must be an ayr.Archive or the path of its folder, got bytes"),
        ({"client": "text"}, TypeError, r"`client` must be an ayr.Client, such as ayr.Client\(api_key=...\), got str"),
        ({"client": ayr.Client}, TypeError, "`client` must be an ayr.Client, such as .*, got type"),
        ({"limit": True}, TypeError, "`limit` must be an integer of at least 1, or None for all posts, got 'True' of"),
        ({"limit": 0}, ValueError, "`limit` must be an integer of at least 1, or None for all posts, got '0' of"),
        ({"limit": "10"}, TypeError, "`limit` must be an integer of at least 1, or None for all posts, got '10' of"),
        ({"limit": np.True_}, TypeError, "`limit` must be an integer of at least 1"),
        ({"limit": 2.0}, TypeError, "`limit` must be an integer of at least 1.* got '2.0'"),
        ({"limit": 10**5000}, ValueError, "`limit` must be an integer of at least 1.* got a huge number"),
        ({"limit": -(10**5000)}, ValueError, "`limit` must be an integer of at least 1.* got a huge number"),
        ({"profile_key": {5: "K" * 20}}, TypeError, "The labels in `profile_key` must be str, got int"),
        ({"profile_key": {None: "K" * 20}}, TypeError, "The labels in `profile_key` must be str, got NoneType"),
        ({"profile_key": {"caf\ud83d": "K" * 20}}, ValueError, r"A label in `profile_key` has half of a character"),
        ({"cursor": 5}, TypeError, "`cursor` must be a str, got int"),
        ({"cursor": "\udc00"}, ValueError, r"`cursor` has half of a character \(a lone surrogate\): '.udc00'"),
        ({"user_name": "\ud83d"}, ValueError, "`user_name` has half of a character"),
        ({"user_id": 1.5}, TypeError, "`user_id` must be a str, got '1.5'"),
        ({"user_id": b"12"}, TypeError, "`user_id` must be a str"),
    ],
)
def test_F8_load_invalid_argument_raises_before_any_request(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with ayr.sandbox() as api:
        with pytest.raises(error, match=message) as caught:
            ayr.load("twitter", **{"client": api.client()} | arguments)
        assert isinstance(caught.value, TypeError) == (error is TypeError)
        assert "K" * 20 not in str(caught.value)
        assert len(api.requests) == 0


@pytest.mark.parametrize("limit", [np.int64(2), np.uint8(2), np.int16(2)])
def test_load_limit_may_be_a_NumPy_integer(limit: Any, tmp_path: Path) -> None:
    with ayr.sandbox() as api:
        client, archive = api.client(), ayr.Archive(tmp_path / "pages")
        for number, options in ((limit, {"client": client}), (2, {"offline": True})):
            with pytest.warns(ayr.DataWarning, match="loaded 2 posts; there may be more"):
                assert len(ayr.load("bluesky", limit=number, archive=archive, **options)) == 2


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize(
    "seconds",
    [1e300, sys.float_info.max, float("inf"), float("nan"), pytest.param(10**400, id="huge"), 0, -1.0,
     np.float64(-2.5), np.int64(-1), 4_000_001],
)  # fmt: skip
def test_F8_Client_seconds_that_no_system_can_wait_raise(name: str, seconds: Any) -> None:
    with pytest.raises(ValueError, match=rf"`{name}` must be a number of seconds greater than 0 and at most 4,000,000"):
        ayr.Client("K" * 20, **{name: seconds})


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize("seconds", [True, "5", np.False_, [5]])
def test_Client_seconds_that_are_not_numbers_raise(name: str, seconds: Any) -> None:
    with pytest.raises(TypeError, match=rf"`{name}` must be a number of seconds greater than 0 .*, got '.*' of type "):
        ayr.Client("K" * 20, **{name: seconds})


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize("seconds", [np.float32(30), np.float64(30), np.int64(30), Fraction(30), 4_000_000])
def test_Client_seconds_may_be_any_real_number(name: str, seconds: Any) -> None:
    with ayr.sandbox(posts=8) as api:
        given = api.client(**{name: seconds})
        assert type(getattr(given, name)) is float
        assert len(ayr.load("bluesky", client=given)) == 8
