"""The vocabulary in which a platform is declared.

A platform is data: its columns, what its nested columns hold, and how those unfold into child tables. Everything
else (decoder, dtypes, schema, expansions, dictionary, documentation, samples, contract tests) is derived from here.
Nothing in this module knows pandas, and no string of a declaration is parsed beyond splitting a path at its dots.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a value is. `_frame` alone says which pandas dtype that becomes."""

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
    """What a number counts or measures."""

    NONE = ""
    COUNT = "count"
    PEOPLE = "people"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    FRACTION = "fraction, 0 to 1"
    PERCENT = "percent, 0 to 100"
    RATIO = "ratio, may pass 1"
    PIXELS = "pixels"
    BITS_PER_SECOND = "bits per second"
    POSITION = "position"
    UNSTATED = "not stated by the API"


# How many of the key make one of the value. An expansion that fills a cell of another unit converts by this table.
CONVERSIONS: Mapping[tuple[Unit, Unit], int] = {
    (Unit.PERCENT, Unit.FRACTION): 100,
    (Unit.MILLISECONDS, Unit.SECONDS): 1000,
}


class Role(StrEnum):
    """What a column is to an analyst."""

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
    """How sure it is that the API sends this field under this name."""

    LIVE = "seen in live replies"
    DOCUMENTED = "documented by Ayrshare"
    REPORTED = "reported by other users of the API"
    ANALYTICS = "documented for post analytics, not seen in history"


class KnownGap(StrEnum):
    """A known reason why a declared field may be missing from a post."""

    OLDER_THAN_30_DAYS = "older than 30 days"
    TOO_FRESH = "too fresh"
    NO_ACTIVITY_FOR_7_DAYS = "no activity for 7 days"
    PERSONAL_ACCOUNT = "personal account"
    COPYRIGHT = "copyright"
    OTHER_KIND_OF_MEDIA = "not this kind of media"
    FEWER_THAN_100_PAGE_LIKES = "fewer than 100 page likes"
    NOT_OWN_POST = "not the account's own post"
    ANALYTICS_SKIPPED = "analytics skipped"


class Scope(StrEnum):
    """Who sees a number that means the same on every network."""

    PUBLIC = "public"
    OWNER = "shown to the account only"


def snake_case(path: str) -> str:
    """Return the column name of an API path: `publicMetrics.likeCount` gives `public_metrics_like_count`."""
    words = re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[A-Z])|(?<=[a-z])(?=[A-Z])", "_", path)
    return words.replace(".", "_").lower()


@dataclass(frozen=True, slots=True)
class Field:
    """A value inside a nested column, or inside a post: where it stands and what it is."""

    path: str
    kind: Kind
    unit: Unit = Unit.NONE
    meaning: str = ""
    inner: tuple[Field, ...] = ()

    @property
    def name(self) -> str:
        """The path as a Python name."""
        return snake_case(self.path) or "element"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the posts frame.

    With `formats`, only posts of these have it.
    """

    path: str
    kind: Kind
    unit: Unit = Unit.NONE
    role: Role
    meaning: str
    name: str = ""
    evidence: Evidence = Evidence.DOCUMENTED
    note: str = ""
    values: tuple[str, ...] = ()
    gaps: tuple[KnownGap, ...] = ()
    formats: tuple[str, ...] = ()
    retired_on: str = ""
    fills: str = ""
    inner: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        """Name the column after its path unless the declaration names it."""
        if not self.name:
            object.__setattr__(self, "name", snake_case(self.path))

    def customize(
        self,
        note: str = "",
        *,
        evidence: Evidence | None = None,
        values: tuple[str, ...] | None = None,
        gaps: tuple[KnownGap, ...] | None = None,
        formats: tuple[str, ...] | None = None,
        inner: tuple[Field, ...] | None = None,
        fills: str | None = None,
    ) -> Column:
        """Return this column as one platform has it: same name, kind, unit, role and meaning, own circumstances."""
        return replace(
            self,
            note=note,
            evidence=self.evidence if evidence is None else evidence,
            values=self.values if values is None else values,
            gaps=self.gaps if gaps is None else gaps,
            formats=self.formats if formats is None else formats,
            inner=self.inner if inner is None else inner,
            fills=self.fills if fills is None else fills,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a child table, after the post key."""

    name: str
    kind: Kind
    unit: Unit = Unit.NONE
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class ChildTable:
    """A child table: the same columns on every platform that fills it.

    `position` names the cell that counts the elements of a list from 0. `wide` says what one row is with `wide=True`.
    """

    name: str
    row_meaning: str
    cells: tuple[Cell, ...]
    note: str = ""
    position_cell: str = ""
    wide_row_meaning: str = ""


