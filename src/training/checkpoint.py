"""Checkpoints: whole or absent, plain tensors and numbers, read with `weights_only=True`.

A training checkpoint holds everything that a run needs to go on to the same weights. `best_model.pth` is for inference:
weights, the resolved config and, once fitted, the calibration; `model.safetensors` beside it holds the same weights.
"""

from __future__ import annotations

import errno
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import torch
from safetensors.torch import save as safetensors_bytes
from torch import Tensor

from ..checkpoint import BEST_MODEL_SCHEMA, load_best_model, read_checkpoint
from ..errors import CheckpointError
from ..files import atomic_write
from ..interrupts import interrupts_deferred

CHECKPOINT_SCHEMA = 1
TRAINING_KEYS = {"schema", "model", "optimizer", "scheduler", "scaler", "rng", "progress", "config"}
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def save_checkpoint(
    path: Path,
    *,
    model: dict[str, Tensor],
    optimizer: dict[str, Any],
    scheduler: dict[str, Any],
    scaler: dict[str, Any] | None,
    rng: list[dict[str, Any]],
    progress: dict[str, Any],
    config: dict[str, Any],
    average: dict[str, Any] | None = None,
) -> None:
    """State dicts of model, optimizer, scheduler, gradient scaler (None without FP16) and averaged weights (None without
    averaging); `rng_state()` of each process.

    Raises CheckpointError when it cannot be written; an earlier file at `path` is then still whole.
    """
    state = {
        "schema": CHECKPOINT_SCHEMA,
        "model": model,
        "optimizer": optimizer,
        "scheduler": scheduler,
        "scaler": scaler,
        "rng": rng,
        "progress": progress,
        "config": config,
        "average": average,
    }
    _save(path, state)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """The arguments of `save_checkpoint`. Raises CheckpointError for a missing, damaged or foreign file."""
    advice = "delete it and run the same command again to go on from the one before it"
    return read_checkpoint(path, TRAINING_KEYS, CHECKPOINT_SCHEMA, advice)


def save_best_model(
    path: Path,
    safetensors_path: Path,
    *,
    model: dict[str, Tensor],
    config: dict[str, Any],
    progress: dict[str, Any],
    calibration: dict[str, Any] | None = None,
) -> None:
    """Both forms of the weights to evaluate and ship. `calibration`: `Calibration.to_dict()`, None until fitted.

    model: after quantisation-aware training `rounded_state`, the weights that it computed with.
    """
    state = {
        "schema": BEST_MODEL_SCHEMA,
        "model": model,
        "config": config,
        "calibration": calibration,
        "progress": progress,
    }
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.items()}
    with interrupts_deferred():  # both files are of one model
        _save(path, state)
        _write(safetensors_path, lambda file: file.write(safetensors_bytes(weights, {"format": "pt"})), _count_bytes(weights))


def store_calibration(path: Path, calibration: dict[str, Any]) -> None:
    """Put `Calibration.to_dict()` into a best_model.pth, in place of what it held."""
    _save(path, {**load_best_model(path), "calibration": calibration})


def rng_state() -> dict[str, Any]:
    """The global generators of this process as plain tensors and lists."""
    version, python_words, gauss = random.getstate()
    state = np.random.get_state()  # noqa: NPY002 -- the global one is what is saved
    name, numpy_words, position, has_gauss, cached = cast("tuple[str, np.ndarray, int, int, float]", state)
    return {
        "python": [version, list(python_words), gauss],
        "numpy": [name, torch.from_numpy(numpy_words.astype(np.int64)), int(position), int(has_gauss), float(cached)],
        "torch": torch.get_rng_state(),
        # This process' device only: the machine that resumes may have fewer.
        "cuda": [torch.cuda.get_rng_state()] if torch.cuda.is_available() else [],
    }


def set_rng_state(state: dict[str, Any]) -> None:
    """Put the global generators where `rng_state` found them."""
    version, python_words, gauss = state["python"]
    random.setstate((version, tuple(python_words), gauss))
    name, numpy_words, *rest = state["numpy"]
    np.random.set_state((name, numpy_words.numpy().astype(np.uint32), *rest))  # noqa: NPY002
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"][0])


def _save(path: Path, state: dict[str, Any]) -> None:
    _write(path, lambda file: torch.save(state, file), _count_bytes(state))


def _write(path: Path, write: Callable[[BinaryIO], Any], size: int) -> None:
    """Replace `path` by what `write` puts into the file it is given; `size` is its number of bytes.

    Ctrl-C comes after it: raised inside torch.save, it would end as an error of its archive.
    """
    try:
        with interrupts_deferred(), atomic_write(path) as partial, partial.open("wb") as file:
            write(file)
            file.flush()
    except (OSError, RuntimeError) as error:  # torch turns a failed write into a RuntimeError in some places
        cause = error if isinstance(error, OSError) else error.__context__
        if not isinstance(cause, OSError):
            raise
        needed = f"{size / 1e6:.0f} MB"
        if cause.errno in DISK_IS_FULL:
            advice = f"the disk or quota is full: free at least {needed} there, or choose another run.output_dir"
        else:
            advice = f"{cause.strerror or cause}: make the directory writable, or choose another run.output_dir"
        earlier = ". The earlier file of that name is unchanged" if path.is_file() else ""
        raise CheckpointError(f"cannot write {path} ({needed}); {advice}{earlier}") from error


def _count_bytes(state: Any) -> int:
    """Bytes of all tensors inside."""
    if isinstance(state, Tensor):
        return state.nbytes
    values = state.values() if isinstance(state, dict) else state if isinstance(state, (list, tuple)) else ()
    return sum(map(_count_bytes, values))
