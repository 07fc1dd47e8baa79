"""Compute metrics with the same meaning on all platforms, one row per post."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW_TYPES, BoolArray, FloatArray, IntArray
from ayrframe._expansions.shapes import unfold_column
from ayrframe._frame.deduplicate import drop_readings_with_analytics, is_error_record
from ayrframe._frame.dtypes import to_frame
from ayrframe._frame.key import post_keys
from ayrframe._frame.platform_rows import rows_by_platform
from ayrframe._frame.to_arrow import add_missing_columns, restore_column, to_arrow
from ayrframe._metrics.catalog import source_column
from ayrframe._metrics.columns import (
    AGE_DAYS,
    ENGAGEMENT_PARTS,
    FORMAT,
    KIND,
    METRIC_NAMES,
    add_own_columns,
    needed_metrics,
    own_columns,
    warn_about_dropped_sources,
)
from ayrframe._metrics.followers import Followers, followers_of_rows
from ayrframe._metrics.formats import decode_cells, is_foreign, post_formats, post_kinds, to_mask
from ayrframe._platforms.columns import AS_OF, CREATED, LISTED_FROM, POST, POST_URL, READ_AT
from ayrframe._platforms.metrics import ENGAGEMENTS, ER_FOLLOWERS, INTERACTIONS, METRICS, RATES
from ayrframe._platforms.spec import CONVERSIONS, FACTORS, Kind, Measure, Metric, Platform, Unit

_INT64_LIMIT = 2.0**63

MetricArray = IntArray | FloatArray


class MetricValues(NamedTuple):
    """Values of a metric, and masks: where a value is present, and where it is not a measurement or withheld."""

    values: MetricArray
    present: BoolArray
    not_measured: BoolArray
    withheld: BoolArray

    @property
    def valid(self) -> BoolArray:
        """Where a value is present that is a measurement."""
        return self.present & ~self.not_measured & ~self.withheld


def is_integer_metric(metric: Metric) -> bool:
    """Return whether the values of a metric are integers."""
    return metric.unit in (Unit.COUNT, Unit.PEOPLE)


def metrics(
    posts: pd.DataFrame,
    followers: Followers | None = None,
    *,
    only: Collection[str] = METRIC_NAMES,
    all_readings: bool = False,
) -> pd.DataFrame:
    """Return one row of metrics per row of the posts frame, with the caller's own columns at the end.

    `only` limits the metrics and rates that are computed. Readings that post analytics replace, which a metrics frame
    could not distinguish, are left out unless `all_readings`.
    """
    posts = posts if all_readings else drop_readings_with_analytics(posts)
    own = own_columns(posts)
    needed = needed_metrics(only)
    warn_about_dropped_sources(posts, needed)
    posts = add_missing_columns(posts)
    values, valid, labels = _read_measures(posts, needed)
    frame = _post_columns(posts).assign(**labels)
    parts = None
    if ENGAGEMENTS.name in needed:
        values[ENGAGEMENTS.name], valid[ENGAGEMENTS.name], parts = _sum_engagements(values, valid)
    for name, numbers in values.items():
        frame[name] = _to_column(numbers, valid[name])
    if parts is not None:
        frame[ENGAGEMENT_PARTS] = parts
    for name in (name for name in RATES if name in only):
        denominator = RATES[name].name
        has_both = valid[ENGAGEMENTS.name] & valid[denominator]
        frame[name] = divide(values[ENGAGEMENTS.name], values[denominator], has_both)
    if followers is not None:
        counts = followers_of_rows(frame, followers)
        frame[ER_FOLLOWERS] = divide(values[ENGAGEMENTS.name], counts, valid[ENGAGEMENTS.name])
    return add_own_columns(frame, posts, own)


def _read_measures(
    posts: pd.DataFrame, needed: Collection[str]
) -> tuple[dict[str, MetricArray], dict[str, BoolArray], dict[str, pd.Series]]:
    """Return the values of metrics, the masks of those that are valid, and the columns `format` and `kind`."""
    count = len(posts)
    values: dict[str, MetricArray] = {
        metric.name: np.zeros(count, np.dtype("int64" if is_integer_metric(metric) else "float64"))
        for metric in METRICS
        if metric.name in needed
    }
    valid = {name: np.zeros(count, dtype=bool) for name in values}
    labels: dict[str, list[pa.Array]] = {FORMAT: [], KIND: []}
    positions = np.full(count, -1)  # of the labels of each row
    is_post = ~is_error_record(posts).to_numpy(dtype=bool) if count else np.zeros(0, dtype=bool)
    for platform, platform_rows in rows_by_platform(posts):
        rows = platform_rows[is_post[platform_rows]]
        formats, kinds = post_formats(posts, platform, rows), post_kinds(posts, platform, rows)
        positions[rows] = np.arange(len(rows)) + sum(map(len, labels[FORMAT]))
        labels[FORMAT].append(formats)
        labels[KIND].append(kinds)
        has_own_numbers = ~is_foreign(platform, kinds)
        for measure in (measure for measure in platform.measures if measure.metric.name in needed):
            if (metric_values := read_metric(posts, platform, measure, rows, formats)) is not None:
                values[measure.metric.name][rows] = metric_values.values
                valid[measure.metric.name][rows] = metric_values.valid & has_own_numbers
    columns = {
        name: _take_labels(pa.chunked_array(arrays, pa.large_string()), positions) for name, arrays in labels.items()
    }
    return values, valid, columns


def read_metric(
    posts: pd.DataFrame, platform: Platform, measure: Measure, rows: IntArray, formats: pa.Array
) -> MetricValues | None:
    """Return the values of a metric in these rows, or None if the frame does not have its column."""
    column = source_column(platform, measure)
    if column.name not in posts.columns:
        return None
    cells = posts[column.name].array
    # Int64 columns need no conversion to Arrow.
    if ARROW_TYPES[column.kind] == pa.int64() and isinstance(cells.dtype, pd.Int64Dtype):
        integers = cells.take(rows)
        numbers, present = integers.to_numpy(np.dtype("int64"), na_value=0), ~integers.isna()
    else:
        is_mapping = column.kind is Kind.MAPPING
        array = _sum_counts(posts, platform, measure, rows) if is_mapping else to_arrow(posts, column, rows)
        numbers, present = array.fill_null(0).to_numpy(zero_copy_only=False), to_mask(array.is_valid())
    not_measured = (numbers == 0) & present
    if not_measured.any():
        unmeasured_formats = pa.array((*measure.not_measured, *measure.withheld), pa.large_string())
        not_measured &= to_mask(pc.is_in(formats, unmeasured_formats)) if len(unmeasured_formats) else False
    # A platform that withholds a value sends -1; counts, durations and numbers of people are never negative.
    withheld = present & (numbers < 0)
    if not is_integer_metric(measure.metric):
        units = (column.unit, measure.metric.unit)
        numbers = numbers / CONVERSIONS.get(units, 1) * FACTORS.get(units, 1)
    return MetricValues(numbers, present, not_measured, withheld)


def _sum_counts(posts: pd.DataFrame, platform: Platform, measure: Measure, rows: IntArray) -> pa.Array:
    """Return the total of each mapping of counts, as sent or summed over its keys; null where it has no counts."""
    column = source_column(platform, measure)
    expansion = next(candidate for candidate in platform.expansions if candidate.source == column.name)
    unfold = partial(unfold_column, expansion, column, wide=measure.uses_total)
    child_rows = decode_cells(posts, column, rows, unfold)
    numbers = child_rows.cells["total" if measure.uses_total else expansion.table.cells[-1].name]
    values, positions = numbers.drop_null().to_numpy(), child_rows.post_positions[to_mask(numbers.is_valid())]
    is_count = values >= 0
    counts, counted = values[is_count], positions[is_count]
    # If all counts are withheld, so is the sum.
    sums = np.where(np.bincount(counted, minlength=len(rows)) > 0, 0, -1)
    np.add.at(sums, counted, counts)
    float_sums = np.bincount(counted, counts, minlength=len(rows))
    return pa.array(sums, mask=(np.bincount(positions, minlength=len(rows)) == 0) | (float_sums >= _INT64_LIMIT))


def _post_columns(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the columns before the format: key, times, text and URL."""
    frame = post_keys(posts).reset_index(drop=True)
    for column in (CREATED, READ_AT, LISTED_FROM):
        frame[column.name] = restore_column(posts, column)
    frame[AGE_DAYS] = elapsed(frame[CREATED.name], frame[AS_OF.name], pd.Timedelta(days=1))
    for column in (POST, POST_URL):
        frame[column.name] = restore_column(posts, column)
    return frame


