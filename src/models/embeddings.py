"""Token embeddings from the WordPiece, the position and the characters of a token.

The character CNN still sees a homoglyph, a zero-width character or a reversed word that WordPiece has broken into
pieces. Shapes: B prompts, T tokens per prompt, C characters per token, D model width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import ModelConfig
from .quantized import QEmbedding, QLinear

LAYER_NORM_EPS = 1e-12  # as in BERT


class CharCNN(nn.Module):
    """Summarise each token's characters: convolutions of several widths, then max over positions.

    A convolution of width k is a matrix product on windows of k neighbouring characters, so that it is served by the
    same INT8 kernel as the rest. A window is the concatenation of its characters' embeddings in reading order
    (features j*char_dim .. (j+1)*char_dim belong to character j). Each token has C-k+1 windows; one that starts at
    padding counts as 0, one that runs over the end of a short token reads zeros there.

    Most tokens of a batch are the same few words, so each spelling is summarised once: of batches of 32 windows a seventh to
    a tenth of the tokens. With fake quantisation activations are scaled per prompt, so a spelling has another value in each
    prompt and is not shared.
    """

    def __init__(self, vocab_size: int, char_dim: int, kernel_sizes: list[int], filters: int, d_model: int) -> None:
        super().__init__()
        self.kernel_sizes = tuple(kernel_sizes)
        self.embed = nn.Embedding(vocab_size, char_dim, padding_idx=0)
        self.convs = cast("Sequence[QLinear]", nn.ModuleList(QLinear(k * char_dim, filters) for k in kernel_sizes))
        self.proj = QLinear(filters * len(kernel_sizes), d_model)

    def forward(self, char_ids: Tensor) -> Tensor:
        """char_ids (B, T, C) int64, 0 = padding after the last character -> (B, T, D)."""
        if self.proj.fake_quant:
            return self._summarise(char_ids)
        spellings, spelling_ids = char_ids.flatten(0, 1).unique(dim=0, return_inverse=True)
        summaries = self._summarise(spellings.unsqueeze(0)).squeeze(0)
        # At least FP32 under autocast: the gradient of a spelling is a sum over all tokens that have it.
        summaries = summaries.to(torch.promote_types(summaries.dtype, torch.float32))
        return F.embedding(spelling_ids.view(char_ids.shape[:2]), summaries)

    def _summarise(self, char_ids: Tensor) -> Tensor:
        """(B, T, C) -> (B, T, D)."""
        C = char_ids.shape[2]
        num_columns = int((char_ids != 0).any(dim=(0, 1)).sum())  # later columns hold padding only
        # (B, T, C, char_dim); padding embeds to 0. Quantised once: every window holds the same values
        x = self.convs[0].quantize_input(self.embed(char_ids))
        pooled = []
        for k, conv in zip(self.kernel_sizes, self.convs, strict=True):
            count = max(1, min(num_columns, C - k + 1))  # the windows left out start at padding and count as 0
            windows = torch.cat([x[:, :, j : j + count] for j in range(k)], dim=-1)  # (B, T, count, k*char_dim)
            starts_at_padding = (char_ids[:, :, :count] == 0).unsqueeze(-1)
            # relu output is >= 0, so a 0 at padding can never win the max
            pooled.append(F.relu(conv.project(windows)).masked_fill(starts_at_padding, 0.0).amax(dim=2))
        return self.proj(torch.cat(pooled, dim=-1))


class GuardEmbeddings(nn.Module):
    """Token + position + character embeddings, fused and normalised.

    With x the sum of token and position and c the characters, `char_fusion` gives

        sum      x + c
        gate     x + sigmoid(W [x; c] + b) * c
        concat   W [x; c] + b

    There is one segment only, so BERT's token-type embedding is a constant: `build_model` adds row 0 of it to every
    row of `position`.
    """

    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__()
        self.token = QEmbedding(cfg.vocab_size, cfg.d_model)
        self.position = nn.Embedding(cfg.max_tokens, cfg.d_model)
        self.char_cnn = (
            CharCNN(
                vocab_size=cfg.char_vocab_size,
                char_dim=cfg.char_dim,
                kernel_sizes=cfg.char_kernel_sizes,
                filters=cfg.char_filters,
                d_model=cfg.d_model,
            )
            if cfg.use_char_cnn
            else None
        )
        # FP32 in INT8 files too, as all gates are
        self.char_fusion = nn.Linear(2 * cfg.d_model, cfg.d_model) if cfg.use_char_cnn and cfg.char_fusion != "sum" else None
        self.is_gated = cfg.char_fusion == "gate"
        self.norm = nn.LayerNorm(cfg.d_model, eps=LAYER_NORM_EPS)
        self.dropout = nn.Dropout(cfg.dropout)

    def forward(self, input_ids: Tensor, char_ids: Tensor) -> Tensor:
        """input_ids (B, T) int64, char_ids (B, T, C) int64 -> (B, T, D). Raises ValueError when T > max_tokens."""
        length, limit = input_ids.shape[1], self.position.num_embeddings
        if length > limit:
            raise ValueError(f"expected at most {limit} tokens, got {length}; cut the text with GuardTokenizer.windows")
        x = self.token(input_ids) + self.position.weight[:length]
        if self.char_cnn is not None:
            x = self._fuse(x, self.char_cnn(char_ids))
        return self.dropout(self.norm(x))

    def _fuse(self, x: Tensor, characters: Tensor) -> Tensor:
        """x, characters (B, T, D) -> (B, T, D)."""
        if self.char_fusion is None:
            return x + characters
        mixed = self.char_fusion(torch.cat([x, characters], dim=-1))
        return x + mixed.sigmoid() * characters if self.is_gated else mixed
