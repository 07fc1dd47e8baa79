"""Check an archive, a dataset, a posts frame or the live API for what a schedule should report."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from datetime import UTC, timedelta

import pandas as pd

from ayrframe._api.client import Client
from ayrframe._api.load import load
from ayrframe._api.models import Clock
from ayrframe._archive.archive import Archive
from ayrframe._archive.parquet.layout import COLUMNS_FILE
from ayrframe._archive.parquet.read import read_parquet
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.drift import NEVER_SEEN, drift
from ayrframe._frame.key import check_frame, post_keys
from ayrframe._frame.times import TimeLike, parse_time_argument
from ayrframe._frame.to_arrow import add_missing_columns, restore_column
from ayrframe._metrics.alerts import Finding, iter_account_findings, iter_accounts, last_readings
from ayrframe._metrics.columns import own_columns
from ayrframe._metrics.frames import is_metrics_frame
from ayrframe._metrics.periods import parse_duration
from ayrframe._platforms import ALL_PLATFORMS, PLATFORMS, PlatformNames, as_names, find_platforms
from ayrframe._platforms.columns import CREATED, LISTED_FROM, PLATFORM, PROFILE, READ_AT
from ayrframe.errors import AyrframeError, LoadErrors, NotLinkedError, describe_table

CheckSource = pd.DataFrame | Archive | str | os.PathLike[str] | None

DRIFT, NOT_LINKED, NOT_LOADED = "drift", "not linked", "not loaded"
NOT_READ, NOT_EXTENDED = "no longer read", "not extended"

_FINDING_DTYPES = {
    **dict.fromkeys(("platform", "profile", "finding"), "str"),
    "since": "datetime64[us, UTC]",
    "detail": "str",
}


def check(
    source: CheckSource = None,
    *,
    platform: PlatformNames = None,
    profile: PlatformNames = None,
    since: TimeLike | None = None,
    max_age: str | timedelta = "26h",
    now: TimeLike | None = None,
    client: Client | None = None,
) -> pd.DataFrame:
    """Find what needs attention: accounts that stopped posting, numbers that stopped moving, drift, missing readings.

    `ayrframe check` does the same on the command line. The findings are:

    stopped posting
        The account has been silent for more than twice the interval that nine in ten of its intervals between days with
        own posts do not exceed (of its last 30 days with posts; at least five are needed).
    numbers stopped moving
        No number of any post of at most seven days has changed in at least three readings over a day or more, or the
        numbers are more than two days older than the last reading. Posts without any number above 0 do not count.
    drift
        Posts that were read last have undeclared fields, invalid values or new values, as `posts.ayr.drift()`
        lists them.
    no longer read
        An account was not read within `max_age`, but others were: it may no longer be linked. Also a platform in
        `platform` of which the source has no posts or pages.
    not extended
        Nothing was read within `max_age`: the schedule may not run.
    not linked, not loaded
        Of a live check: a platform could not be loaded, and why.

    Parameters
    ----------
    source : Archive, path or DataFrame, optional
        Archive, path of an archive or a dataset, or posts frame, with several observations per post if possible.
        Default: the 100 latest posts of each platform are loaded from the API, and nothing is stored.
    platform, profile : str or list of str, optional
        Check only these platforms and profiles. Default: all.
    since : date, str or similar, optional
        Leave out posts published before, and accounts that were not read since. Default: all.
    max_age : str or timedelta, default "26h"
        Longest time between readings, as a pandas duration: a day and two hours for a daily schedule.
    now : datetime, str or similar, optional
        Time to compare readings with. Default: now.
    client : Client, optional
        API client of a live check. Default: `Client()` with keys from environment variables.

    Returns
    -------
    pandas.DataFrame
        One row per finding, none if all is well: `platform`, `profile` (str, NA where the finding is of the whole
        source or of all profiles); `finding` (str, as above); `since` (datetime64[us, UTC], time of the newest post, of
        the last change or reading, NaT for drift and live loads); and `detail` (str).

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    TypeError, ValueError
        If an argument is invalid, or the source has no such profile.
    AyrframeError
        If a live check cannot load anything, except because platforms are not linked.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     posts = ayr.load("bluesky", client=api.client(), archive=folder, limit=None)
    >>> ayr.check(folder, now="2026-02-27T07:00Z").empty
    True
    >>> ayr.check(folder, now="2026-03-05")[["finding", "detail"]].values.tolist()
    [['not extended', 'last reading 2026-02-27 06:30 (UTC), 5.7 days ago']]
    """
    oldest = None if since is None else parse_time_argument(since, "since", UTC).first
    age = pd.Timedelta(parse_duration(max_age))
    clock = Clock() if client is None else client.clock
    time = pd.Timestamp(clock.wall() if now is None else parse_time_argument(now, "now", UTC).first)
    names = None if platform in (None, ALL_PLATFORMS) else [found.name for found in find_platforms(platform or ())]
    labels = None if profile is None else as_names(profile, "profile")
    findings: list[Finding] = []
    if source is None:
        posts, findings = _load_live(names, since, client)
        readings = _readings_of(posts)
    else:
        posts, readings = _read_source(source, names, labels)
    if labels is not None:
        posts, readings = (each[each[PROFILE.name].isin(labels)] for each in (posts, readings))
    if oldest is not None:
        posts = posts[~(posts[CREATED.name] < oldest) & (last_readings(posts) >= oldest)]
        readings = readings[readings["read"] >= oldest]
    posts = posts.reset_index(drop=True)
    if source is not None:
        findings = [*_missing_readings(readings, names or [], time, age)]
    findings += [*iter_account_findings(posts, readings), *_drift_findings(posts, age)]
    return pd.DataFrame(findings, columns=list(_FINDING_DTYPES)).astype(_FINDING_DTYPES)


def _load_live(
    names: list[str] | None, since: TimeLike | None, client: Client | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the latest posts of platforms, and findings of those that could not be loaded."""
    with warnings.catch_warnings():
        # The checks are about the latest posts, and read invalid values from the frame.
        warnings.filterwarnings("ignore", message=".*there may be more")
        try:
            posts = load(
                names or ALL_PLATFORMS,
                limit=100,
                since=since,
                client=client,
                validate=None,
                errors="raise",
                progress=False,
            )
        except (LoadErrors, NotLinkedError) as error:
            failed = error.exceptions if isinstance(error, LoadErrors) else (error,)
            posts = error.frame if error.frame is not None else add_missing_columns(pd.DataFrame())
        else:
            return posts, []
    findings = []
    for each in failed:
        is_unlinked = isinstance(each, NotLinkedError)
        if not is_unlinked and posts.empty:
            raise each
        name = each.platform if isinstance(each, AyrframeError) else None
        findings.append(Finding(name, None, NOT_LINKED if is_unlinked else NOT_LOADED, None, str(each)))
    return posts, findings


