"""Plan a load: platforms, profiles, request parameters, period and limit. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from operator import index
from types import EllipsisType

from ayrframe._api.secrets import Secret, make_secret
from ayrframe._frame.times import TimeLike, TimeZone
from ayrframe._metrics.periods import TimeRange, time_range
from ayrframe._platforms import ALL_PLATFORMS, PLATFORMS, as_names, find_platforms
from ayrframe._platforms.spec import Kind, Parameter, Platform
from ayrframe.errors import ArgumentTypeError, ConfigError, check_text, describe, is_unicode, quote

ParameterValue = str | int | bool | None

DEFAULT_LIMIT = 100
_MAX_LIMIT = 2**53  # JSON headers of the archive keep larger integers as text only.


@dataclass(frozen=True, slots=True)
class LoadTarget:
    """One history to load: of one platform and one profile.

    `defaults` are the names of the parameters that the caller did not pass.
    """

    platform: Platform
    label: str
    profile: Secret | None = field(repr=False)
    params: Mapping[str, str | int | bool]
    defaults: frozenset[str]

    @property
    def name(self) -> str:
        """Platform and label of the profile, for messages."""
        return f"{self.platform.title} of {quote(self.label)}" if self.label else self.platform.title


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Everything that a load requests.

    `is_all_platforms` is whether the caller passed `"all"`, and `has_analytics` whether post analytics are requested.
    """

    targets: Sequence[LoadTarget]
    window: TimeRange
    limit: int | None
    cursor: str | None
    is_all_platforms: bool
    has_analytics: bool = False

    @property
    def request_limit(self) -> int | None:
        """Number of posts after which no page is requested; with a period, posts are counted in the period only."""
        return self.limit if self.window.is_unbounded else None

    def key(self, target: LoadTarget) -> dict[str, str | int | bool | datetime | None]:
        """Return the parameters by which the archive identifies the load of a target."""
        window = {"from": self.window.since, "to": self.window.until}
        return {**target.params, **window, "limit": self.limit, "cursor": self.cursor}


def plan_load(
    platform: str | Sequence[str],
    *,
    limit: int | EllipsisType | None,
    since: TimeLike | None,
    until: TimeLike | None,
    tz: TimeZone,
    profiles: Mapping[str, Secret | None],
    cursor: str | None,
    parameters: Mapping[str, ParameterValue],
    analytics: bool = False,
) -> LoadPlan:
    """Return the plan of a load, or raise ValueError for invalid arguments."""
    if not isinstance(analytics, bool):
        raise ArgumentTypeError(f"`analytics` must be True or False, got {describe(analytics)}.")
    platforms = find_platforms(platform)
    if not platforms:
        raise ValueError(f"No platform to load. Choose from: {', '.join(PLATFORMS)}.")
    window = time_range(since, until, tz)
    given = {name: value for name, value in parameters.items() if value is not None}
    _check_parameters(given, platforms, PLATFORMS.values())
    targets = [
        LoadTarget(
            target,
            label,
            profile,
            _platform_parameters(target, given, window, has_key=profile is not None),
            frozenset(
                parameter.api_name
                for parameter in target.parameters
                if parameter.default is not None and parameter.name not in given
            ),
        )
        for label, profile in profiles.items()
        for target in platforms
    ]
    check_text(cursor, "cursor")
    if cursor is not None and len(targets) > 1:
        raise ValueError("`cursor` works with exactly one platform and one profile.")
    is_all_platforms = as_names(platform) == [ALL_PLATFORMS]
    return LoadPlan(
        targets, window, _check_limit(limit, window), cursor, is_all_platforms=is_all_platforms, has_analytics=analytics
    )


def _check_limit(limit: int | EllipsisType | None, window: TimeRange) -> int | None:
    if isinstance(limit, EllipsisType):
        return DEFAULT_LIMIT if window.since is None else None
    if limit is None:
        return None
    expected, count = "`limit` must be an integer of at least 1, or None for all posts", None
    with suppress(TypeError):
        count = None if isinstance(limit, bool) else index(limit)
    if count is None:
        raise ArgumentTypeError(f"{expected}, got {describe(limit)}.")
    if not 1 <= count <= _MAX_LIMIT:
        raise ValueError(f"{expected}, got {describe(limit)}.")
    return count


