"""Time zones and ranges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from ayrframe._metrics.periods import TimeRange, to_timezone

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


class PytzZone(tzinfo):
    """A zone as pytz has them: with a wrong offset unless its own `localize` is called."""

    zone = "Europe/Berlin"

    def localize(self, _: datetime) -> datetime:
        raise AssertionError("the zone is replaced by that of the standard library")

    def utcoffset(self, _: datetime | None) -> timedelta:
        return timedelta(minutes=53)


@pytest.mark.parametrize(
    ("tz", "offset"),
    [
        (None, 0),
        ("UTC", 0),
        ("Europe/Berlin", 60),
        (ZoneInfo("Europe/Berlin"), 60),
        (timezone(timedelta(hours=2)), 120),
        (PytzZone(), 60),
    ],
)
def test_time_zone_is_a_name_or_an_object(tz: str | tzinfo | None, offset: int) -> None:
    assert to_timezone(tz).utcoffset(datetime(2026, 1, 1)) == timedelta(minutes=offset)  # noqa: DTZ001


@pytest.mark.parametrize("tz", ["Berlin", "../etc", 5, "", "\0"])
def test_other_time_zones_raise(tz: str) -> None:
    with pytest.raises(ValueError, match="Unknown time zone"):
        to_timezone(tz)


def test_range_with_one_end_is_bounded() -> None:
    ranges = [TimeRange(), TimeRange(since=NEW_YEAR), TimeRange(until=NEW_YEAR), TimeRange(NEW_YEAR, NEW_YEAR)]
    assert [each.is_unbounded for each in ranges] == [True, False, False, False]
