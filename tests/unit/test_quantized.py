import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from src.models.quantized import (
    QEmbedding,
    QLinear,
    fake_quantize_activations,
    quantize_rows,
    range_excess,
    rounded_state,
    set_fake_quant,
    watch_ranges,
)
from src.runtime.artifact import session_options


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def fake_quantized(module):
    set_fake_quant(module, True)
    return module


def int8_linear_session(linear: QLinear) -> ort.InferenceSession:
    """DynamicQuantizeLinear + MatMulInteger with the row scales of `quantize_rows`: what the export serves."""
    values, scale = quantize_rows(linear.weight)
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["x_q", "x_scale", "x_zero"]),
        helper.make_node("MatMulInteger", ["x_q", "w", "x_zero"], ["product"]),
        helper.make_node("Cast", ["product"], ["product_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["x_scale", "w_scale"], ["scale"]),
        helper.make_node("Mul", ["product_f", "scale"], ["scaled"]),
        helper.make_node("Add", ["scaled", "bias"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "int8_linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "T", linear.in_features])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, "T", linear.out_features])],
        [
            numpy_helper.from_array(values.T.contiguous().numpy(), "w"),
            numpy_helper.from_array(scale.numpy(), "w_scale"),
            numpy_helper.from_array(linear.bias.detach().numpy(), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.checker.check_model(model)
    return ort.InferenceSession(model.SerializeToString(), session_options(1), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("shift", [0.0, 8.0, -8.0])  # a one-sided range must still include 0
def test_a_fake_quantised_linear_is_what_onnx_runtime_computes(shift):
    linear = fake_quantized(QLinear(96, 64))
    session = int8_linear_session(linear)
    x = torch.randn(1, 24, 96) + shift
    (expected,) = session.run(["y"], {"x": x.numpy()})
    with torch.no_grad():
        actual = linear(x).numpy()
    np.testing.assert_allclose(actual, expected, atol=1e-5, rtol=0)
    set_fake_quant(linear, False)
    with torch.no_grad():
        assert np.abs(linear(x).numpy() - expected).max() > 1e-3  # the comparison above says something


def test_all_zero_activations_stay_zero():
    linear = fake_quantized(QLinear(8, 4))
    torch.testing.assert_close(linear(torch.zeros(1, 3, 8)), linear.bias.expand(1, 3, 4))


def test_rows_are_quantised_one_by_one():
    weight = torch.tensor([[127.0, -1.0, 0.4], [0.0, 0.0, 0.0], [-0.5, 0.25, 0.125]])
    values, scale = quantize_rows(weight)
    assert values.dtype == torch.int8
    assert values.tolist() == [[127, -1, 0], [0, 0, 0], [-127, 64, 32]]  # 63.5 rounds to the even 64
    torch.testing.assert_close(scale, torch.tensor([1.0, 1.0, 0.5 / 127]))


def test_the_narrow_build_keeps_within_its_limit():
    values, scale = quantize_rows(torch.randn(16, 32), limit=63)
    assert values.abs().amax(dim=1).tolist() == [63] * 16


def test_gradients_pass_straight_through():
    linear = fake_quantized(QLinear(6, 4))
    x = torch.randn(2, 3, 6, requires_grad=True)
    upstream = torch.randn(2, 3, 4)
    linear(x).backward(upstream)
    values, scale = quantize_rows(linear.weight)
    torch.testing.assert_close(x.grad, upstream @ (values.float() * scale[:, None]))
    quantized_x = fake_quantize_activations(x.detach())
    torch.testing.assert_close(linear.weight.grad, torch.einsum("bto,bti->oi", upstream, quantized_x))


def test_neither_padding_nor_the_neighbours_change_a_prompt():
    linear = fake_quantized(QLinear(16, 8))
    alone = torch.randn(1, 5, 16)
    batch = 50 * torch.randn(2, 9, 16)
    batch[0, :5] = alone
    mask = torch.zeros(2, 9, dtype=torch.bool)
    mask[0, :5] = True
    mask[1] = True
    torch.testing.assert_close(linear(batch, mask)[:1, :5], linear(alone), atol=1e-6, rtol=0)


def test_ranges_stay_fp32_under_autocast():
    linear = fake_quantized(QLinear(96, 64))
    x = torch.randn(1, 24, 96)
    with torch.no_grad():
        expected = linear(x)
        with torch.autocast("cpu", torch.bfloat16):
            actual = linear(x)
    assert actual.dtype == torch.bfloat16
    # only the product was rounded: 8 bits of mantissa of outputs and operands
    torch.testing.assert_close(actual.float(), expected, atol=0.02, rtol=0.02)


def test_an_embedding_row_is_its_int8_row():
    table = QEmbedding(10, 16)
    ids = torch.tensor([[3, 3, 7]])
    torch.testing.assert_close(table(ids), table.weight[ids])
    set_fake_quant(table, True)
    values, scale = quantize_rows(table.weight)
    expected = values[ids].float() * scale[ids].unsqueeze(-1)
    torch.testing.assert_close(table(ids), expected, atol=0, rtol=0)
    table(ids).sum().backward()
    torch.testing.assert_close(table.weight.grad[:, 0], torch.tensor([0, 0, 0, 2.0, 0, 0, 0, 1, 0, 0]))


def test_set_fake_quant_reaches_every_layer_and_is_not_saved():
    model = torch.nn.ModuleList([QLinear(2, 2), torch.nn.Sequential(QEmbedding(2, 2))])
    set_fake_quant(model, True)
    assert model[0].fake_quant and model[1][0].fake_quant
    assert sorted(model.state_dict()) == ["0.bias", "0.weight", "1.0.weight"]
    set_fake_quant(model, False)
    assert not model[0].fake_quant and not model[1][0].fake_quant


def test_a_rounded_state_is_what_int8_rows_stand_for_and_rounds_to_the_same_rows():
    model = torch.nn.Sequential(QEmbedding(50, 16), QLinear(16, 8), torch.nn.Linear(8, 4))
    plain = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    assert all(torch.equal(tensor, plain[name]) for name, tensor in rounded_state(model).items())  # not imitating INT8
    state = rounded_state(fake_quantized(model))
    for name in ("0.weight", "1.weight"):
        rows, scale = quantize_rows(plain[name])
        assert not torch.equal(state[name], plain[name])
        torch.testing.assert_close(state[name], rows * scale[:, None])
        again, same_scale = quantize_rows(state[name])
        assert torch.equal(again, rows)
        torch.testing.assert_close(same_scale, scale)
    for name in ("1.bias", "2.weight", "2.bias"):
        assert torch.equal(state[name], plain[name])
    assert torch.equal(model[1].weight, plain["1.weight"])  # training goes on from the unrounded ones


def test_the_range_excess_by_hand():
    x = torch.zeros(2, 3, 100)
    x[0, 0, 0] = 40.0  # rms of 2 * 100 real values: 40 / sqrt(200) = 2.83, so r = 40 / 28.3
    x[0, 2] = 1000.0  # padding
    x[1] = 1.0  # nothing stands out
    mask = torch.tensor([[True, True, False], [True, True, True]])
    r = 200**0.5 / 10
    torch.testing.assert_close(range_excess(x, mask)[1], torch.tensor((r - 1) ** 2 / 2))


def test_the_gradient_of_the_range_excess_is_that_of_its_formula():
    x = torch.randn(3, 5, 40, requires_grad=True)
    with torch.no_grad():
        x[0, 1, 3], x[2, 0, 7] = 30.0, -25.0
    mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2, [True] * 5])
    weight = torch.randn(3, 5, 40)

    same, excess = range_excess(x, mask)
    (given,) = torch.autograd.grad((same * weight).sum() + 3 * excess, x)

    real = x * mask[:, :, None]
    rms = (real.detach().square().sum(dim=(1, 2)) / (mask.sum(dim=1) * 40)).sqrt()
    formula = (real.abs().amax(dim=(1, 2)) / (10 * rms) - 1).relu().square().mean()
    (expected,) = torch.autograd.grad((x * weight).sum() + 3 * formula, x)
    assert excess > 0
    torch.testing.assert_close(given, expected)


def test_rounding_the_rows_of_a_product_changes_neither_values_nor_gradients():
    layer, x = QLinear(6, 3), torch.randn(5, 7, 6, requires_grad=True)  # 35 rows
    parameters = [x, layer.weight, layer.bias]
    weight = torch.randn(5, 7, 3)
    plain = layer(x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = layer(x)
    assert rounded.dtype == torch.bfloat16 and rounded.shape == plain.shape
    torch.testing.assert_close(rounded.float(), plain, atol=0.02, rtol=0.02)
    for given, expected in zip(
        torch.autograd.grad((rounded * weight).sum(), parameters),
        torch.autograd.grad((plain * weight).sum(), parameters),
        strict=True,
    ):
        torch.testing.assert_close(given, expected, atol=0.1, rtol=0.03)


def test_training_on_the_range_excess_takes_a_massive_activation_away():
    layer = QLinear(4, 300).train()
    with torch.no_grad():
        layer.weight[7] = 60.0
    reader = QLinear(300, 4).train()
    x, mask = torch.randn(8, 6, 4), torch.ones(8, 6, dtype=torch.bool)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.5)
    seen = []
    for _ in range(150):
        excesses = watch_ranges(reader)
        reader(layer(x), mask)
        excess = excesses.mean()
        seen.append(float(excess.detach()))
        optimizer.zero_grad()
        excess.backward()
        optimizer.step()
    assert seen[0] > 0.3 and seen[-1] < 0.01


def test_ranges_are_watched_in_training_only():
    layer, mask = QLinear(4, 4).eval(), torch.ones(1, 2, dtype=torch.bool)
    excesses = watch_ranges(layer)
    layer(torch.randn(1, 2, 4), mask)
    assert excesses.mean() is None


def test_after_the_mean_no_range_is_kept():
    layer, mask = QLinear(4, 4).train(), torch.ones(1, 2, dtype=torch.bool)
    excesses = watch_ranges(layer)
    layer(torch.randn(1, 2, 4), mask)
    assert excesses.mean() is not None
    layer(torch.randn(1, 2, 4), mask)
    assert excesses.mean() is None
