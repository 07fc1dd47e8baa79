"""Protect keys in repr, copies, pickles and tracebacks, and redact them in texts."""

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
_GRAM_CHARACTERS = 8  # This many consecutive characters of a key are redacted.
_MIN_KEY_CHARACTERS = 4  # Redacting shorter texts would redact words.
_MAX_REDACTED_CHARACTERS = 4000
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_process_key = os.urandom(32)


class Secret:
    """A key that can only be sent and compared. Create it with `make_secret`.

    Examples
    --------
    >>> make_secret("AAAA-BBBB", "api_key")[0]
    Secret('****')
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        """Store a valid key."""
        self.__value = value

    def reveal(self) -> str:
        """Return the key for the header of a request."""
        return self.__value

    def bearer(self) -> Secret:
        """Return the value of the header Authorization."""
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
        raise TypeError("Keys cannot be pickled or copied; read the key again where it is needed.")


def make_secret(value: object, name: str) -> tuple[Secret | None, str | None]:
    """Return a key as a secret, and the problem with it if it is malformed. `None` and "" return no key.

    The problem is returned, not raised, so that the caller can first delete the key from its local variables, which
    some tracebacks print. It does not show the key.
    """
    if value is None or isinstance(value, Secret):
        return value, None
    if not isinstance(value, str):
        return None, f"{name} must be a str, got {type(value).__name__}."
    text = value.strip()
    if not text:
        return None, None
    if not PRINTABLE_ASCII.fullmatch(text):
        position = next(
            position for position, character in enumerate(text, start=1) if not PRINTABLE_ASCII.fullmatch(character)
        )
        return None, (
            f"{name} contains a character that keys cannot contain, at position {position} of {len(text)}: a space, a "
            "line break, or a character pasted by mistake. Copy the key again."
        )
    return Secret(text), None


def fingerprint(*parts: Secret | str | None) -> str:
    """Return a hash of the parts for use in file names: equal in all processes, and not reversible."""
    digest = hashlib.blake2b(digest_size=16, person=b"ayrframe")
    for part in parts:
        text = part.reveal() if isinstance(part, Secret) else part or ""
        digest.update(len(text.encode()).to_bytes(8) + text.encode())
    return digest.hexdigest()


class Redactor:
    """Redacts known keys in texts: whole, in part, in base64 or hex, or escaped for a URL, HTML or JSON.

    Examples
    --------
    >>> Redactor([Secret("AAAA-BBBB-CCCC")]).redact("no such key: AAAA-BBBB-CCCC")
    'no such key: [secret]'
    """

    __slots__ = ("__grams", "__shorts")

    def __init__(self, secrets: Iterable[Secret | None]) -> None:
        """Prepare the character sequences to redact."""
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
        """Return the first 4,000 characters of a text with the keys redacted."""
        return self.redact_all(text[:_MAX_REDACTED_CHARACTERS])

    def has_key(self, text: str) -> bool:
        """Return whether a text contains a key, whole or in part."""
        return self.redact_all(text) != text

    def redact_all(self, text: str) -> str:
        """Return a text of any length with the keys redacted."""
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
        return "Redactor()"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A redactor contains keys, so it cannot be pickled or copied.")


def _encoded_forms(secret: str) -> Iterable[str]:
    """Yield a key in the encodings in which a text may contain it."""
    yield secret
    yield quote_plus(secret)
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield secret.encode().hex()
    for shift in range(3):  # Base64 depends on the number of bytes before; its ends depend on their neighbours.
        base64_text = base64.b64encode(b"\0" * shift + secret.encode()).decode().rstrip("=")
        inner = base64_text[(shift * 8 + 5) // 6 :][: len(secret) * 8 // 6]
        yield inner
        yield inner.translate({ord("+"): "-", ord("/"): "_"})


def forbid_pickling(name: str) -> Any:
    """Return a `__reduce_ex__` for a class that contains keys."""

    def refuse(*_: object) -> NoReturn:
        raise TypeError(f"{name} contains keys, so it cannot be pickled or copied; create a new one.")

    return refuse
