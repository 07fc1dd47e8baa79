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
    def draw(self) -> Callable[[], float]:
        """Draw a number from 0 to 1. The generator is made at the first draw: many values need none."""
        return Random("/".join(map(str, self._name))).random  # noqa: S311 - samples, no secrets

    def chance(self, share: float) -> bool:
        """Return true in this share of draws."""
        return self.draw() < share

    def between(self, low: float, high: float) -> float:
        """Return a number in this range."""
        return low + (high - low) * self.draw()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.draw() * (high - low + 1))

    def rounded(self, value: float) -> int:
        """Return one of the two whole numbers beside a value, so that the mean stays."""
        return math.floor(value + self.draw())

    def spread(self, sigma: float) -> float:
        """Return a log-normal factor around 1."""
        return math.exp(sigma * (self.draw() + self.draw() + self.draw() + self.draw() - 2) * math.sqrt(3))

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self.draw() * len(options))]

    def weighted(self, options: Mapping[T, float]) -> T:
        """Return one of the options, each as often as its weight says."""
        mark = self.draw() * sum(options.values())
        for option, weight in options.items():
            mark -= weight
            if mark < 0:
                return option
        return option

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Return so many different options, or all there are, in the order drawn."""
        left = list(options)
        return [left.pop(int(self.draw() * len(left))) for _ in range(min(count, len(left)))]

    def token(self, alphabet: str, length: int) -> str:
        """Return so many characters of an alphabet."""
        draw, count = self.draw, len(alphabet)
        return "".join([alphabet[int(draw() * count)] for _ in range(length)])

    def split(self, total: int, weights: Mapping[str, float]) -> dict[str, int]:
        """Return a total divided among names, about as their weights say and without a remainder."""
        parts = {}
        left, weight_left = total, sum(weights.values())
        for name, weight in weights.items():
            parts[name] = min(left, self.rounded(left * weight / weight_left))
            left, weight_left = left - parts[name], weight_left - weight
        parts[name] += left
        return parts
