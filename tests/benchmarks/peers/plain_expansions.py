"""Select the expansions that every peer supports: one row per element of a list."""

from __future__ import annotations

from ayrframe._platforms.spec import Cell, CellSource, Column, Expansion, Platform, RowPerElement


def plain_expansions(platform: Platform) -> list[Expansion]:
    """Return the expansions without positions and without values from other columns of the post."""
    return [
        expansion
        for expansion in platform.expansions
        if isinstance(expansion.shape, RowPerElement)
        and expansion.row_per_post is None
        and not expansion.table.position_cell
        and not expansion.table.relative_cell
    ]


def source_column(platform: Platform, expansion: Expansion) -> Column:
    """Return the nested column of an expansion."""
    return next(column for column in platform.columns if column.name == expansion.source)


def sources_of(shape: RowPerElement, cell: Cell) -> tuple[CellSource, ...]:
    """Return the sources of a cell, in order of preference."""
    sources = shape.cells.get(cell.name, ())
    return sources if isinstance(sources, tuple) else (sources,)
