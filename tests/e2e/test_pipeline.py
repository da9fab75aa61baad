"""The entry scripts one after the other, as run_end_to_end.sh calls them, on a small local data set and a tiny encoder."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from scripts.run_ablations import DEFAULT, cells_of
from src.config import CONFIG_DIR, load_config
from src.evaluation.benchmarks import HELDOUT
from src.files import sha256_of
from src.run import RunPaths
from src.runtime.artifact import read_artifact_config

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixtures" / "local_data"
VALIDATION_SOURCES = ["garden_forum", "fragen_de", "override_notes_b", "story_frames_b"]
RESERVED_SOURCE = "reserved_requests"
MIXTURE = {
    "flip": 12,
    "homoglyph": 12,
    "encoding": 12,
    "char_injection": 12,
    "typoglycemia": 12,
    "code_chameleon": 0,
    "direct_injection": 20,
    "jailbreak": 12,
    "harmful_request": 10,
    "hard_negatives": 20,
}


def run_script(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "HF_TOKEN"} | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, ROOT / script, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


@pytest.fixture(scope="module")
def overrides(tiny_encoder_dir) -> list[str]:
    vocab_size = json.loads((tiny_encoder_dir / "config.json").read_text())["vocab_size"]
    return [
        "data.source=local",
        f"data.local_dir={FIXTURE}",
        f"data.validation_sources=[{','.join(VALIDATION_SOURCES)}]",
        f"data.reserved_payload_source={RESERVED_SOURCE}",
        "data.test_fraction=0.2",
        "data.generated_rows=6",
        *(f"data.mixture.{name}={count}" for name, count in MIXTURE.items()),
        f"model.init_from={tiny_encoder_dir}",
        f"model.tokenizer_from={tiny_encoder_dir}",
        f"model.vocab_size={vocab_size}",
        "model.d_model=32",
        "model.num_heads=4",
        "model.d_ff=64",
        "model.fast_num_layers=1",
        "model.deep_num_layers=2",
        "model.moe_num_layers=1",
        "model.num_experts=4",
        "optim.learning_rate=2e-3",
        "eval.fpr_budget=0.05",
        "train.epochs=3",
        "train.mixed_precision=no",
        "logging.tensorboard=false",
        "search.n_trials=2",
        "search.max_train_rows=60",
        "search.max_val_rows=60",
        "eval.latency_runs=3",
        "eval.parity_rows=20",
        "eval.max_decision_flips=1.0",
        "eval.max_rows_per_benchmark=12",
    ]


def test_every_stage_runs_and_leaves_its_files(tmp_path, overrides):
    paths = RunPaths(tmp_path / "run")
    config = ["--config", ROOT / "configs" / "dry_run.yaml"]
    words = [*overrides, f"run.output_dir={paths.root}"]
    traffic = tmp_path / "traffic.jsonl"
    traffic.write_text("".join(json.dumps({"text": f"what is {i} plus {i}"}) + "\n" for i in range(40)))
    stages = [
        ("dry_run.py", [*config, *words]),
        ("train_production_final.py", ["--dry_run", *words]),
        ("scripts/find_learning_rate.py", ["--steps", 11, *config, *words]),
        ("hyperparameter_optimization.py", ["--n_trials", 2, *config, *words]),
        ("train_production_final.py", [*config, *words]),
        (
            "train_production_final.py",
            ["--output_dir", paths.root, "--epochs", 3, *config, *overrides],
        ),  # finished: goes on where it stopped, and that is the end
        ("optimize_model.py", ["--model_path", paths.best_model]),
        ("evaluate_benchmarks.py", ["--model_path", paths.optimized]),
        (
            "scripts/attack_guard.py",
            ["--model_path", paths.optimized, "--budgets", 1, 4, "--num_payloads", 6, "--policy", "both", "--baseline"],
        ),
        ("scripts/measure_routing.py", ["--model_path", paths.best_model]),
        (
            "scripts/compare_baselines.py",
            [
                "--model_path",
                paths.best_model,
                "--max_rows",
                12,
                "--baselines",
                "tfidf",
                "regex",
                "minilm",
                "sentinel",
                "train.epochs=1",
            ],
        ),
        (
            "scripts/generate_paper_figures.py",
            ["--metrics", paths.training_metrics_csv, "--results", paths.benchmarks / "benchmark_results.json"],
        ),
        ("scripts/make_report.py", [*config, *words]),
        ("export_onnx.py", ["--model_path", paths.best_model, "--output_path", tmp_path / "one" / "guard.onnx"]),
        ("scripts/calibrate_threshold.py", ["--model_path", paths.best_model, "--target_fpr", "8.0"]),
        ("scripts/calibrate_threshold.py", ["--model_path", paths.best_model, "--target_fpr", "8.0", "--benign", traffic]),
        ("scripts/calibrate_threshold.py", ["--model_path", paths.optimized, "--target_fpr", "8.0", "eval.max_segments=3"]),
    ]
    for script, arguments in stages:
        done = run_script(script, *arguments)
        assert done.returncode == 0, f"{script}: {done.stderr[-3000:]}"
        assert "Traceback" not in done.stderr
    for file in (
        paths.config_yaml,
        paths.environment_json,
        paths.manifest_json,
        paths.training_log,
        paths.training_metrics_csv,
        paths.steps_csv,
        paths.best_model,
        paths.safetensors,
        paths.final_metrics_json,
        paths.optimization_json,
        paths.dry_run / "dry_run_report.json",
        paths.hpo / "best_hyperparameters.json",
        paths.hpo / "hpo_trials.csv",
        paths.benchmarks / "benchmark_results.json",
        paths.benchmarks / "benchmark_summary.csv",
        paths.results / "deferral.png",
        paths.results / "learning_rate.png",
        paths.dry_run / "final_metrics.json",
        paths.benchmarks / "predictions.parquet",
        paths.report_md,
        paths.report_html,
        paths.optimized / "model_int8.onnx",
    ):
        assert file.is_file() and file.stat().st_size > 0, file
    calibration = read_artifact_config(paths.optimized)["calibration"]
    assert (calibration["max_segments"], calibration["fpr_budget"]) == (3, 0.08)
    assert not [file for kind in ("*.pth", "*.onnx", "*.safetensors") for file in paths.dry_run.rglob(kind)]  # nobody needs them
    phases = [line.split(",")[1] for line in paths.training_metrics_csv.read_text().splitlines()[1:]]
    assert len(phases) == 3
    dry_run = json.loads((paths.dry_run / "dry_run_report.json").read_text())
    assert len(dry_run["checks"]) == 7 and dry_run["passed"]
    results = json.loads((paths.benchmarks / "benchmark_results.json").read_text())
    attack = json.loads(paths.attack_json.read_text())
    assert len(attack["guards"]) == 2
    for policies in attack["guards"].values():
        for policy, found in policies.items():
            assert found["payloads"]["n"] == 6 and set(found["payloads"]["sources"]) <= {*VALIDATION_SOURCES, RESERVED_SOURCE}
            assert (RESERVED_SOURCE in found["payloads"]["sources"]) == (policy == "full")
            assert all(each["queries"] <= 4 for each in found["attacks"])
    assert any(b["kind"] == "file" and b["status"] == "run" for b in results["benchmarks"].values())
    comparison = json.loads((paths.baselines / "comparison.json").read_text())["predictors"]
    assert {name: entry["status"] for name, entry in comparison.items()} == {
        "tinyguardrail": "run",
        "tfidf": "run",
        "regex": "run",
        "minilm": "run",
        "sentinel": "not run",
    }
    assert comparison["minilm"]["about"]["epochs"] == 1  # a word after --baselines is an override where it has a dot
    assert "not run:" in paths.report_md.read_text()  # private and gated sets say why
    state = torch.load(paths.best_model, weights_only=True)
    assert state["calibration"]["fpr_budget"] == pytest.approx(0.08)
    recorded = paths.config_yaml.read_text(), paths.environment_json.read_text()
    other = run_script("train_production_final.py", *overrides, f"run.output_dir={paths.root}", "optim.weight_decay=0.5")
    assert other.returncode == 1 and "belongs to another run" in other.stderr
    assert (paths.config_yaml.read_text(), paths.environment_json.read_text()) == recorded  # still those of the run


def test_few_rows_are_evaluated_on_both_forced_routes_too(tmp_path, overrides, exported_dir):
    words = [word for word in overrides if word.startswith("data.")]  # other data than in its training
    arguments = ["--model_path", exported_dir, "--output_dir", tmp_path, "--quick", "--forced_routes", *words]
    done = run_script("evaluate_benchmarks.py", *arguments, f"run.output_dir={tmp_path / 'run'}")
    assert done.returncode == 0, done.stderr[-3000:]
    results = json.loads((tmp_path / "benchmark_results.json").read_text())
    subject = results["subject"]
    assert set(results["predictors"]) == {subject, "tfidf", f"{subject}, all fast", f"{subject}, all deep"}
    run = [record for record in results["benchmarks"].values() if record["status"] == "run"]
    assert run and all(set(record["results"]) == set(results["predictors"]) for record in run)
    heldout = results["benchmarks"][HELDOUT]
    assert heldout["status"] == "not run" and "may have been trained on these rows, which data." in heldout["reason"]
    assert all(record["kind"] == "file" for record in run)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("data.local_dir=/no/such/place", "no directory at"),
        ("data.validation_sources=[chta]", "no source 'chta'"),
        ("data.mixture.homoglyf=3", "did you mean 'homoglyph'"),
        ("data.mixture.harmful_request=100000", "harmful"),
    ],
)
def test_bad_input_is_one_clear_message(tmp_path, overrides, word, message):
    done = run_script("train_production_final.py", *overrides, f"run.output_dir={tmp_path}", word)
    assert done.returncode == 1
    assert message in done.stderr and "Traceback" not in done.stderr


def test_leaving_out_a_source_and_a_transform_measures_both_and_is_not_repeated(tmp_path, overrides):
    words = [*overrides, f"run.output_dir={tmp_path / 'run'}"]
    arguments = ["--names", "cooking_questions", "flip/fcs", "--config", "configs/quick.yaml", *words]
    done = run_script("scripts/leave_one_out.py", *arguments)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = json.loads((tmp_path / "run" / "results" / "leave_one_out.json").read_text())["cells"]
    assert cells["cooking_questions"]["left_out"]["n_benign"] == cells["cooking_questions"]["trained_on"]["n_benign"] > 0
    assert cells["flip/fcs"]["left_out"]["n_attack"] > 0 and "flip/fcs" in done.stdout
    again = run_script("scripts/leave_one_out.py", *arguments)
    assert again.returncode == 0 and again.stdout == done.stdout and "epoch" not in again.stderr


def test_an_ablation_trains_each_cell_once(tmp_path, overrides):
    root = tmp_path / "run"
    cell, same = "mean_and_maximum", "characters"  # the preset has characters
    arguments = ["--cells", cell, same, "--config", ROOT / "configs" / "dry_run.yaml", *overrides, f"run.output_dir={root}"]
    done = run_script("scripts/run_ablations.py", *arguments)
    assert done.returncode == 0, done.stderr
    record = json.loads((root / "ablations.json").read_text())
    assert list(record["cells"]) == ["default", cell] and f"nothing in this configuration: {same}" in done.stdout
    default, changed = (record["cells"][name]["42"] for name in ("default", cell))
    assert set(changed) == set(default) == {"routed", "without views", "fast branch only", "deep branch only"}
    assert default["routed"]["against_default"]["difference"] == 0
    assert all(0 <= default["routed"][key] <= 1 for key in ("recall", "auc", "transform_recall", "twin_fpr"))
    assert changed["routed"]["auc"] != default["routed"]["auc"]  # another network was trained
    assert f"| {cell} | 42 |" in (root / "ablations.md").read_text() and "default, without views" in done.stdout
    again = run_script("scripts/run_ablations.py", *arguments)
    assert again.returncode == 0 and "epoch 1" not in again.stderr
    assert json.loads((root / "ablations.json").read_text())["cells"] == record["cells"]
    manifest = root / "default" / "seed_42" / "manifest.json"
    assert record["manifest_sha256"] == sha256_of(manifest) and record["config"]["run"]["seed"] == 42
    refused = run_script("scripts/run_ablations.py", *arguments, "optim.weight_decay=0.5")
    assert refused.returncode == 1 and "scores of another configuration" in refused.stderr
    weights = {seed: root / "default" / f"seed_{seed}" / "best_model.pth" for seed in (42, 43)}
    assert weights[42].is_file()
    words = ["--cells", "default", "--seeds", "42", "43", "--scores_only", *arguments[3:]]
    seeds = run_script("scripts/run_ablations.py", *words)
    assert seeds.returncode == 0, seeds.stderr
    assert not [path for path in weights.values() if path.is_file()]
    found = json.loads((root / "ablations.json").read_text())["cells"]["default"]
    assert list(found) == ["42", "43", "mean of 2"] and found["42"] == default
    assert len({found[seed]["routed"]["auc"] for seed in found}) == 3


def test_seeds_are_scored_together_averaged_and_distilled_into_one_model(tmp_path, overrides):
    root = tmp_path / "ensemble"
    arguments = ["--seeds", "42", "43", "--output_dir", root, "--config", ROOT / "configs" / "dry_run.yaml", *overrides]
    done = run_script("scripts/train_ensemble.py", *arguments, "train.epochs=2", "quantization.start_epoch=0")
    assert done.returncode == 0, done.stderr[-3000:]
    record = json.loads((root / "ensemble.json").read_text())
    cells = record["cells"]
    recalls = {seed: cells["default"][seed]["routed"]["recall"] for seed in ("42", "43")}
    first, second = sorted(recalls, key=lambda seed: -recalls[seed])  # the better seed comes first
    soup_of = f"{first}_{second}"
    assert {name: list(seeds) for name, seeds in cells.items()} == {
        "default": ["42", "43"],
        "ensemble": ["mean of 2"],
        "soup": [soup_of],
        "student": ["42"],
    }
    assert cells["default"]["42"]["routed"]["against_default"]["difference"] == 0
    assert "| student | 42 |" in done.stdout and "| ensemble | mean of 2 |" in done.stdout
    is_better = cells["soup"][soup_of]["routed"]["recall"] > recalls[first]
    assert record["best"] == str(root / (f"soup_{soup_of}" if is_better else f"seed_{first}"))
    assert f"{record['best']}/best_model.pth" in done.stdout
    names = ("student", "seed_42", "seed_43", f"soup_{soup_of}")
    student, own, other, soup = (torch.load(root / name / "best_model.pth", weights_only=True) for name in names)
    weight = "fast.classifier.weight"
    torch.testing.assert_close(soup["model"][weight], (own["model"][weight] + other["model"][weight]) / 2)
    assert soup["calibration"] and soup["calibration"] != own["calibration"]
    assert json.loads((root / f"soup_{soup_of}" / "final_metrics.json").read_text())["n"] > 0
    assert not torch.equal(student["model"][weight], own["model"][weight])  # the teachers were listened to
    assert student["config"]["distill"]["teachers"] == [str(root / f"seed_{seed}" / "best_model.pth") for seed in (42, 43)]
    again = run_script("scripts/train_ensemble.py", *arguments, "train.epochs=2", "quantization.start_epoch=0")
    assert again.returncode == 0 and again.stdout == done.stdout and "epoch 1" not in again.stderr
    for words, message in ((["--seeds", "42"], "two or more different seeds, got 42"), (["distill.teachers=[x]"], "is set by")):
        refused = run_script("scripts/train_ensemble.py", *words)
        assert refused.returncode == 1 and message in refused.stderr


@pytest.mark.parametrize("presets", [("cpu", "release", "ablation"), ("quick",), ("quick", "quick_ablation"), ("full",)])
def test_every_ablation_cell_changes_the_preset_that_it_is_run_on(presets):
    paths = [CONFIG_DIR / f"{name}.yaml" for name in presets]
    cfg, cells = load_config(paths), cells_of(load_config(paths))
    assert [name for name, changes in cells.items() if load_config(paths, changes) == cfg] == [DEFAULT]
    assert ("no_experts" in cells) == (cfg.model.moe_num_layers > 0) != ("experts" in cells)
    assert ("deep_residual" in cells) != ("deep_alone" in cells)
    if presets[-1] == "quick_ablation":
        asked = re.search(r"run_ablations\.py --cells (\S+)", (ROOT / "run_end_to_end.sh").read_text())
        assert asked and asked[1] in cells


def test_an_unknown_ablation_cell_names_the_cells():
    done = run_script("scripts/run_ablations.py", "--cells", "no_such")
    assert done.returncode == 1 and "there are default, no_characters" in done.stderr
