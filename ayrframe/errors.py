"""Every error and warning of this library.

::

    AyrframeError                 asks: .status .code .platform .retryable .retry_after .frame .cursor
    ├── ConfigError               no key, a malformed key, a bad base URL: before any request
    ├── AuthError                 the key or the profile is refused (401, 403)
    ├── NotLinkedError            the network is not linked to the profile, or has to be relinked
    ├── RateLimitError            too many requests; .retry_after says when to come back
    ├── RequestError              Ayrshare refused the request (other 4xx)
    ├── ServerError               Ayrshare failed, also after retries (5xx)
    ├── TransportError            no connection, TLS, timeout, cut or oversized body
    ├── ResponseError             not JSON, not the envelope that is expected, or a cursor that loops
    ├── LoadErrors                of several loads some or all failed; also an ExceptionGroup; .frame holds the others
    ├── SchemaError               the frame does not hold what its columns promise; .failure_cases
    └── ExpansionError            there is no such expansion; also an AttributeError
    DataWarning (UserWarning)     the data are usable, but not as they should be
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

QUOTED_CHARACTERS = 40
_MESSAGE_CHARACTERS = 300


class AyrframeError(Exception):
    """Whatever this library has to complain about.

    Attributes
    ----------
    status : int or None
        HTTP status of the reply, where there was one.
    code : int or None
        Ayrshare's own code, where the reply had one.
    platform : str or None
        The platform that was asked for.
    retryable : bool
        Whether the same call may succeed later.
    retry_after : float or None
        Seconds to wait before that.
    frame : pandas.DataFrame or None
        The posts that had arrived before the error, tidy.
    cursor : str or None
        Where to go on after those posts.

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
    """Something is missing or malformed before any request could be made: the key, the base URL.

    The message never shows a key, not even in part.

    Examples
    --------
    >>> ayr.Client(api_key="")
    Traceback (most recent call last):
    ayrframe.errors.ConfigError: There is no API key: ...
    """


class AuthError(AyrframeError):
    """Ayrshare refused the key or the profile (401, 403); the message says which causes are possible.

    Examples
    --------
    >>> raise ayr.AuthError("The key is refused.")
    Traceback (most recent call last):
    ayrframe.errors.AuthError: The key is refused.
    """


class NotLinkedError(AyrframeError):
    """The network is not linked to the profile, or has to be linked again (codes 156, 161, 272, 419).

    Examples
    --------
    >>> raise ayr.NotLinkedError("TikTok is not linked to this profile.")
    Traceback (most recent call last):
    ayrframe.errors.NotLinkedError: TikTok is not linked to this profile.
    """


class RateLimitError(AyrframeError):
    """Too many requests, also after at most one retry; `.retry_after` is how many seconds to wait.

    Examples
    --------
    >>> raise ayr.RateLimitError("Come back in five minutes.")
    Traceback (most recent call last):
    ayrframe.errors.RateLimitError: Come back in five minutes.
    """


class RequestError(AyrframeError):
    """Ayrshare refused the request for another reason; the message repeats Ayrshare's own.

    Examples
    --------
    >>> raise ayr.RequestError("userName cannot be asked for with a Profile-Key.")
    Traceback (most recent call last):
    ayrframe.errors.RequestError: userName cannot be asked for with a Profile-Key.
    """


class ServerError(AyrframeError):
    """Ayrshare failed (5xx), and failed again when asked again.

    Examples
    --------
    >>> raise ayr.ServerError("Ayrshare failed four times.")
    Traceback (most recent call last):
    ayrframe.errors.ServerError: Ayrshare failed four times.
    """


class TransportError(AyrframeError):
    """No whole reply came through: no connection, TLS, a timeout, a redirect, a cut or an oversized body.

    Examples
    --------
    >>> raise ayr.TransportError("There is no connection.")
    Traceback (most recent call last):
    ayrframe.errors.TransportError: There is no connection.
    """