def elapsed(earlier: pd.Series, later: pd.Series, unit: pd.Timedelta) -> pd.Series:
    """Return the time between two columns of times in a unit; NaN where one is missing."""
    duration: pd.Series[pd.Timedelta] = later - earlier
    return duration / unit


def _take_labels(labels: pa.Array, positions: IntArray) -> pd.Series:
    """Return the labels at these positions as a column; NA where a position is -1."""
    return to_frame(pa.table({"": labels.take(pa.array(positions, mask=positions < 0))}))[""]


def _to_column(values: MetricArray, valid: BoolArray) -> pd.Series:
    """Convert numbers to a column without copying; invalid positions of the array are overwritten."""
    missing = ~valid
    if values.dtype.kind == "i":
        np.copyto(values, 1, where=missing)
        return pd.Series(pd.arrays.IntegerArray(values.astype(np.int64, copy=False), missing), copy=False)
    np.copyto(values, np.nan, where=missing)
    return pd.Series(values, copy=False)


def _sum_engagements(
    values: Mapping[str, MetricArray], valid: Mapping[str, BoolArray]
) -> tuple[MetricArray, BoolArray, pd.Series]:
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
    # Sums beyond int64, possible with invalid data only, would silently become negative.
    if sum(float(values[name].max(initial=0)) for name in names) >= _INT64_LIMIT:
        has_total &= sum(np.where(valid[name], values[name], 0.0) for name in names) < _INT64_LIMIT
    summands = _take_labels(pa.array(combinations, pa.large_string()), np.where(has_total, summand_bits, -1))
    return total, has_total, summands


def to_floats(numbers: pd.Series) -> FloatArray:
    """Convert a column of numbers to floats, NaN where missing."""
    return numbers.to_numpy(np.dtype("float64"), na_value=np.nan)


def divide(numerators: MetricArray, denominators: MetricArray, valid: BoolArray | None = None) -> FloatArray:
    """Divide elementwise; NaN where a denominator is 0, a number is NaN, or the mask `valid` is False."""
    quotients = np.full(len(numerators), np.nan)
    where = denominators > 0 if valid is None else (denominators > 0) & valid
    with np.errstate(invalid="ignore"):  # own columns may have infinite values
        np.divide(numerators, denominators, out=quotients, where=where)
    return quotients
