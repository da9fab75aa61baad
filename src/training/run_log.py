"""The log of a run: its plan before the first step, an estimate of its time, and the metrics of each epoch."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import numpy as np
import torch

from ..config import Config, to_dict
from ..data.loader import LengthBucketedBatches, TrainingWindows
from ..labels import Label
from ..reporting.metrics_writer import EpochMetrics, MetricsWriter
from ..run import RunPaths
from .batches import label_counts
from .plan import RunPlan
from .resume import Progress

log = logging.getLogger(__name__)

# Columns of training_metrics.csv in the log line of an epoch.
LOGGED_COLUMNS = (
    "train_loss",
    "val_recall",
    "val_fpr",
    "val_full_recall",
    "val_auc",
    "val_deep_share",
    "val_deep_share_fixed",
    "tokens_per_second",
)
EPOCH_LOSSES = ("loss", "fast_loss", "deep_loss", "family_loss", "router_loss", "balance_loss")


def open_writer(paths: RunPaths, cfg: Config, progress: Progress) -> MetricsWriter:
    """A writer that continues the curves at `progress`: what a killed run wrote after it is removed."""
    return MetricsWriter.open(
        paths,
        cfg.logging,
        to_dict(cfg),
        last_step=progress.step,
        last_epoch=progress.epoch - 1,
        last_validation=progress.history[-1]["step"] if progress.history else 0,
    )


def warn_about_plan(cfg: Config, plan: RunPlan, windows: TrainingWindows) -> None:
    """Warn about settings of the config that have no effect in this run."""
    starts = {f"{name}.start_epoch": getattr(cfg, name).start_epoch for name in ("adversarial", "quantization")}
    starts["train.mining_start_epoch"] = cfg.train.mining_start_epoch
    for key, start in starts.items():
        if start > plan.last_epoch:
            log.warning("%s=%d is after the last epoch (%d): that phase is not run", key, start, plan.last_epoch)
    missing = [Label(index).name for index in np.flatnonzero(label_counts(windows) == 0).tolist()]
    if missing:
        log.warning("no training window is %s: the model does not learn to say so; see data.mixture", " or ".join(missing))
    is_compared = cfg.train.augment_share or 0 < cfg.adversarial.start_epoch <= plan.last_epoch
    if cfg.loss.consistency_weight and not is_compared:
        log.warning("loss.consistency_weight has nothing to compare: set train.augment_share or adversarial.start_epoch")


def log_plan(
    plan: RunPlan,
    windows: TrainingWindows,
    batches: LengthBucketedBatches,
    num_val_texts: int,
    precision: str,
    device: torch.device,
) -> None:
    """precision: no, fp16 or bf16."""
    log.info(
        "%d training windows (%d texts), %d validation texts, %d steps in %d epochs, %.1f%% padding, %s on %s",
        len(windows),
        len(np.unique(windows.rows)),
        num_val_texts,
        plan.total_steps,
        plan.last_epoch,
        100 * batches.padding_share,
        {"no": "FP32"}.get(precision, precision),
        device,
    )


def log_estimate(plan: RunPlan, progress: Progress, seconds_per_step: float) -> None:
    """How long the rest of the run takes if its steps are like those that were timed."""
    remaining = (plan.total_steps - progress.step) * seconds_per_step
    log.info(
        "epoch %d: %.2f s per step, about %.0f min for the steps of this run that are left (%s phase)",
        progress.epoch,
        seconds_per_step,
        remaining / 60,
        plan.phase(progress.epoch),
    )


def epoch_metrics(
    plan: RunPlan, progress: Progress, learning_rate: float, validation: Mapping[str, float], validation_seconds: float
) -> EpochMetrics:
    """The row of the epoch that `progress` has come to the end of. validation: its `val_*` fields."""
    means = {name: total / steps for name, (total, steps) in progress.sums.items()}
    return EpochMetrics(
        epoch=progress.epoch,
        step=progress.step,
        phase=plan.phase(progress.epoch),
        learning_rate=learning_rate,
        **{f"train_{name}": means[name] for name in EPOCH_LOSSES},
        train_adversarial_loss=means.get("adversarial_loss"),
        **validation,
        tokens_per_second=progress.tokens / max(progress.seconds, 1e-9),
        seconds=progress.seconds + validation_seconds,
    )


def log_epoch(plan: RunPlan, metrics: EpochMetrics) -> None:
    """One line with the columns LOGGED_COLUMNS."""
    values = ", ".join(f"{name} {getattr(metrics, name):.4g}" for name in LOGGED_COLUMNS)
    log.info("epoch %d/%d (%s): %s, %.1f min", metrics.epoch, plan.last_epoch, metrics.phase, values, metrics.seconds / 60)
