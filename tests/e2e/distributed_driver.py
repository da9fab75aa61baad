"""Train the tiny run on as many processes as launched this, from where an earlier life stopped, and keep its final weights.

    torchrun --nproc_per_node 2 tests/e2e/distributed_driver.py ENCODER_DIR OUTPUT_DIR LIFE KILL_AT

The global batch is the same for any number of processes: BATCHES_PER_STEP batches an optimiser step. KILL_AT: the step after
which every process dies without notice; 0 = none. What each step counted goes to OUTPUT_DIR/windows_LIFE_RANK.jsonl.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

os.environ["ACCELERATE_USE_CPU"] = "true"

import torch
from safetensors.torch import save_file

from src.config import override_config, to_dict
from src.models.backbone import build_model, load_guard_tokenizer
from src.run import RunPaths, seed_everything
from src.training.trainer import Trainer
from tests.e2e.resume_driver import examples, tiny_config

BATCHES_PER_STEP = 4


class WatchedTrainer(Trainer):
    """Writes down which windows this process counts in each step, and dies after step `kill_at`."""

    kill_at = 0
    log = Path()

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.factors, self.trained = {}, []
        self.objective.register_forward_pre_hook(lambda module, inputs: self.trained.extend(inputs[0].rows.tolist()))
        self._make_batches, self.step_batches.make = self.step_batches.make, self._watched_batches

    def _watched_batches(self, group, epoch):
        prepared = self._make_batches(group, epoch)
        self.factors[id(group)] = prepared.factor
        return prepared

    def _train_step(self, group):
        self.trained.clear()
        super()._train_step(group)
        counted = list(self.trained) if self.factors.pop(id(group)) else []
        line = {"epoch": self.progress.epoch, "step": self.progress.step, "counted": counted}
        with self.log.open("a") as file:
            file.write(json.dumps(line) + "\n")
        if self.progress.step == self.kill_at:
            self.accelerator.wait_for_everyone()
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    encoder, output, life, kill_at = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    processes, rank = int(os.environ.get("WORLD_SIZE", "1")), os.environ.get("RANK", "0")
    cfg = override_config(
        to_dict(tiny_config(encoder, output / "run")),
        overrides=[
            "model.dropout=0",
            "train.mixed_precision=no",
            "train.mining_start_epoch=3",
            "train.mining_pool=16",
            "train.mining_share=0.5",
            "train.augment_share=0.5",
            "loss.consistency_weight=0.5",
            "train.ema_decay=0.9",
            f"train.gradient_accumulation_steps={BATCHES_PER_STEP // processes}",
        ],
    )
    seed_everything(cfg)
    torch.set_num_threads(1)
    trainer = WatchedTrainer(
        cfg,
        build_model(cfg.model),
        load_guard_tokenizer(cfg.model),
        examples(50, 0, "train"),
        examples(24, 1, "val"),
        RunPaths.of(cfg),
    )
    trainer.kill_at, trainer.log = kill_at, output / f"windows_{life}_{rank}.jsonl"
    steps = [row.step for row in trainer.fit().history]
    if trainer.accelerator.is_main_process:
        weights = {name: tensor.contiguous() for name, tensor in trainer.model.state_dict().items()}
        save_file(weights, output / "weights.safetensors", metadata={"steps": ",".join(map(str, steps))})


if __name__ == "__main__":
    main()
