"""The Hugging Face form of a trained guard, in the layout that transformers, Optimum and the Hub expect.

config.json  model.safetensors  tokenizer.json  tokenizer_config.json  README.md  onnx/model.onnx  onnx/model_quantized.onnx
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ..cards.front_matter import check_model_card
from ..cards.model import model_card, read_card_files
from ..errors import ArtifactError
from ..evaluation.predictor import OnnxPredictor, TorchPredictor
from ..export.artifact import ONNX_FILES, TrainedGuard
from ..export.parity import compare
from ..export.products import Precision
from ..files import atomic_directory, read_json, write_text
from ..models.backbone import WEIGHTS_FILE
from ..run import RunPaths
from ..runtime import canaries
from ..runtime.artifact import CARD_FILE, CONFIG_FILE, TOKENIZER_FILE, locate_model, read_artifact_config, verify_checksums
from ..runtime.calibration import Calibration
from .configuration import TinyGuardrailConfig
from .modeling import TinyGuardrailForSequenceClassification
from .tokenization import TinyGuardrailTokenizer

HF_ONNX_FILES: dict[Precision, str] = {"fp32": "onnx/model.onnx", "int8": "onnx/model_quantized.onnx"}  # Optimum's names
FILES = {CONFIG_FILE, WEIGHTS_FILE, TOKENIZER_FILE, "tokenizer_config.json", CARD_FILE, *HF_ONNX_FILES.values()}
MAX_PROBABILITY_DIFFERENCE = 1e-4  # between a checkpoint and the FP32 graph of its weights
EXPORT_AGAIN = "run optimize_model.py on this checkpoint, then this command again"


def save_pretrained(guard: TrainedGuard, artifact: Path, directory: Path, *, run: RunPaths) -> None:
    """Write the directory, whole or not at all; one that an earlier call wrote is replaced.

    Weights come from `guard`, tokenizer and ONNX files from `artifact`, the exported directory of the same checkpoint, so
    that their measurements still hold; the card is built from the files of `run`. Raises ArtifactError when
    `artifact` is incomplete, damaged or of another checkpoint, and when `directory` holds any other file.
    """
    _refuse_foreign(directory)
    exported = read_artifact_config(artifact)
    for precision in HF_ONNX_FILES:
        verify_checksums(locate_model(artifact, ONNX_FILES[precision]), exported)
    _check_same_guard(guard, artifact, Calibration.from_dict(exported["calibration"]))
    card = model_card(read_card_files(run, artifact), "transformers")
    check_model_card(card)
    model = TinyGuardrailForSequenceClassification(TinyGuardrailConfig.of(guard.cfg.model, guard.calibration))
    model.guard = guard.model
    with atomic_directory(directory) as partial:
        model.save_pretrained(partial)
        (partial / WEIGHTS_FILE).chmod((partial / CONFIG_FILE).stat().st_mode)  # safetensors makes it readable by its owner only
        TinyGuardrailTokenizer.of(guard.tokenizer, artifact / TOKENIZER_FILE).save_pretrained(partial)
        for precision, name in HF_ONNX_FILES.items():
            (partial / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(artifact / ONNX_FILES[precision], partial / name)
        write_text(partial / CARD_FILE, card)


def _refuse_foreign(directory: Path) -> None:
    if not directory.exists():
        return
    if not directory.is_dir():
        raise ArtifactError(f"expected a directory to write at {directory}, found a file; choose another --output_dir")
    names = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir()}
    if foreign := sorted(names - FILES):
        raise ArtifactError(
            f"{directory} has files that are not of a saved guard ({', '.join(foreign[:3])}), and all of it would be replaced; "
            "choose an empty or a new --output_dir"
        )
    config = read_json(directory / CONFIG_FILE) if CONFIG_FILE in names else {}
    if names and config.get("model_type") != TinyGuardrailConfig.model_type:
        raise ArtifactError(
            f"expected {directory} to be empty or a saved guard, found a model of type {config.get('model_type')!r}; "
            "choose another --output_dir"
        )


def _check_same_guard(guard: TrainedGuard, artifact: Path, calibration: Calibration) -> None:
    """Raise ArtifactError unless checkpoint and exported files have the same calibration and the same canary scores."""
    if calibration != guard.calibration:
        raise ArtifactError(f"{artifact} has another calibration than the checkpoint; {EXPORT_AGAIN}")
    checkpoint = TorchPredictor(guard.model, guard.tokenizer, guard.calibration, batch_size=1, name="checkpoint")
    graph = OnnxPredictor.from_directory(artifact, file=ONNX_FILES["fp32"])
    texts = [*canaries.BENIGN, *canaries.ATTACKS]
    comparison = compare(checkpoint.predict(texts), graph.predict(texts), calibration)
    difference = comparison["max_probability_difference"]
    if difference > MAX_PROBABILITY_DIFFERENCE:
        raise ArtifactError(
            f"{artifact} was not exported from this checkpoint: a probability of {ONNX_FILES['fp32']} differs by "
            f"{difference:.4f}, the limit is {MAX_PROBABILITY_DIFFERENCE:g}; {EXPORT_AGAIN}"
        )
