"""pyarrow's JSON reader with a schema written by hand: the fastest peer, and it stops at an Arrow table."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from ayrframe._platforms.columns import sent_by
from tests.benchmarks.pages import Page
from tests.benchmarks.peers.post_type import post_type


def reader(page: Page) -> Callable[[], pa.Table]:
    """Return the job: bytes to an Arrow table with typed columns, UTC times and typed lists."""
    schema = pa.schema([("posts", pa.list_(post_type(page)))])
    columns = {column.name: column.path.split(".") for column in sent_by(page.platform)}
    # The reader wants a JSON text in one block; it takes the envelope for a table of one row.
    whole = pa.json.ReadOptions(block_size=len(page.body) + 1)
    parse = pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")

    def read() -> pa.Table:
        replies = pa.json.read_json(pa.BufferReader(page.body), read_options=whole, parse_options=parse)
        posts = replies.column("posts").chunk(0).flatten()
        return pa.table({name: pc.struct_field(posts, path) for name, path in columns.items()})

    return read


def arrow(table: pa.Table) -> pa.Table:
    """Return the answer as Arrow."""
    return table
