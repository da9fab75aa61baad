"""INT4 weights that are served by the INT8 kernels: half the file at the same speed.

A weight is stored as value * multiplier * scale: a 4-bit value, a 4-bit multiplier for each block of a row and one FP32
scale per row. value * multiplier is an INT8 weight again, which ONNX Runtime computes once when it loads the file (constant
folding); from there on the file is an INT8 file. Two levels of scales as in QServe, Lin et al. 2024 (arXiv 2405.04532).
Shapes: O rows, I columns, N blocks of BLOCK columns.
"""

from __future__ import annotations

import torch
from torch import Tensor

BLOCK = 16  # columns that share a multiplier: 4 + 4 / 16 bits per weight
# The largest absolute value of a row after scaling. 8 * 8 = 64 bounds every product, so the INT8 weights need 7 bits and no
# x86 CPU saturates (src/runtime/cpu.py); 60 had the smallest error on trained weights, between 48 and 64.
ROW_LIMIT = 60
# Multipliers that are tried for a block whose largest weight is 1. Both signs: a value is in [-8, 7], so the sign decides on
# which side the extra step lies. Trying all 15 multipliers lowers the error by less than 1%.
_MULTIPLIER_SHARES = (0.12, 0.145, -0.12, -0.14)
_CHUNK_BLOCKS = 1 << 14  # blocks that are quantised at a time; they fit into the cache


def fits(columns: int) -> bool:
    """Whether rows of this length divide into blocks; others are stored in INT8."""
    return columns % BLOCK == 0


def quantize_blocks(weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """weight (O, I) -> values int8 (O, N, BLOCK) in [-8, 7], multipliers int8 (O, N, 1) in [-8, 7], scales (O,) FP32.

    Each block takes the multiplier with the smallest squared error of those tried. A row of zeros gets scale 1.
    """
    weight = weight.detach().float()
    largest = weight.abs().amax(dim=-1)
    scales = torch.where(largest > 0, largest / ROW_LIMIT, torch.ones_like(largest))
    blocks = (weight / scales.unsqueeze(-1)).reshape(-1, BLOCK)
    chunks = [_quantize_chunk(chunk) for chunk in blocks.split(_CHUNK_BLOCKS)]
    values, multipliers = (torch.cat(parts).to(torch.int8) for parts in zip(*chunks, strict=True))
    return values.reshape(len(weight), -1, BLOCK), multipliers.reshape(len(weight), -1, 1), scales


def _quantize_chunk(blocks: Tensor) -> tuple[Tensor, Tensor]:
    """blocks (n, BLOCK) -> values (n, BLOCK) and multipliers (n, 1), whole numbers in FP32."""
    largest = blocks.abs().amax(dim=-1, keepdim=True)
    best, smallest_error = torch.ones_like(largest), torch.full_like(largest, torch.inf)
    for share in _MULTIPLIER_SHARES:
        multipliers = (largest * share).round()
        multipliers = multipliers.clamp(1, 7) if share > 0 else multipliers.clamp(-8, -1)
        error = (_round_values(blocks, multipliers) * multipliers - blocks).square_().sum(dim=-1, keepdim=True)
        best = torch.where(error < smallest_error, multipliers, best)
        smallest_error = torch.minimum(error, smallest_error)
    return _round_values(blocks, best), best


def _round_values(blocks: Tensor, multipliers: Tensor) -> Tensor:
    return (blocks / multipliers).round_().clamp_(-8, 7)
