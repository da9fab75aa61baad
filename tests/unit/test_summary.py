"""Means over sets and summed counts."""

from dataclasses import replace

import pytest

from src.policy import POLICIES
from tests.benchmark_rows import CALIBRATION, HARMFUL, benchmark, example, run


def test_harmful_goals_count_under_full_only(tmp_path):
    results = run(tmp_path)
    harmful = results["benchmarks"]["harmful"]
    assert harmful["policy"] == "full"
    assert harmful["results"]["guard"]["recall"] == 0.75
    assert harmful["results"]["guard"]["policies"]["override"]["recall"] is None
    summary = results["summary"]["guard"]
    assert summary["override"]["file"]["attack_sets"] == ["injections"]
    assert summary["full"]["file"]["attack_sets"] == ["injections", "harmful"]
    assert summary["full"]["file"]["macro_recall"] == (0.5 + 0.75) / 2
    assert summary["full"]["file"]["pooled_recall"] == 8 / 14


def test_means_leave_held_out_rows_apart_and_groups_are_pooled(tmp_path):
    summary = run(tmp_path)["summary"]["guard"]
    assert summary["override"]["unseen"]["benign_sets"] == ["benign", "more_benign", "generated/flip"]
    assert summary["override"]["file"]["macro_fpr"] == (0.05 + 0.5) / 2
    assert summary["override"]["file"]["pooled_fpr"] == 2 / 22
    assert summary["groups"]["over"]["override"]["fpr"] == 2 / 22
    interval = pytest.approx((0.3720, 0.6754), abs=1e-3)
    assert summary["routing"] == {"n": 38, "share": 20 / 38, "interval": interval, "asked": None, "is_off": None}


@pytest.mark.parametrize(("asked", "is_off"), [(0.45, False), (0.62, False), (0.3, True), (0.7, True)])
def test_benchmarks_that_send_another_share_deep_than_was_asked_for_are_noticed(tmp_path, asked, is_off):
    calibration = replace(CALIBRATION, target_deep_fraction=asked)
    routing = run(tmp_path, calibrations={"guard": calibration, "tfidf": CALIBRATION})["summary"]["guard"]["routing"]
    assert (routing["share"], routing["asked"], routing["is_off"]) == (20 / 38, asked, is_off)


def test_false_alarms_are_summed_by_language_and_length_under_both_policies(tmp_path):
    table = [
        benchmark("a", [example("x 0.9", lang="de"), example("y 0.1", lang="de"), example("z 0.9", lang="ko")]),
        benchmark("b", [example("long " * 100 + "0.9", lang="de"), *HARMFUL]),
        benchmark("heldout/test", [example("x 0.9", lang="de")], kind="heldout"),
    ]
    summary = run(tmp_path, table=table)["summary"]["guard"]
    german = summary["by_lang"]["de"]
    assert [(german[policy]["fp"], german[policy]["n_benign"]) for policy in POLICIES] == [(2, 3), (2, 3)]
    assert summary["by_lang"]["ko"]["override"]["fpr"] == 1.0
    assert summary["by_length"]["below 1600"]["full"]["n_benign"] == 1
    undeclared = summary["by_lang"][HARMFUL[0].lang]
    assert (undeclared["override"]["n_attack"], undeclared["full"]["n_attack"]) == (0, 4)
