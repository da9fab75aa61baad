"""Spans of requests for OpenTelemetry: facts about the verdicts, never a text; where packages are missing a clear error."""

import importlib
import sys

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from src.errors import ConfigError
from src.runtime import Guard, canaries
from src.serving import app as application
from src.serving import tracing
from src.serving.__main__ import serve
from src.serving.app import create_app
from src.serving.settings import Settings

ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


@pytest.fixture
def exporter(monkeypatch):
    """Where the spans of the next application go."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(application, "create_provider", lambda: provider)
    return exporter


def test_a_request_has_a_span_with_its_verdicts_and_without_its_text(guard, exporter):
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    with TestClient(create_app(guard, Settings(otel=True, max_wait_ms=60_000))) as client:
        answer = client.post(
            "/guard/batch", json={"texts": [ATTACK, HARMLESS]}, headers={"traceparent": f"00-{trace}-{parent}-01"}
        )
        assert answer.status_code == 200
        client.post("/guard", json={"text": ATTACK, "threshold": ATTACK})
        client.post(f"/{ATTACK}")
        client.get("/healthz")
    spans = exporter.get_finished_spans()
    assert [(span.attributes["http.route"], span.attributes["http.response.status_code"]) for span in spans] == [
        ("/guard/batch", 200),
        ("/guard", 422),
        ("unknown", 404),
        ("/healthz", 200),
    ]
    verdicts = [guard(ATTACK), guard(HARMLESS)]
    judged = spans[0].attributes
    assert judged["tinyguardrail.codes"] == tuple(verdict.code for verdict in verdicts)
    assert judged["tinyguardrail.routes"] == tuple(verdict.route for verdict in verdicts)
    assert judged["tinyguardrail.windows_read"] == tuple(verdict.windows_read for verdict in verdicts)
    took_ms = (spans[0].end_time - spans[0].start_time) / 1e6
    assert 0 < judged["tinyguardrail.latency_ms"] <= took_ms
    assert (f"{spans[0].context.trace_id:032x}", f"{spans[0].parent.span_id:016x}") == (trace, parent)
    assert spans[1].parent is None and "tinyguardrail.codes" not in spans[1].attributes
    assert not any(ATTACK in span.to_json() or HARMLESS in span.to_json() for span in spans)


def test_without_the_setting_there_are_no_spans(guard, exporter):
    with TestClient(create_app(guard, Settings())) as client:
        client.post("/guard", json={"text": ATTACK})
    assert exporter.get_finished_spans() == ()


def test_spans_are_sent_to_a_collector_and_the_last_ones_at_the_end(guard, monkeypatch):
    sent = []
    exporter = importlib.import_module(tracing.EXPORTER)
    monkeypatch.setattr(exporter.OTLPSpanExporter, "export", lambda self, spans: sent.extend(spans))
    monkeypatch.delenv("OTEL_SERVICE_NAME", raising=False)
    with TestClient(create_app(guard, Settings(otel=True))) as client:
        client.get("/healthz")
    (span,) = sent
    assert span.resource.attributes["service.name"] == "tinyguardrail"


def test_a_missing_package_ends_the_start_with_what_to_install(guard, monkeypatch):
    monkeypatch.setitem(sys.modules, tracing.EXPORTER, None)
    with pytest.raises(ConfigError, match=r"found no package opentelemetry.*pip install 'tinyguardrail\[otel\]'"):
        create_app(guard, Settings(otel=True))
    create_app(guard, Settings())


def test_several_processes_are_not_started_without_the_package(exported_dir, monkeypatch):
    monkeypatch.setitem(sys.modules, tracing.EXPORTER, None)
    monkeypatch.setenv("TINYGUARDRAIL_OTEL", "true")
    monkeypatch.setenv("TINYGUARDRAIL_MODEL", str(exported_dir))
    monkeypatch.setattr("src.serving.__main__.serve_in_processes", lambda *_: pytest.fail("they would start again and again"))
    with pytest.raises(ConfigError, match="tinyguardrail\\[otel\\]"):
        serve(type("Arguments", (), {"model": None, "host": "127.0.0.1", "port": 0, "workers": 2}))
