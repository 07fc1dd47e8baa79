"""Define the exceptions and warnings of ayrframe.

::

    AyrframeError                 base class: .status .code .platform .retryable .retry_after .frame .cursor
    ├── ConfigError               missing or malformed API key, invalid base URL; raised before any request
    ├── AuthError                 API key or profile rejected (401, 403)
    ├── NotLinkedError            platform not linked to the profile, or its authorization expired
    ├── RateLimitError            rate limit reached (429); .retry_after is the wait in seconds
    ├── RequestError              request rejected for another reason (other 4xx)
    ├── ServerError               Ayrshare failed, also after retries (5xx)
    ├── TransportError            connection, TLS or timeout failure; truncated or oversized response
    ├── ResponseError             invalid JSON, unexpected envelope, or a pagination loop
    ├── LoadErrors                some or all of several loads failed; also an ExceptionGroup; .frame has the rest
    ├── SchemaError               validation of a posts frame failed; .failure_cases
    └── ExpansionError            unknown expansion; also an AttributeError
    ArgumentTypeError             an argument has a wrong type; a TypeError and a ValueError
    DataWarning (UserWarning)     data with problems, but usable
"""

from __future__ import annotations

import difflib
import math
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

QUOTED_CHARACTERS = 40
_LARGEST_SHOWN = 2**63  # Python refuses to write integers of thousands of digits.
_MESSAGE_CHARACTERS = 300


class AyrframeError(Exception):
    """Base class of all ayrframe errors.

    Attributes
    ----------
    status : int or None
        HTTP status of the response, if there was a response.
    code : int or None
        Error code of Ayrshare, if the response contained one.
    platform : str or None
        The requested platform.
    retryable : bool
        Whether the same call may succeed later.
    retry_after : float or None
        Seconds to wait before the next attempt, if known.
    frame : pandas.DataFrame or None
        Posts that had arrived before the error, as a posts frame.
    cursor : str or None
        Cursor from which to resume after those posts.

    Examples
    --------
    >>> try:
    ...     ayr.read_json(b"not JSON", platform="tiktok")
    ... except ayr.AyrframeError as error:
    ...     print(type(error).__name__, error.retryable)
    ResponseError False
    """

    status: int | None = None
    code: int | None = None
    platform: str | None = None
    retryable: bool = False
    retry_after: float | None = None
    frame: pd.DataFrame | None = None
    cursor: str | None = None


class ConfigError(AyrframeError):
    """The API key or the base URL is missing or malformed; raised before any request is made.

    The message never contains a key, not even in part.

    Examples
    --------
    >>> ayr.Client(api_key="")
    Traceback (most recent call last):
    ayrframe.errors.ConfigError: No API key found: pass ayr.Client(api_key=...) or set AYRSHARE_API_KEY. ...
    """


class AuthError(AyrframeError):
    """Ayrshare rejected the API key or the profile (401, 403); the message lists possible causes.

    Examples
    --------
    >>> raise ayr.AuthError("Ayrshare rejected the API key.")
    Traceback (most recent call last):
    ayrframe.errors.AuthError: Ayrshare rejected the API key.
    """


class NotLinkedError(AyrframeError):
    """The platform is not linked to the profile, or must be linked again (codes 156, 161, 272, 419).

    Examples
    --------
    >>> raise ayr.NotLinkedError("TikTok is not linked to this profile.")
    Traceback (most recent call last):
    ayrframe.errors.NotLinkedError: TikTok is not linked to this profile.
    """


class RateLimitError(AyrframeError):
    """The rate limit was reached, also after at most one retry; `retry_after` is the wait in seconds.

    Examples
    --------
    >>> raise ayr.RateLimitError("Rate limit reached (HTTP 429); retry in 300 s.")
    Traceback (most recent call last):
    ayrframe.errors.RateLimitError: Rate limit reached (HTTP 429); retry in 300 s.
    """


class RequestError(AyrframeError):
    """Ayrshare rejected the request for another reason; the message quotes the reason given by Ayrshare.

    Examples
    --------
    >>> raise ayr.RequestError("userName cannot be combined with a Profile-Key.")
    Traceback (most recent call last):
    ayrframe.errors.RequestError: userName cannot be combined with a Profile-Key.
    """


class ServerError(AyrframeError):
    """Ayrshare returned a server error (5xx), also after retries.

    Examples
    --------
    >>> raise ayr.ServerError("HTTP 503 after 4 attempts.")
    Traceback (most recent call last):
    ayrframe.errors.ServerError: HTTP 503 after 4 attempts.
    """


