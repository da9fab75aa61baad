"""Latency of an exported ONNX file, with the conditions of the measurement. Torch-free.

One text at a time, fixed length, no padding, random token ids; a warm-up, then timed runs. The routing
threshold of the file decides which route is taken, so each route is timed on its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import onnxruntime

from ..run import cpu_name

LENGTHS = (64, 128, 256)
WARM_UP_S = 0.25
QUANTILES = range(1, 100)  # percent of the timed runs, for the distribution of times

Run = Callable[[], object]


def guard_feeds(length: int, *, chars_per_token: int, vocab_size: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Random input of one text: `length` tokens of one to nine characters each."""
    rng = np.random.default_rng(seed)
    char_ids = rng.integers(1, 128, (1, length, chars_per_token))
    char_ids[np.arange(chars_per_token) >= rng.integers(1, 10, (1, length, 1))] = 0
    return {
        "input_ids": rng.integers(0, vocab_size, (1, length)),
        "attention_mask": np.ones((1, length), dtype=np.int64),
        "char_ids": char_ids,
    }


def measure(runs: Mapping[str, Run], num_runs: int) -> dict[str, dict[str, Any]]:
    """Time several callables in turn, so that a noisy moment hits all of them: name -> what `summarise` returns."""
    for run in runs.values():
        until = time.perf_counter() + WARM_UP_S
        while time.perf_counter() < until:
            run()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(num_runs):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            times[name].append(1000 * (time.perf_counter() - started))
    return {name: summarise(values) for name, values in times.items()}


def summarise(times_ms: Sequence[float]) -> dict[str, Any]:
    """P50, P95, P99 and mean in ms, all quantiles of QUANTILES in ms, and the number of times."""
    p50, p95, p99 = np.percentile(times_ms, [50, 95, 99])
    return {
        "p50_ms": float(p50),
        "p95_ms": float(p95),
        "p99_ms": float(p99),
        "mean_ms": float(np.mean(times_ms)),
        "quantiles_ms": np.percentile(times_ms, QUANTILES).tolist(),
        "n": len(times_ms),
    }


def measure_routes(
    sessions: Mapping[str, onnxruntime.InferenceSession],
    lengths: Sequence[int],
    *,
    num_runs: int,
    chars_per_token: int,
    vocab_size: int,
) -> dict[str, dict[str, dict[str, Any]]]:
    """route -> length -> times, for sessions of which each is fixed to one route."""
    times_by_route: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in sessions}
    for length in lengths:
        feeds = guard_feeds(length, chars_per_token=chars_per_token, vocab_size=vocab_size)
        times = measure({name: partial(session.run, None, feeds) for name, session in sessions.items()}, num_runs)
        for name, values in times.items():
            times_by_route[name][str(length)] = values
    return times_by_route


def conditions(num_threads: int) -> dict[str, Any]:
    """The conditions that are reported with every latency."""
    return {
        "cpu": cpu_name(),
        "threads": num_threads,
        "batch_size": 1,
        "onnxruntime": onnxruntime.__version__,
        "input": "random ids, no padding, tokeniser not included",
    }
