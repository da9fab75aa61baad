"""The encoder layer both branches share (BERT's, post-LayerNorm), its mixture-of-experts form, and pooling.

Shapes: B prompts, T tokens, D model width, F feed-forward width, E experts, k experts per input. `mask` is (B, T) bool,
True for real tokens; values at padding do not change the outputs at real tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from ..config import ModelConfig
from ..config_sections import Pooling
from ..labels import NUM_FAMILIES, NUM_LABELS
from .embeddings import LAYER_NORM_EPS
from .quantized import QLinear


def masked_mean(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean over the real tokens in FP32: hidden (B, T, D), mask (B, T) bool -> (B, D)."""
    weights = mask.unsqueeze(-1).float()
    return (hidden.float() * weights).sum(dim=1) / weights.sum(dim=1)


def masked_max(hidden: Tensor, mask: Tensor) -> Tensor:
    """Maximum over the real tokens in FP32: hidden (B, T, D), mask (B, T) bool -> (B, D)."""
    return hidden.float().masked_fill(~mask.unsqueeze(-1), float("-inf")).amax(dim=1)


def pool(hidden: Tensor, mask: Tensor, pooling: Pooling) -> Tensor:
    """hidden (B, T, D), mask (B, T) bool -> (B, D), or (B, 2 D) for "mean_max"."""
    mean = masked_mean(hidden, mask)
    return torch.cat([mean, masked_max(hidden, mask)], dim=-1) if pooling == "mean_max" else mean


def linear_fp32(layer: nn.Linear, x: Tensor) -> Tensor:
    """`layer` in FP32 even under autocast: gates, router and heads make decisions and are never rounded."""
    with torch.autocast(x.device.type, enabled=False):
        return layer(x.float())


class FeedForward(nn.Module):
    """Two linear layers with an exact GELU between them."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.up = QLinear(d_model, d_ff)
        self.down = QLinear(d_ff, d_model)

    def forward(self, hidden: Tensor, mask: Tensor | None = None) -> Tensor:
        """hidden (B, T, D), mask (B, T) bool or None -> (B, T, D)."""
        return self.down(F.gelu(self.up(hidden, mask)), mask)


class MixtureOfExperts(nn.Module):
    """Feed-forward layers of which each prompt uses k, chosen by a gate.

    The gate reads the masked mean of this layer's input (the hidden states after the attention's LayerNorm). The chosen k
    probabilities are renormalised to sum to 1. For k=1 that weight is the constant 1 and would leave the gate without a
    gradient, so it is written p / p.detach(): value 1, gradient that of log p.
    """

    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__()
        self.experts_per_input = cfg.experts_per_input
        self.gate = nn.Linear(cfg.d_model, cfg.num_experts)
        experts = nn.ModuleList(FeedForward(cfg.d_model, cfg.d_ff) for _ in range(cfg.num_experts))
        self.experts = cast("Sequence[FeedForward]", experts)

    def forward(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """hidden (B, T, D), mask (B, T) bool -> (B, T, D) and the load-balance loss ()."""
        probs = linear_fp32(self.gate, masked_mean(hidden, mask)).softmax(dim=-1)  # (B, E)
        weights, expert_ids = self._choose(probs)
        return self._run(hidden, mask, weights, expert_ids), load_balance_loss(probs, expert_ids)

    def _choose(self, probs: Tensor) -> tuple[Tensor, Tensor]:
        """probs (B, E) -> weights (B, k) and expert indices (B, k)."""
        top, expert_ids = probs.topk(self.experts_per_input, dim=-1)
        if self.experts_per_input == 1:
            return top / top.detach(), expert_ids
        return top / top.sum(dim=-1, keepdim=True), expert_ids

    def _run(self, hidden: Tensor, mask: Tensor, weights: Tensor, expert_ids: Tensor) -> Tensor:
        """weights, expert_ids (B, k) -> (B, T, D). An expert that no prompt chose does no work."""
        mixed = torch.zeros_like(hidden)
        for index, expert in enumerate(self.experts):
            rows, slots = (expert_ids == index).nonzero(as_tuple=True)
            if rows.numel() == 0:
                continue
            output = expert(hidden[rows], mask[rows]) * weights[rows, slots, None, None]
            mixed.index_add_(0, rows, output.to(mixed.dtype))  # autocast mixes bf16 and FP32 here
        return mixed


def load_balance_loss(probs: Tensor, expert_ids: Tensor) -> Tensor:
    """Switch Transformer load balance, Fedus et al. 2021 (arXiv 2101.03961) eq. 4: E * sum_e f_e * P_e -> ().

    probs (N, E), expert_ids (N, k). f_e is the share of the N*k choices that fell on expert e, P_e the mean probability of e.
    1 when both are uniform, E when one expert takes everything.
    """
    num_experts = probs.shape[-1]
    shares = F.one_hot(expert_ids, num_experts).float().mean(dim=(0, 1))
    return num_experts * (shares * probs.mean(dim=0)).sum()


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward (dense or mixture of experts), each followed by residual and LayerNorm.

    There is no dropout on the attention probabilities: on a CPU it would cost the fused kernel.
    """

    def __init__(self, cfg: ModelConfig, *, is_moe: bool) -> None:
        super().__init__()
        self.num_heads = cfg.num_heads
        self.query = QLinear(cfg.d_model, cfg.d_model)
        self.key = QLinear(cfg.d_model, cfg.d_model)
        self.value = QLinear(cfg.d_model, cfg.d_model)
        self.attention_output = QLinear(cfg.d_model, cfg.d_model)
        self.attention_norm = nn.LayerNorm(cfg.d_model, eps=LAYER_NORM_EPS)
        self.ffn = MixtureOfExperts(cfg) if is_moe else FeedForward(cfg.d_model, cfg.d_ff)
        self.ffn_norm = nn.LayerNorm(cfg.d_model, eps=LAYER_NORM_EPS)
        self.dropout = nn.Dropout(cfg.dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """hidden (B, T, D), mask (B, T) bool -> hidden (B, T, D) and the load-balance loss (), 0 for a dense layer."""
        hidden = self.attention_norm(hidden + self.dropout(self._attend(hidden, mask)))
        if isinstance(self.ffn, MixtureOfExperts):
            output, balance_loss = self.ffn(hidden, mask)
        else:
            output, balance_loss = self.ffn(hidden, mask), hidden.new_zeros((), dtype=torch.float32)
        return self.ffn_norm(hidden + self.dropout(output)), balance_loss

    def _attend(self, hidden: Tensor, mask: Tensor) -> Tensor:
        shared = self.query.quantize_input(hidden, mask)  # one range for the three products
        query, key, value = (
            layer.project(shared).unflatten(-1, (self.num_heads, -1)).transpose(1, 2)  # (B, heads, T, D/heads)
            for layer in (self.query, self.key, self.value)
        )
        is_slow_fused = self.training and query.dtype == torch.bfloat16 and query.device.type == "cpu"
        attend = unfused_attention if is_slow_fused else F.scaled_dot_product_attention
        context = attend(query, key, value, attn_mask=mask[:, None, None, :])
        return self.attention_output(context.transpose(1, 2).flatten(2), mask)


def unfused_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor) -> Tensor:
    """softmax(query key' / sqrt(d)) value, what the fused kernel computes, as two products.

    query, key, value (B, heads, T, d), attn_mask (B, 1, 1, T) bool -> (B, heads, T, d). In bfloat16 on a CPU the fused kernel's
    backward pass takes 2 (256 tokens) to 6 times (64 tokens) as long as these products; in FP32 it is the faster one.
    """
    B, H, T, d = query.shape
    query, key, value = (x.reshape(B * H, T, d) for x in (query, key, value))
    bias = torch.zeros_like(attn_mask, dtype=query.dtype).masked_fill_(~attn_mask, float("-inf"))
    # Scale and mask inside the product: each pass over the scores that is saved is a tenth of the attention.
    scores = torch.baddbmm(bias.expand(B, H, 1, T).reshape(B * H, 1, T), query, key.transpose(1, 2), alpha=d**-0.5)
    return torch.bmm(scores.softmax(dim=-1), value).view(B, H, T, d)


