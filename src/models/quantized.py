"""Linear and embedding layers that can imitate the INT8 kernels that will serve them.

With `fake_quant` off they are nn.Linear and nn.Embedding. With it on, the forward pass sees what ONNX Runtime computes
from the exported file (DynamicQuantizeLinear + MatMulInteger, per-row INT8 tables) and the backward pass is
straight-through: the gradient of the quantised value is passed on unchanged, Bengio et al. 2013 (arXiv 1308.3432).
Parameters stay FP32 master weights; the export quantises them with `quantize_rows`, so training and serving share one
formula. Shapes: B prompts, T tokens, O output and I input features.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

RANGE_IN_RMS = 10.0  # how many times the root mean square an activation may reach before it counts as an excess
ROW_MULTIPLE_ON_CPU = 64  # under autocast on a CPU the rows of a product are padded to a multiple of this
EXCESS_PROMPTS = 8  # prompts of a batch whose range excess is measured: what widens a range does so in all prompts
INT8_LIMIT = 127  # symmetric: -128 is not used, so that -w quantises to minus what w quantises to
UINT8_LIMIT = 255


def quantize_rows(weight: Tensor, limit: int = INT8_LIMIT) -> tuple[Tensor, Tensor]:
    """Symmetric INT8 per row, the last dimension: weight (..., O, I) -> int8 (..., O, I) and scale (..., O) FP32.

    scale = max|row| / limit, value = round(row / scale). A row of zeros gets scale 1. `limit` is 127; a build for CPUs
    without VNNI passes a smaller one, which keeps their 16-bit partial sums from saturating.
    """
    weight = weight.detach().float()
    largest = weight.abs().amax(dim=-1)
    scale = torch.where(largest > 0, largest / limit, torch.ones_like(largest))
    quantized = torch.round(weight / scale.unsqueeze(-1)).clamp(-limit, limit)
    return quantized.to(torch.int8), scale


class _FakeQuantizeRows(torch.autograd.Function):
    """weight (..., I) -> the values its INT8 rows stand for, same shape and dtype."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor) -> Tensor:
        quantized, scale = quantize_rows(weight)
        return (quantized.float() * scale.unsqueeze(-1)).to(weight.dtype)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        return grad


