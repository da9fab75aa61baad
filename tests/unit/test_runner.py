"""Every predictor on every benchmark: what is refused, what an interrupted run keeps, what other batches change."""

import json
from dataclasses import replace

import numpy as np
import pytest

from src.config import Config, EvalConfig
from src.errors import DataError, GuardrailError
from src.evaluation.runner import evaluate_heldout, run_benchmarks
from tests.benchmark_rows import (
    BENIGN,
    CALIBRATION,
    CFG,
    HARMFUL,
    INJECTIONS,
    TABLE,
    Interrupted,
    WordPredictor,
    benchmark,
    example,
    run,
)


def test_a_benchmark_without_data_says_why_and_has_no_numbers(tmp_path):
    record = run(tmp_path)["benchmarks"]["pint"]
    assert (record["status"], record["reason"], record["results"]) == ("not run", "the data set is private", {})


def test_a_sample_is_seeded_and_counted(tmp_path):
    cfg = Config(eval=EvalConfig(max_rows_per_benchmark=5))
    results = run(tmp_path / "a", cfg=cfg)["benchmarks"]["injections"]
    assert (results["n"], results["n_available"], results["results"]["guard"]["n"]) == (5, 10, 5)
    again = run(tmp_path / "b", cfg=cfg)["benchmarks"]["injections"]
    assert again == results


def test_what_cannot_be_run_is_refused(tmp_path):
    with pytest.raises(DataError, match="at least one predictor and one benchmark"):
        run(tmp_path, table=[TABLE[-1]])
    with pytest.raises(DataError, match=r"names must be unique, found \['guard'\]"):
        run(tmp_path, [WordPredictor(), WordPredictor()])
    with pytest.raises(DataError, match="no calibration for"):
        run_benchmarks(TABLE, [WordPredictor()], {}, tmp_path, CFG)


def test_bad_scores_are_refused(tmp_path):
    class Broken(WordPredictor):
        def predict(self, texts, *, desc=None):
            predictions = super().predict(texts)
            predictions.p_attack["full"][0] = np.nan
            return predictions

    with pytest.raises(GuardrailError, match=r"benchmark 'injections': guard: expected p_attack\[full\] in \[0, 1\]"):
        run(tmp_path, [Broken()])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("field", ["class_probs", "family_probs", "p_attack", "p_deep", "is_deep", "num_windows", "tokens"])
def test_one_row_too_few_is_refused_whatever_it_is_of(tmp_path, field):
    class Short(WordPredictor):
        def predict(self, texts, *, desc=None):
            predictions = super().predict(texts)
            values = getattr(predictions, field)
            cut = {policy: each[:-1] for policy, each in values.items()} if field == "p_attack" else values[:-1]
            return replace(predictions, **{field: cut})

    with pytest.raises(GuardrailError, match=rf"benchmark 'injections': guard: expected {field}.* of shape \(10.*found \(9"):
        run(tmp_path, [Short()])


def test_a_route_is_a_probability_or_unknown(tmp_path):
    class Broken(WordPredictor):
        def predict(self, texts, *, desc=None):
            return replace(super().predict(texts), p_deep=np.full(len(texts), np.inf))

    run(tmp_path, [WordPredictor(router=False)])
    with pytest.raises(GuardrailError, match=r"expected p_deep in \[0, 1\], found other values"):
        run(tmp_path, [Broken()])


def test_scores_that_end_a_run_leave_those_before_them(tmp_path):
    class Failing(Interrupted):
        def predict(self, texts, *, desc=None):
            predictions = super().predict(texts)
            if self.fails and HARMFUL[0].text in texts:
                predictions.p_attack["override"][1] = np.nan
            return predictions

    guard, identities = Failing(), {"guard": "weights 1"}
    guard.fails = True
    message = r"benchmark 'harmful': guard: .* NaN in 1 of 4 texts .* Scores of the benchmarks before it are kept"
    with pytest.raises(GuardrailError, match=message):
        run_benchmarks(TABLE, [guard], {"guard": CALIBRATION}, tmp_path, CFG, identities=identities)
    guard.fails, guard.asked = False, 0
    run_benchmarks(TABLE, [guard], {"guard": CALIBRATION}, tmp_path, CFG, identities=identities)
    assert guard.asked == 4 + 2 + 30


