"""Nodes and weights of an exported graph, and operations on rows of items that several of its parts share."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Graph:
    """Nodes and weights of a graph or sub-graph. A sub-graph sees every name of the graphs around it.

    Weights are stored where `weight` is called: ONNX Runtime packs the weights of a matrix product ahead of time only
    if they stand in the same graph or one level above, and an expert is two levels deep.
    """

    def __init__(self, outer: Graph | None = None) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[TensorProto] = []
        self._outermost: Graph = outer._outermost if outer else self
        self._counter: Iterator[int] = outer._counter if outer else itertools.count()
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def op(self, kind: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        """Append a node with one output; returns the output's name."""
        output = name or self._name(kind)
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def ops(self, kind: str, count: int, *inputs: str, **attributes: Any) -> list[str]:
        """Append a node with `count` outputs; returns their names."""
        outputs = [self._name(kind) for _ in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, **attributes))
        return outputs

    def weight(self, values: np.ndarray, name: str | None = None) -> str:
        """Store an array in this graph; returns its name."""
        name = name or self._name("weight")
        self.initializers.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def constant(self, values: Any, dtype: Any) -> str:
        """A small array, stored once, in the outermost graph."""
        array = np.array(values, dtype=dtype)
        constants, key = self._outermost._constants, (array.dtype.str, array.shape, array.tobytes())
        if key not in constants:
            constants[key] = self._outermost.weight(array)
        return constants[key]

    def ints(self, *values: int) -> str:
        return self.constant(values, np.int64)

    def choose(
        self,
        condition: str,
        then: Callable[[Graph], str],
        otherwise: Callable[[Graph], str],
        output_type: int = TensorProto.FLOAT,
    ) -> str:
        """An `If` with one output: each callable writes one side into a sub-graph of its own."""
        sides = {}
        for key, write in (("then_branch", then), ("else_branch", otherwise)):
            inner = Graph(self)
            output = helper.make_tensor_value_info(write(inner), output_type, None)
            sides[key] = helper.make_graph(inner.nodes, self._name(key), [], [output], inner.initializers)
        return self.op("If", condition, **sides)

    def _name(self, kind: str) -> str:
        return f"{kind.lower()}_{next(self._counter)}"


def positions_by_group(g: Graph, groups: str) -> str:
    """New position (m,) of each item when items are sorted by their group (m,) int64, in order inside a group."""
    count = g.op("Shape", groups)
    index = g.op("CumSum", g.op("Expand", g.ints(1), count), g.constant(0, np.int64), exclusive=1)
    keys = g.op("Add", g.op("Mul", groups, count), index)  # distinct, so that the order is settled
    _, order = g.ops("TopK", 2, keys, count, largest=0)
    _, positions = g.ops("TopK", 2, order, count, largest=0)  # the inverse permutation
    return positions


def any_of(g: Graph, flags: str) -> str:
    """Whether any of (B,) bool is true, a scalar."""
    return g.op("Cast", g.op("ReduceMax", g.op("Cast", flags, to=TensorProto.UINT8), keepdims=0), to=TensorProto.BOOL)
