"""INT4 weights: what is stored, what it stands for, and that the INT8 kernels serve it."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto

from src.export.int4 import BLOCK, fits, quantize_blocks
from src.export.onnx import build_onnx
from src.models.quantized import QEmbedding, QLinear
from tests.unit.test_export import TEXTS, calibration_for, graphs, initializers, random_model, route


def expand_blocks(values, multipliers):
    """The INT8 weights (O, I) that values (O, N, BLOCK) and multipliers (O, N, 1) stand for."""
    return (values * multipliers).flatten(1)


def expanded(weight):
    values, multipliers, scales = quantize_blocks(weight)
    return expand_blocks(values, multipliers), scales


def test_values_and_multipliers_have_four_bits_and_their_products_seven():
    weight = torch.randn(50, 8 * BLOCK, generator=torch.Generator().manual_seed(0))
    values, multipliers, scales = quantize_blocks(weight)
    assert values.shape == (50, 8, BLOCK) and multipliers.shape == (50, 8, 1) and scales.shape == (50,)
    for stored in (values, multipliers):
        assert stored.dtype == torch.int8 and stored.min() >= -8 and stored.max() <= 7
    assert (multipliers != 0).all() and expand_blocks(values, multipliers).abs().max() <= 64
    error = (expand_blocks(values, multipliers) * scales[:, None] - weight).norm() / weight.norm()
    plain = weight.reshape(50, 8, BLOCK)
    step = plain.abs().amax(-1, keepdim=True) / 7
    assert error < ((plain / step).round() * step - plain).norm() / weight.norm()  # than with an exact scale for each block


def test_blocks_of_a_row_have_their_own_resolution_and_zeros_stay_zeros():
    fine = torch.linspace(-0.1, 0.1, BLOCK)
    rows, scales = expanded(torch.cat([fine, torch.linspace(-0.8, 0.8, BLOCK)])[None])
    assert ((rows * scales)[0, :BLOCK] - fine).abs().max() < 0.01  # one step for the whole row would be 0.1
    zeros, scales = expanded(torch.zeros(2, BLOCK))
    assert not zeros.any() and (scales == 1).all()
    assert fits(2 * BLOCK) and not fits(BLOCK + 4)


@pytest.fixture
def model(tiny_model_config):
    return random_model(tiny_model_config)


def build(model, tokenizer, precision):
    return build_onnx(model, precision=precision, calibration=calibration_for(model, tokenizer), metadata={})


def test_the_file_computes_with_the_weights_that_it_stores(model, tokenizer):
    session = onnxruntime.InferenceSession(build(model, tokenizer, "int4").SerializeToString())
    batches = [tokenizer.encode([text]) for text in TEXTS]
    threshold = calibration_for(model, tokenizer).complexity_threshold
    found = np.concatenate([session.run(["logits"], batch.feeds())[0] for batch in batches])
    original = torch.cat([route(model, batch, threshold).logits for batch in batches]).numpy()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (QLinear, QEmbedding)) and fits(module.weight.shape[1]):
                rows, scales = expanded(module.weight)
                module.weight.copy_(rows * scales[:, None])
    expected = torch.cat([route(model, batch, threshold).logits for batch in batches]).numpy()
    to_expected, to_original = (np.median(np.abs(found - each)) for each in (expected, original))
    assert to_expected < 0.3 * to_original  # what is left is the rounding of activations


def test_weights_take_half_the_space_and_become_int8_when_the_file_is_loaded(model, tokenizer, tmp_path):
    proto = build(model, tokenizer, "int4")
    stored = {kind: 0 for kind in (TensorProto.INT4, TensorProto.INT8)}
    for tensor in initializers(proto):
        if tensor.data_type in stored:
            stored[tensor.data_type] += int(np.prod(tensor.dims))
    convs = model.embeddings.char_cnn.convs  # stored as one matrix whose rows do not divide into blocks
    quantised = {name: m for name, m in model.named_modules() if isinstance(m, (QLinear, QEmbedding))}
    count = sum(m.weight.numel() for m in quantised.values() if m not in convs)
    assert stored[TensorProto.INT4] == count + count // BLOCK
    assert stored[TensorProto.INT8] == max(conv.in_features for conv in convs) * sum(conv.out_features for conv in convs)
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    optimized = onnx.load(tmp_path / "optimized.onnx")
    assert not [t for t in initializers(optimized) if t.data_type == TensorProto.INT4]  # multiplied out once, not each time
    products = {node.op_type for graph, _ in graphs(optimized.graph) for node in graph.node}
    assert "DynamicQuantizeMatMul" in products
