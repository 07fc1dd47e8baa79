"""Test the one parser of times: accepted forms, whole periods in a time zone, and everything else refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import ayrframe as ayr
from ayrframe._frame.times import parse_time_argument
from ayrframe._metrics.periods import time_range, to_timezone

BERLIN = ZoneInfo("Europe/Berlin")
LAST_MICROSECOND = timedelta(microseconds=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("value", "first", "next_first"),
    [
        ("2026-03-01", utc(2026, 2, 28, 23), utc(2026, 3, 1, 23)),
        (date(2026, 3, 1), utc(2026, 2, 28, 23), utc(2026, 3, 1, 23)),
        (np.datetime64("2026-03-01"), utc(2026, 2, 28, 23), utc(2026, 3, 1, 23)),
        (pd.Period("2026-03-01", "D"), utc(2026, 2, 28, 23), utc(2026, 3, 1, 23)),
        ("2026-03-29", utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),  # clocks change on this day
        ("2026-03", utc(2026, 2, 28, 23), utc(2026, 3, 31, 22)),
        (np.datetime64("2026-03"), utc(2026, 2, 28, 23), utc(2026, 3, 31, 22)),
        (pd.Period("2026-03", "M"), utc(2026, 2, 28, 23), utc(2026, 3, 31, 22)),
        ("2025-12", utc(2025, 11, 30, 23), utc(2025, 12, 31, 23)),
        ("2026", utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
        (np.datetime64("2026", "Y"), utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
        (pd.Period("2026", "Y"), utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
        (pd.Period("2026Q1", "Q"), utc(2025, 12, 31, 23), utc(2026, 3, 31, 22)),
        (pd.Period("2026-03-01", "W"), utc(2026, 2, 22, 23), utc(2026, 3, 1, 23)),
        (pd.Period("2026-03-01 07", "h"), utc(2026, 3, 1, 6), utc(2026, 3, 1, 7)),
    ],
)
def test_F5_parse_time_date_month_year_or_period_is_whole(value: Any, first: datetime, next_first: datetime) -> None:
    assert parse_time_argument(value, "since", BERLIN) == (first, next_first - LAST_MICROSECOND)


@pytest.mark.parametrize(
    ("zone", "year"),
    [("America/Havana", 2026), ("America/Sao_Paulo", 2018), ("Africa/Cairo", 2026), ("Pacific/Apia", 2011)],
)
def test_each_day_begins_where_the_day_before_ends(zone: str, year: int) -> None:
    """Also where clocks are put back at midnight, so that it occurs twice, or skip it, or a day."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    spans = [parse_time_argument(day, "since", ZoneInfo(zone)) for day in days]
    assert all(after.first - before.last == LAST_MICROSECOND for before, after in pairwise(spans))


def test_last_day_before_a_repeated_midnight_ends_at_the_first() -> None:
    havana = ZoneInfo("America/Havana")
    assert parse_time_argument("2026-10", "until", havana).last == utc(2026, 11, 1, 4) - LAST_MICROSECOND
    assert parse_time_argument("2026-11-01", "since", havana).first == utc(2026, 11, 1, 4)


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-03-01T09:30:15Z", utc(2026, 3, 1, 9, 30, 15)),
        ("2026-03-01 09:30:15+00:00", utc(2026, 3, 1, 9, 30, 15)),
        ("2026-03-01T09:30:15-0530", utc(2026, 3, 1, 15, 0, 15)),
        ("2026-03-01T09:30:15", utc(2026, 3, 1, 8, 30, 15)),
        ("2026-03-01 09:30", utc(2026, 3, 1, 8, 30)),
        ("2026-03-01T09:30:15.1Z", utc(2026, 3, 1, 9, 30, 15, 100000)),
        ("2026-03-01T09:30:15.1234567Z", utc(2026, 3, 1, 9, 30, 15, 123456)),
        ("2026-03-01T09:30:15.999999999Z", utc(2026, 3, 1, 9, 30, 15, 999999)),
        (datetime(2026, 3, 1, 9, 30, 15), utc(2026, 3, 1, 8, 30, 15)),  # noqa: DTZ001
        (datetime(2026, 3, 1, 9, 30, 15, tzinfo=timezone(timedelta(hours=-5))), utc(2026, 3, 1, 14, 30, 15)),
        (pd.Timestamp("2026-03-01"), utc(2026, 2, 28, 23)),
        (pd.Timestamp("2026-03-01T09:30:15.123456789Z"), utc(2026, 3, 1, 9, 30, 15, 123456)),
        (np.datetime64("2026-03-01T09:30:15.123456789"), utc(2026, 3, 1, 8, 30, 15, 123456)),
        (np.datetime64("2026-03-01T09", "h"), utc(2026, 3, 1, 8)),
        ("2026-03-29T02:30", utc(2026, 3, 29, 1)),  # skipped: the instant at which clocks changed
        (datetime(2026, 10, 25, 2, 30, fold=1), utc(2026, 10, 25, 1, 30)),  # noqa: DTZ001
    ],
)
def test_parse_time_time_is_one_instant(value: Any, time: datetime) -> None:
    assert parse_time_argument(value, "since", BERLIN) == (time, time)


