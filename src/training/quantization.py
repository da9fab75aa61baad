"""Quantisation-aware training: the network sees the INT8 kernels that will serve it, the weights stay FP32."""

from __future__ import annotations

from torch import nn

from ..config import Config
from ..models.quantized import set_fake_quant


def ends_in_qat(cfg: Config) -> bool:
    """Whether the last epochs of a run with this configuration see the INT8 kernels."""
    return 0 < cfg.quantization.start_epoch <= cfg.train.epochs


def prepare_qat(model: nn.Module) -> None:
    """Switch on fake quantisation of every quantised layer (src/models/quantized.py). A second call changes nothing."""
    set_fake_quant(model, True)
