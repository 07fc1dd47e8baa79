"""One kept response ↔ the bytes of its file: who asked what, when, and the body as it came. No disk here.

::

    ayrframe page 1 <SHA-256 of the next line>
    {"platform": …, "profile": …, "length": …, "sha256": <of what follows>}
    <the body, gzip>

What the second line cannot be trusted for is caught by the first, the body by the second, and both by the file's name,
which ends with the same hash. So a header can be trusted without reading the body.
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
from typing import Annotated, NamedTuple

import msgspec

from ayrframe._decode.envelope import Envelope
from ayrframe._decode.values import parse_time

PageTime = Annotated[datetime, msgspec.Meta(tz=True)]

MAX_HEADER_BYTES = 1 << 20
MAX_PAGE_BYTES = 1 << 28

_FORMAT = b"1"
_FIRST_LINE = re.compile(rb"ayrframe page ([0-9]{1,9}) ([0-9a-f]{64})")
_NAME = re.compile(r"([0-9a-f]{24})-([0-9a-f]{32})-([0-9]{5,9})-([0-9a-f]{24})\.page")
_naming = Lock()
_last_load = 0
_GZIP = 31  # zlib's number for "gzip and nothing else"


class CorruptPageError(Exception):
    """A file in the archive that is not, whole and unchanged, what was once written there; the text says why."""


class ArchivedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was asked, by whom. `identity` is None when nobody says: offline and without a key."""

    platform: str
    profile: str
    identity: str | None
    parameters: dict[str, str | int | bool]

    @property
    def question(self) -> str:
        """Name what was asked, whoever asked it: the same for every page of it and on every day."""
        return _short(msgspec.json.encode([self.platform, self.profile, self.parameters]))

    def answered_by(self, other: ArchivedRequest) -> bool:
        """Tell whether an answer to that request is one to this."""
        same = (self.platform, self.profile, self.parameters) == (other.platform, other.profile, other.parameters)
        return same and self.identity in (None, other.identity)


class PageHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept beside a body. The pages of one request in one load are numbered from 1, and the `last` says so.

    A `replaces_previous` page holds the one before it again, and more.
    """

    request: ArchivedRequest
    load: str
    place: int
    number: int
    last: bool
    cursor: str | None
    status: int
    has_warnings: bool = msgspec.field(name="noted")
    received_at: PageTime
    last_updated: PageTime | None
    next_update: PageTime | None
    replaces_previous: bool = msgspec.field(default=False, name="widened")

    def fresh(self, now: datetime) -> bool:
        """Tell whether the API would only repeat itself: it said so, nothing was wrong, and the clock runs forward."""
        flawless = self.status == 200 and not self.has_warnings  # noqa: PLR2004
        return flawless and self.next_update is not None and self.received_at <= now < self.next_update


class StoredHeader(PageHeader, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second line of a file: the header, and what the body has to be."""

    length: Annotated[int, msgspec.Meta(ge=0, le=MAX_PAGE_BYTES)]
    sha256: str


class PagePosition(NamedTuple):
    """Which page of an answer it is."""

    question: str
    load: str
    number: int


class PageName(msgspec.Struct, frozen=True, order=True):
    """The name of a file. Loads begin with their time, so that names sort by question, then by time."""

    question: str
    load: str
    number: int
    digest: str

    @property
    def position(self) -> PagePosition:
        """Which page of an answer it is, whatever stands in it."""
        return PagePosition(self.question, self.load, self.number)

    def __str__(self) -> str:
        return f"{self.question}-{self.load}-{self.number:05d}-{self.digest}.page"

    @classmethod
    def read(cls, text: str) -> PageName | None:
        """Return the name, or None if this archive names no file so."""
        match = _NAME.fullmatch(text)
        return cls(match[1], match[2], int(match[3]), match[4]) if match else None


def make_request(
    platform: str, *, profile: str = "", identity: str | None = None, parameters: Mapping[str, object] | None = None
) -> ArchivedRequest:
    """Return a request; a parameter that is None was not given.

    `parameters` are all that select, also the cursor that the caller began with, but not those that lead on from there.
    `identity` is any text that stands for who asks, such as `Client.identity()`; it is not kept as it is.
    """
    given = {key: _plain(value) for key, value in sorted((parameters or {}).items()) if value is not None}
    return ArchivedRequest(platform, profile, None if identity is None else _disguised(identity), given)


