"""Which branch a prompt takes. Reads the fused embeddings only, so the choice is made before either branch runs."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from src.config import ModelConfig
from src.models.transformer import linear_fp32, masked_max, masked_mean


class Router(nn.Module):
    """P(complex) of each prompt from the mean and the maximum of its token embeddings, in FP32."""

    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__()
        self.hidden = nn.Linear(2 * cfg.d_model, cfg.router_hidden)
        self.out = nn.Linear(cfg.router_hidden, 1)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """hidden (B, T, D), mask (B, T) bool -> router_logits (B,); p_deep is their sigmoid."""
        pooled = torch.cat([masked_mean(hidden, mask), masked_max(hidden, mask)], dim=-1)  # (B, 2D)
        return linear_fp32(self.out, F.gelu(linear_fp32(self.hidden, pooled))).squeeze(-1)
