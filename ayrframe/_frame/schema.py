"""Build pandera schemas from the declarations of platforms and validate posts frames.

Validation never converts values. pandera takes a third of a millisecond per column and 0.4 s to import, so each rule is
first checked on the whole column; pandera then reports on the columns that break a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import repeat
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pandas as pd

from ayrframe._frame.dtypes import dtype_for, union_columns
from ayrframe._frame.extra import iter_invalid_values
from ayrframe._frame.platform_rows import platform_mask, platforms_in
from ayrframe._platforms.columns import CREATED, EXTRA, ID, KEY, sent_by
from ayrframe._platforms.spec import Column, Kind, Platform, Unit
from ayrframe.errors import SchemaError, quote, warn_user

if TYPE_CHECKING:
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

Severity = Literal["warn", "raise"] | None

_import_lock = Lock()


class ColumnRule(NamedTuple):
    """A check of the values of a column, named by its requirement. `ignore_missing` accepts missing values."""

    name: str
    is_valid: Callable[[pd.Series], pd.Series]
    ignore_missing: bool = True


_PRESENT = ColumnRule("not missing or empty", lambda ids: ids.notna() & ids.ne(""), ignore_missing=False)
_NOT_NEGATIVE = ColumnRule("not negative", lambda numbers: numbers >= 0)
_BETWEEN_0_AND_1 = ColumnRule("between 0 and 1", lambda shares: shares.between(0, 1))
_PAST = ColumnRule("not in the future", lambda times: times <= _latest_valid_time())
_UNIQUE_KEY = "unique within the post key"
_COLUMN_PRESENT = "column present"
_PANDERA_CHECKS = {"column_in_dataframe": _COLUMN_PRESENT, "not_nullable": "not missing"}
_JSON_TYPES = {
    Kind.ID: "ID",
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.QUOTED_INTEGER: "integer",
    Kind.FLOAT: "number",
    Kind.BOOLEAN: "boolean",
    Kind.TIME: "ISO 8601 time",
    Kind.LIST: "array",
    Kind.MAPPING: "object",
}
# Paths without a column: that of a post that is not an object is empty, the others are those of flattened objects.
_POST_TYPE, _PARENT_TYPE = "object", "non-empty object"
_TYPE_CHECKS = frozenset({*_JSON_TYPES.values(), _PARENT_TYPE})
_CASE_COLUMNS = ("column", "check", "failure_case", "index")
# Clocks differ by minutes, so a post may seem to be from the near future.
_CLOCK_TOLERANCE = pd.Timedelta(minutes=10)
# Reason codes of pandera for missing columns and wrong dtypes.
_STRUCTURAL_REASONS = ("WRONG_DATATYPE", "COLUMN_NOT_IN_DATAFRAME", "DATATYPE_COERCION")


@cache
def build_schema(platforms: tuple[Platform, ...]) -> pa.DataFrameSchema:
    """Return the schema of a posts frame of these platforms."""
    _import_pandera()
    import pandera.pandas as pa

    columns = {
        column.name: pa.Column(_pandera_dtype(column), _pandera_checks(column), nullable=True)
        for column in union_columns(platforms)
    }
    for name in KEY:
        if name != ID.name:
            columns[name].nullable = False
    unique = pa.Check(lambda frame: not _is_repeated_key(frame).any(), name=_UNIQUE_KEY, error=_UNIQUE_KEY)
    return pa.DataFrameSchema(
        columns, checks=unique, name="posts of " + ", ".join(platform.title for platform in platforms)
    )


def check_severity(severity: Severity) -> None:
    """Raise a ValueError if the argument `validate` is invalid."""
    if severity not in ("warn", "raise", None):
        raise ValueError(f"`validate` must be 'warn', 'raise' or None, not {quote(str(severity))}.")


def validate_frame(
    posts: pd.DataFrame, severity: Severity, platforms: Sequence[Platform] | None = None
) -> pd.DataFrame:
    """Validate a posts frame and return it; missing columns and wrong dtypes always raise a SchemaError."""
    check_severity(severity)
    if severity is None:
        return posts
    declared = tuple(platforms_in(posts) if platforms is None else platforms)
    structural, cases = False, _invalid_value_cases(posts, declared)
    invalid = _invalid_columns(posts, declared)
    if invalid or _has_repeated_keys(posts):
        pandera_cases, structural = _pandera_cases(posts, declared, invalid)
        cases = pd.concat([pandera_cases, cases], ignore_index=True)
    if len(cases):
        message = _validation_message(cases, len(posts), structural=structural)
        if structural or severity == "raise":
            raise SchemaError(message, cases, posts)
        warn_user(message)
    return posts


def _invalid_columns(posts: pd.DataFrame, platforms: Sequence[Platform]) -> list[str]:
    """Return the names of the declared columns that are missing or break a rule."""
    columns = union_columns(platforms)
    if not posts.columns.is_unique:
        return [column.name for column in columns]
    return [
        column.name
        for column in columns
        if column.name not in posts.columns or not _is_valid_column(column, posts[column.name])
    ]


def _is_valid_column(column: Column, values: pd.Series) -> bool:
    """Return whether a column has its dtype and all of its values keep their rule."""
    if not _has_declared_dtype(column, values.dtype):
        return False
    if column.name in KEY and column is not ID and values.isna().any():
        return False
    rule = _column_rule(column)
    if rule is None:
        return True
    valid = rule.is_valid(values)
    return bool(valid.all()) or (rule.ignore_missing and bool((valid | values.isna()).all()))


def _pandera_cases(posts: pd.DataFrame, platforms: tuple[Platform, ...], names: list[str]) -> tuple[pd.DataFrame, bool]:
    """Return the failure cases that pandera finds in these columns, and whether columns or dtypes are wrong."""
    _import_pandera()
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

    full_schema = build_schema(platforms)
    schema = pa.DataFrameSchema(
        {name: full_schema.columns[name] for name in names}, checks=full_schema.checks, name=full_schema.name
    )
    try:
        schema.validate(posts, lazy=True)
    except SchemaErrors as errors:
        return _failure_cases(errors, posts), any(str(reason) in _STRUCTURAL_REASONS for reason in errors.error_counts)
    return pd.DataFrame(columns=list(_CASE_COLUMNS)), False


def _failure_cases(errors: SchemaErrors, posts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per invalid value; pandera reports repeated keys for the whole frame."""
    cases: pd.DataFrame = errors.failure_cases[list(_CASE_COLUMNS)]
    cases = cases.assign(check=[_plain_check_name(check) for check in cases["check"]])
    duplicated = cases["check"].eq(_UNIQUE_KEY)
    if not duplicated.any():
        return cases
    ids = posts.loc[_is_repeated_key(posts), ID.name]
    rows = zip(repeat(ID.name), repeat(_UNIQUE_KEY), ids, ids.index, strict=False)
    return pd.concat([cases[~duplicated], pd.DataFrame(rows, columns=list(_CASE_COLUMNS))], ignore_index=True)


