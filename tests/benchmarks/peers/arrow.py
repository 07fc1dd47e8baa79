"""Decode with pyarrow's JSON reader and a hand-written schema; the result is an Arrow table."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Endpoint
from tests.benchmarks.pages import Page
from tests.benchmarks.peers.post_type import post_type


def reader(page: Page) -> Callable[[], pa.Table]:
    """Return a function that decodes a page into an Arrow table with typed columns."""
    schema = pa.schema([("posts", pa.list_(post_type(page)))])
    columns = {column.name: column.path.split(".") for column in sent_by(page.platform, Endpoint.HISTORY)}
    # The reader requires each row in a single block; the envelope is a row.
    read_options = pa.json.ReadOptions(block_size=len(page.body) + 1)
    parse_options = pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")

    def read() -> pa.Table:
        envelopes = pa.json.read_json(
            pa.BufferReader(page.body), read_options=read_options, parse_options=parse_options
        )
        posts = envelopes.column("posts").chunk(0).flatten()
        return pa.table({name: pc.struct_field(posts, path) for name, path in columns.items()})

    return read


def to_arrow(table: pa.Table) -> pa.Table:
    """Return the result as an Arrow table."""
    return table
