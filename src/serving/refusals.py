"""Error answers. All have the shape of OpenAI's errors, whose code and message Azure has too."""

from __future__ import annotations

import logging
import traceback

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

log = logging.getLogger(__name__)

MAX_MESSAGE_CHARS = 500  # a message may quote what a client sent
CODES = {
    401: "wrong_api_key",
    404: "not_found",
    405: "wrong_method",
    408: "body_not_received",
    413: "body_too_large",
    422: "invalid_request",
    429: "queue_full",
    500: "internal_error",
    503: "unavailable",
}
RETRY = {"Retry-After": "1"}  # seconds


class Refusal(Exception):
    """A request that gets no verdict, and why."""

    def __init__(self, status: int, message: str, *, field: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.field, self.headers = status, message, field, headers

    def response(self) -> JSONResponse:
        code = CODES.get(self.status, "refused")
        error = {
            "message": _make_sendable(self.message),
            "type": code,
            "param": self.field and _make_sendable(self.field),
            "code": code,
        }
        return JSONResponse({"error": error}, status_code=self.status, headers=self.headers)


def internal_error(error: Exception) -> Refusal:
    """The answer to a bug. The log says where it happened, without the error's message: that may quote a prompt."""
    log.error("%s while a request was answered\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    return Refusal(500, "the guard could not judge this request; there is no verdict about it")


def from_validation(error: RequestValidationError) -> Refusal:
    """The refusal for the first error of a body."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    if first["type"] == "json_invalid":
        return Refusal(422, f"expected the body to be JSON, found an error at character {field}: {first['ctx']['error']}")
    if first["type"] == "extra_forbidden":
        return Refusal(422, f"{field}: there is no such field", field=field)
    if not field and first["type"] == "string_unicode":
        return Refusal(422, "expected the names of fields to be valid Unicode, found a lone surrogate")
    if not field:
        return Refusal(422, "expected the body to be a JSON object, sent with Content-Type: application/json")
    reason = first["msg"].removeprefix("Value error, ")
    return Refusal(422, f"{field}: {reason[:1].lower()}{reason[1:]}", field=field)


def from_http(error: HTTPException, method: str, path: str) -> Refusal:
    """FastAPI answers 400 where a body is no text, nested too deeply or has a number that is too long: that is no JSON either."""
    if error.status_code == 400:
        return Refusal(422, "expected the body to be JSON in UTF-8, nested a few levels deep, with numbers of a few digits")
    headers = dict(error.headers or {})
    if error.status_code == 404:
        return Refusal(404, f"there is no endpoint {path}; GET /docs shows those that there are", headers=headers)
    if error.status_code == 405:
        return Refusal(405, f"{path} does not answer {method}; it answers {headers['Allow']}", headers=headers)
    return Refusal(error.status_code, str(error.detail), headers=headers)


async def answer_refusal(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return error.response()


async def answer_validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return from_validation(error).response()


async def answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return from_http(error, request.method, request.url.path).response()


def _make_sendable(message: str) -> str:
    """The message cut to MAX_MESSAGE_CHARS, with lone surrogates as escapes: they have no bytes in UTF-8."""
    short = message if len(message) <= MAX_MESSAGE_CHARS else f"{message[:MAX_MESSAGE_CHARS]}..."
    return short.encode("utf-8", "backslashreplace").decode("utf-8")