def test_parse_time_repeated_time_is_both_instants() -> None:
    assert parse_time_argument("2026-10-25T02:30", "since", BERLIN) == (
        utc(2026, 10, 25, 0, 30),
        utc(2026, 10, 25, 1, 30),
    )


REFUSED = [
    "2026-1-31",
    "2026-01-1",
    "1.2.2026",
    "01/02/2026",
    "2026/01/31",
    "20260131",
    " 2026-01-31 ",
    "2026-01-31\n",
    "31 January 2026",
    "January 2026",
    "2026-02-30",
    "2026-13",
    "2026-00",
    "0000",
    "26",
    "",
    "now",
    "today",
    "NaT",
    "2026-W05",
    "2026Q1",
    "2026-01-31T",
    "2026-01-31T9:30",
    "2026-01-31T24:00",
    "2026-01-31T09:30:60",
    "2026-01-31T09:30:15.1234567890Z",
    "2026-01-31T09:30:15,5Z",
    "2026-01-31T09:30+25:00",
    "2026-01-31T09:30 Europe/Berlin",
    "20260131T093000Z",
    "٢٠٢٦-01-31",
    "−2026-01-31",
    pd.NaT,
    np.datetime64("NaT", "us"),
    pd.NA,
    float("nan"),
    True,
    0,
    1780272000,
    1780272000.5,
    np.int64(1780272000000),
    b"2026-01-31",
    timedelta(days=1),
    np.datetime64(10**9, "Y"),
    [],
    ["2026-01-31"],
    {},
]


@pytest.mark.parametrize("value", REFUSED, ids=repr)
def test_parse_time_anything_else_raises_with_forms_and_value(value: Any) -> None:
    with pytest.raises(ValueError, match="`since` must be a date such as '2026-03-01', a month '2026-03'") as caught:
        parse_time_argument(value, "since", UTC)
    assert repr(str(value)[:40]) in str(caught.value)
    assert type(value).__name__ in str(caught.value)


@pytest.mark.parametrize("value", ["2026-1-31", "1.2.2026", "20260131", 1780272000, 1780272000.5, True, pd.NaT])
def test_F5_every_time_argument_refuses_what_it_would_guess(value: Any, tmp_path: Any) -> None:
    page = b'{"posts": [{"id": "1"}]}'
    for name, call in {
        "as_of": lambda: ayr.from_posts([{"id": "1"}], platform="bluesky", as_of=value),
        "`as_of": lambda: ayr.read_json(page, platform="bluesky", as_of=value),
        "since": lambda: ayr.load("bluesky", since=value, client=ayr.Client(api_key="A" * 32)),
        "`until": lambda: ayr.load("bluesky", until=value, client=ayr.Client(api_key="A" * 32)),
        "`until`": lambda: ayr.sandbox(until=value),
    }.items():
        with pytest.raises(ValueError, match=name.strip("`")):
            call()


@pytest.mark.parametrize(
    "as_of", ["2026-03", date(2026, 3, 1), np.datetime64("2026-03-01"), pd.Period("2026-03"), "2026-03-01 00:00"]
)
def test_as_of_of_a_whole_period_is_its_start(as_of: Any) -> None:
    posts = ayr.from_posts([{"id": "1"}], platform="bluesky", as_of=as_of)
    assert posts["as_of"].tolist() == [pd.Timestamp("2026-03-01", tz="UTC")]


