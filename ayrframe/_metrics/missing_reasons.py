"""Why a value may be missing from a post: every reason with the one test that proves it, the most certain first."""

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

_HOUR = 3_600_000_000
_FRESH, _OLD = 48 * _HOUR, 30 * 24 * _HOUR
_NUMBERS = (Role.ENGAGEMENT, Role.REACTIONS)


class PlatformPosts:
    """The posts of one platform in a frame, and what they show about why something is missing."""

    def __init__(self, posts: pd.DataFrame, platform: Platform) -> None:
        self.posts, self.platform = posts, platform
        self.rows = np.flatnonzero(platform_mask(platform, posts))
        self.formats = post_formats(posts, platform, self.rows)
        self.broken = is_error_record(posts.take(self.rows)).to_numpy(dtype=bool)

    def cells(self, column: Column) -> pa.Array:
        """Return a column's values in these posts."""
        return to_arrow(self.posts, column, self.rows)

    def has(self, column: Column) -> BoolMask:
        """Return where a column has a value."""
        return to_mask(self.cells(column).is_valid()) if column.name in self.posts.columns else self.nowhere

    @property
    def nowhere(self) -> BoolMask:
        """No post at all."""
        return np.zeros(len(self.rows), dtype=bool)

    @cached_property
    def age(self) -> npt.NDArray[np.float64]:
        """Microseconds from the post to its numbers; NaN where it has no time, which is neither young nor old."""
        age = pc.subtract(self.cells(AS_OF), self.cells(CREATED)).cast(pa.int64()).cast(pa.float64(), safe=False)
        return np.asarray(age.to_numpy(zero_copy_only=False), dtype=np.float64)

    @cached_property
    def bare(self) -> BoolMask:
        """Posts that are no more than an id."""
        columns = [CREATED, POST, POST_URL, *(one for one in self.platform.columns if one.role is not Role.TIME)]
        return np.asarray(~self.broken & ~np.any([self.has(column) for column in columns], axis=0))

    @cached_property
    def personal(self) -> BoolMask:
        """Posts with numbers, but with none of those that only organisations get."""
        columns = self.platform.columns
        organisation = [self.has(column) for column in columns if KnownGap.PERSONAL_ACCOUNT in column.gaps]
        everybody = [
            self.has(one) for one in columns if one.role in _NUMBERS and KnownGap.PERSONAL_ACCOUNT not in one.gaps
        ]
        if not organisation:
            return self.nowhere
        return np.asarray(np.any(everybody, axis=0) & ~np.any(organisation, axis=0))

    @cached_property
    def misfits(self) -> dict[str, list[int]]:
        """Places of the posts whose value did not fit, by API path."""
        found: dict[str, list[int]] = {}
        for place, text in enumerate(self.cells(EXTRA).to_pylist()):
            for path, value, reason in iter_extra_fields(self.platform, text) if text else ():
                if reason != UNDECLARED and value != "{}":
                    found.setdefault(path, []).append(place)
        return found

    def is_format(self, names: tuple[str, ...]) -> BoolMask:
        """Return where a post is known to be of one of these formats."""
        return to_mask(pc.and_(pc.is_in(self.formats, pa.array(names, pa.large_string())), self.formats.is_valid()))


def _wrong_type(seen: PlatformPosts, column: Column) -> BoolMask:
    odd = seen.nowhere
    for path, places in seen.misfits.items():
        if path in ("", column.path) or column.path.startswith(f"{path}."):
            odd[places] = True
    return np.asarray(odd & ~seen.broken)


def _failed(seen: PlatformPosts, _: Column) -> BoolMask:
    return seen.broken


def _skipped(seen: PlatformPosts, _: Column) -> BoolMask:
    return seen.bare if SKIP_ANALYTICS in seen.platform.parameters else seen.nowhere


def _other_media(seen: PlatformPosts, column: Column) -> BoolMask:
    if not column.formats:
        return seen.nowhere
    return to_mask(seen.formats.is_valid()) & ~seen.is_format(column.formats)


def _retired(seen: PlatformPosts, column: Column) -> BoolMask:
    if not column.retired_on:
        return seen.nowhere
    day = pa.scalar(pd.Timestamp(column.retired_on, tz="UTC").to_pydatetime(), seen.cells(AS_OF).type)
    return to_mask(pc.greater_equal(seen.cells(AS_OF), day))


def _copyright(seen: PlatformPosts, column: Column) -> BoolMask:
    return seen.is_format(column.formats) if KnownGap.COPYRIGHT in column.gaps else seen.nowhere


def _elsewhere(seen: PlatformPosts, column: Column) -> BoolMask:
    return ~seen.nowhere if column.evidence is Evidence.ANALYTICS else seen.nowhere


def _too_fresh(seen: PlatformPosts, column: Column) -> BoolMask:
    return np.asarray(seen.age < _FRESH) if KnownGap.TOO_FRESH in column.gaps else seen.nowhere


def _too_old(seen: PlatformPosts, column: Column) -> BoolMask:
    return np.asarray(seen.age > _OLD) if KnownGap.OLDER_THAN_30_DAYS in column.gaps else seen.nowhere


def _personal(seen: PlatformPosts, column: Column) -> BoolMask:
    return seen.personal if KnownGap.PERSONAL_ACCOUNT in column.gaps else seen.nowhere


def _explained(seen: PlatformPosts, column: Column) -> BoolMask:
    """Return where a reason is declared that the post neither proves nor rules out."""
    open_to = seen.nowhere
    for gap in column.gaps:
        open_to |= ~_RULED_OUT[gap](seen) if gap in _RULED_OUT else True
    return open_to | (~to_mask(seen.formats.is_valid()) if column.formats else False)


_RULED_OUT: dict[KnownGap, Callable[[PlatformPosts], BoolMask]] = {
    KnownGap.TOO_FRESH: lambda seen: np.asarray(seen.age >= _FRESH),
    KnownGap.OLDER_THAN_30_DAYS: lambda seen: np.asarray(seen.age <= _OLD),
    KnownGap.ANALYTICS_SKIPPED: lambda seen: ~seen.bare,
    KnownGap.PERSONAL_ACCOUNT: lambda seen: ~seen.personal,
    KnownGap.COPYRIGHT: lambda seen: ~seen.nowhere,
}

OTHER_MEDIA, FAILED, UNKNOWN = KnownGap.OTHER_KIND_OF_MEDIA.value, "failed at the network", "unknown"
# The first test that holds gives the reason of a missing value. All look at the post alone, but for `ELSEWHERE`: that
# holds only where no post of the network has a value.
REASONS: dict[str, Callable[[PlatformPosts, Column], BoolMask]] = {
    FAILED: _failed,
    "wrong type": _wrong_type,
    KnownGap.ANALYTICS_SKIPPED.value: _skipped,
    OTHER_MEDIA: _other_media,
    "retired by the network": _retired,
    KnownGap.COPYRIGHT.value: _copyright,
    IN_OTHER_ENDPOINT: _elsewhere,
    KnownGap.TOO_FRESH.value: _too_fresh,
    KnownGap.OLDER_THAN_30_DAYS.value: _too_old,
    KnownGap.PERSONAL_ACCOUNT.value: _personal,
    UNKNOWN: _explained,
    "not sent": lambda seen, _: ~seen.nowhere,
}