@dataclass(frozen=True, slots=True)
class CellSource:
    """Where a cell finds its value: in an element, or with `Single` in a column of the post itself.

    `path` "" is the element itself. With `recode` the value is translated, and is NA where no translation stands.
    With `only` it counts just where the cell `type` says so.
    """

    path: str
    recode: Mapping[str, str] = field(default_factory=dict)
    only_for_type: str = ""


Cells = Mapping[str, CellSource | tuple[CellSource, ...]]


@dataclass(frozen=True, slots=True)
class RowPerElement:
    """A row per element of a list; a cell takes the first of its `Take` that holds a value."""

    cells: Cells


@dataclass(frozen=True, slots=True)
class RowPerInnerElement:
    """A row per element of a list that stands at `path` in each element; `outer` cells come from the outer element."""

    path: str
    outer: Cells
    cells: Cells


@dataclass(frozen=True, slots=True)
class RowPerKey:
    """A row per key of an object: the key, what the network calls it, its number.

    They fill the three cells of the table in this order. The key `total` is none of them.
    """

    labels: Mapping[str, str]
    total_key: str = ""


@dataclass(frozen=True, slots=True)
class Melt:
    """A row per element, group and number: each group is an object of fixed keys in the element.

    The cells `scope`, `metric` and `value` take the group, the name of the number, and the number.
    """

    outer: Cells
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowPerPost:
    """One row per post out of its own columns, where the post has the thing just once and not in a list.

    `constant` cells are the same for every row; with them, a post has its row as soon as it has the source column.
    """

    cells: Cells
    constant: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """How one platform fills a child table: from the list or object in `source`, else from the post itself."""

    table: ChildTable
    source: str
    shape: RowPerElement | RowPerInnerElement | RowPerKey | Melt | None = None
    row_per_post: RowPerPost | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a post shows in one of its columns, by API path.

    The column holds the value `equals` (one of them, if it is several), or any value at all without it. With `inner`
    the column is a list, and every one of its elements shows this in the field `inner` (with `any_of_them`, at least
    one). With `absent` the column has to be missing from a post that is otherwise there.
    """

    path: str
    equals: str | bool | tuple[str, ...] | None = None
    inner_path: str = ""
    any_element: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of post as the network tells it, and how that is called on every network.

    A post is of the first format whose `marks` (API values by path) and `signs` it all shows; without any, all are.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class PostKind:
    """How a post stands to others, `own`, `reply`, `repost` or `quote`, and the sign of it; the first that shows."""

    name: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that means the same on every network that tells it. What is not `additive` is never summed."""

    name: str
    unit: Unit
    meaning: str
    additive: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """Where a network tells a metric: in a column, by its name, converted to the metric's unit.

    An object whose keys are data counts as the sum of its numbers, or with `total` as the total that the API sends
    with them. Posts of the formats `blank` are not measured: a 0 there says nothing. On posts of the formats `veiled`
    the network sends 0 for numbers too small to tell.
    """

    metric: Metric
    source: str
    scope: Scope = Scope.PUBLIC
    uses_total: bool = False
    not_measured: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class MissingMetric:
    """Why a network has no such metric here; `elsewhere` if the network counts it, but this endpoint does not tell."""

    metric: Metric
    note: str
    in_other_endpoint: bool = True


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter of the API, under its wire name.

    `values` are all there are. A `Kind.TIME` is a date, `2026-03-17`. What is `primary_only` the API refuses together
    with a Profile-Key.
    """

    api_name: str
    kind: Kind
    values: tuple[str, ...] = ()
    primary_only: bool = False

    @property
    def name(self) -> str:
        """The parameter as a Python name."""
        return snake_case(self.api_name)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Platform:
    """A network, whole. Two platforms are equal only if they are the same object.

    `parameters` are those that only some networks have; `headers` names the headers with keys that it wants besides.
    A metric that is neither in `measures` nor in `refusals` is none that the network has. `quoted_by` is the metric
    that the network's engagement rate usually has below its line. `colour` is near the network's own, and of another
    lightness than every other's, so that they stay apart in grey print and for readers who see fewer colours.
    """

    name: str
    title: str
    colour: str = "#777777"
    hosts: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    expansions: tuple[Expansion, ...] = ()
    formats: tuple[Format, ...] = ()
    post_kinds: tuple[PostKind, ...] = ()
    measures: tuple[Measure, ...] = ()
    missing_metrics: tuple[MissingMetric, ...] = ()
    usual_denominator: Metric | None = None
    parameters: tuple[Parameter, ...] = ()
    headers: tuple[str, ...] = ()
    about: str = ""

    def __repr__(self) -> str:
        """Return the name; the whole declaration would fill pages."""
        return f"<Platform {self.name}>"
