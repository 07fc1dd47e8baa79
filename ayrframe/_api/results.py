"""Combine the results of a load into one posts frame, warnings and errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import pandas as pd
import pyarrow as pa

from ayrframe._api.fetch import FetchResult
from ayrframe._api.plan import LoadPlan
from ayrframe._decode.posts import listed_from, oldest_created
from ayrframe._frame.deduplicate import is_error_record, latest_observations
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.post_analytics import add_readings
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._platforms import in_registry_order
from ayrframe._platforms.columns import ANALYTICS_ERROR, COMMON, CREATED, ID, LISTED_FROM, PLATFORM, PROFILE
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, LoadErrors, NotLinkedError, warn_user


def build_result(
    plan: LoadPlan, results: list[FetchResult], *, validate: Severity, errors: Literal["warn", "raise"]
) -> pd.DataFrame:
    """Return the validated posts frame with all warnings, or raise the error of the load."""
    failed = [result for result in results if result.error is not None]
    not_linked = [result for result in failed if plan.is_all_platforms and isinstance(result.error, NotLinkedError)]
    serious = [result for result in failed if result not in not_linked]
    available = [result for result in results if result not in not_linked]
    if not available:
        raise _combine_errors(plan, not_linked, len(results), None)
    posts, warnings = combine_results(plan, available)
    if serious and (errors == "raise" or len(failed) == len(results)):
        raise _combine_errors(plan, serious, len(results), posts)
    warnings = [warning for result in results for warning in result.warnings] + warnings
    if not_linked:
        names = ", ".join(result.target.name for result in not_linked)
        warnings.append(f"Skipped platforms that are not linked to the profile: {names}.")
    for result in serious:
        count = len(combine_results(plan, [result])[0])
        arrived = f" {_count_posts(count)} had arrived and are in the frame." if count else ""
        warnings.append(f"{result.error}{arrived}")
    for warning in dict.fromkeys(warnings):
        warn_user(warning)
    return validate_frame(posts, validate, _platforms_of(available))


def combine_results(plan: LoadPlan, results: Sequence[FetchResult]) -> tuple[pd.DataFrame, list[str]]:
    """Return the posts within period and limit, without duplicates, and warnings where there may be more."""
    tables = [table for result in results for table in result.tables]
    posts = _posts_in_period(plan, concat_tables(tables, _platforms_of(results)))
    keys = posts[[PLATFORM.name, PROFILE.name, CREATED.name]]  # Frames of ten platforms have hundreds of columns.
    rows: list[int] = []
    starts: list[datetime | None] = []
    warnings = []
    for result in results:
        target = result.target
        loaded = keys[keys[PLATFORM.name].eq(target.platform.name) & keys[PROFILE.name].eq(result.label)]
        within_limit = _latest_posts(loaded, plan.limit)
        rows += within_limit.index.tolist()
        is_cut = len(within_limit) < len(loaded)
        oldest = within_limit[CREATED.name].min() if is_cut else _listed_from(result, plan.window.since)
        starts += [oldest] * len(within_limit)
        if result.has_more or is_cut:
            loaded_posts = f"loaded {_count_posts(len(within_limit))}"
            warnings.append(f"{target.name}: {loaded_posts}; there may be more ({_how_to_load_more(plan, result)}).")
    if rows != list(range(len(posts))):  # Selecting rows takes a seventh of the time of this function.
        posts = posts.loc[rows].reset_index(drop=True)
    posts[LISTED_FROM.name] = pd.Series(starts, dtype=posts[LISTED_FROM.name].dtype)
    readings = [result.analytics for result in results if result.analytics is not None]
    if readings:
        posts = add_readings(posts, readings)
        warnings += _missing_analytics(posts, results)
    return posts, warnings


def kept_ids(plan: LoadPlan, result: FetchResult) -> list[str]:
    """Return the ids of the posts of a target that a load keeps, latest first."""
    tables = [table.select(COMMON) for table in result.tables]
    if not tables:
        return []
    posts = _posts_in_period(plan, pa.concat_tables(tables))
    kept = _latest_posts(posts[~is_error_record(posts)], plan.limit)
    ids: list[str] = kept[ID.name].dropna().unique().tolist()
    return ids


def _posts_in_period(plan: LoadPlan, table: pa.Table) -> pd.DataFrame:
    posts = latest_observations(to_frame(table))
    return posts[plan.window.contains(posts[CREATED.name])]


def _missing_analytics(posts: pd.DataFrame, results: Sequence[FetchResult]) -> list[str]:
    """Return a warning that counts the posts without post analytics by reason, or none."""
    parts, problems, total = [], [], 0
    for result in results:
        is_of_target = posts[PLATFORM.name].eq(result.target.platform.name) & posts[PROFILE.name].eq(result.label)
        counts = Counter(posts.loc[is_of_target, ANALYTICS_ERROR.name].dropna())
        total += counts.total()
        reasons = [f"{count:,} ({_describe_reason(reason)})" for reason, count in counts.most_common()]
        parts += [f"{result.target.name} {', '.join(reasons)}"] if reasons else []
        problems += result.analytics.problems[:1] if result.analytics is not None else []
    if not parts:
        return []
    warning = f"No post analytics for {_count_posts(total)}, which keep the numbers of the history: {'; '.join(parts)}."
    return [" ".join([warning, *problems])]


def _describe_reason(reason: str) -> str:
    return f"code {reason}" if reason.isdecimal() else reason


def _listed_from(result: FetchResult, since: datetime | None) -> datetime | None:
    times = [time for time in map(oldest_created, result.tables) if time is not None]
    return listed_from(min(times, default=None), since, reached_end=result.reached_end)


def _how_to_load_more(plan: LoadPlan, result: FetchResult) -> str:
    if plan.limit is None:
        return "the API provides no more pages"
    return "`limit=None` loads all, from the API only" if result.is_archived else "pass `limit=None` to load all"


def _combine_errors(plan: LoadPlan, failed: list[FetchResult], total: int, posts: pd.DataFrame | None) -> AyrframeError:
    """Return the error of the only load, or a group with the errors and the posts of several loads."""
    errors = []
    for result in failed:
        if result.error is not None:
            errors.append(result.error)
            if result.tables:
                _attach_posts(result.error, combine_results(plan, [result])[0])
    if total == 1:
        return errors[0]
    group = LoadErrors(f"{len(errors)} of {total} loads failed.", errors)
    group.frame = posts if posts is not None and len(posts) else None
    return group


def _attach_posts(error: AyrframeError, posts: pd.DataFrame) -> None:
    """Store the posts that had arrived in `.frame`, and append their number to the message if there are any."""
    error.frame = posts
    if len(posts):
        resume = ", resume with `.cursor`" if error.cursor else ""
        error.args = (f"{error} {_count_posts(len(posts))} had arrived: see `.frame`{resume}.",)


def _platforms_of(results: Sequence[FetchResult]) -> list[Platform]:
    return in_registry_order(result.target.platform for result in results)


def _latest_posts(posts: pd.DataFrame, limit: int | None) -> pd.DataFrame:
    """Return the latest posts up to the limit, in their order; posts without a time count as the oldest."""
    if limit is None or len(posts) <= limit:
        return posts
    ranked = posts[CREATED.name].sort_values(ascending=False, kind="stable", na_position="last")
    return posts.loc[posts.index.isin(ranked.index[:limit])]


def _count_posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count:,} posts"
