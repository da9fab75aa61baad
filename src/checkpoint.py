"""Reads checkpoint files and checks their keys, their schema and the types of their values."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Collection
from pathlib import Path
from typing import Any

from .errors import CheckpointError
from .files import find_archive_damage

BEST_MODEL_SCHEMA = 1
BEST_MODEL_KEYS = {"schema", "model", "config", "calibration", "progress"}

# Exceptions that torch.load raises on arbitrary bytes: a pickle may pop from an empty stack, look up values that were never
# stored, name classes that do not exist, or state lengths beyond the end of the file.
MALFORMED_ERRORS = (
    pickle.UnpicklingError,
    RuntimeError,
    EOFError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    OverflowError,
    MemoryError,
    AssertionError,
    ImportError,
    struct.error,
    OSError,
)


def load_best_model(path: Path) -> dict[str, Any]:
    """Read the file that `save_best_model` (src/training/checkpoint.py) wrote to `path`.

    Raises CheckpointError for a file that is missing, damaged, of another schema or of another kind.
    """
    return read_checkpoint(path, BEST_MODEL_KEYS, BEST_MODEL_SCHEMA, "copy it again, or train again with --restart")


def read_checkpoint(path: Path, keys: Collection[str], schema: int, advice: str) -> dict[str, Any]:
    """Read the plain values and tensors of a checkpoint that has at least `keys`; `advice` says what to do about a damaged file.

    Raises CheckpointError for a file that is missing, damaged, of another schema or of another kind.
    """
    import torch  # takes a second to import, and serving an exported file does not need it

    path = Path(path)
    if path.is_dir():
        raise CheckpointError(f"expected a checkpoint file at {path}, found a directory; pass the best_model.pth in it")
    if not path.is_file():
        raise CheckpointError(f"no checkpoint at {path}; train one with `python train_production_final.py`")
    if (damage := find_archive_damage(path)) is not None:  # torch.load does not notice a flipped bit in a weight
        raise CheckpointError(f"{path} is not a complete checkpoint of plain tensors ({damage}); {advice}")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except MALFORMED_ERRORS as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointError(f"{path} is not a complete checkpoint of plain tensors ({reason}); {advice}") from error
    if not isinstance(state, dict) or not set(keys) <= set(state):
        content = sorted(map(str, state)) if isinstance(state, dict) else type(state).__name__
        raise CheckpointError(f"expected {path} to hold {sorted(keys)}, found {content}; it is another kind of file")
    if state["schema"] != schema:
        raise CheckpointError(
            f"{path} has schema {state['schema']}, this code reads {schema}; train again with --restart, or use the "
            "version that wrote it"
        )
    _check_types(path, state)
    return state


def _check_types(path: Path, state: dict[str, Any]) -> None:
    from torch import Tensor

    typed_values: dict[str, tuple[Any, type]] = {key: (state[key], dict) for key in ("model", "config", "progress")}
    if isinstance(state["model"], dict):
        typed_values |= {f"model[{name!r}]": (value, Tensor) for name, value in state["model"].items()}
    for name, (value, expected_type) in typed_values.items():
        if not isinstance(value, expected_type):
            expected, actual = expected_type.__name__, type(value).__name__
            raise CheckpointError(f"expected {path} to hold a {expected} as {name}, found {actual}; it is another kind of file")
