"""Parse a response of `POST /analytics/post`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Raw

from ayrframe._api.error_codes import ERROR_STATUS, ErrorBody, find_error_body, to_exception
from ayrframe._api.models import Failure, RequestContext, Response
from ayrframe._api.response import OK, collect_warnings, parse_with
from ayrframe._decode.analytics import AnalyticsResponse, parse_objects, read_responses
from ayrframe._decode.json import decode_json
from ayrframe.errors import AyrframeError, ResponseError


def parse_analytics_response(
    response: Response, context: RequestContext
) -> AnalyticsResponse | AyrframeError | Failure:
    """Return the analytics of the requested platform, the error that the response reports, or a failure."""
    return parse_with(_parse_analytics, response, context)


def _parse_analytics(response: Response, context: RequestContext) -> AnalyticsResponse | AyrframeError:
    source = f"the response for {context}"
    responses = parse_objects(response.body, source)
    if responses is None or len(responses) != 1 or "posts" in responses[0]:
        raise ResponseError(f"Cannot read {source}: expected an object with post analytics, got other JSON.")
    (fields,) = responses
    result = read_responses(responses)
    other = {block.platform.title for block in result.blocks if block.platform is not context.platform}
    result.blocks = [block for block in result.blocks if block.platform is context.platform]
    status = {name: decode_json(raw) for name, raw in fields.items() if name != context.platform.name}
    # Errors of single posts are reasons of these posts, not that of the request.
    if not result.blocks and not any(error.id for error in result.errors):
        error_body = find_error_body(_with_errors_of_platform(status, fields, context))
        if response.status != OK or (error_body and error_body.status == ERROR_STATUS):
            return to_exception(response, error_body or ErrorBody(), context)
    names = [*sorted(other), *result.unknown]
    problems = [f"{context}: {warning}" for warning in result.warnings]
    problems += [f"{context}: ignored post analytics of other platforms: {', '.join(names)}."] if names else []
    result.warnings = list(collect_warnings(problems, status, response, context))
    return result


def _with_errors_of_platform(
    status: Mapping[str, Any], fields: Mapping[str, Raw], context: RequestContext
) -> dict[str, Any]:
    """Return the fields of a response with the errors of the platform in `errors`: in its block, or listed there."""
    name = context.platform.name
    found = [decode_json(fields[name]) if name in fields else None, status.get("errors")]
    errors = [error for value in found for error in (value if isinstance(value, list) else [value])]
    own = [error for error in errors if isinstance(error, dict) and error.get("platform", name) == name]
    return {**status, "errors": own}
