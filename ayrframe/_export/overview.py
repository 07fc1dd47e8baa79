"""Build and write the first sheet of a workbook: what it is about, and the key figures of each platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

import pandas as pd

from ayrframe._export.cells import SheetColumn, to_cells
from ayrframe._export.number_formats import CHANGE, WHOLE, metric_format
from ayrframe._export.report.collect import key_metrics
from ayrframe._export.report.highlights import NOTE_MEANINGS
from ayrframe._export.report.period import choose_period, describe_calendar
from ayrframe._export.report.tables import iter_rows, list_facts, profile_name, statistic_of
from ayrframe._export.report.values import clean, describe_metric
from ayrframe._export.sheet import MAX_LINES, SheetWriter
from ayrframe._metrics.compare import compare
from ayrframe._metrics.frames import latest_metrics
from ayrframe._metrics.periods import parse_period
from ayrframe._metrics.summary import summary
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS

_MONTH, _POSTS_ROW = "month", "posts"
_BY_ACCOUNT = [PLATFORM.name, PROFILE.name]
_NOT_ADDED = "Networks count differently, so their numbers are not added. Reach counts people, so it is never summed."
_TITLE_STYLE = {"bold": True, "font_size": 18, "font_color": "#1F4E79"}
_ROW_STYLE = {"bottom": 1, "bottom_color": "#D5D9DF"}


@dataclass(frozen=True)
class Overview:
    """The contents of the first sheet."""

    title: str
    facts: dict[str, str]
    table: list[SheetColumn]
    notes: list[str]


def make_overview(metrics: pd.DataFrame, zone: tzinfo) -> Overview:
    """Return the key figures of all posts, of the newest complete month, and of the month before."""
    latest = latest_metrics(metrics, by=[PROFILE.name])
    labels = sorted(latest[PROFILE.name].unique())
    names = [name for name in PLATFORMS if latest[PLATFORM.name].eq(name).any()]
    figures, periods = _figures(metrics, zone)
    is_single = len(labels) == 1 and labels[0] != ""
    used = [note for note in NOTE_MEANINGS if figures["note"].dropna().str.contains(note, regex=False).any()]
    return Overview(
        f"{clean(labels[0])}: social media figures" if is_single else "Social media figures",
        list_facts(latest, labels, names, choose_period(None, None, None, zone)),
        _table_columns(figures, periods, several=len(labels) > 1),
        [_NOT_ADDED, *(f"{note}: {NOTE_MEANINGS[note]}." for note in used)],
    )


def write_overview(writer: SheetWriter, overview: Overview, zone: tzinfo) -> None:
    """Write the title, the facts, the table and the notes below each other."""
    sheet = writer.add_sheet("Overview")
    sheet.hide_gridlines(2)  # on screen and on paper
    columns = [to_cells(column, zone) for column in overview.table]
    widths = {number: column.width for number, column in enumerate(columns)}
    widths[0] = max(widths[0], *(len(name) + 3 for name in overview.facts))
    for number, width in widths.items():
        sheet.set_column(number, number, width)
    sheet.set_row(0, 30)
    writer.write_across(sheet, 0, widths, overview.title, _TITLE_STYLE)
    for row, (name, fact) in enumerate(overview.facts.items(), start=2):
        writer.write_across(sheet, row, {0: widths[0]}, name, {"bold": True})
        writer.write_across(sheet, row, {number: widths[number] for number in widths if number}, fact, {})
    first = len(overview.facts) + 3
    writer.write_table(sheet, first, columns, MAX_LINES, _ROW_STYLE)
    for row, note in enumerate(overview.notes, start=first + len(columns[0].values) + 2):
        writer.write_across(sheet, row, widths, note, {"font_color": "#50565F"})


def _figures(metrics: pd.DataFrame, zone: tzinfo) -> tuple[pd.DataFrame, tuple[str, str] | None]:
    """Return one row per account and key figure, and the names of the compared months, None if there are none."""
    statistics = summary(metrics, _BY_ACCOUNT, zone)
    comparison = compare(metrics, _MONTH, by=_BY_ACCOUNT, tz=zone)
    changes = {(row.platform, row.profile, row.metric): row for row in iter_rows(comparison)}
    values = {(row.platform, row.profile, row.metric): row for row in iter_rows(statistics)}
    rows = list[tuple[object, ...]]()
    for platform, profile in statistics[_BY_ACCOUNT].drop_duplicates().itertuples(index=False):
        for metric in (_POSTS_ROW, *key_metrics(platform)):
            total, change = values.get((platform, profile, metric)), changes[platform, profile, metric]
            if metric == _POSTS_ROW:
                posts = float(values[platform, profile, ENGAGEMENTS.name].posts)
                figures = (posts, posts)
            elif total is not None and total.posts_with:
                figures = (getattr(total, statistic_of(metric)), float(total.posts_with))
            else:
                continue
            rows.append((platform, profile, metric, *figures, change.before, change.this, change.change, change.note))
    names = [*_BY_ACCOUNT, "metric", "value", "posts_with", "before", "this", "change", "note"]
    labels = comparison[["period_before", "period_this"]].dropna().head(1)
    periods = [describe_calendar(parse_period(label, _MONTH), _MONTH) for label in labels.to_numpy().ravel()]
    table = pd.DataFrame(rows, columns=names).astype({"note": "str"})
    return table, (periods[0], periods[1]) if periods else None


def _table_columns(figures: pd.DataFrame, periods: tuple[str, str] | None, *, several: bool) -> list[SheetColumn]:
    """Return the columns of the key figures; those of profiles and months only if there are any to compare."""
    formats = [WHOLE if metric == _POSTS_ROW else metric_format(metric) for metric in figures["metric"]]
    metrics = [describe_metric(metric, statistic_of(metric)) for metric in figures["metric"]]
    titles = figures[PLATFORM.name].map({name: platform.title for name, platform in PLATFORMS.items()})
    columns = [SheetColumn("Profile", figures[PROFILE.name].map(profile_name))] if several else []
    columns += [SheetColumn("Platform", titles), SheetColumn("Metric", pd.Series(metrics, dtype="str"))]
    if periods is not None:
        columns += [
            SheetColumn(periods[0], figures["before"], formats),
            SheetColumn(periods[1], figures["this"], formats),
            SheetColumn("Change", figures["change"], CHANGE),
        ]
    columns += [
        SheetColumn("All posts", figures["value"], formats),
        SheetColumn("Posts with a value", figures["posts_with"], WHOLE),
    ]
    return [*columns, SheetColumn("Note", figures["note"], wraps=True)] if figures["note"].notna().any() else columns
