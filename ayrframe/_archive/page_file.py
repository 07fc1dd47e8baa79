"""Encode and decode archive files: one page each, with its request and the time it was received.

::

    ayrframe page 1 <SHA-256 of the next line>
    {"platform": …, "profile": …, "length": …, "sha256": <of the compressed body>}
    <the body, gzip>

The first line verifies the header, the header verifies the body, and the file name ends with the hash of the header.
So a header can be verified without reading the body.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
import time
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock
from typing import Annotated

import msgspec

PageTime = Annotated[datetime, msgspec.Meta(tz=True)]

# Values of the parameter `endpoint` of requests for other than histories.
POST_ANALYTICS, ACCOUNT_ANALYTICS = "analytics/post", "analytics/social"
MAX_HEADER_BYTES = 1 << 20
MAX_PAGE_BYTES = 1 << 28

_FORMAT = b"1"
_FIRST_LINE = re.compile(rb"ayrframe page ([0-9]{1,9}) ([0-9a-f]{64})")
_FILE_NAME = re.compile(r"([0-9a-f]{24})-([0-9a-f]{32})-([0-9]{5,9})-([0-9a-f]{24})\.page")
_load_counter_lock = Lock()
_load_counter = 0
_GZIP_ONLY = 31  # zlib's `wbits` for "gzip and nothing else"


class CorruptPageError(Exception):
    """A file is not a complete and unchanged page; the message is the reason."""


class PageFormatError(Exception):
    """A page has the format of another version; the message is the reason."""


class ArchivedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Request of a load. `identity` is None when it is unknown: offline and without a key."""

    platform: str
    profile: str
    identity: str | None
    parameters: dict[str, str | int | bool]

    @property
    def is_account(self) -> bool:
        """Whether an account was requested, not posts."""
        return self.parameters.get("endpoint") == ACCOUNT_ANALYTICS

    @property
    def is_analytics(self) -> bool:
        """Whether post analytics were requested, not a history."""
        return self.parameters.get("endpoint") == POST_ANALYTICS

    @property
    def request_hash(self) -> str:
        """Hash of the request without the identity: equal for all of its pages and at all times."""
        return _hash_prefix(msgspec.json.encode([self.platform, self.profile, self.parameters]))

    @property
    def since(self) -> datetime | None:
        """Start of the requested period."""
        text = self.parameters.get("from")
        return datetime.fromisoformat(text) if isinstance(text, str) else None

    @property
    def limit(self) -> int | None:
        """Number of posts after which no page was requested."""
        limit = self.parameters.get("limit")
        is_counted = "from" not in self.parameters and "to" not in self.parameters
        return limit if isinstance(limit, int) and is_counted else None

    def is_answered_by(self, other: ArchivedRequest) -> bool:
        """Return whether the pages of another request answer this one."""
        same = (self.platform, self.profile, self.parameters) == (other.platform, other.profile, other.parameters)
        return same and self.identity in (None, other.identity)


class PageHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Metadata of a page. Pages of one request in one load are numbered from 1.

    `target_index` is the position of the request in its load. A page with `replaces_previous` repeats the posts of the
    page before it, and adds more. `post_ids` are the posts whose analytics were requested.
    """

    request: ArchivedRequest
    load: str
    target_index: int = msgspec.field(name="place")
    number: int
    is_last: bool = msgspec.field(name="last")
    cursor: str | None
    status: int
    has_warnings: bool = msgspec.field(name="noted")
    received_at: PageTime
    last_updated: PageTime | None
    next_update: PageTime | None
    replaces_previous: bool = msgspec.field(default=False, name="widened")
    post_ids: tuple[str, ...] = ()

    def is_fresh(self, now: datetime) -> bool:
        """Return whether the API announced that it has no newer numbers yet, in a response without problems."""
        is_clean = self.status == 200 and not self.has_warnings  # noqa: PLR2004
        return is_clean and self.next_update is not None and self.received_at <= now < self.next_update


class StoredHeader(PageHeader, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second line of a file: the header, and the length and hash of the body."""

    length: Annotated[int, msgspec.Meta(ge=0, le=MAX_PAGE_BYTES)]
    sha256: str


# Created at import: msgspec crashes the process if several threads use a type for the first time (0.22, and older).
_header_decoder = msgspec.json.Decoder(StoredHeader)
PagePosition = tuple[str, str, int]


class PageName(msgspec.Struct, frozen=True, order=True):
    """Name of a file. Names of loads begin with their time, so names sort by request, then by time."""

    request_hash: str
    load: str
    number: int
    digest: str

    @property
    def position(self) -> PagePosition:
        """Request, load and number of the page."""
        return self.request_hash, self.load, self.number

    @property
    def previous_position(self) -> PagePosition:
        """Position of the previous page of the load."""
        return self.request_hash, self.load, self.number - 1

    def __str__(self) -> str:
        return f"{self.request_hash}-{self.load}-{self.number:05d}-{self.digest}.page"

    @classmethod
    def parse(cls, text: str) -> PageName | None:
        """Return the name, or None for files that are not pages."""
        match = _FILE_NAME.fullmatch(text)
        return cls(match[1], match[2], int(match[3]), match[4]) if match else None


