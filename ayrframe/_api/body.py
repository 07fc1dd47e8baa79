"""The bytes of a body as they were before they were compressed: piece by piece, so that a cap can hold."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ayrframe._api.models import FailureKind

_PIECE = 65536
_GZIP = 31  # zlib's number for a gzip wrapper, checksum and all.


class BrokenBodyError(Exception):  # never leaves the transport
    """A body that is not what its headers say."""

    def __init__(self, trouble: FailureKind, text: str) -> None:
        """Keep the kind of trouble beside the words."""
        super().__init__(text)
        self.trouble = trouble


def decompress(pieces: Iterator[bytes], encoding: str, notes: list[str]) -> Iterator[bytes]:
    """Return the pieces of a body decoded. Only gzip was asked for, so anything else is refused."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return pieces
    if name in ("gzip", "x-gzip"):
        return _unzipped(pieces, notes)
    raise BrokenBodyError(FailureKind.DAMAGED, "it is encoded in a way that was not asked for")


def _unzipped(pieces: Iterator[bytes], notes: list[str]) -> Iterator[bytes]:
    """Yield a gzip body decoded; what follows its first member is passed over, with a note."""
    member = zlib.decompressobj(_GZIP)
    begun = False
    for piece in pieces:
        begun = True
        left = piece
        while left and not member.eof:
            yield _decompressed(member, left)
            left = member.unconsumed_tail
        if member.eof and (left := left or member.unused_data) and not notes:
            notes.append("there are bytes after the end of its gzip data, which were passed over")
    while begun and not member.eof:
        rest = _decompressed(member, b"")
        if not rest:
            raise BrokenBodyError(FailureKind.CUT, "its gzip data break off")
        yield rest


def _decompressed(member: zlib._Decompress, data: bytes) -> bytes:
    try:
        return member.decompress(data, _PIECE)
    except zlib.error:
        pass
    raise BrokenBodyError(FailureKind.DAMAGED, "its gzip data are damaged")
