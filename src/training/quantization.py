"""Quantisation-aware training: the network sees the INT8 kernels that will serve it, the weights stay FP32."""

from __future__ import annotations

from torch import nn

from src.models.quantized import set_fake_quant


def prepare_qat(model: nn.Module) -> None:
    """Switch on fake quantisation of every quantised layer (src/models/quantized.py). A second call changes nothing."""
    set_fake_quant(model, True)
