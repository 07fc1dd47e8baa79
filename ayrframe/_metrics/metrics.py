"""Posts of any network → a row of metrics each, under names that mean the same everywhere."""

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
from ayrframe.errors import quote

FORMAT, KIND, AGE, PARTS = "format", "kind", "age_days", "engagement_parts"
METRIC_NAMES = (*(metric.name for metric in METRICS), ENGAGEMENTS.name, *RATES)

_MICROSECONDS_A_DAY = 86_400_000_000
_LARGEST = 2.0**63


Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]


class MetricValues(NamedTuple):
    """What a network told of a metric: the values as sent, where there is one, and where it is no measurement."""

    values: Numbers
    sent: BoolMask
    blank: BoolMask
    declined: BoolMask

    @property
    def known(self) -> BoolMask:
        """Where there is a value that measures something."""
        return self.sent & ~self.blank & ~self.declined


def check_metric(name: str, *, among: tuple[str, ...] = METRIC_NAMES) -> str:
    """Return the name of a metric or rate; a ValueError names all there are."""
    if name not in among:
        raise ValueError(f"{quote(str(name))} is no metric. There are: {', '.join(among)}.")
    return name


def is_integer_metric(metric: Metric) -> bool:
    """Tell whether a metric is a whole number."""
    return metric.unit in (Unit.COUNT, Unit.PEOPLE)


