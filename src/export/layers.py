"""Encoder layers, experts, pooling and heads of the exported graph.

Shapes: n prompts in a branch, T tokens, D model width, E experts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from onnx import TensorProto
from torch import nn

from ..config import ModelConfig
from ..models.transformer import Branch, EncoderLayer, FeedForward, MixtureOfExperts
from .graph import Graph, positions_by_group
from .products import Products, array_of, dense

MASKED_SCORE = -1e30  # added to attention scores of padding; finite, so that a row of padding alone is not NaN


class Mask(NamedTuple):
    """Which tokens are real, in the forms that the layers read."""

    real: str  # (n, T) 1 at real tokens, 0 at padding
    mean: str  # (n, 1, T) 1 / number of real tokens, 0 at padding
    scores: str  # (n, 1, 1, T) added to attention scores
    has_padding: str  # scalar bool


def build_mask(g: Graph, real: str) -> Mask:
    """The forms of the mask (n, T) FP32."""
    padding = g.op("Sub", g.constant(1, np.float32), real)
    return Mask(
        real=real,
        mean=mean_weights(g, real),
        scores=g.op("Mul", g.op("Unsqueeze", padding, g.ints(1, 2)), g.constant(MASKED_SCORE, np.float32)),
        has_padding=g.op("Cast", g.op("ReduceMax", padding, keepdims=0), to=TensorProto.BOOL),
    )


def mean_weights(g: Graph, real: str) -> str:
    share = g.op("Div", real, g.op("ReduceSum", real, g.ints(1), keepdims=1))
    return g.op("Unsqueeze", share, g.ints(1))


def mean(g: Graph, hidden: str, weights: str) -> str:
    """Mean over the real tokens: hidden (n, T, D), weights (n, 1, T) -> (n, D)."""
    return g.op("Squeeze", g.op("MatMul", weights, hidden), g.ints(1))


def maximum(g: Graph, hidden: str, real: str) -> str:
    """Maximum of hidden (n, T, D) over the real tokens: (n, D)."""
    is_real = g.op("Cast", g.op("Unsqueeze", real, g.ints(2)), to=TensorProto.BOOL)
    lowest = g.constant(np.finfo(np.float32).min, np.float32)
    return g.op("ReduceMax", g.op("Where", is_real, hidden, lowest), g.ints(1), keepdims=0)


def layer_norm(g: Graph, x: str, layer: nn.LayerNorm) -> str:
    weight, bias = g.weight(array_of(layer.weight)), g.weight(array_of(layer.bias))
    return g.op("LayerNormalization", x, weight, bias, axis=-1, epsilon=layer.eps)


def heads(g: Graph, hidden: str, mask: Mask, branch: Branch) -> str:
    """Class and family logits side by side (n, 4 + 16) from hidden (n, T, D)."""
    pooled = mean(g, hidden, mask.mean)
    if branch.pooling == "mean_max":
        pooled = g.op("Concat", pooled, maximum(g, hidden, mask.real), axis=1)
    weight = torch.cat([branch.classifier.weight, branch.family.weight])
    bias = torch.cat([branch.classifier.bias, branch.family.bias])
    return g.op("Gemm", pooled, g.weight(array_of(weight)), g.weight(array_of(bias)), transB=1)


class Layers:
    """Writes the layers of a branch."""

    def __init__(self, cfg: ModelConfig, products: Products) -> None:
        self.cfg, self.products = cfg, products

    def run(self, g: Graph, hidden: str, mask: Mask, branch: Branch) -> str:
        """The layers of `branch` on hidden (n, T, D) -> (n, T, D)."""
        for layer in branch.layers:
            hidden = self._write_layer(g, hidden, mask, layer)
        return hidden

    def _write_layer(self, g: Graph, hidden: str, mask: Mask, layer: EncoderLayer) -> str:
        x = self.products.quantize(g, hidden)  # one range for the three products
        parts = (layer.query, layer.key, layer.value)
        query, key, value = (self.products.project(g, x, part.weight, part.bias) for part in parts)
        attended = self.products.linear(g, self._attend(g, query, key, value, mask), layer.attention_output)
        hidden = layer_norm(g, g.op("Sum", attended, hidden), layer.attention_norm)
        if isinstance(layer.ffn, MixtureOfExperts):
            output = self._mix_experts(g, hidden, mask, layer.ffn)
        else:
            output = self._feed_forward(g, hidden, layer.ffn)
        return layer_norm(g, g.op("Sum", output, hidden), layer.ffn_norm)  # Add would be fused into a slower operator

    def _attend(self, g: Graph, query: str, key: str, value: str, mask: Mask) -> str:
        """(n, T, D). Without padding, which one prompt alone never has, the mask is left out: it costs time."""
        numbers: dict[str, Any] = {"q_num_heads": self.cfg.num_heads, "kv_num_heads": self.cfg.num_heads}

        def masked(inner: Graph) -> str:
            length = inner.op("Shape", query, start=1, end=2)
            square = inner.op("Concat", inner.ints(1, 1), length, length, axis=0)
            scores = inner.op("Expand", mask.scores, square)  # the operator takes no broadcast mask
            return inner.op("Attention", query, key, value, scores, **numbers)

        return g.choose(mask.has_padding, masked, lambda inner: inner.op("Attention", query, key, value, **numbers))

    def _feed_forward(self, g: Graph, hidden: str, ffn: FeedForward) -> str:
        return self.products.linear(g, g.op("Gelu", self.products.linear(g, hidden, ffn.up)), ffn.down)

    def _mix_experts(self, g: Graph, hidden: str, mask: Mask, moe: MixtureOfExperts) -> str:
        """Mixture of experts on (n, T, D)."""
        k, num_experts = moe.experts_per_input, len(moe.experts)
        scores = dense(g, mean(g, hidden, mask.mean), moe.gate)  # (n, E)
        top, expert_ids = g.ops("TopK", 2, scores, g.ints(k), axis=1)  # the softmax does not change the order
        flat = g.op("Reshape", expert_ids, g.ints(-1))  # (n * k,) expert of each choice
        hits = g.op("Equal", g.op("Unsqueeze", flat, g.ints(0)), g.constant(np.arange(num_experts)[:, None], np.int64))
        is_used = g.op("ReduceMax", g.op("Cast", hits, to=TensorProto.UINT8), g.ints(1), keepdims=0)
        conditions = g.ops("Split", num_experts, g.op("Cast", is_used, to=TensorProto.BOOL), axis=0, num_outputs=num_experts)

        def write_expert(index: int, expert: FeedForward) -> Callable[[Graph], str]:
            def run(inner: Graph) -> str:
                choices = inner.op("NonZero", inner.op("Equal", flat, inner.constant(index, np.int64)))
                rows = inner.op("Squeeze", choices, inner.ints(0))
                if k > 1:
                    rows = inner.op("Div", rows, inner.constant(k, np.int64))
                output = self._feed_forward(inner, inner.op("Gather", hidden, rows, axis=0), expert)
                return inner.op("Reshape", output, inner.ints(-1, self.cfg.d_model))

            return run

        # Rows of tokens, so that an unused expert returns an empty constant: most experts are unused by a prompt.
        empty = g.constant(np.zeros((0, self.cfg.d_model)), np.float32)
        outputs = [
            g.choose(condition, write_expert(index, expert), lambda inner: inner.op("Identity", empty))
            for index, (condition, expert) in enumerate(zip(conditions, moe.experts, strict=True))
        ]
        grouped = g.op("Concat", *outputs, axis=0)
        grouped = g.op("Reshape", grouped, g.op("Concat", g.ints(-1), g.op("Shape", hidden, start=1), axis=0))
        mixed = g.op("Gather", grouped, positions_by_group(g, flat), axis=0)  # (n * k, T, D)
        if k > 1:  # for k = 1 the weight is 1
            weights = g.op("Reshape", g.op("Softmax", top, axis=1), g.ints(-1, 1, 1))  # as renormalised p
            weighted = g.op("Mul", mixed, weights)
            shape = g.op("Concat", g.ints(-1, k), g.op("Shape", hidden, start=1), axis=0)
            mixed = g.op("ReduceSum", g.op("Reshape", weighted, shape), g.ints(1), keepdims=0)
        return mixed
