"""The benchmarks of the runtime run on an exported directory and measure what they say."""

import sys

import pytest

from benchmarks import cold_start, latency, throughput, worst_case
from src.config import ModelConfig
from src.runtime import Guard
from src.runtime.guard import SERVING_BATCH
from src.runtime.plan import MAX_CHARS

TOKENS = 24


def test_throughput_times_single_calls_and_batches_of_one_route_in_the_stated_mix(exported_dir, monkeypatch):
    monkeypatch.setattr(throughput, "WARM_UP_S", 0.0)
    batches, ask = [], Guard.batch

    def noted(guard, texts, **options):
        verdicts = ask(guard, texts, **options)
        batches.append([verdict.route for verdict in verdicts])
        return verdicts

    monkeypatch.setattr(Guard, "batch", noted)
    times = throughput.measure(exported_dir, TOKENS, 0.01)
    assert list(times) == ["model only", "end to end", f"batches of {SERVING_BATCH}"]
    assert all(min(each) > 0 for each in times.values())
    assert {len(routes) for routes in batches} == {SERVING_BATCH} and all(len(set(routes)) == 1 for routes in batches)
    assert [routes[0] for routes in batches] == throughput.MIX * (len(batches) // 10)
    assert len(times[f"batches of {SERVING_BATCH}"]) == SERVING_BATCH * len(batches)
    tokenizer = Guard.load(exported_dir).tokenizer
    assert {throughput.count(tokenizer, text) for text in throughput.texts_of(tokenizer, TOKENS)} == {TOKENS}


def test_the_share_of_the_limit_counts_the_products_of_a_route(exported_dir, tiny_model_config, monkeypatch):
    monkeypatch.setattr(latency, "peak_int8_ops", lambda: 1e9)
    monkeypatch.setattr(latency, "peak_flops", lambda _precision, is_cuda: 1e8)
    monkeypatch.setattr(latency, "peak_onnxruntime_flops", lambda: 1e9)  # the better of the two counts
    proto, model = latency.load_guard_file(exported_dir, None)
    assert model.d_model == tiny_model_config.d_model
    found = latency.compare_with_peers(proto, {}, model, 2)
    assert list(found["lengths"]) == ["64"] and set(found["lengths"]["64"]["share_of_limit"]) == {"fast", "deep"}
    assert "share of the limit" in latency.render(found)
    plain = ModelConfig(
        d_model=8, num_heads=2, d_ff=16, fast_num_layers=1, deep_num_layers=1, moe_num_layers=0, use_char_cnn=False
    )
    per_token = 4 * 8 * 8 + 2 * 8 * 16
    both = latency.limit_ms(plain, "fast", 3, 20, {"int8": 1000.0, "fp32": 1000.0})
    assert both == pytest.approx(2 * per_token * 3 + 4 * 3 * 3 * 8)


def test_a_cold_start_is_measured_in_fresh_processes(exported_dir, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["cold_start.py", "--model", str(exported_dir), "--runs", "1"])
    cold_start.main()
    printed = capsys.readouterr().out
    assert "median of 1 fresh processes" in printed and "resident_mb" in printed and "total_s" in printed


def test_the_worst_case_is_timed_on_both_routes_within_the_limit(exported_dir, monkeypatch, capsys):
    texts = worst_case.texts()
    assert texts == worst_case.texts() and max(map(len, texts.values())) == MAX_CHARS
    few = {name: text[:3000] for name, text in list(texts.items())[:3]}
    monkeypatch.setattr(worst_case, "texts", lambda: few)
    ask, routes = Guard.__call__, []

    def noted(guard, text, **options):
        verdict = ask(guard, text, **options)
        routes.append((verdict.route, verdict.windows_read))
        return verdict

    monkeypatch.setattr(Guard, "__call__", noted)
    monkeypatch.setattr(
        sys, "argv", ["worst_case.py", "--model", str(exported_dir), "--max_windows", "4", "--runs", "2", "--budget_ms", "60000"]
    )
    worst_case.main()
    printed = capsys.readouterr().out
    assert len(routes) == 2 * (1 + 2 * len(few))
    assert {route: max(n for each, n in routes if each == route) for route, _ in routes} == {"fast": 4, "deep": 2}
    assert all(name in printed for name in few) and "worst verdict: " in printed
