"""Resuming a run: the newest checkpoint, whether it belongs to the same run, and what a restart discards."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..config import config_keys, describe_difference, differing_keys, flatten
from ..errors import ConfigError, TrainingError, did_you_mean
from ..reporting.metrics_writer import WANDB_ID_FILE
from ..run import RunPaths

# Keys that decide which windows are in which batch, beside the rows themselves.
BATCH_KEYS = (
    "run.seed",
    "train.batch_size",
    "train.windows_per_epoch",
    "train.mining_start_epoch",
    "train.mining_pool",
    "train.mining_share",
    "train.mining_repeat",
)
ACCUMULATION = "train.gradient_accumulation_steps"
DATA_KEYS = ("data.", "model.", "run.seed", "distill.")  # prefixes of the keys that windows and teachers' scores depend on
# Keys that `val_recall` depends on beside the model: values from before and after a change of them cannot be compared.
METRIC_KEYS = (
    *("data.", "eval.fpr_budget", "eval.window_penalty", "eval.max_segments"),
    *("router.target_deep_fraction", "quantization.start_epoch"),
)


@dataclass
class Progress:
    """Where a run stands. Plain values only: it is stored in every checkpoint."""

    fingerprint: str  # of the training windows
    num_processes: int  # of the run that wrote it
    epoch: int = 1  # the one being trained, 1-based
    batches_done: int = 0  # of this epoch, by all processes
    step: int = 0
    skipped_steps: int = 0  # consecutive ones, FP16 only
    best: list[float] | None = None  # val recall and AUC of best_model.pth
    epochs_without_better: int = 0
    # Loss part -> [sum, steps] of this epoch, of the first process' batches.
    sums: dict[str, list[float]] = field(default_factory=dict)
    tokens: int = 0  # of this epoch, of all processes
    seconds: float = 0.0  # spent on the training steps of this epoch
    history: list[dict[str, Any]] = field(default_factory=list)  # EpochMetrics of finished epochs
    is_finished: bool = False
    mined: list[int] = field(default_factory=list)  # windows that are drawn more often in this epoch
    # Of all prompts of the last steps, step by step; the router's budget is measured on them.
    deferral_scores: list[list[float]] = field(default_factory=list)


def epoch_checkpoints(paths: RunPaths) -> list[Path]:
    """checkpoint_epoch_*.pth in the order of their epochs."""
    checkpoints = [path for path in paths.checkpoints.glob("checkpoint_epoch_*.pth") if path.stem.split("_")[-1].isdigit()]
    return sorted(checkpoints, key=lambda path: int(path.stem.split("_")[-1]))


def newest_checkpoint(paths: RunPaths) -> Path | None:
    """latest.pth exists only inside an epoch, when it is ahead of every epoch checkpoint."""
    latest = paths.checkpoints / "latest.pth"
    if latest.is_file():
        return latest
    return next(reversed(epoch_checkpoints(paths)), None)


def check_same_run(
    path: Path, state: Mapping[str, Any], config: Mapping[str, Any], now: Progress, allowed: Sequence[str] = ()
) -> list[str]:
    """The `allowed` config keys that differ from those of the checkpoint; those that change no result may always differ.

    The number of processes may differ where an optimiser step still has as many batches.
    Raises TrainingError unless it was written with this config otherwise and these rows; and where it is inside an epoch
    that the new values would cut into other batches.
    """
    differences = differing_keys(state["config"], config)
    keys = list(differences)
    progress = state["progress"]
    if progress["num_processes"] != now.num_processes:
        current = flatten(config)[ACCUMULATION]
        stored_steps, steps = differences.get(ACCUMULATION, (current, current))
        then, today = (progress["num_processes"], stored_steps), (now.num_processes, steps)
        keys = [key for key in keys if key != ACCUMULATION]
        if math.prod(then) != math.prod(today):
            if ACCUMULATION not in allowed:
                raise TrainingError(_other_global_batch(path, then, today))
            keys.append(ACCUMULATION)
    changed_keys = [key for key in keys if _is_covered(key, allowed)]
    differing = [describe_difference(key, *differences[key]) for key in keys if key not in changed_keys]
    other_rows = progress["fingerprint"] != now.fingerprint
    if not differing and other_rows and not any(key.startswith(DATA_KEYS) for key in changed_keys):
        differing.append("the training rows: the data behind the same configuration has changed")
    if differing:
        raise TrainingError(
            f"{path} belongs to another run. Differing: {'; '.join(differing)}. Give the old values to go on with that "
            "run, choose another --output_dir, discard it with --restart, or go on with new values of the config keys "
            "named after --allow_config_change"
        )
    causes = [key for key in changed_keys if key in BATCH_KEYS] + (["the training rows"] if other_rows else [])
    if causes and progress["batches_done"]:
        raise TrainingError(
            f"{path} is inside epoch {progress['epoch']}, whose batches depend on {', '.join(causes)}. Give the old values, "
            "or delete that file to go on from the end of the epoch before"
        )
    return changed_keys


def _other_global_batch(path: Path, then: tuple[int, int], now: tuple[int, int]) -> str:
    """then, now: number of processes and gradient_accumulation_steps."""
    batches = math.prod(then)
    if batches % now[0] == 0:
        advice = f"Give {ACCUMULATION}={batches // now[0]}"
    else:
        advice = f"Start a number of processes that divides {batches}"
    return (
        f"{path} belongs to a run whose optimiser step has {batches} batches (processes: {then[0]}, {ACCUMULATION}={then[1]}); "
        f"now it would have {math.prod(now)} (processes: {now[0]}, {ACCUMULATION}={now[1]}). {advice}, or go on with larger or "
        f"smaller steps by --allow_config_change {ACCUMULATION}"
    )


def check_config_keys(keys: Sequence[str]) -> Sequence[str]:
    """Return `keys` unchanged. Raises ConfigError for one that no config has, with the nearest."""
    for key in keys:
        if not _is_covered(key, config_keys()):
            hint = did_you_mean(key, config_keys(), most=3, cutoff=0.4) or "configs/base_config.yaml has all keys"
            raise ConfigError(f"--allow_config_change: unknown config key {key!r}; {hint}")
    return keys


def _is_covered(key: str, names: Sequence[str]) -> bool:
    """Whether `names` contain the key or the mapping that it is in, as `data.mixture` has `data.mixture.padded`."""
    return any(key == name or key.startswith(f"{name}.") for name in names)


def discard_run(paths: RunPaths) -> None:
    """Delete what an earlier run left that a new one would go on from: checkpoints, weights and curves."""
    discard_weights(paths)
    for path in (paths.steps_csv, paths.training_metrics_csv, paths.root / WANDB_ID_FILE):
        path.unlink(missing_ok=True)
    shutil.rmtree(paths.tensorboard, ignore_errors=True)


def discard_weights(paths: RunPaths) -> None:
    """Delete checkpoints and weights, whole or half written: all large files of a run except the exported ones."""
    for path in (*epoch_checkpoints(paths), paths.checkpoints / "latest.pth", paths.best_model, paths.safetensors):
        path.unlink(missing_ok=True)
    drop_half_written(paths)


def drop_half_written(paths: RunPaths) -> None:
    """Delete what a killed process was writing: nobody reads it, and it may be as large as a checkpoint."""
    weights = [path for name in (paths.best_model.name, paths.safetensors.name) for path in paths.root.glob(f".{name}.*.partial")]
    for path in (*paths.checkpoints.glob(".*.pth.*.partial"), *weights):
        path.unlink(missing_ok=True)