class _FakeQuantizeActivations(torch.autograd.Function):
    """The values that the uint8 activations of one prompt stand for; see `fake_quantize_activations`."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, mask: Tensor | None) -> Tensor:
        values = x.float()  # ranges and scales stay FP32 under autocast
        real_values = values if mask is None else values.masked_fill(~mask.unsqueeze(-1), 0.0)  # 0 is in every range
        dims = tuple(range(1, x.dim()))
        low = real_values.amin(dims, keepdim=True).clamp(max=0.0)  # amin and amax are faster than aminmax on a CPU
        high = real_values.amax(dims, keepdim=True).clamp(min=0.0)
        scale = (high - low) / UINT8_LIMIT
        scale = torch.where(scale > 0, scale, torch.ones_like(scale))  # a prompt of zeros, as ONNX Runtime has it
        zero_point = torch.round(-low / scale).clamp_(0, UINT8_LIMIT)
        quantized = torch.round(values / scale).add_(zero_point).clamp_(0, UINT8_LIMIT)
        return quantized.sub_(zero_point).mul_(scale).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return grad, None


def fake_quantize_activations(x: Tensor, mask: Tensor | None = None) -> Tensor:
    """ONNX DynamicQuantizeLinear followed by dequantisation, one range per prompt (dimension 0).

    x (B, ..., I); mask (B, T) bool of real tokens for x (B, T, I), None = all. The range includes 0 and is taken over
    the prompt's own real tokens: prompts are served one at a time, and this way neither padding nor the neighbours in
    a training batch change what a prompt sees. With one unpadded prompt it equals the operator's per-tensor range.
    """
    return _FakeQuantizeActivations.apply(x, mask)


class RangeExcesses:
    """Collects the range excesses of one forward pass. `mean` ends the collection: excesses that gradient checkpointing
    recomputes in the backward pass, and those of perturbed or clean copies of a batch, would only hold memory."""

    def __init__(self) -> None:
        self._values: list[Tensor] = []
        self._is_open = True

    def add(self, excess: Tensor) -> None:
        """excess ()."""
        if self._is_open:
            self._values.append(excess)

    def mean(self) -> Tensor | None:
        """() over all inputs; None when there was none."""
        values, self._values, self._is_open = self._values, [], False
        return torch.stack(values).mean() if values else None


class QLinear(nn.Linear):
    """nn.Linear that imitates INT8 weights (per output row) and uint8 activations (per prompt) while `fake_quant`."""

    fake_quant: bool = False
    excesses: RangeExcesses | None = None  # collects the excess of each input, set by `watch_ranges`

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """x (B, ..., I), mask (B, T) bool of real tokens or None -> (B, ..., O)."""
        return self.project(self.quantize_input(x, mask))

    def quantize_input(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """The activations as the kernel sees them; x itself when `fake_quant` is off."""
        if self.excesses is not None and self.training and mask is not None:
            x, excess = range_excess(x, mask)
            self.excesses.add(excess)
        return fake_quantize_activations(x, mask) if self.fake_quant else x

    def project(self, x: Tensor) -> Tensor:
        """The product alone, for layers that share one quantised input (query, key and value)."""
        weight = _FakeQuantizeRows.apply(self.weight) if self.fake_quant else self.weight
        is_cpu_autocast = x.device.type == "cpu" and torch.is_autocast_enabled("cpu")
        return (_linear_in_few_shapes if is_cpu_autocast else F.linear)(x, weight, self.bias)


def _linear_in_few_shapes(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """F.linear with the number of rows rounded up: x (..., I) -> (..., O).

    oneDNN compiles a 16-bit product for every shape that it meets. Lengths and shares of the experts differ from batch to batch,
    and without rounding that costs more time than the products.
    """
    rows = x.flatten(0, -2)
    num_padding = -len(rows) % ROW_MULTIPLE_ON_CPU
    if num_padding:
        rows = F.pad(rows, (0, 0, 0, num_padding))
    return F.linear(rows, weight, bias)[: len(rows) - num_padding].unflatten(0, x.shape[:-1])


class QEmbedding(nn.Embedding):
    """nn.Embedding whose looked-up rows imitate a per-row INT8 table while `fake_quant`."""

    fake_quant: bool = False

    def forward(self, ids: Tensor) -> Tensor:
        """ids (...) int64 -> (..., D)."""
        rows = super().forward(ids)  # quantised after the look-up: the rest of the table costs nothing
        return _FakeQuantizeRows.apply(rows) if self.fake_quant else rows


class _RangeExcess(torch.autograd.Function):
    """x itself and its range excess; see `range_excess`. By hand, because the gradient is one value per prompt."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        real_values, mask = x[:EXCESS_PROMPTS].float(), mask[:EXCESS_PROMPTS, :, None]
        real_values = real_values.masked_fill(~mask, 0.0)
        count = mask.sum(dim=(1, 2)).clamp(min=1) * x.shape[-1]
        rms = (real_values.square().sum(dim=(1, 2)) / count).sqrt().clamp(min=1e-6)
        largest, where = real_values.abs().flatten(1).max(dim=1)
        excess = F.relu(largest / (RANGE_IN_RMS * rms) - 1)
        sign = real_values.flatten(1).gather(1, where[:, None]).squeeze(1).sign()
        ctx.save_for_backward(where, 2 * excess * sign / (RANGE_IN_RMS * rms * len(real_values)))
        return x.view_as(x), excess.square().mean()

    @staticmethod
    def backward(ctx: Any, grad: Tensor, grad_excess: Tensor) -> tuple[Tensor, None]:
        where, slope = ctx.saved_tensors
        grad = grad.clone(memory_format=torch.contiguous_format)
        grad[: len(where)].flatten(1).scatter_add_(1, where[:, None], (slope * grad_excess)[:, None].to(grad.dtype))
        return grad, None


def range_excess(x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """x and how far the largest activation of a prompt lies beyond what 8 bits resolve well: mean over prompts, () FP32.

    x (B, T, I), mask (B, T) bool of real tokens. With r = max|x| / (RANGE_IN_RMS * rms(x)) per prompt, max(0, r - 1)^2. The root
    mean square is a constant to the gradient: the largest values are to shrink, not the others to grow.
    """
    return _RangeExcess.apply(x, mask)


def watch_ranges(model: nn.Module) -> RangeExcesses:
    """A collector that the next forward pass in training fills with the range excess of every quantised input of `model`."""
    excesses = RangeExcesses()
    for module in model.modules():
        if isinstance(module, QLinear):
            module.excesses = excesses
    return excesses


def set_fake_quant(model: nn.Module, enabled: bool) -> None:
    """Switch fake quantisation of every QLinear and QEmbedding inside `model`."""
    for module in model.modules():
        if isinstance(module, (QLinear, QEmbedding)):
            module.fake_quant = enabled


@contextmanager
def imitated_int8(model: nn.Module) -> Iterator[None]:
    """Inside, `model` computes as its INT8 file will; afterwards fake quantisation is off."""
    set_fake_quant(model, True)
    try:
        yield
    finally:
        set_fake_quant(model, False)


def rounded_state(model: nn.Module) -> dict[str, Tensor]:
    """`model.state_dict()`, where weights of layers that imitate INT8 have the values that their INT8 rows stand for.

    These are the weights that training computed with. An FP32 file of them differs from the INT8 file by activations only;
    rounding them again gives the same integers.
    """
    state = model.state_dict()
    for name, module in model.named_modules():
        if isinstance(module, (QLinear, QEmbedding)) and module.fake_quant:
            state[f"{name}.weight"] = _FakeQuantizeRows.apply(module.weight.detach())
    return state
