"""The summary card that `frame.ayr` shows of itself: platforms, posts, span of time, expansions with counts."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from ayrframe._expansions import expand as _expand
from ayrframe._frame.platform_rows import platform_mask, platforms_in
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._platforms.columns import CREATED


def _facts(posts: pd.DataFrame) -> list[tuple[str, str]]:
    platforms = [f"{platform.title} ({platform_mask(platform, posts).sum():,})" for platform in platforms_in(posts)]
    overview = _expand.list_expansions(posts)
    expansions = [f"{name} ({count:,})" for name, count in zip(overview["name"], overview["posts"], strict=True)]
    return [
        ("Posts", f"{len(posts):,}"),
        ("Platforms", ", ".join(platforms) or "none"),
        ("Created", _span(posts)),
        ("Expansions (posts that have them)", ", ".join(expansions) or "none"),
    ]


def _span(posts: pd.DataFrame) -> str:
    if CREATED.name not in posts.columns:
        return "not known"
    first, last = pc.min_max(to_arrow(posts, CREATED, np.arange(len(posts)))).as_py().values()
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d} (UTC)" if first else "not known"


def card_text(posts: pd.DataFrame) -> str:
    """Return the card as plain text."""
    return "\n".join(f"{name}: {value}" for name, value in _facts(posts))


def card_html(posts: pd.DataFrame) -> str:
    """Return the card as HTML; whatever comes from data is escaped."""
    rows = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th><td style="text-align:left">{escape(value)}</td></tr>'
        for name, value in _facts(posts)
    )
    return f"<table>{rows}</table>"
