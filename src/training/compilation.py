"""Optional torch.compile of the dense encoder layers."""

from __future__ import annotations

import importlib.util
import os
import shutil

import torch
import torch._functorch.config

from ..errors import ConfigError
from ..models.dual_branch import TinyGuardrail
from ..models.transformer import MixtureOfExperts


def compile_layers(model: TinyGuardrail, device: torch.device) -> None:
    """Compile each dense layer of both branches in place: names of weights, checkpoints and exports stay as they are.

    One graph serves every batch size and length. Dense layers alone: routing to experts depends on the data.
    Raises ConfigError where there is no compiler.
    """
    compiler = os.environ.get("CXX") or next(filter(shutil.which, ("g++", "clang++", "c++")), None)
    if compiler is None or shutil.which(compiler) is None:
        raise ConfigError(
            f"train.compile=true needs a C++ compiler, found {compiler or 'neither g++, clang++ nor c++'}; install one "
            "(such as `apt install g++`), name it in CXX, or set train.compile=false"
        )
    if device.type == "cuda" and importlib.util.find_spec("triton") is None:
        raise ConfigError("train.compile=true on a GPU needs the package triton; run `pip install triton`, or set it to false")
    torch._functorch.config.donated_buffer = False  # adversarial steps go through a layer's backward pass twice
    for branch in (model.fast, model.deep):
        for layer in branch.layers:
            if not isinstance(layer.ffn, MixtureOfExperts):
                layer.compile(dynamic=True)
