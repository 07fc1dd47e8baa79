"""Medians of numbers that lie in many places: exact, in two rounds, out of counts that can be added.

A float64 has an order-preserving whole number, its key. Round one counts values by the leading bits of their keys,
which tells in which bucket the middle lies; round two counts the values of those buckets by their whole keys. What
travels is a count for each bucket, then one for each distinct value of at most two buckets. Medians are asked for slot
by slot: a slot is a whole number that stands for a group.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

_SHIFT = 64 - 20  # Sign, exponent and 8 bits of the fraction: a bucket is as wide as 0.4 % of what is in it.
_MAGNITUDE = np.int64(2**63 - 1)


class Counts(NamedTuple):
    """How many values of a slot have a key, sorted by both, each pair once."""

    slots: Whole
    keys: Whole
    counts: Whole


class Sought(NamedTuple):
    """Where the middle of each slot lies: the buckets of its lower and its upper half, and how many values are below.

    `sizes` counts all values of the slot.
    """

    slots: Whole
    lower: Whole
    upper: Whole
    below: Whole
    sizes: Whole


def in_buckets(slots: Whole, values: Numbers) -> Counts:
    """Count values by their bucket: round one. NaN is no value."""
    slots, keys = _keys(slots, values)
    return _counted(slots, keys >> _SHIFT, np.ones(len(keys), np.int64))


def in_middle(slots: Whole, values: Numbers, sought: Sought) -> Counts:
    """Count the values that lie in the buckets of the middle, each by itself: round two."""
    slots, keys = _keys(slots, values)
    if not len(sought.slots):
        return _counted(slots[:0], keys[:0], keys[:0])
    place = np.minimum(np.searchsorted(sought.slots, slots), len(sought.slots) - 1)
    bucket = keys >> _SHIFT
    chosen = (sought.slots[place] == slots) & ((bucket == sought.lower[place]) | (bucket == sought.upper[place]))
    return _counted(slots[chosen], keys[chosen], np.ones(int(chosen.sum()), np.int64))


def added(parts: Iterable[Counts]) -> Counts:
    """Return the counts of several parts as those of the whole."""
    slots, keys, counts = zip(*parts, strict=True)
    return _counted(np.concatenate(slots), np.concatenate(keys), np.concatenate(counts))


def sought(buckets: Counts) -> Sought:
    """Return where the middle of each slot lies, after round one."""
    slots, starts = np.unique(buckets.slots, return_index=True)
    passed = np.cumsum(buckets.counts)
    before = passed[starts] - buckets.counts[starts]
    sizes = np.diff(np.append(before, passed[-1] if len(passed) else 0))
    lower, upper = (np.searchsorted(passed, before + rank, side="right") for rank in _ranks(sizes))
    below = passed[lower] - buckets.counts[lower] - before
    return Sought(slots, buckets.keys[lower], buckets.keys[upper], below, sizes)


def medians(middle: Counts, where: Sought) -> Numbers:
    """Return the median of each slot of `where`, after round two."""
    passed = np.cumsum(middle.counts)
    starts = np.searchsorted(middle.slots, where.slots)
    before = passed[starts] - middle.counts[starts] - where.below
    halves = (
        _values(middle.keys[np.searchsorted(passed, before + rank, side="right")]) for rank in _ranks(where.sizes)
    )
    lower, upper = halves
    with np.errstate(over="ignore", invalid="ignore"):  # as pandas has it
        return np.where(lower == upper, lower, (lower + upper) / 2)


def _ranks(sizes: Whole) -> tuple[Whole, Whole]:
    return (sizes - 1) // 2, sizes // 2


def _keys(slots: Whole, values: Numbers) -> tuple[Whole, Whole]:
    """Return slots and keys of the values that are none of NaN; -0.0 and 0.0 are one value."""
    there = ~np.isnan(values)
    bits = (values[there] + 0.0).view(np.int64)
    return slots[there], np.where(bits < 0, bits ^ _MAGNITUDE, bits)


def _values(keys: Whole) -> Numbers:
    return np.where(keys < 0, keys ^ _MAGNITUDE, keys).view(np.float64)


def _counted(slots: Whole, keys: Whole, counts: Whole) -> Counts:
    if not len(slots):
        return Counts(slots, keys, counts)
    order = np.lexsort((keys, slots))
    slots, keys, counts = slots[order], keys[order], counts[order]
    new = np.append(True, (np.diff(slots) != 0) | (np.diff(keys) != 0))
    starts = np.flatnonzero(new)
    return Counts(slots[starts], keys[starts], np.add.reduceat(counts, starts))
