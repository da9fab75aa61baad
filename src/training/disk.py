"""Whether a run has room for what it will write: asked before its first epoch, not found out in its last."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from torch import nn
from torch.optim import Optimizer

from ..config import Config
from ..errors import CheckpointError
from ..run import RunPaths

KEPT_EPOCH_CHECKPOINTS = 2  # the newest
EXPORTED_WEIGHTS = 1.5  # model.onnx, and a quarter each for model_int8.onnx and model_int8.pth
VARIANT_WEIGHTS = 0.25  # of a file of export.variants, at most


@dataclass(frozen=True)
class RunSize:
    """Bytes of what a run writes, and how many checkpoints stand beside each other."""

    weights: int
    checkpoint: int
    checkpoints_in_training: int  # the kept ones, latest.pth, and the one being written
    checkpoints_at_end: int
    exported: int

    @classmethod
    def of(cls, cfg: Config, model: nn.Module, optimizer: Optimizer, *, epochs: int, has_latest: bool) -> RunSize:
        """`has_latest`: whether an epoch is long enough for checkpoints inside it."""
        weights = sum(tensor.nbytes for tensor in model.state_dict().values())
        trained = sum(parameter.nbytes for group in optimizer.param_groups for parameter in group["params"])
        average = sum(parameter.nbytes for parameter in model.parameters()) if cfg.train.ema_decay else 0
        return cls(
            weights=weights,
            checkpoint=weights + 2 * trained + average,  # AdamW keeps two moments of every parameter
            checkpoints_in_training=min(epochs - 1, KEPT_EPOCH_CHECKPOINTS) + has_latest + 1,
            checkpoints_at_end=min(epochs, KEPT_EPOCH_CHECKPOINTS),
            exported=int(weights * (EXPORTED_WEIGHTS + VARIANT_WEIGHTS * len(cfg.export.variants))),
        )

    def needed(self, paths: RunPaths) -> dict[Path, int]:
        """Directory -> the most bytes that stand in it, of directories on one disk the first for all."""
        training = {paths.checkpoints: self.checkpoints_in_training * self.checkpoint, paths.root: 3 * self.weights}
        end = {paths.checkpoints: self.checkpoints_at_end * self.checkpoint, paths.root: 3 * self.weights + self.exported}
        first: dict[int, Path] = {}
        most: dict[Path, int] = {}
        for phase in (training, end):
            total: dict[Path, int] = defaultdict(int)
            for directory, size in phase.items():
                total[first.setdefault(_existing(directory).stat().st_dev, directory)] += size
            most |= {directory: max(size, most.get(directory, 0)) for directory, size in total.items()}
        return most


def check_disk_space(size: RunSize, paths: RunPaths) -> None:
    """Raise CheckpointError unless the run fits on the disk. What an earlier part of it wrote there is replaced, and counts."""
    needed = size.needed(paths)
    written = [*paths.checkpoints.glob("*.pth"), paths.best_model, paths.safetensors, *paths.optimized.glob("model*")]
    for directory, most in needed.items():
        device = _existing(directory).stat().st_dev
        there = [file.stat() for file in written if file.is_file()]
        missing = most - sum(file.st_size for file in there if file.st_dev == device)
        free = shutil.disk_usage(_existing(directory)).free
        if free < missing:
            raise CheckpointError(
                f"expected {missing / 1e9:.1f} GB free on the disk of {directory}, found {free / 1e9:.1f} GB: a run keeps up to "
                f"{size.checkpoints_in_training} checkpoints of {size.checkpoint / 1e9:.2f} GB (weights and the optimiser's two "
                "moments), its best weights twice and an exported directory. Free space there, or choose a run.output_dir on "
                "another disk"
            )


def _existing(directory: Path) -> Path:
    """The directory, or the nearest one above it that there is."""
    directory = Path(os.path.abspath(directory))
    return next(each for each in (directory, *directory.parents) if each.exists())
