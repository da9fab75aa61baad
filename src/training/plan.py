"""How long a run is, and which phases each of its epochs is in.

It depends on the config, the number of windows and the progress only, so every process and every resumed run plans alike.
"""

from __future__ import annotations

import math

from ..config import Config
from ..data.loader import LengthBucketedBatches
from .resume import Progress


def has_started(start_epoch: int, epoch: int) -> bool:
    """Whether a phase that begins with `start_epoch` (0 = never) is on in `epoch`."""
    return 0 < start_epoch <= epoch


class RunPlan:
    """Epochs and optimiser steps of a run, and its phases."""

    total_steps: int  # of the whole run
    last_epoch: int

    def __init__(self, cfg: Config, batches: LengthBucketedBatches, num_mined: int, progress: Progress) -> None:
        """num_mined: hard negatives of each epoch that has them. progress: where the run stands, in these processes."""
        self._cfg, self._batches, self._num_mined = cfg, batches, num_mined
        self.batches_per_step = cfg.train.gradient_accumulation_steps * progress.num_processes  # of all processes together
        self.update(progress)

    def update(self, progress: Progress) -> None:
        """Plan anew from `progress`: finished epochs may have had other batches than those to come."""
        train, step, epoch = self._cfg.train, progress.step, progress.epoch
        limit = train.max_steps or math.inf
        while epoch <= train.epochs and step < limit:
            step += self.steps_of(epoch, progress.batches_done if epoch == progress.epoch else 0)
            epoch += 1
        self.total_steps, self.last_epoch = int(min(step, limit)), epoch - 1

    def steps_of(self, epoch: int, batches_done: int = 0) -> int:
        """Optimiser steps of an epoch, hard negatives included, after the batches that are done."""
        train = self._cfg.train
        is_mined = has_started(train.mining_start_epoch, epoch)
        batches = self._batches.count(self._num_mined * train.mining_repeat if is_mined else 0)
        return math.ceil((batches - batches_done) / self.batches_per_step)

    def is_adversarial(self, epoch: int, batches_done: int) -> bool:
        """Whether the step after `batches_done` batches of the epoch is adversarial. A function of the batches done, so a resumed
        run perturbs the same ones, and all processes perturb in the same steps."""
        cfg = self._cfg.adversarial
        return has_started(cfg.start_epoch, epoch) and (batches_done // self.batches_per_step) % cfg.every_steps == 0

    def is_candidate(self, epoch: int) -> bool:
        """Whether this epoch's model may be the best: in a run with QAT, only epochs that train with it."""
        start = self._cfg.quantization.start_epoch
        return epoch >= start or start > self.last_epoch

    def phase(self, epoch: int) -> str:
        """Such as "focal+adversarial"."""
        started = {"adversarial": self._cfg.adversarial.start_epoch, "qat": self._cfg.quantization.start_epoch}
        return "+".join(["focal", *(name for name, start in started.items() if has_started(start, epoch))])