class TransportError(AyrframeError):
    """No complete response arrived: connection or TLS failure, timeout, redirect, truncated or oversized body.

    Examples
    --------
    >>> raise ayr.TransportError("Cannot connect to api.ayrshare.com.")
    Traceback (most recent call last):
    ayrframe.errors.TransportError: Cannot connect to api.ayrshare.com.
    """


class ResponseError(AyrframeError):
    """A response or a saved file is not valid JSON, or not an envelope of posts.

    The message gives the file, the position and at most 40 characters around it.

    Examples
    --------
    >>> ayr.read_json(b'{"posts": [}', platform="tiktok")
    Traceback (most recent call last):
    ayrframe.errors.ResponseError: Cannot read the JSON bytes: invalid JSON: Expecting value at character 11 ...
    """


class LoadErrors(ExceptionGroup[AyrframeError], AyrframeError):  # noqa: N818 - the contract names it
    """Some or all of several platforms or profiles failed to load; `exceptions` holds one error for each.

    Attributes
    ----------
    frame : pandas.DataFrame or None
        Posts of the platforms and profiles that loaded.

    Examples
    --------
    >>> try:
    ...     raise ayr.LoadErrors("1 of 2 loads failed.", [ayr.ServerError("HTTP 503.")])
    ... except* ayr.ServerError as errors:
    ...     print(errors.exceptions)
    (ServerError('HTTP 503.'),)
    """

    def __init__(self, message: str, errors: Sequence[AyrframeError]) -> None:
        """Take `retryable` and the longest `retry_after` from the errors."""
        super().__init__(message, errors)
        self.retryable = any(error.retryable for error in errors)
        self.retry_after = max((error.retry_after for error in errors if error.retry_after is not None), default=None)

    def derive(self, errors: Sequence[AyrframeError], /) -> LoadErrors:  # type: ignore[override]
        """Return a group of some of these errors with the same frame, as `except*` requires."""
        group = LoadErrors(self.message, errors)
        group.frame = self.frame
        return group


