"""Compute metrics with the same meaning on all platforms, one row per post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW_TYPES
from ayrframe._decode.json import JSON_ERRORS
from ayrframe._expansions.shapes import unfold_column
from ayrframe._frame.deduplicate import is_error_record
from ayrframe._frame.dtypes import to_frame
from ayrframe._frame.key import post_keys
from ayrframe._frame.platform_rows import rows_by_platform
from ayrframe._frame.to_arrow import add_missing_columns, restore_column, to_arrow, unreadable_cell_error
from ayrframe._metrics.catalog import source_column
from ayrframe._metrics.formats import BoolMask, RowIndex, post_formats, post_kinds, to_mask
from ayrframe._platforms import find_platform
from ayrframe._platforms.columns import AS_OF, CREATED, PLATFORM, POST, POST_URL
from ayrframe._platforms.metrics import ENGAGEMENTS, ER_FOLLOWERS, INTERACTIONS, METRICS, RATES
from ayrframe._platforms.spec import CONVERSIONS, Column, Kind, Measure, Metric, Platform, Unit
from ayrframe.errors import quote, suggest

FORMAT, KIND, AGE_DAYS, ENGAGEMENT_PARTS = "format", "kind", "age_days", "engagement_parts"
METRIC_NAMES = (*(metric.name for metric in METRICS), ENGAGEMENTS.name, *RATES)

_MICROSECONDS_PER_DAY = 86_400_000_000
_INT64_LIMIT = 2.0**63


MetricArray = npt.NDArray[np.int64] | npt.NDArray[np.float64]


class MetricValues(NamedTuple):
    """Values of a metric, and masks: where a value is present, and where it is not a measurement or withheld."""

    values: MetricArray
    present: BoolMask
    not_measured: BoolMask
    withheld: BoolMask

    @property
    def valid(self) -> BoolMask:
        """Where a value is present that is a measurement."""
        return self.present & ~self.not_measured & ~self.withheld


def check_metric(name: str, *, among: tuple[str, ...] = METRIC_NAMES) -> str:
    """Return the name of a metric or rate, or raise a ValueError that lists the valid names."""
    if name not in among:
        raise ValueError(f"Unknown metric {quote(str(name))}.{suggest(name, among)} Choose from: {', '.join(among)}.")
    return name


def is_integer_metric(metric: Metric) -> bool:
    """Return whether the values of a metric are integers."""
    return metric.unit in (Unit.COUNT, Unit.PEOPLE)


def metrics(posts: pd.DataFrame, followers: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return one row of metrics per row of the posts frame."""
    posts = add_missing_columns(posts)
    count = len(posts)
    values: dict[str, MetricArray] = {
        metric.name: np.zeros(count, np.dtype("int64" if is_integer_metric(metric) else "float64"))
        for metric in METRICS
    }
    valid = {metric.name: np.zeros(count, dtype=bool) for metric in METRICS}
    labels: dict[str, list[pa.Array]] = {FORMAT: [], KIND: []}
    row_indexes = []
    is_post = ~is_error_record(posts).to_numpy(dtype=bool) if count else np.zeros(0, dtype=bool)
    for platform, platform_rows in rows_by_platform(posts):
        rows = platform_rows[is_post[platform_rows]]
        formats = post_formats(posts, platform, rows)
        labels[FORMAT].append(formats)
        labels[KIND].append(post_kinds(posts, platform, rows))
        row_indexes.append(rows)
        for measure in platform.measures:
            if (metric_values := read_metric(posts, platform, measure, rows, formats)) is not None:
                values[measure.metric.name][rows] = metric_values.values
                valid[measure.metric.name][rows] = metric_values.valid
    frame = _build_post_columns(
        posts, {name: _in_post_order(parts, row_indexes, count) for name, parts in labels.items()}
    )
    values[ENGAGEMENTS.name], valid[ENGAGEMENTS.name], parts = _sum_engagements(values, valid)
    for name, numbers in values.items():
        frame[name] = _to_column(numbers, valid[name])
    frame[ENGAGEMENT_PARTS] = parts
    _add_rates(frame, values, valid, followers)
    return frame


