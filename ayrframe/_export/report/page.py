"""Render a report as one HTML page without scripts and external resources; jinja2 escapes every text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._export.report.checks import list_calls
from ayrframe._export.report.collect import ProfileSection
from ayrframe._export.report.highlights import NOTE_MEANINGS
from ayrframe._export.report.period import ReportPeriod, describe_period
from ayrframe._export.report.tables import (
    Table,
    TableCell,
    checksum_table,
    count_text,
    definition_table,
    list_facts,
    number_cell,
    profile_name,
)
from ayrframe._export.report.values import MISSING, clean
from ayrframe._platforms import PLATFORMS

if TYPE_CHECKING:
    from jinja2 import Template

# Allow only inline images and styles, so that markup that was not escaped could load and run nothing.
CONTENT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def render_page(
    sections: Sequence[ProfileSection],
    period: ReportPeriod,
    *,
    pages: pd.DataFrame | None,
    title: str | None,
    logo: str | None,
) -> str:
    """Return the page of one or several profiles; `pages` are those of the archive that was read."""
    names = {section.name for profile in sections for section in profile.platforms}
    platforms = [name for name in PLATFORMS if name in names]
    return _load_template().render(
        title=clean(title) if title else _default_title(sections, period),
        policy=CONTENT_POLICY,
        logo=logo,
        facts=list_facts(pd.concat([each.shown for each in sections]), [x.label for x in sections], platforms, period),
        overview=_overview(sections) if len(sections) > 1 else None,
        profiles=sections,
        profile_name=profile_name,
        several=len(sections) > 1,
        count_text=count_text,
        note_meanings=NOTE_MEANINGS,
        definitions=definition_table(platforms),
        pages=None if pages is None else checksum_table(pages),
        calls=list_calls(sections, period),
        version=version("ayrframe"),
    )


@cache
def _load_template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def _default_title(sections: Sequence[ProfileSection], period: ReportPeriod) -> str:
    title = "Social media report" if period.is_everything else f"Social media report, {describe_period(period)}"
    label = clean(sections[0].label) if len(sections) == 1 else ""
    return f"{label}: {title}" if label else title


def _overview(sections: Sequence[ProfileSection]) -> Table:
    """Return the number of posts and the main figure of each profile and platform."""
    rows = []
    for section in sections:
        for platform in section.platforms:
            figure = next((each for each in platform.figures if each.metric == platform.metric), None)
            value = TableCell(MISSING) if figure is None else TableCell(figure.text, figure.value)
            label = TableCell(MISSING if figure is None else figure.label)
            rows.append(
                [
                    TableCell(profile_name(section.label)),
                    TableCell(platform.title),
                    number_cell(platform.posts),
                    label,
                    value,
                ]
            )
    return Table(["Profile", "Platform", "Posts", "Metric", "Value"], rows)