def _read_source(
    source: pd.DataFrame | Archive | str | os.PathLike[str], names: list[str] | None, labels: list[str] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every observation, and the readings of each account: `platform`, `profile`, `read`."""
    if isinstance(source, str | os.PathLike) and not os.path.isfile(os.path.join(source, COLUMNS_FILE)):
        source = Archive(source)
    if isinstance(source, Archive):
        pages = source.pages().rename(columns={"received": "read"})
        wanted = pages[PLATFORM.name].isin(list(PLATFORMS) if names is None else names)
        return source.posts(names, labels, validate=None), pages[wanted]
    if isinstance(source, str | os.PathLike):
        posts = read_parquet(source, platform=names, profile=labels, validate=None)
    else:
        posts = _checked_frame(source)
        posts = posts if names is None else posts[posts[PLATFORM.name].isin(names)]
    return posts, _readings_of(posts)


def _checked_frame(frame: object) -> pd.DataFrame:
    """Return a posts frame with the dtypes of one, also if it was saved as CSV; raise a TypeError for other objects."""
    if not isinstance(frame, pd.DataFrame) or not {READ_AT.name, LISTED_FROM.name} <= {*frame.columns}:
        found = describe_table(frame)
    elif is_metrics_frame(frame):
        found = "a metrics frame."
    else:
        posts = check_frame(frame).reset_index(drop=True)
        times = {column.name: restore_column(posts, column) for column in (CREATED, READ_AT, LISTED_FROM)}
        return posts.drop(columns=own_columns(posts)).assign(**post_keys(posts), **times)
    expected = "an ayr.Archive, the path of an archive or dataset, or a posts frame"
    raise TypeError(f"`source` must be {expected}, got {found}")


def _readings_of(posts: pd.DataFrame) -> pd.DataFrame:
    return posts[[PLATFORM.name, PROFILE.name]].assign(read=last_readings(posts))


def _missing_readings(
    readings: pd.DataFrame, names: list[str], now: pd.Timestamp, max_age: pd.Timedelta
) -> Iterator[Finding]:
    """Yield a finding if nothing was read of late, or for each account that was not while others were."""
    last = {account: rows["read"].max() for account, rows in iter_accounts(readings)}
    if not last:
        yield Finding(None, None, NOT_EXTENDED, None, "it has no readings")
        return
    for name in names:
        if name not in {platform for platform, _ in last}:
            yield Finding(name, None, NOT_READ, None, "it was never read; it may not be linked")
    newest = max(last.values())
    if now - newest > max_age:
        yield Finding(None, None, NOT_EXTENDED, newest, _describe_reading(newest, now))
        return
    for (platform, profile), time in last.items():
        if now - time > max_age:
            text = f"{_describe_reading(time, now)}, unlike other accounts; it may no longer be linked"
            yield Finding(platform, profile, NOT_READ, time, text)


def _describe_reading(time: pd.Timestamp, now: pd.Timestamp) -> str:
    return f"last reading {time:%Y-%m-%d %H:%M} (UTC), {(now - time) / pd.Timedelta(days=1):.1f} days ago"


def _drift_findings(posts: pd.DataFrame, max_age: pd.Timedelta) -> Iterator[Finding]:
    """Yield the drift of the posts in the last readings of each account."""
    read = last_readings(posts)
    last = read.groupby([posts[name] for name in (PLATFORM.name, PROFILE.name)]).transform("max")
    current = latest_observations(posts[last - read <= max_age].reset_index(drop=True))
    for platform, path, finding, count, example in drift(current).to_numpy():
        if finding != NEVER_SEEN:
            text = f"{finding} {path} in {count:,} post{'' if count == 1 else 's'}, e.g. {example}"
            yield Finding(platform, None, DRIFT, None, text)
