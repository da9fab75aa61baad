"""Latency is measured the way it is described: warmed up, in turn, per route, in milliseconds."""

import time

import numpy as np
import onnxruntime
import pytest

from src.evaluation import latency
from src.evaluation.latency import conditions, guard_feeds, measure, measure_routes, summarise


def test_percentiles_are_those_of_the_timed_runs():
    times = np.random.default_rng(0).permutation(np.arange(1.0, 101.0))
    found = summarise(times)
    assert found["n"] == 100
    assert found["p50_ms"] == pytest.approx(50.5) and found["mean_ms"] == pytest.approx(50.5)
    quantiles = found["quantiles_ms"]
    assert len(quantiles) == 99 and quantiles == sorted(quantiles)
    assert [quantiles[percent - 1] for percent in (50, 95, 99)] == [found["p50_ms"], found["p95_ms"], found["p99_ms"]]
    assert found["p95_ms"] == pytest.approx(95.05) and found["p99_ms"] == pytest.approx(99.01)


def test_runs_are_warmed_up_and_then_timed_in_turn(monkeypatch):
    monkeypatch.setattr(latency, "WARM_UP_S", 0.002)
    calls = []
    found = measure({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, num_runs=20)
    assert calls[-40:] == ["a", "b"] * 20  # a noisy moment hits both
    assert calls.count("a") > 20 and calls.count("b") > 20
    assert found["a"]["n"] == found["b"]["n"] == 20


def test_times_are_milliseconds_and_belong_to_their_name(monkeypatch):
    monkeypatch.setattr(latency, "WARM_UP_S", 0.0)
    found = measure({"slow": lambda: time.sleep(0.02), "quick": lambda: None}, num_runs=5)
    assert 20 <= found["slow"]["p50_ms"] < 200
    assert found["quick"]["p50_ms"] < 5


def test_feeds_are_one_unpadded_text_whose_tokens_have_characters():
    feeds = guard_feeds(33, chars_per_token=20, vocab_size=50)
    assert {name: values.shape for name, values in feeds.items()} == {
        "input_ids": (1, 33),
        "attention_mask": (1, 33),
        "char_ids": (1, 33, 20),
    }
    assert {values.dtype for values in feeds.values()} == {np.dtype(np.int64)}
    assert feeds["attention_mask"].all() and feeds["input_ids"].max() < 50
    lengths = (feeds["char_ids"] > 0).sum(axis=2)
    assert lengths.min() >= 1 and lengths.max() < 20 and len(np.unique(lengths)) > 1
    again = guard_feeds(33, chars_per_token=20, vocab_size=50)
    assert all(np.array_equal(feeds[name], again[name]) for name in feeds)


def test_every_route_is_timed_at_every_length(monkeypatch):
    monkeypatch.setattr(latency, "WARM_UP_S", 0.0)
    seen = []

    class Session:
        def __init__(self, name):
            self.name = name

        def run(self, _outputs, feeds):
            seen.append((self.name, feeds["input_ids"].shape[1]))

    sessions = {"fast": Session("fast"), "deep": Session("deep")}
    found = measure_routes(sessions, [16, 24], num_runs=3, chars_per_token=20, vocab_size=50)
    assert {route: set(by_length) for route, by_length in found.items()} == {"fast": {"16", "24"}, "deep": {"16", "24"}}
    assert set(seen) == {("fast", 16), ("deep", 16), ("fast", 24), ("deep", 24)}


def test_the_conditions_name_processor_threads_and_version():
    found = conditions(num_threads=1)
    assert found["cpu"] and found["threads"] == 1 and found["batch_size"] == 1
    assert found["onnxruntime"] == onnxruntime.__version__
