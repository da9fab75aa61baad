"""Hyperparameter search: an Optuna study over the one training loop.

The objective is val recall at the false-alarm budget (the trainer's metric of record), and latency beside it if asked. Rows are
tokenised once and shared by all trials. The study is kept (study.py), so the same command goes on where it stopped, and several
processes can work on it.
"""

from __future__ import annotations

import csv
import io
import logging
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, Protocol

import filelock
import numpy as np
import optuna
import torch
from optuna.trial import FrozenTrial, TrialState

from ..config import Config, ModelConfig, differing_keys, override_config, to_dict
from ..data.loader import TrainingWindows, windows_of
from ..data.schema import Example
from ..errors import ConfigError, TrainingError
from ..evaluation.latency import guard_feeds, measure
from ..evaluation.predictor import FORCED_ROUTES
from ..files import read_json, write_json, write_text
from ..labels import Label
from ..models.dual_branch import TinyGuardrail
from ..reporting.search_figures import write_search_figures
from ..run import RunPaths
from ..text.tokenization import GuardTokenizer
from .distillation import TEACHER_SCORES, teacher_logits
from .start import start_model
from .study import StudyStorage, Workers, displayed_number, is_finished, load_or_create, run_trials, trials_of
from .study import discard_study as discard_stored
from .trainer import Trainer

log = logging.getLogger(__name__)

METRIC = "val_recall"
DIRECTIONS: dict[str, Literal["minimize", "maximize"]] = {"recall": "maximize", "latency": "minimize"}
LATENCY_TOKENS, LATENCY_RUNS = 64, 200
FAST_COST = "fast_cost"  # user attribute of the study
BEST_FILE, TRIALS_FILE = "best_hyperparameters.json", "hpo_trials.csv"
# Keys that may differ between two calls on the same study.
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


DEEP_FRACTION_KEY = "router.target_deep_fraction"
SEARCH_SPACE = (
    Dimension("optim.learning_rate", 2e-5, 5e-4, log=True),
    # The share, not the threshold: calibration fits the threshold to the share. The range is narrow on purpose, since a
    # larger share always helps recall and is paid for in latency.
    Dimension(DEEP_FRACTION_KEY, 0.2, 0.4),
    Dimension("router.router_loss_weight", 0.1, 1.0, log=True),
    Dimension("train.batch_size", choices=(8, 16, 32, 64)),
    Dimension("loss.focal_alpha", 0.1, 0.6),
    Dimension("loss.focal_gamma", 0.0, 3.0),
)


def search_space(cfg: Config) -> tuple[Dimension, ...]:
    """The searched keys. With latency as an objective the deep fraction has its whole range, since its cost is measured then."""
    if "latency" not in cfg.search.objectives:
        return SEARCH_SPACE
    return tuple(
        Dimension(DEEP_FRACTION_KEY, 0.0, 1.0) if dimension.key == DEEP_FRACTION_KEY else dimension for dimension in SEARCH_SPACE
    )


class SplitRows(Protocol):
    """The part of `src.data.mixture.Splits` that a search needs."""

    train: list[Example]
    val: list[Example]


def run_search(
    cfg: Config, tokenizer: GuardTokenizer, splits: SplitRows, paths: RunPaths, storage: str | None = None
) -> dict[str, Any]:
    """Run trials until `search.n_trials` have finished, here and in other processes that do the same, and write the results:
    best_hyperparameters.json, hpo_trials.csv and figures.

    `storage` is as for `storage_of`. Returns what best_hyperparameters.json holds. Raises TrainingError when the study was made
    with another configuration or when no trial finished.
    """
    study_storage = storage_of(paths, storage)
    with Workers(study_storage) as workers, study_storage.in_use():
        study = open_study(cfg, paths, storage)
        workers.fail_abandoned(study)
        finished = sum(map(is_finished, study.get_trials(deepcopy=False)))
        log.info("search: %d of %d trials are finished", finished, cfg.search.n_trials)
        if others := workers.others():
            log.info("other workers on this study: %s", ", ".join(others))
        if finished < cfg.search.n_trials:
            _run_trials(study, workers, cfg, tokenizer, splits, paths)
        results = write_results(study, cfg, paths)
    if results["value"] is None:
        raise TrainingError(
            f"no trial finished: {results['states']}; see {paths.hpo / TRIALS_FILE} and the log, and raise "
            "search.timeout_s or lower search.max_train_rows"
        )
    with _lock_results(paths):
        write_search_figures(study, paths.hpo, cfg.search.objectives)
    log.info("best val recall %.4f in trial %d: %s", results["value"], results["best_trial"], _format_params(results["params"]))
    return results