def test_heldout_metrics_carry_their_calibration():
    metrics = evaluate_heldout(WordPredictor(), [*INJECTIONS, *BENIGN], CALIBRATION)
    assert (metrics["recall"], metrics["fpr"]) == (0.5, 0.05)
    assert metrics["calibration"]["thresholds"] == CALIBRATION.thresholds
    assert 0 < metrics["weighted_f1"] < 1
    json.dumps(metrics, allow_nan=False)
    with pytest.raises(DataError, match="data.test_fraction"):
        evaluate_heldout(WordPredictor(), [], CALIBRATION)


def test_an_interrupted_run_goes_on_and_counts_nothing_twice(tmp_path):
    whole = run(tmp_path / "whole", [WordPredictor()])
    guard = Interrupted()
    guard.fails_at = HARMFUL[0].text
    calibrations, identities = {"guard": CALIBRATION}, {"guard": "weights 1"}
    with pytest.raises(KeyboardInterrupt):
        run_benchmarks(TABLE, [guard], calibrations, tmp_path, CFG, identities=identities)
    first, guard.fails_at = guard.asked, None
    assert first == 32 and not (tmp_path / "benchmark_results.json").exists()
    resumed = run_benchmarks(TABLE, [guard], calibrations, tmp_path, CFG, identities=identities)
    assert resumed["benchmarks"] == whole["benchmarks"] and guard.asked == first + 4 + 2 + 30
    assert not (tmp_path / "partial").exists()


def test_kept_scores_of_other_weights_are_not_used(tmp_path):
    guard = Interrupted()
    guard.fails_at = HARMFUL[0].text
    with pytest.raises(KeyboardInterrupt):
        run_benchmarks(TABLE, [guard], {"guard": CALIBRATION}, tmp_path, CFG, identities={"guard": "weights 1"})
    guard.asked, guard.fails_at = 0, None
    run_benchmarks(TABLE, [guard], {"guard": CALIBRATION}, tmp_path, CFG, identities={"guard": "weights 2"})
    assert guard.asked == 32 + 4 + 2 + 30


def test_a_damaged_kept_file_is_named(tmp_path):
    guard = Interrupted()
    guard.fails_at = HARMFUL[0].text
    with pytest.raises(KeyboardInterrupt):
        run_benchmarks(TABLE, [guard], {"guard": CALIBRATION}, tmp_path, CFG, identities={"guard": "weights 1"})
    next((tmp_path / "partial").iterdir()).write_bytes(b"PK")
    with pytest.raises(GuardrailError, match="does not hold predictions .* remove it and run again"):
        run_benchmarks(TABLE, [guard], {"guard": CALIBRATION}, tmp_path, CFG, identities={"guard": "weights 1"})


def test_other_batches_are_counted_on_a_sample_of_each_benchmark_and_kept_apart(tmp_path):
    """'deep' texts score 0.2 lower in batches: of the benign rows one decision differs (0.9 stays), of the others none."""

    class Batched(WordPredictor):
        batch_size = 32

        def predict(self, texts, *, desc=None):
            return super().predict(
                [f"{text.rsplit(' ', 1)[0]} {float(text.split()[-1]) - 0.2 * ('deep' in text)}" for text in texts]
            )

    benign = [example(f"water deep {score}", group=str(i)) for i, score in enumerate([0.6] * 3 + [0.9] * 5 + [0.1] * 112)]
    table = [benchmark("benign", benign), benchmark("injections", INJECTIONS)]
    guard, options = WordPredictor(), {"rebatched": Batched()}
    results = run_benchmarks(table, [guard], {"guard": CALIBRATION}, tmp_path, CFG, identities={"guard": "w"}, **options)
    flips = results["benchmarks"]["benign"]["batching"]["override"]
    assert flips["n"] == 100 and 0 < flips["share"] <= 0.03
    assert results["benchmarks"]["injections"]["batching"]["full"] == {
        "n": 10,
        "share": 0.0,
        "interval": (0.0, pytest.approx(0.2775, abs=1e-3)),
    }
    assert (results["batching"]["batch_size"], results["batching"]["flips"]["override"]["n"]) == (32, 110)
    assert results["benchmarks"]["benign"]["results"]["guard"]["fp"] == 8  # what is reported is the subject's own
    assert run(tmp_path / "without")["batching"] is None
