"""What follows from the outcome of a request: take it, ask again, or give up. Pure: no I/O, no clock, no dice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ayrframe._api.models import Failure, Response
from ayrframe._api.response import RequestContext, parse_response
from ayrframe._decode.envelope import Envelope
from ayrframe.errors import AyrframeError, RateLimitError, ServerError, TransportError

MAX_WAIT = 60.0  # A longer one is an error that says how long, and not a silent wait.
WINDOW_SECONDS = 300.0
_FLOOR = 0.5
_STEP, _LONGEST_STEP = 1.0, 20.0
_FLOOR_AFTER_429, _STEP_AFTER_429 = 1.0, 10.0
_SERVER_RETRIES = 3
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_LONGEST_DATE = 40


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often one request was repeated already, for each of the two reasons."""

    broken: int = 0
    limited: int = 0


@dataclass(frozen=True, slots=True)
class Accept:
    """The reply is a history."""

    reply: Envelope


@dataclass(frozen=True, slots=True)
class Retry:
    """Ask again after so many seconds; who can't afford that raises `error`. With `pause` the whole profile waits."""

    after: float
    tries: Attempts
    error: AyrframeError
    pause: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Asking again is of no use."""

    error: AyrframeError


Decision = Accept | Retry | GiveUp


def decide(outcome: Response | Failure, asked: RequestContext, tries: Attempts, *, chance: float) -> Decision:
    """Say what to do about the outcome of a request; `chance` is a random number from 0 to 1."""
    found = parse_response(outcome, asked) if isinstance(outcome, Response) else outcome
    if isinstance(found, Envelope):
        return Accept(found)
    if isinstance(found, Failure):
        decision = _after_failure(found, asked, tries, chance)
    else:
        wait = parse_retry_after(outcome.headers, outcome.received_at) if isinstance(outcome, Response) else None
        decision = _after_error(found, wait, tries, chance)
    decision.error.platform = asked.platform.name
    return decision


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how many seconds the server asks to wait; nonsense is no answer, and a time gone by is 0."""
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    moment = _http_date(text)
    if moment is None:
        return None
    # The server's own clock, where it tells it: this computer's may be wrong.
    return max((moment - (_http_date(headers.get("date", "")) or now)).total_seconds(), 0.0)


def _http_date(text: str) -> datetime | None:
    if not text[:1].isalpha() or len(text) > _LONGEST_DATE:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _pause(tries: int, chance: float) -> float:
    """Return a pause that doubles with each try, half of it by chance; never near 0, where all come back at once."""
    step = min(_STEP * 2.0**tries, _LONGEST_STEP)
    return max(step * (0.5 + chance / 2), _FLOOR)


def _after_failure(failure: Failure, asked: RequestContext, tries: Attempts, chance: float) -> Retry | GiveUp:
    times = f" (asked {tries.broken + 1} times)" if tries.broken else ""
    error = TransportError(f"{asked.where}: {asked.scrub(failure.text)}{times}.")
    error.retryable = failure.trouble.retries > 0
    if tries.broken >= failure.trouble.retries:
        return GiveUp(error)
    return Retry(_pause(tries.broken, chance), replace(tries, broken=tries.broken + 1), error)


def _after_error(error: AyrframeError, wait: float | None, tries: Attempts, chance: float) -> Retry | GiveUp:
    error.retry_after = wait
    if isinstance(error, RateLimitError):
        return _after_too_many(error, wait, tries, chance)
    if not isinstance(error, ServerError) or tries.broken >= _SERVER_RETRIES or (wait or 0) > MAX_WAIT:
        return GiveUp(error)
    after = max(_pause(tries.broken, chance), wait or 0)
    return Retry(after, replace(tries, broken=tries.broken + 1), error)


def _after_too_many(error: RateLimitError, wait: float | None, tries: Attempts, chance: float) -> Retry | GiveUp:
    """One retry and no more: a thousand such replies in a day suspend the profile."""
    error.retry_after = WINDOW_SECONDS if wait is None or wait < _FLOOR_AFTER_429 else wait
    if tries.limited or (wait or 0) > MAX_WAIT:
        return GiveUp(error)
    after = _STEP_AFTER_429 * (0.5 + chance / 2) if wait is None else max(wait, _FLOOR_AFTER_429)
    return Retry(after, replace(tries, limited=1), error, pause=True)
