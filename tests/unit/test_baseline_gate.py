import pytest

from evaluate_benchmarks import check_gate
from src.errors import GateError


def results(**changes):
    guard = {"n": 300, "recall": 0.8, "recall_at_budget": 0.79, "fpr": 0.012} | changes
    baseline = {"n": 300, "recall": 0.6, "recall_at_budget": 0.75, "fpr": 0.0}
    rows = {name: {"policies": {"override": row}} for name, row in (("guard", guard), ("tfidf", baseline))}
    record = {"status": "run", "reason": None, "results": rows}
    return {"subject": "guard", "baselines": ["tfidf"], "fpr_budget": 0.01, "benchmarks": {"heldout/test": record}}


def test_a_guard_that_is_ahead_at_both_operating_points_passes():
    check_gate(results())


@pytest.mark.parametrize("changes", [{"recall": 0.59}, {"recall_at_budget": 0.7}])
def test_a_bold_threshold_is_no_win(changes):
    with pytest.raises(GateError, match="does not beat TF-IDF"):
        check_gate(results(**changes))


def test_nothing_to_compare_is_a_failure():
    with pytest.raises(GateError, match="train with a larger data.test_fraction"):
        check_gate(results(fpr=None))
    not_run = results()
    not_run["benchmarks"]["heldout/test"] = {"status": "not run", "reason": "the set has no rows", "results": {}}
    with pytest.raises(GateError, match="the set has no rows; train with a larger data.test_fraction"):
        check_gate(not_run)
