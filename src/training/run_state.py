"""The state of a run between two steps: saved whole and restored bit for bit; and its best model."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.optimizer import AcceleratedOptimizer
from accelerate.utils import gather_object
from torch.optim.lr_scheduler import LambdaLR

from ..config import Config, to_dict
from ..errors import CheckpointError, ConfigError, TrainingError
from ..models.dual_branch import TinyGuardrail
from ..models.quantized import rounded_state
from ..reporting.metrics_writer import EpochMetrics
from ..run import RunPaths
from .averaging import WeightAverage
from .checkpoint import load_best_model, load_checkpoint, rng_state, save_best_model, save_checkpoint, set_rng_state
from .disk import KEPT_EPOCH_CHECKPOINTS
from .plan import RunPlan
from .resume import METRIC_KEYS, Progress, check_same_run, drop_half_written, epoch_checkpoints, newest_checkpoint

log = logging.getLogger(__name__)


class RunState:
    """Everything that training changes, and the files that it is kept in. Without `paths` nothing is written."""

    average: WeightAverage | None  # None without train.ema_decay
    last_checkpoint: Path | None  # the last one that this process wrote or read

    def __init__(
        self,
        cfg: Config,
        paths: RunPaths | None,
        accelerator: Accelerator,
        plan: RunPlan,
        progress: Progress,
        *,
        model: TinyGuardrail,
        optimizer: AcceleratedOptimizer,
        scheduler: LambdaLR,
    ) -> None:
        """model: not wrapped for several processes. progress: that of a run which has not begun."""
        self._cfg, self._paths, self._accelerator, self._plan = cfg, paths, accelerator, plan
        self.model, self.optimizer, self.scheduler, self.progress = model, optimizer, scheduler, progress
        self.average = WeightAverage(model, cfg.train.ema_decay) if cfg.train.ema_decay else None
        self.last_checkpoint = None

    # Saving

    @property
    def latest(self) -> Path:
        """The checkpoint inside an epoch."""
        assert self._paths is not None
        return self._paths.checkpoints / "latest.pth"

    def save_epoch(self, epoch: int) -> None:
        """At the end of an epoch, when `progress` is at the start of the next. Older checkpoints go, except the newest."""
        if self._paths is None:
            return
        self.save(self._paths.checkpoints / f"checkpoint_epoch_{epoch}.pth")
        if self._accelerator.is_main_process:
            self.latest.unlink(missing_ok=True)  # it is behind the one that was just written
            for path in epoch_checkpoints(self._paths)[:-KEPT_EPOCH_CHECKPOINTS]:
                path.unlink()

    def save(self, path: Path) -> None:
        """At a step boundary, by all processes together. Raises CheckpointError when it cannot be written."""
        generators = gather_object([rng_state()])
        if self._accelerator.is_main_process:
            scaler = self._accelerator.scaler
            save_checkpoint(
                path,
                model=self.model.state_dict(),
                optimizer=self.optimizer.state_dict(),
                scheduler={name: value for name, value in self.scheduler.state_dict().items() if name != "lr_lambdas"},
                scaler=None if scaler is None else scaler.state_dict(),
                rng=generators,
                progress=asdict(self.progress),
                config=to_dict(self._cfg),
                average=None if self.average is None else self.average.state_dict(),
            )
        self.last_checkpoint = path

    def save_best(self, metrics: EpochMetrics) -> None:
        """Save the weights as the best model; `metrics` are theirs."""
        if self._paths is not None and self._accelerator.is_main_process:
            progress = {"epoch": metrics.epoch, "step": metrics.step, "val_recall": metrics.val_recall}
            with self.weights_to_keep():
                save_best_model(
                    self._paths.best_model,
                    self._paths.safetensors,
                    model=rounded_state(self.model),
                    config=to_dict(self._cfg),
                    progress=progress,
                )

    def weights_to_keep(self) -> contextlib.AbstractContextManager[None]:
        """Inside, the model has the weights that are validated and shipped: the averaged ones, if there are any."""
        return contextlib.nullcontext() if self.average is None else self.average.applied()

    # Restoring

    def restore(self, allowed_changes: Sequence[str]) -> None:
        """Load the newest checkpoint of the run directory, if there is one and it belongs to this very run.

        allowed_changes: config keys whose new values the run goes on with.
        Raises TrainingError for a directory that holds another run, ConfigError for new values that cannot be gone on with.
        """
        path = None if self._paths is None else newest_checkpoint(self._paths)
        if self._paths is not None and self._accelerator.is_main_process:
            drop_half_written(self._paths)
        if path is None:
            if self._paths is not None:
                _refuse_finished(self._paths.best_model)
            if self._accelerator.num_processes > 1:  # equal seeds would give all processes the same dropout
                self._seed_dropout()
            return
        state, now = load_checkpoint(path), self.progress
        changed_keys = check_same_run(path, state, to_dict(self._cfg), now, allowed_changes)
        settings = [(group["initial_lr"], group["weight_decay"]) for group in self.optimizer.param_groups]
        self._load(path, state)
        if changed_keys:
            log.info("going on with new values of %s", ", ".join(changed_keys))
            self.progress.fingerprint = now.fingerprint
            self._adopt_changes(settings, changed_keys)
        self.last_checkpoint = path
        if self.progress.num_processes == now.num_processes:
            set_rng_state(state["rng"][self._accelerator.process_index])
        else:
            log.info("%d processes, before %d: dropout draws anew", now.num_processes, self.progress.num_processes)
            self.progress.num_processes = now.num_processes
            self._seed_dropout()
        if not self.progress.is_finished:
            log.info("going on from %s: epoch %d, step %d", path, self.progress.epoch, self.progress.step)

    def _load(self, path: Path, state: Mapping[str, Any]) -> None:
        """Put everything but the generators where the checkpoint has it."""
        try:
            self.model.load_state_dict(state["model"])
        except RuntimeError as error:
            raise CheckpointError(f"{path} does not fit the model of its own config: {error}; use --restart") from error
        try:
            self.optimizer.load_state_dict(state["optimizer"])
        except ValueError as error:
            raise ConfigError(
                f"{path} trained other groups of layers ({error}): a multiplier of the learning rate cannot become 0, nor equal "
                "another, in a run that goes on; give the old optim values, or train again with --restart"
            ) from error
        self.scheduler.load_state_dict({**state["scheduler"], "lr_lambdas": [None] * len(self.scheduler.lr_lambdas)})
        if self._accelerator.scaler is not None and state["scaler"] is not None:
            self._accelerator.scaler.load_state_dict(state["scaler"])
        if self.average is not None:
            if state.get("average") is None:  # train.ema_decay is new: averaging starts here
                self.average = WeightAverage(self.model, self._cfg.train.ema_decay)
            else:
                self.average.load_state_dict(state["average"])
        self.progress = Progress(**state["progress"])
        self._plan.update(self.progress)

    def _seed_dropout(self) -> None:
        """Another stream for each process, and after each change of their number."""
        entropy = [self._cfg.run.seed, self.progress.step, self._accelerator.process_index]
        torch.manual_seed(int(np.random.SeedSequence(entropy).generate_state(1)[0]))

    def _adopt_changes(self, settings: Sequence[tuple[float, float]], changed_keys: Sequence[str]) -> None:
        """Go on with this config where the checkpoint brought the old one: length of the run, learning rates, decay.

        settings: learning rate and weight decay of each parameter group. changed_keys: the keys with new values.
        """
        progress, plan = self.progress, self._plan
        progress.is_finished = progress.step >= plan.total_steps
        if progress.is_finished and progress.best is None:
            raise ConfigError(
                f"train.max_steps={self._cfg.train.max_steps} ends the run at or before step {progress.step}, which it has "
                "reached, and no model has been kept yet; give a larger one"
            )
        start = self._cfg.quantization.start_epoch
        is_other_model = progress.epoch <= start <= plan.last_epoch  # what was kept was not trained as it will ship
        if is_other_model or (not progress.is_finished and any(key.startswith(METRIC_KEYS) for key in changed_keys)):
            progress.best, progress.epochs_without_better = None, 0
        factor = self.scheduler.lr_lambdas[0](progress.step)  # one schedule for all groups
        for group, (learning_rate, decay) in zip(self.optimizer.param_groups, settings, strict=True):
            group.update(initial_lr=learning_rate, lr=learning_rate * factor, weight_decay=decay)
        self.scheduler.base_lrs = [learning_rate for learning_rate, _ in settings]
        self.scheduler._last_lr = [learning_rate * factor for learning_rate, _ in settings]


def _refuse_finished(best_model: Path) -> None:
    """Raise TrainingError for the model of a finished run without its checkpoints: a training from the start would replace it.

    A model without thresholds is what a run that was killed in its first validation left.
    """
    if best_model.is_file() and load_best_model(best_model)["calibration"] is not None:
        raise TrainingError(
            f"{best_model} is the model of a finished run, and there is no checkpoint to go on from. Choose another --output_dir "
            "to keep it, or discard it with --restart"
        )
