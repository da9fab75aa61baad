"""The only training loop: training, dry run, search trials and ablations all run it.

Three phases, each `epoch >= its first epoch`: focal training, adversarial training, quantisation-aware training.
A step is one optimiser step on one global batch: the next `gradient_accumulation_steps * number of processes` batches of
the epoch, in the order that LengthBucketedBatches gives, shared out among the processes. Progress is counted in batches of
the epoch, not of a process. State is saved at step boundaries only. So a run that was killed at any moment goes on

- with as many processes: to the same weights, bit for bit on the same machine with as many threads;
- with another number and the same global batch: through the same steps over the same windows, each exactly once, with the
  same augmentation, mined windows, phases, learning rates and optimiser state. Sums are taken in another order (equal up
  to rounding), and dropout draws anew from (seed, step, process).
"""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import (
    DistributedDataParallelKwargs,
    DistributedType,
    InitProcessGroupKwargs,
    broadcast_object_list,
)
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from ..config import Config, OptimConfig, to_dict
from ..data.loader import LengthBucketedBatches, TrainingWindows
from ..data.schema import Example
from ..errors import CheckpointError, ConfigError, DivergenceError
from ..evaluation.calibration import Calibration
from ..evaluation.predictor import TorchPredictor
from ..interrupts import interrupts_deferred
from ..labels import Label
from ..models.dual_branch import TinyGuardrail
from ..progress import ProgressBar
from ..reporting.metrics_writer import EpochMetrics, MetricsWriter
from ..run import RunPaths
from ..text.tokenization import GuardTokenizer
from .batches import StepBatches, augmenter_of, label_counts, training_windows
from .compilation import compile_layers
from .disk import RunSize, check_disk_space
from .distillation import TEACHER_SCORES, teacher_logits
from .losses import class_weights, deferral_threshold
from .memory import is_out_of_memory, keep_freed_memory, out_of_memory
from .mining import attack_scores, hardest, mining_pool, num_mined
from .objective import GuardObjective
from .optimizer import build_optimizer, lr_factor
from .plan import RunPlan, has_started
from .precision import apply_tf32, precision_of
from .quantization import prepare_qat
from .resume import Progress, known_keys
from .run_state import RunState
from .validation import ValidationSet

log = logging.getLogger(__name__)

STEPS_BEFORE_ESTIMATE = 10
STEPS_OF_BUDGET = 50  # enough batches for every length of prompt, few enough to follow the branches as they learn
# Of an epoch, by the names that training_metrics.csv has for them.
LOGGED = ("train_loss", "val_recall", "val_fpr", "val_full_recall", "val_auc", "val_deep_share", "val_deep_share_fixed",
          "tokens_per_second")  # fmt: skip
SHARDED = (DistributedType.FSDP, DistributedType.DEEPSPEED, DistributedType.MEGATRON_LM)
TIMEOUT = timedelta(hours=4)  # for teachers that score every window; after the library's 10 minutes all would be stopped
MAX_SKIPPED_STEPS = 50  # FP16 steps in a row whose gradients overflowed


@dataclass(frozen=True)
class FitResult:
    """What a finished run leaves behind."""

    best_model: Path | None  # best_model.pth; None when the trainer had no paths
    best_recall: float  # val/recall of that model
    history: list[EpochMetrics]


