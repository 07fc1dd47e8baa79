"""The expansions that every peer can do with its own means: a row per element of a list, and nothing besides."""

from __future__ import annotations

from ayrframe._platforms.spec import Cell, CellSource, Column, Expansion, Platform, RowPerElement


def plain_expansions(platform: Platform) -> list[Expansion]:
    """Return those that need neither a count of positions nor the post's own columns."""
    return [
        expansion
        for expansion in platform.expansions
        if isinstance(expansion.shape, RowPerElement)
        and expansion.row_per_post is None
        and not expansion.table.position_cell
    ]


def source_of(platform: Platform, expansion: Expansion) -> Column:
    """Return the column that an expansion unfolds."""
    return next(column for column in platform.columns if column.name == expansion.source)


def ways_of(shape: RowPerElement, cell: Cell) -> tuple[CellSource, ...]:
    """Return where a cell may find its value, the first way first."""
    ways = shape.cells.get(cell.name, ())
    return ways if isinstance(ways, tuple) else (ways,)