def read_metric(
    posts: pd.DataFrame, platform: Platform, measure: Measure, rows: RowIndex, formats: pa.Array
) -> MetricValues | None:
    """Return the values of a metric in these rows, or None if the frame does not have its column."""
    column = source_column(platform, measure)
    if column.name not in posts.columns:
        return None
    numbers, present = _read_numbers(posts, platform, measure, column, rows)
    not_measured = (numbers == 0) & present
    if not_measured.any():
        unmeasured_formats = pa.array((*measure.not_measured, *measure.withheld), pa.large_string())
        not_measured &= to_mask(pc.is_in(formats, unmeasured_formats)) if len(unmeasured_formats) else False
    # A platform that withholds a value sends -1; counts, durations and numbers of people are never negative.
    withheld = present & (numbers < 0)
    if not is_integer_metric(measure.metric):
        numbers = numbers / CONVERSIONS.get((column.unit, measure.metric.unit), 1)
    return MetricValues(numbers, present, not_measured, withheld)


def _read_numbers(
    posts: pd.DataFrame, platform: Platform, measure: Measure, column: Column, rows: RowIndex
) -> tuple[MetricArray, BoolMask]:
    """Return the numbers of a column, 0 where missing, and the mask of present ones."""
    values = posts[column.name].array
    # Int64 columns need no conversion to Arrow.
    if ARROW_TYPES[column.kind] == pa.int64() and isinstance(values.dtype, pd.Int64Dtype):
        integers = values.take(rows)
        return integers.to_numpy(np.dtype("int64"), na_value=0), ~integers.isna()
    cells = to_arrow(posts, column, rows)
    if column.kind is Kind.MAPPING:
        cells = _sum_counts(posts, platform, measure, column, cells, rows)
    return cells.fill_null(0).to_numpy(zero_copy_only=False), to_mask(cells.is_valid())


def _sum_counts(
    posts: pd.DataFrame, platform: Platform, measure: Measure, column: Column, cells: pa.Array, rows: RowIndex
) -> pa.Array:
    """Return the total of each mapping of counts, as sent or summed over its keys; null where it has no counts."""
    expansion = next(candidate for candidate in platform.expansions if candidate.source == column.name)
    *_, count = (cell.name for cell in expansion.table.cells)
    try:
        child_rows = unfold_column(expansion, column, cells, wide=measure.uses_total)
    except JSON_ERRORS:
        child_rows = None
    if child_rows is None:
        raise unreadable_cell_error(posts, column, cells, rows)
    numbers = child_rows.cells["total" if measure.uses_total else count]
    values = numbers.drop_null().to_numpy(zero_copy_only=False)
    post_positions = child_rows.post_positions[to_mask(numbers.is_valid())]
    has_count = values >= 0
    sums = np.zeros(len(rows), np.int64)
    np.add.at(sums, post_positions[has_count], values[has_count])
    n_counts, n_valid = (
        np.bincount(positions, minlength=len(rows)) for positions in (post_positions, post_positions[has_count])
    )
    # If all counts are withheld, so is the sum.
    sums[(n_counts > 0) & (n_valid == 0)] = -1
    float_sums = np.bincount(post_positions[has_count], values[has_count], minlength=len(rows))
    return pa.array(sums, mask=(n_counts == 0) | (float_sums >= _INT64_LIMIT))


