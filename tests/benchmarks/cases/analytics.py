"""Measure post analytics: decoding and merging history and analytics against decoding both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from tests.benchmarks.measure import Line, Plan, measure_pairs, ratio, sum_timings
from tests.benchmarks.pages import AS_OF, Page, make_analytics, make_page

_POSTS = 1_000


def merge_analytics(plan: Plan) -> Iterator[Line]:
    """Yield history and analytics of 1,000 posts of each platform, decoded and merged."""
    parts = []
    for name in PLATFORMS:
        pages = make_page(name, _POSTS), make_analytics(name, _POSTS)
        assert _merged(*pages)["analytics_as_of"].notna().all()
        parts.append(measure_pairs(partial(_merged, *pages), partial(_decoded, *pages), plan.rounds))
        if plan.peers:
            yield Line(f"history and analytics of {_POSTS:,} posts, merged, {name}", "decoding both", ratio(parts[-1]))
    what = f"history and analytics of {_POSTS:,} posts, merged, all ten"
    yield Line(what, "decoding both", ratio(sum_timings(parts)), plan.targets.get("analytics"))


def _decoded(history: Page, analytics: Page) -> tuple[pd.DataFrame, Any]:
    return history.frame(None), ayr.read_json(analytics.body, as_of=AS_OF, validate=None)


def _merged(history: Page, analytics: Page) -> pd.DataFrame:
    posts, read = _decoded(history, analytics)
    return posts.ayr.enrich(read)
