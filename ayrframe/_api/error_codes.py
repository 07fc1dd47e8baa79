"""Find the error in a response of Ayrshare and convert it to an exception with an explanation."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ayrframe._api.models import RequestContext, Response
from ayrframe._api.rate_limit import MIN_RATE_LIMIT_WAIT, WINDOW_SECONDS, parse_retry_after
from ayrframe._decode.envelope import parse_code
from ayrframe.errors import (
    AuthError,
    AyrframeError,
    NotLinkedError,
    RateLimitError,
    RequestError,
    ServerError,
    printable,
)

ERROR_STATUS = "error"
_RATE_LIMITED, _FIRST_SERVER_ERROR = 429, 500
_HTML_TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,400}?)</title", re.IGNORECASE | re.DOTALL)
_HTML_START = re.compile(rb"\s*+(?:\xef\xbb\xbf\s*+)?<")

_RELINK_ADVICE = "Unlink it and link it again under Social Accounts in the Ayrshare dashboard."
_X_KEYS_ADVICE = (
    "Pass x_api_key and x_api_secret to ayr.Client, or set AYRSHARE_X_API_KEY and AYRSHARE_X_API_SECRET; they are sent "
    "as the headers X-Twitter-OAuth1-Api-Key and X-Twitter-OAuth1-Api-Secret."
)
_API_KEY_ADVICE = (
    "The API key is shown in the Ayrshare dashboard under API Key; pass it as ayr.Client(api_key=...) or set "
    "AYRSHARE_API_KEY."
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem and advice for the user.

    A problem with `{platform}` is a whole sentence, in which that is replaced by the platform and profile.
    """

    problem: str
    advice: str = ""


_X_KEYS_MISSING = Explanation(
    "{platform} requires the keys of your own X developer app, which are missing", _X_KEYS_ADVICE
)
_REJECTED = Explanation(
    "Ayrshare rejected the request",
    "Check the arguments of the load; if they are right, ask the support of Ayrshare about this error.",
)

ERROR_CODES: Mapping[int, Explanation] = {
    101: Explanation("a request parameter is invalid", "Check the parameters passed to ayr.load."),
    156: Explanation(
        "{platform} is not linked to this profile",
        "Link it under Social Accounts in the Ayrshare dashboard, or pass the profile_key of a profile that has it.",
    ),
    161: Explanation("{platform} has revoked the authorization", _RELINK_ADVICE),
    186: Explanation("the post or history does not exist", "Check `user_id`, `user_name` and `cursor`."),
    187: Explanation("{platform} did not provide analytics", "Try again later."),
    221: Explanation("the profile has no posts"),
    272: Explanation("The authorization for {platform} has expired", _RELINK_ADVICE),
    401: Explanation("the API key was rejected"),
    403: Explanation("access was denied"),
    419: _X_KEYS_MISSING,
    _RATE_LIMITED: Explanation("rate limit reached"),
    485: Explanation("this story has expired", "Stories can be read for 24 hours."),
}

ERROR_STATUSES: Mapping[int, Explanation] = {
    400: _REJECTED,
    401: Explanation("the API key was rejected", f"It may be mistyped or no longer valid. {_API_KEY_ADVICE}"),
    403: Explanation(
        "access was denied",
        "The API key may be wrong, the plan may not include this endpoint or platform, the Profile-Key may belong "
        "to another account, or the profile may be suspended, as after 1,000 rate limit errors in a day. "
        f"{_API_KEY_ADVICE}",
    ),
    404: Explanation("Ayrshare has no such address or history", "Check `base_url`."),
    405: Explanation("Ayrshare does not accept this HTTP method", "Check `base_url`."),
    419: _X_KEYS_MISSING,
}
_ERROR_CLASSES: Mapping[int, type[AyrframeError]] = {
    **dict.fromkeys((156, 161, 272, 419), NotLinkedError),
    **dict.fromkeys((401, 403), AuthError),
    _RATE_LIMITED: RateLimitError,
}


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The error in the body of a response."""

    status: str = ""
    code: int | None = None
    message: str = ""
    is_retryable: bool = False


def find_error_body(fields: Mapping[str, Any]) -> ErrorBody | None:
    """Return the error in a body: at the top level, in `errors`, in `history` or in a post; None without an error."""
    for candidate in _error_candidates(fields):
        code, message = parse_code(candidate.get("code")), candidate.get("message")
        status = candidate.get("status", fields.get("status"))
        if code is not None or status == ERROR_STATUS:
            is_retryable = candidate.get("retryAvailable", fields.get("retryAvailable")) is True
            return ErrorBody(
                status if isinstance(status, str) else "",
                code,
                message if isinstance(message, str) else "",
                is_retryable,
            )
    return None


def _error_candidates(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the objects that may contain the error, those with a code first."""
    nested = [fields.get("history"), *_as_list(fields, "errors")]
    for post in _as_list(fields, "posts"):
        if isinstance(post, dict):
            nested += [*_as_list(post, "errors"), post]
    objects = [candidate for candidate in [*nested, fields] if isinstance(candidate, dict)]
    return sorted(objects, key=lambda candidate: parse_code(candidate.get("code")) is None)


