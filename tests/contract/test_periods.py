"""When a period is complete, what is compared with what, and which cautions are noted; expectations by hand."""

from __future__ import annotations

import datetime
import json
import socket
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pandas as pd
import pytest

import ayrframe as ayr
import ayrframe.dask  # for `ddf.ayr`
from tests.faults.load_client import make_client
from tests.faults.server import Hit, Server, http

SIDES = ["complete_before", "complete_this"]
INCOMPLETE, START_MISSING, YOUNGER, FEWER_PARTS = (
    "incomplete period",
    "start may be missing",
    "younger posts",
    "fewer parts",
)
START_OF_HISTORY = pd.Timestamp("1970-01-01", tz="UTC")


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC").as_unit("us")


def frame_of(
    *days: str, platform: str = "bluesky", profile: str = "", as_of: str = "2026-06-30", **fields: Any
) -> pd.DataFrame:
    """Return posts of these days at noon with 10 likes, or these fields."""
    posts = [{"id": f"{profile}{day}", "created": f"{day}T12:00:00Z", **(fields or {"likeCount": 10})} for day in days]
    return ayr.from_posts(posts, platform=platform, profile=profile, as_of=as_of, validate=None)


def each_day(first: str, last: str) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in pd.date_range(first, last)]


def listed(posts: pd.DataFrame, since: str, until: str) -> pd.DataFrame:
    """Return the posts as if the account was read at `until` and all posts from `since` on were listed."""
    return posts.assign(listed_from=utc(since), read_at=utc(until))


