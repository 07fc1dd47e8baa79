"""Why values are missing: every reason with the one test that proves it, the most certain first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode import sent_by
from ayrframe._leftovers import UNDECLARED, leftovers
from ayrframe._marks import Mask, formats_of, mask
from ayrframe._measured import ELSEWHERE, status_of
from ayrframe._metrics import told
from ayrframe._newest import failed
from ayrframe._posts import cells_of, completed, platforms_in, rows_of
from ayrframe.columns import AS_OF, CREATED, EXTRA, POST, POST_URL, SKIP_ANALYTICS
from ayrframe.errors import quote
from ayrframe.measures import METRICS
from ayrframe.spec import Column, Evidence, Gap, Measure, Platform, Role

Of = Literal["metrics", "columns"]

_DTYPES = {"platform": "str", "column": "str", "reason": "str", "count": "Int64"}
_HOUR = 3_600_000_000
_FRESH, _OLD = 48 * _HOUR, 30 * 24 * _HOUR
_NUMBERS = (Role.ENGAGEMENT, Role.REACTIONS)


def coverage(posts: pd.DataFrame, of: Of = "metrics") -> pd.DataFrame:
    """Return platform, column, reason and count of what is missing."""
    if of not in get_args(Of):
        raise ValueError(f"of has to be 'metrics' or 'columns', not {quote(str(of))}.")
    posts = completed(posts)
    found = _of_metrics if of == "metrics" else _of_columns
    rows = [
        (platform.name, name, reason, count)
        for platform in platforms_in(posts)
        for name, reason, count in found(Seen(posts, platform))
    ]
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


class Seen:
    """The posts of one platform in a frame, and what they show about why something is missing."""

    def __init__(self, posts: pd.DataFrame, platform: Platform) -> None:
        self.posts, self.platform = posts, platform
        self.rows = np.flatnonzero(rows_of(platform, posts))
        self.formats = formats_of(posts, platform, self.rows)
        self.broken = failed(posts.take(self.rows)).to_numpy(dtype=bool)

    def cells(self, column: Column) -> pa.Array:
        """Return a column's values in these posts."""
        return cells_of(self.posts, column, self.rows)

    def has(self, column: Column) -> Mask:
        """Return where a column has a value."""
        return mask(self.cells(column).is_valid()) if column.name in self.posts.columns else self.nowhere

    @property
    def nowhere(self) -> Mask:
        """No post at all."""
        return np.zeros(len(self.rows), dtype=bool)

    @cached_property
    def age(self) -> npt.NDArray[np.float64]:
        """Microseconds from the post to its numbers; NaN where it has no time, which is neither young nor old."""
        age = pc.subtract(self.cells(AS_OF), self.cells(CREATED)).cast(pa.int64()).cast(pa.float64(), safe=False)
        return np.asarray(age.to_numpy(zero_copy_only=False), dtype=np.float64)

    @cached_property
    def bare(self) -> Mask:
        """Posts that are no more than an id."""
        columns = [CREATED, POST, POST_URL, *(one for one in self.platform.columns if one.role is not Role.MOMENT)]
        return np.asarray(~self.broken & ~np.any([self.has(column) for column in columns], axis=0))

    @cached_property
    def personal(self) -> Mask:
        """Posts with numbers, but with none of those that only organisations get."""
        columns = self.platform.columns
        organisation = [self.has(column) for column in columns if Gap.PERSONAL in column.gaps]
        everybody = [self.has(one) for one in columns if one.role in _NUMBERS and Gap.PERSONAL not in one.gaps]
        if not organisation:
            return self.nowhere
        return np.asarray(np.any(everybody, axis=0) & ~np.any(organisation, axis=0))

    @cached_property
    def misfits(self) -> dict[str, list[int]]:
        """Places of the posts whose value did not fit, by API path."""
        found: dict[str, list[int]] = {}
        for place, text in enumerate(self.cells(EXTRA).to_pylist()):
            for path, value, reason in leftovers(self.platform, text) if text else ():
                if reason != UNDECLARED and value != "{}":
                    found.setdefault(path, []).append(place)
        return found

    def is_format(self, names: tuple[str, ...]) -> Mask:
        """Return where a post is known to be of one of these formats."""
        return mask(pc.and_(pc.is_in(self.formats, pa.array(names, pa.large_string())), self.formats.is_valid()))


def _wrong_type(seen: Seen, column: Column) -> Mask:
    odd = seen.nowhere
    for path, places in seen.misfits.items():
        if path in ("", column.path) or column.path.startswith(f"{path}."):
            odd[places] = True
    return np.asarray(odd & ~seen.broken)


def _failed(seen: Seen, _: Column) -> Mask:
    return seen.broken


def _skipped(seen: Seen, _: Column) -> Mask:
    return seen.bare if SKIP_ANALYTICS in seen.platform.parameters else seen.nowhere


def _other_media(seen: Seen, column: Column) -> Mask:
    if not column.formats:
        return seen.nowhere
    return mask(seen.formats.is_valid()) & ~seen.is_format(column.formats)


