"""What every platform must satisfy, and what an eleventh one has to do: one declaration and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator

import pytest

import ayrframe as ayr
from ayrframe import _platforms
from ayrframe._expansions.cells import iter_sources
from ayrframe._frame.samples import sample_path
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import (
    columns_of,
    engagement_column,
    integer_field,
    list_column,
    reach_column,
    text_field,
)
from ayrframe._platforms.metrics import METRICS, RATES
from ayrframe._platforms.spec import (
    CONVERSIONS,
    NESTED,
    CellSource,
    Column,
    Evidence,
    Expansion,
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

ORDER = [
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
EVERY = list(PLATFORMS.values())
CONVERSIONS_TO = {sent: wanted for sent, wanted in CONVERSIONS if wanted is Unit.SECONDS}
named = pytest.mark.parametrize("platform", EVERY, ids=lambda platform: platform.name)


def problems(platforms: list[Platform]) -> Iterator[str]:
    """Yield every contradiction within and between declarations."""
    seen: dict[str, dict[str, Column]] = defaultdict(dict)
    shown: dict[str, tables.Table] = {}
    for platform in platforms:
        names = [column.name for column in columns_of(platform)]
        yield from (f"{platform.name}: two columns called {name}" for name in set(names) if names.count(name) > 1)
        for column in columns_of(platform):
            seen[column.name][platform.name] = column
        for expansion in platform.expansions:
            if shown.setdefault(expansion.table.name, expansion.table) != expansion.table:
                yield f"{platform.name}: {expansion.table.name} is another table elsewhere"
    for name, owners in seen.items():
        for aspect in ("kind", "unit", "role", "meaning"):
            if len({getattr(column, aspect) for column in owners.values()}) > 1:
                yield f"{name}: another {aspect} on {', '.join(owners)}"


def test_the_platforms_are_these_ten_in_this_order() -> None:
    assert list(PLATFORMS) == ORDER
    assert ayr.platforms()["platform"].tolist() == ORDER


def test_every_platform_file_is_registered() -> None:
    files = {module.name for module in pkgutil.iter_modules(_platforms.__path__)}
    declared = {importlib.import_module(f"{_platforms.__name__}.{name}").PLATFORM.name: name for name in files}
    assert declared.keys() == PLATFORMS.keys()
    assert all(name == file for name, file in declared.items())


def test_no_declaration_contradicts_another() -> None:
    assert list(problems(EVERY)) == []


def test_contradicting_a_unit_is_found() -> None:
    odd = Platform(
        name="mastodon",
        title="Mastodon",
        hosts=("mastodon.social",),
        columns=(engagement_column(path="likeCount", unit=Unit.PEOPLE, meaning="Likes of the post, lifetime."),),
    )
    assert "like_count: another unit" in next(problems([*EVERY, odd]))


@named
def test_a_platform_has_a_sample(platform: Platform) -> None:
    assert sample_path(platform).is_file()
    assert len(ayr.load_sample(platform.name, validate="raise")) >= 120


def test_lacking_a_sample_is_found() -> None:
    with pytest.raises(FileNotFoundError, match="sample of Mastodon"):
        sample_path(Platform(name="mastodon", title="Mastodon", hosts=(), columns=()))


@named
def test_names_follow_the_rule_and_have_one_exception(platform: Platform) -> None:
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
        ("igReelsAvgWatchTimeCount", "ig_reels_avg_watch_time_count"),
        ("id", "id"),
    ],
)
def test_snake_case(path: str, name: str) -> None:
    assert snake_case(path) == name


@named
def test_every_column_says_what_it_means(platform: Platform) -> None:
    for column in columns_of(platform):
        assert column.meaning.endswith("."), column.name
        assert isinstance(column.evidence, Evidence)
        assert isinstance(column.role, Role)
        if column.kind in (Kind.INTEGER, Kind.FLOAT):
            assert column.unit is not Unit.NONE, column.name
        if column.inner:
            assert column.kind in NESTED, column.name


@named
def test_metrics_are_taken_from_what_is_declared(platform: Platform) -> None:
    columns = {column.name: column for column in platform.columns}
    for measure in platform.measures:
        source = columns[measure.source]
        assert source.kind in (Kind.INTEGER, Kind.FLOAT, Kind.MAPPING), measure
        assert measure.metric.unit in (source.unit, CONVERSIONS_TO.get(source.unit)), measure
        if source.kind is Kind.MAPPING:
            shapes = [expansion.shape for expansion in platform.expansions if expansion.source == measure.source]
            assert isinstance(shapes[0], RowPerKey)
            assert not measure.uses_total or shapes[0].total_key


@named
def test_a_metric_is_told_once_or_refused_once(platform: Platform) -> None:
    said = [one.metric for one in (*platform.measures, *platform.missing_metrics)]
    assert len(said) == len(set(said))
    assert set(said) <= set(METRICS)
    assert all(refusal.note.endswith(".") for refusal in platform.missing_metrics)
    assert platform.usual_denominator is None or platform.usual_denominator in RATES.values()


@named
def test_formats_and_signs_are_of_what_is_declared(platform: Platform) -> None:
    columns = {column.path: column for column in platform.columns}
    formats = {form.name for form in platform.formats}
    signs = [sign for form in platform.formats for sign in form.conditions] + [
        one.condition for one in platform.post_kinds
    ]
    for path in {path for form in platform.formats for path in form.values}:
        assert columns[path].kind is Kind.TEXT
    for sign in signs:
        inner = {field.path for field in columns[sign.path].inner}
        assert not sign.inner_path or sign.inner_path in inner, sign
    assert formats <= {"image", "video", "reel", "story", "carousel", "link", "text"}
    assert {one.name for one in platform.post_kinds} <= {"own", "reply", "repost", "quote"}
    assert {name for column in platform.columns for name in column.formats} <= formats
    assert {name for measure in platform.measures for name in (*measure.not_measured, *measure.withheld)} <= formats


@named
def test_expansions_take_what_is_declared(platform: Platform) -> None:
    columns = {column.name: column for column in columns_of(platform)}
    for expansion in platform.expansions:
        cells = {cell.name: cell for cell in expansion.table.cells}
        source = columns[expansion.source]
        fields = {field.path: field for field in source.inner}
        ways = []
        match expansion.shape:
            case RowPerElement(cells=own):
                ways += [(name, take, fields[take.path]) for name, take in iter_sources(own)]
            case RowPerInnerElement(path=path, outer=outer, cells=own):
                below = {field.path: field for field in fields[path].inner}
                ways += [(name, take, fields[take.path]) for name, take in iter_sources(outer)]
                ways += [(name, take, below[take.path]) for name, take in iter_sources(own)]
            case RowPerKey(labels=labels, total_key=total):
                assert fields.keys() == {*labels, *([total] if total else [])}
                assert len(cells) == 3
            case Melt(outer=outer, groups=groups):
                ways += [(name, take, fields[take.path]) for name, take in iter_sources(outer)]
                assert {"scope", "metric", "value"} <= cells.keys()
                assert all(any(path.startswith(f"{group}.") for path in fields) for group in groups.values())
            case None:
                assert expansion.row_per_post is not None
        if expansion.row_per_post is not None:
            ways += [(name, take, columns[take.path]) for name, take in iter_sources(expansion.row_per_post.cells)]
            assert expansion.row_per_post.constant.keys() <= cells.keys()
        for name, take, field in ways:
            cell = cells[name]
            assert not take.only_for_type or "type" in cells
            if field.unit is not cell.unit:
                assert (field.unit, cell.unit) in CONVERSIONS, (platform.name, expansion.table.name, name)


@pytest.fixture
def mastodon(monkeypatch: pytest.MonkeyPatch) -> Platform:
    """An eleventh platform: this declaration, and its registration."""
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
            Expansion(table=tables.LABELS_TABLE, source="polls", shape=RowPerElement({"value": CellSource("q")})),
        ),
    )
    monkeypatch.setitem(PLATFORMS, platform.name, platform)
    return platform


def test_an_eleventh_platform_is_one_declaration(mastodon: Platform) -> None:
    sent = [
        {
            "id": "1",
            "postUrl": "https://mastodon.social/@a/1",
            "boosts": 3,
            "stats": {"seenBy": 9},
            "polls": [{"q": "Tea?", "votes": 2}],
            "new": [1],
        },
    ]
    posts = ayr.from_posts(sent, as_of="2026-01-01")
    assert posts["platform"].tolist() == ["mastodon"]
    assert posts.columns.tolist()[6:-2] == ["boosts", "stats_seen_by", "polls"]
    assert posts["stats_seen_by"].tolist() == [9]
    assert posts["extra"].tolist() == ['{"new":[1]}']
    assert posts.ayr.labels()["value"].tolist() == ["Tea?"]
    assert posts.ayr.to_posts() == sent
    assert "stats_seen_by" in ayr.dictionary("mastodon")["column"].tolist()
    assert posts.ayr.drift().query("finding == 'undeclared'")["path"].tolist() == ["new"]
    assert ayr.schema("mastodon").columns["boosts"].nullable
    assert "Mastodon" in posts.ayr._repr_html_()
    assert ayr.platforms()["platform"].tolist()[-1] == "mastodon"
    with pytest.warns(ayr.DataWarning, match="boosts: 1 value is negative"):
        ayr.from_posts([{"id": "1", "boosts": -1}], platform="mastodon")
