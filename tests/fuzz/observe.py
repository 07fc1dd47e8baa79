"""Call ayrframe and turn what must not happen into findings: foreign exceptions and warnings, and excessive time."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import ayrframe as ayr

T = TypeVar("T")

# A generous limit of CPU time for a call: a constant for the columns of a frame, and a part for each byte.
SECONDS, SECONDS_PER_BYTE = 2.0, 10e-6


class Finding(AssertionError):  # noqa: N818 - not an error of a program
    """A property that does not hold; `name` is that of the property."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message[:2000]}")
        self.name = name


def call(
    what: str,
    function: Callable[..., T],
    *args: Any,
    size: int = 0,
    allowed: tuple[type[Exception], ...] = (),
    **options: Any,
) -> T:
    """Return the result of a call; AyrframeErrors and `allowed` exceptions are raised, all others are findings.

    `size` is the length of the document, by which the time is limited.
    """
    result, seconds = _timed(what, function, args, options, allowed)
    limit = SECONDS + SECONDS_PER_BYTE * size
    if size and seconds > limit:
        result, seconds = _timed(what, function, args, options, allowed)  # A busy machine is slow once.
        if seconds > limit:
            raise Finding("time", f"{what} took {seconds:.2f} s of CPU time for {size:,} bytes, limit {limit:.2f} s")
    return result


def _timed(
    what: str,
    function: Callable[..., T],
    args: tuple[Any, ...],
    options: dict[str, Any],
    allowed: tuple[type[Exception], ...],
) -> tuple[T, float]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        start = time.process_time()
        try:
            result = function(*args, **options)
        except (ayr.AyrframeError, Finding, *allowed) as error:
            _check_error(what, error)
            raise
        except Exception as error:
            raise Finding("foreign exception", f"{what} raised {type(error).__name__}: {error}") from error
        seconds = time.process_time() - start
    for warning in caught:
        if not issubclass(warning.category, ayr.DataWarning):
            raise Finding("foreign warning", f"{what} gave {warning.category.__name__}: {warning.message}")
    return result, seconds


def _check_error(what: str, error: Exception) -> None:
    """Check what all errors promise: no foreign exception in the chain, one line, not longer than a few lines."""
    for linked in (error.__cause__, error.__context__):
        if isinstance(error, ayr.AyrframeError) and not isinstance(linked, (ayr.AyrframeError, type(None))):
            raise Finding("foreign exception", f"{what}: {error!r} is chained to {linked!r}") from error
    if "\n" in str(error) or "\x1b" in str(error):
        raise Finding("message", f"{what}: {str(error)!r} has control characters")


def outcome(what: str, function: Callable[..., T], *args: Any, **options: Any) -> T | Exception:
    """Return the result of a call, or the error that it raised."""
    try:
        return call(what, function, *args, **options)
    except Finding:
        raise
    except Exception as error:  # noqa: BLE001 - an AyrframeError or an allowed exception
        return error
