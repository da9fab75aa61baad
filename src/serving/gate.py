"""The middleware that every request passes first: it checks for shutdown, the key, room in the queue and the size of the body,
and answers errors that nothing else handled.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from collections.abc import AsyncIterator, Callable, Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .bodies import ClientGone, pieces, replay
from .metrics import Metrics
from .page import PAGE
from .refusals import RETRY, Refusal, internal_error
from .settings import Settings
from .tracing import note

PROBES = {"/healthz", "/readyz"}
OPEN_PATHS = PROBES | PAGE.keys() | {"/docs", "/openapi.json"}  # need no key: they reveal nothing about the model or its traffic
UNKNOWN = "unknown"  # the endpoint that requests to any other path are counted under
MAX_HELD_BODIES = 64  # bodies of the largest size: all bodies held at one time take no more bytes
MAX_DISCARDED_BYTES = 16 * 1024 * 1024  # how much of a refused body is read
CLOSED_BY_CLIENT = 499  # no answer was sent; counted like nginx does


class Gate:
    """ASGI middleware. The body is read here, as far as the limit, and handed on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Settings,
        metrics: Metrics,
        endpoints: Collection[str],
        is_draining: Callable[[], bool],
        check_room: Callable[[], None],
    ) -> None:
        """`check_room` raises Refusal where a text would not be taken."""
        self._app, self._settings, self._metrics = app, settings, metrics
        self._endpoints, self._is_draining, self._check_room = endpoints, is_draining, check_room
        self._held = 0  # bytes of all bodies in memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, body = time.perf_counter(), CLOSED_BY_CLIENT, bytearray()
        headers, upload = Headers(scope=scope), pieces(receive)

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            self._check(scope["path"], headers)
            if scope["method"] == "POST":  # it asks for verdicts: all others are GET
                self._check_room()
            await self._receive(body, headers, upload)
            await self._app(scope, replay(bytes(body), receive), send_and_note)
        except ClientGone:
            pass
        except Refusal as refusal:
            if "expect" not in headers:  # such a client waits for permission to send its body
                await _discard(upload, self._settings.timeout)
            await refusal.response()(scope, receive, send_and_note)
        except Exception as error:
            failure = internal_error(error)
            if status == CLOSED_BY_CLIENT:  # nothing was sent yet
                await failure.response()(scope, receive, send_and_note)
        finally:
            self._held -= len(body)
            endpoint = scope["path"] if scope["path"] in self._endpoints else UNKNOWN
            seconds = time.perf_counter() - started
            self._metrics.count_request(endpoint, status, seconds)
            note({"http.route": endpoint, "http.response.status_code": status, "tinyguardrail.latency_ms": 1000 * seconds})

    def _check(self, path: str, headers: Headers) -> None:
        if self._is_draining() and path not in PROBES:
            raise Refusal(503, "the service is stopping", headers=RETRY | {"Connection": "close"})
        key = self._settings.api_key
        if key is not None and path not in OPEN_PATHS and not has_key(headers, key):
            raise Refusal(
                401,
                "expected the key of this service as Authorization: Bearer KEY or X-API-Key: KEY",
                headers={"WWW-Authenticate": "Bearer"},
            )

    async def _receive(self, body: bytearray, headers: Headers, upload: AsyncIterator[bytes]) -> None:
        """Add what is uploaded to `body`. Raises Refusal."""
        limit = self._settings.max_body_bytes
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            raise _too_large(limit)
        try:
            async with asyncio.timeout(self._settings.timeout):
                async for piece in upload:
                    body += piece
                    self._held += len(piece)
                    if len(body) > limit:
                        raise _too_large(limit)
                    if self._held > MAX_HELD_BODIES * limit:
                        raise Refusal(429, "the bodies of other requests take all the room there is", headers=RETRY)
        except TimeoutError:
            message = f"expected the whole body within {self._settings.timeout_ms} ms"
            raise Refusal(408, message, headers={"Connection": "close"}) from None


async def _discard(upload: AsyncIterator[bytes], seconds: float) -> None:
    """Read the rest of a body, within limits: many clients send all of it before they read why it is refused."""
    remaining = MAX_DISCARDED_BYTES
    with contextlib.suppress(TimeoutError, ClientGone):
        async with asyncio.timeout(seconds):
            async for piece in upload:
                remaining -= len(piece)
                if remaining < 0:
                    return


def has_key(headers: Headers, key: str) -> bool:
    """Whether one of the headers that carry keys holds this one; Azure's clients have a header of their own.

    Compared in constant time, so that the time of an answer says nothing about the key.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    sent_keys = [headers.get("x-api-key", ""), headers.get("ocp-apim-subscription-key", "")]
    if scheme.lower() == "bearer":
        sent_keys.append(token.strip())
    return any([hmac.compare_digest(each.encode("utf-8"), key.encode("utf-8")) for each in sent_keys])


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"expected a body of at most {limit} bytes, found more")
