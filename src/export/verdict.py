"""From logits to the verdict: the last nodes of the exported graph."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from ..labels import NUM_FAMILIES, Family, Label
from ..policy import DEFAULT_POLICY
from ..response_code import CONFIDENCE_LEVELS, FAMILY_SHIFT, LABEL_SHIFT, ROUTE_SHIFT, THREAT_SHIFT
from ..runtime.calibration import Calibration
from .graph import Graph


def write_verdict(g: Graph, calibration: Calibration, is_deep: str) -> None:
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
