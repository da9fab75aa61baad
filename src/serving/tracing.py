"""Spans for OpenTelemetry: one per request, with facts about it and its verdicts, without any text."""

from __future__ import annotations

import importlib
import os
from contextvars import ContextVar
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import ConfigError

PACKAGE, EXPORTER = "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http.trace_exporter"
_noted: ContextVar[dict[str, Any] | None] = ContextVar("noted", default=None)  # attributes of the span of this request


def create_provider() -> Any:
    """What sends spans to OTEL_EXPORTER_OTLP_ENDPOINT from a thread. Raises ConfigError where a package is missing."""
    try:
        resources, trace, export = (
            importlib.import_module(f"{PACKAGE}.{name}") for name in ("resources", "trace", "trace.export")
        )
        exporter = importlib.import_module(EXPORTER).OTLPSpanExporter()
    except ImportError as error:
        advice = "pip install 'tinyguardrail[otel]', or unset TINYGUARDRAIL_OTEL"
        raise ConfigError(f"expected OpenTelemetry for TINYGUARDRAIL_OTEL, found no package {error.name}; {advice}") from error
    name = os.environ.get("OTEL_SERVICE_NAME", "tinyguardrail")
    provider = trace.TracerProvider(resource=resources.Resource.create({"service.name": name}))
    provider.add_span_processor(export.BatchSpanProcessor(exporter))
    return provider


def note(attributes: dict[str, Any]) -> None:
    """Add attributes to the span of this request, if it has one."""
    if (noted := _noted.get()) is not None:
        noted.update(attributes)


class SpanPerRequest:
    """ASGI middleware; a `traceparent` header is followed. It records no error, because its message may quote a text."""

    def __init__(self, app: ASGIApp, *, provider: Any) -> None:
        self._app, self._tracer = app, provider.get_tracer("tinyguardrail")
        self._extract = importlib.import_module("opentelemetry.propagate").extract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        span = self._tracer.start_span(scope["method"], context=self._extract(Headers(scope=scope)))
        noted: dict[str, Any] = {}
        token = _noted.set(noted)
        try:
            await self._app(scope, receive, send)
        finally:
            _noted.reset(token)
            span.set_attributes(noted)
            span.end()
