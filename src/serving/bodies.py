"""Request bodies for middleware: read piece by piece, then passed on in one message."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.types import Message, Receive


class ClientGone(Exception):
    """The connection was closed before the whole body was there."""


async def pieces(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes. Raises ClientGone."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        more = message.get("more_body", False)
        yield message.get("body", b"")


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that returns the whole body first, then the messages after it."""
    is_sent = False

    async def replayed() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
