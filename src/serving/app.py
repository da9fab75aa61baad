"""The application: its endpoints, its middleware, and how it starts and stops."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import FrameType
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from uvicorn.config import STARTUP_FAILURE

from ..errors import GuardrailError
from ..runtime import Guard
from .dialects import routes_of_dialects
from .gate import Gate
from .models import (
    BatchRequest,
    BatchResponse,
    ConversationBody,
    ErrorBody,
    ExplainRequest,
    ExplanationBody,
    GuardRequest,
    Health,
    Info,
    MessagesRequest,
    VerdictBody,
)
from .page import PAGE, routes_of_page
from .refusals import Refusal, answer_http, answer_refusal, answer_validation
from .service import Service, load_guard
from .settings import Settings
from .tracing import SpanPerRequest, create_provider

REFUSALS: dict[int | str, dict[str, Any]] = {status: {"model": ErrorBody} for status in (401, 413, 422, 429, 500, 503)}


def app_from_environment() -> FastAPI:
    """The application of this process. An error that the user can mend ends the process with one line, not a traceback."""
    try:
        return application()
    except GuardrailError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(STARTUP_FAILURE)  # a supervisor of several processes knows by it that others would fail as well


def application() -> FastAPI:
    """The application of the environment's settings. Raises GuardrailError."""
    settings = Settings.read(os.environ)
    app = create_app(load_guard(settings), settings)
    freeze_loaded_objects()
    return app


def freeze_loaded_objects() -> None:
    """Exempt loaded objects from garbage collection: they stay for good, and a pass over them takes longer than a verdict."""
    gc.collect()
    gc.freeze()


def create_app(guard: Guard, settings: Settings) -> FastAPI:
    service = Service(guard, settings)
    provider = create_provider() if settings.otel else None

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        loop = asyncio.get_running_loop()
        # The loop drains, not the handler: that interrupts the main thread anywhere, also where it holds a lock of the metrics.
        with called_on_signals(lambda: loop.call_soon_threadsafe(service.drain)):
            async with awaited_on_hangup(service.reload):
                yield
        service.close()
        if provider is not None:
            provider.shutdown()

    app = FastAPI(
        title="TinyGuardrail",
        description="A guard against prompt attacks. Every error has the shape of ErrorBody.",
        lifespan=lifespan,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.service = service
    app.add_exception_handler(Refusal, answer_refusal)
    app.add_exception_handler(RequestValidationError, answer_validation)
    app.add_exception_handler(HTTPException, answer_http)
    app.include_router(_routes_of_guard(service), responses=REFUSALS)
    app.include_router(routes_of_dialects(service), responses=REFUSALS)
    app.include_router(_routes_of_operation(service))
    app.include_router(routes_of_page())
    app.add_middleware(
        Gate,
        settings=settings,
        metrics=service.metrics,
        endpoints=frozenset(_paths(app)) | PAGE.keys(),
        is_draining=lambda: service.is_draining,
        check_room=service.check_room,
    )
    if provider is not None:
        app.add_middleware(SpanPerRequest, provider=provider)
    return app


def _paths(app: FastAPI) -> Iterator[str]:
    return (path for path in app.openapi()["paths"])


def _routes_of_guard(service: Service) -> APIRouter:
    router = APIRouter(tags=["guard"])

    @router.post("/guard")
    async def guard(body: GuardRequest) -> VerdictBody:
        """The verdict about one text."""
        (verdict,) = await service.judge([body.text], service.terms(body), field="text")
        return VerdictBody.of(verdict)

    @router.post("/guard/explain")
    async def guard_explain(body: ExplainRequest) -> ExplanationBody:
        """The verdict about one text and which part of it carries that. Takes the time of up to 49 windows more."""
        return ExplanationBody.of(await service.explain(body.text, service.terms(body)))

    @router.post("/guard/batch")
    async def guard_batch(body: BatchRequest) -> BatchResponse:
        """The verdicts about several texts, equal to those of one request each."""
        verdicts = await service.judge(body.texts, service.terms(body), field="texts")
        return BatchResponse(verdicts=[VerdictBody.of(verdict) for verdict in verdicts])

    @router.post("/guard/messages")
    async def guard_messages(body: MessagesRequest) -> ConversationBody:
        """The verdict about a conversation and one about each of its messages."""
        return ConversationBody.of(await service.judge_chat(body.messages, body, last_turn=body.last_turn))

    return router


def _routes_of_operation(service: Service) -> APIRouter:
    router = APIRouter(tags=["operation"])

    @router.get("/healthz")
    async def healthz() -> Health:
        """The process answers. Needs no key."""
        return Health(status="alive")

    @router.get("/readyz", responses={503: {"model": Health}})
    async def readyz(response: Response) -> Health:
        """The guard is loaded, its canary prompts passed and it takes requests. Needs no key."""
        if not service.is_ready:
            response.status_code = 503
        return Health(status="ready" if service.is_ready else "stopping")

    @router.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        """For Prometheus."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/info")
    async def info() -> Info:
        """What is served, and its limits."""
        return service.info()

    return router


@contextlib.contextmanager
def called_on_signals(action: Callable[[], object]) -> Iterator[None]:
    """Call `action` when the process is asked to end, before the server's own handler. It must not wait for a lock.

    The server tells an application only when its last connection is closed. Nothing is changed where no server handles
    the signals, as in tests.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    handlers: dict[int, Callable[[int, FrameType | None], Any]] = {
        number: handler for number, handler in earlier.items() if callable(handler)
    }

    def handle(number: int, frame: FrameType | None) -> None:
        action()
        handlers[number](number, frame)

    for number in handlers:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


@contextlib.asynccontextmanager
async def awaited_on_hangup(action: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Await `action` after each SIGHUP; of several that come while it runs, once more. Where signals cannot be handled, never."""
    if not hasattr(signal, "SIGHUP") or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, hung_up = asyncio.get_running_loop(), asyncio.Event()

    async def follow() -> None:
        while True:
            await hung_up.wait()
            hung_up.clear()
            await action()

    following = loop.create_task(follow())
    loop.add_signal_handler(signal.SIGHUP, hung_up.set)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        following.cancel()
