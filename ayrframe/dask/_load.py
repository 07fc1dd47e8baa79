"""Live loads of many profiles as a dask DataFrame: a task, and a partition, for each."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import Any
from uuid import uuid4

import dask.dataframe as dd

from ayrframe._api.client import Client
from ayrframe._api.load import resolve_client
from ayrframe._api.pickled_client import PickledClient
from ayrframe._api.plan import ParameterValue, parse_profile_keys, plan_load
from ayrframe._api.secrets import Secret
from ayrframe._archive.archive import Archive
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity, check_severity
from ayrframe._metrics.periods import TimeLike
from ayrframe._platforms import as_names, find_platforms, in_registry_order
from ayrframe.dask._graph import from_tasks
from ayrframe.dask._worker import Errors, Job, loaded
from ayrframe.errors import ConfigError, quote

Profiles = Mapping[str, Secret | None]


def load(
    jobs: Mapping[str, str | Sequence[str]],
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
    profile_key: str | Mapping[str, str] | None = None,
    archive: Archive | str | os.PathLike[str] | None = None,
    refresh: bool = False,
    offline: bool = False,
    validate: Severity = "warn",
    errors: Errors = "warn",
    client: Client | None = None,
) -> dd.DataFrame:
    """Load posts of many profiles, each in a task of its own.

    One profile goes to one worker, which loads its networks at the same time and keeps to its rate limit. Nothing is
    asked before the result is computed, and each time it is computed it is asked anew: give an `archive`, which
    answers as long as the API would only repeat itself, or keep the result with `.persist()`. Several verbs of one
    `dask.compute` share what was loaded, and a profile whose worker was lost is loaded again.

    Keys are read where this is called, not where it is computed: they travel to the workers inside the graph, to be
    opened there, and stand in no key of a task, no repr and no log. Whoever can read the traffic of the cluster can
    read them, so let it use TLS.

    Parameters
    ----------
    jobs : mapping of str to str or list of str
        The networks to load, a name, a list or `"all"`, by the label of each profile; `""` is the client's own.
    limit, since, until, tz, data_type, page_published, skip_analytics, user_id, user_name
        As in :func:`ayrframe.load`, for all profiles. A parameter goes to those networks that have it.
    profile_key : str or dict, optional
        `{label: key}` with a key for each label but `""`; more than are loaded do no harm. A text is the key of `""`.
    archive : Archive, str or path, optional
        As in :func:`ayrframe.load`; the folder has to be there, under the same path, for every worker.
    refresh, offline
        As in :func:`ayrframe.load`.
    validate : {"warn", "raise", None}, default "warn"
        As in :func:`ayrframe.load`, profile by profile.
    errors : {"warn", "raise"}, default "warn"
        Whether networks that fail are a warning or an error. With `"warn"` a profile that fails altogether is a
        `DataWarning` too: its partition holds what had come. With `"raise"` one error ends the whole computation, and
        what others loaded is in the archive only.
    client : Client, optional
        Who asks; else `Client()` with the keys of the environment here. If there are none, but an archive, workers
        look for keys of their own and answer out of the archive without.

    Returns
    -------
    dask.dataframe.DataFrame
        The posts frame, a partition for each profile in the order of `jobs`, with the columns of all networks asked
        for. No progress is shown: dask's own dashboard does.

    Raises
    ------
    ConfigError
        If there is no key, none for a label, or one for two of them, whose requests nobody would count together.
    ValueError
        Before any request, if a parameter makes no sense or belongs to none of the networks.
    AuthError, NotLinkedError, RateLimitError, RequestError, ServerError, TransportError, ResponseError, LoadErrors
        When it is computed with `errors="raise"`.

    Warns
    -----
    DataWarning
        As in :func:`ayrframe.load`; a warning of a worker is repeated where the user is.

    Examples
    --------
    >>> with ayr.sandbox(profiles=["bakery", "cafe"]) as api:
    ...     ddf = ayr.dask.load(
    ...         {"bakery": ["tiktok", "x"], "cafe": "tiktok"},
    ...         limit=None,
    ...         profile_key=api.profile_keys,
    ...         client=api.client(),
    ...     )
    ...     posts = ddf.compute(scheduler="sync")
    >>> posts.groupby(["profile", "platform"]).size().tolist()
    [155, 155, 155]
    """
    profiles, problem = parse_profile_keys(profile_key)
    profile_key = None  # A traceback that prints variables prints those of this function too.
    profiles = {"": None, **profiles}
    networks = _networks(jobs)
    problem = problem or _lacking(networks, profiles)
    if problem:
        raise ConfigError(problem)
    check_severity(validate)
    if errors not in ("warn", "raise"):
        raise ValueError(f"errors has to be 'warn' or 'raise', not {quote(str(errors))}.")
    if offline and archive is None:
        raise ValueError("offline=True answers out of an archive: pass archive=ayr.Archive(path) with it.")
    given = {
        "data_type": data_type,
        "page_published": page_published,
        "skip_analytics": skip_analytics,
        "user_id": user_id,
        "user_name": user_name,
    }
    period = {"limit": limit, "since": since, "until": until, "tz": tz}
    own = _planned(networks, profiles, given, period)
    how = {**period, "refresh": refresh, "offline": offline, "validate": validate}
    if not isinstance(archive, Archive | str | os.PathLike | None):
        raise ValueError(f"archive has to be an Archive or the path of one, not {quote(str(archive))}.")  # noqa: TRY004
    kept = Archive(archive) if isinstance(archive, str | os.PathLike) else archive
    who, _ = resolve_client(client, kept)
    _refuse_shared(networks, profiles, who)
    path = None if kept is None else kept.path
    return _of(
        [
            Job(label, names, _sealed(who, profiles[label]), path, errors, {**how, **own[label]})
            for label, names in networks.items()
        ]
    )


def _networks(jobs: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the names of the networks by label, or raise what makes no sense."""
    if not isinstance(jobs, Mapping) or not jobs or not all(isinstance(label, str) for label in jobs):
        raise ValueError('jobs name the networks of each profile by its label, such as {"bakery": ["tiktok", "x"]}.')
    return {label: tuple(as_names(names)) for label, names in jobs.items()}