def _plain_check_name(check: str) -> str:
    """Return the name of a check of pandera in plain words: `dtype('Int64')` becomes `dtype Int64`."""
    return _PANDERA_CHECKS.get(check) or check.replace("dtype('", "dtype ").removesuffix("')")


def _invalid_value_cases(posts: pd.DataFrame, platforms: Sequence[Platform]) -> pd.DataFrame:
    """Return the failure cases of declared fields with a value of another type; these values are in `extra`."""
    cases = []
    if EXTRA.name in posts.columns and posts[EXTRA.name].notna().any():
        for platform in platforms:
            declared = {column.path: (column.name, _JSON_TYPES[column.kind]) for column in sent_by(platform)}
            texts = posts.loc[platform_mask(platform, posts), EXTRA.name].dropna()
            for position, path, value in iter_invalid_values(platform, map(str, texts.tolist())):
                column, expected = declared.get(path, (path, _PARENT_TYPE if path else _POST_TYPE))
                cases.append((column, expected, value, texts.index[position]))
    return pd.DataFrame(cases, columns=list(_CASE_COLUMNS))


def _validation_message(cases: pd.DataFrame, count: int, *, structural: bool) -> str:
    problems: dict[tuple[Any, Any], list[Any]] = {}
    for column, check, value, index in zip(*(cases[name] for name in _CASE_COLUMNS), strict=True):
        # A rule that cannot be checked on a wrong dtype has no row; the dtype is reported as well.
        if index is not None or check == _COLUMN_PRESENT or check.startswith("dtype "):
            problems.setdefault((column, check), []).append(value)
    prefix = "Columns or dtypes of the posts frame are wrong. " if structural else ""
    summary = f"Validation found {_count_nouns(len(problems), 'problem')} in {_count_nouns(count, 'post')}."
    return f"{prefix}{summary} {'; '.join(_describe_problem(*names, values) for names, values in problems.items())}."