class SchemaError(AyrframeError):
    """A posts frame failed validation.

    Attributes
    ----------
    failure_cases : pandas.DataFrame
        One row per invalid value: `column`, `check`, `failure_case` (the value), `index` (label of the row).
    frame : pandas.DataFrame
        The validated posts frame, unchanged.

    Examples
    --------
    >>> posts = ayr.load_sample("bluesky").assign(like_count=-1)
    >>> posts["like_count"] = posts["like_count"].astype("Int64")
    >>> try:
    ...     posts.ayr.validate("raise")
    ... except ayr.SchemaError as error:
    ...     print(error.failure_cases["column"].unique().tolist())
    ['like_count']
    """

    failure_cases: pd.DataFrame

    def __init__(self, message: str, failure_cases: pd.DataFrame, frame: pd.DataFrame) -> None:
        """Store the failure cases and the posts frame as attributes."""
        super().__init__(message)
        self.failure_cases = failure_cases
        self.frame = frame

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the failure cases and the posts frame as well."""
        return type(self), (*self.args, self.failure_cases, self.frame)


class ExpansionError(AyrframeError, AttributeError):
    """The posts frame has no expansion of this name; the message lists those it has.

    Also an AttributeError, so that `hasattr` and Tab completion work.

    Examples
    --------
    >>> hasattr(ayr.load_sample("tiktok").ayr, "no_such_table")
    False
    """


class ArgumentTypeError(TypeError, ValueError):
    """An argument has a wrong type; also a ValueError, so that `except ValueError` catches every invalid argument.

    Examples
    --------
    >>> try:
    ...     ayr.load("tiktok", limit="10", client=ayr.Client(api_key="AAAAAAAA-BBBBBBBB-CCCCCCCC-DDDDDDDD"))
    ... except ValueError as error:
    ...     print(isinstance(error, TypeError), error)
    True `limit` must be an integer of at least 1, or None for all posts, got '10' of type str.
    """


class DataWarning(UserWarning):
    """The data have a problem but are usable; the message says which problem, and where.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     posts = ayr.from_posts([{"post": "no id"}], platform="bluesky")
    >>> caught[0].category.__name__
    'DataWarning'
    """


# In worker processes, whose output users do not see, and during a report, warnings go to this function instead.
WARNING_COLLECTOR: ContextVar[Callable[[DataWarning], None] | None] = ContextVar("warning_collector", default=None)


# How tables of other libraries become pandas DataFrames, by a method that they have.
_TO_PANDAS = {"to_pandas": ".to_pandas()", "collect": ".collect().to_pandas()", "compute": ".compute()", "df": ".df()"}


def warn_user(message: str) -> None:
    """Issue a DataWarning that points at the line that called this library."""
    collect = WARNING_COLLECTOR.get()
    if collect is not None:
        collect(DataWarning(message))
        return
    folder = os.path.dirname(__file__) + os.sep
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(folder):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, DataWarning, stacklevel=level)


class WarningsOnce:
    """Issue the warnings of the methods called in a block once, after the block, unless it raises an error.

    Not a generator: with contextlib between it and the caller, warnings would point at contextlib.
    """

    def __enter__(self) -> None:
        self._messages: dict[str, None] = {}
        self._token = WARNING_COLLECTOR.set(lambda warning: self._messages.setdefault(str(warning)))

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        WARNING_COLLECTOR.reset(self._token)
        for message in self._messages if error is None else ():
            warn_user(message)


def quote(text: str) -> str:
    """Return the first 40 characters of untrusted text as a quoted, printable string."""
    return repr(text[:QUOTED_CHARACTERS])


def describe(value: object) -> str:
    """Return an argument for an error message, as quoted text with its type."""
    is_huge = isinstance(value, int) and abs(value) > _LARGEST_SHOWN
    text = "a huge number" if is_huge else quote(value if isinstance(value, str) else str(value))
    return f"{text} of type {type(value).__name__}"


def describe_table(value: object) -> str:
    """Return the type of what is not a pandas DataFrame, and how to convert it, for the end of an error message."""
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
    hint = " ayr.from_posts makes a posts frame from a list of dicts." if isinstance(value, list | dict) else ""
    hints = (f" Convert it with `{code}`." for method, code in _TO_PANDAS.items() if hasattr(kind, method))
    return f"{name}.{next(hints, hint)}"


def check_text(value: object, name: str) -> None:
    """Raise TypeError or ValueError if an optional text is not a text that can be sent."""
    if value is None:
        return
    if not isinstance(value, str):
        raise TypeError(f"`{name}` must be a str, got {type(value).__name__}.")
    if not is_unicode(value):
        raise ValueError(f"`{name}` has half of a character (a lone surrogate): {quote(value)}.")


def is_unicode(text: str) -> bool:
    """Return whether a text can be encoded: it has no lone surrogates."""
    return text.encode(errors="replace").decode() == text


def check_number(value: Any, name: str, minimum: float = -math.inf, *, integer: bool = False) -> None:
    """Raise an ArgumentTypeError if an argument is not a number, or a ValueError if it is smaller than the minimum."""
    bound = f" of at least {minimum:g}" if math.isfinite(minimum) else ""
    expected = f"`{name}` must be {'an integer' if integer else 'a number'}{bound}"
    is_number = isinstance(value, Integral if integer else Real) and not isinstance(value, bool)
    if not is_number:
        raise ArgumentTypeError(f"{expected}, got {describe(value)}.")
    if not value >= minimum:  # NaN
        raise ValueError(f"{expected}, got {value}.")


def check_option(value: object, name: str, options: Sequence[str | None]) -> None:
    """Raise a ValueError if an argument is none of its options."""
    if (value is not None and not isinstance(value, str)) or value not in options:
        *first, last = map(repr, options)
        hint = suggest(value, [option for option in options if option]) if isinstance(value, str) else ""
        raise ValueError(f"`{name}` must be {', '.join(first)} or {last}, got {describe(value)}.{hint}")


def suggest(name: object, choices: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the choice closest to an unknown name, or "" if none is close."""
    by_lower_case = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(str(name)[:QUOTED_CHARACTERS].lower(), by_lower_case, n=1)
    return f" Did you mean {by_lower_case[close[0]]!r}?" if close else ""


def join_names(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: "a, b and c"."""
    return " and ".join(", ".join(names).rsplit(", ", 1))


def printable(message: str) -> str:
    """Return a message of Ayrshare on one line, without control characters, cut to 300 characters."""
    text = "".join(character if character.isprintable() else " " for character in message[: _MESSAGE_CHARACTERS + 1])
    return text if len(text) <= _MESSAGE_CHARACTERS else f"{text[:_MESSAGE_CHARACTERS]}…"
