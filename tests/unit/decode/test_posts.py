"""From which time on a load lists all posts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ayrframe._decode.posts import listed_from

JANUARY, FEBRUARY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2))
START = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("oldest", "since", "reached_end", "expected"),
    [
        (JANUARY, FEBRUARY, False, FEBRUARY),  # Posts before `since` may be missing.
        (FEBRUARY, JANUARY, False, FEBRUARY),  # The load ended before `since`.
        (FEBRUARY, FEBRUARY, False, FEBRUARY),
        (JANUARY, None, False, JANUARY),
        (None, FEBRUARY, False, None),
        (None, None, False, None),
        (FEBRUARY, JANUARY, True, JANUARY),
        (None, JANUARY, True, JANUARY),
    ],
)
def test_listed_from(
    oldest: datetime | None, since: datetime | None, reached_end: bool, expected: datetime | None
) -> None:
    assert listed_from(oldest, since, reached_end=reached_end) == expected


def test_listed_from_of_a_whole_history_is_before_all_posts() -> None:
    assert listed_from(FEBRUARY, None, reached_end=True) == START
