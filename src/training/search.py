"""Hyperparameter search: an Optuna study over the one training loop.

The objective is val recall at the false-alarm budget (the trainer's metric of record). Rows are tokenised once and
shared by all trials. The study is a file, so the same command goes on where it stopped.
"""

from __future__ import annotations

import csv
import io
import logging
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import optuna
import torch
from optuna.trial import FrozenTrial, TrialState

from ..config import Config, differing_keys, override_config, to_dict
from ..data.loader import TrainingWindows, windows_of
from ..data.schema import Example
from ..errors import ConfigError, TrainingError
from ..files import read_json, write_json, write_text
from ..labels import Label
from ..models.backbone import build_model
from ..run import RunPaths
from ..text.tokenization import GuardTokenizer
from .distillation import TEACHER_SCORES, teacher_logits
from .trainer import Trainer

log = logging.getLogger(__name__)

STUDY_NAME = "tinyguardrail"
METRIC = "val_recall"
STARTUP_TRIALS = 2  # trials that are neither guided nor pruned: there is nothing to compare with yet
BEST_FILE, TRIALS_FILE = "best_hyperparameters.json", "hpo_trials.csv"
# What may differ between two calls that go on with the same study.
CALL_KEYS = ("search.n_trials", "search.timeout_s")


@dataclass(frozen=True)
class Dimension:
    """One searched config key: a range, or a list of choices."""

    key: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[int, ...] = ()

    def suggest(self, trial: optuna.Trial) -> float | int:
        if self.choices:
            return trial.suggest_categorical(self.key, self.choices)
        return trial.suggest_float(self.key, self.low, self.high, log=self.log)


SEARCH_SPACE = (
    Dimension("optim.learning_rate", 2e-5, 5e-4, log=True),
    # The share, not the threshold: calibration fits the threshold to the share. The range is narrow on purpose, since a
    # larger share always helps recall and is paid for in latency.
    Dimension("router.target_deep_fraction", 0.2, 0.4),
    Dimension("router.router_loss_weight", 0.1, 1.0, log=True),
    Dimension("train.batch_size", choices=(8, 16, 32, 64)),
    Dimension("loss.focal_alpha", 0.1, 0.6),
    Dimension("loss.focal_gamma", 0.0, 3.0),
)


class SplitRows(Protocol):
    """The part of `src.data.mixture.Splits` that a search needs."""

    train: list[Example]
    val: list[Example]


def run_search(cfg: Config, tokenizer: GuardTokenizer, splits: SplitRows, paths: RunPaths) -> dict[str, Any]:
    """Run trials until `search.n_trials` have finished, and write best_hyperparameters.json and hpo_trials.csv.

    Returns what best_hyperparameters.json holds. Raises TrainingError when the study on disk was made with another
    configuration or when no trial finished.
    """
    trial_cfg = trial_config(cfg)
    study = open_study(cfg, paths)
    finished = _count_finished(study.trials)
    remaining = cfg.search.n_trials - finished
    log.info("search: %d of %d trials are finished", finished, cfg.search.n_trials)
    if remaining > 0:
        train = sample_rows(splits.train, cfg.search.max_train_rows, cfg.run.seed)
        val = sample_rows(splits.val, cfg.search.max_val_rows, cfg.run.seed)
        windows = windows_of(train, tokenizer, cfg.data.max_windows_per_text, cfg.run.seed)
        if cfg.distill.teachers:  # once for all trials
            windows = replace(windows, teacher_logits=teacher_logits(cfg.distill, windows, paths.hpo / TEACHER_SCORES))
        log.info("each trial trains on %d rows (%d windows) and validates on %d", len(train), len(windows), len(val))

        def objective(trial: optuna.Trial) -> float:
            return run_trial(trial, trial_cfg, tokenizer, windows, val)

        def after_trial(study: optuna.Study, trial: FrozenTrial) -> None:
            write_results(study, cfg, paths)
            _log_trial(trial, cfg.search.n_trials)

        study.optimize(
            objective,
            n_trials=remaining,
            timeout=cfg.search.timeout_s or None,
            callbacks=[after_trial],
            catch=(TrainingError,),  # a diverged trial is a result; anything else is a bug and stops the search
        )
    results = write_results(study, cfg, paths)
    if results["value"] is None:
        raise TrainingError(
            f"no trial finished: {results['states']}; see {paths.hpo / TRIALS_FILE} and the log, and raise "
            "search.timeout_s or lower search.max_train_rows"
        )
    log.info("best val recall %.4f in trial %d: %s", results["value"], results["best_trial"], _shown(results["params"]))
    return results


