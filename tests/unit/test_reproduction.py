"""Which commands a table takes, in which order, and when a result that is there is taken for done."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import reproduce_table
from src.config import Config, DataConfig, load_config, to_dict, to_yaml
from src.errors import ConfigError, GuardrailError
from src.files import read_json, sha256_of, write_json, write_text
from src.reporting import reproduction
from src.reporting.paper_tables import TABLE_NEEDS, TABLE_SOURCES, paper_tables
from src.reporting.reproduction import reason_to_run, steps_of
from src.reporting.results import read_run
from src.run import PROVENANCE, RunPaths, manifest_sha256_of, provenance
from tests.finished_run import write_finished_run

HERE = {"commit": "0123456789abcdef", "dirty": False}
SCRIPTS = {
    "training": "train_production_final.py",
    "optimization": "optimize_model.py",
    "benchmarks": "evaluate_benchmarks.py",
    "baselines": "scripts/compare_baselines.py",
    "peers": "scripts/compare_baselines.py",
    "latency": "benchmarks/latency.py",
    "tables": "scripts/make_tables.py",
}


@pytest.fixture
def here(monkeypatch):
    """A clean checkout, whose state may be changed."""
    state = dict(HERE)
    monkeypatch.setattr(reproduction, "git_state", lambda: state)
    return state


@pytest.fixture
def trained(tmp_path) -> RunPaths:
    """A run whose training is finished and of which nothing was measured."""
    paths = RunPaths(tmp_path / "run")
    write_text(paths.config_yaml, to_yaml(Config()))
    write_json(paths.environment_json, HERE)
    for file in (paths.manifest_json, paths.final_metrics_json):
        write_json(file, {})
    write_text(paths.best_model, "weights")
    return paths


def measure(step, paths: RunPaths) -> None:
    """Leave what the script of a step leaves, as far as it is compared."""
    conditions = {"environment": dict(HERE), "config": to_dict(step.measured_with)}
    write_json(step.writes, conditions | {"manifest_sha256": sha256_of(paths.manifest_json)})


def steps(table: int, paths: RunPaths):
    return {step.name: step for step in steps_of(table, paths, Config(), ["--config", "configs/quick.yaml"])}


@pytest.mark.parametrize("table", TABLE_NEEDS)
def test_a_table_takes_training_export_what_it_needs_and_is_then_written(table, trained):
    found = steps(table, trained)
    assert list(found)[:2] == ["training", "optimization"] and list(found)[-1] == "tables"
    assert set(found) == {"training", "optimization", *TABLE_NEEDS[table], "tables"}
    for name, step in found.items():
        script, *words = step.words
        assert script == SCRIPTS[name] and (reproduce_table.ROOT / script).is_file()
        assert not [word for word in words if word.startswith(("RUN", "RESULTS"))]
        flags = [word for word in words if word.startswith("--")]
        known = (reproduce_table.ROOT / script).read_text() + (reproduce_table.ROOT / "src" / "cli.py").read_text()
        assert all(f'"{flag}"' in known or f'"{flag[2:]}"' in known for flag in flags), (script, flags)
        assert step.reads and str(trained.root) in f"{step.writes}"


def test_a_table_is_made_of_what_it_needs_and_of_nothing_else(tmp_path):
    paths = write_finished_run(tmp_path / "run")
    results = read_json(paths.benchmarks / "benchmark_results.json")
    write_json(
        paths.baselines / "benchmark_results.json",
        results
        | {"subject": "tfidf", "baselines": ["other", "guard"]}
        | {
            "benchmarks": {},
            "summary": {
                "other": results["summary"]["tfidf"],
                "tfidf": results["summary"]["tfidf"],
                "guard": results["summary"]["guard"],
            },
        },
    )
    times = {"p50_ms": 9.0, "p95_ms": 9.9}
    conditions = {"cpu": "x", "threads": 1}
    lengths = {"64": {"times": {"deberta_xsmall": times}, "ratios": {"deberta_xsmall": {"mix": 0.2}}}}
    write_json(paths.latency_json, {"lengths": lengths, "conditions": conditions})
    measured = read_json(paths.optimization_json)
    measured["latency"] = {"int8": {"deep": {"64": times}, "fast": {"64": times}}, "conditions": conditions}
    write_json(paths.optimization_json, measured)
    files = read_run(paths, TABLE_SOURCES)
    assert not files["missing"]
    whole = paper_tables(files, [])
    for name in TABLE_SOURCES:
        without = paper_tables({key: value for key, value in files.items() if key != name}, [])
        changed = {number for number, (a, b) in enumerate(zip(whole, without, strict=True), 1) if a != b}
        assert changed == {number for number, needed in TABLE_NEEDS.items() if name in needed}, name


def test_a_result_is_done_only_at_this_commit_on_these_data_and_with_these_values(trained, here):
    step = steps(1, trained)["benchmarks"]
    assert "is missing" in reason_to_run(step, trained)
    measure(step, trained)
    assert reason_to_run(step, trained) is None
    stored = read_json(step.writes)
    for change, reason in (
        ({"environment": HERE | {"commit": "fedcba9876543210"}}, "measured at fedcba9876, and this is 0123456789"),
        ({"environment": HERE | {"dirty": True}}, "measured at 0123456789 with local changes"),
        ({"environment": {}}, "measured at an unknown commit"),
        ({"manifest_sha256": "0"}, "on a guard of other data"),
        (
            {"config": to_dict(replace(Config(), eval=replace(Config().eval, max_rows_per_benchmark=200)))},
            "eval.max_rows_per_benchmark: 200 there",
        ),
    ):
        write_json(step.writes, stored | change)
        assert reason in reason_to_run(step, trained)
    write_json(step.writes, stored)
    here["dirty"] = True
    assert reason_to_run(step, trained) == "this checkout has local changes"
    here.update(commit=None, dirty=None)
    assert "no git checkout" in reason_to_run(step, trained)


def test_a_finished_training_is_never_repeated(trained, here):
    here["commit"] = "fedcba9876543210"
    assert reason_to_run(steps(3, trained)["training"], trained) is None
    trained.best_model.unlink()
    assert "best_model.pth is missing" in reason_to_run(steps(3, trained)["training"], trained)


# ------------------------------------------------------------------------------------------------------------ the script


@pytest.fixture
def script(trained, here, monkeypatch):
    """reproduce_table.py whose commands only leave their files. Returns the names of those that ran."""
    ran: list[str] = []
    failing: list[str] = []

    def run(words, **_):
        name = next(name for name, script in SCRIPTS.items() if words[1].endswith(script))
        name = "peers" if "--peers" in words else name
        ran.append(name)
        if name in failing:
            return subprocess.CompletedProcess(words, 2)
        step = {**steps(1, trained), **steps(3, trained)}[name]
        if name == "tables":
            write_text(step.writes, "tables")
        else:
            measure(step, trained)
        return subprocess.CompletedProcess(words, 0)

    def call(*words: str, fail: str | None = None) -> list[str]:
        ran.clear()
        failing[:] = [fail] if fail else []
        monkeypatch.setattr(sys, "argv", ["reproduce_table.py", *words, "--output_dir", str(trained.root)])
        reproduce_table.main()
        return list(ran)

    monkeypatch.setattr(reproduce_table.subprocess, "run", run)
    monkeypatch.setattr(reproduce_table, "paper_tables", lambda files, published: paper_tables({}, published))
    monkeypatch.setattr(reproduce_table, "read_run", lambda paths, sources: {})
    return call


def test_without_run_the_commands_are_printed_and_nothing_happens(script, trained, capsys):
    before = sorted(trained.root.rglob("*"))
    assert script("1") == [] and sorted(trained.root.rglob("*")) == before
    shown = capsys.readouterr().out
    assert "1. training: done, trained at 0123456789" in shown
    assert f"python evaluate_benchmarks.py --model_path {trained.optimized} --output_dir {trained.benchmarks}" in shown
    assert f"python scripts/make_tables.py --run {trained.root}" in shown and "data sets of the Hugging Face Hub" in shown


def test_what_is_done_is_skipped_and_a_failure_ends_it_with_its_command(script, trained, capsys):
    with pytest.raises(
        GuardrailError, match=r"baselines failed \(exit status 2\): python scripts/compare_baselines\.py --model_path"
    ):
        script("1", "--run", fail="baselines")
    assert script("1", "--run") == ["baselines", "tables"]  # what was done before the failure is kept
    assert script("1", "--run") == ["tables"]
    assert "## Guards, measured here" in capsys.readouterr().out
    assert script("3", "--run") == ["latency", "tables"]
    trained.optimization_json.unlink()
    assert script("1", "--run") == ["optimization", "benchmarks", "baselines", "tables"]  # they measure what is exported


def test_peers_are_scored_where_the_run_has_their_files_and_are_left_out_elsewhere(script, trained, capsys, tmp_path):
    assert "peers" not in script("2", "--run")
    shown = capsys.readouterr().out
    command = f"python scripts/compare_baselines.py --peers --model_path {trained.optimized} --output_dir {trained.baselines}"
    assert "peers: left out, it needs data.local_dir=DIR" in shown and command in shown
    cfg = Config(data=DataConfig(source="local", local_dir=str(tmp_path)))
    write_text(trained.config_yaml, to_yaml(cfg))
    step = {step.name: step for step in steps_of(2, trained, cfg, [])}["peers"]
    assert step.lacks is None and step.writes == trained.baselines / "peers.json"
    assert "peers" in script("2", "--run") and step.writes.is_file()


def test_another_configuration_than_that_of_the_run_is_refused(script, tmp_path):
    with pytest.raises(ConfigError, match=r"another configuration \(train\.epochs"):
        script("2", "--run", "train.epochs=9")
    assert script("2", f"data.cache_dir={tmp_path}") == []  # where something is kept makes no other run


# ------------------------------------------------------------------------------------------------------------ provenance


def test_results_name_configuration_commit_and_the_manifest_of_the_model(trained):
    conditions = provenance(load_config(), trained.best_model)
    assert tuple(conditions) == PROVENANCE and conditions["config"]["data"]["seed"] == 42
    assert {"commit", "dirty"} <= conditions["environment"].keys()
    assert conditions["manifest_sha256"] == sha256_of(trained.manifest_json)


def test_the_manifest_is_found_from_every_form_of_a_model(trained, tmp_path):
    expected = sha256_of(trained.manifest_json)
    trained.optimized.mkdir()
    for place in (trained.best_model, trained.optimized, trained.optimized / "model_int8.onnx"):
        assert manifest_sha256_of(place) == expected
    release = tmp_path / "elsewhere" / "release"
    assert manifest_sha256_of(release) is None
    write_json(release / "config.json", {"manifest_sha256": "of the run that was released"})
    assert manifest_sha256_of(release) == "of the run that was released"
    assert manifest_sha256_of(Path(release / "model_int8.onnx")) == "of the run that was released"
