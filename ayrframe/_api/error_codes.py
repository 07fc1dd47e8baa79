"""What Ayrshare says when it does not give posts: where a body has it, what its codes mean, which error that is."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
_CODE_DIGITS = re.compile(r"[0-9]{1,6}")
_HTML_TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,400}?)</title", re.IGNORECASE | re.DOTALL)
_HTML_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")

_RELINK_ADVICE = "Unlink it and link it again under Social Accounts in the Ayrshare dashboard."
_X_KEYS_ADVICE = (
    "Pass x_api_key and x_api_secret to ayr.Client, or set AYRSHARE_X_API_KEY and AYRSHARE_X_API_SECRET: they go out "
    "as the headers X-Twitter-OAuth1-Api-Key and X-Twitter-OAuth1-Api-Secret."
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, and what to do about it, for a person; `{network}` stands for the title of the network."""

    problem: str
    advice: str = ""


ERROR_CODES: Mapping[int, Explanation] = {
    101: Explanation(
        "a parameter of this request is not allowed or not well-formed", "Check the parameters passed to load."
    ),
    156: Explanation(
        "{network} is not linked to this profile",
        "Link it under Social Accounts in the Ayrshare dashboard, or pass the profile_key of the profile that has it.",
    ),
    161: Explanation("{network} has withdrawn its permission", _RELINK_ADVICE),
    186: Explanation("there is no such post or history"),
    187: Explanation("{network} did not give the analytics", "Try again later."),
    221: Explanation("there are no posts"),
    272: Explanation("the permission for {network} has expired", _RELINK_ADVICE),
    401: Explanation("the key is refused"),
    403: Explanation("access is refused"),
    419: Explanation(
        "X answers only with the keys of an X developer app of your own, and they are missing", _X_KEYS_ADVICE
    ),
    429: Explanation("too many requests were made"),
    485: Explanation("this story has expired"),
}

_API_KEY_ADVICE = (
    "The key stands in the Ayrshare dashboard under API Key; it is taken from Client(api_key=…) or AYRSHARE_API_KEY."
)

ERROR_STATUSES: Mapping[int, Explanation] = {
    400: Explanation("Ayrshare did not accept the request"),
    401: Explanation("the key is refused", f"It may be mistyped or no longer valid. {_API_KEY_ADVICE}"),
    403: Explanation(
        "access is refused",
        "The key may be wrong, the plan may not include this network's history, the Profile-Key may belong to another "
        f"account, or the profile may be suspended, as after 1,000 requests too many in a day. {_API_KEY_ADVICE}",
    ),
    404: Explanation("Ayrshare knows no such address or history", "Check base_url."),
    405: Explanation("Ayrshare does not take this method here", "Check base_url."),
    419: ERROR_CODES[419],
    429: Explanation("too many requests were made", "Ayrshare counts them per profile over five minutes."),
}
_ERROR_CLASSES: Mapping[int, type[AyrframeError]] = {
    **dict.fromkeys((156, 161, 272, 419), NotLinkedError),
    **dict.fromkeys((401, 403), AuthError),
    429: RateLimitError,
}


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What a body says against the request."""

    status: str = ""
    code: int | None = None
    message: str = ""
    is_retryable: bool = False


def find_error_body(fields: Mapping[str, Any]) -> ErrorBody | None:
    """Return what a body complains of, wherever it has it: flat, in `errors`, below `history`, inside a post."""
    for candidate in _error_candidates(fields):
        code, message = _parse_code(candidate.get("code")), candidate.get("message")
        status = candidate.get("status", fields.get("status"))
        if code is not None or status == ERROR_STATUS:
            text = message if isinstance(message, str) else ""
            is_retryable = candidate.get("retryAvailable", fields.get("retryAvailable")) is True
            return ErrorBody(status if isinstance(status, str) else "", code, text, is_retryable)
    return None


def _error_candidates(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the objects that may hold the complaint, the most telling first."""
    nested = [fields.get("history"), *_as_list(fields, "errors")]
    for post in _as_list(fields, "posts"):
        if isinstance(post, dict):
            nested += [*_as_list(post, "errors"), post]
    objects = [candidate for candidate in [*nested, fields] if isinstance(candidate, dict)]
    return sorted(objects, key=lambda candidate: _parse_code(candidate.get("code")) is None)


def _as_list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    return value[:20] if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _parse_code(value: object) -> int | None:
    if isinstance(value, str) and _CODE_DIGITS.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def to_exception(
    status: int, error_body: ErrorBody | None, body: bytes, *, network: str, context: str, redact: Callable[[str], str]
) -> AyrframeError:
    """Return the error that a refusing reply is, in plain words, with Ayrshare's own behind them."""
    code = error_body.code if error_body else None
    error_class = (
        _ERROR_CLASSES.get(code or 0) or _ERROR_CLASSES.get(status) or (ServerError if status >= 500 else RequestError)
    )
    explanation = ERROR_CODES.get(code or 0) or ERROR_STATUSES.get(status) or _default_explanation(status)
    if error_class is AuthError and not explanation.advice:
        explanation = Explanation(explanation.problem, ERROR_STATUSES[403].advice)
    numbers = f"HTTP {status}" + (f", code {code}" if code is not None else "")
    response_message = _redact_and_shorten(
        redact, error_body.message if error_body and error_body.message else body_text(body)
    )
    sentence = f"{context}: {explanation.problem.format(network=network)} ({numbers})."
    sentences = (sentence, explanation.advice, f"The reply says: {response_message!r}." if response_message else "")
    error = error_class(" ".join(part for part in sentences if part))
    error.status, error.code = status, code
    error.retryable = error_class in (RateLimitError, ServerError) or bool(error_body and error_body.is_retryable)
    return error


def _default_explanation(status: int) -> Explanation:
    if status >= 500:  # noqa: PLR2004
        return Explanation("Ayrshare failed", "Try again later.")
    return Explanation("Ayrshare did not accept the request")


def is_html(body: bytes) -> bool:
    """Tell whether this is a web page."""
    return bool(_HTML_START.match(body))


def body_text(body: bytes) -> str:
    """Return what a body that is not JSON tells a person: the title of a web page, or its text."""
    if is_html(body):
        title = _HTML_TITLE.search(body[:8192])
        return html.unescape(title[1].decode("utf-8", errors="replace")).strip() if title else ""
    text = body[:2000].decode("utf-8", errors="replace").strip()
    return "" if text[:1] in ("{", "[") else text


def _redact_and_shorten(redact: Callable[[str], str], text: str) -> str:
    # Scrubbed first: a key that the cap cuts in two would no longer be known.
    return printable(redact(text)).strip()
