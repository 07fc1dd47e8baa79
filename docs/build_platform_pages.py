"""Write a documentation page per platform from its declaration: `python docs/build_platform_pages.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ayrframe._frame.dtypes import DTYPE_NAMES
from ayrframe._metrics.catalog import CatalogEntry, catalog_entries
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import ACCOUNT_LEADING_COLUMNS, FOLLOWERS, FOLLOWING, POSTS, columns_of
from ayrframe._platforms.spec import Column, Condition, Field, Platform


def platform_page(platform: Platform) -> str:
    """Return the page of a platform as Markdown."""
    return "\n".join(
        [
            *_title(platform),
            *_columns(platform),
            *_nested(platform),
            *_labels(platform),
            *_metrics(platform),
            *_expansions(platform),
            *_accounts(platform),
            "Generated from the declaration of the platform by `python docs/build_platform_pages.py`.",
            "",
        ]
    )


def write_pages(folder: Path) -> None:
    """Write the page of every platform into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for platform in PLATFORMS.values():
        (folder / f"{platform.name}.md").write_text(platform_page(platform), encoding="utf-8")


def _title(platform: Platform) -> Iterator[str]:
    aliases = f" (also `{'`, `'.join(platform.aliases)}`)" if platform.aliases else ""
    yield f"# {platform.title}"
    yield ""
    yield f"Name: `{platform.name}`{aliases}. {platform.about}"
    yield ""


def _columns(platform: Platform) -> Iterator[str]:
    yield "## Columns"
    yield ""
    yield from _table(
        ("column", "dtype", "unit", "meaning", "API path", "endpoint", "evidence"),
        map(_column_row, columns_of(platform)),
    )


def _column_row(column: Column) -> tuple[str, ...]:
    notes = [column.meaning, column.note]
    if column.retired_on:
        notes.append(f"Retired by the platform on {column.retired_on}.")
    if column.fills and column.fills in {FOLLOWERS.name, FOLLOWING.name, POSTS.name}:
        notes.append(f"`{column.fills}` takes its value.")
    if column.values:
        notes.append(_known_values(column.values))
    if column.formats:
        notes.append(f"Only on: {', '.join(column.formats)}.")
    if column.gaps:
        notes.append(f"May be missing: {', '.join(column.gaps)}.")
    return (
        f"`{column.name}`",
        DTYPE_NAMES[column.kind],
        column.unit,
        " ".join(filter(None, notes)),
        f"`{column.path}`" if column.path else "",
        column.endpoint,
        column.evidence if column.path else "",
    )


def _known_values(values: Iterable[str]) -> str:
    return f"Known values: {', '.join(f'`{value}`' for value in values)}."


def _nested(platform: Platform) -> Iterator[str]:
    for column in platform.columns:
        if any(field.path for field in column.inner):
            yield f"### Inside `{column.name}`"
            yield ""
            yield from _table(("API path", "kind", "unit", "meaning"), _fields("", column.inner))


def _fields(prefix: str, inner: Iterable[Field]) -> Iterator[tuple[str, ...]]:
    for field in inner:
        meaning = f"{field.meaning} {_known_values(field.values)}" if field.values else field.meaning
        yield f"`{prefix}{field.path}`", field.kind, field.unit, meaning
        yield from _fields(f"{field.path}[].", field.inner)


def _labels(platform: Platform) -> Iterator[str]:
    formats = [
        (choice.name, [*(Condition(path, value) for path, value in choice.values.items()), *choice.conditions])
        for choice in platform.formats
    ]
    kinds = [
        (f"{choice.name} (numbers of another account)" if choice.is_foreign else choice.name, [choice.condition])
        for choice in platform.post_kinds
    ]
    for label, choices in (("format", formats), ("kind", kinds)):
        if choices:
            yield f"### `{label}` in `posts.ayr.metrics()`: the first that applies, else NA"
            yield ""
            rows = (
                (name, " and ".join(map(_condition_text, conditions)) or "all posts") for name, conditions in choices
            )
            yield from _table((label, "if"), rows)


def _condition_text(condition: Condition) -> str:
    subject = f"`{condition.path}`"
    if condition.inner_path:
        elements = "an element" if condition.any_element else "every element"
        subject = f"`{condition.inner_path}` of {elements} of {subject}"
    if condition.is_missing:
        return f"{subject} is missing"
    if condition.matches:
        return f"{subject} matches `{condition.matches}`"
    if condition.equals is None:
        return f"{subject} is present"
    values = condition.equals if isinstance(condition.equals, tuple) else (condition.equals,)
    texts = (str(value).lower() if isinstance(value, bool) else value for value in values)
    return f"{subject} is {' or '.join(f'`{text}`' for text in texts)}"


def _metrics(platform: Platform) -> Iterator[str]:
    yield "## Metrics"
    yield ""
    yield "Sources of `posts.ayr.metrics()`; [decisions](../decisions.md) gives the reasons."
    yield ""
    yield from _table(
        ("metric", "source", "endpoint", "scope", "paid", "note"), map(_metric_row, catalog_entries(platform))
    )
    if platform.usual_denominator:
        yield f"Engagement rates on {platform.title} usually have {platform.usual_denominator.name} as the denominator."
        yield ""


def _metric_row(entry: CatalogEntry) -> tuple[str, ...]:
    source = f"`{entry.path}`" if entry.path else entry.status
    described = (entry.endpoint, entry.scope, entry.paid, entry.note)
    return f"`{entry.metric}`", source, *(text or "" for text in described)


def _expansions(platform: Platform) -> Iterator[str]:
    if platform.expansions and not platform.is_account:
        yield "## Expansions"
        yield ""
    frame = "accounts" if platform.is_account else "posts"
    for expansion in platform.expansions:
        table = expansion.table
        yield f"### `{frame}.ayr.{table.name}()`"
        yield ""
        wide = f"With `wide=True` one row is {table.wide_row_meaning}." if table.wide_row_meaning else ""
        yield " ".join(
            filter(None, [f"One row is {table.row_meaning}; unfolded from `{expansion.source}`.", table.note, wide])
        )
        yield ""
        yield from _table(
            ("column", "dtype", "unit", "meaning"),
            ((f"`{cell.name}`", DTYPE_NAMES[cell.kind], cell.unit, cell.meaning) for cell in table.cells),
        )


def _accounts(platform: Platform) -> Iterator[str]:
    accounts = platform.of_accounts
    if not accounts.columns:
        return
    yield "## Accounts"
    yield ""
    common = ", ".join(f"`{column.name}`" for column in ACCOUNT_LEADING_COLUMNS)
    yield f"Columns of `ayr.accounts()` after {common}; `extra` is last."
    yield ""
    yield from _table(
        ("column", "dtype", "unit", "meaning", "API path", "evidence"), map(_column_row, accounts.columns)
    )
    if platform.account.parameters:
        names = ", ".join(f"`{parameter.name}`" for parameter in platform.account.parameters)
        yield f"Parameters of `ayr.accounts()` for this platform: {names}."
        yield ""
    yield from _expansions(accounts)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


if __name__ == "__main__":
    write_pages(Path(__file__).parent / "platforms")
