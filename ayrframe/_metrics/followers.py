"""Find the number of followers of the profile of each post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ayrframe._platforms import find_platform
from ayrframe._platforms.columns import PLATFORM, PROFILE
from ayrframe.errors import quote, suggest

# Keys are names of platforms, or pairs of platform and profile.
Followers = Mapping[str, float] | Mapping[tuple[str, str], float] | Mapping[str | tuple[str, str], float]
ProfileCounts = dict[tuple[str, str], float]


def followers_of_rows(frame: pd.DataFrame, followers: Followers) -> npt.NDArray[np.float64]:
    """Return the number of followers of the profile of each row, NaN where it is not known."""
    profiles = pd.MultiIndex.from_frame(frame[[PLATFORM.name, PROFILE.name]].fillna(""))
    codes, unique = pd.factorize(profiles)
    counts = followers_by_profile(followers, unique)
    return np.array([counts.get(profile, np.nan) for profile in unique], dtype=np.float64)[codes]


def followers_by_profile(followers: Followers, profiles: Iterable[tuple[str, str]]) -> ProfileCounts:
    """Return the number of followers of these pairs of platform and profile, as far as it is given.

    Raise a ValueError for a number that is no number of people, a profile that is not among them, and a number of a
    platform that has several of them.
    """
    if not isinstance(followers, Mapping):
        found = type(followers).__name__
        raise ValueError(f"`followers` must be a mapping such as {{'instagram': 12000}}, got {found}.")  # noqa: TRY004
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
