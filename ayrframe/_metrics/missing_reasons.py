"""Test why values are missing: one function per reason, the most certain reason first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._frame.deduplicate import is_error_record
from ayrframe._frame.extra import iter_invalid_values
from ayrframe._frame.platform_rows import platform_mask
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._metrics.catalog import IN_OTHER_ENDPOINT
from ayrframe._metrics.formats import BoolMask, is_foreign, post_formats, post_kinds, to_mask
from ayrframe._platforms.columns import AS_OF, CREATED, EXTRA, POST, POST_URL, SKIP_ANALYTICS
from ayrframe._platforms.spec import Column, Evidence, KnownGap, Platform, Role

_MICROSECONDS_PER_HOUR = 3_600_000_000
_FRESH_AGE, _EXPIRY_AGE = 48 * _MICROSECONDS_PER_HOUR, 30 * 24 * _MICROSECONDS_PER_HOUR


class PlatformPosts:
    """The posts of one platform in a frame, with the masks that the tests need."""

    def __init__(self, frame: pd.DataFrame, platform: Platform) -> None:
        self.frame, self.platform = frame, platform
        self.rows = np.flatnonzero(platform_mask(platform, frame))
        self.formats = post_formats(frame, platform, self.rows)
        self.is_error: BoolMask = is_error_record(frame.take(self.rows)).to_numpy(dtype=bool)

    def cells(self, column: Column) -> pa.Array:
        """Return the values of a column in these posts."""
        return to_arrow(self.frame, column, self.rows)

    def has(self, column: Column) -> BoolMask:
        """Return where a column has a value."""
        is_missing = column.name not in self.frame.columns
        return np.zeros(len(self.rows), dtype=bool) if is_missing else to_mask(self.cells(column).is_valid())

    @cached_property
    def is_foreign(self) -> BoolMask:
        """Posts that are known to have the numbers of another account's post."""
        return is_foreign(self.platform, post_kinds(self.frame, self.platform, self.rows)) & ~self.is_error

    @cached_property
    def age(self) -> npt.NDArray[np.float64]:
        """Age in microseconds at `as_of`; NaN, which is neither fresh nor old, where a time is missing."""
        age = pc.subtract(self.cells(AS_OF), self.cells(CREATED)).cast(pa.int64()).cast(pa.float64(), safe=False)
        return np.asarray(age.to_numpy(zero_copy_only=False), dtype=np.float64)

    @cached_property
    def has_only_id(self) -> BoolMask:
        """Posts that have nothing but an id."""
        others = [column for column in self.platform.columns if column.role is not Role.TIME]
        return ~self.is_error & ~self._has_any([CREATED, POST, POST_URL, *others])

    @cached_property
    def has_personal_numbers(self) -> BoolMask:
        """Posts that have numbers, but none of those that only organizations receive."""
        organization = [column for column in self.platform.columns if KnownGap.PERSONAL_ACCOUNT in column.gaps]
        numbers = [column for column in self.platform.columns if column.role in (Role.ENGAGEMENT, Role.REACTIONS)]
        others = [column for column in numbers if column not in organization]
        return self._has_any(others) & ~self._has_any(organization)

    def _has_any(self, columns: Iterable[Column]) -> BoolMask:
        return np.asarray(np.any([self.has(column) for column in columns], axis=0))

    @cached_property
    def invalid_values(self) -> dict[str, list[int]]:
        """Positions of posts with an invalid value, by API path."""
        found: dict[str, list[int]] = {}
        cells = [text or "{}" for text in self.cells(EXTRA).to_pylist()]
        for position, path, value in iter_invalid_values(self.platform, cells):
            if value != "{}":
                found.setdefault(path, []).append(position)
        return found

    def is_format(self, names: tuple[str, ...]) -> BoolMask:
        """Return where a post is known to be of one of these formats."""
        return to_mask(pc.is_in(self.formats, pa.array(names, pa.large_string())))

    def is_read_since(self, date: str) -> BoolMask:
        """Return where `as_of` is not before a date."""
        times = self.cells(AS_OF)
        return to_mask(pc.greater_equal(times, pa.scalar(pd.Timestamp(date, tz="UTC").to_pydatetime(), times.type)))


def _wrong_type(posts: PlatformPosts, column: Column) -> BoolMask:
    wrong = np.zeros(len(posts.rows), dtype=bool)
    for path, positions in posts.invalid_values.items():
        if path in ("", column.path) or column.path.startswith(f"{path}."):
            wrong[positions] = True
    return wrong & ~posts.is_error


def _maybe_explained(posts: PlatformPosts, column: Column) -> BoolMask:
    """Return where a declared reason is neither proved nor excluded by the post."""
    maybe = to_mask(posts.formats.is_null()) & bool(column.formats)
    for gap in column.gaps:
        maybe |= _POSSIBLE[gap](posts) if gap in _POSSIBLE else True
    return maybe


# Posts that may have a gap, for gaps that a post can exclude.
_POSSIBLE: dict[KnownGap, Callable[[PlatformPosts], BoolMask | bool]] = {
    KnownGap.TOO_FRESH: lambda posts: ~(posts.age >= _FRESH_AGE),
    KnownGap.OLDER_THAN_30_DAYS: lambda posts: ~(posts.age <= _EXPIRY_AGE),
    KnownGap.ANALYTICS_SKIPPED: lambda posts: posts.has_only_id,
    KnownGap.PERSONAL_ACCOUNT: lambda posts: posts.has_personal_numbers,
    KnownGap.COPYRIGHT: lambda _: False,
}

NOT_OWN_POST = KnownGap.NOT_OWN_POST.value
OTHER_KIND_OF_MEDIA, FAILED, UNKNOWN = KnownGap.OTHER_KIND_OF_MEDIA.value, "failed at the network", "unknown"
# The first test that is true gives the reason of a missing value. Each test looks at one post only, except
# `IN_OTHER_ENDPOINT`, which applies only if no post of the platform has a value.
REASONS: dict[str, Callable[[PlatformPosts, Column], BoolMask | bool]] = {
    FAILED: lambda posts, _: posts.is_error,
    NOT_OWN_POST: lambda posts, column: KnownGap.NOT_OWN_POST in column.gaps and posts.is_foreign,
    "wrong type": _wrong_type,
    KnownGap.ANALYTICS_SKIPPED.value: lambda posts, _: (
        SKIP_ANALYTICS in posts.platform.parameters and posts.has_only_id
    ),
    OTHER_KIND_OF_MEDIA: lambda posts, column: (
        bool(column.formats) and to_mask(posts.formats.is_valid()) & ~posts.is_format(column.formats)
    ),
    "retired by the network": lambda posts, column: column.retired_on != "" and posts.is_read_since(column.retired_on),
    KnownGap.COPYRIGHT.value: lambda posts, column: (
        KnownGap.COPYRIGHT in column.gaps and posts.is_format(column.formats)
    ),
    IN_OTHER_ENDPOINT: lambda _, column: column.evidence is Evidence.ANALYTICS,
    KnownGap.TOO_FRESH.value: lambda posts, column: KnownGap.TOO_FRESH in column.gaps and posts.age < _FRESH_AGE,
    KnownGap.OLDER_THAN_30_DAYS.value: lambda posts, column: (
        KnownGap.OLDER_THAN_30_DAYS in column.gaps and posts.age > _EXPIRY_AGE
    ),
    KnownGap.PERSONAL_ACCOUNT.value: lambda posts, column: (
        KnownGap.PERSONAL_ACCOUNT in column.gaps and posts.has_personal_numbers
    ),
    UNKNOWN: _maybe_explained,
    "not sent": lambda _posts, _column: True,
}
