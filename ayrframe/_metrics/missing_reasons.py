"""Test why values are missing: one function per reason, the most certain reason first."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._frame.deduplicate import is_error_record
from ayrframe._frame.extra import UNDECLARED, iter_extra_fields
from ayrframe._frame.platform_rows import platform_mask
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._metrics.catalog import IN_OTHER_ENDPOINT
from ayrframe._metrics.formats import BoolMask, post_formats, to_mask
from ayrframe._platforms.columns import AS_OF, CREATED, EXTRA, POST, POST_URL, SKIP_ANALYTICS
from ayrframe._platforms.spec import Column, Evidence, KnownGap, Platform, Role

_MICROSECONDS_PER_HOUR = 3_600_000_000
_FRESH_AGE, _EXPIRY_AGE = 48 * _MICROSECONDS_PER_HOUR, 30 * 24 * _MICROSECONDS_PER_HOUR
_NUMBER_ROLES = (Role.ENGAGEMENT, Role.REACTIONS)


class PlatformPosts:
    """The posts of one platform in a frame, with the masks that the tests need."""

    def __init__(self, frame: pd.DataFrame, platform: Platform) -> None:
        self.frame, self.platform = frame, platform
        self.rows = np.flatnonzero(platform_mask(platform, frame))
        self.formats = post_formats(frame, platform, self.rows)
        self.is_error = is_error_record(frame.take(self.rows)).to_numpy(dtype=bool)

    def cells(self, column: Column) -> pa.Array:
        """Return the values of a column in these posts."""
        return to_arrow(self.frame, column, self.rows)

    def has(self, column: Column) -> BoolMask:
        """Return where a column has a value."""
        return to_mask(self.cells(column).is_valid()) if column.name in self.frame.columns else self.all_false

    @property
    def all_false(self) -> BoolMask:
        """Mask that selects no post."""
        return np.zeros(len(self.rows), dtype=bool)

    @cached_property
    def age(self) -> npt.NDArray[np.float64]:
        """Age in microseconds at `as_of`; NaN, which is neither fresh nor old, where a time is missing."""
        age = pc.subtract(self.cells(AS_OF), self.cells(CREATED)).cast(pa.int64()).cast(pa.float64(), safe=False)
        return np.asarray(age.to_numpy(zero_copy_only=False), dtype=np.float64)

    @cached_property
    def has_only_id(self) -> BoolMask:
        """Posts that have nothing but an id."""
        columns = [
            CREATED,
            POST,
            POST_URL,
            *(column for column in self.platform.columns if column.role is not Role.TIME),
        ]
        return np.asarray(~self.is_error & ~np.any([self.has(column) for column in columns], axis=0))

    @cached_property
    def has_personal_numbers(self) -> BoolMask:
        """Posts that have numbers, but none of those that only organizations receive."""
        columns = self.platform.columns
        organization = [self.has(column) for column in columns if KnownGap.PERSONAL_ACCOUNT in column.gaps]
        other = [
            self.has(column)
            for column in columns
            if column.role in _NUMBER_ROLES and KnownGap.PERSONAL_ACCOUNT not in column.gaps
        ]
        if not organization:
            return self.all_false
        return np.asarray(np.any(other, axis=0) & ~np.any(organization, axis=0))

    @cached_property
    def invalid_values(self) -> dict[str, list[int]]:
        """Positions of posts with an invalid value, by API path."""
        found: dict[str, list[int]] = {}
        for position, text in enumerate(self.cells(EXTRA).to_pylist()):
            for path, value, reason in iter_extra_fields(self.platform, text) if text else ():
                if reason != UNDECLARED and value != "{}":
                    found.setdefault(path, []).append(position)
        return found

    def is_format(self, names: tuple[str, ...]) -> BoolMask:
        """Return where a post is known to be of one of these formats."""
        return to_mask(pc.and_(pc.is_in(self.formats, pa.array(names, pa.large_string())), self.formats.is_valid()))


def _wrong_type(posts: PlatformPosts, column: Column) -> BoolMask:
    wrong = posts.all_false
    for path, positions in posts.invalid_values.items():
        if path in ("", column.path) or column.path.startswith(f"{path}."):
            wrong[positions] = True
    return np.asarray(wrong & ~posts.is_error)


def _failed(posts: PlatformPosts, _: Column) -> BoolMask:
    return posts.is_error


def _skipped(posts: PlatformPosts, _: Column) -> BoolMask:
    return posts.has_only_id if SKIP_ANALYTICS in posts.platform.parameters else posts.all_false


def _other_media(posts: PlatformPosts, column: Column) -> BoolMask:
    if not column.formats:
        return posts.all_false
    return to_mask(posts.formats.is_valid()) & ~posts.is_format(column.formats)


def _retired(posts: PlatformPosts, column: Column) -> BoolMask:
    if not column.retired_on:
        return posts.all_false
    day = pa.scalar(pd.Timestamp(column.retired_on, tz="UTC").to_pydatetime(), posts.cells(AS_OF).type)
    return to_mask(pc.greater_equal(posts.cells(AS_OF), day))


def _copyright(posts: PlatformPosts, column: Column) -> BoolMask:
    return posts.is_format(column.formats) if KnownGap.COPYRIGHT in column.gaps else posts.all_false


def _in_other_endpoint(posts: PlatformPosts, column: Column) -> BoolMask:
    return ~posts.all_false if column.evidence is Evidence.ANALYTICS else posts.all_false


def _too_fresh(posts: PlatformPosts, column: Column) -> BoolMask:
    return np.asarray(posts.age < _FRESH_AGE) if KnownGap.TOO_FRESH in column.gaps else posts.all_false


def _too_old(posts: PlatformPosts, column: Column) -> BoolMask:
    return np.asarray(posts.age > _EXPIRY_AGE) if KnownGap.OLDER_THAN_30_DAYS in column.gaps else posts.all_false


def _personal(posts: PlatformPosts, column: Column) -> BoolMask:
    return posts.has_personal_numbers if KnownGap.PERSONAL_ACCOUNT in column.gaps else posts.all_false


def _maybe_explained(posts: PlatformPosts, column: Column) -> BoolMask:
    """Return where a declared reason is neither proved nor excluded by the post."""
    maybe = posts.all_false
    for gap in column.gaps:
        maybe |= ~_EXCLUDED[gap](posts) if gap in _EXCLUDED else True
    return maybe | (~to_mask(posts.formats.is_valid()) if column.formats else False)


_EXCLUDED: dict[KnownGap, Callable[[PlatformPosts], BoolMask]] = {
    KnownGap.TOO_FRESH: lambda posts: np.asarray(posts.age >= _FRESH_AGE),
    KnownGap.OLDER_THAN_30_DAYS: lambda posts: np.asarray(posts.age <= _EXPIRY_AGE),
    KnownGap.ANALYTICS_SKIPPED: lambda posts: ~posts.has_only_id,
    KnownGap.PERSONAL_ACCOUNT: lambda posts: ~posts.has_personal_numbers,
    KnownGap.COPYRIGHT: lambda posts: ~posts.all_false,
}

OTHER_KIND_OF_MEDIA, FAILED, UNKNOWN = KnownGap.OTHER_KIND_OF_MEDIA.value, "failed at the network", "unknown"
# The first test that is true gives the reason of a missing value. Each test looks at one post only, except
# `IN_OTHER_ENDPOINT`, which applies only if no post of the platform has a value.
REASONS: dict[str, Callable[[PlatformPosts, Column], BoolMask]] = {
    FAILED: _failed,
    "wrong type": _wrong_type,
    KnownGap.ANALYTICS_SKIPPED.value: _skipped,
    OTHER_KIND_OF_MEDIA: _other_media,
    "retired by the network": _retired,
    KnownGap.COPYRIGHT.value: _copyright,
    IN_OTHER_ENDPOINT: _in_other_endpoint,
    KnownGap.TOO_FRESH.value: _too_fresh,
    KnownGap.OLDER_THAN_30_DAYS.value: _too_old,
    KnownGap.PERSONAL_ACCOUNT.value: _personal,
    UNKNOWN: _maybe_explained,
    "not sent": lambda posts, _: ~posts.all_false,
}