def _retired(seen: Seen, column: Column) -> Mask:
    if not column.retired:
        return seen.nowhere
    day = pa.scalar(pd.Timestamp(column.retired, tz="UTC").to_pydatetime(), seen.cells(AS_OF).type)
    return mask(pc.greater_equal(seen.cells(AS_OF), day))


def _copyright(seen: Seen, column: Column) -> Mask:
    return seen.is_format(column.formats) if Gap.COPYRIGHT in column.gaps else seen.nowhere


def _elsewhere(seen: Seen, column: Column) -> Mask:
    told_by_some = column.evidence is not Evidence.ANALYTICS or seen.has(column).any()
    return seen.nowhere if told_by_some else ~seen.nowhere


def _too_fresh(seen: Seen, column: Column) -> Mask:
    return np.asarray(seen.age < _FRESH) if Gap.FRESH in column.gaps else seen.nowhere


def _too_old(seen: Seen, column: Column) -> Mask:
    return np.asarray(seen.age > _OLD) if Gap.OLD in column.gaps else seen.nowhere


def _personal(seen: Seen, column: Column) -> Mask:
    return seen.personal if Gap.PERSONAL in column.gaps else seen.nowhere


def _explained(seen: Seen, column: Column) -> Mask:
    """Return where a reason is declared that the post neither proves nor rules out."""
    open_to = seen.nowhere
    for gap in column.gaps:
        open_to |= ~_RULED_OUT[gap](seen) if gap in _RULED_OUT else True
    return open_to | (~mask(seen.formats.is_valid()) if column.formats else False)


_RULED_OUT: dict[Gap, Callable[[Seen], Mask]] = {
    Gap.FRESH: lambda seen: np.asarray(seen.age >= _FRESH),
    Gap.OLD: lambda seen: np.asarray(seen.age <= _OLD),
    Gap.SKIPPED: lambda seen: ~seen.bare,
    Gap.PERSONAL: lambda seen: ~seen.personal,
    Gap.COPYRIGHT: lambda seen: ~seen.nowhere,
}

OTHER_MEDIA, FAILED, UNKNOWN = Gap.OTHER_MEDIA.value, "failed at the network", "unknown"
# The first test that holds gives the reason of a missing value.
REASONS: dict[str, Callable[[Seen, Column], Mask]] = {
    FAILED: _failed,
    "wrong type": _wrong_type,
    Gap.SKIPPED.value: _skipped,
    OTHER_MEDIA: _other_media,
    "retired by the network": _retired,
    Gap.COPYRIGHT.value: _copyright,
    ELSEWHERE: _elsewhere,
    Gap.FRESH.value: _too_fresh,
    Gap.OLD.value: _too_old,
    Gap.PERSONAL.value: _personal,
    UNKNOWN: _explained,
    "not sent": lambda seen, _: ~seen.nowhere,
}


def _of_columns(seen: Seen) -> Iterator[tuple[str, str, int]]:
    for column in sent_by(seen.platform):
        if column.name in seen.posts.columns:
            for reason, count in _tally(_why(seen, column, ~seen.has(column))):
                yield column.name, reason, count


def _of_metrics(seen: Seen) -> Iterator[tuple[str, str, int]]:
    for metric in METRICS:
        status, said = status_of(seen.platform, metric)
        if isinstance(said, Measure):
            reasons = _why_unmeasured(seen, said)
        elif status == ELSEWHERE:
            reasons = np.full(len(seen.rows), ELSEWHERE, dtype=object)
        else:
            continue
        for reason, count in _tally(reasons):
            yield metric.name, reason, count


def _why_unmeasured(seen: Seen, measure: Measure) -> npt.NDArray[np.object_]:
    """Return why a metric is missing, post by post; None where it is there."""
    found = told(seen.posts, seen.platform, measure, seen.rows, seen.formats)
    if found is None:
        return np.full(len(seen.rows), UNKNOWN, dtype=object)
    column = next(column for column in seen.platform.columns if column.name == measure.source)
    missing = ~found.known | seen.broken
    reasons = _why(seen, column, missing)
    reasons[missing & found.blank] = UNKNOWN
    reasons[missing & seen.is_format(measure.blank)] = OTHER_MEDIA
    reasons[missing & found.declined] = FAILED
    return reasons


def _why(seen: Seen, column: Column, missing: Mask) -> npt.NDArray[np.object_]:
    """Return why a value is missing, post by post; None where it is there."""
    reasons = np.full(len(seen.rows), None, dtype=object)
    for reason, proves in REASONS.items():
        if not missing.any():
            break
        here = missing & proves(seen, column)
        reasons[here] = reason
        missing = missing & ~here
    return reasons


def _tally(reasons: npt.NDArray[np.object_]) -> Iterator[tuple[str, int]]:
    for reason in REASONS:
        if count := int((reasons == reason).sum()):
            yield reason, count
