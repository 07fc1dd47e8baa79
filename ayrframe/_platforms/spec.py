"""Define the vocabulary of platform declarations.

A declaration is data: the columns of a platform, the fields inside its nested columns, its child tables and its
metrics. Decoder, dtypes, schema, expansions, dictionary, documentation, samples and contract tests are derived from it.
This module does not depend on pandas. The only text of a declaration that is parsed is a path: it is split at its dots.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar


class Kind(StrEnum):
    """Type of a value in the API. `_frame.dtypes` maps it to a pandas dtype."""

    ID = "id"
    TEXT = "text"
    INTEGER = "integer"
    QUOTED_INTEGER = "integer sent as text"
    FLOAT = "float"
    BOOLEAN = "boolean"
    TIME = "time"
    LIST = "list"
    MAPPING = "mapping (keys are data)"


NESTED = frozenset({Kind.LIST, Kind.MAPPING})


class Unit(StrEnum):
    """Unit of a number."""

    NONE = ""
    COUNT = "count"
    PEOPLE = "people"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MINUTES = "minutes"
    FRACTION = "fraction, 0 to 1"
    PERCENT = "percent, 0 to 100"
    RATIO = "ratio, may exceed 1"
    PIXELS = "pixels"
    BITS_PER_SECOND = "bits per second"
    POSITION = "position"
    UNSTATED = "not stated by the API"


# (source unit, target unit): divisor. Expansions and metrics convert between units with this table.
CONVERSIONS: Mapping[tuple[Unit, Unit], int] = {
    (Unit.PERCENT, Unit.FRACTION): 100,
    (Unit.MILLISECONDS, Unit.SECONDS): 1000,
}
# (source unit, target unit): factor. Metrics convert with this table as well.
FACTORS: Mapping[tuple[Unit, Unit], int] = {(Unit.MINUTES, Unit.SECONDS): 60}


class Role(StrEnum):
    """Purpose of a column in an analysis."""

    KEY = "key"
    TIME = "time"
    CONTENT = "content"
    MEDIA = "media"
    ACCOUNT = "account"
    STATUS = "status"
    ENGAGEMENT = "engagement"
    REACTIONS = "reactions"
    CLICKS = "clicks"
    SAVES = "saves"
    VIEWS = "views"
    IMPRESSIONS = "impressions"
    REACH = "reach"
    WATCH_TIME = "watch time"
    RETENTION = "retention"
    RATE = "rate"
    AUDIENCE = "audience"
    FEEDBACK = "negative feedback"
    PEOPLE = "people"
    EXTRA = "extra"


class Evidence(StrEnum):
    """Evidence that the API sends a field under this name."""

    LIVE = "seen in live responses"
    DOCUMENTED = "documented by Ayrshare"
    REPORTED = "reported by other users of the API"
    ANALYTICS = "documented for post analytics, not seen in history"


class Endpoint(StrEnum):
    """Endpoint of the API that sends a field."""

    NONE = ""
    HISTORY = "history"
    POST_ANALYTICS = "post analytics"
    BOTH = "both"
    ACCOUNT_ANALYTICS = "account analytics"


class KnownGap(StrEnum):
    """Known reason why a declared field may be missing from a post."""

    OLDER_THAN_30_DAYS = "older than 30 days"
    OLDER_THAN_12_MONTHS = "older than 12 months"
    STORY_EXPIRED = "story expired"
    TOO_FRESH = "too fresh"
    NO_ACTIVITY_FOR_7_DAYS = "no activity for 7 days"
    PERSONAL_ACCOUNT = "personal account"
    COPYRIGHT = "copyright"
    OTHER_KIND_OF_MEDIA = "not this kind of media"
    FEWER_THAN_100_PAGE_LIKES = "fewer than 100 page likes"
    NOT_OWN_POST = "not the account's own post"
    ANALYTICS_SKIPPED = "analytics skipped"
    RETIRED = "retired by the network"  # On a day that is not known; else `Column.retired_on`.


class Scope(StrEnum):
    """Audience that can see the value of a metric."""

    PUBLIC = "public"
    OWNER = "shown to the account only"
    NOT_STATED = "not stated"


class Paid(StrEnum):
    """Whether a metric includes what advertisements of the post achieved."""

    ORGANIC = "organic"
    PAID_AND_ORGANIC = "paid and organic"
    NOT_STATED = "not stated"


def snake_case(path: str) -> str:
    """Convert an API path to a column name: `publicMetrics.likeCount` becomes `public_metrics_like_count`."""
    words = re.sub(r"(?<=[a-z])(?=[0-9A-Z])|(?<=[0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", path)
    return words.replace(".", "_").lower()


@dataclass(frozen=True, slots=True)
class Field:
    """Field of the API inside a nested column, or inside a post: path, kind, unit, meaning and nested fields.

    The path `""` is the element of a list itself.
    """

    path: str
    kind: Kind
    unit: Unit = Unit.NONE
    meaning: str = ""
    inner: tuple[Field, ...] = ()
    values: tuple[str, ...] = ()  # Known values.

    @property
    def name(self) -> str:
        """Path of the field as a Python name."""
        return snake_case(self.path) or "element"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the posts frame. Dtype, unit, role and meaning are the same on every platform that has it."""

    path: str  # Path of the API field; empty if the API does not send the column.
    meaning: str  # One sentence for the dictionary.
    _: KW_ONLY
    kind: Kind
    unit: Unit = Unit.NONE
    role: Role
    name: str = ""  # Default: `snake_case(path)`.
    evidence: Evidence = Evidence.DOCUMENTED
    endpoint: Endpoint = Endpoint.HISTORY
    note: str = ""  # What is particular to this platform.
    values: tuple[str, ...] = ()  # Known values.
    gaps: tuple[KnownGap, ...] = ()
    formats: tuple[str, ...] = ()  # Formats of post that have the field. Default: all.
    retired_on: str = ""  # Date, such as "2025-11-14", since which the platform no longer provides the field.
    is_link: bool = False  # Whether it is the address of a page to which the post links.
    fills: str = ""  # Name of the common column that takes the value of this column, if the common field is missing.
    inner: tuple[Field, ...] = ()  # Fields inside a list or mapping.

    def __post_init__(self) -> None:
        """Derive the name from the path if it is not given; a column that the API does not send has no endpoint."""
        if not self.name:
            object.__setattr__(self, "name", snake_case(self.path))
        if not self.path:
            object.__setattr__(self, "endpoint", Endpoint.NONE)

    def customize(self, note: str = "", **changes: Any) -> Column:
        """Return a copy for one platform; name, dtype, unit, role and meaning must stay the same."""
        return replace(self, note=note, **changes)


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a child table after the post key."""

    name: str
    kind: Kind
    unit: Unit = Unit.NONE
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class ChildTable:
    """Child table with the same columns on every platform that has it.

    `row_meaning` describes one row, `wide_row_meaning` one row with `wide=True`. `position_cell` names the cell that
    contains the index of the element in its list, starting at 0. `relative_cell` names a cell and the cell whose value
    it contains as a fraction of the largest value of the post; it is NA where the post has fewer than two such values.
    """

    name: str
    row_meaning: str
    cells: tuple[Cell, ...]
    note: str = ""
    position_cell: str = ""
    relative_cell: tuple[str, str] | None = None
    wide_row_meaning: str = ""


@dataclass(frozen=True, slots=True)
class CellSource:
    """Source of a cell: a field of the list element, or, in `RowPerPost`, a column of the post.

    The path `""` is the element itself. `recode` maps the values of the API to the values of the cell; other values
    become NA. With `only_for_type`, the source applies to rows whose cell `type` has this value.
    """

    path: str
    recode: Mapping[str, str] = field(default_factory=dict)
    only_for_type: str = ""


Cells = Mapping[str, CellSource | tuple[CellSource, ...]]


def cells_from(**sources: str | CellSource | tuple[CellSource, ...]) -> Cells:
    """Return the sources of cells; a path alone is a source."""
    return {name: CellSource(source) if isinstance(source, str) else source for name, source in sources.items()}


@dataclass(frozen=True, slots=True)
class RowPerElement:
    """One row per element of a list. A cell with several sources takes the first value that is not missing."""

    cells: Cells


@dataclass(frozen=True, slots=True)
class RowPerInnerElement:
    """One row per element of the list at `path` inside each element; `outer` cells come from the outer element."""

    path: str
    outer: Cells
    cells: Cells


@dataclass(frozen=True, slots=True)
class RowPerKey:
    """One row per key of a mapping.

    The three cells of the table are the key, its label on the platform, and its number, in this order. `total_key`
    names the key that contains a total; it does not get a row.
    """

    labels: Mapping[str, str]
    total_key: str = ""


@dataclass(frozen=True, slots=True)
class RowPerCount:
    """One row per key of a mapping of numbers.

    `cells` are the cells that contain the parts of the key, which are separated by `separator`; a key with another
    number of parts is in the last cell. `number` is the cell of the number.
    """

    cells: tuple[str, ...]
    number: str
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Melt:
    """One row per element, group and number; each group is an object with fixed keys inside the element.

    `groups` maps the name of a group to its path. The cells `scope`, `metric` and `value` contain the group, the name
    of the number, and the number. `post_groups` are objects with fixed keys of the post itself, whose numbers are
    columns; the rows of these numbers follow those of the elements, and have no value in the `outer` cells.
    """

    outer: Cells
    groups: Mapping[str, str]
    post_groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowPerPost:
    """One row per post from columns of the post, for values that the platform sends once and not in a list.

    A post gets a row if one of the text cells has a value. `constant` cells are the same in every row; with them, a
    post also gets a row if the source column has a value.
    """

    cells: Cells
    constant: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expansion:
    """How a platform fills a child table.

    `shape` unfolds the list or mapping in the column `source`. `row_per_post` adds one row for posts without such rows.
    """

    table: ChildTable
    source: str
    shape: RowPerElement | RowPerInnerElement | RowPerKey | RowPerCount | Melt | None = None
    row_per_post: RowPerPost | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition on one column of a post, given by API path.

    The column must be equal to `equals` (or to one of several values), or match the regular expression `matches`;
    without either, it must not be missing. With
    `inner_path`, the column is a list and the condition applies to this field of every element, or of at least one
    element with `any_element`. With `is_missing`, the column must be missing from a post that has `created`.
    """

    path: str
    equals: str | bool | tuple[str, ...] | None = None
    matches: str = ""
    inner_path: str = ""
    any_element: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """Format of a post (image, video, ...), with the same names on every platform.

    A post has the first format for which all `values` (API value by path) and all `conditions` hold. A format without
    any applies to every post.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """API paths of the columns that decide."""
        return (*self.values, *(condition.path for condition in self.conditions))


@dataclass(frozen=True, slots=True)
class PostKind:
    """Relation of a post to others, such as `own` or `repost`. The first whose condition holds applies.

    The numbers of an `is_foreign` post are those of another account's post, so its metrics are missing.
    """

    name: str
    condition: Condition
    is_foreign: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """API paths of the columns that decide."""
        return (self.condition.path,)


@dataclass(frozen=True, slots=True)
class Metric:
    """Number with the same meaning on every platform that reports it; never summed unless it is `additive`."""

    name: str
    unit: Unit
    meaning: str
    additive: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """Source of a metric: the name of a column, whose values are converted to the unit of the metric.

    A mapping counts as the sum of its numbers, or, with `uses_total`, as the total that the API sends in it. Posts of
    the formats `not_measured` have no measurement: 0 is missing there. On posts of the formats `withheld` the platform
    sends 0 instead of small numbers. If platforms define the metric differently, `counts` says in a few words what is
    counted; plots repeat it. `other_number` is the condition for a post to have a number that means something else, as
    `note` explains.
    """

    metric: Metric
    source: str
    scope: Scope = Scope.PUBLIC
    paid: Paid = Paid.NOT_STATED
    uses_total: bool = False
    not_measured: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    counts: str = ""
    note: str = ""
    other_number: Condition | None = None


@dataclass(frozen=True, slots=True)
class MissingMetric:
    """Reason why a platform has no such metric.

    `in_other_endpoint`: the platform has the number, but this endpoint does not report it as this metric.
    `other_number` is the condition for a post to have a number that means something else, as `note` explains; only
    posts of these `formats` have it (default: all).
    """

    metric: Metric
    note: str
    in_other_endpoint: bool = True
    other_number: Condition | None = None
    formats: tuple[str, ...] = ()


_Declared = TypeVar("_Declared", Column, Measure)


def with_shared(*declared: _Declared, **attributes: Any) -> tuple[_Declared, ...]:
    """Return the columns or measures with these attributes, which they have in common."""
    return tuple(replace(entry, **attributes) for entry in declared)


@dataclass(frozen=True, slots=True)
class Parameter:
    """Parameter of a request.

    `api_name` is the name in the request, in a JSON body the path. `excludes` names parameters that must not be passed
    with it. `values` lists all allowed values. `default` is what loads send if the caller does not pass the parameter.
    A `Kind.TIME` is a date, `2026-03-17`. The API rejects a `primary_only` parameter in a request with a Profile-Key,
    and answers a request with the parameter with `warning`, if any.
    """

    api_name: str
    kind: Kind
    values: tuple[str, ...] = ()
    primary_only: bool = False
    default: bool | None = None
    excludes: tuple[str, ...] = ()
    warning: str = ""

    @property
    def name(self) -> str:
        """Name of the parameter in Python."""
        return snake_case(self.api_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Account analytics of a platform: the columns of its accounts, their child tables, and request parameters."""

    columns: tuple[Column, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class UnmeasuredZeros:
    """Post analytics whose numbers are all 0 although nothing was measured.

    They are of another account's post if the column `account` differs from that of the profile's other posts, and too
    fresh if the post is younger than `fresh_hours`. All others are measurements.
    """

    account: str  # API path of the name of the account.
    fresh_hours: int


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Platform:
    """Declaration of a platform. Two platforms are equal only if they are the same object.

    The color is close to that of the platform. Its lightness differs from all others, so that platforms differ in grey
    print and with color vision deficiency. The platform does not have a metric that is neither in `measures` nor in
    `missing_metrics`.
    """

    name: str  # In code and in the API.
    title: str  # In prose and plots.
    color: str = "#777777"
    hosts: tuple[str, ...]  # Hosts of the addresses of its posts, used to detect the platform.
    short_hosts: tuple[str, ...] = ()  # Hosts of short addresses, whose paths are not those of the other hosts.
    url_parameters: tuple[str, ...] = ()  # Query parameters that identify a post.
    aliases: tuple[str, ...] = ()  # Other accepted names.
    columns: tuple[Column, ...]  # Columns between the common leading and trailing columns, in order.
    expansions: tuple[Expansion, ...] = ()
    formats: tuple[Format, ...] = ()
    post_kinds: tuple[PostKind, ...] = ()
    measures: tuple[Measure, ...] = ()
    missing_metrics: tuple[MissingMetric, ...] = ()
    unmeasured_zeros: UnmeasuredZeros | None = None
    usual_denominator: Metric | None = None  # The metric by which the platform usually divides engagements.
    parameters: tuple[Parameter, ...] = ()  # Query parameters that not all platforms have.
    headers: tuple[str, ...] = ()  # Names of further headers with keys that requests need.
    about: str = ""  # Limits of its data, in one or two sentences.
    account: Account = Account()
    is_account: bool = False  # Whether this declares the accounts of the platform: see `of_accounts`.

    @cached_property
    def of_accounts(self) -> Platform:
        """The declaration of the accounts of the platform, for code that reads the columns of both."""
        return replace(
            self,
            columns=with_shared(*self.account.columns, endpoint=Endpoint.ACCOUNT_ANALYTICS),
            expansions=self.account.expansions,
            parameters=self.account.parameters,
            formats=(),
            post_kinds=(),
            measures=(),
            missing_metrics=(),
            is_account=True,
        )

    def __repr__(self) -> str:
        """Return the name only, because the declaration is long."""
        return f"<Platform {self.name}>"
