"""Every platform declaration is complete and consistent; a new platform needs one declaration."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

import ayrframe as ayr
from ayrframe import _platforms
from ayrframe._expansions.cells import iter_sources
from ayrframe._frame.dtypes import DTYPE_NAMES
from ayrframe._frame.sources import sample_path
from ayrframe._platforms import PLATFORMS, child_tables
from ayrframe._platforms.columns import (
    columns_of,
    engagement_column,
    integer_field,
    list_column,
    reach_column,
    sent_by,
    text_field,
)
from ayrframe._platforms.metrics import METRICS, RATES
from ayrframe._platforms.spec import (
    CONVERSIONS,
    FACTORS,
    NESTED,
    CellSource,
    ChildTable,
    Column,
    Condition,
    Endpoint,
    Evidence,
    Expansion,
    Field,
    Kind,
    Melt,
    Platform,
    Role,
    RowPerElement,
    RowPerInnerElement,
    RowPerKey,
    Unit,
    snake_case,
)

TEN_PLATFORMS = [
    "bluesky",
    "facebook",
    "instagram",
    "linkedin",
    "pinterest",
    "snapchat",
    "threads",
    "tiktok",
    "twitter",
    "youtube",
]
ALL_PLATFORMS = list(PLATFORMS.values())
# Modules that declare what several platforms share.
SHARED_MODULES = {"spec", "columns", "child_tables", "metrics", "accounts"}
# Modules that declare a part of a platform.
PARTS = {"facebook_video"}
TARGET_UNITS = {source: target for source, target in (*CONVERSIONS, *FACTORS) if target is Unit.SECONDS}
for_each_platform = pytest.mark.parametrize("platform", ALL_PLATFORMS, ids=lambda platform: platform.name)


def contradictions(platforms: list[Platform]) -> Iterator[str]:
    """Yield every contradiction within and between declarations."""
    declared_columns: dict[str, dict[str, Column]] = defaultdict(dict)
    declared_tables: dict[str, ChildTable] = {}
    for platform in platforms:
        names = [column.name for column in columns_of(platform)]
        yield from (f"{platform.name}: two columns called {name}" for name in set(names) if names.count(name) > 1)
        for column in columns_of(platform):
            declared_columns[column.name][platform.name] = column
        for expansion in platform.expansions:
            if declared_tables.setdefault(expansion.table.name, expansion.table) != expansion.table:
                yield f"{platform.name}: another platform declares {expansion.table.name} differently"
    for name, columns in declared_columns.items():
        if len({DTYPE_NAMES[column.kind] for column in columns.values()}) > 1:
            yield f"{name}: different dtype on {', '.join(columns)}"
        for attribute in ("unit", "role", "meaning"):
            if len({getattr(column, attribute) for column in columns.values()}) > 1:
                yield f"{name}: different {attribute} on {', '.join(columns)}"


def test_registry_has_the_ten_platforms_and_is_in_alphabetical_order() -> None:
    assert [name for name in PLATFORMS if name in TEN_PLATFORMS] == TEN_PLATFORMS
    assert list(PLATFORMS) == sorted(PLATFORMS)
    assert ayr.platforms()["platform"].tolist() == list(PLATFORMS)


def test_every_platform_module_is_registered() -> None:
    modules = {module.name for module in pkgutil.iter_modules(_platforms.__path__)} - SHARED_MODULES - PARTS
    assert modules == PLATFORMS.keys()
    for name in modules:
        assert getattr(importlib.import_module(f"{_platforms.__name__}.{name}"), name.upper()) is PLATFORMS[name]


def test_declarations_do_not_contradict_each_other() -> None:
    assert list(contradictions(ALL_PLATFORMS)) == []


def test_contradictions_finds_a_different_unit() -> None:
    platform = Platform(
        name="mastodon",
        title="Mastodon",
        hosts=("mastodon.social",),
        columns=(engagement_column(path="likeCount", unit=Unit.PEOPLE, meaning="Likes of the post, lifetime."),),
    )
    assert "like_count: different unit" in next(contradictions([*ALL_PLATFORMS, platform]))


@for_each_platform
def test_platform_has_a_sample(platform: Platform) -> None:
    assert sample_path(platform).is_file()
    assert len(ayr.load_sample(platform.name, validate="raise")) >= 120


def test_sample_path_without_a_sample_raises() -> None:
    with pytest.raises(FileNotFoundError, match="sample of Mastodon"):
        sample_path(Platform(name="mastodon", title="Mastodon", hosts=(), columns=()))


@for_each_platform
def test_column_names_follow_the_rule_with_one_exception(platform: Platform) -> None:
    for column in platform.columns:
        expected = (
            "comment_urns" if (platform.name, column.path) == ("linkedin", "comments") else snake_case(column.path)
        )
        assert column.name == expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("publicMetrics.likeCount", "public_metrics_like_count"),
        ("viewer.threadMuted", "viewer_thread_muted"),
        ("playback100Count", "playback_100_count"),
        ("videoWatchTimeMs", "video_watch_time_ms"),
        ("totalVideo10SViews", "total_video_10_s_views"),
        ("nonPublicMetrics.video.playback25Count", "non_public_metrics_video_playback_25_count"),
        ("igReelsAvgWatchTimeCount", "ig_reels_avg_watch_time_count"),
        ("id", "id"),
    ],
)
def test_snake_case_converts_api_paths(path: str, name: str) -> None:
    assert snake_case(path) == name


@for_each_platform
def test_every_column_has_a_meaning_and_a_unit(platform: Platform) -> None:
    for column in columns_of(platform):
        assert column.meaning.endswith("."), column.name
        assert isinstance(column.evidence, Evidence)
        assert isinstance(column.role, Role)
        if column.kind in (Kind.INTEGER, Kind.FLOAT):
            assert column.unit is not Unit.NONE, column.name
        if column.inner:
            assert column.kind in NESTED, column.name


@for_each_platform
def test_metrics_use_declared_columns(platform: Platform) -> None:
    columns = {column.name: column for column in platform.columns}
    for measure in platform.measures:
        source = columns[measure.source]
        assert source.kind in (Kind.INTEGER, Kind.FLOAT, Kind.MAPPING), measure
        assert measure.metric.unit in (source.unit, TARGET_UNITS.get(source.unit)), measure
        if source.kind is Kind.MAPPING:
            shapes = [expansion.shape for expansion in platform.expansions if expansion.source == measure.source]
            assert isinstance(shapes[0], RowPerKey)
            assert not measure.uses_total or shapes[0].total_key


@for_each_platform
def test_every_field_names_the_endpoint_that_sends_it(platform: Platform) -> None:
    for column in columns_of(platform):
        assert (column.endpoint is Endpoint.NONE) is (column.path == ""), column.name
        if column.evidence is Evidence.ANALYTICS:
            assert column.endpoint is Endpoint.POST_ANALYTICS, column.name


@for_each_platform
def test_fields_of_post_analytics_only_follow_those_of_history(platform: Platform) -> None:
    from_history = set(sent_by(platform, Endpoint.HISTORY))
    is_late = [column not in from_history for column in platform.columns]
    assert is_late == sorted(is_late)


@for_each_platform
def test_endpoints_of_a_platform_add_up_to_its_columns(platform: Platform) -> None:
    from_history, from_analytics = (sent_by(platform, one) for one in (Endpoint.HISTORY, Endpoint.POST_ANALYTICS))
    assert {*from_history, *from_analytics} == {*sent_by(platform)}
    assert {column.path for column in from_history} & {column.path for column in from_analytics} >= {"id", "postUrl"}


@for_each_platform
def test_missing_metrics_name_declared_numbers_and_columns(platform: Platform) -> None:
    columns = {column.path: column for column in columns_of(platform)}
    names = {column.name for column in columns.values()} | {expansion.table.name for expansion in platform.expansions}
    formats = {choice.name for choice in platform.formats}
    for missing in platform.missing_metrics:
        if missing.other_number is not None:
            column = columns[missing.other_number.path]
            assert missing.other_number.inner_path in {"", *(field.path for field in column.inner)}
            assert column.kind in (Kind.INTEGER, Kind.FLOAT, Kind.LIST), "the other number is a number"
            assert set(missing.formats) <= formats
            mentioned = re.findall(r"`(\w+)(?:\(\))?`", missing.note)
            assert mentioned, f"the note on {missing.metric.name} does not name the other number"
            assert set(mentioned) <= names


@for_each_platform
def test_known_values_are_texts_that_differ(platform: Platform) -> None:
    for declared in (*platform.columns, *(field for column in platform.columns for field in column.inner)):
        assert declared.kind is Kind.TEXT or not declared.values, declared
        assert len(set(declared.values)) == len(declared.values)


@for_each_platform
def test_values_that_determine_formats_and_kinds_are_known(platform: Platform) -> None:
    columns = {column.path: column for column in columns_of(platform)}
    conditions = [condition for choice in platform.formats for condition in choice.conditions]
    conditions += [Condition(path, value) for choice in platform.formats for path, value in choice.values.items()]
    conditions += [post_kind.condition for post_kind in platform.post_kinds]
    for condition in conditions:
        column = columns[condition.path]
        inner = {field.path: field for field in column.inner}
        known = (inner[condition.inner_path] if condition.inner_path else column).values
        values = condition.equals if isinstance(condition.equals, tuple) else (condition.equals,)
        assert not known or {value for value in values if isinstance(value, str)} <= set(known), condition


@for_each_platform
def test_foreign_posts_are_reposts_and_posts_of_visitors(platform: Platform) -> None:
    foreign = {post_kind.name for post_kind in platform.post_kinds if post_kind.is_foreign}
    others = {post_kind.name for post_kind in platform.post_kinds if not post_kind.is_foreign}
    assert foreign <= {"repost", "visitor"}
    assert not others & {"repost", "visitor"}


@for_each_platform
def test_each_metric_is_declared_at_most_once(platform: Platform) -> None:
    declared = [entry.metric for entry in (*platform.measures, *platform.missing_metrics)]
    assert len(declared) == len(set(declared))
    assert set(declared) <= set(METRICS)
    assert all(missing.note.endswith(".") for missing in platform.missing_metrics)
    assert platform.usual_denominator is None or platform.usual_denominator in RATES.values()


@for_each_platform
def test_formats_and_post_kinds_use_declared_columns(platform: Platform) -> None:
    columns = {column.path: column for column in columns_of(platform)}
    formats = {post_format.name for post_format in platform.formats}
    conditions = [condition for post_format in platform.formats for condition in post_format.conditions]
    conditions += [post_kind.condition for post_kind in platform.post_kinds]
    for path in {path for post_format in platform.formats for path in post_format.values}:
        assert columns[path].kind is Kind.TEXT
    for condition in conditions:
        inner_paths = {field.path for field in columns[condition.path].inner}
        assert not condition.inner_path or condition.inner_path in inner_paths, condition
    assert formats <= {"image", "video", "reel", "story", "carousel", "link", "text"}
    assert {post_kind.name for post_kind in platform.post_kinds} <= {"own", "reply", "repost", "quote", "visitor"}
    assert {name for column in platform.columns for name in column.formats} <= formats
    assert {name for measure in platform.measures for name in (*measure.not_measured, *measure.withheld)} <= formats


@for_each_platform
def test_expansions_use_declared_fields(platform: Platform) -> None:
    columns = {column.name: column for column in columns_of(platform)}
    for expansion in platform.expansions:
        table_cells = {cell.name: cell for cell in expansion.table.cells}
        fields = {field.path: field for field in columns[expansion.source].inner}
        sources: list[tuple[str, CellSource, Column | Field]] = []
        match expansion.shape:
            case RowPerElement(cells=cells):
                sources += [(name, source, fields[source.path]) for name, source in iter_sources(cells)]
            case RowPerInnerElement(path=path, outer=outer, cells=cells):
                inner_fields = {field.path: field for field in fields[path].inner}
                sources += [(name, source, fields[source.path]) for name, source in iter_sources(outer)]
                sources += [(name, source, inner_fields[source.path]) for name, source in iter_sources(cells)]
            case RowPerKey(labels=labels, total_key=total):
                assert fields.keys() == {*labels, *([total] if total else [])}
                assert len(table_cells) == 3
            case Melt(outer=outer, groups=groups, post_groups=post_groups):
                sources += [(name, source, fields[source.path]) for name, source in iter_sources(outer)]
                assert {"scope", "metric", "value"} <= table_cells.keys()
                assert all(any(path.startswith(f"{group}.") for path in fields) for group in groups.values())
                paths = [column.path for column in columns.values()]
                assert all(any(path.startswith(f"{group}.") for path in paths) for group in post_groups.values())
            case None:
                assert expansion.row_per_post is not None
        if expansion.row_per_post is not None:
            sources += [
                (name, source, columns[source.path]) for name, source in iter_sources(expansion.row_per_post.cells)
            ]
            assert expansion.row_per_post.constant.keys() <= table_cells.keys()
        for name, source, field in sources:
            assert not source.only_for_type or "type" in table_cells
            if field.unit is not table_cells[name].unit:
                assert (field.unit, table_cells[name].unit) in CONVERSIONS, (platform.name, expansion.table.name, name)


@pytest.fixture
def mastodon(monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Declare and register another platform."""
    platform = Platform(
        name="mastodon",
        title="Mastodon",
        hosts=("mastodon.social",),
        columns=(
            engagement_column(path="boosts", meaning="Boosts of the post."),
            reach_column(path="stats.seenBy", meaning="People who saw the post."),
            list_column(
                path="polls",
                role=Role.CONTENT,
                meaning="Polls.",
                inner=(text_field("q"), integer_field("votes", Unit.COUNT)),
            ),
        ),
        expansions=(
            Expansion(table=child_tables.LABELS_TABLE, source="polls", shape=RowPerElement({"value": CellSource("q")})),
        ),
    )
    monkeypatch.setitem(PLATFORMS, platform.name, platform)
    return platform


