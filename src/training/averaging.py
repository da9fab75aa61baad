"""Exponential moving average of the weights: what is validated and shipped, while training goes on from the raw ones.

Polyak and Juditsky 1992; with the warm-up of Tan and Le 2019 (EfficientNet), so that the random or pretrained start is
soon forgotten: decay of update n = min(ema_decay, (1 + n) / (10 + n)).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ..interrupts import interrupts_deferred


class WeightAverage:
    """The running mean of a model's parameters, in their own precision. Buffers are not averaged."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        """Starts at the model's weights as they are now. decay in (0, 1): after warm-up the mean of ~1 / (1 - decay) steps."""
        self._model, self._decay, self._updates = model, decay, 0
        self._mean = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after an optimiser step."""
        self._updates += 1
        decay = min(self._decay, (1 + self._updates) / (10 + self._updates))
        parameters = dict(self._model.named_parameters())
        torch._foreach_lerp_(list(self._mean.values()), [parameters[name] for name in self._mean], 1 - decay)

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """The model computes with the mean inside; afterwards it has exactly the weights that it had."""
        raw = {name: parameter.detach().clone() for name, parameter in self._model.named_parameters()}
        try:
            self._fill(self._mean)
            yield
        finally:
            with interrupts_deferred():  # half-filled weights would go into the checkpoint of an interrupted run
                self._fill(raw)

    @torch.no_grad()
    def _fill(self, values: Mapping[str, Tensor]) -> None:
        for name, parameter in self._model.named_parameters():
            parameter.copy_(values[name])

    def state_dict(self) -> dict[str, Any]:
        return {"updates": self._updates, "mean": self._mean}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Raises KeyError or RuntimeError for the state of another model."""
        self._updates = state["updates"]
        for name, mean in self._mean.items():
            mean.copy_(state["mean"][name])