def plan_accounts(
    platform: str | Sequence[str], *, profiles: Mapping[str, Secret | None], parameters: Mapping[str, ParameterValue]
) -> list[LoadTarget]:
    """Return the accounts to load, or raise ValueError for invalid arguments."""
    platforms = find_platforms(platform)
    if not platforms:
        raise ValueError(f"No platform to load. Choose from: {', '.join(PLATFORMS)}.")
    given = {name: value for name, value in parameters.items() if value is not None}
    declared = {target: target.of_accounts for target in platforms}
    _check_parameters(given, list(declared.values()), [known.of_accounts for known in PLATFORMS.values()])
    period = time_range(None, None, "UTC")
    return [
        LoadTarget(
            target,
            label,
            profile,
            _platform_parameters(accounts, given, period, has_key=profile is not None),
            frozenset(),
        )
        for label, profile in profiles.items()
        for target, accounts in declared.items()
    ]


def _check_parameters(
    parameters: Mapping[str, ParameterValue], platforms: Sequence[Platform], known: Iterable[Platform]
) -> None:
    """Raise an error for a parameter that none of the platforms has, or that has an invalid value."""
    for name, value in parameters.items():
        owners = {
            platform: parameter for platform in known for parameter in platform.parameters if parameter.name == name
        }
        if not any(platform in owners for platform in platforms):
            names = " and ".join(platform.name for platform in owners)
            requested = ", ".join(platform.name for platform in platforms)
            raise ValueError(f"`{name}` applies to {names} only, not to {requested}.")
        declared = next(iter(owners.values()))
        values: tuple[object, ...] = (True, False) if declared.kind is Kind.BOOLEAN else declared.values
        if declared.kind is Kind.INTEGER:
            values = tuple(map(int, declared.values))
        has_type = isinstance(value, bool | str | int) and isinstance(value, bool) == (declared.kind is Kind.BOOLEAN)
        if not has_type or (values and value not in values):
            choices = " or ".join(map(repr, values)) or "a str"
            error = ValueError if has_type else ArgumentTypeError
            raise error(f"`{name}` must be {choices}, got {describe(value)}.")
        check_text(str(value), name)
        if excluded := [other for other in declared.excludes if value is True and parameters.get(other)]:
            raise ValueError(f"`{name}` cannot be combined with `{excluded[0]}`.")


def _platform_parameters(
    platform: Platform, parameters: Mapping[str, ParameterValue], window: TimeRange, *, has_key: bool
) -> dict[str, str | int | bool]:
    """Return the query parameters for one platform, with the names of the API."""
    query: dict[str, str | int | bool] = {}
    for parameter in platform.parameters:
        value = _parameter_value(parameter, parameters, window)
        if value is None:
            continue
        if parameter.primary_only and has_key:
            raise ValueError(
                f"`{parameter.name}` works with the API key only; Ayrshare rejects it together with `profile_key`."
            )
        query[parameter.api_name] = value
    return query


def _parameter_value(
    parameter: Parameter, parameters: Mapping[str, ParameterValue], window: TimeRange
) -> str | int | bool | None:
    if parameter.kind is not Kind.TIME:
        return parameters.get(parameter.name, parameter.default)
    # The API accepts whole days only; the exact period is selected from the posts that arrive.
    bound: datetime | None = getattr(window, parameter.name)
    return None if bound is None else bound.date().isoformat()


def parse_profile_keys(profile_key: object) -> tuple[dict[str, Secret | None], Exception | None]:
    """Return the Profile-Keys by label, None for the profile of the client, and the error about them if any.

    The error is returned, not raised, so that the caller can first delete the keys from its local variables, which
    some tracebacks print.
    """
    if profile_key is None:
        return {"": None}, None
    keys = profile_key if isinstance(profile_key, Mapping) else {"": profile_key}
    if not keys:
        return {}, ConfigError('`profile_key` is an empty dict: pass {"label": key, ...}, or omit it.')
    profiles: dict[str, Secret | None] = {}
    for label, key in keys.items():
        if not isinstance(label, str):
            return {}, TypeError(f"The labels in `profile_key` must be str, got {type(label).__name__}.")
        if not is_unicode(label):
            return {}, ValueError(f"A label in `profile_key` has half of a character: {quote(label)}.")
        name = f"`profile_key` of {quote(label)}" if label else "`profile_key`"
        profiles[label], problem = make_secret(key, name)
        if problem or profiles[label] is None:
            return {}, ConfigError(problem or f"{name} is empty. Pass the Profile-Key of the profile.")
    return profiles, None
