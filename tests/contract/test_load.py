"""Test what `load` requests, returns, warns about and raises."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import os
import socket
import subprocess
import sys
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest

import ayrframe as ayr

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
    """A sandbox with few posts and two profiles more."""
    with ayr.sandbox(posts=8, profiles=["cafe", "shop"], sleepless=True) as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> ayr.Archive:
    return ayr.Archive(tmp_path / "archive")


def post(name: str, created: str | None = "2026-02-20T10:00:00.000Z", **fields: Any) -> dict[str, Any]:
    return {"id": name, "post": f"post {name}", "postUrl": f"https://example.com/{name}", "created": created, **fields}


def history(api: Any, *pages: Sequence[object], platform: str = "bluesky", **fields: Any) -> None:
    """Let a network answer with exactly these pages; the cursors between them are c2, c3, …"""
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
    ids = [f"{platform}-{place}" for place in range(10)]
    pages = [
        [post(ids[place], f"2026-02-{20 - place:02}T10:00:00Z") for place in (page, page + 1)]
        for page in range(0, 10, 2)
    ]
    history(api, *pages, platform=platform)
    return ids


def ids(frame: pd.DataFrame) -> list[str]:
    return frame["id"].tolist()


def record_warnings(call: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """Return a frame and the DataWarnings on the way to it; any other warning is an error."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = call()
    assert {warning.category for warning in caught} <= {ayr.DataWarning}
    return frame, [str(warning.message) for warning in caught]


def asked(api: Any) -> list[tuple[str | None, str | None]]:
    return sorted((request.platform, request.query.get("next")) for request in api.requests)


