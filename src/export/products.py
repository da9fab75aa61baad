"""Matrix products of the exported graph, and how their weights are stored, at each precision.

INT8 follows src/models/quantized.py: weights per output row, activations by DynamicQuantizeLinear. Gates, router, heads,
LayerNorms, positions and the character table stay FP32. INT4 computes the same with weights that are stored in half the
space (src/export/int4.py). The range of an activation is taken over the whole tensor, so in INT8 the score of a text depends a
little on the other texts of its batch; numbers that are reported are taken one text at a time, where it equals the fake
quantisation of training.

Shapes: I inputs and O outputs of a layer, m rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from onnx import TensorProto, helper
from torch import Tensor, nn

from ..models.quantized import INT8_LIMIT, QLinear, quantize_rows
from ..runtime.artifact import Precision
from . import int4
from .graph import Graph

# The largest weight of an INT8 row. 63 keeps the sum of two products of 8 bits in 16 (src/runtime/cpu.py).
WEIGHT_LIMITS: dict[Precision, int] = {"int8": INT8_LIMIT, "int8_reduced": 63, "int4": 63}
INT4 = helper.tensor_dtype_to_np_dtype(TensorProto.INT4)


class Activation(NamedTuple):
    """The left side of a matrix product: FP32, or uint8 with its scale and zero point."""

    values: str
    scale: str | None = None
    zero_point: str | None = None


class Products:
    """Writes layers that are quantised in every file but the FP32 one."""

    def __init__(self, precision: Precision) -> None:
        self.precision = precision
        self.is_int8 = precision != "fp32"  # the arithmetic; INT4 differs only in how weights are stored

    def quantize(self, g: Graph, x: str) -> Activation:
        return Activation(*g.ops("DynamicQuantizeLinear", 3, x)) if self.is_int8 else Activation(x)

    def linear(self, g: Graph, x: str, layer: QLinear) -> str:
        return self.project(g, self.quantize(g, x), layer.weight, layer.bias)

    def project(self, g: Graph, x: Activation, weight: Tensor, bias: Tensor) -> str:
        sums, finish = self.multiply(g, x, weight, bias)
        return finish(sums)

    def multiply(self, g: Graph, x: Activation, weight: Tensor, bias: Tensor) -> tuple[str, Callable[[str], str]]:
        """x times weight (O, I), and what turns those sums (..., O), int32 or FP32, into FP32 outputs.

        The second step keeps the order of the sums of one output.
        """
        if x.scale is None or x.zero_point is None:
            stored_bias = g.weight(array_of(bias))
            return g.op("MatMul", x.values, g.weight(array_of(weight).T)), lambda sums: g.op("Add", sums, stored_bias)
        int8_weight, scales = self.store(g, weight, (1, 0))
        sums = g.op("MatMulInteger", x.values, int8_weight, x.zero_point)
        scale_of_x, stored_scales, stored_bias = x.scale, g.weight(scales), g.weight(array_of(bias))

        def finish(sums: str) -> str:
            scale = g.op("Mul", scale_of_x, stored_scales)  # this order is the one that ONNX Runtime fuses
            return g.op("Add", g.op("Mul", g.op("Cast", sums, to=TensorProto.FLOAT), scale), stored_bias)

        return sums, finish

    def store(self, g: Graph, weight: Tensor, axes: tuple[int, int]) -> tuple[str, np.ndarray]:
        """Store weight (O, I) with its axes in this order; the name of its INT8 values and the scale of each row (O,)."""
        if self.precision != "int4" or not int4.fits(weight.shape[1]):
            rows, scales = quantize_rows(weight, WEIGHT_LIMITS[self.precision])
            return g.weight(rows.numpy().transpose(axes)), scales.numpy()
        values, multipliers, scales = int4.quantize_blocks(weight)
        by_block = (0, 1, 2) if axes == (0, 1) else (1, 2, 0)
        parts = [g.weight(part.numpy().transpose(by_block).astype(INT4)) for part in (values, multipliers)]
        # A product of constants, which ONNX Runtime computes when it loads the file. It has no kernel for 8-bit numbers.
        product = g.op("Mul", *(g.op("Cast", part, to=TensorProto.FLOAT) for part in parts))
        shape = [weight.shape[axis] for axis in axes]
        return g.op("Reshape", g.op("Cast", product, to=TensorProto.INT8), g.ints(*shape)), scales.numpy()


def dense(g: Graph, x: str, layer: nn.Linear) -> str:
    """A layer that is never quantised: gates and router. x (m, I)."""
    return g.op("Gemm", x, g.weight(array_of(layer.weight)), g.weight(array_of(layer.bias)), transB=1)


def array_of(parameter: Tensor) -> np.ndarray:
    return parameter.detach().float().cpu().numpy()
