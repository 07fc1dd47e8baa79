"""Render a report as one HTML page without scripts and external resources; jinja2 escapes every text."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._export.report.checks import list_calls
from ayrframe._export.report.collect import ProfileSection
from ayrframe._export.report.highlights import NOTE_MEANINGS
from ayrframe._export.report.period import ReportPeriod, describe_period, format_day
from ayrframe._export.report.tables import (
    Table,
    TableCell,
    checksum_table,
    count_text,
    definition_table,
    number_cell,
    profile_name,
)
from ayrframe._export.report.values import MISSING, clean
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import AS_OF, CREATED
from ayrframe.errors import quote

if TYPE_CHECKING:
    from jinja2 import Template

# Allow only inline images and styles, so that markup that was not escaped could load and run nothing.
CONTENT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_IMAGE_TYPES = {b"\x89PNG\r\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}
_MAX_LOGO_BYTES = 2_000_000


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
        facts=_facts(sections, platforms, period),
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


def read_logo(path: str | os.PathLike[str]) -> str:
    """Return an image file as a data URI."""
    data = Path(path).expanduser().read_bytes()
    kind = next((kind for start, kind in _IMAGE_TYPES.items() if data.startswith(start)), None)
    if kind is None or len(data) > _MAX_LOGO_BYTES:
        raise ValueError(
            f"`logo` must be a PNG, JPEG, GIF or WebP file of at most {_MAX_LOGO_BYTES:,} bytes, "
            f"got {quote(Path(path).name)} with {len(data):,} bytes."
        )
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


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


def _facts(sections: Sequence[ProfileSection], platforms: Sequence[str], period: ReportPeriod) -> dict[str, str]:
    shown = pd.concat([section.shown[[CREATED.name, AS_OF.name]] for section in sections])
    days = [format_day(shown[CREATED.name].agg(end), period.zone) for end in ("min", "max")]
    read = [f"{shown[AS_OF.name].agg(end).tz_convert(period.zone):%Y-%m-%d %H:%M}" for end in ("min", "max")]
    profiles = ", ".join(profile_name(section.label) for section in sections)
    together = " of all profiles together" if len(sections) > 1 else ""
    is_labelled = len(sections) > 1 or sections[0].label != ""
    return {
        **({"Profiles" if len(sections) > 1 else "Profile": profiles} if is_labelled else {}),
        "Networks": ", ".join(PLATFORMS[name].title for name in platforms),
        "Period": describe_period(period),
        "Posts": f"{len(shown):,}{together}, published from {days[0]} to {days[1]}",
        "Numbers read": read[0] if read[0] == read[1] else f"oldest {read[0]}, newest {read[1]}",
        "Time zone": str(period.zone),
    }


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
