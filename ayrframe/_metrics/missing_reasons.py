"""Test why values are missing: one function per reason, the most certain reason first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import BoolArray, FloatArray
from ayrframe._frame.deduplicate import is_error_record
from ayrframe._frame.extra import iter_invalid_values
from ayrframe._frame.platform_rows import platform_mask
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._metrics.catalog import IN_OTHER_ENDPOINT, NOT_COMPARABLE
from ayrframe._metrics.formats import is_foreign, post_formats, post_kinds, to_mask
from ayrframe._platforms.columns import (
    ANALYTICS_AS_OF,
    ANALYTICS_ERROR,
    AS_OF,
    CREATED,
    EXTRA,
    POST,
    POST_URL,
    PROFILE,
    SKIP_ANALYTICS,
)
from ayrframe._platforms.spec import Column, Endpoint, KnownGap, Platform, Role

_MICROSECONDS_PER_HOUR = 3_600_000_000  # in microseconds
_FRESH_AGE, _STORY_AGE, _30_DAYS = (
    48 * _MICROSECONDS_PER_HOUR,
    24 * _MICROSECONDS_PER_HOUR,
    30 * 24 * _MICROSECONDS_PER_HOUR,
)
_12_MONTHS = 366 * 24 * _MICROSECONDS_PER_HOUR  # the longest 12 months
_STORY = ("story",)

Labels = npt.NDArray[np.object_]


class PlatformPosts:
    """The posts of one platform in a frame, with the masks that the tests need."""

    def __init__(self, frame: pd.DataFrame, platform: Platform) -> None:
        self.frame, self.platform = frame, platform
        self.rows = np.flatnonzero(platform_mask(platform, frame))
        self.formats = post_formats(frame, platform, self.rows)
        self.is_error: BoolArray = is_error_record(frame.take(self.rows)).to_numpy(dtype=bool)
        self.has_gap_value = cache(self._has_gap_value)

    def cells(self, column: Column) -> pa.Array:
        """Return the values of a column in these posts."""
        return to_arrow(self.frame, column, self.rows)

    def has(self, column: Column) -> BoolArray:
        """Return where a column has a value."""
        is_missing = column.name not in self.frame.columns
        return np.zeros(len(self.rows), dtype=bool) if is_missing else to_mask(self.cells(column).is_valid())

    def _has_gap_value(self, gap: KnownGap) -> BoolArray:
        """Return where any of the columns that may have a gap has a value."""
        return self._has_any([column for column in self.platform.columns if gap in column.gaps])

    @cached_property
    def is_foreign(self) -> BoolArray:
        """Posts that are known to have the numbers of another account's post."""
        return is_foreign(self.platform, post_kinds(self.frame, self.platform, self.rows)) & ~self.is_error

    @cached_property
    def is_fetched(self) -> BoolArray:
        """Posts whose post analytics were requested, also if they are missing."""
        return self._has_any([ANALYTICS_AS_OF, ANALYTICS_ERROR])

    @cached_property
    def analytics_failures(self) -> dict[str, BoolArray]:
        """Posts whose requested analytics are missing, by reason; those that are absent from the response have none."""
        errors = (
            self.cells(ANALYTICS_ERROR) if ANALYTICS_ERROR.name in self.frame.columns else pa.array([], pa.string())
        )
        failures: dict[str, BoolArray] = {}
        for error in errors.drop_null().unique().to_pylist():
            if error != _ABSENT:
                reason = error if error in REASONS else _CODE_REASONS.get(error, FAILED)
                failures[reason] = failures.get(reason, False) | to_mask(pc.equal(errors, error))
        return failures

    @cached_property
    def age(self) -> FloatArray:
        """Age in microseconds at `as_of`; NaN, which is neither fresh nor old, where a time is missing."""
        age = pc.subtract(self.cells(AS_OF), self.cells(CREATED)).cast(pa.int64()).cast(pa.float64(), safe=False)
        return np.asarray(age.to_numpy(zero_copy_only=False), dtype=np.float64)

    @cached_property
    def has_only_id(self) -> BoolArray:
        """Posts that have nothing but an id."""
        others = [column for column in self.platform.columns if column.role is not Role.TIME]
        return ~self.is_error & ~self._has_any([CREATED, POST, POST_URL, *others, EXTRA])

    @cached_property
    def has_numbers(self) -> BoolArray:
        """Posts that have interactions, or numbers that only organizations receive."""
        roles = (Role.ENGAGEMENT, Role.REACTIONS)
        numbers = [column for column in self.platform.columns if column.role in roles]
        return self._has_any(numbers) | self.has_gap_value(KnownGap.PERSONAL_ACCOUNT)

    def _has_any(self, columns: Iterable[Column]) -> BoolArray:
        return np.asarray(np.any([np.zeros(len(self.rows), dtype=bool), *map(self.has, columns)], axis=0))

    @cached_property
    def invalid_values(self) -> dict[str, list[int]]:
        """Positions of posts with an invalid value, by API path."""
        found: dict[str, list[int]] = {}
        cells = [text or "{}" for text in self.cells(EXTRA).to_pylist()]
        for position, path, value in iter_invalid_values(self.platform, cells):
            if value != "{}":
                found.setdefault(path, []).append(position)
        return found

    def is_format(self, names: tuple[str, ...]) -> BoolArray:
        """Return where a post is known to be of one of these formats."""
        return to_mask(pc.is_in(self.formats, pa.array(names, pa.large_string())))

    def is_read_since(self, date: str) -> BoolArray:
        """Return where `as_of` is not before a date."""
        times = self.cells(AS_OF)
        return to_mask(pc.greater_equal(times, pa.scalar(pd.Timestamp(date, tz="UTC").to_pydatetime(), times.type)))

    @cached_property
    def format_labels(self) -> Labels:
        """Format of each post as text, empty if it is not known."""
        return np.asarray(self.formats.fill_null(""), dtype=object)

    @cached_property
    def profile_labels(self) -> Labels:
        """Label of the profile of each post."""
        return np.asarray(self.cells(PROFILE).fill_null(""), dtype=object)

    @cached_property
    def platform_labels(self) -> Labels:
        """The same empty label for all posts."""
        return np.full(len(self.rows), "", dtype=object)