def _describe_problem(column: str, check: str, values: Sequence[object]) -> str:
    if check == _COLUMN_PRESENT:
        return f"missing columns: {', '.join(map(str, values))}"
    example = quote(str(values[0]))
    if check.startswith("dtype "):
        return f"{column}: expected {check}, found {example}"
    suffix = " (kept in `extra`)" if check in _TYPE_CHECKS else ""
    failure = f"{_count_nouns(len(values), 'value')} {_describe_failure(check, len(values))}"
    return f"{column or 'post'}: {failure}, e.g. {example}{suffix}"


def _describe_failure(check: str, count: int) -> str:
    """Return the failure of a check: `is negative` for `not negative`, `is not an integer` for `integer`."""
    be = "is" if count == 1 else "are"
    if check.startswith("not "):
        return f"{be} {check.removeprefix('not ')}"
    if check not in _TYPE_CHECKS:
        return f"{be} not {check}"
    article = "an" if check[0] in "aioIO" else "a"
    return f"{be} not {article} {check}" if count == 1 else f"{be} not {check}s"


def _count_nouns(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _has_repeated_keys(posts: pd.DataFrame) -> bool:
    return not posts[ID.name].is_unique and bool(_is_repeated_key(posts).any())


def _is_repeated_key(posts: pd.DataFrame) -> pd.Series:
    """Return a mask of the posts that repeat an earlier post key; posts without an id are left out."""
    return posts.duplicated(list(KEY)) & posts[ID.name].notna()


def _pandera_dtype(column: Column) -> object:
    return _text_dtype() if _is_text(column) else dtype_for(column.kind)


def _is_text(column: Column) -> bool:
    return isinstance(dtype_for(column.kind), pd.StringDtype)


def _has_declared_dtype(column: Column, dtype: Any) -> bool:
    """Return whether a dtype is the declared one; text may have any string storage."""
    return isinstance(dtype, pd.StringDtype) if _is_text(column) else bool(dtype == dtype_for(column.kind))


def _import_pandera() -> None:
    """Import all of pandera at once: threads that import its modules in different orders could deadlock."""
    with _import_lock:
        import pandera.pandas  # noqa: F401


@cache
def _text_dtype() -> object:
    """Return the text dtype of pandera, without its check of each cell of a column with a string dtype."""
    from pandera.engines.pandas_engine import NpString

    class Text(NpString):
        def check(self, pandera_dtype: Any, data_container: Any = None) -> Any:
            is_text = data_container is not None and isinstance(data_container.dtype, pd.StringDtype)
            return is_text or super().check(pandera_dtype, data_container)

    return Text()  # type: ignore[call-arg]


def _column_rule(column: Column) -> ColumnRule | None:
    if column is ID:
        return _PRESENT
    if column is CREATED:
        return _PAST
    if column.unit is Unit.FRACTION:
        return _BETWEEN_0_AND_1
    return _NOT_NEGATIVE if column.kind in (Kind.INTEGER, Kind.FLOAT) else None


def _pandera_checks(column: Column) -> list[pa.Check]:
    import pandera.pandas as pa

    rule = _column_rule(column)
    return [pa.Check(rule.is_valid, name=rule.name, error=rule.name, ignore_na=rule.ignore_missing)] if rule else []


def _latest_valid_time() -> pd.Timestamp:
    return pd.Timestamp.now("UTC") + _CLOCK_TOLERANCE
