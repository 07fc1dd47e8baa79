"""A sandbox with random faults that records what it served."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Kind, Platform
from ayrframe._sandbox.faults import FaultRule
from ayrframe._sandbox.history import SandboxProfile
from ayrframe._sandbox.messages import RecordedRequest, SandboxResponse

# Share of the requests with a fault, by kind, value and options.
FAULTS: Mapping[tuple[str, Any, tuple[tuple[str, Any], ...]], float] = {
    ("latency", 0.1, ()): 0.02,
    ("status", 429, (("retry_after", 5),)): 0.01,
    ("status", 429, ()): 0.002,
    ("status", 500, ()): 0.005,
    ("status", 502, (("body", "<html>Bad gateway</html>"),)): 0.005,
    ("status", 503, (("retry_after", 2),)): 0.005,
    ("cut", 0.7, ()): 0.01,
    ("cut", 0.0, ()): 0.005,
    ("partial", None, ()): 0.01,
    ("absent", 2, ()): 0.01,
    ("overlap", 3, ()): 0.2,
    ("empty", 1, ()): 0.01,
}
# Posts with these fields have no metrics: stories, and posts that share a post of another page.
NOT_MEASURED = {"facebook": {"mediaId", "parentId"}}
LONG_HISTORY = 110  # posts, more than one page
HISTORY, ANALYTICS, ACCOUNT = "history", "analytics", "account"
_NUMBERS = (Kind.INTEGER, Kind.QUOTED_INTEGER, Kind.FLOAT)

Target = tuple[str, str, str]  # endpoint, profile, platform


class Reading(NamedTuple):
    """What the sandbox has of a post on a day: `must` and `may` say which of the two readings was served."""

    profile: str
    id: str
    day: int
    history_as_of: str
    analytics_as_of: str
    history: tuple[float | None, ...]
    analytics: tuple[float | None, ...]
    must: frozenset[str]
    may: frozenset[str]
    has_metrics: bool


def number_columns(platform: Platform) -> dict[str, str]:
    """Return the names of the columns with a single number, and the paths of the fields."""
    return {column.name: column.path for column in platform.columns if column.path and column.kind in _NUMBERS}


def numbers_in(item: Mapping[str, Any], paths: Sequence[Sequence[str]]) -> tuple[float | None, ...]:
    """Return the numbers at paths in a post as sent; None where it has none."""
    return tuple(_number_at(item, path) for path in paths)


def _number_at(item: Any, path: Sequence[str]) -> float | None:
    for step in path:
        item = item.get(step) if isinstance(item, dict) else None
    return None if item is None else float(item)


@dataclass
class Service:
    """The sandbox, its faults and its records."""

    profiles: Sequence[str]
    platforms: Sequence[str]
    posts: int
    seed: int
    day: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)  # by profile
    attempts: Counter[str] = field(default_factory=Counter)  # of today, by profile
    readings: dict[str, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    accounts: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    errors: set[tuple[str, str, str, str]] = field(default_factory=set)
    ids: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """Start the sandbox: one history of each profile has several pages."""
        counts: dict[str, dict[str, int]] = {}
        for position, profile in enumerate(self.profiles):
            long = self.platforms[position % len(self.platforms)]
            counts[profile] = {name: LONG_HISTORY if name == long else self.posts for name in self.platforms}
        self.api = ayr.sandbox(seed=self.seed, posts=0, profiles=counts)
        self._accounts_of = {profile.label: profile for profile in self.api._api._profiles.values()}
        self._served: dict[Target, dict[int, dict[str, bool]]] = defaultdict(lambda: defaultdict(dict))
        self._asked: dict[Target, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._tries: Counter[tuple[object, ...]] = Counter()
        self._choices: dict[int, tuple[Any, ...] | None] = {}
        for kind, value, options in FAULTS:
            fault = (kind, value, options)
            self.api.misbehave(
                kind, value, when=lambda request, fault=fault: self._has_fault(request, fault), **dict(options)
            )
        self.api._rules.append(FaultRule(self._record, None, 0, None, None, None))

    def _has_fault(self, request: RecordedRequest, fault: tuple[Any, ...]) -> bool:
        """Return whether a request gets this fault; at most one, by the seed and what was requested before."""
        if request.number not in self._choices:
            what = (request.profile, request.path, request.platform, self.day, request.query.get("next"))
            self._tries[what] += 1
            rng = random.Random(f"{self.seed}/{what}/{self._tries[what]}")
            chosen, remaining = None, rng.random()
            for candidate, share in FAULTS.items():
                remaining -= share
                if remaining < 0:
                    chosen = candidate
                    break
            self._choices = {request.number: chosen}
        return self._choices[request.number] == fault

    def _record(self, request: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        """Record a response after its faults."""
        profile, platform = request.profile, request.platform
        if profile is None or platform is None:
            raise AssertionError(f"unexpected request {request}")
        self.requests[profile] += 1
        if chosen := self._choices[request.number]:
            self.faults[f"{chosen[0]} {chosen[1]}" if chosen[0] == "status" else chosen[0]] += 1
        endpoint = {"social": ACCOUNT, "post": ANALYTICS}.get(request.path.rpartition("/")[2], HISTORY)
        attempt, target = self.attempts[profile], (endpoint, profile, platform)
        self._asked[target][attempt] += request.body.get("postIds", [endpoint])
        served = self._served[target][attempt]
        if response.body is not None or response.body_share < 1:
            return response
        if endpoint == ACCOUNT:
            served[ACCOUNT] = True
            block = response.fields[platform]
            self.accounts[platform, profile, block["lastUpdated"]] = block["analytics"]
        else:
            items = response.posts if endpoint == HISTORY else (response.blocks or ("", []))[1]
            for item in items or []:
                served[item["id"]] = served.get(item["id"], False) or "code" not in item
        return response

    # What the sandbox has.
    def counts(self, profiles: Sequence[str]) -> dict[str, list[tuple[str, str, int]]]:
        """Return the number of posts and accounts of each target now."""
        targets = [(profile, platform) for profile in sorted(profiles) for platform in sorted(self.platforms)]
        lengths = [(*target, len(self._history(*target)[0])) for target in targets]
        return {"posts": lengths, "accounts": [(*target, 1) for target in targets]}

    def _history(self, profile: str, platform: str) -> tuple[list[dict[str, Any]], datetime]:
        return self.api._api.histories.history(self._account(profile), PLATFORMS[platform], "")

    def _account(self, profile: str) -> SandboxProfile:
        return self._accounts_of[profile]

    def asked(self, profile: str, platform: str, endpoint: str, attempt: int) -> list[str]:
        """Return what an attempt requested of a target: the ids of analytics, or the name of the endpoint."""
        return self._asked[endpoint, profile, platform].get(attempt, [])

    def end_day(self) -> None:
        """Record the readings of today."""
        for name in self.platforms:
            paths = [path.split(".") for path in number_columns(PLATFORMS[name]).values()]
            for profile in self.profiles:
                self.readings[name] += self._readings(profile, name, paths)
        self._served.clear()
        self._asked.clear()
        self._tries.clear()
        self.attempts.clear()
        self.day += 1

    def _readings(self, profile: str, platform: str, paths: Sequence[Sequence[str]]) -> Iterator[Reading]:
        posts, read_at = self._history(profile, platform)
        blocks, _ = self.api._api.histories.analytics(self._account(profile), PLATFORMS[platform])
        time = read_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        known = self.ids[platform, profile]
        must, may = {}, {}
        for endpoint in (HISTORY, ANALYTICS):
            attempts = self._served[endpoint, profile, platform]
            must[endpoint] = attempts[max(attempts)] if attempts else {}
            may[endpoint] = {post_id for served in attempts.values() for post_id, is_post in served.items() if is_post}
            self.errors |= {
                (platform, profile, post_id, time)
                for served in attempts.values()
                for post_id, is_post in served.items()
                if not is_post and endpoint == HISTORY
            }
        for post in posts:
            post_id = post["id"]
            known.add(post_id)
            yield Reading(
                profile,
                post_id,
                self.day,
                post.get("lastUpdated") or time,
                time,
                numbers_in(post, paths),
                numbers_in(blocks[post_id]["analytics"], paths),
                frozenset(endpoint for endpoint in must if must[endpoint].get(post_id)),
                frozenset(endpoint for endpoint in may if post_id in may[endpoint]),
                not NOT_MEASURED.get(platform, set()).intersection(post),
            )
