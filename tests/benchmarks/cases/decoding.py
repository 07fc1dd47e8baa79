"""Measure decoding: against every peer, on single pages, and on pages with invalid values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from ayrframe._platforms import PLATFORMS
from tests.benchmarks.measure import Line, Plan, Timing, cpu_ratio, measure_pairs, ratio, sum_timings
from tests.benchmarks.pages import (
    DOCUMENTED,
    MAX_GENERATED_POSTS,
    Page,
    make_page,
    repeat_posts,
    with_invalid_values,
    with_quoted_numbers,
    with_undeclared,
)
from tests.benchmarks.peers import Peer, all_peers, recipe_peers

# Maximum number of posts of a response.
PAGE_POSTS = 500
_MIN_ROUNDS = 5


def each_network(plan: Plan) -> Iterator[Line]:
    """Yield the decoding of each platform, not validated, against `json.loads`."""
    timings_by_platform = {}
    for name in PLATFORMS if plan.peers else DOCUMENTED:
        page = make_page(name, plan.posts)
        decode, parse = partial(page.frame, None), partial(json.loads, page.body)
        timings_by_platform[name] = measure_pairs(decode, parse, plan.rounds)
        if plan.peers:
            yield Line(f"bytes → frame, {name}, not validated", "json.loads", ratio(timings_by_platform[name]))
    timings = sum_timings(timings_by_platform[name] for name in DOCUMENTED)
    target = plan.targets.get("json.loads, not validated")
    yield Line("bytes → frame, all eight, not validated", "json.loads", ratio(timings), target)


def every_peer(plan: Plan) -> Iterator[Line]:
    """Yield the validated decoding of all eight platforms against each peer."""
    for peer in _peers(plan):
        timings = sum_timings(_against(peer, make_page(name, plan.posts), plan.rounds) for name in DOCUMENTED)
        target = plan.targets.get(peer.target)
        yield Line("bytes → frame, all eight, validated", peer.name, ratio(timings), target, cpu_ratio(timings))


def one_page(plan: Plan) -> Iterator[Line]:
    """Yield a single page of each platform against the recipe."""
    rounds = max(plan.rounds, _MIN_ROUNDS)
    for peer in recipe_peers():
        target = plan.targets.get("one page, recipe") if peer.target else None
        timings = {name: _against(peer, make_page(name, PAGE_POSTS), rounds) for name in DOCUMENTED}
        for name in DOCUMENTED:
            yield Line(f"a page of {PAGE_POSTS} posts, {name}, validated", peer.name, ratio(timings[name]), target)
        overall = ratio(sum_timings(timings.values()))
        yield Line(f"a page of {PAGE_POSTS} posts, all eight one by one, validated", peer.name, overall, target)


def invalid_and_undeclared(plan: Plan) -> Iterator[Line]:
    """Yield pages with invalid values and undeclared fields against clean pages."""
    variants = {
        "invalid values": ("pages with one invalid value per hundred posts, in various fields", with_invalid_values),
        "undeclared": ("pages with one undeclared field on every post", with_undeclared),
        "quoted": ("pages with one quoted integer on every post", with_quoted_numbers),
    }
    for target, (what, modify) in variants.items():
        parts = []
        for name in DOCUMENTED:
            clean = make_page(name, plan.posts)
            modified = modify(clean)
            assert modified.frame(None)["extra"].notna().any() == (target != "quoted")
            parts.append(measure_pairs(modified.frame, clean.frame, plan.rounds))
        yield Line(f"{what}, validated", "clean pages", ratio(sum_timings(parts)), plan.targets.get(target))


def ten_times_as_long(plan: Plan) -> Iterator[Line | str]:
    """Yield the cost per post of pages that are ten times as long."""
    if plan.posts > MAX_GENERATED_POSTS:
        yield f"The cost per post is measured for at most {MAX_GENERATED_POSTS:,} posts and was skipped."
        return
    parts = []
    for name in DOCUMENTED:
        short = make_page(name, plan.posts)
        long = repeat_posts(short, 10 * plan.posts)
        timings = measure_pairs(long.frame, short.frame, plan.rounds)
        parts.append([Timing(timing.ours / 10, timing.theirs) for timing in timings])
    what, against = f"cost per post at {10 * plan.posts:,}, validated", f"at {plan.posts:,}"
    yield Line(what, against, ratio(sum_timings(parts)), plan.targets.get("scale"))


def _peers(plan: Plan) -> list[Peer]:
    return [peer for peer in all_peers(optional=plan.peers) if plan.peers or peer.target in plan.targets]


def _against(peer: Peer, page: Page, rounds: int) -> list[Timing]:
    read = peer.reader(page)
    result = read()
    if peer.check:
        peer.check(result, page.frame(None), page.platform)
    del result
    return measure_pairs(page.frame, read, rounds)
