"""Build pandera schemas from the declarations of platforms and validate posts frames.

Validation never converts values. pandera takes a third of a millisecond per column and 0.4 s to import, so each rule is
first checked on the whole column; pandera then reports on the columns that break a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pandas as pd

from ayrframe._frame.dtypes import dtype_for, union_columns
from ayrframe._frame.extra import iter_invalid_values
from ayrframe._frame.key import key_names
from ayrframe._frame.new_values import NEW_VALUE, iter_new_values
from ayrframe._frame.platform_rows import is_accounts_frame, platform_mask, platforms_in, rows_by_platform
from ayrframe._platforms.columns import AS_OF, CREATED, EXTRA, ID, KEY, sent_by
from ayrframe._platforms.spec import Column, Kind, Platform, Unit
from ayrframe.errors import SchemaError, check_option, quote, warn_user

if TYPE_CHECKING:
    import pandera.pandas as pa

Severity = Literal["warn", "raise"] | None

_import_lock = Lock()

# Clocks differ by minutes, so a post may seem to be from the near future.
_CLOCK_TOLERANCE = pd.Timedelta(minutes=10)


class ColumnRule(NamedTuple):
    """A requirement on the values of a column, and a function that returns a mask of those that break it.

    With `extremes`, any value breaks the rule only if one of these does, such as the smallest one.
    """

    name: str
    is_broken: Callable[[Any], Any]
    extremes: tuple[Literal["min", "max"], ...] = ()


_PRESENT = ColumnRule("not missing or empty", lambda ids: ids.isna() | ids.eq(""))
_NOT_NEGATIVE = ColumnRule("not negative", lambda numbers: numbers < 0, ("min",))
_BETWEEN_0_AND_1 = ColumnRule("between 0 and 1", lambda shares: (shares < 0) | (shares > 1), ("min", "max"))
_PAST = ColumnRule("not in the future", lambda times: times > pd.Timestamp.now("UTC") + _CLOCK_TOLERANCE, ("max",))
_UNIQUE_KEY = "unique within the post key"
_COLUMN_PRESENT = "column present"
_NOT_MISSING = "not missing"
_MISSING_CHECKS = (_NOT_MISSING, _PRESENT.name)
_PANDERA_CHECKS = {"column_in_dataframe": _COLUMN_PRESENT, "not_nullable": _NOT_MISSING}
_EXPECTED_TYPES = {
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
_TYPE_CHECKS = frozenset({*_EXPECTED_TYPES.values(), _PARENT_TYPE})
_CASE_COLUMNS = ["column", "check", "failure_case", "index"]
Case = tuple[str, str, Any, Any]  # a value of each of these columns


@cache
def build_schema(platforms: tuple[Platform, ...]) -> pa.DataFrameSchema:
    """Return the schema of a posts frame of these platforms."""
    with _import_lock:  # Threads that import the modules of pandera in different orders could deadlock.
        import pandera.pandas as pa

    columns = {}
    for column in union_columns(platforms):
        checks = [
            pa.Check(
                lambda values, rule=rule: ~rule.is_broken(values).fillna(value=False),
                name=rule.name,
                error=rule.name,
                ignore_na=False,
            )
            for rule in _column_rules(column)
        ]
        dtype = _text_dtype() if _is_text(column) else dtype_for(column.kind)
        columns[column.name] = pa.Column(dtype, checks, nullable=not _is_required(column))
    unique = pa.Check(lambda frame: not _is_repeated_key(frame).any(), name=_UNIQUE_KEY, error=_UNIQUE_KEY)
    return pa.DataFrameSchema(columns, unique, name=f"posts of {', '.join(platform.title for platform in platforms)}")


def check_severity(severity: Severity) -> None:
    """Raise a ValueError if the argument `validate` is invalid."""
    check_option(severity, "validate", ("warn", "raise", None))


def validate_frame(
    posts: pd.DataFrame, severity: Severity, platforms: Sequence[Platform] | None = None
) -> pd.DataFrame:
    """Validate a posts frame and return it; missing columns and wrong dtypes always raise a SchemaError."""
    check_severity(severity)
    if severity is None:
        return posts
    declared = tuple(platforms_in(posts) if platforms is None else platforms)
    invalid = _invalid_columns(posts, declared)
    cases = pd.DataFrame([*_invalid_value_cases(posts, declared), *_new_value_cases(posts)], columns=_CASE_COLUMNS)
    if invalid or _has_repeated_keys(posts):
        cases = pd.concat([_pandera_cases(posts, declared, invalid), cases], ignore_index=True)
    if len(cases):
        is_structural = any(map(_is_structural, cases["check"]))
        message = _validation_message(cases, _count_nouns(len(posts), _row_noun(posts)))
        if is_structural:
            message = f"Columns or dtypes of the {_row_noun(posts)}s frame are wrong. {message}"
        if is_structural or severity == "raise":
            raise SchemaError(message, cases, posts)
        warn_user(message)
    return posts


def _invalid_columns(posts: pd.DataFrame, platforms: Sequence[Platform]) -> list[str]:
    """Return the names of the declared columns that are missing or break a rule."""
    dtypes = dict(posts.dtypes.items()) if posts.columns.is_unique else {}
    return [
        column.name
        for column in union_columns(platforms)
        if column.name not in dtypes or not _is_valid_column(column, posts, dtypes[column.name])
    ]


def _is_valid_column(column: Column, posts: pd.DataFrame, dtype: Any) -> bool:
    """Return whether a column has its dtype (text may have any string storage) and its values keep all rules."""
    if not (isinstance(dtype, pd.StringDtype) if _is_text(column) else dtype == dtype_for(column.kind)):
        return False
    if _is_required(column) and posts[column.name].isna().any():
        return False
    return not any(_breaks(rule, posts[column.name]) for rule in _column_rules(column))


def _breaks(rule: ColumnRule, values: pd.Series) -> bool:
    """Return whether a value breaks a rule."""
    if not rule.extremes:
        return bool(rule.is_broken(values).any())
    # To compare one value instead of all takes a quarter of the time.
    extremes = [getattr(values.array, name)() for name in rule.extremes]
    return any(not pd.isna(value) and bool(rule.is_broken(value)) for value in extremes)


def _pandera_cases(posts: pd.DataFrame, platforms: tuple[Platform, ...], names: Iterable[str]) -> pd.DataFrame:
    """Return one row per invalid value that pandera finds in these columns, and per repeated post key."""
    full_schema = build_schema(platforms)
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

    schema = pa.DataFrameSchema(
        {name: full_schema.columns[name] for name in names}, full_schema.checks, name=full_schema.name
    )
    try:
        schema.validate(posts, lazy=True)
    except SchemaErrors as errors:
        cases: pd.DataFrame = errors.failure_cases[_CASE_COLUMNS]
    else:
        return pd.DataFrame(columns=_CASE_COLUMNS)
    # `dtype('Int64')` becomes `dtype Int64`.
    checks = [
        _PANDERA_CHECKS.get(check) or check.replace("dtype('", "dtype ").removesuffix("')") for check in cases["check"]
    ]
    cases = cases.assign(check=checks)
    duplicated = cases["check"].eq(_UNIQUE_KEY)
    if not duplicated.any():
        return cases
    # pandera reports repeated keys for the whole frame.
    name = AS_OF.name if is_accounts_frame(posts) else ID.name
    values = posts.loc[_is_repeated_key(posts), name]
    rows = zip(repeat(name), repeat(_UNIQUE_KEY), values, values.index, strict=False)
    return pd.concat([cases[~duplicated], pd.DataFrame(rows, columns=_CASE_COLUMNS)], ignore_index=True)


def _invalid_value_cases(posts: pd.DataFrame, platforms: Sequence[Platform]) -> Iterator[Case]:
    """Yield the failure cases of declared fields with a value of another type; these values are in `extra`."""
    if EXTRA.name in posts.columns and posts[EXTRA.name].notna().any():
        for platform in platforms:
            declared = {column.path: (column.name, _EXPECTED_TYPES[column.kind]) for column in sent_by(platform)}
            texts = posts.loc[platform_mask(platform, posts), EXTRA.name].dropna()
            for position, path, value in iter_invalid_values(platform, map(str, texts.tolist())):
                column, expected = declared.get(path, (path, _PARENT_TYPE if path else _POST_TYPE))
                yield column, expected, value, texts.index[position]


def _new_value_cases(posts: pd.DataFrame) -> Iterator[Case]:
    """Yield the failure cases of values that are not among the known values of their column."""
    for platform, rows in rows_by_platform(posts) if posts.columns.is_unique else ():
        for column, positions, values in iter_new_values(posts, platform, rows):
            yield from zip(repeat(column.name), repeat(NEW_VALUE), values, posts.index[positions], strict=False)


def _is_structural(check: str) -> bool:
    """Return whether a check is about missing columns or dtypes."""
    return check == _COLUMN_PRESENT or check.startswith("dtype ")


def _row_noun(frame: pd.DataFrame) -> str:
    return "account" if is_accounts_frame(frame) else "post"


def _validation_message(cases: pd.DataFrame, rows: str) -> str:
    problems: dict[tuple[Any, Any], list[Any]] = {}
    for column, check, value, index in zip(*(cases[name] for name in _CASE_COLUMNS), strict=True):
        # A rule that cannot be checked on a wrong dtype has no row; the dtype is reported as well.
        if index is not None or _is_structural(check):
            problems.setdefault((column, check), []).append(value)
    described = "; ".join(_describe_problem(*names, values) for names, values in problems.items())
    return f"Validation found {_count_nouns(len(problems), 'problem')} in {rows}. {described}."


def _describe_problem(column: str, check: str, values: Sequence[object]) -> str:
    if check == _COLUMN_PRESENT:
        return f"missing columns: {', '.join(map(str, values))}"
    example = quote(str(values[0]))
    if check.startswith("dtype "):
        return f"{column}: expected {check}, found {example}"
    if check == _UNIQUE_KEY:
        rows = "1 row repeats" if len(values) == 1 else f"{len(values)} rows repeat"
        key = "platform, profile and as_of" if column == AS_OF.name else f"the post key ({', '.join(KEY)})"
        return f"{rows} {key} of another, e.g. {column} {example}: sums count it twice"
    if check == NEW_VALUE:
        return f"{column}: {_count_nouns(len(values), NEW_VALUE)}, e.g. {example}"
    suffix = " (kept in `extra`)" if check in _TYPE_CHECKS else ""
    if not column:
        posts = "1 post is not a JSON object" if len(values) == 1 else f"{len(values)} posts are not JSON objects"
        return f"{posts}, e.g. {example}{suffix}"
    failure = f"{column}: {_count_nouns(len(values), 'value')} {_describe_failure(check, len(values))}"
    return failure if check in _MISSING_CHECKS else f"{failure}, e.g. {example}{suffix}"


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
    may_repeat = ID.name not in posts.columns or not posts[ID.name].is_unique
    return may_repeat and bool(_is_repeated_key(posts).any())


def _is_repeated_key(posts: pd.DataFrame) -> pd.Series:
    """Return a mask of the posts that repeat an earlier post key; posts without an id are left out."""
    repeated = posts.duplicated(key_names(posts))
    return repeated & posts[ID.name].notna() if ID.name in posts.columns else repeated


def _is_text(column: Column) -> bool:
    return isinstance(dtype_for(column.kind), pd.StringDtype)


def _is_required(column: Column) -> bool:
    return column.name in KEY and column is not ID


@cache
def _text_dtype() -> object:
    """Return the text dtype of pandera, without its check of each cell of a column with a string dtype."""
    from pandera.engines.pandas_engine import NpString

    class Text(NpString):
        def check(self, pandera_dtype: Any, data_container: Any = None) -> Any:
            is_text = isinstance(getattr(data_container, "dtype", None), pd.StringDtype)
            return is_text or super().check(pandera_dtype, data_container)

    return Text()  # type: ignore[call-arg]


def _column_rules(column: Column) -> Iterator[ColumnRule]:
    if column is ID:
        yield _PRESENT
    elif column is CREATED:
        yield _PAST
    elif column.unit is Unit.FRACTION:
        yield _BETWEEN_0_AND_1
    elif column.kind in (Kind.INTEGER, Kind.FLOAT):
        yield _NOT_NEGATIVE
