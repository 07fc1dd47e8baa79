"""Say in sentences what is remarkable; each states only numbers that the tables of the report show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import pandas as pd

from ayrframe._export.report.period import format_day
from ayrframe._export.report.tables import Comparison
from ayrframe._export.report.values import change_text, clean, describe_metric, format_value
from ayrframe._metrics.above_normal import MIN_PEERS
from ayrframe._metrics.compare import FEWER_PARTS, INCOMPLETE, START_MISSING, YOUNGER
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS, IMPRESSIONS, VIEWS

NOTE_MEANINGS = {
    INCOMPLETE: "an account was last read before the end of one of the periods, so posts and numbers are missing",
    START_MISSING: "posts at the start of one of the periods were not loaded",
    YOUNGER: "the posts of the later period are much younger, so they have had less time to gain engagement",
    FEWER_PARTS: "only the parts of the engagements that both periods have are compared",
}

_MIN_RATIO = 1.5  # times the normal value
_CHANGED = (ENGAGEMENTS.name, VIEWS.name, IMPRESSIONS.name)


def find_highlights(
    normals: dict[str, pd.DataFrame],
    metrics: dict[str, str],
    comparisons: Sequence[Comparison],
    formats: pd.DataFrame,
    zone: tzinfo,
) -> list[str]:
    """Return up to three sentences: on the post furthest above normal, the largest change, and the best format."""
    sentences = [
        _best_post(normals, metrics, zone),
        _largest_change(comparisons[0]) if comparisons else "",
        _best_format(formats, metrics),
    ]
    return [sentence for sentence in sentences if sentence]


def _best_post(normals: dict[str, pd.DataFrame], metrics: dict[str, str], zone: tzinfo) -> str:
    best = None
    for platform, metric in metrics.items():
        rows = normals[metric]
        # The first card of each platform.
        rows = rows[rows[PLATFORM.name] == platform].head(1)
        row = rows.iloc[0] if len(rows) else None
        if row is not None and row["ratio"] >= _MIN_RATIO and (best is None or row["ratio"] > best[1]["ratio"]):
            best = (metric, row)
    if best is None:
        return ""
    metric, row = best
    return (
        f"On {PLATFORMS[row[PLATFORM.name]].title}, the post of {format_day(row[CREATED.name], zone)} has "
        f"{format_value(row['value'], metric)} {describe_metric(metric, '')}: {row['ratio']:.1f} times the median of "
        f"{row['peers']:,} other posts of its kind and format, {format_value(row['normal'], metric)}."
    )


def _largest_change(comparison: Comparison) -> str:
    """Return the largest change without a caution, "" if there is none."""
    frame = comparison.frame
    is_candidate = frame["metric"].isin(_CHANGED) & frame["statistic"].eq("sum")
    rows = frame[is_candidate & frame["change"].notna() & frame["note"].isna()]
    if rows.empty:
        return ""
    row = rows.sort_values("change", key=lambda change: change.abs(), ascending=False, kind="stable").iloc[0]
    before, this = (format_value(row[side], row["metric"]) for side in ("before", "this"))
    counts = comparison.row(row[PLATFORM.name], "posts")
    return (
        f"On {PLATFORMS[row[PLATFORM.name]].title}, the {row['metric']} of the posts of {comparison.this} are {this} "
        f"from {counts.this:,.0f} posts; those of {comparison.before} are {before} from {counts.before:,.0f} posts "
        f"({change_text(row['change'])})."
    )


def _best_format(formats: pd.DataFrame, metrics: dict[str, str]) -> str:
    """Return which format has the highest median, where at least two have five posts with a value."""
    best = None
    for platform, metric in metrics.items():
        rows = formats[(formats[PLATFORM.name] == platform) & (formats["metric"] == metric)]
        rows = rows[rows["posts_with"].ge(MIN_PEERS) & rows["format"].notna()].sort_values("median", ascending=False)
        if len(rows) < 2 or not rows["median"].iloc[1] > 0:  # noqa: PLR2004 - a comparison needs two
            continue
        ratio = rows["median"].iloc[0] / rows["median"].iloc[1]
        if ratio > 1 and (best is None or ratio > best[0]):
            best = (ratio, metric, rows)
    if best is None:
        return ""
    _, metric, rows = best
    medians = [
        f"{clean(row['format'])} {format_value(row['median'], metric)} ({row['posts_with']:,} posts)"
        for _, row in rows.iterrows()
    ]
    title = PLATFORMS[rows[PLATFORM.name].iloc[0]].title
    return f"On {title}, the {describe_metric(metric, 'median')} by format: {', '.join(medians)}."