def _build_post_columns(posts: pd.DataFrame, labels: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return the columns before the metrics: key, times, text, URL, format and kind."""
    frame = post_keys(posts).reset_index(drop=True)
    all_rows = np.arange(len(posts))
    created, as_of = (to_arrow(posts, column, all_rows) for column in (CREATED, AS_OF))
    frame[CREATED.name] = restore_column(posts, CREATED)
    age = pc.subtract(as_of, created).cast(pa.int64())
    frame[AGE_DAYS] = pc.divide(age.cast(pa.float64(), safe=False), float(_MICROSECONDS_PER_DAY)).to_numpy(
        zero_copy_only=False
    )
    for column in (POST, POST_URL):
        frame[column.name] = restore_column(posts, column)
    for name, values in labels.items():
        frame[name] = values
    return frame


def _to_series(values: pa.Array) -> pd.Series:
    return to_frame(pa.table({"": values}))[""]


def _in_post_order(arrays: list[pa.Array], row_indexes: list[RowIndex], count: int) -> pd.Series:
    """Return the values of all platforms in the order of the posts; null for rows of no platform."""
    combined = pa.concat_arrays([*arrays, pa.nulls(0, pa.large_string())])
    rows = np.concatenate([*row_indexes, np.zeros(0, dtype=np.int64)])
    if np.array_equal(rows, np.arange(count)):
        return _to_series(combined)
    positions = np.full(count, -1)
    positions[rows] = np.arange(len(rows))
    return _to_series(combined.take(pa.array(positions, mask=positions < 0)))


def _to_column(values: MetricArray, valid: BoolMask) -> pd.Series:
    """Convert numbers to a column without copying; invalid positions of the array are overwritten."""
    missing = ~valid
    if values.dtype.kind == "i":
        np.copyto(values, 1, where=missing)
        return pd.Series(pd.arrays.IntegerArray(values.astype(np.int64, copy=False), missing), copy=False)
    np.copyto(values, np.nan, where=missing)
    return pd.Series(values, copy=False)


def _sum_engagements(
    values: Mapping[str, MetricArray], valid: Mapping[str, BoolMask]
) -> tuple[MetricArray, BoolMask, pd.Series]:
    """Return the sum of the valid interactions, the mask of rows with a sum, and the names of the summands."""
    names = [metric.name for metric in INTERACTIONS]
    count = len(values[names[0]])
    total, summand_bits = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for bit, name in enumerate(names):
        np.add(total, values[name], out=total, where=valid[name])
        summand_bits |= valid[name].astype(np.int64) << bit
    has_total = summand_bits > 0
    combinations = [
        "+".join(name for bit, name in enumerate(names) if bits >> bit & 1) for bits in range(1 << len(names))
    ]
    summands = _to_series(pa.array(combinations, pa.large_string()).take(pa.array(summand_bits, mask=~has_total)))
    # Sums beyond int64, possible with invalid data only, would silently become negative.
    if sum(float(values[name].max(initial=0)) for name in names) >= _INT64_LIMIT:
        has_total &= sum(np.where(valid[name], values[name], 0.0) for name in names) < _INT64_LIMIT
    return total, has_total, summands


def _add_rates(
    frame: pd.DataFrame,
    values: Mapping[str, MetricArray],
    valid: Mapping[str, BoolMask],
    followers: Mapping[str, float] | None,
) -> None:
    engagements, has_engagements = values[ENGAGEMENTS.name], valid[ENGAGEMENTS.name]
    for name, metric in RATES.items():
        frame[name] = divide(engagements, values[metric.name], has_engagements & valid[metric.name])
    if followers is not None:
        counts = to_floats(frame[PLATFORM.name].map(_followers_by_platform(followers)))
        frame[ER_FOLLOWERS] = divide(engagements, counts, has_engagements)


def to_floats(numbers: pd.Series) -> npt.NDArray[np.float64]:
    """Convert a column of numbers to floats, NaN where missing."""
    return numbers.to_numpy(np.dtype("float64"), na_value=np.nan)


def divide(
    numerators: MetricArray, denominators: MetricArray, valid: BoolMask | None = None
) -> npt.NDArray[np.float64]:
    """Divide elementwise; NaN where a denominator is 0, a number is NaN, or the mask `valid` is False."""
    quotients = np.full(len(numerators), np.nan)
    np.divide(
        numerators, denominators, out=quotients, where=denominators > 0 if valid is None else (denominators > 0) & valid
    )
    return quotients


def _followers_by_platform(followers: Mapping[str, float]) -> dict[str, float]:
    """Return the number of followers by platform name, aliases resolved."""
    if not isinstance(followers, Mapping):
        found = type(followers).__name__
        raise ValueError(f"`followers` must be a mapping such as {{'instagram': 12000}}, got {found}.")  # noqa: TRY004
    counts: dict[str, float] = {}
    for name, count in followers.items():
        platform = find_platform(name).name
        is_number = isinstance(count, (int, float, np.number)) and not isinstance(count, bool)
        if not is_number or not 0 <= count < np.inf:
            raise ValueError(f"`followers[{name!r}]` must be a number of people, got {quote(str(count))}.")
        if platform in counts:
            raise ValueError(f"`followers` has two entries for {platform!r}.")
        counts[platform] = float(count)
    return counts