def new_load_id(now: datetime) -> str:
    """Return a name for one call of `load`, under which all its pages are kept; names sort by time.

    Loads of the same moment, as a clock that is stopped gives them, sort in the order in which they were made.
    """
    global _last_load  # noqa: PLW0603
    with _naming:
        _last_load = max(_last_load + 1, time.time_ns() // 1000)
        return f"{format_timestamp(now)}{_last_load:013x}{secrets.token_hex(2)[:3]}"


def format_timestamp(moment: datetime) -> str:
    """Return a moment as text that sorts by time."""
    return f"{max(int(moment.timestamp() * 1_000_000), 0):016x}"


def make_header(
    request: ArchivedRequest,
    reply: Envelope,
    *,
    load: str,
    place: int,
    number: int,
    last: bool,
    cursor: str | None,
    status: int,
    received_at: datetime,
    replaces_previous: bool = False,
) -> PageHeader:
    """Return the header of a page, with what its reply says of itself."""
    following = reply.fields.get("nextUpdate")
    return PageHeader(
        request=request,
        load=load,
        place=place,
        number=number,
        last=last,
        cursor=cursor,
        status=status,
        has_warnings=bool(reply.warnings),
        received_at=received_at.astimezone(UTC),
        last_updated=reply.last_updated,
        next_update=parse_time(following) if isinstance(following, str) else None,
        replaces_previous=replaces_previous,
    )


def pack_page(head: PageHeader, body: bytes) -> tuple[PageName, bytes]:
    """Return the name and the content of the file that keeps this page."""
    if len(body) > MAX_PAGE_BYTES:
        raise ValueError(f"a page of {len(body):,} bytes is too large to keep")
    stored = gzip.compress(body, 6, mtime=0)
    line = msgspec.json.encode(
        StoredHeader(
            **{key: getattr(head, key) for key in PageHeader.__struct_fields__}, length=len(body), sha256=_hash(stored)
        )
    )
    first = b"ayrframe page %b %b" % (_FORMAT, _hash(line).encode())
    if len(first) + len(line) + 2 > MAX_HEADER_BYTES:
        raise ValueError("the parameters or the cursor of this request are too long to keep")
    name = _name(head, line)
    if PageName.read(str(name)) is None:
        raise ValueError("a load is named by `new_load`, and its pages are numbered from 1")
    return name, b"%b\n%b\n%b" % (first, line, stored)


def read_header(content: bytes, name: PageName) -> StoredHeader:
    """Return the header of a file from its first bytes, or raise DoubtError."""
    return _opened(content, name)[0]


def unpack_page(content: bytes, name: PageName) -> tuple[PageHeader, bytes]:
    """Return the header and the body of a file, or raise DoubtError."""
    line, stored = _opened(content, name)
    if _hash(stored) != line.sha256:
        raise CorruptPageError("its body is damaged")
    unzip = zlib.decompressobj(_GZIP)
    try:
        body = unzip.decompress(stored, line.length + 1)
    except zlib.error:
        raise CorruptPageError("its body is damaged") from None
    if len(body) != line.length or not unzip.eof or unzip.unused_data:
        raise CorruptPageError("its body has another length than was written")
    return line, body


def _opened(content: bytes, name: PageName) -> tuple[StoredHeader, bytes]:
    first, _, rest = content.partition(b"\n")
    text, newline, stored = rest.partition(b"\n")
    match = _FIRST_LINE.fullmatch(first)
    if match is None:
        raise CorruptPageError("it does not begin as a kept page does")
    if match[1] != _FORMAT:
        raise CorruptPageError(
            f"it is of format {match[1].decode()}, and this version of ayrframe reads {_FORMAT.decode()}"
        )
    if not newline or _hash(text) != match[2].decode():
        raise CorruptPageError("its header is damaged or cut")
    try:
        line = msgspec.json.decode(text, type=StoredHeader)
    except (msgspec.DecodeError, RecursionError):
        raise CorruptPageError("its header does not say what a header has to") from None
    if line.received_at.utcoffset():
        raise CorruptPageError("its time is not in UTC")
    if _name(line, text) != name:
        raise CorruptPageError("its name is not the one it was given")
    return line, stored


def _name(head: PageHeader, line: bytes) -> PageName:
    return PageName(head.request.question, head.load, head.number, _short(line))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _short(content: bytes) -> str:
    return _hash(content)[:24]


@lru_cache
def _disguised(identity: str) -> str:
    """Return another text for an identity: slow on purpose, so that a guess at the keys behind it is one, too."""
    return hashlib.pbkdf2_hmac("sha256", identity.encode(), b"ayrframe archive: who asks", 10_000, 16).hex()


def _plain(value: object) -> str | int | bool:
    """Return a parameter as something that JSON writes one way only."""
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) or (isinstance(value, int) and abs(value) <= 2**53):
        return value
    raise TypeError(f"A parameter of a request is a text, whole number, flag or time, not {type(value).__name__}.")
