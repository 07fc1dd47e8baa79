"""Find the number of followers of the profile of each post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray
from ayrframe._frame.key import key_names, post_keys
from ayrframe._platforms import find_platform
from ayrframe._platforms.columns import AS_OF, FOLLOWERS, ID, PLATFORM, PROFILE
from ayrframe.errors import describe_table, quote, suggest, warn_user

# Keys are names of platforms, or pairs of platform and profile.
Followers = Mapping[str, float] | Mapping[tuple[str, str], float] | Mapping[str | tuple[str, str], float] | pd.DataFrame
ProfileCounts = dict[tuple[str, str], float]


def followers_of_rows(frame: pd.DataFrame, followers: Followers) -> FloatArray:
    """Return the number of followers of the profile of each row, NaN where it is not known."""
    if isinstance(followers, pd.DataFrame):
        return _followers_at(frame, followers)
    profiles = pd.MultiIndex.from_frame(frame[[PLATFORM.name, PROFILE.name]].fillna(""))
    codes, unique = pd.factorize(profiles)
    counts = followers_by_profile(followers, unique)
    return np.array([counts.get(profile, np.nan) for profile in unique], dtype=np.float64)[codes]


def _followers_at(frame: pd.DataFrame, accounts: pd.DataFrame) -> FloatArray:
    """Return the followers of the profile of each row: the latest reading at or before `as_of`, else the first after.

    Profiles without a reading are NaN, with a warning.
    """
    if ID.name in accounts.columns or not {*key_names(accounts), FOLLOWERS.name}.issubset(accounts.columns):
        raise ValueError(
            "`followers` must be a mapping or an accounts frame, with platform, profile, as_of and followers."
        )
    readings = post_keys(accounts).reset_index(drop=True)
    readings["count"] = accounts[FOLLOWERS.name].to_numpy("float64", na_value=np.nan)
    readings = readings[readings["count"] >= 0].sort_values(AS_OF.name, kind="stable")
    by = [PLATFORM.name, PROFILE.name]
    known = {(str(platform), str(label)): group for (platform, label), group in readings.groupby(by, sort=False)}
    counts, missing = np.full(len(frame), np.nan), []
    for platform, label in frame[by].drop_duplicates().itertuples(index=False, name=None):
        group = known.get((platform, label))
        if group is None:
            missing.append(f"{platform} ({quote(label)})" if label else platform)
            continue
        rows = np.flatnonzero(frame[PLATFORM.name].eq(platform) & frame[PROFILE.name].eq(label))
        times = group[AS_OF.name].astype("int64").to_numpy()
        read_at = frame[AS_OF.name].iloc[rows].astype("int64").to_numpy()
        latest = np.searchsorted(times, read_at, side="right") - 1
        counts[rows] = group["count"].to_numpy()[np.maximum(latest, 0)]
    if missing:
        names = ", ".join(sorted(missing))
        warn_user(f"`followers` has no number of followers of {names}; er_followers is NA for these posts.")
    return counts


def followers_by_profile(followers: Followers, profiles: Iterable[tuple[str, str]]) -> ProfileCounts:
    """Return the number of followers of these pairs of platform and profile, as far as it is given.

    Raise a ValueError for a value that is not a number of people, a profile that is not among them, and a number of a
    platform that has several of them.
    """
    if not isinstance(followers, Mapping):
        expected = "a mapping such as {'instagram': 12000}, or the frame of ayr.accounts()"
        raise ValueError(f"`followers` must be {expected}, got {describe_table(followers)}")  # noqa: TRY004
    labels: dict[str, list[str]] = {}
    for platform, label in profiles:
        labels.setdefault(platform, []).append(label)
    counts: ProfileCounts = {}
    for key, count in followers.items():
        is_number = isinstance(count, (int, float, np.number)) and not isinstance(count, bool)
        if not is_number or not 0 <= count < np.inf:
            raise ValueError(f"`followers[{key!r}]` must be a number of people, got {quote(str(count))}.")
        for profile in _matching_profiles(key, labels):
            if profile in counts:
                raise ValueError(f"`followers` has two entries for {profile[0]!r}, profile {quote(profile[1])}.")
            counts[profile] = float(count)
    return counts


def _matching_profiles(key: object, labels: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Return the profile of a key of `followers`; none for a platform without posts."""
    match key:
        case str():
            platform = find_platform(key)
            found = labels.get(platform.name, [])
            if len(found) > 1:
                example = ", ".join(f"({platform.name!r}, {quote(label)}): ..." for label in sorted(found)[:2])
                raise ValueError(
                    f"`followers[{key!r}]` is one number, but the posts of {platform.title} have {len(found)} "
                    f"profiles. Pass the number of each profile: {{{example}}}."
                )
            return [(platform.name, label) for label in found]
        case (str(name), str(label)):
            platform = find_platform(name)
            found = labels.get(platform.name, [])
            if labels and label not in found:
                choices = ", ".join(quote(other) for other in sorted(found)[:10]) or "none"
                raise ValueError(
                    f"`followers` has the profile {quote(label)} of {platform.title}, which has no posts in the frame."
                    f"{suggest(label, found)} Profiles of {platform.title} in the frame: {choices}."
                )
            return [(platform.name, label)]
        case _:
            raise ValueError(
                f"The keys of `followers` must be platforms or pairs of platform and profile, got {quote(str(key))}."
            )
