"""Learning-rate range test, Smith 2017 (arXiv 1506.01186) section 3.3: the loss while the learning rate grows every step."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..config import Config
from ..data.schema import Example
from ..errors import DivergenceError
from ..models.dual_branch import TinyGuardrail
from ..reporting.metrics_writer import MetricsWriter
from ..text.tokenization import GuardTokenizer
from .trainer import Trainer

SMOOTHING = 0.9  # weight of the past in the running mean of the loss
DIVERGENCE_FACTOR = 2.0  # times the lowest smoothed loss: from there on the loss counts as diverged
MIN_STEPS = 10  # before so many steps the running mean is too short to judge divergence


class _StopRun(Exception):
    """Ends a run without validation and without a checkpoint."""


@dataclass
class _Recorder:
    """Takes the loss and the rate of every step; stops where the loss has diverged."""

    steps: int
    rates: list[float]
    losses: list[float]
    mean: float = 0.0

    def log(self, step: int, values: Mapping[str, float]) -> None:
        self.mean = SMOOTHING * self.mean + (1 - SMOOTHING) * values["train/loss"]
        self.rates.append(values["train/learning_rate"])
        self.losses.append(self.mean / (1 - SMOOTHING**step))
        if step >= self.steps or (step > MIN_STEPS and self.losses[-1] > DIVERGENCE_FACTOR * min(self.losses)):
            raise _StopRun

    def close(self) -> None: ...


def range_test(
    cfg: Config,
    model: TinyGuardrail,
    tokenizer: GuardTokenizer,
    train: Sequence[Example],
    val: Sequence[Example],
    *,
    low: float,
    high: float,
    steps: int,
) -> tuple[list[float], list[float]]:
    """Learning rates of `optim.learning_rate` and the smoothed loss at each, from `low` until it diverges or reaches `high`.

    At most one epoch of the one loop in its first phase; `model` is spent afterwards. Layers with a multiplier keep it.
    Raises ValueError for a range or a number of steps that is none, and as the trainer does.
    """
    if not (0 < low < high and steps > MIN_STEPS):
        raise ValueError(f"expected 0 < low < high and more than {MIN_STEPS} steps, got {low:g}, {high:g} and {steps}")
    cfg = replace(
        cfg,
        optim=replace(cfg.optim, learning_rate=low),
        distill=replace(cfg.distill, teachers=[]),
        train=replace(cfg.train, epochs=1, max_steps=steps, mining_start_epoch=0),
        adversarial=replace(cfg.adversarial, start_epoch=0),
        quantization=replace(cfg.quantization, start_epoch=0),
    )
    trainer = Trainer(
        cfg, model, tokenizer, train, val, None, schedule=lambda step, total, _: (high / low) ** (step / max(1, total - 1))
    )
    recorder = _Recorder(trainer.plan.total_steps, [], [])
    trainer.writer = MetricsWriter([recorder])
    try:
        with contextlib.suppress(_StopRun):
            trainer.fit()
    except DivergenceError:  # the loss is not finite: the range ends here
        if len(recorder.rates) <= MIN_STEPS:
            raise
    return recorder.rates, recorder.losses


def suggest_learning_rate(rates: Sequence[float], losses: Sequence[float]) -> float:
    """A tenth of the rate with the lowest smoothed loss: there the loss still falls, and a whole run stays below divergence."""
    return rates[min(range(len(losses)), key=losses.__getitem__)] / 10
