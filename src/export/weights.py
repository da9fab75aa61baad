"""Weights read back from an exported guard, so that training can go on from what was shipped when no checkpoint is left.

The graph holds every parameter of the network as consecutive rows of one initializer, maybe transposed, and as INT8 with a
scale for each row where it is quantised. Which rows of which initializer is found by writing the graph of a network of the
same shape with random weights: `build_onnx` names initializers in the same order for both. An INT8 file gives the weights
that it computes with, that is, rounded ones.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from ..config import ModelConfig, from_dict
from ..errors import ArtifactError, ConfigError
from ..models.dual_branch import TinyGuardrail
from ..models.quantized import quantize_rows
from ..runtime.artifact import CONFIG_FILE, INT8_FILE, read_artifact_config, verify_checksums
from ..runtime.calibration import Calibration
from .onnx import build_onnx

log = logging.getLogger(__name__)

# Keys that training may change: they do not change the meaning of any weight.
FREE_KEYS = ("init_from", "tokenizer_from", "dropout", "upcycling_noise", "window_overlap")
KEY_WIDTH = 4  # leading values by which rows are looked up, before they are compared whole


def is_exported_guard(directory: Path) -> bool:
    return (directory / INT8_FILE).is_file() and (directory / CONFIG_FILE).is_file()


def load_exported_guard(cfg: ModelConfig, directory: Path) -> TinyGuardrail:
    """A model of `cfg` with the weights of `model_int8.onnx` in an exported directory.

    Raises ArtifactError for a directory that is damaged or that another version of the project wrote, ConfigError when `cfg`
    describes another network.
    """
    config, path = read_artifact_config(directory), directory / INT8_FILE
    verify_checksums(path, config)
    trained = from_dict(config["training_config"]).model
    for key, value in vars(trained).items():
        if key not in FREE_KEYS and getattr(cfg, key) != value:
            raise ConfigError(
                f"model.init_from={str(directory)!r}: that guard has model.{key}={value!r}, this configuration "
                f"{getattr(cfg, key)!r}; set model.{key}={value!r}, or start from an encoder"
            )
    model = TinyGuardrail(replace(trained, **{key: getattr(cfg, key) for key in FREE_KEYS}))
    weights = read_weights(path, trained, Calibration.from_dict(config["calibration"]))
    model.load_state_dict({name: weights.get(name, tensor) for name, tensor in model.state_dict().items()})
    log.info("weights of %s (trained at %s): %d tensors", path, config.get("commit", "an unknown commit"), len(weights))
    return model


def read_weights(path: Path, cfg: ModelConfig, calibration: Calibration) -> dict[str, Tensor]:
    """FP32 parameters by name from an INT8 file that `build_onnx` wrote for a network of `cfg` with this calibration.

    Raises ArtifactError for a graph of another shape.
    """
    template = TinyGuardrail(cfg)
    with torch.no_grad():
        for parameter in template.parameters():
            parameter.normal_()
    blueprint = _initializers(build_onnx(template, precision="int8", calibration=calibration, metadata={}).graph)
    initializers = _initializers(onnx.load(path).graph)
    expected, actual = ({name: (a.shape, a.dtype) for name, a in arrays.items()} for arrays in (blueprint, initializers))
    if expected != actual:
        raise ArtifactError(
            f"{path}: its graph is not the one that this version writes for the network in {CONFIG_FILE}; start from a guard "
            "that this version exported"
        )
    places = _Places(blueprint)
    weights = {}
    for name, parameter in template.named_parameters():
        rows, scales = quantize_rows(parameter) if parameter.dim() > 1 else (None, None)
        plain = places.find(parameter.detach().numpy())
        if plain is not None:
            weights[name] = torch.from_numpy(plain.read(initializers).copy())
            continue
        integers = places.find(rows.numpy()) if rows is not None else None
        scale = places.find(scales.numpy()) if scales is not None else None
        if integers is None or scale is None:
            raise ArtifactError(f"{path}: the graph does not hold {name}; start from a guard that this version exported")
        weights[name] = torch.from_numpy(integers.read(initializers).astype(np.float32) * scale.read(initializers)[:, None])
    return weights


def _initializers(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """The initializers of a graph and of every graph inside it, by name."""
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                arrays |= _initializers(attribute.g)
    return arrays


@dataclass(frozen=True)
class _Place:
    """`shape` values of an initializer from row `first` on, of its first columns."""

    name: str
    is_transposed: bool
    first: int
    shape: tuple[int, ...]

    def read(self, initializers: Mapping[str, np.ndarray]) -> np.ndarray:
        rows = _as_rows(initializers[self.name], self.is_transposed)[self.first : self.first + self.shape[0]]
        return rows[:, : self.shape[1]] if len(self.shape) > 1 else rows[:, 0]


class _Places:
    """Where the values of an array stand among initializers."""

    def __init__(self, initializers: Mapping[str, np.ndarray]) -> None:
        self._initializers = initializers
        self._by_key: dict[tuple[str, bytes], list[tuple[str, bool, int]]] = defaultdict(list)
        for name, array in initializers.items():
            for is_transposed, first, key in _row_keys(array):
                self._by_key[array.dtype.str, key].append((name, is_transposed, first))

    def find(self, values: np.ndarray) -> _Place | None:
        """values (R,) or (R, C): the place where they stand, None when there is none."""
        key = (values if values.ndim == 1 else values[0])[:KEY_WIDTH].tobytes()
        for name, is_transposed, first in self._by_key.get((values.dtype.str, key), ()):
            place = _Place(name, is_transposed, first, values.shape)
            candidate = place.read(self._initializers)
            if candidate.shape == values.shape and np.array_equal(candidate, values):
                return place
        return None


def _as_rows(array: np.ndarray, is_transposed: bool) -> np.ndarray:
    """(R, C); one value a row for a vector and for a column."""
    rows = array.reshape(-1, 1) if array.ndim < 2 else array
    return rows.T if is_transposed else rows


def _row_keys(array: np.ndarray) -> Iterator[tuple[bool, int, bytes]]:
    """(is_transposed, row number, leading values) of every row that a parameter may begin with."""
    if array.ndim > 2 or array.size == 0:
        return
    if array.ndim < 2 or array.shape[1] == 1:
        column = array.reshape(-1)
        for first in range(len(column)):
            yield False, first, column[first : first + KEY_WIDTH].tobytes()
        return
    for is_transposed in (False, True):
        rows = np.ascontiguousarray(_as_rows(array, is_transposed)[:, :KEY_WIDTH])
        for first, row in enumerate(rows):
            yield is_transposed, first, row.tobytes()
