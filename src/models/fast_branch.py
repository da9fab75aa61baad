"""The branch most prompts take: a few dense encoder layers."""

from __future__ import annotations

from ..config import ModelConfig
from .transformer import Branch, EncoderLayer


class FastBranch(Branch):
    """`cfg.fast_num_layers` dense layers and the heads."""

    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__((EncoderLayer(cfg, is_moe=False) for _ in range(cfg.fast_num_layers)), cfg.d_model, cfg.pooling)