def test_new_platform_needs_one_declaration(mastodon: Platform) -> None:
    api_posts = [
        {
            "id": "1",
            "postUrl": "https://mastodon.social/@a/1",
            "boosts": 3,
            "stats": {"seenBy": 9},
            "polls": [{"q": "Tea?", "votes": 2}],
            "new": [1],
        }
    ]
    posts = ayr.from_posts(api_posts, as_of="2026-01-01")
    assert posts["platform"].tolist() == ["mastodon"]
    assert posts.columns.tolist()[6:-6] == ["boosts", "stats_seen_by", "polls"]
    assert posts["stats_seen_by"].tolist() == [9]
    assert posts["extra"].tolist() == ['{"new":[1]}']
    assert posts.ayr.labels()["value"].tolist() == ["Tea?"]
    assert posts.ayr.to_posts() == api_posts
    assert "stats_seen_by" in ayr.dictionary("mastodon")["column"].tolist()
    assert posts.ayr.drift().query("finding == 'undeclared'")["path"].tolist() == ["new"]
    assert ayr.schema("mastodon").columns["boosts"].nullable
    assert "Mastodon" in posts.ayr._repr_html_()
    assert ayr.platforms()["platform"].tolist()[-1] == "mastodon"
    with pytest.warns(ayr.DataWarning, match="boosts: 1 value is negative"):
        ayr.from_posts([{"id": "1", "boosts": -1}], platform="mastodon")
