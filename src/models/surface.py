"""Untrained features of the raw string: the share of its characters that is of each kind.

The same kinds as `src/text/surface.py` counts, computed from the network's own inputs, so that the exported graph needs
no further input. Shapes: B prompts, T tokens, C characters per token, K kinds.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..text.surface import CHARACTER_KINDS, character_kinds

NUM_SURFACE_FEATURES = len(CHARACTER_KINDS) + 1


def kind_table(char_vocab_size: int) -> Tensor:
    """1 where a character id is of a kind, (char_vocab_size, K) FP32."""
    return torch.from_numpy(character_kinds()[:char_vocab_size].copy())


class SurfaceFeatures(nn.Module):
    """Square roots of the share of each kind among the characters, and of the tokens among tokens and characters.

    The root lets a few characters show: one tag among a hundred letters is 0.1. Text that WordPiece breaks into many
    pieces (reversed, encoded or misspelt words) has many tokens for its characters. All in [0, 1], nothing is trained.
    """

    table: Tensor

    def __init__(self, char_vocab_size: int) -> None:
        super().__init__()
        self.register_buffer("table", kind_table(char_vocab_size), persistent=False)  # part of the code, not of a checkpoint

    def forward(self, char_ids: Tensor, mask: Tensor) -> Tensor:
        """char_ids (B, T, C) int64, 0 = none; mask (B, T) bool -> (B, K + 1) FP32."""
        counts = self.table[char_ids].sum(dim=(1, 2))  # (B, K)
        characters = (char_ids != 0).sum(dim=(1, 2)).unsqueeze(1).float()
        tokens = mask.sum(dim=1, keepdim=True).float()
        shares = torch.cat([counts / characters.clamp(min=1), tokens / (tokens + characters)], dim=1)
        return shares.sqrt()
