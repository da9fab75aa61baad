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
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate.optimizer import AcceleratedOptimizer
from accelerate.utils import broadcast_object_list
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

from ..config import Config, OptimConfig
from ..data.loader import LengthBucketedBatches, TrainingWindows
from ..data.schema import Example
from ..errors import CheckpointError
from ..evaluation.predictor import TorchPredictor
from ..interrupts import interrupts_deferred
from ..models.dual_branch import TinyGuardrail
from ..progress import ProgressBar
from ..reporting.metrics_writer import EpochMetrics, MetricsWriter
from ..run import RunPaths
from ..runtime.calibration import Calibration
from ..text.tokenization import GuardTokenizer
from .batches import StepBatches, build_augmenter, training_windows
from .compilation import compile_layers
from .disk import RunSize, check_disk_space
from .distillation import TEACHER_SCORES, teacher_logits
from .divergence import divergence_error, may_be_skipped
from .losses import deferral_threshold
from .memory import is_out_of_memory, keep_freed_memory, out_of_memory_error
from .mining import attack_scores, hardest, mining_pool, num_mined
from .objective import GuardObjective
from .optimizer import build_optimizer, lr_factor
from .plan import RunPlan, has_started
from .precision import apply_tf32, precision_of
from .processes import start_processes
from .quantization import prepare_qat
from .resume import Progress, check_config_keys
from .run_log import epoch_metrics, log_epoch, log_estimate, log_plan, open_writer, warn_about_plan
from .run_state import RunState
from .validation import ValidationSet

log = logging.getLogger(__name__)

STEPS_BEFORE_ESTIMATE = 10
DEFERRAL_WINDOW_STEPS = 50  # enough batches for every length of prompt, few enough to follow the branches as they learn