def _as_list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    return value[:20] if isinstance(value, list) else [value] if isinstance(value, dict) else []


def to_exception(response: Response, error_body: ErrorBody, context: RequestContext) -> AyrframeError:
    """Return the exception for an error response: what happened, when to retry, what to do, and its own message."""
    status, code = response.status, error_body.code
    error_class = _error_class(status, code)
    is_retryable = error_class in (RateLimitError, ServerError)
    wait = parse_retry_after(response.headers, response.received_at)
    if error_class is RateLimitError and (wait is None or wait < MIN_RATE_LIMIT_WAIT):
        wait = WINDOW_SECONDS
    explanation = _explain(status, code, error_class)
    has_platform = "{platform}" in explanation.problem
    prefix, problem = "" if has_platform else f"{context}: ", explanation.problem.format(platform=context.history)
    numbers = f"HTTP {status}" + (f", code {code}" if code not in (None, status) and status != _RATE_LIMITED else "")
    retry = f"; retry in {wait:.0f} s" if is_retryable and wait else ""
    # Redact before shortening: half of a key would not be recognized.
    message = printable(context.redact(error_body.message or body_text(response.body))).strip()
    sentences = [f"{prefix}{problem} ({numbers}){retry}.", "" if retry else explanation.advice]
    sentences += [f"Response message: {message!r}."] if message else []
    error = error_class(" ".join(sentence for sentence in sentences if sentence))
    error.status, error.code, error.retry_after = status, code, wait
    error.retryable = is_retryable or error_body.is_retryable
    return error


def _error_class(status: int, code: int | None) -> type[AyrframeError]:
    """Return the class of an error; HTTP 429 is a rate limit whatever the code in the body."""
    if status == _RATE_LIMITED:
        return RateLimitError
    default_class = ServerError if status >= _FIRST_SERVER_ERROR else RequestError
    return _ERROR_CLASSES.get(code or 0) or _ERROR_CLASSES.get(status) or default_class


def _explain(status: int, code: int | None, error_class: type[AyrframeError]) -> Explanation:
    if error_class is RateLimitError:
        return ERROR_CODES[_RATE_LIMITED]
    explanation = ERROR_CODES.get(code or 0) or ERROR_STATUSES.get(status) or _default_explanation(status)
    if error_class is AuthError and not explanation.advice:
        return Explanation(explanation.problem, ERROR_STATUSES[403].advice)
    return explanation


def _default_explanation(status: int) -> Explanation:
    if status >= _FIRST_SERVER_ERROR:
        return Explanation("Ayrshare failed", "Try again later.")
    return _REJECTED


def is_html(body: bytes) -> bool:
    """Return whether a body is a web page."""
    return bool(_HTML_START.match(body))


def body_text(body: bytes) -> str:
    """Return the title of a web page, or the text of another body; "" for JSON."""
    if is_html(body):
        title = _HTML_TITLE.search(body[:8192])
        return html.unescape(title[1].decode("utf-8", errors="replace")).strip() if title else ""
    text = body[:2000].decode("utf-8", errors="replace").strip()
    return "" if text[:1] in ("{", "[") else text
