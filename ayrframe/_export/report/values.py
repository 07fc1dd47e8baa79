"""Format the numbers and texts of a report."""

from __future__ import annotations

from urllib.parse import urlsplit

import pandas as pd

from ayrframe._plots.scales import is_rate, metric_label

MISSING = "–"
_ALLOWED_CHARACTERS = "\n\u200c\u200d"  # Persian and Indian scripts and families of emoji need the joiners
_MAX_URL = 2000


def format_number(value: float) -> str:
    """Format a number with thousands; fractions have one decimal, small ones three digits."""
    if pd.isna(value):
        return MISSING
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.3g}"


def format_value(value: float, metric: str) -> str:
    """Format the value of a metric; rates are written in percent."""
    if pd.isna(value) or not is_rate(metric):
        return format_number(value)
    return f"{value * 100:.1f} %" if value == 0 or value >= 0.001 else f"{value * 100:.2g} %"  # noqa: PLR2004


def change_text(change: float) -> str:
    """Format a change in percent with its direction."""
    return MISSING if pd.isna(change) else f"{change * 100:+,.1f} %".replace("-", "−") if change else "0 %"


def describe_metric(metric: str, statistic: str) -> str:
    """Return the name of a metric and the statistic of it, for readers."""
    if metric == "posts":
        return "posts"
    label = metric_label(metric)
    return f"median of {label} per post" if statistic == "median" else label


def clean(value: object) -> str:
    """Return a text without characters that control terminals, direction or layout; line breaks stay."""
    if not isinstance(value, str):
        return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    return "".join(
        character if character.isprintable() or character in _ALLOWED_CHARACTERS else " " for character in value
    ).strip()


def shorten(text: str, length: int) -> str:
    """Return a text of at most this number of characters, cut after a word."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return f"{cut.rpartition(' ')[0] or cut}…"


def safe_link(url: object, max_length: int = _MAX_URL) -> str:
    """Return a web address that starts with http or https; "" for anything else."""
    if not isinstance(url, str) or len(url) > max_length or not url.isprintable() or any(map(str.isspace, url)):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
