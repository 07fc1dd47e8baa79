"""Scalars for fuzzing: valid ones of each kind, near misses, and hostile ones, all as JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from ayrframe._platforms.spec import Kind
from tests.fuzz.text import quoted

_WORDS = ["rye", "oat", "bake", "Friday", "50% off", "now", "café", "naïve", "Größe", "пекарня", "今日は", "빵", "לחם"]
_UNICODE = [
    "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽", "e\u0301\u0323", "\u202eabc\u202c", "\u2066x\u2069", "\u200f", "\ufeff",
    "\u2028", "\u2029", "\x85", "\x7f", "\ufffd", "\uffff", "\U0010ffff", "𝔘𝔫𝔦", "ﬁ", "ß", "İ", "ı", "\u00ad",
    "\u200b", "½", "①", "９", "\u0661", "a\u0300\u0301\u0302\u0303", "\U000e0067\U000e0062",
    "ｈｔｔｐｓ://ｘ.ｃｏｍ", "\u0000", "\x1b[31m", "\t", "\r", "\n", "\r\n",
]  # fmt: skip
_SYNTAX = [
    "", " ", "NA", "nan", "None", "null", "true", "-", "0", "00123", "=1+1", "@SUM(1)", "+1", "-1", "\t=1",
    "<script>alert(1)</script>", "$x$ \\alpha", "{}", "[]", "[1]", '{"a":1}', '},{"id":"1","post":',
    '"posts":[', '"analytics":', "\\", '"', "'", "\\u0041", "a.b", "RT @cafe: rye", "RT @" + "a" * 15 + ": x",
    "#rye #Brot2026", "##", "#", "# ", "#1", "@cafe", "@", "a@b.co", "https://example.com/a?b=1#c",
    "http://[::1", "https://x.com:99999/",
    "https://user:pw@t.co/é?utm_source=a&utm_campaign=b%20c&utm_medium=%ff", "HTTPS://WWW.EXAMPLE.COM/../x",
    "http://", "www.example.com", "https://bäckerei.de/ö", "mailto:a@b.c", "\\ud800", "%s{0}%(x)s", "1e400",
    "Infinity", "NaN",
]  # fmt: skip
_ESCAPES = [
    r"\ud800", r"\udfff", r"\ud83d\ude00", r"\ude00\ud83d", r"\ud83dx", r"\u0000", r"\u001f", r"\u0041", r"\/",
    r"\b\f\n\r\t", r"\\ud800", r"\\\ud800", r"\u00E9", r"\"", r"\\", r"\ud83d\u0041", r"\uD800\uDC00",
    r"\uDBFF\uDFFF", r"\ufffe", r"\u2028",
]  # fmt: skip
_NUMBERS = [
    "0", "1", "-1", "-3", "7", "10", "3.0", "3.5", "-3.5", "1e2", "1E+2", "1e-2", "100e-2", "0.1e1", "-0.0",
    "0.0", "1.10", "1.50", "0.10", "1e0", "0e5", "0e-5", "1e15", "1e16", "1e18", "1e19", "123e-3",
    "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "1e22", "1e23", "1e308", "123456789012345678901234567890",
    "-123456789012345678901234567890", "0.1", "0.30000000000000004", "1e-7", "5e-324", "1.7976931348623157e308",
    "4.35", "100.000", "33.333333333333336", "0.00001", "0.0001", "12.50e1", "1000000000000000000000.0", "1e-0",
    "1E5", "179", "2147483648", "4294967296",
]  # fmt: skip
_OVERFLOWS = ["1e400", "-1e400", "1E+999", "1.5e309", "17976931348623159" + "0" * 292 + ".0"]
_RARE_NUMBERS = ["0e99999", "0e-99999", "0.0e400", "1000000e-5", "1e00001", "1e-00002"]
# Python's floats do not hold these, so `json.loads` changes them.
_LOSSY_NUMBERS = [
    "1e-99999", "1e-400", "2.5e-324", "1.0000000000000000000000000001", "9007199254740993.0",
    "9223372036854775807.0", "9.223372036854775807e18", "100000000000000000000000000000000000000000.5",
]  # fmt: skip
_NUMBER_TEXTS = [
    "179", "-3", "0", "-0", "007", "+5", "1e3", " 7 ", "7 ", "3.0", "3.5", "", "-", "1,000", "1_000", "١٢",
    "９", "²", "12%", "12.5 %", "0x10", "999999999999999999", "1000000000000000000", "9223372036854775807",
    "-999999999999999999", "true", "null", "NaN", "1e400", "7\n", "\u00007",
]  # fmt: skip
_ODD_TIMES = [
    "now", "today", "2022", "2022-05", "2022-05-20", "20220520", "20220520T200753Z", "2022-05-20T20:07:53",
    "2022-05-20T20:07:53 Z", "2022-05-20 20:07:53Z", "2022-13-01T00:00:00Z", "2023-02-29T00:00:00Z",
    "2022-05-20T24:00:00Z", "2022-05-20T23:59:60Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+05:30",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59.999999999Z",
    "2022-05-20T20:07:53.1234567Z", "2022-05-20T20:07:53.1234567890Z", "2022-05-20T20:07:53+24:00",
    "2022-05-20T20:07:53+05:60", "2022-05-20T20:07:53+5:30", "2022-05-20T20:07:53+05",
    "2022-05-20T20:07:53-00:00", "2022-05-20T20:07:53+0000", "2022-05-20T20:07:53.Z", "2022-05-20T20:07Z",
    "2022-05-20T20Z", "2022-05-20T20:07:53z", "2022-05-20t20:07:53Z", "+2022-05-20T20:07:53Z",
    "-2022-05-20T20:07:53Z", "99999-01-01T00:00:00Z", "2022-W20-5T20:07:53Z", "2022-140T20:07:53Z",
    " 2022-05-20T20:07:53Z", "2022-05-20T20:07:53Z\n", "1653077273", "２０２２-05-20T20:07:53Z",
    "2022-05-20T20:07:53Z\u0000", "Fri May 20 20:07:53 +0000 2022", "2022-05-20T20:07:53+23:59",
    "1969-12-31T23:59:59.999999Z", "1677-09-21T00:12:43Z", "2262-04-11T23:47:17Z", "1582-10-10T00:00:00Z",
    "2024-02-29T23:59:59.5-2359", "2022-05-20T20:07:53,5Z", "2022-05-20T20:07:60Z", "2022-00-20T20:07:53Z",
    "2022-05-00T20:07:53Z", "2022-05-32T20:07:53Z", "2022-04-31T20:07:53Z", "1900-02-29T00:00:00Z",
    "2000-02-29T00:00:00Z",
]  # fmt: skip
_ZONES = ["Z", "Z", "Z", "+00:00", "+0000", "-05:30", "+0545", "+14:00", "-12:00"]


class Scalars:
    """Random scalars; `allowed` names the exotic ones that a document may have."""

    def __init__(self, rng: Random, allowed: frozenset[str]) -> None:
        self.rng, self.allowed = rng, allowed
        self._valid: dict[Kind, Callable[[], str]] = {
            Kind.ID: self.id,
            Kind.TEXT: self.text,
            Kind.INTEGER: self.integer,
            Kind.QUOTED_INTEGER: lambda: f'"{self.integer()}"',
            Kind.FLOAT: self.float,
            Kind.BOOLEAN: lambda: self.rng.choice(("true", "false")),
            Kind.TIME: self.time,
        }
        self._any = (self.text, self.number, self.number_text, self.odd_time, self.word, self.text, self.number)

    def valid(self, kind: Kind) -> str:
        """Return a value of a kind."""
        return self._valid[kind]()

    def any(self) -> str:
        """Return a scalar of any type."""
        return self.rng.choice(self._any)()

    def near_miss(self, kind: Kind) -> str:
        """Return a value that is nearly of a kind, or just of it."""
        if kind is Kind.TIME:
            return self.odd_time() if self.rng.random() < 0.8 else self.number()
        if kind is Kind.BOOLEAN:
            return self.rng.choice(('"true"', "0", "1", '"False"', "null", '""'))
        if kind is Kind.TEXT:
            return self.rng.choice((self.text, self.number, self.word))()
        return self.rng.choice((self.number, self.number_text))()

    def word(self) -> str:
        return self.rng.choice(("true", "false", "null"))

    def text(self) -> str:
        rng = self.rng
        draw = rng.random()
        if draw < 0.5:
            return quoted(" ".join(rng.choices(_WORDS, k=rng.randrange(6))))
        if draw < 0.7:
            return quoted(rng.choice(_SYNTAX))
        if draw < 0.85:
            return json.dumps("".join(rng.choices(_UNICODE, k=rng.randrange(1, 4))), ensure_ascii=rng.random() < 0.4)
        if draw < 0.95:
            return '"' + "".join(rng.choices((*_ESCAPES, "a", " ", "é", "😀"), k=rng.randrange(1, 5))) + '"'
        if draw < 0.99:
            return quoted("".join(chr(rng.randrange(32, 0x2FFF)) for _ in range(rng.randrange(8))))
        return quoted(rng.choice((*_UNICODE, *_WORDS)) * rng.randrange(1, 400))

    def id(self) -> str:
        rng = self.rng
        draw = rng.random()
        if draw < 0.6:
            return f'"{rng.randrange(10**18)}"'
        if draw < 0.8:
            return str(rng.randrange(10 ** rng.choice((3, 17, 20, 40))))
        return self.text() if draw < 0.9 else f'"{rng.randrange(99):05}_{rng.randrange(10**9)}"'

    def integer(self) -> str:
        rng = self.rng
        return str(rng.randrange(10 ** rng.choice((1, 3, 5, 9)))) if rng.random() < 0.95 else str(rng.randrange(2**63))

    def float(self) -> str:
        rng = self.rng
        return rng.choice(
            (repr(rng.random()), str(rng.randrange(101)), f"{rng.uniform(0, 100):.2f}", f"{rng.random():.3e}")
        )

    def time(self) -> str:
        rng = self.rng
        date = f"20{rng.randrange(10, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
        digits = rng.choice((0, 0, 3, 3, 6, 1, 9, 7))
        fraction = f".{rng.randrange(10**digits):0{digits}}" if digits else ""
        return f'"{date}T{clock}{fraction}{rng.choice(_ZONES)}"'

    def number(self) -> str:
        rng = self.rng
        draw = rng.random()
        if draw < 0.6:
            return rng.choice(_NUMBERS)
        if draw < 0.7:
            return repr(rng.uniform(-1, 1) * 10.0 ** rng.randrange(-320, 308))
        if draw < 0.75:
            return str(rng.randrange(-(2**70), 2**70))
        if draw < 0.8:
            return rng.choice(_RARE_NUMBERS)
        if draw < 0.82 and "lossy" in self.allowed:
            return rng.choice(_LOSSY_NUMBERS)
        if draw < 0.85 and "overflow" in self.allowed:
            return rng.choice(_OVERFLOWS)
        if draw < 0.88 and "constant" in self.allowed:
            return rng.choice(("NaN", "Infinity", "-Infinity"))
        if draw < 0.9 and "negative zero" in self.allowed:
            return "-0"
        if draw < 0.902 and "long number" in self.allowed:
            return "1" * rng.choice((400, 4299, 4300))
        return str(rng.randrange(-9, 1000))

    def number_text(self) -> str:
        return quoted(self.rng.choice(_NUMBER_TEXTS))

    def odd_time(self) -> str:
        return quoted(self.rng.choice(_ODD_TIMES))