class Trainer:
    """Trains a model in place. `fit` goes on from the run directory's last checkpoint, if there is one."""

    def __init__(
        self,
        cfg: Config,
        model: TinyGuardrail,
        tokenizer: GuardTokenizer,
        train: Sequence[Example] | TrainingWindows,
        val: Sequence[Example],
        paths: RunPaths | None,
        *,
        on_evaluation: Callable[[int, float], None] | None = None,
        evaluate_every_steps: int = 0,
        allow_config_change: Sequence[str] = (),
        schedule: Callable[[int, int, OptimConfig], float] = lr_factor,
    ) -> None:
        """`paths` None writes no file. `on_evaluation(step, val recall)` is called after every validation: at the end
        of each epoch and, if `evaluate_every_steps` is set, inside it. What it raises ends the run.
        `allow_config_change`: config keys whose new values an earlier run in `paths` goes on with. `schedule`: share of the
        learning rate for a step, from the steps that are done, those of the run, and `optim`.

        Raises DataError for rows that cannot be trained or validated on, ConfigError for FP16 without a GPU, TF32 without one
        that has it, compilation without a compiler, a launcher that splits the model and an unknown key.
        """
        self.precision = precision_of(cfg.train)
        apply_tf32(cfg.train)
        self.cfg, self.model, self.tokenizer, self.paths = cfg, model, tokenizer, paths
        self._on_evaluation, self._evaluate_every = on_evaluation, evaluate_every_steps
        self._allowed_changes = known_keys(allow_config_change)
        self.val = ValidationSet(val)
        self.windows = train = training_windows(cfg, train, tokenizer)
        self.batches = LengthBucketedBatches(train.lengths, cfg.train.batch_size, cfg.run.seed, cfg.train.windows_per_epoch)
        augmenter = augmenter_of(cfg, train, tokenizer)

        unused_experts = DistributedDataParallelKwargs(find_unused_parameters=True)
        patience = InitProcessGroupKwargs(timeout=TIMEOUT)  # while the first process scores, the others wait
        self.accelerator = Accelerator(mixed_precision=self.precision, kwargs_handlers=[unused_experts, patience])
        _refuse_sharding(self.accelerator)
        self.device = self.accelerator.device
        if self.device.type == "cpu":
            keep_freed_memory()
        if cfg.distill.teachers and train.teacher_logits is None:
            with self.accelerator.main_process_first():  # the others read what it kept
                directory = None if paths is None else paths.root / TEACHER_SCORES
                self.windows = train = replace(train, teacher_logits=teacher_logits(cfg.distill, train, directory))
        if cfg.train.gradient_checkpointing:
            model.enable_gradient_checkpointing()
        if cfg.train.compile:
            compile_layers(model, self.device)
        model.to(self.device)
        optimizer = build_optimizer(
            model, cfg.optim, is_pretrained=cfg.model.init_from is not None, layers=model.layers_by_depth()
        )
        alpha = class_weights(cfg.loss, label_counts(train).tolist()).to(self.device)
        objective = GuardObjective(model, cfg, alpha)
        self.objective, prepared_optimizer = self.accelerator.prepare(objective, optimizer)

        self.num_mined = num_mined(train, cfg.train)
        progress = Progress(fingerprint=train.fingerprint(), num_processes=self.accelerator.num_processes)
        self.plan = plan = RunPlan(cfg, self.batches, self.num_mined, progress)
        self.state = RunState(
            cfg, paths, self.accelerator, plan, progress, model=model, optimizer=prepared_optimizer,
            scheduler=LambdaLR(optimizer, lambda step: schedule(step, plan.total_steps, cfg.optim)),
        )  # fmt: skip
        self.writer = MetricsWriter()
        self.step_batches = StepBatches(
            train, augmenter, self.device, keep_originals=bool(cfg.loss.consistency_weight),
            rank=self.accelerator.process_index, num_processes=self.accelerator.num_processes,
        )  # fmt: skip
        self._is_restored = False

    @property
    def progress(self) -> Progress:
        """Where the run stands."""
        return self.state.progress

    def restore(self) -> None:
        """Load the newest checkpoint of the run directory, if there is one; `fit` does it where it has not been done.

        Raises TrainingError for a directory that holds another run, ConfigError for new values that cannot be gone on with.
        """
        if not self._is_restored:
            self.state.restore(self._allowed_changes)
            self._is_restored = True

    def fit(self) -> FitResult:
        """Train to the end and return the best model of the epochs that count.

        A finished run returns at once. Ctrl-C saves a checkpoint at a step boundary, where there is one process, and raises
        KeyboardInterrupt.
        Raises TrainingError for a loss that is not finite, when memory runs out and for a directory that holds another run.
        """
        self.restore()
        if self.progress.is_finished:
            epochs = len(self.progress.history)
            log.info("this run is finished: %d epochs, best val recall %.3f", epochs, self._best_recall())
            return self._result()
        if self.accelerator.is_main_process:
            self._describe_plan()
            if self.paths is not None:
                has_latest = self.cfg.train.checkpoint_every_steps < self.plan.steps_of(1)
                size = RunSize.of(self.cfg, self.model, self.state.optimizer, epochs=self.plan.last_epoch, has_latest=has_latest)
                check_disk_space(size, self.paths)
        self._open_writer()
        try:
            while not self.progress.is_finished:
                self._train_epoch()
                self._end_epoch()
        except (RuntimeError, MemoryError) as error:
            if is_out_of_memory(error):
                raise out_of_memory(error, self.cfg, self.progress.step, self.state.last_checkpoint) from error
            raise
        except CheckpointError as error:
            way_on = "the same command starts again: no checkpoint was written yet"
            if self.state.last_checkpoint is not None:
                way_on = f"the same command goes on from {self.state.last_checkpoint}"
            raise CheckpointError(f"{error}; then {way_on}") from error
        except KeyboardInterrupt:
            # Of several processes some may be inside a step and some in a validation: they cannot gather a state together.
            if self.paths is not None and self.accelerator.num_processes == 1:
                with interrupts_deferred():
                    self.state.save(self.state.latest)
            log.info("interrupted at step %d; last checkpoint: %s", self.progress.step, self.state.last_checkpoint or "none yet")
            raise
        finally:
            self.writer.close()
        return self._result()

    # One epoch

    def _train_epoch(self) -> None:
        """The batches of this epoch that are not done yet."""
        progress, train = self.progress, self.cfg.train
        if has_started(self.cfg.quantization.start_epoch, progress.epoch):
            prepare_qat(self.model)
        if progress.batches_done == 0:  # else the choice came with the checkpoint
            progress.mined = self._mine()
        self.model.train()
        todo = self.batches.of_epoch(progress.epoch, progress.mined * train.mining_repeat)[progress.batches_done :]
        groups = [todo[i : i + self.plan.batches_per_step] for i in range(0, len(todo), self.plan.batches_per_step)]
        desc = f"epoch {progress.epoch}/{self.plan.last_epoch}" if self.accelerator.is_main_process else None
        total = self.plan.steps_of(progress.epoch)
        first_step, started = progress.step, time.monotonic()
        bar = ProgressBar(total, desc, "steps", initial=total - len(groups))
        with self.step_batches.in_background() as pool, bar:
            for group, following in zip_longest(groups, groups[1:]):
                if progress.step >= self.plan.total_steps:
                    break
                if following is not None and progress.step + 1 < self.plan.total_steps:  # made while this step runs
                    self.step_batches.make_ahead(pool, following, progress.epoch)
                with interrupts_deferred():
                    self._train_step(group)
                bar.update()
                if progress.step - first_step == STEPS_BEFORE_ESTIMATE:
                    self._log_estimate((time.monotonic() - started) / STEPS_BEFORE_ESTIMATE)
                if self.paths is not None and progress.step % train.checkpoint_every_steps == 0:
                    self.state.save(self.state.latest)
                is_last = group is groups[-1] or progress.step >= self.plan.total_steps
                if self._evaluate_every and progress.step % self._evaluate_every == 0 and not is_last:
                    self._report(self._validate())

    def _mine(self) -> list[int]:
        """The benign windows that this epoch repeats, scored by the first process and sent to the others."""
        cfg, shared = self.cfg, [None]
        if not has_started(cfg.train.mining_start_epoch, self.progress.epoch):
            return []
        if self.accelerator.is_main_process:
            pool = mining_pool(self.windows, cfg.train.mining_pool, cfg.run.seed, self.progress.epoch)
            with self.accelerator.autocast():
                scores = attack_scores(self.model, self.windows, pool, cfg.eval.batch_size, self.device)
            chosen = hardest(scores, self.num_mined)
            log.info(
                "hard negatives: of %d benign windows %d are repeated, mean P(attack) %.3f (of the pool %.3f)",
                len(pool), len(chosen), scores[chosen].mean() if len(chosen) else 0.0, scores.mean() if len(pool) else 0.0,
            )  # fmt: skip
            shared = [pool[chosen].tolist()]
        return broadcast_object_list(shared)[0]

    def _train_step(self, group: Sequence[np.ndarray]) -> None:
        """One optimiser step from the batches of `group`, of all processes (the last group of an epoch may be shorter)."""
        started, state, progress = time.monotonic(), self.state, self.progress
        scale = 1.0 if self.accelerator.scaler is None else self.accelerator.scaler.get_scale()
        is_adversarial = self.plan.is_adversarial(progress.epoch, progress.batches_done)
        prepared = self.step_batches.take(group, progress.epoch)
        defer_above = deferral_threshold(progress.deferral_scores, self.cfg.router.target_deep_fraction)
        losses, deferral_scores = [], []
        for index, each in enumerate(prepared.batches):
            is_last = index == len(prepared.batches) - 1
            with contextlib.nullcontext() if is_last else self.accelerator.no_sync(self.objective):
                total, parts, scores = self.objective(
                    each.batch, is_adversarial=is_adversarial, loss_scale=scale, defer_above=defer_above,
                    originals=each.originals,
                )  # fmt: skip
                self.accelerator.backward(total * prepared.factor)
            losses.append(parts)
            no_scores = scores.new_full((len(scores),), torch.nan, dtype=torch.float32)
            deferral_scores.append(scores.float() if prepared.factor else no_scores)
        means = mean_parts(losses)
        self._check_finite(means, group)
        norm = float(self.accelerator.clip_grad_norm_(self.model.parameters(), self.cfg.optim.max_grad_norm))
        self._check_finite({"gradient norm": norm}, group, may_skip=self.accelerator.scaler is not None)
        learning_rate = state.scheduler.get_last_lr()[0]
        state.optimizer.step()
        if state.average is not None:
            state.average.update()
        state.scheduler.step()
        state.optimizer.zero_grad()

        progress.step += 1
        progress.batches_done += len(group)
        progress.deferral_scores = [*progress.deferral_scores, self._of_all(deferral_scores)][-STEPS_OF_BUDGET:]
        for name, value in means.items():
            entry = progress.sums.setdefault(name, [0.0, 0.0])
            entry[0], entry[1] = entry[0] + value, entry[1] + 1
        progress.tokens += int(sum(self.windows.lengths[ids].sum() for ids in group))
        progress.seconds += time.monotonic() - started
        values = {**means, "learning_rate": learning_rate, "gradient_norm": norm}
        finite = {f"train/{name}": value for name, value in values.items() if math.isfinite(value)}
        self.writer.log(progress.step, finite)

    def _of_all(self, values: Sequence[Tensor]) -> list[float]:
        """The numbers that all processes have, without those that are not a number."""
        padded = self.accelerator.pad_across_processes(torch.cat(list(values)), pad_index=math.nan)
        return [value for value in self.accelerator.gather(padded).tolist() if not math.isnan(value)]

    def _end_epoch(self) -> None:
        """Validate, keep the model if it is the best, and save the state in which the next epoch starts."""
        progress = self.progress
        started = time.monotonic()
        validation = self._validate()
        metrics = self._epoch_metrics(validation, time.monotonic() - started)
        self._log_epoch(metrics)
        with interrupts_deferred():
            if self.plan.is_candidate(progress.epoch):
                quality = [metrics.val_recall, metrics.val_auc]  # AUC decides between equal recalls
                is_better = progress.best is None or quality > progress.best
                progress.epochs_without_better = 0 if is_better else progress.epochs_without_better + 1
                if is_better:
                    progress.best = quality
                    self.state.save_best(metrics)
            self.writer.log_epoch(metrics)
            patience = self.cfg.train.early_stopping_patience
            is_stuck = 0 < patience <= progress.epochs_without_better
            progress.history.append(asdict(metrics))
            finished_epoch = progress.epoch
            progress.is_finished = is_stuck or progress.step >= self.plan.total_steps
            progress.epoch, progress.batches_done, progress.sums = finished_epoch + 1, 0, {}
            progress.tokens, progress.seconds = 0, 0.0
            self.state.save_epoch(finished_epoch)
        if is_stuck:
            log.info("stopped early: no better val recall in %d epochs", patience)
        self._report(validation)

    def _validate(self) -> dict[str, float]:
        """Measured by the first process and sent to the others, so that all decide alike."""
        shared: list[Any] = [None]
        if self.accelerator.is_main_process:
            predictor = TorchPredictor(
                self.model, self.tokenizer, Calibration(), device=self.device, batch_size=self.cfg.eval.batch_size,
                mixed_precision="bf16" if self.precision == "bf16" else "no",
            )  # fmt: skip
            with self.state.weights_to_keep():
                shared = [self.val.measure(predictor, self.cfg)]
        return broadcast_object_list(shared)[0]

    def _report(self, validation: Mapping[str, float]) -> None:
        if self._on_evaluation is not None:
            self._on_evaluation(self.progress.step, validation["val_recall"])

    # Guards and messages

    def _check_finite(self, values: Mapping[str, float], group: Sequence[np.ndarray], may_skip: bool = False) -> None:
        """Stop before weights are changed by a loss or gradient that is not a number.

        FP16 gradients overflow now and then; the scaler skips such a step, and only many in a row are an error.
        """
        broken = [name for name, value in values.items() if not math.isfinite(value)]
        if may_skip:
            self.progress.skipped_steps = self.progress.skipped_steps + 1 if broken else 0
            if self.progress.skipped_steps <= MAX_SKIPPED_STEPS:
                return
        if broken:
            done = self.progress.batches_done
            saved, halved = self.state.last_checkpoint, self.cfg.optim.learning_rate / 2
            way_on = "Train again with a lower optim.learning_rate or train.mixed_precision=no, and --restart"
            if saved is not None:
                way_on = f"Go on from it with --allow_config_change optim.learning_rate={halved:.3g}, or t{way_on[1:]}"
            rows = sorted(set(self.windows.rows[np.concatenate(list(group))].tolist()))
            raise DivergenceError(
                f"{', '.join(broken)} is not finite at step {self.progress.step + 1} (epoch {self.progress.epoch}), "
                f"learning rate {self.state.scheduler.get_last_lr()[0]:.3g}, "
                f"batches {done + 1} to {done + len(group)} of the epoch, training rows {rows}. Last checkpoint: "
                f"{saved or 'none yet'}. {way_on}; if it always happens at these rows, look at their texts"
            )

    def _describe_plan(self) -> None:
        starts = {f"{name}.start_epoch": getattr(self.cfg, name).start_epoch for name in ("adversarial", "quantization")}
        starts["train.mining_start_epoch"] = self.cfg.train.mining_start_epoch
        for key, start in starts.items():
            if start > self.plan.last_epoch:
                log.warning("%s=%d is after the last epoch (%d): that phase is not run", key, start, self.plan.last_epoch)
        missing = [Label(index).name for index in np.flatnonzero(label_counts(self.windows) == 0)]
        if missing:
            log.warning("no training window is %s: the model does not learn to say so; see data.mixture", " or ".join(missing))
        is_compared = self.cfg.train.augment_share or 0 < self.cfg.adversarial.start_epoch <= self.plan.last_epoch
        if self.cfg.loss.consistency_weight and not is_compared:
            log.warning("loss.consistency_weight has nothing to compare: set train.augment_share or adversarial.start_epoch")
        log.info(
            "%d training windows (%d texts), %d validation texts, %d steps in %d epochs, %.1f%% padding, %s on %s",
            len(self.windows),
            len(np.unique(self.windows.rows)),
            len(self.val.texts),
            self.plan.total_steps,
            self.plan.last_epoch,
            100 * self.batches.padding_share,
            {"no": "FP32"}.get(self.precision, self.precision),
            self.device,
        )

    def _log_estimate(self, seconds_per_step: float) -> None:
        if not self.accelerator.is_main_process:
            return
        remaining = (self.plan.total_steps - self.progress.step) * seconds_per_step
        log.info("epoch %d: %.2f s per step, about %.0f min for the steps of this run that are left (%s phase)",
                 self.progress.epoch, seconds_per_step, remaining / 60, self.plan.phase(self.progress.epoch))  # fmt: skip

    def _epoch_metrics(self, validation: Mapping[str, float], validation_seconds: float) -> EpochMetrics:
        progress = self.progress
        means = {name: total / steps for name, (total, steps) in progress.sums.items()}
        losses = {f"train_{name}": means[name] for name in
                  ("loss", "fast_loss", "deep_loss", "family_loss", "router_loss", "balance_loss")}  # fmt: skip
        return EpochMetrics(
            epoch=progress.epoch,
            step=progress.step,
            phase=self.plan.phase(self.progress.epoch),
            learning_rate=self.state.scheduler.get_last_lr()[0],
            **losses,
            train_adversarial_loss=means.get("adversarial_loss"),
            **validation,
            tokens_per_second=progress.tokens / max(progress.seconds, 1e-9),
            seconds=progress.seconds + validation_seconds,
        )

    def _log_epoch(self, m: EpochMetrics) -> None:
        if not self.accelerator.is_main_process:
            return
        values = ", ".join(f"{name} {getattr(m, name):.4g}" for name in LOGGED)
        log.info("epoch %d/%d (%s): %s, %.1f min", m.epoch, self.plan.last_epoch, m.phase, values, m.seconds / 60)

    def _open_writer(self) -> None:
        if self.paths is not None and self.accelerator.is_main_process:
            self.writer = MetricsWriter.open(
                self.paths, self.cfg.logging, to_dict(self.cfg), last_step=self.progress.step,
                last_epoch=self.progress.epoch - 1,
                last_validation=self.progress.history[-1]["step"] if self.progress.history else 0,
            )  # fmt: skip

    def _best_recall(self) -> float:
        assert self.progress.best is not None, "the last epoch of a run is always a candidate"
        return self.progress.best[0]

    def _result(self) -> FitResult:
        best_model = None if self.paths is None else self.paths.best_model
        self.accelerator.wait_for_everyone()
        if best_model is not None and not best_model.is_file():
            raise CheckpointError(f"this run is finished, but {best_model} is gone; restore it, or train again with --restart")
        return FitResult(best_model, self._best_recall(), [EpochMetrics(**row) for row in self.progress.history])


def _refuse_sharding(accelerator: Accelerator) -> None:
    """Raise ConfigError for a launcher that splits weights over processes: checkpoints, validation and export need them whole."""
    if accelerator.distributed_type in SHARDED:
        raise ConfigError(
            f"expected one process or data-parallel ones, found {accelerator.distributed_type.value}: weights and optimiser "
            "state of 63M parameters are 1 GB and fit every GPU, so nothing is gained by splitting them; launch without it, such "
            "as with `accelerate launch --multi_gpu --num_processes 4` or torchrun"
        )


def mean_parts(losses: Sequence[Mapping[str, Tensor]]) -> dict[str, float]:
    """Mean of each part over the batches that have it (not every batch is perturbed)."""
    names = list(dict.fromkeys(name for parts in losses for name in parts))
    means = [torch.stack([parts[name] for parts in losses if name in parts]).mean() for name in names]
    return dict(zip(names, torch.stack(means).tolist(), strict=True))  # one transfer from the device
