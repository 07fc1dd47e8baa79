"""Find the possible mutants of a module and choose some of them by a seed."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TypeVar

from tests.mutation.operators import KINDS, Change, find_changes

T = TypeVar("T")
_SHOWN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change; `code` is its line, `occurrence` counts equal changes of equal lines."""

    path: str
    change: Change
    code: str
    occurrence: int
    source: str

    @property
    def key(self) -> str:
        """What identifies the mutant while other lines of the module change."""
        change = self.change
        parts = (self.path, change.kind, change.function, self.code, change.before, change.after)
        return " | ".join((*parts, str(self.occurrence)) if self.occurrence else parts)

    def __str__(self) -> str:
        """Return file and line, kind and change."""
        change = self.change
        before, after = _shorten(change.before), _shorten(change.after)
        return f"{self.path}:{change.line} [{change.kind}] {change.function or 'module'}: {before} -> {after}"


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def find_mutants(path: str, source: str) -> Iterator[Mutant]:
    """Yield each possible mutant of a module; every one is valid Python."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    seen: Counter[tuple[str, ...]] = Counter()
    for change in find_changes(ast.parse(source)):
        mutated = _apply(source.encode(), starts, change)
        code = lines[change.line - 1].decode().strip()
        identity = (change.kind, change.function, code, change.before, change.after)
        yield Mutant(path, change, code, seen[identity], mutated)
        seen[identity] += 1


def _apply(source: bytes, starts: list[int], change: Change) -> str:
    start = starts[change.start[0] - 1] + change.start[1]
    end = starts[change.end[0] - 1] + change.end[1]
    return (source[:start] + change.text.encode() + source[end:]).decode()


def choose(mutants: Iterable[Mutant], count: int, seed: int) -> list[Mutant]:
    """Choose mutants in turn from each module, and in a module from each kind.

    The order in a module depends on the seed and on the code of each mutant, so edits elsewhere change no choice.
    """
    kinds: dict[str, dict[str, list[Mutant]]] = defaultdict(lambda: {kind: [] for kind in KINDS})
    for mutant in mutants:
        kinds[mutant.path][mutant.change.kind].append(mutant)
    modules = [
        in_turn(sorted(ms, key=lambda m: _rank(m, seed)) for ms in of_kind.values()) for of_kind in kinds.values()
    ]
    return in_turn(modules)[:count]


def in_turn(groups: Iterable[Iterable[T]]) -> list[T]:
    """Return the first item of each group, then the second of each, and so on."""
    return [item for item in chain.from_iterable(zip_longest(*groups)) if item is not None]


def _rank(mutant: Mutant, seed: int) -> str:
    return hashlib.sha256(f"{seed} {mutant.key}".encode()).hexdigest()
