"""Figures of one predictor on one benchmark, by hand."""

from dataclasses import replace

import pytest

from src.data.attack_generators import GeneratedExample
from src.labels import Family, Label
from tests.benchmark_rows import BENIGN, INJECTIONS, benchmark, example, run


def test_rates_by_hand(tmp_path):
    results = run(tmp_path)["benchmarks"]
    injections = results["injections"]["results"]["guard"]
    assert (injections["n"], injections["recall"], injections["fpr"], injections["auc"]) == (10, 0.5, None, None)
    assert injections["recall_interval"] == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert injections["threshold"] == 0.5
    benign = results["benign"]["results"]["guard"]
    assert (benign["recall"], benign["fpr"]) == (None, 0.05)
    assert benign["policies"]["full"]["fpr"] == 0.05
    assert benign["routing"]["share"] == 1.0
    assert results["benign"]["results"]["tfidf"]["routing"]["share"] is None
    assert benign["by_lang"]["de"]["n_benign"] == 20
    assert benign["by_category"]["river"]["n_benign"] == 20 and injections["by_category"] == {}
    assert benign["by_route"]["deep"]["fpr"] == 0.05 and "fast" not in benign["by_route"]
    flip = results["generated/flip"]["results"]["guard"]
    assert (flip["by_attack"]["flip/fcs"]["recall"], flip["by_attack"]["flip/fcs"]["fpr"]) == (1.0, 1.0)
    assert flip["family_recall"]["flip"]["n"] == 1


def test_the_order_of_rows_changes_no_rate(tmp_path):
    forward = run(tmp_path / "a")["benchmarks"]["injections"]["results"]["guard"]["policies"]
    table = [benchmark("injections", INJECTIONS[::-1])]
    assert run(tmp_path / "b", table=table)["benchmarks"]["injections"]["results"]["guard"]["policies"] == forward


def test_a_set_without_rows_is_not_run_and_a_set_of_one_class_has_no_curve(tmp_path):
    table = [benchmark("empty", []), benchmark("attacks", INJECTIONS), benchmark("benign", BENIGN)]
    results = run(tmp_path, table=table)
    empty = results["benchmarks"]["empty"]
    assert (empty["status"], empty["reason"], empty["n"], empty["results"]) == ("not run", "the set has no rows", 0, {})
    for name in ("attacks", "benign"):
        figures = results["benchmarks"][name]["results"]["guard"]
        both = ("auc", "average_precision", "balanced_accuracy", "recall_at_budget", "recall_at_strict_fpr")
        assert {key: figures[key] for key in both} == dict.fromkeys(both)
        assert {key: figures["intervals"][key] for key in both} == dict.fromkeys(both)
    assert results["summary"]["guard"]["override"]["file"]["benign_sets"] == ["benign"]


def test_bare_and_wrapped_forms_are_apart(tmp_path):
    fields = {"source": "s", "group": "g", "attack": "flip/fcs", "label": Label.OBFUSCATION, "family": Family.FLIP}
    rows = [
        GeneratedExample(text=f"a {score}", wrapper=wrapper, **fields)
        for score, wrapper in ((0.9, "w1"), (0.1, None), (0.8, None))
    ]
    result = run(tmp_path, table=[benchmark("generated/flip", rows, kind="generated")])["benchmarks"]["generated/flip"][
        "results"
    ]["guard"]
    assert result["by_form"]["wrapped"]["recall"] == 1.0
    assert result["by_form"]["bare"]["recall"] == 0.5
    assert result["by_attack"]["flip/fcs bare"]["n_attack"] == 2


def test_the_categories_of_pint_are_scored_as_published(tmp_path):
    rows = [
        example("chat 0.1", source="pint:chat"),
        example("chat 0.9", source="pint:chat"),
        example("notes 0.1", source="pint:documents"),
        example("obey 0.9", Label.DIRECT_INJECTION, source="pint:prompt_injection"),
        example("obey 0.2", Label.DIRECT_INJECTION, source="pint:documents"),
    ]
    results = run(tmp_path, table=[benchmark("pint", rows), benchmark("benign", BENIGN)])["benchmarks"]
    score = results["pint"]["results"]["guard"]["category_score"]
    assert score["published"] == pytest.approx(((0.5 + 1) / 2 + (1 + 0) / 2) / 2)
    assert score["pooled"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert results["benign"]["results"]["guard"]["category_score"] is None


def test_rows_of_one_group_widen_the_intervals_and_others_have_none(tmp_path):
    shared = [replace(row, group=str(i // 5)) for i, row in enumerate(INJECTIONS)]
    results = run(tmp_path, table=[benchmark("alone", INJECTIONS), benchmark("shared", shared), benchmark("benign", BENIGN)])
    alone, together = (results["benchmarks"][name]["results"]["guard"] for name in ("alone", "shared"))
    assert alone["recall_clustered_interval"] is None and together["recall_clustered_interval"] == (0.0, 1.0)
    assert together["by_length"]["below 100"]["recall_clustered_interval"] == (0.0, 1.0)
    assert together["intervals"]["recall"] == (0.0, 1.0) and together["intervals"]["auc"] is None
    pooled = results["summary"]["guard"]["override"]["file"]
    low, high = pooled["pooled_recall_clustered_interval"]
    assert low < pooled["pooled_recall_interval"][0] and high > pooled["pooled_recall_interval"][1]


def test_a_category_with_a_bar_is_also_counted_under_what_stands_before_it(tmp_path):
    categories = ["PAIR", None, "GCG", *["PAIR|llama", "PAIR|vicuna"] * 3, "PAIR|llama"]
    rows = [replace(row, category=category) for row, category in zip(INJECTIONS, categories, strict=True)]
    found = run(tmp_path, table=[benchmark("jbb_artifacts", rows)])["benchmarks"]["jbb_artifacts"]["results"]["guard"]
    assert {key: part["n_attack"] for key, part in found["by_category"].items()} == {
        "GCG": 1,
        "PAIR": 8,
        "PAIR|llama": 4,
        "PAIR|vicuna": 3,
    }
