"""Ask for a history page by page, within a deadline, the limit of the profile, and a budget of retries."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ayrframe._api.client import Client
from ayrframe._api.models import Clock, Failure, Response
from ayrframe._api.pagination import HistoryPage, Paginator
from ayrframe._api.rate_limit import RateLimiter
from ayrframe._api.response import RequestContext
from ayrframe._api.retry import Accept, Attempts, GiveUp, Retry, decide
from ayrframe._api.secrets import Secret
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, RateLimitError, RequestError, TransportError

ProgressMessage = Callable[[str], None]
Parameters = Mapping[str, str | int | bool | None]

_RETRY_COSTS, _RETRIES = 5, 50  # Ten retries a load, and one more for each five pages that came.
_WORTH_SAYING = 5.0
_LONG = 60.0
_SHORTEST_WAIT = 0.001
_log = logging.getLogger("ayrframe")
_log.addHandler(logging.NullHandler())


class RetryBudget:
    """What one load may still spend, over all its pages, platforms and profiles: time and retries."""

    def __init__(self, clock: Clock, deadline: float | None) -> None:
        """Start the clock of the load."""
        self._clock = clock
        self.seconds = deadline
        self._end = float("inf") if deadline is None else clock.now() + deadline
        self._lock = threading.Lock()
        self._retries = _RETRIES

    def left(self) -> float:
        """Return how many seconds are left."""
        return self._end - self._clock.now()

    def spend(self, pause: float) -> bool:
        """Take a retry after a pause out of the budget, if it holds one and the time suffices."""
        with self._lock:
            if pause >= self.left() or self._retries < _RETRY_COSTS:
                return False
            self._retries -= _RETRY_COSTS
            return True

    def earn(self) -> None:
        """Give a part of a retry back, for a page that came."""
        with self._lock:
            self._retries = min(self._retries + 1, _RETRIES)


def iter_pages(
    client: Client,
    platform: Platform,
    *,
    params: Parameters | None = None,
    limit: int | None = None,
    cursor: str | None = None,
    profile_key: Secret | None = None,
    headers: Sequence[str] = (),
    allowance: RetryBudget | None = None,
    tell: ProgressMessage | None = None,
) -> Iterator[HistoryPage]:
    """Yield the pages of a history as they come, the newest posts first; none is asked for before it is wanted.

    `headers` names the headers with keys that this platform wants besides. An error carries the platform and the
    cursor to go on with; what was yielded before it is good.
    """
    profile = profile_key or client.profile_key
    asked = RequestContext(platform, 1, client.scrubber(profile).scrub)
    load = _Load(client, profile, headers, allowance or RetryBudget(client.clock, client.deadline), tell)
    given = [(name, _text(value)) for name, value in (params or {}).items() if value is not None]
    walk = Paginator(limit=limit, cursor=cursor, asked=asked)
    while True:
        try:
            page = load.page(walk, replace(asked, page=walk.number), given)
        except AyrframeError as error:
            # What refuses a cursor will refuse it again; from the beginning it may go.
            error.cursor = None if isinstance(error, RequestError) and not error.retryable else walk.cursor
            raise
        yield page
        if walk.problem is not None:
            walk.problem.platform = platform.name
            raise walk.problem
        if page.last:
            return


@dataclass(frozen=True, slots=True)
class _Load:
    """One walk's way of getting a page."""

    client: Client
    profile: Secret | None
    headers: Sequence[str]
    allowance: RetryBudget
    tell: ProgressMessage | None

    def page(self, walk: Paginator, asked: RequestContext, given: Sequence[tuple[str, str]]) -> HistoryPage:
        """Return a page, or raise what stands in its way after all retries that make sense."""
        limiter = self.client.limiter(self.profile)
        tries = Attempts()
        while True:
            self._enter(limiter, asked)
            outcome = self._send(limiter, [*given, *walk.asks()], asked)
            decision = decide(outcome, asked, tries, chance=self.client.clock.chance())
            if isinstance(decision, Accept) and isinstance(outcome, Response):
                self.allowance.earn()
                return walk.take(outcome.body, decision.reply, status=outcome.status, received_at=outcome.received_at)
            assert isinstance(decision, (Retry, GiveUp))  # noqa: S101 - for the type checker
            if isinstance(decision, GiveUp) or not self.allowance.spend(decision.after):
                raise decision.error
            if decision.pause:
                limiter.pause(decision.after)
            self._say(decision.after, f"{decision.error} Asking again in {decision.after:.0f} s.")
            self.client.clock.sleep(decision.after)
            tries = decision.tries

    def _enter(self, limiter: RateLimiter, asked: RequestContext) -> None:
        """Wait for a place within the limit of the profile."""
        while (wait := limiter.enter()) is not None:
            if wait >= self.allowance.left():
                raise self._too_late(asked, wait)
            wait = max(wait, _SHORTEST_WAIT)
            most = f"of the {limiter.allowed} requests of five minutes none is left"
            self._say(wait, f"{asked.where}: {most}; going on in {wait:.0f} s.")
            self.client.clock.sleep(wait)

    def _send(
        self, limiter: RateLimiter, params: Sequence[tuple[str, str]], asked: RequestContext
    ) -> Response | Failure:
        left = self.allowance.left()
        outcome: Response | Failure | None = None
        try:
            if left <= 0:
                raise self._too_late(asked, None)
            outcome = self.client.send(
                f"/history/{asked.platform.name}",
                params,
                profile=self.profile,
                headers=self.headers,
                timeout=min(self.client.timeout, left),
            )
        finally:
            limiter.leave(outcome.headers if isinstance(outcome, Response) else {})
        said = f"HTTP {outcome.status}" if isinstance(outcome, Response) else outcome.trouble.name
        _log.debug("%s, page %d: %s", asked.platform.title, asked.page, said)
        return outcome

    def _too_late(self, asked: RequestContext, wait: float | None) -> AyrframeError:
        """Return the error for a load whose time is up, or would be before its profile may ask again."""
        within = f"the deadline of {self.allowance.seconds:g} s for the whole load"
        error: AyrframeError
        if wait is None:
            error = TransportError(f"{asked.where}: {within} is over.")
        else:
            error = RateLimitError(
                f"{asked.where}: the limit of the profile is used up for {wait:.0f} s, beyond {within}."
            )
            error.retry_after = wait
        error.platform, error.retryable = asked.platform.name, True
        return error

    def _say(self, wait: float, text: str) -> None:
        """Never wait long in silence."""
        level = logging.WARNING if wait > _LONG else logging.INFO if wait > _WORTH_SAYING else logging.DEBUG
        _log.log(level, "%s", text)
        if self.tell is not None and wait > _WORTH_SAYING:
            self.tell(text)


def _text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
