"""What a load will ask: of which networks and profiles, with which parameters, for which period. No I/O in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import EllipsisType

from ayrframe._api.secrets import Secret, make_secret
from ayrframe._metrics.periods import TimeLike, TimeRange, time_range
from ayrframe._platforms import ALL_PLATFORMS, PLATFORMS, as_names, find_platforms
from ayrframe._platforms.spec import Kind, Parameter, Platform
from ayrframe.errors import quote

ParameterValue = str | int | bool | None

DEFAULT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class LoadTarget:
    """One history to be read: of a network, of a profile."""

    platform: Platform
    label: str
    profile: Secret | None = field(repr=False)
    params: Mapping[str, str | int | bool]

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return f"{self.platform.title} of {self.label!r}" if self.label else self.platform.title


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """All that a load will ask. `everything` says that the networks were not named one by one."""

    targets: Sequence[LoadTarget]
    window: TimeRange
    limit: int | None
    cursor: str | None
    is_all_platforms: bool

    def key(self, target: LoadTarget) -> dict[str, str | int | bool | datetime | None]:
        """Return what tells this load of a target from another, for the archive."""
        window = {"from": self.window.since, "to": self.window.until}
        return {**target.params, **window, "limit": self.limit, "cursor": self.cursor}


def plan_load(
    platform: str | Sequence[str],
    *,
    limit: int | EllipsisType | None,
    since: TimeLike | None,
    until: TimeLike | None,
    tz: str,
    profiles: Mapping[str, Secret | None],
    cursor: str | None,
    parameters: Mapping[str, ParameterValue],
) -> LoadPlan:
    """Return what to ask, or raise what makes no sense before anything is asked."""
    platforms = find_platforms(platform)
    if not platforms:
        raise ValueError(f"There is no platform to load. There are: {', '.join(PLATFORMS)}.")
    window = time_range(since, until, tz)
    parameters = {name: value for name, value in parameters.items() if value is not None}
    _check_parameters(parameters, platforms)
    targets = [
        LoadTarget(
            target_platform,
            label,
            profile,
            _platform_parameters(target_platform, parameters, window, has_profile_key=profile is not None),
        )
        for label, profile in profiles.items()
        for target_platform in platforms
    ]
    if cursor is not None and len(targets) > 1:
        raise ValueError("A cursor leads on in one history: name one platform and one profile with it.")
    return LoadPlan(
        targets, window, _check_limit(limit, window), cursor, is_all_platforms=as_names(platform) == [ALL_PLATFORMS]
    )


def _check_limit(limit: int | EllipsisType | None, window: TimeRange) -> int | None:
    if isinstance(limit, EllipsisType):
        return DEFAULT_LIMIT if window.since is None else None
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise ValueError(f"limit has to be a whole number from 1, or None for all posts there are, not {limit!r}.")
    return limit


def _check_parameters(parameters: Mapping[str, ParameterValue], platforms: Sequence[Platform]) -> None:
    for name, value in parameters.items():
        owners = [
            platform for platform in PLATFORMS.values() for parameter in platform.parameters if parameter.name == name
        ]
        if not any(platform in owners for platform in platforms):
            raise ValueError(f"{name} is a parameter of {' and '.join(platform.name for platform in owners)} only.")
        declared = next(parameter for platform in owners for parameter in platform.parameters if parameter.name == name)
        values = (True, False) if declared.kind is Kind.BOOLEAN else declared.values
        if (values and value not in values) or isinstance(value, bool) != (declared.kind is Kind.BOOLEAN):
            choices = " or ".join(map(repr, values)) or "a text"
            raise ValueError(f"{name} has to be {choices}, not {quote(str(value))}.")


def _platform_parameters(
    platform: Platform, parameters: Mapping[str, ParameterValue], window: TimeRange, *, has_profile_key: bool
) -> dict[str, str | int | bool]:
    """Return what is sent to one platform, under the names of the API."""
    params: dict[str, str | int | bool] = {}
    for parameter in platform.parameters:
        value = _parameter_value(parameter, parameters, window)
        if value is None:
            continue
        if parameter.primary_only and has_profile_key:
            raise ValueError(
                f"{parameter.name} works with the API key alone: Ayrshare refuses it together with a profile_key."
            )
        params[parameter.api_name] = value
    return params


def _parameter_value(
    parameter: Parameter, parameters: Mapping[str, ParameterValue], window: TimeRange
) -> str | int | bool | None:
    if parameter.kind is not Kind.TIME:
        return parameters.get(parameter.name)
    # The API takes whole days; the period itself is cut out of the posts that come.
    bound: datetime | None = getattr(window, parameter.name)
    return None if bound is None else bound.date().isoformat()


def parse_profile_keys(profile_key: object) -> tuple[dict[str, Secret | None], str | None]:
    """Return the profiles to ask for by label, None being the client's own, and what is wrong with them if anything is.

    It returns the complaint instead of raising it, so that callers can first drop the keys from their own variables,
    which some tracebacks print.
    """
    if profile_key is None:
        return {"": None}, None
    keys = profile_key if isinstance(profile_key, Mapping) else {"": profile_key}
    if not keys:
        return {}, 'profile_key is an empty dict: pass {"label": key, ...}, or leave it out.'
    profiles: dict[str, Secret | None] = {}
    for label, key in keys.items():
        if not isinstance(label, str):
            return {}, "The labels in profile_key have to be texts."
        name = f"The profile_key of {label!r}" if label else "profile_key"
        profiles[label], problem = make_secret(key, name)
        if problem or profiles[label] is None:
            return {}, problem or f"{name} is empty."
    return profiles, None
