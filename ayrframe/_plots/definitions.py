"""Describe the numbers on one axis: how many posts have data, and where platforms define a metric differently."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ayrframe._metrics.columns import ENGAGEMENT_PARTS
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS, RATES
from ayrframe._platforms.spec import Measure, Paid
from ayrframe._plots import scales
from ayrframe._plots.style import platform_titles


def count_posts(total: int, with_data: int) -> str:
    """Return how many posts were asked about, and how many of them have data, for the title of a plot."""
    return total_posts(total) if with_data == total else f"{total_posts(total)}, {with_data:,} with data"


def total_posts(total: int) -> str:
    """Return how many posts were asked about, for the title of a plot."""
    return f"n = {total:,} {'post' if total == 1 else 'posts'}"


def definition_lines(posts: pd.DataFrame, metric: str) -> list[str]:
    """Return the parts of the engagements that are drawn, and what is counted if platforms count differently.

    `posts` has the platform, the metric and the engagement parts of each post; posts without a value do not matter.
    """
    drawn = posts[posts[metric].notna()]
    platforms = [name for name in PLATFORMS if drawn[PLATFORM.name].eq(name).any()]
    lines = []
    if metric == ENGAGEMENTS.name or scales.is_rate(metric):
        parts = {name: _parts_of(drawn[drawn[PLATFORM.name] == name]) for name in platforms}
        lines.append(_describe(parts, ENGAGEMENTS.name, "engagements are not the same sum everywhere"))
    counted = RATES[metric].name if metric in RATES else metric
    measures = {name: measure for name in platforms if (measure := _measure_of(name, counted))}
    counts = {name: measure.counts or f"{counted}, not defined further" for name, measure in measures.items()}
    if len(set(counts.values())) > 1:
        lines.append(_describe(counts, counted, f"networks count {counted} differently"))
    if {Paid.ORGANIC, Paid.PAID_AND_ORGANIC} <= {measure.paid for measure in measures.values()}:
        paid = {name: measure.paid.value for name, measure in measures.items()}
        lines.append(_describe(paid, counted, f"{counted} with or without advertisements"))
    return list(filter(None, lines))


def _parts_of(posts: pd.DataFrame) -> str:
    return " or ".join(posts[ENGAGEMENT_PARTS].dropna().value_counts().index)


def _measure_of(platform: str, metric: str) -> Measure | None:
    return next((measure for measure in PLATFORMS[platform].measures if measure.metric.name == metric), None)


def _describe(definitions: Mapping[str, str], subject: str, difference: str) -> str:
    """Return "subject: definition" or, if there are several definitions, each with its platforms."""
    different = list(dict.fromkeys(definitions.values()))
    if len(different) < 2:  # noqa: PLR2004 - a comparison needs two
        return f"{subject}: {different[0]}" if different else ""
    platforms = {text: [name for name in definitions if definitions[name] == text] for text in different}
    return f"{difference}: {'; '.join(f'{text} ({platform_titles(names)})' for text, names in platforms.items())}"
