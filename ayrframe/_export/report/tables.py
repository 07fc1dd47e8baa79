"""Turn tables of the accessor into tables of the page: a header, and cells with texts and exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ayrframe._export.report.period import ReportPeriod, describe_period, format_day
from ayrframe._export.report.values import MISSING, change_text, clean, describe_metric, format_number, format_value
from ayrframe._metrics.catalog import NO_SUCH_METRIC, metric_catalog
from ayrframe._metrics.summary import is_additive
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import AS_OF, CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES

_MEANINGS = {metric.name: metric.meaning for metric in METRICS}
_ENGAGEMENTS_MEANING = f"{ENGAGEMENTS.meaning} A rate is engagements divided by the number in its name."


class TableCell(NamedTuple):
    """A cell: its text, and the exact number where it is one."""

    text: str
    number: float | None = None


@dataclass(frozen=True)
class Table:
    """A table of the page; the first column names the row."""

    header: list[str]
    rows: list[list[TableCell]] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """A comparison of two periods, whose names are those for readers."""

    before: str
    this: str
    frame: pd.DataFrame
    table: Table

    @property
    def heading(self) -> str:
        """The heading of the table."""
        return f"{self.this[:1].upper()}{self.this[1:]} compared with {self.before}"

    def row(self, platform: str, metric: str) -> Any:
        """Return the row of a metric as a named tuple."""
        rows = self.frame[(self.frame[PLATFORM.name] == platform) & (self.frame["metric"] == metric)]
        return next(iter_rows(rows))


def iter_rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table as named tuples."""
    yield from frame.itertuples(index=False)


def statistic_of(metric: str) -> str:
    """Return the statistic of a metric that the report shows, a column of the summary."""
    return "rate" if metric in RATES else "sum" if is_additive(metric) else "median"


def number_cell(value: float, metric: str = "") -> TableCell:
    """Return the cell of a number; a dash if it is missing."""
    return TableCell(format_value(value, metric), None if pd.isna(value) else float(value))


def summary_table(summary: pd.DataFrame) -> Table:
    """Return the figures of each platform: the sum, the rate, or the median where values must not be added."""
    rows = [
        [
            TableCell(PLATFORMS[row.platform].title),
            TableCell(describe_metric(row.metric, statistic_of(row.metric))),
            number_cell(getattr(row, statistic_of(row.metric)), row.metric),
            number_cell(row.median, row.metric),
            TableCell(f"{row.posts_with:,} of {row.posts:,}"),
        ]
        for row in iter_rows(summary)
    ]
    return Table(["Platform", "Metric", "Value", "Median per post", "Posts with a value"], rows)


def comparison_table(comparison: pd.DataFrame, before: str, this: str) -> Table:
    """Return the rows of a comparison that have a value."""
    known = comparison[comparison[["before", "this"]].notna().any(axis=1)]
    rows = [
        [
            TableCell(PLATFORMS[row.platform].title),
            TableCell(describe_metric(row.metric, row.statistic)),
            number_cell(row.before, row.metric),
            number_cell(row.this, row.metric),
            TableCell(change_text(row.change), None if pd.isna(row.change) else row.change),
            TableCell("" if pd.isna(row.note) else row.note),
        ]
        for row in iter_rows(known)
    ]
    return Table(["Platform", "Metric", before, this, "Change", "Note"], rows)


def format_table(formats: pd.DataFrame, metrics: dict[str, str]) -> Table | None:
    """Return the number of posts and the median of the main metric of each format; None if no format is known."""
    rows = []
    for (platform, name), figures in formats.groupby([PLATFORM.name, "format"], dropna=False, sort=False):
        metric = metrics.get(str(platform))
        if metric is None:
            continue
        medians = figures.set_index("metric")["median"]
        rows.append(
            [
                TableCell(PLATFORMS[str(platform)].title),
                TableCell(clean(name) or "not stated"),
                number_cell(figures["posts"].iloc[0]),
                TableCell(describe_metric(metric, "median")),
                number_cell(medians.get(metric, float("nan")), metric),
            ]
        )
    if formats["format"].isna().all():
        return None
    return Table(["Platform", "Format", "Posts", "Metric", "Median"], rows)


def missing_table(coverage: pd.DataFrame, posts: pd.Series) -> Table:
    """Return how many values are missing, and why; `posts` is the number of posts by platform."""
    rows = [
        [
            TableCell(PLATFORMS[row.platform].title),
            TableCell(row.column),
            TableCell(row.reason),
            number_cell(row.missing),
            number_cell(posts[row.platform]),
        ]
        for row in iter_rows(coverage.rename(columns={"count": "missing"}))
    ]
    return Table(["Platform", "Metric", "Reason", "Missing", "Of posts"], rows)


def definition_table(platforms: list[str]) -> Table:
    """Return what each metric counts on each platform, and the API field that it is read from."""
    catalog = metric_catalog()
    catalog = catalog[catalog["platform"].isin(platforms) & catalog["status"].ne(NO_SUCH_METRIC)]
    rows = [
        [
            TableCell("all"),
            TableCell(ENGAGEMENTS.name),
            TableCell(_ENGAGEMENTS_MEANING),
            TableCell("computed"),
            TableCell(MISSING),
        ]
    ]
    rows += [
        [
            TableCell(PLATFORMS[row.platform].title),
            TableCell(row.metric),
            TableCell(" ".join([_MEANINGS[row.metric], "" if pd.isna(row.note) else row.note])),
            TableCell(row.status if pd.isna(row.path) else row.path),
            TableCell(MISSING if pd.isna(row.paid) else row.paid),
        ]
        for row in iter_rows(catalog)
    ]
    return Table(["Platform", "Metric", "What it counts", "API field", "Paid or organic"], rows)


def checksum_table(pages: pd.DataFrame) -> Table:
    """Return the pages of the archive with their checksums."""
    rows = [
        [
            TableCell(PLATFORMS[row.platform].title),
            TableCell(f"{row.received:%Y-%m-%d %H:%M:%S} UTC"),
            TableCell(clean(row.file)),
            TableCell(row.sha256),
        ]
        for row in iter_rows(pages)
    ]
    return Table(["Platform", "Received", "File", "SHA-256 of the body"], rows)


def profile_name(label: str) -> str:
    """Return the label of a profile for readers."""
    return clean(label) or "profile without a label"


def count_text(posts: int) -> str:
    """Return a number of posts with its noun."""
    return f"{format_number(posts)} {'post' if posts == 1 else 'posts'}"


def list_facts(
    shown: pd.DataFrame, labels: Sequence[str], platforms: Sequence[str], period: ReportPeriod
) -> dict[str, str]:
    """Return what readers must know of the shown posts of these profiles and platforms."""
    together = " of all profiles together" if len(labels) > 1 else ""
    facts = {"Profiles" if len(labels) > 1 else "Profile": ", ".join(map(profile_name, labels))} if any(labels) else {}
    facts |= {
        "Networks": ", ".join(PLATFORMS[name].title for name in platforms),
        "Period": describe_period(period),
        "Posts": f"{len(shown):,}{together}",
        "Time zone": str(period.zone),
    }
    if len(shown):
        days = [format_day(shown[CREATED.name].agg(end), period.zone) for end in ("min", "max")]
        read = [f"{shown[AS_OF.name].agg(end).tz_convert(period.zone):%Y-%m-%d %H:%M}" for end in ("min", "max")]
        facts["Posts"] += f", published from {days[0]} to {days[1]}"
        facts["Numbers read"] = read[0] if read[0] == read[1] else f"oldest {read[0]}, newest {read[1]}"
    return facts
