"""Starlette and FastAPI: a middleware that judges the JSON bodies of an application before it sees them.

    from starlette.applications import Starlette
    from tinyguardrail import Guard
    from tinyguardrail.adapters.starlette import GuardMiddleware

    app = Starlette()
    app.add_middleware(GuardMiddleware, guard=Guard.load(), paths={"/v1/chat/completions"})

By default a body is a chat as OpenAI's API takes it. `read` extracts the messages of a parsed body of another shape, such as
`read=lambda body: [{"role": "user", "content": body["question"]}]`. An attack is answered with 400, an unreadable body with 422.
Web sockets and requests without a body pass.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

# starlette 1.10.0
try:
    from starlette.responses import JSONResponse
    from starlette.types import ASGIApp, Receive, Scope, Send
except ImportError as error:
    from . import missing_package_error

    raise missing_package_error("starlette", __name__) from error

from ..runtime import Guard
from ..serving.bodies import ClientGone, pieces, replay
from . import AttackFound

Messages = Iterable[Mapping[str, Any]]


def openai_messages(body: Any) -> Messages:
    return body["messages"]


class GuardMiddleware:
    def __init__(
        self,
        app: ASGIApp,
        *,
        guard: Guard,
        read: Callable[[Any], Messages] = openai_messages,
        paths: Collection[str] | None = None,
        max_body_bytes: int = 1_048_576,
    ) -> None:
        """`read` returns the messages of a parsed body, as `Guard.messages` takes them; `paths` None is every path."""
        self._app, self._guard, self._read, self._paths, self._max_body_bytes = app, guard, read, paths, max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (self._paths is not None and scope["path"] not in self._paths):
            await self._app(scope, receive, send)
            return
        body, refusal = bytearray(), None
        try:
            async for piece in pieces(receive):
                body += piece
                if len(body) > self._max_body_bytes:
                    refusal = _refusal(413, "body_too_large", f"expected a body of at most {self._max_body_bytes} bytes")
                    break
        except ClientGone:
            return
        if body and refusal is None:
            refusal = await self._judge(bytes(body))
        if refusal is None:
            await self._app(scope, replay(bytes(body), receive), send)
        else:
            await refusal(scope, receive, send)

    async def _judge(self, body: bytes) -> JSONResponse | None:
        """The refusal of a body, or None where it may pass."""
        try:
            messages = self._read(json.loads(body))
            conversation = await asyncio.to_thread(self._guard.messages, messages)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            # The message of the error may quote the prompt.
            return _refusal(422, "invalid_request", "expected a JSON body whose messages can be judged")
        return _refusal(400, "prompt_attack", str(AttackFound(conversation))) if conversation.threat else None


def _refusal(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": code, "param": None, "code": code}}, status_code=status)
