"""AdamW with a learning rate for each kind of layer, and the schedule."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn

from ..config import OptimConfig

# Parameters that no pretrained encoder has: the router, the gates and the heads; and the character CNN, whose output is
# added to token embeddings of standard deviation 0.05.
NEW_LAYERS = ("router.", ".gate.", ".classifier.", ".family.")
CHARACTER_LAYERS = ("embeddings.char_cnn.", "embeddings.char_fusion.")


def build_optimizer(
    model: nn.Module, cfg: OptimConfig, *, is_pretrained: bool, layers: Sequence[Sequence[nn.Module]] = ()
) -> torch.optim.AdamW:
    """AdamW with weight decay on matrices only, not on biases, norms and look-up tables.

    (A row of a table that a batch does not use gets no gradient; decay alone would let rare tokens fade.) Layers that a
    pretrained encoder does not fill have learning rates of their own, and so have the tables that it does fill: 0 freezes
    them (`requires_grad` is switched off). From scratch all layers are new and there is one learning rate.

    layers: the encoder layers by depth, the lowest first. Each learns `cfg.layer_lr_decay` times as fast as the one above it,
    and the tables and the norm below them all likewise (Howard & Ruder 2018, arXiv 1801.06146).
    """
    below_top = {
        id(parameter): len(layers) - 1 - depth
        for depth, modules in enumerate(layers)
        for module in modules
        for parameter in module.parameters()
    }
    tables = {id(module.weight) for module in model.modules() if isinstance(module, nn.Embedding)}

    def multiplier(name: str, parameter: nn.Parameter) -> float:
        if not is_pretrained:
            return 1.0
        if any(part in name for part in CHARACTER_LAYERS):
            return cfg.char_lr_multiplier
        if id(parameter) in tables:
            return cfg.table_lr_multiplier * cfg.layer_lr_decay ** len(layers)
        if any(part in f".{name}" for part in NEW_LAYERS):  # a leading dot: a head may be a top-level layer
            return cfg.new_layer_lr_multiplier
        return cfg.layer_lr_decay ** below_top.get(id(parameter), len(layers) if name.startswith("embeddings.") else 0)

    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        factor, decays = multiplier(name, parameter), parameter.ndim >= 2 and id(parameter) not in tables
        parameter.requires_grad_(factor != 0)
        if factor:
            groups.setdefault((factor, decays), []).append(parameter)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0] != 1.0, item[0]))  # the plain learning rate comes first
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "weight_decay": cfg.weight_decay if decays else 0.0,
                "lr": cfg.learning_rate * factor,
            }
            for (factor, decays), parameters in ordered
        ],
        fused=True,
    )


def lr_factor(step: int, total_steps: int, cfg: OptimConfig) -> float:
    """Factor on the learning rate after `step` finished steps: linear warm-up, then a cosine to min_lr_ratio."""
    warmup = round(cfg.warmup_ratio * total_steps)
    if step < warmup:
        return (step + 1) / (warmup + 1)
    progress = (step - warmup) / max(1, total_steps - warmup)
    return cfg.min_lr_ratio + (1 - cfg.min_lr_ratio) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