class ResponseError(AyrframeError):
    """A reply or a saved file is not JSON, or not the envelope that is expected.

    The message names the file, the position and at most 40 characters around it.

    Examples
    --------
    >>> ayr.read_json(b'{"posts": [}', platform="tiktok")
    Traceback (most recent call last):
    ayrframe.errors.ResponseError: Cannot read the JSON given: it is not valid JSON: Expecting value at character 11 ...
    """


class LoadErrors(ExceptionGroup[AyrframeError], AyrframeError):  # noqa: N818 - the contract names it
    """Of several platforms or profiles some or all failed; `.exceptions` holds one error for each.

    Attributes
    ----------
    frame : pandas.DataFrame or None
        What the others loaded.

    Examples
    --------
    >>> try:
    ...     raise ayr.LoadErrors("One of two loads failed.", [ayr.ServerError("Ayrshare failed.")])
    ... except* ayr.ServerError as errors:
    ...     print(errors.exceptions)
    (ServerError('Ayrshare failed.'),)
    """

    def __init__(self, message: str, errors: Sequence[AyrframeError]) -> None:
        """Sum up what a caller may ask of the whole."""
        super().__init__(message, errors)
        self.retryable = any(error.retryable for error in errors)
        self.retry_after = max((error.retry_after for error in errors if error.retry_after is not None), default=None)

    def derive(self, errors: Sequence[AyrframeError], /) -> LoadErrors:  # type: ignore[override]
        """Return a group of some of these errors, as `except*` makes them, with the same data."""
        group = LoadErrors(self.message, errors)
        group.frame = self.frame
        return group


class SchemaError(AyrframeError):
    """The frame does not hold what its columns promise.

    Attributes
    ----------
    failure_cases : pandas.DataFrame
        One row per value that fails: `column`, `check`, `failure_case` (the value), `index` (its row).
    frame : pandas.DataFrame
        The data as they are; nothing is lost.

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
        """Keep the findings and the data beside the message."""
        super().__init__(message)
        self.failure_cases = failure_cases
        self.frame = frame

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the findings and the data."""
        return type(self), (*self.args, self.failure_cases, self.frame)


class ExpansionError(AyrframeError, AttributeError):
    """The frame has no expansion of this name; the message names those it has.

    It is an AttributeError as well, so that `hasattr` and Tab completion behave.

    Examples
    --------
    >>> hasattr(ayr.load_sample("tiktok").ayr, "no_such_table")
    False
    """


class DataWarning(UserWarning):
    """The data are usable, but something about them is not as it should be; the message says what and where.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     posts = ayr.from_posts([{"post": "no id"}], platform="bluesky")
    >>> caught[0].category.__name__
    'DataWarning'
    """


# Who hears of what is odd, where a warning would reach nobody: in a process of which the user does not see the output.
WARNING_COLLECTOR: ContextVar[Callable[[DataWarning], None] | None] = ContextVar("ayrframe_hearer", default=None)


def warn_user(message: str) -> None:
    """Tell the user, at the line that called this library, that the data are not as they should be."""
    hearer = WARNING_COLLECTOR.get()
    if hearer is not None:
        hearer(DataWarning(message))
    else:
        warnings.warn(message, DataWarning, stacklevel=caller_stack_level())


def caller_stack_level() -> int:
    """Return the stack level of whoever called this library, for a warning that points at their line."""
    folder = os.path.dirname(__file__)
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and (os.path.dirname(frame.f_code.co_filename) + os.sep).startswith(folder + os.sep):
        level, frame = level + 1, frame.f_back
    return level


def quote(text: str) -> str:
    """Return at most 40 characters of untrusted text, printable and in quotation marks."""
    return repr(text[:QUOTED_CHARACTERS])


def printable(message: str) -> str:
    """Return what Ayrshare said on one line, without control characters, at most 300 characters of it."""
    text = "".join(character if character.isprintable() else " " for character in message[: _MESSAGE_CHARACTERS + 1])
    return text if len(text) <= _MESSAGE_CHARACTERS else f"{text[:_MESSAGE_CHARACTERS]}…"