@dataclass(frozen=True)
class BranchOutput:
    """Outputs of one branch for B prompts."""

    logits: Tensor  # (B, 4) FP32
    family_logits: Tensor  # (B, 16) FP32
    hidden: Tensor  # (B, T, D) states of the last layer
    balance_loss: Tensor  # () mean over the mixture-of-experts layers, 0 without any

    def select(self, rows: Tensor) -> BranchOutput:
        """The outputs for the prompts `rows` (n,) int64 of the batch."""
        return replace(self, logits=self.logits[rows], family_logits=self.family_logits[rows], hidden=self.hidden[rows])


class Branch(nn.Module):
    """A stack of encoder layers, pooling, and the two heads.

    `pooling`: "mean" over the real tokens, or "mean_max", the mean beside the maximum of each feature, so that a few telling
    tokens are not thinned out by many others.
    """

    def __init__(self, layers: Iterable[EncoderLayer], d_model: int, pooling: Pooling) -> None:
        super().__init__()
        self.layers = cast("Sequence[EncoderLayer]", nn.ModuleList(layers))
        self.pooling = pooling
        d_pooled = 2 * d_model if pooling == "mean_max" else d_model
        self.classifier = nn.Linear(d_pooled, NUM_LABELS)
        self.family = nn.Linear(d_pooled, NUM_FAMILIES)
        self.gradient_checkpointing = False

    def forward(self, hidden: Tensor, mask: Tensor) -> BranchOutput:
        """hidden (B, T, D), mask (B, T) bool."""
        balance_losses = []
        for layer in self.layers:
            if self.gradient_checkpointing and self.training:
                hidden, balance_loss = checkpoint(layer, hidden, mask, use_reentrant=False)
            else:
                hidden, balance_loss = layer(hidden, mask)
            if isinstance(layer.ffn, MixtureOfExperts):
                balance_losses.append(balance_loss)
        pooled = pool(hidden, mask, self.pooling)
        return BranchOutput(
            logits=linear_fp32(self.classifier, pooled),
            family_logits=linear_fp32(self.family, pooled),
            hidden=hidden,
            balance_loss=torch.stack(balance_losses).mean() if balance_losses else pooled.new_zeros(()),
        )
