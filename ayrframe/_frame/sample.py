"""Load the synthetic posts that ship with the package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from ayrframe._decode.analytics import decode_analytics, parse_analytics
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._decode.posts import decode_posts
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.post_analytics import AnalyticsReadings, add_readings
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._frame.sources import iter_readers, sample_path
from ayrframe._platforms import find_platforms
from ayrframe._platforms.spec import Platform


def load_sample(
    platform: str | Sequence[str] = "all", *, analytics: bool = False, validate: Severity = "warn"
) -> pd.DataFrame:
    """Load synthetic posts that ship with the package, without an API key or network access.

    Parameters
    ----------
    platform : str or list of str, default "all"
        Platform or platforms to load, or `"all"` for all ten.
    analytics : bool, default False
        Whether the posts have post analytics, as from `load(analytics=True)`.
    validate : {"warn", "raise", None}, default "warn"
        As in `ayr.read_json()`.

    Returns
    -------
    pandas.DataFrame
        Posts frame of an invented brand with about a year of posts on each platform. Every call returns the same posts.

    Raises
    ------
    ValueError
        If a platform is unknown.

    Examples
    --------
    >>> posts = ayr.load_sample("tiktok")
    >>> posts.ayr.impression_sources()["fraction"].between(0, 1).all()
    np.True_
    >>> int(ayr.load_sample("youtube", analytics=True).ayr.metrics()["views"].count())
    154
    """
    platforms = find_platforms(platform)
    tables, readings = [], []
    for sample in platforms:
        (read,) = iter_readers(sample_path(sample))
        (envelope,) = parse_envelopes(read().content, sample.name)
        assert envelope.last_updated is not None  # noqa: S101 - for the type checker
        # Not the time of the installed file, so that every call returns the same posts.
        tables.append(decode_posts(envelope.items, sample, profile="", read_at=envelope.last_updated))
        if analytics:
            readings.append(_read_sample_analytics(sample, envelope.last_updated))
    posts = to_frame(concat_tables(tables, platforms))
    return validate_frame(add_readings(posts, readings) if readings else posts, validate, platforms)


def _read_sample_analytics(platform: Platform, read_at: datetime) -> AnalyticsReadings:
    (read,) = iter_readers(sample_path(platform, "analytics"))
    response = parse_analytics(read().content, platform.name)
    assert response is not None  # noqa: S101 - for the type checker
    table = decode_analytics(response.blocks, platform, profile="", read_at=read_at)
    return AnalyticsReadings(platform, "", [table])