def concat(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def compared(posts: pd.DataFrame, period: str = "month", metric: str = "likes", **options: Any) -> dict[str, Any]:
    """Return the row of a metric, None for NA; check that metrics frames give the same table."""
    table = posts.ayr.compare(period, metric=metric, **options)
    pd.testing.assert_frame_equal(posts.ayr.metrics().ayr.compare(period, metric=metric, **options), table)
    (row,) = table[table["metric"] == metric].to_dict("records")
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def notes(posts: pd.DataFrame, period: str = "month", **options: Any) -> dict[str, str | None]:
    table = posts.ayr.compare(period, **options)
    return {row["metric"]: None if pd.isna(row["note"]) else row["note"] for row in table.to_dict("records")}


# ── Complete periods ────────────────────────────────────────────────────────────────────────────────────────────────

TWO_MONTHS = frame_of(*each_day("2026-02-01", "2026-03-31"))


@pytest.mark.parametrize(
    ("since", "until", "tz", "complete", "note"),
    [
        ("2026-02-01T00:00:00", "2026-04-01T00:00:00", None, [True, True], None),
        ("2026-02-01T00:00:00.000001", "2026-04-01T00:00:00", None, [False, True], START_MISSING),
        ("2026-02-01T00:00:00", "2026-03-31T23:59:59.999999", None, [True, False], INCOMPLETE),
        ("2026-03-01T00:00:01", "2026-04-01T00:00:00", None, [False, False], START_MISSING),
        ("2026-02-02T00:00:00", "2026-02-27T00:00:00", None, [False, False], f"{INCOMPLETE}; {START_MISSING}"),
        # Months begin at 23:00 UTC in winter, and at 22:00 UTC in summer.
        ("2026-01-31T23:00:00", "2026-03-31T22:00:00", "Europe/Berlin", [True, True], None),
        ("2026-01-31T23:00:01", "2026-03-31T22:00:00", "Europe/Berlin", [False, True], START_MISSING),
        ("2026-01-31T23:00:00", "2026-03-31T21:59:59", "Europe/Berlin", [True, False], INCOMPLETE),
        ("2026-02-01T05:00:00", "2026-04-01T04:00:00", "America/New_York", [True, True], None),
        (
            "2026-02-01T05:00:01",
            "2026-04-01T03:59:59",
            "America/New_York",
            [False, False],
            f"{INCOMPLETE}; {START_MISSING}",
        ),
    ],
)
def test_period_is_complete_from_its_first_to_its_last_moment(
    since: str, until: str, tz: str | None, complete: list[bool], note: str | None
) -> None:
    posts = listed(TWO_MONTHS, since, until)
    row = compared(posts, at="2026-03", tz=tz)
    assert [row[side] for side in SIDES] == complete
    assert row["note"] == note
    assert (row["before"], row["this"]) == (280.0, 310.0)
    timeline = posts.ayr.timeline("likes", period="month", tz=tz)
    assert timeline["complete"].tolist() == complete
    assert timeline["complete"].dtype == "boolean"
    pd.testing.assert_frame_equal(posts.ayr.metrics().ayr.timeline("likes", period="month", tz=tz), timeline)


def test_period_that_is_not_over_is_noted_on_every_row() -> None:
    posts = listed(
        frame_of(*each_day("2026-02-01", "2026-03-10"), as_of="2026-03-10T13:00"), "2026-02-01", "2026-03-10T13:00"
    )
    assert set(notes(posts, at="2026-03").values()) == {INCOMPLETE, f"{INCOMPLETE}; {YOUNGER}"}
    row = compared(posts, at="current")
    assert (row["period_this"], row["before"], row["this"]) == ("2026-03", 280.0, 100.0)
    table = posts.ayr.compare(at="2026-03").set_index("metric")
    assert table.loc["posts", ["before", "this", "note"]].tolist() == [28.0, 10.0, INCOMPLETE]


def test_default_period_is_the_newest_that_all_accounts_have_completed() -> None:
    days = each_day("2026-01-01", "2026-03-15")
    first = listed(frame_of(*days, profile="a"), "2026-01-01", "2026-04-02")
    second = listed(frame_of(*days, profile="b"), "2026-01-01", "2026-03-15T13:00")
    assert compared(concat(first))["period_this"] == "2026-03"
    assert compared(concat(first, second))["period_this"] == "2026-02"
    assert compared(concat(first, second), at="current")["period_this"] == "2026-04"
    table = concat(first, second).ayr.compare(at="2026-03", by="profile", metric="likes")
    assert table["profile"].tolist() == ["a", "a", "b", "b"]
    assert table["note"].astype(object).where(table["note"].notna(), None).tolist() == [None, None, *[INCOMPLETE] * 2]
    assert compared(concat(first, second), at="2026-03")["note"] == INCOMPLETE


def test_platforms_are_complete_separately() -> None:
    first = listed(frame_of(*each_day("2026-02-01", "2026-03-31")), "2026-02-01", "2026-04-01")
    second = listed(frame_of(*each_day("2026-02-01", "2026-03-20"), platform="tiktok"), "2026-02-10", "2026-03-20")
    table = concat(first, second).ayr.timeline("likes", period="month").set_index(["platform", "period"])["complete"]
    assert table.tolist() == [True, True, False, False]


def test_account_of_several_readings_is_listed_from_the_first_to_the_last() -> None:
    posts = frame_of(*each_day("2026-02-01", "2026-03-31"))
    early = listed(posts.iloc[:40], "2026-02-01", "2026-03-12T13:00")
    late = listed(posts.iloc[30:], "2026-03-03", "2026-04-01")
    assert [compared(concat(early, late), at="2026-03")[side] for side in SIDES] == [True, True]


@pytest.mark.parametrize("column", ["listed_from", "read_at"])
def test_unknown_times_of_reading_are_no_proof(column: str) -> None:
    posts = listed(TWO_MONTHS, "2026-02-01", "2026-04-01").assign(as_of=utc("2026-03-20"))
    posts[column] = pd.Series(pd.NaT, posts.index, "datetime64[us, UTC]")
    posts = posts[posts["created"] < posts["as_of"]]
    assert (START_MISSING if column == "listed_from" else INCOMPLETE) in compared(posts, at="2026-03")["note"]


# ── Names of periods ────────────────────────────────────────────────────────────────────────────────────────────────

YEARS = listed(frame_of("2024-02-29", "2025-02-10", "2026-02-10"), "2024-01-01", "2026-06-30")


@pytest.mark.parametrize(
    ("period", "at", "before", "year_before"),
    [
        ("day", "2026-02-10", "2026-02-09", "2025-02-10"),
        ("week", "2026-W07", "2026-W06", "2025-W07"),
        ("month", "2026-01", "2025-12", "2025-01"),
        ("quarter", "2026Q1", "2025Q4", "2025Q1"),
        ("year", "2026", "2025", "2025"),
        ("week", "2026-W01", "2025-W52", "2025-W01"),
        ("week", "2021-W01", "2020-W53", "2020-W01"),
        ("week", "2020-W53", "2020-W52", None),  # 2019 has 52 weeks
        ("day", "2024-02-29", "2024-02-28", None),
        ("day", "2024-03-01", "2024-02-29", "2023-03-01"),
        ("month", pd.Period("2026-01", "M"), "2025-12", "2025-01"),
        ("week", pd.Period("2026-02-12", "W"), "2026-W06", "2025-W07"),
        ("day", pd.Period("2026-02-10", "D"), "2026-02-09", "2025-02-10"),
        ("quarter", pd.Period("2026Q1"), "2025Q4", "2025Q1"),
        ("year", pd.Period("2026"), "2025", "2025"),
    ],
)
def test_at_and_against_name_both_periods(period: str, at: Any, before: str, year_before: str | None) -> None:
    assert compared(YEARS, period, at=at)["period_before"] == before
    found = compared(YEARS, period, at=at, against="year")
    assert found["period_before"] == year_before
    if isinstance(at, str):
        assert found["period_this"] == at
    if year_before is None:
        names = ["before", "change", "complete_before", "posts_with_before", "mean_age_days_before"]
        assert [found[name] for name in names] == [None] * 5


def test_against_year_compares_the_same_period_of_the_year_before() -> None:
    for period, at in (("month", "2026-02"), ("quarter", "2026Q1"), ("year", "2026"), ("day", "2026-02-10")):
        row = compared(YEARS, period, at=at, against="year")
        assert (row["before"], row["this"], row["change"]) == (10.0, 10.0, 0.0)
    week = concat(frame_of("2025-02-12", "2026-02-10"))  # a Wednesday and a Tuesday, both in week 7
    assert compared(week, "week", at="2026-W07", against="year")["before"] == 10.0


@pytest.mark.parametrize(
    ("period", "at"),
    [
        *[("month", at) for at in ("2026-1", "2026-13", "2026-00", "2026-01-01", "2026", "2026Q1", " 2026-01")],
        *[("month", at) for at in ("2026-01\n", "Jan 2026", "01/2026", "", "latest", "Current", "２０２６-01")],
        *[("month", at) for at in (202601, 2026.0, True, ["2026-01"], datetime.date(2026, 1, 1), pd.NaT, float("nan"))],
        *[("month", at) for at in (pd.Timestamp("2026-01-01"), pd.Period("2026-01-01", "D"), pd.Period("NaT", "M"))],
        *[("week", at) for at in ("2026-W00", "2025-W53", "2026-W54", "2026W07", "2026-w07", "2026-7", "2026-02-10")],
        *[("week", at) for at in (pd.Period("2026-02-10", "W-SAT"), pd.Period("2026-02-10", "D"))],
        *[("quarter", at) for at in ("2026Q0", "2026Q5", "2026-Q1", "Q1 2026", "2026q1", pd.Period("2026Q1", "Q-JAN"))],
        *[("year", at) for at in (2026, "0000", "26", "2026-01", "20266", pd.Period("2026", "Y-JUN"))],
        *[("day", at) for at in ("2026-02-29", "2026-02", "2026-2-1", "2026-02-10T00:00", "20260210")],
    ],
)  # fmt: skip
def test_other_spellings_of_a_period_raise_and_show_one(period: str, at: Any) -> None:
    with pytest.raises(ValueError, match=rf"`at` must be a {period} such as '2026.*, 'current', or a pd\.Period"):
        YEARS.ayr.compare(period, at=at)


@pytest.mark.parametrize("against", ["years", "Year", "", None, 1, ["year"]])
def test_other_values_of_against_raise(against: Any) -> None:
    with pytest.raises(ValueError, match="`against` must be 'previous' or 'year'"):
        YEARS.ayr.compare(against=against)


@pytest.mark.parametrize("period", ["months", "Month", "", None, "M", ["month"]])
def test_other_periods_raise(period: Any) -> None:
    for call in (YEARS.ayr.compare, lambda period: YEARS.ayr.timeline(period=period)):
        with pytest.raises(ValueError, match=r"Unknown period .* Choose from: day, week, month, quarter, year"):
            call(period)


@pytest.mark.parametrize(
    ("period", "labels"), [("quarter", ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"]), ("year", ["2025", "2026"])]
)
def test_timeline_has_quarters_and_years(period: str, labels: list[str]) -> None:
    table = listed(frame_of("2025-02-10", "2026-02-10"), "2025-01-01", "2026-06-30").ayr.timeline(
        "likes", period=period
    )
    assert table["period"].tolist() == labels
    assert table["posts"].tolist() == [1, *[0] * (len(labels) - 2), 1]
    assert table["complete"].tolist() == [True] * (len(labels) - 1) + [period == "quarter"]


def test_summary_by_quarter_and_year_uses_local_time() -> None:
    posts = ayr.from_posts([{"id": "1", "created": "2025-12-31T23:30:00Z", "likeCount": 3}], platform="bluesky")
    assert posts.ayr.summary(["quarter", "year"])[["quarter", "year"]].to_numpy().tolist()[0] == ["2025Q4", "2025"]
    berlin = posts.ayr.summary(["quarter", "year"], tz="Europe/Berlin")
    assert berlin[["quarter", "year"]].to_numpy().tolist()[0] == ["2026Q1", "2026"]


# ── Notes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def instagram(month: str, count: int = 4, profile: str = "", as_of: str = "2026-06-30", **fields: Any) -> pd.DataFrame:
    """Return complete months of posts with these fields."""
    posts = [
        {"id": f"{profile}{month}{n}", "created": f"{month}-{n:02}T00:00:00Z", **fields} for n in range(1, count + 1)
    ]
    posts = ayr.from_posts(posts, platform="instagram", profile=profile, as_of=as_of, validate=None)
    return listed(posts, "2026-01-01", "2026-06-30")


BOTH = {"likeCount": 10, "commentsCount": 1, "viewsCount": 100}


def test_fewer_parts_restricts_engagements_and_rates_to_the_parts_of_both() -> None:
    for first, second in (({"sharesCount": 9}, {}), ({}, {"sharesCount": 9})):
        posts = concat(instagram("2026-02", **BOTH, **first), instagram("2026-03", **BOTH, **second))
        table = posts.ayr.compare(at="2026-03").set_index("metric")
        assert table.loc["engagements", ["before", "this", "change"]].tolist() == [44.0, 44.0, 0.0]
        assert table.loc["er_views", ["before", "this"]].tolist() == pytest.approx([0.11, 0.11])
        assert table["note"].dropna().to_dict() == dict.fromkeys(
            ["engagements", "er_views", "er_impressions", "er_reach"], FEWER_PARTS
        )
        assert table.loc["likes", ["before", "this"]].tolist() == [40.0, 40.0]


def test_fewer_parts_concerns_only_the_group_that_differs() -> None:
    posts = concat(
        instagram("2026-02", profile="a", **BOTH, sharesCount=9),
        instagram("2026-03", profile="a", **BOTH),
        instagram("2026-02", profile="b", **BOTH, sharesCount=9),
        instagram("2026-03", profile="b", **BOTH, sharesCount=9),
    )
    table = posts.ayr.compare(at="2026-03", by="profile", metric=["engagements", "er_views"])
    table = table[table["metric"] != "posts"]
    assert table["before"].tolist() == pytest.approx([44.0, 0.11, 80.0, 0.2])
    assert table["note"].astype(object).where(table["note"].notna(), None).tolist() == [FEWER_PARTS] * 2 + [None] * 2
    total = posts.ayr.compare(at="2026-03", metric="engagements").set_index("metric").loc["engagements"]
    assert total[["before", "this"]].tolist() == [160.0, 124.0]  # both periods have all parts


def test_fewer_parts_without_a_common_part_is_na() -> None:
    row = compared(
        concat(instagram("2026-02", likeCount=10), instagram("2026-03", commentsCount=10)),
        at="2026-03",
        metric="engagements",
    )
    assert (row["before"], row["this"], row["change"], row["note"]) == (None, None, None, FEWER_PARTS)


def test_fewer_parts_needs_values_in_both_periods() -> None:
    row = compared(concat(instagram("2026-02"), instagram("2026-03", likeCount=10)), at="2026-03", metric="engagements")
    assert (row["before"], row["this"], row["note"]) == (None, 40.0, None)


def test_younger_posts_concern_metrics_but_not_the_number_of_posts() -> None:
    posts = concat(instagram("2026-02", as_of="2026-03-08", **BOTH), instagram("2026-03", as_of="2026-03-08", **BOTH))
    found = notes(posts, at="2026-03")
    # Published 31.5 and 3.5 days before on average for days 1 to 4.
    assert found["posts"] is None
    assert {found[name] for name in ("likes", "views", "er_views", "engagements")} == {YOUNGER}
    assert found["shares"] is None
    older = concat(instagram("2026-02", **BOTH), instagram("2026-03", **BOTH))
    assert set(notes(older, at="2026-03").values()) == {None}


def test_change_from_zero_and_of_empty_periods_is_na() -> None:
    row = compared(concat(instagram("2026-02", likeCount=0), instagram("2026-03", likeCount=3)), at="2026-03")
    assert (row["before"], row["this"], row["change"]) == (0.0, 12.0, None)
    table = concat(instagram("2026-02", likeCount=5)).ayr.compare(at="2026-03", metric="likes").set_index("metric")
    assert table.loc["posts", ["before", "this", "change"]].tolist() == [4.0, 0.0, -1.0]
    assert table.loc["likes", "before"] == 20.0
    assert table.loc["likes", ["this", "change"]].isna().all()


def test_own_columns_are_compared_and_are_groups() -> None:
    posts = concat(instagram("2026-02", likeCount=5), instagram("2026-03", likeCount=5))
    posts = posts.assign(spend=[1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0], campaign=["a", "b"] * 4)
    table = posts.ayr.compare(at="2026-03", by="campaign", metric="spend")
    assert table[table["metric"] == "spend"][["campaign", "statistic", "before", "this"]].to_numpy().tolist() == [
        ["a", "sum", 4.0, 10.0],
        ["b", "sum", 6.0, 10.0],
    ]


def test_posts_of_the_future_take_no_part_and_do_not_affect_others() -> None:
    posts = listed(TWO_MONTHS, "2026-02-01", "2026-04-01")
    future = frame_of("2029-01-01", platform="tiktok", as_of="2026-04-01")
    calls: list[Callable[[Any], pd.DataFrame]] = [
        lambda accessor: accessor.compare(metric="likes"),
        lambda accessor: accessor.timeline("likes", period="month"),
        lambda accessor: accessor.summary("month", metric="likes"),
        lambda accessor: accessor.best_times("likes"),
    ]
    for call in calls:
        for frame in (concat(posts, future), concat(posts, future).ayr.metrics()):
            with pytest.warns(
                ayr.DataWarning, match=r"1 post\(s\) are dated after .* '2029-01-01', dated 2029-01-01"
            ) as caught:
                table = call(frame.ayr)
            assert len(caught) == 1
            others = table[table["platform"] == "bluesky"].reset_index(drop=True)
            pd.testing.assert_frame_equal(others, call(posts.ayr))


# ── Times of reading ────────────────────────────────────────────────────────────────────────────────────────────────


def api_post(day: str) -> dict[str, Any]:
    return {"id": day, "created": f"{day}T12:00:00Z", "likeCount": 10}


def history(*pages: Sequence[str], fail_at: int | None = None) -> Callable[[socket.socket, Hit], bool]:
    """Return a history with a post on each of these days, page by page; one page may fail."""

    def serve(sock: socket.socket, hit: Hit) -> bool:
        number = int(hit.params.get("next", "c0")[1:])
        if number == fail_at:
            sock.sendall(http(json.dumps({"status": "error", "code": 102, "message": "refused"}), 403))
            return True
        more = number + 1 < len(pages)
        pagination = {"hasMore": more, **({"next": f"c{number + 1}"} if more else {})}
        body = {
            "status": "success",
            "posts": [api_post(day) for day in pages[number]],
            "meta": {"pagination": pagination},
        }
        sock.sendall(http(json.dumps(body)))
        return True

    return serve


def load(scenario: Any, platform: Any = "bluesky", **options: Any) -> pd.DataFrame:
    with Server(scenario) as server:
        return load_from(make_client(server.url), platform, **options)


def load_from(client: ayr.Client, platform: Any = "bluesky", **options: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ayr.DataWarning)
        return ayr.load(platform, client=client, progress=False, **options)


def starts(posts: pd.DataFrame, *by: str) -> list[Any]:
    """Return the distinct `listed_from`, after checking that `read_at` is there."""
    assert posts["read_at"].notna().all()
    return sorted(posts["listed_from"].unique())


PAGES = (("2026-03-20", "2026-03-10"), ("2026-02-20", "2026-02-10"), ("2026-01-20", "2026-01-10"))


def test_from_posts_is_listed_from_its_oldest_post() -> None:
    posts = ayr.from_posts(
        [api_post("2026-03-05"), api_post("2026-02-05"), {"id": "1"}], platform="bluesky", as_of="2026-03-20"
    )
    assert starts(posts) == [utc("2026-02-05T12:00")]
    assert posts["read_at"].tolist() == [utc("2026-03-20")] * 3
    assert ayr.from_posts([{"id": "1"}], platform="bluesky")["listed_from"].isna().all()


def test_platforms_of_one_file_are_listed_separately() -> None:
    items = [api_post("2026-03-05") | {"platform": "bluesky"}, api_post("2026-01-05") | {"platform": "tiktok"}]
    posts = ayr.from_posts(items).set_index("platform")
    assert posts["listed_from"].to_dict() == {"bluesky": utc("2026-03-05T12:00"), "tiktok": utc("2026-01-05T12:00")}


def test_each_file_is_listed_from_its_own_oldest_post(tmp_path: Path) -> None:
    for name, day in {"a": "2026-03-05", "b": "2026-02-05"}.items():
        (tmp_path / f"{name}.json").write_text(
            json.dumps({"posts": [api_post(day), api_post("2026-03-09") | {"id": name}]})
        )
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for source in (paths, tmp_path / "*.json"):
        posts = ayr.read_json(
            source if isinstance(source, list) else str(source), platform="bluesky", as_of="2026-03-20"
        )
        assert posts["listed_from"].tolist() == [utc("2026-03-05T12:00")] * 2 + [utc("2026-02-05T12:00")] * 2
        assert posts["read_at"].unique().tolist() == [utc("2026-03-20")]


def test_envelopes_of_one_file_are_one_list() -> None:
    lines = [
        json.dumps({"posts": [api_post(day)], "lastUpdated": "2026-03-15T00:00:00Z"})
        for day in ("2026-03-05", "2026-02-05")
    ]
    posts = ayr.read_json("\n".join(lines).encode(), platform="bluesky", as_of="2026-03-20")
    assert starts(posts) == [utc("2026-02-05T12:00")]
    assert posts["read_at"].unique().tolist() == [utc("2026-03-20")]
    assert posts["as_of"].unique().tolist() == [utc("2026-03-15")]


@pytest.mark.parametrize(
    ("options", "start"),
    [
        ({"limit": None}, START_OF_HISTORY),
        ({"limit": 100}, START_OF_HISTORY),
        ({"limit": 2}, utc("2026-03-10T12:00")),
        ({"limit": 3}, utc("2026-02-20T12:00")),
        ({"limit": None, "since": "2026-02-01"}, utc("2026-02-01")),
        ({"since": "2026-02-01"}, utc("2026-02-01")),
        ({"limit": 2, "since": "2026-02-01"}, utc("2026-03-10T12:00")),
        ({"limit": None, "since": "2025-01-01"}, utc("2025-01-01")),
        ({"limit": None, "until": "2026-02-28"}, START_OF_HISTORY),
    ],
)  # fmt: skip
def test_load_is_listed_from_since_the_start_or_its_oldest_post(options: dict[str, Any], start: pd.Timestamp) -> None:
    before = pd.Timestamp.now("UTC")
    posts = load(history(*PAGES), **options)
    assert starts(posts) == [start]
    assert posts["read_at"].between(before.floor("us"), pd.Timestamp.now("UTC")).all()


def test_load_that_fails_on_a_later_page_is_listed_from_its_oldest_post() -> None:
    with pytest.raises(ayr.AuthError) as caught:
        load(history(*PAGES, fail_at=2), limit=None)
    assert caught.value.frame is not None
    assert starts(caught.value.frame) == [utc("2026-02-10T12:00")]


def test_load_of_several_platforms_is_listed_separately() -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        return history(
            *(PAGES if "tiktok" in hit.target else PAGES[:1]), fail_at=2 if "tiktok" in hit.target else None
        )(sock, hit)

    posts = load(serve, ["bluesky", "tiktok"], limit=None)
    found = posts.groupby("platform")["listed_from"].unique().map(list).to_dict()
    assert found == {"bluesky": [START_OF_HISTORY], "tiktok": [utc("2026-02-10T12:00")]}


def test_default_limit_that_cuts_into_the_comparison_period_is_noted() -> None:
    days = each_day("2026-02-01", "2026-03-31")[::-1]
    pages = [days[start : start + 20] for start in range(0, len(days), 20)]
    full, cut = load(history(*pages), limit=None), load(history(*pages), limit=41)
    assert (compared(full, at="2026-03")["before"], compared(full, at="2026-03")["note"]) == (280.0, None)
    row = compared(cut, at="2026-03")
    assert (row["before"], row["complete_before"], row["complete_this"], row["note"]) == (
        100.0,
        False,
        True,
        START_MISSING,
    )
    assert notes(cut, at="2026-03")["posts"] == START_MISSING


def test_archive_and_datasets_keep_the_times_of_reading(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path / "archive")
    with Server(history(*PAGES)) as server:
        client = make_client(server.url)
        cut = load_from(client, limit=2, archive=archive)
        for frame in (archive.posts(), archive.latest()):
            assert starts(frame) == starts(cut) == [utc("2026-03-10T12:00")]
            assert frame["read_at"].tolist() == cut["read_at"].tolist()
        full = load_from(client, limit=None, archive=archive, refresh=True)
    assert starts(archive.latest()) == starts(full) == [START_OF_HISTORY]
    assert set(archive.latest()["read_at"]) == set(full["read_at"])
    archive.to_parquet(tmp_path / "dataset")
    expected = archive.posts().sort_values(["id", "read_at"])[["id", "read_at", "listed_from"]].reset_index(drop=True)
    read = ayr.read_parquet(tmp_path / "dataset"), ayr.dask.read_parquet(str(tmp_path / "dataset")).compute()
    for frame in (*read, ayr.dask.read_archive(str(tmp_path / "archive")).compute()):
        found = frame.sort_values(["id", "read_at"])[["id", "read_at", "listed_from"]].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, expected)
        assert compared(frame, at="2026-02", metric="likes")["note"] is None


def test_offline_load_is_listed_as_its_pages_were(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    loads: list[dict[str, Any]] = [{"limit": None}, {"limit": 3}, {"since": "2026-02-01"}]
    with Server(history(*PAGES)) as server:
        client = make_client(server.url)
        live = [load_from(client, archive=archive, **options) for options in loads]
    for posts, options in zip(live, loads, strict=True):
        pd.testing.assert_frame_equal(load_from(client, archive=archive, offline=True, **options), posts)
    assert [starts(posts) for posts in live] == [[START_OF_HISTORY], [utc("2026-02-20T12:00")], [utc("2026-02-01")]]


def test_archive_of_an_interrupted_load_is_listed_from_its_oldest_post(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    with pytest.raises(ayr.AuthError):
        load(history(*PAGES, fail_at=2), limit=None, archive=archive)
    assert starts(archive.posts()) == [utc("2026-02-10T12:00")]
    assert compared(archive.posts(), at="2026-03")["note"].startswith(INCOMPLETE) is False


def test_partitions_give_the_same_comparison() -> None:
    posts = concat(listed(TWO_MONTHS, "2026-02-01", "2026-04-01"))
    back = dd.from_pandas(posts, npartitions=4).compute()
    pd.testing.assert_frame_equal(back.ayr.compare(), posts.ayr.compare())
