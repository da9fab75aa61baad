"""The guard beside a baseline: means, the same false alarms, text by text."""

import pytest

from tests.benchmark_rows import INJECTIONS, TABLE, WordPredictor, benchmark, example, run


def test_a_higher_recall_bought_with_false_alarms_is_no_win(tmp_path):
    comparison = run(tmp_path)["comparison"]["tfidf"]
    override = comparison["policies"]["override"]
    assert (comparison["guard"], comparison["baseline"], comparison["sets"]) == ("guard", "tfidf", "unseen")
    assert override["guard"]["macro_recall"] == (0.5 + 1.0) / 2
    assert override["baseline"]["macro_recall"] == pytest.approx((0.3 + 1.0) / 2)
    assert comparison["guard_wins"] is False
    fairer = run(tmp_path, [WordPredictor(), WordPredictor("worse", shift=-0.05)])["comparison"]
    assert fairer["worse"]["policies"]["override"]["baseline"]["macro_fpr"] is not None
    same_alarms = [b for b in TABLE if b.name in ("injections", "benign")]
    assert run(tmp_path, table=same_alarms)["comparison"]["tfidf"]["guard_wins"] is True
    assert run(tmp_path, [WordPredictor()])["comparison"] == {}


def test_a_tie_is_no_win_and_no_sets_are_undecided(tmp_path):
    same = run(tmp_path, [WordPredictor(), WordPredictor("twin")])["comparison"]
    assert same["twin"]["guard_wins"] is False
    attacks_only = run(tmp_path, table=[benchmark("injections", INJECTIONS)])["comparison"]
    assert attacks_only["tfidf"]["guard_wins"] is None


def test_at_matched_false_alarms_a_shifted_twin_has_the_same_recall(tmp_path):
    """A baseline whose scores are lower but ordered alike is no worse: only its threshold differs."""
    dense = [benchmark("injections", INJECTIONS), benchmark("benign", [example(f"b {i / 100}") for i in range(100)])]
    results = run(tmp_path, table=dense)
    assert results["benchmarks"]["injections"]["results"]["tfidf"]["recall"] == 0.3
    matched = results["comparison"]["tfidf"]["matched"]["override"]
    assert (matched["fpr"], matched["n_benign"]) == (0.5, 100)
    assert matched["baseline_threshold"] < matched["guard_threshold"]
    part = matched["sets"]["injections"]
    assert (part["n"], part["guard_recall"], part["baseline_recall"], part["difference"]) == (10, 0.5, 0.5, 0.0)
    assert part["difference_interval"] == (0.0, 0.0)
    none = run(tmp_path, table=[benchmark("injections", INJECTIONS)])["comparison"]["tfidf"]["matched"]["override"]
    assert none["sets"] == {} and "no file benchmark" in none["reason"]


def test_paired_rates_of_guard_and_baseline_by_hand(tmp_path):
    results = run(tmp_path)
    paired = results["comparison"]["tfidf"]["paired"]["override"]
    # injections 0.5 to 0.9 and "a 0.9" against 0.65 and more after the shift of -0.15
    assert (paired["recall"]["n"], paired["recall"]["num_groups"]) == (11, 11)
    assert paired["recall"]["difference"] == pytest.approx((6 - 4) / 11)
    assert paired["recall"]["mcnemar"] == {"only_ours": 2, "only_theirs": 0, "p_value": 0.5}
    low, high = paired["recall"]["difference_interval"]
    assert low <= 2 / 11 <= high
    # benign 0.9, "fine 0.8" and the twin "b 0.6", of which the shift clears the last one
    assert paired["fpr"]["n"] == 23
    assert paired["fpr"]["difference"] == pytest.approx(1 / 23)
    assert results["comparison"]["tfidf"]["paired"]["full"]["recall"]["n"] == 15  # harmful goals count there


def test_the_same_false_alarms_can_come_from_the_held_out_split(tmp_path):
    rows = [example(f"b {i / 100}") for i in range(100)]
    table = [benchmark("injections", INJECTIONS), benchmark("heldout/test", rows, kind="heldout")]
    matched = run(tmp_path, table=table)["comparison"]["tfidf"]["matched"]["override"]
    assert (matched["benign_kind"], matched["n_benign"], matched["fpr"], matched["baseline_fpr"]) == ("heldout", 100, 0.5, 0.5)
    assert (matched["guard_macro_recall"], matched["baseline_macro_recall"]) == (0.5, 0.5)
    assert matched["pooled"]["difference"] == 0.0 and matched["pooled"]["mcnemar"]["p_value"] is None
