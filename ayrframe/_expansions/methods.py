"""Build the methods `posts.ayr.<expansion>()` and their docstrings from the declarations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import pandas as pd

from ayrframe._expansions.expand import expand, expansion_names, expansions_by_name
from ayrframe._frame.dtypes import DTYPE_NAMES
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.spec import ChildTable, Platform

T = TypeVar("T")


def expansion_method(posts: pd.DataFrame, name: str) -> Callable[..., pd.DataFrame] | None:
    """Return the method of an expansion with the docstring its declaration gives it; None if there is none."""
    return bind_method(partial(expand, posts), name, posts, platforms_in(posts))


def bind_method(
    unfold: Callable[..., T], name: str, posts: pd.DataFrame, platforms: Sequence[Platform]
) -> Callable[..., T] | None:
    """Return `unfold` as the method of an expansion that these platforms have in this frame; None if they have not."""
    if name not in expansion_names(posts, platforms):
        return None
    owners = expansions_by_name(posts, platforms).get(name, [])
    table = owners[0][1].table if owners else tables.EXTRA_TABLE

    def unfold_it() -> T:
        return unfold(name)

    def unfold_it_either_way(*, wide: bool = False) -> T:
        return unfold(name, wide=wide)

    verb = unfold_it_either_way if table.wide_row_meaning else unfold_it
    verb.__name__ = verb.__qualname__ = name
    verb.__doc__ = method_docstring(table, [platform.title for platform, _ in owners])
    return verb


def method_docstring(table: ChildTable, titles: list[str]) -> str:
    """Return the docstring of an expansion."""
    of = f" ({', '.join(titles)})" if titles else ""
    cells = "\n".join(
        f"    {cell.name} : {DTYPE_NAMES[cell.kind]}{f', {cell.unit}' if cell.unit else ''}\n        {cell.meaning}"
        for cell in table.cells
    )
    parts = [
        f"Unfold {table.name}{of}: one row is {table.row_meaning}.",
        table.note,
        f"With `wide=True` one row is {table.wide_row_meaning}." if table.wide_row_meaning else "",
        "Returns\n-------\npandas.DataFrame\n    The post key `platform, profile, id, as_of`, and after it:\n" + cells,
    ]
    return "\n\n".join(part for part in parts if part)