def metrics(posts: pd.DataFrame, followers: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return one row of metrics for each row of the posts frame."""
    posts = add_missing_columns(posts)
    count = len(posts)
    values: dict[str, Numbers] = {
        metric.name: np.zeros(count, np.dtype("int64" if is_integer_metric(metric) else "float64"))
        for metric in METRICS
    }
    known = {metric.name: np.zeros(count, dtype=bool) for metric in METRICS}
    shapes: dict[str, list[pa.Array]] = {FORMAT: [], KIND: []}
    order = []
    there = ~is_error_record(posts).to_numpy(dtype=bool) if count else np.zeros(0, dtype=bool)
    for platform, its in rows_by_platform(posts):
        rows = its[there[its]]
        formats = post_formats(posts, platform, rows)
        shapes[FORMAT].append(formats)
        shapes[KIND].append(post_kinds(posts, platform, rows))
        order.append(rows)
        for measure in platform.measures:
            if (found := read_metric(posts, platform, measure, rows, formats)) is not None:
                values[measure.metric.name][rows] = found.values
                known[measure.metric.name][rows] = found.known
    frame = _head(posts, {name: _laid_out(parts, order, count) for name, parts in shapes.items()})
    values[ENGAGEMENTS.name], known[ENGAGEMENTS.name], parts = _engagements(values, known)
    for name, numbers in values.items():
        frame[name] = _column(numbers, known[name])
    frame[PARTS] = parts
    _add_rates(frame, values, known, followers)
    return frame


def read_metric(
    posts: pd.DataFrame, platform: Platform, measure: Measure, rows: RowIndex, formats: pa.Array
) -> MetricValues | None:
    """Return what a network told of a metric in these rows; None if the frame lacks the column."""
    column = source_column(platform, measure)
    if column.name not in posts.columns:
        return None
    numbers, sent = _numbers(posts, platform, measure, column, rows)
    blank = (numbers == 0) & sent
    if blank.any():
        without = pa.array((*measure.not_measured, *measure.withheld), pa.large_string())
        blank &= to_mask(pc.is_in(formats, without)) if len(without) else False
    # A network that declines to tell sends -1; no count, span or number of people is below 0.
    declined = sent & (numbers < 0)
    if not is_integer_metric(measure.metric):
        numbers = numbers / CONVERSIONS.get((column.unit, measure.metric.unit), 1)
    return MetricValues(numbers, sent, blank, declined)


def _numbers(
    posts: pd.DataFrame, platform: Platform, measure: Measure, column: Column, rows: RowIndex
) -> tuple[Numbers, BoolMask]:
    """Return the numbers of a column, 0 where there is none, and where there is one."""
    values = posts[column.name].array
    if ARROW_TYPES[column.kind] == pa.int64() and isinstance(values.dtype, pd.Int64Dtype):  # No detour through Arrow.
        held = values.take(rows)
        return held.to_numpy(np.dtype("int64"), na_value=0), ~held.isna()
    cells = to_arrow(posts, column, rows)
    if column.kind is Kind.MAPPING:
        cells = _counted(posts, platform, measure, column, cells, rows)
    return cells.fill_null(0).to_numpy(zero_copy_only=False), to_mask(cells.is_valid())


def _counted(
    posts: pd.DataFrame, platform: Platform, measure: Measure, column: Column, cells: pa.Array, rows: RowIndex
) -> pa.Array:
    """Return the one number that an object of counts tells: its total, or the sum of its kinds; null without any."""
    expansion = next(one for one in platform.expansions if one.source == column.name)
    *_, count = (cell.name for cell in expansion.table.cells)
    try:
        part = unfold_column(expansion, column, cells, wide=measure.uses_total)
    except JSON_ERRORS:
        part = None
    if part is None:
        raise unreadable_cell_error(posts, column, cells, rows)
    numbers = part.cells["total" if measure.uses_total else count]
    values, origin = numbers.drop_null().to_numpy(zero_copy_only=False), part.post_positions[to_mask(numbers.is_valid())]
    told_of = values >= 0
    sums = np.zeros(len(rows), np.int64)
    np.add.at(sums, origin[told_of], values[told_of])
    sent, good = (np.bincount(places, minlength=len(rows)) for places in (origin, origin[told_of]))
    # Where nothing but refusals was sent, the sum is one.
    sums[(sent > 0) & (good == 0)] = -1
    whole = np.bincount(origin[told_of], values[told_of], minlength=len(rows))
    return pa.array(sums, mask=(sent == 0) | (whole >= _LARGEST))


def _head(posts: pd.DataFrame, shapes: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return what stands before the numbers: the key, and what the post is."""
    frame = post_keys(posts).reset_index(drop=True)
    everywhere = np.arange(len(posts))
    created, as_of = (to_arrow(posts, moment, everywhere) for moment in (CREATED, AS_OF))
    frame[CREATED.name] = restore_column(posts, CREATED)
    age = pc.subtract(as_of, created).cast(pa.int64())
    frame[AGE] = pc.divide(age.cast(pa.float64(), safe=False), float(_MICROSECONDS_A_DAY)).to_numpy(
        zero_copy_only=False
    )
    for column in (POST, POST_URL):
        frame[column.name] = restore_column(posts, column)
    for name, values in shapes.items():
        frame[name] = values
    return frame


def _frame_of(values: pa.Array) -> pd.Series:
    return to_frame(pa.table({"": values}))[""]


def _laid_out(parts: list[pa.Array], order: list[RowIndex], count: int) -> pd.Series:
    """Return the values of all platforms in the order of the posts; null where no platform has the row."""
    together = pa.concat_arrays([*parts, pa.nulls(0, pa.large_string())])
    rows = np.concatenate([*order, np.zeros(0, dtype=np.int64)])
    if np.array_equal(rows, np.arange(count)):
        return _frame_of(together)
    places = np.full(count, -1)
    places[rows] = np.arange(len(rows))
    return _frame_of(together.take(pa.array(places, mask=places < 0)))


def _column(values: Numbers, known: BoolMask) -> pd.Series:
    """Return numbers as a column of the frame, which takes them over: what is not known is overwritten."""
    unknown = ~known
    if values.dtype.kind == "i":
        np.copyto(values, 1, where=unknown)
        return pd.Series(pd.arrays.IntegerArray(values.astype(np.int64, copy=False), unknown), copy=False)
    np.copyto(values, np.nan, where=unknown)
    return pd.Series(values, copy=False)


def _engagements(values: Mapping[str, Numbers], known: Mapping[str, BoolMask]) -> tuple[Numbers, BoolMask, pd.Series]:
    """Return the sum of the interactions that are known, where there is one, and which ones they are."""
    names = [metric.name for metric in INTERACTIONS]
    count = len(values[names[0]])
    summed, code = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for place, name in enumerate(names):
        np.add(summed, values[name], out=summed, where=known[name])
        code |= known[name].astype(np.int64) << place
    there = code > 0
    parts = ["+".join(name for place, name in enumerate(names) if one >> place & 1) for one in range(1 << len(names))]
    parts_of = _frame_of(pa.array(parts, pa.large_string()).take(pa.array(code, mask=~there)))
    # Sums beyond int64 come from broken data only, and would turn negative in silence.
    if sum(float(values[name].max(initial=0)) for name in names) >= _LARGEST:
        there &= sum(np.where(known[name], values[name], 0.0) for name in names) < _LARGEST
    return summed, there, parts_of


def _add_rates(
    frame: pd.DataFrame,
    values: Mapping[str, Numbers],
    known: Mapping[str, BoolMask],
    followers: Mapping[str, float] | None,
) -> None:
    above, there = values[ENGAGEMENTS.name], known[ENGAGEMENTS.name]
    for name, metric in RATES.items():
        frame[name] = divide(above, values[metric.name], there & known[metric.name])
    if followers is not None:
        counts = to_floats(frame[PLATFORM.name].map(_followers(followers)))
        frame[ER_FOLLOWERS] = divide(above, counts, there)


def to_floats(numbers: pd.Series) -> npt.NDArray[np.float64]:
    """Return a column of numbers as floats, NaN where it has none."""
    return numbers.to_numpy(np.dtype("float64"), na_value=np.nan)


def divide(above: Numbers, below: Numbers, known: BoolMask | None = None) -> npt.NDArray[np.float64]:
    """Return rates: NaN where a number is missing or NaN, or the one below is 0; `known` is where none is missing."""
    rates = np.full(len(above), np.nan)
    np.divide(above, below, out=rates, where=below > 0 if known is None else (below > 0) & known)
    return rates


def _followers(followers: Mapping[str, float]) -> dict[str, float]:
    """Return the followers by the one name of each network."""
    if not isinstance(followers, Mapping):
        raise ValueError("followers are given by network, such as {'instagram': 12000}.")  # noqa: TRY004
    counts: dict[str, float] = {}
    for name, count in followers.items():
        platform = find_platform(name).name
        is_number = isinstance(count, (int, float, np.number)) and not isinstance(count, bool)
        if not is_number or not 0 <= count < np.inf:
            raise ValueError(f"followers of {quote(name)} have to be a number of people, not {quote(str(count))}.")
        if platform in counts:
            raise ValueError(f"followers name {platform!r} twice.")
        counts[platform] = float(count)
    return counts
