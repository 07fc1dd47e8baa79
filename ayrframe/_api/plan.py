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

ProfileKeys = str | int | bool | None

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
    everything: bool

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
    parameters: Mapping[str, ProfileKeys],
) -> LoadPlan:
    """Return what to ask, or raise what makes no sense before anything is asked."""
    platforms = find_platforms(platform)
    if not platforms:
        raise ValueError(f"There is no platform to load. There are: {', '.join(PLATFORMS)}.")
    window = time_range(since, until, tz)
    given = {name: value for name, value in parameters.items() if value is not None}
    _refuse_unknown(given, platforms)
    targets = [
        LoadTarget(one, label, profile, _params(one, given, window, labelled=profile is not None))
        for label, profile in profiles.items()
        for one in platforms
    ]
    if cursor is not None and len(targets) > 1:
        raise ValueError("A cursor leads on in one history: name one platform and one profile with it.")
    return LoadPlan(targets, window, _limit(limit, window), cursor, everything=as_names(platform) == [ALL_PLATFORMS])


def _limit(limit: int | EllipsisType | None, window: TimeRange) -> int | None:
    if isinstance(limit, EllipsisType):
        return DEFAULT_LIMIT if window.since is None else None
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise ValueError(f"limit has to be a whole number from 1, or None for all posts there are, not {limit!r}.")
    return limit


def _refuse_unknown(given: Mapping[str, ProfileKeys], platforms: Sequence[Platform]) -> None:
    for name, value in given.items():
        owners = [one for one in PLATFORMS.values() for own in one.parameters if own.name == name]
        if not any(one in owners for one in platforms):
            raise ValueError(f"{name} is a parameter of {' and '.join(one.name for one in owners)} only.")
        declared = next(own for one in owners for own in one.parameters if own.name == name)
        values = (True, False) if declared.kind is Kind.BOOLEAN else declared.values
        if (values and value not in values) or isinstance(value, bool) != (declared.kind is Kind.BOOLEAN):
            known = " or ".join(map(repr, values)) or "a text"
            raise ValueError(f"{name} has to be {known}, not {quote(str(value))}.")


def _params(
    platform: Platform, given: Mapping[str, ProfileKeys], window: TimeRange, *, labelled: bool
) -> dict[str, str | int | bool]:
    """Return what is sent to one platform, under the names of the API."""
    params: dict[str, str | int | bool] = {}
    for own in platform.parameters:
        value = _sent(own, given, window)
        if value is None:
            continue
        if own.primary_only and labelled:
            raise ValueError(
                f"{own.name} works with the API key alone: Ayrshare refuses it together with a profile_key."
            )
        params[own.api_name] = value
    return params


def _sent(own: Parameter, given: Mapping[str, ProfileKeys], window: TimeRange) -> str | int | bool | None:
    if own.kind is not Kind.TIME:
        return given.get(own.name)
    # The API takes whole days; the period itself is cut out of the posts that come.
    moment: datetime | None = getattr(window, own.name)
    return None if moment is None else moment.date().isoformat()


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
    found: dict[str, Secret | None] = {}
    for label, key in keys.items():
        if not isinstance(label, str):
            return {}, "The labels in profile_key have to be texts."
        name = f"The profile_key of {label!r}" if label else "profile_key"
        found[label], problem = make_secret(key, name)
        if problem or found[label] is None:
            return {}, problem or f"{name} is empty."
    return found, None
