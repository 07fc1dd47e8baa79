"""Chance that falls the same for the same name, in every process and in every Python version."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from random import Random
from typing import TypeVar

T = TypeVar("T")


class NamedRng:
    """Draws named by what they decide.

    Of `random.Random` only `random()` is promised to stay as it is, so everything here is built on it.
    """

    def __init__(self, *name: object) -> None:
        self._name = name

    @cached_property
    def random(self) -> Callable[[], float]:
        """Draw a number from 0 to 1. The generator is made at the first draw: many values need none."""
        return Random("/".join(map(str, self._name))).random  # noqa: S311 - samples, no secrets

    def chance(self, share: float) -> bool:
        """Return true in this share of draws."""
        return self.random() < share

    def uniform(self, low: float, high: float) -> float:
        """Return a number in this range."""
        return low + (high - low) * self.random()

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def round_randomly(self, value: float) -> int:
        """Return one of the two whole numbers beside a value, so that the mean stays."""
        return math.floor(value + self.random())

    def lognormal(self, sigma: float) -> float:
        """Return a log-normal factor around 1."""
        return math.exp(sigma * (self.random() + self.random() + self.random() + self.random() - 2) * math.sqrt(3))

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self.random() * len(options))]

    def weighted_choice(self, options: Mapping[T, float]) -> T:
        """Return one of the options, each as often as its weight says."""
        remaining = self.random() * sum(options.values())
        for option, weight in options.items():
            remaining -= weight
            if remaining < 0:
                return option
        return option

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Return so many different options, or all there are, in the order drawn."""
        remaining = list(options)
        return [remaining.pop(int(self.random() * len(remaining))) for _ in range(min(count, len(remaining)))]

    def token(self, alphabet: str, length: int) -> str:
        """Return so many characters of an alphabet."""
        random, count = self.random, len(alphabet)
        return "".join([alphabet[int(random() * count)] for _ in range(length)])

    def split(self, total: int, weights: Mapping[str, float]) -> dict[str, int]:
        """Return a total divided among names, about as their weights say and without a remainder."""
        parts = {}
        remaining, remaining_weight = total, sum(weights.values())
        for name, weight in weights.items():
            parts[name] = min(remaining, self.round_randomly(remaining * weight / remaining_weight))
            remaining, remaining_weight = remaining - parts[name], remaining_weight - weight
        parts[name] += remaining
        return parts
