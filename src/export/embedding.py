"""Embeddings of the exported graph: tokens, positions and the characters of each token.

Shapes: B prompts, T tokens, C characters per token, D model width.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from onnx import TensorProto

from ..config import ModelConfig
from ..models.embeddings import CharCNN, GuardEmbeddings
from .graph import Graph
from .layers import layer_norm
from .products import Products, array_of

POSITION_TABLE = "position"  # name of the initializer (max_tokens, D), whose rows limit the length of a window
MASKED_SUM = -(1 << 29)  # below every sum of products of a character window; twice that still fits int32


class Embeddings:
    """Writes the embeddings, which the first layer of a branch reads."""

    def __init__(self, cfg: ModelConfig, products: Products) -> None:
        self.cfg, self.products = cfg, products

    def embed(self, g: Graph, embeddings: GuardEmbeddings, ids: str, chars: str) -> str:
        """(B, T, D) from input_ids (B, T) and char_ids (B, T, C)."""
        if self.products.is_int8:
            table, scales = self.products.store(g, embeddings.token.weight, (0, 1))
            looked_up = g.op("Cast", g.op("Gather", table, ids), to=TensorProto.FLOAT)
            x = g.op("Mul", looked_up, g.op("Gather", g.weight(scales[:, None]), ids))
        else:
            x = g.op("Gather", g.weight(array_of(embeddings.token.weight)), ids)
        length = g.op("Shape", ids, start=1, end=2)
        positions = g.op("Slice", g.weight(array_of(embeddings.position.weight), POSITION_TABLE), g.ints(0), length, g.ints(0))
        if embeddings.char_cnn is None:
            return layer_norm(g, g.op("Sum", x, positions), embeddings.norm)
        characters = self._embed_characters(g, embeddings.char_cnn, chars)
        if embeddings.char_fusion is None:
            return layer_norm(g, g.op("Sum", x, characters, positions), embeddings.norm)
        x = g.op("Add", x, positions)
        fusion = embeddings.char_fusion
        mixed = g.op("MatMul", g.op("Concat", x, characters, axis=-1), g.weight(array_of(fusion.weight).T))
        mixed = g.op("Add", mixed, g.weight(array_of(fusion.bias)))
        if embeddings.is_gated:
            mixed = g.op("Add", x, g.op("Mul", g.op("Sigmoid", mixed), characters))
        return layer_norm(g, mixed, embeddings.norm)

    def _embed_characters(self, g: Graph, cnn: CharCNN, chars: str) -> str:
        """The character CNN on (B, T, C) -> (B, T, D).

        All widths are one product: windows as long as the widest kernel, with zero weights where a kernel is shorter.
        The maximum over the windows is taken before scale, bias and relu, which do not change the order. A window that
        starts at padding does not count: it is replaced by the first one of its token, which changes no maximum.
        """
        widest, filters, C = max(cnn.kernel_sizes), self.cfg.char_filters, self.cfg.chars_per_token
        kernels, char_dim = len(cnn.kernel_sizes), self.cfg.char_dim
        # Columns behind the longest token hold padding only.
        filled = g.op("ReduceMax", chars, g.ints(0, 1), keepdims=0)  # (C,)
        num_columns = g.op("Max", g.op("ReduceSum", g.op("Sign", filled), g.ints(0), keepdims=1), g.ints(1))  # (1,)
        starts = g.op("Slice", chars, g.ints(0), num_columns, g.ints(2))
        char_positions = g.constant(np.arange(C)[:, None] + np.arange(widest), np.int64)  # of the characters of each window
        padded = g.op("Pad", starts, g.ints(0, 0, 0, 0, 0, widest - 1))
        windows = g.op(
            "Gather", padded, g.op("Slice", char_positions, g.ints(0), num_columns, g.ints(0)), axis=2
        )  # (B, T, num_columns, widest)
        at_padding = g.op("Unsqueeze", g.op("Equal", starts, g.constant(0, np.int64)), g.ints(3))
        windows = g.op("Where", at_padding, g.op("Slice", windows, g.ints(0), g.ints(1), g.ints(2)), windows)

        table = g.weight(array_of(cnn.embed.weight))
        x = self.products.quantize(g, g.op("Gather", table, starts))
        if (
            x.scale is not None and x.zero_point is not None
        ):  # quantise the few rows of the table by the range of these characters
            table = g.op("QuantizeLinear", table, x.scale, x.zero_point)
        x = x._replace(values=g.op("Reshape", g.op("Gather", table, windows), g.ints(0, 0, 0, widest * char_dim)))

        widened = [F.pad(conv.weight, (0, widest * char_dim - conv.in_features)) for conv in cnn.convs]
        weight, bias = torch.cat(widened), torch.cat([conv.bias for conv in cnn.convs])
        sums, finish = self.products.multiply(g, x, weight, bias)  # (B, T, num_columns, kernels * filters)

        def largest_inside(inner: Graph) -> str:
            """The maximum for long tokens, where a window counts only for kernels that end inside the C columns."""
            kind, low = (np.int32, MASKED_SUM) if self.products.is_int8 else (np.float32, np.finfo(np.float32).min / 4)
            overlong = np.array([[start + k > C for k in cnn.kernel_sizes] for start in range(C)])  # (C, kernels)
            excluded = inner.weight(np.where(overlong, low, 0).astype(kind)[:, :, None])
            by_kernel = inner.op("Reshape", sums, inner.ints(0, 0, 0, kernels, filters))
            masked_sums = inner.op("Add", by_kernel, inner.op("Slice", excluded, inner.ints(0), num_columns, inner.ints(0)))
            return inner.op("Reshape", largest(inner, masked_sums), inner.ints(0, 0, kernels * filters))

        def largest(inner: Graph, of: str) -> str:
            return inner.op("ReduceMax", of, inner.ints(2), keepdims=0)

        has_overlong = g.op("Greater", num_columns, g.ints(C - widest + 1))
        sum_type = TensorProto.INT32 if self.products.is_int8 else TensorProto.FLOAT
        maxima = g.choose(has_overlong, largest_inside, lambda inner: largest(inner, sums), sum_type)
        first = g.op("Slice", starts, g.ints(0), g.ints(1), g.ints(2))
        has_characters = g.op("Cast", g.op("Sign", first), to=TensorProto.FLOAT)  # [CLS] and [SEP] have none and count as 0
        return self.products.linear(g, g.op("Mul", g.op("Relu", finish(maxima)), has_characters), cnn.proj)
