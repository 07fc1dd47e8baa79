"""Choose how spreadsheets display numbers; cells hold full values."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ayrframe._frame.dtypes import union_columns
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS
from ayrframe._platforms.spec import Cell, Column, Kind, Unit
from ayrframe._plots.scales import is_rate

WHOLE, DECIMAL = "#,##0", "#,##0.0"
# One decimal as in the report; a rate below 0.1 % keeps a digit, so that it does not look like zero.
PERCENT = "[=0]0.0 %;[<0.001]0.000 %;0.0 %"
CHANGE = "+#,##0.0 %;-#,##0.0 %;0.0 %"
_BY_UNIT = {
    Unit.FRACTION: PERCENT,
    Unit.PERCENT: '0.0" %"',
    Unit.COUNT: WHOLE,
    Unit.PEOPLE: WHOLE,
    Unit.SECONDS: DECIMAL,
    Unit.MILLISECONDS: WHOLE,
    Unit.MINUTES: DECIMAL,
}
_NUMBERS = frozenset({Kind.INTEGER, Kind.QUOTED_INTEGER, Kind.FLOAT})
_OF_METRICS = {metric.name: _BY_UNIT.get(metric.unit, "") for metric in (*METRICS, ENGAGEMENTS)}


def metric_format(metric: str) -> str:
    """Return the number format of a metric or rate."""
    return PERCENT if is_rate(metric) else _OF_METRICS.get(metric, "")


def column_formats(posts: pd.DataFrame) -> dict[str, str]:
    """Return the number formats of the columns of a posts frame by name."""
    return _formats(union_columns(platforms_in(posts)))


def child_table_formats(posts: pd.DataFrame, name: str) -> dict[str, str]:
    """Return the number formats of the columns of a child table by name."""
    expansions = (expansion for platform in platforms_in(posts) for expansion in platform.expansions)
    return _formats(cell for expansion in expansions if expansion.table.name == name for cell in expansion.table.cells)


def _formats(declared: Iterable[Cell | Column]) -> dict[str, str]:
    """Return the number formats of declared columns; numbers without a unit, such as codes, have none."""
    formats = {each.name: _BY_UNIT.get(each.unit, "") for each in declared if each.kind in _NUMBERS}
    return {name: number_format for name, number_format in formats.items() if number_format}
