"""The branch for prompts the router calls complex: dense layers, then mixture-of-experts layers."""

from __future__ import annotations

from ..config import ModelConfig
from .transformer import Branch, EncoderLayer


class DeepBranch(Branch):
    """`cfg.deep_num_layers` layers, the last `cfg.moe_num_layers` of them with experts, and the heads.

    dual_branch.py selects its input (`cfg.deep_input`).
    """

    def __init__(self, cfg: ModelConfig) -> None:
        num_dense = cfg.deep_num_layers - cfg.moe_num_layers
        layers = (EncoderLayer(cfg, is_moe=index >= num_dense) for index in range(cfg.deep_num_layers))
        super().__init__(layers, cfg.d_model, cfg.pooling)
