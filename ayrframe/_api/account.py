"""Fetch the account analytics of one platform and profile, from the API or from the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ayrframe._api.client import Client
from ayrframe._api.error_codes import ErrorBody, find_error_body, to_exception
from ayrframe._api.fetch import FetchContext, FetchResult, set_label
from ayrframe._api.models import Failure, RequestContext, Response
from ayrframe._api.plan import LoadTarget
from ayrframe._api.request import Requester, RetryBudget
from ayrframe._api.response import OK, parse_with
from ayrframe._archive.accounts import decode_account_page
from ayrframe._archive.cache import PageRecorder, fresh_pages, last_pages
from ayrframe._archive.page_file import ACCOUNT_ANALYTICS, ArchivedRequest, make_request
from ayrframe._archive.page_store import PageStore, StoredPage
from ayrframe._decode.accounts import AccountBlock, decode_account, parse_account
from ayrframe._decode.envelope import Envelope
from ayrframe.errors import AyrframeError, ConfigError, ResponseError, TransportError, printable

_PATH = f"/{ACCOUNT_ANALYTICS}"


def fetch_account(result: FetchResult, target_index: int, context: FetchContext) -> None:
    """Fetch the account of a target into its result; an error is stored there."""
    try:
        _fetch(result, target_index, context)
    except AyrframeError as error:
        error.platform = error.platform or result.target.platform.name
        result.error = error


def _fetch(result: FetchResult, target_index: int, context: FetchContext) -> None:
    target, client = result.target, context.client
    identity = None if client is None else client._identity(target.profile)
    parameters = {**target.params, "endpoint": ACCOUNT_ANALYTICS}
    request = make_request(target.platform.name, profile=target.label, identity=identity, parameters=parameters)
    if client is None or context.offline:
        reason = ConfigError(context.no_client_reason) if context.no_client_reason and not context.offline else None
        _replay_account(result, request, context, reason)
        return
    if context.store is not None and not context.refresh:
        pages = fresh_pages(context.store, request, context.now)
        if pages is not None:
            _read_account_pages(result, pages, context.store)
            return
    problem = None
    try:
        _request_account(result, target_index, context, client, request)
    except TransportError as error:
        problem = error
    if problem is not None:
        if context.store is None:
            raise problem
        _replay_account(result, request, context, problem)


def _request_account(
    result: FetchResult, target_index: int, context: FetchContext, client: Client, request: ArchivedRequest
) -> None:
    target = result.target
    profile = target.profile or client.profile_key
    budget = context.retry_budget or RetryBudget(client.clock, client.deadline)
    requester = Requester(client, profile, target.platform.headers, budget, context.notify)
    what = RequestContext(target.platform, 1, client._redactor_of(profile).redact, target.label, "account analytics")
    response, block = requester.fetch(_PATH, [], what, _parse_response, json=_request_body(target))
    assert block.item is not None  # noqa: S101 - for the type checker
    for text, code in block.messages:
        result.warnings.append(f"{what}: Ayrshare warns: {printable(what.redact(text))!r}{what.redact(code)}.")
    result.warnings += [f"{what}: {what.redact(warning)}." for warning in response.warnings]
    if context.store is not None:
        context.store.create_folder()
        set_label(result, context.store, request)
        recorder = PageRecorder(context.store, request, load=context.load_id, target_index=target_index)
        times = Envelope((), {"nextUpdate": block.next_update})
        recorder.record(response.body, times, received_at=response.received_at, is_last=True, status=response.status)
    as_of = block.last_updated or response.received_at
    result.tables.append(decode_account(block.item, target.platform, profile=result.label, as_of=as_of))
    context.advance(1)


def _request_body(target: LoadTarget) -> dict[str, Any]:
    """Return the JSON body of a request; parameters with a dot in their name are in nested objects."""
    body: dict[str, Any] = {"platforms": [target.platform.name]}
    for path, value in target.params.items():
        *parents, name = path.split(".")
        inner = body
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[name] = value
    return body


def _parse_response(response: Response, context: RequestContext) -> AccountBlock | AyrframeError | Failure:
    return parse_with(_parse_account_body, response, context)


def _parse_account_body(response: Response, context: RequestContext) -> AccountBlock | AyrframeError:
    block = parse_account(response.body, context.platform, f"the response for {context}")
    return block if block.item is not None else _missing_error(block.error, response, context)


def _missing_error(error: Mapping[str, Any], response: Response, context: RequestContext) -> AyrframeError:
    """Return the error for a response without the account, as the response explains it."""
    error_body = find_error_body(error)
    if error_body is not None or response.status != OK:
        return to_exception(response, error_body or ErrorBody(), context)
    missing = ResponseError(f"{context}: the response has no account analytics of {context.platform.title}.")
    missing.status = response.status
    return missing


def _replay_account(
    result: FetchResult, request: ArchivedRequest, context: FetchContext, reason: AyrframeError | None
) -> None:
    """Use the last page; `reason` is why the API was not used."""
    name = result.target.name
    pages = None if context.store is None else last_pages(context.store, request, context.now)
    if pages is None or context.store is None:
        raise reason or AyrframeError(
            f"The archive has no account analytics of {name} with these parameters. Load them once without "
            "`offline=True`; `Archive.accounts()` returns all stored readings."
        )
    _read_account_pages(result, pages, context.store)
    if reason is not None:
        when = f"{pages[0].header.received_at:%Y-%m-%d %H:%M} UTC"
        result.warnings.append(f"{reason} Using the archived account of {name}, received at {when}.")


def _read_account_pages(result: FetchResult, pages: list[StoredPage], store: PageStore) -> None:
    set_label(result, store, pages[0].header.request)
    result.is_archived = True
    result.tables += [decode_account_page(page, result.target.platform, result.label) for page in pages]
