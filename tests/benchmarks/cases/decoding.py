"""From bytes to the posts frame: against every peer, on a long history and on a single page, and with odd posts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ayrframe._platforms import PLATFORMS
from tests.benchmarks.measure import Line, Plan, Turn, cores, paired, ratio, together
from tests.benchmarks.pages import (
    DOCUMENTED,
    MADE,
    Page,
    page_of,
    repeated,
    with_odd_values,
    with_quoted_numbers,
    with_undeclared,
)
from tests.benchmarks.peers import Peer, readers, recipes

# What the API sends at once.
ONE_PAGE = 500
_FEWEST_ROUNDS = 5


def each_network(plan: Plan) -> Iterator[Line]:
    """Yield the decode of every network against `json.loads`, checked and unchecked."""
    unchecked = {}
    for name in PLATFORMS if plan.peers else DOCUMENTED:
        page = page_of(name, plan.posts)
        unchecked[name] = paired(lambda: page.frame(None), lambda: json.loads(page.body), plan.rounds)  # noqa: B023
        if plan.peers:
            yield Line(f"bytes → frame, {name}, not validated", "json.loads", ratio(unchecked[name]))
    turns = together(unchecked[name] for name in DOCUMENTED)
    bar = plan.bars.get("json.loads, not validated")
    yield Line("bytes → frame, all eight, not validated", "json.loads", ratio(turns), bar)


def all_peers(plan: Plan) -> Iterator[Line]:
    """Yield the validated decode of the eight documented networks against each peer."""
    for peer in _peers(plan):
        turns = together(_against(peer, page_of(name, plan.posts), plan.rounds) for name in DOCUMENTED)
        bar = plan.bars.get(peer.bar)
        yield Line("bytes → frame, all eight, validated", peer.name, ratio(turns), bar, cores(turns))


def one_page(plan: Plan) -> Iterator[Line]:
    """Yield one page of each network against the recipe."""
    rounds = max(plan.rounds, _FEWEST_ROUNDS)
    for peer in recipes():
        bar = plan.bars.get("one page, recipe") if peer.bar else None
        turns = {name: _against(peer, page_of(name, ONE_PAGE), rounds) for name in DOCUMENTED}
        for name in DOCUMENTED:
            yield Line(f"a page of {ONE_PAGE} posts, {name}, validated", peer.name, ratio(turns[name]), bar)
        every = ratio(together(turns.values()))
        yield Line(f"a page of {ONE_PAGE} posts, all eight one by one, validated", peer.name, every, bar)


def odd_posts(plan: Plan) -> Iterator[Line]:
    """Yield what posts cost that are not as they were declared."""
    kinds = {
        "odd values": ("pages with one odd value per hundred posts, in various fields", with_odd_values),
        "undeclared": ("pages with one undeclared field on every post", with_undeclared),
        "quoted": ("pages with one number in quotation marks on every post", with_quoted_numbers),
    }
    for bar, (what, made) in kinds.items():
        parts = []
        for name in DOCUMENTED:
            clean = page_of(name, plan.posts)
            odd = made(clean)
            assert odd.frame(None)["extra"].notna().any() == (bar != "quoted")
            parts.append(paired(odd.frame, clean.frame, plan.rounds))
        yield Line(f"{what}, validated", "clean pages", ratio(together(parts)), plan.bars.get(bar))


def ten_times(plan: Plan) -> Iterator[Line | str]:
    """Yield what a post costs in a history ten times as long."""
    if plan.posts > MADE:
        yield f"The cost per post is measured from {MADE:,} posts at most, and was left out at {plan.posts:,}."
        return
    parts = []
    for name in DOCUMENTED:
        short = page_of(name, plan.posts)
        long = repeated(short, 10 * plan.posts)
        parts.append([Turn(turn.ours / 10, turn.theirs) for turn in paired(long.frame, short.frame, plan.rounds)])
    what, against = f"cost per post at {10 * plan.posts:,}, validated", f"at {plan.posts:,}"
    yield Line(what, against, ratio(together(parts)), plan.bars.get("scale"))


def _peers(plan: Plan) -> list[Peer]:
    return [peer for peer in readers(optional=plan.peers) if plan.peers or peer.bar in plan.bars]


def _against(peer: Peer, page: Page, rounds: int) -> list[Turn]:
    read = peer.reader(page)
    answer = read()
    if peer.check:
        peer.check(answer, page.frame(None), page.platform)
    del answer
    return paired(page.frame, read, rounds)
