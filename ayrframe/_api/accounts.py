"""Load the accounts of several platforms and profiles at the same time."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from threading import Event
from typing import Literal

import pandas as pd

from ayrframe._api.account import fetch_account
from ayrframe._api.client import Client, client_problem
from ayrframe._api.fetch import FetchResult
from ayrframe._api.load import check_load_options, fetch_results, make_context
from ayrframe._api.plan import parse_profile_keys, plan_accounts
from ayrframe._api.secrets import Secret
from ayrframe._archive.archive import Archive
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._platforms import ALL_PLATFORMS, as_names, in_registry_order
from ayrframe.errors import LoadErrors, NotLinkedError, warn_user


def accounts(
    platform: str | Sequence[str] = ALL_PLATFORMS,
    *,
    profile_key: str | Mapping[str, str | Secret] | None = None,
    archive: Archive | str | os.PathLike[str] | None = None,
    client: Client | None = None,
    errors: Literal["warn", "raise"] = "warn",
    quarters: int | None = None,
    daily: bool | None = None,
    period_60_days: bool | None = None,
    youtube_lifetime: bool | None = None,
    user_id: str | None = None,
    user_name: str | None = None,
    refresh: bool = False,
    offline: bool = False,
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Load the numbers of accounts, such as their followers, from the live API, a sandbox, or an archive.

    Each platform and profile takes one request, `POST /analytics/social`. Several are requested at the same time.

    Parameters
    ----------
    platform : str or list of str, default "all"
        One platform, several, or `"all"`; with `"all"`, platforms that are not linked are skipped with a warning.
    profile_key, archive, client, errors, refresh, offline, validate
        As in `ayr.load()`. The archive stores each response, and is used until the API has newer numbers.
    quarters : {1, 2, 3, 4}, optional
        Number of quarters to report. Needed for demographics; on Facebook, it makes sums much smaller.
    daily : bool, optional
        Facebook, Instagram, Snapchat, TikTok and YouTube: also report numbers by day, which are in `extra`.
    period_60_days : bool, optional
        TikTok: report the last 60 days. Cannot be combined with `quarters` or `daily`.
    youtube_lifetime : bool, optional
        YouTube: also report the lifetime likes of the channel.
    user_id, user_name : str, optional
        X: load another account. Works with the API key only, not with `profile_key`.

    Returns
    -------
    pandas.DataFrame
        Accounts frame with one row per platform and profile: `platform`, `profile` (str), `as_of` (datetime64, UTC),
        `followers`, `following`, `posts` (Int64, NA if the platform does not say them), the columns of the platforms,
        and `extra` (str). Its methods are in `accounts.ayr`.

    Raises
    ------
    ConfigError, AuthError, NotLinkedError, RateLimitError, RequestError, ServerError, TransportError, ResponseError
        If the load fails.
    LoadErrors
        If several accounts were requested and all failed, or one failed with `errors="raise"`; those that arrived are
        in `.frame`.
    SchemaError
        With `validate="raise"`, if a value is invalid.
    TypeError, ValueError
        Before any request, if an argument is invalid or applies to none of the platforms.

    Warns
    -----
    DataWarning
        If accounts are skipped, if Ayrshare warns about the numbers, if numbers are from the archive because the API
        was not available, or if a value is invalid.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     accounts = ayr.accounts(["bluesky", "tiktok"], client=api.client())
    >>> accounts[["platform", "followers"]].values.tolist()
    [['bluesky', 12448], ['tiktok', 12120]]
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
        "quarters": quarters,
        "daily": daily,
        "period_60_days": period_60_days,
        "youtube_lifetime": youtube_lifetime,
        "user_id": user_id,
        "user_name": user_name,
    }
    targets = plan_accounts(platform, profiles=profiles, parameters=parameters)
    stop_event = Event()
    context = make_context(client, archive, stop_event, refresh=refresh, offline=offline)
    results = [FetchResult(target) for target in targets]
    try:
        fetch_results(results, partial(fetch_account, context=context), context.is_stopped)
    except KeyboardInterrupt:
        stop_event.set()
        raise
    is_all_platforms = as_names(platform) == [ALL_PLATFORMS]
    return _build_result(results, errors=errors, validate=validate, is_all_platforms=is_all_platforms)


def _build_result(
    results: Sequence[FetchResult], *, errors: Literal["warn", "raise"], validate: Severity, is_all_platforms: bool
) -> pd.DataFrame:
    """Return the validated accounts frame with all warnings, or raise the error of the load."""
    failed = [(result.target.name, result.error) for result in results if result.error is not None]
    if len(results) == 1 and failed:
        raise failed[0][1]
    not_linked = [name for name, error in failed if is_all_platforms and isinstance(error, NotLinkedError)]
    serious = [error for name, error in failed if name not in not_linked]
    loaded = [result for result in results if result.error is None]
    platforms = [platform.of_accounts for platform in in_registry_order(result.target.platform for result in loaded)]
    frame = to_frame(concat_tables([table for result in loaded for table in result.tables], platforms))
    if not loaded or (serious and errors == "raise"):
        group_errors = serious or [error for _, error in failed]
        group = LoadErrors(f"{len(group_errors)} of {len(results)} loads failed.", group_errors)
        group.frame = frame if loaded else None
        raise group
    warnings = [warning for result in results for warning in result.warnings]
    if not_linked:
        warnings.append(f"Skipped platforms that are not linked to the profile: {', '.join(not_linked)}.")
    for warning in dict.fromkeys([*warnings, *map(str, serious)]):
        warn_user(warning)
    return validate_frame(frame, validate, platforms)