class LocalizedZone(tzinfo):
    """A tzinfo that has the right offset only after `localize`, like those of pytz."""

    zone = "Europe/Berlin"

    def localize(self, time: datetime) -> datetime:
        return time.replace(tzinfo=BERLIN)

    def utcoffset(self, _: datetime | None) -> timedelta:
        return timedelta(minutes=53)

    def dst(self, _: datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    ("tz", "first"),
    [
        (None, utc(2026, 3, 1)),
        (UTC, utc(2026, 3, 1)),
        ("Europe/Berlin", utc(2026, 2, 28, 23)),
        (BERLIN, utc(2026, 2, 28, 23)),
        (timezone(timedelta(hours=-5)), utc(2026, 3, 1, 5)),
        (LocalizedZone(), utc(2026, 2, 28, 23)),
    ],
)
def test_tz_is_a_name_or_a_tzinfo(tz: Any, first: datetime) -> None:
    assert time_range("2026-03-01", None, tz).since == first


@pytest.mark.parametrize("tz", ["Mars/Base", "", "../UTC", 1, b"UTC", "Europe"])
def test_tz_that_is_no_time_zone_raises(tz: Any) -> None:
    with pytest.raises(ValueError, match="Unknown time zone "):
        to_timezone(tz)


@pytest.mark.parametrize("tz", [BERLIN, UTC, timezone(timedelta(hours=1))], ids=str)
def test_methods_and_plots_accept_a_tzinfo(tz: Any) -> None:
    from matplotlib.figure import Figure

    posts = ayr.load_sample("x")
    assert len(posts.ayr.timeline("likes", tz=tz))
    assert len(posts.ayr.summary("week", tz=tz))
    assert len(posts.ayr.compare(tz=tz))
    assert len(posts.ayr.best_times("likes", tz=tz))
    for name in ("timeline", "best_times"):
        assert str(tz) in getattr(posts.ayr.plot, name)("likes", tz=tz, ax=Figure().subplots()).get_xlabel()


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        # Samoa crossed the date line: this day did not exist.
        ("Pacific/Apia", "2011-12-30", utc(2011, 12, 30, 10), utc(2011, 12, 30, 9, 59, 59, 999999)),
        ("Pacific/Apia", "2011-12-29", utc(2011, 12, 29, 10), utc(2011, 12, 30, 9, 59, 59, 999999)),
        ("Pacific/Apia", "2011-12-31", utc(2011, 12, 30, 10), utc(2011, 12, 31, 9, 59, 59, 999999)),
        # Clocks went from 00:00 to 01:00, so this day began at 01:00.
        ("America/Sao_Paulo", "2018-11-04", utc(2018, 11, 4, 3), utc(2018, 11, 5, 1, 59, 59, 999999)),
        # Clocks went from 01:00 back to 00:00, so midnight came twice.
        ("America/Havana", "2018-11-04", utc(2018, 11, 4, 4), utc(2018, 11, 5, 4, 59, 59, 999999)),
        # Clocks went from 23:30 to 00:30, so this day began at 00:30.
        ("America/Toronto", "1919-03-31", utc(1919, 3, 31, 4, 30), utc(1919, 4, 1, 3, 59, 59, 999999)),
    ],
)
def test_F5_time_range_of_days_that_clocks_cut(zone: str, day: str, first: datetime, last: datetime) -> None:
    window = time_range(day, day, zone)
    assert (window.since, window.until) == (first, last)


@pytest.mark.parametrize(
    ("since", "until"), [("2026-03-02", "2026-03-01"), ("2026-04", "2026-03"), ("2027", "2026-12")]
)
def test_time_range_since_later_than_until_raises(since: str, until: str) -> None:
    with pytest.raises(ValueError, match="must not be later"):
        time_range(since, until, "UTC")


def test_time_range_at_the_ends_of_the_calendar_is_open() -> None:
    window = time_range("0001", "9999", "Asia/Tokyo")
    assert (window.since, window.until) == (utc(1, 1, 1), utc(9999, 12, 31, 23, 59, 59, 999999))
    assert time_range(None, "9999-12-30T23:00", "America/New_York").until == utc(9999, 12, 31, 4)
    assert time_range(None, "9999-12-31T23:00", "America/New_York").until == utc(9999, 12, 31, 23, 59, 59, 999999)


ZONES = sorted(name for name in available_timezones() if "/" in name)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_a_time_is_within_its_own_day_month_and_year_in_any_zone(time: datetime, zone: str) -> None:
    local = time.astimezone(ZoneInfo(zone))
    for text in (f"{local:%Y-%m-%d}", f"{local:%Y-%m}", f"{local:%Y}"):
        assert time_range(text, text, zone).contains(pd.Series([time]).dt.as_unit("us")).all()
    yesterday = f"{local.date() - timedelta(days=2):%Y-%m-%d}"
    assert not time_range(yesterday, yesterday, zone).contains(pd.Series([time]).dt.as_unit("us")).any()
