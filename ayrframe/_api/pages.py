"""Request the pages of a history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ayrframe._api.client import Client
from ayrframe._api.models import RequestContext
from ayrframe._api.pagination import HistoryPage, Paginator
from ayrframe._api.request import Notify, Requester, RetryBudget
from ayrframe._api.response import parse_response
from ayrframe._api.secrets import Redactor, Secret
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, RequestError

Parameters = Mapping[str, str | int | bool | None]


def iter_pages(
    client: Client,
    platform: Platform,
    *,
    params: Parameters | None = None,
    limit: int | None = None,
    cursor: str | None = None,
    profile_key: Secret | None = None,
    label: str = "",
    headers: Sequence[str] = (),
    retry_budget: RetryBudget | None = None,
    notify: Notify | None = None,
) -> Iterator[HistoryPage]:
    """Yield the pages of a history, latest posts first; each page is requested when the caller asks for it.

    `label` is the label of the profile, for messages. `headers` names the headers with X keys that the platform needs.
    An error has the platform and the cursor from which to resume; pages yielded before it are valid.
    """
    profile = profile_key or client.profile_key
    redactor = client._redactor_of(profile)
    context = RequestContext(platform, 1, redactor.redact, label)
    budget = retry_budget or RetryBudget(client.clock, client.deadline)
    requester = Requester(client, profile, headers, budget, notify)
    request_params = [(name, _format_parameter(value)) for name, value in (params or {}).items() if value is not None]
    paginator = Paginator(limit=limit, cursor=cursor, context=context)
    while True:
        try:
            response, envelope = requester.fetch(
                f"/history/{platform.name}",
                [*request_params, *paginator.next_request()],
                replace(context, page=paginator.number),
                parse_response,
            )
            page = paginator.add(response.body, envelope, status=response.status, received_at=response.received_at)
        except AyrframeError as error:
            # A rejected cursor will be rejected again; a new load without it may succeed.
            is_rejected = isinstance(error, RequestError) and not error.retryable
            error.cursor = None if is_rejected else _without_keys(paginator.cursor, redactor)
            raise
        yield page
        if paginator.problem is not None:
            paginator.problem.platform = platform.name
            paginator.problem.cursor = _without_keys(paginator.problem.cursor, redactor)
            raise paginator.problem
        if page.is_last:
            return


def _without_keys(cursor: str | None, redactor: Redactor) -> str | None:
    """Return a cursor for an error; None if the server repeated a key in it."""
    return None if cursor is None or redactor.has_key(cursor) else cursor


def _format_parameter(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