ReasonTest = Callable[[PlatformPosts, Column], BoolArray | bool]


def _wrong_type(posts: PlatformPosts, column: Column) -> BoolArray:
    wrong = np.zeros(len(posts.rows), dtype=bool)
    for path, positions in posts.invalid_values.items():
        if path in ("", column.path) or column.path.startswith(f"{path}."):
            wrong[positions] = True
    return wrong & ~posts.is_error


def _gap_test(gap: KnownGap, applies: Callable[[PlatformPosts], BoolArray]) -> ReasonTest:
    """Return a test that applies to columns with a declared gap."""
    return lambda posts, column: gap in column.gaps and applies(posts)


def _maybe_explained(posts: PlatformPosts, column: Column) -> BoolArray:
    """Return where a declared reason is neither proved nor excluded by the post."""
    maybe = to_mask(posts.formats.is_null()) & bool(column.formats)
    for gap in column.gaps:
        maybe |= _POSSIBLE[gap](posts) if gap in _POSSIBLE else True
    return maybe


# Posts that may have a gap, for gaps that a post can exclude.
_POSSIBLE: dict[KnownGap, Callable[[PlatformPosts], BoolArray | bool]] = {
    KnownGap.TOO_FRESH: lambda posts: ~(posts.age >= _FRESH_AGE),
    KnownGap.STORY_EXPIRED: lambda posts: (
        ~(posts.age <= _STORY_AGE) & (posts.is_format(_STORY) | to_mask(posts.formats.is_null()))
    ),
    KnownGap.OLDER_THAN_30_DAYS: lambda posts: ~(posts.age <= _30_DAYS),
    KnownGap.OLDER_THAN_12_MONTHS: lambda posts: ~(posts.age <= _12_MONTHS),
    KnownGap.ANALYTICS_SKIPPED: lambda posts: posts.has_only_id,
    KnownGap.PERSONAL_ACCOUNT: lambda posts: posts.has_numbers & ~posts.has_gap_value(KnownGap.PERSONAL_ACCOUNT),
    KnownGap.COPYRIGHT: lambda _: False,
}

