"""`load`: plan it, get it from everywhere at once, put it together, say what is not as it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Event, Thread
from types import EllipsisType
from typing import Literal

import pandas as pd

from ayrframe._api.client import Client, has_api_key
from ayrframe._api.fetch import FetchContext, FetchResult, fetch_target
from ayrframe._api.models import Clock
from ayrframe._api.pages import RetryBudget
from ayrframe._api.plan import LoadPlan, parse_profile_keys, plan_load
from ayrframe._api.progress import Progress
from ayrframe._api.results import build_result, combine_results
from ayrframe._api.secrets import Secret
from ayrframe._archive.archive import Archive
from ayrframe._archive.page_file import new_load_id
from ayrframe._frame.schema import Severity, check_severity
from ayrframe._metrics.periods import TimeLike
from ayrframe.errors import ConfigError, quote

_MAX_THREADS = 8
_JOIN_SECONDS = (
    0.2  # Seconds after which a waiting load looks whether it was interrupted, where signals cannot wake it.
)


def load(
    platform: str | Sequence[str],
    *,
    limit: int | EllipsisType | None = ...,
    since: TimeLike | None = None,
    until: TimeLike | None = None,
    tz: str = "UTC",
    data_type: str | None = None,
    page_published: bool | None = None,
    skip_analytics: bool | None = None,
    user_id: str | None = None,
    user_name: str | None = None,
    profile_key: str | Mapping[str, str | Secret] | None = None,
    cursor: str | None = None,
    archive: Archive | None = None,
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
        A network, several, or `"all"`. Several load at the same time; the rows come in the order that was asked for.
    limit : int or None, optional
        Posts wanted of each network and profile, over as many pages as it takes; None for all there are. Not given:
        100, or all when `since` is given, so that a period is complete. Dates select first, `limit` cuts last and
        keeps the newest.
    since, until : str, date or datetime, optional
        The period, both ends inclusive: a date is the whole day in `tz`, a time is that moment.
    tz : str, default "UTC"
        The time zone of dates and of times without one. The posts' own times stay UTC.
    data_type : {"posts", "stories"}, optional
        Facebook, Instagram: only these.
    page_published : bool, optional
        Facebook: only the page's own posts, and not those of others in its feed.
    skip_analytics : bool, optional
        Facebook, Instagram: only the posts' ids, faster.
    user_id, user_name : str, optional
        X: another account. Works with the API key alone, not with a `profile_key`.
    profile_key : str or dict, optional
        The profile to act for, or `{label: key}` for several in one frame; `profile` holds the label.
    cursor : str, optional
        Where to go on after an error: its `.cursor`. For one network and one profile.
    archive : Archive, optional
        Keeps each page before the next is asked for, and answers as long as the API would only repeat itself.
    refresh : bool, default False
        Ask the API although the archive has an answer that is still fresh.
    offline : bool, default False
        Answer from the archive alone, with the rows that the same load gave when it was last made; no key is needed.
    validate : {"warn", "raise", None}, default "warn"
        As in :func:`read_json`.
    errors : {"warn", "raise"}, default "warn"
        Of several networks or profiles, whether one that fails is a warning or a `LoadErrors`. The others are there
        either way. If all fail, or only one was asked for, its error is raised.
    progress : bool, optional
        Whether to show a bar; by default in notebooks and terminals, once a second request is needed.
    client : Client, optional
        Who asks; else `Client()` with the keys of the environment.

    Returns
    -------
    pandas.DataFrame
        The posts frame. A post that came twice is one row, the newer copy. An empty history is an empty frame.

    Raises
    ------
    ConfigError, AuthError, NotLinkedError, RateLimitError, RequestError, ServerError, TransportError, ResponseError
        What went wrong; each carries the posts that had arrived in `.frame` and where to go on in `.cursor`.
    LoadErrors
        If several were asked for and all failed, or one with `errors="raise"`.
    ValueError
        Before any request, if a parameter makes no sense or belongs to none of the networks.

    Warns
    -----
    DataWarning
        If the posts are fewer than there may be, come out of the archive, or one of several loads failed.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     posts = ayr.load("tiktok", limit=None, client=api.client())
    >>> len(posts)
    155
    """
    profiles, problem = parse_profile_keys(profile_key)
    profile_key = None  # A traceback that prints variables prints those of this function too.
    if problem:
        raise ConfigError(problem)
    check_severity(validate)
    if errors not in ("warn", "raise"):
        raise ValueError(f"errors has to be 'warn' or 'raise', not {quote(str(errors))}.")
    if offline and archive is None:
        raise ValueError("offline=True answers out of an archive: pass archive=ayr.Archive(path) with it.")
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
    )
    resolved_client, no_client_reason = resolve_client(client, archive)
    clock = Clock() if resolved_client is None else resolved_client.clock
    now = clock.wall()
    progress_bar = Progress(progress)
    stop_event = Event()
    context = FetchContext(
        client=resolved_client,
        no_client_reason=no_client_reason,
        store=None if archive is None else archive.store,
        load_id=new_load_id(now),
        now=now,
        refresh=refresh,
        offline=offline,
        retry_budget=None if resolved_client is None else RetryBudget(resolved_client.clock, resolved_client.deadline),
        advance=progress_bar.advance,
        notify=progress_bar.notify,
        is_stopped=stop_event.is_set,
    )
    try:
        results = _fetch_all(plan, context, stop_event)
    finally:
        progress_bar.close()
        if resolved_client is not None and client is None:
            resolved_client.close()
    return build_result(plan, results, validate=validate, errors=errors)


def resolve_client(client: Client | None, archive: Archive | None) -> tuple[Client | None, str]:
    """Return the client, or why there is none: an archive can do without a key, but not with a malformed one."""
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
    """Return a result for each target, in their order. Ctrl-C ends it at once and leaves with what has come."""
    results: list[FetchResult] = []
    try:
        if len(plan.targets) == 1:
            results.append(FetchResult(plan.targets[0]))
            fetch_target(results[0], 0, plan, context)
        else:
            results += [FetchResult(target) for target in plan.targets]
            _fetch_in_threads(results, plan, context)
    except KeyboardInterrupt as interrupt:
        stop_event.set()
        interrupt.frame = combine_results(plan, results)[0]  # type: ignore[attr-defined]
        raise
    return results


def _fetch_in_threads(results: list[FetchResult], plan: LoadPlan, context: FetchContext) -> None:
    """Fill all results. The threads are daemons: nobody who interrupts a load wants to wait for a stalled server."""
    queue: SimpleQueue[tuple[int, FetchResult]] = SimpleQueue()
    thread_errors: list[BaseException] = []
    for pair in enumerate(results):
        queue.put(pair)

    def work() -> None:
        while not context.is_stopped():
            try:
                index, result = queue.get_nowait()
            except Empty:
                return
            try:
                fetch_target(result, index, plan, context)
            except BaseException as error:  # noqa: BLE001 - raised again below, where the caller is
                thread_errors.append(error)
                return

    # What is odd is heard in a thread as it is where the caller is.
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
