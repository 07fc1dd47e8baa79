"""Accounts: declarations, frames, child tables, growth, and followers of posts; expected values are written by hand."""

from __future__ import annotations

import json
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

import ayrframe as ayr
from ayrframe._expansions.cells import iter_sources
from ayrframe._platforms import PLATFORMS, child_tables
from ayrframe._platforms.columns import columns_of
from ayrframe._platforms.spec import Column, Platform, RowPerCount, RowPerElement, RowPerKey
from tests.faults.load_client import make_client
from tests.faults.server import Hit, Server, http

READ, NEXT = "2026-11-20T10:00:00.000Z", "2026-11-20T10:32:30.000Z"
COMMON = ["platform", "profile", "as_of", "followers", "following", "posts"]
for_each_platform = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))


def block(**analytics: Any) -> dict[str, Any]:
    return {"analytics": analytics, "lastUpdated": READ, "nextUpdate": NEXT}


def read(
    platform: str | list[str],
    reply: dict[str, Any],
    *,
    status: int = 200,
    hits: list[Hit] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Return the accounts that a server with one reply to all requests gives."""
    body = http(json.dumps({"status": "success", **reply}), status)
    with Server(lambda sock, _: sock.sendall(body) or True) as server:
        frame = ayr.accounts(platform, client=make_client(server.url), **options)
    if hits is not None:
        hits += server.hits
    return frame


@pytest.fixture
def api() -> Iterator[Any]:
    with ayr.sandbox(posts=6, profiles=["cafe", "shop"], sleepless=True) as running:
        yield running


# Declarations


@for_each_platform
def test_declared_account_has_columns_and_valid_expansions(platform: Platform) -> None:
    account = platform.of_accounts
    assert account.columns
    assert (account.name, account.title) == (platform.name, platform.title)
    columns = {column.name: column for column in account.columns}
    assert len(columns) == len(account.columns)
    for expansion in account.expansions:
        source, cells = columns[expansion.source], {cell.name for cell in expansion.table.cells}
        match expansion.shape:
            case RowPerElement() as shape:
                assert {cell.path for _, cell in iter_sources(shape.cells)} <= {field.path for field in source.inner}
                assert set(shape.cells) <= cells
            case RowPerCount() as shape:
                assert {*shape.cells, shape.number} <= cells
            case shape:
                assert isinstance(shape, RowPerKey)


def test_name_has_one_meaning_on_all_platforms() -> None:
    declared: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    tables = defaultdict(set)
    for platform in PLATFORMS.values():
        for column in columns_of(platform.of_accounts):
            declared[column.name].add((column.kind, column.unit, column.role, column.meaning))
        for expansion in platform.account.expansions:
            tables[expansion.table.name].add(expansion.table)
    assert {name: found for name, found in {**declared, **tables}.items() if len(found) > 1} == {}
    assert child_tables.REACTIONS_TABLE.cells == next(iter(tables["reactions"])).cells


def test_columns_fill_the_common_columns_as_documented() -> None:
    def filled(name: str) -> dict[str, str]:
        return {
            platform.name: column.path
            for platform in PLATFORMS.values()
            for column in platform.account.columns
            if column.fills == name
        }

    assert filled("followers") == {
        "bluesky": "followersCount",
        "facebook": "followersCount",
        "instagram": "followersCount",
        "linkedin": "followers.totalFollowerCount",
        "threads": "followersCount",
        "tiktok": "followerCount",
        "twitter": "followersCount",
        "youtube": "subscriberCount",
    }
    assert filled("following") == {
        "bluesky": "followsCount",
        "instagram": "followsCount",
        "tiktok": "followingCount",
        "twitter": "followingCount",
    }
    assert filled("posts") == {
        "bluesky": "postsCount",
        "instagram": "mediaCount",
        "tiktok": "videoCountTotal",
        "twitter": "tweetCount",
        "youtube": "videoCount",
    }


def sample_value(column: Column) -> Any:
    values = {"list": [], "mapping (keys are data)": {}, "boolean": True, "time": "2020-01-02T03:04:05Z", "float": 0.5}
    return values.get(column.kind.value, 7 if "integer" in column.kind.value else "text")


@for_each_platform
def test_each_declared_field_is_read_into_its_column(platform: Platform) -> None:
    analytics: dict[str, Any] = {}
    for column in platform.account.columns:
        *parents, key = column.path.split(".")
        inner = analytics
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[key] = sample_value(column)
    accounts = read(platform.name, {platform.name: block(**analytics)})
    assert accounts.columns.tolist() == [column.name for column in columns_of(platform.of_accounts)]
    assert accounts[[column.name for column in platform.account.columns]].notna().all(axis=None)
    assert accounts["extra"].isna().all()


# Frames


def test_account_is_one_tidy_row() -> None:
    hits: list[Hit] = []
    accounts = read(
        "Instagram",
        {"instagram": block(id="1", username="bakery", followersCount=10, followsCount=3, mediaCount=4, reachCount=20)},
        hits=hits,
    )
    assert accounts.columns.tolist()[:6] == COMMON
    assert accounts.columns.tolist()[-1] == "extra"
    row = accounts.iloc[0]
    assert row[COMMON].tolist() == ["instagram", "", pd.Timestamp(READ), 10, 3, 4]
    assert row[["account_id", "username", "reach_count", "followers_count"]].tolist() == ["1", "bakery", 20, 10]
    assert accounts[["followers", "following", "posts"]].dtypes.astype("str").tolist() == ["Int64"] * 3
    assert str(accounts["as_of"].dtype) == "datetime64[us, UTC]"
    (hit,) = hits
    assert (hit.method, hit.target) == ("POST", "/api/analytics/social")
    assert json.loads(hit.body) == {"platforms": ["instagram"]}


def test_parameters_are_in_the_body_of_the_platforms_that_have_them() -> None:
    hits: list[Hit] = []
    reply = {"youtube": block(subscriberCount="7"), "bluesky": block(followersCount=7)}
    read(["youtube", "bluesky"], reply, quarters=2, youtube_lifetime=True, daily=False, hits=hits)
    bodies = sorted((json.loads(hit.body) for hit in hits), key=lambda body: body["platforms"])
    assert bodies == [
        {"platforms": ["bluesky"], "quarters": 2},
        {"platforms": ["youtube"], "quarters": 2, "daily": False, "youtube": {"lifetime": True}},
    ]


def test_A12_text_numbers_are_numbers() -> None:
    accounts = read("youtube", {"youtube": block(subscriberCount="1230", videoCount="45", viewCount="98765")})
    assert accounts[["followers", "posts", "subscriber_count", "view_count"]].iloc[0].tolist() == [
        1230,
        45,
        1230,
        98765,
    ]


def test_A12_declined_number_is_na_in_the_common_column_only() -> None:
    with pytest.warns(ayr.DataWarning, match="is negative"):
        accounts = read("tiktok", {"tiktok": block(followerCount=-1, videoCountTotal=3, commentCountTotal=-1)})
    assert accounts["followers"].isna().all()
    assert accounts[["follower_count", "comment_count_total", "posts"]].iloc[0].tolist() == [-1, -1, 3]
    coverage = accounts.ayr.coverage().set_index("column")
    assert coverage.loc["followers", ["reason", "count"]].tolist() == ["withheld", 1]
    assert coverage.loc["bio", "reason"] == "not sent"


def test_undeclared_and_invalid_values_are_kept_and_reported() -> None:
    with pytest.warns(ayr.DataWarning, match="followers_count: 1 value is not an integer, e.g. '\"many\"'"):
        accounts = read("bluesky", {"bluesky": block(followersCount="many", newField={"a": 1}) | {"quarters": [1]}})
    assert json.loads(accounts["extra"].iloc[0]) == {"followersCount": "many", "newField": {"a": 1}, "quarters": [1]}
    drift = accounts.ayr.drift().query("finding != 'never seen'")
    assert drift[["path", "finding"]].values.tolist() == [
        ["quarters", "undeclared"],
        ["followersCount", "wrong type"],
        ["newField", "undeclared"],
    ]
    assert accounts.ayr.coverage().set_index("column").loc["followers", "reason"] == "wrong type"
    assert accounts.ayr.extra()["field"].tolist() == ["quarters", "followersCount", "newField"]
    with pytest.raises(ayr.SchemaError):
        accounts.ayr.validate()


def test_linkedin_followers_are_the_total() -> None:
    counts = {"totalFollowerCount": 90, "organicFollowerCount": 80, "paidFollowerCount": 10}
    accounts = read("linkedin", {"linkedin": block(followers=counts, views={"allPageViews": 4})})
    assert accounts[["followers", "followers_paid_follower_count", "linkedin_views"]].iloc[0].tolist() == [
        90,
        10,
        '{"allPageViews":4}',
    ]


def test_list_with_one_element_is_that_element_and_a_longer_one_is_kept() -> None:
    one = {"views": 5, "shares": 1}
    assert read("snapchat", {"snapchat": [block(**one)]})["snapchat_views"].tolist() == [5]
    assert read("snapchat", {"snapchat": {"analytics": [one]}})["shares"].tolist() == [1]
    accounts = read("snapchat", {"snapchat": {"analytics": [one, one]}})
    assert accounts["snapchat_views"].isna().all()
    assert json.loads(accounts["extra"].iloc[0]) == {"analytics": [one, one]}


def test_account_without_time_has_that_of_the_response() -> None:
    accounts = read("bluesky", {"bluesky": {"analytics": {"followersCount": 3}}})
    assert pd.Timestamp.now("UTC") - accounts["as_of"].iloc[0] < pd.Timedelta(minutes=5)


def test_A11_warnings_and_errors_beside_numbers_are_repeated() -> None:
    warning = {"warning": [{"code": 395, "message": "Only partial."}], "errors": [{"code": 5, "message": "No reach."}]}
    with pytest.warns(ayr.DataWarning) as caught:
        accounts = read("facebook", {"facebook": block(followersCount=3) | warning})
    assert [str(entry.message) for entry in caught] == [
        "Facebook, account analytics: Ayrshare warns: 'Only partial.' (code 395).",
        "Facebook, account analytics: Ayrshare warns: 'No reach.' (code 5).",
    ]
    assert accounts["followers"].tolist() == [3]


def test_A11_warnings_and_errors_beside_the_account_are_repeated() -> None:
    errors = [{"code": 187, "message": "No views."}, {"platform": "tiktok", "code": 156, "message": "Not linked."}]
    reply = {"status": "partial", "errors": errors, "warning": [{"code": 395, "message": "Only partial."}]}
    with pytest.warns(ayr.DataWarning) as caught:
        accounts = read("facebook", {"facebook": block(followersCount=3), **reply})
    assert [str(entry.message) for entry in caught] == [
        "Facebook, account analytics: Ayrshare warns: 'Only partial.' (code 395).",
        "Facebook, account analytics: Ayrshare warns: 'No views.' (code 187).",
    ]
    assert accounts["followers"].tolist() == [3]


# Several platforms and profiles


def test_A11_platforms_without_numbers_are_skipped_with_a_warning() -> None:
    error = {"action": "social", "status": "error", "code": 272, "message": "made up", "details": {"more": 1}}
    with pytest.warns(ayr.DataWarning) as caught:
        accounts = read(["instagram", "tiktok", "threads"], {"instagram": block(followersCount=1), "tiktok": error})
    assert accounts["platform"].tolist() == ["instagram"]
    messages = [str(entry.message) for entry in caught]
    assert len(messages) == 2
    assert "TikTok" in messages[0]
    assert "'made up'" in messages[0]
    assert messages[1] == "Threads, account analytics: the response has no account analytics of Threads."


def test_A11_only_platform_without_numbers_is_an_error() -> None:
    error = {"action": "social", "status": "error", "code": 272, "message": "made up"}
    with pytest.raises(ayr.NotLinkedError, match="made up") as caught:
        read("tiktok", {"tiktok": error})
    assert (caught.value.code, caught.value.platform) == (272, "tiktok")
    with pytest.raises(ayr.ResponseError, match="no account analytics of TikTok"):
        read("tiktok", {})
    with pytest.raises(ayr.LoadErrors) as group:
        read(["tiktok", "instagram"], {"tiktok": error, "instagram": block(followersCount=1)}, errors="raise")
    assert group.value.frame["platform"].tolist() == ["instagram"]


def test_A11_error_of_the_whole_response_is_that_of_the_platform() -> None:
    flat = {"action": "analytics", "status": "error", "code": 156, "message": "Not linked."}
    for reply, status in ((flat, 400), ({"status": "error", "errors": [flat | {"platform": "threads"}]}, 200)):
        with pytest.raises(ayr.NotLinkedError, match="Not linked") as caught:
            read("threads", reply, status=status)
        assert caught.value.code == 156


def test_all_platforms_of_several_profiles(api: Any) -> None:
    with ayr.sandbox(posts={"x": 3, "tiktok": 4}, profiles={"cafe": ["tiktok"]}) as running:
        with pytest.warns(ayr.DataWarning, match="Skipped platforms that are not linked") as caught:
            accounts = ayr.accounts(profile_key=running.profile_keys, client=running.client())
        assert accounts[["platform", "profile"]].values.tolist() == [["tiktok", "cafe"]]
        assert len(caught) == 1
    accounts = ayr.accounts(["tiktok", "x"], profile_key=api.profile_keys, client=api.client())
    assert accounts[["platform", "profile"]].values.tolist() == [
        ["tiktok", "cafe"],
        ["twitter", "cafe"],
        ["tiktok", "shop"],
        ["twitter", "shop"],
    ]
    assert accounts["followers"].nunique() == 4
    assert len(api.requests) == 4


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"platform": "tiktak"}, ValueError, "Unknown platform"),
        ({"platform": "bluesky", "daily": True}, ValueError, "`daily` applies to"),
        ({"platform": "tiktok", "quarters": 5}, ValueError, "`quarters` must be 1 or 2 or 3 or 4"),
        ({"platform": "tiktok", "quarters": True}, TypeError, "`quarters` must be"),
        ({"platform": "tiktok", "period_60_days": True, "quarters": 1}, ValueError, "cannot be combined"),
        (
            {"platform": "x", "user_id": "1", "profile_key": "PROFILE-KEY-1234"},
            ValueError,
            "works with the API key only",
        ),
        ({"errors": "no"}, ValueError, "`errors` must be"),
        ({"offline": True}, ValueError, "needs an archive"),
        ({"client": "key"}, TypeError, "`client` must be an ayr.Client"),
    ],
)
def test_invalid_arguments_raise_before_any_request(
    api: Any, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        ayr.accounts(**{"client": api.client(), **options})
    assert api.requests == []


# Archive


def test_archive_keeps_readings_and_answers_while_they_are_current(api: Any, tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    client = api.client()
    first = ayr.accounts("tiktok", client=client, archive=archive)
    pd.testing.assert_frame_equal(ayr.accounts("tiktok", client=client, archive=archive), first)
    assert len(api.requests) == 1
    ayr.accounts("tiktok", client=client, archive=archive, refresh=True)
    assert len(api.requests) == 2
    api.advance(days=1)
    second = ayr.accounts("tiktok", client=client, archive=archive)
    pd.testing.assert_frame_equal(ayr.accounts("tiktok", client=client, archive=archive, offline=True), second)
    readings = archive.accounts()
    pd.testing.assert_frame_equal(readings, pd.concat([first, second], ignore_index=True))
    growth = readings.ayr.growth()
    assert growth["hours"].tolist()[1] == pytest.approx(24, abs=1)
    assert growth["increment"].tolist()[1] == second["followers"].iloc[0] - first["followers"].iloc[0] > 0
    assert archive.accounts("bluesky").columns.tolist()[:6] == COMMON


def test_archive_keeps_posts_and_accounts_apart(api: Any, tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path / "pages")
    posts = ayr.load("tiktok", client=api.client(), archive=archive)
    ayr.accounts(["tiktok", "threads"], client=api.client(), archive=archive)
    assert len(archive) == 3
    assert archive.posts()["id"].tolist() == posts["id"].tolist()
    assert len(archive.accounts()) == 2
    assert archive.to_parquet(tmp_path / "dataset")["posts"].sum() == len(posts)
    assert len(archive.to_parquet(tmp_path / "dataset")) == 0
    assert archive.profiles()[["platform", "pages", "posts"]].values.tolist() == [["threads", 1, 0], ["tiktok", 2, 6]]
    assert len(ayr.dask.read_archive(archive.path).compute(scheduler="sync")) == len(posts)
    empty = ayr.Archive(tmp_path / "new")
    (tmp_path / "new").mkdir()
    assert empty.accounts().columns.tolist() == [*COMMON, "extra"]


def test_load_without_connection_uses_the_archive(tmp_path: Path) -> None:
    body = http(json.dumps({"status": "success", "bluesky": block(followersCount=9)}))
    with Server(lambda sock, _: sock.sendall(body) or True) as server:
        client = make_client(server.url)
        ayr.accounts("bluesky", client=client, archive=tmp_path)
    with pytest.warns(ayr.DataWarning, match="Using the archived account of Bluesky"):
        accounts = ayr.accounts("bluesky", client=client, archive=tmp_path, refresh=True)
    assert accounts["followers"].tolist() == [9]
    with pytest.raises(ayr.TransportError):
        ayr.accounts("threads", client=client, archive=tmp_path)


# Child tables, growth, followers, plot


def test_demographics_are_child_tables() -> None:
    reply = {
        "instagram": block(audienceGenderAge={"F.25-34": 12, "M.18-24": 3, "U": 1}, audienceCountry={"US": 9, "DE": 7}),
        "tiktok": block(
            audienceAges=[{"age": "25-34", "percentage": 0.75}], audienceCountries=[{"country": "US", "percentage": 1}]
        ),
    }
    accounts = read(["instagram", "tiktok"], reply, quarters=1)
    ages = accounts.ayr.audience_ages()
    assert ages.columns.tolist() == ["platform", "profile", "as_of", "age", "gender", "fraction", "people"]
    assert ages[["platform", "age", "gender", "fraction", "people"]].astype("object").where(ages.notna(), None)[
        ["platform", "age", "gender", "fraction", "people"]
    ].values.tolist() == [
        ["instagram", "25-34", "F", None, 12],
        ["instagram", "18-24", "M", None, 3],
        ["instagram", "U", None, None, 1],
        ["tiktok", "25-34", None, 0.75, None],
    ]
    countries = accounts.ayr.expand("audience_countries")
    assert countries["country"].tolist() == ["US", "DE", "US"]
    assert countries["people"].fillna(0).tolist() == [9, 7, 0]
    with pytest.raises(AttributeError, match=r"result of audience_ages\(\) of an accounts frame"):
        _ = ages.ayr
    with pytest.raises(ayr.ExpansionError, match="Did you mean 'audience_ages'"):
        accounts.ayr.audience_age()


def readings(*rows: tuple[str, str, str, int | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["platform", "profile", "as_of", "followers"])
    frame["as_of"] = pd.to_datetime(frame["as_of"], utc=True)
    return frame.assign(followers=frame["followers"].astype("Int64"), following=pd.NA, posts=pd.NA)


def test_growth_has_increments_per_account() -> None:
    accounts = readings(
        ("tiktok", "b", "2026-03-03", 130),
        ("tiktok", "a", "2026-03-01", 10),
        ("tiktok", "b", "2026-03-01", 100),
        ("tiktok", "b", "2026-03-04", None),
        ("tiktok", "b", "2026-03-05", 120),
    )
    growth = accounts.ayr.growth()
    assert growth["profile"].tolist() == ["a", "b", "b", "b", "b"]
    assert growth["increment"].fillna(0).tolist() == [0, 0, 30, 0, -10]
    assert growth["hours"].fillna(0).tolist() == [0, 0, 48, 0, 48]
    assert growth["fell"].fillna(value=False).tolist() == [False, False, False, False, True]
    days = accounts.ayr.growth(freq="D")
    assert days[days["profile"] == "b"]["value"].fillna(0).tolist() == [100, 0, 130, 0, 120]
    with pytest.raises(ValueError, match="Did you mean 'followers'"):
        accounts.ayr.growth("follower")
    with pytest.raises(ValueError, match="Unknown frequency"):
        accounts.ayr.growth(freq="Y")


def test_followers_of_a_post_are_those_of_the_reading_before_it_or_the_first() -> None:
    posts = pd.concat(
        [
            ayr.from_posts([{"id": day, "likeCount": 12}], platform="tiktok", profile="a", as_of=f"2026-03-{day}")
            for day in ("01", "02", "03", "04", "09")
        ]
        + [ayr.from_posts([{"id": "1", "likeCount": 12}], platform="tiktok", profile="b", as_of="2026-03-01")]
    )
    accounts = readings(
        ("tiktok", "a", "2026-03-04", 600),
        ("tiktok", "a", "2026-03-02", 1200),
        ("tiktok", "a", "2026-03-08", None),
        ("bluesky", "a", "2026-03-02", 1),
    )
    with pytest.warns(ayr.DataWarning, match=r"no number of followers of tiktok \('b'\)"):
        rates = posts.ayr.metrics(followers=accounts)["er_followers"]
    assert rates.fillna(-1).tolist() == [0.01, 0.01, 0.01, 0.02, 0.02, -1]
    with pytest.raises(ValueError, match="accounts frame"):
        posts.ayr.metrics(followers=posts)


def test_followers_of_accounts_reach_every_platform_that_has_them(api: Any) -> None:
    posts = ayr.load("all", client=api.client(), progress=False)
    accounts = ayr.accounts(client=api.client())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ayr.DataWarning)
        metrics = posts.ayr.metrics(followers=accounts)
    with_rate = metrics[metrics["er_followers"].notna()]["platform"].unique().tolist()
    assert set(with_rate) >= {"bluesky", "facebook", "instagram", "linkedin", "tiktok", "twitter"}


def test_accessor_offers_what_an_accounts_frame_has(api: Any) -> None:
    accounts = ayr.accounts(["tiktok", "facebook"], client=api.client())
    assert repr(accounts.ayr) == "Accounts: 2 rows of Facebook, TikTok"
    assert {"audience_ages", "reactions", "growth", "extra"} <= set(dir(accounts.ayr))
    assert "metrics" not in dir(accounts.ayr)
    with pytest.raises(AttributeError, match="needs a posts frame; this is an accounts frame"):
        accounts.ayr.metrics()
    with pytest.raises(AttributeError, match="missing columns: as_of"):
        _ = accounts.drop(columns="as_of").ayr
    posts = ayr.load("tiktok", client=api.client())
    with pytest.raises(AttributeError, match="needs a posts frame or a metrics frame; missing columns: id"):
        _ = posts.drop(columns="id").assign(followers=1).ayr
    words = accounts.ayr.dictionary().set_index("column")
    assert words.loc["followers", ["unit", "present"]].tolist() == ["people", 1.0]
    assert words.loc["like_count_total", ["path", "platforms"]].tolist() == ["likeCountTotal", "tiktok"]
    assert len(accounts.ayr.validate()) == 2
    assert accounts.ayr.reactions(wide=True)["total"].tolist() == [accounts["followers"].iloc[1]]


def test_plot_of_followers_has_a_line_per_account() -> None:
    accounts = readings(
        ("tiktok", "a", "2026-03-01", 10),
        ("tiktok", "a", "2026-03-02", 14),
        ("tiktok", "b", "2026-03-01", 30),
        ("pinterest", "a", "2026-03-01", None),
    )
    ax = accounts.ayr.plot.followers(ax=Figure().subplots())
    assert [line.get_ydata().tolist() for line in ax.lines] == [[10, 14], [30]]
    assert ax.get_title().splitlines() == ["Followers", "TikTok: 2 accounts, 3 readings", "not reported by Pinterest"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["TikTok, a", "TikTok, b"]
    empty = accounts[accounts["platform"] == "pinterest"].ayr.plot.followers(ax=Figure().subplots())
    assert [text.get_text() for text in empty.texts] == ["No account has a number of followers."]
    one = accounts.iloc[:1].ayr.plot.followers(ax=Figure().subplots())
    assert one.get_title().splitlines()[1] == "TikTok: 1 account, 1 reading"
    assert repr(accounts.ayr.plot) == "accounts.ayr.plot: followers"
    with pytest.raises(AttributeError, match=r"`accounts.ayr.plot` has no plot 'follower'. Did you mean 'followers'"):
        _ = accounts.ayr.plot.follower


def test_sandbox_warns_that_sums_of_quarters_are_incomplete_on_facebook_only() -> None:
    with ayr.sandbox() as api:
        with pytest.warns(
            ayr.DataWarning, match="Facebook, account analytics: .*sums of some metrics may be incomplete"
        ):
            ayr.accounts("facebook", quarters=1, client=api.client())
        for platform in ("facebook", "tiktok"):
            ayr.accounts(platform, quarters=None if platform == "facebook" else 1, client=api.client())


def test_interrupt_stops_the_requests_of_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    is_stopped: list[Any] = []

    def interrupted(_: object, __: object, stopped: Any) -> None:
        is_stopped.extend([stopped, stopped()])
        raise KeyboardInterrupt

    monkeypatch.setattr("ayrframe._api.accounts.fetch_results", interrupted)
    with ayr.sandbox() as api, pytest.raises(KeyboardInterrupt):
        ayr.accounts(["tiktok", "x"], client=api.client())
    assert (is_stopped[0](), is_stopped[1]) == (True, False)