def _lacking(networks: Mapping[str, Sequence[str]], profiles: Profiles) -> str:
    """Return what to say of a label without a key."""
    for label in networks:
        if label not in profiles:
            return (
                f"There is no profile_key for {quote(label)}: pass profile_key={{label: key}} with a key for each "
                "label. Only the client's own profile needs none, and its label is ''."
            )
    return ""


def _refuse_shared(networks: Mapping[str, Sequence[str]], profiles: Profiles, who: Client | None) -> None:
    """Raise if two labels are one profile: two workers would each keep to a limit that is for both together."""
    seen: dict[Secret | None, str] = {}
    for label in networks:
        key = profiles[label] or (None if who is None else who.profile_key)
        if key in seen:
            raise ConfigError(
                f"{quote(seen[key])} and {quote(label)} have one key. A profile is loaded by one worker, which keeps "
                "to its rate limit: give all its networks to one label."
            )
        seen[key] = label


def _planned(
    networks: Mapping[str, Sequence[str]],
    profiles: Profiles,
    given: Mapping[str, ParameterValue],
    period: Mapping[str, Any],
) -> dict[str, dict[str, ParameterValue]]:
    """Return the parameters that the networks of each label have, or raise what makes no sense before it is asked."""
    everywhere = [platform.name for names in networks.values() for platform in find_platforms(names)]
    plan_load(everywhere, **period, profiles={"": None}, cursor=None, parameters=given)
    own = {}
    for label, names in networks.items():
        theirs = {parameter.name for platform in find_platforms(names) for parameter in platform.parameters}
        own[label] = {name: value for name, value in given.items() if name in theirs}
        plan_load(names, **period, profiles={label: profiles[label]}, cursor=None, parameters=own[label])
    return own


def _sealed(who: Client | None, profile: Secret | None) -> PickledClient | None:
    return None if who is None else PickledClient(who.arguments(), profile, who)


def _of(jobs: Sequence[Job]) -> dd.DataFrame:
    """Return the partitions of these jobs, under a name that no other load has: each call is a load of its own."""
    platforms = in_registry_order(platform for job in jobs for platform in find_platforms(job.platforms))
    names = tuple(platform.name for platform in platforms)
    return from_tasks(
        f"load-{uuid4().hex}", loaded, [(job, names) for job in jobs], to_frame(concat_tables([], platforms))
    )