def equal(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# limit
def test_without_a_limit_the_newest_100_posts_come_and_a_warning_says_there_are_more(api):
    with pytest.warns(ayr.DataWarning, match=r"TikTok.*100.*more"):
        posts = ayr.load("tiktok", client=api.client())
    everything = ayr.load("tiktok", limit=None, client=api.client())
    assert len(posts) == 100
    assert len(everything) == 155
    assert posts["created"].min() >= everything[~everything["id"].isin(posts["id"])]["created"].max()


@pytest.mark.parametrize("limit", [1, 7, 100, 101, 150, 154])
def test_a_limit_is_kept_exactly_and_what_it_cut_off_is_said(api, limit):
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("tiktok", limit=limit, client=api.client())
    assert len(posts) == limit
    assert posts["id"].is_unique


@pytest.mark.parametrize("limit", [155, 156, 400, None])
def test_nothing_is_said_when_all_there_are_came(api, limit):
    posts, messages = record_warnings(lambda: ayr.load("tiktok", limit=limit, client=api.client()))
    assert len(posts) == 155
    assert messages == []


def test_a_limit_is_never_asked_for_in_larger_pages_than_it_needs(api):
    record_warnings(lambda: ayr.load("tiktok", limit=7, client=api.client()))
    assert [request.query["limit"] for request in api.requests] == ["7"]


def test_a_limit_holds_for_each_platform_and_profile(small):
    posts, messages = record_warnings(
        lambda: ayr.load(["tiktok", "youtube"], limit=3, profile_key=small.profile_keys, client=small.client())
    )
    assert posts.groupby(["profile", "platform"]).size().tolist() == [3, 3, 3, 3]
    assert len(messages) == 4


def test_the_newest_are_kept_of_a_page_that_is_larger_than_asked_for_and_not_in_order(small):
    days = [3, 9, 1, 7, 5, 2, 8]
    history(small, [post(f"day {day}", f"2026-02-{day:02}T10:00:00Z") for day in days])
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("bluesky", limit=3, client=small.client())
    assert ids(posts) == ["day 9", "day 7", "day 8"]


def test_a_network_without_cursors_is_read_whole(api):
    api.misbehave("no_cursor")
    posts, messages = record_warnings(lambda: ayr.load("tiktok", limit=None, client=api.client()))
    assert len(posts) == 155
    assert messages == []


def test_a_limit_that_cuts_a_network_without_cursors_is_said(api):
    api.misbehave("no_cursor")
    posts, messages = record_warnings(lambda: ayr.load("tiktok", limit=100, client=api.client()))
    assert len(posts) == 100
    assert any("more" in text for text in messages), "there are 155 posts, and nothing says that 55 were cut off"


def test_what_the_api_itself_cuts_off_is_said():
    with ayr.sandbox(posts={"bluesky": 520}) as api:
        api.misbehave("no_cursor")
        posts, messages = record_warnings(lambda: ayr.load("bluesky", limit=None, client=api.client()))
    assert len(posts) == 500
    assert any("more" in text for text in messages)


def test_posts_without_an_id_are_rows_once_also_on_a_network_without_cursors(small):
    def page(count: int) -> dict[str, Any]:
        return {"status": "success", "posts": [{"post": "nameless"}, *(post(str(place)) for place in range(count - 1))]}

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
def test_a_period_is_whole_days_in_tz_or_moments_with_both_ends(small, since, until, tz, expected):
    history(small, [post(name, created) for name, created in MOMENTS.items()])
    posts, messages = record_warnings(
        lambda: ayr.load("bluesky", since=since, until=until, tz=tz, client=small.client())
    )
    assert "".join(ids(posts)) == expected
    assert messages == []
    assert str(posts["created"].dtype) == "datetime64[us, UTC]"


def test_since_without_a_limit_gives_the_whole_period(api):
    everything = ayr.load("tiktok", limit=None, client=api.client())
    oldest = everything["created"].min()
    posts, messages = record_warnings(lambda: ayr.load("tiktok", since=oldest, client=api.client()))
    equal(posts, everything)
    assert len(posts) == 155
    assert messages == []


def test_until_alone_leaves_the_limit_at_100(api):
    until = ayr.load("tiktok", limit=None, client=api.client())["created"].max()
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("tiktok", until=until, client=api.client())
    assert len(posts) == 100


def test_dates_select_first_and_the_limit_cuts_last(api):
    everything = ayr.load("tiktok", limit=None, client=api.client())
    until = everything["created"].sort_values().iloc[20]
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("tiktok", until=until, limit=5, client=api.client())
    inside = everything[everything["created"] <= until]
    assert set(posts["id"]) == set(inside.nlargest(5, "created")["id"])


def test_a_limit_beyond_what_the_period_has_cuts_nothing_off(api):
    until = ayr.load("tiktok", limit=None, client=api.client())["created"].sort_values().iloc[20]
    posts, messages = record_warnings(lambda: ayr.load("tiktok", until=until, limit=50, client=api.client()))
    assert posts["created"].max() <= until
    assert len(posts) >= 21
    assert messages == []


def test_facebook_gets_the_dates_sent_and_the_others_do_not(small):
    dates = {"since": "2026-02-20", "until": "2026-02-25"}
    record_warnings(lambda: ayr.load(["facebook", "tiktok"], **dates, client=small.client()))
    queries = {request.platform: request.query for request in small.requests}
    assert {name: queries["facebook"].get(name) for name in dates} == dates
    assert not queries["tiktok"].keys() & dates.keys()


@pytest.mark.parametrize("tz", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_what_facebook_gets_sent_never_narrows_a_period_in_another_zone(api, tz):
    everything = ayr.load("facebook", limit=None, client=api.client())
    local = everything["created"].dt.tz_convert(tz)
    day = local.dt.date.value_counts().index[0]
    posts, _ = record_warnings(lambda: ayr.load("facebook", since=day, until=day, tz=tz, client=api.client()))
    assert set(posts["id"]) == set(everything[local.dt.date == day]["id"])


SHUFFLED = [7, 31, 2, 19, 40, 11, 3, 28, 36, 15, 5, 22, 39, 1, 26, 9]
PINNED = [1, *range(40, 25, -1)]


@pytest.mark.parametrize("days", [pytest.param(SHUFFLED, id="shuffled"), pytest.param(PINNED, id="pinned")])
def test_a_period_is_complete_on_every_platform_whatever_the_order_of_the_pages(small, days):
    first = datetime(2026, 1, 1, 10, tzinfo=UTC)
    made = [post(f"day {day}", f"{first + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}") for day in days]
    for name in NETWORKS:
        history(small, *([*pair] for pair in zip(made[::2], made[1::2], strict=True)), platform=name)
    posts = ayr.load("all", since=first + timedelta(days=26), client=small.client())
    for name in NETWORKS:
        assert ids(posts[posts["platform"] == name]) == [f"day {day}" for day in days if day >= 26]
    assert len(small.requests) == 80, "pages out of order tell nothing about those that follow"


def test_with_a_limit_a_period_is_complete_too_when_the_pages_are_not_in_order(small):
    first = datetime(2026, 1, 1, 10, tzinfo=UTC)
    made = [post(f"day {day}", f"{first + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}") for day in SHUFFLED]
    history(small, *([*pair] for pair in zip(made[::2], made[1::2], strict=True)))
    with pytest.warns(ayr.DataWarning, match="may be more"):
        posts = ayr.load("bluesky", since=first + timedelta(days=5), limit=3, client=small.client())
    assert ids(posts) == ["day 40", "day 36", "day 39"]


@pytest.mark.parametrize(("newer", "requests"), [(0, 2), (1, 3), (3, 5), (6, 8), (7, 8)])
def test_reading_ends_after_two_pages_wholly_older_while_pages_come_newest_first(small, newer, requests):
    pages = [
        [post(f"{page}{half}", f"2026-02-{20 - page:02}T1{9 - half}:00:00Z") for half in (0, 1)] for page in range(8)
    ]
    history(small, *pages)
    since = f"2026-02-{20 - newer + 1:02}"
    posts, messages = record_warnings(lambda: ayr.load("bluesky", since=since, client=small.client()))
    assert len(posts) == 2 * newer
    assert len(small.requests) == requests
    assert messages == []


def test_a_post_of_unknown_time_is_not_lost_from_a_period(small):
    history(small, [post("new"), post("timeless", None), post("old", "2025-01-01T00:00:00Z")])
    assert ids(ayr.load("bluesky", since="2026-01-01", client=small.client())) == ["new", "timeless"]


# What is asked
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
def test_a_parameter_that_no_asked_platform_has_is_refused_before_any_request(
    small, parameter, value, platform, owners
):
    with pytest.raises(ValueError, match=parameter) as raised:
        ayr.load(platform, **{parameter: value}, client=small.client())
    assert all(owner in str(raised.value).lower() for owner in owners)
    assert small.requests == []


def test_a_parameter_goes_where_it_exists(small):
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


def test_skip_analytics_gives_ids_in_full_columns(small):
    whole = ayr.load("instagram", client=small.client())
    posts = ayr.load("instagram", skip_analytics=True, client=small.client())
    assert ids(posts) == ids(whole)
    assert posts.dtypes.equals(whole.dtypes)
    assert posts["created"].isna().all()


def test_another_account_of_x_can_be_asked_for(small):
    own = ayr.load("twitter", client=small.client())
    others = ayr.load("twitter", user_name="somebody", client=small.client())
    assert not set(own["id"]) & set(others["id"])
    assert small.requests[-1].query["userName"] == "somebody"


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
def test_a_wrong_value_is_a_value_error_before_any_request(small, wrong, named):
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
def test_a_cursor_leads_on_in_one_history_only(small, targets):
    with pytest.raises(ValueError, match="cursor"):
        ayr.load(**targets, cursor="abc", client=small.client())
    assert small.requests == []


@pytest.mark.parametrize("platform", ["instgram", "", "../user", "twitter?limit=1", ["tiktok", "myspace"], "gmb", []])
def test_an_unknown_platform_is_refused_before_any_request_and_those_there_are_are_named(small, platform):
    with pytest.raises(ValueError, match="bluesky") as raised:
        ayr.load(platform, client=small.client())
    assert "youtube" in str(raised.value)
    assert small.requests == []


def test_x_is_twitter(small):
    equal(ayr.load("x", client=small.client()), ayr.load("twitter", client=small.client()))
    assert {request.platform for request in small.requests} == {"twitter"}


def test_all_is_every_platform_in_its_order(small):
    posts = ayr.load("all", client=small.client())
    assert list(dict.fromkeys(posts["platform"])) == NETWORKS
    assert len(posts) == 80
    assert isinstance(posts.index, pd.RangeIndex)


def test_rows_come_in_the_order_asked_for_and_columns_in_the_order_of_the_platforms(small):
    posts = ayr.load(["youtube", "bluesky", "tiktok"], client=small.client())
    assert list(dict.fromkeys(posts["platform"])) == ["youtube", "bluesky", "tiktok"]
    other_way = ayr.load(["tiktok", "bluesky", "youtube"], client=small.client())
    assert posts.columns.equals(other_way.columns)
    for name in ("youtube", "bluesky", "tiktok"):
        alone = ayr.load(name, client=small.client())
        together = posts[posts["platform"] == name].reset_index(drop=True)
        equal(together[alone.columns], alone)


@pytest.mark.parametrize("platform", [["tiktok", "tiktok"], ["x", "twitter"], ("bluesky", "x", "bluesky", "twitter")])
def test_a_platform_that_is_named_twice_is_loaded_once(small, platform):
    posts = ayr.load(platform, client=small.client())
    names = {"x": "twitter"}
    assert len(small.requests) == len({names.get(name, name) for name in platform})
    assert len(posts) == 8 * len(small.requests)


# Profiles
def test_a_dict_of_profiles_labels_the_rows_and_keeps_their_order(small):
    posts = ayr.load(["tiktok", "youtube"], profile_key=small.profile_keys, client=small.client())
    assert posts["profile"].tolist() == ["cafe"] * 16 + ["shop"] * 16
    assert posts["platform"].tolist() == (["tiktok"] * 8 + ["youtube"] * 8) * 2
    for label in small.profile_keys:
        alone = ayr.load(["tiktok", "youtube"], client=small.client(label))
        own = posts[posts["profile"] == label].reset_index(drop=True)
        equal(own.drop(columns="profile"), alone.drop(columns="profile"))


def test_one_profile_key_asks_for_that_profile_and_gives_no_label(small):
    posts = ayr.load("tiktok", profile_key=small.profile_keys["cafe"], client=small.client("shop"))
    assert [request.profile for request in small.requests] == ["cafe"]
    assert posts["profile"].tolist() == [""] * 8
    equal(posts, ayr.load("tiktok", client=small.client("cafe")))


def test_a_profile_key_never_becomes_a_label(small):
    key = small.profile_keys["cafe"]
    posts = ayr.load("tiktok", profile_key=key, client=small.client())
    assert key not in posts.to_csv()


BAD_KEYS = {"newline": "HUSHKEY\nHUSH", "inner space": "HUSHKEY HUSH", "curly quote": "“HUSHKEY”", "NUL": "HUSHKEY\0"}


@pytest.mark.parametrize("kind", [*BAD_KEYS, "no text", "empty"])
@pytest.mark.parametrize("labelled", [False, True], ids=["one", "dict"])
def test_a_bad_profile_key_is_a_config_error_that_never_shows_it(small, kind, labelled):
    key: Any = {**BAD_KEYS, "no text": 48151623, "empty": " "}[kind]
    with pytest.raises(ayr.ConfigError) as raised:
        ayr.load("tiktok", profile_key={"good": "ABCD", "cafe": key} if labelled else key, client=small.client())
    assert not any(part in f"{raised.value!s} {raised.value!r}" for part in ("HUSH", "48151623"))
    assert not labelled or "cafe" in str(raised.value)
    assert raised.value.__context__ is None
    assert small.requests == []


def test_of_ten_profiles_none_is_answered_with_the_posts_of_another(tmp_path):
    labels = [f"profile {place}" for place in range(9)]
    with ayr.sandbox(posts=3, profiles=labels) as api:
        everyone = ["", *labels]
        own = {label: set(ayr.load("tiktok", client=api.client(label))["id"]) for label in everyone}
        assert len(set.union(*own.values())) == 30, "each has posts of its own"
        archive = ayr.Archive(tmp_path / "one for all")
        for _ in range(2):  # First from the API, then out of the archive.
            for label in everyone:
                assert set(ayr.load("tiktok", client=api.client(label), archive=archive)["id"]) == own[label]
        count = len(api.requests)
        assert count == 20, "the second time nobody was asked"
        for label in everyone:
            posts = ayr.load("tiktok", client=api.client(label), archive=archive, offline=True)
            assert set(posts["id"]) == own[label]
        for options in ({}, {"archive": archive}, {"archive": archive}, {"archive": archive, "offline": True}):
            posts = ayr.load("tiktok", profile_key=api.profile_keys, client=api.client(), **options)
            for label in labels:
                assert set(posts[posts["profile"] == label]["id"]) == own[label]
        with ThreadPoolExecutor(10) as pool:
            found = pool.map(
                lambda label: set(ayr.load("tiktok", client=api.client(label), archive=archive, refresh=True)["id"]),
                everyone * 3,
            )
            assert list(found) == [own[label] for label in everyone * 3]


def test_labels_that_change_hands_are_not_answered_from_the_archive_of_the_other(small, archive):
    cafe, shop = small.profile_keys["cafe"], small.profile_keys["shop"]
    first = ayr.load("tiktok", profile_key={"ours": cafe}, client=small.client(), archive=archive)
    second = ayr.load("tiktok", profile_key={"ours": shop}, client=small.client(), archive=archive)
    assert not set(first["id"]) & set(second["id"])


# Partial failure
def test_one_platform_that_fails_is_named_in_a_warning_and_the_others_lose_nothing(small):
    small.misbehave("status", 500, platform="youtube")
    with pytest.warns(ayr.DataWarning, match="YouTube.*Ayrshare internal error"):
        posts = ayr.load(["tiktok", "youtube", "bluesky"], client=small.client())
    assert posts["platform"].tolist() == ["tiktok"] * 8 + ["bluesky"] * 8
    assert set(ayr.load_sample("youtube").columns) <= set(posts.columns), "as asked for, whatever came"


def test_errors_raise_gives_load_errors_with_the_posts_of_the_others(small):
    small.misbehave("status", 500, platform="youtube")
    with pytest.raises(ayr.LoadErrors) as raised:
        ayr.load(["tiktok", "youtube", "bluesky"], errors="raise", client=small.client())
    error = raised.value
    assert isinstance(error, ExceptionGroup)
    assert isinstance(error, ayr.AyrframeError)
    assert [(type(one), one.platform) for one in error.exceptions] == [(ayr.ServerError, "youtube")]
    assert error.frame["platform"].tolist() == ["tiktok"] * 8 + ["bluesky"] * 8


def test_if_all_fail_each_error_is_raised_in_the_order_asked_for(small):
    small.misbehave("status", 403, platform="youtube")
    small.misbehave("status", 500, platform="tiktok")
    with pytest.raises(ayr.LoadErrors) as raised:
        ayr.load(["youtube", "tiktok"], client=small.client())
    assert [type(one) for one in raised.value.exceptions] == [ayr.AuthError, ayr.ServerError]
    assert raised.value.frame is None or raised.value.frame.empty


@pytest.mark.parametrize("errors", ["warn", "raise"])
def test_the_error_of_the_only_one_asked_for_is_raised_as_it_is(small, errors):
    small.misbehave("status", 500)
    with pytest.raises(ayr.ServerError) as raised:
        ayr.load("tiktok", errors=errors, client=small.client())
    assert (raised.value.status, raised.value.platform, raised.value.retryable) == (500, "tiktok", True)


def test_a_profile_that_fails_is_named_and_the_other_is_there(small):
    small.misbehave("status", 500, profile="shop")
    with pytest.warns(ayr.DataWarning, match="shop"):
        posts = ayr.load("tiktok", profile_key=small.profile_keys, client=small.client())
    assert posts["profile"].tolist() == ["cafe"] * 8


def test_what_had_come_of_the_one_that_failed_is_kept(small):
    wanted = five_pages(small)
    small.misbehave("status", 500, platform="bluesky", when=lambda request: request.query.get("next") == "c3")
    with pytest.warns(ayr.DataWarning, match="Bluesky"):
        posts = ayr.load(["tiktok", "bluesky"], limit=None, client=small.client())
    assert ids(posts[posts["platform"] == "bluesky"]) == wanted[:4]
    assert posts["platform"].tolist() == ["tiktok"] * 8 + ["bluesky"] * 4


def test_each_error_of_several_carries_its_own_posts_and_cursor(small):
    wanted = five_pages(small)
    small.misbehave("status", 500, platform="bluesky", when=lambda request: request.query.get("next") == "c3")
    with pytest.raises(ayr.LoadErrors) as raised:
        ayr.load(["tiktok", "bluesky"], limit=None, errors="raise", client=small.client())
    (error,) = raised.value.exceptions
    assert len(raised.value.frame) == 12
    assert error.cursor == "c3"
    assert error.frame is not None, "pages had arrived, so .frame is theirs"
    assert ids(error.frame) == wanted[:4]


def test_all_skips_the_networks_that_are_not_linked_and_names_them_in_one_warning():
    linked = ["tiktok", "threads"]
    with ayr.sandbox(posts=dict.fromkeys(linked, 4)) as api:
        posts, messages = record_warnings(lambda: ayr.load("all", errors="raise", client=api.client()))
    assert list(dict.fromkeys(posts["platform"])) == ["threads", "tiktok"]
    assert len(messages) == 1
    for name, title in ayr.platforms().set_index("platform")["title"].items():
        assert (title in messages[0]) == (name not in linked)


def test_a_network_that_was_named_and_is_not_linked_is_an_error():
    with ayr.sandbox(posts={"tiktok": 4}) as api:
        with pytest.raises(ayr.NotLinkedError) as raised:
            ayr.load("youtube", client=api.client())
        assert (raised.value.code, raised.value.platform) == (156, "youtube")
        with pytest.raises(ayr.LoadErrors) as several:
            ayr.load(["tiktok", "youtube"], errors="raise", client=api.client())
        assert [type(error) for error in several.value.exceptions] == [ayr.NotLinkedError]
        with pytest.warns(ayr.DataWarning, match="YouTube"):
            assert len(ayr.load(["tiktok", "youtube"], client=api.client())) == 4


def test_all_without_any_linked_network_is_an_error():
    with ayr.sandbox(posts={}) as api, pytest.raises(ayr.AyrframeError) as raised:
        ayr.load("all", client=api.client())
    assert isinstance(raised.value, ayr.LoadErrors)
    assert {type(error) for error in raised.value.exceptions} == {ayr.NotLinkedError}


def test_all_still_reports_what_failed_otherwise(small):
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
def test_after_an_error_on_page_3_the_first_two_are_there_and_the_cursor_gives_the_rest(small, fault, kind):
    wanted = five_pages(small)
    small.misbehave(*fault, when=lambda request: request.query.get("next") == "c3")
    with pytest.raises(kind) as raised:
        ayr.load("bluesky", limit=None, client=small.client())
    error = raised.value
    assert ids(error.frame) == wanted[:4]
    assert error.frame.dtypes.equals(ayr.load_sample("bluesky").dtypes)
    assert isinstance(error.frame.index, pd.RangeIndex)
    if kind is not ayr.RequestError:  # A cursor that is refused is none to go on with.
        small.behave()
        assert five_pages(small) == wanted
        rest = ayr.load("bluesky", limit=None, cursor=error.cursor, client=small.client())
        assert ids(rest) == wanted[4:]


def test_posts_of_real_pages_and_of_their_resumption_are_those_of_an_undisturbed_load(api):
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
def test_a_reply_that_carries_posts_is_a_result_and_the_message_is_repeated(small, kind, value, status):
    whole = ayr.load("instagram", client=small.client())
    small.misbehave(kind, value)
    posts, messages = record_warnings(lambda: ayr.load("instagram", client=small.client()))
    assert small.requests[-1].status == status
    equal(posts.iloc[:7], whole.iloc[:7])
    assert ids(posts) == ids(whole), "the record of an error is a row too"
    assert any("Error getting analytics" in text for text in messages)


def test_a_message_of_the_whole_reply_is_repeated(small):
    history(small, [post("a")], status="error", code=187, message="Analytics are late today")
    posts, messages = record_warnings(lambda: ayr.load("bluesky", client=small.client()))
    assert ids(posts) == ["a"]
    assert any("Analytics are late today" in text for text in messages)


@pytest.mark.parametrize("platform", NETWORKS)
def test_an_empty_history_is_an_empty_frame_with_all_columns(platform):
    with ayr.sandbox(posts=0) as api:
        posts, messages = record_warnings(lambda: ayr.load(platform, client=api.client()))
        assert api.requests[0].status == 400
    assert posts.empty
    assert messages == []
    assert posts.dtypes.equals(ayr.load_sample(platform).dtypes)
    assert isinstance(posts.index, pd.RangeIndex)


def test_a_period_without_posts_is_an_empty_frame_with_all_columns(small):
    posts = ayr.load("tiktok", since="2031-01-01", client=small.client())
    assert posts.empty
    assert posts.dtypes.equals(ayr.load_sample("tiktok").dtypes)


def test_a_network_with_an_empty_history_is_no_failure_among_others():
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
def test_each_failure_has_its_class_and_what_it_carries(small, fault, options, kind, expected):
    small.misbehave(*fault, **options)
    with pytest.raises(ayr.AyrframeError) as raised:
        ayr.load("tiktok", client=small.client())
    assert type(raised.value) is kind
    assert raised.value.platform == "tiktok"
    assert {name: getattr(raised.value, name) for name in expected} == expected


def test_x_without_its_pair_of_keys_is_not_linked_and_the_headers_are_named(small):
    with pytest.raises(ayr.NotLinkedError) as raised:
        ayr.load("twitter", client=small.client(x_api_key="", x_api_secret=""))
    assert raised.value.code == 419
    assert "x_api_key" in str(raised.value).lower() or "x-twitter-oauth1-api-key" in str(raised.value).lower()


def test_a_refused_key_is_an_auth_error(small):
    with pytest.raises(ayr.AuthError):
        ayr.load("tiktok", client=small.client(api_key="AAAAAAAA-BBBBBBBB-CCCCCCCC-DDDDDDDD"))


def test_no_connection_is_a_transport_error(small):
    with pytest.raises(ayr.TransportError):
        ayr.load("tiktok", client=small.client(base_url=f"http://127.0.0.1:{closed_port()}/api"))


def test_no_key_is_a_config_error():
    with pytest.raises(ayr.ConfigError, match="AYRSHARE_API_KEY"):
        ayr.load("tiktok")


def test_the_keys_of_the_environment_are_taken(small, monkeypatch):
    for name, value in zip(
        KEYS,
        (small.api_key, small.profile_keys["cafe"], small.x_api_key, small.x_api_secret, small.base_url),
        strict=True,
    ):
        monkeypatch.setenv(name, value)
    equal(ayr.load("twitter"), ayr.load("twitter", client=small.client("cafe")))


def test_one_429_is_waited_out_and_the_posts_come(small):
    small.misbehave("status", 429, retry_after=2, times=1)
    posts, messages = record_warnings(lambda: ayr.load("tiktok", client=small.client()))
    assert len(posts) == 8
    assert messages == []
    assert [request.status for request in small.requests] == [429, 200]


# Overlaps
def test_a_post_on_two_pages_is_one_row(api):
    whole = ayr.load("tiktok", limit=None, client=api.client())
    api.misbehave("overlap", 30)
    equal(ayr.load("tiktok", limit=None, client=api.client()), whole)
    api.behave()
    api.misbehave("overlap", 30)
    posts, _ = record_warnings(lambda: ayr.load("tiktok", limit=120, client=api.client()))
    equal(posts, whole.iloc[:120])


@pytest.mark.parametrize(("first", "second", "likes"), [("08", "09", 2), ("09", "08", 1), ("08", "08", 2)])
def test_of_two_copies_the_newer_is_kept(small, first, second, likes):
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
def test_an_error_record_never_replaces_a_post(small, order):
    pair = [[post("a"), post("b")], [RECORD, post("c")]]
    for name in NETWORKS:
        history(small, *(pair if order == "post first" else pair[::-1]), platform=name)
    posts, _ = record_warnings(lambda: ayr.load("all", client=small.client()))
    for name in NETWORKS:
        own = posts[posts["platform"] == name].set_index("id")
        assert sorted(own.index) == ["a", "b", "c"]
        assert own["post"]["a"] == "post a"


# Archive
def test_each_page_is_in_the_archive_before_the_next_is_asked_for(small, archive):
    seen: list[tuple[int, int]] = []

    def look(request: Any) -> bool:
        seen.append((len(list(Path(archive.path).rglob("*.page"))), len(archive.posts("bluesky"))))
        return False

    five_pages(small)
    small.misbehave("latency", 0.0, when=look)
    ayr.load("bluesky", limit=None, client=small.client(), archive=archive)
    assert seen == [(0, 0), (1, 2), (2, 4), (3, 6), (4, 8)]


def test_the_api_is_not_asked_again_before_next_update(api, archive):
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


def test_refresh_asks_although_the_archive_is_fresh(small, archive):
    for _ in range(2):
        ayr.load("tiktok", client=small.client(), archive=archive, refresh=True)
    assert len(small.requests) == 2


def test_another_question_is_not_answered_with_this_one(small, archive):
    ayr.load("facebook", client=small.client(), archive=archive)
    for options in ({"data_type": "posts"}, {"limit": 101}, {"since": "2026-01-01"}, {"until": "2026-02-27"}):
        count = len(small.requests)
        ayr.load("facebook", **options, client=small.client(), archive=archive)
        assert len(small.requests) > count, options


def test_an_answer_out_of_the_fresh_archive_says_too_that_there_is_more(api, archive):
    with pytest.warns(ayr.DataWarning, match="may be more"):
        first = ayr.load("tiktok", client=api.client(), archive=archive)
    again, messages = record_warnings(lambda: ayr.load("tiktok", client=api.client(), archive=archive))
    equal(again, first)
    assert len(api.requests) == 1
    assert any("more" in text for text in messages), "100 of 155 posts, and nothing says that they were cut off"


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
def test_offline_gives_the_rows_that_the_same_load_gave_and_needs_no_key(api, archive, options):
    first, _ = record_warnings(lambda: ayr.load(**options, client=api.client(), archive=archive))
    count = len(api.requests)
    api.advance(days=3)
    with_client, _ = record_warnings(lambda: ayr.load(**options, client=api.client(), archive=archive, offline=True))
    without, _ = record_warnings(lambda: ayr.load(**options, archive=archive, offline=True))
    equal(with_client, first)
    equal(without, first)
    assert len(api.requests) == count


def test_offline_gives_the_load_that_was_made_last(api, archive):
    ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    api.advance(days=2)
    second = ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    equal(ayr.load("tiktok", limit=None, archive=archive, offline=True), second)


def test_offline_gives_an_empty_history_too(archive):
    with ayr.sandbox(posts=0) as api:
        first = ayr.load("tiktok", client=api.client(), archive=archive)
    equal(ayr.load("tiktok", archive=archive, offline=True), first)


def test_offline_gives_overlapping_pages_as_the_load_did(api, archive):
    api.misbehave("overlap", 30)
    first = ayr.load("tiktok", limit=None, client=api.client(), archive=archive)
    equal(ayr.load("tiktok", limit=None, archive=archive, offline=True), first)


def test_offline_with_labels_needs_no_right_key(small, archive):
    first = ayr.load("tiktok", profile_key=small.profile_keys, client=small.client(), archive=archive)
    equal(ayr.load("tiktok", profile_key=small.profile_keys, archive=archive, offline=True), first)


def test_offline_without_anything_kept_is_an_error_of_this_library(archive):
    with pytest.raises(ayr.AyrframeError, match="archive"):
        ayr.load("tiktok", archive=archive, offline=True)


@pytest.mark.parametrize("why", ["no connection", "no key"])
def test_a_load_that_cannot_ask_falls_back_to_the_archive_and_says_of_when_the_data_are(small, archive, why):
    first = ayr.load("tiktok", client=small.client(), archive=archive)
    small.advance(days=1)
    small.misbehave("cut", 0.3)
    client = small.client() if why == "no connection" else None
    posts, messages = record_warnings(lambda: ayr.load("tiktok", client=client, archive=archive))
    equal(posts, first)
    assert any("2026-02-27" in text for text in messages), "of when the data are"


@pytest.mark.parametrize("why", ["no connection", "no key"])
def test_without_anything_kept_the_error_is_the_one_that_is_there_without_an_archive(small, archive, why):
    small.misbehave("cut", 0.3)
    client = small.client() if why == "no connection" else None
    with pytest.raises(ayr.AyrframeError) as raised:
        ayr.load("tiktok", client=client, archive=archive)
    assert type(raised.value) is (ayr.TransportError if client else ayr.ConfigError)


def test_an_error_of_the_server_is_not_covered_up_by_the_archive(small, archive):
    ayr.load("tiktok", client=small.client(), archive=archive)
    small.advance(days=1)
    small.misbehave("status", 403)
    with pytest.raises(ayr.AuthError):
        ayr.load("tiktok", client=small.client(), archive=archive)


@pytest.mark.parametrize("platform", ["tiktok", ["tiktok", "youtube"]], ids=["one", "two"])
def test_a_place_that_cannot_be_written_never_costs_the_posts(small, tmp_path, platform):
    place = tmp_path / "a file"
    place.write_text("no folder")
    posts, messages = record_warnings(lambda: ayr.load(platform, client=small.client(), archive=ayr.Archive(place)))
    equal(posts, ayr.load(platform, client=small.client()))
    assert len([text for text in messages if "cannot be kept" in text]) == 1
    assert place.read_text() == "no folder"


def test_a_load_with_an_archive_gives_what_the_archive_gives(small, archive):
    posts = ayr.load(["tiktok", "youtube"], client=small.client(), archive=archive)
    equal(archive.posts(["tiktok", "youtube"]), posts)
    equal(archive.latest(["tiktok", "youtube"]), posts)


# Doors
@pytest.mark.parametrize(("platform", "label"), list(zip(NETWORKS, ["", "cafe"] * 5, strict=True)))
def test_sandbox_archive_file_and_list_give_equal_frames(small, archive, tmp_path, platform, label):
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


def test_without_arguments_the_sandbox_gives_the_samples(api):
    live = ayr.load("all", limit=None, client=api.client())
    sample = ayr.load_sample()
    numbers = live.select_dtypes("number").columns
    equal(
        live[["platform", "id", "created", "post", *numbers]], sample[["platform", "id", "created", "post", *numbers]]
    )


def test_validate_is_run_on_a_load(small):
    history(small, [post("a", likeCount=-1)])
    with pytest.warns(ayr.DataWarning, match="like_count"):
        ayr.load("bluesky", client=small.client())
    with pytest.raises(ayr.SchemaError) as raised:
        ayr.load("bluesky", client=small.client(), validate="raise")
    assert ids(raised.value.frame) == ["a"]
    _, messages = record_warnings(lambda: ayr.load("bluesky", client=small.client(), validate=None))
    assert messages == []


def test_a_warning_points_at_the_line_of_the_caller(api):
    with pytest.warns(ayr.DataWarning, match="more") as caught:
        ayr.load("tiktok", client=api.client())
    assert caught[0].filename == __file__


# Inside other things
def test_a_load_works_inside_a_running_event_loop(small):
    async def cell() -> pd.DataFrame:
        return ayr.load(["tiktok", "youtube"], client=small.client())

    assert len(asyncio.run(cell())) == 16


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_looks_on(api, capsys):
    ayr.load("tiktok", limit=None, client=api.client())
    assert capsys.readouterr() == ("", "")


def test_progress_true_shows_a_bar_and_takes_it_away(small, monkeypatch):
    five_pages(small)
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    ayr.load("bluesky", limit=None, progress=True, client=small.client())
    shown = screen.getvalue()
    assert "posts" in shown
    assert not shown.split("\r")[-1].strip(" \x1b[AK"), "closed: the line is empty again"


@pytest.mark.parametrize(("pages", "shown"), [(1, False), (5, True)])
def test_in_a_terminal_a_bar_is_there_once_a_second_request_is_needed(small, monkeypatch, pages, shown):
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


def test_a_bar_is_closed_also_when_the_load_fails(small, monkeypatch):
    five_pages(small)
    small.misbehave("status", 400, when=lambda request: request.query.get("next") == "c4")
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    with pytest.raises(ayr.RequestError):
        ayr.load("bluesky", limit=None, progress=True, client=small.client())
    assert not screen.getvalue().split("\r")[-1].strip(" \x1b[AK")


def test_in_a_notebook_there_is_no_warning_about_ipywidgets(small):
    code = """
import sys, types
class ZMQInteractiveShell: pass
shell = types.ModuleType("IPython")
shell.get_ipython = lambda: ZMQInteractiveShell()
sys.modules["IPython"], sys.modules["ipywidgets"] = shell, None
import ayrframe as ayr
for progress in (None, True):
    print(len(ayr.load(["bluesky", "tiktok"], limit=None, progress=progress)))
"""
    environment = {**os.environ, "AYRSHARE_API_KEY": small.api_key, "AYRSHARE_BASE_URL": small.base_url}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["16", "16"]
    assert "Warning" not in done.stderr


def test_rows_of_a_load_are_in_the_order_of_the_pages(api):
    posts = ayr.load("tiktok", limit=None, client=api.client())
    assert all(before >= after for before, after in pairwise(posts["created"]))
