"""Load many profiles as a dask DataFrame, each in a task and a partition of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import EllipsisType
from typing import Any
from uuid import uuid4

import dask.dataframe as dd

from ayrframe._api.client import Client, client_problem
from ayrframe._api.load import check_load_options, resolve_client
from ayrframe._api.pickled_client import PickledClient
from ayrframe._api.plan import ParameterValue, parse_profile_keys, plan_load
from ayrframe._api.secrets import Secret
from ayrframe._archive.archive import Archive
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity
from ayrframe._frame.times import TimeLike, TimeZone
from ayrframe._platforms import as_names, find_platforms, in_registry_order
from ayrframe.dask._graph import from_tasks
from ayrframe.dask._worker import ErrorHandling, WorkerTask, load_partition
from ayrframe.errors import ArgumentTypeError, ConfigError, describe, quote

LoadParameters = Mapping[str, ParameterValue]
ProfileKeys = Mapping[str, Secret | None]


def load(
    jobs: Mapping[str, str | Sequence[str]],
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
    profile_key: str | Mapping[str, str] | None = None,
    archive: Archive | str | os.PathLike[str] | None = None,
    refresh: bool = False,
    offline: bool = False,
    validate: Severity = "warn",
    errors: ErrorHandling = "warn",
    client: Client | None = None,
) -> dd.DataFrame:
    """Load posts of many profiles, each in a task of its own.

    One worker loads all platforms of a profile, at the same time and within its rate limit. Requests are made when the
    result is computed, each time it is computed. To avoid repeated requests, pass an `archive`, which is used until
    the API has newer numbers, or keep the result in memory with `.persist()`. Methods that are computed in one call of
    `dask.compute` share the loaded posts. If a worker is lost, its profiles are loaded again.

    Keys are read in the process that calls this function. They are sent to the workers inside the graph, and do not
    appear in task keys, reprs or logs. Use TLS between the processes of the cluster, because its traffic has the keys.

    Parameters
    ----------
    jobs : mapping of str to str or list of str
        The platforms to load (a name, a list, or `"all"`) by profile label; `""` is the client's own profile.
    limit, since, until, tz, analytics, data_type, page_published, skip_analytics, user_id, user_name
        As in `ayr.load()`, for all profiles. A parameter is passed to the platforms that have it.
    profile_key : str or dict, optional
        `{label: key}` with a key for each label except `""`; more keys are allowed. A str is the key of `""`.
    archive : Archive, str or path, optional
        As in `ayr.load()`; all workers need access to the folder under the same path.
    refresh, offline
        As in `ayr.load()`.
    validate : {"warn", "raise", None}, default "warn"
        As in `ayr.load()`, profile by profile.
    errors : {"warn", "raise"}, default "warn"
        What happens if platforms fail. With `"warn"`, a profile that fails completely is also a `DataWarning`, and its
        partition has the posts that had arrived. With `"raise"`, an error ends the computation; posts of other
        profiles are then only in the archive.
    client : Client, optional
        API client to use. Default: `Client()` with keys from environment variables. Without keys but with an archive,
        workers use keys from their own environment variables, or else only the archive.

    Returns
    -------
    dask.dataframe.DataFrame
        The posts frame with the columns of all requested platforms, one partition per profile in the order of `jobs`.
        Progress is shown by dask's dashboard.

    Raises
    ------
    ConfigError
        If a label has no key, or two labels have the same key, so that their requests would exceed the rate limit.
    ValueError
        Before any request, if an argument is invalid or applies to none of the platforms.
    AuthError, NotLinkedError, RateLimitError, RequestError, ServerError, TransportError, ResponseError, LoadErrors
        When computed with `errors="raise"`.

    Warns
    -----
    DataWarning
        As in `ayr.load()`; warnings of workers are repeated in the user's process.

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
    profile_key = None  # Some tracebacks print local variables.
    profiles = {"": None, **profiles}
    platforms_by_label = _parse_jobs(jobs)
    platforms = in_registry_order(chain.from_iterable(map(find_platforms, platforms_by_label.values())))
    missing = next((label for label in platforms_by_label if label not in profiles), None)
    if problem is None and missing is not None:
        problem = ConfigError(
            f"No profile_key for {quote(missing)}: pass profile_key={{label: key}} with a key for each label. Only the "
            "label '', the client's own profile, needs none."
        )
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
    period = {"limit": limit, "since": since, "until": until, "tz": tz, "analytics": analytics}
    parameters_by_label = _plan_parameters(platforms_by_label, profiles, parameters, period)
    options = {**period, "refresh": refresh, "offline": offline, "validate": validate}
    api_client, _ = resolve_client(client, archive)
    _require_different_keys(platforms_by_label, profiles, api_client)
    path = None if archive is None else archive.path
    all_names = tuple(platform.name for platform in platforms)
    tasks = []
    for label, names in platforms_by_label.items():
        pickled = None if api_client is None else PickledClient(api_client._arguments(), profiles[label], api_client)
        task = WorkerTask(label, names, pickled, path, errors, {**options, **parameters_by_label[label]})
        tasks.append((task, all_names))
    # A unique name, because each call is a separate load.
    return from_tasks(f"load-{uuid4().hex}", load_partition, tasks, to_frame(concat_tables([], platforms)))


def _parse_jobs(jobs: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the names of the platforms by label."""
    expected = '`jobs` must map profile labels to platforms, such as {"bakery": ["tiktok", "x"]}'
    if not isinstance(jobs, Mapping):
        raise ArgumentTypeError(f"{expected}, got {type(jobs).__name__}.")
    if not jobs:
        raise ValueError(f"{expected}, got an empty mapping.")
    for label in jobs:
        if not isinstance(label, str):
            raise ArgumentTypeError(f"{expected}, got the label {describe(label)}.")
    return {label: tuple(as_names(names)) for label, names in jobs.items()}


def _require_different_keys(labels: Iterable[str], profiles: ProfileKeys, client: Client | None) -> None:
    """Raise if two labels are the same profile, because each worker observes the rate limit by itself."""
    labels_by_key: dict[Secret | None, str] = {}
    for label in labels:
        key = profiles[label] or (None if client is None else client.profile_key)
        other = labels_by_key.setdefault(key, label)
        if other != label:
            raise ConfigError(
                f"{quote(other)} and {quote(label)} have the same key. Each worker observes the rate limit of its "
                "profile by itself, so use one label for all platforms of a profile."
            )


def _plan_parameters(
    jobs: Mapping[str, Sequence[str]], profiles: ProfileKeys, parameters: LoadParameters, period: Mapping[str, Any]
) -> dict[str, LoadParameters]:
    """Return the parameters that the platforms of each label have; invalid arguments raise before any request."""
    all_names = [platform.name for names in jobs.values() for platform in find_platforms(names)]
    plan_load(all_names, **period, profiles={"": None}, cursor=None, parameters=parameters)
    parameters_by_label: dict[str, LoadParameters] = {}
    for label, names in jobs.items():
        declared = {parameter.name for platform in find_platforms(names) for parameter in platform.parameters}
        parameters_by_label[label] = {name: value for name, value in parameters.items() if name in declared}
        plan_load(
            names, **period, profiles={label: profiles[label]}, cursor=None, parameters=parameters_by_label[label]
        )
    return parameters_by_label