@dataclass(frozen=True)
class FitResult:
    """The result of a finished run."""

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
        self._allowed_changes = check_config_keys(allow_config_change)
        self.val = ValidationSet(val)
        train = training_windows(cfg, train, tokenizer)
        self.batches = LengthBucketedBatches(train.lengths, cfg.train.batch_size, cfg.run.seed, cfg.train.windows_per_epoch)
        augmenter = build_augmenter(cfg, train, tokenizer)

        self.accelerator = start_processes(self.precision)
        self.device = self.accelerator.device
        if self.device.type == "cpu":
            keep_freed_memory()
        self.windows = train = self._with_teachers(train)
        self.objective, optimizer = self._prepare_model()

        self.num_mined = num_mined(train, cfg.train)
        progress = Progress(fingerprint=train.fingerprint(), num_processes=self.accelerator.num_processes)
        self.plan = RunPlan(cfg, self.batches, self.num_mined, progress)
        self.state = self._initial_state(progress, optimizer, schedule)
        self.writer = MetricsWriter()
        self.step_batches = StepBatches(
            train,
            augmenter,
            self.device,
            keep_originals=bool(cfg.loss.consistency_weight),
            rank=self.accelerator.process_index,
            num_processes=self.accelerator.num_processes,
        )
        self._is_restored = False

    def _initial_state(
        self, progress: Progress, optimizer: AcceleratedOptimizer, schedule: Callable[[int, int, OptimConfig], float]
    ) -> RunState:
        """The state before the first step."""
        cfg, plan = self.cfg, self.plan
        return RunState(
            cfg,
            self.paths,
            self.accelerator,
            plan,
            progress,
            model=self.model,
            optimizer=optimizer,
            scheduler=LambdaLR(optimizer.optimizer, lambda step: schedule(step, plan.total_steps, cfg.optim)),
        )

    def _with_teachers(self, windows: TrainingWindows) -> TrainingWindows:
        distill = self.cfg.distill
        if not distill.teachers or windows.teacher_logits is not None:
            return windows
        with self.accelerator.main_process_first():  # the others read what it kept
            directory = None if self.paths is None else self.paths.root / TEACHER_SCORES
            return replace(windows, teacher_logits=teacher_logits(distill, windows, directory))

    def _prepare_model(self) -> tuple[nn.Module, AcceleratedOptimizer]:
        """The objective and its optimiser, for these processes, with the model on its device in the form that is trained."""
        cfg, model = self.cfg, self.model
        if cfg.train.gradient_checkpointing:
            model.enable_gradient_checkpointing()
        if cfg.train.compile:
            compile_layers(model, self.device)
        model.to(self.device)
        optimizer = build_optimizer(
            model, cfg.optim, is_pretrained=cfg.model.init_from is not None, layers=model.layers_by_depth()
        )
        return self.accelerator.prepare(GuardObjective(model, cfg), optimizer)

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
            self._begin()
        try:
            while not self.progress.is_finished:
                self._train_epoch()
                self._end_epoch()
        except (RuntimeError, MemoryError) as error:
            if is_out_of_memory(error):
                raise out_of_memory_error(error, self.cfg, self.progress.step, self.state.last_checkpoint) from error
            raise
        except CheckpointError as error:
            advice = "the same command starts again: no checkpoint was written yet"
            if self.state.last_checkpoint is not None:
                advice = f"the same command goes on from {self.state.last_checkpoint}"
            raise CheckpointError(f"{error}; then {advice}") from error
        except KeyboardInterrupt:
            # Several processes may be in different places, in a step or a validation, and could not gather a common state.
            if self.paths is not None and self.accelerator.num_processes == 1:
                with interrupts_deferred():
                    self.state.save(self.state.latest)
            log.info("interrupted at step %d; last checkpoint: %s", self.progress.step, self.state.last_checkpoint or "none yet")
            raise
        finally:
            self.writer.close()
        return self._result()

    def _begin(self) -> None:
        """Log the plan, check the disk space and open the curves."""
        warn_about_plan(self.cfg, self.plan, self.windows)
        log_plan(self.plan, self.windows, self.batches, len(self.val.texts), self.precision, self.device)
        if self.paths is not None:
            has_latest = self.cfg.train.checkpoint_every_steps < self.plan.steps_of(1)
            size = RunSize.of(self.cfg, self.model, self.state.optimizer, epochs=self.plan.last_epoch, has_latest=has_latest)
            check_disk_space(size, self.paths)
            self.writer = open_writer(self.paths, self.cfg, self.progress)

    def _train_epoch(self) -> None:
        """The batches of this epoch that are not done yet."""
        progress, train = self.progress, self.cfg.train
        if has_started(self.cfg.quantization.start_epoch, progress.epoch):
            prepare_qat(self.model)
        if progress.batches_done == 0:  # else the choice came with the checkpoint
            progress.mined = self._mine()
        self.model.train()
        remaining = self.batches.of_epoch(progress.epoch, progress.mined * train.mining_repeat)[progress.batches_done :]
        groups = [remaining[i : i + self.plan.batches_per_step] for i in range(0, len(remaining), self.plan.batches_per_step)]
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
                if progress.step - first_step == STEPS_BEFORE_ESTIMATE and self.accelerator.is_main_process:
                    log_estimate(self.plan, progress, (time.monotonic() - started) / STEPS_BEFORE_ESTIMATE)
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
            positions = hardest(scores, self.num_mined)
            log.info(
                "hard negatives: of %d benign windows %d are repeated, mean P(attack) %.3f (of the pool %.3f)",
                len(pool),
                len(positions),
                scores[positions].mean() if len(positions) else 0.0,
                scores.mean() if len(pool) else 0.0,
            )
            shared = [pool[positions].tolist()]
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
                    each.batch,
                    is_adversarial=is_adversarial,
                    loss_scale=scale,
                    defer_above=defer_above,
                    originals=each.originals,
                )
                self.accelerator.backward(total * prepared.factor)
            losses.append(parts)
            deferral_scores.append(scores.float() if prepared.factor else torch.full_like(scores, torch.nan, dtype=torch.float32))
        means = mean_parts(losses)
        self._check_finite(means, group)
        norm = float(self.accelerator.clip_grad_norm_(self.model.parameters(), self.cfg.optim.max_grad_norm))
        self._check_finite({"gradient norm": norm}, group, may_skip=self.accelerator.scaler is not None)
        learning_rate = float(state.scheduler.get_last_lr()[0])
        state.optimizer.step()
        if state.average is not None:
            state.average.update()
        state.scheduler.step()
        state.optimizer.zero_grad()

        progress.step += 1
        progress.batches_done += len(group)
        progress.deferral_scores = [*progress.deferral_scores, self._gather_numbers(deferral_scores)][-DEFERRAL_WINDOW_STEPS:]
        for name, value in means.items():
            entry = progress.sums.setdefault(name, [0.0, 0.0])
            entry[0], entry[1] = entry[0] + value, entry[1] + 1
        progress.tokens += int(sum(self.windows.lengths[ids].sum() for ids in group))
        progress.seconds += time.monotonic() - started
        values = {**means, "learning_rate": learning_rate, "gradient_norm": norm}
        finite = {f"train/{name}": value for name, value in values.items() if math.isfinite(value)}
        self.writer.log(progress.step, finite)

    def _gather_numbers(self, values: Sequence[Tensor]) -> list[float]:
        """The values of all processes, without NaN."""
        padded = self.accelerator.pad_across_processes(torch.cat(list(values)), pad_index=math.nan)
        return [value for value in self.accelerator.gather(padded).tolist() if not math.isnan(value)]

    def _end_epoch(self) -> None:
        """Validate, keep the model if it is the best, and save the state in which the next epoch starts."""
        progress = self.progress
        started = time.monotonic()
        validation = self._validate()
        learning_rate = float(self.state.scheduler.get_last_lr()[0])
        metrics = epoch_metrics(self.plan, progress, learning_rate, validation, time.monotonic() - started)
        if self.accelerator.is_main_process:
            log_epoch(self.plan, metrics)
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
                self.model,
                self.tokenizer,
                Calibration(),
                device=self.device,
                batch_size=self.cfg.eval.batch_size,
                mixed_precision="bf16" if self.precision == "bf16" else "no",
            )
            with self.state.weights_to_keep():
                shared = [self.val.measure(predictor, self.cfg)]
        return broadcast_object_list(shared)[0]

    def _report(self, validation: Mapping[str, float]) -> None:
        if self._on_evaluation is not None:
            self._on_evaluation(self.progress.step, validation["val_recall"])

    def _check_finite(self, values: Mapping[str, float], group: Sequence[np.ndarray], may_skip: bool = False) -> None:
        """Stop before weights are changed by a loss or gradient that is not a number, unless it `may_skip` the step (FP16)."""
        broken = [name for name, value in values.items() if not math.isfinite(value)]
        if (may_skip and may_be_skipped(self.progress, bool(broken))) or not broken:
            return
        raise divergence_error(
            broken,
            self.cfg,
            self.progress,
            learning_rate=float(self.state.scheduler.get_last_lr()[0]),
            num_batches=len(group),
            rows=sorted(set(self.windows.rows[np.concatenate(list(group))].tolist())),
            last_checkpoint=self.state.last_checkpoint,
        )

    def _best_recall(self) -> float:
        assert self.progress.best is not None, "the last epoch of a run is always a candidate"
        return self.progress.best[0]

    def _result(self) -> FitResult:
        best_model = None if self.paths is None else self.paths.best_model
        self.accelerator.wait_for_everyone()
        if best_model is not None and not best_model.is_file():
            raise CheckpointError(f"this run is finished, but {best_model} is gone; restore it, or train again with --restart")
        return FitResult(best_model, self._best_recall(), [EpochMetrics(**row) for row in self.progress.history])


def mean_parts(losses: Sequence[Mapping[str, Tensor]]) -> dict[str, float]:
    """Mean of each part over the batches that have it (not every batch is perturbed)."""
    names = list(dict.fromkeys(name for parts in losses for name in parts))
    means = [torch.stack([parts[name] for parts in losses if name in parts]).mean() for name in names]
    return dict(zip(names, torch.stack(means).tolist(), strict=True))  # one transfer from the device
