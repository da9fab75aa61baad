"""A model soup: one model whose weights are the mean of those of several runs of one configuration.

Wortsman et al. 2022 (arXiv 2203.05482). Fine-tuned from one encoder the runs stay close enough for the mean of their weights to
be a good model; it costs nothing when served, unlike the mean of their answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from ..checkpoint import load_best_model
from ..config import from_dict, to_dict
from ..errors import ConfigError
from ..models.dual_branch import TinyGuardrail
from ..models.quantized import rounded_state, set_fake_quant
from ..run import RunPaths
from .checkpoint import save_best_model
from .quantization import ends_in_qat


def greedy_members(count: int, quality: Callable[[Sequence[int]], float]) -> list[int]:
    """The runs of a greedy soup: from the best of `count` runs on, each next best one is taken in if the soup gets better by it.

    quality: of the mean of the runs with these numbers, higher is better; asked once for each run alone and `count` - 1 soups.
    """
    alone = [quality([index]) for index in range(count)]
    first, *others = sorted(range(count), key=lambda index: -alone[index])
    members, best = [first], alone[first]
    for index in others:
        soup_quality = quality([*members, index])
        if soup_quality > best:
            members, best = [*members, index], soup_quality
    return members


def save_soup(models: Sequence[Path], directory: Path) -> RunPaths:
    """Write the mean of two or more `best_model.pth` into `directory`, without a calibration, under the config of the first.

    Raises ConfigError when their models are of different configurations, CheckpointError for a file that cannot be read.
    """
    states = [load_best_model(path) for path in models]
    first = states[0]
    for path, state in zip(models, states, strict=True):
        if state["config"]["model"] != first["config"]["model"]:
            raise ConfigError(
                f"{path} has another `model` configuration than {models[0]}; average runs that differ in run.seed only"
            )
    cfg = from_dict(first["config"])
    cfg = replace(cfg, run=replace(cfg.run, output_dir=str(directory)))
    with torch.random.fork_rng(devices=[]):  # the random weights that are overwritten next must not cost a draw
        model = TinyGuardrail(cfg.model)
    model.load_state_dict({name: _mean_tensor([state["model"][name] for state in states]) for name in first["model"]})
    # The mean of values that INT8 rows stand for is not one of them.
    set_fake_quant(model, ends_in_qat(cfg))
    paths = RunPaths.of(cfg)
    save_best_model(
        paths.best_model,
        paths.safetensors,
        model=rounded_state(model),
        config=to_dict(cfg),
        progress={"mean_of": [str(path) for path in models]},
    )
    return paths


def _mean_tensor(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    return torch.stack(list(tensors)).double().mean(dim=0).to(tensors[0].dtype)
