"""Start a sandbox: the documented API on 127.0.0.1 with synthetic posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from ayrframe.errors import check_number, describe

if TYPE_CHECKING:
    from ayrframe._frame.times import TimeLike
    from ayrframe._sandbox.control import Sandbox
    from ayrframe._sandbox.history import LinkedPlatforms

_DEFAULT_POSTS = 155


def sandbox(
    *,
    seed: int = 0,
    posts: int | Mapping[str, int] = _DEFAULT_POSTS,
    profiles: Iterable[str] | Mapping[str, LinkedPlatforms] = (),
    until: TimeLike | None = None,
    latency: float = 0.0,
    refresh_minutes: float = 32.5,
    rate_limit: int = 300,
    sleepless: bool = False,
) -> Sandbox:
    """Start a local server that behaves like the documented API, with synthetic posts.

    No key and no network connection are needed. Equal arguments give equal posts, byte for byte; the default arguments
    give the posts of `ayr.load_sample()`. The date changes only by `Sandbox.advance()`. Behaviour that the API's
    documentation does not specify is strict: a parameter that a platform does not have is refused.

    Parameters
    ----------
    seed : int, default 0
        Seed of the posts, the profiles and the keys.
    posts : int or dict, default 155
        Number of posts of each platform at the start, or `{platform: posts}` for the platforms that are linked to the
        primary profile. With 0 posts the history is empty.
    profiles : list of str or dict, optional
        Labels of further profiles, each with different posts. A dict is `{label: platforms}` with the platforms that
        are linked to the profile: a list of names, `{platform: posts}`, a number of posts for all platforms, or None
        for all platforms with the default number.
    until : str, date or datetime, optional
        Time at the start, in UTC if it has no time zone; the end of a date, month or year. Default:
        the time of the samples, 2026-02-27 06:30 UTC.
    latency : float, default 0
        Delay of each response, in seconds.
    refresh_minutes : float, default 32.5
        Minutes of the sandbox's time after which the numbers change.
    rate_limit : int, default 300
        Number of requests that a profile may make in five minutes.
    sleepless : bool, default False
        Whether clients of this sandbox move its clock instead of waiting.

    Returns
    -------
    Sandbox
        The running server. Close it after use, or use it in a `with` block.

    Raises
    ------
    TypeError
        If an argument is of the wrong type, such as a str as `profiles`.
    ValueError
        If `until` is not a time, a number is too small, a platform is unknown, or a label is empty.

    Examples
    --------
    >>> with ayr.sandbox(profiles=["cafe"]) as api:
    ...     posts = ayr.load("tiktok", limit=None, client=api.client("cafe"))
    >>> len(posts)
    155
    """
    from ayrframe._frame.times import parse_time_argument
    from ayrframe._sandbox.api import SandboxApi
    from ayrframe._sandbox.control import Sandbox
    from ayrframe._sandbox.history import PRIMARY_PROFILE, SandboxClock, SyntheticHistories, fake_key, make_profile
    from ayrframe._sandbox.synthetic.samples import SAMPLE_TIME

    check_number(seed, "seed", integer=True)
    if not isinstance(posts, Mapping):
        check_number(posts, "posts", 0, integer=True)
    check_number(latency, "latency", 0)
    check_number(refresh_minutes, "refresh_minutes", 0)
    check_number(rate_limit, "rate_limit", 1, integer=True)
    if isinstance(profiles, str | bytes) or not isinstance(profiles, Iterable):
        raise TypeError(
            f"`profiles` must be a list of labels or a dict {{label: platforms}}, got {describe(profiles)}. "
            'Name further profiles in a list, such as profiles=["bakery"].'
        )
    start = SAMPLE_TIME if until is None else parse_time_argument(until, "until", UTC).last
    clock = SandboxClock(start, sleepless=sleepless)
    count = _DEFAULT_POSTS if isinstance(posts, Mapping) else posts
    further_profiles = profiles if isinstance(profiles, Mapping) else dict.fromkeys(profiles)
    for label in further_profiles:
        if not isinstance(label, str):
            raise TypeError(f"The labels in `profiles` must be str, got {describe(label)}.")
    if PRIMARY_PROFILE in further_profiles:
        raise ValueError(
            "The labels in `profiles` must not be empty: the primary profile always exists, so name only further ones."
        )
    labelled = {PRIMARY_PROFILE: posts, **further_profiles}
    sandbox_profiles = [make_profile(label, seed, linked, count) for label, linked in labelled.items()]
    keys = tuple(fake_key(seed, name) for name in ("api", "x", "x secret"))
    api = SandboxApi(SyntheticHistories(clock, timedelta(minutes=refresh_minutes)), sandbox_profiles, keys, rate_limit)
    profile_keys = {profile.label: profile.key for profile in sandbox_profiles if profile.label != PRIMARY_PROFILE}
    return Sandbox(api, clock, keys, profile_keys, latency)