def _run_trials(
    study: optuna.Study, workers: Workers, cfg: Config, tokenizer: GuardTokenizer, splits: SplitRows, paths: RunPaths
) -> None:
    train = sample_rows(splits.train, cfg.search.max_train_rows, cfg.run.seed)
    val = sample_rows(splits.val, cfg.search.max_val_rows, cfg.run.seed)
    windows = windows_of(train, tokenizer, cfg.data.max_windows_per_text, cfg.run.seed)
    if cfg.distill.teachers:  # once for all trials
        windows = replace(windows, teacher_logits=teacher_logits(cfg.distill, windows, paths.hpo / TEACHER_SCORES))
    log.info("each trial trains on %d rows (%d windows) and validates on %d", len(train), len(windows), len(val))
    trial_cfg = trial_config(cfg)

    def objective(trial: optuna.Trial) -> float | tuple[float, ...]:
        return run_trial(trial, trial_cfg, tokenizer, windows, val)

    def after_trial(study: optuna.Study, trial: FrozenTrial) -> None:
        write_results(study, cfg, paths)
        _log_trial(trial, cfg)

    run_trials(
        study,
        workers,
        objective,
        cfg.search.n_trials,
        seed=cfg.run.seed,
        timeout_s=cfg.search.timeout_s,
        diverged=TrainingError,
        after_trial=after_trial,
    )


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
            mining_start_epoch=_start_if_reached(cfg.train.mining_start_epoch, epochs),
        ),
        adversarial=replace(cfg.adversarial, start_epoch=_start_if_reached(cfg.adversarial.start_epoch, epochs)),
        quantization=replace(cfg.quantization, start_epoch=_start_if_reached(cfg.quantization.start_epoch, epochs)),
    )


def _start_if_reached(start_epoch: int, epochs: int) -> int:
    return start_epoch if start_epoch <= epochs else 0


def run_trial(
    trial: optuna.Trial, cfg: Config, tokenizer: GuardTokenizer, windows: TrainingWindows, val: Sequence[Example]
) -> float | tuple[float, ...]:
    """Train once with suggested values; the best val recall of the trial, and its latency if that is an objective.

    Raises optuna.TrialPruned.
    """
    cfg = with_values(cfg, {dimension.key: dimension.suggest(trial) for dimension in search_space(cfg)})
    steps = cfg.train.epochs * _steps_per_epoch(min(len(windows), cfg.train.windows_per_epoch or len(windows)), cfg)
    every = max(1, math.ceil(steps / cfg.search.evaluations_per_trial))
    is_single = len(cfg.search.objectives) == 1
    best = 0.0

    def report(step: int, recall: float) -> None:
        nonlocal best
        best = max(best, recall)
        if not is_single:
            return  # Optuna prunes by one objective only
        # Trials differ in batch size, so they are compared by the share of their steps that is done.
        trial.report(recall, math.ceil(step / every))
        if step < steps and trial.should_prune():
            raise optuna.TrialPruned

    # Every trial starts from the same weights and dropout; the generators of the caller stay as they are.
    with torch.random.fork_rng():
        torch.manual_seed(cfg.run.seed)
        model = start_model(cfg.model)
        trainer = Trainer(cfg, model, tokenizer, windows, val, None, on_evaluation=report, evaluate_every_steps=every)
        deep_share = trainer.fit().history[-1].val_deep_share
    if is_single:
        return best
    # Nothing that is searched changes what a branch costs: timed once, its noise does not decide between trials.
    if FAST_COST not in trial.study.user_attrs:
        trial.study.set_user_attr(FAST_COST, fast_cost(model, cfg.model))
    return best, deep_share + (1 - deep_share) * trial.study.user_attrs[FAST_COST]


def fast_cost(model: TinyGuardrail, cfg: ModelConfig) -> float:
    """Time of a text in the fast branch as a multiple of that in the deep branch.

    Both are timed in turn, in this process: a ratio stays what it is while other workers use the machine.
    """
    device = next(model.parameters()).device
    length = min(LATENCY_TOKENS, cfg.max_tokens)
    feeds = guard_feeds(length, chars_per_token=cfg.chars_per_token, vocab_size=cfg.vocab_size)
    names = ("input_ids", "attention_mask", "char_ids")
    input_ids, attention_mask, char_ids = (torch.from_numpy(feeds[name]).to(device) for name in names)

    def run(threshold: float) -> None:
        # To the CPU: a GPU would go on computing after the clock was read.
        model.route(input_ids, attention_mask, char_ids, threshold).logits.cpu()

    model.eval()
    with torch.inference_mode():
        times = measure({route: partial(run, threshold) for route, threshold in FORCED_ROUTES.items()}, LATENCY_RUNS)
    return times["fast"]["p50_ms"] / times["deep"]["p50_ms"]


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
    sampled: list[int] = []
    for _, indices in sorted(cells.items()):
        count = max(1, int(limit * len(indices) / len(examples)))
        sampled.extend(rng.choice(indices, size=count, replace=False).tolist())
    return [examples[index] for index in sorted(sampled)]


