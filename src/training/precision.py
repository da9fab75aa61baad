"""The number format of the matrix products of a training run."""

from __future__ import annotations

from typing import Literal

import torch

from ..config import TrainConfig
from ..errors import ConfigError
from ..runtime.cpu import cpu_flags

Precision = Literal["no", "bf16", "fp16"]
FIRST_TF32_CAPABILITY = (8, 0)  # Ampere


def precision_of(cfg: TrainConfig) -> Precision:
    """`train.mixed_precision`, where `auto` is the faster of FP32 and a 16-bit format on this machine.

    A GPU computes in bfloat16, or in float16 with loss scaling where it has no bfloat16. A CPU gains from bfloat16 where it
    has instructions for its products, two to three times in speed (docs/experiments.md); every CPU with AMX has these as well.
    Raises ConfigError for FP16 without a GPU.
    """
    requested, is_gpu = cfg.mixed_precision, torch.cuda.is_available()
    if requested == "fp16" and not is_gpu:
        raise ConfigError("train.mixed_precision=fp16 needs a CUDA device and there is none; use auto, bf16 or no")
    if requested != "auto":
        return requested
    if is_gpu:
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    return "bf16" if "avx512_bf16" in cpu_flags() else "no"


def apply_tf32(cfg: TrainConfig) -> None:
    """Set torch's switch as `train.tf32` says. Raises ConfigError where the hardware has no TF32."""
    if cfg.tf32 and not (torch.cuda.is_available() and torch.cuda.get_device_capability() >= FIRST_TF32_CAPABILITY):
        device = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
        raise ConfigError(f"train.tf32=true needs an NVIDIA GPU (Ampere or newer), found {device}; set it to false")
    torch.backends.cuda.matmul.allow_tf32 = cfg.tf32
