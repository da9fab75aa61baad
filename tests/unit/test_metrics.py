"""Rates against counts done by hand and against scikit-learn; undefined is None."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)

from src.errors import DataError
from src.evaluation.metrics import (
    DetectionCounts,
    average_precision,
    category_score,
    class_metrics,
    clustered_interval,
    clustered_rate_interval,
    count_detections,
    expected_calibration_error,
    macro_mean,
    mcnemar_exact,
    mean_source_recall,
    pair_accuracy,
    paired_difference,
    policy_metrics,
    recall_at_fpr,
    recall_by_family,
    roc_auc,
    share_of,
    threshold_at_fpr,
    wilson_interval,
)
from src.labels import Family, Label
from src.rates import rows_for_upper_bound

BENIGN, INJECTION, JAILBREAK, OBFUSCATION = (int(label) for label in Label)


def test_counts_by_hand():
    labels = np.array([BENIGN, BENIGN, BENIGN, BENIGN, INJECTION, JAILBREAK, OBFUSCATION])
    p_attack = np.array([0.1, 0.5, 0.9, 0.2, 0.5, 0.4, 0.8])
    counts = count_detections(labels, p_attack, threshold=0.5)  # a score equal to the threshold is flagged
    assert counts == DetectionCounts(tp=2, fp=2, tn=2, fn=1)
    assert counts.recall == 2 / 3
    assert counts.fpr == 0.5
    assert counts.precision == 0.5
    assert counts.accuracy == 4 / 7
    assert counts.f1 == 4 / 7
    assert counts.balanced_accuracy == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_undefined_is_none_and_never_zero():
    attacks_only = count_detections(np.array([INJECTION]), np.array([0.0]), 0.5)
    assert attacks_only.recall == 0.0
    assert attacks_only.fpr is None
    assert attacks_only.precision is None
    assert attacks_only.balanced_accuracy is None
    benign_only = count_detections(np.array([BENIGN]), np.array([0.9]), 0.5)
    assert benign_only.fpr == 1.0
    assert benign_only.recall is None
    assert benign_only.f1 is None
    nothing = DetectionCounts(0, 0, 0, 0).to_dict()
    rates = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "fpr", "recall_interval", "fpr_interval")
    assert {name: nothing[name] for name in rates} == dict.fromkeys(rates)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="same shape"):
        count_detections(np.zeros(2, dtype=int), np.zeros(3), 0.5)


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_scikit_learn_on_scores_with_ties(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 200))
    labels = rng.integers(0, 4, size=n)
    labels[:2] = BENIGN, JAILBREAK
    p_attack = rng.integers(0, 8, size=n) / 8
    threshold = float(rng.integers(0, 9) / 8)
    attack, flagged = labels != BENIGN, p_attack >= threshold
    counts = count_detections(labels, p_attack, threshold)
    assert counts.recall == pytest.approx(recall_score(attack, flagged), abs=1e-9)
    assert counts.balanced_accuracy == pytest.approx(balanced_accuracy_score(attack, flagged), abs=1e-9)
    assert counts.f1 == pytest.approx(f1_score(attack, flagged, zero_division=0), abs=1e-9)
    if flagged.any():
        assert counts.precision == pytest.approx(precision_score(attack, flagged), abs=1e-9)
    assert roc_auc(labels, p_attack) == pytest.approx(roc_auc_score(attack, p_attack), abs=1e-9)
    predicted = rng.integers(0, 4, size=n)
    found = class_metrics(labels, predicted)
    assert found["weighted_f1"] == pytest.approx(f1_score(labels, predicted, average="weighted", zero_division=0), abs=1e-9)
    assert found["accuracy"] == pytest.approx((labels == predicted).mean(), abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_the_figures_of_four_classes_agree_with_scikit_learn_where_classes_are_missing(seed):
    rng = np.random.default_rng(seed)
    present = rng.choice(4, size=int(rng.integers(1, 5)), replace=False)
    n = int(rng.integers(1, 100))
    labels, predicted = rng.choice(present, size=n), rng.integers(0, 4, size=n)
    found = class_metrics(labels, predicted)
    assert found["confusion_matrix"] == confusion_matrix(labels, predicted, labels=range(4)).tolist()
    occurring = np.unique(labels)
    assert found["macro_f1"] == pytest.approx(
        f1_score(labels, predicted, labels=occurring, average="macro", zero_division=0), abs=1e-9
    )
    for kind, score in (("precision", precision_score), ("recall", recall_score)):
        expected = score(labels, predicted, average="weighted", zero_division=0)
        assert found[f"weighted_{kind}"] == pytest.approx(expected, abs=1e-9)
        each = score(labels, predicted, labels=range(4), average=None, zero_division=np.nan)
        per_class = [np.nan if part[kind] is None else part[kind] for part in found["per_class"].values()]
        np.testing.assert_allclose(per_class, each, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_recall_at_an_fpr_is_the_highest_on_the_roc_curve_within_it(seed):
    rng = np.random.default_rng(seed)
    labels = np.repeat([BENIGN, INJECTION, JAILBREAK], [150, 100, 50])
    scores = rng.integers(0, 20 + 100 * (seed % 2), size=300) / 120  # many ties, and few
    fpr, recall, _ = roc_curve(labels != BENIGN, scores, drop_intermediate=False)
    for budget in (0.01, 0.05, 0.2):
        assert recall_at_fpr(labels, scores, budget) == pytest.approx(recall[fpr <= budget].max(), abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_the_calibration_error_agrees_with_the_calibration_curve_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.ones(4) / 2, size=300)
    labels = rng.integers(0, 4, size=300)
    confidence, correct = probs.max(axis=1), probs.argmax(axis=1) == labels
    rows, _ = np.histogram(confidence, bins=15, range=(0, 1))
    accuracy, mean_confidence = calibration_curve(correct, confidence, n_bins=15)  # of the bins with rows
    expected = (rows[rows > 0] * np.abs(accuracy - mean_confidence)).sum() / 300
    assert expected_calibration_error(labels, probs) == pytest.approx(expected, abs=1e-9)


def test_auc_counts_a_tie_as_one_half():
    assert roc_auc(np.array([BENIGN, JAILBREAK]), np.array([0.5, 0.5])) == 0.5


@pytest.mark.parametrize("label", [BENIGN, JAILBREAK])
def test_one_class_has_no_curve(label):
    labels = np.full(4, label)
    assert roc_auc(labels, np.arange(4) / 4) is None
    assert recall_at_fpr(labels, np.arange(4) / 4, 0.01) is None


def test_weighted_f1_by_hand_and_absent_classes_are_none():
    labels = np.array([BENIGN, BENIGN, BENIGN, JAILBREAK])
    predicted = np.array([BENIGN, BENIGN, JAILBREAK, JAILBREAK])
    found = class_metrics(labels, predicted)
    assert found["per_class"]["benign"]["f1"] == pytest.approx(0.8)
    assert found["per_class"]["jailbreak"]["f1"] == pytest.approx(2 / 3)
    assert found["weighted_f1"] == pytest.approx(0.75 * 0.8 + 0.25 * 2 / 3)
    assert found["per_class"]["obfuscation"] == {"n": 0, "precision": None, "recall": None, "f1": None}
    assert found["confusion_matrix"][BENIGN] == [2, 0, 1, 0]  # rows are the true classes
    assert class_metrics(np.array([], dtype=int), np.array([], dtype=int))["weighted_f1"] is None


def test_wilson_interval_against_the_published_example():
    low, high = wilson_interval(81, 263)  # Newcombe 1998, table I, method 3: .2553, .3662
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_interval_is_scipys(counts, confidence):
    expected = binomtest(*counts).proportion_ci(confidence, method="wilson")
    assert wilson_interval(*counts, confidence) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilson_interval_at_the_extremes():
    assert wilson_interval(0, 0) is None
    low, high = wilson_interval(0, 20)  # Newcombe 1998: 0, .1611
    assert low == 0.0
    assert round(high, 4) == 0.1611
    assert wilson_interval(20, 20)[1] == 1.0
    assert wilson_interval(3, 10, confidence=0.99)[0] < wilson_interval(3, 10)[0]
    with pytest.raises(ValueError, match="k=3, n=2"):
        wilson_interval(3, 2)


def test_threshold_is_the_smallest_within_the_budget():
    scores = np.array([0.1, 0.2, 0.3, 0.4])
    assert threshold_at_fpr(scores, 0.25) == np.nextafter(0.3, 1)  # flags 0.4 alone
    assert threshold_at_fpr(scores, 0.24) == np.nextafter(0.4, 1)  # flags none
    assert threshold_at_fpr(np.array([0.5, 0.5, 0.5, 0.1]), 0.5) == np.nextafter(0.5, 1)  # a tie is never split
    assert threshold_at_fpr(np.array([1.0, 1.0, 0.0]), 0.01) > 1.0


@pytest.mark.parametrize("seed", range(20))
def test_threshold_respects_the_budget_and_cannot_be_lower(seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 30, size=int(rng.integers(1, 300))) / 29
    budget = float(rng.choice([0.0, 0.001, 0.01, 0.05, 0.29, 0.5, 0.9]))
    threshold = threshold_at_fpr(scores, budget)
    assert (scores >= threshold).mean() <= budget
    assert (scores >= np.nextafter(threshold, -np.inf)).mean() > budget


def test_threshold_counts_a_budget_that_floats_cannot_hold():
    assert (np.arange(100) >= threshold_at_fpr(np.arange(100), 0.29)).sum() == 29  # 0.29 * 100 = 28.999...


def test_threshold_refuses_what_it_cannot_use():
    with pytest.raises(DataError, match="benign rows"):
        threshold_at_fpr(np.array([]), 0.01)
    with pytest.raises(DataError, match="1 of 2"):
        threshold_at_fpr(np.array([0.1, np.nan]), 0.01)
    with pytest.raises(ValueError, match="fraction"):
        threshold_at_fpr(np.array([0.1]), 1.0)


def test_plain_harmful_requests_count_under_full_only():
    labels = np.array([BENIGN, JAILBREAK, JAILBREAK])
    families = np.array([Family.NONE, Family.HARMFUL_REQUEST, Family.JAILBREAK_PERSONA])
    scores = np.array([0.1, 0.2, 0.9])
    override = policy_metrics(labels, families, scores, "override", 0.5, 0.01)
    full = policy_metrics(labels, families, scores, "full", 0.5, 0.01)
    assert (override["n_attack"], override["recall"]) == (1, 1.0)
    assert (full["n_attack"], full["recall"]) == (2, 0.5)
    assert set(recall_by_family(labels, families, scores, "override", 0.5)) == {"jailbreak_persona"}
    assert recall_by_family(labels, families, scores, "full", 0.5)["harmful_request"]["recall"] == 0.0
    json.dumps([override, full], allow_nan=False)


def test_calibration_error_by_hand():
    probs = np.array([[0.9, 0.1, 0, 0], [0.9, 0.1, 0, 0], [0.6, 0.4, 0, 0]])
    labels = np.array([BENIGN, INJECTION, BENIGN])
    # bins of 0.9: confidence 0.9, accuracy 0.5, two rows; 0.6: confidence 0.6, accuracy 1, one row
    assert expected_calibration_error(labels, probs) == pytest.approx((2 * 0.4 + 0.4) / 3)
    assert expected_calibration_error(np.array([], dtype=int), np.zeros((0, 4))) is None


def test_clustered_interval_is_wider_when_rows_of_a_group_agree():
    hits = np.repeat([1.0, 0.0], 50).astype(bool)
    alone = clustered_interval(hits, [str(i) for i in range(100)], rng=np.random.default_rng(0))
    grouped = clustered_interval(hits, [str(i // 10) for i in range(100)], rng=np.random.default_rng(0))
    assert alone[0] < 0.5 < alone[1]
    assert grouped[1] - grouped[0] > 2 * (alone[1] - alone[0])
    assert clustered_interval(hits, ["one"] * 100, rng=np.random.default_rng(0)) is None


def test_every_source_weighs_the_same():
    labels = np.array([JAILBREAK] * 5 + [BENIGN])
    families = np.array([Family.JAILBREAK_PERSONA] * 4 + [Family.HARMFUL_REQUEST, Family.NONE])
    scores, sources = np.array([0.9, 0.1, 0.1, 0.9, 0.1, 0.9]), ["a", "a", "a", "b", "c", "d"]
    assert mean_source_recall(labels, families, scores, sources, "override", 0.5) == pytest.approx((1 / 3 + 1) / 2)
    assert mean_source_recall(labels, families, scores, sources, "full", 0.5) == pytest.approx((1 / 3 + 1 + 0) / 3)
    assert mean_source_recall(labels[5:], families[5:], scores[5:], sources[5:], "full", 0.5) is None


def test_means_skip_undefined_values():
    assert macro_mean([None, 0.5, 1.0]) == 0.75
    assert macro_mean([None]) is None
    assert share_of(np.array([], dtype=bool)) == {"n": 0, "share": None, "interval": None}


def test_the_score_of_pint_weighs_categories_not_rows():
    """By hand: benign cells 1.0 (n=100) and 0.5 (n=2), attack cells 0.8 (n=10) and 0.2 (n=40)."""
    attack = np.repeat([False, False, True, True], [100, 2, 10, 40])
    categories = np.repeat(["chat", "rare", "jailbreak", "documents"], [100, 2, 10, 40])
    flagged = np.concatenate([np.zeros(100), [1, 0], [1] * 8 + [0] * 2, [1] * 8 + [0] * 32]).astype(bool)
    found = category_score(attack, flagged, categories)
    assert found["published"] == pytest.approx(((1.0 + 0.5) / 2 + (0.8 + 0.2) / 2) / 2)
    assert found["pooled"] == pytest.approx((101 / 102 + 16 / 50) / 2)
    assert found["cells"]["attack"]["documents"] == {"n": 40, "accuracy": pytest.approx(0.2)}
    assert found["small"] == ["benign/rare", "attack/jailbreak"]
    one_label = category_score(attack[:102], flagged[:102], categories[:102])
    assert one_label["published"] is None and one_label["pooled"] is None
    with pytest.raises(ValueError, match="must be as many"):
        category_score(attack, flagged, ["chat"])


PINT_ROWS = {"benign": (900, 1528, 1574, 2), "attack": (50, 37, 223)}
# Rows that each system got wrong, cell by cell, and its published score. The result tables of PINT v2 state scores, TPR, FPR and
# the rates of two cells; these counts are the only whole numbers that give all of them for all eight systems.
PINT_ERRORS = {
    "Lakera Guard": ((15, 14, 9, 0), (8, 0, 23), 95.2200, 94.53),
    "AWS Bedrock": ((5, 3, 3, 0), (16, 1, 65), 89.2404, 86.64),
    "Azure Prompt Shield": ((14, 13, 13, 0), (11, 2, 79), 89.1241, 84.66),
    "ProtectAI v2": ((89, 137, 54, 1), (22, 5, 30), 79.1366, 87.30),
    "Prompt Guard 2 86M": ((12, 4, 1, 1), (19, 3, 95), 78.7578, 80.90),
    "Model Armor": ((16, 27, 3, 0), (39, 12, 148), 70.0664, 67.33),
    "Aporia": ((4, 2, 0, 0), (47, 18, 130), 66.4373, 68.47),
    "Prompt Guard 1": ((322, 472, 1519, 2), (8, 2, 23), 61.8168, 65.77),
}


@pytest.mark.parametrize("system", PINT_ERRORS)
def test_the_published_scores_of_pint_come_out_of_the_counts_and_the_pooled_ones_beside(system):
    benign, attack, published, pooled = PINT_ERRORS[system]
    labels, flagged, categories = [], [], []
    for key, errors in (("benign", benign), ("attack", attack)):
        for cell, (size, wrong) in enumerate(zip(PINT_ROWS[key], errors, strict=True)):
            labels += [key == "attack"] * size
            flagged += [key != "attack"] * wrong + [key == "attack"] * (size - wrong)
            categories += [f"{key} {cell}"] * size
    found = category_score(np.array(labels), np.array(flagged), categories)
    assert 100 * found["published"] == pytest.approx(published, abs=6e-5)
    assert 100 * found["pooled"] == pytest.approx(pooled, abs=6e-3)
    assert found["small"] == ["benign/benign 3"]


def test_a_pair_is_right_when_the_attack_is_flagged_and_its_document_is_not():
    """Documents a (clean row passed), b (clean row flagged), c (two clean rows: no pair) and d (no clean row)."""
    rows = [
        ("a", "benign", False),
        ("a", "attack", True),
        ("a", "attack", False),
        ("b", "benign", True),
        ("b", "attack", True),
        ("c", "benign", False),
        ("c", "benign", False),
        ("c", "attack", True),
        ("d", "attack", True),
    ]
    groups, labels, flagged = (np.array(column) for column in zip(*rows, strict=True))
    found = pair_accuracy(labels == "attack", labels == "benign", flagged, list(groups))
    assert (found["n"], found["n_documents"]) == (3, 2)
    assert (found["right"], found["recall"], found["clean_flagged"]) == pytest.approx((1 / 3, 2 / 3, 1 / 2))
    assert pair_accuracy(labels == "attack", labels == "none", flagged, list(groups)) is None


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0])), max_size=40))
def test_average_precision_is_scikit_learns_and_none_for_one_class(rows):
    labels = np.array([int(attack) for attack, _ in rows], dtype=int)
    scores = np.array([score for _, score in rows])
    found = average_precision(labels, scores)
    if 0 < labels.sum() < len(labels):
        precision, recall, _ = precision_recall_curve(labels, scores)
        assert found == pytest.approx(-np.sum(np.diff(recall) * precision[:-1]), abs=1e-9)
    else:
        assert found is None


@pytest.mark.parametrize(("budget", "needed"), [(0.001, 1000), (0.01, 100), (0.29, 4)])
def test_a_budget_needs_as_many_benign_rows_as_allow_one_false_alarm(budget, needed):
    labels = np.array([0] * needed + [1] * 10)
    scores = np.concatenate([np.linspace(0, 0.5, needed), np.linspace(0.4, 0.9, 10)])
    assert recall_at_fpr(labels, scores, budget) is not None
    assert recall_at_fpr(labels[1:], scores[1:], budget) is None
    families = np.where(labels == 0, Family.NONE, Family.DIRECT_INJECTION)
    found = policy_metrics(labels, families, scores, "override", 0.5, budget)
    assert found["recall_at_budget"] == recall_at_fpr(labels, scores, budget)
    assert (found["recall_at_strict_fpr"] is None) == (needed < 1000)


def test_macro_f1_is_the_mean_over_the_classes_that_occur():
    labels, predicted = np.array([0, 0, 1, 2, 2, 0]), np.array([0, 1, 1, 2, 0, 3])
    found = class_metrics(labels, predicted)
    assert found["macro_f1"] == pytest.approx(f1_score(labels, predicted, labels=[0, 1, 2], average="macro"), abs=1e-9)


@pytest.mark.parametrize("n", [100, 339, 2000])
def test_wilson_intervals_cover_as_often_as_they_claim(n):
    """Over rates, as it oscillates with any single one: k / n takes few values."""
    rng = np.random.default_rng(0)
    rates = rng.uniform(0.005, 0.5, 2000)
    intervals = [wilson_interval(int(rng.binomial(n, rate)), n) for rate in rates]
    covered = np.mean([low <= rate <= high for rate, (low, high) in zip(rates, intervals, strict=True)])
    assert covered == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(("rate", "upper"), [(0.01, 0.015), (0.01, 0.011), (0.08, 0.12), (0.001, 0.0015)])
def test_rows_for_an_upper_bound_are_enough_and_hardly_too_many(rate, upper):
    rows = rows_for_upper_bound(rate, upper)
    assert wilson_interval(round(rate * rows), rows)[1] <= upper
    fewer = int(0.9 * rows)
    assert wilson_interval(round(rate * fewer), fewer)[1] > upper
    with pytest.raises(ValueError, match="rate < upper"):
        rows_for_upper_bound(upper, rate)


def test_a_rate_without_a_hit_has_the_interval_of_as_many_rows_as_groups():
    groups = [str(i // 5) for i in range(100)]
    for hits in (np.zeros(100, bool), np.ones(100, bool)):
        found = clustered_rate_interval(hits, groups, rng=np.random.default_rng(0))
        assert found == wilson_interval(20 * int(hits[0]), 20) and found[1] - found[0] > 0.15
        assert clustered_rate_interval(hits, ["one"] * 100, rng=np.random.default_rng(0)) is None
    mixed = np.arange(100) % 3 == 0
    same = clustered_interval(mixed, groups, rng=np.random.default_rng(0))
    assert clustered_rate_interval(mixed, groups, rng=np.random.default_rng(0)) == same


def test_clustered_intervals_cover_as_often_as_they_claim_where_rows_of_a_group_agree():
    """Each group is hit or missed as a whole, so an interval over rows would be far too narrow."""
    rng = np.random.default_rng(1)
    groups = [str(group) for group in range(150) for _ in range(4)]
    covered = []
    for _ in range(2000):
        values = np.repeat(rng.random(150) < 0.6, 4)
        low, high = clustered_interval(values, groups, rng=rng, resamples=200)
        covered.append(low <= 0.6 <= high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def verdicts(both: int, only_ours: int, only_theirs: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    ours = np.repeat([True, True, False, False], [both, only_ours, only_theirs, neither])
    theirs = np.repeat([True, False, True, False], [both, only_ours, only_theirs, neither])
    return ours, theirs


@pytest.mark.parametrize(
    ("only_ours", "only_theirs", "p_value"),
    [
        (5, 0, 2 / 2**5),
        (0, 5, 2 / 2**5),
        (4, 1, 2 * (1 + 5) / 2**5),
        (8, 2, 2 * (1 + 10 + 45) / 2**10),
        (3, 3, 1.0),
        (1, 0, 1.0),
    ],
)
def test_mcnemar_against_binomial_tails_by_hand(only_ours, only_theirs, p_value):
    test = mcnemar_exact(*verdicts(50, only_ours, only_theirs, 40))
    assert (test["only_ours"], test["only_theirs"]) == (only_ours, only_theirs)
    assert test["p_value"] == pytest.approx(p_value)


def test_mcnemar_reads_discordant_rows_only():
    assert mcnemar_exact(*verdicts(0, 8, 2, 0)) == mcnemar_exact(*verdicts(500, 8, 2, 700))
    assert mcnemar_exact(*verdicts(5, 0, 0, 5))["p_value"] is None  # no disagreement is no evidence either way
    with pytest.raises(ValueError, match="same shape"):
        mcnemar_exact(np.ones(2, dtype=bool), np.ones(3, dtype=bool))


def test_paired_difference_by_hand_and_its_sign():
    ours, theirs = verdicts(10, 30, 0, 10)
    groups = [str(i) for i in range(50)]
    found = paired_difference(ours, theirs, groups, rng=np.random.default_rng(0))
    assert (found["n"], found["num_groups"], found["ours"], found["theirs"]) == (50, 50, 0.8, 0.2)
    assert found["difference"] == pytest.approx(0.6)
    low, high = found["difference_interval"]
    assert 0.4 < low < 0.6 < high < 0.8
    swapped = paired_difference(theirs, ours, groups, rng=np.random.default_rng(0))
    assert swapped["difference"] == pytest.approx(-0.6)
    assert swapped["difference_interval"] == pytest.approx((-high, -low))
    json.dumps(found, allow_nan=False)
    empty = paired_difference(ours[:0], theirs[:0], [], rng=np.random.default_rng(0))
    assert (empty["n"], empty["difference"], empty["difference_interval"]) == (0, None, None)


def test_the_paired_interval_covers_a_known_difference_of_clustered_rows():
    """40 groups of 8 rows that share their luck: resampling rows instead of groups would cover about half as often."""
    rng, covered, covered_by_rows, runs = np.random.default_rng(1), 0, 0, 150
    for _ in range(runs):
        group_hit = rng.random((40, 1)) < 0.5  # theirs: the whole group or none of it
        theirs = np.repeat(group_hit, 8, axis=1).ravel()
        ours = theirs | np.repeat(rng.random((40, 1)) < 0.4, 8, axis=1).ravel()  # true difference 0.5 * 0.4
        groups = np.repeat(np.arange(40), 8).astype(str)
        rows = np.arange(320).astype(str)
        for names, is_by_group in ((groups, True), (rows, False)):
            low, high = paired_difference(ours, theirs, list(names), rng=rng, resamples=200)["difference_interval"]
            hit = low <= 0.2 <= high
            covered, covered_by_rows = covered + (hit and is_by_group), covered_by_rows + (hit and not is_by_group)
    assert 0.88 <= covered / runs <= 0.99
    assert covered_by_rows / runs < 0.7
