"""List the source of each metric on each platform, or the reason why it is missing."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import columns_of
from ayrframe._platforms.metrics import METRICS
from ayrframe._platforms.spec import Column, Measure, Metric, MissingMetric, Platform

IN_THIS_ENDPOINT, IN_OTHER_ENDPOINT, NO_SUCH_METRIC = "in this endpoint", "not in this endpoint", "no such metric"
NOT_COMPARABLE = "not comparable"


class CatalogEntry(NamedTuple):
    """Source of one metric on one platform; a row of the catalog."""

    platform: str
    metric: str
    status: str
    endpoint: str | None
    path: str | None
    column: str | None
    unit: str
    scope: str | None
    paid: str | None
    additive: bool
    usual_rate: bool
    note: str | None


def metric_catalog() -> pd.DataFrame:
    """List the source of each metric on each platform, or the reason why it is missing.

    Returns
    -------
    pandas.DataFrame
        One row per platform and metric: `platform`, `metric`; `status` (in this endpoint; not comparable, if the API
        sends a number that means something else, as the note explains; not in this endpoint; no such metric);
        `endpoint` (history, post analytics or both, which send the number), `path` (of the API field) and
        `column` (of the posts frame), NA if the metric is missing; `unit`; `scope` (public, shown to the account only,
        or not stated); `paid` (organic, paid and organic, or not stated), whether it includes what advertisements
        achieved; `note`, all str; `additive` (boolean), whether values may be summed; and `usual_rate` (boolean),
        whether the platform's engagement rate usually has this denominator.

    Examples
    --------
    >>> catalog = ayr.metric_catalog().set_index(["platform", "metric"])
    >>> catalog.loc[("threads", "shares"), "column"]
    'reposts'
    >>> catalog.loc[("youtube", "views"), "endpoint"]
    'post analytics'
    >>> catalog.loc[("twitter", "views"), "status"]
    'not comparable'
    >>> catalog.loc[("twitter", "likes"), "paid"]
    'paid and organic'
    """
    rows = [entry for platform in PLATFORMS.values() for entry in catalog_entries(platform)]
    flags = {"additive": "boolean", "usual_rate": "boolean"}
    return pd.DataFrame(rows).astype(dict.fromkeys(CatalogEntry._fields, "str") | flags)


def catalog_entries(platform: Platform) -> list[CatalogEntry]:
    """Return the catalog entries of a platform, one per metric."""
    return [_catalog_entry(platform, metric) for metric in METRICS]


def metric_status(platform: Platform, metric: Metric) -> tuple[str, Measure | MissingMetric | None]:
    """Return the status of a metric on a platform, and the declaration it comes from."""
    for measure in platform.measures:
        if measure.metric == metric:
            return IN_THIS_ENDPOINT, measure
    for missing in platform.missing_metrics:
        if missing.metric == metric:
            if missing.other_number:
                return NOT_COMPARABLE, missing
            return IN_OTHER_ENDPOINT if missing.in_other_endpoint else NO_SUCH_METRIC, missing
    return NO_SUCH_METRIC, None


def source_column(platform: Platform, measure: Measure) -> Column:
    """Return the column that a metric is read from."""
    return next(column for column in columns_of(platform) if column.name == measure.source)


def _catalog_entry(platform: Platform, metric: Metric) -> CatalogEntry:
    status, declaration = metric_status(platform, metric)
    endpoint = path = column = scope = paid = None
    note = declaration.note if declaration else f"The API does not document this metric for {platform.title}."
    if isinstance(declaration, Measure):
        source = source_column(platform, declaration)
        path = f"{source.path}.total" if declaration.uses_total else source.path
        column, endpoint = source.name, source.endpoint.value
        scope, paid = declaration.scope.value, declaration.paid.value
        note = declaration.note or source.note
    return CatalogEntry(
        platform=platform.name,
        metric=metric.name,
        status=status,
        endpoint=endpoint,
        path=path,
        column=column,
        unit=metric.unit.value,
        scope=scope,
        paid=paid,
        additive=metric.additive,
        usual_rate=platform.usual_denominator == metric,
        note=note or None,
    )
