"""Decompress response bodies in chunks, so that their size can be limited."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ayrframe._api.models import FailureKind

CHUNK_BYTES = 65536
_GZIP_WINDOW_BITS = 31  # Makes zlib expect a gzip header and verify the checksum.


class InvalidBodyError(Exception):  # never leaves the transport
    """A body that contradicts its headers."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        """Store the kind of failure beside the message."""
        super().__init__(message)
        self.kind = kind


def decompress(chunks: Iterator[bytes], encoding: str, warnings: list[str]) -> Iterator[bytes]:
    """Return the decompressed chunks of a body; requests accept only gzip, so other encodings are errors."""
    encoding_name = encoding.strip().lower()
    if encoding_name in ("", "identity"):
        return chunks
    if encoding_name in ("gzip", "x-gzip"):
        return _iter_gunzipped(chunks, warnings)
    raise InvalidBodyError(FailureKind.CORRUPT, "its content encoding was not requested")


def _iter_gunzipped(chunks: Iterator[bytes], warnings: list[str]) -> Iterator[bytes]:
    """Yield the first gzip member decompressed; ignore what follows it, with a warning."""
    member = zlib.decompressobj(_GZIP_WINDOW_BITS)
    has_data = False
    for chunk in chunks:
        has_data = True
        remaining = chunk
        while remaining and not member.eof:
            yield _decompress_chunk(member, remaining)
            remaining = member.unconsumed_tail
        if member.eof and (remaining := remaining or member.unused_data) and not warnings:
            warnings.append("ignored bytes after the end of the gzip data")
    while has_data and not member.eof:
        rest = _decompress_chunk(member, b"")
        if not rest:
            raise InvalidBodyError(FailureKind.INCOMPLETE, "its gzip data are truncated")
        yield rest


def _decompress_chunk(member: zlib._Decompress, data: bytes) -> bytes:
    try:
        return member.decompress(data, CHUNK_BYTES)
    except zlib.error:
        pass
    raise InvalidBodyError(FailureKind.CORRUPT, "its gzip data are corrupt")
