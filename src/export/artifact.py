"""The exported directory: everything that serving needs, with checksums and canary prompts.

model.onnx  model_int8.onnx  tokenizer.json  config.json  README.md      and, for research, model_int8.pth
model_int8_reduced.onnx  model_int4.onnx      where `export.variants` names them
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ..checkpoint import load_best_model
from ..config import DRY_RUN_NAME, Config, from_dict, to_dict
from ..evaluation.predictor import TorchPredictor
from ..files import atomic_write, sha256_of, write_json, write_text
from ..interrupts import interrupts_deferred
from ..labels import Family, Label
from ..models.dual_branch import TinyGuardrail
from ..models.quantized import QEmbedding, QLinear, quantize_rows
from ..policy import DEFAULT_POLICY
from ..run import git_state
from ..runtime import canaries
from ..runtime.artifact import (
    CARD_FILE,
    CONFIG_FILE,
    ONNX_FILES,
    SCHEMA,
    TOKENIZER_FILE,
    Network,
    checksum_of,
    open_session,
)
from ..runtime.calibration import Calibration, thresholds_section
from ..text.tokenization import GuardTokenizer
from .onnx import write_onnx
from .products import Precision

log = logging.getLogger(__name__)

INT8_WEIGHTS_FILE = "model_int8.pth"


@dataclass(frozen=True)
class TrainedGuard:
    """The content of a checkpoint, ready for export."""

    model: TinyGuardrail
    tokenizer: GuardTokenizer
    calibration: Calibration
    cfg: Config

    @classmethod
    def load(cls, path: Path) -> TrainedGuard:
        """Read a calibrated best_model.pth. Raises CheckpointError, or ArtifactError if it has no thresholds."""
        predictor, checkpoint = TorchPredictor.from_checkpoint(path), load_best_model(path)
        predictor.calibration.threshold(DEFAULT_POLICY)
        return cls(predictor.model.eval(), predictor.tokenizer, predictor.calibration, from_dict(checkpoint["config"]))

    def metadata(self) -> dict[str, str]:
        """The metadata of an .onnx file; `config_hash` is that of the training configuration, sorted JSON."""
        state = git_state()
        return {
            "labels": ",".join(Label.names()),
            "families": ",".join(Family.names()),
            "policy": DEFAULT_POLICY,
            "threshold": repr(self.calibration.threshold(DEFAULT_POLICY)),
            "thresholds": json.dumps(self.calibration.thresholds),  # policy -> FPR budget -> threshold
            "temperature": repr(self.calibration.temperature),
            "config_hash": checksum_of(to_dict(self.cfg)),
            "commit": f"{state['commit']}{'-dirty' if state['dirty'] else ''}",
        }


def write_model_file(guard: TrainedGuard, path: Path, precision: Precision) -> None:
    """One .onnx file with `tokenizer.json` and `config.json` beside it; serving needs all three."""
    write_onnx(guard.model, path, precision=precision, calibration=guard.calibration, metadata=guard.metadata())
    _write_companions(guard, path.parent, [path])


def save_artifact(guard: TrainedGuard, directory: Path) -> dict[Precision, Path]:
    """Write the exported directory; returns its model files by precision. config.json, with the checksums, comes last.

    Files of `export.variants` that an earlier export left and this one does not write are removed.
    """
    precisions = ("fp32", "int8", *guard.cfg.export.variants)
    files: dict[Precision, Path] = {name: directory / file for name, file in ONNX_FILES.items() if name in precisions}
    for name, file in ONNX_FILES.items():
        if name not in precisions:
            (directory / file).unlink(missing_ok=True)
    for precision, path in files.items():
        write_onnx(guard.model, path, precision=precision, calibration=guard.calibration, metadata=guard.metadata())
    with interrupts_deferred(), atomic_write(directory / INT8_WEIGHTS_FILE) as partial, partial.open("wb") as stream:
        torch.save(int8_state(guard.model), stream)  # as in src/training/checkpoint.py
    write_text(directory / CARD_FILE, _render_card(guard, files))
    _write_companions(guard, directory, list(files.values()))
    return files


def withdraw(directory: Path) -> None:
    """Make an exported directory that failed its gates unloadable: nothing is served without config.json."""
    (directory / CONFIG_FILE).unlink(missing_ok=True)


def int8_state(model: TinyGuardrail) -> dict[str, torch.Tensor]:
    """Plain tensors: `NAME.int8` and `NAME.scale` of every quantised weight, the rest as FP32."""
    quantised = {
        f"{name}.weight": module.weight for name, module in model.named_modules() if isinstance(module, (QLinear, QEmbedding))
    }
    state: dict[str, torch.Tensor] = {}
    for name, tensor in model.state_dict().items():
        if name in quantised:
            state[f"{name}.int8"], state[f"{name}.scale"] = quantize_rows(tensor)
        else:
            state[name] = tensor.detach().float().cpu()
    return state


def _write_companions(guard: TrainedGuard, directory: Path, models: list[Path]) -> None:
    tokenizer_path = directory / TOKENIZER_FILE
    with atomic_write(tokenizer_path) as partial:
        guard.tokenizer.save(partial)
    model = guard.cfg.model
    state = git_state()
    config = {
        "schema": SCHEMA,
        "dry_run": guard.cfg.run.name == DRY_RUN_NAME,  # trained on a handful of rows: src.runtime refuses it unless told
        "labels": Label.names(),
        "families": Family.names(),
        "default_policy": DEFAULT_POLICY,
        "calibration": guard.calibration.to_dict(),
        "model": {
            "max_tokens": model.max_tokens,
            "window_overlap": model.window_overlap,
            "chars_per_token": model.chars_per_token,
            "char_vocab_size": model.char_vocab_size,
        },
        "files": {path.name: sha256_of(path) for path in [*models, tokenizer_path]},
        "canaries": {
            "policy": DEFAULT_POLICY,
            "tolerance": canaries.TOLERANCE,
            "files": {path.name: _record_canaries(guard, path) for path in models},
        },
        "commit": state["commit"],
        "training_config": to_dict(guard.cfg),
    }
    write_json(directory / CONFIG_FILE, config | {"checksum": checksum_of(config)})


def _record_canaries(guard: TrainedGuard, path: Path) -> dict[str, list[dict[str, Any]]]:
    """The canary prompts with the scores of one model file, taken one text at a time as it is served."""
    network = Network(open_session(path, num_threads=1), guard.tokenizer, guard.calibration)
    recorded = canaries.record(lambda texts: network.text_scores(texts, path.name).p_attack[DEFAULT_POLICY])
    gap = canaries.separation(recorded)
    if gap < canaries.MIN_SEPARATION:
        log.warning(
            "%s: plain attacks score %+.3f above plain harmless texts on average; src.runtime refuses to serve it below %g",
            path.name,
            gap,
            canaries.MIN_SEPARATION,
        )
    return recorded


def _render_card(guard: TrainedGuard, files: dict[Precision, Path]) -> str:
    calibration = guard.calibration
    sizes = "\n".join(f"| `{path.name}` | {path.stat().st_size / 1e6:.1f} MB |" for path in files.values())
    return f"""# TinyGuardrail: exported guard

Classes: {", ".join(Label.names())}. Trained with the preset `{guard.cfg.run.name}` on `data.source={guard.cfg.data.source}`.
Texts are cut into windows of at most {guard.cfg.model.max_tokens} tokens; the most threatening window decides.

| file | size |
|---|---|
{sizes}

{thresholds_section(calibration)}

Inputs `input_ids`, `attention_mask`, `char_ids`; outputs `logits`, `confidence`, `family_logits`, `p_deep`, `response`.
`config.json` holds labels, thresholds, the training configuration and SHA-256 checksums. The model card, with what was measured:
`python scripts/create_model_card.py --run RUN`.
"""
