"""The exported graph, written by hand in standard opset-23 operators, FP32 or INT8.

PyTorch's exporters cannot express the choice of experts: one fails, the other silently freezes the experts that the
example took. Here each branch stands inside an `If` on whether any prompt is routed to it and each expert inside an `If` on
whether any prompt chose it, so one prompt costs what its own route costs. In a batch every branch and every expert runs
on its own rows only; what they return is concatenated and put back in order, or, with deep_residual, added to the fast
branch's logits.

Inputs: input_ids, attention_mask (B, T) and char_ids (B, T, C), int64, B and T free. Outputs: logits (B, 4),
confidence (B, 1), family_logits (B, 16), p_deep (B,) and response (B,) uint16 (src/response_code.py).

The route is decided by the initializer `complexity_threshold`. It is not an input; to change it when loading, give
another value to the session: `options.add_initializer("complexity_threshold", OrtValue)` (2 sends every prompt to the
fast branch, -1 to the deep one; the session reads that memory and does not own it, so keep the OrtValue), or rewrite the
file with `set_complexity_threshold`.

Its parts: embedding.py, layers.py of a branch, routing.py and verdict.py; products.py says what INT8 and INT4 mean and
graph.py keeps nodes and weights.

Shapes: B prompts, n of them in a branch, T tokens, C characters per token, D model width.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..errors import ArtifactError
from ..files import atomic_write
from ..labels import NUM_FAMILIES, NUM_LABELS
from ..models.dual_branch import TinyGuardrail
from ..models.transformer import Branch
from ..runtime.calibration import Calibration
from .embedding import Embeddings
from .graph import Graph, any_of, positions_by_group
from .layers import Layers, build_mask, heads
from .products import Precision, Products
from .routing import attack_log_odds, router_logits
from .verdict import write_verdict

OPSET = 23
IR_VERSION = 11  # the oldest IR version that supports opset 23
COMPLEXITY_THRESHOLD = "complexity_threshold"


def write_onnx(
    model: TinyGuardrail,
    path: Path,
    *,
    precision: Precision,
    calibration: Calibration,
    metadata: Mapping[str, str],
) -> None:
    """Build the graph and write it to `path`, whole or not at all. Errors as `build_onnx`."""
    proto = build_onnx(model, precision=precision, calibration=calibration, metadata=metadata)
    with atomic_write(path) as partial:
        partial.write_bytes(proto.SerializeToString())


def build_onnx(
    model: TinyGuardrail,
    *,
    precision: Precision,
    calibration: Calibration,
    metadata: Mapping[str, str],
) -> onnx.ModelProto:
    """The graph of `model` in memory.

    Temperature, routing threshold and the threshold of the default policy come from `calibration`; `metadata` becomes
    the file's metadata. Raises ArtifactError when the threshold was never fitted.
    """
    graph = _GuardWriter(model, precision).write(calibration)
    proto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="tinyguardrail"
    )
    helper.set_model_props(proto, dict(metadata))
    onnx.checker.check_model(proto)
    return proto


def set_complexity_threshold(proto: onnx.ModelProto, threshold: float) -> None:
    """Change the routing threshold of a graph in memory. Raises ArtifactError for a graph that has none."""
    for tensor in proto.graph.initializer:
        if tensor.name == COMPLEXITY_THRESHOLD:
            tensor.CopyFrom(numpy_helper.from_array(np.array(threshold, dtype=np.float32), COMPLEXITY_THRESHOLD))
            return
    raise ArtifactError(f"expected an initializer {COMPLEXITY_THRESHOLD!r} in the graph, found none; export the model again")


class _GuardWriter:
    """Writes one model at one precision."""

    def __init__(self, model: TinyGuardrail, precision: Precision) -> None:
        self.model, self.cfg = model, model.cfg
        products = Products(precision)
        self.embeddings, self.layers = Embeddings(model.cfg, products), Layers(model.cfg, products)

    def write(self, calibration: Calibration) -> onnx.GraphProto:
        g = Graph()
        real, ids, chars = self._trim(g)
        column = g.op("Unsqueeze", real, g.ints(2))
        hidden = g.op("Mul", self.embeddings.embed(g, self.model.embeddings, ids, chars), column)
        threshold = g.weight(np.array(calibration.complexity_threshold, dtype=np.float32), COMPLEXITY_THRESHOLD)
        if self.cfg.deep_input == "fast":
            logits, is_deep = self._fast_then_deep(g, hidden, real, chars, threshold)  # (B, 4 + 16)
        else:
            assert self.model.router is not None, "ModelConfig has a router unless deep_input=fast"
            is_deep = self._decide_route(g, router_logits(g, self.model.router, hidden, real, chars), threshold)
            logits = self._fast_or_deep(g, hidden, real, is_deep)
        g.op("Slice", logits, g.ints(0), g.ints(NUM_LABELS), g.ints(1), name="logits")
        g.op("Slice", logits, g.ints(NUM_LABELS), g.ints(NUM_LABELS + NUM_FAMILIES), g.ints(1), name="family_logits")
        write_verdict(g, calibration, is_deep)

        def info(name: str, kind: int, *shape: int | str) -> onnx.ValueInfoProto:
            return helper.make_tensor_value_info(name, kind, ["batch", *shape])

        inputs = [
            info("input_ids", TensorProto.INT64, "tokens"),
            info("attention_mask", TensorProto.INT64, "tokens"),
            info("char_ids", TensorProto.INT64, "tokens", self.cfg.chars_per_token),
        ]
        outputs = [
            info("logits", TensorProto.FLOAT, NUM_LABELS),
            info("confidence", TensorProto.FLOAT, 1),
            info("family_logits", TensorProto.FLOAT, NUM_FAMILIES),
            info("p_deep", TensorProto.FLOAT),
            info("response", TensorProto.UINT16),
        ]
        return helper.make_graph(g.nodes, "tinyguardrail", inputs, outputs, g.initializers)

    def _trim(self, g: Graph) -> tuple[str, str, str]:
        """FP32 mask (B, T), input_ids and char_ids without the columns at the end that are padding in every prompt.

        They cost time, and in INT8 they would widen the ranges of a single padded prompt.
        """
        width = g.op("Shape", "attention_mask", start=1, end=2)
        ones = g.op("Expand", g.ints(1), width)
        positions = g.op("CumSum", ones, g.constant(0, np.int64))  # 1 .. T
        last = g.op("ReduceMax", g.op("Mul", "attention_mask", positions), keepdims=0)
        length = g.op("Unsqueeze", last, g.ints(0))
        trimmed = [g.op("Slice", name, g.ints(0), length, g.ints(1)) for name in ("attention_mask", "input_ids", "char_ids")]
        return g.op("Cast", trimmed[0], to=TensorProto.FLOAT), trimmed[1], trimmed[2]

    def _decide_route(self, g: Graph, scores: str, threshold: str) -> str:
        """(B,) bool from logits (B,); writes the output p_deep."""
        return g.op("Greater", g.op("Sigmoid", scores, name="p_deep"), threshold)

    def _fast_then_deep(self, g: Graph, hidden: str, real: str, chars: str, threshold: str) -> tuple[str, str]:
        """Every prompt needs the fast layers, a deep one continues from them. -> logits as `_fast_or_deep`, is_deep (B,)."""
        model, mask = self.model, build_mask(g, real)
        states = self.layers.run(g, hidden, mask, model.fast)
        fast_logits = heads(g, states, mask, model.fast)
        scores = attack_log_odds(g, fast_logits) if model.router is None else router_logits(g, model.router, hidden, real, chars)
        is_deep = self._decide_route(g, scores, threshold)
        deep = self._run_branch(g, states, real, is_deep, model.deep)
        rows = g.op("Transpose", g.op("NonZero", is_deep), perm=[1, 0])
        reduction = {"reduction": "add"} if self.cfg.deep_residual else {}
        return g.op("ScatterND", fast_logits, rows, deep, **reduction), is_deep

    def _fast_or_deep(self, g: Graph, hidden: str, real: str, is_deep: str) -> str:
        """Class and family logits side by side (B, 4 + 16), each prompt's from its own branch."""
        model = self.model
        fast = self._run_branch(g, hidden, real, g.op("Not", is_deep), model.fast)
        deep = self._run_branch(g, hidden, real, is_deep, model.deep)
        by_branch = g.op("Cast", is_deep, to=TensorProto.INT64)
        return g.op("Gather", g.op("Concat", fast, deep, axis=0), positions_by_group(g, by_branch), axis=0)

    def _run_branch(self, g: Graph, hidden: str, real: str, is_routed: str, branch: Branch) -> str:
        """Logits (n, 4 + 16) of the n prompts of is_routed (B,) bool; (0, 4 + 16) for free when there are none."""

        def run(inner: Graph) -> str:
            rows = inner.op("Squeeze", inner.op("NonZero", is_routed), inner.ints(0))
            mask = build_mask(inner, inner.op("Gather", real, rows, axis=0))
            states = self.layers.run(inner, inner.op("Gather", hidden, rows, axis=0), mask, branch)
            return heads(inner, states, mask, branch)

        empty = g.constant(np.zeros((0, NUM_LABELS + NUM_FAMILIES)), np.float32)
        return g.choose(any_of(g, is_routed), run, lambda inner: inner.op("Identity", empty))
