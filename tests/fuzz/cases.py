"""Fuzz cases: pages of posts, envelopes, analytics, accounts and mutated bytes, each from a seed and a number."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Endpoint, Kind, Platform
from tests.fuzz.posts import PostGrammar
from tests.fuzz.text import Array, Node, Object, from_python, quoted, write

EXOTIC = ("lossy", "overflow", "constant", "negative zero", "long number")
_HOSTILITIES = (0.0, 0.02, 0.02, 0.1, 0.1, 0.4)
_SIZES = (0, 1, 2, 3, 5, 8, 20, 60, 200, 600, 2000, 6000)


@dataclass(frozen=True)
class Case:
    """A document, how it is read, and a seed for what is checked at random."""

    kind: str
    platform: str
    root: Node | bytes
    posts: int
    choice: int
    exotic: frozenset[str] = frozenset()  # Tokens that some ways to read a document change.

    @property
    def body(self) -> bytes:
        """The document as it is read."""
        return self.root if isinstance(self.root, bytes) else write(self.root).encode("utf-8", "surrogatepass")


def make_case(seed: int, number: int, kinds: tuple[str, ...] = ()) -> Case:
    """Return the case of a seed with this number; `kinds` leaves out the others."""
    rng = Random(f"{seed}:{number}")
    names = kinds or tuple(KINDS)
    kind = rng.choices(names, [_WEIGHTS[name] for name in names])[0]
    return KINDS[kind](rng, PLATFORMS[rng.choice(list(PLATFORMS))])


def _allowed(rng: Random) -> frozenset[str]:
    """Return which exotic tokens a document may have; few documents have each, because some checks leave them out."""
    names = {name for name in EXOTIC if rng.random() < 0.15}
    return frozenset(names | {name for name in ("space", "escape") if rng.random() < 0.6})


def _grammar(rng: Random, platform: Platform) -> PostGrammar:
    return PostGrammar(rng, platform, rng.choice(_HOSTILITIES), _allowed(rng))


def _posts(rng: Random, platform: Platform) -> Case:
    """Return a page of posts in an envelope that is valid."""
    grammar = _grammar(rng, platform)
    size = rng.choice(_SIZES)
    items = [grammar.item() for _ in range(rng.randrange(size // 2, size + 1))]
    if len(items) > 3 and rng.random() < 0.3:  # The same members in the same order, as usual in responses.
        items = [*items, *rng.choices(items, k=len(items) // 2)]
    members: list[tuple[str, Node]] = [('"status"', '"success"'), ('"posts"', Array(items, grammar.space))]
    if rng.random() < 0.3:
        members.append(('"lastUpdated"', grammar.scalars.time()))
    if rng.random() < 0.3:
        members.append(('"meta"', from_python({"pagination": {"hasMore": False, "limit": len(items)}})))
    if rng.random() < 0.2:
        rng.shuffle(members)
    return Case(
        "posts", platform.name, Object(members, grammar.space), len(items), rng.randrange(2**32), grammar.allowed
    )


def _mixed(rng: Random, _: Platform) -> Case:
    """Return posts of several platforms, each with its name."""
    platforms = rng.sample(list(PLATFORMS.values()), rng.randrange(2, 5))
    grammars = [(platform, _grammar(rng, platform)) for platform in platforms]
    items: list[Node] = []
    for _number in range(rng.choice((2, 5, 20, 60))):
        platform, grammar = rng.choice(grammars)
        post = grammar.post()
        post.members = [(key, value) for key, value in post.members if key != '"platform"']
        post.members.insert(rng.randrange(len(post.members) + 1), ('"platform"', quoted(platform.name)))
        items.append(post)
    return Case("mixed", "", Object([('"posts"', Array(items))]), len(items), rng.randrange(2**32))


_CURSORS = [
    '"abc"',
    '""',
    "null",
    "3",
    "true",
    "{}",
    '["a"]',
    '"%s"' % ("x" * 5000),
    r'"\ud800"',
    '"a b&c=d\\n"',
    "1e400",
    '"💡"',
]
_CODES = [
    "156",
    "221",
    '"221"',
    "0",
    "-1",
    "1e9",
    "null",
    '"x"',
    "[]",
    "186.5",
    "187",
    "429",
    "true",
    "99999999999999999999",
]
_STATUSES = ['"success"', '"error"', '"partial"', "null", '"Success"', "200", "{}", '"scheduled"']


def _error(rng: Random, grammar: PostGrammar) -> Object:
    members: list[tuple[str, Node]] = [
        ('"action"', '"history"'),
        ('"status"', rng.choice(_STATUSES)),
        ('"code"', rng.choice(_CODES)),
        ('"message"', grammar.scalars.text() if rng.random() < 0.8 else grammar.value(2)),
        ('"details"', grammar.value(1)),
    ]
    return Object([member for member in members if rng.random() < 0.7])


def _envelope(rng: Random, platform: Platform) -> Case:
    """Return an envelope of any shape: errors, pagination, cursors, missing and invalid lists, other endpoints."""
    grammar = _grammar(rng, platform)
    items = Array([grammar.item() for _ in range(rng.choice((0, 1, 2, 5)))])
    error = _error(rng, grammar)
    pagination = Object(
        [
            ('"hasMore"', rng.choice(("true", "false", "null", '"true"', "1"))),
            ('"next"', rng.choice(_CURSORS)),
            ('"limit"', grammar.value(1)),
        ][rng.randrange(2) :][: rng.randrange(4)]
    )
    choices: list[tuple[str, Node]] = [
        ('"status"', rng.choice(_STATUSES)),
        ('"posts"', items if rng.random() < 0.8 else grammar.value(2)),
        ('"meta"', Object([('"pagination"', pagination)]) if rng.random() < 0.8 else grammar.value(1)),
        ('"next"', rng.choice(_CURSORS)),
        ('"lastUpdated"', rng.choice((grammar.scalars.time, grammar.scalars.odd_time, grammar.scalars.any))()),
        ('"nextUpdate"', rng.choice((grammar.scalars.time, grammar.scalars.odd_time))()),
        (
            '"errors"',
            Array([_error(rng, grammar) if rng.random() < 0.8 else grammar.value(1) for _ in range(rng.randrange(3))]),
        ),
        ('"warnings"', Array([grammar.value(1)])),
        ('"warning"', grammar.value(1)),
        ('"history"', rng.choice((error, items, '"x"'))),
        ('"refId"', grammar.scalars.text()),
        ('"postIds"', "[]"),
        ('"comments"', from_python([{"commentId": "1", "comment": "x"}])),
        (quoted(platform.name), from_python([{"commentId": "1"}])),
        ('"analytics"', grammar.value(2)),
        (grammar.key(), grammar.value(3)),
    ]
    weights = [5, 12, 5, 2, 3, 2, 2, 1, 1, 1.5, 1, 0.3, 0.3, 0.3, 0.3, 2]
    members = [choice for choice, weight in zip(choices, weights, strict=True) if rng.random() < weight / 15]
    members += error.members if rng.random() < 0.3 else []
    if members and rng.random() < 0.1:
        members.append(rng.choice(members))
    if rng.random() < 0.5:
        rng.shuffle(members)
    root: Node = Object(members, rng.choice(("", "", " ", "\n")))
    draw = rng.random()
    if draw < 0.1:
        root = items
    elif draw < 0.15:
        root = grammar.value(3)
    elif draw < 0.2:
        root = "\n".join(write(node, "") for node in (root, *items.items))
    elif draw < 0.22:
        root = Array([root, root])
    return Case("envelope", platform.name, root, len(items.items), rng.randrange(2**32))


def _analytics(rng: Random, platform: Platform) -> Case:
    """Return a response of POST /analytics/post."""
    grammar = _grammar(rng, platform)
    names = {column.path.split(".")[0] for column in sent_by(platform, Endpoint.POST_ANALYTICS)}
    blocks: list[Node] = []
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        analytics = grammar.post()
        analytics.members = [member for member in analytics.members if member[0][1:-1] in names or rng.random() < 0.2]
        inner: Node = analytics
        draw = rng.random()
        if draw < 0.05:
            inner = rng.choice(("null", "{}", "[]", grammar.value(2)))
        elif draw < 0.12:
            inner = Array([analytics] * rng.randrange(3))
        members: list[tuple[str, Node]] = [
            ('"id"', grammar.scalars.id()),
            ('"postUrl"', grammar.scalars.text()),
            ('"analytics"', inner),
            ('"lastUpdated"', grammar.scalars.time() if rng.random() < 0.8 else grammar.scalars.any()),
            ('"nextUpdate"', grammar.scalars.time() if rng.random() < 0.8 else grammar.scalars.any()),
            *_error(rng, grammar).members[: rng.random() < 0.1],
            (grammar.key(), grammar.value(1)),
        ]
        weights = (0.9, 0.7, 0.95, 0.8, 0.5, 1, grammar.hostility, 1)
        kept = [member for member, weight in zip(members, weights, strict=False) if rng.random() < weight]
        blocks.append(Object(kept) if rng.random() > grammar.hostility / 8 else grammar.value(2))
    value: Node = blocks[0] if len(blocks) == 1 and rng.random() < 0.7 else Array(blocks)
    members = [
        (quoted(platform.name), value),
        ('"status"', rng.choice(_STATUSES)),
        ('"code"', rng.choice(_CODES)),
        ('"id"', '"top"'),
    ]
    members = [member for member, weight in zip(members, (0.97, 0.8, 0.1, 0.8), strict=True) if rng.random() < weight]
    if rng.random() < 0.2:
        members.append(('"errors"', Array([_error(rng, grammar), grammar.value(1)])))
    if rng.random() < 0.1:
        members.append((quoted(rng.choice((*PLATFORMS, "gmb", "telegram"))), value))
    if rng.random() < 0.1:
        members.append((grammar.key(), grammar.value(2)))
    return Case("analytics", platform.name, Object(members), len(blocks), rng.randrange(2**32))


def _accounts(rng: Random, platform: Platform) -> Case:
    """Return a response of POST /analytics/social."""
    declaration = platform.of_accounts
    grammar = PostGrammar(rng, declaration, rng.choice(_HOSTILITIES), _allowed(rng))
    account = grammar.post()
    members: list[tuple[str, Node]] = [
        ('"analytics"', account if rng.random() < 0.9 else grammar.value(2)),
        ('"lastUpdated"', grammar.scalars.time() if rng.random() < 0.8 else grammar.scalars.any()),
        ('"nextUpdate"', grammar.scalars.time() if rng.random() < 0.8 else grammar.scalars.any()),
        ('"warning"', grammar.value(1)),
        *_error(rng, grammar).members,
    ]
    weights = (0.97, 0.7, 0.7, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05)
    block: Node = Object([member for member, weight in zip(members, weights, strict=False) if rng.random() < weight])
    block = Array([block]) if rng.random() < 0.1 else block
    outer = [
        (quoted(platform.name), block if rng.random() < 0.97 else grammar.value(2)),
        ('"status"', rng.choice(_STATUSES)),
    ]
    outer += _error(rng, grammar).members if rng.random() < 0.05 else []
    outer += [(grammar.key(), grammar.value(2))] if rng.random() < 0.1 else []
    outer += [('"errors"', Array([_error(rng, grammar), grammar.value(1)]))] if rng.random() < 0.1 else []
    return Case("accounts", platform.name, Object(outer), 0, rng.randrange(2**32))


_TOKENS = [
    b",", b":", b"{", b"}", b"[", b"]", b'"', b"\\", b"\n", b" ", b"\x00", b"\xef\xbb\xbf", b"\xff",
    b"\xed\xa0\x80", b"NaN", b"-Infinity", b"null", b"//", b"/**/", b"'", b"1e400", b"-", b"0", b"\\ud800",
    b'"posts":[', b'"posts":', b"},{", b"]}", b"]]}}", b'{"posts":[]}', b"\xc0\xaf", b"\xf4\x90\x80\x80",
    b"1" * 5000, b"[" * 2000, b'{"a":' * 2000, b'"id":"1",', b"\x1f\x8b", b"\xe2\x80\xa8", b"\r\n",
    b"undefined", b"True", b"\\u", b'\\"',
]  # fmt: skip


def _bytes(rng: Random, platform: Platform) -> Case:
    """Return a document of another kind with damaged bytes."""
    source = rng.choices((_posts, _envelope, _analytics, _accounts), (4, 4, 2, 1))[0](rng, platform)
    body = source.body[: rng.choice((300, 3000, 30_000))] if rng.random() < 0.3 else source.body[:60_000]
    for _ in range(rng.choice((1, 1, 1, 2, 4, 10))):
        body = rng.choice(_MUTATIONS)(rng, body)
    return Case("bytes", platform.name, body, 0, rng.randrange(2**32))


def _flip(rng: Random, body: bytes) -> bytes:
    position = rng.randrange(len(body) or 1)
    return (
        body[:position]
        + bytes([(body[position : position + 1] or b"\0")[0] ^ (1 << rng.randrange(8))])
        + body[position + 1 :]
    )


def _splice(rng: Random, body: bytes) -> bytes:
    first, last = sorted(rng.randrange(len(body) + 1) for _ in range(2))
    position = rng.randrange(len(body) + 1)
    return body[:position] + body[first:last] + body[position:]


def _delete(rng: Random, body: bytes) -> bytes:
    position = rng.randrange(len(body) + 1)
    return body[:position] + body[position + rng.choice((1, 1, 2, 5, 100)) :]


def _insert(rng: Random, body: bytes) -> bytes:
    position = rng.choice((0, len(body), rng.randrange(len(body) + 1), rng.randrange(len(body) + 1)))
    return body[:position] + rng.choice(_TOKENS) + body[position:]


def _encode(rng: Random, body: bytes) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(
        rng.choice(("utf-16", "utf-16-le", "utf-32-be", "utf-8-sig", "latin-1", "utf-7", "cp1252")), "replace"
    )


def _compress(rng: Random, body: bytes) -> bytes:
    packed = gzip.compress(body, mtime=0)
    return rng.choice(
        (
            packed,
            packed[:-1],
            packed[: len(packed) // 2],
            packed + b"x",
            b"\x1f\x8b" + body,
            _flip(rng, packed),
            gzip.compress(packed, mtime=0),
        )
    )


_MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flip, _flip, _splice, _delete, _delete, _insert, _insert, _insert,
    lambda rng, body: body[: rng.randrange(len(body) + 1)], lambda rng, body: body + body,
    lambda rng, body: bytes(rng.randrange(256) for _ in range(rng.randrange(40))), _encode, _compress,
)  # fmt: skip

KINDS: dict[str, Callable[[Random, Platform], Case]] = {
    "posts": _posts,
    "mixed": _mixed,
    "envelope": _envelope,
    "analytics": _analytics,
    "accounts": _accounts,
    "bytes": _bytes,
}
_WEIGHTS = {"posts": 50, "mixed": 4, "envelope": 14, "analytics": 5, "accounts": 4, "bytes": 14}


def with_root(case: Case, root: Node | bytes) -> Case:
    """Return a case with another document."""
    return replace(case, root=root)


__all__ = ["KINDS", "Case", "Kind", "make_case", "with_root"]
