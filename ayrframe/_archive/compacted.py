"""Kept pages → a data set that has them all: only what it lacks is read, and what those pages hold again."""

from __future__ import annotations

import pandas as pd

from ayrframe._archive.entry import Head, Name
from ayrframe._archive.observed import before, told
from ayrframe._archive.store import Store
from ayrframe._dataset.heap import Piece
from ayrframe._dataset.writing import opened
from ayrframe._platforms import PLATFORMS


def compacted(store: Store, folder: str) -> pd.DataFrame:
    """Bring a data set up to date, and return the parts that were written."""
    names = store.names()
    with opened(folder) as dataset:
        lacking = dataset.lacks(name.digest for name in names)
        after = {before(name.place): name for name in names}
        heads: list[tuple[Name, Head]] = list(store.heads(name for name in names if name.digest in lacking))
        following = [after[name.place] for name, _ in heads if name.place in after]
        known = store.heads(name for name in following if name.digest not in lacking)
        held_again = [before(name.place) for name, head in known if head.widened]
        # Pages that are in the data set, and that new ones hold again: what they alone told has to go.
        places = {before(name.place) for name, head in heads if head.widened}
        here = [name for name in names if name.place in places and name.digest not in lacking]
        gone = dataset.empty(name.digest for name in here)
        heads += store.heads(name for name in here if name.digest not in gone)
        return dataset.add(
            Piece(one.name.digest, PLATFORMS[one.head.request.platform], one.posts, one.again)
            for one in told(store, heads, held_again)
        )
