"""Kept pages → a data set that has them all: only what it lacks is read, and what those pages hold again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from ayrframe._archive.page_file import PageHeader, PageName, PagePosition
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.parquet.staging import PagePosts
from ayrframe._archive.parquet.write import DatasetWriter, open_dataset
from ayrframe._archive.read import iter_page_contents, previous_position
from ayrframe._platforms import PLATFORMS

PageHeaders = Iterable[tuple[PageName, PageHeader]]


def update_dataset(store: PageStore, folder: str) -> pd.DataFrame:
    """Bring a data set up to date, and return the parts that were written."""
    names = store.names()
    with open_dataset(folder) as dataset:
        lacking = dataset.lacks(name.digest for name in names)
        new = list(store.heads(name for name in names if name.digest in lacking))
        here = [name for name in names if name.digest not in lacking]
        heads = [*new, *store.heads(_held_again_by(new, here, dataset))]
        return dataset.add(
            PagePosts(one.name.digest, PLATFORMS[one.head.request.platform], one.posts, one.again)
            for one in iter_page_contents(store, heads, _positions_before(store.heads(_after(new, here))))
        )


def _held_again_by(new: PageHeaders, here: Collection[PageName], dataset: DatasetWriter) -> list[PageName]:
    """Return pages in the data set that new ones hold again: what they alone told has to go, if it has not gone."""
    positions = _positions_before(new)
    found = [name for name in here if name.position in positions]
    gone = dataset.empty(name.digest for name in found)
    return [name for name in found if name.digest not in gone]


def _after(new: PageHeaders, here: Collection[PageName]) -> list[PageName]:
    """Return pages in the data set that come right after new ones."""
    positions = {name.position for name, _ in new}
    return [name for name in here if previous_position(name.position) in positions]


def _positions_before(heads: PageHeaders) -> set[PagePosition]:
    """Return the positions of the pages that these hold again."""
    return {previous_position(name.position) for name, head in heads if head.replaces_previous}
