"""Generate random numbers that depend on a name only, in every process and Python version."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from random import Random
from typing import TypeVar

T = TypeVar("T")


class NamedRng:
    """A random generator that is seeded by a name.

    Only `random.Random.random()` is guaranteed to stay the same across Python versions, so all methods use it alone.
    """

    def __init__(self, *name: object) -> None:
        self._name = name

    @cached_property
    def random(self) -> Callable[[], float]:
        """Return a number from 0 to 1. The generator is created at the first call, because many values need none."""
        return Random("/".join(map(str, self._name))).random  # noqa: S311 - samples, no secrets

    def chance(self, share: float) -> bool:
        """Return True with this probability."""
        return self.random() < share

    def uniform(self, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        return low + (high - low) * self.random()

    def integer(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def round_randomly(self, value: float) -> int:
        """Round up or down at random, so that the mean is preserved."""
        return math.floor(value + self.random())

    def lognormal(self, sigma: float) -> float:
        """Return an approximately log-normal factor with median 1."""
        return math.exp(sigma * (self.random() + self.random() + self.random() + self.random() - 2) * math.sqrt(3))

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self.random() * len(options))]

    def weighted_choice(self, options: Mapping[T, float]) -> T:
        """Return one of the options with probabilities proportional to their weights."""
        remaining = self.random() * sum(options.values())
        for option, weight in options.items():
            remaining -= weight
            if remaining < 0:
                return option
        return option

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Return `count` different options, or all of them if there are fewer, in random order."""
        remaining = list(options)
        return [remaining.pop(int(self.random() * len(remaining))) for _ in range(min(count, len(remaining)))]

    def token(self, alphabet: str, length: int) -> str:
        """Return a text of random characters of an alphabet."""
        random, count = self.random, len(alphabet)
        return "".join([alphabet[int(random() * count)] for _ in range(length)])

    def split(self, total: int, weights: Mapping[str, float]) -> dict[str, int]:
        """Split a total into integers that are approximately proportional to the weights and sum to the total."""
        parts = {}
        remaining, remaining_weight = total, sum(weights.values())
        for name, weight in weights.items():
            parts[name] = min(remaining, self.round_randomly(remaining * weight / remaining_weight))
            remaining, remaining_weight = remaining - parts[name], remaining_weight - weight
        parts[name] += remaining
        return parts
