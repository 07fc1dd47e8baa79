"""Collect the numbers of one profile with the methods of the accessor; all its posts serve comparisons and normals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

import pandas as pd

from ayrframe._export.report.figures import Picture, audience_pictures, best_times_picture, trend_picture
from ayrframe._export.report.highlights import find_highlights
from ayrframe._export.report.images import PostPictures, post_pictures
from ayrframe._export.report.period import ReportPeriod, describe_calendar, format_day
from ayrframe._export.report.tables import (
    Comparison,
    Table,
    comparison_table,
    format_table,
    iter_rows,
    missing_table,
    statistic_of,
    summary_table,
)
from ayrframe._export.report.values import (
    change_text,
    clean,
    describe_metric,
    format_number,
    format_value,
    safe_link,
    shorten,
)
from ayrframe._frame.progress import Progress
from ayrframe._metrics.above_normal import above_normal
from ayrframe._metrics.compare import Against, compare
from ayrframe._metrics.coverage import coverage
from ayrframe._metrics.frames import latest_frame, latest_metrics
from ayrframe._metrics.metrics import metrics as compute_metrics
from ayrframe._metrics.periods import parse_period
from ayrframe._metrics.summary import summary
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import CREATED, ID, PLATFORM, POST, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, IMPRESSIONS, METRICS, RATES, REACH, VIEWS

_MAIN_METRICS = (ENGAGEMENTS, VIEWS, IMPRESSIONS, REACH, *METRICS)  # by the first of these that a platform reports
_TOP_POSTS, _MAX_TEXT = 3, 280


@dataclass(frozen=True)
class KeyFigure:
    """One number of a platform, with its changes."""

    metric: str
    label: str
    value: float
    text: str
    coverage: str
    changes: list[str]


@dataclass(frozen=True)
class PostCard:
    """A top post."""

    date: str
    details: str
    text: str
    value: str
    normal: str
    numbers: list[str]
    link: str
    picture: str


@dataclass(frozen=True)
class PlatformSection:
    """Numbers and pictures of one platform."""

    name: str
    title: str
    posts: int
    metric: str | None
    note: str
    figures: list[KeyFigure] = field(default_factory=list)
    cards: list[PostCard] = field(default_factory=list)
    trend: Picture | None = None
    best_times: Picture | None = None


@dataclass(frozen=True)
class ProfileSection:
    """What the report shows of one profile."""

    label: str
    shown: pd.DataFrame
    metrics: dict[str, str]
    figures: Table
    comparisons: list[Comparison]
    platforms: list[PlatformSection]
    highlights: list[str]
    formats: Table | None
    audience: list[Picture]
    coverage: Table


def collect_profile(posts: pd.DataFrame, label: str, period: ReportPeriod, progress: Progress) -> ProfileSection:
    """Collect what the report shows of one profile, of which `posts` has all observations."""
    metrics = compute_metrics(posts)
    latest = latest_frame(posts)
    shown_posts = latest[period.contains(latest)].reset_index(drop=True)
    shown = compute_metrics(shown_posts)
    figures = summary(shown, tz=period.zone)
    main = main_metrics(metrics)
    comparisons = _compare(metrics, period)
    # The periods are those of the key figures only if the report shows that calendar period.
    changes = comparisons if period.calendar is not None else []
    normals = {metric: _shown_normals(metrics, metric, period) for metric in dict.fromkeys(main.values())}
    pictures = post_pictures(shown_posts)
    platforms = list[PlatformSection]()
    for name in PLATFORMS:
        if metrics[PLATFORM.name].eq(name).any():
            frames = (metrics, shown, figures)
            platforms.append(_platform_section(name, frames, main.get(name), changes, period, (normals, pictures)))
            progress.advance()
    formats = summary(shown, "format", period.zone)
    return ProfileSection(
        label=label,
        shown=shown,
        metrics=main,
        figures=summary_table(figures),
        comparisons=comparisons,
        platforms=platforms,
        highlights=find_highlights(normals, main, comparisons, formats, period.zone),
        formats=format_table(formats, main),
        audience=audience_pictures(shown_posts),
        coverage=missing_table(coverage(shown_posts), shown_posts[PLATFORM.name].value_counts()),
    )


def main_metrics(metrics: pd.DataFrame) -> dict[str, str]:
    """Return the metric by which the report ranks the posts of each platform that reports any."""
    found = {}
    for platform, rows in metrics.groupby(PLATFORM.name, sort=False):
        reported = (metric.name for metric in _MAIN_METRICS if rows[metric.name].notna().any())
        if metric := next(reported, None):
            found[str(platform)] = metric
    return found


def key_metrics(platform: str) -> list[str]:
    """Return the metrics that are shown first: engagements, how often posts were seen, and the usual rate."""
    denominator = PLATFORMS[platform].usual_denominator
    rates = [name for name, metric in RATES.items() if metric == denominator]
    return [*(metric.name for metric in (ENGAGEMENTS, VIEWS, IMPRESSIONS, REACH)), *rates]


def _compare(metrics: pd.DataFrame, period: ReportPeriod) -> list[Comparison]:
    """Compare with the previous period, and with the same one a year before if it has posts."""
    comparisons = list[Comparison]()
    at = period.calendar or period.compared(_newest_complete(metrics, period))
    if at is None:
        return comparisons
    against: Against
    for against in get_args(Against):
        frame = compare(metrics, period.name, at=at, against=against, tz=period.zone)
        counts = frame[frame["metric"] == "posts"]
        label = counts["period_before"].dropna()
        if label.empty or (against == "year" and not counts["before"].gt(0).any()):
            continue
        this, before = (describe_calendar(each, period.name) for each in (at, parse_period(label.iloc[0], period.name)))
        comparisons.append(Comparison(before, this, frame, comparison_table(frame, before, this)))
    return comparisons


def _newest_complete(metrics: pd.DataFrame, period: ReportPeriod) -> pd.Period | None:
    """Return the newest period that had ended when all accounts were read."""
    labels = compare(metrics, period.name, tz=period.zone, metric=ENGAGEMENTS.name)["period_this"].dropna()
    return None if labels.empty else parse_period(labels.iloc[0], period.name)


def _platform_section(
    name: str,
    frames: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    metric: str | None,
    comparisons: Sequence[Comparison],
    period: ReportPeriod,
    tops: tuple[dict[str, pd.DataFrame], PostPictures],
) -> PlatformSection:
    metrics, shown, summaries = frames
    normals, pictures = tops
    all_rows = metrics[metrics[PLATFORM.name] == name].reset_index(drop=True)
    rows = shown[shown[PLATFORM.name] == name]
    return PlatformSection(
        name=name,
        title=PLATFORMS[name].title,
        posts=len(rows),
        metric=metric,
        note=_period_note(name, comparisons),
        figures=_key_figures(name, summaries, comparisons),
        cards=[] if metric is None else _top_cards(normals[metric], name, metric, period, pictures),
        trend=None if metric is None else trend_picture(all_rows, shown, metric, period),
        best_times=None if metric is None else best_times_picture(all_rows, metric, period.zone),
    )


def _period_note(platform: str, comparisons: Sequence[Comparison]) -> str:
    """Return whether all posts of the shown period and of the one before were listed."""
    if not comparisons:
        return ""
    row = comparisons[0].row(platform, "posts")
    this, before = bool(row.complete_this), bool(row.complete_before)
    if this and before:
        return "Complete, and so is the period before."
    return f"{'Complete' if this else 'Not complete'}; the period before is {'' if before else 'not '}complete."


def _key_figures(platform: str, summaries: pd.DataFrame, comparisons: Sequence[Comparison]) -> list[KeyFigure]:
    rows = {row.metric: row for row in iter_rows(summaries[summaries[PLATFORM.name] == platform])}
    figures = []
    for row in (rows[metric] for metric in key_metrics(platform) if metric in rows and rows[metric].posts_with):
        metric, statistic = row.metric, statistic_of(row.metric)
        value = float(getattr(row, statistic))
        gaps = "" if row.posts == row.posts_with else f"{row.posts_with:,} of {row.posts:,} posts have a value"
        changes = [text for each in comparisons if (text := _describe_change_of(each, platform, metric))]
        label = describe_metric(metric, statistic)
        figures.append(KeyFigure(metric, label, value, format_value(value, metric), gaps, changes))
    return figures


def _describe_change_of(comparison: Comparison, platform: str, metric: str) -> str:
    """Return the change of a metric with its note, "" if it is not known."""
    row = comparison.row(platform, metric)
    if pd.isna(row.change):
        return ""
    note = "" if pd.isna(row.note) else f" ({row.note})"
    return f"{change_text(row.change)} against {comparison.before}{note}"


def _shown_normals(metrics: pd.DataFrame, metric: str, period: ReportPeriod) -> pd.DataFrame:
    """Return the shown posts with the medians of their peers among all posts, the highest values first."""
    # The same rows in the same order as those of above_normal().
    latest = latest_metrics(metrics, by=[PROFILE.name])
    numbers = latest[[metric.name for metric in METRICS]]
    table = above_normal(metrics, metric).join(numbers)
    table = table[period.contains(latest) & table["value"].notna()]
    return table.sort_values("value", ascending=False, kind="stable")


def _top_cards(
    normals: pd.DataFrame, platform: str, metric: str, period: ReportPeriod, pictures: PostPictures
) -> list[PostCard]:
    rows = normals[normals[PLATFORM.name] == platform].head(_TOP_POSTS)
    return [_post_card(row, metric, period, pictures.get((platform, row[ID.name]), "")) for _, row in rows.iterrows()]


def _post_card(row: pd.Series, metric: str, period: ReportPeriod, picture: str) -> PostCard:
    age = row["age_days"]
    details = [
        "" if pd.isna(row["format"]) else str(row["format"]),
        "" if pd.isna(age) else f"numbers read {age:,.0f} days after publication",
    ]
    peers = f"{row['peers']:,} other posts of this kind and format"
    normal = f"No normal value: it needs five other posts of this kind and format, there are {row['peers']:,}."
    if pd.notna(row["ratio"]):
        normal = f"{row['ratio']:.1f} times the normal {format_value(row['normal'], metric)} (median of {peers})"
    elif pd.notna(row["normal"]):
        normal = f"The normal value is {format_value(row['normal'], metric)} (median of {peers})."
    others = [each.name for each in METRICS if each.name != metric and pd.notna(row[each.name])]
    return PostCard(
        date=format_day(row[CREATED.name], period.zone),
        details=", ".join(filter(None, details)),
        text=shorten(clean(row[POST.name]), _MAX_TEXT)
        or f"Post {shorten(clean(row[ID.name]), _MAX_TEXT)}, without text",
        value=f"{format_value(row['value'], metric)} {describe_metric(metric, '')}",
        normal=normal,
        numbers=[f"{format_number(row[name])} {describe_metric(name, '')}" for name in others],
        link=safe_link(row["post_url"]),
        picture=picture,
    )
