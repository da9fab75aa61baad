"""The encoder that the guard starts from, fine-tuned in the plainest way, to measure what the guard's own parts add.

`src/training/baselines.py` trains it. A directory holds `model.safetensors`, `config.json` (of the encoder),
`training.json` (rows, settings, tokens seen, and the key that they hash to) and `calibration.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import softmax

from ...errors import ArtifactError, DataError
from ...files import read_json
from ...runtime.calibration import Calibration
from ...text.tokenization import GuardTokenizer
from ..predictor import Predictions, length_sorted_batches, no_predictions
from .five_classes import NUM_CLASSES, maximum_over_windows, split_five_classes

if TYPE_CHECKING:  # transformers costs seconds of import that the other baselines do not need
    from ...models.mean_pooled import MeanPooledClassifier

TRAINING_FILE, CALIBRATION_FILE = "training.json", "calibration.json"


class MiniLmPredictor:
    """Five classes (see five_classes.py) for each of the guard's windows; a text has their maximum. No views, no router."""

    def __init__(
        self,
        network: MeanPooledClassifier,
        tokenizer: GuardTokenizer,
        calibration: Calibration,
        about: dict[str, Any],
        *,
        batch_size: int = 32,
        name: str = "minilm",
    ) -> None:
        self.network, self.tokenizer, self.calibration, self.about = network, tokenizer, calibration, about
        self.batch_size, self.name = batch_size, name

    @classmethod
    def from_directory(cls, directory: Path, tokenizer: GuardTokenizer, *, batch_size: int = 32) -> MiniLmPredictor:
        """Load the baseline that an earlier run trained. Raises ArtifactError for a directory that is not complete."""
        from safetensors import SafetensorError

        from ...models.mean_pooled import MeanPooledClassifier

        try:
            about = read_json(directory / TRAINING_FILE)
            network = MeanPooledClassifier.from_directory(directory, NUM_CLASSES)
        except (DataError, OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise ArtifactError(f"{directory} holds no complete baseline ({error}); delete it and run again") from error
        calibration_path = directory / CALIBRATION_FILE
        calibration = (
            Calibration.from_dict(read_json(calibration_path)["calibration"]) if calibration_path.is_file() else Calibration()
        )
        return cls(network, tokenizer, calibration, about, batch_size=batch_size)

    def predict(self, texts: Sequence[str], *, desc: str | None = None) -> Predictions:
        """Scores of N texts, in order. `desc` titles a progress bar; None shows none. Raises GuardrailError for NaN."""
        import torch

        if len(texts) == 0:
            return no_predictions()
        windows = self.tokenizer.windows(texts)
        logits = np.empty((len(windows), NUM_CLASSES))
        device = next(self.network.parameters()).device
        self.network.eval()
        with torch.inference_mode():
            for indices, batch in length_sorted_batches(self.tokenizer, windows, self.batch_size, desc):
                ids, mask = (torch.from_numpy(array).to(device) for array in (batch.input_ids, batch.attention_mask))
                logits[indices] = self.network(ids, mask).cpu().numpy()
        predictions = maximum_over_windows(
            *split_five_classes(softmax(logits, axis=1)),
            [window.text_index for window in windows],
            [len(window.input_ids) for window in windows],
        )
        predictions.check(len(texts), self.name)
        return predictions
