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
    expand_: Callable[..., T], name: str, posts: pd.DataFrame, platforms: Sequence[Platform]
) -> Callable[..., T] | None:
    """Return `unfold` as the method of an expansion that these platforms have in this frame; None if they have not."""
    if name not in expansion_names(posts, platforms):
        return None
    declared = expansions_by_name(posts, platforms).get(name, [])
    table = declared[0][1].table if declared else tables.EXTRA_TABLE

    def expand_long() -> T:
        return expand_(name)

    def expand_long_or_wide(*, wide: bool = False) -> T:
        return expand_(name, wide=wide)

    method = expand_long_or_wide if table.wide_row_meaning else expand_long
    method.__name__ = method.__qualname__ = name
    method.__doc__ = method_docstring(table, [platform.title for platform, _ in declared])
    return method


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
