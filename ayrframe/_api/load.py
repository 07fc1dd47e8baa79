"""Load posts of several platforms and profiles at the same time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from types import EllipsisType
from typing import Literal

import pandas as pd

from ayrframe._api.analytics import fetch_analytics
from ayrframe._api.client import Client, client_problem, has_api_key
from ayrframe._api.fetch import FetchContext, FetchResult, fetch_target
from ayrframe._api.models import Clock
from ayrframe._api.plan import LoadPlan, parse_profile_keys, plan_load
from ayrframe._api.request import RetryBudget
from ayrframe._api.results import build_result, combine_results
from ayrframe._api.secrets import Secret
from ayrframe._archive.archive import Archive
from ayrframe._archive.page_file import new_load_id
from ayrframe._frame.progress import Progress
from ayrframe._frame.schema import Severity, check_severity
from ayrframe._frame.times import TimeLike, TimeZone
from ayrframe.errors import ConfigError, check_option

_MAX_THREADS = 10  # All platforms of a profile at the same time.
_JOIN_SECONDS = 0.2  # How often a waiting load checks for Ctrl-C on systems where signals do not end a wait.


def load(
    platform: str | Sequence[str],
    *,
    limit: int | EllipsisType | None = ...,
    since: TimeLike | None = None,
    until: TimeLike | None = None,
    tz: TimeZone = "UTC",
    analytics: bool = False,
    data_type: str | None = None,
    page_published: bool | None = None,
    skip_analytics: bool | None = None,
    user_id: str | None = None,
    user_name: str | None = None,
    profile_key: str | Mapping[str, str | Secret] | None = None,
    cursor: str | None = None,
    archive: Archive | str | os.PathLike[str] | None = None,
    refresh: bool = False,
    offline: bool = False,
    validate: Severity = "warn",
    errors: Literal["warn", "raise"] = "warn",
    progress: bool | None = None,
    client: Client | None = None,
) -> pd.DataFrame:
    """Load posts from the live API, a sandbox, or an archive.

    Parameters
    ----------
    platform : str or list of str
        One platform, several, or `"all"`. Several are loaded at the same time; rows are in the given order.
    limit : int or None, optional
        Maximum number of posts per platform and profile, over as many pages as needed; None for all posts. Default:
        100, or None if `since` is given. The period selects first; then the latest posts up to `limit` are kept.
    since, until : str, date or datetime, optional
        Period, including both ends. A date is the whole day in the time zone `tz`; a time is that moment.
    tz : str or tzinfo, default "UTC"
        Time zone of dates, and of times without a time zone. The times of the posts stay in UTC.
    analytics : bool, default False
        Whether to request post analytics of the loaded posts as well: the metrics of YouTube, Pinterest, Threads and
        Snapchat, and further ones of the others. This takes one more request per 100 posts, platform and profile. The
        numbers replace those of the history, and `as_of` is when Ayrshare read them. Posts whose analytics are missing
        keep the numbers of the history, and `analytics_error` says why: the error code of Ayrshare, or `absent`.
    data_type : {"posts", "stories"}, optional
        Facebook and Instagram: load only posts or only stories.
    page_published : bool, optional
        Facebook: whether to load only posts that the page itself published, which is the default, because the numbers
        of visitors' posts are not those of the page. False loads the whole feed.
    skip_analytics : bool, optional
        Facebook and Instagram: load only the ids of the posts, which is faster.
    user_id, user_name : str, optional
        X: load another account. Works with the API key only, not with `profile_key`.
    profile_key : str or dict, optional
        Profile-Key of the profile to load, or `{label: key}` for several profiles in one frame. The labels are in
        the column `profile`.
    cursor : str, optional
        Cursor from which to resume, the `.cursor` of an error. Works with exactly one platform and one profile.
    archive : Archive or path, optional
        Archive, or its folder, that stores each page before the next is requested, and is used until the API
        has newer numbers.
    refresh : bool, default False
        Request from the API even if the archive has current pages.
    offline : bool, default False
        Use only the archive, with the rows of the last complete load with the same parameters. Needs no key.
    validate : {"warn", "raise", None}, default "warn"
        Whether invalid values cause a warning, an error, or nothing. See `ayr.schema()` for the checks.
    errors : {"warn", "raise"}, default "warn"
        What happens if some of several loads fail: a warning and the posts of the others, or a `LoadErrors`. If all
        fail, or only one was requested, the error is raised.
    progress : bool, optional
        Whether to show a progress bar. Default: in notebooks and terminals, from the second request on.
    client : Client, optional
        API client to use. Default: `Client()` with keys from environment variables.

    Returns
    -------
    pandas.DataFrame
        Posts frame with one row per post; of duplicates, the latest is kept. Without posts, a frame without rows.

    Raises
    ------
    ConfigError, AuthError, NotLinkedError, RateLimitError, RequestError, ServerError, TransportError, ResponseError
        If the load fails. The posts that had arrived are in `.frame`, the cursor from which to resume in `.cursor`.
    LoadErrors
        If several loads were requested and all failed, or one failed with `errors="raise"`.
    SchemaError
        With `validate="raise"`, if a value is invalid.
    TypeError, ValueError
        Before any request, if an argument is invalid or applies to none of the platforms.

    Warns
    -----
    DataWarning
        If there may be more posts, if posts are from the archive because the API was not available, if some of
        several loads failed, if post analytics are missing, or if a value is invalid.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     posts = ayr.load("tiktok", limit=None, client=api.client())
    >>> len(posts)
    155
    """
    profiles, problem = parse_profile_keys(profile_key)
    profile_key = None  # Some tracebacks print local variables.
    if problem:
        raise problem
    if type_problem := client_problem(client):
        client = None
        raise TypeError(type_problem)
    archive = check_load_options(archive, offline=offline, validate=validate, errors=errors)
    parameters = {
        "data_type": data_type,
        "page_published": page_published,
        "skip_analytics": skip_analytics,
        "user_id": user_id,
        "user_name": user_name,
    }
    plan = plan_load(
        platform,
        limit=limit,
        since=since,
        until=until,
        tz=tz,
        profiles=profiles,
        cursor=cursor,
        parameters=parameters,
        analytics=analytics,
    )
    progress_bar = Progress(progress)
    stop_event = Event()
    context = make_context(client, archive, stop_event, refresh=refresh, offline=offline, progress_bar=progress_bar)
    try:
        results = _fetch_all(plan, context, stop_event)
    finally:
        progress_bar.close()
    return build_result(plan, results, validate=validate, errors=errors)


def make_context(
    client: Client | None,
    archive: Archive | None,
    stop_event: Event,
    *,
    refresh: bool,
    offline: bool,
    progress_bar: Progress | None = None,
) -> FetchContext:
    """Return what all targets of one call share; without a client, one with keys from environment variables."""
    resolved_client, no_client_reason = resolve_client(client, archive)
    now = (Clock() if resolved_client is None else resolved_client.clock).wall()
    context = FetchContext(
        client=resolved_client,
        no_client_reason=no_client_reason,
        store=None if archive is None else archive.store,
        load_id=new_load_id(now),
        now=now,
        refresh=refresh,
        offline=offline,
        retry_budget=None if resolved_client is None else RetryBudget(resolved_client.clock, resolved_client.deadline),
        is_stopped=stop_event.is_set,
    )
    if progress_bar is None:
        return context
    return replace(context, advance=progress_bar.advance, notify=progress_bar.notify)


def check_load_options(archive: object, *, offline: bool, validate: Severity, errors: str) -> Archive | None:
    """Return the archive of a load, or raise an error if one of its options is invalid."""
    opened_archive = open_archive(archive)
    check_severity(validate)
    check_option(errors, "errors", ("warn", "raise"))
    if offline:
        if opened_archive is None:
            raise ValueError("`offline=True` needs an archive: pass archive=ayr.Archive(path).")
        opened_archive.store.check_exists()
    return opened_archive


def open_archive(archive: object) -> Archive | None:
    """Return the archive at a path, or the archive itself."""
    if archive is None or isinstance(archive, Archive):
        return archive
    if isinstance(archive, (str, os.PathLike)):
        return Archive(archive)
    raise TypeError(f"`archive` must be an ayr.Archive or the path of its folder, got {type(archive).__name__}.")


def resolve_client(client: Client | None, archive: Archive | None) -> tuple[Client | None, str]:
    """Return the client, or None and the reason. An archive needs no key, but a malformed key is an error."""
    if client is not None:
        return client, ""
    try:
        return Client(), ""
    except ConfigError as error:
        problem = str(error)
    if archive is None or has_api_key():
        raise ConfigError(problem)
    return None, problem


def _fetch_all(plan: LoadPlan, context: FetchContext, stop_event: Event) -> list[FetchResult]:
    """Return the result of each target, in order; an interrupt carries the posts that had arrived in `.frame`."""
    results = [FetchResult(target) for target in plan.targets]
    try:
        fetch_results(results, partial(_fetch_with_analytics, plan=plan, context=context), context.is_stopped)
    except KeyboardInterrupt as interrupt:
        stop_event.set()
        interrupt.frame = combine_results(plan, results)[0]  # type: ignore[attr-defined]
        raise
    return results


def _fetch_with_analytics(result: FetchResult, target_index: int, plan: LoadPlan, context: FetchContext) -> None:
    fetch_target(result, target_index, plan, context)
    if plan.has_analytics and result.error is None:
        fetch_analytics(result, target_index, plan, context)


def fetch_results(
    results: Sequence[FetchResult], fetch: Callable[[FetchResult, int], None], is_stopped: Callable[[], bool]
) -> None:
    """Call `fetch` with each result and its position; several at the same time."""
    if len(results) == 1:
        fetch(results[0], 0)
    else:
        _fetch_in_threads(results, fetch, is_stopped)


def _fetch_in_threads(
    results: Sequence[FetchResult], fetch: Callable[[FetchResult, int], None], is_stopped: Callable[[], bool]
) -> None:
    """Fetch in daemon threads, so that an interrupt does not wait for a stalled server."""
    queue: SimpleQueue[tuple[int, FetchResult]] = SimpleQueue()
    thread_errors: list[BaseException] = []
    for pair in enumerate(results):
        queue.put(pair)

    def work() -> None:
        while not is_stopped():
            try:
                index, result = queue.get_nowait()
            except Empty:
                return
            try:
                fetch(result, index)
            except BaseException as error:  # noqa: BLE001 - raised again in the thread of the caller
                thread_errors.append(error)
                return

    # The context contains the collector of warnings.
    threads = [
        Thread(target=copy_context().run, args=(work,), name="ayrframe", daemon=True)
        for _ in range(min(_MAX_THREADS, len(results)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(_JOIN_SECONDS)
    if thread_errors:
        raise thread_errors[0]