def trial_config(cfg: Config) -> Config:
    """`cfg` for one trial: `search.epochs` epochs, without the phases that would start after them."""
    epochs = cfg.search.epochs
    return replace(
        cfg,
        train=replace(
            cfg.train,
            epochs=epochs,
            max_steps=0,
            early_stopping_patience=0,
            mining_start_epoch=_within(cfg.train.mining_start_epoch, epochs),
        ),  # fmt: skip
        adversarial=replace(cfg.adversarial, start_epoch=_within(cfg.adversarial.start_epoch, epochs)),
        quantization=replace(cfg.quantization, start_epoch=_within(cfg.quantization.start_epoch, epochs)),
    )


def _within(start_epoch: int, epochs: int) -> int:
    return start_epoch if start_epoch <= epochs else 0


def run_trial(
    trial: optuna.Trial, cfg: Config, tokenizer: GuardTokenizer, windows: TrainingWindows, val: Sequence[Example]
) -> float:
    """Train once with suggested values; the best val recall of the trial. Raises optuna.TrialPruned."""
    values = {dimension.key: dimension.suggest(trial) for dimension in SEARCH_SPACE}
    cfg = with_values(cfg, values)
    steps = cfg.train.epochs * _steps_per_epoch(min(len(windows), cfg.train.windows_per_epoch or len(windows)), cfg)
    every = max(1, math.ceil(steps / cfg.search.evaluations_per_trial))
    best = 0.0

    def report(step: int, recall: float) -> None:
        nonlocal best
        best = max(best, recall)
        # Trials differ in batch size, so they are compared by the share of their steps that is done.
        trial.report(recall, math.ceil(step / every))
        if step < steps and trial.should_prune():
            raise optuna.TrialPruned

    # Every trial starts from the same weights and dropout; the generators of the caller stay as they are.
    with torch.random.fork_rng():
        torch.manual_seed(cfg.run.seed)
        model = build_model(cfg.model)
        Trainer(cfg, model, tokenizer, windows, val, None, on_evaluation=report, evaluate_every_steps=every).fit()
    return best


def _steps_per_epoch(num_windows: int, cfg: Config) -> int:
    return math.ceil(math.ceil(num_windows / cfg.train.batch_size) / cfg.train.gradient_accumulation_steps)


def with_values(cfg: Config, values: Mapping[str, float | int]) -> Config:
    """`cfg` with dotted keys replaced, checked as on the command line."""
    return override_config(to_dict(cfg), overrides=[f"{key}={value!r}" for key, value in values.items()])


def sample_rows(examples: Sequence[Example], limit: int, seed: int) -> list[Example]:
    """At most `limit` rows (0 = all), in their order, drawn from each (source, benign or attack) in proportion.

    Every such cell keeps a row, so a small sample still has all attack sources that validation averages over.
    """
    if limit <= 0 or len(examples) <= limit:
        return list(examples)
    rng = np.random.default_rng(seed)
    cells: dict[tuple[str, bool], list[int]] = {}
    for index, example in enumerate(examples):
        cells.setdefault((example.source, example.label != Label.BENIGN), []).append(index)
    chosen: list[int] = []
    for _, indices in sorted(cells.items()):
        count = max(1, int(limit * len(indices) / len(examples)))
        chosen.extend(rng.choice(indices, size=count, replace=False).tolist())
    return [examples[index] for index in sorted(chosen)]


def open_study(cfg: Config, paths: RunPaths) -> optuna.Study:
    """The study of this configuration, new or as it was left. Trials that a killed process left open are failed."""
    paths.hpo.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)  # this module logs a line per trial itself
    study = optuna.create_study(
        study_name=STUDY_NAME,
        storage=f"sqlite:///{paths.study_db.resolve()}",
        direction="maximize",
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS),
    )
    _check_same_search(study, cfg, paths)
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        log.info("trial %d was left open by an earlier process; it counts as failed", _place(trial.number))
    # A sampler that started from the same seed after a restart would propose the same first trials again.
    study.sampler = optuna.samplers.TPESampler(seed=cfg.run.seed + len(study.trials), n_startup_trials=STARTUP_TRIALS)
    return study


