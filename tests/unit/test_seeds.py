"""Several seeds: mean and spread of what every run has, nothing else."""

import json

import pytest

import evaluate_benchmarks
from src.errors import DataError
from src.evaluation.benchmark_files import SCHEMA
from src.evaluation.seeds import aggregate_runs, seed_lines
from src.reporting.results import read_benchmarks


def results(
    recall: float, fpr: float | None = 0.01, n: int = 100, *, revision: str = "r", budget: float = 0.01, **benchmarks
) -> dict:
    detection = {"recall": recall, "fpr": fpr, "auc": 0.9}
    record = {
        "status": "run",
        "policy": "override",
        "n": n,
        "n_available": 100,
        "revision": revision,
        "results": {"guard": {"policies": {"override": detection, "full": detection}}},
    }
    benchmarks = {"deepset": record, "pint": {"status": "not run"}} | benchmarks
    return {"schema": SCHEMA, "subject": "guard", "fpr_budget": budget, "benchmarks": benchmarks}


def test_mean_and_sample_deviation_by_hand():
    found = aggregate_runs([results(0.5), results(0.6), results(0.7)])
    recall = found["benchmarks"]["deepset"]["policies"]["override"]["recall"]
    assert recall == {"mean": pytest.approx(0.6), "std": pytest.approx(0.1), "min": 0.5, "max": 0.7, "runs": 3}
    assert "pint" not in found["benchmarks"] and found["left_out"] == []
    assert "60.0 +- 10.0%" in seed_lines(found)[1]


def test_a_figure_counts_where_every_run_defines_it():
    found = aggregate_runs([results(0.5), results(0.6, fpr=None)])
    assert "fpr" not in found["benchmarks"]["deepset"]["policies"]["override"]


def test_benchmarks_that_differ_between_runs_are_left_out_by_name():
    other = results(0.5)["benchmarks"]["deepset"]
    found = aggregate_runs([results(0.5, extra=other), results(0.6)])
    assert found["left_out"] == ["extra"] and list(found["benchmarks"]) == ["deepset"]
    with pytest.raises(DataError, match="no benchmark with the same rows in common"):
        aggregate_runs([results(0.5), results(0.5, n=99)])
    with pytest.raises(DataError, match="at least two runs"):
        aggregate_runs([results(0.5)])


def test_a_run_that_is_given_twice_does_not_count_twice():
    with pytest.raises(DataError, match="runs 1 and 3 hold the same results"):
        aggregate_runs([results(0.5), results(0.6), results(0.5)])


def test_runs_with_other_budgets_have_no_mean():
    with pytest.raises(DataError, match=r"one FPR budget, found \[0.01, 0.05\]"):
        aggregate_runs([results(0.5), results(0.6, budget=0.05)])


@pytest.mark.parametrize(
    ("changes", "same"), [({}, True), ({"revision": "seed 43"}, False), ({"n": 50}, False)], ids=["whole", "generated", "sample"]
)
def test_rows_that_each_seed_drew_anew_are_told(changes, same):
    first = {"n": changes["n"]} if "n" in changes else {}
    found = aggregate_runs([results(0.5, **first), results(0.6, **changes)])
    assert found["benchmarks"]["deepset"]["same_rows"] is same
    note = " ".join(seed_lines(found)).partition("samples or other rows in each run")[2]
    assert ("deepset" in note) is not same


def test_files_that_are_no_results_are_named(tmp_path):
    with pytest.raises(DataError, match="no benchmark results at .*benchmark_results.json"):
        read_benchmarks(tmp_path)
    (tmp_path / "benchmark_results.json").write_text("{")
    with pytest.raises(DataError, match="is not valid JSON"):
        read_benchmarks(tmp_path)
    (tmp_path / "benchmark_results.json").write_text(json.dumps({"schema": 0}))
    with pytest.raises(DataError, match=f"schema {SCHEMA}, found 0"):
        read_benchmarks(tmp_path / "benchmark_results.json")
    (tmp_path / "benchmark_results.json").write_text(json.dumps(results(0.5)))
    assert read_benchmarks(tmp_path)["subject"] == "guard"


def test_the_command_prints_the_table_and_writes_it_beside_the_first_run(tmp_path, capsys, monkeypatch):
    runs = [tmp_path / name for name in ("a", "b")]
    for run, recall in zip(runs, (0.5, 0.6), strict=True):
        run.mkdir()
        (run / "benchmark_results.json").write_text(json.dumps(results(recall)))
    words = ["evaluate_benchmarks.py", "--runs", str(runs[0]), str(runs[1] / "benchmark_results.json")]
    monkeypatch.setattr("sys.argv", words)
    evaluate_benchmarks.main()
    written = json.loads((runs[0] / "seeds.json").read_text())
    assert written["runs"] == 2 and not (runs[1] / "seeds.json").exists()
    assert "55.0 +- 7.1%" in capsys.readouterr().out
    evaluate_benchmarks.aggregate(runs, tmp_path)
    assert json.loads((tmp_path / "seeds.json").read_text()) == written
