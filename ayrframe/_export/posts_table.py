"""Build the Posts sheet of a workbook: one row per post with its text, link and metrics."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ayrframe._export.cells import SheetColumn
from ayrframe._export.number_formats import metric_format
from ayrframe._metrics.columns import FORMAT, KIND, METRIC_NAMES
from ayrframe._metrics.frames import latest_frame, own_column_names
from ayrframe._metrics.metrics import metrics
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import CREATED, ID, PLATFORM, POST, POST_URL, PROFILE
from ayrframe._plots.scales import metric_label


def posts_table(posts: pd.DataFrame, left_out: Collection[str]) -> list[SheetColumn]:
    """Return the columns of the latest reading of each post; columns without a value are left out.

    The caller's own columns follow the metrics, except those in `left_out`.
    """
    rows = metrics(latest_frame(posts))
    has_several_profiles = len(rows[PROFILE.name].unique()) > 1
    titles = rows[PLATFORM.name].map({name: platform.title for name, platform in PLATFORMS.items()})
    return [
        SheetColumn("Published", rows[CREATED.name]),
        SheetColumn("Platform", titles),
        *_with_values(
            *([SheetColumn("Profile", rows[PROFILE.name])] if has_several_profiles else []),
            SheetColumn("Format", rows[FORMAT]),
            *([SheetColumn("Kind", rows[KIND])] if rows[KIND].dropna().ne("own").any() else []),
            SheetColumn("Text", rows[POST.name], wraps=True),
            SheetColumn("Link", rows[POST_URL.name], wraps=True, is_link=True),
            *(SheetColumn(column_title(name), rows[name], metric_format(name)) for name in METRIC_NAMES),
            *(SheetColumn(name, rows[name]) for name in own_column_names(rows) if name not in left_out),
        ),
        SheetColumn("Id", rows[ID.name]),
    ]


def _with_values(*columns: SheetColumn) -> list[SheetColumn]:
    return [column for column in columns if any(str(value) for value in column.values.dropna())]


def column_title(metric: str) -> str:
    """Return the name of a metric as a header: Likes, Reach (people), Engagements / views."""
    label = metric_label(metric)
    return f"{label[:1].upper()}{label[1:]}"
