"""The bytes of a body as they were before they were compressed: piece by piece, so that a cap can hold."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ayrframe._api.models import FailureKind

CHUNK_BYTES = 65536
_GZIP_WINDOW_BITS = 31  # zlib's number for a gzip wrapper, checksum and all.


class InvalidBodyError(Exception):  # never leaves the transport
    """A body that is not what its headers say."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        """Keep the kind of trouble beside the words."""
        super().__init__(message)
        self.kind = kind


def decompress(chunks: Iterator[bytes], encoding: str, warnings: list[str]) -> Iterator[bytes]:
    """Return the pieces of a body decoded. Only gzip was asked for, so anything else is refused."""
    encoding_name = encoding.strip().lower()
    if encoding_name in ("", "identity"):
        return chunks
    if encoding_name in ("gzip", "x-gzip"):
        return _iter_gunzipped(chunks, warnings)
    raise InvalidBodyError(FailureKind.CORRUPT, "it is encoded in a way that was not asked for")


def _iter_gunzipped(chunks: Iterator[bytes], warnings: list[str]) -> Iterator[bytes]:
    """Yield a gzip body decoded; what follows its first member is passed over, with a note."""
    member = zlib.decompressobj(_GZIP_WINDOW_BITS)
    has_data = False
    for chunk in chunks:
        has_data = True
        remaining = chunk
        while remaining and not member.eof:
            yield _decompress_chunk(member, remaining)
            remaining = member.unconsumed_tail
        if member.eof and (remaining := remaining or member.unused_data) and not warnings:
            warnings.append("there are bytes after the end of its gzip data, which were passed over")
    while has_data and not member.eof:
        rest = _decompress_chunk(member, b"")
        if not rest:
            raise InvalidBodyError(FailureKind.INCOMPLETE, "its gzip data break off")
        yield rest


def _decompress_chunk(member: zlib._Decompress, data: bytes) -> bytes:
    try:
        return member.decompress(data, CHUNK_BYTES)
    except zlib.error:
        pass
    raise InvalidBodyError(FailureKind.CORRUPT, "its gzip data are damaged")
