"""The page at `/`: a text, its verdict and what carries it, by the endpoints that every client has.

Nothing is built and nothing comes from elsewhere. The policy lets a browser run these files only and makes it refuse to
parse strings as markup, so a text that is judged can never become a part of the page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Response


class PageFile(NamedTuple):
    name: str  # beside this module
    media_type: str


PAGE = {  # path -> what is served there
    "/": PageFile("index.html", "text/html"),
    "/page/page.css": PageFile("page.css", "text/css"),
    "/page/page.js": PageFile("page.js", "text/javascript"),
    "/page/marks.js": PageFile("marks.js", "text/javascript"),
    "/page/examples.js": PageFile("examples.js", "text/javascript"),
    "/page/icon.svg": PageFile("icon.svg", "image/svg+xml"),
}
HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # a page of an earlier version does not ask a newer service
}


def routes_of_page() -> APIRouter:
    """The files, read once. They stand in no schema: the documentation is that of the endpoints."""
    router = APIRouter(include_in_schema=False)
    for path, file in PAGE.items():
        router.get(path)(_sender(file))
    return router


def _sender(file: PageFile) -> Callable[[], Awaitable[Response]]:
    content = Path(__file__).with_name(file.name).read_bytes()

    async def send() -> Response:
        return Response(content, media_type=file.media_type, headers=HEADERS)

    return send
