import csv
import json
from dataclasses import dataclass, replace

import optuna
import pytest

from src.config import Config, config_keys
from src.data.schema import Example
from src.errors import ConfigError, TrainingError
from src.labels import Label
from src.reporting.search_figures import write_search_figures
from src.run import RunPaths
from src.training import search, study
from src.training.search import (
    SEARCH_SPACE,
    apply_best,
    discard_study,
    open_study,
    run_search,
    sample_rows,
    trial_config,
)
from src.training.study import StudyStorage, Workers
from tests.e2e.resume_driver import examples, tiny_config


@dataclass
class Rows:
    train: list[Example]
    val: list[Example]


pytestmark = pytest.mark.usefixtures("fresh_accelerator")


@pytest.fixture
def rows() -> Rows:
    return Rows(examples(40, 0, "train"), examples(16, 1, "val"))


@pytest.fixture
def cfg(tiny_encoder_dir, tmp_path) -> Config:
    cfg = tiny_config(str(tiny_encoder_dir), tmp_path)
    settings = replace(cfg.search, n_trials=2, epochs=1, max_train_rows=32, max_val_rows=12, evaluations_per_trial=2)
    return replace(cfg, search=settings, train=replace(cfg.train, gradient_accumulation_steps=1))


def read_trials(paths: RunPaths) -> list[dict[str, str]]:
    with (paths.hpo / "hpo_trials.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_searched_key_is_in_the_config_and_none_changes_what_a_branch_costs():
    keys = {dimension.key for dimension in SEARCH_SPACE}
    assert keys <= set(config_keys())
    assert not [key for key in keys if key.startswith("model.")]


def test_a_search_writes_its_results_and_goes_on_where_it_stopped(cfg, tokenizer, rows, caplog):
    caplog.set_level("INFO", "src.training.search")
    paths = RunPaths.of(cfg)
    first = run_search(cfg, tokenizer, rows, paths)
    assert first == json.loads((paths.hpo / "best_hyperparameters.json").read_text())
    assert 0 <= first["value"] <= 1 and first["states"] == {"complete": 2}
    assert [row["number"] for row in read_trials(paths)] == ["1", "2"]
    assert f"trial {first['best_trial']} of 2 complete" in caplog.text
    assert f"best val recall {first['value']:.4f} in trial {first['best_trial']}:" in caplog.text
    assert set(first["params"]) == {dimension.key for dimension in SEARCH_SPACE}
    table = read_trials(paths)
    assert [row["state"] for row in table] == ["complete"] * 2
    assert all(1 <= int(row["evaluations"]) <= 2 for row in table)

    assert run_search(cfg, tokenizer, rows, paths)["n_trials"] == 2  # nothing left to do
    longer = replace(cfg, search=replace(cfg.search, n_trials=3))
    assert run_search(longer, tokenizer, rows, paths)["n_trials"] == 3
    drawn = [row["optim.learning_rate"] for row in read_trials(paths)]
    assert len(set(drawn)) == 3  # a restarted sampler does not repeat itself

    best = json.loads((paths.hpo / "best_hyperparameters.json").read_text())["params"]
    assert apply_best(cfg, paths).optim.learning_rate == best["optim.learning_rate"]
    assert apply_best(cfg, paths).train.batch_size == best["train.batch_size"]


def test_trials_that_a_killed_process_left_open_are_failed_and_do_not_count(cfg, tokenizer, rows, monkeypatch):
    monkeypatch.setattr(study, "GRACE_S", 0)  # for a worker to say its name
    paths = RunPaths.of(cfg)
    open_study(cfg, paths).ask()
    results = run_search(replace(cfg, search=replace(cfg.search, n_trials=1)), tokenizer, rows, paths)
    assert results["states"] == {"complete": 1, "fail": 1}


def test_a_study_of_another_configuration_is_refused(cfg):
    paths = RunPaths.of(cfg)
    open_study(cfg, paths)
    open_study(replace(cfg, search=replace(cfg.search, n_trials=99, timeout_s=5)), paths)
    other = replace(cfg, data=replace(cfg.data, test_fraction=0.2))
    with pytest.raises(TrainingError, match="another configuration .differing: data.test_fraction.*--restart"):
        open_study(other, paths)
    discard_study(paths)
    open_study(other, paths)


def test_a_diverged_trial_is_recorded_and_a_search_without_a_result_is_an_error(cfg, tokenizer, rows, monkeypatch):
    def diverge(*_):
        raise TrainingError("loss is not finite")

    monkeypatch.setattr(search, "run_trial", diverge)
    with pytest.raises(TrainingError, match="no trial finished: {'fail': 2}"):
        run_search(cfg, tokenizer, rows, RunPaths.of(cfg))
    assert [row["state"] for row in read_trials(RunPaths.of(cfg))] == ["fail", "fail"]
    with pytest.raises(ConfigError, match="holds no finished trial"):
        apply_best(cfg, RunPaths.of(cfg))


def test_a_bad_trial_is_pruned_before_its_end(cfg, tokenizer, rows):
    """Four good trials are told to the study; whatever the fifth measures is below their median."""
    cfg = replace(cfg, search=replace(cfg.search, n_trials=5))
    paths = RunPaths.of(cfg)
    earlier = open_study(cfg, paths)
    for _ in range(4):
        trial = earlier.ask()
        for dimension in SEARCH_SPACE:
            dimension.suggest(trial)
        for step in (1, 2):
            trial.report(1.5, step)
        earlier.tell(trial, 1.5)
    earlier.enqueue_trial({"train.batch_size": 8})  # of larger batches the rows are too few for a report before the end
    results = run_search(cfg, tokenizer, rows, paths)
    assert results["states"] == {"complete": 4, "pruned": 1}
    assert read_trials(paths)[-1]["evaluations"] == "1"


def test_two_objectives_have_a_front_and_a_latency_between_those_of_the_branches(cfg, tokenizer, rows, caplog):
    caplog.set_level("INFO")
    cfg = replace(cfg, search=replace(cfg.search, n_trials=4, objectives=["recall", "latency"]))
    paths = RunPaths.of(cfg)
    results = run_search(cfg, tokenizer, rows, paths)
    assert results["best_trial"] in results["pareto"]
    table = read_trials(paths)
    cost = open_study(cfg, paths).user_attrs["fast_cost"]
    assert 0 < cost < 1.2  # a branch with a layer less, timed
    assert all(min(1, cost) <= float(row["latency"]) <= max(1, cost) for row in table)
    assert float(table[results["best_trial"] - 1]["value"]) == max(float(row["value"]) for row in table)
    for name in ("history", "parallel", "pareto"):
        assert all((paths.hpo / f"{name}.{kind}").stat().st_size for kind in ("png", "svg", "csv", "txt"))
    assert len((paths.hpo / "pareto.csv").read_text().splitlines()) == 5
    if not optuna.visualization.is_available():
        assert "no HTML figures of the search: plotly is not installed" in caplog.text
    with pytest.raises(TrainingError, match="differing: search.objectives"):
        open_study(replace(cfg, search=replace(cfg.search, objectives=["recall"])), paths)


@pytest.mark.parametrize("values", [[0.5] * 5, [0.1, 0.2, 0.3, 0.4, 0.5]])
def test_importance_is_of_trials_that_differ(tmp_path, values, caplog):
    caplog.set_level("INFO")
    searched = optuna.create_study(direction="maximize")
    for value in values:
        trial = searched.ask()
        trial.suggest_float("loss.focal_gamma", 0, 3)
        trial.suggest_categorical("train.batch_size", [8, 16])
        searched.tell(trial, value)
    names = {path.stem for path in write_search_figures(searched, tmp_path, ["recall"]) if path.suffix == ".png"}
    assert names == {"history", "parallel"} | ({"importance"} if len(set(values)) > 1 else set())
    assert ("no importance of values" in caplog.text) == (len(set(values)) == 1)


def test_a_study_at_work_is_not_discarded(tmp_path):
    storage = StudyStorage(str(tmp_path / "study.journal"))
    with Workers(storage), pytest.raises(ConfigError, match="--restart: .* works on .*study.journal; wait"):
        study.discard_study(storage)
    study.discard_study(storage)


def test_messages_name_a_storage_without_its_password():
    storage = StudyStorage("postgresql+psycopg://me:secret@host/db")
    assert str(storage) == "postgresql+psycopg://me:***@host/db" and storage.file is None
    with pytest.raises(ConfigError, match="--storage: expected sqlite:///FILE"):
        str(StudyStorage("sqlite//:x://"))


def test_trials_skip_phases_that_start_after_them(cfg):
    assert cfg.adversarial.start_epoch == 2 and cfg.quantization.start_epoch == 3
    short = trial_config(cfg)
    assert (short.train.epochs, short.adversarial.start_epoch, short.quantization.start_epoch) == (1, 0, 0)
    longer = trial_config(replace(cfg, search=replace(cfg.search, epochs=2)))
    assert (longer.adversarial.start_epoch, longer.quantization.start_epoch) == (2, 0)


def test_a_sample_keeps_every_source_and_its_order():
    rows = examples(2000, 0, "train")
    rows += [replace(rows[0], source=f"rare_{n}", text=f"rare {n}") for n in range(5)]
    sample = sample_rows(rows, 100, seed=0)
    assert 90 <= len(sample) <= 110
    assert {row.source for row in sample} == {row.source for row in rows}
    attacks = sum(row.label != Label.BENIGN for row in sample)
    assert 45 <= attacks - 5 <= 55
    positions = [rows.index(row) for row in sample]
    assert positions == sorted(positions)
    assert sample == sample_rows(rows, 100, seed=0) != sample_rows(rows, 100, seed=1)
    assert sample_rows(rows, 0, seed=0) == rows


def test_values_that_were_typed_count_more_than_those_of_the_search(cfg):
    paths = RunPaths.of(cfg)
    paths.hpo.mkdir(parents=True)
    (paths.hpo / "best_hyperparameters.json").write_text('{"params": {"optim.learning_rate": 0.01, "optim.weight_decay": 0.2}}')
    best = apply_best(cfg, paths, ["optim.learning_rate=0.005"])
    assert (best.optim.learning_rate, best.optim.weight_decay) == (0.005, 0.2)


def test_without_a_search_use_hpo_is_refused(cfg):
    with pytest.raises(ConfigError, match="no search result at .*; run hyperparameter_optimization.py"):
        apply_best(cfg, RunPaths.of(cfg))
