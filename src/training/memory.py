"""Host memory: keeps freed tensors' memory in the process, recognises out-of-memory errors and says what needs less."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import torch

from ..config import Config
from ..errors import TrainingError

# Messages of torch when the host has no memory left: a plain RuntimeError, unlike on CUDA.
_CPU_MESSAGES = ("DefaultCPUAllocator: can't allocate memory", "DefaultCPUAllocator: not enough memory")

# mallopt(3) of glibc, by the numbers of its malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX, _ARENA_MAX = -1, -2, -4, -8


def keep_freed_memory() -> None:
    """Keep the memory of freed tensors in a process that trains on a CPU, for the tensors of its next step.

    glibc gives large blocks back to the system at once, which clears every page of them again: with tensors of megabytes a
    third of the processor's time. Does nothing where the C library is another one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:
        return
    mallopt(_ARENA_MAX, 1)  # threads share one heap, so any of them can reuse a freed tensor
    mallopt(_MMAP_MAX, 0)
    mallopt(_TRIM_THRESHOLD, -1)
    mallopt(_TOP_PAD, 256 << 20)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory of the GPU or of the host ran out."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(message in str(error) for message in _CPU_MESSAGES)


def out_of_memory_error(error: BaseException, cfg: Config, step: int, last_checkpoint: Path | None) -> TrainingError:
    """The error to raise in its place: where it happened, which settings need less memory, where the run is saved."""
    train = cfg.train
    halved = max(1, train.batch_size // 2)
    advice = [f"eval.batch_size (now {cfg.eval.batch_size}), if it happened in a validation"]
    if not train.gradient_checkpointing:
        advice.insert(0, "train.gradient_checkpointing=true, which costs a third more time")
    if cfg.adversarial.start_epoch:
        advice.append(f"adversarial.start_epoch=0 (now {cfg.adversarial.start_epoch}): that phase needs twice the memory")
    first_line = (str(error) or type(error).__name__).splitlines()[0]
    return TrainingError(
        f"out of memory at step {step + 1}: {first_line} Last checkpoint: {last_checkpoint or 'none yet'}. What needs less, and "
        f"can be gone on with from it by --allow_config_change KEY=VALUE: {'; '.join(advice)}. From the end of an epoch only "
        f"(delete latest.pth, if there is one): train.batch_size (now {train.batch_size}; with {halved} and "
        f"train.gradient_accumulation_steps={train.gradient_accumulation_steps * train.batch_size // halved} a step has as many "
        f"windows). With --restart only: model.max_tokens (now {cfg.model.max_tokens})"
    )