FAILED, WITHHELD, UNKNOWN, NOT_SENT = "failed at the network", "withheld", "unknown", "not sent"
NOT_FETCHED = "not fetched"
# Values of `analytics_error`: the response does not contain the post; or a code of Ayrshare. Others are reasons.
_ABSENT, _CODE_REASONS = "absent", {"485": KnownGap.STORY_EXPIRED.value}
NOT_OWN_POST, OTHER_KIND_OF_MEDIA = KnownGap.NOT_OWN_POST.value, KnownGap.OTHER_KIND_OF_MEDIA.value
# The first test that is true gives the reason of a missing value. Reasons of metrics that follow from the value itself
# come before all tests.
REASONS: dict[str, ReasonTest] = {
    FAILED: lambda posts, _: posts.is_error,
    NOT_OWN_POST: _gap_test(KnownGap.NOT_OWN_POST, lambda posts: posts.is_foreign),
    WITHHELD: lambda _posts, _column: False,
    NOT_COMPARABLE: lambda _posts, _column: False,
    "wrong type": _wrong_type,
    KnownGap.ANALYTICS_SKIPPED.value: lambda posts, _: (
        SKIP_ANALYTICS in posts.platform.parameters and posts.has_only_id
    ),
    OTHER_KIND_OF_MEDIA: lambda posts, column: (
        bool(column.formats) and to_mask(posts.formats.is_valid()) & ~posts.is_format(column.formats)
    ),
    KnownGap.RETIRED.value: lambda posts, column: column.retired_on != "" and posts.is_read_since(column.retired_on),
    KnownGap.COPYRIGHT.value: lambda posts, column: (
        KnownGap.COPYRIGHT in column.gaps and posts.is_format(column.formats)
    ),
    KnownGap.STORY_EXPIRED.value: _gap_test(
        KnownGap.STORY_EXPIRED, lambda posts: posts.is_format(_STORY) & (posts.age > _STORY_AGE)
    ),
    KnownGap.OLDER_THAN_30_DAYS.value: _gap_test(KnownGap.OLDER_THAN_30_DAYS, lambda posts: posts.age > _30_DAYS),
    KnownGap.OLDER_THAN_12_MONTHS.value: _gap_test(KnownGap.OLDER_THAN_12_MONTHS, lambda posts: posts.age > _12_MONTHS),
    IN_OTHER_ENDPOINT: lambda _, column: column.endpoint is Endpoint.NONE,
    NOT_FETCHED: lambda posts, column: column.endpoint is Endpoint.POST_ANALYTICS and ~posts.is_fetched,
    KnownGap.TOO_FRESH.value: _gap_test(KnownGap.TOO_FRESH, lambda posts: posts.age < _FRESH_AGE),
    KnownGap.PERSONAL_ACCOUNT.value: _gap_test(KnownGap.PERSONAL_ACCOUNT, lambda posts: posts.has_numbers),
    UNKNOWN: _maybe_explained,
    NOT_SENT: lambda _posts, _column: True,
}


class Rule(NamedTuple):
    """Group of each post for which a reason states a rule.

    A post that has a value although the test of the reason applies to it contradicts the rule for its whole group. The
    value is one of the columns with `gap`, or else of the column in question.
    """

    groups: Callable[[PlatformPosts], Labels]
    gap: KnownGap | None = None


RULES: dict[str, Rule] = {
    OTHER_KIND_OF_MEDIA: Rule(lambda posts: posts.format_labels),
    KnownGap.RETIRED.value: Rule(lambda posts: posts.platform_labels),
    IN_OTHER_ENDPOINT: Rule(lambda posts: posts.platform_labels),
    NOT_FETCHED: Rule(lambda posts: posts.platform_labels),
    **{
        gap.value: Rule(lambda posts: posts.platform_labels, gap)
        for gap in (KnownGap.STORY_EXPIRED, KnownGap.OLDER_THAN_30_DAYS, KnownGap.OLDER_THAN_12_MONTHS)
    },
    KnownGap.PERSONAL_ACCOUNT.value: Rule(lambda posts: posts.profile_labels, KnownGap.PERSONAL_ACCOUNT),
}