def make_request(
    platform: str, *, profile: str = "", identity: str | None = None, parameters: Mapping[str, object] | None = None
) -> ArchivedRequest:
    """Return a request without the parameters that are None.

    `parameters` include the cursor that the caller passed, but not the cursors of later pages. `identity` is a text
    that identifies the client, such as a fingerprint of its keys; only a hash of it is stored.
    """
    passed = {key: _to_json_scalar(value) for key, value in sorted((parameters or {}).items()) if value is not None}
    return ArchivedRequest(platform, profile, None if identity is None else _hash_identity(identity), passed)


def new_load_id(now: datetime) -> str:
    """Return an id for one call of `load`; ids sort by time, and in order of creation while the clock is stopped."""
    global _load_counter  # noqa: PLW0603
    with _load_counter_lock:
        _load_counter = max(_load_counter + 1, time.time_ns() // 1000)
        return f"{format_timestamp(now)}{_load_counter:013x}{secrets.token_hex(2)[:3]}"


def format_timestamp(instant: datetime) -> str:
    """Return a time as text that sorts by time."""
    return f"{max(int(instant.timestamp() * 1_000_000), 0):016x}"


def pack_page(header: PageHeader, body: bytes) -> tuple[PageName, bytes]:
    """Return the name and the content of the file of a page."""
    if len(body) > MAX_PAGE_BYTES:
        raise ValueError(f"a page of {len(body):,} bytes exceeds the limit of {MAX_PAGE_BYTES:,}")
    compressed = gzip.compress(body, 6, mtime=0)
    fields = {name: getattr(header, name) for name in PageHeader.__struct_fields__}
    header_line = msgspec.json.encode(StoredHeader(**fields, length=len(body), sha256=_sha256(compressed)))
    first_line = b"ayrframe page %b %b" % (_FORMAT, _sha256(header_line).encode())
    if len(first_line) + len(header_line) + 2 > MAX_HEADER_BYTES:
        raise ValueError(f"parameters and cursor of the request exceed the limit of {MAX_HEADER_BYTES:,} bytes")
    name = _file_name(header, header_line)
    if PageName.parse(str(name)) is None:
        raise ValueError("the load id must be that of a load, and pages must be numbered from 1")
    return name, b"%b\n%b\n%b" % (first_line, header_line, compressed)


def read_header(content: bytes, name: PageName) -> StoredHeader:
    """Return the verified header of a file from its first bytes."""
    return _split_file(content, name)[0]


def unpack_page(content: bytes, name: PageName) -> tuple[PageHeader, bytes]:
    """Return the verified header and body of a file."""
    header, compressed = _split_file(content, name)
    if _sha256(compressed) != header.sha256:
        raise CorruptPageError("invalid body, its hash differs")
    decompressor = zlib.decompressobj(_GZIP_ONLY)
    try:
        body = decompressor.decompress(compressed, header.length + 1)
    except zlib.error:
        raise CorruptPageError("invalid body, it cannot be decompressed") from None
    if len(body) != header.length or not decompressor.eof or decompressor.unused_data:
        raise CorruptPageError("invalid body, its length differs")
    return header, body


def _split_file(content: bytes, name: PageName) -> tuple[StoredHeader, bytes]:
    """Return the verified header and the compressed body."""
    first_line, _, rest = content.partition(b"\n")
    header_line, newline, compressed = rest.partition(b"\n")
    match = _FIRST_LINE.fullmatch(first_line)
    if match is None:
        raise CorruptPageError("invalid first line")
    if match[1] != _FORMAT:
        raise PageFormatError(f"page format {match[1].decode()}, expected {_FORMAT.decode()}")
    if not newline or _sha256(header_line) != match[2].decode():
        raise CorruptPageError("invalid header, its hash differs")
    try:
        header = _header_decoder.decode(header_line)
    except (msgspec.DecodeError, RecursionError):
        raise CorruptPageError("invalid header") from None
    if header.received_at.utcoffset():
        raise CorruptPageError("invalid header, its time is not in UTC")
    if _file_name(header, header_line) != name:
        raise CorruptPageError("the file name does not match the header")
    return header, compressed


def _file_name(header: PageHeader, header_line: bytes) -> PageName:
    return PageName(header.request.request_hash, header.load, header.number, _hash_prefix(header_line))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_prefix(content: bytes) -> str:
    return _sha256(content)[:24]


@lru_cache
def _hash_identity(identity: str) -> str:
    """Return a hash of an identity that is slow on purpose, so that guessing the keys behind it is slow, too."""
    return hashlib.pbkdf2_hmac("sha256", identity.encode(), b"ayrframe archive: who asks", 10_000, 16).hex()


def _to_json_scalar(value: object) -> str | int | bool:
    """Return a parameter as a value that JSON writes in one way only."""
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) or (isinstance(value, int) and abs(value) <= 2**53):
        return value
    raise TypeError(f"A request parameter must be a str, int, bool, date or datetime, got {type(value).__name__}.")
