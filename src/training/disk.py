"""Checks before the first epoch that the disk has room for everything that a run will write."""

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

KEPT_EPOCH_CHECKPOINTS = 2  # the newest ones; older ones are deleted
EXPORTED_SIZE_FACTOR = 1.5  # times the weights: model.onnx, and a quarter each for model_int8.onnx and model_int8.pth
VARIANT_SIZE_FACTOR = 0.25  # times the weights: the largest file of export.variants


@dataclass(frozen=True)
class RunSize:
    """Bytes of the files of a run, and how many checkpoints exist at one time."""

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
            exported=int(weights * (EXPORTED_SIZE_FACTOR + VARIANT_SIZE_FACTOR * len(cfg.export.variants))),
        )

    def needed(self, paths: RunPaths) -> dict[Path, int]:
        """Directory -> peak bytes in it; the first of several directories on one disk stands for all of them."""
        training = {paths.checkpoints: self.checkpoints_in_training * self.checkpoint, paths.root: 3 * self.weights}
        end = {paths.checkpoints: self.checkpoints_at_end * self.checkpoint, paths.root: 3 * self.weights + self.exported}
        directory_on: dict[int, Path] = {}
        peak: dict[Path, int] = {}
        for phase in (training, end):
            total: dict[Path, int] = defaultdict(int)
            for directory, size in phase.items():
                total[directory_on.setdefault(_nearest_existing(directory).stat().st_dev, directory)] += size
            peak |= {directory: max(size, peak.get(directory, 0)) for directory, size in total.items()}
        return peak


def check_disk_space(size: RunSize, paths: RunPaths) -> None:
    """Raise CheckpointError unless the run fits on the disk. Files of an earlier part of the run are replaced, so they count."""
    needed = size.needed(paths)
    run_files = [*paths.checkpoints.glob("*.pth"), paths.best_model, paths.safetensors, *paths.optimized.glob("model*")]
    for directory, peak in needed.items():
        device = _nearest_existing(directory).stat().st_dev
        file_stats = [file.stat() for file in run_files if file.is_file()]
        growth = peak - sum(file.st_size for file in file_stats if file.st_dev == device)
        free = shutil.disk_usage(_nearest_existing(directory)).free
        if free < growth:
            raise CheckpointError(
                f"expected {growth / 1e9:.1f} GB free on the disk of {directory}, found {free / 1e9:.1f} GB: a run keeps up to "
                f"{size.checkpoints_in_training} checkpoints of {size.checkpoint / 1e9:.2f} GB (weights and the optimiser's two "
                "moments), its best weights twice and an exported directory. Free space there, or choose a run.output_dir on "
                "another disk"
            )


def _nearest_existing(directory: Path) -> Path:
    """The directory, or the nearest one above it that there is."""
    directory = Path(os.path.abspath(directory))
    return next(each for each in (directory, *directory.parents) if each.exists())
