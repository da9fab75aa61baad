"""Metrics for Prometheus. They count texts and contain nothing of them."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterable
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ..runtime import Verdict

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # where each of several processes keeps its numbers (processes.py)
READ_ATTEMPTS = 5
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one application; of all processes of the service where it has several."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        self._requests = Counter(
            "tinyguardrail_requests", "Requests that were answered", ["endpoint", "status"], registry=registry
        )
        self._seconds = Histogram(
            "tinyguardrail_request_seconds",
            "Time from the first byte of a request to its answer",
            ["endpoint"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._verdicts = Counter(
            "tinyguardrail_verdicts", "Verdicts that were given", ["threat", "label", "family"], registry=registry
        )
        self._routes = Counter("tinyguardrail_routes", "Verdicts by the route of the network", ["route"], registry=registry)
        self._windows = Counter("tinyguardrail_windows_read", "Windows that the network read", registry=registry)
        self._truncated = Counter("tinyguardrail_truncated", "Verdicts about texts that were read in part", registry=registry)
        self._reloads = Counter(
            "tinyguardrail_reloads", "Times that the model directory was loaded again", ["outcome"], registry=registry
        )
        self._queue = Gauge(
            "tinyguardrail_queue_length", "Texts that wait for the guard", registry=registry, multiprocess_mode="livesum"
        )
        self._ready = Gauge(
            "tinyguardrail_ready_workers", "Processes that take requests", registry=registry, multiprocess_mode="livesum"
        )

    def count_request(self, endpoint: str, status: int, seconds: float) -> None:
        self._requests.labels(endpoint, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def count_verdicts(self, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            names = (str(verdict.threat).lower(), verdict.label.name.lower(), verdict.family.name.lower())
            self._verdicts.labels(*names).inc()
            self._routes.labels(verdict.route).inc()
            self._windows.inc(verdict.windows_read)
            self._truncated.inc(verdict.truncated)

    def count_reload(self, outcome: Literal["served", "refused"]) -> None:
        self._reloads.labels(outcome).inc()

    def set_queue_length(self, length: int) -> None:
        self._queue.set(length)

    def set_ready(self, is_ready: bool) -> None:
        self._ready.set(is_ready)

    def text(self) -> bytes:
        """The metrics in Prometheus' text format."""
        if DIRECTORY not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        for _ in range(READ_ATTEMPTS - 1):
            try:
                return generate_latest(registry)
            except struct.error:  # a process that starts has made its file and not filled it yet
                time.sleep(0.01)
        return generate_latest(registry)
