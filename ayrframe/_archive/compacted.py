"""Kept pages → a data set that has them all: only what it lacks is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._archive.entry import Name
from ayrframe._archive.observed import repeated_by, tables
from ayrframe._archive.store import Store
from ayrframe._arrays import UTC_TIME
from ayrframe._dataset.heap import Piece
from ayrframe._dataset.writing import opened
from ayrframe._platforms import PLATFORMS
from ayrframe.columns import AS_OF


def compacted(store: Store, folder: str) -> pd.DataFrame:
    """Bring a data set up to date, and return the parts that were written."""
    names = store.names()
    with opened(folder) as dataset:
        lacking = dataset.lacks(name.digest for name in names)
        heads = [(name, head) for name, head in store.heads(name for name in names if name.digest in lacking)]
        repeated = repeated_by(heads)
        again = [name for name in names if name.place in repeated]
        held = dataset.holds(name.digest for name in again)
        # Profile after profile, as they will stand in the files.
        heads.sort(key=lambda one: (one[1].request.platform, one[1].request.profile))
        pieces = chain(
            _pieces(store, (name for name, _ in heads if name.place not in repeated), withdrawn=False),
            _pieces(store, (name for name in again if name.digest in held), withdrawn=True),
        )
        return dataset.add(pieces, but=[name.digest for name in again])


def _pieces(store: Store, names: Iterable[Name], *, withdrawn: bool) -> Iterator[Piece]:
    """Yield pages for a data set; of one that is withdrawn only what no other page can have given."""
    for name in names:
        for page, table in tables(store, [name]):
            received = pc.equal(table.column(AS_OF.name), pa.scalar(page.head.received_at, UTC_TIME))
            posts = table.filter(received) if withdrawn else table
            yield Piece(name.digest, PLATFORMS[page.head.request.platform], posts, withdrawn)
