"""The hash by which a reader recognizes the file that the dataset contains."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ayrframe as ayr
from ayrframe._archive.parquet.part_file import footer_hash, part_schema, write_part
from ayrframe._platforms import PLATFORMS


@pytest.mark.parametrize("values", [[1, 2, 3], [1, 2, 4], []])
def test_hash_is_of_the_whole_footer_and_no_more(tmp_path: Path, values: list[int]) -> None:
    path = tmp_path / "part.parquet"
    pq.write_table(pa.table({"number": pa.array(values, pa.int64())}), path)
    content = path.read_bytes()
    # Parquet ends with the footer, four bytes with its length, and PAR1.
    length = int.from_bytes(content[-8:-4], "little")
    assert footer_hash(str(path)) == hashlib.sha256(content[-8 - length :]).hexdigest()


def test_hash_of_other_values_differs(tmp_path: Path) -> None:
    hashes = set()
    for number in (3, 4):
        path = tmp_path / f"{number}.parquet"
        pq.write_table(pa.table({"number": [1, 2, number]}), path)
        hashes.add(footer_hash(str(path)))
    assert len(hashes) == 2


def test_pandas_reads_a_file_with_the_dtypes_of_a_posts_frame(tmp_path: Path) -> None:
    posts, platform = ayr.load_sample("bluesky"), PLATFORMS["bluesky"]
    table = pa.Table.from_pandas(posts, schema=part_schema((platform,)), preserve_index=False)
    path = tmp_path / "part.parquet"
    assert write_part(str(path), [table[:7], table[7:]], platform, without_id=["b", "a"]) == len(posts)
    read = pd.read_parquet(path).sort_values(["created", "id"], ignore_index=True)
    pd.testing.assert_frame_equal(read, posts.sort_values(["created", "id"], ignore_index=True))
    assert pq.read_schema(path).metadata[b"ayrframe"] == b'{"without_id": ["a", "b"]}'
