"""The initial model of a run: a pretrained encoder, random weights, or a guard that was exported before."""

from __future__ import annotations

from pathlib import Path

from ..config import ModelConfig
from ..export.weights import is_exported_guard, load_exported_guard
from ..models.backbone import build_model
from ..models.dual_branch import TinyGuardrail


def start_model(cfg: ModelConfig) -> TinyGuardrail:
    """The model that `model.init_from` names: whole, heads included, where that is the directory of an exported guard, else as
    `build_model`. Raises ConfigError and ArtifactError, as they do."""
    directory = Path(cfg.init_from or "")
    if cfg.init_from is not None and is_exported_guard(directory):
        return load_exported_guard(cfg, directory)
    return build_model(cfg)
