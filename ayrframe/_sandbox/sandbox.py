"""The sandbox: the documented API on 127.0.0.1, on synthetic posts, for notebooks without a key and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ayrframe._sandbox.control import Sandbox
    from ayrframe._sandbox.history import LinkedPlatforms

_DEFAULT_POSTS = 155
_REFRESH_MINUTES = 32.5
_RATE_LIMIT = 300


def sandbox(
    *,
    seed: int = 0,
    posts: int | Mapping[str, int] = _DEFAULT_POSTS,
    profiles: Iterable[str] | Mapping[str, LinkedPlatforms] = (),
    until: datetime | None = None,
    latency: float = 0.0,
    refresh_minutes: float = _REFRESH_MINUTES,
    rate_limit: int = _RATE_LIMIT,
    sleepless: bool = False,
) -> Sandbox:
    """Start a server on this computer that behaves as the documented API does, on synthetic posts.

    It needs no key and no network. The same arguments give the same posts, byte for byte; without arguments they are
    those of :func:`load_sample`. Its date stands still until :meth:`Sandbox.advance` moves it. Where the documentation
    is silent it is strict: a parameter that a network does not have is refused.

    Parameters
    ----------
    seed : int, default 0
        What the posts, the profiles and the keys are made from.
    posts : int or dict, default 155
        How many posts each network has at the start, or `{network: posts}` for the networks that are linked to the
        primary profile. With 0 posts the history is empty.
    profiles : list of str or dict, optional
        Labels of more profiles, each with posts of its own. In a dict, `{label: networks}`, the networks that are
        linked to it: a list of names, `{network: posts}`, a number of posts for all, or None for all.
    until : datetime, optional
        What time it is at the start; else that of the samples, 2026-02-27 06:30 UTC.
    latency : float, default 0
        Seconds that each answer takes.
    refresh_minutes : float, default 32.5
        How long the numbers stay the same, in the sandbox's time.
    rate_limit : int, default 300
        How many requests a profile may make in five minutes.
    sleepless : bool, default False
        Whether clients of this sandbox move its clock where they would have to wait.

    Returns
    -------
    Sandbox
        Close it after use, or use it in a `with` block.

    Examples
    --------
    >>> with ayr.sandbox(profiles=["cafe"]) as api:
    ...     posts = ayr.load("tiktok", limit=None, client=api.client("cafe"))
    >>> len(posts)
    155
    """
    from ayrframe._sandbox.api import SandboxApi
    from ayrframe._sandbox.control import Sandbox
    from ayrframe._sandbox.history import PRIMARY_PROFILE, SandboxClock, SyntheticHistories, fake_key, make_profile
    from ayrframe._sandbox.synthetic.samples import SAMPLE_TIME

    start = SAMPLE_TIME if until is None else until
    if start.tzinfo is None:
        raise ValueError("`until` needs a time zone: datetime(2026, 3, 1, tzinfo=UTC).")
    clock = SandboxClock(start.astimezone(UTC), sleepless=sleepless)
    count = posts if isinstance(posts, int) else _DEFAULT_POSTS
    further_profiles = profiles if isinstance(profiles, Mapping) else dict.fromkeys(profiles)
    if PRIMARY_PROFILE in further_profiles:
        raise ValueError("The primary profile is there anyway; the others need labels.")
    sandbox_profiles = [
        make_profile(label, seed, linked, count)
        for label, linked in {PRIMARY_PROFILE: posts, **further_profiles}.items()
    ]
    keys = tuple(fake_key(seed, name) for name in ("api", "x", "x secret"))
    api = SandboxApi(SyntheticHistories(clock, timedelta(minutes=refresh_minutes)), sandbox_profiles, keys, rate_limit)
    return Sandbox(
        api,
        clock,
        keys,
        {profile.label: profile.key for profile in sandbox_profiles if profile.label != PRIMARY_PROFILE},
        latency,
    )
