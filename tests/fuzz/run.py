"""Run cases in one or several processes, and write those that fail to files."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.fuzz.cases import Case, make_case
from tests.fuzz.checks import Finding, find
from tests.fuzz.minimise import minimise

_CHUNK = 20  # cases
_MAX_MINIMISED = 5  # of one property


@dataclass
class Found:
    """A property that does not hold, and its description with the command that reproduces it."""

    name: str
    text: str


@dataclass
class Totals:
    """Figures of a run."""

    documents: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    bytes: int = 0
    cpu_seconds: float = 0.0
    texts: list[str] = field(default_factory=list)
    properties: Counter[str] = field(default_factory=Counter)

    def add(self, other: Totals) -> None:
        """Add the figures of a part of the run."""
        self.documents += other.documents
        self.posts, self.bytes = self.posts + other.posts, self.bytes + other.bytes
        self.cpu_seconds += other.cpu_seconds
        self.texts += other.texts
        self.properties += other.properties
        print(f"{self.posts:,} posts, {self.cpu_seconds:,.0f} s of CPU time", file=sys.stderr, flush=True)

    def is_enough(self, posts: int) -> bool:
        """Return whether there were enough posts, or as many documents, of which some kinds have no posts."""
        return max(self.posts, self.documents.total()) >= posts

    def describe(self, seed: int) -> str:
        """Return the figures as text."""
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in self.documents.most_common())
        failed = ", ".join(f"{number} {name}" for name, number in self.properties.most_common()) or "none"
        return (
            f"Seed {seed}: {self.posts:,} posts in {self.documents.total():,} documents ({kinds}), {self.bytes:,} "
            f"bytes, {self.cpu_seconds:,.0f} s of CPU time. Findings: {failed}."
        )


def fuzz(seed: int, posts: int, kinds: tuple[str, ...], processes: int, output: Path) -> Totals:
    """Check cases until there were enough posts; the same cases whatever the number of processes."""
    totals = Totals()
    if processes == 1:
        for start in count(step=_CHUNK):
            totals.add(_run_chunk(seed, start, kinds, output))
            if totals.is_enough(posts):
                return totals
    with ProcessPoolExecutor(processes) as pool:
        starts = count(step=_CHUNK)
        running: set[Future[Totals]] = set()
        while not totals.is_enough(posts):
            running |= {
                pool.submit(_run_chunk, seed, next(starts), kinds, output) for _ in range(processes - len(running))
            }
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                totals.add(future.result())
        for future in running:
            totals.add(future.result())
    return totals


def _run_chunk(seed: int, start: int, kinds: tuple[str, ...], output: Path) -> Totals:
    totals = Totals()
    began = time.process_time()
    for number in range(start, start + _CHUNK):
        case = make_case(seed, number, kinds)
        totals.documents[case.kind] += 1
        totals.posts += case.posts
        totals.bytes += len(case.body)
        found = _check(case, seed, number, kinds, output)
        if found:
            print(found.text, flush=True)
            totals.texts.append(found.text)
            totals.properties[found.name] += 1
    totals.cpu_seconds = time.process_time() - began
    return totals


def check_case(seed: int, number: int, kinds: tuple[str, ...], output: Path) -> Found | None:
    """Check one case, and return the property that does not hold."""
    return _check(make_case(seed, number, kinds), seed, number, kinds, output)


_minimised: Counter[str] = Counter()


def _check(case: Case, seed: int, number: int, kinds: Iterable[str], output: Path) -> Found | None:
    finding = find(case)
    if finding is None:
        return None
    options = f" --kinds {' '.join(kinds)}" if kinds else ""
    text = f"python -m tests.fuzz --seed {seed} --case {number}{options}\n  {case.kind} {case.platform}: {finding}"
    _minimised[finding.name] += 1
    if _minimised[finding.name] > _MAX_MINIMISED:
        return Found(finding.name, text)
    smaller = minimise(case, lambda other: _is_same(finding, find(other)))
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"{seed}-{number}-{finding.name.replace(' ', '-')}.json"
    path.write_bytes(smaller.body)
    return Found(finding.name, f"{text}\n  minimised: {find(smaller) or finding}\n  {path}: {smaller.body[:300]!r}")


def _is_same(finding: Finding, other: Finding | None) -> bool:
    """Return whether a smaller case fails for the same reason: the same property and, of an exception, its class."""
    if other is None or other.name != finding.name:
        return False
    if finding.name != "foreign exception":
        return True
    first, second = (re.split("[:(]", str(each))[1] for each in (finding, other))  # e.g. "timeline raised ValueError"
    return first == second
