"""Figures on resamples: those of metrics.py where each row counts once, scikit-learn's where rows count several times."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import average_precision_score, f1_score, precision_score, roc_auc_score

from src.evaluation import resampling
from src.evaluation.metrics import STRICT_FPR_BUDGET, class_metrics, expected_calibration_error, policy_metrics, recall_at_fpr
from src.evaluation.resampling import METRICS, class_intervals, detection_intervals
from src.labels import Family, Label


def rows(seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Labels, scores with ties, and a threshold; every third case has one class only."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 150))
    labels = rng.integers(0, 4, size=n) if seed % 3 else np.full(n, rng.choice([Label.BENIGN, Label.JAILBREAK]))
    return labels, rng.integers(0, 8, size=n) / 8, float(rng.integers(0, 10) / 8)


@pytest.mark.parametrize("seed", range(30))
def test_rows_that_count_once_give_the_figures_of_metrics(seed):
    labels, scores, threshold = rows(seed)
    families = np.where(labels == Label.BENIGN, Family.NONE, Family.DIRECT_INJECTION)
    budget = float(np.random.default_rng(seed).choice([0.01, 0.05, 0.29, 0.9]))
    found = resampling._detection_metrics(np.ones((2, len(labels))), labels != Label.BENIGN, scores, threshold, budget)
    expected = policy_metrics(labels, families, scores, "full", threshold, budget)
    assert set(found) == set(METRICS) <= set(expected)
    for name in METRICS:
        if expected[name] is None and name.startswith("recall_at"):
            continue  # too few benign rows: the interval is None as well, see below
        assert found[name] == pytest.approx([np.nan if expected[name] is None else expected[name]] * 2, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("seed", range(20))
def test_rows_that_count_several_times_give_the_weighted_figures_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 200))
    labels, scores = rng.integers(0, 4, size=n), rng.integers(0, 12, size=n) / 12
    weights = rng.integers(0, 4, size=n).astype(float)
    labels[:2], weights[:2] = (Label.BENIGN, Label.JAILBREAK), 1.0
    attack, flagged = labels != Label.BENIGN, scores >= 0.5
    found = resampling._detection_metrics(weights[None], attack, scores, 0.5, 0.3)
    assert found["auc"][0] == pytest.approx(roc_auc_score(attack, scores, sample_weight=weights), abs=1e-9)
    assert found["average_precision"][0] == pytest.approx(
        average_precision_score(attack, scores, sample_weight=weights), abs=1e-9
    )
    assert found["f1"][0] == pytest.approx(f1_score(attack, flagged, sample_weight=weights), abs=1e-9)
    assert found["precision"][0] == pytest.approx(precision_score(attack, flagged, sample_weight=weights), abs=1e-9)
    repeated = np.repeat(np.arange(n), weights.astype(int))
    assert found["recall_at_budget"][0] == pytest.approx(recall_at_fpr(labels[repeated], scores[repeated], 0.3), abs=1e-9)

    probs = rng.dirichlet(np.ones(4), size=n)
    classes = resampling._class_metrics(weights[None], labels, probs)
    expected = class_metrics(labels[repeated], probs.argmax(axis=1)[repeated])
    for name in ("accuracy", "weighted_f1", "macro_f1"):
        assert classes[name][0] == pytest.approx(expected[name], abs=1e-9)
    assert classes["calibration_error"][0] == pytest.approx(
        expected_calibration_error(labels[repeated], probs[repeated]), abs=1e-9
    )


def test_intervals_hold_their_figures_and_are_wider_where_rows_of_a_group_agree():
    rng = np.random.default_rng(0)
    labels = np.repeat(rng.integers(0, 2, size=150), 10)
    scores = np.clip(np.repeat(rng.normal(0.4, 0.2, size=150), 10) + 0.2 * labels, 0, 1)
    options = {"threshold": 0.5, "budget": 0.05}
    alone, grouped = (
        detection_intervals(labels, scores, list(names), rng=np.random.default_rng(1), **options)
        for names in (np.arange(1500).astype(str), np.repeat(np.arange(150), 10).astype(str))
    )
    families = np.where(labels == 0, Family.NONE, Family.DIRECT_INJECTION)
    expected = policy_metrics(labels, families, scores, "full", 0.5, 0.05)
    for name in METRICS:
        if expected[name] is None:
            assert alone[name] is grouped[name] is None
            continue
        low, high = grouped[name]
        assert low <= expected[name] <= high
        if name != "recall_at_budget":  # few benign rows decide it
            assert high - low > 2 * (alone[name][1] - alone[name][0])


def test_what_is_undefined_has_no_interval():
    benign = detection_intervals(
        np.zeros(40, dtype=int),
        np.linspace(0, 1, 40),
        [str(i) for i in range(40)],
        threshold=0.5,
        budget=0.01,
        rng=np.random.default_rng(0),
    )
    defined = {name for name, interval in benign.items() if interval is not None}
    assert defined == {"accuracy", "precision", "fpr"}  # precision is 0 of the flagged, all of them benign
    one_group = class_intervals(np.array([0, 1]), np.eye(4)[:2], ["g", "g"], rng=np.random.default_rng(0))
    assert set(one_group.values()) == {None}
    none = detection_intervals(
        np.zeros(0, dtype=int), np.zeros(0), [], threshold=0.5, budget=STRICT_FPR_BUDGET, rng=np.random.default_rng(0)
    )
    assert set(none.values()) == {None}


def test_intervals_do_not_depend_on_how_many_resamples_fit_in_memory(monkeypatch):
    labels, scores, threshold = rows(1)
    names = [str(i // 2) for i in range(len(labels))]

    def intervals():
        rng = np.random.default_rng(3)
        return detection_intervals(labels, scores, names, threshold=threshold, budget=0.1, rng=rng, resamples=50)

    at_once = intervals()
    monkeypatch.setattr(resampling, "_MAX_WEIGHTS", 7 * len(labels))
    for name, interval in intervals().items():
        assert interval == pytest.approx(at_once[name], abs=0.1) if interval else at_once[name] is None


def test_intervals_of_auc_and_f1_cover_as_often_as_they_claim_where_rows_of_a_group_are_alike():
    """Scores of a group share a part: two normal distributions a known distance apart, 100 groups of 2 rows each."""
    rng, shift, shared, runs = np.random.default_rng(2), 1.0, 0.7, 1500
    auc = norm.cdf(shift / np.sqrt(2))
    hit, alarm = norm.sf(0.5 - shift), norm.sf(0.5)
    f1 = 2 * hit / (hit + alarm + 1)  # as many attacks as benign rows
    labels = np.repeat([0, 1], 200)
    groups = np.repeat(np.arange(200), 2).astype(str).tolist()
    covered = np.zeros(2)
    for _ in range(runs):
        common, own = np.repeat(rng.normal(size=200), 2), rng.normal(size=400)
        scores = np.sqrt(shared) * common + np.sqrt(1 - shared) * own + shift * labels
        found = detection_intervals(labels, scores, groups, threshold=0.5, budget=0.01, rng=rng, resamples=200)
        covered += [low <= truth <= high for truth, (low, high) in ((auc, found["auc"]), (f1, found["f1"]))]
    assert covered / runs == pytest.approx([0.95, 0.95], abs=0.015)
