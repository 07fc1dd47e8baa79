"""Summary card, shown as the repr of `posts.ayr`: posts, observations, platforms, dates, expansions with counts."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from ayrframe._expansions.expand import list_expansions
from ayrframe._frame.deduplicate import POST_ID, latest_observations
from ayrframe._frame.platform_rows import known_platforms_in, platform_mask
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._platforms.columns import CREATED


def card_text(posts: pd.DataFrame) -> str:
    """Return the card as plain text."""
    return "\n".join(f"{name}: {value}" for name, value in _card_rows(posts))


def card_html(posts: pd.DataFrame) -> str:
    """Return the card as an HTML table with escaped values."""
    rows = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th><td style="text-align:left">{escape(value)}</td></tr>'
        for name, value in _card_rows(posts)
    )
    return f"<table>{rows}</table>"


def _card_rows(observations: pd.DataFrame) -> list[tuple[str, str]]:
    posts = latest_observations(observations, POST_ID)
    platforms = [
        f"{platform.title} ({platform_mask(platform, posts).sum():,})" for platform in known_platforms_in(posts)
    ]
    overview = list_expansions(posts)
    expansions = [f"{name} ({count:,})" for name, count in zip(overview["name"], overview["posts"], strict=True)]
    return [
        ("Posts", f"{len(posts):,}"),
        ("Observations", f"{len(observations):,}"),
        ("Platforms", ", ".join(platforms) or "none"),
        ("Created", _date_range(posts)),
        ("Expansions (posts with rows)", ", ".join(expansions) or "none"),
    ]


def _date_range(posts: pd.DataFrame) -> str:
    first, last = pc.min_max(to_arrow(posts, CREATED, np.arange(len(posts)))).as_py().values()
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d} (UTC)" if first else "unknown"
