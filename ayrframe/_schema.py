"""Platform → pandera schema. The one module that knows pandera: it checks, and never converts."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ayrframe._frame import DTYPES, union_of
from ayrframe._posts import platforms_in
from ayrframe.columns import CREATED, ID, KEY
from ayrframe.errors import DataWarning, SchemaError, outside, quote
from ayrframe.spec import Column, Kind, Platform, Unit

if TYPE_CHECKING:
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

Severity = Literal["warn", "raise"] | None

_PRESENT = "present"
_NOT_DUPLICATED = "post key not duplicated"
_NOT_NEGATIVE = "not negative"
_SHARE = "from 0 to 1"
_PAST = "not in the future"
# Clocks differ a little; a post of the next minutes is no fault of the data.
_CLOCK_SKEW = pd.Timedelta(minutes=10)
# What pandera calls a finding that makes the frame no posts frame at all.
_STRUCTURE = ("WRONG_DATATYPE", "COLUMN_NOT_IN_DATAFRAME", "DATATYPE_COERCION")


@cache
def schema_of(platforms: tuple[Platform, ...]) -> pa.DataFrameSchema:
    """Return the schema of a frame that holds these platforms."""
    import pandera.pandas as pa

    columns = {column.name: pa.Column(_dtype(column), _checks(column), nullable=True) for column in union_of(platforms)}
    for name in KEY:
        if name != ID.name:
            columns[name].nullable = False
    unique = pa.Check(lambda frame: not _duplicated(frame).any(), name=_NOT_DUPLICATED, error=_NOT_DUPLICATED)
    return pa.DataFrameSchema(columns, checks=unique, name="posts of " + ", ".join(one.title for one in platforms))


def validated(posts: pd.DataFrame, severity: Severity, platforms: Sequence[Platform] | None = None) -> pd.DataFrame:
    """Return the posts, checked once. What is found warns or raises; a wrong column or dtype always raises."""
    if severity not in ("warn", "raise", None):
        raise ValueError(f"validate has to be 'warn', 'raise' or None, not {quote(str(severity))}.")
    if severity is None:
        return posts
    from pandera.errors import SchemaErrors

    found = None
    try:
        schema_of(tuple(platforms_in(posts) if platforms is None else platforms)).validate(posts, lazy=True)
    except SchemaErrors as errors:
        found = _Findings(errors, posts)
    # Raised outside the except block: pandera's error holds the whole frame, and would travel along as its context.
    if found is not None:
        found.report(severity)
    return posts


class _Findings:
    """What a validation found, counted."""

    def __init__(self, errors: SchemaErrors, posts: pd.DataFrame) -> None:
        self._posts = posts
        self._structural = any(str(reason) in _STRUCTURE for reason in errors.error_counts)
        cases = errors.failure_cases[["column", "check", "failure_case", "index"]]
        duplicated = cases["check"].eq(_NOT_DUPLICATED)
        if duplicated.any():
            ids = posts.loc[_duplicated(posts), ID.name]
            keys = pd.DataFrame(
                {"column": ID.name, "check": _NOT_DUPLICATED, "failure_case": ids.to_numpy(), "index": ids.index}
            )
            cases = pd.concat([cases[~duplicated], keys], ignore_index=True)
        self.cases = cases.reset_index(drop=True)

    def report(self, severity: Severity) -> None:
        """Warn, or raise if asked to or if the frame is none of posts."""
        message = self._message()
        if self._structural or severity == "raise":
            raise SchemaError(message, self.cases, self._posts)
        warnings.warn(message, DataWarning, stacklevel=outside())

    def _message(self) -> str:
        count = len(self._posts)
        lines = [
            f"{column}: {check}: {len(cases)} of {count}, such as {quote(str(cases['failure_case'].iloc[0]))}"
            for (column, check), cases in self.cases.groupby(["column", "check"], sort=False, dropna=False)
        ]
        lead = "This is no posts frame" if self._structural else "Some posts are not as they should be"
        return f"{lead} (column: what should hold: for how many it does not). {'; '.join(lines)}."


def _duplicated(posts: pd.DataFrame) -> pd.Series:
    """Return which posts repeat the key of one before. Posts without an id are broken and repeat nothing."""
    return posts.duplicated(list(KEY)) & posts[ID.name].notna()


def _dtype(column: Column) -> object:
    return {"Int64": pd.Int64Dtype(), "boolean": pd.BooleanDtype(), "float64": np.dtype("float64")}.get(
        DTYPES[column.kind], pd.DatetimeTZDtype("us", "UTC") if column.kind is Kind.TIME else "str"
    )


def _checks(column: Column) -> list[pa.Check]:
    import pandera.pandas as pa

    if column is ID:
        return [pa.Check(lambda ids: ids.notna() & ids.ne(""), name=_PRESENT, error=_PRESENT, ignore_na=False)]
    if column is CREATED:
        return [pa.Check(lambda times: times <= _latest(), name=_PAST, error=_PAST)]
    if column.unit is Unit.FRACTION:
        return [pa.Check(lambda shares: shares.between(0, 1), name=_SHARE, error=_SHARE)]
    if column.kind in (Kind.WHOLE, Kind.NUMBER):
        return [pa.Check(lambda numbers: numbers >= 0, name=_NOT_NEGATIVE, error=_NOT_NEGATIVE)]
    return []


def _latest() -> pd.Timestamp:
    return pd.Timestamp.now("UTC") + _CLOCK_SKEW
