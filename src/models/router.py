"""The router: chooses the branch of a prompt before either branch runs, from the embeddings that both of them read."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import ModelConfig
from .surface import NUM_SURFACE_FEATURES, SurfaceFeatures
from .transformer import linear_fp32, pool


class Router(nn.Module):
    """P(complex) of each prompt from the mean and the maximum of its fused token embeddings and, with
    `router_surface`, from the kinds of its characters, in FP32."""

    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__()
        self.surface = SurfaceFeatures(cfg.char_vocab_size) if cfg.router_surface else None
        self.hidden = nn.Linear(2 * cfg.d_model + (NUM_SURFACE_FEATURES if self.surface else 0), cfg.router_hidden)
        self.out = nn.Linear(cfg.router_hidden, 1)

    def forward(self, hidden: Tensor, mask: Tensor, char_ids: Tensor) -> Tensor:
        """hidden (B, T, D), mask (B, T) bool, char_ids (B, T, C) -> router_logits (B,); p_deep is their sigmoid."""
        features = [pool(hidden, mask, "mean_max")]
        if self.surface is not None:
            features.append(self.surface(char_ids, mask))
        return linear_fp32(self.out, F.gelu(linear_fp32(self.hidden, torch.cat(features, dim=-1)))).squeeze(-1)
