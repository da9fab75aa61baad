"""The one reader of checkpoint files: what it returns has the keys, the schema and the kinds of values that are expected."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Collection
from pathlib import Path
from typing import Any

from .errors import CheckpointError
from .files import damage_of

BEST_MODEL_SCHEMA = 1
BEST_MODEL_KEYS = {"schema", "model", "config", "calibration", "progress"}

# What reading arbitrary bytes as a pickle or as an archive of tensors raises: instructions that pop from an empty stack,
# look up what was never stored, name classes that do not exist, or state lengths that the file does not have.
MALFORMED = (
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
    """What `save_best_model` (src/training/checkpoint.py) wrote to `path`.

    Raises CheckpointError for a file that is missing, damaged, of another schema or of another kind.
    """
    return read_checkpoint(path, BEST_MODEL_KEYS, BEST_MODEL_SCHEMA, "copy it again, or train again with --restart")


def read_checkpoint(path: Path, keys: Collection[str], schema: int, advice: str) -> dict[str, Any]:
    """The plain values and tensors of a checkpoint that has at least these keys; `advice` is what to do about a damaged one.

    Raises CheckpointError for a file that is missing, damaged, of another schema or of another kind.
    """
    import torch  # a second of import that the exported file does not need

    path = Path(path)
    if path.is_dir():
        raise CheckpointError(f"expected a checkpoint file at {path}, found a directory; pass the best_model.pth in it")
    if not path.is_file():
        raise CheckpointError(f"no checkpoint at {path}; train one with `python train_production_final.py`")
    if (damage := damage_of(path)) is not None:  # torch.load takes a flipped bit of a weight as it comes
        raise CheckpointError(f"{path} is not a complete checkpoint of plain tensors ({damage}); {advice}")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except MALFORMED as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointError(f"{path} is not a complete checkpoint of plain tensors ({reason}); {advice}") from error
    if not isinstance(state, dict) or not set(keys) <= set(state):
        found = sorted(map(str, state)) if isinstance(state, dict) else type(state).__name__
        raise CheckpointError(f"expected {path} to hold {sorted(keys)}, found {found}; it is another kind of file")
    if state["schema"] != schema:
        raise CheckpointError(
            f"{path} has schema {state['schema']}, this code reads {schema}; train again with --restart, or use the "
            "version that wrote it"
        )
    _check_kinds(path, state)
    return state


def _check_kinds(path: Path, state: dict[str, Any]) -> None:
    from torch import Tensor

    kinds: dict[str, tuple[Any, type]] = {key: (state[key], dict) for key in ("model", "config", "progress")}
    if isinstance(state["model"], dict):
        kinds |= {f"model[{name!r}]": (value, Tensor) for name, value in state["model"].items()}
    for what, (value, kind) in kinds.items():
        if not isinstance(value, kind):
            expected, found = kind.__name__, type(value).__name__
            raise CheckpointError(f"expected {path} to hold a {expected} as {what}, found {found}; it is another kind of file")