def storage_of(paths: RunPaths, storage: str | None) -> StudyStorage:
    """A database URL or the path of a journal; None: study.db in the directory of the search."""
    return StudyStorage(storage or f"sqlite:///{paths.study_db.resolve()}")


def open_study(cfg: Config, paths: RunPaths, storage: str | None = None) -> optuna.Study:
    """The study of this configuration, new or as it was left. Raises TrainingError when it is of another one."""
    paths.hpo.mkdir(parents=True, exist_ok=True)
    study_storage = storage_of(paths, storage)
    study = load_or_create(study_storage, [DIRECTIONS[objective] for objective in cfg.search.objectives])
    _check_same_search(study, cfg, study_storage)
    return study


def _check_same_search(study: optuna.Study, cfg: Config, study_storage: StudyStorage) -> None:
    stored_config = study.user_attrs.get("config")
    if stored_config is None:
        study.set_user_attr("config", to_dict(cfg))
        return
    differing = [key for key in differing_keys(stored_config, to_dict(cfg)) if key not in CALL_KEYS]
    if differing:
        raise TrainingError(
            f"{study_storage} holds trials of another configuration (differing: {', '.join(differing)}); they cannot be compared "
            "with new ones. Give the old values, choose another --output_dir or --storage, or discard it with --restart"
        )


def _lock_results(paths: RunPaths) -> filelock.BaseFileLock:
    """A lock on the results. Its holder reads the study anew, so that older results never replace newer ones."""
    return filelock.FileLock(paths.hpo / "results.lock")


def write_results(study: optuna.Study, cfg: Config, paths: RunPaths) -> dict[str, Any]:
    """best_hyperparameters.json and hpo_trials.csv as of now; returns the former.

    The best trial is the one of the highest recall; with two objectives `pareto` names all trials that no other beats in both.
    """
    with _lock_results(paths):
        trials = trials_of(study)
        results = _summarise(study, trials, cfg)
        write_json(paths.hpo / BEST_FILE, results)
        write_text(paths.hpo / TRIALS_FILE, _trials_csv(trials, cfg))
    return results


def _summarise(study: optuna.Study, trials: Sequence[FrozenTrial], cfg: Config) -> dict[str, Any]:
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    # Of trials with equal recall the quicker one.
    best = max(complete, key=lambda trial: (trial.values[0], *(-value for value in trial.values[1:])), default=None)
    results = {
        "metric": METRIC,
        "fpr_budget": cfg.eval.fpr_budget,
        "value": None if best is None else best.values[0],
        "best_trial": None if best is None else displayed_number(best.number),
        "params": {} if best is None else dict(best.params),
        "n_trials": len(trials),
        "states": dict(sorted(Counter(trial.state.name.lower() for trial in trials).items())),
        "epochs_per_trial": cfg.search.epochs,
        "max_train_rows": cfg.search.max_train_rows,
        "max_val_rows": cfg.search.max_val_rows,
    }
    if len(cfg.search.objectives) > 1:
        results["pareto"] = [displayed_number(trial.number) for trial in study.best_trials]
    return results


def _trials_csv(trials: Sequence[FrozenTrial], cfg: Config) -> str:
    keys = [dimension.key for dimension in SEARCH_SPACE]
    further = cfg.search.objectives[1:]
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["number", "state", "value", *further, "evaluations", "seconds", *keys])
    for trial in trials:
        seconds = "" if trial.duration is None else round(trial.duration.total_seconds(), 1)
        values = trial.values or [""] * (1 + len(further))
        params = [trial.params.get(key, "") for key in keys]
        state = trial.state.name.lower()
        rows.writerow([displayed_number(trial.number), state, *values, len(trial.intermediate_values), seconds, *params])
    return table.getvalue()


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


def discard_study(paths: RunPaths, storage: str | None = None) -> None:
    """Delete the trials and results of an earlier search. Raises ConfigError while a worker is at it."""
    discard_stored(storage_of(paths, storage))
    for name in (BEST_FILE, TRIALS_FILE):
        (paths.hpo / name).unlink(missing_ok=True)


def _log_trial(trial: FrozenTrial, cfg: Config) -> None:
    values = "no value" if not trial.values else f"val recall {trial.values[0]:.4f}"
    if trial.values and len(trial.values) > 1:
        values += f", latency {trial.values[1]:.3f} of the deep branch"
    seconds = 0.0 if trial.duration is None else trial.duration.total_seconds()
    log.info(
        "trial %d of %d %s in %.0f s: %s, %s",
        displayed_number(trial.number),
        cfg.search.n_trials,
        trial.state.name.lower(),
        seconds,
        values,
        _format_params(trial.params),
    )


def _format_params(params: Mapping[str, float | int]) -> str:
    return ", ".join(f"{key}={value:.4g}" for key, value in params.items())