def _check_same_search(study: optuna.Study, cfg: Config, paths: RunPaths) -> None:
    stored = study.user_attrs.get("config")
    if stored is None:
        study.set_user_attr("config", to_dict(cfg))
        return
    differing = [key for key in differing_keys(stored, to_dict(cfg)) if key not in CALL_KEYS]
    if differing:
        raise TrainingError(
            f"{paths.study_db} holds trials of another configuration (differing: {', '.join(differing)}); "
            "they cannot be compared with new ones. Give the old values, choose another --output_dir, or discard it with "
            "--restart"
        )


def write_results(study: optuna.Study, cfg: Config, paths: RunPaths) -> dict[str, Any]:
    """best_hyperparameters.json and hpo_trials.csv as of now; returns the former."""
    trials = study.get_trials(deepcopy=False)
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    best = max(complete, key=lambda trial: trial.value, default=None)
    results = {
        "metric": METRIC,
        "fpr_budget": cfg.eval.fpr_budget,
        "value": None if best is None else best.value,
        "best_trial": None if best is None else _place(best.number),
        "params": {} if best is None else dict(best.params),
        "n_trials": len(trials),
        "states": dict(sorted(Counter(trial.state.name.lower() for trial in trials).items())),
        "epochs_per_trial": cfg.search.epochs,
        "max_train_rows": cfg.search.max_train_rows,
        "max_val_rows": cfg.search.max_val_rows,
    }
    write_json(paths.hpo / BEST_FILE, results)
    keys = [dimension.key for dimension in SEARCH_SPACE]
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["number", "state", "value", "evaluations", "seconds", *keys])
    for trial in trials:
        seconds = "" if trial.duration is None else round(trial.duration.total_seconds(), 1)
        value = "" if trial.value is None else trial.value
        params = [trial.params.get(key, "") for key in keys]
        rows.writerow([_place(trial.number), trial.state.name.lower(), value, len(trial.intermediate_values), seconds, *params])
    write_text(paths.hpo / TRIALS_FILE, table.getvalue())
    return results


def apply_best(cfg: Config, paths: RunPaths, typed: Sequence[str] = ()) -> Config:
    """`cfg` with the values of best_hyperparameters.json, and the `typed` key=value words over them.

    Raises ConfigError when no search has finished a trial.
    """
    path = paths.hpo / BEST_FILE
    if not path.is_file():
        raise ConfigError(f"no search result at {path}; run hyperparameter_optimization.py, or train without --use_hpo")
    params = read_json(path)["params"]
    if not params:
        raise ConfigError(f"{path} holds no finished trial; run hyperparameter_optimization.py again")
    return override_config(to_dict(with_values(cfg, params)), overrides=typed)


def discard_study(paths: RunPaths) -> None:
    """Delete the trials and results of an earlier search."""
    for name in (paths.study_db.name, f"{paths.study_db.name}-journal", BEST_FILE, TRIALS_FILE):
        (paths.hpo / name).unlink(missing_ok=True)


def _count_finished(trials: Sequence[FrozenTrial]) -> int:
    return sum(trial.state in (TrialState.COMPLETE, TrialState.PRUNED) for trial in trials)


def _log_trial(trial: FrozenTrial, n_trials: int) -> None:
    value = "no value" if trial.value is None else f"val recall {trial.value:.4f}"
    seconds = 0.0 if trial.duration is None else trial.duration.total_seconds()
    state = trial.state.name.lower()
    log.info("trial %d of %d %s in %.0f s: %s, %s", _place(trial.number), n_trials, state, seconds, value, _shown(trial.params))


def _place(number: int) -> int:
    """Trials are counted from 1 in what people read; Optuna numbers them from 0."""
    return number + 1


def _shown(params: Mapping[str, float | int]) -> str:
    return ", ".join(f"{key}={value:.4g}" for key, value in params.items())
