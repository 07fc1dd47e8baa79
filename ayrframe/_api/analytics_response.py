"""Parse a response of `POST /analytics/post`."""

from __future__ import annotations

from ayrframe._api.error_codes import ERROR_STATUS, find_error_body
from ayrframe._api.models import Failure, RequestContext, Response
from ayrframe._api.response import OK, collect_warnings, parse_error, parse_with
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
    error_body = None if result.blocks else find_error_body(status)
    if not result.blocks and (response.status != OK or (error_body and error_body.status == ERROR_STATUS)):
        return parse_error(response, context)
    names = [*sorted(other), *result.unknown]
    problems = [f"{context}: {warning}" for warning in result.warnings]
    problems += [f"{context}: ignored post analytics of other platforms: {', '.join(names)}."] if names else []
    result.warnings = list(collect_warnings(problems, status, response, context))
    return result
