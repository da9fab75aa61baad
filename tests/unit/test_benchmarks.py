"""The benchmark table, its runner, and what it writes."""

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest

from src.config import Config, DataConfig, EvalConfig
from src.data.attack_generators import ATTACKS, GeneratedExample, evaluation_attacks
from src.data.lookalikes import MAKERS
from src.data.schema import Example
from src.errors import DataError, GuardrailError
from src.evaluation import benchmarks as module
from src.evaluation.benchmarks import (
    Benchmark,
    build_benchmarks,
    compare_to_baseline,
    evaluate_heldout,
    headline_of,
    policy_of,
    run_benchmarks,
)
from src.evaluation.calibration import Calibration
from src.evaluation.predictor import Predictions
from src.labels import Family, Label
from src.policy import POLICIES

CFG = Config(data=DataConfig(generated_rows=4), eval=EvalConfig(fpr_budget=0.01))
CALIBRATION = Calibration(thresholds={policy: {"0.01": 0.5} for policy in POLICIES})


def example(text: str, label: Label = Label.BENIGN, family: Family | None = None, **fields) -> Example:
    family = family or (Family.NONE if label == Label.BENIGN else Family.DIRECT_INJECTION)
    return Example(text=text, label=label, family=family, **({"source": "s", "group": text, "split": "test"} | fields))


class WordPredictor:
    """The score is the number at the end of the text: 'water 0.3' has p_attack 0.3 plus `shift`."""

    def __init__(self, name: str = "guard", *, shift: float = 0.0, router: bool = True, harmful: bool = False) -> None:
        self.name, self.shift, self.router, self.harmful = name, shift, router, harmful

    def predict(self, texts, *, desc=None):
        n = len(texts)
        scores = np.clip([float(text.split()[-1]) + self.shift for text in texts], 0, 1)
        class_probs = np.zeros((n, 4))
        class_probs[:, Label.BENIGN], class_probs[:, Label.DIRECT_INJECTION] = 1 - scores, scores
        return Predictions(
            class_probs=class_probs,
            family_probs=np.full((n, 16), 1 / 16),
            p_attack={policy: np.array(scores, dtype=np.float64) for policy in POLICIES},
            p_deep=np.full(n, 0.2 if self.router else np.nan),
            is_deep=np.array([self.router and "deep" in text for text in texts]),
            num_windows=np.ones(n, dtype=int),
            num_views=np.zeros(n, dtype=int),
            tokens=np.full(n, 3),
        )


INJECTIONS = tuple(example(f"ignore {i / 10}", Label.DIRECT_INJECTION) for i in range(10))  # recall 0.5
BENIGN = tuple(
    example(f"water deep {0.1 if i else 0.9}", group=str(i), lang="de", category="river") for i in range(20)
)  # FPR 0.05
HARMFUL = tuple(example(f"bomb {s}", Label.JAILBREAK, Family.HARMFUL_REQUEST) for s in (0.9, 0.8, 0.7, 0.1))


def benchmark(name: str, examples, kind="file", **fields) -> Benchmark:
    values = (
        {"policy": policy_of(examples), "headline": headline_of(examples)}
        if examples
        else {"policy": "override", "headline": "both"}
    )
    return Benchmark(name=name, revision="r1", kind=kind, examples=tuple(examples), **(values | fields))


TABLE = [
    benchmark("injections", INJECTIONS),
    benchmark("benign", BENIGN, eval_group="over"),
    benchmark("more_benign", [example("fine 0.2"), example("fine 0.8")], eval_group="over"),
    benchmark("harmful", HARMFUL),
    benchmark("generated/flip", [example("a 0.9", Label.OBFUSCATION, Family.FLIP, attack="flip/fcs"),
                                 example("b 0.6", attack="flip/fcs")], kind="generated"),
    benchmark("heldout/test", [*INJECTIONS, *BENIGN], kind="heldout"),
    benchmark("pint", [], reason="the data set is private"),
]  # fmt: skip


