"""Keys: kept so that no repr, copy, pickle or traceback shows them, and taken out of every text that does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import os
import re
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import quote_plus

PRINTABLE_ASCII = re.compile(r"[\x21-\x7e]+")
_MASK = "[secret]"
_GRAM_CHARACTERS = 8  # As few characters of a key in a row count as the key.
_MIN_KEY_CHARACTERS = 4  # Shorter ones are no keys, and to blot them out would blot out words.
_MAX_REDACTED_CHARACTERS = 4000
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_process_key = os.urandom(32)


class Secret:
    """A key that can be sent and compared, and nothing else. Make one with :func:`kept`.

    Examples
    --------
    >>> kept("AAAA-BBBB", "the key")[0]
    Secret('****')
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        """Keep a value that is known to be well-formed."""
        self.__value = value

    def reveal(self) -> str:
        """Return the key itself, for the header of a request."""
        return self.__value

    def bearer(self) -> Secret:
        """Return what stands in the header `Authorization`."""
        return Secret(f"Bearer {self.__value}")

    def __repr__(self) -> str:
        return "Secret('****')"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self.__value, other.__value)

    def __hash__(self) -> int:
        digest = hashlib.blake2b(self.__value.encode(), key=_process_key, digest_size=8).digest()
        return int.from_bytes(digest)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A key is neither pickled nor copied: read it again where it is needed.")


def make_secret(value: object, name: str) -> tuple[Secret | None, str | None]:
    """Return a key as a secret, or what is wrong with it in words that do not show it. `None` and "" are no key.

    It returns the complaint instead of raising it, so that callers can first drop the raw value from their own
    variables, which some tracebacks print.
    """
    if value is None or isinstance(value, Secret):
        return value, None
    if not isinstance(value, str):
        return None, f"{name} has to be a text, not {type(value).__name__}."
    text = value.strip()
    if not text:
        return None, None
    if not PRINTABLE_ASCII.fullmatch(text):
        position = next(
            position for position, character in enumerate(text, start=1) if not PRINTABLE_ASCII.fullmatch(character)
        )
        return None, (
            f"{name} holds a character that no key has, at place {position} of {len(text)}: a space, a line break, or one "
            "that was pasted along. Copy the key again."
        )
    return Secret(text), None


def fingerprint(*parts: Secret | str | None) -> str:
    """Return a text that stands for these parts in a file name: the same in every process, and no way back."""
    digest = hashlib.blake2b(digest_size=16, person=b"ayrframe")
    for part in parts:
        text = part.reveal() if isinstance(part, Secret) else part or ""
        digest.update(len(text.encode()).to_bytes(8) + text.encode())
    return digest.hexdigest()


class Redactor:
    """Takes known keys out of texts, also in part, in base64 or quoted for a URL, HTML or JSON.

    Examples
    --------
    >>> Scrubber([Secret("AAAA-BBBB-CCCC")]).scrub("no such key: AAAA-BBBB-CCCC")
    'no such key: [secret]'
    """

    __slots__ = ("__grams", "__shorts")

    def __init__(self, secrets: Iterable[Secret | None]) -> None:
        """Learn what to look for."""
        encoded = {
            encoding.translate(_ASCII_LOWER)
            for secret in secrets
            if secret is not None
            for encoding in _encoded_forms(secret.reveal())
        }
        self.__shorts = {encoding for encoding in encoded if _MIN_KEY_CHARACTERS <= len(encoding) < _GRAM_CHARACTERS}
        self.__grams = {
            encoding[start : start + _GRAM_CHARACTERS]
            for encoding in encoded
            for start in range(len(encoding) - _GRAM_CHARACTERS + 1)
        }

    def redact(self, text: str) -> str:
        """Return the text, at most its first 4,000 characters, without the keys."""
        text = text[:_MAX_REDACTED_CHARACTERS]
        lower_text = text.translate(_ASCII_LOWER)
        is_hidden = bytearray(len(text))
        for start in range(len(lower_text) - _GRAM_CHARACTERS + 1):
            if lower_text[start : start + _GRAM_CHARACTERS] in self.__grams:
                is_hidden[start : start + _GRAM_CHARACTERS] = b"\1" * _GRAM_CHARACTERS
        for short_key in self.__shorts:
            for match in re.finditer(re.escape(short_key), lower_text):
                is_hidden[match.start() : match.end()] = b"\1" * len(short_key)
        if not any(is_hidden):
            return text
        masked = "".join(
            "\0" if is_hidden_character else character
            for character, is_hidden_character in zip(text, is_hidden, strict=True)
        )
        return re.sub("\0+", _MASK, masked)

    def __repr__(self) -> str:
        return "Scrubber()"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A scrubber knows keys, so it is neither pickled nor copied.")


def _encoded_forms(secret: str) -> Iterable[str]:
    """Yield a key as it may stand in a text."""
    yield secret
    yield quote_plus(secret)
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield secret.encode().hex()
    for shift in range(3):  # Base64 looks different after 0, 1 and 2 other bytes; the ends depend on what is around.
        base64_text = base64.b64encode(b"\0" * shift + secret.encode()).decode().rstrip("=")
        inner = base64_text[(shift * 8 + 5) // 6 :][: len(secret) * 8 // 6]
        yield inner
        yield inner.translate({ord("+"): "-", ord("/"): "_"})


def forbid_pickling(name: str) -> Any:
    """Return a `__reduce_ex__` for a class that holds keys."""

    def refuse(*_: object) -> NoReturn:
        raise TypeError(f"{name} holds keys, so it is neither pickled nor copied: make a new one.")

    return refuse
