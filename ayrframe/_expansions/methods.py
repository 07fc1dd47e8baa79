"""Build the methods `posts.ayr.<expansion>()` and their docstrings from the declarations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import pandas as pd

from ayrframe._expansions.expand import expand, expansion_names, expansions_by_name
from ayrframe._frame.dtypes import DTYPE_NAMES
from ayrframe._frame.platform_rows import is_accounts_frame, known_platforms_in
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import ID, KEY
from ayrframe._platforms.spec import ChildTable, Platform
from ayrframe.errors import join_names

T = TypeVar("T")
_POSTS_EXAMPLE = '>>> ayr.load_sample("{platform}")'
_ACCOUNTS_EXAMPLE = """\
>>> with ayr.sandbox() as api:
...     accounts = ayr.accounts("{platform}", client=api.client())
>>> accounts"""


def expansion_method(posts: pd.DataFrame, name: str) -> Callable[..., pd.DataFrame] | None:
    """Return the method of an expansion, or None if the posts have no expansion of this name."""
    return bind_method(partial(expand, posts), name, posts, known_platforms_in(posts))


def bind_method(
    expand_function: Callable[..., T], name: str, posts: pd.DataFrame, platforms: Sequence[Platform]
) -> Callable[..., T] | None:
    """Return `expand_function` as a method with its signature and docstring, or None for an unknown name."""
    if name not in expansion_names(posts, platforms):
        return None
    declared = expansions_by_name(posts, platforms).get(name, [])
    table = declared[0][1].table if declared else tables.EXTRA_TABLE

    def long_method() -> T:
        return expand_function(name)

    def long_or_wide_method(*, wide: bool = False) -> T:
        return expand_function(name, wide=wide)

    method = long_or_wide_method if table.wide_row_meaning else long_method
    of_accounts = is_accounts_frame(posts)
    method.__name__, method.__qualname__ = name, f"{'accounts' if of_accounts else 'posts'}.ayr.{name}"
    method.__annotations__["return"] = "DataFrame"  # of pandas or dask
    method.__doc__ = method_docstring(table, [platform.title for platform, _ in declared], of_accounts=of_accounts)
    return method


def method_docstring(table: ChildTable, titles: list[str], *, of_accounts: bool = False) -> str:
    """Return the docstring of the method of an expansion; without titles, that of `extra`."""
    cells = "\n".join(
        f"    {cell.name} : {DTYPE_NAMES[cell.kind]}{f', {cell.unit}' if cell.unit else ''}\n        {cell.meaning}"
        for cell in table.cells
    )
    row, wide_row = (re.sub("^(one|an?) ", "", meaning) for meaning in (table.row_meaning, table.wide_row_meaning))
    platforms = join_names(titles) or "all"
    key = [name for name in KEY if not of_accounts or name != ID.name]
    example = (_ACCOUNTS_EXAMPLE if of_accounts else _POSTS_EXAMPLE).format(platform=(titles or ["TikTok"])[0].lower())
    result = [*key, *(cell.name for cell in table.cells)]
    parts = [
        f"Return `{table.name}` of {platforms} {'accounts' if of_accounts else 'posts'}, one row per {row}.",
        table.note,
        f"Parameters\n----------\nwide : bool, default False\n    Return one row per {wide_row}." if wide_row else "",
        "Returns\n-------\npandas.DataFrame\n"
        f"    The {'columns' if of_accounts else 'post key'} {', '.join(f'`{name}`' for name in key)}, followed by:"
        f"\n\n{cells}",
        f"Examples\n--------\n{example}.ayr.{table.name}().columns.tolist()\n{result}",
    ]
    return "\n\n".join(part for part in parts if part)