def run(tmp_path, predictors=None, table=TABLE, cfg=CFG, calibrations=None):
    predictors = predictors or [WordPredictor(), WordPredictor("tfidf", shift=-0.15, router=False)]
    calibrations = calibrations or {predictor.name: CALIBRATION for predictor in predictors}
    return run_benchmarks(table, predictors, calibrations, tmp_path, cfg)


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


def test_a_benchmark_without_data_says_why_and_has_no_numbers(tmp_path):
    record = run(tmp_path)["benchmarks"]["pint"]
    assert (record["status"], record["reason"], record["results"]) == ("not run", "the data set is private", {})


def test_the_files_hold_what_was_returned(tmp_path):
    results = run(tmp_path)
    written = json.loads((tmp_path / "benchmark_results.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(results))
    assert written["schema"] == 3 and written["subject"] == "guard" and written["baselines"] == ["tfidf"]
    with (tmp_path / "benchmark_summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 * 2 * 2 + 1
    first = next(row for row in rows if row["benchmark"] == "injections" and row["policy"] == "override")
    assert (first["recall"], first["fpr"], first["own_policy"]) == ("0.5", "", "override")
    assert next(row for row in rows if row["benchmark"] == "pint")["reason"] == "the data set is private"


def test_every_text_has_a_row_of_predictions_without_the_text(tmp_path):
    run(tmp_path)
    table = pq.read_table(tmp_path / "predictions.parquet").to_pandas()
    assert len(table) == 2 * sum(len(b.examples) for b in TABLE)
    guard = table[(table.benchmark == "injections") & (table.model == "guard")]
    np.testing.assert_allclose(guard.p_attack_override, np.arange(10) / 10)
    assert guard["index"].tolist() == list(range(10))
    assert set(guard.label) == {"direct_injection"}
    assert table[table.model == "tfidf"].p_deep.isna().all()
    assert "text" not in table.columns


def test_a_sample_is_seeded_and_counted(tmp_path):
    cfg = Config(eval=EvalConfig(max_rows_per_benchmark=5))
    results = run(tmp_path / "a", cfg=cfg)["benchmarks"]["injections"]
    assert (results["n"], results["n_available"], results["results"]["guard"]["n"]) == (5, 10, 5)
    again = run(tmp_path / "b", cfg=cfg)["benchmarks"]["injections"]
    assert again == results


def test_the_order_of_rows_changes_no_rate(tmp_path):
    forward = run(tmp_path / "a")["benchmarks"]["injections"]["results"]["guard"]["policies"]
    table = [benchmark("injections", INJECTIONS[::-1])]
    assert run(tmp_path / "b", table=table)["benchmarks"]["injections"]["results"]["guard"]["policies"] == forward


def test_comparison_with_the_baseline(tmp_path):
    results = run(tmp_path)
    comparison = compare_to_baseline(results)
    override = comparison["policies"]["override"]
    assert (comparison["guard"], comparison["baseline"]) == ("guard", "tfidf")
    assert override["guard"]["macro_recall"] == (0.5 + 1.0) / 2
    assert override["baseline"]["macro_recall"] == pytest.approx((0.3 + 1.0) / 2)
    assert comparison["guard_wins"] is False  # a higher recall bought with false alarms is no win
    fairer = run(tmp_path, [WordPredictor(), WordPredictor("worse", shift=-0.05)])
    assert compare_to_baseline(fairer, "worse")["policies"]["override"]["baseline"]["macro_fpr"] is not None
    same_alarms = [b for b in TABLE if b.name in ("injections", "benign")]
    assert compare_to_baseline(run(tmp_path, table=same_alarms))["guard_wins"] is True
    with pytest.raises(DataError, match="no results of 'regex'"):
        compare_to_baseline(results, "regex")
    with pytest.raises(DataError, match="no baseline"):
        compare_to_baseline(run(tmp_path, [WordPredictor()]))


def test_a_tie_is_no_win_and_no_sets_are_undecided(tmp_path):
    same = run(tmp_path, [WordPredictor(), WordPredictor("twin")])
    assert compare_to_baseline(same)["guard_wins"] is False
    attacks_only = run(tmp_path, table=[benchmark("injections", INJECTIONS)])
    assert compare_to_baseline(attacks_only)["guard_wins"] is None


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


def test_the_table_has_files_cells_the_held_out_split_and_what_is_not_there(monkeypatch):
    seen = {}

    def grid(families, payloads, benign, **options):
        seen.update(payloads=payloads, benign=benign, **options)
        return {name: [example(name, Label.OBFUSCATION, Family.FLIP, attack=each[0].name)] for name, each in families.items()}

    monkeypatch.setattr(module, "generate_grid", grid)
    benign = example("b", attack=None)
    splits = SimpleNamespace(
        evaluation={
            "set": list(BENIGN),
            "toxicchat": list(INJECTIONS),
            "empty": [],
            "again": [example("new", source="trained")],
        },
        test=[benign, example("twin", attack="flip/fcs"), *INJECTIONS],
        reserved_payloads=list(HARMFUL),
        train=[example("t", source="trained")],
        manifest={
            "evaluation": {
                name: {"revision": "owner/name@abc", "eval_group": "over", "licence": "MIT"}
                for name in ("set", "toxicchat", "empty", "again")
            }
        },
    )
    cfg = replace(CFG, data=replace(CFG.data, left_out=["flip/fcs", "some_source"]))
    table = {b.name: b for b in build_benchmarks(splits, cfg)}
    assert (table["set"].revision, table["set"].eval_group, table["set"].headline) == ("owner/name@abc", "over", "fpr")
    assert table["set"].licence == "MIT" and table["generated/flip"].licence is None
    assert table["empty"].reason == "the set has no rows"
    assert {b.name for b in table.values() if b.kind == "generated"} == {
        *(f"generated/{name}" for name in evaluation_attacks()), "left_out/flip/fcs",
    }  # fmt: skip
    assert [row.attack for row in table["left_out/flip/fcs"].examples] == ["flip/fcs"]
    assert (table["set"].kind, table["again"].kind) == ("file", "heldout")  # a trained source is no unseen data
    assert table["heldout/test"].headline == "both"
    assert table["toxicchat"].reason is None  # the source has it: no "not run" row under the same name
    assert "private" in table["pint"].reason
    assert "data.bipia_dir" in table["bipia/email"].reason
    assert {"wildguardtest", "notinject"} <= set(table)
    assert (seen["payloads"], seen["benign"], seen["rows"]) == (list(HARMFUL), [benign], 4)


@pytest.mark.parametrize(
    ("stated", "sha256", "revision"),
    [
        ("abc", None, "abc"),
        ("abc", "0123456789abcdef", "abc, sha256 0123456789ab"),
        (None, "0123456789abcdef", "sha256 0123456789ab"),
        ("pint, sha256 0123456789ab", "0123456789abcdef", "pint, sha256 0123456789ab"),
        (None, None, "not stated by the data source"),
    ],
)
def test_a_set_has_an_immutable_revision_where_its_file_is_known(stated, sha256, revision):
    manifest = {"evaluation": {"set": {"revision": stated, "sha256": sha256, "eval_group": None, "licence": None}}}
    rows = list(BENIGN)
    splits = SimpleNamespace(evaluation={"set": rows}, train=[], test=rows, reserved_payloads=[], manifest=manifest)
    assert build_benchmarks(splits, CFG)[0].revision == revision


def test_without_reserved_payloads_the_cells_say_why():
    splits = SimpleNamespace(evaluation={}, train=[], test=list(BENIGN), reserved_payloads=[], manifest={"evaluation": {}})
    table = {b.name: b for b in build_benchmarks(splits, CFG)}
    assert "reserved_payload_source" in table["generated"].reason


def test_a_family_that_too_few_texts_were_found_for_says_why_and_the_others_are_run(monkeypatch, caplog):
    def grid(families, payloads, benign, **options):
        if "flip" in families:
            raise DataError("made 1 of 4 rows")
        return {name: [example(name, Label.OBFUSCATION, Family.ENCODING)] for name in families}

    monkeypatch.setattr(module, "generate_grid", grid)
    splits = SimpleNamespace(
        evaluation={}, train=[], test=list(BENIGN), reserved_payloads=list(HARMFUL), manifest={"evaluation": {}}
    )
    table = {b.name: b for b in build_benchmarks(splits, CFG)}
    assert (table["generated/flip"].reason, table["generated/flip"].examples) == ("made 1 of 4 rows", ())
    assert table["generated/encoding"].reason is None and "generated/flip is not run" in caplog.text


def test_a_family_is_a_grid_of_cells_with_as_many_attacks_as_twins():
    rows = {label: [example(f"{label.name} words {i} of a text", label) for i in range(9)] for label in Label}
    splits = SimpleNamespace(
        evaluation={}, train=[], test=rows[Label.BENIGN], reserved_payloads=rows[Label.JAILBREAK], manifest={"evaluation": {}}
    )
    generated = [b for b in build_benchmarks(splits, CFG) if b.kind == "generated"]
    for b in generated:
        cells = Counter((row.attack, row.wrapper is None, row.label != Label.BENIGN) for row in b.examples)
        covered = Counter(row.attack for row in b.examples if "cover" in (row.wrapper or ""))
        transforms = {attack for attack, *_ in cells}
        assert len(cells) == 4 * len(transforms)  # bare and wrapped, attack and twin
        for (attack, is_bare, _), n in cells.items():
            assert n == CFG.data.generated_rows * (2 if covered[attack] and not is_bare else 1)
    assert {row.attack for b in generated for row in b.examples} == set(ATTACKS)


def test_look_alikes_are_held_out_texts_that_decide_no_matched_comparison():
    splits = SimpleNamespace(evaluation={}, train=[], test=list(BENIGN), reserved_payloads=[], manifest={"evaluation": {}})
    made = next(b for b in build_benchmarks(splits, CFG) if b.name == "heldout/lookalikes")
    assert (made.kind, made.headline, len(made.examples)) == ("heldout", "fpr", 16)
    assert len({row.category for row in made.examples}) == len(MAKERS)
    splits.train = [replace(made.examples[0], split="train")]
    again = next(b for b in build_benchmarks(splits, CFG) if b.name == "heldout/lookalikes")
    assert [row.text for row in again.examples] == [row.text for row in made.examples[1:]]  # a trained text is no test


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


def test_policy_and_headline_follow_from_the_labels():
    assert policy_of(INJECTIONS) == policy_of(BENIGN) == "override"
    assert policy_of([*INJECTIONS, *HARMFUL]) == "full"
    assert [headline_of(rows) for rows in (INJECTIONS, BENIGN, [*INJECTIONS, *BENIGN])] == ["recall", "fpr", "both"]


def test_the_categories_of_pint_are_scored_as_published(tmp_path):
    rows = [
        example("chat 0.1", source="pint:chat"), example("chat 0.9", source="pint:chat"),
        example("notes 0.1", source="pint:documents"),
        example("obey 0.9", Label.DIRECT_INJECTION, source="pint:prompt_injection"),
        example("obey 0.2", Label.DIRECT_INJECTION, source="pint:documents"),
    ]  # fmt: skip
    results = run(tmp_path, table=[benchmark("pint", rows), benchmark("benign", BENIGN)])["benchmarks"]
    score = results["pint"]["results"]["guard"]["category_score"]
    assert score["published"] == pytest.approx(((0.5 + 1) / 2 + (1 + 0) / 2) / 2)
    assert score["pooled"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert results["benign"]["results"]["guard"]["category_score"] is None


class Interrupted(WordPredictor):
    """Counts the texts that it is asked about; `fails_at` names a benchmark's text at which the process ends."""

    asked = 0
    fails_at: str | None = None

    def predict(self, texts, *, desc=None):
        if self.fails_at in texts:
            raise KeyboardInterrupt
        self.asked += len(texts)
        return super().predict(texts, desc=desc)


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


def test_a_category_with_a_bar_is_also_counted_under_what_stands_before_it(tmp_path):
    categories = ["PAIR", None, "GCG", *["PAIR|llama", "PAIR|vicuna"] * 3, "PAIR|llama"]
    rows = [replace(row, category=category) for row, category in zip(INJECTIONS, categories, strict=True)]
    found = run(tmp_path, table=[benchmark("jbb_artifacts", rows)])["benchmarks"]["jbb_artifacts"]["results"]["guard"]
    assert {key: part["n_attack"] for key, part in found["by_category"].items()} == {
        "GCG": 1, "PAIR": 8, "PAIR|llama": 4, "PAIR|vicuna": 3,
    }  # fmt: skip


DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmark_results.md"
FREE = {  # what stands below is named by the data, not by the schema
    "benchmarks", "results", "predictors", "policies", "summary", "comparison", "per_class", "cells", "family_recall", "by_lang",
    "by_length", "by_category", "by_form", "by_attack", "by_route", "groups", "matched", "paired", "sets", "flips", "intervals",
}  # fmt: skip
CELL_NAMES = {"benign", "attack", "chat", "prompt_injection"}  # of PINT in the test
ELSEWHERE = {"environment", "calibration"}  # described where they are made


def keys_of(node, parent: str = "", depth: int = 0) -> set[str]:
    """Every key of a file that the schema names."""
    if not isinstance(node, dict) or parent in ELSEWHERE:
        return set()
    found = set()
    for key, value in node.items():
        named_by_data = parent in FREE and depth == 0
        found |= (set() if named_by_data else {key}) | keys_of(value, parent if named_by_data else key, 1 if named_by_data else 0)
    return found


def test_every_key_of_the_results_is_documented_and_nothing_else_is(tmp_path):
    rows = [
        example("chat 0.1", source="pint:chat", group="g"),
        example("obey 0.9", Label.DIRECT_INJECTION, source="pint:prompt_injection", group="g"),
        example("obey 0.8", Label.DIRECT_INJECTION, source="pint:prompt_injection", group="h"),
        example("chat 0.8", source="pint:chat", group="h"),
    ]
    predictors = [WordPredictor(), WordPredictor("tfidf", shift=-0.15)]
    calibrations = {predictor.name: CALIBRATION for predictor in predictors}
    table = [*TABLE[:-1], benchmark("pint", rows)]
    results = run_benchmarks(table, predictors, calibrations, tmp_path / "a", CFG, rebatched=WordPredictor())
    attacks_only = run(tmp_path / "b", table=[TABLE[0]])  # says why it matched nothing
    used = keys_of(json.loads(json.dumps(results))) | keys_of(json.loads(json.dumps(attacks_only)))
    used -= {*POLICIES, *CELL_NAMES, "file", "generated", "heldout", "unseen"}
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.startswith(f"# benchmark_results.json, schema {module.SCHEMA}\n")
    documented = names_in(text)
    bases = {re.sub("(_clustered)?_interval$", "", key): key for key in used}
    assert {key for base, key in bases.items() if key not in documented and base not in documented} == set()
    in_first_column = names_in("\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `")))
    assert in_first_column - used == set()


def names_in(text: str) -> set[str]:
    words = {word for quoted in re.findall(r"`([a-z0-9_.<>]+)`", text) for word in quoted.split(".")}
    return {word for word in words if "<" not in word}
