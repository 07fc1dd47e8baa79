"""Combine the results of a load into one posts frame, warnings and errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from ayrframe._api.fetch import FetchResult
from ayrframe._api.plan import LoadPlan
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._platforms import in_registry_order
from ayrframe._platforms.columns import CREATED, PLATFORM, PROFILE
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, LoadErrors, NotLinkedError, warn_user


def build_result(
    plan: LoadPlan, results: list[FetchResult], *, validate: Severity, errors: Literal["warn", "raise"]
) -> pd.DataFrame:
    """Return the frame, or raise; warn of everything that is not as it was asked."""
    failed = [result for result in results if result.error is not None]
    not_linked = [result for result in failed if plan.is_all_platforms and isinstance(result.error, NotLinkedError)]
    failed_results = [result for result in failed if result not in not_linked]
    all_failed = len(failed) == len(results)
    loaded = [result for result in results if result not in not_linked]
    for result in failed_results:
        if result.error is not None and result.tables:
            result.error.frame = combine_results(plan, [result])[0]
    if not loaded:
        raise _combine_errors(not_linked, None, many=len(results) > 1)
    posts, limit_warnings = combine_results(plan, loaded)
    if failed_results and (all_failed or errors == "raise"):
        raise _combine_errors(failed_results, posts, many=len(results) > 1)
    warnings = [warning for result in results for warning in result.warnings] + limit_warnings
    if not_linked:
        names = ", ".join(result.target.name for result in not_linked)
        warnings.append(f"Not linked to the profile and left out: {names}.")
    for result in failed_results:
        row_count = sum(map(len, result.tables))
        whose = f"Profile {result.target.label!r}: " if result.target.label else ""
        warnings.append(f"{whose}{result.error} ({row_count} of its posts had come and are there.)")
    for warning in dict.fromkeys(warnings):
        warn_user(warning)
    return validate_frame(posts, validate, _platforms(results, but=not_linked))


def _combine_errors(failed: list[FetchResult], posts: pd.DataFrame | None, *, many: bool) -> AyrframeError:
    """Return the error of one load, or all of several, with the posts that had come."""
    errors = [result.error for result in failed if result.error is not None]
    if not many:
        return errors[0]
    group = LoadErrors(f"{len(errors)} load(s) failed.", errors)
    group.frame = posts if posts is not None and len(posts) else None
    return group


def _platforms(results: Sequence[FetchResult], *, but: Sequence[FetchResult] = ()) -> list[Platform]:
    return in_registry_order(result.target.platform for result in results if result not in but)


def combine_results(plan: LoadPlan, results: Sequence[FetchResult]) -> tuple[pd.DataFrame, list[str]]:
    """Return all posts, each once, in the period and up to the limit, and what to say of those that were cut off."""
    platforms = _platforms(results)
    tables = [table for result in results for table in result.tables]
    posts = latest_observations(to_frame(concat_tables(tables, platforms)))
    posts = posts[plan.window.contains(posts[CREATED.name])]
    chosen = []
    warnings = []
    for result in results:
        target = result.target
        target_posts = posts[posts[PLATFORM.name].eq(target.platform.name) & posts[PROFILE.name].eq(target.label)]
        within_limit = target_posts if plan.limit is None else _newest_posts(target_posts, plan.limit)
        if result.has_more or len(within_limit) < len(target_posts):
            advice = (
                "limit=None gives all there are" if plan.limit is not None else "the API gives no way to ask for more"
            )
            warnings.append(f"{target.name}: {len(within_limit)} posts, and there may be more; {advice}.")
        chosen.append(within_limit.index)
    rows = [row for index in chosen for row in index]
    return posts.loc[rows].reset_index(drop=True), warnings


def _newest_posts(posts: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Return so many of the posts, the newest, in the order they have; what has no time counts as old."""
    if len(posts) <= limit:
        return posts
    ranked = posts[CREATED.name].sort_values(ascending=False, kind="stable", na_position="last")
    return posts.loc[posts.index.isin(ranked.index[:limit])]
