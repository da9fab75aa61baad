"""Thresholds, temperature and routing share are fitted on validation rows only, and hold what they promise."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax

from src.config import Config, EvalConfig, RouterConfig
from src.data.schema import Example
from src.errors import ArtifactError, DataError, GuardrailError
from src.evaluation.calibration import (
    Calibration,
    calibrate,
    calibrate_on_traffic,
    fit_router_threshold,
    fit_temperature,
    fit_window_penalty,
)
from src.evaluation.predictor import Predictions, TorchPredictor, TunableExport
from src.export.artifact import write_model_file
from src.labels import Family, Label
from src.models.quantized import set_fake_quant
from src.policy import POLICIES
from src.rates import rows_for_upper_bound, wilson_interval
from src.runtime import canaries
from src.runtime.calibration import budget_key, fit_lines
from src.runtime.scores import WindowScores
from tests.conftest import small_guard

CFG = Config(router=RouterConfig(target_deep_fraction=0.3), eval=EvalConfig(fpr_budget=0.02))


def example(i: int, label: Label = Label.BENIGN, split: str = "val") -> Example:
    family = Family.NONE if label == Label.BENIGN else Family.DIRECT_INJECTION
    return Example(text=str(i), label=label, family=family, source=f"source_{i % 3}", group=str(i), split=split)


def rows(n: int = 400) -> list[Example]:
    return [example(i, Label.DIRECT_INJECTION if i % 4 == 0 else Label.BENIGN) for i in range(n)]


class FixedPredictor:
    """Scores follow from the text alone: no routing, no temperature to fit."""

    name = "fixed"

    def predict(self, texts, *, desc=None):
        n = len(texts)
        scores = np.array([(int(text) * 37 % 401) / 401 for text in texts])
        class_probs = np.zeros((n, 4))
        class_probs[:, Label.BENIGN], class_probs[:, Label.DIRECT_INJECTION] = 1 - scores, scores
        return Predictions(
            class_probs=class_probs,
            family_probs=np.full((n, 16), 1 / 16),
            p_attack={policy: scores for policy in POLICIES},
            p_deep=np.full(n, np.nan),
            is_deep=np.zeros(n, dtype=bool),
            num_windows=np.ones(n, dtype=int),
            num_views=np.zeros(n, dtype=int),
            tokens=np.ones(n, dtype=int),
        )


class LiveModel:
    """Two windows a text; the deep branch is over-confident by a factor of 3 and the fast one always says benign."""

    name = "live"

    def __init__(self, calibration: Calibration | None = None) -> None:
        self.calibration = calibration or Calibration()
        self.calls: list[str] = []

    def with_calibration(self, calibration):
        other = LiveModel(calibration)
        other.calls = self.calls
        return other

    def router_scores(self, texts, *, desc=None):
        self.calls.append("router")
        return np.array([(int(text) * 53 % 401) / 401 for text in texts])

    def window_scores(self, texts, *, desc=None):
        self.calls.append(f"windows at {self.calibration.complexity_threshold:.3f}")
        p_deep = np.repeat(self.router_scores(texts), 2)
        index = np.repeat(np.arange(len(texts)), 2)
        logits = np.zeros((len(index), 4))
        rng = np.random.default_rng(0)
        logits[:, Label.BENIGN] = 3 * rng.normal(1.0, 1.0, size=len(index))
        return WindowScores(
            text_index=index,
            tokens=np.full(len(index), 5),
            logits=logits,
            family_logits=np.zeros((len(index), 16)),
            p_deep=p_deep,
            is_deep=p_deep > self.calibration.complexity_threshold,
            view_index=np.full(len(index), -1),
            view_family=np.zeros(len(index), dtype=int),
        )

    def predict(self, texts, *, desc=None):
        return self.window_scores(texts).verdicts(self.calibration.temperature, self.calibration.window_penalty)


def test_thresholds_hold_every_budget_on_the_benign_rows():
    examples = rows()
    calibration = calibrate(FixedPredictor(), examples, CFG)
    benign = [e for e in examples if e.label == Label.BENIGN]
    predictions = FixedPredictor().predict([e.text for e in benign])
    assert set(calibration.thresholds) == set(POLICIES)
    for policy in POLICIES:
        assert set(calibration.thresholds[policy]) == {"0.001", "0.005", "0.01", "0.02", "0.05"}
        for budget, threshold in calibration.thresholds[policy].items():
            fpr = float((predictions.p_attack[policy] >= threshold).mean())
            assert fpr == calibration.achieved_fpr[policy][budget] <= float(budget)
        assert calibration.threshold(policy) == calibration.thresholds[policy]["0.02"]
        assert calibration.achieved_fpr[policy]["0.02"] == 6 / 300  # the whole budget is used


@pytest.mark.parametrize("long_are_attacks", [False, True])
def test_the_window_penalty_is_high_where_long_texts_are_harmless_and_low_where_they_attack(long_are_attacks):
    """Long texts, of 64 windows, are of one class and short ones of the other; all have scores of the same kind."""
    examples = rows()
    is_long = np.array([(each.label != Label.BENIGN) == long_are_attacks for each in examples])
    index = np.repeat(np.arange(len(examples)), np.where(is_long, 64, 1))
    logits = np.zeros((len(index), 4))
    logits[:, Label.DIRECT_INJECTION] = np.random.default_rng(0).normal(size=len(index))
    windows = WindowScores(
        text_index=index,
        tokens=np.full(len(index), 5),
        logits=logits,
        family_logits=np.zeros((len(index), 16)),
        p_deep=np.zeros(len(index)),
        is_deep=np.zeros(len(index), dtype=bool),
        view_index=np.full(len(index), -1),
        view_family=np.zeros(len(index), dtype=int),
    )
    penalty = fit_window_penalty(windows, 1.0, examples, 0.02)
    assert penalty == 0.0 if long_are_attacks else penalty >= 0.5


def test_thresholds_hold_for_the_segments_that_were_read():
    cfg = replace(CFG, eval=replace(CFG.eval, max_segments=5))
    assert calibrate(LiveModel(), rows(), cfg).max_segments == 5
    assert Calibration.from_dict({k: v for k, v in Calibration().to_dict().items() if k != "max_segments"}).max_segments == 0


def test_calibration_fits_the_window_penalty_where_it_is_asked_to():
    cfg = replace(CFG, eval=replace(CFG.eval, window_penalty=0.45, fit_window_penalty=True))
    model = LiveModel()
    assert calibrate(model, rows(), cfg).window_penalty != 0.45
    assert calibrate(model, rows(), replace(cfg, eval=replace(cfg.eval, fit_window_penalty=False))).window_penalty == 0.45


def test_provenance_is_recorded():
    calibration = calibrate(FixedPredictor(), rows(), CFG)
    assert (calibration.n_benign, calibration.n_attack, calibration.model_kind) == (300, 100, "fixed")
    assert calibration.sources == {"source_0": 134, "source_1": 133, "source_2": 133}
    assert calibration.deep_fraction is None  # no router: undefined, not 0
    assert calibration.target_deep_fraction is None


def test_the_router_comes_first_and_gets_the_share_that_was_asked_for():
    model = LiveModel()
    calibration = calibrate(model, rows(), CFG)
    assert model.calls[0] == "router"
    assert model.calls[1] == f"windows at {calibration.complexity_threshold:.3f}"
    assert calibration.deep_fraction == pytest.approx(0.3, abs=0.005)
    assert calibration.target_deep_fraction == 0.3


def test_thresholds_are_read_off_the_tempered_maximum_over_windows():
    examples = rows()
    model = LiveModel()
    calibration = calibrate(model, examples, CFG)
    assert calibration.temperature != 1.0 and calibration.window_penalty == CFG.eval.window_penalty > 0
    predictions = model.with_calibration(calibration).predict([e.text for e in examples])
    benign = np.array([e.label == Label.BENIGN for e in examples])
    assert (predictions.p_attack["full"][benign] >= calibration.threshold("full")).mean() == 0.02


@pytest.mark.parametrize("split", ["train", "test"])
def test_only_validation_rows_are_taken(split):
    with pytest.raises(DataError, match=f"val split only, found 1 others, such as source_0 \\({split}\\)"):
        calibrate(FixedPredictor(), [*rows(), example(0, split=split)], CFG)


@pytest.mark.parametrize(
    ("change", "message"),
    [(lambda scores: np.append(scores[:-1], np.nan), "NaN in 1 of 400"), (lambda scores: scores[:-1], r"shape \(400,\), found")],
)
def test_scores_that_are_no_probabilities_set_no_threshold(change, message):
    class Broken(FixedPredictor):
        def predict(self, texts, *, desc=None):
            predictions = super().predict(texts)
            return replace(predictions, p_attack={policy: change(each) for policy, each in predictions.p_attack.items()})

    with pytest.raises(GuardrailError, match=f"fixed: expected p_attack.*{message}"):
        calibrate(Broken(), rows(), CFG)


def test_rows_without_benign_ones_are_refused():
    with pytest.raises(DataError, match="attacks only"):
        calibrate(FixedPredictor(), [example(1, Label.JAILBREAK)], CFG)
    with pytest.raises(DataError, match="found none"):
        calibrate(FixedPredictor(), [], CFG)


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.3, 0.5, 1.0])
def test_router_threshold_gives_the_share(fraction):
    p_deep = np.random.default_rng(0).permutation(200) / 200
    assert (p_deep > fit_router_threshold(p_deep, fraction)).mean() == pytest.approx(fraction)


def test_router_threshold_never_exceeds_the_share_when_scores_repeat():
    p_deep = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    assert (p_deep > fit_router_threshold(p_deep, 0.5)).sum() == 1


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_temperature_is_recovered(temperature):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, size=(20000, 4))
    labels = (softmax(logits, axis=1).cumsum(axis=1) < rng.random((20000, 1))).sum(axis=1)
    assert fit_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.05)


def test_round_trip_through_json():
    calibration = calibrate(FixedPredictor(), rows(), CFG)
    assert Calibration.from_dict(json.loads(json.dumps(calibration.to_dict()))) == calibration


def test_a_calibration_of_another_version_is_refused():
    values = Calibration().to_dict()
    del values["temperature"]
    with pytest.raises(ArtifactError, match=r"missing \['temperature'\], unknown \['heat'\]"):
        Calibration.from_dict(values | {"heat": 1.0})


def test_a_threshold_that_was_never_fitted_is_an_error():
    with pytest.raises(ArtifactError, match="calibrate_threshold.py"):
        Calibration().threshold("full")
    fitted = calibrate(FixedPredictor(), rows(), CFG)
    with pytest.raises(ArtifactError, match="budget of 0.2"):
        replace(fitted, fpr_budget=0.2).threshold()


@pytest.mark.parametrize(("n", "budget", "upper"), [(40, 0.08, 16), (400, 0.08, 9.6), (10**6, 0.08, None), (10, 0.8, 90)])
def test_the_next_tighter_bound_and_the_rows_that_it_takes_are_told(n, budget, upper):
    found = {policy: {budget_key(budget): budget} for policy in POLICIES}
    *rates, last = fit_lines(Calibration(thresholds=found, achieved_fpr=found, fpr_budget=budget, n_benign=n))
    if upper is None:
        assert "would end" not in last
        return
    low, high = wilson_interval(round(budget * n), n)
    assert f"95% interval {100 * low:.2f} to {100 * high:.2f}%" in rates[0]
    needed = rows_for_upper_bound(budget, upper / 100)
    assert needed > n and last == f"with {needed:,} benign rows the interval of an FPR of {100 * budget:g}% would end at {upper}%"


def test_own_traffic_sets_alarm_thresholds_and_nothing_else():
    predictor = FixedPredictor()
    predictor.calibration = Calibration(temperature=1.7, complexity_threshold=0.4)
    traffic = [replace(example(i), split="eval") for i in range(200)]
    found = calibrate_on_traffic(predictor, traffic, CFG)
    assert (found.temperature, found.complexity_threshold) == (1.7, 0.4)
    assert found.n_benign == 200 and found.achieved_fpr["override"]["0.02"] == 0.02
    with pytest.raises(DataError, match="benign rows only"):
        calibrate_on_traffic(predictor, [*traffic, example(1, Label.JAILBREAK)], CFG)


def test_the_exported_file_is_calibrated_as_its_imitation_is(tiny_model_config, tokenizer, tmp_path):
    guard = small_guard(tiny_model_config, tokenizer, steps=30)
    path = tmp_path / "model_int8.onnx"
    write_model_file(guard, path, "int8")
    set_fake_quant(guard.model, True)
    texts = [*canaries.BENIGN, *canaries.ATTACKS]
    labels = [Label.BENIGN] * len(canaries.BENIGN) + [Label.DIRECT_INJECTION] * len(canaries.ATTACKS)
    rows = [
        Example(text=text, label=label, family=Family.NONE, source="s", group=text, split="val")
        for text, label in zip(texts, labels, strict=True)
    ]
    imitated, exported = (
        calibrate(predictor, rows, Config())
        for predictor in (
            TorchPredictor(guard.model, tokenizer, Calibration(), batch_size=1),
            TunableExport(path),
        )
    )
    assert exported.complexity_threshold != guard.calibration.complexity_threshold  # fitted, not that of the file
    assert exported.complexity_threshold == pytest.approx(imitated.complexity_threshold, abs=1e-3)
    assert exported.temperature == pytest.approx(imitated.temperature, rel=0.02)
    assert exported.thresholds["override"]["0.01"] == pytest.approx(imitated.thresholds["override"]["0.01"], abs=0.01)
    assert exported.deep_fraction == imitated.deep_fraction
