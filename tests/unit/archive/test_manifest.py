"""The records of the pages that a dataset contains, in files by the first two digits of a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ayrframe._archive.parquet.layout import MANIFEST_FOLDER
from ayrframe._archive.parquet.manifest import Manifest

FIRST, SECOND, OTHER = "ab" + "0" * 22, "ab" + "1" * 22, "cd" + "0" * 22
MARCH, APRIL = "bluesky/2026-03", "bluesky/2026-04"


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[bytes, str], None]:
    (tmp_path / MANIFEST_FOLDER).mkdir()

    def publish(content: bytes, name: str) -> None:
        (tmp_path / name).write_bytes(content)

    return publish


@pytest.fixture
def manifest(tmp_path: Path, publish: Callable[[bytes, str], None]) -> Manifest:
    manifest = Manifest(str(tmp_path))
    manifest.add({FIRST: [APRIL, MARCH], OTHER: [MARCH]}, publish)
    manifest.add({SECOND: [APRIL]}, publish)
    return manifest


def test_all_pages_of_a_file_are_found(manifest: Manifest, tmp_path: Path) -> None:
    missing = "ab" + "2" * 22
    assert dict(manifest.parts_of([OTHER, SECOND, missing, FIRST])) == {
        FIRST: (MARCH, APRIL),
        SECOND: (APRIL,),
        missing: None,
        OTHER: (MARCH,),
    }
    assert sorted(path.name for path in (tmp_path / MANIFEST_FOLDER).iterdir()) == ["ab", "cd"]


def test_pages_of_other_parts_and_excepted_pages_stay(
    manifest: Manifest, publish: Callable[[bytes, str], None]
) -> None:
    manifest.discard([APRIL], publish, except_pages=[SECOND])
    assert dict(manifest.parts_of([FIRST, SECOND, OTHER])) == {FIRST: None, SECOND: (APRIL,), OTHER: (MARCH,)}


def test_truncated_line_is_not_recorded(manifest: Manifest, tmp_path: Path) -> None:
    path = tmp_path / MANIFEST_FOLDER / "ab"
    path.write_bytes(path.read_bytes()[:-1])
    assert dict(manifest.parts_of([FIRST, SECOND])) == {FIRST: (MARCH, APRIL), SECOND: None}
