"""The exported graph, written by hand in standard opset-23 operators, FP32 or INT8.

PyTorch's exporters cannot express the choice of experts: one fails, the other silently freezes the experts that the
example took. Here each branch stands inside an `If` on "was any prompt sent to me" and each expert inside an `If` on
"did anything choose me", so one prompt costs what its own route costs. In a batch every branch and every expert runs
on its own rows only; what they return is concatenated and put back in order, or, with deep_residual, added to what the fast
branch says.

Inputs: input_ids, attention_mask (B, T) and char_ids (B, T, C), int64, B and T free. Outputs: logits (B, 4),
confidence (B, 1), family_logits (B, 16), p_deep (B,) and response (B,) uint16 (src/response_code.py).

The route is decided by the initializer `complexity_threshold`. It is not an input; to change it when loading, give
another value to the session: `options.add_initializer("complexity_threshold", OrtValue)` (2 sends every prompt to the
fast branch, -1 to the deep one; the session reads that memory and does not own it, so keep the OrtValue), or rewrite the
file with `set_complexity_threshold`.

INT8 follows src/models/quantized.py: weights per output row, activations by DynamicQuantizeLinear. Gates, router,
heads, LayerNorms, positions and the character table stay FP32. INT4 computes the same with weights that are stored in half
the space (src/export/int4.py). The range of an activation is taken over the whole
tensor, so in INT8 the score of a text depends a little on the other texts of its batch; numbers that are reported are
taken one text at a time, where it equals the fake quantisation of training.

Shapes: B prompts, n of them in a branch, T tokens, C characters per token, D model width, E experts.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from ..errors import ArtifactError
from ..evaluation.calibration import Calibration
from ..files import atomic_write
from ..labels import NUM_FAMILIES, NUM_LABELS, Family, Label
from ..models.dual_branch import TinyGuardrail
from ..models.embeddings import CharCNN
from ..models.quantized import INT8_LIMIT, QLinear, quantize_rows
from ..models.router import Router
from ..models.surface import SurfaceFeatures
from ..models.transformer import Branch, EncoderLayer, FeedForward, MixtureOfExperts
from ..policy import DEFAULT_POLICY
from ..response_code import CONFIDENCE_LEVELS, FAMILY_SHIFT, LABEL_SHIFT, ROUTE_SHIFT, THREAT_SHIFT
from . import int4

Precision = Literal["fp32", "int8", "int8_reduced", "int4"]
# The largest weight of an INT8 row. 63 keeps the sum of two products of 8 bits in 16 (src/runtime/cpu.py).
WEIGHT_LIMITS: dict[Precision, int] = {"int8": INT8_LIMIT, "int8_reduced": 63, "int4": 63}

OPSET = 23
INT4 = helper.tensor_dtype_to_np_dtype(TensorProto.INT4)
IR_VERSION = 11  # the oldest that goes with opset 23
COMPLEXITY_THRESHOLD = "complexity_threshold"
POSITION_TABLE = "position"  # (max_tokens, D): how long a window may be
MASKED_SCORE = -1e30  # added to attention scores of padding; finite, so that a row of padding alone is not NaN
MASKED_SUM = -(1 << 29)  # below every sum of products of a character window; twice that still fits int32


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


class _Graph:
    """Nodes and weights of a graph or sub-graph. A sub-graph sees every name of the graphs around it.

    Weights are stored where `weight` is called: ONNX Runtime packs the weights of a matrix product ahead of time only
    if they stand in the same graph or one level above, and an expert is two levels deep.
    """

    def __init__(self, outer: _Graph | None = None) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[TensorProto] = []
        self._outermost: _Graph = outer._outermost if outer else self
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
        then: Callable[[_Graph], str],
        otherwise: Callable[[_Graph], str],
        output_type: int = TensorProto.FLOAT,
    ) -> str:
        """An `If` with one output: each callable writes one side into a sub-graph of its own."""
        sides = {}
        for key, write in (("then_branch", then), ("else_branch", otherwise)):
            inner = _Graph(self)
            output = helper.make_tensor_value_info(write(inner), output_type, None)
            sides[key] = helper.make_graph(inner.nodes, self._name(key), [], [output], inner.initializers)
        return self.op("If", condition, **sides)

    def _name(self, kind: str) -> str:
        return f"{kind.lower()}_{next(self._counter)}"


class _Activation(NamedTuple):
    """The left side of a matrix product: FP32, or uint8 with its scale and zero point."""

    values: str
    scale: str | None = None
    zero_point: str | None = None


class _Mask(NamedTuple):
    """Which tokens are real, in the forms that the layers want."""

    real: str  # (n, T) 1 at real tokens, 0 at padding
    mean: str  # (n, 1, T) 1 / number of real tokens, 0 at padding
    scores: str  # (n, 1, 1, T) added to attention scores
    has_padding: str  # scalar bool


class _GuardWriter:
    """Writes one model at one precision."""

    def __init__(self, model: TinyGuardrail, precision: Precision) -> None:
        self.model, self.cfg, self.precision = model, model.cfg, precision
        self.is_int8 = precision != "fp32"  # what is computed; INT4 is how weights are stored

    def write(self, calibration: Calibration) -> onnx.GraphProto:
        g = _Graph()
        real, ids, chars = self._trim(g)
        column = g.op("Unsqueeze", real, g.ints(2))
        hidden = g.op("Mul", self._embed(g, ids, chars), column)
        threshold = g.weight(np.array(calibration.complexity_threshold, dtype=np.float32), COMPLEXITY_THRESHOLD)
        if self.cfg.deep_input == "fast":
            both, is_deep = self._fast_then_deep(g, hidden, real, chars, threshold)  # (B, 4 + 16)
        else:
            is_deep = self._is_deep(g, self._router(g, self.model.router, hidden, real, chars), threshold)
            both = self._fast_or_deep(g, hidden, real, is_deep)
        g.op("Slice", both, g.ints(0), g.ints(NUM_LABELS), g.ints(1), name="logits")
        g.op("Slice", both, g.ints(NUM_LABELS), g.ints(NUM_LABELS + NUM_FAMILIES), g.ints(1), name="family_logits")
        self._verdict(g, calibration, is_deep)

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

    # From text to route

    def _trim(self, g: _Graph) -> tuple[str, str, str]:
        """FP32 mask (B, T), input_ids and char_ids without the columns at the end that are padding in every prompt.

        They cost time, and in INT8 they would widen the ranges of a single padded prompt.
        """
        width = g.op("Shape", "attention_mask", start=1, end=2)
        ones = g.op("Expand", g.ints(1), width)
        places = g.op("CumSum", ones, g.constant(0, np.int64))  # 1 .. T
        last = g.op("ReduceMax", g.op("Mul", "attention_mask", places), keepdims=0)
        length = g.op("Unsqueeze", last, g.ints(0))
        kept = [g.op("Slice", name, g.ints(0), length, g.ints(1)) for name in ("attention_mask", "input_ids", "char_ids")]
        return g.op("Cast", kept[0], to=TensorProto.FLOAT), kept[1], kept[2]

    def _embed(self, g: _Graph, ids: str, chars: str) -> str:
        """(B, T, D)."""
        embeddings = self.model.embeddings
        if self.is_int8:
            table, scales = self._store(g, embeddings.token.weight, (0, 1))
            looked_up = g.op("Cast", g.op("Gather", table, ids), to=TensorProto.FLOAT)
            x = g.op("Mul", looked_up, g.op("Gather", g.weight(scales[:, None]), ids))
        else:
            x = g.op("Gather", g.weight(_array(embeddings.token.weight)), ids)
        length = g.op("Shape", ids, start=1, end=2)
        places = g.op("Slice", g.weight(_array(embeddings.position.weight), POSITION_TABLE), g.ints(0), length, g.ints(0))
        if embeddings.char_cnn is None:
            return self._norm(g, g.op("Sum", x, places), embeddings.norm)
        characters = self._characters(g, embeddings.char_cnn, chars)
        if embeddings.char_fusion is None:
            return self._norm(g, g.op("Sum", x, characters, places), embeddings.norm)
        x = g.op("Add", x, places)
        fusion = embeddings.char_fusion
        mixed = g.op("MatMul", g.op("Concat", x, characters, axis=-1), g.weight(_array(fusion.weight).T))
        mixed = g.op("Add", mixed, g.weight(_array(fusion.bias)))
        if embeddings.is_gated:
            mixed = g.op("Add", x, g.op("Mul", g.op("Sigmoid", mixed), characters))
        return self._norm(g, mixed, embeddings.norm)

    def _characters(self, g: _Graph, cnn: CharCNN, chars: str) -> str:
        """The character CNN on (B, T, C) -> (B, T, D).

        All widths are one product: windows as long as the widest kernel, with zero weights where a kernel is shorter.
        The maximum over the windows is taken before scale, bias and relu, which do not change the order. A window that
        starts at padding does not count: it is replaced by the first one of its token, which changes no maximum.
        """
        widest, filters, C = max(cnn.kernel_sizes), self.cfg.char_filters, self.cfg.chars_per_token
        kernels, char_dim = len(cnn.kernel_sizes), self.cfg.char_dim
        # Columns behind the longest token hold padding only.
        filled = g.op("ReduceMax", chars, g.ints(0, 1), keepdims=0)  # (C,)
        used = g.op("Max", g.op("ReduceSum", g.op("Sign", filled), g.ints(0), keepdims=1), g.ints(1))  # (1,)
        starts = g.op("Slice", chars, g.ints(0), used, g.ints(2))
        places = g.constant(np.arange(C)[:, None] + np.arange(widest), np.int64)  # of the characters of each window
        padded = g.op("Pad", starts, g.ints(0, 0, 0, 0, 0, widest - 1))
        windows = g.op("Gather", padded, g.op("Slice", places, g.ints(0), used, g.ints(0)), axis=2)  # (B, T, used, widest)
        at_padding = g.op("Unsqueeze", g.op("Equal", starts, g.constant(0, np.int64)), g.ints(3))
        windows = g.op("Where", at_padding, g.op("Slice", windows, g.ints(0), g.ints(1), g.ints(2)), windows)

        table = g.weight(_array(cnn.embed.weight))
        x = self._quantize(g, g.op("Gather", table, starts))
        if x.scale is not None and x.zero_point is not None:  # the range of these characters, then every row by it: few rows
            table = g.op("QuantizeLinear", table, x.scale, x.zero_point)
        x = x._replace(values=g.op("Reshape", g.op("Gather", table, windows), g.ints(0, 0, 0, widest * char_dim)))

        widened = [F.pad(conv.weight, (0, widest * char_dim - conv.in_features)) for conv in cnn.convs]
        weight, bias = torch.cat(widened), torch.cat([conv.bias for conv in cnn.convs])
        sums, finish = self._multiply(g, x, weight, bias)  # (B, T, used, kernels * filters)

        def largest_inside(inner: _Graph) -> str:
            """Of long tokens: a window counts for the kernels that end inside the C columns."""
            kind, low = (np.int32, MASKED_SUM) if self.is_int8 else (np.float32, np.finfo(np.float32).min / 4)
            overlong = np.array([[start + k > C for k in cnn.kernel_sizes] for start in range(C)])  # (C, kernels)
            excluded = inner.weight(np.where(overlong, low, 0).astype(kind)[:, :, None])
            by_kernel = inner.op("Reshape", sums, inner.ints(0, 0, 0, kernels, filters))
            counted = inner.op("Add", by_kernel, inner.op("Slice", excluded, inner.ints(0), used, inner.ints(0)))
            return inner.op("Reshape", largest(inner, counted), inner.ints(0, 0, kernels * filters))

        def largest(inner: _Graph, of: str) -> str:
            return inner.op("ReduceMax", of, inner.ints(2), keepdims=0)

        has_overlong = g.op("Greater", used, g.ints(C - widest + 1))
        sum_type = TensorProto.INT32 if self.is_int8 else TensorProto.FLOAT
        most = g.choose(has_overlong, largest_inside, lambda inner: largest(inner, sums), sum_type)
        first = g.op("Slice", starts, g.ints(0), g.ints(1), g.ints(2))
        has_characters = g.op("Cast", g.op("Sign", first), to=TensorProto.FLOAT)  # [CLS] and [SEP] have none and count as 0
        return self._linear(g, g.op("Mul", g.op("Relu", finish(most)), has_characters), cnn.proj)

    def _is_deep(self, g: _Graph, router_logits: str, threshold: str) -> str:
        """(B,) bool from logits (B,); writes the output p_deep."""
        return g.op("Greater", g.op("Sigmoid", router_logits, name="p_deep"), threshold)

    def _router(self, g: _Graph, router: Router, hidden: str, real: str, chars: str) -> str:
        """Router logits (B,) from hidden (B, T, D), the mask (B, T) and char_ids (B, T, C)."""
        mean = self._mean(g, hidden, self._mean_weights(g, real))
        largest = self._max(g, hidden, real)
        features = [mean, largest] if router.surface is None else [mean, largest, self._surface(g, router.surface, real, chars)]
        scores = self._dense(g, g.op("Concat", *features, axis=1), router.hidden)
        return g.op("Squeeze", self._dense(g, g.op("Gelu", scores), router.out), g.ints(1))

    def _surface(self, g: _Graph, surface: SurfaceFeatures, real: str, chars: str) -> str:
        """Surface features (B, K + 1) from the mask (B, T) and char_ids (B, T, C)."""
        # One count per kind and one of all characters, as a single sum: padding has a row of zeros.
        table = np.concatenate([_array(surface.table), np.arange(len(surface.table))[:, None] > 0], axis=1)
        counts = g.op("ReduceSum", g.op("Gather", g.weight(table.astype(np.float32)), chars), g.ints(1, 2), keepdims=0)
        kinds = g.op("Slice", counts, g.ints(0), g.ints(-1), g.ints(1))
        characters = g.op("Slice", counts, g.ints(-1), g.ints(table.shape[1]), g.ints(1))
        tokens = g.op("ReduceSum", real, g.ints(1), keepdims=1)
        kind_shares = g.op("Div", kinds, g.op("Max", characters, g.constant(1, np.float32)))
        token_share = g.op("Div", tokens, g.op("Add", tokens, characters))
        return g.op("Sqrt", g.op("Concat", kind_shares, token_share, axis=1))

    # The branches

    def _fast_then_deep(self, g: _Graph, hidden: str, real: str, chars: str, threshold: str) -> tuple[str, str]:
        """Every prompt needs the fast layers, a deep one continues from them. -> logits as `_fast_or_deep`, is_deep (B,)."""
        model, mask = self.model, self._masks(g, real)
        states = self._layers(g, hidden, mask, model.fast)
        answers = self._heads(g, states, mask, model.fast)
        if model.router is None:
            router_logits = self._attack_log_odds(g, answers)
        else:
            router_logits = self._router(g, model.router, hidden, real, chars)
        is_deep = self._is_deep(g, router_logits, threshold)
        deep = self._branch(g, states, real, is_deep, model.deep)
        rows = g.op("Transpose", g.op("NonZero", is_deep), perm=[1, 0])
        reduction = {"reduction": "add"} if self.cfg.deep_residual else {}
        return g.op("ScatterND", answers, rows, deep, **reduction), is_deep

    def _attack_log_odds(self, g: _Graph, answers: str) -> str:
        """log P(attack) - log P(BENIGN) (B,) of the class logits among `answers` (B, 4 + 16)."""
        benign = g.op("Gather", answers, g.constant(int(Label.BENIGN), np.int64), axis=1)
        attacks = g.op("Gather", answers, g.ints(*(label for label in Label if label != Label.BENIGN)), axis=1)
        return g.op("Sub", g.op("ReduceLogSumExp", attacks, g.ints(1), keepdims=0), benign)

    def _fast_or_deep(self, g: _Graph, hidden: str, real: str, is_deep: str) -> str:
        """Class and family logits side by side (B, 4 + 16), each prompt's from its own branch."""
        model = self.model
        fast = self._branch(g, hidden, real, g.op("Not", is_deep), model.fast)
        deep = self._branch(g, hidden, real, is_deep, model.deep)
        by_branch = g.op("Cast", is_deep, to=TensorProto.INT64)
        return g.op("Gather", g.op("Concat", fast, deep, axis=0), self._places_by(g, by_branch), axis=0)

    def _branch(self, g: _Graph, hidden: str, real: str, chosen: str, branch: Branch) -> str:
        """Logits (n, 4 + 16) of the n chosen prompts (B,) bool; (0, 4 + 16) for free when there are none."""

        def run(inner: _Graph) -> str:
            rows = inner.op("Squeeze", inner.op("NonZero", chosen), inner.ints(0))
            mask = self._masks(inner, inner.op("Gather", real, rows, axis=0))
            states = self._layers(inner, inner.op("Gather", hidden, rows, axis=0), mask, branch)
            return self._heads(inner, states, mask, branch)

        none = g.constant(np.zeros((0, NUM_LABELS + NUM_FAMILIES)), np.float32)
        return g.choose(self._any(g, chosen), run, lambda inner: inner.op("Identity", none))

    def _heads(self, g: _Graph, hidden: str, mask: _Mask, branch: Branch) -> str:
        if branch.pooling == "cls":
            pooled = g.op("Gather", hidden, g.constant(0, np.int64), axis=1)
        else:
            pooled = self._mean(g, hidden, mask.mean)
            if branch.pooling == "mean_max":
                pooled = g.op("Concat", pooled, self._max(g, hidden, mask.real), axis=1)
        weight = torch.cat([branch.classifier.weight, branch.family.weight])
        bias = torch.cat([branch.classifier.bias, branch.family.bias])
        return g.op("Gemm", pooled, g.weight(_array(weight)), g.weight(_array(bias)), transB=1)

    def _layers(self, g: _Graph, hidden: str, mask: _Mask, branch: Branch) -> str:
        for layer in branch.layers:
            hidden = self._layer(g, hidden, mask, layer)
        return hidden

    def _layer(self, g: _Graph, hidden: str, mask: _Mask, layer: EncoderLayer) -> str:
        x = self._quantize(g, hidden)  # one range for the three products
        query, key, value = (self._project(g, x, part.weight, part.bias) for part in (layer.query, layer.key, layer.value))
        context = self._attend(g, query, key, value, mask)
        hidden = self._norm(g, g.op("Sum", self._linear(g, context, layer.attention_output), hidden), layer.attention_norm)
        if isinstance(layer.ffn, MixtureOfExperts):
            output = self._experts(g, hidden, mask, layer.ffn)
        else:
            output = self._feed_forward(g, hidden, layer.ffn)
        return self._norm(g, g.op("Sum", output, hidden), layer.ffn_norm)  # Add would be fused into a slower operator

    def _attend(self, g: _Graph, query: str, key: str, value: str, mask: _Mask) -> str:
        """(n, T, D). Without padding, which one prompt alone never has, the mask is left out: it costs time."""
        heads = {"q_num_heads": self.cfg.num_heads, "kv_num_heads": self.cfg.num_heads}

        def masked(inner: _Graph) -> str:
            length = inner.op("Shape", query, start=1, end=2)
            square = inner.op("Concat", inner.ints(1, 1), length, length, axis=0)
            scores = inner.op("Expand", mask.scores, square)  # the operator takes no broadcast mask
            return inner.op("Attention", query, key, value, scores, **heads)

        return g.choose(mask.has_padding, masked, lambda inner: inner.op("Attention", query, key, value, **heads))

    def _feed_forward(self, g: _Graph, hidden: str, ffn: FeedForward) -> str:
        return self._linear(g, g.op("Gelu", self._linear(g, hidden, ffn.up)), ffn.down)

    def _experts(self, g: _Graph, hidden: str, mask: _Mask, moe: MixtureOfExperts) -> str:
        """Mixture of experts on (n, T, D). What chooses is a prompt (items (n, T, D)) or a token (items (n * T, D)).

        Padding tokens are routed like any other: what comes out at padding is never read.
        """
        k, num_experts = moe.experts_per_input, len(moe.experts)
        if moe.routing == "sequence":
            items, read, rank = hidden, self._mean(g, hidden, mask.mean), 3
        else:
            items = read = g.op("Reshape", hidden, g.ints(-1, self.cfg.d_model))
            rank = 2
        scores = self._dense(g, read, moe.gate)  # (items, E)
        top, chosen = g.ops("TopK", 2, scores, g.ints(k), axis=1)  # the softmax does not change the order
        flat = g.op("Reshape", chosen, g.ints(-1))  # (items * k,) expert of each choice
        hits = g.op("Equal", g.op("Unsqueeze", flat, g.ints(0)), g.constant(np.arange(num_experts)[:, None], np.int64))
        taken = g.op("ReduceMax", g.op("Cast", hits, to=TensorProto.UINT8), g.ints(1), keepdims=0)
        conditions = g.ops("Split", num_experts, g.op("Cast", taken, to=TensorProto.BOOL), axis=0, num_outputs=num_experts)

        def expert_of(index: int, expert: FeedForward) -> Callable[[_Graph], str]:
            def run(inner: _Graph) -> str:
                mine = inner.op("NonZero", inner.op("Equal", flat, inner.constant(index, np.int64)))
                rows = inner.op("Squeeze", mine, inner.ints(0))
                if k > 1:
                    rows = inner.op("Div", rows, inner.constant(k, np.int64))
                output = self._feed_forward(inner, inner.op("Gather", items, rows, axis=0), expert)
                return output if rank == 2 else inner.op("Reshape", output, inner.ints(-1, self.cfg.d_model))

            return run

        # As rows of tokens, so that an expert without any gives a constant: most of a prompt's experts are such.
        none = g.constant(np.zeros((0, self.cfg.d_model)), np.float32)
        outputs = [
            g.choose(condition, expert_of(index, expert), lambda inner: inner.op("Identity", none))
            for index, (condition, expert) in enumerate(zip(conditions, moe.experts, strict=True))
        ]
        grouped = g.op("Concat", *outputs, axis=0)
        if rank == 3:
            grouped = g.op("Reshape", grouped, g.op("Concat", g.ints(-1), g.op("Shape", items, start=1), axis=0))
        mixed = g.op("Gather", grouped, self._places_by(g, flat), axis=0)  # (items * k, ...)
        if k > 1:  # for k = 1 the weight is 1
            weights = g.op("Reshape", g.op("Softmax", top, axis=1), g.ints(-1, *[1] * (rank - 1)))  # as renormalised p
            weighted = g.op("Mul", mixed, weights)
            shape = g.op("Concat", g.ints(-1, k), g.op("Shape", items, start=1), axis=0)
            mixed = g.op("ReduceSum", g.op("Reshape", weighted, shape), g.ints(1), keepdims=0)
        return mixed if moe.routing == "sequence" else g.op("Reshape", mixed, g.op("Shape", hidden))

    def _places_by(self, g: _Graph, groups: str) -> str:
        """For items (m,) int64 laid out group by group, in order inside a group: where each item went (m,)."""
        count = g.op("Shape", groups)
        index = g.op("CumSum", g.op("Expand", g.ints(1), count), g.constant(0, np.int64), exclusive=1)
        keys = g.op("Add", g.op("Mul", groups, count), index)  # distinct, so that the order is settled
        _, order = g.ops("TopK", 2, keys, count, largest=0)
        _, places = g.ops("TopK", 2, order, count, largest=0)  # the inverse permutation
        return places

    # From logits to the verdict

    def _verdict(self, g: _Graph, calibration: Calibration, is_deep: str) -> None:
        """confidence, and response as in src/response_code.py with p_attack of src/policy.py ("override")."""
        assert DEFAULT_POLICY == "override"
        one = g.constant(1, np.float32)
        probs = g.op("Softmax", g.op("Div", "logits", g.constant(calibration.temperature, np.float32)), axis=1)
        family_probs = g.op("Softmax", "family_logits", axis=1)
        confidence = g.op("ReduceMax", probs, g.ints(1), keepdims=1, name="confidence")

        def column(matrix: str, index: int) -> str:
            return g.op("Gather", matrix, g.constant(index, np.int64), axis=1)

        framing = g.op("Sub", one, column(family_probs, Family.HARMFUL_REQUEST))
        p_attack = g.op(
            "Sum",
            column(probs, Label.DIRECT_INJECTION),
            column(probs, Label.OBFUSCATION),
            g.op("Mul", column(probs, Label.JAILBREAK), framing),
        )
        threat = g.op("GreaterOrEqual", p_attack, g.constant(calibration.threshold(DEFAULT_POLICY), np.float32))
        label = g.op("ArgMax", "logits", axis=1, keepdims=0)
        is_attack = g.op("Or", g.op("Greater", label, g.constant(Label.BENIGN, np.int64)), threat)
        others = g.op("Slice", "family_logits", g.ints(Family.NONE + 1), g.ints(NUM_FAMILIES), g.ints(1))
        best = g.op("Add", g.op("ArgMax", others, axis=1, keepdims=0), g.constant(Family.NONE + 1, np.int64))
        family = g.op("Mul", best, g.op("Cast", is_attack, to=TensorProto.INT64))  # as `family_of` of src/policy.py
        level = g.op("Round", g.op("Mul", confidence, g.constant(CONFIDENCE_LEVELS, np.float32)))
        fields = {
            THREAT_SHIFT: g.op("Cast", threat, to=TensorProto.INT64),
            LABEL_SHIFT: label,
            ROUTE_SHIFT: g.op("Cast", is_deep, to=TensorProto.INT64),
            FAMILY_SHIFT: family,
        }
        code = g.op("Cast", g.op("Squeeze", level, g.ints(1)), to=TensorProto.INT64)
        for shift, value in fields.items():
            code = g.op("Add", code, g.op("Mul", value, g.constant(1 << shift, np.int64)))
        g.op("Cast", code, to=TensorProto.UINT16, name="response")

    # Building blocks

    def _quantize(self, g: _Graph, x: str) -> _Activation:
        return _Activation(*g.ops("DynamicQuantizeLinear", 3, x)) if self.is_int8 else _Activation(x)

    def _linear(self, g: _Graph, x: str, layer: QLinear) -> str:
        return self._project(g, self._quantize(g, x), layer.weight, layer.bias)

    def _project(self, g: _Graph, x: _Activation, weight: Tensor, bias: Tensor) -> str:
        sums, finish = self._multiply(g, x, weight, bias)
        return finish(sums)

    def _multiply(self, g: _Graph, x: _Activation, weight: Tensor, bias: Tensor) -> tuple[str, Callable[[str], str]]:
        """x times weight (O, I), and what turns those sums (..., O), int32 or FP32, into FP32 outputs.

        The second step keeps the order of the sums of one output.
        """
        if x.scale is None or x.zero_point is None:
            stored_bias = g.weight(_array(bias))
            return g.op("MatMul", x.values, g.weight(_array(weight).T)), lambda sums: g.op("Add", sums, stored_bias)
        stored, scales = self._store(g, weight, (1, 0))
        sums = g.op("MatMulInteger", x.values, stored, x.zero_point)
        stored_scales, stored_bias = g.weight(scales), g.weight(_array(bias))

        def finish(sums: str) -> str:
            scale = g.op("Mul", x.scale, stored_scales)  # this order is the one that ONNX Runtime fuses
            return g.op("Add", g.op("Mul", g.op("Cast", sums, to=TensorProto.FLOAT), scale), stored_bias)

        return sums, finish

    def _store(self, g: _Graph, weight: Tensor, axes: tuple[int, int]) -> tuple[str, np.ndarray]:
        """Store weight (O, I) with its axes in this order; the name of its INT8 values and the scale of each row (O,)."""
        if self.precision != "int4" or not int4.fits(weight.shape[1]):
            rows, scales = quantize_rows(weight, WEIGHT_LIMITS[self.precision])
            return g.weight(rows.numpy().transpose(axes)), scales.numpy()
        values, multipliers, scales = int4.quantize_blocks(weight)
        by_block = (0, 1, 2) if axes == (0, 1) else (1, 2, 0)
        parts = [g.weight(part.numpy().transpose(by_block).astype(INT4)) for part in (values, multipliers)]
        # Of constants alone, so ONNX Runtime computes it when it loads the file. It multiplies no 8-bit numbers.
        product = g.op("Mul", *(g.op("Cast", part, to=TensorProto.FLOAT) for part in parts))
        shape = [weight.shape[axis] for axis in axes]
        return g.op("Reshape", g.op("Cast", product, to=TensorProto.INT8), g.ints(*shape)), scales.numpy()

    def _dense(self, g: _Graph, x: str, layer: nn.Linear) -> str:
        """A layer that is never quantised: gates and router. x (m, I)."""
        return g.op("Gemm", x, g.weight(_array(layer.weight)), g.weight(_array(layer.bias)), transB=1)

    def _norm(self, g: _Graph, x: str, layer: nn.LayerNorm) -> str:
        weight, bias = g.weight(_array(layer.weight)), g.weight(_array(layer.bias))
        return g.op("LayerNormalization", x, weight, bias, axis=-1, epsilon=layer.eps)

    def _max(self, g: _Graph, hidden: str, real: str) -> str:
        """Maximum of hidden (n, T, D) over the real tokens: (n, D)."""
        is_real = g.op("Cast", g.op("Unsqueeze", real, g.ints(2)), to=TensorProto.BOOL)
        lowest = g.constant(np.finfo(np.float32).min, np.float32)
        return g.op("ReduceMax", g.op("Where", is_real, hidden, lowest), g.ints(1), keepdims=0)

    def _masks(self, g: _Graph, real: str) -> _Mask:
        """The forms of the mask (n, T) FP32."""
        absent = g.op("Sub", g.constant(1, np.float32), real)
        return _Mask(
            real=real,
            mean=self._mean_weights(g, real),
            scores=g.op("Mul", g.op("Unsqueeze", absent, g.ints(1, 2)), g.constant(MASKED_SCORE, np.float32)),
            has_padding=g.op("Cast", g.op("ReduceMax", absent, keepdims=0), to=TensorProto.BOOL),
        )

    def _mean_weights(self, g: _Graph, real: str) -> str:
        share = g.op("Div", real, g.op("ReduceSum", real, g.ints(1), keepdims=1))
        return g.op("Unsqueeze", share, g.ints(1))

    def _mean(self, g: _Graph, hidden: str, weights: str) -> str:
        """Mean over the real tokens: hidden (n, T, D), weights (n, 1, T) -> (n, D)."""
        return g.op("Squeeze", g.op("MatMul", weights, hidden), g.ints(1))

    def _any(self, g: _Graph, chosen: str) -> str:
        """Whether any of (B,) bool is true, a scalar."""
        return g.op("Cast", g.op("ReduceMax", g.op("Cast", chosen, to=TensorProto.UINT8), keepdims=0), to=TensorProto.BOOL)


def _array(parameter: Tensor) -> np.ndarray:
    return parameter.detach().float().cpu().numpy()
