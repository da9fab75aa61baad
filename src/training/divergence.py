"""Losses and gradients that are not finite: when a step may be skipped, and the error with its place and advice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..config import Config
from ..errors import DivergenceError
from .resume import Progress

MAX_SKIPPED_STEPS = 50  # consecutive FP16 steps whose gradients overflowed


def may_be_skipped(progress: Progress, is_broken: bool) -> bool:
    """Count consecutive FP16 steps that overflowed; returns whether the scaler may skip this one.

    FP16 gradients overflow now and then; only many in a row are an error.
    """
    progress.skipped_steps = progress.skipped_steps + 1 if is_broken else 0
    return progress.skipped_steps <= MAX_SKIPPED_STEPS


def divergence_error(
    broken: Sequence[str],
    cfg: Config,
    progress: Progress,
    *,
    learning_rate: float,
    num_batches: int,
    rows: Sequence[int],
    last_checkpoint: Path | None,
) -> DivergenceError:
    """The error to raise before weights are changed by the `broken` values of the step after `progress`.

    learning_rate: of that step; num_batches: of all processes in it; rows: training rows that its windows are from.
    """
    batches_done, halved = progress.batches_done, cfg.optim.learning_rate / 2
    advice = "Train again with a lower optim.learning_rate or train.mixed_precision=no, and --restart"
    if last_checkpoint is not None:
        advice = f"Go on from it with --allow_config_change optim.learning_rate={halved:.3g}, or t{advice[1:]}"
    return DivergenceError(
        f"{', '.join(broken)} is not finite at step {progress.step + 1} (epoch {progress.epoch}), "
        f"learning rate {learning_rate:.3g}, batches {batches_done + 1} to {batches_done + num_batches} of the epoch, "
        f"training rows {list(rows)}. Last checkpoint: "
        f"{last_checkpoint or 'none yet'}. {advice}; if it always happens at these rows, look at their texts"
    )
